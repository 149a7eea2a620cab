/* Undo and redo of the asker's own last acts; versions of one record brought back. */
#include "commands/context.h"
#include "store/journal.h"

#include <string.h>

/* An act that is taken back or brought back, as it is gone through. */
typedef struct Turn {
    CommandContext *c;
    UndoAct act;
    Effect *effects; /* that it will have, in the order in which they are written */
    int count, at;   /* of them; those met so far */
    Role least;
    bool bound; /* some of what it wrote is_bound */
} Turn;

/* Whoever takes an act back, or brings it back, must still be one who may do it. What it did along with it (a need that
 * followed its project) was not asked for by itself: of several writes the least role counts, but for records that only
 * admins write. */
static Status check_one(Turn *t, const JournalEntry *entry, Error *e) {
    const Record *r = entry->after ? entry->after : entry->before;
    if (!r) return STATUS_OK; /* its body was erased: refused where it would be written */
    Role role = command_role(entry->verb, r->entity);
    Status s = command_reaches(entry->verb, t->c->actor, r, e);
    if (s == STATUS_OK && r->entity->role == ROLE_ADMIN) s = actor_needs_role(t->c->actor, role, e);
    if (role < t->least) t->least = role;
    return s;
}

/* The words of verbs are few. */
static const char *keep_verb(Turn *t, const char *verb, const Effect *like) {
    return like && !strcmp(like->verb, verb) ? like->verb : arena_string(t->c->arena, verb);
}

/* The verb is the act's own, whichever operation dealt with it last: undo goes through it from its end, redo (through the
 * undo from its end) from its beginning. */
static void note_effect(Turn *t, const JournalEntry *entry, const Effect *like) {
    Effect *effect = &t->effects[t->act.kind == UNDO ? t->count - 1 - t->at : t->at];
    *effect = (Effect){.entity = entry->entity, .id = entry->id, .verb = keep_verb(t, entry->verb, like)};
}

/* Of whose records not every edit that could be made once may be made again (context_check_change). */
static bool is_bound(const Entity *entity) {
    return entity == &entity_offer || entity == &entity_session || entity == &entity_operator;
}

static Status look_at_act(Turn *t, Error *e) {
    Arena arena = {0};
    Status s = STATUS_OK;
    JournalSpan rest = t->act.act, part;
    const Effect *like = NULL;
    while (s == STATUS_OK && journal_span_first(&rest, &part)) {
        JournalEntry *entries;
        int count;
        arena_reset(&arena);
        s = journal_span_read(t->c->store, &arena, part, &entries, &count, e);
        for (int i = 0; i < count && t->at < t->count && s == STATUS_OK; i++, t->at++) {
            s = check_one(t, &entries[i], e);
            note_effect(t, &entries[i], like);
            like = &t->effects[t->act.kind == UNDO ? t->count - 1 - t->at : t->at];
            t->bound = t->bound || is_bound(entries[i].entity);
        }
    }
    arena_free(&arena);
    return s == STATUS_OK && t->count ? actor_needs_role(t->c->actor, t->least, e) : s;
}

/* An entry is reversed only as far as its record could be edited to be so now: what others agreed on since is not turned
 * under them, and nobody is given a reach that the asker has lost meanwhile. */
static Status check_reversal(Turn *t, Arena *arena, const JournalEntry *entry, Error *e) {
    Record *now = NULL, *then = NULL;
    if (!is_bound(entry->entity) || !entry->before) return STATUS_OK;
    if (!entry->after) return context_check_change(t->c, NULL, entry->before, e);
    Status s = store_read(t->c->store, arena, entry->entity, entry->id, FIELDS_ALL, &now, e);
    if (s == STATUS_NOT_FOUND) return STATUS_OK; /* it has moved on: refused where it would be written */
    if (s != STATUS_OK) return s;
    then = record_copy(arena, now);
    for (int i = COMMON_COUNT; i < entry->entity->field_count; i++) {
        if (entry->changed & FIELD_BIT(i)) then->values[i] = entry->before->values[i];
    }
    return context_check_change(t->c, now, then, e);
}

static Status check_reversals(Turn *t, Error *e) {
    Arena arena = {0};
    Status s = STATUS_OK;
    JournalSpan rest = t->act.last, part;
    while (s == STATUS_OK && t->bound && journal_span_last(&rest, &part)) {
        JournalEntry *entries;
        int count;
        arena_reset(&arena);
        s = journal_span_read(t->c->store, &arena, part, &entries, &count, e);
        for (int i = count - 1; i >= 0 && s == STATUS_OK; i--) {
            s = check_reversal(t, &arena, &entries[i], e);
        }
    }
    arena_free(&arena);
    return s;
}

static void take_effect(void *context, const JournalEntry *entry) {
    Turn *t = context;
    Effect *effect = &t->effects[t->at++];
    if (effect->entity != entry->entity || effect->id != entry->id)
        *effect = (Effect){.entity = entry->entity, .id = entry->id, .verb = keep_verb(t, entry->verb, NULL)};
    effect->rev = entry->rev + 1;
    if (t->c->request->pulse) t->c->request->pulse(t->c->request->context);
}

/* The compensating entries are written by the sites that own what is written. */
static Status run(CommandContext *c, UndoKind kind, Error *e) {
    Turn t = {.c = c, .least = ROLE_ADMIN};
    Status s = journal_undo_find(c->store, c->arena, c->actor->login, kind, &t.act, e);
    if (s != STATUS_OK) return s;
    t.count = (int)(t.act.last.last - t.act.last.first + 1);
    t.effects = arena_array(c->arena, (size_t)t.count, sizeof *t.effects);
    s = look_at_act(&t, e);
    if (s == STATUS_OK) s = check_reversals(&t, e);
    t.at = 0;
    if (s == STATUS_OK) s = journal_undo_write(c->store, &t.act, take_effect, &t, e);
    if (s != STATUS_OK) return s;
    c->outcome->effects = t.effects;
    c->outcome->count = t.at;
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

Status context_read_deleted(CommandContext *c, const Entity *entity, int64_t id, Record **out, Error *e) {
    JournalEntry *entry;
    Error problem = {0};
    Status s = journal_newest(c->store, c->arena, entity, id, &entry, &problem);
    if (s != STATUS_OK) {
        if (e) *e = problem;
        return s;
    }
    if (!entry || entry->after || !entry->before) return STATUS_NOT_FOUND;
    *out = record_copy(c->arena, entry->before);
    (*out)->values[COMMON_REV] = value_number(entry->rev);
    return STATUS_OK;
}

/* What an edit could have set, and nothing that verbs move or the program fills in. What was deleted comes back in the state it
 * was in. */
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
    if (c->deleted) {
        after->values[COMMON_REV] = value_number(c->record->values[COMMON_REV].number + 1);
        return context_edit(c, NULL, after, "revert", e);
    }
    return differs ? context_edit(c, c->record, after, "revert", e) : STATUS_OK;
}
