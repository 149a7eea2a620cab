/* The balances of all regions: what each lent and borrowed in a period, in capacity credits, and, of the one at the
 * cursor, to and from whom. */
#include "panels/period.h"
#include "panels/region_figures.h"

#include "base/number.h"

enum { COLUMNS = 3, NUMBER_WIDTH = 13 };

typedef struct BalancesView {
    Period period;
    Arena arena;
    const Ledger *ledger; /* NULL: could not be read */
    int decimals;         /* of what is shown, the most */
    int cursor, top;
    Rect at; /* of the regions' lines */
    RegionName names[SITE_COUNT];
    Error error;
} BalancesView;

static void balances_reload(View *v) {
    BalancesView *b = v->state;
    arena_reset(&b->arena);
    b->error = (Error){0};
    v->app->acted = false;
    if (service_ledger(v->app->service, &b->arena, 0, b->period.first, b->period.last, &b->ledger, &b->error) !=
        STATUS_OK)
        b->ledger = NULL;
    if (b->ledger) b->decimals = ledger_credit_decimals(b->ledger, v->app->settings->rates);
}

static void balances_open(View *v) {
    BalancesView *b = v->state;
    int site = service_actor(v->app->service)->site;
    load_region_names(v->app, &v->arena, b->names);
    b->cursor = site > 0 ? site : 0;
    if (!b->period.last) period_today(&b->period);
}

static void balances_close(View *v) {
    arena_free(&((BalancesView *)v->state)->arena);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static void draw_numbers(const BalancesView *b, int y, int x, Style style, LedgerBalance balance, bool selected) {
    int64_t left = balance.lent - balance.borrowed;
    draw_amount(y, x, NUMBER_WIDTH, style, balance.lent, false, b->decimals);
    draw_amount(y, x + NUMBER_WIDTH, NUMBER_WIDTH, style, balance.borrowed, false, b->decimals);
    draw_amount(y, x + 2 * NUMBER_WIDTH, NUMBER_WIDTH,
                selected   ? style
                : left > 0 ? STYLE_GOOD
                           : STYLE_SOON,
                left, true, b->decimals);
}

static int label_width(int w) {
    return w < 70 ? 18 : 32;
}

/* All regions, and their sum: what was lent is what was borrowed. */
static void draw_regions(View *v, Rect r) {
    BalancesView *b = v->state;
    static const char *const headings[COLUMNS] = {N_("Lent"), N_("Borrowed"), N_("Balance")};
    const int64_t *rates = v->app->settings->rates;
    int x = r.x + label_width(r.w), lines = r.h - 2;
    LedgerBalance all = {0};
    for (int i = 0; i < COLUMNS; i++) {
        draw_right(r.y, x + i * NUMBER_WIDTH, NUMBER_WIDTH - 1, STYLE_DIM, _(headings[i]));
    }
    draw_string(r.y, r.x, x - r.x, STYLE_DIM, _("In credits"));
    if (b->cursor < b->top) b->top = b->cursor;
    if (b->cursor >= b->top + lines) b->top = b->cursor - lines + 1;
    if (b->top + lines > SITE_COUNT) b->top = SITE_COUNT > lines ? SITE_COUNT - lines : 0;
    b->at = (Rect){r.y + 1, r.x, lines < SITE_COUNT ? lines : SITE_COUNT, r.w};
    for (int site = 0; site < SITE_COUNT; site++) {
        LedgerBalance balance = ledger_balance(b->ledger, rates, site);
        bool here = site == b->cursor;
        int y = b->at.y + site - b->top;
        all.lent += balance.lent;
        all.borrowed += balance.borrowed;
        if (site < b->top || site >= b->top + b->at.h) continue;
        if (here) {
            draw_fill((Rect){y, r.x - 1, 1, r.w + 2}, STYLE_SELECTED);
            draw_cursor(y, r.x);
        }
        draw_string(y, r.x, 5, here ? STYLE_SELECTED : STYLE_STRONG, site_code(site));
        draw_string(y, r.x + 5, x - r.x - 6, here ? STYLE_SELECTED : STYLE_TEXT, b->names[site].name);
        draw_numbers(b, y, x, here ? STYLE_SELECTED : STYLE_TEXT, balance, here);
    }
    int y = b->at.y + b->at.h;
    draw_string(y, r.x, x - r.x - 1, STYLE_STRONG, _("All"));
    draw_numbers(b, y, x, STYLE_STRONG, all, false);
}

static LedgerBalance between(View *v, int other) {
    const BalancesView *b = v->state;
    const int64_t *rates = v->app->settings->rates;
    return (LedgerBalance){.lent = ledger_loan_credits(b->ledger, rates, b->cursor, other),
                           .borrowed = ledger_loan_credits(b->ledger, rates, other, b->cursor)};
}

/* "Lent to CAS 420, DOD 282", most first. */
static int draw_partners(View *v, Rect r, bool lent) {
    const BalancesView *b = v->state;
    Buffer text = {0};
    unsigned told = 1u << b->cursor;
    buffer_add_string(&text, lent ? _("Lent to") : _("Borrowed from"));
    for (bool more = true, first = true; more; first = false) {
        int64_t most = 0;
        int best = -1;
        for (int other = 0; other < SITE_COUNT; other++) {
            LedgerBalance both = between(v, other);
            int64_t credits = lent ? both.lent : both.borrowed;
            if (told >> other & 1 || credits <= most) continue;
            most = credits;
            best = other;
        }
        more = best >= 0;
        if (first && !more) buffer_format(&text, " %s", _("nobody"));
        if (!more) break;
        told |= 1u << best;
        buffer_format(&text, "%s%s ", first ? " " : ", ", site_code(best));
        number_show(&text, most, 3);
    }
    int took = draw_wrapped(r, STYLE_TEXT, text.bytes);
    buffer_free(&text);
    return took;
}

/* Those with whom the region at the cursor has lent or borrowed, a line each; false where they have no room. */
static bool draw_table(View *v, Rect r) {
    const BalancesView *b = v->state;
    int count = 0, y = r.y;
    for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < SITE_COUNT; other++) {
            LedgerBalance balance = between(v, other);
            if (other == b->cursor || !(balance.lent || balance.borrowed)) continue;
            count += !pass;
            if (!pass) continue;
            draw_string(y, r.x, 5, STYLE_STRONG, site_code(other));
            draw_string(y, r.x + 5, label_width(r.w) - 6, STYLE_DIM, b->names[other].name);
            draw_numbers(b, y++, r.x + label_width(r.w), STYLE_TEXT, balance, false);
        }
        if (!count || count > r.h) return false;
    }
    return true;
}

static void balances_draw(View *v, Rect r) {
    BalancesView *b = v->state;
    Rect in = {r.y, r.x + 1, r.h, r.w - 2};
    Buffer period = {0};
    if (!b->ledger) {
        draw_wrapped(in, STYLE_ERROR, b->error.why);
        return;
    }
    period_say(&b->period, &period);
    int x = in.x + draw_string(in.y, in.x, in.w, STYLE_STRONG, _("What all regions lent and borrowed")) + 2;
    draw_right(in.y, x, in.x + in.w - x, STYLE_DIM, period.bytes);
    buffer_free(&period);
    int below = in.h >= 20 ? 4 : in.h >= 11 ? 3 : 0, most = SITE_COUNT + 2;
    int h = in.h - 1 - below < most ? in.h - 1 - below : most;
    draw_regions(v, (Rect){in.y + 1, in.x, h, in.w});
    if (!below) return;
    int y = in.y + 1 + h + (in.h > 1 + h + below), end = in.y + in.h;
    draw_title(y++, in.x, in.w, site_code(b->cursor), b->names[b->cursor].name);
    if (draw_table(v, (Rect){y, in.x, end - y, in.w})) return;
    y += draw_partners(v, (Rect){y, in.x, end - y > 1 ? end - y - 1 : end - y, in.w}, true);
    if (y < end) draw_partners(v, (Rect){y, in.x, end - y, in.w}, false);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static bool balances_event(View *v, const Event *e) {
    BalancesView *b = v->state;
    if (!event_clicks(e, b->at)) return walk_event(&b->cursor, SITE_COUNT, b->at.h - 1, e);
    if (b->top + e->y - b->at.y < SITE_COUNT) b->cursor = b->top + e->y - b->at.y;
    return true;
}

static void run_open(View *v) {
    const BalancesView *b = v->state;
    open_statement(v->app, b->cursor, &b->period);
}

static void run_back(View *v) {
    period_move(&((BalancesView *)v->state)->period, -1);
    balances_reload(v);
}

static void run_on(View *v) {
    period_move(&((BalancesView *)v->state)->period, 1);
    balances_reload(v);
}

static void run_today(View *v) {
    period_today(&((BalancesView *)v->state)->period);
    balances_reload(v);
}

static void run_zoom(View *v) {
    period_zoom(&((BalancesView *)v->state)->period);
    balances_reload(v);
}

static const Action balances_actions[] = {
    {"open", N_("statement"), N_("The region's statement of these weeks."), "Enter S", 1, run_open, NULL},
    {"back", N_("before"), N_("The weeks, month or year before."), "< Left h", 5, run_back, NULL},
    {"on", N_("after"), N_("The weeks, month or year after."), "> Right l", 6, run_on, NULL},
    {"zoom", N_("zoom"), N_("Thirteen weeks, a month, a year."), "z + -", 8, run_zoom, NULL},
    {"today", N_("today"), N_("Up to this week, or the month or year it is in."), "t", 10, run_today, NULL},
    {0},
};

static const Panel panel_balances = {.name = "balances",
                                     .label = N_("Balances"),
                                     .size = sizeof(BalancesView),
                                     .actions = balances_actions,
                                     .open = balances_open,
                                     .close = balances_close,
                                     .reload = balances_reload,
                                     .draw = balances_draw,
                                     .event = balances_event};

void open_balances(App *app, const struct Period *period) {
    View *v = app_push(app, &panel_balances);
    if (period) ((BalancesView *)v->state)->period = *period;
    view_start(v);
}
