/* The dashboard: where the network stands (the map of the regions, by a measure), one region in figures, what wants
 * attention now at the institute acted for, and what just happened. */
#include "panels/attention_rows.h"
#include "panels/detail.h"
#include "panels/region_figures.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"
#include "model/geography.h"
#include "widgets/map.h"

#include <stdio.h>
#include <string.h>

enum {
    ATTENTION_MOST = 100,
    FEED_MOST = 20,
    WIDE_FROM = 110,
    TALL_FROM = 30,
    TILES_W = 38,
    TILES_H = 9,
    LEGEND_AT = 22,
    LEGEND_H = 4,
    SITE_AT_FIRST = 4
};

/* Code, blank and value; one width for a measure, so that labels do not wander. */
static const int label_widths[MEASURE_COUNT] = {
    [MEASURE_LATE] = 6, [MEASURE_PROJECTS] = 7, [MEASURE_LOAD] = 7, [MEASURE_BALANCE] = 9};

typedef struct Dashboard {
    Map *map;
    int map_w, map_h;
    MapView view;
    int region; /* the selected one, 1 to 12 */
    Measure measure;
    RegionName names[SITE_COUNT];
    Arena arena; /* of what follows */
    Attention *items;
    int item_count, cursor, top, item_lines;
    JournalEntry *feed;
    int feed_count;
    bool loaded, on_list, wide;
    bool mapless; /* too little room: the list is all there is */
    int site;     /* acted for when the region was last chosen for it */
    Rect map_at, list_at;
    Arena record_arena;
    const Record *record; /* of the item at the cursor */
    int record_of;
} Dashboard;

/* --- opening and reading ------------------------------------------------------------------------------------------ */

static void make_map(View *v) {
    Dashboard *d = v->state;
    const Geography *geography;
    MapShape shapes[SITE_COUNT - 1];
    Error e = {0};
    if (geography_load(&v->arena, &geography, &e) != STATUS_OK) {
        app_fail(v->app, &e);
        return;
    }
    for (int site = 1; site < SITE_COUNT; site++) {
        shapes[site - 1] = (MapShape){.id = site,
                                      .rings = geography->sites[site].rings,
                                      .ring_count = geography->sites[site].count,
                                      .tile = geography_tiles[site],
                                      .label_width = label_widths[MEASURE_LATE]};
    }
    d->map = map_new(shapes, SITE_COUNT - 1);
}

static void dashboard_open(View *v) {
    Dashboard *d = v->state;
    d->site = -1;
    d->region = SITE_AT_FIRST;
    d->record_of = -1;
    load_region_names(v->app, &v->arena, d->names);
    make_map(v);
}

static void dashboard_close(View *v) {
    Dashboard *d = v->state;
    map_free(d->map);
    arena_free(&d->arena);
    arena_free(&d->record_arena);
}

static void dashboard_reload(View *v) {
    Dashboard *d = v->state;
    int site = service_actor(v->app->service)->site;
    /* The map goes to the region that one acts for now; ROOT looks where it looked. */
    if (site != d->site && site > 0) d->region = site;
    if (site != d->site) d->cursor = d->top = 0;
    d->site = site;
    d->loaded = false;
    d->record_of = -1;
    v->app->acted = false;
}

static int own_site(App *app) {
    int site = service_actor(app->service)->site;
    return site >= 0 ? site : 0;
}

/* After the first picture: what wants attention, then what just happened. */
static bool dashboard_work(View *v) {
    Dashboard *d = v->state;
    Error e = {0};
    if (d->loaded) return false;
    arena_reset(&d->arena);
    d->item_count = d->feed_count = 0;
    if (service_attention(v->app->service, &d->arena, own_site(v->app), ATTENTION_MOST, &d->items, &d->item_count,
                          &e) != STATUS_OK)
        app_fail(v->app, &e);
    JournalQuery q = {.site = -1, .limit = FEED_MOST};
    if (service_journal(v->app->service, &d->arena, &q, &d->feed, &d->feed_count, &e) != STATUS_OK) d->feed_count = 0;
    if (d->cursor >= d->item_count) d->cursor = d->item_count ? d->item_count - 1 : 0;
    d->loaded = true;
    d->record_of = -1;
    v->app->dirty = true;
    return true;
}

/* --- the map ------------------------------------------------------------------------------------------------------ */

static void draw_label(App *app, const Dashboard *d, Rect at, int site) {
    MapLabel label = map_label(d->map, site);
    char value[16];
    if (!label.width) return;
    Style style = measure_text(d->measure, &app_figures(app)->region[site], app->projects_known, value);
    bool here = site == d->region;
    Style selected = d->on_list ? STYLE_CURRENT : STYLE_SELECTED;
    int y = at.y + label.y, x = at.x + label.x;
    if (here) {
        int w = 4 + text_width(value, strlen(value));
        draw_fill((Rect){y, x - 1, 1, w + 2}, selected);
        if (!d->on_list) draw_cursor(y, x);
    }
    draw_string(y, x, 4, here ? selected : STYLE_STRONG, site_code(site));
    draw_string(y, x + 4, label.width - 4 > 5 ? label.width - 4 : 5, here ? selected : style, value);
}

static void draw_map(View *v, Rect r) {
    Dashboard *d = v->state;
    if (!d->map) return;
    MapView view = map_fits(r.w, r.h) ? MAP_OUTLINES : MAP_TILES;
    if (d->map_w != r.w || d->map_h != r.h || d->view != view) {
        map_layout(d->map, view, r.w, r.h);
        d->map_w = r.w;
        d->map_h = r.h;
        d->view = view;
    }
    map_select(d->map, d->region);
    d->map_at = r;
    for (int y = 0; y < r.h && view == MAP_OUTLINES; y++) {
        for (int x = 0; x < r.w; x++) {
            MapCell cell = map_cell(d->map, x, y);
            if (cell.braille == ' ') continue;
            draw_point(r.y + y, r.x + x, cell.shape == d->region ? STYLE_ACCENT : STYLE_RULE, cell.braille, cell.ascii);
        }
    }
    for (int site = 1; site < SITE_COUNT; site++) {
        draw_label(v->app, d, r, site);
    }
}

/* --- attention ---------------------------------------------------------------------------------------------------- */

static int text_columns(const char *text) {
    return text_width(text, strlen(text));
}

/* The title of a part of the screen, standing out where the keys go to it. */
static void part_title(int y, int x, int w, const char *title, const char *more, bool focused) {
    draw_title(y, x, w, title, more);
    if (focused) draw_over((Rect){y, x, 1, text_columns(title)}, STYLE_ACCENT);
}

static void draw_attention(View *v, Rect r) {
    Dashboard *d = v->state;
    char count[24] = "";
    if (d->loaded) snprintf(count, sizeof count, "%d%s", d->item_count, d->item_count == ATTENTION_MOST ? "+" : "");
    part_title(r.y, r.x + 1, r.w - 1, _("To deal with"), count, d->on_list);
    d->item_lines = d->wide ? 2 : 1;
    Rect list = {r.y + 1, r.x, r.h - 1, r.w};
    d->list_at = list;
    int room = list.h / d->item_lines;
    if (d->cursor < d->top) d->top = d->cursor;
    if (d->cursor >= d->top + room) d->top = d->cursor - room + 1;
    int shown = d->item_count - d->top < room ? d->item_count - d->top : room;
    const AttentionColumns columns = attention_columns(shown ? &d->items[d->top] : NULL, shown, list.w, d->item_lines);
    for (int i = 0; i < shown; i++) {
        bool here = d->top + i == d->cursor && d->on_list;
        int y = list.y + i * d->item_lines;
        draw_attention_row(&d->items[d->top + i], y, list, &columns, here);
        if (here) draw_cursor(y, list.x);
    }
    if (d->loaded && !d->item_count)
        draw_wrapped((Rect){list.y, list.x + 1, list.h, list.w - 2}, STYLE_DIM,
                     _("Nothing waits for you. Requests to answer, late milestones, needs to qualify and offers that "
                       "end show here. Enter opens the region, 3 the projects, 5 the needs."));
    draw_more((Rect){list.y, list.x, list.h, list.w - 1}, d->top > 0, d->top + shown < d->item_count);
}

/* --- the feed ----------------------------------------------------------------------------------------------------- */

/* "submitted"; of a verb that says more than where the record stands, that: the stage after a gate. */
static void say_entry(const JournalEntry *e, const CodeBook *book, Buffer *said) {
    const Arrow *arrow = entity_arrow(e->entity, e->verb);
    int field = arrow && arrow->shows ? entity_field(e->entity, arrow->shows, strlen(arrow->shows)) : -1;
    if (field >= 0 && e->after) value_show(said, &e->entity->fields[field], &e->after->values[field], book);
    else buffer_add_string(said, service_said(e->entity, e->verb));
}

static void draw_feed(View *v, Rect r) {
    enum { SAID_AT = 26, TITLE_AT = 38 };
    Dashboard *d = v->state;
    const CodeBook *book = service_codes(v->app->service);
    draw_title(r.y, r.x + 1, r.w - 1, _("Just now in the network"), "");
    for (int i = 0; i < d->feed_count && i < r.h - 1; i++) {
        const JournalEntry *e = &d->feed[i];
        const Record *any = e->after ? e->after : e->before;
        Buffer at = {0}, code = {0}, said = {0}, change = {0};
        if (!any) continue;
        instant_show(&at, e->at, strlen(e->at), app_today());
        record_code(any, NULL, &code);
        if (entity_arrow(e->entity, e->verb) || !e->before || !e->after) {
            say_entry(e, book, &said);
            record_title(any, &change);
        } else change_text(e, book, &change);
        draw_string(r.y + 1 + i, r.x + 1, 12, STYLE_DIM, at.bytes);
        draw_string(r.y + 1 + i, r.x + 15, 10, STYLE_STRONG, code.bytes);
        draw_string(r.y + 1 + i, r.x + SAID_AT, TITLE_AT - SAID_AT - 1, STYLE_TEXT, buffer_string(&said));
        int x = said.size ? TITLE_AT : SAID_AT;
        draw_string(r.y + 1 + i, r.x + x, r.w - x - 1, STYLE_TEXT, buffer_string(&change));
        buffer_free(&said);
        buffer_free(&at);
        buffer_free(&code);
        buffer_free(&change);
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void draw_region_pane(View *v, Rect r) {
    const Dashboard *d = v->state;
    const RegionName *name = &d->names[d->region];
    char more[120];
    Buffer people = {0};
    number_show(&people, name->population, 0);
    snprintf(more, sizeof more, "%s %s %s %s", name->seat, draw_symbol("·", "-"), people.bytes, _("inh."));
    if (text_columns(name->name) + 1 + text_columns(more) > r.w)
        snprintf(more, sizeof more, "%s %s", people.bytes, _("inh."));
    draw_title(r.y, r.x, r.w, name->name, more);
    draw_region(v->app, d->region, (Rect){r.y + 1, r.x, r.h - 1, r.w});
    buffer_free(&people);
}

static void draw_wide(View *v, Rect r) {
    Dashboard *d = v->state;
    int left = r.w * 42 / 100, x = r.x + left + 1, w = r.w - left - 2;
    part_title(r.y + 1, r.x + 1, left - 2, measure_label(d->measure), _("by region"), !d->on_list);
    draw_map(v, (Rect){r.y + 2, r.x + 1, r.h - 4, left - 2});
    measure_legend(d->measure, (Rect){r.y + r.h - 1, r.x + 1, 1, left - 2}, false);
    draw_bar(r.y + 1, r.x + left, r.h - 1, STYLE_RULE);
    draw_region_pane(v, (Rect){r.y + 1, x + 1, 12, w - 1});
    int y = r.y + 14, feed = r.h >= 40 ? 9 : 6, list = r.h - 14 - feed;
    draw_attention(v, (Rect){y, x, list, w});
    draw_feed(v, (Rect){y + list, x, feed, w});
}

static void draw_narrow(View *v, Rect r) {
    Dashboard *d = v->state;
    int top = TILES_H + 1;
    part_title(r.y, r.x + 1, TILES_W, measure_label(d->measure), "", !d->on_list);
    draw_map(v, (Rect){r.y + 1, r.x + 1, TILES_H, TILES_W});
    /* The south-east is empty: no region lies there. */
    measure_legend(d->measure, (Rect){r.y + 1 + TILES_H - LEGEND_H, r.x + 1 + LEGEND_AT, LEGEND_H, TILES_W - LEGEND_AT},
                   true);
    draw_bar(r.y, r.x + TILES_W + 1, top, STYLE_RULE);
    draw_region_pane(v, (Rect){r.y, r.x + TILES_W + 3, top, r.w - TILES_W - 4});
    draw_attention(v, (Rect){r.y + top, r.x, r.h - top, r.w});
}

static void dashboard_draw(View *v, Rect r) {
    Dashboard *d = v->state;
    d->wide = r.w >= WIDE_FROM && r.h >= TALL_FROM;
    d->mapless = r.h < TILES_H + 6;
    if (d->mapless) d->on_list = true;
    if (d->wide) draw_wide(v, r);
    else if (!d->mapless) draw_narrow(v, r);
    else draw_attention(v, r);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static void walk(Dashboard *d, MapDirection direction) {
    int to = d->map ? map_neighbour(d->map, d->region, direction) : 0;
    if (to) d->region = to;
}

static void walk_list(Dashboard *d, int by) {
    d->on_list = true;
    d->cursor += by;
    if (d->cursor >= d->item_count) d->cursor = d->item_count - 1;
    if (d->cursor < 0) d->cursor = 0;
}

static void open_here(View *v) {
    Dashboard *d = v->state;
    if (d->loaded && !d->item_count) open_region(v->app, d->mapless ? own_site(v->app) : d->region);
    else if (!d->on_list) open_region(v->app, d->region);
    else if (d->cursor < d->item_count) {
        const Attention *a = &d->items[d->cursor];
        if (a->kind == ATTENTION_ASKED || a->kind == ATTENTION_FREED || a->kind == ATTENTION_COULD)
            open_fit(v->app, a->id);
        else if (a->kind == ATTENTION_LATE_MILESTONE)
            open_record_at(v->app, &entity_project, a->about, a->entity, a->id);
        else open_record(v->app, a->entity, a->id);
    }
}

static bool click(View *v, const Event *e) {
    Dashboard *d = v->state;
    Rect m = d->map_at, l = d->list_at;
    if (d->map && e->y >= m.y && e->y < m.y + m.h && e->x >= m.x && e->x < m.x + m.w) {
        int site = map_at(d->map, e->x - m.x, e->y - m.y);
        if (site) d->region = site;
        d->on_list = false;
    } else if (e->y >= l.y && e->y < l.y + l.h && e->x >= l.x && d->item_lines) {
        int item = d->top + (e->y - l.y) / d->item_lines;
        if (item >= d->item_count) return true;
        d->cursor = item;
        d->on_list = true;
    } else return false;
    if (e->twice) open_here(v);
    return true;
}

static bool dashboard_event(View *v, const Event *e) {
    Dashboard *d = v->state;
    if (e->kind == EVENT_CLICK) return click(v, e);
    if (e->kind == EVENT_WHEEL) walk_list(d, e->lines > 0 ? 1 : -1);
    else if (key_matches("j", e)) walk_list(d, d->on_list);
    else if (key_matches("k", e)) walk_list(d, -1);
    else if (d->on_list && key_matches("Down", e)) walk_list(d, 1);
    else if (d->on_list && key_matches("Up", e)) walk_list(d, -1);
    else if (d->on_list && key_matches("PgDn", e)) walk_list(d, 8);
    else if (d->on_list && key_matches("PgUp", e)) walk_list(d, -8);
    else if (d->on_list && key_matches("Home", e)) walk_list(d, -d->item_count);
    else if (d->on_list && key_matches("End", e)) walk_list(d, d->item_count);
    else if (d->on_list && key_matches("Esc", e)) d->on_list = false;
    else if (key_matches("Up", e)) walk(d, MAP_UP);
    else if (key_matches("Down", e)) walk(d, MAP_DOWN);
    else if (key_matches("Left h", e)) walk(d, MAP_LEFT);
    else if (key_matches("Right l", e)) walk(d, MAP_RIGHT);
    else return false;
    return true;
}

/* The record of the item one is on, so that it can be dealt with at once. */
static int dashboard_records(View *v, const Record ***out) {
    Dashboard *d = v->state;
    if (!d->on_list || d->cursor >= d->item_count) return 0;
    if (d->record_of != d->cursor) {
        Record *r = NULL;
        arena_reset(&d->record_arena);
        const Attention *a = &d->items[d->cursor];
        d->record =
            service_record_of_id(v->app->service, &d->record_arena, a->entity, a->id, &r, NULL) == STATUS_OK ? r : NULL;
        d->record_of = d->cursor;
    }
    *out = &d->record;
    return d->record != NULL;
}

static void run_measure(View *v) {
    Dashboard *d = v->state;
    d->measure = (Measure)((d->measure + 1) % MEASURE_COUNT);
    for (int site = 1; d->map && site < SITE_COUNT; site++) {
        map_label_width(d->map, site, label_widths[d->measure]);
    }
    d->map_w = 0;
}

static bool has_map(View *v) {
    return !((Dashboard *)v->state)->mapless;
}

static void run_switch(View *v) {
    Dashboard *d = v->state;
    d->on_list = !d->on_list;
}

/* Of the region whose figures are shown; where there is no map, of one's own institute. */
static void run_statement(View *v) {
    const Dashboard *d = v->state;
    open_statement(v->app, d->mapless ? own_site(v->app) : d->region, NULL);
}

static const Action dashboard_actions[] = {
    {"open", N_("open"), N_("Opens the region, or what wants attention."), "Enter", 1, open_here, NULL},
    {"measure", N_("measure"),
     N_("Colours the map by another measure: late, active projects, load, lent less borrowed."), "m", 15, run_measure,
     has_map},
    {"switch", N_("map/list"), N_("Goes from the map to what wants attention, and back."), "Tab BTab", 5, run_switch,
     has_map},
    {"statement", N_("statement"), N_("What the region offered, lent and borrowed, with its balance."), "S", 0,
     run_statement, NULL},
    {0},
};

const Panel panel_dashboard = {.name = "dashboard",
                               .label = N_("Dashboard"),
                               .size = sizeof(Dashboard),
                               .actions = dashboard_actions,
                               .open = dashboard_open,
                               .close = dashboard_close,
                               .reload = dashboard_reload,
                               .draw = dashboard_draw,
                               .event = dashboard_event,
                               .work = dashboard_work,
                               .records = dashboard_records};
