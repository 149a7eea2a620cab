/* The write-ahead log, written in few calls: SQLite writes every page of a transaction by itself, and a header before
 * each; here they are gathered and written together, before anything can depend on them. */
#ifndef JAZARI_STORE_ENGINE_LOG_H
#define JAZARI_STORE_ENGINE_LOG_H

#include "store/engine_vfs.h"

#include <stddef.h>

/* Makes the memory of a log's file ready (NULL: does not), and gives how much of it comes before the system's. */
size_t engine_log_begin(LayerFile *);
const sqlite3_io_methods *engine_log_methods(void);

#endif
