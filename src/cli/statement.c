/* statement: what a region offered, kept, lent and borrowed in a period, with its balance in capacity credits. */
#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/period.h"

#include <stddef.h>
#include <string.h>

enum { WEEKS_BACK = 12, LABEL_WIDTH = 19, NUMBER_WIDTH = 10 };
_Static_assert(SETTING_RATES == KIND_COUNT + 1, "a rate for each kind");

typedef struct Asked {
    int site, kind, first, last;
    const char *name; /* of the region */
    const int64_t *rates;
    const Ledger *ledger;
} Asked;

/* The figures by name, in the order of files. */
static const struct {
    const char *name;
    size_t offset;
} figure_names[] = {
    {"offered", offsetof(LedgerFigures, offered)},
    {"kept", offsetof(LedgerFigures, kept)},
    {"free", offsetof(LedgerFigures, free)},
    {"over", offsetof(LedgerFigures, over)},
    {"booked", offsetof(LedgerFigures, booked)},
    {"own", offsetof(LedgerFigures, own)},
    {"lent", offsetof(LedgerFigures, lent)},
    {"used", offsetof(LedgerFigures, used)},
    {"unused", offsetof(LedgerFigures, unused)},
    {"borrowed", offsetof(LedgerFigures, borrowed)},
    {"borrowed_used", offsetof(LedgerFigures, borrowed_used)},
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

/* In credits, over all kinds shown. */
static int64_t loan_credits(const Asked *a, int kind, int lender, int borrower) {
    return ledger_credits(a->ledger->loans[kind][lender][borrower].quantity, a->rates[kind]);
}

static int64_t balance(const Asked *a) {
    int64_t rates[KIND_COUNT + 1] = {0};
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (!a->kind || kind == a->kind) rates[kind] = a->rates[kind];
    }
    return ledger_balance(a->ledger, rates, a->site);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void add_label(Buffer *b, const char *text, int width) {
    int used, whole = text_width(text, strlen(text));
    size_t n = text_fit(text, strlen(text), whole > width ? width - 1 : width, &used);
    buffer_add(b, text, n);
    if (whole > width) buffer_add_string(b, "…");
    buffer_format(b, "%*s", width - used - (whole > width), "");
}

static void add_right(Buffer *b, const char *text) {
    int w = text_width(text, strlen(text));
    buffer_format(b, "%*s%s", w < NUMBER_WIDTH ? NUMBER_WIDTH - w : 1, "", text);
}

static void add_number(Buffer *b, int64_t number, bool sign) {
    Buffer text = {0};
    if (sign && number > 0) buffer_add_char(&text, '+');
    if (number) number_show(&text, number, 3);
    else buffer_add_string(&text, "-");
    add_right(b, text.bytes);
    buffer_free(&text);
}

static void add_headings(Buffer *b, const char *label, const char *const *headings) {
    add_label(b, label, LABEL_WIDTH);
    for (; *headings; headings++) {
        add_right(b, _(*headings));
    }
    buffer_add_char(b, '\n');
}

static void kind_label(int kind, Buffer *b) {
    const char *label = _(choice_of_number(kind_choices, kind)->label), *unit = kind_unit(kind);
    buffer_add_string(b, label);
    if (!kind_countable(kind)) buffer_format(b, ", %s", _("weeks"));
    else if (!strstr(label, unit)) buffer_format(b, ", %s", unit);
}

static void add_row(Buffer *b, const char *label, const LedgerFigures *f) {
    add_label(b, label, LABEL_WIDTH);
    add_number(b, f->offered, false);
    add_number(b, f->kept, false);
    add_number(b, f->free - f->over, false);
    add_number(b, f->booked, false);
    add_number(b, f->used, false);
    add_number(b, f->unused, false);
    buffer_add_char(b, '\n');
}

/* Whether a region offered any of a kind, or it was asked for. */
static bool offers_any(const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    return a->kind ? kind == a->kind : sum.offered || sum.kept || sum.booked || sum.used;
}

static void add_own_offers(Buffer *b, const Asked *a) {
    static const char *const headings[] = {N_("Offered"), N_("Kept"),   N_("Free"), N_("Booked"),
                                           N_("Used"),    N_("Unused"), NULL};
    add_headings(b, _("On its own offers"), headings);
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        Buffer label = {0};
        if (!offers_any(a, kind)) continue;
        LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
        kind_label(kind, &label);
        add_row(b, label.bytes, &sum);
        buffer_free(&label);
    }
    for (int week = a->first; a->kind && week <= a->last; week++) {
        char label[WEEK_SIZE + 2] = "  ";
        week_write(week, label + 2);
        add_row(b, label, ledger_cell(a->ledger, a->site, a->kind, week));
    }
}

static void add_loans_of(Buffer *b, const Asked *a, int kind) {
    Buffer label = {0};
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    int64_t credits = 0;
    for (int other = 0; other < SITE_COUNT; other++) {
        if (other != a->site) credits += loan_credits(a, kind, a->site, other) - loan_credits(a, kind, other, a->site);
    }
    kind_label(kind, &label);
    add_label(b, label.bytes, LABEL_WIDTH);
    buffer_free(&label);
    add_number(b, sum.lent, false);
    add_number(b, sum.used - a->ledger->loans[kind][a->site][a->site].used, false);
    add_number(b, sum.borrowed, false);
    add_number(b, sum.borrowed_used, false);
    add_number(b, credits, true);
    buffer_add_char(b, '\n');
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *to = &a->ledger->loans[kind][a->site][other], *from = &a->ledger->loans[kind][other][a->site];
        if (other == a->site || !(to->quantity || to->used || from->quantity || from->used)) continue;
        buffer_format(b, "  %-*s", LABEL_WIDTH - 2, site_code(other));
        add_number(b, to->quantity, false);
        add_number(b, to->used, false);
        add_number(b, from->quantity, false);
        add_number(b, from->used, false);
        add_number(b, loan_credits(a, kind, a->site, other) - loan_credits(a, kind, other, a->site), true);
        buffer_add_char(b, '\n');
    }
}

static bool has_loans(const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    return (!a->kind || kind == a->kind) && (sum.lent || sum.borrowed || sum.borrowed_used);
}

static void write_text(Buffer *b, const Asked *a) {
    static const char *const headings[] = {N_("Lent"),    N_("they used"), N_("Borrowed"),
                                           N_("it used"), N_("Credits"),   NULL};
    char first[WEEK_SIZE], last[WEEK_SIZE];
    bool any = false, own = false, loans = false;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        any = any || kind_is_shown(a, kind);
        own = own || offers_any(a, kind);
        loans = loans || has_loans(a, kind);
    }
    week_write(a->first, first);
    week_write(a->last, last);
    buffer_format(b, "%s %s\n%s – %s\n\n", site_code(a->site), a->name, first, last);
    if (own) add_own_offers(b, a);
    if (!any) buffer_format(b, "%s\n", _("Nothing was offered, lent or borrowed in these weeks."));
    if (loans) {
        if (own) buffer_add_char(b, '\n');
        add_headings(b, _("With other regions"), headings);
    }
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (has_loans(a, kind)) add_loans_of(b, a, kind);
    }
    if (!any) return;
    buffer_add_char(b, '\n');
    add_label(b, _("Balance in credits"), LABEL_WIDTH + 4 * NUMBER_WIDTH);
    add_number(b, balance(a), true);
    buffer_add_char(b, '\n');
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_figures(Buffer *b, const LedgerFigures *f) {
    for (int i = 0; i < FIGURES; i++) {
        output_json_number(b, figure_names[i].name, figure(f, i), 3);
    }
}

static void json_loans(Buffer *b, const Asked *a, int kind) {
    bool any = false;
    buffer_add_string(b, ",\"loans\":[");
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *to = &a->ledger->loans[kind][a->site][other], *from = &a->ledger->loans[kind][other][a->site];
        if (other == a->site || !(to->quantity || to->used || from->quantity || from->used)) continue;
        buffer_add_string(b, any ? ",\n{" : "\n{");
        any = true;
        output_json_text(b, "region", site_code(other));
        output_json_number(b, "lent", to->quantity, 3);
        output_json_number(b, "lent_used", to->used, 3);
        output_json_number(b, "borrowed", from->quantity, 3);
        output_json_number(b, "borrowed_used", from->used, 3);
        output_json_number(b, "credits", loan_credits(a, kind, a->site, other) - loan_credits(a, kind, other, a->site),
                           3);
        buffer_add_char(b, '}');
    }
    buffer_add_char(b, ']');
}

static void json_kind(Buffer *b, const Asked *a, int kind) {
    LedgerFigures sum = ledger_sum(a->ledger, a->site, kind);
    buffer_add_char(b, '{');
    output_json_text(b, "kind", kind_word(kind));
    output_json_number(b, "rate", a->rates[kind], 3);
    json_figures(b, &sum);
    json_loans(b, a, kind);
    buffer_add_string(b, ",\"weeks\":[");
    for (int week = a->first; week <= a->last; week++) {
        buffer_add_string(b, week > a->first ? ",\n{" : "\n{");
        output_json_week(b, "week", week);
        json_figures(b, ledger_cell(a->ledger, a->site, kind, week));
        buffer_add_char(b, '}');
    }
    buffer_add_string(b, "]}");
}

static void write_json(Buffer *b, const Asked *a) {
    bool any = false;
    buffer_add_char(b, '{');
    output_json_text(b, "region", site_code(a->site));
    output_json_week(b, "from", a->first);
    output_json_week(b, "to", a->last);
    output_json_number(b, "balance", balance(a), 3);
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
static void write_csv(Buffer *b, const Asked *a) {
    buffer_add_string(b, "region,kind,week");
    for (int i = 0; i < FIGURES; i++) {
        buffer_format(b, ",%s", figure_names[i].name);
    }
    buffer_add_char(b, '\n');
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        if (a->kind && kind != a->kind) continue;
        for (int week = a->first; week <= a->last; week++) {
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

Status cli_statement(Cli *cli, Error *e) {
    const char *word = cli->options.words[1];
    Asked a = {.site = site_of_code(word, strlen(word)), .rates = cli->settings.rates};
    Buffer out = {0}, clean = {0};
    Record *region;
    a.last = week_of_date(clock_today());
    a.first = a.last - WEEKS_BACK;
    if (a.site < 0) return error_set(e, STATUS_USAGE, NULL, _("\"%.40s\" is not a site, such as SMA"), word);
    Status s = cli_kind(cli, &a.kind, e);
    if (s == STATUS_OK) s = cli_period(cli, &a.first, &a.last, e);
    if (s == STATUS_OK) s = cli_open(cli, false, e);
    if (s == STATUS_OK) s = service_record(cli->service, &cli->arena, site_code(a.site), &region, e);
    if (s == STATUS_OK) s = service_ledger(cli->service, &cli->arena, a.kind, a.first, a.last, &a.ledger, e);
    if (s != STATUS_OK) return s;
    a.name = value_string(&region->values[SITE_NAME_FR]);
    switch (cli->options.form) {
    case CLI_TEXT: write_text(&out, &a); break;
    case CLI_JSON: write_json(&out, &a); break;
    case CLI_CSV: write_csv(&out, &a); break;
    }
    text_clean_out(&clean, buffer_string(&out), out.size, true);
    s = output_flush(&clean, e);
    buffer_free(&out);
    buffer_free(&clean);
    return s;
}
