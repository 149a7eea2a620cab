/* Which offers fit a request. */
#include "capacity/fit.h"

#include <stdlib.h>

static int compare_weeks(const void *a, const void *b) {
    int x = ((const WeekQuantity *)a)->week, y = ((const WeekQuantity *)b)->week;
    return (x > y) - (x < y);
}

int week_quantities_merge(WeekQuantity *list, int count) {
    int kept = 0;
    if (count) qsort(list, (size_t)count, sizeof *list, compare_weeks);
    for (int i = 0; i < count; i++) {
        if (kept && list[kept - 1].week == list[i].week) list[kept - 1].quantity += list[i].quantity;
        else list[kept++] = list[i];
    }
    return kept;
}

/* The quantity of a week in an ascending list; *at remembers the place between calls with ascending weeks. */
static int64_t quantity_in(const WeekQuantity *list, int count, int week, int *at) {
    while (*at < count && list[*at].week < week) {
        ++*at;
    }
    return *at < count && list[*at].week == week ? list[*at].quantity : 0;
}

static int64_t at_most(int64_t a, int64_t b) {
    int64_t least = a < b ? a : b;
    return least > 0 ? least : 0;
}

void fit_compute(Arena *arena, const FitRequest *r, const FitOffer *o, Fit *fit) {
    int first = r->first > o->first ? r->first : o->first, last = r->last < o->last ? r->last : o->last;
    int at_offer = 0, at_request = 0;
    int64_t missing = r->missing;
    *fit = (Fit){0};
    if (first > last) return;
    fit->weeks = arena_array(arena, (size_t)(last - first) + 1, sizeof *fit->weeks);
    for (int week = first; week <= last; week++) {
        FitWeek *w = &fit->weeks[fit->count++];
        w->week = week;
        w->free = at_most(o->lendable - quantity_in(o->booked, o->booked_count, week, &at_offer), INT64_MAX);
        int64_t room = missing, has = quantity_in(r->booked, r->booked_count, week, &at_request);
        if (r->weekly_most) room = at_most(room, r->weekly_most - has);
        w->could = at_most(w->free, room);
        missing -= w->could;
        fit->free += w->free;
        fit->could += w->could;
    }
}

int fit_take(const Fit *fit, int64_t quantity, WeekQuantity *out) {
    int count = 0;
    int64_t left = quantity ? quantity : fit->could;
    for (int i = 0; i < fit->count && left > 0; i++) {
        int64_t take = at_most(fit->weeks[i].could, left);
        if (take) out[count++] = (WeekQuantity){fit->weeks[i].week, take};
        left -= take;
    }
    return count;
}
