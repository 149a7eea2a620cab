/* Small things that the screen tests' driver stands on: growing texts, lists of lines and how two of them differ,
 * files and folders, the words of a command line. Out of memory ends the driver. */
#ifndef JAZARI_TESTS_SCREEN_TOOLS_H
#define JAZARI_TESTS_SCREEN_TOOLS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A growing run of bytes, always followed by a NUL that does not count. A zeroed one is empty. */
typedef struct Text {
    char *bytes; /* NULL until something was added */
    size_t size, room;
} Text;

void text_add(Text *, const char *bytes, size_t size);
void text_add_string(Text *, const char *string);
void text_print(Text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprint(Text *, const char *format, va_list) __attribute__((format(printf, 2, 0)));
void text_add_point(Text *, unsigned point); /* a Unicode character, in UTF-8 */
void text_trim(Text *);                      /* takes off the blanks at its end */
void text_replace(Text *, const char *what, const char *with);
void text_clear(Text *);
void text_free(Text *);
const char *text_string(const Text *); /* never NULL */

/* Adds bytes so that a person can read them: what is not printable UTF-8 as \e, \r, \n, \t or \xHH, the marks that turn
 * a line around as \uHHHH. */
void text_add_visible(Text *, const char *bytes, size_t size);

/* Strings in order, each its own. A zeroed one is empty. */
typedef struct Lines {
    char **line;
    size_t count, room;
} Lines;

void lines_add(Lines *, const char *bytes, size_t size);
void lines_free(Lines *);
void lines_drop_empty(Lines *); /* those at the end */
bool lines_equal(const Lines *, const Lines *);
void lines_split(Lines *, const char *bytes, size_t size); /* at newlines; the last one's is optional */

/* Adds to out what became of the lines, one a row after `prefix`: "  |same", "- |expected", "+ |seen". Lists of one
 * length are compared row by row (a screen's rows do not move), others by what they have in common. */
void lines_diff(Text *out, const char *prefix, const Lines *expected, const Lines *seen);

/* Adds where the two begin to differ, by code points. */
void lines_point_out(Text *out, const char *prefix, const Lines *expected, const Lines *seen);

/* What the scripts call $DIR and $PROGRAM. */
typedef struct Names {
    const char *dir, *program;
} Names;

/* Splits a command line into words as a shell does: blanks part, '...' keeps all, "..." and \ keep what follows, and
 * the names are put in their places outside of '...' (with NULL they are left out: to check only). False with the
 * reason where a quote is not closed. */
bool words_split(Lines *out, const char *line, const Names *, Text *why);

/* Adds line to out with its escapes done (\n \r \t \e \\ \$ \xHH \uHHHH) and the names put in their places. */
bool text_unescape(Text *out, const char *line, const Names *, Text *why);
void text_add_named(Text *out, const char *line, const Names *); /* only the names */

bool number_read(const char *string, long least, long most, long *number); /* the whole string */
char *string_copy(const char *string, size_t size);
void *memory_more(void *old, size_t count, size_t size);
double clock_ms(void); /* steady, for waiting */

/* Files. False with errno where it failed. */
bool file_read(const char *path, Text *out);
bool file_write(const char *path, const char *bytes, size_t size, unsigned mode);
bool file_copy(const char *from, const char *to);
bool folder_make_for(const char *path); /* the folders that path lies in */
void folder_remove(const char *path);   /* with all that is in it, whatever its modes */
bool folder_copy_named(const char *from, const char *prefix, const char *to, const char *name); /* prefix* to name* */

#endif
