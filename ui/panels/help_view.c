/* Help: what the keys do here, read from the tables. */
#include "panels/browse.h"

#include "base/text.h"
#include "widgets/picker.h"

#include <stdio.h>
#include <string.h>

typedef struct HelpLine {
    const char *keys, *text; /* keys NULL: text is a title; both "": a blank line */
} HelpLine;

enum { KEYS_WIDTH = 17 };

typedef struct Help {
    HelpLine *lines;
    int count, room, top, height;
    int last_top; /* from which on the last line is in sight */
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

static void add_title(View *v, const char *title) {
    if (((Help *)v->state)->count) add(v, "", "");
    add(v, NULL, title);
}

/* A key's name as it stands on the keyboard. */
static const char *key_name(const char *name, size_t size) {
    static const struct { const char *name, *shown; } names[] = {{"BTab", N_("Shift+Tab")}, {"BS", N_("Backspace")}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) == size && !strncmp(names[i].name, name, size)) return _(names[i].shown);
    }
    return NULL;
}

static void add_keys(View *v, const char *keys, const char *text) {
    Buffer b = {0};
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        const char *shown = key_name(at, n);
        if (b.size) buffer_add_char(&b, ' ');
        if (shown) buffer_add_string(&b, shown);
        else buffer_add(&b, at, n);
        at += n;
    }
    add(v, buffer_string(&b), text);
    buffer_free(&b);
}

/* Of several actions on one key the one that it is for now. */
static bool other_is_meant(View *on, const Action *rows, const Action *row) {
    if (!row->can || row->can(on)) return false;
    for (; rows->name; rows++) {
        if (rows != row && !strcmp(rows->keys, row->keys) && (!rows->can || rows->can(on))) return true;
    }
    return false;
}

static void add_actions(View *v, View *on, const Action *rows) {
    for (const Action *row = rows; row && row->name; row++) {
        if (!other_is_meant(on, rows, row)) add_keys(v, row->keys, _(row->help));
    }
}

/* What can be said in a filter: the words of the entity's fields. */
static void add_filter(View *v, const Entity *entity) {
    Buffer words = {0};
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        if (f->flags & FIELD_HIDDEN) continue;
        buffer_format(&words, "%s%s", words.size ? ", " : "", f->alias ? f->alias : f->name);
    }
    add_title(v, _("Words of a filter"));
    add(v, "f", words.bytes);
    add(v, ": = < > <= >=",
        _("After such a word, then what it is to be: urgency>=3, due<+2w, stage:pilot,research; "
          "a - before it turns it round: -state:stopped."));
    buffer_free(&words);
}

static bool filters(const Panel *panel) {
    return panel->actions == browse_actions || panel->base == browse_actions;
}

static void add_verbs(View *v, const Entity *entity) {
    Command c;
    for (int i = 0; command_of_entity(entity, i, &c); i++) {
        char keys[8];
        Buffer text = {0};
        snprintf(keys, sizeof keys, "%c", c.key ? c.key : 'v');
        const Choice *role = choice_of_number(role_choices, command_least_role(&c, entity));
        buffer_format(&text, "%s (%s): %s", _(c.label), role ? _(role->label) : "", _(c.help));
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

static int text_at(const HelpLine *line) {
    return *line->keys ? 1 + KEYS_WIDTH : 1;
}

static int line_height(const HelpLine *line, int w) {
    return line->keys && *line->text ? wrapped_height(w - text_at(line), line->text) : 1;
}

static void find_last_top(Help *h, Rect in) {
    int left = in.h;
    h->last_top = h->count;
    while (h->last_top && (left -= line_height(&h->lines[h->last_top - 1], in.w)) >= 0) {
        h->last_top--;
    }
    if (h->top > h->last_top) h->top = h->last_top;
}

static void help_draw(View *v, Rect r) {
    Help *h = v->state;
    int w = r.w - 6 < 92 ? r.w - 6 : 92;
    Rect in = draw_box(r, w, h->count + 2 < r.h ? h->count + 2 : r.h, _("What the keys do"));
    h->height = in.h;
    find_last_top(h, in);
    draw_cursor(-1, 0);
    int i = h->top, y = in.y, end = in.y + in.h;
    for (; y < end && i < h->count; i++) {
        const HelpLine *line = &h->lines[i];
        if (!line->keys) draw_title(y++, in.x, in.w, line->text, "");
        else if (!*line->text) y++;
        else {
            int x = in.x + text_at(line);
            draw_string(y, in.x + 1, KEYS_WIDTH - 1, STYLE_KEY, line->keys);
            y += draw_wrapped((Rect){y, x, end - y, in.x + in.w - x}, *line->keys ? STYLE_TEXT : STYLE_DIM, line->text);
        }
    }
    draw_more(in, h->top > 0, h->top < h->last_top);
}

static bool help_event(View *v, const Event *e) {
    Help *h = v->state;
    int by = 0;
    if (key_matches("Down j", e)) by = 1;
    else if (key_matches("Up k", e)) by = -1;
    else if (key_matches("PgDn Space ^F", e)) by = h->height * 2 / 3;
    else if (key_matches("PgUp ^B", e)) by = -h->height * 2 / 3;
    else if (key_matches("Home", e)) by = -h->top;
    else if (key_matches("End", e)) by = h->last_top;
    else if (e->kind == EVENT_WHEEL) by = e->lines;
    else if (e->kind == EVENT_KEY) {
        view_close(v);
        return true;
    }
    h->top += by;
    if (h->top > h->last_top) h->top = h->last_top;
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
    add_title(v, _(top->panel->label));
    add_actions(v, top, top->panel->actions);
    add_actions(v, top, top->panel->base);
    if (entity) {
        add_title(v, _(entity->label));
        add_verbs(v, entity);
    }
    if (entity && filters(top->panel)) add_filter(v, entity);
    /* Where one types, those are letters. */
    if (!top->panel->typing) {
        add_title(v, _("Moving"));
        for (size_t i = 0; i < sizeof moving / sizeof *moving; i++) {
            add_keys(v, moving[i].keys, _(moving[i].text));
        }
        add_title(v, _("Everywhere"));
        add_actions(v, top, app_actions);
    }
    add(v, "", "");
    add(v, "", _("The map: (c) OpenStreetMap contributors, ODbL 1.0. Population: HCP."));
    view_start(v);
}
