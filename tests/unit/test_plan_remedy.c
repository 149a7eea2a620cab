/* What requests are told: what is said of each of their weeks is so, and what would give them all does, when it is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan_world.h"

enum { ROUNDS = 400, MORE_MOST = WEEKS };

static void make_round(World *w, uint64_t seed) {
    make_world(w, seed, seed % 2);
    /* Some keep all in reserve, and some had all booked before. */
    for (int i = 0; i < OFFERS; i++) {
        int is = pick(w, 6);
        if (is == 0) w->offers[i].lendable = 0;
        if (is != 1) continue;
        w->offers[i].booked = &w->booked[i];
        w->booked[i] = (WeekQuantity){w->offers[i].first, w->offers[i].lendable};
        w->offers[i].booked_count = 1;
        w->requests[i].booked_count = 0;
    }
}

static bool covers(const PlanOffer *o, int week) {
    return o->first <= week && week <= o->last;
}

/* What is left of an offer in a week after the plan. */
static int64_t left_of(const World *w, const Plan *p, int offer, int week) {
    const PlanOffer *o = &w->offers[offer];
    int64_t left = o->lendable;
    if (o->booked_count && o->booked[0].week == week) left -= o->booked[0].quantity;
    for (int i = 0; i < p->grant_count; i++) {
        if (p->grants[i].offer == offer && p->grants[i].week == week) left -= p->grants[i].quantity;
    }
    return left;
}

static PlanWeek week_is(const World *w, const Plan *p, int request, int week) {
    const PlanRequest *q = &w->requests[request];
    int64_t lendable = 0, left = 0, given = 0, own = 0;
    bool any = false, takes = false;
    for (int i = 0; i < OFFERS; i++) {
        const PlanOffer *o = &w->offers[i];
        if (!covers(o, week)) continue;
        any = true;
        if (o->level < q->level) continue;
        takes = true;
        lendable += o->lendable;
        left += left_of(w, p, i, week);
    }
    for (int i = 0; i < p->grant_count; i++) {
        const PlanGrant *g = &p->grants[i];
        if (g->week == week && w->offers[g->offer].level >= q->level) given += g->quantity;
        if (g->week == week && g->request == request) own += g->quantity;
    }
    if (!takes) return any ? PLAN_WEEK_LEVEL : PLAN_WEEK_NOTHING;
    if (!lendable) return PLAN_WEEK_KEPT;
    if (!left) return given ? PLAN_WEEK_FULL : PLAN_WEEK_TAKEN;
    if (q->booked_count && q->booked[0].week == week) own += q->booked[0].quantity;
    return q->weekly_most && own >= q->weekly_most ? PLAN_WEEK_OWN : PLAN_WEEK_OPEN;
}

static void what_is_said_of_each_week_is_so(void **state) {
    (void)state;
    int seen[PLAN_WEEK_STATES] = {0};
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World w;
        Arena arena = {0};
        make_round(&w, seed);
        Plan plan = plan_of(&arena, &w);
        for (int i = 0; i < REQUESTS; i++) {
            const PlanRequest *q = &w.requests[i];
            bool full = false, own = false;
            if (plan.answers[i].reason == PLAN_ALL) continue;
            for (int week = q->first; week <= q->last && week <= w.in.last; week++) {
                PlanWeek is = plan_week(&w.in, &plan, i, week);
                assert_int_equal(is, week_is(&w, &plan, i, week));
                /* Who is not left out lacks nothing that is there. */
                if (is == PLAN_WEEK_OPEN) assert_int_equal(plan.answers[i].reason, PLAN_SMALLEST);
                full = full || is == PLAN_WEEK_FULL || is == PLAN_WEEK_TAKEN;
                own = own || is == PLAN_WEEK_OWN;
                seen[is]++;
            }
            if (plan.answers[i].reason == PLAN_SMALLEST) continue;
            assert_int_equal(plan.answers[i].reason, full ? PLAN_FULL : own ? PLAN_WEEKLY_MOST : PLAN_NO_OFFER);
        }
        arena_free(&arena);
    }
    for (int is = 0; is < PLAN_WEEK_STATES; is++) {
        assert_true(seen[is] > 20);
    }
}

/* The round with the remedy in it, and its plan. */
static int64_t got_with(const World *w, int request, const PlanRemedy *r) {
    World with = *w;
    PlanOffer offers[OFFERS + MORE_MOST];
    Arena arena = {0};
    memcpy(offers, with.offers, sizeof with.offers);
    with.in.requests = with.requests;
    with.in.offers = offers;
    assert_true(r->more_count <= MORE_MOST);
    if (r->weekly_most) with.requests[request].weekly_most = r->weekly_most;
    for (int i = 0; i < r->more_count; i++) {
        offers[OFFERS + i] = (PlanOffer){.id = 1000 + i,
                                         .site = w->requests[request].site,
                                         .level = w->requests[request].level,
                                         .first = r->more[i].week,
                                         .last = r->more[i].week,
                                         .lendable = r->more[i].quantity};
    }
    with.in.offer_count = OFFERS + r->more_count;
    Plan plan = plan_of(&arena, &with);
    int64_t got = plan.answers[request].got;
    arena_free(&arena);
    return got;
}

static void what_would_give_it_all_does(void **state) {
    (void)state;
    int short_ones = 0, whole = 0, bounds = 0, more_than_lacks = 0;
    for (uint64_t seed = 1; seed <= ROUNDS / 4; seed++) {
        World w;
        Arena arena = {0};
        Error e = {0};
        int64_t work = INT64_MAX;
        make_round(&w, seed);
        Plan plan = plan_of(&arena, &w);
        assert_int_equal(plan_remedies(&arena, &w.in, &plan, -1, &work, NULL, &e), STATUS_OK);
        for (int i = 0; i < REQUESTS; i++) {
            const PlanRemedy *r = &plan.remedies[i];
            const PlanRequest *q = &w.requests[i];
            int64_t sum = 0;
            if (plan.answers[i].reason == PLAN_ALL) {
                assert_int_equal(r->gives, 0);
                continue;
            }
            short_ones++;
            if (!r->gives) continue;
            assert_int_equal(got_with(&w, i, r), r->gives);
            assert_true(r->gives > plan.answers[i].got);
            for (int k = 0; k < r->more_count; k++) {
                assert_true(r->more[k].week >= q->first && r->more[k].week <= q->last);
                sum += r->more[k].quantity;
            }
            whole += r->gives == q->missing;
            bounds += r->weekly_most > 0;
            /* It can be typed as it is told: "1.234" could be read two ways. */
            assert_int_equal(r->weekly_most % (r->weekly_most > 10000 ? 1000 : 10), 0);
            more_than_lacks += sum > q->missing - plan.answers[i].got;
            /* A little less is not enough, where it is more than what is lacked. */
            if (r->gives < q->missing || sum <= q->missing - plan.answers[i].got || r->more_count != 1) continue;
            WeekQuantity less = {r->more->week, r->more->quantity - 1};
            PlanRemedy smaller = {.weekly_most = r->weekly_most, .more = &less, .more_count = 1};
            assert_true(got_with(&w, i, &smaller) < q->missing);
        }
        arena_free(&arena);
    }
    assert_true(short_ones > 100);
    assert_int_equal(whole, short_ones);
    assert_true(bounds > 10);
    assert_true(more_than_lacks > 10);
}

/* What the others get more than in the plan is said of every remedy, and of which regions they are. */
static void who_else_gets_of_it_is_named(void **state) {
    (void)state;
    int named = 0;
    for (uint64_t seed = 1; seed <= ROUNDS / 4; seed++) {
        World w;
        Arena arena = {0};
        Error e = {0};
        int64_t work = INT64_MAX;
        make_round(&w, seed);
        Plan plan = plan_of(&arena, &w);
        assert_int_equal(plan_remedies(&arena, &w.in, &plan, -1, &work, NULL, &e), STATUS_OK);
        for (int i = 0; i < REQUESTS; i++) {
            const PlanRemedy *r = &plan.remedies[i];
            if (!r->gives) continue;
            PlanInput with = plan_with(&arena, &w.in, i, r);
            Plan then;
            int64_t others = 0;
            unsigned to = 0;
            assert_int_equal(plan_compute(&arena, &with, NULL, &then, &e), STATUS_OK);
            for (int k = 0; k < REQUESTS; k++) {
                int64_t gain = k == i ? 0 : then.answers[k].got - plan.answers[k].got;
                others += gain;
                if (gain > 0) to |= 1u << w.requests[k].site;
            }
            assert_int_equal(r->others, others);
            assert_int_equal(r->to, to);
            named += to != 0;
        }
        arena_free(&arena);
    }
    assert_true(named > 10);
}

/* One offer alone, by its free weeks before the plan, week by week. */
static void an_offer_that_alone_would_do_is_found(void **state) {
    (void)state;
    int found = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World w;
        make_round(&w, seed);
        for (int i = 0; i < REQUESTS; i++) {
            const PlanRequest *q = &w.requests[i];
            int first = -1;
            for (int k = OFFERS - 1; k >= 0; k--) {
                const PlanOffer *o = &w.offers[k];
                int64_t sum = 0;
                for (int week = q->first; o->level >= q->level && week <= q->last; week++) {
                    int64_t free = covers(o, week) && week >= w.in.first && week <= w.in.last ? o->lendable : 0;
                    if (free && o->booked_count && o->booked[0].week == week) free -= o->booked[0].quantity;
                    int64_t most = q->weekly_most ? q->weekly_most : INT64_MAX;
                    if (q->weekly_most && q->booked_count && q->booked[0].week == week) most -= q->booked[0].quantity;
                    if (free > most) free = most;
                    if (free > 0) sum += free;
                }
                if (sum >= q->missing) first = k;
            }
            assert_int_equal(plan_direct(&w.in, i), first);
            found += first >= 0;
        }
    }
    assert_true(found > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_of_each_week_is_so), cmocka_unit_test(what_would_give_it_all_does),
        cmocka_unit_test(who_else_gets_of_it_is_named), cmocka_unit_test(an_offer_that_alone_would_do_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
