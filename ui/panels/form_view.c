/* A form for a command's arguments: made from the tables, filled from the record, saved through the service. */
#include "panels/form_view.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MERGES_MOST = 3 };

static const Panel panel_form;
static bool form_view_work(View *);

/* --- opening ------------------------------------------------------------------------------------------------------ */

static bool keeps_draft(const FormView *f) {
    return f->act && !f->act->use;
}

static bool edits(const FormView *f) {
    return f->act->command.takes == TAKES_RECORDS && f->act->command.fields;
}

/* Whether somebody saved or deleted the record since it was read. */
static void look_at_record(View *v) {
    FormView *f = v->state;
    const Target *target = &f->act->targets[0];
    Arena arena = {0};
    Record *now;
    Buffer said = {0}, when = {0};
    if (f->act->count != 1) return;
    Status s = service_record_of_id(v->app->service, &arena, f->act->entity, target->id, &now, NULL);
    if (s == STATUS_OK && value_number_or(&now->values[COMMON_REV], 0) > target->rev) {
        const char *text = value_string(&now->values[COMMON_UPDATED_AT]);
        int64_t at = 0;
        if (instant_parse(text, strlen(text), &at)) say_at(&when, at);
        buffer_format(&said, _("%s saved a newer version %s"), value_string(&now->values[COMMON_UPDATED_BY]),
                      buffer_string(&when));
        if (edits(f)) buffer_add_string(&said, _(": you will choose when you save"));
    } else if (s == STATUS_NOT_FOUND) say_deleted(v->app, f->act->entity, target->id, target->code, &said);
    if (s == STATUS_OK || said.size) text_copy(f->moved, sizeof f->moved, buffer_string(&said));
    text_trim_partial(f->moved);
    buffer_free(&said);
    buffer_free(&when);
    arena_free(&arena);
}

/* What one should know, the gravest of it: what others did to the record, whether what is typed is kept, who else is at
 * it. */
static void say_notice(View *v) {
    FormView *f = v->state;
    char said[120] = "", notice[sizeof f->form.notice] = "";
    if (f->act->count == 1) editors_say(v->app, f->act->entity, f->act->targets[0].id, said, sizeof said);
    if (*f->moved) text_copy(notice, sizeof notice, f->moved);
    else if (f->drafting.unkept)
        text_copy(notice, sizeof notice, _("What you type cannot be kept now: save it, or wait here."));
    else if (*said) snprintf(notice, sizeof notice, _("%s: the last to save sees both"), said);
    else if (bulk_edits(f))
        text_copy(notice, sizeof notice, _("What is left empty stays unchanged; Backspace there empties it in all."));
    text_trim_partial(notice);
    if (strcmp(notice, f->form.notice) != 0) v->app->dirty = true;
    memcpy(f->form.notice, notice, sizeof notice);
}

/* Now and then: what others do to the record, and whether what was typed is kept. */
static void form_view_look(View *v) {
    FormView *f = v->state;
    Error e = {0};
    if (keeps_draft(f)) f->form.kept = drafting_look(v->app, &f->drafting, f->act, &f->form, &e);
    say_notice(v);
}

static void name_form(FormView *f) {
    const Deed *act = f->act;
    const char *of = act->count == 1 ? act->targets[0].code : _(act->entity->label);
    Buffer many = {0};
    if (act->count > 1) of = entity_count(act->entity, act->count, &many);
    snprintf(f->title, sizeof f->title, "%s: %s", _(act->use ? act->use->title : act->command.label), of);
    buffer_free(&many);
    f->form.title = f->title;
    f->form.kept = keeps_draft(f);
    f->form.button = act->use                                            ? _(act->use->button)
                     : act->command.arrow || act->command.argument_count ? _(act->command.label)
                                                                         : _("Save");
    if (!bulk_edits(f)) return;
    f->form.untouched = _("unchanged");
    f->form.emptied = _("emptied");
}

/* Types the draft in; where the record has moved on since, both versions are shown. */
static void restore(View *v, const Draft *d) {
    FormView *f = v->state;
    bool moved = f->act->count == 1 && d->rev && d->rev != f->act->targets[0].rev;
    for (int i = 0; i < f->form.count && moved; i++) {
        for (int k = 0; k < d->count; k++) {
            if (!strcmp(d->fields[k].name, f->form.fields[i].field->name))
                form_began(&f->form.fields[i], d->fields[k].was);
        }
    }
    draft_apply(d, &f->form);
    f->drafting.opened = clock_now();
    *f->moved = 0;
    app_say(v->app, STYLE_ACCENT, "%s", _("What you had typed is back; ^D clears it."));
    if (!moved) return;
    f->act->targets[0].rev = d->rev;
    merge_theirs(v, true);
}

void form_take_draft(View *v, const Draft *d) {
    FormView *f = v->state;
    drafting_take(v->app, &f->drafting, f->act, &f->form, d);
    restore(v, d);
}

/* What was left in this form comes back; where that is not all, or is open elsewhere, one chooses. */
static void bring_back(View *v) {
    FormView *f = v->state;
    Draft *drafts;
    int count;
    drafting_find(v->app, &v->arena, &f->drafting, &drafts, &count);
    if (count == 1 && !drafts[0].open) form_take_draft(v, &drafts[0]);
    else if (count) offer_drafts(v, drafts, count);
}

static void start_form(App *app, Deed *act, const Record *const *records, const char *const *given, int given_count,
                       const Draft *draft) {
    View *v = app_overlay(app, &panel_form);
    FormView *f = v->state;
    Record *record = NULL;
    Error e = {0};
    f->act = act;
    f->form = (Form){.records = find_records,
                     .make = make_record,
                     .understand = understand_text,
                     .changed = follow_change,
                     .context = v};
    if (records && act->count == 1 &&
        service_record_of_id(app->service, &v->arena, act->entity, records[0]->id, &record, &e) != STATUS_OK) {
        view_close(v);
        app_fail(app, &e);
        return;
    }
    if (record) act->targets[0].rev = value_number_or(&record->values[COMMON_REV], 0);
    f->record = record;
    form_fields_add(v, record, given, given_count);
    name_form(f);
    follow_say_consequence(v);
    drafting_start(app, &f->drafting, act, &f->form, given_count ? given[0] : NULL);
    view_start(v);
    if (draft) form_take_draft(v, draft);
    else if (keeps_draft(f)) bring_back(v);
    form_view_work(v);
}

void open_form(App *app, Deed *act, const Record *const *records, const char *const *given, int given_count) {
    start_form(app, act, records, given, given_count, NULL);
}

void open_form_again(App *app, Deed *act, const Record *const *records, const Draft *draft) {
    start_form(app, act, act->count ? records : NULL, NULL, 0, draft);
}

/* --- saving ------------------------------------------------------------------------------------------------------- */

static const char **texts_of(View *v) {
    FormView *f = v->state;
    const char **texts = arena_array(&v->arena, (size_t)f->form.count + 1, sizeof *texts);
    for (int i = 0; i < f->form.count; i++) {
        texts[i] = arena_string(&v->arena, edit_string(&f->form.fields[i].edit));
    }
    return texts;
}

/* The act had been done by an earlier try whose answer was lost, and the form has been changed since: what is new is an
 * edit of the record as it was written then. */
static bool has_more(const FormView *f) {
    bool more = false;
    for (int i = 0; f->tried && f->act->repeated && i < f->form.count; i++) {
        more = more || strcmp(f->tried[i], edit_string(&f->form.fields[i].edit)) != 0;
    }
    return more;
}

static bool turn_to_edit(View *v) {
    FormView *f = v->state;
    Deed *act = f->act;
    Record *r;
    Command set;
    bool making = act->command.takes == TAKES_ENTITY;
    if ((!making && !edits(f)) || !act->wrote.entity || !command_find("set", act->wrote.entity, &set)) return false;
    if (service_record_of_id(v->app->service, &v->arena, act->wrote.entity, act->wrote.id, &r, NULL) != STATUS_OK)
        return false;
    const Record *of = r;
    Deed *edit = deed_new(&set, act->wrote.entity, &of, 1);
    edit->targets[0].rev = act->wrote.rev;
    for (int i = 0; i < f->form.count; i++) {
        form_began(&f->form.fields[i], f->tried[i]);
    }
    deed_free(act);
    f->act = edit;
    f->tried = NULL;
    return true;
}

/* What the command is given; the values stay as they are, whatever is typed later. */
static Argument *gather(View *v, int *count) {
    FormView *f = v->state;
    Form *form = &f->form;
    Argument *arguments = arena_array(&v->arena, (size_t)form->count + 1, sizeof *arguments);
    *count = 0;
    *form->error = 0;
    for (int i = 0; i < form->count; i++) {
        FormField *field = &form->fields[i];
        *field->error = 0;
        bool filled = !form_field_empty(field), changed = form_field_changed(field);
        bool send = bulk_edits(f) ? changed && (filled || field->emptied) : edits(f) ? changed : filled;
        if ((send || form_sets_anew(f->act)) && follow_sends(f, field))
            arguments[(*count)++] =
                (Argument){.name = field->field->name, .value = arena_string(&v->arena, edit_string(&field->edit))};
    }
    return arguments;
}

static Status run_form(View *v, const Argument *arguments, int count, Error *e) {
    FormView *f = v->state;
    if (f->act->use) return f->act->use->save(v->app, f->act->use_context, f->act, arguments, count, e);
    return act_run(v->app, f->act, arguments, count, e);
}

static void let_go(App *app, void *context, const Draft *unused) {
    View *v = context;
    (void)app;
    (void)unused;
    ((FormView *)v->state)->done = true;
    view_close(v);
}

/* Where the record is not there any more. */
static bool offer_what_was_typed(View *v) {
    FormView *f = v->state;
    Arena arena = {0};
    if (!keeps_draft(f) || f->act->count != 1) return false;
    const Draft d = drafting_draft(v->app, &arena, &f->drafting, f->act, &f->form);
    bool deleted = offer_deleted(v->app, &d, let_go, v);
    arena_free(&arena);
    return deleted;
}

void form_write(View *v) {
    FormView *f = v->state;
    Error e = {0};
    int count;
    const Argument *arguments = gather(v, &count);
    f->unanswered = false;
    Status s = run_form(v, arguments, count, &e);
    /* It had been done, as it was asked for then. */
    if (s == STATUS_CONFLICT && !strcmp(e.field, "op") && f->tried) s = run_form(v, f->asked, f->asked_count, &e);
    if (s == STATUS_OK && has_more(f) && turn_to_edit(v)) {
        arguments = gather(v, &count);
        s = run_form(v, arguments, count, &e);
    }
    if (s == STATUS_OK) {
        f->done = true;
        view_close(v);
        return;
    }
    if (s == STATUS_BUSY && !f->tried) {
        f->tried = texts_of(v);
        f->asked = arguments;
        f->asked_count = count;
    }
    f->unanswered = act_is_unanswered(v->app, &e);
    if (s == STATUS_NOT_FOUND && offer_what_was_typed(v)) return;
    if (s == STATUS_CONFLICT && !strcmp(e.field, "rev") && f->act->count == 1) merge_theirs(v, false);
    else form_fail(&f->form, e.field, e.why);
}

void form_save(View *v) {
    FormView *f = v->state;
    f->merged = 0;
    if (!form_check(&f->form, edits(f))) v->app->dirty = true;
    else if (bulk_edits(f)) bulk_ask(v);
    else form_write(v);
}

void form_save_again(View *v) {
    FormView *f = v->state;
    if (f->merged++ >= MERGES_MOST) form_fail(&f->form, "", _("Others keep saving it: look at it, and save again."));
    else if (!form_check(&f->form, edits(f))) v->app->dirty = true;
    else form_write(v);
}

void form_resend(View *v) {
    if (v->panel == &panel_form && ((FormView *)v->state)->unanswered) form_write(v);
}

/* --- the panel ---------------------------------------------------------------------------------------------------- */

static void form_view_close(View *v) {
    FormView *f = v->state;
    if (keeps_draft(f) && *f->drafting.key) drafting_end(v->app, &f->drafting, f->act, &f->form, !f->done);
    drafting_free(&f->drafting);
    form_free(&f->form);
    deed_free(f->act);
}

static void form_view_draw(View *v, Rect r) {
    form_draw(&((FormView *)v->state)->form, r);
}

static bool form_view_work(View *v) {
    FormView *f = v->state;
    if (keeps_draft(f)) drafting_touch(v->app, &f->drafting, f->act, &f->form);
    return false;
}

/* The server may have been away meanwhile, and know nothing of the form any more. */
static void form_view_reload(View *v) {
    FormView *f = v->state;
    f->drafting.again = true;
    f->fits = NULL;
    take_made(v);
    if (v->drawn) look_at_record(v);
    if (v->drawn) form_view_look(v);
    else say_notice(v);
}

/* Every field holds again what it held at first; the same key once more brings back what had been typed. */
static void start_over(View *v) {
    FormView *f = v->state;
    bool back = !form_changed(&f->form) && f->put_back;
    if (!back && !form_changed(&f->form)) return;
    const char **texts = back ? f->put_back : NULL;
    f->put_back = back ? NULL : texts_of(v);
    for (int i = 0; i < f->form.count; i++) {
        FormField *field = &f->form.fields[i];
        form_type(&f->form, field, texts ? texts[i] : field->was);
        *field->error = 0;
    }
    *f->form.error = 0;
    app_say(v->app, STYLE_DIM, "%s",
            back ? _("What you had typed is back.") : _("Started over; ^D once more brings back what you had typed."));
}

static void leave_unkept(App *app, void *context) {
    View *v = context;
    app_say(app, STYLE_SOON, "%s", _("Left; what you typed comes back only as long as this program runs."));
    view_close(v);
}

/* What one was told is kept is, or one decides. */
static void leave(View *v) {
    FormView *f = v->state;
    Error e = {0};
    bool typed = keeps_draft(f) && drafting_typed(&f->drafting, &f->form);
    if (typed && !drafting_look(v->app, &f->drafting, f->act, &f->form, &e)) {
        char text[400];
        snprintf(text, sizeof text,
                 _("What you typed cannot be kept now: %.250s. Stay until it can be, or leave without it."), e.why);
        text_trim_partial(text);
        form_view_look(v);
        ask_to_stay(v->app, _("Leave without it?"), text, _("Leave without it"), leave_unkept, v);
        return;
    }
    if (typed)
        app_say(v->app, STYLE_DIM, "%s", _("Not saved; what you typed comes back when you open the form again."));
    view_close(v);
}

static bool form_view_event(View *v, const Event *e) {
    FormView *f = v->state;
    f->unanswered = false; /* what is asked for again is what one sees */
    if (!f->form.picking && event_is_control(e, 'd')) {
        start_over(v);
        form_view_work(v);
        return true;
    }
    if (key_matches("F1", e)) return false; /* an action's */
    switch (form_event(&f->form, e)) {
    /* Before the answer is seen: what one sees is kept. */
    case FORM_OPEN: form_view_work(v); break;
    case FORM_SAVE: form_save(v); break;
    case FORM_LEFT: leave(v); break;
    }
    return true;
}

static bool is_picking(View *v) {
    return ((FormView *)v->state)->form.picking;
}

static bool picks_several(View *v) {
    return is_picking(v) && ((FormView *)v->state)->form.picker.several;
}

static bool is_filling(View *v) {
    return !is_picking(v);
}

static void run_help(View *v) {
    open_help(v->app);
}

static bool is_choosing(View *v) {
    return is_filling(v) && form_can_choose(&((FormView *)v->state)->form);
}

/* What saving does is said by the verb. */
static const char *form_wording(View *v, const Action *action) {
    return strcmp(action->name, "save") ? NULL : ((FormView *)v->state)->form.button;
}

static const Action form_actions[] = {
    {"save", N_("save"), N_("Saves what the form holds."), "^S", 1, NULL, is_filling},
    {"next", N_("next field"), N_("Goes to the next field; Shift+Tab to the one before."), "Tab", 2, NULL, is_filling},
    {"choose", N_("choose"), N_("In a field of records or words: opens the list; any letter searches it."), "Space", 3,
     NULL, is_choosing},
    {"leave", N_("leave"), N_("Leaves without saving; what you typed is kept for the next time."), "Esc", 4, NULL,
     is_filling},
    {"clear", N_("start over"), N_("Puts back what the fields held at first; once more brings back what was typed."),
     "^D", 5, NULL, is_filling},
    {"undo", N_("undo"), N_("Takes back the last change to the field one is in; ^Y does it again."), "^Z", 6, NULL,
     is_filling},
    {"help", N_("help"), N_("What the keys do here."), "F1", 7, run_help, is_filling},
    {"short", N_("short"), N_("Of a date or a week: in two weeks, the next Friday, the next week of that number."),
     "+2w fri W48", 0, NULL, NULL},
    {"walk", N_("walk"), N_("To the field above or below."), "Up Down", 0, NULL, NULL},
    {"far", N_("far"), N_("To the first field, to the button."), "PgUp PgDn", 0, NULL, NULL},
    {"words", N_("words"), N_("By words."), "Ctrl+Left/Right", 0, NULL, NULL},
    {"ends", N_("ends"), N_("To the line's start, to its end."), "^A ^E", 0, NULL, NULL},
    {"cut", N_("cut"), N_("Cuts the word before, to the line's start, to its end."), "^W ^U ^K", 0, NULL, NULL},
    {"take", N_("choose"), N_("Takes the line one is on and goes to the next field."), "Enter Tab", 1, NULL,
     is_picking},
    {"mark", N_("mark"), N_("Marks the line one is on; of several all that are marked are taken."), "Space", 2, NULL,
     picks_several},
    {"back", N_("back to the field"), N_("Closes the list, leaving the field as it was."), "Esc", 3, NULL, is_picking},
    {0},
};

static const Panel panel_form = {.name = "form",
                                 .label = N_("A form"),
                                 .size = sizeof(FormView),
                                 .overlay = true,
                                 .typing = true,
                                 .actions = form_actions,
                                 .wording = form_wording,
                                 .close = form_view_close,
                                 .reload = form_view_reload,
                                 .draw = form_view_draw,
                                 .event = form_view_event,
                                 .work = form_view_work,
                                 .look = form_view_look,
                                 .looks_alone = true};
