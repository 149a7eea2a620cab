/* A fair plan for one kind of capacity: who gets how much of what is free, in which week, from which offer. Pure
 * computation over whole numbers; the same input gives the same plan.
 *
 * What is best is decided in this order:
 *   1. Weighted max-min fairness between regions: with x what a region's requests get and e its entitlement, the
 *      sorted vector of x/e is lexicographically greatest (D. Bertsekas, R. Gallager, "Data Networks", 2nd ed. 1992,
 *      section 6.5.2; N. Megiddo, "Optimal flows in networks with multiple sources and sinks", 1974). A region never
 *      gets more than it asked for. In whole units it is exact: units are handed out one by one in the order of
 *      (units had + 1) / e, ties to the smaller entitlement, then to the site's number (A. Federgruen, H. Groenevelt,
 *      "The greedy procedure for resource allocation problems", 1986).
 *   2. Of these, the most priority-weighted quantity; 3. of these, the least moved between regions; 4. of these, the
 *      earliest weeks.
 *
 * A request that would get less than its smallest useful quantity is first tried with that much, within the fair
 * shares; where this cannot be, it is left out. With that the plan may no longer be the best one; Plan.proof says.
 *
 * Every region comes with a certificate of its share, which capacity/plan_check.h verifies on its own. */
#ifndef JAZARI_CAPACITY_PLAN_H
#define JAZARI_CAPACITY_PLAN_H

#include "base/status.h"
#include "capacity/fit.h"

enum { PLAN_SITES = 13, PLAN_LEVELS = 5, PLAN_WEEKS_MOST = 260, PLAN_PRIORITY_MOST = 9 };
/* A quantity above this is refused; thousandths. */
#define PLAN_QUANTITY_MOST (INT64_C(1) << 42)

typedef struct PlanRequest {
    int64_t id;
    int site, level, priority;  /* level 1..PLAN_LEVELS; priority 1..PLAN_PRIORITY_MOST, more is more urgent */
    int first, last;            /* weeks */
    int64_t missing;            /* asked for and not booked yet, > 0 */
    int64_t smallest;           /* less than this more would not help; 0: anything helps */
    int64_t weekly_most;        /* 0: no bound */
    const WeekQuantity *booked; /* for it already, ascending, each week once: counts against weekly_most */
    int booked_count;
} PlanRequest;

/* What an offer has by the week; of an offer with sessions, one row for each session, in the one week it is in. */
typedef struct PlanOffer {
    int64_t id, session; /* session 0: by the week */
    int site, level;     /* the highest data level it takes */
    int first, last;
    int64_t lendable; /* a week */
    const WeekQuantity *booked;
    int booked_count;
} PlanOffer;

typedef struct PlanInput {
    const PlanRequest *requests; /* ascending by id, each id once */
    const PlanOffer *offers;     /* ascending by id, then session */
    int request_count, offer_count;
    int first, last;                 /* the weeks planned */
    int64_t unit;                    /* the least that is handed out: 1, or 1000 where only whole pieces are */
    int64_t entitlement[PLAN_SITES]; /* shares in any unit; who has 0 comes after all others */
} PlanInput;

typedef struct PlanGrant {
    int request, offer, week; /* places in the input's lists; week's number */
    int64_t quantity;
} PlanGrant;

typedef enum PlanReason {
    PLAN_ALL,         /* it gets what is missing */
    PLAN_NO_OFFER,    /* no offer takes its data in its weeks */
    PLAN_WEEKLY_MOST, /* its own bound a week holds it back */
    PLAN_FULL,        /* the weeks that could serve it are full */
    PLAN_SMALLEST,    /* left out: what could be had is below what is useful to it */
} PlanReason;

typedef struct PlanAnswer {
    int64_t got;
    PlanReason reason;
    int full_first, full_last; /* PLAN_FULL, PLAN_SMALLEST: the first and last of its weeks that are full */
    int64_t could;             /* PLAN_WEEKLY_MOST: what its bound lets it have in its weeks */
} PlanAnswer;

/* Why a region gets no more: the regions of `tight` together get all that they can have, for which `from_level` is the
 * witness (see plan_check.h), and none of them is above the region's next step. */
typedef struct PlanShare {
    int64_t asked, got; /* quantity, sums of its requests */
    unsigned tight;     /* 1 << site */
    int *from_level;    /* [weeks]: 1..PLAN_LEVELS + 1 */
} PlanShare;

typedef enum PlanProof {
    PLAN_PROVED,     /* the shares and the rest are the best there can be */
    PLAN_FAIR,       /* the shares are the best; the rest may not be, because of smallest useful quantities */
    PLAN_RESTRICTED, /* requests were left out for their smallest quantity: best for the others */
} PlanProof;

typedef struct Plan {
    PlanGrant *grants; /* ascending by request, offer, week */
    int grant_count;
    PlanAnswer *answers; /* [request_count] */
    PlanShare shares[PLAN_SITES];
    PlanProof proof;
    int left_out; /* requests with PLAN_SMALLEST */
    int64_t relaxed
        [PLAN_SITES];       /* the shares if no smallest quantity were asked for: no plan's sorted x/e is above these */
    int64_t served, moved;  /* in all, and of that between regions */
    int64_t weighted;       /* sum of priority times quantity */
    int64_t weighted_bound; /* no plan with these shares has more */
    int64_t pivots;         /* of the solver, over all steps */
} Plan;

/* Asked now and then, with how far it is (0 to 100); false stops. */
typedef struct PlanWatch {
    bool (*call)(void *context, int percent);
    void *context;
} PlanWatch;

/* The plan, in the arena. STATUS_USAGE names what of the input makes no sense; STATUS_STOPPED where the watch (may be
 * NULL) said so; STATUS_FAILED without memory. */
Status plan_compute(Arena *, const PlanInput *, const PlanWatch *, Plan *, Error *);

#endif
