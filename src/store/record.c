/* Records by id: their columns, their lists, and the names of what they refer to. */
#include "store/internal.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static Status read_refs(Store *store, Arena *arena, Record *r, int field, Error *e) {
    const Field *f = &r->entity->fields[field];
    bool bookings = f->kind == FIELD_BOOKINGS;
    char table[64], sql[160];
    sql_list_table(table, sizeof table, r->entity, f);
    snprintf(sql, sizeof sql, "SELECT item%s FROM %s WHERE record = ?1 ORDER BY item", bookings ? ", quantity" : "",
             table);
    Statement *s = engine_prepare(store->engine, sql);
    statement_int(s, 1, r->id);
    ListItem *items = NULL;
    size_t count = 0, room = 0;
    while (statement_row(s)) {
        if (count == room) {
            ListItem *more = arena_array(arena, room = room ? room * 2 : 8, sizeof *more);
            if (count) memcpy(more, items, count * sizeof *more);
            items = more;
        }
        ListItem item = {0};
        if (bookings) {
            size_t size;
            int week = 0;
            const char *text = statement_get_text(s, 0, &size);
            if (!week_parse(text, size, &week)) continue; /* check tells of it */
            item.key = week;
            item.quantity = statement_get_int(s, 1);
        } else item.key = statement_get_int(s, 0);
        items[count++] = item;
    }
    r->values[field] = value_list(items, count);
    return statement_end(s, NULL, e);
}

Status record_read_lists(Store *store, Arena *arena, Record *r, FieldSet set, Error *e) {
    Status s = STATUS_OK;
    for (int i = 0; i < r->entity->field_count && s == STATUS_OK; i++) {
        if ((set & FIELD_BIT(i)) && field_is_list(&r->entity->fields[i])) s = read_refs(store, arena, r, i, e);
    }
    return s;
}

static Status not_found(const Entity *entity, int64_t id, Error *e) {
    char code[CODE_SIZE] = "";
    if (entity->letter) code_write(entity->letter, id, code);
    return error_set(e, STATUS_NOT_FOUND, NULL, _("%s: there is no such record (%s)"), code, _(entity->label));
}

Status store_read(Store *store, Arena *arena, const Entity *entity, int64_t id, FieldSet set, Record **out, Error *e) {
    Buffer *sql = &store->query;
    char today[DATE_SIZE];
    buffer_clear(sql);
    buffer_add_string(sql, "SELECT ");
    if (!sql_columns(sql, entity, set)) buffer_add_char(sql, '1');
    buffer_format(sql, " FROM %s t WHERE t.id = ?2", entity->name);
    date_write(clock_today(), today);
    Statement *s = engine_prepare(store->engine, sql->bytes);
    statement_text(s, 1, today, DATE_SIZE - 1);
    statement_int(s, 2, id);
    Record *r = NULL;
    if (statement_row(s)) {
        r = record_new(arena, entity);
        r->id = id;
        r->values[COMMON_STATE] = (Value){0};
        for (int i = 0, column = 0; i < entity->field_count; i++) {
            const Field *f = &entity->fields[i];
            if (!(set & FIELD_BIT(i)) || (!field_has_column(f) && !sql_derived(entity, i))) continue;
            r->values[i] = column_value(s, column++, f, arena);
        }
    }
    Status status = statement_end(s, NULL, e);
    if (status != STATUS_OK) return status;
    if (!r) return not_found(entity, id, e);
    *out = r;
    return record_read_lists(store, arena, r, set, e);
}

Status store_exists(Store *store, const Entity *entity, int64_t id, bool *exists, Error *e) {
    char sql[96];
    int64_t found;
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s WHERE id = ?1", entity->name);
    Status s = engine_number(store->engine, &found, 0, e, sql, 1, id);
    *exists = s == STATUS_OK && found;
    return s;
}

/* --- names ------------------------------------------------------------------------------------------------------- */

const char *store_title(Store *store, Arena *arena, const Entity *entity, int64_t id) {
    FieldSet set = 0;
    Record *r = NULL;
    if (entity->write_title) {
        for (const int *f = entity->title_fields; *f >= 0; f++) {
            set |= FIELD_BIT(*f);
        }
    } else set = FIELD_BIT(entity->title);
    if (store_read(store, arena, entity, id, set, &r, NULL) != STATUS_OK) return "";
    Buffer title = {0};
    record_title(r, &title);
    char *copy = arena_copy(arena, buffer_string(&title), title.size);
    buffer_free(&title);
    return copy;
}

Status store_label(Store *store, Arena *arena, Record *r, Error *e) {
    (void)e;
    for (int i = 0; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        Value *v = &r->values[i];
        const Entity *other = entity_of_kind(f->ref);
        if (f->kind == FIELD_REF && v->kind == VALUE_NUMBER && !v->text) {
            v->text = store_title(store, arena, other, v->number);
            v->size = (uint32_t)strlen(v->text);
        } else if (f->kind == FIELD_REFS && v->kind == VALUE_LIST) {
            for (uint32_t k = 0; k < v->size; k++) {
                v->items[k].label = store_title(store, arena, other, v->items[k].key);
            }
        }
    }
    return STATUS_OK;
}

/* --- codes ------------------------------------------------------------------------------------------------------- */

static bool own_code(const Entity *entity) {
    return !entity->letter;
}

static bool id_of(void *self, int kind, const char *code, size_t size, int64_t *id) {
    Store *store = self;
    const Entity *entity = entity_of_kind(kind);
    char sql[96], text[64];
    if (!entity || !own_code(entity) || size >= sizeof text) return false;
    memcpy(text, code, size);
    text[size] = 0;
    for (char *c = text; kind != ENTITY_OPERATOR && *c; c++) {
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 32);
    }
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE code = ?1", entity->name);
    Statement *s = engine_prepare(store->engine, sql);
    statement_text(s, 1, text, size);
    bool found = statement_row(s);
    if (found) *id = statement_get_int(s, 0);
    return statement_end(s, NULL, NULL) == STATUS_OK && found;
}

static bool code_of(void *self, int kind, int64_t id, char *out, size_t room) {
    Store *store = self;
    const Entity *entity = entity_of_kind(kind);
    char sql[96];
    size_t size;
    if (!entity || !own_code(entity)) return false;
    snprintf(sql, sizeof sql, "SELECT code FROM %s WHERE id = ?1", entity->name);
    Statement *s = engine_prepare(store->engine, sql);
    statement_int(s, 1, id);
    bool found = statement_row(s);
    if (found) text_copy(out, room, statement_get_text(s, 0, &size));
    return statement_end(s, NULL, NULL) == STATUS_OK && found;
}

const CodeBook *store_codes(Store *store) {
    store->codes = (CodeBook){.id_of = id_of, .code_of = code_of, .self = store, .today = clock_today()};
    return &store->codes;
}

bool store_parse_code(Store *store, const char *code, size_t size, const Entity **entity, int64_t *id) {
    char letter;
    if (code_read(code, size, &letter, id)) return (*entity = entity_of_letter(letter)) != NULL;
    int site = site_of_code(code, size);
    /* Whoever is called "root" is meant by that, and the hub by "ROOT". */
    bool exact = site >= 0 && !memcmp(code, site_code(site), size);
    *entity = &entity_operator;
    if (!exact && id_of(store, ENTITY_OPERATOR, code, size, id)) return true;
    if (site >= 0) {
        *entity = &entity_site;
        *id = site;
        return true;
    }
    *entity = &entity_province;
    return id_of(store, ENTITY_PROVINCE, code, size, id);
}

Status store_find(Store *store, const char *code, size_t size, const Entity **entity, int64_t *id, Error *e) {
    int shown = size > 60 ? 60 : (int)size;
    if (!store_parse_code(store, code, size, entity, id))
        return error_set(e, STATUS_NOT_FOUND, NULL, _("\"%.*s\" is not a record's code: write one such as SMA-P42"),
                         shown, code);
    char sql[96];
    int64_t found;
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s WHERE id = ?1", (*entity)->name);
    Status s = engine_number(store->engine, &found, 0, e, sql, 1, *id);
    if (s == STATUS_OK && !found) s = not_found(*entity, *id, e);
    return s;
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

static Status change_item(Store *store, const Record *r, const Field *f, const ListItem *item, bool add, Error *e) {
    char table[64], sql[160], week[WEEK_SIZE];
    bool bookings = f->kind == FIELD_BOOKINGS;
    assert(item);
    sql_list_table(table, sizeof table, r->entity, f);
    if (!add) snprintf(sql, sizeof sql, "DELETE FROM %s WHERE record = ?1 AND item = ?2", table);
    else if (bookings) snprintf(sql, sizeof sql, "INSERT INTO %s (record, item, quantity) VALUES (?1, ?2, ?3)", table);
    else snprintf(sql, sizeof sql, "INSERT INTO %s (record, item) VALUES (?1, ?2)", table);
    Statement *s = engine_prepare(store->engine, sql);
    statement_int(s, 1, r->id);
    if (bookings) {
        week_write((int)item->key, week);
        statement_text(s, 2, week, WEEK_SIZE - 1);
        if (add) statement_int(s, 3, item->quantity);
    } else statement_int(s, 2, item->key);
    while (statement_row(s)) {}
    return statement_end(s, NULL, e);
}

/* Walks both lists, which are sorted by key, and writes what differs. */
static Status write_list(Store *store, const Record *r, const Field *f, const Value *was, const Value *now, Error *e) {
    uint32_t i = 0, k = 0;
    Status s = STATUS_OK;
    while (s == STATUS_OK && (i < was->size || k < now->size)) {
        const ListItem *a = i < was->size ? &was->items[i] : NULL, *b = k < now->size ? &now->items[k] : NULL;
        if (a && b && a->key == b->key && a->quantity == b->quantity) {
            i++;
            k++;
        } else if (a && (!b || a->key <= b->key)) {
            s = change_item(store, r, f, a, false, e);
            i++;
        } else {
            s = change_item(store, r, f, b, true, e);
            k++;
        }
    }
    return s;
}

Status record_write_lists(Store *store, const Record *before, const Record *after, Error *e) {
    const Record *any = after ? after : before;
    static const Value none;
    Status s = STATUS_OK;
    for (int i = 0; i < any->entity->field_count && s == STATUS_OK; i++) {
        const Field *f = &any->entity->fields[i];
        if (!field_is_list(f)) continue;
        s = write_list(store, any, f, before ? &before->values[i] : &none, after ? &after->values[i] : &none, e);
    }
    return s;
}

/* --- folded text ------------------------------------------------------------------------------------------------- */

enum { SORT_KEY_MAX = 64 };

void record_fold(const Record *r, Buffer *folded, Buffer *sort_key) {
    record_fold_fields(r, folded, sort_key);
    record_fold_code(r, folded);
}

void record_fold_fields(const Record *r, Buffer *folded, Buffer *sort_key) {
    buffer_clear(folded);
    buffer_clear(sort_key);
    for (int i = 0; i < r->entity->field_count; i++) {
        const Value *v = &r->values[i];
        if (!(r->entity->fields[i].flags & FIELD_SEARCHED) || v->kind != VALUE_TEXT) continue;
        buffer_add_char(folded, ' ');
        size_t start = folded->size;
        text_fold(folded, v->text, v->size);
        if (i == r->entity->title) buffer_add(sort_key, folded->bytes + start, folded->size - start);
        if (folded->size == start) folded->bytes[--folded->size] = 0;
    }
    if (sort_key->size > SORT_KEY_MAX) {
        sort_key->bytes[sort_key->size = SORT_KEY_MAX] = 0;
        text_trim_partial(sort_key->bytes);
        sort_key->size = strlen(sort_key->bytes);
    }
}

void record_fold_code(const Record *r, Buffer *folded) {
    char code[CODE_SIZE];
    if (!r->entity->letter) return;
    code_write(r->entity->letter, r->id, code);
    buffer_add_char(folded, ' ');
    text_fold(folded, code, strlen(code));
}
