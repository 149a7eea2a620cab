/* Acts: how a command is begun on the screen, with a form, a question or at once, and how it ends. */
#include "panels/act.h"

#include "base/text.h"
#include "panels/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- doing it ----------------------------------------------------------------------------------------------------- */

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

static void do_it(App *app, void *context) {
    Error e = {0};
    if (act_run(app, context, NULL, 0, &e) != STATUS_OK) app_fail(app, &e);
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

/* What is another institute's to do, for which the operator may act: he is asked whether he wants to. */
static bool offer_to_act_as(App *app, const Command *command, const Record *record) {
    int site = command_site(command, service_actor(app->service), record);
    if (site < 0) return false;
    ask_to_act_as(app, site);
    return true;
}

static bool allowed(App *app, const Command *command, const Record *const *records, int count) {
    for (int i = 0; i < count; i++) {
        Error e = {0};
        Status s = command_allowed(command, service_actor(app->service), records[i], &e);
        if (s == STATUS_OK) continue;
        bool other_site = s == STATUS_DENIED && !strcmp(e.field, "site");
        if (!other_site || !offer_to_act_as(app, command, records[i])) app_fail(app, &e);
        return false;
    }
    return true;
}

void act_begin(App *app, const Command *command, const Record *const *records, int count) {
    if (!allowed(app, command, records, count)) return;
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
    Error e = {0};
    command_find(redo ? "redo" : "undo", NULL, &command);
    Deed *act = deed_new(&command, NULL, NULL, 0);
    if (act_run(app, act, NULL, 0, &e) != STATUS_OK) app_fail(app, &e);
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

typedef struct Menu {
    App *app;
    Arena arena;
    const Entity *entity;
    Record **records;
    int count;
} Menu;

static void menu_source(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    Menu *m = context;
    Command c;
    *items = arena_array(arena, 64, sizeof **items);
    /* What can be done now comes first; what cannot says why. */
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; *count < 64 && command_of_entity(m->entity, i, &c); i++) {
            Error e = {0};
            bool off = false;
            for (int k = 0; k < m->count && !off; k++) {
                off = command_allowed(&c, service_actor(m->app->service), m->records[k], &e) != STATUS_OK;
            }
            if (off != (pass == 1) || (!folded_match(typed, _(c.label)) && !folded_match(typed, c.name))) continue;
            PickerItem *item = &(*items)[(*count)++];
            *item = (PickerItem){.code = arena_string(arena, _(c.label)), .off = off, .value = i};
            item->label = arena_string(arena, off ? e.why : _(c.help));
            /* Who may, and the key. */
            const Choice *role = choice_of_number(role_choices, command_least_role(&c, m->entity));
            if (!off) item->right = arena_format(arena, "%s %c", role ? _(role->label) : "", c.key ? c.key : ' ');
        }
    }
}

static void menu_chosen(App *app, void *context, const PickerItem *item) {
    Menu *m = context;
    Command c;
    if (command_of_entity(m->entity, (int)item->value, &c))
        act_begin(app, &c, (const Record *const *)m->records, m->count);
}

static void menu_free(void *context) {
    Menu *m = context;
    arena_free(&m->arena);
    free(m);
}

void act_menu(App *app, const Record *const *records, int count) {
    if (!count) return;
    Menu *m = memory_new(sizeof *m);
    *m = (Menu){.app = app, .entity = records[0]->entity, .count = count};
    m->records = arena_array(&m->arena, (size_t)count, sizeof *m->records);
    for (int i = 0; i < count; i++) {
        Error e = {0};
        if (service_record_of_id(app->service, &m->arena, m->entity, records[i]->id, &m->records[i], &e) == STATUS_OK)
            continue;
        app_fail(app, &e);
        menu_free(m);
        return;
    }
    const PickRequest request = {.title = _("What to do"),
                                 .source = menu_source,
                                 .chosen = menu_chosen,
                                 .context = m,
                                 .free_context = menu_free};
    pick(app, &request);
}
