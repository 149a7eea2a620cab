/* The one write path: every change of every record goes through store_write, in one transaction with its journal entry.
 *
 * A write is: the owner is a site of this store; references exist; the row is inserted, updated where its rev is still
 * the one that was read, or deleted; its lists and search index follow; the rules that concern other records are
 * checked (guard.c); the entry is appended (journal_append). Whatever fails rolls the whole transaction back. */
#include "store/internal.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

Status store_has_operation(Store *store, const char *op, bool *done, Error *e) {
    Statement *s = engine_prepare(store->engine, "SELECT 1 FROM operation WHERE op = ?1");
    statement_text(s, 1, op, strlen(op));
    *done = statement_row(s);
    return statement_end(s, NULL, e);
}

/* An operation's id is kept for ever: it is bounded at whatever door it came through. */
static Status check_op(const char *op, Error *e) {
    size_t size = strlen(op);
    if (size && size <= OPERATION_ID_MOST &&
        strspn(op, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") == size)
        return STATUS_OK;
    return error_set(e, STATUS_USAGE, "op", _("an operation's id is up to %d letters, digits and dashes"),
                     OPERATION_ID_MOST);
}

/* Whoever comes with the id of somebody else's operation is not answered as that one was. */
static Status find_done(Store *store, const Act *act, bool *done, Error *e) {
    bool own = true;
    Statement *s = engine_prepare(store->engine, "SELECT actor FROM operation WHERE op = ?1");
    statement_text(s, 1, act->op, strlen(act->op));
    *done = statement_row(s);
    if (*done) {
        size_t size;
        own = !strcmp(statement_get_text(s, 0, &size), act->login);
    }
    Status status = statement_end(s, NULL, e);
    if (status != STATUS_OK || own) return status;
    return error_set(e, STATUS_CONFLICT, "op", _("the operation %s is somebody else's: give another id"), act->op);
}

Status store_operation_asked(Store *store, const char *op, const unsigned char *request, Error *e) {
    bool same = true;
    Statement *s = engine_prepare(store->engine, "SELECT request FROM operation WHERE op = ?1");
    statement_text(s, 1, op, strlen(op));
    if (statement_row(s)) {
        size_t size;
        const void *asked = statement_get_blob(s, 0, &size);
        same = size != REQUEST_HASH_SIZE || !memcmp(asked, request, size);
    }
    Status status = statement_end(s, NULL, e);
    if (status != STATUS_OK || same) return status;
    return error_set(e, STATUS_CONFLICT, "op", _("the operation %s was done before with other values: give another id"),
                     op);
}

Status store_begin(Store *store, const Act *act, bool *repeated, Error *e) {
    Status s = check_op(act->op, e);
    if (s == STATUS_OK) s = store->batch ? engine_save(store->engine, e) : engine_begin(store->engine, e);
    if (s != STATUS_OK) return s;
    store->act = act;
    instant_write(act->at, store->at);
    store->kind = 1;
    store->target = "";
    memset(store->chains, 0, sizeof store->chains);
    memset(store->known, 0, sizeof store->known);
    s = find_done(store, act, repeated, e);
    if (s == STATUS_OK) s = engine_number(store->engine, &store->last_seq, 0, e, "SELECT MAX(seq) FROM journal", 0);
    store->first_seq = store->last_seq + 1;
    if (s != STATUS_OK) store_rollback(store);
    return s;
}

static Status record_operation(Store *store, Error *e) {
    Statement *s = engine_prepare(store->engine, "INSERT INTO operation (op, actor, first, last, kind, target, undone, "
                                                 "request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)");
    statement_text(s, 1, store->act->op, strlen(store->act->op));
    statement_text(s, 2, store->act->login, strlen(store->act->login));
    statement_int(s, 3, store->first_seq);
    statement_int(s, 4, store->last_seq);
    statement_int(s, 5, store->kind);
    statement_text(s, 6, store->target, strlen(store->target));
    if (store->act->request) statement_blob(s, 7, store->act->request, REQUEST_HASH_SIZE);
    while (statement_row(s)) {}
    return statement_end(s, NULL, e);
}

static void end_transaction(Store *store) {
    store->act = NULL;
    store->unindexed = NULL;
    memset(store->counters, 0, sizeof store->counters);
    arena_reset(&store->arena);
}

Status store_bulk_unindex(Store *store, const Entity *entity, Error *e) {
    Status s = engine_drop_indexes(store->engine, entity, e);
    if (s == STATUS_OK) store->unindexed = entity;
    return s;
}

static Status write_counters(Store *store, Error *e);

Status store_commit(Store *store, Error *e) {
    Status s = store->last_seq >= store->first_seq ? record_operation(store, e) : STATUS_OK;
    if (s == STATUS_OK && store->bulk) s = write_counters(store, e);
    if (s == STATUS_OK && store->unindexed) s = engine_build_indexes(store->engine, store->unindexed, e);
    if (s != STATUS_OK) {
        store_rollback(store);
        return s;
    }
    if (store->batch) engine_save_release(store->engine);
    else s = engine_commit(store->engine, e);
    end_transaction(store);
    return s;
}

void store_rollback(Store *store) {
    if (store->batch) engine_save_rollback(store->engine);
    else engine_rollback(store->engine);
    end_transaction(store);
}

Status store_batch_begin(Store *store, Error *e) {
    Status s = engine_begin(store->engine, e);
    store->batch = s == STATUS_OK;
    return s;
}

Status store_batch_commit(Store *store, Error *e) {
    store->batch = false;
    return engine_commit(store->engine, e);
}

void store_batch_rollback(Store *store) {
    store->batch = false;
    engine_rollback(store->engine);
}

bool store_batch_stands(Store *store) {
    return store->batch && engine_in_transaction(store->engine);
}

Status store_save(Store *store, Error *e) {
    return engine_save(store->engine, e);
}

void store_save_release(Store *store) {
    engine_save_release(store->engine);
}

void store_save_rollback(Store *store) {
    engine_save_rollback(store->engine);
    /* What was cached since may not be true any more. */
    memset(store->chains, 0, sizeof store->chains);
    memset(store->known, 0, sizeof store->known);
    engine_number(store->engine, &store->last_seq, 0, NULL, "SELECT MAX(seq) FROM journal", 0);
}

void store_set_bulk(Store *store, bool bulk) {
    store->bulk = bulk;
    /* What is made at first use is made before a second thread could be its first. */
    for (int kind = 1; bulk && kind < ENTITY_COUNT; kind++) {
        sql_of(store, entity_of_kind(kind));
    }
    engine_set_bulk(store->engine, bulk);
}

/* --- ids --------------------------------------------------------------------------------------------------------- */

static Status counter_read(Store *store, int site, int epoch, const Entity *entity, int64_t *last, Error *e) {
    return engine_number(store->engine, last, 0, e,
                         "SELECT last FROM counter WHERE site = ?1 AND epoch = ?2 AND entity = ?3", 3, (int64_t)site,
                         (int64_t)epoch, (int64_t)entity->kind);
}

static Status counter_write(Store *store, int site, int epoch, const Entity *entity, int64_t last, Error *e) {
    return engine_do(store->engine, e,
                     "INSERT INTO counter (site, epoch, entity, last) VALUES (?1, ?2, ?3, ?4) "
                     "ON CONFLICT (site, epoch, entity) DO UPDATE SET last = excluded.last",
                     4, (int64_t)site, (int64_t)epoch, (int64_t)entity->kind, last);
}

/* In bulk the counters of the present epochs are kept in memory and written once, with the commit: each one more than was
 * given out last, so that 0 is one that was not read. */
static Status kept_counter(Store *store, int site, const Entity *entity, int64_t **kept, Error *e) {
    int64_t last = 0;
    *kept = &store->counters[entity->kind][site];
    if (**kept) return STATUS_OK;
    Status s = counter_read(store, site, store->epochs[site], entity, &last, e);
    if (s == STATUS_OK) **kept = last + 1;
    return s;
}

static bool is_kept(const Store *store, int site, int epoch) {
    return store->bulk && store->epochs[site] == epoch;
}

static Status mint_id(Store *store, const Entity *entity, int site, int64_t *id, Error *e) {
    int64_t *kept = NULL, last;
    int epoch = store->epochs[site];
    Status s =
        store->bulk ? kept_counter(store, site, entity, &kept, e) : counter_read(store, site, epoch, entity, &last, e);
    if (s != STATUS_OK) return s;
    if (kept) last = *kept - 1;
    if (last >= COUNTER_MAX) return error_set(e, STATUS_FAILED, NULL, _("no more ids for %s"), _(entity->label));
    *id = id_make(site, epoch, last + 1);
    if (!kept) return counter_write(store, site, epoch, entity, last + 1, e);
    *kept = last + 2;
    return STATUS_OK;
}

static Status write_counters(Store *store, Error *e) {
    Status s = STATUS_OK;
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        for (int site = 0; site < SITE_COUNT && s == STATUS_OK; site++) {
            int64_t kept = store->counters[kind][site];
            if (kept > 1) s = counter_write(store, site, store->epochs[site], entity_of_kind(kind), kept - 1, e);
        }
    }
    return s;
}

Status store_claim_id(Store *store, const Entity *entity, int64_t id, Error *e) {
    int64_t last, *kept, counter = id_counter(id);
    int site = id_site(id), epoch = id_epoch(id);
    if (is_kept(store, site, epoch)) {
        Status s = kept_counter(store, site, entity, &kept, e);
        if (s == STATUS_OK && *kept <= counter) *kept = counter + 1;
        return s;
    }
    Status s = counter_read(store, site, epoch, entity, &last, e);
    if (s != STATUS_OK || last >= counter) return s;
    return counter_write(store, site, epoch, entity, counter, e);
}

Status store_had(Store *store, const Entity *entity, unsigned *sites, Error *e) {
    Statement *s = engine_prepare(store->engine, "SELECT DISTINCT site FROM counter WHERE entity = ?1 AND last > 0");
    statement_int(s, 1, entity->kind);
    *sites = 0;
    while (statement_row(s)) {
        *sites |= 1u << statement_get_int(s, 0);
    }
    return statement_end(s, NULL, e);
}

Status store_bulk_exists(Store *store, const Entity *entity, int64_t id, bool *exists, Error *e) {
    int64_t *kept;
    if (entity->letter && is_kept(store, id_site(id), id_epoch(id))) {
        Status s = kept_counter(store, id_site(id), entity, &kept, e);
        *exists = false;
        if (s != STATUS_OK || *kept <= id_counter(id)) return s;
    }
    return store_exists(store, entity, id, exists, e);
}

/* --- references -------------------------------------------------------------------------------------------------- */

Status store_refers(Store *store, const Field *f, int64_t id, Error *e) {
    const Entity *other = entity_of_kind(f->ref);
    size_t slot = (size_t)(id * 31 + f->ref) % KNOWN_REFS;
    bool found;
    if (store->known[slot].entity == f->ref && store->known[slot].id == id) return STATUS_OK;
    Status s = store_exists(store, other, id, &found, e);
    if (s != STATUS_OK) return s;
    if (!found) {
        char code[CODE_SIZE] = "";
        if (other->letter) code_write(other->letter, id, code);
        return error_set(e, STATUS_NOT_FOUND, f->name, _("%s does not exist"), code);
    }
    store->known[slot].entity = f->ref;
    store->known[slot].id = id;
    return STATUS_OK;
}

static Status refs_exist(Store *store, const Record *before, const Record *after, Error *e) {
    Status s = STATUS_OK;
    for (int i = COMMON_COUNT; i < after->entity->field_count && s == STATUS_OK; i++) {
        const Field *f = &after->entity->fields[i];
        const Value *v = &after->values[i];
        if ((f->kind != FIELD_REF && f->kind != FIELD_REFS) || (before && value_equal(&before->values[i], v))) continue;
        /* In bulk, a record may refer to one of its own kind that comes later; the caller looks at the end. */
        if (store->bulk && f->ref == (int)after->entity->kind) continue;
        if (f->kind == FIELD_REF && v->kind == VALUE_NUMBER) s = store_refers(store, f, v->number, e);
        for (uint32_t k = 0; f->kind == FIELD_REFS && k < v->size && s == STATUS_OK; k++) {
            s = store_refers(store, f, v->items[k].key, e);
        }
    }
    return s;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static Status insert_row(Store *store, const Record *r, const Prepared *p, Error *e) {
    const Entity *entity = r->entity;
    Statement *s = engine_prepare(store->engine, sql_of(store, entity)->insert);
    int parameter = 1;
    statement_int(s, parameter++, r->id);
    for (int i = 0; i < entity->field_count; i++) {
        if (field_has_column(&entity->fields[i])) bind_value(s, parameter++, &entity->fields[i], &r->values[i]);
    }
    if (entity_is_searched(entity)) {
        statement_text(s, parameter++, p->sort_key.bytes, p->sort_key.size);
        statement_text(s, parameter++, p->folded.bytes, p->folded.size);
    }
    while (statement_row(s)) {}
    Status status = statement_end(s, NULL, e);
    if (status == STATUS_CONFLICT)
        return error_set(e, STATUS_CONFLICT, "code", _("there is such a record already (%s)"), _(entity->label));
    if (status == STATUS_OK && entity->indexed && store->unindexed != entity)
        status = engine_search_put(store->engine, entity, r->id, NULL, 0, p->folded.bytes, p->folded.size, e);
    return status;
}

static Status conflict(const Record *r, Error *e) {
    char code[CODE_SIZE] = "";
    if (r->entity->letter) code_write(r->entity->letter, r->id, code);
    return error_set(e, STATUS_CONFLICT, NULL, _("%s was changed by someone else meanwhile: read it again"), code);
}

/* Whether the folded text changes; store->was_folded and store->folded then hold both. */
static bool refold(Store *store, const Record *before, const Record *after) {
    if (!entity_is_searched(after->entity)) return false;
    record_fold(before, &store->was_folded, &store->sort_key);
    record_fold(after, &store->folded, &store->sort_key);
    return store->folded.size != store->was_folded.size ||
           memcmp(store->folded.bytes, store->was_folded.bytes, store->folded.size) != 0;
}

static Status update_row(Store *store, const Record *before, const Record *after, Error *e) {
    const Entity *entity = after->entity;
    Buffer *sql = &store->query;
    bool folded = refold(store, before, after);
    int count = 2;
    buffer_clear(sql);
    buffer_format(sql, "UPDATE %s SET ", entity->name);
    for (int i = 0; i < entity->field_count; i++) {
        if (!field_has_column(&entity->fields[i]) || value_equal(&before->values[i], &after->values[i])) continue;
        buffer_format(sql, "%s%s = ?%d", count > 2 ? ", " : "", entity->fields[i].name, count + 1);
        count++;
    }
    if (folded) {
        buffer_format(sql, ", sort_key = ?%d, folded = ?%d", count + 1, count + 2);
    }
    buffer_add_string(sql, " WHERE id = ?1 AND rev = ?2");
    Statement *s = engine_prepare(store->engine, sql->bytes);
    statement_int(s, 1, after->id);
    statement_int(s, 2, before->values[COMMON_REV].number);
    int parameter = 3;
    for (int i = 0; i < entity->field_count; i++) {
        if (!field_has_column(&entity->fields[i]) || value_equal(&before->values[i], &after->values[i])) continue;
        bind_value(s, parameter++, &entity->fields[i], &after->values[i]);
    }
    if (folded) {
        statement_text(s, parameter++, store->sort_key.bytes, store->sort_key.size);
        statement_text(s, parameter++, store->folded.bytes, store->folded.size);
    }
    while (statement_row(s)) {}
    int64_t changed = 0;
    Status status = statement_end(s, &changed, e);
    if (status == STATUS_OK && !changed) return conflict(after, e);
    if (status == STATUS_OK && folded && entity->indexed && store->unindexed != entity)
        status = engine_search_put(store->engine, entity, after->id, store->was_folded.bytes, store->was_folded.size,
                                   store->folded.bytes, store->folded.size, e);
    return status;
}

static Status delete_row(Store *store, const Record *r, Error *e) {
    char sql[96];
    assert(r);
    snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id = ?1 AND rev = ?2", r->entity->name);
    Statement *s = engine_prepare(store->engine, sql);
    statement_int(s, 1, r->id);
    statement_int(s, 2, r->values[COMMON_REV].number);
    while (statement_row(s)) {}
    int64_t changed = 0;
    Status status = statement_end(s, &changed, e);
    if (status == STATUS_CONFLICT) return error_set(e, STATUS_CONFLICT, NULL, _("other records refer to it: it stays"));
    if (status != STATUS_OK) return status;
    if (!changed) return conflict(r, e);
    if (!r->entity->indexed) return STATUS_OK;
    record_fold(r, &store->folded, &store->sort_key);
    return engine_search_put(store->engine, r->entity, r->id, store->folded.bytes, store->folded.size, NULL, 0, e);
}

/* --- the write --------------------------------------------------------------------------------------------------- */

static Status check_owner(Store *store, const Record *r, Error *e) {
    int site = record_site(r);
    if (store_is_home(store, site)) return STATUS_OK;
    const char *code = site_code(site);
    return error_set(e, STATUS_DENIED, "site", _("it belongs to %s, and this store is not home to %s"),
                     code ? code : "?", code ? code : "?");
}

static void stamp(Store *store, const Record *before, Record *after) {
    Value now = value_text(store->at, INSTANT_SIZE - 1);
    Value who = value_text(store->act->actor, strlen(store->act->actor));
    if (before) {
        after->values[COMMON_CREATED_AT] = before->values[COMMON_CREATED_AT];
        after->values[COMMON_CREATED_BY] = before->values[COMMON_CREATED_BY];
        after->values[COMMON_REV] = value_number(before->values[COMMON_REV].number + 1);
    } else if (!after->values[COMMON_CREATED_AT].size) {
        after->values[COMMON_CREATED_AT] = now;
        after->values[COMMON_CREATED_BY] = who;
    }
    after->values[COMMON_UPDATED_AT] = now;
    after->values[COMMON_UPDATED_BY] = who;
}

static Status write_new(Store *store, Record *after, Prepared *p, Error *e) {
    Status s = STATUS_OK;
    if (!after->id) s = mint_id(store, after->entity, record_site(after), &after->id, e);
    else s = store_claim_id(store, after->entity, after->id, e);
    if (s != STATUS_OK) return s;
    if (entity_is_searched(after->entity)) record_fold_code(after, &p->folded);
    return insert_row(store, after, p, e);
}

void prepared_free(Prepared *p) {
    buffer_free(&p->folded);
    buffer_free(&p->sort_key);
    buffer_free(&p->body);
}

Status store_prepare(Store *store, Arena *arena, Record *after, Prepared *p, Error *e) {
    if (after->entity->derive) after->entity->derive(arena, after);
    Status s = record_check(after, e);
    if (s != STATUS_OK) return s;
    if (!value_number_or(&after->values[COMMON_REV], 0)) after->values[COMMON_REV] = value_number(1);
    stamp(store, NULL, after);
    if (entity_is_searched(after->entity)) record_fold_fields(after, &p->folded, &p->sort_key);
    journal_prepare(store, NULL, after, p);
    return STATUS_OK;
}

static Status write_prepared(Store *store, Record *after, Prepared *p, const char *verb, Error *e) {
    Status s = check_owner(store, after, e);
    if (s == STATUS_OK) s = refs_exist(store, NULL, after, e);
    if (s == STATUS_OK) s = write_new(store, after, p, e);
    if (s == STATUS_OK) s = record_write_lists(store, NULL, after, e);
    if (s == STATUS_OK) s = guard_write(store, NULL, after, e);
    return s == STATUS_OK ? journal_append(store, NULL, after, p, verb, e) : s;
}

Status store_write_prepared(Store *store, Record *after, Prepared *p, const char *verb, Error *e) {
    if (store->bulk) arena_reset(&store->arena);
    return write_prepared(store, after, p, verb, e);
}

static Status change(Store *store, const Record *before, Record *after, Error *e) {
    Status s = check_owner(store, after, e);
    if (s != STATUS_OK) return s;
    if (after->entity->derive) after->entity->derive(&store->arena, after);
    s = record_check(after, e);
    if (s == STATUS_OK) s = refs_exist(store, before, after, e);
    if (s != STATUS_OK) return s;
    stamp(store, before, after);
    s = update_row(store, before, after, e);
    return s == STATUS_OK ? record_write_lists(store, before, after, e) : s;
}

Status store_write(Store *store, const Record *before, Record *after, const char *verb, Error *e) {
    Status s;
    if (store->bulk) arena_reset(&store->arena);
    if (!before) {
        s = check_owner(store, after, e);
        if (s == STATUS_OK) s = store_prepare(store, &store->arena, after, &store->prepared, e);
        return s == STATUS_OK ? write_prepared(store, after, &store->prepared, verb, e) : s;
    }
    s = check_owner(store, before, e);
    if (s == STATUS_OK && after) s = change(store, before, after, e);
    else if (s == STATUS_OK) {
        s = record_write_lists(store, before, NULL, e);
        if (s == STATUS_OK) s = delete_row(store, before, e);
    }
    if (s == STATUS_OK) s = guard_write(store, before, after, e);
    if (s != STATUS_OK) return s;
    journal_prepare(store, before, after, &store->prepared);
    return journal_append(store, before, after, &store->prepared, verb, e);
}
