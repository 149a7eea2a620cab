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

typedef struct PlanRound {
    const PlanInput *in;
    Arena *arena;
    const PlanWatch *watch;
    int percent, weeks;
    int64_t *wish;   /* [requests] units; 0 once left out */
    int64_t *least;  /* [requests] units, of what is useful */
    bool *forced;    /* [requests] gets its least at least */
    bool *left_out;  /* [requests] */
    PlanSlot *slots; /* by request, then week */
    int *slot_at;    /* [requests + 1] where a request's slots begin */
    int slot_count;
    int64_t *free;     /* [offers * weeks] units */
    int64_t *cells;    /* [sites * weeks * levels] of all offers with exactly this level */
    int64_t *given;    /* [slots] the flow found last */
    PlanShare *shares; /* [PLAN_SITES] in units */
    int64_t pivots;
} PlanRound;

static inline int64_t *plan_cell(const PlanRound *r, int site, int week, int level) {
    return &r->cells[((int64_t)site * r->weeks + week) * PLAN_LEVELS + level - 1];
}

/* Solves, with the watch. */
Status plan_solve(PlanRound *, MinCost *, MinCostOutcome *, Error *);

/* The fair shares of what the wishes ask for, into shares. */
Status plan_fair(PlanRound *, Error *);

/* Given the shares, what each slot gets, by priority, nearness and earliness, into given. feasible: false where the
 * least of those forced does not fit the shares. */
typedef struct PlanMove PlanMove;
Status plan_move_new(PlanRound *, PlanMove **, Error *);
void plan_move_free(PlanMove *);
Status plan_move_solve(PlanMove *, bool *feasible, Error *);
bool plan_move_proved(PlanMove *);
/* The flow last found as grants by offer. */
Status plan_move_grants(PlanMove *, Plan *, Error *);

#endif
