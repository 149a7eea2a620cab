/* What keeps drafts as they are typed (store/draft.h), in a process of its own: no key waits for a disk, and it writes on
 * what it was given when the program that typed is killed. It is started by the first draft, and ends with the program.
 *
 * A draft that cannot be written (the disk is full), or that the disk does not take, is not kept: keeper_check says so.
 * What a disk failed to take once it is never trusted with again: the file is written anew, with the next key.
 *
 * Where many share a server each session has one, so what is typed at a screen goes through the server to it. */
#ifndef JAZARI_SERVICE_KEEPER_H
#define JAZARI_SERVICE_KEEPER_H

#include "service/frame.h"
#include "store/draft.h"

typedef enum KeeperAct {
    KEEPER_PUT = 'p',    /* as it is now; the form is open */
    KEEPER_LEAVE = 'l',  /* the form is closed; what was typed stays */
    KEEPER_DROP = 'd',   /* it was saved or thrown away: of the draft only the key, entity and id count */
    KEEPER_SETTLE = 's', /* answer when all before is done */
    KEEPER_CHECK = 'c',  /* the same, with how far this draft's file is: a byte, of DraftKept */
} KeeperAct;

typedef struct Keeper Keeper;

/* Nothing is started yet. store and login outlive it. */
Keeper *keeper_new(const char *store, const char *login);
void keeper_free(Keeper *); /* lets the process end by itself; NULL does nothing */

/* Hands a draft on. False where that was not possible: nothing is kept then. */
bool keeper_tell(Keeper *, KeeperAct, const Draft *);
/* Whether a message from elsewhere is one as keeper_message writes it. */
bool keeper_makes_sense(const char *bytes, size_t size);
/* The same of such a message; false also where it makes no sense. */
bool keeper_forward(Keeper *, const char *bytes, size_t size);
/* Waits until all that was told is in the files. */
void keeper_settle(Keeper *);
/* The same; then whether the draft is kept as it is. Waits for no disk to take it: that may be DRAFT_WRITTEN for a while. */
DraftKept keeper_check(Keeper *, const Draft *);

/* A message, to be sent as a FRAME_DRAFT. */
void keeper_message(Buffer *, KeeperAct, const Draft *);

#endif
