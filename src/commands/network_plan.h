/* The plan of the whole network: all approved requests that lack something, answered at once from all free capacity of
 * open offers, kind by kind (capacity/plan.h says what is best), checked, and made into proposals where asked. */
#ifndef JAZARI_COMMANDS_NETWORK_PLAN_H
#define JAZARI_COMMANDS_NETWORK_PLAN_H

#include "capacity/plan.h"
#include "commands/command.h"

enum { PLAN_HASH_SIZE = 65, PLAN_RECORDS_MOST = 20000 };

/* What is supposed to be otherwise, in this plan alone. */
typedef struct PlanChange {
    const char *code;          /* of an offer, a session, a request or a region */
    const char *field, *value; /* NULL: it takes no part */
} PlanChange;

typedef struct NetworkPlanRequest {
    int kind;        /* 0: all that have quantities; there is nothing to share out of datasets and models */
    int first, last; /* weeks; 0: from the next one, to the last one asked for. Weeks before this one are left out */
    const PlanChange *changes; /* each as if its field had been edited */
    int change_count;
    ValueForm form;         /* of the changes' values */
    bool apply;             /* make the changes and the proposals: all or none, one operation */
    bool keep;              /* make the changes, and no proposals */
    const char *op;         /* of that */
    const char *expect;     /* the hash of the plan that was read: another is not applied. NULL: any */
    const char *explain;    /* of this request what would give it all, whatever it takes; of no other. NULL: of all */
    bool bare;              /* without what would give each request all, as where it applies or keeps */
    const PlanWatch *watch; /* NULL: none */
} NetworkPlanRequest;

typedef struct KindPlan {
    int kind;
    PlanInput in;
    Plan plan;
    PlanSums bound;    /* what the plan's prices prove: equal to its sums */
    Record **requests; /* [in.request_count], in their order */
    Record **offers;   /* [in.offer_count], and the sessions, NULL where by the week */
    Record **sessions;
} KindPlan;

typedef struct NetworkPlan {
    KindPlan *kinds; /* those in which something is asked for */
    int kind_count;
    char hash[PLAN_HASH_SIZE]; /* SHA-256 of all that is granted, in hexadecimal digits */
    int proposals;             /* allocations that it makes, or made */
    Outcome outcome;           /* where applied */
} NetworkPlan;

/* Where it applies or keeps by an operation that was done before, it answers as then, without the plan, and does nothing.
 * STATUS_FAILED where the plan does not pass its own check: nothing is done then. Applying takes a coordinator who acts
 * for ROOT, or is a party to each proposal. */
Status network_plan(Store *, Arena *, const Actor *, const NetworkPlanRequest *, NetworkPlan *, Error *);

/* Whether its changes can be supposed: STATUS_OK, or what is wrong with which. */
Status network_plan_suppose(Store *, const NetworkPlanRequest *, Error *);

/* Whether a field of an offer, session, request or region makes a difference to a plan, and so can be supposed. */
bool network_plan_uses(const Entity *, const Field *);

/* The place of a request in the plan, and among its kinds; -1: it is not in it. */
int network_plan_request(const NetworkPlan *, int64_t id, int *kind);

/* Two plans of one kind side by side: what is supposed against what is. */
typedef struct PlanPair {
    int kind;
    const KindPlan *before, *after; /* NULL: nothing is asked for */
    struct PlanPlaces {
        int before, after; /* places in the two plans; -1: not in it */
    } * requests, *offers; /* all that are in one of them, in their order */
    int request_count, offer_count;
} PlanPair;

/* A pair for each kind that is in one of the plans. */
void network_plan_compare(Arena *, const NetworkPlan *before, const NetworkPlan *after, PlanPair **, int *count);

/* What a request and a region get in each. */
int64_t plan_pair_got(const PlanPair *, int request, bool after);
int64_t plan_pair_share(const PlanPair *, int site, bool after);
const Record *plan_pair_record(const PlanPair *, int request);
const Record *plan_pair_offer(const PlanPair *, int offer); /* or its session */
int64_t plan_pair_missing(const PlanPair *, int request);   /* as it is in the later plan, where it is in that */

/* Why a request gets no more, as a sentence; nothing where it gets all. */
void network_plan_reason(const KindPlan *, int request, Buffer *);

/* Why a region gets no more: its fair share, and with whom; or what binds its requests. */
void network_plan_share(const KindPlan *, int site, Buffer *);

/* Its part of the network, "6.2 %"; and what it gets for each percent of it, in tenths: the x/e that is shared out
 * fairly. "–" where it has none. */
void network_plan_entitled(const KindPlan *, int site, Buffer *);
void network_plan_per_percent(const KindPlan *, int site, Buffer *);
/* The latter in thousandths; -1 where it has none. */
int64_t network_plan_got_per_percent(const KindPlan *, int site);

/* Of all kinds, what is asked for and how much of it is served: "13 248 of 14 247 GPU h, all 62 474 CPU h". */
void network_plan_sums(const NetworkPlan *, Buffer *);
/* Requests that lack something, and of these such as do not get all. */
void network_plan_counts(const NetworkPlan *, int *requests, int *kept_short);

/* What would give it all, as a sentence; nothing where that is not known. */
void network_plan_remedy(const KindPlan *, int request, Buffer *);

/* How sure it is that there is no better plan, as a sentence; where it is not, by how much one could be better. */
void network_plan_proof(const KindPlan *, Buffer *);

/* What it comes to in each step after the shares, with the bound that its prices prove. */
void network_plan_optimum(const KindPlan *, Buffer *);

#endif
