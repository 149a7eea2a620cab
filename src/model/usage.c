/* What was really used of an allocation in a week. Append only: a mistake is undone or balanced by another row. */
#include "base/date.h"
#include "base/number.h"
#include "model/common.h"

/* What the largest quantity comes to. */
#define USAGE_SECONDS_MOST INT64_C(3600000000000)

static const Choice states[] = {
    {USAGE_RECORDED, "recorded", N_("recorded"), TONE_PLAIN},
    {0},
};

static const Choice sources[] = {
    {SOURCE_BY_HAND, "by_hand", N_("by hand"), TONE_PLAIN},
    {SOURCE_SLURM, "slurm", N_("Slurm"), TONE_PLAIN},
    {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "allocation",
     .kind = FIELD_REF,
     .ref = ENTITY_ALLOCATION,
     .label = N_("Allocation"),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "week",
     .kind = FIELD_WEEK,
     .label = N_("Week"),
     .help = N_("2026-W47, -1w, a date in it, or W47: the last one of that number."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED | FIELD_BEHIND},
    {.name = "quantity",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .min = INT64_C(-1000000000000),
     .max = INT64_C(1000000000000),
     .label = N_("Quantity"),
     .help = N_("In the kind's unit; below zero to balance a mistake."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "source",
     .kind = FIELD_CHOICE,
     .choices = sources,
     .label = N_("Source"),
     .rank = 2,
     .flags = FIELD_LISTED | FIELD_SYSTEM},
    {.name = "reference",
     .kind = FIELD_TEXT,
     .max = 100,
     .label = N_("Source reference"),
     .help = N_("What it was read from: a job and when it started."),
     .flags = FIELD_SYSTEM},
    {.name = "seconds",
     .kind = FIELD_NUMBER,
     .min = -USAGE_SECONDS_MOST,
     .max = USAGE_SECONDS_MOST,
     .label = N_("Seconds"),
     .help = N_("Of one GPU or CPU, as the machine counted them; the quantities of a week add up to its hours."),
     .flags = FIELD_SYSTEM},
};

static const int title_fields[] = {USAGE_WEEK, USAGE_QUANTITY, -1};

static void write_title(const Record *r, Buffer *b) {
    CodeBook today = {.today = clock_today()};
    number_show(b, value_number_or(&r->values[USAGE_QUANTITY], 0), 3);
    buffer_add_string(b, ", ");
    value_show(b, &fields[USAGE_WEEK], &r->values[USAGE_WEEK], &today);
}

const Entity entity_usage = {
    .kind = ENTITY_USAGE,
    .letter = 'U',
    .name = "usage",
    .plural = "usages",
    .label = N_("Usage"),
    .heading = N_("Usage"),
    .count_one = N_("%s usage record"),
    .count_many = N_("%s usage records"),
    .empty = N_("No usage recorded. Open an active allocation and press n."),
    .sort = "-week",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = -1,
    .write_title = write_title,
    .title_fields = title_fields,
    .states = states,
    .first_state = USAGE_RECORDED,
    .role = ROLE_OPERATOR,
    .append_only = true,
};
