/* What was recorded of runs on a machine, and whose use they are: for reading the machine's own accounts. */
#ifndef JAZARI_STORE_USAGE_RUNS_H
#define JAZARI_STORE_USAGE_RUNS_H

#include "store/store.h"

/* What usage records with this reference say of one week of one allocation. */
typedef struct RunWeek {
    int week;
    int64_t allocation, quantity; /* the sum of its records */
} RunWeek;

/* All of them, on allocations of this site and kind, by week. */
Status usage_of_run(Store *, Arena *, int site, int64_t kind, const char *reference, RunWeek **, int *count, Error *);

/* The allocation of this site and kind that an account's use of a week goes to: of those it names, one in use or once in
 * use before one that never was, then one whose weeks hold this week, then the latest that began before it. kind 0: of
 * any. *allocation is 0 where none names the account. */
Status usage_allocation(Store *, int site, int64_t kind, const char *account, int week, int64_t *allocation, int *state,
                        Error *);

/* What was recorded of an allocation in a week, by hand and from machines; never below 0. */
Status usage_in_week(Store *, int64_t allocation, int week, int64_t *quantity, Error *);

#endif
