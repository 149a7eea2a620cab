/* Help: what the keys do here, read from the tables. */
#include "panels/app.h"

#include "base/text.h"
#include "widgets/picker.h"

#include <stdio.h>
#include <string.h>

typedef struct HelpLine {
    const char *keys, *text; /* keys NULL: text is a title */
} HelpLine;

typedef struct Help {
    HelpLine *lines;
    int count, room, top, height;
    bool more; /* lines lie below */
} Help;

static void add(View *v, const char *keys, const char *text) {
    Help *h = v->state;
    if (h->count == h->room) {
        HelpLine *more = arena_array(&v->arena, (size_t)(h->room = h->room ? h->room * 2 : 64), sizeof *more);
        if (h->count) memcpy(more, h->lines, (size_t)h->count * sizeof *more);
        h->lines = more;
    }
    h->lines[h->count++] =
        (HelpLine){.keys = keys ? arena_string(&v->arena, keys) : NULL, .text = arena_string(&v->arena, text)};
}

static void add_actions(View *v, const Action *rows) {
    for (; rows && rows->name; rows++) {
        add(v, rows->keys, _(rows->help));
    }
}

static void add_verbs(View *v, const Entity *entity) {
    Command c;
    for (int i = 0; command_of_entity(entity, i, &c); i++) {
        char keys[8];
        Buffer text = {0};
        snprintf(keys, sizeof keys, "%c", c.key ? c.key : 'v');
        buffer_format(&text, "%s: %s", _(c.label), _(c.help));
        add(v, keys, text.bytes);
        buffer_free(&text);
    }
}

static const struct {
    const char *keys, *text;
} moving[] = {
    {"Up Down j k", N_("One line up or down.")},
    {"PgUp PgDn ^B ^F", N_("One page up or down.")},
    {"Home End", N_("The first, the last.")},
    {"Esc", N_("Goes back; ends a search; lets go of marks.")},
};

static void help_draw(View *v, Rect r) {
    Help *h = v->state;
    int w = r.w - 6 < 92 ? r.w - 6 : 92;
    Rect in = draw_box(r, w, h->count + 2 < r.h ? h->count + 2 : r.h, _("What the keys do"));
    h->height = in.h;
    int i = h->top, y = in.y, end = in.y + in.h;
    for (; y < end && i < h->count; i++) {
        const HelpLine *line = &h->lines[i];
        if (!line->keys) draw_title(y++, in.x, in.w, line->text, "");
        else {
            draw_string(y, in.x + 1, 16, STYLE_KEY, line->keys);
            y += draw_wrapped((Rect){y, in.x + 18, end - y, in.w - 18}, STYLE_TEXT, line->text);
        }
    }
    h->more = i < h->count;
    draw_more(in, h->top > 0, h->more);
}

static bool help_event(View *v, const Event *e) {
    Help *h = v->state;
    int by = 0;
    if (key_matches("Down j", e)) by = 1;
    else if (key_matches("Up k", e)) by = -1;
    else if (key_matches("PgDn Space ^F", e)) by = h->height * 2 / 3;
    else if (key_matches("PgUp ^B", e)) by = -h->height * 2 / 3;
    else if (key_matches("Home", e)) by = -h->top;
    else if (e->kind == EVENT_WHEEL) by = e->lines;
    else if (e->kind == EVENT_KEY) {
        view_close(v);
        return true;
    }
    if (by < 0 || h->more) h->top += by;
    if (h->top >= h->count) h->top = h->count - 1;
    if (h->top < 0) h->top = 0;
    return true;
}

static const Action help_actions[] = {
    {"scroll", N_("scroll"), N_("Shows more."), "Down", 1, NULL, NULL},
    {"close", N_("close"), N_("Any other key closes the help."), "Esc", 2, NULL, NULL},
    {0},
};

static const Panel panel_help = {.name = "help",
                                 .label = N_("Help"),
                                 .size = sizeof(Help),
                                 .overlay = true,
                                 .typing = true,
                                 .actions = help_actions,
                                 .draw = help_draw,
                                 .event = help_event};

void open_help(App *app) {
    View *top = app_top(app);
    const Record **records;
    int count = top->panel->records ? top->panel->records(top, &records) : 0;
    const Entity *entity = count ? records[0]->entity : NULL;
    View *v = app_overlay(app, &panel_help);
    add(v, NULL, _(top->panel->label));
    add_actions(v, top->panel->actions);
    add_actions(v, top->panel->base);
    if (entity) {
        add(v, NULL, _(entity->label));
        add_verbs(v, entity);
    }
    /* Where one types, those are letters. */
    bool typing = top->panel->typing;
    if (!typing) add(v, NULL, _("Moving"));
    for (size_t i = 0; !typing && i < sizeof moving / sizeof *moving; i++) {
        add(v, moving[i].keys, _(moving[i].text));
    }
    if (!typing) {
        add(v, NULL, _("Everywhere"));
        add_actions(v, app_actions);
    }
    add(v, NULL, _("The map: (c) OpenStreetMap contributors, ODbL 1.0. Population: HCP."));
    view_start(v);
}
