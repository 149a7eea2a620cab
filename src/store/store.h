/* The store: the records of the network, read by id, and the one way to write them.
 *
 * Reading pages and searching is in page.h, history and undo in journal.h, figures for the dashboard in figures.h, the
 * proof of all invariants in check.h. */
#ifndef JAZARI_STORE_STORE_H
#define JAZARI_STORE_STORE_H

#include "base/arena.h"
#include "base/status.h"
#include "model/entities.h"

typedef struct Store Store;

/* Makes a new store, home to these sites, with the schema and the reference data (sites and provinces, at rev 0). */
Status store_create(const char *path, const int *sites, int count, Error *);

/* Removes the files of a store that could not be made whole. */
void store_remove(const char *path);

/* Opens a store; migrates an older one where it may write; refuses one that is newer than the program. */
Status store_open(const char *path, bool write, int busy_ms, Store **, Error *);
/* Opens a copy that nobody writes, to check it or to restore from it. */
Status store_open_copy(const char *path, Store **, Error *);
void store_close(Store *); /* NULL does nothing */

const char *store_path(const Store *);
bool store_is_read_only(const Store *);
bool store_is_home(const Store *, int site);
unsigned store_homes(const Store *);  /* 1 << site for each */
bool store_is_demo(const Store *);    /* one person plays everybody in it */
const CodeBook *store_codes(Store *); /* codes of sites, provinces and operators; today as of this call */
int store_schema_version(void);       /* that this program writes */

/* This process is the one that serves the store, until it closes it; STATUS_CONFLICT where another is. */
Status store_own(Store *, Error *);

/* Opens it anew as it was asked for, where that was not possible and has become so: see engine_refresh. */
void store_refresh(Store *);
/* Whether another file has its name by now, or none: see engine_is_moved. */
bool store_is_moved(const Store *);

/* Asked now and then while a long read runs; true ends it with STATUS_STOPPED. */
void store_set_interrupt(Store *, bool (*stop)(void *), void *context);

/* Bytes that were written and are not moved into the file: they stay, and grow, while any one read lasts. */
int64_t store_log_size(const Store *);

/* Begins a new epoch at every home site, any that was never written in, by chance: this store is another incarnation
 * of the one it was copied from, and two restores of one copy know nothing of each other. */
Status store_new_epoch(Store *, Error *);

/* A number that changes whenever anyone, in this process or another, has written. */
int64_t store_version(Store *);

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* A set of fields, by bit; FIELDS_ALL also loads lists and derived fields. */
typedef uint64_t FieldSet;
#define FIELDS_ALL       (~UINT64_C(0))
#define FIELD_BIT(index) (UINT64_C(1) << (index))

/* The record of an id, with these fields; STATUS_NOT_FOUND where there is none. The record is the arena's. */
Status store_read(Store *, Arena *, const Entity *, int64_t id, FieldSet, Record **, Error *);
/* Whether there is such a record. */
Status store_exists(Store *, const Entity *, int64_t id, bool *exists, Error *);

/* The record a code names ("sma-p42", "op-agadir"): its entity and id, whether or not it exists. */
bool store_parse_code(Store *, const char *code, size_t size, const Entity **, int64_t *id);
/* The same, and STATUS_NOT_FOUND where it does not exist. */
Status store_find(Store *, const char *code, size_t size, const Entity **, int64_t *id, Error *);

/* Fills in what names the records that r's reference fields point to (Value.text, ListItem.label). */
Status store_label(Store *, Arena *, Record *, Error *);
/* What names one record; "" where it does not exist. */
const char *store_title(Store *, Arena *, const Entity *, int64_t id);

/* --- writing ---------------------------------------------------------------------------------------------------- */

enum { OPERATION_ID_MOST = 64, REQUEST_HASH_SIZE = 32 };

/* Who writes, and as which operation. All text is kept by the caller until the commit. */
typedef struct Act {
    const char *login;            /* the person: undo finds acts by it */
    const char *actor;            /* as the journal names them: the login, with "@SITE" where acting for another site */
    const char *op;               /* the operation's id, unique in the whole network */
    int64_t at;                   /* instant */
    const unsigned char *request; /* a hash of what is asked, REQUEST_HASH_SIZE bytes; NULL: not known */
} Act;

/* Opens the one write transaction. Where the operation was done before, by the same person, *repeated is set and nothing
 * may be written: roll back and answer as the first time (journal_operation). */
Status store_begin(Store *, const Act *, bool *repeated, Error *);

/* Whether an operation of this id was done. */
Status store_has_operation(Store *, const char *op, bool *done, Error *);
/* STATUS_CONFLICT where that operation is known to have been asked for something else. */
Status store_operation_asked(Store *, const char *op, const unsigned char *request, Error *);

/* Writes one record and its journal entry. `before` is the record as it was read in this transaction (all fields), NULL
 * to make a new one; `after` NULL deletes it. Fills in after's id (where 0), rev (a new record that comes with one keeps
 * it), created and updated fields, and what derives from others. STATUS_CONFLICT where the record's rev is not before's any more or a rule would be broken,
 * STATUS_DENIED where the store is not home to the owner. Everything is rolled back with the transaction. What is filled
 * in is good until the act's end. */
Status store_write(Store *, const Record *before, Record *after, const char *verb, Error *);

Status store_commit(Store *, Error *);
void store_rollback(Store *);

/* A point within the write transaction to go back to: bulk acts try each record. */
Status store_save(Store *, Error *);
void store_save_release(Store *);
void store_save_rollback(Store *);

/* Several acts in one transaction: between begin and commit, store_begin, store_commit and store_rollback open and end
 * points within it. */
Status store_batch_begin(Store *, Error *);
Status store_batch_commit(Store *, Error *);
void store_batch_rollback(Store *);
bool store_batch_stands(Store *); /* false: the database gave it up (a full disk); roll back, nothing of it is there */

/* Very much is going to be written in one transaction: an import. What store_write fills into a record is then only
 * good until the next write. */
void store_set_bulk(Store *, bool bulk);

/* 1 << site for each site of which the store ever had a record of an entity, there or not any more. */
Status store_had(Store *, const Entity *, unsigned *sites, Error *);

/* Within a write transaction: neither this id nor one below it, of its site and epoch, is given to a new record. */
Status store_claim_id(Store *, const Entity *, int64_t id, Error *);

/* Within a write transaction: STATUS_NOT_FOUND, naming the field and the code, where what a field refers to is not there. */
Status store_refers(Store *, const Field *, int64_t id, Error *);

/* store_exists for a bulk write: an id beyond all that were given out is not looked for. */
Status store_bulk_exists(Store *, const Entity *, int64_t id, bool *exists, Error *);

/* Within a bulk write of an entity's records: their indexes are built anew when it commits, rather than kept up row by
 * row. Worth it where as many rows come as are there. Until then nothing may be searched or listed. */
Status store_bulk_unindex(Store *, const Entity *, Error *);

/* Marks it as a demonstration, within a transaction. */
Status store_make_demo(Store *, Error *);

/* Random bytes from a seed instead of the system's: the demo network is the same each time. */
void store_seed(Store *, const char *seed);
void store_random(Store *, void *bytes, size_t size);

#endif
