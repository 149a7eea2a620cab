/* Capacity as plain numbers: what is offered, booked and used, as the store reads it for the ledger and the calendar.
 * Quantities in thousandths of the kind's unit, weeks as numbers of base/date.h.
 *
 * Datasets and models give access and are never used up: an allocation of one counts as 1.000 in each week of access. */
#ifndef JAZARI_MODEL_CAPACITY_ROWS_H
#define JAZARI_MODEL_CAPACITY_ROWS_H

#include <stdint.h>

enum { ACCESS_QUANTITY = 1000 };

typedef struct CapacityOffer {
    int64_t id;
    int site, kind, state;
    int first, last;           /* the weeks it is for, of those asked for */
    int closed;                /* the week it was closed in, from which nothing new is served; INT32_MAX: it was not */
    int64_t quantity, reserve; /* a week */
    const char *name;
} CapacityOffer;

/* Of an allocation that holds what it booked (in every state but declined). */
typedef struct CapacityBooking {
    int64_t allocation, request, offer;
    int lender, borrower, kind, state, week;
    int closed; /* as of its offer */
    int64_t quantity;
} CapacityBooking;

typedef struct CapacityUsage {
    int64_t allocation;
    int lender, borrower, kind, week;
    int64_t quantity; /* below 0 where a mistake was balanced */
} CapacityUsage;

typedef struct CapacityRows {
    CapacityOffer *offers;
    CapacityBooking *bookings; /* ascending by week, then allocation */
    CapacityUsage *usages;     /* the same */
    int offer_count, booking_count, usage_count;
    int first, last; /* the weeks asked for */
} CapacityRows;

#endif
