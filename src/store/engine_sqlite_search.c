/* The engine on SQLite: indexes, the index of words (FTS5), the whole file's proof and its copy. */
#include "base/arena.h"
#include "base/intl.h"
#include "base/text.h"
#include "store/engine_file.h"
#include "store/engine_pages.h"
#include "store/engine_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- indexes -------------------------------------------------------------------------------------- */

bool engine_has_index(Engine *e, const char *index) {
    Statement *s = engine_prepare(e, "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1");
    statement_text(s, 1, index, strlen(index));
    bool found = statement_row(s);
    return statement_end(s, NULL, NULL) == STATUS_OK && found;
}

void engine_index_hint(Engine *e, Buffer *sql, const char *index) {
    if (engine_has_index(e, index)) buffer_format(sql, " INDEXED BY %s", index);
}

void engine_id_hint(Buffer *sql) {
    buffer_add_string(sql, " NOT INDEXED");
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

/* --- the whole file ----------------------------------------------------------------------------------------------- */

Status engine_integrity(Engine *e, Error *error) {
    Statement *s = engine_prepare(e, "PRAGMA integrity_check(1)");
    size_t size = 0;
    char found[200] = "";
    if (statement_row(s)) text_copy(found, sizeof found, statement_get_text(s, 0, &size));
    Status status = statement_end(s, NULL, error);
    /* What it met, it only tells in words. */
    if (strstr(found, "unable to get the page. error code=7")) memory_end();
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

typedef struct PageFaults {
    Engine *engine;
    void (*fault)(void *context, const char *what);
    void *context;
    int count;
} PageFaults;

/* The table or index a page is of, where SQLite was built to say it; "" where it is not known. */
static void page_owner(Engine *e, int64_t page, char *out, size_t size) {
    size_t length = 0;
    Statement *s = engine_prepare(e, "SELECT name FROM dbstat WHERE pageno = ?1");
    statement_int(s, 1, page);
    *out = 0;
    if (statement_row(s)) text_copy(out, size, statement_get_text(s, 0, &length));
    statement_end(s, NULL, NULL);
}

static void tell_page(void *context, int64_t page) {
    enum { OWNERS = 8 }; /* each is a walk through the whole file */
    PageFaults *p = context;
    char owner[100] = "", what[200];
    if (p->count++ < OWNERS) page_owner(p->engine, page, owner, sizeof owner);
    if (*owner)
        snprintf(what, sizeof what, _("page %lld of the file, of %s, is not what was written"), (long long)page, owner);
    else snprintf(what, sizeof what, _("page %lld of the file is not what was written"), (long long)page);
    p->fault(p->context, what);
}

Status engine_check_pages(Engine *e, void (*fault)(void *context, const char *what), void *context, Error *error) {
    PageFaults faults = {.engine = e, .fault = fault, .context = context};
    Buffer log = {0};
    buffer_format(&log, "%s-wal", e->path);
    Status s = engine_pages_check(e->db, log.bytes, tell_page, &faults, error);
    buffer_free(&log);
    return s;
}

Status engine_backup(Engine *e, const char *path, Error *error) {
    Status s = engine_file_make(path, error);
    if (s != STATUS_OK) return s;
    sqlite3 *to = NULL;
    int result = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, engine_vfs());
    int long_read = engine_file_read_long(e->path);
    if (result == SQLITE_OK) {
        sqlite3_backup *copy = sqlite3_backup_init(to, "main", e->db, "main");
        if (copy) sqlite3_backup_step(copy, -1);
        result = copy ? sqlite3_backup_finish(copy) : sqlite3_errcode(to);
    }
    if (long_read >= 0) close(long_read);
    /* The copy of a store that was made before there were stamps gets them, and with it the store that is restored. */
    if (result == SQLITE_OK && !engine_pages_are_stamped(to)) {
        engine_pages_stamp(to);
        result = sqlite3_exec(to, "VACUUM", NULL, NULL, NULL);
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
