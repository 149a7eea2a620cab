/* Proof that a plan keeps every rule and is the best, step by step of what is best: from the input and the plan alone.
 * Nothing is shared with what made the plan, and no flow is computed. Where the plan says that it left requests out for
 * their smallest quantity, or holds others to theirs, this proves it the best of all plans that do so.
 *
 * Shares. That a region can get no more is seen from its certificate: a set S of regions, itself among them, and for
 * every week a data level h. Whatever is given to S is either taken from offers whose level is h or above, of which
 * there is only so much, less what others than S must have of it for what they are held to; or is given, in a week, to a
 * request of a level below h, which takes only what it may in that week, and in all only what it asks for. The sum of
 * these bounds all that S can have. Where S has just that, more for one of S is less for another; and where no other is
 * ahead of it (see plan.h on the order), that would be less fair.
 *
 * The rest. With the shares as they are, every plan is bounded by prices, of which any will do for a true bound (the
 * dual of the linear program whose variables are what a request gets of an offer in a week): with a price s for each
 * region's share, p for each request and g for each offer and week, what a unit given costs in priority, nearness and
 * earliness, in this order, is at least
 *
 *     - s - p - g - b    with b, where that is needed, for the request's bound in the week
 *
 * so that all costs together are at least - sum of s * share - sum of p * (what the request asks for; what it is held
 * to, where p is below zero) - sum of g * free - sum of b * bound. Where the plan's own sums equal it, in all three
 * places, no other plan serves more by priority, or as much nearer, or as near earlier. */
#ifndef JAZARI_CAPACITY_PLAN_CHECK_H
#define JAZARI_CAPACITY_PLAN_CHECK_H

#include "capacity/plan.h"

#include <stddef.h>

/* Whether all of it holds; else what does not, in the user's language. bound (may be NULL): what the prices prove. */
bool plan_check(const PlanInput *, const Plan *, PlanSums *bound, char *why, size_t size);

#endif
