/* A terminal that takes no output, as over a link that stands still or after Ctrl-S: the program ends all the same when it
 * is told to, and does not wait for it for ever. */
#include "screen.h"

static void ends_on(int number) {
    Screen s;
    int code, ended;
    screen_open(&s, "stuck.db");
    screen_wait(&s, "Dashboard");
    int slave = open(ptsname(s.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    assert_int_equal(tcflow(slave, TCOOFF), 0);
    screen_type(&s, "2"); /* what it draws now stays with it */
    kill(s.child, number);
    run_reap(s.child, &code, &ended);
    assert_int_equal(ended, 0);
    assert_int_equal(code, 0);
    tcflow(slave, TCOON);
    close(slave);
    close(s.master);
    vterm_free(s.terminal);
    buffer_free(&s.seen);
}

static void test_a_stopped_terminal_holds_nobody(void **state) {
    (void)state;
    RUN_WANTS(0, "made", "--store", "stuck.db", "init", "--site", "SMA");
    ends_on(SIGTERM);
    ends_on(SIGHUP);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_stopped_terminal_holds_nobody)};
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
