/* What happens when a need is answered by a project, merged into another, or met. */
#include "commands/context.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

static Value with_item(Arena *arena, const Value *list, int64_t key) {
    ListItem *items = arena_array(arena, (size_t)list->size + 1, sizeof *items);
    size_t count = 0;
    bool placed = false;
    for (uint32_t i = 0; i < list->size; i++) {
        if (!placed && list->items[i].key >= key) {
            items[count++] = (ListItem){.key = key};
            placed = true;
            if (list->items[i].key == key) continue;
        }
        items[count++] = list->items[i];
    }
    if (!placed) items[count++] = (ListItem){.key = key};
    return value_list(items, count);
}

static bool has_item(const Value *list, int64_t key) {
    for (uint32_t i = 0; i < list->size; i++) {
        if (list->items[i].key == key) return true;
    }
    return false;
}

/* Another region's project answers the need where that region says so: its record is its own to write. */
static Status joined_elsewhere(CommandContext *c, const Record *need, const Record *project, Error *e) {
    if (has_item(&project->values[PROJECT_NEEDS], need->id)) return STATUS_OK;
    return error_set(e, STATUS_DENIED, "project", _("%s belongs to %s: they add the need to it first"),
                     context_code(c, project), site_code(record_site(project)));
}

static Status join_project(CommandContext *c, const Record *need, int64_t id, Error *e) {
    Record *was;
    Status s = context_read(c, &entity_project, id, &was, e);
    if (s != STATUS_OK) return s;
    if (record_site(was) != c->actor->site) return joined_elsewhere(c, need, was, e);
    if (!(entity_project.editable & FROM(record_state(was))))
        return error_set(e, STATUS_CONFLICT, "project", _("%s is over: it answers no more needs"),
                         context_code(c, was));
    Record *now = record_copy(c->arena, was);
    now->values[PROJECT_NEEDS] = with_item(c->arena, &was->values[PROJECT_NEEDS], need->id);
    if (has_item(&was->values[PROJECT_NEEDS], need->id) && record_state(need) == NEED_IN_PROJECT)
        return error_set(e, STATUS_CONFLICT, "project", _("%s answers it already"), context_code(c, was));
    return has_item(&was->values[PROJECT_NEEDS], need->id) ? STATUS_OK : context_write(c, was, now, "set", e);
}

static Status new_project(CommandContext *c, const Record *need, Error *e) {
    Record *p = record_new(c->arena, &entity_project);
    Value title, due;
    Status s = context_argument(c, "title", &title, e);
    if (s == STATUS_OK) s = context_argument(c, "due", &due, e);
    if (s != STATUS_OK) return s;
    p->values[COMMON_SITE] = value_number(c->actor->site);
    p->values[PROJECT_TITLE] = title.kind == VALUE_NONE ? need->values[NEED_TITLE] : title;
    p->values[PROJECT_DUE] = due;
    p->values[PROJECT_STAGE] = value_number(STAGE_RESEARCH);
    p->values[PROJECT_HEALTH] = value_number(HEALTH_GREEN);
    p->values[PROJECT_SECTOR] = need->values[NEED_SECTOR];
    p->values[PROJECT_LEAD] = need->values[NEED_BENEFICIARY];
    p->values[PROJECT_NEEDS] = with_item(c->arena, &(Value){0}, need->id);
    return context_write(c, NULL, p, "add", e);
}

Status need_answer(CommandContext *c, const Record *before, Record *after, Error *e) {
    Value project;
    (void)after;
    Status s = context_argument(c, "project", &project, e);
    if (s != STATUS_OK) return s;
    return project.kind == VALUE_NUMBER ? join_project(c, before, project.number, e) : new_project(c, before, e);
}

Status need_merge(CommandContext *c, const Record *before, Record *after, Error *e) {
    int64_t into = value_number_or(&after->values[NEED_MERGED_INTO], 0);
    Record *other;
    if (into == before->id) return error_set(e, STATUS_USAGE, "merged_into", _("a need is not merged into itself"));
    Status s = context_read(c, &entity_need, into, &other, e);
    if (s != STATUS_OK) return s;
    int state = record_state(other);
    if (state == NEED_MERGED || state == NEED_REJECTED || state == NEED_MET)
        return error_set(e, STATUS_CONFLICT, "merged_into", _("%s is %s itself: merge into one that is open"),
                         context_code(c, other), _(choice_of_number(entity_need.states, state)->label));
    return STATUS_OK;
}

Status need_meet(CommandContext *c, const Record *before, Record *after, Error *e) {
    char filter[96], code[CODE_SIZE];
    int64_t count;
    (void)after;
    code_write('N', before->id, code);
    snprintf(filter, sizeof filter, "needs:%s -state:stopped stage>=deployment", code);
    Status s = context_count(c, &entity_project, filter, &count, e);
    if (s != STATUS_OK || count) return s;
    snprintf(filter, sizeof filter, "needs:%s state:completed", code);
    s = context_count(c, &entity_project, filter, &count, e);
    if (s != STATUS_OK || count) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     _("no project that answers %s is deployed or completed yet: its answer is not in use"), code);
}
