/* base/arena and base/buffer: memory that is aligned, zeroed and freed at once, and bytes that always end in a NUL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool all_zero(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i]) return false;
    }
    return true;
}

static void memory_is_aligned_and_zeroed(void **state) {
    (void)state;
    Arena a = {0};
    for (int round = 0; round < 3; round++) {
        char *last = NULL;
        for (size_t size = 0; size < 600; size++) {
            char *p = arena_alloc(&a, size);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            assert_true(all_zero(p, size));
            memset(p, 0xAA, size);
            if (last && size > 1) assert_true((unsigned char)last[size - 2] == 0xAA);
            last = size ? p : NULL;
        }
        arena_reset(&a); /* what comes next finds zeroes again */
    }
    arena_free(&a);
}

static void pieces_do_not_overlap(void **state) {
    (void)state;
    Arena a = {0};
    enum { PIECES = 500 };
    unsigned char *pieces[PIECES];
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = arena_alloc(&a, (size_t)i * 7 + 1);
        memset(pieces[i], i & 0xFF, (size_t)i * 7 + 1);
    }
    for (int i = 0; i < PIECES; i++) {
        for (size_t j = 0; j < (size_t)i * 7 + 1; j++) {
            assert_int_equal(pieces[i][j], i & 0xFF);
        }
    }
    arena_free(&a);
}

static void large_pieces_fit(void **state) {
    (void)state;
    Arena a = {0};
    size_t large = 3 * 1024 * 1024 + 5;
    char *p = arena_alloc(&a, large);
    assert_true(all_zero(p, large));
    p[large - 1] = 'z';
    assert_true(a.total >= large);
    char *q = arena_alloc(&a, 10);
    memcpy(q, "123456789", 10);
    assert_int_equal(p[large - 1], 'z');
    arena_free(&a);
    assert_null(a.block);
    assert_int_equal(a.total, 0);
}

static void reset_keeps_one_block(void **state) {
    (void)state;
    Arena a = {0};
    arena_reset(&a);
    assert_int_equal(a.total, 0);
    for (int i = 0; i < 1000; i++) {
        arena_alloc(&a, 1000);
    }
    size_t full = a.total;
    assert_true(full >= 1000 * 1000);
    arena_reset(&a);
    assert_true(a.total > 0 && a.total < full);
    size_t kept = a.total;
    arena_alloc(&a, kept / 2);
    assert_int_equal(a.total, kept); /* and uses it */
    for (int i = 0; i < 100; i++) {
        arena_reset(&a);
        arena_alloc(&a, kept / 2);
    }
    assert_int_equal(a.total, kept);
    arena_free(&a);
    assert_int_equal(a.total, 0);
    arena_free(&a);
    assert_non_null(arena_alloc(&a, 1)); /* an emptied arena serves again */
    arena_free(&a);
}

static void texts_are_copied(void **state) {
    (void)state;
    Arena a = {0};
    char source[] = "abc\0def";
    char *copy = arena_copy(&a, source, 7);
    assert_memory_equal(copy, "abc\0def\0", 8);
    source[0] = 'x';
    assert_int_equal(copy[0], 'a');
    assert_string_equal(arena_string(&a, "Oujda"), "Oujda");
    assert_string_equal(arena_string(&a, ""), "");
    assert_string_equal(arena_copy(&a, NULL, 0), "");
    assert_string_equal(arena_copy(&a, "tail", 2), "ta");
    assert_string_equal(arena_format(&a, "%s-%c%d", "SMA", 'P', 42), "SMA-P42");
    assert_string_equal(arena_format(&a, "%s", ""), "");
    char *wide = arena_format(&a, "%09000d", 7);
    assert_int_equal(strlen(wide), 9000);
    assert_int_equal(wide[8999], '7');
    int *numbers = arena_array(&a, 10, sizeof *numbers);
    assert_true(all_zero((const char *)numbers, 10 * sizeof *numbers));
    assert_non_null(arena_array(&a, 0, 8));
    assert_non_null(arena_array(&a, 8, 0));
    arena_free(&a);
}

static void ask_for_too_many(void) {
    Arena a = {0};
    arena_array(&a, SIZE_MAX / 8 + 2, 8); /* 8 bytes, if nobody looks */
}

static void ask_for_too_much(void) {
    Arena a = {0};
    arena_alloc(&a, SIZE_MAX - 3);
}

static void grow_too_far(void) {
    memory_grow(NULL, SIZE_MAX / 8 + 2, 8);
}

static void say_last_act(void) {
    static const char text[] = "terminal back\n";
    if (write(2, text, sizeof text - 1) < 0) _exit(2);
}

/* Whether act ends the program, and what it said on standard error. */
static bool ends_the_program(void (*act)(void), char *said, size_t room) {
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        memory_on_end(say_last_act);
        dup2(ends[1], 2);
        act();
        _exit(0);
    }
    close(ends[1]);
    size_t size = 0;
    for (ssize_t n; (n = read(ends[0], said + size, room - 1 - size)) > 0;) {
        size += (size_t)n;
    }
    said[size] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE;
}

static void without_memory_the_program_ends(void **state) {
    (void)state;
    char said[200];
    void (*const acts[])(void) = {ask_for_too_many, ask_for_too_much, grow_too_far};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        assert_true(ends_the_program(acts[i], said, sizeof said));
        assert_string_equal(said, "terminal back\njazari: out of memory\n");
    }
}

static void plain_memory(void **state) {
    (void)state;
    char *p = memory_new(100);
    assert_true(all_zero(p, 100));
    memset(p, 'x', 100);
    p = memory_grow(p, 50, 8);
    assert_int_equal(p[99], 'x');
    p = memory_grow(p, 0, 8);
    assert_non_null(p);
    free(p);
    p = memory_new(0);
    assert_non_null(p);
    free(p);
}

/* --- buffers ---------------------------------------------------------------------------------------------------- */

static void an_empty_buffer_is_an_empty_string(void **state) {
    (void)state;
    Buffer b = {0};
    assert_string_equal(buffer_string(&b), "");
    assert_null(b.bytes);
    buffer_clear(&b);
    assert_string_equal(buffer_string(&b), "");
    buffer_add(&b, NULL, 0);
    assert_string_equal(buffer_string(&b), "");
    buffer_format(&b, "%s", "");
    assert_int_equal(b.size, 0);
    buffer_free(&b);
    buffer_free(&b);
    assert_string_equal(buffer_string(&b), "");
}

static void buffers_grow_and_stay_terminated(void **state) {
    (void)state;
    Buffer b = {0};
    for (int i = 0; i < 100000; i++) {
        buffer_add_char(&b, (char)('a' + i % 26));
        assert_int_equal(b.size, i + 1);
        assert_true(b.room > b.size);
        assert_int_equal(b.bytes[b.size], 0);
    }
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(b.bytes[i], 'a' + i % 26);
    }
    size_t room = b.room;
    char *bytes = b.bytes;
    buffer_clear(&b);
    assert_int_equal(b.size, 0);
    assert_string_equal(buffer_string(&b), "");
    assert_int_equal(b.room, room); /* the memory is kept */
    buffer_add_string(&b, "again");
    assert_ptr_equal(b.bytes, bytes);
    assert_string_equal(buffer_string(&b), "again");
    buffer_free(&b);
    assert_true(!b.bytes && !b.size && !b.room);
}

static void buffers_take_bytes_texts_and_numbers(void **state) {
    (void)state;
    Buffer b = {0};
    buffer_add(&b, "a\0b", 3);
    assert_int_equal(b.size, 3);
    assert_memory_equal(b.bytes, "a\0b\0", 4);
    buffer_clear(&b);
    buffer_add_string(&b, "x");
    buffer_add_number(&b, 0);
    buffer_add_char(&b, ' ');
    buffer_add_number(&b, -42);
    buffer_add_char(&b, ' ');
    buffer_add_number(&b, INT64_MAX);
    buffer_add_char(&b, ' ');
    buffer_add_number(&b, INT64_MIN);
    buffer_format(&b, " %d%%, %s", 64, "lent");
    assert_string_equal(b.bytes, "x0 -42 9223372036854775807 -9223372036854775808 64%, lent");
    buffer_clear(&b);
    for (int width = 1; width < 1000; width += 37) {
        size_t before = b.size;
        buffer_format(&b, "%*d", width, 7);
        assert_int_equal(b.size, before + (size_t)width);
        assert_int_equal(b.bytes[b.size - 1], '7');
        assert_int_equal(b.bytes[b.size], 0);
    }
    buffer_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_zeroed),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(large_pieces_fit),
        cmocka_unit_test(reset_keeps_one_block),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(without_memory_the_program_ends),
        cmocka_unit_test(plain_memory),
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(buffers_grow_and_stay_terminated),
        cmocka_unit_test(buffers_take_bytes_texts_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
