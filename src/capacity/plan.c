/* A plan from its parts: the round in units, the fair shares, the flow within them, smallest useful quantities, and what
 * each request is told. */
#include "capacity/plan_parts.h"

#include "base/intl.h"

#include <string.h>

/* How often requests below their smallest are tried with it before all of these are left out, and how many at a time. */
enum { TRIES_MOST = 6, TRIED_MOST = 24 };

/* --- the round ---------------------------------------------------------------------------------------------------- */

static Status check_input(const PlanInput *in, Error *e) {
    if (in->first > in->last || in->last - in->first >= PLAN_WEEKS_MOST)
        return error_set(e, STATUS_USAGE, NULL, _("a plan is for 1 to %d weeks"), PLAN_WEEKS_MOST);
    for (int i = 0; i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        bool known = q->site >= 0 && q->site < PLAN_SITES && q->level >= 1 && q->level <= PLAN_LEVELS &&
                     q->priority >= 1 && q->priority <= PLAN_PRIORITY_MOST;
        if (!known || q->missing < 0 || q->missing > PLAN_QUANTITY_MOST || q->smallest < 0 || q->weekly_most < 0)
            return error_set(e, STATUS_USAGE, NULL, _("request %d of the plan makes no sense"), i + 1);
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
static int64_t *free_from_level(const PlanRound *r) {
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
    const int64_t *from = free_from_level(r);
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

static void begin_round(PlanRound *r, const PlanInput *in) {
    size_t requests = (size_t)in->request_count;
    r->weeks = in->last - in->first + 1;
    r->wish = arena_array(r->arena, requests, sizeof *r->wish);
    r->least = arena_array(r->arena, requests, sizeof *r->least);
    r->forced = arena_array(r->arena, requests, sizeof *r->forced);
    r->left_out = arena_array(r->arena, requests, sizeof *r->left_out);
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
}

static bool watch(void *context, int64_t pivots) {
    PlanRound *r = context;
    (void)pivots;
    return !r->watch || !r->watch->call || r->watch->call(r->watch->context, r->percent < 99 ? r->percent : 99);
}

Status plan_solve(PlanRound *r, MinCost *net, MinCostOutcome *outcome, Error *e) {
    const MinCostWatch w = {watch, r};
    Status s = mincost_solve(net, &w, outcome, e);
    r->pivots += mincost_pivots(net);
    return s;
}

/* --- smallest useful quantities ------------------------------------------------------------------------------------ */

static int64_t given_to(const PlanRound *r, int request) {
    int64_t sum = 0;
    for (int i = r->slot_at[request]; i < r->slot_at[request + 1]; i++) {
        sum += r->given[i];
    }
    return sum;
}

/* What is reached by the three wishes after fairness: more is better, less, less. */
typedef struct Reached {
    int64_t weighted, weeks;
} Reached;

static Reached reached(const PlanRound *r) {
    Reached now = {0};
    for (int i = 0; i < r->slot_count; i++) {
        now.weighted += r->given[i] * r->in->requests[r->slots[i].request].priority;
        now.weeks += r->given[i] * r->slots[i].week;
    }
    return now;
}

/* Gives each of those below its smallest at least that, where it can be within the shares; leaves out the others. */
static Status settle(PlanRound *r, PlanMove *m, int tries, bool *dropped, bool *settled, Error *e) {
    int below = 0;
    *dropped = false;
    for (int i = 0; i < r->in->request_count; i++) {
        int64_t got = given_to(r, i);
        below += got && got < r->least[i];
    }
    *settled = !below;
    bool all_out = tries > TRIES_MOST || below > TRIED_MOST;
    /* The most urgent first; of two alike, who asked first. */
    bool *mine = arena_array(r->arena, (size_t)r->in->request_count, sizeof *mine);
    for (int i = 0; i < r->in->request_count; i++) {
        int64_t got = given_to(r, i);
        mine[i] = got && got < r->least[i];
    }
    for (int priority = PLAN_PRIORITY_MOST; below && priority >= 1; priority--) {
        for (int i = 0; i < r->in->request_count; i++) {
            if (!mine[i] || r->in->requests[i].priority != priority) continue;
            bool feasible = false;
            r->forced[i] = true;
            Status s = all_out || r->least[i] > r->wish[i] ? STATUS_OK : plan_move_solve(m, &feasible, e);
            if (s != STATUS_OK) return s;
            if (feasible) continue;
            r->forced[i] = false;
            r->left_out[i] = true;
            r->wish[i] = 0;
            *dropped = true;
        }
    }
    return STATUS_OK;
}

static void forget_forced(PlanRound *r) {
    memset(r->forced, 0, (size_t)r->in->request_count * sizeof *r->forced);
}

static Status find_best(PlanRound *r, PlanMove *m, Plan *plan, Error *e) {
    bool feasible, settled = false, dropped = false, any_dropped = false;
    Reached best = {0};
    Status s = plan_fair(r, e);
    for (int site = 0; site < PLAN_SITES; site++) {
        plan->relaxed[site] = r->shares[site].got;
    }
    for (int tries = 0; s == STATUS_OK && !settled; tries++) {
        s = plan_move_solve(m, &feasible, e);
        if (s == STATUS_OK && !feasible) {
            forget_forced(r);
            s = plan_move_solve(m, &feasible, e);
        }
        if (s != STATUS_OK) return s;
        if (!feasible || !plan_move_proved(m))
            return error_set(e, STATUS_FAILED, NULL,
                             _("the plan could not be proved: this is a mistake of the program"));
        if (!tries) best = reached(r);
        s = settle(r, m, tries, &dropped, &settled, e);
        any_dropped = any_dropped || dropped;
        if (s == STATUS_OK && dropped) s = plan_fair(r, e);
        r->percent = earlier(95, r->percent + 3);
    }
    if (s != STATUS_OK) return s;
    Reached now = reached(r);
    bool fair = true, forced = false;
    for (int site = 0; site < PLAN_SITES; site++) {
        fair = fair && plan->relaxed[site] == r->shares[site].got;
    }
    for (int i = 0; i < r->in->request_count; i++) {
        forced = forced || r->forced[i];
    }
    plan->proof = !fair ? PLAN_RESTRICTED : !any_dropped && !forced ? PLAN_PROVED : PLAN_FAIR;
    plan->weighted = now.weighted;
    plan->weighted_bound = fair ? best.weighted : now.weighted;
    return s;
}

/* --- what each is told --------------------------------------------------------------------------------------------- */

static bool takes_it(const PlanOffer *o, const PlanRequest *q, int week) {
    return o->level >= q->level && o->first <= week && o->last >= week && o->lendable > 0;
}

static void explain(const PlanRound *r, const int64_t *left, int request, PlanAnswer *a) {
    const PlanInput *in = r->in;
    const PlanRequest *q = &in->requests[request];
    bool offered = false, room = false;
    a->got = given_to(r, request) * in->unit;
    if (a->got + in->unit > q->missing && !r->left_out[request]) return;
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
    a->reason = r->left_out[request] ? PLAN_SMALLEST : !offered ? PLAN_NO_OFFER : room ? PLAN_WEEKLY_MOST : PLAN_FULL;
    a->could = a->got;
}

static void tell(PlanRound *r, Plan *plan) {
    const PlanInput *in = r->in;
    /* What is free now is what the grants left. */
    memset(r->cells, 0, (size_t)PLAN_SITES * (size_t)r->weeks * PLAN_LEVELS * sizeof *r->cells);
    for (int i = 0; i < in->offer_count; i++) {
        for (int week = 0; week < r->weeks; week++) {
            *plan_cell(r, in->offers[i].site, week, in->offers[i].level) += r->free[(int64_t)i * r->weeks + week];
        }
    }
    const int64_t *left = free_from_level(r);
    plan->answers = arena_array(r->arena, (size_t)in->request_count, sizeof *plan->answers);
    for (int i = 0; i < in->request_count; i++) {
        explain(r, left, i, &plan->answers[i]);
        plan->served += plan->answers[i].got;
        plan->left_out += r->left_out[i];
    }
    for (int i = 0; i < plan->grant_count; i++) {
        PlanGrant *g = &plan->grants[i];
        g->quantity *= in->unit;
        if (in->requests[g->request].site != in->offers[g->offer].site) plan->moved += g->quantity;
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        plan->shares[site].asked *= in->unit;
        plan->shares[site].got *= in->unit;
        plan->relaxed[site] *= in->unit;
    }
    plan->weighted *= in->unit;
    plan->weighted_bound *= in->unit;
}

Status plan_compute(Arena *arena, const PlanInput *in, const PlanWatch *w, Plan *plan, Error *e) {
    PlanMove *m = NULL;
    *plan = (Plan){0};
    PlanRound r = {.in = in, .arena = arena, .watch = w, .shares = plan->shares};
    Status s = check_input(in, e);
    if (s != STATUS_OK) return s;
    begin_round(&r, in);
    s = plan_move_new(&r, &m, e);
    if (s == STATUS_OK) s = find_best(&r, m, plan, e);
    if (s == STATUS_OK) s = plan_move_grants(m, plan, e);
    if (s == STATUS_OK) tell(&r, plan);
    plan->pivots = r.pivots;
    plan_move_free(m);
    return s;
}
