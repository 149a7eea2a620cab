/* Who gives what to whom: the flow between cells of regions, weeks and levels taken apart into grants, request by request
 * and offer by offer in their order. */
#include "capacity/plan_parts.h"

#include <stdlib.h>

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

static void serve_level(PlanRound *r, const PlanMove *m, WeekQueues *w, int64_t cell, Grants *out) {
    int week = (int)(cell / PLAN_LEVELS), level = (int)(cell % PLAN_LEVELS) + 1;
    for (int site = 0; site < PLAN_SITES; site++) {
        pass_on(&w->own[site], &w->here[site], plan_move_flow(m, ROUTE_HERE, site, cell));
        pass_on(&w->own[site], &w->nation, plan_move_flow(m, ROUTE_AWAY, site, cell));
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        pass_on(&w->nation, &w->here[site], plan_move_flow(m, ROUTE_NATION, site, cell));
        serve(r, site, week, level, &w->here[site], out);
    }
}

static int compare_slots(const void *a, const void *b) {
    const PlanSlot *x = a, *y = b;
    if (x->week != y->week) return x->week < y->week ? -1 : 1;
    return (x->request > y->request) - (x->request < y->request);
}

void plan_grants(PlanRound *r, const PlanMove *m, Plan *plan) {
    const PlanInput *in = r->in;
    Grants out = {0};
    int given = 0, at = 0;
    PlanSlot *slots = arena_array(r->arena, (size_t)r->slot_count, sizeof *slots);
    for (int i = 0; i < r->slot_count; i++) {
        int64_t quantity = plan_move_given(m, i);
        if (quantity) slots[given++] = (PlanSlot){r->slots[i].request, r->slots[i].week, quantity};
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
            serve_level(r, m, &w, (int64_t)week * PLAN_LEVELS + level - 1, &out);
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
}
