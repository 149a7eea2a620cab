/* plan: the fair plan as text or JSON, and its proposals made. */
#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/period.h"
#include "cli/plan_writer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- text ---------------------------------------------------------------------------------------------------------- */

void plan_add_right(Buffer *b, const char *text) {
    int w = text_width(text, strlen(text));
    buffer_format(b, "%*s%s", w < NUMBER_WIDTH ? NUMBER_WIDTH - w : 1, "", text);
}

void plan_add_number(Buffer *b, int64_t number) {
    Buffer text = {0};
    number_show(&text, number, 3);
    plan_add_right(b, text.bytes);
    buffer_free(&text);
}

static int add_code(const PlanWriter *w, const Record *r) {
    size_t before = w->out->size;
    record_code(r, w->book, w->out);
    return (int)(w->out->size - before);
}

static void write_shares(const PlanWriter *w, const KindPlan *k) {
    static const char *const headings[] = {N_("Entitled"), N_("Lacks"), N_("Gets"), N_("Per 1 %")};
    buffer_format(w->out, "  %-*s", CODE_WIDTH, _("Region"));
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        plan_add_right(w->out, _(headings[i]));
    }
    buffer_add_char(w->out, '\n');
    for (int site = 0; site < SITE_COUNT; site++) {
        const PlanShare *share = &k->plan.shares[site];
        Buffer entitled = {0}, each = {0};
        int64_t lacks = 0;
        for (int i = 0; i < k->in.request_count; i++) {
            if (k->in.requests[i].site == site) lacks += k->in.requests[i].missing;
        }
        if (!lacks) continue;
        network_plan_entitled(k, site, &entitled);
        network_plan_per_percent(k, site, &each);
        buffer_format(w->out, "  %-*s", CODE_WIDTH, site_code(site));
        plan_add_right(w->out, entitled.bytes);
        plan_add_number(w->out, lacks);
        plan_add_number(w->out, share->got);
        plan_add_right(w->out, each.bytes);
        buffer_add_string(w->out, "  ");
        network_plan_share(k, site, w->out);
        buffer_add_char(w->out, '\n');
        buffer_free(&entitled);
        buffer_free(&each);
    }
}

/* One line for each offer: "    TTA-O1  W48 120  W49 96". */
static void write_grants(const PlanWriter *w, const KindPlan *k, int request, int *at) {
    int offer = -1;
    for (; *at < k->plan.grant_count && k->plan.grants[*at].request == request; ++*at) {
        const PlanGrant *g = &k->plan.grants[*at];
        if (g->offer != offer) {
            buffer_add_string(w->out, offer < 0 ? "    " : "\n    ");
            int n = add_code(w, k->sessions[g->offer] ? k->sessions[g->offer] : k->offers[g->offer]);
            buffer_format(w->out, "%*s", n < CODE_WIDTH ? CODE_WIDTH - n : 1, "");
            offer = g->offer;
        } else buffer_add_string(w->out, "  ");
        week_show(w->out, g->week, clock_today());
        buffer_add_char(w->out, ' ');
        number_show(w->out, g->quantity, 3);
    }
    if (offer >= 0) buffer_add_char(w->out, '\n');
}

static void write_remedy(const PlanWriter *w, const KindPlan *k, int request) {
    Buffer text = {0};
    network_plan_remedy(k, request, &text);
    if (text.size) buffer_format(w->out, "    %s\n", text.bytes);
    buffer_free(&text);
}

void plan_write_heading(const PlanWriter *w, const KindPlan *k) {
    buffer_format(w->out, "%s  ", _(choice_of_number(kind_choices, k->kind)->label));
    week_show_span(w->out, k->in.first, k->in.last, clock_today());
    buffer_add_string(w->out, "\n\n");
}

static void write_answer(const PlanWriter *w, const KindPlan *k, int request, int *at) {
    const PlanAnswer *a = &k->plan.answers[request];
    buffer_add_string(w->out, "  ");
    int n = add_code(w, k->requests[request]);
    buffer_format(w->out, "%*s", n < CODE_WIDTH ? CODE_WIDTH - n : 1, "");
    number_show(w->out, a->got, 3);
    buffer_add_string(w->out, " / ");
    kind_amount(w->out, k->kind, k->in.requests[request].missing);
    if (a->reason != PLAN_ALL) buffer_add_string(w->out, "  ");
    network_plan_reason(k, request, w->out);
    buffer_add_char(w->out, '\n');
    write_remedy(w, k, request);
    write_grants(w, k, request, at);
}

/* The one request that was asked about. */
static Status write_explained(Cli *cli, const PlanWriter *w, Error *e) {
    Record *r;
    int kind, at = 0;
    Status s = service_record(cli->service, &cli->arena, w->asked->explain, &r, e);
    if (s != STATUS_OK) return s;
    int request = network_plan_request(w->plan, r->id, &kind);
    if (request < 0) return STATUS_OK;
    const KindPlan *k = &w->plan->kinds[kind];
    while (at < k->plan.grant_count && k->plan.grants[at].request < request) {
        at++;
    }
    plan_write_heading(w, k);
    write_answer(w, k, request, &at);
    return STATUS_OK;
}

/* Whether there was no time to look for what would give all to each. */
static bool asks_more(const KindPlan *k) {
    for (int i = 0; i < k->in.request_count; i++) {
        if (k->plan.answers[i].reason != PLAN_ALL && !k->plan.remedies[i].gives) return true;
    }
    return false;
}

static void write_kind(const PlanWriter *w, const KindPlan *k) {
    int at = 0;
    plan_write_heading(w, k);
    write_shares(w, k);
    buffer_add_char(w->out, '\n');
    for (int i = 0; i < k->in.request_count; i++) {
        write_answer(w, k, i, &at);
    }
    buffer_add_string(w->out, "\n  ");
    network_plan_proof(k, w->out);
    buffer_add_string(w->out, "\n  ");
    network_plan_optimum(k, w->out);
    if (!w->asked->change_count && asks_more(k))
        buffer_format(w->out, "\n  %s", _("jazari plan REQUEST says of each what would give it all."));
    buffer_add_string(w->out, "\n\n");
}

static void write_text(const PlanWriter *w) {
    const NetworkPlan *p = w->plan;
    for (int i = 0; i < p->kind_count; i++) {
        write_kind(w, &p->kinds[i]);
    }
    if (!p->kind_count) {
        Buffer weeks = {0};
        if (w->asked->first && w->asked->last) week_show_span(&weeks, w->asked->first, w->asked->last, clock_today());
        buffer_format(w->out, _("No approved request lacks anything in %s.\n"),
                      weeks.size ? weeks.bytes : _("these weeks"));
        buffer_free(&weeks);
        return;
    }
    buffer_format(w->out,
                  ngettext("%d proposal with --apply, plan %s\n", "%d proposals with --apply, plan %s\n",
                           (unsigned long)p->proposals),
                  p->proposals, p->hash);
}

/* What was made: the same again where the operation is done again. */
static void write_made(const PlanWriter *w) {
    const NetworkPlan *p = w->plan;
    if (w->asked->change_count) buffer_format(w->out, "%s\n", _("Kept."));
    if (!w->asked->apply) return;
    buffer_format(w->out,
                  ngettext("%d proposal made, plan %s\n", "%d proposals made, plan %s\n", (unsigned long)p->proposals),
                  p->proposals, p->hash);
}

/* --- for programs --------------------------------------------------------------------------------------------------- */

void plan_json_code(const PlanWriter *w, const char *key, const Record *r) {
    Buffer code = {0};
    record_code(r, w->book, &code);
    output_json_text(w->out, key, buffer_string(&code));
    buffer_free(&code);
}

static void json_grants(const PlanWriter *w, const KindPlan *k, int request, int *at) {
    bool any = false;
    buffer_add_string(w->out, ",\"grants\":[");
    for (; *at < k->plan.grant_count && k->plan.grants[*at].request == request; ++*at) {
        const PlanGrant *g = &k->plan.grants[*at];
        buffer_add_string(w->out, any ? ",{" : "{");
        any = true;
        plan_json_code(w, "offer", k->offers[g->offer]);
        if (k->sessions[g->offer]) plan_json_code(w, "session", k->sessions[g->offer]);
        output_json_week(w->out, "week", g->week);
        output_json_number(w->out, "quantity", g->quantity, 3);
        buffer_add_char(w->out, '}');
    }
    buffer_add_char(w->out, ']');
}

/* What would give it all: its bound a week raised, more offered in some weeks; what it gets then, and of what is added
 * others first; and the offer that alone would do, outside of the plan. */
static void json_remedy(const PlanWriter *w, const KindPlan *k, int request) {
    Buffer *b = w->out;
    const PlanRemedy *r = &k->plan.remedies[request];
    if (!r->gives) return;
    buffer_add_string(b, ",\"would_take\":{");
    if (r->weekly_most) output_json_number(b, "weekly_most", r->weekly_most, 3);
    if (r->more_count) {
        const Choice *level = choice_of_number(data_level_choices, k->in.requests[request].level);
        output_json_text(b, "region", site_code(k->in.requests[request].site));
        output_json_text(b, "data_level", level ? level->word : "");
        buffer_add_string(b, ",\"more\":[");
    }
    for (int i = 0; i < r->more_count; i++) {
        buffer_add_string(b, i ? ",{" : "{");
        output_json_week(b, "week", r->more[i].week);
        output_json_number(b, "quantity", r->more[i].quantity, 3);
        buffer_add_char(b, '}');
    }
    if (r->more_count) buffer_add_char(b, ']');
    output_json_number(b, "gives", r->gives, 3);
    output_json_number(b, "others", r->others, 3);
    buffer_add_string(b, ",\"others_of\":[");
    for (int site = 0, any = 0; site < SITE_COUNT; site++) {
        if (r->to & 1u << site) buffer_format(b, "%s\"%s\"", any++ ? "," : "", site_code(site));
    }
    buffer_add_char(b, ']');
    int direct = plan_direct(&k->in, request);
    if (direct >= 0) plan_json_code(w, "direct", k->sessions[direct] ? k->sessions[direct] : k->offers[direct]);
    buffer_add_char(b, '}');
}

static void json_sums(Buffer *b, const KindPlan *k) {
    output_json_text(b, "kind", choice_of_number(kind_choices, k->kind)->word);
    output_json_week(b, "from", k->in.first);
    output_json_week(b, "to", k->in.last);
    output_json_text(b, "proof", plan_proof_words[k->plan.proof]);
    output_json_number(b, "served", k->plan.served, 3);
    output_json_number(b, "moved", k->plan.sums.moved, 3);
    output_json_number(b, "weighted", k->plan.sums.weighted, 3);
    output_json_number(b, "weighted_bound", k->bound.weighted, 3);
    output_json_number(b, "moved_bound", k->bound.moved, 3);
    output_json_number(b, "weeks", k->plan.sums.weeks, 3);
    output_json_number(b, "weeks_bound", k->bound.weeks, 3);
    output_json_number(b, "searched", k->plan.searched, 0);
    output_json_number(b, "left_out", k->plan.left_out, 0);
}

static void json_regions(Buffer *b, const KindPlan *k) {
    bool any = false;
    for (int site = 0; site < SITE_COUNT; site++) {
        if (!k->plan.shares[site].asked && !k->plan.relaxed[site]) continue;
        buffer_add_string(b, any ? ",\n{" : "\n{");
        any = true;
        output_json_text(b, "region", site_code(site));
        output_json_number(b, "entitlement", k->in.entitlement[site], 0);
        output_json_number(b, "asked", k->plan.shares[site].asked, 3);
        output_json_number(b, "got", k->plan.shares[site].got, 3);
        output_json_number(b, "got_without_smallest", k->plan.relaxed[site], 3);
        /* The entitlement is in parts per million. */
        output_json_number(b, "entitlement_percent", k->in.entitlement[site], 4);
        if (network_plan_got_per_percent(k, site) >= 0)
            output_json_number(b, "got_per_percent", network_plan_got_per_percent(k, site), 3);
        Buffer why = {0};
        network_plan_share(k, site, &why);
        output_json_text(b, "why", buffer_string(&why));
        buffer_free(&why);
        buffer_add_char(b, '}');
    }
}

static void json_requests(const PlanWriter *w, const KindPlan *k) {
    Buffer *b = w->out;
    int at = 0;
    for (int i = 0; i < k->in.request_count; i++) {
        const PlanAnswer *a = &k->plan.answers[i];
        Buffer why = {0};
        buffer_add_string(b, i ? ",\n{" : "\n{");
        plan_json_code(w, "request", k->requests[i]);
        output_json_number(b, "missing", k->in.requests[i].missing, 3);
        output_json_number(b, "got", a->got, 3);
        output_json_text(b, "reason", plan_reason_words[a->reason]);
        network_plan_reason(k, i, &why);
        if (why.size) output_json_text(b, "why", why.bytes);
        json_remedy(w, k, i);
        json_grants(w, k, i, &at);
        buffer_add_char(b, '}');
        buffer_free(&why);
    }
}

static void json_kind(const PlanWriter *w, const KindPlan *k) {
    buffer_add_char(w->out, '{');
    json_sums(w->out, k);
    buffer_add_string(w->out, ",\"regions\":[");
    json_regions(w->out, k);
    buffer_add_string(w->out, "],\"requests\":[");
    json_requests(w, k);
    buffer_add_string(w->out, "]}");
}

void plan_write_json(const PlanWriter *w) {
    buffer_add_char(w->out, '{');
    output_json_text(w->out, "hash", w->plan->hash);
    output_json_number(w->out, "proposals", w->plan->proposals, 0);
    buffer_add_string(w->out, ",\"applied\":false,\"kinds\":[");
    for (int i = 0; i < w->plan->kind_count; i++) {
        buffer_add_string(w->out, i ? ",\n" : "\n");
        json_kind(w, &w->plan->kinds[i]);
    }
    buffer_add_string(w->out, "]}");
}

static void write_made_json(const PlanWriter *w) {
    const Outcome *o = &w->plan->outcome;
    bool any = false;
    buffer_add_char(w->out, '{');
    output_json_text(w->out, "hash", w->plan->hash);
    output_json_number(w->out, "proposals", w->plan->proposals, 0);
    buffer_format(w->out, ",\"applied\":%s,\"kept\":%s,\"allocations\":[", w->asked->apply ? "true" : "false",
                  w->asked->change_count ? "true" : "false");
    for (int i = 0; i < o->count; i++) {
        char code[CODE_SIZE];
        if (o->effects[i].entity != &entity_allocation || strcmp(o->effects[i].verb, "propose") != 0) continue;
        code_write(entity_allocation.letter, o->effects[i].id, code);
        if (any) buffer_add_char(w->out, ',');
        json_write_string(w->out, code, strlen(code));
        any = true;
    }
    buffer_add_string(w->out, "]}\n");
}

/* --- the command ---------------------------------------------------------------------------------------------------- */

static bool show_progress(void *context, int percent) {
    (void)context;
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%3d %%\r", percent);
    return true;
}

static Status read_request(Cli *cli, NetworkPlanRequest *r, Error *e) {
    const int now = week_of_date(clock_today());
    int first = now + 1, last = first + 12;
    Status s = plan_take_changes(cli, r, e);
    if (s == STATUS_OK && r->keep && !r->change_count)
        return error_set(e, STATUS_USAGE, "--keep",
                         _("there is nothing to keep: name a change, as CAS-O1.quantity=240"));
    if (s == STATUS_OK && r->explain && (r->change_count || r->apply || r->keep))
        s = error_set(e, STATUS_USAGE, NULL, _("%s: a request is explained in the plan as it is, with nothing else"),
                      r->explain);
    if (s == STATUS_OK) s = cli_kind(cli, &r->kind, e);
    if (s == STATUS_OK) s = cli_period(cli, DATE_AHEAD, &first, &last, e);
    if (cli->options.from) r->first = first;
    if (cli->options.to) r->last = last;
    if (s == STATUS_OK && cli->options.to && last < now)
        s = error_set(e, STATUS_USAGE, "--to", _("these weeks are over: a plan is for weeks to come"));
    if (s == STATUS_OK && cli->options.to && !r->first && last == now)
        s = error_set(e, STATUS_USAGE, "--to", _("a plan begins next week, where --from does not say this one"));
    return s;
}

/* The same without what is supposed. */
static Status plan_before(Cli *cli, const NetworkPlanRequest *r, NetworkPlan *before, Error *e) {
    NetworkPlanRequest was = *r;
    was.changes = NULL;
    was.change_count = 0;
    was.apply = was.keep = false;
    was.bare = true;
    return service_plan(cli->service, &cli->arena, &was, before, e);
}

Status cli_plan(Cli *cli, Error *e) {
    char op[OPERATION_SIZE];
    NetworkPlan plan, before;
    Buffer out = {0}, clean = {0};
    const PlanWatch watch = {show_progress, NULL};
    operation_new(op);
    NetworkPlanRequest r = {.apply = cli->options.apply,
                            .keep = cli->options.keep,
                            .op = cli->options.op ? cli->options.op : op,
                            .watch = &watch};
    Status s = read_request(cli, &r, e);
    if (s == STATUS_OK) s = cli_open(cli, r.apply || r.keep, e);
    bool made = r.apply || r.keep;
    if (s == STATUS_OK && r.change_count && !made) s = plan_before(cli, &r, &before, e);
    if (s == STATUS_OK) s = service_plan(cli->service, &cli->arena, &r, &plan, e);
    if (s != STATUS_OK) return s;
    const PlanWriter w = {&plan, service_codes(cli->service), &r, &out};
    bool json = cli->options.form == CLI_JSON;
    if (made) (json ? write_made_json : write_made)(&w);
    else if (r.change_count) (json ? plan_write_compared_json : plan_write_compared)(cli, &w, &before);
    else if (json) {
        plan_write_json(&w);
        buffer_add_char(&out, '\n');
    } else if (r.explain) s = write_explained(cli, &w, e);
    else write_text(&w);
    text_clean_out(&clean, buffer_string(&out), out.size, true);
    if (s == STATUS_OK) s = output_flush(&clean, e);
    buffer_free(&out);
    buffer_free(&clean);
    return s;
}
