/* What was recorded of runs on a machine, and whose use they are: for reading the machine's own accounts. */
#ifndef JAZARI_STORE_USAGE_RUNS_H
#define JAZARI_STORE_USAGE_RUNS_H

#include "store/store.h"

/* What usage records with this reference say of one week of one allocation. */
typedef struct RunWeek {
    int week;
    int64_t allocation;
    int64_t seconds;  /* of one unit: the sum of its records */
    int64_t quantity; /* the same in thousandths, as it was rounded */
    bool rounded;     /* recorded when no seconds were kept, which are known to a thousandth only */
} RunWeek;

/* All of them, on allocations of this site and kind, by week. */
Status usage_of_run(Store *, Arena *, int site, int64_t kind, const char *reference, RunWeek **, int *count, Error *);

/* What an allocation has of one week. */
typedef struct UsageWeek {
    int64_t allocation;
    int week;
    int64_t booked, by_hand; /* thousandths */
    int64_t seconds;         /* of runs, and the same in thousandths, as it was rounded */
    int64_t quantity;
} UsageWeek;

Status usage_week(Store *, int64_t allocation, int week, UsageWeek *, Error *);

/* The allocations of this site and kind that an account's use of a week goes to: those that it names, that are or were
 * active and that book the week; the one that begins first first. */
Status usage_takers(Store *, Arena *, int site, int64_t kind, const char *account, int week, int64_t **allocations,
                    int *count, Error *);

/* An allocation of this site and kind (0: of any) that an account names: one that would take that week's use were it
 * started, then one that is or was in use, then any. *allocation is 0 where there is none. */
Status usage_named(Store *, int site, int64_t kind, const char *account, int week, int64_t *allocation, int *state,
                   Error *);

/* Whether an allocation was released or revoked before it ever was active. */
Status usage_never_ran(Store *, int64_t allocation, bool *never, Error *);

#endif
