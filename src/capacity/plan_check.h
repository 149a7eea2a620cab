/* Proof that a plan keeps every rule and that its shares are fair: from the input and the plan alone. Nothing is shared
 * with what made the plan, and no flow is computed.
 *
 * That a region can get no more is seen from its certificate: a set S of regions, itself among them, and for every week
 * a data level h. Whatever is given to S is either taken from offers whose level is h or above, of which there is only so
 * much; or is given, in a week, to a request of a level below h, which takes only what it may in that week, and in all
 * only what it asks for. The sum of these bounds all that S can have. Where S has just that, more for one of S is less
 * for another; and where no other is ahead of it (see plan.h on the order), that would be less fair. */
#ifndef JAZARI_CAPACITY_PLAN_CHECK_H
#define JAZARI_CAPACITY_PLAN_CHECK_H

#include "capacity/plan.h"

#include <stddef.h>

/* Whether all of it holds; else what does not, in the user's language. */
bool plan_check(const PlanInput *, const Plan *, char *why, size_t size);

#endif
