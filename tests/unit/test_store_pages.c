/* The stamps on the pages of a store's file: one changed bit is found wherever it lies. */
#include "store_fixture.h"

#include "store/engine_file.h"
#include "store/engine_pages.h"
#include "store/trouble.h"

#include <fcntl.h>

enum { RESERVED_AT = 20 };

static unsigned char byte_of(const char *path, off_t at, unsigned char flip) {
    unsigned char byte;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= flip;
    if (flip) assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
    return byte;
}

static void open_copy(Spoiled *s, Store **store) {
    fixture_good(s->f, store_open(s->copy, true, 1000, store, &s->f->error), "open");
}

/* In the first, the middle and the last byte of every page. */
static void a_bit_of_any_page_is_found(void **state) {
    Spoiled *s = *state;
    static const int places[] = {101, PAGES_SIZE / 2, PAGES_SIZE - 1};
    assert_int_equal(s->whole.bytes[RESERVED_AT], PAGES_STAMP);
    for (size_t page = 0; page < s->whole.size / PAGES_SIZE; page++) {
        Store *store;
        char said[40];
        size_t at = page * PAGES_SIZE + (size_t)places[page % 3];
        snprintf(said, sizeof said, "page %zu of the file", page + 1);
        file_write(s->copy, s->whole.bytes, s->whole.size);
        byte_of(s->copy, (off_t)at, 0x10);
        /* Where it cannot even be opened, that was said. */
        if (store_open(s->copy, true, 1000, &store, &s->f->error) == STATUS_OK) {
            assert_int_equal(fixture_check_of(s->f, store), STATUS_CONFLICT);
            if (!strstr(buffer_string(&s->f->faults), said)) fail_msg("%s: %s", said, buffer_string(&s->f->faults));
            store_close(store);
        } else assert_true(*s->f->error.why);
        assert_true(trouble_is_damaged(s->copy));
        store_remove(s->copy);
    }
}

/* The fault names the table or index; met where it is read, it ends writing. */
static void what_is_read_from_a_changed_page_is_told(void **state) {
    Spoiled *s = *state;
    Store *store;
    Record *row;
    Arena arena = {0};
    file_write(s->copy, s->whole.bytes, s->whole.size);
    int64_t page = raw_number(s->copy, "SELECT rootpage FROM sqlite_schema WHERE name = 'milestone'");
    /* Behind the header and the places of cells, before the cells: of no row. */
    byte_of(s->copy, (off_t)(page - 1) * PAGES_SIZE + 64, 0x01);
    int64_t id = raw_number(s->copy, "SELECT id FROM milestone");
    open_copy(s, &store);
    assert_false(trouble_is_damaged(s->copy));
    fixture_good(s->f, store_read(store, &arena, &entity_milestone, id, FIELDS_ALL, &row, &s->f->error), "read");
    assert_true(trouble_is_damaged(s->copy));
    assert_int_equal(fixture_check_of(s->f, store), STATUS_CONFLICT);
    assert_int_equal(s->f->fault_count, 1);
    assert_non_null(strstr(buffer_string(&s->f->faults), "of milestone, is not what was written"));
    store_close(store);
    store_remove(s->copy);
    arena_free(&arena);
}

/* A page that the log has too is not read from the file. */
static void a_page_in_the_log_may_be_half_copied(void **state) {
    Spoiled *s = *state;
    Store *store;
    char log[140];
    file_write(s->copy, s->whole.bytes, s->whole.size);
    int64_t page = raw_number(s->copy, "SELECT rootpage FROM sqlite_schema WHERE name = 'counter'");
    open_copy(s, &store);
    sqlite3 *raw = raw_open(s->copy);
    raw_run(raw, "UPDATE counter SET last = last + 1"); /* stays in the log: nobody copies it */
    snprintf(log, sizeof log, "%s-wal", s->copy);
    struct stat st;
    assert_int_equal(stat(log, &st), 0);
    assert_true(st.st_size > 0);
    byte_of(s->copy, (off_t)(page - 1) * PAGES_SIZE + 64, 0x01);
    if (fixture_check_of(s->f, store) != STATUS_OK) fail_msg("%s", buffer_string(&s->f->faults));
    sqlite3_close(raw);
    store_close(store);
    store_remove(s->copy);
}

/* A store as it was made before there were stamps: the same rows in a file without. */
static void make_unstamped(const char *from, const char *path) {
    sqlite3 *db = NULL;
    sqlite3_stmt *made = NULL;
    Buffer sql = {0};
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    buffer_format(&sql, "PRAGMA application_id=%d; PRAGMA page_size=%d; PRAGMA journal_mode=WAL; ATTACH '%s' AS whole",
                  ENGINE_APPLICATION_ID, PAGES_SIZE, from);
    raw_run(db, sql.bytes);
    /* Tables, then what they hold, then the rest; the tables behind an index of words come with it. */
    static const char *const parts[] = {
        "SELECT sql FROM whole.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\'",
        "SELECT 'INSERT INTO main.' || name || ' SELECT * FROM whole.' || name FROM whole.sqlite_schema WHERE type = "
        "'table' AND name NOT LIKE '%\\_search%' ESCAPE '\\'",
        "SELECT 'INSERT INTO main.' || name || ' (rowid, folded) SELECT id, folded FROM ' || replace(name, '_search', "
        "'') FROM whole.sqlite_schema WHERE type = 'table' AND name LIKE '%\\_search' ESCAPE '\\'",
        "SELECT sql FROM whole.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_int_equal(sqlite3_prepare_v2(db, parts[i], -1, &made, NULL), SQLITE_OK);
        buffer_clear(&sql);
        while (sqlite3_step(made) == SQLITE_ROW) {
            buffer_format(&sql, "%s; ", (const char *)sqlite3_column_text(made, 0));
        }
        sqlite3_finalize(made);
        raw_run(db, buffer_string(&sql));
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    buffer_free(&sql);
}

static void a_copy_of_an_older_store_is_stamped(void **state) {
    Spoiled *s = *state;
    Store *store;
    char older[128];
    fixture_path(s->f, "other.db", older);
    make_unstamped(s->f->path, older);
    assert_int_equal(byte_of(older, RESERVED_AT, 0), 0);
    fixture_good(s->f, store_open(older, true, 1000, &store, &s->f->error), "open");
    if (fixture_check_of(s->f, store) != STATUS_OK) fail_msg("%s", buffer_string(&s->f->faults));
    fixture_good(s->f, store_backup(store, s->copy, &s->f->error), "backup");
    store_close(store);
    assert_int_equal(byte_of(s->copy, RESERVED_AT, 0), PAGES_STAMP);
    open_copy(s, &store);
    if (fixture_check_of(s->f, store) != STATUS_OK) fail_msg("%s", buffer_string(&s->f->faults));
    store_close(store);
    byte_of(s->copy, PAGES_SIZE * 3 - 1, 0x01);
    open_copy(s, &store);
    assert_int_equal(fixture_check_of(s->f, store), STATUS_CONFLICT);
    store_close(store);
    store_remove(s->copy);
    store_remove(older);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bit_of_any_page_is_found),
        cmocka_unit_test(what_is_read_from_a_changed_page_is_told),
        cmocka_unit_test(a_page_in_the_log_may_be_half_copied),
        cmocka_unit_test(a_copy_of_an_older_store_is_stamped),
    };
    return cmocka_run_group_tests(tests, spoiled_set_up, spoiled_tear_down);
}
