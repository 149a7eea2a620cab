/* For the files of the calendar: what it holds, its columns, and its drawing. */
#ifndef JAZARI_PANELS_CALENDAR_VIEW_H
#define JAZARI_PANELS_CALENDAR_VIEW_H

#include "panels/calendar_items.h"
#include "panels/region_figures.h"
#include "widgets/heatmap.h"

typedef struct CalendarView {
    int kind, site; /* site: whose line to begin on; -1: taken */
    bool by_offer, months, free_shown;
    Heatmap map;
    Arena arena; /* of what follows */
    CapacityRows rows;
    const CalendarGrid *grid;
    bool read, stale; /* stale: somebody has written since */
    CalendarItems items;
    int cell_line, cell_column; /* that the items are of; -1: none */
    bool on_list;
    char paused[600]; /* the name of an offer that is */
    RegionName names[SITE_COUNT];
    char code[CODE_SIZE]; /* of the label asked for last */
    Error error;
} CalendarView;

/* A column is a week, or where months are shown a month (base/date.h): its weeks, its heading "W48" or "Nov", its year. */
void calendar_column_weeks(const CalendarView *, int column, int *first, int *last);
void calendar_column_text(const CalendarView *, int column, Buffer *);
int calendar_column_year(const CalendarView *, int column);
int calendar_this_column(const CalendarView *);

/* Before it is drawn: what is in sight in `at` has been read; and who has booked the cell at the cursor is found. */
void calendar_read_shown(View *, Rect at);
void calendar_find_items(CalendarView *);

void calendar_draw(View *, Rect);

#endif
