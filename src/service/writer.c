/* The writer: what all sessions ask to be written, first come first served. Whatever has come by the time that the one
 * before is committed goes into one commit: each in a savepoint of its own, answered once the disk has all of them. */
#include "base/intl.h"
#include "base/text.h"
#include "service/frame.h"
#include "service/local.h"
#include "service/messages.h"
#include "service/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GROUP_MOST = 64, SEND_MS = 0, NOTE_MS = 1000, TELL_MS = 50 };

/* A session that may ask. */
typedef struct Peer {
    Frames frames;
    char login[LOGIN_SIZE];
    bool gone;
} Peer;

typedef struct Job {
    Peer *peer;
    char *bytes;
    size_t size;
    int file; /* that was passed; -1: none */
    Buffer reply;
    bool wrote;
} Job;

typedef struct Writer {
    Service *service;
    Frames front;
    Peer *peers[SERVER_SESSIONS_MOST + 1];
    int peer_count;
    Job *jobs; /* waiting, in the order they came */
    int job_count, job_room;
    Arena arena;
    bool changed;       /* and not everybody knows yet */
    int64_t told_at_ms; /* that somebody wrote */
} Writer;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- one request ----------------------------------------------------------------------------------------------------- */

static void write_reply(Job *j, const Request *row, Status s, Error *e, void *reply) {
    Wire w = {.out = &j->reply};
    e->status = s;
    message_error(&w, e);
    if (row && row->reply && (s == STATUS_OK || row->replies_failing)) row->reply(&w, reply);
}

static bool send_note(void *context, const Note *n) {
    Job *j = context;
    Buffer out = {0};
    Wire w = {.out = &out};
    Note copy = *n;
    wire_number(&w, &copy.done);
    wire_number(&w, &copy.total);
    wire_text(&w, &copy.text);
    bool sent = frame_send(j->peer->frames.fd, FRAME_NOTE, out.bytes, out.size, -1, NOTE_MS);
    buffer_free(&out);
    return sent;
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
    return row;
}

/* The operator is read anew for each: who was disabled a moment ago writes nothing more. */
static void run_job(Writer *w, Job *j) {
    Error e = {0};
    int site = -1;
    void *arguments = NULL, *reply = NULL;
    arena_reset(&w->arena);
    buffer_clear(&j->reply);
    const Request *row = read_job(w, j, &site, &arguments);
    Status s = row ? local_admit(w->service, j->peer->login, site, row, arguments, &e)
                   : error_set(&e, STATUS_USAGE, NULL, _("the request cannot be read"));
    if (row) reply = arena_array(&w->arena, 1, row->reply_size);
    if (s == STATUS_OK && row->listen) row->listen(arguments, send_note, j);
    if (s == STATUS_OK && row->file && j->file >= 0) lseek(j->file, 0, SEEK_SET);
    if (s == STATUS_OK) s = row->run(w->service, &w->arena, arguments, reply, &e);
    j->wrote = s == STATUS_OK;
    write_reply(j, row, s, &e, reply);
}

static bool is_alone(const Job *j) {
    int site = 0, name = 0;
    Wire r = {.at = (const unsigned char *)j->bytes, .end = (const unsigned char *)j->bytes + j->size};
    wire_int(&r, &site);
    wire_between(&r, &name, 0, REQUEST_NAMES - 1);
    return request_rows[name].alone;
}

/* --- a group ---------------------------------------------------------------------------------------------------------- */

/* All in one transaction. Where that is lost (a full disk takes all of it with it), each is done by itself, so that
 * each is told what is true of it. */
static void run_group(Writer *w, Job *jobs, int count) {
    Error e = {0};
    bool whole = count > 1 && store_batch_begin(w->service->store, &e) == STATUS_OK;
    for (int i = 0; i < count && whole; i++) {
        run_job(w, &jobs[i]);
        whole = store_batch_stands(w->service->store);
    }
    if (whole) {
        if (store_batch_commit(w->service->store, &e) == STATUS_OK) return;
    } else if (count > 1) store_batch_rollback(w->service->store);
    for (int i = 0; i < count; i++) {
        run_job(w, &jobs[i]);
    }
}

static void answer(Writer *w, Job *jobs, int count) {
    for (int i = 0; i < count; i++) {
        Job *j = &jobs[i];
        w->changed = w->changed || j->wrote;
        if (!j->peer->gone && !frame_send(j->peer->frames.fd, FRAME_REPLY, j->reply.bytes, j->reply.size, -1, SEND_MS))
            j->peer->gone = true;
    }
}

/* That somebody wrote: often enough for eyes, and no oftener, for each time wakes everybody. Returns how long until it
 * is time, -1 where there is nothing to tell. */
static int tell_changed(Writer *w) {
    int64_t now = now_ms(), left = w->told_at_ms + TELL_MS - now;
    if (!w->changed) return -1;
    if (left > 0) return (int)left;
    for (int i = 0; i < w->peer_count; i++) {
        if (!w->peers[i]->gone && !frame_send(w->peers[i]->frames.fd, FRAME_CHANGED, "", 0, -1, SEND_MS))
            w->peers[i]->gone = true;
    }
    w->changed = false;
    w->told_at_ms = now;
    return -1;
}

static void free_jobs(Job *jobs, int count) {
    for (int i = 0; i < count; i++) {
        free(jobs[i].bytes);
        if (jobs[i].file >= 0) close(jobs[i].file);
        buffer_free(&jobs[i].reply);
    }
}

static void run_jobs(Writer *w) {
    int count = 0;
    while (count < w->job_count && count < GROUP_MOST && !is_alone(&w->jobs[count])) {
        count++;
    }
    if (!count && w->job_count) count = 1;
    if (!count) return;
    run_group(w, w->jobs, count);
    answer(w, w->jobs, count);
    free_jobs(w->jobs, count);
    w->job_count -= count;
    memmove(w->jobs, w->jobs + count, (size_t)w->job_count * sizeof *w->jobs);
}

/* --- who asks --------------------------------------------------------------------------------------------------------- */

static void take_peers(Writer *w) {
    Frame frame;
    while (frames_next(&w->front, &frame) > 0) {
        if (frame.kind != FRAME_HELLO || w->front.passed < 0 || frame.size >= LOGIN_SIZE) continue;
        if (w->peer_count > SERVER_SESSIONS_MOST) continue;
        Peer *p = memory_new(sizeof *p);
        frames_start(&p->frames, w->front.passed, FRAME_ASK_MOST);
        w->front.passed = -1;
        memcpy(p->login, frame.bytes, frame.size);
        p->login[frame.size] = 0;
        p->gone = false;
        w->peers[w->peer_count++] = p;
    }
}

static void take_jobs(Writer *w, Peer *p) {
    Frame frame;
    int got;
    if (frames_fill(&p->frames) == FRAMES_END) p->gone = true;
    while ((got = frames_next(&p->frames, &frame)) > 0) {
        if (frame.kind != FRAME_ASK) continue;
        if (w->job_count == w->job_room)
            w->jobs = memory_grow(w->jobs, (size_t)(w->job_room = w->job_room ? 2 * w->job_room : 64), sizeof *w->jobs);
        Job *j = &w->jobs[w->job_count++];
        *j = (Job){.peer = p, .size = frame.size, .file = p->frames.passed, .bytes = memory_new(frame.size + 1)};
        p->frames.passed = -1;
        memcpy(j->bytes, frame.bytes, frame.size);
    }
    if (got < 0) p->gone = true;
}

static bool has_job(const Writer *w, const Peer *p) {
    for (int i = 0; i < w->job_count; i++) {
        if (w->jobs[i].peer == p) return true;
    }
    return false;
}

static void drop_gone(Writer *w) {
    for (int i = 0; i < w->peer_count; i++) {
        Peer *p = w->peers[i];
        if (!p->gone || has_job(w, p)) continue;
        frames_free(&p->frames);
        free(p);
        w->peers[i--] = w->peers[--w->peer_count];
    }
}

/* False once the front is gone and nothing is left to do. */
static bool wait_for_work(Writer *w, bool *front_gone) {
    struct pollfd fds[SERVER_SESSIONS_MOST + 2];
    int count = w->peer_count;
    for (int i = 0; i < count; i++) {
        fds[i] = (struct pollfd){.fd = w->peers[i]->gone ? -1 : w->peers[i]->frames.fd, .events = POLLIN};
    }
    fds[count] = (struct pollfd){.fd = *front_gone ? -1 : w->front.fd, .events = POLLIN};
    int patience = tell_changed(w);
    if (poll(fds, (nfds_t)count + 1, w->job_count || *front_gone ? 0 : patience) < 0) return errno == EINTR;
    for (int i = 0; i < count; i++) {
        if (fds[i].revents) take_jobs(w, w->peers[i]);
    }
    /* All who came, each with the socket passed beside: the next one must not wait for a commit. */
    for (FrameNews news = FRAMES_MORE; fds[count].revents && news == FRAMES_MORE;) {
        news = frames_fill(&w->front);
        *front_gone = news == FRAMES_END;
        take_peers(w);
    }
    return !*front_gone || w->job_count;
}

static void say_ready(const Writer *w, Error *e, Status s) {
    Buffer out = {0};
    Wire wire = {.out = &out};
    e->status = s;
    message_error(&wire, e);
    frame_send(w->front.fd, FRAME_HELLO, out.bytes, out.size, -1, NOTE_MS);
    buffer_free(&out);
}

int writer_run(const ServeOptions *options, int front) {
    Writer *w = memory_new(sizeof *w);
    Error e = {0};
    bool front_gone = false;
    *w = (Writer){0};
    frames_start(&w->front, front, FRAME_ASK_MOST);
    Status s = service_open(options->store, true, options->busy_ms, "", &w->service, &e);
    say_ready(w, &e, s);
    while (s == STATUS_OK && wait_for_work(w, &front_gone)) {
        run_jobs(w);
        drop_gone(w);
    }
    for (int i = 0; i < w->peer_count; i++) {
        frames_free(&w->peers[i]->frames);
        free(w->peers[i]);
    }
    free(w->jobs);
    frames_free(&w->front);
    service_close(w->service);
    arena_free(&w->arena);
    free(w);
    return s == STATUS_OK ? 0 : 1;
}
