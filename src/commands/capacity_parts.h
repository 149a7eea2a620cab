/* What proposing and the moves of allocations share. */
#ifndef JAZARI_COMMANDS_CAPACITY_PARTS_H
#define JAZARI_COMMANDS_CAPACITY_PARTS_H

#include "commands/context.h"

/* A day of a week's value, 0 Monday to 6 Sunday, as a number; and a day as a value, of the context's arena. */
int capacity_day(const Value *week, int weekday);
Value capacity_day_value(CommandContext *, int day);

#endif
