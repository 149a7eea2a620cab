/* What was typed into a form and not saved. The service keeps it; what it could not keep (its server was away) stays here
 * as long as the program runs. */
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

static void keep_spare(App *app, const Buffer *line) {
    Spare *s = memory_new(sizeof *s);
    *s = (Spare){0};
    if (!draft_read(&s->arena, line->bytes, line->size, &s->draft)) {
        free(s);
        return;
    }
    forget_spare(app, s->draft.key);
    s->next = app->drafts;
    app->drafts = s;
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
    text_copy(d->key, sizeof d->key, buffer_string(&key));
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
    draft_write(&draft, &now);
    if (!buffer_equal(&now, &d->told)) {
        draft.at = clock_now();
        /* Where the store cannot be written, nor can what lies beside it. */
        d->refused = !service_draft_put(app->service, &draft) || app->trouble.kind != TROUBLE_NONE;
        buffer_free(&d->told);
        d->told = now;
    } else buffer_free(&now);
    arena_free(&arena);
}

void drafting_end(App *app, Drafting *d, const Deed *act, const Form *form, bool keep) {
    Arena arena = {0};
    Buffer line = {0};
    if (keep) drafting_touch(app, d, act, form);
    Draft draft = drafting_draft(app, &arena, d, act, form);
    draft.at = clock_now();
    forget_spare(app, d->key);
    if (keep && draft.count && d->refused) {
        draft_write(&draft, &line);
        keep_spare(app, &line);
    }
    if (keep) service_draft_leave(app->service, &draft);
    else service_draft_drop(app->service, &draft);
    buffer_free(&line);
    arena_free(&arena);
}

void drafting_free(Drafting *d) {
    buffer_free(&d->told);
    buffer_free(&d->begun);
}

/* --- bringing it back ----------------------------------------------------------------------------------------------- */

bool draft_find(App *app, Arena *arena, const char *key, Draft *out) {
    const Spare *spare = *find_spare(app, key);
    Draft *drafts;
    int count = 0;
    if (spare) {
        *out = spare->draft;
        return true;
    }
    if (service_drafts(app->service, arena, &drafts, &count, NULL) != STATUS_OK) return false;
    for (int i = 0; i < count; i++) {
        if (strcmp(drafts[i].key, key) != 0) continue;
        *out = drafts[i];
        return true;
    }
    return false;
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
            if (strcmp(form->fields[k].field->name, d->fields[i].name) == 0)
                form_type(form, &form->fields[k], d->fields[i].text);
        }
    }
    go_to_cursor(d, form);
}
