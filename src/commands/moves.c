/* A lifecycle's verbs: the generic move, and which of them do more than that. */
#include "commands/context.h"

#include "store/journal.h"
#include "store/page.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const Entity *entity;
    const char *verb;
    MoveHook hook;
    MoveHook follow; /* once it is written */
    bool judges;     /* the author's own work, which another has to do */
} hooks[] = {
    {&entity_need, "qualify", not_ones_own, NULL, true},
    {&entity_need, "answer", need_answer, NULL, false},
    {&entity_need, "merge", need_merge, NULL, false},
    {&entity_need, "meet", need_meet, NULL, false},
    {&entity_need, "reopen", need_reopen, NULL, false},
    {&entity_project, "gate", project_gate, NULL, false},
    {&entity_project, "complete", project_complete, NULL, false},
    {&entity_project, "stop", project_stop, NULL, false},
    {&entity_milestone, "done", milestone_done, NULL, false},
    {&entity_request, "submit", request_submit, NULL, false},
    {&entity_request, "approve", request_approve, NULL, true},
    {&entity_request, "close", request_close, NULL, false},
    {&entity_request, "withdraw", request_withdraw, NULL, false},
    {&entity_session, "cancel", session_cancel, NULL, false},
    {&entity_offer, "open", offer_open, NULL, false},
    {&entity_allocation, "accept", allocation_accept, NULL, false},
    {&entity_allocation, "activate", allocation_start, NULL, false},
    {&entity_allocation, "complete", allocation_complete, NULL, false},
    {&entity_allocation, "release", allocation_release, allocation_released, false},
    {&entity_allocation, "revoke", allocation_revoke, NULL, false},
};

/* Its row of what happens besides: -1 where nothing does. */
static int hook_of(const Entity *entity, const char *verb) {
    for (int i = 0; i < (int)(sizeof hooks / sizeof *hooks); i++) {
        if (hooks[i].entity == entity && !strcmp(hooks[i].verb, verb)) return i;
    }
    return -1;
}

/* "fatima" and "fatima@SMA" are one person. */
static bool is_person(const char *by, const char *login) {
    size_t n = strcspn(by, "@");
    return strlen(login) == n && !strncmp(by, login, n);
}

Status context_others_judge(Store *store, Arena *arena, bool *yes, Error *e) {
    static const char text[] = "state:active role:operator,coordinator,admin";
    Filter filter;
    int64_t all = 0;
    *yes = false;
    if (store_is_demo(store)) return STATUS_OK;
    Status s = filter_parse(arena, &entity_operator, text, strlen(text), store_codes(store), &filter, e);
    if (s == STATUS_OK) s = store_count(store, &filter, &all, e);
    *yes = all > 1;
    return s;
}

bool context_is_judged(const Entity *entity, int state) {
    unsigned reached = FROM(entity->first_state), before = 0;
    while (reached != before) {
        before = reached;
        for (int i = 0; i < entity->arrow_count; i++) {
            const Arrow *arrow = &entity->arrows[i];
            int hook = hook_of(entity, arrow->verb);
            if ((hook < 0 || !hooks[hook].judges) && arrow->from & reached) reached |= FROM(arrow->to);
        }
    }
    return !(reached & FROM(state));
}

static bool says_the_same(const Record *a, const Record *b) {
    for (int i = COMMON_COUNT; i < a->entity->field_count; i++) {
        if (a->entity->fields[i].flags & (FIELD_SYSTEM | FIELD_DERIVED)) continue;
        if (!value_equal(&a->values[i], &b->values[i])) return false;
    }
    return true;
}

/* Whether what a record says is what somebody else filed, or put his name to by a write of his own after all that this
 * person changed in it. */
static Status is_anothers_word(Store *store, Arena *arena, const Actor *actor, const Record *r, bool *yes, Error *e) {
    enum { AT_ONCE = 10 };
    JournalQuery q = {.entity = r->entity, .id = r->id, .site = -1, .limit = AT_ONCE};
    int count = AT_ONCE;
    *yes = true;
    while (count == AT_ONCE) {
        JournalEntry *entries;
        Status s = journal_read(store, arena, &q, &entries, &count, e);
        if (s != STATUS_OK) return s;
        for (int i = 0; i < count; i++) {
            if (is_person(entries[i].actor, actor->login)) continue;
            *yes = !entries[i].after || says_the_same(entries[i].after, r);
            return STATUS_OK;
        }
        if (count) q.before = entries[count - 1].seq;
    }
    return STATUS_OK;
}

static bool filed(const Actor *actor, const Record *r) {
    return is_person(value_string(&r->values[COMMON_CREATED_BY]), actor->login);
}

/* Neither what he filed nor what he made of it: else who approves would write in what nobody asked for. */
Status command_is_for_another(Store *store, Arena *arena, const Actor *actor, const Record *r, bool *yes, Error *e) {
    bool theirs = false;
    Status s = STATUS_OK;
    *yes = false;
    if (!filed(actor, r)) s = is_anothers_word(store, arena, actor, r, &theirs, e);
    return s == STATUS_OK && !theirs ? context_others_judge(store, arena, yes, e) : s;
}

Status not_ones_own(CommandContext *c, const Record *before, Record *after, Error *e) {
    bool yes;
    (void)after;
    Status s = command_is_for_another(c->store, c->arena, c->actor, before, &yes, e);
    if (s != STATUS_OK || !yes) return s;
    return error_set(e, STATUS_DENIED, NULL,
                     filed(c->actor, before)
                         ? _("%s is your own: it takes another coordinator of %s")
                         : _("%s says what you changed in it yourself: it takes another coordinator of %s"),
                     context_code(c, before), site_code(record_site(before)));
}

Status run_move(CommandContext *c, Error *e) {
    const Arrow *arrow = c->command.arrow;
    Record *after = record_copy(c->arena, c->record);
    after->values[COMMON_STATE] = value_number(arrow->to);
    Status s = context_set_fields(c, after, false, e);
    int hook = hook_of(c->entity, arrow->verb);
    if (s == STATUS_OK && hook >= 0) s = hooks[hook].hook(c, c->record, after, e);
    if (s == STATUS_OK) s = context_write(c, c->record, after, arrow->verb, e);
    return s == STATUS_OK && hook >= 0 && hooks[hook].follow ? hooks[hook].follow(c, c->record, after, e) : s;
}
