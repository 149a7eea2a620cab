/* A canvas of Braille dots: every cell of the screen is two dots wide and four high, which makes dots about square.
 *
 * Dots are counted from the top left, dot (x, y) in cell (x / 2, y / 4); what falls outside is ignored. Each cell also
 * remembers which of up to 32 owners drew in it, a bit each, so that one of them can be shown in another colour. */
#ifndef JAZARI_WIDGETS_BRAILLE_H
#define JAZARI_WIDGETS_BRAILLE_H

#include <stdint.h>

enum { CELL_DOTS_WIDE = 2, CELL_DOTS_HIGH = 4, BRAILLE_OWNERS_MAX = 32 };

typedef struct BrailleCell {
    uint32_t owners; /* bit n: owner n has a dot here */
    uint8_t dots;    /* as in U+2800 to U+28FF */
} BrailleCell;

/* A zeroed one is an empty canvas of no size. */
typedef struct Braille {
    int width, height;  /* in cells */
    BrailleCell *cells; /* row by row */
    int room;
} Braille;

void braille_clear(Braille *, int width, int height); /* empties it, asking for memory only where it grows */
void braille_free(Braille *);
void braille_dot(Braille *, int x, int y, int owner);

/* A line, ends included: the same dots whichever end it is drawn from, so that a shared border is one line. */
void braille_line(Braille *, int x0, int y0, int x1, int y1, int owner);

/* Makes every line one dot thin and takes away what leads nowhere. For closed outlines: of these all that encloses some
 * empty dot stays closed. A cell left without dots has no owner. */
void braille_thin(Braille *);

/* The characters that show a cell's dots: a space where there are none. For a terminal without Braille, the one of
 * . ' - _ | / \ + that comes nearest. */
uint32_t braille_point(uint8_t dots);
char braille_ascii(uint8_t dots);

#endif
