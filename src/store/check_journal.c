/* What check finds in the journal, and in what can be read from it. */
#include "store/check_parts.h"

#include "base/intl.h"
#include "base/json.h"
#include "store/journal.h"
#include "store/journal_chain.h"
#include "store/journal_head.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct Link {
    int site, epoch;
    int64_t number, seq;
    unsigned char hash[JOURNAL_HASH_SIZE];
} Link;

static const char *text_at(Statement *s, int column) {
    size_t size;
    return statement_get_text(s, column, &size);
}

/* Whether the header's columns hold just what is read from them: SQLite would keep a fraction, a number that no int
 * holds, or text behind a NUL, and none of them would show in the hash. */
static bool reads_exactly(Statement *s) {
    static const char kinds[] = "iintttintni"; /* by column: int, number, text */
    for (int column = 0; column < 11; column++) {
        char number[24];
        size_t size;
        const char *text = statement_get_text(s, column, &size);
        int64_t n = statement_get_int(s, column);
        snprintf(number, sizeof number, "%lld", (long long)n);
        if (kinds[column] == 't' ? strlen(text) != size : strcmp(text, number) != 0) return false;
        if (kinds[column] == 'i' && (n < 0 || n > INT_MAX)) return false;
    }
    return true;
}

/* Proves one entry's hash from the one before it, and leaves it in link. */
static void check_link(Check *c, Statement *s, Link *link, Buffer *header) {
    ChainHeader h = {.site = (int)statement_get_int(s, 0),
                     .epoch = (int)statement_get_int(s, 1),
                     .number = statement_get_int(s, 2),
                     .at = text_at(s, 3),
                     .actor = text_at(s, 4),
                     .op = text_at(s, 5),
                     .entity = entity_of_kind((int)statement_get_int(s, 6)),
                     .id = statement_get_int(s, 7),
                     .verb = text_at(s, 8),
                     .rev = statement_get_int(s, 9),
                     .schema = (int)statement_get_int(s, 10)};
    const char *site = site_code(h.site) ? site_code(h.site) : "?";
    if (h.site != link->site || h.epoch != link->epoch) *link = (Link){.site = h.site, .epoch = h.epoch};
    if (statement_get_int(s, 15) <= link->seq)
        check_fault(c, _("journal of %s: entry %lld arrived before the one it follows"), site, (long long)h.number);
    if (h.number != link->number + 1)
        check_fault(c, _("journal of %s: entry %lld follows %lld: entries are missing"), site, (long long)h.number,
                    (long long)link->number);
    size_t salt_size, body_size, erased_size, hash_size;
    const void *salt = statement_get_blob(s, 11, &salt_size);
    const char *body = statement_get_text(s, 12, &body_size);
    const void *erased = statement_get_blob(s, 13, &erased_size), *hash = statement_get_blob(s, 14, &hash_size);
    unsigned char body_hash[JOURNAL_HASH_SIZE], expected[JOURNAL_HASH_SIZE];
    if (erased_size == JOURNAL_HASH_SIZE) memcpy(body_hash, erased, erased_size);
    else chain_body_hash(salt ? salt : "", salt_size, body, body_size, body_hash);
    if (h.entity) {
        chain_header(header, &h);
        chain_hash(link->hash, header, body_hash, expected);
    }
    /* An erased body leaves its hash and nothing else. */
    if (!statement_get_null(s, 13) && (erased_size != JOURNAL_HASH_SIZE || body_size))
        memset(expected, 0, sizeof expected);
    if (!h.entity || !reads_exactly(s) || hash_size != JOURNAL_HASH_SIZE || memcmp(hash, expected, hash_size) != 0)
        check_fault(c, _("journal of %s, entry %lld (%s, %s): its hash is wrong: it, or one before it, was altered"),
                    site, (long long)h.number, h.at, h.actor);
    link->number = h.number;
    link->seq = statement_get_int(s, 15);
    if (hash_size == JOURNAL_HASH_SIZE) memcpy(link->hash, hash, hash_size);
}

static Status check_chains(Check *c) {
    Link link = {.site = -1};
    Buffer header = {0};
    Statement *s = engine_prepare(
        c->store->engine, "SELECT site, epoch, number, at, actor, op, entity, id, verb, rev, schema, salt, body, "
                          "body_hash, hash, seq FROM journal ORDER BY site, epoch, number");
    while (statement_row(s)) {
        check_link(c, s, &link, &header);
        check_step(c);
    }
    buffer_free(&header);
    return statement_end(s, NULL, c->error);
}

/* Each operation's entries are its own, and every entry belongs to one. */
static Status check_operations(Check *c) {
    Statement *s = engine_prepare(
        c->store->engine, "SELECT o.op FROM operation o WHERE o.last < o.first OR (SELECT COUNT(*) FROM journal j "
                          "WHERE j.seq BETWEEN o.first AND o.last AND j.op = o.op) <> o.last - o.first + 1 LIMIT 20");
    while (statement_row(s)) {
        check_fault(c, _("operation %s does not agree with the journal"), text_at(s, 0));
    }
    Status status = statement_end(s, NULL, c->error);
    int64_t entries = 0, listed = 0;
    if (status == STATUS_OK)
        status = engine_number(c->store->engine, &entries, 0, c->error, "SELECT COUNT(*) FROM journal", 0);
    if (status == STATUS_OK)
        status =
            engine_number(c->store->engine, &listed, 0, c->error, "SELECT SUM(last - first + 1) FROM operation", 0);
    if (status == STATUS_OK && entries != listed)
        check_fault(c, _("the journal has %lld entries and the operations name %lld"), (long long)entries,
                    (long long)listed);
    return status;
}

/* What an operation's entries say of it: whose it is, and what it took back. */
static void check_operation(Check *c, Statement *s) {
    enum { OP, ACTOR, KIND, TARGET, UNDONE, ENTRY_ACTOR, VERB, BODY, LAST_KIND };
    const char *op = text_at(s, OP), *actor = text_at(s, ACTOR), *by = text_at(s, ENTRY_ACTOR),
               *verb = text_at(s, VERB);
    int64_t kind = statement_get_int(s, KIND), said = !strcmp(verb, "undo") ? UNDO : !strcmp(verb, "redo") ? REDO : 1;
    size_t size;
    const char *body = statement_get_text(s, BODY, &size);
    Buffer undoes = {0};
    if (said != 1) {
        buffer_add_string(&undoes, "\"undoes\":");
        json_write_string(&undoes, text_at(s, TARGET), strlen(text_at(s, TARGET)));
    }
    if (strcspn(by, "@") != strlen(actor) || strncmp(by, actor, strlen(actor)) != 0)
        check_fault(c, _("operation %s: it counts as %s's, and the journal says %s"), op, actor, by);
    if (kind != said || (said == 1 && *text_at(s, TARGET)) || (said != 1 && size && !strstr(body, undoes.bytes)))
        check_fault(c, _("operation %s: what it took back or brought back is not what the journal says"), op);
    if (statement_get_int(s, UNDONE) != (said == 1 && statement_get_int(s, LAST_KIND) == UNDO))
        check_fault(c, _("operation %s: whether it was undone is not what the journal says"), op);
    buffer_free(&undoes);
}

static Status check_undoing(Check *c) {
    Statement *s = engine_prepare(
        c->store->engine,
        "SELECT o.op, o.actor, o.kind, o.target, o.undone, j.actor, j.verb, j.body, "
        "(SELECT u.kind FROM operation u WHERE u.target = o.op AND u.target <> '' ORDER BY u.first DESC LIMIT 1) "
        "FROM operation o JOIN journal j ON j.seq = o.first");
    while (statement_row(s)) {
        check_operation(c, s);
    }
    return statement_end(s, NULL, c->error);
}

/* No id beyond what was given out last: the next one would be one that is there. */
static Status check_counters(Check *c) {
    Statement *s = engine_prepare(
        c->store->engine, "SELECT j.entity, j.id / ?1, MAX(j.id % ?1) FROM journal j GROUP BY j.entity, j.id / ?1 "
                          "HAVING MAX(j.id % ?1) > COALESCE((SELECT k.last FROM counter k WHERE k.entity = j.entity "
                          "AND k.site = (j.id / ?1) / ?2 AND k.epoch = (j.id / ?1) % ?2), 0)");
    statement_int(s, 1, COUNTER_MAX + 1);
    statement_int(s, 2, EPOCH_MAX + 1);
    while (statement_row(s)) {
        const Entity *entity = entity_of_kind((int)statement_get_int(s, 0));
        int64_t place = statement_get_int(s, 1), last = statement_get_int(s, 2);
        if (entity && !entity->reference)
            check_fault(c, _("%s: it was given out, and the counter of its kind says that it was not"),
                        check_code(c, entity, place * (COUNTER_MAX + 1) + last));
    }
    return statement_end(s, NULL, c->error);
}

/* What was kept elsewhere is still in its chain. */
static Status check_heads(Check *c) {
    Status s = STATUS_OK;
    for (const char *at = c->options->heads; at && *at && s == STATUS_OK; at += *at == ',') {
        size_t n = strcspn(at, ",");
        JournalHead head;
        bool holds = false;
        if (!journal_head_read(at, n, &head))
            return error_set(c->error, STATUS_USAGE, "--head", _("\"%.*s\" is not what \"jazari journal head\" prints"),
                             n > 90 ? 90 : (int)n, at);
        s = journal_head_holds(c->store, &head, &holds, c->error);
        if (s == STATUS_OK && !holds)
            check_fault(
                c,
                _("the journal of %s was cut off or written anew: entry %lld of epoch %d is not the one that was kept"),
                site_code(head.site), (long long)head.number, head.epoch);
        at += n;
    }
    return s;
}

Status check_journal(Check *c) {
    Status s = check_chains(c);
    if (s == STATUS_OK) s = check_heads(c);
    if (s == STATUS_OK) s = check_operations(c);
    if (s == STATUS_OK) s = check_undoing(c);
    if (s == STATUS_OK) s = check_counters(c);
    return s;
}
