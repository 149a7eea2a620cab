/* A region in figures: the measures that colour the map, and the pane that tells one region. Shared by the dashboard and
 * the regions. */
#ifndef JAZARI_PANELS_REGION_FIGURES_H
#define JAZARI_PANELS_REGION_FIGURES_H

#include "panels/app.h"

typedef enum Measure { MEASURE_LATE, MEASURE_PROJECTS, MEASURE_LOAD, MEASURE_BALANCE, MEASURE_COUNT } Measure;

const char *measure_label(Measure); /* "Late projects", translated */
/* What a region's value is, as a label has room for (at most 5 columns), and its style; "·" where there is none. */
Style measure_text(Measure, const RegionFigures *, bool projects_known, char out[16]);
/* What the colours mean: in one line, or an entry a line at the foot of the rectangle. */
void measure_legend(Measure, Rect, bool below_each_other);

/* Booked and held of what can be lent this week, in percent; -1 where nothing is offered. */
int load_percent(const CapacityFigures *);

/* A number in w columns that end with a blank, "·" for 0; without its decimals where these do not fit. */
void draw_amount(int y, int x, int w, Style, int64_t number, bool sign, int decimals);

/* Draws a region's figures; returns the lines it took. The capacity alone: without projects and needs. */
int draw_region(App *, int site, Rect);
int draw_region_capacity(App *, int site, Rect);

/* The region's names and numbers: kept in the view's arena. */
typedef struct RegionName {
    const char *name, *seat;
    int64_t population;
} RegionName;
void load_region_names(App *, Arena *, RegionName out[SITE_COUNT]);

#endif
