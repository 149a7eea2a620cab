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
 * A request gets its smallest useful quantity or more, or nothing. Which of them get nothing is found by branch and
 * bound (A. Land, A. Doig, "An automatic method of solving discrete programming problems", Econometrica 28, 1960), in
 * the same order of what is best: of two rows of shares with the same sorted x/e, the one that has the first unit, in
 * the order in which units are handed out, that the other has not. The search ends at PLAN_WORK_MOST; Plan.proof says
 * whether it came to its end, and each request that is left out is told what stood against it.
 *
 * With the plan comes its certificate, which capacity/plan_check.h verifies on its own: why no region can have more,
 * and prices that prove priority, nearness and earliness. */
#ifndef JAZARI_CAPACITY_PLAN_H
#define JAZARI_CAPACITY_PLAN_H

#include "base/status.h"
#include "capacity/fit.h"

enum { PLAN_SITES = 13, PLAN_LEVELS = 5, PLAN_WEEKS_MOST = 260, PLAN_PRIORITY_MOST = 9 };
/* A quantity above this is refused; thousandths. */
#define PLAN_QUANTITY_MOST (INT64_C(1) << 42)
/* And where all that is asked for is more than this. */
#define PLAN_ASKED_MOST (INT64_C(1) << 50)
/* What a search may take, about nanoseconds of one core, counted by arcs and pivots so that it is the same everywhere. */
#define PLAN_WORK_MOST INT64_C(500000000)

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
    int64_t work_most;               /* of the search; 0: PLAN_WORK_MOST */
} PlanInput;

typedef struct PlanGrant {
    int request, offer, week; /* places in the input's lists; week's number */
    int64_t quantity;
} PlanGrant;

typedef enum PlanReason {
    PLAN_ALL,         /* it gets what is missing */
    PLAN_NO_OFFER,    /* in none of its weeks something is lent that takes its data */
    PLAN_WEEKLY_MOST, /* in its weeks in which something is, its own bound a week holds it back */
    PLAN_FULL,        /* in some of them nothing is left */
    PLAN_SMALLEST,    /* left out for its smallest useful quantity */
} PlanReason;
extern const char *const plan_reason_words[]; /* for programs: they never change */

/* Of one week: why a request gets no more in it. */
typedef enum PlanWeek {
    PLAN_WEEK_NOTHING, /* nothing is offered */
    PLAN_WEEK_LEVEL,   /* nothing that takes its data */
    PLAN_WEEK_KEPT,    /* what would, its region keeps in reserve */
    PLAN_WEEK_TAKEN,   /* all was booked before the plan */
    PLAN_WEEK_FULL,    /* all is given by the plan */
    PLAN_WEEK_OWN,     /* something is left, but it has what its bound a week allows */
    PLAN_WEEK_OPEN,    /* something is left: only of a request that was left out */
    PLAN_WEEK_STATES,
} PlanWeek;

/* What shows that a request is rightly left out: what is lost were it given its least, whatever else is then done. */
typedef enum PlanLoss {
    PLAN_LOSS_UNPROVED, /* the search ended before that was known */
    PLAN_LOSS_ROOM,     /* it cannot be: alone it could have `then` */
    PLAN_LOSS_SHARE,    /* shares would be less fair: in the fairest, or a bound of these, region `loser` has `then` */
    PLAN_LOSS_PRIORITY, /* the shares being the same: `then` at the most served, weighted by priority */
    PLAN_LOSS_NEARNESS, /* that too: `then` at the least moved */
    PLAN_LOSS_WEEKS,    /* that too: it would all be later */
} PlanLoss;

typedef struct PlanAnswer {
    int64_t got;
    PlanReason reason;
    PlanLoss loss; /* PLAN_SMALLEST */
    int loser;
    int64_t then;
} PlanAnswer;

/* Of the offers that take a data level in a week. */
typedef struct PlanSupply {
    int64_t offers;   /* how many */
    int64_t lendable; /* units: beside what is reserved */
    int64_t free;     /* units not booked before the plan */
    int64_t left;     /* units after it */
} PlanSupply;

/* What would give a request all: found by planning anew with it, so that it is true. More is offered by the request's own
 * region, at its data level. */
typedef struct PlanRemedy {
    int64_t weekly_most;      /* its own bound a week raised to this; 0: stays */
    const WeekQuantity *more; /* ascending by week */
    int more_count;
    int64_t gives;  /* what it then gets; 0: no remedy was looked for, or none found */
    int64_t others; /* what other requests then get more than in the plan: they have a claim to what is added */
    unsigned to;    /* 1 << site for the regions of these; its own too, where it has other requests */
} PlanRemedy;

/* Why a region gets no more: the regions of `tight` together get all that they can have, for which `from_level` is the
 * witness (see plan_check.h), and none of them is above the region's next step. */
typedef struct PlanShare {
    int64_t asked, got; /* quantity, sums of its requests */
    unsigned tight;     /* 1 << site */
    unsigned with;      /* those of them, but itself, that get of what is full for it */
    int *from_level;    /* [weeks]: 1..PLAN_LEVELS + 1 */
} PlanShare;

/* Sums over what is given, in thousandths of the unit. */
typedef struct PlanSums {
    int64_t weighted; /* quantity times priority */
    int64_t moved;    /* quantity that one region lends another */
    int64_t weeks;    /* quantity times weeks after the first */
} PlanSums;

/* What of each sum a unit is worth, for the certificate; prices are compared in their order. */
typedef struct PlanPrice {
    int64_t priority, moved, weeks;
} PlanPrice;

static inline int plan_price_compare(PlanPrice a, PlanPrice b) {
    if (a.priority != b.priority) return a.priority < b.priority ? -1 : 1;
    if (a.moved != b.moved) return a.moved < b.moved ? -1 : 1;
    return (a.weeks > b.weeks) - (a.weeks < b.weeks);
}

/* The plan is the best of those in which requests that are held get their smallest at least, and those left out
 * nothing: this is certified. And of all others: */
typedef enum PlanProof {
    PLAN_PROVED,     /* all were searched: none is better */
    PLAN_FAIR,       /* not all were searched; none is fairer, but one may be better in priority, nearness, earliness */
    PLAN_RESTRICTED, /* not all were searched; no shares are above `relaxed` */
} PlanProof;
extern const char *const plan_proof_words[]; /* for programs: they never change */

typedef struct Plan {
    PlanGrant *grants; /* ascending by request, offer, week */
    int grant_count;
    PlanAnswer *answers;  /* [request_count] */
    PlanRemedy *remedies; /* [request_count]; of plan_remedies */
    PlanSupply *supply;   /* [weeks * PLAN_LEVELS] */
    int supply_count;
    PlanShare shares[PLAN_SITES];
    bool *held;                             /* [request_count] */
    PlanPrice *request_price, *offer_price; /* [request_count], [offer_count * weeks] */
    PlanPrice share_price[PLAN_SITES];
    PlanProof proof;
    int left_out; /* requests with PLAN_SMALLEST */
    int64_t
        relaxed[PLAN_SITES]; /* shares if no smallest quantity were asked for: no plan's sorted x/e is above these */
    int64_t served;          /* in all */
    PlanSums sums;
    int searched;         /* choices of requests to be left out that were looked at */
    int64_t pivots, work; /* of the solver, over all steps; work: about nanoseconds */
} Plan;

/* Asked now and then, with how far it is (0 to 100); false stops. */
typedef struct PlanWatch {
    bool (*call)(void *context, int percent);
    void *context;
} PlanWatch;

/* The plan, in the arena. STATUS_USAGE names what of the input makes no sense; STATUS_STOPPED where the watch (may be
 * NULL) said so; STATUS_FAILED without memory. */
Status plan_compute(Arena *, const PlanInput *, const PlanWatch *, Plan *, Error *);

/* Why the request gets no more in a week that is both wanted and planned. */
PlanWeek plan_week(const PlanInput *, const Plan *, int request, int week);
int64_t plan_granted(const Plan *, int request, int week);

/* Looks for what would give each request all that does not get it, one after another, as long as there is enough left of
 * *work (see PLAN_WORK_MOST), which it takes from; `only`: this one, whatever it takes; -1: all. */
Status plan_remedies(Arena *, const PlanInput *, Plan *, int only, int64_t *work, const PlanWatch *, Error *);
/* The first offer that had free, before the plan, all that the request lacks, in its weeks and within its bounds: a
 * proposal of it alone would do. -1: none. */
int plan_direct(const PlanInput *, int request);
/* The input with a remedy in it; where the remedy is of something, request and offers are the arena's. */
PlanInput plan_with(Arena *, const PlanInput *, int request, const PlanRemedy *);

#endif
