/* A layer over SQLite's file system that gathers writes to write-ahead logs.
 *
 * Why that is safe: with synchronous=FULL a commit syncs the log before it is published in the shared memory, so that
 * other connections read only what was synced; what this one reads back, and all that depends on the log's size, has the
 * gathered bytes written first. A failed write is told by the sync, and the bytes are let go, as the transaction is. See
 * "WAL-mode File Format", sqlite.org. */
#include "store/engine_log.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { GATHERED_MOST = 128 * 1024 };

typedef struct LogFile {
    LayerFile layer;
    unsigned char *bytes; /* GATHERED_MOST of them, once needed */
    sqlite3_int64 at;     /* where the bytes belong */
    int size;
} LogFile;

static LogFile *log_of(sqlite3_file *file) {
    return (LogFile *)(void *)file;
}

static int put(LogFile *f) {
    int size = f->size;
    f->size = 0;
    return size ? f->layer.real->pMethods->xWrite(f->layer.real, f->bytes, size, f->at) : SQLITE_OK;
}

static int log_close(sqlite3_file *file) {
    LogFile *f = log_of(file);
    put(f); /* never synced, so never committed */
    sqlite3_free(f->bytes);
    return f->layer.real->pMethods->xClose(f->layer.real);
}

static int log_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->layer.real->pMethods->xRead(f->layer.real, out, size, at) : result;
}

static int log_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
    LogFile *f = log_of(file);
    int result = SQLITE_OK;
    if (!f->bytes) f->bytes = sqlite3_malloc(GATHERED_MOST);
    bool follows = f->bytes && at == f->at + f->size && size <= GATHERED_MOST - f->size;
    if (f->size && !follows) result = put(f);
    if (result != SQLITE_OK) return result;
    if (!f->bytes || size > GATHERED_MOST) return f->layer.real->pMethods->xWrite(f->layer.real, bytes, size, at);
    if (!f->size) f->at = at;
    memcpy(f->bytes + f->size, bytes, (size_t)size);
    f->size += size;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->layer.real->pMethods->xTruncate(f->layer.real, size) : result;
}

static int log_sync(sqlite3_file *file, int flags) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->layer.real->pMethods->xSync(f->layer.real, flags) : result;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->layer.real->pMethods->xFileSize(f->layer.real, size) : result;
}

/* Version 1: a log is neither mapped nor has it shared memory of its own. */
static const sqlite3_io_methods log_methods = {.iVersion = 1,
                                               .xClose = log_close,
                                               .xRead = log_read,
                                               .xWrite = log_write,
                                               .xTruncate = log_truncate,
                                               .xSync = log_sync,
                                               .xFileSize = log_size,
                                               .xLock = layer_lock,
                                               .xUnlock = layer_unlock,
                                               .xCheckReservedLock = layer_check_lock,
                                               .xFileControl = layer_control,
                                               .xSectorSize = layer_sector,
                                               .xDeviceCharacteristics = layer_device};

size_t engine_log_begin(LayerFile *f) {
    if (f) *(LogFile *)(void *)f = (LogFile){0};
    return sizeof(LogFile);
}

const sqlite3_io_methods *engine_log_methods(void) {
    return &log_methods;
}
