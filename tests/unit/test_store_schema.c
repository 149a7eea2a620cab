/* The schema: the entity tables and data/schema say the same; every past version migrates up; what is newer, or no store
 * of ours, is refused and left as it was. */
#include "store_fixture.h"

#include "base/embedded.h"
#include "service/service.h"
#include "store/engine_file.h"
#include "store/predicate.h"

#define EACH(entity)                                                                                                   \
    for (int kind_ = 1; kind_ < ENTITY_COUNT; kind_++)                                                                 \
        for (const Entity *entity = entity_of_kind(kind_); entity; entity = NULL)

/* --- tables against schema ---------------------------------------------------------------------------------------- */

static bool searched(const Entity *entity) {
    for (int i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].flags & FIELD_SEARCHED) return true;
    }
    return false;
}

/* "name|TYPE|notnull" for the columns an entity's table should have, sorted by name. */
static void expect_columns(const Entity *entity, Buffer *out) {
    char lines[64][80];
    int count = 0;
    snprintf(lines[count++], 80, "id|INTEGER|0|1\n");
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        if ((f->flags & FIELD_DERIVED) || f->kind == FIELD_CODE || field_is_list(f)) continue;
        bool may_be_null = f->kind == FIELD_REF && !(f->flags & FIELD_REQUIRED);
        snprintf(lines[count++], 80, "%s|%s|%d|0\n", f->name, field_is_text(f) ? "TEXT" : "INTEGER", !may_be_null);
    }
    if (searched(entity)) {
        snprintf(lines[count++], 80, "sort_key|TEXT|1|0\n");
        snprintf(lines[count++], 80, "folded|TEXT|1|0\n");
    }
    qsort(lines, (size_t)count, sizeof *lines, (int (*)(const void *, const void *))strcmp);
    buffer_clear(out);
    for (int i = 0; i < count; i++) {
        buffer_add_string(out, lines[i]);
    }
}

static void columns_are_the_fields(void **state) {
    Fixture *f = *state;
    Buffer is = {0}, should = {0};
    EACH(entity) {
        char sql[160];
        snprintf(sql, sizeof sql,
                 "SELECT name, type, \"notnull\", pk FROM pragma_table_info('%s') ORDER BY name || '|'", entity->name);
        raw_dump(f->path, sql, &is);
        expect_columns(entity, &should);
        assert_string_equal(buffer_string(&is), buffer_string(&should));
    }
    buffer_free(&is);
    buffer_free(&should);
}

static void list_fields_have_tables(void **state) {
    Fixture *f = *state;
    Buffer is = {0}, should = {0};
    EACH(entity) {
        for (int i = 0; i < entity->field_count; i++) {
            const Field *field = &entity->fields[i];
            char sql[200];
            if (!field_is_list(field)) continue;
            bool bookings = field->kind == FIELD_BOOKINGS;
            snprintf(sql, sizeof sql, "SELECT name, type, \"notnull\", pk FROM pragma_table_info('%s_%s')",
                     entity->name, field->name);
            raw_dump(f->path, sql, &is);
            assert_string_equal(buffer_string(&is), bookings
                                                        ? "record|INTEGER|1|1\nitem|TEXT|1|2\nquantity|INTEGER|1|0\n"
                                                        : "record|INTEGER|1|1\nitem|INTEGER|1|2\n");
            snprintf(sql, sizeof sql,
                     "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('%s_%s') ORDER BY 1",
                     entity->name, field->name);
            raw_dump(f->path, sql, &is);
            buffer_clear(&should);
            if (!bookings) buffer_format(&should, "item|%s|id\n", entity_of_kind(field->ref)->name);
            buffer_format(&should, "record|%s|id\n", entity->name);
            assert_string_equal(buffer_string(&is), buffer_string(&should));
        }
    }
    buffer_free(&is);
    buffer_free(&should);
}

/* Every reference is a foreign key to its entity's table, and there is no other. A site's own owner is looked after by
 * the reference data. */
static void references_are_foreign_keys(void **state) {
    Fixture *f = *state;
    Buffer is = {0};
    EACH(entity) {
        char sql[160];
        int refs = 0;
        snprintf(sql, sizeof sql, "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('%s')",
                 entity->name);
        raw_dump(f->path, sql, &is);
        for (int i = 0; i < entity->field_count; i++) {
            const Field *field = &entity->fields[i];
            char line[100];
            if (field->kind != FIELD_REF || entity == &entity_site) continue;
            snprintf(line, sizeof line, "%s|%s|id\n", field->name, entity_of_kind(field->ref)->name);
            const char *at = strstr(buffer_string(&is), line);
            if (!at) fail_msg("%s: no foreign key %s", entity->name, line);
            refs++;
        }
        for (const char *c = buffer_string(&is); *c; c++) {
            refs -= *c == '\n';
        }
        if (refs) fail_msg("%s has foreign keys that are no reference fields:\n%s", entity->name, buffer_string(&is));
    }
    buffer_free(&is);
}

/* The pages name an index by what it sorts: ENTITY_by_COLUMN begins with that column and goes on to the id; so does
 * ENTITY_open_by_COLUMN. */
static void indexes_are_what_they_are_called(void **state) {
    Fixture *f = *state;
    Buffer names = {0};
    int seen = 0;
    raw_dump(f->path,
             "SELECT m.tbl_name || iif(m.name GLOB '*_open_by_*', '_open_by_', '_by_'), m.name, (SELECT name FROM "
             "pragma_index_info(m.name) WHERE seqno = 0) "
             "FROM sqlite_schema m WHERE m.type = 'index' AND m.sql IS NOT NULL ORDER BY m.name",
             &names);
    for (char *line = names.bytes; line && *line; seen++) {
        char *end = strchr(line, '\n'), *name = strchr(line, '|'), *column = name ? strchr(name + 1, '|') : NULL;
        assert_non_null(column);
        *end = *name++ = *column++ = 0;
        if (strncmp(name, line, strlen(line)) != 0) fail_msg("%s is not called %s...", name, line);
        const char *said = name + strlen(line);
        bool journal = strncmp(name, "journal_", 8) == 0 || strncmp(name, "operation_", 10) == 0;
        if (!journal && strcmp(said, column) != 0) fail_msg("%s begins with %s", name, column);
        line = end + 1;
    }
    assert_true(seen > 20);
    buffer_free(&names);
}

/* An index of what is open has the very rows that the entity's open_filter lets through: else a list that walks it would
 * leave some out. */
static void indexes_of_what_is_open_agree_with_the_model(void **state) {
    Fixture *f = *state;
    Buffer sql = {0}, known = {0};
    int seen = 0;
    EACH(entity) {
        char ask[200];
        snprintf(ask, sizeof ask,
                 "SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_schema WHERE type = 'index' AND "
                 "name GLOB '%s_open_by_*'",
                 entity->name);
        raw_dump(f->path, ask, &sql);
        if (!sql.size) continue;
        buffer_clear(&known);
        predicate_states(&known, filter_open_states(entity));
        for (char *line = sql.bytes; *line; seen++) {
            char *end = strchr(line, '\n');
            *end = 0;
            assert_string_equal(line + strlen(" WHERE "), buffer_string(&known) + strlen("t."));
            line = end + 1;
        }
    }
    assert_true(seen > 0);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM sqlite_schema WHERE name GLOB '*_open_by_*'"), seen);
    buffer_free(&sql);
    buffer_free(&known);
}

/* Whoever is searched by an index of the text has one. */
static void searched_entities_have_an_index(void **state) {
    Fixture *f = *state;
    EACH(entity) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM sqlite_schema WHERE name = '%s_search'", entity->name);
        assert_int_equal(raw_number(f->path, sql), entity->indexed);
        if (entity->indexed) assert_true(searched(entity));
    }
}

/* --- a new store -------------------------------------------------------------------------------------------------- */

static void a_new_store_has_the_reference_data(void **state) {
    Fixture *f = *state;
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM site"), 13);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM province"), 75);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(DISTINCT of_region) FROM province"), 12);
    assert_int_equal(raw_number(f->path, "SELECT SUM(entitlement) FROM site"), 1000000);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM site WHERE rev <> 0 OR site <> 0"), 0);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal"), 0);
    assert_int_equal(raw_number(f->path, "SELECT MAX(version) FROM schema_version"), store_schema_version());
    assert_int_equal(store_homes(f->store), ALL_SITES);
    assert_whole(f);
}

static void a_store_is_home_to_its_sites(void **state) {
    (void)state;
    Fixture *f = fixture_new(1u << 9 | 1u << 12);
    for (int site = 0; site < SITE_COUNT; site++) {
        assert_int_equal(store_is_home(f->store, site), site == 9 || site == 12);
    }
    assert_false(store_is_home(f->store, -1));
    assert_false(store_is_home(f->store, SITE_COUNT));
    assert_whole(f);
    fixture_free(f);
}

static void a_file_that_is_there_is_not_made_again(void **state) {
    Fixture *f = *state;
    Buffer before = {0}, after = {0};
    const int sites[] = {9};
    store_close(f->store);
    f->store = NULL;
    file_read(f->path, &before);
    assert_int_equal(store_create(f->path, sites, 1, &f->error), STATUS_FAILED);
    file_read(f->path, &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    buffer_free(&before);
    buffer_free(&after);
}

/* --- migrations --------------------------------------------------------------------------------------------------- */

static const Embedded *schema_file(int version) {
    for (const Embedded *f = embedded_files; f->name; f++) {
        if (strncmp(f->name, "schema/", 7) == 0 && atoi(f->name + 7) == version) return f;
    }
    return NULL;
}

/* What stood in a store when version 1 was the newest. */
static const char first_rows[] =
    "INSERT INTO home VALUES (9, 2, '2026-01-05T08:00:00Z');"
    "INSERT INTO counter VALUES (9, 2, 4, 17);"
    "INSERT INTO site VALUES (9, 'SMA', 0, 1, 0, '2026-01-01T00:00:00Z', 'jazari', '2026-01-01T00:00:00Z', 'jazari', "
    "2, "
    "'Souss-Massa', 'سوس ماسة', '', 'Agadir', 'أكادير', 30420000, -9600000, 1, 1, 0, 0, 'souss massa', ' souss massa');"
    "INSERT INTO organisation VALUES (1, 9, 1, 1, '2026-01-06T08:00:00Z', 'op', '2026-01-06T08:00:00Z', 'op', "
    "'Commune d''Agadir', 4, NULL, 0, 'commune d agadir', ' commune d agadir');"
    "INSERT INTO project VALUES (1, 9, 2, 1, '2026-01-06T08:00:00Z', 'op', '2026-01-06T08:00:00Z', 'op', 'Eau', 1, 1, "
    "'', 1, 0, 0, '', NULL, 0, '', '', 'eau', ' eau');"
    "INSERT INTO offer VALUES (1, 9, 2, 1, '2026-01-06T08:00:00Z', 'op', '2026-01-06T08:00:00Z', 'op', 'Calcul', 1, "
    "100000, 0, '2026-W02', '2026-W20', 2, 1, '', 'calcul', ' calcul');"
    "INSERT INTO request VALUES (1, 9, 3, 1, '2026-01-06T08:00:00Z', 'op', '2026-01-06T08:00:00Z', 'op', 1, 1, 50000, "
    "0, 0, '2026-W02', '2026-W20', 2, 1, '', '', '', '');"
    "INSERT INTO allocation VALUES (1, 9, 3, 1, '2026-01-06T08:00:00Z', 'op', '2026-01-06T08:00:00Z', 'op', 1, 1, 1, "
    "9, 20000, '2026-W03', '2026-W03', 9, '', '', '', '');"
    "INSERT INTO allocation_bookings VALUES (1, '2026-W03', 20000);"
    "INSERT INTO usage VALUES (1, 9, 1, 1, '2026-01-20T08:00:00Z', 'op', '2026-01-20T08:00:00Z', 'op', 1, '2026-W03', "
    "15000, 1);";

/* The program of then kept search indexes too, of the entities it had. */
static void make_past_search(const char *path) {
    Engine *engine;
    Error e = {0};
    assert_int_equal(engine_open(path, ENGINE_WRITE, 1000, &engine, &e), STATUS_OK);
    assert_int_equal(engine_begin(engine, &e), STATUS_OK);
    EACH(entity) {
        int64_t there = 0;
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM sqlite_schema WHERE name = '%s'", entity->name);
        assert_int_equal(engine_number(engine, &there, 0, &e, sql, 0), STATUS_OK);
        if (there && entity->indexed) assert_int_equal(engine_search_create(engine, entity, &e), STATUS_OK);
    }
    assert_int_equal(engine_commit(engine, &e), STATUS_OK);
    engine_close(engine);
}

/* A store as the program of a past version left it. */
static void make_past_store(const char *path, int version) {
    sqlite3 *db = raw_open(path);
    char sql[160];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA journal_mode=WAL", ENGINE_APPLICATION_ID);
    raw_run(db, sql);
    for (int v = 1; v <= version; v++) {
        const Embedded *file = schema_file(v);
        if (!file) fail_msg("schema version %d is missing: versions leave no gap", v);
        raw_run(db, file->bytes);
        snprintf(sql, sizeof sql, "INSERT INTO schema_version VALUES (%d, '2026-01-05T08:00:00Z')", v);
        raw_run(db, sql);
        if (v == 1) raw_run(db, first_rows);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    make_past_search(path);
}

/* What the later columns say of rows that were there before them. */
static void assert_old_rows(Fixture *f, Store *store) {
    Record *r = NULL;
    fixture_good(f, store_read(store, &f->arena, &entity_allocation, 1, FIELDS_ALL, &r, &f->error), "allocation");
    assert_int_equal(value_number_or(&r->values[ALLOCATION_TOTAL], 0), 20000);
    assert_int_equal(r->values[ALLOCATION_BOOKINGS].size, 1);
    assert_int_equal(r->values[ALLOCATION_ACCOUNT].kind, VALUE_NONE);
    assert_int_equal(r->values[ALLOCATION_SESSION].kind, VALUE_NONE);
    assert_int_equal(r->values[ALLOCATION_OPENS].kind, VALUE_NONE);
    fixture_good(f, store_read(store, &f->arena, &entity_usage, 1, FIELDS_ALL, &r, &f->error), "usage");
    assert_int_equal(value_number_or(&r->values[USAGE_QUANTITY], 0), 15000);
    assert_int_equal(r->values[USAGE_REFERENCE].kind, VALUE_NONE);
    fixture_good(f, store_read(store, &f->arena, &entity_request, 1, FIELDS_ALL, &r, &f->error), "request");
    assert_int_equal(value_number_or(&r->values[REQUEST_LACKS], 0), 30000);
    assert_int_equal(r->values[REQUEST_EXTENDS].kind, VALUE_NONE);
}

static const char shape_sql[] =
    "SELECT m.name, (SELECT group_concat(c.name || ' ' || c.type || ' ' || c.\"notnull\") "
    "FROM pragma_table_info(m.name) c), (SELECT group_concat(i.name) FROM pragma_index_info(m.name) i) "
    "FROM sqlite_schema m ORDER BY m.type, m.name";

static void every_past_version_migrates_up(void **state) {
    Fixture *f = *state;
    Buffer fresh = {0}, is = {0};
    char path[128];
    fixture_path(f, "other.db", path);
    raw_dump(f->path, shape_sql, &fresh);
    assert_true(store_schema_version() >= 2);
    for (int version = 1; version <= store_schema_version(); version++) {
        Store *store = NULL;
        int64_t count = 0;
        make_past_store(path, version);
        fixture_good(f, store_open(path, true, 5000, &store, &f->error), "migrate");
        assert_int_equal(store_homes(store), 1u << 9);
        Record *r = NULL;
        fixture_good(f, store_read(store, &f->arena, &entity_organisation, 1, FIELDS_ALL, &r, &f->error), "read");
        assert_string_equal(value_string(&r->values[ORGANISATION_NAME]), "Commune d'Agadir");
        assert_old_rows(f, store);
        store_close(store);
        raw_dump(path, shape_sql, &is);
        assert_string_equal(buffer_string(&is), buffer_string(&fresh));
        assert_int_equal(raw_number(path, "SELECT COUNT(*) FROM schema_version"), store_schema_version());
        assert_int_equal(raw_number(path, "SELECT last FROM counter WHERE site = 9 AND epoch = 2 AND entity = 4"), 17);
        count =
            raw_number(path, "SELECT COUNT(*) FROM organisation_search WHERE organisation_search MATCH '\"agad\" *'");
        assert_int_equal(count, 1);
        store_remove(path);
    }
    buffer_free(&fresh);
    buffer_free(&is);
}

/* Who only reads brings it up too; a copy is brought up where it is restored, and stays as it is. */
static void a_past_version_is_read(void **state) {
    Fixture *f = *state;
    Store *store = NULL;
    char path[128], restored[128];
    fixture_path(f, "other.db", path);
    fixture_path(f, "third.db", restored);
    for (int version = 1; version < store_schema_version(); version++) {
        make_past_store(path, version);
        fixture_good(f, service_restore(path, restored, &f->error), "restore");
        fixture_good(f, store_open(restored, false, 1000, &store, &f->error), "read what was restored");
        assert_old_rows(f, store);
        store_close(store);
        store_remove(restored);
        assert_int_equal(raw_number(path, "SELECT MAX(version) FROM schema_version"), version);
        fixture_good(f, store_open(path, false, 1000, &store, &f->error), "read");
        assert_old_rows(f, store);
        assert_true(store_is_read_only(store));
        store_close(store);
        assert_int_equal(raw_number(path, "SELECT MAX(version) FROM schema_version"), store_schema_version());
        store_remove(path);
    }
}

/* --- what is refused ---------------------------------------------------------------------------------------------- */

/* Both ways to open it fail, say why, and leave the file byte for byte. */
static void assert_refused(Fixture *f, const char *path, const char *why) {
    Buffer before = {0}, after = {0};
    file_read(path, &before);
    for (int write = 0; write < 2; write++) {
        Store *store = (Store *)f;
        f->error = (Error){0};
        Status s = store_open(path, write, 1000, &store, &f->error);
        if (s != STATUS_FAILED || store) fail_msg("it was not refused (%d), where \"%s\" was expected", s, why);
        if (!strstr(f->error.why, why)) fail_msg("it says \"%s\", not \"%s\"", f->error.why, why);
        assert_string_equal(f->error.file, path);
        file_read(path, &after);
        assert_int_equal(after.size, before.size);
        if (before.size) assert_memory_equal(after.bytes, before.bytes, before.size);
    }
    buffer_free(&before);
    buffer_free(&after);
}

/* Nothing appears beside a file that is not ours. */
static void assert_alone(const char *path) {
    static const char *const ends[] = {"-wal", "-shm", "-lock", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        if (access(name, F_OK) == 0) fail_msg("%s was made", name);
    }
}

static void a_newer_store_is_refused(void **state) {
    Fixture *f = *state;
    char sql[120], newest[20], known[20];
    store_close(f->store);
    f->store = NULL;
    snprintf(newest, sizeof newest, "%d", store_schema_version() + 7);
    snprintf(known, sizeof known, "%d", store_schema_version());
    snprintf(sql, sizeof sql, "INSERT INTO schema_version VALUES (%s, '2030-01-01T00:00:00Z')", newest);
    raw_do(f->path, sql);
    assert_refused(f, f->path, newest);
    assert_non_null(strstr(f->error.why, known));
    assert_non_null(strstr(f->error.why, "newer"));
}

static void what_is_no_store_is_refused(void **state) {
    Fixture *f = *state;
    char path[128], long_text[5000];
    fixture_path(f, "other.db", path);
    memset(long_text, 'x', sizeof long_text);
    file_write(path, "", 0);
    assert_refused(f, path, "empty");
    file_write(path, "hello\n", 6);
    assert_refused(f, path, "not a jazari store");
    file_write(path, long_text, sizeof long_text);
    assert_refused(f, path, "not a jazari store");
    file_write(path, "SQLite format 3", 16);
    assert_refused(f, path, "not a jazari store");
    assert_alone(path);
}

static void someone_elses_database_is_refused(void **state) {
    Fixture *f = *state;
    char path[128];
    fixture_path(f, "other.db", path);
    raw_do(path, "CREATE TABLE site (id INTEGER PRIMARY KEY); INSERT INTO site VALUES (9)");
    assert_refused(f, path, "not a jazari store");
    raw_do(path, "PRAGMA application_id=1196444487; PRAGMA journal_mode=WAL; INSERT INTO site VALUES (10)");
    assert_refused(f, path, "not a jazari store");
    assert_alone(path);
}

/* Ours by its header, but without our tables. */
static void a_store_without_tables_is_refused(void **state) {
    Fixture *f = *state;
    char path[128], sql[120];
    fixture_path(f, "other.db", path);
    snprintf(sql, sizeof sql, "CREATE TABLE t (x); PRAGMA application_id=%d", ENGINE_APPLICATION_ID);
    raw_do(path, sql);
    assert_refused(f, path, "cannot be used");
}

static void a_torn_store_is_refused(void **state) {
    Fixture *f = *state;
    Buffer whole = {0};
    char path[128];
    store_close(f->store);
    f->store = NULL;
    fixture_path(f, "other.db", path);
    file_read(f->path, &whole);
    file_write(path, whole.bytes, 100);
    assert_refused(f, path, "damaged");
    memset(whole.bytes + 100, 0x5A, 3000); /* the first page's tree: the schema itself */
    file_write(path, whole.bytes, whole.size);
    assert_refused(f, path, "damaged");
    buffer_free(&whole);
}

static void what_is_not_there_is_refused(void **state) {
    Fixture *f = *state;
    Store *store;
    char path[128];
    fixture_path(f, "other.db", path);
    for (int write = 0; write < 2; write++) {
        assert_int_equal(store_open(path, write, 0, &store, &f->error), STATUS_FAILED);
        assert_non_null(strstr(f->error.why, "jazari init"));
        assert_int_equal(access(path, F_OK), -1);
        assert_int_equal(store_open(f->dir, write, 0, &store, &f->error), STATUS_FAILED);
        assert_non_null(strstr(f->error.why, "not a file"));
        assert_null(store);
    }
    fixture_path(f, "missing/other.db", path);
    const int sites[] = {9};
    assert_int_equal(store_create(path, sites, 1, &f->error), STATUS_FAILED);
    assert_non_null(strstr(f->error.why, "missing"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(columns_are_the_fields),
        TEST(list_fields_have_tables),
        TEST(references_are_foreign_keys),
        TEST(indexes_are_what_they_are_called),
        TEST(indexes_of_what_is_open_agree_with_the_model),
        TEST(searched_entities_have_an_index),
        TEST(a_new_store_has_the_reference_data),
        cmocka_unit_test(a_store_is_home_to_its_sites),
        TEST(a_file_that_is_there_is_not_made_again),
        TEST(every_past_version_migrates_up),
        TEST(a_past_version_is_read),
        TEST(a_newer_store_is_refused),
        TEST(what_is_no_store_is_refused),
        TEST(someone_elses_database_is_refused),
        TEST(a_store_without_tables_is_refused),
        TEST(a_torn_store_is_refused),
        TEST(what_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
