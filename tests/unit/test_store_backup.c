/* Backups are whole whoever writes meanwhile, and a store that was brought back from one mints ids of its own. */
#include "store_fixture.h"

#include "service/service.h"

static Store *open_copy(Fixture *f, const char *path) {
    Store *store = NULL;
    fixture_good(f, store_open(path, true, 1000, &store, &f->error), path);
    return store;
}

static void assert_copy_whole(Fixture *f, Store *store) {
    if (fixture_check_of(f, store) != STATUS_OK) fail_msg("%s\n%s", f->error.why, buffer_string(&f->faults));
}

static void a_backup_is_the_same_store(void **state) {
    Fixture *f = *state;
    static const char *const tables[] = {"journal", "operation", "counter", "home", "site", "project", "organisation"};
    Buffer is = {0}, copy = {0};
    char path[128], sql[80];
    make_network(f);
    fixture_path(f, "copy.db", path);
    fixture_good(f, store_backup(f->store, path, &f->error), "backup");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", tables[i]);
        raw_dump(f->path, sql, &is);
        raw_dump(path, sql, &copy);
        assert_string_equal(buffer_string(&is), buffer_string(&copy));
    }
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    Store *store = open_copy(f, path);
    assert_copy_whole(f, store);
    assert_int_equal(store_homes(store), ALL_SITES);
    store_close(store);
    buffer_free(&is);
    buffer_free(&copy);
}

/* What is not committed is not in it, and the writer goes on undisturbed. */
static void a_backup_holds_what_was_committed(void **state) {
    Fixture *f = *state;
    Store *reader;
    char path[128];
    fixture_project(f, SMA, "Premier");
    fixture_path(f, "copy.db", path);
    fixture_good(f, store_open(f->path, false, 1000, &reader, &f->error), "reader");
    fixture_begin(f);
    Record *r = fixture_record(f, &entity_project, SMA, "title", "Second", "stage", "pilot", "sector", "water", NULL);
    fixture_good(f, store_write(f->store, NULL, r, "add", &f->error), "write");
    fixture_good(f, store_backup(reader, path, &f->error), "backup");
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    store_close(reader);
    assert_int_equal(raw_number(path, "SELECT COUNT(*) FROM project"), 1);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project"), 2);
    Store *store = open_copy(f, path);
    assert_copy_whole(f, store);
    store_close(store);
    assert_whole(f);
}

static void a_backup_overwrites_nothing(void **state) {
    Fixture *f = *state;
    Buffer is = {0};
    char path[128];
    fixture_path(f, "copy.db", path);
    file_write(path, "mine", 4);
    assert_int_equal(store_backup(f->store, path, &f->error), STATUS_FAILED);
    assert_non_null(strstr(f->error.why, "already"));
    file_read(path, &is);
    assert_int_equal(is.size, 4);
    fixture_path(f, "missing/copy.db", path);
    assert_int_equal(store_backup(f->store, path, &f->error), STATUS_FAILED);
    assert_int_equal(store_backup(f->store, f->path, &f->error), STATUS_FAILED);
    assert_whole(f);
    buffer_free(&is);
}

static void a_new_epoch_mints_new_ids(void **state) {
    Fixture *f = *state;
    Record *first = fixture_project(f, SMA, "Premier");
    int epoch = 0;
    fixture_good(f, store_new_epoch(f->store, &f->error), "epoch");
    for (int i = 0; i < 2; i++) {
        Record *r = fixture_project(f, SMA, "Second");
        JournalEntry *entry;
        if (!i) epoch = id_epoch(r->id);
        assert_in_range(epoch, 1, EPOCH_MAX);
        assert_int_equal(id_epoch(r->id), epoch);
        assert_int_equal(id_counter(r->id), i + 1);
        assert_int_equal(id_site(r->id), SMA);
        fixture_good(f, journal_newest(f->store, &f->arena, r->entity, r->id, &entry, &f->error), "journal");
        assert_int_equal(entry->epoch, epoch);
        assert_int_equal(entry->number, i + 1);
        fixture_reopen(f);
    }
    /* What was there is still written, in the new epoch's chain. */
    fixture_good(f, fixture_change(f, first, "title", "Changé", NULL), "set");
    assert_string_equal(fixture_code(f, first), "SMA-P1");
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal WHERE epoch > 0"), 3);
    assert_whole(f);
}

/* No epoch that was written in comes back, until there is none left. */
static void epochs_come_to_an_end(void **state) {
    Fixture *f = *state;
    bool seen[EPOCH_MAX + 1] = {true};
    fixture_project(f, SMA, "Premier");
    for (int i = 0; i < EPOCH_MAX; i++) {
        fixture_good(f, store_new_epoch(f->store, &f->error), "one more");
        int epoch = id_epoch(fixture_project(f, SMA, "Suivant")->id);
        assert_in_range(epoch, 1, EPOCH_MAX);
        assert_false(seen[epoch]);
        seen[epoch] = true;
    }
    int64_t last = raw_number(f->path, "SELECT epoch FROM home WHERE site = 9");
    assert_int_equal(store_new_epoch(f->store, &f->error), STATUS_FAILED);
    assert_non_null(strstr(f->error.why, "epoch"));
    assert_int_equal(raw_number(f->path, "SELECT epoch FROM home WHERE site = 9"), last);
    assert_whole(f);
}

/* The store goes on after the backup; the restored one goes on from it: no id is minted by both. */
static void a_restored_store_mints_other_ids(void **state) {
    Fixture *f = *state;
    char backup[128], path[128];
    fixture_path(f, "copy.db", backup);
    fixture_path(f, "other.db", path);
    fixture_project(f, SMA, "Premier");
    fixture_good(f, store_backup(f->store, backup, &f->error), "backup");
    Record *lost = fixture_project(f, SMA, "Après la copie");
    fixture_good(f, service_restore(backup, path, &f->error), "restore");
    store_close(f->store);
    memcpy(f->path, path, sizeof f->path);
    f->store = open_copy(f, path);
    assert_false(fixture_exists(f, lost));
    Record *r = fixture_project(f, SMA, "Après le retour");
    assert_true(r->id != lost->id);
    assert_in_range(id_epoch(r->id), 1, EPOCH_MAX);
    char code[24];
    snprintf(code, sizeof code, "SMA-P1.%d", id_epoch(r->id));
    assert_string_equal(fixture_code(f, r), code);
    assert_whole(f);
    /* The backup is as it was. */
    assert_int_equal(raw_number(backup, "SELECT MAX(epoch) FROM home"), 0);
    assert_int_equal(raw_number(backup, "SELECT COUNT(*) FROM project"), 1);
}

static void a_restore_overwrites_nothing(void **state) {
    Fixture *f = *state;
    char backup[128], text[128];
    fixture_path(f, "copy.db", backup);
    fixture_path(f, "third.db", text);
    fixture_project(f, SMA, "Premier");
    fixture_good(f, store_backup(f->store, backup, &f->error), "backup");
    fixture_project(f, SMA, "Second");
    assert_int_equal(service_restore(backup, f->path, &f->error), STATUS_FAILED);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project"), 2);
    file_write(text, "no store", 8);
    fixture_path(f, "other.db", backup);
    assert_int_equal(service_restore(text, backup, &f->error), STATUS_FAILED);
    assert_int_equal(access(backup, F_OK), -1);
    assert_whole(f);
}

/* Its file was moved, and the server that has it open goes on. */
static void no_store_comes_in_place_of_one_that_is_served(void **state) {
    Fixture *f = *state;
    char moved[128];
    Store *owner;
    fixture_path(f, "moved.db", moved);
    store_close(f->store);
    f->store = NULL;
    fixture_good(f, store_open(f->path, true, 0, &owner, &f->error), "open");
    fixture_good(f, store_own(owner, &f->error), "own");
    assert_int_equal(rename(f->path, moved), 0);
    assert_int_equal(store_is_free(f->path, &f->error), STATUS_FAILED);
    assert_non_null(strstr(f->error.why, "still has the store open"));
    store_close(owner);
    fixture_good(f, store_is_free(f->path, &f->error), "free");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_backup_is_the_same_store),   TEST(a_backup_holds_what_was_committed),
        TEST(a_backup_overwrites_nothing),  TEST(a_new_epoch_mints_new_ids),
        TEST(epochs_come_to_an_end),        TEST(a_restored_store_mints_other_ids),
        TEST(a_restore_overwrites_nothing), TEST(no_store_comes_in_place_of_one_that_is_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
