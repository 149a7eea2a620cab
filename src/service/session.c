/* A session: what one client asks. It reads by itself and hands on what writes. */
#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "service/copies.h"
#include "service/dial.h"
#include "service/frame.h"
#include "service/keeper.h"
#include "service/local.h"
#include "service/messages.h"
#include "service/protocol.h"
#include "service/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* How large the store's log may get while one read lasts that began some time ago. */
enum { GRACE_MS = 2000, LOOK_MS = 100, LOG_MOST = 64 << 20, LONG_NICE = 10 };
enum { HELLO_MS = 5000, SEND_MS = 30000, QUERY_MS = 60000, MEMORY_MOST = 2047, HELLO_MOST = 256 };

typedef struct Session {
    const ServeOptions *options;
    const char *login;
    Service *service;
    Frames client, writer;
    Arena arena;
    Buffer out;
    int64_t until;   /* the query that runs has to end */
    int64_t look_ms; /* when to look at the log next */
    bool reading;    /* for the client; what the session asks for itself is short, and is not stopped */
    bool cancelled, ended;
    bool behind; /* all others: it asked for what takes long */
    bool grew;   /* the log, too far, under the query that runs */
    bool owed;   /* the client was not told yet that somebody wrote */
} Session;

static bool can_send(const Session *s) {
    struct pollfd p = {.fd = s->client.fd, .events = POLLOUT};
    return poll(&p, 1, 0) > 0 && p.revents & POLLOUT;
}

static void send_client(Session *s, FrameKind kind) {
    if (!frame_send(s->client.fd, kind, s->out.bytes ? s->out.bytes : "", s->out.size, -1, SEND_MS)) s->ended = true;
}

static void reply_error(Session *, const Request *, Status, const char *why);

/* row: the request that is answered; NULL: of none that is known. reply: NULL for an empty one. */
static void reply_with(Session *s, const Request *row, Status status, Error *e, void *reply) {
    Wire w = {.out = &s->out};
    e->status = status;
    buffer_clear(&s->out);
    message_error(&w, e);
    if (row && !reply) reply = arena_array(&s->arena, 1, row->reply_size);
    if (row && row->reply && (status == STATUS_OK || row->replies_failing)) row->reply(&w, reply);
    if (s->out.size > FRAME_REPLY_MOST) reply_error(s, row, STATUS_FAILED, _("the answer is too large: ask for less"));
    else send_client(s, FRAME_REPLY);
}

static void reply_error(Session *s, const Request *row, Status status, const char *why) {
    Error e = {0};
    error_set(&e, status, NULL, "%s", why);
    reply_with(s, row, status, &e, NULL);
}

/* --- the beginning ---------------------------------------------------------------------------------------------------- */

/* 1: the next message; 0: it did not come in time, or the client is gone; -1: what came is none. */
static int next_by(Session *s, int64_t until, Frame *frame) {
    for (;;) {
        int got = frames_next(&s->client, frame);
        int64_t left = until - clock_ms();
        struct pollfd p = {.fd = s->client.fd, .events = POLLIN};
        if (got) return got;
        if (left <= 0 || (poll(&p, 1, (int)left) < 0 && errno != EINTR)) return 0;
        if (p.revents && frames_fill(&s->client) == FRAMES_END) return 0;
    }
}

/* Only operators of the store are taken: what is in it is theirs. */
static Status admit(Session *s, Error *e) {
    Status status = service_open(s->options->store, false, s->options->busy_ms, s->login, &s->service, e);
    return status == STATUS_OK ? local_load_actor(s->service, s->login, e) : status;
}

/* What a hello says: a version, and nothing of who speaks, for that the kernel says. */
static Status read_hello(Session *s, const Frame *frame, Error *e) {
    const char *version = NULL;
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = &s->arena};
    dial_hello(&r, &version);
    if (frame->kind != FRAME_HELLO || r.bad || r.at != r.end || !version)
        return error_set(e, STATUS_USAGE, NULL, _("the request cannot be read"));
    return protocol_check(version, protocol_version(), e);
}

static bool say_hello(Session *s) {
    Frame frame;
    Error e = {0};
    const char *version = protocol_version();
    StoreState state = {0};
    int got = next_by(s, clock_ms() + HELLO_MS, &frame);
    if (!got) return false;
    Status status =
        got > 0 ? read_hello(s, &frame, &e) : error_set(&e, STATUS_USAGE, NULL, _("the request cannot be read"));
    if (status == STATUS_OK) status = admit(s, &e);
    Wire w = {.out = &s->out};
    dial_hello(&w, &version);
    e.status = status;
    message_error(&w, &e);
    if (status == STATUS_OK) {
        local_actor(s->service, &s->arena, NULL, &state, &e);
        request_rows[REQUEST_ACTOR].reply(&w, &state);
    }
    send_client(s, FRAME_HELLO);
    return status == STATUS_OK && !s->ended;
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

/* What the client does while it waits: says that it has had enough; or what is for later, and keeps; or is gone. */
typedef enum Meanwhile { MEANWHILE_NOTHING, MEANWHILE_LATER, MEANWHILE_CANCEL, MEANWHILE_GONE } Meanwhile;

static Meanwhile look_at_client(Session *s) {
    Frame frame;
    if (frames_fill(&s->client) == FRAMES_END) return MEANWHILE_GONE;
    size_t before = s->client.taken;
    int got = frames_next(&s->client, &frame);
    if (got > 0 && frame.kind == FRAME_CANCEL) return MEANWHILE_CANCEL;
    s->client.taken = before;
    return got ? MEANWHILE_LATER : MEANWHILE_NOTHING;
}

/* A long read keeps all that is written meanwhile from being moved out of the log. */
static bool lets_log_grow(Session *s, int64_t now) {
    if (now < s->look_ms) return false;
    s->look_ms = now + LOOK_MS;
    if (store_log_size(s->service->store) > LOG_MOST) s->grew = true;
    return s->grew;
}

static bool stop_query(void *context) {
    Session *s = context;
    int64_t now = clock_ms();
    if (!s->reading) return false;
    if (!s->cancelled) s->cancelled = look_at_client(s) >= MEANWHILE_CANCEL;
    return s->cancelled || (s->until && now > s->until) || lets_log_grow(s, now);
}

/* What is found is told for certain; how far it is, only to who has read what was told before. */
static bool send_note(void *context, const Note *n) {
    Session *s = context;
    Note copy = *n;
    Wire w = {.out = &s->out};
    if (!n->text && !can_send(s)) return !stop_query(s);
    buffer_clear(&s->out);
    wire_number(&w, &copy.done);
    wire_number(&w, &copy.total);
    wire_text(&w, &copy.text);
    send_client(s, FRAME_NOTE);
    return !s->ended && !stop_query(s);
}

/* What takes long lets everybody else go first, and this connection stays behind them: nobody is raised again. */
static void step_back(Session *s) {
    if (s->behind) return;
    s->behind = true;
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + LONG_NICE);
}

static void read_for(Session *s, const Request *row, void *arguments) {
    Error e = {0};
    void *reply = arena_array(&s->arena, 1, row->reply_size);
    s->cancelled = s->grew = false;
    if (row->listen || row->file) step_back(s);
    s->look_ms = clock_ms() + GRACE_MS;
    s->until = row->listen ? 0 : clock_ms() + QUERY_MS; /* whoever is told how far it is can stop it */
    if (row->listen) row->listen(arguments, send_note, s);
    s->reading = true;
    Status status = row->run(s->service, &s->arena, arguments, reply, &e);
    s->reading = false;
    if (status == STATUS_STOPPED && !s->cancelled && s->grew)
        status = error_set(&e, STATUS_BUSY, NULL,
                           _("too much is written for so long a read: try again later, or read a copy (backup)"));
    else if (status == STATUS_STOPPED && !s->cancelled && s->until)
        status = error_set(&e, STATUS_BUSY, NULL, _("it took longer than %d seconds: ask for less"), QUERY_MS / 1000);
    reply_with(s, row, status, &e, reply);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

/* What the writer says goes on as it is. True: it was the answer. */
static bool pass_on(Session *s, const Frame *frame) {
    if (frame->kind == FRAME_CHANGED) s->owed = true;
    if (frame->kind != FRAME_REPLY && (frame->kind != FRAME_NOTE || !can_send(s))) return false;
    buffer_clear(&s->out);
    buffer_add(&s->out, frame->bytes, frame->size);
    send_client(s, frame->kind);
    return frame->kind == FRAME_REPLY;
}

/* Waits for the writer's answer. A client that has had enough is heard; one that is gone ends the session, by which the
 * writer knows: what it had not begun is not done. */
static void forward(Session *s) {
    Frame frame;
    bool answered = false;
    short watched = POLLIN;
    while (!answered && !s->ended) {
        int got = frames_next(&s->writer, &frame);
        if (got > 0) answered = pass_on(s, &frame);
        if (got < 0) s->ended = true;
        if (got) continue;
        struct pollfd fds[2] = {{.fd = s->writer.fd, .events = POLLIN}, {.fd = s->client.fd, .events = watched}};
        poll(fds, 2, -1);
        if (fds[0].revents && frames_fill(&s->writer) == FRAMES_END) s->ended = true;
        if (!fds[1].revents) continue;
        Meanwhile what = fds[1].revents & (POLLHUP | POLLERR) ? MEANWHILE_GONE : look_at_client(s);
        if (what != MEANWHILE_NOTHING) watched = 0;
        if (what == MEANWHILE_GONE ||
            (what == MEANWHILE_CANCEL && !frame_send(s->writer.fd, FRAME_CANCEL, "", 0, -1, SEND_MS)))
            s->ended = true;
    }
}

/* passed: the client's file, -1 for none. */
static void write_for(Session *s, const Request *row, const Frame *frame, int passed) {
    int file = -1;
    Error e = {0};
    Buffer bytes = {0};
    buffer_add(&bytes, frame->bytes, frame->size);
    Status status = row->file ? copies_take(s->options->store, passed, s->client.fd, &file, &e) : STATUS_OK;
    if (status != STATUS_OK) {
        reply_with(s, row, status, &e, NULL);
        buffer_free(&bytes);
        return;
    }
    if (frame_send(s->writer.fd, FRAME_ASK, bytes.bytes, bytes.size, file, SEND_MS)) forward(s);
    else s->ended = true;
    if (file >= 0) close(file);
    buffer_free(&bytes);
}

/* --- the loop --------------------------------------------------------------------------------------------------------- */

/* What makes no sense is answered, and its sender dropped: nothing after it can be trusted to begin where it should. */
static void refuse(Session *s) {
    reply_error(s, NULL, STATUS_USAGE, _("the request cannot be read"));
    s->ended = true;
}

/* passed: the file that came with it, -1 for none. It is the caller's: while the request is served another may come. */
static void ask(Session *s, const Frame *frame, int passed) {
    int site = -1, name = 0;
    void *arguments = NULL;
    Error e = {0};
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = &s->arena};
    wire_between(&r, &site, -1, SITE_COUNT - 1);
    wire_between(&r, &name, 0, REQUEST_NAMES - 1);
    const Request *row = &request_rows[name];
    if (!r.bad) arguments = arena_array(&s->arena, 1, row->arguments_size);
    if (!r.bad && row->arguments) row->arguments(&r, arguments);
    if (r.bad || r.at != r.end) {
        refuse(s);
        return;
    }
    Status status = local_admit(s->service, s->login, site, row, arguments, &e);
    if (status != STATUS_OK) {
        reply_with(s, row, status, &e, NULL);
        return;
    }
    if (row->file) *row->file(arguments) = passed;
    if (row->file && passed < 0) reply_error(s, row, STATUS_USAGE, _("no file was passed"));
    else if (row->writes && row->writes(arguments)) write_for(s, row, frame, passed);
    else read_for(s, row, arguments);
}

/* What somebody types who is no operator any more is kept by nobody. */
static void keep(Session *s, const Frame *frame) {
    Error e = {0};
    if (local_load_actor(s->service, s->login, &e) == STATUS_OK)
        keeper_forward(local_keeper(s->service), frame->bytes, frame->size);
}

static void answer(Session *s, const Frame *frame) {
    int passed = s->client.passed;
    s->client.passed = -1;
    if (frame->kind == FRAME_DRAFT) keep(s, frame);
    else if (frame->kind == FRAME_ASK) ask(s, frame, passed);
    else if (frame->kind != FRAME_CANCEL) refuse(s); /* a cancel came too late */
    if (passed >= 0) close(passed);
}

static void take_news(Session *s) {
    Frame frame;
    int got;
    if (frames_fill(&s->writer) == FRAMES_END) s->ended = true;
    while ((got = frames_next(&s->writer, &frame)) > 0) {
        s->owed = s->owed || frame.kind == FRAME_CHANGED;
    }
    if (got < 0) s->ended = true;
}

/* That somebody wrote, as soon as the client reads: one notice then stands for all that came before. */
static void tell_changed(Session *s) {
    if (!s->owed || !can_send(s)) return;
    buffer_clear(&s->out);
    send_client(s, FRAME_CHANGED);
    s->owed = false;
}

static void loop(Session *s) {
    Frame frame;
    while (!s->ended) {
        int got = frames_next(&s->client, &frame);
        if (got < 0) {
            refuse(s);
            return;
        }
        if (got > 0) {
            answer(s, &frame);
            arena_reset(&s->arena);
            continue;
        }
        tell_changed(s);
        struct pollfd fds[2] = {{.fd = s->client.fd, .events = (short)(POLLIN | (s->owed ? POLLOUT : 0))},
                                {.fd = s->writer.fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR) return;
        if (fds[1].revents) take_news(s);
        if (fds[0].revents & ~POLLOUT && frames_fill(&s->client) == FRAMES_END) return;
    }
}

/* The client is known now, and counts no more among those that are not. */
static bool tell_front(int front) {
    const pid_t own = getpid();
    return write(front, &own, sizeof own) == sizeof own;
}

/* What one client asks for must not take the machine's memory. (The sanitizers map more than that to begin with.) */
static void bound_memory(void) {
#ifndef __SANITIZE_ADDRESS__
    const struct rlimit most = {(rlim_t)MEMORY_MOST << 20, (rlim_t)MEMORY_MOST << 20};
    setrlimit(RLIMIT_AS, &most);
#endif
}

int session_run(const ServeOptions *options, const SessionEnds *ends, const char *login) {
    Session *s = memory_new(sizeof *s);
    *s = (Session){.options = options, .login = login};
    bound_memory();
    signal(SIGTERM, SIG_DFL);
    frames_start(&s->client, ends->client, HELLO_MOST);
    frames_start(&s->writer, ends->writer, FRAME_REPLY_MOST);
    if (say_hello(s) && tell_front(ends->front)) {
        s->client.most = FRAME_ASK_MOST;
        service_set_interrupt(s->service, stop_query, s);
        loop(s);
    }
    service_close(s->service);
    frames_free(&s->client);
    frames_free(&s->writer);
    buffer_free(&s->out);
    arena_free(&s->arena);
    free(s);
    return 0;
}
