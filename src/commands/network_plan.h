/* The plan of the whole network: all approved requests that lack something, answered at once from all free capacity of
 * open offers, kind by kind (capacity/plan.h says what is best), checked, and made into proposals where asked. */
#ifndef JAZARI_COMMANDS_NETWORK_PLAN_H
#define JAZARI_COMMANDS_NETWORK_PLAN_H

#include "capacity/plan.h"
#include "commands/command.h"

enum { PLAN_HASH_SIZE = 65, PLAN_RECORDS_MOST = 20000 };

typedef struct NetworkPlanRequest {
    int kind;               /* 0: all that have quantities; there is nothing to share out of datasets and models */
    int first, last;        /* weeks; 0: from this one, to the last one asked for. Weeks before this one are left out */
    bool apply;             /* make the proposals: all or none, one operation */
    const char *op;         /* of that */
    const char *expect;     /* the hash of the plan that was read: another is not applied. NULL: any */
    const PlanWatch *watch; /* NULL: none */
} NetworkPlanRequest;

typedef struct KindPlan {
    int kind;
    PlanInput in;
    Plan plan;
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

/* STATUS_FAILED where the plan does not pass its own check: nothing is done then. Applying takes a coordinator who acts
 * for ROOT, or is a party to each proposal. */
Status network_plan(Store *, Arena *, const Actor *, const NetworkPlanRequest *, NetworkPlan *, Error *);

/* Why a request gets no more, as a sentence; nothing where it gets all. */
void network_plan_reason(const KindPlan *, int request, Buffer *);

/* How sure it is that there is no better plan, as a sentence. */
const char *network_plan_proof(const KindPlan *);

#endif
