/* Days, ISO weeks and instants.
 *
 * Stored and exchanged as text (YYYY-MM-DD, YYYY-Www, YYYY-MM-DDTHH:MM:SSZ in UTC), counted as whole numbers: a day from
 * 1970-01-01, a week from the one that begins on Monday 1969-12-29, an instant in seconds from 1970-01-01T00:00:00Z.
 * Only the years 1900 to 2199 are dates. The day and week arithmetic is ISO 8601's proleptic Gregorian calendar. */
#ifndef JAZARI_BASE_DATE_H
#define JAZARI_BASE_DATE_H

#include "base/buffer.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { DATE_SIZE = 11, WEEK_SIZE = 9, INSTANT_SIZE = 21 }; /* with the NUL */

typedef struct CivilDate {
    int year, month, day;
} CivilDate;

int date_of_civil(CivilDate);
CivilDate date_civil(int day);
int date_weekday(int day); /* 0 Monday to 6 Sunday */
int week_of_date(int day);
int date_of_week(int week); /* its Monday */

/* The strict forms of files. False where malformed or no such day. */
bool date_parse(const char *text, size_t size, int *day);
bool week_parse(const char *text, size_t size, int *week);
bool instant_parse(const char *text, size_t size, int64_t *instant);
void date_write(int day, char out[DATE_SIZE]);
void week_write(int week, char out[WEEK_SIZE]);
void instant_write(int64_t instant, char out[INSTANT_SIZE]);

/* What a person types: 2026-11-30, 30/11, 30/11/2027, 30 Nov 2027, today, fri, +3d, +2w, -1m, or a week (its Monday).
 * For a week also: W48, 48, 2026-W48, W48 2026, or any date in it. What has no year is the one that the sense says, today's own
 * and this week included: the next one of plans, the last one of what has happened, the nearest of what is looked for.
 * A weekday is the next one, or the last one of what has happened. */
typedef enum DateSense { DATE_AHEAD, DATE_BEHIND, DATE_NEAREST } DateSense;
Status date_read(const char *text, size_t size, int today, DateSense, int *day, const char *field, Error *);
Status week_read(const char *text, size_t size, int today, DateSense, int *week, const char *field, Error *);

/* For reading: "10 Nov" and "W48", with the year where it is not today's: "3 Jan 2027", "W02 2027". Of a span the year
 * is said once where both weeks are of the same: "W48 – W52", "W48 – W02 2027", "W02 – W10 2027", "W48" where it is one
 * week. */
void date_show(Buffer *, int day, int today);
void week_show(Buffer *, int week, int today);
void week_show_span(Buffer *, int first, int last, int today);
const char *month_name(int month); /* "Nov" for 11, translated */
/* "28 Nov 09:00" by the clock of the place, with the year where it is not today's; what is no instant as it is. */
void instant_show(Buffer *, const char *text, size_t size, int today);
/* In full, to check what was typed shortly by: "Fri 4 Dec 2026"; a week with its days: "2026-W48, 23–29 Nov". */
void date_show_full(Buffer *, int day);
void week_show_full(Buffer *, int week);

/* The clock. Pinned by clock_pin (tests, the demo's past), it stands still at that instant until set again. */
int64_t clock_now(void);
int clock_today(void); /* in the process's time zone */
void clock_pin(int64_t instant);
void clock_unpin(void);
bool clock_is_pinned(void);
int64_t
clock_ms(void); /* of one that only goes forward, from anywhere, and is never pinned: for how long things take */
int64_t clock_local_offset(int64_t instant); /* seconds to add to UTC for local time */

#endif
