/* What offers could give a request. */
#include "commands/offer_fit.h"

#include "base/date.h"
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

static int more_useful(const void *a, const void *b) {
    const OfferFit *x = a, *y = b;
    if (x->fit.could != y->fit.could) return x->fit.could < y->fit.could ? 1 : -1;
    if (x->fit.free != y->fit.free) return x->fit.free < y->fit.free ? 1 : -1;
    return (x->offer->id > y->offer->id) - (x->offer->id < y->offer->id);
}

enum { OFFERS_MAX = 1000 };

Status offers_that_fit(Store *store, Arena *arena, const Record *request, OfferFit **out, int *count, Error *e) {
    char text[160], week[WEEK_SIZE];
    Filter filter;
    Page page;
    FitRequest r;
    int now = week_of_date(clock_today());
    Status s = fit_request(store, arena, request, &r, e);
    if (s != STATUS_OK) return s;
    week_write(now, week);
    const Choice *kind = choice_of_number(kind_choices, value_number_or(&request->values[REQUEST_KIND], 0));
    const Choice *level =
        choice_of_number(data_level_choices, value_number_or(&request->values[REQUEST_DATA_LEVEL], 0));
    snprintf(text, sizeof text, "kind:%s state:open data_level>=%s first<=%s last>=%s last>=%s", kind ? kind->word : "",
             level ? level->word : "0", value_string(&request->values[REQUEST_LATEST]),
             value_string(&request->values[REQUEST_EARLIEST]), week);
    s = filter_parse(arena, &entity_offer, text, strlen(text), store_codes(store), &filter, e);
    if (s != STATUS_OK) return s;
    PageQuery query = {.filter = &filter, .sort = COMMON_CODE, .limit = OFFERS_MAX, .fields = FIELDS_ALL};
    s = store_page(store, arena, &query, &page, e);
    *out = arena_array(arena, (size_t)page.count + 1, sizeof **out);
    *count = 0;
    for (int i = 0; i < page.count && s == STATUS_OK; i++) {
        OfferFit *fit = &(*out)[(*count)++];
        fit->offer = page.rows[i];
        s = fit_offer(store, arena, fit->offer, &r, &fit->fit, e);
    }
    if (s == STATUS_OK && *count > 1) qsort(*out, (size_t)*count, sizeof **out, more_useful);
    return s;
}
