/* Bytes of any kind where a client's messages, or a server's, are read: each message is within its bounds; a request is
 * refused, or written again and read again it is the same one; and what is read takes no more memory than a few times what
 * came. The first byte says whose they are. */
#include "fuzz.h"

#include "service/dial.h"
#include "service/keeper.h"
#include "service/messages.h"
#include "service/request.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MESSAGE_MOST = 2048, INPUT_MOST = 32 * 1024, MEMORY_TIMES = 64, MEMORY_LEAST = 256 * 1024 };

static Wire reader(const char *bytes, size_t size, Arena *arena) {
    return (Wire){.at = (const unsigned char *)bytes, .end = (const unsigned char *)bytes + size, .arena = arena};
}

static void write_arguments(Buffer *out, const Request *row, void *arguments) {
    Wire w = {.out = out};
    if (row->arguments) row->arguments(&w, arguments);
}

static void read_request(const char *bytes, size_t size) {
    Arena arena = {0};
    Buffer once = {0}, twice = {0};
    int site = -1, name = 0;
    Wire r = reader(bytes, size, &arena);
    wire_between(&r, &site, -1, SITE_COUNT - 1);
    wire_between(&r, &name, 0, REQUEST_NAMES - 1);
    const Request *row = &request_rows[name];
    void *arguments = arena_array(&arena, 1, row->arguments_size), *again;
    if (!r.bad && row->arguments) row->arguments(&r, arguments);
    FUZZ_HOLDS(arena.total <= MEMORY_LEAST + MEMORY_TIMES * size);
    FUZZ_HOLDS(r.at <= r.end);
    if (!r.bad && r.at == r.end) {
        write_arguments(&once, row, arguments);
        again = arena_array(&arena, 1, row->arguments_size);
        r = reader(buffer_string(&once), once.size, &arena);
        if (row->arguments) row->arguments(&r, again);
        FUZZ_HOLDS(!r.bad && r.at == r.end);
        write_arguments(&twice, row, again);
        FUZZ_HOLDS(buffer_equal(&once, &twice));
    }
    buffer_free(&once);
    buffer_free(&twice);
    arena_free(&arena);
}

/* A server's: what went wrong, then the reply, whose row is the first byte. */
static void read_reply(const char *bytes, size_t size) {
    Arena arena = {0};
    Error e = {0};
    const Request *row = &request_rows[size ? (unsigned char)*bytes % REQUEST_NAMES : 0];
    Wire r = reader(bytes + (size > 0), size - (size > 0), &arena);
    message_error(&r, &e);
    if (row->reply) row->reply(&r, arena_array(&arena, 1, row->reply_size));
    FUZZ_HOLDS(r.at <= r.end);
    arena_free(&arena);
}

static void read_message(const Frame *frame) {
    Arena arena = {0};
    const char *version = NULL;
    Wire r = reader(frame->bytes, frame->size, &arena);
    FUZZ_HOLDS(frame->size <= MESSAGE_MOST);
    switch (frame->kind) {
    case FRAME_HELLO:
        dial_hello(&r, &version);
        FUZZ_HOLDS(r.bad || !version || strlen(version) <= frame->size);
        break;
    case FRAME_ASK: read_request(frame->bytes, frame->size); break;
    case FRAME_REPLY: read_reply(frame->bytes, frame->size); break;
    case FRAME_DRAFT: keeper_makes_sense(frame->bytes, frame->size); break;
    case FRAME_CANCEL:
    case FRAME_NOTE:
    case FRAME_CHANGED: break;
    }
    arena_free(&arena);
}

static void read_stream(const uint8_t *bytes, size_t size) {
    int ends[2];
    Frames frames;
    Frame frame;
    FrameNews news;
    int got = 0;
    FUZZ_HOLDS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    FUZZ_HOLDS(send(ends[0], bytes, size, 0) == (ssize_t)size);
    close(ends[0]);
    frames_start(&frames, ends[1], MESSAGE_MOST);
    do {
        news = frames_fill(&frames);
        while ((got = frames_next(&frames, &frame)) > 0) {
            read_message(&frame);
        }
        FUZZ_HOLDS(frames.in.size - frames.taken <= size);
    } while (got == 0 && news == FRAMES_MORE);
    frames_free(&frames);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (!size || size > INPUT_MOST) return 0;
    const char *rest = (const char *)bytes + 1;
    switch (bytes[0] % 3) {
    case 0: read_stream(bytes + 1, size - 1); break;
    case 1: read_request(rest, size - 1); break;
    default: read_reply(rest, size - 1);
    }
    return 0;
}
