/* A dated session of an offer of training or of laboratory time: so many places, from a day to a day. The provider's
 * record, as the offer. An offer with sessions has no weekly quantity: what it lends is their places, each booked in
 * the week in which its session begins, so that whatever reads bookings by week reads these too. */
#include "base/date.h"
#include "base/number.h"
#include "model/common.h"

#include <string.h>

static const Choice states[] = {
    {SESSION_PLANNED, "planned", N_("planned"), TONE_PLAIN},
    {SESSION_CANCELLED, "cancelled", N_("cancelled"), TONE_QUIET},
    {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "offer",
     .kind = FIELD_REF,
     .ref = ENTITY_OFFER,
     .label = N_("Offer"),
     .help = N_("Of training seats or laboratory hours, without a weekly quantity."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "first_day",
     .kind = FIELD_DATE,
     .label = N_("First day"),
     .heading = N_("From"),
     .help = N_("2026-11-30, 30/11, fri or +2w."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_AHEAD},
    {.name = "last_day",
     .kind = FIELD_DATE,
     .label = N_("Last day"),
     .heading = N_("To"),
     .help = N_("The first day where left empty."),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_AHEAD},
    {.name = "places",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .min = 1,
     .max = INT64_C(1000000000),
     .label = N_("Places"),
     .help = N_("Seats; of a laboratory, its hours."),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "taken",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Taken"),
     .help = N_("Booked, proposals included."),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "note",
     .kind = FIELD_NOTE,
     .max = 1000,
     .label = N_("Note"),
     .help = N_("Where it takes place, what to bring, who teaches.")},
    {.name = "week",
     .kind = FIELD_WEEK,
     .label = N_("Week"),
     .help = N_("In which it begins, and its places are booked."),
     .flags = FIELD_SYSTEM},
    {.name = "reason",
     .kind = FIELD_NOTE,
     .max = 1000,
     .label = N_("Reason"),
     .help = N_("Why it was cancelled."),
     .flags = FIELD_SYSTEM},
};

static const int title_fields[] = {SESSION_FIRST, SESSION_LAST, SESSION_PLACES, -1};

static void write_title(const Record *r, Buffer *b) {
    CodeBook today = {.today = clock_today()};
    const Value *start = &r->values[SESSION_FIRST], *end = &r->values[SESSION_LAST];
    value_show(b, &fields[SESSION_FIRST], start, &today);
    if (end->size && !value_equal(start, end)) {
        buffer_add_string(b, " – ");
        value_show(b, &fields[SESSION_LAST], end, &today);
    }
    buffer_add_string(b, ", ");
    number_show(b, value_number_or(&r->values[SESSION_PLACES], 0), 3);
    buffer_format(b, " %s", _("places"));
}

static void derive(Arena *arena, Record *r) {
    const Value *start = &r->values[SESSION_FIRST];
    char week[WEEK_SIZE];
    int day;
    if (!start->size || !date_parse(start->text, start->size, &day)) return;
    if (!r->values[SESSION_LAST].size) r->values[SESSION_LAST] = *start;
    week_write(week_of_date(day), week);
    r->values[SESSION_WEEK] = value_text(arena_string(arena, week), WEEK_SIZE - 1);
}

static Status check(const Record *r, Error *e) {
    const char *start = value_string(&r->values[SESSION_FIRST]), *end = value_string(&r->values[SESSION_LAST]);
    if (*end && strcmp(start, end) > 0)
        return error_set(e, STATUS_USAGE, "last_day", _("the session would end (%s) before it begins (%s)"), end,
                         start);
    return STATUS_OK;
}

static const Arrow arrows[] = {
    {.verb = "cancel",
     .label = N_("Cancel"),
     .help = N_("It does not take place; nobody may have a place in it."),
     .from = FROM(SESSION_PLANNED),
     .to = SESSION_CANCELLED,
     .key = 'x',
     .role = ROLE_COORDINATOR,
     .asks = "reason!",
     .consequence = N_("Nothing more is booked in it.")},
};

const Entity entity_session = {
    .kind = ENTITY_SESSION,
    .letter = 'T',
    .name = "session",
    .plural = "sessions",
    .label = N_("Session"),
    .heading = N_("Sessions"),
    .count_one = N_("%s session"),
    .count_many = N_("%s sessions"),
    .empty = N_("No session here. Open an offer of training or laboratory time and press n."),
    .sort = "first_day",
    .open_filter = "-state:cancelled",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = -1,
    .write_title = write_title,
    .title_fields = title_fields,
    .states = states,
    .first_state = SESSION_PLANNED,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_OPERATOR,
    .editable = FROM(SESSION_PLANNED),
    .check = check,
    .derive = derive,
};
