/* Which offers fit a request, and what each could give: pure computation over whole numbers (thousandths, weeks as
 * numbers of base/date.h). */
#ifndef JAZARI_CAPACITY_FIT_H
#define JAZARI_CAPACITY_FIT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A quantity in one week. */
typedef struct WeekQuantity {
    int week;
    int64_t quantity;
} WeekQuantity;

/* What is still asked for. Weeks before `first` have begun or are not wanted. */
typedef struct FitRequest {
    int first, last;
    int64_t missing;            /* wanted and not yet booked; 0 for what is not countable */
    int64_t weekly_most;        /* 0: no bound */
    const WeekQuantity *booked; /* for it, by anyone, ascending by week, each week once */
    int booked_count;
} FitRequest;

/* What an offer has. */
typedef struct FitOffer {
    int first, last;
    int64_t lendable;           /* quantity less reserve, a week */
    const WeekQuantity *booked; /* on it, ascending by week, each week once */
    int booked_count;
} FitOffer;

typedef struct FitWeek {
    int week;
    int64_t free;  /* on the offer */
    int64_t could; /* of that, what it could give the request: the earliest weeks first */
} FitWeek;

typedef struct Fit {
    FitWeek *weeks; /* those of both windows, ascending; the arena's */
    int count;
    int64_t free, could; /* their sums */
} Fit;

/* What an offer could give a request. count 0 where their windows do not meet. */
void fit_compute(Arena *, const FitRequest *, const FitOffer *, Fit *);

/* The earliest weeks that give a quantity, or all it could where it could not give so much (0: all). out has room for all
 * of its weeks; returns how many it takes. */
int fit_take(const Fit *, int64_t quantity, WeekQuantity *out);

/* Adds up entries that may name a week several times; sorts by week. In place; returns the new count. */
int week_quantities_merge(WeekQuantity *, int count);

#endif
