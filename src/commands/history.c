/* Undo and redo of the asker's own last acts. */
#include "commands/context.h"
#include "store/journal.h"

/* The sites the actor may act for own what is written: the compensating entries are theirs to write too. */
static Status run(CommandContext *c, UndoKind kind, Error *e) {
    JournalEntry *entries;
    int count;
    Status s = journal_undo_find(c->store, c->arena, c->actor->login, kind, &entries, &count, e);
    if (s == STATUS_OK) s = journal_undo_write(c->store, c->arena, kind, entries, count, e);
    if (s != STATUS_OK) return s;
    c->outcome->effects = arena_array(c->arena, (size_t)count, sizeof *c->outcome->effects);
    for (c->outcome->count = 0; c->outcome->count < count; c->outcome->count++) {
        const JournalEntry *entry = &entries[c->outcome->count];
        c->outcome->effects[c->outcome->count] =
            (Effect){.entity = entry->entity, .id = entry->id, .rev = entry->rev + 1, .verb = entry->verb};
    }
    return STATUS_OK;
}

Status run_undo(CommandContext *c, Error *e) {
    return run(c, UNDO, e);
}

Status run_redo(CommandContext *c, Error *e) {
    return run(c, REDO, e);
}
