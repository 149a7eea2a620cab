/* Stores and settings that are not what they should be: places that are missing, no store, of another kind or may only
 * be read. The program says what is wrong and where, with its exit status, and changes nothing. */
#include "run.h"

#include <sqlite3.h>

static void make_store(const char *path) {
    RUN_WANTS(0, "made", "--store", path, "init", "--site", "SMA");
}

/* The words of each way to the data, on a store that cannot be opened. */
static void refuses_everywhere(const char *path, const char *says) {
    RUN_WANTS(1, says, "--store", path, "list", "project");
    RUN_WANTS(1, says, "--store", path, "add", "project", "title=A title", "stage=pilot", "sector=water");
    RUN_WANTS(1, says, "--store", path, "check");
    RUN_WANTS(1, says, "--store", path);
    RUN_WANTS(1, path, "--store", path, "export", "project");
}

static void test_no_store_there(void **state) {
    (void)state;
    refuses_everywhere("missing.db", "there is no store here: make one with \"jazari init\"");
    assert_int_equal(access("missing.db", F_OK), -1);
}

static void test_missing_directory(void **state) {
    (void)state;
    refuses_everywhere("nowhere/store.db", "the directory nowhere cannot be used: No such file or directory");
    RUN_WANTS(1, "the directory nowhere cannot be used", "--store", "nowhere/store.db", "init", "--site", "SMA");
    assert_int_equal(access("nowhere", F_OK), -1);
}

static void test_directory_as_store(void **state) {
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    refuses_everywhere("folder", "this is not a file");
    RUN_WANTS(1, "there is a file of this name already", "--store", "folder", "init", "--site", "SMA");
    assert_int_equal(rmdir("folder"), 0);
}

/* Opening a pipe must not wait for a writer who never comes. */
static void test_pipe_as_store(void **state) {
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    refuses_everywhere("pipe", "this is not a file");
    RUN_WANTS(1, "there is a file of this name already", "--store", "pipe", "init", "--site", "SMA");
    RUN_WANTS(1, "this is not a file", "--store", "fresh.db", "restore", "pipe");
    assert_int_equal(access("fresh.db", F_OK), -1);
}

static void test_device_as_store(void **state) {
    (void)state;
    struct stat st;
    refuses_everywhere("/dev/null", "this is not a file");
    RUN_WANTS(1, "there is a file of this name already", "--store", "/dev/null", "init", "--site", "SMA");
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void test_file_that_is_no_store(void **state) {
    (void)state;
    static const char letter[] = "Dear colleagues,\nthe figures of November are attached.\n";
    Buffer after = {0};
    run_write_file("letter.txt", letter, sizeof letter - 1);
    refuses_everywhere("letter.txt", "the file is not a jazari store");
    RUN_WANTS(1, "there is a file of this name already", "--store", "letter.txt", "init", "--site", "SMA");
    run_read_file("letter.txt", &after);
    assert_string_equal(buffer_string(&after), letter);
    buffer_free(&after);
    run_write_file("empty.db", "", 0);
    refuses_everywhere("empty.db", "the file is empty");
}

/* A database of someone else's: an SQLite header without the mark that makes it a store. */
static void test_database_of_another_program(void **state) {
    (void)state;
    Buffer bytes = {0};
    make_store("theirs.db");
    run_read_file("theirs.db", &bytes);
    assert_true(bytes.size > 100);
    memset(bytes.bytes + 68, 0, 4);
    run_write_file("theirs.db", bytes.bytes, bytes.size);
    refuses_everywhere("theirs.db", "the file is not a jazari store");
    buffer_free(&bytes);
}

/* A copy that was cut short, at every kind of place: it is damaged, or whole where nothing is missing. */
static void test_store_cut_short(void **state) {
    (void)state;
    Buffer bytes = {0};
    make_store("whole.db");
    run_read_file("whole.db", &bytes);
    const size_t sizes[] = {1, 15, 99, 100, 512, 4095, 4096, 4097, 40960, bytes.size - 4096};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        run_write_file("cut.db", bytes.bytes, sizes[i]);
        RUN_WANTS(1, "damaged", "--store", "cut.db", "list", "province");
        unlink("cut.db-wal");
        unlink("cut.db-shm");
        unlink("cut.db-lock");
    }
    /* A page whose end is missing still counts as a page: only a look at all of them shows it. */
    run_write_file("cut.db", bytes.bytes, bytes.size - 200);
    RUN_WANTS(4, "keep this file and restore a backup", "--store", "cut.db", "check");
    buffer_free(&bytes);
}

static void refuse_write(const char *path) {
    Run r = {0};
    const char *const add[] = {"--store", path, "add", "need", "title=Water gauge", "urgency=2", "sector=water", NULL};
    run_how(&r, &(RunHow){.words = add, .plain_rights = true});
    run_expect(&r, 1);
    run_says(&r, "can only be read here (Permission denied): nothing was written");
    run_free(&r);
}

static void allow_read(const char *path) {
    Run r = {0};
    const char *const list[] = {"--store", path, "list", "province", NULL};
    const char *const check[] = {"--store", path, "check", NULL};
    run_how(&r, &(RunHow){.words = list, .plain_rights = true});
    run_expect(&r, 0);
    assert_non_null(strstr(buffer_string(&r.out), "Agadir"));
    run_free(&r);
    run_how(&r, &(RunHow){.words = check, .plain_rights = true});
    run_expect(&r, 0);
    run_free(&r);
}

static void test_read_only_file(void **state) {
    (void)state;
    make_store("readonly.db");
    assert_int_equal(chmod("readonly.db", 0400), 0);
    refuse_write("readonly.db");
    allow_read("readonly.db");
}

static void test_read_only_directory(void **state) {
    (void)state;
    assert_int_equal(mkdir("shut", 0700), 0);
    make_store("shut/store.db");
    assert_int_equal(chmod("shut", 0500), 0);
    refuse_write("shut/store.db");
    allow_read("shut/store.db");
    Run r = {0};
    const char *const init[] = {"--store", "shut/other.db", "init", "--site", "SMA", NULL};
    run_how(&r, &(RunHow){.words = init, .plain_rights = true});
    run_expect(&r, 1);
    run_says(&r, "Permission denied");
    run_free(&r);
    assert_int_equal(chmod("shut", 0700), 0);
}

/* A store of an older program has to be brought up, which it cannot be here. */
static void test_read_only_file_of_an_older_program(void **state) {
    (void)state;
    static const char *const ways[][4] = {{"list", "province"}, {"check"}, {"add", "need", "title=Water gauge"}};
    Buffer before = {0}, after = {0};
    sqlite3 *db = NULL;
    make_store("older.db");
    assert_int_equal(sqlite3_open("older.db", &db), SQLITE_OK);
    const char *sql = "DELETE FROM schema_version WHERE version > 1; PRAGMA wal_checkpoint(TRUNCATE)";
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    run_read_file("older.db", &before);
    assert_int_equal(chmod("older.db", 0400), 0);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        Run r = {0};
        const char *const words[] = {"--store", "older.db", ways[i][0], ways[i][1], ways[i][2], NULL};
        run_how(&r, &(RunHow){.words = words, .plain_rights = true});
        run_expect(&r, 1);
        run_says(&r, "older.db: the store was made by an older jazari and can only be read here");
        run_free(&r);
    }
    run_read_file("older.db", &after);
    assert_int_equal(after.size, before.size);
    assert_memory_equal(after.bytes, before.bytes, before.size);
    buffer_free(&before);
    buffer_free(&after);
}

static void test_unreadable_file(void **state) {
    (void)state;
    Run r = {0};
    make_store("secret.db");
    assert_int_equal(chmod("secret.db", 0), 0);
    const char *const list[] = {"--store", "secret.db", "list", "province", NULL};
    run_how(&r, &(RunHow){.words = list, .plain_rights = true});
    run_expect(&r, 1);
    run_says(&r, "secret.db: Permission denied");
    assert_int_equal(r.out.size, 0);
    run_free(&r);
}

/* A backup must be a file of its own: never over another, never where it cannot be. */
static void test_backup_places(void **state) {
    (void)state;
    make_store("live.db");
    RUN_WANTS(0, "written", "--store", "live.db", "backup", "copy.db");
    RUN_WANTS(1, "there is a file of this name already", "--store", "live.db", "backup", "copy.db");
    RUN_WANTS(1, "there is a file of this name already", "--store", "live.db", "backup", "live.db");
    RUN_WANTS(1, "No such file or directory", "--store", "live.db", "backup", "nowhere/copy.db");
    RUN_WANTS(1, "there is a file of this name already", "--store", "live.db", "restore", "copy.db");
    RUN_WANTS(1, "missing.db: No such file or directory", "--store", "new.db", "restore", "missing.db");
    assert_int_equal(access("new.db", F_OK), -1);
    RUN_WANTS(0, "", "--store", "live.db", "check");
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

static void refuse_settings(const char *text, const char *says) {
    run_write_file("jazari.conf", text, strlen(text));
    RUN_WANTS(2, says, "-c", "jazari.conf", "--store", "settings.db", "list", "project");
}

static void test_settings_out_of_range(void **state) {
    (void)state;
    make_store("settings.db");
    refuse_settings("store:\n{\n  busy_ms = 600001;\n};\n",
                    "jazari.conf:3: store.busy_ms: expected a whole number from 0 to 600000");
    refuse_settings("store: { busy_ms = -1; };\n", "expected a whole number from 0 to 600000");
    /* What wraps around in 32 bits to a number that would do. */
    refuse_settings("store: { busy_ms = 4294967396; };\n", "store.busy_ms: 4294967396 is out of bounds");
    refuse_settings("store: { busy_ms = 0x100000064; };\n", "store.busy_ms: 0x100000064 is out of bounds");
    refuse_settings("store: { busy_ms = -4294967196; };\n", "-4294967196 is out of bounds");
    refuse_settings("store: { busy_ms = 99999999999999999999999; };\n", "out of bounds");
    refuse_settings("store: { busy_ms = 1e3; };\n", "expected a whole number");
    refuse_settings("screen: { mouse = 1; };\n", "screen.mouse: expected true or false");
    refuse_settings("\nscreen: { color = \"sometimes\"; };\n",
                    "jazari.conf:2: screen.color: expected one of \"auto\", \"always\", \"never\"");
    refuse_settings("screen: { colour = \"auto\"; };\n", "screen.colour: there is no such setting");
    refuse_settings("store: { path = \"a\"; };\nstore: { path = \"b\"; };\n", "jazari.conf:2: ");
    refuse_settings("@include \"/etc/passwd\"\n", "@include is not for this file");
    refuse_settings("store: { path = \"a\033[2Jb\"; };\n", "control characters");
    refuse_settings("store: {\n", "jazari.conf:");
}

static void test_settings_file_is_no_text(void **state) {
    (void)state;
    char *large = calloc(1, 65537);
    assert_non_null(large);
    make_store("plain.db");
    memset(large, '#', 65537);
    run_write_file("large.conf", large, 65537);
    RUN_WANTS(2, "larger than 64 KiB", "-c", "large.conf", "--store", "plain.db", "list", "project");
    run_write_file("zero.conf", "store: { \0 };", 13);
    RUN_WANTS(2, "zero byte", "-c", "zero.conf", "--store", "plain.db", "list", "project");
    assert_int_equal(mkdir("folder.conf", 0700), 0);
    RUN_WANTS(2, "folder.conf: Is a directory", "-c", "folder.conf", "--store", "plain.db", "list", "project");
    RUN_WANTS(2, "none.conf: No such file", "-c", "none.conf", "--store", "plain.db", "list", "project");
    assert_int_equal(mkfifo("pipe.conf", 0600), 0);
    RUN_WANTS(2, "pipe.conf: this is not a file", "-c", "pipe.conf", "--store", "plain.db", "list", "project");
    free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_store_there),
        cmocka_unit_test(test_missing_directory),
        cmocka_unit_test(test_directory_as_store),
        cmocka_unit_test(test_pipe_as_store),
        cmocka_unit_test(test_device_as_store),
        cmocka_unit_test(test_file_that_is_no_store),
        cmocka_unit_test(test_database_of_another_program),
        cmocka_unit_test(test_store_cut_short),
        cmocka_unit_test(test_read_only_file),
        cmocka_unit_test(test_read_only_directory),
        cmocka_unit_test(test_read_only_file_of_an_older_program),
        cmocka_unit_test(test_unreadable_file),
        cmocka_unit_test(test_backup_places),
        cmocka_unit_test(test_settings_out_of_range),
        cmocka_unit_test(test_settings_file_is_no_text),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
