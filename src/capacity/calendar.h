/* The calendar of capacity: how much of what can be lent is booked, by region or by offer, week by week or month by
 * month. Pure computation over the rows of one kind, by the ledger's postings, so that the two say the same.
 *
 * A month is a number, year * 12 + month - 1; an ISO week belongs to the month of its Thursday, so that months have four
 * or five whole weeks. */
#ifndef JAZARI_CAPACITY_CALENDAR_H
#define JAZARI_CAPACITY_CALENDAR_H

#include "base/arena.h"
#include "model/capacity_rows.h"

#include <stdbool.h>

/* A span of weeks on one line. */
typedef struct CalendarCell {
    int64_t lendable; /* offered less kept; of a closed offer only what is booked */
    int64_t booked;
    int64_t held; /* proposed */
    int64_t over; /* booked and held beyond what can be lent, week by week: one's room does not make up for another's */
    int weeks;    /* in which something is offered or booked */
    int access;   /* accesses in force on a day of the span, each once */
    int opened;   /* of them, those that open in it */
} CalendarCell;

typedef struct CalendarGrid {
    int first, last; /* weeks */
    int lines;       /* sites, or the rows' offers in their order */
    bool by_offer;
    CalendarCell *weeks; /* by line, then week; the arena's */
} CalendarGrid;

/* Of all weeks of the rows. by_offer: a line an offer; else a line a site. */
CalendarGrid *calendar_compute(Arena *, const CapacityRows *, bool by_offer);

/* From a week to a week on a line; weeks outside the grid hold nothing. */
CalendarCell calendar_cell(const CalendarGrid *, int line, int first, int last);

/* What is free in the weeks that have room. */
int64_t calendar_left(const CalendarCell *);

/* What is taken (booked and held) of what can be lent, in percent: 0 only where nothing is, 100 or more only where all
 * is; -1 where nothing can be lent and nothing is taken. */
int calendar_percent(int64_t taken, int64_t lendable);
int calendar_cell_percent(const CalendarCell *);

typedef enum CalendarMeasure {
    CALENDAR_PERCENT, /* "54", "0", "104!" */
    CALENDAR_FREE,    /* "320", "1.5", "0", "12k"; where more is booked than there is, how much: "-24!" */
    CALENDAR_ACCESS,  /* how many accesses are in force; never used up */
} CalendarMeasure;

/* A cell in at most five columns, an exclamation mark at the end where it is overcommitted in any
 * week: without colour, too, over (with a sign), full (100 or 0 free), empty (0 or all free) and not offered ("") can be
 * told apart. */
void calendar_write(const CalendarCell *, CalendarMeasure, char out[16]);

int calendar_month(int week);
void calendar_month_weeks(int month, int *first, int *last);

#endif
