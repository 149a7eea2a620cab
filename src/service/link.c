/* The client's side of the socket. */
#include "service/link.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "service/dial.h"
#include "service/messages.h"
#include "service/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HELLO_MS = 2000,
    SEND_MS = 10000,
    TELL_MS = 1000,
    LOOK_MS = 20,
    READ_MS = 75000, /* longer than a server lets one take */
    AGAIN_MS = 20,   /* between two attempts to connect while somebody waits, twice as long each time */
    AGAIN_MOST_MS = 320,
    AWAY_AGAIN_MS = 1000, /* the same while nobody does */
    TRIES_MOST = 5,
};

struct Link {
    char path[LINK_PATH_MOST + 8];
    char user[LOGIN_SIZE]; /* who may answer there, besides root and oneself */
    Frames frames;         /* fd -1: away */
    Frames greeting;       /* coming back: said hello, and not heard yet */
    int64_t greeting_until_ms, again_at_ms;
    int again_ms; /* from one attempt to the next */
    StoreState state;
    Arena state_arena, codes_arena;
    CodeRows codes;
    CodeBook book;
    bool codes_known, reading_codes;
    bool opened; /* it answered once */
    bool away;   /* it did not answer for so long that nobody waits for it any more */
    int64_t version;
    bool (*stop)(void *);
    void *stop_context;
    bool (*waits)(void *);
    void *waits_context;
    int64_t since_ms; /* since when the one who asked has seen nothing of it */
    int64_t heard_ms; /* when the server last said anything of it */
    int64_t patience_ms;
};

static void wait_ms(int ms) {
    poll(NULL, 0, ms);
}

static Status away(const Link *l, Error *e) {
    return error_set(e, STATUS_BUSY, NULL,
                     _("the server at %s does not answer: try again in a moment; its admin sees by \"systemctl status "
                       "jazari\" why it stays away"),
                     l->path);
}

static void hang_up(Link *l) {
    frames_free(&l->frames);
}

/* For how long the next look at the server may last. */
static int next_look(const Link *l, int64_t most) {
    return l->waits && most > LOOK_MS ? LOOK_MS : (int)most;
}

/* Whether who asked has waited enough. */
static bool gives_up(const Link *l) {
    int64_t from = l->opened ? LINK_WAITS_MS : LINK_WAITS_FIRST_MS;
    return l->waits && clock_ms() - l->since_ms >= from && l->waits(l->waits_context);
}

/* --- connecting ----------------------------------------------------------------------------------------------------- */

/* What the server says to the hello. STATUS_BUSY: not now either, and it said why. */
static Status take_hello(Link *l, const Frame *frame, Error *e) {
    const char *version = NULL;
    Error refused = {0};
    if (frame->kind != FRAME_HELLO) return STATUS_STOPPED;
    arena_reset(&l->state_arena);
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = &l->state_arena};
    dial_hello(&r, &version);
    Status s = protocol_check(protocol_version(), r.bad || !version ? "?" : version, e);
    if (s != STATUS_OK) return s;
    message_error(&r, &refused);
    if (!r.bad && refused.status != STATUS_OK) {
        if (e) *e = refused;
        return refused.status;
    }
    request_rows[REQUEST_ACTOR].reply(&r, &l->state);
    if (r.bad) return STATUS_STOPPED;
    l->codes_known = l->away = false;
    l->again_ms = 0;
    l->version++;
    return STATUS_OK;
}

/* The next message, by a time; false where the server is gone or late, or nobody waits for it any more. */
static bool next_by(Link *l, int64_t until, Frame *frame) {
    for (;;) {
        int got = frames_next(&l->frames, frame);
        if (got > 0) return true;
        struct pollfd p = {.fd = l->frames.fd, .events = POLLIN};
        int64_t left = until - clock_ms();
        if (got < 0 || left <= 0 || (poll(&p, 1, next_look(l, left)) < 0 && errno != EINTR)) return false;
        if (p.revents && frames_fill(&l->frames) == FRAMES_END) return false;
        if (!p.revents && gives_up(l)) return false;
    }
}

/* Who was there before is given a moment: there is something to go back to meanwhile. */
static Status connect_once(Link *l, Error *e) {
    Frame frame;
    frames_free(&l->greeting);
    Status s = dial(l->path, l->user, &l->frames, e);
    if (s != STATUS_OK) return s;
    int64_t until = clock_ms() + (l->opened ? HELLO_MS : l->patience_ms);
    s = next_by(l, until, &frame) ? take_hello(l, &frame, e) : STATUS_STOPPED;
    if (s != STATUS_OK) hang_up(l);
    return s;
}

static Status connect_by(Link *l, int64_t until, Error *e) {
    for (int wait = AGAIN_MS;; wait = 2 * wait < AGAIN_MOST_MS ? 2 * wait : AGAIN_MOST_MS) {
        Status s = connect_once(l, e);
        if (s != STATUS_STOPPED && s != STATUS_BUSY) return s;
        if (clock_ms() >= until || (l->stop && l->stop(l->stop_context)) || gives_up(l)) {
            l->away = true;
            return s == STATUS_BUSY ? s : away(l, e);
        }
        wait_ms(wait);
    }
}

/* The same bit by bit, waiting for nothing: a step now and then, the next attempt after a while that gets longer. */
static void come_back(Link *l) {
    int64_t now = clock_ms();
    Frame frame;
    Status s = STATUS_STOPPED;
    if (l->greeting.fd < 0) {
        if (now < l->again_at_ms) return;
        l->again_ms = !l->again_ms ? AGAIN_MS : l->again_ms < AWAY_AGAIN_MS / 2 ? 2 * l->again_ms : AWAY_AGAIN_MS;
        l->again_at_ms = now + l->again_ms;
        if (dial(l->path, l->user, &l->greeting, NULL) != STATUS_OK) return;
        l->greeting_until_ms = now + HELLO_MS;
    }
    FrameNews news = frames_fill(&l->greeting);
    int got = frames_next(&l->greeting, &frame);
    if (!got && news != FRAMES_END && now < l->greeting_until_ms) return;
    if (got > 0) s = take_hello(l, &frame, NULL);
    if (s == STATUS_OK) {
        l->frames = l->greeting;
        frames_start(&l->greeting, -1, FRAME_REPLY_MOST);
    } else frames_free(&l->greeting);
}

Status link_open(const char *path, const char *user, const ServiceWaiting *waiting, Link **out, Error *e) {
    *out = NULL;
    if (strlen(path) > LINK_PATH_MOST)
        return error_set(e, STATUS_USAGE, "server.socket", _("%.60s...: a socket's path has at most %d bytes"), path,
                         LINK_PATH_MOST);
    Link *l = memory_new(sizeof *l);
    *l = (Link){0};
    frames_start(&l->frames, -1, FRAME_REPLY_MOST);
    frames_start(&l->greeting, -1, FRAME_REPLY_MOST);
    text_copy(l->path, sizeof l->path, path);
    text_copy(l->user, sizeof l->user, user);
    l->patience_ms = waiting ? waiting->patience_ms : LINK_PATIENCE_MS;
    if (waiting) link_set_waits(l, waiting->waits, waiting->context);
    l->since_ms = clock_ms();
    Status s = connect_by(l, clock_ms() + LINK_AWAY_MS, e);
    if (s != STATUS_OK) {
        link_close(l);
        return s;
    }
    l->opened = true;
    *out = l;
    return STATUS_OK;
}

void link_close(Link *l) {
    if (!l) return;
    hang_up(l);
    frames_free(&l->greeting);
    arena_free(&l->state_arena);
    arena_free(&l->codes_arena);
    free(l);
}

/* --- asking --------------------------------------------------------------------------------------------------------- */

typedef struct Asking {
    RequestName name;
    const void *arguments;
    void *reply;
    Arena *arena;
    Buffer bytes;
    int pass;
    bool writes;
} Asking;

/* What the server tells goes to who asked, who may say that it is enough. */
static bool hear(const Asking *a, const Frame *frame) {
    Note n = {0};
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = a->arena};
    wire_number(&r, &n.done);
    wire_number(&r, &n.total);
    wire_text(&r, &n.text);
    const Request *row = &request_rows[a->name];
    return r.bad || !row->tell || row->tell(a->arguments, &n);
}

static Status take_reply(Link *l, const Asking *a, const Frame *frame, Error *e) {
    const Request *row = &request_rows[a->name];
    Error said = {0};
    Wire r = {.at = (const unsigned char *)frame->bytes,
              .end = (const unsigned char *)frame->bytes + frame->size,
              .arena = a->arena};
    message_error(&r, &said);
    if (row->reply && (said.status == STATUS_OK || row->replies_failing)) row->reply(&r, a->reply);
    if (r.bad || r.at != r.end) {
        hang_up(l);
        return error_set(e, STATUS_FAILED, NULL, _("the server's answer cannot be read"));
    }
    if (said.status != STATUS_OK && e) *e = said;
    return said.status;
}

/* What was sent may have been done, and may not: the same under the same operation says. */
static Status unsure(Error *e) {
    return error_set(e, STATUS_BUSY, "op", _("the server did not answer: it may have been done"));
}

/* How long a reply may take; what tells how far it is, and whole files, as long as they go on. */
static int64_t patience_for(const Link *l, const Asking *a) {
    const Request *row = &request_rows[a->name];
    if (row->file || row->listen) return INT32_MAX;
    return a->writes ? l->patience_ms : READ_MS;
}

/* Nobody waits for it any more: nor is whatever else such a server would say read. */
static Status let_go(Link *l, const Asking *a, bool late, Error *e) {
    hang_up(l);
    l->away = true;
    if (a->writes) return unsure(e);
    return late ? away(l, e) : STATUS_STOPPED;
}

/* Waits for the reply. STATUS_STOPPED with *broke: it broke. */
static Status wait_for_reply(Link *l, const Asking *a, bool *broke, Error *e) {
    bool cancelled = false;
    Frame frame;
    for (l->since_ms = l->heard_ms = clock_ms();;) {
        int got = frames_next(&l->frames, &frame);
        bool enough = false;
        if (got > 0 && frame.kind == FRAME_REPLY) return take_reply(l, a, &frame, e);
        if (got > 0 && frame.kind == FRAME_CHANGED) l->version++;
        if (got > 0 && frame.kind == FRAME_NOTE) {
            enough = !hear(a, &frame);
            l->heard_ms = clock_ms();
            if (request_rows[a->name].tell) l->since_ms = l->heard_ms;
        }
        struct pollfd p = {.fd = l->frames.fd, .events = POLLIN};
        if (!got) {
            bool asks = l->stop && !request_rows[a->name].writes && !cancelled;
            int64_t left = l->heard_ms + patience_for(l, a) - clock_ms();
            if (left <= 0) return let_go(l, a, true, e);
            poll(&p, 1, asks ? LOOK_MS : next_look(l, left));
            enough = asks && !p.revents && l->stop(l->stop_context);
            if (!p.revents && gives_up(l)) return let_go(l, a, false, e);
        }
        if (got < 0 || (p.revents && frames_fill(&l->frames) == FRAMES_END)) break;
        if (!enough || cancelled) continue;
        cancelled = true;
        if (!frame_send(l->frames.fd, FRAME_CANCEL, "", 0, -1, SEND_MS)) break;
    }
    hang_up(l);
    *broke = true;
    return STATUS_STOPPED;
}

static void write_ask(Asking *a, int site) {
    const Request *row = &request_rows[a->name];
    Wire w = {.out = &a->bytes};
    int name = (int)a->name;
    wire_int(&w, &site);
    wire_int(&w, &name);
    if (!a->arguments) return;
    /* The row's function reads or writes: it is given a copy, for what is asked is not to change. */
    void *copy = arena_array(a->arena, 1, row->arguments_size);
    memcpy(copy, a->arguments, row->arguments_size);
    if (row->arguments) row->arguments(&w, copy);
    if (row->file) a->pass = *row->file(copy);
}

/* A file that was read from is sent again from its beginning, or not at all. */
static bool can_repeat(const Asking *a) {
    return a->pass < 0 || lseek(a->pass, 0, SEEK_SET) == 0;
}

/* Once it counts as away, who can look at something else meanwhile does not wait for it. */
static Status connect_again(Link *l, Error *e) {
    if (!l->away || !l->waits) return connect_by(l, clock_ms() + (l->away ? 0 : LINK_AWAY_MS), e);
    come_back(l);
    return l->frames.fd < 0 ? away(l, e) : STATUS_OK;
}

Status link_ask(Link *l, Arena *arena, int site, RequestName name, const void *arguments, void *reply, Error *e) {
    const Request *row = &request_rows[name];
    Asking a = {.name = name, .arguments = arguments, .reply = reply, .arena = arena, .pass = -1};
    a.writes = row->writes && row->writes(arguments);
    write_ask(&a, site);
    Status s = STATUS_OK;
    l->since_ms = clock_ms();
    for (int tries = 1; tries <= TRIES_MOST; tries++) {
        bool broke = false;
        if (l->frames.fd < 0) s = connect_again(l, e);
        if (s == STATUS_BUSY && tries > 1 && a.writes) s = unsure(e);
        if (s != STATUS_OK) break;
        if (tries > 1 && !can_repeat(&a)) {
            s = error_set(e, STATUS_BUSY, NULL, _("the server went away while the file was read: give it again"));
            break;
        }
        if (frame_send(l->frames.fd, FRAME_ASK, a.bytes.bytes, a.bytes.size, a.pass, SEND_MS)) {
            s = wait_for_reply(l, &a, &broke, e);
        } else {
            hang_up(l);
            broke = true;
        }
        if (!broke) break;
        s = tries < TRIES_MOST ? STATUS_OK : a.writes ? unsure(e) : away(l, e);
    }
    buffer_free(&a.bytes);
    return s;
}

bool link_tell(Link *l, FrameKind kind, const char *bytes, size_t size) {
    if (l->frames.fd < 0) return false;
    if (frame_send(l->frames.fd, kind, bytes, size, -1, TELL_MS)) return true;
    hang_up(l);
    return false;
}

void link_set_interrupt(Link *l, bool (*stop)(void *), void *context) {
    l->stop = stop;
    l->stop_context = context;
}

void link_set_waits(Link *l, bool (*waits)(void *), void *context) {
    l->waits = waits;
    l->waits_context = context;
}

/* --- what is known of the store ------------------------------------------------------------------------------------- */

const StoreState *link_state(const Link *l) {
    return &l->state;
}

int link_fd(const Link *l) {
    return l->frames.fd;
}

int64_t link_version(Link *l) {
    Frame frame;
    if (l->frames.fd < 0) {
        come_back(l); /* counts as a change where it works */
        return l->version;
    }
    int64_t before = l->version;
    while (l->frames.fd >= 0 && frames_fill(&l->frames) == FRAMES_MORE) {}
    int got;
    while ((got = frames_next(&l->frames, &frame)) > 0) {
        if (frame.kind == FRAME_CHANGED) l->version++;
    }
    struct pollfd p = {.fd = l->frames.fd, .events = POLLIN};
    if (got < 0 || (poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR))) hang_up(l);
    if (l->version != before) l->codes_known = false;
    return l->version;
}

static void read_codes(Link *l) {
    CodeRows rows = {0};
    l->reading_codes = true;
    arena_reset(&l->codes_arena);
    Status s = link_ask(l, &l->codes_arena, l->state.actor.site, REQUEST_CODES, NULL, &rows, NULL);
    l->codes = s == STATUS_OK ? rows : (CodeRows){0};
    l->codes_known = s == STATUS_OK;
    l->reading_codes = false;
}

static bool known(Link *l) {
    if (!l->codes_known && !l->reading_codes) read_codes(l);
    return l->codes_known;
}

static bool id_of(void *self, int entity, const char *code, size_t size, int64_t *id) {
    Link *l = self;
    for (int i = 0; known(l) && i < l->codes.count; i++) {
        const CodeRow *r = &l->codes.rows[i];
        if (r->entity != entity || strlen(r->code) != size || strncasecmp(r->code, code, size) != 0) continue;
        *id = r->id;
        return true;
    }
    return false;
}

static bool code_of(void *self, int entity, int64_t id, char *out, size_t room) {
    Link *l = self;
    for (int i = 0; known(l) && i < l->codes.count; i++) {
        const CodeRow *r = &l->codes.rows[i];
        if (r->entity != entity || r->id != id) continue;
        text_copy(out, room, r->code);
        return true;
    }
    return false;
}

const CodeBook *link_codes(Link *l) {
    l->book = (CodeBook){.id_of = id_of, .code_of = code_of, .self = l, .today = clock_today()};
    return &l->book;
}
