/* What was typed into the form of a record that somebody deleted meanwhile: who did, and what becomes of it. */
#include "panels/form_view.h"
#include "panels/pick.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

enum { MAKE_NEW, THROW_AWAY };

typedef struct Deleted {
    App *app;
    Arena arena;
    Draft draft;
    Record *last; /* as it was when it was deleted; NULL: not known */
    bool can_make;
    char *title;
    void (*let_go)(App *, void *context, const Draft *);
    void *context;
} Deleted;

/* The entry that deleted a record, where it is the newest one of it. */
static bool find_deletion(App *app, Arena *arena, const Entity *entity, int64_t id, JournalEntry **out) {
    const JournalQuery query = {.entity = entity, .id = id, .site = -1, .limit = 1};
    int count = 0;
    if (!entity || !id || service_journal(app->service, arena, &query, out, &count, NULL) != STATUS_OK) return false;
    return count && !(*out)->after && !(*out)->erased;
}

static void say_who(const JournalEntry *entry, const char *code, Buffer *b) {
    int64_t at = 0;
    Buffer when = {0};
    if (instant_parse(entry->at, strlen(entry->at), &at)) say_at(&when, at);
    buffer_format(b, _("%s deleted %s %s"), entry->actor, code, buffer_string(&when));
    buffer_free(&when);
}

bool say_deleted(App *app, const Entity *entity, int64_t id, const char *code, Buffer *b) {
    Arena arena = {0};
    JournalEntry *entry;
    bool deleted = find_deletion(app, &arena, entity, id, &entry);
    if (deleted) say_who(entry, code, b);
    arena_free(&arena);
    return deleted;
}

/* --- what becomes of it ---------------------------------------------------------------------------------------------- */

static void add_field(Draft *d, const char *name, const char *text) {
    for (int i = 0; i < d->count; i++) {
        if (strcmp(d->fields[i].name, name) != 0) continue;
        d->fields[i].text = text;
        return;
    }
    if (d->count < DRAFT_FIELDS_MOST) d->fields[d->count++] = (DraftField){name, "", text};
}

/* What the record held, and over it what was typed. */
static Draft as_new(Deleted *x) {
    const Entity *entity = x->draft.entity;
    Draft d = {.key = "", .verb = "add", .code = "", .entity = entity, .site = x->draft.site, .op = ""};
    d.focus = x->draft.focus;
    d.cursor = x->draft.cursor;
    d.fields = arena_array(&x->arena, DRAFT_FIELDS_MOST, sizeof *d.fields);
    for (int i = 0; x->last && i < entity->field_count; i++) {
        const Field *row = &entity->fields[i];
        Buffer text = {0};
        if (!form_field_editable(row, i, true)) continue;
        value_write(&text, row, &x->last->values[i], service_codes(x->app->service));
        if (text.size) add_field(&d, row->name, arena_copy(&x->arena, text.bytes, text.size));
        buffer_free(&text);
    }
    for (int i = 0; i < x->draft.count; i++) {
        add_field(&d, x->draft.fields[i].name, x->draft.fields[i].text);
    }
    return d;
}

static void deleted_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    const Deleted *x = context;
    PickerItem all[] = {{.code = _("make a new one"), .label = _("of what you typed"), .value = MAKE_NEW},
                        {.code = _("throw away"), .label = _("what you typed"), .value = THROW_AWAY}};
    *items = arena_array(arena, 2, sizeof **items);
    for (int i = x->can_make ? 0 : 1; i < 2; i++) {
        if (folded_match(typed, all[i].code)) (*items)[(*count)++] = all[i];
    }
}

static void deleted_chosen(App *app, void *context, const PickerItem *item) {
    Deleted *x = context;
    Command add;
    if (item->value == MAKE_NEW && command_find("add", NULL, &add)) {
        const Draft d = as_new(x);
        x->let_go(app, x->context, &x->draft);
        open_form_again(app, deed_new(&add, x->draft.entity, NULL, 0), NULL, &d);
    } else {
        x->let_go(app, x->context, &x->draft);
        app_say(app, STYLE_DIM, _("%s: thrown away"), x->draft.code);
    }
}

static void deleted_free(void *context) {
    Deleted *x = context;
    arena_free(&x->arena);
    free(x->title);
    free(x);
}

/* A copy that outlives the one it was given. */
static bool copy_draft(Arena *arena, const Draft *from, Draft *to) {
    Buffer line = {0};
    draft_write(from, &line);
    bool copied = draft_read(arena, line.bytes, line.size, to);
    buffer_free(&line);
    return copied;
}

bool offer_deleted(App *app, const Draft *d, void (*let_go)(App *, void *, const Draft *), void *context) {
    Deleted *x = memory_new(sizeof *x);
    JournalEntry *entry;
    Command c;
    Buffer title = {0};
    *x = (Deleted){.app = app, .let_go = let_go, .context = context};
    if (!copy_draft(&x->arena, d, &x->draft) || !find_deletion(app, &x->arena, d->entity, d->id, &entry)) {
        deleted_free(x);
        return false;
    }
    x->last = entry->before;
    x->can_make = command_find(d->verb, d->entity, &c) && c.fields;
    say_who(entry, d->code, &title);
    x->title = memory_string(buffer_string(&title));
    buffer_free(&title);
    const PickRequest request = {.title = x->title,
                                 .source = deleted_source,
                                 .chosen = deleted_chosen,
                                 .context = x,
                                 .free_context = deleted_free};
    pick(app, &request);
    return true;
}
