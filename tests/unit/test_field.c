/* model/field, model/choices and model/capacity_kind: what a row says of its field, and the lists of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/entities.h"

#include <string.h>

static void choices_are_found_by_number_and_word(void **state) {
    (void)state;
    const Choice *list = data_level_choices;
    assert_int_equal(choice_count(list), 5);
    assert_string_equal(choice_of_number(list, 1)->word, "0");
    assert_string_equal(choice_of_number(list, 5)->word, "4");
    assert_null(choice_of_number(list, 0));
    assert_null(choice_of_number(list, 6));
    assert_null(choice_of_number(list, -1));
    assert_null(choice_of_number(list, (INT64_C(1) << 32) + 1));
    assert_int_equal(choice_of_word(sector_choices, "water", 5)->number, 2);
    assert_int_equal(choice_of_word(sector_choices, "WATER", 5)->number, 2);
    assert_int_equal(choice_of_word(sector_choices, "waters", 5)->number, 2); /* the size counts */
    assert_null(choice_of_word(sector_choices, "wate", 4));
    assert_null(choice_of_word(sector_choices, "waters", 6));
    assert_null(choice_of_word(sector_choices, "", 0));
    assert_null(choice_of_word(sector_choices, "civil protection", 16)); /* a label is no word */
    assert_int_equal(choice_count(NULL), 0);
    assert_null(choice_of_number(NULL, 1));
    assert_null(choice_of_word(NULL, "water", 5));
}

static void kinds_say_where_a_field_lives(void **state) {
    (void)state;
    static const struct {
        FieldKind kind;
        bool column, list, text;
    } cases[] = {
        {FIELD_CODE, false, false, false},    {FIELD_TEXT, true, false, true},    {FIELD_NOTE, true, false, true},
        {FIELD_CHOICE, true, false, false},   {FIELD_SET, true, false, false},    {FIELD_DATE, true, false, true},
        {FIELD_WEEK, true, false, true},      {FIELD_INSTANT, true, false, true}, {FIELD_NUMBER, true, false, false},
        {FIELD_FLAG, true, false, false},     {FIELD_REF, true, false, false},    {FIELD_REFS, false, true, false},
        {FIELD_BOOKINGS, false, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Field f = {.kind = cases[i].kind};
        assert_int_equal(cases[i].kind, i);
        assert_int_equal(field_has_column(&f), cases[i].column);
        assert_int_equal(field_is_list(&f), cases[i].list);
        assert_int_equal(field_is_text(&f), cases[i].text);
        f.flags = FIELD_DERIVED | FIELD_SYSTEM;
        assert_false(field_has_column(&f));
    }
}

static void headings_are_short_labels(void **state) {
    (void)state;
    Field f = {.label = "Quantity per week", .heading = "Weekly"};
    assert_string_equal(field_heading(&f), "Weekly");
    f.heading = NULL;
    assert_string_equal(field_heading(&f), "Quantity per week");
}

static void numbers_of_lists_never_change(void **state) {
    (void)state;
    static const struct {
        const Choice *list;
        const char *words[20];
    } lists[] = {
        {kind_choices,
         {"gpu_hour", "cpu_hour", "storage_tib_month", "expert_day", "lab_hour", "training_seat", "dataset", "model"}},
        {role_choices, {"viewer", "operator", "coordinator", "admin"}},
        {party_choices, {"owner", "borrower", "counterpart", "either", "hub"}},
        {data_level_choices, {"0", "1", "2", "3", "4"}},
        {urgency_choices, {"1", "2", "3", "4"}},
        {sector_choices,
         {"agriculture", "water", "energy", "fisheries", "environment", "health", "education", "employment", "justice",
          "administration", "transport", "tourism", "industry", "crafts", "languages", "civil_protection", "housing",
          "social"}},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        int n = 0;
        for (; lists[i].words[n]; n++) {
            const Choice *c = choice_of_word(lists[i].list, lists[i].words[n], strlen(lists[i].words[n]));
            if (!c || c->number != n + 1) fail_msg("%s is not number %d", lists[i].words[n], n + 1);
        }
        assert_true(choice_count(lists[i].list) >= n); /* one may be added */
    }
    assert_int_equal(ROLE_VIEWER, 1);
    assert_int_equal(ROLE_ADMIN, 4);
    assert_int_equal(KIND_MODEL, 8);
}

static void kinds_of_capacity(void **state) {
    (void)state;
    assert_int_equal(choice_count(kind_choices), KIND_COUNT);
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        bool access = kind == KIND_DATASET || kind == KIND_MODEL;
        assert_int_equal(kind_countable(kind), !access);
        assert_int_equal(*kind_unit(kind) == 0, access);
    }
    assert_string_equal(kind_unit(KIND_GPU_HOUR), "GPU h");
    assert_string_equal(kind_unit(KIND_CPU_HOUR), "CPU h");
    assert_string_equal(kind_unit(KIND_STORAGE_TIB_MONTH), "TiB");
    assert_string_equal(kind_unit(KIND_EXPERT_DAY), "days");
    assert_string_equal(kind_unit(KIND_LAB_HOUR), "lab h");
    assert_string_equal(kind_unit(KIND_TRAINING_SEAT), "seats");
    static const int64_t none[] = {0, -1, KIND_COUNT + 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_string_equal(kind_unit(none[i]), "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_are_found_by_number_and_word),
        cmocka_unit_test(kinds_say_where_a_field_lives),
        cmocka_unit_test(headings_are_short_labels),
        cmocka_unit_test(numbers_of_lists_never_change),
        cmocka_unit_test(kinds_of_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
