/* A program that crashes gives the terminal back first, also where its stack ran over and no handler would have room. */
#include "screen.h"

static void read_to_end(Screen *s) {
    char bytes[4096];
    ssize_t n;
    while ((n = read(s->master, bytes, sizeof bytes)) > 0) {
        buffer_add(&s->seen, bytes, (size_t)n);
    }
}

static void test_a_stack_that_runs_over(void **state) {
    (void)state;
    Screen s;
    int code, number;
    struct termios before, after;
    RUN_WANTS(0, "made", "--store", "crash.db", "init", "--site", "SMA");
    run_preload("STACK");
    screen_open(&s, "crash.db");
    unsetenv("LD_PRELOAD");
    int slave = open(ptsname(s.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    screen_wait(&s, "Dashboard");
    assert_int_equal(tcgetattr(slave, &before), 0);
    assert_false(before.c_lflag & ECHO);
    kill(s.child, SIGUSR2);
    run_reap(s.child, &code, &number);
    assert_int_equal(number, SIGSEGV);
    assert_int_equal(tcgetattr(slave, &after), 0);
    assert_true(after.c_lflag & ECHO);
    close(slave);
    read_to_end(&s);
    assert_non_null(strstr(s.seen.bytes, "\033[?1049l"));
    close(s.master);
    vterm_free(s.terminal);
    buffer_free(&s.seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_stack_that_runs_over)};
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
