/* For network_plan.c: what one kind's plan is made from, read from the store and changed by what is supposed. */
#ifndef JAZARI_COMMANDS_PLAN_GATHER_H
#define JAZARI_COMMANDS_PLAN_GATHER_H

#include "commands/plan_suppose.h"

/* Fills k->in and its records for k->kind. Without requests that lack something the rest stays empty. */
Status plan_gather(Store *, Arena *, const NetworkPlanRequest *, const Supposed *, KindPlan *k, Error *);

#endif
