/* What is offered, booked and used. State and kind numbers in the SQL are those of entities.h (asserted below). */
#include "store/capacity.h"

#include "base/date.h"
#include "store/internal.h"

#include <string.h>

_Static_assert(OFFER_DRAFT == 1 && OFFER_CLOSED == 4 && SESSION_PLANNED == 1 && ALLOCATION_DECLINED == 5 &&
                   KIND_DATASET == 7 && KIND_MODEL == 8 && KIND_COUNT == 8,
               "numbers in the SQL below");

/* ?1 the first week, ?2 the last, ?3 the kind or 0. */
static Statement *prepare(Store *store, const char *sql, int kind, const char *first, const char *last) {
    Statement *s = engine_prepare(store->engine, sql);
    statement_text(s, 1, first, WEEK_SIZE - 1);
    statement_text(s, 2, last, WEEK_SIZE - 1);
    statement_int(s, 3, kind);
    return s;
}

static bool week_at(Statement *s, int column, int *week) {
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return week_parse(text, size, week);
}

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

/* Room for one more of count elements in the arena; the elements may move. */
static void *grown(Arena *arena, void *list, int count, int *room, size_t size) {
    if (count < *room) return list;
    void *more = arena_array(arena, (size_t)(*room = *room ? *room * 2 : 64), size);
    if (count) memcpy(more, list, (size_t)count * size);
    return more;
}

static Status read_offers(Store *store, Arena *arena, int kind, const char *first, const char *last, CapacityRows *rows,
                          Error *e) {
    int room = 0;
    Statement *s = prepare(store,
                           "SELECT id, site, kind, state, first, last, updated_at, quantity, reserve, name FROM offer "
                           "WHERE state <> 1 AND first <= ?2 AND last >= ?1 AND (?3 = 0 OR kind = ?3) "
                           "ORDER BY site, id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacityOffer o = {.id = statement_get_int(s, 0),
                           .site = (int)statement_get_int(s, 1),
                           .kind = (int)statement_get_int(s, 2),
                           .state = (int)statement_get_int(s, 3),
                           .closed = closed_week(s, 3, 6),
                           .quantity = statement_get_int(s, 7),
                           .reserve = statement_get_int(s, 8)};
        size_t size;
        const char *name = statement_get_text(s, 9, &size);
        if (!week_at(s, 4, &o.first) || !week_at(s, 5, &o.last)) continue;
        o.name = arena_copy(arena, name, size);
        rows->offers = grown(arena, rows->offers, rows->offer_count, &room, sizeof *rows->offers);
        rows->offers[rows->offer_count++] = o;
    }
    return statement_end(s, NULL, e);
}

static bool day_at(Statement *s, int column, int *day) {
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return date_parse(text, size, day);
}

static Status read_sessions(Store *store, Arena *arena, int kind, const char *first, const char *last,
                            CapacityRows *rows, Error *e) {
    int room = 0;
    Statement *s = prepare(store,
                           "SELECT t.id, t.offer, t.site, o.kind, o.state, o.updated_at, t.week, t.first_day, "
                           "t.last_day, t.places FROM session t JOIN offer o ON o.id = t.offer "
                           "WHERE t.state = 1 AND o.state <> 1 AND t.week BETWEEN ?1 AND ?2 "
                           "AND (?3 = 0 OR o.kind = ?3) ORDER BY t.first_day, t.id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacitySession t = {.id = statement_get_int(s, 0),
                             .offer = statement_get_int(s, 1),
                             .site = (int)statement_get_int(s, 2),
                             .kind = (int)statement_get_int(s, 3),
                             .closed = closed_week(s, 4, 5),
                             .places = statement_get_int(s, 9)};
        if (!week_at(s, 6, &t.week) || !day_at(s, 7, &t.first_day) || !day_at(s, 8, &t.last_day)) continue;
        rows->sessions = grown(arena, rows->sessions, rows->session_count, &room, sizeof *rows->sessions);
        rows->sessions[rows->session_count++] = t;
    }
    return statement_end(s, NULL, e);
}

static Status read_bookings(Store *store, Arena *arena, int kind, const char *first, const char *last,
                            CapacityRows *rows, Error *e) {
    int room = 0;
    Statement *s = prepare(store,
                           "SELECT b.item, b.quantity, a.id, a.request, a.offer, a.site, a.borrower, a.kind, "
                           "a.state, o.state, o.updated_at, COALESCE(a.session, 0) FROM allocation a "
                           "JOIN allocation_bookings b ON b.record = a.id JOIN offer o ON o.id = a.offer "
                           "WHERE a.state <> 5 AND a.kind NOT IN (7, 8) AND a.first <= ?2 AND a.last >= ?1 "
                           "AND b.item BETWEEN ?1 AND ?2 AND (?3 = 0 OR a.kind = ?3) ORDER BY b.item, a.id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacityBooking b = {.quantity = statement_get_int(s, 1),
                             .allocation = statement_get_int(s, 2),
                             .request = statement_get_int(s, 3),
                             .offer = statement_get_int(s, 4),
                             .lender = (int)statement_get_int(s, 5),
                             .borrower = (int)statement_get_int(s, 6),
                             .kind = (int)statement_get_int(s, 7),
                             .state = (int)statement_get_int(s, 8),
                             .closed = closed_week(s, 9, 10),
                             .session = statement_get_int(s, 11)};
        if (!week_at(s, 0, &b.week)) continue;
        rows->bookings = grown(arena, rows->bookings, rows->booking_count, &room, sizeof *rows->bookings);
        rows->bookings[rows->booking_count++] = b;
    }
    return statement_end(s, NULL, e);
}

/* The days of access; of one that was given weeks alone, those of its weeks. */
static bool access_days(Statement *s, CapacityAccess *out) {
    int first, last;
    if (!week_at(s, 0, &first) || !week_at(s, 1, &last)) return false;
    if (!day_at(s, 2, &out->opens)) out->opens = date_of_week(first);
    if (!day_at(s, 3, &out->ends)) out->ends = date_of_week(last) + 6;
    return out->opens <= out->ends;
}

static Status read_accesses(Store *store, Arena *arena, int kind, const char *first, const char *last,
                            CapacityRows *rows, Error *e) {
    int room = 0;
    Statement *s = prepare(store,
                           "SELECT a.first, a.last, a.opens, a.ends, a.id, a.request, a.offer, a.site, a.borrower, "
                           "a.kind, a.state FROM allocation a WHERE a.state <> 5 AND a.kind IN (7, 8) "
                           "AND a.first <= ?2 AND a.last >= ?1 AND (?3 = 0 OR a.kind = ?3) ORDER BY a.id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacityAccess a = {.allocation = statement_get_int(s, 4),
                            .request = statement_get_int(s, 5),
                            .offer = statement_get_int(s, 6),
                            .lender = (int)statement_get_int(s, 7),
                            .borrower = (int)statement_get_int(s, 8),
                            .kind = (int)statement_get_int(s, 9),
                            .state = (int)statement_get_int(s, 10)};
        if (!access_days(s, &a)) continue;
        rows->accesses = grown(arena, rows->accesses, rows->access_count, &room, sizeof *rows->accesses);
        rows->accesses[rows->access_count++] = a;
    }
    return statement_end(s, NULL, e);
}

static Status read_usages(Store *store, Arena *arena, int kind, const char *first, const char *last, CapacityRows *rows,
                          Error *e) {
    int room = 0;
    Statement *s =
        prepare(store,
                "SELECT u.week, SUM(u.quantity), a.id, a.site, a.borrower, a.kind FROM usage u "
                "JOIN allocation a ON a.id = u.allocation WHERE u.week BETWEEN ?1 AND ?2 AND a.state <> 5 "
                "AND (?3 = 0 OR a.kind = ?3) GROUP BY u.week, a.id, a.site, a.borrower, a.kind ORDER BY u.week, a.id",
                kind, first, last);
    while (statement_row(s)) {
        CapacityUsage u = {.allocation = statement_get_int(s, 2),
                           .lender = (int)statement_get_int(s, 3),
                           .borrower = (int)statement_get_int(s, 4),
                           .kind = (int)statement_get_int(s, 5),
                           .quantity = statement_get_int(s, 1)};
        if (!week_at(s, 0, &u.week)) continue;
        rows->usages = grown(arena, rows->usages, rows->usage_count, &room, sizeof *rows->usages);
        rows->usages[rows->usage_count++] = u;
    }
    return statement_end(s, NULL, e);
}

Status capacity_read(Store *store, Arena *arena, int kind, int first, int last, CapacityRows *rows, Error *e) {
    char from[WEEK_SIZE], to[WEEK_SIZE];
    week_write(first, from);
    week_write(last, to);
    *rows = (CapacityRows){.first = first, .last = last};
    /* One view over all of it; within a write its own. */
    bool alone = !engine_in_transaction(store->engine);
    Status s = alone ? engine_read_begin(store->engine, e) : STATUS_OK;
    if (s != STATUS_OK) return s;
    s = read_offers(store, arena, kind, from, to, rows, e);
    if (s == STATUS_OK) s = read_sessions(store, arena, kind, from, to, rows, e);
    if (s == STATUS_OK) s = read_bookings(store, arena, kind, from, to, rows, e);
    if (s == STATUS_OK) s = read_accesses(store, arena, kind, from, to, rows, e);
    if (s == STATUS_OK) s = read_usages(store, arena, kind, from, to, rows, e);
    if (alone) engine_read_end(store->engine);
    return s;
}
