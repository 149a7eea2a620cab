/* Small rounds for the tests of the plan, alike for the same seed. After cmocka.h. */
#ifndef JAZARI_TESTS_PLAN_WORLD_H
#define JAZARI_TESTS_PLAN_WORLD_H

#include "capacity/plan.h"
#include "capacity/plan_check.h"

#include <stdio.h>
#include <string.h>

enum { REQUESTS = 7, OFFERS = 5, SITES = 3, WEEKS = 3, LEVELS = 3, FIRST = 3000 };

typedef struct World {
    PlanRequest requests[REQUESTS];
    PlanOffer offers[OFFERS];
    WeekQuantity booked[REQUESTS];
    PlanInput in;
    uint64_t seed;
} World;

static int pick(World *w, int below) {
    w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((w->seed >> 33) % (uint64_t)below);
}

/* A small round, another for each seed. smallest: some requests have a smallest useful quantity. */
static void make_world(World *w, uint64_t seed, bool smallest) {
    *w = (World){.seed = seed * 91 + 7};
    for (int i = 0; i < REQUESTS; i++) {
        PlanRequest *q = &w->requests[i];
        *q = (PlanRequest){.id = 10 + i,
                           .site = pick(w, SITES),
                           .level = 1 + pick(w, LEVELS),
                           .priority = 1 + pick(w, 4),
                           .first = FIRST + pick(w, WEEKS),
                           .missing = 1 + pick(w, 5)};
        q->last = q->first + pick(w, WEEKS);
        if (!pick(w, 3)) q->weekly_most = 1 + pick(w, 3);
        if (smallest && !pick(w, 2)) q->smallest = 1 + pick(w, (int)q->missing);
        if (!pick(w, 4)) {
            w->booked[i] = (WeekQuantity){q->first, 1};
            q->booked = &w->booked[i];
            q->booked_count = 1;
        }
    }
    for (int i = 0; i < OFFERS; i++) {
        PlanOffer *o = &w->offers[i];
        *o = (PlanOffer){.id = 100 + i,
                         .site = pick(w, SITES),
                         .level = 1 + pick(w, LEVELS),
                         .first = FIRST - 1 + pick(w, WEEKS),
                         .lendable = pick(w, 4)};
        o->last = o->first + pick(w, WEEKS);
    }
    w->in = (PlanInput){.requests = w->requests,
                        .offers = w->offers,
                        .request_count = REQUESTS,
                        .offer_count = OFFERS,
                        .first = FIRST,
                        .last = FIRST + WEEKS - 1,
                        .unit = 1};
    for (int site = 0; site < SITES; site++) {
        w->in.entitlement[site] = pick(w, 8) ? 1 + pick(w, 6) : 0;
    }
}

/* The plan of it, which passes its check. */
static Plan plan_of(Arena *arena, const World *w) {
    Plan plan;
    Error e = {0};
    char why[200] = "";
    Status s = plan_compute(arena, &w->in, NULL, &plan, &e);
    if (s != STATUS_OK) print_message("%s\n", e.why);
    assert_int_equal(s, STATUS_OK);
    if (!plan_check(&w->in, &plan, NULL, why, sizeof why)) fail_msg("seed %llu: %s", (unsigned long long)w->seed, why);
    return plan;
}

#endif
