/* What proposing and the moves of what is lent share. */
#ifndef JAZARI_COMMANDS_CAPACITY_PARTS_H
#define JAZARI_COMMANDS_CAPACITY_PARTS_H

#include "commands/context.h"

typedef struct NamedAllocations {
    int64_t count;
    const char *names; /* "CAS-A29 of SMA, CAS-A35 of DOD and 2 more", the context's arena's */
} NamedAllocations;

/* The allocations of a request, offer or session that a further condition lets through. */
Status capacity_name_allocations(CommandContext *, const Record *of, const char *condition, NamedAllocations *out,
                                 Error *);

/* A day of a week's value, 0 Monday to 6 Sunday, as a number; and a day as a value, of the context's arena. */
int capacity_day(const Value *week, int weekday);
Value capacity_day_value(CommandContext *, int day);

#endif
