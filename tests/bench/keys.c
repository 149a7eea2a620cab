/* The real program on a terminal of 80x24, a store with very many projects behind it: how long a key takes, and how
 * many bytes:
 *
 *     keys JAZARI STORE
 *
 * It runs on a pseudo-terminal whose other end is a terminal emulator (libvterm). A key's time is from its write to the
 * last byte that changed anything but the count of records in the corner, which comes by itself when nothing else is to
 * do; nothing more may have come for QUIET_MS then, nor may a search still go on. Bytes are all that came. */
#include "sample.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

enum {
    ROWS = 24,
    COLUMNS = 80,
    TOP_LINE = 2, /* what is listed, the search, and at its end the count */
    COUNT_COLUMN = COLUMNS - 26,
    FIRST_ROW = 4,
    QUIET_MS = 30,
    TYPING_MS = 100, /* from key to key, at least, while a word is typed */
    WAIT_MS = 10000, /* for anything at all */
    STARTS = 9,
    MOVES = 40,
    JUMPS = 11,
    WORD_MAX = 64
};

/* As xterm sends them. */
#define DOWN      "\033OB"
#define PAGE_UP   "\033[5~"
#define PAGE_DOWN "\033[6~"
#define HOME      "\033OH"
#define END       "\033OF"

typedef uint32_t Screen[ROWS][COLUMNS];

typedef struct Session {
    int fd;
    pid_t pid;
    VTerm *vterm;
    VTermScreen *screen;
    Screen seen; /* as it was after the last read */
} Session;

/* What one key, or the start, led to. */
typedef struct Answer {
    double ms;     /* to the last change outside the count */
    double all_ms; /* to the last byte, the count's too */
    long bytes;
} Answer;

static void __attribute__((format(printf, 1, 2))) fail(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    fputs("keys: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void look(const Session *s, Screen out) {
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            VTermScreenCell cell = {0};
            uint32_t looks = 0;
            vterm_screen_get_cell(s->screen, (VTermPos){.row = row, .col = column}, &cell);
            looks |= (uint32_t)cell.attrs.reverse | (uint32_t)cell.attrs.bold << 1;
            looks |= (uint32_t)cell.bg.indexed.idx << 2;
            out[row][column] = cell.chars[0] ^ looks << 21;
        }
    }
}

/* Whether more than the count changed. */
static bool changed(Session *s) {
    Screen now;
    bool differs = false;
    look(s, now);
    for (int row = 0; row < ROWS && !differs; row++) {
        size_t columns = row == TOP_LINE ? COUNT_COLUMN : COLUMNS;
        differs = memcmp(now[row], s->seen[row], columns * sizeof now[row][0]) != 0;
    }
    memcpy(s->seen, now, sizeof now);
    return differs;
}

static void row_text(const Session *s, int row, char out[COLUMNS * 4 + 1]) {
    const VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = COLUMNS};
    size_t n = vterm_screen_get_text(s->screen, out, (size_t)COLUMNS * 4, rect);
    out[n] = 0;
}

static bool shows(const Session *s, int row, const char *text) {
    char line[COLUMNS * 4 + 1];
    row_text(s, row, line);
    return strstr(line, text) != NULL;
}

/* Rows of the list in sight. */
static int rows_shown(const Session *s) {
    char line[COLUMNS * 4 + 1];
    int count = 0;
    for (int row = FIRST_ROW; row < ROWS - 2; row++) {
        row_text(s, row, line);
        count += strstr(line, "-P") != NULL;
    }
    return count;
}

/* Until the first paint there is no footer, with its key for help, or the one that ends what is typed. */
static bool searching(const Session *s) {
    bool painted = shows(s, ROWS - 1, "?") || shows(s, ROWS - 1, "Esc");
    return !painted || shows(s, TOP_LINE, "searching") || shows(s, FIRST_ROW + 1, "Searching");
}

/* Reads until nothing more comes for a while: the answer to what was done at `start`. least_ms: stays so long at least;
 * whole: until all is counted too. False where nothing came or the program ended. */
static bool take_answer(Session *s, double start, double least_ms, bool whole, Answer *answer) {
    char bytes[1 << 16];
    double last = start;
    *answer = (Answer){0};
    for (;;) {
        struct pollfd poll_fd = {.fd = s->fd, .events = POLLIN};
        double now = now_ms();
        bool going_on = !answer->bytes || searching(s) || (whole && shows(s, TOP_LINE, "counting"));
        double until = going_on ? start + WAIT_MS : last + QUIET_MS;
        if (until < start + least_ms) until = start + least_ms;
        if (now >= until) break;
        if (poll(&poll_fd, 1, (int)(until - now) + 1) <= 0) continue;
        ssize_t n = read(s->fd, bytes, sizeof bytes);
        last = now_ms();
        if (n <= 0) return false;
        answer->bytes += n;
        answer->all_ms = last - start;
        vterm_input_write(s->vterm, bytes, (size_t)n);
        if (changed(s)) answer->ms = answer->all_ms;
    }
    return answer->bytes > 0;
}

static bool session_start(Session *s, const char *program, const char *store, const char *panel, double *start) {
    const struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
    *s = (Session){.vterm = vterm_new(ROWS, COLUMNS)};
    vterm_set_utf8(s->vterm, 1);
    s->screen = vterm_obtain_screen(s->vterm);
    vterm_screen_enable_altscreen(s->screen, 1);
    vterm_screen_reset(s->screen, 1);
    *start = now_ms();
    s->pid = forkpty(&s->fd, NULL, NULL, &size);
    if (s->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("JAZARI_CLOCK", "2026-11-23T10:00:00Z", 1);
        execl(program, program, "--store", store, "--panel", panel, (char *)NULL);
        _exit(127);
    }
    if (s->pid > 0) return true;
    fail("no terminal: %s", strerror(errno));
    return false;
}

static bool key(Session *s, const char *bytes, double least_ms, bool whole, Answer *answer) {
    double start = now_ms();
    size_t size = strlen(bytes);
    if (write(s->fd, bytes, size) != (ssize_t)size || !take_answer(s, start, least_ms, whole, answer)) {
        fail("no answer to the key %s", *bytes == '\033' ? bytes + 1 : bytes);
        return false;
    }
    return true;
}

/* The most memory the program has held, in MB; 0 where the kernel does not say. */
static double peak_memory(const Session *s) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)s->pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        sscanf(line, "VmHWM: %ld", &kib);
    }
    if (f) fclose(f);
    return (double)kib / 1024;
}

/* Quits, and reads what comes until the program is gone. */
static bool session_end(Session *s) {
    char bytes[4096];
    int status = -1;
    if (write(s->fd, "q", 1) != 1) kill(s->pid, SIGTERM);
    for (double start = now_ms(); now_ms() - start < WAIT_MS;) {
        struct pollfd poll_fd = {.fd = s->fd, .events = POLLIN};
        if (poll(&poll_fd, 1, 100) > 0 && read(s->fd, bytes, sizeof bytes) <= 0) break;
    }
    if (waitpid(s->pid, &status, WNOHANG) == 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, &status, 0);
    }
    close(s->fd);
    vterm_free(s->vterm);
    if (status != 0) fail("the program did not end well (%d)", status);
    return status == 0;
}

/* --- what is measured --------------------------------------------------------------------------------------------- */

static bool first_screens(const char *program, const char *store) {
    static Samples times, counted, bytes;
    for (int i = 0; i < STARTS; i++) {
        Session s;
        Answer answer;
        double start;
        if (!session_start(&s, program, store, "projects", &start)) return false;
        if (!take_answer(&s, start, 0, true, &answer) || !rows_shown(&s)) {
            char line[COLUMNS * 4 + 1];
            row_text(&s, 0, line);
            fail("no list of projects: %s", line);
            session_end(&s);
            return false;
        }
        if (!session_end(&s)) return false;
        sample_add(&times, answer.ms);
        sample_add(&counted, answer.all_ms);
        sample_add(&bytes, (double)answer.bytes);
    }
    sample_row("first screen of Projects, from exec", &times, "ms", 30, 0);
    sample_row("first screen of Projects, bytes in all", &bytes, "B", 3072, 1);
    sample_row("first screen of Projects, all counted", &counted, "ms", 0, 0);
    return true;
}

static bool repeat_key(Session *s, const char *what, const char *bytes, int times, double budget, double byte_budget) {
    Samples *ms = calloc(1, sizeof *ms), *sent = calloc(1, sizeof *sent);
    char name[128];
    bool good = ms && sent;
    for (int i = 0; i < times && good; i++) {
        Answer answer;
        good = key(s, bytes, 0, false, &answer);
        sample_add(ms, answer.ms);
        sample_add(sent, (double)answer.bytes);
    }
    if (good) {
        sample_row(what, ms, "ms", budget, 1);
        snprintf(name, sizeof name, "%s, bytes", what);
        sample_row(name, sent, "B", byte_budget, 1);
    }
    free(ms);
    free(sent);
    return good;
}

/* There and back again, so that each is a jump: its own row for each of the two. */
static bool jumps(Session *s, const char *list) {
    static Samples end, home;
    char name[128];
    end.count = home.count = 0;
    for (int i = 0; i < JUMPS; i++) {
        Answer answer;
        if (!key(s, END, 0, false, &answer)) return false;
        sample_add(&end, answer.ms);
        if (!key(s, HOME, 0, false, &answer)) return false;
        sample_add(&home, answer.ms);
    }
    snprintf(name, sizeof name, "End, %s", list);
    sample_row(name, &end, "ms", 20, 1);
    snprintf(name, sizeof name, "Home, %s", list);
    sample_row(name, &home, "ms", 20, 1);
    return true;
}

/* Down through the rows in sight, then on at the lower edge, where the list scrolls. */
static bool downs(Session *s, const char *list) {
    char within[128], edge[128];
    Answer answer;
    snprintf(within, sizeof within, "Down in sight, %s", list);
    snprintf(edge, sizeof edge, "Down at the edge, %s", list);
    int rows = rows_shown(s);
    return repeat_key(s, within, DOWN, rows - 1, 5, 150) && repeat_key(s, edge, DOWN, MOVES, 5, 150) &&
           key(s, HOME, 0, true, &answer);
}

static bool moves(Session *s) {
    Answer answer;
    if (!downs(s, "open projects") || !jumps(s, "open projects")) return false;
    if (!repeat_key(s, "PgDn from the top, open projects", PAGE_DOWN, MOVES, 20, 0)) return false;
    /* Every project: no filter, then far from either end. */
    if (!key(s, "F", 0, true, &answer) || !downs(s, "all projects") || !jumps(s, "all projects")) return false;
    if (!key(s, END, 0, true, &answer)) return false;
    for (int i = 0; i < MOVES; i++) {
        if (!key(s, PAGE_UP, 0, false, &answer)) return false;
    }
    return repeat_key(s, "PgDn in the middle, all projects", PAGE_DOWN, JUMPS, 20, 0) &&
           repeat_key(s, "PgUp in the middle, all projects", PAGE_UP, JUMPS, 20, 0) && key(s, HOME, 0, true, &answer);
}

/* A list that begins in the middle of all: the whole page, and then pages on from there. */
static bool filtered(Session *s, const char *filter) {
    Answer answer;
    char line[WORD_MAX + 2];
    if (!key(s, "f", 0, false, &answer)) return false;
    snprintf(line, sizeof line, "%s", filter);
    for (const char *c = line; *c; c++) {
        const char one[2] = {*c, 0};
        if (!key(s, one, 0, false, &answer)) return false;
    }
    if (!key(s, "\r", 0, true, &answer)) return false;
    snprintf(line, sizeof line, "PgDn, %.40s", filter);
    return repeat_key(s, line, PAGE_DOWN, JUMPS, 20, 0) && key(s, "F", 0, true, &answer);
}

typedef struct Word {
    const char *kind, *word;
    bool found;
} Word;

/* Types a word key by key as a person would, then takes it back. */
static bool search(Session *s, const char *list, const Word *word, Samples *counted) {
    static Samples times;
    Answer answer;
    char name[128];
    times.count = 0;
    if (!key(s, "/", 0, false, &answer)) return false;
    for (const char *at = word->word; *at;) {
        char one[8];
        size_t n = 1;
        while (((unsigned char)at[n] & 0xC0) == 0x80) {
            n++;
        }
        memcpy(one, at, n);
        one[n] = 0;
        at += n;
        if (!key(s, one, TYPING_MS, !*at, &answer)) return false;
        sample_add(&times, answer.ms);
    }
    sample_add(counted, answer.all_ms);
    bool any = rows_shown(s) > 0;
    if (any != word->found) fail("the search for %s found %s", word->word, any ? "something" : "nothing");
    snprintf(name, sizeof name, "search %s: %s", list, word->kind);
    sample_row(name, &times, "ms", 50, 1);
    return any == word->found && key(s, "\033", TYPING_MS, true, &answer);
}

static bool searches(Session *s, const char *list) {
    static const Word words[] = {
        {"a frequent word", "irrigation", true},
        {"two frequent words", "eau oulad", true},
        {"frequent and less so", "phase amghar", true},
        {"frequent and none", "eau zymo", false},
        {"a rare word", "xerophyt", true},
        {"a rare word, accents", "xérophytes", true},
        {"no such word", "zymotechnie", false},
        {"Arabic", "الأمازيغية", true},
        {"Arabic, two words", "وجده الزعفران", true},
        {"a code", "SMA-P4242", true},
    };
    static Samples counted;
    char name[128];
    counted.count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!search(s, list, &words[i], &counted)) return false;
    }
    snprintf(name, sizeof name, "search %s: all counted", list);
    sample_row(name, &counted, "ms", 0, 0);
    return true;
}

static bool whole_session(const char *program, const char *store) {
    Session s;
    Answer answer;
    double start;
    if (!session_start(&s, program, store, "projects", &start)) return false;
    bool good = take_answer(&s, start, 0, true, &answer) && moves(&s) && searches(&s, "open projects") &&
                filtered(&s, "due>2024-06-15") && searches(&s, "all projects") && key(&s, "2", 0, false, &answer) &&
                key(&s, "1", 500, false, &answer);
    double memory = peak_memory(&s);
    good = session_end(&s) && good;
    if (good && memory > 0) printf("screen: peak memory\t%.1f MB\t%.3f\t24\tMB\n", memory, memory);
    return good && memory > 0;
}

/* Key after key over SSH, where rows that come into sight are brief until the cursor rests. */
static bool session_over_ssh(const char *program, const char *store) {
    Session s;
    Answer answer;
    double start;
    setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22", 1);
    bool good = session_start(&s, program, store, "projects", &start) && take_answer(&s, start, 0, true, &answer) &&
                downs(&s, "open projects, over SSH") && key(&s, "F", 0, true, &answer) &&
                downs(&s, "all projects, over SSH");
    unsetenv("SSH_CONNECTION");
    return session_end(&s) && good;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: keys JAZARI STORE\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    return first_screens(argv[1], argv[2]) && whole_session(argv[1], argv[2]) && session_over_ssh(argv[1], argv[2]) ? 0
                                                                                                                    : 1;
}
