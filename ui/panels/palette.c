/* The palette: any action, verb, panel, list or record, found by typing. And the sites one may act for. */
#include "panels/act.h"
#include "panels/pick.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

enum {
    ITEMS_MOST = 200,
    VERB_BASE = 1000,
    LIST_BASE = 2000,
    NEW_BASE = 2500,
    RECORD = 3000,
    RECORDS_MOST = 8,
    TYPED_LEAST = 3
};

typedef struct Palette {
    App *app;
    View *view; /* below the palette */
    const Action *actions[ITEMS_MOST];
    int action_count;
    const Entity *entity; /* of the record at the cursor; NULL */
    Arena arena;
    Page regions, provinces; /* read when they are first looked for */
    bool regions_read;
} Palette;

/* What a source has found so far. */
typedef struct Found {
    Arena *arena;
    const char *typed;
    PickerItem *items;
    int count;
} Found;

static void add(Found *f, PickerItem item, Match match, Standing standing) {
    item.place = act_place(match, standing);
    if (f->count < ITEMS_MOST) f->items[f->count++] = item;
}

/* "search" as it begins a line: "Search". */
static const char *capital(Arena *arena, const char *words) {
    size_t used;
    char bytes[4];
    uint32_t first = uc_toupper(text_decode(words, strlen(words), &used));
    return arena_format(arena, "%.*s%s", (int)text_encode(first, bytes), bytes, words + used);
}

static void add_command(Found *f, const char *name, const char *words, const char *help, const char *right, int value) {
    Match match = command_match(f->typed, words, name, help);
    if (match == MATCH_NONE) return;
    add(f, (PickerItem){.code = capital(f->arena, words), .label = help, .right = right, .value = value}, match,
        STANDS_PLAIN);
}

/* --- verbs, actions and lists --------------------------------------------------------------------------------------- */

static void add_verbs(const Palette *p, Found *f) {
    const Record **records;
    Command c;
    int count = p->entity ? p->view->panel->records(p->view, &records) : 0;
    for (int i = 0; count && command_of_entity(p->entity, i, &c) && f->count < ITEMS_MOST; i++) {
        PickerItem *item = &f->items[f->count];
        if (!act_offer(p->app, &c, records, count, f->typed, f->arena, item)) continue;
        item->value = VERB_BASE + i;
        f->count++;
    }
}

/* Whether an action is what a verb of the record is already (a list's "edit"). */
static bool is_verb(const Palette *p, const Action *action) {
    Command c;
    for (int i = 0; p->entity && command_of_entity(p->entity, i, &c); i++) {
        if (folded_find(_(action->label), _(c.label)) == MATCH_WHOLE) return true;
    }
    return false;
}

static void add_actions(const Palette *p, Found *f) {
    for (int i = 0; i < p->action_count; i++) {
        const Action *a = p->actions[i];
        char key[16];
        key_shown(a->keys, key);
        if (!is_verb(p, a)) add_command(f, a->name, _(a->label), _(a->help), arena_string(f->arena, key), i);
    }
}

/* Whether a list is what an action leads to already (the tabs). */
static bool is_action(const Palette *p, const Entity *entity) {
    for (int i = 0; i < p->action_count; i++) {
        if (!strcmp(p->actions[i]->name, entity->plural)) return true;
    }
    return false;
}

static void add_lists(const Palette *p, Found *f) {
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        if (entity != &entity_site && !is_action(p, entity))
            add_command(f, entity->plural, _(entity->heading), _("The list of all of them."), NULL, LIST_BASE + kind);
    }
}

/* A new record of any kind, from wherever one is: "new need". */
static void add_new(const Palette *p, Found *f) {
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        const char *label = arena_format(f->arena, _("New: %s"), _(entity->label));
        Match match = command_match(f->typed, label, arena_format(f->arena, "add %s", entity->name), NULL);
        /* An empty line and a lone word are about what is here and about lists. */
        if (match == MATCH_NONE || !strchr(f->typed, ' ') || !act_can_add(p->app, entity)) continue;
        add(f, (PickerItem){.code = label, .label = _("Makes a record."), .value = NEW_BASE + kind}, match, STANDS_FAR);
    }
}

/* --- records -------------------------------------------------------------------------------------------------------- */

static void add_record(const Palette *p, Found *f, const Record *r, const char *label, Match match) {
    Buffer code = {0}, title = {0};
    record_code(r, service_codes(p->app->service), &code);
    record_title(r, &title);
    for (int i = 0; i < f->count; i++) {
        if (f->items[i].value != RECORD || strcmp(f->items[i].code, buffer_string(&code)) != 0) continue;
        buffer_free(&code);
        buffer_free(&title);
        return;
    }
    add(f,
        (PickerItem){.code = arena_string(f->arena, buffer_string(&code)),
                     .label = label ? label : arena_string(f->arena, buffer_string(&title)),
                     .right = _(r->entity->label),
                     .value = RECORD},
        match, STANDS_FAR);
    buffer_free(&code);
    buffer_free(&title);
}

/* A code as it is often typed, "sma r12" or "r12" for one's own region's, as it is written: "sma-r12", "SMA-r12".
 * Empty where it is no code, which is not to be asked for at each key. */
static const char *as_code(const Palette *p, Arena *arena, const char *typed) {
    if (!strpbrk(typed, "0123456789")) return "";
    char *joined = arena_string(arena, typed);
    bool bare = true;
    for (char *c = joined; *c; c++) {
        if (*c == ' ' && c[1]) *c = '-';
        bare = bare && *c != '-';
    }
    return bare ? arena_format(arena, "%s-%s", site_code(service_actor(p->app->service)->site), joined) : joined;
}

/* A record by its code, however it is written. */
static void add_coded(const Palette *p, Found *f) {
    const char *written[] = {f->typed, as_code(p, f->arena, f->typed)};
    for (int i = 0; i < 2; i++) {
        Record *r;
        if (strlen(written[i]) < TYPED_LEAST) continue;
        if (service_record(p->app->service, f->arena, written[i], &r, NULL) == STATUS_OK)
            add_record(p, f, r, NULL, MATCH_WHOLE);
    }
}

/* Those whose text has the words. */
static void add_worded(const Palette *p, Found *f, const Entity *entity) {
    Buffer words = {0};
    Page page;
    Error e;
    text_fold(&words, f->typed, strlen(f->typed));
    ListRequest r = {.entity = entity,
                     .filter = buffer_string(&words),
                     .limit = RECORDS_MOST,
                     .steps = 4000,
                     .fields = FIELD_BIT(entity->title)};
    if (words.size >= TYPED_LEAST && service_list(p->app->service, f->arena, &r, &page, &e) == STATUS_OK) {
        for (int i = 0; i < page.count; i++) {
            add_record(p, f, page.rows[i], NULL, MATCH_HELP);
        }
    }
    buffer_free(&words);
}

/* --- regions -------------------------------------------------------------------------------------------------------- */

static void read_regions(Palette *p) {
    enum { PROVINCES_MOST = 200 };
    Error e;
    ListRequest r = {.entity = &entity_site, .limit = SITE_COUNT, .fields = FIELDS_ALL};
    if (p->regions_read) return;
    p->regions_read = true;
    if (service_list(p->app->service, &p->arena, &r, &p->regions, &e) != STATUS_OK) p->regions.count = 0;
    r.entity = &entity_province;
    r.limit = PROVINCES_MOST;
    if (service_list(p->app->service, &p->arena, &r, &p->provinces, &e) != STATUS_OK) p->provinces.count = 0;
}

/* By one of a record's names, or by words of several of them and of what it is ("oujda region"). */
static Match names_match(const char *typed, const Record *r, const int *names, int count) {
    Match match = MATCH_NONE;
    Buffer all = {0};
    for (int i = 0; i < count; i++) {
        const Value *name = &r->values[names[i]];
        if (name->kind != VALUE_TEXT) continue;
        Match one = folded_find(typed, value_string(name));
        if (one < match) match = one;
        buffer_format(&all, "%s ", value_string(name));
    }
    buffer_add_string(&all, _(r->entity->label));
    if (match > MATCH_WORDS) match = folded_match(typed, buffer_string(&all)) ? MATCH_WORDS : MATCH_NONE;
    buffer_free(&all);
    return match;
}

/* By its own names, else by those of a province of it. */
static void add_region(const Palette *p, Found *f, const Record *region) {
    static const int names[] = {COMMON_CODE, SITE_NAME_FR, SITE_NAME_AR, SITE_NAME_ZGH, SITE_SEAT, SITE_SEAT_AR};
    static const int province_names[] = {PROVINCE_NAME, PROVINCE_NAME_AR};
    const char *name = value_string(&region->values[SITE_NAME_FR]), *within = value_string(&region->values[SITE_SEAT]);
    Match match = names_match(f->typed, region, names, sizeof names / sizeof *names);
    for (int i = 0; i < p->provinces.count && match == MATCH_NONE; i++) {
        const Record *r = p->provinces.rows[i];
        if (value_number_or(&r->values[PROVINCE_REGION], -1) != region->id) continue;
        match = names_match(f->typed, r, province_names, sizeof province_names / sizeof *province_names);
        within = value_string(&r->values[PROVINCE_NAME]);
    }
    if (match != MATCH_NONE) add_record(p, f, region, arena_format(f->arena, "%s: %s", name, within), match);
}

static void add_regions(Palette *p, Found *f) {
    if (strlen(f->typed) < TYPED_LEAST) return;
    read_regions(p);
    for (int i = 0; i < p->regions.count; i++) {
        add_region(p, f, p->regions.rows[i]);
    }
}

/* --- the palette ---------------------------------------------------------------------------------------------------- */

static void palette_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    Palette *p = context;
    Found f = {.arena = arena, .typed = typed, .items = arena_array(arena, ITEMS_MOST, sizeof *f.items)};
    add_coded(p, &f);
    add_verbs(p, &f);
    add_actions(p, &f);
    add_lists(p, &f);
    add_new(p, &f);
    add_regions(p, &f);
    add_worded(p, &f, &entity_project);
    add_worded(p, &f, &entity_need);
    picker_sort(f.items, f.count);
    *items = f.items;
    *count = f.count;
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
    else if (item->value >= NEW_BASE) act_add(app, entity_of_kind((int)item->value - NEW_BASE), NULL, 0);
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

static void palette_free(void *context) {
    Palette *p = context;
    arena_free(&p->arena);
    free(p);
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
                                 .free_context = palette_free};
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

/* What is asked before an act that is another institute's, and how it goes on. */
typedef struct ActAs {
    int site;
    void (*then)(App *, void *);
    void *context;
    void (*free_context)(void *);
} ActAs;

static void act_as_agreed(App *app, void *context) {
    const ActAs *a = context;
    act_for(app, a->site);
    if (service_actor(app->service)->site == a->site) a->then(app, a->context);
}

static void act_as_free(void *context) {
    ActAs *a = context;
    a->free_context(a->context);
    free(a);
}

void ask_to_act_as(App *app, int site, const char *verb, void (*then)(App *, void *), void *context,
                   void (*free_context)(void *)) {
    char title[80], text[400];
    ActAs *a = memory_new(sizeof *a);
    *a = (ActAs){.site = site, .then = then, .context = context, .free_context = free_context};
    snprintf(title, sizeof title, _("Act for %s?"), site_code(site));
    snprintf(text, sizeof text,
             _("%s: this is for %s to do, and you act for %s. You may act for both; \"yes\" acts for %s from now on "
               "and goes "
               "on with it."),
             verb, site_code(site), site_code(service_actor(app->service)->site), site_code(site));
    ask_owned(app, title, text, _("Act for it from now on"), act_as_agreed, a, act_as_free);
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
