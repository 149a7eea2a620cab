/* Messages on their way. */
#include "service/outbox.h"

#include <errno.h>
#include <sys/socket.h>

enum { KEPT_ROOM = 64 * 1024 }; /* of an empty one; what a large message took is given back */

void outbox_free(Outbox *o) {
    buffer_free(&o->bytes);
    *o = (Outbox){0};
}

bool outbox_is_empty(const Outbox *o) {
    return o->sent == o->bytes.size;
}

void outbox_add(Outbox *o, FrameKind kind, const char *bytes, size_t size) {
    frame_write(&o->bytes, kind, bytes, size);
}

bool outbox_flush(Outbox *o, int fd) {
    while (!outbox_is_empty(o)) {
        ssize_t n = send(fd, o->bytes.bytes + o->sent, o->bytes.size - o->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0) o->sent += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
        else if (errno != EINTR) return false;
    }
    o->sent = 0;
    if (o->bytes.room > KEPT_ROOM) buffer_free(&o->bytes);
    else buffer_clear(&o->bytes);
    return true;
}
