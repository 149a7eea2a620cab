/* model/entity, records: making, copying and naming them, and what record_check and the entities' own rules refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "base/text.h"
#include "model/entities.h"

#include <stdio.h>
#include <string.h>

static Arena arena;

static int set_up(void **state) {
    (void)state;
    int day = 0;
    date_parse("2026-11-23", 10, &day);
    clock_pin((int64_t)day * 86400 + 43200);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static void set(Record *r, int field, const char *text) {
    Error e = {0};
    if (value_read(&arena, &r->entity->fields[field], text, strlen(text), FORM_FILE, NULL, &r->values[field], &e) !=
        STATUS_OK)
        fail_msg("%s: %s", e.field, e.why);
}

static void set_text(Record *r, int field, const char *text) {
    r->values[field] = value_text(text, strlen(text));
}

/* Something that the field may hold; references are not followed. */
static void fill(Record *r, int field) {
    const Field *f = &r->entity->fields[field];
    char text[200];
    int least = f->min > 1 ? (int)f->min : 1;
    switch (f->kind) {
    case FIELD_CODE: return;
    case FIELD_TEXT:
    case FIELD_NOTE:
        memset(text, 'x', (size_t)least);
        text[least] = 0;
        break;
    case FIELD_CHOICE:
    case FIELD_SET: strcpy(text, f->choices[0].word); break;
    case FIELD_DATE: strcpy(text, "2026-11-30"); break;
    case FIELD_WEEK: strcpy(text, "2026-W48"); break;
    case FIELD_INSTANT: strcpy(text, "2026-11-23T09:00:00Z"); break;
    case FIELD_NUMBER: strcpy(text, "1"); break;
    case FIELD_FLAG: strcpy(text, "yes"); break;
    case FIELD_REF: r->values[field] = value_number(1); return;
    case FIELD_REFS: {
        ListItem *items = arena_array(&arena, 2, sizeof *items);
        items[0].key = 2; /* 1 is the record's own region */
        items[1].key = 3;
        r->values[field] = value_list(items, 2);
        return;
    }
    case FIELD_BOOKINGS: strcpy(text, "2026-W48:1"); break;
    }
    set(r, field, text);
}

static Record *full(const Entity *entity) {
    Record *r = record_new(&arena, entity);
    for (int i = 0; i < entity->field_count; i++) {
        fill(r, i);
    }
    /* Only a need that was merged says into which, and this one was not. */
    if (entity == &entity_need) r->values[NEED_MERGED_INTO] = (Value){0};
    return r;
}

static void assert_good(const Record *r) {
    Error e = {0};
    if (record_check(r, &e) != STATUS_OK) fail_msg("%s.%s: %s", r->entity->name, e.field, e.why);
}

static void assert_bad(const Record *r, const char *field, const char *why) {
    Error e = {0};
    if (record_check(r, &e) != STATUS_USAGE) fail_msg("%s: a bad %s is taken", r->entity->name, field);
    if (strcmp(e.field, field) != 0 || !strstr(e.why, why))
        fail_msg("%s: %s (%s), not %s (%s)", r->entity->name, e.field, e.why, field, why);
    assert_int_equal(e.status, STATUS_USAGE);
    assert_int_equal(record_check(r, NULL), STATUS_USAGE);
}

static void assert_title(const Record *r, const char *expected) {
    Buffer b = {0};
    record_title(r, &b);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

#define EACH(entity)                                                                                                   \
    for (int kind_ = 1; kind_ < ENTITY_COUNT; kind_++)                                                                 \
        for (const Entity *entity = entity_of_kind(kind_); entity; entity = NULL)

/* --- making and naming ------------------------------------------------------------------------------------------ */

static void new_records_are_empty(void **state) {
    (void)state;
    EACH(entity) {
        Record *r = record_new(&arena, entity);
        assert_ptr_equal(r->entity, entity);
        assert_true(r->id == 0);
        assert_int_equal(record_state(r), entity->first_state);
        assert_int_equal(record_site(r), -1);
        for (int i = 0; i < entity->field_count; i++) {
            if (i != COMMON_STATE) assert_int_equal(r->values[i].kind, VALUE_NONE);
        }
        r->values[COMMON_SITE] = value_number(0);
        r->values[COMMON_STATE] = (Value){0};
        assert_int_equal(record_site(r), 0);
        assert_int_equal(record_state(r), 0);
    }
}

static void copies_stand_alone(void **state) {
    (void)state;
    EACH(entity) {
        Record *r = full(entity);
        r->id = id_make(9, 0, 42);
        Record *copy = record_copy(&arena, r);
        assert_ptr_equal(copy->entity, entity);
        assert_true(copy->id == r->id);
        for (int i = 0; i < entity->field_count; i++) {
            assert_true(value_equal(&copy->values[i], &r->values[i]));
            assert_ptr_equal(copy->values[i].text, r->values[i].text);
        }
        copy->values[COMMON_REV] = value_number(99);
        assert_true(value_number_or(&r->values[COMMON_REV], 0) != 99);
    }
}

static void records_without_values_have_no_title(void **state) {
    (void)state;
    EACH(entity) {
        Record *r = record_new(&arena, entity);
        assert_title(r, "");
        if (entity->title >= 0) {
            set_text(r, entity->title, "its title");
            assert_title(r, "its title");
        }
        r = full(entity);
        Buffer b = {0};
        record_title(r, &b);
        assert_true(b.size > 0 && text_is_clean(b.bytes, b.size, false));
        buffer_free(&b);
    }
}

static void titles_made_of_several_fields(void **state) {
    (void)state;
    Record *request = record_new(&arena, &entity_request);
    set(request, REQUEST_KIND, "gpu_hour");
    set(request, REQUEST_WANTED, "2000");
    set(request, REQUEST_EARLIEST, "2026-W48");
    set(request, REQUEST_LATEST, "2030-W02");
    assert_title(request, "2\xC2\xA0"
                          "000 GPU h, W48 – W02 2030");
    set(request, REQUEST_KIND, "dataset");
    set(request, REQUEST_WANTED, "");
    assert_title(request, "dataset, W48 – W02 2030");

    Record *allocation = record_new(&arena, &entity_allocation);
    set(allocation, ALLOCATION_KIND, "expert_day");
    set(allocation, ALLOCATION_BOOKINGS, "2026-W48:1.5 2026-W50:2");
    entity_allocation.derive(&arena, allocation);
    assert_title(allocation, "3.5 days, W48 – W50");
    set(allocation, ALLOCATION_BOOKINGS, "2026-W48:1.5");
    entity_allocation.derive(&arena, allocation);
    assert_title(allocation, "1.5 days, W48");
    set(allocation, ALLOCATION_BOOKINGS, "");
    entity_allocation.derive(&arena, allocation);
    assert_title(allocation, "0 days");
    set(allocation, ALLOCATION_KIND, "model");
    assert_title(allocation, "model");

    Record *usage = record_new(&arena, &entity_usage);
    set(usage, USAGE_WEEK, "2026-W47");
    set(usage, USAGE_QUANTITY, "-12.5");
    assert_title(usage, "-12.5, W47");
}

static bool code_of(void *self, int entity, int64_t id, char *out, size_t room) {
    if (entity != ENTITY_OPERATOR || id != 7) return false;
    snprintf(out, room, "%s", (const char *)self);
    return true;
}

static void assert_code(const Record *r, const CodeBook *book, const char *expected) {
    Buffer b = {0};
    record_code(r, book, &b);
    assert_string_equal(buffer_string(&b), expected);
    buffer_free(&b);
}

static void codes_of_records(void **state) {
    (void)state;
    char login[] = "a-login-of-thirty-two-characters";
    CodeBook book = {.code_of = code_of, .self = login}, bare = {0};
    Record *r = record_new(&arena, &entity_project);
    assert_code(r, &book, ""); /* not yet in the store */
    r->id = id_make(9, 3, 42);
    assert_code(r, &book, "SMA-P42.3");
    assert_code(r, NULL, "SMA-P42.3");
    r = record_new(&arena, &entity_operator);
    r->id = 7;
    assert_code(r, NULL, "");
    assert_code(r, &bare, "");
    assert_code(r, &book, login); /* whole */
    set(r, COMMON_CODE, "op-agadir");
    assert_code(r, &book, "op-agadir");
    assert_code(r, NULL, "op-agadir");
    r = record_new(&arena, &entity_province);
    r->id = 900;
    assert_code(r, &book, "");
}

static void counts_are_phrases(void **state) {
    (void)state;
    Buffer b = {0};
    assert_string_equal(entity_count(&entity_project, 0, &b), "0 projects");
    buffer_clear(&b);
    assert_string_equal(entity_count(&entity_project, 1, &b), "1 project");
    buffer_clear(&b);
    assert_string_equal(entity_count(&entity_project, 2, &b), "2 projects");
    buffer_clear(&b);
    assert_string_equal(entity_count(&entity_usage, 1203, &b), "1\xC2\xA0"
                                                               "203 usage records");
    buffer_free(&b);
}

/* --- record_check ----------------------------------------------------------------------------------------------- */

static void full_records_pass(void **state) {
    (void)state;
    EACH(entity) {
        Record *r = full(entity);
        assert_good(r);
        for (int i = 0; i < entity->field_count; i++) { /* what is not required may be missing */
            if (entity->fields[i].flags & FIELD_REQUIRED || (entity == &entity_offer && i == OFFER_QUANTITY) ||
                (entity == &entity_request && i == REQUEST_WANTED))
                continue;
            Value was = r->values[i];
            r->values[i] = (Value){0};
            assert_good(r);
            r->values[i] = was;
        }
    }
}

static void what_is_required_may_not_be_missing(void **state) {
    (void)state;
    EACH(entity) {
        for (int i = 0; i < entity->field_count; i++) {
            const Field *f = &entity->fields[i];
            bool stores = i < COMMON_COUNT && i != COMMON_CODE; /* filled in by the store after the check */
            Record *r = full(entity);
            r->values[i] = (Value){0};
            if (stores) assert_good(r);
            else if (f->flags & FIELD_REQUIRED && f->kind != FIELD_CODE) assert_bad(r, f->name, "is missing");
            if (f->kind != FIELD_CHOICE || stores || !(f->flags & FIELD_REQUIRED)) continue;
            r->values[i] = value_number(0);
            assert_bad(r, f->name, "is missing");
        }
    }
    Record *r = record_new(&arena, &entity_project);
    assert_bad(r, "title", "Title, Stage, Sector are missing: give title=... stage=... sector=...");
}

/* A value of the field's kind that is not within its bounds; false where there is none. */
static bool spoil(Record *r, int field, int way) {
    static char text[FIELD_NOTE_MAX + 8];
    const Field *f = &r->entity->fields[field];
    Value *v = &r->values[field];
    ListItem *items = arena_array(&arena, 2, sizeof *items);
    int64_t most = f->max ? f->max : f->kind == FIELD_NOTE ? FIELD_NOTE_MAX : FIELD_TEXT_MAX;
    switch (f->kind) {
    case FIELD_CODE:
    case FIELD_REF:
    case FIELD_REFS: return false;
    case FIELD_TEXT:
    case FIELD_NOTE:
        memset(text, 'x', (size_t)most + 1);
        text[most + 1] = 0;
        if (way == 1) strcpy(text, "xx\x1Bxxx");
        if (way == 2) strcpy(text, "xxxxx\xFF");
        if (way == 3) strcpy(text, " xxxx");
        if (way == 4 && f->min < 2) return false;
        if (way == 4) strcpy(text, "x");
        set_text(r, field, text);
        return true;
    case FIELD_CHOICE: *v = value_number(way ? -1 : 62); return way < 2;
    case FIELD_SET: *v = value_number(way ? 1 : INT64_C(1) << 62); return way < 2;
    case FIELD_DATE: set_text(r, field, way ? "2026-02-30" : "+2w"); return way < 2;
    case FIELD_WEEK: set_text(r, field, way ? "2025-W53" : "W48"); return way < 2;
    case FIELD_INSTANT: set_text(r, field, way ? "2026-11-23" : "2026-11-23T24:00:00Z"); return way < 2;
    case FIELD_NUMBER:
        if (!f->min && !f->max) return false;
        *v = value_number(way ? f->min - 1 : f->max + 1);
        return way < 2;
    case FIELD_FLAG: *v = value_number(way ? -1 : 2); return way < 2;
    case FIELD_BOOKINGS:
        items[0] = (ListItem){.key = 2970, .quantity = way ? -1 : f->max + 1};
        items[1] = (ListItem){.key = way == 2 ? 2970 : 2971, .quantity = 1};
        if (way == 2) items[0].quantity = 1;
        *v = value_list(items, 2);
        return way < 3;
    }
    return false;
}

static void every_value_is_within_its_bounds(void **state) {
    (void)state;
    int spoilt = 0;
    EACH(entity) {
        for (int i = 0; i < entity->field_count; i++) {
            for (int way = 0; way < 5; way++) {
                Record *r = full(entity);
                if (!spoil(r, i, way)) continue;
                assert_bad(r, entity->fields[i].name, "");
                spoilt++;
            }
        }
        arena_reset(&arena);
    }
    assert_true(spoilt > 300);
    Record *r = full(&entity_project);
    r->values[PROJECT_BUDGET] = value_number(entity_project.fields[PROJECT_BUDGET].max);
    assert_good(r);
    r->values[PROJECT_TITLE] = value_number(5); /* no text at all */
    assert_bad(r, "title", "");
}

static void rules_do_not_stumble_over_what_is_missing(void **state) {
    (void)state;
    EACH(entity) {
        if (!entity->check) continue;
        Record *r = record_new(&arena, entity);
        Error e = {0};
        (void)entity->check(r, &e); /* whatever it says, it returns */
        for (int i = COMMON_COUNT; i < entity->field_count; i++) {
            r = full(entity);
            r->values[i] = (Value){0};
            Status s = entity->check(r, &e);
            assert_true(s == STATUS_OK || s == STATUS_USAGE);
        }
    }
    Record *r = record_new(&arena, &entity_project);
    assert_int_equal(entity_project.check(r, NULL), STATUS_OK);
}

static void rules_of_offers(void **state) {
    (void)state;
    Record *r = full(&entity_offer);
    set(r, OFFER_QUANTITY, "640");
    set(r, OFFER_RESERVE, "640");
    assert_good(r);
    set(r, OFFER_RESERVE, "640.001");
    assert_bad(r, "reserve", "more is kept than there is");
    set(r, OFFER_RESERVE, "");
    assert_good(r);
    set(r, OFFER_LAST, "2026-W47");
    assert_bad(r, "last", "would end (2026-W47) before it begins (2026-W48)");
    set(r, OFFER_LAST, "2027-W01");
    assert_good(r);
    set(r, OFFER_QUANTITY, "");
    assert_bad(r, "quantity", "above 0");
    set(r, OFFER_QUANTITY, "0");
    assert_bad(r, "quantity", "above 0");
    set(r, OFFER_QUANTITY, "0.001");
    assert_good(r);
    set(r, OFFER_QUANTITY, "");
    /* Of these, sessions may stand in place of a quantity. */
    set(r, OFFER_KIND, "training_seat");
    assert_good(r);
    set(r, OFFER_KIND, "lab_hour");
    assert_good(r);
    set(r, OFFER_KIND, "expert_day");
    assert_bad(r, "quantity", "above 0");
    set(r, OFFER_KIND, "dataset");
    assert_good(r);
    set(r, OFFER_QUANTITY, "5");
    assert_bad(r, "quantity", "leave it empty");
    set(r, OFFER_QUANTITY, "");
    set(r, OFFER_RESERVE, "1");
    assert_bad(r, "reserve", "more is kept");
}

static void rules_of_requests(void **state) {
    (void)state;
    Record *r = full(&entity_request);
    set(r, REQUEST_WANTED, "2000");
    set(r, REQUEST_WEEKLY_MOST, "1");
    set(r, REQUEST_SMALLEST, "2000");
    assert_bad(r, "weekly_most",
               "1 a week in 1 week make 1, and less than 2\xC2\xA0"
               "000 would not help");
    set(r, REQUEST_WEEKLY_MOST, "1999.999");
    assert_bad(r, "weekly_most", "1 week make 1");
    set(r, REQUEST_LATEST, "2026-W49");
    assert_good(r);
    set(r, REQUEST_WEEKLY_MOST, "");
    set(r, REQUEST_SMALLEST, "2000.001");
    assert_bad(r, "smallest", "above what is wanted");
    set(r, REQUEST_SMALLEST, "");
    set(r, REQUEST_LATEST, "2026-W47");
    assert_bad(r, "latest", "(2026-W47) is before the earliest (2026-W48)");
    set(r, REQUEST_LATEST, "2031-W48");
    assert_bad(r, "latest", "are 262 weeks, and a request is for 261 at most");
    set(r, REQUEST_LATEST, "2027-W12");
    assert_good(r);
    set(r, REQUEST_WANTED, "");
    assert_bad(r, "wanted", "above 0");
    set(r, REQUEST_WANTED, "0.001");
    assert_good(r);
    set(r, REQUEST_WANTED, "");
    set(r, REQUEST_KIND, "model");
    assert_good(r);
    set(r, REQUEST_WANTED, "1");
    assert_bad(r, "wanted", "leave it empty");
    set(r, REQUEST_WANTED, "");
    set(r, REQUEST_WEEKLY_MOST, "1");
    assert_bad(r, "weekly_most", "leave it empty");
    set(r, REQUEST_KIND, "training_seat");
    set(r, REQUEST_WANTED, "2.5");
    assert_bad(r, "wanted", "taken whole");
    set(r, REQUEST_WANTED, "2");
    assert_good(r);
}

static void rules_of_projects(void **state) {
    (void)state;
    Record *r = full(&entity_project);
    set(r, PROJECT_START, "2026-11-30");
    set(r, PROJECT_DUE, "2026-11-30");
    assert_good(r);
    set(r, PROJECT_DUE, "2026-11-29");
    assert_bad(r, "due", "due (2026-11-29) before it starts (2026-11-30)");
    set(r, PROJECT_START, "");
    assert_good(r);
    set(r, PROJECT_START, "2026-11-30");
    set(r, PROJECT_DUE, "");
    assert_good(r);
    set(r, PROJECT_BUDGET, "1000");
    set(r, PROJECT_FUNDED, "1000");
    assert_good(r);
    set(r, PROJECT_FUNDED, "1000.01");
    assert_bad(r, "funded", "more is funded than the budget");
    set(r, PROJECT_BUDGET, "");
    assert_good(r); /* granted before it is budgeted */
    r->values[COMMON_SITE] = value_number(3);
    assert_bad(r, "partners", "the project is FMK's own");
    r->values[COMMON_SITE] = value_number(4);
    assert_good(r);
}

static void rules_of_logins(void **state) {
    (void)state;
    static const char *const good[] = {"op-agadir", "a", "0x", "A.B_c-9", "azAZ09", "a-login-of-thirty-two-characters"};
    static const char *const bad[] = {"-op", ".op",   "_op",  "op agadir", "op/agadir",
                                      "opé", "op\"x", "op:x", "op,x",      "op@x"};
    Record *r = full(&entity_operator);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        set_text(r, COMMON_CODE, good[i]);
        assert_good(r);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        set_text(r, COMMON_CODE, bad[i]);
        assert_bad(r, "code", "letters, digits, dots and dashes");
    }
    set_text(r, COMMON_CODE, "a-login-of-thirty-three-character");
    assert_bad(r, "code", "at most 32");
}

static void rules_of_sessions(void **state) {
    (void)state;
    Record *r = full(&entity_session);
    Buffer title = {0};
    set(r, SESSION_FIRST, "2026-12-13");
    set(r, SESSION_LAST, "2026-12-12");
    assert_bad(r, "last_day", "the session would end (2026-12-12) before it begins (2026-12-13)");
    r->values[SESSION_LAST] = (Value){0};
    entity_session.derive(&arena, r);
    assert_string_equal(value_string(&r->values[SESSION_LAST]), "2026-12-13");
    assert_string_equal(value_string(&r->values[SESSION_WEEK]), "2026-W50");
    assert_good(r);
    set(r, SESSION_PLACES, "12");
    record_title(r, &title);
    assert_string_equal(buffer_string(&title), "13 Dec, 12 places");
    set(r, SESSION_LAST, "2026-12-15");
    buffer_clear(&title);
    record_title(r, &title);
    assert_string_equal(buffer_string(&title), "13 Dec \xe2\x80\x93 15 Dec, 12 places");
    buffer_free(&title);
    set(r, SESSION_PLACES, "0.001");
    assert_good(r);
    r->values[SESSION_PLACES] = value_number(0);
    assert_bad(r, "places", "");
}

static void allocations_follow_from_their_bookings(void **state) {
    (void)state;
    Record *r = full(&entity_allocation);
    set(r, ALLOCATION_KIND, "gpu_hour");
    set(r, ALLOCATION_BOOKINGS, "2027-W01:16.5 2026-W48:200 2026-W50:200");
    entity_allocation.derive(&arena, r);
    assert_int_equal(value_number_or(&r->values[ALLOCATION_TOTAL], -1), 416500);
    assert_string_equal(value_string(&r->values[ALLOCATION_FIRST]), "2026-W48");
    assert_string_equal(value_string(&r->values[ALLOCATION_LAST]), "2027-W01");
    assert_good(r);
    set(r, ALLOCATION_BOOKINGS, "2026-W53:1");
    entity_allocation.derive(&arena, r);
    assert_int_equal(value_number_or(&r->values[ALLOCATION_TOTAL], -1), 1000);
    assert_string_equal(value_string(&r->values[ALLOCATION_FIRST]), "2026-W53");
    assert_string_equal(value_string(&r->values[ALLOCATION_LAST]), "2026-W53");
    set(r, ALLOCATION_BOOKINGS, "");
    entity_allocation.derive(&arena, r);
    assert_int_equal(value_number_or(&r->values[ALLOCATION_TOTAL], -1), 0);
    assert_int_equal(r->values[ALLOCATION_FIRST].kind, VALUE_NONE);
    assert_int_equal(r->values[ALLOCATION_LAST].kind, VALUE_NONE);
    /* Access has no bookings but days, and its weeks are theirs; without days the weeks that were given stay. */
    set(r, ALLOCATION_KIND, "dataset");
    set(r, ALLOCATION_ACCOUNT, "");
    set(r, ALLOCATION_OPENS, "2026-12-06");
    set(r, ALLOCATION_ENDS, "2026-12-14");
    entity_allocation.derive(&arena, r);
    assert_string_equal(value_string(&r->values[ALLOCATION_FIRST]), "2026-W49");
    assert_string_equal(value_string(&r->values[ALLOCATION_LAST]), "2026-W51");
    assert_good(r);
    set(r, ALLOCATION_ENDS, "2026-12-05");
    assert_bad(r, "ends", "access would end (2026-12-05) before it opens (2026-12-06)");
    r->values[ALLOCATION_OPENS] = r->values[ALLOCATION_ENDS] = (Value){0};
    set(r, ALLOCATION_FIRST, "2026-W48");
    set(r, ALLOCATION_LAST, "2026-W50");
    entity_allocation.derive(&arena, r);
    assert_int_equal(value_number_or(&r->values[ALLOCATION_TOTAL], -1), 0);
    assert_string_equal(value_string(&r->values[ALLOCATION_FIRST]), "2026-W48");
    assert_string_equal(value_string(&r->values[ALLOCATION_LAST]), "2026-W50");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(new_records_are_empty),
        TEST(copies_stand_alone),
        TEST(records_without_values_have_no_title),
        TEST(titles_made_of_several_fields),
        TEST(codes_of_records),
        TEST(counts_are_phrases),
        TEST(full_records_pass),
        TEST(what_is_required_may_not_be_missing),
        TEST(every_value_is_within_its_bounds),
        TEST(rules_do_not_stumble_over_what_is_missing),
        TEST(rules_of_offers),
        TEST(rules_of_requests),
        TEST(rules_of_projects),
        TEST(rules_of_logins),
        TEST(rules_of_sessions),
        TEST(allocations_follow_from_their_bookings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
