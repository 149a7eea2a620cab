/* The proof that a store is whole: every invariant, over all of it. */
#ifndef JAZARI_STORE_CHECK_H
#define JAZARI_STORE_CHECK_H

#include "store/store.h"

typedef struct CheckOptions {
    /* Called for each fault, and now and then with progress (fault NULL); may be NULL. */
    void (*fault)(void *context, const char *fault);
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
    const char *heads; /* of chains, kept elsewhere (store/journal_head.h), parted by commas; NULL: none */
} CheckOptions;

/* Looks at every page of the file; every hash of every chain; every record against its newest journal entry (and rows
 * without one against the reference data); every rule between records (store/guard.h); references; the lending and
 * borrowing of all regions; the search index; that the journal holds the heads given. STATUS_CONFLICT where something was found, saying how much. */
Status check_store(Store *, const CheckOptions *, Error *);

/* A copy of the whole store in a new file, consistent even while others write. */
Status store_backup(Store *, const char *path, Error *);

/* Gives a whole file its name, durably; STATUS_FAILED where there is a file of this name already. */
Status store_publish(const char *part, const char *path, Error *);
/* STATUS_FAILED where there is a file of this name already. */
Status store_is_free(const char *path, Error *);

#endif
