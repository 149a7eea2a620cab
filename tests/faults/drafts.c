/* Somebody is disabled while his screen is open: it says so at once, nothing is read or written for him from then on, and
 * what he types is kept by nobody, and nobody promises it. */
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

static void start_with_project(Server *s, const char *name) {
    const Argument project[] = {{"title", "Water gauges"}, {"stage", "pilot"}, {"sector", "water"}};
    start_as(s, name, "admin");
    act_as(s, own_login(), "add", "project", NULL, project, 3);
}

/* Through the server, by another session. */
static void disable_oneself(const Server *s) {
    Service *service = connected(s);
    Error e = {0};
    if (service_act_as(service, 9, &e) != STATUS_OK ||
        try_command(service, "disable", NULL, own_login(), NULL, 0, &e) != STATUS_OK)
        fail_msg("%s", e.why);
    service_close(service);
}

/* How many projects there are of a filter, in the file itself. */
static int count_in_file(const Server *s, const char *filter) {
    Service *service;
    Error e = {0};
    if (service_open(s->store, false, 1000, "else", &service, &e) != STATUS_OK) fail_msg("%s", e.why);
    int count = count_projects(service, filter);
    service_close(service);
    return count;
}

static void test_somebody_disabled_at_a_list(void **state) {
    (void)state;
    Server server;
    Screen s;
    start_with_project(&server, "at-list");
    screen_open_at(&s, "--socket", server.socket, false);
    type_and_wait(&s, "3", "Water gauges");
    while (!screen_row_shows(&s, 0, "admin") || !screen_row_shows(&s, SCREEN_ROWS - 1, "start work")) {
        screen_read(&s, "the header and the footer of an operator");
    }
    disable_oneself(&server);
    screen_wait(&s, "no operator here any more");
    while (!screen_row_shows(&s, 0, "looks on") || screen_row_shows(&s, SCREEN_ROWS - 1, "start work")) {
        screen_read(&s, "the header and the footer of somebody who is out");
    }
    /* Neither by the key that is not shown any more, nor by taking back what he did, nor by what he would begin. */
    screen_type(&s, "aau");
    screen_wait(&s, "is no active operator");
    assert_int_equal(count_in_file(&server, "state:proposed"), 1);
    screen_type(&s, "1");
    screen_wait(&s, "is no active operator");
    screen_type(&s, "3");
    screen_wait(&s, "no operator here any more");
    act_as(&server, "else", "enable", NULL, own_login(), NULL, 0);
    while (!screen_row_shows(&s, 0, "admin") || screen_shows(&s, "no operator here any more")) {
        screen_read(&s, "the header of an operator");
    }
    type_and_wait(&s, "e", "start over");
    screen_type(&s, "\033");
    screen_gone(&s, "start over");
    screen_end(&s);
    buffer_free(&s.seen);
    end(&server, SIGTERM);
}

static void test_somebody_disabled_in_a_form(void **state) {
    (void)state;
    Server server;
    Screen s;
    start_with_project(&server, "in-form");
    screen_open_at(&s, "--socket", server.socket, false);
    type_and_wait(&s, "3", "Water gauges");
    type_and_wait(&s, "e", "start over");
    type_and_wait(&s, "x", "Water gaugesx");
    disable_oneself(&server);
    screen_wait(&s, "no operator here any more");
    type_and_wait(&s, "\023", "is no active operator");
    assert_true(screen_shows(&s, "Water gaugesx"));
    assert_int_equal(count_in_file(&server, "gaugesx"), 0);
    /* He is one again, and what he typed is still there. */
    act_as(&server, "else", "enable", NULL, own_login(), NULL, 0);
    while (!screen_row_shows(&s, 0, "admin")) {
        screen_read(&s, "the header of an operator");
    }
    type_and_wait(&s, "\023", "SMA-P1: changed");
    assert_int_equal(count_in_file(&server, "gaugesx"), 1);
    screen_end(&s);
    buffer_free(&s.seen);
    end(&server, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_somebody_disabled_while_typing),
        cmocka_unit_test(test_somebody_disabled_at_a_list),
        cmocka_unit_test(test_somebody_disabled_in_a_form),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
