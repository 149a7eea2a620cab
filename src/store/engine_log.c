/* A layer over SQLite's file system that gathers writes to write-ahead logs.
 *
 * Why that is safe: with synchronous=FULL a commit syncs the log before it is published in the shared memory, so that
 * other connections read only what was synced; what this one reads back, and all that depends on the log's size, has the
 * gathered bytes written first. A failed write is told by the sync, and the bytes are let go, as the transaction is. See
 * "WAL-mode File Format" and "The SQLite OS Interface or VFS", sqlite.org. */
#include "store/engine_log.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { GATHERED_MOST = 128 * 1024 };

typedef struct LogFile {
    sqlite3_file file;
    sqlite3_file *real;   /* behind it in the same memory */
    unsigned char *bytes; /* GATHERED_MOST of them, once needed */
    sqlite3_int64 at;     /* where the bytes belong */
    int size;
} LogFile;

static sqlite3_vfs *system_vfs;

static LogFile *log_of(sqlite3_file *file) {
    return (LogFile *)(void *)file;
}

static int put(LogFile *f) {
    int size = f->size;
    f->size = 0;
    return size ? f->real->pMethods->xWrite(f->real, f->bytes, size, f->at) : SQLITE_OK;
}

static int log_close(sqlite3_file *file) {
    LogFile *f = log_of(file);
    put(f); /* never synced, so never committed */
    sqlite3_free(f->bytes);
    return f->real->pMethods->xClose(f->real);
}

static int log_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->real->pMethods->xRead(f->real, out, size, at) : result;
}

static int log_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
    LogFile *f = log_of(file);
    int result = SQLITE_OK;
    if (!f->bytes) f->bytes = sqlite3_malloc(GATHERED_MOST);
    bool follows = f->bytes && at == f->at + f->size && size <= GATHERED_MOST - f->size;
    if (f->size && !follows) result = put(f);
    if (result != SQLITE_OK) return result;
    if (!f->bytes || size > GATHERED_MOST) return f->real->pMethods->xWrite(f->real, bytes, size, at);
    if (!f->size) f->at = at;
    memcpy(f->bytes + f->size, bytes, (size_t)size);
    f->size += size;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->real->pMethods->xTruncate(f->real, size) : result;
}

static int log_sync(sqlite3_file *file, int flags) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->real->pMethods->xSync(f->real, flags) : result;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    LogFile *f = log_of(file);
    int result = put(f);
    return result == SQLITE_OK ? f->real->pMethods->xFileSize(f->real, size) : result;
}

static int log_lock(sqlite3_file *file, int kind) {
    return log_of(file)->real->pMethods->xLock(log_of(file)->real, kind);
}

static int log_unlock(sqlite3_file *file, int kind) {
    return log_of(file)->real->pMethods->xUnlock(log_of(file)->real, kind);
}

static int log_check_lock(sqlite3_file *file, int *reserved) {
    return log_of(file)->real->pMethods->xCheckReservedLock(log_of(file)->real, reserved);
}

static int log_control(sqlite3_file *file, int what, void *argument) {
    return log_of(file)->real->pMethods->xFileControl(log_of(file)->real, what, argument);
}

static int log_sector(sqlite3_file *file) {
    return log_of(file)->real->pMethods->xSectorSize(log_of(file)->real);
}

static int log_device(sqlite3_file *file) {
    return log_of(file)->real->pMethods->xDeviceCharacteristics(log_of(file)->real);
}

/* Version 1: a log is neither mapped nor has it shared memory of its own. */
static const sqlite3_io_methods log_methods = {.iVersion = 1,
                                               .xClose = log_close,
                                               .xRead = log_read,
                                               .xWrite = log_write,
                                               .xTruncate = log_truncate,
                                               .xSync = log_sync,
                                               .xFileSize = log_size,
                                               .xLock = log_lock,
                                               .xUnlock = log_unlock,
                                               .xCheckReservedLock = log_check_lock,
                                               .xFileControl = log_control,
                                               .xSectorSize = log_sector,
                                               .xDeviceCharacteristics = log_device};

static int log_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    LogFile *f = log_of(file);
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL)) return system_vfs->xOpen(system_vfs, name, file, flags, out);
    *f = (LogFile){.real = (sqlite3_file *)(void *)((char *)file + sizeof *f)};
    int result = system_vfs->xOpen(system_vfs, name, f->real, flags, out);
    /* Without methods nobody closes it. */
    if (f->real->pMethods) f->file.pMethods = &log_methods;
    return result;
}

const char *engine_log_vfs(void) {
    static sqlite3_vfs vfs;
    if (vfs.zName) return vfs.zName;
    system_vfs = sqlite3_vfs_find(NULL);
    if (!system_vfs) return NULL;
    /* The layer is SQLite's own in all but how a file is opened; its functions take no vfs they could mistake. */
    vfs = *system_vfs;
    vfs.pNext = NULL;
    vfs.zName = "jazari";
    vfs.szOsFile = (int)sizeof(LogFile) + system_vfs->szOsFile;
    vfs.xOpen = log_open;
    if (sqlite3_vfs_register(&vfs, 0) == SQLITE_OK) return vfs.zName;
    vfs.zName = NULL;
    return NULL;
}
