/* Values: making, comparing, and writing them. Reading them from text is in value_read.c. */
#include "model/value.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "model/entity.h"

#include <string.h>

Value value_number(int64_t number) {
    return (Value){.kind = VALUE_NUMBER, .number = number};
}

Value value_text(const char *text, size_t size) {
    return size ? (Value){.kind = VALUE_TEXT, .size = (uint32_t)size, .text = text} : (Value){0};
}

Value value_list(ListItem *items, size_t count) {
    return count ? (Value){.kind = VALUE_LIST, .size = (uint32_t)count, .items = items} : (Value){0};
}

int64_t value_number_or(const Value *v, int64_t otherwise) {
    return v->kind == VALUE_NUMBER ? v->number : otherwise;
}

const char *value_string(const Value *v) {
    return v->kind == VALUE_TEXT && v->text ? v->text : "";
}

bool value_empty(const Field *f, const Value *v) {
    if (v->kind == VALUE_NONE) return true;
    if (v->kind == VALUE_NUMBER && !v->number)
        return f->kind == FIELD_CHOICE || f->kind == FIELD_SET ||
               (f->kind == FIELD_NUMBER && !(f->flags & (FIELD_REQUIRED | FIELD_SYSTEM | FIELD_DERIVED)));
    return (v->kind == VALUE_TEXT || v->kind == VALUE_LIST) && !v->size;
}

bool value_equal(const Value *a, const Value *b) {
    bool none_a = a->kind == VALUE_NONE, none_b = b->kind == VALUE_NONE;
    if (none_a || none_b)
        return (none_a || (a->kind == VALUE_NUMBER ? !a->number : !a->size)) &&
               (none_b || (b->kind == VALUE_NUMBER ? !b->number : !b->size));
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case VALUE_NONE: return true;
    case VALUE_NUMBER: return a->number == b->number;
    case VALUE_TEXT: return a->size == b->size && !memcmp(a->text, b->text, a->size);
    case VALUE_LIST: break;
    }
    if (a->size != b->size) return false;
    for (uint32_t i = 0; i < a->size; i++) {
        if (a->items[i].key != b->items[i].key || a->items[i].quantity != b->items[i].quantity) return false;
    }
    return true;
}

static void write_code(Buffer *b, int entity, int64_t id, const CodeBook *book) {
    const Entity *e = entity_of_kind(entity);
    char code[2 * CODE_SIZE] = ""; /* a login may be as long as a code's room */
    if (e && e->letter) code_write(e->letter, id, code);
    else if (entity == ENTITY_SITE) text_copy(code, sizeof code, site_code(id) ? site_code(id) : "?");
    else if (!book || !book->code_of || !book->code_of(book->self, entity, id, code, sizeof code)) return;
    buffer_add_string(b, code);
}

static void write_booking(Buffer *b, const Field *f, const ListItem *item) {
    char week[WEEK_SIZE];
    week_write((int)item->key, week);
    buffer_add_string(b, week);
    buffer_add_char(b, ':');
    number_write(b, item->quantity, f->scale);
}

static void write_set(Buffer *b, const Field *f, int64_t set, bool words) {
    bool first = true;
    for (const Choice *c = f->choices; c->number; c++) {
        if (!(set >> c->number & 1)) continue;
        if (!first) buffer_add_string(b, words ? "," : ", ");
        buffer_add_string(b, words ? c->word : _(c->label));
        first = false;
    }
}

void value_write(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    if (value_empty(f, v)) return;
    const Choice *choice;
    switch (f->kind) {
    case FIELD_CODE: buffer_add_string(b, value_string(v)); return;
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_INSTANT: buffer_add(b, v->text, v->size); return;
    case FIELD_CHOICE:
        if ((choice = choice_of_number(f->choices, v->number))) buffer_add_string(b, choice->word);
        return;
    case FIELD_SET: write_set(b, f, v->number, true); return;
    case FIELD_NUMBER: number_write(b, v->number, f->scale); return;
    case FIELD_FLAG: buffer_add_string(b, v->number ? "yes" : "no"); return;
    case FIELD_REF: write_code(b, f->ref, v->number, book); return;
    case FIELD_REFS:
    case FIELD_BOOKINGS: break;
    }
    for (uint32_t i = 0; i < v->size; i++) {
        if (i) buffer_add_char(b, ' ');
        if (f->kind == FIELD_REFS) write_code(b, f->ref, v->items[i].key, book);
        else write_booking(b, f, &v->items[i]);
    }
}

static void show_text(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    int number, today = book ? book->today : 0;
    if (f->kind == FIELD_DATE && date_parse(v->text, v->size, &number)) date_show(b, number, today);
    else if (f->kind == FIELD_WEEK && week_parse(v->text, v->size, &number)) week_show(b, number, today);
    else if (f->kind == FIELD_INSTANT) instant_show(b, v->text, v->size, today);
    else buffer_add(b, v->text, v->size);
}

void value_show_weeks(Buffer *b, const Value *first, const Value *last, int today) {
    int from, to;
    if (first->kind != VALUE_TEXT || !week_parse(first->text, first->size, &from)) return;
    if (last->kind != VALUE_TEXT || !week_parse(last->text, last->size, &to)) to = from;
    week_show_span(b, from, to, today);
}

static void show_list(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    for (uint32_t i = 0; i < v->size; i++) {
        const ListItem *item = &v->items[i];
        if (i) buffer_add_string(b, ", ");
        if (f->kind == FIELD_BOOKINGS) {
            week_show(b, (int)item->key, book ? book->today : 0);
            buffer_add_string(b, "\xC2\xA0");
            number_show(b, item->quantity, f->scale);
        } else if (item->label) buffer_add_string(b, item->label);
        else write_code(b, f->ref, item->key, book);
    }
}

void value_show(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    if (value_empty(f, v)) return;
    const Choice *choice;
    switch (f->kind) {
    case FIELD_CODE: buffer_add_string(b, value_string(v)); return;
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_INSTANT: show_text(b, f, v, book); return;
    case FIELD_CHOICE:
        if ((choice = choice_of_number(f->choices, v->number))) buffer_add_string(b, _(choice->label));
        return;
    case FIELD_SET: write_set(b, f, v->number, false); return;
    case FIELD_NUMBER: number_show(b, v->number, f->scale); return;
    case FIELD_FLAG: buffer_add_string(b, v->number ? _("yes") : _("no")); return;
    case FIELD_REF:
        if (v->text) buffer_add_string(b, v->text);
        else write_code(b, f->ref, v->number, book);
        return;
    case FIELD_REFS:
    case FIELD_BOOKINGS: show_list(b, f, v, book); return;
    }
}

/* A code as a JSON string; null where it is not known. */
static void json_code(Buffer *b, int entity, int64_t id, const CodeBook *book) {
    Buffer code = {0};
    write_code(&code, entity, id, book);
    if (code.size) json_write_string(b, code.bytes, code.size);
    else buffer_add_string(b, "null");
    buffer_free(&code);
}

/* The items of a list, as a JSON array: codes or ids, or bookings as an object of weeks. */
static void json_list(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    buffer_add_char(b, f->kind == FIELD_BOOKINGS ? '{' : '[');
    for (uint32_t i = 0; i < v->size; i++) {
        const ListItem *item = &v->items[i];
        if (f->kind == FIELD_BOOKINGS) {
            char week[WEEK_SIZE];
            week_write((int)item->key, week);
            json_write_key(b, week);
            if (book) number_write(b, item->quantity, f->scale);
            else buffer_add_number(b, item->quantity);
            continue;
        }
        if (i) buffer_add_char(b, ',');
        if (!book) buffer_add_number(b, item->key);
        else json_code(b, f->ref, item->key, book);
    }
    buffer_add_char(b, f->kind == FIELD_BOOKINGS ? '}' : ']');
}

static void json_set(Buffer *b, const Field *f, int64_t set) {
    buffer_add_char(b, '[');
    for (const Choice *c = f->choices; c->number; c++) {
        if (!(set >> c->number & 1)) continue;
        if (b->bytes[b->size - 1] != '[') buffer_add_char(b, ',');
        json_write_string(b, c->word, strlen(c->word));
    }
    buffer_add_char(b, ']');
}

void value_json(Buffer *b, const Field *f, const Value *v, const CodeBook *book) {
    if (field_is_list(f)) {
        json_list(b, f, v, book);
        return;
    }
    if (f->kind == FIELD_SET) {
        json_set(b, f, value_number_or(v, 0));
        return;
    }
    if (value_empty(f, v)) {
        buffer_add_string(b, "null");
        return;
    }
    if (f->kind == FIELD_NUMBER) {
        if (book) number_write(b, v->number, f->scale);
        else buffer_add_number(b, v->number);
    } else if (f->kind == FIELD_FLAG) buffer_add_string(b, v->number ? "true" : "false");
    else if (f->kind == FIELD_REF && !book) buffer_add_number(b, v->number);
    else if (f->kind == FIELD_REF) json_code(b, f->ref, v->number, book);
    else if (v->kind == VALUE_TEXT) json_write_string(b, v->text, v->size);
    else {
        size_t start = b->size;
        buffer_add_char(b, '"');
        value_write(b, f, v, book);
        buffer_add_char(b, '"');
        if (b->size == start + 2) {
            b->size = start;
            buffer_add_string(b, "null");
        }
    }
}
