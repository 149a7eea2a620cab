/* The fair plan: what each request gets and why no more, what each region gets, from whom and when; and its proposals.
 * It is made while nothing else is to be done; a key that comes meanwhile goes first, and Esc leaves. */
#include "panels/act.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"
#include "screen/input.h"

#include <string.h>
#include <time.h>

enum { PAINT_MS = 100, CODE = 10, NUMBER = 11, DETAIL_LINES = 7 };

typedef struct PlanView {
    Arena arena;
    NetworkPlan plan;
    bool made, changed; /* changed: somebody wrote since */
    bool by_region;
    int kind, cursor, top, height, percent;
    int64_t painted; /* ms */
    Error error;
} PlanView;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- making it ----------------------------------------------------------------------------------------------------- */

static bool watch(void *context, int percent) {
    View *v = context;
    PlanView *p = v->state;
    if (input_pending()) return false;
    if (percent != p->percent && now_ms() - p->painted > PAINT_MS) {
        p->percent = percent;
        p->painted = now_ms();
        app_paint(v->app);
    }
    return true;
}

static bool plan_work(View *v) {
    PlanView *p = v->state;
    const PlanWatch w = {watch, v};
    const NetworkPlanRequest request = {.watch = &w};
    if (p->made) return false;
    arena_reset(&p->arena);
    p->error = (Error){0};
    p->painted = now_ms();
    Status s = service_plan(v->app->service, &p->arena, &request, &p->plan, &p->error);
    if (s == STATUS_STOPPED) return true;
    p->made = true;
    p->changed = false;
    if (s != STATUS_OK) p->plan = (NetworkPlan){0};
    if (p->kind >= p->plan.kind_count) p->kind = 0;
    v->app->dirty = true;
    return false;
}

static void plan_reload(View *v) {
    PlanView *p = v->state;
    p->changed = p->made;
    v->app->acted = false;
}

static void plan_close(View *v) {
    arena_free(&((PlanView *)v->state)->arena);
}

static const KindPlan *kind_of(const PlanView *p) {
    return p->made && p->plan.kind_count ? &p->plan.kinds[p->kind] : NULL;
}

/* The sites that ask for something, one by one; -1 past the last. */
static int site_at(const KindPlan *k, int index) {
    for (int site = 0; site < SITE_COUNT; site++) {
        bool asks = false;
        for (int i = 0; i < k->in.request_count && !asks; i++) {
            asks = k->in.requests[i].site == site;
        }
        if (asks && !index--) return site;
    }
    return -1;
}

static int row_count(const PlanView *p) {
    const KindPlan *k = kind_of(p);
    int count = 0;
    if (!k) return 0;
    if (!p->by_region) return k->in.request_count;
    while (site_at(k, count) >= 0) {
        count++;
    }
    return count;
}

/* --- drawing ------------------------------------------------------------------------------------------------------- */

static void draw_number(int y, int x, Style style, int64_t number, int scale) {
    Buffer text = {0};
    number_show(&text, number, scale);
    draw_right(y, x, NUMBER - 1, number || style == STYLE_SELECTED ? style : STYLE_DIM, text.bytes);
    buffer_free(&text);
}

static void draw_weeks(int y, int x, int w, const KindPlan *k) {
    Buffer weeks = {0};
    week_show(&weeks, k->in.first, app_today());
    buffer_add_string(&weeks, " – ");
    week_show(&weeks, k->in.last, app_today());
    draw_string(y, x, w, STYLE_DIM, weeks.bytes);
    buffer_free(&weeks);
}

static void draw_top(const PlanView *p, const KindPlan *k, Rect r) {
    int x = r.x + draw_string(r.y, r.x, r.w, STYLE_ACCENT, _("Plan")) + 2, whole = 0;
    x += draw_string(r.y, x, r.w - x, STYLE_STRONG, _(choice_of_number(kind_choices, k->kind)->label)) + 2;
    for (int i = 0; i < k->in.request_count; i++) {
        whole += k->plan.answers[i].reason == PLAN_ALL;
    }
    Buffer right = {0};
    if (p->changed) buffer_format(&right, "%s  ", _("written since: r plans anew"));
    buffer_format(&right, _("%d of %d whole"), whole, k->in.request_count);
    draw_weeks(r.y, x, 20, k);
    draw_right(r.y, x + 16, r.x + r.w - x - 16, p->changed ? STYLE_SOON : STYLE_DIM, right.bytes);
    buffer_free(&right);
}

static void draw_request(const KindPlan *k, int i, int y, Rect r, bool here) {
    const PlanAnswer *a = &k->plan.answers[i];
    char code[CODE_SIZE];
    Buffer why = {0};
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    code_write('R', k->requests[i]->id, code);
    network_plan_reason(k, i, &why);
    draw_string(y, r.x, CODE, here ? STYLE_SELECTED : STYLE_STRONG, code);
    draw_number(y, r.x + CODE, plain, k->in.requests[i].missing, 3);
    draw_number(y, r.x + CODE + NUMBER, plain, a->got, 3);
    bool whole = a->reason == PLAN_ALL;
    Style says = here ? STYLE_SELECTED : whole ? STYLE_GOOD : a->got ? STYLE_SOON : STYLE_LATE;
    int x = r.x + CODE + 2 * NUMBER + 1;
    draw_string(y, x, r.x + r.w - x, says, whole ? _("all") : buffer_string(&why));
    buffer_free(&why);
}

static void draw_region(const KindPlan *k, int site, int y, Rect r, bool here) {
    const PlanShare *share = &k->plan.shares[site];
    int64_t lacks = 0;
    Style plain = here ? STYLE_SELECTED : STYLE_TEXT;
    for (int i = 0; i < k->in.request_count; i++) {
        if (k->in.requests[i].site == site) lacks += k->in.requests[i].missing;
    }
    draw_string(y, r.x, CODE, here ? STYLE_SELECTED : STYLE_STRONG, site_code(site));
    draw_number(y, r.x + CODE, plain, lacks, 3);
    draw_number(y, r.x + CODE + NUMBER, plain, share->got, 3);
    draw_number(y, r.x + CODE + 2 * NUMBER, plain, k->in.entitlement[site], 0);
    int x = r.x + CODE + 3 * NUMBER + 1, w = r.x + r.w - x;
    if (w > 4) draw_gauge(y, x, w < 24 ? w : 24, here ? STYLE_SELECTED : STYLE_GOOD, share->got, lacks);
}

static void draw_rows(PlanView *p, const KindPlan *k, Rect r) {
    static const char *const of_requests[] = {N_("Lacks"), N_("Gets")}, *const of_regions[] = {N_("Lacks"), N_("Gets"),
                                                                                               N_("Entitled")};
    int count = row_count(p), headings = p->by_region ? 3 : 2;
    draw_string(r.y, r.x, CODE, STYLE_DIM, p->by_region ? _("Region") : _("Request"));
    for (int i = 0; i < headings; i++) {
        draw_right(r.y, r.x + CODE + i * NUMBER, NUMBER - 1, STYLE_DIM,
                   _((p->by_region ? of_regions : of_requests)[i]));
    }
    p->height = r.h - 1;
    if (p->cursor < p->top) p->top = p->cursor;
    if (p->cursor >= p->top + p->height) p->top = p->cursor - p->height + 1;
    for (int i = p->top; i < count && i < p->top + p->height; i++) {
        int y = r.y + 1 + i - p->top;
        bool here = i == p->cursor;
        if (here) {
            draw_fill((Rect){y, r.x - 1, 1, r.w + 2}, STYLE_SELECTED);
            draw_cursor(y, r.x);
        }
        if (p->by_region) draw_region(k, site_at(k, i), y, r, here);
        else draw_request(k, i, y, r, here);
    }
    if (p->top + p->height < count) draw_string(r.y + r.h - 1, r.x + r.w, 1, STYLE_ACCENT, draw_symbol("↓", "v"));
}

/* Under the list: from whom and when, and why no more. */
static void draw_answer(const PlanView *p, const KindPlan *k, Rect r) {
    char code[CODE_SIZE];
    int y = r.y + 1, end = r.y + r.h, offer = -1;
    Buffer text = {0};
    code_write('R', k->requests[p->cursor]->id, code);
    draw_title(r.y, r.x, r.w, code, kind_unit(k->kind));
    for (int i = 0; i < k->plan.grant_count && y < end; i++) {
        const PlanGrant *g = &k->plan.grants[i];
        if (g->request != p->cursor) continue;
        if (g->offer != offer) {
            if (offer >= 0) draw_string(y++, r.x + CODE, r.w - CODE, STYLE_TEXT, buffer_string(&text));
            if (y >= end) break;
            buffer_clear(&text);
            offer = g->offer;
            code_write(k->sessions[offer] ? 'S' : 'O',
                       k->sessions[offer] ? k->sessions[offer]->id : k->offers[offer]->id, code);
            draw_string(y, r.x, CODE, STYLE_STRONG, code);
        } else buffer_add_string(&text, "  ");
        week_show(&text, g->week, app_today());
        buffer_add_char(&text, ' ');
        number_show(&text, g->quantity, 3);
    }
    if (offer >= 0 && y < end) draw_string(y++, r.x + CODE, r.w - CODE, STYLE_TEXT, buffer_string(&text));
    buffer_clear(&text);
    network_plan_reason(k, p->cursor, &text);
    if (text.size && y < end) draw_wrapped((Rect){y, r.x, end - y, r.w}, STYLE_SOON, text.bytes);
    buffer_free(&text);
}

static void draw_nothing(const PlanView *p, Rect r) {
    if (!p->made) {
        draw_string(r.y, r.x, r.w, STYLE_STRONG, _("Planning…"));
        draw_gauge(r.y + 1, r.x, r.w < 40 ? r.w : 40, STYLE_ACCENT, p->percent, 100);
        draw_string(r.y + 2, r.x, r.w, STYLE_DIM, _("Esc stops."));
    } else if (*p->error.why) draw_wrapped(r, STYLE_ERROR, p->error.why);
    else draw_wrapped(r, STYLE_DIM, _("No approved request lacks anything: there is nothing to plan."));
}

static void plan_draw(View *v, Rect r) {
    PlanView *p = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    const KindPlan *k = kind_of(p);
    int rows = row_count(p);
    if (!k) {
        draw_nothing(p, in);
        return;
    }
    draw_top(p, k, in);
    /* As much as the rows take, and the rest for what is at the cursor. */
    int proof = in.w < 100 ? 2 : 1, most = in.h - 1 - (p->by_region ? 0 : DETAIL_LINES) - proof;
    if (most < 4) most = 4;
    if (rows + 1 < most) most = rows + 1;
    draw_rows(p, k, (Rect){in.y + 1, in.x, most, in.w});
    int y = in.y + 1 + most, left = in.y + in.h - y - proof;
    if (!p->by_region && rows && left > 1) draw_answer(p, k, (Rect){y, in.x, left, in.w});
    if (in.h > most + proof + 1)
        draw_wrapped((Rect){in.y + in.h - proof, in.x, proof, in.w}, STYLE_DIM, network_plan_proof(k));
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

static bool plan_event(View *v, const Event *e) {
    PlanView *p = v->state;
    int to = p->cursor, count = row_count(p);
    if (key_matches("Down j", e)) to++;
    else if (key_matches("Up k", e)) to--;
    else if (key_matches("PgDn ^F", e)) to += p->height;
    else if (key_matches("PgUp ^B", e)) to -= p->height;
    else if (key_matches("Home", e)) to = 0;
    else if (key_matches("End", e)) to = count - 1;
    else if (e->kind == EVENT_WHEEL) to += e->lines;
    else return false;
    if (to >= count) to = count - 1;
    p->cursor = to < 0 ? 0 : to;
    return true;
}

static void turn(View *v, int by) {
    PlanView *p = v->state;
    if (!p->plan.kind_count) return;
    p->kind = (p->kind + by + p->plan.kind_count) % p->plan.kind_count;
    p->cursor = p->top = 0;
}

static void run_next(View *v) {
    turn(v, 1);
}

static void run_previous(View *v) {
    turn(v, -1);
}

static bool has_kinds(View *v) {
    const PlanView *p = v->state;
    return p->made && p->plan.kind_count > 1;
}

static bool has_rows(View *v) {
    return row_count(v->state) > 0;
}

static void run_turn_list(View *v) {
    PlanView *p = v->state;
    p->by_region = !p->by_region;
    p->cursor = p->top = 0;
}

static void run_open(View *v) {
    PlanView *p = v->state;
    const KindPlan *k = kind_of(p);
    if (p->by_region) open_region(v->app, site_at(k, p->cursor));
    else open_record(v->app, &entity_request, k->requests[p->cursor]->id);
}

static void run_again(View *v) {
    PlanView *p = v->state;
    p->made = false;
    p->percent = 0;
}

/* The plan is made once more within the act: what is proposed is what is free then. Where that is not the plan that was
 * read, nothing is done. */
static void apply(App *app, void *context) {
    PlanView *p = ((View *)context)->state;
    char op[OPERATION_SIZE];
    Arena arena = {0};
    NetworkPlan now;
    Error e = {0};
    operation_new(op);
    const NetworkPlanRequest request = {.apply = true, .op = op, .expect = p->plan.hash};
    if (service_plan(app->service, &arena, &request, &now, &e) != STATUS_OK) app_fail(app, &e);
    else
        app_say(app, STYLE_GOOD, ngettext("%d proposal made", "%d proposals made", (unsigned long)now.proposals),
                now.proposals);
    arena_free(&arena);
    p->made = false;
    app_changed(app);
}

static bool can_apply(View *v) {
    const PlanView *p = v->state;
    return p->made && p->plan.proposals > 0;
}

static void run_apply(View *v) {
    const PlanView *p = v->state;
    Buffer text = {0};
    buffer_format(&text,
                  ngettext("%d allocation is proposed, of all kinds in the plan; the borrower accepts or declines it. "
                           "u takes it back.",
                           "%d allocations are proposed, of all kinds in the plan; each borrower accepts or declines. "
                           "u takes all of them back.",
                           (unsigned long)p->plan.proposals),
                  p->plan.proposals);
    ask_owned(v->app, _("Make the plan's proposals?"), text.bytes, _("Yes, propose"), apply, v, NULL);
    buffer_free(&text);
}

static const Action plan_actions[] = {
    {"open", N_("open"), N_("Opens the request, or the region."), "Enter", 1, run_open, has_rows},
    {"next-kind", N_("next kind"), N_("The next kind of capacity."), "] Right l", 5, run_next, has_kinds},
    {"previous-kind", N_("kind before"), N_("The kind before."), "[ Left h", 0, run_previous, has_kinds},
    {"turn", N_("regions/requests"), N_("By region, or by request."), "Tab", 6, run_turn_list, has_rows},
    {"apply", N_("propose all"), N_("Makes the plan's proposals: all or none."), "a", 2, run_apply, can_apply},
    {"again", N_("plan anew"), N_("Plans anew, from what is asked for and free now."), "r", 8, run_again, NULL},
    {0},
};

static const Panel panel_plan = {.name = "plan",
                                 .label = N_("The plan"),
                                 .size = sizeof(PlanView),
                                 .actions = plan_actions,
                                 .close = plan_close,
                                 .reload = plan_reload,
                                 .work = plan_work,
                                 .draw = plan_draw,
                                 .event = plan_event};

void open_plan(App *app) {
    view_start(app_push(app, &panel_plan));
}
