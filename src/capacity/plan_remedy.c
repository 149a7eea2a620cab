/* Why a request gets no more, week by week, and what would give it all. */
#include "capacity/plan.h"

#include <string.h>

/* Plans made for one request, at the most, before the work that they take is looked at; and how often over what is
 * lacked may be added. */
enum { TRIES_MOST = 10, ONCE = 1000000, TIMES_MOST = 1000 };

/* What is more than is lacked is in whole pieces, from this on. */
enum { HUNDREDTH = 10, WHOLE = 1000, ROUND_FROM = 10 * WHOLE };

/* The first grant of a request or after it. */
static int first_grant(const Plan *plan, int request) {
    int low = 0, high = plan->grant_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (plan->grants[middle].request < request) low = middle + 1;
        else high = middle;
    }
    return low;
}

int64_t plan_granted(const Plan *plan, int request, int week) {
    int64_t sum = 0;
    for (int i = first_grant(plan, request); i < plan->grant_count && plan->grants[i].request == request; i++) {
        if (plan->grants[i].week == week) sum += plan->grants[i].quantity;
    }
    return sum;
}

static int64_t quantity_in(const WeekQuantity *weeks, int count, int week) {
    for (int i = 0; i < count; i++) {
        if (weeks[i].week == week) return weeks[i].quantity;
    }
    return 0;
}

static int64_t booked_in(const PlanRequest *q, int week) {
    return quantity_in(q->booked, q->booked_count, week);
}

/* What a bound a week lets it have beside what it has, of the plan too where there is one. */
static int64_t headroom(const PlanInput *in, const Plan *plan, int request, int week, int64_t weekly_most) {
    const PlanRequest *q = &in->requests[request];
    if (!weekly_most) return INT64_MAX;
    int64_t room = weekly_most - booked_in(q, week) - (plan ? plan_granted(plan, request, week) : 0);
    return room > 0 ? room / in->unit * in->unit : 0;
}

PlanWeek plan_week(const PlanInput *in, const Plan *plan, int request, int week) {
    const PlanRequest *q = &in->requests[request];
    const int at = (week - in->first) * PLAN_LEVELS;
    if (at < 0 || at + PLAN_LEVELS > plan->supply_count || q->level < 1 || q->level > PLAN_LEVELS)
        return PLAN_WEEK_NOTHING;
    const PlanSupply *any = &plan->supply[at], *s = any + q->level - 1;
    if (!s->offers) return any->offers ? PLAN_WEEK_LEVEL : PLAN_WEEK_NOTHING;
    if (!s->lendable) return PLAN_WEEK_KEPT;
    if (s->left) return headroom(in, plan, request, week, q->weekly_most) ? PLAN_WEEK_OPEN : PLAN_WEEK_OWN;
    return s->free ? PLAN_WEEK_FULL : PLAN_WEEK_TAKEN;
}

int plan_direct(const PlanInput *in, int request) {
    const PlanRequest *q = &in->requests[request];
    int first = q->first > in->first ? q->first : in->first, last = q->last < in->last ? q->last : in->last;
    for (int i = 0; i < in->offer_count; i++) {
        const PlanOffer *o = &in->offers[i];
        int64_t sum = 0;
        for (int week = first; o->level >= q->level && week <= last; week++) {
            if (week < o->first || week > o->last) continue;
            int64_t room = headroom(in, NULL, request, week, q->weekly_most);
            int64_t left = (o->lendable - quantity_in(o->booked, o->booked_count, week)) / in->unit * in->unit;
            if (left > 0) sum += left < room ? left : room;
        }
        if (sum >= q->missing) return i;
    }
    return -1;
}

/* --- what would give it all ---------------------------------------------------------------------------------------- */

PlanInput plan_with(Arena *arena, const PlanInput *in, int request, const PlanRemedy *remedy) {
    PlanInput with = *in;
    const PlanRequest *q = &in->requests[request];
    if (remedy->weekly_most) {
        PlanRequest *requests = arena_array(arena, (size_t)in->request_count, sizeof *requests);
        memcpy(requests, in->requests, (size_t)in->request_count * sizeof *requests);
        requests[request].weekly_most = remedy->weekly_most;
        with.requests = requests;
    }
    if (remedy->more_count) {
        PlanOffer *offers = arena_array(arena, (size_t)in->offer_count + (size_t)remedy->more_count, sizeof *offers);
        if (in->offer_count) memcpy(offers, in->offers, (size_t)in->offer_count * sizeof *offers);
        for (int i = 0; i < remedy->more_count; i++) {
            const WeekQuantity *more = &remedy->more[i];
            offers[with.offer_count++] = (PlanOffer){.id = INT64_MAX - remedy->more_count + i,
                                                     .site = q->site,
                                                     .level = q->level,
                                                     .first = more->week,
                                                     .last = more->week,
                                                     .lendable = more->quantity};
        }
        with.offers = offers;
    }
    return with;
}

typedef struct Seeking {
    Arena *arena, scratch;
    const PlanInput *in;
    const Plan *plan;
    const PlanWatch *watch;
    int request, tries;
    int64_t work, spend;    /* what it took, and what it may take to find the least */
    int64_t missing, lacks; /* in whole units, what is asked for and of that not got */
    WeekQuantity *base;     /* [weeks] what is to be given, by week */
    int base_count;
} Seeking;

/* What it gets with the remedy. */
static Status try_remedy(Seeking *s, PlanRemedy *r, Error *e) {
    Plan plan;
    arena_reset(&s->scratch);
    PlanInput with = plan_with(&s->scratch, s->in, s->request, r);
    Status status = plan_compute(&s->scratch, &with, s->watch, &plan, e);
    if (status != STATUS_OK) return status;
    s->tries++;
    s->work += plan.work;
    r->gives = plan.answers[s->request].got;
    r->others = 0;
    r->to = 0;
    for (int i = 0; i < s->in->request_count; i++) {
        int64_t gain = plan.answers[i].got - s->plan->answers[i].got;
        if (i == s->request || !gain) continue;
        r->others += gain;
        if (gain > 0) r->to |= 1u << s->in->requests[i].site;
    }
    return STATUS_OK;
}

/* A bound as it is told: not by thousandths, for "694.334" could be read two ways where it is typed. */
static int64_t round_bound(const PlanInput *in, int64_t bound) {
    int64_t step = bound > ROUND_FROM ? WHOLE : HUNDREDTH;
    if (step < in->unit) step = in->unit;
    return (bound + step - 1) / step * step;
}

/* Its own bound a week that lets it have all in its weeks, at the least; 0: it does already. */
static int64_t bound_needed(const PlanInput *in, int request, int64_t missing) {
    const PlanRequest *q = &in->requests[request];
    int first = q->first > in->first ? q->first : in->first, last = q->last < in->last ? q->last : in->last;
    int64_t low = 0, high = 2 * PLAN_QUANTITY_MOST;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2, sum = 0;
        for (int week = first; week <= last; week++) {
            int64_t room = (middle - booked_in(q, week)) / in->unit * in->unit;
            sum += room > 0 ? room : 0;
        }
        if (sum >= missing) high = middle;
        else low = middle;
    }
    return !q->weekly_most || high <= q->weekly_most ? 0 : round_bound(in, high);
}

/* What it lacks put into its weeks, or where these are not beside a plan all that it asks for: into the first week that
 * takes all of it, or else into the first of them. */
static void spread(Seeking *s, const Plan *beside, int64_t weekly_most) {
    const PlanRequest *q = &s->in->requests[s->request];
    int first = q->first > s->in->first ? q->first : s->in->first, last = q->last < s->in->last ? q->last : s->in->last;
    int64_t rest = beside ? s->lacks : s->missing;
    for (int week = first; week <= last; week++) {
        if (headroom(s->in, beside, s->request, week, weekly_most) < rest) continue;
        first = week;
        break;
    }
    s->base = arena_array(s->arena, (size_t)(last >= first ? last - first + 1 : 0), sizeof *s->base);
    s->base_count = 0;
    for (int week = first; week <= last && rest; week++) {
        int64_t room = headroom(s->in, beside, s->request, week, weekly_most);
        if (room > rest) room = rest;
        if (!room) continue;
        s->base[s->base_count++] = (WeekQuantity){week, room};
        rest -= room;
    }
}

/* What is to be given, `times` in parts of ONCE. */
static PlanRemedy scaled(Seeking *s, int64_t weekly_most, int64_t times) {
    WeekQuantity *more = arena_array(s->arena, (size_t)s->base_count, sizeof *more);
    const int64_t unit = s->in->unit, most = PLAN_QUANTITY_MOST / unit;
    for (int i = 0; i < s->base_count; i++) {
        int64_t units = s->base[i].quantity / unit, whole = units / ONCE;
        units = whole > most / times ? most : whole * times + units % ONCE * times / ONCE;
        int64_t quantity = (units < 1 ? 1 : units > most ? most : units) * unit;
        if (times != ONCE && quantity > ROUND_FROM) quantity = (quantity + WHOLE - 1) / WHOLE * WHOLE;
        more[i] = (WeekQuantity){s->base[i].week, quantity};
    }
    return (PlanRemedy){.weekly_most = weekly_most, .more = more, .more_count = s->base_count};
}

static int64_t sum_of(const PlanRemedy *r) {
    int64_t sum = 0;
    for (int i = 0; i < r->more_count; i++) {
        sum += r->more[i].quantity;
    }
    return sum;
}

/* Whether two amounts are as near to each other as they are said, in every week. */
static bool are_next(const Seeking *s, const PlanRemedy *less, const PlanRemedy *more) {
    for (int i = 0; i < more->more_count; i++) {
        int64_t step = more->more[i].quantity > ROUND_FROM && s->in->unit < WHOLE ? WHOLE : s->in->unit;
        if (more->more[i].quantity - less->more[i].quantity > step) return false;
    }
    return true;
}

/* Between what is not enough and what is: to a hundredth at first, then as long as there is work left to the least. */
static Status seek_least(Seeking *s, int64_t weekly_most, int64_t low, int64_t high, PlanRemedy *out, Error *e) {
    PlanRemedy less = scaled(s, weekly_most, low);
    Status status = STATUS_OK;
    while (status == STATUS_OK && high - low > 1 && !are_next(s, &less, out)) {
        bool rough = s->tries < TRIES_MOST && high - low > high / 100;
        if (!rough && s->work + s->plan->work > s->spend) break;
        int64_t middle = low + (high - low) / 2;
        PlanRemedy now = scaled(s, weekly_most, middle);
        if (sum_of(&now) == sum_of(out)) {
            high = middle;
            continue;
        }
        if (sum_of(&now) == sum_of(&less)) {
            low = middle;
            continue;
        }
        status = try_remedy(s, &now, e);
        if (now.gives >= s->missing) {
            *out = now;
            high = middle;
        } else {
            less = now;
            low = middle;
        }
    }
    return status;
}

/* How much more is enough: others have a claim to what is added, and so it may be more than what is lacked. */
static Status seek_amount(Seeking *s, int64_t weekly_most, PlanRemedy *out, Error *e) {
    PlanRemedy once = scaled(s, weekly_most, ONCE), now;
    int64_t low = ONCE, high = ONCE, got = s->missing - s->lacks;
    Status status = try_remedy(s, &once, e);
    *out = now = once;
    if (now.gives >= s->missing) return status;
    while (status == STATUS_OK && now.gives < s->missing && s->tries < TRIES_MOST && high / ONCE < TIMES_MOST) {
        int64_t gain = now.gives - got, need = gain > 0 ? high * (s->lacks / gain + 1) : 4 * high;
        low = high;
        high = need > 8 * high ? 8 * high : need > high ? need : high + 1;
        now = scaled(s, weekly_most, high);
        status = try_remedy(s, &now, e);
    }
    if (status != STATUS_OK || now.gives < s->missing) return status;
    *out = now;
    return seek_least(s, weekly_most, low, high, out, e);
}

static Status seek(Seeking *s, PlanRemedy *out, Error *e) {
    PlanRemedy bound = {.weekly_most = bound_needed(s->in, s->request, s->missing)};
    if (bound.weekly_most) {
        Status status = try_remedy(s, &bound, e);
        *out = bound;
        if (status != STATUS_OK || bound.gives >= s->missing) return status;
    }
    /* More in some weeks may cost it what it has in others: then in as many as it takes for all of it. */
    for (int turn = 0; turn < 2 && out->gives < s->missing; turn++) {
        s->tries = 0;
        spread(s, turn ? NULL : s->plan,
               bound.weekly_most ? bound.weekly_most : s->in->requests[s->request].weekly_most);
        Status status = s->base_count ? seek_amount(s, bound.weekly_most, out, e) : STATUS_OK;
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

Status plan_remedies(Arena *arena, const PlanInput *in, Plan *plan, int only, int64_t *work, const PlanWatch *watch,
                     Error *e) {
    Status status = STATUS_OK;
    int left = 0; /* of those to be looked at: each may take as much of the work */
    for (int i = 0; i < in->request_count; i++) {
        left += plan->answers[i].reason != PLAN_ALL && (only < 0 || i == only);
    }
    for (int i = 0; i < in->request_count && status == STATUS_OK; i++) {
        const PlanAnswer *a = &plan->answers[i];
        if (a->reason == PLAN_ALL || (only >= 0 && i != only)) continue;
        /* As long as one more would not be too much, as a rule. */
        if (only < 0 && TRIES_MOST / 2 * plan->work > *work) break;
        Seeking s = {.arena = arena, .in = in, .plan = plan, .watch = watch, .request = i};
        s.missing = in->requests[i].missing / in->unit * in->unit;
        s.lacks = s.missing - a->got;
        s.spend = *work / left--;
        status = seek(&s, &plan->remedies[i], e);
        if (plan->remedies[i].gives <= a->got) plan->remedies[i] = (PlanRemedy){0};
        *work -= s.work;
        arena_free(&s.scratch);
    }
    return status;
}
