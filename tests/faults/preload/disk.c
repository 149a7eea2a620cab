/* A disk as it can be, for LD_PRELOAD:
 *     DISK_SYNC_MS=5      every sync takes so long
 *     DISK_FAIL=eio       from the DISK_AT-th write or sync on (counting from 1) all of them fail: eio, enospc; or short:
 *     DISK_AT=17          that one write alone writes half of what it was given
 *     DISK_FAIL=cut       at the DISK_AT-th the power is cut: of what was written to a file since its last sync, each write
 *     DISK_SEED=3         is there, lost, or there by half, as it happens; and the program is gone
 *     DISK_FULL=FILE      as long as there is such a file, no room is left: writes fail, and the system says so
 *     DISK_UNSYNCED=FILE  as long as there is such a file, files below a directory of whose name DISK_BELOW is a part can
 *     DISK_BELOW=drafts   be written and never synced
 *     DISK_COUNT=FILE     at the end, how many writes and syncs there were
 * Only regular files count: what goes to terminals, pipes and sockets is none of a disk's business. */
#include <aio.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int calls;

static int is_file(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static int number(const char *name) {
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

static int is_full(void) {
    const char *path = getenv("DISK_FULL");
    return path && access(path, F_OK) == 0;
}

int statvfs(const char *path, struct statvfs *st) {
    int (*real)(const char *, struct statvfs *) = (int (*)(const char *, struct statvfs *))dlsym(RTLD_NEXT, "statvfs");
    int result = real(path, st);
    if (result == 0 && is_full()) st->f_bavail = 0;
    return result;
}

/* --- a power cut --------------------------------------------------------------------------------------------------- */

/* A write or a change of size that no sync has made durable yet. */
typedef struct Unsynced {
    struct Unsynced *before;
    dev_t device;
    ino_t inode;
    int fd; /* of its own */
    off_t at, was_size, size;
    size_t old_count, count; /* bytes that were there, bytes written */
    char *old, *bytes;
} Unsynced;

static Unsynced *newest;

static int cuts_power(void) {
    const char *how = getenv("DISK_FAIL");
    return how && !strcmp(how, "cut") && number("DISK_AT") > 0;
}

/* The calls themselves, past the functions of this library. */
static ssize_t put(int fd, const void *bytes, size_t size, off_t at) {
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

/* Keeps what a write of so many bytes will change, or a cut of the file to `at` (bytes NULL). */
static void remember(int fd, const void *bytes, size_t count, off_t at) {
    struct stat st;
    char link[64];
    if (!cuts_power() || fstat(fd, &st) != 0) return;
    Unsynced *u = calloc(1, sizeof *u);
    size_t most = bytes ? count : st.st_size > at ? (size_t)(st.st_size - at) : 0;
    if (!u || !(u->old = malloc(most + 1)) || !(u->bytes = malloc(count + 1))) abort();
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    u->fd = open(link, O_RDWR | O_CLOEXEC);
    u->device = st.st_dev;
    u->inode = st.st_ino;
    u->at = at;
    u->was_size = st.st_size;
    u->size = bytes ? (at + (off_t)count > st.st_size ? at + (off_t)count : st.st_size) : at;
    u->count = count;
    if (bytes) memcpy(u->bytes, bytes, count);
    ssize_t n = pread(u->fd, u->old, most, at);
    u->old_count = n > 0 ? (size_t)n : 0;
    u->before = newest;
    newest = u;
}

static void forget_synced(int fd) {
    struct stat st;
    if (!newest || fstat(fd, &st) != 0) return;
    for (Unsynced **at = &newest; *at;) {
        Unsynced *u = *at;
        if (u->device != st.st_dev || u->inode != st.st_ino) {
            at = &u->before;
            continue;
        }
        *at = u->before;
        close(u->fd);
        free(u->old);
        free(u->bytes);
        free(u);
    }
}

/* Oldest first: what has reached the disk after all. */
static void redo(const Unsynced *u, unsigned *random) {
    if (!u) return;
    redo(u->before, random);
    *random = *random * 1103515245 + 12345;
    unsigned fate = *random >> 16 & 3; /* whole, half, lost, lost */
    if (fate > 1) return;
    size_t count = fate ? u->count / 2 / 512 * 512 : u->count;
    if (count && put(u->fd, u->bytes, count, u->at) < 0) abort();
    if (!u->count && !fate && syscall(SYS_ftruncate, u->fd, u->size) != 0) abort();
}

static void cut_power(void) {
    unsigned random = (unsigned)number("DISK_SEED") * 7919 + (unsigned)number("DISK_AT");
    for (const Unsynced *u = newest; u; u = u->before) {
        if (u->old_count && put(u->fd, u->old, u->old_count, u->at) < 0) abort();
        if (syscall(SYS_ftruncate, u->fd, u->was_size) != 0) abort();
    }
    redo(newest, &random);
    kill(getpid(), SIGKILL);
}

/* --- the calls ----------------------------------------------------------------------------------------------------- */

/* What becomes of this call: 0 nothing, -1 it fails, 1 it is short. */
static int fate(int fd, int writes) {
    const char *how = getenv("DISK_FAIL");
    if (!is_file(fd)) return 0;
    if (writes && is_full()) {
        errno = ENOSPC;
        return -1;
    }
    calls++;
    int at = number("DISK_AT");
    if (!how || !at) return 0;
    if (!strcmp(how, "cut")) {
        if (calls == at) cut_power();
        return 0;
    }
    if (!strcmp(how, "short")) return writes && calls == at;
    if (calls < at) return 0;
    errno = !strcmp(how, "enospc") ? ENOSPC : EIO;
    return -1;
}

static off_t end_of(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_size : 0;
}

/* A change of size does not count as a write, but a power cut may undo it. */
static int resize(int fd, off_t size) {
    if (is_file(fd)) remember(fd, NULL, 0, size);
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size) {
    return resize(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    return resize(fd, size);
}

static int is_unsyncable(int fd) {
    const char *path = getenv("DISK_UNSYNCED"), *below = getenv("DISK_BELOW");
    char link[64], name[4096];
    if (!path || !below || access(path, F_OK) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name - 1);
    name[n > 0 ? n : 0] = 0;
    return strstr(name, below) != NULL;
}

/* It fails when it is asked what became of it, as a disk's does. */
static struct aiocb *unsyncable[16];

static struct aiocb **find_unsyncable(const struct aiocb *cb) {
    for (size_t i = 0; i < sizeof unsyncable / sizeof *unsyncable; i++) {
        if (unsyncable[i] == cb) return &unsyncable[i];
    }
    return NULL;
}

int aio_fsync(int how, struct aiocb *cb) {
    int (*real)(int, struct aiocb *) = (int (*)(int, struct aiocb *))dlsym(RTLD_NEXT, "aio_fsync");
    struct aiocb **room = find_unsyncable(NULL);
    if (!is_unsyncable(cb->aio_fildes)) return real(how, cb);
    if (!room) abort();
    *room = cb;
    return 0;
}

int aio_error(const struct aiocb *cb) {
    int (*real)(const struct aiocb *) = (int (*)(const struct aiocb *))dlsym(RTLD_NEXT, "aio_error");
    return find_unsyncable(cb) ? EIO : real(cb);
}

ssize_t aio_return(struct aiocb *cb) {
    ssize_t (*real)(struct aiocb *) = (ssize_t(*)(struct aiocb *))dlsym(RTLD_NEXT, "aio_return");
    struct aiocb **failed = find_unsyncable(cb);
    if (!failed) return real(cb);
    *failed = NULL;
    return -1;
}

static int slow_sync(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (fate(fd, 0) < 0) return -1;
    if (is_unsyncable(fd)) {
        errno = EIO;
        return -1;
    }
    int ms = number("DISK_SYNC_MS");
    if (ms) poll(NULL, 0, ms);
    int result = real(fd);
    if (result == 0) forget_synced(fd);
    return result;
}

int fsync(int fd) {
    return slow_sync(fd, "fsync");
}

int fdatasync(int fd) {
    return slow_sync(fd, "fdatasync");
}

ssize_t write(int fd, const void *bytes, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    int what = fate(fd, 1);
    if (is_file(fd)) remember(fd, bytes, size, fcntl(fd, F_GETFL) & O_APPEND ? end_of(fd) : lseek(fd, 0, SEEK_CUR));
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    int what = fate(fd, 1);
    if (is_file(fd)) remember(fd, bytes, size, at);
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    int what = fate(fd, 1);
    if (is_file(fd)) remember(fd, bytes, size, at);
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size, at);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("DISK_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (!f) return;
    fprintf(f, "%d\n", calls);
    fclose(f);
}
