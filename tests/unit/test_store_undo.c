/* Undo and redo: one's own last acts, to any depth, as a stack; refused where a record has moved on in what it holds. */
#include "store_fixture.h"

static Status turn(Fixture *f, UndoKind kind) {
    UndoAct act;
    f->error = (Error){0};
    fixture_begin(f);
    Status s = journal_undo_find(f->store, &f->arena, f->login, kind, &act, &f->error);
    if (s == STATUS_OK) s = journal_undo_write(f->store, &act, NULL, NULL, &f->error);
    return fixture_end(f, s);
}

static void undo(Fixture *f) {
    fixture_good(f, turn(f, UNDO), "undo");
}

static void redo(Fixture *f) {
    fixture_good(f, turn(f, REDO), "redo");
}

static void assert_refused(Fixture *f, UndoKind kind, Status should, const char *why) {
    Buffer before = {0}, after = {0};
    const char *all =
        "SELECT * FROM journal UNION ALL SELECT op, actor, first, last, kind, target, undone, 0, 0, 0, 0, 0, "
        "0, 0, 0, 0 FROM operation";
    raw_dump(f->path, all, &before);
    Status s = turn(f, kind);
    if (s != should || !strstr(f->error.why, why)) fail_msg("%d (%s), not %d (%s)", s, f->error.why, should, why);
    raw_dump(f->path, all, &after);
    assert_string_equal(buffer_string(&after), buffer_string(&before));
    assert_whole(f);
    buffer_free(&before);
    buffer_free(&after);
}

static void assert_title(Fixture *f, const Record *r, const char *title) {
    assert_string_equal(value_string(&fixture_read(f, r)->values[PROJECT_TITLE]), title);
}

static void rename_to(Fixture *f, const Record *r, const char *title) {
    fixture_good(f, fixture_change(f, r, "title", title, NULL), title);
}

static void an_edit_is_undone_and_redone(void **state) {
    Fixture *f = *state;
    Record *p = fixture_add(f, fixture_record(f, &entity_project, SMA, "title", "Premier", "stage", "pilot", "sector",
                                              "water", "partners", "TTA DOD", "due", "2027-03-31", NULL));
    Record *before = fixture_read(f, p);
    clock_pin(clock_now() + 60);
    fixture_good(f, fixture_change(f, p, "title", "Second", "partners", "GON", "due", "", "budget", "5", NULL), "set");
    undo(f);
    Record *now = fixture_read(f, p);
    assert_int_equal(now->values[COMMON_REV].number, 3);
    for (int i = COMMON_COUNT; i < p->entity->field_count; i++) {
        assert_true(value_equal(&now->values[i], &before->values[i]));
    }
    assert_whole(f);
    redo(f);
    now = fixture_read(f, p);
    assert_title(f, p, "Second");
    assert_int_equal(now->values[PROJECT_PARTNERS].size, 1);
    assert_int_equal(now->values[PROJECT_BUDGET].number, 500);
    assert_int_equal(now->values[PROJECT_DUE].size, 0);
    assert_int_equal(now->values[COMMON_REV].number, 4);
    assert_whole(f);
}

static void compensating_entries_say_what_they_undo(void **state) {
    Fixture *f = *state;
    JournalEntry *entry;
    Record *p = fixture_project(f, SMA, "Premier");
    rename_to(f, p, "Second");
    const char *op = arena_string(&f->arena, f->op);
    undo(f);
    fixture_good(f, journal_newest(f->store, &f->arena, p->entity, p->id, &entry, &f->error), "journal");
    assert_string_equal(entry->verb, "undo");
    assert_string_equal(entry->undoes, op);
    assert_string_equal(value_string(&entry->before->values[PROJECT_TITLE]), "Second");
    redo(f);
    fixture_good(f, journal_newest(f->store, &f->arena, p->entity, p->id, &entry, &f->error), "journal");
    assert_string_equal(entry->verb, "redo");
    assert_string_equal(entry->undoes, op);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM journal"), 4);
}

static void acts_are_undone_to_any_depth(void **state) {
    enum { DEPTH = 30 };
    Fixture *f = *state;
    char title[40];
    Record *p = fixture_project(f, SMA, "Titre 0");
    for (int i = 1; i <= DEPTH; i++) {
        snprintf(title, sizeof title, "Titre %d", i);
        rename_to(f, p, title);
    }
    for (int round = 0; round < 2; round++) {
        for (int i = DEPTH - 1; i >= 0; i--) {
            undo(f);
            snprintf(title, sizeof title, "Titre %d", i);
            assert_title(f, p, title);
        }
        undo(f);
        assert_false(fixture_exists(f, p));
        assert_refused(f, UNDO, STATUS_NOT_FOUND, "nothing of yours to undo");
        for (int i = 0; i <= DEPTH; i++) {
            redo(f);
            snprintf(title, sizeof title, "Titre %d", i);
            assert_title(f, p, title);
        }
        assert_refused(f, REDO, STATUS_NOT_FOUND, "nothing to redo");
    }
    assert_whole(f);
}

/* Undo and redo against a list of titles: any run of the two, with new acts between, gives what a person expects. */
static void any_run_of_undo_and_redo_is_a_stack(void **state) {
    enum { STEPS = 160 };
    Fixture *f = *state;
    char stack[STEPS + 1][24] = {"Titre de départ"};
    unsigned luck = 7;
    int at = 0, top = 0;
    Record *p = fixture_project(f, SMA, stack[0]);
    for (int step = 1; step <= STEPS; step++) {
        luck = luck * 1103515245u + 12345u;
        unsigned what = luck >> 16 & 7;
        if (what < 3) {
            snprintf(stack[++at], sizeof *stack, "Titre %d", step);
            rename_to(f, p, stack[at]);
            top = at;
        } else if (what < 6 && at) {
            undo(f);
            at--;
        } else if (at < top) {
            redo(f);
            at++;
        } else assert_refused(f, REDO, STATUS_NOT_FOUND, "nothing to redo");
        assert_title(f, p, stack[at]);
    }
    assert_whole(f);
}

static void made_and_deleted_records_come_and_go(void **state) {
    Fixture *f = *state;
    Record *p = fixture_add(f, fixture_record(f, &entity_project, SMA, "title", "Premier", "stage", "pilot", "sector",
                                              "water", "partners", "TTA", "summary", "Résumé", NULL));
    fixture_good(f, fixture_delete(f, p), "delete");
    undo(f);
    Record *now = fixture_read(f, p);
    assert_int_equal(now->values[COMMON_REV].number, 3);
    assert_int_equal(now->values[PROJECT_PARTNERS].size, 1);
    assert_string_equal(value_string(&now->values[PROJECT_SUMMARY]), "Résumé");
    assert_string_equal(value_string(&now->values[COMMON_CREATED_AT]), value_string(&p->values[COMMON_CREATED_AT]));
    assert_whole(f);
    undo(f); /* of the making */
    assert_false(fixture_exists(f, p));
    redo(f);
    redo(f);
    assert_false(fixture_exists(f, p));
    undo(f);
    assert_true(fixture_exists(f, p));
    assert_int_equal(fixture_project(f, SMA, "Suivant")->id, p->id + 1);
    assert_whole(f);
}

static void only_ones_own_acts_are_undone(void **state) {
    Fixture *f = *state;
    Record *mine = fixture_project(f, SMA, "Le mien");
    f->login = "op-dakhla";
    assert_refused(f, UNDO, STATUS_NOT_FOUND, "nothing of yours");
    Record *theirs = fixture_project(f, DOD, "Le leur");
    f->login = "op-agadir";
    undo(f);
    assert_false(fixture_exists(f, mine));
    assert_true(fixture_exists(f, theirs));
    f->login = "op-dakhla";
    assert_refused(f, REDO, STATUS_NOT_FOUND, "nothing to redo");
    undo(f);
    assert_false(fixture_exists(f, theirs));
    assert_whole(f);
}

static void a_record_that_moved_on_is_left_alone(void **state) {
    Fixture *f = *state;
    Record *p = fixture_project(f, SMA, "Premier");
    rename_to(f, p, "Second");
    f->login = "op-dakhla";
    fixture_good(f, fixture_change(f, p, "budget", "7", NULL), "set");
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_CONFLICT, "SMA-P1 has moved on");
    f->login = "op-dakhla";
    undo(f);
    /* It holds again what the act left, whoever wrote since. */
    f->login = "op-agadir";
    undo(f);
    assert_title(f, p, "Premier");
    f->login = "op-dakhla";
    rename_to(f, p, "Troisième");
    f->login = "op-agadir";
    assert_refused(f, REDO, STATUS_CONFLICT, "moved on");
    f->login = "op-dakhla";
    rename_to(f, p, "Premier");
    f->login = "op-agadir";
    redo(f);
    assert_title(f, p, "Second");
    f->login = "op-dakhla";
    fixture_good(f, fixture_delete(f, p), "delete");
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_CONFLICT, "moved on");
}

static void what_others_built_on_stays(void **state) {
    Fixture *f = *state;
    Record *p = fixture_project(f, SMA, "Premier");
    f->login = "op-dakhla";
    fixture_add(
        f, fixture_record(f, &entity_milestone, SMA, "title", "Jalon", "project", "SMA-P1", "due", "2027-01-31", NULL));
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_CONFLICT, "SMA-P1: other records refer to it");
    assert_true(fixture_exists(f, p));
}

static void what_it_stood_on_may_be_gone(void **state) {
    Fixture *f = *state;
    Record *g = fixture_add(
        f, fixture_record(f, &entity_organisation, SMA, "name", "Commune 1", "kind", "local_authority", NULL));
    Record *p = fixture_add(f, fixture_record(f, &entity_project, SMA, "title", "Premier", "stage", "research",
                                              "sector", "water", "lead", "SMA-G1", NULL));
    fixture_good(f, fixture_delete(f, p), "delete");
    f->login = "op-dakhla";
    fixture_good(f, fixture_delete(f, g), "delete");
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_NOT_FOUND, "SMA-P1: lead: SMA-G1 does not exist");
}

/* An act on many is taken back whole or not at all. */
static void an_act_on_many_is_one_act(void **state) {
    enum { MANY = 25 };
    Fixture *f = *state;
    Record *r[MANY];
    for (int i = 0; i < MANY; i++) {
        r[i] = fixture_project(f, SMA, "Projet");
    }
    fixture_begin(f);
    for (int i = 0; i < MANY; i++) {
        Record *after = record_copy(&f->arena, r[i]);
        after->values[COMMON_STATE] = value_number(PROJECT_ACTIVE);
        fixture_good(f, store_write(f->store, r[i], after, "activate", &f->error), "write");
        Record *again = record_copy(&f->arena, after); /* twice in one act */
        again->values[PROJECT_HEALTH] = value_number(HEALTH_RED);
        fixture_good(f, store_write(f->store, after, again, "set", &f->error), "write");
    }
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    f->login = "op-dakhla";
    fixture_good(f, fixture_change(f, r[7], "budget", "1", NULL), "set");
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_CONFLICT, "SMA-P8 has moved on");
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project WHERE state = 2 AND health = 3"), MANY);
    f->login = "op-dakhla";
    undo(f);
    f->login = "op-agadir";
    undo(f);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project WHERE state = 1 AND health = 0"), MANY);
    redo(f);
    assert_int_equal(raw_number(f->path, "SELECT COUNT(*) FROM project WHERE state = 2 AND health = 3"), MANY);
    assert_whole(f);
}

static void a_new_act_forgets_what_was_undone(void **state) {
    Fixture *f = *state;
    Record *p = fixture_project(f, SMA, "Premier");
    rename_to(f, p, "Second");
    undo(f);
    rename_to(f, p, "Troisième");
    assert_refused(f, REDO, STATUS_NOT_FOUND, "nothing to redo");
    undo(f);
    assert_title(f, p, "Premier");
    redo(f);
    assert_title(f, p, "Troisième");
}

/* Hours that were given to others meanwhile do not come back. */
static void undo_keeps_the_rules_too(void **state) {
    Fixture *f = *state;
    Record *project = fixture_project(f, SMA, "Irrigation"), *offer = fixture_offer(f, TTA, "100", "20");
    Record *request = fixture_request(f, project, "500", "0");
    Record *a = fixture_allocation(f, offer, request, "2026-W50:60");
    fixture_good(f, fixture_try(f, NULL, a, "propose"), "propose");
    fixture_good(f, fixture_move(f, a, ALLOCATION_DECLINED), "decline");
    f->login = "op-dakhla";
    fixture_good(f, fixture_try(f, NULL, fixture_allocation(f, offer, request, "2026-W50:70"), "propose"), "propose");
    f->login = "op-agadir";
    assert_refused(f, UNDO, STATUS_CONFLICT, "W50: 60 asked, 10 free");
    f->login = "op-dakhla";
    undo(f);
    f->login = "op-agadir";
    undo(f);
    assert_int_equal(record_state(fixture_read(f, a)), ALLOCATION_PROPOSED);
    assert_whole(f);
}

/* The same undo asked for twice is done once. */
static void an_undo_is_an_operation_too(void **state) {
    Fixture *f = *state;
    bool repeated = false;
    Record *p = fixture_project(f, SMA, "Premier");
    rename_to(f, p, "Second");
    undo(f);
    const Act again = f->act;
    fixture_good(f, store_begin(f->store, &again, &repeated, &f->error), "begin");
    store_rollback(f->store);
    assert_true(repeated);
    assert_title(f, p, "Premier");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_edit_is_undone_and_redone),         TEST(compensating_entries_say_what_they_undo),
        TEST(acts_are_undone_to_any_depth),         TEST(any_run_of_undo_and_redo_is_a_stack),
        TEST(made_and_deleted_records_come_and_go), TEST(only_ones_own_acts_are_undone),
        TEST(a_record_that_moved_on_is_left_alone), TEST(what_others_built_on_stays),
        TEST(what_it_stood_on_may_be_gone),         TEST(an_act_on_many_is_one_act),
        TEST(a_new_act_forgets_what_was_undone),    TEST(undo_keeps_the_rules_too),
        TEST(an_undo_is_an_operation_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
