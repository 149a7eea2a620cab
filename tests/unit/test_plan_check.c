/* capacity/plan_check: plans made wrong on purpose, at every step of what is best, are found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan_world.h"

static void a_plan_made_wrong_is_found_out(void **state) {
    (void)state;
    int caught = 0, tried = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        World w;
        Arena arena = {0};
        char why[200];
        make_world(&w, seed, false);
        Plan plan = plan_of(&arena, &w);
        if (!plan.grant_count) {
            arena_free(&arena);
            continue;
        }
        PlanGrant *g = &plan.grants[pick(&w, plan.grant_count)];
        const PlanGrant right = *g;
        g->quantity++;
        assert_false(plan_check(&w.in, &plan, NULL, why, sizeof why));
        *g = right;
        g->week = w.requests[g->request].last + 1;
        assert_false(plan_check(&w.in, &plan, NULL, why, sizeof why));
        *g = right;
        /* Taken away with all sums kept right: only the certificate can know. */
        int site = w.requests[g->request].site;
        if (g->quantity > 1) {
            g->quantity--;
            plan.answers[g->request].got--;
            plan.shares[site].got--;
            tried++;
            caught += !plan_check(&w.in, &plan, NULL, why, sizeof why);
            g->quantity++;
            plan.answers[g->request].got++;
            plan.shares[site].got++;
        }
        assert_true(plan_check(&w.in, &plan, NULL, why, sizeof why));
        arena_free(&arena);
    }
    assert_true(tried > 50);
    assert_int_equal(caught, tried);
}

/* The same plan, but that a unit of one grant goes to another request, from another offer, or in another week: sums, shares
 * and answers are right for that. */
static Plan with_unit_moved(Arena *arena, const World *w, const Plan *plan, int at, PlanGrant to) {
    Plan p = *plan;
    p.grants = arena_array(arena, (size_t)plan->grant_count + 1, sizeof *p.grants);
    p.answers = arena_array(arena, REQUESTS, sizeof *p.answers);
    memcpy(p.grants, plan->grants, (size_t)plan->grant_count * sizeof *p.grants);
    memcpy(p.answers, plan->answers, REQUESTS * sizeof *p.answers);
    if (!--p.grants[at].quantity) p.grants[at] = p.grants[--p.grant_count];
    to.quantity = 1;
    p.grants[p.grant_count++] = to;
    p.sums = (PlanSums){0};
    for (int i = 0; i < REQUESTS; i++) {
        p.answers[i].got = 0;
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        p.shares[site].got = 0;
    }
    for (int i = 0; i < p.grant_count; i++) {
        const PlanGrant *g = &p.grants[i];
        const PlanRequest *q = &w->requests[g->request];
        p.answers[g->request].got += g->quantity;
        p.shares[q->site].got += g->quantity;
        p.sums.weighted += g->quantity * q->priority;
        p.sums.moved += q->site != w->offers[g->offer].site ? g->quantity : 0;
        p.sums.weeks += g->quantity * (g->week - FIRST);
    }
    return p;
}

/* Whatever unit of a plan goes elsewhere by the rules: where that is worse in one step of what is best, the check says in
 * which, and where it is not, that it is as good. */
static void a_unit_that_goes_elsewhere_is_found_out_at_each_step(void **state) {
    (void)state;
    int less_urgent = 0, farther = 0, later = 0, as_good = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        World w;
        Arena arena = {0};
        make_world(&w, seed, seed % 2);
        Plan plan = plan_of(&arena, &w);
        for (int at = 0; at < plan.grant_count; at++) {
            for (int k = 0; k < REQUESTS * OFFERS * WEEKS; k++) {
                char why[200] = "";
                PlanGrant to = {k % REQUESTS, k / REQUESTS % OFFERS, FIRST + k / REQUESTS / OFFERS, 1};
                if (w.requests[to.request].site != w.requests[plan.grants[at].request].site) continue;
                Plan p = with_unit_moved(&arena, &w, &plan, at, to);
                bool right = plan_check(&w.in, &p, NULL, why, sizeof why);
                bool less = p.sums.weighted < plan.sums.weighted, same = p.sums.weighted == plan.sums.weighted,
                     away = same && p.sums.moved > plan.sums.moved,
                     late = same && p.sums.moved == plan.sums.moved && p.sums.weeks > plan.sums.weeks;
                if (strstr(why, "grant ") || strstr(why, "request ")) continue; /* it breaks a rule */
                assert_int_equal(right, !less && !away && !late);
                if (less) assert_string_equal(why, "more could be served by priority");
                if (away) assert_string_equal(why, "less could be moved between regions");
                if (late) assert_string_equal(why, "it could be earlier");
                less_urgent += less;
                farther += away;
                later += late;
                as_good += right;
            }
        }
        arena_free(&arena);
    }
    assert_true(less_urgent > 50 && farther > 50 && later > 50 && as_good > 50);
}

/* Prices made up prove nothing that is not so: the bound stays one, and where it is not met the plan is not believed. */
static void other_prices_prove_no_more(void **state) {
    (void)state;
    int refused = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        World w;
        Arena arena = {0};
        PlanSums bound;
        char why[200];
        make_world(&w, seed, false);
        Plan plan = plan_of(&arena, &w);
        for (int k = 0; k < 20; k++) {
            int64_t by = pick(&w, 9) - 4, *price = k % 3 == 0   ? &plan.request_price[pick(&w, REQUESTS)].priority
                                                   : k % 3 == 1 ? &plan.offer_price[pick(&w, OFFERS * WEEKS)].moved
                                                                : &plan.share_price[pick(&w, SITES)].weeks;
            *price += by;
            bool right = plan_check(&w.in, &plan, &bound, why, sizeof why);
            assert_true(bound.weighted >= plan.sums.weighted);
            assert_int_equal(right, !memcmp(&bound, &plan.sums, sizeof bound));
            refused += !right;
            *price -= by;
        }
        arena_free(&arena);
    }
    assert_true(refused > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_plan_made_wrong_is_found_out),
                                       cmocka_unit_test(a_unit_that_goes_elsewhere_is_found_out_at_each_step),
                                       cmocka_unit_test(other_prices_prove_no_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
