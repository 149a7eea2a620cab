/* Two versions of a record: which fields differ, and their texts as one reads them. */
#include "panels/merge_rows.h"

#include "base/text.h"

#include <string.h>

enum { COMMON_MOST = 80, COMMON_KEPT = 30 }; /* bytes */

/* "+2w" is the day it stands for, and a list the same in any order. */
static bool same_value(View *form_view, const Field *f, const char *a, const char *b) {
    const CodeBook *book = service_codes(form_view->app->service);
    Arena arena = {0};
    Value one, other;
    Error e;
    if (!strcmp(a, b)) return true;
    bool same = value_read(&arena, f, a, strlen(a), FORM_TYPED, book, &one, &e) == STATUS_OK &&
                value_read(&arena, f, b, strlen(b), FORM_TYPED, book, &other, &e) == STATUS_OK &&
                value_equal(&one, &other);
    arena_free(&arena);
    return same;
}

MergeRow *merge_compare(View *form_view, const Record *now, int *count, int *clashes) {
    const FormView *f = form_view->state;
    MergeRow *rows = arena_array(&form_view->arena, (size_t)f->form.count + 1, sizeof *rows);
    *count = *clashes = 0;
    for (int i = 0; i < f->form.count; i++) {
        const FormField *field = &f->form.fields[i];
        int index = entity_field(f->act->entity, field->field->name, strlen(field->field->name));
        Buffer text = {0}, spread = {0};
        if (index < 0) continue;
        value_write(&text, field->field, &now->values[index], service_codes(form_view->app->service));
        form_spread(&spread, field->field, buffer_string(&text));
        const char *theirs = arena_copy(&form_view->arena, buffer_string(&spread), spread.size);
        const char *mine = edit_string(&field->edit);
        bool they_did = strcmp(theirs, field->was) != 0, we_did = form_field_changed(field);
        buffer_free(&text);
        buffer_free(&spread);
        if (!they_did && !we_did) continue;
        MergeRow row = {.field = i, .theirs = theirs, .taken = we_did ? SIDE_MINE : SIDE_THEIRS};
        row.alike = they_did && we_did && same_value(form_view, field->field, theirs, mine);
        row.clash = they_did && we_did && !row.alike;
        if (row.alike) row.taken = SIDE_THEIRS;
        if (row.clash) row.taken = SIDE_NONE;
        *clashes += row.clash;
        rows[(*count)++] = row;
    }
    return rows;
}

/* A version as one reads it: a choice's words; a date, a quantity or a code with what it stands for. */
static const char *readable(View *form_view, const Field *f, const char *text) {
    char meaning[160] = "";
    Error e = {0};
    const Choice *c = f->kind == FIELD_CHOICE ? choice_of_word(f->choices, text, strlen(text)) : NULL;
    if (c) return _(c->label);
    if (!*text) return _("(empty)");
    if (understand_text(form_view, f, text, meaning, sizeof meaning, &e) != STATUS_OK || !*meaning) return text;
    return f->kind == FIELD_REF ? arena_format(&form_view->arena, "%s  %s", text, meaning)
                                : arena_string(&form_view->arena, meaning);
}

/* Long texts begin shortly before they differ, for only some lines of each are shown. */
static void skip_common(Arena *arena, const char *shown[3]) {
    size_t same = 0, from;
    while (shown[0][same] && shown[0][same] == shown[1][same] && shown[1][same] == shown[2][same]) {
        same++;
    }
    if (same < COMMON_MOST) return;
    /* Some words of it, to find one's way; never from amid a word. */
    for (from = same - COMMON_KEPT; from && shown[0][from - 1] != ' ' && shown[0][from - 1] != '\n'; from--) {}
    for (int i = 0; from && i < 3; i++) {
        shown[i] = arena_format(arena, "%s %s", draw_symbol("…", "~"), shown[i] + from);
    }
}

void merge_make_readable(View *form_view, MergeRow *rows, int count) {
    const FormView *f = form_view->state;
    for (int i = 0; i < count; i++) {
        const FormField *field = &f->form.fields[rows[i].field];
        const char *mine = arena_string(&form_view->arena, edit_string(&field->edit));
        rows[i].shown[SIDE_NONE] = readable(form_view, field->field, field->was);
        rows[i].shown[SIDE_THEIRS] = readable(form_view, field->field, rows[i].theirs);
        rows[i].shown[SIDE_MINE] = readable(form_view, field->field, mine);
        skip_common(&form_view->arena, rows[i].shown);
    }
}
