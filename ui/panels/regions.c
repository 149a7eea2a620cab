/* The regions: the institutes and ROOT in figures, side by side. */
#include "panels/region_figures.h"

#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

typedef struct Regions {
    RegionName names[SITE_COUNT];
    int cursor;
    Rect at;
} Regions;

typedef struct RegionColumn {
    const char *heading;
    int w, rank; /* the highest rank leaves first */
} RegionColumn;

enum { NAME_W = 26, LENDS = 7, COLUMNS = 9 };
static const RegionColumn columns[COLUMNS] = {
    {N_("Inhabitants"), 12, 6}, {N_("Projects"), 9, 0}, {N_("Late"), 6, 0},
    {N_("Needs"), 6, 1},        {N_("Urgent"), 7, 5},   {N_("Requests"), 9, 2},
    {N_("Load"), 6, 0},         {N_("Lends"), 9, 3},    {N_("Borrows"), 9, 4},
};

static void regions_open(View *v) {
    Regions *s = v->state;
    int site = service_actor(v->app->service)->site;
    s->cursor = site >= 0 ? site : 0;
}

static Style cell(App *app, const Regions *s, int site, int column, Buffer *text) {
    const RegionFigures *f = &app_figures(app)->region[site];
    const CapacityFigures *gpu = &f->capacity[KIND_GPU_HOUR];
    int percent = load_percent(gpu);
    int64_t number = 0;
    int scale = 0;
    Style style = STYLE_TEXT;
    switch (column) {
    case 0: number = s->names[site].population; break;
    case 1: number = app->projects_known ? f->projects : 0; break;
    case 2:
        number = app->projects_known ? f->late : 0;
        style = number >= 4 ? STYLE_LATE : STYLE_SOON;
        break;
    case 3: number = f->needs_open; break;
    case 4:
        number = f->needs_urgent;
        style = STYLE_SOON;
        break;
    case 5: number = f->requests_open; break;
    case 6:
        if (percent >= 0) buffer_format(text, "%d %%", percent);
        style = percent >= 90 ? STYLE_LATE : percent >= 60 ? STYLE_SOON : STYLE_GOOD;
        break;
    case 7:
        number = gpu->lent;
        scale = 3;
        break;
    default:
        number = gpu->borrowed;
        scale = 3;
        break;
    }
    if (number) number_show(text, number, scale);
    if (text->size) return style;
    buffer_add_string(text, draw_symbol("·", "."));
    return STYLE_DIM;
}

/* Which columns there is room for. */
static unsigned fitting(int w) {
    unsigned kept = (1u << COLUMNS) - 1;
    for (int rank = 9; rank > 0; rank--) {
        int total = NAME_W + 6;
        for (int i = 0; i < COLUMNS; i++) {
            if (kept >> i & 1) total += columns[i].w + 1;
        }
        if (total <= w) break;
        for (int i = 0; i < COLUMNS; i++) {
            if (columns[i].rank == rank) kept &= ~(1u << i);
        }
    }
    return kept;
}

static void draw_site(App *app, const Regions *s, int site, int y, Rect r, unsigned kept) {
    bool here = site == s->cursor;
    Style strong = here ? STYLE_SELECTED : STYLE_STRONG, plain = here ? STYLE_SELECTED : STYLE_TEXT;
    Buffer text = {0};
    if (here) {
        draw_fill((Rect){y, r.x, 1, r.w}, STYLE_SELECTED);
        draw_cursor(y, r.x);
    }
    draw_string(y, r.x + 1, 4, strong, site_code(site));
    draw_string(y, r.x + 6, NAME_W, plain, s->names[site].name);
    for (int i = 0, x = r.x + 6 + NAME_W; i < COLUMNS; i++) {
        if (!(kept >> i & 1)) continue;
        buffer_clear(&text);
        Style style = cell(app, s, site, i, &text);
        draw_right(y, x, columns[i].w, here ? STYLE_SELECTED : style, text.bytes);
        x += columns[i].w + 1;
    }
    buffer_free(&text);
}

static void regions_draw(View *v, Rect r) {
    Regions *s = v->state;
    unsigned kept = fitting(r.w);
    draw_string(r.y, r.x + 1, r.w, STYLE_STRONG, _("The institutes side by side"));
    draw_right(r.y, r.x + r.w / 2, r.w / 2 - 1, STYLE_DIM,
               kept >> LENDS & 1 ? _("load, lends, borrows: GPU hours this week") : _("load: GPU hours this week"));
    draw_string(r.y + 1, r.x + 6, NAME_W, STYLE_DIM, _("Region"));
    for (int i = 0, x = r.x + 6 + NAME_W; i < COLUMNS; i++) {
        if (!(kept >> i & 1)) continue;
        draw_right(r.y + 1, x, columns[i].w, STYLE_DIM, _(columns[i].heading));
        x += columns[i].w + 1;
    }
    s->at = (Rect){r.y + 2, r.x, SITE_COUNT, r.w};
    int top = s->cursor >= r.h - 2 ? s->cursor - r.h + 3 : 0;
    for (int i = 0; i < r.h - 2 && top + i < SITE_COUNT; i++) {
        draw_site(v->app, s, top + i, r.y + 2 + i, r, kept);
    }
    int y = r.y + 2 + SITE_COUNT + 1;
    if (y + 8 > r.y + r.h) return;
    draw_title(y, r.x + 1, r.w - 2, s->names[s->cursor].name, s->names[s->cursor].seat);
    draw_region(v->app, s->cursor, (Rect){y + 1, r.x + 1, r.y + r.h - y - 1, r.w - 2 < 80 ? r.w - 2 : 80});
}

static bool regions_event(View *v, const Event *e) {
    Regions *s = v->state;
    if (!event_clicks(e, s->at)) return walk_event(&s->cursor, SITE_COUNT, SITE_COUNT, e);
    if (e->y - s->at.y < SITE_COUNT) s->cursor = e->y - s->at.y;
    if (e->twice) open_region(v->app, s->cursor);
    return true;
}

static void run_open(View *v) {
    open_region(v->app, ((Regions *)v->state)->cursor);
}

static void run_calendar(View *v) {
    open_calendar(v->app, 0, ((Regions *)v->state)->cursor);
}

static void run_statement(View *v) {
    open_statement(v->app, ((Regions *)v->state)->cursor, NULL);
}

/* After each change of anything: the names that were there are let go. */
static void regions_reload(View *v) {
    arena_reset(&v->arena);
    load_region_names(v->app, &v->arena, ((Regions *)v->state)->names);
}

static const Action regions_actions[] = {
    {"open", N_("open"), N_("Opens the region's page."), "Enter Right l", 1, run_open, NULL},
    {"calendar", N_("calendar"), N_("What it lends, week by week, and who has booked it."), "C", 20, run_calendar,
     NULL},
    {"statement", N_("statement"), N_("What it offered, lent and borrowed, with its balance."), "S", 22, run_statement,
     NULL},
    {0},
};

const Panel panel_regions = {.name = "regions",
                             .label = N_("Regions"),
                             .size = sizeof(Regions),
                             .actions = regions_actions,
                             .open = regions_open,
                             .reload = regions_reload,
                             .draw = regions_draw,
                             .event = regions_event};
