/* The demonstration network: how needs are filed and qualified, and how projects answer them, reach their milestones
 * and pass their gates. Everything is planned first, each step on its day, and happens in the order of time. */
#include "base/date.h"
#include "base/text.h"
#include "commands/demo_world.h"
#include "model/entities.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY = 425, MILESTONES_MAX = 24, NEEDS_PER_PROJECT = 4 };

typedef struct Milestone {
    char code[CODE_SIZE];
    int row, due, done; /* done 0: still open */
} Milestone;

/* What only the planning of projects knows. */
typedef struct Plan {
    int needs[NEEDS_PER_PROJECT], need_count;
    Milestone milestones[MILESTONES_MAX];
    int start_stage, due;
} Plan;

static Plan *plans; /* by project, in the world's arena */

static int choice_number(const Entity *entity, int field, const char *word) {
    const Choice *c = choice_of_word(entity->fields[field].choices, word, strlen(word));
    return c ? c->number : 0;
}

static int site_at(const CsvTable *t, int row) {
    const char *site = csv_table_cell(t, row, "site");
    return site_of_code(site, strlen(site));
}

static const char *organisation_code(World *w, const char *key) {
    for (int i = 0; i < w->organisations.rows; i++) {
        if (!strcmp(csv_table_cell(&w->organisations, i, "key"), key)) return w->organisation_codes[i];
    }
    return "";
}

/* --- needs -------------------------------------------------------------------------------------------------------- */

static Status need_decided(World *w, int i, int unused, Error *e) {
    Need *n = &w->need[i];
    (void)unused;
    switch (n->fate) {
    case NEED_REJECTED:
        world_with(w, "reason", world_reason(w, "need", "reject"));
        return world_act(w, n->site, ROLE_COORDINATOR, "reject", NULL, n->code, e);
    case NEED_DEFERRED:
        world_with(w, "reason", world_reason(w, "need", "defer"));
        return world_act(w, n->site, ROLE_COORDINATOR, "defer", NULL, n->code, e);
    default: return world_act(w, n->site, ROLE_COORDINATOR, "qualify", NULL, n->code, e);
    }
}

/* Into an older need of the same sector and region, where there is one. */
static Status need_merged(World *w, int i, int unused, Error *e) {
    Need *n = &w->need[i];
    (void)unused;
    for (int k = 0; k < w->needs.rows; k++) {
        Need *other = &w->need[k];
        if (k == i || other->site != n->site || other->fate == NEED_MERGED || !*other->code) continue;
        if (other->fate == NEED_REJECTED || other->fate == NEED_DRAFT || other->fate == NEED_DEFERRED) continue;
        if (strcmp(csv_table_cell(&w->needs, k, "sector"), csv_table_cell(&w->needs, i, "sector")) != 0) continue;
        world_with(w, "merged_into", other->code);
        return world_act(w, n->site, ROLE_COORDINATOR, "merge", NULL, n->code, e);
    }
    return STATUS_OK;
}

static Status need_submitted(World *w, int i, int unused, Error *e) {
    Need *n = &w->need[i];
    (void)unused;
    Status s = world_act(w, n->site, ROLE_OPERATOR, "submit", NULL, n->code, e);
    if (n->fate == NEED_SUBMITTED) return s;
    world_plan(w, world_day(w) + world_chance(w, 2, 9), need_decided, i, 0);
    if (n->fate == NEED_MERGED) world_plan(w, world_day(w) + world_chance(w, 12, 20), need_merged, i, 0);
    return s;
}

static Status need_filed(World *w, int i, int unused, Error *e) {
    static const char *const fields[] = {"title", "problem", "sector", "province", "urgency", "people", "data_level"};
    Need *n = &w->need[i];
    (void)unused;
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        world_with(w, fields[k], csv_table_cell(&w->needs, i, fields[k]));
    }
    world_with(w, "beneficiary", organisation_code(w, csv_table_cell(&w->needs, i, "organisation")));
    Status s = world_act(w, n->site, ROLE_OPERATOR, "add", "need", NULL, e);
    text_copy(n->code, sizeof n->code, w->last_code);
    if (n->fate != NEED_DRAFT) world_plan(w, world_day(w) + world_chance(w, 0, 2), need_submitted, i, 0);
    return s;
}

/* What becomes of a need that no project answers, and when it was filed. */
static int plan_lonely_need(World *w, Need *n) {
    int luck = world_chance(w, 1, 90);
    n->fate = luck <= 8    ? NEED_DRAFT
              : luck <= 30 ? NEED_SUBMITTED
              : luck <= 40 ? NEED_REJECTED
              : luck <= 49 ? NEED_DEFERRED
              : luck <= 56 ? NEED_MERGED
                           : NEED_QUALIFIED;
    if (n->fate == NEED_DRAFT) return w->today - world_chance(w, 1, 12);
    if (n->fate == NEED_SUBMITTED) return w->today - world_chance(w, 1, 9);
    return w->today - world_chance(w, 35, 330);
}

Status world_needs(World *w, Error *e) {
    (void)e;
    w->need = arena_array(&w->arena, (size_t)w->needs.rows, sizeof *w->need);
    for (int i = 0; i < w->needs.rows; i++) {
        w->need[i].site = site_at(&w->needs, i);
    }
    return STATUS_OK;
}

/* --- projects ----------------------------------------------------------------------------------------------------- */

static Status milestone_set(World *w, int i, int k, Error *e) {
    Project *p = &w->project[i];
    Milestone *m = &plans[i].milestones[k];
    world_with(w, "project", p->code);
    world_with(w, "title", csv_table_cell(&w->milestones, m->row, "title"));
    world_with_day(w, "due", m->due);
    Status s = world_act(w, p->site, ROLE_OPERATOR, "add", "milestone", NULL, e);
    text_copy(m->code, sizeof m->code, w->last_code);
    return s;
}

static Status milestone_reached(World *w, int i, int k, Error *e) {
    /* A week-end may have moved its setting behind this. */
    if (!*plans[i].milestones[k].code) {
        world_plan(w, world_day(w) + 1, milestone_reached, i, k);
        return STATUS_OK;
    }
    return world_act(w, w->project[i].site, ROLE_OPERATOR, "done", NULL, plans[i].milestones[k].code, e);
}

static Status project_gated(World *w, int i, int unused, Error *e) {
    (void)unused;
    return world_act(w, w->project[i].site, ROLE_COORDINATOR, "gate", NULL, w->project[i].code, e);
}

static Status project_judged(World *w, int i, int health, Error *e) {
    static const char *const words[] = {"", "green", "amber", "red"};
    world_with(w, "health", words[health]);
    return world_act(w, w->project[i].site, ROLE_OPERATOR, "set", NULL, w->project[i].code, e);
}

static Status needs_met(World *w, int i, int unused, Error *e) {
    (void)unused;
    (void)e;
    for (int k = 0; k < plans[i].need_count; k++) {
        Need *n = &w->need[plans[i].needs[k]];
        world_try(w, n->site, ROLE_COORDINATOR, "meet", NULL, n->code);
    }
    return STATUS_OK;
}

static Status project_ended(World *w, int i, int unused, Error *e) {
    Project *p = &w->project[i];
    (void)unused;
    if (p->fate == PROJECT_ON_HOLD) {
        world_with(w, "reason", world_reason(w, "project", "hold"));
        return world_act(w, p->site, ROLE_COORDINATOR, "hold", NULL, p->code, e);
    }
    if (p->fate == PROJECT_STOPPED) {
        world_with(w, "reason", world_reason(w, "project", "stop"));
        return world_act(w, p->site, ROLE_COORDINATOR, "stop", NULL, p->code, e);
    }
    Status s = world_act(w, p->site, ROLE_COORDINATOR, "complete", NULL, p->code, e);
    world_plan(w, world_day(w) + world_chance(w, 3, 20), needs_met, i, 0);
    return s;
}

static Status project_activated(World *w, int i, int unused, Error *e) {
    (void)unused;
    return world_act(w, w->project[i].site, ROLE_COORDINATOR, "activate", NULL, w->project[i].code, e);
}

static Status need_answered(World *w, int i, int k, Error *e) {
    Need *n = &w->need[plans[i].needs[k]];
    (void)e;
    world_with(w, "project", w->project[i].code);
    /* A need that another project answers already stays as it is. */
    world_try(w, n->site, ROLE_OPERATOR, "answer", NULL, n->code);
    return STATUS_OK;
}

static Status project_proposed(World *w, int i, int unused, Error *e) {
    static const char *const fields[] = {"title", "summary", "sector", "partners", "budget", "axis"};
    static const char *const stages[] = {"", "research", "pilot", "deployment", "operation"};
    Project *p = &w->project[i];
    Plan *plan = &plans[i];
    Buffer needs = {0};
    (void)unused;
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        world_with(w, fields[k], csv_table_cell(&w->projects, i, fields[k]));
    }
    for (int k = 0; k < plan->need_count; k++) {
        buffer_format(&needs, "%s ", w->need[plan->needs[k]].code);
        world_plan(w, world_day(w) + world_chance(w, 0, 3), need_answered, i, k);
    }
    world_with(w, "needs", buffer_string(&needs));
    world_with(w, "stage", stages[plan->start_stage]);
    world_with(w, "lead", organisation_code(w, csv_table_cell(&w->projects, i, "lead")));
    world_with_day(w, "start", world_day(w));
    world_with_day(w, "due", plan->due);
    int64_t budget = atoll(csv_table_cell(&w->projects, i, "budget"));
    world_with_number(w, "funded", p->fate == PROJECT_PROPOSED ? 0 : budget * world_chance(w, 4, 10) / 10);
    Status s = world_act(w, p->site, ROLE_OPERATOR, "add", "project", NULL, e);
    text_copy(p->code, sizeof p->code, w->last_code);
    buffer_free(&needs);
    return s;
}

/* --- planning ----------------------------------------------------------------------------------------------------- */

/* The milestones of one stage, evenly over its days. All but a late one are reached before they are due. */
static void plan_stage(World *w, int i, int stage, int from, int to, bool last) {
    static const char *const words[] = {"", "research", "pilot", "deployment", "operation"};
    Project *p = &w->project[i];
    Plan *plan = &plans[i];
    int rows[32] = {0}, count = 0, wanted = world_chance(w, 3, 4), late = -1;
    for (int r = 0; r < w->milestones.rows && count < 32; r++) {
        if (!strcmp(csv_table_cell(&w->milestones, r, "stage"), words[stage])) rows[count++] = r;
    }
    assert(count > 0 && wanted > 0);
    if (last && p->late) late = world_chance(w, 0, wanted - 2);
    for (int k = 0; k < wanted && p->milestone_count < MILESTONES_MAX; k++) {
        Milestone *m = &plan->milestones[p->milestone_count];
        m->row = rows[(k * count / wanted + world_chance(w, 0, count / wanted - 1)) % count];
        m->due = from + (to - from) * (k + 1) / wanted - world_chance(w, 0, 4);
        if (k == late) m->due = w->today - world_chance(w, 2, 24);
        m->done = k == late ? 0 : m->due - world_chance(w, 0, 6);
        if (m->done && m->done <= from) m->done = from + 1;
        world_plan(w, from, milestone_set, i, p->milestone_count);
        if (m->done && m->done < w->today - 1) world_plan(w, m->done, milestone_reached, i, p->milestone_count);
        else if (m->done && m->due <= w->today) m->due = w->today + world_chance(w, 2, 12);
        p->milestone_count++;
    }
}

static int fate_of(World *w, int stage) {
    int luck = world_chance(w, 1, 100);
    if (stage == STAGE_OPERATION) return luck <= 35 ? PROJECT_COMPLETED : PROJECT_ACTIVE;
    if (luck <= 13 && stage <= STAGE_PILOT) return PROJECT_PROPOSED;
    if (luck <= 19) return PROJECT_ON_HOLD;
    if (luck <= 24) return PROJECT_STOPPED;
    if (luck <= 32 && stage == STAGE_DEPLOYMENT) return PROJECT_COMPLETED;
    return PROJECT_ACTIVE;
}

static void plan_project(World *w, int i) {
    Project *p = &w->project[i];
    Plan *plan = &plans[i];
    int back = p->stage - world_chance(w, 0, 2), gates;
    plan->start_stage = p->fate == PROJECT_PROPOSED ? p->stage : back < 1 ? 1 : back;
    gates = p->stage - plan->start_stage;
    int length = p->fate == PROJECT_PROPOSED ? world_chance(w, 2, 25) : world_chance(w, 90 + 60 * gates, 340);
    p->first_day = w->today - length;
    plan->due = w->today + world_chance(w, 25, 260);
    if (p->fate == PROJECT_COMPLETED || p->fate == PROJECT_STOPPED) plan->due = w->today - world_chance(w, 6, 40);
    if (p->fate == PROJECT_ACTIVE && p->late && world_percent(w, 25)) plan->due = w->today - world_chance(w, 3, 20);
    world_plan(w, p->first_day, project_proposed, i, 0);
    if (p->fate == PROJECT_PROPOSED) return;
    int from = p->first_day + world_chance(w, 8, 16), span = (w->today - 20 - from) / (gates + 1);
    world_plan(w, from, project_activated, i, 0);
    from += 2;
    for (int stage = plan->start_stage; stage < p->stage; stage++, from += span) {
        plan_stage(w, i, stage, from, from + span - 8, false);
        world_plan(w, from + span - 3, project_gated, i, 0);
    }
    bool over = p->fate == PROJECT_COMPLETED || p->fate == PROJECT_STOPPED;
    plan_stage(w, i, p->stage, from, over ? plan->due - 4 : plan->due > w->today ? plan->due : w->today + 20, !over);
    int health = p->late                ? world_chance(w, HEALTH_AMBER, HEALTH_RED)
                 : world_percent(w, 15) ? HEALTH_AMBER
                                        : HEALTH_GREEN;
    if (health != HEALTH_GREEN && p->fate == PROJECT_ACTIVE)
        world_plan(w, w->today - world_chance(w, 3, 18), project_judged, i, health);
    p->over = over ? plan->due + 2 : 0;
    if (over) world_plan(w, p->over, project_ended, i, 0);
    if (p->fate == PROJECT_ON_HOLD) world_plan(w, w->today - world_chance(w, 3, 18), project_ended, i, 0);
}

static void read_needs(World *w, int i) {
    const char *at = csv_table_cell(&w->projects, i, "need");
    Plan *plan = &plans[i];
    for (char *end; *at && plan->need_count < NEEDS_PER_PROJECT; at = end) {
        long row = strtol(at, &end, 10);
        if (end == at) break;
        if (row >= 1 && row <= w->needs.rows) plan->needs[plan->need_count++] = (int)row - 1;
    }
}

Status world_projects(World *w, Error *e) {
    (void)e;
    int *answered = arena_array(&w->arena, (size_t)w->needs.rows, sizeof *answered); /* the first day, 0: by none */
    w->project = arena_array(&w->arena, (size_t)w->projects.rows, sizeof *w->project);
    plans = arena_array(&w->arena, (size_t)w->projects.rows, sizeof *plans);
    for (int i = 0; i < w->projects.rows; i++) {
        Project *p = &w->project[i];
        p->site = site_at(&w->projects, i);
        p->stage = choice_number(&entity_project, PROJECT_STAGE, csv_table_cell(&w->projects, i, "stage"));
        p->fate = fate_of(w, p->stage);
        p->late = p->fate == PROJECT_ACTIVE && world_percent(w, 20);
        read_needs(w, i);
        plan_project(w, i);
        for (int k = 0; k < plans[i].need_count; k++) {
            int *first = &answered[plans[i].needs[k]];
            if (!*first || p->first_day < *first) *first = p->first_day;
        }
    }
    for (int i = 0; i < w->needs.rows; i++) {
        Need *n = &w->need[i];
        int day;
        if (answered[i]) {
            n->fate = NEED_IN_PROJECT;
            day = answered[i] - world_chance(w, 18, 60);
            if (day < w->today - HISTORY) day = w->today - HISTORY;
        } else day = plan_lonely_need(w, n);
        world_plan(w, day, need_filed, i, 0);
    }
    return STATUS_OK;
}
