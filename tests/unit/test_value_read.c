/* model/value, reading: values of every kind as people type them and as files hold them. The translations are this
 * file's own, so that translated words are read, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "base/text.h"
#include "value_fields.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool translated;

static const char *translation(const char *text) {
    static const char *const words[][2] = {
        {"yes", "نعم"},
        {"no", "لا"},
        {"water", "eau"},
        {"health", "santé"},
        {"environment", "environnement"},
        {"energy", "énergie"},
        {"civil protection", "protection civile"},
        {"crafts", "artisanat"},
    };
    for (size_t i = 0; translated && i < sizeof words / sizeof *words; i++) {
        if (!strcmp(words[i][0], text)) return words[i][1];
    }
    return text;
}

/* In the place of the C library's. */
#undef gettext
#undef dgettext
#undef dcgettext
char *gettext(const char *text) {
    return (char *)(uintptr_t)translation(text);
}
char *dgettext(const char *domain, const char *text) {
    (void)domain;
    return gettext(text);
}
char *dcgettext(const char *domain, const char *text, int category) {
    (void)domain;
    (void)category;
    return gettext(text);
}

static Value typed(const Field *f, const char *text) {
    return read_as(f, text, FORM_TYPED);
}

static Value filed(const Field *f, const char *text) {
    return read_as(f, text, FORM_FILE);
}

static void assert_refused(const Field *f, const char *text, ValueForm form, const char *why) {
    Error e = {0};
    Value v = {.kind = VALUE_NUMBER, .number = 9};
    if (value_read(&arena, f, text, strlen(text), form, &book, &v, &e) != STATUS_USAGE)
        fail_msg("%s takes \"%s\"", f->name, text);
    assert_int_equal(e.status, STATUS_USAGE);
    assert_string_equal(e.field, f->name);
    if (!strstr(e.why, why)) fail_msg("%s \"%s\": %s", f->name, text, e.why);
    assert_true(text_is_clean(e.why, strlen(e.why), false));
    assert_int_equal(v.kind, VALUE_NONE);
    assert_int_equal(value_read(&arena, f, text, strlen(text), form, &book, &v, NULL), STATUS_USAGE);
}

static void assert_refused_both(const Field *f, const char *text, const char *why) {
    assert_refused(f, text, FORM_TYPED, why);
    assert_refused(f, text, FORM_FILE, why);
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

/* --- reading ----------------------------------------------------------------------------------------------------- */

static void nothing_gives_no_value(void **state) {
    (void)state;
    static const char *const blanks[] = {"", "   ", "\xC2\xA0", "\xE2\x80\x8B", " \xEF\xBB\xBF "};
    for (int i = 0; i < KINDS; i++) {
        for (size_t j = 0; j < sizeof blanks / sizeof *blanks; j++) {
            assert_int_equal(typed(kinds[i], blanks[j]).kind, VALUE_NONE);
            assert_int_equal(filed(kinds[i], blanks[j]).kind, VALUE_NONE);
        }
    }
    assert_int_equal(typed(&needs_field, " , ,; ").kind, VALUE_NONE);
    assert_int_equal(typed(&set_field, ",;,").kind, VALUE_NONE);
    assert_refused_both(&code_field, "SMA-P42", "cannot be given");
}

static void what_text_may_not_hold_is_refused_everywhere(void **state) {
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        assert_refused_both(kinds[i], "1\x1B[2J", "U+001B");
        assert_refused_both(kinds[i], "1\xFF", "UTF-8");
        Value v;
        assert_int_equal(value_read(&arena, kinds[i], "1\0", 2, FORM_FILE, &book, &v, NULL), STATUS_USAGE);
    }
    assert_refused_both(&text_field, "one\ntwo", "U+000A");
    assert_text(typed(&note_field, " one\r\ntwo "), "one\ntwo");
}

static void texts_are_cleaned_and_bounded(void **state) {
    (void)state;
    assert_text(typed(&text_field, "  Fe\xCC\x80s "), "Fès");
    assert_text(filed(&text_field, "abc"), "abc");
    assert_text(filed(&text_field, "ⵜⴰⵎⴰⵣⵉⵖⵜⵜⵜ"), "ⵜⴰⵎⴰⵣⵉⵖⵜⵜⵜ"); /* ten characters, thirty bytes */
    assert_refused_both(&text_field, "ⵜⴰⵎⴰⵣⵉⵖⵜⵜⵜⵜ", "11 characters are too many: at most 10");
    assert_refused_both(&text_field, "é", "at least 3 characters");
    assert_refused_both(&text_field, " ab ", "at least 3 characters");
    Field plain = {.name = "name", .kind = FIELD_TEXT};
    char *long_text = malloc(FIELD_NOTE_MAX + 2);
    assert_non_null(long_text);
    memset(long_text, 'x', FIELD_NOTE_MAX + 1);
    long_text[FIELD_NOTE_MAX + 1] = 0;
    assert_refused_both(&note_field, long_text, "at most 20000");
    long_text[FIELD_NOTE_MAX] = 0;
    assert_int_equal(filed(&note_field, long_text).size, FIELD_NOTE_MAX);
    long_text[FIELD_TEXT_MAX + 1] = 0;
    assert_refused_both(&plain, long_text, "201 characters are too many: at most 200");
    long_text[FIELD_TEXT_MAX] = 0;
    assert_int_equal(filed(&plain, long_text).size, FIELD_TEXT_MAX);
    char text[] = "abcdef";
    Value v = filed(&text_field, text);
    text[0] = 'x';
    assert_text(v, "abcdef"); /* the arena's own */
    free(long_text);
}

static void choices_by_word_label_and_beginning(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int number;
    } good[] = {
        {"pilot", 1},        {"PILOT", 1}, {"pilot_plus", 2}, {"pilot plus", 2}, {"Pilot-Plus", 2}, {"pilot p", 2},
        {"deployment", 3},   {"dep", 3},   {"roll-out", 3},   {"roll out", 3},   {"r", 3},          {"deep", 4},
        {"très profond", 4}, {"tres", 4},  {"TRÈS P", 4},     {"dee", 4},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(number_of(typed(&choice_field, good[i].text)), good[i].number);
    }
    static const char *const bad[] = {"pil", "p", "de", "d", "pilote", "out", "1", "...", "x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused_both(&choice_field, bad[i], "is not one of: pilot, pilot_plus, deployment, deep");
    }
    assert_int_equal(number_of(filed(&choice_field, "pilot_plus")), 2);
    assert_int_equal(number_of(filed(&choice_field, "Deep")), 4);
    static const char *const not_in_files[] = {"pilot plus", "dep", "roll-out", "très profond", "tres"};
    for (size_t i = 0; i < sizeof not_in_files / sizeof *not_in_files; i++) {
        assert_refused(&choice_field, not_in_files[i], FORM_FILE, "is not one of");
    }
    /* What is named in full is meant, whatever begins like it. */
    static const Choice alike[] = {
        {1, "a", "lab hours by night", TONE_PLAIN},
        {2, "b", "lab hours", TONE_PLAIN},
        {3, "c", "lab hours by day", TONE_PLAIN},
        {0},
    };
    Field lab = {.name = "lab", .kind = FIELD_CHOICE, .choices = alike};
    assert_int_equal(number_of(typed(&lab, "Lab hours")), 2);
    assert_int_equal(number_of(typed(&lab, "lab hours by d")), 3);
    assert_refused(&lab, "lab hours by", FORM_TYPED, "is not one of: a, b, c");
    /* Data levels are called by their number, whatever number they are stored as. */
    Field level = {.name = "data_level", .kind = FIELD_CHOICE, .choices = data_level_choices};
    assert_int_equal(number_of(typed(&level, "0")), 1);
    assert_int_equal(number_of(typed(&level, "4 sensitive")), 5);
    assert_int_equal(number_of(typed(&level, "Sensitive")), 5);
    assert_refused(&level, "sensitive", FORM_FILE, "is not one of");
    assert_refused_both(&level, "5", "is not one of: 0 public, 1 internal, ");
}

static void translated_words_are_typed(void **state) {
    (void)state;
    Field sector = {.name = "sector", .kind = FIELD_CHOICE, .choices = sector_choices};
    translated = true;
    assert_int_equal(number_of(typed(&sector, "eau")), 2);
    assert_int_equal(number_of(typed(&sector, "Sante")), 6);
    assert_int_equal(number_of(typed(&sector, "protection civile")), 16);
    assert_int_equal(number_of(typed(&sector, "protection")), 16);
    assert_int_equal(number_of(typed(&sector, "water")), 2); /* the table's words still hold */
    assert_refused(&sector, "en", FORM_TYPED, "is not one of");
    assert_refused(&sector, "eau", FORM_FILE, "is not one of");
    assert_int_equal(number_of(typed(&flag_field, "نَعَم")), 1);
    assert_int_equal(number_of(typed(&flag_field, "لا")), 0);
    assert_refused(&flag_field, "نعم", FORM_FILE, "neither yes nor no");
    assert_int_equal(number_of(typed(&set_field, "protection civile, eau; artisanat")), 1 << 16 | 1 << 2 | 1 << 14);
    assert_form(value_show, &set_field, value_number(1 << 16 | 1 << 2), &book, "eau, protection civile");
    assert_form(value_write, &set_field, value_number(1 << 16 | 1 << 2), &book, "water,civil_protection");
    assert_form(value_show, &flag_field, value_number(1), &book, "نعم");
    assert_form(value_write, &flag_field, value_number(1), &book, "yes");
    assert_form(value_json, &flag_field, value_number(1), &book, "true");
    assert_form(value_json, &sector, value_number(2), &book, "\"water\"");
    translated = false;
    assert_refused(&sector, "eau", FORM_TYPED, "is not one of");
}

static void sets_are_several_choices(void **state) {
    (void)state;
    assert_int_equal(number_of(filed(&set_field, "water,health")), 1 << 2 | 1 << 6);
    assert_int_equal(number_of(filed(&set_field, "health water")), 1 << 2 | 1 << 6);
    assert_int_equal(number_of(filed(&set_field, "water; water")), 1 << 2);
    assert_int_equal(number_of(typed(&set_field, "water health")), 1 << 2 | 1 << 6);
    assert_int_equal(number_of(typed(&set_field, "wat, hea")), 1 << 2 | 1 << 6);
    assert_int_equal(number_of(typed(&set_field, "civil protection, social affairs")), 1 << 16 | 1 << 18);
    assert_int_equal(number_of(typed(&set_field, "civil protection")), 1 << 16);
    assert_int_equal(number_of(typed(&set_field, "water energy, civil_protection")), 1 << 2 | 1 << 3 | 1 << 16);
    assert_refused_both(&set_field, "water, gold", "\"gold\" is not one of");
    assert_refused(&set_field, "civil protection", FORM_FILE, "\"civil\" is not one of");
    assert_refused(&set_field, "e", FORM_TYPED, "is not one of");
}

static void dates_in_both_forms(void **state) {
    (void)state;
    assert_text(filed(&date_field, "2026-11-30"), "2026-11-30");
    assert_text(typed(&date_field, "2026-11-30"), "2026-11-30");
    assert_text(typed(&date_field, "+2w"), "2026-12-07");
    assert_text(typed(&date_field, "fri"), "2026-11-27");
    assert_text(typed(&date_field, "30/11"), "2026-11-30");
    assert_text(typed(&week_field, "W48"), "2026-W48");
    assert_text(typed(&week_field, "+2"), "2026-W50");
    assert_text(typed(&week_field, "31/12"), "2026-W53");
    assert_text(filed(&week_field, "2026-W53"), "2026-W53");
    assert_text(filed(&instant_field, "2026-11-23T09:00:00Z"), "2026-11-23T09:00:00Z");
    assert_text(typed(&instant_field, "2026-11-23T09:00:00Z"), "2026-11-23T09:00:00Z");
    static const char *const not_in_files[] = {"+2w", "fri", "30/11", "today", "2026-11-3", "2026-W48", "2026-02-29"};
    for (size_t i = 0; i < sizeof not_in_files / sizeof *not_in_files; i++) {
        assert_refused(&date_field, not_in_files[i], FORM_FILE, "is not a date: write 2026-11-30");
    }
    assert_refused(&week_field, "W48", FORM_FILE, "is not a week: write 2026-W48");
    assert_refused(&week_field, "2025-W53", FORM_FILE, "is not a week");
    assert_refused(&date_field, "soon", FORM_TYPED, "is not a date");
    assert_refused(&date_field, "+9999y", FORM_TYPED, "is not a date");
    assert_refused(&week_field, "2199-12-31", FORM_TYPED, "is not a week");
    assert_refused_both(&instant_field, "2026-11-23", "is not an instant");
    assert_refused_both(&instant_field, "2026-11-23T25:00:00Z", "is not an instant");
    /* Without a code book the clock says what day it is. */
    Value v;
    assert_int_equal(value_read(&arena, &date_field, "+1d", 3, FORM_TYPED, NULL, &v, NULL), STATUS_OK);
    assert_text(v, "2026-11-24");
    assert_int_equal(value_read(&arena, &bookings_field, "W48:1", 5, FORM_TYPED, NULL, &v, NULL), STATUS_OK);
    assert_form(value_write, &bookings_field, v, NULL, "2026-W48:1");
}

static void numbers_within_bounds(void **state) {
    (void)state;
    assert_int_equal(number_of(typed(&number_field, "1 250,5")), 1250500);
    assert_int_equal(number_of(filed(&number_field, "1250.5")), 1250500);
    assert_int_equal(number_of(filed(&number_field, "5000")), 5000000);
    assert_int_equal(number_of(filed(&number_field, "-1")), -1000);
    assert_int_equal(number_of(filed(&number_field, "0")), 0);
    assert_refused_both(&number_field, "5000.001", "out of bounds: from -1 to 5000");
    assert_refused_both(&number_field, "-1.001", "-1.001");
    assert_refused(&number_field, "-1.001", FORM_FILE, "out of bounds");
    assert_refused(&number_field, "1 250,5", FORM_FILE, "is not a number");
    assert_refused(&number_field, "1.000", FORM_TYPED, "two ways");
    assert_refused_both(&number_field, "ten", "is not a number");
    assert_int_equal(number_of(filed(&free_field, "9223372036854775807")), INT64_MAX);
    assert_int_equal(number_of(filed(&free_field, "-9223372036854775808")), INT64_MIN);
    Field never_negative = {.name = "people", .kind = FIELD_NUMBER, .max = 10};
    assert_refused_both(&never_negative, "-1", "out of bounds: from 0 to 10");
    Field debt = {.name = "debt", .kind = FIELD_NUMBER, .min = -10};
    assert_refused_both(&debt, "1", "out of bounds: from -10 to 0");
}

static void flags_are_yes_or_no(void **state) {
    (void)state;
    static const char *const yes[] = {"yes", "YES", "true", "1", "oui"}, *const no[] = {"no", "No", "false", "0",
                                                                                        "non"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        assert_int_equal(number_of(typed(&flag_field, yes[i])), 1);
        assert_int_equal(number_of(filed(&flag_field, yes[i])), 1);
        assert_int_equal(number_of(typed(&flag_field, no[i])), 0);
        assert_int_equal(number_of(filed(&flag_field, no[i])), 0);
    }
    assert_refused_both(&flag_field, "maybe", "neither yes nor no");
    assert_refused_both(&flag_field, "2", "neither yes nor no");
    assert_refused_both(&flag_field, "...", "neither yes nor no");
}

static void references_by_code(void **state) {
    (void)state;
    assert_int_equal(number_of(typed(&site_field, "sma")), 9);
    assert_int_equal(number_of(filed(&site_field, "ROOT")), 0);
    assert_true(number_of(typed(&project_field, "sma-p42")) == id_make(9, 0, 42));
    assert_true(number_of(filed(&project_field, "DOD-P7.3")) == id_make(12, 3, 7));
    assert_int_equal(number_of(filed(&province_field, "MA-A07")), 7);
    assert_int_equal(number_of(filed(&operator_field, "op-agadir")), 7);
    assert_refused_both(&site_field, "XYZ", "is not the code of a Region: one of ROOT, TTA, ORI, ");
    assert_refused_both(&site_field, "9", "is not the code of a Region");
    assert_refused_both(&project_field, "SMA-N42", "is not a code such as SMA-P42"); /* a need */
    assert_refused_both(&project_field, "42", "is not a code such as SMA-P42");
    assert_refused_both(&province_field, "MA-ZZZ", "is not the code of a Province: \"jazari list provinces\" has them");
    Value v;
    Error e;
    CodeBook bare = {0};
    assert_int_equal(value_read(&arena, &province_field, "MA-A07", 6, FORM_FILE, NULL, &v, &e), STATUS_USAGE);
    assert_int_equal(value_read(&arena, &province_field, "MA-A07", 6, FORM_FILE, &bare, &v, &e), STATUS_USAGE);
    assert_int_equal(value_read(&arena, &project_field, "SMA-P42", 7, FORM_FILE, &bare, &v, &e), STATUS_OK);
}

static void assert_keys(Value v, size_t count, const int64_t *keys) {
    assert_int_equal(v.kind, VALUE_LIST);
    assert_int_equal(v.size, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(v.items[i].key == keys[i]);
        assert_null(v.items[i].label);
    }
}

static void lists_are_sorted_and_without_doubles(void **state) {
    (void)state;
    assert_keys(typed(&sites_field, "sma, TTA ori"), 3, (int64_t[]){1, 2, 9});
    assert_keys(filed(&sites_field, "SMA;TTA\nSMA,,  TTA"), 2, (int64_t[]){1, 9});
    assert_keys(filed(&sites_field, "DOD ROOT"), 2, (int64_t[]){0, 12});
    assert_keys(filed(&needs_field, "SMA-N9 TTA-N1.2 SMA-N10 SMA-N9"), 3,
                (int64_t[]){id_make(1, 2, 1), id_make(9, 0, 9), id_make(9, 0, 10)});
    assert_refused_both(&sites_field, "SMA XYZ", "\"XYZ\" is not the code");
    assert_refused_both(&needs_field, "SMA-N1 SMA-P2", "\"SMA-P2\" is not a code such as SMA-N42");
    assert_refused_both(&needs_field, "SMA-N1\tSMA-N2", "U+0009");
    Buffer many = {0};
    for (int i = 1; i <= 2000; i++) {
        buffer_format(&many, "SMA-N%d ", i);
    }
    assert_int_equal(filed(&needs_field, many.bytes).size, 2000);
    buffer_add_string(&many, "SMA-N2001");
    assert_refused_both(&needs_field, many.bytes, "more than 2000");
    buffer_free(&many);
}

static int64_t week_of(const char *text) {
    int week = 0;
    assert_true(week_parse(text, strlen(text), &week));
    return week;
}

static void bookings_are_weeks_with_quantities(void **state) {
    (void)state;
    Value v = filed(&bookings_field, "2026-W49:96,2026-W48:120.5");
    assert_keys(v, 2, (int64_t[]){week_of("2026-W48"), week_of("2026-W49")});
    assert_int_equal(v.items[0].quantity, 120500);
    assert_int_equal(v.items[1].quantity, 96000);
    v = typed(&bookings_field, "+1:5 W48:120.5\n2027-W01:1\xC2\xA0"
                               "000");
    assert_keys(v, 3, (int64_t[]){week_of("2026-W48"), week_of("2026-W49"), week_of("2027-W01")});
    assert_int_equal(v.items[0].quantity, 120500);
    assert_int_equal(v.items[2].quantity, 1000000);
    /* A week booked with nothing is not booked. */
    v = filed(&bookings_field, "2026-W48:0 2026-W49:7 2026-W50:-0");
    assert_keys(v, 1, (int64_t[]){week_of("2026-W49")});
    assert_int_equal(filed(&bookings_field, "2026-W48:0").kind, VALUE_NONE);
    assert_keys(filed(&bookings_field, "2026-W48:0 2026-W48:7"), 1, (int64_t[]){week_of("2026-W48")});
    assert_refused_both(&bookings_field, "2026-W48:5 2026-W48:7", "a week is booked twice");
    assert_refused_both(&bookings_field, "2026-W48:5 2026-W49:1 2026-W48:5", "a week is booked twice");
    assert_refused(&bookings_field, "W48:5 today:7", FORM_TYPED, "a week is booked twice");
    assert_refused_both(&bookings_field, "2026-W48", "is not a booking: write 2026-W48:120");
    assert_refused_both(&bookings_field, "2026-W48:", "is not a number");
    assert_refused_both(&bookings_field, ":5", "is not a week");
    assert_refused_both(&bookings_field, "2026-W48:x", "is not a number");
    assert_refused_both(&bookings_field, "2026-W54:5", "is not a week");
    assert_refused_both(&bookings_field, "2026-W48:-1", "-1 is out of bounds for a week");
    assert_refused_both(&bookings_field, "2026-W48:1000.001", "1000.001 is out of bounds for a week");
    assert_refused(&bookings_field, "W48:5", FORM_FILE, "is not a week: write 2026-W48");
    assert_refused(&bookings_field, "2026-W48:1.000", FORM_TYPED, "two ways");
}

static void errors_name_the_field_in_whole_characters(void **state) {
    (void)state;
    char text[400];
    for (int i = 0; i < KINDS; i++) {
        if (kinds[i] == &note_field) continue;
        for (int lead = 0; lead < 4; lead++) {
            memset(text, 'z', 4);
            for (int j = 0; j < 100; j++) {
                memcpy(text + lead + j * 3, "ⵣ", 4);
            }
            assert_refused_both(kinds[i], text, "");
            text[lead + 300] = ':'; /* as a booking's week, then as its quantity */
            text[lead + 301] = 0;
            assert_refused_both(kinds[i], text, "");
            memmove(text + 9, text, strlen(text) + 1);
            memcpy(text, "2026-W48:", 9);
            assert_refused_both(kinds[i], text, "");
        }
    }
}

static uint64_t seed = 42;

static uint64_t chance(uint64_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ((seed >> 32) | (seed << 32)) % below;
}

/* Whatever is read, if it is taken, it is settled: its file form is taken, too, and is the same. */
static void any_text_is_refused_or_settles(void **state) {
    (void)state;
    static const char *const pieces[] = {"2026-W48", ":", "12",     ".5",  ",",     " ",    "SMA-N", "SMA",
                                         "7",        "-", "+",      "w",   "water", "é",    "\xFF",  "\n",
                                         "fri",      "/", "MA-A01", "yes", "0",     "1 250"};
    Buffer text = {0}, written = {0};
    int taken = 0;
    for (int i = 0; i < 60000; i++) {
        const Field *f = kinds[i % KINDS];
        ValueForm form = i / KINDS % 2 ? FORM_FILE : FORM_TYPED;
        Value v, back;
        Error e = {0};
        buffer_clear(&text);
        for (uint64_t n = chance(5) + 1; n; n--) {
            buffer_add_string(&text, pieces[chance(sizeof pieces / sizeof *pieces)]);
        }
        if (value_read(&arena, f, text.bytes, text.size, form, &book, &v, &e) != STATUS_OK) {
            assert_string_equal(e.field, f->name);
            assert_true(*e.why);
            continue;
        }
        taken++;
        buffer_clear(&written);
        value_write(&written, f, &v, &book);
        assert_int_equal(value_read(&arena, f, buffer_string(&written), written.size, FORM_FILE, &book, &back, NULL),
                         STATUS_OK);
        assert_true(value_equal(&v, &back));
        if (i % 1000 == 0) arena_reset(&arena);
    }
    assert_true(taken > 1000);
    buffer_free(&text);
    buffer_free(&written);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_gives_no_value),
        TEST(what_text_may_not_hold_is_refused_everywhere),
        TEST(texts_are_cleaned_and_bounded),
        TEST(choices_by_word_label_and_beginning),
        TEST(translated_words_are_typed),
        TEST(sets_are_several_choices),
        TEST(dates_in_both_forms),
        TEST(numbers_within_bounds),
        TEST(flags_are_yes_or_no),
        TEST(references_by_code),
        TEST(lists_are_sorted_and_without_doubles),
        TEST(bookings_are_weeks_with_quantities),
        TEST(errors_name_the_field_in_whole_characters),
        TEST(any_text_is_refused_or_settles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
