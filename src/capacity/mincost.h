/* The cheapest flow through a network: how to send what some nodes supply to the nodes that want it, over arcs with
 * bounds and costs, so that the sum of flow times cost is least. Everything is a whole number and the answer is exact.
 *
 *     minimise    sum over arcs a of  cost(a) * flow(a)
 *     where       lower(a) <= flow(a) <= upper(a)                                       for every arc a
 *                 flow out of v  -  flow into v  =  supply(v)                           for every node v
 *
 * A demand is a negative supply; supplies must sum to zero. Costs, supplies and lower bounds may be negative, arcs may
 * run in parallel, from a node to itself, and either way between two nodes.
 *
 * With the flow come potentials, the proof that nothing is cheaper. The reduced cost of an arc,
 *     cost(a) + potential(from(a)) - potential(to(a)),
 * is never negative where flow could be raised, and never positive where it could be lowered. (Read -potential as the
 * price of one unit at a node: an arc is used only if it pays.) capacity/mincost_check.h verifies this independently.
 *
 * The method is the primal network simplex: see mincost_pivot.c. Memory is about 25 bytes an arc (33 where some lower
 * bound is not zero) and 120 a node.
 *
 * Problems are often solved in sequence, each a little different. What changed may be set on a solved problem, and the
 * next mincost_solve starts from the last answer, which is usually much faster than from nothing. The optimum is the
 * same; where several flows share it, which one is found may differ. */
#ifndef JAZARI_CAPACITY_MINCOST_H
#define JAZARI_CAPACITY_MINCOST_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* The upper bound of an arc without one. */
#define MINCOST_UNLIMITED INT64_MAX

/* What is refused, so that no sum can overflow:
 *   nodes and arcs            above MINCOST_MOST together
 *   cost                      |cost| * (nodes + 1) above 2^59
 *   flow                      |supplies| + |lower bounds| + (upper - lower, where limited), summed, from 2^61
 * A single number beyond these is refused when it is set, the sum when it is solved.
 * For a million nodes that is costs up to 5 * 10^11. The total is counted in 128 bits. */
#define MINCOST_MOST      ((int64_t)2147483646)
#define MINCOST_FLOW_MOST (INT64_C(1) << 61)
#define MINCOST_COST_MOST (INT64_C(1) << 59)

typedef struct MinCost MinCost;

typedef enum MinCostOutcome {
    MINCOST_UNSOLVED,   /* not solved since it was made or changed */
    MINCOST_OPTIMAL,    /* flow and potentials are there */
    MINCOST_INFEASIBLE, /* no flow meets all supplies and bounds; mincost_unmet says where it falls short */
    MINCOST_UNBOUNDED,  /* arcs without upper bounds form a cycle of negative cost (looked at before feasibility) */
} MinCostOutcome;

/* Called before the first pivot and then some dozens of times a second while solving, with the pivots so far; false
 * stops. */
typedef struct MinCostWatch {
    bool (*call)(void *context, int64_t pivots);
    void *context;
} MinCostWatch;

/* A problem with these counts; nodes and arcs are numbered from 0. Every supply is 0, and every arc runs from node 0 to
 * node 0 with bounds and cost 0 until set. STATUS_USAGE where there are too many (or no nodes), STATUS_FAILED without
 * the memory. Free with mincost_free. */
Status mincost_new(MinCost **, int64_t nodes, int64_t arcs, Error *);
void mincost_free(MinCost *); /* NULL is fine */

/* Sets or changes the problem, at any time; the outcome is then MINCOST_UNSOLVED. STATUS_USAGE for a node or arc that
 * is not there, a number beyond the bounds above, and an upper bound below the lower one; nothing is changed then.
 * STATUS_FAILED without memory for lower bounds. The ends of an arc may be changed too; a next solve then starts from nothing. */
Status mincost_set_supply(MinCost *, int64_t node, int64_t supply, Error *);
Status mincost_set_arc(MinCost *, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                       Error *);
Status mincost_set_bounds(MinCost *, int64_t arc, int64_t lower, int64_t upper, Error *);
Status mincost_set_cost(MinCost *, int64_t arc, int64_t cost, Error *);

/* Solves; the watch may be NULL. STATUS_OK whatever the outcome; STATUS_USAGE where supplies and bounds sum to too much;
 * STATUS_STOPPED where the watch said so (solving again then goes on from there); STATUS_FAILED without memory. */
Status mincost_solve(MinCost *, const MinCostWatch *, MinCostOutcome *, Error *);
void mincost_forget(MinCost *); /* makes the next solve start from nothing */

MinCostOutcome mincost_outcome(const MinCost *);
int64_t mincost_nodes(const MinCost *);
int64_t mincost_arcs(const MinCost *);
int64_t mincost_pivots(const MinCost *); /* of the last solve */

/* The answer, where MINCOST_OPTIMAL. Asking for it before a first solve is a mistake and ends the program. Potentials are only defined up to a constant and lie within +-2^60. */
int64_t mincost_flow(const MinCost *, int64_t arc);
int64_t mincost_potential(const MinCost *, int64_t node);
Status mincost_total(const MinCost *, int64_t *total, Error *); /* STATUS_FAILED where it does not fit 64 bits */

/* Where MINCOST_INFEASIBLE, in one of the flows that leave the least unmet: the supply that cannot leave this node
 * (positive), or the demand that cannot be met (negative). Unmet supplies and demands sum to the sum of supplies. */
int64_t mincost_unmet(const MinCost *, int64_t node);

/* Where MINCOST_INFEASIBLE, the proof: nodes, inside[nodes], that cannot send out what they supply, because all arcs
 * that lead out are full, those that lead in carry their lower bound, and that is not enough. (Every node, where supplies
 * do not sum to zero.) mincost_check_cut_new verifies it independently. STATUS_FAILED without memory. */
Status mincost_cut(const MinCost *, bool *inside, Error *);

#endif
