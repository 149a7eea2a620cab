/* The palette: any action, verb, panel, list or record, found by typing. And the sites one may act for. */
#include "panels/act.h"
#include "panels/pick.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

enum { ITEMS_MOST = 200, VERB_BASE = 1000, LIST_BASE = 2000, RECORD = 3000, RECORDS_MOST = 8 };

typedef struct Palette {
    App *app;
    View *view; /* below the palette */
    const Action *actions[ITEMS_MOST];
    int action_count;
    const Entity *entity; /* of the record at the cursor; NULL */
} Palette;

/* "search" as it begins a line: "Search". */
static const char *capital(Arena *arena, const char *words) {
    size_t used;
    char bytes[4];
    uint32_t first = uc_toupper(text_decode(words, strlen(words), &used));
    return arena_format(arena, "%.*s%s", (int)text_encode(first, bytes), bytes, words + used);
}

/* A line of words and what they mean, where what is typed finds one of them, or the name that the command line has. */
static void add(Arena *arena, PickerItem *items, int *count, const char *typed, const char *name, const char *words,
                const char *help, const char *right, int value) {
    if (*count < ITEMS_MOST && (folded_match(typed, name) || folded_match(typed, words) || folded_match(typed, help)))
        items[(*count)++] = (PickerItem){.code = capital(arena, words), .label = help, .right = right, .value = value};
}

/* A record by its code, however it is written. */
static void add_record(const Palette *p, const char *typed, Arena *arena, PickerItem *items, int *count) {
    Record *r;
    Buffer title = {0};
    if (strlen(typed) < 3 || service_record(p->app->service, arena, typed, &r, NULL) != STATUS_OK) return;
    Buffer code = {0};
    record_code(r, service_codes(p->app->service), &code);
    record_title(r, &title);
    items[(*count)++] = (PickerItem){.code = arena_copy(arena, buffer_string(&code), code.size),
                                     .label = arena_copy(arena, buffer_string(&title), title.size),
                                     .right = _(r->entity->label),
                                     .value = RECORD};
    buffer_free(&code);
    buffer_free(&title);
}

/* Projects and needs whose text has the words. */
static void add_found(const Palette *p, const Entity *entity, const char *typed, Arena *arena, PickerItem *items,
                      int *count) {
    Buffer words = {0};
    Page page;
    Error e;
    text_fold(&words, typed, strlen(typed));
    ListRequest r = {.entity = entity,
                     .filter = buffer_string(&words),
                     .limit = RECORDS_MOST,
                     .steps = 4000,
                     .fields = FIELD_BIT(entity->title)};
    if (words.size >= 3 && service_list(p->app->service, arena, &r, &page, &e) == STATUS_OK) {
        for (int i = 0; i < page.count && *count < ITEMS_MOST; i++) {
            Buffer code = {0}, title = {0};
            record_code(page.rows[i], NULL, &code);
            record_title(page.rows[i], &title);
            items[(*count)++] = (PickerItem){.code = arena_copy(arena, code.bytes, code.size),
                                             .label = arena_copy(arena, buffer_string(&title), title.size),
                                             .right = _(entity->label),
                                             .value = RECORD};
            buffer_free(&code);
            buffer_free(&title);
        }
    }
    buffer_free(&words);
}

static void palette_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    Palette *p = context;
    Command c;
    *items = arena_array(arena, ITEMS_MOST + 8, sizeof **items);
    add_record(p, typed, arena, *items, count);
    const Record **records;
    bool any = p->entity && p->view->panel->records(p->view, &records);
    for (int i = 0; any && command_of_entity(p->entity, i, &c); i++) {
        Error e = {0};
        int before = *count;
        bool off = command_allowed(&c, service_actor(p->app->service), records[0], &e) != STATUS_OK;
        add(arena, *items, count, typed, c.name, _(c.label), off ? arena_string(arena, e.why) : _(c.help),
            c.key && !off ? arena_format(arena, "%c", c.key) : NULL, VERB_BASE + i);
        if (*count > before) (*items)[before].off = off;
    }
    for (int i = 0; i < p->action_count; i++) {
        char key[16];
        key_shown(p->actions[i]->keys, key);
        add(arena, *items, count, typed, p->actions[i]->name, _(p->actions[i]->label), _(p->actions[i]->help),
            arena_string(arena, key), i);
    }
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        if (entity == &entity_site) continue;
        add(arena, *items, count, typed, entity->plural, _(entity->heading), _("The list of all of them."), NULL,
            LIST_BASE + kind);
    }
    add_found(p, &entity_project, typed, arena, *items, count);
    add_found(p, &entity_need, typed, arena, *items, count);
}

static void open_code(App *app, const char *code) {
    Arena arena = {0};
    Record *r;
    Error e = {0};
    if (service_record(app->service, &arena, code, &r, &e) == STATUS_OK) open_record(app, r->entity, r->id);
    else app_fail(app, &e);
    arena_free(&arena);
}

static void run_verb(App *app, Palette *p, int index) {
    const Record **records;
    Command c;
    int count = p->view->panel->records ? p->view->panel->records(p->view, &records) : 0;
    if (count && command_of_entity(p->entity, index, &c)) act_begin(app, &c, records, count);
}

static void palette_chosen(App *app, void *context, const PickerItem *item) {
    Palette *p = context;
    if (item->value == RECORD) open_code(app, item->code);
    else if (item->value >= LIST_BASE) open_list(app, entity_of_kind((int)item->value - LIST_BASE), "");
    else if (item->value >= VERB_BASE) run_verb(app, p, (int)item->value - VERB_BASE);
    else if (item->value >= 0 && item->value < p->action_count) p->actions[item->value]->run(p->view);
}

static void take_actions(Palette *p, const Action *rows) {
    for (; rows && rows->name && p->action_count < ITEMS_MOST; rows++) {
        bool known = !rows->run || (rows->can && !rows->can(p->view));
        for (int i = 0; i < p->action_count; i++) {
            known = known || !strcmp(p->actions[i]->name, rows->name);
        }
        if (!known && strcmp(rows->name, "palette") != 0) p->actions[p->action_count++] = rows;
    }
}

void open_palette(App *app) {
    Palette *p = memory_new(sizeof *p);
    const Record **records;
    p->app = app;
    p->view = app_top(app);
    if (p->view->panel->records && p->view->panel->records(p->view, &records)) p->entity = records[0]->entity;
    take_actions(p, p->view->panel->actions);
    take_actions(p, p->view->panel->base);
    take_actions(p, app_actions);
    const PickRequest request = {.title = _("Command, list, code or words"),
                                 .source = palette_source,
                                 .chosen = palette_chosen,
                                 .context = p,
                                 .free_context = free};
    pick(app, &request);
}

/* --- acting for another site -------------------------------------------------------------------------------------- */

static void sites_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    App *app = context;
    const Actor *actor = service_actor(app->service);
    *items = arena_array(arena, SITE_COUNT, sizeof **items);
    for (int site = 0; site < SITE_COUNT; site++) {
        Record *r;
        if (!(actor->may_act >> site & 1)) continue;
        if (service_record(app->service, arena, site_code(site), &r, NULL) != STATUS_OK) continue;
        const char *name = value_string(&r->values[SITE_NAME_FR]);
        if (!folded_match(typed, site_code(site)) && !folded_match(typed, name)) continue;
        (*items)[(*count)++] = (PickerItem){
            .code = site_code(site), .label = name, .right = site == actor->site ? _("now") : NULL, .value = site};
    }
}

static void act_for(App *app, int site) {
    Error e = {0};
    Arena arena = {0};
    Record *r;
    if (service_act_as(app->service, site, &e) == STATUS_OK &&
        service_record(app->service, &arena, site_code(site), &r, &e) == STATUS_OK) {
        app_changed(app);
        app_say(app, STYLE_GOOD, _("You act for %s now."), value_string(&r->values[SITE_NAME_FR]));
    } else app_fail(app, &e);
    arena_free(&arena);
}

static void site_chosen(App *app, void *context, const PickerItem *item) {
    (void)context;
    act_for(app, (int)item->value);
}

static void act_for_asked(App *app, void *context) {
    act_for(app, *(int *)context);
}

void ask_to_act_as(App *app, int site) {
    char title[80], text[200];
    int *context = memory_new(sizeof *context);
    *context = site;
    snprintf(title, sizeof title, _("Act for %s?"), site_code(site));
    snprintf(text, sizeof text,
             _("This is for %s to do, and you act for %s. You may act for both: press the key again afterwards."),
             site_code(site), site_code(service_actor(app->service)->site));
    ask_owned(app, title, text, _("Act for it from now on"), act_for_asked, context, free);
}

void open_act_as(App *app) {
    const Actor *actor = service_actor(app->service);
    if (!(actor->may_act & (actor->may_act - 1))) {
        app_say(app, STYLE_DIM, "%s",
                actor->may_act ? _("You act for your own institute only.")
                               : _("You are no operator of this store and may only look."));
        return;
    }
    const PickRequest request = {.title = _("Act for"), .source = sites_source, .chosen = site_chosen, .context = app};
    pick(app, &request);
}
