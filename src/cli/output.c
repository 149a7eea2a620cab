/* Records going out. */
#include "cli/output.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "model/capacity_kind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of a table: columns between columns; of a text the least that says something, and the most that is not cut. */
enum { COLUMN_GAP = 2, CUT_LEAST = 20, CUT_MOST = 60, RANK_MOST = 9 };

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
    *c = (Columns){.entity = entity, .named = names != NULL};
    for (int i = 0; !names && i < entity->field_count; i++) {
        if (form == CLI_TEXT ? (entity->fields[i].flags & FIELD_LISTED) != 0 : exported(entity, i, form))
            add_column(c, i);
    }
    while (names && *names) {
        size_t n = strcspn(names, ",");
        int field = n ? filter_field(entity, names, n) : -1;
        if (n && field < 0) return filter_refuse_field(entity, names, n, "--columns", e);
        if (n && c->count < COLUMNS_MOST) add_column(c, field);
        names += n + (names[n] == ',');
    }
    c->set |= FIELD_BIT(COMMON_CODE);
    for (int i = 0; i < c->count; i++) {
        if (entity->fields[c->fields[i]].flags & FIELD_OF_KIND)
            c->set |= FIELD_BIT(entity_field(entity, "kind", strlen("kind")));
    }
    if (!c->count) return error_set(e, STATUS_USAGE, "--columns", _("no field is named"));
    return STATUS_OK;
}

/* A quantity of what is not countable says nothing: its allocations give access. */
static bool is_of_access(const Record *r, const Field *f) {
    int kind = f->flags & FIELD_OF_KIND ? entity_field(r->entity, "kind", strlen("kind")) : -1;
    return kind >= 0 && r->values[kind].kind == VALUE_NUMBER && !kind_countable(r->values[kind].number);
}

static void show_value(Buffer *b, const Record *r, int field, const CodeBook *book) {
    const Field *f = &r->entity->fields[field];
    if (f->kind == FIELD_CODE) record_code(r, book, b);
    else if (is_of_access(r, f)) buffer_add_string(b, _("access"));
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

static const Field *column_field(const TextTable *t, int i) {
    return &t->columns.entity->fields[t->columns.fields[i]];
}

/* Whether enough of it can be read where it is cut: of a text or a name, not of a code, a date, a number or a word. */
static bool may_be_cut(const TextTable *t, int column) {
    if (t->columns.fields[column] == COMMON_CODE) return false;
    switch (column_field(t, column)->kind) {
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_REF:
    case FIELD_REFS:
    case FIELD_SET:
    case FIELD_BOOKINGS: return true;
    case FIELD_CODE:
    case FIELD_CHOICE:
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_INSTANT:
    case FIELD_NUMBER:
    case FIELD_FLAG: break;
    }
    return false;
}

/* One cell of exactly the column's width, cut with an ellipsis where it does not fit, or wider where it may not be cut. */
static void add_cell(TextTable *t, int column, const char *text, size_t size, Buffer *out) {
    const Field *f = column_field(t, column);
    Buffer clean = {0};
    text_clean_out(&clean, text, size, false);
    int used, width = t->widths[column], whole = text_width(buffer_string(&clean), clean.size);
    bool cut = whole > width && may_be_cut(t, column);
    size_t n = text_fit(buffer_string(&clean), clean.size, cut ? width - 1 : whole, &used);
    int pad = whole > width ? 0 : width - used;
    if (column) buffer_add_string(out, "  ");
    if (right_aligned(f)) buffer_format(out, "%*s", pad, "");
    buffer_add(out, buffer_string(&clean), n);
    if (cut) buffer_format(out, "…%*s", width - 1 - used, "");
    if (!right_aligned(f)) buffer_format(out, "%*s", pad, "");
    buffer_free(&clean);
}

/* No blanks where the last cells are empty. */
static void end_line(Buffer *out) {
    while (out->size && out->bytes[out->size - 1] == ' ') {
        out->bytes[--out->size] = 0;
    }
    buffer_add_char(out, '\n');
}

/* What a column needs, with the gap behind it. */
static int least_width(const TextTable *t, int i) {
    int w = t->widths[i];
    return COLUMN_GAP + (w > CUT_LEAST && may_be_cut(t, i) ? CUT_LEAST : w);
}

/* Columns leave by rank until the rest fits, as on the screen. One that was wide may leave room for others, which come
 * back; where there is a title, it takes the room. */
static void drop_columns(TextTable *t) {
    bool left[COLUMNS_MOST] = {false};
    int total = -COLUMN_GAP, kept = 0;
    for (int i = 0; i < t->columns.count; i++) {
        total += least_width(t, i);
    }
    for (int rank = RANK_MOST; rank > 0; rank--) {
        for (int i = t->columns.count; i-- > 0 && total > t->room;) {
            if (column_field(t, i)->rank != rank) continue;
            left[i] = true;
            total -= least_width(t, i);
        }
    }
    for (int rank = 1; t->columns.entity->title < 0 && rank <= RANK_MOST; rank++) {
        for (int i = 0; i < t->columns.count; i++) {
            if (!left[i] || column_field(t, i)->rank != rank || total + least_width(t, i) > t->room) continue;
            left[i] = false;
            total += least_width(t, i);
        }
    }
    for (int i = 0; i < t->columns.count; i++) {
        if (left[i]) continue;
        t->widths[kept] = t->widths[i];
        t->columns.fields[kept++] = t->columns.fields[i];
    }
    t->columns.count = kept;
}

/* Narrows the widest texts until the row fits, none below CUT_LEAST. */
static void squeeze(TextTable *t) {
    for (;;) {
        int total = -COLUMN_GAP, widest = -1;
        for (int i = 0; i < t->columns.count; i++) {
            total += t->widths[i] + COLUMN_GAP;
            if (t->widths[i] <= CUT_LEAST || !may_be_cut(t, i)) continue;
            if (widest < 0 || t->widths[i] > t->widths[widest]) widest = i;
        }
        if (total <= t->room || widest < 0) return;
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
            if (w > CUT_MOST) w = CUT_MOST;
            if (w > t->widths[i]) t->widths[i] = w;
        }
    }
    if (t->room && !c->named) drop_columns(t);
    if (t->room) squeeze(t);
    for (int i = 0; i < t->columns.count; i++) {
        const char *heading = field_heading(column_field(t, i));
        add_cell(t, i, heading, strlen(heading), out);
    }
    end_line(out);
    buffer_free(&value);
}

void text_table_row(TextTable *t, const Record *r, const CodeBook *book, Buffer *out) {
    Buffer value = {0};
    for (int i = 0; i < t->columns.count; i++) {
        buffer_clear(&value);
        show_value(&value, r, t->columns.fields[i], book);
        add_cell(t, i, buffer_string(&value), value.size, out);
    }
    end_line(out);
    buffer_free(&value);
}

/* The bytes of text, which has no line ends, that a line of so many columns takes: whole words where one fits. *next gets
 * those until the next line begins. */
static size_t line_fit(const char *text, size_t size, int columns, size_t *next) {
    int used;
    size_t fits = text_fit(text, size, columns, &used), end = fits;
    *next = fits;
    if (fits == size) return size;
    while (end && text[end] != ' ') {
        end--;
    }
    if (!end) return fits;
    *next = end + 1;
    return end;
}

/* A value of several lines is set in under its label; room: the columns of a line, 0: any. */
static void add_value_lines(Buffer *b, const char *text, size_t size, int indent, int room) {
    Buffer clean = {0};
    text_clean_out(&clean, text, size, true);
    for (size_t at = 0, next; at < clean.size; at += next) {
        const char *line = clean.bytes + at, *end = memchr(line, '\n', clean.size - at);
        size_t whole = end ? (size_t)(end - line) : clean.size - at;
        size_t fits = room ? line_fit(line, whole, room, &next) : (next = whole);
        buffer_add(b, line, fits);
        next += next == whole && end;
        if (next < whole || end) buffer_format(b, "\n%*s", indent, "");
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

/* Several of them, a line each; false where the field is something else. */
static bool show_references(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    const Entity *other = entity_of_kind(f->ref);
    if (f->kind != FIELD_REFS || v->kind != VALUE_LIST || !other || !other->letter) return false;
    for (uint32_t i = 0; i < v->size; i++) {
        const Value one = {.kind = VALUE_LIST, .size = 1, .items = &v->items[i]};
        buffer_add_string(b, i ? "\n" : "");
        value_write(b, f, &one, book);
        if (v->items[i].label) buffer_format(b, "  %s", v->items[i].label);
    }
    return true;
}

void output_record(Buffer *b, const Record *r, const CodeBook *book) {
    Buffer value = {0};
    int widest = 0, room = output_terminal_width();
    for (int i = 0; i < r->entity->field_count; i++) {
        const char *label = _(r->entity->fields[i].label);
        int w = text_width(label, strlen(label));
        if (w > widest) widest = w;
    }
    if (room) room = room - widest - COLUMN_GAP < CUT_LEAST ? CUT_LEAST : room - widest - COLUMN_GAP;
    for (int i = 0; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        buffer_clear(&value);
        if ((f->flags & FIELD_HIDDEN) || i == COMMON_REV) continue;
        show_reference(&value, f, &r->values[i], book);
        if (!show_references(&value, f, &r->values[i], book)) show_value(&value, r, i, book);
        if (!value.size) continue;
        if (f->unit && f->kind == FIELD_NUMBER) buffer_format(&value, " %s", _(f->unit));
        const char *label = _(f->label);
        buffer_format(b, "%s%*s", label, widest - text_width(label, strlen(label)) + COLUMN_GAP, "");
        add_value_lines(b, value.bytes, value.size, widest + COLUMN_GAP, room);
    }
    buffer_free(&value);
}

Status output_flush(Buffer *b, Error *e) {
    bool good = fwrite(buffer_string(b), 1, b->size, stdout) == b->size && fflush(stdout) == 0;
    buffer_clear(b);
    return good ? STATUS_OK : error_set(e, STATUS_FAILED, NULL, _("the output cannot be written: %s"), strerror(errno));
}
