/* What was typed into a form and not saved. */
#include "panels/draft.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

typedef struct Draft Draft;

struct Draft {
    Draft *next;
    Arena arena;
    const char *key;
    const char **names, **values; /* of the fields that were changed */
    int count, focus;
};

static Draft **find(App *app, const char *key) {
    Draft **at = &app->drafts;
    while (*at && strcmp((*at)->key, key) != 0) {
        at = &(*at)->next;
    }
    return at;
}

void draft_forget(App *app, const char *key) {
    Draft **at = find(app, key), *d = *at;
    if (!d) return;
    *at = d->next;
    arena_free(&d->arena);
    free(d);
}

void draft_keep(App *app, const char *key, const Form *form) {
    draft_forget(app, key);
    if (!form_changed(form)) return;
    Draft *d = memory_new(sizeof *d);
    d->key = arena_string(&d->arena, key);
    d->names = arena_array(&d->arena, (size_t)form->count, sizeof *d->names);
    d->values = arena_array(&d->arena, (size_t)form->count, sizeof *d->values);
    d->focus = form->focus;
    for (int i = 0; i < form->count; i++) {
        if (!form_field_changed(&form->fields[i])) continue;
        d->names[d->count] = form->fields[i].field->name;
        d->values[d->count++] = arena_string(&d->arena, edit_string(&form->fields[i].edit));
    }
    d->next = app->drafts;
    app->drafts = d;
}

bool draft_restore(App *app, const char *key, Form *form) {
    const Draft *d = *find(app, key);
    if (!d) return false;
    for (int i = 0; i < d->count; i++) {
        for (int k = 0; k < form->count; k++) {
            if (strcmp(form->fields[k].field->name, d->names[i]) != 0) continue;
            edit_set(&form->fields[k].edit, d->values[i], form->fields[k].edit.lines);
        }
    }
    form->focus = d->focus <= form->count ? d->focus : 0;
    return true;
}

void draft_free_all(App *app) {
    while (app->drafts) {
        draft_forget(app, app->drafts->key);
    }
}
