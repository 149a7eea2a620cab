/* Making the plan, while nothing else is to be done: as things are, and with what is supposed; and what is in it. A key
 * that comes meanwhile goes first. */
#include "panels/plan_view.h"

#include "base/date.h"
#include "screen/input.h"

#include <string.h>

enum { PAINT_MS = 100 };

/* --- making it ----------------------------------------------------------------------------------------------------- */

static bool watch(void *context, int percent) {
    View *v = context;
    PlanView *p = v->state;
    if (input_pending()) return false;
    if (percent != p->percent && clock_ms() - p->painted > PAINT_MS) {
        p->percent = percent;
        p->painted = clock_ms();
        app_paint(v->app);
    }
    return true;
}

/* One of the two plans. True where a key came first: it is to be begun anew. */
static bool make(View *v, Arena *arena, NetworkPlan *plan, int change_count, bool *made) {
    PlanView *p = v->state;
    const PlanWatch w = {watch, v};
    const NetworkPlanRequest request = {
        .changes = p->changes, .change_count = change_count, .form = FORM_TYPED, .watch = &w};
    arena_reset(arena);
    p->painted = clock_ms();
    Status s = service_plan(v->app->service, arena, &request, plan, &p->error);
    if (s == STATUS_STOPPED) {
        p->error = (Error){0};
        return true;
    }
    *made = true;
    if (s != STATUS_OK) *plan = (NetworkPlan){0};
    return false;
}

/* In a large round there is no time to look for what would give all to each request: it is looked for, for the one at the
 * cursor, while there is nothing else to do. True where a key came first. */
static bool explain_row(View *v) {
    PlanView *p = v->state;
    const PlanPair *pair = plan_pair(p);
    const PlanWatch w = {watch, v};
    char code[CODE_SIZE];
    int kind, found_kind;
    if (!pair || p->list != PLAN_BY_REQUEST || p->change_count || p->cursor >= pair->request_count) return false;
    const Record *r = plan_pair_record(pair, p->cursor);
    int at = network_plan_request(&p->before, r->id, &kind);
    if (at < 0 || r->id == p->looked) return false;
    Plan *plan = &p->before.kinds[kind].plan;
    if (plan->answers[at].reason == PLAN_ALL || plan->remedies[at].gives) return false;
    code_write(r->entity->letter, r->id, code);
    const NetworkPlanRequest request = {
        .kind = p->before.kinds[kind].kind, .explain = code, .form = FORM_TYPED, .watch = &w};
    NetworkPlan found;
    p->explaining = true;
    p->percent = 0;
    v->app->dirty = true;
    Status s = service_plan(v->app->service, &p->explained, &request, &found, NULL);
    p->explaining = false;
    if (s == STATUS_STOPPED) return true;
    p->looked = r->id;
    int found_at = s == STATUS_OK ? network_plan_request(&found, r->id, &found_kind) : -1;
    if (found_at >= 0) plan->remedies[at] = found.kinds[found_kind].plan.remedies[found_at];
    return false;
}

bool plan_work(View *v) {
    PlanView *p = v->state;
    if (p->before_made && p->after_made) return explain_row(v);
    if (!p->before_made) {
        p->error = (Error){0};
        if (make(v, &p->as_is, &p->before, 0, &p->before_made)) return true;
        p->written = false;
        p->after_made = false;
    }
    if (!p->change_count || *p->error.why) {
        p->after = p->before;
        p->after_made = true;
    } else if (make(v, &p->supposed, &p->after, p->change_count, &p->after_made)) return true;
    if (!p->change_count) arena_reset(&p->supposed);
    network_plan_compare(&p->supposed, &p->before, &p->after, &p->pairs, &p->pair_count);
    if (p->kind >= p->pair_count) p->kind = 0;
    int rows = plan_rows(p);
    if (p->cursor >= rows) p->cursor = rows ? rows - 1 : 0;
    v->app->dirty = true;
    return false;
}

void plan_anew(PlanView *p) {
    p->before_made = p->after_made = false;
    p->looked = 0;
    arena_reset(&p->explained);
    p->percent = 0;
}

/* --- what is in it ------------------------------------------------------------------------------------------------- */

const PlanPair *plan_pair(const PlanView *p) {
    return p->before_made && p->after_made && !*p->error.why && p->pair_count ? &p->pairs[p->kind] : NULL;
}

const KindPlan *plan_shown(const PlanPair *pair) {
    return pair->after ? pair->after : pair->before;
}

int plan_site_at(const PlanPair *pair, int row) {
    for (int site = 0; site < SITE_COUNT; site++) {
        bool asks = false;
        for (int i = 0; i < pair->request_count && !asks; i++) {
            asks = record_site(plan_pair_record(pair, i)) == site;
        }
        if (asks && !row--) return site;
    }
    return -1;
}

int plan_rows(const PlanView *p) {
    const PlanPair *pair = plan_pair(p);
    int count = 0;
    if (!pair) return 0;
    if (p->list == PLAN_BY_REQUEST) return pair->request_count;
    if (p->list == PLAN_BY_OFFER) return pair->offer_count;
    while (plan_site_at(pair, count) >= 0) {
        count++;
    }
    return count;
}

int plan_change_without(const PlanView *p, const char *code) {
    for (int i = 0; i < p->change_count; i++) {
        if (!p->changes[i].field && !strcmp(p->changes[i].code, code)) return i;
    }
    return -1;
}

bool plan_leaves_out(const PlanView *p, const char *code) {
    return plan_change_without(p, code) >= 0;
}
