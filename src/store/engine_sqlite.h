/* For the engine's files alone: what a connection to SQLite is made of. */
#ifndef JAZARI_STORE_ENGINE_SQLITE_H
#define JAZARI_STORE_ENGINE_SQLITE_H

#include "store/engine.h"

#include <sqlite3.h>
#include <sys/types.h>

enum {
    STATEMENTS = 96,       /* kept prepared */
    HINTS = 256,           /* where they were found last, by the low bits of their hashes */
    LOG_KEPT = 8 << 20,    /* bytes of its file, once a long read or a bulk that let it grow is over */
    INTERRUPT_STEPS = 500, /* of the virtual machine between two questions; each may read a page */
    CACHE_KIB = 4096,
    BULK_CACHE_KIB = 48 * 1024,
    HASH_BYTES = 1 << 20, /* of the search index, before it writes; FTS5's own number */
    BULK_HASH_BYTES = 24 << 20,
};

struct Statement {
    Engine *engine;
    sqlite3_stmt *handle;
    char *sql;
    uint64_t hash, used; /* used: when last, to find the oldest */
    int result;          /* of SQLite, SQLITE_OK so far */
    bool taken;
    Statement *own; /* its memory, where all places for kept ones were taken; NULL: it is kept */
};

struct Engine {
    sqlite3 *db;
    char *path;
    int lock, busy_ms;
    int long_read;   /* what says that it goes on; -1: none does */
    EngineMode mode; /* as it was opened; read_only and immutable: how it can be for now */
    bool read_only, immutable, alone, bulk, writing;
    bool damaged; /* it met damage: what it remembers of the file may be that */
    dev_t device; /* of its file, as it was opened */
    ino_t inode;
    bool (*stop)(void *);
    void *stop_context;
    uint64_t clock;
    int level;      /* of savepoints */
    int log_pages;  /* in the write-ahead log after the last commit */
    int log_waits;  /* how often readers were waited for since it began anew */
    Buffer dropped; /* the SQL that builds dropped indexes again */
    Statement statements[STATEMENTS];
    unsigned char hints[HINTS];
};

/* A result of SQLite as a status, with the reason; damage is noted. */
Status engine_explain(Engine *, int result, Error *);
/* Why it cannot be written now. */
Status engine_refuse_write(Engine *, Error *);

/* Copies what it can of the log into the file, and waits for nobody. mode: SQLite's. True where all of it was done. */
bool engine_checkpoint(Engine *, int mode);
/* After a commit, with the writers' lock: keeps the log short. */
void engine_shorten_log(Engine *);
/* Lets go of a statement that is kept. */
void engine_forget(Statement *);

#endif
