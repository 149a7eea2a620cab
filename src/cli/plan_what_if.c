/* plan with changes: who would gain and lose by them. */
#include "base/intl.h"
#include "base/number.h"
#include "cli/output.h"
#include "cli/plan_writer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The dot before the field: the last, for the code may have one of its own ("CAS-O1.3", of a restored store). */
static const char *field_dot(const char *word, const char *equals) {
    const char *dot = NULL;
    for (const char *at = word; equals && at < equals; at++) {
        if (*at == '.') dot = at;
    }
    return dot;
}

/* Of two values for one field only the later would count, and both would be said. */
static Status refuse_twice(const PlanChange *changes, int count, Error *e) {
    const PlanChange *last = &changes[count - 1];
    for (int i = 0; i < count - 1; i++) {
        const PlanChange *c = &changes[i];
        if (!c->field || strcmp(c->field, last->field) != 0 || strcasecmp(c->code, last->code) != 0) continue;
        char where[sizeof e->field];
        snprintf(where, sizeof where, "%s.%s", last->code, last->field);
        return error_set(e, STATUS_USAGE, where, _("given twice, as \"%.40s\" and as \"%.40s\""), c->value,
                         last->value);
    }
    return STATUS_OK;
}

/* "CAS-O1.quantity=240" and "without=CAS,DOD", of the words that follow the command; a code alone is explained. */
Status plan_take_changes(Cli *cli, NetworkPlanRequest *r, Error *e) {
    size_t most = 1;
    for (int i = 1; i < cli->options.word_count; i++) {
        most += strlen(cli->options.words[i]);
    }
    PlanChange *changes = arena_array(&cli->arena, most, sizeof *changes);
    r->changes = changes;
    r->form = FORM_TYPED;
    for (int i = 1; i < cli->options.word_count; i++) {
        const char *word = cli->options.words[i], *equals = strchr(word, '='), *dot = field_dot(word, equals);
        if (!strncmp(word, "without=", 8)) {
            for (const char *at = equals + 1; *at; at += *at == ',') {
                size_t size = strcspn(at, ",");
                changes[r->change_count++] = (PlanChange){.code = arena_copy(&cli->arena, at, size)};
                at += size;
            }
            continue;
        }
        if (!equals && !r->explain) {
            r->explain = word;
            continue;
        }
        if (!equals || !dot)
            return error_set(e, STATUS_USAGE, NULL,
                             _("\"%.40s\" is no change: write CAS-O1.quantity=240 or without=CAS"), word);
        changes[r->change_count++] = (PlanChange){.code = arena_copy(&cli->arena, word, (size_t)(dot - word)),
                                                  .field = arena_copy(&cli->arena, dot + 1, (size_t)(equals - dot - 1)),
                                                  .value = equals + 1};
        Status status = refuse_twice(changes, r->change_count, e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static void write_changes(const PlanWriter *w) {
    buffer_add_string(w->out, _("If"));
    for (int i = 0; i < w->asked->change_count; i++) {
        const PlanChange *change = &w->asked->changes[i];
        buffer_add_string(w->out, i ? ", " : " ");
        if (change->field) buffer_format(w->out, "%s %s=%s", change->code, change->field, change->value);
        else buffer_format(w->out, _("without %s"), change->code);
    }
    buffer_add_string(w->out, "\n\n");
}

static void add_signed(Buffer *b, int64_t number) {
    Buffer text = {0};
    if (number > 0) buffer_add_char(&text, '+');
    number_show(&text, number, 3);
    plan_add_right(b, number ? text.bytes : "=");
    buffer_free(&text);
}

static void write_compared(const PlanWriter *w, const char *what, int64_t before, int64_t after) {
    buffer_format(w->out, "  %-*s", CODE_WIDTH, what);
    plan_add_number(w->out, before);
    plan_add_number(w->out, after);
    add_signed(w->out, after - before);
    buffer_add_char(w->out, '\n');
}

static void write_compared_headings(const PlanWriter *w, const char *of) {
    buffer_format(w->out, "  %-*s", CODE_WIDTH, of);
    plan_add_right(w->out, _("Got"));
    plan_add_right(w->out, _("Would get"));
    plan_add_right(w->out, _("Difference"));
    buffer_add_char(w->out, '\n');
}

static bool takes_part(const KindPlan *k, int site) {
    for (int i = 0; k && i < k->in.request_count; i++) {
        if (k->in.requests[i].site == site) return true;
    }
    return false;
}

static void write_pair(const PlanWriter *w, const PlanPair *p) {
    bool any = false;
    plan_write_heading(w, p->after ? p->after : p->before);
    write_compared_headings(w, _("Region"));
    for (int site = 0; site < SITE_COUNT; site++) {
        if (takes_part(p->before, site) || takes_part(p->after, site))
            write_compared(w, site_code(site), plan_pair_share(p, site, false), plan_pair_share(p, site, true));
    }
    buffer_add_char(w->out, '\n');
    for (int i = 0; i < p->request_count; i++) {
        int64_t before = plan_pair_got(p, i, false), after = plan_pair_got(p, i, true);
        Buffer code = {0}, why = {0};
        if (before == after) continue;
        if (!any) write_compared_headings(w, _("Request"));
        any = true;
        record_code(plan_pair_record(p, i), w->book, &code);
        write_compared(w, buffer_string(&code), before, after);
        if (p->requests[i].after >= 0) network_plan_reason(p->after, p->requests[i].after, &why);
        else buffer_add_string(&why, _("takes no part"));
        if (why.size) buffer_format(w->out, "    %s\n", why.bytes);
        buffer_free(&code);
        buffer_free(&why);
    }
    if (!any) buffer_format(w->out, "  %s\n", _("No request gets more or less."));
    buffer_add_string(w->out, "\n  ");
    if (p->after) network_plan_proof(p->after, w->out);
    if (p->after) buffer_add_string(w->out, "\n  ");
    if (p->after) network_plan_optimum(p->after, w->out);
    buffer_add_string(w->out, "\n\n");
}

void plan_write_compared(Cli *cli, const PlanWriter *w, const NetworkPlan *before) {
    PlanPair *pairs;
    int count;
    network_plan_compare(&cli->arena, before, w->plan, &pairs, &count);
    write_changes(w);
    for (int i = 0; i < count; i++) {
        write_pair(w, &pairs[i]);
    }
    buffer_format(w->out, "%s\n", _("Nothing was written. --keep makes the changes, --apply also the proposals."));
}

static void json_differences(const PlanWriter *w, const PlanPair *pairs, int count) {
    bool any = false;
    buffer_add_string(w->out, ",\"differences\":[");
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < pairs[i].request_count; k++) {
            int64_t before = plan_pair_got(&pairs[i], k, false), after = plan_pair_got(&pairs[i], k, true);
            if (before == after) continue;
            buffer_add_string(w->out, any ? ",\n{" : "\n{");
            any = true;
            plan_json_code(w, "request", plan_pair_record(&pairs[i], k));
            output_json_number(w->out, "before", before, 3);
            output_json_number(w->out, "after", after, 3);
            buffer_add_char(w->out, '}');
        }
    }
    buffer_add_char(w->out, ']');
}

void plan_write_compared_json(Cli *cli, const PlanWriter *w, const NetworkPlan *before) {
    static const NetworkPlanRequest only_asked;
    const PlanWriter was = {before, w->book, &only_asked, w->out};
    PlanPair *pairs;
    int count;
    network_plan_compare(&cli->arena, before, w->plan, &pairs, &count);
    buffer_add_string(w->out, "{\"before\":");
    plan_write_json(&was);
    buffer_add_string(w->out, ",\n\"after\":");
    plan_write_json(w);
    json_differences(w, pairs, count);
    buffer_add_string(w->out, "}\n");
}
