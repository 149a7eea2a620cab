/* The program on a pseudo-terminal behind a terminal emulator, for the fault tests that look at its screen. */
#ifndef JAZARI_TESTS_FAULTS_SCREEN_H
#define JAZARI_TESTS_FAULTS_SCREEN_H

#include "run.h"

#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <vterm.h>

typedef struct Screen {
    pid_t child;
    int master;
    Buffer seen; /* all that the program wrote */
    VTerm *terminal;
    int rows;
} Screen;

enum { SCREEN_ROWS = 40, SCREEN_COLUMNS = 120 };

/* words: without the program's own name, ended by NULL; plain_rights: see RunHow. */
static inline void screen_start(Screen *s, const char *const *words, bool plain_rights) {
    const char *all[RUN_WORDS + 2] = {"jazari"};
    struct winsize size = {.ws_row = SCREEN_ROWS, .ws_col = SCREEN_COLUMNS};
    *s = (Screen){.terminal = vterm_new(SCREEN_ROWS, SCREEN_COLUMNS), .rows = SCREEN_ROWS};
    vterm_set_utf8(s->terminal, 1);
    vterm_screen_reset(vterm_obtain_screen(s->terminal), 1);
    s->child = forkpty(&s->master, NULL, NULL, &size);
    assert_true(s->child >= 0);
    if (s->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("TERM", "xterm-256color", 1);
        if (plain_rights) run_drop_rights();
        for (int i = 0; i < RUN_WORDS && words[i]; i++) {
            all[i + 1] = words[i];
        }
        execv(getenv("JAZARI"), (char *const *)(uintptr_t)all);
        _exit(127);
    }
    fcntl(s->master, F_SETFD, FD_CLOEXEC);
}

/* On a store ("--store") or by a server ("--socket"). */
static inline void screen_open_at(Screen *s, const char *option, const char *path, bool plain_rights) {
    screen_start(s, (const char *const[]){option, path, NULL}, plain_rights);
}

static inline void screen_open_as(Screen *s, const char *store, bool plain_rights) {
    screen_open_at(s, "--store", store, plain_rights);
}

static inline void screen_open(Screen *s, const char *store) {
    screen_open_as(s, store, false);
}

static inline bool screen_row_shows(const Screen *s, int row, const char *text) {
    char line[SCREEN_COLUMNS * 8 + 1];
    const VTermRect all = {row, row + 1, 0, SCREEN_COLUMNS};
    line[vterm_screen_get_text(vterm_obtain_screen(s->terminal), line, sizeof line - 1, all)] = 0;
    return strstr(line, text) != NULL;
}

static inline bool screen_shows(const Screen *s, const char *text) {
    for (int row = 0; row < s->rows; row++) {
        if (screen_row_shows(s, row, text)) return true;
    }
    return false;
}

static inline void screen_print(const Screen *s) {
    for (int row = 0; row < s->rows; row++) {
        char line[SCREEN_COLUMNS * 8 + 1];
        const VTermRect all = {row, row + 1, 0, SCREEN_COLUMNS};
        line[vterm_screen_get_text(vterm_obtain_screen(s->terminal), line, sizeof line - 1, all)] = 0;
        print_message("# |%s\n", line);
    }
}

static inline void screen_read(Screen *s, const char *why) {
    struct pollfd p = {.fd = s->master, .events = POLLIN};
    char bytes[4096];
    int ready = poll(&p, 1, RUN_PATIENCE_MS / 6);
    if (ready < 0 && errno == EINTR) return;
    ssize_t n = ready > 0 ? read(s->master, bytes, sizeof bytes) : 0;
    if (n <= 0) {
        kill(s->child, SIGKILL);
        screen_print(s);
        fail_msg("nothing more comes: \"%s\"", why);
    }
    buffer_add(&s->seen, bytes, (size_t)n);
    vterm_input_write(s->terminal, bytes, (size_t)n);
}

static inline void screen_resize_to(Screen *s, int rows) {
    const struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = SCREEN_COLUMNS};
    s->rows = rows;
    vterm_set_size(s->terminal, rows, SCREEN_COLUMNS);
    assert_int_equal(ioctl(s->master, TIOCSWINSZ, &size), 0);
}

/* Reads on until the screen shows the text. */
static inline void screen_wait(Screen *s, const char *text) {
    while (!screen_shows(s, text)) {
        screen_read(s, text);
    }
}

/* Reads on until the screen does not show it any more. */
static inline void screen_gone(Screen *s, const char *text) {
    while (screen_shows(s, text)) {
        screen_read(s, text);
    }
}

static inline void screen_type(Screen *s, const char *keys) {
    size_t size = strlen(keys);
    assert_int_equal(write(s->master, keys, size), (ssize_t)size);
}

static inline void screen_end(Screen *s) {
    int code, number;
    char bytes[4096];
    ssize_t n;
    screen_type(s, "q");
    while ((n = read(s->master, bytes, sizeof bytes)) > 0) {
        buffer_add(&s->seen, bytes, (size_t)n);
    }
    run_reap(s->child, &code, &number);
    close(s->master);
    vterm_free(s->terminal);
    assert_int_equal(number, 0);
    assert_int_equal(code, 0);
}

static inline void type_and_wait(Screen *s, const char *keys, const char *text) {
    screen_type(s, keys);
    screen_wait(s, text);
}

#endif
