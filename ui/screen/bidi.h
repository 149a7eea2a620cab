/* Text in the order and shapes it is shown in: Arabic letters joined and right to left, on terminals that show cells
 * from left to right as they come. */
#ifndef JAZARI_SCREEN_BIDI_H
#define JAZARI_SCREEN_BIDI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BIDI_MAX = 1024 }; /* code points of one line; what lies beyond is left out */

/* Whether the text has anything to reorder or join. */
bool bidi_needed(const char *text, size_t size);

/* Fills out with the code points of text in visual order, Arabic shaped, ligatures drawn together; returns how many.
 * The text's own first letter decides its direction; *right_to_left says which. from, where not NULL, gets for each of
 * them its place in the text, counted in code points. */
int bidi_visual(const char *text, size_t size, uint32_t out[BIDI_MAX], int from[BIDI_MAX], bool *right_to_left);

/* Where the cursor stands before byte `at` of the text: the column, from the text's left edge, of the letter that begins
 * there. At the text's end that is the column after its last one: -1 where it runs from right to left. */
int bidi_column(const char *text, size_t size, size_t at, bool *right_to_left);

#endif
