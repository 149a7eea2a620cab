/* Keys: what their names in the tables mean, what an event does by the tables, and the footer that says it. */
#include "panels/draft.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unicase.h>

/* --- names -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    Key key;
} named[] = {
    {"Enter", KEY_IS_ENTER}, {"Esc", KEY_IS_ESCAPE},   {"Tab", KEY_IS_TAB},      {"BTab", KEY_IS_BACKTAB},
    {"Up", KEY_IS_UP},       {"Down", KEY_IS_DOWN},    {"Left", KEY_IS_LEFT},    {"Right", KEY_IS_RIGHT},
    {"Home", KEY_IS_HOME},   {"End", KEY_IS_END},      {"PgUp", KEY_IS_PAGE_UP}, {"PgDn", KEY_IS_PAGE_DOWN},
    {"Del", KEY_IS_DELETE},  {"BS", KEY_IS_BACKSPACE},
};

/* The event of a key's name; false where there is no such key. */
static bool event_named(const char *name, size_t size, Event *e) {
    size_t used;
    *e = (Event){.kind = EVENT_KEY, .key = KEY_IS_CHAR};
    if (size >= 2 && name[0] == '^') {
        e->key = KEY_IS_CONTROL;
        e->point = (uint32_t)(name[1] | 32);
        return true;
    }
    if (size >= 2 && name[0] == 'F' && name[1] >= '0' && name[1] <= '9') {
        e->key = KEY_IS_FUNCTION;
        e->point = (uint32_t)(name[1] - '0');
        if (size > 2) e->point = e->point * 10 + (uint32_t)(name[2] - '0');
        return true;
    }
    if (size == 5 && !strncmp(name, "Space", 5)) {
        e->point = ' ';
        return true;
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strlen(named[i].name) != size || strncmp(named[i].name, name, size) != 0) continue;
        e->key = named[i].key;
        return true;
    }
    e->point = text_decode(name, size, &used);
    return used == size;
}

static bool name_matches(const char *name, size_t size, const Event *e) {
    Event meant;
    if (!event_named(name, size, &meant) || meant.key != e->key) return false;
    bool pointed = e->key == KEY_IS_CHAR || e->key == KEY_IS_CONTROL || e->key == KEY_IS_FUNCTION;
    return !pointed || meant.point == e->point;
}

bool key_matches(const char *names, const Event *e) {
    if (e->kind != EVENT_KEY) return false;
    while (*names) {
        size_t n = strcspn(names, " ");
        if (n && name_matches(names, n, e)) return true;
        names += n + (names[n] == ' ');
    }
    return false;
}

const char *key_shown(const char *names, char out[16]) {
    snprintf(out, 16, "%.*s", (int)strcspn(names, " "), names);
    return out;
}

bool walk_event(int *cursor, int count, int page, const Event *e) {
    int to = *cursor;
    if (page < 1) page = 1;
    if (key_matches("Down j", e)) to++;
    else if (key_matches("Up k", e)) to--;
    else if (key_matches("PgDn ^F", e)) to += page;
    else if (key_matches("PgUp ^B", e)) to -= page;
    else if (key_matches("Home", e)) to = 0;
    else if (key_matches("End", e)) to = count - 1;
    else if (e->kind == EVENT_WHEEL) to += e->lines;
    else return false;
    if (to >= count) to = count - 1;
    *cursor = to < 0 ? 0 : to;
    return true;
}

/* --- what an event does ------------------------------------------------------------------------------------------- */

static const Action *find_action(const Action *rows, View *v, const Event *e) {
    for (; rows && rows->name; rows++) {
        if (key_matches(rows->keys, e) && (!rows->can || rows->can(v))) return rows;
    }
    return NULL;
}

/* The key of a verb that the record is in no state for: says so. */
static bool say_why_not(App *app, const Record *r, uint32_t point) {
    Command c;
    for (int i = 0; command_of_entity(r->entity, i, &c); i++) {
        Error e = {0};
        int site;
        if (!c.key || (uint32_t)c.key != point || act_ready(app, &c, &r, 1, &site, &e) == STATUS_OK) continue;
        app_fail(app, &e);
        return true;
    }
    return false;
}

static bool verb_event(View *v, const Event *e) {
    const Record **records;
    Command command;
    if (!v->panel->records || e->key != KEY_IS_CHAR) return false;
    int count = v->panel->records(v, &records);
    if (!count) return false;
    if (!act_for_key(v->app, records[0], e->point, &command)) return say_why_not(v->app, records[0], e->point);
    act_begin(v->app, &command, records, count);
    return true;
}

bool action_event(View *v, const Event *e) {
    const Action *action = e->kind == EVENT_KEY ? find_action(v->panel->actions, v, e) : NULL;
    if (!action && e->kind == EVENT_KEY) action = find_action(v->panel->base, v, e);
    if (action && action->run) {
        action->run(v);
        return true;
    }
    if (e->kind != EVENT_KEY || v->panel->typing) return false;
    if (verb_event(v, e)) return true;
    action = v->panel->overlay ? NULL : find_action(app_actions, v, e);
    if (action) action->run(v);
    return action != NULL;
}

/* --- the program's own actions ------------------------------------------------------------------------------------- */

static void run_tab(View *v, int tab) {
    app_choose_tab(v->app, tab);
}

static void run_dashboard(View *v) {
    run_tab(v, 0);
}

static void run_regions(View *v) {
    run_tab(v, 1);
}

static void run_projects(View *v) {
    run_tab(v, 2);
}

static void run_capacity(View *v) {
    run_tab(v, 3);
}

static void run_needs(View *v) {
    run_tab(v, 4);
}

static void run_back(View *v) {
    if (v->below) view_close(v);
    else if (v->app->from) app_show_tab(v->app, v->app->from - 1);
}

static void run_undo(View *v) {
    act_undo(v->app, false);
}

static void run_redo(View *v) {
    act_undo(v->app, true);
}

static void run_palette(View *v) {
    open_palette(v->app);
}

static void run_help(View *v) {
    open_help(v->app);
}

static void run_act_as(View *v) {
    open_act_as(v->app);
}

static void run_journal(View *v) {
    open_journal(v->app);
}

static const Record *record_at(View *v) {
    const Record **records;
    return v->panel->records && v->panel->records(v, &records) ? records[0] : NULL;
}

/* Of the kind of capacity that the record at the cursor is about. */
static void run_calendar(View *v) {
    const Record *r = record_at(v);
    int field = !r                                ? -1
                : r->entity == &entity_offer      ? OFFER_KIND
                : r->entity == &entity_request    ? REQUEST_KIND
                : r->entity == &entity_allocation ? ALLOCATION_KIND
                                                  : -1;
    int site = r && r->entity == &entity_offer ? record_site(r) : -1;
    open_calendar(v->app, field < 0 ? 0 : (int)value_number_or(&r->values[field], 0), site);
}

static void run_balances(View *v) {
    open_balances(v->app, NULL);
}

static void run_plan(View *v) {
    open_plan(v->app);
}

static void run_drafts(View *v) {
    open_drafts(v->app, false);
}

static void run_repaint(View *v) {
    screen_repaint();
    app_changed(v->app);
}

static void run_quit(View *v) {
    v->app->quit = true;
}

static bool has_record(View *v) {
    return record_at(v) != NULL;
}

static void run_history(View *v) {
    const Record *r = record_at(v);
    open_history(v->app, r->entity, r->id);
}

static void run_menu(View *v) {
    const Record **records;
    int count = v->panel->records(v, &records);
    act_menu(v->app, records, count);
}

const Action app_actions[] = {
    {"acts", N_("acts"), N_("All that can be done with the record, or with the marked ones; what cannot says why."),
     "v", 62, run_menu, has_record},
    {"history", N_("history"), N_("Every change of the record, with before and after."), "H", 0, run_history,
     has_record},
    {"undo", N_("undo"), N_("Takes back your last act, as often as you like."), "u", 70, run_undo, NULL},
    {"redo", N_("redo"), N_("Brings back what you undid last."), "U ^R", 0, run_redo, NULL},
    {"palette", N_("command"), N_("Finds any command, panel, list or record by typing."), ":", 80, run_palette, NULL},
    {"help", N_("help"), N_("What the keys do here."), "? F1", 90, run_help, NULL},
    {"back", N_("back"), N_("Goes back. Nothing is lost."), "Esc BS", 0, run_back, NULL},
    {"dashboard", N_("dashboard"), N_("The map, the region in figures, what wants attention."), "1", 0, run_dashboard,
     NULL},
    {"regions", N_("regions"), N_("The institutes in figures, side by side."), "2", 0, run_regions, NULL},
    {"projects", N_("projects"), N_("All projects."), "3", 0, run_projects, NULL},
    {"capacity", N_("capacity"), N_("Requests, offers and allocations."), "4", 0, run_capacity, NULL},
    {"needs", N_("needs"), N_("All needs."), "5", 0, run_needs, NULL},
    {"act-as", N_("act as"), N_("Acts for another institute from now on, where you may."), "@", 0, run_act_as, NULL},
    {"journal", N_("journal"), N_("The newest writes of all records."), "J", 0, run_journal, NULL},
    {"calendar", N_("calendar"), N_("Capacity week by week: how much is booked, and by whom."), "C", 0, run_calendar,
     NULL},
    {"balances", N_("balances"), N_("What all regions lent and borrowed, in credits, and whom."), "B", 0, run_balances,
     NULL},
    {"plan", N_("plan"), N_("Answers all open requests at once, fairly, and says why."), "P", 0, run_plan, NULL},
    {"unsaved", N_("unsaved"), N_("Forms that were left unsaved: go on where you stopped."), "D", 0, run_drafts, NULL},
    {"repaint", N_("repaint"), N_("Paints the screen anew and reads everything again."), "^L F5", 0, run_repaint, NULL},
    {"quit", N_("quit"), N_("Ends the program."), "q ^C", 95, run_quit, NULL},
    {0},
};

/* --- the footer --------------------------------------------------------------------------------------------------- */

/* "Start work" as the footer has it: "start work". */
static void write_lowered(const char *label, char *out, size_t size) {
    size_t used;
    uint32_t first = text_decode(label, strlen(label), &used);
    char bytes[4];
    snprintf(out, size, "%.*s%s", (int)text_encode(uc_tolower(first), bytes), bytes, label + used);
}

static bool is_hinted(const Hint *hints, int count, const char *key) {
    for (int i = 0; i < count; i++) {
        if (!strcmp(hints[i].key, key)) return true;
    }
    return false;
}

static int add_actions(View *v, const Action *rows, Hint *hints, int count) {
    for (; rows && rows->name && count < HINTS_MAX; rows++) {
        Hint *h = &hints[count];
        const char *worded = v->panel->wording ? v->panel->wording(v, rows) : NULL;
        if (!rows->rank || (rows->can && !rows->can(v))) continue;
        key_shown(rows->keys, h->key);
        if (is_hinted(hints, count, h->key)) continue;
        h->label = worded ? NULL : _(rows->label);
        if (worded) write_lowered(worded, h->text, sizeof h->text);
        h->rank = rows->rank;
        count++;
    }
    return count;
}

/* Whether the panel has an action of its own on a verb's key. */
static bool key_taken(View *v, char key) {
    const Action *lists[] = {v->panel->actions, v->panel->base};
    const Event event = {.kind = EVENT_KEY, .key = KEY_IS_CHAR, .point = (uint32_t)key};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (find_action(lists[i], v, &event)) return true;
    }
    return false;
}

/* The verbs with a key that the record at the cursor, or all that are marked, may be moved by now. */
static int add_verbs(View *v, int rank, Hint *hints, int count) {
    const Record **records;
    int found = v->panel->records ? v->panel->records(v, &records) : 0, site;
    Command c;
    for (int i = 0; found && count < HINTS_MAX && command_of_entity(records[0]->entity, i, &c); i++) {
        if (!c.key || c.key == 'e' || !c.states || key_taken(v, c.key)) continue;
        if (act_ready(v->app, &c, records, found, &site, NULL) != STATUS_OK) continue;
        if (site != service_actor(v->app->service)->site) continue;
        snprintf(hints[count].key, sizeof hints[count].key, "%c", c.key);
        hints[count].label = NULL;
        write_lowered(_(c.label), hints[count].text, sizeof hints[count].text);
        hints[count++].rank = rank + i;
    }
    return count;
}

static const char *hint_label(const Hint *h) {
    return h->label ? h->label : h->text;
}

static void sort_hints(Hint *hints, int count) {
    for (int i = 1; i < count; i++) {
        Hint hint = hints[i];
        int k = i;
        for (; k && hints[k - 1].rank > hint.rank; k--) {
            hints[k] = hints[k - 1];
        }
        hints[k] = hint;
    }
}

static int hint_width(const Hint *h) {
    return text_width(h->key, strlen(h->key)) + 1 + text_width(hint_label(h), strlen(hint_label(h))) + 2;
}

/* What acts on marked rows comes before what one could do otherwise. */
static void gather_hints(App *app, View *v) {
    enum { VERBS_RANK = 20, MARKED_RANK = 5 };
    Hint *hints = app->hints;
    const Mode *mode = v->panel->mode ? v->panel->mode(v) : NULL;
    int count = mode ? add_actions(v, mode->actions, hints, 0) : 0;
    if (!mode || !mode->alone) {
        count = add_actions(v, v->panel->actions, hints, count);
        count = add_actions(v, v->panel->base, hints, count);
        if (!v->panel->typing) count = add_verbs(v, mode ? MARKED_RANK : VERBS_RANK, hints, count);
        if (!v->panel->overlay) count = add_actions(v, app_actions, hints, count);
    }
    sort_hints(hints, count);
    app->hint_count = count;
    app->hinted = v;
}

/* Whole hints only, most useful first; help and quit keep their place. */
void draw_footer(App *app, Rect r) {
    enum { ROOMY_FROM = 100 };
    View *v = app_top(app);
    bool keep = app->hinted == v && app->moving && !v->panel->overlay && r.w < ROOMY_FROM;
    if (!keep) gather_hints(app, v);
    Hint hints[HINTS_MAX];
    int count = app->hint_count, x = r.x + 1, kept = 0;
    memcpy(hints, app->hints, sizeof hints);
    int room = r.w - 1;
    for (int i = 0; i < count; i++) {
        if (hints[i].rank >= 90) room -= hint_width(&hints[i]);
    }
    for (int i = 0; i < count; i++) {
        int w = hint_width(&hints[i]);
        if (hints[i].rank < 90 && w > room) continue;
        if (hints[i].rank < 90) room -= w;
        hints[kept++] = hints[i];
    }
    /* Blanks in the labels' style: a change of style costs more bytes than a word. */
    draw_fill(r, STYLE_DIM);
    app->footer_count = 0;
    for (int i = 0; i < kept && x < r.w - 3; i++) {
        FooterKey *key = &app->footer[app->footer_count];
        if (app->footer_count < FOOTER_KEYS_MOST - 1) app->footer_count++;
        key->at = (Rect){r.y, x, 1, 0};
        memcpy(key->name, hints[i].key, sizeof key->name);
        x += draw_string(r.y, x, r.w - x, STYLE_KEY, hints[i].key) + 1;
        x += draw_string(r.y, x, r.w - x, STYLE_DIM, hint_label(&hints[i])) + 2;
        key->at.w = x - 2 - key->at.x;
    }
}

bool footer_event(const App *app, const Event *click, Event *key) {
    for (int i = 0; i < app->footer_count; i++) {
        const FooterKey *f = &app->footer[i];
        if (event_clicks(click, f->at)) return event_named(f->name, strlen(f->name), key);
    }
    return false;
}
