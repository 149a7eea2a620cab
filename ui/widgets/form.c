/* A form over fields: what it holds, and what events do to it. */
#include "widgets/form_parts.h"

#include "base/arena.h"
#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- making ------------------------------------------------------------------------------------------------------- */

void form_free(Form *f) {
    for (int i = 0; i < f->count; i++) {
        edit_free(&f->fields[i].edit);
        free(f->fields[i].was);
    }
    free(f->fields);
    picker_free(&f->picker);
    *f = (Form){0};
}

static void read_field(Form *f, FormField *field) {
    Error e = {0};
    *field->meaning = *field->wrong = 0;
    if (field->edit.text.size) field->emptied = false;
    if (!f->understand || !field->edit.text.size) return;
    if (f->understand(f->context, field->field, edit_string(&field->edit), field->meaning, sizeof field->meaning, &e) !=
        STATUS_OK)
        text_copy(field->wrong, sizeof field->wrong, e.why);
}

void form_reread(Form *f, FormField *field) {
    read_field(f, field);
    *field->error = 0;
    *f->error = 0;
    if (form_room(field) < 0) text_copy(field->error, sizeof field->error, field->wrong);
    if (f->changed) f->changed(f->context, field);
    /* What a number is counted in may hang on a choice. */
    for (int i = 0; i < f->count && field->field->kind == FIELD_CHOICE; i++) {
        FieldKind kind = f->fields[i].field->kind;
        if (kind == FIELD_NUMBER || kind == FIELD_BOOKINGS) read_field(f, &f->fields[i]);
    }
}

void form_began(FormField *field, const char *was) {
    size_t size = strlen(was) + 1;
    char *copy = memory_new(size);
    memcpy(copy, was, size);
    free(field->was);
    field->was = copy;
}

void form_spread(Buffer *out, const Field *row, const char *value) {
    for (const char *at = value; *at; at++) {
        bool parts = row->kind == FIELD_BOOKINGS && strchr(" ,;\n", *at);
        if (!parts) buffer_add_char(out, *at);
        else if (out->size && out->bytes[out->size - 1] != '\n') buffer_add_char(out, '\n');
    }
}

FormField *form_add(Form *f, const Field *row, const char *value, bool required) {
    Buffer spread = {0};
    if (f->count == f->room)
        f->fields = memory_grow(f->fields, (size_t)(f->room = f->room ? f->room * 2 : 16), sizeof *f->fields);
    FormField *field = &f->fields[f->count++];
    *field = (FormField){.field = row, .required = required};
    form_spread(&spread, row, value);
    edit_set(&field->edit, buffer_string(&spread), row->kind == FIELD_NOTE || row->kind == FIELD_BOOKINGS);
    form_began(field, edit_string(&field->edit));
    buffer_free(&spread);
    return field;
}

bool form_field_empty(const FormField *field) {
    const char *text = edit_string(&field->edit);
    return !text[strspn(text, " \t\n")];
}

static bool wants_value(const FormField *field) {
    return field->required && !field->fixed && form_field_empty(field);
}

void form_start(Form *f) {
    int first = f->count, empty = first;
    bool wants = false;
    for (int i = f->count - 1; i >= 0; i--) {
        const FormField *field = &f->fields[i];
        read_field(f, &f->fields[i]);
        wants = wants || wants_value(field);
        if (!field->fixed) first = i;
        if (!field->fixed && !field->edit.text.size) empty = i;
    }
    f->focus = wants ? empty : first;
}

void form_type(Form *f, FormField *field, const char *text) {
    Buffer spread = {0};
    form_spread(&spread, field->field, text);
    edit_replace(&field->edit, buffer_string(&spread));
    field->emptied = false;
    read_field(f, field);
    buffer_free(&spread);
}

bool form_field_changed(const FormField *field) {
    return field->emptied || strcmp(field->was, edit_string(&field->edit)) != 0;
}

bool form_changed(const Form *f) {
    for (int i = 0; i < f->count; i++) {
        if (form_field_changed(&f->fields[i])) return true;
    }
    return false;
}

/* --- errors ------------------------------------------------------------------------------------------------------- */

FormField *form_find(const Form *f, const char *name) {
    for (int i = 0; i < f->count; i++) {
        if (!strcmp(f->fields[i].field->name, name)) return &f->fields[i];
    }
    return NULL;
}

void form_fail(Form *f, const char *name, const char *why) {
    FormField *field = form_find(f, name);
    if (field) {
        text_copy(field->error, sizeof field->error, why);
        f->focus = (int)(field - f->fields);
    } else snprintf(f->error, sizeof f->error, "%s%s%s", name, *name ? ": " : "", why);
}

bool form_check(Form *f, bool changed_only) {
    int first = -1;
    *f->error = 0;
    for (int i = 0; i < f->count; i++) {
        FormField *field = &f->fields[i];
        *field->error = 0;
        if (field->fixed || (changed_only && !form_field_changed(field))) continue;
        if (wants_value(field)) text_copy(field->error, sizeof field->error, _("is missing"));
        else text_copy(field->error, sizeof field->error, field->wrong);
        if (*field->error && first < 0) first = i;
    }
    if (first >= 0) f->focus = first;
    return first < 0;
}

int64_t form_room(const FormField *field) {
    const Field *row = field->field;
    if (row->kind != FIELD_TEXT && row->kind != FIELD_NOTE) return INT64_MAX;
    int64_t left = row->max ? row->max : row->kind == FIELD_NOTE ? FIELD_NOTE_MAX : FIELD_TEXT_MAX;
    for (size_t i = 0; i < field->edit.text.size; i++) {
        left -= ((unsigned char)field->edit.text.bytes[i] & 0xC0) != 0x80;
    }
    return left;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* What cannot be read is said when one goes on, not while it is half typed. */
static void leave(const Form *f) {
    if (f->focus >= f->count) return;
    FormField *field = &f->fields[f->focus];
    if (!*field->error) text_copy(field->error, sizeof field->error, field->wrong);
}

static void go_to(Form *f, int focus) {
    if (focus != f->focus) leave(f);
    f->focus = focus;
}

void form_move(Form *f, int by) {
    int to = f->focus;
    do {
        to += by;
        if (to < 0) to = f->count;
        if (to > f->count) to = 0;
    } while (to < f->count && f->fields[to].fixed);
    go_to(f, to);
}

/* Whether a key means something else than its letter in a field of this kind; then it is done. */
static bool choosing_event(Form *f, FormField *field, const Event *e) {
    FieldKind kind = field->field->kind;
    bool letter = e->key == KEY_IS_CHAR, empties = e->key == KEY_IS_BACKSPACE || e->key == KEY_IS_DELETE;
    bool steps = e->key == KEY_IS_LEFT || e->key == KEY_IS_RIGHT;
    if (kind == FIELD_CHOICE && steps) form_step_choice(field, e->key == KEY_IS_LEFT ? -1 : 1);
    else if (kind == FIELD_FLAG && (letter || steps))
        edit_replace(&field->edit, !strcmp(edit_string(&field->edit), "yes") ? "no" : "yes");
    else if (letter && form_has_picker(f, field->field)) form_start_picking(f, e->point == ' ' ? NULL : e);
    else if (kind == FIELD_CHOICE && empties && !field->required) edit_replace(&field->edit, "");
    else if (kind == FIELD_REF && empties) edit_replace(&field->edit, "");
    else return false;
    return true;
}

/* Where what is empty stays as it is, one more key that deletes says that it is to be empty, or not. */
static bool empties(const Form *f, FormField *field, const Event *e) {
    bool deletes = e->kind == EVENT_KEY && (e->key == KEY_IS_BACKSPACE || e->key == KEY_IS_DELETE);
    bool may = !(field->field->flags & FIELD_REQUIRED) && field->field->kind != FIELD_FLAG;
    if (!f->untouched || !deletes || !may || field->edit.text.size) return false;
    field->emptied = !field->emptied;
    return true;
}

static bool field_event(Form *f, const Event *e) {
    FormField *field = &f->fields[f->focus];
    FieldKind kind = field->field->kind;
    if (empties(f, field, e)) return true;
    /* Nothing is typed into it; what was chosen can be taken back. */
    bool closed = (kind == FIELD_CHOICE || kind == FIELD_FLAG) && !edit_takes_back(e);
    bool chosen = e->kind == EVENT_KEY && choosing_event(f, field, e);
    if (e->kind == EVENT_PASTE && kind == FIELD_CHOICE) {
        form_start_picking(f, e);
        return true;
    }
    if (!chosen && (closed || !edit_event(&field->edit, e))) return false;
    form_reread(f, field);
    if (field->edit.lost)
        snprintf(field->error, sizeof field->error, _("There was no room for the last %zu characters of it"),
                 field->edit.lost);
    return true;
}

static FormAnswer click(Form *f, const Event *e) {
    if (event_clicks(e, f->button_at)) {
        go_to(f, f->count);
        return FORM_SAVE;
    }
    for (int i = 0; i < f->count && event_clicks(e, f->box); i++) {
        FormField *field = &f->fields[i];
        bool here = f->focus == i || e->twice;
        if (field->fixed || e->y < field->at.y || e->y >= field->at.y + field->at.h) continue;
        go_to(f, i);
        if (form_has_picker(f, field->field)) {
            if (here) form_start_picking(f, NULL);
        } else if (field->field->kind == FIELD_FLAG) {
            const Event space = {.kind = EVENT_KEY, .key = KEY_IS_CHAR, .point = ' '};
            if (here) field_event(f, &space);
        } else edit_click(&field->edit, field->at, e->y, e->x);
    }
    return FORM_OPEN;
}

/* Enter opens what has to be chosen and is not; else it goes on. */
static void enter(Form *f) {
    const FormField *field = &f->fields[f->focus];
    if (form_has_picker(f, field->field) && wants_value(field)) form_start_picking(f, NULL);
    else form_move(f, 1);
}

static FormAnswer key(Form *f, const Event *e) {
    switch (e->key) {
    case KEY_IS_ENTER:
        if (f->focus == f->count) return FORM_SAVE;
        enter(f);
        break;
    case KEY_IS_TAB:
    case KEY_IS_DOWN: form_move(f, 1); break;
    case KEY_IS_BACKTAB:
    case KEY_IS_UP: form_move(f, -1); break;
    case KEY_IS_PAGE_DOWN: go_to(f, f->count); break;
    case KEY_IS_PAGE_UP:
        go_to(f, f->count);
        form_move(f, 1);
        break;
    default: break;
    }
    return FORM_OPEN;
}

FormAnswer form_event(Form *f, const Event *e) {
    bool saves = event_is_control(e, 's');
    if (f->picking && !saves) {
        form_picker_event(f, e);
        return FORM_OPEN;
    }
    if (f->picking && !form_end_picking(f)) return FORM_OPEN;
    if (saves) return FORM_SAVE;
    if (event_is_key(e, KEY_IS_ESCAPE)) return FORM_LEFT;
    if (e->kind == EVENT_CLICK) return click(f, e);
    if (e->kind == EVENT_WHEEL) form_move(f, e->lines > 0 ? 1 : -1);
    else if (f->focus < f->count && field_event(f, e)) return FORM_OPEN;
    else if (e->kind == EVENT_KEY) return key(f, e);
    return FORM_OPEN;
}
