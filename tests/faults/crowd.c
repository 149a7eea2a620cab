/* Many at once: forty processes book the same last hours, and several make a store on one path. Nothing is booked twice,
 * and nobody is told anything but "done", "conflict" or "busy". */
#include "run.h"

enum { CROWD = 40, MAKERS = 6, ROUNDS = 4 };

static void add(const char *entity, const char *const *fields) {
    Run r = {0};
    const char *words[RUN_WORDS] = {"--store", "crowd.db", "add", entity};
    for (int i = 0; fields[i]; i++) {
        words[i + 4] = fields[i];
    }
    run_how(&r, &(RunHow){.words = words});
    run_expect(&r, 0);
    run_free(&r);
}

/* One offer of 100 hours in one week, and forty requests that each want 30 of them. */
static void make_network(void) {
    Buffer csv = {0};
    RUN_WANTS(0, "made", "--store", "crowd.db", "init", "--site", "SMA");
    add("project", (const char *const[]){"title=Irrigation forecast", "stage=pilot", "sector=water", NULL});
    add("offer", (const char *const[]){"name=Node of eight", "kind=gpu_hour", "quantity=110", "reserve=10",
                                       "first=2026-W50", "last=2026-W50", "data_level=2", "mode=negotiated", NULL});
    RUN_WANTS(0, "", "--store", "crowd.db", "open", "SMA-O1");
    buffer_add_string(&csv, "code,state,rev,project,kind,wanted,earliest,latest,priority,data_level\n");
    for (int i = 1; i <= CROWD; i++) {
        buffer_format(&csv, "SMA-R%d,approved,3,SMA-P1,gpu_hour,30,2026-W49,2026-W51,2,1\n", i);
    }
    run_write_file("requests.csv", csv.bytes, csv.size);
    RUN_WANTS(0, "40 added", "--store", "crowd.db", "import", "request", "requests.csv");
    buffer_free(&csv);
}

/* Starts all of them behind one gate and opens it. */
static void run_together(Run *runs, int count, const char *const (*words)[RUN_WORDS]) {
    int gate[2];
    assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
    for (int i = 0; i < count; i++) {
        runs[i] = (Run){0};
        run_start(&runs[i], &(RunHow){.words = words[i], .gate = gate});
    }
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < count; i++) {
        run_end(&runs[i]);
    }
}

static void test_the_last_hours(void **state) {
    (void)state;
    static const char *words[CROWD][RUN_WORDS];
    static char codes[CROWD][24];
    static Run runs[CROWD];
    int won = 0, busy = 0;
    make_network();
    for (int i = 0; i < CROWD; i++) {
        snprintf(codes[i], sizeof codes[i], "SMA-R%d", i + 1);
        const char *const line[] = {"--store", "crowd.db", "propose", codes[i], "offer=SMA-O1", "quantity=30", NULL};
        memcpy(words[i], line, sizeof line);
    }
    run_together(runs, CROWD, (const char *const(*)[RUN_WORDS])words);
    for (int i = 0; i < CROWD; i++) {
        if (runs[i].exit != 0 && runs[i].exit != 4) run_expect(&runs[i], 6);
        if (runs[i].exit == 4) run_says(&runs[i], "SMA-O1 could give");
        won += runs[i].exit == 0;
        busy += runs[i].exit == 6;
        run_free(&runs[i]);
    }
    /* Three times thirty fit into a hundred; who was told "busy" may try again and finds nothing left. */
    assert_true(won <= 3);
    if (!busy) assert_int_equal(won, 3);
    assert_int_equal(run_count_rows("crowd.db", "allocation"), won);
    RUN_WANTS(0, "", "--store", "crowd.db", "check");
    for (; won < 3; won++) {
        RUN_WANTS(0, "", "--store", "crowd.db", "propose", codes[won], "offer=SMA-O1", "quantity=30");
    }
    RUN_WANTS(4, "SMA-O1 could give", "--store", "crowd.db", "propose", codes[CROWD - 1], "offer=SMA-O1",
              "quantity=30");
}

/* Whoever comes first makes it; the others change nothing and say that it is there. */
static void test_several_make_one_store(void **state) {
    (void)state;
    static const char *words[MAKERS][RUN_WORDS];
    Run runs[MAKERS];
    char path[32];
    for (int round = 0; round < ROUNDS; round++) {
        int made = 0;
        snprintf(path, sizeof path, "made-%d.db", round);
        for (int i = 0; i < MAKERS; i++) {
            const char *const line[] = {"--store", path, "init", "--site", i % 2 ? "SMA" : "ORI", NULL};
            memcpy(words[i], line, sizeof line);
        }
        run_together(runs, MAKERS, (const char *const(*)[RUN_WORDS])words);
        for (int i = 0; i < MAKERS; i++) {
            made += runs[i].exit == 0;
            if (runs[i].exit != 0) {
                run_expect(&runs[i], 1);
                run_says(&runs[i], "there is a file of this name already: nothing was written");
            }
            run_free(&runs[i]);
        }
        assert_int_equal(made, 1);
        assert_int_equal(run_count_rows(path, "operator"), 1);
        RUN_WANTS(0, "", "--store", path, "check");
    }
}

/* Writers and readers at one store: a reader never sees half a write, and none fails. */
static void test_readers_beside_writers(void **state) {
    (void)state;
    enum { PEOPLE = 24 };
    static const char *words[PEOPLE][RUN_WORDS];
    static char titles[PEOPLE][40];
    static Run runs[PEOPLE];
    int added = 0, before = run_count_rows("crowd.db", "project");
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(titles[i], sizeof titles[i], "title=Project of person %d", i);
        const char *const write[] = {"--store", "crowd.db",    "add",          "project",
                                     titles[i], "stage=pilot", "sector=water", NULL};
        const char *const read[] = {"--store", "crowd.db", "export", "project", NULL};
        if (i % 2) memcpy(words[i], read, sizeof read);
        else memcpy(words[i], write, sizeof write);
    }
    run_together(runs, PEOPLE, (const char *const(*)[RUN_WORDS])words);
    for (int i = 0; i < PEOPLE; i++) {
        if (runs[i].exit != 0) run_expect(&runs[i], 6);
        if (i % 2) run_expect(&runs[i], 0);
        else added += runs[i].exit == 0;
        run_free(&runs[i]);
    }
    assert_int_equal(run_count_rows("crowd.db", "project"), before + added);
    RUN_WANTS(0, "", "--store", "crowd.db", "check");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_hours),
        cmocka_unit_test(test_several_make_one_store),
        cmocka_unit_test(test_readers_beside_writers),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
