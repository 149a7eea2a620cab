/* What is offered, booked and used. State and kind numbers in the SQL are those of entities.h (asserted below). */
#include "store/capacity.h"

#include "base/date.h"
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(OFFER_DRAFT == 1 && OFFER_CLOSED == 4 && ALLOCATION_DECLINED == 5 && KIND_DATASET == 7 &&
                   KIND_MODEL == 8 && KIND_COUNT == 8,
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
    return statement_get_int(s, state_column) == OFFER_CLOSED ? week_of_instant(s, instant_column, INT32_MAX)
                                                              : INT32_MAX;
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

static void add_booking(Arena *arena, CapacityRows *rows, int *room, const CapacityBooking *b) {
    rows->bookings = grown(arena, rows->bookings, rows->booking_count, room, sizeof *rows->bookings);
    rows->bookings[rows->booking_count++] = *b;
}

/* The columns that bookings and access have in common begin at the third. */
#define BOOKING_COLUMNS "a.id, a.request, a.offer, a.site, a.borrower, a.kind, a.state, o.state, o.updated_at"

static CapacityBooking booking_at(Statement *s) {
    return (CapacityBooking){.allocation = statement_get_int(s, 2),
                             .request = statement_get_int(s, 3),
                             .offer = statement_get_int(s, 4),
                             .lender = (int)statement_get_int(s, 5),
                             .borrower = (int)statement_get_int(s, 6),
                             .kind = (int)statement_get_int(s, 7),
                             .state = (int)statement_get_int(s, 8),
                             .closed = closed_week(s, 9, 10)};
}

static Status read_bookings(Store *store, Arena *arena, int kind, const char *first, const char *last,
                            CapacityRows *rows, int *room, Error *e) {
    Statement *s = prepare(store,
                           "SELECT b.item, b.quantity, " BOOKING_COLUMNS " FROM allocation a "
                           "JOIN allocation_bookings b ON b.record = a.id JOIN offer o ON o.id = a.offer "
                           "WHERE a.state <> 5 AND a.kind NOT IN (7, 8) AND a.first <= ?2 AND a.last >= ?1 "
                           "AND b.item BETWEEN ?1 AND ?2 AND (?3 = 0 OR a.kind = ?3) ORDER BY b.item, a.id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacityBooking b = booking_at(s);
        b.quantity = statement_get_int(s, 1);
        if (week_at(s, 0, &b.week)) add_booking(arena, rows, room, &b);
    }
    return statement_end(s, NULL, e);
}

/* Access, a row for each of its weeks. */
static Status read_access(Store *store, Arena *arena, int kind, const char *first, const char *last, CapacityRows *rows,
                          int *room, Error *e) {
    Statement *s = prepare(store,
                           "SELECT a.first, a.last, " BOOKING_COLUMNS ", a.updated_at FROM allocation a "
                           "JOIN offer o ON o.id = a.offer WHERE a.state <> 5 AND a.kind IN (7, 8) "
                           "AND a.first <= ?2 AND a.last >= ?1 AND (?3 = 0 OR a.kind = ?3) ORDER BY a.id",
                           kind, first, last);
    while (statement_row(s)) {
        CapacityBooking b = booking_at(s);
        int from, to;
        b.quantity = ACCESS_QUANTITY;
        if (!week_at(s, 0, &from) || !week_at(s, 1, &to)) continue;
        bool ended = b.state == ALLOCATION_COMPLETED || b.state == ALLOCATION_RELEASED || b.state == ALLOCATION_REVOKED;
        int end = ended ? week_of_instant(s, 11, to) : to;
        if (end < to) to = end;
        if (to > rows->last) to = rows->last;
        for (b.week = from > rows->first ? from : rows->first; b.week <= to; b.week++) {
            add_booking(arena, rows, room, &b);
        }
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

static int by_week(const void *a, const void *b) {
    const CapacityBooking *x = a, *y = b;
    if (x->week != y->week) return x->week < y->week ? -1 : 1;
    return (x->allocation > y->allocation) - (x->allocation < y->allocation);
}

Status capacity_read(Store *store, Arena *arena, int kind, int first, int last, CapacityRows *rows, Error *e) {
    char from[WEEK_SIZE], to[WEEK_SIZE];
    int room = 0;
    week_write(first, from);
    week_write(last, to);
    *rows = (CapacityRows){.first = first, .last = last};
    /* One view over all of it; within a write its own. */
    bool alone = !engine_in_transaction(store->engine);
    Status s = alone ? engine_read_begin(store->engine, e) : STATUS_OK;
    if (s != STATUS_OK) return s;
    s = read_offers(store, arena, kind, from, to, rows, e);
    if (s == STATUS_OK) s = read_bookings(store, arena, kind, from, to, rows, &room, e);
    int booked = rows->booking_count;
    if (s == STATUS_OK) s = read_access(store, arena, kind, from, to, rows, &room, e);
    if (s == STATUS_OK) s = read_usages(store, arena, kind, from, to, rows, e);
    if (alone) engine_read_end(store->engine);
    if (rows->booking_count > booked)
        qsort(rows->bookings, (size_t)rows->booking_count, sizeof *rows->bookings, by_week);
    return s;
}
