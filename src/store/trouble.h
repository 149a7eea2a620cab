/* What keeps a store from being written, and the way out: seen from the files alone, so that whoever reads can say it.
 *
 * Damage that was met is noted in STORE-damaged, and from then on the store is only read, by every program that opens it,
 * until a check finds it whole. The newest copy that was made and checked is noted in STORE-copied. */
#ifndef JAZARI_STORE_TROUBLE_H
#define JAZARI_STORE_TROUBLE_H

#include <stdbool.h>

typedef enum TroubleKind {
    TROUBLE_NONE,
    TROUBLE_READ_ONLY, /* its file, directory or disk may only be read */
    TROUBLE_FULL,      /* its disk has no room left to speak of */
    TROUBLE_DAMAGED,
    TROUBLE_MOVED, /* what is open has not its name any more: whoever has it open says so (store_is_moved) */
} TroubleKind;

typedef struct Trouble {
    TroubleKind kind;
    char why[240];  /* what is damaged, or what the system says */
    char copy[256]; /* the newest checked copy, "" where none is known */
} Trouble;

void trouble_find(const char *store, Trouble *);
bool trouble_is_damaged(const char *store);

void trouble_note_damage(const char *store, const char *why);
void trouble_clear_damage(const char *store); /* a check found it whole */
void trouble_note_copy(const char *store, const char *path);

#endif
