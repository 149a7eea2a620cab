/* An offer's answer to a request: quantities booked week by week. The provider's record.
 *
 * Whoever proposes it, the other side accepts: the borrower what a provider proposed; the provider what the borrower,
 * or ROOT's plan, proposed. A provider who changes it has proposed it anew. Until it is accepted either of them may
 * decline, and the borrower release what was accepted. In every state but declined its bookings take what the offer
 * has; releasing, revoking and completing remove the bookings of the weeks that have not begun. What is released or
 * revoked from a later week on keeps its state, with shorter bookings. */
#include "base/date.h"
#include "base/number.h"
#include "model/common.h"

#include <string.h>

static const Choice states[] = {
    {ALLOCATION_PROPOSED, "proposed", N_("proposed"), TONE_SOON},
    {ALLOCATION_ACCEPTED, "accepted", N_("accepted"), TONE_PLAIN},
    {ALLOCATION_ACTIVE, "active", N_("active"), TONE_PLAIN},
    {ALLOCATION_COMPLETED, "completed", N_("completed"), TONE_QUIET},
    {ALLOCATION_DECLINED, "declined", N_("declined"), TONE_QUIET},
    {ALLOCATION_RELEASED, "released", N_("released"), TONE_QUIET},
    {ALLOCATION_REVOKED, "revoked", N_("revoked"), TONE_LATE},
    {0},
};

static const Choice turns[] = {
    {TURN_BORROWER_ANSWERS, "borrower_answers", N_("borrower answers"), TONE_SOON},
    {TURN_PROVIDER_ANSWERS, "provider_answers", N_("provider answers"), TONE_SOON},
    {TURN_PROVIDER_STARTS, "provider_starts", N_("provider starts"), TONE_PLAIN},
    {TURN_PROVIDER_COMPLETES, "provider_completes", N_("provider completes"), TONE_PLAIN},
    {0},
};

/* The sites, each numbered one above its own number. */
static const Choice sides[] = {
    {1, "root", "ROOT", TONE_PLAIN}, {2, "tta", "TTA", TONE_PLAIN},
    {3, "ori", "ORI", TONE_PLAIN},   {4, "fmk", "FMK", TONE_PLAIN},
    {5, "rsk", "RSK", TONE_PLAIN},   {6, "bmk", "BMK", TONE_PLAIN},
    {7, "cas", "CAS", TONE_PLAIN},   {8, "msf", "MSF", TONE_PLAIN},
    {9, "dtf", "DTF", TONE_PLAIN},   {10, "sma", "SMA", TONE_PLAIN},
    {11, "gon", "GON", TONE_PLAIN},  {12, "lsh", "LSH", TONE_PLAIN},
    {13, "dod", "DOD", TONE_PLAIN},  {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "request",
     .kind = FIELD_REF,
     .ref = ENTITY_REQUEST,
     .label = N_("Request"),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "offer",
     .kind = FIELD_REF,
     .ref = ENTITY_OFFER,
     .label = N_("Offer"),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = kind_choices,
     .label = N_("Kind"),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SYSTEM},
    {.name = "borrower",
     .kind = FIELD_REF,
     .ref = ENTITY_SITE,
     .label = N_("Borrower"),
     .help = N_("The region that asked."),
     .rank = 2,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SYSTEM},
    {.name = "total",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .label = N_("Total"),
     .help = N_("The sum of its bookings."),
     .flags = FIELD_LISTED | FIELD_SYSTEM | FIELD_OF_KIND},
    {.name = "first",
     .kind = FIELD_WEEK,
     .label = N_("First week"),
     .heading = N_("From"),
     .rank = 5,
     .flags = FIELD_LISTED | FIELD_SYSTEM},
    {.name = "last",
     .kind = FIELD_WEEK,
     .label = N_("Last week"),
     .heading = N_("To"),
     .rank = 4,
     .flags = FIELD_LISTED | FIELD_SYSTEM},
    {.name = "turn",
     .kind = FIELD_CHOICE,
     .choices = turns,
     .label = N_("Whose turn"),
     .heading = N_("Turn"),
     .help = N_("Who has to do what next; what is proposed either side may decline."),
     .flags = FIELD_LISTED | FIELD_DERIVED | FIELD_SYSTEM},
    {.name = "bookings",
     .kind = FIELD_BOOKINGS,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Bookings"),
     .help = N_("Quantities by week: W48:120 W49:96.")},
    {.name = "proposed_by",
     .kind = FIELD_REF,
     .ref = ENTITY_SITE,
     .label = N_("Proposed by"),
     .flags = FIELD_REQUIRED | FIELD_SYSTEM},
    {.name = "why",
     .kind = FIELD_NOTE,
     .max = 1000,
     .label = N_("Why"),
     .help = N_("A word to the other side."),
     .flags = FIELD_SEARCHED},
    {.name = "reason",
     .kind = FIELD_NOTE,
     .max = 1000,
     .label = N_("Reason"),
     .help = N_("Why it was declined, released, revoked or ended early."),
     .flags = FIELD_SYSTEM},
    {.name = "account",
     .kind = FIELD_TEXT,
     .max = 64,
     .label = N_("Slurm account"),
     .help = N_("Whose jobs on the provider's machine are its use; as \"sacct\" prints it."),
     .flags = FIELD_SEARCHED},
    {.name = "session",
     .kind = FIELD_REF,
     .ref = ENTITY_SESSION,
     .label = N_("Session"),
     .help = N_("Whose places it books, where the offer names sessions."),
     .flags = FIELD_SYSTEM},
    {.name = "opens",
     .kind = FIELD_DATE,
     .label = N_("Access from"),
     .help = N_("Of a dataset or model: the first day."),
     .flags = FIELD_SYSTEM},
    {.name = "ends",
     .kind = FIELD_DATE,
     .label = N_("Access until"),
     .help = N_("Of a dataset or model: the last day."),
     .flags = FIELD_SYSTEM},
    {.name = "sides",
     .kind = FIELD_SET,
     .choices = sides,
     .label = N_("Between"),
     .help = N_("The provider and the borrower, to find what concerns either."),
     .flags = FIELD_DERIVED | FIELD_SYSTEM},
};

static const int title_fields[] = {ALLOCATION_KIND, ALLOCATION_TOTAL, ALLOCATION_FIRST, ALLOCATION_LAST, -1};

static void write_title(const Record *r, Buffer *b) {
    CodeBook today = {.today = clock_today()};
    const Value *kind = &r->values[ALLOCATION_KIND];
    if (kind_countable(value_number_or(kind, 0))) {
        kind_amount(b, kind->number, value_number_or(&r->values[ALLOCATION_TOTAL], 0));
    } else value_show(b, &fields[ALLOCATION_KIND], kind, &today);
    if (!r->values[ALLOCATION_FIRST].size) return;
    buffer_add_string(b, ", ");
    value_show_weeks(b, &r->values[ALLOCATION_FIRST], &r->values[ALLOCATION_LAST], clock_today());
}

static Value week_value(Arena *arena, int64_t week) {
    char text[WEEK_SIZE];
    week_write((int)week, text);
    return value_text(arena_string(arena, text), WEEK_SIZE - 1);
}

/* The weeks of access are those of its days; what has no days had its weeks given. */
static void derive_access(Arena *arena, Record *r) {
    const Value *opens = &r->values[ALLOCATION_OPENS], *ends = &r->values[ALLOCATION_ENDS];
    int from, to;
    if (!opens->size || !date_parse(opens->text, opens->size, &from)) return;
    if (!ends->size || !date_parse(ends->text, ends->size, &to)) return;
    r->values[ALLOCATION_FIRST] = week_value(arena, week_of_date(from));
    r->values[ALLOCATION_LAST] = week_value(arena, week_of_date(to));
}

/* total, first and last follow from the bookings; access to a dataset or model has none, but days. */
static void derive(Arena *arena, Record *r) {
    Value *account = &r->values[ALLOCATION_ACCOUNT];
    if (account->size) {
        /* As Slurm keeps it, so that it is found whichever way it was written. */
        char *name = arena_copy(arena, account->text, account->size);
        for (char *c = name; *c; c++) {
            if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
        }
        *account = value_text(name, account->size);
    }
    const Value *bookings = &r->values[ALLOCATION_BOOKINGS];
    int64_t total = 0;
    for (uint32_t i = 0; i < bookings->size; i++) {
        total += bookings->items[i].quantity;
    }
    r->values[ALLOCATION_TOTAL] = value_number(total);
    if (!kind_countable(value_number_or(&r->values[ALLOCATION_KIND], 0))) {
        derive_access(arena, r);
        return;
    }
    bool any = bookings->size > 0;
    r->values[ALLOCATION_FIRST] = any ? week_value(arena, bookings->items[0].key) : (Value){0};
    r->values[ALLOCATION_LAST] = any ? week_value(arena, bookings->items[bookings->size - 1].key) : (Value){0};
}

/* A name that sacct could print, of an allocation whose kind it measures. */
static Status check(const Record *r, Error *e) {
    const char *account = value_string(&r->values[ALLOCATION_ACCOUNT]);
    int64_t kind = value_number_or(&r->values[ALLOCATION_KIND], 0);
    if (strpbrk(account, "| ,"))
        return error_set(e, STATUS_USAGE, "account", _("an account's name has no blank, comma or bar"));
    if (*account && kind != KIND_GPU_HOUR && kind != KIND_CPU_HOUR)
        return error_set(e, STATUS_USAGE, "account", _("only GPU and CPU hours are measured by account"));
    if (r->values[ALLOCATION_SESSION].kind == VALUE_NUMBER && kind == KIND_TRAINING_SEAT &&
        value_number_or(&r->values[ALLOCATION_TOTAL], 0) % 1000)
        return error_set(e, STATUS_USAGE, "quantity", _("a seat is taken whole"));
    const char *opens = value_string(&r->values[ALLOCATION_OPENS]), *ends = value_string(&r->values[ALLOCATION_ENDS]);
    if (*opens && *ends && strcmp(opens, ends) > 0)
        return error_set(e, STATUS_USAGE, "ends", _("access would end (%s) before it opens (%s)"), ends, opens);
    return STATUS_OK;
}

static const Field release_arguments[] = {
    {.name = "from",
     .kind = FIELD_WEEK,
     .label = N_("From week"),
     .help = N_(
         "The first week that falls free, next week where left empty (of access the next day). Of this week, what was "
         "used stays booked.")},
    {.name = "still",
     .kind = FIELD_FLAG,
     .label = N_("Still wanted"),
     .help = N_("Yes: from others; the request goes on lacking it. No: the request asks for so much less.")},
};

static const Arrow arrows[] = {
    {.verb = "accept",
     .label = N_("Accept"),
     .help = N_("Both sides agree: the weeks are booked."),
     .from = FROM(ALLOCATION_PROPOSED),
     .to = ALLOCATION_ACCEPTED,
     .key = 'a',
     .role = ROLE_COORDINATOR,
     .party = PARTY_COUNTERPART},
    {.verb = "decline",
     .label = N_("Decline"),
     .help = N_("No; what it held falls free."),
     .from = FROM(ALLOCATION_PROPOSED),
     .to = ALLOCATION_DECLINED,
     .key = 'x',
     .role = ROLE_COORDINATOR,
     .party = PARTY_EITHER,
     .asks = "reason",
     .consequence = N_("What it held falls free for others.")},
    {.verb = "activate",
     .label = N_("Start"),
     .help = N_("Access is open; usage is recorded from now on."),
     .from = FROM(ALLOCATION_ACCEPTED),
     .to = ALLOCATION_ACTIVE,
     .key = 'a',
     .role = ROLE_OPERATOR},
    {.verb = "complete",
     .label = N_("Complete"),
     .help = N_("It has run its course; in free hand, with a reason, also before its last week."),
     .from = FROM(ALLOCATION_ACTIVE),
     .to = ALLOCATION_COMPLETED,
     .key = 'a',
     .role = ROLE_OPERATOR,
     .asks = "reason",
     .consequence = N_("Weeks that have not begun fall free for others, where the offer is in free hand.")},
    {.verb = "release",
     .label = N_("Release"),
     .help = N_("Give back weeks that are not needed: all that have not begun, or those from a week on."),
     .from = FROM(ALLOCATION_ACCEPTED) | FROM(ALLOCATION_ACTIVE),
     .to = ALLOCATION_RELEASED,
     .key = 'x',
     .role = ROLE_OPERATOR,
     .party = PARTY_BORROWER,
     .asks = "reason",
     .extra = release_arguments,
     .extra_count = COUNT(release_arguments),
     .consequence = N_("The weeks from then on fall free for others."),
     .shows = "state"},
    {.verb = "revoke",
     .label = N_("Revoke"),
     .help = N_("Take weeks back, where the offer is in free hand: all that have not begun, or those from a week on."),
     .from = FROM(ALLOCATION_ACCEPTED) | FROM(ALLOCATION_ACTIVE),
     .to = ALLOCATION_REVOKED,
     .role = ROLE_COORDINATOR,
     .asks = "reason!",
     .extra = release_arguments,
     .extra_count = 1,
     .consequence = N_("The borrower loses the weeks from then on."),
     .shows = "state"},
};

const Entity entity_allocation = {
    .kind = ENTITY_ALLOCATION,
    .letter = 'A',
    .name = "allocation",
    .plural = "allocations",
    .label = N_("Allocation"),
    .heading = N_("Allocations"),
    .count_one = N_("%s allocation"),
    .count_many = N_("%s allocations"),
    .empty = N_("No allocation here. Open a request and press p to propose one."),
    .sort = "-code",
    .open_filter = "-state:completed,declined,released,revoked",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = -1,
    .write_title = write_title,
    .title_fields = title_fields,
    .states = states,
    .first_state = ALLOCATION_PROPOSED,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_OPERATOR,
    .editable = FROM(ALLOCATION_PROPOSED),
    .mutual = true,
    .derive = derive,
    .check = check,
};
