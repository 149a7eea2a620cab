/* What --kind, --from and --to say. */
#ifndef JAZARI_CLI_PERIOD_H
#define JAZARI_CLI_PERIOD_H

#include "base/date.h"
#include "cli/cli.h"

enum { PERIOD_MOST = 1040 }; /* weeks: twenty years */

/* The weeks asked for, a month's or a year's from its first to its last; where one or both are left open, `first` and
 * `last` as they were given, moved so that the period keeps its length. Of a week without its year `sense` says which it
 * is: DATE_NEAREST for who looks back as often as ahead; where the two would stand in the wrong order so, they are read
 * as of one year. */
Status cli_period(const Cli *, DateSense, int *first, int *last, Error *);

/* The kind asked for; 0 for none. */
Status cli_kind(const Cli *, int *kind, Error *);

#endif
