/* A disk that takes no more: what was acknowledged is there, what was refused left no trace, and the message says why.
 * A bound on the size of files stands for the full disk (the write is refused in the same places), and /dev/full is a
 * full disk for what is printed. */
#include "run.h"

enum { ADDS_MOST = 400 };

static long size_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (long)st.st_size;
}

static void make_store(const char *path) {
    RUN_WANTS(0, "made", "--store", path, "init", "--site", "SMA");
}

/* One need more, with files bound to `most` bytes; the program's exit status. */
static int add_need(const char *store, int number, long most) {
    char title[64];
    Run r = {0};
    snprintf(title, sizeof title, "title=Water gauge %d", number);
    const char *const words[] = {
        "--store", store, "add", "need", title, "urgency=2", "sector=water", "beneficiary=SMA-G1", NULL};
    run_how(&r, &(RunHow){.words = words, .file_most = most});
    int status = r.exit;
    if (status) {
        run_expect(&r, 1);
        run_says(&r, "the disk is full: nothing was written; free some space and try again");
        run_says(&r, store);
        assert_int_equal(r.out.size, 0);
    } else assert_int_equal(strncmp(buffer_string(&r.out), "SMA-N", 5), 0);
    run_free(&r);
    return status;
}

static void add_organisation(const char *store) {
    RUN_WANTS(0, "", "--store", store, "add", "organisation", "name=Commune 1", "kind=local_authority");
}

static void test_disk_fills_up(void **state) {
    (void)state;
    int done = 0;
    make_store("full.db");
    add_organisation("full.db");
    long most = size_of("full.db") + 4 * 4096;
    while (done < ADDS_MOST && add_need("full.db", done, most) == 0) {
        done++;
    }
    assert_in_range(done, 1, ADDS_MOST - 1);
    assert_int_equal(add_need("full.db", done, most), 1);
    assert_int_equal(run_count_rows("full.db", "need"), done);
    RUN_WANTS(0, "", "--store", "full.db", "check");
    /* With space again it goes on where it stood. */
    assert_int_equal(add_need("full.db", done, 0), 0);
    assert_int_equal(run_count_rows("full.db", "need"), done + 1);
    RUN_WANTS(0, "", "--store", "full.db", "check");
}

static void test_import_on_full_disk(void **state) {
    (void)state;
    Buffer csv = {0};
    Run r = {0};
    make_store("import.db");
    add_organisation("import.db");
    buffer_add_string(&csv, "title,urgency,sector,beneficiary\n");
    for (int i = 0; i < 6000; i++) {
        buffer_format(&csv, "Water gauge number %d of the province,2,water,SMA-G1\n", i);
    }
    run_write_file("needs.csv", csv.bytes, csv.size);
    const char *const words[] = {"--store", "import.db", "import", "need", "needs.csv", NULL};
    run_how(&r, &(RunHow){.words = words, .file_most = size_of("import.db") + 200000});
    run_expect(&r, 1);
    run_says(&r, "the disk is full: nothing was written");
    assert_int_equal(run_count_rows("import.db", "need"), 0);
    RUN_WANTS(0, "", "--store", "import.db", "check");
    RUN_WANTS(0, "6000 added", "--store", "import.db", "import", "need", "needs.csv");
    run_free(&r);
    buffer_free(&csv);
}

/* What cannot be made whole is not left behind as a half. */
static void test_no_room_for_a_store(void **state) {
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    for (long most = 4096; most <= 262144; most *= 4) {
        Run r = {0};
        const char *const words[] = {"--store", "none.db", "init", "--site", "SMA", NULL};
        run_how(&r, &(RunHow){.words = words, .file_most = most});
        run_expect(&r, 1);
        run_says(&r, "none.db: ");
        run_says(&r, "the disk is full");
        run_free(&r);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            char name[32];
            snprintf(name, sizeof name, "none.db%s", ends[i]);
            assert_int_equal(access(name, F_OK), -1);
        }
    }
}

static void test_no_room_for_a_backup(void **state) {
    (void)state;
    Run r = {0};
    make_store("live.db");
    const char *const backup[] = {"--store", "live.db", "backup", "copy.db", NULL};
    run_how(&r, &(RunHow){.words = backup, .file_most = 100000});
    run_expect(&r, 1);
    run_says(&r, "copy.db: ");
    assert_int_equal(access("copy.db", F_OK), -1);
    run_free(&r);
    RUN_WANTS(0, "written", "--store", "live.db", "backup", "copy.db");
    const char *const restore[] = {"--store", "again.db", "restore", "copy.db", NULL};
    run_how(&r, &(RunHow){.words = restore, .file_most = 100000});
    run_expect(&r, 1);
    assert_true(r.err.size > 0);
    assert_int_equal(access("again.db", F_OK), -1);
    run_free(&r);
}

/* An export that did not all get to its file must not look like one that did. */
static void test_output_on_full_disk(void **state) {
    (void)state;
    static const char *const forms[][4] = {{"export", "province", NULL},
                                           {"list", "province", "--json", NULL},
                                           {"list", "site", NULL},
                                           {"show", "SMA", NULL},
                                           {"log", NULL},
                                           {"check", NULL}};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    make_store("out.db");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        Run r = {0};
        const char *words[8] = {"--store", "out.db"};
        for (int k = 0; forms[i][k]; k++) {
            words[k + 2] = forms[i][k];
        }
        run_how(&r, &(RunHow){.words = words, .output = full});
        if (r.exit != 1) fail_msg("%s to a full disk ended with %d", forms[i][0], r.exit);
        run_says(&r, "No space left on device");
        run_free(&r);
    }
    close(full);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disk_fills_up),       cmocka_unit_test(test_import_on_full_disk),
        cmocka_unit_test(test_no_room_for_a_store), cmocka_unit_test(test_no_room_for_a_backup),
        cmocka_unit_test(test_output_on_full_disk),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
