/* iCalendar going out. */
#include "cli/ics.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

enum { LINE_BYTES = 75 };

/* A content line; a fold never cuts a character, and its blank counts as one of the next line's bytes. */
static void add_line(Buffer *b, const char *name, const char *value) {
    Buffer line = {0};
    buffer_format(&line, "%s:%s", name, value);
    size_t column = 0, used;
    for (size_t at = 0; at < line.size; at += used) {
        text_decode(line.bytes + at, line.size - at, &used);
        if (column + used > LINE_BYTES) {
            buffer_add_string(b, "\r\n ");
            column = 1;
        }
        buffer_add(b, line.bytes + at, used);
        column += used;
    }
    buffer_add_string(b, "\r\n");
    buffer_free(&line);
}

/* Of the type TEXT: what a calendar program would take for structure is escaped. */
static void add_text(Buffer *b, const char *name, const char *text) {
    Buffer clean = {0}, value = {0};
    text_clean_out(&clean, text, strlen(text), true);
    for (size_t i = 0; i < clean.size; i++) {
        char c = clean.bytes[i];
        if (c == '\n') buffer_add_string(&value, "\\n");
        else {
            if (strchr("\\;,", c)) buffer_add_char(&value, '\\');
            buffer_add_char(&value, c);
        }
    }
    add_line(b, name, buffer_string(&value));
    buffer_free(&clean);
    buffer_free(&value);
}

/* "2026-11-23T14:02:00Z" as 20261123T140200Z, "2026-11-23" as 20261123. */
static void add_packed(Buffer *b, const char *name, const char *text) {
    Buffer value = {0};
    for (; *text; text++) {
        if (*text != '-' && *text != ':') buffer_add_char(&value, *text);
    }
    add_line(b, name, buffer_string(&value));
    buffer_free(&value);
}

static void add_day(Buffer *b, const char *name, int day) {
    char text[DATE_SIZE];
    date_write(day, text);
    add_packed(b, name, text);
}

void ics_begin(Buffer *b) {
    add_line(b, "BEGIN", "VCALENDAR");
    add_line(b, "VERSION", "2.0");
    add_line(b, "PRODID", "-//JAZARI Network//jazari " JAZARI_VERSION "//EN");
    add_line(b, "CALSCALE", "GREGORIAN");
}

void ics_event(Buffer *b, const IcsEvent *e) {
    Buffer sequence = {0};
    buffer_add_number(&sequence, e->sequence);
    add_line(b, "BEGIN", "VEVENT");
    add_text(b, "UID", e->uid);
    add_packed(b, "DTSTAMP", e->stamp);
    add_packed(b, "LAST-MODIFIED", e->stamp);
    add_line(b, "SEQUENCE", sequence.bytes);
    add_day(b, "DTSTART;VALUE=DATE", e->first);
    add_day(b, "DTEND;VALUE=DATE", e->after);
    add_text(b, "SUMMARY", e->summary);
    if (*e->description) add_text(b, "DESCRIPTION", e->description);
    add_text(b, "CATEGORIES", e->category);
    add_line(b, "STATUS", e->status);
    add_line(b, "TRANSP", "TRANSPARENT");
    add_line(b, "END", "VEVENT");
    buffer_free(&sequence);
}

void ics_end(Buffer *b) {
    add_line(b, "END", "VCALENDAR");
}
