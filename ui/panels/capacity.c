/* Capacity: requests, offers and allocations, three lists under one tab. */
#include "panels/browse.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

enum { LISTS = 3 };

/* The list one is in comes first: what works for any list works on it. */
typedef struct Capacity {
    Browse here;
    Browse others[LISTS]; /* by their place in the tab; that of `here` is empty */
    int list;
} Capacity;

static const Entity *const entities[LISTS] = {&entity_request, &entity_offer, &entity_allocation};

/* The three lists' names, the present one standing out; in little room only that one, and which of how many. */
static int draw_names(const Browse *b, Rect r) {
    const char *between = draw_symbol(" · ", " . ");
    int x = r.x, wanted = (LISTS - 1) * text_width(between, strlen(between));
    for (int i = 0; i < LISTS; i++) {
        wanted += text_width(_(entities[i]->heading), strlen(_(entities[i]->heading)));
    }
    for (int i = 0; i < LISTS; i++) {
        bool here = i == b->heading_index;
        if (wanted > r.w && !here) continue;
        x += draw_string(r.y, x, INT16_MAX, here ? STYLE_STRONG : STYLE_DIM, _(entities[i]->heading));
        if (wanted > r.w) x += draw_format(r.y, x, INT16_MAX, STYLE_DIM, " %d/%d", i + 1, LISTS);
        else if (i + 1 < LISTS) x += draw_string(r.y, x, INT16_MAX, STYLE_RULE, between);
    }
    return x - r.x;
}

static void capacity_open(View *v) {
    Capacity *c = v->state;
    for (int i = 0; i < LISTS; i++) {
        browse_start(&c->others[i], v->app->service, entities[i], NULL);
        c->others[i].heading = draw_names;
        c->others[i].heading_index = i;
    }
    c->here = c->others[0];
}

static void capacity_close(View *v) {
    Capacity *c = v->state;
    for (int i = 0; i < LISTS; i++) {
        if (i != c->list) browse_free(&c->others[i]);
    }
    browse_free(&c->here);
}

static void show(View *v, int list) {
    Capacity *c = v->state;
    c->others[c->list] = c->here;
    c->list = list;
    c->here = c->others[list];
    /* What was made before one came to it is not what one came for. */
    c->here.left_out = 0;
    c->others[list] = (Browse){0};
    /* A list reads its rows when it is drawn: a key typed ahead finds them. */
    if (!c->here.height) v->drawn = false;
}

static void capacity_reload(View *v) {
    Capacity *c = v->state;
    if (v->app->acted) browse_unmark(&c->here);
    v->app->acted = false;
    for (int i = 0; i < LISTS; i++) {
        Browse *b = i == c->list ? &c->here : &c->others[i];
        browse_renew(v->app, b);
    }
}

static void capacity_draw(View *v, Rect r) {
    browse_draw(&((Capacity *)v->state)->here, r, app_is_hurried(v->app));
}

static bool capacity_event(View *v, const Event *e) {
    return browse_event(v->app, &((Capacity *)v->state)->here, e);
}

static bool capacity_work(View *v) {
    return browse_work(v->app, &((Capacity *)v->state)->here);
}

static bool capacity_lead(View *v) {
    return browse_lead(v->app, &((Capacity *)v->state)->here);
}

static void capacity_look(View *v) {
    browse_look(v->app, &((Capacity *)v->state)->here);
}

static int capacity_records(View *v, const Record ***out) {
    return browse_records(&((Capacity *)v->state)->here, out);
}

static void run_next(View *v) {
    show(v, (((Capacity *)v->state)->list + 1) % LISTS);
}

static void run_previous(View *v) {
    show(v, (((Capacity *)v->state)->list + LISTS - 1) % LISTS);
}

static void run_calendar(View *v) {
    const Browse *b = &((Capacity *)v->state)->here;
    static const int kinds[LISTS] = {REQUEST_KIND, OFFER_KIND, ALLOCATION_KIND};
    const Record *r = browse_current(b);
    bool offer = r && r->entity == &entity_offer;
    open_calendar(v->app, r ? (int)value_number_or(&r->values[kinds[b->heading_index]], 0) : 0,
                  offer ? record_site(r) : -1);
}

static const Action capacity_actions[] = {
    {"next-list", N_("next list"), N_("Requests, offers, allocations: the next of them."), "] BTab", 5, run_next, NULL},
    {"calendar", N_("calendar"), N_("How much of each region's capacity is booked, week by week, and by whom."), "C",
     28, run_calendar, NULL},
    {"previous-list", N_("list before"), N_("The one before."), "[", 0, run_previous, NULL},
    {0},
};

const Panel panel_capacity = {.name = "capacity",
                              .label = N_("Capacity"),
                              .size = sizeof(Capacity),
                              .actions = capacity_actions,
                              .base = browse_actions,
                              .mode = browse_mode,
                              .open = capacity_open,
                              .close = capacity_close,
                              .reload = capacity_reload,
                              .draw = capacity_draw,
                              .event = capacity_event,
                              .work = capacity_work,
                              .lead = capacity_lead,
                              .look = capacity_look,
                              .records = capacity_records};
