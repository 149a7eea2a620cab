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
        p->requests[p->request_count++] = (struct PlanPairRequest){before <= after ? b : -1, after <= before ? a : -1};
        b += before <= after;
        a += after <= before;
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
    const struct PlanPairRequest *q = &p->requests[request];
    return q->after >= 0 ? p->after->requests[q->after] : p->before->requests[q->before];
}

int64_t plan_pair_missing(const PlanPair *p, int request) {
    const struct PlanPairRequest *q = &p->requests[request];
    return q->after >= 0 ? p->after->in.requests[q->after].missing : p->before->in.requests[q->before].missing;
}
