/* Messages on a stream socket: a length of four bytes, a kind, the bytes; and sometimes an open file beside them. */
#ifndef JAZARI_SERVICE_FRAME_H
#define JAZARI_SERVICE_FRAME_H

#include "base/buffer.h"

#include <stdbool.h>

/* What a message is. HELLO: from a client, its version; from the server, how it is taken (see dial.h). */
typedef enum FrameKind {
    FRAME_HELLO = 1,
    FRAME_ASK,     /* a request: site acted for, RequestName, arguments */
    FRAME_CANCEL,  /* never mind the request that runs */
    FRAME_NOTE,    /* while a request runs: Note */
    FRAME_REPLY,   /* Error, then the reply */
    FRAME_CHANGED, /* somebody wrote */
    FRAME_DRAFT,   /* from a client: what is typed into a form (keeper.h); nobody answers */
} FrameKind;

enum {
    FRAME_ASK_MOST = 4 << 20,     /* bytes that a server reads at once */
    FRAME_REPLY_MOST = 256 << 20, /* that a client does */
    FRAME_HEADER = 5,
};

/* One end of a socket, with what was read and not yet taken. */
typedef struct Frames {
    int fd;
    size_t most; /* bytes of one message */
    Buffer in;
    size_t taken;
    int passed; /* the file that came last; -1: none. Whoever takes it sets this to -1 */
} Frames;

typedef struct Frame {
    FrameKind kind;
    const char *bytes; /* good until the next fill */
    size_t size;
} Frame;

typedef enum FrameNews { FRAMES_MORE, FRAMES_NOTHING, FRAMES_END } FrameNews;

void frames_start(Frames *, int fd, size_t most);
void frames_free(Frames *); /* closes the socket and a file that nobody took */

/* Reads what is there, waiting for nothing, but no more than a message and a little while none was taken.
 * FRAMES_END: closed, or an error. */
FrameNews frames_fill(Frames *);
/* The next whole message; 0 where it has not come yet, -1 where what came is none. */
int frames_next(Frames *, Frame *);

/* Adds one to bytes that are sent some other way. */
void frame_write(Buffer *, FrameKind, const char *bytes, size_t size);

/* Sends one, at most wait_ms long; false: the other end is gone or takes nothing. pass: an open file, or -1. */
bool frame_send(int fd, FrameKind, const char *bytes, size_t size, int pass, int wait_ms);

#endif
