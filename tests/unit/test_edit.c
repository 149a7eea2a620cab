/* A text being typed: what keys do to it, what can be taken back, and where the cursor stands. */
#include "widgets/edit.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void press(Edit *e, Key key) {
    const Event event = {.kind = EVENT_KEY, .key = key};
    edit_event(e, &event);
}

static void press_word(Edit *e, Key key) {
    const Event event = {.kind = EVENT_KEY, .key = key, .control = true};
    edit_event(e, &event);
}

static void control(Edit *e, char letter) {
    const Event event = {.kind = EVENT_KEY, .key = KEY_IS_CONTROL, .point = (uint32_t)letter};
    edit_event(e, &event);
}

static void type(Edit *e, const char *text) {
    for (size_t at = 0, used, size = strlen(text); at < size; at += used) {
        const Event event = {.kind = EVENT_KEY, .key = KEY_IS_CHAR, .point = text_decode(text + at, size - at, &used)};
        edit_event(e, &event);
    }
}

static void paste(Edit *e, const char *text) {
    const Event event = {.kind = EVENT_PASTE, .text = text, .size = strlen(text)};
    edit_event(e, &event);
}

static void each_change_is_taken_back(void **state) {
    (void)state;
    Edit e = {0};
    edit_set(&e, "au nord", false);
    type(&e, " de la");
    press(&e, KEY_IS_BACKSPACE);
    press(&e, KEY_IS_BACKSPACE);
    paste(&e, "l'Atlas");
    assert_string_equal(edit_string(&e), "au nord de l'Atlas");
    static const char *const back[] = {"au nord de ", "au nord de la", "au nord de", "au nord", "au nord"};
    for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
        control(&e, 'z');
        assert_string_equal(edit_string(&e), back[i]);
    }
    assert_int_equal(e.cursor, strlen("au nord"));
    for (int i = 0; i < 5; i++) {
        control(&e, 'y');
    }
    assert_string_equal(edit_string(&e), "au nord de l'Atlas");
    /* What is typed after something was taken back takes its place. */
    control(&e, 'z');
    type(&e, "x");
    control(&e, 'y');
    assert_string_equal(edit_string(&e), "au nord de x");
    edit_free(&e);
}

static void letters_typed_elsewhere_are_another_change(void **state) {
    (void)state;
    Edit e = {0};
    edit_set(&e, "", false);
    type(&e, "ab");
    press(&e, KEY_IS_LEFT);
    type(&e, "c");
    assert_string_equal(edit_string(&e), "acb");
    control(&e, 'z');
    assert_string_equal(edit_string(&e), "ab");
    control(&e, 'z');
    assert_string_equal(edit_string(&e), "");
    edit_free(&e);
}

/* However many changes: the oldest are forgotten, the newest are not. */
static void a_hundred_changes_leave_the_newest(void **state) {
    (void)state;
    Edit e = {0};
    edit_set(&e, "", false);
    for (int i = 0; i < 100; i++) {
        paste(&e, "x");
    }
    for (int i = 0; i < 100; i++) {
        control(&e, 'z');
    }
    assert_int_equal(e.text.size, 36);
    edit_free(&e);
}

static void what_has_no_room_is_counted_and_the_rest_kept(void **state) {
    (void)state;
    Edit e = {.max = 10};
    edit_set(&e, "Oued ", false);
    paste(&e, "Éélà-");
    assert_string_equal(edit_string(&e), "Oued Éél");
    assert_int_equal(e.lost, 2);
    press(&e, KEY_IS_LEFT);
    assert_int_equal(e.lost, 0);
    edit_free(&e);
    edit_set(&e, "", true);
    Buffer much = {0};
    while (much.size < 20000) {
        buffer_add_string(&much, "Vingt mille lettres, et pas une de moins.\n");
    }
    paste(&e, much.bytes);
    assert_int_equal(e.lost, 0);
    assert_int_equal(e.text.size, much.size - 1);
    buffer_free(&much);
    edit_free(&e);
}

static void control_and_an_arrow_go_by_words(void **state) {
    (void)state;
    Edit e = {0};
    edit_set(&e, "eau potable pour tous", false);
    static const size_t left[] = {17, 12, 4, 0, 0}, right[] = {4, 12, 17, 21, 21};
    for (int i = 0; i < 5; i++) {
        press_word(&e, KEY_IS_LEFT);
        assert_int_equal(e.cursor, left[i]);
    }
    for (int i = 0; i < 5; i++) {
        press_word(&e, KEY_IS_RIGHT);
        assert_int_equal(e.cursor, right[i]);
    }
    edit_free(&e);
}

/* Up and Down go by the lines one sees, and out of the text only from its first and last. */
static void lines_are_those_one_sees(void **state) {
    (void)state;
    Edit e = {0};
    edit_set(&e, "un deux trois quatre cinq\nsix", true);
    e.width = 10; /* "un deux ", "trois ", "quatre ", "cinq", "six" */
    static const size_t up[] = {24, 17, 11, 3};
    for (size_t i = 0; i < sizeof up / sizeof *up; i++) {
        press(&e, KEY_IS_UP);
        assert_int_equal(e.cursor, up[i]);
    }
    const Event more = {.kind = EVENT_KEY, .key = KEY_IS_UP};
    assert_false(edit_event(&e, &more));
    static const size_t down[] = {11, 17, 24, 29};
    for (size_t i = 0; i < sizeof down / sizeof *down; i++) {
        press(&e, KEY_IS_DOWN);
        assert_int_equal(e.cursor, down[i]);
    }
    edit_free(&e);
}

/* In a line from right to left an arrow goes where it points; the cursor stands on the letter it is before. */
static void arabic_is_edited_from_right_to_left(void **state) {
    (void)state;
    static const char text[] = "ماء 12";
    Edit e = {0};
    edit_set(&e, text, false);
    assert_int_equal(draw_typed_column(20, text, sizeof text - 1, sizeof text - 1), 13);
    assert_int_equal(draw_typed_column(20, text, sizeof text - 1, 0), 19);
    assert_int_equal(draw_typed_column(20, text, sizeof text - 1, 2), 18);
    /* The figures run from left to right within it. */
    assert_int_equal(draw_typed_column(20, text, sizeof text - 1, 7), 14);
    assert_int_equal(draw_typed_column(20, text, sizeof text - 1, 8), 15);
    press(&e, KEY_IS_HOME);
    assert_int_equal(e.cursor, 0);
    press(&e, KEY_IS_LEFT);
    assert_int_equal(e.cursor, 2);
    press(&e, KEY_IS_RIGHT);
    assert_int_equal(e.cursor, 0);
    edit_free(&e);
}

static void a_click_puts_the_cursor_there(void **state) {
    (void)state;
    const Rect at = {5, 10, 1, 20};
    Edit e = {0};
    edit_set(&e, "école", false);
    edit_click(&e, at, 5, 11);
    assert_int_equal(e.cursor, 2);
    edit_click(&e, at, 5, 29);
    assert_int_equal(e.cursor, 6);
    edit_set(&e, "ماء", false);
    edit_click(&e, at, 5, 28);
    assert_int_equal(e.cursor, 2);
    const Rect lines = {5, 10, 4, 11};
    edit_set(&e, "un deux trois\nsix", true);
    edit_click(&e, lines, 6, 12);
    assert_int_equal(e.cursor, 10);
    edit_click(&e, lines, 5, 20);
    assert_int_equal(e.cursor, 7);
    edit_click(&e, lines, 8, 10);
    assert_int_equal(e.cursor, 14);
    edit_free(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_taken_back),
        cmocka_unit_test(letters_typed_elsewhere_are_another_change),
        cmocka_unit_test(a_hundred_changes_leave_the_newest),
        cmocka_unit_test(what_has_no_room_is_counted_and_the_rest_kept),
        cmocka_unit_test(control_and_an_arrow_go_by_words),
        cmocka_unit_test(lines_are_those_one_sees),
        cmocka_unit_test(arabic_is_edited_from_right_to_left),
        cmocka_unit_test(a_click_puts_the_cursor_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
