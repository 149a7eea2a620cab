/* capacity/plan: shares against all that could be (an oracle that enumerates and knows nothing of flows), every rule,
 * and what fairness promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan_world.h"

enum { ROUNDS = 700 };

/* --- the oracle ---------------------------------------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t room(const World *w, int request, int week) {
    const PlanRequest *q = &w->requests[request];
    if (week < q->first || week > q->last) return 0;
    if (!q->weekly_most) return q->missing;
    int64_t most = q->weekly_most - (q->booked_count && q->booked[0].week == week ? q->booked[0].quantity : 0);
    return most > 0 ? least(most, q->missing) : 0;
}

/* All that a set of sites can have together: the least over all levels from which a week is counted as full. */
static int64_t rank_of(const World *w, unsigned sites) {
    int64_t best = INT64_MAX;
    for (int code = 0; code < 64; code++) { /* (LEVELS + 1) to the power of WEEKS */
        int level[WEEKS] = {1 + code % 4, 1 + code / 4 % 4, 1 + code / 16};
        int64_t sum = 0;
        for (int week = 0; week < WEEKS; week++) {
            for (int i = 0; i < OFFERS; i++) {
                const PlanOffer *o = &w->offers[i];
                if (o->level >= level[week] && o->first <= FIRST + week && o->last >= FIRST + week) sum += o->lendable;
            }
        }
        for (int i = 0; i < REQUESTS; i++) {
            int64_t rest = 0;
            if (!(sites & 1u << w->requests[i].site)) continue;
            for (int week = 0; week < WEEKS; week++) {
                if (w->requests[i].level < level[week]) rest += room(w, i, FIRST + week);
            }
            sum += least(rest, w->requests[i].missing);
        }
        best = least(best, sum);
    }
    return best;
}

/* Whether a's sorted x/e is greater than b's, among sites with an entitlement; those without come after. */
static int compare_fair(const World *w, const int64_t a[SITES], const int64_t b[SITES]) {
    bool used_a[SITES] = {false}, used_b[SITES] = {false};
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < SITES; k++) {
            int at_a = -1, at_b = -1;
            for (int site = 0; site < SITES; site++) {
                int64_t e = w->in.entitlement[site];
                if ((e > 0) != (pass == 0)) continue;
#define SMALLER(x, at, used)                                                                                           \
    (!(used)[site] &&                                                                                                  \
     ((at) < 0 || (x)[site] * (w->in.entitlement[at] ? w->in.entitlement[at] : 1) < (x)[at] * (e ? e : 1)))
                if (SMALLER(a, at_a, used_a)) at_a = site;
                if (SMALLER(b, at_b, used_b)) at_b = site;
#undef SMALLER
            }
            if (at_a < 0) break;
            used_a[at_a] = used_b[at_b] = true;
            int64_t e_a = w->in.entitlement[at_a] ? w->in.entitlement[at_a] : 1;
            int64_t e_b = w->in.entitlement[at_b] ? w->in.entitlement[at_b] : 1;
            if (a[at_a] * e_b != b[at_b] * e_a) return a[at_a] * e_b > b[at_b] * e_a ? 1 : -1;
        }
    }
    return 0;
}

static void shares_are_the_fairest_that_can_be(void **state) {
    (void)state;
    int short_ones = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World w;
        Arena arena = {0};
        make_world(&w, seed, false);
        Plan plan = plan_of(&arena, &w);
        int64_t rank[1 << SITES] = {0}, x[SITES], mine[SITES], got = 0;
        for (unsigned set = 1; set < 1u << SITES; set++) {
            rank[set] = rank_of(&w, set);
        }
        for (int site = 0; site < SITES; site++) {
            mine[site] = plan.shares[site].got;
            got += mine[site];
            short_ones += mine[site] < plan.shares[site].asked;
        }
        assert_int_equal(got, rank[7]);
        for (x[0] = 0; x[0] <= rank[1]; x[0]++) {
            for (x[1] = 0; x[1] <= rank[2]; x[1]++) {
                for (x[2] = 0; x[2] <= rank[4]; x[2]++) {
                    bool can = x[0] + x[1] <= rank[3] && x[0] + x[2] <= rank[5] && x[1] + x[2] <= rank[6] &&
                               x[0] + x[1] + x[2] <= rank[7];
                    if (can && compare_fair(&w, x, mine) > 0)
                        fail_msg("seed %llu: %lld %lld %lld is fairer than %lld %lld %lld", (unsigned long long)seed,
                                 (long long)x[0], (long long)x[1], (long long)x[2], (long long)mine[0],
                                 (long long)mine[1], (long long)mine[2]);
                }
            }
        }
        assert_int_equal(plan.proof, PLAN_PROVED);
        arena_free(&arena);
    }
    assert_true(short_ones > ROUNDS / 2);
}

static bool holds_any(const Plan *plan) {
    for (int i = 0; i < REQUESTS; i++) {
        if (plan->held[i]) return true;
    }
    return false;
}

static void smallest_quantities_are_kept(void **state) {
    (void)state;
    int left_out = 0, forced = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World w;
        Arena arena = {0};
        make_world(&w, seed, true);
        Plan plan = plan_of(&arena, &w); /* the check knows the rule */
        left_out += plan.left_out;
        forced += holds_any(&plan);
        arena_free(&arena);
    }
    assert_true(left_out > 0);
    assert_true(forced > 0);
}

static void the_same_input_gives_the_same_plan(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        World w;
        Arena arena = {0};
        make_world(&w, seed, true);
        Plan a = plan_of(&arena, &w), b = plan_of(&arena, &w);
        assert_int_equal(a.grant_count, b.grant_count);
        for (int i = 0; i < a.grant_count; i++) {
            assert_int_equal(a.grants[i].request, b.grants[i].request);
            assert_int_equal(a.grants[i].offer, b.grants[i].offer);
            assert_int_equal(a.grants[i].week, b.grants[i].week);
            assert_int_equal(a.grants[i].quantity, b.grants[i].quantity);
        }
        arena_free(&arena);
    }
}

/* More capacity never lowers the smallest x/e; asking for more takes nothing from who is below. */
static void fairness_keeps_its_promises(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World w;
        Arena arena = {0};
        make_world(&w, seed, false);
        for (int site = 0; site < SITES; site++) {
            w.in.entitlement[site] = 1 + pick(&w, 6);
        }
        Plan before = plan_of(&arena, &w);
        int64_t was[SITES], now[SITES];
        for (int site = 0; site < SITES; site++) {
            was[site] = before.shares[site].got;
        }
        int offer = pick(&w, OFFERS), greedy = pick(&w, REQUESTS);
        w.offers[offer].lendable += 3;
        Plan more = plan_of(&arena, &w);
        for (int site = 0; site < SITES; site++) {
            now[site] = more.shares[site].got;
        }
        assert_true(compare_fair(&w, now, was) >= 0);
        w.offers[offer].lendable -= 3;
        w.requests[greedy].missing += 20;
        Plan asked = plan_of(&arena, &w);
        int self = w.requests[greedy].site;
        for (int site = 0; site < SITES; site++) {
            int64_t e = w.in.entitlement[site], own = w.in.entitlement[self];
            bool below = was[site] * own < was[self] * e;
            if (below) assert_true(asked.shares[site].got >= was[site]);
        }
        arena_free(&arena);
    }
}

typedef struct Watched {
    int calls, stop, percent;
} Watched;

static bool watch_calls(void *context, int percent) {
    Watched *w = context;
    assert_true(percent >= w->percent && percent < 100);
    w->percent = percent;
    return ++w->calls != w->stop;
}

/* Whenever it is asked whether to go on, no ends it there; how far it is only rises. */
static void it_stops_when_told_so(void **state) {
    (void)state;
    World w;
    make_world(&w, 7, true);
    for (int stop = 1;; stop++) {
        Arena arena = {0};
        Plan plan;
        Error e = {0};
        Watched watched = {.stop = stop};
        const PlanWatch watch = {watch_calls, &watched};
        Status s = plan_compute(&arena, &w.in, &watch, &plan, &e);
        arena_free(&arena);
        if (watched.calls < stop) {
            assert_int_equal(s, STATUS_OK);
            assert_true(stop > 4 && watched.percent > 40);
            return;
        }
        assert_int_equal(s, STATUS_STOPPED);
        assert_int_equal(watched.calls, stop);
    }
}

static void priority_then_nearness_then_earliness(void **state) {
    (void)state;
    PlanRequest requests[] = {
        {.id = 1, .site = 1, .level = 1, .priority = 1, .first = FIRST, .last = FIRST + 1, .missing = 4},
        {.id = 2, .site = 1, .level = 1, .priority = 3, .first = FIRST, .last = FIRST + 1, .missing = 4}};
    PlanOffer offers[] = {{.id = 5, .site = 2, .level = 5, .first = FIRST, .last = FIRST, .lendable = 3},
                          {.id = 6, .site = 1, .level = 1, .first = FIRST, .last = FIRST + 1, .lendable = 1}};
    World w = {.in = {.requests = requests,
                      .offers = offers,
                      .request_count = 2,
                      .offer_count = 2,
                      .first = FIRST,
                      .last = FIRST + 1,
                      .unit = 1,
                      .entitlement = {0, 5, 5}}};
    Arena arena = {0};
    Plan plan = plan_of(&arena, &w);
    assert_int_equal(plan.answers[1].got, 4);
    assert_int_equal(plan.answers[0].got, 1);
    assert_int_equal(plan.answers[0].reason, PLAN_FULL);
    assert_int_equal(plan_week(&w.in, &plan, 0, FIRST), PLAN_WEEK_FULL);
    assert_int_equal(plan_week(&w.in, &plan, 0, FIRST + 1), PLAN_WEEK_FULL);
    assert_int_equal(plan.sums.moved, 3);
    assert_int_equal(plan.sums.weighted, 13);
    requests[1].missing = 2;
    requests[0].missing = 0;
    Plan near = plan_of(&arena, &w);
    assert_int_equal(near.sums.moved, 0);
    requests[1].missing = 1;
    Plan early = plan_of(&arena, &w);
    assert_int_equal(early.grants[0].week, FIRST);
    requests[1].level = 2;
    offers[0].level = 1;
    Plan none = plan_of(&arena, &w);
    assert_int_equal(none.answers[1].reason, PLAN_NO_OFFER);
    requests[1] = (PlanRequest){.id = 2,
                                .site = 1,
                                .level = 1,
                                .priority = 3,
                                .first = FIRST,
                                .last = FIRST + 1,
                                .missing = 4,
                                .weekly_most = 1};
    offers[1].lendable = 9;
    Plan most = plan_of(&arena, &w);
    assert_int_equal(most.answers[1].reason, PLAN_WEEKLY_MOST);
    assert_int_equal(most.answers[1].got, 2);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(shares_are_the_fairest_that_can_be),
                                       cmocka_unit_test(smallest_quantities_are_kept),
                                       cmocka_unit_test(the_same_input_gives_the_same_plan),
                                       cmocka_unit_test(fairness_keeps_its_promises),
                                       cmocka_unit_test(it_stops_when_told_so),
                                       cmocka_unit_test(priority_then_nearness_then_earliness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
