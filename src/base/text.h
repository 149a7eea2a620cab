/* UTF-8 text: what may come in, what may go out, how wide it is, and the folded form that search compares.
 *
 * Text from people, files and other regions is hostile: it may carry control characters that drive a terminal, or marks
 * that turn a line around. It passes text_clean_in on its way to the store and text_clean_out on its way to any sink
 * (screen, terminal title, standard error, CSV); both rest on one table of what is refused and what is dropped:
 *   refused  C0, C1, DEL (a newline is allowed in long text), U+2028/9, tag characters, noncharacters, bad UTF-8
 *   dropped  bidi overrides, embeddings and isolates, U+200E/F, U+061C, zero-width space, U+2060 to U+2064, U+206A to
 *            U+206F, U+FEFF, U+FFF9 to U+FFFB, U+00AD, U+180E, the blank Hangul fillers, and ZWJ or ZWNJ that do not
 *            stand between letters */
#ifndef JAZARI_BASE_TEXT_H
#define JAZARI_BASE_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends text as it may be stored to out: cleaned, NFC, outer white space trimmed. STATUS_USAGE names the first
 * character that is refused and where it stands; out is then unchanged. `lines` allows newlines (CR LF becomes LF). */
Status text_clean_in(Buffer *out, const char *text, size_t size, bool lines, const char *field, Error *);

/* Appends text as it may be shown to out: what text_clean_in would refuse becomes U+FFFD. A newline (unless `lines`) or
 * a tab becomes a space. */
void text_clean_out(Buffer *out, const char *text, size_t size, bool lines);

/* True where text_clean_in would take text and leave it as it is. */
bool text_is_stored_form(const char *text, size_t size, bool lines);

/* True where text is well-formed and holds nothing that text_clean_out would change. */
bool text_is_clean(const char *text, size_t size, bool lines);

/* Appends the folded form of clean text to out: NFKD, case folded, without accents, Arabic vowel signs or tatweel; alef, hamza, ta
 * marbuta, ya and gaf forms joined; Arabic-Indic digits in ASCII. Words are parted by one space each, none outside. */
void text_fold(Buffer *out, const char *text, size_t size);

/* One character from text (size > 0): its code point (U+FFFD where malformed) and how many bytes it took. */
uint32_t text_decode(const char *text, size_t size, size_t *used);
size_t text_encode(uint32_t point, char out[4]); /* returns the bytes written */

/* The bytes of the first grapheme cluster (what a person takes for one character), and the columns it takes. */
size_t text_cluster(const char *text, size_t size, int *columns);

/* Columns on a terminal, of clean text, before Arabic shaping (which only ever takes fewer). */
int text_width(const char *text, size_t size);

/* How many bytes of text fit into `columns`, whole clusters only; *used gets the columns they take. */
size_t text_fit(const char *text, size_t size, int columns, int *used);

/* Bounded copy that never cuts a character; returns the bytes copied. out is always terminated. */
size_t text_copy(char *out, size_t room, const char *text);

/* Removes the torn last character that a bounded print may have left. */
void text_trim_partial(char *text);

#endif
