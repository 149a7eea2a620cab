/* The link of a client to the server that has the store: the requests of request.h over its socket.
 *
 * A link that broke comes back by itself: whatever is asked next connects again, for as long as AWAY_MS, and a request
 * that was not answered is sent once more. A command that had been done is then only answered: its operation id is the
 * same. After that long the server counts as away, and the asker is told so.
 *
 * A server that hangs is another matter: it took the request, and may have done it. Who asked can give up at any time, and
 * what nobody answers ends by itself, a write after the patience it was opened with: STATUS_BUSY with the field "op". */
#ifndef JAZARI_SERVICE_LINK_H
#define JAZARI_SERVICE_LINK_H

#include "service/frame.h"
#include "service/request.h"

enum {
    LINK_AWAY_MS = 3000,
    LINK_WAITS_MS = 1000,
    LINK_WAITS_FIRST_MS = 500,
    LINK_PATIENCE_MS = 30000,
    LINK_PATH_MOST = 100
};

typedef struct Link Link;

/* user: who may answer there, besides root and oneself; "" for nobody. waiting: who looks on, as by link_set_waits, but
 * from LINK_WAITS_FIRST_MS on; NULL: nobody. Who takes the call and then says nothing (it is stopped, or hangs) is waited
 * for as long as its patience (LINK_PATIENCE_MS where nobody looks on). STATUS_BUSY where nobody answers at the path;
 * STATUS_DENIED where the server does not take this person, or somebody else answers. */
Status link_open(const char *path, const char *user, const ServiceWaiting *waiting, Link **, Error *);
void link_close(Link *); /* NULL does nothing */

Status link_ask(Link *, Arena *, int site, RequestName, const void *arguments, void *reply, Error *);
/* Sends what nobody answers; false where the server is away. */
bool link_tell(Link *, FrameKind, const char *bytes, size_t size);
void link_set_interrupt(Link *, bool (*stop)(void *), void *context);
/* Called again and again once a request has waited for LINK_WAITS_MS; true gives up. It must ask the link nothing. */
void link_set_waits(Link *, bool (*waits)(void *), void *context);

const StoreState *link_state(const Link *); /* as of the last hello */
const CodeBook *link_codes(Link *);
/* Changes whenever somebody wrote, and when the link came back. Reads what the server told; waits for nothing. */
int64_t link_version(Link *);
int link_fd(const Link *); /* readable where the server told something; -1 while it is away */

#endif
