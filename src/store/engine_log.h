/* The write-ahead log, written in few calls: SQLite writes every page of a transaction by itself, and a header before
 * each; here they are gathered and written together, before anything can depend on them. */
#ifndef JAZARI_STORE_ENGINE_LOG_H
#define JAZARI_STORE_ENGINE_LOG_H

/* The name for sqlite3_open_v2 of a file system that does so; NULL where it could not be registered, which is SQLite's
 * own. For connections with synchronous=FULL alone: what is gathered is written when the log is synced. */
const char *engine_log_vfs(void);

#endif
