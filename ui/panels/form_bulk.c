/* A form that edits several records at once: what was filled in overwrites what each of them holds, so it is asked about
 * first, field by field. */
#include "panels/form_view.h"

#include "base/text.h"

#include <string.h>

enum { VALUE_SAID = 60 }; /* columns of a long text */

bool bulk_edits(const FormView *f) {
    const Deed *act = f->act;
    return act->count > 1 && act->command.takes == TAKES_RECORDS && act->command.fields;
}

/* A choice's words, what a date or a code stands for, the beginning of a text. */
static void say_value(const FormField *field, Buffer *b) {
    const char *text = edit_string(&field->edit), *newline = strchr(text, '\n');
    size_t size = newline ? (size_t)(newline - text) : strlen(text);
    const Choice *c = field->field->kind == FIELD_CHOICE ? choice_of_word(field->field->choices, text, size) : NULL;
    int used;
    size_t fits = text_fit(text, size, VALUE_SAID, &used);
    if (c) buffer_add_string(b, _(c->label));
    else if (*field->meaning) buffer_add_string(b, field->meaning);
    else {
        buffer_add(b, text, fits);
        if (fits < strlen(text)) buffer_add_string(b, draw_symbol("…", "~"));
    }
}

/* "Due of 3 projects becomes Wed 30 Dec 2026?", a line a field; false where nothing was filled in. */
static bool say_changes(const FormView *f, Buffer *b) {
    Buffer many = {0};
    const char *count = entity_count(f->act->entity, f->act->count, &many);
    bool any = false;
    for (int i = 0; i < f->form.count; i++) {
        const FormField *field = &f->form.fields[i];
        Buffer value = {0};
        if (!form_field_changed(field) || (form_field_empty(field) && !field->emptied)) continue;
        say_value(field, &value);
        if (field->emptied) buffer_format(b, _("%s of %s is emptied?"), _(field->field->label), count);
        else buffer_format(b, _("%s of %s becomes %s?"), _(field->field->label), count, buffer_string(&value));
        buffer_add_char(b, '\n');
        buffer_free(&value);
        any = true;
    }
    buffer_free(&many);
    return any;
}

static void write_all(App *app, void *view) {
    (void)app;
    form_write(view);
}

void bulk_ask(View *v) {
    FormView *f = v->state;
    Buffer text = {0};
    if (say_changes(f, &text)) {
        buffer_add_string(&text, _("u takes it back, as long as nobody has gone on from there."));
        ask_risky(v->app, f->title, text.bytes, _("Change them"), write_all, v, NULL);
    } else form_fail(&f->form, "", _("Nothing is filled in: nothing would change."));
    buffer_free(&text);
}
