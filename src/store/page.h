/* Pages of an entity's records: filtered, searched, sorted on any listed column, read forwards and backwards by key, so
 * that no page costs more than another and no row is loaded that is not shown.
 *
 * How a page is found. No single plan is fast for every filter. The order of the sort may be walked along its index,
 * testing each row: fast where many rows match. Or a condition's own index (or the index of the folded text) yields the
 * rows that match, to be sorted: fast where few do. So the store first takes a bounded look at the indexes: where one of
 * them has at most CANDIDATES rows, it is used; else the order is walked, for at most `steps` rows. A walk that ends
 * before the page is full says so (complete = false), and goes on from `next`.
 *
 * Where words are searched a short walk comes first. It settles what is frequent, and it is a sample: it tells the words
 * that many rows have, which the look at the index of the text then passes over or cuts short (see engine.h), so that no
 * key waits for the index to gather a million rows. Where it yields too many rows to be sorted, but not more than
 * MEMBERS, they are kept as a list of ids, and the order is walked by its index alone: only of those in the list is the
 * row read. That passes by a hundred rows in the time one would take to read.
 *
 * What is still going on is most of what is listed, and little of an old store. So a sort may have an index of these
 * rows alone, ENTITY_open_by_COLUMN, which is walked where the filter lets through no other states than the entity's
 * open_filter does. */
#ifndef JAZARI_STORE_PAGE_H
#define JAZARI_STORE_PAGE_H

#include "model/filter.h"
#include "store/store.h"

/* A place in a sorted list: a row's sort value and id. Text is the arena's of whoever made it. */
typedef struct PageKey {
    Value value; /* number or text; VALUE_NONE sorts first */
    int64_t id;
} PageKey;

typedef struct PageQuery {
    const Filter *filter; /* also says which entity; never NULL */
    int sort;             /* a listed field */
    int turn_of;          /* sorted by turn, what is for this site to do comes first: its number + 1; 0: no site's */
    bool descending;
    bool backwards;      /* the rows before `from` (of the whole list: its end), still in list order */
    const PageKey *from; /* exclusive; NULL: the list's start or end */
    bool inclusive;      /* the row at `from` is wanted too */
    int limit;
    int steps;       /* rows a walk may look at; 0: any number */
    bool goes_on;    /* it is the next slice of a walk: the indexes were looked at */
    FieldSet fields; /* to load of each row */
} PageQuery;

typedef struct Page {
    Record **rows;
    PageKey *keys; /* of each row */
    int count;
    bool complete; /* false: the walk's steps ran out before the page was full */
    bool more;     /* rows lie beyond (known where complete) */
    PageKey next;  /* where a walk that was not complete goes on */
} Page;

Status store_page(Store *, Arena *, const PageQuery *, Page *, Error *);

/* How many records a filter finds. */
Status store_count(Store *, const Filter *, int64_t *count, Error *);

/* The key of one record in a sort (turn_of as in the query), to begin a page there. */
Status store_page_key(Store *, Arena *, const Entity *, int sort, int turn_of, int64_t id, PageKey *, Error *);

#endif
