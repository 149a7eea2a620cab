/* base/number: what is read as a number and what is refused, and the forms that are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/number.h"

#include <inttypes.h>
#include <string.h>

enum { TYPED = 0, EXACT = 1 };

static void assert_reads(const char *text, int scale, bool exact, int64_t expected) {
    Error e = {0};
    int64_t number = 77;
    if (number_parse(text, strlen(text), scale, exact, &number, "budget", &e) != STATUS_OK)
        fail_msg("\"%s\": %s", text, e.why);
    if (number != expected) fail_msg("\"%s\" gave %" PRId64 ", not %" PRId64, text, number, expected);
}

static void assert_refuses(const char *text, int scale, bool exact, const char *why) {
    Error e = {0};
    int64_t number = 77;
    if (number_parse(text, strlen(text), scale, exact, &number, "budget", &e) != STATUS_USAGE)
        fail_msg("\"%s\" is taken for %" PRId64, text, number);
    assert_int_equal(number, 77);
    assert_int_equal(e.status, STATUS_USAGE);
    assert_string_equal(e.field, "budget");
    if (!strstr(e.why, why)) fail_msg("\"%s\": %s", text, e.why);
    assert_int_equal(number_parse(text, strlen(text), scale, exact, &number, NULL, NULL), STATUS_USAGE);
}

static void assert_writes(int64_t number, int scale, const char *expected) {
    Buffer b = {0};
    number_write(&b, number, scale);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static void assert_shows(int64_t number, int scale, const char *expected) {
    Buffer b = {0};
    number_show(&b, number, scale);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static void people_write_numbers(void **state) {
    (void)state;
    assert_reads("0", 0, TYPED, 0);
    assert_reads("-0", 2, TYPED, 0);
    assert_reads("007", 0, TYPED, 7);
    assert_reads("1250", 3, TYPED, 1250000);
    assert_reads("1250.5", 3, TYPED, 1250500);
    assert_reads("1250,5", 3, TYPED, 1250500);
    assert_reads("-1250,25", 2, TYPED, -125025);
    assert_reads("+12", 0, TYPED, 12);
    assert_reads("33.97", 6, TYPED, 33970000);
    assert_reads("1234.567", 3, TYPED, 1234567);
    assert_reads("1 234.567", 3, TYPED, 1234567);
    assert_reads("1.2345", 6, TYPED, 1234500);
    assert_reads("0.125", 3, TYPED, 125);
    assert_reads("0,125", 3, TYPED, 125);
    assert_reads("-0.125", 3, TYPED, -125);
}

static void spaces_part_thousands(void **state) {
    (void)state;
    assert_reads("1 250", 0, TYPED, 1250);
    assert_reads("12 345 678", 0, TYPED, 12345678);
    assert_reads("1\xC2\xA0"
                 "250\xC2\xA0"
                 "000",
                 0, TYPED, 1250000);
    assert_reads("1\xE2\x80\xAF"
                 "250,5",
                 2, TYPED, 125050);
    assert_reads("-1\xE2\x80\x89"
                 "250",
                 0, TYPED, -1250);
    static const char *const elsewhere[] = {"12 50",  "1 2",    "1234 567", "1 2345",  "1  250", " 1250",   "1250 ",
                                            "1 250 ", "- 1250", "1 250 .5", "1250. 5", "1 25.5", "1 250 00"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        assert_refuses(elsewhere[i], 2, TYPED, "is not a number");
    }
}

static void what_could_be_two_numbers_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"1,000", "1.000", "12.500", "999,999", "-1.000", "+1,000", "1.125"};
    for (int scale = 0; scale <= 6; scale++) {
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            assert_refuses(texts[i], scale, TYPED, "two ways");
        }
    }
    /* What the refusal tells to write instead. */
    assert_reads("1250", 3, TYPED, 1250000);
    assert_reads("01.250", 3, TYPED, 1250);
    /* What was typed is what the two ways to write it are of. */
    assert_refuses("3.600", 3, TYPED, "\"3.600\" could be read two ways: write 3600, or 03.600 for the smaller one");
    assert_refuses("-12,005", 3, TYPED, "write -12005, or -012,005 for");
    assert_reads("-012,005", 3, TYPED, -12005);
    assert_refuses("+3.600", 2, TYPED, "write thousands without a sign, +3600");
    assert_reads("1.000", 3, EXACT, 1000);
    assert_reads("12.500", 3, EXACT, 12500);
    assert_reads("1.0", 3, TYPED, 1000);
    assert_reads("1.00", 2, TYPED, 100);
}

static void files_part_decimals_with_a_point_alone(void **state) {
    (void)state;
    assert_reads("1250.5", 3, EXACT, 1250500);
    assert_reads("-1250", 0, EXACT, -1250);
    static const char *const texts[] = {"1,5",
                                        "1 250",
                                        "1\xC2\xA0"
                                        "250",
                                        "1\xE2\x80\xAF"
                                        "250",
                                        "1,250.5",
                                        "1'250"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refuses(texts[i], 3, EXACT, "is not a number");
    }
}

static void what_is_no_number_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",      "-",     "+",     "--1", "+-1",  "1-",  ".5",  "5.",    "-.5", ".",   "1..2",
        "1.2.3", "1,2,3", "1.2,3", "1e3", "0x10", "ten", "12a", "1_000", "NaN", "inf", "\xD9\xA1\xD9\xA2",
        "1\xC2", "\xFF",  "1/2",   "50%"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refuses(texts[i], 3, TYPED, "is not a number");
        assert_refuses(texts[i], 3, EXACT, "is not a number");
    }
    assert_refuses("1,250.5", 3, TYPED, "is not a number");
    int64_t number;
    assert_int_equal(number_parse("1\0"
                                  "2",
                                  3, 0, true, &number, NULL, NULL),
                     STATUS_USAGE);
    assert_int_equal(number_parse("12", 1, 0, true, &number, NULL, NULL), STATUS_OK); /* the size counts, not the NUL */
    assert_int_equal(number, 1);
}

static void decimals_are_never_lost(void **state) {
    (void)state;
    assert_refuses("1.5", 0, TYPED, "at most 0");
    assert_refuses("1.5", 0, EXACT, "at most 0");
    assert_refuses("1.255", 2, EXACT, "3 decimals: at most 2");
    assert_refuses("1234.567", 2, TYPED, "3 decimals: at most 2");
    assert_refuses("1.2345", 3, TYPED, "4 decimals: at most 3");
    assert_refuses("0.125", 2, TYPED, "3 decimals: at most 2");
    assert_reads("1.25", 2, EXACT, 125);
}

static void numbers_end_at_64_bits(void **state) {
    (void)state;
    assert_reads("9223372036854775807", 0, EXACT, INT64_MAX);
    assert_reads("-9223372036854775808", 0, EXACT, INT64_MIN);
    assert_reads("9 223 372 036 854 775 807", 0, TYPED, INT64_MAX);
    assert_reads("9223372036854775.807", 3, EXACT, INT64_MAX);
    assert_reads("-9223372036854775.808", 3, EXACT, INT64_MIN);
    assert_reads("92233720368547758.07", 2, TYPED, INT64_MAX);
    assert_reads("00000000000000000000000000000042", 0, EXACT, 42);
    static const struct {
        const char *text;
        int scale;
    } beyond[] = {
        {"9223372036854775808", 0},  {"-9223372036854775809", 0},
        {"9223372036854775.808", 3}, {"-9223372036854775.809", 3},
        {"9223372036854776", 3},     {"-9223372036854776", 3},
        {"9223372036854775807", 1},  {"99999999999999999999999999999999999999999", 0},
        {"18446744073709551616", 0}, {"18446744073709551617", 0},
    };
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        assert_refuses(beyond[i].text, beyond[i].scale, EXACT, "too large");
        assert_refuses(beyond[i].text, beyond[i].scale, TYPED, "too large");
    }
}

static void errors_quote_whole_characters(void **state) {
    (void)state;
    for (int lead = 0; lead < 4; lead++) {
        Error e = {0};
        char text[201] = "xxxx";
        for (int i = 0; i < 98; i++) {
            memcpy(text + lead + 2 * i, "\xC3\xA9", 3);
        }
        int64_t number;
        assert_int_equal(number_parse(text, strlen(text), 0, false, &number, "budget", &e), STATUS_USAGE);
        for (const char *c = strchr(e.why, 0xC3); c && *c != '"'; c += 2) {
            assert_memory_equal(c, "\xC3\xA9", 2);
        }
        assert_non_null(strstr(e.why, "is not a number"));
    }
}

static void files_get_only_the_decimals_needed(void **state) {
    (void)state;
    assert_writes(0, 3, "0");
    assert_writes(-1234500, 3, "-1234.5");
    assert_writes(1234567, 3, "1234.567");
    assert_writes(1000, 3, "1");
    assert_writes(5, 3, "0.005");
    assert_writes(-5, 3, "-0.005");
    assert_writes(-50, 2, "-0.5");
    assert_writes(1250000, 0, "1250000");
    assert_writes(-6840000, 6, "-6.84");
    assert_writes(INT64_MAX, 0, "9223372036854775807");
    assert_writes(INT64_MIN, 0, "-9223372036854775808");
    assert_writes(INT64_MIN, 3, "-9223372036854775.808");
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    uint64_t seed = 7;
    Buffer b = {0};
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint64_t bits = seed ^ seed >> 29;
        int64_t number = (int64_t)(bits >> (seed >> 58)), back = 0;
        if (i & 1) number = (int64_t)(0 - (uint64_t)number);
        int scale = i % 7;
        buffer_clear(&b);
        number_write(&b, number, scale);
        if (number_parse(b.bytes, b.size, scale, true, &back, NULL, NULL) != STATUS_OK || back != number)
            fail_msg("%" PRId64 " at scale %d is written %s", number, scale, b.bytes);
        buffer_clear(&b);
        number_show(&b, number, scale);
        Error e;
        Status s = number_parse(b.bytes, b.size, scale, false, &back, NULL, &e);
        if (s != STATUS_OK ? !strstr(e.why, "two ways") : back != number)
            fail_msg("%" PRId64 " at scale %d is shown %s", number, scale, b.bytes);
    }
    buffer_free(&b);
}

#define GAP "\xC2\xA0"

static void people_see_thousands_parted(void **state) {
    (void)state;
    assert_shows(0, 0, "0");
    assert_shows(999, 0, "999");
    assert_shows(1000, 0, "1" GAP "000");
    assert_shows(-1234567, 0, "-1" GAP "234" GAP "567");
    assert_shows(100000, 0, "100" GAP "000");
    assert_shows(-999999, 3, "-999.999");
    assert_shows(1234500, 3, "1" GAP "234.5");
    number_set_decimal_sign(',');
    assert_shows(1234500, 3, "1" GAP "234,5");
    assert_shows(-25, 2, "-0,25");
    assert_shows(2000, 3, "2");
    assert_writes(1234500, 3, "1234.5"); /* files never change */
    number_set_decimal_sign('.');
    assert_shows(-25, 2, "-0.25");
    assert_shows(INT64_MIN, 0, "-9" GAP "223" GAP "372" GAP "036" GAP "854" GAP "775" GAP "808");
}

static void assert_aligns(int64_t number, int scale, int decimals, const char *wanted) {
    Buffer b = {0};
    number_show(&b, number, scale);
    number_align(&b, number, scale, decimals);
    assert_string_equal(b.bytes, wanted);
    buffer_free(&b);
}

static void units_stand_under_units(void **state) {
    (void)state;
    assert_int_equal(number_decimals(0, 3), 0);
    assert_int_equal(number_decimals(7000, 3), 0);
    assert_int_equal(number_decimals(7100, 3), 1);
    assert_int_equal(number_decimals(-7001, 3), 3);
    assert_int_equal(number_decimals(70, 0), 0);
    assert_aligns(7250, 3, 2, "7.25");
    assert_aligns(7200, 3, 2, "7.2 ");
    assert_aligns(-7000, 3, 2, "-7   ");
    assert_aligns(7000, 3, 0, "7");
    assert_aligns(7125, 3, 2, "7.125");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_write_numbers),
        cmocka_unit_test(spaces_part_thousands),
        cmocka_unit_test(what_could_be_two_numbers_is_refused),
        cmocka_unit_test(files_part_decimals_with_a_point_alone),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(decimals_are_never_lost),
        cmocka_unit_test(numbers_end_at_64_bits),
        cmocka_unit_test(errors_quote_whole_characters),
        cmocka_unit_test(files_get_only_the_decimals_needed),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(people_see_thousands_parted),
        cmocka_unit_test(units_stand_under_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
