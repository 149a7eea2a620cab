/* The tabs that are lists (projects, needs), and lists of any other entity opened from elsewhere. */
#include "panels/browse.h"

static void list_close(View *v) {
    browse_free(v->state);
}

static void list_reload(View *v) {
    Browse *b = v->state;
    if (v->app->acted) browse_unmark(b);
    v->app->acted = false;
    browse_renew(v->app, b);
}

static void list_draw(View *v, Rect r) {
    browse_draw(v->state, r, app_is_hurried(v->app));
}

static bool list_event(View *v, const Event *e) {
    return browse_event(v->app, v->state, e);
}

static bool list_work(View *v) {
    return browse_work(v->app, v->state);
}

static bool list_lead(View *v) {
    return browse_lead(v->app, v->state);
}

static void list_look(View *v) {
    browse_look(v->app, v->state);
}

static int list_records(View *v, const Record ***out) {
    return browse_records(v->state, out);
}

static void projects_open(View *v) {
    browse_start(v->state, v->app->service, &entity_project, NULL);
}

static void needs_open(View *v) {
    browse_start(v->state, v->app->service, &entity_need, NULL);
}

#define LIST_FUNCTIONS                                                                                                 \
    .size = sizeof(Browse), .actions = browse_actions, .mode = browse_mode, .close = list_close,                       \
    .reload = list_reload, .draw = list_draw, .event = list_event, .work = list_work, .lead = list_lead,               \
    .look = list_look, .records = list_records

const Panel panel_projects = {.name = "projects", .label = N_("Projects"), .open = projects_open, LIST_FUNCTIONS};
const Panel panel_needs = {.name = "needs", .label = N_("Needs"), .open = needs_open, LIST_FUNCTIONS};
static const Panel panel_list = {.name = "list", .label = N_("A list"), LIST_FUNCTIONS};

void open_list(App *app, const Entity *entity, const char *filter) {
    /* Projects and needs have a tab of their own. */
    int tab = entity == &entity_project ? 2 : entity == &entity_need ? 4 : -1;
    if (tab >= 0) {
        int from = app->tab;
        app_show_tab(app, tab);
        if (from != tab) app->from = from + 1;
        while (app->tabs[tab]->below) {
            view_close(app->tabs[tab]);
        }
        browse_set_filter(app->tabs[tab]->state, filter);
        return;
    }
    View *v = app_push(app, &panel_list);
    browse_start(v->state, app->service, entity, filter);
    view_start(v);
}
