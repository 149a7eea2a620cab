/* The store's file and its lock. */
#include "store/engine_file.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <unistd.h>

static Status refuse(Error *e, const char *path, const char *why) {
    error_set(e, STATUS_FAILED, NULL, "%s", why);
    return error_at(e, path, 0);
}

/* The type of the file system a device is, from the kernel's list of mounts; "" where it is not there. */
static void file_system_type(dev_t device, char *type, size_t size) {
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    char line[4096];
    unsigned major, minor;
    *type = 0;
    while (mounts && fgets(line, sizeof line, mounts)) {
        const char *dash = strstr(line, " - ");
        char found[64];
        if (!dash || sscanf(line, "%*d %*d %u:%u", &major, &minor) != 2 || makedev(major, minor) != device) continue;
        if (sscanf(dash, " - %63s", found) == 1) snprintf(type, size, "%s", found);
    }
    if (mounts) fclose(mounts);
}

static Status refuse_network(const char *path, dev_t device, Error *e) {
    static const char *const network[] = {"nfs",       "nfs4",  "cifs",        "smb3",           "smbfs",
                                          "afs",       "ceph",  "ncpfs",       "fuse.sshfs",     "fuse.rclone",
                                          "fuse.s3fs", "davfs", "fuse.davfs2", "fuse.glusterfs", "lustre"};
    char type[64];
    file_system_type(device, type, sizeof type);
    for (size_t i = 0; i < sizeof network / sizeof *network; i++) {
        if (strcmp(type, network[i]) != 0) continue;
        error_set(e, STATUS_FAILED, NULL,
                  _("it lies on a network file system (%s), where locks cannot be trusted: use a local disk"), type);
        return error_at(e, path, 0);
    }
    return STATUS_OK;
}

static Status examine_directory(const char *path, Error *e) {
    char *copy = memory_string(path);
    const char *directory = dirname(copy);
    struct stat st;
    Status s = STATUS_OK;
    if (stat(directory, &st) != 0) {
        error_set(e, STATUS_FAILED, NULL, _("the directory %s cannot be used: %s"), directory, strerror(errno));
        s = error_at(e, path, 0);
    } else s = refuse_network(path, st.st_dev, e);
    free(copy);
    return s;
}

/* The first 100 bytes say whether a file is an SQLite database and whether it is ours. */
static Status examine_header(const char *path, int fd, Error *e) {
    unsigned char h[100];
    ssize_t n = pread(fd, h, sizeof h, 0);
    if (n == 0) return refuse(e, path, _("the file is empty: make a store with \"jazari init\" under another name"));
    unsigned id = n == sizeof h ? (unsigned)h[68] << 24 | (unsigned)h[69] << 16 | (unsigned)h[70] << 8 | h[71] : 0;
    if (n != sizeof h || memcmp(h, "SQLite format 3", 16) != 0 || id != ENGINE_APPLICATION_ID)
        return refuse(e, path, _("the file is not a jazari store (or its first bytes are damaged)"));
    return STATUS_OK;
}

int64_t engine_file_log_size(const char *path) {
    Buffer name = {0};
    struct stat st;
    buffer_format(&name, "%s-wal", path);
    int64_t size = stat(name.bytes, &st) == 0 ? (int64_t)st.st_size : 0;
    buffer_free(&name);
    return size;
}

Status engine_file_examine(const char *path, EngineMode mode, StoreFile *file, Error *e) {
    *file = (StoreFile){.read_only = mode == ENGINE_READ || mode == ENGINE_COPY};
    Status s = examine_directory(path, e);
    if (s != STATUS_OK) return s;
    if (mode == ENGINE_CREATE) return engine_file_make(path, e);
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        if (errno == ENOENT && mode != ENGINE_COPY)
            return refuse(e, path, _("there is no store here: make one with \"jazari init\""));
        return refuse(e, path, strerror(errno));
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) s = refuse(e, path, _("this is not a file"));
    if (s == STATUS_OK) s = examine_header(path, fd, e);
    close(fd);
    if (s != STATUS_OK) return s;
    char *copy = memory_string(path);
    bool directory_writable = access(dirname(copy), W_OK) == 0;
    free(copy);
    if (access(path, W_OK) != 0 || !directory_writable) {
        file->read_only = true;
        file->immutable = !directory_writable && engine_file_log_size(path) == 0;
    }
    if (mode == ENGINE_COPY) file->immutable = engine_file_log_size(path) == 0;
    return STATUS_OK;
}

StoreFile engine_file_cramped(const char *path) {
    bool empty = engine_file_log_size(path) == 0;
    return (StoreFile){.read_only = true, .immutable = empty, .alone = !empty};
}

void engine_file_uri(Buffer *b, const char *path, bool immutable) {
    buffer_add_string(b, "file:");
    for (const char *c = path; *c; c++) {
        if (*c == '%' || *c == '?' || *c == '#') buffer_format(b, "%%%02X", (unsigned)(unsigned char)*c);
        else buffer_add_char(b, *c);
    }
    if (immutable) buffer_add_string(b, "?immutable=1");
}

void engine_file_lock_path(Buffer *b, const char *path) {
    buffer_format(b, "%s-lock", path);
}

static void wake(int signal_number) {
    (void)signal_number; /* it only ends the wait */
}

/* flock has no time-out of its own: an alarm ends it. The alarm repeats, in case it strikes before the call begins. */
bool engine_file_lock(int fd, int wait_ms) {
    if (engine_file_try_lock(fd)) return true;
    struct sigaction action = {.sa_handler = wake}, before;
    struct itimerval every = {.it_value = {wait_ms / 1000, wait_ms % 1000 * 1000 + 1}, .it_interval = {0, 50000}};
    const struct itimerval none = {0};
    int64_t until = clock_ms() + wait_ms;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &every, NULL);
    bool got;
    do {
        got = flock(fd, LOCK_EX) == 0;
    } while (!got && errno == EINTR && clock_ms() < until);
    setitimer(ITIMER_REAL, &none, NULL);
    sigaction(SIGALRM, &before, NULL);
    return got;
}

bool engine_file_try_lock(int fd) {
    return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

void engine_file_unlock(int fd) {
    flock(fd, LOCK_UN);
}

/* The bytes of the lock file that are locked, none of which need be there. */
enum { BYTE_OWNER, BYTE_LONG_READS };

static struct flock lock_of(int byte, int type) {
    return (struct flock){.l_type = (short)type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

bool engine_file_own(int fd, int wait_ms) {
    enum { PAUSE_MS = 20 };
    struct flock lock = lock_of(BYTE_OWNER, F_WRLCK);
    for (int waited = 0; fcntl(fd, F_OFD_SETLK, &lock) != 0; waited += PAUSE_MS) {
        if (errno != EAGAIN && errno != EACCES) return true; /* there are no such locks here */
        if (waited >= wait_ms) return false;
        poll(NULL, 0, PAUSE_MS);
    }
    return true;
}

int engine_file_read_long(const char *path) {
    struct flock lock = lock_of(BYTE_LONG_READS, F_RDLCK);
    Buffer name = {0};
    engine_file_lock_path(&name, path);
    int fd = open(name.bytes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0) fcntl(fd, F_OFD_SETLK, &lock);
    buffer_free(&name);
    return fd;
}

bool engine_file_is_read_long(int lock) {
    struct flock other = lock_of(BYTE_LONG_READS, F_WRLCK);
    return fcntl(lock, F_OFD_GETLK, &other) == 0 && other.l_type != F_UNLCK;
}

static Status taken(const char *path, Error *e) {
    return refuse(e, path, _("there is a file of this name already: nothing was written"));
}

/* What lies beside a store's file. */
static void remove_beside(const char *path) {
    static const char *const ends[] = {"-journal", "-wal", "-shm", "-lock", "-damaged", "-copied"};
    Buffer name = {0};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        buffer_clear(&name);
        buffer_format(&name, "%s%s", path, ends[i]);
        unlink(name.bytes);
    }
    buffer_free(&name);
}

void engine_file_remove(const char *path) {
    unlink(path);
    remove_beside(path);
}

/* Whether somebody has the store of this name open to write it, or serves it, though its file may have been moved. */
static bool is_held(const char *path) {
    Buffer name = {0};
    struct flock owner = lock_of(BYTE_OWNER, F_WRLCK);
    engine_file_lock_path(&name, path);
    int fd = open(name.bytes, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool owned = fd >= 0 && fcntl(fd, F_OFD_GETLK, &owner) == 0 && owner.l_type != F_UNLCK;
    bool locked = fd >= 0 && !engine_file_try_lock(fd);
    if (fd >= 0) close(fd);
    buffer_free(&name);
    return owned || locked;
}

/* Another store's log under this name would be taken for the new one's. */
static Status left_behind(const char *path, Error *e) {
    Buffer name = {0};
    Status s = STATUS_OK;
    buffer_format(&name, "%s-journal", path);
    bool journal = access(name.bytes, F_OK) == 0;
    if (engine_file_log_size(path) || journal)
        s = refuse(e, path,
                   _("of a store that was here its log is left, with what was written last: move what begins with this "
                     "name to where its file is"));
    buffer_free(&name);
    return s;
}

Status engine_file_is_free(const char *path, Error *e) {
    if (access(path, F_OK) == 0) return taken(path, e);
    if (is_held(path))
        return refuse(e, path, _("somebody still has the store open that was here: end the server first"));
    return left_behind(path, e);
}

Status engine_file_publish(const char *part, const char *path, Error *e) {
    Status s = engine_file_is_free(path, e);
    if (s != STATUS_OK) return s;
    remove_beside(path); /* what a store of this name left that was moved */
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0) return engine_file_sync(path, e);
    return errno == EEXIST ? taken(path, e) : refuse(e, path, strerror(errno));
}

Status engine_file_make(const char *path, Error *e) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        if (errno == EEXIST) return taken(path, e);
        return refuse(e, path, strerror(errno));
    }
    close(fd);
    return STATUS_OK;
}

static bool sync_path(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return good;
}

Status engine_file_sync(const char *path, Error *e) {
    char *copy = memory_string(path);
    bool good = sync_path(path, O_RDONLY) && sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
    free(copy);
    return good ? STATUS_OK : refuse(e, path, strerror(errno));
}
