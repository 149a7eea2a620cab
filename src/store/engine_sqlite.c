/* The engine on SQLite: statements and transactions.
 *
 * Writing. SQLite lets one connection write at a time and makes others try again, which is unfair and, before 3.51.3,
 * can corrupt the file when two of them write or checkpoint at once. So a writer first takes an exclusive flock on
 * PATH-lock and keeps it over its whole transaction and the checkpoint after it; SQLite's own are switched off. The
 * write-ahead log is synced at every commit (synchronous=FULL), and kept short by engine_checkpoint.c.
 *
 * Opening and errors are in engine_sqlite_open.c, indexes and the whole file in engine_sqlite_search.c. */
#include "store/engine_sqlite.h"

#include "base/arena.h"
#include "base/intl.h"
#include "store/engine_file.h"
#include "store/trouble.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- statements ------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const char *text) {
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return h;
}

void engine_forget(Statement *s) {
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
    if (oldest) engine_forget(oldest);
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
    Statement *own = NULL;
    if (!s) s = own = memory_new(sizeof *s);
    *s = (Statement){.engine = e, .hash = hash, .used = ++e->clock, .taken = true, .own = own};
    s->sql = memory_string(sql);
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

/* A value that could not be brought into its form for want of memory is none, and the statement has failed. */
static void look_for_memory(Statement *s, const void *value) {
    if (!value && sqlite3_errcode(s->engine->db) == SQLITE_NOMEM) s->result = SQLITE_NOMEM;
}

const char *statement_get_text(Statement *s, int column, size_t *size) {
    const char *text = (const char *)sqlite3_column_text(s->handle, column);
    look_for_memory(s, text);
    *size = text ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return text ? text : "";
}

const void *statement_get_blob(Statement *s, int column, size_t *size) {
    const void *bytes = sqlite3_column_blob(s->handle, column);
    look_for_memory(s, bytes);
    *size = bytes ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return bytes;
}

Status statement_end(Statement *s, int64_t *changed, Error *error) {
    Engine *e = s->engine;
    Status status = engine_explain(e, s->result, error);
    if (changed) *changed = sqlite3_changes64(e->db);
    s->taken = false;
    if (s->handle) {
        sqlite3_reset(s->handle);
        sqlite3_clear_bindings(s->handle);
    }
    if (!s->handle || s->own) {
        Statement *own = s->own;
        engine_forget(s);
        free(own);
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
    return engine_explain(e, sqlite3_exec(e->db, sql, NULL, NULL, NULL), error);
}

/* --- transactions ----------------------------------------------------------------------------------------------- */

Status engine_begin(Engine *e, Error *error) {
    engine_refresh(e);
    if (e->read_only || trouble_is_damaged(e->path) || engine_is_moved(e)) return engine_refuse_write(e, error);
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
    engine_shorten_log(e);
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

Status engine_read_long_begin(Engine *e, Error *error) {
    e->long_read = engine_file_read_long(e->path);
    Status s = engine_read_begin(e, error);
    if (s != STATUS_OK) engine_read_end(e);
    return s;
}

void engine_read_end(Engine *e) {
    if (engine_in_transaction(e)) engine_run(e, "COMMIT", NULL);
    if (e->long_read >= 0) close(e->long_read);
    e->long_read = -1;
}

void engine_set_interrupt(Engine *e, bool (*stop)(void *), void *context) {
    e->stop = stop;
    e->stop_context = context;
}

void engine_set_roomy(Engine *e, bool roomy) {
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d", roomy ? BULK_CACHE_KIB : CACHE_KIB);
    engine_run(e, sql, NULL);
    if (!roomy) sqlite3_db_release_memory(e->db);
}

/* FTS5 gathers words in a table that grows with what a bulk brings and never shrinks, and goes through all of it for each
 * small write that follows: 0.5 ms a record. Reading the schema anew lets go of it. */
void engine_set_bulk(Engine *e, bool bulk) {
    e->bulk = bulk;
    engine_run(
        e, bulk ? "PRAGMA threads=1; PRAGMA defer_foreign_keys=ON" : "PRAGMA threads=0; PRAGMA writable_schema=RESET",
        NULL);
    engine_set_roomy(e, bulk);
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
    engine_refresh(e);
    engine_number(e, &version, 0, NULL, "PRAGMA data_version", 0);
    return version;
}
