/* Many clients writing at once on a slow disk, through jazari serve and by processes that share the file:
 *
 *     serve JAZARI DISK DIRECTORY    DISK: the library of tests/faults/preload/disk.c
 *     serve direct STORE NUMBER      one of the processes: so many writes, by itself
 *
 * Each sync takes 5 ms in both. */
#include "sample.h"

#include "commands/command.h"
#include "service/service.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLIENTS = 50, WRITES = 100, DIRECT_WRITES = 20, BUSY_MS = 120000, WAIT_TRIES = 3, SLOWEST_MS = 200 };

static const char *login(void) {
    const struct passwd *p = getpwuid(geteuid());
    return p ? p->pw_name : "";
}

static bool add_one(Service *service, int number) {
    Arena arena = {0};
    Outcome outcome;
    Error e = {0};
    char op[OPERATION_SIZE], title[64];
    const Argument arguments[] = {{"title", title}, {"stage", "pilot"}, {"sector", "water"}};
    snprintf(title, sizeof title, "Suivi des crues %ld, %d", (long)getpid(), number);
    operation_new(op);
    const CommandRequest request = {
        .verb = "add", .entity = "project", .arguments = arguments, .argument_count = 3, .form = FORM_FILE, .op = op};
    Status s = service_command(service, &arena, &request, &outcome, &e);
    if (s != STATUS_OK) fprintf(stderr, "serve: %s\n", e.why);
    arena_free(&arena);
    return s == STATUS_OK;
}

/* Writes, and tells how long each took, 0 where it failed. */
static void write_all(Service *service, int count, int out) {
    for (int i = 0; i < count; i++) {
        double start = now_ms();
        double took = add_one(service, i) ? now_ms() - start : 0;
        if (write(out, &took, sizeof took) != sizeof took) _exit(1);
    }
    service_close(service);
    _exit(0);
}

static int be_direct(const char *store, int count) {
    Service *service;
    Error e = {0};
    if (service_open(store, true, BUSY_MS, login(), &service, &e) != STATUS_OK) {
        fprintf(stderr, "serve: %s\n", e.why);
        return 1;
    }
    write_all(service, count, STDOUT_FILENO);
    return 0;
}

/* Collects what the clients tell of `wanted` writes, what they do not tell being failures; returns seconds. */
static double collect(int in, double start, int wanted, Samples *times, int *failed) {
    double took;
    *failed = wanted;
    while (read(in, &took, sizeof took) == sizeof took) {
        if (took <= 0) continue;
        sample_add(times, took);
        --*failed;
    }
    double seconds = (now_ms() - start) / 1000;
    for (int i = 0; i < CLIENTS; i++) {
        wait(NULL);
    }
    return seconds;
}

static double by_server(const char *socket, Samples *times, int *failed) {
    int ends[2];
    if (pipe(ends) != 0) exit(1);
    double start = now_ms();
    for (int i = 0; i < CLIENTS; i++) {
        if (fork() != 0) continue;
        Service *service;
        Error e = {0};
        close(ends[0]);
        if (service_connect(socket, "", &service, &e) != STATUS_OK) {
            fprintf(stderr, "serve: %s\n", e.why);
            _exit(1);
        }
        write_all(service, WRITES, ends[1]);
    }
    close(ends[1]);
    double seconds = collect(ends[0], start, CLIENTS * WRITES, times, failed);
    close(ends[0]);
    return seconds;
}

static double by_processes(const char *self, const char *store, Samples *times, int *failed) {
    int ends[2];
    char number[16];
    snprintf(number, sizeof number, "%d", DIRECT_WRITES);
    if (pipe(ends) != 0) exit(1);
    double start = now_ms();
    for (int i = 0; i < CLIENTS; i++) {
        if (fork() != 0) continue;
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(self, self, "direct", store, number, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    double seconds = collect(ends[0], start, CLIENTS * DIRECT_WRITES, times, failed);
    close(ends[0]);
    return seconds;
}

static pid_t run(const char *program, const char *const *words) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    int none = open("/dev/null", O_WRONLY);
    dup2(none, STDERR_FILENO);
    execv(program, (char *const *)words);
    _exit(127);
}

static bool init(const char *jazari, const char *store) {
    int status = -1;
    const char *words[] = {jazari, "--store", store, "init", "--site", "SMA", NULL};
    waitpid(run(jazari, words), &status, 0);
    return status == 0;
}

static bool answers(const char *socket) {
    Service *service;
    Error e = {0};
    for (int i = 0; i < WAIT_TRIES; i++) {
        if (service_connect(socket, "", &service, &e) != STATUS_OK) continue;
        service_close(service);
        return true;
    }
    fprintf(stderr, "serve: %s\n", e.why);
    return false;
}

static int measure(const char *self, const char *jazari, const char *disk, const char *dir) {
    static Samples served, shared;
    char store[300], other[300], socket[300];
    int failed, failed_direct, status;
    snprintf(store, sizeof store, "%s/served.db", dir);
    snprintf(other, sizeof other, "%s/shared.db", dir);
    snprintf(socket, sizeof socket, "%s/serve.sock", dir);
    if (!init(jazari, store) || !init(jazari, other)) return 1;
    setenv("DISK_SYNC_MS", "5", 1);
    setenv("LD_PRELOAD", disk, 1);
    const char *words[] = {jazari, "--store", store, "--socket", socket, "serve", NULL};
    pid_t server = run(jazari, words);
    unsetenv("LD_PRELOAD");
    if (!answers(socket)) return 1;
    double seconds = by_server(socket, &served, &failed);
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    setenv("LD_PRELOAD", disk, 1);
    double direct_seconds = by_processes(self, other, &shared, &failed_direct);
    unsetenv("LD_PRELOAD");
    double rate = CLIENTS * WRITES / seconds, direct_rate = CLIENTS * DIRECT_WRITES / direct_seconds;
    printf("%d clients, %d writes each: failed\t%d of %d\t%d\t0\t\n", CLIENTS, WRITES, failed, CLIENTS * WRITES,
           failed);
    sample_row("50 clients, 100 writes each: a write", &served, "ms", SLOWEST_MS, 1);
    printf("the same: writes a second\t%.0f\t%.0f\t\t\n", rate, rate);
    printf("processes sharing the file: failed\t%d of %d\t%d\t\t\n", failed_direct, CLIENTS * DIRECT_WRITES,
           failed_direct);
    sample_row("processes sharing the file: a write", &shared, "ms", 0, 1);
    printf("processes sharing the file: writes a second\t%.0f\t%.0f\t\t\n", direct_rate, direct_rate);
    printf("time of the server's write to theirs\t%.3f (%.1f times as many)\t%.4f\t0.2\t\n", direct_rate / rate,
           rate / direct_rate, direct_rate / rate);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "direct") == 0) return be_direct(argv[2], atoi(argv[3]));
    if (argc != 4) {
        fprintf(stderr, "usage: serve JAZARI DISK DIRECTORY\n");
        return 2;
    }
    return measure(argv[0], argv[1], argv[2], argv[3]);
}
