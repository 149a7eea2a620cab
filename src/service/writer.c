/* The writer: what all sessions ask to be written, everybody in turn. Whatever has come by the time that the one before is
 * committed goes into one commit: each in a savepoint of its own, answered once the disk has all of them. It waits for
 * nobody: what a session does not read yet stays in its outbox, where a notice is never kept twice. */
#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "service/copies.h"
#include "service/frame.h"
#include "service/local.h"
#include "service/messages.h"
#include "service/outbox.h"
#include "service/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    GROUP_MOST = 64, /* requests of one commit */
    GROUP_MS = 50,   /* after which no more of them is begun */
    TELL_MS = 50,    /* between two notices that somebody wrote */
    WAIT_MS = 10000, /* behind one that runs alone, until those that wait are told to come again */
    LOOK_MS = 10,    /* between two looks at the others while one runs alone */
    STILL_MS = 500,  /* after which the one whose it is hears that it still runs, sooner than anybody's patience ends */
    READY_MS = 1000, /* for the front to take the first word */
};

/* One that waits to be done, or is. */
typedef struct Job {
    char *bytes; /* NULL: none */
    size_t size;
    int file; /* that was passed; -1: none */
    int64_t number, since_ms;
    int rank; /* how many of the same login wait before it */
    Buffer reply;
    bool wrote;
} Job;

/* A session that may ask: one thing at a time, for it waits for the answer. */
typedef struct Peer {
    Frames frames;
    Outbox out;
    char login[LOGIN_SIZE];
    Job job;
    bool owed; /* it was not told yet that somebody wrote */
    bool gone;
} Peer;

typedef struct Writer {
    Service *service;
    Frames front;
    Peer *peers[SERVER_SESSIONS_MOST + 1];
    int peer_count, waiting;
    Peer *alone; /* whose request runs by itself */
    int64_t numbers;
    int64_t looked_ms;   /* around, while it runs */
    int64_t said_ms;     /* that it still does */
    Arena arena;         /* of the request that runs */
    Arena waiting_arena; /* of an answer to one that waits */
    bool changed;        /* and nobody knows yet */
    int64_t told_at_ms;  /* that somebody wrote */
    bool cancelled, front_gone;
} Writer;

static void look_around(Writer *w, int patience);

static void send_what_waits(Peer *p) {
    if (outbox_is_empty(&p->out) && p->owed) {
        outbox_add(&p->out, FRAME_CHANGED, "", 0);
        p->owed = false;
    }
    if (!outbox_flush(&p->out, p->frames.fd)) p->gone = true;
}

static void end_job(Writer *w, Peer *p) {
    if (p->job.bytes) w->waiting--;
    free(p->job.bytes);
    if (p->job.file >= 0) close(p->job.file);
    buffer_free(&p->job.reply);
    p->job = (Job){.file = -1};
}

/* --- one request ----------------------------------------------------------------------------------------------------- */

static void write_reply(Job *j, const Request *row, Status s, Error *e, void *reply) {
    Wire w = {.out = &j->reply};
    e->status = s;
    message_error(&w, e);
    if (row && row->reply && (s == STATUS_OK || row->replies_failing)) row->reply(&w, reply);
}

/* How far the one is that runs alone; the others are not left alone meanwhile. Of notes that are not read none pile up. */
static bool send_note(void *context, const Note *n) {
    Writer *writer = context;
    Peer *p = writer->alone;
    Buffer out = {0};
    Wire w = {.out = &out};
    Note copy = *n;
    if (!p) return true;
    wire_number(&w, &copy.done);
    wire_number(&w, &copy.total);
    wire_text(&w, &copy.text);
    if (outbox_is_empty(&p->out)) outbox_add(&p->out, FRAME_NOTE, out.bytes, out.size);
    buffer_free(&out);
    look_around(writer, 0);
    return !writer->cancelled && !p->gone;
}

/* In the midst of one that runs alone. */
static void pulse(void *context) {
    Writer *w = context;
    int64_t now = clock_ms();
    if (!w->alone || now - w->looked_ms < LOOK_MS) return;
    w->looked_ms = now;
    if (now - w->said_ms < STILL_MS) {
        look_around(w, 0);
        return;
    }
    w->said_ms = now;
    send_note(w, &(Note){.text = ""});
}

static const Request *read_job(Writer *w, Job *j, int *site, void **arguments) {
    int name = 0;
    Wire r = {
        .at = (const unsigned char *)j->bytes, .end = (const unsigned char *)j->bytes + j->size, .arena = &w->arena};
    wire_between(&r, site, -1, SITE_COUNT - 1);
    wire_between(&r, &name, 0, REQUEST_NAMES - 1);
    const Request *row = &request_rows[name];
    if (r.bad || !row->writes) return NULL;
    *arguments = arena_array(&w->arena, 1, row->arguments_size);
    row->arguments(&r, *arguments);
    if (r.bad || r.at != r.end) return NULL;
    if (row->file) *row->file(*arguments) = j->file;
    if (row == &request_rows[REQUEST_COMMAND]) {
        CommandRequest *command = *arguments;
        command->pulse = pulse;
        command->context = w;
    }
    return row;
}

/* The operator is read anew for each: who was disabled a moment ago writes nothing more. */
static void run_job(Writer *w, Peer *p) {
    Job *j = &p->job;
    Error e = {0};
    int site = -1;
    void *arguments = NULL, *reply = NULL;
    arena_reset(&w->arena);
    buffer_clear(&j->reply);
    const Request *row = read_job(w, j, &site, &arguments);
    Status s = row ? local_admit(w->service, p->login, site, row, arguments, &e)
                   : error_set(&e, STATUS_USAGE, NULL, _("the request cannot be read"));
    if (row) reply = arena_array(&w->arena, 1, row->reply_size);
    if (s == STATUS_OK && row->listen) row->listen(arguments, send_note, w);
    if (s == STATUS_OK && row->file && j->file >= 0) lseek(j->file, 0, SEEK_SET);
    if (s == STATUS_OK) s = row->run(w->service, &w->arena, arguments, reply, &e);
    j->wrote = s == STATUS_OK;
    write_reply(j, row, s, &e, reply);
}

static const Request *read_row(Wire *r) {
    int site = 0, name = 0;
    wire_int(r, &site);
    wire_between(r, &name, 0, REQUEST_NAMES - 1);
    return &request_rows[name];
}

static const Request *row_of(const Job *j) {
    Wire r = {.at = (const unsigned char *)j->bytes, .end = (const unsigned char *)j->bytes + j->size};
    return read_row(&r);
}

/* An import may take long, and so may to take it back or bring it back. */
static bool runs_alone(Writer *w, const Job *j) {
    const char *verb = NULL;
    Wire r = {.at = (const unsigned char *)j->bytes,
              .end = (const unsigned char *)j->bytes + j->size,
              .arena = &w->waiting_arena};
    const Request *row = read_row(&r);
    if (row != &request_rows[REQUEST_COMMAND]) return row->alone;
    arena_reset(&w->waiting_arena);
    wire_text(&r, &verb);
    return verb && (!strcmp(verb, "undo") || !strcmp(verb, "redo"));
}

/* --- a group ---------------------------------------------------------------------------------------------------------- */

/* All in one transaction, as many as are done in time; returns how many. Where it is lost (a full disk takes all of it
 * with it), each is done by itself, so that each is told what is true of it. */
static int run_group(Writer *w, Peer **peers, int count) {
    Error e = {0};
    int64_t until = clock_ms() + GROUP_MS;
    bool whole = count > 1 && store_batch_begin(w->service->store, &e) == STATUS_OK;
    for (int i = 0; i < count && whole; i++) {
        run_job(w, peers[i]);
        whole = store_batch_stands(w->service->store);
        if (clock_ms() >= until) count = i + 1;
    }
    if (whole) {
        if (store_batch_commit(w->service->store, &e) == STATUS_OK) return count;
    } else if (count > 1) store_batch_rollback(w->service->store);
    for (int i = 0; i < count; i++) {
        run_job(w, peers[i]);
    }
    return count;
}

static void run_alone(Writer *w, Peer *p) {
    w->alone = p;
    w->cancelled = false;
    w->looked_ms = w->said_ms = clock_ms();
    run_job(w, p);
    w->alone = NULL;
}

static void answer(Writer *w, Peer *p) {
    w->changed = w->changed || p->job.wrote;
    outbox_add(&p->out, FRAME_REPLY, p->job.reply.bytes, p->job.reply.size);
    end_job(w, p);
    send_what_waits(p);
}

/* That somebody wrote: often enough for eyes, and no oftener, for each time wakes everybody. Who has not read the last
 * one yet is told once more when that is done, and no more than once. Returns how long until it is time, -1 where there
 * is nothing to tell. */
static int tell_changed(Writer *w) {
    int64_t now = clock_ms(), left = w->told_at_ms + TELL_MS - now;
    if (!w->changed) return -1;
    if (left > 0) return (int)left;
    for (int i = 0; i < w->peer_count; i++) {
        w->peers[i]->owed = true;
        if (!w->peers[i]->gone) send_what_waits(w->peers[i]);
    }
    w->changed = false;
    w->told_at_ms = now;
    return -1;
}

static int by_turn(const void *a, const void *b) {
    const Job *x = &(*(Peer *const *)a)->job, *y = &(*(Peer *const *)b)->job;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Those that wait, in the order in which it is their turn: everybody's first, then everybody's second, and so on, so that
 * who asks for much over many connections is no more in the way of others than anybody else. */
static int find_turns(const Writer *w, Peer **turns) {
    int count = 0;
    for (int i = 0; i < w->peer_count; i++) {
        if (w->peers[i]->job.bytes && !w->peers[i]->gone) turns[count++] = w->peers[i];
    }
    for (int i = 0; i < count; i++) {
        turns[i]->job.rank = 0;
        for (int k = 0; k < count; k++) {
            turns[i]->job.rank +=
                turns[k]->job.number < turns[i]->job.number && !strcmp(turns[k]->login, turns[i]->login);
        }
    }
    qsort(turns, (size_t)count, sizeof(Peer *), by_turn);
    return count;
}

static void run_jobs(Writer *w) {
    Peer *turns[SERVER_SESSIONS_MOST + 1] = {NULL};
    int all = find_turns(w, turns), count = 0;
    while (count < all && count < GROUP_MOST && !runs_alone(w, &turns[count]->job)) {
        count++;
    }
    if (count) count = run_group(w, turns, count);
    else if (all) {
        count = 1;
        run_alone(w, turns[0]);
    }
    for (int i = 0; i < count; i++) {
        answer(w, turns[i]);
    }
}

/* --- who asks --------------------------------------------------------------------------------------------------------- */

static void take_peers(Writer *w) {
    Frame frame;
    while (frames_next(&w->front, &frame) > 0) {
        if (frame.kind != FRAME_HELLO || w->front.passed < 0 || frame.size >= LOGIN_SIZE) continue;
        if (w->peer_count > SERVER_SESSIONS_MOST) continue;
        Peer *p = memory_new(sizeof *p);
        *p = (Peer){.job = {.file = -1}};
        frames_start(&p->frames, w->front.passed, FRAME_ASK_MOST);
        w->front.passed = -1;
        memcpy(p->login, frame.bytes, frame.size);
        p->login[frame.size] = 0;
        w->peers[w->peer_count++] = p;
    }
}

static void take_job(Writer *w, Peer *p, const Frame *frame) {
    p->job = (Job){.size = frame->size,
                   .file = p->frames.passed,
                   .bytes = memory_new(frame->size + 1),
                   .number = w->numbers++,
                   .since_ms = clock_ms()};
    p->frames.passed = -1;
    memcpy(p->job.bytes, frame->bytes, frame->size);
    w->waiting++;
}

/* What waits is not done: nothing of it was begun. */
static void send_away(Writer *w, Peer *p, Status status, Error *e) {
    arena_reset(&w->waiting_arena);
    const Request *row = row_of(&p->job);
    write_reply(&p->job, row, status, e, arena_array(&w->waiting_arena, 1, row->reply_size));
    answer(w, p);
}

/* One that runs alone may take long: who would wait for it too long is told so. */
static void send_away_late(Writer *w) {
    int64_t now = clock_ms();
    for (int i = 0; i < w->peer_count && w->alone; i++) {
        Peer *p = w->peers[i];
        Error e = {0};
        if (p == w->alone || p->gone || !p->job.bytes || now - p->job.since_ms < WAIT_MS) continue;
        error_set(&e, STATUS_BUSY, NULL,
                  _("%s keeps the store busy with very much at once: nothing was done, try again later"),
                  w->alone->login);
        send_away(w, p, STATUS_BUSY, &e);
    }
}

static void cancel(Writer *w, Peer *p) {
    Error e = {0};
    error_set(&e, STATUS_STOPPED, NULL, _("stopped: nothing was done"));
    if (p == w->alone) w->cancelled = true;
    else if (p->job.bytes) send_away(w, p, STATUS_STOPPED, &e);
}

/* A session asks once and waits; what it may still say is that it has had enough. */
static void hear(Writer *w, Peer *p) {
    Frame frame;
    int got;
    if (frames_fill(&p->frames) == FRAMES_END) p->gone = true;
    while ((got = frames_next(&p->frames, &frame)) > 0) {
        if (frame.kind == FRAME_CANCEL) cancel(w, p);
        if (frame.kind != FRAME_ASK) continue;
        if (p->job.bytes) p->gone = true;
        else take_job(w, p, &frame);
    }
    if (got < 0) p->gone = true;
}

static void drop_gone(Writer *w) {
    for (int i = 0; i < w->peer_count; i++) {
        Peer *p = w->peers[i];
        if (!p->gone || p == w->alone) continue;
        end_job(w, p);
        outbox_free(&p->out);
        frames_free(&p->frames);
        free(p);
        w->peers[i--] = w->peers[--w->peer_count];
    }
}

/* Hears what came, sends what may go; waits for it so long, -1: until something comes. */
static void look_around(Writer *w, int patience) {
    struct pollfd fds[SERVER_SESSIONS_MOST + 2];
    int count = w->peer_count;
    for (int i = 0; i < count; i++) {
        bool sends = !outbox_is_empty(&w->peers[i]->out);
        fds[i] = (struct pollfd){.fd = w->peers[i]->frames.fd, .events = (short)(POLLIN | (sends ? POLLOUT : 0))};
    }
    fds[count] = (struct pollfd){.fd = w->front_gone ? -1 : w->front.fd, .events = POLLIN};
    if (poll(fds, (nfds_t)count + 1, patience) < 0) return;
    for (int i = 0; i < count; i++) {
        if (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) hear(w, w->peers[i]);
        if (fds[i].revents & POLLOUT && !w->peers[i]->gone) send_what_waits(w->peers[i]);
    }
    /* All who came, each with the socket passed beside: the next one must not wait for a commit. */
    for (FrameNews news = FRAMES_MORE; fds[count].revents && news == FRAMES_MORE;) {
        news = frames_fill(&w->front);
        w->front_gone = news == FRAMES_END;
        take_peers(w);
    }
    send_away_late(w);
    tell_changed(w);
    drop_gone(w);
}

static void say_ready(const Writer *w, Error *e, Status s) {
    Buffer out = {0};
    Wire wire = {.out = &out};
    e->status = s;
    message_error(&wire, e);
    frame_send(w->front.fd, FRAME_HELLO, out.bytes, out.size, -1, READY_MS);
    buffer_free(&out);
}

int writer_run(const ServeOptions *options, int front) {
    Writer *w = memory_new(sizeof *w);
    Error e = {0};
    *w = (Writer){0};
    frames_start(&w->front, front, FRAME_ASK_MOST);
    Status s = service_open(options->store, true, options->busy_ms, "", &w->service, &e);
    if (s == STATUS_OK) s = store_own(w->service->store, &e);
    if (s == STATUS_OK) copies_remove_left(options->store);
    say_ready(w, &e, s);
    while (s == STATUS_OK && (!w->front_gone || w->waiting)) {
        int patience = tell_changed(w);
        look_around(w, w->waiting || w->front_gone ? 0 : patience);
        run_jobs(w);
    }
    for (int i = 0; i < w->peer_count; i++) {
        w->peers[i]->gone = true;
    }
    drop_gone(w);
    frames_free(&w->front);
    service_close(w->service);
    arena_free(&w->arena);
    arena_free(&w->waiting_arena);
    free(w);
    return s == STATUS_OK ? 0 : 1;
}
