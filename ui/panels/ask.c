/* Questions: what will happen, to how many, and a yes or a no. */
#include "panels/act.h"

#include "base/text.h"
#include "widgets/picker.h"

#include <string.h>

typedef struct Question {
    char title[160], text[1200], yes[80], no[80];
    void (*done)(App *, void *);
    void *context;
    void (*free_context)(void *);
    bool on_yes; /* where the cursor is */
    bool of_damage;
    Rect yes_at, no_at; /* where the buttons were drawn last */
} Question;

static void question_close(View *v) {
    Question *q = v->state;
    if (q->free_context) q->free_context(q->context);
}

static Rect draw_button(int y, int *x, const char *key, const char *label, bool here) {
    int w = text_width(label, strlen(label)) + 6;
    Rect at = {y, *x, 1, w};
    if (here) draw_fill((Rect){y, *x, 1, w}, STYLE_TAB);
    draw_string(y, *x + 1, 2, here ? STYLE_TAB : STYLE_ACCENT, key);
    draw_string(y, *x + 3, w, here ? STYLE_TAB : STYLE_TEXT, label);
    if (here) draw_cursor(y, *x + 1);
    *x += w + 2;
    return at;
}

static void question_draw(View *v, Rect r) {
    Question *q = v->state;
    int w = r.w - 8 < 66 ? r.w - 8 : 66, lines = wrapped_height(w - 4, q->text);
    Rect in = draw_box(r, w, lines + 5, q->title);
    draw_wrapped((Rect){in.y, in.x, lines, in.w}, STYLE_TEXT, q->text);
    int x = in.x, y = in.y + in.h - 1;
    q->yes_at = draw_button(y, &x, q->done ? "y" : " ", q->yes, q->on_yes);
    if (q->done) q->no_at = draw_button(y, &x, "n", q->no, !q->on_yes);
}

static bool question_event(View *v, const Event *e) {
    Question *q = v->state;
    App *app = v->app;
    bool enter = event_is_key(e, KEY_IS_ENTER);
    bool yes = event_is_char(e, 'y') || event_is_char(e, 'o') || (enter && q->on_yes) || event_clicks(e, q->yes_at);
    bool no = event_is_char(e, 'n') || event_is_char(e, 'q') || event_is_key(e, KEY_IS_ESCAPE) ||
              (enter && !q->on_yes) || event_clicks(e, q->no_at);
    if (q->done && key_matches("Left Right Tab BTab h l", e)) q->on_yes = !q->on_yes;
    if (yes && q->done) {
        Question own = *q;
        q->free_context = NULL;
        view_close(v);
        own.done(app, own.context);
        if (own.free_context) own.free_context(own.context);
        return true;
    }
    if (yes || no) view_close(v);
    return true;
}

static bool is_question(View *v) {
    return ((Question *)v->state)->done != NULL;
}

static bool is_news(View *v) {
    return !is_question(v);
}

static const Action question_actions[] = {
    {"yes", N_("yes"), N_("Does it."), "y", 1, NULL, is_question},
    {"no", N_("no"), N_("Leaves everything as it is."), "n Esc", 2, NULL, is_question},
    {"go-on", N_("go on"), N_("Puts the news away."), "Enter", 1, NULL, is_news},
    {0},
};

static const Panel panel_question = {.name = "question",
                                     .label = N_("A question"),
                                     .size = sizeof(Question),
                                     .overlay = true,
                                     .typing = true,
                                     .actions = question_actions,
                                     .close = question_close,
                                     .draw = question_draw,
                                     .event = question_event};

void tell(App *app, const char *title, const char *text) {
    ask_owned(app, title, text, _("Go on"), NULL, NULL, NULL);
}

/* The commands, with their paths, where they are one's own to give. */
static void add_way_out(App *app, Buffer *b) {
    const char *path = service_path(app->service), *copy = app->trouble.copy;
    if (service_is_served(app->service)) {
        buffer_add_string(b, _("Tell the server's admin: \"jazari restore\" says there what is to be done. "));
        return;
    }
    buffer_format(b, _("\"jazari check\" says all that is wrong; where it finds nothing, the store is written again. "
                       "Else the way out is to leave and give in a shell\n"));
    buffer_format(b, "mkdir %s.old && mv %s %s-* %s.old\n", path, path, path, path);
    buffer_format(b, "jazari --store %s restore %s\n", path, *copy ? copy : "COPY");
    if (!*copy) buffer_add_string(b, _("COPY being one that \"jazari backup\" made."));
}

void tell_damage(App *app) {
    Buffer text = {0};
    buffer_format(&text, _("The database says: %s. All that can still be read is shown; nothing is written any more. "),
                  app->trouble.why);
    add_way_out(app, &text);
    tell(app, _("The store is damaged"), text.bytes);
    ((Question *)app->overlay->state)->of_damage = true;
    buffer_free(&text);
}

void forget_damage(App *app) {
    View *v = app->overlay;
    if (v && v->panel == &panel_question && ((Question *)v->state)->of_damage) view_close(v);
}

void ask_owned(App *app, const char *title, const char *text, const char *yes, void (*done)(App *, void *),
               void *context, void (*free_context)(void *)) {
    View *v = app_overlay(app, &panel_question);
    Question *q = v->state;
    text_copy(q->title, sizeof q->title, title);
    text_copy(q->text, sizeof q->text, text);
    text_copy(q->yes, sizeof q->yes, yes);
    text_copy(q->no, sizeof q->no, _("No, leave it"));
    q->done = done;
    q->context = context;
    q->free_context = free_context;
    q->on_yes = true;
    view_start(v);
}

void ask_risky(App *app, const char *title, const char *text, const char *yes, void (*done)(App *, void *),
               void *context, void (*free_context)(void *)) {
    ask_owned(app, title, text, yes, done, context, free_context);
    ((Question *)app->overlay->state)->on_yes = false;
}

void ask_to_stay(App *app, const char *title, const char *text, const char *yes, void (*done)(App *, void *),
                 void *context) {
    ask_risky(app, title, text, yes, done, context, NULL);
    Question *q = app->overlay->state;
    text_copy(q->no, sizeof q->no, _("Stay here"));
}
