/* Within the fair shares: what is given to whom, by priority, then nearness, then earliness, as one cheapest flow. A
 * request's quantity runs from its week and data level either into the free capacity of its own region or, at a cost,
 * into that of any; upwards through the data levels, for an offer takes what is less sensitive than it may take.
 *
 * One cost stands for the three in their order. A flow is the cheapest where no cycle of arcs lowers the cost, and on a
 * cycle without a node twice at most one week is exchanged for another and fewer units than nodes are moved: so weights
 * beyond these sums let none outweigh the one before it (Ahuja, Magnanti, Orlin, "Network Flows", 1993, theorem 3.8).
 * For the same reason its potentials can be taken apart again, into prices that prove each of the three. */
#include "capacity/plan_parts.h"

#include <stdlib.h>

enum { SOURCE, SINK, FIRST_SITE, FIRST_REQUEST = FIRST_SITE + PLAN_SITES };

struct PlanMove {
    PlanRound *round;
    MinCost *net;
    int64_t cell_node; /* own, then offered, then the nation's; each by site, week, level */
    int64_t site_arc, request_arc, slot_arc, own_arc;
    int64_t away, urgent;      /* what moving and priority weigh beside a week */
    int64_t *flow, *potential; /* [arcs], [nodes] kept */
};

/* Arcs of a cell: up a level, to what its region offers, to the nation; of the nation's: up; then to each region. */
enum { OWN_UP, OWN_HERE, OWN_AWAY, OWN_ARCS };

static int64_t cells_of(const PlanRound *r) {
    return (int64_t)r->weeks * PLAN_LEVELS;
}
static int64_t own_node(const PlanMove *m, int site, int64_t cell) {
    return m->cell_node + site * cells_of(m->round) + cell;
}
static int64_t offered_node(const PlanMove *m, int site, int64_t cell) {
    return m->cell_node + (PLAN_SITES + site) * cells_of(m->round) + cell;
}
static int64_t nation_node(const PlanMove *m, int64_t cell) {
    return m->cell_node + 2 * PLAN_SITES * cells_of(m->round) + cell;
}
static int64_t own_arc(const PlanMove *m, int site, int64_t cell, int which) {
    return m->own_arc + (site * cells_of(m->round) + cell) * OWN_ARCS + which;
}
static int64_t offered_arc(const PlanMove *m, int site, int64_t cell) {
    return own_arc(m, PLAN_SITES, 0, 0) + site * cells_of(m->round) + cell;
}
static int64_t nation_up_arc(const PlanMove *m, int64_t cell) {
    return offered_arc(m, PLAN_SITES, 0) + cell;
}
static int64_t nation_arc(const PlanMove *m, int site, int64_t cell) {
    return nation_up_arc(m, cells_of(m->round)) + site * cells_of(m->round) + cell;
}

static Status set_cell(PlanMove *m, int site, int64_t cell, Error *e) {
    int week = (int)(cell / PLAN_LEVELS), level = (int)(cell % PLAN_LEVELS) + 1;
    int64_t node = own_node(m, site, cell), up = level < PLAN_LEVELS ? MINCOST_UNLIMITED : 0;
    int64_t free = *plan_cell(m->round, site, week, level), through = free ? MINCOST_UNLIMITED : 0;
    Status s = mincost_set_arc(m->net, own_arc(m, site, cell, OWN_UP), node, node + (level < PLAN_LEVELS), 0, up, 0, e);
    if (s == STATUS_OK)
        s = mincost_set_arc(m->net, own_arc(m, site, cell, OWN_HERE), node, offered_node(m, site, cell), 0, through, 0,
                            e);
    if (s == STATUS_OK)
        s = mincost_set_arc(m->net, own_arc(m, site, cell, OWN_AWAY), node, nation_node(m, cell), 0, MINCOST_UNLIMITED,
                            m->away, e);
    if (s == STATUS_OK)
        s = mincost_set_arc(m->net, offered_arc(m, site, cell), offered_node(m, site, cell), SINK, 0, free, week, e);
    if (s == STATUS_OK)
        s = mincost_set_arc(m->net, nation_arc(m, site, cell), nation_node(m, cell), offered_node(m, site, cell), 0,
                            through, 0, e);
    if (s == STATUS_OK && !site)
        s = mincost_set_arc(m->net, nation_up_arc(m, cell), nation_node(m, cell),
                            nation_node(m, cell) + (level < PLAN_LEVELS), 0, up, 0, e);
    return s;
}

static Status build(PlanMove *m, Error *e) {
    PlanRound *r = m->round;
    const PlanInput *in = r->in;
    int64_t nodes = FIRST_REQUEST + in->request_count + (2 * PLAN_SITES + 1) * cells_of(r);
    int64_t arcs;
    m->away = 2 * r->weeks + 5;
    m->urgent = 2 * (nodes + 2) * m->away;
    m->cell_node = FIRST_REQUEST + in->request_count;
    m->site_arc = 1;
    m->request_arc = m->site_arc + PLAN_SITES;
    m->slot_arc = m->request_arc + in->request_count;
    m->own_arc = m->slot_arc + r->slot_count;
    arcs = nation_arc(m, PLAN_SITES, 0);
    m->flow = memory_new((size_t)arcs * sizeof *m->flow);
    m->potential = memory_new((size_t)nodes * sizeof *m->potential);
    Status s = mincost_new(&m->net, nodes, arcs, e);
    if (s == STATUS_OK) s = mincost_set_arc(m->net, 0, SINK, SOURCE, 0, MINCOST_UNLIMITED, 0, e);
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        s = mincost_set_arc(m->net, m->site_arc + site, SOURCE, FIRST_SITE + site, 0, 0, 0, e);
        for (int64_t cell = 0; s == STATUS_OK && cell < cells_of(r); cell++) {
            s = set_cell(m, site, cell, e);
        }
    }
    for (int i = 0; s == STATUS_OK && i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        s = mincost_set_arc(m->net, m->request_arc + i, FIRST_SITE + q->site, FIRST_REQUEST + i, 0, 0,
                            -q->priority * m->urgent, e);
    }
    for (int i = 0; s == STATUS_OK && i < r->slot_count; i++) {
        const PlanSlot *slot = &r->slots[i];
        const PlanRequest *q = &in->requests[slot->request];
        int64_t cell = (int64_t)slot->week * PLAN_LEVELS + q->level - 1;
        s = mincost_set_arc(m->net, m->slot_arc + i, FIRST_REQUEST + slot->request, own_node(m, q->site, cell), 0,
                            slot->most, 0, e);
    }
    return s;
}

Status plan_move_new(PlanRound *r, PlanMove **out, Error *e) {
    PlanMove *m = memory_new(sizeof *m);
    m->round = r;
    Status s = build(m, e);
    *out = m;
    return s;
}

void plan_move_free(PlanMove *m) {
    if (!m) return;
    mincost_free(m->net);
    free(m->flow);
    free(m->potential);
    free(m);
}

Status plan_move_solve(PlanMove *m, bool *feasible, Error *e) {
    PlanRound *r = m->round;
    MinCostOutcome outcome = MINCOST_UNSOLVED;
    Status s = STATUS_OK;
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        s = mincost_set_bounds(m->net, m->site_arc + site, r->shares[site].got, r->shares[site].got, e);
    }
    for (int i = 0; s == STATUS_OK && i < r->in->request_count; i++) {
        s = mincost_set_bounds(m->net, m->request_arc + i, plan_least(r, i), plan_most(r, i), e);
    }
    if (s == STATUS_OK) s = plan_solve(r, m->net, &outcome, e);
    *feasible = s == STATUS_OK && outcome == MINCOST_OPTIMAL;
    for (int i = 0; *feasible && i < r->slot_count; i++) {
        r->given[i] = mincost_flow(m->net, m->slot_arc + i);
    }
    return s;
}

PlanSums plan_move_sums(const PlanMove *m) {
    const PlanRound *r = m->round;
    PlanSums sums = {0};
    for (int i = 0; i < r->slot_count; i++) {
        sums.weighted += r->given[i] * r->in->requests[r->slots[i].request].priority;
        sums.weeks += r->given[i] * r->slots[i].week;
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        for (int64_t cell = 0; cell < cells_of(r); cell++) {
            sums.moved += mincost_flow(m->net, own_arc(m, site, cell, OWN_AWAY));
        }
    }
    return sums;
}

void plan_move_keep(PlanMove *m) {
    for (int64_t i = 0; i < mincost_arcs(m->net); i++) {
        m->flow[i] = mincost_flow(m->net, i);
    }
    for (int64_t i = 0; i < mincost_nodes(m->net); i++) {
        m->potential[i] = mincost_potential(m->net, i);
    }
}

int64_t plan_move_flow(const PlanMove *m, PlanRoute route, int site, int64_t cell) {
    return m->flow[route == ROUTE_HERE   ? own_arc(m, site, cell, OWN_HERE)
                   : route == ROUTE_AWAY ? own_arc(m, site, cell, OWN_AWAY)
                                         : nation_arc(m, site, cell)];
}

int64_t plan_move_given(const PlanMove *m, int slot) {
    return m->flow[m->slot_arc + slot];
}

/* --- prices -------------------------------------------------------------------------------------------------------- */

/* The nearest multiple's factor; *rest: what is left, at most half of the unit either way. */
static int64_t nearest(int64_t number, int64_t unit, int64_t *rest) {
    int64_t times = number / unit;
    *rest = number - times * unit;
    if (*rest > unit / 2) times++;
    else if (*rest < -(unit / 2)) times--;
    *rest = number - times * unit;
    return times;
}

/* How much higher one node's potential is than another's, taken apart into the three costs it is a sum of. On the way
 * from one to the other in the tree there are fewer arcs than nodes that cost something for being away, and two at the
 * most that cost weeks: the weights are more than twice these. */
static PlanPrice between(const PlanMove *m, int64_t from, int64_t to) {
    int64_t rest;
    PlanPrice p;
    p.priority = nearest(m->potential[to] - m->potential[from], m->urgent, &rest);
    p.moved = nearest(rest, m->away, &p.weeks);
    return p;
}

void plan_move_prices(const PlanMove *m, Plan *plan) {
    const PlanRound *r = m->round;
    const PlanInput *in = r->in;
    plan->request_price = arena_array(r->arena, (size_t)in->request_count, sizeof *plan->request_price);
    plan->offer_price = arena_array(r->arena, (size_t)in->offer_count * (size_t)r->weeks, sizeof *plan->offer_price);
    for (int site = 0; site < PLAN_SITES; site++) {
        plan->share_price[site] = between(m, SOURCE, FIRST_SITE + site);
    }
    for (int i = 0; i < in->request_count; i++) {
        plan->request_price[i] = between(m, FIRST_SITE + in->requests[i].site, FIRST_REQUEST + i);
        plan->request_price[i].priority += in->requests[i].priority;
    }
    for (int i = 0; i < in->offer_count; i++) {
        for (int week = 0; week < r->weeks; week++) {
            int64_t cell = (int64_t)week * PLAN_LEVELS + in->offers[i].level - 1;
            PlanPrice *p = &plan->offer_price[(int64_t)i * r->weeks + week];
            *p = between(m, offered_node(m, in->offers[i].site, cell), SINK);
            p->weeks -= week;
            if (plan_price_compare(*p, (PlanPrice){0}) < 0) *p = (PlanPrice){0};
        }
    }
}
