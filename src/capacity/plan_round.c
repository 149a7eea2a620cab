/* A plan's input in units: what is free where and when, what each request may have in each week. */
#include "capacity/plan_parts.h"

#include "base/intl.h"

#include <string.h>

static Status check_input(const PlanInput *in, Error *e) {
    int64_t asked = 0;
    if (in->first > in->last || in->last - in->first >= PLAN_WEEKS_MOST)
        return error_set(e, STATUS_USAGE, NULL, _("a plan is for 1 to %d weeks"), PLAN_WEEKS_MOST);
    for (int i = 0; i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        bool known = q->site >= 0 && q->site < PLAN_SITES && q->level >= 1 && q->level <= PLAN_LEVELS &&
                     q->priority >= 1 && q->priority <= PLAN_PRIORITY_MOST;
        if (!known || q->missing < 0 || q->missing > PLAN_QUANTITY_MOST || q->smallest < 0 || q->weekly_most < 0)
            return error_set(e, STATUS_USAGE, NULL, _("request %d of the plan makes no sense"), i + 1);
        if ((asked += q->missing) > PLAN_ASKED_MOST)
            return error_set(e, STATUS_USAGE, NULL, _("the requests of the plan ask for too much: plan fewer weeks"));
    }
    for (int i = 0; i < in->offer_count; i++) {
        const PlanOffer *o = &in->offers[i];
        bool known = o->site >= 0 && o->site < PLAN_SITES && o->level >= 1 && o->level <= PLAN_LEVELS;
        if (!known || o->lendable < 0 || o->lendable > PLAN_QUANTITY_MOST)
            return error_set(e, STATUS_USAGE, NULL, _("offer %d of the plan makes no sense"), i + 1);
    }
    return STATUS_OK;
}

static int later(int a, int b) {
    return a > b ? a : b;
}

static int earlier(int a, int b) {
    return a < b ? a : b;
}

static int64_t booked_in(const WeekQuantity *list, int count, int week) {
    for (int i = 0; i < count; i++) {
        if (list[i].week == week) return list[i].quantity;
    }
    return 0;
}

/* Adds up what of the offers is free, a cell for each site, week and level. */
static void add_offers(PlanRound *r) {
    const PlanInput *in = r->in;
    for (int i = 0; i < in->offer_count; i++) {
        const PlanOffer *o = &in->offers[i];
        for (int week = later(o->first, in->first); week <= earlier(o->last, in->last); week++) {
            int64_t free = o->lendable - booked_in(o->booked, o->booked_count, week);
            if (free < in->unit) continue;
            r->free[(int64_t)i * r->weeks + week - in->first] = free / in->unit;
            *plan_cell(r, o->site, week - in->first, o->level) += free / in->unit;
        }
    }
}

/* By week and level: what is free of all sites for that level's data. */
int64_t *plan_free_from_level(const PlanRound *r) {
    int64_t *from = arena_array(r->arena, (size_t)r->weeks * PLAN_LEVELS, sizeof *from);
    for (int week = 0; week < r->weeks; week++) {
        int64_t sum = 0;
        for (int level = PLAN_LEVELS; level >= 1; level--) {
            for (int site = 0; site < PLAN_SITES; site++) {
                sum += *plan_cell(r, site, week, level);
            }
            from[week * PLAN_LEVELS + level - 1] = sum;
        }
    }
    return from;
}

/* What a request may get in a week at most, in units. */
static int64_t room_in(const PlanRound *r, int request, int week, int64_t free) {
    const PlanRequest *q = &r->in->requests[request];
    int64_t most = r->wish[request];
    if (q->weekly_most) {
        int64_t room = (q->weekly_most - booked_in(q->booked, q->booked_count, week)) / r->in->unit;
        if (room < most) most = room;
    }
    if (free < most) most = free;
    return most > 0 ? most : 0;
}

static void add_slots(PlanRound *r) {
    const PlanInput *in = r->in;
    const int64_t *from = plan_free_from_level(r);
    size_t room = 0;
    for (int i = 0; i < in->request_count; i++) {
        int weeks = earlier(in->requests[i].last, in->last) - later(in->requests[i].first, in->first) + 1;
        if (weeks > 0) room += (size_t)weeks;
    }
    r->slots = arena_array(r->arena, room, sizeof *r->slots);
    for (int i = 0; i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        r->slot_at[i] = r->slot_count;
        for (int week = later(q->first, in->first); week <= earlier(q->last, in->last); week++) {
            int at = week - in->first;
            int64_t most = room_in(r, i, week, from[at * PLAN_LEVELS + q->level - 1]);
            if (most) r->slots[r->slot_count++] = (PlanSlot){i, at, most};
        }
    }
    r->slot_at[in->request_count] = r->slot_count;
}

Status plan_round_begin(PlanRound *r, Error *e) {
    const PlanInput *in = r->in;
    size_t requests = (size_t)in->request_count;
    Status s = check_input(in, e);
    if (s != STATUS_OK) return s;
    r->weeks = in->last - in->first + 1;
    r->wish = arena_array(r->arena, requests, sizeof *r->wish);
    r->least = arena_array(r->arena, requests, sizeof *r->least);
    r->stand = arena_array(r->arena, requests, sizeof *r->stand);
    r->slot_at = arena_array(r->arena, requests + 1, sizeof *r->slot_at);
    r->free = arena_array(r->arena, (size_t)in->offer_count * (size_t)r->weeks, sizeof *r->free);
    r->cells = arena_array(r->arena, (size_t)PLAN_SITES * (size_t)r->weeks * PLAN_LEVELS, sizeof *r->cells);
    for (int i = 0; i < in->request_count; i++) {
        r->wish[i] = in->requests[i].missing / in->unit;
        r->least[i] = (in->requests[i].smallest + in->unit - 1) / in->unit;
    }
    add_offers(r);
    add_slots(r);
    r->given = arena_array(r->arena, (size_t)r->slot_count, sizeof *r->given);
    for (int site = 0; site < PLAN_SITES; site++) {
        r->shares[site].from_level = arena_array(r->arena, (size_t)r->weeks, sizeof(int));
    }
    return STATUS_OK;
}

static bool watch(void *context, int64_t pivots) {
    PlanRound *r = context;
    (void)pivots;
    return !r->watch || !r->watch->call || r->watch->call(r->watch->context, r->percent < 99 ? r->percent : 99);
}

/* What a block of arcs that is looked through for a pivot has, about. */
static int64_t block_of(int64_t arcs) {
    int64_t block = 16;
    while (block * block < arcs) {
        block *= 2;
    }
    return block;
}

Status plan_solve(PlanRound *r, MinCost *net, MinCostOutcome *outcome, Error *e) {
    enum { NS_ARC = 3, NS_PIVOT = 150, NS_BLOCK = 2 };
    const MinCostWatch w = {watch, r};
    Status s = mincost_solve(net, &w, outcome, e);
    int64_t pivots = mincost_pivots(net), arcs = mincost_arcs(net);
    r->pivots += pivots;
    r->work += NS_ARC * arcs + pivots * (NS_PIVOT + NS_BLOCK * block_of(arcs));
    return s;
}

int64_t plan_given(const PlanRound *r, int request) {
    int64_t sum = 0;
    for (int i = r->slot_at[request]; i < r->slot_at[request + 1]; i++) {
        sum += r->given[i];
    }
    return sum;
}
