/* Killed while writing, again and again: every write that was acknowledged is there, one that was not is there whole or
 * not at all, and the store is whole. */
#include "run.h"

#include "base/date.h"
#include "service/service.h"

#include <pwd.h>

enum { ROUNDS = 30, CODE_ROOM = 32 };

static const char *login(void) {
    const struct passwd *p = getpwuid(geteuid());
    static char unnamed[32];
    snprintf(unnamed, sizeof unnamed, "uid-%ld", (long)geteuid());
    return p && p->pw_name ? p->pw_name : unnamed;
}

/* Adds projects for ever, and tells of each one's code once it was acknowledged. */
static void write_for_ever(const char *store, int out) {
    Service *service;
    Error e = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (service_open(store, true, 5000, login(), &service, &e) != STATUS_OK) _exit(1);
    for (;;) {
        Arena arena = {0};
        Outcome outcome;
        char op[OPERATION_SIZE], code[CODE_ROOM] = "";
        static const Argument arguments[] = {
            {"title", "Irrigation forecast for the valley"}, {"stage", "pilot"}, {"sector", "water"}};
        operation_new(op);
        const CommandRequest request = {.verb = "add",
                                        .entity = "project",
                                        .arguments = arguments,
                                        .argument_count = 3,
                                        .form = FORM_FILE,
                                        .op = op};
        if (service_command(service, &arena, &request, &outcome, &e) != STATUS_OK || outcome.count != 1) _exit(1);
        code_write(outcome.effects[0].entity->letter, outcome.effects[0].id, code);
        if (write(out, code, sizeof code) != sizeof code) _exit(1);
        arena_free(&arena);
    }
}

/* Kills the writer after `acks` acknowledged writes, somewhere in the next; adds all that were acknowledged to codes. */
static void kill_round(const char *store, int acks, Buffer *codes) {
    int ends[2], status;
    char code[CODE_ROOM];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dup2(ends[1], 3) != 3 || fcntl(3, F_SETFD, 0) != 0) _exit(1);
        execl("/proc/self/exe", "writer", store, (char *)NULL);
        _exit(1);
    }
    close(ends[1]);
    for (int seen = 0; read(ends[0], code, sizeof code) == sizeof code; seen++) {
        buffer_add(codes, code, sizeof code);
        if (seen == acks) kill(child, SIGKILL);
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) fail_msg("the writer ended by itself: %d", status);
}

static void expect_whole(const char *store, const Buffer *codes) {
    Service *service;
    Error e = {0};
    int64_t count;
    if (service_open(store, false, 5000, login(), &service, &e) != STATUS_OK) fail_msg("%s", e.why);
    for (size_t at = 0; at < codes->size; at += CODE_ROOM) {
        Arena arena = {0};
        Record *record;
        if (service_record(service, &arena, codes->bytes + at, &record, &e) != STATUS_OK)
            fail_msg("%s was acknowledged and is lost: %s", codes->bytes + at, e.why);
        arena_free(&arena);
    }
    assert_int_equal(service_count(service, &entity_project, "", &count, &e), STATUS_OK);
    assert_true(count >= (int64_t)(codes->size / CODE_ROOM));
    if (service_check(service, &(CheckOptions){0}, &e) != STATUS_OK) fail_msg("%s", e.why);
    service_close(service);
}

static void test_killed_while_writing(void **state) {
    (void)state;
    Buffer codes = {0};
    uint32_t random = 20261123;
    RUN_WANTS(0, "made", "--store", "kill.db", "init", "--site", "SMA");
    for (int round = 0; round < ROUNDS; round++) {
        random = random * 1664525 + 1013904223;
        kill_round("kill.db", (int)(random >> 28), &codes);
        expect_whole("kill.db", &codes);
    }
    assert_true(codes.size >= ROUNDS * CODE_ROOM);
    RUN_WANTS(0, "", "--store", "kill.db", "check");
    buffer_free(&codes);
}

/* Feeds rows of needs to an import until it must have taken most of them; it can only be amid its transaction. */
static void feed(int fd, int rows) {
    char line[120];
    int n = snprintf(line, sizeof line, "title,urgency,sector,beneficiary\n");
    for (int i = 0; i < rows; i++) {
        assert_int_equal(write(fd, line, (size_t)n), n);
        n = snprintf(line, sizeof line, "Water gauge number %d,2,water,SMA-G1\n", i);
    }
}

static void test_import_killed_midway(void **state) {
    (void)state;
    static const int rows[] = {3000, 15000};
    RUN_WANTS(0, "made", "--store", "import.db", "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", "import.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Run r = {0};
        int ends[2];
        const char *const words[] = {"--store", "import.db", "import", "need", "-", NULL};
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        run_start(&r, &(RunHow){.words = words, .input = ends[0]});
        close(ends[0]);
        feed(ends[1], rows[i]);
        kill(r.child, SIGKILL);
        close(ends[1]);
        run_end(&r);
        assert_int_equal(r.signal, SIGKILL);
        run_free(&r);
        assert_int_equal(run_count_rows("import.db", "need"), 0);
        RUN_WANTS(0, "", "--store", "import.db", "check");
    }
    RUN_WANTS(0, "", "--store", "import.db", "add", "need", "title=Water gauge", "urgency=2", "sector=water",
              "beneficiary=SMA-G1");
}

/* A store whose making was cut off is no store; the message says what to do, and the name can be used once it is gone. */
static void test_maker_killed(void **state) {
    (void)state;
    Run r = {0};
    int found = 0;
    for (int round = 0; round < 6; round++) {
        const char *const words[] = {"--store", "half.db", "init", "--demo", NULL};
        run_start(&r, &(RunHow){.words = words});
        while (access("half.db", F_OK) != 0 && run_alive(&r)) {}
        kill(r.child, SIGKILL);
        run_end(&r);
        run_free(&r);
        RUN(&r, "--store", "half.db", "list", "province");
        if (r.exit == 1) {
            run_says(&r, "half.db: ");
            found++;
        } else run_expect(&r, 0);
        run_free(&r);
        unlink("half.db");
        unlink("half.db-wal");
        unlink("half.db-shm");
        unlink("half.db-lock");
    }
    assert_true(found > 0);
    RUN_WANTS(0, "made", "--store", "half.db", "init", "--site", "SMA");
}

/* With a store's name it is the writer that is going to be killed, a program of its own. */
int main(int count, char **arguments) {
    if (count == 2) write_for_ever(arguments[1], 3);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_while_writing),
        cmocka_unit_test(test_import_killed_midway),
        cmocka_unit_test(test_maker_killed),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
