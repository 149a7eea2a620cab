/* jazari serve: the one owner of a store on a server, and the socket at which others ask it.
 *
 * Three kinds of processes, so that nobody waits for anybody else's request and a fault in one ends that one alone:
 *   - the front (server.c) listens, learns from the kernel who connects, and has no store open;
 *   - a session (session.c) for each connection reads for it, with a connection of its own that cannot write;
 *   - the writer (writer.c) alone writes: what all sessions ask for, everybody in turn, in groups of one commit.
 * A session hands what writes on to the writer, over a pair of sockets that the front made for the two. */
#ifndef JAZARI_SERVICE_SERVER_H
#define JAZARI_SERVICE_SERVER_H

#include "base/status.h"

/* Connections at once: of all, and of one person; and of them those that have not said yet who they are, or are nobody
 * whom the store knows. Whoever comes beyond is told so. */
enum {
    SERVER_SESSIONS_MOST = 400,
    SERVER_SESSIONS_EACH = 128,
    SERVER_UNKNOWN_MOST = 64,
    SERVER_UNKNOWN_EACH = 16,
};

typedef struct ServeOptions {
    const char *store, *socket; /* socket: where it is made; not where one is inherited (LISTEN_FDS) */
    int busy_ms;
    void (*ready)(void *context, const char *socket); /* it answers from now on */
    void *context;
} ServeOptions;

/* Until SIGTERM or SIGINT. */
Status server_run(const ServeOptions *, Error *);

/* The other two, each in its own process, until the socket to the front or the client is closed. */
int writer_run(const ServeOptions *, int front);

typedef struct SessionEnds {
    int client, writer;
    int front; /* a pipe: it writes its process's id there once the client is known to the store */
} SessionEnds;
int session_run(const ServeOptions *, const SessionEnds *, const char *login);

#endif
