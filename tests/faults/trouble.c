/* A store that cannot be written for a time, or not any more: what can be read is shown, the screen says what is the
 * matter and what to do, nothing is written by half, and it takes writes again by itself once it can. */
#include "screen.h"
#include "serve.h"

#include <sqlite3.h>
#include <sys/file.h>

static void make_with_project(const char *path) {
    RUN_WANTS(0, "made", "--store", path, "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", path, "add", "project", "title=Water gauges", "stage=pilot", "sector=water");
}

/* Edits the project: its title gets a letter more. */
static void edit(Screen *s) {
    type_and_wait(s, "3", "Water gauges");
    type_and_wait(s, "e", "start over");
    type_and_wait(s, "x\023", "Water gaugesx");
}

static void test_read_only_for_a_time(void **state) {
    (void)state;
    Screen s;
    assert_int_equal(mkdir("ro", 0700), 0);
    make_with_project("ro/ro.db");
    assert_int_equal(chmod("ro/ro.db", 0400), 0);
    assert_int_equal(chmod("ro", 0500), 0);
    screen_open_as(&s, "ro/ro.db", true);
    screen_wait(&s, "read only");
    screen_wait(&s, "it takes writes again by itself");
    edit(&s);
    screen_wait(&s, "can only be read here (Permission denied): nothing was written");
    /* What was typed is kept as long as the program runs. */
    screen_type(&s, "\033");
    screen_gone(&s, "start over");
    type_and_wait(&s, "e", "Water gaugesx");
    assert_int_equal(chmod("ro", 0700), 0);
    assert_int_equal(chmod("ro/ro.db", 0600), 0);
    screen_gone(&s, "read only");
    type_and_wait(&s, "\023", "SMA-P1: changed");
    screen_end(&s);
    buffer_free(&s.seen);
    RUN_WANTS(0, "", "--store", "ro/ro.db", "check");
}

static bool kept;

static int look_at_file(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)path;
    (void)ftw;
    kept = kept || (kind == FTW_F && st->st_size > 0);
    return 0;
}

/* Whether a draft that is not empty lies there. */
static bool anything_kept(const char *drafts) {
    kept = false;
    nftw(drafts, look_at_file, 16, FTW_PHYS);
    return kept;
}

static void test_full_for_a_time(void **state) {
    (void)state;
    Screen s;
    make_with_project("full.db");
    run_preload("DISK");
    setenv("DISK_FULL", "full", 1);
    run_write_file("full", "", 0);
    screen_open(&s, "full.db");
    screen_wait(&s, "disk full");
    screen_wait(&s, "writing does again then.");
    edit(&s);
    screen_wait(&s, "the disk is full: nothing was written");
    /* Nor can what was typed be kept, and one stays in the form; once there is room it is, without a key. */
    screen_wait(&s, "What you type cannot be kept now");
    type_and_wait(&s, "\033", "Leave without it?");
    assert_false(anything_kept("full.db-drafts"));
    screen_type(&s, "n");
    screen_gone(&s, "Leave without it?");
    assert_int_equal(unlink("full"), 0);
    screen_gone(&s, "disk full");
    screen_gone(&s, "What you type cannot be kept now");
    assert_true(anything_kept("full.db-drafts"));
    type_and_wait(&s, "\033", "what you typed comes back");
    type_and_wait(&s, "e", "Water gaugesx");
    type_and_wait(&s, "\023", "SMA-P1: changed");
    screen_end(&s);
    buffer_free(&s.seen);
    unsetenv("LD_PRELOAD");
    unsetenv("DISK_FULL");
    RUN_WANTS(0, "", "--store", "full.db", "check");
}

/* What keeps drafts outlives the program for a moment, and holds the files it is at. */
static int wait_and_remove(const char *path, const struct stat *st, int kind, struct FTW *at) {
    int fd = kind == FTW_F ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) flock(fd, LOCK_EX);
    run_remove_one(path, st, kind, at);
    if (fd >= 0) close(fd);
    return 0;
}

static void remove_all(const char *path) {
    while (access(path, F_OK) == 0) {
        assert_int_equal(nftw(path, wait_and_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
    }
}

/* As long as there is a file "broken", what lies below such a directory is written and not kept. */
static void break_sync(const char *below) {
    run_preload("DISK");
    setenv("DISK_UNSYNCED", "broken", 1);
    setenv("DISK_BELOW", below, 1);
    run_write_file("broken", "", 0);
}

static void leave_disk(void) {
    unsetenv("LD_PRELOAD");
    unsetenv("DISK_UNSYNCED");
    unsetenv("DISK_BELOW");
}

/* Where the disk writes what is typed and does not keep it, that is said once at the form, and it is kept in the person's
 * own directory until the disk takes it again. */
static void test_unsynced_for_a_time(void **state) {
    (void)state;
    Screen s;
    make_with_project("unsynced.db");
    break_sync("unsynced.db-drafts");
    screen_open(&s, "unsynced.db");
    type_and_wait(&s, "3", "Water gauges");
    type_and_wait(&s, "e", "start over");
    type_and_wait(&s, "x", "Water gaugesx");
    screen_wait(&s, "it is kept in your own directory");
    assert_true(anything_kept(".local/state/jazari"));
    /* The power is cut, and what the disk did not keep is gone: it comes back from there. */
    kill(s.child, SIGKILL);
    int code, number;
    run_reap(s.child, &code, &number);
    close(s.master);
    vterm_free(s.terminal);
    buffer_free(&s.seen);
    remove_all("unsynced.db-drafts");
    screen_open(&s, "unsynced.db");
    screen_wait(&s, "Not saved yet");
    type_and_wait(&s, "\r", "start over");
    assert_true(screen_shows(&s, "Water gaugesx"));
    type_and_wait(&s, "y", "Water gaugesxy");
    screen_wait(&s, "it is kept in your own directory");
    /* Said once: not again with the next letter. */
    type_and_wait(&s, "z", "Water gaugesxyz");
    screen_gone(&s, "it is kept in your own directory");
    assert_int_equal(unlink("broken"), 0);
    type_and_wait(&s, "a", "Water gaugesxyza");
    type_and_wait(&s, "\033", "what you typed comes back");
    screen_end(&s);
    buffer_free(&s.seen);
    leave_disk();
    /* It is beside the store again. */
    remove_all(".local/state/jazari");
    screen_open(&s, "unsynced.db");
    screen_wait(&s, "Not saved yet");
    screen_wait(&s, "Water gaugesxyza");
    screen_type(&s, "\033");
    screen_gone(&s, "Not saved yet");
    screen_end(&s);
    buffer_free(&s.seen);
}

/* A form that is left with the last key still on its way to the disk: where that does not take it, it is told after. */
static void test_left_before_the_disk_took_it(void **state) {
    (void)state;
    Screen s;
    make_with_project("left.db");
    break_sync("left.db-drafts");
    screen_open(&s, "left.db");
    type_and_wait(&s, "3", "Water gauges");
    type_and_wait(&s, "e", "start over");
    screen_type(&s, "x\033");
    screen_gone(&s, "start over");
    screen_wait(&s, "it is kept in your own directory");
    assert_true(anything_kept(".local/state/jazari"));
    assert_int_equal(unlink("broken"), 0);
    type_and_wait(&s, "e", "Water gaugesx");
    type_and_wait(&s, "\023", "SMA-P1: changed");
    screen_end(&s);
    buffer_free(&s.seen);
    leave_disk();
    screen_open(&s, "left.db");
    screen_wait(&s, "Water gaugesx");
    assert_false(screen_shows(&s, "Not saved yet"));
    screen_end(&s);
    buffer_free(&s.seen);
}

/* Where in the file a table begins. */
static long page_of(const char *path, const char *table) {
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", -1, &s, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    long page = (long)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return (page - 1) * 4096;
}

static void overwrite(const char *path, long at, const char *bytes, size_t size) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, at), (ssize_t)size);
    close(fd);
}

static void test_damaged(void **state) {
    (void)state;
    Screen s;
    Buffer whole = {0};
    char junk[4096], page[4096];
    memset(junk, 0xFF, sizeof junk);
    make_with_project("damaged.db");
    RUN_WANTS(0, "written and checked", "--store", "damaged.db", "backup", "copy.db");
    long at = page_of("damaged.db", "project");
    run_read_file("damaged.db", &whole);
    memcpy(page, whole.bytes + at, sizeof page);
    overwrite("damaged.db", at, junk, sizeof junk);
    unlink("damaged.db-wal");
    unlink("damaged.db-shm");
    /* It is met where it is read; from then on nothing is written, by whoever opens the store. */
    RUN_WANTS(1, "is damaged", "--store", "damaged.db", "list", "projects");
    RUN_WANTS(1, "copy.db", "--store", "damaged.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    screen_open(&s, "damaged.db");
    screen_wait(&s, "The store is damaged");
    screen_wait(&s, "mkdir damaged.db.old && mv damaged.db damaged.db-*");
    screen_wait(&s, "jazari --store damaged.db restore");
    screen_wait(&s, "copy.db");
    screen_wait(&s, "damaged, read only");
    type_and_wait(&s, "\r", "Dashboard");
    screen_gone(&s, "way out");
    type_and_wait(&s, "2", "Souss-Massa");
    screen_end(&s);
    buffer_free(&s.seen);
    RUN_WANTS(1, "is damaged", "--store", "damaged.db", "check");
    /* The way out is one. */
    RUN_WANTS(0, "restored from copy.db", "--store", "again.db", "restore", "copy.db");
    RUN_WANTS(0, "", "--store", "again.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    assert_int_equal(run_count_rows("again.db", "project"), 1);
    /* And where a check finds the store whole again, it is written again. */
    overwrite("damaged.db", at, page, sizeof page);
    unlink("damaged.db-wal");
    unlink("damaged.db-shm");
    RUN_WANTS(1, "is damaged", "--store", "damaged.db", "add", "organisation", "name=Commune 1",
              "kind=local_authority");
    RUN_WANTS(0, "", "--store", "damaged.db", "check");
    RUN_WANTS(0, "", "--store", "damaged.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    buffer_free(&whole);
}

static void forget_log(const char *path) {
    static const char *const ends[] = {"-wal", "-shm"};
    char name[80];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* Writes over where the projects are; what was there is kept. */
static long damage(const char *path, char page[4096]) {
    char junk[4096];
    Buffer whole = {0};
    memset(junk, 0xFF, sizeof junk);
    long at = page_of(path, "project");
    run_read_file(path, &whole);
    memcpy(page, whole.bytes + at, sizeof junk);
    buffer_free(&whole);
    overwrite(path, at, junk, sizeof junk);
    forget_log(path);
    return at;
}

/* What the dialog tells to do: the store and what lies beside it go elsewhere, and a copy takes its place. */
static void move_and_restore(const char *store, const char *copy) {
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-damaged", "-copied", "-drafts"};
    char from[80], to[160];
    snprintf(to, sizeof to, "%s.old", store);
    assert_int_equal(mkdir(to, 0700), 0);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(from, sizeof from, "%s%s", store, ends[i]);
        snprintf(to, sizeof to, "%s.old/%s", store, from);
        if (rename(from, to) != 0) assert_int_equal(errno, ENOENT);
    }
    RUN_WANTS(0, "restored from", "--store", store, "restore", copy);
}

/* The dialog goes by itself, and one writes again in the screen that was open all the time. */
static void expect_writes_again(Screen *s) {
    screen_gone(s, "The store is damaged");
    screen_gone(s, "damaged, read only");
    type_and_wait(s, "3", "Water gauges");
    type_and_wait(s, "e", "start over");
    type_and_wait(s, "x", "Water gaugesx");
    type_and_wait(s, "\023", "SMA-P1: changed");
}

static void test_a_damaged_server_is_restored(void **state) {
    (void)state;
    Server server;
    Screen s;
    char page[4096];
    start(&server, "served");
    end(&server, SIGTERM);
    RUN_WANTS(0, "", "--store", server.store, "--site", "SMA", "add", "project", "title=Water gauges", "stage=pilot",
              "sector=water");
    RUN_WANTS(0, "written and checked", "--store", server.store, "backup", "served.copy");
    damage(server.store, page);
    serve(&server);
    const char *const words[] = {"--socket", server.socket, "--site", "SMA", NULL};
    screen_start(&s, words, false);
    screen_wait(&s, "Dashboard");
    screen_type(&s, "3");
    screen_wait(&s, "The store is damaged");
    screen_wait(&s, "Tell the server's admin");
    screen_wait(&s, "damaged, read only");
    end(&server, SIGTERM);
    move_and_restore(server.store, "served.copy");
    serve(&server);
    expect_writes_again(&s);
    screen_end(&s);
    buffer_free(&s.seen);
    end(&server, SIGTERM);
    RUN_WANTS(0, "", "--store", server.store, "check");
}

static void test_a_damaged_store_is_found_whole(void **state) {
    (void)state;
    Screen s;
    char page[4096];
    make_with_project("healed.db");
    long at = damage("healed.db", page);
    screen_open(&s, "healed.db");
    screen_wait(&s, "Dashboard");
    screen_type(&s, "3");
    screen_wait(&s, "The store is damaged");
    screen_wait(&s, "damaged, read only");
    overwrite("healed.db", at, page, sizeof page);
    RUN_WANTS(0, "", "--store", "healed.db", "check");
    expect_writes_again(&s);
    screen_end(&s);
    buffer_free(&s.seen);
    RUN_WANTS(0, "", "--store", "healed.db", "check");
}

/* A screen that was left open on the file that was moved away writes nothing into it. */
static void test_a_store_is_restored_under_a_screen(void **state) {
    (void)state;
    Screen s;
    char page[4096];
    make_with_project("under.db");
    RUN_WANTS(0, "written and checked", "--store", "under.db", "backup", "under.copy");
    damage("under.db", page);
    screen_open(&s, "under.db");
    screen_wait(&s, "Dashboard");
    screen_type(&s, "3");
    screen_wait(&s, "The store is damaged");
    move_and_restore("under.db", "under.copy");
    screen_gone(&s, "The store is damaged");
    screen_wait(&s, "leave and open it again");
    type_and_wait(&s, "n", "New: Project");
    type_and_wait(&s, "Wells\tpilot\t\t\twater\t", "water");
    type_and_wait(&s, "\023", "file was moved");
    type_and_wait(&s, "\033", "what you typed comes back");
    screen_end(&s);
    buffer_free(&s.seen);
    screen_open(&s, "under.db");
    screen_wait(&s, "Not saved yet");
    screen_type(&s, "\033");
    screen_gone(&s, "Not saved yet");
    expect_writes_again(&s);
    screen_end(&s);
    buffer_free(&s.seen);
    RUN_WANTS(0, "", "--store", "under.db", "check");
}

/* Killed at any time, a restore leaves no store that would give out codes of the old epoch: it has another name until
 * it is whole. */
static void test_restore_is_whole_or_not_there(void **state) {
    (void)state;
    make_with_project("from.db");
    RUN_WANTS(0, "written", "--store", "from.db", "backup", "from.copy");
    run_write_file("to.db.part", "left by one that was killed", 27);
    RUN_WANTS(0, "new epoch", "--store", "to.db", "restore", "from.copy");
    assert_int_equal(access("to.db.part", F_OK), -1);
    RUN_WANTS(1, "there is a file of this name already", "--store", "to.db", "restore", "from.copy");
    RUN_WANTS(1, "No such file", "--store", "new.db", "restore", "nowhere.db");
    assert_int_equal(access("new.db", F_OK), -1);
    assert_int_equal(access("new.db.part", F_OK), -1);
    RUN_WANTS(0, "", "--store", "to.db", "check");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_only_for_a_time),
        cmocka_unit_test(test_full_for_a_time),
        cmocka_unit_test(test_unsynced_for_a_time),
        cmocka_unit_test(test_left_before_the_disk_took_it),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_a_damaged_server_is_restored),
        cmocka_unit_test(test_a_damaged_store_is_found_whole),
        cmocka_unit_test(test_a_store_is_restored_under_a_screen),
        cmocka_unit_test(test_restore_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
