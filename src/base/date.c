/* Days, ISO weeks and instants: the counting, the strict text forms, and the clock. What people type is in
 * date_words.c. The day count is Howard Hinnant's days_from_civil: years begin in March, eras of 400 years. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { EPOCH_MONDAY = 3 }; /* 1970-01-01 is a Thursday: the week's Monday lies three days before */

static int floor_div(int a, int b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int date_of_civil(CivilDate d) {
    int y = d.month <= 2 ? d.year - 1 : d.year;
    int era = floor_div(y, 400), in_era = y - era * 400;
    int in_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

CivilDate date_civil(int day) {
    int z = day + 719468, era = floor_div(z, 146097), in_era = z - era * 146097;
    int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = in_era - (365 * year + year / 4 - year / 100), m = (5 * in_year + 2) / 153;
    CivilDate d = {.year = year + era * 400, .month = m < 10 ? m + 3 : m - 9, .day = in_year - (153 * m + 2) / 5 + 1};
    d.year += d.month <= 2;
    return d;
}

int date_weekday(int day) {
    return day + EPOCH_MONDAY - 7 * floor_div(day + EPOCH_MONDAY, 7);
}

int week_of_date(int day) {
    return floor_div(day + EPOCH_MONDAY, 7);
}

int date_of_week(int week) {
    return week * 7 - EPOCH_MONDAY;
}

static bool digits(const char *text, int count, int *out) {
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *out = *out * 10 + text[i] - '0';
    }
    return true;
}

static bool year_fits(int year) {
    return year >= 1900 && year <= 2199;
}

bool date_parse(const char *text, size_t size, int *day) {
    CivilDate d, back;
    if (size != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &d.year) || !digits(text + 5, 2, &d.month) ||
        !digits(text + 8, 2, &d.day) || !year_fits(d.year) || d.month < 1 || d.month > 12 || d.day < 1)
        return false;
    *day = date_of_civil(d);
    back = date_civil(*day);
    return back.day == d.day && back.month == d.month;
}

/* The week that holds January 4th is a year's first. */
static int first_week(int year) {
    return week_of_date(date_of_civil((CivilDate){year, 1, 4}));
}

bool week_parse(const char *text, size_t size, int *week) {
    int year, number;
    if (size != 8 || text[4] != '-' || text[5] != 'W' || !digits(text, 4, &year) || !digits(text + 6, 2, &number) ||
        !year_fits(year) || number < 1)
        return false;
    *week = first_week(year) + number - 1;
    return *week < first_week(year + 1);
}

bool instant_parse(const char *text, size_t size, int64_t *instant) {
    int day, hour, minute, second;
    if (size != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' ||
        !date_parse(text, 10, &day) || !digits(text + 11, 2, &hour) || !digits(text + 14, 2, &minute) ||
        !digits(text + 17, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    *instant = (int64_t)day * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}

static void put_digits(char *out, int number, int count) {
    for (int i = count - 1; i >= 0; i--, number /= 10) {
        out[i] = (char)('0' + number % 10);
    }
}

void date_write(int day, char out[DATE_SIZE]) {
    CivilDate d = date_civil(day);
    memcpy(out, "0000-00-00", DATE_SIZE);
    put_digits(out, d.year, 4);
    put_digits(out + 5, d.month, 2);
    put_digits(out + 8, d.day, 2);
}

void week_write(int week, char out[WEEK_SIZE]) {
    int year = date_civil(date_of_week(week) + 3).year; /* its Thursday's */
    memcpy(out, "0000-W00", WEEK_SIZE);
    put_digits(out, year, 4);
    put_digits(out + 6, week - first_week(year) + 1, 2);
}

void instant_write(int64_t instant, char out[INSTANT_SIZE]) {
    int64_t day = instant / 86400, second = instant % 86400;
    if (second < 0) {
        day--;
        second += 86400;
    }
    date_write((int)day, out);
    memcpy(out + 10, "T00:00:00Z", INSTANT_SIZE - 10);
    put_digits(out + 11, (int)(second / 3600), 2);
    put_digits(out + 14, (int)(second / 60 % 60), 2);
    put_digits(out + 17, (int)(second % 60), 2);
}

static int64_t pinned = -1;

void clock_pin(int64_t instant) {
    pinned = instant;
}

void clock_unpin(void) {
    pinned = -1;
}

bool clock_is_pinned(void) {
    return pinned >= 0;
}

int64_t clock_now(void) {
    return pinned >= 0 ? pinned : (int64_t)time(NULL);
}

int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_local_offset(int64_t instant) {
    time_t t = (time_t)instant;
    struct tm local;
    return localtime_r(&t, &local) ? (int64_t)local.tm_gmtoff : 0;
}

int clock_today(void) {
    int64_t now = clock_now();
    return (int)((now + clock_local_offset(now)) / 86400);
}
