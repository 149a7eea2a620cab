/* For reading what a machine used: which allocations take an account's use of a week, and what each has of that week,
 * read once and kept up to date while runs are recorded. Without it every run of a long file would add up all that came
 * before it. */
#ifndef JAZARI_COMMANDS_USAGE_WEEKS_H
#define JAZARI_COMMANDS_USAGE_WEEKS_H

#include "store/usage_runs.h"

typedef struct UsageWeeks UsageWeeks;

/* Of allocations of a site. Within one transaction: what it knows is not what others write. */
UsageWeeks *usage_weeks_new(Store *, int site);
void usage_weeks_free(UsageWeeks *);

/* An allocation's week. It is the cache's, for the caller to keep up to date, until usage_weeks_trim. */
Status usage_weeks_of(UsageWeeks *, int64_t allocation, int week, UsageWeek **, Error *);

/* The weeks of the allocations that an account's use goes to, see usage_takers. */
Status usage_weeks_takers(UsageWeeks *, int64_t kind, const char *account, int week, UsageWeek ***, int *count,
                          Error *);

/* Forgets what it knows once that is much, so that memory stays bounded. */
void usage_weeks_trim(UsageWeeks *);

#endif
