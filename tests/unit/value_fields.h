/* A field of every kind, a code book, and a pinned day, for the tests of values. */
#ifndef JAZARI_TESTS_VALUE_FIELDS_H
#define JAZARI_TESTS_VALUE_FIELDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/text.h"
#include "model/entities.h"
#include "model/value.h"

#include <stdio.h>
#include <string.h>

/* Provinces are MA-A01 and so on, by number; operators have logins of any text. */
static const char *login = "op-agadir";

static bool id_of(void *self, int entity, const char *code, size_t size, int64_t *id) {
    assert_ptr_equal(self, &login);
    if (entity == ENTITY_OPERATOR && size == strlen(login) && !memcmp(code, login, size)) {
        *id = 7;
        return true;
    }
    char text[8] = "";
    int number;
    if (entity != ENTITY_PROVINCE || size != 6) return false;
    memcpy(text, code, 6);
    if (sscanf(text, "MA-A%2d", &number) != 1) return false;
    *id = number;
    return true;
}

static bool code_of(void *self, int entity, int64_t id, char *out, size_t room) {
    assert_ptr_equal(self, &login);
    if (entity == ENTITY_OPERATOR && id == 7) snprintf(out, room, "%s", login);
    else if (entity == ENTITY_PROVINCE && id >= 0 && id < 100) snprintf(out, room, "MA-A%02d", (int)id);
    else return false;
    return true;
}

static CodeBook book = {id_of, code_of, &login, 0};
static Arena arena;

static int set_up(void **state) {
    (void)state;
    date_parse("2026-11-23", 10, &book.today); /* a Monday, in W48 */
    clock_pin((int64_t)book.today * 86400 + 43200);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static const Choice few[] = {
    {1, "pilot", "pilot", TONE_PLAIN},
    {2, "pilot_plus", "pilot plus", TONE_PLAIN},
    {3, "deployment", "roll-out", TONE_PLAIN},
    {4, "deep", "Très profond", TONE_PLAIN},
    {0},
};

static const Field text_field = {.name = "title", .kind = FIELD_TEXT, .min = 3, .max = 10, .label = "Title"};
static const Field note_field = {.name = "why", .kind = FIELD_NOTE, .label = "Why"};
static const Field choice_field = {.name = "stage", .kind = FIELD_CHOICE, .choices = few, .label = "Stage"};
static const Field set_field = {.name = "sectors", .kind = FIELD_SET, .choices = sector_choices, .label = "Sectors"};
static const Field date_field = {.name = "due", .kind = FIELD_DATE, .label = "Due"};
static const Field week_field = {.name = "first", .kind = FIELD_WEEK, .label = "First"};
static const Field instant_field = {.name = "created_at", .kind = FIELD_INSTANT, .label = "Created"};
static const Field number_field = {
    .name = "quantity", .kind = FIELD_NUMBER, .scale = 3, .min = -1000, .max = 5000000, .label = "Quantity"};
static const Field free_field = {.name = "rev", .kind = FIELD_NUMBER, .label = "Revision"};
static const Field flag_field = {.name = "founding", .kind = FIELD_FLAG, .label = "Founding"};
static const Field site_field = {.name = "borrower", .kind = FIELD_REF, .ref = ENTITY_SITE, .label = "Borrower"};
static const Field project_field = {.name = "project", .kind = FIELD_REF, .ref = ENTITY_PROJECT, .label = "Project"};
static const Field province_field = {
    .name = "province", .kind = FIELD_REF, .ref = ENTITY_PROVINCE, .label = "Province"};
static const Field operator_field = {
    .name = "reviewer", .kind = FIELD_REF, .ref = ENTITY_OPERATOR, .label = "Reviewer"};
static const Field needs_field = {.name = "needs", .kind = FIELD_REFS, .ref = ENTITY_NEED, .label = "Needs"};
static const Field sites_field = {.name = "partners", .kind = FIELD_REFS, .ref = ENTITY_SITE, .label = "Partners"};
static const Field bookings_field = {
    .name = "bookings", .kind = FIELD_BOOKINGS, .scale = 3, .max = 1000000, .label = "Bookings"};
static const Field code_field = {.name = "code", .kind = FIELD_CODE, .label = "Code"};

static const Field *const kinds[] = {
    &text_field,     &note_field,     &choice_field, &set_field,   &date_field,     &week_field,
    &instant_field,  &number_field,   &free_field,   &flag_field,  &site_field,     &project_field,
    &province_field, &operator_field, &needs_field,  &sites_field, &bookings_field,
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static Value read_as(const Field *f, const char *text, ValueForm form) {
    Error e = {0};
    Value v;
    if (value_read(&arena, f, text, strlen(text), form, &book, &v, &e) != STATUS_OK)
        fail_msg("%s \"%s\": %s", f->name, text, e.why);
    return v;
}

#endif
