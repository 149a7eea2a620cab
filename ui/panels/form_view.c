/* A form for a command's arguments: made from the tables, filled from the record, saved through the service. */
#include "panels/act.h"
#include "panels/draft.h"

#include "base/text.h"
#include "widgets/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICKED_MOST = 40 };

static const Panel panel_form;

typedef struct FormView {
    Deed *act;
    Form form;
    char title[160], key[96]; /* key: of its draft */
    bool done;                /* saved: no draft is kept */
} FormView;

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
    {"merge", &entity_need, "merged_into", "region:%s state:submitted,qualified,in_project"},
    {"answer", &entity_need, "project", "region:%s state:proposed,active,on_hold"},
};

static void offered_filter(const View *v, const Field *row, Buffer *filter) {
    const FormView *f = v->state;
    int site = service_actor(v->app->service)->site;
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
        if (offered[i].entity != f->act->entity || strcmp(offered[i].verb, f->act->command.name) != 0) continue;
        if (strcmp(offered[i].field, row->name) != 0) continue;
        const char *at = strstr(offered[i].filter, "%s");
        buffer_add(filter, offered[i].filter, (size_t)(at - offered[i].filter));
        buffer_add_string(filter, site >= 0 ? site_code(site) : "ROOT");
        buffer_add_string(filter, at + 2);
        return;
    }
    if (row->ref == ENTITY_ORGANISATION) buffer_add_string(filter, "state:active");
}

/* What is typed is words to search, never a filter of its own. */
static void add_words(Buffer *filter, const char *typed) {
    Buffer folded = {0};
    text_fold(&folded, typed, strlen(typed));
    buffer_format(filter, " %s", buffer_string(&folded));
    buffer_free(&folded);
}

static void find_records(void *context, const Field *row, const char *typed, Arena *arena, PickerItem **items,
                         int *count) {
    View *v = context;
    const Entity *entity = entity_of_kind(row->ref);
    Buffer filter = {0};
    Page page;
    Error e;
    offered_filter(v, row, &filter);
    add_words(&filter, typed);
    ListRequest request = {.entity = entity, .filter = filter.bytes, .limit = PICKED_MOST, .fields = FIELDS_ALL};
    if (service_list(v->app->service, arena, &request, &page, &e) != STATUS_OK) page.count = 0;
    *items = arena_array(arena, (size_t)page.count + 1, sizeof **items);
    for (int i = 0; i < page.count; i++) {
        const Record *r = page.rows[i];
        Buffer code = {0}, title = {0};
        record_code(r, NULL, &code);
        record_title(r, &title);
        (*items)[(*count)++] = (PickerItem){.code = arena_copy(arena, buffer_string(&code), code.size),
                                            .label = arena_copy(arena, buffer_string(&title), title.size)};
        buffer_free(&code);
        buffer_free(&title);
    }
    buffer_free(&filter);
}

static void label_record(void *context, const Field *row, const char *code, char *out, size_t size) {
    View *v = context;
    Arena arena = {0};
    Record *r;
    Buffer title = {0};
    (void)row;
    *out = 0;
    if (service_record(v->app->service, &arena, code, &r, NULL) == STATUS_OK) {
        record_title(r, &title);
        text_copy(out, size, buffer_string(&title));
    }
    buffer_free(&title);
    arena_free(&arena);
}

/* --- making the form ---------------------------------------------------------------------------------------------- */

static const char *given_value(const char *const *given, int count, const char *name) {
    size_t n = strlen(name);
    for (int i = 0; i < count; i++) {
        if (!strncmp(given[i], name, n) && given[i][n] == '=') return given[i] + n + 1;
    }
    return "";
}

static bool editable(const Field *row, int index, bool making) {
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

static void add_fields(FormView *f, const Record *record, const char *const *given, int given_count,
                       const CodeBook *book) {
    const Deed *act = f->act;
    bool making = act->command.takes == TAKES_ENTITY;
    for (int i = 0; i < act->command.argument_count; i++) {
        const Field *row = &act->command.arguments[i];
        if (!concerns(act, record, row->name)) continue;
        form_add(&f->form, row, given_value(given, given_count, row->name), row->flags & FIELD_REQUIRED);
    }
    for (int i = 0; act->entity && i < act->entity->field_count; i++) {
        const Field *row = &act->entity->fields[i];
        bool required = making && (row->flags & FIELD_REQUIRED);
        bool is_asked = command_asks(&act->command, row->name, &required);
        Buffer value = {0};
        if (!is_asked && !(act->command.fields && editable(row, i, making))) continue;
        if (act->use && !act->use->shows(act->entity, row)) continue;
        if (record && !is_asked && act->count == 1) value_write(&value, row, &record->values[i], book);
        else if (!record) buffer_add_string(&value, given_value(given, given_count, row->name));
        form_add(&f->form, row, buffer_string(&value),
                 required || (act->count == 1 && !is_asked && (row->flags & FIELD_REQUIRED)));
        buffer_free(&value);
    }
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

void open_form(App *app, Deed *act, const Record *const *records, const char *const *given, int given_count) {
    View *v = app_overlay(app, &panel_form);
    FormView *f = v->state;
    Record *record = NULL;
    Error e = {0};
    f->act = act;
    f->form = (Form){.records = find_records, .label = label_record, .context = v};
    if (records && act->count == 1 &&
        service_record_of_id(app->service, &v->arena, act->entity, records[0]->id, &record, &e) != STATUS_OK) {
        view_close(v);
        app_fail(app, &e);
        return;
    }
    if (record) act->targets[0].rev = value_number_or(&record->values[COMMON_REV], 0);
    add_fields(f, record, given, given_count, service_codes(app->service));
    type_given(f, given, given_count);
    const char *of = act->count == 1 ? act->targets[0].code : _(act->entity->label);
    snprintf(f->title, sizeof f->title, "%s: %s", _(act->use ? act->use->title : act->command.label), of);
    if (act->count > 1)
        snprintf(f->title, sizeof f->title, "%s: %d %s", _(act->command.label), act->count, _(act->entity->heading));
    snprintf(f->key, sizeof f->key, "%s %s %s", act->command.name, act->entity->name,
             act->count == 1 ? act->targets[0].code : "");
    f->form.title = f->title;
    f->form.button = act->use                                            ? _(act->use->button)
                     : act->command.arrow || act->command.argument_count ? _(act->command.label)
                                                                         : _("Save");
    f->form.note = act->command.consequence ? _(act->command.consequence) : NULL;
    if (act->count <= 1 && !act->use && draft_restore(app, f->key, &f->form))
        app_say(app, STYLE_ACCENT, "%s", _("What you had typed is back; ^D clears it."));
    view_start(v);
}

/* --- saving ------------------------------------------------------------------------------------------------------- */

/* Somebody saved the record since it was read: what he changed and we did not is taken in; the rest is ours to decide. */
static void take_theirs(View *v) {
    FormView *f = v->state;
    App *app = v->app;
    Record *now;
    Error e = {0};
    if (service_record_of_id(app->service, &v->arena, f->act->entity, f->act->targets[0].id, &now, &e) != STATUS_OK) {
        form_fail(&f->form, "", e.why);
        return;
    }
    int clashes = 0;
    for (int i = 0; i < f->form.count; i++) {
        FormField *field = &f->form.fields[i];
        int index = entity_field(f->act->entity, field->field->name, strlen(field->field->name));
        Buffer theirs = {0};
        if (index < 0) continue;
        value_write(&theirs, field->field, &now->values[index], service_codes(app->service));
        const char *text = buffer_string(&theirs);
        bool they_did = strcmp(text, field->was) != 0, we_did = form_field_changed(field);
        if (they_did && we_did && strcmp(text, edit_string(&field->edit)) != 0) {
            snprintf(field->error, sizeof field->error, _("%s wrote meanwhile: %.150s"),
                     value_string(&now->values[COMMON_UPDATED_BY]), text);
            clashes++;
        }
        if (they_did && !we_did) edit_set(&field->edit, text, field->edit.lines);
        if (they_did) {
            free(field->was);
            field->was = memory_new(strlen(text) + 1);
            memcpy(field->was, text, strlen(text) + 1);
        }
        buffer_free(&theirs);
    }
    f->act->targets[0].rev = value_number_or(&now->values[COMMON_REV], 0);
    snprintf(f->form.error, sizeof f->form.error,
             clashes
                 ? _("%s changed it meanwhile. Where both wrote, yours stands below theirs: save again to keep yours.")
                 : _("%s changed other fields meanwhile; they are taken in. Save again."),
             value_string(&now->values[COMMON_UPDATED_BY]));
}

static void save(View *v) {
    FormView *f = v->state;
    App *app = v->app;
    Form *form = &f->form;
    Error e = {0};
    bool editing = f->act->command.takes == TAKES_RECORDS && f->act->command.fields;
    Argument *arguments = arena_array(&v->arena, (size_t)form->count + 1, sizeof *arguments);
    int count = 0;
    *form->error = 0;
    for (int i = 0; i < form->count; i++) {
        FormField *field = &form->fields[i];
        *field->error = 0;
        bool send = editing ? form_field_changed(field) : field->edit.text.size > 0;
        if (send) arguments[count++] = (Argument){.name = field->field->name, .value = edit_string(&field->edit)};
    }
    Status s = f->act->use ? f->act->use->save(app, f->act->use_context, f->act, arguments, count, &e)
                           : act_run(app, f->act, arguments, count, &e);
    if (s == STATUS_OK) {
        f->done = true;
        if (!f->act->use) draft_forget(app, f->key);
        view_close(v);
    } else if (s == STATUS_CONFLICT && !strcmp(e.field, "rev") && f->act->count == 1) take_theirs(v);
    else form_fail(form, e.field, e.why);
}

/* --- the panel ---------------------------------------------------------------------------------------------------- */

static void form_view_close(View *v) {
    FormView *f = v->state;
    if (!f->done && f->act && f->act->count <= 1 && !f->act->use) draft_keep(v->app, f->key, &f->form);
    form_free(&f->form);
    deed_free(f->act);
}

static void form_view_draw(View *v, Rect r) {
    form_draw(&((FormView *)v->state)->form, r);
}

static void clear(FormView *f) {
    for (int i = 0; i < f->form.count; i++) {
        edit_set(&f->form.fields[i].edit, f->form.fields[i].was, f->form.fields[i].edit.lines);
        *f->form.fields[i].error = 0;
    }
    *f->form.error = 0;
}

static bool form_view_event(View *v, const Event *e) {
    FormView *f = v->state;
    App *app = v->app;
    if (!f->form.picking && event_is_control(e, 'd')) {
        clear(f);
        return true;
    }
    switch (form_event(&f->form, e)) {
    case FORM_OPEN: break;
    case FORM_SAVE: save(v); break;
    case FORM_LEFT:
        if (form_changed(&f->form) && !f->act->use)
            app_say(app, STYLE_DIM, "%s", _("Not saved; what you typed comes back when you open the form again."));
        view_close(v);
        break;
    }
    return true;
}

static const Action form_actions[] = {
    {"save", N_("save"), N_("Saves what the form holds."), "^S", 1, NULL, NULL},
    {"next", N_("next field"), N_("Goes to the next field; Shift+Tab to the one before."), "Tab", 2, NULL, NULL},
    {"choose", N_("choose"), N_("In a field of records or words: opens the list; any letter searches it."), "Space", 3,
     NULL, NULL},
    {"clear", N_("start over"), N_("Puts back what the fields held at first."), "^D", 4, NULL, NULL},
    {"leave", N_("leave"), N_("Leaves without saving; what you typed is kept for the next time."), "Esc", 5, NULL,
     NULL},
    {0},
};

static const Panel panel_form = {.name = "form",
                                 .label = N_("A form"),
                                 .size = sizeof(FormView),
                                 .overlay = true,
                                 .typing = true,
                                 .actions = form_actions,
                                 .close = form_view_close,
                                 .draw = form_view_draw,
                                 .event = form_view_event};
