/* A hundred open screens at one server while it is written to, for as long as SOAK_SECONDS says:
 *
 *     soak JAZARI DIRECTORY SECONDS
 *
 * A client writes WRITES times a second, new records and changes of them by turns; every screen is a program on a
 * pseudo-terminal of its own, all they print is read, and each gets a key now and then. The memory that is the server's
 * and the screens' own and the size of the write-ahead log are sampled every second. The first fifth of the time they may
 * grow to their size; from the second fifth to the last the memory is to stay, and the log is to be small at all times. */
#include "sample.h"

#include "commands/command.h"
#include "service/service.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SCREENS = 100,
    WRITES = 5,
    PARTS = 5,
    LOG_MOST = 16 << 20,
    GROWTH_KIB = 1024,
    WAIT_TRIES = 3,
    RECENT = 50,
    LAST_SHOWN = 400,
    PATIENCE_MS = 60000,
};

/* Sampled once a second, added up over each fifth of the time. */
typedef struct Part {
    double server_kib, screens_kib, largest_kib; /* of the screens: all of them, and the largest ever */
    int samples;
    long long log_most;
} Part;

typedef struct Soak {
    const char *jazari;
    char store[300], socket[300];
    pid_t server, screens[SCREENS];
    struct pollfd terminals[SCREENS];
    char last[SCREENS][LAST_SHOWN]; /* what they printed last */
    int last_size[SCREENS];
    Service *writer;
    int64_t recent[RECENT]; /* ids of what was written last */
    long written, failed, keys, read_bytes;
    double slowest_ms;
    Part parts[PARTS];
} Soak;

static bool die(const char *what) {
    fprintf(stderr, "soak: %s\n", what);
    return false;
}

/* --- starting ------------------------------------------------------------------------------------------------------ */

static pid_t run(const char *program, const char *const *words) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(program, (char *const *)words);
    _exit(127);
}

static bool start_server(Soak *s) {
    int status = -1;
    Error e = {0};
    const char *init[] = {s->jazari, "--store", s->store, "init", "--demo", NULL};
    const char *serve[] = {s->jazari, "--store", s->store, "--socket", s->socket, "serve", NULL};
    waitpid(run(s->jazari, init), &status, 0);
    if (status != 0) return die("the store was not made");
    s->server = run(s->jazari, serve);
    for (int i = 0; i < WAIT_TRIES; i++) {
        if (service_connect(s->socket, "", &s->writer, &e) == STATUS_OK) return true;
    }
    return die(e.why);
}

static bool start_screen(Soak *s, int i) {
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal;
    s->screens[i] = forkpty(&terminal, NULL, NULL, &size);
    if (s->screens[i] < 0) return die("no terminal is left");
    if (s->screens[i] == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("TERM", "xterm-256color", 1);
        execl(s->jazari, "jazari", "--socket", s->socket, (char *)NULL);
        _exit(127);
    }
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    fcntl(terminal, F_SETFD, FD_CLOEXEC);
    s->terminals[i] = (struct pollfd){.fd = terminal, .events = POLLIN};
    /* One after another, as people come. */
    return poll(&s->terminals[i], 1, PATIENCE_MS) > 0 || die("a screen shows nothing");
}

/* --- what they do -------------------------------------------------------------------------------------------------- */

/* A new project, or another title for one of the last. */
static bool write_one(Soak *s) {
    Arena arena = {0};
    Outcome outcome;
    Error e = {0};
    char op[OPERATION_SIZE], title[80], code[32] = "";
    const char *named = code;
    const Argument arguments[] = {{"title", title}, {"stage", "pilot"}, {"sector", "water"}};
    int64_t *id = &s->recent[s->written / 2 % RECENT];
    bool fresh = s->written % 2 == 0;
    snprintf(title, sizeof title, "Suivi des crues de l'oued, relevé %ld", s->written);
    if (!fresh) code_write('P', *id, code);
    operation_new(op);
    CommandRequest request = {.verb = fresh ? "add" : "set",
                              .entity = fresh ? "project" : NULL,
                              .codes = fresh ? NULL : &named,
                              .code_count = !fresh,
                              .arguments = arguments,
                              .argument_count = fresh ? 3 : 1,
                              .form = FORM_FILE,
                              .op = op};
    double start = now_ms();
    Status status = service_command(s->writer, &arena, &request, &outcome, &e);
    double took = now_ms() - start;
    if (status != STATUS_OK) fprintf(stderr, "soak: write %ld: %s\n", s->written, e.why);
    else if (fresh) *id = outcome.effects[0].id;
    s->failed += status != STATUS_OK;
    s->written++;
    if (took > s->slowest_ms) s->slowest_ms = took;
    arena_free(&arena);
    return status == STATUS_OK;
}

/* Keys that look about: panels, up and down, in and out. */
static void press(Soak *s) {
    static const char *const keys[] = {"1", "3", "j", "j", "k", "\r", "\033", "5", "j", "2", "4", "j", "\033"};
    enum { KEYS = sizeof keys / sizeof *keys };
    const char *key = keys[(s->keys / SCREENS + s->keys % SCREENS) % KEYS];
    if (write(s->terminals[s->keys % SCREENS].fd, key, strlen(key)) > 0) s->keys++;
}

/* How a screen ended, and what it printed last. */
static bool tell_end(Soak *s, int i) {
    int status = 0;
    waitpid(s->screens[i], &status, 0);
    fprintf(stderr, "soak: screen %d has ended (exit %d, signal %d) after %ld keys: ", i, WEXITSTATUS(status),
            WIFSIGNALED(status) ? WTERMSIG(status) : 0, s->keys);
    for (int k = 0; k < s->last_size[i]; k++) {
        fputc(s->last[i][k] >= ' ' ? s->last[i][k] : '.', stderr);
    }
    return die("");
}

/* Reads what one screen has printed; false where it is gone. */
static bool read_screen(Soak *s, int i) {
    char bytes[16384];
    ssize_t n = read(s->terminals[i].fd, bytes, sizeof bytes);
    if (n <= 0) return tell_end(s, i);
    s->read_bytes += n;
    s->last_size[i] = n < LAST_SHOWN ? (int)n : LAST_SHOWN;
    memcpy(s->last[i], bytes + n - s->last_size[i], (size_t)s->last_size[i]);
    return true;
}

/* Reads all that the screens print until then, and what they have printed where it is past. */
static bool read_until(Soak *s, double when) {
    double left;
    do {
        left = when - now_ms();
        int ready = poll(s->terminals, SCREENS, left > 0 ? (int)left + 1 : 0);
        for (int i = 0; i < SCREENS && ready > 0; i++) {
            if (s->terminals[i].revents && !read_screen(s, i)) return false;
        }
    } while (left > 0);
    return true;
}

/* --- sampling ------------------------------------------------------------------------------------------------------ */

/* The memory that is a process's own, in KiB; 0 where it is gone. parent (may be NULL) gets whose child it is. */
static double memory_of(pid_t pid, long *parent) {
    char path[64], line[200];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        if (parent) sscanf(line, "PPid: %ld", parent);
        if (sscanf(line, "RssAnon: %ld", &kib) == 1) break;
    }
    if (f) fclose(f);
    return (double)kib;
}

/* Of the server and the processes it has for its clients and for writing. */
static double memory_of_server(pid_t server) {
    double all = memory_of(server, NULL);
    DIR *processes = all > 0 ? opendir("/proc") : NULL;
    for (struct dirent *d; processes && (d = readdir(processes));) {
        long parent = 0, pid = strtol(d->d_name, NULL, 10);
        double one = pid > 0 ? memory_of((pid_t)pid, &parent) : 0;
        if (parent == server) all += one;
    }
    if (processes) closedir(processes);
    return all;
}

static bool sample(Soak *s, Part *p) {
    char log[310];
    struct stat st;
    double all = 0;
    snprintf(log, sizeof log, "%s-wal", s->store);
    if (stat(log, &st) == 0 && st.st_size > p->log_most) p->log_most = st.st_size;
    for (int i = 0; i < SCREENS; i++) {
        double one = memory_of(s->screens[i], NULL);
        if (one > p->largest_kib) p->largest_kib = one;
        all += one;
    }
    double server = memory_of_server(s->server);
    p->server_kib += server;
    p->screens_kib += all / SCREENS;
    p->samples++;
    return server > 0 || die("the server is gone");
}

static bool soak(Soak *s, int seconds) {
    double start = now_ms(), sampled = start;
    for (long step = 1;; step++) {
        double when = start + (double)step * 1000 / WRITES;
        if (!read_until(s, when)) return false;
        int part = (int)((now_ms() - start) / 1000 * PARTS / seconds);
        if (part >= PARTS) return true;
        write_one(s);
        for (int i = 0; i < SCREENS / 4 / WRITES; i++) {
            press(s);
        }
        if (now_ms() - sampled < 1000) continue;
        sampled = now_ms();
        if (!sample(s, &s->parts[part])) return false;
    }
}

/* --- the table ----------------------------------------------------------------------------------------------------- */

static bool stays(const char *what, double second, double last) {
    bool good = last <= second * 1.05 + GROWTH_KIB;
    if (!good) printf("%s grew from %.0f to %.0f KiB\n", what, second, last);
    return good;
}

/* Prints what was measured; true where it is as it should be. */
static bool report(const Soak *s, int seconds) {
    const Part *second = &s->parts[1], *last = &s->parts[PARTS - 1];
    long long log_most = 0;
    printf("%d screens, %d s: %ld writes (%ld failed, slowest %.0f ms), %ld keys, %ld MiB printed\n\n", SCREENS,
           seconds, s->written, s->failed, s->slowest_ms, s->keys, s->read_bytes >> 20);
    printf("%-14s %14s %14s %16s %14s\n", "until", "server", "a screen", "largest screen", "log at most");
    for (int i = 0; i < PARTS; i++) {
        const Part *p = &s->parts[i];
        if (!p->samples) return die("too short to be sampled");
        printf("%12d s %10.0f KiB %10.0f KiB %12.0f KiB %10.1f MiB\n", seconds * (i + 1) / PARTS,
               p->server_kib / p->samples, p->screens_kib / p->samples, p->largest_kib,
               (double)p->log_most / (1 << 20));
        if (p->log_most > log_most) log_most = p->log_most;
    }
    printf("\n");
    bool good = stays("the server", second->server_kib / second->samples, last->server_kib / last->samples);
    good &= stays("a screen", second->screens_kib / second->samples, last->screens_kib / last->samples);
    if (log_most >= LOG_MOST) printf("the write-ahead log grew to %lld bytes\n", log_most);
    if (s->failed) printf("%ld writes failed\n", s->failed);
    return good && log_most < LOG_MOST && !s->failed;
}

static bool end_server(Soak *s) {
    int status = -1;
    const char *check[] = {s->jazari, "--store", s->store, "check", NULL};
    service_close(s->writer);
    for (int i = 0; i < SCREENS; i++) {
        kill(s->screens[i], SIGHUP);
        waitpid(s->screens[i], &status, 0);
        close(s->terminals[i].fd);
    }
    kill(s->server, SIGTERM);
    waitpid(s->server, &status, 0);
    if (status != 0) return die("the server did not end as it should");
    waitpid(run(s->jazari, check), &status, 0);
    return status == 0;
}

int main(int argc, char **argv) {
    static Soak s;
    int seconds = argc == 4 ? atoi(argv[3]) : 0;
    if (seconds < PARTS) {
        fprintf(stderr, "usage: soak JAZARI DIRECTORY SECONDS\n");
        return 2;
    }
    s.jazari = argv[1];
    snprintf(s.store, sizeof s.store, "%s/soak.db", argv[2]);
    snprintf(s.socket, sizeof s.socket, "%s/soak.sock", argv[2]);
    signal(SIGPIPE, SIG_IGN);
    if (!start_server(&s)) return 1;
    for (int i = 0; i < SCREENS; i++) {
        if (!start_screen(&s, i)) return 1;
    }
    bool good = soak(&s, seconds) && report(&s, seconds);
    return end_server(&s) && good ? 0 : 1;
}
