/* What is offered, booked and used, as plain rows: for the ledger and the calendar. */
#ifndef JAZARI_STORE_CAPACITY_H
#define JAZARI_STORE_CAPACITY_H

#include "model/capacity_rows.h"
#include "store/store.h"

/* The offers, sessions, bookings, accesses and usage of a span of weeks: of one kind, or of all (kind 0). Drafts do not
 * count as offered, nor sessions that were cancelled. */
Status capacity_read(Store *, Arena *, int kind, int first, int last, CapacityRows *, Error *);

#endif
