/* Proof that a flow is the cheapest one, or that there is none, or where the proof fails: independent of how it was found. Nothing is shared with the
 * solver but the meaning of the numbers (see mincost.h): flow, and potentials as witness.
 *
 * Two things are checked. The flow is feasible: within the bounds of every arc, and balanced at every node. And it is
 * complementary to the potentials: with reduced cost = cost + potential(from) - potential(to), an arc whose reduced
 * cost is positive carries its lower bound, and one whose is negative its upper bound. By the duality of linear
 * programming (Ahuja, Magnanti, Orlin, "Network Flows", 1993, section 9.3) both together prove that no flow is cheaper.
 *
 * The same pass computes both sides of that duality: the cost of the flow, and the bound that the potentials prove no
 * flow can be below, whatever the flow is:
 *     - sum of potential * supply  +  sum over arcs of the least of reduced cost * flow within the bounds
 * Sums are in 128 bits and checked, so nothing overflows unsaid.
 *
 * That there is no flow at all is proved by a cut: a set of nodes whose supplies are more than can leave it, by the upper
 * bounds of the arcs out of it and the lower bounds of those into it, or less than must.
 *
 * Arcs pass by one at a time and are not kept, so a problem larger than memory can be checked while it is read again:
 * mincost_check_new or mincost_check_cut_new, _node once for every node that supplies something, _arc for every arc,
 * _end. */
#ifndef JAZARI_CAPACITY_MINCOST_CHECK_H
#define JAZARI_CAPACITY_MINCOST_CHECK_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct MinCostCheck MinCostCheck;

typedef enum MinCostVerdict {
    CHECK_OPTIMAL,
    CHECK_BELOW_LOWER, /* `arc` carries less than its lower bound */
    CHECK_ABOVE_UPPER, /* `arc` carries more than its upper bound */
    CHECK_COULD_RISE,  /* more on `arc` would be cheaper, going by the potentials: not proved optimal */
    CHECK_COULD_FALL,  /* less on `arc` would be cheaper, likewise */
    CHECK_UNBALANCED,  /* what leaves `node` less what enters is not its supply */
    CHECK_NO_FLOW,     /* the cut proves that there is none */
    CHECK_CUT_OPEN,    /* the cut does not: what it supplies can cross its border, as far as that goes */
    CHECK_TOO_LARGE,   /* a sum does not fit 128 bits, or a node, arc or bound makes no sense */
} MinCostVerdict;

typedef struct MinCostProof {
    MinCostVerdict verdict;     /* the first arc in the order given, before any node */
    int64_t arc, node;          /* -1 where not concerned; arcs are numbered as they pass, from 0 */
    bool cost_fits, bound_fits; /* in 64 bits; a bound that is minus infinity does not */
    int64_t cost;               /* of the flow */
    int64_t bound;              /* no flow is cheaper; equal to the cost exactly where the verdict is CHECK_OPTIMAL */
} MinCostProof;

/* Every supply is 0 until told. `potential` [nodes] is read until mincost_check_end. STATUS_FAILED without memory,
 * STATUS_USAGE for no nodes. */
Status mincost_check_new(MinCostCheck **, int64_t nodes, const int64_t *potential, Error *);

/* The same for a cut: inside[nodes] says which nodes are in it, read until the end; flows are not looked at. The verdict
 * is CHECK_NO_FLOW, CHECK_CUT_OPEN or CHECK_TOO_LARGE, and there is neither cost nor bound. */
Status mincost_check_cut_new(MinCostCheck **, int64_t nodes, const bool *inside, Error *);

void mincost_check_node(MinCostCheck *, int64_t node, int64_t supply);
void mincost_check_arc(MinCostCheck *, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                       int64_t flow);
MinCostProof mincost_check_end(MinCostCheck *); /* frees it */
void mincost_check_free(MinCostCheck *);        /* where there will be no end; NULL is fine */

/* What a verdict means, in the user's language: "arc 12 carries more than its upper bound", numbered from 1 as files
 * do. */
const char *mincost_verdict_text(const MinCostProof *, char *out, size_t size);

#endif
