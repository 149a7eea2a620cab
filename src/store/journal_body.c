/* The body of a journal entry. */
#include "store/journal_body.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/json.h"
#include "store/internal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void write_fields(Buffer *b, Store *store, const Record *r, const Record *unlike) {
    const EntitySql *sql = sql_of(store, r->entity);
    buffer_add_char(b, '{');
    for (int i = 0; i < sql->sorted_count; i++) {
        int field = sql->sorted[i];
        const Field *f = &r->entity->fields[field];
        bool same = unlike && value_equal(&r->values[field], &unlike->values[field]);
        /* Of a whole record empty fields are left out; of the former values, an empty one is what must be said. */
        if (unlike ? same : value_empty(f, &r->values[field])) continue;
        json_write_key(b, f->name);
        value_json(b, f, &r->values[field], NULL);
    }
    buffer_add_char(b, '}');
}

void journal_body_write(Buffer *b, Store *store, const Record *before, const Record *after, const char *undoes) {
    buffer_add_char(b, '{');
    if (after) {
        json_write_key(b, "after");
        write_fields(b, store, after, NULL);
    }
    if (before) {
        json_write_key(b, "before");
        write_fields(b, store, before, after);
    }
    if (*undoes) {
        json_write_key(b, "undoes");
        json_write_string(b, undoes, strlen(undoes));
    }
    buffer_add_char(b, '}');
}

static int compare_items(const void *a, const void *b) {
    int64_t x = ((const ListItem *)a)->key, y = ((const ListItem *)b)->key;
    return x < y ? -1 : x > y;
}

static bool read_refs(Arena *arena, const json_t *json, Value *out) {
    size_t count = json_array_size(json);
    ListItem *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(json, i);
        if (!json_is_integer(item)) return false;
        items[i].key = json_integer_value(item);
    }
    *out = value_list(items, count);
    return json_is_array(json);
}

static bool read_bookings(Arena *arena, json_t *json, Value *out) {
    size_t count = json_object_size(json), i = 0;
    ListItem *items = arena_array(arena, count, sizeof *items);
    const char *week;
    json_t *quantity;
    json_object_foreach(json, week, quantity) {
        int number;
        if (!week_parse(week, strlen(week), &number) || !json_is_integer(quantity)) return false;
        items[i++] = (ListItem){.key = number, .quantity = json_integer_value(quantity)};
    }
    if (count) qsort(items, count, sizeof *items, compare_items);
    *out = value_list(items, count);
    return json_is_object(json);
}

static bool read_set(const Field *f, const json_t *json, Value *out) {
    int64_t set = 0;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *word = json_string_value(json_array_get(json, i));
        const Choice *c = word ? choice_of_word(f->choices, word, strlen(word)) : NULL;
        if (!c) return false;
        set |= INT64_C(1) << c->number;
    }
    *out = value_number(set);
    return json_is_array(json);
}

static bool read_value(Arena *arena, const Field *f, json_t *json, Value *out) {
    *out = (Value){0};
    if (json_is_null(json)) return true;
    switch (f->kind) {
    case FIELD_REFS: return read_refs(arena, json, out);
    case FIELD_BOOKINGS: return read_bookings(arena, json, out);
    case FIELD_SET: return read_set(f, json, out);
    case FIELD_FLAG: *out = value_number(json_is_true(json)); return json_is_boolean(json);
    case FIELD_NUMBER:
    case FIELD_REF: *out = value_number(json_integer_value(json)); return json_is_integer(json);
    case FIELD_CHOICE: {
        const char *word = json_string_value(json);
        const Choice *c = word ? choice_of_word(f->choices, word, strlen(word)) : NULL;
        if (c) *out = value_number(c->number);
        return c != NULL;
    }
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_INSTANT: break;
    case FIELD_CODE: return false;
    }
    if (!json_is_string(json)) return false;
    size_t size = json_string_length(json);
    *out = value_text(arena_copy(arena, json_string_value(json), size), size);
    return true;
}

static Record *read_fields(Arena *arena, const Entity *entity, json_t *json, FieldSet *set) {
    Record *r = record_new(arena, entity);
    r->values[COMMON_STATE] = (Value){0};
    const char *name;
    json_t *value;
    *set = 0;
    json_object_foreach(json, name, value) {
        int field = entity_field(entity, name, strlen(name));
        if (field < 0 || !read_value(arena, &entity->fields[field], value, &r->values[field])) return NULL;
        *set |= FIELD_BIT(field);
    }
    return r;
}

Status journal_body_read(Arena *arena, const char *body, size_t size, JournalEntry *entry, Error *e) {
    json_error_t problem;
    json_t *root = json_loadb(body, size, JSON_REJECT_DUPLICATES, &problem);
    json_t *after = json_object_get(root, "after"), *before = json_object_get(root, "before");
    const char *undoes = json_string_value(json_object_get(root, "undoes"));
    FieldSet all;
    bool good = json_is_object(root);
    if (after) good = good && (entry->after = read_fields(arena, entry->entity, after, &all));
    if (before) good = good && (entry->before = read_fields(arena, entry->entity, before, &entry->changed));
    entry->undoes = undoes ? arena_string(arena, undoes) : "";
    json_decref(root);
    if (entry->after) entry->after->id = entry->id;
    if (entry->before) entry->before->id = entry->id;
    if (good) return STATUS_OK;
    return error_set(e, STATUS_FAILED, NULL, _("journal entry %s %lld cannot be read: run \"jazari check\""),
                     site_code(entry->site) ? site_code(entry->site) : "?", (long long)entry->number);
}
