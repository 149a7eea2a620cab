/* What hangs on a record, and its latest history, as lines of its page. */
#include "panels/detail.h"

#include "base/date.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { RELATED_MOST = 60, HISTORY_MOST = 6 };

static bool past(const Value *date) {
    int day;
    return date->kind == VALUE_TEXT && date_parse(date->text, date->size, &day) && day < app_today();
}

static void show(Detail *d, const Record *r, int field, const char **out) {
    Buffer text = {0};
    CodeBook book = {.today = app_today()};
    value_show(&text, &r->entity->fields[field], &r->values[field], &book);
    *out = arena_copy(&d->arena, buffer_string(&text), text.size);
    buffer_free(&text);
}

static void milestone_row(Detail *d, DetailLine *line, const Record *r) {
    bool done = record_state(r) == MILESTONE_IS_DONE, open = record_state(r) == MILESTONE_OPEN;
    bool late = open && past(&r->values[MILESTONE_DUE]);
    line->symbol = done ? draw_symbol("✓", "x") : late ? "!" : open ? draw_symbol("·", ".") : "-";
    line->symbol_style = done ? STYLE_GOOD : late ? STYLE_LATE : STYLE_DIM;
    show(d, r, done ? MILESTONE_DONE : MILESTONE_DUE, &line->right);
    line->right_style = done ? STYLE_GOOD : late ? STYLE_LATE : STYLE_DIM;
}

static void project_row(Detail *d, DetailLine *line, const Record *r) {
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    bool late = value_number_or(&r->values[PROJECT_LATE], 0) != 0;
    const char *due;
    show(d, r, PROJECT_DUE, &due);
    line->right = state ? _(state->label) : "?";
    if (*due && record_state(r) < PROJECT_COMPLETED)
        line->right = arena_format(&d->arena, "%s  %s%s", line->right, late ? "!" : "", due);
    line->right_style = late ? STYLE_LATE : state ? style_of_tone(state->tone) : STYLE_DIM;
}

static void allocation_row(Detail *d, DetailLine *line, const Record *r) {
    const char *lender = site_code(record_site(r)), *borrower = site_code(r->values[ALLOCATION_BORROWER].number);
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    line->right = arena_format(&d->arena, "%s %s %s  %s", lender ? lender : "?", draw_symbol("→", ">"),
                               borrower ? borrower : "?", state ? _(state->label) : "?");
    line->right_style = state ? style_of_tone(state->tone) : STYLE_DIM;
}

static void request_row(Detail *d, DetailLine *line, const Record *r) {
    Buffer text = {0};
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    int64_t proposed = value_number_or(&r->values[REQUEST_PROPOSED], 0);
    number_show(&text, value_number_or(&r->values[REQUEST_AGREED], 0), 3);
    const char *got = arena_format(&d->arena, _("got %s"), text.bytes);
    if (proposed) {
        buffer_clear(&text);
        number_show(&text, proposed, 3);
        got = arena_format(&d->arena, _("%s, %s proposed"), got, text.bytes);
    }
    line->right = arena_format(&d->arena, "%s  %s", got, state ? _(state->label) : "?");
    line->right_style = state ? style_of_tone(state->tone) : STYLE_DIM;
    buffer_free(&text);
}

static void session_row(Detail *d, DetailLine *line, const Record *r) {
    Buffer text = {0};
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    number_show(&text, value_number_or(&r->values[SESSION_TAKEN], 0), 3);
    line->right = arena_format(&d->arena, _("%s taken  %s"), text.bytes, state ? _(state->label) : "?");
    line->right_style = state ? style_of_tone(state->tone) : STYLE_DIM;
    buffer_free(&text);
}

static void plain_row(Detail *d, DetailLine *line, const Record *r) {
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    (void)d;
    if (r->entity == &entity_usage) return;
    line->right = state ? _(state->label) : "";
    line->right_style = state ? style_of_tone(state->tone) : STYLE_DIM;
}

static void add_row(Detail *d, const Record *r) {
    Buffer code = {0}, title = {0};
    record_code(r, NULL, &code);
    record_title(r, &title);
    DetailLine *line = detail_add(d, DETAIL_ROW, arena_copy(&d->arena, buffer_string(&code), code.size));
    detail_run(d, line, STYLE_TEXT, buffer_string(&title));
    line->link = r->entity;
    line->id = r->id;
    if (r->entity == &entity_milestone) milestone_row(d, line, r);
    else if (r->entity == &entity_project) project_row(d, line, r);
    else if (r->entity == &entity_allocation) allocation_row(d, line, r);
    else if (r->entity == &entity_request) request_row(d, line, r);
    else if (r->entity == &entity_session) session_row(d, line, r);
    else plain_row(d, line, r);
    buffer_free(&code);
    buffer_free(&title);
}

int detail_rows(Detail *d, Service *service, const ListRequest *request, bool *more) {
    Page page;
    Error e;
    if (service_list(service, &d->arena, request, &page, &e) != STATUS_OK) return -1;
    *more = page.more;
    for (int i = 0; i < page.count; i++) {
        add_row(d, page.rows[i]);
    }
    return page.count;
}

static void add_list(Detail *d, Service *service, const Entity *other, int field) {
    Buffer filter = {0};
    int section = d->count + 1;
    bool more;
    buffer_format(&filter, "%s:", other->fields[field].name);
    record_code(d->record, service_codes(service), &filter);
    ListRequest request = {.entity = other,
                           .filter = filter.bytes,
                           .sort = other->kind == ENTITY_MILESTONE ? "due"
                                   : other->kind == ENTITY_SESSION ? "-first_day"
                                                                   : "code",
                           .limit = RELATED_MOST,
                           .fields = FIELDS_ALL};
    detail_section(d, entity_related_heading(other, field));
    int count = detail_rows(d, service, &request, &more);
    buffer_free(&filter);
    if (count > 0) d->lines[section].right = arena_format(&d->arena, "%d%s", count, more ? "+" : "");
    else d->count = section - 1; /* no heading without rows */
}

void detail_related(Detail *d, Service *service) {
    const Entity *other;
    int field;
    for (int i = 0; entity_related(d->entity, i, &other, &field); i++) {
        add_list(d, service, other, field);
    }
}

/* --- history ------------------------------------------------------------------------------------------------------ */

const char *entry_verb(const JournalEntry *e) {
    Command c;
    static const struct { const char *verb, *label; } others[] = {{"import", N_("Import")}, {"init", N_("Begin")}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!strcmp(others[i].verb, e->verb)) return _(others[i].label);
    }
    /* What made it may be a command of another record: a proposal is made of a request. */
    bool known = command_find(e->verb, e->entity, &c) || command_find(e->verb, NULL, &c);
    return known ? _(c.label) : e->verb;
}

void change_text(const JournalEntry *j, const CodeBook *book, Buffer *b) {
    bool first = true;
    if (!j->before || !j->after) {
        buffer_add_string(b, !j->after ? _("deleted") : entry_verb(j));
        return;
    }
    for (int i = COMMON_SITE; i < j->entity->field_count; i++) {
        const Field *f = &j->entity->fields[i];
        if (!(j->changed & FIELD_BIT(i)) || (i >= COMMON_REV && i < COMMON_COUNT)) continue;
        Buffer was = {0}, now = {0};
        value_show(&was, f, &j->before->values[i], book);
        value_show(&now, f, &j->after->values[i], book);
        buffer_format(b, "%s%s: %s %s %s", first ? "" : "; ", _(f->label), was.size ? was.bytes : draw_symbol("–", "-"),
                      draw_symbol("→", ">"), now.size ? now.bytes : draw_symbol("–", "-"));
        buffer_free(&was);
        buffer_free(&now);
        first = false;
    }
    if (first) buffer_add_string(b, j->verb);
}

void detail_history(Detail *d, Service *service) {
    JournalEntry *entries;
    int count;
    Error e;
    const CodeBook *book = service_codes(service);
    JournalQuery q = {.entity = d->entity, .id = d->id, .site = -1, .limit = HISTORY_MOST};
    if (service_journal(service, &d->arena, &q, &entries, &count, &e) != STATUS_OK || !count) return;
    detail_section(d, _("History"));
    for (int i = 0; i < count; i++) {
        Buffer day = {0}, change = {0};
        int64_t instant;
        if (instant_parse(entries[i].at, strlen(entries[i].at), &instant))
            date_show(&day, (int)((instant + clock_local_offset(instant)) / 86400), app_today());
        change_text(&entries[i], book, &change);
        DetailLine *line = detail_add(d, DETAIL_FIELD, arena_copy(&d->arena, buffer_string(&day), day.size));
        detail_run(d, line, STYLE_DIM, entries[i].actor);
        detail_run(d, line, STYLE_TEXT, "  ");
        detail_run(d, line, STYLE_TEXT, buffer_string(&change));
        buffer_free(&day);
        buffer_free(&change);
    }
}
