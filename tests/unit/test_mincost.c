/* capacity/mincost and its checker: networks small enough to see through, thousands of random ones against two slower
 * ways to the same answer, and answers made wrong on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capacity/mincost.h"
#include "capacity/mincost_check.h"

#include "random.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 9, ARCS = 30 };
#define FREE MINCOST_UNLIMITED

typedef struct Arc {
    int64_t from, to, lower, upper, cost;
} Arc;

typedef struct Net {
    int nodes, arcs;
    int64_t supply[NODES];
    Arc arc[ARCS];
} Net;

typedef struct Answer {
    MinCostOutcome outcome;
    int64_t total; /* where optimal */
    int64_t unmet; /* supplies and demands, where infeasible; -1: not known */
} Answer;

/* --- solving and proving ---------------------------------------------------------------------------------------- */

static void set_net(MinCost *m, const Net *n) {
    for (int v = 0; v < n->nodes; v++) {
        assert_int_equal(mincost_set_supply(m, v, n->supply[v], NULL), STATUS_OK);
    }
    for (int i = 0; i < n->arcs; i++) {
        const Arc *a = &n->arc[i];
        assert_int_equal(mincost_set_arc(m, i, a->from, a->to, a->lower, a->upper, a->cost, NULL), STATUS_OK);
    }
}

static MinCost *make(const Net *n) {
    MinCost *m;
    assert_int_equal(mincost_new(&m, n->nodes, n->arcs, NULL), STATUS_OK);
    set_net(m, n);
    return m;
}

static MinCostProof prove(const Net *n, const int64_t *flow, const int64_t *potential) {
    MinCostCheck *c;
    assert_int_equal(mincost_check_new(&c, n->nodes, potential, NULL), STATUS_OK);
    for (int v = 0; v < n->nodes; v++) {
        mincost_check_node(c, v, n->supply[v]);
    }
    for (int i = 0; i < n->arcs; i++) {
        const Arc *a = &n->arc[i];
        mincost_check_arc(c, a->from, a->to, a->lower, a->upper, a->cost, flow[i]);
    }
    return mincost_check_end(c);
}

static MinCostVerdict prove_cut(const Net *n, const bool *inside) {
    MinCostCheck *c;
    assert_int_equal(mincost_check_cut_new(&c, n->nodes, inside, NULL), STATUS_OK);
    for (int v = 0; v < n->nodes; v++) {
        mincost_check_node(c, v, n->supply[v]);
    }
    for (int i = 0; i < n->arcs; i++) {
        const Arc *a = &n->arc[i];
        mincost_check_arc(c, a->from, a->to, a->lower, a->upper, a->cost, 0);
    }
    return mincost_check_end(c).verdict;
}

static void read_answer(const MinCost *m, int64_t *flow, int64_t *potential) {
    for (int64_t i = 0; i < mincost_arcs(m); i++) {
        flow[i] = mincost_flow(m, i);
    }
    for (int64_t v = 0; v < mincost_nodes(m); v++) {
        potential[v] = mincost_potential(m, v);
    }
}

static void assert_optimal(const MinCost *m, const Net *n, int64_t total) {
    int64_t flow[ARCS], potential[NODES], got;
    read_answer(m, flow, potential);
    MinCostProof p = prove(n, flow, potential);
    assert_int_equal(p.verdict, CHECK_OPTIMAL);
    assert_true(p.cost_fits && p.bound_fits);
    assert_int_equal(p.cost, total);
    assert_int_equal(p.bound, total);
    assert_int_equal(mincost_total(m, &got, NULL), STATUS_OK);
    assert_int_equal(got, total);
}

static void assert_infeasible(const MinCost *m, const Net *n, int64_t unmet) {
    bool inside[NODES];
    int64_t sum = 0, absolute = 0, supplies = 0;
    for (int v = 0; v < n->nodes; v++) {
        int64_t u = mincost_unmet(m, v);
        sum += u;
        absolute += u < 0 ? -u : u;
        supplies += n->supply[v];
    }
    assert_int_equal(sum, supplies);
    assert_true(absolute > 0);
    if (unmet >= 0) assert_int_equal(absolute, unmet);
    assert_int_equal(mincost_cut(m, inside, NULL), STATUS_OK);
    assert_int_equal(prove_cut(n, inside), CHECK_NO_FLOW);
}

static void assert_answer(MinCost *m, const Net *n, Answer expected) {
    MinCostOutcome outcome;
    Error e = {0};
    if (mincost_solve(m, NULL, &outcome, &e)) fail_msg("%s: %s", e.field, e.why);
    assert_int_equal(outcome, expected.outcome);
    assert_int_equal(mincost_outcome(m), outcome);
    if (outcome == MINCOST_OPTIMAL) assert_optimal(m, n, expected.total);
    if (outcome == MINCOST_INFEASIBLE) assert_infeasible(m, n, expected.unmet);
}

static void assert_solves(const Net *n, MinCostOutcome outcome, int64_t number) {
    MinCost *m = make(n);
    assert_answer(m, n, (Answer){outcome, number, number});
    mincost_free(m);
}

/* --- the same by other ways ------------------------------------------------------------------------------------- */

typedef struct Residual {
    int count;
    int from[2 * ARCS], to[2 * ARCS];
    int64_t room[2 * ARCS], cost[2 * ARCS]; /* arc i backwards is i ^ 1 */
} Residual;

/* Bellman and Ford, from nodes with distance 0; the arc into each node is left in `into`. True where a negative cycle
 * keeps them from settling. */
static bool relax(const Residual *r, int nodes, int64_t *distance, int *into) {
    bool changed = true;
    for (int round = 0; round <= nodes && changed; round++) {
        changed = false;
        for (int i = 0; i < r->count; i++) {
            if (!r->room[i] || distance[r->from[i]] == INT64_MAX) continue;
            int64_t d = distance[r->from[i]] + r->cost[i];
            if (d >= distance[r->to[i]]) continue;
            distance[r->to[i]] = d;
            into[r->to[i]] = i;
            changed = true;
        }
    }
    return changed;
}

static bool has_unlimited_negative_cycle(const Net *n) {
    Residual r = {0};
    int64_t distance[NODES] = {0};
    int into[NODES];
    for (int i = 0; i < n->arcs; i++) {
        if (n->arc[i].upper != FREE) continue;
        r.from[r.count] = (int)n->arc[i].from;
        r.to[r.count] = (int)n->arc[i].to;
        r.room[r.count] = 1;
        r.cost[r.count++] = n->arc[i].cost;
    }
    return relax(&r, n->nodes, distance, into);
}

/* Fills every arc of negative cost, so that nothing cheaper is left; what must then move goes by shortest paths. */
static void fill_negative(const Net *n, Residual *r, int64_t *excess) {
    int64_t enough = 1;
    for (int v = 0; v < n->nodes; v++) {
        excess[v] = n->supply[v];
        enough += llabs(n->supply[v]);
    }
    for (int i = 0; i < n->arcs; i++) {
        enough += llabs(n->arc[i].lower) + (n->arc[i].upper == FREE ? 0 : n->arc[i].upper - n->arc[i].lower);
    }
    for (int i = 0; i < n->arcs; i++) {
        const Arc *a = &n->arc[i];
        int64_t room = a->upper == FREE ? enough : a->upper - a->lower, used = a->cost < 0 ? room : 0;
        r->from[2 * i] = r->to[2 * i + 1] = (int)a->from;
        r->to[2 * i] = r->from[2 * i + 1] = (int)a->to;
        r->room[2 * i] = room - used;
        r->room[2 * i + 1] = used;
        r->cost[2 * i] = a->cost;
        r->cost[2 * i + 1] = -a->cost;
        excess[a->from] -= a->lower + used;
        excess[a->to] += a->lower + used;
    }
    r->count = 2 * n->arcs;
}

/* Sends something by the shortest path from an excess to a deficit; false where there is none. */
static bool augment(Residual *r, int nodes, int64_t *excess) {
    int64_t distance[NODES];
    int into[NODES], end = -1;
    for (int v = 0; v < nodes; v++) {
        distance[v] = excess[v] > 0 ? 0 : INT64_MAX;
        into[v] = -1;
    }
    assert_false(relax(r, nodes, distance, into));
    for (int v = 0; v < nodes; v++) {
        if (excess[v] < 0 && distance[v] != INT64_MAX && (end < 0 || distance[v] < distance[end])) end = v;
    }
    if (end < 0) return false;
    int64_t step = -excess[end];
    int start = end;
    for (; into[start] >= 0; start = r->from[into[start]]) {
        if (r->room[into[start]] < step) step = r->room[into[start]];
    }
    if (excess[start] < step) step = excess[start];
    for (int v = end; v != start; v = r->from[into[v]]) {
        r->room[into[v]] -= step;
        r->room[into[v] ^ 1] += step;
    }
    excess[start] -= step;
    excess[end] += step;
    return true;
}

static Answer solve_by_paths(const Net *n) {
    Residual r = {0};
    int64_t excess[NODES];
    Answer answer = {MINCOST_UNBOUNDED, 0, 0};
    if (has_unlimited_negative_cycle(n)) return answer;
    fill_negative(n, &r, excess);
    while (augment(&r, n->nodes, excess)) {}
    for (int v = 0; v < n->nodes; v++) {
        answer.unmet += llabs(excess[v]);
    }
    for (int i = 0; i < n->arcs; i++) {
        answer.total += n->arc[i].cost * (n->arc[i].lower + r.room[2 * i + 1]);
    }
    answer.outcome = answer.unmet ? MINCOST_INFEASIBLE : MINCOST_OPTIMAL;
    return answer;
}

/* All flows there are, one after another. */
static Answer solve_by_trying(const Net *n) {
    Answer answer = {MINCOST_INFEASIBLE, INT64_MAX, -1};
    int64_t flow[ARCS];
    for (int i = 0; i < n->arcs; i++) {
        flow[i] = n->arc[i].lower;
    }
    for (bool more = true; more;) {
        int64_t out[NODES] = {0}, total = 0;
        int i;
        for (i = 0; i < n->arcs; i++) {
            out[n->arc[i].from] += flow[i];
            out[n->arc[i].to] -= flow[i];
            total += n->arc[i].cost * flow[i];
        }
        if (!memcmp(out, n->supply, (size_t)n->nodes * sizeof *out) && total < answer.total)
            answer = (Answer){MINCOST_OPTIMAL, total, 0};
        for (i = 0; i < n->arcs && flow[i] == n->arc[i].upper; i++) {
            flow[i] = n->arc[i].lower;
        }
        more = i < n->arcs;
        if (more) flow[i]++;
    }
    return answer;
}

/* --- random networks -------------------------------------------------------------------------------------------- */

static Arc random_arc(uint64_t *s, int nodes, int64_t most_room, bool unlimited) {
    Arc a = {draw(s, 0, nodes - 1), draw(s, 0, nodes - 1), 0, 0, draw(s, -6, 12)};
    if (!draw(s, 0, 3)) a.lower = draw(s, -2, 2);
    a.upper = unlimited && !draw(s, 0, 4) ? FREE : a.lower + draw(s, 0, most_room);
    return a;
}

/* Half of them have the supplies of some flow within the bounds, so that they are feasible. */
static void random_supplies(uint64_t *s, Net *n) {
    memset(n->supply, 0, sizeof n->supply);
    bool of_a_flow = draw(s, 0, 1);
    for (int i = 0; of_a_flow && i < n->arcs; i++) {
        const Arc *a = &n->arc[i];
        int64_t flow = a->upper == FREE ? a->lower + draw(s, 0, 5) : draw(s, a->lower, a->upper);
        n->supply[a->from] += flow;
        n->supply[a->to] -= flow;
    }
    for (int i = 0; !of_a_flow && i < n->nodes; i++) {
        int64_t amount = draw(s, 0, 4);
        n->supply[draw(s, 0, n->nodes - 1)] += amount;
        n->supply[draw(s, 0, n->nodes - 1)] -= amount;
    }
    if (!draw(s, 0, 19)) n->supply[0] += draw(s, -2, 2);
}

static Net random_net(uint64_t *s, int most_nodes, int most_arcs, int64_t most_room, bool unlimited) {
    Net n = {.nodes = (int)draw(s, 1, most_nodes), .arcs = (int)draw(s, 0, most_arcs)};
    for (int i = 0; i < n.arcs; i++) {
        n.arc[i] = random_arc(s, n.nodes, most_room, unlimited);
    }
    random_supplies(s, &n);
    return n;
}

/* --- by hand ---------------------------------------------------------------------------------------------------- */

static void nothing_flows_where_there_is_nothing(void **state) {
    (void)state;
    assert_solves(&(Net){.nodes = 1}, MINCOST_OPTIMAL, 0);
    assert_solves(&(Net){.nodes = 9}, MINCOST_OPTIMAL, 0);
    assert_solves(&(Net){3, 2, {0}, {{0, 1, 0, FREE, 5}, {1, 2, 0, 7, 5}}}, MINCOST_OPTIMAL, 0);
    Net unset = {.nodes = 2, .arcs = 3};
    MinCost *m;
    assert_int_equal(mincost_new(&m, 2, 3, NULL), STATUS_OK);
    assert_int_equal(mincost_outcome(m), MINCOST_UNSOLVED);
    assert_answer(m, &unset, (Answer){MINCOST_OPTIMAL, 0, 0});
    mincost_free(m);
    mincost_free(NULL);
}

static void the_cheapest_way_is_taken_first(void **state) {
    (void)state;
    Net n = {
        4, 5, {4, 0, 0, -4}, {{0, 1, 0, 4, 2}, {0, 2, 0, 2, 2}, {1, 2, 0, 2, 1}, {1, 3, 0, 3, 3}, {2, 3, 0, 5, 1}}};
    assert_solves(&n, MINCOST_OPTIMAL, 14);
    Net parallel = {2, 4, {5, -5}, {{0, 1, 0, 2, 7}, {0, 1, 0, 1, 3}, {0, 1, 0, 9, 8}, {1, 0, 0, 9, 1}}};
    assert_solves(&parallel, MINCOST_OPTIMAL, 3 + 14 + 16);
}

static void lower_bounds_are_kept(void **state) {
    (void)state;
    Net n = {3, 3, {5, 0, -5}, {{0, 2, 0, 9, 1}, {0, 1, 2, 9, 10}, {1, 2, 0, 9, 10}}};
    assert_solves(&n, MINCOST_OPTIMAL, 3 + 40);
    n.arc[1].lower = -3; /* what flows against an arc of positive cost earns it; none can come into node 1 */
    assert_solves(&n, MINCOST_OPTIMAL, 5);
    n.arc[2].lower = -3;
    assert_solves(&n, MINCOST_OPTIMAL, 8 - 60);
    Net pinned = {2, 1, {3, -3}, {{0, 1, 3, 3, -4}}};
    assert_solves(&pinned, MINCOST_OPTIMAL, -12);
    pinned.arc[0].lower = pinned.arc[0].upper = 2;
    assert_solves(&pinned, MINCOST_INFEASIBLE, 2);
}

static void no_capacity_lets_nothing_through(void **state) {
    (void)state;
    assert_solves(&(Net){2, 1, {1, -1}, {{0, 1, 0, 0, 0}}}, MINCOST_INFEASIBLE, 2);
    assert_solves(&(Net){2, 2, {1, -1}, {{0, 1, 0, 0, -9}, {0, 1, 0, 1, 9}}}, MINCOST_OPTIMAL, 9);
}

static void what_is_infeasible_names_what_is_unmet(void **state) {
    (void)state;
    Net n = {4, 3, {5, 0, 0, -5}, {{0, 1, 0, FREE, 1}, {1, 2, 0, 3, 1}, {2, 3, 0, FREE, 1}}};
    bool inside[NODES], expected[] = {true, true, false, false};
    MinCost *m = make(&n);
    assert_answer(m, &n, (Answer){MINCOST_INFEASIBLE, 0, 4});
    assert_int_equal(mincost_unmet(m, 0), 2);
    assert_int_equal(mincost_unmet(m, 1), 0);
    assert_int_equal(mincost_unmet(m, 3), -2);
    assert_int_equal(mincost_cut(m, inside, NULL), STATUS_OK);
    assert_memory_equal(inside, expected, sizeof expected);
    mincost_free(m);
    assert_solves(&(Net){1, 0, {1}, {{0}}}, MINCOST_INFEASIBLE, 1);
    assert_solves(&(Net){1, 0, {-1}, {{0}}}, MINCOST_INFEASIBLE, 1);
    assert_solves(&(Net){2, 1, {5, -3}, {{0, 1, 0, 9, 1}}}, MINCOST_INFEASIBLE, 2);
    assert_solves(&(Net){2, 1, {0, 0}, {{0, 1, 2, 9, 1}}}, MINCOST_INFEASIBLE, 4);
}

static void negative_cycles_are_filled_or_unbounded(void **state) {
    (void)state;
    Net n = {3, 4, {0}, {{0, 1, 0, 4, -3}, {1, 2, 0, FREE, 1}, {2, 0, 0, FREE, 1}, {2, 2, 0, 6, -5}}};
    assert_solves(&n, MINCOST_OPTIMAL, -4 - 30);
    n.arc[0].upper = FREE;
    assert_solves(&n, MINCOST_UNBOUNDED, 0);
    n.supply[0] = 1;
    assert_solves(&n, MINCOST_UNBOUNDED, 0);
    assert_solves(&(Net){1, 1, {0}, {{0, 0, 0, FREE, -1}}}, MINCOST_UNBOUNDED, 0);
    assert_solves(&(Net){1, 1, {0}, {{0, 0, 2, FREE, 0}}}, MINCOST_OPTIMAL, 0);
    n.arc[0].cost = -2; /* a cycle for nothing */
    n.supply[0] = 0;
    assert_solves(&n, MINCOST_OPTIMAL, -30);
}

/* --- large numbers, and too large ones -------------------------------------------------------------------------- */

static void assert_refused(Status got, const Error *e, const char *field, const char *number) {
    assert_int_equal(got, STATUS_USAGE);
    assert_int_equal(e->status, STATUS_USAGE);
    assert_string_equal(e->field, field);
    if (!strstr(e->why, number)) fail_msg("%s is not in: %s", number, e->why);
}

static void what_is_too_large_is_refused(void **state) {
    (void)state;
    Net n = {2, 1, {3, -3}, {{0, 1, 0, 5, 2}}};
    MinCost *m = make(&n), *none;
    Error e = {0};
    int64_t most = MINCOST_COST_MOST / 3, flow = MINCOST_FLOW_MOST;
    assert_refused(mincost_new(&none, 0, 0, &e), &e, "nodes", "");
    assert_null(none);
    assert_refused(mincost_new(&none, 1, -1, &e), &e, "arcs", "");
    assert_refused(mincost_new(&none, 2, MINCOST_MOST - 1, &e), &e, "arcs", "2147483646");
    assert_refused(mincost_new(&none, INT64_MAX, INT64_MAX, &e), &e, "arcs", "2147483646");
    assert_refused(mincost_set_supply(m, 2, 1, &e), &e, "node", "2");
    assert_refused(mincost_set_supply(m, -1, 1, &e), &e, "node", "-1");
    assert_refused(mincost_set_supply(m, 0, flow, &e), &e, "supply", "2305843009213693952");
    assert_refused(mincost_set_supply(m, 0, INT64_MIN, &e), &e, "supply", "-9223372036854775808");
    assert_refused(mincost_set_cost(m, 1, 0, &e), &e, "arc", "1");
    assert_refused(mincost_set_cost(m, 0, most + 1, &e), &e, "cost", "192153584101141163");
    assert_refused(mincost_set_cost(m, 0, INT64_MIN, &e), &e, "cost", "-9223372036854775808");
    assert_refused(mincost_set_bounds(m, -1, 0, 0, &e), &e, "arc", "-1");
    assert_refused(mincost_set_bounds(m, 0, 7, 6, &e), &e, "upper", "6 is below the lower one, 7");
    assert_refused(mincost_set_bounds(m, 0, 0, flow, &e), &e, "upper", "2305843009213693952");
    assert_refused(mincost_set_bounds(m, 0, -flow + 1, flow - 1, &e), &e, "upper", "2305843009213693951");
    assert_refused(mincost_set_bounds(m, 0, INT64_MIN, 0, &e), &e, "lower", "-9223372036854775808");
    assert_refused(mincost_set_bounds(m, 0, flow, FREE, &e), &e, "lower", "2305843009213693952");
    assert_refused(mincost_set_arc(m, 0, 2, 0, 0, 1, 1, &e), &e, "from", "2");
    assert_refused(mincost_set_arc(m, 0, 0, 2, 0, 1, 1, &e), &e, "to", "2");
    assert_refused(mincost_set_arc(m, 0, 1, 0, 0, 1, most + 1, &e), &e, "cost", "192153584101141163");
    assert_refused(mincost_set_arc(m, 0, 1, 0, 1, 0, 1, &e), &e, "upper", "0");
    assert_answer(m, &n, (Answer){MINCOST_OPTIMAL, 6, 0}); /* and nothing was changed by all that */
    mincost_free(m);
}

static void sums_that_are_too_large_are_refused(void **state) {
    (void)state;
    int64_t half = MINCOST_FLOW_MOST / 2;
    Net n = {2, 2, {0}, {{0, 1, 0, half, 1}, {0, 1, 0, half - 1, 1}}};
    MinCost *m = make(&n);
    MinCostOutcome outcome;
    Error e = {0};
    assert_answer(m, &n, (Answer){MINCOST_OPTIMAL, 0, 0});
    assert_int_equal(mincost_set_bounds(m, 1, 0, half, NULL), STATUS_OK);
    assert_refused(mincost_solve(m, NULL, &outcome, &e), &e, "supply", "2^61");
    assert_int_equal(outcome, MINCOST_UNSOLVED);
    assert_int_equal(mincost_set_bounds(m, 1, -half, -1, NULL), STATUS_OK);
    assert_refused(mincost_solve(m, NULL, &outcome, &e), &e, "supply", "2^61");
    set_net(m, &n);
    assert_int_equal(mincost_set_supply(m, 0, 1, NULL), STATUS_OK);
    assert_refused(mincost_solve(m, NULL, &outcome, &e), &e, "supply", "2^61");
    set_net(m, &n);
    assert_answer(m, &n, (Answer){MINCOST_OPTIMAL, 0, 0});
    mincost_free(m);
}

static void the_largest_numbers_are_right(void **state) {
    (void)state;
    int64_t most = MINCOST_COST_MOST / 4, flow = MINCOST_FLOW_MOST / 2 - 1, total;
    Net n = {3, 2, {flow, 0, -flow}, {{0, 1, 0, FREE, most}, {1, 2, 0, FREE, most}}};
    for (int sign = 0; sign < 2; sign++) {
        MinCost *m = make(&n);
        MinCostOutcome outcome;
        Error e = {0};
        int64_t flows[ARCS], potential[NODES];
        assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
        assert_int_equal(outcome, MINCOST_OPTIMAL);
        read_answer(m, flows, potential);
        assert_int_equal(flows[0], flow);
        assert_int_equal(potential[2] - potential[0], (sign ? -2 : 2) * most);
        MinCostProof p = prove(&n, flows, potential);
        assert_int_equal(p.verdict, CHECK_OPTIMAL);
        assert_false(p.cost_fits || p.bound_fits);
        assert_int_equal(mincost_total(m, &total, &e), STATUS_FAILED);
        assert_string_equal(e.field, "cost");
        mincost_free(m);
        n.arc[0].cost = n.arc[1].cost = -most;
    }
}

static void large_random_networks_are_proved(void **state) {
    (void)state;
    uint64_t s = 61;
    int optimal = 0;
    for (int round = 0; round < 3000; round++) {
        Net n = random_net(&s, NODES, ARCS, 9, false);
        int64_t cost = MINCOST_COST_MOST / (n.nodes + 1), flow[ARCS], potential[NODES];
        int64_t unit = MINCOST_FLOW_MOST / 2000;
        for (int i = 0; i < n.arcs; i++) {
            n.arc[i].cost = draw(&s, 0, 2) ? draw(&s, -cost, cost) : cost;
            n.arc[i].lower *= unit;
            n.arc[i].upper *= unit;
        }
        for (int v = 0; v < n.nodes; v++) {
            n.supply[v] *= unit;
        }
        MinCost *m = make(&n);
        MinCostOutcome outcome;
        assert_int_equal(mincost_solve(m, NULL, &outcome, NULL), STATUS_OK);
        if (outcome == MINCOST_OPTIMAL) {
            read_answer(m, flow, potential);
            assert_int_equal(prove(&n, flow, potential).verdict, CHECK_OPTIMAL);
            optimal++;
        } else {
            assert_infeasible(m, &n, -1);
        }
        mincost_free(m);
    }
    assert_true(optimal > 1000 && optimal < 2900);
}

/* --- against other ways ----------------------------------------------------------------------------------------- */

static void all_flows_tried_give_the_same(void **state) {
    (void)state;
    uint64_t s = 3;
    int seen[4] = {0};
    for (int round = 0; round < 2000; round++) {
        Net n = random_net(&s, 4, 7, 2, false);
        Answer expected = solve_by_trying(&n);
        assert_solves(&n, expected.outcome, expected.outcome == MINCOST_OPTIMAL ? expected.total : -1);
        seen[expected.outcome]++;
    }
    assert_true(seen[MINCOST_OPTIMAL] > 300 && seen[MINCOST_INFEASIBLE] > 300);
}

/* Each network is changed a little several times over, and solved from the last answer. */
static void shortest_paths_give_the_same_also_after_changes(void **state) {
    (void)state;
    uint64_t s = 5;
    int seen[4] = {0};
    for (int round = 0; round < 3000; round++) {
        Net n = random_net(&s, NODES, ARCS, 9, true);
        MinCost *m = make(&n);
        for (int change = 0; change < 6; change++) {
            Answer expected = solve_by_paths(&n);
            assert_answer(m, &n, expected);
            seen[expected.outcome]++;
            for (int64_t i = draw(&s, 1, 3); n.arcs && i; i--) {
                Arc *a = &n.arc[draw(&s, 0, n.arcs - 1)], fresh = random_arc(&s, n.nodes, 9, true);
                bool elsewhere = !draw(&s, 0, 9);
                *a = elsewhere ? fresh : (Arc){a->from, a->to, fresh.lower, fresh.upper, fresh.cost};
            }
            if (!draw(&s, 0, 1)) random_supplies(&s, &n);
            set_net(m, &n);
            if (!draw(&s, 0, 9)) mincost_forget(m);
            assert_int_equal(mincost_outcome(m), MINCOST_UNSOLVED);
        }
        mincost_free(m);
    }
    assert_true(seen[MINCOST_OPTIMAL] > 3000 && seen[MINCOST_INFEASIBLE] > 3000 && seen[MINCOST_UNBOUNDED] > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_flows_where_there_is_nothing),
        cmocka_unit_test(the_cheapest_way_is_taken_first),
        cmocka_unit_test(lower_bounds_are_kept),
        cmocka_unit_test(no_capacity_lets_nothing_through),
        cmocka_unit_test(what_is_infeasible_names_what_is_unmet),
        cmocka_unit_test(negative_cycles_are_filled_or_unbounded),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(sums_that_are_too_large_are_refused),
        cmocka_unit_test(the_largest_numbers_are_right),
        cmocka_unit_test(large_random_networks_are_proved),
        cmocka_unit_test(all_flows_tried_give_the_same),
        cmocka_unit_test(shortest_paths_give_the_same_also_after_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
