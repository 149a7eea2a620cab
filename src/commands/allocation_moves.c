/* What happens when capacity is accepted, started, given back or taken back, and when it has run its course. */
#include "commands/capacity_parts.h"

#include "base/date.h"
#include "base/number.h"
#include "store/usage_runs.h"

#include <string.h>

/* What is agreed on must help: all that is booked for the request, other proposals included, reaches its smallest. */
static Status check_smallest(CommandContext *c, const Record *request, Error *e) {
    int64_t got = value_number_or(&request->values[REQUEST_GOT], 0);
    int64_t smallest = value_number_or(&request->values[REQUEST_SMALLEST], 0);
    if (got >= smallest) return STATUS_OK;
    Buffer has = {0}, least = {0};
    const char *unit = kind_unit_of(value_number_or(&request->values[REQUEST_KIND], 0), got);
    number_show(&has, got, 3);
    number_show(&least, smallest, 3);
    error_set(
        e, STATUS_CONFLICT, "smallest",
        _("%s has %s %s in all, proposals included, and less than %s would not help: more must be proposed first"),
        context_code(c, request), buffer_string(&has), unit, buffer_string(&least));
    buffer_free(&has);
    buffer_free(&least);
    return STATUS_CONFLICT;
}

/* Nobody can use what is over, and yet it would count as lent. */
static Status check_not_over(CommandContext *c, const Record *a, Error *e) {
    int last;
    const Value *v = &a->values[ALLOCATION_LAST];
    if (v->kind != VALUE_TEXT || !week_parse(v->text, v->size, &last) || last >= week_of_date(clock_today()))
        return STATUS_OK;
    Buffer weeks = {0};
    value_show_weeks(&weeks, &a->values[ALLOCATION_FIRST], v, clock_today());
    error_set(e, STATUS_CONFLICT, "last", _("%s is for %s, which is over: decline it"), context_code(c, a),
              buffer_string(&weeks));
    buffer_free(&weeks);
    return STATUS_CONFLICT;
}

Status allocation_accept(CommandContext *c, const Record *before, Record *after, Error *e) {
    Record *request;
    (void)after;
    Status s = check_not_over(c, before, e);
    if (s == STATUS_OK) s = context_read(c, &entity_request, before->values[ALLOCATION_REQUEST].number, &request, e);
    if (s != STATUS_OK) return s;
    if (record_state(request) == REQUEST_APPROVED) return check_smallest(c, request, e);
    return error_set(e, STATUS_CONFLICT, "request", _("%s is %s: nothing more is accepted for it"),
                     context_code(c, request),
                     _(choice_of_number(entity_request.states, record_state(request))->label));
}

Status allocation_start(CommandContext *c, const Record *before, Record *after, Error *e) {
    int first;
    const Value *v = &before->values[ALLOCATION_FIRST];
    (void)after;
    if (v->kind != VALUE_TEXT || !week_parse(v->text, v->size, &first) || first <= week_of_date(clock_today()))
        return STATUS_OK;
    Buffer week = {0};
    week_show(&week, first, clock_today());
    error_set(e, STATUS_CONFLICT, "first", _("%s begins in %s: it cannot be started before"), context_code(c, before),
              buffer_string(&week));
    buffer_free(&week);
    return STATUS_CONFLICT;
}

/* The first week that is free where nothing else is said: the next one, or this one where it is a session's that has
 * not begun. */
static Status first_free_week(CommandContext *c, const Record *a, int *week, Error *e) {
    Record *session;
    int day;
    const Value *id = &a->values[ALLOCATION_SESSION];
    *week = week_of_date(clock_today()) + 1;
    if (id->kind != VALUE_NUMBER) return STATUS_OK;
    Status s = context_read(c, &entity_session, id->number, &session, e);
    if (s != STATUS_OK) return s;
    const Value *first = &session->values[SESSION_FIRST];
    if (date_parse(first->text, first->size, &day) && day > clock_today()) --*week;
    return STATUS_OK;
}

/* Access ends before that week, or today; what had not opened never does. */
static void end_access(CommandContext *c, const Record *before, int from, bool given, Record *after) {
    int opens = capacity_day(&before->values[ALLOCATION_FIRST], 0),
        ends = capacity_day(&before->values[ALLOCATION_LAST], 6);
    const Value *first = &before->values[ALLOCATION_OPENS], *last = &before->values[ALLOCATION_ENDS];
    int end = given ? date_of_week(from) - 1 : clock_today();
    if (first->size) date_parse(first->text, first->size, &opens);
    if (last->size) date_parse(last->text, last->size, &ends);
    if (end >= ends) return;
    after->values[ALLOCATION_OPENS] = end < opens ? (Value){0} : capacity_day_value(c, opens);
    after->values[ALLOCATION_ENDS] = end < opens ? (Value){0} : capacity_day_value(c, end);
    if (end >= opens) return;
    after->values[ALLOCATION_FIRST] = (Value){0};
    after->values[ALLOCATION_LAST] = (Value){0};
}

/* The bookings of the weeks before one. What was used of that week itself, which may be this one, stays booked. */
static Status end_bookings(CommandContext *c, const Record *before, int from, Record *after, Error *e) {
    const Value *bookings = &before->values[ALLOCATION_BOOKINGS];
    ListItem *items = arena_array(c->arena, (size_t)bookings->size + 1, sizeof *items);
    size_t kept = 0;
    for (; kept < bookings->size && bookings->items[kept].key < from; kept++) {
        items[kept] = bookings->items[kept];
    }
    if (kept < bookings->size && bookings->items[kept].key == from) {
        UsageWeek use;
        Status s = usage_week(c->store, before->id, from, &use, e);
        if (s != STATUS_OK) return s;
        int64_t used = use.by_hand + use.quantity, booked = bookings->items[kept].quantity;
        items[kept] = bookings->items[kept];
        items[kept].quantity = used < booked ? used : booked;
        if (used > 0) kept++;
    }
    after->values[ALLOCATION_BOOKINGS] = value_list(items, kept);
    return STATUS_OK;
}

/* From a week on, *given; where none is (0), from the first that is free anyway. */
static Status free_rest(CommandContext *c, const Record *before, Record *after, int *given, Error *e) {
    Value asked;
    int from;
    *given = 0;
    Status s = first_free_week(c, before, &from, e);
    if (s == STATUS_OK) s = context_argument(c, "from", &asked, e);
    if (s != STATUS_OK) return s;
    if (asked.size) {
        if (!week_parse(asked.text, asked.size, given) || *given < week_of_date(clock_today()))
            return error_set(e, STATUS_USAGE, "from", _("weeks that are over cannot be given back"));
        if (before->values[ALLOCATION_SESSION].kind == VALUE_NUMBER && *given < from)
            return error_set(e, STATUS_CONFLICT, "from",
                             _("the session of %s has begun: nobody else could take its places"),
                             context_code(c, before));
        from = *given;
    }
    if (kind_countable(value_number_or(&before->values[ALLOCATION_KIND], 0)))
        return end_bookings(c, before, from, after, e);
    end_access(c, before, from, *given > 0, after);
    return STATUS_OK;
}

static bool frees_nothing(const Record *before, const Record *after) {
    return value_equal(&before->values[ALLOCATION_BOOKINGS], &after->values[ALLOCATION_BOOKINGS]) &&
           value_equal(&before->values[ALLOCATION_ENDS], &after->values[ALLOCATION_ENDS]) &&
           value_equal(&before->values[ALLOCATION_LAST], &after->values[ALLOCATION_LAST]);
}

/* Where it is in its last week, that one can be given back too, where it is named. */
static Status say_nothing_left(CommandContext *c, const Record *before, int given, Error *e) {
    Buffer last = {0};
    const Value *v = &before->values[ALLOCATION_LAST];
    int week = 0, now = week_of_date(clock_today());
    bool could = !given && v->size && week_parse(v->text, v->size, &week) && week == now &&
                 before->values[ALLOCATION_SESSION].kind == VALUE_NONE &&
                 kind_countable(value_number_or(&before->values[ALLOCATION_KIND], 0));
    value_show_weeks(&last, v, v, clock_today());
    if (could)
        error_set(e, STATUS_CONFLICT, "from",
                  _("%s ends in %s, this week: what is not used of it falls free where you give from=%s"),
                  context_code(c, before), buffer_string(&last), v->text);
    else
        error_set(e, STATUS_CONFLICT, "from", _("%s ends in %s: nothing of it would fall free"),
                  context_code(c, before), buffer_string(&last));
    buffer_free(&last);
    return STATUS_CONFLICT;
}

/* Before the week that was given something is left, of this week or later. */
static bool goes_on(const Record *a, int given) {
    const Value *bookings = &a->values[ALLOCATION_BOOKINGS], *ends = &a->values[ALLOCATION_ENDS];
    int day;
    if (bookings->size) {
        int64_t last = bookings->items[bookings->size - 1].key;
        return last < given && last >= week_of_date(clock_today());
    }
    return given && ends->size && date_parse(ends->text, ends->size, &day) && day >= clock_today();
}

/* What goes on with fewer weeks is accepted or active as it was, and can be given back further. */
static void end_or_go_on(const Record *before, Record *after, int given) {
    if (goes_on(after, given)) after->values[COMMON_STATE] = before->values[COMMON_STATE];
}

/* Removes the bookings of the weeks that have not begun, or from the week given on; ends access. Where no week is given,
 * what is in its last one is released as it stands: the borrower is done with it. */
Status allocation_release(CommandContext *c, const Record *before, Record *after, Error *e) {
    int given;
    Status s = free_rest(c, before, after, &given, e);
    if (s == STATUS_OK && given && frees_nothing(before, after)) s = say_nothing_left(c, before, given, e);
    if (s == STATUS_OK) end_or_go_on(before, after, given);
    return s;
}

/* The request asks for so much less, and nobody for the rest of what it no longer wants at all. */
static Status want_less(CommandContext *c, const Record *request, int64_t freed, Error *e) {
    Record *after = record_copy(c->arena, request);
    int64_t got = value_number_or(&request->values[REQUEST_GOT], 0);
    int64_t wanted = value_number_or(&request->values[REQUEST_WANTED], 0) - freed;
    if (freed <= 0) return STATUS_OK;
    if (wanted < got) wanted = got;
    if (!wanted) {
        after->values[COMMON_STATE] = value_number(REQUEST_WITHDRAWN);
        return context_write(c, request, after, "withdraw", e);
    }
    after->values[REQUEST_WANTED] = value_number(wanted);
    if (value_number_or(&request->values[REQUEST_SMALLEST], 0) > wanted)
        after->values[REQUEST_SMALLEST] = value_number(wanted);
    return context_write(c, request, after, "set", e);
}

/* Access has no quantity: whoever ended the only one is done with asking for it. */
static Status want_no_access(CommandContext *c, const Record *request, const Record *allocation, Error *e) {
    NamedAllocations live;
    Record *after = record_copy(c->arena, request);
    bool had = allocation->values[ALLOCATION_OPENS].size > 0;
    if (record_state(allocation) != ALLOCATION_RELEASED) return STATUS_OK;
    Status s = capacity_name_allocations(c, request, "state:proposed,accepted,active", &live, e);
    if (s != STATUS_OK || live.count) return s;
    after->values[COMMON_STATE] = value_number(had ? REQUEST_CLOSED : REQUEST_WITHDRAWN);
    return context_write(c, request, after, had ? "close" : "withdraw", e);
}

/* What the borrower gave back he lacks no longer, unless he says that he still wants it from others. */
Status allocation_released(CommandContext *c, const Record *before, Record *after, Error *e) {
    Value still;
    Record *request;
    Status s = context_argument(c, "still", &still, e);
    if (s != STATUS_OK || value_number_or(&still, 0)) return s;
    s = context_read(c, &entity_request, before->values[ALLOCATION_REQUEST].number, &request, e);
    if (s != STATUS_OK || record_state(request) != REQUEST_APPROVED) return s;
    if (!kind_countable(value_number_or(&before->values[ALLOCATION_KIND], 0)))
        return want_no_access(c, request, after, e);
    return want_less(c, request, before->values[ALLOCATION_TOTAL].number - after->values[ALLOCATION_TOTAL].number, e);
}

static Status is_free_hand(CommandContext *c, const Record *allocation, Record **offer, bool *yes, Error *e) {
    Status s = context_read(c, &entity_offer, allocation->values[ALLOCATION_OFFER].number, offer, e);
    *yes = s == STATUS_OK && value_number_or(&(*offer)->values[OFFER_MODE], 0) == MODE_FREE_HAND;
    return s;
}

Status allocation_revoke(CommandContext *c, const Record *before, Record *after, Error *e) {
    Record *offer;
    int given;
    bool free_hand;
    Status s = is_free_hand(c, before, &offer, &free_hand, e);
    if (s != STATUS_OK) return s;
    if (!free_hand)
        return error_set(e, STATUS_CONFLICT, "mode", _("%s is negotiated: what was accepted stands"),
                         context_code(c, offer));
    s = free_rest(c, before, after, &given, e);
    if (s == STATUS_OK && frees_nothing(before, after)) s = say_nothing_left(c, before, given, e);
    if (s == STATUS_OK) end_or_go_on(before, after, given);
    return s;
}

static Status say_why(CommandContext *c, const Record *before, Error *e) {
    Buffer last = {0};
    value_show_weeks(&last, &before->values[ALLOCATION_LAST], &before->values[ALLOCATION_LAST], clock_today());
    error_set(e, STATUS_USAGE, "reason", _("%s runs until %s: say why it ends before"), context_code(c, before),
              buffer_string(&last));
    buffer_free(&last);
    return STATUS_USAGE;
}

/* What is left of it falls free, and the borrower is told why. Of what was negotiated it is for the borrower to give
 * back. */
Status allocation_complete(CommandContext *c, const Record *before, Record *after, Error *e) {
    Record *offer;
    int given;
    bool free_hand;
    Status s = is_free_hand(c, before, &offer, &free_hand, e);
    if (s == STATUS_OK) s = free_rest(c, before, after, &given, e);
    if (s != STATUS_OK) return s;
    /* One that it has says why some of its weeks were given or taken back before. */
    if (!context_given(c, "reason")) after->values[ALLOCATION_REASON] = (Value){0};
    /* By its reason the borrower is told that it ended before. */
    if (frees_nothing(before, after) && after->values[ALLOCATION_REASON].size)
        return error_set(e, STATUS_CONFLICT, "reason",
                         _("%s has run its course, nothing of it falls free: leave the reason empty"),
                         context_code(c, before));
    if (frees_nothing(before, after)) return STATUS_OK;
    if (free_hand) return after->values[ALLOCATION_REASON].size ? STATUS_OK : say_why(c, before, e);
    Buffer last = {0};
    value_show_weeks(&last, &before->values[ALLOCATION_LAST], &before->values[ALLOCATION_LAST], clock_today());
    error_set(e, STATUS_CONFLICT, "mode",
              _("%s is negotiated and %s runs until %s: %s may release what it does not need"), context_code(c, offer),
              context_code(c, before), buffer_string(&last),
              site_code((int)value_number_or(&before->values[ALLOCATION_BORROWER], 0)));
    buffer_free(&last);
    return STATUS_CONFLICT;
}

Status run_account(CommandContext *c, Error *e) {
    Record *after = record_copy(c->arena, c->record);
    if (!context_given(c, "account"))
        return error_set(e, STATUS_USAGE, "account", _("which one? Give account=NAME, or account= for none"));
    Status s = context_set_fields(c, after, false, e);
    if (s != STATUS_OK || value_equal(&c->record->values[ALLOCATION_ACCOUNT], &after->values[ALLOCATION_ACCOUNT]))
        return s;
    return context_write(c, c->record, after, "account", e);
}
