/* What keeps drafts, and how it is told. */
#include "service/keeper.h"

#include "base/arena.h"
#include "base/date.h"

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SEND_MS = 1000,
    SETTLE_MS = 3000,
    QUIET_MS = 100, /* without a key, then the disk is asked to keep what there is */
    LOUD_MS = 500,  /* of keys, then it is asked all the same */
    FILE_MOST = 1 << 20,
    OPEN_MOST = 8,
    MESSAGE_MOST = DRAFT_SIZE_MOST + 1,
};

struct Keeper {
    const char *store, *login;
    Frames frames; /* fd -1: not started */
    int owed;      /* answers, that come in the order in which they were asked for */
};

/* --- the keeping process --------------------------------------------------------------------------------------------- */

/* The file of a form that is open. */
typedef struct Held {
    Buffer path;
    int fd; /* -1: none */
    bool dirty, syncing, is_new;
    bool failed; /* the disk did not take what is in it: a later sync that works says nothing of that */
    Buffer line; /* the last one */
    struct aiocb sync, sync_directory;
    int directory;
} Held;

typedef struct Keeping {
    const char *store, *login;
    Frames frames;
    Held held[OPEN_MOST];
    Buffer lost;      /* the last file that was let go of and that the disk did not take; empty: none */
    int64_t first_ms; /* since when something is not on the disk; 0: nothing */
} Keeping;

static void end_sync(Held *h) {
    const struct aiocb *both[] = {&h->sync, &h->sync_directory};
    for (int i = 0; h->syncing && i < 1 + (h->directory >= 0); i++) {
        while (aio_error(both[i]) == EINPROGRESS) {
            aio_suspend(&both[i], 1, NULL);
        }
        if (aio_return(i ? &h->sync_directory : &h->sync) != 0) h->failed = true;
    }
    if (h->syncing && h->directory >= 0) close(h->directory);
    h->syncing = false;
    h->directory = -1;
}

static bool is_synced(const Held *h) {
    return aio_error(&h->sync) != EINPROGRESS && (h->directory < 0 || aio_error(&h->sync_directory) != EINPROGRESS);
}

static int open_draft(const char *path, int more) {
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | more, 0600);
    if (fd >= 0) flock(fd, LOCK_SH);
    return fd;
}

/* Begins the file anew with its last line alone; false where that does not work. */
static bool shorten(Held *h) {
    Buffer path = {0};
    const Buffer *line = &h->line;
    buffer_format(&path, "%s.new", h->path.bytes);
    unlink(path.bytes);
    int fd = open_draft(path.bytes, O_EXCL);
    bool good = fd >= 0 && write(fd, line->bytes, line->size) == (ssize_t)line->size && fdatasync(fd) == 0 &&
                rename(path.bytes, h->path.bytes) == 0;
    if (good) {
        end_sync(h);
        close(h->fd);
        h->fd = fd;
        h->is_new = true;
        h->failed = false;
    } else if (fd >= 0) {
        close(fd);
        unlink(path.bytes);
    }
    buffer_free(&path);
    return good;
}

/* Asks the disk, and does not wait, unless it failed before. */
static void begin_sync(Held *h) {
    h->dirty = false;
    if (h->failed && !shorten(h)) return;
    h->sync = (struct aiocb){.aio_fildes = h->fd, .aio_sigevent = {.sigev_notify = SIGEV_NONE}};
    h->syncing = aio_fsync(O_DSYNC, &h->sync) == 0;
    h->failed = !h->syncing;
    h->directory = -1;
    if (!h->syncing || !h->is_new) return;
    h->is_new = false;
    char *copy = memory_string(h->path.bytes), *slash = strrchr(copy, '/');
    if (slash) *slash = 0;
    h->directory = slash ? open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(copy);
    h->sync_directory = (struct aiocb){.aio_fildes = h->directory, .aio_sigevent = {.sigev_notify = SIGEV_NONE}};
    if (h->directory < 0 || aio_fsync(O_SYNC, &h->sync_directory) == 0) return;
    close(h->directory);
    h->directory = -1;
    h->failed = true;
}

static void let_go(Keeping *k, Held *h) {
    end_sync(h);
    if (h->fd >= 0 && h->dirty && fdatasync(h->fd) != 0) h->failed = true;
    if (h->fd >= 0 && h->failed && !shorten(h)) {
        buffer_clear(&k->lost);
        buffer_add_string(&k->lost, h->path.bytes);
    }
    if (h->fd >= 0) close(h->fd);
    buffer_free(&h->path);
    buffer_free(&h->line);
    *h = (Held){.fd = -1, .directory = -1};
}

static bool is_still_there(const Held *h) {
    struct stat mine, there;
    return fstat(h->fd, &mine) == 0 && stat(h->path.bytes, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

static bool has_room(const Keeping *k, const char *path) {
    return access(path, F_OK) == 0 || draft_count(k->store, k->login) < DRAFTS_MOST;
}

/* The file of a path, open and held; NULL where it cannot be. */
static Held *hold(Keeping *k, const char *path) {
    Held *free_one = &k->held[0];
    for (int i = 0; i < OPEN_MOST; i++) {
        Held *h = &k->held[i];
        if (h->fd < 0) free_one = h;
        else if (!strcmp(h->path.bytes, path)) {
            if (is_still_there(h)) return h;
            free_one = h;
            break;
        }
    }
    let_go(k, free_one);
    if (!draft_make_directories(k->store, k->login) || !has_room(k, path)) return NULL;
    buffer_add_string(&free_one->path, path);
    free_one->is_new = true;
    do { /* somebody may remove it between the two */
        if (free_one->fd >= 0) close(free_one->fd);
        free_one->fd = open_draft(path, 0);
    } while (free_one->fd >= 0 && !is_still_there(free_one));
    if (free_one->fd >= 0) return free_one;
    let_go(k, free_one);
    return NULL;
}

static bool ends_in_newline(int fd, off_t size) {
    char last = '\n';
    return !size || (pread(fd, &last, 1, size - 1) == 1 && last == '\n');
}

/* A line more; what does not fit whole is taken back, so that the one before stays the last. */
static void append(Keeping *k, Held *h, const Buffer *line) {
    struct stat st;
    if (fstat(h->fd, &st) != 0) return;
    if (!ends_in_newline(h->fd, st.st_size) && write(h->fd, "\n", 1) != 1) return;
    if (write(h->fd, line->bytes, line->size) != (ssize_t)line->size) {
        if (ftruncate(h->fd, st.st_size) != 0) {} /* a torn line is none */
        return;
    }
    h->dirty = true;
    if (!k->first_ms) k->first_ms = clock_ms();
}

static bool is_lost(const Keeping *k, const char *path) {
    return k->lost.size && !strcmp(k->lost.bytes, path);
}

static void put(Keeping *k, const char *path, const Draft *d) {
    struct stat st;
    Held *h = hold(k, path);
    if (!h) return;
    if (is_lost(k, path)) {
        h->failed = true;
        buffer_clear(&k->lost);
    }
    buffer_clear(&h->line);
    draft_write(d, &h->line);
    buffer_add_char(&h->line, '\n');
    append(k, h, &h->line);
    if (fstat(h->fd, &st) == 0 && st.st_size > FILE_MOST) shorten(h);
}

static void leave(Keeping *k, const char *path, bool keep) {
    for (int i = 0; i < OPEN_MOST; i++) {
        Held *h = &k->held[i];
        if (h->fd < 0 || strcmp(h->path.bytes, path) != 0) continue;
        if (!keep) {
            end_sync(h);
            h->dirty = h->failed = false;
            unlink(path);
        }
        let_go(k, h);
        return;
    }
    if (!keep) unlink(path);
    if (!keep && is_lost(k, path)) buffer_clear(&k->lost);
}

static DraftKept state_of(Keeping *k, const char *path) {
    for (int i = 0; i < OPEN_MOST; i++) {
        Held *h = &k->held[i];
        if (h->fd < 0 || strcmp(h->path.bytes, path) != 0) continue;
        if (h->syncing && is_synced(h)) end_sync(h);
        return h->failed ? DRAFT_NOWHERE : h->dirty || h->syncing ? DRAFT_WRITTEN : DRAFT_SAFE;
    }
    return is_lost(k, path) ? DRAFT_NOWHERE : DRAFT_SAFE;
}

static void take(Keeping *k, const Frame *frame) {
    Arena arena = {0};
    Buffer path = {0};
    Draft d;
    if (!frame->size) return;
    if (*frame->bytes == KEEPER_SETTLE) frame_send(k->frames.fd, FRAME_REPLY, "", 0, -1, SEND_MS);
    else if (draft_read(&arena, frame->bytes + 1, frame->size - 1, &d)) {
        draft_path(&path, k->store, k->login, &d);
        const char state = (char)state_of(k, path.bytes);
        if (*frame->bytes == KEEPER_PUT) put(k, path.bytes, &d);
        else if (*frame->bytes == KEEPER_CHECK) frame_send(k->frames.fd, FRAME_REPLY, &state, 1, -1, SEND_MS);
        else leave(k, path.bytes, *frame->bytes == KEEPER_LEAVE && d.count);
    }
    buffer_free(&path);
    arena_free(&arena);
}

/* Has the disk keep what was typed, once nothing more comes; returns how long to wait for it, -1: for ever. */
static int look_after_disk(Keeping *k) {
    bool syncing = false, dirty = false;
    for (int i = 0; i < OPEN_MOST; i++) {
        Held *h = &k->held[i];
        if (h->syncing && is_synced(h)) end_sync(h);
        syncing = syncing || h->syncing;
        dirty = dirty || h->dirty;
    }
    if (!dirty) return syncing ? QUIET_MS : -1;
    if (syncing || clock_ms() - k->first_ms < LOUD_MS) return QUIET_MS;
    k->first_ms = 0;
    for (int i = 0; i < OPEN_MOST; i++) {
        if (k->held[i].dirty) begin_sync(&k->held[i]);
    }
    return QUIET_MS;
}

static void keep(Keeping *k) {
    Frame frame;
    for (bool ended = false; !ended;) {
        struct pollfd p = {.fd = k->frames.fd, .events = POLLIN};
        int wait = look_after_disk(k), ready = poll(&p, 1, wait);
        if (!ready) k->first_ms -= k->first_ms ? LOUD_MS : 0; /* quiet: it is time */
        if (ready > 0) ended = frames_fill(&k->frames) == FRAMES_END;
        int got;
        while ((got = frames_next(&k->frames, &frame)) > 0) {
            if (frame.kind == FRAME_DRAFT) take(k, &frame);
        }
        ended = ended || got < 0;
    }
    for (int i = 0; i < OPEN_MOST; i++) {
        let_go(k, &k->held[i]);
    }
}

/* What it shares with the program is let go, the locks of its files among it; what ends that does not end this. */
static void stand_alone(int fd) {
    static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP};
    sigset_t none;
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3 && null >= 0; i++) {
        dup2(null, i);
    }
    dup2(fd, 3);
    close_range(4, ~0u, 0);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        signal(ignored[i], SIG_IGN);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void keep_for(const Keeper *told, int fd) {
    if (setsid() < 0 || fork() != 0) _exit(0); /* whoever waits for this one has not long to wait */
    Keeping *k = memory_new(sizeof *k);
    stand_alone(fd);
    *k = (Keeping){.store = told->store, .login = told->login};
    for (int i = 0; i < OPEN_MOST; i++) {
        k->held[i] = (Held){.fd = -1, .directory = -1};
    }
    frames_start(&k->frames, 3, MESSAGE_MOST);
    keep(k);
    _exit(0);
}

/* --- telling it ------------------------------------------------------------------------------------------------------ */

Keeper *keeper_new(const char *store, const char *login) {
    Keeper *k = memory_new(sizeof *k);
    *k = (Keeper){.store = store, .login = login};
    frames_start(&k->frames, -1, MESSAGE_MOST);
    return k;
}

void keeper_free(Keeper *k) {
    if (!k) return;
    frames_free(&k->frames);
    free(k);
}

static bool start(Keeper *k) {
    int pair[2];
    if (k->frames.fd >= 0) return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
    pid_t pid = fork();
    if (!pid) {
        close(pair[0]);
        keep_for(k, pair[1]);
    }
    close(pair[1]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    k->owed = 0;
    if (pid > 0) frames_start(&k->frames, pair[0], MESSAGE_MOST);
    else close(pair[0]);
    return pid > 0;
}

static bool send_message(Keeper *k, const char *bytes, size_t size) {
    if (!start(k)) return false;
    if (frame_send(k->frames.fd, FRAME_DRAFT, bytes, size, -1, SEND_MS)) return true;
    frames_free(&k->frames); /* it ended: another one takes its place with the next */
    return false;
}

void keeper_message(Buffer *b, KeeperAct act, const Draft *d) {
    buffer_add_char(b, (char)act);
    if (d) draft_write(d, b);
}

bool keeper_tell(Keeper *k, KeeperAct act, const Draft *d) {
    Buffer message = {0};
    keeper_message(&message, act, d);
    bool told = message.size <= MESSAGE_MOST && send_message(k, message.bytes, message.size);
    buffer_free(&message);
    return told;
}

bool keeper_makes_sense(const char *bytes, size_t size) {
    Arena arena = {0};
    Draft d;
    bool good = size > 1 && size <= MESSAGE_MOST && draft_read(&arena, bytes + 1, size - 1, &d) &&
                (*bytes == KEEPER_PUT || *bytes == KEEPER_LEAVE || *bytes == KEEPER_DROP);
    arena_free(&arena);
    return good;
}

bool keeper_forward(Keeper *k, const char *bytes, size_t size) {
    return keeper_makes_sense(bytes, size) && send_message(k, bytes, size);
}

/* The answer, as a frame without bytes where there is none in time. */
static Frame ask(Keeper *k, const char *bytes, size_t size) {
    Frame frame = {0};
    int got;
    if (k->frames.fd < 0 || !send_message(k, bytes, size)) return frame;
    int64_t until = clock_ms() + SETTLE_MS;
    k->owed++;
    while ((got = frames_next(&k->frames, &frame)) <= 0 || --k->owed) {
        struct pollfd p = {.fd = k->frames.fd, .events = POLLIN};
        int64_t left = until - clock_ms();
        if (got > 0) continue;
        if (left <= 0 || (poll(&p, 1, (int)left) > 0 && frames_fill(&k->frames) == FRAMES_END)) return (Frame){0};
    }
    return frame;
}

void keeper_settle(Keeper *k) {
    const char settle = KEEPER_SETTLE;
    ask(k, &settle, 1);
}

/* Where none was started nothing is on its way to the disk. */
DraftKept keeper_check(Keeper *k, const Draft *d) {
    Buffer message = {0};
    DraftKept state = k->frames.fd < 0 ? DRAFT_SAFE : DRAFT_WRITTEN;
    keeper_message(&message, KEEPER_CHECK, d);
    const Frame frame = ask(k, message.bytes, message.size);
    if (frame.size) state = (DraftKept)*frame.bytes;
    buffer_free(&message);
    return draft_is_kept(k->store, k->login, d) ? state : DRAFT_NOWHERE;
}
