/* Under the calendar's cursor: the sessions in a cell, and who has booked it, holds it or has access. */
#ifndef JAZARI_PANELS_CALENDAR_ITEMS_H
#define JAZARI_PANELS_CALENDAR_ITEMS_H

#include "panels/app.h"

#include "model/capacity_rows.h"

enum { CALENDAR_ITEMS_MOST = 200 };

/* A session, or what an allocation has of the cell. */
typedef struct CalendarItem {
    int64_t session;                    /* the item's own, or that the allocation books; 0: none */
    int64_t allocation, request, offer; /* of a session: the offer alone */
    int borrower, state;                /* of an allocation */
    int64_t quantity;                   /* of all the cell's weeks; of a session what is taken in it; of access 0 */
    int64_t places;                     /* of a session */
    int first_day, last_day;            /* of a session or of access */
    const char *what;                   /* the project it is for; NULL until it is shown */
} CalendarItem;

typedef struct CalendarItems {
    CalendarItem list[CALENDAR_ITEMS_MOST];
    int count, cursor, top;
    Arena arena;
} CalendarItems;

/* What of the rows lies in these weeks: of an offer, or (offer below 0) of all that a site lends. */
void calendar_items_find(CalendarItems *, const CapacityRows *, int64_t offer, int site, int first, int last);

/* The one at the cursor; NULL: there is none. */
const CalendarItem *calendar_item(const CalendarItems *);

/* In all of r's lines; focused: the keys go to the list. */
void calendar_items_draw(App *, CalendarItems *, int kind, bool focused, Rect r);

/* Arrows and pages. */
bool calendar_items_event(CalendarItems *, const Event *);

#endif
