/* The fields of a command's form: which it has, what they begin with, and what can be chosen in them. */
#include "panels/form_view.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum { QUANTITY_SCALE = 3, TITLES_MOST = 4 };

/* --- what references can be chosen from --------------------------------------------------------------------------- */

/* Narrower than "any": what the command would refuse is not offered. %s is the site acted for. */
static const struct {
    const char *verb;
    const Entity *entity;
    const char *field, *filter;
} offered[] = {
    {"add", &entity_request, "project", "region:%s state:proposed,active,on_hold"},
    {"add", &entity_milestone, "project", "region:%s state:proposed,active,on_hold"},
    {"add", &entity_request, "extends", "region:%s"},
    {"add", &entity_session, "offer", "region:%s kind:training_seat,lab_hour state:draft,open,paused"},
    {"add", &entity_usage, "allocation", "region:%s state:active,completed,released"},
    {"answer", &entity_need, "project", "region:%s state:proposed,active,on_hold"},
};

/* What narrows a field's choice; NULL where nothing does. */
static const char *narrowed(const FormView *f, const Field *row) {
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
        if (offered[i].entity != f->act->entity || strcmp(offered[i].verb, f->act->command.name) != 0) continue;
        if (!strcmp(offered[i].field, row->name)) return offered[i].filter;
    }
    return NULL;
}

static const char *acting_for(const View *v) {
    int site = service_actor(v->app->service)->site;
    return site >= 0 ? site_code(site) : "ROOT";
}

static void offered_filter(const View *v, const Field *row, Buffer *filter) {
    const char *narrow = narrowed(v->state, row);
    if (narrow) {
        const char *at = strstr(narrow, "%s");
        buffer_add(filter, narrow, (size_t)(at - narrow));
        buffer_add_string(filter, acting_for(v));
        buffer_add_string(filter, at + 2);
        return;
    }
    if (row->ref == ENTITY_ORGANISATION) buffer_add_string(filter, "state:active");
}

/* What is typed is words to search, never a filter of its own. */
void form_add_words(Buffer *filter, const char *typed) {
    Buffer folded = {0};
    text_fold(&folded, typed, strlen(typed));
    buffer_format(filter, " %s", buffer_string(&folded));
    buffer_free(&folded);
}

/* Where nothing is found one may make it, if the choice is not narrowed to what a new one would not be. */
static bool can_make(const View *v, const Field *row) {
    const Entity *entity = entity_of_kind(row->ref);
    Role role = command_role("add", entity);
    bool by_hand = !entity->reference && entity != &entity_allocation && entity != &entity_operator;
    return by_hand && !narrowed(v->state, row) &&
           actor_needs_role(service_actor(v->app->service), role, NULL) == STATUS_OK;
}

PickerItem form_item(const Record *r, Arena *arena) {
    Buffer code = {0}, title = {0};
    record_code(r, NULL, &code);
    record_title(r, &title);
    const PickerItem item = {.code = arena_copy(arena, buffer_string(&code), code.size),
                             .label = arena_copy(arena, buffer_string(&title), title.size)};
    buffer_free(&code);
    buffer_free(&title);
    return item;
}

/* Adds what a filter finds, as far as there is room. */
static void add_records(const View *v, const Entity *entity, const char *filter, Arena *arena, PickerItem *items,
                        int *count) {
    Page page;
    Error e;
    ListRequest request = {.entity = entity, .filter = filter, .limit = PICKED_MOST - *count, .fields = FIELDS_ALL};
    if (request.limit < 1 || service_list(v->app->service, arena, &request, &page, &e) != STATUS_OK) return;
    for (int i = 0; i < page.count; i++) {
        items[(*count)++] = form_item(page.rows[i], arena);
    }
}

/* Those of the institute one acts for come first. */
void find_records(void *context, const Field *row, const char *typed, Arena *arena, PickerItem **items, int *count) {
    View *v = context;
    const Entity *entity = entity_of_kind(row->ref);
    if (alike_wanted(v->state, row)) {
        alike_find(v, typed, arena, items, count);
        return;
    }
    bool by_region = !entity->reference && !narrowed(v->state, row);
    Buffer filter = {0};
    offered_filter(v, row, &filter);
    form_add_words(&filter, typed);
    *items = arena_array(arena, PICKED_MOST + 1, sizeof **items);
    if (by_region) {
        size_t size = filter.size;
        buffer_format(&filter, " region:%s", acting_for(v));
        add_records(v, entity, filter.bytes, arena, *items, count);
        filter.bytes[filter.size = size] = 0;
        buffer_format(&filter, " -region:%s", acting_for(v));
    }
    add_records(v, entity, filter.bytes, arena, *items, count);
    buffer_free(&filter);
    if (!*count && can_make(v, row))
        (*items)[(*count)++] = (PickerItem){.code = arena_format(arena, _("New: %s"), _(entity->label)),
                                            .label = arena_string(arena, typed),
                                            .value = PICK_NEW};
}

void make_record(void *context, const Field *row, const char *typed) {
    View *v = context;
    const Entity *entity = entity_of_kind(row->ref);
    Buffer title = {0};
    buffer_format(&title, "%s=%s", entity->fields[entity->title].name, typed);
    const char *given = title.bytes;
    ((FormView *)v->state)->making = row;
    v->app->made = NULL;
    act_add(v->app, entity, &given, 1);
    buffer_free(&title);
}

void take_made(View *v) {
    FormView *f = v->state;
    App *app = v->app;
    Arena arena = {0};
    Record *r;
    if (!f->making || !app->made || app->made != entity_of_kind(f->making->ref)) return;
    if (service_record_of_id(app->service, &arena, app->made, app->made_id, &r, NULL) == STATUS_OK) {
        Buffer code = {0};
        record_code(r, NULL, &code);
        form_made(&f->form, f->making, buffer_string(&code));
        buffer_free(&code);
    }
    f->making = NULL;
    arena_free(&arena);
}

/* --- what is typed, read back --------------------------------------------------------------------------------------- */

static void say_title(const View *v, const char *code, Buffer *b) {
    Arena arena = {0};
    Record *r;
    if (service_record(v->app->service, &arena, code, &r, NULL) == STATUS_OK) record_title(r, b);
    arena_free(&arena);
}

/* The kind of capacity that quantities of the form are counted in: what it holds, else the record's. */
static int64_t kind_of_form(const FormView *f) {
    for (int i = 0; i < f->form.count; i++) {
        const char *word = edit_string(&f->form.fields[i].edit);
        if (f->form.fields[i].field->choices != kind_choices) continue;
        const Choice *c = choice_of_word(kind_choices, word, strlen(word));
        return c ? c->number : 0;
    }
    return f->kind;
}

static void say_number(const FormView *f, const Field *row, const Value *value, Buffer *b) {
    int64_t kind = kind_of_form(f);
    value_show(b, row, value, NULL);
    if (row->unit) buffer_format(b, " %s", _(row->unit));
    else if (row->scale == QUANTITY_SCALE && kind) buffer_format(b, " %s", kind_unit(kind));
}

/* A day or a week in full; that one typed anew should not lie in the past is told at once. */
static void say_day(const Field *row, const Value *value, Buffer *b) {
    const char *text = value_string(value);
    int day = 0, week = 0;
    if (row->kind == FIELD_DATE && date_parse(text, strlen(text), &day)) date_show_full(b, day);
    if (row->kind == FIELD_WEEK && week_parse(text, strlen(text), &week)) {
        week_show_full(b, week);
        day = date_of_week(week) + 6;
    }
    if ((row->flags & FIELD_AHEAD) && day < app_today()) buffer_add_string(b, _(", in the past"));
}

/* The titles of several records; more of them than fit beside a field are of no use. */
static void say_titles(const View *v, const Field *row, const Value *value, Buffer *b) {
    for (uint32_t i = 0; i < value->size && i < TITLES_MOST; i++) {
        Arena arena = {0};
        Record *r;
        if (i) buffer_add_string(b, ", ");
        if (service_record_of_id(v->app->service, &arena, entity_of_kind(row->ref), value->items[i].key, &r, NULL) ==
            STATUS_OK)
            record_title(r, b);
        arena_free(&arena);
    }
}

/* "48 GPU h in 3 weeks, W48 – W02 2027": a week typed without its year is told with it. */
static void say_bookings(const FormView *f, const Value *value, Buffer *b) {
    int64_t kind = kind_of_form(f), sum = 0;
    for (uint32_t i = 0; i < value->size; i++) {
        if (__builtin_add_overflow(sum, value->items[i].quantity, &sum)) return;
    }
    number_show(b, sum, QUANTITY_SCALE);
    if (kind) buffer_format(b, " %s", kind_unit(kind));
    buffer_format(b, ngettext(" in %d week", " in %d weeks", value->size), (int)value->size);
    if (!value->size) return;
    buffer_add_string(b, ", ");
    week_show_span(b, (int)value->items[0].key, (int)value->items[value->size - 1].key, app_today());
}

static void say_value(const View *v, const Field *row, const char *text, const Value *value, Buffer *b) {
    switch (row->kind) {
    case FIELD_REF: say_title(v, text, b); break;
    case FIELD_REFS: say_titles(v, row, value, b); break;
    case FIELD_SET: value_show(b, row, value, NULL); break;
    case FIELD_BOOKINGS: say_bookings(v->state, value, b); break;
    case FIELD_NUMBER: say_number(v->state, row, value, b); break;
    case FIELD_DATE:
    case FIELD_WEEK: say_day(row, value, b); break;
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_CHOICE:
    case FIELD_INSTANT:
    case FIELD_FLAG: break;
    }
}

Status understand_text(void *context, const Field *row, const char *text, char *out, size_t size, Error *e) {
    View *v = context;
    Arena arena = {0};
    Value value;
    Buffer said = {0};
    Status s = value_read(&arena, row, text, strlen(text), FORM_TYPED, service_codes(v->app->service), &value, e);
    if (s == STATUS_OK && value.kind != VALUE_NONE) say_value(v, row, text, &value, &said);
    text_copy(out, size, buffer_string(&said));
    buffer_free(&said);
    arena_free(&arena);
    return s;
}

/* --- making the form ---------------------------------------------------------------------------------------------- */

static const char *given_value(const char *const *given, int count, const char *name) {
    size_t n = strlen(name);
    for (int i = 0; i < count; i++) {
        if (!strncmp(given[i], name, n) && given[i][n] == '=') return given[i] + n + 1;
    }
    return "";
}

/* A record's own name is nothing that several could share. */
static bool names_record(const Entity *entity, int index) {
    return index == entity->title || index == COMMON_CODE;
}

bool form_field_editable(const Field *row, int index, bool making) {
    bool own_code = index == COMMON_CODE && row->kind != FIELD_CODE;
    if (index < COMMON_COUNT && !own_code) return false;
    if (row->flags & (FIELD_SYSTEM | FIELD_DERIVED | FIELD_HIDDEN)) return false;
    return making || !(row->flags & FIELD_FIXED);
}

/* Of a proposal's arguments those that its kind of capacity has: weeks, places in a session, or days of access. */
static bool concerns(const Deed *act, const Record *record, const char *name) {
    static const struct {
        const char *name;
        bool weeks, sessions, access;
    } parts[] = {{"quantity", true, true, false},
                 {"bookings", true, true, false},
                 {"session", false, true, false},
                 {"opens", false, false, true},
                 {"ends", false, false, true}};
    if (!record || record->entity != &entity_request || strcmp(act->command.name, "propose") != 0) return true;
    int64_t kind = value_number_or(&record->values[REQUEST_KIND], 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].name, name) != 0) continue;
        return !kind_countable(kind) ? parts[i].access : kind_has_sessions(kind) ? parts[i].sessions : parts[i].weeks;
    }
    return true;
}

/* Given values are as if they had been typed: of a new record into empty fields, else over what it holds. */
static void type_given(FormView *f, const char *const *given, int count) {
    for (int i = 0; i < f->form.count; i++) {
        FormField *field = &f->form.fields[i];
        const char *value = given_value(given, count, field->field->name);
        if (!*value) continue;
        if (f->act->use) edit_set(&field->edit, value, field->edit.lines);
        else field->was[0] = 0;
    }
}

bool form_sets_anew(const Deed *act) {
    const Command *c = &act->command;
    return c->takes == TAKES_RECORDS && c->asks && !c->arrow && act->count == 1;
}

void form_fields_add(View *v, const Record *record, const char *const *given, int given_count) {
    FormView *f = v->state;
    const CodeBook *book = service_codes(v->app->service);
    const Deed *act = f->act;
    bool making = act->command.takes == TAKES_ENTITY;
    for (int i = 0; i < act->command.argument_count; i++) {
        const Field *row = &act->command.arguments[i];
        if (!concerns(act, record, row->name)) continue;
        /* A session has its week. */
        if (!strcmp(row->name, "bookings") && *given_value(given, given_count, "session")) continue;
        form_add(&f->form, row, given_value(given, given_count, row->name), row->flags & FIELD_REQUIRED);
    }
    for (int i = 0; act->entity && i < act->entity->field_count; i++) {
        const Field *row = &act->entity->fields[i];
        bool required = making && (row->flags & FIELD_REQUIRED);
        bool is_asked = command_asks(&act->command, row->name, &required);
        Buffer value = {0};
        if (!is_asked && !(act->command.fields && form_field_editable(row, i, making))) continue;
        if (act->use && !act->use->shows(act->entity, row)) continue;
        if (!is_asked && act->count > 1 && names_record(act->entity, i)) continue;
        if (record && act->count == 1 && (!is_asked || form_sets_anew(act)))
            value_write(&value, row, &record->values[i], book);
        else if (!record) buffer_add_string(&value, given_value(given, given_count, row->name));
        if (!record && making && !value.size && row->preset) buffer_add_string(&value, row->preset);
        form_add(&f->form, row, buffer_string(&value),
                 required || (act->count == 1 && !is_asked && (row->flags & FIELD_REQUIRED)));
        buffer_free(&value);
    }
    int kind = act->entity ? entity_field(act->entity, "kind", 4) : -1;
    if (record && kind >= 0 && record->entity->fields[kind].choices == kind_choices)
        f->kind = value_number_or(&record->values[kind], 0);
    type_given(f, given, given_count);
    form_start(&f->form);
}
