/* Two plans side by side. */
#include "commands/network_plan.h"

static const KindPlan *of_kind(const NetworkPlan *p, int kind) {
    for (int i = 0; i < p->kind_count; i++) {
        if (p->kinds[i].kind == kind) return &p->kinds[i];
    }
    return NULL;
}

static int64_t id_at(const KindPlan *k, int at) {
    return k && at < k->in.request_count ? k->in.requests[at].id : INT64_MAX;
}

static void pair_requests(Arena *arena, PlanPair *p) {
    int most = (p->before ? p->before->in.request_count : 0) + (p->after ? p->after->in.request_count : 0);
    p->requests = arena_array(arena, (size_t)most, sizeof *p->requests);
    for (int b = 0, a = 0;;) {
        int64_t before = id_at(p->before, b), after = id_at(p->after, a);
        if (before == INT64_MAX && after == INT64_MAX) return;
        p->requests[p->request_count++] = (struct PlanPlaces){before <= after ? b : -1, after <= before ? a : -1};
        b += before <= after;
        a += after <= before;
    }
}

/* Below 0: the first plan's offer comes first; past a list's end comes after all. */
static int compare_offers(const KindPlan *a, int at_a, const KindPlan *b, int at_b) {
    const PlanOffer *x = a && at_a < a->in.offer_count ? &a->in.offers[at_a] : NULL,
                    *y = b && at_b < b->in.offer_count ? &b->in.offers[at_b] : NULL;
    if (!x || !y) return !x - !y;
    if (x->id != y->id) return x->id < y->id ? -1 : 1;
    return (x->session > y->session) - (x->session < y->session);
}

static void pair_offers(Arena *arena, PlanPair *p) {
    int before = p->before ? p->before->in.offer_count : 0, after = p->after ? p->after->in.offer_count : 0;
    p->offers = arena_array(arena, (size_t)before + (size_t)after, sizeof *p->offers);
    for (int b = 0, a = 0; b < before || a < after;) {
        int c = compare_offers(p->before, b, p->after, a);
        p->offers[p->offer_count++] = (struct PlanPlaces){c <= 0 ? b : -1, c >= 0 ? a : -1};
        b += c <= 0;
        a += c >= 0;
    }
}

void network_plan_compare(Arena *arena, const NetworkPlan *before, const NetworkPlan *after, PlanPair **out,
                          int *count) {
    PlanPair *pairs = arena_array(arena, KIND_COUNT, sizeof *pairs);
    *count = 0;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        PlanPair pair = {.kind = kind, .before = of_kind(before, kind), .after = of_kind(after, kind)};
        if (!pair.before && !pair.after) continue;
        pair_requests(arena, &pair);
        pair_offers(arena, &pair);
        pairs[(*count)++] = pair;
    }
    *out = pairs;
}

int64_t plan_pair_got(const PlanPair *p, int request, bool after) {
    int at = after ? p->requests[request].after : p->requests[request].before;
    return at < 0 ? 0 : (after ? p->after : p->before)->plan.answers[at].got;
}

int64_t plan_pair_share(const PlanPair *p, int site, bool after) {
    const KindPlan *k = after ? p->after : p->before;
    return k ? k->plan.shares[site].got : 0;
}

const Record *plan_pair_record(const PlanPair *p, int request) {
    const struct PlanPlaces *q = &p->requests[request];
    return q->after >= 0 ? p->after->requests[q->after] : p->before->requests[q->before];
}

int64_t plan_pair_missing(const PlanPair *p, int request) {
    const struct PlanPlaces *q = &p->requests[request];
    return q->after >= 0 ? p->after->in.requests[q->after].missing : p->before->in.requests[q->before].missing;
}

const Record *plan_pair_offer(const PlanPair *p, int offer) {
    const struct PlanPlaces *o = &p->offers[offer];
    const KindPlan *k = o->after >= 0 ? p->after : p->before;
    int at = o->after >= 0 ? o->after : o->before;
    return k->sessions[at] ? k->sessions[at] : k->offers[at];
}
