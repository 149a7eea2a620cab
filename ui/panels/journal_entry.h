/* For the journal's files alone: one entry, field by field. */
#ifndef JAZARI_PANELS_JOURNAL_ENTRY_H
#define JAZARI_PANELS_JOURNAL_ENTRY_H

#include "panels/app.h"

typedef struct EntryField {
    const char *label;
    const char *was; /* NULL: the record was not there before */
    const char *now;
} EntryField;

/* What an entry changed, or of a new record what it holds; the arena's. Returns how many. */
int entry_fields(const JournalEntry *, const CodeBook *, Arena *, EntryField **);

/* All of them with the whole of their texts, over what is there. */
void open_entry(App *, const JournalEntry *, const char *title);

#endif
