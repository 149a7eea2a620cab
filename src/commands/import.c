/* Writing the rows of a file: what is new, what changes, what is as it was; all of it or nothing. */
#include "commands/context.h"
#include "commands/import_parts.h"
#include "commands/repeat.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "store/journal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_ROWS = 5000, UNINDEX_ROWS = 20000, PROVINCES_MOST = 500 };

/* A record of the same kind that a row refers to: it may come later in the file. */
typedef struct Pending {
    int64_t id;
    long line;
    int field;
} Pending;

typedef struct Import {
    Store *store;
    Arena *arena; /* the reply's */
    Arena row_arena;
    const Actor *actor;
    const ImportRequest *request;
    ImportReply *reply;
    Error *error;
    bool stop, unindexed;
    unsigned had;             /* 1 << site for each that had a record of the kind before, there or not any more */
    bool asked, others_judge; /* whether it was asked whether others are there who judge what one filed; and they are */
    int64_t next_look;        /* rows added until the next look whether to go on without indexes */
    Pending *pending;
    size_t pending_count, pending_room;
    int64_t at_fault[IMPORT_FAULTS]; /* records whose rows were refused: they are in the file, if not in the store */
    int at_fault_count;
    int64_t *same; /* the ids of rows that changed nothing, as a hash table: 0 is none */
    size_t same_count, same_room;
    Status status; /* of a failure that is no fault of a row */
} Import;

/* --- faults ------------------------------------------------------------------------------------------------------- */

static void add_fault(Import *m, long line, const Error *fault) {
    ImportReply *r = m->reply;
    if (r->fault_count == IMPORT_FAULTS) return;
    if (!r->faults) r->faults = arena_array(m->arena, IMPORT_FAULTS, sizeof *r->faults);
    int at = r->fault_count; /* what is found at the end belongs among the others, by its line */
    for (; at && r->faults[at - 1].line > line; at--) {
        r->faults[at] = r->faults[at - 1];
    }
    r->faults[at] = *fault;
    text_copy(r->faults[at].file, sizeof fault->file, m->request->file);
    r->faults[at].line = line;
    if (++r->fault_count == IMPORT_FAULTS) m->stop = true;
}

/* A failure of the machine ends the import; everything else is the row's own fault. */
static void fail(Import *m, long line, const Error *e) {
    if (e->status == STATUS_FAILED || e->status == STATUS_BUSY) {
        *m->error = *e;
        m->status = e->status;
        m->stop = true;
    } else add_fault(m, line, e);
}

static bool is_named(const Import *m, long line, const char *field) {
    for (int i = m->reply->fault_count - 1; i >= 0 && m->reply->faults[i].line == line; i--) {
        if (!strcmp(m->reply->faults[i].field, field)) return true;
    }
    return false;
}

/* --- what stands twice -------------------------------------------------------------------------------------------- */

static size_t place(const Import *m, int64_t id) {
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (m->same_room - 1);
    while (m->same[at] && m->same[at] != id) {
        at = (at + 1) & (m->same_room - 1);
    }
    return at;
}

static void note_same(Import *m, int64_t id) {
    if (2 * m->same_count >= m->same_room) {
        int64_t *old = m->same;
        size_t room = m->same_room;
        m->same_room = room ? 2 * room : 1024;
        m->same = memory_new(m->same_room * sizeof *m->same);
        for (size_t i = 0; i < room; i++) {
            if (old[i]) m->same[place(m, old[i])] = old[i];
        }
        free(old);
    }
    m->same[place(m, id)] = id;
    m->same_count++;
}

/* Whether an earlier row of the file was about this record: it was written by this operation, or left as it was. */
static Status stood_before(Import *m, const Record *was, bool *stood, Error *e) {
    JournalEntry *newest;
    *stood = m->same_room && m->same[place(m, was->id)] == was->id;
    if (*stood || value_number_or(&was->values[COMMON_REV], 0) == 0) return STATUS_OK;
    Status s = journal_newest(m->store, &m->row_arena, was->entity, was->id, &newest, e);
    *stood = s == STATUS_OK && newest && !strcmp(newest->op, m->request->op);
    return s;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void note_pending(Import *m, const ImportRow *row) {
    const Record *r = row->record;
    for (int i = COMMON_COUNT; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        if (f->kind != FIELD_REF || f->ref != (int)r->entity->kind || r->values[i].kind != VALUE_NUMBER) continue;
        if (m->pending_count == m->pending_room)
            m->pending = memory_grow(m->pending, m->pending_room = m->pending_room ? m->pending_room * 2 : 64,
                                     sizeof *m->pending);
        m->pending[m->pending_count++] = (Pending){.id = r->values[i].number, .line = row->line, .field = i};
    }
}

/* Comes with a history that the program would have given it: a code, a rev, a state, what only verbs and the program
 * write. */
static bool is_special(const ImportRow *row) {
    const Entity *entity = row->fresh->entity;
    bool special = (row->has_code && entity->letter) || row->rev > 1 || record_state(row->fresh) != entity->first_state;
    for (int i = COMMON_COUNT; i < entity->field_count && !special; i++) {
        const Field *f = &entity->fields[i];
        special = (row->given & FIELD_BIT(i)) && (f->flags & FIELD_SYSTEM) && !value_empty(f, &row->record->values[i]);
    }
    return special;
}

/* Whose a row is the file says, and anybody can write a file: what only another than the author brings a record to is read
 * in by who works in the store alone, or for an institute that never had a record of the kind, as into a store that was
 * just made. */
static Status check_judged(Import *m, const Record *r, Error *e) {
    int state = record_state(r);
    Status s = STATUS_OK;
    if (!context_is_judged(r->entity, state) || !(m->had >> record_site(r) & 1)) return s;
    if (!m->asked) s = context_others_judge(m->store, &m->row_arena, &m->others_judge, e);
    m->asked = s == STATUS_OK;
    if (s != STATUS_OK || !m->others_judge) return s;
    const Choice *choice = choice_of_number(r->entity->states, state);
    return error_set(
        e, STATUS_DENIED, "state",
        _("%s is for another than the author to say: leave the state out, and have one of those say it who "
          "work here, too"),
        choice ? choice->word : "?");
}

static Status add_row(Import *m, ImportRow *row, Error *e) {
    Record *r = row->fresh;
    const Entity *entity = r->entity;
    bool special = is_special(row);
    Role role = special || entity == &entity_allocation ? ROLE_ADMIN : ROLE_COORDINATOR;
    Status s = actor_needs_role(m->actor, role > entity->role ? role : entity->role, e);
    Actor as = *m->actor;
    Outcome outcome = {0};
    CommandContext c = {.store = m->store, .arena = &m->row_arena, .actor = &as, .entity = entity, .outcome = &outcome};
    if (s == STATUS_OK) s = actor_act_as(&as, record_site(r), e);
    if (s == STATUS_OK) s = check_judged(m, r, e);
    if (s == STATUS_OK) s = context_check_new(&c, r, special, e);
    if (s == STATUS_OK && row->unfit.status != STATUS_OK) {
        *e = row->unfit;
        s = e->status;
    }
    if (s == STATUS_OK && !special && entity == &entity_project) s = project_needs_follow(&c, NULL, r, e);
    if (s == STATUS_OK) s = store_write_prepared(m->store, r, &row->write, "import", e);
    if (s == STATUS_OK) m->reply->added++;
    return s;
}

/* The record as the row would have it; *differs: it is not so yet. */
static Status apply(const ImportRow *row, const Record *was, Record *now, bool *differs, Error *e) {
    const Entity *entity = was->entity;
    *differs = false;
    for (int field = COMMON_SITE; field < entity->field_count; field++) {
        const Value *value = &row->record->values[field];
        const Field *f = &entity->fields[field];
        if (!(row->given & FIELD_BIT(field)) || field == COMMON_REV) continue;
        if ((field == COMMON_STATE && !row->has_state) || value_equal(value, &was->values[field])) continue;
        if (field == COMMON_STATE)
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and states move by verbs"));
        if (field == COMMON_SITE)
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and belongs to another"));
        if (f->flags & (FIELD_SYSTEM | FIELD_FIXED))
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and %s never changes"),
                             _(f->label));
        now->values[field] = *value;
        *differs = true;
    }
    return STATUS_OK;
}

static Status change_row(Import *m, const ImportRow *row, const Record *was, Error *e) {
    Record *now = record_copy(&m->row_arena, was);
    bool differs, stood;
    Status s = stood_before(m, was, &stood, e);
    if (s == STATUS_OK && stood) {
        Buffer code = {0};
        record_code(was, store_codes(m->store), &code);
        s = error_set(e, STATUS_CONFLICT, "code", _("%s stands in an earlier line of the file, too"),
                      buffer_string(&code));
        buffer_free(&code);
    }
    if (s == STATUS_OK) s = apply(row, was, now, &differs, e);
    if (s != STATUS_OK) return s;
    if (!differs) {
        note_same(m, was->id);
        m->reply->same++;
        return STATUS_OK;
    }
    if (row->rev && row->rev != was->values[COMMON_REV].number)
        return error_set(e, STATUS_CONFLICT, "rev",
                         _("the record was changed since the file was written (rev %lld is %lld now)"),
                         (long long)row->rev, (long long)was->values[COMMON_REV].number);
    Command edit;
    if (!command_find("set", was->entity, &edit))
        return error_set(e, STATUS_CONFLICT, NULL, _("the record is there already and never changes"));
    Outcome outcome = {0};
    CommandContext c = {
        .store = m->store, .arena = &m->row_arena, .actor = m->actor, .entity = was->entity, .outcome = &outcome};
    s = command_allowed(&edit, m->actor, was, e);
    if (s == STATUS_OK) s = context_check_change(&c, was, now, e);
    if (s == STATUS_OK && was->entity == &entity_project) s = project_needs_follow(&c, was, now, e);
    if (s == STATUS_OK && was->entity == &entity_allocation) s = allocation_edited(was, now, e);
    if (s == STATUS_OK) s = store_write(m->store, was, now, "import", e);
    if (s == STATUS_OK) m->reply->changed++;
    return s;
}

/* Codes of the entity's own are in the store alone. */
static void find_own_code(Import *m, ImportRow *row) {
    const CodeBook *codes = store_codes(m->store);
    int64_t id;
    row->has_code = codes->id_of(codes->self, (int)m->request->entity->kind, row->code, strlen(row->code), &id);
    if (!row->has_code) return;
    row->record->id = id;
    if (row->fresh) row->fresh->id = id;
}

static Status find_row(Import *m, ImportRow *row, bool *there, Error *e) {
    *there = false;
    if (row->code) find_own_code(m, row);
    if (!row->has_code) return STATUS_OK;
    return store_bulk_exists(m->store, row->record->entity, row->record->id, there, e);
}

static Status write_row(Import *m, ImportRow *row, bool there, Error *e) {
    Record *was;
    if (!there) return add_row(m, row, e);
    Status s = store_read(m->store, &m->row_arena, row->record->entity, row->record->id, FIELDS_ALL, &was, e);
    return s == STATUS_OK ? change_row(m, row, was, e) : s;
}

static Status claim_codes(Import *m, const ImportCodes *codes, Error *e) {
    Status s = STATUS_OK;
    for (int i = 0; codes && i < SITE_COUNT * (EPOCH_MAX + 1) && s == STATUS_OK; i++) {
        int site = i / (EPOCH_MAX + 1), epoch = i % (EPOCH_MAX + 1);
        int64_t highest = codes->highest[site][epoch];
        if (highest) s = store_claim_id(m->store, m->request->entity, id_make(site, epoch, highest), e);
    }
    return s;
}

/* --- all that is wrong with a row ----------------------------------------------------------------------------------- */

static void look_for_reference(Import *m, const ImportRow *row, const Field *f, int64_t id) {
    Error e = {0};
    if (f->ref == (int)m->request->entity->kind) return; /* it may come later: see check_pending */
    if (store_refers(m->store, f, id, &e) != STATUS_OK) fail(m, row->line, &e);
}

static void look_for_references(Import *m, const ImportRow *row) {
    const Record *r = row->record;
    for (int i = COMMON_COUNT; i < r->entity->field_count && !m->stop; i++) {
        const Field *f = &r->entity->fields[i];
        const Value *v = &r->values[i];
        if (f->kind == FIELD_REF && v->kind == VALUE_NUMBER) look_for_reference(m, row, f, v->number);
        for (uint32_t k = 0; f->kind == FIELD_REFS && k < v->size && !m->stop; k++) {
            look_for_reference(m, row, f, v->items[k].key);
        }
    }
}

static void look_for_missing(Import *m, const ImportRow *row) {
    const Record *r = row->fresh ? row->fresh : row->record;
    for (int i = 0; i < r->entity->field_count && !m->stop; i++) {
        Error e = {0};
        if (record_check_filled(r, i, &e) != STATUS_OK && !is_named(m, row->line, e.field)) fail(m, row->line, &e);
    }
}

/* Nothing of the file will be kept, and whoever mends it should see all of a row's faults at once. */
static void add_faults(Import *m, const ImportRow *row, bool there, const Error *refusal) {
    /* Whoever may not is told that, and nothing of how it would be done. */
    if (refusal->status == STATUS_DENIED) {
        fail(m, row->line, refusal);
        return;
    }
    for (int i = 0; i < row->fault_count && !m->stop; i++) {
        fail(m, row->line, &row->faults[i]);
    }
    if (row->whole && !there && !m->stop) look_for_missing(m, row);
    if (!m->stop) look_for_references(m, row);
    bool named = *refusal->field && is_named(m, row->line, refusal->field);
    if (refusal->status != STATUS_OK && !named && !m->stop) fail(m, row->line, refusal);
    if (row->has_code && m->at_fault_count < IMPORT_FAULTS) m->at_fault[m->at_fault_count++] = row->record->id;
}

/* Once as many rows came as were there, the rest is written without indexes, which are built at the end. */
static void unindex(Import *m, long line) {
    Filter all = {.entity = m->request->entity, .words = ""};
    int64_t rows;
    Error e = {0};
    if (!m->request->entity->indexed || m->unindexed || m->reply->added < m->next_look) return;
    m->next_look *= 2;
    Status s = store_count(m->store, &all, &rows, &e);
    if (s == STATUS_OK && rows <= 2 * m->reply->added) {
        s = store_bulk_unindex(m->store, m->request->entity, &e);
        m->unindexed = true;
    }
    if (s != STATUS_OK) fail(m, line, &e);
}

/* Nothing of the file will be kept once a row is at fault, but the others are still tried, for their own faults. */
static void take_row(Import *m, ImportRow *row) {
    Error e = {0};
    bool there;
    Status s = find_row(m, row, &there, &e);
    if (s == STATUS_OK) s = claim_codes(m, row->codes, &e);
    if (s == STATUS_OK && !row->fault_count) s = write_row(m, row, there, &e);
    if (s == STATUS_FAILED || s == STATUS_BUSY) fail(m, row->line, &e);
    else if (s != STATUS_OK || row->fault_count) add_faults(m, row, there, &e);
    if (!m->stop) note_pending(m, row);
    unindex(m, row->line);
}

static void take_rows(Import *m, ImportQueue *queue) {
    for (ImportBatch *b; (b = queue_empty(queue)); queue_emptied(queue)) {
        for (int i = 0; i < b->count && !m->stop; i++) {
            take_row(m, &b->rows[i]);
            arena_reset(&m->row_arena);
            m->reply->rows++;
            if (m->request->progress && m->reply->rows % PROGRESS_ROWS == 0 &&
                !m->request->progress(m->request->context, m->reply->rows, b->bytes)) {
                m->status = error_set(m->error, STATUS_STOPPED, NULL, _("stopped: nothing was imported"));
                m->stop = true;
            }
        }
        if (m->stop) queue_stop(queue);
    }
}

static bool is_at_fault(const Import *m, int64_t id) {
    for (int i = 0; i < m->at_fault_count; i++) {
        if (m->at_fault[i] == id) return true;
    }
    return false;
}

/* References to records of the same kind, now that all rows are there. */
static Status check_pending(Import *m) {
    const Entity *entity = m->request->entity;
    for (size_t i = 0; i < m->pending_count && !m->stop; i++) {
        Error e = {0};
        Record *r;
        if (is_at_fault(m, m->pending[i].id)) continue;
        Status s = store_read(m->store, &m->row_arena, entity, m->pending[i].id, FIELD_BIT(COMMON_SITE), &r, &e);
        arena_reset(&m->row_arena);
        if (s == STATUS_OK) continue;
        text_copy(e.field, sizeof e.field, entity->fields[m->pending[i].field].name);
        fail(m, m->pending[i].line, &e);
    }
    return m->status;
}

/* --- both threads --------------------------------------------------------------------------------------------------- */

/* Sites and provinces, by their codes: all that rows refer to by codes of its own. */
static bool known_id(void *self, int kind, const char *code, size_t size, int64_t *id) {
    const ImportReading *r = self;
    if (kind == ENTITY_SITE) return (*id = site_of_code(code, size)) >= 0;
    for (int i = 0; kind == ENTITY_PROVINCE && i < r->provinces.count; i++) {
        const Value *v = &r->provinces.rows[i]->values[COMMON_CODE];
        if (v->size != size || strncasecmp(v->text, code, size) != 0) continue;
        *id = r->provinces.rows[i]->id;
        return true;
    }
    return false;
}

static Status read_provinces(Import *m, ImportReading *r, Error *e) {
    Filter all = {.entity = &entity_province, .words = ""};
    const PageQuery query = {
        .filter = &all, .sort = COMMON_CODE, .limit = PROVINCES_MOST, .fields = FIELD_BIT(COMMON_CODE)};
    return store_page(m->store, m->arena, &query, &r->provinces, e);
}

/* The reading thread is left no signal: those that end the wait for a lock, or the program, are the other's. */
static bool start(pthread_t *thread, ImportReading *r) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(thread, NULL, import_read, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static Status read_and_write(Import *m) {
    ImportReading *r = memory_new(sizeof *r);
    pthread_t thread;
    *r = (ImportReading){.request = m->request, .store = m->store, .site = m->actor->site};
    r->codes = (CodeBook){.id_of = known_id, .self = r, .today = clock_today()};
    queue_start(&r->queue);
    Status s = read_provinces(m, r, m->error);
    if (s == STATUS_OK && !start(&thread, r))
        s = error_set(m->error, STATUS_FAILED, NULL, _("the system gives no more threads: try again"));
    else if (s == STATUS_OK) {
        take_rows(m, &r->queue);
        pthread_join(thread, NULL);
        s = m->status;
    }
    if (s == STATUS_OK && r->status != STATUS_OK) {
        *m->error = r->error;
        s = r->status;
    }
    queue_end(&r->queue);
    free(r->given);
    free(r);
    return s;
}

Status import_run(Store *store, Arena *arena, const Actor *actor, const ImportRequest *request, ImportReply *reply,
                  Error *e) {
    Import m = {.store = store,
                .arena = arena,
                .actor = actor,
                .request = request,
                .reply = reply,
                .error = e,
                .next_look = UNINDEX_ROWS};
    char name[LOGIN_SIZE + 8];
    unsigned char asked[REQUEST_HASH_SIZE];
    *reply = (ImportReply){0};
    if (request->entity->reference)
        return error_set(e, STATUS_USAGE, NULL, _("%s come with the program and are not imported"),
                         _(request->entity->heading));
    Status s = actor_needs_role(actor, ROLE_COORDINATOR, e);
    if (s != STATUS_OK) return s;
    actor_name(actor, name, sizeof name);
    bool known = repeat_hash_file(actor, request->entity->name, request->fd, asked);
    const Act act = {
        .login = actor->login, .actor = name, .op = request->op, .at = clock_now(), .request = known ? asked : NULL};
    s = store_begin(store, &act, &reply->repeated, e);
    if (s != STATUS_OK) return s;
    if (reply->repeated) {
        if (known) s = store_operation_asked(store, request->op, asked, e);
        store_rollback(store);
        return s;
    }
    store_set_bulk(store, true);
    s = store_had(store, request->entity, &m.had, e);
    if (s == STATUS_OK) s = read_and_write(&m);
    if (s == STATUS_OK) s = check_pending(&m);
    if (s == STATUS_OK && reply->fault_count) {
        *e = reply->faults[0];
        s = e->status;
    }
    if (s == STATUS_OK && !request->dry_run) s = store_commit(store, e);
    else store_rollback(store);
    store_set_bulk(store, false);
    arena_free(&m.row_arena);
    free(m.pending);
    free(m.same);
    return s;
}
