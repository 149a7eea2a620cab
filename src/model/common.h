/* For the entity files alone: the fields every entity begins with, and short ways to write a row. */
#ifndef JAZARI_MODEL_COMMON_H
#define JAZARI_MODEL_COMMON_H

#include "base/intl.h"
#include "model/entities.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

#define COMMON_AFTER_CODE(states_list)                                                                                 \
    {.name = "site",                                                                                                   \
     .alias = "region",                                                                                                \
     .kind = FIELD_REF,                                                                                                \
     .ref = ENTITY_SITE,                                                                                               \
     .label = N_("Region"),                                                                                            \
     .help = N_("Whose record it is; only that institute's store writes it."),                                         \
     .rank = 4,                                                                                                        \
     .flags = FIELD_LISTED | FIELD_SYSTEM | FIELD_REQUIRED},                                                           \
        {.name = "state",                                                                                              \
         .alias = "status",                                                                                            \
         .kind = FIELD_CHOICE,                                                                                         \
         .choices = states_list,                                                                                       \
         .label = N_("State"),                                                                                         \
         .help = N_("Where it stands; it moves by verbs."),                                                            \
         .rank = 2,                                                                                                    \
         .flags = FIELD_LISTED | FIELD_SYSTEM | FIELD_REQUIRED},                                                       \
        {.name = "rev", .kind = FIELD_NUMBER, .label = N_("Revision"), .flags = FIELD_SYSTEM},                         \
        {.name = "created_at", .kind = FIELD_INSTANT, .label = N_("Created"), .flags = FIELD_SYSTEM},                  \
        {.name = "created_by", .kind = FIELD_TEXT, .label = N_("Created by"), .flags = FIELD_SYSTEM},                  \
        {.name = "updated_at", .kind = FIELD_INSTANT, .label = N_("Changed"), .flags = FIELD_SYSTEM}, {                \
        .name = "updated_by", .kind = FIELD_TEXT, .label = N_("Changed by"), .flags = FIELD_SYSTEM                     \
    }

#define COMMON_FIELDS(states_list)                                                                                     \
    {.name = "code", .kind = FIELD_CODE, .label = N_("Code"), .flags = FIELD_LISTED | FIELD_SYSTEM},                   \
        COMMON_AFTER_CODE(states_list)

#endif
