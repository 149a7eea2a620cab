/* The provinces and prefectures of the regions: reference data, read only. */
#include "model/common.h"

static const Choice kinds[] = {
    {1, "province", N_("province"), TONE_PLAIN},
    {2, "prefecture", N_("prefecture"), TONE_PLAIN},
    {0},
};

static const Choice states[] = {
    {PROVINCE_CURRENT, "current", N_("current"), TONE_PLAIN},
    {0},
};

static const Field fields[] = {
    {.name = "code",
     .kind = FIELD_TEXT,
     .min = 6,
     .max = 6,
     .label = N_("Code"),
     .help = N_("ISO 3166-2."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED | FIELD_SEARCHED},
    COMMON_AFTER_CODE(states),
    {.name = "name_fr",
     .kind = FIELD_TEXT,
     .label = N_("Name in French"),
     .heading = N_("Name"),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SEARCHED},
    {.name = "name_ar",
     .kind = FIELD_TEXT,
     .label = N_("Name in Arabic"),
     .rank = 2,
     .flags = FIELD_LISTED | FIELD_SEARCHED},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = kinds,
     .label = N_("Kind"),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "of_region",
     .kind = FIELD_REF,
     .ref = ENTITY_SITE,
     .label = N_("Of region"),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
};

const Entity entity_province = {
    .kind = ENTITY_PROVINCE,
    .name = "province",
    .plural = "provinces",
    .label = N_("Province"),
    .heading = N_("Provinces"),
    .count_one = N_("%s province"),
    .count_many = N_("%s provinces"),
    .empty = N_("No province here."),
    .sort = "code",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = PROVINCE_NAME,
    .states = states,
    .first_state = PROVINCE_CURRENT,
    .role = ROLE_ADMIN,
    .append_only = true,
    .reference = true,
};
