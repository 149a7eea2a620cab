/* The database under the store: connections, statements, transactions, and what differs from engine to engine.
 *
 * Only engine_*.c include sqlite3.h. SQL above this line keeps to the common ground of SQLite
 * 3.40 and PostgreSQL 15; where the two differ there is a function here.
 *
 * Statements are prepared once and kept by their text. Every statement_ call on a failed statement does nothing, so a
 * caller may bind and step without looking and ask once, at statement_end. */
#ifndef JAZARI_STORE_ENGINE_H
#define JAZARI_STORE_ENGINE_H

#include "base/buffer.h"
#include "base/status.h"
#include "model/entity.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Engine Engine;
typedef struct Statement Statement;

typedef enum EngineMode { ENGINE_READ, ENGINE_WRITE, ENGINE_CREATE, ENGINE_COPY } EngineMode;

/* Opens the database file at path. ENGINE_CREATE wants it absent; ENGINE_READ never writes, ENGINE_COPY is of a
 * copy that nobody writes: nothing is left beside it. busy_ms is how long a
 * writer waits for others. Refuses files on network file systems, files that are no store, and damaged ones. */
Status engine_open(const char *path, EngineMode mode, int busy_ms, Engine **, Error *);
void engine_close(Engine *); /* NULL does nothing */
bool engine_is_read_only(const Engine *);
/* Where it could only be read, or not as one reads with others: looks whether that has changed, and opens it anew as it
 * was asked for. engine_begin and engine_version do it, so that a disk that was mounted for reading takes writes again by
 * itself; who neither writes nor asks for the version does it before he reads. */
void engine_refresh(Engine *);
/* Whether its file is not the one of its name any more: what is open is another store's than the name's, and is not
 * written. */
bool engine_is_moved(const Engine *);

/* Several statements without parameters or results: migrations. */
Status engine_run(Engine *, const char *sql, Error *);

/* A statement, ready to bind from parameter 1. Never NULL; ended by statement_end. */
Statement *engine_prepare(Engine *, const char *sql);
void statement_int(Statement *, int parameter, int64_t);
void statement_text(Statement *, int parameter, const char *text, size_t size); /* read until statement_end */
void statement_blob(Statement *, int parameter, const void *bytes, size_t size);
void statement_null(Statement *, int parameter);
bool statement_has(Statement *, int parameter);     /* whether the SQL has a parameter of this number */
bool statement_row(Statement *);                    /* true while there is another row */
int64_t statement_get_int(Statement *, int column); /* columns from 0 */
bool statement_get_null(Statement *, int column);
const char *statement_get_text(Statement *, int column, size_t *size); /* "" for NULL; until the next row */
const void *statement_get_blob(Statement *, int column, size_t *size);
/* Ends it and gives it back; changed (may be NULL) gets the rows written. STATUS_OK, STATUS_BUSY, STATUS_STOPPED
 * (interrupted), STATUS_CONFLICT (a constraint) or STATUS_FAILED with the reason. */
Status statement_end(Statement *, int64_t *changed, Error *);

/* Prepare, step to the end and end, for statements whose integers are all their parameters. */
Status engine_do(Engine *, Error *, const char *sql, int count, ...);
/* The first column of the first row, `otherwise` where there is none or it is NULL. */
Status engine_number(Engine *, int64_t *out, int64_t otherwise, Error *, const char *sql, int count, ...);

/* This process is the one that serves the store, until it closes it: STATUS_CONFLICT where another is, and stays so for
 * busy_ms. It keeps nobody from reading or writing. */
Status engine_own(Engine *, Error *);

/* One writing transaction at a time. Begin takes the store's lock file first (waiting up to busy_ms, else
 * STATUS_BUSY), so that whole writes queue; commit makes it durable before it returns and gives the lock back. */
Status engine_begin(Engine *, Error *);
Status engine_commit(Engine *, Error *);
void engine_rollback(Engine *);
bool engine_in_transaction(const Engine *);
/* A point within the transaction to go back to; levels nest. */
Status engine_save(Engine *, Error *);
void engine_save_release(Engine *);
void engine_save_rollback(Engine *);

/* A consistent view over several reads. The long one may last for minutes: writers do not wait for it to end where they
 * would for another, so that its own side has to see to how far the log grows meanwhile (store_log_size). */
Status engine_read_begin(Engine *, Error *);
Status engine_read_long_begin(Engine *, Error *);
void engine_read_end(Engine *);

/* Asked every few thousand steps of a statement that runs outside a writing transaction; true ends it with
 * STATUS_STOPPED. NULL: never. */
void engine_set_interrupt(Engine *, bool (*stop)(void *), void *context);

/* More memory for pages, while all of the file is looked at; false brings the ordinary settings back. */
void engine_set_roomy(Engine *, bool roomy);

/* That, and later checkpoints while very much is written; references are looked at when the transaction ends;
 * false brings the ordinary settings back. */
void engine_set_bulk(Engine *, bool bulk);

/* Within a writing transaction: drops the indexes of an entity's table, and of its text, that rows could be found
 * without; the other builds them again, which for very many new rows costs a fraction of keeping them up. */
Status engine_drop_indexes(Engine *, const Entity *, Error *);
Status engine_build_indexes(Engine *, const Entity *, Error *);

/* A number that changes when another connection has written. */
int64_t engine_version(Engine *);

/* True where the database has this index; its use in a FROM clause after the table's name ("" where there is no hint). */
bool engine_has_index(Engine *, const char *index);
void engine_index_hint(Engine *, Buffer *sql, const char *index);
/* After a table: its rows are found by their ids alone, though an index would do for another condition. */
void engine_id_hint(Buffer *sql);

/* Appends a condition: column holds the word (or its beginning) bound as the parameter, which engine_word_bind fills. */
void engine_word_test(Buffer *sql, const char *column, int parameter);
void engine_word_bind(Statement *, int parameter, const char *word, size_t size);

/* The index of the text keeps beginnings of these many letters: their rows come one by one. Those of a shorter or longer
 * beginning are gathered from all its words first, which for frequent ones is dear and cannot be interrupted. */
enum { ENGINE_PREFIX_LEAST = 2, ENGINE_PREFIX_MOST = 3 };

/* The index of the folded text of an entity (see Entity.indexed): the subquery that yields the ids of rows that have
 * every word, bound as one parameter by engine_search_bind; and its upkeep. */
void engine_search_query(Buffer *sql, const Entity *, int parameter);
void engine_search_bind(Statement *, int parameter, const char *folded_words, size_t size, Buffer *scratch);
Status engine_search_put(Engine *, const Entity *, int64_t id, const char *was, size_t was_size, const char *now,
                         size_t now_size, Error *);             /* was NULL: new; now NULL: gone */
Status engine_search_create(Engine *, const Entity *, Error *); /* where it is missing; fills it from the table */
/* Whether the index has a row, by the last word of its folded text: of its code, so few others share it. */
bool engine_search_has(Engine *, const Entity *, int64_t id, const char *folded, size_t size, Buffer *scratch);
/* Whether the index agrees with itself. */
Status engine_search_check(Engine *, const Entity *, Error *);

/* Looks at every page and every reference; STATUS_FAILED with what is damaged. */
Status engine_integrity(Engine *, Error *);
/* Looks at the stamp of every page of the file (engine_pages.h), and tells of each that is not what was written. */
Status engine_check_pages(Engine *, void (*fault)(void *context, const char *what), void *context, Error *);

/* Copies the database to a new file, whole and consistent even under writes. */
Status engine_backup(Engine *, const char *path, Error *);

#endif
