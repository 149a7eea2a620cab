/* Checking that priority, nearness and earliness are the best for the shares: by prices (see plan_check.h). */
#include "base/intl.h"
#include "capacity/plan_checker.h"

/* Costs and prices, in the order in which they count: priority (less than nothing: serving is what is wanted), moving,
 * weeks. */
typedef struct Cost {
    Wide priority, moved, weeks;
} Cost;

static const Cost none;

static Cost cost_of(PlanPrice p) {
    return (Cost){p.priority, p.moved, p.weeks};
}

static Cost sum_of(Cost a, Cost b) {
    return (Cost){a.priority + b.priority, a.moved + b.moved, a.weeks + b.weeks};
}

static bool is_below(Cost a, Cost b) {
    if (a.priority != b.priority) return a.priority < b.priority;
    return a.moved != b.moved ? a.moved < b.moved : a.weeks < b.weeks;
}

/* *sum -= price * quantity */
static void pay(Cost *sum, Cost price, int64_t quantity) {
    sum->priority -= price.priority * quantity;
    sum->moved -= price.moved * quantity;
    sum->weeks -= price.weeks * quantity;
}

/* What a unit costs at the least in a week, of offers that take a level: with the week, the way and the offer's price. */
typedef struct Cheapest {
    bool any;
    Cost cost;
} Cheapest;

static void lower(Cheapest *c, Cost cost) {
    if (!c->any || is_below(cost, c->cost)) *c = (Cheapest){true, cost};
}

/* [weeks * PLAN_LEVELS * (PLAN_SITES + 1)]: of a site's own offers, and of any, which then is away. */
static Cheapest *cheapest(const Cheapest *list, int week, int level, int site) {
    return (Cheapest *)&list[((int64_t)week * PLAN_LEVELS + level - 1) * (PLAN_SITES + 1) + site];
}

static Cheapest *find_cheapest(PlanChecker *c, Cost *bound) {
    const PlanInput *in = c->in;
    Cheapest *list = arena_array(&c->arena, (size_t)c->weeks * PLAN_LEVELS * (PLAN_SITES + 1), sizeof *list);
    for (int i = 0; i < in->offer_count; i++) {
        const PlanOffer *o = &in->offers[i];
        for (int week = 0; week < c->weeks; week++) {
            int64_t free = plan_check_free(o, in->first + week) / in->unit;
            Cost price = cost_of(c->plan->offer_price[(int64_t)i * c->weeks + week]), unit = {0, 0, week};
            if (!free) continue;
            if (is_below(price, none)) price = none;
            pay(bound, price, free);
            unit = sum_of(unit, price);
            for (int level = 1; level <= o->level; level++) {
                lower(cheapest(list, week, level, o->site), unit);
                lower(cheapest(list, week, level, PLAN_SITES), sum_of(unit, (Cost){0, 1, 0}));
            }
        }
    }
    return list;
}

static void pay_request(PlanChecker *c, const Cheapest *list, int request, Cost *bound) {
    const PlanInput *in = c->in;
    const PlanRequest *q = &in->requests[request];
    Cost price = cost_of(c->plan->request_price[request]), share = cost_of(c->plan->share_price[q->site]);
    const Cost all = sum_of(sum_of(price, share), (Cost){-q->priority, 0, 0});
    if (c->plan->answers[request].reason == PLAN_SMALLEST) return;
    pay(bound, price, is_below(price, none) ? plan_check_held(c, request) : q->missing / in->unit);
    for (int week = q->first > in->first ? q->first : in->first; week <= q->last && week <= in->last; week++) {
        const Cheapest *own = cheapest(list, week - in->first, q->level, q->site),
                       *any = cheapest(list, week - in->first, q->level, PLAN_SITES);
        if (!any->any) continue;
        Cost least = sum_of(all, own->any && is_below(own->cost, any->cost) ? own->cost : any->cost);
        if (!is_below(least, none)) continue;
        pay(bound, (Cost){-least.priority, -least.moved, -least.weeks}, plan_check_room(c, request, week));
    }
}

/* The plan's own. */
static Cost cost_of_grants(const PlanChecker *c) {
    Cost sum = none;
    for (int i = 0; i < c->plan->grant_count; i++) {
        const PlanGrant *g = &c->plan->grants[i];
        const PlanRequest *q = &c->in->requests[g->request];
        bool away = q->site != c->in->offers[g->offer].site;
        pay(&sum, (Cost){q->priority, -away, -(g->week - c->in->first)}, g->quantity / c->in->unit);
    }
    return sum;
}

bool plan_check_prices(PlanChecker *c, PlanSums *bound) {
    const Cost got = cost_of_grants(c);
    const int64_t unit = c->in->unit;
    Cost least = none;
    const Cheapest *list = find_cheapest(c, &least);
    for (int i = 0; i < c->in->request_count; i++) {
        pay_request(c, list, i, &least);
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        pay(&least, cost_of(c->plan->share_price[site]), c->plan->shares[site].got / unit);
    }
    *bound = (PlanSums){.weighted = (int64_t)-least.priority * unit,
                        .moved = (int64_t)least.moved * unit,
                        .weeks = (int64_t)least.weeks * unit};
    const PlanSums *sums = &c->plan->sums;
    if (sums->weighted != (int64_t)-got.priority * unit || sums->moved != (int64_t)got.moved * unit ||
        sums->weeks != (int64_t)got.weeks * unit)
        return plan_check_fault(c, _("the plan's sums are not those of what it gives"));
    if (got.priority != least.priority) return plan_check_fault(c, _("more could be served by priority"));
    if (got.moved != least.moved) return plan_check_fault(c, _("less could be moved between regions"));
    if (got.weeks != least.weeks) return plan_check_fault(c, _("it could be earlier"));
    return true;
}
