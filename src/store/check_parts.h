/* For the files of check alone: the check that is going on, and its parts. Each part tells of what it finds by check_fault
 * and goes on; a Status other than STATUS_OK is of the store that cannot be read. */
#ifndef JAZARI_STORE_CHECK_PARTS_H
#define JAZARI_STORE_CHECK_PARTS_H

#include "store/check.h"
#include "store/internal.h"

enum { PROVINCES_MOST = 128 }; /* there are 75 */

typedef struct Check {
    Store *store;
    const CheckOptions *options;
    Error *error;
    Arena arena;     /* of the row at hand */
    Arena reference; /* the reference records, by entity and id */
    const Record *sites[SITE_COUNT];
    const Record *provinces[PROVINCES_MOST];
    int64_t faults, done, total;
} Check;

void check_fault(Check *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One entry or row more was looked at. */
void check_step(Check *);
/* How faults name a record; in the check's arena. */
const char *check_code(Check *, const Entity *, int64_t id);

/* The journal with itself, with the operations and counters that are read from it, and with the heads that were kept. */
Status check_journal(Check *);
/* The rules that concern many records, and what was lent against what was borrowed. */
Status check_network(Check *);

#endif
