/* A fault at every write and every sync of a workload: the disk fails from there on (EIO, ENOSPC), or one write is cut
 * short. The program says so and ends by itself; what it acknowledged is there, nothing is there by half, and the store is
 * whole. */
#include "run.h"

typedef struct Work {
    const char *name;
    const char *const *words;
    int adds; /* projects, where it is acknowledged */
} Work;

static const char *const add_words[] = {
    "--store",        "f.db",         "--site", "SMA", "add", "project", "title=Suivi des crues",
    "stage=research", "sector=water", NULL};
static const char *const import_words[] = {"--store", "f.db", "--site", "SMA", "import", "project", "rows.csv", NULL};
static const char *const set_words[] = {"--store", "f.db", "--site", "SMA", "set", "SMA-P1", "title=Suivi des barrages",
                                        NULL};
static const char *const undo_words[] = {"--store", "f.db", "--site", "SMA", "undo", NULL};
static const Work works[] = {
    {"add", add_words, 1}, {"import", import_words, 30}, {"set", set_words, 0}, {"undo", undo_words, -1}};

static void copy_file(const char *from, const char *to) {
    Buffer bytes = {0};
    run_read_file(from, &bytes);
    run_write_file(to, bytes.bytes, bytes.size);
    buffer_free(&bytes);
}

/* As it was before each round. */
static void reset(void) {
    unlink("f.db-wal");
    unlink("f.db-shm");
    unlink("f.db-lock");
    copy_file("start.db", "f.db");
}

static void with_disk(const char *how, int at) {
    char number[16];
    snprintf(number, sizeof number, "%d", at);
    run_preload_disk();
    setenv("DISK_FAIL", how, 1);
    setenv("DISK_AT", number, 1);
    setenv("DISK_COUNT", "count", 1);
}

static void without_disk(void) {
    unsetenv("LD_PRELOAD");
    unsetenv("DISK_FAIL");
    unsetenv("DISK_AT");
    unsetenv("DISK_COUNT");
}

static int counted(void) {
    Buffer text = {0};
    run_read_file("count", &text);
    int count = atoi(buffer_string(&text));
    buffer_free(&text);
    return count;
}

static void round_of(const Work *work, const char *how, int at) {
    Run r = {0};
    reset();
    int before = run_count_rows("f.db", "project");
    with_disk(how, at);
    run_how(&r, &(RunHow){.words = work->words});
    without_disk();
    if (r.exit < 0 || (r.exit != 0 && !r.err.size))
        fail_msg("%s, %s at %d: exit %d, signal %d: %s", work->name, how, at, r.exit, r.signal, buffer_string(&r.err));
    int added = run_count_rows("f.db", "project") - before;
    /* What failed may have been committed before it failed to say so; it is never there by half. */
    if (added != work->adds && (added != 0 || r.exit == 0))
        fail_msg("%s, %s at %d: exit %d and %d added", work->name, how, at, r.exit, added);
    RUN_WANTS(0, "", "--store", "f.db", "check");
    run_free(&r);
}

static void at_each(const char *how) {
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        Run r = {0};
        reset();
        with_disk("", 0);
        run_how(&r, &(RunHow){.words = works[i].words});
        without_disk();
        run_expect(&r, 0);
        run_free(&r);
        int count = counted();
        if (count < 3) fail_msg("%s: %d writes", works[i].name, count);
        for (int at = 1; at <= count; at++) {
            round_of(&works[i], how, at);
        }
    }
}

static int make_start(void **state) {
    if (run_enter(state) != 0) return -1;
    Buffer rows = {0};
    buffer_add_string(&rows, "title,stage,sector\n");
    for (int i = 0; i < 30; i++) {
        buffer_format(&rows, "Projet %d,research,water\n", i);
    }
    run_write_file("rows.csv", rows.bytes, rows.size);
    buffer_free(&rows);
    RUN_WANTS(0, "made", "--store", "start.db", "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", "start.db", "add", "project", "title=Suivi des nappes", "stage=research",
              "sector=water");
    return 0;
}

static void test_every_call_fails(void **state) {
    (void)state;
    at_each("eio");
}

static void test_disk_full_at_every_call(void **state) {
    (void)state;
    at_each("enospc");
}

static void test_every_write_short(void **state) {
    (void)state;
    at_each("short");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_disk_full_at_every_call),
        cmocka_unit_test(test_every_write_short),
    };
    return cmocka_run_group_tests(tests, make_start, run_leave);
}
