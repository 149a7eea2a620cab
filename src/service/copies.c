/* Files beside the store. */
#include "service/copies.h"

#include "base/arena.h"
#include "base/intl.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Bytes of a file that is passed; and what its copy leaves free of the disk that the store writes to. */
enum { FILE_MOST = 1 << 30, DISK_KEPT = 256 << 20 };

static const char passed[] = "-passed-", backup[] = "-backup-";

/* --- what a client passed -------------------------------------------------------------------------------------------- */

/* Waits until the file has something to read; false: the client is gone meanwhile. A pipe may take for ever. */
static bool wait_for_file(int from, int client) {
    struct pollfd fds[2] = {{.fd = from, .events = POLLIN}, {.fd = client, .events = 0}};
    while (!fds[0].revents && !fds[1].revents) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) return false;
    }
    return !fds[1].revents;
}

static int64_t free_bytes(int file) {
    struct statvfs disk;
    return fstatvfs(file, &disk) == 0 ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize : 0;
}

static Status copy_bytes(int from, int client, int to, Error *e) {
    enum { CHUNK = 1 << 18 };
    char *bytes = memory_new(CHUNK);
    int64_t size = 0, most = free_bytes(to) - DISK_KEPT;
    ssize_t n = 0;
    bool there = true;
    Status status = STATUS_OK;
    if (most > FILE_MOST) most = FILE_MOST;
    while (status == STATUS_OK && (there = wait_for_file(from, client)) && (n = read(from, bytes, CHUNK)) > 0) {
        size += n;
        if (size > FILE_MOST)
            status = error_set(e, STATUS_USAGE, NULL, _("the file is larger than %d MiB: import it in parts"),
                               FILE_MOST >> 20);
        else if (size > most || write(to, bytes, (size_t)n) != n)
            status = error_set(e, STATUS_FAILED, NULL, _("the server's disk has no room for the file"));
    }
    /* What came so far may end anywhere, and none of it was agreed to. */
    if (status == STATUS_OK && !there) status = error_set(e, STATUS_STOPPED, NULL, _("stopped: nothing was done"));
    if (status == STATUS_OK && n < 0)
        status = error_set(e, STATUS_FAILED, NULL, _("the file cannot be read: %s"), strerror(errno));
    free(bytes);
    return status;
}

Status copies_take(const char *store, int from, int client, int *copy, Error *e) {
    Buffer path = {0};
    buffer_format(&path, "%s%sXXXXXX", store, passed);
    *copy = mkostemp(path.bytes, O_CLOEXEC);
    int reason = errno;
    if (*copy >= 0) unlink(path.bytes);
    buffer_free(&path);
    if (*copy < 0) return error_set(e, STATUS_FAILED, NULL, _("the file cannot be copied: %s"), strerror(reason));
    Status status = copy_bytes(from, client, *copy, e);
    if (status == STATUS_OK) return status;
    close(*copy);
    *copy = -1;
    return status;
}

/* --- the store's copy ------------------------------------------------------------------------------------------------ */

Status copies_begin(const char *store, Buffer *path, Error *e) {
    struct stat st;
    int fd = open(store, O_RDONLY | O_CLOEXEC);
    bool room = fd >= 0 && fstat(fd, &st) == 0 && free_bytes(fd) - DISK_KEPT >= (int64_t)st.st_size;
    if (fd >= 0) close(fd);
    buffer_format(path, "%s%s%ld", store, backup, (long)getpid());
    return room ? STATUS_OK : error_set(e, STATUS_FAILED, NULL, _("the server's disk has no room for a copy"));
}

/* --- what was left --------------------------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *with) {
    return !strncmp(text, with, strlen(with));
}

/* Whether what follows the store's name in a file's says that a process made it that is no more. */
static bool is_left(const char *end) {
    if (begins(end, passed)) return true;
    if (!begins(end, backup)) return false;
    char *rest;
    long pid = strtol(end + strlen(backup), &rest, 10);
    return pid > 0 && (!*rest || *rest == '-') && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void copies_remove_left(const char *store) {
    char *of_name = strdup(store), *of_directory = strdup(store);
    const char *name = of_name ? basename(of_name) : "";
    DIR *directory = of_directory ? opendir(dirname(of_directory)) : NULL;
    for (const struct dirent *d; directory && (d = readdir(directory));) {
        if (*name && begins(d->d_name, name) && is_left(d->d_name + strlen(name)))
            unlinkat(dirfd(directory), d->d_name, 0);
    }
    if (directory) closedir(directory);
    free(of_name);
    free(of_directory);
}
