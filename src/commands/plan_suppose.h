/* For network_plan.c: records as they are supposed to be, in memory alone; and the commands that would make them so. */
#ifndef JAZARI_COMMANDS_PLAN_SUPPOSE_H
#define JAZARI_COMMANDS_PLAN_SUPPOSE_H

#include "commands/network_plan.h"

typedef struct Supposed {
    Record **records; /* each once, with its changes */
    int count;
    struct PlanWithout {
        const Entity *entity; /* a region: all its offers and requests */
        int64_t id;
    } * without;
    int without_count;
} Supposed;

/* Reads what the changes are about and makes them. STATUS_USAGE where one is not of what a plan is made from, or breaks
 * a rule of its record. */
Status plan_suppose(Store *, Arena *, const NetworkPlanRequest *, Supposed *, Error *);

/* Whether this offer, session or request takes no part. */
bool supposed_without(const Supposed *, const Record *);

/* The record as supposed; NULL where nothing is supposed of it. */
Record *supposed_record(const Supposed *, const Entity *, int64_t id);

/* What makes the changes in the store, one command a record; regions left out are no change of any. The commands have
 * no operation id yet. */
Status plan_suppose_commands(Store *, Arena *, const NetworkPlanRequest *, const Supposed *, CommandRequest **out,
                             int *count, Error *);

#endif
