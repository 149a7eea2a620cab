/* The journal: every write of every record, chained by hashes, for ever. Audit, history, undo and exchange are readings
 * of it.
 *
 * An entry's header is the text, each line ended by a newline:
 *     jazari-journal-1 SITE EPOCH NUMBER AT ACTOR OP ENTITY ID VERB REV SCHEMA
 * (each word on a line of its own; SITE and ENTITY as words, AT as an instant, the rest as decimal numbers or text
 * without control characters), and its body canonical JSON:
 *     {"after":{FIELD:VALUE,...},"before":{FIELD:VALUE,...},"undoes":"OP"}
 * "after" is the whole record without empty fields, absent where it was deleted; "before" is the former values of the
 * fields that changed (of a deleted record: all), absent where it is new; "undoes" only in undo and redo. Values are in
 * the journal's form (see value_json): whole numbers, words of choices, ids.
 *     hash = SHA-256(previous entry's hash | header | SHA-256(salt | body))
 * The first entry of a site's epoch follows 32 zero bytes. The salt (16 random bytes) keeps an erased body from being
 * guessed from its hash. */
#ifndef JAZARI_STORE_JOURNAL_H
#define JAZARI_STORE_JOURNAL_H

#include "store/store.h"

/* One entry, as read. Text and values are the arena's. */
typedef struct JournalEntry {
    int64_t seq; /* order of arrival in this store */
    int site, epoch;
    int64_t number; /* in the site's chain, from 1 */
    const char *at, *actor, *op, *verb;
    const Entity *entity;
    int64_t id, rev;
    Record *after;  /* whole; NULL where it was deleted or its body erased */
    Record *before; /* the changed fields alone; NULL where it was new or its body erased */
    FieldSet changed;
    const char *undoes; /* an operation's id, "" where the entry undoes nothing */
    bool erased;
} JournalEntry;

typedef struct JournalQuery {
    const Entity *entity; /* with id: one record's; NULL: everything */
    int64_t id;
    int site;       /* -1: every site's chain */
    int64_t before; /* only entries with a smaller seq; 0: from the newest */
    int limit;
} JournalQuery;

/* The newest entries first; at most limit. *count gets how many. */
Status journal_read(Store *, Arena *, const JournalQuery *, JournalEntry **out, int *count, Error *);

/* The entries of one operation, in the order they were written; *count 0 where there is none of that id. */
Status journal_operation(Store *, Arena *, const char *op, JournalEntry **out, int *count, Error *);

/* A run of entries, of an operation or a part of it: seq first to last, both among them; none where last < first. An act
 * may have written a million: they are read part by part. */
typedef struct JournalSpan {
    int64_t first, last;
} JournalSpan;

/* Where an operation's entries are. */
Status journal_span(Store *, const char *op, JournalSpan *, Error *);
/* The entries of a span, in the order they were written. */
Status journal_span_read(Store *, Arena *, JournalSpan, JournalEntry **out, int *count, Error *);
/* The first part of *span, and the last: enough entries to be worth a query, few enough for any memory. *span loses it;
 * false where nothing was left of it. */
bool journal_span_first(JournalSpan *span, JournalSpan *part);
bool journal_span_last(JournalSpan *span, JournalSpan *part);

/* The record as one of its entries left it. */
Status journal_newest(Store *, Arena *, const Entity *, int64_t id, JournalEntry **out, Error *);

typedef enum UndoKind { UNDO = 2, REDO = 3 } UndoKind;

/* What undo or redo is of. */
typedef struct UndoAct {
    UndoKind kind;
    const char *op;  /* of the act that is taken back or brought back */
    JournalSpan act; /* its entries */
    JournalSpan
        last; /* those of the operation that dealt with it last: the act, its undo or its redo. They are reversed,
                       * newest first, and are as many as the act's: in its order, or of an undo in the opposite one */
} UndoAct;

/* What undo (or redo) of this person's last act would concern. STATUS_NOT_FOUND where there is none. */
Status journal_undo_find(Store *, Arena *, const char *login, UndoKind, UndoAct *, Error *);

/* Writes the compensating entries within the open transaction. STATUS_CONFLICT naming the record that has moved on.
 * written (NULL: nobody) is called with each entry that was reversed. */
Status journal_undo_write(Store *, const UndoAct *, void (*written)(void *context, const JournalEntry *), void *context,
                          Error *);

#endif
