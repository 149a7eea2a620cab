/* The page of one region: what it has and does, and the lists that say more. */
#include "panels/detail.h"
#include "panels/region_figures.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

/* What can be looked at from a region's page: a list, with how many there are. %s is the region's code, %o what of the
 * entity is open. */
typedef struct RegionLink {
    const Entity *entity;
    const char *label, *filter;
} RegionLink;

static const RegionLink links[] = {
    {&entity_project, N_("Projects, active"), "region:%s state:active"},
    {&entity_project, N_("Projects, late"), "region:%s late:yes"},
    {&entity_project, N_("Projects, proposed"), "region:%s state:proposed"},
    {&entity_need, N_("Needs, to qualify"), "region:%s state:submitted"},
    {&entity_need, N_("Needs, open"), "region:%s %o"},
    {&entity_offer, N_("Offers, open"), "region:%s state:open"},
    {&entity_request, N_("Requests, open"), "region:%s state:submitted,approved,returned"},
    {&entity_allocation, N_("Lent to others"), "region:%s state:proposed,accepted,active -borrower:%s"},
    {&entity_allocation, N_("Borrowed"), "borrower:%s state:proposed,accepted,active -region:%s"},
    {&entity_organisation, N_("Organisations"), "region:%s"},
    {&entity_operator, N_("Operators"), "region:%s"},
    {&entity_province, N_("Provinces"), "of_region:%s"},
};
enum {
    LINKS = sizeof links / sizeof *links,
    WIDE_FROM = 100,
    BEGIN_LEAST = 5, /* lines that the beginning of a list needs to be shown */
    BEGIN_MOST = 40
};

typedef struct RegionPage {
    int site;
    Record *record;
    const Record *one; /* the same, as it is handed out */
    Arena arena;
    int64_t counts[LINKS]; /* -1: not counted */
    int cursor;
    Detail begin; /* of the list the cursor is on: its first records, below the lists where there is room */
    int begun;    /* which list that is; -1: none yet */
    bool roomy;
    Rect at;
} RegionPage;

static void link_filter(const RegionPage *p, int link, char *out, size_t size) {
    const char *code = site_code(p->site);
    Buffer b = {0};
    for (const char *c = links[link].filter; *c; c++) {
        if (c[0] == '%' && c[1] == 's') {
            buffer_add_string(&b, code);
            c++;
        } else if (c[0] == '%' && c[1] == 'o') {
            buffer_add_string(&b, links[link].entity->open_filter);
            c++;
        } else buffer_add_char(&b, *c);
    }
    text_copy(out, size, b.bytes);
    buffer_free(&b);
}

static void page_reload(View *v) {
    RegionPage *p = v->state;
    Error e = {0};
    arena_reset(&p->arena);
    p->record = NULL;
    if (service_record(v->app->service, &p->arena, site_code(p->site), &p->record, &e) != STATUS_OK)
        app_fail(v->app, &e);
    for (int i = 0; i < LINKS; i++) {
        p->counts[i] = -1;
    }
    p->begun = -1;
    v->app->acted = false;
}

static void page_close(View *v) {
    RegionPage *p = v->state;
    arena_free(&p->arena);
    detail_free(&p->begin);
}

/* Reads the first records of the list the cursor is on. */
static void begin_list(RegionPage *p, Service *service) {
    char filter[160];
    bool more;
    link_filter(p, p->cursor, filter, sizeof filter);
    ListRequest request = {
        .entity = links[p->cursor].entity, .filter = filter, .limit = BEGIN_MOST, .fields = FIELDS_ALL};
    detail_free(&p->begin);
    detail_rows(&p->begin, service, &request, &more);
    p->begun = p->cursor;
}

static bool page_work(View *v) {
    RegionPage *p = v->state;
    if (p->roomy && p->begun != p->cursor) {
        begin_list(p, v->app->service);
        v->app->dirty = true;
        return true;
    }
    for (int i = 0; i < LINKS; i++) {
        char filter[160];
        int64_t count = 0;
        Error e;
        if (p->counts[i] >= 0) continue;
        link_filter(p, i, filter, sizeof filter);
        service_set_interrupt(v->app->service, app_stop_for_input, NULL);
        Status s = service_count(v->app->service, links[i].entity, filter, &count, &e);
        service_set_interrupt(v->app->service, NULL, NULL);
        if (s == STATUS_STOPPED) return true;
        p->counts[i] = count;
        v->app->dirty = true;
        return true;
    }
    return false;
}

static void draw_facts(const RegionPage *p, Rect r) {
    static const int fields[] = {SITE_NAME_AR,    SITE_NAME_ZGH,    SITE_SEAT,   COMMON_STATE,
                                 SITE_POPULATION, SITE_ENTITLEMENT, SITE_SECTORS};
    CodeBook book = {.today = app_today()};
    int y = r.y;
    for (size_t i = 0; i < sizeof fields / sizeof *fields && y < r.y + r.h; i++) {
        const Field *f = &entity_site.fields[fields[i]];
        Buffer text = {0};
        if (fields[i] == SITE_ENTITLEMENT) {
            /* Of a million parts, to a tenth of a percent. */
            number_show(&text, (value_number_or(&p->record->values[fields[i]], 0) + 500) / 1000, 1);
            buffer_add_string(&text, " %");
        } else value_show(&text, f, &p->record->values[fields[i]], &book);
        if (fields[i] != SITE_ENTITLEMENT && f->unit && text.size) buffer_format(&text, " %s", _(f->unit));
        if (text.size) {
            draw_string(y, r.x, 18, STYLE_DIM, _(f->label));
            draw_string(y++, r.x + 19, r.w - 19, STYLE_TEXT, text.bytes);
        }
        buffer_free(&text);
    }
}

static void draw_links(RegionPage *p, Rect r) {
    int label = r.w < 40 && r.w > 24 ? r.w - 12 : 24;
    p->at = r;
    for (int i = 0; i < LINKS && i < r.h; i++) {
        bool here = i == p->cursor;
        Buffer count = {0};
        if (p->counts[i] > 0) number_show(&count, p->counts[i], 0);
        else buffer_add_string(&count, p->counts[i] < 0 ? draw_symbol("…", "~") : draw_symbol("·", "."));
        if (here) {
            draw_fill((Rect){r.y + i, r.x, 1, r.w}, STYLE_SELECTED);
            draw_cursor(r.y + i, r.x);
        }
        draw_string(r.y + i, r.x + 1, label, here ? STYLE_SELECTED : STYLE_TEXT, _(links[i].label));
        draw_right(r.y + i, r.x + 1 + label, r.w - label - 2 < 12 ? r.w - label - 2 : 12,
                   here               ? STYLE_SELECTED
                   : p->counts[i] > 0 ? STYLE_STRONG
                                      : STYLE_DIM,
                   count.bytes);
        buffer_free(&count);
    }
}

/* What the list under the cursor begins with, below the lists. */
static void draw_beginning(RegionPage *p, Rect r) {
    p->roomy = r.h > BEGIN_LEAST;
    if (!p->roomy) return;
    draw_title(r.y, r.x, r.w, _(links[p->cursor].label), "");
    if (p->begun != p->cursor) return;
    if (p->begin.count) detail_draw_lines(&p->begin, (Rect){r.y + 1, r.x, r.h - 1, r.w - 1}, false);
    else draw_string(r.y + 1, r.x, r.w, STYLE_DIM, _("Nothing."));
}

static void page_draw(View *v, Rect r) {
    RegionPage *p = v->state;
    if (!p->record) return;
    bool wide = r.w >= WIDE_FROM;
    int left = wide ? r.w / 2 : r.w < 70 ? 32 : 40, x = r.x + left + 2;
    int used = draw_string(r.y, r.x + 1, r.w, STYLE_ACCENT, site_code(p->site)) + 3;
    draw_string(r.y, r.x + used, r.w - used, STYLE_STRONG, value_string(&p->record->values[SITE_NAME_FR]));
    draw_links(p, (Rect){r.y + 2, r.x, r.h - 2, left - 1});
    draw_beginning(p, (Rect){r.y + LINKS + 3, r.x + 1, wide ? r.h - LINKS - 3 : 0, left - 3});
    draw_bar(r.y + 1, r.x + left, r.h - 1, STYLE_RULE);
    draw_title(r.y + 2, x, r.x + r.w - x - 1, _("This week"), "");
    int took =
        draw_region_capacity(v->app, p->site, (Rect){r.y + 3, x, r.h - 12 > 4 ? r.h - 12 : 4, r.x + r.w - x - 1});
    int y = r.y + 4 + took;
    draw_title(y, x, r.x + r.w - x - 1, _("The institute"), "");
    draw_facts(p, (Rect){y + 1, x, r.y + r.h - y - 1, r.x + r.w - x - 1});
}

static bool page_event(View *v, const Event *e) {
    RegionPage *p = v->state;
    if (!event_clicks(e, p->at)) return walk_event(&p->cursor, LINKS, LINKS, e);
    if (e->y - p->at.y < LINKS) p->cursor = e->y - p->at.y;
    return true;
}

static void run_open_link(View *v) {
    RegionPage *p = v->state;
    char filter[160];
    link_filter(p, p->cursor, filter, sizeof filter);
    open_list(v->app, links[p->cursor].entity, filter);
}

static int page_records(View *v, const Record ***out) {
    RegionPage *p = v->state;
    p->one = p->record;
    *out = &p->one;
    return p->one != NULL;
}

static bool can_edit(View *v) {
    Command c;
    const Record *r = ((RegionPage *)v->state)->record;
    return r && command_find("set", &entity_site, &c) &&
           command_allowed(&c, service_actor(v->app->service), r, NULL) == STATUS_OK;
}

static void run_edit(View *v) {
    Command c;
    const Record *r = ((RegionPage *)v->state)->record;
    if (command_find("set", &entity_site, &c)) act_begin(v->app, &c, &r, 1);
}

static void run_calendar(View *v) {
    open_calendar(v->app, 0, ((RegionPage *)v->state)->site);
}

static void run_statement(View *v) {
    open_statement(v->app, ((RegionPage *)v->state)->site, NULL);
}

static const Action page_actions[] = {
    {"open", N_("open list"), N_("Opens the list the line stands for."), "Enter Right l", 1, run_open_link, NULL},
    {"calendar", N_("calendar"), N_("What it lends, week by week, and who has booked it."), "C", 20, run_calendar,
     NULL},
    {"statement", N_("statement"), N_("What it offered, lent and borrowed, with its balance."), "S", 22, run_statement,
     NULL},
    {"edit", N_("edit"), N_("Edits the institute (ROOT's admins)."), "e", 14, run_edit, can_edit},
    {0},
};

static const Panel panel_region = {.name = "region",
                                   .label = N_("A region"),
                                   .size = sizeof(RegionPage),
                                   .actions = page_actions,
                                   .close = page_close,
                                   .reload = page_reload,
                                   .draw = page_draw,
                                   .event = page_event,
                                   .work = page_work,
                                   .records = page_records};

void open_region(App *app, int site) {
    View *v = app_push(app, &panel_region);
    ((RegionPage *)v->state)->site = site;
    view_start(v);
}
