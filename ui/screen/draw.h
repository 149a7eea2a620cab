/* Drawing: one function draws all text. It cleans, measures, clips and (Arabic) orders and shapes it, so that no data
 * reaches the terminal by another way. */
#ifndef JAZARI_SCREEN_DRAW_H
#define JAZARI_SCREEN_DRAW_H

#include "screen/screen.h"
#include "screen/theme.h"

#include <stddef.h>
#include <stdint.h>

typedef enum Align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER } Align;

/* The one. Draws text into w cells at y, x; what does not fit ends in an ellipsis. The cells that are left over are
 * filled in the same style where `fill`, else they stay as they are. Returns the columns the text took. */
int draw_text(int y, int x, int w, Style, Align, bool fill, const char *text, size_t size);

/* The same, left and not filled, with what a search found in its own style: words are folded and parted by blanks. */
int draw_found(int y, int x, int w, Style, Style found, const char *words, const char *text, size_t size);

/* Short ways to it. */
int draw_string(int y, int x, int w, Style, const char *text); /* left, not filled */
int draw_right(int y, int x, int w, Style, const char *text);  /* right, not filled */
int draw_format(int y, int x, int w, Style, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A line that is being typed, in w cells: drawn from the side that its direction begins at, and filled. One cell is to be
 * left for the cursor. */
void draw_typed(int y, int x, int w, Style, const char *text, size_t size);
/* The column of those cells where the cursor stands before byte `at`. */
int draw_typed_column(int w, const char *text, size_t size, size_t at);
/* Whether it is drawn from right to left. */
bool draw_typed_leftward(const char *text, size_t size);

/* Several lines, broken at blanks; at most h. Returns the lines it took. */
int draw_wrapped(Rect, Style, const char *text);
/* How many lines it would take. */
int wrapped_height(int w, const char *text);
/* What is left of it after so many of them. */
const char *wrapped_rest(int w, const char *text, int lines);

void draw_fill(Rect, Style); /* blanks */
/* Marks in the column to the right of r, which holds nothing else: there is more above, below. */
void draw_more(Rect r, bool above, bool below);
void draw_over(Rect, Style); /* what stands there, in this style; what is underlined stays so */
void draw_line(int y, int x, int w, Style);
void draw_bar(int y, int x, int h, Style);                        /* a vertical line */
void draw_point(int y, int x, Style, uint32_t point, char ascii); /* one cell of the map */
/* A gauge of w cells: heavy up to part of whole, light beyond. */
void draw_gauge(int y, int x, int w, Style, int64_t part, int64_t whole);
/* The same, and dashed after it, in the tone of what is not settled, what is held. */
void draw_gauge_held(int y, int x, int w, Style, int64_t part, int64_t held, int64_t whole);

/* A bold title and a rule to the end of its w cells; `more` is a quiet word after the title ("" for none). */
void draw_title(int y, int x, int w, const char *title, const char *more);

/* Where the hardware cursor is left; y < 0 hides it. */
void draw_cursor(int y, int x);
void draw_begin(void); /* erases the whole screen for a new picture */
void draw_end(void);   /* shows it: the loop calls this, and who waits for a server */

const char *draw_symbol(const char *utf8, const char *ascii); /* whichever can be shown */
void draw_set_bidi(bool on);

#endif
