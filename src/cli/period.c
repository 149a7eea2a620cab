/* What --kind, --from and --to say. */
#include "cli/period.h"

#include "base/date.h"
#include "base/intl.h"

#include <stdbool.h>
#include <string.h>

/* Who asks for a period looks back as often as ahead: a bare number is the nearest such week either way. */
static Status read_week(const char *text, int *week, const char *option, Error *e) {
    if (week_read(text, strlen(text), clock_today(), DATE_NEAREST, week, option, NULL) == STATUS_OK) return STATUS_OK;
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

Status cli_period(const Cli *cli, int *first, int *last, Error *e) {
    const char *from = cli->options.from, *to = cli->options.to;
    int span = *last - *first, unused;
    Status s = from && !read_span(from, first, &unused) ? read_week(from, first, "--from", e) : STATUS_OK;
    if (s == STATUS_OK && to && !read_span(to, &unused, last)) s = read_week(to, last, "--to", e);
    if (s != STATUS_OK) return s;
    if (from && !to && *first > *last) *last = *first + span;
    if (to && !from && *last < *first) *first = *last - span;
    if (*first > *last) return error_set(e, STATUS_USAGE, "--to", _("the period would end before it begins"));
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
