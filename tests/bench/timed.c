/* Runs a command REPEATS times, its output put away, and prints how long it took and the most memory it held:
 *
 *     timed REPEATS WHAT BUDGET_MS COMMAND ...
 *     timed -m REPEATS WHAT BUDGET_MS BUDGET_MB COMMAND ...     also a row of its memory
 *     timed -r ROWS WHAT BUDGET_MS BUDGET_MB COMMAND ...        once; also how many rows a second
 *
 * A budget of 0 is none. Exit 1, with the command's own words, where it failed. */
#include "sample.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_LINES = 20 };

typedef struct Run {
    double ms;
    long kib; /* the most it held in memory */
    int status;
} Run;

static Run run_once(char **command, const char *log) {
    struct rusage usage;
    Run run = {.status = -1};
    double start = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        int in = open("/dev/null", O_RDONLY), out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execvp(*command, command);
        _exit(127);
    }
    if (pid > 0 && wait4(pid, &run.status, 0, &usage) == pid) run.kib = usage.ru_maxrss;
    run.ms = now_ms() - start;
    return run;
}

static void show_log(const char *log) {
    char line[512];
    FILE *f = fopen(log, "r");
    for (int i = 0; i < LOG_LINES && f && fgets(line, sizeof line, f); i++) {
        fputs(line, stderr);
    }
    if (f) fclose(f);
}

static void print_rows(const char *what, Samples *times, Samples *memory, long rows, double ms, double mb) {
    if (rows) {
        double seconds = sample_median(times) / 1e3;
        printf("%s\t%.1f s (%.0f rows a second)\t%.3f\t", what, seconds, (double)rows / seconds, seconds);
        if (ms > 0) printf("%g", ms / 1e3);
        printf("\ts\n");
    } else sample_row(what, times, "ms", ms, 0);
    if (!memory->count) return;
    printf("%s: peak memory\t%.1f MB\t%.3f\t", what, sample_worst(memory), sample_worst(memory));
    if (mb > 0) printf("%g", mb);
    printf("\tMB\n");
}

int main(int argc, char **argv) {
    static Samples times, memory;
    bool with_memory = argc > 1 && argv[1][0] == '-', once = argc > 1 && strcmp(argv[1], "-r") == 0;
    int at = 1 + with_memory, first = at + 3 + with_memory;
    char log[] = "/tmp/jazari-timed-XXXXXX";
    if (argc <= first) {
        fprintf(stderr, "usage: timed [-m | -r] NUMBER WHAT BUDGET_MS [BUDGET_MB] COMMAND ...\n");
        return 2;
    }
    int fd = mkstemp(log), repeats = once ? 1 : atoi(argv[at]);
    if (fd < 0) return 1;
    close(fd);
    int status = 0;
    for (int i = 0; i < repeats && status == 0; i++) {
        Run run = run_once(argv + first, log);
        status = run.status;
        sample_add(&times, run.ms);
        if (with_memory) sample_add(&memory, (double)run.kib / 1024);
    }
    if (status != 0) {
        fprintf(stderr, "timed: %s: %s failed:\n", argv[at + 1], argv[first]);
        show_log(log);
    } else
        print_rows(argv[at + 1], &times, &memory, once ? atol(argv[at]) : 0, atof(argv[at + 2]),
                   with_memory ? atof(argv[at + 3]) : 0);
    unlink(log);
    return status != 0;
}
