/* The balances of all regions for reading: who lent and borrowed how much, in credits, and who lent whom what. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/intl.h"

enum { NUMBER = 14 };

/* "ROOT              1 200      300     +900". */
static void add_balances(Buffer *b, const Asked *a) {
    static const char *const headings[] = {N_("Lent"), N_("Borrowed"), N_("Balance"), NULL};
    LedgerBalance all = {0};
    statement_headings(b, _("In credits"), NUMBER, headings);
    for (int site = 0; site < SITE_COUNT; site++) {
        LedgerBalance balance = ledger_balance(a->ledger, a->rates, site);
        statement_label(b, site_code(site), STATEMENT_LABEL);
        statement_number(b, NUMBER, balance.lent, false);
        statement_number(b, NUMBER, balance.borrowed, false);
        statement_number(b, NUMBER, balance.lent - balance.borrowed, true);
        buffer_add_char(b, '\n');
        all.lent += balance.lent;
        all.borrowed += balance.borrowed;
    }
    statement_label(b, _("All"), STATEMENT_LABEL);
    statement_number(b, NUMBER, all.lent, false);
    statement_number(b, NUMBER, all.borrowed, false);
    statement_number(b, NUMBER, all.lent - all.borrowed, true);
    buffer_add_char(b, '\n');
}

static void add_loan(Buffer *b, const Asked *a, int kind, const LedgerLoan *l) {
    statement_number(b, NUMBER, l->quantity, false);
    statement_number(b, NUMBER, kind_countable(kind) ? l->used : l->access, false);
    if (kind_countable(kind)) statement_number(b, NUMBER, l->overused, false);
    statement_number(b, NUMBER, ledger_credits(l->quantity, a->rates[kind]), false);
    buffer_add_char(b, '\n');
}

/* A kind's loans: all of them, then pair by pair. */
static void add_kind(Buffer *b, const Asked *a, int kind) {
    static const char *const used[] = {N_("Lent"), N_("Used"), N_("Overused"), N_("Credits"), NULL};
    static const char *const in_force[] = {N_("Given"), N_("In force"), N_("Credits"), NULL};
    Buffer label = {0}, rows = {0};
    for (int lender = 0; lender < SITE_COUNT; lender++) {
        for (int borrower = 0; borrower < SITE_COUNT; borrower++) {
            const LedgerLoan *l = &a->ledger->loans[kind][lender][borrower];
            if (lender == borrower || !(l->quantity || l->used || l->access)) continue;
            Buffer pair = {0};
            buffer_format(&pair, "  %-4s → %s", site_code(lender), site_code(borrower));
            statement_label(&rows, pair.bytes, STATEMENT_LABEL);
            buffer_free(&pair);
            add_loan(&rows, a, kind, l);
        }
    }
    if (rows.size) {
        statement_kind(&label, kind);
        buffer_add_char(b, '\n');
        statement_headings(b, label.bytes, NUMBER, kind_countable(kind) ? used : in_force);
        buffer_add_string(b, rows.bytes);
    }
    buffer_free(&label);
    buffer_free(&rows);
}

void balances_write_text(Buffer *b, const Asked *a) {
    char first[WEEK_SIZE], last[WEEK_SIZE];
    week_write(a->first, first);
    week_write(a->last, last);
    buffer_format(b, "%s\n%s – %s\n\n", _("All regions"), first, last);
    add_balances(b, a);
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (asked_for(a, kind)) add_kind(b, a, kind);
    }
}
