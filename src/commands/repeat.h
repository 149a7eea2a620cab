/* An operation that was done before is not done again: it is answered as it was then. */
#ifndef JAZARI_COMMANDS_REPEAT_H
#define JAZARI_COMMANDS_REPEAT_H

#include "commands/command.h"

/* What requests ask for, by whoever acts for an institute, as a hash; their operation and the versions that were read are no
 * part of it. */
void repeat_hash(const Actor *, const CommandRequest *, int count, unsigned char out[REQUEST_HASH_SIZE]);

/* The same of an import: what (of an entity), and all that is left to read of a file, which stays where it is. False: it
 * cannot be read twice, as a pipe or a device. */
bool repeat_hash_file(const Actor *, const char *what, int fd, unsigned char out[REQUEST_HASH_SIZE]);

/* What an operation of the store did. STATUS_CONFLICT where it has no entry of this verb (NULL: any): it was another
 * act, or this one with other values. */
Status repeat_read(Store *, Arena *, const Act *, const char *verb, Outcome *, Error *);

/* The same before any work for it; outcome->repeated false: it was not done before. STATUS_CONFLICT also where it was
 * somebody else's. */
Status repeat_find(Store *, Arena *, const Actor *, const char *op, const char *verb, Outcome *, Error *);

#endif
