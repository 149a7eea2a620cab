/* Reading records from CSV. libcsv parses; it is fed line by line, so that the line of each row is known. */
#include "commands/import.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "store/page.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_MAX = 64, READ_SIZE = 1 << 16, PROGRESS_ROWS = 5000, UNINDEX_ROWS = 20000 };

typedef struct Cell {
    size_t at, size;
} Cell;

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
    int columns[COLUMNS_MAX]; /* fields; -1: passed over */
    int column_count;
    Buffer text; /* the row's cells, one after another */
    Cell cells[COLUMNS_MAX];
    int cell_count;
    bool header_read, stop, unindexed;
    int64_t next_look;   /* rows added until the next look whether to go on without indexes */
    long line, row_line; /* being read; where the row began */
    int64_t bytes, row_bytes;
    Pending *pending;
    size_t pending_count, pending_room;
    Status status; /* of a failure that is no fault of a row */
} Import;

/* --- faults ------------------------------------------------------------------------------------------------------- */

static void add_fault(Import *m, const Error *fault) {
    ImportReply *r = m->reply;
    if (r->fault_count == IMPORT_FAULTS) return;
    if (!r->faults) r->faults = arena_array(m->arena, IMPORT_FAULTS, sizeof *r->faults);
    r->faults[r->fault_count] = *fault;
    text_copy(r->faults[r->fault_count].file, sizeof fault->file, m->request->file);
    r->faults[r->fault_count].line = m->row_line;
    if (++r->fault_count == IMPORT_FAULTS) m->stop = true;
}

static void fault(Import *m, const char *field, const char *why) {
    Error e;
    error_set(&e, STATUS_USAGE, field, "%s", why);
    add_fault(m, &e);
}

/* A failure of the machine ends the import; everything else is the row's own fault. */
static void fail(Import *m, const Error *e) {
    if (e->status == STATUS_FAILED || e->status == STATUS_BUSY) {
        *m->error = *e;
        m->status = e->status;
        m->stop = true;
    } else add_fault(m, e);
}

/* --- the header --------------------------------------------------------------------------------------------------- */

static const char *cell_text(const Import *m, int i) {
    return buffer_string(&m->text) + m->cells[i].at;
}

static void take_header(Import *m) {
    const Entity *entity = m->request->entity;
    m->column_count = m->cell_count;
    for (int i = 0; i < m->cell_count; i++) {
        const char *name = cell_text(m, i);
        size_t size = m->cells[i].size;
        int field = entity_field(entity, name, size);
        Buffer why = {0};
        if (field < 0 || entity->fields[field].flags & FIELD_HIDDEN) {
            buffer_format(&why, _("\"%.*s\" is not a field of %s"), size > 60 ? 60 : (int)size, name, entity->plural);
            fault(m, NULL, why.bytes);
        }
        for (int k = 0; k < i && field >= 0; k++) {
            if (m->columns[k] == field) fault(m, entity->fields[field].name, _("the column stands twice"));
        }
        buffer_free(&why);
        if (field >= 0 && entity->fields[field].flags & FIELD_DERIVED) field = -1;
        if (field > COMMON_REV && field < COMMON_COUNT) field = -1;
        m->columns[i] = field;
    }
    if (m->reply->fault_count) m->stop = true;
    m->header_read = true;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* A cell as it was before CSV: what a spreadsheet would take for a formula is written behind an apostrophe. */
static void unguard(const char **text, size_t *size) {
    if (*size > 1 && (*text)[0] == '\'' && strchr("=+-@\t\r'", (*text)[1])) {
        ++*text;
        --*size;
    }
}

typedef struct Row {
    Record *record;
    int64_t rev;
    bool has_state, has_code;
} Row;

static Status read_code(Import *m, Row *row, const char *text, size_t size, Error *e) {
    const Entity *entity = m->request->entity;
    int64_t id;
    if (!size) return STATUS_OK;
    if (!entity->letter) {
        const CodeBook *book = store_codes(m->store);
        row->has_code = book->id_of(book->self, (int)entity->kind, text, size, &id);
        if (row->has_code) row->record->id = id;
        return value_read(&m->row_arena, &entity->fields[COMMON_CODE], text, size, FORM_FILE, NULL,
                          &row->record->values[COMMON_CODE], e);
    }
    char letter;
    if (!code_read(text, size, &letter, &id) || letter != entity->letter)
        return error_set(e, STATUS_USAGE, "code", _("\"%.*s\" is not a code such as SMA-%c42"),
                         size > 60 ? 60 : (int)size, text, entity->letter);
    row->record->id = id;
    row->has_code = true;
    return STATUS_OK;
}

static Status read_cell(Import *m, Row *row, int i, Error *e) {
    int field = m->columns[i];
    const char *text = cell_text(m, i);
    size_t size = m->cells[i].size;
    if (field < 0) return STATUS_OK;
    unguard(&text, &size);
    if (field == COMMON_CODE) return read_code(m, row, text, size, e);
    const Field *f = &m->request->entity->fields[field];
    Value value;
    Status s = value_read(&m->row_arena, f, text, size, FORM_FILE, store_codes(m->store), &value, e);
    if (s != STATUS_OK) return s;
    if (field == COMMON_REV) row->rev = value_number_or(&value, 0);
    else if (field == COMMON_STATE) {
        row->has_state = value.kind != VALUE_NONE;
        if (row->has_state) row->record->values[field] = value;
    } else row->record->values[field] = value;
    return STATUS_OK;
}

static void note_pending(Import *m, const Record *r) {
    for (int i = COMMON_COUNT; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        if (f->kind != FIELD_REF || f->ref != (int)r->entity->kind || r->values[i].kind != VALUE_NUMBER) continue;
        if (m->pending_count == m->pending_room)
            m->pending = memory_grow(m->pending, m->pending_room = m->pending_room ? m->pending_room * 2 : 64,
                                     sizeof *m->pending);
        m->pending[m->pending_count++] = (Pending){.id = r->values[i].number, .line = m->row_line, .field = i};
    }
}

static Status add_row(Import *m, Row *row, Error *e) {
    Record *r = row->record;
    bool special = row->has_code || row->rev > 1 || record_state(r) != r->entity->first_state;
    Status s = actor_needs_role(m->actor, special && r->entity->letter ? ROLE_ADMIN : ROLE_COORDINATOR, e);
    if (s != STATUS_OK) return s;
    /* Where the file does not say whose a record is, its code does. */
    int own = row->has_code && r->entity->letter ? id_site(r->id) : m->actor->site;
    if (r->values[COMMON_SITE].kind == VALUE_NONE) r->values[COMMON_SITE] = value_number(own);
    Actor as = *m->actor;
    s = actor_act_as(&as, record_site(r), e);
    if (s != STATUS_OK) return s;
    if (row->rev > 0) r->values[COMMON_REV] = value_number(row->rev);
    if (r->entity == &entity_project && r->values[PROJECT_HEALTH].kind == VALUE_NONE)
        r->values[PROJECT_HEALTH] = value_number(HEALTH_GREEN);
    s = store_write(m->store, NULL, r, "import", e);
    if (s == STATUS_OK) m->reply->added++;
    return s;
}

static Status change_row(Import *m, Row *row, Record *was, Error *e) {
    const Entity *entity = was->entity;
    Record *now = record_copy(&m->row_arena, was);
    bool differs = false;
    for (int i = 0; i < m->column_count; i++) {
        int field = m->columns[i];
        if (field < COMMON_COUNT && field != COMMON_SITE && field != COMMON_STATE) continue;
        const Value *value = &row->record->values[field];
        if ((field == COMMON_STATE && !row->has_state) || value_equal(value, &was->values[field])) continue;
        const Field *f = &entity->fields[field];
        if (field == COMMON_STATE)
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and states move by verbs"));
        if (field == COMMON_SITE)
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and belongs to another"));
        if (f->flags & (FIELD_SYSTEM | FIELD_FIXED))
            return error_set(e, STATUS_CONFLICT, f->name, _("the record is there already, and %s never changes"),
                             _(f->label));
        now->values[field] = *value;
        differs = true;
    }
    if (!differs) {
        m->reply->same++;
        return STATUS_OK;
    }
    if (row->rev && row->rev != was->values[COMMON_REV].number)
        return error_set(e, STATUS_CONFLICT, "rev",
                         _("the record was changed since the file was written (rev %lld is %lld now)"),
                         (long long)row->rev, (long long)was->values[COMMON_REV].number);
    Command edit;
    if (!command_find("set", entity, &edit))
        return error_set(e, STATUS_CONFLICT, NULL, _("the record is there already and never changes"));
    Status s = command_allowed(&edit, m->actor, was, e);
    if (s == STATUS_OK) s = store_write(m->store, was, now, "import", e);
    if (s == STATUS_OK) m->reply->changed++;
    return s;
}

static Status write_row(Import *m, Row *row, Error *e) {
    const Entity *entity = row->record->entity;
    Record *was;
    bool there;
    if (!row->has_code) return add_row(m, row, e);
    Status s = store_exists(m->store, entity, row->record->id, &there, e);
    if (s != STATUS_OK) return s;
    if (!there) return add_row(m, row, e);
    s = store_read(m->store, &m->row_arena, entity, row->record->id, FIELDS_ALL, &was, e);
    return s == STATUS_OK ? change_row(m, row, was, e) : s;
}

/* Once as many rows came as were there, the rest is written without indexes, which are built at the end. */
static void unindex(Import *m) {
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
    if (s != STATUS_OK) fail(m, &e);
}

static void take_row(Import *m) {
    Error e = {0};
    Row row = {.record = record_new(&m->row_arena, m->request->entity)};
    if (m->cell_count != m->column_count) {
        Buffer why = {0};
        buffer_format(&why, _("the row has %d cells and the header %d"), m->cell_count, m->column_count);
        fault(m, NULL, why.bytes);
        buffer_free(&why);
        return;
    }
    int before = m->reply->fault_count;
    for (int i = 0; i < m->cell_count; i++) {
        if (read_cell(m, &row, i, &e) != STATUS_OK) fail(m, &e);
    }
    /* Nothing of the file will be kept once a row is at fault, but the others are still tried, for their own faults. */
    if (m->reply->fault_count > before || m->stop) return;
    if (write_row(m, &row, &e) != STATUS_OK) fail(m, &e);
    else note_pending(m, row.record);
    unindex(m);
}

/* --- reading the file --------------------------------------------------------------------------------------------- */

static void on_cell(void *bytes, size_t size, void *context) {
    Import *m = context;
    if (m->cell_count == COLUMNS_MAX) return;
    m->cells[m->cell_count++] = (Cell){.at = m->text.size, .size = size};
    buffer_add(&m->text, bytes, size);
    buffer_add_char(&m->text, 0);
}

static void on_row(int end, void *context) {
    Import *m = context;
    (void)end;
    if (!m->stop) {
        if (!m->header_read) take_header(m);
        else {
            take_row(m);
            m->reply->rows++;
            if (m->request->progress && m->reply->rows % PROGRESS_ROWS == 0)
                m->request->progress(m->request->context, m->reply->rows, m->bytes);
        }
    }
    arena_reset(&m->row_arena);
    buffer_clear(&m->text);
    m->cell_count = 0;
    m->row_bytes = 0;
    m->row_line = m->line + 1;
}

/* Feeds one piece of a physical line. */
static void feed(Import *m, struct csv_parser *p, const char *bytes, size_t size) {
    m->row_bytes += (int64_t)size;
    m->bytes += (int64_t)size;
    if (m->row_bytes > IMPORT_ROW_MAX) {
        fault(m, NULL, _("the row is longer than a mebibyte: is a quotation mark missing?"));
        m->stop = true;
        return;
    }
    if (csv_parse(p, bytes, size, on_cell, on_row, m) == size) return;
    fault(m, NULL,
          csv_error(p) == CSV_EPARSE ? _("a quotation mark stands where none may") : csv_strerror(csv_error(p)));
    m->stop = true;
}

static void feed_lines(Import *m, struct csv_parser *p, const char *bytes, size_t size) {
    while (size && !m->stop) {
        const char *end = memchr(bytes, '\n', size);
        size_t n = end ? (size_t)(end - bytes) + 1 : size;
        feed(m, p, bytes, n);
        if (end) m->line++;
        /* A row that ended with this line was told that it ended on the line before the next. */
        if (end && !m->row_bytes) m->row_line = m->line;
        bytes += n;
        size -= n;
    }
}

static Status read_file(Import *m) {
    struct csv_parser parser;
    char *chunk = memory_new(READ_SIZE);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0) abort();
    csv_set_blk_size(&parser, READ_SIZE); /* a long cell grows by this, not by the library's 128 bytes */
    m->line = m->row_line = 1;
    while (!m->stop) {
        ssize_t n = read(m->request->fd, chunk, READ_SIZE);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            m->status = error_set(m->error, STATUS_FAILED, NULL, "%s", strerror(errno));
            error_at(m->error, m->request->file, 0);
        }
        if (n <= 0) break;
        /* The mark that some programs put before UTF-8; before a quotation mark it must not reach the parser. */
        bool mark = !m->bytes && n >= 3 && !memcmp(chunk, "\xEF\xBB\xBF", 3);
        feed_lines(m, &parser, chunk + (mark ? 3 : 0), (size_t)n - (mark ? 3 : 0));
    }
    if (!m->stop && m->status == STATUS_OK && csv_fini(&parser, on_cell, on_row, m) != 0)
        fault(m, NULL, _("the file ends within quotation marks"));
    if (!m->stop && m->status == STATUS_OK && !m->header_read)
        fault(m, NULL, _("the file is empty: its first line must name the columns"));
    csv_free(&parser);
    free(chunk);
    return m->status;
}

/* References to records of the same kind, now that all rows are there. */
static Status check_pending(Import *m) {
    const Entity *entity = m->request->entity;
    for (size_t i = 0; i < m->pending_count && !m->stop; i++) {
        Error e = {0};
        Record *r;
        Status s = store_read(m->store, &m->row_arena, entity, m->pending[i].id, FIELD_BIT(COMMON_SITE), &r, &e);
        arena_reset(&m->row_arena);
        if (s == STATUS_OK) continue;
        m->row_line = m->pending[i].line;
        text_copy(e.field, sizeof e.field, entity->fields[m->pending[i].field].name);
        fail(m, &e);
    }
    return m->status;
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
    *reply = (ImportReply){0};
    if (request->entity->reference)
        return error_set(e, STATUS_USAGE, NULL, _("%s come with the program and are not imported"),
                         _(request->entity->heading));
    Status s = actor_needs_role(actor, ROLE_COORDINATOR, e);
    if (s != STATUS_OK) return s;
    actor_name(actor, name, sizeof name);
    const Act act = {.login = actor->login, .actor = name, .op = request->op, .at = clock_now()};
    s = store_begin(store, &act, &reply->repeated, e);
    if (s != STATUS_OK) return s;
    if (reply->repeated) {
        store_rollback(store);
        return STATUS_OK;
    }
    store_set_bulk(store, true);
    s = read_file(&m);
    if (s == STATUS_OK) s = check_pending(&m);
    if (s == STATUS_OK && reply->fault_count) {
        *e = reply->faults[0];
        s = e->status;
    }
    if (s == STATUS_OK && !request->dry_run) s = store_commit(store, e);
    else store_rollback(store);
    store_set_bulk(store, false);
    arena_free(&m.row_arena);
    buffer_free(&m.text);
    free(m.pending);
    return s;
}
