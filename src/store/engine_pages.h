/* The pages of a store's file, stamped: the last eight bytes of each are a hash of its other bytes and of its place, made
 * when it is written into the file and looked at when it is read from there. So a bit that a disk or a copy turned is met
 * wherever it lies, also where no value and no index shows it. What is read is given all the same: whether it is still of
 * use is the reader's to say.
 *
 * The stamps lie in bytes that SQLite keeps free at the end of every page (header byte 20, "Reserved bytes per page",
 * sqlite.org/fileformat2.html). A store that was made without them has none, and none is missed. */
#ifndef JAZARI_STORE_ENGINE_PAGES_H
#define JAZARI_STORE_ENGINE_PAGES_H

#include "base/status.h"
#include "store/engine_vfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGES_SIZE = 4096, PAGES_STAMP = 8 };

/* Makes the memory of a store's file ready (NULL: does not), and gives how much of it comes before the system's. */
size_t engine_pages_begin(LayerFile *);
const sqlite3_io_methods *engine_pages_methods(void);

/* Before a new database is given its page size: its pages are to be stamped. */
void engine_pages_stamp(sqlite3 *);
bool engine_pages_are_stamped(sqlite3 *);

/* Tells, once, of the first page that is read and is not what was written; pages count from 1. */
typedef void PageTell(void *context, int64_t page);
void engine_pages_watch(sqlite3 *, PageTell *, void *context);

/* Looks at every page of the file, and tells of each that is not what was written. One that the log at log_path has too
 * counts for nothing in the file: it may have been cut off while it was copied there, and is copied again. STATUS_FAILED
 * where the file cannot be read. */
Status engine_pages_check(sqlite3 *, const char *log_path, PageTell *, void *context, Error *);

#endif
