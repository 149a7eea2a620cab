/* The writing process of jazari serve by itself, with sessions that are played here: everybody in turn, and nobody waits
 * for one that does not read. */
#include "serve.h"

#include "service/server.h"

enum { MANY = 20, NOTICES = 20, RECORDS = 600, SMALL_BUFFER = 1 };

typedef struct Writing {
    Server server;
    pid_t child;
    Frames front;
} Writing;

static void start_writing(Writing *w, const char *name) {
    int pair[2], status;
    Arena arena = {0};
    Error e;
    pid_t maker = fork();
    assert_true(maker >= 0);
    snprintf(w->server.store, sizeof w->server.store, "%s.db", name);
    if (maker == 0) {
        make_store(&w->server, name);
        enlist(&w->server, "greedy", "coordinator");
        enlist(&w->server, "modest", "coordinator");
        _exit(0);
    }
    assert_int_equal(waitpid(maker, &status, 0), maker);
    assert_int_equal(status, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    w->child = fork();
    assert_true(w->child >= 0);
    if (w->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(pair[0]);
        _exit(writer_run(&(ServeOptions){.store = w->server.store, .busy_ms = 1000}, pair[1]));
    }
    close(pair[1]);
    frames_start(&w->front, pair[0], FRAME_ASK_MOST);
    Frame ready = next_frame(&w->front);
    Wire r = {.at = (const unsigned char *)ready.bytes,
              .end = (const unsigned char *)ready.bytes + ready.size,
              .arena = &arena};
    message_error(&r, &e);
    if (e.status != STATUS_OK) fail_msg("%s", e.why);
    arena_free(&arena);
}

static void end_writing(Writing *w) {
    int code, number;
    frames_free(&w->front);
    run_reap(w->child, &code, &number);
    assert_int_equal(code, 0);
}

/* A session of somebody, to which the writer can send little at a time. */
static void come(Writing *w, const char *login, Frames *session) {
    int pair[2], room = SMALL_BUFFER;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
    assert_true(frame_send(w->front.fd, FRAME_HELLO, login, strlen(login), pair[1], 1000));
    close(pair[1]);
    frames_start(session, pair[0], FRAME_REPLY_MOST);
}

static void ask(Frames *session, const Buffer *bytes) {
    assert_true(frame_send(session->fd, FRAME_ASK, bytes->bytes, bytes->size, -1, 1000));
}

static void ask_addition(Frames *session, const char *title) {
    Buffer bytes = {0};
    write_addition(&bytes, title);
    ask(session, &bytes);
    buffer_free(&bytes);
}

/* What was done, in the arena; counts the notices that came before. */
static Outcome take_outcome(Frames *session, Arena *arena, int *notices) {
    Outcome outcome = {0};
    Error e;
    Frame frame;
    while ((frame = next_frame(session)).kind == FRAME_CHANGED) {
        ++*notices;
    }
    assert_int_equal(frame.kind, FRAME_REPLY);
    Wire r = read_error(&frame, arena, &e);
    if (e.status != STATUS_OK) fail_msg("%s: %s", e.field, e.why);
    message_outcome(&r, &outcome);
    assert_false(r.bad);
    return outcome;
}

/* One over twenty connections, and one over one, who comes last: he is second, not twenty-first. */
static void test_everybody_in_turn(void **state) {
    (void)state;
    Writing w = {0};
    Frames greedy[MANY], modest;
    Arena arena = {0};
    int status, notices = 0;
    start_writing(&w, "turns");
    /* All is there before the writer sees any of it. */
    kill(w.child, SIGSTOP);
    assert_int_equal(waitpid(w.child, &status, WUNTRACED), w.child);
    for (int i = 0; i < MANY; i++) {
        come(&w, "greedy", &greedy[i]);
        ask_addition(&greedy[i], "One of many");
    }
    come(&w, "modest", &modest);
    ask_addition(&modest, "The only one");
    kill(w.child, SIGCONT);
    int64_t first = take_outcome(&greedy[0], &arena, &notices).effects[0].id;
    assert_int_equal(take_outcome(&modest, &arena, &notices).effects[0].id, first + 1);
    for (int i = 1; i < MANY; i++) {
        assert_int_equal(take_outcome(&greedy[i], &arena, &notices).effects[0].id, first + 1 + i);
    }
    for (int i = 0; i < MANY; i++) {
        frames_free(&greedy[i]);
    }
    frames_free(&modest);
    arena_free(&arena);
    end_writing(&w);
}

/* A session that is busy elsewhere while much is written: it is not sent more than it can take, is not given up, and is
 * answered when it asks, with more than fits its socket at once. */
static void test_who_reads_late_loses_nothing(void **state) {
    (void)state;
    Writing w = {0};
    Frames late, writes;
    Arena arena = {0};
    Buffer bytes = {0};
    static char names[RECORDS][CODE_ROOM];
    const char *codes[RECORDS];
    int count = 0, notices = 0, late_notices = 0;
    start_writing(&w, "late");
    come(&w, "modest", &late);
    come(&w, "greedy", &writes);
    while (count < RECORDS || notices < NOTICES) {
        ask_addition(&writes, "While he is away");
        Outcome one = take_outcome(&writes, &arena, &notices);
        if (count < RECORDS) code_write('P', one.effects[0].id, names[count]);
        if (count < RECORDS) codes[count] = names[count];
        count++;
        arena_reset(&arena);
    }
    static const Argument title[] = {{"title", "At last"}};
    const CommandRequest request = {.verb = "set",
                                    .codes = codes,
                                    .code_count = RECORDS,
                                    .arguments = title,
                                    .argument_count = 1,
                                    .form = FORM_FILE,
                                    .op = "01ARZ3NDEKTSV4RRFFQ69G5FAV"};
    write_command(&bytes, 9, &request);
    ask(&late, &bytes);
    /* Nothing of it is read until all others were answered once more. */
    ask_addition(&writes, "Meanwhile");
    take_outcome(&writes, &arena, &notices);
    assert_int_equal(take_outcome(&late, &arena, &late_notices).count, RECORDS);
    assert_in_range(late_notices, 1, NOTICES - 1);
    buffer_free(&bytes);
    frames_free(&late);
    frames_free(&writes);
    arena_free(&arena);
    end_writing(&w);
}

/* While much is taken back the others are heard: who has had enough of waiting is answered before it is done. */
static void test_undo_of_much_hears_others(void **state) {
    (void)state;
    Writing w = {0};
    Frames much, other;
    Arena arena = {0};
    Buffer bytes = {0};
    Error e;
    static char names[RECORDS][CODE_ROOM];
    const char *codes[RECORDS];
    static const Argument title[] = {{"title", "All of them"}};
    int notices = 0;
    start_writing(&w, "much");
    come(&w, "greedy", &much);
    come(&w, "modest", &other);
    for (int i = 0; i < RECORDS; i++) {
        ask_addition(&much, "One of many");
        code_write('P', take_outcome(&much, &arena, &notices).effects[0].id, names[i]);
        codes[i] = names[i];
        arena_reset(&arena);
    }
    const CommandRequest set = {.verb = "set",
                                .codes = codes,
                                .code_count = RECORDS,
                                .arguments = title,
                                .argument_count = 1,
                                .form = FORM_FILE,
                                .op = "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
                         undo = {.verb = "undo", .form = FORM_FILE, .op = "01ARZ3NDEKTSV4RRFFQ69G5FAW"};
    write_command(&bytes, 9, &set);
    ask(&much, &bytes);
    assert_int_equal(take_outcome(&much, &arena, &notices).count, RECORDS);
    buffer_clear(&bytes);
    write_command(&bytes, 9, &undo);
    ask(&much, &bytes);
    /* Who asks and has enough of it, again and again, is answered each time, until it is done. */
    Frame frame = {0};
    int answered = 0;
    bool done = false;
    while (!done) {
        ask_addition(&other, "Hardly ever done");
        assert_true(frame_send(other.fd, FRAME_CANCEL, "", 0, -1, 1000));
        while ((frame = next_frame(&other)).kind == FRAME_CHANGED) {}
        read_error(&frame, &arena, &e);
        frames_fill(&much);
        while (!done && frames_next(&much, &frame) > 0) {
            done = frame.kind == FRAME_REPLY;
        }
        answered += !done && e.status == STATUS_STOPPED;
        arena_reset(&arena);
    }
    read_error(&frame, &arena, &e);
    assert_int_equal(e.status, STATUS_OK);
    assert_true(answered >= 3);
    buffer_free(&bytes);
    frames_free(&much);
    frames_free(&other);
    arena_free(&arena);
    end_writing(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everybody_in_turn),
        cmocka_unit_test(test_who_reads_late_loses_nothing),
        cmocka_unit_test(test_undo_of_much_hears_others),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
