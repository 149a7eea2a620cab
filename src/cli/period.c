/* What --kind, --from and --to say. */
#include "cli/period.h"

#include "base/date.h"
#include "base/intl.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static Status read_week(const char *text, DateSense sense, int *week, const char *option, Error *e) {
    if (week_read(text, strlen(text), clock_today(), sense, week, option, NULL) == STATUS_OK) return STATUS_OK;
    return error_set(e, STATUS_USAGE, option,
                     _("\"%.40s\" is no week, month or year: write 2026-W48, W48, +2w, a date, 2026-11 or 2026"), text);
}

/* "2026" or "2026-11": an ISO year's weeks, a month's. */
static bool read_span(const char *text, int *first, int *last) {
    int digits = (int)strspn(text, "0123456789");
    int year = digits == 4 ? (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0' : 0;
    int month = 0;
    if (year < 1970 || year > 2199) return false;
    if (!text[4]) {
        *first = week_of_date(date_of_civil((CivilDate){year, 1, 4}));
        *last = week_of_date(date_of_civil((CivilDate){year + 1, 1, 4})) - 1;
        return true;
    }
    if (text[4] != '-' || strlen(text) != 7 || strspn(text + 5, "0123456789") != 2) return false;
    month = (text[5] - '0') * 10 + text[6] - '0';
    if (month < 1 || month > 12) return false;
    calendar_month_weeks(year * 12 + month - 1, first, last);
    return true;
}

static int year_of(int week) {
    return date_civil(date_of_week(week) + 3).year;
}

/* Weeks without their years, each the nearest, may be of two years and so in the wrong order: then both are of one, the
 * year of that one which is nearer to now. A week whose year is said stays what it is. */
static void join_years(const char *from, const char *to, int *first, int *last) {
    const int now = week_of_date(clock_today());
    int before = *first, after = *last;
    Status s = week_read(from, strlen(from), date_of_week(*last), DATE_BEHIND, &before, NULL, NULL);
    if (s == STATUS_OK) s = week_read(to, strlen(to), date_of_week(*first), DATE_AHEAD, &after, NULL, NULL);
    if (s != STATUS_OK) return;
    bool back = before <= *last && year_of(before) == year_of(*last);
    bool on = after >= *first && year_of(after) == year_of(*first);
    if (back && on) back = abs(*last - now) <= abs(*first - now);
    if (back) *first = before;
    else if (on) *last = after;
}

Status cli_period(const Cli *cli, DateSense sense, int *first, int *last, Error *e) {
    const char *from = cli->options.from, *to = cli->options.to;
    int span = *last - *first, unused;
    bool whole = from && read_span(from, first, &unused), until = to && read_span(to, &unused, last);
    Status s = from && !whole ? read_week(from, sense, first, "--from", e) : STATUS_OK;
    if (s == STATUS_OK && to && !until) s = read_week(to, sense, last, "--to", e);
    if (s != STATUS_OK) return s;
    if (from && to && !whole && !until && *first > *last) join_years(from, to, first, last);
    if (from && !to && *first > *last) *last = *first + span;
    if (to && !from && *last < *first) *first = *last - span;
    if (*first > *last) {
        char weeks[2][WEEK_SIZE];
        week_write(*first, weeks[0]);
        week_write(*last, weeks[1]);
        return error_set(e, STATUS_USAGE, "--to", _("%s is before %s: the period would end before it begins"), weeks[1],
                         weeks[0]);
    }
    if (*last - *first >= PERIOD_MOST)
        return error_set(e, STATUS_USAGE, "--to", _("at most %d weeks at a time"), PERIOD_MOST);
    return STATUS_OK;
}

Status cli_kind(const Cli *cli, int *kind, Error *e) {
    const char *word = cli->options.kind;
    *kind = 0;
    if (!word) return STATUS_OK;
    const Choice *c = choice_of_word(kind_choices, word, strlen(word));
    if (c) {
        *kind = c->number;
        return STATUS_OK;
    }
    Buffer words = {0};
    for (c = kind_choices; c->number; c++) {
        buffer_format(&words, "%s%s", words.size ? ", " : "", c->word);
    }
    error_set(e, STATUS_USAGE, "--kind", _("\"%.40s\" is not a kind of capacity: one of %s"), word, words.bytes);
    buffer_free(&words);
    return STATUS_USAGE;
}
