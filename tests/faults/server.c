/* jazari serve when things go wrong: killed under writing clients, sent rubbish, held up by clients that read
 * nothing. */
#include "serve.h"

#include <time.h>

enum {
    CLIENTS = 8,
    ROUNDS = 200,
    ROUNDS_SHARE = 10,
    EACH_ROUND = 6, /* writes of a client */
    GO_ON_MS = 2000,
    RUBBISH = 300,
    MEANWHILE = 100, /* writes of somebody else */
};

/* --- killed under writing clients ------------------------------------------------------------------------------------ */

/* What a client tells of a write once it was acknowledged. */
typedef struct Ack {
    char code[CODE_ROOM], title[48];
    int64_t ms; /* that it took */
} Ack;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void write_many(const Server *s, int client, int each, int out) {
    Service *service;
    Error e = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (service_connect(s->socket, "", &service, &e) != STATUS_OK) _exit(2);
    for (int i = 0; i < each; i++) {
        Ack ack = {0};
        int64_t began = now_ms();
        snprintf(ack.title, sizeof ack.title, "Client %d, project %d", client, i);
        if (add_project(service, ack.title, ack.code, &e) != STATUS_OK) {
            fprintf(stderr, "client %d: status %d: %s\n", client, (int)e.status, e.why);
            _exit(3);
        }
        ack.ms = now_ms() - began;
        if (write(out, &ack, sizeof ack) != sizeof ack) _exit(4);
    }
    _exit(0);
}

/* Each acknowledged write is there under its code, and no other. */
static void expect_acknowledged(Service *service, const Buffer *acks) {
    size_t count = acks->size / sizeof(Ack);
    assert_int_equal(count_projects(service, ""), (int)count);
    for (size_t i = 0; i < count; i++) {
        Arena arena = {0};
        Record *r;
        Error e = {0};
        Ack ack;
        memcpy(&ack, acks->bytes + i * sizeof ack, sizeof ack);
        if (service_record(service, &arena, ack.code, &r, &e) != STATUS_OK) fail_msg("%s: %s", ack.code, e.why);
        assert_string_equal(value_string(&r->values[PROJECT_TITLE]), ack.title);
        arena_free(&arena);
    }
}

/* Kills the server again and again while it is written to, until the clients are through; gets what they were told. */
static void kill_under(Server *s, int rounds, int in, Buffer *acks) {
    Ack ack;
    int killed = 0;
    int64_t slowest = 0;
    for (int seen = 1; read(in, &ack, sizeof ack) == sizeof ack; seen++) {
        buffer_add(acks, (const char *)&ack, sizeof ack);
        if (ack.ms > slowest) slowest = ack.ms;
        if (seen % (CLIENTS * EACH_ROUND) != 0 || killed == rounds) continue;
        end(s, SIGKILL);
        serve(s);
        killed++;
        Service *service = connected(s);
        expect_whole(service);
        service_close(service);
    }
    assert_int_equal(killed, rounds);
    print_message("# measured: killed %d times under %d clients, the slowest of %zu writes took %lld ms\n", killed,
                  CLIENTS, acks->size / sizeof ack, (long long)slowest);
    if (getenv("PROOF")) assert_true(slowest < GO_ON_MS);
}

static void test_killed_under_clients(void **state) {
    (void)state;
    Server s;
    int ends[2], status, rounds = run_share(ROUNDS, ROUNDS_SHARE), each = (rounds + 1) * EACH_ROUND;
    pid_t clients[CLIENTS];
    Buffer acks = {0};
    start(&s, "killed");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = fork();
        assert_true(clients[i] >= 0);
        if (clients[i] == 0) write_many(&s, i, each, ends[1]);
    }
    close(ends[1]);
    kill_under(&s, rounds, ends[0], &acks);
    close(ends[0]);
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(waitpid(clients[i], &status, 0), clients[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_msg("client %d: %d", i, status);
    }
    Service *service = connected(&s);
    assert_int_equal(acks.size / sizeof(Ack), CLIENTS * each);
    expect_acknowledged(service, &acks);
    expect_whole(service);
    service_close(service);
    buffer_free(&acks);
    end(&s, SIGTERM);
}

/* --- rubbish ------------------------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void test_rubbish(void **state) {
    (void)state;
    Server s;
    uint32_t seed = 5;
    int ends[2], status, written = 0;
    Ack ack;
    start(&s, "rubbish");
    /* Somebody writes on all the while. */
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t client = fork();
    assert_true(client >= 0);
    if (client == 0) write_many(&s, 0, MEANWHILE, ends[1]);
    close(ends[1]);
    for (int i = 0; i < RUBBISH; i++) {
        char bytes[512];
        size_t size = next_random(&seed) % sizeof bytes;
        for (size_t k = 0; k < size; k++) {
            bytes[k] = (char)next_random(&seed);
        }
        int fd = raw_connect(&s);
        /* Too many at once that said nothing yet are turned away. */
        if (i % 3) try_version(fd, protocol_version());
        /* Raw bytes, half a message, or a whole request of random arguments. */
        if (i % 3 == 2) {
            bytes[0] = (char)1; /* site -1 */
            bytes[1] = (char)(2 * (next_random(&seed) % REQUEST_NAMES));
            frame_send(fd, FRAME_ASK, bytes, size, -1, 1000);
        } else if (send(fd, bytes, size, MSG_NOSIGNAL) < 0) assert_true(errno == EPIPE || errno == ECONNRESET);
        close(fd);
    }
    while (read(ends[0], &ack, sizeof ack) == sizeof ack) {
        written++;
    }
    close(ends[0]);
    assert_int_equal(waitpid(client, &status, 0), client);
    assert_int_equal(status, 0);
    assert_int_equal(written, MEANWHILE);
    Service *service = connected(&s);
    assert_int_equal(count_projects(service, ""), MEANWHILE);
    expect_whole(service);
    service_close(service);
    end(&s, SIGTERM);
}

/* --- clients that hold things up ----------------------------------------------------------------------------------- */

static void test_who_reads_nothing_delays_nobody(void **state) {
    (void)state;
    Server s;
    int stopped[4];
    char code[CODE_ROOM];
    Error e = {0};
    start(&s, "slow");
    for (size_t i = 0; i < sizeof stopped / sizeof *stopped; i++) {
        Buffer ask = {0};
        stopped[i] = raw_connect(&s);
        say_hello(stopped[i]);
        write_addition(&ask, "Never read");
        /* The same many times, for as long as it takes any. */
        while (frame_send(stopped[i], FRAME_ASK, ask.bytes, ask.size, -1, 50)) {}
        buffer_free(&ask);
    }
    Service *service = connected(&s);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(add_project(service, "In good time", code, &e), STATUS_OK);
    }
    assert_int_equal(count_projects(service, "\"in good time\""), 20);
    for (size_t i = 0; i < sizeof stopped / sizeof *stopped; i++) {
        close(stopped[i]);
    }
    service_close(service);
    end(&s, SIGTERM);
}

/* Asks for one thing, says at once that it is enough where it is, and gets what came of it. */
static Status ask_raw(Frames *client, const Buffer *ask, bool enough, Error *e) {
    Arena arena = {0};
    Frame frame;
    assert_true(frame_send(client->fd, FRAME_ASK, ask->bytes, ask->size, -1, RUN_PATIENCE_MS));
    if (enough) assert_true(frame_send(client->fd, FRAME_CANCEL, "", 0, -1, RUN_PATIENCE_MS));
    do {
        frame = next_frame(client);
    } while (frame.kind != FRAME_REPLY);
    read_error(&frame, &arena, e);
    arena_free(&arena);
    return e->status;
}

/* What ends one question ends no other: neither the next one, nor what the server looks up for it. */
static void test_who_has_enough_once_asks_on(void **state) {
    (void)state;
    Server s;
    Frames client;
    Buffer ask = {0};
    Wire w = {.out = &ask};
    int site = 9, name = REQUEST_CHECK;
    const char *heads = "";
    Error e;
    start(&s, "enough");
    frames_start(&client, raw_connect(&s), FRAME_REPLY_MOST);
    say_hello(client.fd);
    next_frame(&client);
    wire_int(&w, &site);
    wire_int(&w, &name);
    wire_text(&w, &heads);
    Status first = ask_raw(&client, &ask, true, &e);
    assert_true(first == STATUS_OK || first == STATUS_STOPPED); /* that may have come too late */
    for (int i = 0; i < MEANWHILE * 3; i++) {
        write_addition(&ask, "Not stopped");
        if (ask_raw(&client, &ask, false, &e) != STATUS_OK) fail_msg("write %d: %d: %s", i, (int)e.status, e.why);
    }
    frames_free(&client);
    buffer_free(&ask);
    end(&s, SIGTERM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_under_clients),
        cmocka_unit_test(test_who_has_enough_once_asks_on),
        cmocka_unit_test(test_rubbish),
        cmocka_unit_test(test_who_reads_nothing_delays_nobody),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
