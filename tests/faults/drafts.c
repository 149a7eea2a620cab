/* What is typed by somebody who is no operator any more is kept by nobody, and nobody promises it. */
#include "screen.h"
#include "serve.h"

static void test_somebody_disabled_while_typing(void **state) {
    (void)state;
    const Argument project[] = {{"title", "Water gauges"}, {"stage", "pilot"}, {"sector", "water"}};
    Server server;
    Screen s;
    start_as(&server, "disabled", "coordinator");
    act_as(&server, own_login(), "add", "project", NULL, project, 3);
    screen_open_at(&s, "--socket", server.socket, false);
    type_and_wait(&s, "3", "Water gauges");
    type_and_wait(&s, "e", "start over");
    act_as(&server, "else", "disable", NULL, own_login(), NULL, 0);
    type_and_wait(&s, "x", "Water gaugesx");
    type_and_wait(&s, "\033", "Leave without it?");
    screen_wait(&s, "is no active operator");
    assert_false(screen_shows(&s, "what you typed comes back"));
    screen_type(&s, "n");
    screen_gone(&s, "Leave without it?");
    assert_true(screen_shows(&s, "Water gaugesx"));
    type_and_wait(&s, "\033", "Leave without it?");
    type_and_wait(&s, "y", "only as long as this program runs");
    screen_end(&s);
    buffer_free(&s.seen);
    end(&server, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_somebody_disabled_while_typing)};
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
