/* Two versions of a record, side by side: what each field was, what somebody else saved, and what is typed here. What
 * only one side changed needs no choice; where both did, one of the two is taken, or written anew by hand. */
#include "panels/form_view.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LABEL = 8, LINES_MOST = 3 };

typedef enum MergeSide { SIDE_NONE, SIDE_THEIRS, SIDE_MINE } MergeSide;

/* A field that is not the same in both versions. */
typedef struct MergeRow {
    int field; /* of the form */
    const char *theirs;
    bool clash; /* both changed it */
    MergeSide taken;
    const char *shown[3]; /* what it was, theirs and mine, as one reads it: by MergeSide */
} MergeRow;

typedef struct MergeView {
    View *form_view;
    const Record *now;
    MergeRow *rows;
    int count, clashes;
    int at;         /* the row one is at */
    MergeSide side; /* and which of its two lines */
    int top;        /* the first line in sight */
    char title[160], said[320], wants[160];
} MergeView;

static const Panel panel_merge;

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static MergeRow *compare(View *v, const Record *now, int *count, int *clashes) {
    const FormView *f = v->state;
    MergeRow *rows = arena_array(&v->arena, (size_t)f->form.count + 1, sizeof *rows);
    *count = *clashes = 0;
    for (int i = 0; i < f->form.count; i++) {
        const FormField *field = &f->form.fields[i];
        int index = entity_field(f->act->entity, field->field->name, strlen(field->field->name));
        Buffer text = {0};
        if (index < 0) continue;
        value_write(&text, field->field, &now->values[index], service_codes(v->app->service));
        const char *theirs = arena_copy(&v->arena, buffer_string(&text), text.size);
        const char *mine = edit_string(&field->edit);
        bool they_did = strcmp(theirs, field->was) != 0, we_did = form_field_changed(field);
        buffer_free(&text);
        if (!they_did && !we_did) continue;
        MergeRow row = {.field = i, .theirs = theirs, .taken = we_did ? SIDE_MINE : SIDE_THEIRS};
        row.clash = they_did && we_did && strcmp(theirs, mine) != 0;
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

static void make_readable(View *form_view, MergeRow *rows, int count) {
    const FormView *f = form_view->state;
    for (int i = 0; i < count; i++) {
        const FormField *field = &f->form.fields[rows[i].field];
        const char *mine = arena_string(&form_view->arena, edit_string(&field->edit));
        rows[i].shown[SIDE_NONE] = readable(form_view, field->field, field->was);
        rows[i].shown[SIDE_THEIRS] = readable(form_view, field->field, rows[i].theirs);
        rows[i].shown[SIDE_MINE] = readable(form_view, field->field, mine);
    }
}

/* What was decided goes into the form, which then stands on their version. */
static void settle(View *form_view, const Record *now, const MergeRow *rows, int count) {
    FormView *f = form_view->state;
    for (int i = 0; i < count; i++) {
        FormField *field = &f->form.fields[rows[i].field];
        if (rows[i].taken == SIDE_THEIRS) form_type(&f->form, field, rows[i].theirs);
        form_began(field, rows[i].theirs);
        *field->error = 0;
        if (rows[i].taken == SIDE_NONE)
            snprintf(field->error, sizeof field->error, _("%s wrote meanwhile: %.150s"),
                     value_string(&now->values[COMMON_UPDATED_BY]), rows[i].theirs);
        text_trim_partial(field->error);
    }
    f->act->targets[0].rev = value_number_or(&now->values[COMMON_REV], 0);
    *f->form.error = 0;
}

/* "Due, Title": what only they changed. */
static void name_taken(const FormView *f, const MergeRow *rows, int count, Buffer *b) {
    for (int i = 0; i < count; i++) {
        if (rows[i].taken != SIDE_THEIRS) continue;
        buffer_format(b, "%s%s", b->size ? ", " : "", _(f->form.fields[rows[i].field].field->label));
    }
}

static int next_clash(const MergeView *m, int from, int by) {
    for (int i = from; i >= 0 && i < m->count; i += by) {
        if (m->rows[i].clash) return i;
    }
    return -1;
}

static void show(View *form_view, const Record *now, MergeRow *rows, int count, int clashes) {
    const FormView *f = form_view->state;
    View *v = app_overlay(form_view->app, &panel_merge);
    MergeView *m = v->state;
    int64_t at = 0;
    const char *text = value_string(&now->values[COMMON_UPDATED_AT]);
    *m = (MergeView){.form_view = form_view, .now = now, .rows = rows, .count = count, .clashes = clashes};
    make_readable(form_view, rows, count);
    m->at = next_clash(m, 0, 1);
    m->side = SIDE_THEIRS;
    if (instant_parse(text, strlen(text), &at)) at += clock_local_offset(at);
    snprintf(m->title, sizeof m->title, _("Two versions of %s"), f->act->targets[0].code);
    snprintf(m->said, sizeof m->said,
             clashes
                 ? _("%s saved it at %02d:%02d, while you were writing. Choose where both of you wrote; what only one "
                     "of you changed is taken as it is.")
                 : _("%s saved it at %02d:%02d, while you were writing. You did not touch the same fields: both are "
                     "taken."),
             value_string(&now->values[COMMON_UPDATED_BY]), (int)(at / 3600 % 24), (int)(at / 60 % 60));
    text_trim_partial(m->said);
    view_start(v);
}

void merge_theirs(View *v, bool look) {
    FormView *f = v->state;
    Record *now;
    Error e = {0};
    int count, clashes;
    if (service_record_of_id(v->app->service, &v->arena, f->act->entity, f->act->targets[0].id, &now, &e) !=
        STATUS_OK) {
        form_fail(&f->form, "", e.why);
        return;
    }
    MergeRow *rows = compare(v, now, &count, &clashes);
    if (clashes || (look && count)) {
        show(v, now, rows, count, clashes);
        return;
    }
    Buffer taken = {0}, said = {0};
    name_taken(f, rows, count, &taken);
    settle(v, now, rows, count);
    App *app = v->app;
    if (taken.size)
        buffer_format(&said, _("%s: what %s changed meanwhile stays (%s)"), f->act->targets[0].code,
                      value_string(&now->values[COMMON_UPDATED_BY]), taken.bytes);
    /* What only they did asks for nothing more; a command that is no edit is left to be looked at again. */
    if (look || !f->act->command.fields)
        form_fail(&f->form, "", taken.size ? said.bytes : _("It was changed meanwhile: look, and do it again."));
    else form_save(v);
    if (app->message_style == STYLE_GOOD && taken.size && app_top(app) != v)
        app_say(app, STYLE_GOOD, "%s", buffer_string(&said));
    buffer_free(&taken);
    buffer_free(&said);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

/* One version of a field: what it is called, its text, and whether it is taken. Returns the lines it takes. */
static int draw_version(const MergeView *m, const MergeRow *row, MergeSide side, const char *label, const char *text,
                        Rect r, bool draw) {
    int h = wrapped_height(r.w - LABEL - 6, text);
    if (h < 1) h = 1;
    if (h > LINES_MOST) h = LINES_MOST;
    if (!draw) return h;
    bool here = row->clash && row == &m->rows[m->at] && side == m->side, taken = side && row->taken == side;
    Style style = here ? STYLE_SELECTED : taken ? STYLE_TEXT : STYLE_DIM;
    if (here) draw_fill((Rect){r.y, r.x, h, r.w}, STYLE_SELECTED);
    draw_string(r.y, r.x + 2, LABEL, here ? STYLE_SELECTED : STYLE_DIM, label);
    if (taken) draw_string(r.y, r.x, 1, here ? STYLE_SELECTED : STYLE_GOOD, draw_symbol("✓", "*"));
    draw_wrapped((Rect){r.y, r.x + LABEL + 3, h, r.w - LABEL - 6}, style, text);
    if (here) draw_cursor(r.y, r.x);
    return h;
}

static const char *verdict(const MergeRow *row) {
    if (!row->clash) return row->taken == SIDE_MINE ? _("only you changed it") : _("only they changed it");
    if (row->taken == SIDE_NONE) return _("both of you changed it: choose one");
    return row->taken == SIDE_MINE ? _("mine is taken") : _("theirs is taken");
}

/* A field's lines, drawn where they are in sight: within r, the first line at y. Returns how many. */
static int draw_row(const MergeView *m, const MergeRow *row, Rect r, int y) {
    const FormView *f = m->form_view->state;
    const FormField *field = &f->form.fields[row->field];
    static const char *const labels[] = {N_("was"), N_("theirs"), N_("mine")};
    int used = 1;
    if (y >= 0 && y < r.h) {
        int x = r.x + draw_string(r.y + y, r.x, r.w, STYLE_STRONG, _(field->field->label)) + 2;
        draw_string(r.y + y, x, r.x + r.w - x, row->clash && row->taken == SIDE_NONE ? STYLE_SOON : STYLE_DIM,
                    verdict(row));
    }
    for (MergeSide side = SIDE_NONE; side <= SIDE_MINE; side++) {
        if (!row->clash && side && side != row->taken) continue;
        Rect at = {r.y + y + used, r.x, 1, r.w};
        int h = draw_version(m, row, side, _(labels[side]), row->shown[side], at, false);
        if (y + used >= 0 && y + used + h <= r.h)
            draw_version(m, row, side, _(labels[side]), row->shown[side], at, true);
        used += h;
    }
    return used + 1;
}

/* Where the row one is at begins and ends, in lines from the first. */
static void place(const MergeView *m, Rect r, int *from, int *to) {
    int y = 0;
    *from = *to = 0;
    for (int i = 0; i < m->count; i++) {
        int h = draw_row(m, &m->rows[i], (Rect){r.y, r.x, 0, r.w}, y);
        if (i == m->at) {
            *from = y;
            *to = y + h;
        }
        y += h;
    }
    if (m->at < 0) *to = 0;
}

static void merge_draw(View *v, Rect r) {
    MergeView *m = v->state;
    int w = r.w - 2 < 92 ? r.w - 2 : 92, said = wrapped_height(w - 4, m->said), from, to;
    int lines = 0;
    for (int i = 0; i < m->count; i++) {
        lines += draw_row(m, &m->rows[i], (Rect){0, 0, 0, w - 4}, lines);
    }
    Rect in = draw_box(r, w, said + lines + 5, m->title);
    draw_wrapped((Rect){in.y, in.x, said, in.w}, STYLE_TEXT, m->said);
    Rect list = {in.y + said + 1, in.x, in.h - said - 3, in.w};
    place(m, list, &from, &to);
    if (to - m->top > list.h) m->top = to - list.h;
    if (from < m->top) m->top = from;
    int y = -m->top;
    for (int i = 0; i < m->count; i++) {
        y += draw_row(m, &m->rows[i], list, y);
    }
    draw_more(list, m->top > 0, y > list.h);
    if (*m->wants) draw_string(in.y + in.h - 1, in.x, in.w, STYLE_ERROR, m->wants);
    if (m->at < 0) draw_cursor(in.y + in.h - 1, in.x);
}

/* --- choosing ----------------------------------------------------------------------------------------------------- */

static void step(MergeView *m, int by) {
    if (m->at < 0) m->top += by;
    else if (by > 0 && m->side == SIDE_THEIRS) m->side = SIDE_MINE;
    else if (by < 0 && m->side == SIDE_MINE) m->side = SIDE_THEIRS;
    else {
        int next = next_clash(m, m->at + by, by);
        if (next < 0) return;
        m->at = next;
        m->side = by > 0 ? SIDE_THEIRS : SIDE_MINE;
    }
    if (m->top < 0) m->top = 0;
}

static int undecided(const MergeView *m) {
    for (int i = 0; i < m->count; i++) {
        if (m->rows[i].taken == SIDE_NONE) return i;
    }
    return -1;
}

/* Takes a side, and goes on to what is not decided yet. */
static void take(MergeView *m, MergeSide side) {
    if (m->at < 0) return;
    m->rows[m->at].taken = m->side = side;
    *m->wants = 0;
    int next = undecided(m);
    if (next < 0) return;
    m->at = next;
    m->side = SIDE_THEIRS;
}

static void run_take(View *v) {
    MergeView *m = v->state;
    take(m, m->side);
}

static void run_theirs(View *v) {
    take(v->state, SIDE_THEIRS);
}

static void run_mine(View *v) {
    take(v->state, SIDE_MINE);
}

/* Leaves the choosing to the form, where their words stand under one's own. */
static void run_by_hand(View *v) {
    MergeView *m = v->state;
    FormView *f = m->form_view->state;
    int field = m->at >= 0 ? m->rows[m->at].field : f->form.focus;
    if (m->at >= 0) m->rows[m->at].taken = SIDE_NONE;
    settle(m->form_view, m->now, m->rows, m->count);
    f->form.focus = field;
    view_close(v);
}

static void run_save(View *v) {
    MergeView *m = v->state;
    int open = undecided(m);
    View *form_view = m->form_view;
    if (open >= 0) {
        const FormView *f = form_view->state;
        snprintf(m->wants, sizeof m->wants, _("%s: choose one of the two first, or e to write it anew"),
                 _(f->form.fields[m->rows[open].field].field->label));
        m->at = open;
        m->side = SIDE_THEIRS;
        return;
    }
    settle(form_view, m->now, m->rows, m->count);
    view_close(v);
    form_save(form_view);
}

static void run_later(View *v) {
    app_say(v->app, STYLE_DIM, "%s", _("Both versions are kept: they are shown again when you save."));
    view_close(v);
}

static bool has_choice(View *v) {
    return ((MergeView *)v->state)->clashes > 0;
}

static bool merge_event(View *v, const Event *e) {
    MergeView *m = v->state;
    if (e->kind == EVENT_WHEEL) step(m, e->lines > 0 ? 1 : -1);
    else if (key_matches("Down j", e)) step(m, 1);
    else if (key_matches("Up k", e)) step(m, -1);
    else return false;
    return true;
}

static const Action merge_actions[] = {
    {"take", N_("take this"), N_("Takes the version one is on."), "Enter Space", 1, run_take, has_choice},
    {"theirs", N_("theirs"), N_("Takes what the other one wrote."), "t", 2, run_theirs, has_choice},
    {"mine", N_("mine"), N_("Takes what you wrote."), "m", 3, run_mine, has_choice},
    {"by-hand", N_("write anew"), N_("Back to the form, with their words under yours."), "e", 4, run_by_hand, NULL},
    {"save", N_("save"), N_("Saves what was chosen."), "^S", 5, run_save, NULL},
    {"later", N_("later"), N_("Leaves it for later; nothing is lost."), "Esc", 6, run_later, NULL},
    {0},
};

static const Panel panel_merge = {.name = "merge",
                                  .label = N_("Two versions"),
                                  .size = sizeof(MergeView),
                                  .overlay = true,
                                  .typing = true,
                                  .actions = merge_actions,
                                  .draw = merge_draw,
                                  .event = merge_event};
