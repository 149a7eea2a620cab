/* A plan from its parts: the round in units, the fair shares, who is left out for its smallest quantity, the flow within
 * the shares, and what each request is told. */
#include "capacity/plan_parts.h"

const char *const plan_reason_words[] = {
    [PLAN_ALL] = "all",   [PLAN_NO_OFFER] = "no_offer", [PLAN_WEEKLY_MOST] = "weekly_most",
    [PLAN_FULL] = "full", [PLAN_SMALLEST] = "smallest",
};
_Static_assert(sizeof plan_reason_words / sizeof *plan_reason_words == PLAN_SMALLEST + 1, "each reason has its word");

const char *const plan_proof_words[] = {
    [PLAN_PROVED] = "proved", [PLAN_FAIR] = "fair", [PLAN_RESTRICTED] = "restricted"};
_Static_assert(sizeof plan_proof_words / sizeof *plan_proof_words == PLAN_RESTRICTED + 1, "each proof has its word");

/* --- what each is told --------------------------------------------------------------------------------------------- */

static PlanReason reason_of(const PlanInput *in, const Plan *plan, int request) {
    const PlanRequest *q = &in->requests[request];
    int weeks[PLAN_WEEK_STATES] = {0};
    for (int week = q->first > in->first ? q->first : in->first; week <= q->last && week <= in->last; week++) {
        weeks[plan_week(in, plan, request, week)]++;
    }
    if (weeks[PLAN_WEEK_FULL] || weeks[PLAN_WEEK_TAKEN]) return PLAN_FULL;
    return weeks[PLAN_WEEK_OWN] ? PLAN_WEEKLY_MOST : PLAN_NO_OFFER;
}

/* By week and level: what there was, and what is left. */
static void add_supply(PlanRound *r, Plan *plan) {
    const PlanInput *in = r->in;
    plan->supply_count = r->weeks * PLAN_LEVELS;
    plan->supply = arena_array(r->arena, (size_t)plan->supply_count, sizeof *plan->supply);
    for (int i = 0; i < in->offer_count; i++) {
        const PlanOffer *o = &in->offers[i];
        for (int week = 0; week < r->weeks; week++) {
            if (o->first > in->first + week || o->last < in->first + week) continue;
            for (int level = 1; level <= o->level; level++) {
                PlanSupply *s = &plan->supply[week * PLAN_LEVELS + level - 1];
                s->offers++;
                s->lendable += o->lendable / in->unit;
                s->left += r->free[(int64_t)i * r->weeks + week];
            }
        }
    }
    for (int i = 0; i < plan->supply_count; i++) {
        plan->supply[i].free = plan->supply[i].left;
    }
    for (int i = 0; i < plan->grant_count; i++) {
        const PlanGrant *g = &plan->grants[i];
        for (int level = 1; level <= in->offers[g->offer].level; level++) {
            plan->supply[(g->week - in->first) * PLAN_LEVELS + level - 1].free += g->quantity;
        }
    }
}

/* Of what is full by a region's witness, who else gets something. */
static void add_sharing(const PlanInput *in, Plan *plan, const PlanGrant *g) {
    const unsigned bit = 1u << in->requests[g->request].site;
    for (int site = 0; site < PLAN_SITES; site++) {
        PlanShare *share = &plan->shares[site];
        if (bit == 1u << site || !(share->tight & bit)) continue;
        if (in->offers[g->offer].level >= share->from_level[g->week - in->first]) share->with |= bit;
    }
}

/* From units to quantities, summed up from what is granted; and what each request is told. */
static void tell(PlanRound *r, Plan *plan) {
    const PlanInput *in = r->in;
    const int64_t unit = in->unit;
    add_supply(r, plan);
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
        add_sharing(in, plan, g);
    }
    for (int i = 0; i < in->request_count; i++) {
        PlanAnswer *a = &plan->answers[i];
        bool out = r->stand[i] == STAND_OUT;
        a->then *= unit;
        if (out || a->got + unit <= in->requests[i].missing) a->reason = out ? PLAN_SMALLEST : reason_of(in, plan, i);
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
    plan->remedies = arena_array(arena, (size_t)in->request_count, sizeof *plan->remedies);
    if (s == STATUS_OK) s = plan_fair_new(&r, &fair, e);
    if (s == STATUS_OK) s = plan_move_new(&r, &move, e);
    if (s == STATUS_OK) s = plan_search(&r, fair, move, plan, e);
    if (s == STATUS_OK) {
        plan_move_prices(move, plan);
        plan_grants(&r, move, plan);
        tell(&r, plan);
    }
    plan->pivots = r.pivots;
    plan->work = r.work;
    plan_fair_free(fair);
    plan_move_free(move);
    return s;
}
