/* What a project's gate and completion ask, and what a milestone's end writes down. */
#include "commands/context.h"

#include "base/date.h"
#include "store/page.h"

#include <stdio.h>
#include <string.h>

/* A project's open milestones that a further condition lets through: how many, and "SMA-M3, SMA-M5 and 2 more". */
static Status name_milestones(CommandContext *c, const Record *project, const char *more, int64_t *count,
                              const char **names, Error *e) {
    enum { NAMED_MOST = 3 };
    char text[128], code[CODE_SIZE];
    Filter filter;
    Page page;
    Buffer b = {0};
    code_write('P', project->id, code);
    snprintf(text, sizeof text, "project:%s state:open%s", code, more);
    *names = "";
    Status s = filter_parse(c->arena, &entity_milestone, text, strlen(text), store_codes(c->store), &filter, e);
    if (s == STATUS_OK) s = store_count(c->store, &filter, count, e);
    if (s != STATUS_OK || !*count) return s;
    const PageQuery q = {
        .filter = &filter, .sort = MILESTONE_DUE, .limit = NAMED_MOST, .fields = FIELD_BIT(COMMON_CODE)};
    s = store_page(c->store, c->arena, &q, &page, e);
    for (int i = 0; i < page.count && s == STATUS_OK; i++) {
        code_write('M', page.rows[i]->id, code);
        buffer_format(&b, "%s%s", i ? ", " : "", code);
    }
    if (*count > NAMED_MOST) buffer_format(&b, _(" and %d more"), (int)(*count - NAMED_MOST));
    *names = arena_copy(c->arena, buffer_string(&b), b.size);
    buffer_free(&b);
    return s;
}

Status project_gate(CommandContext *c, const Record *before, Record *after, Error *e) {
    int64_t stage = value_number_or(&before->values[PROJECT_STAGE], STAGE_RESEARCH), late;
    char more[32], today[DATE_SIZE];
    const char *names;
    if (stage >= STAGE_OPERATION)
        return error_set(e, STATUS_CONFLICT, "stage", _("%s is in operation: there is no gate after that"),
                         context_code(c, before));
    date_write(clock_today(), today);
    snprintf(more, sizeof more, " due<%s", today);
    Status s = name_milestones(c, before, more, &late, &names, e);
    if (s != STATUS_OK) return s;
    if (late)
        return error_set(e, STATUS_CONFLICT, NULL,
                         ngettext("%s of %s is late: finish or drop it before the gate",
                                  "%s of %s are late: finish or drop them before the gate", (unsigned long)late),
                         names, context_code(c, before));
    after->values[PROJECT_STAGE] = value_number(stage + 1);
    return STATUS_OK;
}

Status project_complete(CommandContext *c, const Record *before, Record *after, Error *e) {
    int64_t open;
    const char *names;
    (void)after;
    Status s = name_milestones(c, before, "", &open, &names, e);
    if (s != STATUS_OK || !open) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     ngettext("%s of %s is open: finish or drop it first",
                              "%s of %s are open: finish or drop them first", (unsigned long)open),
                     names, context_code(c, before));
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
