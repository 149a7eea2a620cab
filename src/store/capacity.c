/* What is offered, booked and used. State and kind numbers in the SQL are those of entities.h (asserted below).
 *
 * Each of the lists is one statement, whose parameters are the same in all of them, and a function that reads a row of
 * it: false where its weeks or days cannot be read, which check tells of. */
#include "store/capacity.h"

#include "base/date.h"
#include "store/internal.h"

#include <string.h>

_Static_assert(OFFER_DRAFT == 1 && OFFER_CLOSED == 4 && SESSION_PLANNED == 1 && ALLOCATION_DECLINED == 5 &&
                   KIND_DATASET == 7 && KIND_MODEL == 8 && KIND_COUNT == 8,
               "numbers in the SQL below");

/* The week of an instant's day; `otherwise` where there is none. */
static int week_of_instant(Statement *s, int column, int otherwise) {
    size_t size;
    int64_t instant;
    const char *text = statement_get_text(s, column, &size);
    return instant_parse(text, size, &instant) ? week_of_date((int)(instant / 86400)) : otherwise;
}

static int closed_week(Statement *s, int state_column, int instant_column) {
    int64_t state = statement_get_int(s, state_column);
    if (state == OFFER_PAUSED) return week_of_date(clock_today());
    return state == OFFER_CLOSED ? week_of_instant(s, instant_column, INT32_MAX) : INT32_MAX;
}

static int number_at(Statement *s, int column) {
    return (int)statement_get_int(s, column);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static const char offers_sql[] =
    "SELECT id, site, kind, state, first, last, updated_at, quantity, reserve, name FROM offer "
    "WHERE state <> 1 AND first <= ?2 AND last >= ?1 AND (?3 = 0 OR kind = ?3) ORDER BY site, id";

static bool take_offer(Statement *s, Arena *arena, void *row) {
    CapacityOffer *o = row;
    size_t size;
    const char *name = statement_get_text(s, 9, &size);
    *o = (CapacityOffer){.id = statement_get_int(s, 0),
                         .site = number_at(s, 1),
                         .kind = number_at(s, 2),
                         .state = number_at(s, 3),
                         .closed = closed_week(s, 3, 6),
                         .quantity = statement_get_int(s, 7),
                         .reserve = statement_get_int(s, 8),
                         .name = arena_copy(arena, name, size)};
    return column_week(s, 4, &o->first) && column_week(s, 5, &o->last);
}

static const char sessions_sql[] =
    "SELECT t.id, t.offer, t.site, o.kind, o.state, o.updated_at, t.week, t.first_day, t.last_day, t.places "
    "FROM session t JOIN offer o ON o.id = t.offer WHERE t.state = 1 AND o.state <> 1 "
    "AND t.week BETWEEN ?1 AND ?2 AND (?3 = 0 OR o.kind = ?3) ORDER BY t.first_day, t.id";

static bool take_session(Statement *s, Arena *arena, void *row) {
    CapacitySession *t = row;
    (void)arena;
    *t = (CapacitySession){.id = statement_get_int(s, 0),
                           .offer = statement_get_int(s, 1),
                           .site = number_at(s, 2),
                           .kind = number_at(s, 3),
                           .closed = closed_week(s, 4, 5),
                           .places = statement_get_int(s, 9)};
    return column_week(s, 6, &t->week) && column_day(s, 7, &t->first_day) && column_day(s, 8, &t->last_day);
}

static const char bookings_sql[] =
    "SELECT b.item, b.quantity, a.id, a.request, a.offer, a.site, a.borrower, a.kind, a.state, o.state, o.updated_at, "
    "COALESCE(a.session, 0) FROM allocation a JOIN allocation_bookings b ON b.record = a.id "
    "JOIN offer o ON o.id = a.offer WHERE a.state <> 5 AND a.kind NOT IN (7, 8) AND a.first <= ?2 AND a.last >= ?1 "
    "AND b.item BETWEEN ?1 AND ?2 AND (?3 = 0 OR a.kind = ?3) ORDER BY b.item, a.id";

static bool take_booking(Statement *s, Arena *arena, void *row) {
    CapacityBooking *b = row;
    (void)arena;
    *b = (CapacityBooking){.quantity = statement_get_int(s, 1),
                           .allocation = statement_get_int(s, 2),
                           .request = statement_get_int(s, 3),
                           .offer = statement_get_int(s, 4),
                           .lender = number_at(s, 5),
                           .borrower = number_at(s, 6),
                           .kind = number_at(s, 7),
                           .state = number_at(s, 8),
                           .closed = closed_week(s, 9, 10),
                           .session = statement_get_int(s, 11)};
    return column_week(s, 0, &b->week);
}

static const char accesses_sql[] =
    "SELECT a.first, a.last, a.opens, a.ends, a.id, a.request, a.offer, a.site, a.borrower, a.kind, a.state "
    "FROM allocation a WHERE a.state <> 5 AND a.kind IN (7, 8) AND a.first <= ?2 AND a.last >= ?1 "
    "AND (?3 = 0 OR a.kind = ?3) ORDER BY a.id";

/* The days of access; of one that was given weeks alone, those of its weeks. */
static bool take_access(Statement *s, Arena *arena, void *row) {
    CapacityAccess *a = row;
    int first, last;
    (void)arena;
    *a = (CapacityAccess){.allocation = statement_get_int(s, 4),
                          .request = statement_get_int(s, 5),
                          .offer = statement_get_int(s, 6),
                          .lender = number_at(s, 7),
                          .borrower = number_at(s, 8),
                          .kind = number_at(s, 9),
                          .state = number_at(s, 10)};
    if (!column_week(s, 0, &first) || !column_week(s, 1, &last)) return false;
    if (!column_day(s, 2, &a->opens)) a->opens = date_of_week(first);
    if (!column_day(s, 3, &a->ends)) a->ends = date_of_week(last) + 6;
    return a->opens <= a->ends;
}

static const char usages_sql[] =
    "SELECT u.week, SUM(u.quantity), a.id, a.site, a.borrower, a.kind FROM usage u "
    "JOIN allocation a ON a.id = u.allocation WHERE u.week BETWEEN ?1 AND ?2 AND a.state <> 5 "
    "AND (?3 = 0 OR a.kind = ?3) GROUP BY u.week, a.id, a.site, a.borrower, a.kind ORDER BY u.week, a.id";

static bool take_usage(Statement *s, Arena *arena, void *row) {
    CapacityUsage *u = row;
    (void)arena;
    *u = (CapacityUsage){.allocation = statement_get_int(s, 2),
                         .lender = number_at(s, 3),
                         .borrower = number_at(s, 4),
                         .kind = number_at(s, 5),
                         .quantity = statement_get_int(s, 1)};
    return column_week(s, 0, &u->week);
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

typedef struct Reading {
    Store *store;
    Arena *arena;
    int kind;
    char first[WEEK_SIZE], last[WEEK_SIZE];
    Status status; /* once it is another than OK nothing more is read */
    Error *error;
} Reading;

/* All rows of a statement, each of so many bytes; ?1 is the first week, ?2 the last, ?3 the kind or 0. */
static void *read_rows(Reading *r, const char *sql, size_t size, bool (*take)(Statement *, Arena *, void *row),
                       int *count) {
    char *rows = NULL;
    int room = 0, taken = 0;
    if (r->status != STATUS_OK) return NULL;
    Statement *s = engine_prepare(r->store->engine, sql);
    statement_text(s, 1, r->first, WEEK_SIZE - 1);
    statement_text(s, 2, r->last, WEEK_SIZE - 1);
    statement_int(s, 3, r->kind);
    while (statement_row(s)) {
        if (!rows || taken == room) {
            char *more = arena_array(r->arena, (size_t)(room = room ? room * 2 : 64), size);
            if (rows) memcpy(more, rows, (size_t)taken * size);
            rows = more;
        }
        if (take(s, r->arena, rows + (size_t)taken * size)) taken++;
    }
    *count = taken;
    r->status = statement_end(s, NULL, r->error);
    return rows;
}

Status capacity_read(Store *store, Arena *arena, int kind, int first, int last, CapacityRows *rows, Error *e) {
    Reading r = {.store = store, .arena = arena, .kind = kind, .error = e};
    week_write(first, r.first);
    week_write(last, r.last);
    *rows = (CapacityRows){.first = first, .last = last};
    /* One view over all of it; within a write its own. */
    bool alone = !engine_in_transaction(store->engine);
    if (alone) r.status = engine_read_begin(store->engine, e);
    if (r.status != STATUS_OK) return r.status;
    rows->offers = read_rows(&r, offers_sql, sizeof *rows->offers, take_offer, &rows->offer_count);
    rows->sessions = read_rows(&r, sessions_sql, sizeof *rows->sessions, take_session, &rows->session_count);
    rows->bookings = read_rows(&r, bookings_sql, sizeof *rows->bookings, take_booking, &rows->booking_count);
    rows->accesses = read_rows(&r, accesses_sql, sizeof *rows->accesses, take_access, &rows->access_count);
    rows->usages = read_rows(&r, usages_sql, sizeof *rows->usages, take_usage, &rows->usage_count);
    if (alone) engine_read_end(store->engine);
    return r.status;
}
