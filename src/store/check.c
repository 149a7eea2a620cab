/* The proof that a store is whole: its pages, its journal (check_journal.c), its records against the journal, and the rules
 * over many of them (check_network.c). */
#include "store/check_parts.h"

#include "base/intl.h"
#include "store/journal.h"
#include "store/seed.h"
#include "store/trouble.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FAULTS_SHOWN = 100, PROGRESS_EVERY = 2000 };

void check_fault(Check *c, const char *format, ...) {
    char text[700];
    va_list ap;
    if (c->faults++ >= FAULTS_SHOWN || !c->options->fault) return;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    c->options->fault(c->options->context, text);
}

/* Whoever asked for the check had enough, or others were in the way: that says nothing of the store. why: may be NULL. */
static bool was_kept_from(Check *c, Status s, const Error *why) {
    if (s != STATUS_STOPPED && s != STATUS_BUSY) return false;
    if (why && c->error) *c->error = *why;
    return true;
}

void check_step(Check *c) {
    if (++c->done % PROGRESS_EVERY == 0 && c->options->progress)
        c->options->progress(c->options->context, c->done, c->total);
}

const char *check_code(Check *c, const Entity *entity, int64_t id) {
    char code[64] = "";
    const CodeBook *book = store_codes(c->store);
    if (entity->letter) code_write(entity->letter, id, code);
    else if (!book->code_of(book->self, (int)entity->kind, id, code, sizeof code))
        snprintf(code, sizeof code, "%lld", (long long)id);
    return entity->letter ? arena_string(&c->arena, code) : arena_format(&c->arena, "%s %s", entity->name, code);
}

/* --- records against the journal ---------------------------------------------------------------------------------- */

static void compare_records(Check *c, const Record *row, const Record *said, const char *by) {
    const EntitySql *sql = sql_of(c->store, row->entity);
    for (int i = 0; i < sql->sorted_count; i++) {
        int field = sql->sorted[i];
        if (value_equal(&row->values[field], &said->values[field])) continue;
        Buffer is = {0}, was = {0};
        value_json(&is, &row->entity->fields[field], &row->values[field], NULL);
        value_json(&was, &row->entity->fields[field], &said->values[field], NULL);
        check_fault(c, _("%s: %s is %.150s and %s says %.150s"), check_code(c, row->entity, row->id),
                    row->entity->fields[field].name, is.bytes, by, was.bytes);
        buffer_free(&is);
        buffer_free(&was);
    }
}

static void check_against_reference(Check *c, const Record *row) {
    const Record *said = NULL;
    if (row->entity == &entity_site && row->id >= 0 && row->id < SITE_COUNT) said = c->sites[row->id];
    if (row->entity == &entity_province && row->id >= 0 && row->id < PROVINCES_MOST) said = c->provinces[row->id];
    if (said) compare_records(c, row, said, _("the reference data"));
    else check_fault(c, _("%s: no journal entry made it"), check_code(c, row->entity, row->id));
}

static void check_against_entry(Check *c, const Record *row, const JournalEntry *entry) {
    if (!entry->after && !entry->erased) {
        check_fault(c, _("%s: the journal says it was deleted"), check_code(c, row->entity, row->id));
        return;
    }
    if (entry->after) compare_records(c, row, entry->after, _("the journal"));
    if (row->values[COMMON_REV].number != entry->rev)
        check_fault(c, _("%s: rev is %lld and the journal says %lld"), check_code(c, row->entity, row->id),
                    (long long)row->values[COMMON_REV].number, (long long)entry->rev);
    if (strcmp(value_string(&row->values[COMMON_UPDATED_AT]), entry->at) != 0 ||
        strcmp(value_string(&row->values[COMMON_UPDATED_BY]), entry->actor) != 0)
        check_fault(c, _("%s: who changed it last, and when, is not what the journal says"),
                    check_code(c, row->entity, row->id));
}

static Status check_folded(Check *c, const Record *row) {
    if (!entity_is_searched(row->entity)) return STATUS_OK;
    char sql[96];
    size_t size;
    snprintf(sql, sizeof sql, "SELECT folded, sort_key FROM %s WHERE id = ?1", row->entity->name);
    record_fold(row, &c->store->folded, &c->store->sort_key);
    Statement *s = engine_prepare(c->store->engine, sql);
    statement_int(s, 1, row->id);
    if (statement_row(s)) {
        bool same = !strcmp(statement_get_text(s, 0, &size), buffer_string(&c->store->folded));
        same = same && !strcmp(statement_get_text(s, 1, &size), buffer_string(&c->store->sort_key));
        if (!same) check_fault(c, _("%s: what search compares is not its text"), check_code(c, row->entity, row->id));
    }
    if (row->entity->indexed && !engine_search_has(c->store->engine, row->entity, row->id, c->store->folded.bytes,
                                                   c->store->folded.size, &c->store->text))
        check_fault(c, _("%s: the search index does not have it"), check_code(c, row->entity, row->id));
    return statement_end(s, NULL, c->error);
}

static Status check_row(Check *c, const Entity *entity, int64_t id) {
    Record *row;
    JournalEntry *entry;
    Error problem = {0};
    Status s = store_read(c->store, &c->arena, entity, id, FIELDS_ALL, &row, c->error);
    /* Listed and yet not found by its id: the table's tree is out of order. */
    if (s == STATUS_NOT_FOUND) {
        check_fault(c, _("%s: the store lists it and cannot find it"), check_code(c, entity, id));
        return STATUS_OK;
    }
    if (s != STATUS_OK) return s;
    s = journal_newest(c->store, &c->arena, entity, id, &entry, &problem);
    if (was_kept_from(c, s, &problem)) return s;
    if (s != STATUS_OK) {
        check_fault(c, "%s: %s", check_code(c, entity, id), problem.why);
        return STATUS_OK;
    }
    if (entry) check_against_entry(c, row, entry);
    else check_against_reference(c, row);
    if (record_check(row, &problem) != STATUS_OK)
        check_fault(c, "%s: %s: %s", check_code(c, entity, id), problem.field, problem.why);
    return check_folded(c, row);
}

/* Reads the ids in slices, so that no statement stays open over the work on a row. */
static Status check_rows(Check *c, const Entity *entity) {
    enum { SLICE = 500 };
    int64_t ids[SLICE], last = INT64_MIN;
    char sql[96];
    Status s = STATUS_OK;
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE id > ?1 ORDER BY id LIMIT %d", entity->name, SLICE);
    for (int count = SLICE; count == SLICE && s == STATUS_OK;) {
        Statement *q = engine_prepare(c->store->engine, sql);
        statement_int(q, 1, last);
        for (count = 0; count < SLICE && statement_row(q);) {
            ids[count++] = statement_get_int(q, 0);
        }
        s = statement_end(q, NULL, c->error);
        for (int i = 0; i < count && s == STATUS_OK; i++) {
            s = check_row(c, entity, ids[i]);
            arena_reset(&c->arena);
            check_step(c);
            last = ids[i];
        }
    }
    return s;
}

/* Records whose newest entry still has them, but which are not there. Those that were deleted are many in time: all are
 * looked at, in slices. */
static Status check_missing(Check *c, const Entity *entity) {
    enum { SLICE = 500 };
    int64_t ids[SLICE], last = INT64_MIN;
    char sql[256];
    Status s = STATUS_OK;
    snprintf(sql, sizeof sql,
             "SELECT DISTINCT j.id FROM journal j WHERE j.entity = ?1 AND j.id > ?2 AND NOT EXISTS "
             "(SELECT 1 FROM %s t WHERE t.id = j.id) ORDER BY j.id LIMIT %d",
             entity->name, SLICE);
    for (int count = SLICE; count == SLICE && s == STATUS_OK;) {
        Statement *q = engine_prepare(c->store->engine, sql);
        statement_int(q, 1, entity->kind);
        statement_int(q, 2, last);
        for (count = 0; count < SLICE && statement_row(q);) {
            ids[count++] = statement_get_int(q, 0);
        }
        s = statement_end(q, NULL, c->error);
        for (int i = 0; i < count && s == STATUS_OK; i++) {
            JournalEntry *entry;
            Error problem = {0};
            s = journal_newest(c->store, &c->arena, entity, ids[i], &entry, &problem);
            if (was_kept_from(c, s, &problem)) return s;
            if (s != STATUS_OK) check_fault(c, "%s: %s", check_code(c, entity, ids[i]), problem.why);
            else if (entry && entry->after)
                check_fault(c, _("%s is missing: the journal has it"), check_code(c, entity, ids[i]));
            s = STATUS_OK;
            arena_reset(&c->arena);
            last = ids[i];
        }
    }
    return s;
}

/* The institutes and provinces that every store begins with are never deleted. */
static Status check_reference(Check *c) {
    Status s = STATUS_OK;
    for (int i = 0; i < SITE_COUNT + PROVINCES_MOST && s == STATUS_OK; i++) {
        const Record *said = i < SITE_COUNT ? c->sites[i] : c->provinces[i - SITE_COUNT];
        Record *row;
        if (said) s = store_read(c->store, &c->arena, said->entity, said->id, 0, &row, c->error);
        if (s != STATUS_NOT_FOUND) continue;
        check_fault(c, _("%s is missing: the reference data has it"), check_code(c, said->entity, said->id));
        s = STATUS_OK;
    }
    return s;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static Status keep_reference(void *context, const Record *r, Error *e) {
    Check *c = context;
    (void)e;
    bool site = r->entity == &entity_site;
    if (r->id < 0 || r->id >= (site ? SITE_COUNT : PROVINCES_MOST)) return STATUS_OK;
    *(site ? &c->sites[r->id] : &c->provinces[r->id]) = r;
    return STATUS_OK;
}

static Status count_all(Check *c) {
    char sql[64];
    Status s = engine_number(c->store->engine, &c->total, 0, c->error, "SELECT COUNT(*) FROM journal", 0);
    for (int kind = 1; kind < ENTITY_COUNT && s == STATUS_OK; kind++) {
        int64_t rows = 0;
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", entity_of_kind(kind)->name);
        s = engine_number(c->store->engine, &rows, 0, c->error, sql, 0);
        c->total += rows;
    }
    return s;
}

static void page_fault(void *context, const char *what) {
    Check *c = context;
    trouble_note_damage(store_path(c->store), what);
    check_fault(c, "%s", what);
}

static Status check_all(Check *c) {
    Error damage = {0};
    Status s = engine_integrity(c->store->engine, &damage);
    if (was_kept_from(c, s, &damage)) return s;
    if (s != STATUS_OK) {
        trouble_note_damage(store_path(c->store), damage.why);
        check_fault(c, "%s", damage.why);
    }
    s = engine_check_pages(c->store->engine, page_fault, c, c->error);
    if (s == STATUS_OK) s = seed_each(&c->reference, keep_reference, c, c->error);
    if (s == STATUS_OK) s = count_all(c);
    if (s == STATUS_OK) s = check_journal(c);
    for (int kind = 1; kind < ENTITY_COUNT && s == STATUS_OK; kind++) {
        s = check_rows(c, entity_of_kind(kind));
        if (s == STATUS_OK) s = check_missing(c, entity_of_kind(kind));
    }
    if (s == STATUS_OK) s = check_reference(c);
    if (s == STATUS_OK) s = check_network(c);
    return s;
}

/* The index's own check is written like a change, so it takes its turn among the writers; in a store that is damaged there
 * are none. */
static Status check_search(Check *c) {
    Engine *engine = c->store->engine;
    if (store_is_read_only(c->store)) return STATUS_OK;
    bool damaged = trouble_is_damaged(store_path(c->store));
    Status s = damaged ? engine_read_begin(engine, c->error) : engine_begin(engine, c->error);
    if (s != STATUS_OK) return s;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        const Entity *entity = entity_of_kind(kind);
        Error damage = {0};
        s = entity->indexed ? engine_search_check(engine, entity, &damage) : STATUS_OK;
        if (was_kept_from(c, s, &damage)) break;
        if (s != STATUS_OK) check_fault(c, _("the search index of %s is damaged: %s"), entity->plural, damage.why);
    }
    engine_rollback(engine);
    return was_kept_from(c, s, NULL) ? s : STATUS_OK;
}

Status check_store(Store *store, const CheckOptions *options, Error *e) {
    Check c = {.store = store, .options = options, .error = e};
    /* One view over all of it, whoever writes meanwhile. */
    Status s = engine_read_long_begin(store->engine, e);
    if (s != STATUS_OK) return s;
    engine_set_roomy(store->engine, true);
    s = check_all(&c);
    engine_read_end(store->engine);
    if (s == STATUS_OK) s = check_search(&c);
    engine_set_roomy(store->engine, false);
    arena_free(&c.arena);
    arena_free(&c.reference);
    if (s == STATUS_OK && !c.faults) trouble_clear_damage(store_path(store));
    if (s != STATUS_OK || !c.faults) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     ngettext("%lld fault was found: keep this file and restore a backup",
                              "%lld faults were found: keep this file and restore a backup", (unsigned long)c.faults),
                     (long long)c.faults);
}
