/* A server that does not answer. What is on the screen stays, for nothing can be read; one line says that it is waited for,
 * and two keys end that. What else is typed from then on is dropped: nobody sees what it would do. */
#include "panels/app.h"

#include "base/date.h"

enum { LAST_LINES = 2, APART_MS = 500 };

static void blank(Rect r) {
    draw_fill((Rect){r.h - LAST_LINES, r.x, LAST_LINES, r.w}, STYLE_TEXT);
}

static void draw_waiting(void) {
    Rect r = screen_rect();
    if (r.h < LAST_LINES) return;
    blank(r);
    draw_string(r.h - 2, 1, r.w - 2, STYLE_ERROR,
                _("Waiting for the server: Esc gives up waiting, ^C leaves; other keys do nothing."));
    draw_end();
}

static void take_signals(App *app) {
    unsigned said = screen_signals();
    if (said & SCREEN_HUNG_UP) app->gone = true;
    if (said & SCREEN_ENDED) app->quit = true;
    if (said & SCREEN_RESIZED) {
        blank(screen_rect());
        screen_fit();
    }
    if (said & SCREEN_RESUMED) screen_repaint();
}

static void keep(App *app, const Event *event) {
    if (event->kind == EVENT_KEY && app->ahead_count < AHEAD_MOST) app->ahead[app->ahead_count++] = *event;
}

/* True where Esc was typed. said: that it is waited for. */
static bool take_keys(App *app, bool said) {
    bool enough = false, gone = false;
    Event event;
    while ((event = input_next(&gone)).kind != EVENT_NONE) {
        enough = enough || event_is_key(&event, KEY_IS_ESCAPE);
        app->quit = app->quit || event_is_control(&event, 'c');
        if (!said) keep(app, &event);
    }
    app->gone = app->gone || gone;
    return enough;
}

Event app_next_event(App *app) {
    bool gone = false;
    if (app->ahead_taken < app->ahead_count) return app->ahead[app->ahead_taken++];
    app->ahead_count = app->ahead_taken = 0;
    Event event = input_next(&gone);
    app->gone = app->gone || gone;
    return event;
}

bool app_waits(void *context) {
    App *app = context;
    take_signals(app);
    bool enough = take_keys(app, clock_ms() - app->waited_ms < APART_MS);
    app->waited_ms = clock_ms();
    if (enough) {
        app->gave_up = true;
        app->ahead_count = app->ahead_taken = 0;
    }
    app->dirty = true; /* once it answered */
    draw_waiting();
    return enough || app->quit || app->gone;
}
