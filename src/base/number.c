/* Decimal numbers kept as whole ones. */
#include "base/number.h"

#include "base/intl.h"
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static char decimal_sign = '.';

void number_set_decimal_sign(char sign) {
    decimal_sign = sign;
}

static int64_t power_of_ten(int scale) {
    int64_t p = 1;
    while (scale-- > 0) {
        p *= 10;
    }
    return p;
}

/* The bytes of a space that people put between thousands: plain, no-break, narrow no-break, thin; else 0. */
static size_t space_at(const char *text, size_t size) {
    static const char *const spaces[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        size_t n = strlen(spaces[i]);
        if (size >= n && !memcmp(text, spaces[i], n)) return n;
    }
    return 0;
}

typedef struct Reading {
    int64_t value;
    int whole, decimals; /* digits seen */
    int group;           /* digits since the last space; -1: there was none */
    char first, sign;    /* the first digit and the decimal sign seen, or 0 */
    bool minus, overflow;
} Reading;

static void take_digit(Reading *r, char c) {
    if (!r->whole) r->first = c;
    if (r->sign) r->decimals++;
    else {
        r->whole++;
        r->group += r->group >= 0;
    }
    if (__builtin_mul_overflow(r->value, 10, &r->value) ||
        __builtin_add_overflow(r->value, r->minus ? '0' - c : c - '0', &r->value))
        r->overflow = true;
}

/* Thousands are parted all or not at all: "1 250 000", not "12 50". */
static bool take_space(Reading *r) {
    if (r->group < 0 ? !r->whole || r->whole > 3 : r->group != 3) return false;
    r->group = 0;
    return true;
}

static bool read_number(const char *text, size_t size, bool exact, Reading *r) {
    size_t at = 0, space;
    if (size && (text[0] == '-' || text[0] == '+')) {
        r->minus = text[0] == '-';
        at = 1;
    }
    for (; at < size; at++) {
        if (text[at] >= '0' && text[at] <= '9') take_digit(r, text[at]);
        else if (!r->sign && (text[at] == '.' || (!exact && text[at] == ','))) r->sign = text[at];
        else if (!exact && !r->sign && (space = space_at(text + at, size - at)) && take_space(r)) at += space - 1;
        else return false;
    }
    return r->whole && (!r->sign || r->decimals) && (r->group < 0 || r->group == 3);
}

/* Whether the sign may part thousands as well as decimals. No thousands begin with 0. */
static bool two_ways(const Reading *r) {
    return r->decimals == 3 && r->whole <= 3 && r->first != '0';
}

/* Says how each of the two is written beyond doubt: 3.600 as 3600, or as 03.600. Such a text has few digits. */
static Status refuse_two_ways(const char *text, size_t size, const Reading *r, int scale, const char *field, Error *e) {
    size_t minus = text[0] == '-' || text[0] == '+', point = minus + (size_t)r->whole;
    char larger[16], smaller[16];
    snprintf(larger, sizeof larger, "%.*s%.3s", (int)point, text, text + point + 1);
    snprintf(smaller, sizeof smaller, "%.*s0%.*s", (int)minus, text, (int)(size - minus), text + minus);
    if (scale < r->decimals)
        return error_set(e, STATUS_USAGE, field,
                         _("\"%.*s\" could be read two ways: write thousands without a sign, %s"), (int)size, text,
                         larger);
    return error_set(e, STATUS_USAGE, field, _("\"%.*s\" could be read two ways: write %s, or %s for the smaller one"),
                     (int)size, text, larger, smaller);
}

Status number_parse(const char *text, size_t size, int scale, bool exact, int64_t *out, const char *field, Error *e) {
    Reading r = {.group = -1};
    int columns, shown = (int)text_fit(text, size, 60, &columns);
    if (!read_number(text, size, exact, &r))
        return error_set(e, STATUS_USAGE, field, _("\"%.*s\" is not a number: write digits, as in %s"), shown, text,
                         scale ? "1250.5" : "1250");
    if (!exact && two_ways(&r)) return refuse_two_ways(text, size, &r, scale, field, e);
    if (r.decimals > scale)
        return error_set(e, STATUS_USAGE, field, _("\"%.*s\" has %d decimals: at most %d are kept"), shown, text,
                         r.decimals, scale);
    int64_t value;
    if (r.overflow || __builtin_mul_overflow(r.value, power_of_ten(scale - r.decimals), &value))
        return error_set(e, STATUS_USAGE, field, _("\"%.*s\" is too large"), shown, text);
    *out = value;
    return STATUS_OK;
}

static void write_parts(Buffer *b, int64_t number, int scale, const char *gap, char sign) {
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number, unit = (uint64_t)power_of_ten(scale);
    char digits[24];
    int n = 0, kept = 0; /* decimals kept */
    uint64_t whole = left / unit, part = left % unit;
    do {
        digits[n++] = (char)('0' + whole % 10);
    } while (whole /= 10);
    if (number < 0) buffer_add_char(b, '-');
    for (int i = n - 1; i >= 0; i--) {
        buffer_add_char(b, digits[i]);
        if (i && i % 3 == 0) buffer_add_string(b, gap);
    }
    for (int i = scale; i-- > 0; part /= 10) {
        digits[i] = (char)('0' + part % 10);
        if (!kept && part % 10) kept = i + 1;
    }
    if (!kept) return;
    buffer_add_char(b, sign);
    buffer_add(b, digits, (size_t)kept);
}

void number_write(Buffer *b, int64_t number, int scale) {
    write_parts(b, number, scale, "", '.');
}

void number_show(Buffer *b, int64_t number, int scale) {
    write_parts(b, number, scale, "\xC2\xA0", decimal_sign);
}

int number_decimals(int64_t number, int scale) {
    for (; scale && number % 10 == 0; scale--) {
        number /= 10;
    }
    return scale;
}

void number_align(Buffer *b, int64_t number, int scale, int decimals) {
    int shown = number_decimals(number, scale), most = decimals > shown ? decimals : shown;
    buffer_format(b, "%*s", (most + (most > 0)) - (shown + (shown > 0)), "");
}
