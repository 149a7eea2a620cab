/* Files that a server keeps beside its store for as long as a request takes: a copy of what a client passed to be imported,
 * and the store's own copy on its way to a client's file. The disk is left room for what is written meanwhile. */
#ifndef JAZARI_SERVICE_COPIES_H
#define JAZARI_SERVICE_COPIES_H

#include "base/buffer.h"
#include "base/status.h"

/* Copies what a client passed (it may be a pipe) into a file without a name, which is the caller's; STATUS_STOPPED
 * where the client is gone before all of it came. */
Status copies_take(const char *store, int from, int client, int *copy, Error *);

/* The name of a copy of the store that this process makes; STATUS_FAILED where the disk has no room for it. */
Status copies_begin(const char *store, Buffer *path, Error *);

/* Removes what killed processes left behind. */
void copies_remove_left(const char *store);

#endif
