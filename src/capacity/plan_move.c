/* Within the fair shares: what is given to whom, by priority, then nearness, then earliness, as one cheapest flow. A
 * request's quantity runs from its week and data level either into the free capacity of its own region or, at a cost,
 * into that of any; upwards through the data levels, for an offer takes what is less sensitive than it may take.
 *
 * One cost stands for the three in their order. A flow is the cheapest where no cycle of arcs lowers the cost, and on a
 * cycle without a node twice at most one week is exchanged for another and fewer units than nodes are moved: so weights
 * beyond these sums let none outweigh the one before it (Ahuja, Magnanti, Orlin, "Network Flows", 1993, theorem 3.8). */
#include "capacity/plan_parts.h"

#include "base/arena.h"
#include "capacity/mincost_check.h"

#include <stdlib.h>

enum { SOURCE, SINK, FIRST_SITE, FIRST_REQUEST = FIRST_SITE + PLAN_SITES };

struct PlanMove {
    PlanRound *round;
    MinCost *net;
    int64_t cell_node; /* own, then offered, then the nation's; each by site, week, level */
    int64_t site_arc, request_arc, slot_arc, own_arc;
    int64_t *from, *to;     /* [arcs], for the proof */
    int64_t *bounds, *cost; /* [2 * arcs], [arcs] */
    int64_t arcs;
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

static Status set(PlanMove *m, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                  Error *e) {
    m->from[arc] = from;
    m->to[arc] = to;
    m->bounds[2 * arc] = lower;
    m->bounds[2 * arc + 1] = upper;
    m->cost[arc] = cost;
    return mincost_set_arc(m->net, arc, from, to, lower, upper, cost, e);
}

static Status set_cell(PlanMove *m, int site, int64_t cell, int64_t away, Error *e) {
    int week = (int)(cell / PLAN_LEVELS), level = (int)(cell % PLAN_LEVELS) + 1;
    int64_t node = own_node(m, site, cell), up = level < PLAN_LEVELS ? MINCOST_UNLIMITED : 0;
    int64_t free = *plan_cell(m->round, site, week, level);
    Status s = set(m, own_arc(m, site, cell, OWN_UP), node, node + (level < PLAN_LEVELS), 0, up, 0, e);
    if (s == STATUS_OK) s = set(m, own_arc(m, site, cell, OWN_HERE), node, offered_node(m, site, cell), 0, free, 0, e);
    if (s == STATUS_OK)
        s = set(m, own_arc(m, site, cell, OWN_AWAY), node, nation_node(m, cell), 0, MINCOST_UNLIMITED, away, e);
    if (s == STATUS_OK) s = set(m, offered_arc(m, site, cell), offered_node(m, site, cell), SINK, 0, free, week, e);
    if (s == STATUS_OK)
        s = set(m, nation_arc(m, site, cell), nation_node(m, cell), offered_node(m, site, cell), 0, free, 0, e);
    if (s == STATUS_OK && !site)
        s = set(m, nation_up_arc(m, cell), nation_node(m, cell), nation_node(m, cell) + (level < PLAN_LEVELS), 0, up, 0,
                e);
    return s;
}

static Status build(PlanMove *m, Error *e) {
    PlanRound *r = m->round;
    const PlanInput *in = r->in;
    int64_t nodes = FIRST_REQUEST + in->request_count + (2 * PLAN_SITES + 1) * cells_of(r);
    int64_t away = r->weeks + 1, urgent = nodes * away + r->weeks + 1;
    m->cell_node = FIRST_REQUEST + in->request_count;
    m->site_arc = 1;
    m->request_arc = m->site_arc + PLAN_SITES;
    m->slot_arc = m->request_arc + in->request_count;
    m->own_arc = m->slot_arc + r->slot_count;
    m->arcs = nation_arc(m, PLAN_SITES, 0);
    m->from = memory_new((size_t)m->arcs * sizeof *m->from);
    m->to = memory_new((size_t)m->arcs * sizeof *m->to);
    m->bounds = memory_new((size_t)m->arcs * 2 * sizeof *m->bounds);
    m->cost = memory_new((size_t)m->arcs * sizeof *m->cost);
    Status s = mincost_new(&m->net, nodes, m->arcs, e);
    if (s == STATUS_OK) s = set(m, 0, SINK, SOURCE, 0, MINCOST_UNLIMITED, 0, e);
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        s = set(m, m->site_arc + site, SOURCE, FIRST_SITE + site, 0, 0, 0, e);
        for (int64_t cell = 0; s == STATUS_OK && cell < cells_of(r); cell++) {
            s = set_cell(m, site, cell, away, e);
        }
    }
    for (int i = 0; s == STATUS_OK && i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        s = set(m, m->request_arc + i, FIRST_SITE + q->site, FIRST_REQUEST + i, 0, 0, -q->priority * urgent, e);
    }
    for (int i = 0; s == STATUS_OK && i < r->slot_count; i++) {
        const PlanSlot *slot = &r->slots[i];
        const PlanRequest *q = &in->requests[slot->request];
        int64_t cell = (int64_t)slot->week * PLAN_LEVELS + q->level - 1;
        s = set(m, m->slot_arc + i, FIRST_REQUEST + slot->request, own_node(m, q->site, cell), 0, slot->most, 0, e);
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
    free(m->from);
    free(m->to);
    free(m->bounds);
    free(m->cost);
    free(m);
}

static Status set_bounds(PlanMove *m, int64_t arc, int64_t lower, int64_t upper, Error *e) {
    m->bounds[2 * arc] = lower;
    m->bounds[2 * arc + 1] = upper;
    return mincost_set_bounds(m->net, arc, lower, upper, e);
}

Status plan_move_solve(PlanMove *m, bool *feasible, Error *e) {
    PlanRound *r = m->round;
    MinCostOutcome outcome = MINCOST_UNSOLVED;
    Status s = STATUS_OK;
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        s = set_bounds(m, m->site_arc + site, r->shares[site].got, r->shares[site].got, e);
    }
    for (int i = 0; s == STATUS_OK && i < r->in->request_count; i++) {
        s = set_bounds(m, m->request_arc + i, r->forced[i] && r->wish[i] ? r->least[i] : 0, r->wish[i], e);
    }
    if (s == STATUS_OK) s = plan_solve(r, m->net, &outcome, e);
    *feasible = s == STATUS_OK && outcome == MINCOST_OPTIMAL;
    for (int i = 0; *feasible && i < r->slot_count; i++) {
        r->given[i] = mincost_flow(m->net, m->slot_arc + i);
    }
    return s;
}

bool plan_move_proved(PlanMove *m) {
    MinCostCheck *check;
    int64_t nodes = mincost_nodes(m->net);
    int64_t *potential = memory_new((size_t)nodes * sizeof *potential);
    bool proved = false;
    for (int64_t i = 0; i < nodes; i++) {
        potential[i] = mincost_potential(m->net, i);
    }
    if (mincost_check_new(&check, nodes, potential, NULL) == STATUS_OK) {
        for (int64_t i = 0; i < m->arcs; i++) {
            mincost_check_arc(check, m->from[i], m->to[i], m->bounds[2 * i], m->bounds[2 * i + 1], m->cost[i],
                              mincost_flow(m->net, i));
        }
        proved = mincost_check_end(check).verdict == CHECK_OPTIMAL;
    }
    free(potential);
    return proved;
}

/* --- who gives what to whom ---------------------------------------------------------------------------------------- */

/* A part of a request on its way to an offer. Queues are first in, first out. */
typedef struct Part {
    int request;
    int64_t quantity;
} Part;

typedef struct Queue {
    Part *parts;
    int first, count, room;
} Queue;

static void put(Queue *q, int request, int64_t quantity) {
    if (quantity <= 0) return;
    if (q->count == q->room) {
        q->room = q->room ? q->room * 2 : 16;
        q->parts = memory_grow(q->parts, (size_t)q->room, sizeof *q->parts);
    }
    q->parts[q->count++] = (Part){request, quantity};
}

/* Takes some of the quantity off the queue's head; 0 where it is empty. */
static int64_t take(Queue *q, int64_t most, int *request) {
    if (q->first == q->count || most <= 0) return 0;
    Part *p = &q->parts[q->first];
    int64_t got = p->quantity < most ? p->quantity : most;
    *request = p->request;
    if (!(p->quantity -= got)) q->first++;
    return got;
}

static void pass_on(Queue *from, Queue *to, int64_t quantity) {
    int request;
    for (int64_t got; (got = take(from, quantity, &request)); quantity -= got) {
        put(to, request, got);
    }
}

typedef struct Grants {
    PlanGrant *list;
    int count, room;
} Grants;

/* Of a cell's offers, in their order, to the parts in theirs. */
static void serve(PlanRound *r, int site, int week, int level, Queue *parts, Grants *out) {
    const PlanInput *in = r->in;
    for (int i = 0; i < in->offer_count && parts->first < parts->count; i++) {
        const PlanOffer *o = &in->offers[i];
        int64_t *free = &r->free[(int64_t)i * r->weeks + week], got;
        int request;
        if (o->site != site || o->level != level) continue;
        while ((got = take(parts, *free, &request))) {
            *free -= got;
            if (out->count == out->room) {
                out->room = out->room ? out->room * 2 : 256;
                out->list = memory_grow(out->list, (size_t)out->room, sizeof *out->list);
            }
            out->list[out->count++] = (PlanGrant){request, i, in->first + week, got};
        }
    }
}

static int by_request(const void *a, const void *b) {
    const PlanGrant *x = a, *y = b;
    if (x->request != y->request) return x->request < y->request ? -1 : 1;
    if (x->offer != y->offer) return x->offer < y->offer ? -1 : 1;
    return (x->week > y->week) - (x->week < y->week);
}

typedef struct WeekQueues {
    Queue own[PLAN_SITES], nation, here[PLAN_SITES];
} WeekQueues;

static void serve_level(PlanMove *m, WeekQueues *w, int64_t cell, Grants *out) {
    int week = (int)(cell / PLAN_LEVELS), level = (int)(cell % PLAN_LEVELS) + 1;
    for (int site = 0; site < PLAN_SITES; site++) {
        pass_on(&w->own[site], &w->here[site], mincost_flow(m->net, own_arc(m, site, cell, OWN_HERE)));
        pass_on(&w->own[site], &w->nation, mincost_flow(m->net, own_arc(m, site, cell, OWN_AWAY)));
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        pass_on(&w->nation, &w->here[site], mincost_flow(m->net, nation_arc(m, site, cell)));
        serve(m->round, site, week, level, &w->here[site], out);
    }
}

static int compare_slots(const void *a, const void *b) {
    const PlanSlot *x = a, *y = b;
    if (x->week != y->week) return x->week < y->week ? -1 : 1;
    return (x->request > y->request) - (x->request < y->request);
}

Status plan_move_grants(PlanMove *m, Plan *plan, Error *e) {
    PlanRound *r = m->round;
    const PlanInput *in = r->in;
    Grants out = {0};
    int given = 0, at = 0;
    PlanSlot *slots = arena_array(r->arena, (size_t)r->slot_count, sizeof *slots);
    (void)e;
    for (int i = 0; i < r->slot_count; i++) {
        if (r->given[i]) slots[given++] = (PlanSlot){r->slots[i].request, r->slots[i].week, r->given[i]};
    }
    if (given) qsort(slots, (size_t)given, sizeof *slots, compare_slots);
    while (at < given) {
        int week = slots[at].week, end = at;
        WeekQueues w = {0};
        while (end < given && slots[end].week == week) {
            end++;
        }
        for (int level = 1; level <= PLAN_LEVELS; level++) {
            for (int i = at; i < end; i++) {
                const PlanRequest *q = &in->requests[slots[i].request];
                if (q->level == level) put(&w.own[q->site], slots[i].request, slots[i].most);
            }
            serve_level(m, &w, (int64_t)week * PLAN_LEVELS + level - 1, &out);
        }
        for (int site = 0; site < PLAN_SITES; site++) {
            free(w.own[site].parts);
            free(w.here[site].parts);
        }
        free(w.nation.parts);
        at = end;
    }
    if (out.count) qsort(out.list, (size_t)out.count, sizeof *out.list, by_request);
    plan->grants = arena_array(r->arena, (size_t)out.count, sizeof *plan->grants);
    plan->grant_count = 0;
    for (int i = 0; i < out.count; i++) {
        PlanGrant *last = plan->grant_count ? &plan->grants[plan->grant_count - 1] : NULL;
        if (last && !by_request(last, &out.list[i])) last->quantity += out.list[i].quantity;
        else plan->grants[plan->grant_count++] = out.list[i];
    }
    free(out.list);
    return STATUS_OK;
}
