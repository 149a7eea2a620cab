/* The reference data every store begins with. */
#ifndef JAZARI_STORE_SEED_H
#define JAZARI_STORE_SEED_H

#include "store/store.h"

typedef Status (*SeedTake)(void *context, const Record *, Error *);

/* Hands over every reference record, as the program ships it: the hub, the regions, the provinces. */
Status seed_each(Arena *, SeedTake, void *context, Error *);

/* Inserts them into a new store, within its transaction. */
Status seed_reference(Store *, Error *);

#endif
