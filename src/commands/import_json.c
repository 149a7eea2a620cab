/* Records as JSON: an array of objects, or one object after another. Each object is found by its braces and parsed by
 * itself, so that a file of any size takes the memory of its largest one. */
#include "commands/import_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 1 << 16 };

typedef struct JsonReading {
    ImportReading *r;
    Buffer object; /* what there is of it */
    int depth;     /* of brackets within it */
    bool in_string, escaped, array, over;
    bool after_record, after_comma; /* what came last in the array */
} JsonReading;

static void refuse(JsonReading *j, const char *why) {
    reading_fault(j->r, NULL, why);
    j->r->stop = true;
}

/* --- values as text ------------------------------------------------------------------------------------------------ */

/* A number as it stands in the file, which is a decimal of few digits. */
static bool scalar_text(const json_t *value, Buffer *text) {
    switch (json_typeof(value)) {
    case JSON_STRING: buffer_add(text, json_string_value(value), json_string_length(value)); return true;
    case JSON_INTEGER: buffer_add_number(text, json_integer_value(value)); return true;
    case JSON_REAL: buffer_format(text, "%.15g", json_real_value(value)); return true;
    case JSON_TRUE: buffer_add_string(text, "yes"); return true;
    case JSON_FALSE: buffer_add_string(text, "no"); return true;
    case JSON_NULL: return true;
    case JSON_ARRAY:
    case JSON_OBJECT: return false;
    }
    return false;
}

static bool list_text(const Field *f, json_t *value, Buffer *text) {
    const char *key;
    json_t *item;
    size_t i;
    bool good = true;
    json_array_foreach(value, i, item) {
        if (text->size) buffer_add_char(text, ' ');
        good = good && scalar_text(item, text);
    }
    json_object_foreach(value, key, item) {
        buffer_format(text, "%s%s:", text->size ? " " : "", key);
        good = good && scalar_text(item, text);
    }
    return good && (json_is_object(value) ? f->kind == FIELD_BOOKINGS : field_is_list(f) || f->kind == FIELD_SET);
}

static void take_member(JsonReading *j, int field, json_t *value) {
    ImportReading *r = j->r;
    const Field *f = &r->request->entity->fields[field];
    Buffer text = {0};
    bool list = json_is_array(value) || json_is_object(value);
    if (list ? list_text(f, value, &text) : scalar_text(value, &text))
        reading_field(r, field, buffer_string(&text), text.size);
    else
        reading_fault(r, f->name, list ? _("a list stands where one value belongs") : _("this is no value of a field"));
    buffer_free(&text);
}

static void take_object(JsonReading *j) {
    ImportReading *r = j->r;
    json_error_t where;
    const char *key;
    json_t *value, *root = json_loadb(j->object.bytes, j->object.size, JSON_REJECT_DUPLICATES, &where);
    reading_row(r);
    if (!json_is_object(root)) {
        Buffer why = {0};
        if (json_error_code(&where) == json_error_null_character)
            buffer_add_string(&why, _("a text holds \\u0000, which no field may hold"));
        else buffer_format(&why, _("this is not JSON: %s"), where.text);
        r->row_line += where.line > 0 ? where.line - 1 : 0;
        if (r->row) r->row->line = r->row_line;
        refuse(j, why.bytes);
        buffer_free(&why);
    }
    json_object_foreach(root, key, value) {
        bool good = true;
        int field = reading_find(r, key, strlen(key), &good);
        if (field >= 0) take_member(j, field, value);
    }
    json_decref(root);
    if (r->row) reading_row_end(r);
    buffer_clear(&j->object);
}

/* --- finding the objects ------------------------------------------------------------------------------------------- */

static void within(JsonReading *j, char c) {
    if (j->escaped) j->escaped = false;
    else if (j->in_string) {
        j->escaped = c == '\\';
        if (c == '"') j->in_string = false;
    } else if (c == '"') j->in_string = true;
    else if (c == '{' || c == '[') j->depth++;
    else if (c == '}' || c == ']') j->depth--;
    buffer_add_char(&j->object, c);
    if (j->object.size > IMPORT_ROW_MAX) refuse(j, _("the record is longer than a mebibyte: is a brace missing?"));
    else if (!j->depth) take_object(j);
}

static void between(JsonReading *j, char c) {
    bool first = !j->array && !j->r->header_read;
    if (strchr(" \t\r\n", c)) return;
    if (c == '[' && first) j->array = true;
    else if (c == ',' && j->after_record) {
        j->after_record = false;
        j->after_comma = true;
    } else if (c == ']' && j->after_comma) refuse(j, _("a comma stands before the end of the list"));
    else if (c == ']' && j->array && !j->over) {
        j->after_record = false;
        j->over = true;
    } else if (c == '{' && j->after_record) refuse(j, _("a comma is missing before this record"));
    else if (c == '{' && !j->over) {
        j->after_comma = false;
        j->after_record = j->array;
        within(j, c);
    } else refuse(j, _("a record begins with a brace, as in [{\"title\": ...}, ...]"));
    j->r->header_read = true;
}

static void feed(JsonReading *j, const char *bytes, size_t size) {
    for (size_t i = 0; i < size && !j->r->stop; i++) {
        j->r->bytes++;
        if (!bytes[i]) refuse(j, _("this is not JSON: a zero byte stands in it"));
        else if (j->depth) within(j, bytes[i]);
        else {
            j->r->row_line = j->r->line;
            between(j, bytes[i]);
        }
        if (bytes[i] == '\n') j->r->line++;
    }
}

void import_read_json(ImportReading *r, const char *first, size_t size) {
    JsonReading j = {.r = r};
    r->gives_codes = r->request->entity->letter != 0;
    char *chunk = memory_new(READ_SIZE);
    feed(&j, first, size);
    while (!r->stop && (size = reading_bytes(r, chunk, READ_SIZE)) > 0) {
        feed(&j, chunk, size);
    }
    if (!r->stop && (j.depth || (j.array && !j.over))) refuse(&j, _("the file ends within a record or a list of them"));
    buffer_free(&j.object);
    free(chunk);
}
