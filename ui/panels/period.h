/* The run of weeks that a statement is about: the thirteen up to one, a month or a year (ISO), and the ones before and
 * after it. */
#ifndef JAZARI_PANELS_PERIOD_H
#define JAZARI_PANELS_PERIOD_H

#include "panels/app.h"

typedef enum PeriodUnit { PERIOD_QUARTER, PERIOD_MONTH, PERIOD_YEAR, PERIOD_UNITS } PeriodUnit;

typedef struct Period {
    PeriodUnit unit;
    int first, last; /* weeks */
} Period;

void period_today(Period *);               /* the one of its unit that this week is in, or ends */
void period_move(Period *, int by);        /* so many of them on; stays within what a calendar has */
void period_zoom(Period *);                /* another unit, about the same time */
void period_say(const Period *, Buffer *); /* "2026-W36 – 2026-W48", "Nov 2026 · 2026-W45 – 2026-W48" */

#endif
