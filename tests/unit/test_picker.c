/* A list to choose from by typing: what is found by what, and what keys and clicks do. */
#include "widgets/picker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All parts found, one after the other, between bars. */
static const char *parts(const char *folded, const char *text, char *out, size_t size) {
    size_t start, end = 0, used = 0;
    *out = 0;
    while (found_part(folded, text, end, &start, &end) && used + (end - start) + 2 < size) {
        memcpy(out + used, text + start, end - start);
        used += end - start;
        out[used++] = '|';
        out[used] = 0;
    }
    return out;
}

static void what_was_found_is_marked_as_it_is_written(void **state) {
    (void)state;
    static const struct {
        const char *folded, *text, *parts;
    } cases[] = {
        {"ete", "Été à Fès, étendu", "Été|éte|"},
        {"com urb", "Commune urbaine 1", "Com|urb|"},
        {"eau", "l'eau du bateau", "eau|"},
        {"strass", "Straße", "Straß|"},
        {"un", "Commune", ""},
        {"", "Commune", ""},
        {"communes", "Commune", ""},
        {"12", "MA-12 123", "12|12|"},
        /* What is drawn from right to left is not marked: its columns are others. */
        {"ma", "ماء ma", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[80];
        assert_string_equal(parts(cases[i].folded, cases[i].text, out, sizeof out), cases[i].parts);
    }
}

static void every_word_typed_begins_a_word(void **state) {
    (void)state;
    assert_true(folded_match("urb COM", "Commune urbaine 1"));
    assert_true(folded_match("", "Commune"));
    assert_true(folded_match("وجده", "مدينة وجدة"));
    assert_false(folded_match("mune", "Commune"));
    assert_false(folded_match("com rur", "Commune urbaine 1"));
}

static void what_is_found_is_ranked_by_where_it_is_found(void **state) {
    (void)state;
    assert_int_equal(folded_find("JOURNAL", "Journal"), MATCH_WHOLE);
    assert_int_equal(folded_find("été", "Ete"), MATCH_WHOLE);
    assert_int_equal(folded_find("act a", "Act as"), MATCH_START);
    assert_int_equal(folded_find("as act", "Act as"), MATCH_WORDS);
    assert_int_equal(folded_find("anc lan", "Balances"), MATCH_WITHIN);
    assert_int_equal(folded_find("anc z", "Balances"), MATCH_NONE);
    assert_int_equal(folded_find("", "Balances"), MATCH_START);
}

static void a_command_is_found_by_its_names_before_its_help(void **state) {
    (void)state;
    const char *help = "The project is decided and begins.";
    assert_int_equal(command_match("start", "Start work", "activate", help), MATCH_START);
    assert_int_equal(command_match("activate", "Start work", "activate", help), MATCH_WHOLE);
    assert_int_equal(command_match("act", "Start work", "activate", help), MATCH_WORDS);
    assert_int_equal(command_match("proj", "Start work", "activate", help), MATCH_HELP);
    assert_int_equal(command_match("proj", "Start work", "activate", NULL), MATCH_NONE);
}

static void items_are_put_in_order_and_equals_stay(void **state) {
    (void)state;
    PickerItem items[] = {{.place = 2, .value = 1},
                          {.place = 1, .value = 2},
                          {.place = 2, .value = 3},
                          {.place = 0, .value = 4},
                          {.place = 1, .value = 5}};
    static const int64_t order[] = {4, 2, 5, 1, 3};
    picker_sort(items, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(items[i].value, order[i]);
    }
}

static void fruit(void *context, const char *typed, Arena *arena, PickerItem **items, int *count) {
    static const char *const names[] = {"amande", "argan", "datte", "figue", "olive"};
    (void)context;
    *items = arena_array(arena, 5, sizeof **items);
    for (int i = 0; i < 5; i++) {
        if (folded_match(typed, names[i]))
            (*items)[(*count)++] =
                (PickerItem){.code = names[i], .label = names[i], .off = i == 2, .chosen = i == 3, .value = i};
    }
}

static int64_t here(const Picker *p) {
    return picker_item(p) ? picker_item(p)->value : -1;
}

static PickerAnswer press(Picker *p, Key key) {
    const Event e = {.kind = EVENT_KEY, .key = key};
    return picker_event(p, &e);
}

static PickerAnswer type(Picker *p, char letter) {
    const Event e = {.kind = EVENT_KEY, .key = KEY_IS_CHAR, .point = (uint32_t)letter};
    return picker_event(p, &e);
}

static PickerAnswer click(Picker *p, int y, int x) {
    const Event e = {.kind = EVENT_CLICK, .y = y, .x = x};
    return picker_event(p, &e);
}

static void keys_walk_and_letters_narrow(void **state) {
    (void)state;
    Picker p = {0};
    picker_start(&p, "", fruit, NULL);
    assert_int_equal(here(&p), 0);
    picker_go_to_chosen(&p);
    assert_int_equal(here(&p), 3);
    press(&p, KEY_IS_END);
    assert_int_equal(here(&p), 4);
    press(&p, KEY_IS_DOWN);
    assert_int_equal(here(&p), 4);
    press(&p, KEY_IS_HOME);
    assert_int_equal(here(&p), 0);
    type(&p, 'a');
    assert_int_equal(p.count, 2);
    press(&p, KEY_IS_DOWN);
    assert_int_equal(here(&p), 1);
    /* With letters typed, Home is their beginning. */
    press(&p, KEY_IS_HOME);
    assert_int_equal(here(&p), 1);
    type(&p, 'x');
    assert_string_equal(edit_string(&p.typed), "xa");
    assert_int_equal(here(&p), -1);
    assert_int_equal(press(&p, KEY_IS_ENTER), PICKER_OPEN);
    assert_int_equal(press(&p, KEY_IS_ESCAPE), PICKER_LEFT);
    picker_free(&p);
}

static void a_click_chooses_what_can_be(void **state) {
    (void)state;
    Picker p = {0};
    picker_start(&p, "", fruit, NULL);
    p.list = (Rect){5, 10, 4, 20};
    p.top = 1;
    assert_int_equal(click(&p, 7, 12), PICKER_CHOSEN);
    assert_int_equal(here(&p), 3);
    assert_int_equal(click(&p, 6, 12), PICKER_OPEN);
    assert_int_equal(here(&p), 2);
    assert_int_equal(click(&p, 4, 12), PICKER_OPEN);
    assert_int_equal(click(&p, 5, 30), PICKER_OPEN);
    p.top = 3;
    assert_int_equal(click(&p, 8, 12), PICKER_OPEN);
    assert_int_equal(here(&p), 2);
    picker_free(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_found_is_marked_as_it_is_written),
        cmocka_unit_test(every_word_typed_begins_a_word),
        cmocka_unit_test(what_is_found_is_ranked_by_where_it_is_found),
        cmocka_unit_test(a_command_is_found_by_its_names_before_its_help),
        cmocka_unit_test(items_are_put_in_order_and_equals_stay),
        cmocka_unit_test(keys_walk_and_letters_narrow),
        cmocka_unit_test(a_click_chooses_what_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
