/* The one write path: revs, operation ids, ids and counters, owners, references, what a refused write leaves behind, and
 * several acts in one transaction. */
#include "store_fixture.h"

enum { RSK = 4 };

/* Everything that a write may touch, but the search index (check proves that against the rows). */
static void snapshot(Fixture *f, Buffer *out) {
    static const char *const tables[] = {"journal",  "operation",        "counter",
                                         "home",     "organisation",     "need",
                                         "project",  "project_needs",    "milestone",
                                         "offer",    "request",          "allocation",
                                         "operator", "project_partners", "allocation_bookings"};
    Buffer one = {0};
    buffer_clear(out);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", tables[i]);
        raw_dump(f->path, sql, &one);
        buffer_format(out, "%s\n%s", tables[i], buffer_string(&one));
    }
    buffer_free(&one);
}

static void assert_untouched(Fixture *f, const Buffer *before) {
    Buffer now = {0};
    snapshot(f, &now);
    assert_string_equal(buffer_string(&now), buffer_string(before));
    buffer_free(&now);
    assert_whole(f);
}

static void assert_error(Fixture *f, Status is, Status should, const char *field, const char *why) {
    if (is != should || f->error.status != should || strcmp(f->error.field, field) != 0 || !strstr(f->error.why, why))
        fail_msg("%d (%s: %s), not %d (%s: %s)", is, f->error.field, f->error.why, should, field, why);
}

static JournalEntry *newest(Fixture *f, const Record *r) {
    JournalEntry *entry = NULL;
    fixture_good(f, journal_newest(f->store, &f->arena, r->entity, r->id, &entry, &f->error), "journal");
    return entry;
}

/* --- one write ---------------------------------------------------------------------------------------------------- */

static void a_new_record_is_filled_in(void **state) {
    Fixture *f = *state;
    Record *r = fixture_record(f, &entity_project, SMA, "title", "Irrigation du Souss", "stage", "pilot", "sector",
                               "agriculture", "partners", "DOD RSK", NULL);
    Record *read = fixture_add(f, r);
    assert_int_equal(r->id, id_make(SMA, 0, 1));
    assert_int_equal(read->values[COMMON_REV].number, 1);
    assert_int_equal(record_state(read), PROJECT_PROPOSED);
    assert_string_equal(value_string(&read->values[COMMON_CREATED_AT]), "2026-11-23T12:00:00Z");
    assert_string_equal(value_string(&read->values[COMMON_UPDATED_AT]), "2026-11-23T12:00:00Z");
    assert_string_equal(value_string(&read->values[COMMON_CREATED_BY]), "op-agadir");
    assert_string_equal(value_string(&read->values[COMMON_UPDATED_BY]), "op-agadir");
    assert_int_equal(read->values[PROJECT_PARTNERS].size, 2);
    assert_int_equal(read->values[PROJECT_PARTNERS].items[0].key, RSK);
    assert_int_equal(read->values[PROJECT_PARTNERS].items[1].key, DOD);
    assert_string_equal(fixture_code(f, read), "SMA-P1");
    assert_whole(f);
}

static void each_row_has_its_entry(void **state) {
    Fixture *f = *state;
    Record *r = fixture_project(f, SMA, "Premier");
    JournalEntry *entry = newest(f, r);
    assert_int_equal(entry->site, SMA);
    assert_int_equal(entry->epoch, 0);
    assert_int_equal(entry->number, 1);
    assert_int_equal(entry->rev, 1);
    assert_string_equal(entry->verb, "add");
    assert_string_equal(entry->actor, "op-agadir");
    assert_string_equal(entry->op, f->op);
    assert_string_equal(entry->at, "2026-11-23T12:00:00Z");
    assert_null(entry->before);
    for (int i = COMMON_COUNT; i < r->entity->field_count; i++) {
        assert_true(value_equal(&entry->after->values[i], &r->values[i]));
    }
    clock_pin(clock_now() + 60);
    f->login = "op-tiznit";
    fixture_good(f, fixture_change(f, r, "title", "Second", "budget", "12.50", NULL), "set");
    entry = newest(f, r);
    assert_int_equal(entry->number, 2);
    assert_int_equal(entry->rev, 2);
    assert_string_equal(entry->actor, "op-tiznit");
    assert_true(entry->changed == (FIELD_BIT(PROJECT_TITLE) | FIELD_BIT(PROJECT_BUDGET)));
    assert_string_equal(value_string(&entry->before->values[PROJECT_TITLE]), "Premier");
    assert_string_equal(value_string(&entry->after->values[PROJECT_TITLE]), "Second");
    assert_int_equal(entry->after->values[PROJECT_BUDGET].number, 1250);
    Record *now = fixture_read(f, r);
    assert_int_equal(now->values[COMMON_REV].number, 2);
    assert_string_equal(value_string(&now->values[COMMON_CREATED_BY]), "op-agadir");
    assert_string_equal(value_string(&now->values[COMMON_CREATED_AT]), "2026-11-23T12:00:00Z");
    assert_string_equal(value_string(&now->values[COMMON_UPDATED_BY]), "op-tiznit");
    assert_string_equal(value_string(&now->values[COMMON_UPDATED_AT]), "2026-11-23T12:01:00Z");
    fixture_good(f, fixture_delete(f, r), "delete");
    entry = newest(f, r);
    assert_int_equal(entry->rev, 3);
    assert_null(entry->after);
    assert_string_equal(value_string(&entry->before->values[PROJECT_TITLE]), "Second");
    assert_false(fixture_exists(f, r));
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal"), 3);
    assert_whole(f);
}

static void someone_who_read_before_is_refused(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    Record *first = fixture_project(f, SMA, "Premier"), *mine = record_copy(&f->arena, first);
    fixture_good(f, fixture_change(f, first, "title", "D'un autre", NULL), "set");
    snapshot(f, &before);
    fixture_set(f, mine, "title", "Le mien");
    assert_error(f, fixture_try(f, first, mine, "set"), STATUS_CONFLICT, "", "SMA-P1");
    assert_error(f, fixture_try(f, first, NULL, "delete"), STATUS_CONFLICT, "", "SMA-P1");
    assert_untouched(f, &before);
    fixture_good(f, fixture_delete(f, first), "delete");
    snapshot(f, &before);
    assert_error(f, fixture_try(f, first, mine, "set"), STATUS_CONFLICT, "", "SMA-P1");
    assert_untouched(f, &before);
    buffer_free(&before);
}

static void the_same_operation_is_done_once(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    bool repeated = false;
    JournalEntry *entries;
    int count;
    fixture_begin(f);
    Record *a = fixture_record(f, &entity_organisation, SMA, "name", "Commune A", "kind", "public_body", NULL);
    Record *b = fixture_record(f, &entity_organisation, SMA, "name", "Commune B", "kind", "public_body", NULL);
    fixture_good(f, store_write(f->store, NULL, a, "add", &f->error), "a");
    fixture_good(f, store_write(f->store, NULL, b, "add", &f->error), "b");
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    snapshot(f, &before);
    const Act again = f->act;
    for (int i = 0; i < 3; i++) {
        if (i == 1) fixture_reopen(f);
        fixture_good(f, store_begin(f->store, &again, &repeated, &f->error), "begin");
        assert_true(repeated);
        fixture_good(f, journal_operation(f->store, &f->arena, again.op, &entries, &count, &f->error), "read");
        store_rollback(f->store);
        assert_int_equal(count, 2);
        assert_int_equal(entries[0].id, a->id);
        assert_int_equal(entries[1].id, b->id);
        assert_string_equal(value_string(&entries[1].after->values[ORGANISATION_NAME]), "Commune B");
    }
    assert_untouched(f, &before);
    fixture_good(f, journal_operation(f->store, &f->arena, "nobody's", &entries, &count, &f->error), "read");
    assert_int_equal(count, 0);
    buffer_free(&before);
}

/* An act that wrote nothing took no operation id. */
static void an_empty_act_leaves_nothing(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    snapshot(f, &before);
    fixture_begin(f);
    fixture_good(f, store_commit(f->store, &f->error), "commit");
    assert_untouched(f, &before);
    buffer_free(&before);
}

/* --- refused ------------------------------------------------------------------------------------------------------ */

static void a_refused_write_leaves_nothing_behind(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    Record *good = fixture_project(f, SMA, "Premier");
    snapshot(f, &before);
    /* A good write, then a bad one, in one act: neither is there. */
    fixture_begin(f);
    Record *one = fixture_record(f, &entity_project, SMA, "title", "Deuxième", "stage", "pilot", "sector", "water",
                                 "partners", "DOD", NULL);
    Record *bad = fixture_record(f, &entity_project, SMA, "title", "Troisième", "stage", "pilot", "sector", "water",
                                 "needs", "SMA-N77", NULL);
    fixture_good(f, store_write(f->store, NULL, one, "add", &f->error), "one");
    Status s = fixture_end(f, store_write(f->store, NULL, bad, "add", &f->error));
    assert_error(f, s, STATUS_NOT_FOUND, "needs", "SMA-N77");
    assert_untouched(f, &before);
    assert_error(f, fixture_change(f, good, "due", "2026-01-01", "start", "2026-02-01", NULL), STATUS_USAGE, "due", "");
    assert_error(f, fixture_change(f, good, "lead", "SMA-G9", NULL), STATUS_NOT_FOUND, "lead", "SMA-G9");
    Record *untitled = fixture_record(f, &entity_project, SMA, "stage", "pilot", "sector", "water", NULL);
    assert_error(f, fixture_try(f, NULL, untitled, "add"), STATUS_USAGE, "title", "missing");
    Record *control = fixture_record(f, &entity_project, SMA, "stage", "pilot", "sector", "water", NULL);
    control->values[PROJECT_TITLE] = value_text("a\033[2Jb", 6);
    assert_error(f, fixture_try(f, NULL, control, "add"), STATUS_USAGE, "title", "");
    Record *sameid = record_copy(&f->arena, good);
    assert_error(f, fixture_try(f, NULL, sameid, "add"), STATUS_CONFLICT, "code", "already");
    assert_untouched(f, &before);
    /* The next id is the one that the refused ones would have had. */
    assert_int_equal(fixture_project(f, SMA, "Quatrième")->id, id_make(SMA, 0, 2));
    buffer_free(&before);
}

static void what_others_refer_to_stays(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    Record *project = fixture_project(f, SMA, "Premier");
    Record *m =
        fixture_record(f, &entity_milestone, SMA, "title", "Jalon", "project", "SMA-P1", "due", "2027-01-31", NULL);
    m = fixture_add(f, m);
    snapshot(f, &before);
    assert_error(f, fixture_delete(f, project), STATUS_CONFLICT, "", "refer");
    assert_untouched(f, &before);
    fixture_good(f, fixture_delete(f, m), "milestone");
    fixture_good(f, fixture_delete(f, project), "project");
    assert_whole(f);
    buffer_free(&before);
}

static void another_sites_rows_are_refused(void **state) {
    (void)state;
    Fixture *f = fixture_new(1u << SMA);
    Buffer before = {0};
    Record *mine = fixture_project(f, SMA, "Premier");
    snapshot(f, &before);
    Record *other =
        fixture_record(f, &entity_project, DOD, "title", "Autre", "stage", "pilot", "sector", "water", NULL);
    assert_error(f, fixture_try(f, NULL, other, "add"), STATUS_DENIED, "site", "DOD");
    /* Neither given away, nor taken. */
    Record *given = record_copy(&f->arena, mine);
    given->values[COMMON_SITE] = value_number(DOD);
    assert_error(f, fixture_try(f, mine, given, "set"), STATUS_DENIED, "site", "DOD");
    Record *theirs = record_copy(&f->arena, mine);
    theirs->values[COMMON_SITE] = value_number(DOD);
    assert_error(f, fixture_try(f, theirs, mine, "set"), STATUS_DENIED, "site", "DOD");
    assert_error(f, fixture_try(f, theirs, NULL, "delete"), STATUS_DENIED, "site", "DOD");
    Record nobody = *other;
    nobody.values[COMMON_SITE] = (Value){0};
    assert_int_equal(fixture_try(f, NULL, &nobody, "add"), STATUS_DENIED);
    /* ROOT's rows are there to be read. */
    Record *root = NULL;
    fixture_good(f, store_read(f->store, &f->arena, &entity_site, SMA, FIELDS_ALL, &root, &f->error), "site");
    assert_error(f, fixture_change(f, root, "seat", "Tiznit", NULL), STATUS_DENIED, "site", "ROOT");
    assert_untouched(f, &before);
    buffer_free(&before);
    fixture_free(f);
}

static void a_read_only_store_is_not_written(void **state) {
    Fixture *f = *state;
    bool repeated;
    fixture_project(f, SMA, "Premier");
    store_close(f->store);
    fixture_good(f, store_open(f->path, false, 1000, &f->store, &f->error), "open");
    assert_true(store_is_read_only(f->store));
    const Act act = {.login = "x", .actor = "x", .op = "op-1", .at = clock_now()};
    Status s = store_begin(f->store, &act, &repeated, &f->error);
    assert_error(f, s, STATUS_FAILED, "", "only be read");
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal"), 1);
    assert_whole(f);
}

/* --- ids ---------------------------------------------------------------------------------------------------------- */

static void ids_count_by_site_and_entity(void **state) {
    Fixture *f = *state;
    static const int sites[] = {SMA, DOD, SMA, 0, SMA, DOD};
    static const char *const codes[] = {"SMA-P1", "DOD-P1", "SMA-P2", "ROOT-P1", "SMA-P3", "DOD-P2"};
    for (int i = 0; i < 6; i++) {
        Record *r = fixture_project(f, sites[i], "Projet");
        assert_string_equal(fixture_code(f, r), codes[i]);
        assert_int_equal(id_site(r->id), sites[i]);
        assert_true(r->id >= 0 && r->id < INT64_C(1) << 53);
    }
    assert_string_equal(fixture_code(f, fixture_organisation(f, SMA, "Commune")), "SMA-G1");
    assert_int_equal(newest(f, fixture_project(f, DOD, "Projet"))->number, 3);
    assert_whole(f);
}

static void an_id_is_never_given_twice(void **state) {
    Fixture *f = *state;
    Record *r = fixture_project(f, SMA, "Premier");
    fixture_good(f, fixture_delete(f, r), "delete");
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Second")), "SMA-P2");
    fixture_reopen(f);
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Troisième")), "SMA-P3");
    assert_whole(f);
}

/* A record that comes with its code, rev and date keeps them, and its number is not given out again. */
static void a_record_keeps_the_code_it_comes_with(void **state) {
    Fixture *f = *state;
    Record *r = fixture_record(f, &entity_project, SMA, "title", "Importé", "stage", "pilot", "sector", "water", "rev",
                               "7", "created_at", "2025-03-01T09:30:00Z", "created_by", "op-ancien", NULL);
    r->id = id_make(SMA, 0, 40);
    Record *read = fixture_add(f, r);
    assert_string_equal(fixture_code(f, read), "SMA-P40");
    assert_int_equal(read->values[COMMON_REV].number, 7);
    assert_string_equal(value_string(&read->values[COMMON_CREATED_AT]), "2025-03-01T09:30:00Z");
    assert_string_equal(value_string(&read->values[COMMON_CREATED_BY]), "op-ancien");
    assert_string_equal(value_string(&read->values[COMMON_UPDATED_BY]), "op-agadir");
    assert_int_equal(newest(f, read)->rev, 7);
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Suivant")), "SMA-P41");
    Record *older =
        fixture_record(f, &entity_project, SMA, "title", "Avant", "stage", "pilot", "sector", "water", NULL);
    older->id = id_make(SMA, 0, 12);
    assert_string_equal(fixture_code(f, fixture_add(f, older)), "SMA-P12");
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Encore")), "SMA-P42");
    /* Of another epoch: it leaves this one's numbers alone. */
    Record *epoch =
        fixture_record(f, &entity_project, SMA, "title", "Époque", "stage", "pilot", "sector", "water", NULL);
    epoch->id = id_make(SMA, 3, 90);
    assert_string_equal(fixture_code(f, fixture_add(f, epoch)), "SMA-P90.3");
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Encore")), "SMA-P43");
    fixture_good(f, fixture_change(f, read, "title", "Changé", NULL), "set");
    assert_int_equal(fixture_read(f, read)->values[COMMON_REV].number, 8);
    assert_whole(f);
}

static void the_last_id_is_the_last(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    fixture_project(f, SMA, "Premier");
    raw_do(f->path, "UPDATE counter SET last = 137438953471 WHERE site = 9 AND entity = 6");
    snapshot(f, &before);
    Record *r = fixture_record(f, &entity_project, SMA, "title", "De trop", "stage", "pilot", "sector", "water", NULL);
    assert_error(f, fixture_try(f, NULL, r, "add"), STATUS_FAILED, "", "ids");
    assert_untouched(f, &before);
    buffer_free(&before);
}

/* --- several at once ---------------------------------------------------------------------------------------------- */

static Status write_project(Fixture *f, const char *title) {
    Record *r = fixture_record(f, &entity_project, SMA, "title", title, "stage", "pilot", "sector", "water", NULL);
    return store_write(f->store, NULL, r, "add", &f->error);
}

static void a_point_can_be_gone_back_to(void **state) {
    Fixture *f = *state;
    fixture_begin(f);
    fixture_good(f, write_project(f, "Unième"), "write");
    fixture_good(f, store_save(f->store, &f->error), "save");
    fixture_good(f, write_project(f, "Deux"), "write");
    store_save_rollback(f->store);
    fixture_good(f, store_save(f->store, &f->error), "save");
    fixture_good(f, write_project(f, "Trois"), "write");
    store_save_release(f->store);
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    Buffer titles = {0};
    raw_dump(f->path, "SELECT title, id & 255 FROM project ORDER BY id", &titles);
    assert_string_equal(titles.bytes, "Unième|1\nTrois|2\n");
    buffer_free(&titles);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal"), 2);
    assert_int_equal(raw_number(f->path, "SELECT last - first + 1 FROM operation"), 2);
    assert_whole(f);
}

static void a_batch_is_all_or_nothing(void **state) {
    Fixture *f = *state;
    Buffer before = {0};
    fixture_project(f, SMA, "Zéro");
    snapshot(f, &before);
    fixture_good(f, store_batch_begin(f->store, &f->error), "batch");
    fixture_project(f, SMA, "Unième");
    fixture_begin(f);
    fixture_good(f, write_project(f, "Retiré"), "write");
    store_rollback(f->store); /* of this act alone */
    fixture_project(f, SMA, "Deux");
    store_batch_rollback(f->store);
    assert_untouched(f, &before);
    fixture_good(f, store_batch_begin(f->store, &f->error), "batch");
    for (int i = 0; i < 20; i++) {
        fixture_project(f, i % 2 ? SMA : DOD, "Projet");
        fixture_begin(f);
        fixture_good(f, write_project(f, "Retiré"), "write");
        store_rollback(f->store);
    }
    fixture_good(f, store_batch_commit(f->store, &f->error), "commit");
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project"), 21);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM operation"), 21);
    assert_int_equal(raw_number(f->path, "SELECT MAX(id & 255) FROM project"), 11);
    fixture_project(f, SMA, "Après");
    assert_whole(f);
    buffer_free(&before);
}

static void write_many(Fixture *f, int count) {
    for (int i = 0; i < count; i++) {
        char title[40];
        snprintf(title, sizeof title, "Projet numéro %d", i);
        fixture_good(f, write_project(f, title), title);
    }
}

/* The indexes are the same whether they were kept up or built at the end. */
static void a_bulk_write_is_like_any_other(void **state) {
    Fixture *f = *state;
    Buffer before = {0}, after = {0};
    fixture_project(f, SMA, "Zéro");
    raw_dump(f->path, "SELECT name, sql FROM sqlite_schema ORDER BY name", &before);
    for (int unindex = 0; unindex < 2; unindex++) {
        store_set_bulk(f->store, true);
        fixture_begin(f);
        if (unindex) fixture_good(f, store_bulk_unindex(f->store, &entity_project, &f->error), "unindex");
        write_many(f, 300);
        Record *given =
            fixture_record(f, &entity_project, SMA, "title", "Donné", "stage", "pilot", "sector", "water", NULL);
        given->id = id_make(SMA, 0, 1000 * (unindex + 1));
        fixture_good(f, store_write(f->store, NULL, given, "add", &f->error), "given");
        write_many(f, 1);
        fixture_good(f, fixture_end(f, STATUS_OK), "commit");
        store_set_bulk(f->store, false);
        assert_int_equal(raw_number(f->path, "SELECT MAX(id) & 8191 FROM project"), 1000 * (unindex + 1) + 1);
        assert_whole(f);
    }
    raw_dump(f->path, "SELECT name, sql FROM sqlite_schema ORDER BY name", &after);
    assert_string_equal(before.bytes, after.bytes);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project_search WHERE project_search MATCH 'numero'"),
                     602);
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Après")), "SMA-P2002");
    assert_whole(f);
    buffer_free(&before);
    buffer_free(&after);
}

static void a_refused_bulk_write_leaves_nothing(void **state) {
    Fixture *f = *state;
    Buffer before = {0}, schema = {0}, now = {0};
    fixture_project(f, SMA, "Zéro");
    snapshot(f, &before);
    raw_dump(f->path, "SELECT name, sql FROM sqlite_schema ORDER BY name", &schema);
    store_set_bulk(f->store, true);
    fixture_begin(f);
    fixture_good(f, store_bulk_unindex(f->store, &entity_project, &f->error), "unindex");
    write_many(f, 50);
    store_rollback(f->store);
    store_set_bulk(f->store, false);
    assert_untouched(f, &before);
    raw_dump(f->path, "SELECT name, sql FROM sqlite_schema ORDER BY name", &now);
    assert_string_equal(now.bytes, schema.bytes);
    assert_string_equal(fixture_code(f, fixture_project(f, SMA, "Après")), "SMA-P2");
    assert_whole(f);
    buffer_free(&before);
    buffer_free(&schema);
    buffer_free(&now);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_new_record_is_filled_in),
        TEST(each_row_has_its_entry),
        TEST(someone_who_read_before_is_refused),
        TEST(the_same_operation_is_done_once),
        TEST(an_empty_act_leaves_nothing),
        TEST(a_refused_write_leaves_nothing_behind),
        TEST(what_others_refer_to_stays),
        cmocka_unit_test(another_sites_rows_are_refused),
        TEST(a_read_only_store_is_not_written),
        TEST(ids_count_by_site_and_entity),
        TEST(an_id_is_never_given_twice),
        TEST(a_record_keeps_the_code_it_comes_with),
        TEST(the_last_id_is_the_last),
        TEST(a_point_can_be_gone_back_to),
        TEST(a_batch_is_all_or_nothing),
        TEST(a_bulk_write_is_like_any_other),
        TEST(a_refused_bulk_write_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
