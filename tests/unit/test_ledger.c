/* capacity/ledger: postings balance, figures are those of an oracle that knows nothing of double entry, and what was
 * lent is what was borrowed, in quantities and in credits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "capacity/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 2900, WEEKS = 9, OFFERS = 14, SESSIONS = 12, BOOKINGS = 120, ACCESSES = 30, USAGES = 60, ROUNDS = 60 };

/* A network made from a seed: whole of it on the stack of a test. */
typedef struct World {
    CapacityOffer offers[OFFERS];
    CapacitySession sessions[SESSIONS];
    CapacityBooking bookings[BOOKINGS];
    CapacityAccess accesses[ACCESSES];
    CapacityUsage usages[USAGES];
    CapacityRows rows;
    uint64_t seed;
} World;

static int pick(World *w, int below) {
    w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((w->seed >> 33) % (uint64_t)below);
}

static int by_week_of_booking(const void *a, const void *b) {
    const CapacityBooking *x = a, *y = b;
    return x->week != y->week ? x->week - y->week : (int)(x->allocation - y->allocation);
}

static int by_week_of_usage(const void *a, const void *b) {
    const CapacityUsage *x = a, *y = b;
    return x->week != y->week ? x->week - y->week : (int)(x->allocation - y->allocation);
}

static void make_world(World *w, uint64_t seed) {
    *w = (World){.seed = seed * 77 + 5};
    for (int i = 0; i < OFFERS; i++) {
        int kind = 1 + pick(w, KIND_COUNT);
        int64_t quantity = kind_countable(kind) ? 1 + pick(w, 900000) : 0;
        w->offers[i] = (CapacityOffer){.id = 100 + i,
                                       .site = pick(w, SITE_COUNT),
                                       .kind = kind,
                                       .first = FIRST - 3 + pick(w, 6),
                                       .last = FIRST + pick(w, WEEKS + 3),
                                       .closed = pick(w, 4) ? INT32_MAX : FIRST + pick(w, WEEKS),
                                       .quantity = quantity,
                                       .reserve = pick(w, 3) && quantity ? pick(w, (int)quantity) : 0};
    }
    for (int i = 0; i < SESSIONS; i++) {
        const CapacityOffer *o = &w->offers[i];
        w->sessions[i] = (CapacitySession){.id = 500 + i,
                                           .offer = o->id,
                                           .site = o->site,
                                           .kind = KIND_TRAINING_SEAT,
                                           .week = FIRST - 1 + pick(w, WEEKS + 2),
                                           .closed = o->closed,
                                           .places = 1000 * (1 + pick(w, 20))};
    }
    for (int i = 0; i < ACCESSES; i++) {
        int opens = date_of_week(FIRST - 3) + pick(w, 7 * (WEEKS + 5));
        w->accesses[i] = (CapacityAccess){.allocation = 800 + i,
                                          .offer = 90,
                                          .lender = pick(w, SITE_COUNT),
                                          .borrower = pick(w, SITE_COUNT),
                                          .kind = pick(w, 2) ? KIND_DATASET : KIND_MODEL,
                                          .state = ALLOCATION_PROPOSED + pick(w, 3),
                                          .opens = opens,
                                          .ends = opens + pick(w, 40)};
    }
    for (int i = 0; i < BOOKINGS; i++) {
        const CapacityOffer *o = &w->offers[pick(w, OFFERS)];
        w->bookings[i] = (CapacityBooking){.allocation = 1000 + i,
                                           .offer = o->id,
                                           .lender = o->site,
                                           .borrower = pick(w, 4) ? pick(w, SITE_COUNT) : o->site,
                                           .kind = kind_countable(o->kind) ? o->kind : KIND_TRAINING_SEAT,
                                           .state = ALLOCATION_PROPOSED + pick(w, 3),
                                           .week = FIRST - 1 + pick(w, WEEKS + 2),
                                           .closed = o->closed,
                                           .quantity = pick(w, 90000)};
    }
    for (int i = 0; i < USAGES; i++) {
        const CapacityBooking *b = &w->bookings[pick(w, BOOKINGS)];
        w->usages[i] = (CapacityUsage){.allocation = b->allocation,
                                       .lender = b->lender,
                                       .borrower = b->borrower,
                                       .kind = b->kind,
                                       .week = b->week + !pick(w, 6), /* now and then one that it did not book */
                                       .quantity = pick(w, 90000) - 5000};
    }
    qsort(w->bookings, BOOKINGS, sizeof *w->bookings, by_week_of_booking);
    qsort(w->usages, USAGES, sizeof *w->usages, by_week_of_usage);
    w->rows = (CapacityRows){.offers = w->offers,
                             .sessions = w->sessions,
                             .bookings = w->bookings,
                             .accesses = w->accesses,
                             .usages = w->usages,
                             .offer_count = OFFERS,
                             .session_count = SESSIONS,
                             .booking_count = BOOKINGS,
                             .access_count = ACCESSES,
                             .usage_count = USAGES,
                             .first = FIRST,
                             .last = FIRST + WEEKS - 1};
}

/* What is lent, or only proposed. */
static void count(LedgerFigures *f, int site, int lender, int borrower, int state, int64_t quantity) {
    if (lender == site && state == ALLOCATION_PROPOSED) f->held += quantity;
    if (state == ALLOCATION_PROPOSED) return;
    if (lender == site) f->booked += quantity;
    if (lender == site && borrower == site) f->own += quantity;
    if (lender == site && borrower != site) f->lent += quantity;
    if (borrower == site && lender != site) f->borrowed += quantity;
}

/* What one allocation booked and did not use in a week; below 0 what it used beyond that: nobody else's makes up for
 * either. */
static int64_t left_of(const World *w, const CapacityBooking *b, int week) {
    int64_t left = b->state == ALLOCATION_PROPOSED || b->week != week ? 0 : b->quantity;
    for (int i = 0; i < USAGES; i++) {
        if (w->usages[i].allocation == b->allocation && w->usages[i].week == week) left -= w->usages[i].quantity;
    }
    return left;
}

/* The figures by their plain definitions, one region, kind and week at a time. */
static LedgerFigures oracle(const World *w, int site, int kind, int week, int now) {
    LedgerFigures f = {0};
    for (int i = 0; i < OFFERS; i++) {
        const CapacityOffer *o = &w->offers[i];
        if (o->site != site || o->kind != kind || week < o->first || week > o->last || week >= o->closed) continue;
        f.offered += o->quantity;
        f.kept += o->reserve;
    }
    for (int i = 0; i < SESSIONS; i++) {
        const CapacitySession *t = &w->sessions[i];
        if (t->site == site && t->kind == kind && t->week == week && week < t->closed) f.offered += t->places;
    }
    for (int i = 0; i < BOOKINGS; i++) {
        const CapacityBooking *b = &w->bookings[i];
        if (b->kind != kind) continue;
        int64_t left = left_of(w, b, week);
        if (b->lender == site && left < 0) f.overused -= left;
        if (b->lender != site && b->borrower == site && left < 0) f.borrowed_overused -= left;
        if (b->lender == site && left > 0 && week < now) f.unused += left;
        if (b->week != week) continue;
        if (b->lender == site && week >= b->closed) f.offered += b->quantity;
        count(&f, site, b->lender, b->borrower, b->state, b->quantity);
    }
    for (int i = 0; i < ACCESSES; i++) {
        const CapacityAccess *a = &w->accesses[i];
        if (a->kind != kind || a->ends < date_of_week(week) || a->opens >= date_of_week(week + 1)) continue;
        if (a->opens >= date_of_week(week)) {
            if (a->lender == site) f.offered += ACCESS_QUANTITY;
            count(&f, site, a->lender, a->borrower, a->state, ACCESS_QUANTITY);
        }
        if (a->state == ALLOCATION_PROPOSED) continue;
        if (a->lender == site) f.access += ACCESS_QUANTITY;
        if (a->borrower == site && a->lender != site) f.borrowed_access += ACCESS_QUANTITY;
    }
    for (int i = 0; i < USAGES; i++) {
        const CapacityUsage *u = &w->usages[i];
        if (u->kind != kind || u->week != week) continue;
        if (u->lender == site) f.used += u->quantity;
        if (u->borrower == site && u->lender != site) f.borrowed_used += u->quantity;
    }
    int64_t left = f.offered - f.kept - f.held - f.booked;
    f.free = left > 0 ? left : 0;
    f.over = left < 0 ? -left : 0;
    return f;
}

#define EACH_CELL(site, kind, week)                                                                                    \
    for (int site = 0; site < SITE_COUNT; site++)                                                                      \
        for (int kind = 1; kind <= KIND_COUNT; kind++)                                                                 \
            for (int week = FIRST; week < FIRST + WEEKS; week++)

static void figures_are_those_of_the_definitions(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = {0};
        World w;
        int now = FIRST + round % (WEEKS + 2) - 1;
        make_world(&w, (uint64_t)round);
        const Ledger *l = ledger_compute(&arena, &w.rows, now);
        EACH_CELL(site, kind, week) {
            LedgerFigures said = *ledger_cell(l, site, kind, week), right = oracle(&w, site, kind, week, now);
            if (memcmp(&said, &right, sizeof said) != 0)
                fail_msg("round %d, site %d, kind %d, week %d: offered %lld/%lld free %lld/%lld booked %lld/%lld",
                         round, site, kind, week, (long long)said.offered, (long long)right.offered,
                         (long long)said.free, (long long)right.free, (long long)said.booked, (long long)right.booked);
        }
        arena_free(&arena);
    }
}

/* --- postings ----------------------------------------------------------------------------------------------------- */

typedef struct Book {
    int64_t sums[SITE_COUNT][KIND_COUNT + 1][WEEKS];
    int64_t between[LEDGER_ACCOUNTS][SITE_COUNT][SITE_COUNT];
    LedgerPosting gave;
    int count;
} Book;

static void note(void *context, const LedgerPosting *p) {
    Book *b = context;
    assert_in_range(p->week, FIRST, FIRST + WEEKS - 1);
    b->sums[p->site][p->kind][p->week - FIRST] += p->quantity;
    if (p->other >= 0) b->between[p->account][p->site][p->other] += p->quantity;
    assert_true(p->offer || p->allocation);
    /* The two sides of an entry: one account gives what another of the same region gets. */
    if (b->count++ % 2 == 0) b->gave = *p;
    else {
        assert_int_equal(b->gave.quantity, -p->quantity);
        assert_int_equal(b->gave.site, p->site);
        assert_int_equal(b->gave.kind, p->kind);
        assert_int_equal(b->gave.week, p->week);
        assert_int_not_equal(b->gave.account, p->account);
    }
}

static void every_book_adds_up_to_nothing(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        World w;
        static Book b;
        memset(&b, 0, sizeof b);
        make_world(&w, (uint64_t)round);
        ledger_each(&w.rows, note, &b);
        assert_true(b.count > BOOKINGS && b.count % 2 == 0);
        EACH_CELL(site, kind, week) {
            assert_int_equal(b.sums[site][kind][week - FIRST], 0);
        }
        for (int lender = 0; lender < SITE_COUNT; lender++) {
            for (int borrower = 0; borrower < SITE_COUNT; borrower++) {
                assert_int_equal(b.between[LEDGER_LENT][lender][borrower],
                                 -b.between[LEDGER_BORROWED][borrower][lender]);
            }
        }
    }
}

static void what_was_lent_is_what_was_borrowed(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = {0};
        World w;
        make_world(&w, (uint64_t)round);
        const Ledger *l = ledger_compute(&arena, &w.rows, FIRST + WEEKS);
        for (int kind = 1; kind <= KIND_COUNT; kind++) {
            LedgerFigures all = {0};
            int64_t over = 0, under = 0;
            for (int site = 0; site < SITE_COUNT; site++) {
                LedgerFigures f = ledger_sum(l, site, kind);
                int64_t to = 0, from = 0, used = 0;
                for (int other = 0; other < SITE_COUNT; other++) {
                    if (other != site) to += l->loans[kind][site][other].quantity;
                    if (other != site) from += l->loans[kind][other][site].quantity;
                    used += l->loans[kind][site][other].used;
                    over += l->loans[kind][site][other].overused;
                    if (other != site) under += l->loans[kind][other][site].overused;
                }
                assert_int_equal(f.lent, to);
                assert_int_equal(f.borrowed, from);
                assert_int_equal(f.used, used);
                assert_int_equal(f.offered + f.over, f.kept + f.free + f.held + f.own + f.lent);
                /* All weeks are over. */
                if (kind_countable(kind)) assert_int_equal(f.booked + f.overused, f.used + f.unused);
                ledger_add(&all, &f);
            }
            assert_int_equal(all.lent, all.borrowed);
            assert_int_equal(all.overused, over);
            assert_int_equal(all.borrowed_overused, under);
        }
        arena_free(&arena);
    }
}

static void balances_in_credits_add_up_to_nothing(void **state) {
    static const int64_t rates[KIND_COUNT + 1] = {0, 1000, 17, 2501, 333, 1, 999, 50, 7};
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = {0};
        World w;
        int64_t sum = 0, any = 0;
        make_world(&w, (uint64_t)round);
        const Ledger *l = ledger_compute(&arena, &w.rows, FIRST);
        for (int site = 0; site < SITE_COUNT; site++) {
            LedgerBalance balance = ledger_balance(l, rates, site);
            sum += balance.lent - balance.borrowed;
            any |= balance.lent - balance.borrowed;
        }
        assert_int_equal(sum, 0);
        assert_int_not_equal(any, 0);
        arena_free(&arena);
    }
}

/* Two periods that follow each other hold together what one over both holds. */
static void periods_add_up(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = {0};
        World w;
        make_world(&w, (uint64_t)round);
        const Ledger *whole = ledger_compute(&arena, &w.rows, FIRST + 3);
        CapacityRows early = w.rows, late = w.rows;
        early.last = FIRST + 3;
        late.first = FIRST + 4;
        const Ledger *before = ledger_compute(&arena, &early, FIRST + 3),
                     *after = ledger_compute(&arena, &late, FIRST + 3);
        for (int kind = 1; kind <= KIND_COUNT; kind++) {
            for (int site = 0; site < SITE_COUNT; site++) {
                LedgerFigures sum = ledger_sum(before, site, kind), rest = ledger_sum(after, site, kind),
                              all = ledger_sum(whole, site, kind);
                ledger_add(&sum, &rest);
                /* What is in force in both is so once. */
                assert_true(sum.access >= all.access && sum.borrowed_access >= all.borrowed_access);
                sum.access = all.access;
                sum.borrowed_access = all.borrowed_access;
                assert_memory_equal(&sum, &all, sizeof sum);
            }
        }
        arena_free(&arena);
    }
}

/* In any span an access counts once, whether it opens in it, ends in it or goes on beyond both its ends. */
static void accesses_in_force_count_once(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = {0};
        World w;
        make_world(&w, (uint64_t)round);
        w.rows.first = FIRST + round % 4;
        w.rows.last = w.rows.first + round % 5;
        const Ledger *l = ledger_compute(&arena, &w.rows, FIRST);
        int64_t all = 0, right = 0;
        for (int i = 0; i < ACCESSES; i++) {
            const CapacityAccess *a = &w.accesses[i];
            bool outside = a->ends < date_of_week(w.rows.first) || a->opens >= date_of_week(w.rows.last + 1);
            if (!outside && a->state != ALLOCATION_PROPOSED) right += ACCESS_QUANTITY;
        }
        for (int site = 0; site < SITE_COUNT; site++) {
            for (int kind = KIND_DATASET; kind <= KIND_MODEL; kind++) {
                int64_t given = 0, had = 0;
                for (int other = 0; other < SITE_COUNT; other++) {
                    given += l->loans[kind][site][other].access;
                    if (other != site) had += l->loans[kind][other][site].access;
                }
                assert_int_equal(ledger_sum(l, site, kind).access, given);
                assert_int_equal(ledger_sum(l, site, kind).borrowed_access, had);
                all += given;
            }
        }
        assert_int_equal(all, right);
        arena_free(&arena);
    }
}

/* --- single cases ------------------------------------------------------------------------------------------------- */

static void a_closed_offer_brings_in_only_what_is_booked(void **state) {
    CapacityOffer offer = {1, 3, KIND_GPU_HOUR, 4, FIRST, FIRST + 3, FIRST + 2, 100000, 20000, "x"};
    CapacityBooking booking = {.allocation = 9,
                               .offer = 1,
                               .lender = 3,
                               .borrower = 5,
                               .kind = KIND_GPU_HOUR,
                               .week = FIRST + 2,
                               .closed = FIRST + 2,
                               .quantity = 7000};
    CapacityRows rows = {.offers = &offer,
                         .bookings = &booking,
                         .offer_count = 1,
                         .booking_count = 1,
                         .first = FIRST,
                         .last = FIRST + 3};
    Arena arena = {0};
    (void)state;
    const Ledger *l = ledger_compute(&arena, &rows, FIRST);
    assert_int_equal(ledger_cell(l, 3, KIND_GPU_HOUR, FIRST + 1)->free, 80000);
    assert_int_equal(ledger_cell(l, 3, KIND_GPU_HOUR, FIRST + 2)->offered, 7000);
    assert_int_equal(ledger_cell(l, 3, KIND_GPU_HOUR, FIRST + 2)->free, 0);
    assert_int_equal(ledger_cell(l, 3, KIND_GPU_HOUR, FIRST + 2)->over, 0);
    assert_int_equal(ledger_cell(l, 3, KIND_GPU_HOUR, FIRST + 3)->offered, 0);
    arena_free(&arena);
}

/* Nobody else can have what is proposed, and yet nothing is lent before it is accepted. */
static void a_proposal_is_held_and_not_lent(void **state) {
    CapacityOffer offer = {1, 3, KIND_GPU_HOUR, 2, FIRST, FIRST, INT32_MAX, 100000, 20000, "x"};
    CapacityBooking booking = {.allocation = 9,
                               .offer = 1,
                               .lender = 3,
                               .borrower = 5,
                               .kind = KIND_GPU_HOUR,
                               .state = ALLOCATION_PROPOSED,
                               .week = FIRST,
                               .closed = INT32_MAX,
                               .quantity = 7000};
    CapacityRows rows = {
        .offers = &offer, .bookings = &booking, .offer_count = 1, .booking_count = 1, .first = FIRST, .last = FIRST};
    Arena arena = {0};
    const LedgerFigures *f;
    (void)state;
    f = ledger_cell(ledger_compute(&arena, &rows, FIRST + 1), 3, KIND_GPU_HOUR, FIRST);
    assert_int_equal(f->held, 7000);
    assert_int_equal(f->free, 73000);
    assert_int_equal(f->booked + f->lent + f->unused, 0);
    booking.state = ALLOCATION_ACCEPTED;
    f = ledger_cell(ledger_compute(&arena, &rows, FIRST + 1), 3, KIND_GPU_HOUR, FIRST);
    assert_int_equal(f->held, 0);
    assert_int_equal(f->free, 73000);
    assert_int_equal(f->lent, 7000);
    assert_int_equal(f->unused, 7000);
    arena_free(&arena);
}

/* An offer of sessions offers their places, each in the week it begins in, and nothing in between. */
static void sessions_offer_their_places(void **state) {
    CapacityOffer offer = {1, 3, KIND_TRAINING_SEAT, 2, FIRST, FIRST + 3, INT32_MAX, 0, 0, "x"};
    CapacitySession session = {
        .id = 7, .offer = 1, .site = 3, .kind = KIND_TRAINING_SEAT, .week = FIRST + 1, .closed = INT32_MAX};
    CapacityBooking booking = {.allocation = 9,
                               .offer = 1,
                               .session = 7,
                               .lender = 3,
                               .borrower = 5,
                               .kind = KIND_TRAINING_SEAT,
                               .state = ALLOCATION_ACCEPTED,
                               .week = FIRST + 1,
                               .closed = INT32_MAX,
                               .quantity = 12000};
    CapacityRows rows = {.offers = &offer,
                         .sessions = &session,
                         .bookings = &booking,
                         .offer_count = 1,
                         .session_count = 1,
                         .booking_count = 1,
                         .first = FIRST,
                         .last = FIRST + 3};
    Arena arena = {0};
    (void)state;
    session.places = 16000;
    const Ledger *l = ledger_compute(&arena, &rows, FIRST);
    const LedgerFigures *f = ledger_cell(l, 3, KIND_TRAINING_SEAT, FIRST + 1);
    assert_int_equal(f->offered, 16000);
    assert_int_equal(f->lent, 12000);
    assert_int_equal(f->free, 4000);
    assert_int_equal(f->over, 0);
    assert_int_equal(ledger_sum(l, 3, KIND_TRAINING_SEAT).offered, 16000);
    arena_free(&arena);
}

static void rows_that_make_no_sense_are_passed_over(void **state) {
    CapacityOffer offer = {1, SITE_COUNT, KIND_GPU_HOUR, 2, FIRST, FIRST, INT32_MAX, 100000, 0, "x"};
    CapacityBooking bookings[] = {
        {.allocation = 9, .lender = -1, .borrower = 5, .kind = 1, .week = FIRST, .quantity = 7},
        {.allocation = 9, .lender = 1, .borrower = 99, .kind = 1, .week = FIRST, .quantity = 7},
        {.allocation = 9, .lender = 1, .borrower = 5, .kind = 0, .week = FIRST, .quantity = 7},
        {.allocation = 9, .lender = 1, .borrower = 5, .kind = 1, .week = FIRST + 1, .quantity = 7},
    };
    CapacityRows rows = {
        .offers = &offer, .bookings = bookings, .offer_count = 1, .booking_count = 4, .first = FIRST, .last = FIRST};
    Arena arena = {0};
    (void)state;
    const Ledger *l = ledger_compute(&arena, &rows, FIRST);
    for (int site = 0; site < SITE_COUNT; site++) {
        LedgerFigures f = ledger_sum(l, site, 1), none = {0};
        assert_memory_equal(&f, &none, sizeof f);
    }
    assert_int_equal(ledger_cell(l, 1, 1, FIRST + 1)->booked, 0);
    assert_int_equal(ledger_cell(l, 1, KIND_COUNT + 1, FIRST)->booked, 0);
    rows.last = FIRST - 1;
    l = ledger_compute(&arena, &rows, FIRST);
    assert_int_equal(ledger_cell(l, 1, 1, FIRST)->booked, 0);
    arena_free(&arena);
}

static void credits_are_rounded_and_bounded(void **state) {
    static const struct {
        int64_t quantity, rate, credits;
    } cases[] = {
        {0, 1000, 0},
        {1000, 1000, 1000},
        {1, 1000, 1},
        {1, 499, 0},
        {1, 500, 1},
        {-1, 500, -1},
        {-1, 499, 0},
        {1999, 1999, 3996},
        {-1999, 1999, -3996},
        {INT64_C(9007199254740993), 1000, LEDGER_CREDITS_MOST},
        {INT64_C(2000000000000000), 1000, INT64_C(2000000000000000)},
        {INT64_C(2000000000000001), 1, INT64_C(2000000000000)},
        {INT64_MAX, INT64_MAX, LEDGER_CREDITS_MOST},
        {INT64_MIN, INT64_MAX, -LEDGER_CREDITS_MOST},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ledger_credits(cases[i].quantity, cases[i].rate), cases[i].credits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_definitions),
        cmocka_unit_test(every_book_adds_up_to_nothing),
        cmocka_unit_test(what_was_lent_is_what_was_borrowed),
        cmocka_unit_test(balances_in_credits_add_up_to_nothing),
        cmocka_unit_test(periods_add_up),
        cmocka_unit_test(a_closed_offer_brings_in_only_what_is_booked),
        cmocka_unit_test(accesses_in_force_count_once),
        cmocka_unit_test(a_proposal_is_held_and_not_lent),
        cmocka_unit_test(sessions_offer_their_places),
        cmocka_unit_test(rows_that_make_no_sense_are_passed_over),
        cmocka_unit_test(credits_are_rounded_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
