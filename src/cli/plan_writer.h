/* For the files that write a plan: as text and JSON, alone and against another. */
#ifndef JAZARI_CLI_PLAN_WRITER_H
#define JAZARI_CLI_PLAN_WRITER_H

#include "cli/cli.h"

enum { CODE_WIDTH = 10, NUMBER_WIDTH = 14 };

typedef struct PlanWriter {
    const NetworkPlan *plan;
    const CodeBook *book;
    const NetworkPlanRequest *asked;
    Buffer *out;
} PlanWriter;

/* A column of text. */
void plan_add_right(Buffer *, const char *text);
void plan_add_number(Buffer *, int64_t number);
void plan_write_heading(const PlanWriter *, const KindPlan *); /* the kind and its weeks */

void plan_json_code(const PlanWriter *, const char *key, const Record *);
void plan_write_json(const PlanWriter *); /* without a line's end */

/* The changes that the command's words name, "CAS-O1.quantity=240", "without=CAS,DOD", and what is to be explained. */
Status plan_take_changes(Cli *, NetworkPlanRequest *, Error *);

/* The plan against the one without its changes. */
void plan_write_compared(Cli *, const PlanWriter *, const NetworkPlan *before);
void plan_write_compared_json(Cli *, const PlanWriter *, const NetworkPlan *before);

#endif
