/* A table of records. */
#include "widgets/table.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "model/capacity_kind.h"

#include <stdint.h>
#include <string.h>

enum {
    GAP = 2,
    MARGIN = 1,
    EDGE = 2,     /* from a small screen's right edge to the mark of the row one is on, */
    EDGE_GAP = 1, /* and before it */
    TITLE_GOOD = 30,
    TITLE_LEAST = 26, /* where it makes room for a column of a low rank: */
    RANK_DEAR = 2,
    TITLE_MOST = 80,
    BAR_MOST = 40,
    ROOMY_FROM = 100 /* columns of a screen on which a few bytes more are no matter */
};

static bool roomy(void) {
    return screen_rect().w >= ROOMY_FROM;
}

static int heading_width(const Field *f) {
    const char *heading = field_heading(f);
    return text_width(heading, strlen(heading));
}

/* How wide a column may be: by its kind, its words, its heading. */
static int most_width(const Entity *entity, int field) {
    const Field *f = &entity->fields[field];
    int w = heading_width(f), most = 0;
    for (const Choice *c = f->choices; c && c->number; c++) {
        const char *label = _(c->label);
        int n = text_width(label, strlen(label));
        if (n > most) most = n;
    }
    switch (f->kind) {
    case FIELD_CODE: most = 8; break;
    case FIELD_TEXT:
    case FIELD_NOTE: most = field == COMMON_CODE ? 10 : 20; break;
    case FIELD_DATE: most = 11; break;
    case FIELD_WEEK: most = 8; break;
    case FIELD_INSTANT: most = 15; break;
    case FIELD_NUMBER: most = f->scale == 2 ? 12 : f->flags & FIELD_OF_KIND ? 15 : 9; break;
    case FIELD_REF: most = f->ref == 1 ? 4 : 9; break; /* sites are shown by their short code */
    case FIELD_FLAG: most = 3; break;
    case FIELD_REFS:
    case FIELD_BOOKINGS:
    case FIELD_SET: most = 16; break;
    case FIELD_CHOICE: break;
    }
    return most > w ? most : w;
}

static int total_width(const Table *t) {
    int total = 2 * MARGIN - GAP;
    for (int i = 0; i < t->count; i++) {
        total += t->columns[i].w + GAP;
    }
    return total;
}

static void remove_column(Table *t, int at) {
    for (int i = at; i + 1 < t->count; i++) {
        t->columns[i] = t->columns[i + 1];
    }
    t->count--;
}

/* The column that can be spared best: the highest rank, of several the last; -1 where none can. */
static int sparest(const Table *t) {
    int found = -1, rank = 0;
    for (int i = 0; i < t->count; i++) {
        int r = t->entity->fields[t->columns[i].field].rank;
        if (r && r >= rank) {
            rank = r;
            found = i;
        }
    }
    return found;
}

static bool has_column(const Table *t, int field) {
    for (int i = 0; i < t->count; i++) {
        if (t->columns[i].field == field) return true;
    }
    return false;
}

static void insert_column(Table *t, TableColumn column) {
    int at = t->count++;
    for (; at && t->columns[at - 1].field > column.field; at--) {
        t->columns[at] = t->columns[at - 1];
    }
    t->columns[at] = column;
}

/* A wide column that had to go may leave room for narrow ones that can be spared better; where there is a title it takes
 * the room. */
static void fill_up(Table *t, const Table *all, int w) {
    enum { RANKS = 10 };
    for (int rank = 1; t->entity->title < 0 && rank < RANKS; rank++) {
        for (int i = 0; i < all->count; i++) {
            const TableColumn *c = &all->columns[i];
            bool fits = total_width(t) + GAP + c->w <= w;
            if (t->entity->fields[c->field].rank == rank && fits && !has_column(t, c->field)) insert_column(t, *c);
        }
    }
}

bool table_fit(TableWidths *widths, const Record *r, const CodeBook *book) {
    Buffer text = {0};
    bool grown = false;
    for (int i = 0; i < r->entity->field_count && i < TABLE_FIELDS; i++) {
        const Field *f = &r->entity->fields[i];
        if (!(f->flags & FIELD_LISTED) || i == r->entity->title) continue;
        buffer_clear(&text);
        cell_text(r, i, book, &text);
        int w = text_width(buffer_string(&text), text.size);
        if (i != COMMON_CODE && w > widths->most[i]) {
            if (!widths->most[i]) widths->most[i] = (short)most_width(r->entity, i);
            if (w > widths->most[i]) w = widths->most[i];
        }
        if (w <= widths->seen[i]) continue;
        widths->seen[i] = (short)w;
        grown = true;
    }
    buffer_free(&text);
    return grown;
}

void table_layout(Table *t, const Entity *entity, uint64_t hidden, const TableWidths *widths, int w) {
    int title = -1;
    if (!roomy()) w -= EDGE + EDGE_GAP - MARGIN;
    *t = (Table){.entity = entity};
    for (int i = 0; i < entity->field_count && t->count < TABLE_COLUMNS; i++) {
        const Field *f = &entity->fields[i];
        if (!(f->flags & FIELD_LISTED) || (hidden >> i & 1)) continue;
        TableColumn *c = &t->columns[t->count++];
        int heading = heading_width(f), seen = i < TABLE_FIELDS ? widths->seen[i] : most_width(entity, i);
        /* Without rows there is room for the mark of what sorts. */
        if (!seen) seen = heading + GAP;
        *c = (TableColumn){.field = i, .w = seen > heading ? seen : heading, .right = f->kind == FIELD_NUMBER};
        if (i == entity->title) c->w = TITLE_GOOD;
    }
    const Table all = *t;
    for (int spare; (spare = sparest(t)) >= 0;) {
        bool dear = entity->title >= 0 && entity->fields[t->columns[spare].field].rank <= RANK_DEAR;
        if (total_width(t) <= w + (dear ? TITLE_GOOD - TITLE_LEAST : 0)) break;
        remove_column(t, spare);
    }
    fill_up(t, &all, w);
    /* The title comes right after the code and takes what is left. */
    for (int i = 0; i < t->count; i++) {
        if (t->columns[i].field == entity->title) title = i;
    }
    if (title > 1) {
        TableColumn c = t->columns[title];
        for (int i = title; i > 1; i--) {
            t->columns[i] = t->columns[i - 1];
        }
        t->columns[title = 1] = c;
    }
    int left = w - total_width(t);
    if (left < TITLE_LEAST - TITLE_GOOD) left = TITLE_LEAST - TITLE_GOOD;
    if (title >= 0) t->columns[title].w += left > TITLE_MOST ? TITLE_MOST : left;
    for (int i = 0, x = MARGIN; i < t->count; i++) {
        t->columns[i].x = x;
        x += t->columns[i].w + GAP;
        if (title >= 0 ? i > title : x - GAP > BAR_MOST) continue;
        t->bar = x - GAP < BAR_MOST ? x - GAP : BAR_MOST;
        t->named = i + 1;
    }
}

void table_draw_header(const Table *t, int y, int x, int w, int sort, bool descending) {
    draw_fill((Rect){y, x, 1, w}, STYLE_DIM);
    for (int i = 0; i < t->count; i++) {
        const TableColumn *c = &t->columns[i];
        const char *heading = field_heading(&t->entity->fields[c->field]);
        int room = c->x + c->w <= w ? c->w : w - c->x, n = text_width(heading, strlen(heading));
        bool sorted = c->field == sort;
        /* The mark stands in the gap behind a heading that fills its column. */
        if (c->right) {
            draw_right(y, x + c->x, room, STYLE_DIM, heading);
            if (sorted)
                draw_string(y, x + c->x + room, 1, STYLE_KEY,
                            descending ? draw_symbol("▾", "v") : draw_symbol("▴", "^"));
            continue;
        }
        draw_string(y, x + c->x, room, STYLE_DIM, heading);
        if (sorted)
            draw_string(y, x + c->x + (n < room ? n + (n + 1 < room) : room), 1, STYLE_KEY,
                        descending ? draw_symbol("▾", "v") : draw_symbol("▴", "^"));
    }
}

static int units_width(void) {
    int most = 0;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        int w = text_width(kind_unit(kind), strlen(kind_unit(kind)));
        if (w > most) most = w;
    }
    return most;
}

/* With its unit, which is filled up, so that the numbers of a column stand below each other. */
static Style quantity_text(const Record *r, int field, Buffer *b) {
    int kind_field = entity_field(r->entity, "kind", strlen("kind"));
    int64_t kind = value_number_or(&r->values[kind_field], 0);
    int64_t quantity = value_number_or(&r->values[field], 0);
    const char *unit = kind_unit_of(kind, quantity);
    kind_show(b, kind, quantity);
    if (!kind_countable(kind)) return STYLE_DIM;
    for (int w = text_width(unit, strlen(unit)); w < units_width(); w++) {
        buffer_add_char(b, ' ');
    }
    return STYLE_TEXT;
}

Style cell_text(const Record *r, int field, const CodeBook *book, Buffer *b) {
    const Field *f = &r->entity->fields[field];
    const Value *v = &r->values[field];
    if (f->kind == FIELD_CODE || field == COMMON_CODE) {
        record_code(r, book, b);
        return STYLE_STRONG;
    }
    if (f->flags & FIELD_OF_KIND) return quantity_text(r, field, b);
    if (f->kind == FIELD_REF) {
        /* Its code even where its name was loaded: codes are of one width and what people type. */
        Value bare = *v;
        bare.text = NULL;
        value_write(b, f, &bare, book);
    } else value_show(b, f, v, book);
    if (!b->size) {
        buffer_add_string(
            b, f->kind == FIELD_NUMBER && v->kind == VALUE_NUMBER && (f->flags & (FIELD_DERIVED | FIELD_SYSTEM))
                   ? "0"
                   : draw_symbol("·", "."));
        return STYLE_DIM;
    }
    const Choice *c = f->kind == FIELD_CHOICE ? choice_of_number(f->choices, v->number) : NULL;
    return c ? style_of_tone(c->tone) : STYLE_TEXT;
}

/* The columns of text up to the end of its last word that ends within `most`; 0: none does. */
static int whole_words(const char *text, size_t size, int most) {
    int x = 0, fitting = 0, columns;
    for (size_t at = 0, n; at < size && x <= most; at += n, x += columns) {
        n = text_cluster(text + at, size - at, &columns);
        if (text[at] == ' ') fitting = x;
    }
    return fitting;
}

/* Whether its letters take more bytes than columns: Arabic, Tamazight (three a letter, as they are shown). */
static bool takes_bytes(const char *text, size_t size, int columns) {
    int used;
    size_t fits = text_fit(text, size, columns, &used);
    return (int64_t)fits > (int64_t)used + used / 3;
}

/* How far the selection's background reaches: whole words of the title. One whose letters take many bytes stays outside it:
 * it would be sent twice with every move. */
static int bar_width(const Table *t, const TableRow *row, int w) {
    const Record *r = row->record;
    const Value *title = t->entity->title >= 0 ? &r->values[t->entity->title] : NULL;
    int used;
    if (row->hurried) return t->columns[0].x + t->columns[0].w;
    if (roomy()) return w;
    if (!title || title->kind != VALUE_TEXT || t->count < 2 || t->columns[1].field != t->entity->title) return t->bar;
    const TableColumn *c = &t->columns[1];
    if (takes_bytes(title->text, title->size, c->w)) return t->columns[0].x + t->columns[0].w;
    text_fit(title->text, title->size, c->w, &used);
    if (c->x + used <= t->bar) return t->bar;
    return c->x + whole_words(title->text, title->size, t->bar - c->x);
}

void table_draw_row(const Table *t, int y, int x, int w, const TableRow *row, const CodeBook *book) {
    Buffer text = {0};
    draw_fill((Rect){y, x, 1, w}, STYLE_ROW);
    if (row->marked) draw_string(y, x, 1, STYLE_ACCENT, draw_symbol("•", "*"));
    for (int i = 0; i < (row->brief ? t->named : t->count); i++) {
        const TableColumn *c = &t->columns[i];
        int room = c->x + c->w <= w ? c->w : w - c->x;
        bool named = c->field == COMMON_CODE || c->field == t->entity->title;
        buffer_clear(&text);
        Style style = row->own_style;
        if (row->own_text && row->own_field == c->field) buffer_add_string(&text, row->own_text);
        else style = cell_text(row->record, c->field, book, &text);
        if (t->entity->fields[c->field].kind == FIELD_DATE) {
            if (row->overdue) style = STYLE_LATE;
            /* In the gap, where it moves nothing. */
            if (row->late && room > 0) draw_string(y, x + c->x - 1, 1, STYLE_LATE, "!");
        }
        /* To make them bold and end it takes a tenth of a small screen's bytes. */
        if (c->field == COMMON_CODE && !roomy()) style = STYLE_TEXT;
        if (style == STYLE_TEXT) style = STYLE_ROW;
        if (row->brief && takes_bytes(buffer_string(&text), text.size, room)) room /= 2;
        if (named && row->found && *row->found)
            draw_found(y, x + c->x, room, style, STYLE_FOUND, row->found, buffer_string(&text), text.size);
        else
            draw_text(y, x + c->x, room, style, c->right ? ALIGN_RIGHT : ALIGN_LEFT, false, buffer_string(&text),
                      text.size);
    }
    buffer_free(&text);
    if (!row->selected) return;
    int bar = bar_width(t, row, w);
    Style base = row->focused ? STYLE_SELECTED : STYLE_CURRENT;
    draw_over((Rect){y, x, 1, bar < w ? bar : w}, base);
    if (bar < w && !row->hurried)
        draw_text(y, x + w - EDGE, EDGE, base, ALIGN_LEFT, true, draw_symbol("◂", "<"), strlen(draw_symbol("◂", "<")));
}
