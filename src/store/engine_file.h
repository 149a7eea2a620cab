/* The store's file and its lock, before and beside the database engine. */
#ifndef JAZARI_STORE_ENGINE_FILE_H
#define JAZARI_STORE_ENGINE_FILE_H

#include "store/engine.h"

enum { ENGINE_APPLICATION_ID = 0x4A5A5249 }; /* "JZRI" in the file's header: what makes it a store */

typedef struct StoreFile {
    bool read_only; /* it may only be read, by the caller's wish or by its rights */
    bool immutable; /* nobody can write it: read it without locks */
    bool alone;     /* read it without what readers share, as the only one */
} StoreFile;

/* Says whether path can be opened in this mode, and how. ENGINE_CREATE makes the empty file (0600). Refuses, with what
 * to do: a missing directory or file, a directory, a file that is no store, a file on a network file system. */
Status engine_file_examine(const char *path, EngineMode, StoreFile *, Error *);

/* Bytes of the write-ahead log beside the file; 0 where there is none. */
int64_t engine_file_log_size(const char *path);

/* How a store is read whose disk has no room for what readers share. */
StoreFile engine_file_cramped(const char *path);

void engine_file_uri(Buffer *, const char *path, bool immutable);
void engine_file_lock_path(Buffer *, const char *path);

/* Exclusive, first come first served; false once wait_ms have passed. */
bool engine_file_lock(int fd, int wait_ms);
bool engine_file_try_lock(int fd);
void engine_file_unlock(int fd);
/* Another lock on the same file, until it is closed: of who serves the store. False where somebody has it and keeps it for
 * wait_ms. */
bool engine_file_own(int fd, int wait_ms);
/* Says in the lock file of the store at path that a read goes on that may last for minutes, until what this returns is
 * closed (-1: it cannot be said). It hinders nobody: whoever would wait for readers asks whether there is one. */
int engine_file_read_long(const char *path);
bool engine_file_is_read_long(int lock);

/* Makes an empty file, readable by its owner alone; it must not be there yet. */
Status engine_file_make(const char *path, Error *);
/* Removes a store's file and all that lies beside it. */
void engine_file_remove(const char *path);
/* Gives a file, whole by now, another name that is free, and makes that durable. What a moved store left beside it goes. */
Status engine_file_publish(const char *part, const char *path, Error *);
/* STATUS_FAILED where a store is there, where one was whose log is there yet, or where somebody has it open still. */
Status engine_file_is_free(const char *path, Error *);
/* Makes a file and its name durable. */
Status engine_file_sync(const char *path, Error *);

#endif
