/* capacity/mincost on a network that is large enough to be stopped in, and for its nodes to be renumbered on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capacity/mincost.h"
#include "capacity/mincost_check.h"

#include "random.h"

#include <inttypes.h>

typedef struct Arc {
    int64_t from, to, lower, upper, cost;
} Arc;

enum { WIDE = 100, LARGE = WIDE * WIDE, LARGE_ARCS = 5 * LARGE };

/* A torus whose arcs differ from variant to variant in cost and capacity; each node's first one can carry all there is. */
static Arc large_arc(int64_t arc, uint64_t variant) {
    uint64_t s = (uint64_t)arc * 8 + variant;
    int64_t from = arc / 5, columns = draw(&s, 1, 3), rows = draw(&s, -4, 4), length = columns * columns + rows * rows;
    if (arc % 5 == 0) return (Arc){from, (from + 1) % LARGE, 0, 64000, draw(&s, 1, 8)};
    int64_t to = (from + columns + (rows + WIDE) * WIDE) % LARGE;
    return (Arc){from, to, 0, 4000 / length + draw(&s, 0, 7), length + draw(&s, 0, 3)};
}

static void set_large(MinCost *m, uint64_t variant) {
    for (int64_t i = 0; i < LARGE_ARCS; i++) {
        Arc a = large_arc(i, variant);
        assert_int_equal(mincost_set_arc(m, i, a.from, a.to, a.lower, a.upper, a.cost, NULL), STATUS_OK);
    }
}

static MinCost *make_large(uint64_t variant) {
    MinCost *m;
    assert_int_equal(mincost_new(&m, LARGE, LARGE_ARCS, NULL), STATUS_OK);
    assert_int_equal(mincost_set_supply(m, 0, 64000, NULL), STATUS_OK);
    assert_int_equal(mincost_set_supply(m, LARGE / 2, -64000, NULL), STATUS_OK);
    set_large(m, variant);
    return m;
}

static int64_t prove_large(const MinCost *m, uint64_t variant) {
    static int64_t potential[LARGE];
    MinCostCheck *c;
    assert_int_equal(mincost_outcome(m), MINCOST_OPTIMAL);
    for (int64_t v = 0; v < LARGE; v++) {
        potential[v] = mincost_potential(m, v);
    }
    assert_int_equal(mincost_check_new(&c, LARGE, potential, NULL), STATUS_OK);
    mincost_check_node(c, 0, 64000);
    mincost_check_node(c, LARGE / 2, -64000);
    for (int64_t i = 0; i < LARGE_ARCS; i++) {
        Arc a = large_arc(i, variant);
        mincost_check_arc(c, a.from, a.to, a.lower, a.upper, a.cost, mincost_flow(m, i));
    }
    MinCostProof p = mincost_check_end(c);
    assert_int_equal(p.verdict, CHECK_OPTIMAL);
    return p.cost;
}

typedef struct Patience {
    int calls, stop_at;
    int64_t pivots;
} Patience;

static bool watch(void *context, int64_t pivots) {
    Patience *p = context;
    assert_true(pivots >= p->pivots);
    p->pivots = pivots;
    return ++p->calls != p->stop_at;
}

static void solving_can_be_stopped_and_goes_on(void **state) {
    (void)state;
    MinCost *whole = make_large(1), *stopped = make_large(1);
    Patience all = {0}, little = {.stop_at = 1}, more = {.stop_at = 2};
    MinCostOutcome outcome;
    Error e = {0};
    assert_int_equal(mincost_solve(whole, &(MinCostWatch){watch, &all}, &outcome, NULL), STATUS_OK);
    assert_true(all.calls >= 3);
    assert_int_equal(mincost_solve(stopped, &(MinCostWatch){watch, &little}, &outcome, &e), STATUS_STOPPED);
    assert_int_equal(e.status, STATUS_STOPPED);
    assert_int_equal(little.calls, 1);
    assert_int_equal(outcome, MINCOST_UNSOLVED);
    assert_int_equal(mincost_pivots(stopped), 0);
    assert_int_equal(mincost_solve(stopped, &(MinCostWatch){watch, &more}, &outcome, NULL), STATUS_STOPPED);
    assert_true(mincost_pivots(stopped) > 0);
    assert_int_equal(mincost_outcome(stopped), MINCOST_UNSOLVED);
    assert_int_equal(mincost_solve(stopped, NULL, &outcome, NULL), STATUS_OK);
    assert_true(mincost_pivots(stopped) < mincost_pivots(whole)); /* it had come some of the way */
    assert_int_equal(prove_large(stopped, 1), prove_large(whole, 1));
    mincost_free(stopped);
    mincost_free(whole);
}

static void the_same_problem_gives_the_same_flow(void **state) {
    (void)state;
    MinCost *one = make_large(2), *other = make_large(3);
    Patience none = {0};
    MinCostOutcome outcome;
    assert_int_equal(mincost_solve(one, NULL, &outcome, NULL), STATUS_OK);
    assert_int_equal(mincost_solve(other, NULL, &outcome, NULL), STATUS_OK);
    int64_t cost = prove_large(one, 2);
    set_large(other, 2);
    assert_int_equal(mincost_solve(other, NULL, &outcome, NULL), STATUS_OK);
    assert_int_equal(prove_large(other, 2), cost); /* from another one's answer too */
    MinCost *again = make_large(2);
    assert_int_equal(mincost_solve(again, &(MinCostWatch){watch, &none}, &outcome, NULL), STATUS_OK);
    assert_int_equal(mincost_pivots(again), mincost_pivots(one));
    for (int64_t i = 0; i < LARGE_ARCS; i++) {
        if (mincost_flow(again, i) != mincost_flow(one, i)) fail_msg("arc %" PRId64 " differs", i);
    }
    for (int64_t v = 0; v < LARGE; v++) {
        if (mincost_potential(again, v) != mincost_potential(one, v)) fail_msg("node %" PRId64 " differs", v);
    }
    mincost_free(again);
    mincost_free(other);
    mincost_free(one);
}

static void a_small_change_takes_few_pivots(void **state) {
    (void)state;
    MinCost *m = make_large(4);
    MinCostOutcome outcome;
    assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
    int64_t first = mincost_pivots(m), cost = prove_large(m, 4);
    assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
    assert_int_equal(mincost_pivots(m), 0);
    for (int64_t i = 0; i < LARGE_ARCS; i += 997) {
        assert_int_equal(mincost_set_cost(m, i, large_arc(i, 5).cost + 5, NULL), STATUS_OK);
        assert_int_equal(mincost_set_bounds(m, i, 0, large_arc(i, 5).upper, NULL), STATUS_OK);
    }
    assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
    assert_true(mincost_pivots(m) > 0 && mincost_pivots(m) < first / 4);
    set_large(m, 4);
    assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
    assert_true(mincost_pivots(m) > 0 && mincost_pivots(m) < first / 4);
    assert_int_equal(prove_large(m, 4), cost);
    mincost_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solving_can_be_stopped_and_goes_on),
        cmocka_unit_test(the_same_problem_gives_the_same_flow),
        cmocka_unit_test(a_small_change_takes_few_pivots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
