/* Messages on their way to somebody who may be slow, or read nothing: whoever sends them never waits. */
#ifndef JAZARI_SERVICE_OUTBOX_H
#define JAZARI_SERVICE_OUTBOX_H

#include "service/frame.h"

/* A zeroed one is empty. */
typedef struct Outbox {
    Buffer bytes;
    size_t sent; /* of the bytes */
} Outbox;

void outbox_free(Outbox *);
bool outbox_is_empty(const Outbox *);
void outbox_add(Outbox *, FrameKind, const char *bytes, size_t size);
/* Sends what the socket takes now; false: the other end is gone. */
bool outbox_flush(Outbox *, int fd);

#endif
