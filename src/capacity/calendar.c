/* The calendar of capacity. */
#include "capacity/calendar.h"

#include "base/date.h"
#include "model/code.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

static CalendarCell *week_of(const CalendarGrid *g, int line, int week) {
    if (line < 0 || line >= g->lines || week < g->first || week > g->last) return NULL;
    return &g->weeks[(size_t)line * (size_t)(g->last - g->first + 1) + (size_t)(week - g->first)];
}

/* The offers come by site and number, the bookings name them by id. */
static int line_of_offer(const CapacityRows *rows, int64_t id) {
    for (int i = 0; i < rows->offer_count; i++) {
        if (rows->offers[i].id == id) return i;
    }
    return -1;
}

CalendarGrid *calendar_compute(Arena *arena, const CapacityRows *rows, bool by_offer) {
    CalendarGrid *g = arena_alloc(arena, sizeof *g);
    int weeks = rows->last >= rows->first ? rows->last - rows->first + 1 : 0;
    *g = (CalendarGrid){.first = rows->first, .last = rows->last, .lines = by_offer ? rows->offer_count : SITE_COUNT};
    g->weeks = arena_array(arena, (size_t)g->lines * (size_t)weeks + 1, sizeof *g->weeks);
    assert(g->weeks);
    for (int i = 0; i < rows->offer_count; i++) {
        const CapacityOffer *o = &rows->offers[i];
        int first = o->first > g->first ? o->first : g->first, last = o->last < g->last ? o->last : g->last;
        for (int week = first; week <= last && week < o->closed; week++) {
            CalendarCell *c = week_of(g, by_offer ? i : o->site, week);
            if (!c) continue;
            c->lendable += o->quantity - o->reserve;
            c->weeks = 1;
        }
    }
    for (int i = 0; i < rows->booking_count; i++) {
        const CapacityBooking *b = &rows->bookings[i];
        CalendarCell *c = week_of(g, by_offer ? line_of_offer(rows, b->offer) : b->lender, b->week);
        if (!c) continue;
        c->booked += b->quantity;
        c->weeks = 1;
        if (b->week >= b->closed) c->lendable += b->quantity;
    }
    for (size_t i = 0; i < (size_t)g->lines * (size_t)weeks; i++) {
        CalendarCell *c = &g->weeks[i];
        if (c->booked > c->lendable) c->over = c->booked - c->lendable;
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
        sum.over += c->over;
        sum.weeks += c->weeks;
    }
    return sum;
}

int calendar_percent(const CalendarCell *c) {
    if (!c->booked) return c->lendable > 0 ? 0 : -1;
    if (c->lendable <= 0) return 999;
    if (c->booked == c->lendable) return 100;
    int64_t percent;
    if (__builtin_mul_overflow(c->booked, 100, &percent)) percent = c->booked / (c->lendable / 100 + 1);
    else percent = (percent + c->lendable / 2) / c->lendable;
    if (c->booked < c->lendable) return percent < 1 ? 1 : percent > 99 ? 99 : (int)percent;
    return percent < 101 ? 101 : percent > 999 ? 999 : (int)percent;
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

void calendar_write(const CalendarCell *c, CalendarMeasure measure, int weeks, char out[16]) {
    int percent = calendar_percent(c);
    int64_t left = c->lendable - c->booked + c->over; /* free in the weeks that have room */
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
        write_brief(c->over ? c->over : left, number);
        break;
    case CALENDAR_ACCESS:
        /* Rounded up: somebody for a week of a month is somebody. */
        write_brief((c->booked + (int64_t)weeks * ACCESS_QUANTITY - 1) / ((int64_t)weeks * ACCESS_QUANTITY) * 1000,
                    out);
        return;
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
