/* The problem as the caller sees it, checked and kept; and the answer in the caller's terms. */
#include "capacity/mincost.h"

#include "base/intl.h"
#include "capacity/mincost_tree.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

__extension__ typedef __int128 Wide;

/* --- making ----------------------------------------------------------------------------------------------------- */

/* The stride of the mixed order: about as many arcs as a node has, as in LEMON, so that arcs of one node are apart. */
static uint32_t choose_mix(uint32_t nodes, uint32_t arcs) {
    uint32_t mix = arcs / nodes;
    if (mix < 3) mix = 3;
    return mix > arcs ? (arcs ? arcs : 1) : mix;
}

static bool make_arrays(MinCost *m) {
    size_t arcs = (size_t)m->arcs + m->nodes, nodes = (size_t)m->nodes + 1;
    m->from = calloc(arcs, sizeof *m->from);
    m->to = calloc(arcs, sizeof *m->to);
    m->cost = calloc(arcs, sizeof *m->cost);
    m->room = calloc(arcs, sizeof *m->room);
    m->state = calloc(arcs, sizeof *m->state);
    m->supply = calloc(nodes, sizeof *m->supply);
    m->branch = mincost_branches(nodes);
    m->thread = calloc(nodes, sizeof *m->thread);
    m->potential = calloc(nodes, sizeof *m->potential);
    m->name = calloc(nodes, sizeof *m->name);
    m->place = calloc(nodes, sizeof *m->place);
    return m->from && m->to && m->cost && m->room && m->state && m->supply && m->branch && m->thread && m->potential &&
           m->name && m->place;
}

Status mincost_new(MinCost **out, int64_t nodes, int64_t arcs, Error *e) {
    *out = NULL;
    if (nodes < 1) return error_set(e, STATUS_USAGE, "nodes", _("a network has at least one node"));
    if (arcs < 0) return error_set(e, STATUS_USAGE, "arcs", _("there cannot be fewer than no arcs"));
    if (nodes > MINCOST_MOST || arcs > MINCOST_MOST - nodes)
        return error_set(e, STATUS_USAGE, "arcs", _("nodes and arcs together are at most %" PRId64), MINCOST_MOST);
    MinCost *m = calloc(1, sizeof *m);
    if (m) {
        m->nodes = m->root = (uint32_t)nodes;
        m->arcs = (uint32_t)arcs;
        m->mix = choose_mix(m->nodes, m->arcs);
    }
    if (!m || !make_arrays(m)) {
        mincost_free(m);
        return error_set(e, STATUS_FAILED, NULL, _("not enough memory for %" PRId64 " nodes and %" PRId64 " arcs"),
                         nodes, arcs);
    }
    for (uint32_t i = 0; i <= m->nodes; i++) {
        m->name[i] = m->place[i] = i;
    }
    *out = m;
    return STATUS_OK;
}

void mincost_free(MinCost *m) {
    if (!m) return;
    free(m->from);
    free(m->to);
    free(m->cost);
    free(m->room);
    free(m->lower);
    free(m->state);
    free(m->supply);
    free(m->branch);
    free(m->thread);
    free(m->potential);
    free(m->name);
    free(m->place);
    free(m);
}

/* --- setting ---------------------------------------------------------------------------------------------------- */

static Status check_node(const MinCost *m, int64_t node, const char *field, Error *e) {
    if (node >= 0 && node < m->nodes) return STATUS_OK;
    return error_set(e, STATUS_USAGE, field, _("%" PRId64 " is not a node: there are %" PRIu32 ", from 0"), node,
                     m->nodes);
}

static Status check_arc(const MinCost *m, int64_t arc, Error *e) {
    if (arc >= 0 && arc < m->arcs) return STATUS_OK;
    return error_set(e, STATUS_USAGE, "arc", _("%" PRId64 " is not an arc: there are %" PRIu32 ", from 0"), arc,
                     m->arcs);
}

static uint64_t magnitude(int64_t n) {
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* With this no path is dearer than MINCOST_COST_MOST. */
static Status check_cost(const MinCost *m, int64_t cost, Error *e) {
    int64_t most = MINCOST_COST_MOST / ((int64_t)m->nodes + 1);
    if (magnitude(cost) <= (uint64_t)most) return STATUS_OK;
    return error_set(e, STATUS_USAGE, "cost",
                     _("%" PRId64 " is too large: with %" PRIu32 " nodes a cost is at most %" PRId64 " either way"),
                     cost, m->nodes, most);
}

static Status check_flow(int64_t flow, const char *field, Error *e) {
    if (magnitude(flow) < (uint64_t)MINCOST_FLOW_MOST) return STATUS_OK;
    return error_set(e, STATUS_USAGE, field, _("%" PRId64 " is too large: it must be below 2^61 either way"), flow);
}

static Status set_bounds(MinCost *m, uint32_t slot, int64_t lower, int64_t upper, Error *e) {
    int64_t room = ROOM_UNLIMITED;
    Status s = check_flow(lower, "lower", e);
    if (s) return s;
    if (upper < lower)
        return error_set(e, STATUS_USAGE, "upper", _("the upper bound %" PRId64 " is below the lower one, %" PRId64),
                         upper, lower);
    if (upper != MINCOST_UNLIMITED && (__builtin_sub_overflow(upper, lower, &room) || room >= MINCOST_FLOW_MOST))
        return error_set(e, STATUS_USAGE, "upper", _("the bounds %" PRId64 " and %" PRId64 " are 2^61 or more apart"),
                         lower, upper);
    if (lower && !m->lower) {
        m->lower = calloc(m->arcs, sizeof *m->lower);
        if (!m->lower) return error_set(e, STATUS_FAILED, NULL, _("not enough memory for lower bounds"));
    }
    if (m->lower) m->lower[slot] = lower;
    m->room[slot] = room;
    m->outcome = MINCOST_UNSOLVED;
    return STATUS_OK;
}

Status mincost_set_supply(MinCost *m, int64_t node, int64_t supply, Error *e) {
    Status s = check_node(m, node, "node", e);
    if (!s) s = check_flow(supply, "supply", e);
    if (s) return s;
    m->supply[node] = supply;
    m->outcome = MINCOST_UNSOLVED;
    return STATUS_OK;
}

Status mincost_set_arc(MinCost *m, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                       Error *e) {
    Status s = check_arc(m, arc, e);
    if (!s) s = check_node(m, from, "from", e);
    if (!s) s = check_node(m, to, "to", e);
    if (!s) s = check_cost(m, cost, e);
    if (s) return s;
    uint32_t slot = mincost_slot(m, arc), tail = m->place[from], head = m->place[to];
    s = set_bounds(m, slot, lower, upper, e);
    if (s) return s;
    if (m->from[slot] != tail || m->to[slot] != head) m->has_tree = false;
    m->from[slot] = tail;
    m->to[slot] = head;
    m->cost[slot] = cost;
    return STATUS_OK;
}

Status mincost_set_bounds(MinCost *m, int64_t arc, int64_t lower, int64_t upper, Error *e) {
    Status s = check_arc(m, arc, e);
    return s ? s : set_bounds(m, mincost_slot(m, arc), lower, upper, e);
}

Status mincost_set_cost(MinCost *m, int64_t arc, int64_t cost, Error *e) {
    Status s = check_arc(m, arc, e);
    if (!s) s = check_cost(m, cost, e);
    if (s) return s;
    m->cost[mincost_slot(m, arc)] = cost;
    m->outcome = MINCOST_UNSOLVED;
    return STATUS_OK;
}

/* --- solving ---------------------------------------------------------------------------------------------------- */

/* Adds what is below 2^61 to a sum that stays at 2^61 once it is there. */
static void add_capped(uint64_t *sum, uint64_t n) {
    *sum += n;
    if (*sum > (uint64_t)MINCOST_FLOW_MOST) *sum = (uint64_t)MINCOST_FLOW_MOST;
}

/* Sees that no sum of flows can overflow, and sets the cost of artificial arcs: above that of any path. */
static Status check_sizes(MinCost *m, Error *e) {
    uint64_t flow = 0, dearest = 0;
    for (uint32_t v = 0; v < m->nodes; v++) {
        add_capped(&flow, magnitude(m->supply[v]));
    }
    for (uint32_t a = 0; a < m->arcs; a++) {
        uint64_t cost = magnitude(m->cost[a]);
        if (cost > dearest) dearest = cost;
        if (m->room[a] != ROOM_UNLIMITED) add_capped(&flow, (uint64_t)m->room[a]);
        if (m->lower) add_capped(&flow, magnitude(m->lower[a]));
    }
    if (flow >= (uint64_t)MINCOST_FLOW_MOST)
        return error_set(e, STATUS_USAGE, "supply", _("supplies and bounds are too large: together they reach 2^61"));
    m->dearest = (int64_t)dearest;
    m->artificial_cost = m->dearest * m->nodes + 1;
    return STATUS_OK;
}

static MinCostOutcome judge(const MinCost *m) {
    for (uint32_t u = 0; u <= m->nodes; u++) {
        if (u != m->root && m->branch[u].arc >= m->arcs && mincost_branch_flow(m, u)) return MINCOST_INFEASIBLE;
    }
    return MINCOST_OPTIMAL;
}

Status mincost_solve(MinCost *m, const MinCostWatch *watch, MinCostOutcome *outcome, Error *e) {
    *outcome = m->outcome = MINCOST_UNSOLVED;
    Status s = check_sizes(m, e);
    if (s) return s;
    s = m->has_tree ? mincost_mend(m, e) : mincost_plant(m, e);
    if (s) {
        m->has_tree = false;
        return s;
    }
    m->has_tree = true;
    m->pivots = 0;
    switch (mincost_run(m, watch)) {
    case RUN_OPTIMAL: m->outcome = judge(m); break;
    case RUN_UNBOUNDED: m->outcome = MINCOST_UNBOUNDED; break;
    case RUN_STOPPED: return error_set(e, STATUS_STOPPED, NULL, _("stopped before the optimum was found"));
    }
    *outcome = m->outcome;
    return STATUS_OK;
}

void mincost_forget(MinCost *m) {
    m->has_tree = false;
    m->outcome = MINCOST_UNSOLVED;
}

/* --- the answer ------------------------------------------------------------------------------------------------- */

MinCostOutcome mincost_outcome(const MinCost *m) {
    return m->outcome;
}

int64_t mincost_nodes(const MinCost *m) {
    return m->nodes;
}

int64_t mincost_arcs(const MinCost *m) {
    return m->arcs;
}

int64_t mincost_pivots(const MinCost *m) {
    return m->pivots;
}

int64_t mincost_flow(const MinCost *m, int64_t arc) {
    assert(arc >= 0 && arc < m->arcs && m->has_tree);
    uint32_t slot = mincost_slot(m, arc);
    return mincost_slot_flow(m, slot) + (m->lower ? m->lower[slot] : 0);
}

int64_t mincost_potential(const MinCost *m, int64_t node) {
    assert(node >= 0 && node < m->nodes && m->has_tree);
    return m->potential[m->place[node]] - m->potential[m->root];
}

Status mincost_total(const MinCost *m, int64_t *total, Error *e) {
    Wide sum = 0; /* below 2^122: a path costs up to 2^59, and at most 2^61 flow over each of up to 2^31 of them */
    assert(m->has_tree);
    for (uint32_t a = 0; a < m->arcs; a++) {
        int64_t flow = mincost_slot_flow(m, a) + (m->lower ? m->lower[a] : 0);
        sum += (Wide)flow * m->cost[a];
    }
    if (sum > INT64_MAX || sum < INT64_MIN)
        return error_set(e, STATUS_FAILED, "cost", _("the total cost does not fit 64 bits"));
    *total = (int64_t)sum;
    return STATUS_OK;
}

int64_t mincost_unmet(const MinCost *m, int64_t node) {
    assert(node >= 0 && node < m->nodes && m->has_tree);
    uint32_t u = m->place[node];
    if (m->branch[u].arc < m->arcs) return 0;
    int64_t flow = mincost_branch_flow(m, u);
    return m->from[m->branch[u].arc] == u ? flow : -flow;
}

static int compare_prices(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* From nodes with unmet supply (potential 0) to nodes with unmet demand (that of the artificial cost) potentials rise by
 * more than `nodes` times the dearest arc. So somewhere between they leave out a stretch longer than the dearest arc,
 * and over that no arc leads that has room: its reduced cost would be negative. */
static int64_t find_gap(const MinCost *m, int64_t *price) {
    for (int64_t v = 0; v < m->nodes; v++) {
        price[v] = mincost_potential(m, v);
    }
    qsort(price, m->nodes, sizeof *price, compare_prices);
    for (uint32_t i = 0; i + 1 < m->nodes; i++) {
        if (price[i] >= 0 && price[i + 1] - price[i] > m->dearest) return price[i];
    }
    return price[m->nodes - 1];
}

Status mincost_cut(const MinCost *m, bool *inside, Error *e) {
    Wide sum = 0;
    assert(m->outcome == MINCOST_INFEASIBLE);
    for (uint32_t v = 0; v < m->nodes; v++) {
        sum += m->supply[v];
        inside[v] = true;
    }
    if (sum) return STATUS_OK;
    int64_t *price = malloc(((size_t)m->nodes + 1) * sizeof *price);
    if (!price) return error_set(e, STATUS_FAILED, NULL, _("not enough memory to say why there is no flow"));
    int64_t highest = find_gap(m, price);
    free(price);
    for (uint32_t v = 0; v < m->nodes; v++) {
        inside[v] = mincost_potential(m, v) <= highest;
    }
    return STATUS_OK;
}
