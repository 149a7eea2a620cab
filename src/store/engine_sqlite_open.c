/* The engine on SQLite: opening and closing, and what its errors mean. How a file is found fit is in engine_file.c. */
#include "base/arena.h"
#include "base/intl.h"
#include "store/engine_file.h"
#include "store/engine_pages.h"
#include "store/engine_sqlite.h"
#include "store/trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static Status explain_damage(Engine *e, const char *what, Error *error) {
    Trouble trouble;
    trouble_find(e->path, &trouble);
    if (*trouble.copy)
        error_set(error, STATUS_FAILED, NULL, _("the store is damaged (%s) and only read from now on: restore %s"),
                  what, trouble.copy);
    else
        error_set(error, STATUS_FAILED, NULL,
                  _("the store is damaged (%s) and only read from now on: restore a backup"), what);
    return error_at(error, e->path, 0);
}

bool engine_is_moved(const Engine *e) {
    struct stat st = {0};
    return stat(e->path, &st) == 0 ? st.st_dev != e->device || st.st_ino != e->inode : errno == ENOENT;
}

/* Not of what was moved away: under its name lies another by now. */
static void note_damage(Engine *e, const char *what) {
    if (!engine_is_moved(e)) trouble_note_damage(e->path, what);
    e->damaged = true;
}

Status engine_explain(Engine *e, int result, Error *error) {
    Trouble trouble;
    int reason;
    switch (result & 0xFF) {
    case SQLITE_NOMEM: memory_end();
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
        trouble_find(e->path, &trouble);
        error_set(error, STATUS_FAILED, NULL, _("the store can only be read here (%s): nothing was written"),
                  *trouble.why ? trouble.why : sqlite3_errmsg(e->db));
        return error_at(error, e->path, 0);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: note_damage(e, sqlite3_errmsg(e->db)); return explain_damage(e, sqlite3_errmsg(e->db), error);
    case SQLITE_CONSTRAINT:
        return error_set(error, STATUS_CONFLICT, NULL, _("the store's rules refuse it: %s"), sqlite3_errmsg(e->db));
    case SQLITE_IOERR:
        /* A quota or a bound on the file's size says so in its own way. */
        if (result == SQLITE_IOERR_NOMEM) memory_end();
        reason = system_reason(e);
        if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) return engine_explain(e, SQLITE_FULL, error);
        error_set(error, STATUS_FAILED, NULL, _("the store cannot be used: %s (%s)"), sqlite3_errmsg(e->db),
                  reason ? strerror(reason) : _("no further reason given"));
        return error_at(error, e->path, 0);
    default:
        error_set(error, STATUS_FAILED, NULL, _("the store cannot be used: %s"), sqlite3_errmsg(e->db));
        return error_at(error, e->path, 0);
    }
}

Status engine_refuse_write(Engine *e, Error *error) {
    Trouble trouble;
    if (engine_is_moved(e)) {
        error_set(error, STATUS_FAILED, NULL, _("the store's file was moved: leave and open it again"));
        return error_at(error, e->path, 0);
    }
    trouble_find(e->path, &trouble);
    if (trouble.kind == TROUBLE_DAMAGED) return explain_damage(e, trouble.why, error);
    return engine_explain(e, trouble.kind == TROUBLE_FULL ? SQLITE_FULL : SQLITE_READONLY, error);
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

static void note_page(void *context, int64_t page) {
    Engine *e = context;
    char what[100];
    snprintf(what, sizeof what, _("page %lld of the file is not what was written"), (long long)page);
    note_damage(e, what);
}

static Status configure(Engine *e, Error *error) {
    sqlite3_extended_result_codes(e->db, 1);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(e->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(e->db, e->busy_ms);
    sqlite3_progress_handler(e->db, INTERRUPT_STEPS, ask_stop, e);
    sqlite3_wal_hook(e->db, count_log, e);
    engine_pages_watch(e->db, note_page, e);
    char sql[256];
    if (e->mode == ENGINE_CREATE) {
        engine_pages_stamp(e->db);
        snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA page_size=%d; PRAGMA journal_mode=WAL",
                 ENGINE_APPLICATION_ID, PAGES_SIZE);
        Status s = engine_run(e, sql, error);
        if (s != STATUS_OK) return s;
    }
    snprintf(sql, sizeof sql,
             "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; "
             "PRAGMA journal_size_limit=%d; PRAGMA cache_size=-%d",
             LOG_KEPT, CACHE_KIB);
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

/* Opens the file in this way. Nothing is read before the first statement: a damaged first page shows here. */
static Status connect_file(Engine *e, const StoreFile *file, Error *error) {
    int flags = file->read_only && !file->alone ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    Buffer uri = {0};
    e->read_only = file->read_only;
    e->immutable = file->immutable;
    e->alone = file->alone;
    engine_file_uri(&uri, e->path, file->immutable);
    int result =
        sqlite3_open_v2(buffer_string(&uri), &e->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, engine_vfs());
    buffer_free(&uri);
    Status s = result == SQLITE_OK ? configure(e, error) : engine_explain(e, result, error);
    if (s == STATUS_OK && e->alone) s = engine_run(e, "PRAGMA locking_mode=EXCLUSIVE", error);
    if (s == STATUS_OK) s = engine_run(e, "SELECT COUNT(*) FROM sqlite_schema", error);
    if (s == STATUS_OK && !e->read_only && e->lock < 0) s = open_lock(e, error);
    return s;
}

/* Whether the file could not be opened because the disk has no room for the memory that readers share, or for the lock. */
static bool lacks_room(Engine *e) {
    int code = sqlite3_extended_errcode(e->db), lock = e->lock < 0 ? errno : 0;
    if (code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMOPEN || code == SQLITE_IOERR_SHMMAP) return true;
    return code == SQLITE_CANTOPEN || code == SQLITE_FULL || lock == ENOSPC || lock == EDQUOT;
}

static void remember_file(Engine *e) {
    struct stat st = {0};
    if (stat(e->path, &st) != 0) return;
    e->device = st.st_dev;
    e->inode = st.st_ino;
}

Status engine_open(const char *path, EngineMode mode, int busy_ms, Engine **out, Error *error) {
    *out = NULL;
    StoreFile file;
    Status s = engine_file_examine(path, mode, &file, error);
    if (s != STATUS_OK) return s;
    Engine *e = memory_new(sizeof *e);
    *e = (Engine){.lock = -1, .long_read = -1, .busy_ms = busy_ms, .mode = mode, .path = memory_string(path)};
    remember_file(e);
    errno = 0;
    s = connect_file(e, &file, error);
    /* On a full disk it can still be read. */
    if (s != STATUS_OK && mode != ENGINE_CREATE && lacks_room(e)) {
        file = engine_file_cramped(path);
        sqlite3_close(e->db);
        e->db = NULL;
        s = connect_file(e, &file, error);
    }
    if (s != STATUS_OK) {
        engine_close(e);
        if (mode == ENGINE_CREATE) engine_file_remove(path);
        return s;
    }
    remember_file(e); /* a file system of layers may have given it another number for the first to write it */
    *out = e;
    return STATUS_OK;
}

static bool is_in_use(const Engine *e) {
    for (int i = 0; i < STATEMENTS; i++) {
        if (e->statements[i].taken) return true;
    }
    return engine_in_transaction(e);
}

/* Where a check found the file whole since, it is read anew. */
static void forget_damage(Engine *e) {
    if (!e->damaged || is_in_use(e) || trouble_is_damaged(e->path)) return;
    sqlite3_db_release_memory(e->db);
    e->damaged = false;
}

void engine_refresh(Engine *e) {
    StoreFile file;
    if (engine_is_moved(e)) return;
    forget_damage(e);
    bool as_asked = e->mode == ENGINE_READ && !e->immutable && !e->alone;
    if (!e->read_only || as_asked || is_in_use(e) || engine_file_examine(e->path, e->mode, &file, NULL) != STATUS_OK)
        return;
    if (file.read_only == e->read_only && file.immutable == e->immutable && !e->alone) return;
    Engine was = *e;
    e->db = NULL;
    if (connect_file(e, &file, NULL) != STATUS_OK) {
        sqlite3_close(e->db);
        *e = was;
        return;
    }
    sqlite3 *now = e->db;
    e->db = was.db; /* its statements go with it */
    for (int i = 0; i < STATEMENTS; i++) {
        engine_forget(&e->statements[i]);
    }
    sqlite3_close(was.db);
    e->db = now;
}

Status engine_own(Engine *e, Error *error) {
    if (e->lock < 0 || engine_file_own(e->lock, e->busy_ms)) return STATUS_OK;
    error_set(error, STATUS_CONFLICT, NULL, _("another server has this store: it can have only one"));
    return error_at(error, e->path, 0);
}

void engine_close(Engine *e) {
    if (!e) return;
    if (engine_in_transaction(e)) engine_rollback(e);
    /* Leave the whole store in its one file, where nobody else is at it. */
    if (e->lock >= 0 && e->db && !trouble_is_damaged(e->path) && !engine_is_moved(e) && engine_file_try_lock(e->lock))
        engine_checkpoint(e, SQLITE_CHECKPOINT_TRUNCATE);
    for (int i = 0; i < STATEMENTS; i++) {
        engine_forget(&e->statements[i]);
    }
    sqlite3_close(e->db);
    if (e->lock >= 0) close(e->lock);
    buffer_free(&e->dropped);
    free(e->path);
    free(e);
}
