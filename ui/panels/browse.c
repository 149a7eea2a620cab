/* A list of an entity's records: drawing, keys, and the panel's own actions. How the rows come is in browse_rows.c. */
#include "panels/browse.h"
#include "panels/browse_rows.h"
#include "panels/pick.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { DETAIL_FROM = 110, CHIPS_LINE = 0, HEADER_LINE = 1, ROWS_LINE = 2 };

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static void count_text(const Browse *b, Buffer *out) {
    if (b->total < 0) {
        buffer_add_string(out, b->searching ? _("searching …") : _("counting …"));
        return;
    }
    bool narrowed = *b->filter || *b->search;
    if (!narrowed || b->all < 0 || b->all == b->total) {
        entity_count(b->entity, b->total, out);
        return;
    }
    number_show(out, b->total, 0);
    buffer_format(out, " %s ", _("of"));
    entity_count(b->entity, b->all, out);
}

/* The heading, then the filter's terms as chips, then the search. */
static void draw_chips(const Browse *b, Rect r) {
    int x = r.x + 1;
    if (b->heading) x += b->heading(b, (Rect){r.y, x, 1, r.w - 1});
    else x += draw_string(r.y, x, r.w, STYLE_STRONG, _(b->entity->heading));
    x += 2;
    bool still_open = b->entity->open_filter && !strcmp(b->filter, b->entity->open_filter);
    for (const char *at = still_open ? _("open") : b->filter; *at && x < r.x + r.w - 4;) {
        size_t n = 0;
        bool quoted = false;
        while (at[n] && (quoted || at[n] != ' ')) {
            if (at[n++] == '"') quoted = !quoted;
        }
        if (n) {
            int w = text_width(at, n) + 2;
            if (w > r.x + r.w - x - 1) w = r.x + r.w - x - 1;
            draw_fill((Rect){r.y, x, 1, w}, STYLE_CHIP);
            draw_text(r.y, x + 1, w - 2, STYLE_CHIP, ALIGN_LEFT, false, at, n);
            x += w + 1;
        }
        at += n + (at[n] == ' ');
    }
    if (*b->search) draw_format(r.y, x, r.x + r.w - x, STYLE_ACCENT, "/%s", b->search);
}

static void draw_top_line(Browse *b, Rect r) {
    Buffer count = {0};
    int room = b->mark_count ? 36 : 24;
    if (b->typing != TYPING_NOTHING) {
        int x = r.x + 1 +
                draw_string(r.y, r.x + 1, r.w, STYLE_ACCENT, b->typing == TYPING_SEARCH ? _("Search:") : _("Filter:")) +
                1;
        edit_draw(&b->edit, (Rect){r.y, x, 1, r.x + r.w - x - 24}, STYLE_INPUT, true);
    } else draw_chips(b, (Rect){r.y, r.x, 1, r.w - room - 2});
    if (b->mark_count) buffer_format(&count, _("%d marked, "), b->mark_count);
    count_text(b, &count);
    draw_right(r.y, r.x + r.w - room - 1, room, *b->error.why ? STYLE_ERROR : STYLE_DIM,
               *b->error.why ? _("not a filter") : count.bytes);
    buffer_free(&count);
}

static bool is_marked(const Browse *b, int64_t id) {
    for (int i = 0; i < b->mark_count; i++) {
        if (b->marks[i] == id) return true;
    }
    return false;
}

/* What is due and over is written as late, where it still counts. */
static bool is_late(const Record *r) {
    int due = r->entity == &entity_project ? PROJECT_DUE : r->entity == &entity_milestone ? MILESTONE_DUE : -1, day;
    if (due < 0) return false;
    bool open = r->entity == &entity_project ? record_state(r) == PROJECT_ACTIVE : record_state(r) == MILESTONE_OPEN;
    const Value *v = &r->values[due];
    return open && v->kind == VALUE_TEXT && date_parse(v->text, v->size, &day) && day < app_today();
}

/* Codes are never cut: the column grows with the widest one in sight. */
static void fit_columns(Browse *b, int w) {
    int widest = b->code_width;
    for (int i = 0; i < b->page.count && b->entity->letter; i++) {
        char code[CODE_SIZE];
        code_write(b->entity->letter, b->page.rows[i]->id, code);
        if ((int)strlen(code) > widest) widest = (int)strlen(code);
    }
    if (widest == b->code_width && b->table_width == w) return;
    b->code_width = widest;
    b->table_width = w;
    table_layout(&b->table, b->entity, b->hidden, widest, w);
}

static void draw_rows(Browse *b, Rect r) {
    const CodeBook *book = service_codes(b->service);
    for (int i = 0; i < b->page.count && i < r.h; i++) {
        const Record *record = b->page.rows[i];
        TableRow row = {.record = record,
                        .selected = i == b->cursor,
                        .focused = !b->detail_focused,
                        .marked = is_marked(b, record->id),
                        .late = is_late(record)};
        table_draw_row(&b->table, r.y + i, r.x, r.w, &row, book);
        if (row.selected && b->typing == TYPING_NOTHING && !b->detail_focused) draw_cursor(r.y + i, r.x);
    }
    if (b->page.count) return;
    Rect text = {r.y + 1, r.x + 1, r.h - 1, r.w - 2};
    if (*b->error.why) draw_wrapped(text, STYLE_ERROR, b->error.why);
    else if (b->searching) draw_string(text.y, text.x, text.w, STYLE_DIM, _("Searching …"));
    else if (!*b->search && b->entity->open_filter && !strcmp(b->filter, b->entity->open_filter)) {
        text.y += draw_wrapped(text, STYLE_DIM, _(b->entity->empty)) + 1;
        draw_string(text.y, text.x, text.w, STYLE_DIM, _("Only what is open is listed; F lists all."));
    } else if (*b->filter || *b->search)
        draw_wrapped(text, STYLE_DIM, _("Nothing matches. Esc clears the search, F the filter."));
    else draw_wrapped(text, STYLE_DIM, _(b->entity->empty));
}

void browse_draw(Browse *b, Rect r) {
    Rect list = r;
    b->detail_shown = r.w >= DETAIL_FROM;
    if (!b->detail_shown) b->detail_focused = false;
    if (b->detail_shown) list.w = r.w * 55 / 100;
    rows_fit(b, list.h - ROWS_LINE);
    fit_columns(b, list.w);
    draw_top_line(b, (Rect){r.y + CHIPS_LINE, r.x, 1, r.w});
    const char *sort = *b->sort ? b->sort : b->entity->sort;
    bool descending = *sort == '-';
    table_draw_header(&b->table, list.y + HEADER_LINE, list.x, list.w,
                      entity_field(b->entity, sort + descending, strlen(sort + descending)), descending);
    b->rows_at = (Rect){list.y + ROWS_LINE, list.x, list.h - ROWS_LINE, list.w};
    draw_rows(b, b->rows_at);
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

/* --- typing a search or a filter ---------------------------------------------------------------------------------- */

static void start_typing(Browse *b, BrowseTyping typing) {
    b->typing = typing;
    text_copy(b->before, sizeof b->before, typing == TYPING_SEARCH ? b->search : b->filter);
    edit_set(&b->edit, b->before, false);
    b->edit.max = typing == TYPING_SEARCH ? sizeof b->search - 1 : sizeof b->filter - 1;
    if (typing == TYPING_FILTER && b->edit.text.size) {
        buffer_add_char(&b->edit.text, ' ');
        b->edit.cursor = b->edit.text.size;
    }
}

static void typed(Browse *b) {
    if (b->typing == TYPING_SEARCH) text_copy(b->search, sizeof b->search, edit_string(&b->edit));
    else {
        text_copy(b->filter, sizeof b->filter, edit_string(&b->edit));
        for (size_t n = strlen(b->filter); n && b->filter[n - 1] == ' '; n--) {
            b->filter[n - 1] = 0;
        }
    }
    b->total = -1;
    browse_go(b, PLACE_START);
}

static void stop_typing(Browse *b, bool keep) {
    if (!keep) {
        edit_set(&b->edit, b->before, false);
        typed(b);
    }
    b->typing = TYPING_NOTHING;
    edit_free(&b->edit);
}

static bool typing_event(Browse *b, const Event *e) {
    if (event_is_key(e, KEY_IS_ESCAPE)) stop_typing(b, false);
    else if (event_is_key(e, KEY_IS_ENTER)) stop_typing(b, true);
    else if (event_is_key(e, KEY_IS_UP) || event_is_key(e, KEY_IS_DOWN))
        rows_move(b, event_is_key(e, KEY_IS_UP) ? -1 : 1);
    else if (edit_event(&b->edit, e)) typed(b);
    return true;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static void click(App *app, Browse *b, const Event *e) {
    int row = e->y - b->rows_at.y;
    if (e->x >= b->rows_at.x + b->rows_at.w || row < 0 || row >= b->page.count) return;
    b->cursor = row;
    b->detail_focused = false;
    const Record *r = browse_current(b);
    if (e->twice && r) open_record(app, r->entity, r->id);
}

static void open_current(App *app, Browse *b) {
    const DetailLine *line = b->detail_focused ? detail_current(&b->detail) : NULL;
    const Record *r = browse_current(b);
    if (line) open_record(app, line->link, line->id);
    else if (r) open_record(app, r->entity, r->id);
}

bool browse_event(App *app, Browse *b, const Event *e) {
    if (b->typing != TYPING_NOTHING) return typing_event(b, e);
    if (b->detail_focused && detail_event(&b->detail, e, b->side_height)) return true;
    if (e->kind == EVENT_WHEEL) rows_move(b, e->lines);
    else if (e->kind == EVENT_CLICK) click(app, b, e);
    else if (key_matches("Down j", e)) rows_move(b, 1);
    else if (key_matches("Up k", e)) rows_move(b, -1);
    else if (key_matches("PgDn ^F", e)) rows_move(b, b->height > 1 ? b->height - 1 : 1);
    else if (key_matches("PgUp ^B", e)) rows_move(b, b->height > 1 ? 1 - b->height : -1);
    else if (key_matches("Home", e)) browse_go(b, PLACE_START);
    else if (key_matches("End", e)) browse_go(b, PLACE_END);
    else if (key_matches("Enter Right l", e)) open_current(app, b);
    else if (key_matches("Esc", e) && b->detail_focused) b->detail_focused = false;
    else if (key_matches("Esc", e) && b->mark_count) browse_unmark(b);
    else if (key_matches("Esc", e) && *b->search) {
        *b->search = 0;
        browse_set_filter(b, b->filter);
    } else return false;
    return true;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static Browse *of(View *v) {
    return v->state;
}

static bool has_row(View *v) {
    return of(v)->page.count > 0;
}

static void run_open(View *v) {
    open_current(v->app, of(v));
}

static void run_search(View *v) {
    start_typing(of(v), TYPING_SEARCH);
}

static void run_filter(View *v) {
    start_typing(of(v), TYPING_FILTER);
}

static bool has_filter(View *v) {
    return *of(v)->filter || *of(v)->search;
}

static void run_clear_filter(View *v) {
    *of(v)->search = 0;
    browse_set_filter(of(v), "");
}

static void run_mine(View *v) {
    Browse *b = of(v);
    int site = service_actor(v->app->service)->site;
    char own[32];
    if (site < 0) return;
    snprintf(own, sizeof own, "region:%s", site_code(site));
    browse_set_filter(b, !strcmp(b->filter, own) ? "" : own);
}

static void run_mark(View *v) {
    Browse *b = of(v);
    const Record *r = browse_current(b);
    int at = 0;
    while (at < b->mark_count && b->marks[at] != r->id) {
        at++;
    }
    if (at < b->mark_count) b->marks[at] = b->marks[--b->mark_count];
    else if (b->mark_count < BROWSE_MARKS) b->marks[b->mark_count++] = r->id;
    else app_say(v->app, STYLE_SOON, _("No more than %d can be marked."), BROWSE_MARKS);
    b->marked = NULL;
    rows_move(b, 1);
}

static void run_mark_all(View *v) {
    Browse *b = of(v);
    for (int i = 0; i < b->page.count && b->mark_count < BROWSE_MARKS; i++) {
        if (!is_marked(b, b->page.rows[i]->id)) b->marks[b->mark_count++] = b->page.rows[i]->id;
    }
    b->marked = NULL;
}

static void run_new(View *v) {
    Browse *b = of(v);
    act_add(v->app, b->entity, NULL, 0);
}

static bool can_add(View *v) {
    return !of(v)->entity->reference && of(v)->entity != &entity_allocation;
}

static bool can_edit(View *v) {
    Command c;
    const Record **records;
    if (!browse_records(of(v), &records) || !command_find("set", of(v)->entity, &c)) return false;
    return command_allowed(&c, service_actor(v->app->service), records[0], NULL) == STATUS_OK;
}

static void run_edit(View *v) {
    Command c;
    const Record **records;
    int count = browse_records(of(v), &records);
    if (count && command_find("set", of(v)->entity, &c)) act_begin(v->app, &c, records, count);
}

static void run_focus(View *v) {
    of(v)->detail_focused = !of(v)->detail_focused;
}

void browse_look(App *app, Browse *b) {
    if (b->detail_shown) detail_look(&b->detail, app);
}

static bool has_detail(View *v) {
    return of(v)->detail_shown && of(v)->page.count;
}

static bool has_bookings(View *v) {
    const Entity *entity = of(v)->entity;
    return has_row(v) && (entity == &entity_offer || entity == &entity_request || entity == &entity_allocation);
}

static void run_bookings(View *v) {
    const Record *r = browse_current(of(v));
    if (r) open_bookings(v->app, r->entity, r->id);
}

/* --- sorting ------------------------------------------------------------------------------------------------------- */

static void sort_source(void *context, const char *typed_text, Arena *arena, PickerItem **items, int *count) {
    const Entity *entity = ((Browse *)context)->entity;
    *items = arena_array(arena, (size_t)entity->field_count, sizeof **items);
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        if (!(f->flags & FIELD_LISTED) || !folded_match(typed_text, _(f->label))) continue;
        (*items)[(*count)++] = (PickerItem){.code = f->name, .label = _(f->label), .value = i};
    }
}

static void sort_chosen(App *app, void *context, const PickerItem *item) {
    Browse *b = context;
    char sort[80];
    const char *now = *b->sort ? b->sort : b->entity->sort;
    (void)app;
    snprintf(sort, sizeof sort, "%s%s", strcmp(now, item->code) ? "" : "-", item->code);
    browse_set_sort(b, sort);
}

static void run_sort(View *v) {
    const PickRequest request = {.title = _("Sort by (again: the other way round)"),
                                 .source = sort_source,
                                 .chosen = sort_chosen,
                                 .context = of(v)};
    pick(v->app, &request);
}

const Action browse_actions[] = {
    {"open", N_("open"), N_("Opens the record in full."), "Enter", 1, run_open, has_row},
    {"search", N_("search"), N_("Finds words as you type, in titles, texts and codes; accents do not matter."), "/", 10,
     run_search, NULL},
    {"filter", N_("filter"), N_("Narrows the list: region:SMA stage:pilot due<+2w budget>1000000 -state:stopped"), "f",
     40, run_filter, NULL},
    {"clear-filter", N_("all"), N_("Clears filter and search."), "F", 42, run_clear_filter, has_filter},
    {"mine", N_("mine"), N_("Only your own institute's, or all again."), "i", 0, run_mine, NULL},
    {"sort", N_("sort"), N_("Sorts by another column, or the other way round."), "s", 45, run_sort, NULL},
    {"mark", N_("mark"), N_("Marks the record; verbs are then for all marked ones."), "Space", 50, run_mark, has_row},
    {"mark-all", N_("mark all"), N_("Marks all records in sight."), "*", 0, run_mark_all, has_row},
    {"new", N_("new"), N_("Makes a record."), "n", 12, run_new, can_add},
    {"edit", N_("edit"), N_("Edits the record, or one field of all marked ones."), "e", 14, run_edit, can_edit},
    {"weeks", N_("weeks"), N_("What is booked, week by week."), "w", 30, run_bookings, has_bookings},
    {"detail", N_("detail"), N_("Goes to the detail beside the list, and back."), "Tab", 55, run_focus, has_detail},
    {0},
};
