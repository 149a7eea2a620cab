/* The file system under SQLite: which layer a file gets, and what every layer passes on. See "The SQLite OS Interface or
 * VFS", sqlite.org. */
#include "store/engine_vfs.h"

#include "base/arena.h"
#include "store/engine_log.h"
#include "store/engine_pages.h"

#include <stdbool.h>
#include <stddef.h>

static sqlite3_vfs *system_vfs;

sqlite3_file *layer_real(sqlite3_file *file) {
    return ((LayerFile *)(void *)file)->real;
}

int layer_close(sqlite3_file *file) {
    return layer_real(file)->pMethods->xClose(layer_real(file));
}

int layer_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return layer_real(file)->pMethods->xTruncate(layer_real(file), size);
}

int layer_sync(sqlite3_file *file, int flags) {
    return layer_real(file)->pMethods->xSync(layer_real(file), flags);
}

int layer_size(sqlite3_file *file, sqlite3_int64 *size) {
    return layer_real(file)->pMethods->xFileSize(layer_real(file), size);
}

int layer_lock(sqlite3_file *file, int kind) {
    return layer_real(file)->pMethods->xLock(layer_real(file), kind);
}

int layer_unlock(sqlite3_file *file, int kind) {
    return layer_real(file)->pMethods->xUnlock(layer_real(file), kind);
}

int layer_check_lock(sqlite3_file *file, int *reserved) {
    return layer_real(file)->pMethods->xCheckReservedLock(layer_real(file), reserved);
}

int layer_control(sqlite3_file *file, int what, void *argument) {
    return layer_real(file)->pMethods->xFileControl(layer_real(file), what, argument);
}

int layer_sector(sqlite3_file *file) {
    return layer_real(file)->pMethods->xSectorSize(layer_real(file));
}

int layer_device(sqlite3_file *file) {
    return layer_real(file)->pMethods->xDeviceCharacteristics(layer_real(file));
}

static size_t most(size_t a, size_t b) {
    return a > b ? a : b;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    LayerFile *f = (LayerFile *)(void *)file;
    bool log = flags & SQLITE_OPEN_WAL, pages = flags & SQLITE_OPEN_MAIN_DB;
    (void)vfs;
    if (!log && !pages) return system_vfs->xOpen(system_vfs, name, file, flags, out);
    size_t head = log ? engine_log_begin(f) : engine_pages_begin(f);
    f->real = (sqlite3_file *)(void *)((char *)file + head);
    int result = system_vfs->xOpen(system_vfs, name, f->real, flags, out);
    /* Without methods nobody closes it. */
    f->file.pMethods = !f->real->pMethods ? NULL : log ? engine_log_methods() : engine_pages_methods();
    return result;
}

const char *engine_vfs(void) {
    static sqlite3_vfs vfs;
    if (vfs.zName) return vfs.zName;
    system_vfs = sqlite3_vfs_find(NULL);
    if (!system_vfs) memory_end();
    /* SQLite's own in all but how a file is opened; its functions take no vfs they could mistake. */
    vfs = *system_vfs;
    vfs.pNext = NULL;
    vfs.zName = "jazari";
    vfs.szOsFile = (int)most(engine_log_begin(NULL), engine_pages_begin(NULL)) + system_vfs->szOsFile;
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) memory_end();
    return vfs.zName;
}
