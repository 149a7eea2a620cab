/* Runs of weeks. */
#include "panels/period.h"

#include "base/date.h"

enum { QUARTER = 13, FIRST_WEEK = 0, LAST_WEEK = 10000 };

static int year_of(int week) {
    return date_civil(date_of_week(week) + 3).year;
}

static int first_of_year(int year) {
    return week_of_date(date_of_civil((CivilDate){year, 1, 4}));
}

/* The one that ends with a week, or has it. */
static void hold(Period *p, int week) {
    if (week < FIRST_WEEK) week = FIRST_WEEK;
    if (week > LAST_WEEK) week = LAST_WEEK;
    switch (p->unit) {
    case PERIOD_MONTH: calendar_month_weeks(calendar_month(week), &p->first, &p->last); return;
    case PERIOD_YEAR:
        p->first = first_of_year(year_of(week));
        p->last = first_of_year(year_of(week) + 1) - 1;
        return;
    case PERIOD_QUARTER:
    case PERIOD_UNITS: break;
    }
    p->last = week;
    p->first = week - QUARTER + 1;
}

void period_today(Period *p) {
    hold(p, week_of_date(app_today()));
}

void period_move(Period *p, int by) {
    if (p->unit == PERIOD_QUARTER) hold(p, p->last + by * QUARTER);
    for (; by && p->unit != PERIOD_QUARTER; by += by < 0 ? 1 : -1) {
        hold(p, by < 0 ? p->first - 1 : p->last + 1);
    }
}

void period_zoom(Period *p) {
    int now = week_of_date(app_today());
    p->unit = (p->unit + 1) % PERIOD_UNITS;
    hold(p, now >= p->first && now <= p->last ? now : p->last);
}

void period_say(const Period *p, Buffer *b) {
    char first[WEEK_SIZE], last[WEEK_SIZE];
    week_write(p->first, first);
    week_write(p->last, last);
    if (p->unit == PERIOD_MONTH)
        buffer_format(b, "%s %d", month_name(calendar_month(p->last) % 12 + 1), year_of(p->last));
    if (p->unit == PERIOD_YEAR) buffer_format(b, "%d", year_of(p->last));
    if (b->size) buffer_add_string(b, "  ");
    buffer_format(b, "%s – %s", first, last);
}
