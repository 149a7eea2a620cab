/* A disk as it can be, for LD_PRELOAD:
 *     DISK_SYNC_MS=5      every sync takes so long
 *     DISK_FAIL=eio       from the DISK_AT-th write or sync on (counting from 1) all of them fail: eio, enospc; or short:
 *     DISK_AT=17          that one write alone writes half of what it was given
 *     DISK_FULL=FILE      as long as there is such a file, no room is left: writes fail, and the system says so
 *     DISK_COUNT=FILE     at the end, how many writes and syncs there were
 * Only regular files count: what goes to terminals, pipes and sockets is none of a disk's business. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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
    if (!strcmp(how, "short")) return writes && calls == at;
    if (calls < at) return 0;
    errno = !strcmp(how, "enospc") ? ENOSPC : EIO;
    return -1;
}

static int slow_sync(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (fate(fd, 0) < 0) return -1;
    int ms = number("DISK_SYNC_MS");
    if (ms) poll(NULL, 0, ms);
    return real(fd);
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
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    int what = fate(fd, 1);
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    int what = fate(fd, 1);
    return what < 0 ? -1 : real(fd, bytes, what ? size / 2 : size, at);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("DISK_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (!f) return;
    fprintf(f, "%d\n", calls);
    fclose(f);
}
