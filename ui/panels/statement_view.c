/* A region's statement: what it offered, lent and borrowed in a quarter or any other run of weeks, kind by kind; with
 * whom, and the balance in capacity credits. */
#include "panels/period.h"
#include "panels/region_figures.h"

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 10, LOAN_COLUMNS = 5 };

typedef struct StatementView {
    int site;
    Period period;
    Arena arena;
    const Ledger *ledger; /* NULL: could not be read */
    int kinds[KIND_COUNT], count, cursor, top;
    RegionName names[SITE_COUNT];
    Error error;
} StatementView;

static const struct {
    const char *heading;
    int rank; /* the highest leaves first where it is narrow */
} columns[COLUMNS] = {{N_("Offered"), 0}, {N_("Kept"), 2},   {N_("Held"), 1},     {N_("Free"), 1}, {N_("Booked"), 0},
                      {N_("Used"), 1},    {N_("Unused"), 3}, {N_("Overused"), 4}, {N_("Lent"), 0}, {N_("Borrowed"), 0}};

/* Access is offered to any number. */
static int64_t figure(const LedgerFigures *f, int kind, int column) {
    const int64_t offered = kind_countable(kind) ? f->offered : 0;
    const int64_t all[COLUMNS] = {offered, f->kept,   f->held,     f->free - f->over, f->booked,
                                  f->used, f->unused, f->overused, f->lent,           f->borrowed};
    return all[column];
}

static bool says_nothing(const LedgerFigures *f) {
    return !f->offered && !f->booked && !f->used && !f->borrowed && !f->borrowed_used && !f->held && !f->access &&
           !f->borrowed_access;
}

static void statement_reload(View *v) {
    StatementView *s = v->state;
    arena_reset(&s->arena);
    s->error = (Error){0};
    s->count = 0;
    s->ledger = NULL;
    v->app->acted = false;
    if (service_ledger(v->app->service, &s->arena, 0, s->period.first, s->period.last, &s->ledger, &s->error) !=
        STATUS_OK) {
        s->ledger = NULL;
        return;
    }
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        LedgerFigures sum = ledger_sum(s->ledger, s->site, kind);
        if (!says_nothing(&sum)) s->kinds[s->count++] = kind;
    }
    if (s->cursor >= s->count) s->cursor = s->count ? s->count - 1 : 0;
}

static void statement_open(View *v) {
    StatementView *s = v->state;
    load_region_names(v->app, &v->arena, s->names);
    if (!s->period.last) period_today(&s->period);
}

static void statement_close(View *v) {
    arena_free(&((StatementView *)v->state)->arena);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static bool narrow(int w) {
    return w < 70;
}

static int label_width(int w) {
    return w < 120 ? 15 : 32;
}

/* Two blanks are part of it: numbers that hold blanks themselves are not read as one. */
static int number_width(int w) {
    return w < 132 ? 9 : 11;
}

static void draw_number(int y, int x, int w, Style style, int64_t number, bool sign) {
    draw_amount(y, x + 1, w - 1, style, number, sign, 0);
}

static unsigned fitting(int w) {
    unsigned kept = (1u << COLUMNS) - 1;
    for (int rank = 4; rank > 0; rank--) {
        int total = label_width(w);
        for (int i = 0; i < COLUMNS; i++) {
            if (kept >> i & 1) total += number_width(w);
        }
        if (total <= w) break;
        for (int i = 0; i < COLUMNS; i++) {
            if (columns[i].rank == rank) kept &= ~(1u << i);
        }
    }
    return kept;
}

static void draw_kinds(StatementView *s, Rect r) {
    unsigned kept = fitting(r.w);
    int w = number_width(r.w);
    for (int i = 0, x = r.x + label_width(r.w); i < COLUMNS; i++) {
        if (!(kept >> i & 1)) continue;
        draw_right(r.y, x - 1, w, STYLE_DIM, _(columns[i].heading));
        x += w;
    }
    int lines = r.h - 1;
    if (s->cursor < s->top) s->top = s->cursor;
    if (s->cursor >= s->top + lines) s->top = s->cursor - lines + 1;
    if (s->top + lines > s->count) s->top = s->count > lines ? s->count - lines : 0;
    for (int k = s->top; k < s->count && k < s->top + lines; k++) {
        LedgerFigures f = ledger_sum(s->ledger, s->site, s->kinds[k]);
        bool here = k == s->cursor;
        int y = r.y + 1 + k - s->top;
        if (here) {
            draw_fill((Rect){y, r.x - 1, 1, r.w + 2}, STYLE_SELECTED);
            draw_cursor(y, r.x);
        }
        draw_string(y, r.x, label_width(r.w) - 1, here ? STYLE_SELECTED : STYLE_STRONG,
                    _(choice_of_number(kind_choices, s->kinds[k])->label));
        for (int i = 0, x = r.x + label_width(r.w); i < COLUMNS; i++) {
            if (!(kept >> i & 1)) continue;
            draw_number(y, x, w, here ? STYLE_SELECTED : STYLE_TEXT, figure(&f, s->kinds[k], i), false);
            x += w;
        }
    }
}

static void say_beyond(Buffer *b, int64_t quantity, const char *words) {
    if (!quantity) return;
    buffer_add_string(b, "; ");
    number_show(b, quantity, 3);
    buffer_format(b, " %s", words);
}

/* What the numbers of a kind count; and what was used beyond what was booked, which has no column where it is narrow. */
static void say_unit(const StatementView *s, int kind, Buffer *b) {
    LedgerFigures f = ledger_sum(s->ledger, s->site, kind);
    buffer_add_string(b, kind_countable(kind) ? kind_unit_of_sum(kind) : _("accesses"));
    say_beyond(b, f.overused, _("used beyond what was booked"));
    say_beyond(b, f.borrowed_overused, _("used beyond what it borrowed"));
}

/* With whom, of the kind at the cursor. */
static void draw_loans(View *v, Rect r) {
    const StatementView *s = v->state;
    static const char *const used[LOAN_COLUMNS] = {N_("Lent"), N_("they used"), N_("Borrowed"), N_("it used"),
                                                   N_("Credits")};
    static const char *const in_force[LOAN_COLUMNS] = {N_("Given"), N_("in force"), N_("Received"), N_("in force"),
                                                       N_("Credits")};
    int kind = s->kinds[s->cursor], y = r.y + 1, w = 11, label = label_width(r.w);
    const char *const *headings = kind_countable(kind) ? used : in_force;
    unsigned kept = narrow(r.w) ? 1u << 0 | 1u << 2 | 1u << 4 : (1u << LOAN_COLUMNS) - 1;
    Buffer unit = {0};
    say_unit(s, kind, &unit);
    draw_title(r.y, r.x, r.w, _(choice_of_number(kind_choices, kind)->label), unit.bytes);
    buffer_free(&unit);
    for (int i = 0, x = r.x + label; i < LOAN_COLUMNS; i++) {
        if (!(kept >> i & 1)) continue;
        draw_right(y, x, w - 1, STYLE_DIM, _(headings[i]));
        x += w;
    }
    bool none = true;
    for (int other = 0; other < SITE_COUNT; other++) {
        const LedgerLoan *to = &s->ledger->loans[kind][s->site][other], *from = &s->ledger->loans[kind][other][s->site];
        int64_t rate = v->app->settings->rates[kind];
        int64_t credits = ledger_credits(to->quantity, rate) - ledger_credits(from->quantity, rate);
        /* Of access nothing is used up: either way is said what is in force. */
        const int64_t numbers[LOAN_COLUMNS] = {to->quantity, to->used + to->access, from->quantity,
                                               from->used + from->access, credits};
        bool any = numbers[0] || numbers[1] || numbers[2] || numbers[3];
        if (other == s->site || !any) continue;
        none = false;
        if (++y >= r.y + r.h) break;
        draw_string(y, r.x, 5, STYLE_STRONG, site_code(other));
        draw_string(y, r.x + 5, label - 6, STYLE_DIM, s->names[other].name);
        for (int i = 0, x = r.x + label; i < LOAN_COLUMNS; i++) {
            if (!(kept >> i & 1)) continue;
            draw_number(y, x, w, i < 4 ? STYLE_TEXT : credits > 0 ? STYLE_GOOD : STYLE_SOON, numbers[i], i == 4);
            x += w;
        }
    }
    if (none) draw_string(y + 1, r.x, r.w, STYLE_DIM, _("Neither lent nor borrowed."));
}

/* Over all kinds. */
static void draw_balance(View *v, Rect r) {
    const StatementView *s = v->state;
    LedgerBalance balance = ledger_balance(s->ledger, v->app->settings->rates, s->site);
    int64_t credits = balance.lent - balance.borrowed;
    Buffer text = {0};
    if (credits > 0) buffer_add_char(&text, '+');
    number_show(&text, credits, 3);
    int w = text_width(text.bytes, text.size),
        label = text_width(_("Balance in credits"), strlen(_("Balance in credits")));
    draw_right(r.y + 1, r.x + r.w - w, w, credits ? STYLE_STRONG : STYLE_DIM, text.bytes);
    draw_right(r.y + 1, r.x + r.w - w - label - 2, label, STYLE_DIM, _("Balance in credits"));
    buffer_free(&text);
}

static void statement_draw(View *v, Rect r) {
    StatementView *s = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    Buffer period = {0};
    if (!s->ledger) {
        draw_wrapped(in, STYLE_ERROR, s->error.why);
        return;
    }
    period_say(&s->period, &period);
    int x = in.x + draw_string(in.y, in.x, 6, STYLE_ACCENT, site_code(s->site)) + 1;
    x += draw_string(in.y, x, in.w - 30, STYLE_STRONG, s->names[s->site].name) + 2;
    draw_string(in.y, x, in.x + in.w - x, STYLE_DIM, period.bytes);
    buffer_free(&period);
    draw_balance(v, in);
    if (!s->count) {
        draw_wrapped((Rect){in.y + 2, in.x, in.h - 2, in.w}, STYLE_DIM,
                     _("Nothing was offered, lent or borrowed in these weeks. < and > go to others."));
        return;
    }
    /* Four lines are left for those with whom. */
    int most = in.h - 2 - 4, kinds = s->count + 1 < most ? s->count + 1 : most;
    draw_kinds(s, (Rect){in.y + 2, in.x, kinds, in.w});
    int y = in.y + 2 + kinds + (in.h >= 18);
    draw_loans(v, (Rect){y, in.x, in.y + in.h - y, in.w});
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static bool statement_event(View *v, const Event *e) {
    StatementView *s = v->state;
    return walk_event(&s->cursor, s->count, s->count, e);
}

/* The kind at the cursor stays where it is. */
static void renew(View *v) {
    StatementView *s = v->state;
    int kind = s->count ? s->kinds[s->cursor] : 0;
    statement_reload(v);
    for (int i = 0; i < s->count; i++) {
        if (s->kinds[i] == kind) s->cursor = i;
    }
}

static void run_back(View *v) {
    period_move(&((StatementView *)v->state)->period, -1);
    renew(v);
}

static void run_on(View *v) {
    period_move(&((StatementView *)v->state)->period, 1);
    renew(v);
}

static void run_today(View *v) {
    period_today(&((StatementView *)v->state)->period);
    renew(v);
}

static void run_zoom(View *v) {
    period_zoom(&((StatementView *)v->state)->period);
    renew(v);
}

static void run_calendar(View *v) {
    StatementView *s = v->state;
    open_calendar(v->app, s->count ? s->kinds[s->cursor] : 0, s->site);
}

static void run_balances(View *v) {
    open_balances(v->app, &((StatementView *)v->state)->period);
}

static const Action statement_actions[] = {
    {"calendar", N_("calendar"), N_("The kind, week by week, and who has booked it."), "Enter C", 1, run_calendar,
     NULL},
    {"back", N_("before"), N_("The weeks, month or year before."), "< Left h", 5, run_back, NULL},
    {"on", N_("after"), N_("The weeks, month or year after."), "> Right l", 6, run_on, NULL},
    {"zoom", N_("zoom"), N_("Thirteen weeks, a month, a year."), "z + -", 8, run_zoom, NULL},
    {"today", N_("today"), N_("Up to this week, or the month or year it is in."), "t", 10, run_today, NULL},
    {"balances", N_("balances"), N_("The balances of all regions in these weeks."), "B", 12, run_balances, NULL},
    {0},
};

static const Panel panel_statement = {.name = "statement",
                                      .label = N_("A statement"),
                                      .size = sizeof(StatementView),
                                      .actions = statement_actions,
                                      .open = statement_open,
                                      .close = statement_close,
                                      .reload = statement_reload,
                                      .draw = statement_draw,
                                      .event = statement_event};

void open_statement(App *app, int site, const struct Period *period) {
    View *v = app_push(app, &panel_statement);
    StatementView *s = v->state;
    s->site = site;
    if (period) s->period = *period;
    view_start(v);
}
