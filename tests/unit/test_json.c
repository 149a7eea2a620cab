/* base/json: what is written is JSON that any reader takes back whole, in one canonical way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

static void assert_written(const char *text, size_t size, const char *expected) {
    Buffer b = {0};
    json_write_string(&b, text, size);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static void strings_escape_only_what_they_must(void **state) {
    (void)state;
    assert_written("", 0, "\"\"");
    assert_written("Oujda", 5, "\"Oujda\"");
    assert_written("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
    assert_written("one\ntwo", 7, "\"one\\ntwo\"");
    assert_written("\t\r\x01\x1F", 4, "\"\\u0009\\u000d\\u0001\\u001f\"");
    assert_written("\0", 1, "\"\\u0000\"");
    assert_written("/\x7F<&>'", 6, "\"/\x7F<&>'\"");
    assert_written("Fès — الرباط ⵟ", strlen("Fès — الرباط ⵟ"), "\"Fès — الرباط ⵟ\"");
    assert_written("ab", 1, "\"a\"");
}

static void every_character_reads_back(void **state) {
    (void)state;
    Buffer b = {0};
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[8] = "x";
        if ((c >= 0xD800 && c <= 0xDFFF) || (c > 0x30FFF && c < 0xFFF00)) continue;
        size_t n = 1 + text_encode(c, text + 1);
        text[n++] = 'y';
        buffer_clear(&b);
        json_write_string(&b, text, n);
        json_t *back = json_loadb(b.bytes, b.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!back || json_string_length(back) != n || memcmp(json_string_value(back), text, n) != 0)
            fail_msg("U+%04X is written %s", (unsigned)c, b.bytes);
        json_decref(back);
    }
    buffer_free(&b);
}

static void keys_are_parted_by_commas(void **state) {
    (void)state;
    Buffer b = {0};
    buffer_add_char(&b, '{');
    json_write_key(&b, "a");
    buffer_add_number(&b, 1);
    json_write_key(&b, "b");
    json_write_string(&b, "{", 1); /* a brace in a text is no object */
    json_write_key(&b, "c");
    buffer_add_char(&b, '{');
    json_write_key(&b, "d \"e\"");
    buffer_add_string(&b, "null}");
    json_write_key(&b, "f");
    buffer_add_string(&b, "[]}");
    assert_string_equal(b.bytes, "{\"a\":1,\"b\":\"{\",\"c\":{\"d \\\"e\\\"\":null},\"f\":[]}");
    json_t *back = json_loads(b.bytes, 0, NULL);
    assert_non_null(back);
    json_decref(back);
    buffer_clear(&b);
    json_write_key(&b, "alone");
    assert_string_equal(b.bytes, "\"alone\":");
    buffer_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_escape_only_what_they_must),
        cmocka_unit_test(every_character_reads_back),
        cmocka_unit_test(keys_are_parted_by_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
