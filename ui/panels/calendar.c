/* The calendar of capacity: regions or offers of one kind by week or month, how much of each is booked, and under the
 * cursor who has booked what. What is read reaches half a year beyond what is shown, so that walking reads seldom. */
#include "panels/calendar_view.h"

#include "base/date.h"

#include <stdio.h>

enum { AROUND = 26, FIRST_WEEK = 0, LAST_WEEK = 10000 };

/* --- columns ------------------------------------------------------------------------------------------------------ */

void calendar_column_weeks(const CalendarView *c, int column, int *first, int *last) {
    *first = *last = column;
    if (c->months) calendar_month_weeks(column, first, last);
}

static int column_of_week(const CalendarView *c, int week) {
    return c->months ? calendar_month(week) : week;
}

int calendar_this_column(const CalendarView *c) {
    return column_of_week(c, week_of_date(app_today()));
}

static void set_bounds(CalendarView *c) {
    c->map.least = column_of_week(c, FIRST_WEEK);
    c->map.most = column_of_week(c, LAST_WEEK);
}

void calendar_column_text(const CalendarView *c, int column, Buffer *b) {
    char week[WEEK_SIZE];
    week_write(c->months ? 0 : column, week);
    if (c->months) buffer_add_string(b, month_name(column % 12 + 1));
    else buffer_format(b, _("W%s"), week + 6);
}

int calendar_column_year(const CalendarView *c, int column) {
    return c->months ? column / 12 : date_civil(date_of_week(column) + 3).year;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static int64_t line_id(const CalendarView *c, int line) {
    return c->by_offer && c->read && line < c->rows.offer_count ? c->rows.offers[line].id : -1;
}

/* The line of an offer, else the first of a site at or after `site`. */
static int line_of(const CalendarView *c, int64_t offer, int site) {
    for (int i = 0; i < c->rows.offer_count; i++) {
        if (c->rows.offers[i].id == offer) return i;
    }
    for (int i = 0; i < c->rows.offer_count; i++) {
        if (c->rows.offers[i].site >= site) return i;
    }
    return 0;
}

static int line_site(const CalendarView *c, int line) {
    if (!c->by_offer) return line;
    return c->read && line < c->rows.offer_count ? c->rows.offers[line].site : 0;
}

static void forget(CalendarView *c) {
    c->cell_line = c->cell_column = -1;
    c->items.count = 0;
}

static void read_rows(View *v, int first, int last) {
    CalendarView *c = v->state;
    int64_t offer = line_id(c, c->map.line);
    int site = c->site >= 0 ? c->site : line_site(c, c->map.line);
    c->site = -1;
    arena_reset(&c->arena);
    c->error = (Error){0};
    c->stale = false;
    c->read = service_capacity(v->app->service, &c->arena, c->kind, first, last, &c->rows, &c->error) == STATUS_OK;
    if (!c->read) c->rows = (CapacityRows){.first = first, .last = last};
    c->grid = calendar_compute(&c->arena, &c->rows, c->by_offer);
    c->map.lines = c->grid->lines;
    c->map.code_width = c->by_offer ? 9 : 4;
    c->map.line = c->by_offer ? line_of(c, offer, site) : site;
    forget(c);
}

/* Before it is drawn: what is in sight has been read. */
void calendar_read_shown(View *v, Rect at) {
    CalendarView *c = v->state;
    int first, last, unused;
    heatmap_scroll(&c->map, at);
    calendar_column_weeks(c, c->map.left, &first, &unused);
    calendar_column_weeks(c, c->map.left + c->map.width - 1, &unused, &last);
    if (c->grid && c->read && !c->stale && first >= c->rows.first && last <= c->rows.last) return;
    read_rows(v, first - AROUND, last + AROUND);
    heatmap_scroll(&c->map, at);
}

/* Who has booked the cell at the cursor. */
void calendar_find_items(CalendarView *c) {
    int first, last;
    if (c->cell_line == c->map.line && c->cell_column == c->map.column) return;
    c->cell_line = c->map.line;
    c->cell_column = c->map.column;
    calendar_column_weeks(c, c->map.column, &first, &last);
    /* Of no offer where there is none on the line. */
    int64_t offer = c->by_offer ? line_id(c, c->map.line) : -1;
    calendar_items_find(&c->items, &c->rows, offer, c->by_offer && offer < 0 ? -1 : c->map.line, first, last);
    if (!c->items.count) c->on_list = false;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static bool calendar_event(View *v, const Event *e) {
    CalendarView *c = v->state;
    if (c->on_list && e->kind == EVENT_KEY) {
        if (!key_matches("Esc Left h", e)) return calendar_items_event(&c->items, e);
        c->on_list = false;
        return true;
    }
    if (!heatmap_event(&c->map, e)) return false;
    c->on_list = false;
    return true;
}

static const CalendarItem *current(View *v) {
    CalendarView *c = v->state;
    calendar_find_items(c);
    return calendar_item(&c->items);
}

static void run_open(View *v) {
    CalendarView *c = v->state;
    const CalendarItem *b = current(v);
    char filter[80];
    if (b)
        open_record(v->app, b->allocation ? &entity_allocation : &entity_session,
                    b->allocation ? b->allocation : b->session);
    else if (c->by_offer && line_id(c, c->map.line) >= 0) open_record(v->app, &entity_offer, line_id(c, c->map.line));
    else if (!c->by_offer) {
        snprintf(filter, sizeof filter, "region:%s kind:%s", site_code(c->map.line),
                 choice_of_number(kind_choices, c->kind)->word);
        open_list(v->app, &entity_offer, filter);
    }
}

/* On the map, in a cell that one has booked, or several. */
static bool has_one(View *v) {
    const CalendarView *c = v->state;
    return current(v) && !c->on_list && c->items.count == 1;
}

static bool has_several(View *v) {
    const CalendarView *c = v->state;
    return current(v) && !c->on_list && c->items.count > 1;
}

static bool is_on_list(View *v) {
    return current(v) && ((CalendarView *)v->state)->on_list;
}

/* What is under the cursor is one thing. */
static bool has_what_opens(View *v) {
    return !has_several(v);
}

static bool has_request(View *v) {
    const CalendarItem *b = current(v);
    return b && b->request;
}

static bool has_offer(View *v) {
    CalendarView *c = v->state;
    return current(v) || line_id(c, c->map.line) >= 0;
}

static void run_list(View *v) {
    CalendarView *c = v->state;
    c->on_list = !c->on_list;
}

static void run_offer(View *v) {
    CalendarView *c = v->state;
    const CalendarItem *b = current(v);
    open_record(v->app, &entity_offer, b ? b->offer : line_id(c, c->map.line));
}

static void run_request(View *v) {
    open_record(v->app, &entity_request, current(v)->request);
}

static bool is_countable(View *v) {
    return kind_countable(((CalendarView *)v->state)->kind);
}

static void run_measure(View *v) {
    CalendarView *c = v->state;
    c->free_shown = !c->free_shown;
}

/* What is seen is read when it is drawn: each of these has it drawn anew before a key that was typed ahead for it. */

/* The same place, seen from nearer or farther. */
static void run_zoom(View *v) {
    CalendarView *c = v->state;
    int first, last, now = week_of_date(app_today());
    calendar_column_weeks(c, c->map.column, &first, &last);
    int week = now >= first && now <= last ? now : first;
    c->months = !c->months;
    set_bounds(c);
    int lead = c->map.width / 4;
    c->map.column = column_of_week(c, week);
    c->map.left = c->map.column - lead;
    forget(c);
    v->drawn = false;
}

static void run_lines(View *v) {
    CalendarView *c = v->state;
    c->site = line_site(c, c->map.line);
    c->by_offer = !c->by_offer;
    c->on_list = false;
    c->map.top = 0;
    c->read = false;
    v->drawn = false;
}

static void change_kind(View *v, int by) {
    CalendarView *c = v->state;
    c->site = line_site(c, c->map.line);
    c->kind = (c->kind - 1 + by + KIND_COUNT) % KIND_COUNT + 1;
    c->read = false;
    c->on_list = false;
    v->drawn = false;
}

static void run_next_kind(View *v) {
    change_kind(v, 1);
}

static void run_previous_kind(View *v) {
    change_kind(v, -1);
}

static void run_today(View *v) {
    CalendarView *c = v->state;
    heatmap_go(&c->map, c->map.line, calendar_this_column(c));
    c->map.left = c->map.column - 1;
    v->drawn = false;
}

static void move_year(View *v, int by) {
    CalendarView *c = v->state;
    int first, last;
    calendar_column_weeks(c, c->map.column, &first, &last);
    /* Fifty-two weeks and a day more or less: the same week of another year, or its neighbour. */
    int step = c->months ? 12 * by : 52 * by, was = c->map.column;
    heatmap_go(&c->map, c->map.line, was + step);
    c->map.left += c->map.column - was;
    v->drawn = false;
}

static void run_year_back(View *v) {
    move_year(v, -1);
}

static void run_year_on(View *v) {
    move_year(v, 1);
}

static void calendar_open(View *v) {
    CalendarView *c = v->state;
    load_region_names(v->app, &v->arena, c->names);
    if (c->site < 0) c->site = service_actor(v->app->service)->site > 0 ? service_actor(v->app->service)->site : 0;
    set_bounds(c);
    c->map.column = calendar_this_column(c);
    c->map.left = c->map.column - 1;
    c->map.lines = SITE_COUNT;
    c->map.line = c->site;
    forget(c);
}

static void calendar_reload(View *v) {
    CalendarView *c = v->state;
    c->stale = true;
    v->app->acted = false;
}

static void calendar_close(View *v) {
    CalendarView *c = v->state;
    arena_free(&c->arena);
    arena_free(&c->items.arena);
}

static const Action calendar_actions[] = {
    {"open", N_("open"), N_("Opens the allocation or session, or what is offered."), "Enter", 1, run_open,
     has_what_opens},
    {"who", N_("who"), N_("Goes to those who have booked the cell."), "Enter Tab", 1, run_list, has_several},
    {"who-alone", N_("who"), N_("Goes to who has booked the cell."), "Tab", 5, run_list, has_one},
    {"map", N_("calendar"), N_("Goes back from those who have booked the cell."), "Tab", 5, run_list, is_on_list},
    {"offer", N_("offer"), N_("Opens the offer that is booked, or that of the line."), "o", 25, run_offer, has_offer},
    {"request", N_("request"), N_("Opens the request it is booked for."), "r", 26, run_request, has_request},
    {"free", N_("free"), N_("Shows how much is booked in percent, or what is free."), "f", 10, run_measure,
     is_countable},
    {"zoom", N_("zoom"), N_("Weeks, or months."), "z + -", 12, run_zoom, NULL},
    {"by", N_("by offer"), N_("A line an offer, or a line a region."), "b", 14, run_lines, NULL},
    {"kind", N_("kind"), N_("The next kind of capacity."), "]", 11, run_next_kind, NULL},
    {"kind-before", N_("kind before"), N_("The kind before."), "[", 0, run_previous_kind, NULL},
    {"today", N_("today"), N_("Back to this week."), "t", 18, run_today, NULL},
    {"year-on", N_("year"), N_("A year on."), ">", 30, run_year_on, NULL},
    {"year-back", N_("year back"), N_("A year back."), "<", 0, run_year_back, NULL},
    {0},
};

static const Panel panel_calendar = {.name = "calendar",
                                     .label = N_("The calendar"),
                                     .size = sizeof(CalendarView),
                                     .actions = calendar_actions,
                                     .open = calendar_open,
                                     .close = calendar_close,
                                     .reload = calendar_reload,
                                     .draw = calendar_draw,
                                     .event = calendar_event};

void open_calendar(App *app, int kind, int site) {
    View *v = app_push(app, &panel_calendar);
    CalendarView *c = v->state;
    c->kind = kind > 0 && kind <= KIND_COUNT ? kind : KIND_GPU_HOUR;
    c->site = site;
    view_start(v);
}
