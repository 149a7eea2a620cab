/* The queries of the one door: pages, records, the journal, and what is computed from them. */
#include "service/service_parts.h"

#include "base/date.h"
#include "base/intl.h"

#include <string.h>

Status service_parse_filter(Service *s, Arena *arena, const Entity *entity, const char *text, Filter *filter,
                            Error *e) {
    if (!text) text = "";
    return filter_parse(arena, entity, text, strlen(text), service_codes(s), filter, e);
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
        buffer_format(&names, "%s%s", names.size ? ", " : "", field_word(&entity->fields[i]));
    }
    error_set(e, STATUS_USAGE, "sort", _("\"%.40s\" cannot be sorted on: one of %s"), name, buffer_string(&names));
    buffer_free(&names);
    return STATUS_USAGE;
}

Status service_list(Service *s, Arena *arena, const ListRequest *r, Page *page, Error *e) {
    *page = (Page){0};
    return service_ask(s, arena, REQUEST_LIST, r, page, e);
}

Status service_count(Service *s, const Entity *entity, const char *text, int64_t *count, Error *e) {
    Arena arena = {0};
    const CountArguments a = {entity, text};
    CountReply r = {0};
    Status status = service_ask(s, &arena, REQUEST_COUNT, &a, &r, e);
    if (status == STATUS_OK) *count = r.count;
    arena_free(&arena);
    return status;
}

Status service_key(Service *s, Arena *arena, const Entity *entity, const char *sort, int64_t id, PageKey *key,
                   Error *e) {
    const KeyArguments a = {entity, sort, id};
    *key = (PageKey){0};
    return service_ask(s, arena, REQUEST_KEY, &a, key, e);
}

Status service_record_of_id(Service *s, Arena *arena, const Entity *entity, int64_t id, Record **out, Error *e) {
    const RecordArguments a = {.entity = entity, .id = id};
    RecordReply r = {0};
    Status status = service_ask(s, arena, REQUEST_RECORD_OF_ID, &a, &r, e);
    if (status == STATUS_OK) *out = r.record;
    return status;
}

Status service_record(Service *s, Arena *arena, const char *code, Record **out, Error *e) {
    const RecordArguments a = {.code = code};
    RecordReply r = {0};
    Status status = service_ask(s, arena, REQUEST_RECORD, &a, &r, e);
    if (status == STATUS_OK) *out = r.record;
    return status;
}

Status service_journal(Service *s, Arena *arena, const JournalQuery *q, JournalEntry **out, int *count, Error *e) {
    EntryRows r = {0};
    Status status = service_ask(s, arena, REQUEST_JOURNAL, q, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_heads(Service *s, Arena *arena, JournalHead **out, int *count, Error *e) {
    HeadRows r = {0};
    Status status = service_ask(s, arena, REQUEST_HEADS, NULL, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_figures(Service *s, NetworkFigures *out, Error *e) {
    Arena arena = {0};
    Status status = service_ask(s, &arena, REQUEST_FIGURES, NULL, out, e);
    arena_free(&arena);
    return status;
}

Status service_project_figures(Service *s, NetworkFigures *out, Error *e) {
    Arena arena = {0};
    NetworkFigures now = {0};
    Status status = service_ask(s, &arena, REQUEST_PROJECT_FIGURES, NULL, &now, e);
    for (int site = 0; status == STATUS_OK && site < SITE_COUNT; site++) {
        out->region[site].projects = now.region[site].projects;
        out->region[site].late = now.region[site].late;
    }
    arena_free(&arena);
    return status;
}

Status service_attention(Service *s, Arena *arena, int site, int limit, Attention **out, int *count, Error *e) {
    const AttentionArguments a = {site, limit};
    AttentionRows r = {0};
    Status status = service_ask(s, arena, REQUEST_ATTENTION, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_booked(Service *s, Arena *arena, int64_t offer, int64_t request, int first, int last, BookedWeek **out,
                      int *count, Error *e) {
    const BookedArguments a = {offer, request, first, last};
    BookedRows r = {0};
    Status status = service_ask(s, arena, REQUEST_BOOKED, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_fit(Service *s, Arena *arena, int64_t request, OfferFit **out, int *count, Error *e) {
    const IdArguments a = {request};
    FitRows r = {0};
    Status status = service_ask(s, arena, REQUEST_FIT, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_capacity(Service *s, Arena *arena, int kind, int first, int last, CapacityRows *out, Error *e) {
    const CapacityArguments a = {kind, first, last};
    *out = (CapacityRows){0};
    return service_ask(s, arena, REQUEST_CAPACITY, &a, out, e);
}

/* The ledger follows from the rows: it is made where it is read. */
Status service_ledger(Service *s, Arena *arena, int kind, int first, int last, const Ledger **out, Error *e) {
    CapacityRows rows;
    Status status = service_capacity(s, arena, kind, first, last, &rows, e);
    if (status == STATUS_OK) *out = ledger_compute(arena, &rows, week_of_date(clock_today()));
    return status;
}

Status service_plan(Service *s, Arena *arena, const NetworkPlanRequest *request, NetworkPlan *plan, Error *e) {
    *plan = (NetworkPlan){0};
    return service_say_operation(service_ask(s, arena, REQUEST_PLAN, request, plan, e), request->op, e);
}

Status service_plan_suppose(Service *s, const NetworkPlanRequest *request, Error *e) {
    Arena arena = {0};
    Status status = service_ask(s, &arena, REQUEST_PLAN_SUPPOSE, request, NULL, e);
    arena_free(&arena);
    return status;
}
