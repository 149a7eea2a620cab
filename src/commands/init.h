/* Making a store. */
#ifndef JAZARI_COMMANDS_INIT_H
#define JAZARI_COMMANDS_INIT_H

#include "store/store.h"

/* A new store, home to these sites; whoever makes it (login) is its admin: an operator of the first site who may act for
 * the others. */
Status init_store(const char *path, const int *sites, int count, const char *login, Error *);

/* Within an open store: the operator who made it. */
Status init_admin(Store *, const int *sites, int count, const char *login, Error *);

#endif
