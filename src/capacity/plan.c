/* A plan from its parts: the round in units, the fair shares, who is left out for its smallest quantity, the flow within
 * the shares, and what each request is told. */
#include "capacity/plan_parts.h"

#include <string.h>

static int later(int a, int b) {
    return a > b ? a : b;
}

static int earlier(int a, int b) {
    return a < b ? a : b;
}

/* --- what each is told --------------------------------------------------------------------------------------------- */

static bool takes_it(const PlanOffer *o, const PlanRequest *q, int week) {
    return o->level >= q->level && o->first <= week && o->last >= week && o->lendable > 0;
}

static void explain(const PlanRound *r, const int64_t *left, int request, PlanAnswer *a) {
    const PlanInput *in = r->in;
    const PlanRequest *q = &in->requests[request];
    bool offered = false, room = false, out = r->stand[request] == STAND_OUT;
    if (a->got + in->unit > q->missing && !out) return;
    for (int week = later(q->first, in->first); week <= earlier(q->last, in->last); week++) {
        bool taken = false;
        for (int i = 0; i < in->offer_count && !taken; i++) {
            taken = takes_it(&in->offers[i], q, week);
        }
        if (!taken) continue;
        offered = true;
        if (left[(week - in->first) * PLAN_LEVELS + q->level - 1]) {
            room = true;
            continue;
        }
        if (!a->full_first) a->full_first = week;
        a->full_last = week;
    }
    a->reason = out ? PLAN_SMALLEST : !offered ? PLAN_NO_OFFER : room ? PLAN_WEEKLY_MOST : PLAN_FULL;
    a->could = a->got;
}

/* What is free now is what the grants left. */
static const int64_t *left_free(PlanRound *r) {
    const PlanInput *in = r->in;
    memset(r->cells, 0, (size_t)PLAN_SITES * (size_t)r->weeks * PLAN_LEVELS * sizeof *r->cells);
    for (int i = 0; i < in->offer_count; i++) {
        for (int week = 0; week < r->weeks; week++) {
            *plan_cell(r, in->offers[i].site, week, in->offers[i].level) += r->free[(int64_t)i * r->weeks + week];
        }
    }
    return plan_free_from_level(r);
}

/* From units to quantities, summed up from what is granted; and what each request is told. */
static void tell(PlanRound *r, Plan *plan) {
    const PlanInput *in = r->in;
    const int64_t unit = in->unit, *left = left_free(r);
    plan->held = arena_array(r->arena, (size_t)in->request_count, sizeof *plan->held);
    for (int i = 0; i < plan->grant_count; i++) {
        PlanGrant *g = &plan->grants[i];
        const PlanRequest *q = &in->requests[g->request];
        g->quantity *= unit;
        plan->answers[g->request].got += g->quantity;
        plan->served += g->quantity;
        plan->sums.weighted += q->priority * g->quantity;
        plan->sums.weeks += (g->week - in->first) * g->quantity;
        if (q->site != in->offers[g->offer].site) plan->sums.moved += g->quantity;
    }
    for (int i = 0; i < in->request_count; i++) {
        PlanAnswer *a = &plan->answers[i];
        a->then *= unit;
        explain(r, left, i, a);
        plan->held[i] = r->stand[i] == STAND_HELD;
        plan->left_out += r->stand[i] == STAND_OUT;
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        plan->shares[site].asked *= unit;
        plan->shares[site].got *= unit;
        plan->relaxed[site] *= unit;
    }
}

Status plan_compute(Arena *arena, const PlanInput *in, const PlanWatch *w, Plan *plan, Error *e) {
    PlanFair *fair = NULL;
    PlanMove *move = NULL;
    *plan = (Plan){0};
    PlanRound r = {.in = in, .arena = arena, .watch = w, .shares = plan->shares};
    Status s = plan_round_begin(&r, e);
    plan->answers = arena_array(arena, (size_t)in->request_count, sizeof *plan->answers);
    if (s == STATUS_OK) s = plan_fair_new(&r, &fair, e);
    if (s == STATUS_OK) s = plan_move_new(&r, &move, e);
    if (s == STATUS_OK) s = plan_search(&r, fair, move, plan, e);
    if (s == STATUS_OK) {
        plan_move_prices(move, plan);
        plan_grants(&r, move, plan);
        tell(&r, plan);
    }
    plan->pivots = r.pivots;
    plan_fair_free(fair);
    plan_move_free(move);
    return s;
}
