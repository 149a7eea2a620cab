/* A record in full: the lines of its fields, drawing, and walking through them. */
#include "panels/detail.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum { LABEL_MOST = 18, GAUGE = 24, GAUGE_LEAST = 5, TITLE_LINES_MOST = 3 };

/* --- making lines ------------------------------------------------------------------------------------------------- */

DetailLine *detail_add(Detail *d, DetailKind kind, const char *label) {
    if (d->count == d->room) {
        DetailLine *more = arena_array(&d->arena, (size_t)(d->room = d->room ? d->room * 2 : 64), sizeof *more);
        if (d->count) memcpy(more, d->lines, (size_t)d->count * sizeof *more);
        d->lines = more;
    }
    DetailLine *line = &d->lines[d->count++];
    *line = (DetailLine){.kind = kind, .label = label};
    return line;
}

void detail_run(Detail *d, DetailLine *line, Style style, const char *text) {
    if (line->run_count < DETAIL_RUNS)
        line->runs[line->run_count++] = (DetailRun){.text = arena_string(&d->arena, text), .style = style};
}

void detail_section(Detail *d, const char *title) {
    detail_add(d, DETAIL_BLANK, NULL);
    detail_add(d, DETAIL_SECTION, title);
}

/* A long text becomes as many lines as it takes. */
static void add_wrapped(Detail *d, const char *label, Style style, const char *text) {
    int w = d->width - d->label_width - 2;
    size_t size = strlen(text);
    if (w < 10) w = 10;
    while (size) {
        int used;
        const char *newline = memchr(text, '\n', size);
        size_t line = newline ? (size_t)(newline - text) : size, n = text_fit(text, line, w, &used), skip = 0;
        if (n < line) {
            size_t blank = n;
            while (blank && text[blank] != ' ') {
                blank--;
            }
            if (blank) n = blank;
        }
        while (n + skip < size && (text[n + skip] == ' ' || (text[n + skip] == '\n' && !skip))) {
            skip++;
        }
        DetailLine *l = detail_add(d, DETAIL_FIELD, label);
        detail_run(d, l, style, arena_copy(&d->arena, text, n));
        label = "";
        text += n + skip;
        size -= n + skip;
        if (!n && !skip) break;
    }
}

/* --- fields that are shown in a way of their own ------------------------------------------------------------------- */

/* research ─ pilot ─ deployment ─ operation, the present one standing out */
/* Where it stands is in brackets: a weight or a colour alone is not seen everywhere. */
static void add_stage(Detail *d, const Record *r, int field) {
    const Field *f = &r->entity->fields[field];
    DetailLine *line = detail_add(d, DETAIL_FIELD, _(f->label));
    for (const Choice *c = f->choices; c->number; c++) {
        bool here = c->number == r->values[field].number;
        if (c != f->choices) detail_run(d, line, STYLE_RULE, draw_symbol(" ─ ", " - "));
        const char *label = here ? arena_format(&d->arena, "[%s]", _(c->label)) : _(c->label);
        detail_run(d, line, here ? STYLE_ACCENT : STYLE_DIM, label);
    }
}

static void add_budget(Detail *d, const Record *r, int field) {
    Buffer text = {0};
    int64_t budget = value_number_or(&r->values[PROJECT_BUDGET], 0),
            funded = value_number_or(&r->values[PROJECT_FUNDED], 0);
    if (!budget) return;
    DetailLine *line = detail_add(d, DETAIL_FIELD, _(r->entity->fields[field].label));
    number_show(&text, budget, 2);
    buffer_format(&text, " %s", _("DH"));
    detail_run(d, line, STYLE_TEXT, text.bytes);
    buffer_clear(&text);
    buffer_format(&text, _(", %d %% funded"), (int)(funded * 100 / budget));
    detail_run(d, line, STYLE_DIM, text.bytes);
    buffer_free(&text);
}

/* "0 / 1 760 GPU h, 200 proposed" */
static void add_agreed(Detail *d, const Record *r, int field) {
    int64_t wanted = value_number_or(&r->values[REQUEST_WANTED], 0),
            agreed = value_number_or(&r->values[REQUEST_AGREED], 0),
            proposed = value_number_or(&r->values[REQUEST_PROPOSED], 0);
    Buffer text = {0};
    if (!wanted) return;
    DetailLine *line = detail_add(d, DETAIL_FIELD, _(r->entity->fields[field].label));
    line->part = agreed;
    line->whole = wanted;
    number_show(&text, agreed, 3);
    buffer_add_string(&text, " / ");
    number_show(&text, wanted, 3);
    buffer_format(&text, " %s", kind_unit(value_number_or(&r->values[REQUEST_KIND], 0)));
    detail_run(d, line, STYLE_STRONG, text.bytes);
    if (proposed) {
        buffer_clear(&text);
        number_show(&text, proposed, 3);
        detail_run(d, line, STYLE_SOON, ", ");
        detail_run(d, line, STYLE_SOON, arena_format(&d->arena, _("%s proposed"), text.bytes));
    }
    buffer_free(&text);
}

static bool date_is_over(const Value *v) {
    int day;
    return v->kind == VALUE_TEXT && date_parse(v->text, v->size, &day) && day < app_today();
}

static void add_state(Detail *d, const Record *r, int field, const char *more) {
    const Choice *state = choice_of_number(r->entity->states, record_state(r));
    DetailLine *line = detail_add(d, DETAIL_FIELD, _(r->entity->fields[field].label));
    detail_run(d, line, state ? style_of_tone(state->tone) : STYLE_TEXT, state ? _(state->label) : "?");
    detail_run(d, line, STYLE_LATE, more);
}

static void add_project_state(Detail *d, const Record *r, int field) {
    bool late = value_number_or(&r->values[PROJECT_LATE], 0) != 0;
    add_state(d, r, field,
              !late                                   ? ""
              : date_is_over(&r->values[PROJECT_DUE]) ? _(", late")
                                                      : _(", a milestone is late"));
}

static void add_milestone_state(Detail *d, const Record *r, int field) {
    bool late = record_state(r) == MILESTONE_OPEN && date_is_over(&r->values[MILESTONE_DUE]);
    add_state(d, r, field, late ? _(", late") : "");
}

static void add_nothing(Detail *d, const Record *r, int field) {
    (void)d;
    (void)r;
    (void)field;
}

/* Bookings, some weeks a line. */
static void add_bookings(Detail *d, const Record *r, int field) {
    const Value *v = &r->values[field];
    const Field *f = &r->entity->fields[field];
    int each = 18, a_line = (d->width - d->label_width - 2) / each;
    DetailLine *line = NULL;
    if (a_line < 1) a_line = 1;
    if (a_line > DETAIL_RUNS / 2) a_line = DETAIL_RUNS / 2;
    for (uint32_t i = 0; i < v->size; i++) {
        Buffer week = {0}, quantity = {0};
        if (i % (uint32_t)a_line == 0) line = detail_add(d, DETAIL_FIELD, i ? "" : _(f->label));
        week_show(&week, (int)v->items[i].key, app_today());
        buffer_add_char(&week, ' ');
        number_show(&quantity, v->items[i].quantity, f->scale);
        while (text_width(week.bytes, week.size) + text_width(quantity.bytes, quantity.size) < each - 3) {
            buffer_add_char(&quantity, ' ');
        }
        buffer_add_string(&quantity, "   ");
        detail_run(d, line, STYLE_DIM, week.bytes);
        detail_run(d, line, STYLE_TEXT, quantity.bytes);
        buffer_free(&week);
        buffer_free(&quantity);
    }
}

static const struct {
    const Entity *entity;
    int field;
    void (*add)(Detail *, const Record *, int field);
} special[] = {
    {&entity_project, COMMON_STATE, add_project_state},
    {&entity_project, PROJECT_STAGE, add_stage},
    {&entity_project, PROJECT_BUDGET, add_budget},
    {&entity_project, PROJECT_FUNDED, add_nothing},
    {&entity_project, PROJECT_LATE, add_nothing},
    {&entity_project, PROJECT_TITLE, add_nothing},
    {&entity_need, NEED_TITLE, add_nothing},
    {&entity_request, REQUEST_AGREED, add_agreed},
    {&entity_request, REQUEST_PROPOSED, add_nothing},
    {&entity_request, REQUEST_GOT, add_nothing},
    {&entity_request, REQUEST_WANTED, add_nothing},
    {&entity_allocation, ALLOCATION_BOOKINGS, add_bookings},
    {&entity_allocation, ALLOCATION_SIDES, add_nothing},
    {&entity_milestone, COMMON_STATE, add_milestone_state},
    {&entity_milestone, MILESTONE_TITLE, add_nothing},
    {&entity_offer, OFFER_NAME, add_nothing},
    {&entity_organisation, ORGANISATION_NAME, add_nothing},
};

/* --- fields ------------------------------------------------------------------------------------------------------- */

/* "SMA-P42 Title", which can be opened. */
static void add_link(Detail *d, const char *label, const Field *f, int64_t id, const char *title,
                     const CodeBook *book) {
    const Entity *other = entity_of_kind(f->ref);
    Buffer code = {0};
    Value bare = value_number(id);
    value_write(&code, &(Field){.kind = FIELD_REF, .ref = f->ref}, &bare, book);
    DetailLine *line = detail_add(d, DETAIL_FIELD, label);
    detail_run(d, line, STYLE_STRONG, buffer_string(&code));
    if (title && *title) {
        detail_run(d, line, STYLE_TEXT, "  ");
        detail_run(d, line, STYLE_TEXT, title);
    }
    line->link = other;
    line->id = id;
    buffer_free(&code);
}

const char *own_turn(const Service *service, const Record *r) {
    static const char *const own[] = {[TURN_BORROWER_ANSWERS] = N_("you answer"),
                                      [TURN_PROVIDER_ANSWERS] = N_("you answer"),
                                      [TURN_PROVIDER_STARTS] = N_("you start"),
                                      [TURN_PROVIDER_COMPLETES] = N_("you complete")};
    if (r->entity != &entity_allocation) return NULL;
    int64_t turn = value_number_or(&r->values[ALLOCATION_TURN], 0);
    int64_t whose =
        turn == TURN_BORROWER_ANSWERS ? value_number_or(&r->values[ALLOCATION_BORROWER], -1) : record_site(r);
    return turn && whose == service_actor(service)->site ? _(own[turn]) : NULL;
}

static void add_field(Detail *d, const Record *r, int i, const CodeBook *book) {
    const Field *f = &r->entity->fields[i];
    const Value *v = &r->values[i];
    Buffer text = {0};
    for (size_t k = 0; k < sizeof special / sizeof *special; k++) {
        if (special[k].entity == r->entity && special[k].field == i) {
            special[k].add(d, r, i);
            return;
        }
    }
    if (value_empty(f, v)) return;
    if (f->kind == FIELD_REF) {
        add_link(d, _(f->label), f, v->number, v->text, book);
        return;
    }
    for (uint32_t k = 0; f->kind == FIELD_REFS && k < v->size; k++) {
        add_link(d, k ? "" : _(f->label), f, v->items[k].key, v->items[k].label, book);
    }
    if (f->kind == FIELD_REFS) return;
    if (f->flags & FIELD_OF_KIND) {
        kind_show(&text, value_number_or(&r->values[entity_field(r->entity, "kind", strlen("kind"))], 0), v->number);
    } else value_show(&text, f, v, book);
    if (f->kind == FIELD_NUMBER && f->unit) buffer_format(&text, " %s", _(f->unit));
    const Choice *c = f->kind == FIELD_CHOICE ? choice_of_number(f->choices, v->number) : NULL;
    add_wrapped(d, _(f->label), c ? style_of_tone(c->tone) : STYLE_TEXT, buffer_string(&text));
    buffer_free(&text);
}

static bool shown(const Entity *entity, int i) {
    const Field *f = &entity->fields[i];
    return !(f->flags & FIELD_HIDDEN) && f->kind != FIELD_CODE && i != COMMON_REV &&
           !(i >= COMMON_CREATED_AT && i < COMMON_COUNT);
}

static void make_lines(Detail *d, Service *service) {
    const Record *r = d->record;
    const CodeBook *book = service_codes(service);
    d->label_width = 0;
    for (int i = 0; i < r->entity->field_count; i++) {
        const char *label = _(r->entity->fields[i].label);
        int w = text_width(label, strlen(label));
        if (shown(r->entity, i) && w > d->label_width) d->label_width = w;
    }
    if (d->label_width > LABEL_MOST) d->label_width = LABEL_MOST;
    const char *own = own_turn(service, r);
    for (int i = COMMON_SITE; i < r->entity->field_count; i++) {
        if (own && i == ALLOCATION_TURN) add_wrapped(d, _(r->entity->fields[i].label), STYLE_STRONG, own);
        else if (shown(r->entity, i)) add_field(d, r, i, book);
    }
    detail_related(d, service);
    detail_history(d, service);
}

void detail_load(Detail *d, Service *service, const Entity *entity, int64_t id, int width) {
    bool same = d->entity == entity && d->id == id;
    int top = same ? d->top : 0, cursor = same ? d->cursor : -1;
    arena_free(&d->arena);
    *d = (Detail){.entity = entity, .id = id, .width = width, .top = top, .cursor = cursor};
    if (service_record_of_id(service, &d->arena, entity, id, &d->record, &d->error) == STATUS_OK)
        make_lines(d, service);
    if (d->cursor >= d->count) d->cursor = -1;
}

void detail_look(Detail *d, App *app) {
    char now[sizeof d->editors];
    if (!d->record) return;
    editors_say(app, d->entity, d->id, now, sizeof now);
    if (strcmp(now, d->editors) != 0) app->dirty = true;
    memcpy(d->editors, now, sizeof now);
}

void detail_free(Detail *d) {
    arena_free(&d->arena);
    *d = (Detail){0};
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static int draw_runs(const DetailLine *line, int y, int x, int w, bool selected) {
    int used = 0;
    for (int i = 0; i < line->run_count && used < w; i++) {
        used += draw_string(y, x + used, w - used, selected ? STYLE_SELECTED : line->runs[i].style, line->runs[i].text);
    }
    return used;
}

static int runs_width(const DetailLine *line) {
    int w = 0;
    for (int i = 0; i < line->run_count; i++) {
        w += text_width(line->runs[i].text, strlen(line->runs[i].text));
    }
    return w;
}

static void draw_field(const Detail *d, const DetailLine *line, int y, Rect r, bool selected) {
    int x = r.x + d->label_width + 2, w = r.w - d->label_width - 2;
    draw_string(y, r.x, d->label_width + 1, selected ? STYLE_SELECTED : STYLE_DIM, line->label);
    if (line->whole > 0) {
        /* The figures are not cut for it. */
        int gauge = w - runs_width(line) - 2;
        if (gauge > GAUGE) gauge = GAUGE;
        if (gauge < GAUGE_LEAST) gauge = GAUGE_LEAST;
        draw_gauge(y, x, gauge, line->part >= line->whole ? STYLE_GOOD : STYLE_ACCENT, line->part, line->whole);
        x += gauge + 2;
        w -= gauge + 2;
    }
    draw_runs(line, y, x, w, selected);
}

static void draw_row(const DetailLine *line, int y, Rect r, bool selected) {
    int x = r.x, right = 0;
    if (line->symbol) {
        draw_string(y, x, 2, selected ? STYLE_SELECTED : line->symbol_style, line->symbol);
        x += 2;
    }
    if (line->right) {
        right =
            draw_right(y, r.x + r.w / 2, r.w - r.w / 2, selected ? STYLE_SELECTED : line->right_style, line->right) + 2;
    }
    if (line->label) x += draw_string(y, x, r.w, selected ? STYLE_SELECTED : STYLE_STRONG, line->label);
    if (line->label) x = x < r.x + 10 ? r.x + 11 : x + 2;
    draw_runs(line, y, x, r.x + r.w - right - x, selected);
}

/* A long title goes on below itself. */
static int title_lines(const Detail *d) {
    Buffer code = {0}, title = {0};
    record_code(d->record, NULL, &code);
    record_title(d->record, &title);
    int lines = wrapped_height(d->width - text_width(buffer_string(&code), code.size) - 2, buffer_string(&title));
    buffer_free(&code);
    buffer_free(&title);
    return lines < 1 ? 1 : lines > TITLE_LINES_MOST ? TITLE_LINES_MOST : lines;
}

/* The title, and a line for who else has the record open. */
static int head_lines(const Detail *d) {
    return d->record ? title_lines(d) + 1 : 2;
}

static void draw_detail_title(const Detail *d, Rect r) {
    Buffer code = {0}, title = {0};
    record_code(d->record, NULL, &code);
    record_title(d->record, &title);
    int used = draw_string(r.y, r.x, r.w, STYLE_ACCENT, buffer_string(&code)) + 2;
    draw_wrapped((Rect){r.y, r.x + used, title_lines(d), r.w - used}, STYLE_STRONG, buffer_string(&title));
    buffer_free(&code);
    buffer_free(&title);
}

void detail_draw_lines(Detail *d, Rect body, bool focused) {
    /* Beside what is at the right of a row the mark that there is more would read as a letter of it. */
    const Rect rows = {body.y, body.x, body.h, body.w - (d->count > body.h)};
    d->at = body;
    if (d->top > d->count - body.h) d->top = d->count > body.h ? d->count - body.h : 0;
    for (int i = 0; i < body.h && d->top + i < d->count; i++) {
        const DetailLine *line = &d->lines[d->top + i];
        bool selected = focused && d->top + i == d->cursor;
        int y = body.y + i;
        if (selected) {
            draw_fill((Rect){y, body.x, 1, body.w}, STYLE_SELECTED);
            draw_cursor(y, body.x);
        }
        switch (line->kind) {
        case DETAIL_BLANK: break;
        case DETAIL_SECTION: draw_title(y, body.x, body.w, line->label, line->right ? line->right : ""); break;
        case DETAIL_FIELD: draw_field(d, line, y, body, selected); break;
        case DETAIL_ROW: draw_row(line, y, rows, selected); break;
        }
    }
    draw_more(body, d->top > 0, d->top + body.h < d->count);
}

void detail_draw(Detail *d, Rect r, bool focused) {
    if (!d->record) {
        if (*d->error.why) draw_wrapped(r, STYLE_ERROR, d->error.why);
        return;
    }
    draw_detail_title(d, r);
    int head = head_lines(d);
    if (*d->editors) draw_string(r.y + head - 1, r.x, r.w - 2, STYLE_SOON, d->editors);
    detail_draw_lines(d, (Rect){r.y + head, r.x, r.h - head, r.w}, focused);
}

/* --- walking ------------------------------------------------------------------------------------------------------ */

const DetailLine *detail_current(const Detail *d) {
    return d->cursor >= 0 && d->cursor < d->count && d->lines[d->cursor].link ? &d->lines[d->cursor] : NULL;
}

/* To the next line that leads somewhere; where none is near, the page moves. */
static void step(Detail *d, int by, int height) {
    int at = d->cursor;
    if (at < d->top || at >= d->top + height) at = by > 0 ? d->top - 1 : d->top + height;
    for (int next = at + by; next >= 0 && next < d->count; next += by) {
        if (!d->lines[next].link) continue;
        if (next < d->top - 1 || next > d->top + height) break;
        d->cursor = next;
        if (next < d->top) d->top = next;
        if (next >= d->top + height) d->top = next - height + 1;
        return;
    }
    d->top += by;
    if (d->top > d->count - height) d->top = d->count - height;
    if (d->top < 0) d->top = 0;
}

bool detail_show(Detail *d, const Entity *entity, int64_t id, int height) {
    height -= head_lines(d);
    for (int i = 0; i < d->count; i++) {
        const DetailLine *line = &d->lines[i];
        if (line->kind != DETAIL_ROW || line->link != entity || line->id != id) continue;
        d->cursor = i;
        if (i < d->top || i >= d->top + height) d->top = i > height / 2 ? i - height / 2 : 0;
        return true;
    }
    return false;
}

void detail_start(Detail *d, int height) {
    if (!detail_current(d)) step(d, 1, height - head_lines(d));
}

/* To the line that was clicked on, if it leads somewhere. */
static void click(Detail *d, const Event *e) {
    int line = d->top + e->y - d->at.y;
    if (line < d->count && d->lines[line].link) d->cursor = line;
}

bool detail_event(Detail *d, const Event *e, int height) {
    height -= head_lines(d);
    if (e->kind == EVENT_WHEEL) d->top += e->lines;
    else if (event_clicks(e, d->at)) click(d, e);
    else if (key_matches("Down j", e)) step(d, 1, height);
    else if (key_matches("Up k", e)) step(d, -1, height);
    else if (key_matches("PgDn ^F", e)) d->top += height - 1;
    else if (key_matches("PgUp ^B", e)) d->top -= height - 1;
    else if (key_matches("Home", e)) d->top = 0;
    else if (key_matches("End", e)) d->top = d->count;
    else return false;
    if (d->top > d->count - height) d->top = d->count - height;
    if (d->top < 0) d->top = 0;
    return true;
}
