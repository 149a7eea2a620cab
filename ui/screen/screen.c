/* The terminal: taken at the start, given back on every way out.
 *
 * Signals only write a byte into a pipe that the loop watches; a crash restores the terminal by the few bytes that undo
 * what was sent at the start, for ncurses cannot be called from a handler. */
#include "screen/screen.h"

#include "base/arena.h"
#include "base/intl.h"
#include "screen/input.h"
#include "screen/theme.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* Paste brackets; bidi: explicit, for text comes in the order it is to be shown in (ECMA-48 BDSM). */
static const char on_start[] = "\033[?2004h\033[8l";
static const char on_stop[] = "\033[8h\033[?2004l";
/* The same and what ncurses itself would undo: mouse, keypad, colours, cursor, alternate screen. */
static const char on_crash[] = "\033[8h\033[?2004l\033[?1000l\033[?1006l\033[?1l\033>\033[m\033[?25h\033[?1049l\r\n";

static struct {
    SCREEN *curses;
    bool active, ascii, plain; /* plain: a terminal that gets no such sequences */
    bool ended;                /* a signal said so: the terminal may take nothing more */
    struct termios before;
    int pipe[2];
} screen = {.pipe = {-1, -1}};

/* --- signals ------------------------------------------------------------------------------------------------------ */

enum { LAST_CALL_MS = 500 };

/* Runs out where the program was told to end and its loop does not hear of it, or cannot give the terminal back. */
static void set_last_call(int ms) {
    const struct itimerval when = {.it_value = {0, ms * 1000}};
    setitimer(ITIMER_REAL, &when, NULL);
}

static void on_signal(int number) {
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    if (number == SIGTERM || number == SIGHUP) set_last_call(LAST_CALL_MS);
    if (write(screen.pipe[1], &byte, 1) < 0) {} /* a full pipe has woken the loop already */
    errno = kept;
}

/* A terminal that takes nothing more, its output stopped or its link stuck, is not waited for. */
static void restore(void) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (!screen.active) return;
    screen.active = false;
    bool ready = !screen.plain && poll(&out, 1, 0) > 0 && (out.revents & POLLOUT);
    if (ready && write(STDOUT_FILENO, on_crash, sizeof on_crash - 1) < 0) {}
    tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
}

/* ncurses reads a mouse report to its last byte, which may never come, and writes until all is taken; it does not stop for
 * a signal. */
static void on_late(int number) {
    (void)number;
    restore();
    _exit(0);
}

static void on_fatal(int number) {
    restore();
    signal(number, SIG_DFL);
    raise(number);
}

/* A stack that ran over has no room for a handler. */
static void make_other_stack(void) {
    static unsigned char bytes[1 << 16];
    const stack_t other = {.ss_sp = bytes, .ss_size = sizeof bytes};
    sigaltstack(&other, NULL);
}

static void handle(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void handle_signals(void) {
    static const int quiet[] = {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGCONT, SIGQUIT};
    static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    if (screen.pipe[0] < 0 && pipe2(screen.pipe, O_CLOEXEC | O_NONBLOCK) != 0) abort();
    make_other_stack();
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++) {
        handle(quiet[i], on_signal);
    }
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        handle(fatal[i], on_fatal);
    }
    handle(SIGALRM, on_late);
}

int screen_signal_fd(void) {
    return screen.pipe[0];
}

unsigned screen_signals(void) {
    unsigned char bytes[64];
    unsigned said = 0;
    ssize_t n;
    while ((n = read(screen.pipe[0], bytes, sizeof bytes)) > 0) {
        set_last_call(0);
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == SIGWINCH) said |= SCREEN_RESIZED;
            else if (bytes[i] == SIGHUP) said |= SCREEN_HUNG_UP;
            else if (bytes[i] == SIGCONT) said |= SCREEN_RESUMED;
            else said |= SCREEN_ENDED;
        }
    }
    if (said & (SCREEN_HUNG_UP | SCREEN_ENDED)) screen.ended = true;
    return said;
}

/* --- start and stop ----------------------------------------------------------------------------------------------- */

static Status refuse(Error *e, const char *term, const char *why) {
    return error_set(e, STATUS_FAILED, "TERM",
                     _("the terminal \"%.40s\" %s: set TERM (xterm, vt100, linux ...), or use "
                       "the command line (jazari --help)"),
                     term, why);
}

/* newterm only fails; setupterm says why. */
static Status know_terminal(Error *e) {
    const char *term = getenv("TERM");
    int found;
    if (!term || !*term) return refuse(e, "", _("is not named"));
    if (setupterm(term, STDOUT_FILENO, &found) != OK) return refuse(e, term, _("is not known here"));
    bool placeable = cursor_address && !generic_type;
    del_curterm(cur_term); /* newterm makes its own */
    return placeable ? STATUS_OK : refuse(e, term, _("cannot place its cursor"));
}

static void send(const char *bytes, size_t size) {
    if (screen.plain) return;
    fflush(stdout);
    if (write(STDOUT_FILENO, bytes, size) < 0) {} /* the terminal is gone; the loop will hear of it */
}

/* Colour needs a wish for it, a terminal that has it, and no NO_COLOR. */
static bool wants_color(const Settings *s) {
    const char *never = getenv("NO_COLOR");
    if (s->color == TRISTATE_ALWAYS) return has_colors();
    return s->color == TRISTATE_AUTO && !(never && *never) && has_colors();
}

Status screen_start(const Settings *s, Error *e) {
    Status status = know_terminal(e);
    if (status != STATUS_OK) return status;
    bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    /* A locale that knows ASCII only would swallow accents and Arabic as they are typed, and the keys after them. They
     * are read as what terminals send nowadays; what is shown stays ASCII. */
    if (!strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968")) setlocale(LC_CTYPE, "C.UTF-8");
    screen.ascii = s->ascii == TRISTATE_ALWAYS || (s->ascii == TRISTATE_AUTO && !utf8);
    tcgetattr(STDIN_FILENO, &screen.before);
    set_escdelay(25);
    screen.curses = newterm(NULL, stdout, stdin);
    if (!screen.curses) return refuse(e, getenv("TERM"), _("cannot be used"));
    /* Old terminals print what they do not know of such sequences. */
    const char *term = getenv("TERM");
    screen.plain = !enter_ca_mode || !term || !strncmp(term, "vt", 2) || !strcmp(term, "linux");
    screen.active = true;
    handle_signals();
    memory_on_end(restore);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    idlok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    theme_start(wants_color(s));
    input_start(s->mouse && !screen.plain);
    send(on_start, sizeof on_start - 1);
    return STATUS_OK;
}

void screen_stop(void) {
    if (!screen.active) return;
    if (screen.ended) set_last_call(LAST_CALL_MS);
    send(on_stop, sizeof on_stop - 1);
    input_stop();
    endwin();
    screen.active = false;
    if (screen.ended) set_last_call(0);
    delscreen(screen.curses);
    screen.curses = NULL;
}

Rect screen_rect(void) {
    return (Rect){.h = LINES, .w = COLS};
}

bool screen_ascii(void) {
    return screen.ascii;
}

void screen_bell(void) {
    beep();
}

void screen_fit(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
}

void screen_resize(void) {
    screen_fit();
    erase();
}

void screen_repaint(void) {
    clearok(curscr, TRUE);
}
