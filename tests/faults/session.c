/* A session of jazari serve by itself, whose client and whose writing process are played here. */
#include "serve.h"

#include "service/server.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

enum { NOTICES = 60, TOLD_MOST = 20, SMALL_BUFFER = 1 };

typedef struct Sitting {
    pid_t child;
    Frames client;
    int writer, known[2];
} Sitting;

static void make_apart(const char *name) {
    int status;
    pid_t maker = fork();
    assert_true(maker >= 0);
    if (maker == 0) {
        Server s;
        make_store(&s, name);
        enlist(&s, "somebody", "viewer");
        _exit(0);
    }
    assert_int_equal(waitpid(maker, &status, 0), maker);
    assert_int_equal(status, 0);
}

/* The session can send its client little at a time. */
static void sit_down(Sitting *s, const char *name) {
    int client[2], writer[2], room = SMALL_BUFFER;
    char store[64];
    Arena arena = {0};
    Error e;
    pid_t who;
    make_apart(name);
    snprintf(store, sizeof store, "%s.db", name);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, client), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, writer), 0);
    assert_int_equal(setsockopt(client[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
    assert_int_equal(pipe2(s->known, O_CLOEXEC), 0);
    s->child = fork();
    assert_true(s->child >= 0);
    if (s->child == 0) {
        const ServeOptions options = {.store = store, .busy_ms = 1000};
        const SessionEnds ends = {.client = client[1], .writer = writer[1], .front = s->known[1]};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(client[0]);
        close(writer[0]);
        _exit(session_run(&options, &ends, "somebody"));
    }
    close(client[1]);
    close(writer[1]);
    s->writer = writer[0];
    frames_start(&s->client, client[0], FRAME_REPLY_MOST);
    say_hello(s->client.fd);
    Frame frame = next_frame(&s->client);
    read_error(&frame, &arena, &e);
    if (e.status != STATUS_OK) fail_msg("%s", e.why);
    assert_int_equal(read(s->known[0], &who, sizeof who), sizeof who);
    assert_int_equal(who, s->child);
    arena_free(&arena);
}

static void get_up(Sitting *s) {
    int code, number;
    frames_free(&s->client);
    run_reap(s->child, &code, &number);
    assert_int_equal(code, 0);
    close(s->writer);
    close(s->known[0]);
    close(s->known[1]);
}

static void ask_count(Sitting *s) {
    Buffer bytes = {0};
    Wire w = {.out = &bytes};
    int site = -1, name = REQUEST_COUNT;
    CountArguments arguments = {&entity_project, ""};
    wire_int(&w, &site);
    wire_int(&w, &name);
    request_rows[REQUEST_COUNT].arguments(&w, &arguments);
    assert_true(frame_send(s->client.fd, FRAME_ASK, bytes.bytes, bytes.size, -1, 1000));
    buffer_free(&bytes);
}

/* Nothing that was sent is left unread; who does not read for too long fails. */
static void wait_until_read(int fd) {
    int left = 1;
    for (int tries = 0; left && tries < RUN_PATIENCE_MS / 10; tries++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_int_equal(ioctl(fd, SIOCOUTQ, &left), 0);
        if (left) poll(&p, 1, 1);
    }
    assert_int_equal(left, 0);
}

/* A client that is stopped while much is written: the session takes every notice, keeps one for it, and answers when it
 * goes on. */
static void test_a_stopped_client_is_kept(void **state) {
    (void)state;
    Sitting s;
    Frame frame;
    int told = 0;
    sit_down(&s, "stopped");
    for (int i = 0; i < NOTICES; i++) {
        assert_true(frame_send(s.writer, FRAME_CHANGED, "", 0, -1, 0));
        wait_until_read(s.writer);
    }
    ask_count(&s);
    while ((frame = next_frame(&s.client)).kind == FRAME_CHANGED) {
        told++;
    }
    assert_int_equal(frame.kind, FRAME_REPLY);
    assert_in_range(told, 1, TOLD_MOST);
    get_up(&s);
}

/* What is typed ahead waits where it is: the session holds a message and a little, however much is sent. */
static void test_what_comes_early_waits(void **state) {
    (void)state;
    int ends[2];
    static char bytes[64 * 1024];
    Frames frames;
    Frame frame;
    enum { MOST = 1 << 20 };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    frames_start(&frames, ends[1], MOST);
    size_t sent = 0;
    for (int i = 0; i < 100; i++) {
        if (frame_send(ends[0], FRAME_ASK, bytes, sizeof bytes, -1, 0)) sent++;
        frames_fill(&frames);
        assert_in_range(frames.in.size - frames.taken, 0, MOST + sizeof bytes + FRAME_HEADER);
    }
    assert_int_equal(frames_fill(&frames), FRAMES_NOTHING);
    assert_in_range(sent, MOST / sizeof bytes, 99);
    assert_int_equal(frames_next(&frames, &frame), 1);
    assert_int_equal(frame.size, sizeof bytes);
    close(ends[0]);
    frames_free(&frames);
}

/* A socket that somebody else listens at and passes on, as systemd does. */
static void start_passed(Server *s) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char own[24];
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", s->socket);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    s->run = (Run){.out_fd = memfd_create("out", MFD_CLOEXEC), .err_fd = memfd_create("err", MFD_CLOEXEC)};
    s->run.child = fork();
    assert_true(s->run.child >= 0);
    if (s->run.child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        snprintf(own, sizeof own, "%ld", (long)getpid());
        setenv("LISTEN_FDS", "1", 1);
        setenv("LISTEN_PID", own, 1);
        if (dup2(s->run.err_fd, 2) < 0 || dup2(listener, 3) < 0) _exit(126);
        execl(getenv("JAZARI"), "jazari", "--store", s->store, "serve", (char *)NULL);
        _exit(127);
    }
    close(listener);
}

static void test_a_passed_socket_is_named(void **state) {
    (void)state;
    Server s;
    char said[160];
    start(&s, "passed");
    end(&s, SIGTERM);
    start_passed(&s);
    service_close(connected(&s));
    kill(s.run.child, SIGTERM);
    run_end(&s.run);
    run_expect(&s.run, 0);
    snprintf(said, sizeof said, "serving %s at %s", s.store, s.socket);
    run_says(&s.run, said);
    run_free(&s.run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stopped_client_is_kept),
        cmocka_unit_test(test_what_comes_early_waits),
        cmocka_unit_test(test_a_passed_socket_is_named),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
