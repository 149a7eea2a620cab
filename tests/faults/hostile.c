/* Text that means harm: control characters that would drive the terminal and marks that turn a line around, in all that
 * people give (arguments, files, a paste into a form) and in rows that someone wrote into the store past the program.
 * What comes in is refused or cleaned; whatever comes out, on any way, is text. Also lines without an end. */
#include "screen.h"

#include "store/engine_vfs.h"

#include <sqlite3.h>

#define ESCAPE_TITLE   "\033]0;PWNED\a"
#define OVERRIDE       "\xE2\x80\xAE"     /* U+202E */
#define ISOLATE        "\xE2\x81\xA6"     /* U+2066 */
#define CSI_8BIT       "\xC2\x9B"         /* U+009B */
#define LINE_SEPARATOR "\xE2\x80\xA8"     /* U+2028 */
#define TAG            "\xF3\xA0\x81\x81" /* U+E0041 */

static void make_store(const char *path) {
    RUN_WANTS(0, "made", "--store", path, "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", path, "add", "project", "title=Irrigation forecast", "stage=pilot", "sector=water");
}

/* --- coming in ---------------------------------------------------------------------------------------------------- */

static void add_refused(const char *title) {
    Run r = {0};
    char argument[200];
    snprintf(argument, sizeof argument, "title=%s", title);
    RUN(&r, "--store", "in.db", "add", "project", argument, "stage=pilot", "sector=water");
    run_expect(&r, 2);
    run_says(&r, "jazari: title: ");
    run_expect_clean("the error of add", &r.err);
    run_free(&r);
}

static void test_control_characters_are_refused(void **state) {
    (void)state;
    make_store("in.db");
    add_refused("Water " ESCAPE_TITLE);
    add_refused("Water \033[2J");
    add_refused("Water \r gauge");
    add_refused("Water \n gauge");
    add_refused("Water \t gauge");
    add_refused("Water \x7F gauge");
    add_refused("Water " CSI_8BIT "2J");
    add_refused("Water " LINE_SEPARATOR "gauge");
    add_refused("Water " TAG "gauge");
    add_refused("Water \xFF gauge");
    add_refused("Water \xC0\xAF gauge");
    add_refused("Water \xED\xA0\x80 gauge");
    assert_int_equal(run_count_rows("in.db", "project"), 1);
}

static void test_turning_marks_are_dropped(void **state) {
    (void)state;
    Run r = {0};
    RUN_WANTS(0, "", "--store", "in.db", "add", "project", "title=" OVERRIDE "Water" ISOLATE " gauge\xE2\x80\x8B",
              "stage=pilot", "sector=water");
    RUN(&r, "--store", "in.db", "list", "project", "gauge", "--json", "--columns", "title");
    run_expect(&r, 0);
    assert_non_null(strstr(buffer_string(&r.out), "\"Water gauge\""));
    run_free(&r);
}

/* What is echoed in an error comes from a stranger too. */
static void test_errors_are_clean(void **state) {
    (void)state;
    static const char *const evil = "x" ESCAPE_TITLE OVERRIDE CSI_8BIT "\r\n";
    const char *const lines[][7] = {
        {"--store", evil, "list", "project"},
        {"-c", evil, "list", "project"},
        {"--store", "in.db", evil},
        {"--store", "in.db", "list", evil},
        {"--store", "in.db", "list", "project", evil},
        {"--store", "in.db", "list", "project", "stage:" ESCAPE_TITLE},
        {"--store", "in.db", "list", "project", "--sort", evil},
        {"--store", "in.db", "list", "project", "--columns", evil},
        {"--store", "in.db", "list", "project", "--limit", evil},
        {"--store", "in.db", "show", evil},
        {"--store", "in.db", "add", evil, "title=x"},
        {"--store", "in.db", "add", "project", "x" ESCAPE_TITLE "=y"},
        {"--store", "in.db", "add", "project", "stage=" ESCAPE_TITLE},
        {"--store", "in.db", "set", "SMA-P1", "due=" ESCAPE_TITLE},
        {"--store", "in.db", "import", "project", evil},
        {"--store", "in.db", "import", evil},
        {"--store", "in.db", "help", evil},
        {"--store", "in.db", "--site", evil, "list", "project"},
        {"--store", evil, "init", "--site", evil},
        {"--" ESCAPE_TITLE},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        Run r = {0};
        const char *words[8] = {0};
        memcpy(words, lines[i], sizeof lines[i]);
        run_how(&r, &(RunHow){.words = words});
        if (r.exit < 1 || r.exit > 6) fail_msg("line %zu ended with %d", i, r.exit);
        assert_true(r.err.size > 0);
        run_expect_clean("an error", &r.err);
        run_expect_clean("an output", &r.out);
        run_free(&r);
    }
}

static void import_refused(const char *says, const char *bytes, size_t size) {
    Run r = {0};
    run_write_file("evil.csv", bytes, size);
    RUN(&r, "--store", "import.db", "import", "project", "evil.csv");
    run_expect(&r, 2);
    run_says(&r, says);
    run_expect_clean("the faults of an import", &r.err);
    run_free(&r);
    assert_int_equal(run_count_rows("import.db", "project"), 1);
}

#define IMPORT_REFUSED(says, text) import_refused(says, text, sizeof(text) - 1)

static void test_import_of_hostile_files(void **state) {
    (void)state;
    make_store("import.db");
    IMPORT_REFUSED("evil.csv:2: title: ", "title,stage,sector\nWater " ESCAPE_TITLE ",pilot,water\n");
    IMPORT_REFUSED("evil.csv:3: title: ", "title,stage,sector\nWater,pilot,water\nGauge \x7F,pilot,water\n");
    IMPORT_REFUSED("evil.csv:2: title: ", "title,stage,sector\n\"two\nlines\",pilot,water\n");
    IMPORT_REFUSED("evil.csv:2: stage: ", "title,stage,sector\nWater,\033[31mpilot,water\n");
    IMPORT_REFUSED("evil.csv:1: ", "title,st\033[2Jage,sector\nWater,pilot,water\n");
    IMPORT_REFUSED("evil.csv:2: title: ", "title,stage,sector\nWater \0 gauge,pilot,water\n");
    IMPORT_REFUSED("evil.csv:2: title: ", "title,stage,sector\nWater \xFF\xFE,pilot,water\n");
    IMPORT_REFUSED("evil.csv:1: ", "\xFF\xFEt\0i\0t\0l\0e\0");
    IMPORT_REFUSED("the file ends within quotation marks", "title,stage,sector\n\"Water,pilot,water\n");
    IMPORT_REFUSED("", "");
    static const char marks[] = "title,stage,sector\n" OVERRIDE "Water" ISOLATE ",pilot,water\n";
    run_write_file("marks.csv", marks, sizeof marks - 1);
    RUN_WANTS(0, "1 added", "--store", "import.db", "import", "project", "marks.csv");
}

/* Ten megabytes and no end of line: of text, of cells, within quotation marks, of nothing, in the header, in a later row.
 * None of the file is taken, and none of it is kept in memory for long. */
static void test_lines_without_end(void **state) {
    (void)state;
    static const char *const heads[] = {"title,stage,sector\n", "title,stage,sector\n\"", "",
                                        "title,stage,sector\nWater,pilot,water\n"};
    static const char fillers[] = "x,\0 \"";
    enum { LONG = 10 << 20 };
    Buffer file = {0};
    make_store("long.db");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        for (size_t k = i % 2; k < sizeof fillers - 1; k += 2) {
            buffer_clear(&file);
            buffer_add_string(&file, heads[i]);
            size_t head = file.size;
            while (file.size < head + LONG) {
                static char block[4096];
                memset(block, fillers[k], sizeof block);
                buffer_add(&file, block, sizeof block);
            }
            run_write_file("long.csv", file.bytes, file.size);
            RUN_WANTS(2, "long.csv:", "--store", "long.db", "import", "project", "long.csv");
        }
    }
    assert_int_equal(run_count_rows("long.db", "project"), 1);
    RUN_WANTS(2, "the row is longer than a mebibyte", "--store", "long.db", "import", "project", "/dev/zero");
    RUN_WANTS(0, "", "--store", "long.db", "check");
    buffer_free(&file);
}

/* --- going out ---------------------------------------------------------------------------------------------------- */

/* Writes what the program would never take into every text of the rows it shows. */
static void poison(const char *path) {
    static const char *const columns[][2] = {
        {"project", "title"},    {"project", "summary"}, {"operator", "name"},      {"organisation", "name"},
        {"need", "title"},       {"need", "problem"},    {"site", "name_fr"},       {"site", "name_ar"},
        {"province", "name_fr"}, {"offer", "name"},      {"project", "updated_by"}, {"project", "created_at"},
        {"journal", "actor"},    {"project", "due"},     {"milestone", "title"},    {"offer", "first"},
    };
    sqlite3 *db = NULL;
    /* With the right stamps on its pages: it is to be shown, not only found damaged. */
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, engine_vfs()), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=FULL", NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char sql[300];
        snprintf(sql, sizeof sql, "UPDATE %s SET %s = '%s.%s %s%s%s%s%s%s\033[2J\r\x01' || %s", columns[i][0],
                 columns[i][1], columns[i][0], columns[i][1], ESCAPE_TITLE, OVERRIDE, ISOLATE, CSI_8BIT, LINE_SEPARATOR,
                 TAG, columns[i][1]);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    sqlite3_close(db);
}

static void make_poisoned(const char *path) {
    make_store(path);
    RUN_WANTS(0, "", "--store", path, "add", "organisation", "name=Commune 1", "kind=local_authority");
    RUN_WANTS(0, "", "--store", path, "add", "need", "title=Water gauge", "urgency=2", "sector=water",
              "beneficiary=SMA-G1", "problem=Nobody knows");
    RUN_WANTS(0, "", "--store", path, "add", "offer", "name=Node", "kind=gpu_hour", "quantity=110", "first=2026-W50",
              "last=2027-W02", "data_level=2", "mode=negotiated");
    RUN_WANTS(0, "", "--store", path, "add", "milestone", "title=First gauge", "project=SMA-P1", "due=2026-11-01");
    poison(path);
}

static void test_output_of_poisoned_rows(void **state) {
    (void)state;
    static const char *const lines[][5] = {
        {"list", "project"},
        {"list", "project", "--json"},
        {"list", "project", "--csv"},
        {"list", "need"},
        {"list", "organisation"},
        {"list", "operator", "--json"},
        {"list", "province"},
        {"list", "site", "--csv"},
        {"list", "offer"},
        {"list", "milestone", "--json"},
        {"show", "SMA-P1"},
        {"show", "SMA-P1", "--json"},
        {"show", "SMA-N1"},
        {"show", "SMA-G1"},
        {"show", "SMA-O1"},
        {"show", "SMA"},
        {"show", "SMA", "--json"},
        {"show", "SMA-M1"},
        {"log"},
        {"log", "--json"},
        {"log", "SMA-P1"},
        {"export", "project"},
        {"export", "need"},
        {"export", "milestone"},
        {"check"},
        {NULL},
        {"undo"},
        {"set", "SMA-P1", "summary=New"},
        {"submit", "SMA-N1"},
        {"list", "project", "title:project"},
    };
    make_poisoned("out.db");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        Run r = {0};
        char what[80];
        const char *words[8] = {"--store", "out.db"};
        memcpy(words + 2, lines[i], sizeof lines[i]);
        run_how(&r, &(RunHow){.words = words});
        snprintf(what, sizeof what, "%s %s %s", lines[i][0] ? lines[i][0] : "(dashboard)",
                 lines[i][1] ? lines[i][1] : "", lines[i][1] && lines[i][2] ? lines[i][2] : "");
        if (r.exit < 0) fail_msg("%s: signal %d", what, r.signal);
        assert_true(r.out.size + r.err.size > 0);
        run_expect_clean(what, &r.out);
        run_expect_clean(what, &r.err);
        run_free(&r);
    }
}

/* --- on the screen ------------------------------------------------------------------------------------------------ */

static void screen_expect_clean(const Screen *s) {
    static const char *const never[] = {"\033]0;PWNED", "\033]", "\033[2J\r\x01", OVERRIDE, ISOLATE, CSI_8BIT,
                                        LINE_SEPARATOR, TAG,     "\x01"};
    assert_int_equal(strlen(buffer_string(&s->seen)), s->seen.size);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        const char *at = strstr(buffer_string(&s->seen), never[i]);
        if (at) fail_msg("what must not reach the terminal (%zu) did, at byte %zu", i, (size_t)(at - s->seen.bytes));
    }
}

static void test_screen_of_poisoned_rows(void **state) {
    (void)state;
    Screen s;
    make_poisoned("screen.db");
    screen_open(&s, "screen.db");
    screen_wait(&s, "site.name_fr");
    type_and_wait(&s, "2", "ROOT");
    type_and_wait(&s, "5", "Needs");
    type_and_wait(&s, "F", "need.title");
    type_and_wait(&s, "\r", "need.problem");
    type_and_wait(&s, "4", "Requests");
    type_and_wait(&s, "3", "project.title");
    type_and_wait(&s, "\r", "deployment ─ operation");
    type_and_wait(&s, "e", "start over");
    screen_type(&s, "\033");
    screen_end(&s);
    screen_expect_clean(&s);
    buffer_free(&s.seen);
}

/* A paste is text: neither its controls nor its newlines are keys, and nothing of it drives the terminal. */
static void test_paste_into_a_form(void **state) {
    (void)state;
    Screen s;
    Run r = {0};
    make_store("paste.db");
    screen_open(&s, "paste.db");
    screen_wait(&s, "Dashboard");
    type_and_wait(&s, "3", "Irrigation");
    type_and_wait(&s, "n", "Title");
    type_and_wait(&s, "\033[200~Gauge " OVERRIDE ISOLATE "\x01\x13\x11 " CSI_8BIT "one\rtwo\033[201~", "two");
    type_and_wait(&s, "\033", "Not saved");
    screen_end(&s);
    screen_expect_clean(&s);
    buffer_free(&s.seen);
    assert_int_equal(run_count_rows("paste.db", "project"), 1);
    RUN(&r, "--store", "paste.db", "check");
    run_expect(&r, 0);
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_characters_are_refused),
        cmocka_unit_test(test_turning_marks_are_dropped),
        cmocka_unit_test(test_errors_are_clean),
        cmocka_unit_test(test_import_of_hostile_files),
        cmocka_unit_test(test_lines_without_end),
        cmocka_unit_test(test_output_of_poisoned_rows),
        cmocka_unit_test(test_screen_of_poisoned_rows),
        cmocka_unit_test(test_paste_into_a_form),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
