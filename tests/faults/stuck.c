/* What hangs. A terminal that takes no output, as over a link that stands still or after Ctrl-S: the program ends all the
 * same when it is told to, and does not wait for it for ever. And a server that takes a request and does not answer: it is
 * said, and nobody waits longer than he wants to. */
#include "screen.h"
#include "serve.h"

#define CONTROL_C "\x03"
#define CONTROL_S "\x13"
#define ESCAPE    "\x1b"

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

/* Whose patience is short. */
static void be_impatient(void) {
    static const char settings[] = "server: { patience_ms = 2500; };\n";
    run_write_file("impatient.conf", settings, sizeof settings - 1);
    setenv("JAZARI_CONF", "impatient.conf", 1);
}

static pid_t hang(const Server *s) {
    pid_t writer = child_of(s, 0);
    assert_int_equal(kill(writer, SIGSTOP), 0);
    return writer;
}

static void close_screen(Screen *t, int status) {
    int code, number;
    run_reap(t->child, &code, &number);
    assert_int_equal(number, 0);
    assert_int_equal(code, status);
    close(t->master);
    vterm_free(t->terminal);
    buffer_free(&t->seen);
}

/* The command line says that it waits, and in the end how to find out: the same under the same operation. */
static void test_a_command_says_that_the_server_hangs(void **state) {
    (void)state;
    Server s;
    Screen t;
    Run quiet;
    start(&s, "hangs");
    const char *const words[] = {"--socket",
                                 s.socket,
                                 "--site",
                                 "SMA",
                                 "add",
                                 "project",
                                 "title=Barrages",
                                 "stage=pilot",
                                 "sector=water",
                                 "--op",
                                 "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                                 NULL};
    be_impatient();
    pid_t writer = hang(&s);
    screen_start(&t, words, false);
    screen_wait(&t, "waiting for the server");
    screen_wait(&t, "it may have been done");
    screen_wait(&t, "--op 01ARZ3NDEKTSV4RRFFQ69G5FAV");
    close_screen(&t, 6);
    run_how(&quiet, &(const RunHow){.words = words});
    run_expect(&quiet, 6);
    assert_null(strstr(buffer_string(&quiet.err), "waiting"));
    run_free(&quiet);
    kill(writer, SIGCONT);
    run_how(&quiet, &(const RunHow){.words = words});
    run_expect(&quiet, 0);
    run_free(&quiet);
    Service *service = connected(&s);
    assert_int_equal(count_projects(service, "barrages"), 1);
    service_close(service);
    end(&s, SIGTERM);
}

/* Who finds a server that is stopped is told whom he waits for, and goes on by himself once it answers; or leaves. */
static void test_a_first_call_says_that_the_server_hangs(void **state) {
    (void)state;
    Server s;
    Screen t;
    start(&s, "first");
    const char *const screen[] = {"--socket", s.socket, NULL};
    const char *const list[] = {"--socket", s.socket, "list", "site", NULL};
    assert_int_equal(kill(s.run.child, SIGSTOP), 0);
    screen_start(&t, screen, false);
    screen_wait(&t, "waiting for the server at ");
    screen_wait(&t, s.socket);
    assert_int_equal(kill(s.run.child, SIGCONT), 0);
    screen_wait(&t, "Dashboard");
    screen_end(&t);
    buffer_free(&t.seen);
    assert_int_equal(kill(s.run.child, SIGSTOP), 0);
    screen_start(&t, list, false);
    screen_wait(&t, "^C leaves");
    assert_int_equal(kill(s.run.child, SIGCONT), 0);
    screen_wait(&t, "Souss-Massa");
    close_screen(&t, 0);
    assert_int_equal(kill(s.run.child, SIGSTOP), 0);
    screen_start(&t, screen, false);
    screen_wait(&t, "^C leaves");
    screen_type(&t, CONTROL_C);
    int code, number;
    run_reap(t.child, &code, &number);
    assert_int_equal(number, SIGINT);
    close(t.master);
    vterm_free(t.terminal);
    buffer_free(&t.seen);
    /* In the end it is said that nobody answers. */
    be_impatient();
    Run quiet;
    run_how(&quiet, &(RunHow){.words = list});
    run_expect(&quiet, 6);
    run_says(&quiet, "does not answer");
    assert_null(strstr(buffer_string(&quiet.err), "waiting"));
    run_free(&quiet);
    assert_int_equal(kill(s.run.child, SIGCONT), 0);
    end(&s, SIGTERM);
}

static void open_edit(Screen *t, const Server *s) {
    screen_start(t, (const char *const[]){"--socket", s->socket, "--site", "SMA", "--panel", "projects", NULL}, false);
    screen_wait(t, "SMA-P1");
    type_and_wait(t, "e", "Edit: SMA-P1");
    type_and_wait(t, " neufs", "Barrages neufs");
}

/* A screen says so as well; Esc gives up waiting and leaves the form, and what was typed unseen is not done. */
static void test_a_screen_gives_up_waiting(void **state) {
    (void)state;
    Server s;
    Screen t;
    Error e = {0};
    char code[CODE_ROOM];
    enum { FEWER = 30 };
    start(&s, "gives-up");
    Service *service = connected(&s);
    assert_int_equal(service_act_as(service, 9, &e), STATUS_OK);
    assert_int_equal(add_project(service, "Barrages", code, &e), STATUS_OK);
    open_edit(&t, &s);
    pid_t writer = hang(&s);
    type_and_wait(&t, CONTROL_S, "Waiting for the server");
    screen_type(&t, " jamais");
    screen_resize_to(&t, FEWER);
    while (!screen_row_shows(&t, FEWER - 2, "Waiting for the server")) {
        screen_read(&t, "the line at the new end");
    }
    assert_true(screen_shows(&t, "Edit: SMA-P1"));
    type_and_wait(&t, ESCAPE, "You gave up waiting");
    assert_true(screen_shows(&t, "Barrages neufs"));
    assert_false(screen_shows(&t, "jamais"));
    kill(writer, SIGCONT);
    screen_gone(&t, "The server is away");
    type_and_wait(&t, CONTROL_S, "SMA-P1: changed");
    assert_int_equal(count_projects(service, "neufs"), 1);
    assert_int_equal(count_projects(service, "jamais"), 0);
    service_close(service);
    screen_end(&t);
    buffer_free(&t.seen);
    end(&s, SIGTERM);
}

/* Where nobody gives up it ends by itself, and is asked for again, under the same operation, until it is answered. */
static void test_a_screen_asks_again(void **state) {
    (void)state;
    Server s;
    Screen t;
    Error e = {0};
    char code[CODE_ROOM];
    start(&s, "asks-again");
    Service *service = connected(&s);
    assert_int_equal(service_act_as(service, 9, &e), STATUS_OK);
    assert_int_equal(add_project(service, "Barrages", code, &e), STATUS_OK);
    be_impatient();
    open_edit(&t, &s);
    pid_t writer = hang(&s);
    type_and_wait(&t, CONTROL_S, "asked for again by itself");
    kill(writer, SIGCONT);
    screen_wait(&t, "SMA-P1: changed");
    assert_int_equal(count_projects(service, "neufs"), 1);
    service_close(service);
    screen_end(&t);
    buffer_free(&t.seen);
    end(&s, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stopped_terminal_holds_nobody),
        cmocka_unit_test(test_a_command_says_that_the_server_hangs),
        cmocka_unit_test(test_a_first_call_says_that_the_server_hangs),
        cmocka_unit_test(test_a_screen_gives_up_waiting),
        cmocka_unit_test(test_a_screen_asks_again),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
