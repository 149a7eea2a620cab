/* What a project asks of the network: so much of a kind, within a window of weeks. What it got is derived. */
#include "base/date.h"
#include "base/number.h"
#include "model/common.h"

#include <string.h>

static const Choice states[] = {
    {REQUEST_DRAFT, "draft", N_("draft"), TONE_QUIET},
    {REQUEST_SUBMITTED, "submitted", N_("submitted"), TONE_SOON},
    {REQUEST_APPROVED, "approved", N_("approved"), TONE_PLAIN},
    {REQUEST_RETURNED, "returned", N_("returned"), TONE_SOON},
    {REQUEST_REJECTED, "rejected", N_("rejected"), TONE_QUIET},
    {REQUEST_CLOSED, "closed", N_("closed"), TONE_QUIET},
    {REQUEST_WITHDRAWN, "withdrawn", N_("withdrawn"), TONE_QUIET},
    {0},
};

static const Choice priorities[] = {
    {1, "1", N_("1 low"), TONE_QUIET},
    {2, "2", N_("2 normal"), TONE_PLAIN},
    {3, "3", N_("3 high"), TONE_SOON},
    {4, "4", N_("4 national"), TONE_LATE},
    {0},
};

static const Choice waits[] = {
    {WAITS_SUBMIT, "submission", N_("submission"), TONE_QUIET},
    {WAITS_REVIEW, "review", N_("own coordinator"), TONE_SOON},
    {WAITS_MEND, "mending", N_("mending"), TONE_SOON},
    {WAITS_OFFER, "offer", N_("an offer"), TONE_ACTIVE},
    {WAITS_ANSWER, "answer", N_("own answer"), TONE_SOON},
    {WAITS_PROVIDER, "provider", N_("provider"), TONE_ACTIVE},
    {WAITS_NOTHING, "nothing", N_("nothing"), TONE_QUIET},
    {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "project",
     .kind = FIELD_REF,
     .ref = ENTITY_PROJECT,
     .label = N_("Project"),
     .rank = 4,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = kind_choices,
     .label = N_("Kind"),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "wanted",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Wanted"),
     .help = N_("In all: GPU or CPU hours, TiB, days, lab hours, seats; none for datasets and models."),
     .rank = 1,
     .flags = FIELD_LISTED},
    {.name = "agreed",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Agreed"),
     .help = N_("Booked for it, and both sides said yes: accepted, active or used."),
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "proposed",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Proposed"),
     .help = N_("Held for it, and not answered yet."),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "got",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Booked"),
     .help = N_("Booked for it in all: proposed, accepted, active or used."),
     .flags = FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "lacks",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Lacks"),
     .help = N_("Wanted and neither agreed nor proposed, while it is open."),
     .rank = 2,
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "waits",
     .kind = FIELD_CHOICE,
     .choices = waits,
     .label = N_("Waits for"),
     .help = N_("What has to happen next, and whose turn it is."),
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "smallest",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Smallest useful"),
     .help = N_("Less than this in all would not help; empty where anything helps.")},
    {.name = "weekly_most",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Most per week"),
     .help = N_("More in one week could not be used; empty where there is no such bound.")},
    {.name = "earliest",
     .kind = FIELD_WEEK,
     .label = N_("Earliest week"),
     .heading = N_("From"),
     .help = N_("2026-W48, +2w, a date in it, or W48: the next one of that number."),
     .rank = 6,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "latest",
     .kind = FIELD_WEEK,
     .label = N_("Latest week"),
     .heading = N_("To"),
     .help = N_("2027-W12, +12w or a date in it."),
     .rank = 6,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_AHEAD},
    {.name = "priority",
     .kind = FIELD_CHOICE,
     .choices = priorities,
     .preset = "2",
     .label = N_("Priority"),
     .help = N_("Among the own region's requests; others are served by what they ask for and what they are due."),
     .rank = 5,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "data_level",
     .kind = FIELD_CHOICE,
     .choices = data_level_choices,
     .label = N_("Data level"),
     .help = N_("Of the data it works on: 0 public to 4 sensitive."),
     .flags = FIELD_REQUIRED},
    {.name = "justification",
     .kind = FIELD_NOTE,
     .max = 4000,
     .label = N_("Justification"),
     .help = N_("What the capacity is for, and what happens without it."),
     .flags = FIELD_SEARCHED},
    {.name = "reason",
     .kind = FIELD_NOTE,
     .max = 1000,
     .label = N_("Reason"),
     .help = N_("Why, for whoever filed it."),
     .flags = FIELD_SYSTEM},
    {.name = "extends",
     .kind = FIELD_REF,
     .ref = ENTITY_REQUEST,
     .label = N_("Extends"),
     .inverse = N_("Extended by"),
     .help = N_("The request it goes on from or adds to, of the same kind: later weeks, or more in the same ones.")},
};

static const int title_fields[] = {REQUEST_KIND, REQUEST_WANTED, REQUEST_EARLIEST, REQUEST_LATEST, -1};

static void write_title(const Record *r, Buffer *b) {
    static const CodeBook none;
    const Value *kind = &r->values[REQUEST_KIND];
    if (kind_countable(value_number_or(kind, 0))) {
        value_show(b, &fields[REQUEST_WANTED], &r->values[REQUEST_WANTED], &none);
        buffer_format(b, " %s", kind_unit_of(kind->number, value_number_or(&r->values[REQUEST_WANTED], 0)));
    } else value_show(b, &fields[REQUEST_KIND], kind, &none);
    buffer_add_string(b, ", ");
    value_show_weeks(b, &r->values[REQUEST_EARLIEST], &r->values[REQUEST_LATEST], clock_today());
}

static int week_of(const Value *v) {
    int week = 0;
    if (v->kind == VALUE_TEXT) week_parse(v->text, v->size, &week);
    return week;
}

/* In order, and no longer than any plan looks ahead. */
static Status check_window(const Value *v, int *weeks, Error *e) {
    const char *earliest = value_string(&v[REQUEST_EARLIEST]), *latest = value_string(&v[REQUEST_LATEST]);
    *weeks = week_of(&v[REQUEST_LATEST]) - week_of(&v[REQUEST_EARLIEST]) + 1;
    if (!*latest || !*earliest) return STATUS_OK;
    if (*weeks < 1)
        return error_set(e, STATUS_USAGE, "latest", _("the latest week (%s) is before the earliest (%s)"), latest,
                         earliest);
    if (*weeks > REQUEST_WEEKS_MOST)
        return error_set(e, STATUS_USAGE, "latest", _("from %s to %s are %d weeks, and a request is for %d at most"),
                         earliest, latest, *weeks, REQUEST_WEEKS_MOST);
    return STATUS_OK;
}

/* What can be used each week has to come to the least that helps, or nothing could ever be accepted. */
static Status check_weekly(const Value *v, int64_t smallest, int weeks, Error *e) {
    int64_t most = value_number_or(&v[REQUEST_WEEKLY_MOST], 0);
    if (!most || weeks < 1 || most >= (smallest + weeks - 1) / weeks) return STATUS_OK;
    Buffer a_week = {0}, all = {0}, needed = {0};
    number_show(&a_week, most, 3);
    number_show(&all, most * weeks, 3);
    number_show(&needed, smallest, 3);
    error_set(
        e, STATUS_USAGE, "weekly_most",
        ngettext("%s a week in %d week make %s, and less than %s would not help: allow more a week or more weeks",
                 "%s a week in %d weeks make %s, and less than %s would not help: allow more a week or more weeks",
                 (unsigned long)weeks),
        a_week.bytes, weeks, all.bytes, needed.bytes);
    buffer_free(&a_week);
    buffer_free(&all);
    buffer_free(&needed);
    return STATUS_USAGE;
}

/* Access has no quantity, a seat no half. */
static Status check_amounts(const Value *v, Error *e) {
    static const int amounts[] = {REQUEST_WANTED, REQUEST_SMALLEST, REQUEST_WEEKLY_MOST};
    int64_t kind = value_number_or(&v[REQUEST_KIND], 0);
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        int64_t amount = value_number_or(&v[amounts[i]], 0);
        if (amount && !kind_countable(kind))
            return error_set(e, STATUS_USAGE, fields[amounts[i]].name,
                             _("a dataset or a model is access, not a quantity: leave it empty"));
        if (kind == KIND_TRAINING_SEAT && amount % 1000)
            return error_set(e, STATUS_USAGE, fields[amounts[i]].name, _("a seat is taken whole"));
    }
    return STATUS_OK;
}

static Status check(const Record *r, Error *e) {
    const Value *v = r->values;
    int64_t wanted = value_number_or(&v[REQUEST_WANTED], 0), smallest = value_number_or(&v[REQUEST_SMALLEST], 0);
    int weeks;
    Status s = check_window(v, &weeks, e);
    if (s == STATUS_OK) s = check_amounts(v, e);
    if (s != STATUS_OK) return s;
    if (kind_countable(value_number_or(&v[REQUEST_KIND], 0)) && wanted <= 0)
        return error_set(e, STATUS_USAGE, "wanted", _("how much is wanted is missing: write a number above 0"));
    if (smallest > wanted)
        return error_set(e, STATUS_USAGE, "smallest", _("the smallest useful quantity is above what is wanted"));
    return check_weekly(v, smallest, weeks, e);
}

static const Arrow arrows[] = {
    {.verb = "submit",
     .label = N_("Submit"),
     .help = N_("Hand it to the own coordinator for review."),
     .from = FROM(REQUEST_DRAFT) | FROM(REQUEST_RETURNED),
     .to = REQUEST_SUBMITTED,
     .key = 'a',
     .role = ROLE_OPERATOR},
    {.verb = "approve",
     .label = N_("Approve"),
     .help = N_("Send it to the network: other regions see it and may propose."),
     .from = FROM(REQUEST_SUBMITTED),
     .to = REQUEST_APPROVED,
     .key = 'a',
     .role = ROLE_COORDINATOR},
    {.verb = "return",
     .label = N_("Return"),
     .help = N_("Give it back to be mended and submitted again."),
     .from = FROM(REQUEST_SUBMITTED),
     .to = REQUEST_RETURNED,
     .role = ROLE_COORDINATOR,
     .asks = "reason!"},
    {.verb = "reject",
     .label = N_("Reject"),
     .help = N_("It does not go to the network."),
     .from = FROM(REQUEST_SUBMITTED),
     .to = REQUEST_REJECTED,
     .role = ROLE_COORDINATOR,
     .asks = "reason!",
     .consequence = N_("It cannot be submitted again.")},
    {.verb = "close",
     .label = N_("Close"),
     .help = N_("It got what it needs; nothing more is proposed."),
     .from = FROM(REQUEST_APPROVED),
     .to = REQUEST_CLOSED,
     .role = ROLE_OPERATOR,
     .consequence = N_("What is booked stays booked.")},
    {.verb = "withdraw",
     .label = N_("Withdraw"),
     .help = N_("It is no longer wanted; nothing may be booked for it."),
     .from = FROM(REQUEST_DRAFT) | FROM(REQUEST_SUBMITTED) | FROM(REQUEST_RETURNED) | FROM(REQUEST_APPROVED),
     .to = REQUEST_WITHDRAWN,
     .role = ROLE_OPERATOR,
     .consequence = N_("It cannot be submitted again.")},
};

const Entity entity_request = {
    .kind = ENTITY_REQUEST,
    .letter = 'R',
    .name = "request",
    .plural = "requests",
    .label = N_("Request"),
    .heading = N_("Requests"),
    .count_one = N_("%s request"),
    .count_many = N_("%s requests"),
    .empty = N_("No request here. Press n to ask for capacity."),
    .sort = "-priority",
    .open_filter = "-state:closed,rejected,withdrawn",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = -1,
    .write_title = write_title,
    .title_fields = title_fields,
    .states = states,
    .first_state = REQUEST_DRAFT,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_OPERATOR,
    .editable = FROM(REQUEST_DRAFT) | FROM(REQUEST_RETURNED) | FROM(REQUEST_SUBMITTED),
    .check = check,
};
