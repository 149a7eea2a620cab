/* The first words between a client and a server: the client connects, looks who answers, and says its version; the server
 * says its own, and the store's state or an error. */
#ifndef JAZARI_SERVICE_DIAL_H
#define JAZARI_SERVICE_DIAL_H

#include "base/status.h"
#include "service/frame.h"
#include "service/wire.h"

/* Connects to a path and says hello; waits for nothing. user: who may answer there besides root and oneself, "" for
 * nobody. STATUS_STOPPED: nobody answers now, one may in a moment; else what is wrong with the path, or who answers. */
Status dial(const char *path, const char *user, Frames *, Error *);

/* What a HELLO begins with: the version. The client's is that alone; in the server's an error follows (message_error),
 * and, where that is STATUS_OK, the reply to REQUEST_ACTOR. */
void dial_hello(Wire *, const char **version);

#endif
