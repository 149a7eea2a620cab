/* The people who work in the program, by their login on the machine. */
#include "model/common.h"

static const Choice languages[] = {
    {1, "en", N_("English"), TONE_PLAIN},
    {2, "fr", N_("French"), TONE_PLAIN},
    {3, "ar", N_("Arabic"), TONE_PLAIN},
    {0},
};

static const Choice states[] = {
    {OPERATOR_INVITED, "invited", N_("invited"), TONE_SOON},
    {OPERATOR_ACTIVE, "active", N_("active"), TONE_PLAIN},
    {OPERATOR_DISABLED, "disabled", N_("disabled"), TONE_QUIET},
    {0},
};

static const Field fields[] = {
    {.name = "code",
     .kind = FIELD_TEXT,
     .alias = "login",
     .min = 1,
     .max = 32,
     .label = N_("Login"),
     .help = N_("As on the server: letters, digits, dots and dashes."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED | FIELD_SEARCHED},
    COMMON_AFTER_CODE(states),
    {.name = "name",
     .kind = FIELD_TEXT,
     .max = 100,
     .label = N_("Name"),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SEARCHED},
    {.name = "role",
     .kind = FIELD_CHOICE,
     .choices = role_choices,
     .label = N_("Role"),
     .help = N_("What the operator may do: look, work, decide, or run the store."),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "acts_for",
     .kind = FIELD_REFS,
     .ref = ENTITY_SITE,
     .label = N_("Also acts for"),
     .help = N_("Other institutes the operator may act for, with the same role.")},
    {.name = "language", .kind = FIELD_CHOICE, .choices = languages, .label = N_("Language")},
    {.name = "pin_hash", .kind = FIELD_TEXT, .label = N_("PIN"), .flags = FIELD_SYSTEM | FIELD_HIDDEN},
};

static Status check(const Record *r, Error *e) {
    const char *login = value_string(&r->values[COMMON_CODE]);
    for (const char *c = login; *c; c++) {
        bool word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (!word && (c == login || (*c != '.' && *c != '-' && *c != '_')))
            return error_set(e, STATUS_USAGE, "code",
                             _("a login has letters, digits, dots and dashes, as in op-agadir"));
    }
    return STATUS_OK;
}

static const Arrow arrows[] = {
    {.verb = "activate",
     .label = N_("Activate"),
     .help = N_("The operator may work."),
     .from = FROM(OPERATOR_INVITED),
     .to = OPERATOR_ACTIVE,
     .key = 'a',
     .role = ROLE_ADMIN},
    {.verb = "disable",
     .label = N_("Disable"),
     .help = N_("The operator can no longer write."),
     .from = FROM(OPERATOR_INVITED) | FROM(OPERATOR_ACTIVE),
     .to = OPERATOR_DISABLED,
     .role = ROLE_ADMIN,
     .consequence = N_("Open sessions can only read from then on.")},
    {.verb = "enable",
     .label = N_("Enable"),
     .help = N_("The operator may work again."),
     .from = FROM(OPERATOR_DISABLED),
     .to = OPERATOR_ACTIVE,
     .key = 'a',
     .role = ROLE_ADMIN},
};

const Entity entity_operator = {
    .kind = ENTITY_OPERATOR,
    .name = "operator",
    .plural = "operators",
    .label = N_("Operator"),
    .heading = N_("Operators"),
    .count_one = N_("%s operator"),
    .count_many = N_("%s operators"),
    .empty = N_("No operator here. Press n to invite one."),
    .sort = "code",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = OPERATOR_NAME,
    .states = states,
    .first_state = OPERATOR_INVITED,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_ADMIN,
    .editable = FROM(OPERATOR_INVITED) | FROM(OPERATOR_ACTIVE) | FROM(OPERATOR_DISABLED),
    .check = check,
};
