/* The program on the screen: the loop, the stacks of views, and the frame around them. */
#include "panels/app.h"

#include "base/date.h"
#include "base/text.h"
#include "panels/act.h"
#include "panels/draft.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SMALLEST_WIDTH = 60,
    SMALLEST_HEIGHT = 16,
    LOOK_MS = 2000,
    REST_MS = 250,
    REFRESH_MS = 1000,
    DAY_FROM = 100,
    HEADER_LINES = 2,
    FOOTER_LINES = 2
};

const Panel *const tab_panels[TAB_COUNT] = {&panel_dashboard, &panel_regions, &panel_projects, &panel_capacity,
                                            &panel_needs};

/* --- views -------------------------------------------------------------------------------------------------------- */

static View *view_new(App *app, const Panel *panel, View *below) {
    View *v = memory_new(sizeof *v);
    *v = (View){.panel = panel, .app = app, .state = memory_new(panel->size), .below = below};
    return v;
}

static void view_free(View *v) {
    if (v->panel->close) v->panel->close(v);
    arena_free(&v->arena);
    free(v->state);
    free(v);
}

void view_start(View *v) {
    if (v->panel->open) v->panel->open(v);
    if (v->panel->reload) v->panel->reload(v);
    v->app->dirty = true;
}

View *app_push(App *app, const Panel *panel) {
    return app->tabs[app->tab] = view_new(app, panel, app->tabs[app->tab]);
}

View *app_overlay(App *app, const Panel *panel) {
    return app->overlay = view_new(app, panel, app->overlay);
}

void view_close(View *v) {
    App *app = v->app;
    app->hinted = NULL;
    if (app->overlay == v) app->overlay = v->below;
    for (int i = 0; i < TAB_COUNT; i++) {
        if (app->tabs[i] == v) app->tabs[i] = v->below;
    }
    view_free(v);
    app->dirty = true;
}

View *app_top(App *app) {
    return app->overlay ? app->overlay : app->tabs[app->tab];
}

void app_show_tab(App *app, int tab) {
    app->tab = tab;
    app->from = 0;
    app->dirty = true;
    if (app->tabs[tab]) return;
    app->tabs[tab] = view_new(app, tab_panels[tab], NULL);
    view_start(app->tabs[tab]);
}

void app_choose_tab(App *app, int tab) {
    while (app->tab == tab && app->tabs[tab] && app->tabs[tab]->below) {
        view_close(app->tabs[tab]);
    }
    app_show_tab(app, tab);
}

static void close_all(App *app) {
    while (app->overlay) {
        view_close(app->overlay);
    }
    for (int i = 0; i < TAB_COUNT; i++) {
        while (app->tabs[i]) {
            view_close(app->tabs[i]);
        }
    }
    draft_free_all(app);
    deed_free(app->unanswered);
}

/* --- what views share --------------------------------------------------------------------------------------------- */

void app_say(App *app, Style style, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    vsnprintf(app->message, sizeof app->message, format, ap);
    va_end(ap);
    text_trim_partial(app->message);
    app->message_style = style;
    app->dirty = true;
}

void app_fail(App *app, const Error *e) {
    char text[600];
    if (e->status == STATUS_STOPPED) return;
    error_text(e, text, sizeof text);
    app_say(app, STYLE_ERROR, "%s", text);
}

int app_today(void) {
    return clock_today();
}

bool app_stop_for_input(void *unused) {
    (void)unused;
    return input_pending();
}

const NetworkFigures *app_figures(App *app) {
    Error e = {0};
    app->figures_shown = true;
    if (!app->figures_known) {
        NetworkFigures read;
        if (service_figures(app->service, &read, &e) == STATUS_OK) {
            /* The projects' figures stay as they were until they are counted anew. */
            for (int i = 0; i < SITE_COUNT; i++) {
                read.region[i].projects = app->figures.region[i].projects;
                read.region[i].late = app->figures.region[i].late;
            }
            app->figures = read;
            app->figures_known = true;
        } else app_fail(app, &e);
    }
    return &app->figures;
}

/* Counts the projects by region, which may take a while where there are very many: a key that comes stops it, and the
 * next slice begins again. */
static bool count_projects(App *app) {
    Error e = {0};
    if (app->projects_known) return false;
    service_set_interrupt(app->service, app_stop_for_input, NULL);
    Status s = service_project_figures(app->service, &app->figures, &e);
    service_set_interrupt(app->service, NULL, NULL);
    if (s == STATUS_STOPPED) return true;
    if (s != STATUS_OK) app_fail(app, &e);
    app->projects_known = true;
    app->dirty = true;
    return false;
}

static void make_stale(View *v) {
    for (; v; v = v->below) {
        v->stale = true;
    }
}

/* What is shown reads again before it is drawn next. */
static void freshen(View *v) {
    if (v->panel->overlay && v->below) freshen(v->below);
    if (!v->stale) return;
    v->stale = false;
    if (v->panel->reload) v->panel->reload(v);
}

void app_changed(App *app) {
    app->version = service_version(app->service);
    app->figures_known = app->projects_known = false;
    app->hinted = NULL;
    for (int i = 0; i < TAB_COUNT; i++) {
        make_stale(app->tabs[i]);
    }
    make_stale(app->overlay);
    app->dirty = true;
}

/* --- the frame ---------------------------------------------------------------------------------------------------- */

/* The language of the words on the screen, as their catalogue's own header tells it ("Language: fr"); without one they
 * are English, whatever the user's language is. */
static void language_word(char out[4]) {
    static const char label[] = "\nLanguage: ";
    const char *header = gettext("");
    const char *found = strstr(header, label);
    snprintf(out, 4, "%.2s", found ? found + sizeof label - 1 : "en");
}

/* Read again where it may have changed; kept where it cannot be read now. */
static const char *place_of(App *app, int site) {
    Arena arena = {0};
    Record *record;
    if (site < 0) return "";
    if (*app->place && app->place_site == site && app->place_version == app->version) return app->place;
    if (service_record(app->service, &arena, site_code(site), &record, NULL) == STATUS_OK) {
        text_copy(app->place, sizeof app->place, value_string(&record->values[SITE_NAME_FR]));
        app->place_site = site;
        app->place_version = app->version;
    }
    arena_free(&arena);
    return app->place_site == site ? app->place : site_code(site);
}

/* What is special about the store, in the header as long as it lasts. */
static const char *store_word(const App *app) {
    switch (app->trouble.kind) {
    case TROUBLE_NONE: return service_is_demo(app->service) ? _("demo  ") : "";
    case TROUBLE_READ_ONLY: return _("read only  ");
    case TROUBLE_FULL: return _("disk full  ");
    case TROUBLE_DAMAGED: return _("damaged, read only  ");
    case TROUBLE_MOVED: return _("moved, read only  ");
    }
    return "";
}

static void draw_header(App *app, Rect r) {
    const Actor *actor = service_actor(app->service);
    const Choice *role = choice_of_number(role_choices, actor->role);
    char right[256], clock[32], language[4];
    Buffer day = {0};
    int64_t now = clock_now() + clock_local_offset(clock_now());
    draw_fill((Rect){r.y, r.x, 1, r.w}, STYLE_HEADER);
    /* The gap in the name's style: nobody sees it, and the terminal need not be told twice. */
    int x = r.x + 1 + draw_string(r.y, r.x + 1, r.w, STYLE_HEADER_ACCENT, "jazari  ");
    x += draw_string(r.y, x, r.w - x, STYLE_HEADER_STRONG, place_of(app, actor->site));
    language_word(language);
    snprintf(clock, sizeof clock, "%02d:%02d", (int)(now / 3600 % 24), (int)(now / 60 % 60));
    if (r.w >= DAY_FROM) {
        date_show_full(&day, app_today());
        buffer_add_string(&day, "  ");
        week_show(&day, week_of_date(app_today()), app_today());
        buffer_add_string(&day, "  ");
    }
    snprintf(right, sizeof right, "%s%s%s%s  %s  %s%s ", store_word(app), actor->login, r.w >= 70 ? "  " : "",
             r.w >= 70 ? (role ? _(role->label) : _("looks on")) : "", language, buffer_string(&day), clock);
    buffer_free(&day);
    draw_right(r.y, x + 2, r.w - x - 2, STYLE_HEADER, right);
    app->drawn_minute = now / 60;
}

static bool too_small(Rect r) {
    return r.w < SMALLEST_WIDTH || r.h < SMALLEST_HEIGHT;
}

/* Columns that a tab takes: a blank, its digit, a blank, its label, two blanks. */
static int tab_width(int tab) {
    const char *label = _(tab_panels[tab]->label);
    return text_width(label, strlen(label)) + 5;
}

static void draw_tabs(App *app, Rect r) {
    int x = r.x + 1;
    draw_fill(r, STYLE_DIM);
    for (int i = 0; i < TAB_COUNT && x < r.w; i++) {
        char number[12];
        const char *label = _(tab_panels[i]->label);
        int w = tab_width(i);
        bool here = i == app->tab;
        snprintf(number, sizeof number, "%d", i + 1);
        if (here) draw_fill((Rect){r.y, x - 1, 1, w - 1}, STYLE_TAB);
        draw_string(r.y, x, 2, here ? STYLE_TAB : STYLE_KEY, number);
        draw_string(r.y, x + 2, r.w - x - 2, here ? STYLE_TAB : STYLE_DIM, label);
        x += w;
    }
}

/* A click on a tab goes there, unless something that has to be ended first lies over it. */
static bool click_tab(App *app, const Event *e) {
    Rect r = screen_rect();
    int x = r.x;
    if (e->kind != EVENT_CLICK || e->y != r.y + 1 || app->overlay || too_small(r)) return false;
    for (int i = 0; i < TAB_COUNT; i++) {
        if (e->x >= x && e->x < x + tab_width(i) - 1) {
            app_choose_tab(app, i);
            return true;
        }
        x += tab_width(i);
    }
    return false;
}

static void draw_too_small(Rect r) {
    char text[80];
    snprintf(text, sizeof text, _("jazari needs %dx%d"), SMALLEST_WIDTH, SMALLEST_HEIGHT);
    draw_text(r.h / 2, 0, r.w, STYLE_STRONG, ALIGN_CENTER, false, text, strlen(text));
    if (r.h > 2) {
        snprintf(text, sizeof text, _("(this is %dx%d)"), r.w, r.h);
        draw_text(r.h / 2 + 1, 0, r.w, STYLE_DIM, ALIGN_CENTER, false, text, strlen(text));
    }
}

static void draw_view(View *v, Rect r) {
    if (v->panel->overlay && v->below) draw_view(v->below, r);
    v->panel->draw(v, r);
    v->drawn = true;
}

static Rect body_of(Rect r) {
    return (Rect){r.y + HEADER_LINES, r.x, r.h - HEADER_LINES - FOOTER_LINES, r.w};
}

/* Views read what they show when they are drawn: one that a key typed ahead comes to is drawn first, unseen. */
static void ready_for_keys(View *v) {
    if ((v->drawn && !v->stale) || too_small(screen_rect())) return;
    freshen(v);
    draw_begin();
    draw_view(v, body_of(screen_rect()));
}

/* Where nothing was said of an act, what is the matter with the store. */
static const char *trouble_sentence(const App *app) {
    switch (app->trouble.kind) {
    case TROUBLE_NONE: return "";
    case TROUBLE_READ_ONLY: return _("The store can only be read for now; it takes writes again by itself.");
    case TROUBLE_FULL: return _("The disk is full: free some space. Reading goes on; writing does again then.");
    case TROUBLE_DAMAGED:
        return service_is_served(app->service)
                   ? _("The store is damaged and only read: tell the server's admin.")
                   : _("The store is damaged and only read: bring a copy back with \"jazari restore\".");
    case TROUBLE_MOVED:
        return service_is_served(app->service)
                   ? _("The store's file was moved, and nothing is written: tell the server's admin.")
                   : _("The store's file was moved, and nothing is written: leave and open it again.");
    }
    return "";
}

/* Somebody was disabled while his screen was open. */
static bool is_out(const App *app) {
    return service_is_served(app->service) && service_actor(app->service)->role == ROLE_NONE;
}

static void draw_message(const App *app, Rect r) {
    if (service_is_away(app->service) && !*app->message)
        draw_string(r.h - 2, 1, r.w - 2, STYLE_ERROR,
                    app->unkept ? _("The server is away, and what you type cannot be kept. It is tried again.")
                                : _("The server is away. Nothing you typed is lost; it is tried again by itself."));
    else if (!*app->message && is_out(app))
        draw_string(r.h - 2, 1, r.w - 2, STYLE_ERROR,
                    _("You are no operator here any more: nothing is read or written for you. Ask an admin."));
    else if (!*app->message) draw_string(r.h - 2, 1, r.w - 2, STYLE_ERROR, trouble_sentence(app));
    else draw_string(r.h - 2, 1, r.w - 2, app->message_style, app->message);
}

static void draw_all(App *app) {
    Rect r = screen_rect();
    draw_begin();
    app->figures_shown = false;
    if (too_small(r)) {
        draw_too_small(r);
        draw_end();
        return;
    }
    freshen(app->tabs[app->tab]);
    if (app->overlay) freshen(app->overlay);
    draw_header(app, r);
    draw_tabs(app, (Rect){r.y + 1, r.x, 1, r.w});
    Rect body = body_of(r);
    draw_view(app->tabs[app->tab], body);
    if (app->overlay) draw_view(app->overlay, body);
    draw_message(app, r);
    draw_footer(app, (Rect){r.h - 1, r.x, 1, r.w});
    draw_end();
}

bool app_is_hurried(const App *app) {
    return app->hurried;
}

void app_paint(App *app) {
    draw_all(app);
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

static void take_event(App *app, const Event *event) {
    View *top = app_top(app);
    Event key;
    bool moves = key_matches("Up Down j k PgUp PgDn ^F ^B Home End", event);
    app->hurried = app->thin && app->moving && moves;
    app->moving = moves;
    ready_for_keys(top);
    /* The key was typed for what the act before it made. */
    if (top->panel->lead && top->panel->lead(top)) {
        top = app_top(app);
        ready_for_keys(top);
    }
    if (footer_event(app, event, &key)) event = &key;
    if (event->kind == EVENT_KEY) *app->message = 0;
    app->dirty = true;
    if (click_tab(app, event)) return;
    if (top->panel->event && top->panel->event(top, event)) return;
    action_event(top, event);
}

/* Everything that has come, in the order it came. */
static void take_input(App *app) {
    while (!app->quit) {
        Event event = app_next_event(app);
        if (event.kind == EVENT_NONE) return;
        take_event(app, &event);
    }
}

static void take_signals(App *app) {
    unsigned said = screen_signals();
    if (said & SCREEN_HUNG_UP) app->gone = true;
    if (said & SCREEN_ENDED) app->quit = true;
    if (said & SCREEN_RESIZED) {
        screen_resize();
        app->dirty = true;
    }
    if (said & SCREEN_RESUMED) {
        screen_repaint();
        app->dirty = true;
    }
}

/* One slice of what can wait until nothing else is to be done; true where there is more. */
static bool work(App *app) {
    for (View *v = app_top(app); v; v = v->panel->overlay && v->below ? v->below : NULL) {
        if (v->panel->work && v->panel->work(v)) return true;
    }
    View *tab = app->tabs[app->tab];
    if (app->overlay && tab->panel->work && tab->panel->work(tab)) return true;
    return app->figures_shown && count_projects(app);
}

/* What keeps the store from being written, and when it goes. Damage is told at once, with the way out. */
static void look_for_trouble(App *app) {
    Trouble now;
    service_trouble(app->service, &now);
    if (now.kind == app->trouble.kind) return;
    if (app->trouble.kind == TROUBLE_DAMAGED) {
        forget_damage(app);
        app_changed(app); /* what could not be read may be there again */
    }
    if (now.kind == TROUBLE_NONE && app->message_style == STYLE_ERROR) *app->message = 0; /* it is not so any more */
    app->trouble = now;
    app->dirty = true;
    if (now.kind == TROUBLE_DAMAGED) tell_damage(app);
}

/* Others may have written; a minute may have passed. */
static void look_around(App *app) {
    bool was_away = service_is_away(app->service);
    Role role = service_actor(app->service)->role;
    int64_t version = service_version(app->service), now = clock_now() + clock_local_offset(clock_now());
    if (was_away != service_is_away(app->service)) {
        *app->message = 0;
        app->dirty = true;
    }
    drafts_look(app, was_away && !service_is_away(app->service));
    if (now / 60 != app->drawn_minute) app->dirty = true;
    bool away = service_is_away(app->service);
    for (View *v = app_top(app); v; v = v->panel->overlay ? v->below : NULL) {
        if (v->panel->look && (!away || v->panel->looks_alone)) v->panel->look(v);
    }
    if (away) return;
    if (app->overlay && app->tabs[app->tab]->panel->look) app->tabs[app->tab]->panel->look(app->tabs[app->tab]);
    if (version != app->version) app_changed(app);
    look_for_trouble(app);
    if (role != service_actor(app->service)->role) app_changed(app);
    act_resend(app);
}

/* What others write is looked at as soon as it is told of, but no oftener than eyes need: where a hundred screens are open
 * and somebody writes all the time they would be busy with nothing else, and the server as well. Returns for how long it
 * can wait; 0: it is time. */
static int64_t news_can_wait(const App *app) {
    int64_t left = app->looked_ms + REFRESH_MS - clock_ms();
    return left > 0 ? left : 0;
}

static void wait_for_something(App *app, bool busy) {
    int rest = app->moving || service_is_away(app->service) ? REST_MS : LOOK_MS;
    bool ahead = app->ahead_taken < app->ahead_count;
    int64_t left = app->news ? news_can_wait(app) : rest;
    bool rests = left >= rest;
    struct pollfd fds[3] = {{.fd = STDIN_FILENO, .events = POLLIN},
                            {.fd = screen_signal_fd(), .events = POLLIN},
                            {.fd = app->news ? -1 : service_news_fd(app->service), .events = POLLIN}};
    int ready = poll(fds, 3, busy || ahead ? 0 : rests ? rest : (int)left);
    if (fds[2].revents) app->news = true;
    if (app->news && !news_can_wait(app)) {
        app->news = false;
        app->looked_ms = clock_ms();
        look_around(app);
    } else if (ready == 0 && !busy && !ahead && rests) {
        if (app->moving) {
            app->moving = app->hurried = false;
            app->dirty = true;
        } else look_around(app);
    }
    if (fds[1].revents) take_signals(app);
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) app->gone = true;
    if ((fds[0].revents || ahead) && !app->gone) take_input(app);
}

static void loop(App *app) {
    bool busy = true;
    draw_all(app);
    open_drafts(app, true);
    look_for_trouble(app);
    while (!app->quit && !app->gone) {
        if (app->dirty) {
            app->dirty = false;
            draw_all(app);
        }
        wait_for_something(app, busy);
        if (!app->dirty) busy = work(app);
        else busy = true;
    }
}

static int panel_named(const char *name, int otherwise) {
    for (int i = 0; name && i < TAB_COUNT; i++) {
        if (!strcmp(tab_panels[i]->name, name)) return i;
    }
    return otherwise;
}

Status ui_run(const UiOptions *options, Error *e) {
    App *app = memory_new(sizeof *app);
    app->service = options->service;
    app->settings = options->settings;
    int first = panel_named(options->panel, options->panel ? -1 : (int)options->settings->panel);
    if (first < 0) {
        free(app);
        return error_set(e, STATUS_USAGE, "--panel", _("\"%.40s\" is not a panel"), options->panel);
    }
    Status s = screen_start(options->settings, e);
    if (s == STATUS_OK) {
        draw_set_bidi(options->settings->bidi != TRISTATE_NEVER);
        const char *ssh = getenv("SSH_CONNECTION");
        app->thin =
            options->settings->thin == TRISTATE_ALWAYS || (options->settings->thin == TRISTATE_AUTO && ssh && *ssh);
        service_set_waits(app->service, app_waits, app);
        app->version = service_version(app->service);
        app_show_tab(app, first);
        loop(app);
        close_all(app);
        screen_stop();
    }
    free(app);
    return s;
}
