/* What fell free of open offers, and the waiting requests that it could serve: read from the journal, so that what was
 * taken again by undo, or changed without giving more, counts as nothing. */
#ifndef JAZARI_STORE_FREED_H
#define JAZARI_STORE_FREED_H

#include "store/store.h"

/* A request that waits, and an offer of which more became free in weeks it asks for, after it began to wait: a proposal
 * was declined or made smaller; an allocation was released, revoked or completed early; the offer was opened, resumed or
 * raised (more a week, less kept, a longer window, a higher data level); a session was added or got more places. Never by
 * giving back what the request itself had. Whether any of it is free still is not looked at. */
typedef struct Freed {
    int64_t request, offer; /* ids; of one provider's offers the one that was freed last */
    int borrower, provider; /* sites */
    const char *at;         /* the instant it fell free; the arena's */
} Freed;

/* Of what fell free since an instant (text), where the site is the one or the other; the most urgent request first. Each
 * pair of a request and a provider once. */
Status freed_read(Store *, Arena *, int site, const char *since, Freed **out, int *count, Error *);

#endif
