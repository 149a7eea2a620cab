/* What answers the requests, from the store. */
#include "service/local.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/import.h"
#include "commands/import_usage.h"
#include "service/copies.h"
#include "service/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Status local_load_actor(Service *s, const char *login, Error *e) {
    Status status = actor_load(s->store, login, &s->actor, e);
    if (status != STATUS_OK || s->actor.role > ROLE_NONE) return status;
    return actor_refuse(&s->actor, e);
}

Status local_admit(Service *s, const char *login, int site, const Request *row, const void *arguments, Error *e) {
    store_refresh(s->store);
    Status status = local_load_actor(s, login, e);
    if (status == STATUS_OK && site >= 0) status = actor_act_as(&s->actor, site, e);
    if (status == STATUS_OK && row->role) status = actor_needs_role(&s->actor, row->role(arguments), e);
    return status;
}

Status local_actor(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    StoreState *state = reply;
    (void)arena;
    (void)arguments;
    (void)e;
    *state = (StoreState){.actor = s->actor,
                          .homes = store_homes(s->store),
                          .demo = store_is_demo(s->store),
                          .path = store_path(s->store)};
    trouble_find(state->path, &state->trouble);
    if (store_is_moved(s->store)) state->trouble.kind = TROUBLE_MOVED;
    return STATUS_OK;
}

/* The codes of one entity's records. */
static Status add_codes(Service *s, Arena *arena, const Entity *entity, CodeRows *out, Error *e) {
    enum { CODES_MOST = 10000 };
    Filter all = {.entity = entity, .words = ""};
    const PageQuery query = {
        .filter = &all, .sort = COMMON_CODE, .limit = CODES_MOST, .fields = FIELD_BIT(COMMON_CODE)};
    const CodeBook *book = store_codes(s->store);
    Page page;
    Status status = store_page(s->store, arena, &query, &page, e);
    if (status != STATUS_OK) return status;
    CodeRow *rows = arena_array(arena, (size_t)out->count + (size_t)page.count, sizeof *rows);
    if (out->count) memcpy(rows, out->rows, (size_t)out->count * sizeof *rows);
    out->rows = rows;
    for (int i = 0; i < page.count; i++) {
        Buffer code = {0};
        record_code(page.rows[i], book, &code);
        rows[out->count++] =
            (CodeRow){(int)entity->kind, page.rows[i]->id, arena_copy(arena, buffer_string(&code), code.size)};
        buffer_free(&code);
    }
    return STATUS_OK;
}

Status local_codes(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    Status status = STATUS_OK;
    (void)arguments;
    for (int kind = 1; kind < ENTITY_COUNT && status == STATUS_OK; kind++) {
        const Entity *entity = entity_of_kind(kind);
        if (!entity->letter) status = add_codes(s, arena, entity, reply, e);
    }
    return status;
}

/* What nobody is shown, nobody is sent. */
static void hide(Record **records, int count) {
    for (int i = 0; i < count; i++) {
        const Entity *entity = records[i] ? records[i]->entity : NULL;
        for (int k = 0; entity && k < entity->field_count; k++) {
            if (entity->fields[k].flags & FIELD_HIDDEN) records[i]->values[k] = (Value){0};
        }
    }
}

static void hide_entries(JournalEntry *entries, int count) {
    for (int i = 0; i < count; i++) {
        hide(&entries[i].after, 1);
        hide(&entries[i].before, 1);
    }
}

Status local_list(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const ListRequest *r = arguments;
    Page *page = reply;
    Filter filter;
    PageQuery query = {.filter = &filter,
                       .turn_of = s->actor.site + 1,
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
    hide(page->rows, status == STATUS_OK ? page->count : 0);
    for (int i = 0; r->labels && i < page->count && status == STATUS_OK; i++) {
        status = store_label(s->store, arena, page->rows[i], e);
    }
    return status;
}

Status local_count(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const CountArguments *a = arguments;
    Filter filter;
    Status status = service_parse_filter(s, arena, a->entity, a->text, &filter, e);
    return status == STATUS_OK ? store_count(s->store, &filter, &((CountReply *)reply)->count, e) : status;
}

Status local_key(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const KeyArguments *a = arguments;
    int field;
    bool descending;
    Status status = service_parse_sort(a->entity, a->sort, &field, &descending, e);
    if (status != STATUS_OK) return status;
    return store_page_key(s->store, arena, a->entity, field, s->actor.site + 1, a->id, reply, e);
}

Status local_record(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const RecordArguments *a = arguments;
    const Entity *entity = a->entity;
    int64_t id = a->id;
    Record **out = &((RecordReply *)reply)->record;
    Status status = a->code ? store_find(s->store, a->code, strlen(a->code), &entity, &id, e) : STATUS_OK;
    if (status == STATUS_OK) status = store_read(s->store, arena, entity, id, FIELDS_ALL, out, e);
    hide(out, status == STATUS_OK);
    return status == STATUS_OK ? store_label(s->store, arena, *out, e) : status;
}

Status local_journal(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    EntryRows *r = reply;
    Status status = journal_read(s->store, arena, arguments, &r->rows, &r->count, e);
    hide_entries(r->rows, status == STATUS_OK ? r->count : 0);
    return status;
}

Status local_heads(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    HeadRows *r = reply;
    (void)arguments;
    return journal_heads(s->store, arena, &r->rows, &r->count, e);
}

/* What a region lends and borrows in the ledger's one week, of one kind. */
static void take_ledger(const Ledger *l, int site, int kind, RegionFigures *r) {
    const LedgerFigures *f = ledger_cell(l, site, kind, l->first);
    r->capacity[kind] = (CapacityFigures){.offered = f->offered,
                                          .kept = f->kept,
                                          .held = f->held,
                                          .booked = f->booked,
                                          .lent = f->lent,
                                          .borrowed = f->borrowed};
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *to = &l->loans[kind][site][other], *from = &l->loans[kind][other][site];
        if (other == site) continue;
        if (to->quantity || to->access) r->capacity[kind].lends_to |= 1u << other;
        if (from->quantity || from->access) r->capacity[kind].borrows_from |= 1u << other;
    }
    r->lends_to |= r->capacity[kind].lends_to;
    r->borrows_from |= r->capacity[kind].borrows_from;
}

Status local_figures(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    NetworkFigures *out = reply;
    CapacityRows rows;
    int week = week_of_date(clock_today());
    (void)arguments;
    Status status = figures_network(s->store, out, e);
    if (status == STATUS_OK) status = capacity_read(s->store, arena, 0, week, week, &rows, e);
    if (status != STATUS_OK) return status;
    const Ledger *l = ledger_compute(arena, &rows, week);
    for (int site = 0; site < SITE_COUNT; site++) {
        for (int kind = 1; kind <= KIND_COUNT; kind++) {
            take_ledger(l, site, kind, &out->region[site]);
        }
    }
    return STATUS_OK;
}

Status local_project_figures(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    (void)arena;
    (void)arguments;
    return figures_projects(s->store, reply, e);
}

Status local_booked(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const BookedArguments *a = arguments;
    BookedRows *r = reply;
    return figures_booked(s->store, arena, a->offer, a->request, a->first, a->last, &r->rows, &r->count, e);
}

Status local_fit(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    FitRows *rows = reply;
    Record *r;
    Status status =
        store_read(s->store, arena, &entity_request, ((const IdArguments *)arguments)->id, FIELDS_ALL, &r, e);
    return status == STATUS_OK ? offers_and_bars(s->store, arena, r, &rows->rows, &rows->count, e) : status;
}

Status local_capacity(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const CapacityArguments *a = arguments;
    return capacity_read(s->store, arena, a->kind, a->first, a->last, reply, e);
}

Status local_plan(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    return network_plan(s->store, arena, &s->actor, arguments, reply, e);
}

Status local_plan_suppose(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    (void)arena;
    (void)reply;
    return network_plan_suppose(s->store, arguments, e);
}

Keeper *local_keeper(Service *s) {
    if (!s->keeper) s->keeper = keeper_new(store_path(s->store), s->actor.login);
    return s->keeper;
}

/* Of those whose act was done after all (its answer was lost on the way) nothing is left to do. */
Status local_drafts(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    DraftRows *r = reply;
    int kept = 0;
    Status status = STATUS_OK;
    (void)arguments;
    if (s->keeper) keeper_settle(s->keeper);
    draft_list(arena, store_path(s->store), s->actor.login, &r->rows, &r->count);
    for (int i = 0; i < r->count && status == STATUS_OK; i++) {
        bool done = false;
        status = store_has_operation(s->store, r->rows[i].op, &done, e);
        if (done) keeper_tell(local_keeper(s), KEEPER_DROP, &r->rows[i]);
        else r->rows[kept++] = r->rows[i];
    }
    r->count = kept;
    return status;
}

Status local_draft_check(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    (void)arena;
    const DraftKept kept = keeper_check(local_keeper(s), arguments);
    ((DraftCheckReply *)reply)->safe = kept == DRAFT_SAFE;
    if (kept != DRAFT_NOWHERE) return STATUS_OK;
    return error_set(e, STATUS_FAILED, NULL, _("it could not be written beside the store"));
}

Status local_editors(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const RecordArguments *a = arguments;
    EditorRows *r = reply;
    (void)e;
    draft_editors(arena, store_path(s->store), a->entity, a->id, &r->rows, &r->count);
    return STATUS_OK;
}

Status local_command(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    return command_run(s->store, arena, &s->actor, arguments, reply, e);
}

Status local_check(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    (void)arena;
    (void)reply;
    return check_store(s->store, arguments, e);
}

static Status copy_file(const char *path, int to, Error *e) {
    enum { CHUNK = 1 << 20 };
    char *bytes = memory_new(CHUNK);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = from < 0 ? -1 : 0;
    while (n >= 0 && (n = read(from, bytes, CHUNK)) > 0) {
        for (ssize_t done = 0, now; done < n; done += now) {
            now = write(to, bytes + done, (size_t)(n - done));
            if (now >= 0) continue;
            if (errno == EINTR) now = 0;
            else {
                n = -1;
                break;
            }
        }
    }
    bool good = n == 0 && fsync(to) == 0;
    int reason = errno;
    if (from >= 0) close(from);
    free(bytes);
    return good ? STATUS_OK : error_set(e, STATUS_FAILED, NULL, _("the copy cannot be written: %s"), strerror(reason));
}

/* Where the asker's file was passed, the copy is made beside the store first: SQLite writes to names. */
Status local_backup(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const BackupArguments *a = arguments;
    (void)arena;
    (void)reply;
    if (a->fd < 0) return store_backup(s->store, a->path, e);
    if (actor_needs_role(&s->actor, ROLE_ADMIN, e) != STATUS_OK) return STATUS_DENIED;
    Buffer path = {0};
    Status status = copies_begin(store_path(s->store), &path, e);
    if (status == STATUS_OK) status = store_backup(s->store, path.bytes, e);
    if (status == STATUS_OK) status = copy_file(path.bytes, a->fd, e);
    store_remove(path.bytes);
    buffer_free(&path);
    return status;
}

Status local_import(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    return import_run(s->store, arena, &s->actor, arguments, reply, e);
}

Status local_import_usage(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    return import_usage(s->store, arena, &s->actor, arguments, reply, e);
}
