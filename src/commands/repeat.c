/* Operations that were done before. */
#include "commands/repeat.h"

#include "base/date.h"
#include "base/intl.h"
#include "store/journal.h"

#include <string.h>

static Status outcome_of(Store *store, Arena *arena, const char *op, Outcome *o, Error *e) {
    JournalEntry *entries;
    int count;
    Status s = journal_operation(store, arena, op, &entries, &count, e);
    if (s != STATUS_OK) return s;
    o->repeated = true;
    o->effects = arena_array(arena, (size_t)count, sizeof *o->effects);
    for (o->count = 0; o->count < count; o->count++) {
        const JournalEntry *entry = &entries[o->count];
        o->effects[o->count] =
            (Effect){.entity = entry->entity, .id = entry->id, .rev = entry->rev, .verb = entry->verb};
    }
    return STATUS_OK;
}

static bool did(const Outcome *o, const char *verb) {
    for (int i = 0; i < o->count; i++) {
        if (!strcmp(o->effects[i].verb, verb)) return true;
    }
    return false;
}

Status repeat_read(Store *store, Arena *arena, const char *op, const char *verb, Outcome *outcome, Error *e) {
    Status s = outcome_of(store, arena, op, outcome, e);
    if (s != STATUS_OK || !verb || did(outcome, verb)) return s;
    s = error_set(e, STATUS_CONFLICT, "op", _("the operation %s was another act (%s): give another id"), op,
                  outcome->count ? outcome->effects[outcome->count - 1].verb : "?");
    *outcome = (Outcome){.op = op};
    return s;
}

Status repeat_find(Store *store, Arena *arena, const Actor *actor, const char *op, const char *verb, Outcome *outcome,
                   Error *e) {
    char name[LOGIN_SIZE + 8];
    bool repeated = false;
    *outcome = (Outcome){.op = op};
    actor_name(actor, name, sizeof name);
    const Act act = {.login = actor->login, .actor = name, .op = op, .at = clock_now()};
    Status s = store_begin(store, &act, &repeated, e);
    if (s != STATUS_OK) return s;
    if (repeated) s = repeat_read(store, arena, op, verb, outcome, e);
    store_rollback(store);
    return s;
}
