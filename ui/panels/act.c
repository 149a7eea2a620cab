/* Acts: how a command is begun on the screen, with a form, a question or at once, and how it ends. */
#include "panels/act.h"

#include "base/text.h"
#include "panels/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- doing it ----------------------------------------------------------------------------------------------------- */

bool act_is_unanswered(App *app, Error *e) {
    bool unsure = service_is_unsure(e), again = !app->gave_up && !app->unanswered;
    if (e->status != STATUS_BUSY || !service_is_away(app->service)) return false;
    if (unsure && app->gave_up)
        error_set(e, STATUS_BUSY, NULL, "%s", _("You gave up waiting: it may have been done, and may not"));
    else if (again)
        error_set(e, STATUS_BUSY, NULL, "%s",
                  unsure ? _("The server does not answer: it may have been done, and is asked for again by itself")
                         : _("The server does not answer: it is asked for again by itself"));
    return again;
}

/* A verb by which another record was made, a project of a need, leads to it: one goes on there. */
static void open_answer(App *app, const Deed *act, const Outcome *outcome) {
    if (!act->entity || !entity_arrow(act->entity, act->command.name) || act->count != 1 || outcome->repeated) return;
    for (int i = 0; i < outcome->count; i++) {
        const Effect *made = &outcome->effects[i];
        if (made->rev != 1 || made->entity == act->entity) continue;
        open_record(app, made->entity, made->id);
        return;
    }
}

Status act_run(App *app, Deed *act, const Argument *arguments, int count, Error *e) {
    Arena arena = {0};
    Outcome outcome;
    Buffer said = {0};
    const char **codes = arena_array(&arena, (size_t)act->count + 1, sizeof *codes);
    int64_t *revs = arena_array(&arena, (size_t)act->count + 1, sizeof *revs);
    for (int i = 0; i < act->count; i++) {
        codes[i] = act->targets[i].code;
        revs[i] = act->targets[i].rev;
    }
    const CommandRequest request = {.verb = act->command.name,
                                    .entity = act->entity ? act->entity->name : NULL,
                                    .codes = codes,
                                    .revs = revs,
                                    .code_count = act->count,
                                    .arguments = arguments,
                                    .argument_count = count,
                                    .form = FORM_TYPED,
                                    .op = act->op};
    app->gave_up = false;
    Status s = service_command(app->service, &arena, &request, &outcome, e);
    if (s == STATUS_OK) {
        service_say_outcome(app->service, &request, &outcome, &said);
        app_say(app, STYLE_GOOD, "%s", buffer_string(&said));
        act->repeated = outcome.repeated;
        act->wrote = outcome.count ? outcome.effects[0] : (Effect){0};
        if (outcome.count && !outcome.repeated && outcome.effects[0].rev == 1) {
            app->made = outcome.effects[0].entity;
            app->made_id = outcome.effects[0].id;
        }
        app_changed(app);
        app->acted = true;
        open_answer(app, act, &outcome);
    }
    buffer_free(&said);
    arena_free(&arena);
    return s;
}

Deed *deed_new(const Command *command, const Entity *entity, const Record *const *records, int count) {
    Deed *act = memory_new(sizeof *act);
    act->command = *command;
    act->entity = entity;
    act->count = count;
    act->targets = memory_new((size_t)(count + 1) * sizeof *act->targets);
    operation_new(act->op);
    for (int i = 0; i < count; i++) {
        Buffer code = {0};
        record_code(records[i], NULL, &code);
        text_copy(act->targets[i].code, sizeof act->targets[i].code, buffer_string(&code));
        act->targets[i].id = records[i]->id;
        act->targets[i].rev = value_number_or(&records[i]->values[COMMON_REV], 0);
        buffer_free(&code);
    }
    return act;
}

void deed_free(Deed *act) {
    if (act) free(act->targets);
    free(act);
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static Deed *deed_copy(const Deed *act) {
    Deed *copy = memory_new(sizeof *copy);
    *copy = *act;
    copy->targets = memory_new((size_t)(act->count + 1) * sizeof *copy->targets);
    memcpy(copy->targets, act->targets, (size_t)act->count * sizeof *copy->targets);
    return copy;
}

static void do_it(App *app, void *context) {
    Error e = {0};
    Status s = act_run(app, context, NULL, 0, &e);
    if (s == STATUS_OK) return;
    bool again = act_is_unanswered(app, &e);
    *e.field = 0; /* a script's word for it: nothing was filled in here, so no field is to be mended */
    app_fail(app, &e);
    if (again) app->unanswered = deed_copy(context);
}

void act_resend(App *app) {
    Deed *act = app->unanswered;
    app->unanswered = NULL;
    if (act) do_it(app, act);
    else form_resend(app_top(app));
    deed_free(act);
}

enum { NAMED_MOST = 6 };

/* "SMA-N1, SMA-N2 and 5 more." */
static void name_targets(const Deed *act, Buffer *b) {
    int named = act->count > NAMED_MOST + 1 ? NAMED_MOST : act->count;
    for (int i = 0; i < named; i++) {
        buffer_format(b, "%s%s", i ? ", " : "", act->targets[i].code);
    }
    if (act->count > named) buffer_format(b, _(" and %d more"), act->count - named);
    buffer_add_string(b, ". ");
}

/* "Decline: 3 allocations?" or "Decline: RSK-A31?", then what will happen, and to which. */
static void ask_first(App *app, Deed *act) {
    Buffer title = {0}, text = {0};
    const Command *c = &act->command;
    buffer_format(&title, "%s: ", _(c->label));
    if (act->count == 1) buffer_add_string(&title, act->targets[0].code);
    else entity_count(act->entity, act->count, &title);
    buffer_add_string(&title, "?");
    if (act->count > 1) name_targets(act, &text);
    buffer_format(&text, "%s %s", _(c->help), c->consequence ? _(c->consequence) : "");
    if (c->consequence) buffer_add_char(&text, ' ');
    buffer_add_string(&text, _("u takes it back, as long as nobody has gone on from there."));
    (c->consequence ? ask_risky : ask_owned)(app, title.bytes, buffer_string(&text), _(c->label), do_it, act,
                                             (void (*)(void *))deed_free);
    buffer_free(&title);
    buffer_free(&text);
}

static bool takes_arguments(const Command *c) {
    return c->fields || c->asks || c->argument_count > 0;
}

static bool asks_before(const App *app, const Deed *act) {
    if (act->count > 1) return true;
    return act->command.consequence && app->settings->confirm == 0;
}

/* --- whether, and for which institute ------------------------------------------------------------------------------ */

/* Of several the reason is the first one's, and how many there are whom something stands in the way of. */
static Status allowed_for(const Command *command, const Actor *actor, int site, const Record *const *records, int count,
                          Error *e) {
    Actor as = *actor;
    Status s = STATUS_OK;
    int refused = 0;
    as.site = site;
    for (int i = 0; i < count; i++) {
        Error why = {0};
        Status one = command_allowed(command, &as, records[i], &why);
        if (one == STATUS_OK || refused++) continue;
        s = one;
        *e = why;
    }
    if (refused > 1) {
        char first[sizeof e->why];
        memcpy(first, e->why, sizeof first);
        snprintf(e->why, sizeof e->why, _("%.300s (so it is with %d of %d)"), first, refused, count);
        text_trim_partial(e->why);
    }
    return s;
}

static bool is_of_another_site(Status s, const Error *e) {
    return s == STATUS_DENIED && !strcmp(e->field, "site");
}

Status act_ready(const App *app, const Command *command, const Record *const *records, int count, int *site, Error *e) {
    const Actor *actor = service_actor(app->service);
    Error *why = e ? e : &(Error){0}, other = {0};
    *site = actor->site;
    Status s = allowed_for(command, actor, actor->site, records, count, why);
    if (!is_of_another_site(s, why)) return s;
    for (int i = 0; i < SITE_COUNT; i++) {
        if (!(actor->may_act >> i & 1)) continue;
        Status as = allowed_for(command, actor, i, records, count, &other);
        if (as == STATUS_OK) {
            *site = i;
            return as;
        }
        /* What else is in the way says more than whose it is. */
        if (!is_of_another_site(as, &other)) *why = other;
    }
    if (count > 1 && is_of_another_site(why->status, why))
        return error_set(why, STATUS_DENIED, "site", _("they are of several institutes: mark those of one"));
    return why->status;
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

/* Records as they are now, kept for an act that comes later. */
typedef struct Intent {
    Arena arena;
    App *app;
    Command command; /* of the question; the menu has no one yet */
    const Entity *entity;
    Record **records;
    int count;
    char title[160];
} Intent;

static void intent_free(void *context) {
    Intent *t = context;
    arena_free(&t->arena);
    free(t);
}

/* NULL where they cannot be read, which is said. */
static Intent *intent_new(App *app, const Record *const *records, int count) {
    Intent *t = memory_new(sizeof *t);
    *t = (Intent){.app = app, .entity = records[0]->entity, .count = count};
    t->records = arena_array(&t->arena, (size_t)count, sizeof *t->records);
    for (int i = 0; i < count; i++) {
        Error e = {0};
        if (service_record_of_id(app->service, &t->arena, t->entity, records[i]->id, &t->records[i], &e) == STATUS_OK)
            continue;
        app_fail(app, &e);
        intent_free(t);
        return NULL;
    }
    return t;
}

static void go_on(App *app, void *context) {
    const Intent *t = context;
    act_begin(app, &t->command, (const Record *const *)t->records, t->count);
}

void act_begin(App *app, const Command *command, const Record *const *records, int count) {
    Error e = {0};
    int site;
    if (act_ready(app, command, records, count, &site, &e) != STATUS_OK) {
        app_fail(app, &e);
        return;
    }
    if (site != service_actor(app->service)->site) {
        Intent *t = intent_new(app, records, count);
        if (!t) return;
        t->command = *command;
        ask_to_act_as(app, site, _(command->label), go_on, t, intent_free);
        return;
    }
    if (command->run && !strcmp(command->name, "propose") && count == 1) {
        open_fit(app, records[0]->id);
        return;
    }
    Deed *act = deed_new(command, records[0]->entity, records, count);
    if (takes_arguments(command)) {
        open_form(app, act, records, NULL, 0);
        return;
    }
    if (asks_before(app, act)) {
        ask_first(app, act);
        return;
    }
    do_it(app, act);
    deed_free(act);
}

bool act_can_add(const App *app, const Entity *entity) {
    Command add;
    return !entity->reference && entity != &entity_allocation && command_find("add", NULL, &add) &&
           service_actor(app->service)->role >= command_least_role(&add, entity);
}

void act_add(App *app, const Entity *entity, const char *const *given, int given_count) {
    Command command;
    Error e = {0};
    if (entity == &entity_allocation || entity->reference) {
        app_say(app, STYLE_DIM, "%s", _(entity->empty));
        return;
    }
    command_find("add", NULL, &command);
    if (actor_needs_role(service_actor(app->service), command_least_role(&command, entity), &e) != STATUS_OK) {
        app_fail(app, &e);
        return;
    }
    open_form(app, deed_new(&command, entity, NULL, 0), NULL, given, given_count);
}

void act_undo(App *app, bool redo) {
    Command command;
    command_find(redo ? "redo" : "undo", NULL, &command);
    Deed *act = deed_new(&command, NULL, NULL, 0);
    do_it(app, act);
    deed_free(act);
}

bool act_for_key(App *app, const Record *r, uint32_t point, Command *command) {
    (void)app;
    for (int i = 0; command_of_entity(r->entity, i, command); i++) {
        if (!command->key || (uint32_t)command->key != point) continue;
        if (!command->states || (command->states & FROM(record_state(r)))) return true;
    }
    return false;
}

/* --- the menu of verbs --------------------------------------------------------------------------------------------- */

enum { MENU_MOST = 64 };

/* The states a command takes, where that is what is wrong. */
static bool write_states(const Command *c, const Record *const *records, int count, Buffer *out) {
    const Entity *entity = records[0]->entity;
    unsigned in = command_states(c, entity);
    bool fits = true;
    for (int i = 0; in && i < count; i++) {
        fits = fits && (in & FROM(record_state(records[i])));
    }
    if (!fits) entity_states(entity, in, out);
    return out->size > 0;
}

/* Why not, in few words. */
static const char *short_reason(const App *app, const Command *c, const Record *const *records, int count,
                                const Error *e, Arena *arena) {
    Buffer states = {0};
    Actor anybody = *service_actor(app->service);
    const char *reason = NULL;
    anybody.may_act = ~0u;
    if (e->status == STATUS_CONFLICT && write_states(c, records, count, &states))
        reason = arena_format(arena, _("only when %s"), states.bytes);
    else if (count == 1 && is_of_another_site(e->status, e))
        reason = arena_format(arena, _("for %s to do"), site_code(command_site(c, &anybody, records[0])));
    buffer_free(&states);
    return reason ? reason : arena_string(arena, e->why);
}

int act_place(Match match, Standing standing) {
    /* Half a word may be the beginning of another command's name. */
    if (standing == STANDS_RISKY && match == MATCH_START) match = MATCH_WORDS;
    return ((int)match + (standing == STANDS_OFF ? MATCH_NONE : 0)) * STANDS_OFF + (int)standing;
}

bool act_offer(const App *app, const Command *c, const Record *const *records, int count, const char *typed,
               Arena *arena, PickerItem *item) {
    Error e = {0};
    int site, own = service_actor(app->service)->site;
    const Entity *entity = records[0]->entity;
    bool off = act_ready(app, c, records, count, &site, &e) != STATUS_OK;
    Match match = command_match(typed, _(c->label), c->name, off ? NULL : _(c->help));
    if (match == MATCH_NONE) return false;
    *item = (PickerItem){.code = arena_string(arena, _(c->label)), .label = _(c->help), .off = off};
    item->place = act_place(match, off              ? STANDS_OFF
                                   : c->consequence ? STANDS_RISKY
                                   : site != own    ? STANDS_FAR
                                                    : STANDS_PLAIN);
    if (off) {
        item->label = short_reason(app, c, records, count, &e, arena);
        item->more = arena_string(arena, e.why);
        return true;
    }
    /* Who may, or for whom one has to act; and the key. */
    const Choice *role = choice_of_number(role_choices, command_least_role(c, entity));
    const char *who = site != own ? arena_format(arena, _("for %s"), site_code(site)) : role ? _(role->label) : "";
    item->right = arena_format(arena, "%s %c", who, c->key ? c->key : ' ');
    return true;
}

static void menu_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    const Intent *t = context;
    Command c;
    *items = arena_array(arena, MENU_MOST, sizeof **items);
    for (int i = 0; *count < MENU_MOST && command_of_entity(t->entity, i, &c); i++) {
        PickerItem *item = &(*items)[*count];
        if (!act_offer(t->app, &c, (const Record *const *)t->records, t->count, typed, arena, item)) continue;
        item->value = i;
        (*count)++;
    }
    picker_sort(*items, *count);
}

static void menu_chosen(App *app, void *context, const PickerItem *item) {
    const Intent *t = context;
    Command c;
    if (command_of_entity(t->entity, (int)item->value, &c))
        act_begin(app, &c, (const Record *const *)t->records, t->count);
}

void act_menu(App *app, const Record *const *records, int count) {
    Intent *t = count ? intent_new(app, records, count) : NULL;
    Buffer of = {0};
    if (!t) return;
    if (count == 1) record_code(records[0], service_codes(app->service), &of);
    else entity_count(t->entity, count, &of);
    snprintf(t->title, sizeof t->title, _("What to do with %s"), buffer_string(&of));
    buffer_free(&of);
    const PickRequest request = {
        .title = t->title, .source = menu_source, .chosen = menu_chosen, .context = t, .free_context = intent_free};
    pick(app, &request);
}
