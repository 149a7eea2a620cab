/* Messages on a stream socket. */
#include "service/frame.h"

#include "base/date.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

typedef union FileControl {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
} FileControl;

void frames_start(Frames *f, int fd, size_t most) {
    *f = (Frames){.fd = fd, .most = most, .passed = -1};
}

void frames_free(Frames *f) {
    if (f->fd >= 0) close(f->fd);
    if (f->passed >= 0) close(f->passed);
    buffer_free(&f->in);
    *f = (Frames){.fd = -1, .passed = -1};
}

/* More files than one at a time are nobody's wish: the last one stays. There is room for two in what was aligned. */
static void take_files(Frames *f, struct msghdr *m) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            if (f->passed >= 0) close(f->passed);
            memcpy(&f->passed, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
        }
    }
}

FrameNews frames_fill(Frames *f) {
    char bytes[READ_SIZE];
    FileControl control = {0};
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    /* What was taken is let go before more comes. */
    if (f->taken == f->in.size) {
        buffer_clear(&f->in);
        f->taken = 0;
    } else if (f->taken > READ_SIZE) {
        memmove(f->in.bytes, f->in.bytes + f->taken, f->in.size - f->taken);
        f->in.size -= f->taken;
        f->taken = 0;
    }
    if (f->in.size - f->taken >= FRAME_HEADER + f->most) return FRAMES_NOTHING; /* a message is there, or none is */
    ssize_t n;
    do {
        n = recvmsg(f->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return FRAMES_NOTHING;
    if (n <= 0) return FRAMES_END;
    take_files(f, &m);
    buffer_add(&f->in, bytes, (size_t)n);
    return FRAMES_MORE;
}

static size_t size_at(const char *p) {
    const unsigned char *b = (const unsigned char *)p;
    return (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
}

int frames_next(Frames *f, Frame *out) {
    size_t left = f->in.size - f->taken;
    if (left < FRAME_HEADER) return 0;
    const char *at = f->in.bytes + f->taken;
    size_t size = size_at(at);
    int kind = (unsigned char)at[4];
    if (size > f->most || kind < FRAME_HELLO || kind > FRAME_DRAFT) return -1;
    if (left - FRAME_HEADER < size) return 0;
    *out = (Frame){(FrameKind)kind, at + FRAME_HEADER, size};
    f->taken += FRAME_HEADER + size;
    return 1;
}

static bool wait_to_write(int fd, int64_t until) {
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int64_t left = until - clock_ms();
    if (left <= 0) return false;
    int ready = poll(&p, 1, (int)left);
    return ready > 0 || (ready < 0 && errno == EINTR);
}

static void write_header(char header[FRAME_HEADER], FrameKind kind, size_t size) {
    for (int i = 0; i < FRAME_HEADER - 1; i++) {
        header[i] = (char)(size >> 8 * i & 0xFF);
    }
    header[FRAME_HEADER - 1] = (char)kind;
}

void frame_write(Buffer *out, FrameKind kind, const char *bytes, size_t size) {
    char header[FRAME_HEADER];
    write_header(header, kind, size);
    buffer_add(out, header, sizeof header);
    buffer_add(out, bytes, size);
}

bool frame_send(int fd, FrameKind kind, const char *bytes, size_t size, int pass, int wait_ms) {
    char header[FRAME_HEADER];
    write_header(header, kind, size);
    FileControl control = {0};
    int64_t until = clock_ms() + wait_ms;
    for (size_t done = 0; done < FRAME_HEADER + size;) {
        size_t head = done < FRAME_HEADER ? FRAME_HEADER - done : 0,
               body = done < FRAME_HEADER ? 0 : done - FRAME_HEADER;
        struct iovec parts[2] = {{header + FRAME_HEADER - head, head}, {(void *)(bytes + body), size - body}};
        struct msghdr m = {.msg_iov = parts, .msg_iovlen = 2};
        if (pass >= 0 && !done) {
            m.msg_control = &control;
            m.msg_controllen = sizeof control;
            struct cmsghdr *c = CMSG_FIRSTHDR(&m);
            c->cmsg_level = SOL_SOCKET;
            c->cmsg_type = SCM_RIGHTS;
            c->cmsg_len = CMSG_LEN(sizeof pass);
            memcpy(CMSG_DATA(c), &pass, sizeof pass);
        }
        ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0) done += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_to_write(fd, until)) return false;
        } else if (errno != EINTR) return false;
    }
    return true;
}
