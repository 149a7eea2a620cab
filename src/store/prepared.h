/* A new record's write in two parts, so that an import can do the first beside the second: what follows from the record
 * alone (its folded text, the body of its journal entry and that body's hash), and the writing. store_write does both. */
#ifndef JAZARI_STORE_PREPARED_H
#define JAZARI_STORE_PREPARED_H

#include "store/store.h"

enum { PREPARED_SALT = 16, PREPARED_HASH = 32 };

typedef struct Prepared {
    Buffer folded, sort_key; /* folded: still without the record's code */
    Buffer body;             /* of the journal entry */
    unsigned char salt[PREPARED_SALT], body_hash[PREPARED_HASH];
} Prepared;

/* Checks a new record, fills in what follows from its fields and who writes it when, and prepares its write. Within a
 * write transaction, but not by the thread that writes: any may do it, beside that one. What is filled in is the
 * arena's, or good until the act's end. */
Status store_prepare(Store *, Arena *, Record *after, Prepared *, Error *);

/* Writes what was prepared; see store_write. */
Status store_write_prepared(Store *, Record *after, Prepared *, const char *verb, Error *);

void prepared_free(Prepared *);

#endif
