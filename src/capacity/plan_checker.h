/* What the files of the plan's check share. Only for src/capacity/plan_check*.c. */
#ifndef JAZARI_CAPACITY_PLAN_CHECKER_H
#define JAZARI_CAPACITY_PLAN_CHECKER_H

#include "capacity/plan_check.h"

__extension__ typedef __int128 Wide;

typedef struct PlanChecker {
    const PlanInput *in;
    const Plan *plan;
    Arena arena;
    int weeks;
    int64_t *free; /* [weeks * (PLAN_LEVELS + 2)] units from this level upwards, of what was free before the plan */
    char *why;
    size_t size;
} PlanChecker;

/* Says what does not hold; false. */
__attribute__((format(printf, 2, 3))) bool plan_check_fault(PlanChecker *, const char *format, ...);

int64_t plan_check_free(const PlanOffer *, int week); /* quantity before the plan */
/* In units: what a request may have in a week, and what it is held to, in all. */
int64_t plan_check_room(const PlanChecker *, int request, int week);
int64_t plan_check_held(const PlanChecker *, int request);

/* The shares being what they are, whether prices prove the rest; *bound: what they prove. */
bool plan_check_prices(PlanChecker *, PlanSums *bound);

#endif
