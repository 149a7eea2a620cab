/* What an offer could give a request, from what is booked now (see capacity/fit.h for the rule). */
#ifndef JAZARI_COMMANDS_OFFER_FIT_H
#define JAZARI_COMMANDS_OFFER_FIT_H

#include "capacity/fit.h"
#include "store/store.h"

/* It lends places of sessions in place of a weekly quantity. */
bool offer_has_sessions(const Record *offer);

/* Weeks from this one on. Both records with all their fields. */
Status offer_fit(Store *, Arena *, const Record *request, const Record *offer, Fit *, Error *);

/* The same of one session, in the week it begins; nothing where it has begun or is cancelled. */
Status session_fit(Store *, Arena *, const Record *request, const Record *session, Fit *, Error *);

/* Why an offer can give a request nothing, in the order of a list: what may soonest be otherwise first. */
typedef enum FitBar {
    FIT_NO_BAR,     /* it could; or nothing is missing */
    FIT_MOST,       /* the request's most per week is booked in every week that is free; the weeks are those of both */
    FIT_FULL,       /* in every week of both windows, which the weeks are */
    FIT_NO_SESSION, /* none planned in its weeks */
    FIT_PAUSED,
    FIT_KEPT,   /* all of it is for the region itself */
    FIT_GIVEN,  /* the request has access to it, or is proposed it, in all weeks of both */
    FIT_WINDOW, /* they have no week in common; the weeks are the offer's */
    FIT_LEVEL,  /* its data is more sensitive than the offer takes */
    FIT_OVER,   /* the request's weeks are over */
    FIT_BAR_COUNT,
} FitBar;

/* One offer of the request's kind and what it could give; of an offer with sessions, one of them. */
typedef struct OfferFit {
    Record *offer;
    Record *session; /* NULL: by the week */
    Fit fit;
    FitBar bar;
    int first, last; /* the weeks that the bar names */
} OfferFit;

/* The open offers that take its data in its weeks, of all sites or one (-1: any), most useful first; of two alike, the
 * earlier session. Some may be full. */
Status offers_that_fit(Store *, Arena *, const Record *request, int site, OfferFit **out, int *count, Error *);

/* The same, those that could give something first, then all others of the kind that are not over, each with its bar. */
Status offers_and_bars(Store *, Arena *, const Record *request, OfferFit **out, int *count, Error *);

/* What bars one offer (or one session of it) that could give nothing, its `fit` known. */
void offer_fit_judge(const Record *request, OfferFit *);

/* The weeks from the first in which it could give something to the last; of access those of both. False where none. */
bool offer_fit_weeks(const OfferFit *, int *first, int *last);

/* The bar's word, for programs: "full". */
const char *offer_fit_word(FitBar);

/* The bar in few words: "full in W48 – W50"; nothing where there is none. */
void offer_fit_say(const Record *request, const OfferFit *, Buffer *);

#endif
