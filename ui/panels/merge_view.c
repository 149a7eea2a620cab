/* Two versions of a record, side by side: what each field was, what somebody else saved, and what is typed here. What
 * only one side changed needs no choice; where both did, one of the two is taken, or written anew by hand. */
#include "panels/merge_rows.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LABEL = 8, LINES_MOST = 3, LOW = 16, VERSIONS = 3 };

typedef struct MergeView {
    View *form_view;
    const Record *now;
    MergeRow *rows;
    int count, clashes;
    int at;         /* the row one is at */
    MergeSide side; /* and which of its two lines */
    int top;        /* the first line in sight */
    Rect list;      /* where the rows were drawn last */
    bool cut;       /* of the versions one is at not all is in sight */
    char title[160], said[160], wants[160];
} MergeView;

static const Panel panel_merge;

/* --- settling ------------------------------------------------------------------------------------------------------ */

/* Their words stay in sight while one writes, and ^Z has all of them in the field. */
static void write_anew(View *form_view, const Record *now, FormField *field, const MergeRow *row) {
    FormView *f = form_view->state;
    const char *mine = arena_string(&form_view->arena, edit_string(&field->edit));
    size_t cursor = field->edit.cursor;
    form_type(&f->form, field, row->theirs);
    form_type(&f->form, field, mine);
    field->edit.cursor = cursor;
    field->beside = arena_format(&form_view->arena, _("%s wrote meanwhile (^Z puts it here, ^Y yours): %s"),
                                 value_string(&now->values[COMMON_UPDATED_BY]), row->shown[SIDE_THEIRS]);
}

/* What was decided goes into the form; by_hand: the row that is written anew, or NULL. Once nothing is left to decide the
 * form stands on their version; before that, saving shows the rest again. */
static void settle(View *form_view, const Record *now, const MergeRow *rows, int count, const MergeRow *by_hand) {
    FormView *f = form_view->state;
    bool open = false;
    for (int i = 0; i < count; i++) {
        FormField *field = &f->form.fields[rows[i].field];
        open = open || (rows[i].taken == SIDE_NONE && &rows[i] != by_hand);
        if (rows[i].taken == SIDE_NONE && &rows[i] != by_hand) continue;
        field->beside = NULL;
        if (&rows[i] == by_hand) write_anew(form_view, now, field, by_hand);
        else if (rows[i].taken == SIDE_THEIRS) form_type(&f->form, field, rows[i].theirs);
        form_began(field, rows[i].theirs);
        *field->error = 0;
    }
    *f->form.error = 0;
    if (open) return;
    f->act->targets[0].rev = value_number_or(&now->values[COMMON_REV], 0);
    *f->moved = *f->form.notice = 0;
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
    merge_make_readable(form_view, rows, count);
    m->at = next_clash(m, 0, 1);
    m->side = SIDE_THEIRS;
    if (instant_parse(text, strlen(text), &at)) at += clock_local_offset(at);
    snprintf(m->title, sizeof m->title, _("Two versions of %s"), f->act->targets[0].code);
    snprintf(m->said, sizeof m->said, _("%s saved it at %02d:%02d, while you were writing."),
             value_string(&now->values[COMMON_UPDATED_BY]), (int)(at / 3600 % 24), (int)(at / 60 % 60));
    text_trim_partial(m->said);
    view_start(v);
}

/* The record as somebody else left it. What can be read may be older than what was written: to try that again would be
 * to ask for ever. */
static Status read_newer(View *v, Record **now, Error *e) {
    FormView *f = v->state;
    const Target *target = &f->act->targets[0];
    Status s = service_record_of_id(v->app->service, &v->arena, f->act->entity, target->id, now, e);
    if (s != STATUS_OK || value_number_or(&(*now)->values[COMMON_REV], 0) > target->rev) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     _("%s was changed meanwhile, but the newer version cannot be read yet: save again in a moment"),
                     target->code);
}

void merge_theirs(View *v, bool look) {
    FormView *f = v->state;
    Record *now;
    Error e = {0};
    int count, clashes;
    if (read_newer(v, &now, &e) != STATUS_OK) {
        form_fail(&f->form, "", e.why);
        return;
    }
    MergeRow *rows = merge_compare(v, now, &count, &clashes);
    if (clashes || (look && count)) {
        show(v, now, rows, count, clashes);
        return;
    }
    Buffer taken = {0}, said = {0};
    name_taken(f, rows, count, &taken);
    settle(v, now, rows, count, NULL);
    App *app = v->app;
    if (taken.size)
        buffer_format(&said, _("%s: what %s changed meanwhile stays (%s)"), f->act->targets[0].code,
                      value_string(&now->values[COMMON_UPDATED_BY]), taken.bytes);
    /* What only they did asks for nothing more; a command that is no edit is left to be looked at again. */
    if (look || !f->act->command.fields)
        form_fail(&f->form, "", taken.size ? said.bytes : _("It was changed meanwhile: look, and do it again."));
    else form_save_again(v);
    if (app->message_style == STYLE_GOOD && taken.size && app_top(app) != v)
        app_say(app, STYLE_GOOD, "%s", buffer_string(&said));
    buffer_free(&taken);
    buffer_free(&said);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

/* Lays the rows out in w columns, a blank line after each. Returns the lines they take. */
static int lay_out(MergeView *m, int w, int lines_most) {
    int y = 0;
    for (int i = 0; i < m->count; i++) {
        MergeRow *row = &m->rows[i];
        for (int part = 0; part < PART_COUNT; part++) {
            MergeSide side = part ? (MergeSide)(part - 1) : SIDE_NONE;
            bool shown = row->clash || side == SIDE_NONE || side == row->taken;
            int h = part ? wrapped_height(w - LABEL - 6, row->shown[side]) : 1;
            h = h < 1 ? 1 : h > lines_most ? lines_most : h;
            row->line[part] = y;
            row->height[part] = shown ? h : 0;
            y += row->height[part];
        }
        y++;
    }
    return y ? y - 1 : 0;
}

static const char *verdict(const MergeRow *row) {
    if (row->alike) return _("both of you wrote the same");
    if (!row->clash) return row->taken == SIDE_MINE ? _("only you changed it") : _("only they changed it");
    if (row->taken == SIDE_NONE) return _("both of you changed it: choose one");
    return row->taken == SIDE_MINE ? _("mine is taken") : _("theirs is taken");
}

static void draw_heading(const MergeView *m, const MergeRow *row, Rect r) {
    const FormView *f = m->form_view->state;
    int used = draw_string(r.y, r.x, r.w, STYLE_STRONG, _(f->form.fields[row->field].field->label)) + 2;
    draw_string(r.y, r.x + used, r.w - used, row->clash && row->taken == SIDE_NONE ? STYLE_SOON : STYLE_DIM,
                verdict(row));
}

/* The lines of a version that are passed over: it ends where the window does. */
static int read_of(const MergeRow *row, MergeSide side, int h, int w) {
    int over = wrapped_height(w, row->shown[side]) - h;
    return row->read < over ? row->read : over > 0 ? over : 0;
}

/* One version of a field: what it is called, its text, and whether it is taken. */
static void draw_version(const MergeView *m, const MergeRow *row, MergeSide side, Rect r) {
    static const char *const labels[] = {N_("was"), N_("theirs"), N_("mine")};
    bool here = row->clash && row == &m->rows[m->at] && side == m->side, taken = side && row->taken == side;
    Style style = here ? STYLE_SELECTED : taken ? STYLE_TEXT : STYLE_DIM;
    if (here) draw_fill(r, STYLE_SELECTED);
    draw_string(r.y, r.x + 2, LABEL, here ? STYLE_SELECTED : STYLE_DIM, _(labels[side]));
    if (taken) draw_string(r.y, r.x, 1, here ? STYLE_SELECTED : STYLE_GOOD, draw_symbol("✓", "*"));
    int read = read_of(row, side, r.h, r.w - LABEL - 6);
    const char *text = wrapped_rest(r.w - LABEL - 6, row->shown[side], read);
    draw_wrapped((Rect){r.y, r.x + LABEL + 3, r.h, r.w - LABEL - 6}, style, text);
    draw_more((Rect){r.y, r.x, r.h, r.w - 2}, read > 0, wrapped_height(r.w - LABEL - 6, text) > r.h);
    if (here) draw_cursor(r.y, r.x);
}

static void keep_in_sight(MergeView *m, int from, int to) {
    if (to - m->top > m->list.h) m->top = to - m->list.h;
    if (from < m->top) m->top = from;
}

/* All of the field one is at, where there is room for it; at least the version one is on. */
static void scroll(MergeView *m, int lines) {
    if (m->top > lines - m->list.h) m->top = lines > m->list.h ? lines - m->list.h : 0;
    if (m->at < 0) return;
    const MergeRow *row = &m->rows[m->at];
    int last = PART_COUNT - 1, part = m->side + 1;
    keep_in_sight(m, row->line[0], row->line[last] + row->height[last]);
    keep_in_sight(m, row->line[part], row->line[part] + row->height[part]);
}

static void draw_rows(MergeView *m) {
    Rect list = m->list;
    for (int i = 0; i < m->count; i++) {
        const MergeRow *row = &m->rows[i];
        for (int part = 0; part < PART_COUNT; part++) {
            int y = row->line[part] - m->top, h = row->height[part];
            if (!h || y < 0 || y >= list.h) continue;
            if (y + h > list.h) h = list.h - y;
            Rect at = {list.y + y, list.x, h, list.w};
            if (!part) draw_heading(m, row, at);
            else draw_version(m, row, (MergeSide)(part - 1), at);
        }
    }
}

/* What of the versions one is at is out of sight can be read on to, and no further. */
static void note_cut(MergeView *m) {
    int most = 0;
    m->cut = false;
    if (m->at < 0) return;
    MergeRow *row = &m->rows[m->at];
    for (MergeSide side = SIDE_NONE; side <= SIDE_MINE; side++) {
        int over = wrapped_height(m->list.w - LABEL - 6, row->shown[side]) - row->height[side + 1];
        if (over > most) most = over;
    }
    if (row->read > most) row->read = most;
    m->cut = most > 0;
}

/* In a low window what one sees oneself is not said. */
static void merge_draw(View *v, Rect r) {
    MergeView *m = v->state;
    bool low = r.h < LOW;
    int w = r.w - 2 < 92 ? r.w - 2 : 92;
    Buffer text = {0};
    buffer_add_string(&text, m->said);
    if (!low)
        buffer_format(&text, " %s",
                      m->clashes ? _("Choose where both of you wrote; what only one of you changed is taken as it is.")
                                 : _("You did not touch the same fields: both are taken."));
    int said = wrapped_height(w - 4, text.bytes), least = low ? LINES_MOST - 1 : LINES_MOST;
    /* As much of long texts as lets all versions of one be seen at once. */
    int most = (r.h - said - 4 - !low) / VERSIONS, lines = lay_out(m, w - 4, most > least ? most : least);
    Rect in = draw_box(r, w, said + lines + 4, m->title);
    draw_wrapped((Rect){in.y, in.x, said, in.w}, STYLE_TEXT, text.bytes);
    buffer_free(&text);
    m->list = (Rect){in.y + said + !low, in.x, in.h - said - 1 - !low, in.w};
    scroll(m, lines);
    note_cut(m);
    draw_rows(m);
    draw_more(m->list, m->top > 0, lines - m->top > m->list.h);
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

/* Reads on in the versions one is at, or back: a line stays in sight. */
static void read_on(MergeView *m, int by) {
    if (m->at < 0) return;
    MergeRow *row = &m->rows[m->at];
    int page = row->height[m->side + 1] > 1 ? row->height[m->side + 1] - 1 : 1;
    row->read += by * page;
    if (row->read < 0) row->read = 0;
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

static void click(MergeView *m, const Event *e) {
    int line = m->top + e->y - m->list.y;
    for (int i = 0; i < m->count && event_clicks(e, m->list); i++) {
        const MergeRow *row = &m->rows[i];
        for (MergeSide side = SIDE_THEIRS; row->clash && side <= SIDE_MINE; side++) {
            if (line < row->line[side + 1] || line >= row->line[side + 1] + row->height[side + 1]) continue;
            m->at = i;
            take(m, side);
            return;
        }
    }
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

/* Writes the field one is at anew, in the form; what else is not decided yet is asked for when one saves. */
static void run_by_hand(View *v) {
    MergeView *m = v->state;
    FormView *f = m->form_view->state;
    int field = m->at >= 0 ? m->rows[m->at].field : f->form.focus;
    if (m->at >= 0) m->rows[m->at].taken = SIDE_NONE;
    settle(m->form_view, m->now, m->rows, m->count, m->at >= 0 ? &m->rows[m->at] : NULL);
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
    settle(form_view, m->now, m->rows, m->count, NULL);
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

static bool is_cut(View *v) {
    return ((MergeView *)v->state)->cut;
}

static bool merge_event(View *v, const Event *e) {
    MergeView *m = v->state;
    if (e->kind == EVENT_WHEEL) step(m, e->lines > 0 ? 1 : -1);
    else if (key_matches("Down j", e)) step(m, 1);
    else if (key_matches("Up k", e)) step(m, -1);
    else if (key_matches("PgDn", e)) read_on(m, 1);
    else if (key_matches("PgUp", e)) read_on(m, -1);
    else if (e->kind == EVENT_CLICK) click(m, e);
    else return false;
    return true;
}

static const Action merge_actions[] = {
    {"take", N_("take this"), N_("Takes the version one is on."), "Enter Space", 1, run_take, has_choice},
    {"theirs", N_("theirs"), N_("Takes what the other one wrote."), "t", 2, run_theirs, has_choice},
    {"mine", N_("mine"), N_("Takes what you wrote."), "m", 3, run_mine, has_choice},
    {"by-hand", N_("write anew"), N_("Back to the form, with their words under yours."), "e", 7, run_by_hand, NULL},
    {"read", N_("read on"), N_("Reads on in the long texts of the field one is at, and back."), "PgDn PgUp", 6, NULL,
     is_cut},
    {"save", N_("save"), N_("Saves what was chosen."), "^S", 4, run_save, NULL},
    {"later", N_("later"), N_("Leaves it for later; nothing is lost."), "Esc", 5, run_later, NULL},
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
