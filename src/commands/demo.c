/* The demonstration network: the world's clock, chance and acts. What happens in it is in demo_projects.c and
 * demo_capacity.c; who and what there is, in data/demo. */
#include "commands/demo.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/demo_world.h"
#include "commands/init.h"

#include <stdlib.h>
#include <string.h>

/* --- chance and time ---------------------------------------------------------------------------------------------- */

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t luck(World *w) {
    uint64_t z = w->luck += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

int world_chance(World *w, int from, int to) {
    return to <= from ? from : from + (int)(luck(w) % (uint64_t)(to - from + 1));
}

bool world_percent(World *w, int percent) {
    return world_chance(w, 1, 100) <= percent;
}

static bool sooner(const Event *a, const Event *b) {
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(World *w, Event event) {
    if (w->event_count == w->event_room) {
        Event *more =
            arena_array(&w->arena, (size_t)(w->event_room = w->event_room ? w->event_room * 2 : 1024), sizeof *more);
        if (w->event_count) memcpy(more, w->events, (size_t)w->event_count * sizeof *more);
        w->events = more;
    }
    int i = w->event_count++;
    for (; i && sooner(&event, &w->events[(i - 1) / 2]); i = (i - 1) / 2) {
        w->events[i] = w->events[(i - 1) / 2];
    }
    w->events[i] = event;
}

static Event pop(World *w) {
    Event first = w->events[0], last = w->events[--w->event_count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < w->event_count; i = child) {
        if (child + 1 < w->event_count && sooner(&w->events[child + 1], &w->events[child])) child++;
        if (!sooner(&w->events[child], &last)) break;
        w->events[i] = w->events[child];
    }
    w->events[i] = last;
    return first;
}

void world_plan(World *w, int day, Happening happen, int a, int b) {
    while (date_weekday(day) > 4) {
        day++;
    }
    int64_t at = (int64_t)day * 86400 + world_chance(w, 8 * 3600 + 1800, 17 * 3600 + 1800);
    /* What is planned within an event comes after it. */
    if (at <= clock_now()) at = clock_now() + 60 * world_chance(w, 1, 20);
    if (at < w->now) push(w, (Event){.at = at, .order = w->planned++, .happen = happen, .a = a, .b = b});
}

int world_day(const World *w) {
    (void)w;
    return (int)(clock_now() / 86400);
}

/* --- acts --------------------------------------------------------------------------------------------------------- */

void world_with(World *w, const char *name, const char *value) {
    if (*value && w->argument_count < WORLD_ARGUMENTS)
        w->arguments[w->argument_count++] = (Argument){.name = name, .value = arena_string(&w->moment, value)};
}

void world_with_number(World *w, const char *name, int64_t value) {
    world_with(w, name, arena_format(&w->moment, "%lld", (long long)value));
}

void world_with_day(World *w, const char *name, int day) {
    char text[DATE_SIZE];
    date_write(day, text);
    world_with(w, name, text);
}

void world_with_week(World *w, const char *name, int week) {
    char text[WEEK_SIZE];
    week_write(week, text);
    world_with(w, name, text);
}

Status world_act(World *w, int site, Role role, const char *verb, const char *entity, const char *code, Error *e) {
    char op[OPERATION_SIZE];
    unsigned char random[OPERATION_RANDOM];
    Outcome outcome;
    store_random(w->store, random, sizeof random);
    operation_write((uint64_t)clock_now() * 1000, random, op);
    CommandRequest request = {.verb = verb,
                              .entity = entity,
                              .codes = &code,
                              .code_count = code != NULL,
                              .arguments = w->arguments,
                              .argument_count = w->argument_count,
                              .form = FORM_FILE,
                              .op = op};
    Status s = command_run(w->store, &w->moment, &w->actors[site][role], &request, &outcome, e);
    w->argument_count = 0;
    if (s == STATUS_OK && outcome.count) {
        const Effect *last = &outcome.effects[outcome.count - 1];
        if (last->entity->letter) code_write(last->entity->letter, last->id, w->last_code);
    }
    return s;
}

bool world_try(World *w, int site, Role role, const char *verb, const char *entity, const char *code) {
    Error ignored;
    return world_act(w, site, role, verb, entity, code, &ignored) == STATUS_OK;
}

const char *world_reason(World *w, const char *entity, const char *verb) {
    int matches = 0, chosen;
    for (int i = 0; i < w->reasons.rows; i++) {
        matches += !strcmp(csv_table_cell(&w->reasons, i, "entity"), entity) &&
                   !strcmp(csv_table_cell(&w->reasons, i, "verb"), verb);
    }
    chosen = world_chance(w, 1, matches);
    for (int i = 0; i < w->reasons.rows; i++) {
        if (strcmp(csv_table_cell(&w->reasons, i, "entity"), entity) != 0 ||
            strcmp(csv_table_cell(&w->reasons, i, "verb"), verb) != 0)
            continue;
        if (!--chosen) return csv_table_cell(&w->reasons, i, "text");
    }
    return "";
}

/* --- people and organisations ------------------------------------------------------------------------------------- */

static Status invite(World *w, int site, const char *login, const char *name, const char *role, const char *acts_for,
                     Error *e) {
    world_with(w, "code", login);
    world_with(w, "name", name);
    world_with(w, "role", role);
    world_with(w, "language", acts_for ? "" : "fr");
    if (acts_for) world_with(w, "acts_for", acts_for);
    Status s = world_act(w, site, ROLE_ADMIN, "add", "operator", NULL, e);
    return s == STATUS_OK ? world_act(w, site, ROLE_ADMIN, "activate", NULL, login, e) : s;
}

/* The operators of data/demo, invited by the first of them, acting for each site in turn. So is whoever makes the demo:
 * what he undoes are acts of his own, and none of these. */
Status world_people(World *w, const char *login, Error *e) {
    static const int all[SITE_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const char *founder = csv_table_cell(&w->operators, 0, "login");
    Actor maker = {0};
    Status s = init_admin(w->store, all, SITE_COUNT, founder, e);
    if (s == STATUS_OK) s = actor_load(w->store, founder, &maker, e);
    w->actors[0][ROLE_ADMIN] = maker;
    world_with(w, "name", csv_table_cell(&w->operators, 0, "name"));
    if (s == STATUS_OK) s = world_act(w, 0, ROLE_ADMIN, "set", NULL, founder, e);
    for (int i = 0; i < SITE_COUNT && s == STATUS_OK; i++) {
        s = actor_act_as(&maker, i, e);
        for (int role = ROLE_VIEWER; role <= ROLE_ADMIN; role++) {
            w->actors[i][role] = maker;
        }
    }
    for (int i = 0; i < w->operators.rows && s == STATUS_OK; i++) {
        const char *code = csv_table_cell(&w->operators, i, "login"), *site = csv_table_cell(&w->operators, i, "site");
        const Choice *role = choice_of_word(role_choices, csv_table_cell(&w->operators, i, "role"),
                                            strlen(csv_table_cell(&w->operators, i, "role")));
        int at = site_of_code(site, strlen(site));
        if (!strcmp(code, login) || !strcmp(code, founder) || at < 0 || !role) continue;
        s = invite(w, at, code, csv_table_cell(&w->operators, i, "name"), role->word, NULL, e);
        if (s == STATUS_OK) s = actor_load(w->store, code, &w->actors[at][role->number], e);
    }
    if (s == STATUS_OK && strcmp(login, founder) != 0)
        s = invite(w, 0, login, login, "admin", "TTA ORI FMK RSK BMK CAS MSF DTF SMA GON LSH DOD", e);
    for (int i = 0; i < SITE_COUNT && s == STATUS_OK; i++) {
        s = world_act(w, 0, ROLE_ADMIN, "activate", NULL, site_code(i), e);
    }
    return s;
}

Status world_organisations(World *w, Error *e) {
    const CsvTable *t = &w->organisations;
    static const char *const fields[] = {"kind", "name", "province", "founding"};
    Status s = STATUS_OK;
    w->organisation_codes = arena_array(&w->arena, (size_t)t->rows, sizeof *w->organisation_codes);
    for (int i = 0; i < t->rows && s == STATUS_OK; i++) {
        const char *site = csv_table_cell(t, i, "site");
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            world_with(w, fields[k], csv_table_cell(t, i, fields[k]));
        }
        s = world_act(w, site_of_code(site, strlen(site)), ROLE_OPERATOR, "add", "organisation", NULL, e);
        w->organisation_codes[i] = arena_string(&w->arena, w->last_code);
        arena_reset(&w->moment);
    }
    return s;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static Status read_tables(World *w, Error *e) {
    const struct {
        const char *name;
        CsvTable *table;
    } files[] = {{"demo/organisations.csv", &w->organisations},
                 {"demo/needs.csv", &w->needs},
                 {"demo/projects.csv", &w->projects},
                 {"demo/milestones.csv", &w->milestones},
                 {"demo/offers.csv", &w->offers},
                 {"demo/justifications.csv", &w->justifications},
                 {"demo/reasons.csv", &w->reasons},
                 {"demo/operators.csv", &w->operators}};
    Status s = STATUS_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && s == STATUS_OK; i++) {
        s = csv_table_embedded(&w->arena, files[i].name, files[i].table, e);
    }
    return s;
}

enum { DAYS_OF_HISTORY = 430 };

static Status live(World *w, const char *login, Error *e) {
    Status s = read_tables(w, e);
    clock_pin((int64_t)(w->today - DAYS_OF_HISTORY) * 86400 + 9 * 3600);
    if (s == STATUS_OK) s = world_people(w, login, e);
    if (s == STATUS_OK) s = world_organisations(w, e);
    if (s == STATUS_OK) s = world_needs(w, e);
    if (s == STATUS_OK) s = world_projects(w, e);
    if (s == STATUS_OK) s = world_offers(w, e);
    if (s == STATUS_OK) s = world_requests(w, e);
    while (s == STATUS_OK && w->event_count) {
        Event event = pop(w);
        clock_pin(event.at);
        s = event.happen(w, event.a, event.b, e);
        arena_reset(&w->moment);
    }
    return s;
}

Status demo_make(const char *path, const char *login, Error *e) {
    static const int all[SITE_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    bool was_pinned = clock_is_pinned();
    World *w = memory_new(sizeof *w);
    w->now = clock_now();
    w->today = (int)(w->now / 86400);
    Status s = store_create(path, all, SITE_COUNT, e);
    bool made = s == STATUS_OK;
    if (s == STATUS_OK) s = store_open(path, true, 0, &w->store, e);
    if (s == STATUS_OK) {
        store_seed(w->store, "jazari demo");
        s = store_batch_begin(w->store, e);
        if (s == STATUS_OK) s = live(w, login, e);
        if (s == STATUS_OK) s = store_make_demo(w->store, e);
        if (s == STATUS_OK) s = store_batch_commit(w->store, e);
        else store_batch_rollback(w->store);
    }
    if (was_pinned) clock_pin(w->now);
    else clock_unpin();
    store_close(w->store);
    if (s != STATUS_OK && made) store_remove(path);
    arena_free(&w->arena);
    arena_free(&w->moment);
    free(w);
    return s;
}
