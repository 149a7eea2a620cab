/* Memory that runs out, for LD_PRELOAD:
 *     MEMORY_FAIL=once    the MEMORY_AT-th allocation (counting from 1) alone fails; or all: it and all after it do
 *     MEMORY_AT=17
 *     MEMORY_COUNT=FILE   at the end, how many allocations there were
 * Counted from the program's start, in all its threads; but not while the C library looks up a user, as it ends the
 * program itself where it lacks memory then (an assertion in its nss_database.c). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static int calls, at = -1, all;
static __thread int spared;

/* getenv may not be ready when the first memory is asked for. */
static const char *setting(const char *name) {
    size_t size = strlen(name);
    for (char **e = environ; e && *e; e++) {
        if (strncmp(*e, name, size) == 0 && (*e)[size] == '=') return *e + size + 1;
    }
    return NULL;
}

static int fails(void) {
    if (spared) return 0;
    if (at < 0 && environ) {
        const char *how = setting("MEMORY_FAIL"), *number = setting("MEMORY_AT");
        at = how && *how && number ? atoi(number) : 0;
        all = how && strcmp(how, "all") == 0;
    }
    int call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    if (at <= 0 || call < at || (call > at && !all)) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) {
    static void *(*real)(size_t);
    if (!real) real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    return fails() ? NULL : real(size);
}

void *calloc(size_t count, size_t size) {
    static void *(*real)(size_t, size_t);
    if (!real) real = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    return fails() ? NULL : real(count, size);
}

void *realloc(void *old, size_t size) {
    static void *(*real)(void *, size_t);
    if (!real) real = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    return fails() ? NULL : real(old, size);
}

struct passwd *getpwuid(uid_t uid) {
    static struct passwd *(*real)(uid_t);
    if (!real) real = (struct passwd * (*)(uid_t)) dlsym(RTLD_NEXT, "getpwuid");
    spared++;
    struct passwd *found = real(uid);
    spared--;
    return found;
}

struct passwd *getpwnam(const char *name) {
    static struct passwd *(*real)(const char *);
    if (!real) real = (struct passwd * (*)(const char *)) dlsym(RTLD_NEXT, "getpwnam");
    spared++;
    struct passwd *found = real(name);
    spared--;
    return found;
}

__attribute__((destructor)) static void tell(void) {
    char text[16];
    const char *path = setting("MEMORY_COUNT");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (fd < 0) return;
    int size = snprintf(text, sizeof text, "%d\n", calls);
    if (write(fd, text, (size_t)size) < 0) {} /* whoever reads it sees that it is not there */
    close(fd);
}
