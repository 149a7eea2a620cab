/* model/code: ids that never meet, and the codes that people see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/code.h"

#include <stdio.h>
#include <string.h>

static bool reads(const char *code, char *letter, int64_t *id) {
    return code_read(code, strlen(code), letter, id);
}

static void ids_hold_site_epoch_and_counter(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int site = (int)(seed >> 56), epoch = (int)(seed >> 48 & 0xFF);
        int64_t counter = (int64_t)(seed >> 11) & COUNTER_MAX, id = id_make(site, epoch, counter);
        assert_int_equal(id_site(id), site);
        assert_int_equal(id_epoch(id), epoch);
        assert_true(id_counter(id) == counter);
        assert_true(id >= 0 && id < INT64_C(1) << 53);
    }
    assert_true(id_make(0, 0, 1) == 1);
    assert_true(id_make(255, EPOCH_MAX, COUNTER_MAX) == (INT64_C(1) << 53) - 1);
    assert_true(COUNTER_MAX == INT64_C(137438953471));
}

static void sites_have_codes(void **state) {
    (void)state;
    static const char *const expected[SITE_COUNT] = {"ROOT", "TTA", "ORI", "FMK", "RSK", "BMK", "CAS",
                                                     "MSF",  "DTF", "SMA", "GON", "LSH", "DOD"};
    for (int site = 0; site < SITE_COUNT; site++) {
        assert_string_equal(site_code(site), expected[site]);
        assert_int_equal(site_of_code(expected[site], strlen(expected[site])), site);
    }
    assert_null(site_code(-1));
    assert_null(site_code(SITE_COUNT));
    assert_null(site_code(INT64_C(1) << 32));
    assert_int_equal(site_of_code("sma", 3), 9);
    assert_int_equal(site_of_code("Root", 4), 0);
    assert_int_equal(site_of_code("SMAX", 3), 9); /* the size counts */
    static const char *const wrong[] = {"", "SM", "SMAX", "ROO", "XYZ", " SMA", "SMA ", "ROOT0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(site_of_code(wrong[i], strlen(wrong[i])), -1);
    }
    assert_int_equal(site_of_code("ROOT\0", 5), -1);
}

static void codes_are_written(void **state) {
    (void)state;
    char out[CODE_SIZE];
    code_write('P', id_make(9, 0, 42), out);
    assert_string_equal(out, "SMA-P42");
    code_write('P', id_make(9, 3, 42), out);
    assert_string_equal(out, "SMA-P42.3");
    code_write('G', id_make(0, 0, 1), out);
    assert_string_equal(out, "ROOT-G1");
    code_write('R', id_make(0, EPOCH_MAX, COUNTER_MAX), out);
    assert_string_equal(out, "ROOT-R137438953471.255");
    code_write('R', id_make(13, 0, 5), out);
    assert_string_equal(out, "?-R5");
}

static void codes_read_back(void **state) {
    (void)state;
    uint64_t seed = 9;
    char out[CODE_SIZE], letter;
    int64_t id;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t counter = 1 + (int64_t)((seed >> 11 & (uint64_t)COUNTER_MAX) >> (seed >> 59)) % COUNTER_MAX;
        int64_t made = id_make((int)((seed >> 40) % SITE_COUNT), i % 3 ? 0 : (int)(seed >> 50 & 0xFF), counter);
        char wanted = (char)('A' + i % 26);
        code_write(wanted, made, out);
        if (!reads(out, &letter, &id) || letter != wanted || id != made) fail_msg("%s does not read back", out);
    }
    assert_true(reads("sma-p42", &letter, &id));
    assert_int_equal(letter, 'P');
    assert_true(id == id_make(9, 0, 42));
    assert_true(reads("Sma-p42.3", &letter, &id));
    assert_true(id == id_make(9, 3, 42));
    assert_true(reads("SMA-P137438953471", &letter, &id));
    assert_true(id_counter(id) == COUNTER_MAX);
    assert_true(reads("DOD-R7.255", &letter, &id));
    assert_int_equal(id_epoch(id), 255);
    assert_true(code_read("SMA-P427", 7, &letter, &id)); /* the size counts */
    assert_true(id == id_make(9, 0, 42));
}

static void malformed_codes_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "SMA",
        "SMA-",
        "SMA-P",
        "SMA-42",
        "SMAP42",
        "SMA-PP42",
        "SMA-P42-",
        "-P42",
        "XYZ-P42",
        "SM-P42",
        "SMA-P0",
        "SMA-P042",
        "SMA-P-4",
        "SMA-P+4",
        "SMA-P4 2",
        " SMA-P42",
        "SMA-P42 ",
        "SMA--P42",
        "SMA-P42.",
        "SMA-P42.0",
        "SMA-P42.03",
        "SMA-P42.256",
        "SMA-P42.1000",
        "SMA-P42.3.1",
        "SMA-P42.x",
        "SMA-P42,3",
        "SMA-P42.3x",
        "SMA-P42x",
        "SMA-P4.2e1",
        "SMA-P137438953472",
        "SMA-P99999999999999999999999",
        "SMA-P18446744073709551658",
        "SMA-?42",
        "SMA-142",
        "SMA-é42",
        "SMA_P42",
        "P42",
        "SMA-P.3",
        "SMA-P42.-3",
    };
    char letter;
    int64_t id;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (reads(wrong[i], &letter, &id)) fail_msg("\"%s\" is taken for a code", wrong[i]);
    }
    assert_false(code_read("SMA-P42\0", 8, &letter, &id));
    for (size_t size = 0; size < 6; size++) {
        assert_false(code_read("SMA-P4", size, &letter, &id));
    }
    assert_true(code_read("SMA-P4", 6, &letter, &id));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_hold_site_epoch_and_counter),
        cmocka_unit_test(sites_have_codes),
        cmocka_unit_test(codes_are_written),
        cmocka_unit_test(codes_read_back),
        cmocka_unit_test(malformed_codes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
