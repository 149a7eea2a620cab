/* A region's statement for programs: all figures, in sums and week by week. */
#include "cli/statement.h"

#include "base/date.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/output.h"

#include <stddef.h>

/* The figures by name, in the order of files. */
static const struct {
    const char *name;
    size_t offset;
} figure_names[] = {
    {"offered", offsetof(LedgerFigures, offered)},   {"kept", offsetof(LedgerFigures, kept)},
    {"held", offsetof(LedgerFigures, held)},         {"free", offsetof(LedgerFigures, free)},
    {"over", offsetof(LedgerFigures, over)},         {"booked", offsetof(LedgerFigures, booked)},
    {"own", offsetof(LedgerFigures, own)},           {"lent", offsetof(LedgerFigures, lent)},
    {"used", offsetof(LedgerFigures, used)},         {"unused", offsetof(LedgerFigures, unused)},
    {"borrowed", offsetof(LedgerFigures, borrowed)}, {"borrowed_used", offsetof(LedgerFigures, borrowed_used)},
    {"access", offsetof(LedgerFigures, access)},     {"borrowed_access", offsetof(LedgerFigures, borrowed_access)},
};
enum { FIGURES = sizeof figure_names / sizeof *figure_names };

static int64_t figure(const LedgerFigures *f, int index) {
    return *(const int64_t *)(const void *)((const char *)f + figure_names[index].offset);
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

static void json_figures(Buffer *b, const LedgerFigures *f) {
    for (int i = 0; i < FIGURES; i++) {
        output_json_number(b, figure_names[i].name, figure(f, i), 3);
    }
}

static bool json_loan(Buffer *b, const Asked *a, int kind, int site, int other, bool any) {
    const LedgerLoan *to = &a->ledger->loans[kind][site][other], *from = &a->ledger->loans[kind][other][site];
    if (other == site || !(to->quantity || to->used || to->access || from->quantity || from->used || from->access))
        return false;
    buffer_add_string(b, any ? ",\n{" : "\n{");
    output_json_text(b, "region", site_code(other));
    output_json_number(b, "lent", to->quantity, 3);
    output_json_number(b, "lent_used", to->used, 3);
    output_json_number(b, "lent_access", to->access, 3);
    output_json_number(b, "borrowed", from->quantity, 3);
    output_json_number(b, "borrowed_used", from->used, 3);
    output_json_number(b, "borrowed_access", from->access, 3);
    output_json_number(b, "credits", asked_credits(a, kind, site, other), 3);
    buffer_add_char(b, '}');
    return true;
}

static void json_kind(Buffer *b, const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    bool any = false;
    buffer_add_char(b, '{');
    output_json_text(b, "kind", kind_word(kind));
    output_json_number(b, "rate", a->rates[kind], 3);
    json_figures(b, &sum);
    buffer_add_string(b, ",\"loans\":[");
    for (int other = 0; other < SITE_COUNT; other++) {
        any = json_loan(b, a, kind, a->site, other, any) || any;
    }
    buffer_add_string(b, "],\"weeks\":[");
    for (int week = a->first; week <= a->last; week++) {
        buffer_add_string(b, week > a->first ? ",\n{" : "\n{");
        output_json_week(b, "week", week);
        json_figures(b, ledger_cell(a->ledger, a->site, kind, week));
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
    buffer_add_string(b, "region,kind,week");
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
            buffer_format(b, "%s,%s,%s", site_code(a->site), kind_word(kind), text);
            for (int i = 0; i < FIGURES; i++) {
                buffer_add_char(b, ',');
                number_write(b, figure(f, i), 3);
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
            output_json_text(b, "kind", kind_word(kind));
            output_json_number(b, "rate", a->rates[kind], 3);
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
    buffer_add_string(b,
                      "region,other,kind,lent,lent_used,lent_access,borrowed,borrowed_used,borrowed_access,credits\n");
    for (int site = 0; site < SITE_COUNT; site++) {
        for (int other = 0; other < SITE_COUNT; other++) {
            for (int kind = 1; other != site && kind <= KIND_COUNT; kind++) {
                const LedgerLoan *to = &a->ledger->loans[kind][site][other];
                const LedgerLoan *from = &a->ledger->loans[kind][other][site];
                const int64_t numbers[] = {to->quantity,
                                           to->used,
                                           to->access,
                                           from->quantity,
                                           from->used,
                                           from->access,
                                           asked_credits(a, kind, site, other)};
                bool any = false;
                for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
                    any = any || numbers[i];
                }
                if (!any || !asked_for(a, kind)) continue;
                buffer_format(b, "%s,%s,%s", site_code(site), site_code(other), kind_word(kind));
                for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
                    buffer_add_char(b, ',');
                    number_write(b, numbers[i], 3);
                }
                buffer_add_char(b, '\n');
            }
        }
    }
}
