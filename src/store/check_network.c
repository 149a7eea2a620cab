/* What check finds in the rules over many records. */
#include "store/check_parts.h"

#include "base/intl.h"
#include "store/guard.h"
#include "store/usage_runs.h"

#include <stdio.h>
#include <string.h>

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
            check_fault(c, "%s", message.bytes);
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
    size_t size;
    Loan l = {.there = statement_row(s)};
    if (!l.there) return l;
    l.kind = statement_get_int(s, 0);
    snprintf(l.week, sizeof l.week, "%s", statement_get_text(s, 1, &size));
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
            check_fault(c, _("%s in %s: %s lent %s %lld and the other borrowed %lld thousandths"),
                        kind ? _(kind->label) : "?", l->week, site_said(l->lender), site_said(l->borrower),
                        (long long)gave, (long long)got);
        if (order <= 0) lent = next_loan(from);
        if (order >= 0) borrowed = next_loan(to);
    }
    Status s = statement_end(from, NULL, c->error);
    Status other = statement_end(to, NULL, c->error);
    return s != STATUS_OK ? s : other;
}

/* What was released or revoked before it began was never used. */
static Status check_used(Check *c) {
    Statement *row =
        engine_prepare(c->store->engine, "SELECT a.id FROM allocation a WHERE a.state IN (6, 7) AND EXISTS "
                                         "(SELECT 1 FROM usage u WHERE u.allocation = a.id) ORDER BY a.id");
    while (statement_row(row)) {
        int64_t id = statement_get_int(row, 0);
        bool never;
        Error problem = {0};
        /* A journal that cannot be read is told of where it is checked. */
        if (usage_never_ran(c->store, id, &never, &problem) == STATUS_OK && never)
            check_fault(c, _("%s: its use is recorded, and it never was active"),
                        check_code(c, &entity_allocation, id));
    }
    return statement_end(row, NULL, c->error);
}
_Static_assert(ALLOCATION_RELEASED == 6 && ALLOCATION_REVOKED == 7, "numbers in the SQL above");

Status check_network(Check *c) {
    Status s = check_rules(c);
    if (s == STATUS_OK) s = check_used(c);
    return s == STATUS_OK ? check_lending(c) : s;
}
