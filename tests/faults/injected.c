/* A fault at every write, sync and allocation of a workload: the disk fails from there on (EIO, ENOSPC), or one write is
 * cut short; memory runs out once, or for good. The program says so and ends by itself; the records are as they were or
 * as the act was to leave them, and the store is whole. Or the power is cut, and what was not synced is lost at random:
 * then too, and what was acknowledged is there. */
#include "run.h"

typedef struct Work {
    const char *name;
    const char *const *words;
    Buffer done; /* what the store holds once it was done: see contents_of */
} Work;

static const char *const add_words[] = {
    "--store",        "f.db",         "--site", "SMA", "add", "project", "title=Suivi des crues",
    "stage=research", "sector=water", NULL};
static const char *const import_words[] = {"--store", "f.db", "--site", "SMA", "import", "project", "rows.csv", NULL};
static const char *const set_words[] = {"--store", "f.db", "--site", "SMA", "set", "SMA-P1", "title=Suivi des barrages",
                                        NULL};
static const char *const undo_words[] = {"--store", "f.db", "--site", "SMA", "undo", NULL};
static const char *const backup_words[] = {"--store", "f.db", "backup", "copy.db", NULL};
static Work works[] = {
    {.name = "add", .words = add_words},       {.name = "import", .words = import_words},
    {.name = "set", .words = set_words},       {.name = "undo", .words = undo_words},
    {.name = "backup", .words = backup_words},
};
/* There are thirty thousand allocations, most of them from the same places again and again: a prime number meets them all
 * in turn. */
enum { WORKS = sizeof works / sizeof *works, MEMORY_PROVED = 11, MEMORY_SHARE = 307 };

/* What runs out: a library of preload/, what it is told, and which of its calls are tried: every so manieth. */
typedef struct Fault {
    const char *library, *how;
    int proved, every; /* of the whole proof; of the share of it that takes seconds */
    const char *seed;
} Fault;

static Buffer before; /* what the store holds in the beginning */

static void copy_file(const char *from, const char *to) {
    Buffer bytes = {0};
    run_read_file(from, &bytes);
    run_write_file(to, bytes.bytes, bytes.size);
    buffer_free(&bytes);
}

/* As it was before each round. */
static void reset(void) {
    static const char *const beside[] = {"f.db-wal", "f.db-shm", "f.db-lock", "f.db-copied", "copy.db", "copy.db-wal"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        unlink(beside[i]);
    }
    copy_file("start.db", "f.db");
}

static void set_fault(const Fault *f, const char *what, const char *value) {
    char name[32];
    snprintf(name, sizeof name, "%s_%s", f->library, what);
    if (value) setenv(name, value, 1);
    else unsetenv(name);
}

/* at 0: nothing fails, all calls are counted. */
static void run_with_fault(Run *r, const Work *work, const Fault *f, int at) {
    char number[16];
    snprintf(number, sizeof number, "%d", at);
    run_preload(f->library);
    set_fault(f, "FAIL", f->how);
    set_fault(f, "AT", number);
    set_fault(f, "SEED", f->seed);
    set_fault(f, "COUNT", "count");
    run_how(r, &(RunHow){.words = work->words});
    unsetenv("LD_PRELOAD");
    set_fault(f, "FAIL", NULL);
    set_fault(f, "AT", NULL);
    set_fault(f, "SEED", NULL);
    set_fault(f, "COUNT", NULL);
}

static int counted(void) {
    Buffer text = {0};
    run_read_file("count", &text);
    int count = atoi(buffer_string(&text));
    buffer_free(&text);
    return count;
}

/* Every project with all of its fields: the clock is pinned, so that they are the same after each round. */
static void contents_of(const char *store, Buffer *out) {
    Run r = {0};
    RUN(&r, "--store", store, "export", "project", "--json");
    run_expect(&r, 0);
    buffer_clear(out);
    buffer_add(out, r.out.bytes, r.out.size);
    run_free(&r);
}

/* Whether the store is the very bytes it was: nothing need be asked of it then. */
static bool is_untouched(void) {
    Buffer was = {0}, is = {0};
    struct stat log;
    bool logged = stat("f.db-wal", &log) == 0 && log.st_size > 0;
    run_read_file("start.db", &was);
    run_read_file("f.db", &is);
    bool same = !logged && was.size == is.size && memcmp(was.bytes, is.bytes, is.size) == 0;
    buffer_free(&was);
    buffer_free(&is);
    return same;
}

/* A copy is whole or has not this name. */
static void expect_copy(bool made) {
    if (made || access("copy.db", F_OK) == 0) RUN_WANTS(0, "", "--store", "copy.db", "check");
}

/* What failed may have been committed before it failed to say so; it is never there by half. */
static void expect_before_or_after(const Work *work, const Fault *f, int at, bool acknowledged) {
    Buffer after = {0};
    if (is_untouched()) buffer_add(&after, before.bytes, before.size);
    else contents_of("f.db", &after);
    bool done = !strcmp(buffer_string(&after), buffer_string(&work->done));
    if (!done && (acknowledged || strcmp(buffer_string(&after), buffer_string(&before)) != 0))
        fail_msg("%s, %s at %d: acknowledged %d and the store holds\n%s", work->name, f->how, at, acknowledged,
                 buffer_string(&after));
    buffer_free(&after);
}

static void round_of(const Work *work, const Fault *f, int at) {
    Run r = {0};
    reset();
    run_with_fault(&r, work, f, at);
    bool cut = !strcmp(f->how, "cut") && r.signal == SIGKILL;
    if (!cut && (r.exit < 0 || (r.exit != 0 && !r.err.size)))
        fail_msg("%s, %s at %d: exit %d, signal %d: %s", work->name, f->how, at, r.exit, r.signal,
                 buffer_string(&r.err));
    /* It was not the store that failed. */
    if (access("f.db-damaged", F_OK) == 0) fail_msg("%s, %s at %d: noted as damaged", work->name, f->how, at);
    expect_before_or_after(work, f, at, cut ? r.out.size > 0 || r.err.size > 0 : r.exit == 0);
    if (!is_untouched()) RUN_WANTS(0, "", "--store", "f.db", "check");
    if (work->words == backup_words) expect_copy(r.exit == 0);
    run_free(&r);
}

static void at_each(const Fault *f) {
    int rounds = 0, all = 0;
    for (int i = 0; i < WORKS; i++) {
        Run r = {0};
        reset();
        run_with_fault(&r, &works[i], f, 0);
        run_expect(&r, 0);
        run_free(&r);
        int count = counted(), every = run_share(f->proved, f->every);
        if (count < 3) fail_msg("%s: %d calls", works[i].name, count);
        for (int at = 1 + i % every; at <= count; at += every) {
            round_of(&works[i], f, at);
            rounds++;
        }
        all += count;
    }
    print_message("# measured: %s %s at %d of %d calls\n", f->library, f->how, rounds, all);
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
              "sector=water", "summary=Niveau et qualité");
    contents_of("start.db", &before);
    for (int i = 0; i < WORKS; i++) {
        Run r = {0};
        reset();
        run_how(&r, &(RunHow){.words = works[i].words});
        run_expect(&r, 0);
        run_free(&r);
        contents_of("f.db", &works[i].done);
    }
    return 0;
}

static int remove_start(void **state) {
    for (int i = 0; i < WORKS; i++) {
        buffer_free(&works[i].done);
    }
    buffer_free(&before);
    return run_leave(state);
}

static void test_every_call_fails(void **state) {
    (void)state;
    at_each(&(Fault){"DISK", "eio", 1, 3, NULL});
}

static void test_disk_full_at_every_call(void **state) {
    (void)state;
    at_each(&(Fault){"DISK", "enospc", 1, 3, NULL});
}

static void test_every_write_short(void **state) {
    (void)state;
    at_each(&(Fault){"DISK", "short", 1, 3, NULL});
}

static void test_power_cut_at_every_call(void **state) {
    (void)state;
    static const char *const seeds[] = {"1", "2", "3", "4"};
    for (int i = 0; i < run_share((int)(sizeof seeds / sizeof *seeds), 1); i++) {
        at_each(&(Fault){"DISK", "cut", 1, 3, seeds[i]});
    }
}

static void test_memory_lacks_once(void **state) {
    (void)state;
    at_each(&(Fault){"MEMORY", "once", MEMORY_PROVED, MEMORY_SHARE, NULL});
}

static void test_memory_runs_out(void **state) {
    (void)state;
    at_each(&(Fault){"MEMORY", "all", MEMORY_PROVED, MEMORY_SHARE, NULL});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_fails),  cmocka_unit_test(test_disk_full_at_every_call),
        cmocka_unit_test(test_every_write_short), cmocka_unit_test(test_power_cut_at_every_call),
        cmocka_unit_test(test_memory_lacks_once), cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, make_start, remove_start);
}
