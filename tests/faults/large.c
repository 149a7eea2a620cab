/* An act of very many records: it is taken back and brought back whole, in no more memory than any other takes. */
#include "run.h"

enum { ROWS = 30000, MEMORY_MOST = 80 << 20 };

/* What is started from now on may take so much; returns how much it might before. (The sanitizers map more than that to
 * begin with.) */
static rlim_t bound_memory(rlim_t most) {
#ifndef __SANITIZE_ADDRESS__
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_AS, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    return before;
#else
    return most;
#endif
}

static void write_rows(const char *path) {
    Buffer rows = {0};
    buffer_add_string(&rows, "title,urgency,sector,beneficiary,problem\n");
    for (int i = 0; i < ROWS; i++) {
        buffer_format(&rows, "Prévision d'irrigation %d,%d,water,SMA-G1,\"Ce qui manque à la commune %d\"\n", i,
                      1 + i % 4, i);
    }
    run_write_file(path, rows.bytes, rows.size);
    buffer_free(&rows);
}

static void expect_says(const char *text, const char *const *words) {
    Run r;
    run_how(&r, &(RunHow){.words = words});
    run_expect(&r, 0);
    if (!strstr(buffer_string(&r.out), text)) run_says(&r, text);
    run_free(&r);
}

#define SAYS(text, ...) expect_says(text, (const char *const[]){"--store", "large.db", __VA_ARGS__, NULL})

static void test_a_large_import_is_undone(void **state) {
    (void)state;
    RUN_WANTS(0, "made", "--store", "large.db", "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", "large.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    write_rows("rows.csv");
    SAYS("30000 added", "import", "need", "rows.csv");
    rlim_t before = bound_memory(MEMORY_MOST);
    SAYS("undone: 30", "undo");
    assert_int_equal(run_count_rows("large.db", "need"), 0);
    SAYS("redone: 30", "redo", "--op", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    /* The same once more changes nothing, and is answered as the first time. */
    SAYS("redone: 30", "redo", "--op", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    bound_memory(before);
    assert_int_equal(run_count_rows("large.db", "need"), ROWS);
    RUN_WANTS(0, "", "--store", "large.db", "check");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_large_import_is_undone)};
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
