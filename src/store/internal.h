/* For the files of src/store/ alone: what a Store is made of, and the SQL made from the entity tables. */
#ifndef JAZARI_STORE_INTERNAL_H
#define JAZARI_STORE_INTERNAL_H

#include "store/engine.h"
#include "store/prepared.h"

#include <sodium.h>

enum { JOURNAL_HASH_SIZE = crypto_hash_sha256_BYTES, JOURNAL_SALT_SIZE = PREPARED_SALT, KNOWN_REFS = 1024 };

/* Where a site's chain of journal entries stands. */
typedef struct Chain {
    bool known;
    int64_t number;
    unsigned char hash[JOURNAL_HASH_SIZE];
} Chain;

/* SQL that depends on an entity alone, made at first use. */
typedef struct EntitySql {
    char *insert;
    int *sorted; /* the journal's fields, by name */
    int sorted_count;
} EntitySql;

struct Store {
    Engine *engine;
    char *path;
    unsigned homes;
    bool demo; /* a demonstration */
    int epochs[SITE_COUNT];
    CodeBook codes;
    EntitySql sql[ENTITY_COUNT];

    /* The write transaction. */
    const Act *act;
    char at[21]; /* its instant */
    bool batch;  /* acts are points within one transaction */
    bool bulk;
    int64_t counters[ENTITY_COUNT][SITE_COUNT]; /* in bulk; see write.c */
    const Entity *unindexed;                    /* its indexes are built when the transaction commits; NULL: none */
    Arena arena;                                /* lives until the act's end; in bulk until the next write */
    int64_t first_seq, last_seq;
    int kind;           /* of the operation: 1 act, 2 undo, 3 redo */
    const char *target; /* the operation that is undone or redone */
    Chain chains[SITE_COUNT];
    struct {
        int entity;
        int64_t id;
    } known[KNOWN_REFS]; /* references that were seen to exist in this transaction */
    Buffer text, folded, sort_key, was_folded, query;
    Prepared prepared; /* the write of the new record at hand */

    char seed[32];
    uint64_t seed_count; /* 0: the system's randomness */
};

/* --- sql.c -------------------------------------------------------------------------------------------------------- */

/* "title, stage, ..." for the columns of a set, in field order; derived fields as expressions over the alias t. ?1 is
 * today's date in all of them. Returns how many. */
int sql_columns(Buffer *, const Entity *, FieldSet);
/* The expression a field is sorted by, over t; turn_of as of a PageQuery. */
void sql_sort_expression(Buffer *, const Entity *, int field, int turn_of);
const char *sql_derived(const Entity *, int field); /* NULL where it is not derived */
const EntitySql *sql_of(Store *, const Entity *);
void sql_list_table(char *out, size_t size, const Entity *, const Field *);
bool entity_is_searched(const Entity *);

/* Binds a field's value as its column wants it; reads it back, into the arena. */
void bind_value(Statement *, int parameter, const Field *, const Value *);
Value column_value(Statement *, int column, const Field *, Arena *);
/* A column of text that holds a week or a day; false where it does not. */
bool column_week(Statement *, int column, int *week);
bool column_day(Statement *, int column, int *day);

/* --- parts of a write --------------------------------------------------------------------------------------------- */

Status record_read_lists(Store *, Arena *, Record *, FieldSet, Error *);
Status record_write_lists(Store *, const Record *before, const Record *after, Error *);
/* The folded text of a record and its sort key; and the two parts of it, for a record that has no code yet. */
void record_fold(const Record *, Buffer *folded, Buffer *sort_key);
void record_fold_fields(const Record *, Buffer *folded, Buffer *sort_key);
void record_fold_code(const Record *, Buffer *folded);

/* Checks the rules that concern other records too, after the write and within its transaction. */
Status guard_write(Store *, const Record *before, const Record *after, Error *);

/* Appends the entry of a write; prepared (of a new record) has its body. */
Status journal_append(Store *, const Record *before, const Record *after, const Prepared *, const char *verb, Error *);
/* Writes the body of an entry and hashes it, with a salt of chance. */
void journal_prepare(Store *, const Record *before, const Record *after, Prepared *);

/* Migrations. */
Status schema_migrate(Engine *, bool fresh, Error *);
Status schema_version(Engine *, int *version, Error *);
Status schema_create_search(Engine *, Error *);
#endif
