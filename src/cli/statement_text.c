/* A region's statement for reading, in eighty columns. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum { NUMBER = 9 };

/* --- columns ------------------------------------------------------------------------------------------------------ */

void statement_label(Buffer *b, const char *text, int width) {
    int used, whole = text_width(text, strlen(text));
    size_t n = text_fit(text, strlen(text), whole > width ? width - 1 : width, &used);
    buffer_add(b, text, n);
    if (whole > width) buffer_add_string(b, "…");
    buffer_format(b, "%*s", width - used - (whole > width), "");
}

static void add_right(Buffer *b, int width, const char *text) {
    int w = text_width(text, strlen(text));
    buffer_format(b, "%*s%s", w < width ? width - w : 1, "", text);
}

void statement_number(Buffer *b, int width, int64_t number, bool sign, int decimals) {
    Buffer text = {0};
    if (sign && number > 0) buffer_add_char(&text, '+');
    if (number) number_show(&text, number, 3);
    else buffer_add_string(&text, "-");
    number_align(&text, number, 3, decimals);
    add_right(b, width, text.bytes);
    buffer_free(&text);
}

void statement_headings(Buffer *b, const char *label, int width, const char *const *headings) {
    statement_label(b, label, STATEMENT_LABEL);
    for (; *headings; headings++) {
        add_right(b, width, _(*headings));
    }
    buffer_add_char(b, '\n');
}

void statement_kind(Buffer *b, int kind) {
    const char *label = _(choice_of_number(kind_choices, kind)->label), *unit = kind_unit_of_sum(kind);
    buffer_add_string(b, label);
    /* With a comma the longest would not fit its column. */
    if (*unit && !strstr(label, unit)) buffer_format(b, kind == KIND_STORAGE_TIB_MONTH ? " %s" : ", %s", unit);
}

static void add_kind(Buffer *b, int kind) {
    Buffer label = {0};
    statement_kind(&label, kind);
    statement_label(b, label.bytes, STATEMENT_LABEL);
    buffer_free(&label);
}

/* --- its own offers ----------------------------------------------------------------------------------------------- */

/* A line of its own below what was used, where more of it was used than was booked: numbers under every so many
 * columns, none for 0. */
static void add_overuse(Buffer *b, int indent, const int64_t *numbers, const int *columns, int count) {
    Buffer label = {0};
    bool any = false;
    for (int i = 0; i < count; i++) {
        any = any || numbers[i];
    }
    if (!any) return;
    buffer_format(&label, "%*s%s", indent, "", _("overused"));
    statement_label(b, label.bytes, STATEMENT_LABEL);
    buffer_free(&label);
    for (int i = 0, at = 0; i < count; i++) {
        if (!numbers[i]) continue;
        buffer_format(b, "%*s", (columns[i] - at) * NUMBER, "");
        statement_number(b, NUMBER, numbers[i], false, 0);
        at = columns[i] + 1;
    }
    buffer_add_char(b, '\n');
}

/* An access is offered to any number: what the ledger enters is how many were given. */
static void add_figures(Buffer *b, int kind, const LedgerFigures *f, int indent) {
    static const int used = 5; /* the column */
    statement_number(b, NUMBER, kind_countable(kind) ? f->offered : 0, false, 0);
    statement_number(b, NUMBER, f->kept, false, 0);
    statement_number(b, NUMBER, f->held, false, 0);
    statement_number(b, NUMBER, f->free - f->over, false, 0);
    statement_number(b, NUMBER, f->booked, false, 0);
    statement_number(b, NUMBER, f->used, false, 0);
    statement_number(b, NUMBER, f->unused, false, 0);
    buffer_add_char(b, '\n');
    add_overuse(b, indent, &f->overused, &used, 1);
}

/* Whether a region offered any of a kind, or it was asked for. */
static bool offers_any(const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    return a->kind ? kind == a->kind : sum.offered || sum.kept || sum.held || sum.booked || sum.used;
}

static void add_own_offers(Buffer *b, const Asked *a) {
    static const char *const headings[] = {N_("Offered"), N_("Kept"), N_("Held"),   N_("Free"),
                                           N_("Booked"),  N_("Used"), N_("Unused"), NULL};
    statement_headings(b, _("On its own offers"), NUMBER, headings);
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (!offers_any(a, kind)) continue;
        LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
        add_kind(b, kind);
        add_figures(b, kind, &sum, 2);
    }
    for (int week = a->first; a->kind && week <= a->last; week++) {
        char label[WEEK_SIZE + 2] = "  ";
        week_write(week, label + 2);
        statement_label(b, label, STATEMENT_LABEL);
        add_figures(b, a->kind, ledger_cell(a->ledger, a->site, a->kind, week), 4);
    }
}

/* --- with others -------------------------------------------------------------------------------------------------- */

/* What a region lent another, or it the region: of what is countable, and of access. */
static bool is_loan(const LedgerLoan *l) {
    return l->quantity || l->used || l->access;
}

static bool has_loans(const Asked *a, int kind) {
    bool any = false;
    for (int other = 0; other < SITE_COUNT && asked_for(a, kind); other++) {
        if (other == a->site) continue;
        any =
            any || is_loan(&a->ledger->loans[kind][a->site][other]) || is_loan(&a->ledger->loans[kind][other][a->site]);
    }
    return any;
}

/* The second number of each side: what was used, of access what is in force. */
static void add_loan(Buffer *b, int kind, const LedgerLoan *to, const LedgerLoan *from, int64_t credits, int indent) {
    static const int used[] = {1, 3}; /* the columns */
    const int64_t overused[] = {to->overused, from->overused};
    bool countable = kind_countable(kind);
    statement_number(b, NUMBER, to->quantity, false, 0);
    statement_number(b, NUMBER, countable ? to->used : to->access, false, 0);
    statement_number(b, NUMBER, from->quantity, false, 0);
    statement_number(b, NUMBER, countable ? from->used : from->access, false, 0);
    statement_number(b, NUMBER, credits, true, 0);
    buffer_add_char(b, '\n');
    add_overuse(b, indent, overused, used, 2);
}

static void sum_loan(LedgerLoan *sum, const LedgerLoan *l) {
    sum->quantity += l->quantity;
    sum->used += l->used;
    sum->overused += l->overused;
    sum->access += l->access;
}

static void add_loans_of(Buffer *b, const Asked *a, int kind) {
    LedgerLoan lent = {0}, borrowed = {0};
    int64_t credits = 0;
    for (int other = 0; other < SITE_COUNT; other++) {
        if (other == a->site) continue;
        sum_loan(&lent, &a->ledger->loans[kind][a->site][other]);
        sum_loan(&borrowed, &a->ledger->loans[kind][other][a->site]);
        credits += asked_credits(a, kind, a->site, other);
    }
    add_kind(b, kind);
    add_loan(b, kind, &lent, &borrowed, credits, 2);
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *to = &a->ledger->loans[kind][a->site][other], *from = &a->ledger->loans[kind][other][a->site];
        if (other == a->site || !(is_loan(to) || is_loan(from))) continue;
        buffer_format(b, "  %-*s", STATEMENT_LABEL - 2, site_code(other));
        add_loan(b, kind, to, from, asked_credits(a, kind, a->site, other), 4);
    }
}

static void add_loans(Buffer *b, const Asked *a, bool countable, const char *label, const char *const *headings) {
    bool any = false;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (kind_countable(kind) != countable || !has_loans(a, kind)) continue;
        if (!any) {
            buffer_add_char(b, '\n');
            statement_headings(b, label, NUMBER, headings);
        }
        any = true;
        add_loans_of(b, a, kind);
    }
}

void statement_write_text(Buffer *b, const Asked *a) {
    static const char *const lent[] = {N_("Lent"), N_("they used"), N_("Borrowed"), N_("it used"), N_("Credits"), NULL};
    static const char *const given[] = {N_("Given"),    N_("in force"), N_("Received"),
                                        N_("in force"), N_("Credits"),  NULL};
    char first[WEEK_SIZE], last[WEEK_SIZE];
    bool own = false, loans = false;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        own = own || offers_any(a, kind);
        loans = loans || has_loans(a, kind);
    }
    week_write(a->first, first);
    week_write(a->last, last);
    buffer_format(b, "%s %s\n%s – %s\n", site_code(a->site), a->name, first, last);
    if (own) buffer_add_char(b, '\n');
    if (own) add_own_offers(b, a);
    if (!own && !loans) buffer_format(b, "\n%s\n", _("Nothing was offered, lent or borrowed in these weeks."));
    add_loans(b, a, true, _("With others"), lent);
    add_loans(b, a, false, _("Access, others"), given);
    if (!own && !loans) return;
    LedgerBalance balance = ledger_balance(a->ledger, a->rates, a->site);
    buffer_add_char(b, '\n');
    statement_label(b, _("Balance in credits"), STATEMENT_LABEL + 4 * NUMBER);
    statement_number(b, NUMBER, balance.lent - balance.borrowed, true, 0);
    buffer_add_char(b, '\n');
}
