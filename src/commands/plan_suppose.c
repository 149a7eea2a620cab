/* What a plan supposes: which fields it reads, records with other values in them, and how these would be kept. */
#include "commands/plan_suppose.h"

#include "base/intl.h"
#include "base/text.h"

#include <string.h>

/* What a plan is made from: nothing else makes a difference to it. */
static const struct {
    const Entity *entity;
    int field;
} used[] = {
    {&entity_site, SITE_ENTITLEMENT},       {&entity_offer, OFFER_QUANTITY},       {&entity_offer, OFFER_RESERVE},
    {&entity_offer, OFFER_FIRST},           {&entity_offer, OFFER_LAST},           {&entity_offer, OFFER_DATA_LEVEL},
    {&entity_session, SESSION_PLACES},      {&entity_request, REQUEST_WANTED},     {&entity_request, REQUEST_SMALLEST},
    {&entity_request, REQUEST_WEEKLY_MOST}, {&entity_request, REQUEST_EARLIEST},   {&entity_request, REQUEST_LATEST},
    {&entity_request, REQUEST_PRIORITY},    {&entity_request, REQUEST_DATA_LEVEL},
};

bool network_plan_uses(const Entity *entity, const Field *field) {
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        if (used[i].entity == entity && &entity->fields[used[i].field] == field) return true;
    }
    return false;
}

static void list_used(const Entity *entity, Buffer *b) {
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        if (used[i].entity != entity) continue;
        buffer_format(b, "%s%s", b->size ? ", " : "", entity->fields[used[i].field].name);
    }
}

static bool is_planned(const Entity *entity) {
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        if (used[i].entity == entity) return true;
    }
    return false;
}

/* The state in which a record takes part in a plan; 0: any. */
static int planned_state(const Entity *entity) {
    if (entity == &entity_offer) return OFFER_OPEN;
    if (entity == &entity_request) return REQUEST_APPROVED;
    return entity == &entity_session ? (int)SESSION_PLANNED : 0;
}

Record *supposed_record(const Supposed *s, const Entity *entity, int64_t id) {
    for (int i = 0; i < s->count; i++) {
        if (s->records[i]->entity == entity && s->records[i]->id == id) return s->records[i];
    }
    return NULL;
}

static Status read_record(Store *store, Arena *arena, const char *code, Supposed *out, Record **r, Error *e) {
    const Entity *entity;
    int64_t id;
    Status s = store_find(store, code, strlen(code), &entity, &id, e);
    if (s != STATUS_OK) return s;
    if (!is_planned(entity))
        return error_set(e, STATUS_USAGE, NULL, _("%s: a plan is made from offers, sessions, requests and regions"),
                         code);
    *r = supposed_record(out, entity, id);
    if (*r) return STATUS_OK;
    s = store_read(store, arena, entity, id, FIELDS_ALL, r, e);
    if (s != STATUS_OK || !*r) return s;
    int state = planned_state(entity);
    if (state && record_state(*r) != state)
        return error_set(e, STATUS_USAGE, NULL, _("%s is %s: only what is %s takes part in a plan"), code,
                         _(choice_of_number(entity->states, record_state(*r))->label),
                         _(choice_of_number(entity->states, state)->label));
    out->records[out->count++] = *r;
    return STATUS_OK;
}

static Status change_field(Store *store, Arena *arena, const PlanChange *change, ValueForm form, Record *r, Error *e) {
    int index = entity_field(r->entity, change->field, strlen(change->field));
    if (index < 0 || !network_plan_uses(r->entity, &r->entity->fields[index])) {
        Buffer fields = {0};
        list_used(r->entity, &fields);
        error_set(e, STATUS_USAGE, NULL, _("%s: \"%.40s\" makes no difference to a plan: %s do"), change->code,
                  change->field, fields.bytes);
        buffer_free(&fields);
        return STATUS_USAGE;
    }
    return value_read(arena, &r->entity->fields[index], change->value, strlen(change->value), form, store_codes(store),
                      &r->values[index], e);
}

static Status leave_out(Store *store, const PlanChange *change, Supposed *out, Error *e) {
    const Entity *entity;
    int64_t id;
    Status s = store_find(store, change->code, strlen(change->code), &entity, &id, e);
    if (s == STATUS_OK && !is_planned(entity))
        return error_set(e, STATUS_USAGE, NULL, _("%s: offers, sessions, requests and regions can be left out"),
                         change->code);
    if (s == STATUS_OK) out->without[out->without_count++] = (struct PlanWithout){entity, id};
    return s;
}

bool supposed_without(const Supposed *s, const Record *r) {
    for (int i = 0; i < s->without_count; i++) {
        const struct PlanWithout *w = &s->without[i];
        if (w->entity == &entity_site ? w->id == record_site(r) : w->entity == r->entity && w->id == r->id) return true;
    }
    return false;
}

/* A change may break a rule of its record: the error says of which. */
static Status check_record(Store *store, const Record *r, Error *e) {
    Error why = {0};
    Status s = record_check(r, &why);
    if (s == STATUS_OK) return s;
    Buffer code = {0};
    record_code(r, store_codes(store), &code);
    error_set(e, s, *why.field ? why.field : NULL, "%s: %s", buffer_string(&code), why.why);
    buffer_free(&code);
    return s;
}

Status plan_suppose(Store *store, Arena *arena, const NetworkPlanRequest *asked, Supposed *out, Error *e) {
    Status s = STATUS_OK;
    *out = (Supposed){.records = arena_array(arena, (size_t)asked->change_count, sizeof *out->records),
                      .without = arena_array(arena, (size_t)asked->change_count, sizeof *out->without)};
    for (int i = 0; i < asked->change_count && s == STATUS_OK; i++) {
        const PlanChange *change = &asked->changes[i];
        Record *r = NULL;
        if (!change->field) {
            s = leave_out(store, change, out, e);
            continue;
        }
        s = read_record(store, arena, change->code, out, &r, e);
        if (s == STATUS_OK && r) s = change_field(store, arena, change, asked->form, r, e);
    }
    for (int i = 0; i < out->count && s == STATUS_OK; i++) {
        s = check_record(store, out->records[i], e);
    }
    return s;
}

Status network_plan_suppose(Store *store, const NetworkPlanRequest *asked, Error *e) {
    Arena arena = {0};
    Supposed supposed;
    Status s = plan_suppose(store, &arena, asked, &supposed, e);
    arena_free(&arena);
    return s;
}

/* --- keeping it ----------------------------------------------------------------------------------------------------- */

/* The command that sets these fields of a record in its state: "set", or one that asks for all of them. */
static const char *verb_for(const Record *r, const Argument *arguments, int count) {
    Command c;
    if (r->entity->editable & FROM(record_state(r))) return "set";
    for (int i = 0; command_of_entity(r->entity, i, &c); i++) {
        int asked = 0;
        bool required;
        if (c.arrow || !(c.states & FROM(record_state(r)))) continue;
        for (int k = 0; k < count; k++) {
            asked += command_asks(&c, arguments[k].name, &required);
        }
        if (asked == count) return c.name;
    }
    return "set"; /* which says why not */
}

Status plan_suppose_commands(Store *store, Arena *arena, const NetworkPlanRequest *asked, const Supposed *supposed,
                             CommandRequest **out, int *count, Error *e) {
    *out = arena_array(arena, (size_t)supposed->count, sizeof **out);
    *count = 0;
    for (int i = 0; i < supposed->count; i++) {
        const Record *r = supposed->records[i];
        Argument *arguments = arena_array(arena, (size_t)asked->change_count, sizeof *arguments);
        const char **code = arena_array(arena, 1, sizeof *code);
        int given = 0;
        for (int k = 0; k < asked->change_count; k++) {
            const PlanChange *change = &asked->changes[k];
            const Entity *entity;
            int64_t id;
            if (!change->field) continue;
            Status s = store_find(store, change->code, strlen(change->code), &entity, &id, e);
            if (s != STATUS_OK) return s;
            if (entity != r->entity || id != r->id) continue;
            *code = change->code;
            arguments[given++] = (Argument){change->field, change->value};
        }
        (*out)[(*count)++] = (CommandRequest){.verb = verb_for(r, arguments, given),
                                              .codes = code,
                                              .code_count = 1,
                                              .arguments = arguments,
                                              .argument_count = given,
                                              .form = asked->form};
    }
    return STATUS_OK;
}
