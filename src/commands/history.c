/* Undo and redo of the asker's own last acts; versions of one record brought back. */
#include "commands/context.h"
#include "store/journal.h"

/* Whoever takes an act back, or brings it back, must still be one who may do it. What it did along with it (a need that
 * followed its project) was not asked for by itself: of several writes the least role counts, but for records that only
 * admins write. */
static Status check_still_may(CommandContext *c, const JournalEntry *entries, int count, Error *e) {
    Role least = ROLE_ADMIN;
    Status s = STATUS_OK;
    for (int i = 0; i < count && s == STATUS_OK; i++) {
        const Record *r = entries[i].after ? entries[i].after : entries[i].before;
        if (!r) continue; /* its body was erased: refused where it would be written */
        Role role = command_role(entries[i].verb, r->entity);
        s = command_reaches(entries[i].verb, c->actor, r, e);
        if (s == STATUS_OK && r->entity->role == ROLE_ADMIN) s = actor_needs_role(c->actor, role, e);
        if (role < least) least = role;
    }
    return s == STATUS_OK && count ? actor_needs_role(c->actor, least, e) : s;
}

static bool same_record(const JournalEntry *a, const JournalEntry *b) {
    return a->entity == b->entity && a->id == b->id;
}

/* What the act did to a record: its own verb, whichever operation dealt with it last. The newest is taken back first, so
 * that the act has it as far from its end as `at` says, but for records that it wrote twice. */
static const char *verb_of_act(const JournalEntry *act, int count, const JournalEntry *entry, int at) {
    if (at < count && same_record(&act[count - 1 - at], entry)) return act[count - 1 - at].verb;
    for (int i = 0; i < count; i++) {
        if (same_record(&act[i], entry)) return act[i].verb;
    }
    return entry->verb;
}

/* What others agreed on since is not turned under them by taking back an edit of the offer that they agreed on. */
static Status check_still_stands(CommandContext *c, const JournalEntry *entries, int count, Error *e) {
    Status s = STATUS_OK;
    for (int i = 0; i < count && s == STATUS_OK; i++) {
        const JournalEntry *entry = &entries[i];
        if (entry->entity != &entity_offer || !entry->after || !(entry->changed & FIELD_BIT(OFFER_MODE))) continue;
        Record *then = record_copy(c->arena, entry->after);
        then->values[OFFER_MODE] = entry->before->values[OFFER_MODE];
        s = offer_mode_stands(c, entry->after, then, e);
    }
    return s;
}

/* The compensating entries are written by the sites that own what is written. */
static Status run(CommandContext *c, UndoKind kind, Error *e) {
    JournalEntry *entries, *act = NULL;
    int count, act_count = 0;
    Status s = journal_undo_find(c->store, c->arena, c->actor->login, kind, &entries, &count, e);
    if (s == STATUS_OK && count) s = journal_operation(c->store, c->arena, entries[0].undoes, &act, &act_count, e);
    if (s == STATUS_OK) s = check_still_may(c, act, act_count, e);
    if (s == STATUS_OK) s = check_still_stands(c, entries, count, e);
    if (s == STATUS_OK) s = journal_undo_write(c->store, c->arena, kind, entries, count, e);
    if (s != STATUS_OK) return s;
    c->outcome->effects = arena_array(c->arena, (size_t)count, sizeof *c->outcome->effects);
    for (c->outcome->count = 0; c->outcome->count < count; c->outcome->count++) {
        const JournalEntry *entry = &entries[c->outcome->count];
        c->outcome->effects[c->outcome->count] =
            (Effect){.entity = entry->entity,
                     .id = entry->id,
                     .rev = entry->rev + 1,
                     .verb = verb_of_act(act, act_count, entry, c->outcome->count)};
    }
    return STATUS_OK;
}

Status run_undo(CommandContext *c, Error *e) {
    return run(c, UNDO, e);
}

Status run_redo(CommandContext *c, Error *e) {
    return run(c, REDO, e);
}

/* The record as its rev left it. */
static Status read_version(CommandContext *c, int64_t rev, Record **out, Error *e) {
    enum { AT_ONCE = 200 };
    JournalQuery q = {.entity = c->entity, .id = c->record->id, .site = -1, .limit = AT_ONCE};
    for (;;) {
        JournalEntry *entries;
        int count;
        Status s = journal_read(c->store, c->arena, &q, &entries, &count, e);
        if (s != STATUS_OK) return s;
        for (int i = 0; i < count; i++) {
            if (entries[i].rev != rev || !entries[i].after) continue;
            *out = entries[i].after;
            return STATUS_OK;
        }
        if (count < AT_ONCE) break;
        q.before = entries[count - 1].seq;
    }
    return error_set(e, STATUS_NOT_FOUND, "to", _("%s has no version %lld in the journal"), context_code(c, c->record),
                     (long long)rev);
}

/* What an edit could have set, and nothing that verbs move or the program fills in. */
Status run_revert(CommandContext *c, Error *e) {
    const Entity *entity = c->entity;
    Value rev;
    Record *then = NULL, *after = record_copy(c->arena, c->record);
    bool differs = false;
    Status s = context_argument(c, "to", &rev, e);
    if (s == STATUS_OK) s = read_version(c, rev.number, &then, e);
    if (s != STATUS_OK || !then) return s;
    for (int i = COMMON_COUNT; i < entity->field_count; i++) {
        if (entity->fields[i].flags & (FIELD_SYSTEM | FIELD_DERIVED | FIELD_FIXED)) continue;
        differs = differs || !value_equal(&after->values[i], &then->values[i]);
        after->values[i] = then->values[i];
    }
    return differs ? context_edit(c, c->record, after, "revert", e) : STATUS_OK;
}
