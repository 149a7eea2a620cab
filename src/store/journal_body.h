/* The body of a journal entry: records as canonical JSON, and back. See journal.h for the form. */
#ifndef JAZARI_STORE_JOURNAL_BODY_H
#define JAZARI_STORE_JOURNAL_BODY_H

#include "store/journal.h"

/* Appends the body of a write. The fields are written in the order of their names. */
void journal_body_write(Buffer *, Store *, const Record *before, const Record *after, const char *undoes);

/* Reads a body into entry's after, before, changed and undoes. A field the program does not know is an error. */
Status journal_body_read(Arena *, const char *body, size_t size, JournalEntry *, Error *);

#endif
