/* service/wire and service/messages: what is written is what is read; what is cut short or turned around is refused and
 * never read past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/frame.h"
#include "service/messages.h"
#include "service/request.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static Wire reader(const Buffer *b, size_t size, Arena *arena) {
    return (Wire){.at = (const unsigned char *)b->bytes, .end = (const unsigned char *)b->bytes + size, .arena = arena};
}

static void numbers_and_text_come_back(void **state) {
    (void)state;
    static const int64_t numbers[] = {0, 1, -1, 63, 64, -64, -65, INT32_MAX, INT64_MAX, INT64_MIN, 1000000007};
    Buffer b = {0};
    Arena arena = {0};
    Wire w = {.out = &b};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t n = numbers[i];
        wire_number(&w, &n);
    }
    const char *text = "Suivi de l'eau", *none = NULL, *empty = "";
    bool flag = true;
    char chars[8] = "seven77";
    wire_text(&w, &text);
    wire_text(&w, &none);
    wire_text(&w, &empty);
    wire_flag(&w, &flag);
    wire_chars(&w, chars, sizeof chars);
    Wire r = reader(&b, b.size, &arena);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t n = 5;
        wire_number(&r, &n);
        assert_int_equal(n, numbers[i]);
    }
    const char *got;
    char back[8], small[4];
    wire_text(&r, &got);
    assert_string_equal(got, "Suivi de l'eau");
    wire_text(&r, &got);
    assert_null(got);
    wire_text(&r, &got);
    assert_string_equal(got, "");
    flag = false;
    wire_flag(&r, &flag);
    assert_true(flag);
    Wire again = r;
    wire_chars(&r, back, sizeof back);
    assert_string_equal(back, "seven77");
    assert_false(r.bad);
    assert_ptr_equal(r.at, r.end);
    wire_chars(&again, small, sizeof small); /* too long for its place */
    assert_true(again.bad);
    assert_string_equal(small, "");
    buffer_free(&b);
    arena_free(&arena);
}

static void write_command(Buffer *b) {
    static const char *const codes[] = {"SMA-P1", "SMA-P2"};
    static const int64_t revs[] = {3, 4};
    static const Argument arguments[] = {{"title", "Forêts d'arganiers"}, {"due", "+2w"}};
    CommandRequest request = {.verb = "set",
                              .codes = codes,
                              .revs = revs,
                              .code_count = 2,
                              .arguments = arguments,
                              .argument_count = 2,
                              .form = FORM_FILE,
                              .op = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                              .dry_run = true};
    Wire w = {.out = b};
    message_command(&w, &request);
}

static void a_command_comes_back(void **state) {
    (void)state;
    Buffer b = {0};
    Arena arena = {0};
    CommandRequest back = {0};
    write_command(&b);
    Wire r = reader(&b, b.size, &arena);
    message_command(&r, &back);
    assert_false(r.bad);
    assert_ptr_equal(r.at, r.end);
    assert_string_equal(back.verb, "set");
    assert_null(back.entity);
    assert_int_equal(back.code_count, 2);
    assert_string_equal(back.codes[1], "SMA-P2");
    assert_int_equal(back.revs[0], 3);
    assert_string_equal(back.arguments[0].value, "Forêts d'arganiers");
    assert_int_equal(back.form, FORM_FILE);
    assert_string_equal(back.op, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_true(back.dry_run);
    buffer_free(&b);
    arena_free(&arena);
}

static Record *make_request(Arena *arena) {
    Record *r = record_new(arena, &entity_request);
    r->id = id_make(9, 0, 7);
    r->values[COMMON_SITE] = value_number(9);
    r->values[REQUEST_PROJECT] = value_number(id_make(9, 0, 3));
    r->values[REQUEST_PROJECT].text = "Prévision de la nappe";
    r->values[REQUEST_PROJECT].size = (uint32_t)strlen("Prévision de la nappe");
    r->values[REQUEST_EARLIEST] = value_text("2026-W48", 8);
    return r;
}

static void a_page_comes_back(void **state) {
    (void)state;
    Buffer b = {0};
    Arena arena = {0};
    Record *rows[] = {make_request(&arena), make_request(&arena)};
    PageKey keys[] = {{value_text("2026-W48", 8), 5}, {value_number(4), 6}};
    Page page = {.rows = rows, .keys = keys, .count = 2, .complete = true, .next = {value_number(-1), 9}}, back = {0};
    Wire w = {.out = &b};
    message_page(&w, &page);
    Wire r = reader(&b, b.size, &arena);
    message_page(&r, &back);
    assert_false(r.bad);
    assert_ptr_equal(r.at, r.end);
    assert_int_equal(back.count, 2);
    for (int i = 0; i < entity_request.field_count; i++) {
        assert_true(value_equal(&back.rows[1]->values[i], &rows[1]->values[i]));
    }
    assert_string_equal(back.rows[0]->values[REQUEST_PROJECT].text, "Prévision de la nappe");
    assert_ptr_equal(back.rows[0]->entity, &entity_request);
    assert_int_equal(back.rows[0]->id, rows[0]->id);
    assert_string_equal(back.keys[0].value.text, "2026-W48");
    assert_int_equal(back.keys[1].value.number, 4);
    assert_true(back.complete);
    assert_false(back.more);
    assert_int_equal(back.next.id, 9);
    buffer_free(&b);
    arena_free(&arena);
}

/* Each of all prefixes is refused, and each with one byte turned around is read or refused, but nothing beyond. The
 * bytes lie at the end of memory of their own, so that the sanitizers see a step too far. */
static void what_is_damaged_is_refused(void **state) {
    (void)state;
    Buffer b = {0};
    uint32_t seed = 11;
    write_command(&b);
    for (size_t size = 0; size < b.size; size++) {
        Arena arena = {0};
        CommandRequest back = {0};
        unsigned char *bytes = malloc(size + 1);
        assert_non_null(bytes);
        memcpy(bytes, b.bytes, size);
        Wire r = {.at = bytes, .end = bytes + size, .arena = &arena};
        message_command(&r, &back);
        assert_true(r.bad);
        free(bytes);
        arena_free(&arena);
    }
    for (int i = 0; i < 20000; i++) {
        Arena arena = {0};
        CommandRequest back = {0};
        unsigned char *bytes = malloc(b.size);
        assert_non_null(bytes);
        memcpy(bytes, b.bytes, b.size);
        seed = seed * 1664525 + 1013904223;
        bytes[(seed >> 8) % b.size] = (unsigned char)(seed >> 20);
        Wire r = {.at = bytes, .end = bytes + b.size, .arena = &arena};
        message_command(&r, &back);
        if (!r.bad) {
            assert_non_null(back.verb);
            assert_in_range(back.code_count, 0, MESSAGE_CODES_MOST);
            for (int k = 0; k < back.code_count; k++) {
                assert_non_null(back.codes[k]);
            }
        }
        free(bytes);
        arena_free(&arena);
    }
    buffer_free(&b);
}

/* Every request, of random bytes: its arguments are read or refused. */
static void no_request_reads_too_far(void **state) {
    (void)state;
    uint32_t seed = 3;
    int good = 0;
    for (int i = 0; i < 40000; i++) {
        const Request *row = &request_rows[i % REQUEST_NAMES];
        Arena arena = {0};
        if (!row->arguments) continue;
        seed = seed * 1664525 + 1013904223;
        size_t size = (seed >> 10) % 64;
        unsigned char *bytes = malloc(size + 1);
        assert_non_null(bytes);
        for (size_t k = 0; k < size; k++) {
            seed = seed * 1664525 + 1013904223;
            bytes[k] = (unsigned char)(seed >> 24 & (i & 64 ? 0xFF : 0x0F));
        }
        Wire r = {.at = bytes, .end = bytes + size, .arena = &arena};
        row->arguments(&r, arena_array(&arena, 1, row->arguments_size));
        good += !r.bad;
        free(bytes);
        arena_free(&arena);
    }
    assert_true(good > 100);
}

static bool plan_is_read(NetworkPlanRequest *request) {
    Buffer b = {0};
    Arena arena = {0};
    NetworkPlanRequest back = {0};
    Wire w = {.out = &b};
    message_plan_request(&w, request);
    Wire r = reader(&b, b.size, &arena);
    message_plan_request(&r, &back);
    bool read = !r.bad && r.at == r.end;
    buffer_free(&b);
    arena_free(&arena);
    return read;
}

/* What is written has the name of an operation, without which the writer would stand on nothing; and weeks have dates. */
static void a_plan_that_writes_is_an_operation(void **state) {
    (void)state;
    NetworkPlanRequest read = {0}, applied = {.apply = true}, kept = {.keep = true}, far = {.last = INT32_MAX},
                       before = {.first = INT32_MIN}, last = {.last = MESSAGE_WEEK_LAST};
    assert_true(plan_is_read(&read));
    assert_true(plan_is_read(&last));
    assert_false(plan_is_read(&applied));
    assert_false(plan_is_read(&kept));
    assert_false(plan_is_read(&far));
    assert_false(plan_is_read(&before));
    applied.op = kept.op = "op";
    assert_true(plan_is_read(&applied));
    assert_true(plan_is_read(&kept));
}

static int open_files(void) {
    int count = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d)) {
        count++;
    }
    closedir(d);
    return count;
}

/* However many are passed with however many messages, the reader keeps one open. */
static void no_more_files_than_one_are_kept(void **state) {
    (void)state;
    enum { FILES = 3, TIMES = 20 };
    union {
        char room[CMSG_SPACE(FILES * sizeof(int))];
        struct cmsghdr aligned;
    } control = {0};
    int pair[2], passed[FILES] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    Frames frames;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    frames_start(&frames, pair[0], FRAME_ASK_MOST);
    int before = open_files();
    for (int i = 0; i < TIMES; i++) {
        char byte = 0;
        struct iovec part = {&byte, 1};
        struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control};
        int count = i % FILES + 1;
        m.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
        memcpy(CMSG_DATA(c), passed, (size_t)count * sizeof(int));
        assert_int_equal(sendmsg(pair[1], &m, 0), 1);
        assert_int_equal(frames_fill(&frames), FRAMES_MORE);
        assert_int_equal(open_files(), before + 1);
    }
    frames_free(&frames);
    assert_int_equal(open_files(), before - 1);
    close(pair[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_and_text_come_back),
                                       cmocka_unit_test(a_command_comes_back),
                                       cmocka_unit_test(a_page_comes_back),
                                       cmocka_unit_test(what_is_damaged_is_refused),
                                       cmocka_unit_test(no_request_reads_too_far),
                                       cmocka_unit_test(a_plan_that_writes_is_an_operation),
                                       cmocka_unit_test(no_more_files_than_one_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
