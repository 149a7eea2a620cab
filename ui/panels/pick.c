/* A picker over everything. */
#include "panels/pick.h"

typedef struct Pick {
    PickRequest request;
    Picker picker;
    bool drop_asked; /* for the line one is on */
} Pick;

static void pick_close(View *v) {
    Pick *p = v->state;
    picker_free(&p->picker);
    if (p->request.free_context) p->request.free_context(p->request.context);
}

static void pick_draw(View *v, Rect r) {
    picker_draw(&((Pick *)v->state)->picker, r);
}

/* What is thrown away cannot be brought back: it is asked for twice. */
static void drop(View *v) {
    Pick *p = v->state;
    const PickerItem *item = picker_item(&p->picker);
    if (!item) return;
    if (!p->drop_asked) {
        app_say(v->app, STYLE_SOON, _("%s: %s? ^D once more does it."), item->code, _(p->request.drop));
        p->drop_asked = true;
        return;
    }
    p->drop_asked = false;
    p->request.dropped(v->app, p->request.context, item);
    picker_refresh(&p->picker);
    if (!p->picker.count && !p->picker.typed.text.size) view_close(v);
}

static bool can_drop(View *v) {
    const Pick *p = v->state;
    return p->request.dropped && p->picker.count;
}

static bool pick_event(View *v, const Event *e) {
    Pick *p = v->state;
    App *app = v->app;
    if (event_is_control(e, 'd') && can_drop(v)) {
        drop(v);
        return true;
    }
    p->drop_asked = false;
    PickerAnswer answer = picker_event(&p->picker, e);
    if (answer == PICKER_LEFT) view_close(v);
    if (answer != PICKER_CHOSEN) return true;
    /* What is chosen may open views of its own: this one leaves the stack first, and is freed after. */
    app->overlay = v->below;
    p->request.chosen(app, p->request.context, picker_item(&p->picker));
    View *now = app->overlay;
    app->overlay = v;
    view_close(v);
    app->overlay = now;
    return true;
}

static const Action pick_actions[] = {
    {"choose", N_("choose"), N_("Takes the line one is on."), "Enter", 1, NULL, NULL},
    {"drop", N_("throw away"), N_("Throws away what the line stands for; it is asked for twice."), "^D", 3, NULL,
     can_drop},
    {"leave", N_("leave"), N_("Leaves without choosing."), "Esc", 2, NULL, NULL},
    {0},
};

static const Panel panel_pick = {.name = "pick",
                                 .label = N_("Choosing"),
                                 .size = sizeof(Pick),
                                 .overlay = true,
                                 .typing = true,
                                 .actions = pick_actions,
                                 .close = pick_close,
                                 .draw = pick_draw,
                                 .event = pick_event};

void pick(App *app, const PickRequest *request) {
    View *v = app_overlay(app, &panel_pick);
    Pick *p = v->state;
    p->request = *request;
    p->picker.empty = request->empty;
    picker_start(&p->picker, request->title, request->source, request->context);
    view_start(v);
}
