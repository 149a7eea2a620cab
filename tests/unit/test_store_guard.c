/* Nothing is ever booked twice: the rules that concern an offer, a request and their allocations, at every write that
 * could break them, and with forty writers at once. */
#include "store_fixture.h"

#include <sodium.h>
#include <sys/wait.h>

/* TTA lends 100 GPU hours a week and keeps 20; SMA wants 300, at most 60 a week. */
typedef struct Loan {
    Fixture *f;
    Record *project, *offer, *request;
} Loan;

static Loan loan(Fixture *f) {
    Loan l = {.f = f, .project = fixture_project(f, SMA, "Irrigation")};
    l.offer = fixture_offer(f, TTA, "100", "20");
    l.request = fixture_request(f, l.project, "300", "60");
    return l;
}

static Status book(Loan *l, const Record *request, const char *bookings) {
    return fixture_try(l->f, NULL, fixture_allocation(l->f, l->offer, request, bookings), "propose");
}

static void assert_booked(Loan *l, const char *bookings) {
    fixture_good(l->f, book(l, l->request, bookings), bookings);
}

static void assert_refused(Loan *l, Status s, const char *why) {
    if (s != STATUS_CONFLICT || !strstr(l->f->error.why, why))
        fail_msg("%d (%s), not a conflict (%s)", s, l->f->error.why, why);
    assert_whole(l->f);
}

static Status use(Loan *l, const char *week, const char *quantity) {
    return fixture_try(l->f, NULL,
                       fixture_record(l->f, &entity_usage, TTA, "allocation", "TTA-A1", "week", week, "quantity",
                                      quantity, "source", "by_hand", NULL),
                       "add");
}

static int64_t booked(Loan *l, const char *week) {
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT COALESCE(SUM(quantity), 0) FROM allocation_bookings WHERE item = '%s'", week);
    return raw_number(l->f->path, sql);
}

static void an_offer_lends_no_more_than_it_has(void **state) {
    Loan l = loan(*state);
    Record *second = fixture_request(l.f, l.project, "500", "0");
    assert_booked(&l, "2026-W50:60");
    assert_refused(&l, book(&l, second, "2026-W50:20.001"), "W50: 20.001 asked, 20 free on TTA-O1");
    fixture_good(l.f, book(&l, second, "2026-W50:20"), "what is left");
    assert_refused(&l, book(&l, second, "2026-W49:10 2026-W50:0.001"), "W50");
    assert_int_equal(booked(&l, "2026-W50"), 80000);
    assert_int_equal(booked(&l, "2026-W49"), 0);
    assert_whole(l.f);
}

static void a_request_gets_no_more_than_it_wants(void **state) {
    Loan l = loan(*state);
    assert_refused(&l, book(&l, l.request, "2026-W50:60.001"), "W50: 60.001 asked, 60 more a week of use to SMA-R1");
    assert_booked(&l, "2026-W50:40");
    assert_refused(&l, book(&l, l.request, "2026-W50:21"), "W50: 21 asked, 20 more a week of use");
    assert_booked(&l, "2026-W50:20 2026-W51:60 2026-W52:60 2026-W53:60");
    assert_refused(&l, book(&l, l.request, "2027-W01:60.001"), "60.001 asked, 60 still wanted by SMA-R1");
    assert_refused(&l, book(&l, l.request, "2027-W01:40 2027-W02:20.001"), "60.001 asked, 60 still wanted by SMA-R1");
    assert_booked(&l, "2027-W01:60");
    assert_refused(&l, book(&l, l.request, "2027-W02:0.001"), "0.001 asked, 0 still wanted");
    Record *r = fixture_read(l.f, l.request);
    assert_int_equal(r->values[REQUEST_GOT].number, 300000);
    assert_whole(l.f);
}

static void weeks_outside_are_refused(void **state) {
    Loan l = loan(*state);
    assert_refused(&l, book(&l, l.request, "2026-W48:10"), "W48 lies outside the weeks of SMA-R1");
    assert_refused(&l, book(&l, l.request, "2027-W05:10"), "W05 2027 lies outside the weeks of SMA-R1");
    assert_refused(&l, book(&l, l.request, "2026-W47:10"), "W47 lies outside the weeks of TTA-O1");
    assert_refused(&l, book(&l, l.request, "2026-W50:10 2027-W09:10"), "W09 2027 lies outside the weeks of TTA-O1");
    assert_booked(&l, "2026-W49:10 2027-W04:10");
    assert_whole(l.f);
}

static void data_that_is_too_sensitive_is_refused(void **state) {
    Loan l = loan(*state);
    fixture_good(l.f, fixture_change(l.f, l.request, "data_level", "3", NULL), "set");
    assert_refused(&l, book(&l, l.request, "2026-W50:10"), "more sensitive than it takes");
    fixture_good(l.f, fixture_change(l.f, l.request, "data_level", "2", NULL), "set");
    assert_booked(&l, "2026-W50:10");
    assert_refused(&l, fixture_change(l.f, l.request, "data_level", "3", NULL), "too sensitive");
    assert_refused(&l, fixture_change(l.f, l.offer, "data_level", "1", NULL), "more sensitive than it takes");
}

static void kind_and_region_must_be_theirs(void **state) {
    Loan l = loan(*state);
    Record *a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:10");
    a->values[ALLOCATION_KIND] = value_number(KIND_CPU_HOUR);
    assert_refused(&l, fixture_try(l.f, NULL, a, "propose"), "of another kind, or for another region");
    a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:10");
    a->values[ALLOCATION_BORROWER] = value_number(DOD);
    assert_refused(&l, fixture_try(l.f, NULL, a, "propose"), "of another kind, or for another region");
    a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:10");
    a->values[COMMON_SITE] = value_number(SMA);
    assert_refused(&l, fixture_try(l.f, NULL, a, "propose"), "of another kind, or for another region");
    assert_int_equal(raw_number(l.f->path, "SELECT COUNT(*) FROM allocation"), 0);
}

/* What was lent already cannot be taken from under it by editing the offer or the request. */
static void edits_keep_what_is_booked(void **state) {
    Loan l = loan(*state);
    assert_booked(&l, "2026-W50:60 2026-W52:50");
    assert_refused(&l, fixture_change(l.f, l.offer, "reserve", "41", NULL), "60 is booked and 59 can be lent");
    assert_refused(&l, fixture_change(l.f, l.offer, "quantity", "79", NULL), "60 is booked and 59 can be lent");
    assert_refused(&l, fixture_change(l.f, l.offer, "first", "2026-W51", NULL), "W50");
    assert_refused(&l, fixture_change(l.f, l.offer, "last", "2026-W51", NULL), "W52");
    assert_refused(&l, fixture_change(l.f, l.request, "wanted", "109", NULL), "110 is booked and only 109");
    assert_refused(&l, fixture_change(l.f, l.request, "weekly_most", "59", NULL), "at most 59");
    assert_refused(&l, fixture_change(l.f, l.request, "earliest", "2026-W51", NULL), "W50");
    assert_refused(&l, fixture_change(l.f, l.request, "latest", "2026-W51", NULL), "W52");
    fixture_good(l.f, fixture_change(l.f, l.offer, "reserve", "40", "first", "2026-W50", "last", "2026-W52", NULL),
                 "fit");
    fixture_good(l.f,
                 fixture_change(l.f, l.request, "wanted", "110", "earliest", "2026-W50", "latest", "2026-W52", NULL),
                 "fit");
    assert_whole(l.f);
}

static void an_edited_allocation_is_looked_at_again(void **state) {
    Loan l = loan(*state);
    Record *second = fixture_request(l.f, l.project, "500", "0");
    assert_booked(&l, "2026-W50:50");
    Record *a = fixture_allocation(l.f, l.offer, second, "2026-W51:10");
    fixture_good(l.f, fixture_try(l.f, NULL, a, "propose"), "propose");
    assert_refused(&l, fixture_change(l.f, a, "bookings", "2026-W50:31", NULL), "W50: 31 asked, 30 free");
    fixture_good(l.f, fixture_change(l.f, a, "bookings", "2026-W50:30 2026-W52:80", NULL), "set");
    Record *r = fixture_read(l.f, a);
    assert_int_equal(r->values[ALLOCATION_TOTAL].number, 110000);
    assert_string_equal(value_string(&r->values[ALLOCATION_FIRST]), "2026-W50");
    assert_string_equal(value_string(&r->values[ALLOCATION_LAST]), "2026-W52");
    assert_whole(l.f);
}

/* In every state but declined, bookings hold their place; a declined one can only stand again where there is room. */
static void only_a_declined_one_frees_its_weeks(void **state) {
    Loan l = loan(*state);
    Record *second = fixture_request(l.f, l.project, "500", "0");
    Record *a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:60");
    fixture_good(l.f, fixture_try(l.f, NULL, a, "propose"), "propose");
    static const int holding[] = {ALLOCATION_ACCEPTED, ALLOCATION_ACTIVE,  ALLOCATION_COMPLETED,
                                  ALLOCATION_RELEASED, ALLOCATION_REVOKED, ALLOCATION_PROPOSED};
    for (size_t i = 0; i < sizeof holding / sizeof *holding; i++) {
        fixture_good(l.f, fixture_move(l.f, a, holding[i]), "move");
        assert_refused(&l, book(&l, second, "2026-W50:30"), "W50: 30 asked, 20 free");
    }
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_DECLINED), "decline");
    fixture_good(l.f, book(&l, second, "2026-W50:30"), "book");
    assert_refused(&l, fixture_move(l.f, a, ALLOCATION_PROPOSED), "W50: 60 asked, 50 free");
    assert_whole(l.f);
}

/* A dataset is not used up: any number may have it, and there is nothing to book. */
static Status give_access(Loan *l, const Record *request, const char *first, const char *last) {
    Record *a = fixture_allocation(l->f, l->offer, request, "");
    fixture_set(l->f, a, strlen(first) > 8 ? "opens" : "first", first);
    fixture_set(l->f, a, strlen(last) > 8 ? "ends" : "last", last);
    return fixture_try(l->f, NULL, a, "propose");
}

static void access_is_never_used_up(void **state) {
    Fixture *f = *state;
    Loan l = {.f = f, .project = fixture_project(f, SMA, "Irrigation")};
    l.offer = fixture_add(
        f, fixture_record(f, &entity_offer, TTA, "name", "Corpus", "kind", "dataset", "first", "2026-W48", "last",
                          "2027-W08", "data_level", "2", "mode", "free_hand", "state", "open", NULL));
    Record *request = NULL;
    for (int i = 0; i < 3; i++) {
        request = fixture_add(
            f, fixture_record(f, &entity_request, SMA, "project", "SMA-P1", "kind", "dataset", "earliest", "2026-W49",
                              "latest", "2027-W04", "priority", "2", "data_level", "1", "state", "approved", NULL));
        fixture_good(f, give_access(&l, request, "2026-W49", "2027-W04"), "access");
    }
    Record *a = fixture_allocation(f, l.offer, request, "2026-W50:1");
    assert_refused(&l, fixture_try(f, NULL, a, "propose"), "");
    fixture_set(f, request, "data_level", "2");
    fixture_good(f, fixture_change(f, request, "data_level", "2", NULL), "set");
    assert_refused(&l, fixture_change(f, request, "data_level", "4", NULL), "too sensitive");
}

static void access_is_there_once_a_day(void **state) {
    Fixture *f = *state;
    Loan l = {.f = f, .project = fixture_project(f, SMA, "Irrigation")};
    l.offer = fixture_add(
        f, fixture_record(f, &entity_offer, TTA, "name", "Corpus", "kind", "dataset", "first", "2026-W48", "last",
                          "2027-W08", "data_level", "2", "mode", "free_hand", "state", "open", NULL));
    l.request = fixture_add(
        f, fixture_record(f, &entity_request, SMA, "project", "SMA-P1", "kind", "dataset", "earliest", "2026-W49",
                          "latest", "2027-W08", "priority", "2", "data_level", "1", "state", "approved", NULL));
    fixture_good(f, give_access(&l, l.request, "2026-12-07", "2026-12-09"), "access");
    assert_refused(&l, give_access(&l, l.request, "2026-12-09", "2026-12-20"), "twice, on days of W50");
    assert_refused(&l, give_access(&l, l.request, "2026-W50", "2026-W52"), "twice, on days of W50");
    fixture_good(f, give_access(&l, l.request, "2026-12-10", "2026-12-20"), "from the day after");
    fixture_good(f, give_access(&l, l.request, "2026-W52", "2027-W02"), "in later weeks");
    assert_refused(&l, give_access(&l, l.request, "2027-01-17", "2027-01-31"), "twice, on days of W02");
    assert_whole(f);
}

/* --- forty at once ------------------------------------------------------------------------------------------------ */

enum { WRITERS = 40 };

/* In a process of its own: one try for 7 hours of week 50. The exit status says what became of it. */
static int child_books(const Fixture *of, const Record *offer, const Record *request, int number, int start) {
    Fixture f = {.login = "op-agadir", .acts = 1000 + number};
    char byte;
    memcpy(f.path, of->path, sizeof f.path);
    randombytes_stir(); /* its generator is bound to the process that began it */
    if (store_open(f.path, true, 60000, &f.store, &f.error) != STATUS_OK) return 90;
    /* All begin when the parent lets go of the pipe. */
    if (read(start, &byte, 1) != 0) return 91;
    Record *a = fixture_allocation(&f, offer, request, "2026-W50:7");
    return (int)fixture_try(&f, NULL, a, "propose");
}

static void forty_writers_book_exactly_what_fits(void **state) {
    Loan l = loan(*state);
    Record *request = fixture_request(l.f, l.project, "500", "0");
    int start[2], done = 0, refused = 0;
    pid_t children[WRITERS];
    store_close(l.f->store); /* no connection crosses a fork */
    l.f->store = NULL;
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            close(start[1]);
            _exit(child_books(l.f, l.offer, request, i, start[0]));
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
    fixture_reopen(l.f);
    assert_int_equal(done, 11); /* 77 of 80 */
    assert_int_equal(refused, WRITERS - 11);
    assert_int_equal(booked(&l, "2026-W50"), 77000);
    assert_int_equal(raw_number(l.f->path, "SELECT COUNT(*) FROM journal WHERE entity = 10"), 11);
    assert_int_equal(raw_number(l.f->path, "SELECT MAX(last) FROM counter WHERE entity = 10"), 11);
    assert_whole(l.f);
}

/* Of an allocation that is or was active, in its weeks, and a week's sum never below nothing; check proves it. */
static void use_is_of_what_runs(void **state) {
    Loan l = loan(*state);
    Record *a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:20 2026-W51:60");
    fixture_good(l.f, fixture_try(l.f, NULL, a, "propose"), "propose");
    assert_refused(&l, use(&l, "2026-W51", "1"), "not active");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_ACCEPTED), "accept");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_ACTIVE), "activate");
    assert_refused(&l, use(&l, "2026-W49", "1"), "outside of its weeks");
    fixture_good(l.f, use(&l, "2026-W51", "30"), "use");
    assert_refused(&l, use(&l, "2026-W51", "-30.001"), "comes to");
    fixture_good(l.f, use(&l, "2026-W51", "-30"), "take back");
    fixture_good(l.f, use(&l, "2026-W50", "5"), "use");
    /* What was used was once begun. */
    assert_refused(&l, fixture_move(l.f, a, ALLOCATION_ACCEPTED), "not active");
    raw_do(l.f->path, "UPDATE usage SET quantity = -1 WHERE quantity = 5000");
    assert_fault(l.f, "which is below 0", "a week's sum");
    raw_do(l.f->path, "UPDATE usage SET quantity = 5000, week = '2026-W49' WHERE quantity = -1");
    assert_fault(l.f, "outside of its weeks", "a week");
    raw_do(l.f->path, "UPDATE usage SET week = '2026-W50' WHERE quantity = 5000");
    assert_whole(l.f);
}

static void what_was_released_before_it_began_was_not_used(void **state) {
    Loan l = loan(*state);
    Record *a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:20 2026-W51:60");
    fixture_good(l.f, fixture_try(l.f, NULL, a, "propose"), "propose");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_ACCEPTED), "accept");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_RELEASED), "release");
    fixture_good(l.f, use(&l, "2026-W51", "1"), "use");
    assert_fault(l.f, "it never was active", "its use");
}

/* Whatever is taken back, nobody is left with what was never open to him. */
static void what_is_booked_keeps_its_two_sides_as_they_were(void **state) {
    Loan l = loan(*state);
    Record *a = fixture_allocation(l.f, l.offer, l.request, "2026-W50:20");
    fixture_good(l.f, fixture_try(l.f, NULL, a, "propose"), "propose");
    static const int never[] = {REQUEST_DRAFT,    REQUEST_SUBMITTED, REQUEST_RETURNED,
                                REQUEST_REJECTED, REQUEST_CLOSED,    REQUEST_WITHDRAWN};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_refused(&l, fixture_move(l.f, l.request, never[i]), "something is proposed or booked for it");
    }
    assert_refused(&l, fixture_move(l.f, l.offer, OFFER_DRAFT), "it is a draft");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_ACCEPTED), "accept");
    assert_refused(&l, fixture_move(l.f, l.request, REQUEST_WITHDRAWN), "something is proposed or booked for it");
    /* What is agreed on stays so for one that is closed, and is not proposed anew. */
    fixture_good(l.f, fixture_move(l.f, l.request, REQUEST_CLOSED), "close");
    assert_refused(&l, fixture_move(l.f, a, ALLOCATION_PROPOSED), "something is proposed or booked for it");
    fixture_good(l.f, fixture_move(l.f, a, ALLOCATION_RELEASED), "release");
    fixture_good(l.f, fixture_move(l.f, l.request, REQUEST_WITHDRAWN), "withdraw");
    assert_refused(&l, fixture_move(l.f, a, ALLOCATION_ACTIVE), "something is proposed or booked for it");
    raw_do(l.f->path, "UPDATE request SET state = 2");
    assert_fault(l.f, "something is proposed or booked for it", "a request's state");
    raw_do(l.f->path, "UPDATE offer SET state = 1");
    assert_fault(l.f, "it is a draft", "an offer's state");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_offer_lends_no_more_than_it_has),
        TEST(a_request_gets_no_more_than_it_wants),
        TEST(weeks_outside_are_refused),
        TEST(data_that_is_too_sensitive_is_refused),
        TEST(kind_and_region_must_be_theirs),
        TEST(edits_keep_what_is_booked),
        TEST(an_edited_allocation_is_looked_at_again),
        TEST(only_a_declined_one_frees_its_weeks),
        TEST(access_is_never_used_up),
        TEST(access_is_there_once_a_day),
        TEST(use_is_of_what_runs),
        TEST(what_was_released_before_it_began_was_not_used),
        TEST(what_is_booked_keeps_its_two_sides_as_they_were),
        TEST(forty_writers_book_exactly_what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
