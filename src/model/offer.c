/* Capacity an institute lends: so much a week, from a first week to a last one, less what it keeps for itself. */
#include "model/common.h"

#include <string.h>

static const Choice states[] = {
    {OFFER_DRAFT, "draft", N_("draft"), TONE_QUIET},
    {OFFER_OPEN, "open", N_("open"), TONE_PLAIN},
    {OFFER_PAUSED, "paused", N_("paused"), TONE_SOON},
    {OFFER_CLOSED, "closed", N_("closed"), TONE_QUIET},
    {0},
};

static const Choice modes[] = {
    {MODE_FREE_HAND, "free_hand", N_("free hand"), TONE_PLAIN},
    {MODE_NEGOTIATED, "negotiated", N_("negotiated"), TONE_PLAIN},
    {0},
};

static const Field fields[] = {
    COMMON_FIELDS(states),
    {.name = "name",
     .kind = FIELD_TEXT,
     .min = 2,
     .max = 120,
     .label = N_("Name"),
     .help = N_("What it is: the machine, the lab, the experts' field, the course."),
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_SEARCHED},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = kind_choices,
     .label = N_("Kind"),
     .rank = 1,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_FIXED},
    {.name = "quantity",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Quantity per week"),
     .heading = N_("Weekly"),
     .help = N_("Hours, TiB, days or seats; none for datasets and models, nor where sessions are named."),
     .flags = FIELD_LISTED},
    {.name = "reserve",
     .kind = FIELD_NUMBER,
     .scale = 3,
     .max = INT64_C(1000000000000),
     .label = N_("Kept for the region"),
     .heading = N_("Kept"),
     .help = N_("Of the weekly quantity, what is never lent."),
     .rank = 5,
     .flags = FIELD_LISTED},
    {.name = "first",
     .kind = FIELD_WEEK,
     .label = N_("First week"),
     .heading = N_("From"),
     .help = N_("2026-W48, +2w, a date in it, or W48: the next one of that number."),
     .rank = 3,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "last",
     .kind = FIELD_WEEK,
     .label = N_("Last week"),
     .heading = N_("To"),
     .help = N_("2027-W12, +26w or a date in it."),
     .rank = 2,
     .flags = FIELD_LISTED | FIELD_REQUIRED | FIELD_AHEAD},
    {.name = "data_level",
     .kind = FIELD_CHOICE,
     .choices = data_level_choices,
     .label = N_("Highest data level"),
     .heading = N_("Data"),
     .help = N_("The most sensitive data it may work on: 0 public to 4 sensitive."),
     .rank = 4,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "mode",
     .kind = FIELD_CHOICE,
     .choices = modes,
     .preset = "negotiated",
     .label = N_("Mode"),
     .help = N_("Free hand: it may be taken back, with a reason. Negotiated: what is accepted stands."),
     .rank = 6,
     .flags = FIELD_LISTED | FIELD_REQUIRED},
    {.name = "conditions",
     .kind = FIELD_NOTE,
     .max = 2000,
     .label = N_("Conditions"),
     .help = N_("What whoever borrows has to know or do: access, hours, what to cite."),
     .flags = FIELD_SEARCHED},
};

static Status check(const Record *r, Error *e) {
    const char *first = value_string(&r->values[OFFER_FIRST]), *last = value_string(&r->values[OFFER_LAST]);
    int64_t quantity = value_number_or(&r->values[OFFER_QUANTITY], 0);
    bool countable = kind_countable(value_number_or(&r->values[OFFER_KIND], 0));
    if (*last && strcmp(first, last) > 0)
        return error_set(e, STATUS_USAGE, "last", _("the offer would end (%s) before it begins (%s)"), last, first);
    if (countable && quantity <= 0 && !kind_has_sessions(value_number_or(&r->values[OFFER_KIND], 0)))
        return error_set(e, STATUS_USAGE, "quantity", _("how much a week is missing: write a number above 0"));
    if (!countable && quantity)
        return error_set(e, STATUS_USAGE, "quantity",
                         _("a dataset or a model is access, not a quantity: leave it empty"));
    if (value_number_or(&r->values[OFFER_KIND], 0) == KIND_TRAINING_SEAT &&
        (quantity % 1000 || value_number_or(&r->values[OFFER_RESERVE], 0) % 1000))
        return error_set(e, STATUS_USAGE, quantity % 1000 ? "quantity" : "reserve", _("a seat is taken whole"));
    if (value_number_or(&r->values[OFFER_RESERVE], 0) > quantity)
        return error_set(e, STATUS_USAGE, "reserve", _("more is kept than there is"));
    return STATUS_OK;
}

static const Arrow arrows[] = {
    {.verb = "open",
     .label = N_("Open"),
     .help = N_("Regions may be served from it."),
     .from = FROM(OFFER_DRAFT),
     .to = OFFER_OPEN,
     .key = 'a',
     .role = ROLE_COORDINATOR},
    {.verb = "pause",
     .label = N_("Pause"),
     .help = N_("Nothing new is served from it for a time."),
     .from = FROM(OFFER_OPEN),
     .to = OFFER_PAUSED,
     .role = ROLE_COORDINATOR},
    {.verb = "resume",
     .label = N_("Resume"),
     .help = N_("Regions may be served from it again."),
     .from = FROM(OFFER_PAUSED),
     .to = OFFER_OPEN,
     .key = 'a',
     .role = ROLE_COORDINATOR},
    {.verb = "close",
     .label = N_("Close"),
     .help = N_("Nothing new is ever served from it."),
     .from = FROM(OFFER_DRAFT) | FROM(OFFER_OPEN) | FROM(OFFER_PAUSED),
     .to = OFFER_CLOSED,
     .role = ROLE_COORDINATOR,
     .consequence = N_("What is booked stays booked; it cannot be opened again.")},
};

const Entity entity_offer = {
    .kind = ENTITY_OFFER,
    .letter = 'O',
    .name = "offer",
    .plural = "offers",
    .label = N_("Offer"),
    .heading = N_("Offers"),
    .count_one = N_("%s offer"),
    .count_many = N_("%s offers"),
    .empty = N_("No offer here. Press n to make one."),
    .sort = "kind",
    .open_filter = "-state:closed",
    .fields = fields,
    .field_count = COUNT(fields),
    .title = OFFER_NAME,
    .states = states,
    .first_state = OFFER_DRAFT,
    .arrows = arrows,
    .arrow_count = COUNT(arrows),
    .role = ROLE_OPERATOR,
    .editable = FROM(OFFER_DRAFT) | FROM(OFFER_OPEN) | FROM(OFFER_PAUSED),
    .check = check,
};
