/* What an offer could give a request, from what is booked now (see capacity/fit.h for the rule). */
#ifndef JAZARI_COMMANDS_OFFER_FIT_H
#define JAZARI_COMMANDS_OFFER_FIT_H

#include "capacity/fit.h"
#include "store/store.h"

/* Weeks from this one on. Both records with all their fields. */
Status offer_fit(Store *, Arena *, const Record *request, const Record *offer, Fit *, Error *);

/* One open offer of the request's kind that takes its data, and what it could give. */
typedef struct OfferFit {
    Record *offer;
    Fit fit;
} OfferFit;

/* All of them, most useful first. */
Status offers_that_fit(Store *, Arena *, const Record *request, OfferFit **out, int *count, Error *);

#endif
