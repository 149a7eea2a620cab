/* capacity/mincost_check: the right answer is accepted, and nothing else. What is right is counted here by hand, with
 * networks small enough to try every flow and every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capacity/mincost_check.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

enum { NODES = 4, ARCS = 5 };
#define FREE INT64_MAX

typedef struct Arc {
    int64_t from, to, lower, upper, cost;
} Arc;

typedef struct Net {
    int64_t supply[NODES];
    Arc arc[ARCS];
} Net;

/* The cheapest flow costs 18, and the potentials prove it. */
static const Net SMALL = {{4, 0, 0, -4},
                          {{0, 1, 0, 4, 2}, {0, 2, 0, 2, 4}, {1, 2, 0, 2, 1}, {1, 3, 0, 3, 3}, {2, 3, 0, 5, 1}}};
static const int64_t FLOW[ARCS] = {4, 0, 2, 2, 2};
static const int64_t POTENTIAL[NODES] = {0, 2, 4, 5};

static MinCostProof prove(const Net *n, const int64_t *flow, const int64_t *potential) {
    MinCostCheck *c;
    assert_int_equal(mincost_check_new(&c, NODES, potential, NULL), STATUS_OK);
    for (int v = 0; v < NODES; v++) {
        mincost_check_node(c, v, n->supply[v]);
    }
    for (int i = 0; i < ARCS; i++) {
        const Arc *a = &n->arc[i];
        mincost_check_arc(c, a->from, a->to, a->lower, a->upper, a->cost, flow[i]);
    }
    return mincost_check_end(c);
}

static MinCostVerdict prove_cut(const Net *n, const bool *inside) {
    MinCostCheck *c;
    assert_int_equal(mincost_check_cut_new(&c, NODES, inside, NULL), STATUS_OK);
    for (int v = 0; v < NODES; v++) {
        mincost_check_node(c, v, n->supply[v]);
    }
    for (int i = 0; i < ARCS; i++) {
        const Arc *a = &n->arc[i];
        mincost_check_arc(c, a->from, a->to, a->lower, a->upper, a->cost, 0);
    }
    MinCostProof p = mincost_check_end(c);
    assert_false(p.cost_fits || p.bound_fits);
    return p.verdict;
}

static void assert_text(const MinCostProof *p, const char *expected) {
    char text[200];
    assert_string_equal(mincost_verdict_text(p, text, sizeof text), expected);
}

static void assert_fault(const Net *n, const int64_t *flow, MinCostVerdict verdict, int64_t arc, int64_t node,
                         const char *text) {
    MinCostProof p = prove(n, flow, POTENTIAL);
    assert_int_equal(p.verdict, verdict);
    assert_int_equal(p.arc, arc);
    assert_int_equal(p.node, node);
    assert_text(&p, text);
}

/* --- by hand ---------------------------------------------------------------------------------------------------- */

static void the_right_answer_is_accepted(void **state) {
    (void)state;
    MinCostProof p = prove(&SMALL, FLOW, POTENTIAL);
    assert_int_equal(p.verdict, CHECK_OPTIMAL);
    assert_true(p.cost_fits && p.bound_fits);
    assert_int_equal(p.cost, 18);
    assert_int_equal(p.bound, 18);
    assert_text(&p, "proved optimal");
}

static void every_fault_has_its_name(void **state) {
    (void)state;
    int64_t flow[ARCS];
    memcpy(flow, FLOW, sizeof flow);
    flow[1] = -1;
    assert_fault(&SMALL, flow, CHECK_BELOW_LOWER, 1, -1, "arc 2 carries less than its lower bound");
    flow[1] = 3;
    assert_fault(&SMALL, flow, CHECK_ABOVE_UPPER, 1, -1, "arc 2 carries more than its capacity");
    flow[1] = 1;
    flow[2] = 1;
    flow[0] = 3; /* balanced again: what is wrong with it is the cost */
    Net n = SMALL;
    n.arc[1].cost = 5;
    assert_fault(&n, flow, CHECK_COULD_FALL, 1, -1, "less flow on arc 2 would be cheaper");
    n.arc[1].cost = 3;
    assert_fault(&n, flow, CHECK_COULD_RISE, 1, -1, "more flow on arc 2 would be cheaper");
    n.arc[1].upper = FREE;
    assert_fault(&n, flow, CHECK_COULD_RISE, 1, -1, "more flow on arc 2 would be cheaper");
    assert_false(prove(&n, flow, POTENTIAL).bound_fits);
    n = SMALL;
    n.supply[0] = 5;
    assert_fault(&n, FLOW, CHECK_UNBALANCED, -1, 0, "node 1 does not send out its supply");
    n = SMALL;
    n.arc[4].lower = 6;
    assert_fault(&n, FLOW, CHECK_TOO_LARGE, 4, -1, "the numbers are too large to be checked, or make no sense");
    n.arc[4] = (Arc){0, NODES, 0, 1, 0};
    assert_fault(&n, FLOW, CHECK_TOO_LARGE, 4, -1, "the numbers are too large to be checked, or make no sense");
    n.arc[4] = (Arc){-1, 0, 0, 1, 0};
    assert_fault(&n, FLOW, CHECK_TOO_LARGE, 4, -1, "the numbers are too large to be checked, or make no sense");
}

static void a_node_that_is_not_there_is_refused(void **state) {
    (void)state;
    for (int64_t node = -1; node <= 1; node += 2) {
        MinCostCheck *c;
        int64_t potential[1] = {0};
        assert_int_equal(mincost_check_new(&c, 1, potential, NULL), STATUS_OK);
        mincost_check_node(c, node, 0);
        MinCostProof p = mincost_check_end(c);
        assert_int_equal(p.verdict, CHECK_TOO_LARGE);
        assert_int_equal(p.node, node);
    }
    MinCostCheck *none;
    Error e = {0};
    assert_int_equal(mincost_check_new(&none, 0, NULL, &e), STATUS_USAGE);
    assert_string_equal(e.field, "nodes");
    assert_int_equal(mincost_check_cut_new(&none, 0, NULL, &e), STATUS_USAGE);
    mincost_check_free(NULL);
}

static void sums_beyond_128_bits_are_not_passed_over(void **state) {
    (void)state;
    int64_t potential[2] = {INT64_MAX, INT64_MIN};
    for (int count = 1; count < 7; count++) {
        MinCostCheck *c;
        assert_int_equal(mincost_check_new(&c, 2, potential, NULL), STATUS_OK);
        for (int i = 0; i < count; i++) {
            mincost_check_arc(c, 0, 1, INT64_MAX - 1, INT64_MAX - 1, INT64_MAX, INT64_MAX - 1);
        }
        mincost_check_node(c, 0, INT64_MAX);
        MinCostProof p = mincost_check_end(c);
        assert_int_not_equal(p.verdict, CHECK_OPTIMAL);
        assert_false(p.cost_fits || p.bound_fits);
    }
}

/* Sixteen times 2^124 would come round to nothing. */
static void sums_do_not_come_round(void **state) {
    (void)state;
    int64_t potential[1] = {0}, much = INT64_C(1) << 62;
    for (int sign = 1; sign >= -1; sign -= 2) {
        MinCostCheck *c;
        assert_int_equal(mincost_check_new(&c, 1, potential, NULL), STATUS_OK);
        for (int i = 0; i < 16; i++) {
            mincost_check_arc(c, 0, 0, much, much, sign * much, much);
        }
        MinCostProof p = mincost_check_end(c);
        assert_int_equal(p.verdict, CHECK_TOO_LARGE);
        assert_false(p.cost_fits || p.bound_fits);
    }
}

/* Arcs of 2^62 and supplies that fit: here everything is right, but for sums that 64 bits do not hold. */
static void sums_beyond_64_bits_are_proved_all_the_same(void **state) {
    (void)state;
    int64_t potential[2] = {0, INT64_C(1) << 62}, most = INT64_C(1) << 62;
    MinCostCheck *c;
    assert_int_equal(mincost_check_new(&c, 2, potential, NULL), STATUS_OK);
    mincost_check_node(c, 0, most);
    mincost_check_node(c, 1, -most);
    mincost_check_arc(c, 0, 1, 0, FREE, most, most);
    MinCostProof p = mincost_check_end(c);
    assert_int_equal(p.verdict, CHECK_OPTIMAL);
    assert_false(p.cost_fits || p.bound_fits);
}

/* --- all flows, all potentials, all cuts ------------------------------------------------------------------------ */

static Net random_net(uint64_t *s) {
    Net n = {0};
    bool feasible = draw(s, 0, 1);
    for (int i = 0; i < ARCS; i++) {
        Arc *a = &n.arc[i];
        *a = (Arc){draw(s, 0, NODES - 1), draw(s, 0, NODES - 1), draw(s, -1, 1), 0, draw(s, -3, 3)};
        a->upper = a->lower + draw(s, 0, 2);
        int64_t flow = feasible ? draw(s, a->lower, a->upper) : draw(s, 0, 1);
        n.supply[a->from] += flow;
        n.supply[feasible ? a->to : draw(s, 0, NODES - 1)] -= flow;
    }
    return n;
}

static bool is_feasible(const Net *n, const int64_t *flow) {
    int64_t out[NODES] = {0};
    for (int i = 0; i < ARCS; i++) {
        const Arc *a = &n->arc[i];
        if (flow[i] < a->lower || flow[i] > a->upper) return false;
        out[a->from] += flow[i];
        out[a->to] -= flow[i];
    }
    return !memcmp(out, n->supply, sizeof out);
}

static int64_t cost_of(const Net *n, const int64_t *flow) {
    int64_t total = 0;
    for (int i = 0; i < ARCS; i++) {
        total += n->arc[i].cost * flow[i];
    }
    return total;
}

/* The next flow from one below every lower bound to one above every upper one; false after the last. */
static bool step_flow(const Net *n, int64_t *flow) {
    for (int i = 0; i < ARCS; i++) {
        if (flow[i]++ <= n->arc[i].upper) return true;
        flow[i] = n->arc[i].lower - 1;
    }
    return false;
}

static void first_flow(const Net *n, int64_t *flow) {
    for (int i = 0; i < ARCS; i++) {
        flow[i] = n->arc[i].lower - 1;
    }
}

/* INT64_MAX where there is no flow. */
static int64_t least_cost(const Net *n) {
    int64_t flow[ARCS], least = INT64_MAX;
    first_flow(n, flow);
    do {
        if (is_feasible(n, flow) && cost_of(n, flow) < least) least = cost_of(n, flow);
    } while (step_flow(n, flow));
    return least;
}

/* Shortest distances in what is left of a cheapest flow prove it. */
static void find_potentials(const Net *n, const int64_t *flow, int64_t *potential) {
    memset(potential, 0, NODES * sizeof *potential);
    for (int round = 0; round < NODES; round++) {
        for (int i = 0; i < ARCS; i++) {
            const Arc *a = &n->arc[i];
            int64_t there = potential[a->from] + a->cost, back = potential[a->to] - a->cost;
            if (flow[i] < a->upper && there < potential[a->to]) potential[a->to] = there;
            if (flow[i] > a->lower && back < potential[a->from]) potential[a->from] = back;
        }
    }
}

/* With these potentials, a flow is accepted exactly if it is feasible and costs what they prove it must. */
static int count_accepted(const Net *n, const int64_t *potential, int64_t least) {
    int64_t flow[ARCS];
    int accepted = 0;
    first_flow(n, flow);
    do {
        MinCostProof p = prove(n, flow, potential);
        bool feasible = is_feasible(n, flow);
        assert_true(p.cost_fits && p.bound_fits);
        assert_int_equal(p.cost, cost_of(n, flow));
        assert_true(p.bound <= least);
        assert_int_equal(p.verdict == CHECK_OPTIMAL, feasible && p.bound == p.cost);
        accepted += p.verdict == CHECK_OPTIMAL;
    } while (step_flow(n, flow));
    return accepted;
}

static void all_cheapest_flows_are_accepted_and_no_others(void **state) {
    (void)state;
    uint64_t s = 1;
    for (int round = 0; round < 300; round++) {
        Net n = random_net(&s);
        int64_t least = least_cost(&n), potential[NODES] = {0}, flow[ARCS];
        int cheapest = 0;
        first_flow(&n, flow);
        do {
            if (!is_feasible(&n, flow) || cost_of(&n, flow) != least) continue;
            if (!cheapest++) find_potentials(&n, flow, potential);
        } while (step_flow(&n, flow));
        assert_int_equal(count_accepted(&n, potential, least), cheapest);
        if (!cheapest) continue;
        for (int v = 0; v < NODES; v++) { /* with others perhaps fewer */
            potential[v] += draw(&s, -2, 2);
        }
        assert_in_range(count_accepted(&n, potential, least), 0, (uintmax_t)cheapest);
    }
}

static void a_cut_proves_what_has_no_flow_and_nothing_else(void **state) {
    (void)state;
    uint64_t s = 2;
    int without = 0;
    for (int round = 0; round < 400; round++) {
        Net n = random_net(&s);
        bool has_flow = least_cost(&n) != INT64_MAX, proved = false;
        for (unsigned set = 0; set < 1u << NODES; set++) {
            bool inside[NODES];
            for (int v = 0; v < NODES; v++) {
                inside[v] = set >> v & 1;
            }
            MinCostVerdict verdict = prove_cut(&n, inside);
            assert_true(verdict == CHECK_NO_FLOW || verdict == CHECK_CUT_OPEN);
            if (verdict == CHECK_NO_FLOW) proved = true;
        }
        assert_int_equal(proved, !has_flow);
        without += !has_flow;
    }
    assert_in_range(without, 50, 350);
}

static void arcs_without_bound_leave_a_cut_open(void **state) {
    (void)state;
    bool inside[NODES] = {true, true, false, false};
    Net n = {{5, 0, 0, -5}, {{1, 2, 0, 4, 0}, {0, 1, 0, 9, 0}, {2, 3, 0, 9, 0}}};
    assert_int_equal(prove_cut(&n, inside), CHECK_NO_FLOW);
    n.arc[3] = (Arc){3, 0, 0, FREE, 0}; /* more may come in, which does not help */
    assert_int_equal(prove_cut(&n, inside), CHECK_NO_FLOW);
    n.arc[4] = (Arc){0, 3, 0, FREE, 0};
    assert_int_equal(prove_cut(&n, inside), CHECK_CUT_OPEN);
    n.arc[3].lower = 6; /* as much comes in as the other end must send */
    n.arc[4] = (Arc){0, 3, 0, 1, 0};
    assert_int_equal(prove_cut(&n, inside), CHECK_NO_FLOW);
    for (int v = 0; v < NODES; v++) {
        inside[v] = !inside[v]; /* the other side of the same border */
    }
    assert_int_equal(prove_cut(&n, inside), CHECK_NO_FLOW);
    Net full = {{5, 0, 0, -5}, {{1, 2, 0, 4, 0}, {0, 1, 0, 9, 0}, {2, 3, 0, 9, 0}}}; /* `inside` is the far end now */
    assert_int_equal(prove_cut(&full, inside), CHECK_NO_FLOW);
    full.arc[3] = (Arc){0, 3, 0, FREE, 0};
    assert_int_equal(prove_cut(&full, inside), CHECK_CUT_OPEN);
    n.arc[4].from = NODES;
    assert_int_equal(prove_cut(&n, inside), CHECK_TOO_LARGE);
    MinCostProof open = {.verdict = CHECK_CUT_OPEN}, none = {.verdict = CHECK_NO_FLOW};
    assert_text(&open, "the cut does not prove that there is no flow");
    assert_text(&none, "proved to have no flow");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_answer_is_accepted),
        cmocka_unit_test(every_fault_has_its_name),
        cmocka_unit_test(a_node_that_is_not_there_is_refused),
        cmocka_unit_test(sums_beyond_128_bits_are_not_passed_over),
        cmocka_unit_test(sums_do_not_come_round),
        cmocka_unit_test(sums_beyond_64_bits_are_proved_all_the_same),
        cmocka_unit_test(all_cheapest_flows_are_accepted_and_no_others),
        cmocka_unit_test(a_cut_proves_what_has_no_flow_and_nothing_else),
        cmocka_unit_test(arcs_without_bound_leave_a_cut_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
