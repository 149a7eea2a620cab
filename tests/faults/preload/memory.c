/* Memory that runs out, for LD_PRELOAD:
 *     MEMORY_FAIL=once    the MEMORY_AT-th allocation (counting from 1) alone fails; or all: it and all after it do
 *     MEMORY_AT=17
 *     MEMORY_COUNT=FILE   at the end, how many allocations there were
 * Counted from the program's start, in all its threads. Those of libconfig and of the system's list of people neither
 * count nor fail: both use what they get without a look, and both are asked before the store is. Nor do those by which a
 * sanitizer looks at a new thread's stack: it gives up itself where it cannot. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static int calls, at = -1, all;
static __thread int spared __attribute__((tls_model("initial-exec")));

/* Nothing of libc is called before memory is given: a sanitizer that stands before libc may not be ready for it yet. */
static const char *after(const char *text, const char *prefix) {
    while (*prefix) {
        if (*text++ != *prefix++) return NULL;
    }
    return text;
}

static int contains(const char *text, const char *part) {
    for (; *text; text++) {
        if (after(text, part)) return 1;
    }
    return 0;
}

static const char *setting(const char *name) {
    for (char **e = environ; e && *e; e++) {
        const char *value = after(*e, name);
        if (value && *value == '=') return value + 1;
    }
    return NULL;
}

static int is_spared(void *caller) {
    Dl_info who;
    if (spared) return 1;
    return dladdr(caller, &who) && who.dli_fname && contains(who.dli_fname, "libconfig");
}

static void read_settings(void) {
    const char *how = setting("MEMORY_FAIL"), *number = setting("MEMORY_AT");
    at = 0;
    for (; how && *how && number && *number >= '0' && *number <= '9'; number++) {
        at = at * 10 + (*number - '0');
    }
    all = how && after(how, "all");
}

static int fails(void *caller) {
    if (at < 0 && environ) read_settings();
    if (is_spared(caller)) return 0;
    int call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    if (at <= 0 || call < at || (call > at && !all)) return 0;
    errno = ENOMEM;
    return 1;
}

static void *real_malloc(size_t size) {
    static void *(*real)(size_t);
    if (!real) real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    return real(size);
}

void *malloc(size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size) {
    static void *(*real)(size_t, size_t);
    if (!real) real = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    return fails(__builtin_return_address(0)) ? NULL : real(count, size);
}

void *realloc(void *old, size_t size) {
    static void *(*real)(void *, size_t);
    if (!real) real = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    return fails(__builtin_return_address(0)) ? NULL : real(old, size);
}

char *strdup(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = fails(__builtin_return_address(0)) ? NULL : real_malloc(size);
    return copy ? memcpy(copy, string, size) : NULL;
}

struct passwd *getpwuid(uid_t uid) {
    static struct passwd *(*real)(uid_t);
    if (!real) real = (struct passwd * (*)(uid_t)) dlsym(RTLD_NEXT, "getpwuid");
    spared = 1;
    struct passwd *found = real(uid);
    spared = 0;
    return found;
}

struct passwd *getpwnam(const char *name) {
    static struct passwd *(*real)(const char *);
    if (!real) real = (struct passwd * (*)(const char *)) dlsym(RTLD_NEXT, "getpwnam");
    spared = 1;
    struct passwd *found = real(name);
    spared = 0;
    return found;
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes) {
    static int (*real)(pthread_t, pthread_attr_t *);
    if (!real) real = (int (*)(pthread_t, pthread_attr_t *))dlsym(RTLD_NEXT, "pthread_getattr_np");
    spared = 1;
    int result = real(thread, attributes);
    spared = 0;
    return result;
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
