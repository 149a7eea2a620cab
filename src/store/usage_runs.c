/* Usage by what it was read from. State numbers in the SQL are those of entities.h. */
#include "store/usage_runs.h"

#include "base/date.h"
#include "store/internal.h"

#include <string.h>

_Static_assert(ALLOCATION_ACTIVE == 3 && ALLOCATION_COMPLETED == 4 && ALLOCATION_RELEASED == 6 &&
                   ALLOCATION_REVOKED == 7,
               "numbers in the SQL below");

Status usage_of_run(Store *store, Arena *arena, int site, int64_t kind, const char *reference, RunWeek **out,
                    int *count, Error *e) {
    Statement *s =
        engine_prepare(store->engine, "SELECT u.week, u.allocation, SUM(u.quantity) FROM usage u JOIN allocation a "
                                      "ON a.id = u.allocation WHERE u.reference = ?1 AND a.site = ?2 AND a.kind = ?3 "
                                      "GROUP BY u.week, u.allocation ORDER BY u.week, u.allocation");
    int room = 0;
    statement_text(s, 1, reference, strlen(reference));
    statement_int(s, 2, site);
    statement_int(s, 3, kind);
    *out = NULL;
    *count = 0;
    while (statement_row(s)) {
        size_t size;
        int week;
        const char *text = statement_get_text(s, 0, &size);
        if (!week_parse(text, size, &week)) continue;
        if (*count == room) {
            RunWeek *more = arena_array(arena, (size_t)(room = room ? room * 2 : 4), sizeof *more);
            if (*count) memcpy(more, *out, (size_t)*count * sizeof *more);
            *out = more;
        }
        (*out)[(*count)++] =
            (RunWeek){.week = week, .allocation = statement_get_int(s, 1), .quantity = statement_get_int(s, 2)};
    }
    return statement_end(s, NULL, e);
}

Status usage_allocation(Store *store, int site, int64_t kind, const char *account, int week, int64_t *allocation,
                        int *state, Error *e) {
    char text[WEEK_SIZE];
    Statement *s = engine_prepare(
        store->engine,
        "SELECT a.id, a.state FROM allocation a WHERE a.account = ?1 AND a.account <> '' AND a.site = ?2 AND (?3 = 0 "
        "OR a.kind = ?3) "
        "ORDER BY CASE WHEN a.state IN (3, 4, 6, 7) THEN 0 ELSE 1 END, "
        "CASE WHEN a.first <= ?4 AND a.last >= ?4 THEN 0 WHEN a.first <= ?4 THEN 1 ELSE 2 END, a.first DESC, a.id "
        "LIMIT 1");
    week_write(week, text);
    /* Most allocations have no account, and are not those of jobs without one. */
    statement_text(s, 1, account, strlen(account));
    statement_int(s, 2, site);
    statement_int(s, 3, kind);
    statement_text(s, 4, text, WEEK_SIZE - 1);
    *allocation = 0;
    *state = 0;
    if (statement_row(s)) {
        *allocation = statement_get_int(s, 0);
        *state = (int)statement_get_int(s, 1);
    }
    return statement_end(s, NULL, e);
}

Status usage_in_week(Store *store, int64_t allocation, int week, int64_t *quantity, Error *e) {
    char text[WEEK_SIZE];
    Statement *s = engine_prepare(store->engine, "SELECT COALESCE(SUM(u.quantity), 0) FROM usage u "
                                                 "WHERE u.allocation = ?1 AND u.week = ?2");
    week_write(week, text);
    statement_int(s, 1, allocation);
    statement_text(s, 2, text, WEEK_SIZE - 1);
    *quantity = statement_row(s) ? statement_get_int(s, 0) : 0;
    if (*quantity < 0) *quantity = 0;
    return statement_end(s, NULL, e);
}
