/* What check finds in the rows: every broken rule of the network, each made behind the store's back. */
#include "store_fixture.h"

/* Text for "the one project" and so on of the small network; ids begin with their site. */
#define PROJECT "(SELECT MIN(id) FROM project WHERE site = 9)"

static void a_row_that_differs_from_its_entry_is_found(void **state) {
    Spoiled *s = *state;
    static const struct {
        const char *sql, *said;
    } cases[] = {
        {"UPDATE project SET budget = budget + 1 WHERE site = 9",
         "SMA-P1: budget is 125000001 and the journal says 125000000"},
        {"UPDATE project SET title = 'Autre', folded = ' autre sma p1', sort_key = 'autre' WHERE site = 9",
         "SMA-P1: title"},
        {"UPDATE project SET state = 2 WHERE site = 9", "SMA-P1: state"},
        {"UPDATE project SET site = 12 WHERE site = 9", "SMA-P1: site"},
        {"UPDATE project SET rev = 2 WHERE site = 9", "SMA-P1: rev is 2 and the journal says 3"},
        {"UPDATE project SET updated_by = 'x' WHERE site = 9", "SMA-P1: who changed it last"},
        {"UPDATE project SET updated_at = '2026-11-23T12:00:01Z' WHERE site = 9", "SMA-P1: who changed it last"},
        {"UPDATE project SET created_by = 'x' WHERE site = 9", "SMA-P1: created_by"},
        {"UPDATE project SET lead = NULL WHERE site = 9", "SMA-P1: lead"},
        {"UPDATE project SET due = '2027-02-31' WHERE site = 9", "SMA-P1: due"},
        {"DELETE FROM project_partners WHERE item = 12", "SMA-P1: partners"},
        {"INSERT INTO project_partners VALUES (" PROJECT ", 4)", "SMA-P1: partners"},
        {"INSERT INTO project_needs SELECT " PROJECT ", MIN(id) FROM need", "SMA-P1: needs"},
        {"DELETE FROM milestone", "SMA-M1 is missing"},
        {"DELETE FROM project WHERE site = 12", "DOD-P1 is missing"},
        {"INSERT INTO organisation SELECT id + 1, site, state, rev, created_at, created_by, updated_at, updated_by, "
         "name, "
         "kind, province, founding, sort_key, folded FROM organisation",
         "SMA-G2: no journal entry made it"},
        {"UPDATE site SET population = population + 1 WHERE id = 9", "the reference data says"},
        {"UPDATE province SET name_fr = 'Autre' WHERE id = 3", "the reference data says"},
        {"INSERT INTO site SELECT 99, 'XX', site, state, rev, created_at, created_by, updated_at, updated_by, kind, "
         "name_fr, name_ar, name_zgh, seat, seat_ar, latitude, longitude, population, population_2014, entitlement, "
         "sectors, sort_key, folded FROM site WHERE id = 9",
         "no journal entry made it"},
        {"DELETE FROM site WHERE id = 5", "site 5 is missing"},
        {"DELETE FROM province WHERE id = 75", "province 75 is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_found(s, cases[i].sql, cases[i].said);
    }
}

/* Every column of every row, one after another. */
static void each_changed_column_of_a_row_is_found(void **state) {
    Spoiled *s = *state;
    static const Entity *const entities[] = {&entity_organisation, &entity_need,    &entity_project,
                                             &entity_milestone,    &entity_offer,   &entity_request,
                                             &entity_allocation,   &entity_province};
    for (size_t k = 0; k < sizeof entities / sizeof *entities; k++) {
        for (int i = 0; i < entities[k]->field_count; i++) {
            const Field *field = &entities[k]->fields[i];
            char sql[160];
            if (!field_has_column(field)) continue;
            if (entities[k]->reference && (i == COMMON_REV || i == COMMON_UPDATED_AT || i == COMMON_UPDATED_BY))
                continue;
            snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s WHERE id = (SELECT MIN(id) FROM %s)", entities[k]->name,
                     field->name, field_is_text(field) ? "'2026-W51'" : "9007199254740990", entities[k]->name);
            assert_found(s, sql, "");
        }
    }
}

/* The rows and the journal agree with each other in these, but not with the rule. */
static void broken_rules_of_lending_are_found(void **state) {
    Spoiled *s = *state;
    static const struct {
        const char *sql, *said;
    } cases[] = {
        {"UPDATE allocation_bookings SET quantity = 81000 WHERE item = '2026-W49'; UPDATE allocation SET total = "
         "131000",
         "TTA-O1: in W49, 81 is booked and 80 can be lent"},
        {"UPDATE offer SET reserve = 45000", "TTA-O1: in W49, 60 is booked and 55 can be lent"},
        {"UPDATE offer SET quantity = 70000", "TTA-O1: in W49, 60 is booked and 50 can be lent"},
        {"UPDATE offer SET last = '2026-W49'", "TTA-O1: week W50 is booked but lies outside the offer"},
        {"UPDATE offer SET first = '2026-W50'", "TTA-O1: week W49 is booked but lies outside the offer"},
        {"UPDATE request SET wanted = 100000", "SMA-R1: 110 is booked and only 100 is wanted"},
        {"UPDATE request SET earliest = '2026-W50'", "SMA-R1: week W49 is booked but lies outside what was asked"},
        {"UPDATE request SET latest = '2026-W49'", "SMA-R1: week W50 is booked but lies outside what was asked"},
        {"UPDATE request SET weekly_most = 50000", "SMA-R1: in W49, 60 is booked and at most 50 a week is of use"},
        {"UPDATE request SET data_level = 4", "SMA-R1: its data is too sensitive"},
        {"UPDATE offer SET data_level = 1", "TTA-O1: it is booked for data more sensitive than it takes"},
        {"UPDATE offer SET kind = 2", "SMA-R1: it is booked on an offer of another kind"},
        {"UPDATE allocation SET kind = 2", "SMA-R1: it is booked on an offer of another kind"},
        {"UPDATE allocation SET borrower = 12", "or for another region"},
        {"UPDATE allocation SET site = 9", "or for another region"},
        {"UPDATE allocation SET total = total + 1", "TTA-A1: its total is not the sum of its bookings"},
        {"DELETE FROM allocation_bookings WHERE item = '2026-W50'", "TTA-A1: its total is not the sum of its bookings"},
        {"UPDATE request SET kind = 2",
         "GPU hours in 2026-W49: TTA lent SMA 60000 and the other borrowed 0 thousandths"},
        {"UPDATE request SET kind = 2",
         "CPU hours in 2026-W50: TTA lent SMA 0 and the other borrowed 50000 thousandths"},
        /* The sums agree here; who lent whom does not. */
        {"UPDATE allocation SET borrower = 12",
         "GPU hours in 2026-W49: TTA lent DOD 60000 and the other borrowed 0 thousandths"},
        {"UPDATE allocation SET site = 12",
         "GPU hours in 2026-W49: DOD lent SMA 0 and the other borrowed 60000 thousandths"},
        /* Access counts once, in the week it opens in. */
        {"UPDATE offer SET kind = 7", "dataset in 2026-W49: TTA lent SMA 1000 and the other borrowed 0 thousandths"},
        {"UPDATE request SET kind = 8", "model in 2026-W49: TTA lent SMA 0 and the other borrowed 1000 thousandths"},
        {"UPDATE offer SET kind = 7; UPDATE request SET kind = 7; UPDATE allocation SET kind = 7, borrower = 12",
         "dataset in 2026-W49: TTA lent DOD 1000 and the other borrowed 0 thousandths"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_found(s, cases[i].sql, cases[i].said);
    }
}

static void references_to_nothing_are_found(void **state) {
    Spoiled *s = *state;
    assert_found(s, "DELETE FROM organisation", "SMA-G1 is missing");
    assert_found(s, "INSERT INTO project_partners VALUES (77, 3)", "");
    assert_found(s, "INSERT INTO allocation_bookings VALUES (77, '2026-W49', 1)", "");
}

static void a_booking_in_no_week_is_found(void **state) {
    Spoiled *s = *state;
    assert_found(s, "INSERT INTO allocation_bookings SELECT id, 'nonsense', 0 FROM allocation", "");
    assert_found(s, "INSERT INTO allocation_bookings SELECT id, '2026-W52', 0 FROM allocation", "");
}

static void spoilt_search_is_found(void **state) {
    Spoiled *s = *state;
    assert_found(s, "UPDATE project SET folded = ' x' WHERE site = 9", "SMA-P1: what search compares is not its text");
    assert_found(s, "UPDATE project SET sort_key = 'x' WHERE site = 9", "SMA-P1: what search compares is not its text");
    assert_found(s, "UPDATE milestone SET folded = ''", "SMA-M1: what search compares is not its text");
    assert_found(s,
                 "INSERT INTO project_search (project_search, rowid, folded) SELECT 'delete', id, folded FROM project "
                 "WHERE site = 9",
                 "SMA-P1");
    assert_found(s, "INSERT INTO need_search (need_search) VALUES ('delete-all')", "SMA-N2");
    assert_found(s, "UPDATE organisation_search_data SET block = x'00' WHERE id > 100", "organisation");
    assert_found(s, "DELETE FROM need_search_data WHERE id > 100", "need");
}

/* A store whose records were mostly deleted again is looked at to its end. */
static void a_missing_row_is_found_among_many_deleted(void **state) {
    (void)state;
    Fixture *f = fixture_new(ALL_SITES);
    fixture_good(f, store_batch_begin(f->store, &f->error), "batch");
    fixture_begin(f);
    for (int i = 0; i < 1100; i++) {
        Record *r = fixture_record(f, &entity_organisation, 1, "name", "Commune", "kind", "public_body", NULL);
        fixture_good(f, store_write(f->store, NULL, r, "add", &f->error), "add");
        fixture_good(f, store_write(f->store, r, NULL, "delete", &f->error), "delete");
    }
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    fixture_good(f, store_batch_commit(f->store, &f->error), "commit");
    fixture_organisation(f, 12, "Commune");
    assert_whole(f);
    store_close(f->store);
    f->store = NULL;
    raw_do(f->path, "DELETE FROM organisation");
    fixture_reopen(f);
    assert_fault(f, "DOD-G1 is missing", "the one row left");
    fixture_free(f);
}

/* A read-only look finds the same faults in the rows. */
static void check_works_without_writing(void **state) {
    Spoiled *s = *state;
    Store *store;
    file_write(s->copy, s->whole.bytes, s->whole.size);
    raw_do(s->copy, "UPDATE project SET budget = 7 WHERE site = 9");
    fixture_good(s->f, store_open(s->copy, false, 1000, &store, &s->f->error), "open");
    assert_int_equal(fixture_check_of(s->f, store), STATUS_CONFLICT);
    assert_int_equal(s->f->fault_count, 1);
    assert_non_null(strstr(s->f->error.why, "1 fault was found"));
    assert_int_equal(check_store(store, &(CheckOptions){0}, &s->f->error), STATUS_CONFLICT);
    store_close(store);
    store_remove(s->copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_differs_from_its_entry_is_found),
        cmocka_unit_test(each_changed_column_of_a_row_is_found),
        cmocka_unit_test(broken_rules_of_lending_are_found),
        cmocka_unit_test(references_to_nothing_are_found),
        cmocka_unit_test(a_booking_in_no_week_is_found),
        cmocka_unit_test(spoilt_search_is_found),
        cmocka_unit_test(a_missing_row_is_found_among_many_deleted),
        cmocka_unit_test(check_works_without_writing),
    };
    return cmocka_run_group_tests(tests, spoiled_set_up, spoiled_tear_down);
}
