/* base/status: what an error says, where it happened, and how it is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/status.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void exit_codes_never_change(void **state) {
    (void)state;
    assert_int_equal(STATUS_OK, 0);
    assert_int_equal(STATUS_FAILED, 1);
    assert_int_equal(STATUS_USAGE, 2);
    assert_int_equal(STATUS_DENIED, 3);
    assert_int_equal(STATUS_CONFLICT, 4);
    assert_int_equal(STATUS_NOT_FOUND, 5);
    assert_int_equal(STATUS_BUSY, 6);
    assert_int_equal(STATUS_STOPPED, 7);
}

static void an_error_says_what_and_why(void **state) {
    (void)state;
    Error e;
    memset(&e, 'x', sizeof e);
    assert_int_equal(error_set(&e, STATUS_CONFLICT, "rev", "read at %d, now %s", 3, "4"), STATUS_CONFLICT);
    assert_int_equal(e.status, STATUS_CONFLICT);
    assert_string_equal(e.field, "rev");
    assert_string_equal(e.why, "read at 3, now 4");
    assert_string_equal(e.file, "");
    assert_int_equal(e.line, 0);
    assert_int_equal(error_set(&e, STATUS_BUSY, NULL, "held"), STATUS_BUSY);
    assert_string_equal(e.field, "");
    assert_int_equal(error_set(NULL, STATUS_DENIED, "x", "%d", 1), STATUS_DENIED);
}

static void an_error_may_quote_itself(void **state) {
    (void)state;
    Error e = {0};
    error_set(&e, STATUS_USAGE, "due", "not a date");
    error_set(&e, e.status, e.field, "line %d: %s", 3, e.why);
    assert_string_equal(e.field, "due");
    assert_string_equal(e.why, "line 3: not a date");
}

static void the_deepest_place_stays(void **state) {
    (void)state;
    Error e = {0};
    error_set(&e, STATUS_USAGE, "key", "unknown");
    assert_int_equal(error_at(&e, "jazari.conf", 12), STATUS_USAGE);
    assert_int_equal(error_at(&e, "outer.csv", 99), STATUS_USAGE);
    assert_string_equal(e.file, "jazari.conf");
    assert_int_equal(e.line, 12);

    error_set(&e, STATUS_FAILED, NULL, "torn"); /* the reader knows the line, its caller the file */
    error_at(&e, NULL, 7);
    assert_int_equal(e.line, 7);
    error_at(&e, "needs.csv", 0);
    assert_string_equal(e.file, "needs.csv");
    assert_int_equal(e.line, 7);

    error_set(&e, STATUS_FAILED, NULL, "empty"); /* another file's line is not this one's */
    error_at(&e, "inner.csv", 0);
    error_at(&e, "outer.csv", 5);
    assert_string_equal(e.file, "inner.csv");
    assert_int_equal(e.line, 0);
    assert_int_not_equal(error_at(NULL, "x", 1), STATUS_OK);
}

static void an_error_as_text(void **state) {
    (void)state;
    char out[1000];
    Error e = {0};
    error_set(&e, STATUS_USAGE, "budget", "too large");
    assert_string_equal(error_text(&e, out, sizeof out), "budget: too large");
    error_at(&e, "projects.csv", 14);
    assert_ptr_equal(error_text(&e, out, sizeof out), out);
    assert_string_equal(out, "projects.csv:14: budget: too large");
    e.line = 0;
    assert_string_equal(error_text(&e, out, sizeof out), "projects.csv: budget: too large");
    e.field[0] = 0;
    assert_string_equal(error_text(&e, out, sizeof out), "projects.csv: too large");
    e.file[0] = 0;
    assert_string_equal(error_text(&e, out, sizeof out), "too large");
}

static void long_texts_are_cut_at_a_character(void **state) {
    (void)state;
    char text[2001] = "", out[1000];
    for (int lead = 0; lead < 3; lead++) {
        memset(text, 'a', 2);
        for (int i = 0; i < 600; i++) {
            memcpy(text + lead + i * 3, "\xE2\xB5\xA3", 4);
        }
        Error e = {0};
        error_set(&e, STATUS_USAGE, text, "%s", text);
        error_at(&e, text, 1);
        assert_true(text_is_clean(e.why, strlen(e.why), false));
        assert_true(text_is_clean(e.field, strlen(e.field), false));
        assert_true(text_is_clean(e.file, strlen(e.file), false));
        assert_in_range(strlen(e.why), sizeof e.why - 4, sizeof e.why - 1);
        assert_in_range(strlen(e.field), sizeof e.field - 4, sizeof e.field - 1);
        assert_in_range(strlen(e.file), sizeof e.file - 4, sizeof e.file - 1);
        assert_memory_equal(e.why, text, strlen(e.why));
        for (size_t room = 1; room < sizeof out; room++) {
            char *small = malloc(room);
            assert_non_null(small);
            error_text(&e, small, room);
            assert_true(strlen(small) < room);
            assert_true(text_is_clean(small, strlen(small), false));
            free(small);
        }
        error_text(&e, out, sizeof out);
        assert_int_equal(strlen(out), strlen(e.file) + strlen(":1: ") + strlen(e.field) + 2 + strlen(e.why));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_codes_never_change),   cmocka_unit_test(an_error_says_what_and_why),
        cmocka_unit_test(an_error_may_quote_itself), cmocka_unit_test(the_deepest_place_stays),
        cmocka_unit_test(an_error_as_text),          cmocka_unit_test(long_texts_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
