/* The file system under SQLite: its own, with a layer over the two files of a store. The write-ahead log is written in
 * few calls (engine_log.h), the pages of the file carry stamps (engine_pages.h). */
#ifndef JAZARI_STORE_ENGINE_VFS_H
#define JAZARI_STORE_ENGINE_VFS_H

#include <sqlite3.h>

/* The name for sqlite3_open_v2: for connections with synchronous=FULL alone. Never NULL, which would be SQLite's own, and
 * pages without stamps. */
const char *engine_vfs(void);

/* --- for the two layers ------------------------------------------------------------------------------------------- */

/* What the memory of an open file begins with. */
typedef struct LayerFile {
    sqlite3_file file;
    sqlite3_file *real; /* behind it in the same memory */
} LayerFile;

/* Calls that a layer passes on. */
sqlite3_file *layer_real(sqlite3_file *);
int layer_close(sqlite3_file *);
int layer_truncate(sqlite3_file *, sqlite3_int64 size);
int layer_sync(sqlite3_file *, int flags);
int layer_size(sqlite3_file *, sqlite3_int64 *size);
int layer_lock(sqlite3_file *, int kind);
int layer_unlock(sqlite3_file *, int kind);
int layer_check_lock(sqlite3_file *, int *reserved);
int layer_control(sqlite3_file *, int what, void *argument);
int layer_sector(sqlite3_file *);
int layer_device(sqlite3_file *);

#endif
