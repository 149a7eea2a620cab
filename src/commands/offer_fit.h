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

/* One open offer of the request's kind that takes its data, and what it could give; of an offer with sessions, one of
 * them. */
typedef struct OfferFit {
    Record *offer;
    Record *session; /* NULL: by the week */
    Fit fit;
} OfferFit;

/* All of them, or one site's (-1: any), most useful first; of two alike, the earlier session. */
Status offers_that_fit(Store *, Arena *, const Record *request, int site, OfferFit **out, int *count, Error *);

#endif
