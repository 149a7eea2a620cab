/* Programs on pseudo-terminals: see stage.h. */
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

enum { READ_MOST = 1 << 18, CAPTURE_MOST = 1 << 22 };

static volatile sig_atomic_t interrupted;
static sigset_t waiting_mask; /* the signals that stage_pump lets in while it waits, and only then */

static void on_child(int number) {
    (void)number;
}

static void on_interrupt(int number) {
    interrupted = number;
}

void stage_prepare(void) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGCHLD);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &waiting_mask);
    sigdelset(&waiting_mask, SIGCHLD);
    sigdelset(&waiting_mask, SIGINT);
    sigdelset(&waiting_mask, SIGTERM);
    struct sigaction action = {.sa_handler = on_child};
    sigaction(SIGCHLD, &action, NULL);
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

bool stage_interrupted(void) {
    return interrupted != 0;
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

/* In the new process: becomes the program, or says why not and ends. */
static void run_program(const Launch *launch, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* no test outlives its driver */
    if (getppid() != parent) _exit(127);
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    umask(022);
    if (chdir(launch->dir) != 0) _exit(127);
    if (launch->search) execvpe(launch->arguments[0], launch->arguments, launch->environment);
    else execve(launch->arguments[0], launch->arguments, launch->environment);
    dprintf(STDERR_FILENO, "%s: %s\n", launch->arguments[0], strerror(errno));
    _exit(127);
}

static void answer(void *owner, const char *bytes, size_t size) {
    Session *session = owner;
    if (session_typeable(session)) text_add(&session->outgoing, bytes, size);
}

bool session_start(Session *session, const Launch *launch) {
    struct winsize size = {.ws_row = (unsigned short)launch->rows, .ws_col = (unsigned short)launch->columns};
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, &size) != 0) return false;
    tcgetattr(slave, &session->first_mode);
    session->first_mode.c_iflag |= IUTF8;
    session->first_mode.c_cc[VERASE] = 0x7F;
    tcsetattr(slave, TCSANOW, &session->first_mode);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(master, F_SETFL, O_NONBLOCK);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        if (login_tty(slave) != 0) _exit(127);
        run_program(launch, parent);
    }
    int error = errno;
    close(slave);
    if (child < 0) {
        close(master);
        errno = error;
        return false;
    }
    session->child = child;
    session->master = master;
    session->silent = session->ended = false;
    session->terminal = terminal_new(launch->columns, launch->rows, launch->kind, answer, session);
    session->written = session->written_marked = session->written_stirred = 0;
    session->cpu_marked = 0;
    session->last_written = clock_ms();
    text_clear(&session->outgoing);
    return true;
}

/* --- pumping ------------------------------------------------------------------------------------------------------ */

static void trace(const Session *session, const char *arrow, const char *bytes, size_t size) {
    if (!session->verbose) return;
    Text line = {0};
    text_print(&line, "%s%s%s ", session->name, *session->name ? " " : "", arrow);
    text_add_visible(&line, bytes, size);
    fprintf(stderr, "%s\n", text_string(&line));
    text_free(&line);
}

static void session_read(Session *session) {
    char bytes[16384];
    for (size_t total = 0; total < READ_MOST && session->master >= 0 && !session->silent;) {
        ssize_t size = read(session->master, bytes, sizeof bytes);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno == EAGAIN) return;
        if (size <= 0) {
            session->silent = true;
            return;
        }
        trace(session, "<-", bytes, (size_t)size);
        for (ssize_t i = 0; i < size; i++)
            session->recent[(session->written + (unsigned long long)i) % RECENT_SIZE] = bytes[i];
        session->written += (unsigned long long)size;
        session->last_written = clock_ms();
        total += (size_t)size;
        terminal_feed(session->terminal, bytes, (size_t)size);
    }
}

void session_write(Session *session) {
    Text *text = &session->outgoing;
    while (text->size && session_typeable(session)) {
        ssize_t size = write(session->master, text->bytes, text->size);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno != EAGAIN) text_clear(text); /* the other end is gone */
        if (size <= 0) return;
        trace(session, "->", text->bytes, (size_t)size);
        text->size -= (size_t)size;
        memmove(text->bytes, text->bytes + size, text->size + 1);
    }
}

/* Notes that the program ended, after reading the last that it wrote. */
static void session_look_after(Session *session) {
    siginfo_t how = {0};
    if (!session->child || session->ended) return;
    if (waitid(P_PID, (id_t)session->child, &how, WEXITED | WNOHANG | WNOWAIT) != 0 || !how.si_pid) return;
    session_read(session);
    session->ended = true;
    session->exit_code = how.si_code == CLD_EXITED ? how.si_status : -1;
    session->exit_signal = how.si_code == CLD_EXITED ? 0 : how.si_status;
}

bool stage_pump(Stage *stage, double until, int extra) {
    struct pollfd fds[SESSION_MOST + 1];
    Session *of[SESSION_MOST];
    nfds_t count = 0;
    for (size_t i = 0; i < stage->count; i++) {
        Session *session = &stage->session[i];
        session_look_after(session);
        if (session->master < 0 || session->silent) continue;
        session_write(session);
        fds[count] = (struct pollfd){.fd = session->master, .events = POLLIN};
        if (session->outgoing.size) fds[count].events |= POLLOUT;
        of[count++] = session;
    }
    fds[count] = (struct pollfd){.fd = extra, .events = POLLIN};
    double left = until - clock_ms();
    if (left < 0) left = 0;
    struct timespec wait = {.tv_sec = (time_t)(left / 1e3)};
    wait.tv_nsec = (long)((left - (double)wait.tv_sec * 1e3) * 1e6);
    int ready = ppoll(fds, count + 1, &wait, &waiting_mask);
    for (nfds_t i = 0; i < count && ready > 0; i++) {
        if (fds[i].revents & ~POLLOUT) session_read(of[i]);
        if (fds[i].revents & POLLOUT) session_write(of[i]);
    }
    for (size_t i = 0; i < stage->count; i++)
        session_look_after(&stage->session[i]);
    return ready > 0 && extra >= 0 && fds[count].revents;
}

/* --- what is done to a session ------------------------------------------------------------------------------------ */

bool session_running(const Session *session) {
    return session->child && !session->ended;
}

bool session_stopped(const Session *session) {
    siginfo_t how = {0};
    if (!session_running(session)) return false;
    return waitid(P_PID, (id_t)session->child, &how, WSTOPPED | WNOHANG | WNOWAIT) == 0 && how.si_pid;
}

bool session_typeable(const Session *session) {
    return session_running(session) && session->master >= 0 && !session->silent;
}

void session_stir(Session *session) {
    session->written_stirred = session->written;
}

void session_resize(Session *session, int columns, int rows) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    session_stir(session);
    terminal_resize(session->terminal, columns, rows);
    ioctl(session->master, TIOCSWINSZ, &size);
}

void session_signal(Session *session, int number) {
    session_stir(session);
    kill(session->child, number);
}

void session_hang_up(Session *session) {
    session_stir(session);
    if (session->master >= 0) close(session->master);
    session->master = -1;
    text_clear(&session->outgoing);
}

void session_mark(Session *session) {
    session->written_marked = session->written;
    session->cpu_marked = session_cpu(session);
}

double session_cpu(const Session *session) {
    clockid_t id;
    struct timespec used;
    if (!session->child || clock_getcpuclockid(session->child, &id) != 0 || clock_gettime(id, &used) != 0) return -1;
    return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

int session_line_restored(const Session *session) {
    struct termios now;
    const struct termios *first = &session->first_mode;
    if (session->master < 0 || tcgetattr(session->master, &now) != 0) return -1;
    return now.c_iflag == first->c_iflag && now.c_oflag == first->c_oflag && now.c_lflag == first->c_lflag &&
           memcmp(now.c_cc, first->c_cc, sizeof now.c_cc) == 0;
}

int session_line_raw(const Session *session) {
    struct termios now;
    if (session->master < 0 || tcgetattr(session->master, &now) != 0) return -1;
    return !(now.c_lflag & (ICANON | ECHO));
}

void session_add_recent(const Session *session, unsigned long long bytes, Text *out) {
    if (bytes > session->written) bytes = session->written;
    if (bytes > RECENT_SIZE) {
        bytes = RECENT_SIZE;
        text_add_string(out, "...");
    }
    char last[RECENT_SIZE];
    for (unsigned long long i = 0; i < bytes; i++)
        last[i] = session->recent[(session->written - bytes + i) % RECENT_SIZE];
    text_add_visible(out, last, (size_t)bytes);
}

static bool wait_for_end(Stage *stage, Session *session, double patience) {
    for (double until = clock_ms() + patience; session_running(session) && clock_ms() < until && !interrupted;)
        stage_pump(stage, until, -1);
    return !session_running(session);
}

static bool is_crash(int number) {
    return number == SIGSEGV || number == SIGABRT || number == SIGBUS || number == SIGFPE || number == SIGILL ||
           number == SIGSYS || number == SIGTRAP;
}

const char *session_close(Stage *stage, Session *session, bool ask, double patience) {
    const char *problem = NULL;
    bool was_running = session_running(session);
    session_hang_up(session);
    if (was_running && ask && !wait_for_end(stage, session, 3000)) {
        session_signal(session, SIGTERM);
        if (!wait_for_end(stage, session, patience) && !interrupted)
            problem = "it ended neither when its terminal was hung up nor by SIGTERM, and had to be killed";
    }
    if (was_running && ask && session->ended && is_crash(session->exit_signal))
        problem = "it crashed when its terminal was hung up";
    if (session->child) {
        kill(-session->child, SIGKILL); /* what it left behind in its group, too */
        kill(session->child, SIGKILL);
        while (waitpid(session->child, NULL, 0) < 0 && errno == EINTR) {}
    }
    session->child = 0;
    session->ended = false;
    terminal_free(session->terminal);
    session->terminal = NULL;
    text_free(&session->outgoing);
    return problem;
}

/* --- without a terminal ------------------------------------------------------------------------------------------- */

static pid_t start_captured(const Launch *launch, int output[2]) {
    pid_t parent = getpid(), child = fork();
    if (child != 0) return child;
    int input = open(launch->input ? launch->input : "/dev/null", O_RDONLY);
    setsid();
    if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(output[1], STDOUT_FILENO) < 0 ||
        dup2(output[1], STDERR_FILENO) < 0)
        _exit(127);
    if (input > STDERR_FILENO) close(input);
    run_program(launch, parent);
    _exit(127);
}

/* Reads until the program has ended and nothing more is to come; what it left behind may hold the pipe open. */
static bool read_captured(Stage *stage, pid_t child, int pipe_end, double until, Text *out, Text *why) {
    char bytes[16384];
    bool open_end = true, ended = false;
    while (open_end || !ended) {
        siginfo_t how = {0};
        if (!ended && waitid(P_PID, (id_t)child, &how, WEXITED | WNOHANG | WNOWAIT) == 0) ended = how.si_pid != 0;
        bool ready = stage_pump(stage, ended ? 0 : until, open_end ? pipe_end : -1);
        ssize_t size = ready ? read(pipe_end, bytes, sizeof bytes) : -1;
        if (size > 0) text_add(out, bytes, (size_t)size);
        if (size == 0 || (ended && !ready)) open_end = false;
        if (out->size > CAPTURE_MOST) text_print(why, "it wrote more than %d bytes", CAPTURE_MOST);
        if (interrupted) text_print(why, "interrupted");
        if (!ended && clock_ms() >= until) text_print(why, "it did not end in time");
        if (why->size) return false;
    }
    return true;
}

bool stage_capture(Stage *stage, const Launch *launch, double until, Text *out, int *exit_code, int *exit_signal,
                   Text *why) {
    int output[2];
    pid_t child = -1;
    if (pipe2(output, O_CLOEXEC) == 0) {
        child = start_captured(launch, output);
        close(output[1]);
        if (child < 0) close(output[0]);
    }
    if (child < 0) {
        text_print(why, "cannot be started: %s", strerror(errno));
        return false;
    }
    bool good = read_captured(stage, child, output[0], until, out, why);
    close(output[0]);
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *exit_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return good;
}
