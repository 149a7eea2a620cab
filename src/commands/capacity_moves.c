/* What happens when capacity is proposed, accepted, started, given back or taken back. */
#include "commands/context.h"

#include "base/date.h"
#include "base/number.h"
#include "commands/offer_fit.h"

#include <stdio.h>
#include <string.h>

/* --- requests ----------------------------------------------------------------------------------------------------- */

Status request_withdraw(CommandContext *c, const Record *before, Record *after, Error *e) {
    char filter[96], code[CODE_SIZE];
    int64_t live;
    (void)after;
    code_write('R', before->id, code);
    snprintf(filter, sizeof filter, "request:%s state:proposed,accepted,active", code);
    Status s = context_count(c, &entity_allocation, filter, &live, e);
    if (s != STATUS_OK || !live) return s;
    return error_set(
        e, STATUS_CONFLICT, NULL,
        ngettext("%lld allocation of %s still holds weeks: decline or release it first",
                 "%lld allocations of %s still hold weeks: decline or release them first", (unsigned long)live),
        (long long)live, code);
}

/* --- proposing ---------------------------------------------------------------------------------------------------- */

static Status check_offer(CommandContext *c, const Record *request, const Record *offer, Error *e) {
    int64_t kind = value_number_or(&request->values[REQUEST_KIND], 0);
    if (record_state(offer) != OFFER_OPEN)
        return error_set(e, STATUS_CONFLICT, "offer", _("%s is %s: only open offers serve requests"),
                         context_code(c, offer), _(choice_of_number(entity_offer.states, record_state(offer))->label));
    if (value_number_or(&offer->values[OFFER_KIND], 0) != kind)
        return error_set(e, STATUS_CONFLICT, "offer", _("%s offers %s and %s asks for %s"), context_code(c, offer),
                         _(choice_of_number(kind_choices, value_number_or(&offer->values[OFFER_KIND], 0))->label),
                         context_code(c, request), _(choice_of_number(kind_choices, kind)->label));
    int provider = record_site(offer), borrower = record_site(request);
    if (c->actor->site == provider || c->actor->site == borrower || c->actor->site == 0) return STATUS_OK;
    return error_set(e, STATUS_DENIED, "site",
                     _("this is for %s, %s or ROOT to propose: act for one of them (--site %s)"), site_code(provider),
                     site_code(borrower), site_code(provider));
}

/* The earliest weeks of a fit, up to a quantity (all it could give where 0). */
static Value take_weeks(Arena *arena, const Fit *fit, int64_t quantity) {
    ListItem *items = arena_array(arena, (size_t)fit->count, sizeof *items);
    size_t count = 0;
    int64_t left = quantity ? quantity : fit->could;
    for (int i = 0; i < fit->count && left > 0; i++) {
        int64_t take = fit->weeks[i].could < left ? fit->weeks[i].could : left;
        if (take <= 0) continue;
        items[count++] = (ListItem){.key = fit->weeks[i].week, .quantity = take};
        left -= take;
    }
    return value_list(items, count);
}

static Status choose_weeks(CommandContext *c, const Record *request, const Record *offer, Value *bookings, Error *e) {
    Value quantity;
    Fit fit;
    Status s = context_argument(c, "bookings", bookings, e);
    if (s == STATUS_OK) s = context_argument(c, "quantity", &quantity, e);
    if (s != STATUS_OK) return s;
    if (bookings->size && quantity.kind == VALUE_NUMBER)
        return error_set(e, STATUS_USAGE, "quantity", _("give the quantity or the bookings, not both"));
    if (bookings->size) return STATUS_OK;
    s = offer_fit(c->store, c->arena, request, offer, &fit, e);
    if (s != STATUS_OK) return s;
    int64_t wanted = value_number_or(&quantity, 0);
    if (!fit.could || wanted > fit.could) {
        Buffer could = {0};
        number_show(&could, fit.could, 3);
        error_set(e, STATUS_CONFLICT, "quantity", _("%s could give %s %s %s in its free weeks"), context_code(c, offer),
                  context_code(c, request), buffer_string(&could),
                  kind_unit(value_number_or(&offer->values[OFFER_KIND], 0)));
        buffer_free(&could);
        return STATUS_CONFLICT;
    }
    *bookings = take_weeks(c->arena, &fit, wanted);
    return STATUS_OK;
}

/* Access to a dataset or model: the weeks both windows share. */
static void share_window(const Record *request, const Record *offer, Record *a) {
    const Value *first = &request->values[REQUEST_EARLIEST], *last = &request->values[REQUEST_LATEST];
    if (strcmp(first->text, offer->values[OFFER_FIRST].text) < 0) first = &offer->values[OFFER_FIRST];
    if (strcmp(last->text, offer->values[OFFER_LAST].text) > 0) last = &offer->values[OFFER_LAST];
    a->values[ALLOCATION_FIRST] = *first;
    a->values[ALLOCATION_LAST] = *last;
}

Status run_propose(CommandContext *c, Error *e) {
    const Record *request = c->record;
    Record *offer, *a = record_new(c->arena, &entity_allocation);
    Value offer_id, why;
    for (int i = 0; i < c->request->argument_count; i++) {
        const char *name = c->request->arguments[i].name;
        if (strcmp(name, "offer") != 0 && strcmp(name, "quantity") != 0 && strcmp(name, "bookings") != 0 &&
            strcmp(name, "why") != 0)
            return error_set(e, STATUS_USAGE, name, _("\"%s\" does not take it"), c->command.name);
    }
    Status s = context_argument(c, "offer", &offer_id, e);
    if (s == STATUS_OK) s = context_argument(c, "why", &why, e);
    if (s == STATUS_OK) s = context_read(c, &entity_offer, offer_id.number, &offer, e);
    if (s == STATUS_OK) s = check_offer(c, request, offer, e);
    if (s != STATUS_OK) return s;
    bool countable = kind_countable(request->values[REQUEST_KIND].number);
    if (countable) s = choose_weeks(c, request, offer, &a->values[ALLOCATION_BOOKINGS], e);
    else share_window(request, offer, a);
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

/* --- allocations -------------------------------------------------------------------------------------------------- */

/* What is agreed on must help: all that is booked for the request, other proposals included, reaches its smallest. */
static Status check_smallest(CommandContext *c, const Record *request, Error *e) {
    int64_t got = value_number_or(&request->values[REQUEST_GOT], 0);
    int64_t smallest = value_number_or(&request->values[REQUEST_SMALLEST], 0);
    if (got >= smallest) return STATUS_OK;
    Buffer has = {0}, least = {0};
    const char *unit = kind_unit(value_number_or(&request->values[REQUEST_KIND], 0));
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

Status allocation_accept(CommandContext *c, const Record *before, Record *after, Error *e) {
    Record *request;
    (void)after;
    Status s = context_read(c, &entity_request, before->values[ALLOCATION_REQUEST].number, &request, e);
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

/* Removes the bookings of the weeks that have not begun, or from the week given on. */
Status allocation_free_rest(CommandContext *c, const Record *before, Record *after, Error *e) {
    Value given;
    int from = week_of_date(clock_today()) + 1;
    Status s = context_argument(c, "from", &given, e);
    if (s != STATUS_OK) return s;
    if (given.size) {
        int asked;
        if (!week_parse(given.text, given.size, &asked) || asked < from - 1)
            return error_set(e, STATUS_USAGE, "from", _("weeks that are over cannot be given back"));
        from = asked;
    }
    const Value *bookings = &before->values[ALLOCATION_BOOKINGS];
    uint32_t kept = 0;
    while (kept < bookings->size && bookings->items[kept].key < from) {
        kept++;
    }
    after->values[ALLOCATION_BOOKINGS] = value_list(bookings->items, kept);
    return STATUS_OK;
}

Status allocation_revoke(CommandContext *c, const Record *before, Record *after, Error *e) {
    Record *offer;
    Status s = context_read(c, &entity_offer, before->values[ALLOCATION_OFFER].number, &offer, e);
    if (s != STATUS_OK) return s;
    if (value_number_or(&offer->values[OFFER_MODE], 0) != MODE_FREE_HAND)
        return error_set(e, STATUS_CONFLICT, "mode", _("%s is negotiated: what was accepted stands"),
                         context_code(c, offer));
    return allocation_free_rest(c, before, after, e);
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
