/* cli/ics: what is written is read back by a strict reader of RFC 5545, whatever the texts hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/date.h"
#include "base/text.h"
#include "cli/ics.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* --- a strict reader ---------------------------------------------------------------------------------------------- */

typedef struct Line {
    char name[40], parameter[40], value[4096];
} Line;

/* One content line, unfolded, and where the next begins. Lines end with CR LF and nothing else, have at most 75 bytes,
 * and a fold cuts no character. */
static const char *read_line(const char *at, Line *out) {
    Buffer whole = {0};
    for (bool more = true; more;) {
        const char *end = strstr(at, "\r\n");
        assert_non_null(end);
        assert_true(end - at <= 75);
        assert_null(memchr(at, '\n', (size_t)(end - at)));
        assert_null(memchr(at, '\r', (size_t)(end - at)));
        assert_true(text_is_clean(at, (size_t)(end - at), false));
        buffer_add(&whole, at, (size_t)(end - at));
        at = end + 2;
        more = *at == ' ' || *at == '\t';
        if (more) at++;
    }
    *out = (Line){0};
    char *colon = strchr(whole.bytes, ':'), *semicolon = strchr(whole.bytes, ';');
    assert_non_null(colon);
    if (semicolon && semicolon < colon) {
        snprintf(out->parameter, sizeof out->parameter, "%.*s", (int)(colon - semicolon - 1), semicolon + 1);
        snprintf(out->name, sizeof out->name, "%.*s", (int)(semicolon - whole.bytes), whole.bytes);
    } else snprintf(out->name, sizeof out->name, "%.*s", (int)(colon - whole.bytes), whole.bytes);
    for (const char *c = out->name; *c; c++) {
        assert_true(isupper((unsigned char)*c) || *c == '-');
    }
    assert_true(strlen(colon + 1) < sizeof out->value);
    memcpy(out->value, colon + 1, strlen(colon + 1) + 1);
    buffer_free(&whole);
    return at;
}

/* Undoes the escapes of a TEXT; anything else after a backslash, and a bare comma or semicolon, is an error. */
static void read_text(const char *value, Buffer *out) {
    for (; *value; value++) {
        assert_false(*value == ',' || *value == ';');
        if (*value != '\\') buffer_add_char(out, *value);
        else {
            value++;
            assert_true(*value == 'n' || *value == '\\' || *value == ',' || *value == ';');
            buffer_add_char(out, *value == 'n' ? '\n' : *value);
        }
    }
}

static int read_day(const Line *l) {
    int day;
    char text[DATE_SIZE];
    assert_string_equal(l->parameter, "VALUE=DATE");
    assert_int_equal(strlen(l->value), 8);
    snprintf(text, sizeof text, "%.4s-%.2s-%.2s", l->value, l->value + 4, l->value + 6);
    assert_true(date_parse(text, strlen(text), &day));
    return day;
}

static void assert_instant(const Line *l) {
    char text[INSTANT_SIZE];
    int64_t instant;
    assert_int_equal(strlen(l->value), 16);
    const char *v = l->value;
    snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.3s", v, v + 4, v + 6, v + 9, v + 11, v + 13);
    assert_int_equal(v[8], 'T');
    assert_true(instant_parse(text, strlen(text), &instant));
}

typedef struct Seen {
    Buffer uid, summary, description;
    int first, after, events;
    unsigned once; /* properties that may stand once in an event */
} Seen;

static void see_once(Seen *s, int bit) {
    assert_false(s->once >> bit & 1);
    s->once |= 1u << bit;
}

static void see(Seen *s, const Line *l) {
    if (!strcmp(l->name, "UID")) {
        see_once(s, 0);
        read_text(l->value, &s->uid);
    } else if (!strcmp(l->name, "DTSTAMP")) {
        see_once(s, 1);
        assert_instant(l);
    } else if (!strcmp(l->name, "DTSTART")) {
        see_once(s, 2);
        s->first = read_day(l);
    } else if (!strcmp(l->name, "DTEND")) {
        see_once(s, 3);
        s->after = read_day(l);
    } else if (!strcmp(l->name, "SUMMARY")) {
        see_once(s, 4);
        read_text(l->value, &s->summary);
    } else if (!strcmp(l->name, "DESCRIPTION")) {
        see_once(s, 5);
        read_text(l->value, &s->description);
    } else if (!strcmp(l->name, "LAST-MODIFIED")) {
        see_once(s, 6);
        assert_instant(l);
    } else if (!strcmp(l->name, "SEQUENCE")) {
        see_once(s, 7);
        assert_int_equal(strspn(l->value, "0123456789"), strlen(l->value));
    } else if (!strcmp(l->name, "STATUS")) {
        see_once(s, 8);
        assert_true(!strcmp(l->value, "TENTATIVE") || !strcmp(l->value, "CONFIRMED"));
    } else if (!strcmp(l->name, "TRANSP")) {
        see_once(s, 9);
        assert_string_equal(l->value, "TRANSPARENT");
    } else if (strcmp(l->name, "CATEGORIES") != 0) fail_msg("a property %s", l->name);
}

/* A whole calendar; the last event's texts are kept. */
static void read_calendar(const Buffer *b, Seen *s) {
    Line l;
    const char *at = read_line(b->bytes, &l);
    assert_string_equal(l.name, "BEGIN");
    assert_string_equal(l.value, "VCALENDAR");
    bool version = false, product = false, inside = false;
    for (;;) {
        at = read_line(at, &l);
        if (!strcmp(l.name, "BEGIN")) {
            assert_string_equal(l.value, "VEVENT");
            assert_false(inside);
            inside = true;
            s->once = 0;
            buffer_clear(&s->uid);
            buffer_clear(&s->summary);
            buffer_clear(&s->description);
        } else if (!strcmp(l.name, "END")) {
            if (!inside) break;
            assert_string_equal(l.value, "VEVENT");
            inside = false;
            s->events++;
            assert_int_equal(s->once & 7, 7); /* UID, DTSTAMP, DTSTART */
        } else if (inside) see(s, &l);
        else if (!strcmp(l.name, "VERSION")) version = !strcmp(l.value, "2.0");
        else if (!strcmp(l.name, "PRODID")) product = *l.value != 0;
        else assert_string_equal(l.name, "CALSCALE");
    }
    assert_string_equal(l.value, "VCALENDAR");
    assert_int_equal(*at, 0);
    assert_true(version && product && s->events);
}

static void seen_free(Seen *s) {
    buffer_free(&s->uid);
    buffer_free(&s->summary);
    buffer_free(&s->description);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static IcsEvent event_of(const char *summary, const char *description) {
    return (IcsEvent){.uid = "SMA-A1-2026-W48@jazari",
                      .stamp = "2026-11-23T14:02:00Z",
                      .sequence = 3,
                      .first = 20780,
                      .after = 20787,
                      .summary = summary,
                      .description = description,
                      .category = "gpu_hour",
                      .status = "CONFIRMED"};
}

static void texts_come_back_as_they_were(void **state) {
    static const char *const texts[] = {
        "",
        "plain",
        "a, b; c\\d \\n \\, : \"q\"",
        "one\ntwo\n\nthree",
        "Prévision des crues : l’aval du Souss, entre Taroudannt et Agadir, d’après les débits relevés à la main",
        "توقع ازدحام وجدة في شارع محمد الخامس وشارع الحسن الثاني وما يحيط بهما من الأزقة والساحات العمومية",
        "ⵜⴰⴳⵔⴰⵡⵜ ⵏ ⵓⵏⵎⵓⵏ ⵏ ⵉⵎⵙⴽⴰⵔⵏ ⵏ ⵜⵎⴰⴷⵓⵏⵜ",
        "𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜",
        " begins and ends with a blank ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buffer b = {0};
        Seen s = {0};
        IcsEvent e = event_of(texts[i], texts[(i + 1) % (sizeof texts / sizeof *texts)]);
        ics_begin(&b);
        ics_event(&b, &e);
        ics_end(&b);
        read_calendar(&b, &s);
        assert_string_equal(buffer_string(&s.summary), e.summary);
        assert_string_equal(buffer_string(&s.description), e.description);
        assert_string_equal(buffer_string(&s.uid), e.uid);
        assert_int_equal(s.first, e.first);
        assert_int_equal(s.after, e.after);
        seen_free(&s);
        buffer_free(&b);
    }
}

/* Whatever the length, no line is too long, and none is folded that need not be. */
static void lines_are_folded_at_75_bytes(void **state) {
    char text[400];
    (void)state;
    for (int size = 1; size < 399; size++) {
        for (int i = 0; i < size; i++) {
            text[i] = (char)('a' + i % 26);
        }
        text[size] = 0;
        Buffer b = {0};
        Seen s = {0};
        IcsEvent e = event_of(text, "");
        ics_begin(&b);
        ics_event(&b, &e);
        ics_end(&b);
        read_calendar(&b, &s);
        assert_string_equal(buffer_string(&s.summary), text);
        /* The first line holds 75 bytes of "SUMMARY:" and text, each after it 74. */
        int folds = 0, wanted = size + 8 <= 75 ? 0 : (size + 8 - 75 + 73) / 74;
        for (const char *at = strstr(b.bytes, "SUMMARY:"); (at = strstr(at, "\r\n")) && at[2] == ' '; at += 3) {
            folds++;
        }
        assert_int_equal(folds, wanted);
        seen_free(&s);
        buffer_free(&b);
    }
}

static void hostile_text_cannot_make_lines(void **state) {
    Buffer b = {0};
    Seen s = {0};
    (void)state;
    IcsEvent e = event_of("x\r\nEND:VEVENT\r\nBEGIN:VALARM", "\x1b[31m\xE2\x80\xAE red \xff");
    ics_begin(&b);
    ics_event(&b, &e);
    ics_event(&b, &e);
    ics_end(&b);
    read_calendar(&b, &s);
    assert_int_equal(s.events, 2);
    assert_null(strstr(b.bytes, "\nBEGIN:VALARM"));
    assert_null(strchr(b.bytes, '\x1b'));
    seen_free(&s);
    buffer_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_come_back_as_they_were),
        cmocka_unit_test(lines_are_folded_at_75_bytes),
        cmocka_unit_test(hostile_text_cannot_make_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
