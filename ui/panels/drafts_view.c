/* The forms that were left unsaved: offered when the program starts, and from the palette. */
#include "panels/form_view.h"
#include "panels/pick.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Unsaved {
    App *app;
    View *form_view; /* of the form they are all for; NULL: of any */
    Arena arena;
    Draft *drafts;
    int count;
} Unsaved;

enum { WHAT_MOST = 22 }; /* columns that a picker gives to what stands first */

/* Whatever is cut of the verb, the record is said: "Propose an a…: SMA-R3". */
static void say_of_record(const char *label, const char *code, Buffer *b) {
    int used, room = WHAT_MOST - 2 - text_width(code, strlen(code));
    size_t size = strlen(label);
    bool cut = room > 1 && text_width(label, size) > room;
    if (cut) size = text_fit(label, size, room - 1, &used);
    buffer_format(b, "%.*s%s: %s", (int)size, label, cut ? "…" : "", code);
}

/* "Edit: SMA-P42", "New: Need". */
static void say_what(const Draft *d, Buffer *b) {
    Command c;
    if (!command_find(d->verb, *d->code ? d->entity : NULL, &c)) return;
    if (*d->code && !strchr(d->code, ' ')) {
        say_of_record(_(c.label), d->code, b);
        return;
    }
    buffer_format(b, "%s: ", _(c.label));
    if (!*d->code) buffer_add_string(b, _(d->entity->label));
    else {
        int count = 1;
        for (const char *at = d->code; (at = strchr(at, ' ')); at++) {
            count++;
        }
        entity_count(d->entity, count, b);
    }
}

/* What was typed, a field after the other. */
static void say_text(const Draft *d, Buffer *b) {
    for (int i = 0; i < d->count; i++) {
        const DraftField *f = &d->fields[i];
        if (*f->text) buffer_format(b, "%s%s", b->size ? ", " : "", f->text);
    }
}

static void say_when(const Draft *d, Buffer *b) {
    if (d->open) buffer_add_string(b, _("open elsewhere, "));
    int64_t at = d->at + clock_local_offset(d->at);
    if ((int)(at / 86400) == app_today()) buffer_format(b, "%02d:%02d", (int)(at / 3600 % 24), (int)(at / 60 % 60));
    else date_show(b, (int)(at / 86400), app_today());
}

void say_at(Buffer *b, int64_t instant) {
    int64_t at = instant + clock_local_offset(instant);
    Buffer day = {0};
    date_show(&day, (int)(at / 86400), app_today());
    if ((int)(at / 86400) != app_today()) buffer_format(b, _("on %s"), buffer_string(&day));
    else buffer_format(b, _("at %02d:%02d"), (int)(at / 3600 % 24), (int)(at / 60 % 60));
    buffer_free(&day);
}

static const char *kept(Arena *arena, Buffer *b) {
    const char *text = arena_copy(arena, buffer_string(b), b->size);
    buffer_free(b);
    return text;
}

static void unsaved_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    const Unsaved *u = context;
    *items = arena_array(arena, (size_t)u->count, sizeof **items);
    for (int i = 0; i < u->count; i++) {
        Buffer what = {0}, text = {0}, when = {0};
        PickerItem item = {.value = i};
        say_what(&u->drafts[i], &what);
        say_text(&u->drafts[i], &text);
        say_when(&u->drafts[i], &when);
        item.code = kept(arena, &what);
        item.label = kept(arena, &text);
        item.right = kept(arena, &when);
        if (folded_match(typed, item.code) || folded_match(typed, item.label)) (*items)[(*count)++] = item;
    }
}

/* The records a draft is for, as they are now; of several those that are still there. */
static Status read_records(App *app, Arena *arena, const Draft *d, const Record ***out, int *count, Error *e) {
    const char *at = d->code;
    Status s = STATUS_OK;
    *count = 0;
    *out = arena_array(arena, strlen(at) / 2 + 1, sizeof **out);
    while (*at && s == STATUS_OK) {
        size_t n = strcspn(at, " ");
        Record *r;
        s = service_record(app->service, arena, arena_copy(arena, at, n), &r, e);
        if (s == STATUS_OK) (*out)[(*count)++] = r;
        at += n + (at[n] == ' ');
        if (s == STATUS_NOT_FOUND && (*at || *count)) s = STATUS_OK;
    }
    return s;
}

static void let_go(App *app, void *context, const Draft *d) {
    (void)context;
    draft_throw_away(app, d);
}

static Status open_draft(App *app, const Draft *d, Error *e) {
    Arena arena = {0};
    Command c;
    const Record **records;
    int count;
    Status s = STATUS_OK;
    if (service_actor(app->service)->site != d->site) {
        s = service_act_as(app->service, d->site, e);
        app_changed(app);
    }
    if (s == STATUS_OK) s = read_records(app, &arena, d, &records, &count, e);
    if (s == STATUS_NOT_FOUND && offer_deleted(app, d, let_go, NULL)) {
        arena_free(&arena);
        return STATUS_OK;
    }
    if (s == STATUS_OK && !command_find(d->verb, count ? d->entity : NULL, &c))
        s = error_set(e, STATUS_USAGE, NULL, _("\"%s\" is no command of this program"), d->verb);
    if (s == STATUS_OK) open_form_again(app, deed_new(&c, d->entity, records, count), records, d);
    arena_free(&arena);
    return s;
}

/* Its terminal may have been closed since. */
static void look_again(App *app, Arena *arena, Draft *d) {
    Draft *now;
    int count = 0;
    if (!d->open || service_drafts(app->service, arena, &now, &count, NULL) != STATUS_OK) return;
    for (int i = 0; i < count; i++) {
        if (!strcmp(now[i].key, d->key)) *d = now[i];
    }
}

static void unsaved_chosen(App *app, void *context, const PickerItem *item) {
    Unsaved *u = context;
    Draft *d = &u->drafts[item->value];
    Error e = {0};
    look_again(app, &u->arena, d);
    if (u->form_view) form_take_draft(u->form_view, d);
    else if (open_draft(app, d, &e) != STATUS_OK) app_fail(app, &e);
}

static void unsaved_dropped(App *app, void *context, const PickerItem *item) {
    Unsaved *u = context;
    look_again(app, &u->arena, &u->drafts[item->value]);
    if (u->drafts[item->value].open) {
        app_say(app, STYLE_SOON, _("%s: open at another terminal, and left there"), item->code);
        return;
    }
    draft_throw_away(app, &u->drafts[item->value]);
    app_say(app, STYLE_DIM, _("%s: thrown away"), item->code);
    u->count--;
    memmove(&u->drafts[item->value], &u->drafts[item->value + 1], (size_t)(u->count - item->value) * sizeof *u->drafts);
}

static void unsaved_free(void *context) {
    Unsaved *u = context;
    arena_free(&u->arena);
    free(u);
}

static void offer(Unsaved *u, const char *title) {
    const PickRequest request = {.title = title,
                                 .source = unsaved_source,
                                 .chosen = unsaved_chosen,
                                 .drop = N_("throw away"),
                                 .dropped = unsaved_dropped,
                                 .context = u,
                                 .free_context = unsaved_free};
    pick(u->app, &request);
}

void offer_drafts(View *form_view, Draft *drafts, int count) {
    Unsaved *u = memory_new(sizeof *u);
    *u = (Unsaved){.app = form_view->app, .form_view = form_view, .drafts = drafts, .count = count};
    offer(u, _("Typed before, and not saved: take one? Esc begins anew"));
}

void open_drafts(App *app, bool at_start) {
    Unsaved *u = memory_new(sizeof *u);
    Error e = {0};
    *u = (Unsaved){.app = app};
    Status s = service_drafts(app->service, &u->arena, &u->drafts, &u->count, &e);
    if (s != STATUS_OK || !u->count) {
        if (!at_start && s != STATUS_OK) app_fail(app, &e);
        else if (!at_start) app_say(app, STYLE_DIM, "%s", _("Nothing was left unsaved."));
        unsaved_free(u);
        return;
    }
    if (at_start && input_pending()) { /* those keys are not for a list that nobody has seen */
        app_say(app, STYLE_ACCENT, "%s", _("Some forms were left unsaved: D shows them."));
        unsaved_free(u);
        return;
    }
    offer(u, _("Not saved yet: go on where you stopped?"));
}
