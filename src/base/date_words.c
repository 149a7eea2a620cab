/* Days and weeks as people type and read them. */
#include "base/date.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* English and French, told apart by their first three letters: "fri", "friday", "vendredi". */
static bool weekday_named(const char *text, size_t size, int *weekday) {
    static const char names[2][7][10] = {
        {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
        {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    };
    for (int language = 0; language < 2; language++) {
        for (int d = 0; d < 7; d++) {
            if (size >= 3 && size <= strlen(names[language][d]) && !strncasecmp(text, names[language][d], size)) {
                *weekday = d;
                return true;
            }
        }
    }
    return false;
}

static int months_from(const char *typed) {
    /* Folded: without accents, in small letters. */
    static const char *const names[2][12] = {
        {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"},
        {"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
         "decembre"},
    };
    unsigned found = 0;
    for (int i = 0; i < 24; i++) {
        if (!strncmp(names[i / 12][i % 12], typed, strlen(typed))) found |= 1u << (i % 12);
    }
    /* "jui" could be one or the other. */
    return found && !(found & (found - 1)) ? __builtin_ctz(found) + 1 : 0;
}

/* English and French, told apart by at least three letters: "dec", "december", "décembre"; 0: none, or several. */
static int month_named(const char *text, size_t size) {
    Buffer folded = {0};
    text_fold(&folded, text, size);
    int month = folded.size >= 3 && strlen(folded.bytes) == folded.size ? months_from(folded.bytes) : 0;
    buffer_free(&folded);
    return month;
}

static bool is_word(const char *text, size_t size, const char *word) {
    return size == strlen(word) && !strncasecmp(text, word, size);
}

/* The same day some months on, or the month's last where there is none. */
static int add_months(int day, int months) {
    CivilDate d = date_civil(day);
    int count = d.year * 12 + d.month - 1 + months, wanted = d.day;
    d = (CivilDate){count / 12, count % 12 + 1, 1};
    CivilDate next = {(count + 1) / 12, (count + 1) % 12 + 1, 1};
    int length = date_of_civil(next) - date_of_civil(d);
    d.day = wanted < length ? wanted : length;
    return date_of_civil(d);
}

/* +2w, -3d, +1m, +1y (also j for jours, s for semaines, a for ans); a bare +2 counts `unit`s. */
static bool relative(const char *text, size_t size, char unit, int today, int *day) {
    if (size < 2 || size > 6 || (text[0] != '+' && text[0] != '-')) return false;
    int n = 0;
    size_t at = 1;
    for (; at < size && text[at] >= '0' && text[at] <= '9'; at++) {
        n = n * 10 + text[at] - '0';
    }
    if (at == 1 || size - at > 1) return false;
    if (at < size) unit = text[at];
    if (text[0] == '-') n = -n;
    switch (unit) {
    case 'd':
    case 'j': *day = today + n; return true;
    case 'w':
    case 's': *day = today + 7 * n; return true;
    case 'm': *day = add_months(today, n); return true;
    case 'y':
    case 'a': *day = add_months(today, 12 * n); return true;
    default: return false;
    }
}

static bool take_digits(const char **at, const char *end, int most, int *number) {
    const char *start = *at;
    for (*number = 0; *at < end && *at - start < most && **at >= '0' && **at <= '9'; ++*at) {
        *number = *number * 10 + **at - '0';
    }
    return *at > start;
}

static bool is_day(CivilDate d, int *day) {
    char strict[40];
    snprintf(strict, sizeof strict, "%04d-%02d-%02d", d.year, d.month, d.day);
    return date_parse(strict, strlen(strict), day);
}

/* Whether a candidate of another year is meant rather than the one found so far, both by their distance from today. */
static bool better(int distance, bool found, int so_far, DateSense sense) {
    if (sense == DATE_AHEAD && distance < 0) return false;
    if (sense == DATE_BEHIND && distance > 0) return false;
    return !found || abs(distance) < abs(so_far);
}

/* "/11", ".11", "-11", " Nov", "nov": goes on after it, and gives what is to stand before a year, too. */
static bool take_month(const char **at, const char *end, int *month, char *sign) {
    const char *start;
    *sign = *at < end && memchr("/.- ", **at, 4) ? *(*at)++ : 0;
    if (*sign && *sign != ' ' && take_digits(at, end, 2, month)) return true;
    for (start = *at; *at < end && !memchr("/.- 0123456789", **at, 14);) {
        ++*at;
    }
    *month = month_named(start, (size_t)(*at - start));
    return *month > 0;
}

/* 30/11 or 30/11/2026, also with dots or dashes between, and "30 Nov 2026" with any of them or nothing. Without a year:
 * of last year, this one or the next, as the sense says. */
static bool day_month(const char *text, size_t size, int today, DateSense sense, int *day) {
    const char *at = text, *end = text + size;
    CivilDate d = {0};
    char sign;
    if (!take_digits(&at, end, 2, &d.day) || !take_month(&at, end, &d.month, &sign)) return false;
    if (at < end)
        return (!sign || *at++ == sign) && end - at == 4 && take_digits(&at, end, 4, &d.year) && at == end &&
               is_day(d, day);
    int year = date_civil(today).year, candidate, distance = 0;
    bool found = false;
    for (d.year = year - 1; d.year <= year + 1; d.year++) {
        if (!is_day(d, &candidate) || !better(candidate - today, found, distance, sense)) continue;
        found = true;
        distance = candidate - today;
    }
    *day = today + distance;
    return found;
}

static bool read_day(const char *text, size_t size, int today, DateSense sense, int *day) {
    int weekday;
    if (date_parse(text, size, day)) return true;
    if (is_word(text, size, "today") || is_word(text, size, "auj") || is_word(text, size, "aujourd'hui")) {
        *day = today;
        return true;
    }
    if (is_word(text, size, "tomorrow") || is_word(text, size, "demain")) {
        *day = today + 1;
        return true;
    }
    if (weekday_named(text, size, &weekday)) {
        int ahead = (weekday - date_weekday(today) + 7) % 7;
        *day = today + (sense == DATE_BEHIND ? ahead - 7 : ahead ? ahead : 7);
        return true;
    }
    return relative(text, size, 'd', today, day) || day_month(text, size, today, sense, day);
}

/* The year of ISO 8601 that a week belongs to: its Thursday's. */
static int week_year(int week) {
    return date_civil(date_of_week(week) + 3).year;
}

/* W48, w48, S48 (semaine), 48: of last year, this one or the next, as the sense says; or "W48 2026", as it is shown. */
static bool week_number(const char *text, size_t size, int today, DateSense sense, int *week) {
    char strict[40];
    const char *at = text, *end = text + size;
    int n, of;
    if (size && memchr("WwSs", text[0], 4)) at++;
    if (!take_digits(&at, end, 2, &n)) return false;
    if (at < end) {
        if (*at++ != ' ' || end - at != 4 || !take_digits(&at, end, 4, &of) || at < end) return false;
        snprintf(strict, sizeof strict, "%04d-W%02d", of, n);
        return week_parse(strict, strlen(strict), week);
    }
    int now = week_of_date(today), year = week_year(now), candidate, distance = 0;
    bool found = false;
    for (int y = year - 1; y <= year + 1; y++) {
        snprintf(strict, sizeof strict, "%04d-W%02d", y, n);
        if (!week_parse(strict, strlen(strict), &candidate) || !better(candidate - now, found, distance, sense))
            continue;
        found = true;
        distance = candidate - now;
    }
    *week = now + distance;
    return found;
}

static bool year_fits(int day) {
    int year = date_civil(day).year;
    return year >= 1900 && year <= 2199;
}

static int shown(const char *text, size_t size) {
    int columns;
    return (int)text_fit(text, size, 40, &columns);
}

Status date_read(const char *text, size_t size, int today, DateSense sense, int *day, const char *field, Error *e) {
    int week;
    if (read_day(text, size, today, sense, day) && year_fits(*day)) return STATUS_OK;
    if (week_parse(text, size, &week)) {
        *day = date_of_week(week);
        return STATUS_OK;
    }
    return error_set(e, STATUS_USAGE, field, _("\"%.*s\" is not a date: write 2026-11-30, 30/11, fri or +2w"),
                     shown(text, size), text);
}

Status week_read(const char *text, size_t size, int today, DateSense sense, int *week, const char *field, Error *e) {
    int day;
    if (week_parse(text, size, week) || week_number(text, size, today, sense, week)) return STATUS_OK;
    if (relative(text, size, 'w', today, &day) || read_day(text, size, today, sense, &day)) {
        *week = week_of_date(day); /* of the year that its Thursday is in */
        if (year_fits(day) && year_fits(date_of_week(*week) + 3)) return STATUS_OK;
    }
    return error_set(e, STATUS_USAGE, field, _("\"%.*s\" is not a week: write 2026-W48, W48, +2w or a date in it"),
                     shown(text, size), text);
}

const char *month_name(int month) {
    static const char *const months[] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
                                         N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")};
    return month >= 1 && month <= 12 ? _(months[month - 1]) : "";
}

static void add_day_month(Buffer *b, CivilDate d) {
    buffer_format(b, "%d %s", d.day, month_name(d.month));
}

void date_show(Buffer *b, int day, int today) {
    CivilDate d = date_civil(day);
    add_day_month(b, d);
    if (d.year != date_civil(today).year) buffer_format(b, " %d", d.year);
}

void date_show_full(Buffer *b, int day) {
    static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};
    CivilDate d = date_civil(day);
    buffer_format(b, "%s ", _(days[date_weekday(day)]));
    add_day_month(b, d);
    buffer_format(b, " %d", d.year);
}

void week_show_full(Buffer *b, int week) {
    char text[WEEK_SIZE];
    CivilDate first = date_civil(date_of_week(week)), last = date_civil(date_of_week(week) + 6);
    week_write(week, text);
    buffer_format(b, "%s, ", text);
    if (first.month == last.month) buffer_format(b, "%d", first.day);
    else add_day_month(b, first);
    buffer_add_string(b, "–");
    add_day_month(b, last);
}

static void show_week(Buffer *b, int week, bool with_year) {
    char text[WEEK_SIZE];
    week_write(week, text);
    /* TRANSLATORS: a week of the year, as in W48. */
    buffer_format(b, _("W%s"), text + 6);
    if (with_year) buffer_format(b, " %.4s", text);
}

void week_show(Buffer *b, int week, int today) {
    show_week(b, week, week_year(week) != week_year(week_of_date(today)));
}

void week_show_span(Buffer *b, int first, int last, int today) {
    int now = week_year(week_of_date(today)), from = week_year(first), to = week_year(last);
    if (first != last) {
        /* A year that stands after the second week is the first one's too, but where the first is of this year. */
        show_week(b, first, from != to && from != now);
        buffer_add_string(b, " – ");
    }
    show_week(b, last, to != now || from != to);
}

void instant_show(Buffer *b, const char *text, size_t size, int today) {
    int64_t instant;
    if (!instant_parse(text, size, &instant)) {
        buffer_add(b, text, size);
        return;
    }
    instant += clock_local_offset(instant);
    int64_t second = (instant % 86400 + 86400) % 86400; /* instants before 1970 are negative */
    date_show(b, (int)((instant - second) / 86400), today);
    buffer_format(b, " %02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
}
