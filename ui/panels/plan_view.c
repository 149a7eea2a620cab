/* The fair plan: what each request gets and why no more, what each region gets and each offer gives, from whom and when;
 * what would be if an offer, a request or an entitlement were otherwise, or a region took no part; and its proposals.
 * It is made while nothing else is to be done; a key that comes meanwhile goes first, and Esc leaves. */
#include "panels/plan_view.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { SUPPOSED_FIELDS = 16 };

static void plan_reload(View *v) {
    PlanView *p = v->state;
    p->written = p->after_made;
    v->app->acted = false;
}

static void plan_close(View *v) {
    PlanView *p = v->state;
    arena_free(&p->as_is);
    arena_free(&p->supposed);
    arena_free(&p->explained);
}

/* What is at the cursor: a request, a region, an offer or a session. NULL: nothing. */
static const Record *record_here(View *v) {
    PlanView *p = v->state;
    const PlanPair *pair = plan_pair(p);
    Record *site;
    if (!pair || p->cursor >= plan_rows(p)) return NULL;
    if (p->list == PLAN_BY_REQUEST) return plan_pair_record(pair, p->cursor);
    if (p->list == PLAN_BY_REGION) {
        Status s = service_record_of_id(v->app->service, &v->arena, &entity_site, plan_site_at(pair, p->cursor), &site,
                                        &(Error){0});
        return s == STATUS_OK ? site : NULL;
    }
    return plan_pair_offer(pair, p->cursor);
}

/* --- what if --------------------------------------------------------------------------------------------------------- */

static void remove_change(PlanView *p, int at) {
    p->change_count--;
    memmove(&p->changes[at], &p->changes[at + 1], (size_t)(p->change_count - at) * sizeof *p->changes);
}

/* The form is saved: what it holds is supposed of the record, in place of what was before. */
static Status suppose(App *app, void *context, const Deed *deed, const Argument *arguments, int count, Error *e) {
    View *v = context;
    PlanView *p = v->state, next = *p;
    for (int i = next.change_count - 1; i >= 0; i--) {
        if (next.changes[i].field && !strcmp(next.changes[i].code, deed->targets[0].code)) remove_change(&next, i);
    }
    for (int i = 0; i < count; i++) {
        if (next.change_count == PLAN_CHANGES_MOST)
            return error_set(e, STATUS_USAGE, NULL, _("more than %d changes at once"), PLAN_CHANGES_MOST);
        next.changes[next.change_count++] =
            (PlanChange){arena_string(&v->arena, deed->targets[0].code), arena_string(&v->arena, arguments[i].name),
                         arena_string(&v->arena, arguments[i].value)};
    }
    const NetworkPlanRequest request = {.changes = next.changes, .change_count = next.change_count, .form = FORM_TYPED};
    Status s = service_plan_suppose(app->service, &request, e);
    if (s != STATUS_OK) return s;
    memcpy(p->changes, next.changes, sizeof p->changes);
    p->change_count = next.change_count;
    p->after_made = false;
    p->percent = 0;
    return STATUS_OK;
}

static void run_suppose(View *v) {
    static const FormUse use = {N_("What if"), N_("See the plan"), network_plan_uses, suppose};
    PlanView *p = v->state;
    const Record *r = record_here(v);
    Command c;
    Buffer given[SUPPOSED_FIELDS] = {{0}};
    const char *texts[SUPPOSED_FIELDS];
    int count = 0;
    if (!r || !command_find("set", r->entity, &c)) return;
    Deed *deed = deed_new(&c, r->entity, &r, 1);
    deed->use = &use;
    deed->use_context = v;
    for (int i = 0; i < p->change_count && count < SUPPOSED_FIELDS; i++) {
        if (!p->changes[i].field || strcmp(p->changes[i].code, deed->targets[0].code) != 0) continue;
        buffer_format(&given[count], "%s=%s", p->changes[i].field, p->changes[i].value);
        texts[count] = given[count].bytes;
        count++;
    }
    open_form(v->app, deed, &r, texts, count);
    for (int i = 0; i < count; i++) {
        buffer_free(&given[i]);
    }
}

static void run_leave_out(View *v) {
    PlanView *p = v->state;
    const Record *r = record_here(v);
    if (!r) return;
    char code[CODE_SIZE];
    if (r->entity == &entity_site) text_copy(code, sizeof code, site_code(r->id));
    else code_write(r->entity->letter, r->id, code);
    int at = plan_change_without(p, code);
    if (at >= 0) remove_change(p, at);
    else if (p->change_count < PLAN_CHANGES_MOST)
        p->changes[p->change_count++] = (PlanChange){.code = arena_string(&v->arena, code)};
    p->after_made = false;
    p->percent = 0;
}

static bool supposes(View *v) {
    return ((PlanView *)v->state)->change_count > 0;
}

/* Whether a record would be another: what is only left out of the plan is not changed by keeping it. */
static bool supposes_values(View *v) {
    const PlanView *p = v->state;
    for (int i = 0; i < p->change_count; i++) {
        if (p->changes[i].field) return true;
    }
    return false;
}

static void forget(PlanView *p) {
    p->change_count = 0;
    p->after_made = false;
}

static void run_throw_away(View *v) {
    forget(v->state);
    app_say(v->app, STYLE_DIM, "%s", _("Thrown away: the plan is of things as they are."));
}

/* --- keeping and proposing ------------------------------------------------------------------------------------------- */

/* The plan is made once more within the act: what is proposed is what is free then. Where that is not the plan that was
 * read, nothing is done. */
static Status write(View *v, bool apply, NetworkPlan *now, Arena *arena, Error *e) {
    PlanView *p = v->state;
    char op[OPERATION_SIZE];
    operation_new(op);
    const NetworkPlanRequest request = {.changes = p->changes,
                                        .change_count = p->change_count,
                                        .form = FORM_TYPED,
                                        .apply = apply,
                                        .keep = !apply,
                                        .op = op,
                                        .expect = apply ? p->after.hash : NULL};
    Status s = service_plan(v->app->service, arena, &request, now, e);
    if (s == STATUS_OK) forget(p);
    if (s != STATUS_OK) app_fail(v->app, e);
    plan_anew(p);
    return s;
}

static void apply(App *app, void *context) {
    Arena arena = {0};
    NetworkPlan now;
    Error e = {0};
    if (write(context, true, &now, &arena, &e) == STATUS_OK)
        app_say(app, STYLE_GOOD, ngettext("%d proposal made", "%d proposals made", (unsigned long)now.proposals),
                now.proposals);
    arena_free(&arena);
    app_changed(app);
}

static void keep(App *app, void *context) {
    Arena arena = {0};
    NetworkPlan now;
    Error e = {0};
    if (write(context, false, &now, &arena, &e) == STATUS_OK)
        app_say(app, STYLE_GOOD, ngettext("%d record changed", "%d records changed", (unsigned long)now.outcome.count),
                now.outcome.count);
    arena_free(&arena);
    app_changed(app);
}

static bool can_apply(View *v) {
    const PlanView *p = v->state;
    return plan_pair(p) && p->after.proposals > 0;
}

static void run_apply(View *v) {
    const PlanView *p = v->state;
    Buffer text = {0};
    if (supposes_values(v)) buffer_format(&text, "%s ", _("What is supposed of records is written first."));
    buffer_format(
        &text,
        ngettext("%d allocation is proposed, of all kinds in the plan: ",
                 "%d allocations are proposed, of all kinds in the plan: ", (unsigned long)p->after.proposals),
        p->after.proposals);
    network_plan_sums(&p->after, &text);
    buffer_add_char(&text, '.');
    buffer_format(&text, " %s",
                  service_actor(v->app->service)->site
                      ? _("The other side of each accepts or declines; a borrower may also decline, or release later, "
                          "what it does not want.")
                      : _("Each provider accepts or declines (what ROOT lends, the borrower); a borrower may also "
                          "decline, or release later, what it does not want."));
    buffer_format(&text, " %s", _("u takes all of it back."));
    ask_owned(v->app, _("Make the plan's proposals?"), text.bytes, _("Yes, propose"), apply, v, NULL);
    buffer_free(&text);
}

static void run_keep(View *v) {
    ask_owned(
        v->app, _("Keep what is supposed?"),
        _("The records are changed as if each had been edited, all or none; nothing is proposed. u takes it back."),
        _("Yes, keep it"), keep, v, NULL);
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

static bool plan_event(View *v, const Event *e) {
    PlanView *p = v->state;
    return walk_event(&p->cursor, plan_rows(p), p->height, e);
}

static void turn(View *v, int by) {
    PlanView *p = v->state;
    if (!plan_pair(p)) return;
    p->kind = (p->kind + by + p->pair_count) % p->pair_count;
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
    return plan_pair(p) && p->pair_count > 1;
}

static bool has_plan(View *v) {
    return plan_pair(v->state) != NULL;
}

static bool has_rows(View *v) {
    return plan_rows(v->state) > 0;
}

static void run_turn_list(View *v) {
    PlanView *p = v->state;
    p->list = (p->list + 1) % PLAN_LISTS;
    p->cursor = p->top = 0;
}

static void run_open(View *v) {
    const Record *r = record_here(v);
    if (!r) return;
    if (r->entity == &entity_site) open_region(v->app, (int)r->id);
    else open_record(v->app, r->entity, r->id);
}

static void run_again(View *v) {
    plan_anew(v->state);
}

static const Action plan_actions[] = {
    {"open", N_("open"), N_("Opens the request, the region or the offer."), "Enter", 1, run_open, has_rows},
    {"next-kind", N_("next kind"), N_("The next kind of capacity."), "] Right l", 4, run_next, has_kinds},
    {"previous-kind", N_("kind before"), N_("The kind before."), "[ Left h", 0, run_previous, has_kinds},
    {"turn", N_("list"), N_("By request, by region, or by offer."), "Tab", 5, run_turn_list, has_plan},
    {"suppose", N_("what if"), N_("Supposes other values of what is at the cursor, and shows who gains and loses."),
     "e", 4, run_suppose, has_rows},
    {"leave-out", N_("leave out"), N_("Plans without this request, region or offer; again, with it."), "x", 5,
     run_leave_out, has_rows},
    {"keep", N_("keep"), N_("Changes the records as supposed."), "K", 3, run_keep, supposes_values},
    {"throw-away", N_("throw away"), N_("Forgets what is supposed."), "z", 3, run_throw_away, supposes},
    {"apply", N_("propose"), N_("Makes the plan's proposals: all or none."), "a", 2, run_apply, can_apply},
    {"again", N_("plan anew"), N_("Plans anew, from what is asked for and free now."), "r", 9, run_again, NULL},
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
