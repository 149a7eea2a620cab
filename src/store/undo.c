/* Undo and redo: compensating entries, written like any other.
 *
 * A person's acts form a stack: undo takes back the newest that stands, redo brings back what was undone last, as long
 * as no new act came after. To take an act back, or to bring it back, is to reverse the entries of the operation that
 * dealt with it last (the act, its undo, or its redo), newest first: each record goes from that entry's after to its
 * before. That is only done where the record now is what the entry left, field by field; otherwise it has moved on. */
#include "store/journal.h"

#include "base/intl.h"
#include "store/internal.h"

#include <string.h>

/* Making the store is not taken back: nobody would be left who may do anything in it. */
static const char *const undo_sql =
    "SELECT op FROM operation WHERE actor = ?1 AND kind = 1 AND undone = 0 AND NOT EXISTS "
    "(SELECT 1 FROM journal j WHERE j.seq = operation.first AND j.verb = 'init') ORDER BY first DESC LIMIT 1";

static const char *const redo_sql =
    "SELECT u.target FROM operation u JOIN operation t ON t.op = u.target "
    "WHERE u.actor = ?1 AND u.kind = 2 AND t.undone = 1 AND u.first > "
    "(SELECT MAX(a.first) FROM operation a WHERE a.actor = ?1 AND a.kind = 1) ORDER BY u.first DESC LIMIT 1";

/* One text found by a query with one text parameter; NULL where there is none. */
static Status find_op(Store *store, Arena *arena, const char *sql, const char *key, const char **op, Error *e) {
    Statement *s = engine_prepare(store->engine, sql);
    size_t size;
    statement_text(s, 1, key, strlen(key));
    *op = NULL;
    if (statement_row(s)) {
        const char *text = statement_get_text(s, 0, &size);
        *op = arena_copy(arena, text, size);
    }
    return statement_end(s, NULL, e);
}

Status journal_undo_find(Store *store, Arena *arena, const char *login, UndoKind kind, UndoAct *out, Error *e) {
    const char *last;
    *out = (UndoAct){.kind = kind};
    Status s = find_op(store, arena, kind == UNDO ? undo_sql : redo_sql, login, &out->op, e);
    if (s != STATUS_OK) return s;
    if (!out->op)
        return error_set(e, STATUS_NOT_FOUND, NULL,
                         kind == UNDO ? _("there is nothing of yours to undo") : _("there is nothing to redo"));
    s = find_op(store, arena,
                "SELECT op FROM operation WHERE op = ?1 OR (target = ?1 AND target <> '') ORDER BY first DESC LIMIT 1",
                out->op, &last, e);
    if (s == STATUS_OK) s = journal_span(store, out->op, &out->act, e);
    return s == STATUS_OK ? journal_span(store, last, &out->last, e) : s;
}

static Status moved_on(const JournalEntry *entry, Error *e) {
    char code[CODE_SIZE] = "";
    if (entry->entity->letter) code_write(entry->entity->letter, entry->id, code);
    return error_set(e, STATUS_CONFLICT, NULL, _("%s has moved on since: it was not undone"), code);
}

static bool same_content(Store *store, const Record *a, const Record *b) {
    const EntitySql *sql = sql_of(store, a->entity);
    for (int i = 0; i < sql->sorted_count; i++) {
        if (!value_equal(&a->values[sql->sorted[i]], &b->values[sql->sorted[i]])) return false;
    }
    return true;
}

/* Who undoes names no record: why one of them cannot be so again says which it is. */
static Status name_record(const JournalEntry *entry, Status s, Error *e) {
    char code[CODE_SIZE] = "";
    if (!e || (s != STATUS_CONFLICT && s != STATUS_NOT_FOUND) || !entry->entity->letter) return s;
    code_write(entry->entity->letter, entry->id, code);
    if (strstr(e->why, code)) return s;
    return error_set(e, s, NULL, "%s: %s%s%s", code, e->field, *e->field ? ": " : "", e->why);
}

static Status reverse_entry(Store *store, Arena *arena, const char *verb, const JournalEntry *entry, Error *e) {
    Record *now = NULL, *then = NULL;
    if (entry->erased)
        return error_set(e, STATUS_CONFLICT, NULL, _("what was written then has been erased: it cannot be undone"));
    Status s = store_read(store, arena, entry->entity, entry->id, FIELDS_ALL, &now, e);
    if (s != STATUS_OK && s != STATUS_NOT_FOUND) return s;
    if (!now != !entry->after || (now && !same_content(store, now, entry->after))) return moved_on(entry, e);
    if (entry->before && now) {
        then = record_copy(arena, now);
        for (int i = 0; i < entry->entity->field_count; i++) {
            if (entry->changed & FIELD_BIT(i)) then->values[i] = entry->before->values[i];
        }
    } else if (entry->before) {
        then = record_copy(arena, entry->before);
        then->values[COMMON_REV] = value_number(entry->rev + 1);
    }
    return name_record(entry, store_write(store, now, then, verb, e), e);
}

static Status mark(Store *store, const char *op, bool undone, Error *e) {
    Statement *s = engine_prepare(store->engine, "UPDATE operation SET undone = ?2 WHERE op = ?1");
    statement_text(s, 1, op, strlen(op));
    statement_int(s, 2, undone);
    while (statement_row(s)) {}
    return statement_end(s, NULL, e);
}

/* Reads no more of the act at once than a part of it; what one write takes is let go before the next. */
Status journal_undo_write(Store *store, const UndoAct *a, void (*written)(void *context, const JournalEntry *),
                          void *context, Error *e) {
    Arena arena = {0};
    Status s = STATUS_OK;
    JournalSpan rest = a->last, part;
    store->kind = (int)a->kind;
    store->target = a->op;
    while (s == STATUS_OK && journal_span_last(&rest, &part)) {
        JournalEntry *entries;
        int count;
        arena_reset(&arena);
        s = journal_span_read(store, &arena, part, &entries, &count, e);
        for (int i = count - 1; i >= 0 && s == STATUS_OK; i--) {
            s = reverse_entry(store, &arena, a->kind == UNDO ? "undo" : "redo", &entries[i], e);
            arena_reset(&store->arena);
            if (s == STATUS_OK && written) written(context, &entries[i]);
        }
    }
    arena_free(&arena);
    return s == STATUS_OK ? mark(store, a->op, a->kind == UNDO, e) : s;
}
