/* Records going out. */
#include "cli/output.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void add_column(Columns *c, int field) {
    c->fields[c->count++] = field;
    c->set |= FIELD_BIT(field);
}

/* What a record's form has in JSON and CSV: all but what the journal says better and what is computed anew. */
static bool exported(const Entity *entity, int field, CliForm form) {
    const Field *f = &entity->fields[field];
    if (f->flags & FIELD_HIDDEN) return false;
    if (field > COMMON_REV && field < COMMON_COUNT) return false;
    return form == CLI_JSON || !(f->flags & FIELD_DERIVED);
}

Status columns_choose(const Entity *entity, const char *names, CliForm form, Columns *c, Error *e) {
    *c = (Columns){.entity = entity};
    for (int i = 0; !names && i < entity->field_count; i++) {
        if (form == CLI_TEXT ? (entity->fields[i].flags & FIELD_LISTED) != 0 : exported(entity, i, form))
            add_column(c, i);
    }
    while (names && *names) {
        size_t n = strcspn(names, ",");
        int field = n ? filter_field(entity, names, n) : -1;
        if (n && field < 0)
            return error_set(e, STATUS_USAGE, "--columns", _("\"%.*s\" is not a field of %s"), n > 40 ? 40 : (int)n,
                             names, entity->plural);
        if (n && c->count < 64) add_column(c, field);
        names += n + (names[n] == ',');
    }
    c->set |= FIELD_BIT(COMMON_CODE);
    if (!c->count) return error_set(e, STATUS_USAGE, "--columns", _("no field is named"));
    return STATUS_OK;
}

static void show_value(Buffer *b, const Record *r, int field, const CodeBook *book) {
    const Field *f = &r->entity->fields[field];
    if (f->kind == FIELD_CODE) record_code(r, book, b);
    else value_show(b, f, &r->values[field], book);
}

void output_json_number(Buffer *b, const char *key, int64_t number, int scale) {
    json_write_key(b, key);
    number_write(b, number, scale);
}

void output_json_text(Buffer *b, const char *key, const char *text) {
    json_write_key(b, key);
    json_write_string(b, text, strlen(text));
}

void output_json_week(Buffer *b, const char *key, int week) {
    char text[WEEK_SIZE];
    week_write(week, text);
    output_json_text(b, key, text);
}

void output_json(Buffer *b, const Columns *c, const Record *r, const CodeBook *book, const Buffer *extra) {
    buffer_add_char(b, '{');
    for (int i = 0; i < c->count; i++) {
        const Field *f = &r->entity->fields[c->fields[i]];
        if (i) buffer_add_char(b, ',');
        json_write_string(b, f->name, strlen(f->name));
        buffer_add_char(b, ':');
        if (f->kind == FIELD_CODE) {
            buffer_add_char(b, '"');
            record_code(r, book, b);
            buffer_add_char(b, '"');
        } else value_json(b, f, &r->values[c->fields[i]], book);
    }
    if (extra && extra->size) buffer_add(b, extra->bytes, extra->size);
    buffer_add_char(b, '}');
}

void output_csv_cell(Buffer *b, const char *text, size_t size) {
    bool guard = size && strchr("=+-@\t\r", text[0]), quote = guard;
    guard = guard || (size > 1 && text[0] == '\'' && strchr("=+-@\t\r'", text[1]));
    for (size_t i = 0; i < size && !quote; i++) {
        quote = strchr(",\"\n\r", text[i]) != NULL;
    }
    quote = quote || (size && (text[0] == ' ' || text[size - 1] == ' '));
    if (quote) buffer_add_char(b, '"');
    if (guard) buffer_add_char(b, '\'');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') buffer_add_char(b, '"');
        buffer_add_char(b, text[i]);
    }
    if (quote) buffer_add_char(b, '"');
}

void output_csv(Buffer *b, const Columns *c, const Record *r, const CodeBook *book) {
    Buffer raw = {0}, clean = {0};
    for (int i = 0; i < c->count; i++) {
        const Field *f = &c->entity->fields[c->fields[i]];
        buffer_clear(&raw);
        buffer_clear(&clean);
        if (!r) buffer_add_string(&raw, f->name);
        else if (f->kind == FIELD_CODE) record_code(r, book, &raw);
        else value_write(&raw, f, &r->values[c->fields[i]], book);
        text_clean_out(&clean, buffer_string(&raw), raw.size, true);
        if (i) buffer_add_char(b, ',');
        output_csv_cell(b, buffer_string(&clean), clean.size);
    }
    buffer_add_string(b, "\n");
    buffer_free(&raw);
    buffer_free(&clean);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

int output_terminal_width(void) {
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

static bool right_aligned(const Field *f) {
    return f->kind == FIELD_NUMBER;
}

/* One cell of exactly `width` columns, cut with an ellipsis where it does not fit. */
static void add_cell(Buffer *out, const char *text, size_t size, int width, bool right, bool last) {
    Buffer clean = {0};
    int used;
    text_clean_out(&clean, text, size, false);
    int whole = text_width(buffer_string(&clean), clean.size);
    size_t n = text_fit(buffer_string(&clean), clean.size, whole > width ? width - 1 : width, &used);
    int pad = width - used - (whole > width);
    if (right) buffer_format(out, "%*s", pad, "");
    buffer_add(out, buffer_string(&clean), n);
    if (whole > width) buffer_add_string(out, "…");
    if (!right && !last) buffer_format(out, "%*s", pad, "");
    buffer_free(&clean);
}

/* No blanks where the last cells are empty. */
static void end_line(Buffer *out) {
    while (out->size && out->bytes[out->size - 1] == ' ') {
        out->bytes[--out->size] = 0;
    }
    buffer_add_char(out, '\n');
}

/* Narrows the widest columns of text until the row fits. */
static void squeeze(TextTable *t) {
    for (;;) {
        int total = 0, widest = -1;
        for (int i = 0; i < t->columns.count; i++) {
            const Field *f = &t->columns.entity->fields[t->columns.fields[i]];
            total += t->widths[i] + 2;
            if (f->kind == FIELD_CODE || right_aligned(f) || t->widths[i] < 9) continue;
            if (widest < 0 || t->widths[i] > t->widths[widest]) widest = i;
        }
        if (!t->room || total - 2 <= t->room || widest < 0) return;
        t->widths[widest]--;
    }
}

void text_table_start(TextTable *t, const Columns *c, Record *const *rows, int count, const CodeBook *book,
                      Buffer *out) {
    Buffer value = {0};
    *t = (TextTable){.columns = *c, .room = output_terminal_width()};
    for (int i = 0; i < c->count; i++) {
        const char *heading = field_heading(&c->entity->fields[c->fields[i]]);
        t->widths[i] = text_width(heading, strlen(heading));
        for (int r = 0; r < count; r++) {
            buffer_clear(&value);
            show_value(&value, rows[r], c->fields[i], book);
            int w = text_width(buffer_string(&value), value.size);
            if (w > 60) w = 60;
            if (w > t->widths[i]) t->widths[i] = w;
        }
    }
    squeeze(t);
    for (int i = 0; i < c->count; i++) {
        const Field *f = &c->entity->fields[c->fields[i]];
        const char *heading = field_heading(f);
        if (i) buffer_add_string(out, "  ");
        add_cell(out, heading, strlen(heading), t->widths[i], right_aligned(f), i == c->count - 1);
    }
    end_line(out);
    buffer_free(&value);
}

void text_table_row(TextTable *t, const Record *r, const CodeBook *book, Buffer *out) {
    Buffer value = {0};
    for (int i = 0; i < t->columns.count; i++) {
        buffer_clear(&value);
        show_value(&value, r, t->columns.fields[i], book);
        if (i) buffer_add_string(out, "  ");
        add_cell(out, buffer_string(&value), value.size, t->widths[i],
                 right_aligned(&r->entity->fields[t->columns.fields[i]]), i == t->columns.count - 1);
    }
    end_line(out);
    buffer_free(&value);
}

/* A value of several lines is set in under its label. */
static void add_value_lines(Buffer *b, const char *text, size_t size, int indent) {
    Buffer clean = {0};
    text_clean_out(&clean, text, size, true);
    for (size_t i = 0; i < clean.size; i++) {
        buffer_add_char(b, clean.bytes[i]);
        if (clean.bytes[i] == '\n') buffer_format(b, "%*s", indent, "");
    }
    buffer_add_char(b, '\n');
    buffer_free(&clean);
}

/* "SMA-R1  200 GPU h, W48 - W50": by the code it is found, and several may have one title. */
static void show_reference(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    const Entity *other = entity_of_kind(f->ref);
    if (f->kind != FIELD_REF || v->kind != VALUE_NUMBER || !v->size || !other || !other->letter) return;
    const Value bare = value_number(v->number);
    value_write(b, f, &bare, book);
    buffer_add_string(b, "  ");
}

void output_record(Buffer *b, const Record *r, const CodeBook *book) {
    Buffer value = {0};
    int widest = 0;
    for (int i = 0; i < r->entity->field_count; i++) {
        const char *label = _(r->entity->fields[i].label);
        int w = text_width(label, strlen(label));
        if (w > widest) widest = w;
    }
    for (int i = 0; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        buffer_clear(&value);
        if ((f->flags & FIELD_HIDDEN) || i == COMMON_REV) continue;
        show_reference(&value, f, &r->values[i], book);
        show_value(&value, r, i, book);
        if (!value.size) continue;
        if (f->unit && f->kind == FIELD_NUMBER) buffer_format(&value, " %s", _(f->unit));
        const char *label = _(f->label);
        buffer_format(b, "%s%*s", label, widest - text_width(label, strlen(label)) + 2, "");
        add_value_lines(b, value.bytes, value.size, widest + 2);
    }
    buffer_free(&value);
}

Status output_flush(Buffer *b, Error *e) {
    bool good = fwrite(buffer_string(b), 1, b->size, stdout) == b->size && fflush(stdout) == 0;
    buffer_clear(b);
    return good ? STATUS_OK : error_set(e, STATUS_FAILED, NULL, _("the output cannot be written: %s"), strerror(errno));
}
