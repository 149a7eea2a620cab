/* What offers could give a request. */
#include "commands/offer_fit.h"

#include "base/date.h"
#include "base/intl.h"
#include "store/figures.h"
#include "store/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int week_of(const Value *v) {
    int week = 0;
    if (v->kind == VALUE_TEXT) week_parse(v->text, v->size, &week);
    return week;
}

/* What is booked, a week each once. */
static Status booked(Store *store, Arena *arena, int64_t offer, int64_t request, int first, int last,
                     WeekQuantity **out, int *count, Error *e) {
    BookedWeek *rows;
    Status s = figures_booked(store, arena, offer, request, first, last, &rows, count, e);
    if (s != STATUS_OK) return s;
    *out = arena_array(arena, (size_t)*count, sizeof **out);
    for (int i = 0; i < *count; i++) {
        (*out)[i] = (WeekQuantity){.week = rows[i].week, .quantity = rows[i].quantity};
    }
    *count = week_quantities_merge(*out, *count);
    return STATUS_OK;
}

static Status fit_request(Store *store, Arena *arena, const Record *r, FitRequest *out, Error *e) {
    WeekQuantity *weeks = NULL;
    int now = week_of_date(clock_today());
    *out = (FitRequest){.first = week_of(&r->values[REQUEST_EARLIEST]), .last = week_of(&r->values[REQUEST_LATEST])};
    out->weekly_most = value_number_or(&r->values[REQUEST_WEEKLY_MOST], 0);
    out->missing = value_number_or(&r->values[REQUEST_WANTED], 0) - value_number_or(&r->values[REQUEST_GOT], 0);
    Status s = booked(store, arena, 0, r->id, out->first, out->last, &weeks, &out->booked_count, e);
    out->booked = weeks;
    if (out->first < now) out->first = now;
    return s;
}

static Status fit_offer(Store *store, Arena *arena, const Record *o, const FitRequest *r, Fit *fit, Error *e) {
    WeekQuantity *weeks;
    FitOffer offer = {.first = week_of(&o->values[OFFER_FIRST]), .last = week_of(&o->values[OFFER_LAST])};
    offer.lendable = value_number_or(&o->values[OFFER_QUANTITY], 0) - value_number_or(&o->values[OFFER_RESERVE], 0);
    Status s = booked(store, arena, o->id, 0, r->first, r->last, &weeks, &offer.booked_count, e);
    if (s != STATUS_OK) return s;
    offer.booked = weeks;
    fit_compute(arena, r, &offer, fit);
    return STATUS_OK;
}

Status offer_fit(Store *store, Arena *arena, const Record *request, const Record *offer, Fit *fit, Error *e) {
    FitRequest r;
    Status s = fit_request(store, arena, request, &r, e);
    return s == STATUS_OK ? fit_offer(store, arena, offer, &r, fit, e) : s;
}

/* A session's places in its week, for a request that is known. */
static void fit_places(Arena *arena, const Record *t, const FitRequest *r, Fit *fit) {
    int day = 0, week = week_of(&t->values[SESSION_WEEK]);
    const Value *first = &t->values[SESSION_FIRST];
    WeekQuantity *taken = arena_array(arena, 1, sizeof *taken);
    *taken = (WeekQuantity){week, value_number_or(&t->values[SESSION_TAKEN], 0)};
    FitOffer places = {week, week, value_number_or(&t->values[SESSION_PLACES], 0), taken, 1};
    *fit = (Fit){0};
    if (first->kind == VALUE_TEXT) date_parse(first->text, first->size, &day);
    if (record_state(t) == SESSION_PLANNED && day > clock_today()) fit_compute(arena, r, &places, fit);
}

/* A seat is taken whole. */
static void whole_seats(const Record *request, Fit *fit) {
    if (value_number_or(&request->values[REQUEST_KIND], 0) != KIND_TRAINING_SEAT || !fit->count) return;
    fit->could -= fit->could % 1000;
    fit->weeks[0].could = fit->could;
}

Status session_fit(Store *store, Arena *arena, const Record *request, const Record *session, Fit *fit, Error *e) {
    FitRequest r;
    Status s = fit_request(store, arena, request, &r, e);
    if (s != STATUS_OK) return s;
    fit_places(arena, session, &r, fit);
    whole_seats(request, fit);
    return STATUS_OK;
}

static int more_useful(const void *a, const void *b) {
    const OfferFit *x = a, *y = b;
    if (x->bar != y->bar) return x->bar < y->bar ? -1 : 1;
    if (x->fit.could != y->fit.could) return x->fit.could < y->fit.could ? 1 : -1;
    if (x->fit.free != y->fit.free) return x->fit.free < y->fit.free ? 1 : -1;
    int64_t a_id = x->offer->id, b_id = y->offer->id;
    if (a_id == b_id && x->session && y->session) {
        int order =
            strcmp(value_string(&x->session->values[SESSION_FIRST]), value_string(&y->session->values[SESSION_FIRST]));
        if (order) return order;
        a_id = x->session->id;
        b_id = y->session->id;
    }
    return (a_id > b_id) - (a_id < b_id);
}

enum { OFFERS_MAX = 1000, SESSIONS_MAX = 1000 };

typedef struct FitList {
    Arena *arena;
    OfferFit *items;
    int count, room;
} FitList;

static OfferFit *add_fit(FitList *list, Record *offer, Record *session) {
    if (list->count == list->room) {
        OfferFit *more =
            arena_array(list->arena, (size_t)(list->room = list->room ? list->room * 2 : 64), sizeof *more);
        if (list->count) memcpy(more, list->items, (size_t)list->count * sizeof *more);
        list->items = more;
    }
    OfferFit *fit = &list->items[list->count++];
    *fit = (OfferFit){.offer = offer, .session = session};
    return fit;
}

/* The sessions of an offer that the request could have places in. */
static Status add_sessions(Store *store, const Record *request, Record *offer, const FitRequest *r, FitList *list,
                           Error *e) {
    char text[80], code[CODE_SIZE], today[DATE_SIZE];
    Filter filter;
    Page page;
    code_write('O', offer->id, code);
    date_write(clock_today(), today);
    snprintf(text, sizeof text, "offer:%s state:planned first_day>%s", code, today);
    Status s = filter_parse(list->arena, &entity_session, text, strlen(text), store_codes(store), &filter, e);
    PageQuery query = {.filter = &filter, .sort = SESSION_FIRST, .limit = SESSIONS_MAX, .fields = FIELDS_ALL};
    if (s == STATUS_OK) s = store_page(store, list->arena, &query, &page, e);
    for (int i = 0; s == STATUS_OK && i < page.count; i++) {
        Fit fit;
        fit_places(list->arena, page.rows[i], r, &fit);
        whole_seats(request, &fit);
        if (fit.count) add_fit(list, offer, page.rows[i])->fit = fit;
    }
    return s;
}

bool offer_has_sessions(const Record *offer) {
    return kind_has_sessions(value_number_or(&offer->values[OFFER_KIND], 0)) &&
           !value_number_or(&offer->values[OFFER_QUANTITY], 0);
}

/* --- what bars one ------------------------------------------------------------------------------------------------ */

void offer_fit_judge(const Record *request, OfferFit *f) {
    const Value *r = request->values, *o = f->offer->values;
    int first = week_of(&r[REQUEST_EARLIEST]), last = week_of(&r[REQUEST_LATEST]), now = week_of_date(clock_today());
    bool sessions = offer_has_sessions(f->offer), access = !kind_countable(value_number_or(&r[REQUEST_KIND], 0));
    int64_t lendable = value_number_or(&o[OFFER_QUANTITY], 0) - value_number_or(&o[OFFER_RESERVE], 0);
    if (first < now) first = now;
    f->first = week_of(&o[OFFER_FIRST]);
    f->last = week_of(&o[OFFER_LAST]);
    bool apart = f->first > last || f->last < first;
    f->bar = FIT_NO_BAR;
    if (last < now) f->bar = FIT_OVER;
    else if (value_number_or(&o[OFFER_DATA_LEVEL], 0) < value_number_or(&r[REQUEST_DATA_LEVEL], 0)) f->bar = FIT_LEVEL;
    else if (apart) f->bar = FIT_WINDOW;
    else if (record_state(f->offer) != OFFER_OPEN) f->bar = FIT_PAUSED;
    else if (access || f->fit.could || value_number_or(&r[REQUEST_LACKS], 0) <= 0) return;
    else if (sessions && !f->fit.count) f->bar = FIT_NO_SESSION;
    else if (!sessions && lendable <= 0) f->bar = FIT_KEPT;
    else f->bar = f->fit.free >= (sessions ? 1000 : 1) ? FIT_MOST : FIT_FULL;
    if (f->bar == FIT_WINDOW || !f->fit.count) return;
    f->first = f->fit.weeks[0].week;
    f->last = f->fit.weeks[f->fit.count - 1].week;
}

bool offer_fit_weeks(const OfferFit *f, int *first, int *last) {
    bool access = !kind_countable(value_number_or(&f->offer->values[OFFER_KIND], 0)), found = false;
    for (int i = 0; i < f->fit.count; i++) {
        const FitWeek *w = &f->fit.weeks[i];
        if (!w->could && !access) continue;
        if (!found) *first = w->week;
        *last = w->week;
        found = true;
    }
    return found;
}

const char *offer_fit_word(FitBar bar) {
    static const char *const words[FIT_BAR_COUNT] = {
        [FIT_NO_BAR] = "",       [FIT_MOST] = "most", [FIT_FULL] = "full",     [FIT_NO_SESSION] = "no_session",
        [FIT_PAUSED] = "paused", [FIT_KEPT] = "kept", [FIT_WINDOW] = "window", [FIT_LEVEL] = "level",
        [FIT_OVER] = "over",
    };
    return words[bar];
}

static const char *level_word(const Value *v) {
    const Choice *level = choice_of_number(data_level_choices, value_number_or(v, 0));
    return level ? level->word : "0";
}

void offer_fit_say(const Record *request, const OfferFit *f, Buffer *b) {
    Buffer weeks = {0};
    week_show_span(&weeks, f->first, f->last, clock_today());
    switch (f->bar) {
    case FIT_NO_BAR:
    case FIT_BAR_COUNT: break;
    case FIT_OVER: buffer_add_string(b, _("the weeks asked for are over")); break;
    case FIT_LEVEL:
        buffer_format(b, _("data up to level %s, this is of level %s"), level_word(&f->offer->values[OFFER_DATA_LEVEL]),
                      level_word(&request->values[REQUEST_DATA_LEVEL]));
        break;
    case FIT_WINDOW: buffer_format(b, _("offered in %s"), weeks.bytes); break;
    case FIT_PAUSED: buffer_add_string(b, _("paused")); break;
    case FIT_NO_SESSION:
        buffer_add_string(
            b, f->session ? _("it lies outside the weeks asked for, or has begun") : _("no session in these weeks"));
        break;
    case FIT_GIVEN: buffer_format(b, _("access is given in %s"), weeks.bytes); break;
    case FIT_KEPT: buffer_add_string(b, _("all is kept for the region")); break;
    case FIT_FULL: buffer_format(b, _("full in %s"), weeks.bytes); break;
    case FIT_MOST: buffer_format(b, _("weekly most reached in %s"), weeks.bytes); break;
    }
    buffer_free(&weeks);
}

/* Access that was given once is all there is: bars the offers that one of these allocations has in all their weeks. */
static void bar_given(const Page *allocations, OfferFit *f) {
    const Fit *fit = &f->fit;
    for (int i = 0; i < allocations->count && f->bar == FIT_NO_BAR && fit->count; i++) {
        const Value *a = allocations->rows[i]->values;
        int first = fit->weeks[0].week, last = fit->weeks[fit->count - 1].week;
        if (value_number_or(&a[ALLOCATION_OFFER], 0) != f->offer->id) continue;
        if (week_of(&a[ALLOCATION_FIRST]) > first || week_of(&a[ALLOCATION_LAST]) < last) continue;
        f->bar = FIT_GIVEN;
        f->first = first;
        f->last = last;
    }
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

/* The open and paused offers of the request's kind that are not over; of these, where not all are asked for, those that
 * are open and fit its data and weeks. */
static Status read_offers(Store *store, Arena *arena, const Record *request, int site, bool all, Page *page, Error *e) {
    char text[180], week[WEEK_SIZE];
    Filter filter;
    week_write(week_of_date(clock_today()), week);
    const Choice *kind = choice_of_number(kind_choices, value_number_or(&request->values[REQUEST_KIND], 0));
    snprintf(text, sizeof text, "kind:%s last>=%s state:open", kind ? kind->word : "", week);
    size_t n = strlen(text);
    if (all) snprintf(text + n, sizeof text - n, ",paused");
    else
        snprintf(text + n, sizeof text - n, " data_level>=%s first<=%s last>=%s",
                 level_word(&request->values[REQUEST_DATA_LEVEL]), value_string(&request->values[REQUEST_LATEST]),
                 value_string(&request->values[REQUEST_EARLIEST]));
    n = strlen(text);
    if (site >= 0) snprintf(text + n, sizeof text - n, " region:%s", site_code(site));
    Status s = filter_parse(arena, &entity_offer, text, strlen(text), store_codes(store), &filter, e);
    if (s != STATUS_OK) return s;
    PageQuery query = {.filter = &filter, .sort = COMMON_CODE, .limit = OFFERS_MAX, .fields = FIELDS_ALL};
    return store_page(store, arena, &query, page, e);
}

/* What a request for access has of any offer, or is proposed. */
static Status read_given(Store *store, Arena *arena, const Record *request, Page *page, Error *e) {
    char text[80], code[CODE_SIZE];
    Filter filter;
    *page = (Page){0};
    if (kind_countable(value_number_or(&request->values[REQUEST_KIND], 0))) return STATUS_OK;
    code_write('R', request->id, code);
    snprintf(text, sizeof text, "request:%s state:proposed,accepted,active", code);
    Status s = filter_parse(arena, &entity_allocation, text, strlen(text), store_codes(store), &filter, e);
    PageQuery query = {.filter = &filter, .sort = COMMON_CODE, .limit = OFFERS_MAX, .fields = FIELDS_ALL};
    return s == STATUS_OK ? store_page(store, arena, &query, page, e) : s;
}

static Status list_offers(Store *store, Arena *arena, const Record *request, int site, bool all, OfferFit **out,
                          int *count, Error *e) {
    Page page, given;
    FitRequest r;
    FitList list = {.arena = arena};
    Status s = fit_request(store, arena, request, &r, e);
    if (s == STATUS_OK) s = read_given(store, arena, request, &given, e);
    if (s == STATUS_OK) s = read_offers(store, arena, request, site, all, &page, e);
    for (int i = 0; s == STATUS_OK && i < page.count; i++) {
        Record *offer = page.rows[i];
        int before = list.count;
        if (offer_has_sessions(offer)) s = add_sessions(store, request, offer, &r, &list, e);
        else s = fit_offer(store, arena, offer, &r, &add_fit(&list, offer, NULL)->fit, e);
        if (all && list.count == before) add_fit(&list, offer, NULL);
        for (int k = before; all && k < list.count; k++) {
            offer_fit_judge(request, &list.items[k]);
            bar_given(&given, &list.items[k]);
        }
    }
    *out = list.items;
    *count = list.count;
    if (s == STATUS_OK && *count > 1) qsort(*out, (size_t)*count, sizeof **out, more_useful);
    return s;
}

Status offers_that_fit(Store *store, Arena *arena, const Record *request, int site, OfferFit **out, int *count,
                       Error *e) {
    return list_offers(store, arena, request, site, false, out, count, e);
}

Status offers_and_bars(Store *store, Arena *arena, const Record *request, OfferFit **out, int *count, Error *e) {
    return list_offers(store, arena, request, -1, true, out, count, e);
}
