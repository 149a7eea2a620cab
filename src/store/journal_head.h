/* The newest entry of each chain of the journal, to be kept elsewhere: whoever has it can prove later that nothing was
 * cut off since, for a chain that is whole and holds that entry holds all before it. */
#ifndef JAZARI_STORE_JOURNAL_HEAD_H
#define JAZARI_STORE_JOURNAL_HEAD_H

#include "store/store.h"

enum { JOURNAL_HEAD_HASH = 32 };

typedef struct JournalHead {
    int site, epoch;
    int64_t number;
    unsigned char hash[JOURNAL_HEAD_HASH];
} JournalHead;

/* One for each chain, in the order of sites and epochs. */
Status journal_heads(Store *, Arena *, JournalHead **out, int *count, Error *);

/* As text: "SMA.0.42.9f86d0...", the site, epoch, number and hash. Reading: false where it is none. */
void journal_head_write(const JournalHead *, Buffer *);
bool journal_head_read(const char *text, size_t size, JournalHead *);

/* Whether the chain holds that very entry. */
Status journal_head_holds(Store *, const JournalHead *, bool *holds, Error *);

#endif
