/* A list of an entity's records, drawn: one line that says what is listed, the headings, the rows, and where there is
 * room the record one is on. */
#include "panels/browse.h"
#include "panels/browse_filter.h"
#include "panels/browse_rows.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { DETAIL_FROM = 110, CHIPS_LINE = 0, HEADER_LINE = 1, ROWS_LINE = 2 };

/* --- the line on top ----------------------------------------------------------------------------------------------- */

/* "12 of 158 projects"; without what they are where there is little room. */
static void count_text(const Browse *b, bool short_of_room, Buffer *out) {
    bool narrowed = *b->filter || *b->search;
    if (b->mark_count) buffer_format(out, _("%d marked, "), b->mark_count);
    if (b->total < 0) {
        buffer_add_string(out, b->searching ? _("searching …") : _("counting …"));
        return;
    }
    bool of_all = narrowed && b->all >= 0 && b->all != b->total;
    if (of_all || short_of_room) number_show(out, b->total, 0);
    if (of_all) buffer_format(out, " %s ", _("of"));
    if (of_all && short_of_room) number_show(out, b->all, 0);
    if (!short_of_room) entity_count(b->entity, of_all ? b->all : b->total, out);
}

/* One of the filter's terms as people read it: "open", "SMA", else as it is typed. */
static const char *term_shown(const Browse *b, const char *term, size_t size, size_t *shown_size) {
    const char *word = browse_site_word(b->entity);
    const size_t word_size = strlen(word);
    const char *open = b->entity->open_filter, *shown = term;
    *shown_size = size;
    if (open && strlen(open) == size && !memcmp(open, term, size)) {
        shown = _("open");
        *shown_size = strlen(shown);
    } else if (size > word_size && !memcmp(term, word, word_size)) {
        shown = term + word_size;
        *shown_size = size - word_size;
    }
    return shown;
}

/* What narrows the list, a chip a term; "all" where nothing does. Returns the columns it takes, or would take where
 * `draw` is false. Where not all have room the last one says how many more there are. */
static int chips(const Browse *b, Rect r, bool draw) {
    enum { MORE_WIDTH = 5, LEAST_WIDTH = 6 };
    int x = r.x, end = draw ? r.x + r.w : INT_MAX, left = 0;
    size_t next, shown_size;
    for (const char *at = b->filter; *at; at += next) {
        left += filter_term(at, &next) > 0;
    }
    if (!left && !*b->search && b->typing != TYPING_SEARCH) {
        const char *all = b->entity->open_filter ? _("all") : "";
        return draw ? draw_string(r.y, x, r.w, STYLE_DIM, all) : text_width(all, strlen(all));
    }
    for (const char *at = b->filter; *at && x < end; at += next) {
        size_t n = filter_term(at, &next);
        if (!n) continue;
        const char *shown = term_shown(b, at, n, &shown_size);
        int room = end - x - (left > 1 ? MORE_WIDTH : 0), wanted = text_width(shown, shown_size) + 2;
        if (room < wanted && room < LEAST_WIDTH) break;
        if (room < wanted) wanted = room;
        if (draw) {
            draw_fill((Rect){r.y, x, 1, wanted}, STYLE_CHIP);
            draw_text(r.y, x + 1, wanted - 2, STYLE_CHIP, ALIGN_LEFT, false, shown, shown_size);
        }
        x += wanted + 1;
        left--;
    }
    if (left && end - x >= MORE_WIDTH - 1) x += draw_format(r.y, x, end - x, STYLE_ACCENT, "+%d", left) + 1;
    return x - r.x;
}

static int sort_field(const Browse *b, bool *descending) {
    const char *sort = *b->sort ? b->sort : b->entity->sort;
    *descending = *sort == '-';
    return entity_field(b->entity, sort + *descending, strlen(sort + *descending));
}

/* The column that sorts, in words; returns how wide. */
static int sort_text(const Browse *b, char *out, size_t size) {
    bool descending;
    int field = sort_field(b, &descending);
    *out = 0;
    if (field >= 0)
        snprintf(out, size, "%s %s", field_heading(&b->entity->fields[field]),
                 descending ? draw_symbol("▾", "v") : draw_symbol("▴", "^"));
    return text_width(out, strlen(out));
}

/* Whether the headings show what sorts. */
static bool sort_in_sight(const Browse *b) {
    bool descending;
    int field = sort_field(b, &descending);
    for (int i = 0; i < b->table.count; i++) {
        if (b->table.columns[i].field == field) return true;
    }
    return false;
}

/* In at most r.w columns where it can say it shorter. */
static int draw_heading(const Browse *b, Rect r) {
    enum { LEAST_WIDTH = 20 };
    if (r.w < LEAST_WIDTH) r.w = LEAST_WIDTH;
    return b->heading ? b->heading(b, r) : draw_string(r.y, r.x, r.w, STYLE_STRONG, _(b->entity->heading));
}

/* "Projects  SMA open /eau": what is listed, what narrows it, and what sorts it, where the headings do not tell or there
 * is room. */
static void draw_state(const Browse *b, Rect r) {
    enum { GAP = 2, SEARCH_ROOM = 14 };
    char sort[80];
    int sort_width = sort_text(b, sort, sizeof sort), room = r.w - (*b->search ? SEARCH_ROOM : 0);
    int wanted = chips(b, r, false) + GAP, must = sort_in_sight(b) ? 0 : sort_width + GAP;
    int x = r.x + draw_heading(b, (Rect){r.y, r.x, 1, room - wanted - must}) + GAP;
    if (x + wanted + sort_width + GAP <= r.x + room) must = sort_width + GAP;
    if (must) draw_right(r.y, x, r.x + r.w - x, STYLE_DIM, sort);
    int end = r.x + r.w - must;
    x += chips(b, (Rect){r.y, x, 1, r.x + room - must - x}, true);
    if (*b->search) draw_format(r.y, x, end - x, STYLE_ACCENT, "/%s", b->search);
}

/* The same while a search or a filter is typed. */
static void draw_typing(Browse *b, Rect r) {
    enum { GAP = 2, TYPING_ROOM = 22 };
    int x = r.x, room = r.w - TYPING_ROOM;
    if (b->typing == TYPING_FILTER) x += draw_string(r.y, x, r.w, STYLE_ACCENT, _("Filter:")) + 1;
    else {
        x += draw_heading(b, (Rect){r.y, x, 1, room - chips(b, r, false) - GAP}) + GAP;
        x += chips(b, (Rect){r.y, x, 1, r.x + room - x}, true);
        x += draw_string(r.y, x, 1, STYLE_ACCENT, "/");
    }
    edit_draw(&b->edit, (Rect){r.y, x, 1, r.x + r.w - x}, STYLE_INPUT, true);
    if (b->edit.more_before) draw_string(r.y, x - 1, 1, STYLE_ACCENT, draw_symbol("‹", "<"));
}

/* What is listed and how many there are: always. */
static void draw_top_line(Browse *b, Rect r) {
    enum { NOUN_FROM = 70, COUNT_ROOM = 24, SHORT_ROOM = 15, MARKS_ROOM = 12 };
    Buffer count = {0};
    bool short_of_room = r.w < NOUN_FROM;
    int room = (short_of_room ? SHORT_ROOM : COUNT_ROOM) + (b->mark_count ? MARKS_ROOM : 0);
    Rect left = {r.y, r.x + 1, 1, r.w - room - 3};
    count_text(b, short_of_room, &count);
    draw_right(r.y, r.x + r.w - room - 1, room, *b->error.why ? STYLE_ERROR : STYLE_DIM,
               b->error.status == STATUS_USAGE ? _("not a filter")
               : *b->error.why                 ? _("not read")
                                               : buffer_string(&count));
    buffer_free(&count);
    if (b->typing != TYPING_NOTHING) draw_typing(b, left);
    else draw_state(b, left);
}

/* --- the rows ------------------------------------------------------------------------------------------------------ */

bool browse_is_marked(const Browse *b, int64_t id) {
    for (int i = 0; i < b->mark_count; i++) {
        if (b->marks[i] == id) return true;
    }
    return false;
}

/* What was due is over, where that still counts. */
static bool is_overdue(const Record *r) {
    int due = r->entity == &entity_project ? PROJECT_DUE : r->entity == &entity_milestone ? MILESTONE_DUE : -1, day;
    if (due < 0) return false;
    bool open = r->entity == &entity_project ? record_state(r) == PROJECT_ACTIVE : record_state(r) == MILESTONE_OPEN;
    const Value *v = &r->values[due];
    return open && v->kind == VALUE_TEXT && date_parse(v->text, v->size, &day) && day < app_today();
}

/* A project also is late by a milestone. */
static bool is_late(const Record *r) {
    return is_overdue(r) || (r->entity == &entity_project && value_number_or(&r->values[PROJECT_LATE], 0));
}

/* A column that grows moves the whole page: not in a hurry. */
static void fit_columns(Browse *b, int w, bool hurried) {
    bool grown = b->table_width != w;
    if (hurried && !grown) return;
    for (int i = 0; i < b->page.count; i++) {
        grown = table_fit(&b->widths, b->page.rows[i], service_codes(b->service)) || grown;
    }
    if (!grown) return;
    b->table_width = w;
    table_layout(&b->table, b->entity, b->hidden, &b->widths, w);
}

/* Why there is nothing, and what to press. */
static void draw_empty(const Browse *b, Rect r) {
    bool start = *b->filter && !strcmp(b->filter, b->start);
    if (*b->error.why) draw_wrapped(r, STYLE_ERROR, b->error.why);
    else if (b->searching) draw_string(r.y, r.x, r.w, STYLE_DIM, _("Searching …"));
    else if (*b->search) {
        r.y += draw_format(r.y, r.x, r.w, STYLE_TEXT, _("Nothing matches \"%s\"."), b->search) > 0;
        draw_wrapped(r, STYLE_DIM,
                     *b->filter ? _("Esc takes the search back; F lists all, without the filter.")
                                : _("Esc takes the search back."));
    } else if (start || !*b->filter) {
        r.y += draw_wrapped(r, STYLE_DIM, _(b->entity->empty)) + 1;
        if (start)
            draw_wrapped(r, STYLE_DIM,
                         strcmp(b->start, b->entity->open_filter)
                             ? _("Only what is open is listed, of the institute you act for; i lists all regions', F "
                                 "all.")
                             : _("Only what is open is listed; F lists all."));
    } else draw_wrapped(r, STYLE_DIM, _("Nothing matches the filter. f changes it, F lists all."));
}

/* The words of the search and of the filter, folded, for their marks in the rows. */
static void find_words(Browse *b) {
    Buffer folded = {0};
    size_t next;
    text_fold(&folded, b->search, strlen(b->search));
    for (const char *at = b->filter; *at; at += next) {
        size_t n = filter_term(at, &next);
        if (*at == '-' || memchr(at, ':', n) || memchr(at, '<', n) || memchr(at, '>', n) || memchr(at, '=', n))
            continue;
        if (folded.size) buffer_add_char(&folded, ' ');
        text_fold(&folded, at, n);
    }
    text_copy(b->found, sizeof b->found, buffer_string(&folded));
    buffer_free(&folded);
}

static bool is_whole(const Browse *b, int64_t id) {
    for (int i = 0; i < b->whole_count; i++) {
        if (b->whole[i] == id) return true;
    }
    return false;
}

/* What is one's own turn stands out from what others have to do. */
static void say_own_turn(const Browse *b, TableRow *row) {
    const char *own = own_turn(b->service, row->record);
    if (!own) return;
    row->own_field = ALLOCATION_TURN;
    row->own_text = own;
    row->own_style = STYLE_STRONG;
}

static void draw_rows(Browse *b, Rect r, bool hurried) {
    const CodeBook *book = service_codes(b->service);
    for (int i = 0; i < b->page.count && i < r.h; i++) {
        const Record *record = b->page.rows[i];
        TableRow row = {.record = record,
                        .selected = i == b->cursor,
                        .focused = !b->detail_focused,
                        .marked = browse_is_marked(b, record->id),
                        .late = is_late(record),
                        .brief = hurried && !is_whole(b, record->id),
                        .hurried = hurried,

                        .overdue = is_overdue(record),
                        .found = b->found};
        say_own_turn(b, &row);
        table_draw_row(&b->table, r.y + i, r.x, r.w, &row, book);
        if (row.selected && b->typing == TYPING_NOTHING && !b->detail_focused) draw_cursor(r.y + i, r.x);
    }
    if (!hurried) b->whole_count = 0;
    for (int i = 0; i < b->page.count && !hurried && i < BROWSE_WHOLE; i++) {
        b->whole[b->whole_count++] = b->page.rows[i]->id;
    }
    if (!b->page.count) draw_empty(b, (Rect){r.y + 1, r.x + 1, r.h - 1, r.w - 2});
}

void browse_draw(Browse *b, Rect r, bool hurried) {
    Rect list = r;
    b->detail_shown = r.w >= DETAIL_FROM;
    if (!b->detail_shown) b->detail_focused = false;
    if (b->detail_shown) list.w = r.w * 55 / 100;
    rows_fit(b, list.h - ROWS_LINE);
    find_words(b);
    fit_columns(b, list.w, hurried);
    draw_top_line(b, (Rect){r.y + CHIPS_LINE, r.x, 1, r.w});
    bool descending;
    int field = sort_field(b, &descending);
    table_draw_header(&b->table, list.y + HEADER_LINE, list.x, list.w, field, descending);
    b->rows_at = (Rect){list.y + ROWS_LINE, list.x, list.h - ROWS_LINE, list.w};
    draw_rows(b, b->rows_at, hurried);
    if (!b->detail_shown) return;
    int x = list.x + list.w;
    draw_bar(r.y + HEADER_LINE, x, r.h - HEADER_LINE, STYLE_RULE);
    Rect side = {r.y + HEADER_LINE, x + 2, r.h - HEADER_LINE, r.w - list.w - 3};
    if (b->detail.width && b->detail.width != side.w) b->detail.entity = NULL;
    b->detail.width = side.w;
    b->side_height = side.h;
    const Record *current = browse_current(b);
    if (current && b->detail.entity == b->entity && b->detail.id == current->id)
        detail_draw(&b->detail, side, b->detail_focused);
}
