/* Usage by what it was read from. State numbers in the SQL are those of entities.h. */
#include "store/usage_runs.h"

#include "base/date.h"
#include "store/internal.h"
#include "store/journal.h"

#include <string.h>

_Static_assert(ALLOCATION_ACCEPTED == 2 && ALLOCATION_ACTIVE == 3 && ALLOCATION_COMPLETED == 4 &&
                   ALLOCATION_RELEASED == 6 && ALLOCATION_REVOKED == 7,
               "numbers in the SQL below");

/* Of what was recorded before seconds were kept, the quantity stands for them: 3.6 s a thousandth of an hour. */
#define SECONDS                                                                                                        \
    "COALESCE(SUM(u.seconds), 0) + COALESCE(SUM(CASE WHEN u.seconds = 0 THEN u.quantity ELSE 0 END), 0) * 18 / 5"

Status usage_of_run(Store *store, Arena *arena, int site, int64_t kind, const char *reference, RunWeek **out,
                    int *count, Error *e) {
    Statement *s =
        engine_prepare(store->engine, "SELECT u.week, u.allocation, " SECONDS ", SUM(u.quantity), "
                                      "MAX(CASE WHEN u.seconds = 0 AND u.quantity <> 0 THEN 1 ELSE 0 END) "
                                      "FROM usage u JOIN allocation a "
                                      "ON a.id = u.allocation WHERE u.reference = ?1 AND a.site = ?2 AND a.kind = ?3 "
                                      "GROUP BY u.week, u.allocation ORDER BY u.week, u.allocation");
    int room = 0;
    statement_text(s, 1, reference, strlen(reference));
    statement_int(s, 2, site);
    statement_int(s, 3, kind);
    *out = NULL;
    *count = 0;
    while (statement_row(s)) {
        int week;
        if (!column_week(s, 0, &week)) continue;
        if (*count == room) {
            RunWeek *more = arena_array(arena, (size_t)(room = room ? room * 2 : 4), sizeof *more);
            if (*count) memcpy(more, *out, (size_t)*count * sizeof *more);
            *out = more;
        }
        (*out)[(*count)++] = (RunWeek){.week = week,
                                       .allocation = statement_get_int(s, 1),
                                       .seconds = statement_get_int(s, 2),
                                       .quantity = statement_get_int(s, 3),
                                       .rounded = statement_get_int(s, 4) != 0};
    }
    return statement_end(s, NULL, e);
}

/* ?1 the allocation, ?2 the week, which has to live as long as the statement. */
static Statement *of_week(Store *store, const char *sql, int64_t allocation, const char *week) {
    Statement *s = engine_prepare(store->engine, sql);
    statement_int(s, 1, allocation);
    statement_text(s, 2, week, WEEK_SIZE - 1);
    return s;
}

Status usage_week(Store *store, int64_t allocation, int week, UsageWeek *out, Error *e) {
    char text[WEEK_SIZE];
    week_write(week, text);
    Statement *s = of_week(store,
                           "SELECT COALESCE(SUM(CASE WHEN u.reference = '' THEN u.quantity ELSE 0 END), 0), "
                           "COALESCE(SUM(CASE WHEN u.reference <> '' THEN u.quantity ELSE 0 END), 0), "
                           "COALESCE(SUM(u.seconds), 0) + COALESCE(SUM(CASE WHEN u.reference <> '' AND u.seconds = 0 "
                           "THEN u.quantity ELSE 0 END), 0) * 18 / 5 "
                           "FROM usage u WHERE u.allocation = ?1 AND u.week = ?2",
                           allocation, text);
    *out = (UsageWeek){.allocation = allocation, .week = week};
    if (statement_row(s)) {
        out->by_hand = statement_get_int(s, 0);
        out->quantity = statement_get_int(s, 1);
        out->seconds = statement_get_int(s, 2);
    }
    Status status = statement_end(s, NULL, e);
    if (status != STATUS_OK) return status;
    s = of_week(store, "SELECT b.quantity FROM allocation_bookings b WHERE b.record = ?1 AND b.item = ?2", allocation,
                text);
    if (statement_row(s)) out->booked = statement_get_int(s, 0);
    return statement_end(s, NULL, e);
}

/* Most allocations have no account, and are not those of jobs without one. */
#define NAMES "a.account = ?1 AND a.account <> '' AND a.site = ?2 AND (?3 = 0 OR a.kind = ?3) "

static Statement *of_account(Store *store, const char *sql, int site, int64_t kind, const char *account,
                             const char *week) {
    Statement *s = engine_prepare(store->engine, sql);
    statement_text(s, 1, account, strlen(account));
    statement_int(s, 2, site);
    statement_int(s, 3, kind);
    statement_text(s, 4, week, WEEK_SIZE - 1);
    return s;
}

static Status drop_what_never_ran(Store *store, int64_t *allocations, int *count, Error *e) {
    int kept = 0;
    Status s = STATUS_OK;
    for (int i = 0; i < *count && s == STATUS_OK; i++) {
        bool never;
        s = usage_never_ran(store, allocations[i], &never, e);
        if (!never) allocations[kept++] = allocations[i];
    }
    *count = kept;
    return s;
}

Status usage_takers(Store *store, Arena *arena, int site, int64_t kind, const char *account, int week,
                    int64_t **allocations, int *count, Error *e) {
    enum { TAKERS_MOST = 64 };
    char text[WEEK_SIZE];
    week_write(week, text);
    Statement *s = of_account(store,
                              "SELECT a.id FROM allocation a JOIN allocation_bookings b ON b.record = a.id AND "
                              "b.item = ?4 WHERE " NAMES "AND a.state IN (3, 4, 6, 7) ORDER BY a.first, a.id",
                              site, kind, account, text);
    *allocations = arena_array(arena, TAKERS_MOST, sizeof **allocations);
    *count = 0;
    while (*count < TAKERS_MOST && statement_row(s)) {
        (*allocations)[(*count)++] = statement_get_int(s, 0);
    }
    Status status = statement_end(s, NULL, e);
    return status == STATUS_OK ? drop_what_never_ran(store, *allocations, count, e) : status;
}

Status usage_named(Store *store, int site, int64_t kind, const char *account, int week, int64_t *allocation, int *state,
                   Error *e) {
    char text[WEEK_SIZE];
    week_write(week, text);
    Statement *s = of_account(store,
                              "SELECT a.id, a.state FROM allocation a WHERE " NAMES
                              "ORDER BY CASE WHEN a.state = 2 AND a.first <= ?4 AND a.last >= ?4 THEN 0 "
                              "WHEN a.state IN (3, 4, 6, 7) THEN 1 ELSE 2 END, a.first DESC, a.id LIMIT 1",
                              site, kind, account, text);
    *allocation = 0;
    *state = 0;
    if (statement_row(s)) {
        *allocation = statement_get_int(s, 0);
        *state = (int)statement_get_int(s, 1);
    }
    return statement_end(s, NULL, e);
}

Status usage_never_ran(Store *store, int64_t allocation, bool *never, Error *e) {
    enum { ENTRIES_MOST = 100 };
    Arena arena = {0};
    JournalEntry *entries;
    int count;
    const JournalQuery query = {.entity = &entity_allocation, .id = allocation, .site = -1, .limit = ENTRIES_MOST};
    *never = false;
    Status s = journal_read(store, &arena, &query, &entries, &count, e);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        if (!entries[i].before || !(entries[i].changed & FIELD_BIT(COMMON_STATE))) continue;
        int to = record_state(entries[i].after), from = record_state(entries[i].before);
        *never = (to == ALLOCATION_RELEASED || to == ALLOCATION_REVOKED) && from != ALLOCATION_ACTIVE;
        break;
    }
    arena_free(&arena);
    return s;
}
