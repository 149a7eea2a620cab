/* What a project's gate and completion ask, and what a milestone's end writes down. */
#include "commands/context.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

static Status count_milestones(CommandContext *c, const Record *project, const char *more, int64_t *count, Error *e) {
    char filter[128], code[CODE_SIZE];
    code_write('P', project->id, code);
    snprintf(filter, sizeof filter, "project:%s state:open%s", code, more);
    return context_count(c, &entity_milestone, filter, count, e);
}

Status project_gate(CommandContext *c, const Record *before, Record *after, Error *e) {
    int64_t stage = value_number_or(&before->values[PROJECT_STAGE], STAGE_RESEARCH), late;
    char more[32], today[DATE_SIZE];
    if (stage >= STAGE_OPERATION)
        return error_set(e, STATUS_CONFLICT, "stage", _("%s is in operation: there is no gate after that"),
                         context_code(c, before));
    date_write(clock_today(), today);
    snprintf(more, sizeof more, " due<%s", today);
    Status s = count_milestones(c, before, more, &late, e);
    if (s != STATUS_OK) return s;
    if (late)
        return error_set(
            e, STATUS_CONFLICT, NULL,
            ngettext("%lld milestone of %s is late: finish or drop it before the gate",
                     "%lld milestones of %s are late: finish or drop them before the gate", (unsigned long)late),
            (long long)late, context_code(c, before));
    after->values[PROJECT_STAGE] = value_number(stage + 1);
    return STATUS_OK;
}

Status project_complete(CommandContext *c, const Record *before, Record *after, Error *e) {
    int64_t open;
    (void)after;
    Status s = count_milestones(c, before, "", &open, e);
    if (s != STATUS_OK || !open) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     ngettext("%lld milestone of %s is open: finish or drop it first",
                              "%lld milestones of %s are open: finish or drop them first", (unsigned long)open),
                     (long long)open, context_code(c, before));
}

Status milestone_done(CommandContext *c, const Record *before, Record *after, Error *e) {
    char today[DATE_SIZE];
    (void)before;
    date_write(clock_today(), today);
    Value *done = &after->values[MILESTONE_DONE];
    if (done->kind == VALUE_NONE) *done = value_text(arena_string(c->arena, today), DATE_SIZE - 1);
    if (strcmp(done->text, today) > 0)
        return error_set(e, STATUS_USAGE, "done", _("%s lies ahead: a milestone is done today or before"), done->text);
    return STATUS_OK;
}
