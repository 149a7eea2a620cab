/* base/text: what is refused, dropped and kept on the way in and out, and how text is measured and cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>
#include <uninorm.h>

#define MARK "\xEF\xBF\xBD"

static uint64_t seed = 20261123;

static uint32_t chance(uint32_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % below);
}

/* The cleaned text, the caller's to free; NULL where it is refused. */
static char *in_bytes(const char *text, size_t size, bool lines) {
    Buffer b = {0};
    if (text_clean_in(&b, text, size, lines, "field", NULL) != STATUS_OK) {
        assert_int_equal(b.size, 0);
        buffer_free(&b);
        return NULL;
    }
    buffer_add(&b, "", 0);
    return b.bytes;
}

static void assert_in(const char *text, bool lines, const char *expected) {
    char *got = in_bytes(text, strlen(text), lines);
    if (!got || !expected) assert_ptr_equal(got, expected);
    else assert_string_equal(got, expected);
    free(got);
}

static void assert_out_bytes(const char *text, size_t size, bool lines, const char *expected) {
    Buffer b = {0};
    text_clean_out(&b, text, size, lines);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static void assert_out(const char *text, bool lines, const char *expected) {
    assert_out_bytes(text, strlen(text), lines, expected);
}

/* text_is_clean is true exactly where text_clean_out changes nothing; cleaning twice is cleaning once. */
static void assert_consistent(const char *text, size_t size, bool lines) {
    Buffer out = {0}, again = {0}, in = {0};
    text_clean_out(&out, text, size, lines);
    bool same = out.size == size && (!size || !memcmp(out.bytes, text, size));
    assert_int_equal(text_is_clean(text, size, lines), same);
    assert_true(text_is_clean(buffer_string(&out), out.size, lines));
    text_clean_out(&again, buffer_string(&out), out.size, lines);
    assert_string_equal(buffer_string(&again), buffer_string(&out));
    assert_int_equal(again.size, out.size);
    if (text_clean_in(&in, text, size, lines, NULL, NULL) == STATUS_OK) {
        assert_int_equal(strlen(buffer_string(&in)), in.size);
        assert_true(text_is_clean(buffer_string(&in), in.size, lines));
        buffer_clear(&again);
        assert_int_equal(text_clean_in(&again, buffer_string(&in), in.size, lines, NULL, NULL), STATUS_OK);
        assert_string_equal(buffer_string(&again), buffer_string(&in));
    } else {
        assert_false(same);
    }
    buffer_free(&out);
    buffer_free(&again);
    buffer_free(&in);
}

/* --- the table ------------------------------------------------------------------------------------------------- */

static bool in_range(uint32_t c, uint32_t first, uint32_t last) {
    return c >= first && c <= last;
}

static bool is_refused(uint32_t c) {
    return c < 0x20 || in_range(c, 0x7F, 0x9F) || in_range(c, 0x2028, 0x2029) || in_range(c, 0xE0000, 0xE007F) ||
           in_range(c, 0xFDD0, 0xFDEF) || c % 0x10000 >= 0xFFFE;
}

static bool is_dropped(uint32_t c) {
    return in_range(c, 0x202A, 0x202E) || in_range(c, 0x2066, 0x206F) || in_range(c, 0x2060, 0x2064) ||
           in_range(c, 0xFFF9, 0xFFFB) || in_range(c, 0x115F, 0x1160) || c == 0x3164 || c == 0xFFA0 || c == 0x180E ||
           c == 0x200E || c == 0x200F || c == 0x61C || c == 0x200B || c == 0xFEFF || c == 0xAD;
}

static void every_character_meets_its_fate_on_the_way_out(void **state) {
    (void)state;
    Buffer out = {0};
    char text[8] = "a", expected[8];
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (in_range(c, 0xD800, 0xDFFF)) continue;
        size_t n = text_encode(c, text + 1);
        memcpy(text + 1 + n, "b", 2);
        if (is_dropped(c)) strcpy(expected, "ab");
        else if (c == '\n' || c == '\t') strcpy(expected, "a b");
        else if (is_refused(c)) strcpy(expected, "a" MARK "b");
        else memcpy(expected, text, n + 3);
        buffer_clear(&out);
        text_clean_out(&out, text, n + 2, false);
        if (strcmp(buffer_string(&out), expected) != 0)
            fail_msg("U+%04X gave \"%s\"", (unsigned)c, buffer_string(&out));
        bool clean = !is_dropped(c) && !is_refused(c);
        if (text_is_clean(text, n + 2, false) != clean) fail_msg("U+%04X clean: %d", (unsigned)c, !clean);
    }
    buffer_free(&out);
}

static void every_character_meets_its_fate_on_the_way_in(void **state) {
    (void)state;
    Buffer out = {0};
    char text[8] = "a", expected[8], named[16];
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (in_range(c, 0xD800, 0xDFFF) || in_range(c, 0x4E00, 0x9FFF) || in_range(c, 0x20000, 0xDFFFF)) continue;
        Error e = {0};
        size_t n = text_encode(c, text + 1);
        memcpy(text + 1 + n, "b", 2);
        buffer_clear(&out);
        buffer_add_string(&out, "before");
        Status s = text_clean_in(&out, text, n + 2, false, "title", &e);
        if ((s != STATUS_OK) != is_refused(c)) fail_msg("U+%04X gave status %d", (unsigned)c, (int)s);
        if (is_refused(c)) {
            snprintf(named, sizeof named, "U+%04X", (unsigned)c);
            assert_int_equal(s, STATUS_USAGE);
            assert_int_equal(e.status, STATUS_USAGE);
            assert_string_equal(e.field, "title");
            assert_non_null(strstr(e.why, named));
            assert_non_null(strstr(e.why, "byte 2 "));
            assert_string_equal(out.bytes, "before");
        } else if (is_dropped(c)) {
            assert_string_equal(out.bytes, "beforeab");
        } else {
            size_t size = 7;
            uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)text, n + 2, (uint8_t *)expected, &size);
            bool same = out.size == 6 + size && !memcmp(out.bytes + 6, nfc, size);
            if (nfc != (uint8_t *)expected) free(nfc);
            if (!same) fail_msg("U+%04X gave \"%s\"", (unsigned)c, out.bytes);
        }
    }
    buffer_free(&out);
}

static void newlines_are_for_lines(void **state) {
    (void)state;
    assert_in("one\ntwo", true, "one\ntwo");
    assert_in("one\ntwo", false, NULL);
    assert_in("one\r\ntwo\r\n\r\nthree", true, "one\ntwo\n\nthree");
    assert_in("one\r\n", true, "one");
    assert_out("one\r\n", true, "one\n");
    assert_in("one\r\ntwo", false, NULL);
    assert_in("one\rtwo", true, NULL);
    assert_in("one\r", true, NULL);
    assert_in("one\ttwo", true, NULL);
    assert_out("one\ntwo", true, "one\ntwo");
    assert_out("one\ntwo", false, "one two");
    assert_out("one\r\ntwo", true, "one\ntwo");
    assert_out("one\r\ntwo", false, "one two");
    assert_out("one\rtwo", true, "one" MARK "two");
    assert_out("one\r\r\ntwo", true, "one" MARK "\ntwo");
    assert_true(text_is_clean("one\ntwo", 7, true));
    assert_false(text_is_clean("one\ntwo", 7, false));
    assert_false(text_is_clean("one\r\ntwo", 8, true));
}

static void a_terminal_is_not_driven(void **state) {
    (void)state;
    assert_in("\x1B[2J", false, NULL);
    assert_in("\xC2\x9B"
              "2J",
              false, NULL);
    assert_out("\x1B]0;owned\x07", false, MARK "]0;owned" MARK);
    assert_out("\xC2\x9B"
               "2J",
               false, MARK "2J");
    assert_out("abc\xE2\x80\xAE"
               "fed",
               false, "abcfed");
    assert_in("abc\xE2\x80\xAE"
              "fed",
              false, "abcfed");
    assert_out_bytes("a\0b", 3, true, "a" MARK "b");
    assert_null(in_bytes("a\0b", 3, true));
}

static void the_first_refused_character_is_named(void **state) {
    (void)state;
    Error e = {0};
    Buffer out = {0};
    const char *text = "\xC3\xA9t\xC3\xA9 \x7F \x01";
    assert_int_equal(text_clean_in(&out, text, strlen(text), false, "summary", &e), STATUS_USAGE);
    assert_string_equal(e.field, "summary");
    assert_non_null(strstr(e.why, "byte 7 "));
    assert_non_null(strstr(e.why, "U+007F"));
    text = "ab\xC3(";
    assert_int_equal(text_clean_in(&out, text, strlen(text), false, "summary", &e), STATUS_USAGE);
    assert_non_null(strstr(e.why, "byte 3 "));
    assert_non_null(strstr(e.why, "0xC3"));
    assert_non_null(strstr(e.why, "UTF-8"));
    assert_int_equal(text_clean_in(&out, text, strlen(text), false, NULL, NULL), STATUS_USAGE);
    assert_int_equal(out.size, 0);
    buffer_free(&out);
}

static void broken_utf8_is_refused_and_marked(void **state) {
    (void)state;
    static const struct {
        const char *text, *out;
    } cases[] = {
        {"a\xFF", "a" MARK},
        {"a\xFE"
         "b",
         "a" MARK "b"},
        {"\x80", MARK}, /* a continuation alone */
        {"a\xBF"
         "b",
         "a" MARK "b"},
        {"\xC3", MARK}, /* cut short */
        {"\xE2\x82", MARK},
        {"\xE2\x82z", MARK "z"},
        {"\xF0\x9F\x98", MARK},
        {"\xF0\x9F\x98z", MARK "z"},
        {"\xC3\xC3\xA9", MARK "\xC3\xA9"},
        {"\xC0\xAF", MARK}, /* longer than needed */
        {"\xC1\xBF", MARK},
        {"\xE0\x80\xAF", MARK},
        {"\xF0\x80\x80\xAF", MARK},
        {"\xF8\x88\x80\x80\x80", MARK}, /* five and six bytes */
        {"\xFC\x84\x80\x80\x80\x80", MARK},
        {"\xED\xA0\x80", MARK}, /* surrogates, alone and in a pair */
        {"\xED\xBF\xBF", MARK},
        {"\xED\xA0\xBD\xED\xB8\x80", MARK MARK},
        {"\xF4\x90\x80\x80", MARK}, /* above U+10FFFF */
        {"\xF7\xBF\xBF\xBF", MARK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_in(cases[i].text, true, NULL);
        assert_out(cases[i].text, true, cases[i].out);
        assert_false(text_is_clean(cases[i].text, strlen(cases[i].text), true));
        assert_consistent(cases[i].text, strlen(cases[i].text), false);
    }
    assert_in(MARK, false, MARK); /* the mark itself is text */
    assert_true(text_is_clean(MARK, 3, false));
}

#define ZWJ  "\xE2\x80\x8D"
#define ZWNJ "\xE2\x80\x8C"

static void joiners_stay_between_letters(void **state) {
    (void)state;
    static const char *const kept[] = {
        "\xD9\x85\xDB\x8C" ZWNJ "\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85", /* Persian */
        "\xE0\xA4\x95\xE0\xA5\x8D" ZWJ "\xE0\xA4\xB7",                      /* Devanagari, after a mark */
        "a" ZWJ "b",
        "\xF0\x9F\x91\xA9" ZWJ "\xF0\x9F\x92\xBB",                 /* a woman and a laptop */
        "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD" ZWJ "\xF0\x9F\x92\xBB", /* with a skin tone */
        "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBB" ZWJ "\xF0\x9F\x92\xBB", /* the first and the last tone */
        "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBF" ZWJ "\xF0\x9F\x92\xBB",
        "\xE2\x9D\xA4\xEF\xB8\x8F" ZWJ "\xF0\x9F\x94\xA5", /* with a variation selector */
    };
    static const struct {
        const char *text, *clean;
    } dropped[] = {
        {ZWJ "a", "a"},
        {"a" ZWNJ, "a"},
        {"a" ZWJ " b", "a b"},
        {"a " ZWNJ "b", "a b"},
        {"1" ZWJ "2", "12"},
        {"a" ZWJ ".", "a."},
        {"a" ZWJ ZWJ "b", "ab"},
        {"a" ZWJ ZWNJ "b", "ab"},
        {ZWJ, ""},
        {"a\xC2\xAD" ZWJ "b", "ab"},
        {"a" ZWJ "\xC2\xAD"
         "b",
         "ab"},
        {"^" ZWJ "a", "^a"},
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        assert_in(kept[i], false, kept[i]);
        assert_out(kept[i], false, kept[i]);
        assert_true(text_is_clean(kept[i], strlen(kept[i]), false));
    }
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        assert_in(dropped[i].text, false, dropped[i].clean);
        assert_out(dropped[i].text, false, dropped[i].clean);
        assert_false(text_is_clean(dropped[i].text, strlen(dropped[i].text), false));
    }
}

static void what_comes_in_is_composed(void **state) {
    (void)state;
    assert_in("Fe\xCC\x80s", false, "F\xC3\xA8s");
    assert_in("\xD8\xA7\xD9\x93", false, "\xD8\xA2");             /* alef and madda */
    assert_in("\xD8\xA7\xD9\x94", false, "\xD8\xA3");             /* alef and hamza above */
    assert_in("\xE1\x84\x80\xE1\x85\xA1", false, "\xEA\xB0\x80"); /* Hangul */
    assert_in("\xE2\x84\xAB", false, "\xC3\x85");                 /* angstrom sign: a letter */
    assert_in("\xD9\x91\xD9\x8E", false, "\xD9\x8E\xD9\x91");     /* shadda and fatha, in their order */
    assert_in("e\xE2\x80\x8B\xCC\x81", false, "\xC3\xA9");        /* composed after dropping */
    assert_in("\xEF\xAC\x81", false, "\xEF\xAC\x81");             /* a ligature is not NFC's business */
}

static void outer_white_space_is_trimmed(void **state) {
    (void)state;
    assert_in("  a b  ", false, "a b");
    assert_in("\n\n a\n b \n", true, "a\n b");
    assert_in("\xC2\xA0 a\xC2\xA0"
              "b \xC2\xA0",
              false,
              "a\xC2\xA0"
              "b");
    assert_in("\xE3\x80\x80\xC3\xA9\xE2\x80\xAF", false, "\xC3\xA9");
    assert_in("\xE2\x80\x83z\xE2\x80\x89\xE1\x9A\x80", false, "z");
    assert_in("   ", false, "");
    assert_in("\xC2\xA0\xE2\x80\x8B\xC2\xA0", false, "");
    assert_in("", false, "");
    assert_in(" \xEF\xBB\xBF", true, "");
    assert_out("  a  ", false, "  a  ");
}

static void cleaned_text_is_appended(void **state) {
    (void)state;
    Buffer b = {0};
    buffer_add_string(&b, "x ");
    assert_int_equal(text_clean_in(&b, " plain ", 7, false, NULL, NULL), STATUS_OK);
    assert_int_equal(text_clean_in(&b, " \xC3\xA9 ", 4, false, NULL, NULL), STATUS_OK);
    text_clean_out(&b, "\x01", 1, false);
    assert_string_equal(b.bytes, "x plain\xC3\xA9" MARK);
    assert_int_equal(text_clean_in(&b, "good\xFF", 5, false, NULL, NULL), STATUS_USAGE);
    assert_string_equal(b.bytes, "x plain\xC3\xA9" MARK);
    buffer_free(&b);
}

/* Characters that meet rules of their own, and their neighbours. */
static const uint32_t awkward[] = {
    'a',    'Z',    '7',     ' ',     '.',     '\n',    '\r',    '\t',    0x00,    0x1B,     0x7F,   0x85,   0xA0,
    0xAD,   0xE9,   0x301,   0x300,   0x323,   0x61C,   0x627,   0x653,   0x654,   0x640,    0x651,  0x64E,  0x6AD,
    0x915,  0x94D,  0x1100,  0x1161,  0x11A8,  0xAC00,  0x200B,  0x200C,  0x200D,  0x200D,   0x200D, 0x200E, 0x202E,
    0x2028, 0x2060, 0x2066,  0x212B,  0x2764,  0x2D30,  0x3000,  0x6F22,  0xFB01,  0xFDD0,   0xFE0F, 0xFEFF, 0xFFFD,
    0xFFFE, 0xFFFF, 0x1F1F2, 0x1F1E6, 0x1F3FD, 0x1F469, 0x1F4BB, 0x1FFFE, 0xE0041, 0x10FFFF,
};

static size_t random_text(char *text, size_t room, bool broken) {
    size_t size = 0, most = 1 + chance(12);
    for (size_t i = 0; i < most && size + 4 <= room; i++) {
        if (broken && !chance(4)) text[size++] = (char)chance(256);
        else size += text_encode(awkward[chance(sizeof awkward / sizeof *awkward)], text + size);
    }
    return size;
}

static void cleaning_twice_is_cleaning_once(void **state) {
    (void)state;
    char text[64];
    for (int i = 0; i < 60000; i++) {
        size_t size = random_text(text, sizeof text, i % 2);
        assert_consistent(text, size, i % 4 < 2);
    }
}

static void random_bytes_do_no_harm(void **state) {
    (void)state;
    for (int i = 0; i < 20000; i++) {
        size_t size = chance(40), used;
        char *text = malloc(size + 1); /* exactly as large, so that one byte too far is seen */
        assert_non_null(text);
        for (size_t j = 0; j < size; j++) {
            text[j] = (char)(chance(3) ? 0x80 + chance(128) : 1 + chance(255));
        }
        text[size] = 0;
        char *bare = malloc(size ? size : 1);
        assert_non_null(bare);
        memcpy(bare, text, size);
        assert_consistent(bare, size, i % 2);
        Buffer folded = {0};
        text_fold(&folded, bare, size);
        buffer_free(&folded);
        int width = text_width(bare, size), columns;
        assert_true(width >= 0);
        assert_true(text_fit(bare, size, 7, &columns) <= size);
        assert_true(columns >= 0 && columns <= 7);
        for (size_t at = 0; at < size; at += used) {
            uint32_t c = text_decode(bare + at, size - at, &used);
            assert_true(used >= 1 && used <= size - at);
            assert_true(c <= 0x10FFFF && !in_range(c, 0xD800, 0xDFFF));
        }
        char small[11];
        assert_true(text_copy(small, sizeof small, text) < sizeof small);
        text_trim_partial(text);
        assert_true(strlen(text) <= size);
        free(bare);
        free(text);
    }
}

/* --- characters, clusters and columns --------------------------------------------------------------------------- */

static void decoding_undoes_encoding(void **state) {
    (void)state;
    char bytes[4];
    size_t used;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        size_t n = text_encode(c, bytes);
        if (in_range(c, 0xD800, 0xDFFF)) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        assert_int_equal(text_decode(bytes, n, &used), c);
        assert_int_equal(used, n);
    }
    assert_int_equal(text_encode(0x110000, bytes), 0);
    assert_int_equal(text_encode(UINT32_MAX, bytes), 0);
    assert_int_equal(text_decode("\xE2\x82", 2, &used), 0xFFFD);
    assert_int_equal(used, 2);
    assert_int_equal(text_decode("\xFFz", 2, &used), 0xFFFD);
    assert_int_equal(used, 1);
}

static void clusters_are_what_people_take_for_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int columns;
    } one[] = {
        {"a", 1},
        {"\xC3\xA9", 1},
        {"e\xCC\x81", 1},
        {"e\xCC\x81\xCC\xA3\xCC\xB2", 1},
        {"\xD9\x85\xD9\x8F\xD9\x91", 1}, /* meem, damma, shadda */
        {"\xE2\xB5\xA3", 1},             /* Tifinagh yaz */
        {"\xE6\xBC\xA2", 2},
        {"\xEA\xB0\x81", 2},
        {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", 2}, /* the same syllable in parts */
        {"\xEF\xBC\xA1", 2},                         /* full width A */
        {"\xF0\x9F\x98\x80", 2},
        {"\xF0\x9F\x87\xB2\xF0\x9F\x87\xA6", 2},        /* the flag of Morocco: two halves, a column each */
        {"\xF0\x9F\x91\xA9" ZWJ "\xF0\x9F\x92\xBB", 4}, /* as terminals and curses count them */
        {"\xF0\x9F\x91\xA8" ZWJ "\xF0\x9F\x91\xA9" ZWJ "\xF0\x9F\x91\xA7", 6},
        {"\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD" ZWJ "\xF0\x9F\x92\xBB", 6},
        {"\xE0\xA4\x95\xE0\xA4\xBE", 2}, /* a vowel sign with a column of its own */
        {"1\xEF\xB8\x8F\xE2\x83\xA3", 1},
        {"\xCC\x81", 0}, /* a mark alone */
    };
    int columns;
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        size_t size = strlen(one[i].text);
        char with_more[64];
        snprintf(with_more, sizeof with_more, "%sz", one[i].text);
        assert_int_equal(text_cluster(one[i].text, size, &columns), size);
        assert_int_equal(columns, one[i].columns);
        assert_int_equal(text_cluster(with_more, size + 1, &columns), size);
        assert_int_equal(columns, one[i].columns);
        assert_int_equal(text_width(with_more, size + 1), one[i].columns + 1);
    }
    assert_int_equal(text_cluster("", 0, &columns), 0);
    assert_int_equal(columns, 0);
    assert_int_equal(text_cluster("ab", 2, &columns), 1);
    /* Flags stand in pairs; a third half begins another. */
    const char *halves = "\xF0\x9F\x87\xB2\xF0\x9F\x87\xA6\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7";
    assert_int_equal(text_cluster(halves, 16, &columns), 8);
    assert_int_equal(text_cluster(halves, 12, &columns), 8);
    assert_int_equal(text_cluster(halves, 4, &columns), 4);
    assert_int_equal(columns, 1);
    assert_int_equal(text_cluster("\xF0\x9F\x91\xA9" ZWJ "z", 8, &columns), 7);
}

static void clusters_agree_with_the_standard(void **state) {
    (void)state;
    char text[64], breaks[64];
    for (int i = 0; i < 40000; i++) {
        size_t size = random_text(text, sizeof text, false);
        int columns;
        u8_grapheme_breaks((const uint8_t *)text, size, breaks);
        for (size_t at = 0, n; at < size; at += n) {
            n = text_cluster(text + at, size - at, &columns);
            size_t expected = 1;
            while (at + expected < size && !breaks[at + expected]) {
                expected++;
            }
            /* CR LF is one cluster there; clean text has none. */
            if (text[at] == '\r' && at + 1 < size && text[at + 1] == '\n') expected = 1;
            if (n != expected) fail_msg("text %d: %zu bytes at %zu, not %zu", i, n, at, expected);
        }
    }
}

static void widths_of_words(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int columns;
    } cases[] = {
        {"", 0},
        {"Souss-Massa", 11},
        {"F\xC3\xA8s-Mekn\xC3\xA8s", 10},
        {"Fe\xCC\x80s", 3},
        {"\xD9\x85\xD9\x8F\xD8\xAD\xD9\x8E\xD9\x85\xD9\x91\xD9\x8E\xD8\xAF", 4}, /* four letters with harakat */
        {"\xE2\xB5\x9C\xE2\xB4\xB0\xE2\xB5\x8E\xE2\xB4\xB0\xE2\xB5\xA3\xE2\xB5\x89\xE2\xB5\x96\xE2\xB5\x9C", 8},
        {"\xE6\xBC\xA2\xE5\xAD\x97", 4},
        {"a\xC2\xA0z", 3},
        {"W48 \xE2\x80\x93 W50", 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(text_width(cases[i].text, strlen(cases[i].text)), cases[i].columns);
    }
}

/* Of every length and kind. */
static const char mixed[] = "a\xC3\xA9"
                            "e\xCC\x81\xD9\x85\xD9\x8F\xE2\xB5\xA3\xE6\xBC\xA2 \xF0\x9F\x98\x80"
                            "\xF0\x9F\x87\xB2\xF0\x9F\x87\xA6\xF0\x9F\x91\xA9" ZWJ "\xF0\x9F\x92\xBB"
                            "z";

/* What fits is whole clusters, no wider than asked, and the next one would have been too wide. */
static void assert_fits(const char *text, size_t size, int columns) {
    int used, w = 0;
    size_t n = text_fit(text, size, columns, &used), at = 0;
    assert_true(used <= columns);
    while (at < n) {
        at += text_cluster(text + at, size - at, &w);
    }
    assert_int_equal(at, n);
    assert_int_equal(text_width(text, n), used);
    if (n < size) {
        text_cluster(text + n, size - n, &w);
        assert_true(used + w > columns);
    }
}

static void fitting_never_cuts_a_cluster(void **state) {
    (void)state;
    int whole = text_width(mixed, strlen(mixed)), used;
    assert_int_equal(whole, 17);
    for (int columns = 0; columns <= whole + 2; columns++) {
        assert_fits(mixed, strlen(mixed), columns);
    }
    assert_int_equal(text_fit(mixed, strlen(mixed), whole, &used), strlen(mixed));
    assert_int_equal(text_fit("\xE6\xBC\xA2\xE5\xAD\x97", 6, 3, &used), 3);
    assert_int_equal(used, 2);
    assert_int_equal(text_fit("abc", 3, 2, &used), 2);
    assert_int_equal(text_fit("abc", 3, 0, &used), 0);
    assert_int_equal(text_fit("abc", 3, -1, &used), 0);
    assert_int_equal(used, 0);
    assert_int_equal(text_fit("abe\xCC\x81", 5, 3, &used), 5); /* the accent goes with its letter */
    for (int i = 0; i < 20000; i++) {
        char text[64];
        size_t size = random_text(text, sizeof text, false);
        assert_fits(text, size, (int)chance(10));
    }
}

/* The bytes of the longest run of whole characters within the first `most` bytes of good text. */
static size_t whole_characters(const char *text, size_t most) {
    while (most && ((unsigned char)text[most] & 0xC0) == 0x80) {
        most--;
    }
    return most;
}

static void copies_never_cut_a_character(void **state) {
    (void)state;
    size_t size = strlen(mixed);
    for (size_t room = 1; room <= size + 3; room++) {
        char *out = malloc(room);
        assert_non_null(out);
        size_t n = text_copy(out, room, mixed), expected = room > size ? size : whole_characters(mixed, room - 1);
        assert_int_equal(n, expected);
        assert_int_equal(out[n], 0);
        assert_memory_equal(out, mixed, n);
        free(out);
    }
}

static void torn_characters_are_removed(void **state) {
    (void)state;
    size_t size = strlen(mixed);
    for (size_t cut = 0; cut <= size; cut++) {
        char *text = malloc(cut + 1);
        assert_non_null(text);
        memcpy(text, mixed, cut);
        text[cut] = 0;
        text_trim_partial(text);
        assert_int_equal(strlen(text), whole_characters(mixed, cut));
        assert_memory_equal(text, mixed, strlen(text));
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_meets_its_fate_on_the_way_out),
        cmocka_unit_test(every_character_meets_its_fate_on_the_way_in),
        cmocka_unit_test(newlines_are_for_lines),
        cmocka_unit_test(a_terminal_is_not_driven),
        cmocka_unit_test(the_first_refused_character_is_named),
        cmocka_unit_test(broken_utf8_is_refused_and_marked),
        cmocka_unit_test(joiners_stay_between_letters),
        cmocka_unit_test(what_comes_in_is_composed),
        cmocka_unit_test(outer_white_space_is_trimmed),
        cmocka_unit_test(cleaned_text_is_appended),
        cmocka_unit_test(cleaning_twice_is_cleaning_once),
        cmocka_unit_test(random_bytes_do_no_harm),
        cmocka_unit_test(decoding_undoes_encoding),
        cmocka_unit_test(clusters_are_what_people_take_for_one),
        cmocka_unit_test(clusters_agree_with_the_standard),
        cmocka_unit_test(widths_of_words),
        cmocka_unit_test(fitting_never_cuts_a_cluster),
        cmocka_unit_test(copies_never_cut_a_character),
        cmocka_unit_test(torn_characters_are_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
