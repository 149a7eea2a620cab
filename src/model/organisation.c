/* Administrations, local bodies and partners: who has needs and who leads projects. */
#include "model/common.h"

static const Choice kinds[] = {
    {1, "ministerial_department", N_("ministerial department"), TONE_PLAIN},
    {2, "key_actor", N_("key actor"), TONE_PLAIN},
    {3, "public_body", N_("public body"), TONE_PLAIN},
    {4, "local_authority", N_("local authority"), TONE_PLAIN},
    {5, "university", N_("university"), TONE_PLAIN},
    {6, "company", N_("company"), TONE_PLAIN},
    {7, "association", N_("association"), TONE_PLAIN},
    {0},
};

static const Choice states[] = {
    {ORGANISATION_ACTIVE, "active", N_("active"), TONE_PLAIN},
    {ORGANISATION_INACTIVE, "inactive", N_("inactive"), TONE_QUIET},
    {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "name",
     .kind = FIELD_TEXT,
     .min = 2,
     .label = N_("Name"),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SEARCHED},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = kinds,
     .label = N_("Kind"),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "province",
     .kind = FIELD_REF,
     .ref = ENTITY_PROVINCE,
     .label = N_("Province"),
     .help = N_("Where it is; empty for national bodies.")},
    {.name = "founding",
     .kind = FIELD_FLAG,
     .label = N_("Founding member"),
     .heading = N_("Founder"),
     .rank = 5,
     .flags = FIELD_LISTED},
};

static const Arrow arrows[] = {
    {.verb = "deactivate",
     .label = N_("Deactivate"),
     .help = N_("It takes no part any more."),
     .from = FROM(ORGANISATION_ACTIVE),
     .to = ORGANISATION_INACTIVE,
     .role = ROLE_OPERATOR,
     .consequence = N_("It is no longer proposed in forms.")},
    {.verb = "activate",
     .label = N_("Activate"),
     .help = N_("It takes part again."),
     .from = FROM(ORGANISATION_INACTIVE),
     .to = ORGANISATION_ACTIVE,
     .key = 'a',
     .role = ROLE_OPERATOR},
};

const Entity entity_organisation = {
    .kind = ENTITY_ORGANISATION,
    .letter = 'G',
    .name = "organisation",
    .plural = "organisations",
    .label = N_("Organisation"),
    .heading = N_("Organisations"),
    .count_one = N_("%s organisation"),
    .count_many = N_("%s organisations"),
    .empty = N_("No organisation here. Press n to enter one."),
    .sort = "name",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = ORGANISATION_NAME,
    .states = states,
    .first_state = ORGANISATION_ACTIVE,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_OPERATOR,
    .editable = FROM(ORGANISATION_ACTIVE) | FROM(ORGANISATION_INACTIVE),
    .indexed = true,
};
