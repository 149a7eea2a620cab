/* The rules that concern several records: one table, read by each write and by `check`. */
#ifndef JAZARI_STORE_GUARD_H
#define JAZARI_STORE_GUARD_H

#include "store/engine.h"
#include "store/store.h"

typedef enum GuardSubject { GUARD_NONE, GUARD_OFFER, GUARD_REQUEST, GUARD_ALLOCATION, GUARD_SESSION } GuardSubject;

typedef struct GuardRule {
    GuardSubject subject; /* what the first column is the id of */
    const char *key;      /* the column to narrow it by */
    const char *message;  /* places for code, week and two quantities, in this order; to be translated */
    /* Of an allocation just written: places for week, what it asks for in it, what is left, and code; of a week out of
     * bounds, for week and code. NULL: the message says it. */
    const char *asked;
    const char *sql; /* rows that break the rule: id, week, two quantities; %s is a condition */
} GuardRule;

extern const GuardRule guard_rules[]; /* ended by a row without SQL */

void guard_sql(Buffer *sql, const GuardRule *, const char *condition);
void guard_message(Buffer *out, const GuardRule *, Statement *row);

#endif
