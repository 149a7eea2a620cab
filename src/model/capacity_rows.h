/* Capacity as plain numbers: what is offered, booked and used, as the store reads it for the ledger and the calendar.
 * Quantities in thousandths of the kind's unit, weeks and days as numbers of base/date.h.
 *
 * What is proposed and not yet accepted is held: nobody else can have it, and yet nothing is lent (capacity_held).
 *
 * Datasets and models give access from a day to a day and are never used up: an access counts as 1.000, once. */
#ifndef JAZARI_MODEL_CAPACITY_ROWS_H
#define JAZARI_MODEL_CAPACITY_ROWS_H

#include "model/entities.h"

#include <stdbool.h>
#include <stdint.h>

enum { ACCESS_QUANTITY = 1000 };

typedef struct CapacityOffer {
    int64_t id;
    int site, kind, state;
    int first, last; /* the weeks it is for, of those asked for */
    /* The week from which nothing new is served: it was closed in, or this one while it is paused; else INT32_MAX. */
    int closed;
    int64_t quantity, reserve; /* a week; 0 of what has sessions, and of access */
    const char *name;
} CapacityOffer;

/* A session that takes place: its places can be lent, in the week it begins in. */
typedef struct CapacitySession {
    int64_t id, offer;
    int site, kind, week;
    int closed; /* as of its offer */
    int first_day, last_day;
    int64_t places;
} CapacitySession;

/* Of an allocation that holds what it booked (in every state but declined). */
typedef struct CapacityBooking {
    int64_t allocation, request, offer;
    int64_t session; /* 0: by the week */
    int lender, borrower, kind, state, week;
    int closed; /* as of its offer */
    int64_t quantity;
} CapacityBooking;

/* Access to a dataset or model: of an allocation in every state but declined, unless it ended before it opened. */
typedef struct CapacityAccess {
    int64_t allocation, request, offer;
    int lender, borrower, kind, state;
    int opens, ends; /* its first and last day */
} CapacityAccess;

typedef struct CapacityUsage {
    int64_t allocation;
    int lender, borrower, kind, week;
    int64_t quantity; /* below 0 where a mistake was balanced */
} CapacityUsage;

typedef struct CapacityRows {
    CapacityOffer *offers;     /* ascending by site, then id */
    CapacitySession *sessions; /* ascending by first day, then id */
    CapacityBooking *bookings; /* ascending by week, then allocation */
    CapacityAccess *accesses;  /* ascending by allocation */
    CapacityUsage *usages;     /* ascending by week, then allocation */
    int offer_count, session_count, booking_count, access_count, usage_count;
    int first, last; /* the weeks asked for */
} CapacityRows;

/* Of an allocation's state: proposed, and not accepted. */
static inline bool capacity_held(int state) {
    return state == ALLOCATION_PROPOSED;
}

#endif
