/* Choosing in a form: what steps with the arrows, and the picker of choices and records. */
#include "widgets/form_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* --- choices ------------------------------------------------------------------------------------------------------ */

bool form_has_picker(const Form *f, const Field *row) {
    switch (row->kind) {
    case FIELD_CHOICE:
    case FIELD_SET: return true;
    case FIELD_REF:
    case FIELD_REFS: return f->records != NULL;
    default: return false;
    }
}

bool form_can_choose(const Form *f) {
    return f->focus < f->count && form_has_picker(f, f->fields[f->focus].field);
}

const Choice *form_choice(const FormField *field) {
    const char *text = edit_string(&field->edit);
    return choice_of_word(field->field->choices, text, strlen(text));
}

/* The next or the one before, round and round; an optional one can also be empty. */
void form_step_choice(FormField *field, int by) {
    const Choice *list = field->field->choices, *now = form_choice(field);
    int count = choice_count(list), empty = !field->required, at = now ? (int)(now - list) : by > 0 ? -1 : count;
    at += by;
    if (at < -empty) at = count - 1;
    if (at >= count) at = empty ? -1 : 0;
    edit_replace(&field->edit, at < 0 ? "" : list[at].word);
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

void form_start_picking(Form *f, const Event *first) {
    FormField *field = &f->fields[f->focus];
    FieldKind kind = field->field->kind;
    f->picking = true;
    f->picker.several = kind == FIELD_REFS || kind == FIELD_SET;
    f->picker.wordless = kind == FIELD_CHOICE || kind == FIELD_SET;
    f->picker.empty = _("Nothing matches what is typed.");
    picker_start(&f->picker, _(field->field->label), pick_source, f);
    if (first) picker_event(&f->picker, first);
    else picker_go_to_chosen(&f->picker);
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
    edit_replace(&field->edit, buffer_string(&list));
    buffer_free(&list);
}

static void make_new(Form *f, const Field *row) {
    Buffer typed = {0};
    buffer_add_string(&typed, edit_string(&f->picker.typed));
    picker_free(&f->picker);
    f->picking = false;
    f->make(f->context, row, buffer_string(&typed));
    buffer_free(&typed);
}

void form_made(Form *f, const Field *row, const char *code) {
    for (int i = 0; i < f->count; i++) {
        FormField *field = &f->fields[i];
        if (field->field != row) continue;
        if (row->kind == FIELD_REF) edit_replace(&field->edit, code);
        else if (!holds_word(edit_string(&field->edit), code)) toggle_word(field, code);
        form_reread(f, field);
    }
}

void form_picker_event(Form *f, const Event *e) {
    FormField *field = &f->fields[f->focus];
    bool marks = event_is_char(e, ' ') && !f->picker.typed.text.size;
    if (f->picker.several && (marks || picker_click(&f->picker, e))) {
        const PickerItem *item = picker_item(&f->picker);
        if (item && !item->off) toggle_word(field, item->code);
        picker_refresh(&f->picker);
        return;
    }
    /* Tab takes the line one is on, as Enter does, and so does not lose what was typed. */
    bool tab = event_is_key(e, KEY_IS_TAB);
    const Event enter = {.kind = EVENT_KEY, .key = KEY_IS_ENTER};
    PickerAnswer answer = picker_event(&f->picker, tab ? &enter : e);
    if (answer == PICKER_OPEN) return;
    const PickerItem *item = picker_item(&f->picker);
    if (answer == PICKER_CHOSEN && item->value == PICK_NEW) {
        make_new(f, field->field);
        return;
    }
    bool on = answer == PICKER_CHOSEN && (tab || !f->picker.several);
    if (answer == PICKER_CHOSEN && !f->picker.several) edit_replace(&field->edit, item->code);
    else if (answer == PICKER_CHOSEN && !item->chosen && f->picker.typed.text.size) toggle_word(field, item->code);
    picker_free(&f->picker);
    f->picking = false;
    form_reread(f, field);
    if (on) form_move(f, 1);
}

bool form_end_picking(Form *f) {
    FormField *field = &f->fields[f->focus];
    const PickerItem *item = picker_item(&f->picker);
    const char *typed = edit_string(&f->picker.typed);
    char sought[80];
    bool searched = typed[strspn(typed, " ")] != 0;
    bool found = searched && item && !item->off && item->value != PICK_NEW;
    const Event end = {.kind = EVENT_KEY, .key = found ? KEY_IS_ENTER : KEY_IS_ESCAPE};
    text_copy(sought, sizeof sought, typed);
    form_picker_event(f, &end);
    if (found || !searched) return true;
    snprintf(field->error, sizeof field->error, _("\"%s\" is not in its list"), sought);
    return false;
}
