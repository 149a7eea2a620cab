/* The one door to the data, in this process. */
#include "service/service.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/demo.h"
#include "commands/import.h"
#include "commands/import_usage.h"
#include "commands/init.h"

#include <stdlib.h>
#include <string.h>

struct Service {
    Store *store;
    Actor actor;
};

Status service_open(const char *path, bool write, int busy_ms, const char *login, Service **out, Error *e) {
    Store *store;
    *out = NULL;
    Status s = store_open(path, write, busy_ms, &store, e);
    if (s != STATUS_OK) return s;
    Service *service = memory_new(sizeof *service);
    service->store = store;
    s = actor_load(store, login, &service->actor, e);
    if (s != STATUS_OK) {
        service_close(service);
        return s;
    }
    *out = service;
    return STATUS_OK;
}

void service_close(Service *s) {
    if (!s) return;
    store_close(s->store);
    free(s);
}

const Actor *service_actor(const Service *s) {
    return &s->actor;
}

Status service_act_as(Service *s, int site, Error *e) {
    return actor_act_as(&s->actor, site, e);
}

unsigned service_homes(const Service *s) {
    return store_homes(s->store);
}

const char *service_path(const Service *s) {
    return store_path(s->store);
}

bool service_is_read_only(const Service *s) {
    return store_is_read_only(s->store);
}

const CodeBook *service_codes(Service *s) {
    return store_codes(s->store);
}

int64_t service_version(Service *s) {
    return store_version(s->store);
}

void service_set_interrupt(Service *s, bool (*stop)(void *), void *context) {
    store_set_interrupt(s->store, stop, context);
}

/* --- queries ------------------------------------------------------------------------------------------------------ */

Status service_parse_filter(Service *s, Arena *arena, const Entity *entity, const char *text, Filter *filter,
                            Error *e) {
    if (!text) text = "";
    return filter_parse(arena, entity, text, strlen(text), store_codes(s->store), filter, e);
}

Status service_parse_sort(const Entity *entity, const char *text, int *field, bool *descending, Error *e) {
    if (!text || !*text) text = entity->sort;
    *descending = *text == '-';
    const char *name = text + *descending;
    *field = filter_field(entity, name, strlen(name));
    if (*field >= 0 && (entity->fields[*field].flags & FIELD_LISTED)) return STATUS_OK;
    Buffer names = {0};
    for (int i = 0; i < entity->field_count; i++) {
        if (!(entity->fields[i].flags & FIELD_LISTED)) continue;
        buffer_format(&names, "%s%s", names.size ? ", " : "", entity->fields[i].name);
    }
    error_set(e, STATUS_USAGE, "sort", _("\"%.40s\" cannot be sorted on: one of %s"), name, buffer_string(&names));
    buffer_free(&names);
    return STATUS_USAGE;
}

Status service_list(Service *s, Arena *arena, const ListRequest *r, Page *page, Error *e) {
    Filter filter;
    PageQuery query = {.filter = &filter,
                       .backwards = r->backwards,
                       .inclusive = r->inclusive,
                       .from = r->from,
                       .limit = r->limit,
                       .steps = r->steps,
                       .goes_on = r->goes_on,
                       .fields = r->fields};
    Status status = service_parse_filter(s, arena, r->entity, r->filter, &filter, e);
    if (status == STATUS_OK) status = service_parse_sort(r->entity, r->sort, &query.sort, &query.descending, e);
    if (status == STATUS_OK) status = store_page(s->store, arena, &query, page, e);
    for (int i = 0; r->labels && i < page->count && status == STATUS_OK; i++) {
        status = store_label(s->store, arena, page->rows[i], e);
    }
    return status;
}

Status service_count(Service *s, const Entity *entity, const char *text, int64_t *count, Error *e) {
    Arena arena = {0};
    Filter filter;
    Status status = service_parse_filter(s, &arena, entity, text, &filter, e);
    if (status == STATUS_OK) status = store_count(s->store, &filter, count, e);
    arena_free(&arena);
    return status;
}

Status service_key(Service *s, Arena *arena, const Entity *entity, const char *sort, int64_t id, PageKey *key,
                   Error *e) {
    int field;
    bool descending;
    Status status = service_parse_sort(entity, sort, &field, &descending, e);
    return status == STATUS_OK ? store_page_key(s->store, arena, entity, field, id, key, e) : status;
}

Status service_record_of_id(Service *s, Arena *arena, const Entity *entity, int64_t id, Record **out, Error *e) {
    Status status = store_read(s->store, arena, entity, id, FIELDS_ALL, out, e);
    return status == STATUS_OK ? store_label(s->store, arena, *out, e) : status;
}

Status service_record(Service *s, Arena *arena, const char *code, Record **out, Error *e) {
    const Entity *entity;
    int64_t id;
    Status status = store_find(s->store, code, strlen(code), &entity, &id, e);
    return status == STATUS_OK ? service_record_of_id(s, arena, entity, id, out, e) : status;
}

Status service_journal(Service *s, Arena *arena, const JournalQuery *q, JournalEntry **out, int *count, Error *e) {
    return journal_read(s->store, arena, q, out, count, e);
}

Status service_undo_find(Service *s, Arena *arena, UndoKind kind, JournalEntry **out, int *count, Error *e) {
    return journal_undo_find(s->store, arena, s->actor.login, kind, out, count, e);
}

Status service_figures(Service *s, NetworkFigures *out, Error *e) {
    return figures_network(s->store, out, e);
}

Status service_project_figures(Service *s, NetworkFigures *out, Error *e) {
    return figures_projects(s->store, out, e);
}

/* What a site's open offers could give a waiting request now. Access has no quantity and is always there. */
static Status find_could(Service *s, Arena *arena, int site, Attention *a, Error *e) {
    Record *r;
    OfferFit *fits;
    int count;
    Status status = store_read(s->store, arena, &entity_request, a->id, FIELDS_ALL, &r, e);
    if (status != STATUS_OK) return status;
    a->kind_of = (int)value_number_or(&r->values[REQUEST_KIND], 0);
    if (!kind_countable(a->kind_of)) return STATUS_OK;
    int64_t lacks = value_number_or(&r->values[REQUEST_LACKS], 0);
    status = offers_that_fit(s->store, arena, r, site, &fits, &count, e);
    a->could = 0;
    for (int i = 0; status == STATUS_OK && i < count; i++) {
        a->could += fits[i].fit.could;
    }
    if (a->could > lacks) a->could = lacks;
    return status;
}

/* A request for which something fell free is not named a second time for having been asked. */
static void drop_asked(Attention *items, int count, int64_t request) {
    for (int i = 0; i < count; i++) {
        if (items[i].kind == ATTENTION_ASKED && items[i].id == request) items[i].could = 0;
    }
}

Status service_attention(Service *s, Arena *arena, int site, int limit, Attention **out, int *count, Error *e) {
    int kept = 0;
    Status status = figures_attention(s->store, arena, site, limit + ATTENTION_DROPPED_MOST, out, count, e);
    for (int i = 0; i < *count && status == STATUS_OK; i++) {
        Attention *a = &(*out)[i];
        if (a->kind == ATTENTION_FREED || (a->kind == ATTENTION_ASKED && a->could))
            status = find_could(s, arena, site, a, e);
        if (a->kind == ATTENTION_FREED && a->could) drop_asked(*out, *count, a->id);
    }
    if (status != STATUS_OK) return status;
    /* What fell free may have been taken again, and what was asked for may be more than is free of anything. */
    for (int i = 0; i < *count && kept < limit; i++) {
        if ((*out)[i].could) (*out)[kept++] = (*out)[i];
    }
    *count = kept;
    return STATUS_OK;
}

Status service_booked(Service *s, Arena *arena, int64_t offer, int64_t request, int first, int last, BookedWeek **out,
                      int *count, Error *e) {
    return figures_booked(s->store, arena, offer, request, first, last, out, count, e);
}

Status service_fit(Service *s, Arena *arena, int64_t request, OfferFit **out, int *count, Error *e) {
    Record *r;
    Status status = store_read(s->store, arena, &entity_request, request, FIELDS_ALL, &r, e);
    return status == STATUS_OK ? offers_that_fit(s->store, arena, r, -1, out, count, e) : status;
}

Status service_capacity(Service *s, Arena *arena, int kind, int first, int last, CapacityRows *out, Error *e) {
    return capacity_read(s->store, arena, kind, first, last, out, e);
}

Status service_ledger(Service *s, Arena *arena, int kind, int first, int last, const Ledger **out, Error *e) {
    CapacityRows rows;
    Status status = capacity_read(s->store, arena, kind, first, last, &rows, e);
    if (status == STATUS_OK) *out = ledger_compute(arena, &rows, week_of_date(clock_today()));
    return status;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

Status service_command(Service *s, Arena *arena, const CommandRequest *request, Outcome *outcome, Error *e) {
    return command_run(s->store, arena, &s->actor, request, outcome, e);
}

/* "submitted": where a record stands after a verb; the verb itself where it has no arrow. */
static const char *said_of(const Effect *effect) {
    const Arrow *arrow = entity_arrow(effect->entity, effect->verb);
    static const struct {
        const char *verb, *said;
    } others[] = {{"add", N_("made")},         {"set", N_("changed")}, {"delete", N_("deleted")},
                  {"propose", N_("proposed")}, {"undo", N_("undone")}, {"redo", N_("redone")},
                  {"import", N_("imported")}};
    if (arrow) {
        const Choice *to = choice_of_number(effect->entity->states, arrow->to);
        return to ? _(to->label) : "";
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!strcmp(others[i].verb, effect->verb)) return _(others[i].said);
    }
    return effect->verb;
}

enum { SAID_MOST = 4 }; /* records named one by one */

void service_say_outcome(Service *s, const CommandRequest *request, const Outcome *o, Buffer *b) {
    Record shown = {0};
    if (!o->count) {
        buffer_add_string(b, _("nothing to change"));
        return;
    }
    bool undoing = !strcmp(request->verb, "undo") || !strcmp(request->verb, "redo");
    const Effect *last = &o->effects[o->count - 1];
    shown = (Record){.entity = last->entity, .id = last->id};
    if (undoing) buffer_format(b, "%s: ", !strcmp(request->verb, "undo") ? _("undone") : _("redone"));
    bool many = undoing && o->count > SAID_MOST;
    for (int i = 0; many && i < o->count; i++) {
        many = o->effects[i].entity == last->entity;
    }
    if (request->code_count > 1 || many) {
        entity_count(last->entity, many ? o->count : request->code_count, b);
    } else {
        Value none[64] = {{0}};
        shown.values = none;
        record_code(&shown, store_codes(s->store), b);
    }
    /* What is redone was undone, and the other way round: that says nothing. */
    if (undoing && (!strcmp(last->verb, "undo") || !strcmp(last->verb, "redo"))) return;
    buffer_format(b, ": %s", said_of(last));
    int others = request->code_count < 2 && !many ? o->count - 1 : 0, more = others - (SAID_MOST - 1);
    for (int i = 0; i < others && i < SAID_MOST - 1; i++) {
        Value none[64] = {{0}};
        shown = (Record){.entity = o->effects[i].entity, .id = o->effects[i].id, .values = none};
        buffer_add_string(b, ", ");
        record_code(&shown, store_codes(s->store), b);
        buffer_format(b, ": %s", said_of(&o->effects[i]));
    }
    if (more > 0) buffer_format(b, ngettext(", and %d more", ", and %d more", (unsigned long)more), more);
}

/* --- whole stores ------------------------------------------------------------------------------------------------- */

Status service_init(const InitRequest *r, Error *e) {
    return r->demo ? demo_make(r->path, r->login, e) : init_store(r->path, r->sites, r->site_count, r->login, e);
}

Status service_restore(const char *backup, const char *path, Error *e) {
    Store *from, *to;
    Status s = store_open(backup, false, 0, &from, e);
    if (s != STATUS_OK) return s;
    s = store_backup(from, path, e);
    store_close(from);
    if (s != STATUS_OK) return s;
    s = store_open(path, true, 0, &to, e);
    if (s == STATUS_OK) {
        s = store_new_epoch(to, e);
        store_close(to);
    }
    if (s != STATUS_OK) store_remove(path);
    return s;
}

Status service_check(Service *s, const CheckOptions *options, Error *e) {
    return check_store(s->store, options, e);
}

Status service_backup(Service *s, const char *path, Error *e) {
    return store_backup(s->store, path, e);
}

Status service_import(Service *s, Arena *arena, const ImportRequest *request, ImportReply *reply, Error *e) {
    return import_run(s->store, arena, &s->actor, request, reply, e);
}

Status service_import_usage(Service *s, Arena *arena, const UsageImportRequest *request, UsageImportReply *reply,
                            Error *e) {
    return import_usage(s->store, arena, &s->actor, request, reply, e);
}

Status service_plan(Service *s, Arena *arena, const NetworkPlanRequest *request, NetworkPlan *plan, Error *e) {
    return network_plan(s->store, arena, &s->actor, request, plan, e);
}

Status service_plan_suppose(Service *s, const NetworkPlanRequest *request, Error *e) {
    return network_plan_suppose(s->store, request, e);
}
