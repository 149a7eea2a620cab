/* Which programs understand each other over the socket: those that were built of the same sources of what goes over it
 * (the Makefile counts them up), for structures go as they lie in memory. Each end says its version first. */
#ifndef JAZARI_SERVICE_PROTOCOL_H
#define JAZARI_SERVICE_PROTOCOL_H

#include "base/status.h"

/* "0.1.0+1234567890": the program's version, and the sum of what the two ends have to agree on. */
const char *protocol_version(void);

/* STATUS_FAILED unless client and server are of one version: which of them is older, and what to do. Said by either end,
 * to the person at the client. */
Status protocol_check(const char *client, const char *server, Error *);

#endif
