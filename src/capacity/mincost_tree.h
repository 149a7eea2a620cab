/* Inside the network simplex: the problem and the spanning tree that stands for a flow. Only mincost*.c include this.
 *
 * Arcs are kept in arrays side by side, because the search for an entering arc reads some of them from end to end. They
 * are stored in a mixed order (mincost_slot), so that neighbours in the caller's order, often alike, are apart. Bounds
 * are shifted to start at zero: room is upper - lower. After the problem's own arcs comes one artificial arc a node, to
 * or from an artificial root; with those there is always a flow to start from, and what they still carry in the end
 * cannot be met.
 *
 * A flow is a spanning tree: every arc outside it is empty or full (`state` says which), which leaves one possible flow
 * on each arc inside it. So flow is kept only for tree arcs, at the child's end, as how much more can go up to the
 * parent and down from it. `up` is never zero: the tree is strongly feasible (Cunningham 1976), so no run of pivots
 * without progress comes back to where it was, and the method ends.
 *
 * The tree is kept as parents, subtree sizes, and a ring through all nodes in preorder (`thread`, root first), in which
 * a subtree is the run from its root to `last`: after Ahuja, Magnanti, Orlin, "Network Flows", 1993, chapter 11, and
 * Kiraly, Kovacs 2012 (see mincost_pivot.c). What a pivot reads together lies together: half a cache line a node.
 *
 * Nodes have numbers of their own here, given anew from time to time in preorder, so that paths and subtrees lie in few
 * cache lines; name[] and place[] lead to the caller's numbers and back. */
#ifndef JAZARI_CAPACITY_MINCOST_TREE_H
#define JAZARI_CAPACITY_MINCOST_TREE_H

#include "capacity/mincost.h"

#define NO_NODE UINT32_MAX
#define NO_ARC  UINT32_MAX
/* Room on an arc without an upper bound. Flows stay below half of it, so half or more left means without bound. */
#define ROOM_UNLIMITED (INT64_C(1) << 62)

enum { STATE_FULL = -1, STATE_TREE = 0, STATE_EMPTY = 1 }; /* STATE_TREE also where there is no room at all */

typedef struct Branch { /* a node and the arc to its parent */
    int64_t up, down;   /* how much more can flow to the parent, and from it */
    uint32_t parent;    /* NO_NODE for the root */
    uint32_t arc;
    uint32_t size; /* of its subtree, itself included */
    uint32_t last; /* of its subtree in the thread */
} Branch;

typedef struct Thread {
    uint32_t next, prev;
} Thread;

enum { KEPT_MOST = 16 };

typedef struct Pricing { /* where the search for entering arcs stands */
    uint32_t at;         /* the next block starts here */
    uint32_t block;      /* arcs in a block */
    uint32_t kept, oldest;
    uint32_t list[KEPT_MOST]; /* arcs that were good but not the best */
} Pricing;

typedef struct Spare { /* where a renumbering puts the tree; then where the next one does */
    uint32_t *new_of;  /* by the old number; NULL while there is no spare */
    Branch *branch;
    int64_t *potential;
    uint32_t *name;
} Spare;

struct MinCost {
    uint32_t nodes, arcs;
    uint32_t mix; /* the stride of the mixed order */

    /* The caller's problem. Arcs by slot [arcs + nodes]: artificial ones last, in the order of the caller's nodes. */
    uint32_t *from, *to; /* by the numbers of nodes in here */
    int64_t *cost, *room;
    int64_t *lower; /* [arcs]; NULL while all are zero */
    signed char *state;
    int64_t *supply; /* [nodes], by the caller's numbers */

    /* The tree, [nodes + 1] */
    uint32_t root;
    Branch *branch;
    Thread *thread;
    int64_t *potential;
    uint32_t *name, *place; /* caller's number of a node in here, and back; the root's is `nodes` */

    Spare spare;
    Pricing pricing;
    MinCostOutcome outcome;
    int64_t pivots;
    int64_t dearest, artificial_cost; /* of the arcs of the problem; above any path of them */
    bool has_tree;                    /* a later solve may start from it */
};

/* How long the loops were, to decide what pays: one for a node or an arc looked at. */
typedef int64_t Work;

static inline void thread_link(MinCost *m, uint32_t a, uint32_t b) {
    m->thread[a].next = b;
    m->thread[b].prev = a;
}

/* Memory for branches, two to a cache line of 64 bytes and none across; NULL where there is none. Freed with free. */
Branch *mincost_branches(size_t count);

/* Where the caller's arc is kept: down the columns of a table whose rows are `mix` long. */
uint32_t mincost_slot(const MinCost *, int64_t arc);

/* The tree to start from: every node on its own artificial arc; or the last tree, with what no longer fits moved to
 * artificial arcs. Both leave potentials right. STATUS_FAILED without memory. */
Status mincost_plant(MinCost *, Error *);
Status mincost_mend(MinCost *, Error *);
void mincost_price_tree(MinCost *); /* potentials from the root, which gets 0 */
void mincost_renumber(MinCost *);   /* nodes in preorder; does nothing where there is no memory for it */
void mincost_free_spare(MinCost *);

/* The flow on the tree arc above a node, and on any arc by slot, both from zero. */
int64_t mincost_branch_flow(const MinCost *, uint32_t node);
int64_t mincost_slot_flow(const MinCost *, uint32_t slot);

/* Pivots from the tree as it is until it is optimal. */
typedef enum RunEnd { RUN_OPTIMAL, RUN_UNBOUNDED, RUN_STOPPED } RunEnd;
RunEnd mincost_run(MinCost *, const MinCostWatch *);

#endif
