/* Drafts: their lines and files, and the keeper that writes them. */
#include "service/keeper.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], store[96];

static int enter(void **state) {
    (void)state;
    strcpy(directory, "/tmp/jazari-draft-XXXXXX");
    if (!mkdtemp(directory)) return -1;
    snprintf(store, sizeof store, "%s/store.db", directory);
    return 0;
}

static int leave(void **state) {
    char command[160];
    (void)state;
    pid_t pid = fork();
    if (!pid) {
        snprintf(command, sizeof command, "%s", directory);
        execlp("rm", "rm", "-rf", command, (char *)NULL);
        _exit(127);
    }
    int status;
    return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static Draft sample(const char *key, DraftField *fields, int count) {
    return (Draft){.key = key,
                   .verb = "set",
                   .code = "SMA-N1",
                   .entity = &entity_need,
                   .id = 42,
                   .rev = 3,
                   .site = 9,
                   .op = "01K",
                   .opened = 1000,
                   .at = 2000,
                   .focus = "title",
                   .cursor = 4,
                   .fields = fields,
                   .count = count};
}

static void file_of(const char *login, const Draft *d, char *out, size_t size) {
    Buffer path = {0};
    draft_path(&path, store, login, d);
    snprintf(out, size, "%s", path.bytes);
    buffer_free(&path);
}

static void write_file(const char *path, const char *bytes, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static int list(const char *login, Arena *arena, Draft **drafts) {
    int count;
    draft_list(arena, store, login, drafts, &count);
    return count;
}

/* --- lines --------------------------------------------------------------------------------------------------------- */

static void test_line_round_trip(void **state) {
    (void)state;
    DraftField fields[] = {{"title", "Eau \"potable\"", "ماء\nصالح\\"}, {"people", "", "12"}};
    Draft d = sample("set need SMA-N1", fields, 2), read;
    Buffer line = {0}, again = {0};
    Arena arena = {0};
    draft_write(&d, &line);
    assert_null(memchr(line.bytes, '\n', line.size));
    assert_true(draft_read(&arena, line.bytes, line.size, &read));
    assert_string_equal(read.fields[0].text, fields[0].text);
    assert_string_equal(read.fields[0].was, fields[0].was);
    assert_int_equal(read.at, 2000);
    assert_int_equal(read.opened, 1000);
    assert_ptr_equal(read.entity, &entity_need);
    draft_write(&read, &again);
    assert_string_equal(again.bytes, line.bytes);
    buffer_free(&line);
    buffer_free(&again);
    arena_free(&arena);
}

/* No beginning of a line is a draft, nor is one with a member missing or of another kind. */
static void test_what_is_no_draft(void **state) {
    (void)state;
    DraftField field = {"title", "", "Capteurs"};
    Draft d = sample("k", &field, 1), read;
    Buffer line = {0};
    Arena arena = {0};
    draft_write(&d, &line);
    for (size_t size = 0; size < line.size; size++) {
        assert_false(draft_read(&arena, line.bytes, size, &read));
    }
    static const char *const changes[][2] = {
        {"\"site\":9", "\"site\":13"},     {"\"entity\":\"need\"", "\"entity\":\"ned\""},
        {"\"id\":42", "\"id\":-42"},       {"\"id\":42", "\"id\":\"42\""},
        {"\"key\":\"k\"", "\"key\":\"\""}, {"\"was\":\"\"", "\"war\":\"\""},
        {"\"rev\":3", "\"id\":3"},         {"1970-01-01T00:16:40Z", "1970-01-01"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        Buffer wrong = {0};
        const char *at = strstr(line.bytes, changes[i][0]);
        assert_non_null(at);
        buffer_add(&wrong, line.bytes, (size_t)(at - line.bytes));
        buffer_add_string(&wrong, changes[i][1]);
        buffer_add_string(&wrong, at + strlen(changes[i][0]));
        if (draft_read(&arena, wrong.bytes, wrong.size, &read)) fail_msg("read: %s", wrong.bytes);
        buffer_free(&wrong);
    }
    buffer_free(&line);
    arena_free(&arena);
}

/* --- files --------------------------------------------------------------------------------------------------------- */

static void test_names_stay_within(void **state) {
    (void)state;
    char path[200], wanted[200];
    Draft d = sample("k", NULL, 0);
    file_of("../../etc", &d, path, sizeof path);
    snprintf(wanted, sizeof wanted, "%s-drafts/%%2E.%%2F..%%2Fetc/need-42-", store);
    assert_memory_equal(path, wanted, strlen(wanted));
}

/* A store that is made where one was is another: what was typed into forms of that one is kept, and not offered. */
static void test_of_an_earlier_store(void **state) {
    (void)state;
    DraftField field = {"title", "", "Capteurs"};
    Draft d = sample("earlier", &field, 1), *drafts;
    Buffer line = {0};
    Arena arena = {0};
    char path[200], aside[200];
    draft_write(&d, &line);
    buffer_add_char(&line, '\n');
    for (int i = 1; i <= 2; i++) {
        assert_true(draft_make_directories(store, "earlier"));
        file_of("earlier", &d, path, sizeof path);
        write_file(path, line.bytes, line.size);
        assert_int_equal(list("earlier", &arena, &drafts), 1);
        draft_set_aside(store);
        assert_int_equal(list("earlier", &arena, &drafts), 0);
        size_t base = strlen(store) + strlen("-drafts");
        snprintf(aside, sizeof aside, "%.*s-%d%s", (int)base, path, i, path + base);
        assert_int_equal(access(aside, F_OK), 0);
    }
    arena_free(&arena);
    buffer_free(&line);
}

/* A torn last line leaves the one before; rubbish is no draft and stays where it is while somebody holds it. */
static void test_torn_lines(void **state) {
    (void)state;
    DraftField first = {"title", "", "Capteurs"}, second = {"title", "", "Capteurs de crue"};
    Draft a = sample("torn", &first, 1), b = sample("torn", &second, 1), *drafts;
    Buffer file = {0};
    Arena arena = {0};
    char path[200];
    draft_write(&a, &file);
    buffer_add_char(&file, '\n');
    size_t whole = file.size;
    draft_write(&b, &file);
    assert_true(draft_make_directories(store, "torn"));
    file_of("torn", &a, path, sizeof path);
    for (size_t size = whole; size <= file.size; size += 7) {
        write_file(path, file.bytes, size);
        assert_int_equal(list("torn", &arena, &drafts), 1);
        assert_string_equal(drafts[0].fields[0].text, "Capteurs");
    }
    buffer_add_char(&file, '\n');
    write_file(path, file.bytes, file.size);
    assert_int_equal(list("torn", &arena, &drafts), 1);
    assert_string_equal(drafts[0].fields[0].text, "Capteurs de crue");
    /* Nothing in it, and nobody at it: it goes. */
    write_file(path, "rubbish\n\n\xFF{}\n", 12);
    int fd = open(path, O_RDONLY);
    assert_int_equal(flock(fd, LOCK_SH), 0);
    assert_int_equal(list("torn", &arena, &drafts), 0);
    assert_int_equal(access(path, F_OK), 0);
    close(fd);
    assert_int_equal(list("torn", &arena, &drafts), 0);
    assert_int_equal(access(path, F_OK), -1);
    buffer_free(&file);
    arena_free(&arena);
}

/* --- the keeper ---------------------------------------------------------------------------------------------------- */

static void test_keeper(void **state) {
    (void)state;
    Keeper *k = keeper_new(store, "fatima");
    Arena arena = {0};
    DraftField field = {"title", "", "Capteurs"};
    Draft d = sample("set need SMA-N1", &field, 1), other = sample("add need @SMA", &field, 1), empty, *drafts;
    Editor *editors;
    int count;
    other.id = other.rev = 0;
    other.code = "";
    other.at = 3000;
    assert_true(keeper_tell(k, KEEPER_PUT, &d));
    assert_true(keeper_tell(k, KEEPER_PUT, &other));
    keeper_settle(k);
    assert_int_equal(list("fatima", &arena, &drafts), 2);
    assert_string_equal(drafts[0].key, "add need @SMA"); /* the newest first */
    assert_int_equal(list("omar", &arena, &drafts), 0);
    draft_editors(&arena, store, &entity_need, 42, &editors, &count);
    assert_int_equal(count, 1);
    assert_string_equal(editors[0].login, "fatima");
    assert_int_equal(editors[0].since, 1000);
    draft_editors(&arena, store, &entity_project, 42, &editors, &count);
    assert_int_equal(count, 0);
    draft_editors(&arena, store, &entity_need, 4, &editors, &count);
    assert_int_equal(count, 0);
    /* A form that is left is open no more; what was typed stays. */
    assert_true(keeper_tell(k, KEEPER_LEAVE, &d));
    assert_true(keeper_tell(k, KEEPER_DROP, &other));
    keeper_settle(k);
    draft_editors(&arena, store, &entity_need, 42, &editors, &count);
    assert_int_equal(count, 0);
    assert_int_equal(list("fatima", &arena, &drafts), 1);
    /* One in which nothing is typed any more leaves nothing. */
    empty = d;
    empty.count = 0;
    assert_true(keeper_tell(k, KEEPER_PUT, &empty));
    assert_true(keeper_tell(k, KEEPER_LEAVE, &empty));
    keeper_settle(k);
    assert_int_equal(draft_count(store, "fatima"), 0);
    keeper_free(k);
    arena_free(&arena);
}

/* A draft is kept where its file holds it as it is; one that is open is said to be. */
static void test_what_is_kept(void **state) {
    (void)state;
    Keeper *k = keeper_new(store, "kept");
    Arena arena = {0};
    DraftField field = {"title", "", "Capteurs"}, more = {"title", "", "Capteurs de crue"};
    Draft d = sample("set need SMA-N1", &field, 1), changed = sample("set need SMA-N1", &more, 1), *drafts;
    char path[200];
    assert_false(draft_is_kept(store, "kept", &d));
    assert_true(keeper_tell(k, KEEPER_PUT, &d));
    keeper_settle(k);
    assert_true(draft_is_kept(store, "kept", &d));
    assert_false(draft_is_kept(store, "kept", &changed));
    assert_false(draft_is_kept(store, "else", &d));
    d.at++;
    assert_true(draft_is_kept(store, "kept", &d));
    assert_int_equal(list("kept", &arena, &drafts), 1);
    assert_true(drafts[0].open);
    assert_true(keeper_tell(k, KEEPER_LEAVE, &d));
    keeper_settle(k);
    assert_int_equal(list("kept", &arena, &drafts), 1);
    assert_false(drafts[0].open);
    /* Where its file cannot be written it is not, whatever was told. */
    changed.key = "add need";
    file_of("kept", &changed, path, sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(keeper_tell(k, KEEPER_PUT, &changed));
    keeper_settle(k);
    assert_false(draft_is_kept(store, "kept", &changed));
    assert_int_equal(rmdir(path), 0);
    keeper_free(k);
    arena_free(&arena);
}

/* One's own place for drafts is one a store, made as needed, and only where there is a home for it. */
static void test_own_place(void **state) {
    (void)state;
    Buffer one = {0}, other = {0};
    char home[96], wanted[160];
    struct stat st;
    snprintf(home, sizeof home, "%s/home", directory);
    assert_int_equal(mkdir(home, 0700), 0);
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", home, 1);
    assert_true(draft_own_place(&one, "/srv/a.db"));
    assert_true(draft_own_place(&other, "/srv/b.db"));
    assert_string_not_equal(one.bytes, other.bytes);
    snprintf(wanted, sizeof wanted, "%s/.local/state/jazari", home);
    assert_memory_equal(one.bytes, wanted, strlen(wanted));
    assert_int_equal(stat(wanted, &st), -1); /* before it is needed */
    assert_true(draft_make_way(one.bytes));
    assert_int_equal(stat(wanted, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    buffer_clear(&one);
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    assert_true(draft_own_place(&one, "/srv/a.db"));
    assert_false(draft_make_way(one.bytes));
    buffer_clear(&one);
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    assert_false(draft_own_place(&one, "/srv/a.db"));
    buffer_free(&one);
    buffer_free(&other);
}

static void test_keeper_takes_no_rubbish(void **state) {
    (void)state;
    static const char *const messages[] = {"", "p", "p{}", "s", "x{}", "p{\"at\":1}", "pp"};
    Keeper *k = keeper_new(store, "rubbish");
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        assert_false(keeper_forward(k, messages[i], strlen(messages[i])));
    }
    assert_int_equal(draft_count(store, "rubbish"), 0);
    keeper_free(k);
}

/* Long texts, typed for long: the file does not grow without end, and nothing of the last is missing. */
static void test_keeper_shortens(void **state) {
    (void)state;
    enum { SIZE = 60000, KEYS = 60 };
    Keeper *k = keeper_new(store, "long");
    Arena arena = {0};
    char *text = memory_new(SIZE + KEYS + 1), path[200];
    struct stat st;
    Draft *drafts;
    memset(text, 'a', SIZE + KEYS);
    for (int i = 0; i < KEYS; i++) {
        text[SIZE + i] = 0;
        DraftField field = {"problem", "", text};
        Draft d = sample("long", &field, 1);
        assert_true(keeper_tell(k, KEEPER_PUT, &d));
        text[SIZE + i] = 'b';
        file_of("long", &d, path, sizeof path);
    }
    keeper_settle(k);
    assert_int_equal(stat(path, &st), 0);
    assert_in_range(st.st_size, SIZE, 2 << 20);
    assert_int_equal(list("long", &arena, &drafts), 1);
    assert_int_equal(strlen(drafts[0].fields[0].text), SIZE + KEYS - 1);
    keeper_free(k);
    free(text);
    arena_free(&arena);
}

static void test_keeper_keeps_to_its_number(void **state) {
    (void)state;
    Keeper *k = keeper_new(store, "many");
    DraftField field = {"title", "", "Capteurs"};
    for (int i = 0; i < DRAFTS_MOST + 5; i++) {
        char key[32];
        snprintf(key, sizeof key, "set %d", i);
        Draft d = sample(key, &field, 1);
        assert_true(keeper_tell(k, KEEPER_PUT, &d));
    }
    keeper_settle(k);
    assert_int_equal(draft_count(store, "many"), DRAFTS_MOST);
    keeper_free(k);
}

/* The program that types is killed amid it: all that it had handed on is kept, and its locks go. */
static void test_keeper_outlives(void **state) {
    (void)state;
    enum { KEYS = 200 };
    char text[KEYS + 1] = "", path[200];
    DraftField field = {"title", "", text};
    Draft d = sample("killed", &field, 1), *drafts;
    Arena arena = {0};
    int status;
    pid_t pid = fork();
    if (!pid) {
        Keeper *k = keeper_new(store, "killed");
        for (int i = 0; i < KEYS; i++) {
            text[i] = 'k';
            text[i + 1] = 0;
            if (!keeper_tell(k, KEEPER_PUT, &d)) _exit(1);
        }
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    file_of("killed", &d, path, sizeof path);
    int fd;
    do { /* the keeper may not have begun yet */
        fd = open(path, O_RDONLY);
    } while (fd < 0);
    int kept;
    do { /* nor have locked its file, nor have ended: its lock goes when it is done */
        assert_int_equal(flock(fd, LOCK_EX), 0);
        assert_int_equal(flock(fd, LOCK_UN), 0);
        kept = list("killed", &arena, &drafts);
    } while (!kept || strlen(drafts[0].fields[0].text) < KEYS);
    assert_int_equal(kept, 1);
    assert_int_equal(strlen(drafts[0].fields[0].text), KEYS);
    close(fd);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_round_trip),
        cmocka_unit_test(test_what_is_no_draft),
        cmocka_unit_test(test_names_stay_within),
        cmocka_unit_test(test_of_an_earlier_store),
        cmocka_unit_test(test_torn_lines),
        cmocka_unit_test(test_keeper),
        cmocka_unit_test(test_what_is_kept),
        cmocka_unit_test(test_own_place),
        cmocka_unit_test(test_keeper_takes_no_rubbish),
        cmocka_unit_test(test_keeper_shortens),
        cmocka_unit_test(test_keeper_keeps_to_its_number),
        cmocka_unit_test(test_keeper_outlives),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
