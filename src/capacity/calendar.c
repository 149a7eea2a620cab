/* The calendar of capacity. */
#include "capacity/calendar.h"

#include "base/date.h"
#include "capacity/ledger.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

static CalendarCell *week_of(const CalendarGrid *g, int line, int week) {
    if (line < 0 || line >= g->lines || week < g->first || week > g->last) return NULL;
    return &g->weeks[(size_t)line * (size_t)(g->last - g->first + 1) + (size_t)(week - g->first)];
}

/* A grid that is being filled. */
typedef struct Filling {
    const CapacityRows *rows;
    CalendarGrid *grid;
    int64_t offer; /* looked for last, and its line */
    int line;
} Filling;

/* The offers come by site and number, whatever is of them names them by id, mostly one after another. */
static int line_of(Filling *f, int64_t offer, int site) {
    if (!f->grid->by_offer) return site;
    if (offer == f->offer) return f->line;
    f->offer = offer;
    f->line = -1;
    for (int i = 0; i < f->rows->offer_count && f->line < 0; i++) {
        if (f->rows->offers[i].id == offer) f->line = i;
    }
    return f->line;
}

/* What the ledger says of a lender is what the calendar shows. */
static void take(void *context, const LedgerPosting *p) {
    Filling *f = context;
    if (p->account == LEDGER_BORROWED || p->account == LEDGER_BOOKED || p->account == LEDGER_USED) return;
    CalendarCell *c = week_of(f->grid, line_of(f, p->offer, p->site), p->week);
    if (!c) return;
    c->weeks = 1;
    if (p->account == LEDGER_OFFERED) c->lendable -= p->quantity;
    if (p->account == LEDGER_KEPT) c->lendable -= p->quantity;
    if (p->account == LEDGER_HELD) c->held += p->quantity;
    if (p->account == LEDGER_LENT) c->booked += p->quantity;
}

/* What gives access is offered in all weeks of its offer, and never less for anybody's having it. */
static void take_offer(Filling *f, const CapacityOffer *o) {
    const CalendarGrid *g = f->grid;
    int first = o->first > g->first ? o->first : g->first, last = o->last < g->last ? o->last : g->last;
    for (int week = first; !kind_countable(o->kind) && week <= last && week < o->closed; week++) {
        CalendarCell *c = week_of(g, line_of(f, o->id, o->site), week);
        if (c) c->weeks = 1;
    }
}

static void take_access(Filling *f, const CapacityAccess *a) {
    const CalendarGrid *g = f->grid;
    int first = week_of_date(a->opens), last = week_of_date(a->ends);
    if (capacity_held(a->state)) return;
    for (int week = first > g->first ? first : g->first; week <= last && week <= g->last; week++) {
        CalendarCell *c = week_of(g, line_of(f, a->offer, a->lender), week);
        if (!c) return;
        c->weeks = 1;
        c->access++;
        if (week == first) c->opened++;
    }
}

CalendarGrid *calendar_compute(Arena *arena, const CapacityRows *rows, bool by_offer) {
    CalendarGrid *g = arena_alloc(arena, sizeof *g);
    Filling f = {.rows = rows, .grid = g, .offer = -1, .line = -1};
    int weeks = rows->last >= rows->first ? rows->last - rows->first + 1 : 0;
    *g = (CalendarGrid){.first = rows->first,
                        .last = rows->last,
                        .lines = by_offer ? rows->offer_count : SITE_COUNT,
                        .by_offer = by_offer};
    g->weeks = arena_array(arena, (size_t)g->lines * (size_t)weeks + 1, sizeof *g->weeks);
    assert(g->weeks);
    ledger_each(rows, take, &f);
    for (int i = 0; i < rows->offer_count; i++) {
        take_offer(&f, &rows->offers[i]);
    }
    for (int i = 0; i < rows->access_count; i++) {
        take_access(&f, &rows->accesses[i]);
    }
    for (size_t i = 0; i < (size_t)g->lines * (size_t)weeks; i++) {
        CalendarCell *c = &g->weeks[i];
        if (c->booked + c->held > c->lendable) c->over = c->booked + c->held - c->lendable;
    }
    return g;
}

CalendarCell calendar_cell(const CalendarGrid *g, int line, int first, int last) {
    CalendarCell sum = {0};
    if (first < g->first) first = g->first;
    if (last > g->last) last = g->last;
    for (int week = first; week <= last; week++) {
        const CalendarCell *c = week_of(g, line, week);
        if (!c) continue;
        sum.lendable += c->lendable;
        sum.booked += c->booked;
        sum.held += c->held;
        sum.over += c->over;
        sum.weeks += c->weeks;
        /* Those of the first week, and whatever opens later: each once. */
        sum.access += week == first ? c->access : c->opened;
        sum.opened += c->opened;
    }
    return sum;
}

int64_t calendar_left(const CalendarCell *c) {
    return c->lendable - c->booked - c->held + c->over;
}

int calendar_percent(int64_t taken, int64_t lendable) {
    if (!taken) return lendable > 0 ? 0 : -1;
    if (lendable <= 0) return 999;
    if (taken == lendable) return 100;
    int64_t percent;
    if (__builtin_mul_overflow(taken, 100, &percent)) percent = taken / (lendable / 100 + 1);
    else percent = (percent + lendable / 2) / lendable;
    if (taken < lendable) return percent < 1 ? 1 : percent > 99 ? 99 : (int)percent;
    return percent < 101 ? 101 : percent > 999 ? 999 : (int)percent;
}

int calendar_cell_percent(const CalendarCell *c) {
    return calendar_percent(c->booked + c->held, c->lendable);
}

/* In at most four columns: 7.5, 820, 9999, 120k, 13M. */
static void write_brief(int64_t thousandths, char out[16]) {
    int64_t n = thousandths / 1000;
    if (n < 10 && thousandths % 1000 >= 100) snprintf(out, 16, "%d.%d", (int)n, (int)(thousandths / 100 % 10));
    else if (n < 10000) snprintf(out, 16, "%d", (int)n);
    else if (n < 1000000) snprintf(out, 16, "%dk", (int)(n / 1000));
    else if (n < 1000000000) snprintf(out, 16, "%dM", (int)(n / 1000000));
    else snprintf(out, 16, ">1G");
}

void calendar_write(const CalendarCell *c, CalendarMeasure measure, char out[16]) {
    int percent = calendar_cell_percent(c);
    char number[16];
    *out = 0;
    if (!c->weeks) return;
    switch (measure) {
    case CALENDAR_PERCENT:
        if (percent < 0) return;
        snprintf(number, sizeof number, "%d", percent);
        break;
    case CALENDAR_FREE:
        if (percent < 0) return;
        write_brief(c->over ? c->over : calendar_left(c), number);
        break;
    case CALENDAR_ACCESS: write_brief((int64_t)c->access * 1000, out); return;
    }
    bool minus = c->over && measure == CALENDAR_FREE;
    /* A sign before and one behind leave three columns. */
    snprintf(out, 16, "%s%.*s%s", minus ? "-" : "", minus ? 3 : 4, number, c->over ? "!" : "");
}

int calendar_month(int week) {
    CivilDate d = date_civil(date_of_week(week) + 3);
    return d.year * 12 + d.month - 1;
}

void calendar_month_weeks(int month, int *first, int *last) {
    /* The first Thursday is never before the month's first day, nor after its seventh. */
    int day = date_of_civil((CivilDate){month / 12, month % 12 + 1, 1});
    int next = date_of_civil((CivilDate){(month + 1) / 12, (month + 1) % 12 + 1, 1});
    *first = week_of_date(day + 3);
    *last = week_of_date(next + 3) - 1;
}
