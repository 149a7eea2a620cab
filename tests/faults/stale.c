/* A server whose answers do not fit together: what was changed meanwhile cannot be read. Whoever saves is told, nothing he
 * typed is lost, and nobody asks for ever. */
#include "screen.h"
#include "serve.h"

/* --- between the screen and the server -------------------------------------------------------------------------------- */

typedef struct Between {
    int listener;
    int asked[2]; /* a pipe: a byte a command that came */
} Between;

static bool is_command(const Frame *frame) {
    Wire r = {.at = (const unsigned char *)frame->bytes, .end = (const unsigned char *)frame->bytes + frame->size};
    int site = -1, name = -1;
    wire_int(&r, &site);
    wire_int(&r, &name);
    return frame->kind == FRAME_ASK && !r.bad && name == REQUEST_COMMAND;
}

static void say_it_was_changed(int client) {
    Buffer out = {0};
    Wire w = {.out = &out};
    Error e = {0};
    e.status = error_set(&e, STATUS_CONFLICT, "rev", "SMA-P1 was changed by somebody meanwhile");
    Outcome none = {0};
    message_error(&w, &e);
    if (request_rows[REQUEST_COMMAND].replies_failing) request_rows[REQUEST_COMMAND].reply(&w, &none);
    frame_send(client, FRAME_REPLY, out.bytes, out.size, -1, 1000);
    buffer_free(&out);
}

/* Hands everything on, but every command is answered here. */
static void hand_on(const Between *b, int client, int server) {
    Frames ends[2];
    Frame frame;
    frames_start(&ends[0], client, FRAME_REPLY_MOST);
    frames_start(&ends[1], server, FRAME_REPLY_MOST);
    for (;;) {
        struct pollfd p[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
        poll(p, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (p[i].revents && frames_fill(&ends[i]) == FRAMES_END) _exit(0);
            while (frames_next(&ends[i], &frame) > 0) {
                bool command = !i && is_command(&frame);
                if (command && write(b->asked[1], "c", 1) == 1) say_it_was_changed(client);
                else frame_send(i ? client : server, frame.kind, frame.bytes, frame.size, -1, 1000);
            }
        }
    }
}

static pid_t stand_between(Between *b, const Server *s, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    b->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(b->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(b->listener, 8), 0);
    assert_int_equal(pipe2(b->asked, O_CLOEXEC | O_NONBLOCK), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int client = accept(b->listener, NULL, NULL);
        if (client >= 0 && fork() == 0) hand_on(b, client, raw_connect(s));
        close(client);
    }
}

/* --- the tests ------------------------------------------------------------------------------------------------------- */

static void test_what_cannot_be_read_is_not_tried_for_ever(void **state) {
    (void)state;
    Server server;
    Screen s;
    Between between;
    Error e = {0};
    char code[CODE_ROOM], path[100], asked[64];
    start_as(&server, "stale", "coordinator");
    Service *service = connected(&server);
    assert_int_equal(service_act_as(service, 9, &e), STATUS_OK);
    assert_int_equal(add_project(service, "Water gauges", code, &e), STATUS_OK);
    service_close(service);
    snprintf(path, sizeof path, "%s.between", server.socket);
    pid_t child = stand_between(&between, &server, path);
    screen_open_at(&s, "--socket", path, false);
    type_and_wait(&s, "3", "Water gauges");
    type_and_wait(&s, "e", "start over");
    type_and_wait(&s, "x", "Water gaugesx");
    type_and_wait(&s, "\023", "the newer version cannot be read yet");
    assert_true(screen_shows(&s, "Water gaugesx"));
    assert_int_equal(read(between.asked[0], asked, sizeof asked), 1);
    screen_type(&s, "\033");
    screen_gone(&s, "start over");
    screen_end(&s);
    buffer_free(&s.seen);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(between.listener);
    close(between.asked[0]);
    close(between.asked[1]);
    end(&server, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_cannot_be_read_is_not_tried_for_ever)};
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
