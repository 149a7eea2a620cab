/* The front: who connects, and processes for them. */
#include "service/server.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "commands/actor.h"
#include "service/dial.h"
#include "service/frame.h"
#include "service/messages.h"
#include "service/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INHERITED_FD = 3, SEND_MS = 500, REST_MS = 100, LAST_MS = 1000, PAUSE_MS = 20, BACKLOG = 256 };

typedef struct Front {
    const ServeOptions *options;
    int listener, signals;
    bool inherited;
    Frames writer;
    pid_t writer_pid;
    int known[2]; /* a pipe: sessions write who they are to it, once they know whom they serve */
    struct {
        pid_t pid;
        uid_t uid;
        bool known;
    } sessions[SERVER_SESSIONS_MOST];
    int count;
    bool ended, broken;
    bool rests;    /* nobody could be let in: who waits is asked for again in a moment */
    sigset_t mask; /* as it was */
} Front;

/* --- the socket ------------------------------------------------------------------------------------------------------ */

static Status socket_error(const char *path, Error *e) {
    error_set(e, STATUS_FAILED, NULL, _("the socket cannot be made: %s"), strerror(errno));
    return error_at(e, path, 0);
}

static bool is_answered(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0) close(fd);
    return answered;
}

/* For so long that it is no process of a server that was killed, which ends a moment after it. */
static bool is_answered_still(const struct sockaddr_un *address) {
    int64_t until = clock_ms() + LAST_MS;
    while (is_answered(address)) {
        if (clock_ms() > until) return true;
        poll(NULL, 0, PAUSE_MS);
    }
    return false;
}

/* Where a socket that was passed is listened at. */
static const char *name_socket(const Front *f, struct sockaddr_un *address) {
    socklen_t size = sizeof *address;
    if (!f->inherited) return f->options->socket;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    return getsockname(f->listener, (struct sockaddr *)address, &size) == 0 && *address->sun_path ? address->sun_path
                                                                                                  : "?";
}

static bool is_socket(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* A socket that nobody listens at is what a killed server left behind. */
static Status make_socket(Front *f, Error *e) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = f->options->socket, *given = getenv("LISTEN_FDS"), *whose = getenv("LISTEN_PID");
    char own[24];
    snprintf(own, sizeof own, "%ld", (long)getpid());
    if (given && whose && !strcmp(given, "1") && !strcmp(whose, own)) {
        f->listener = INHERITED_FD;
        f->inherited = true;
        return STATUS_OK;
    }
    if (!*path)
        return error_set(e, STATUS_USAGE, "server.socket", _("where to listen is not set: write it in the settings"));
    if (strlen(path) >= sizeof address.sun_path)
        return error_set(e, STATUS_USAGE, "server.socket", _("a socket's path has at most %d bytes"),
                         (int)sizeof address.sun_path - 1);
    text_copy(address.sun_path, sizeof address.sun_path, path);
    f->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (f->listener < 0) return socket_error(path, e);
    int bound = bind(f->listener, (struct sockaddr *)&address, sizeof address);
    if (bound != 0 && errno == EADDRINUSE) {
        if (is_answered_still(&address))
            return error_set(e, STATUS_CONFLICT, "server.socket", _("another server answers at %s"), path);
        if (!is_socket(path))
            return error_set(e, STATUS_CONFLICT, "server.socket", _("%s is there already, and is no socket"), path);
        unlink(path);
        bound = bind(f->listener, (struct sockaddr *)&address, sizeof address);
    }
    /* Anyone may ask: who it is the kernel says, and the store's operators are all that is taken. */
    if (bound != 0 || chmod(path, 0666) != 0 || listen(f->listener, BACKLOG) != 0) return socket_error(path, e);
    return STATUS_OK;
}

/* --- processes ------------------------------------------------------------------------------------------------------- */

/* In a new process: what it shares with the front is let go. It ends with it. */
static void become(const Front *f, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    sigprocmask(SIG_SETMASK, &f->mask, NULL);
    close(f->listener);
    close(f->signals);
    close(f->known[0]);
}

static Status start_writer(Front *f, Error *e) {
    int pair[2];
    Frame frame;
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return socket_error("", e);
    f->writer_pid = fork();
    int reason = errno;
    if (f->writer_pid == 0) {
        become(f, parent);
        close(pair[0]);
        close(f->known[1]);
        _exit(writer_run(f->options, pair[1]));
    }
    close(pair[1]);
    frames_start(&f->writer, pair[0], FRAME_ASK_MOST);
    /* It says once that it has the store, or why not. */
    int got = 0;
    while (f->writer_pid > 0 && (got = frames_next(&f->writer, &frame)) == 0) {
        struct pollfd p = {.fd = pair[0], .events = POLLIN};
        poll(&p, 1, -1);
        if (frames_fill(&f->writer) == FRAMES_END) break;
    }
    Error said = {.status = STATUS_FAILED};
    Arena arena = {0};
    if (got > 0) {
        Wire r = {.at = (const unsigned char *)frame.bytes,
                  .end = (const unsigned char *)frame.bytes + frame.size,
                  .arena = &arena};
        message_error(&r, &said);
    } else if (f->writer_pid < 0)
        error_set(&said, STATUS_FAILED, NULL, _("no process can be started: %s"), strerror(reason));
    else error_set(&said, STATUS_FAILED, NULL, _("the writing process ended"));
    arena_free(&arena);
    if (said.status != STATUS_OK && e) *e = said;
    return said.status;
}

static void login_of(uid_t uid, char out[LOGIN_SIZE]) {
    const struct passwd *p = getpwuid(uid);
    if (p && p->pw_name && strlen(p->pw_name) < LOGIN_SIZE) text_copy(out, LOGIN_SIZE, p->pw_name);
    else snprintf(out, LOGIN_SIZE, "uid-%ld", (long)uid);
}

/* Whether one more is taken of this person; where not, why. */
static bool has_room(const Front *f, uid_t uid, Error *e) {
    int own = 0, unknown = 0, own_unknown = 0;
    for (int i = 0; i < f->count; i++) {
        bool same = f->sessions[i].uid == uid;
        own += same;
        unknown += !f->sessions[i].known;
        own_unknown += same && !f->sessions[i].known;
    }
    if (own >= SERVER_SESSIONS_EACH)
        error_set(e, STATUS_BUSY, NULL,
                  _("you have %d connections to this server, as many as one person may: end some"), own);
    else if (f->count >= SERVER_SESSIONS_MOST || unknown >= SERVER_UNKNOWN_MOST || own_unknown >= SERVER_UNKNOWN_EACH)
        error_set(e, STATUS_BUSY, NULL, _("the server has as many connections as it takes: try again in a moment"));
    else return true;
    return false;
}

/* Instead of a session: waits for nobody. */
static void send_away(int client, Error *e) {
    Buffer out = {0};
    Wire w = {.out = &out};
    const char *version = protocol_version();
    dial_hello(&w, &version);
    message_error(&w, e);
    frame_send(client, FRAME_HELLO, out.bytes, out.size, -1, 0);
    buffer_free(&out);
}

static bool start_session(Front *f, int client, uid_t uid) {
    char login[LOGIN_SIZE];
    int pair[2];
    pid_t parent = getpid();
    login_of(uid, login);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
    bool told = frame_send(f->writer.fd, FRAME_HELLO, login, strlen(login), pair[1], SEND_MS);
    close(pair[1]);
    pid_t pid = told ? fork() : -1;
    if (pid == 0) {
        become(f, parent);
        frames_free(&f->writer);
        const SessionEnds ends = {.client = client, .writer = pair[0], .front = f->known[1]};
        _exit(session_run(f->options, &ends, login));
    }
    close(pair[0]);
    if (pid < 0) return false;
    f->sessions[f->count].pid = pid;
    f->sessions[f->count].known = false;
    f->sessions[f->count++].uid = uid;
    return true;
}

static void take_client(Front *f) {
    int client = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC);
    struct ucred who;
    socklen_t size = sizeof who;
    Error e = {0};
    if (client < 0) {
        f->rests = true;
        return;
    }
    if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        close(client);
        return;
    }
    error_set(&e, STATUS_BUSY, NULL, _("the server has no process left for one more: try again in a moment"));
    if (!has_room(f, who.uid, &e) || !start_session(f, client, who.uid)) send_away(client, &e);
    close(client);
}

static void take_known(Front *f) {
    pid_t pid;
    while (read(f->known[0], &pid, sizeof pid) == sizeof pid) {
        for (int i = 0; i < f->count; i++) {
            if (f->sessions[i].pid == pid) f->sessions[i].known = true;
        }
    }
}

static void bury(Front *f) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        if (pid == f->writer_pid) f->broken = true;
        for (int i = 0; i < f->count; i++) {
            if (f->sessions[i].pid == pid) f->sessions[i] = f->sessions[--f->count];
        }
    }
}

static void take_signals(Front *f) {
    struct signalfd_siginfo said;
    while (read(f->signals, &said, sizeof said) == sizeof said) {
        if (said.ssi_signo == SIGCHLD) bury(f);
        else f->ended = true;
    }
}

/* The sessions first, so that nothing more is asked; the writer ends once it has done what it was asked. */
static void end_all(Front *f) {
    for (int i = 0; i < f->count; i++) {
        kill(f->sessions[i].pid, SIGTERM);
        waitpid(f->sessions[i].pid, NULL, 0);
    }
    frames_free(&f->writer);
    if (f->writer_pid > 0 && !f->broken) waitpid(f->writer_pid, NULL, 0);
    if (!f->inherited) unlink(f->options->socket);
}

static Status watch_signals(Front *f, Error *e) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &f->mask);
    f->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return f->signals < 0 ? socket_error("", e) : STATUS_OK;
}

Status server_run(const ServeOptions *options, Error *e) {
    Front *f = memory_new(sizeof *f);
    *f = (Front){.options = options, .listener = -1, .signals = -1, .known = {-1, -1}};
    frames_start(&f->writer, -1, FRAME_ASK_MOST);
    Status s = pipe2(f->known, O_CLOEXEC | O_NONBLOCK) == 0 ? watch_signals(f, e) : socket_error("", e);
    if (s == STATUS_OK) s = make_socket(f, e);
    bool made = s == STATUS_OK;
    if (s == STATUS_OK) s = start_writer(f, e);
    struct sockaddr_un address;
    if (s == STATUS_OK && options->ready) options->ready(options->context, name_socket(f, &address));
    while (s == STATUS_OK && !f->ended && !f->broken) {
        struct pollfd fds[] = {{.fd = f->rests ? -1 : f->listener, .events = POLLIN},
                               {.fd = f->signals, .events = POLLIN},
                               {.fd = f->known[0], .events = POLLIN}};
        poll(fds, sizeof fds / sizeof *fds, f->rests ? REST_MS : -1);
        f->rests = false;
        if (fds[2].revents) take_known(f);
        if (fds[1].revents) take_signals(f);
        if (fds[0].revents && !f->ended) take_client(f);
    }
    if (f->broken) s = error_set(e, STATUS_FAILED, NULL, _("the writing process ended"));
    if (made) end_all(f);
    const int left[] = {f->listener, f->signals, f->known[0], f->known[1]};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (left[i] >= 0) close(left[i]);
    }
    free(f);
    return s;
}
