/* A region's statement for programs: all figures, in sums and week by week. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/output.h"

#include <stddef.h>

/* The figures by name, in the order of files. Of access some mean nothing: it is offered to any number, kept from
 * nobody and never used up. */
static const struct {
    const char *name;
    size_t offset;
    bool countable; /* only of what is countable */
} figure_names[] = {
    {"offered", offsetof(LedgerFigures, offered), true},
    {"kept", offsetof(LedgerFigures, kept), true},
    {"held", offsetof(LedgerFigures, held), false},
    {"free", offsetof(LedgerFigures, free), true},
    {"over", offsetof(LedgerFigures, over), true},
    {"booked", offsetof(LedgerFigures, booked), false},
    {"own", offsetof(LedgerFigures, own), false},
    {"lent", offsetof(LedgerFigures, lent), false},
    {"used", offsetof(LedgerFigures, used), false},
    {"overused", offsetof(LedgerFigures, overused), true},
    {"unused", offsetof(LedgerFigures, unused), true},
    {"borrowed", offsetof(LedgerFigures, borrowed), false},
    {"borrowed_used", offsetof(LedgerFigures, borrowed_used), false},
    {"borrowed_overused", offsetof(LedgerFigures, borrowed_overused), true},
    {"access", offsetof(LedgerFigures, access), false},
    {"borrowed_access", offsetof(LedgerFigures, borrowed_access), false},
};
enum { FIGURES = sizeof figure_names / sizeof *figure_names };

static int64_t figure(const LedgerFigures *f, int index) {
    return *(const int64_t *)(const void *)((const char *)f + figure_names[index].offset);
}

/* The numbers of what is between two regions. */
enum { LOAN_NUMBERS = 9 };
static const struct {
    const char *name;
    bool countable;
} loan_names[LOAN_NUMBERS] = {
    {"lent", false},     {"lent_used", false},     {"lent_overused", true},     {"lent_access", false},
    {"borrowed", false}, {"borrowed_used", false}, {"borrowed_overused", true}, {"borrowed_access", false},
    {"credits", false},
};

/* False where there is nothing between them. */
static bool loan_numbers(const Asked *a, int kind, int site, int other, int64_t out[LOAN_NUMBERS]) {
    const LedgerLoan *to = &a->ledger->loans[kind][site][other], *from = &a->ledger->loans[kind][other][site];
    const int64_t numbers[LOAN_NUMBERS] = {to->quantity,   to->used,       to->overused,
                                           to->access,     from->quantity, from->used,
                                           from->overused, from->access,   asked_credits(a, kind, site, other)};
    bool any = false;
    for (int i = 0; i < LOAN_NUMBERS; i++) {
        out[i] = numbers[i];
        any = any || numbers[i];
    }
    return any && other != site;
}

static void json_number(Buffer *b, const char *name, int64_t number, bool applies) {
    if (applies) {
        output_json_number(b, name, number, 3);
        return;
    }
    json_write_key(b, name);
    buffer_add_string(b, "null");
}

static void csv_number(Buffer *b, int64_t number, bool applies) {
    buffer_add_char(b, ',');
    if (applies) number_write(b, number, 3);
}

static bool says_nothing(const LedgerFigures *f) {
    for (int i = 0; i < FIGURES; i++) {
        if (figure(f, i)) return false;
    }
    return true;
}

static bool kind_is_shown(const Asked *a, int kind) {
    if (a->kind) return kind == a->kind;
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    return !says_nothing(&sum);
}

static const char *kind_word(int kind) {
    return choice_of_number(kind_choices, kind)->word;
}

/* What the numbers of a kind count. */
static void json_unit(Buffer *b, const Asked *a, int kind) {
    output_json_text(b, "kind", kind_word(kind));
    output_json_text(b, "unit", kind_unit_word(kind));
    output_json_number(b, "rate", a->rates[kind], 3);
}

static void json_figures(Buffer *b, int kind, const LedgerFigures *f) {
    for (int i = 0; i < FIGURES; i++) {
        json_number(b, figure_names[i].name, figure(f, i), kind_countable(kind) || !figure_names[i].countable);
    }
}

static bool json_loan(Buffer *b, const Asked *a, int kind, int site, int other, bool any) {
    int64_t numbers[LOAN_NUMBERS];
    if (!loan_numbers(a, kind, site, other, numbers)) return false;
    buffer_add_string(b, any ? ",\n{" : "\n{");
    output_json_text(b, "region", site_code(other));
    for (int i = 0; i < LOAN_NUMBERS; i++) {
        json_number(b, loan_names[i].name, numbers[i], kind_countable(kind) || !loan_names[i].countable);
    }
    buffer_add_char(b, '}');
    return true;
}

static void json_kind(Buffer *b, const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    bool any = false;
    buffer_add_char(b, '{');
    json_unit(b, a, kind);
    json_figures(b, kind, &sum);
    buffer_add_string(b, ",\"loans\":[");
    for (int other = 0; other < SITE_COUNT; other++) {
        any = json_loan(b, a, kind, a->site, other, any) || any;
    }
    buffer_add_string(b, "],\"weeks\":[");
    for (int week = a->first; week <= a->last; week++) {
        buffer_add_string(b, week > a->first ? ",\n{" : "\n{");
        output_json_week(b, "week", week);
        json_figures(b, kind, ledger_cell(a->ledger, a->site, kind, week));
        buffer_add_char(b, '}');
    }
    buffer_add_string(b, "]}");
}

void statement_write_json(Buffer *b, const Asked *a) {
    LedgerBalance balance = ledger_balance(a->ledger, a->rates, a->site);
    bool any = false;
    buffer_add_char(b, '{');
    output_json_text(b, "region", site_code(a->site));
    output_json_week(b, "from", a->first);
    output_json_week(b, "to", a->last);
    output_json_number(b, "balance", balance.lent - balance.borrowed, 3);
    buffer_add_string(b, ",\"kinds\":[");
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (!kind_is_shown(a, kind)) continue;
        buffer_add_string(b, any ? ",\n" : "\n");
        any = true;
        json_kind(b, a, kind);
    }
    buffer_add_string(b, "]}\n");
}

/* A line a kind and week in which there is something. */
void statement_write_csv(Buffer *b, const Asked *a) {
    buffer_add_string(b, "region,kind,unit,week");
    for (int i = 0; i < FIGURES; i++) {
        buffer_format(b, ",%s", figure_names[i].name);
    }
    buffer_add_char(b, '\n');
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        for (int week = a->first; asked_for(a, kind) && week <= a->last; week++) {
            const LedgerFigures *f = ledger_cell(a->ledger, a->site, kind, week);
            char text[WEEK_SIZE];
            if (says_nothing(f)) continue;
            week_write(week, text);
            buffer_format(b, "%s,%s,%s,%s", site_code(a->site), kind_word(kind), kind_unit_word(kind), text);
            for (int i = 0; i < FIGURES; i++) {
                csv_number(b, figure(f, i), kind_countable(kind) || !figure_names[i].countable);
            }
            buffer_add_char(b, '\n');
        }
    }
}

/* --- all regions -------------------------------------------------------------------------------------------------- */

static void json_balance(Buffer *b, const Asked *a, int site) {
    LedgerBalance balance = ledger_balance(a->ledger, a->rates, site);
    bool any_kind = false;
    buffer_add_char(b, '{');
    output_json_text(b, "region", site_code(site));
    output_json_number(b, "lent", balance.lent, 3);
    output_json_number(b, "borrowed", balance.borrowed, 3);
    output_json_number(b, "balance", balance.lent - balance.borrowed, 3);
    buffer_add_string(b, ",\"kinds\":[");
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        Buffer loans = {0};
        bool any = false;
        LedgerFigures sum = ledger_sum(a->ledger, site, kind);
        for (int other = 0; asked_for(a, kind) && other < SITE_COUNT; other++) {
            any = json_loan(&loans, a, kind, site, other, any) || any;
        }
        if (any) {
            buffer_add_string(b, any_kind ? ",\n{" : "\n{");
            any_kind = true;
            json_unit(b, a, kind);
            output_json_number(b, "lent", sum.lent, 3);
            output_json_number(b, "borrowed", sum.borrowed, 3);
            buffer_format(b, ",\"loans\":[%s]}", buffer_string(&loans));
        }
        buffer_free(&loans);
    }
    buffer_add_string(b, "]}");
}

void balances_write_json(Buffer *b, const Asked *a) {
    buffer_add_char(b, '{');
    output_json_week(b, "from", a->first);
    output_json_week(b, "to", a->last);
    buffer_add_string(b, ",\"regions\":[");
    for (int site = 0; site < SITE_COUNT; site++) {
        buffer_add_string(b, site ? ",\n" : "\n");
        json_balance(b, a, site);
    }
    buffer_add_string(b, "]}\n");
}

/* A line for each region, other region and kind with something between them: each loan twice, once from either side, so
 * that the credits of a region's lines are its balance and those of all lines are nothing. */
void balances_write_csv(Buffer *b, const Asked *a) {
    buffer_add_string(b, "region,other,kind,unit");
    for (int i = 0; i < LOAN_NUMBERS; i++) {
        buffer_format(b, ",%s", loan_names[i].name);
    }
    buffer_add_char(b, '\n');
    for (int site = 0; site < SITE_COUNT; site++) {
        for (int other = 0; other < SITE_COUNT; other++) {
            for (int kind = 1; kind <= KIND_COUNT; kind++) {
                int64_t numbers[LOAN_NUMBERS];
                if (!asked_for(a, kind) || !loan_numbers(a, kind, site, other, numbers)) continue;
                buffer_format(b, "%s,%s,%s,%s", site_code(site), site_code(other), kind_word(kind),
                              kind_unit_word(kind));
                for (int i = 0; i < LOAN_NUMBERS; i++) {
                    csv_number(b, numbers[i], kind_countable(kind) || !loan_names[i].countable);
                }
                buffer_add_char(b, '\n');
            }
        }
    }
}
