/* A heatmap: lines of cells under headings, digits first and colour second, with one cell selected. It knows places and
 * levels, and asks for everything else; columns are numbers without end, such as weeks. */
#ifndef JAZARI_WIDGETS_HEATMAP_H
#define JAZARI_WIDGETS_HEATMAP_H

#include "screen/draw.h"
#include "screen/input.h"

/* How hot a cell is. What colour says the text says too: nothing is a dot, over carries a sign of its own. */
typedef enum HeatLevel {
    HEAT_NOTHING, /* not there at all */
    HEAT_EMPTY,
    HEAT_LOW,
    HEAT_SOME,
    HEAT_MIDDLE,
    HEAT_HIGH,
    HEAT_FULL,
    HEAT_OVER,
} HeatLevel;

enum { HEAT_CELL = 6 }; /* columns a cell takes, with the blank after it */

typedef struct HeatCell {
    char text[16]; /* at most HEAT_CELL - 1 columns; "": a dot */
    HeatLevel level;
} HeatCell;

typedef struct HeatHeading {
    char text[16];
    bool now; /* stands out */
} HeatHeading;

/* What is shown. `context` is handed to each. */
typedef struct HeatSource {
    void *context;
    void (*cell)(void *context, int line, int column, HeatCell *);
    void (*heading)(void *context, int column, HeatHeading *);
    /* The label: a code and a name, good until the next call. */
    void (*label)(void *context, int line, const char **code, const char **name);
} HeatSource;

typedef struct Heatmap {
    int lines;
    int least, most;  /* columns there are */
    int line, column; /* the one selected */
    int top, left;    /* the first shown */
    int code_width;
    Rect at; /* where it was drawn, headings included */
    int height, width, label_width;
} Heatmap;

/* How many columns there is room for in w cells. */
int heatmap_columns(const Heatmap *, int w);
/* Moves what is shown so that the selected cell is in sight, in so much room. */
void heatmap_scroll(Heatmap *, Rect);
/* focused: the selection is where the keys go. */
void heatmap_draw(Heatmap *, Rect, const HeatSource *, bool focused);
/* Arrows and hjkl, Home and End for lines, PgUp and PgDn for a screenful of columns, the wheel, clicks. */
bool heatmap_event(Heatmap *, const Event *);
/* Selects a column and keeps it in bounds. */
void heatmap_go(Heatmap *, int line, int column);

#endif
