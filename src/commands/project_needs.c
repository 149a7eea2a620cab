/* The needs a project answers move with it: one that is added is in project from now on; one that no standing project
 * answers any more is qualified again and waits for another. So a need is never in project with nobody at it. The needs
 * of other institutes are theirs to move. */
#include "commands/context.h"

#include <stdio.h>

static bool holds(const Record *project, int64_t need) {
    const Value *v = project ? &project->values[PROJECT_NEEDS] : NULL;
    for (uint32_t i = 0; v && i < v->size; i++) {
        if (v->items[i].key == need) return true;
    }
    return false;
}

static Status move_need(CommandContext *c, const Record *need, int state, const char *verb, Error *e) {
    Record *after = record_copy(c->arena, need);
    after->values[COMMON_STATE] = value_number(state);
    return context_write(c, need, after, verb, e);
}

static Status take_on(CommandContext *c, const Record *need, Error *e) {
    int state = record_state(need);
    if (state != NEED_QUALIFIED && state != NEED_IN_PROJECT)
        return error_set(e, STATUS_CONFLICT, "needs", _("%s is %s: a project answers needs that are qualified"),
                         context_code(c, need), _(choice_of_number(entity_need.states, state)->label));
    if (state == NEED_IN_PROJECT || record_site(need) != c->actor->site) return STATUS_OK;
    return move_need(c, need, NEED_IN_PROJECT, "answer", e);
}

/* Whether any project that is not stopped answers it; the one at hand is as `after` says, not as the store does. */
static Status is_answered(CommandContext *c, const Record *need, const Record *before, bool *answered, Error *e) {
    char filter[96], code[CODE_SIZE];
    int64_t count;
    code_write('N', need->id, code);
    snprintf(filter, sizeof filter, "needs:%s -state:stopped", code);
    Status s = context_count(c, &entity_project, filter, &count, e);
    *answered = count > (before && record_state(before) != PROJECT_STOPPED);
    return s;
}

static Status let_go(CommandContext *c, const Record *need, const Record *before, Error *e) {
    bool answered;
    if (record_state(need) != NEED_IN_PROJECT || record_site(need) != c->actor->site) return STATUS_OK;
    Status s = is_answered(c, need, before, &answered, e);
    return s == STATUS_OK && !answered ? move_need(c, need, NEED_QUALIFIED, "reopen", e) : s;
}

Status project_needs_follow(CommandContext *c, const Record *before, const Record *after, Error *e) {
    const Record *sides[] = {before, after};
    Status s = STATUS_OK;
    for (int i = 0; i < 2 && s == STATUS_OK; i++) {
        const Value *v = sides[i] ? &sides[i]->values[PROJECT_NEEDS] : NULL;
        for (uint32_t k = 0; v && k < v->size && s == STATUS_OK; k++) {
            Record *need;
            if (holds(sides[1 - i], v->items[k].key)) continue;
            s = context_read(c, &entity_need, v->items[k].key, &need, e);
            /* What does not exist is refused where the project is written. */
            if (s == STATUS_NOT_FOUND) s = STATUS_OK;
            else if (s == STATUS_OK) s = i ? take_on(c, need, e) : let_go(c, need, before, e);
        }
    }
    return s;
}

Status need_reopen(CommandContext *c, const Record *before, Record *after, Error *e) {
    bool answered;
    (void)after;
    Status s = is_answered(c, before, NULL, &answered, e);
    if (s != STATUS_OK || !answered) return s;
    return error_set(e, STATUS_CONFLICT, NULL, _("a project answers %s: take the need out of it, or stop it"),
                     context_code(c, before));
}

Status project_stop(CommandContext *c, const Record *before, Record *after, Error *e) {
    (void)after;
    return project_needs_follow(c, before, NULL, e);
}
