/* Proposing: an offer answers a request with weeks, with places in a session, or with days of access. */
#include "commands/capacity_parts.h"

#include "base/date.h"
#include "base/number.h"
#include "commands/offer_fit.h"

#include <stdio.h>
#include <string.h>

int capacity_day(const Value *week, int weekday) {
    int number = 0;
    if (week->kind == VALUE_TEXT) week_parse(week->text, week->size, &number);
    return date_of_week(number) + weekday;
}

Value capacity_day_value(CommandContext *c, int day) {
    char text[DATE_SIZE];
    date_write(day, text);
    return value_text(arena_string(c->arena, text), DATE_SIZE - 1);
}

static const char *choice_label(const Choice *choices, const Value *v) {
    const Choice *c = choice_of_number(choices, value_number_or(v, 0));
    return c ? _(c->label) : "";
}

/* A rule of the offer that no quantity helps against. */
static Status check_terms(CommandContext *c, const Record *request, const Record *offer, Error *e) {
    const Value *q = request->values, *o = offer->values;
    if (value_number_or(&o[OFFER_DATA_LEVEL], 0) < value_number_or(&q[REQUEST_DATA_LEVEL], 0))
        return error_set(e, STATUS_CONFLICT, "offer", _("%s takes data up to \"%s\" and %s works on \"%s\""),
                         context_code(c, offer), choice_label(data_level_choices, &o[OFFER_DATA_LEVEL]),
                         context_code(c, request), choice_label(data_level_choices, &q[REQUEST_DATA_LEVEL]));
    if (strcmp(value_string(&o[OFFER_FIRST]), value_string(&q[REQUEST_LATEST])) <= 0 &&
        strcmp(value_string(&o[OFFER_LAST]), value_string(&q[REQUEST_EARLIEST])) >= 0)
        return STATUS_OK;
    Buffer offered = {0}, asked = {0};
    value_show_weeks(&offered, &o[OFFER_FIRST], &o[OFFER_LAST], clock_today());
    value_show_weeks(&asked, &q[REQUEST_EARLIEST], &q[REQUEST_LATEST], clock_today());
    error_set(e, STATUS_CONFLICT, "offer", _("%s is offered in %s and %s asks for %s: they have no week in common"),
              context_code(c, offer), buffer_string(&offered), context_code(c, request), buffer_string(&asked));
    buffer_free(&offered);
    buffer_free(&asked);
    return STATUS_CONFLICT;
}

static Status check_offer(CommandContext *c, const Record *request, const Record *offer, Error *e) {
    const Value *kind = &request->values[REQUEST_KIND], *offered = &offer->values[OFFER_KIND];
    if (record_state(offer) != OFFER_OPEN)
        return error_set(e, STATUS_CONFLICT, "offer", _("%s is %s: only open offers serve requests"),
                         context_code(c, offer), choice_label(entity_offer.states, &offer->values[COMMON_STATE]));
    if (!value_equal(offered, kind))
        return error_set(e, STATUS_CONFLICT, "offer", _("%s offers %s and %s asks for %s"), context_code(c, offer),
                         choice_label(kind_choices, offered), context_code(c, request),
                         choice_label(kind_choices, kind));
    int provider = record_site(offer), borrower = record_site(request);
    if (c->actor->site == provider || c->actor->site == borrower || c->actor->site == 0)
        return check_terms(c, request, offer, e);
    const int sides[] = {provider, borrower, 0};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        if (!(c->actor->may_act >> sides[i] & 1)) continue;
        return error_set(e, STATUS_DENIED, "site",
                         _("this is for %s, %s or ROOT to propose: act for one of them (--site %s)"),
                         site_code(provider), site_code(borrower), site_code(sides[i]));
    }
    return error_set(e, STATUS_DENIED, "site",
                     _("this is for %s, %s or ROOT to propose, and %s may act for none of them"), site_code(provider),
                     site_code(borrower), c->actor->login);
}

/* The earliest weeks of a fit, up to a quantity (all it could give where 0). */
static Value take_weeks(Arena *arena, const Fit *fit, int64_t quantity) {
    WeekQuantity *weeks = arena_array(arena, (size_t)fit->count, sizeof *weeks);
    ListItem *items = arena_array(arena, (size_t)fit->count, sizeof *items);
    int count = fit_take(fit, quantity, weeks);
    for (int i = 0; i < count; i++) {
        items[i] = (ListItem){.key = weeks[i].week, .quantity = weeks[i].quantity};
    }
    return value_list(items, (size_t)count);
}

/* Too much was asked for, or there is nothing to give: how much there is, and why it is no more. */
static Status say_could(CommandContext *c, const Record *request, OfferFit *f, int64_t asked, Error *e) {
    Buffer could = {0}, why = {0};
    const Value *v = request->values;
    kind_amount(&could, value_number_or(&v[REQUEST_KIND], 0), f->fit.could);
    offer_fit_judge(request, f);
    if (f->fit.could) {
        int first, last;
        if (!f->session && offer_fit_weeks(f, &first, &last)) {
            buffer_add_string(&could, _(" in "));
            week_show_span(&could, first, last, clock_today());
        }
        buffer_add_string(&why, _(", and you ask for "));
        number_show(&why, asked, 3);
    } else if (value_number_or(&v[REQUEST_LACKS], 0) <= 0) {
        buffer_add_string(&why, _(": nothing is lacking, all that is wanted is booked: "));
        number_show(&why, value_number_or(&v[REQUEST_GOT], 0), 3);
    } else if (f->bar) {
        buffer_add_string(&why, ": ");
        offer_fit_say(request, f, &why);
    }
    error_set(e, STATUS_CONFLICT, "quantity", _("%s could give %s %s%s"),
              context_code(c, f->session ? f->session : f->offer), context_code(c, request), buffer_string(&could),
              buffer_string(&why));
    buffer_free(&could);
    buffer_free(&why);
    return STATUS_CONFLICT;
}

/* Places in a session of the offer, booked in the week it begins. */
static Status choose_places(CommandContext *c, const Record *request, Record *offer, Record *a, Error *e) {
    Value id, quantity, bookings;
    OfferFit fit = {.offer = offer};
    Status s = context_argument(c, "session", &id, e);
    if (s == STATUS_OK) s = context_argument(c, "quantity", &quantity, e);
    if (s == STATUS_OK) s = context_argument(c, "bookings", &bookings, e);
    if (s != STATUS_OK) return s;
    if (id.kind != VALUE_NUMBER)
        return error_set(e, STATUS_USAGE, "session", _("%s lends places in sessions: name one of them (session=...)"),
                         context_code(c, offer));
    if (bookings.size)
        return error_set(e, STATUS_USAGE, "bookings", _("a session has its week: give the quantity alone"));
    s = context_read(c, &entity_session, id.number, &fit.session, e);
    if (s != STATUS_OK) return s;
    if (fit.session->values[SESSION_OFFER].number != offer->id)
        return error_set(e, STATUS_CONFLICT, "session", _("%s is no session of %s"), context_code(c, fit.session),
                         context_code(c, offer));
    s = session_fit(c->store, c->arena, request, fit.session, &fit.fit, e);
    if (s != STATUS_OK) return s;
    int64_t wanted = value_number_or(&quantity, 0);
    if (!fit.fit.could || wanted > fit.fit.could) return say_could(c, request, &fit, wanted, e);
    a->values[ALLOCATION_SESSION] = id;
    a->values[ALLOCATION_BOOKINGS] = take_weeks(c->arena, &fit.fit, wanted);
    return STATUS_OK;
}

/* What is over can be lent to nobody any more. */
static Status check_ahead(const Value *bookings, Error *e) {
    int now = week_of_date(clock_today());
    if (!bookings->size || bookings->items[0].key >= now) return STATUS_OK;
    Buffer week = {0}, first = {0};
    week_show(&week, (int)bookings->items[0].key, clock_today());
    week_show(&first, now, clock_today());
    error_set(e, STATUS_CONFLICT, "bookings", _("%s is over: book weeks from %s on"), buffer_string(&week),
              buffer_string(&first));
    buffer_free(&week);
    buffer_free(&first);
    return STATUS_CONFLICT;
}

/* Weeks were named, of each of which 0 is booked: to read that as all there is would be the opposite. */
static Status check_any(const CommandContext *c, const Value *bookings, Error *e) {
    for (int i = 0; i < c->request->argument_count && !bookings->size; i++) {
        const Argument *a = &c->request->arguments[i];
        if (!strcmp(a->name, "bookings") && strpbrk(a->value, "0123456789"))
            return error_set(e, STATUS_USAGE, "bookings", _("nothing is booked in these weeks: give more than 0"));
    }
    return STATUS_OK;
}

static Status choose_weeks(CommandContext *c, const Record *request, Record *offer, Value *bookings, Error *e) {
    Value quantity;
    OfferFit fit = {.offer = offer};
    Status s = context_argument(c, "bookings", bookings, e);
    if (s == STATUS_OK) s = check_any(c, bookings, e);
    if (s == STATUS_OK) s = context_argument(c, "quantity", &quantity, e);
    if (s != STATUS_OK) return s;
    if (bookings->size && quantity.kind == VALUE_NUMBER)
        return error_set(e, STATUS_USAGE, "quantity", _("give the quantity or the bookings, not both"));
    if (bookings->size) return check_ahead(bookings, e);
    s = offer_fit(c->store, c->arena, request, offer, &fit.fit, e);
    if (s != STATUS_OK) return s;
    int64_t wanted = value_number_or(&quantity, 0);
    if (!fit.fit.could || wanted > fit.fit.could) return say_could(c, request, &fit, wanted, e);
    *bookings = take_weeks(c->arena, &fit.fit, wanted);
    return STATUS_OK;
}

/* The day given for an argument, else this one; refused outside of what both sides have. */
static Status choose_day(CommandContext *c, const char *name, int otherwise, int from, int to, int *out, Error *e) {
    Value given;
    Status s = context_argument(c, name, &given, e);
    *out = otherwise;
    if (s != STATUS_OK || !given.size || !date_parse(given.text, given.size, out)) return s;
    if (*out >= from && *out <= to) return STATUS_OK;
    char first[DATE_SIZE], last[DATE_SIZE];
    date_write(from, first);
    date_write(to, last);
    return error_set(e, STATUS_CONFLICT, name, _("it can be had from %s to %s"), first, last);
}

/* Nobody needs the same access twice: what is proposed or agreed on for the request holds on its days. */
static Status check_access_once(CommandContext *c, const Record *request, const Record *offer, const Record *a,
                                Error *e) {
    char filter[160], codes[2][CODE_SIZE];
    const char *opens = value_string(&a->values[ALLOCATION_OPENS]), *ends = value_string(&a->values[ALLOCATION_ENDS]);
    int64_t others;
    code_write('R', request->id, codes[0]);
    code_write('O', offer->id, codes[1]);
    snprintf(filter, sizeof filter, "request:%s offer:%s state:proposed,accepted,active opens<=%s ends>=%s", codes[0],
             codes[1], ends, opens);
    Status s = context_count(c, &entity_allocation, filter, &others, e);
    if (s != STATUS_OK || !others) return s;
    return error_set(
        e, STATUS_CONFLICT, "offer",
        _("%s has access to %s already, or is proposed it, on days between %s and %s: give opens= and ends= "
          "outside of them"),
        codes[0], codes[1], opens, ends);
}

/* Access to a dataset or model: days within both windows, all of them from today on where nothing else is said. */
static Status choose_access(CommandContext *c, const Record *request, const Record *offer, Record *a, Error *e) {
    int from = capacity_day(&request->values[REQUEST_EARLIEST], 0),
        to = capacity_day(&request->values[REQUEST_LATEST], 6);
    int first = capacity_day(&offer->values[OFFER_FIRST], 0), last = capacity_day(&offer->values[OFFER_LAST], 6);
    int opens, ends;
    if (from < first) from = first;
    if (from < clock_today()) from = clock_today();
    if (to > last) to = last;
    if (from > to)
        return error_set(e, STATUS_CONFLICT, "offer", _("the weeks that %s and %s have in common are over"),
                         context_code(c, offer), context_code(c, request));
    Status s = choose_day(c, "opens", from, from, to, &opens, e);
    if (s == STATUS_OK) s = choose_day(c, "ends", to, from, to, &ends, e);
    if (s != STATUS_OK) return s;
    a->values[ALLOCATION_OPENS] = capacity_day_value(c, opens);
    a->values[ALLOCATION_ENDS] = capacity_day_value(c, ends);
    return check_access_once(c, request, offer, a, e);
}

/* What each kind of capacity is proposed by: days of access, places in a session, or weeks. */
static Status choose(CommandContext *c, const Record *request, Record *offer, Record *a, Error *e) {
    bool sessions = offer_has_sessions(offer), access = !kind_countable(request->values[REQUEST_KIND].number);
    if (!sessions && context_given(c, "session"))
        return error_set(e, STATUS_USAGE, "session", _("%s has no sessions"), context_code(c, offer));
    for (size_t i = 0; i < 2; i++) {
        static const char *const days[] = {"opens", "ends"}, *const amounts[] = {"quantity", "bookings"};
        if (!access && context_given(c, days[i]))
            return error_set(e, STATUS_USAGE, days[i], _("only access to a dataset or model is from a day to a day"));
        if (access && context_given(c, amounts[i]))
            return error_set(e, STATUS_USAGE, amounts[i], _("access has no quantity: it is never used up"));
    }
    if (access) return choose_access(c, request, offer, a, e);
    return sessions ? choose_places(c, request, offer, a, e)
                    : choose_weeks(c, request, offer, &a->values[ALLOCATION_BOOKINGS], e);
}

Status run_propose(CommandContext *c, Error *e) {
    const Record *request = c->record;
    Record *offer, *a = record_new(c->arena, &entity_allocation);
    Value offer_id, why;
    for (int i = 0; i < c->request->argument_count; i++) {
        const char *name = c->request->arguments[i].name;
        bool own = false;
        for (int k = 0; k < c->command.argument_count; k++) {
            own = own || !strcmp(name, c->command.arguments[k].name);
        }
        if (!own) return error_set(e, STATUS_USAGE, name, _("\"%s\" does not take it"), c->command.name);
    }
    Status s = context_argument(c, "offer", &offer_id, e);
    if (s == STATUS_OK) s = context_argument(c, "why", &why, e);
    if (s == STATUS_OK) s = context_read(c, &entity_offer, offer_id.number, &offer, e);
    if (s == STATUS_OK) s = check_offer(c, request, offer, e);
    if (s != STATUS_OK) return s;
    s = choose(c, request, offer, a, e);
    if (s != STATUS_OK) return s;
    a->values[COMMON_SITE] = offer->values[COMMON_SITE];
    a->values[ALLOCATION_REQUEST] = value_number(request->id);
    a->values[ALLOCATION_OFFER] = value_number(offer->id);
    a->values[ALLOCATION_KIND] = request->values[REQUEST_KIND];
    a->values[ALLOCATION_BORROWER] = request->values[COMMON_SITE];
    a->values[ALLOCATION_PROPOSED_BY] = value_number(c->actor->site);
    a->values[ALLOCATION_WHY] = why;
    return context_write(c, NULL, a, "propose", e);
}

/* Whoever changes what is proposed makes another proposal, which is for the other side to answer: only the provider can
 * edit, so that it becomes his. */
Status allocation_edited(const Record *before, Record *after, Error *e) {
    const Value *bookings = &after->values[ALLOCATION_BOOKINGS];
    if (value_equal(&before->values[ALLOCATION_BOOKINGS], bookings)) return STATUS_OK;
    if (!bookings->size)
        return error_set(e, STATUS_CONFLICT, "bookings", _("nothing would be left of what is proposed: decline it"));
    after->values[ALLOCATION_PROPOSED_BY] = after->values[COMMON_SITE];
    return check_ahead(bookings, e);
}
