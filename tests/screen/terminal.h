/* The terminal that a program under test sits at: what its bytes make of the screen, and the bytes that its keys,
 * its mouse and a paste make. An emulator (libvterm) without any input or output of its own: bytes from the program go
 * in by terminal_feed, bytes for the program (keys, answers to its questions) come out through the function given.
 *
 * Rows and columns are counted from 0 here and from 1 in scripts. */
#ifndef JAZARI_TESTS_SCREEN_TERMINAL_H
#define JAZARI_TESTS_SCREEN_TERMINAL_H

#include "tools.h"

typedef struct Terminal Terminal;
typedef void TerminalAnswer(void *owner, const char *bytes, size_t size);

/* `kind` is the value of TERM: it decides a few keys. */
Terminal *terminal_new(int columns, int rows, const char *kind, TerminalAnswer *, void *owner);
void terminal_free(Terminal *);
void terminal_feed(Terminal *, const char *bytes, size_t size);
void terminal_resize(Terminal *, int columns, int rows);
int terminal_columns(const Terminal *);
int terminal_rows(const Terminal *);

/* Adds a row's text without the blanks at its end: a cell's character with its combining ones, a wide one once. */
void terminal_row(const Terminal *, int row, Text *out);
int terminal_column(const Terminal *, int row, size_t byte); /* the column of a byte of that text */

/* The modes that a program sets and has to take back. */
typedef struct TerminalModes {
    bool altscreen, cursor, mouse, paste; /* cursor: visible; paste: in brackets */
    bool keys, keypad, focus;             /* application cursor keys and keypad; focus is reported */
    bool pen;                             /* what is written next would not be plain */
} TerminalModes;

TerminalModes terminal_modes(Terminal *);
void terminal_cursor(const Terminal *, int *row, int *column);
const char *terminal_title(const Terminal *); /* never NULL */

/* How a cell looks. A word is bold, underline, italic, blink, reverse, strike, each with a '-' in front for "not";
 * fg:C or bg:C where C is a palette index, default or #rrggbb; or plain for none of all this. */
bool look_word_known(const char *word);
bool terminal_looks(const Terminal *, int row, int column, const char *word);
void terminal_add_look(const Terminal *, int row, int column, Text *out); /* all words that hold */

/* A key: one character, or Up Down Left Right PgUp PgDn Home End Ins Del Enter Tab BTab Esc Space BS F1 to F12; with
 * C- and M- in front of a character, or C- M- S- in front of a name. Sent as this terminal would in its modes. */
bool key_known(const char *name);
void terminal_key(Terminal *, const char *name);
void terminal_paste(Terminal *, const char *bytes, size_t size); /* in brackets where the program asked for them */

/* A click: 1 left, 2 middle, 3 right, pressed and let go; 4 and 5 the wheel, up and down. Nothing where the program
 * has not asked for the mouse. */
void terminal_click(Terminal *, int column, int row, int button);

#endif
