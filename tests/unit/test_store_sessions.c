/* Places in dated sessions: never taken twice, not even by forty writers at once, and held by whoever booked them. */
#include "store_fixture.h"

#include <sodium.h>
#include <sys/wait.h>

/* TTA teaches on three days of 2026-W50 and has 12 seats; SMA and DOD want some. */
typedef struct Course {
    Fixture *f;
    Record *offer, *session, *request, *other;
} Course;

static Record *add_session(Fixture *f, const Record *offer, const char *first, const char *places) {
    Record *r = fixture_record(f, &entity_session, record_site(offer), "first_day", first, "places", places, NULL);
    r->values[SESSION_OFFER] = value_number(offer->id);
    return r;
}

static Record *add_request(Fixture *f, int site, const char *wanted, const char *weekly_most) {
    Record *project = fixture_project(f, site, "Irrigation");
    Record *r = fixture_record(f, &entity_request, site, "kind", "training_seat", "wanted", wanted, "weekly_most",
                               weekly_most, "earliest", "2026-W49", "latest", "2027-W04", "priority", "2", "data_level",
                               "1", "state", "approved", NULL);
    r->values[REQUEST_PROJECT] = value_number(project->id);
    return fixture_add(f, r);
}

static Record *add_offer(Fixture *f, int site, const char *kind, const char *quantity) {
    return fixture_add(f, fixture_record(f, &entity_offer, site, "name", "Cours", "kind", kind, "quantity", quantity,
                                         "first", "2026-W48", "last", "2027-W08", "data_level", "2", "mode",
                                         "free_hand", "state", "open", NULL));
}

static Course course(Fixture *f) {
    Course c = {.f = f, .offer = add_offer(f, TTA, "training_seat", "")};
    c.session = fixture_add(f, add_session(f, c.offer, "2026-12-07", "12"));
    c.request = add_request(f, SMA, "20", "0");
    c.other = add_request(f, DOD, "20", "0");
    return c;
}

static Record *places(Course *c, const Record *request, const Record *session, const char *bookings) {
    Record *a = fixture_allocation(c->f, c->offer, request, bookings);
    a->values[ALLOCATION_SESSION] = session ? value_number(session->id) : (Value){0};
    return a;
}

static Status book(Course *c, const Record *request, const Record *session, const char *bookings) {
    return fixture_try(c->f, NULL, places(c, request, session, bookings), "propose");
}

static void assert_refused(Course *c, Status s, const char *why) {
    if (s != STATUS_CONFLICT || !strstr(c->f->error.why, why))
        fail_msg("%d (%s), not a conflict (%s)", s, c->f->error.why, why);
    assert_whole(c->f);
}

static void a_session_stands_in_its_week_and_ends_when_said(void **state) {
    Course c = course(*state);
    Record *r = fixture_read(c.f, c.session);
    assert_string_equal(value_string(&r->values[SESSION_WEEK]), "2026-W50");
    assert_string_equal(value_string(&r->values[SESSION_LAST]), "2026-12-07");
    fixture_good(c.f, fixture_change(c.f, c.session, "last_day", "2026-12-16", NULL), "set");
    r = fixture_read(c.f, c.session);
    assert_string_equal(value_string(&r->values[SESSION_WEEK]), "2026-W50");
    assert_string_equal(value_string(&r->values[SESSION_LAST]), "2026-12-16");
    assert_whole(c.f);
}

static void places_are_never_taken_twice(void **state) {
    Course c = course(*state);
    Record *second = fixture_add(c.f, add_session(c.f, c.offer, "2026-12-09", "3"));
    fixture_good(c.f, book(&c, c.request, c.session, "2026-W50:8"), "book");
    assert_refused(&c, book(&c, c.other, c.session, "2026-W50:5"), "5 asked, 4 free in TTA-T1");
    fixture_good(c.f, book(&c, c.other, c.session, "2026-W50:4"), "what is left");
    assert_refused(&c, book(&c, c.other, c.session, "2026-W50:1"), "1 asked, 0 free in TTA-T1");
    /* Another session of the same week has places of its own. */
    fixture_good(c.f, book(&c, c.other, second, "2026-W50:3"), "the second");
    assert_refused(&c, book(&c, c.other, second, "2026-W50:1"), "1 asked, 0 free in TTA-T2");
    assert_int_equal(fixture_read(c.f, c.session)->values[SESSION_TAKEN].number, 12000);
    assert_int_equal(fixture_read(c.f, second)->values[SESSION_TAKEN].number, 3000);
    assert_int_equal(fixture_read(c.f, c.other)->values[REQUEST_GOT].number, 7000);
    assert_whole(c.f);
}

static void what_is_booked_holds_the_session(void **state) {
    Course c = course(*state);
    Record *a = places(&c, c.request, c.session, "2026-W50:8");
    fixture_good(c.f, fixture_try(c.f, NULL, a, "propose"), "book");
    assert_refused(&c, fixture_change(c.f, c.session, "places", "7", NULL), "8 places are taken and there are 7");
    assert_refused(&c, fixture_change(c.f, c.session, "first_day", "2026-12-14", "last_day", "2026-12-14", NULL),
                   "in another week");
    assert_refused(&c, fixture_move(c.f, c.session, SESSION_CANCELLED), "it is cancelled, and places in it are taken");
    fixture_good(c.f, fixture_change(c.f, c.session, "places", "8", NULL), "no more than are taken");
    fixture_good(c.f, fixture_move(c.f, a, ALLOCATION_DECLINED), "decline");
    fixture_good(c.f, fixture_move(c.f, c.session, SESSION_CANCELLED), "cancel");
    assert_refused(&c, book(&c, c.request, c.session, "2026-W50:1"), "it is cancelled");
    /* Declined, it stands again only where there is room: not in what is cancelled. */
    assert_refused(&c, fixture_move(c.f, a, ALLOCATION_PROPOSED), "it is cancelled");
    assert_whole(c.f);
}

static void a_session_is_of_an_offer_that_has_them(void **state) {
    Course c = course(*state);
    Record *weekly = add_offer(c.f, TTA, "training_seat", "5"), *gpu = add_offer(c.f, TTA, "gpu_hour", "5");
    Record *lab = add_offer(c.f, TTA, "lab_hour", "");
    assert_refused(&c, fixture_try(c.f, NULL, add_session(c.f, weekly, "2026-12-07", "12"), "add"), "TTA-O2: only an");
    assert_refused(&c, fixture_try(c.f, NULL, add_session(c.f, gpu, "2026-12-07", "12"), "add"), "TTA-O3: only an");
    fixture_good(c.f, fixture_try(c.f, NULL, add_session(c.f, lab, "2026-12-07", "7.5"), "add"), "of a laboratory");
    assert_refused(&c, fixture_change(c.f, c.offer, "quantity", "5", NULL), "TTA-O1: only an offer of training");
    assert_refused(&c, fixture_change(c.f, c.offer, "first", "2026-W51", NULL), "week W50 lies outside the offer");
    assert_refused(&c, fixture_try(c.f, NULL, add_session(c.f, c.offer, "2027-03-01", "12"), "add"),
                   "week W09 2027 lies outside the offer");
}

static void a_booking_is_of_the_sessions_offer_and_week(void **state) {
    Course c = course(*state);
    Record *lab = add_offer(c.f, TTA, "lab_hour", "");
    Record *other = fixture_add(c.f, add_session(c.f, lab, "2026-12-07", "12"));
    assert_refused(&c, book(&c, c.request, other, "2026-W50:1"), "TTA-T2: it is booked through another offer");
    assert_refused(&c, book(&c, c.request, c.session, "2026-W51:1"), "TTA-T1: it is booked through another offer, or");
    /* Without a session there is nothing a week to be had. */
    assert_refused(&c, book(&c, c.request, NULL, "2026-W50:1"), "W50: 1 asked, 0 free on TTA-O1");
    assert_int_equal(fixture_try(c.f, NULL, places(&c, c.request, c.session, "2026-W50:1.5"), "propose"), STATUS_USAGE);
    /* The request's own bounds hold for places too. */
    Record *few = add_request(c.f, SMA, "20", "2");
    assert_refused(&c, book(&c, few, c.session, "2026-W50:3"), "W50: 3 asked, 2 more a week of use");
    assert_int_equal(raw_number(c.f->path, "SELECT COUNT(*) FROM allocation"), 0);
}

static void check_finds_what_no_write_could_do(void **state) {
    static const char *const wrongs[] = {"UPDATE session SET places = 7000", "UPDATE session SET state = 2",
                                         "UPDATE session SET week = '2026-W51'",
                                         "UPDATE offer SET quantity = 1000 WHERE kind = 6"};
    Course c = course(*state);
    fixture_good(c.f, book(&c, c.request, c.session, "2026-W50:8"), "book");
    assert_whole(c.f);
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        static const char *const rules[] = {"8 places are taken and there are 7", "it is cancelled, and places",
                                            "or in another week", "only an offer of training"};
        raw_do(c.f->path, "CREATE TABLE kept AS SELECT * FROM session; CREATE TABLE kept_offer AS SELECT * FROM offer");
        raw_do(c.f->path, wrongs[i]);
        assert_fault(c.f, rules[i], wrongs[i]);
        raw_do(c.f->path, "PRAGMA foreign_keys = OFF; DELETE FROM session; INSERT INTO session SELECT * FROM kept; "
                          "DELETE FROM offer; INSERT INTO offer SELECT * FROM kept_offer; DROP TABLE kept; "
                          "DROP TABLE kept_offer");
    }
    assert_whole(c.f);
}

/* --- forty at once ------------------------------------------------------------------------------------------------ */

enum { WRITERS = 40 };

/* In a process of its own: one try for a pair of seats. The exit status says what became of it. */
static int child_books(const Course *of, int number, int start) {
    Fixture f = {.login = "op-agadir", .acts = 1000 + number};
    Course c = *of;
    char byte;
    c.f = &f;
    memcpy(f.path, of->f->path, sizeof f.path);
    randombytes_stir(); /* its generator is bound to the process that began it */
    if (store_open(f.path, true, 60000, &f.store, &f.error) != STATUS_OK) return 90;
    /* All begin when the parent lets go of the pipe. */
    if (read(start, &byte, 1) != 0) return 91;
    return (int)book(&c, number % 2 ? c.request : c.other, c.session, "2026-W50:2");
}

static void forty_writers_take_the_last_places_once(void **state) {
    Course c = course(*state);
    int start[2], done = 0, refused = 0;
    pid_t children[WRITERS];
    fixture_good(c.f, fixture_change(c.f, c.session, "places", "13", NULL), "set");
    store_close(c.f->store); /* no connection crosses a fork */
    c.f->store = NULL;
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            close(start[1]);
            _exit(child_books(&c, i, start[0]));
        }
    }
    close(start[0]);
    close(start[1]);
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == STATUS_OK) done++;
        else if (WEXITSTATUS(status) == STATUS_CONFLICT) refused++;
        else fail_msg("a writer ended with %d", WEXITSTATUS(status));
    }
    fixture_reopen(c.f);
    assert_int_equal(done, 6); /* 12 of 13 */
    assert_int_equal(refused, WRITERS - 6);
    assert_int_equal(fixture_read(c.f, c.session)->values[SESSION_TAKEN].number, 12000);
    assert_whole(c.f);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_session_stands_in_its_week_and_ends_when_said),
        TEST(places_are_never_taken_twice),
        TEST(what_is_booked_holds_the_session),
        TEST(a_session_is_of_an_offer_that_has_them),
        TEST(a_booking_is_of_the_sessions_offer_and_week),
        TEST(check_finds_what_no_write_could_do),
        TEST(forty_writers_take_the_last_places_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
