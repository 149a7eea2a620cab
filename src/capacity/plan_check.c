/* Checking a plan. */
#include "capacity/plan_checker.h"

#include "base/intl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool plan_check_fault(PlanChecker *c, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    vsnprintf(c->why, c->size, format, ap);
    va_end(ap);
    return false;
}

static int64_t had(const WeekQuantity *list, int count, int week) {
    int64_t sum = 0;
    for (int i = 0; i < count; i++) {
        if (list[i].week == week) sum += list[i].quantity;
    }
    return sum;
}

int64_t plan_check_free(const PlanOffer *o, int week) {
    if (week < o->first || week > o->last) return 0;
    int64_t free = o->lendable - had(o->booked, o->booked_count, week);
    return free > 0 ? free : 0;
}

/* --- the rules ----------------------------------------------------------------------------------------------------- */

static bool check_grants(PlanChecker *c) {
    const PlanInput *in = c->in;
    const Plan *p = c->plan;
    int64_t *of_offer = arena_array(&c->arena, (size_t)in->offer_count * (size_t)c->weeks, sizeof *of_offer);
    for (int i = 0; i < p->grant_count; i++) {
        const PlanGrant *g = &p->grants[i];
        if (g->request < 0 || g->request >= in->request_count || g->offer < 0 || g->offer >= in->offer_count ||
            g->week < in->first || g->week > in->last)
            return plan_check_fault(c, _("grant %d names what is not there"), i + 1);
        const PlanRequest *q = &in->requests[g->request];
        const PlanOffer *o = &in->offers[g->offer];
        if (g->quantity <= 0 || g->quantity % in->unit)
            return plan_check_fault(c, _("grant %d gives no whole quantity"), i + 1);
        if (g->week < q->first || g->week > q->last)
            return plan_check_fault(c, _("grant %d is outside of what is wanted"), i + 1);
        if (o->level < q->level)
            return plan_check_fault(c, _("grant %d is of an offer that may not take the data"), i + 1);
        int64_t *sum = &of_offer[(int64_t)g->offer * c->weeks + g->week - in->first];
        *sum += g->quantity;
        if (*sum > plan_check_free(o, g->week))
            return plan_check_fault(c, _("grant %d is more than its offer has free"), i + 1);
    }
    return true;
}

static bool check_requests(PlanChecker *c) {
    const PlanInput *in = c->in;
    const Plan *p = c->plan;
    int64_t *in_week = arena_array(&c->arena, (size_t)in->request_count * (size_t)c->weeks, sizeof *in_week);
    int64_t *got = arena_array(&c->arena, (size_t)in->request_count, sizeof *got);
    int64_t shares[PLAN_SITES] = {0};
    for (int i = 0; i < p->grant_count; i++) {
        const PlanGrant *g = &p->grants[i];
        const PlanRequest *q = &in->requests[g->request];
        int64_t *week = &in_week[(int64_t)g->request * c->weeks + g->week - in->first];
        *week += g->quantity;
        got[g->request] += g->quantity;
        shares[q->site] += g->quantity;
        if (q->weekly_most && *week + had(q->booked, q->booked_count, g->week) > q->weekly_most)
            return plan_check_fault(c, _("request %d gets more than its bound in a week"), g->request + 1);
    }
    for (int i = 0; i < in->request_count; i++) {
        const PlanRequest *q = &in->requests[i];
        if (got[i] != p->answers[i].got)
            return plan_check_fault(c, _("request %d is told another quantity than it gets"), i + 1);
        if (got[i] > q->missing) return plan_check_fault(c, _("request %d gets more than it asks for"), i + 1);
        if (got[i] && got[i] < q->smallest)
            return plan_check_fault(c, _("request %d gets less than would help"), i + 1);
        if (p->held[i] && got[i] < q->smallest)
            return plan_check_fault(c, _("request %d gets less than it is held to"), i + 1);
        if (got[i] && p->answers[i].reason == PLAN_SMALLEST)
            return plan_check_fault(c, _("request %d was left out and gets something"), i + 1);
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        if (shares[site] != p->shares[site].got)
            return plan_check_fault(c, _("the share of site %d is not what it gets"), site);
    }
    return true;
}

int64_t plan_check_held(const PlanChecker *c, int request) {
    const int64_t smallest = c->in->requests[request].smallest, unit = c->in->unit;
    return c->plan->held[request] ? (smallest + unit - 1) / unit : 0;
}

/* --- the shares ---------------------------------------------------------------------------------------------------- */

static void add_free(PlanChecker *c) {
    const PlanInput *in = c->in;
    c->free = arena_array(&c->arena, (size_t)c->weeks * (PLAN_LEVELS + 2), sizeof *c->free);
    for (int i = 0; i < in->offer_count; i++) {
        for (int week = in->first; week <= in->last; week++) {
            for (int level = 1; level <= in->offers[i].level; level++) {
                c->free[(week - in->first) * (PLAN_LEVELS + 2) + level] +=
                    plan_check_free(&in->offers[i], week) / in->unit;
            }
        }
    }
}

static int64_t free_from(const PlanChecker *c, int week, int level) {
    return c->free[(week - c->in->first) * (PLAN_LEVELS + 2) + level];
}

int64_t plan_check_room(const PlanChecker *c, int request, int week) {
    const PlanRequest *q = &c->in->requests[request];
    int64_t room = q->missing / c->in->unit, free = free_from(c, week, q->level);
    if (q->weekly_most) {
        int64_t most = (q->weekly_most - had(q->booked, q->booked_count, week)) / c->in->unit;
        room = most < room ? most : room;
    }
    room = free < room ? free : room;
    return room > 0 ? room : 0;
}

/* In units: what the request can have beside what is counted as full. */
static int64_t beside(const PlanChecker *c, int request, const int *from_level) {
    const PlanRequest *q = &c->in->requests[request];
    int64_t wish = q->missing / c->in->unit, sum = 0;
    for (int week = q->first > c->in->first ? q->first : c->in->first; week <= q->last && week <= c->in->last; week++) {
        if (q->level < from_level[week - c->in->first]) sum += plan_check_room(c, request, week);
        if (sum >= wish) return wish;
    }
    return sum;
}

static int64_t bound_of(const PlanChecker *c, const PlanShare *share) {
    int64_t bound = 0;
    for (int week = 0; week < c->weeks; week++) {
        int level = share->from_level[week];
        if (level < 1 || level > PLAN_LEVELS + 1) return INT64_MAX;
        bound += free_from(c, c->in->first + week, level);
    }
    for (int i = 0; i < c->in->request_count; i++) {
        if (c->plan->answers[i].reason == PLAN_SMALLEST) continue;
        if (share->tight & 1u << c->in->requests[i].site) bound += beside(c, i, share->from_level);
        else if (c->plan->held[i]) {
            int64_t taken = plan_check_held(c, i) - beside(c, i, share->from_level);
            bound -= taken > 0 ? taken : 0;
        }
    }
    return bound;
}

/* What a site cannot go below, in units. */
static int64_t floor_of(const PlanChecker *c, int site) {
    int64_t sum = 0;
    for (int i = 0; i < c->in->request_count; i++) {
        if (c->in->requests[i].site == site) sum += plan_check_held(c, i);
    }
    return sum;
}

/* Whether j's last unit came later than site's next one would: then it would be fairer to give that to site. */
static bool is_ahead(const PlanChecker *c, int j, int site) {
    int64_t e_j = c->in->entitlement[j], e = c->in->entitlement[site], x_j = c->plan->shares[j].got / c->in->unit,
            x = c->plan->shares[site].got / c->in->unit;
    if (j == site || x_j <= floor_of(c, j)) return false;
    if ((e_j > 0) != (e > 0)) return e > 0;
    if (e <= 0) e = e_j = 1;
    Wide a = (Wide)(x_j - 1) * e, b = (Wide)x * e_j;
    if (a != b) return a > b;
    return e_j != e ? e_j > e : j > site;
}

static bool check_share(PlanChecker *c, int site) {
    const PlanShare *share = &c->plan->shares[site];
    int64_t asked = 0, sum = 0;
    for (int i = 0; i < c->in->request_count; i++) {
        bool counts = c->in->requests[i].site == site && c->plan->answers[i].reason != PLAN_SMALLEST;
        if (counts) asked += c->in->requests[i].missing / c->in->unit;
    }
    if (share->got / c->in->unit == asked) return true;
    if (!(share->tight & 1u << site)) return plan_check_fault(c, _("nothing proves the share of site %d"), site);
    for (int j = 0; j < PLAN_SITES; j++) {
        if (!(share->tight & 1u << j)) continue;
        sum += c->plan->shares[j].got / c->in->unit;
        if (is_ahead(c, j, site))
            return plan_check_fault(c, _("site %d has more than its share beside site %d"), j, site);
    }
    if (bound_of(c, share) > sum) return plan_check_fault(c, _("site %d could have more"), site);
    return true;
}

bool plan_check(const PlanInput *in, const Plan *plan, PlanSums *bound, char *why, size_t size) {
    PlanChecker c = {.in = in, .plan = plan, .weeks = in->last - in->first + 1, .why = why, .size = size};
    PlanSums proved = {0};
    bool right = check_grants(&c) && check_requests(&c);
    if (right) add_free(&c);
    for (int site = 0; right && site < PLAN_SITES; site++) {
        right = check_share(&c, site);
    }
    right = right && plan_check_prices(&c, &proved);
    if (bound) *bound = proved;
    arena_free(&c.arena);
    return right;
}
