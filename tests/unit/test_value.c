/* model/value: values compared, and written for files, for reading and as JSON. Every field of every entity reads back
 * what it writes. Reading is in test_value_read.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"
#include "value_fields.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static Value filed(const Field *f, const char *text) {
    return read_as(f, text, FORM_FILE);
}

typedef void Writer(Buffer *, const Field *, const Value *, const CodeBook *);

static void assert_form(Writer *writer, const Field *f, Value v, const CodeBook *codes, const char *expected) {
    Buffer b = {0};
    writer(&b, f, &v, codes);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static int64_t number_of(Value v) {
    assert_int_equal(v.kind, VALUE_NUMBER);
    return v.number;
}

static void assert_text(Value v, const char *expected) {
    assert_int_equal(v.kind, VALUE_TEXT);
    assert_string_equal(v.text, expected);
    assert_int_equal(v.size, strlen(expected));
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static void values_are_made(void **state) {
    (void)state;
    ListItem items[2] = {{.key = 1}, {.key = 2}};
    Value n = value_number(-5), t = value_text("abc", 3), l = value_list(items, 2), none = {0};
    assert_int_equal(number_of(n), -5);
    assert_text(t, "abc");
    assert_true(l.kind == VALUE_LIST && l.size == 2 && l.items == items);
    assert_int_equal(value_text("", 0).kind, VALUE_NONE);
    assert_int_equal(value_list(NULL, 0).kind, VALUE_NONE);
    assert_int_equal(value_number_or(&n, 3), -5);
    assert_int_equal(value_number_or(&t, 3), 3);
    assert_int_equal(value_number_or(&none, 3), 3);
    assert_string_equal(value_string(&t), "abc");
    assert_string_equal(value_string(&n), "");
    assert_string_equal(value_string(&none), "");
}

static void equal_is_what_looks_the_same(void **state) {
    (void)state;
    ListItem a[2] = {{.key = 1, .quantity = 5}, {.key = 2, .quantity = 6}},
             b[2] = {{.key = 1, .quantity = 5}, {.key = 2}};
    Value none = {0}, zero = value_number(0), one = value_number(1), text = value_text("1", 1),
          other = value_text("2", 1);
    Value list = value_list(a, 2), shorter = value_list(a, 1), unlike = value_list(b, 2), labelled = one;
    labelled.text = "its title";
    assert_true(value_equal(&none, &none));
    assert_true(value_equal(&none, &zero) && value_equal(&zero, &none));
    assert_false(value_equal(&none, &one) || value_equal(&one, &none));
    assert_false(value_equal(&none, &text) || value_equal(&text, &none));
    assert_false(value_equal(&none, &list) || value_equal(&list, &none));
    assert_false(value_equal(&zero, &one));
    assert_false(value_equal(&one, &text) || value_equal(&zero, &text) || value_equal(&text, &zero));
    assert_false(value_equal(&text, &list) || value_equal(&list, &text));
    assert_true(value_equal(&one, &labelled)); /* a title that was loaded changes nothing */
    assert_true(value_equal(&text, &text));
    assert_false(value_equal(&text, &other));
    assert_true(value_equal(&list, &list));
    assert_false(value_equal(&list, &shorter) || value_equal(&list, &unlike));
    ListItem first[2] = {{.key = 0, .quantity = 5}, {.key = 2, .quantity = 6}};
    Value elsewhere = value_list(first, 2);
    assert_false(value_equal(&list, &elsewhere));
    ListItem titled[2] = {{.key = 1, .quantity = 5, .label = "x"}, {.key = 2, .quantity = 6}};
    Value same = value_list(titled, 2);
    assert_true(value_equal(&list, &same));
}

static void empty_is_what_says_nothing(void **state) {
    (void)state;
    Value none = {0}, zero = value_number(0), one = value_number(1);
    Field needed = number_field;
    needed.flags = FIELD_REQUIRED;
    for (int i = 0; i < KINDS; i++) {
        assert_true(value_empty(kinds[i], &none));
        if (!field_is_text(kinds[i]) && !field_is_list(kinds[i])) assert_false(value_empty(kinds[i], &one));
    }
    assert_true(value_empty(&choice_field, &zero));
    assert_true(value_empty(&set_field, &zero));
    assert_true(value_empty(&number_field, &zero));
    assert_false(value_empty(&needed, &zero));
    assert_false(value_empty(&flag_field, &zero)); /* no is an answer */
    assert_false(value_empty(&site_field, &zero)); /* ROOT's id */
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void forms_for_files(void **state) {
    (void)state;
    assert_form(value_write, &code_field, value_text("SMA-P42", 7), NULL, "SMA-P42");
    assert_form(value_write, &text_field, value_text("Fès", 4), NULL, "Fès");
    assert_form(value_write, &choice_field, value_number(2), NULL, "pilot_plus");
    assert_form(value_write, &choice_field, value_number(9), NULL, "");
    assert_form(value_write, &set_field, value_number(1 << 2 | 1 << 16), NULL, "water,civil_protection");
    assert_form(value_write, &number_field, value_number(1250500), NULL, "1250.5");
    assert_form(value_write, &number_field, value_number(0), NULL, "");
    assert_form(value_write, &flag_field, value_number(0), NULL, "no");
    assert_form(value_write, &flag_field, value_number(1), NULL, "yes");
    assert_form(value_write, &site_field, value_number(0), NULL, "ROOT");
    assert_form(value_write, &project_field, value_number(id_make(9, 3, 42)), NULL, "SMA-P42.3");
    assert_form(value_write, &province_field, value_number(7), &book, "MA-A07");
    assert_form(value_write, &province_field, value_number(7), NULL, "");
    assert_form(value_write, &date_field, value_text("2026-11-30", 10), NULL, "2026-11-30");
    assert_form(value_write, &needs_field, filed(&needs_field, "SMA-N9 SMA-N10"), NULL, "SMA-N9 SMA-N10");
    assert_form(value_write, &bookings_field, filed(&bookings_field, "2026-W49:1,2026-W48:120.5"), NULL,
                "2026-W48:120.5 2026-W49:1");
    Value titled = value_number(id_make(9, 0, 42));
    titled.text = "Irrigation forecast";
    assert_form(value_write, &project_field, titled, NULL, "SMA-P42");
    login = "a-login-of-thirty-two-characters";
    assert_int_equal(strlen(login), 32);
    assert_form(value_write, &operator_field, value_number(7), &book, login);
    login = "op-agadir";
}

static void forms_for_reading(void **state) {
    (void)state;
    assert_form(value_show, &code_field, value_text("SMA-P42", 7), &book, "SMA-P42");
    assert_form(value_show, &text_field, value_text("Fès", 4), &book, "Fès");
    assert_form(value_show, &choice_field, value_number(3), &book, "roll-out");
    assert_form(value_show, &choice_field, value_number(9), &book, "");
    assert_form(value_show, &set_field, value_number(1 << 2 | 1 << 16), &book, "water, civil protection");
    assert_form(value_show, &number_field, value_number(-1250500), &book,
                "-1\xC2\xA0"
                "250.5");
    assert_form(value_show, &number_field, value_number(0), &book, "");
    number_set_decimal_sign(',');
    assert_form(value_show, &number_field, value_number(1250500), &book,
                "1\xC2\xA0"
                "250,5");
    assert_form(value_json, &number_field, value_number(1250500), &book, "1250.5");
    number_set_decimal_sign('.');
    assert_form(value_show, &flag_field, value_number(0), &book, "no");
    assert_form(value_show, &date_field, value_text("2026-12-07", 10), &book, "7 Dec");
    assert_form(value_show, &date_field, value_text("2030-12-07", 10), &book, "7 Dec 2030");
    assert_form(value_show, &week_field, value_text("2026-W48", 8), &book, "W48");
    assert_form(value_show, &week_field, value_text("2030-W02", 8), &book, "W02 2030");
    assert_form(value_show, &instant_field, value_text("2026-11-23T09:05:07Z", 20), &book, "23 Nov 09:05");
    assert_form(value_show, &instant_field, value_text("1969-12-31T23:30:00Z", 20), &book, "31 Dec 1969 23:30");
    assert_form(value_show, &instant_field, value_text("1960-01-01T00:00:00Z", 20), &book, "1 Jan 1960 00:00");
    assert_form(value_show, &instant_field, value_text("2026-11-23T23:59:59Z", 20), &book, "23 Nov 23:59");
    setenv("TZ", "EAST-1", 1);
    tzset();
    assert_form(value_show, &instant_field, value_text("2026-11-23T23:59:59Z", 20), &book, "24 Nov 00:59");
    setenv("TZ", "UTC", 1);
    tzset();
    assert_form(value_show, &instant_field, value_text("soon", 4), &book, "soon"); /* as it is, where it is none */
    assert_form(value_show, &date_field, value_text("soon", 4), &book, "soon");
    assert_form(value_show, &date_field, value_text("2026-12-07", 10), NULL, "7 Dec 2026");
    assert_form(value_show, &site_field, value_number(9), &book, "SMA");
    assert_form(value_show, &project_field, value_number(id_make(9, 0, 42)), &book, "SMA-P42");
    assert_form(value_show, &province_field, value_number(7), &book, "MA-A07");
    Value titled = value_number(id_make(9, 0, 42));
    titled.text = "Irrigation forecast";
    assert_form(value_show, &project_field, titled, &book, "Irrigation forecast");
    Value needs = filed(&needs_field, "SMA-N9 SMA-N10");
    assert_form(value_show, &needs_field, needs, &book, "SMA-N9, SMA-N10");
    needs.items[1].label = "Darija corpus";
    assert_form(value_show, &needs_field, needs, &book, "SMA-N9, Darija corpus");
    assert_form(value_show, &bookings_field, filed(&bookings_field, "2026-W48:120.5 2030-W02:1"), &book,
                "W48\xC2\xA0"
                "120.5, W02 2030\xC2\xA0"
                "1");
}

static void forms_as_json(void **state) {
    (void)state;
    static const struct {
        const Field *field;
        const char *text, *user, *journal;
    } cases[] = {
        {&text_field, "a \"b\"", "\"a \\\"b\\\"\"", "\"a \\\"b\\\"\""},
        {&note_field, "one\ntwo", "\"one\\ntwo\"", "\"one\\ntwo\""},
        {&choice_field, "deep", "\"deep\"", "\"deep\""},
        {&set_field, "health,water", "[\"water\",\"health\"]", "[\"water\",\"health\"]"},
        {&date_field, "2026-11-30", "\"2026-11-30\"", "\"2026-11-30\""},
        {&week_field, "2026-W48", "\"2026-W48\"", "\"2026-W48\""},
        {&number_field, "1250.5", "1250.5", "1250500"},
        {&number_field, "-0.5", "-0.5", "-500"},
        {&free_field, "-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
        {&flag_field, "yes", "true", "true"},
        {&flag_field, "no", "false", "false"},
        {&site_field, "ROOT", "\"ROOT\"", "0"},
        {&project_field, "SMA-P42.3", "\"SMA-P42.3\"", "317071665659946"},
        {&province_field, "MA-A07", "\"MA-A07\"", "7"},
        {&sites_field, "SMA TTA", "[\"TTA\",\"SMA\"]", "[1,9]"},
        {&bookings_field, "2026-W49:1 2026-W48:120.5", "{\"2026-W48\":120.5,\"2026-W49\":1}",
         "{\"2026-W48\":120500,\"2026-W49\":1000}"},
        {&text_field, "", "null", "null"},
        {&choice_field, "", "null", "null"},
        {&set_field, "", "[]", "[]"},
        {&number_field, "", "null", "null"},
        {&number_field, "0", "null", "null"},
        {&flag_field, "", "null", "null"},
        {&project_field, "", "null", "null"},
        {&needs_field, "", "[]", "[]"},
        {&bookings_field, "", "{}", "{}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Value v = filed(cases[i].field, cases[i].text);
        assert_form(value_json, cases[i].field, v, &book, cases[i].user);
        assert_form(value_json, cases[i].field, v, NULL, cases[i].journal);
    }
    assert_form(value_json, &code_field, value_text("SMA-P42", 7), &book, "\"SMA-P42\"");
    assert_form(value_json, &code_field, (Value){0}, &book, "null");
    assert_form(value_json, &choice_field, value_number(9), &book, "null"); /* of no use, but still JSON */
    assert_form(value_json, &province_field, value_number(900), &book, "null");
    login = "a\"b\\";
    assert_form(value_json, &operator_field, value_number(7), &book, "\"a\\\"b\\\\\"");
    login = "op-agadir";
}

/* --- every field of every entity ---------------------------------------------------------------------------------- */

static int64_t week_of(const char *text) {
    int week = 0;
    assert_true(week_parse(text, strlen(text), &week));
    return week;
}

static uint64_t seed = 42;

static uint64_t chance(uint64_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ((seed >> 32) | (seed << 32)) % below;
}

static Value random_text(const Field *f) {
    static const char *const pieces[] = {"a",  "Z", "9", "é", "ش", "ⵣ",  "漢", "\"",
                                         "\\", "-", ":", ",", " ", "\n", "=",  "/"};
    Buffer b = {0};
    int64_t most = f->max && f->max < 40 ? f->max : 40, least = f->min > 1 ? f->min : 1;
    int64_t count = least + (int64_t)chance((uint64_t)(most - least + 1));
    for (int64_t i = 0; i < count; i++) {
        bool inner = i && i < count - 1;
        uint64_t piece = chance(inner ? sizeof pieces / sizeof *pieces : 12);
        buffer_add_string(&b, f->kind == FIELD_TEXT && *pieces[piece] == '\n' ? "x" : pieces[piece]);
    }
    Value v = value_text(arena_copy(&arena, b.bytes, b.size), b.size);
    buffer_free(&b);
    return v;
}

static int64_t random_id(const Field *f) {
    const Entity *e = entity_of_kind(f->ref);
    assert_non_null(e);
    if (e->kind == ENTITY_SITE) return (int64_t)chance(SITE_COUNT);
    if (!e->letter) return e->kind == ENTITY_OPERATOR ? 7 : (int64_t)chance(100);
    return id_make((int)chance(SITE_COUNT), (int)chance(256), 1 + (int64_t)chance((uint64_t)COUNTER_MAX));
}

static Value random_list(const Field *f) {
    size_t count = 1 + chance(8);
    ListItem *items = arena_array(&arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        bool booking = f->kind == FIELD_BOOKINGS;
        items[i].key = booking ? (i ? items[i - 1].key + 1 + (int64_t)chance(9) : week_of("2026-W48")) : random_id(f);
        if (booking) items[i].quantity = 1 + (int64_t)chance((uint64_t)f->max);
        if (!booking && i && items[i].key <= items[i - 1].key) count = i;
    }
    return value_list(items, count);
}

static Value random_value(const Field *f) {
    char text[INSTANT_SIZE];
    int64_t n = 0;
    switch (f->kind) {
    case FIELD_CODE: break;
    case FIELD_TEXT:
    case FIELD_NOTE: return random_text(f);
    case FIELD_CHOICE: return value_number(f->choices[chance((uint64_t)choice_count(f->choices))].number);
    case FIELD_SET:
        for (const Choice *c = f->choices; c->number; c++) {
            n |= (int64_t)chance(2) << c->number;
        }
        return value_number(n);
    case FIELD_DATE: date_write((int)chance(109500) - 25567, text); break;
    case FIELD_WEEK: week_write((int)chance(15600) - 3652, text); break;
    case FIELD_INSTANT: instant_write((int64_t)chance(6000000000), text); break;
    case FIELD_NUMBER:
        if (f->min || f->max) return value_number(f->min + (int64_t)chance((uint64_t)(f->max - f->min) + 1));
        return value_number((int64_t)(chance(UINT64_MAX) >> chance(64)));
    case FIELD_FLAG: return value_number((int64_t)chance(2));
    case FIELD_REF: return value_number(random_id(f));
    case FIELD_REFS:
    case FIELD_BOOKINGS: return random_list(f);
    }
    return f->kind == FIELD_CODE ? (Value){0} : value_text(arena_string(&arena, text), strlen(text));
}

static void assert_round_trip(const Entity *entity, const Field *f) {
    Value v = random_value(f), back;
    Buffer b = {0};
    Error e = {0};
    value_write(&b, f, &v, &book);
    if (value_read(&arena, f, buffer_string(&b), b.size, FORM_FILE, &book, &back, &e) != STATUS_OK)
        fail_msg("%s.%s \"%s\": %s", entity->name, f->name, buffer_string(&b), e.why);
    if (!value_equal(&v, &back)) fail_msg("%s.%s \"%s\" reads back unlike", entity->name, f->name, buffer_string(&b));
    for (int journal = 0; journal < 2; journal++) {
        buffer_clear(&b);
        value_json(&b, f, &v, journal ? NULL : &book);
        json_t *json = json_loadb(b.bytes, b.size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        if (!json) fail_msg("%s.%s is no JSON: %s", entity->name, f->name, b.bytes);
        if (f->kind == FIELD_TEXT || f->kind == FIELD_NOTE) assert_string_equal(json_string_value(json), v.text);
        if (f->kind == FIELD_NUMBER && journal && !value_empty(f, &v))
            assert_true(json_integer_value(json) == v.number);
        if (f->kind == FIELD_REF && journal) assert_true(json_integer_value(json) == v.number);
        if (f->kind == FIELD_FLAG) assert_int_equal(json_is_true(json), v.number);
        if (f->kind == FIELD_REFS) assert_int_equal(json_array_size(json), v.size);
        if (f->kind == FIELD_BOOKINGS) assert_int_equal(json_object_size(json), v.size);
        json_decref(json);
    }
    buffer_clear(&b);
    value_show(&b, f, &v, &book);
    assert_true(text_is_clean(buffer_string(&b), b.size, true));
    buffer_free(&b);
}

static void every_field_reads_back_what_it_writes(void **state) {
    (void)state;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        for (int i = 0; i < entity->field_count; i++) {
            if (entity->fields[i].kind == FIELD_CODE) continue;
            for (int round = 0; round < 200; round++) {
                assert_round_trip(entity, &entity->fields[i]);
            }
            arena_reset(&arena);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(values_are_made),
        TEST(equal_is_what_looks_the_same),
        TEST(empty_is_what_says_nothing),
        TEST(forms_for_files),
        TEST(forms_for_reading),
        TEST(forms_as_json),
        TEST(every_field_reads_back_what_it_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
