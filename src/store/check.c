/* The proof that a store is whole. */
#include "store/check.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "store/guard.h"
#include "store/internal.h"
#include "store/journal.h"
#include "store/journal_body.h"
#include "store/journal_chain.h"
#include "store/journal_head.h"
#include "store/seed.h"
#include "store/trouble.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FAULTS_SHOWN = 100, PROGRESS_EVERY = 2000 };

typedef struct Check {
    Store *store;
    const CheckOptions *options;
    Error *error;
    Arena arena;     /* of the row at hand */
    Arena reference; /* the reference records, by entity and id */
    const Record *sites[SITE_COUNT];
    const Record *provinces[128];
    int64_t faults, done, total;
} Check;

static void fault(Check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(Check *c, const char *format, ...) {
    char text[700];
    va_list ap;
    if (c->faults++ >= FAULTS_SHOWN || !c->options->fault) return;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    c->options->fault(c->options->context, text);
}

static void step(Check *c) {
    if (++c->done % PROGRESS_EVERY == 0 && c->options->progress)
        c->options->progress(c->options->context, c->done, c->total);
}

static const char *code_of(Check *c, const Entity *entity, int64_t id) {
    char code[64] = "";
    const CodeBook *book = store_codes(c->store);
    if (entity->letter) code_write(entity->letter, id, code);
    else if (!book->code_of(book->self, (int)entity->kind, id, code, sizeof code))
        snprintf(code, sizeof code, "%lld", (long long)id);
    return entity->letter ? arena_string(&c->arena, code) : arena_format(&c->arena, "%s %s", entity->name, code);
}

/* --- the journal's chains ----------------------------------------------------------------------------------------- */

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
        fault(c, _("journal of %s: entry %lld arrived before the one it follows"), site, (long long)h.number);
    if (h.number != link->number + 1)
        fault(c, _("journal of %s: entry %lld follows %lld: entries are missing"), site, (long long)h.number,
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
        fault(c, _("journal of %s, entry %lld (%s, %s): its hash is wrong: it, or one before it, was altered"), site,
              (long long)h.number, h.at, h.actor);
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
        step(c);
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
        fault(c, _("operation %s does not agree with the journal"), text_at(s, 0));
    }
    Status status = statement_end(s, NULL, c->error);
    int64_t entries = 0, listed = 0;
    if (status == STATUS_OK)
        status = engine_number(c->store->engine, &entries, 0, c->error, "SELECT COUNT(*) FROM journal", 0);
    if (status == STATUS_OK)
        status =
            engine_number(c->store->engine, &listed, 0, c->error, "SELECT SUM(last - first + 1) FROM operation", 0);
    if (status == STATUS_OK && entries != listed)
        fault(c, _("the journal has %lld entries and the operations name %lld"), (long long)entries, (long long)listed);
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
        fault(c, _("operation %s: it counts as %s's, and the journal says %s"), op, actor, by);
    if (kind != said || (said == 1 && *text_at(s, TARGET)) || (said != 1 && size && !strstr(body, undoes.bytes)))
        fault(c, _("operation %s: what it took back or brought back is not what the journal says"), op);
    if (statement_get_int(s, UNDONE) != (said == 1 && statement_get_int(s, LAST_KIND) == UNDO))
        fault(c, _("operation %s: whether it was undone is not what the journal says"), op);
    buffer_free(&undoes);
}

static Status check_undoing(Check *c) {
    Statement *s = engine_prepare(
        c->store->engine,
        "SELECT o.op, o.actor, o.kind, o.target, o.undone, j.actor, j.verb, j.body, (SELECT u.kind FROM operation u "
        "WHERE "
        "u.target = o.op AND u.target <> '' ORDER BY u.first DESC LIMIT 1) FROM operation o JOIN journal j ON j.seq = "
        "o.first");
    while (statement_row(s)) {
        check_operation(c, s);
    }
    return statement_end(s, NULL, c->error);
}

/* No id beyond what was given out last: the next one would be one that is there. */
static Status check_counters(Check *c) {
    Statement *s = engine_prepare(
        c->store->engine,
        "SELECT j.entity, j.id / ?1, MAX(j.id % ?1) FROM journal j GROUP BY j.entity, j.id / ?1 HAVING MAX(j.id % ?1) "
        "> "
        "COALESCE((SELECT k.last FROM counter k WHERE k.entity = j.entity AND k.site = (j.id / ?1) / ?2 AND k.epoch = "
        "(j.id / ?1) % ?2), 0)");
    statement_int(s, 1, COUNTER_MAX + 1);
    statement_int(s, 2, EPOCH_MAX + 1);
    while (statement_row(s)) {
        const Entity *entity = entity_of_kind((int)statement_get_int(s, 0));
        int64_t place = statement_get_int(s, 1), last = statement_get_int(s, 2);
        if (entity && !entity->reference)
            fault(c, _("%s: it was given out, and the counter of its kind says that it was not"),
                  code_of(c, entity, place * (COUNTER_MAX + 1) + last));
    }
    return statement_end(s, NULL, c->error);
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
        fault(c, _("%s: %s is %.150s and %s says %.150s"), code_of(c, row->entity, row->id),
              row->entity->fields[field].name, is.bytes, by, was.bytes);
        buffer_free(&is);
        buffer_free(&was);
    }
}

static void check_against_reference(Check *c, const Record *row) {
    const Record *said = NULL;
    if (row->entity == &entity_site && row->id >= 0 && row->id < SITE_COUNT) said = c->sites[row->id];
    if (row->entity == &entity_province && row->id >= 0 && row->id < 128) said = c->provinces[row->id];
    if (said) compare_records(c, row, said, _("the reference data"));
    else fault(c, _("%s: no journal entry made it"), code_of(c, row->entity, row->id));
}

static void check_against_entry(Check *c, const Record *row, const JournalEntry *entry) {
    if (!entry->after && !entry->erased) {
        fault(c, _("%s: the journal says it was deleted"), code_of(c, row->entity, row->id));
        return;
    }
    if (entry->after) compare_records(c, row, entry->after, _("the journal"));
    if (row->values[COMMON_REV].number != entry->rev)
        fault(c, _("%s: rev is %lld and the journal says %lld"), code_of(c, row->entity, row->id),
              (long long)row->values[COMMON_REV].number, (long long)entry->rev);
    if (strcmp(value_string(&row->values[COMMON_UPDATED_AT]), entry->at) != 0 ||
        strcmp(value_string(&row->values[COMMON_UPDATED_BY]), entry->actor) != 0)
        fault(c, _("%s: who changed it last, and when, is not what the journal says"),
              code_of(c, row->entity, row->id));
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
        if (!same) fault(c, _("%s: what search compares is not its text"), code_of(c, row->entity, row->id));
    }
    if (row->entity->indexed && !engine_search_has(c->store->engine, row->entity, row->id, c->store->folded.bytes,
                                                   c->store->folded.size, &c->store->text))
        fault(c, _("%s: the search index does not have it"), code_of(c, row->entity, row->id));
    return statement_end(s, NULL, c->error);
}

static Status check_row(Check *c, const Entity *entity, int64_t id) {
    Record *row;
    JournalEntry *entry;
    Error problem = {0};
    Status s = store_read(c->store, &c->arena, entity, id, FIELDS_ALL, &row, c->error);
    /* Listed and yet not found by its id: the table's tree is out of order. */
    if (s == STATUS_NOT_FOUND) {
        fault(c, _("%s: the store lists it and cannot find it"), code_of(c, entity, id));
        return STATUS_OK;
    }
    if (s != STATUS_OK) return s;
    s = journal_newest(c->store, &c->arena, entity, id, &entry, &problem);
    if (s != STATUS_OK) {
        fault(c, "%s: %s", code_of(c, entity, id), problem.why);
        return STATUS_OK;
    }
    if (entry) check_against_entry(c, row, entry);
    else check_against_reference(c, row);
    if (record_check(row, &problem) != STATUS_OK)
        fault(c, "%s: %s: %s", code_of(c, entity, id), problem.field, problem.why);
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
            step(c);
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
            Error problem;
            if (journal_newest(c->store, &c->arena, entity, ids[i], &entry, &problem) == STATUS_OK && entry &&
                entry->after)
                fault(c, _("%s is missing: the journal has it"), code_of(c, entity, ids[i]));
            arena_reset(&c->arena);
            last = ids[i];
        }
    }
    return s;
}

/* The institutes and provinces that every store begins with are never deleted. */
static Status check_reference(Check *c) {
    Status s = STATUS_OK;
    for (int i = 0; i < SITE_COUNT + 128 && s == STATUS_OK; i++) {
        const Record *said = i < SITE_COUNT ? c->sites[i] : c->provinces[i - SITE_COUNT];
        Record *row;
        if (said) s = store_read(c->store, &c->arena, said->entity, said->id, 0, &row, c->error);
        if (s != STATUS_NOT_FOUND) continue;
        fault(c, _("%s is missing: the reference data has it"), code_of(c, said->entity, said->id));
        s = STATUS_OK;
    }
    return s;
}

/* --- rules over many records -------------------------------------------------------------------------------------- */

static Status check_rules(Check *c) {
    Buffer sql = {0}, message = {0};
    Status s = STATUS_OK;
    for (const GuardRule *rule = guard_rules; rule->sql && s == STATUS_OK; rule++) {
        buffer_clear(&sql);
        guard_sql(&sql, rule, "1 = 1");
        Statement *row = engine_prepare(c->store->engine, sql.bytes);
        while (statement_row(row)) {
            buffer_clear(&message);
            guard_message(&message, rule, row);
            fault(c, "%s", message.bytes);
        }
        s = statement_end(row, NULL, c->error);
    }
    buffer_free(&sql);
    buffer_free(&message);
    return s;
}

/* A side's loans by kind, week, lender and borrower, in that order, proposals included: the lenders' side counted from
 * their offers, the borrowers' from their requests, each knowing the other region only by what the allocation says. An
 * access counts in the week it opens in. */
#define LENDERS   "FROM offer o JOIN allocation a ON a.offer = o.id "
#define BORROWERS "FROM request r JOIN allocation a ON a.request = r.id "
#define LENT      "WHERE a.state <> 5 AND a.borrower <> o.site AND o.kind "
#define BORROWED  "WHERE a.state <> 5 AND a.site <> r.site AND r.kind "
#define WEEKS     "JOIN allocation_bookings b ON b.record = a.id "
#define ACCESS    "IN (7, 8) AND a.first <> '' "
static const char lenders_side[] =
    "SELECT o.kind, b.item, o.site, a.borrower, SUM(b.quantity) " LENDERS WEEKS LENT "NOT IN (7, 8) "
    "GROUP BY o.kind, b.item, o.site, a.borrower UNION ALL "
    "SELECT o.kind, a.first, o.site, a.borrower, 1000 * COUNT(*) " LENDERS LENT ACCESS
    "GROUP BY o.kind, a.first, o.site, a.borrower ORDER BY 1, 2, 3, 4";
static const char borrowers_side[] =
    "SELECT r.kind, b.item, a.site, r.site, SUM(b.quantity) " BORROWERS WEEKS BORROWED "NOT IN (7, 8) "
    "GROUP BY r.kind, b.item, a.site, r.site UNION ALL "
    "SELECT r.kind, a.first, a.site, r.site, 1000 * COUNT(*) " BORROWERS BORROWED ACCESS
    "GROUP BY r.kind, a.first, a.site, r.site ORDER BY 1, 2, 3, 4";
_Static_assert(ALLOCATION_DECLINED == 5 && KIND_DATASET == 7 && KIND_MODEL == 8, "numbers in the SQL above");

typedef struct Loan {
    int64_t kind, lender, borrower, quantity;
    char week[16];
    bool there;
} Loan;

static Loan next_loan(Statement *s) {
    Loan l = {.there = statement_row(s)};
    if (!l.there) return l;
    l.kind = statement_get_int(s, 0);
    snprintf(l.week, sizeof l.week, "%s", text_at(s, 1));
    l.lender = statement_get_int(s, 2);
    l.borrower = statement_get_int(s, 3);
    l.quantity = statement_get_int(s, 4);
    return l;
}

/* Which of two loans comes first in that order; what is not there comes last. */
static int loan_order(const Loan *a, const Loan *b) {
    if (a->there != b->there) return a->there ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    int weeks = strcmp(a->week, b->week);
    if (weeks) return weeks;
    if (a->lender != b->lender) return a->lender < b->lender ? -1 : 1;
    return a->borrower == b->borrower ? 0 : a->borrower < b->borrower ? -1 : 1;
}

static const char *site_said(int64_t site) {
    const char *code = site_code(site);
    return code ? code : "?";
}

/* What all regions lent is what all borrowed: in every kind and week, and between any two of them. */
static Status check_lending(Check *c) {
    Statement *from = engine_prepare(c->store->engine, lenders_side);
    Statement *to = engine_prepare(c->store->engine, borrowers_side);
    Loan lent = next_loan(from), borrowed = next_loan(to);
    while (lent.there || borrowed.there) {
        int order = loan_order(&lent, &borrowed);
        const Loan *l = order <= 0 ? &lent : &borrowed;
        int64_t gave = order <= 0 ? lent.quantity : 0, got = order >= 0 ? borrowed.quantity : 0;
        const Choice *kind = choice_of_number(kind_choices, l->kind);
        if (gave != got)
            fault(c, _("%s in %s: %s lent %s %lld and the other borrowed %lld thousandths"),
                  kind ? _(kind->label) : "?", l->week, site_said(l->lender), site_said(l->borrower), (long long)gave,
                  (long long)got);
        if (order <= 0) lent = next_loan(from);
        if (order >= 0) borrowed = next_loan(to);
    }
    Status s = statement_end(from, NULL, c->error);
    Status other = statement_end(to, NULL, c->error);
    return s != STATUS_OK ? s : other;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static Status keep_reference(void *context, const Record *r, Error *e) {
    Check *c = context;
    (void)e;
    if (r->entity == &entity_site) c->sites[r->id] = r;
    else if (r->id < 128) c->provinces[r->id] = r;
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
            fault(
                c,
                _("the journal of %s was cut off or written anew: entry %lld of epoch %d is not the one that was kept"),
                site_code(head.site), (long long)head.number, head.epoch);
        at += n;
    }
    return s;
}

static void page_fault(void *context, const char *what) {
    Check *c = context;
    trouble_note_damage(store_path(c->store), what);
    fault(c, "%s", what);
}

static Status check_all(Check *c) {
    Error damage = {0};
    if (engine_integrity(c->store->engine, &damage) != STATUS_OK) {
        trouble_note_damage(store_path(c->store), damage.why);
        fault(c, "%s", damage.why);
    }
    Status s = engine_check_pages(c->store->engine, page_fault, c, c->error);
    if (s == STATUS_OK) s = seed_each(&c->reference, keep_reference, c, c->error);
    if (s == STATUS_OK) s = count_all(c);
    if (s == STATUS_OK) s = check_chains(c);
    if (s == STATUS_OK) s = check_heads(c);
    if (s == STATUS_OK) s = check_operations(c);
    if (s == STATUS_OK) s = check_undoing(c);
    if (s == STATUS_OK) s = check_counters(c);
    for (int kind = 1; kind < ENTITY_COUNT && s == STATUS_OK; kind++) {
        s = check_rows(c, entity_of_kind(kind));
        if (s == STATUS_OK) s = check_missing(c, entity_of_kind(kind));
    }
    if (s == STATUS_OK) s = check_reference(c);
    if (s == STATUS_OK) s = check_rules(c);
    if (s == STATUS_OK) s = check_lending(c);
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
        if (entity->indexed && engine_search_check(engine, entity, &damage) != STATUS_OK)
            fault(c, _("the search index of %s is damaged: %s"), entity->plural, damage.why);
    }
    engine_rollback(engine);
    return STATUS_OK;
}

Status check_store(Store *store, const CheckOptions *options, Error *e) {
    Check c = {.store = store, .options = options, .error = e};
    /* One view over all of it, whoever writes meanwhile. */
    Status s = engine_read_begin(store->engine, e);
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
