/* What was typed into a form and not saved. The service keeps it; what it could keep nowhere (the disk is full) stays here
 * as long as the program runs, and is handed in once it can be; so does what was left so soon after the last key that
 * nobody knows yet whether the disk took it, until that is known. */
#include "panels/draft.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Spare Spare;

struct Spare {
    Spare *next;
    Arena arena;
    Draft draft;
    bool written; /* it is where it belongs, and it is yet to be seen whether the disk keeps it */
};

/* --- what the service could not keep -------------------------------------------------------------------------------- */

static Spare **find_spare(App *app, const char *key) {
    Spare **at = &app->drafts;
    while (*at && strcmp((*at)->draft.key, key) != 0) {
        at = &(*at)->next;
    }
    return at;
}

static void forget_spare(App *app, const char *key) {
    Spare **at = find_spare(app, key), *s = *at;
    if (!s) return;
    *at = s->next;
    arena_free(&s->arena);
    free(s);
}

static void keep_spare(App *app, const Buffer *line, bool written) {
    Spare *s = memory_new(sizeof *s);
    *s = (Spare){.written = written};
    if (!draft_read(&s->arena, line->bytes, line->size, &s->draft)) {
        free(s);
        return;
    }
    forget_spare(app, s->draft.key);
    s->next = app->drafts;
    app->drafts = s;
}

static void say_aside(App *app) {
    app_say(app, STYLE_SOON, "%s",
            _("The disk does not take what you type beside the store: it is kept in your own directory."));
}

/* What a form was left with is found not to be kept after all: it is said, for there is no form that would. */
static void look_at_written(App *app, Spare *s, DraftKept kept) {
    if (kept == DRAFT_WRITTEN) return;
    if (kept == DRAFT_ASIDE && !service_is_away(app->service)) say_aside(app);
    if (kept == DRAFT_NOWHERE)
        app_say(app, STYLE_SOON, "%s",
                _("The disk did not take what you typed and left: it comes back only as long as this program runs."));
    s->written = false;
}

static void hand_in_spares(App *app) {
    for (Spare *s = app->drafts, *next; s; s = next) {
        next = s->next;
        if (!s->written) service_draft_put(app->service, &s->draft);
        DraftKept kept = service_draft_check(app->service, &s->draft, NULL);
        if (s->written) look_at_written(app, s, kept);
        if (s->written) continue;
        service_draft_leave(app->service, &s->draft);
        if (kept != DRAFT_NOWHERE) forget_spare(app, s->draft.key);
    }
}

void drafts_look(App *app, bool back) {
    hand_in_spares(app);
    if (back) service_drafts_hand_in(app->service);
}

void draft_free_all(App *app) {
    while (app->drafts) {
        forget_spare(app, app->drafts->draft.key);
    }
}

/* --- a form that is open -------------------------------------------------------------------------------------------- */

static void add_codes(Buffer *b, const Deed *act) {
    for (int i = 0; i < act->count; i++) {
        buffer_format(b, "%s%s", i ? " " : "", act->targets[i].code);
    }
}

static int acting_site(App *app) {
    int site = service_actor(app->service)->site;
    return site >= 0 ? site : 0;
}

static void add_texts(const Form *form, Buffer *b) {
    for (int i = 0; i < form->count; i++) {
        buffer_add(b, edit_string(&form->fields[i].edit), form->fields[i].edit.text.size + 1);
        buffer_add_char(b, form->fields[i].emptied ? '1' : '0');
    }
}

bool drafting_typed(const Drafting *d, const Form *form) {
    Buffer now = {0};
    add_texts(form, &now);
    bool typed = !buffer_equal(&now, &d->begun);
    buffer_free(&now);
    return typed;
}

void drafting_start(App *app, Drafting *d, const Deed *act, const Form *form, const char *first_given) {
    Buffer key = {0};
    buffer_format(&key, "%s %s ", act->command.name, act->entity->name);
    if (act->count) add_codes(&key, act);
    else buffer_format(&key, "@%s", site_code(acting_site(app)));
    if (first_given) buffer_format(&key, " %s", first_given);
    text_copy(d->key, sizeof d->key - OPERATION_SIZE, buffer_string(&key));
    d->form = strlen(d->key);
    snprintf(d->key + d->form, sizeof d->key - d->form, " %s", act->op);
    d->opened = clock_now();
    add_texts(form, &d->begun);
    buffer_free(&key);
}

Draft drafting_draft(App *app, Arena *arena, const Drafting *d, const Deed *act, const Form *form) {
    Buffer codes = {0};
    bool one = act->count == 1;
    add_codes(&codes, act);
    Draft draft = {.key = d->key,
                   .verb = act->command.name,
                   .code = arena_string(arena, buffer_string(&codes)),
                   .entity = act->entity,
                   .id = one ? act->targets[0].id : 0,
                   .rev = one ? act->targets[0].rev : 0,
                   .site = acting_site(app),
                   .op = act->op,
                   .opened = d->opened,
                   .at = d->at,
                   .focus = form->focus < form->count ? form->fields[form->focus].field->name : "",
                   .cursor = form->focus < form->count ? (int64_t)form->fields[form->focus].edit.cursor : 0};
    draft.fields = arena_array(arena, (size_t)form->count, sizeof *draft.fields);
    bool typed = drafting_typed(d, form);
    for (int i = 0; typed && i < form->count && draft.count < DRAFT_FIELDS_MOST; i++) {
        const FormField *field = &form->fields[i];
        if (!form_field_changed(field)) continue;
        draft.fields[draft.count++] = (DraftField){field->field->name, field->was, edit_string(&field->edit)};
    }
    buffer_free(&codes);
    return draft;
}

void drafting_touch(App *app, Drafting *d, const Deed *act, const Form *form) {
    Arena arena = {0};
    Buffer now = {0};
    Draft draft = drafting_draft(app, &arena, d, act, form);
    draft.at = 0;
    draft_write(&draft, &now);
    bool changed = !buffer_equal(&now, &d->told);
    if (changed) d->at = clock_now();
    if (changed || d->again) {
        d->again = false;
        draft.at = d->at;
        if (!service_draft_put(app->service, &draft) && draft.count) d->unkept = true;
        d->unsure = draft.count > 0;
        if (!draft.count) d->unkept = false;
        buffer_free(&d->told);
        d->told = now;
    } else buffer_free(&now);
    app->unkept = d->unkept;
    arena_free(&arena);
}

bool drafting_look(App *app, Drafting *d, const Deed *act, const Form *form, Error *e) {
    Arena arena = {0};
    bool away = service_is_away(app->service);
    /* A server that is away has it, or has not: it does not say. */
    if (d->unkept || away != d->away) d->again = true;
    d->away = away;
    drafting_touch(app, d, act, form);
    const Draft draft = drafting_draft(app, &arena, d, act, form);
    if (d->unsure) {
        DraftKept kept = service_draft_check(app->service, &draft, e);
        d->unkept = kept == DRAFT_NOWHERE;
        d->unsure = kept == DRAFT_WRITTEN;
        /* Said once, and again when it comes to that again; of a server that is away the screen says enough. */
        if (kept == DRAFT_ASIDE && !d->aside && !service_is_away(app->service)) say_aside(app);
        if (kept != DRAFT_WRITTEN) d->aside = kept == DRAFT_ASIDE;
    }
    app->unkept = d->unkept;
    arena_free(&arena);
    return !d->unkept;
}

/* The draft that this one began as, its terminal being gone since: what it held lives on in this one. */
static void drop_copied(App *app, const Drafting *d) {
    Arena arena = {0};
    Draft *drafts;
    int count = 0;
    if (service_drafts(app->service, &arena, &drafts, &count, NULL) != STATUS_OK) count = 0;
    for (int i = 0; i < count; i++) {
        if (!strcmp(drafts[i].key, d->copied) && drafts[i].at == d->copied_at && !drafts[i].open)
            service_draft_drop(app->service, &drafts[i]);
    }
    arena_free(&arena);
}

void drafting_end(App *app, Drafting *d, const Deed *act, const Form *form, bool keep) {
    Arena arena = {0};
    Buffer line = {0};
    if (keep) drafting_touch(app, d, act, form);
    Draft draft = drafting_draft(app, &arena, d, act, form);
    forget_spare(app, d->key);
    if (keep && draft.count && (d->unkept || d->unsure)) {
        draft_write(&draft, &line);
        keep_spare(app, &line, !d->unkept);
    }
    if (keep) service_draft_leave(app->service, &draft);
    else service_draft_drop(app->service, &draft);
    if (*d->copied && !d->unkept && (!keep || draft.count)) drop_copied(app, d);
    app->unkept = false;
    buffer_free(&line);
    arena_free(&arena);
}

void draft_throw_away(App *app, const Draft *d) {
    forget_spare(app, d->key);
    service_draft_drop(app->service, d);
}

void drafting_free(Drafting *d) {
    buffer_free(&d->told);
    buffer_free(&d->begun);
}

/* --- bringing it back ----------------------------------------------------------------------------------------------- */

/* After the form there is nothing more, or a blank and the id of an act. */
static bool is_of_form(const Drafting *d, const char *key) {
    if (strncmp(key, d->key, d->form) != 0) return false;
    const char *rest = key + d->form;
    return !*rest || (*rest == ' ' && strlen(rest) == OPERATION_SIZE && !strpbrk(rest + 1, " ="));
}

/* Of what may be handed in, and forgotten here, while somebody looks at it. */
static bool copy_draft(Arena *arena, const Draft *d, Draft *out) {
    Buffer line = {0};
    draft_write(d, &line);
    bool read = draft_read(arena, line.bytes, line.size, out);
    buffer_free(&line);
    return read;
}

void drafting_find(App *app, Arena *arena, const Drafting *d, Draft **out, int *count) {
    Draft *drafts;
    int kept = 0, spares = 0;
    *count = 0;
    for (const Spare *s = app->drafts; s; s = s->next) {
        spares++;
    }
    if (service_drafts(app->service, arena, &drafts, &kept, NULL) != STATUS_OK) kept = 0;
    *out = arena_array(arena, (size_t)spares + (size_t)kept, sizeof **out);
    for (const Spare *s = app->drafts; s; s = s->next) {
        if (is_of_form(d, s->draft.key) && !s->written && copy_draft(arena, &s->draft, &(*out)[*count])) ++*count;
    }
    for (int i = 0; i < kept; i++) {
        const Spare *s = *find_spare(app, drafts[i].key);
        if (is_of_form(d, drafts[i].key) && (!s || s->written)) (*out)[(*count)++] = drafts[i];
    }
}

void drafting_take(App *app, Drafting *d, const Deed *act, const Form *form, const Draft *draft) {
    Arena arena = {0};
    if (!*draft->key) return;
    if (draft->open) {
        text_copy(d->copied, sizeof d->copied, draft->key);
        d->copied_at = draft->at;
        return;
    }
    const Draft empty = drafting_draft(app, &arena, d, act, form);
    if (d->told.size) service_draft_drop(app->service, &empty);
    text_copy(d->key, sizeof d->key, draft->key);
    buffer_clear(&d->told);
    forget_spare(app, d->key); /* from now on it is the form that hands it in */
    arena_free(&arena);
}

static void go_to_cursor(const Draft *d, Form *form) {
    form->focus = form->count;
    for (int i = 0; i < form->count; i++) {
        Edit *edit = &form->fields[i].edit;
        if (strcmp(form->fields[i].field->name, d->focus) != 0) continue;
        form->focus = i;
        if (d->cursor > (int64_t)edit->text.size) return;
        size_t at = (size_t)d->cursor;
        /* Never amid a character. */
        while (at && at < edit->text.size && ((unsigned char)edit->text.bytes[at] & 0xC0) == 0x80) {
            at--;
        }
        edit->cursor = at;
        return;
    }
}

void draft_apply(const Draft *d, Form *form) {
    for (int i = 0; i < d->count; i++) {
        for (int k = 0; k < form->count; k++) {
            if (strcmp(form->fields[k].field->name, d->fields[i].name) != 0) continue;
            form_type(form, &form->fields[k], d->fields[i].text);
            form->fields[k].emptied = form->untouched && !*d->fields[i].text;
        }
    }
    go_to_cursor(d, form);
}
