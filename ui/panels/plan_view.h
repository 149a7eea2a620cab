/* For the files of the plan's view: what it holds, and its drawing. */
#ifndef JAZARI_PANELS_PLAN_VIEW_H
#define JAZARI_PANELS_PLAN_VIEW_H

#include "panels/act.h"

typedef enum PlanList { PLAN_BY_REQUEST, PLAN_BY_REGION, PLAN_BY_OFFER, PLAN_LISTS } PlanList;

enum { PLAN_CHANGES_MOST = 100 };

typedef struct PlanView {
    Arena as_is, supposed;     /* of the two plans */
    Arena explained;           /* of what was looked for after them: see explain_row */
    NetworkPlan before, after; /* as things are, and with what is supposed; the same where nothing is */
    bool before_made, after_made;
    PlanPair *pairs; /* a kind each */
    int pair_count;
    PlanChange changes[PLAN_CHANGES_MOST]; /* the view's arena's */
    int change_count;
    bool written; /* somebody wrote since */
    bool explaining;
    int64_t looked; /* the request it was looked for last */
    PlanList list;
    int kind, cursor, top, height, percent;
    int64_t painted; /* ms */
    Error error;
} PlanView;

/* --- plan_make.c */
/* A panel's work: makes what is not made yet. Anew: all of it. */
bool plan_work(View *);
void plan_anew(PlanView *);

/* The kind shown; NULL while there is none. */
const PlanPair *plan_pair(const PlanView *);
/* That plan which is shown in full: the later one, where the kind is in it. */
const KindPlan *plan_shown(const PlanPair *);
int plan_rows(const PlanView *);
/* The region in a row of the list of regions; -1 past the last. */
int plan_site_at(const PlanPair *, int row);
/* Which of the changes leaves out what has this code; -1: none. */
int plan_change_without(const PlanView *, const char *code);
bool plan_leaves_out(const PlanView *, const char *code);

/* --- plan_rows.c */
void plan_draw(View *, Rect);

#endif
