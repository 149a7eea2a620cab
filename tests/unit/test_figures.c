/* The figures of a region, its calendar and its statement are the ledger's: in the demonstration network, which has
 * sessions, access, proposals and closed offers, they say the same of every region and kind. */
#include "store_fixture.h"

#include "commands/demo.h"
#include "service/service.h"

static Fixture *f;
static Service *service;

static int set_up(void **state) {
    (void)state;
    f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_clock();
    fixture_directory(f);
    fixture_good(f, demo_make(f->path, "op-agadir", &f->error), "demo");
    fixture_good(f, service_open(f->path, false, 5000, "op-agadir", &service, &f->error), "service");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    service_close(service);
    fixture_free(f);
    return 0;
}

static const Ledger *this_week(void) {
    const Ledger *ledger;
    int week = week_of_date(clock_today());
    fixture_good(f, service_ledger(service, &f->arena, 0, week, week, &ledger, &f->error), "ledger");
    return ledger;
}

/* Whom a site lends a kind to, or borrows it from. */
static unsigned partners(const Ledger *l, int site, int kind, bool lends) {
    unsigned all = 0;
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *loan = lends ? &l->loans[kind][site][other] : &l->loans[kind][other][site];
        if (other != site && (loan->quantity || loan->access)) all |= 1u << other;
    }
    return all;
}

static void a_region_says_what_its_statement_says(void **state) {
    static NetworkFigures figures;
    const Ledger *l = this_week();
    int64_t held = 0, lent = 0, borrowed = 0;
    (void)state;
    fixture_good(f, service_figures(service, &figures, &f->error), "figures");
    for (int site = 0; site < SITE_COUNT; site++) {
        unsigned to = 0, from = 0;
        for (int kind = 1; kind <= KIND_COUNT; kind++) {
            const CapacityFigures *c = &figures.region[site].capacity[kind];
            LedgerFigures sum = ledger_sum(l, site, kind);
            assert_int_equal(c->offered, sum.offered);
            assert_int_equal(c->kept, sum.kept);
            assert_int_equal(c->held, sum.held);
            assert_int_equal(c->booked, sum.booked);
            assert_int_equal(c->lent, sum.lent);
            assert_int_equal(c->borrowed, sum.borrowed);
            assert_int_equal(c->lends_to, partners(l, site, kind, true));
            assert_int_equal(c->borrows_from, partners(l, site, kind, false));
            to |= c->lends_to;
            from |= c->borrows_from;
            held += c->held;
            lent += c->lent;
            borrowed += c->borrowed;
        }
        assert_int_equal(figures.region[site].lends_to, to);
        assert_int_equal(figures.region[site].borrows_from, from);
    }
    assert_int_equal(lent, borrowed);
    assert_true(lent > 0 && held > 0);
}

static void a_calendar_says_what_the_ledger_says(void **state) {
    const Ledger *ledger;
    int now = week_of_date(clock_today()), first = now - 40, last = now + 40;
    int64_t places = 0, accesses = 0;
    (void)state;
    fixture_good(f, service_ledger(service, &f->arena, 0, first, last, &ledger, &f->error), "ledger");
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        CapacityRows rows;
        fixture_good(f, service_capacity(service, &f->arena, kind, first, last, &rows, &f->error), "capacity");
        const CalendarGrid *g = calendar_compute(&f->arena, &rows, false);
        for (int site = 0; site < SITE_COUNT; site++) {
            for (int week = first; week <= last; week++) {
                CalendarCell c = calendar_cell(g, site, week, week);
                const LedgerFigures *said = ledger_cell(ledger, site, kind, week);
                assert_int_equal(c.lendable, said->offered - said->kept);
                assert_int_equal(c.booked, said->booked);
                assert_int_equal(c.held, said->held);
                assert_int_equal(c.over, said->over);
                assert_int_equal(c.access * INT64_C(1000), said->access);
                assert_int_equal(said->over, 0);
                accesses += c.access;
            }
        }
        for (int i = 0; i < rows.session_count; i++) {
            places += rows.sessions[i].places;
        }
    }
    assert_true(places > 0 && accesses > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_says_what_its_statement_says),
        cmocka_unit_test(a_calendar_says_what_the_ledger_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
