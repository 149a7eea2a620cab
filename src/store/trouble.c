/* What keeps a store from being written. */
#include "store/trouble.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ROOM_LEAST = 256 * 1024 }; /* bytes; a write takes some pages of the log */

static int open_note(const char *store, const char *end, int flags) {
    Buffer path = {0};
    buffer_format(&path, "%s%s", store, end);
    int fd = open(buffer_string(&path), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    buffer_free(&path);
    return fd;
}

static void read_note(const char *store, const char *end, char *out, size_t size) {
    int fd = open_note(store, end, O_RDONLY);
    char bytes[512];
    ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes - 1) : -1;
    *out = 0;
    if (fd >= 0) close(fd);
    if (n <= 0) return;
    bytes[n] = 0;
    bytes[strcspn(bytes, "\n")] = 0;
    text_copy(out, size, bytes);
}

static void write_note(const char *store, const char *end, int flags, const char *text) {
    int fd = open_note(store, end, O_WRONLY | O_CREAT | flags);
    if (fd < 0) return;
    if (dprintf(fd, "%s\n", text) < 0) errno = 0; /* where it cannot be noted, it is met again */
    close(fd);
}

bool trouble_is_damaged(const char *store) {
    int fd = open_note(store, "-damaged", O_RDONLY);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

/* The first one stays: what came of it is not the reason. */
void trouble_note_damage(const char *store, const char *why) {
    write_note(store, "-damaged", O_EXCL, why);
}

void trouble_clear_damage(const char *store) {
    Buffer path = {0};
    buffer_format(&path, "%s-damaged", store);
    unlink(path.bytes);
    buffer_free(&path);
}

void trouble_note_copy(const char *store, const char *path) {
    char *whole = realpath(path, NULL);
    write_note(store, "-copied", O_TRUNC, whole ? whole : path);
    free(whole);
}

static bool may_write(const char *store, char *why, size_t size) {
    char *copy = memory_string(store);
    bool may = access(store, W_OK) == 0 && access(dirname(copy), W_OK) == 0;
    if (!may) text_copy(why, size, strerror(errno));
    free(copy);
    return may;
}

static bool has_room(const char *store) {
    struct statvfs st;
    return statvfs(store, &st) != 0 || (unsigned long long)st.f_bavail * st.f_frsize >= ROOM_LEAST;
}

void trouble_find(const char *store, Trouble *t) {
    *t = (Trouble){.kind = TROUBLE_NONE};
    if (trouble_is_damaged(store)) {
        t->kind = TROUBLE_DAMAGED;
        read_note(store, "-damaged", t->why, sizeof t->why);
        read_note(store, "-copied", t->copy, sizeof t->copy);
    } else if (!may_write(store, t->why, sizeof t->why)) t->kind = TROUBLE_READ_ONLY;
    else if (!has_room(store)) t->kind = TROUBLE_FULL;
}
