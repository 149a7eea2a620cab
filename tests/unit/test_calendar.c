/* capacity/calendar: cells are the sums they say, by region and by offer; months hold whole weeks, each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "capacity/calendar.h"
#include "capacity/ledger.h"

#include <string.h>

enum { FIRST = 2960, LAST = 2979, OFFERS = 8, BOOKINGS = 60 };

static int pick(uint64_t *seed, int below) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((*seed >> 33) % (uint64_t)below);
}

typedef struct World {
    CapacityOffer offers[OFFERS];
    CapacityBooking bookings[BOOKINGS];
    CapacityRows rows;
} World;

static void make_world(World *w, uint64_t seed) {
    *w = (World){0};
    for (int i = 0; i < OFFERS; i++) {
        w->offers[i] = (CapacityOffer){.id = 7 + i,
                                       .site = pick(&seed, SITE_COUNT),
                                       .kind = KIND_GPU_HOUR,
                                       .first = FIRST - 4 + pick(&seed, 10),
                                       .last = FIRST + 8 + pick(&seed, 20),
                                       .closed = pick(&seed, 3) ? INT32_MAX : FIRST + pick(&seed, 20),
                                       .quantity = 1000 + pick(&seed, 100000),
                                       .reserve = pick(&seed, 1000)};
    }
    for (int i = 0; i < BOOKINGS; i++) {
        const CapacityOffer *o = &w->offers[pick(&seed, OFFERS)];
        w->bookings[i] = (CapacityBooking){.offer = o->id,
                                           .lender = o->site,
                                           .borrower = pick(&seed, SITE_COUNT),
                                           .kind = KIND_GPU_HOUR,
                                           .state = ALLOCATION_PROPOSED + pick(&seed, 3),
                                           .week = FIRST + pick(&seed, LAST - FIRST + 1),
                                           .closed = o->closed,
                                           .quantity = 1 + pick(&seed, 40000)};
    }
    w->rows = (CapacityRows){.offers = w->offers,
                             .bookings = w->bookings,
                             .offer_count = OFFERS,
                             .booking_count = BOOKINGS,
                             .first = FIRST,
                             .last = LAST};
}

/* The calendar's regions say what the ledger says. */
static void regions_agree_with_the_ledger(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 50; round++) {
        Arena arena = {0};
        World w;
        make_world(&w, round);
        const CalendarGrid *g = calendar_compute(&arena, &w.rows, false);
        const Ledger *l = ledger_compute(&arena, &w.rows, FIRST);
        assert_int_equal(g->lines, SITE_COUNT);
        for (int site = 0; site < SITE_COUNT; site++) {
            CalendarCell sum = {0};
            for (int week = FIRST; week <= LAST; week++) {
                CalendarCell c = calendar_cell(g, site, week, week);
                const LedgerFigures *f = ledger_cell(l, site, KIND_GPU_HOUR, week);
                assert_int_equal(c.lendable, f->offered - f->kept);
                assert_int_equal(c.booked, f->booked);
                assert_int_equal(c.held, f->held);
                assert_int_equal(c.over, f->over);
                sum.booked += c.booked;
                sum.over += c.over;
            }
            CalendarCell all = calendar_cell(g, site, FIRST - 100, LAST + 100);
            assert_int_equal(all.booked, sum.booked);
            assert_int_equal(all.over, sum.over);
        }
        arena_free(&arena);
    }
}

static void offers_add_up_to_their_regions(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 50; round++) {
        Arena arena = {0};
        World w;
        make_world(&w, round);
        const CalendarGrid *offers = calendar_compute(&arena, &w.rows, true),
                           *regions = calendar_compute(&arena, &w.rows, false);
        assert_int_equal(offers->lines, OFFERS);
        for (int site = 0; site < SITE_COUNT; site++) {
            for (int week = FIRST; week <= LAST; week++) {
                CalendarCell region = calendar_cell(regions, site, week, week);
                for (int i = 0; i < OFFERS; i++) {
                    CalendarCell c = calendar_cell(offers, i, week, week);
                    if (w.offers[i].site != site) continue;
                    region.booked -= c.booked;
                    region.held -= c.held;
                    region.lendable -= c.lendable;
                }
                assert_int_equal(region.booked, 0);
                assert_int_equal(region.held, 0);
                assert_int_equal(region.lendable, 0);
            }
        }
        arena_free(&arena);
    }
}

static void a_free_week_does_not_hide_a_full_one(void **state) {
    CapacityOffer offer = {
        .id = 1, .site = 4, .kind = 1, .first = FIRST, .last = LAST, .closed = INT32_MAX, .quantity = 10};
    CapacityBooking booking = {
        .offer = 1, .lender = 4, .borrower = 5, .kind = 1, .week = FIRST + 1, .closed = INT32_MAX, .quantity = 13};
    CapacityRows rows = {
        .offers = &offer, .bookings = &booking, .offer_count = 1, .booking_count = 1, .first = FIRST, .last = LAST};
    Arena arena = {0};
    (void)state;
    const CalendarGrid *g = calendar_compute(&arena, &rows, false);
    CalendarCell c = calendar_cell(g, 4, FIRST, FIRST + 3);
    assert_int_equal(c.lendable, 40);
    assert_int_equal(c.booked, 13);
    assert_int_equal(c.over, 3);
    assert_int_equal(c.weeks, 4);
    c = calendar_cell(g, 99, FIRST, LAST);
    assert_int_equal(c.weeks, 0);
    arena_free(&arena);
}

/* A dataset is there in all its offer's weeks; who has access in a span is counted once, however long. */
static void access_is_counted_once_in_any_span(void **state) {
    CapacityOffer offer = {
        .id = 1, .site = 4, .kind = KIND_DATASET, .first = FIRST, .last = FIRST + 9, .closed = INT32_MAX};
    CapacityAccess accesses[] = {
        {.offer = 1, .lender = 4, .kind = KIND_DATASET, .state = ALLOCATION_ACTIVE},
        {.offer = 1, .lender = 4, .kind = KIND_DATASET, .state = ALLOCATION_ACCEPTED},
        {.offer = 1, .lender = 4, .kind = KIND_DATASET, .state = ALLOCATION_PROPOSED},
    };
    CapacityRows rows = {
        .offers = &offer, .accesses = accesses, .offer_count = 1, .access_count = 3, .first = FIRST, .last = LAST};
    Arena arena = {0};
    (void)state;
    /* From before the span to the Sunday of its second week; from the Wednesday of the third for one day. */
    accesses[0].opens = date_of_week(FIRST - 4);
    accesses[0].ends = date_of_week(FIRST + 1) + 6;
    accesses[1].opens = accesses[1].ends = date_of_week(FIRST + 2) + 2;
    accesses[2].opens = accesses[0].opens;
    accesses[2].ends = accesses[1].ends;
    const int per_week[] = {1, 1, 1, 0};
    for (int by_offer = 0; by_offer < 2; by_offer++) {
        const CalendarGrid *g = calendar_compute(&arena, &rows, by_offer);
        int line = by_offer ? 0 : 4;
        for (int i = 0; i < 4; i++) {
            CalendarCell c = calendar_cell(g, line, FIRST + i, FIRST + i);
            assert_int_equal(c.access, per_week[i]);
            assert_int_equal(c.weeks, 1);
        }
        assert_int_equal(calendar_cell(g, line, FIRST, FIRST + 3).access, 2);
        assert_int_equal(calendar_cell(g, line, FIRST + 1, FIRST + 9).access, 2);
        assert_int_equal(calendar_cell(g, line, FIRST + 3, FIRST + 9).access, 0);
        assert_int_equal(calendar_cell(g, line, FIRST + 3, FIRST + 9).weeks, 7);
        assert_int_equal(calendar_cell(g, line, FIRST + 10, LAST).weeks, 0);
    }
    arena_free(&arena);
}

static void percents_keep_none_and_all_apart(void **state) {
    static const struct {
        int64_t booked, lendable;
        int percent;
    } cases[] = {
        {0, 0, -1},
        {0, 100, 0},
        {1, 100000, 1},
        {50, 100, 50},
        {999, 1000, 99},
        {1000, 1000, 100},
        {1001, 1000, 101},
        {2000, 1000, 200},
        {5, 0, 999},
        {INT64_C(90000000000000000), INT64_C(1000000000000), 999},
        {INT64_C(900000000000000000), INT64_C(1800000000000000000), 49},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(calendar_percent(cases[i].booked, cases[i].lendable), cases[i].percent);
    }
}

static void cells_can_be_told_apart_without_colour(void **state) {
    static const struct {
        CalendarCell cell;
        const char *percent, *free, *access;
    } cases[] = {
        {{0}, "", "", ""},
        {{.weeks = 1}, "", "", "0"},
        {{.weeks = 4, .access = 7, .opened = 2}, "", "", "7"},
        {{.lendable = 640000, .weeks = 1}, "0", "640", "0"},
        {{.lendable = 640000, .booked = 608000, .weeks = 1}, "95", "32", "0"},
        {{.lendable = 640000, .booked = 600000, .held = 8000, .weeks = 1}, "95", "32", "0"},
        {{.lendable = 640000, .booked = 640000, .weeks = 1}, "100", "0", "0"},
        {{.lendable = 640000, .booked = 664000, .over = 24000, .weeks = 1}, "104!", "-24!", "0"},
        /* Half booked in a month, and yet one of its weeks is overcommitted. */
        {{.lendable = 4000, .booked = 2000, .over = 500, .weeks = 4}, "50!", "-0.5!", "0"},
        {{.lendable = 12500, .booked = 5000, .weeks = 1}, "40", "7.5", "0"},
        {{.lendable = 12340000, .weeks = 1}, "0", "12k", "0"},
        {{.lendable = INT64_C(13000000000), .booked = 1, .weeks = 1}, "1", "12M", "0"},
        {{.lendable = INT64_C(9000000000000), .weeks = 1}, "0", ">1G", "0"},
        {{.booked = INT64_C(9000000000), .over = INT64_C(9000000000), .weeks = 1}, "999!", "-9M!", "0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[16];
        calendar_write(&cases[i].cell, CALENDAR_PERCENT, text);
        assert_string_equal(text, cases[i].percent);
        assert_true(strlen(text) <= 5);
        calendar_write(&cases[i].cell, CALENDAR_FREE, text);
        assert_string_equal(text, cases[i].free);
        assert_true(strlen(text) <= 5);
        calendar_write(&cases[i].cell, CALENDAR_ACCESS, text);
        assert_string_equal(text, cases[i].access);
    }
}

/* From 1970 to 2120: every week is in one month, that of its Thursday, and each month begins where the last ended. */
static void months_hold_each_week_once(void **state) {
    int expected = 0, month = 0, first, last;
    (void)state;
    assert_true(week_parse("1970-W02", 8, &expected));
    for (month = calendar_month(expected), calendar_month_weeks(month, &first, &last), expected = first;
         month < 2120 * 12; month++) {
        calendar_month_weeks(month, &first, &last);
        assert_int_equal(first, expected);
        assert_in_range(last - first, 3, 4);
        for (int week = first; week <= last; week++) {
            CivilDate thursday = date_civil(date_of_week(week) + 3);
            assert_int_equal(calendar_month(week), month);
            assert_int_equal(thursday.year * 12 + thursday.month - 1, month);
        }
        expected = last + 1;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_agree_with_the_ledger),          cmocka_unit_test(offers_add_up_to_their_regions),
        cmocka_unit_test(a_free_week_does_not_hide_a_full_one),   cmocka_unit_test(percents_keep_none_and_all_apart),
        cmocka_unit_test(cells_can_be_told_apart_without_colour), cmocka_unit_test(months_hold_each_week_once),
        cmocka_unit_test(access_is_counted_once_in_any_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
