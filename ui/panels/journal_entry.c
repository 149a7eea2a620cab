/* One entry of the journal with the whole of its texts: what each field was, and what it became. */
#include "panels/journal_entry.h"

#include "widgets/picker.h"

#include <string.h>

enum { SIDES = 6, LABELS = 19, WIDEST = 92 };

/* A text that may take several lines, with what it is called before its first. */
typedef struct EntryText {
    const char *label, *text;
    int x; /* where the text begins */
    Style style;
} EntryText;

typedef struct EntryView {
    EntryText *texts;
    int count;
    int top, lines, height; /* the first line in sight; all of them, and how many were in sight last */
    const char *title;
} EntryView;

static const char *shown(const Field *f, const Value *value, const CodeBook *book, Arena *arena) {
    Buffer text = {0};
    value_show(&text, f, value, book);
    const char *kept = text.size ? arena_copy(arena, text.bytes, text.size) : draw_symbol("–", "-");
    buffer_free(&text);
    return kept;
}

int entry_fields(const JournalEntry *e, const CodeBook *book, Arena *arena, EntryField **out) {
    static const Value none;
    int count = 0;
    *out = arena_array(arena, (size_t)e->entity->field_count, sizeof **out);
    for (int i = COMMON_SITE; i < e->entity->field_count; i++) {
        const Field *f = &e->entity->fields[i];
        bool changed = e->before && (e->changed & FIELD_BIT(i));
        const Value *now = e->after ? &e->after->values[i] : &none;
        if ((i >= COMMON_REV && i < COMMON_COUNT) || f->flags & FIELD_HIDDEN || f->kind == FIELD_CODE) continue;
        if (e->before ? !changed : value_empty(f, now)) continue;
        (*out)[count++] = (EntryField){.label = _(f->label),
                                       .was = changed ? shown(f, &e->before->values[i], book, arena) : NULL,
                                       .now = shown(f, now, book, arena)};
    }
    return count;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void add(EntryView *w, const char *label, int x, const char *text, Style style) {
    w->texts[w->count++] = (EntryText){label, text, x, style};
}

static int text_height(const EntryText *t, int w) {
    int h = wrapped_height(w - t->x, t->text);
    return h ? h : 1;
}

static int all_lines(const EntryView *w, int columns) {
    int lines = 0;
    for (int i = 0; i < w->count; i++) {
        lines += text_height(&w->texts[i], columns);
    }
    return lines;
}

static void draw_texts(const EntryView *w, Rect in) {
    int y = -w->top;
    for (int i = 0; i < w->count && y < in.h; i++) {
        const EntryText *t = &w->texts[i];
        int h = text_height(t, in.w), over = y < 0 ? -y : 0, at = y + over;
        if (over < h) {
            if (!over) draw_string(in.y + at, in.x, t->x, STYLE_DIM, t->label);
            draw_wrapped((Rect){in.y + at, in.x + t->x, h - over < in.h - at ? h - over : in.h - at, in.w - t->x},
                         t->style, wrapped_rest(in.w - t->x, t->text, over));
        }
        y += h;
    }
}

static void entry_draw(View *v, Rect r) {
    EntryView *w = v->state;
    int columns = r.w - 2 < WIDEST ? r.w - 2 : WIDEST;
    w->lines = all_lines(w, columns - 4);
    Rect in = draw_box(r, columns, w->lines + 2 < r.h ? w->lines + 2 : r.h, w->title);
    w->height = in.h;
    if (w->top > w->lines - in.h) w->top = w->lines > in.h ? w->lines - in.h : 0;
    draw_texts(w, in);
    draw_more(in, w->top > 0, w->lines - w->top > in.h);
    draw_cursor(in.y, in.x);
}

static bool entry_event(View *v, const Event *e) {
    EntryView *w = v->state;
    int by = 0, page = w->height > 1 ? w->height - 1 : 1;
    if (key_matches("Down j", e)) by = 1;
    else if (key_matches("Up k", e)) by = -1;
    else if (key_matches("PgDn ^F", e)) by = page;
    else if (key_matches("PgUp ^B", e)) by = -page;
    else if (key_matches("Home", e)) by = -w->top;
    else if (key_matches("End", e)) by = w->lines;
    else if (e->kind == EVENT_WHEEL) by = e->lines;
    else return false;
    w->top += by;
    if (w->top > w->lines - w->height) w->top = w->lines - w->height;
    if (w->top < 0) w->top = 0;
    return true;
}

static bool is_longer(View *v) {
    const EntryView *w = v->state;
    return w->lines > w->height;
}

static const Action entry_actions[] = {
    {"scroll", N_("scroll"), N_("Shows more."), "Down PgDn", 2, NULL, is_longer},
    {"close", N_("close"), N_("Back to the list."), "Esc Space Enter q", 1, view_close, NULL},
    {0},
};

static const Panel panel_entry = {.name = "entry",
                                  .label = N_("One version"),
                                  .size = sizeof(EntryView),
                                  .overlay = true,
                                  .typing = true,
                                  .actions = entry_actions,
                                  .draw = entry_draw,
                                  .event = entry_event};

void open_entry(App *app, const JournalEntry *e, const char *title) {
    View *v = app_overlay(app, &panel_entry);
    EntryView *w = v->state;
    EntryField *fields;
    int count = entry_fields(e, service_codes(app->service), &v->arena, &fields);
    w->title = arena_string(&v->arena, title);
    w->texts = arena_array(&v->arena, (size_t)count * 4 + 1, sizeof *w->texts);
    for (int i = 0; i < count; i++) {
        const EntryField *f = &fields[i];
        if (!f->was) {
            add(w, f->label, LABELS, f->now, STYLE_TEXT);
            continue;
        }
        if (i) add(w, "", 0, "", STYLE_TEXT);
        add(w, "", 0, f->label, STYLE_STRONG);
        add(w, _("was"), SIDES, f->was, STYLE_DIM);
        add(w, _("now"), SIDES, f->now, STYLE_TEXT);
    }
    view_start(v);
}
