/* What the steps of a plan share: the round in units, with what is free. Only for src/capacity/plan*.c. */
#ifndef JAZARI_CAPACITY_PLAN_PARTS_H
#define JAZARI_CAPACITY_PLAN_PARTS_H

#include "capacity/mincost.h"
#include "capacity/plan.h"

/* One request in one week in which something takes its data and is free. */
typedef struct PlanSlot {
    int request, week; /* week: from 0, the first one planned */
    int64_t most;      /* units */
} PlanSlot;

/* What is decided of a request's smallest useful quantity. */
typedef enum PlanStand {
    STAND_FREE, /* nothing: it may get less */
    STAND_HELD, /* it gets that at least */
    STAND_OUT,  /* it gets nothing */
} PlanStand;

typedef struct PlanRound {
    const PlanInput *in;
    Arena *arena;
    const PlanWatch *watch;
    int percent, weeks;
    int64_t *wish;    /* [requests] units */
    int64_t *least;   /* [requests] units, of what is useful */
    PlanStand *stand; /* [requests] */
    PlanSlot *slots;  /* by request, then week */
    int *slot_at;     /* [requests + 1] where a request's slots begin */
    int slot_count;
    int64_t *free;     /* [offers * weeks] units */
    int64_t *cells;    /* [sites * weeks * levels] of all offers with exactly this level */
    int64_t *given;    /* [slots] the flow found last */
    PlanShare *shares; /* [PLAN_SITES] in units, found last */
    int64_t pivots, work;
} PlanRound;

static inline int64_t *plan_cell(const PlanRound *r, int site, int week, int level) {
    return &r->cells[((int64_t)site * r->weeks + week) * PLAN_LEVELS + level - 1];
}

/* What a request may get at most and must get at least, in units. */
static inline int64_t plan_most(const PlanRound *r, int request) {
    return r->stand[request] == STAND_OUT ? 0 : r->wish[request];
}
static inline int64_t plan_least(const PlanRound *r, int request) {
    return r->stand[request] == STAND_HELD ? r->least[request] : 0;
}

/* --- plan_round.c: r->in, arena, watch and shares are set before */
Status plan_round_begin(PlanRound *, Error *);
/* [weeks * levels]: what is free of all sites for a level's data, by the cells as they are now. */
int64_t *plan_free_from_level(const PlanRound *);
/* Solves, with the watch. */
Status plan_solve(PlanRound *, MinCost *, MinCostOutcome *, Error *);
int64_t plan_given(const PlanRound *, int request); /* units */

/* --- plan_fair.c: the fair shares as the requests stand, into shares. feasible: false where what is held does not fit. */
typedef struct PlanFair PlanFair;
Status plan_fair_new(PlanRound *, PlanFair **, Error *);
void plan_fair_free(PlanFair *); /* NULL is fine */
Status plan_fair_solve(PlanFair *, bool *feasible, Error *);

/* --- plan_move.c: given the shares, what each slot gets, by priority, nearness and earliness, into given. feasible:
 * false where what is held does not fit the shares. */
typedef struct PlanMove PlanMove;
Status plan_move_new(PlanRound *, PlanMove **, Error *);
void plan_move_free(PlanMove *); /* NULL is fine */
Status plan_move_solve(PlanMove *, bool *feasible, Error *);
PlanSums plan_move_sums(const PlanMove *); /* units */
/* Sets aside what was solved last, over what was before; of this the prices and the grants are read. */
void plan_move_keep(PlanMove *);
void plan_move_prices(const PlanMove *, Plan *);
/* The cells' flows kept: of a site's own requests into its own offers and into the nation's, and from there to a site. */
typedef enum PlanRoute { ROUTE_HERE, ROUTE_AWAY, ROUTE_NATION } PlanRoute;
int64_t plan_move_flow(const PlanMove *, PlanRoute, int site, int64_t cell);
int64_t plan_move_given(const PlanMove *, int slot);

/* --- plan_grants.c: the flow kept as grants by offer, in units; what it takes is no longer free. */
void plan_grants(PlanRound *, const PlanMove *, Plan *);

/* --- plan_search.c: the best choice of those that get nothing for their smallest quantity: stands and shares are left as
 * it has them, the flow is kept in the move. Sets the plan's proof, relaxed and searched, and loss, loser and then of
 * the answers (units) of those out. */
Status plan_search(PlanRound *, PlanFair *, PlanMove *, Plan *, Error *);

#endif
