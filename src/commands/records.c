/* Making, editing and deleting records of any entity. */
#include "base/date.h"
#include "base/text.h"
#include "commands/context.h"
#include "store/usage_runs.h"

#include <string.h>

/* Entities whose records belong to whoever owns what they are about: the field that says what. */
static const struct {
    const Entity *entity;
    int field;
} owned_through[] = {
    {&entity_milestone, MILESTONE_PROJECT},
    {&entity_request, REQUEST_PROJECT},
    {&entity_usage, USAGE_ALLOCATION},
    {&entity_session, SESSION_OFFER},
};

bool command_adds_for_owner(const Entity *entity, int field) {
    for (size_t i = 0; i < sizeof owned_through / sizeof *owned_through; i++) {
        if (owned_through[i].entity == entity && owned_through[i].field == field) return true;
    }
    return false;
}

static Status check_owner(CommandContext *c, const Record *r, Error *e) {
    for (size_t i = 0; i < sizeof owned_through / sizeof *owned_through; i++) {
        const Value *v = &r->values[owned_through[i].field];
        Record *other;
        if (owned_through[i].entity != r->entity || v->kind != VALUE_NUMBER) continue;
        const Field *f = &r->entity->fields[owned_through[i].field];
        Status s = store_read(c->store, c->arena, entity_of_kind(f->ref), v->number,
                              FIELD_BIT(COMMON_SITE) | FIELD_BIT(COMMON_STATE), &other, e);
        if (s == STATUS_NOT_FOUND && e) text_copy(e->field, sizeof e->field, f->name);
        if (s != STATUS_OK) return s;
        return context_acts_for(c, record_site(other), e);
    }
    return STATUS_OK;
}

static bool has_item(const Value *set, int64_t key) {
    for (uint32_t i = 0; i < set->size; i++) {
        if (set->items[i].key == key) return true;
    }
    return false;
}

/* Nobody gives others a reach that he has not himself, unless he runs the hub. To take of it, or of the role, is no
 * giving. */
static Status check_reach(const Actor *actor, const Record *before, const Record *after, Error *e) {
    const Value *v = after ? &after->values[OPERATOR_ACTS_FOR] : NULL;
    if (!after || after->entity != &entity_operator || actor->site == 0) return STATUS_OK;
    bool raised = !before || value_number_or(&after->values[OPERATOR_ROLE], 0) >
                                 value_number_or(&before->values[OPERATOR_ROLE], 0);
    for (uint32_t i = 0; i < v->size; i++) {
        int64_t site = v->items[i].key;
        if (site < 0 || site >= SITE_COUNT || (actor->may_act >> site & 1)) continue;
        if (!raised && has_item(&before->values[OPERATOR_ACTS_FOR], site)) continue;
        return error_set(e, STATUS_DENIED, "acts_for",
                         _("to act for %s is given by an admin who may act for it himself, or by ROOT's"),
                         site_code((int)site));
    }
    return STATUS_OK;
}

static Status never_active(CommandContext *c, const Record *a, Error *e) {
    return error_set(e, STATUS_CONFLICT, "allocation", _("%s never was active: nothing of it can have been used"),
                     context_code(c, a));
}

/* Whether it is or was in use. */
static Status check_in_use(CommandContext *c, const Record *a, Error *e) {
    bool never = false;
    switch (record_state(a)) {
    case ALLOCATION_PROPOSED:
    case ALLOCATION_ACCEPTED:
        return error_set(e, STATUS_CONFLICT, "allocation", _("%s is not active: start it before its use is recorded"),
                         context_code(c, a));
    case ALLOCATION_DECLINED: return never_active(c, a, e);
    case ALLOCATION_RELEASED:
    case ALLOCATION_REVOKED: break;
    default: return STATUS_OK;
    }
    Status s = usage_never_ran(c->store, a->id, &never, e);
    return s == STATUS_OK && never ? never_active(c, a, e) : s;
}

/* A week that is not over before it began, of those it has. */
static Status check_week(CommandContext *c, const Record *a, const Value *v, int *week, Error *e) {
    int first, last;
    const Value *from = &a->values[ALLOCATION_FIRST], *to = &a->values[ALLOCATION_LAST];
    if (!week_parse(v->text, v->size, week)) return STATUS_OK;
    if (*week > week_of_date(clock_today()))
        return error_set(e, STATUS_USAGE, "week", _("%s lies ahead: only what was used is recorded"), v->text);
    bool any = from->size && week_parse(from->text, from->size, &first) && week_parse(to->text, to->size, &last);
    if (!any)
        return error_set(e, STATUS_CONFLICT, "week", _("nothing of %s is left to be used: it has no weeks"),
                         context_code(c, a));
    if (*week >= first && *week <= last) return STATUS_OK;
    Buffer weeks = {0};
    week_show_span(&weeks, first, last, clock_today());
    error_set(e, STATUS_CONFLICT, "week", _("%s is for %s: nothing of it is used in %s"), context_code(c, a),
              buffer_string(&weeks), v->text);
    buffer_free(&weeks);
    return STATUS_CONFLICT;
}

enum { OVERUSE_MOST = 10 }; /* times what is booked; more is a slip of the hand */

/* More than was booked happens; less than nothing does not, nor many times as much. */
static Status check_sum(CommandContext *c, const Record *a, int week, int64_t quantity, Error *e) {
    UsageWeek use;
    int64_t kind = value_number_or(&a->values[ALLOCATION_KIND], 0);
    Status s = usage_week(c->store, a->id, week, &use, e);
    if (s != STATUS_OK) return s;
    int64_t used = use.by_hand + use.quantity, sum = used + quantity;
    bool below = quantity < 0 && sum < 0;
    bool above = quantity > 0 && kind_countable(kind) && (!use.booked || sum / OVERUSE_MOST > use.booked);
    if (!below && !above) return STATUS_OK;
    Buffer text = {0}, had = {0};
    week_show(&text, week, clock_today());
    kind_amount(&had, kind, below ? used : use.booked);
    if (below)
        error_set(e, STATUS_CONFLICT, "quantity", _("%s of %s is recorded in %s: no more than that is taken back"),
                  buffer_string(&had), context_code(c, a), buffer_string(&text));
    else if (!use.booked)
        error_set(e, STATUS_CONFLICT, "week", _("%s has nothing booked in %s: nothing of it is used then"),
                  context_code(c, a), buffer_string(&text));
    else
        error_set(e, STATUS_CONFLICT, "quantity",
                  _("%s has %s booked in %s: more than %d times that cannot have been used"), context_code(c, a),
                  buffer_string(&had), buffer_string(&text), OVERUSE_MOST);
    buffer_free(&text);
    buffer_free(&had);
    return STATUS_CONFLICT;
}

/* What a new usage record must fit: an allocation that is or was in use, its weeks, and what it booked. */
static Status check_usage(CommandContext *c, Record *r, Error *e) {
    Record *a;
    int week = 0;
    Status s = context_read(c, &entity_allocation, r->values[USAGE_ALLOCATION].number, &a, e);
    if (s == STATUS_OK) s = check_in_use(c, a, e);
    if (s == STATUS_OK) s = check_week(c, a, &r->values[USAGE_WEEK], &week, e);
    if (s == STATUS_OK) s = check_sum(c, a, week, value_number_or(&r->values[USAGE_QUANTITY], 0), e);
    if (s == STATUS_OK && r->values[USAGE_SOURCE].kind == VALUE_NONE)
        r->values[USAGE_SOURCE] = value_number(SOURCE_BY_HAND);
    return s;
}

/* The week after another's last one, or this one where that is later. */
static Value week_after(CommandContext *c, const Value *latest) {
    char text[WEEK_SIZE];
    int week = 0, now = week_of_date(clock_today());
    if (latest->kind == VALUE_TEXT) week_parse(latest->text, latest->size, &week);
    week_write(week + 1 > now ? week + 1 : now, text);
    return value_text(arena_string(c->arena, text), WEEK_SIZE - 1);
}

/* A request that goes on from another is for the same, from the week after it, unless it says otherwise. The other one
 * was approved: what was not can be changed or filed anew. */
static Status go_on_from(CommandContext *c, Record *r, Error *e) {
    static const int alike[] = {REQUEST_PROJECT, REQUEST_KIND, REQUEST_PRIORITY, REQUEST_DATA_LEVEL};
    Record *old;
    if (r->entity != &entity_request || r->values[REQUEST_EXTENDS].kind == VALUE_NONE) return STATUS_OK;
    Status s = context_read(c, &entity_request, r->values[REQUEST_EXTENDS].number, &old, e);
    if (s != STATUS_OK) return s;
    if (record_state(old) != REQUEST_APPROVED && record_state(old) != REQUEST_CLOSED)
        return error_set(e, STATUS_CONFLICT, "extends", _("%s is %s: only what was approved can be extended"),
                         context_code(c, old), _(choice_of_number(entity_request.states, record_state(old))->label));
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (r->values[alike[i]].kind == VALUE_NONE) r->values[alike[i]] = old->values[alike[i]];
    }
    if (r->values[REQUEST_EARLIEST].kind == VALUE_NONE)
        r->values[REQUEST_EARLIEST] = week_after(c, &old->values[REQUEST_LATEST]);
    return STATUS_OK;
}

/* A session of an offer that is over would be lent to nobody; a project that is over aims at nothing more. */
Status command_adds_to(const Entity *added, const Record *to, Error *e) {
    bool of_project = added == &entity_milestone || added == &entity_request;
    Buffer code = {0};
    Status s = STATUS_OK;
    record_code(to, NULL, &code);
    if (added == &entity_session && to->entity == &entity_offer && record_state(to) == OFFER_CLOSED)
        s = error_set(e, STATUS_CONFLICT, "offer", _("%s is closed: nothing new is ever served from it"), code.bytes);
    if (of_project && to->entity == &entity_project && record_state(to) >= PROJECT_COMPLETED)
        s = error_set(e, STATUS_CONFLICT, "project", _("%s is over (%s): nothing is added to it"), code.bytes,
                      _(choice_of_number(to->entity->fields[COMMON_STATE].choices, record_state(to))->label));
    buffer_free(&code);
    return s;
}

static Status check_open(CommandContext *c, const Record *r, Error *e) {
    static const struct {
        const Entity *added, *to;
        int field;
    } rows[] = {
        {&entity_session, &entity_offer, SESSION_OFFER},
        {&entity_milestone, &entity_project, MILESTONE_PROJECT},
        {&entity_request, &entity_project, REQUEST_PROJECT},
    };
    Status s = STATUS_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && s == STATUS_OK; i++) {
        Record *to;
        if (rows[i].added != r->entity || r->values[rows[i].field].kind != VALUE_NUMBER) continue;
        s = context_read(c, rows[i].to, r->values[rows[i].field].number, &to, e);
        if (s == STATUS_OK) s = command_adds_to(r->entity, to, e);
    }
    return s;
}

/* What an allocation says both sides agreed to. */
static Status check_sides(CommandContext *c, const Record *r, Error *e) {
    Record *request;
    Status s = context_read(c, &entity_request, value_number_or(&r->values[ALLOCATION_REQUEST], 0), &request, e);
    if (s == STATUS_NOT_FOUND) return STATUS_OK; /* refused where it is written */
    if (s != STATUS_OK) return s;
    int borrower = record_site(request);
    if (!store_is_home(c->store, borrower) || (c->actor->may_act >> borrower & 1)) return STATUS_OK;
    return error_set(e, STATUS_DENIED, "request", _("%s is %s's, which has to agree: propose it instead"),
                     context_code(c, request), site_code(borrower));
}

Status context_check_new(CommandContext *c, Record *r, bool as_it_was, Error *e) {
    Status s = check_owner(c, r, e);
    if (s == STATUS_OK) s = check_reach(c->actor, NULL, r, e);
    if (s == STATUS_OK && r->entity == &entity_allocation) s = check_sides(c, r, e);
    if (s == STATUS_OK && !as_it_was && r->entity == &entity_usage) s = check_usage(c, r, e);
    if (s == STATUS_OK && !as_it_was) s = check_open(c, r, e);
    return s;
}

/* What was not said of a new record, and has something that it usually is. */
static Status take_presets(CommandContext *c, Record *r, Error *e) {
    Status s = STATUS_OK;
    for (int i = COMMON_COUNT; i < r->entity->field_count && s == STATUS_OK; i++) {
        const Field *f = &r->entity->fields[i];
        if (f->preset && value_empty(f, &r->values[i]))
            s = value_read(c->arena, f, f->preset, strlen(f->preset), FORM_FILE, NULL, &r->values[i], e);
    }
    return s;
}

Status run_add(CommandContext *c, Error *e) {
    if (c->entity == &entity_allocation)
        return error_set(e, STATUS_USAGE, NULL,
                         _("an allocation is made by proposing: jazari propose REQUEST offer=..."));
    if (c->entity->reference)
        return error_set(e, STATUS_USAGE, NULL, _("%s come with the program and are not added"), _(c->entity->heading));
    Record *r = record_new(c->arena, c->entity);
    r->values[COMMON_SITE] = value_number(c->actor->site);
    Status s = context_set_fields(c, r, true, e);
    if (s == STATUS_OK) s = go_on_from(c, r, e);
    if (s == STATUS_OK) s = take_presets(c, r, e);
    if (s == STATUS_OK) s = record_check(r, e);
    if (s == STATUS_OK) s = context_check_new(c, r, false, e);
    if (s == STATUS_OK && c->entity == &entity_project && r->values[PROJECT_HEALTH].kind == VALUE_NONE)
        r->values[PROJECT_HEALTH] = value_number(HEALTH_GREEN);
    return s == STATUS_OK ? context_edit(c, NULL, r, "add", e) : s;
}

static bool same(const Record *a, const Record *b) {
    for (int i = COMMON_COUNT; i < a->entity->field_count; i++) {
        if (!value_equal(&a->values[i], &b->values[i])) return false;
    }
    return true;
}

/* Whoever has a place in it comes on the days that were said. */
static Status check_days(CommandContext *c, const Record *before, const Record *after, Error *e) {
    bool moves = before && after && after->entity == &entity_session &&
                 !(value_equal(&before->values[SESSION_FIRST], &after->values[SESSION_FIRST]) &&
                   value_equal(&before->values[SESSION_LAST], &after->values[SESSION_LAST]));
    if (!moves || !value_number_or(&before->values[SESSION_TAKEN], 0)) return STATUS_OK;
    return error_set(e, STATUS_CONFLICT, "first_day", _("places in %s are taken: its days stand"),
                     context_code(c, before));
}

Status context_check_change(CommandContext *c, const Record *before, const Record *after, Error *e) {
    Status s = check_days(c, before, after, e);
    if (s == STATUS_OK && before && after && after->entity == &entity_offer) s = offer_mode_stands(c, before, after, e);
    return s == STATUS_OK ? check_reach(c->actor, before, after, e) : s;
}

Status context_edit(CommandContext *c, const Record *before, Record *after, const char *verb, Error *e) {
    Status s = context_check_change(c, before, after, e);
    if (s == STATUS_OK && c->entity == &entity_project) s = project_needs_follow(c, before, after, e);
    if (s == STATUS_OK && c->entity == &entity_allocation && before && after) s = allocation_edited(before, after, e);
    return s == STATUS_OK ? context_write(c, before, after, verb, e) : s;
}

Status run_set(CommandContext *c, Error *e) {
    Record *after = record_copy(c->arena, c->record);
    Status s = context_set_fields(c, after, false, e);
    /* Saving what is there already is no act. */
    if (s != STATUS_OK || same(c->record, after)) return s;
    if (c->entity == &entity_request &&
        !value_equal(&c->record->values[REQUEST_EXTENDS], &after->values[REQUEST_EXTENDS]))
        s = go_on_from(c, after, e);
    if (s != STATUS_OK) return s;
    return context_edit(c, c->record, after, "set", e);
}

Status run_delete(CommandContext *c, Error *e) {
    return context_edit(c, c->record, NULL, "delete", e);
}
