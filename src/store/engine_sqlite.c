/* The engine on SQLite: statements, transactions, and what only SQLite does.
 *
 * Writing. SQLite lets one connection write at a time and makes others try again, which is unfair and, before 3.51.3,
 * can corrupt the file when two of them write or checkpoint at once. So a writer first takes an exclusive flock on
 * PATH-lock and keeps it over its whole transaction and the checkpoint after it; SQLite's own are switched off. The
 * write-ahead log is synced at every commit (synchronous=FULL), checkpointed once it holds CHECKPOINT_PAGES.
 *
 * How the file is opened and refused is in engine_file.c. */
#include "store/engine.h"

#include "base/arena.h"
#include "base/intl.h"
#include "base/text.h"
#include "store/engine_file.h"
#include "store/engine_log.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STATEMENTS = 96,         /* kept prepared */
    HINTS = 256,             /* where they were found last, by the low bits of their hashes */
    CHECKPOINT_PAGES = 1000, /* of the write-ahead log, about 4 MB */
    BULK_CHECKPOINT_PAGES = 100000,
    INTERRUPT_STEPS = 500, /* of the virtual machine between two questions; each may read a page */
    CACHE_KIB = 4096,
    BULK_CACHE_KIB = 48 * 1024,
    HASH_BYTES = 1 << 20, /* of the search index, before it writes; FTS5's own number */
    BULK_HASH_BYTES = 24 << 20,
};

struct Statement {
    Engine *engine;
    sqlite3_stmt *handle;
    char *sql;
    uint64_t hash, used; /* used: when last, to find the oldest */
    int result;          /* of SQLite, SQLITE_OK so far */
    bool taken, kept;
};

struct Engine {
    sqlite3 *db;
    char *path;
    int lock, busy_ms;
    bool read_only, bulk, writing;
    bool (*stop)(void *);
    void *stop_context;
    uint64_t clock;
    int level;      /* of savepoints */
    int log_pages;  /* in the write-ahead log after the last commit */
    Buffer dropped; /* the SQL that builds dropped indexes again */
    Statement statements[STATEMENTS];
    unsigned char hints[HINTS];
};

/* --- errors ----------------------------------------------------------------------------------------------------- */

/* What the system said to the last input or output that failed: of the write-ahead log, else of the file; 0: unknown. */
static int system_reason(Engine *e) {
    int reason = 0;
    sqlite3_file *log = NULL;
    if (sqlite3_file_control(e->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log && log->pMethods)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &reason);
    if (!reason) sqlite3_file_control(e->db, "main", SQLITE_FCNTL_LAST_ERRNO, &reason);
    return reason ? reason : sqlite3_system_errno(e->db);
}

static Status explain(Engine *e, int result, Error *error) {
    int reason;
    switch (result & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return STATUS_OK;
    case SQLITE_INTERRUPT: return error_set(error, STATUS_STOPPED, NULL, _("stopped"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return error_set(error, STATUS_BUSY, NULL, _("the store is in use: try again"));
    case SQLITE_FULL:
        error_set(error, STATUS_FAILED, NULL,
                  _("the disk is full: nothing was written; free some space and try again"));
        return error_at(error, e->path, 0);
    case SQLITE_READONLY:
        error_set(error, STATUS_FAILED, NULL, _("the store can only be read here: nothing was written"));
        return error_at(error, e->path, 0);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error_set(error, STATUS_FAILED, NULL, _("the store is damaged (%s): run \"jazari check\", or restore a backup"),
                  sqlite3_errmsg(e->db));
        return error_at(error, e->path, 0);
    case SQLITE_CONSTRAINT:
        return error_set(error, STATUS_CONFLICT, NULL, _("the store's rules refuse it: %s"), sqlite3_errmsg(e->db));
    case SQLITE_IOERR:
        /* A quota or a bound on the file's size says so in its own way. */
        reason = system_reason(e);
        if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) return explain(e, SQLITE_FULL, error);
        error_set(error, STATUS_FAILED, NULL, _("the store cannot be used: %s (%s)"), sqlite3_errmsg(e->db),
                  reason ? strerror(reason) : _("no further reason given"));
        return error_at(error, e->path, 0);
    default:
        error_set(error, STATUS_FAILED, NULL, _("the store cannot be used: %s"), sqlite3_errmsg(e->db));
        return error_at(error, e->path, 0);
    }
}

/* --- statements ------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const char *text) {
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return h;
}

static void forget(Statement *s) {
    sqlite3_finalize(s->handle);
    free(s->sql);
    *s = (Statement){0};
}

/* A free place: empty, else the one unused for longest; NULL where all are taken. */
static Statement *place(Engine *e) {
    Statement *oldest = NULL;
    for (int i = 0; i < STATEMENTS; i++) {
        Statement *s = &e->statements[i];
        if (s->taken) continue;
        if (!s->handle) return s;
        if (!oldest || s->used < oldest->used) oldest = s;
    }
    if (oldest) forget(oldest);
    return oldest;
}

/* One kept for this text and free; NULL where there is none. */
static Statement *find_kept(Engine *e, const char *sql, uint64_t hash) {
    int hint = e->hints[hash % HINTS];
    for (int i = 0; i < STATEMENTS; i++) {
        Statement *s = &e->statements[(hint + i) % STATEMENTS];
        if (!s->handle || s->taken || s->hash != hash || strcmp(s->sql, sql) != 0) continue;
        e->hints[hash % HINTS] = (unsigned char)(s - e->statements);
        return s;
    }
    return NULL;
}

Statement *engine_prepare(Engine *e, const char *sql) {
    uint64_t hash = hash_of(sql);
    Statement *s = find_kept(e, sql, hash);
    if (s) {
        s->taken = true;
        s->used = ++e->clock;
        s->result = SQLITE_OK;
        return s;
    }
    s = place(e);
    bool kept = s != NULL;
    if (!kept) s = memory_new(sizeof *s);
    *s = (Statement){.engine = e, .hash = hash, .used = ++e->clock, .taken = true, .kept = kept};
    s->sql = memory_new(strlen(sql) + 1);
    memcpy(s->sql, sql, strlen(sql) + 1);
    s->result = sqlite3_prepare_v3(e->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
    return s;
}

void statement_int(Statement *s, int parameter, int64_t value) {
    if (s->result == SQLITE_OK) s->result = sqlite3_bind_int64(s->handle, parameter, value);
}

void statement_text(Statement *s, int parameter, const char *text, size_t size) {
    if (s->result == SQLITE_OK)
        s->result = sqlite3_bind_text64(s->handle, parameter, text ? text : "", size, SQLITE_STATIC, SQLITE_UTF8);
}

void statement_blob(Statement *s, int parameter, const void *bytes, size_t size) {
    if (s->result == SQLITE_OK) s->result = sqlite3_bind_blob64(s->handle, parameter, bytes, size, SQLITE_STATIC);
}

void statement_null(Statement *s, int parameter) {
    if (s->result == SQLITE_OK) s->result = sqlite3_bind_null(s->handle, parameter);
}

bool statement_has(Statement *s, int parameter) {
    return parameter <= sqlite3_bind_parameter_count(s->handle);
}

bool statement_row(Statement *s) {
    if (s->result != SQLITE_OK && s->result != SQLITE_ROW) return false;
    s->result = sqlite3_step(s->handle);
    return s->result == SQLITE_ROW;
}

int64_t statement_get_int(Statement *s, int column) {
    return sqlite3_column_int64(s->handle, column);
}

bool statement_get_null(Statement *s, int column) {
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

const char *statement_get_text(Statement *s, int column, size_t *size) {
    const char *text = (const char *)sqlite3_column_text(s->handle, column);
    *size = text ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return text ? text : "";
}

const void *statement_get_blob(Statement *s, int column, size_t *size) {
    const void *bytes = sqlite3_column_blob(s->handle, column);
    *size = bytes ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return bytes;
}

Status statement_end(Statement *s, int64_t *changed, Error *error) {
    Engine *e = s->engine;
    Status status = explain(e, s->result, error);
    if (changed) *changed = sqlite3_changes64(e->db);
    s->taken = false;
    if (s->handle) {
        sqlite3_reset(s->handle);
        sqlite3_clear_bindings(s->handle);
    }
    if (!s->handle || !s->kept) {
        bool kept = s->kept;
        forget(s);
        if (!kept) free(s);
    }
    return status;
}

static Statement *prepare_ints(Engine *e, const char *sql, int count, va_list ap) {
    Statement *s = engine_prepare(e, sql);
    for (int i = 1; i <= count; i++) {
        statement_int(s, i, va_arg(ap, int64_t));
    }
    return s;
}

Status engine_do(Engine *e, Error *error, const char *sql, int count, ...) {
    va_list ap;
    va_start(ap, count);
    Statement *s = prepare_ints(e, sql, count, ap);
    va_end(ap);
    while (statement_row(s)) {}
    return statement_end(s, NULL, error);
}

Status engine_number(Engine *e, int64_t *out, int64_t otherwise, Error *error, const char *sql, int count, ...) {
    va_list ap;
    va_start(ap, count);
    Statement *s = prepare_ints(e, sql, count, ap);
    va_end(ap);
    *out = statement_row(s) && !statement_get_null(s, 0) ? statement_get_int(s, 0) : otherwise;
    return statement_end(s, NULL, error);
}

Status engine_run(Engine *e, const char *sql, Error *error) {
    return explain(e, sqlite3_exec(e->db, sql, NULL, NULL, NULL), error);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

static int ask_stop(void *context) {
    Engine *e = context;
    return !e->writing && e->stop && e->stop(e->stop_context);
}

static int count_log(void *context, sqlite3 *db, const char *name, int pages) {
    (void)db;
    (void)name;
    ((Engine *)context)->log_pages = pages;
    return SQLITE_OK;
}

static Status configure(Engine *e, bool fresh, Error *error) {
    sqlite3_extended_result_codes(e->db, 1);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(e->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(e->db, e->busy_ms);
    sqlite3_progress_handler(e->db, INTERRUPT_STEPS, ask_stop, e);
    sqlite3_wal_hook(e->db, count_log, e);
    char sql[256];
    if (fresh) {
        snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA page_size=4096; PRAGMA journal_mode=WAL",
                 ENGINE_APPLICATION_ID);
        Status s = engine_run(e, sql, error);
        if (s != STATUS_OK) return s;
    }
    snprintf(sql, sizeof sql,
             "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; "
             "PRAGMA cache_size=-%d",
             CACHE_KIB);
    Status s = engine_run(e, sql, error);
    sqlite3_wal_hook(e->db, count_log, e); /* the pragma above took its place */
    return s;
}

static Status open_lock(Engine *e, Error *error) {
    Buffer path = {0};
    engine_file_lock_path(&path, e->path);
    e->lock = open(path.bytes, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    Status s = STATUS_OK;
    if (e->lock < 0) {
        error_set(error, STATUS_FAILED, NULL, _("the lock file cannot be opened: %s"), strerror(errno));
        s = error_at(error, path.bytes, 0);
    }
    buffer_free(&path);
    return s;
}

Status engine_open(const char *path, EngineMode mode, int busy_ms, Engine **out, Error *error) {
    *out = NULL;
    StoreFile file;
    Status s = engine_file_examine(path, mode, &file, error);
    if (s != STATUS_OK) return s;
    Engine *e = memory_new(sizeof *e);
    *e = (Engine){.lock = -1, .busy_ms = busy_ms, .read_only = file.read_only, .path = memory_new(strlen(path) + 1)};
    memcpy(e->path, path, strlen(path) + 1);
    int flags = file.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    Buffer uri = {0};
    engine_file_uri(&uri, path, file.immutable);
    int result =
        sqlite3_open_v2(buffer_string(&uri), &e->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, engine_log_vfs());
    buffer_free(&uri);
    s = result == SQLITE_OK ? configure(e, mode == ENGINE_CREATE, error) : explain(e, result, error);
    /* Nothing is read before the first statement: a damaged first page shows here. */
    if (s == STATUS_OK) s = engine_run(e, "SELECT COUNT(*) FROM sqlite_schema", error);
    if (s == STATUS_OK && !e->read_only) s = open_lock(e, error);
    if (s != STATUS_OK) {
        engine_close(e);
        if (mode == ENGINE_CREATE) engine_file_remove(path);
        return s;
    }
    *out = e;
    return STATUS_OK;
}

static void checkpoint(Engine *e, int mode) {
    int pages = 0;
    sqlite3_busy_timeout(e->db, 0);
    sqlite3_wal_checkpoint_v2(e->db, NULL, mode, &pages, NULL);
    sqlite3_busy_timeout(e->db, e->busy_ms);
    e->log_pages = 0;
}

void engine_close(Engine *e) {
    if (!e) return;
    if (engine_in_transaction(e)) engine_rollback(e);
    /* Leave the whole store in its one file, where nobody else is at it. */
    if (e->lock >= 0 && e->db && engine_file_try_lock(e->lock)) checkpoint(e, SQLITE_CHECKPOINT_TRUNCATE);
    for (int i = 0; i < STATEMENTS; i++) {
        forget(&e->statements[i]);
    }
    sqlite3_close(e->db);
    if (e->lock >= 0) close(e->lock);
    buffer_free(&e->dropped);
    free(e->path);
    free(e);
}

/* --- transactions ----------------------------------------------------------------------------------------------- */

Status engine_begin(Engine *e, Error *error) {
    if (e->read_only) return explain(e, SQLITE_READONLY, error);
    if (!engine_file_lock(e->lock, e->busy_ms)) {
        if (e->busy_ms < 1000) return error_set(error, STATUS_BUSY, NULL, _("somebody else is writing: try again"));
        return error_set(error, STATUS_BUSY, NULL, _("others have been writing for %d s: try again"),
                         e->busy_ms / 1000);
    }
    Status s = engine_run(e, "BEGIN IMMEDIATE", error);
    if (s != STATUS_OK) engine_file_unlock(e->lock);
    e->writing = s == STATUS_OK;
    return s;
}

Status engine_commit(Engine *e, Error *error) {
    Status s = engine_run(e, "COMMIT", error);
    if (s != STATUS_OK) {
        engine_rollback(e);
        return s;
    }
    e->level = 0;
    e->writing = false;
    if (e->log_pages >= (e->bulk ? BULK_CHECKPOINT_PAGES : CHECKPOINT_PAGES)) checkpoint(e, SQLITE_CHECKPOINT_PASSIVE);
    engine_file_unlock(e->lock);
    return STATUS_OK;
}

void engine_rollback(Engine *e) {
    if (engine_in_transaction(e)) sqlite3_exec(e->db, "ROLLBACK", NULL, NULL, NULL);
    e->level = 0;
    e->writing = false;
    if (e->lock >= 0) engine_file_unlock(e->lock);
}

bool engine_is_read_only(const Engine *e) {
    return e->read_only;
}

bool engine_in_transaction(const Engine *e) {
    return e->db && !sqlite3_get_autocommit(e->db);
}

static Status savepoint(Engine *e, const char *verb, int level, Error *error) {
    char sql[64];
    snprintf(sql, sizeof sql, "%s level_%d", verb, level);
    return engine_run(e, sql, error);
}

Status engine_save(Engine *e, Error *error) {
    Status s = savepoint(e, "SAVEPOINT", e->level + 1, error);
    if (s == STATUS_OK) e->level++;
    return s;
}

void engine_save_release(Engine *e) {
    if (e->level > 0) savepoint(e, "RELEASE", e->level--, NULL);
}

void engine_save_rollback(Engine *e) {
    if (e->level <= 0) return;
    savepoint(e, "ROLLBACK TO", e->level, NULL);
    savepoint(e, "RELEASE", e->level--, NULL);
}

Status engine_read_begin(Engine *e, Error *error) {
    return engine_in_transaction(e) ? STATUS_OK : engine_run(e, "BEGIN", error);
}

void engine_read_end(Engine *e) {
    if (engine_in_transaction(e)) engine_run(e, "COMMIT", NULL);
}

void engine_set_interrupt(Engine *e, bool (*stop)(void *), void *context) {
    e->stop = stop;
    e->stop_context = context;
}

void engine_set_bulk(Engine *e, bool bulk) {
    char sql[96];
    e->bulk = bulk;
    snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d%s", bulk ? BULK_CACHE_KIB : CACHE_KIB,
             bulk ? "; PRAGMA threads=1; PRAGMA defer_foreign_keys=ON" : "; PRAGMA threads=0");
    engine_run(e, sql, NULL);
    if (!bulk) sqlite3_db_release_memory(e->db);
}

Status engine_drop_indexes(Engine *e, const Entity *entity, Error *error) {
    Buffer drop = {0};
    size_t size;
    Statement *s = engine_prepare(e, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND "
                                     "sql IS NOT NULL");
    statement_text(s, 1, entity->name, strlen(entity->name));
    buffer_clear(&e->dropped);
    while (statement_row(s)) {
        buffer_format(&drop, "DROP INDEX %s; ", statement_get_text(s, 0, &size));
        buffer_format(&e->dropped, "%s; ", statement_get_text(s, 1, &size));
    }
    Status status = statement_end(s, NULL, error);
    if (entity->indexed) buffer_format(&drop, "DROP TABLE %s_search", entity->name);
    if (status == STATUS_OK) status = engine_run(e, buffer_string(&drop), error);
    buffer_free(&drop);
    return status;
}

Status engine_build_indexes(Engine *e, const Entity *entity, Error *error) {
    Status s = engine_run(e, buffer_string(&e->dropped), error);
    buffer_clear(&e->dropped);
    return s == STATUS_OK && entity->indexed ? engine_search_create(e, entity, error) : s;
}

int64_t engine_version(Engine *e) {
    int64_t version;
    engine_number(e, &version, 0, NULL, "PRAGMA data_version", 0);
    return version;
}

/* --- what only SQLite does -------------------------------------------------------------------------------------- */

bool engine_has_index(Engine *e, const char *index) {
    Statement *s = engine_prepare(e, "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1");
    statement_text(s, 1, index, strlen(index));
    bool found = statement_row(s);
    return statement_end(s, NULL, NULL) == STATUS_OK && found;
}

void engine_index_hint(Engine *e, Buffer *sql, const char *index) {
    if (engine_has_index(e, index)) buffer_format(sql, " INDEXED BY %s", index);
}

void engine_word_test(Buffer *sql, const char *column, int parameter) {
    buffer_format(sql, "instr(%s, ?%d) > 0", column, parameter);
}

void engine_word_bind(Statement *s, int parameter, const char *word, size_t size) {
    char *bytes = memory_new(size + 1);
    bytes[0] = ' ';
    memcpy(bytes + 1, word, size);
    if (s->result == SQLITE_OK)
        s->result = sqlite3_bind_text64(s->handle, parameter, bytes, size + 1, free, SQLITE_UTF8);
    else free(bytes);
}

void engine_search_query(Buffer *sql, const Entity *entity, int parameter) {
    buffer_format(sql, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?%d", entity->name, entity->name, parameter);
}

/* Each word in quotes, followed by what says how it is to be matched. */
static void quote_words(Buffer *scratch, const char *words, size_t size, const char *how) {
    buffer_clear(scratch);
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && words[end] != ' ') {
            end++;
        }
        if (end > at) {
            buffer_add_string(scratch, scratch->size ? " \"" : "\"");
            buffer_add(scratch, words + at, end - at);
            buffer_add_char(scratch, '"');
            buffer_add_string(scratch, how);
        }
        at = end + 1;
    }
}

void engine_search_bind(Statement *s, int parameter, const char *words, size_t size, Buffer *scratch) {
    quote_words(scratch, words, size, " *");
    statement_text(s, parameter, buffer_string(scratch), scratch->size);
}

bool engine_search_has(Engine *e, const Entity *entity, int64_t id, const char *folded, size_t size, Buffer *scratch) {
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT 1 FROM %s_search WHERE %s_search MATCH ?1 AND rowid = ?2", entity->name,
             entity->name);
    size_t last = size;
    while (last && folded[last - 1] != ' ') {
        last--;
    }
    quote_words(scratch, folded + last, size - last, "");
    Statement *s = engine_prepare(e, sql);
    statement_text(s, 1, buffer_string(scratch), scratch->size);
    statement_int(s, 2, id);
    bool found = statement_row(s);
    return statement_end(s, NULL, NULL) == STATUS_OK && found;
}

static Status search_write(Engine *e, const char *sql, int64_t id, const char *text, size_t size, Error *error) {
    Statement *s = engine_prepare(e, sql);
    statement_int(s, 1, id);
    statement_text(s, 2, text, size);
    while (statement_row(s)) {}
    return statement_end(s, NULL, error);
}

Status engine_search_put(Engine *e, const Entity *entity, int64_t id, const char *was, size_t was_size, const char *now,
                         size_t now_size, Error *error) {
    char sql[160];
    Status s = STATUS_OK;
    if (was) {
        snprintf(sql, sizeof sql, "INSERT INTO %s_search (%s_search, rowid, folded) VALUES ('delete', ?1, ?2)",
                 entity->name, entity->name);
        s = search_write(e, sql, id, was, was_size, error);
    }
    if (s == STATUS_OK && now) {
        snprintf(sql, sizeof sql, "INSERT INTO %s_search (rowid, folded) VALUES (?1, ?2)", entity->name);
        s = search_write(e, sql, id, now, now_size, error);
    }
    return s;
}

Status engine_search_create(Engine *e, const Entity *entity, Error *error) {
    int64_t there;
    char sql[480];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM sqlite_schema WHERE name = '%s_search'", entity->name);
    Status s = engine_number(e, &there, 0, error, sql, 0);
    if (s != STATUS_OK || there) return s;
    /* Gathered in more memory than when single rows come, it is written in fewer pieces, which need less merging. */
    const char *name = entity->name;
    snprintf(sql, sizeof sql,
             "CREATE VIRTUAL TABLE %s_search USING fts5(folded, content='', detail=none, columnsize=0, "
             "prefix='2 3', tokenize='ascii'); "
             "INSERT INTO %s_search (%s_search, rank) VALUES ('hashsize', %d); "
             "INSERT INTO %s_search (rowid, folded) SELECT id, folded FROM %s; "
             "INSERT INTO %s_search (%s_search, rank) VALUES ('hashsize', %d)",
             name, name, name, BULK_HASH_BYTES, name, name, name, name, HASH_BYTES);
    return engine_run(e, sql, error);
}

Status engine_search_check(Engine *e, const Entity *entity, Error *error) {
    char sql[160];
    snprintf(sql, sizeof sql, "INSERT INTO %s_search (%s_search) VALUES ('integrity-check')", entity->name,
             entity->name);
    return engine_run(e, sql, error);
}

Status engine_integrity(Engine *e, Error *error) {
    Statement *s = engine_prepare(e, "PRAGMA integrity_check(1)");
    size_t size = 0;
    char found[200] = "";
    if (statement_row(s)) text_copy(found, sizeof found, statement_get_text(s, 0, &size));
    Status status = statement_end(s, NULL, error);
    if (status == STATUS_OK && strcmp(found, "ok") != 0)
        status = error_set(error, STATUS_FAILED, NULL, _("the store is damaged: %s"), found);
    if (status != STATUS_OK) return status;
    /* A statement that is freed has left the cache before. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    s = engine_prepare(e, "PRAGMA foreign_key_check");
    bool lost = statement_row(s);
    if (lost)
        snprintf(found, sizeof found, "%s %lld", statement_get_text(s, 0, &size), (long long)statement_get_int(s, 1));
    status = statement_end(s, NULL, error);
    if (status == STATUS_OK && lost)
        status = error_set(error, STATUS_FAILED, NULL, _("a row refers to one that is not there: %s"), found);
    return status;
}

Status engine_backup(Engine *e, const char *path, Error *error) {
    Status s = engine_file_make(path, error);
    if (s != STATUS_OK) return s;
    sqlite3 *to = NULL;
    int result = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (result == SQLITE_OK) {
        sqlite3_backup *copy = sqlite3_backup_init(to, "main", e->db, "main");
        if (copy) sqlite3_backup_step(copy, -1);
        result = copy ? sqlite3_backup_finish(copy) : sqlite3_errcode(to);
    }
    if (result != SQLITE_OK) {
        s = error_set(error, STATUS_FAILED, NULL, _("the backup was not written: %s"), sqlite3_errstr(result));
        error_at(error, path, 0);
    }
    sqlite3_close(to);
    if (s == STATUS_OK) s = engine_file_sync(path, error);
    if (s != STATUS_OK) unlink(path);
    return s;
}
