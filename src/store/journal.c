/* The journal: appending entries to a site's chain, and reading them. */
#include "store/journal.h"

#include "base/date.h"
#include "base/intl.h"
#include "store/internal.h"
#include "store/journal_body.h"
#include "store/journal_chain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- hashing ------------------------------------------------------------------------------------------------------ */

static void add_line(Buffer *b, const char *text) {
    buffer_add_string(b, text);
    buffer_add_char(b, '\n');
}

static void add_number_line(Buffer *b, int64_t number) {
    buffer_add_number(b, number);
    buffer_add_char(b, '\n');
}

void chain_header(Buffer *b, const ChainHeader *h) {
    const char *site = site_code(h->site);
    buffer_clear(b);
    add_line(b, "jazari-journal-1");
    add_line(b, site ? site : "?");
    add_number_line(b, h->epoch);
    add_number_line(b, h->number);
    add_line(b, h->at);
    add_line(b, h->actor);
    add_line(b, h->op);
    add_line(b, h->entity->name);
    add_number_line(b, h->id);
    add_line(b, h->verb);
    add_number_line(b, h->rev);
    add_number_line(b, h->schema);
}

void chain_body_hash(const void *salt, size_t salt_size, const char *body, size_t size,
                     unsigned char out[JOURNAL_HASH_SIZE]) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, salt, salt_size);
    crypto_hash_sha256_update(&state, (const unsigned char *)body, size);
    crypto_hash_sha256_final(&state, out);
}

void chain_hash(const unsigned char previous[JOURNAL_HASH_SIZE], const Buffer *header,
                const unsigned char body[JOURNAL_HASH_SIZE], unsigned char out[JOURNAL_HASH_SIZE]) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, previous, JOURNAL_HASH_SIZE);
    crypto_hash_sha256_update(&state, (const unsigned char *)header->bytes, header->size);
    crypto_hash_sha256_update(&state, body, JOURNAL_HASH_SIZE);
    crypto_hash_sha256_final(&state, out);
}

/* --- appending ---------------------------------------------------------------------------------------------------- */

static Status find_chain(Store *store, int site, Chain **out, Error *e) {
    Chain *chain = *out = &store->chains[site];
    if (chain->known) return STATUS_OK;
    *chain = (Chain){.known = true};
    Statement *s = engine_prepare(store->engine, "SELECT number, hash FROM journal WHERE site = ?1 AND epoch = ?2 "
                                                 "ORDER BY number DESC LIMIT 1");
    statement_int(s, 1, site);
    statement_int(s, 2, store->epochs[site]);
    if (statement_row(s)) {
        size_t size;
        chain->number = statement_get_int(s, 0);
        const void *hash = statement_get_blob(s, 1, &size);
        if (size == JOURNAL_HASH_SIZE) memcpy(chain->hash, hash, size);
    }
    Status status = statement_end(s, NULL, e);
    chain->known = status == STATUS_OK;
    return status;
}

static Status insert_entry(Store *store, const ChainHeader *h, const unsigned char *salt, const Buffer *body,
                           const unsigned char *hash, Error *e) {
    Statement *s = engine_prepare(
        store->engine, "INSERT INTO journal (seq, site, epoch, number, at, actor, op, entity, id, verb, rev, "
                       "schema, salt, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                       "?13, ?14, ?15)");
    statement_int(s, 1, ++store->last_seq);
    statement_int(s, 2, h->site);
    statement_int(s, 3, h->epoch);
    statement_int(s, 4, h->number);
    statement_text(s, 5, h->at, strlen(h->at));
    statement_text(s, 6, h->actor, strlen(h->actor));
    statement_text(s, 7, h->op, strlen(h->op));
    statement_int(s, 8, h->entity->kind);
    statement_int(s, 9, h->id);
    statement_text(s, 10, h->verb, strlen(h->verb));
    statement_int(s, 11, h->rev);
    statement_int(s, 12, h->schema);
    statement_blob(s, 13, salt, JOURNAL_SALT_SIZE);
    statement_text(s, 14, body->bytes, body->size);
    statement_blob(s, 15, hash, JOURNAL_HASH_SIZE);
    while (statement_row(s)) {}
    return statement_end(s, NULL, e);
}

void journal_prepare(Store *store, const Record *before, const Record *after, Prepared *p) {
    store_random(store, p->salt, sizeof p->salt);
    buffer_clear(&p->body);
    journal_body_write(&p->body, store, before, after, store->target);
    chain_body_hash(p->salt, sizeof p->salt, p->body.bytes, p->body.size, p->body_hash);
}

Status journal_append(Store *store, const Record *before, const Record *after, const Prepared *p, const char *verb,
                      Error *e) {
    const Record *any = after ? after : before;
    assert(any);
    int site = record_site(before ? before : after);
    Chain *chain;
    Status s = find_chain(store, site, &chain, e);
    if (s != STATUS_OK) return s;
    int64_t rev = after ? after->values[COMMON_REV].number : before->values[COMMON_REV].number + 1;
    ChainHeader header = {.site = site,
                          .epoch = store->epochs[site],
                          .number = chain->number + 1,
                          .at = store->at,
                          .actor = store->act->actor,
                          .op = store->act->op,
                          .entity = any->entity,
                          .id = any->id,
                          .verb = verb,
                          .rev = rev,
                          .schema = store_schema_version()};
    unsigned char hash[JOURNAL_HASH_SIZE];
    chain_header(&store->query, &header);
    chain_hash(chain->hash, &store->query, p->body_hash, hash);
    s = insert_entry(store, &header, p->salt, &p->body, hash, e);
    if (s != STATUS_OK) return s;
    chain->number++;
    memcpy(chain->hash, hash, sizeof hash);
    return STATUS_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

#define ENTRY_COLUMNS "seq, site, epoch, number, at, actor, op, entity, id, verb, rev, body, body_hash IS NOT NULL"

static const char *text_of(Statement *s, int column, Arena *arena) {
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return arena_copy(arena, text, size);
}

static Status read_entry(Statement *s, Arena *arena, JournalEntry *entry, Error *e) {
    size_t size;
    *entry = (JournalEntry){
        .seq = statement_get_int(s, 0),
        .site = (int)statement_get_int(s, 1),
        .epoch = (int)statement_get_int(s, 2),
        .number = statement_get_int(s, 3),
        .at = text_of(s, 4, arena),
        .actor = text_of(s, 5, arena),
        .op = text_of(s, 6, arena),
        .entity = entity_of_kind((int)statement_get_int(s, 7)),
        .id = statement_get_int(s, 8),
        .verb = text_of(s, 9, arena),
        .rev = statement_get_int(s, 10),
        .undoes = "",
        .erased = statement_get_int(s, 12) != 0,
    };
    if (!entry->entity)
        return error_set(e, STATUS_FAILED, NULL, _("journal entry %lld is of an unknown kind"), (long long)entry->seq);
    if (entry->erased) return STATUS_OK;
    const char *body = statement_get_text(s, 11, &size);
    return journal_body_read(arena, body, size, entry, e);
}

/* Ends s, having read its rows. */
static Status read_entries(Statement *s, Arena *arena, JournalEntry **out, int *count, Error *e) {
    JournalEntry *entries = NULL;
    int room = 0;
    Status status = STATUS_OK;
    *count = 0;
    while (status == STATUS_OK && statement_row(s)) {
        if (*count == room) {
            JournalEntry *more = arena_array(arena, (size_t)(room = room ? room * 2 : 16), sizeof *more);
            if (*count) memcpy(more, entries, (size_t)*count * sizeof *more);
            entries = more;
        }
        status = read_entry(s, arena, &entries[(*count)++], e);
    }
    Status ended = statement_end(s, NULL, status == STATUS_OK ? e : NULL);
    *out = entries;
    return status == STATUS_OK ? ended : status;
}

Status journal_read(Store *store, Arena *arena, const JournalQuery *q, JournalEntry **out, int *count, Error *e) {
    Buffer *sql = &store->query;
    buffer_clear(sql);
    buffer_add_string(sql, "SELECT " ENTRY_COLUMNS " FROM journal WHERE seq < ?1");
    if (q->entity) buffer_add_string(sql, " AND entity = ?2 AND id = ?3");
    if (q->site >= 0) buffer_add_string(sql, " AND site = ?4");
    buffer_add_string(sql, " ORDER BY seq DESC LIMIT ?5");
    Statement *s = engine_prepare(store->engine, sql->bytes);
    statement_int(s, 1, q->before ? q->before : INT64_MAX);
    if (q->entity) {
        statement_int(s, 2, q->entity->kind);
        statement_int(s, 3, q->id);
    }
    if (q->site >= 0) statement_int(s, 4, q->site);
    statement_int(s, 5, q->limit);
    return read_entries(s, arena, out, count, e);
}

Status journal_operation(Store *store, Arena *arena, const char *op, JournalEntry **out, int *count, Error *e) {
    JournalSpan span;
    *out = NULL;
    *count = 0;
    Status s = journal_span(store, op, &span, e);
    return s == STATUS_OK ? journal_span_read(store, arena, span, out, count, e) : s;
}

Status journal_span(Store *store, const char *op, JournalSpan *out, Error *e) {
    Statement *s = engine_prepare(store->engine, "SELECT first, last FROM operation WHERE op = ?1");
    statement_text(s, 1, op, strlen(op));
    *out = (JournalSpan){1, 0};
    if (statement_row(s)) *out = (JournalSpan){statement_get_int(s, 0), statement_get_int(s, 1)};
    return statement_end(s, NULL, e);
}

Status journal_span_read(Store *store, Arena *arena, JournalSpan span, JournalEntry **out, int *count, Error *e) {
    Statement *s =
        engine_prepare(store->engine, "SELECT " ENTRY_COLUMNS " FROM journal WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq");
    statement_int(s, 1, span.first);
    statement_int(s, 2, span.last);
    return read_entries(s, arena, out, count, e);
}

enum { PART = 256 };

bool journal_span_first(JournalSpan *span, JournalSpan *part) {
    *part = *span;
    if (part->last - part->first >= PART) part->last = part->first + PART - 1;
    span->first = part->last + 1;
    return part->first <= part->last;
}

bool journal_span_last(JournalSpan *span, JournalSpan *part) {
    *part = *span;
    if (part->last - part->first >= PART) part->first = part->last - PART + 1;
    span->last = part->first - 1;
    return part->first <= part->last;
}

Status journal_newest(Store *store, Arena *arena, const Entity *entity, int64_t id, JournalEntry **out, Error *e) {
    int count;
    JournalQuery q = {.entity = entity, .id = id, .site = -1, .limit = 1};
    Status s = journal_read(store, arena, &q, out, &count, e);
    if (s == STATUS_OK && !count) *out = NULL;
    return s;
}
