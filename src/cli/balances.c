/* The balances of all regions for reading: who lent and borrowed how much, in credits, and who lent whom what. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"

enum { NUMBER = 14, COLUMNS = 4 };

/* Without the blanks that stand for decimals. */
static void end_line(Buffer *b) {
    while (b->size && b->bytes[b->size - 1] == ' ') {
        b->size--;
    }
    buffer_add_char(b, '\n');
}

/* "ROOT              1 200      300     +900". */
static void add_balance(Buffer *b, const char *label, LedgerBalance balance, int decimals) {
    statement_label(b, label, STATEMENT_LABEL);
    statement_number(b, NUMBER, balance.lent, false, decimals);
    statement_number(b, NUMBER, balance.borrowed, false, decimals);
    statement_number(b, NUMBER, balance.lent - balance.borrowed, true, decimals);
    end_line(b);
}

static void add_balances(Buffer *b, const Asked *a) {
    static const char *const headings[] = {N_("Lent"), N_("Borrowed"), N_("Balance"), NULL};
    LedgerBalance all = {0};
    int decimals = ledger_credit_decimals(a->ledger, a->rates);
    statement_headings(b, _("In credits"), NUMBER, headings);
    for (int site = 0; site < SITE_COUNT; site++) {
        LedgerBalance balance = ledger_balance(a->ledger, a->rates, site);
        add_balance(b, site_code(site), balance, decimals);
        all.lent += balance.lent;
        all.borrowed += balance.borrowed;
    }
    add_balance(b, _("All"), all, decimals);
}

/* The numbers of a loan, a column each; returns how many. */
static int numbers_of(const Asked *a, int kind, const LedgerLoan *l, int64_t numbers[COLUMNS]) {
    int n = 0;
    numbers[n++] = l->quantity;
    numbers[n++] = kind_countable(kind) ? l->used : l->access;
    if (kind_countable(kind)) numbers[n++] = l->overused;
    numbers[n++] = ledger_credits(l->quantity, a->rates[kind]);
    return n;
}

static const LedgerLoan *loan_of(const Asked *a, int kind, int lender, int borrower) {
    const LedgerLoan *l = &a->ledger->loans[kind][lender][borrower];
    return lender != borrower && (l->quantity || l->used || l->access) ? l : NULL;
}

/* The most decimals in each column of a kind's loans. */
static void column_decimals(const Asked *a, int kind, int decimals[COLUMNS]) {
    int64_t numbers[COLUMNS];
    for (int pair = 0; pair < SITE_COUNT * SITE_COUNT; pair++) {
        const LedgerLoan *l = loan_of(a, kind, pair / SITE_COUNT, pair % SITE_COUNT);
        int count = l ? numbers_of(a, kind, l, numbers) : 0;
        for (int i = 0; i < count; i++) {
            int shown = number_decimals(numbers[i], 3);
            if (shown > decimals[i]) decimals[i] = shown;
        }
    }
}

static void add_loan(Buffer *b, const Asked *a, int kind, const LedgerLoan *l, const int decimals[COLUMNS]) {
    int64_t numbers[COLUMNS];
    int count = numbers_of(a, kind, l, numbers);
    for (int i = 0; i < count; i++) {
        statement_number(b, NUMBER, numbers[i], false, decimals[i]);
    }
    end_line(b);
}

/* A kind's loans: all of them, then pair by pair. */
static void add_kind(Buffer *b, const Asked *a, int kind) {
    static const char *const used[] = {N_("Lent"), N_("Used"), N_("Overused"), N_("Credits"), NULL};
    static const char *const in_force[] = {N_("Given"), N_("In force"), N_("Credits"), NULL};
    Buffer label = {0}, rows = {0};
    int decimals[COLUMNS] = {0};
    column_decimals(a, kind, decimals);
    for (int lender = 0; lender < SITE_COUNT; lender++) {
        for (int borrower = 0; borrower < SITE_COUNT; borrower++) {
            const LedgerLoan *l = loan_of(a, kind, lender, borrower);
            if (!l) continue;
            Buffer pair = {0};
            buffer_format(&pair, "  %-4s → %s", site_code(lender), site_code(borrower));
            statement_label(&rows, pair.bytes, STATEMENT_LABEL);
            buffer_free(&pair);
            add_loan(&rows, a, kind, l, decimals);
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
