/* A form over fields. */
#include "widgets/form.h"

#include "base/arena.h"
#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_LINES = 4, LABEL_MOST = 20, WIDEST = 90 };

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

static void look_up(Form *f, FormField *field) {
    field->shown[0] = 0;
    if (f->label && field->field->kind == FIELD_REF && field->edit.text.size)
        f->label(f->context, field->field, edit_string(&field->edit), field->shown, sizeof field->shown);
}

void form_began(FormField *field, const char *was) {
    size_t size = strlen(was) + 1;
    char *copy = memory_new(size);
    memcpy(copy, was, size);
    free(field->was);
    field->was = copy;
}

FormField *form_add(Form *f, const Field *row, const char *value, bool required) {
    if (f->count == f->room)
        f->fields = memory_grow(f->fields, (size_t)(f->room = f->room ? f->room * 2 : 16), sizeof *f->fields);
    FormField *field = &f->fields[f->count++];
    *field = (FormField){.field = row, .required = required};
    edit_set(&field->edit, value, row->kind == FIELD_NOTE);
    form_began(field, edit_string(&field->edit));
    look_up(f, field);
    return field;
}

void form_type(Form *f, FormField *field, const char *text) {
    edit_set(&field->edit, text, field->edit.lines);
    look_up(f, field);
}

bool form_field_changed(const FormField *field) {
    return strcmp(field->was, edit_string(&field->edit)) != 0;
}

bool form_changed(const Form *f) {
    for (int i = 0; i < f->count; i++) {
        if (form_field_changed(&f->fields[i])) return true;
    }
    return false;
}

void form_fail(Form *f, const char *name, const char *why) {
    for (int i = 0; i < f->count; i++) {
        if (strcmp(f->fields[i].field->name, name) != 0) continue;
        text_copy(f->fields[i].error, sizeof f->fields[i].error, why);
        f->focus = i;
        return;
    }
    snprintf(f->error, sizeof f->error, "%s%s%s", name, *name ? ": " : "", why);
}

/* --- choices ------------------------------------------------------------------------------------------------------ */

static bool has_picker(const Form *f, const Field *row) {
    switch (row->kind) {
    case FIELD_CHOICE:
    case FIELD_SET: return true;
    case FIELD_REF:
    case FIELD_REFS: return f->records != NULL;
    default: return false;
    }
}

static const Choice *present(const FormField *field) {
    const char *text = edit_string(&field->edit);
    return choice_of_word(field->field->choices, text, strlen(text));
}

/* The next or the one before, round and round; an optional one can also be empty. */
static void step_choice(FormField *field, int by) {
    const Choice *list = field->field->choices, *now = present(field);
    int count = choice_count(list), empty = !field->required, at = now ? (int)(now - list) : by > 0 ? -1 : count;
    at += by;
    if (at < -empty) at = count - 1;
    if (at >= count) at = empty ? -1 : 0;
    edit_set(&field->edit, at < 0 ? "" : list[at].word, false);
}

/* --- the picker --------------------------------------------------------------------------------------------------- */

static bool holds_word(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += n) {
        if ((at == list || strchr(" ,", at[-1])) && (!at[n] || strchr(" ,", at[n]))) return true;
    }
    return false;
}

static void pick_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    Form *f = context;
    FormField *field = &f->fields[f->focus];
    const Field *row = field->field;
    if (row->kind == FIELD_REF || row->kind == FIELD_REFS) f->records(f->context, row, typed, arena, items, count);
    else {
        *items = arena_array(arena, (size_t)choice_count(row->choices), sizeof **items);
        for (const Choice *c = row->choices; c->number; c++) {
            if (!folded_match(typed, _(c->label)) && !folded_match(typed, c->word)) continue;
            (*items)[(*count)++] = (PickerItem){.code = c->word, .label = _(c->label)};
        }
    }
    for (int i = 0; i < *count; i++) {
        (*items)[i].chosen = holds_word(edit_string(&field->edit), (*items)[i].code);
    }
}

static void start_picking(Form *f, const Event *first) {
    FormField *field = &f->fields[f->focus];
    FieldKind kind = field->field->kind;
    f->picking = true;
    f->picker.several = kind == FIELD_REFS || kind == FIELD_SET;
    f->picker.empty = _("Nothing matches what is typed.");
    picker_start(&f->picker, _(field->field->label), pick_source, f);
    if (first) picker_event(&f->picker, first);
}

/* Adds a code to a list, or takes it out. */
static void toggle_word(FormField *field, const char *word) {
    Buffer list = {0};
    bool held = holds_word(edit_string(&field->edit), word);
    const char *at = edit_string(&field->edit);
    while (*at) {
        size_t n = strcspn(at, " ,");
        if (n && !(n == strlen(word) && !strncmp(at, word, n))) {
            if (list.size) buffer_add_char(&list, ' ');
            buffer_add(&list, at, n);
        }
        at += n + (at[n] != 0);
    }
    if (!held) buffer_format(&list, "%s%s", list.size ? " " : "", word);
    edit_set(&field->edit, buffer_string(&list), false);
    buffer_free(&list);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static void move_focus(Form *f, int by) {
    do {
        f->focus += by;
        if (f->focus < 0) f->focus = f->count;
        if (f->focus > f->count) f->focus = 0;
    } while (f->focus < f->count && f->fields[f->focus].fixed);
}

static void picker_event_in_form(Form *f, const Event *e) {
    FormField *field = &f->fields[f->focus];
    bool space = e->kind == EVENT_KEY && e->key == KEY_IS_CHAR && e->point == ' ';
    if (f->picker.several && space && !f->picker.typed.text.size) {
        const PickerItem *item = picker_item(&f->picker);
        if (item && !item->off) toggle_word(field, item->code);
        picker_refresh(&f->picker);
        return;
    }
    /* Tab takes the line one is on, as Enter does, and so does not lose what was typed. */
    bool tab = e->kind == EVENT_KEY && e->key == KEY_IS_TAB;
    const Event enter = {.kind = EVENT_KEY, .key = KEY_IS_ENTER};
    PickerAnswer answer = picker_event(&f->picker, tab ? &enter : e);
    if (answer == PICKER_OPEN) return;
    const PickerItem *item = picker_item(&f->picker);
    bool on = answer == PICKER_CHOSEN && (tab || !f->picker.several);
    if (answer == PICKER_CHOSEN && !f->picker.several) edit_set(&field->edit, item->code, false);
    else if (answer == PICKER_CHOSEN && !item->chosen && f->picker.typed.text.size) toggle_word(field, item->code);
    picker_free(&f->picker);
    f->picking = false;
    look_up(f, field);
    *field->error = 0;
    if (on) move_focus(f, 1);
}

static bool field_event(Form *f, const Event *e) {
    FormField *field = &f->fields[f->focus];
    FieldKind kind = field->field->kind;
    bool key = e->kind == EVENT_KEY;
    if (kind == FIELD_CHOICE && key) {
        if (e->key == KEY_IS_LEFT || e->key == KEY_IS_RIGHT) step_choice(field, e->key == KEY_IS_LEFT ? -1 : 1);
        else if (e->key == KEY_IS_CHAR) start_picking(f, e->point == ' ' ? NULL : e);
        else if ((e->key == KEY_IS_BACKSPACE || e->key == KEY_IS_DELETE) && !field->required)
            edit_set(&field->edit, "", false);
        else return false;
    } else if (kind == FIELD_FLAG && key) {
        if (e->key != KEY_IS_CHAR && e->key != KEY_IS_LEFT && e->key != KEY_IS_RIGHT) return false;
        edit_set(&field->edit, !strcmp(edit_string(&field->edit), "yes") ? "no" : "yes", false);
    } else if (kind == FIELD_SET && key && e->key == KEY_IS_CHAR) start_picking(f, e->point == ' ' ? NULL : e);
    else if ((kind == FIELD_REF || kind == FIELD_REFS) && key && e->key == KEY_IS_CHAR && has_picker(f, field->field))
        start_picking(f, e->point == ' ' ? NULL : e);
    else if ((kind == FIELD_REF) && key && (e->key == KEY_IS_BACKSPACE || e->key == KEY_IS_DELETE))
        edit_set(&field->edit, "", false);
    else if (!edit_event(&field->edit, e)) return false;
    look_up(f, field);
    *field->error = 0;
    *f->error = 0;
    return true;
}

FormAnswer form_event(Form *f, const Event *e) {
    if (f->picking) {
        picker_event_in_form(f, e);
        return FORM_OPEN;
    }
    if (e->kind == EVENT_KEY && e->key == KEY_IS_CONTROL && e->point == 's') return FORM_SAVE;
    if (e->kind == EVENT_KEY && e->key == KEY_IS_ESCAPE) return FORM_LEFT;
    if (f->focus == f->count && e->kind == EVENT_KEY && e->key == KEY_IS_ENTER) return FORM_SAVE;
    if (f->focus < f->count && field_event(f, e)) return FORM_OPEN;
    if (e->kind != EVENT_KEY) return FORM_OPEN;
    switch (e->key) {
    case KEY_IS_ENTER:
        if (f->focus < f->count && has_picker(f, f->fields[f->focus].field) &&
            f->fields[f->focus].field->kind != FIELD_CHOICE && !f->fields[f->focus].edit.text.size &&
            f->fields[f->focus].required)
            start_picking(f, NULL);
        else move_focus(f, 1);
        break;
    case KEY_IS_TAB:
    case KEY_IS_DOWN: move_focus(f, 1); break;
    case KEY_IS_BACKTAB:
    case KEY_IS_UP: move_focus(f, -1); break;
    case KEY_IS_PAGE_DOWN: f->focus = f->count; break;
    case KEY_IS_PAGE_UP: f->focus = 0; break;
    default: break;
    }
    return FORM_OPEN;
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static int field_height(const FormField *field) {
    return (field->field->kind == FIELD_NOTE ? NOTE_LINES : 1) + (*field->error != 0);
}

static int label_width(const Form *f) {
    int widest = 0;
    for (int i = 0; i < f->count; i++) {
        const char *label = _(f->fields[i].field->label);
        int w = text_width(label, strlen(label)) + 2;
        if (w > widest) widest = w;
    }
    return widest > LABEL_MOST ? LABEL_MOST : widest;
}

static int value_width(const Field *row, int room) {
    int w = room;
    switch (row->kind) {
    case FIELD_DATE:
    case FIELD_WEEK: w = 16; break;
    case FIELD_NUMBER: w = 18; break;
    case FIELD_CHOICE: w = 36; break;
    case FIELD_FLAG: w = 8; break;
    case FIELD_REF: w = 14; break;
    default: break;
    }
    return w < room ? w : room;
}

static void draw_choice(const FormField *field, int y, int x, int w, bool focused) {
    const Choice *c = present(field);
    const char *text = c ? _(c->label) : edit_string(&field->edit);
    Style style = focused ? STYLE_FOCUS : STYLE_INPUT;
    draw_fill((Rect){y, x, 1, w}, style);
    draw_string(y, x + 2, w - 4, style, text);
    if (!focused) return;
    draw_string(y, x, 1, style, draw_symbol("‹", "<"));
    draw_string(y, x + w - 1, 1, style, draw_symbol("›", ">"));
    draw_cursor(y, x + 2);
}

static void draw_value(Form *f, FormField *field, Rect r, bool focused) {
    const Field *row = field->field;
    int w = value_width(row, r.w);
    if (field->fixed) draw_string(r.y, r.x, r.w, STYLE_DIM, edit_string(&field->edit));
    else if (row->kind == FIELD_CHOICE || row->kind == FIELD_FLAG) draw_choice(field, r.y, r.x, w, focused);
    else
        edit_draw(&field->edit, (Rect){r.y, r.x, row->kind == FIELD_NOTE ? NOTE_LINES : 1, w},
                  focused ? STYLE_FOCUS : STYLE_INPUT, focused && !f->picking);
    int x = r.x + w + 2, left = r.w - w - 2;
    if (row->unit && left > 3) draw_string(r.y, x, left, STYLE_DIM, _(row->unit));
    else if (*field->shown && left > 3) draw_string(r.y, x, left, STYLE_DIM, field->shown);
}

static void draw_fields(Form *f, Rect r) {
    int labels = label_width(f), y = 0, focus_top = 0, focus_end = 0;
    for (int i = 0; i < f->count; i++) {
        if (i == f->focus) focus_top = y;
        y += field_height(&f->fields[i]);
        if (i == f->focus) focus_end = y;
    }
    if (f->focus == f->count) focus_top = focus_end = y;
    if (focus_end - f->top > r.h) f->top = focus_end - r.h;
    if (focus_top < f->top) f->top = focus_top;
    y = -f->top;
    for (int i = 0; i < f->count; i++) {
        FormField *field = &f->fields[i];
        int h = field_height(field);
        if (y >= 0 && y + h <= r.h) {
            const char *label = _(field->field->label);
            bool focused = f->focus == i;
            int used = draw_string(r.y + y, r.x, labels - 2, focused ? STYLE_STRONG : STYLE_DIM, label);
            if (field->required) draw_string(r.y + y, r.x + used + 1, 1, STYLE_ACCENT, "*");
            draw_value(f, field, (Rect){r.y + y, r.x + labels, h, r.w - labels}, focused);
            if (*field->error) draw_string(r.y + y + h - 1, r.x + labels, r.w - labels, STYLE_ERROR, field->error);
        }
        y += h;
    }
}

void form_draw(Form *f, Rect r) {
    int lines = 0, w = r.w - 2 < WIDEST ? r.w - 2 : WIDEST;
    for (int i = 0; i < f->count; i++) {
        lines += field_height(&f->fields[i]);
    }
    int note = f->note ? wrapped_height(w - 4, f->note) + 1 : 0;
    if (note > 4) note = 4;
    int notice = *f->notice ? 2 : 0, h = lines + note + notice + 7 > r.h ? r.h : lines + note + notice + 7;
    Rect in = draw_box(r, w, h, f->title);
    int foot = 4 + note;
    if (notice) draw_string(in.y, in.x, in.w, STYLE_SOON, f->notice);
    draw_fields(f, (Rect){in.y + 1 + notice / 2, in.x, in.h - foot - 1 - notice / 2, in.w});
    int y = in.y + in.h - foot + 1;
    if (note) draw_wrapped((Rect){y - 1, in.x, note - 1, in.w}, STYLE_DIM, f->note);
    y += note - (note > 0);
    const Field *here = f->focus < f->count ? f->fields[f->focus].field : NULL;
    if (*f->error) draw_wrapped((Rect){y, in.x, 2, in.w}, STYLE_ERROR, f->error);
    else if (here && here->help) draw_wrapped((Rect){y, in.x, 2, in.w}, STYLE_DIM, _(here->help));
    bool button = f->focus == f->count;
    char text[80];
    snprintf(text, sizeof text, " %s ", f->button);
    draw_string(in.y + in.h - 1, in.x, in.w, button ? STYLE_TAB : STYLE_ACCENT, text);
    if (button) draw_cursor(in.y + in.h - 1, in.x + 1);
    draw_right(in.y + in.h - 1, in.x + in.w / 3, in.w - in.w / 3, STYLE_DIM,
               _("^S save   Tab next   Esc leave, keeping what you typed"));
    if (f->picking) picker_draw(&f->picker, r);
}
