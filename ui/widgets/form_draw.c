/* A form over fields: how it looks.
 *
 * From the top: a line for what one should know, the fields, a line that counts those out of sight below, the help of the
 * field one is in, the note, and the button. The help's lines are as many as the longest help takes, so that nothing
 * jumps as one goes on. Errors begin in one column. */
#include "widgets/form_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    NOTE_LINES = 4,
    NOTE_LINES_MOST = 12,
    BOOKING_LINES = 5,
    HELP_MOST = 3,
    SHORT = 16,
    BOOKING = 20,
    SHORT_MOST = 24, /* the widest value that leaves room beside it */
    WIDEST = 90,
    ROOM_SAID = 20,
    NOTE_MARK = 2
};

/* How the fields lie: the columns of the labels, those of all, where in a value's room the errors begin, and the lines of
 * a long text. */
typedef struct Layout {
    int labels, w, errors, note_lines;
} Layout;

/* A label, a blank, the mark of what is required, a blank: as wide as the longest, within a third of the form. */
static int label_width(const Form *f, int w) {
    int widest = 0;
    for (int i = 0; i < f->count; i++) {
        const char *label = _(f->fields[i].field->label);
        int need = text_width(label, strlen(label)) + 3;
        if (need > widest) widest = need;
    }
    return widest > w / 3 ? w / 3 : widest;
}

static int widest_choice(const Field *row) {
    int widest = 0;
    for (const Choice *c = row->choices; c && c->number; c++) {
        const char *label = _(c->label);
        int w = text_width(label, strlen(label));
        if (w > widest) widest = w;
    }
    return widest;
}

/* The last column is left to the mark of what is out of sight. */
static int value_width(const Field *row, int room) {
    int w = room - 1;
    switch (row->kind) {
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_NUMBER:
    case FIELD_FLAG:
    case FIELD_REF: w = SHORT; break;
    case FIELD_CHOICE: w = widest_choice(row) + 4 > SHORT ? widest_choice(row) + 4 : SHORT; break;
    case FIELD_REFS:
    case FIELD_SET: w = SHORT_MOST; break;
    case FIELD_BOOKINGS: w = BOOKING; break;
    default: break;
    }
    return w < room - 1 ? w : room - 1;
}

static int error_column(const Form *f, int room) {
    int widest = SHORT;
    for (int i = 0; i < f->count; i++) {
        int w = value_width(f->fields[i].field, room);
        if (w > widest && w <= SHORT_MOST) widest = w;
    }
    return widest + 2;
}

/* A wide value gives way to what is wrong with it, as far as its text does without the room. */
static bool can_be_short(const FormField *field, const Layout *l) {
    const char *text = edit_string(&field->edit);
    const Choice *c = field->field->kind == FIELD_CHOICE ? form_choice(field) : NULL;
    if (c) text = _(c->label);
    return !strchr(text, '\n') && text_width(text, strlen(text)) + (c ? 4 : 1) <= l->errors - 2;
}

/* A short error stands beside its value, a longer one below it. */
static bool error_beside(const FormField *field, const Layout *l) {
    int room = l->w - l->labels;
    bool leaves_room = value_width(field->field, room) <= l->errors - 2 || can_be_short(field, l);
    return leaves_room && l->errors + text_width(field->error, strlen(field->error)) <= room;
}

static bool error_below(const FormField *field, const Layout *l) {
    return *field->error && !error_beside(field, l);
}

static int field_height(const FormField *field, const Layout *l) {
    FieldKind kind = field->field->kind;
    return (kind == FIELD_NOTE ? l->note_lines : kind == FIELD_BOOKINGS ? BOOKING_LINES : 1) + error_below(field, l);
}

/* *errors: the lines of them that errors take. */
static int fields_height(const Form *f, const Layout *l, int *errors) {
    int lines = 0;
    *errors = 0;
    for (int i = 0; i < f->count; i++) {
        lines += field_height(&f->fields[i], l);
        *errors += error_below(&f->fields[i], l);
    }
    return lines;
}

/* Room for a box of h lines that begins where it would without its errors, as far as that is possible: what one is at
 * stays in its place. */
static Rect place_box(Rect r, int h, int errors) {
    int y = r.y + (r.h - h + errors) / 2;
    if (y + h > r.y + r.h) y = r.y + r.h - h;
    return (Rect){y, r.x, h, r.w};
}

static void draw_choice(const FormField *field, Rect r, bool focused) {
    const Choice *c = form_choice(field);
    const char *text = c ? _(c->label) : edit_string(&field->edit);
    Style style = focused ? STYLE_FOCUS : STYLE_INPUT;
    draw_fill(r, style);
    draw_string(r.y, r.x + 2, r.w - 4, style, text);
    if (!focused) return;
    draw_string(r.y, r.x, 1, style, draw_symbol("‹", "<"));
    draw_string(r.y, r.x + r.w - 1, 1, style, draw_symbol("›", ">"));
    draw_cursor(r.y, r.x + 2);
}

static void draw_text_field(FormField *field, Rect r, bool focused, bool cursor) {
    Edit *edit = &field->edit;
    edit_draw(edit, r, focused ? STYLE_FOCUS : STYLE_INPUT, cursor);
    if (edit->lines) draw_more((Rect){r.y, r.x, r.h, r.w}, edit->more_before, edit->more_after);
    else {
        if (edit->more_before) draw_string(r.y, r.x - 1, 1, STYLE_ACCENT, draw_symbol("‹", "<"));
        if (edit->more_after) draw_string(r.y, r.x + r.w, 1, STYLE_ACCENT, draw_symbol("›", ">"));
    }
}

static void draw_beside(const FormField *field, Rect r, const Layout *l) {
    const char *said = *field->meaning ? field->meaning : field->field->unit ? _(field->field->unit) : "";
    int x = field->at.w + 2;
    if (!*field->error) draw_string(r.y, r.x + x, r.w - x, STYLE_DIM, said);
    else if (error_below(field, l)) draw_string(r.y + r.h - 1, r.x, r.w, STYLE_ERROR, field->error);
    else draw_string(r.y, r.x + l->errors, r.w - l->errors, STYLE_ERROR, field->error);
}

static void draw_value(Form *f, FormField *field, Rect r, const Layout *l, bool focused) {
    const Field *row = field->field;
    bool below = error_below(field, l);
    int w = value_width(row, r.w);
    if (*field->error && !below && w > l->errors - 2) w = l->errors - 2;
    field->at = (Rect){r.y, r.x, field->edit.lines ? r.h - below : 1, w};
    if (field->fixed) draw_string(r.y, r.x, r.w, STYLE_DIM, edit_string(&field->edit));
    else if (row->kind == FIELD_CHOICE || row->kind == FIELD_FLAG) draw_choice(field, field->at, focused);
    else draw_text_field(field, field->at, focused, focused && !f->picking);
    int indent = row->kind == FIELD_CHOICE || row->kind == FIELD_FLAG ? 2 : 0;
    if (f->untouched && !field->edit.text.size)
        draw_string(r.y, r.x + indent, w - indent, focused ? STYLE_FOCUS : STYLE_VACANT,
                    field->emptied ? f->emptied : f->untouched);
    draw_beside(field, r, l);
}

static void draw_field(Form *f, int i, Rect r, const Layout *l) {
    FormField *field = &f->fields[i];
    bool focused = f->focus == i;
    int used = draw_string(r.y, r.x, l->labels - 3, focused ? STYLE_STRONG : STYLE_DIM, _(field->field->label));
    if (field->required) draw_string(r.y, r.x + used + 1, 1, STYLE_ACCENT, "*");
    draw_value(f, field, (Rect){r.y, r.x + l->labels, r.h, r.w - l->labels}, l, focused);
}

/* "↓ 3 more below, 1 to mend", in a line of its own. */
static void draw_hidden(int y, Rect r, bool below, int count, int errors) {
    char text[120], mend[60] = "";
    if (!count) return;
    if (errors) snprintf(mend, sizeof mend, _(", %d to mend"), errors);
    snprintf(text, sizeof text, below ? _("%s %d more below%s") : _("%s %d more above%s"),
             below ? draw_symbol("↓", "v") : draw_symbol("↑", "^"), count, mend);
    draw_right(y, r.x, r.w, errors ? STYLE_ERROR : STYLE_ACCENT, text);
}

/* Keeps the field one is in, with its error, in sight. */
static void scroll_to_focus(Form *f, int h, const Layout *l) {
    int y = 0, from = 0, to = 0;
    for (int i = 0; i < f->count; i++) {
        if (i == f->focus) from = y;
        y += field_height(&f->fields[i], l);
        if (i == f->focus) to = y;
    }
    if (f->focus == f->count) from = to = y;
    if (f->top > y - h) f->top = y > h ? y - h : 0;
    if (to - f->top > h) f->top = to - h;
    if (from < f->top) f->top = from;
}

/* The line above r and the one below it say what is out of sight. */
static void draw_fields(Form *f, Rect r, const Layout *l) {
    int count[2] = {0}, errors[2] = {0};
    scroll_to_focus(f, r.h, l);
    int y = -f->top;
    for (int i = 0; i < f->count; i++) {
        FormField *field = &f->fields[i];
        int h = field_height(field, l), left = r.h - y;
        /* Of a long text some lines are better than none. */
        bool part = h > left && left > 0 && field->edit.lines && !*field->error && f->focus != i;
        field->at.h = 0;
        if (y >= 0 && (h <= left || part)) draw_field(f, i, (Rect){r.y + y, r.x, part ? left : h, r.w}, l);
        else {
            count[y >= 0]++;
            errors[y >= 0] += *field->error != 0;
        }
        y += h;
    }
    draw_hidden(r.y - 1, r, false, count[0], errors[0]);
    draw_hidden(r.y + r.h, r, true, count[1], errors[1]);
}

/* What the state of the form is, for the end of its last line. */
static Style say_state(const Form *f, char *out, size_t size) {
    int errors = 0, missing = 0;
    const FormField *here = f->focus < f->count ? &f->fields[f->focus] : NULL;
    for (int i = 0; i < f->count; i++) {
        const FormField *field = &f->fields[i];
        errors += *field->error != 0;
        missing += field->required && !field->fixed && form_field_empty(field);
    }
    *out = 0;
    if (here && form_room(here) >= 0 && form_room(here) < ROOM_SAID)
        snprintf(out, size, _("room for %d more"), (int)form_room(here));
    else if (errors)
        snprintf(out, size, ngettext("%d field to mend", "%d fields to mend", (unsigned long)errors), errors);
    else if (missing)
        snprintf(
            out, size,
            ngettext("%d required field (*) to fill in", "%d required fields (*) to fill in", (unsigned long)missing),
            missing);
    else if (f->kept && form_changed(f)) snprintf(out, size, "%s", _("Esc leaves and keeps what you typed"));
    return errors ? STYLE_ERROR : STYLE_DIM;
}

static void draw_last_line(Form *f, int y, Rect in) {
    char text[120];
    bool button = f->focus == f->count;
    snprintf(text, sizeof text, " %s ", f->button);
    text_trim_partial(text);
    int used = draw_string(y, in.x, in.w, button ? STYLE_TAB : STYLE_ACCENT, text);
    f->button_at = (Rect){y, in.x, 1, used};
    if (button) draw_cursor(y, in.x + 1);
    Style style = say_state(f, text, sizeof text);
    draw_right(y, in.x + used + 2, in.w - used - 2, style, text);
}

/* What the help's lines say: the form's error, the error of the field one is in where it is cut beside it, what one should
 * see as one writes, its help. */
static const char *words_of_help(const Form *f, const Layout *l, Style *style) {
    const FormField *here = f->focus < f->count ? &f->fields[f->focus] : NULL;
    bool cut = here && error_below(here, l) && text_width(here->error, strlen(here->error)) > l->w - l->labels;
    bool error = *f->error || cut, beside = here && here->beside;
    *style = error ? STYLE_ERROR : beside ? STYLE_SOON : STYLE_DIM;
    if (*f->error) return f->error;
    if (cut) return here->error;
    if (beside) return here->beside;
    return here && here->field->help ? _(here->field->help) : "";
}

static int help_height(const Form *f, const Layout *l) {
    int most = 1;
    Style style;
    for (int i = 0; i < f->count; i++) {
        const char *help = f->fields[i].field->help;
        int h = help ? wrapped_height(l->w, _(help)) : 0;
        if (h > most) most = h;
    }
    if (most > HELP_MOST) most = HELP_MOST;
    int now = wrapped_height(l->w, words_of_help(f, l, &style));
    return now > most ? (now > HELP_MOST + 1 ? HELP_MOST + 1 : now) : most;
}

/* Long texts get the lines that a large window has to spare, as far as they have something to show in them. */
static int note_lines_for(const Form *f, int w, int spare) {
    int notes = 0, want = NOTE_LINES;
    for (int i = 0; i < f->count; i++) {
        if (f->fields[i].field->kind != FIELD_NOTE) continue;
        int lines = wrapped_height(w, edit_string(&f->fields[i].edit)) + 1;
        if (lines > want) want = lines;
        notes++;
    }
    if (want > NOTE_LINES_MOST) want = NOTE_LINES_MOST;
    while (want > NOTE_LINES && (want - NOTE_LINES) * notes > spare) {
        want--;
    }
    return want;
}

void form_draw(Form *f, Rect r) {
    int w = r.w - 2 < WIDEST ? r.w - 2 : WIDEST, inner = w - 4;
    Layout l = {label_width(f, inner), inner, 0, NOTE_LINES};
    l.errors = error_column(f, inner - l.labels);
    int note = f->note ? wrapped_height(inner - NOTE_MARK, f->note) : 0, help = help_height(f, &l);
    if (note > HELP_MOST) note = HELP_MOST;
    int notice = *f->notice ? wrapped_height(inner, f->notice) : 0;
    int above = 1 + notice, below = 1 + help + note + 1, frame = 2;
    int fixed = above + below + frame, errors, lines = fields_height(f, &l, &errors);
    l.note_lines = note_lines_for(f, inner - l.labels - 2, r.h - fixed - lines - 1);
    lines = fields_height(f, &l, &errors);
    /* A blank line before the button, and one before the note, where there are some to spare. */
    int spare = r.h - lines - fixed, gap = note && spare > 0, blank = spare > gap;
    int h = spare < 0 ? r.h : lines + fixed + gap + blank;
    below += gap;
    Rect in = draw_box(place_box(r, h, errors), w, h, f->title);
    f->box = in;
    if (notice) draw_wrapped((Rect){in.y, in.x, notice, in.w}, STYLE_SOON, f->notice);
    draw_fields(f, (Rect){in.y + above, in.x, in.h - above - below - blank, in.w}, &l);
    int y = in.y + in.h - below - blank + 1;
    Style style;
    const char *words = words_of_help(f, &l, &style);
    draw_wrapped((Rect){y, in.x, help, in.w}, style, words);
    y += help + gap;
    if (note) {
        draw_string(y, in.x, NOTE_MARK, STYLE_SOON, "!");
        draw_wrapped((Rect){y, in.x + NOTE_MARK, note, in.w - NOTE_MARK}, STYLE_TEXT, f->note);
    }
    draw_last_line(f, in.y + in.h - 1, in);
    if (f->picking) picker_draw(&f->picker, r);
}
