/* A national round: REQUESTS requests to OFFERS offers over WEEKS weeks, planned and checked. Made from a seed; prints
 * what came of it. Exit 1 where the plan does not pass its check.
 *
 *     plan [REQUESTS OFFERS WEEKS [SMALLEST]]     SMALLEST: one request in so many asks for a smallest quantity; 0: none */
#include "capacity/plan.h"
#include "capacity/plan_check.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t seed = 2026;

static int pick(int below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)below);
}

int main(int argc, char **argv) {
    enum { FIRST = 3000 };
    int requests = argc > 3 ? atoi(argv[1]) : 5000, offers = argc > 3 ? atoi(argv[2]) : 240,
        weeks = argc > 3 ? atoi(argv[3]) : 52, smallest = argc > 4 ? atoi(argv[4]) : 0;
    static const int64_t entitled[PLAN_SITES] = {0,      109433, 62307, 121317, 139367, 68583, 208778,
                                                 132843, 44955,  82014, 12180,  12250,  5973};
    PlanRequest *request = memory_new((size_t)requests * sizeof *request);
    PlanOffer *offer = memory_new((size_t)offers * sizeof *offer);
    PlanInput in = {.requests = request,
                    .offers = offer,
                    .request_count = requests,
                    .offer_count = offers,
                    .first = FIRST,
                    .last = FIRST + weeks - 1,
                    .unit = 1};
    Arena arena = {0};
    Plan plan;
    Error e = {0};
    char why[200];
    int64_t work = PLAN_WORK_MOST / 2;
    for (int site = 0; site < PLAN_SITES; site++) {
        in.entitlement[site] = entitled[site];
    }
    for (int i = 0; i < requests; i++) {
        request[i] = (PlanRequest){.id = i + 1,
                                   .site = pick(PLAN_SITES),
                                   .level = 1 + pick(PLAN_LEVELS),
                                   .priority = 1 + pick(4),
                                   .first = FIRST + pick(weeks),
                                   .missing = (int64_t)(20 + pick(2500)) * 1000 + pick(1000)};
        request[i].last = request[i].first + 1 + pick(16);
        if (!pick(3)) request[i].weekly_most = request[i].missing / (2 + pick(6)) + 1;
        if (smallest && !pick(smallest)) request[i].smallest = request[i].missing / (2 + pick(3));
    }
    for (int i = 0; i < offers; i++) {
        offer[i] = (PlanOffer){.id = i + 1,
                               .site = pick(PLAN_SITES),
                               .level = 1 + pick(PLAN_LEVELS),
                               .first = FIRST + pick(weeks / 2 + 1),
                               .last = FIRST + weeks - 1 - pick(weeks / 3 + 1),
                               .lendable = (int64_t)(50 + pick(1000)) * 1000};
    }
    if (plan_compute(&arena, &in, NULL, &plan, &e) != STATUS_OK) {
        fprintf(stderr, "%s\n", e.why);
        return 1;
    }
    if (plan_remedies(&arena, &in, &plan, -1, &work, NULL, &e) != STATUS_OK) {
        fprintf(stderr, "%s\n", e.why);
        return 1;
    }
    bool right = plan_check(&in, &plan, NULL, why, sizeof why);
    printf("%d grants, %d left out, proof %d, %d searched, %lld pivots, %s\n", plan.grant_count, plan.left_out,
           (int)plan.proof, plan.searched, (long long)plan.pivots, right ? "checked" : why);
    arena_free(&arena);
    free(request);
    free(offer);
    return !right;
}
