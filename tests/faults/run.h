/* What the fault tests share: a directory of their own, the program run to its end with its output kept, the program on
 * a pseudo-terminal, and the proof that what came out could not drive a terminal. Everything is in this header, because
 * each file beside it is a program. */
#ifndef JAZARI_TESTS_FAULTS_RUN_H
#define JAZARI_TESTS_FAULTS_RUN_H

#include "base/buffer.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/capability.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUN_WORDS = 24, RUN_PATIENCE_MS = 60000 };

/* --- a directory of its own --------------------------------------------------------------------------------------- */

/* cmocka's group set-up: makes a directory, goes there, and leaves its name in *state. */
static inline int run_enter(void **state) {
    char *dir = strdup("/tmp/jazari-fault-XXXXXX");
    if (!dir || !mkdtemp(dir) || chdir(dir) != 0) return -1;
    setenv("HOME", dir, 1);
    setenv("JAZARI_CLOCK", "2026-11-23T14:02:00Z", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("JAZARI_CONF");
    signal(SIGPIPE, SIG_IGN);
    *state = dir;
    return 0;
}

static inline int run_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int run_leave(void **state) {
    int result = chdir("/") != 0 || nftw(*state, run_remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0;
    free(*state);
    return result;
}

static inline void run_write_file(const char *path, const char *bytes, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    for (size_t at = 0; at < size;) {
        ssize_t n = write(fd, bytes + at, size - at);
        assert_true(n > 0);
        at += (size_t)n;
    }
    assert_int_equal(close(fd), 0);
}

static inline void run_read_fd(int fd, Buffer *out) {
    char bytes[65536];
    ssize_t n;
    buffer_clear(out);
    assert_true(lseek(fd, 0, SEEK_SET) == 0);
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        buffer_add(out, bytes, (size_t)n);
    }
    assert_int_equal(n, 0);
}

static inline void run_read_file(const char *path, Buffer *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    run_read_fd(fd, out);
    close(fd);
}

/* How often a test does what it would do `all` times: that often where PROOF is set ("make proof"), else a share of it that
 * takes seconds. */
static inline int run_share(int all, int share) {
    return getenv("PROOF") ? all : share;
}

/* --- the program run to its end ----------------------------------------------------------------------------------- */

typedef struct Run {
    pid_t child;
    int out_fd, err_fd;
    int exit; /* -1: ended by a signal */
    int signal;
    Buffer out, err;
} Run;

/* How the program is started, besides its words. */
typedef struct RunHow {
    const char *const *words; /* ended by NULL, without the program's own name */
    int input, output;        /* its standard input and output; 0: none, and kept */
    long file_most;           /* RLIMIT_FSIZE in bytes, its signal ignored; 0: no bound */
    bool plain_rights;        /* without root's right to pass over permission bits */
    const int *gate;          /* a pipe's two ends: begins once the second is closed; NULL: at once */
} RunHow;

/* In the child: root that has to mind permission bits like anybody else. */
static inline void run_drop_rights(void) {
    if (geteuid() != 0) return;
    if (prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE) != 0 || prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH) != 0) _exit(126);
}

static inline void run_exec(const RunHow *how, int input, int out, int err) {
    const char *words[RUN_WORDS + 2] = {getenv("JAZARI")};
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    if (how->gate && (close(how->gate[1]) != 0 || read(how->gate[0], &byte, 1) != 0)) _exit(125);
    if (how->file_most) {
        const struct rlimit bound = {(rlim_t)how->file_most, (rlim_t)how->file_most};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &bound) != 0) _exit(126);
    }
    if (how->plain_rights) run_drop_rights();
    if (dup2(input, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
    for (int i = 0; i < RUN_WORDS && how->words[i]; i++) {
        words[i + 1] = how->words[i];
    }
    execv(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

/* From now on what is started has the "DISK" of preload/disk.c, the "MEMORY" of preload/memory.c or the "STACK" of
 * preload/stack.c, until LD_PRELOAD is taken away. */
static inline void run_preload(const char *what) {
    char options[300];
    const char *given = getenv("ASAN_OPTIONS");
    /* The library may come before the sanitizer's own: it only stands before the disk. */
    if (given && !strstr(given, "verify_asan")) {
        snprintf(options, sizeof options, "%s:verify_asan_link_order=0", given);
        setenv("ASAN_OPTIONS", options, 1);
    }
    /* The C library itself loses a few bytes where it cannot have more. */
    static const char of_libc[] = "leak:_nl_normalize_codeset\n";
    run_write_file("libc.leaks", of_libc, sizeof of_libc - 1);
    setenv("LSAN_OPTIONS", "suppressions=libc.leaks:print_suppressions=0", 1);
    assert_non_null(getenv(what));
    setenv("LD_PRELOAD", getenv(what), 1);
}

static inline void run_start(Run *r, const RunHow *how) {
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_non_null(getenv("JAZARI"));
    *r = (Run){.out_fd = memfd_create("out", MFD_CLOEXEC), .err_fd = memfd_create("err", MFD_CLOEXEC)};
    assert_true(none >= 0 && r->out_fd >= 0 && r->err_fd >= 0);
    r->child = fork();
    assert_true(r->child >= 0);
    if (r->child == 0) run_exec(how, how->input ? how->input : none, how->output ? how->output : r->out_fd, r->err_fd);
    close(none);
}

/* Waits for the end; what takes far too long is killed, and that is the signal the test then sees. */
static inline void run_reap(pid_t child, int *code, int *number) {
    struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
    int status = 0;
    assert_true(p.fd >= 0);
    int ready;
    while ((ready = poll(&p, 1, RUN_PATIENCE_MS)) < 0 && errno == EINTR) {}
    if (ready == 0) kill(child, SIGKILL);
    close(p.fd);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* Whether it still runs. */
static inline bool run_alive(const Run *r) {
    siginfo_t ended = {0};
    return waitid(P_PID, (id_t)r->child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
}

static inline void run_end(Run *r) {
    run_reap(r->child, &r->exit, &r->signal);
    run_read_fd(r->out_fd, &r->out);
    run_read_fd(r->err_fd, &r->err);
    close(r->out_fd);
    close(r->err_fd);
}

static inline void run_free(Run *r) {
    buffer_free(&r->out);
    buffer_free(&r->err);
}

static inline void run_how(Run *r, const RunHow *how) {
    run_start(r, how);
    run_end(r);
}

/* The program ended by itself, with this status; else the test says what it printed. */
static inline void run_expect(const Run *r, int status) {
    if (r->exit == status) return;
    fail_msg("exit %d, signal %d, wanted %d: %s%s", r->exit, r->signal, status, buffer_string(&r->out),
             buffer_string(&r->err));
}

static inline void run_says(const Run *r, const char *what) {
    if (!strstr(buffer_string(&r->err), what)) fail_msg("\"%s\" is not in: %s", what, buffer_string(&r->err));
}

/* How many records of an entity the store has, as the program counts them. */
static inline int run_count_rows(const char *store, const char *entity) {
    Run r = {0};
    int lines = -1; /* the header */
    const char *const words[] = {"--store", store, "export", entity, NULL};
    run_how(&r, &(RunHow){.words = words});
    run_expect(&r, 0);
    for (const char *at = buffer_string(&r.out); (at = strchr(at, '\n')); at++) {
        lines++;
    }
    run_free(&r);
    return lines;
}

#define RUN(r, ...) run_how((r), &(const RunHow){.words = (const char *const[]){__VA_ARGS__, NULL}})

/* Runs words that must end with this status and, where `says` is given, print it as an error. */
#define RUN_WANTS(status, says, ...)                                                                                   \
    do {                                                                                                               \
        Run run_ = {0};                                                                                                \
        RUN(&run_, __VA_ARGS__);                                                                                       \
        run_expect(&run_, (status));                                                                                   \
        run_says(&run_, (says));                                                                                       \
        run_free(&run_);                                                                                               \
    } while (0)

/* --- clean output ------------------------------------------------------------------------------------------------- */

/* Every line of it is text that may be shown: no control characters, no marks that turn a line around. Cells of CSV may
 * end their lines by CR LF. */
static inline void run_expect_clean(const char *what, const Buffer *output) {
    Buffer shown = {0};
    text_clean_out(&shown, buffer_string(output), output->size, true);
    const char *bytes = buffer_string(output), *clean = buffer_string(&shown);
    size_t at = 0, to = 0;
    while (at < output->size && to < shown.size && (bytes[at] == clean[to] || bytes[at] == '\r')) {
        to += bytes[at] == clean[to];
        at++;
    }
    if (at < output->size || to < shown.size)
        fail_msg("%s: byte %zu is 0x%02X, in: %.60s", what, at, (unsigned)(unsigned char)bytes[at],
                 bytes + (at > 30 ? at - 30 : 0));
    buffer_free(&shown);
}

#endif
