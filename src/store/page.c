/* Pages of an entity's records. How a page is found is told in page.h. */
#include "store/page.h"

#include "base/date.h"
#include "store/internal.h"
#include "store/predicate.h"

#include <stdio.h>
#include <string.h>

enum {
    CANDIDATES = 2000, /* rows that are fetched and sorted rather than walked past */
    SHORT_WALK = 1000, /* rows that are walked past before the index of the text is looked at */
};

/* The rows one index yields for one condition. */
typedef struct Look {
    Buffer sql;    /* SELECT id ...; its parameters continue the query's */
    int64_t count; /* CANDIDATES + 1: too many */
    bool words;    /* it is the index of the folded text */
    int words_parameter;
} Look;

typedef struct Finder {
    Store *store;
    Arena *arena;
    const PageQuery *query;
    const Entity *entity;
    Predicates predicates;
    char today[DATE_SIZE];
    Buffer condition, sort, sql, scratch;
    bool by_id; /* sorted by the id itself */
    Page *page;
    Error *error;
} Finder;

/* --- looking at the indexes --------------------------------------------------------------------------------------- */

static bool index_of_term(Finder *f, const FilterTerm *t, char *name, size_t size) {
    const Field *field = &f->entity->fields[t->field];
    if (t->negated || (!t->count && field->kind == FIELD_REFS)) return false;
    if (field->kind == FIELD_REFS) snprintf(name, size, "%s_%s_by_item", f->entity->name, field->name);
    else if (field_has_column(field) && field->kind != FIELD_SET)
        snprintf(name, size, "%s_by_%s", f->entity->name, field->name);
    else return false;
    return engine_has_index(f->store->engine, name);
}

static void look_sql(Finder *f, const FilterTerm *t, const char *index, Buffer *sql) {
    const Field *field = &f->entity->fields[t->field];
    if (field->kind == FIELD_REFS) {
        char table[64];
        sql_list_table(table, sizeof table, f->entity, field);
        buffer_format(sql, "SELECT l.record FROM %s l WHERE l.item IN (", table);
        for (int i = 0; i < t->count; i++) {
            buffer_format(sql, "%s?%d", i ? ", " : "", predicates_int(&f->predicates, t->values[i].number));
        }
        buffer_add_char(sql, ')');
        return;
    }
    buffer_format(sql, "SELECT t.id FROM %s t", f->entity->name);
    engine_index_hint(f->store->engine, sql, index);
    buffer_add_string(sql, " WHERE ");
    predicate_term(sql, &f->predicates, f->query->filter, t);
}

static Status count_look(Finder *f, Look *look) {
    Buffer sql = {0};
    buffer_format(&sql, "SELECT COUNT(*) FROM (%s LIMIT %d) q", look->sql.bytes, CANDIDATES + 1);
    Statement *s = engine_prepare(f->store->engine, sql.bytes);
    predicates_bind(&f->predicates, s);
    if (look->words)
        engine_search_bind(s, look->words_parameter, f->query->filter->words, f->query->filter->words_size,
                           &f->scratch);
    look->count = statement_row(s) ? statement_get_int(s, 0) : CANDIDATES + 1;
    buffer_free(&sql);
    return statement_end(s, NULL, f->error);
}

static Status consider(Finder *f, Look *best, Look *look) {
    Status s = count_look(f, look);
    if (s == STATUS_OK && look->count < best->count) {
        Look swap = *best;
        *best = *look;
        *look = swap;
    }
    buffer_free(&look->sql);
    return s;
}

/* The index that yields fewest rows; count above CANDIDATES where none yields few. */
static Status best_look(Finder *f, Look *best) {
    const Filter *filter = f->query->filter;
    Status s = STATUS_OK;
    char index[96];
    *best = (Look){.count = CANDIDATES + 1};
    /* What most rows have, one letter for the most part, the short walk has found already. */
    if (filter->words_size && f->entity->indexed) {
        Look look = {.words = true};
        look.words_parameter = predicates_text(&f->predicates, "", 0);
        engine_search_query(&look.sql, f->entity, look.words_parameter);
        s = consider(f, best, &look);
    }
    for (int i = 0; i < filter->count && s == STATUS_OK; i++) {
        if (!index_of_term(f, &filter->terms[i], index, sizeof index)) continue;
        Look look = {0};
        look_sql(f, &filter->terms[i], index, &look.sql);
        s = consider(f, best, &look);
    }
    return s;
}

/* --- the query ---------------------------------------------------------------------------------------------------- */

static bool ascending(const PageQuery *q) {
    return q->descending == q->backwards;
}

/* The condition that a row lies beyond `from`, and the order. */
static void add_key(Finder *f, Buffer *sql, bool more_conditions) {
    const PageQuery *q = f->query;
    if (!q->from) return;
    const char *sign = ascending(q) ? (q->inclusive ? ">=" : ">") : (q->inclusive ? "<=" : "<");
    buffer_add_string(sql, more_conditions ? " AND " : " WHERE ");
    int id;
    if (f->by_id) {
        id = predicates_int(&f->predicates, q->from->id);
        buffer_format(sql, "t.id %s ?%d", sign, id);
        return;
    }
    bool text = f->query->sort == f->entity->title || field_is_text(&f->entity->fields[q->sort]);
    const Value *v = &q->from->value;
    int value = text ? predicates_text(&f->predicates, v->kind == VALUE_TEXT ? v->text : "", v->size)
                     : predicates_int(&f->predicates, value_number_or(v, 0));
    id = predicates_int(&f->predicates, q->from->id);
    buffer_format(sql, "(%s, t.id) %s (?%d, ?%d)", f->sort.bytes, sign, value, id);
}

static void add_order(Finder *f, Buffer *sql) {
    const char *direction = ascending(f->query) ? "" : " DESC";
    if (f->by_id) buffer_format(sql, " ORDER BY t.id%s", direction);
    else buffer_format(sql, " ORDER BY %s%s, t.id%s", f->sort.bytes, direction, direction);
}

static void sort_index(Finder *f, char *name, size_t size) {
    const char *column = f->query->sort == f->entity->title ? "sort_key" : f->entity->fields[f->query->sort].name;
    snprintf(name, size, "%s_by_%s", f->entity->name, column);
}

static Value key_value(Finder *f, Statement *s, int column) {
    if (f->query->sort != f->entity->title && !field_is_text(&f->entity->fields[f->query->sort]))
        return value_number(statement_get_int(s, column));
    size_t size;
    const char *text = statement_get_text(s, column, &size);
    return value_text(arena_copy(f->arena, text, size), size);
}

/* Runs f->sql (id, sort value, whether the row matches) and collects up to limit + 1 matching keys. */
static Status collect(Finder *f, const Look *look, int steps) {
    Page *page = f->page;
    Statement *s = engine_prepare(f->store->engine, f->sql.bytes);
    predicates_bind(&f->predicates, s);
    if (look && look->words)
        engine_search_bind(s, look->words_parameter, f->query->filter->words, f->query->filter->words_size,
                           &f->scratch);
    page->complete = true;
    for (int step = 1; statement_row(s); step++) {
        bool hit = statement_get_int(s, 2) != 0;
        if (hit && page->count == f->query->limit) {
            page->more = true;
            break;
        }
        bool last = steps && step >= steps;
        if (hit || last) {
            PageKey key = {.value = key_value(f, s, 1), .id = statement_get_int(s, 0)};
            if (hit) page->keys[page->count++] = key;
            if (last) {
                page->next = key;
                page->complete = false;
                page->more = true;
                break;
            }
        }
    }
    return statement_end(s, NULL, f->error);
}

static Status find_among(Finder *f, const Look *look) {
    buffer_clear(&f->sql);
    buffer_format(&f->sql, "SELECT t.id, %s, 1 FROM %s t WHERE t.id IN (%s) AND %s", f->sort.bytes, f->entity->name,
                  look->sql.bytes, f->condition.bytes);
    add_key(f, &f->sql, true);
    add_order(f, &f->sql);
    buffer_format(&f->sql, " LIMIT %d", f->query->limit + 1);
    return collect(f, look, 0);
}

static Status find_walking(Finder *f, int steps) {
    char index[96];
    buffer_clear(&f->sql);
    bool all = !f->condition.size;
    buffer_format(&f->sql, "SELECT t.id, %s, %s FROM %s t", f->sort.bytes, all ? "1" : f->condition.bytes,
                  f->entity->name);
    sort_index(f, index, sizeof index);
    if (!f->by_id) engine_index_hint(f->store->engine, &f->sql, index);
    add_key(f, &f->sql, false);
    add_order(f, &f->sql);
    if (all) buffer_format(&f->sql, " LIMIT %d", f->query->limit + 1);
    return collect(f, NULL, all ? 0 : steps);
}

static void reverse_keys(Page *page) {
    for (int i = 0; i < page->count / 2; i++) {
        PageKey swap = page->keys[i];
        page->keys[i] = page->keys[page->count - 1 - i];
        page->keys[page->count - 1 - i] = swap;
    }
}

static Status load_rows(Finder *f) {
    Page *page = f->page;
    Status s = STATUS_OK;
    page->rows = arena_array(f->arena, (size_t)page->count + 1, sizeof *page->rows);
    for (int i = 0; i < page->count && s == STATUS_OK; i++) {
        s = store_read(f->store, f->arena, f->entity, page->keys[i].id, f->query->fields, &page->rows[i], f->error);
    }
    return s;
}

static void start(Finder *f) {
    date_write(clock_today(), f->today);
    predicates_start(&f->predicates, f->today);
    predicate_filter(&f->condition, &f->predicates, f->query->filter);
    sql_sort_expression(&f->sort, f->entity, f->query->sort);
    f->by_id = strcmp(f->sort.bytes, "t.id") == 0;
}

static void finish(Finder *f) {
    buffer_free(&f->condition);
    buffer_free(&f->sort);
    buffer_free(&f->sql);
    buffer_free(&f->scratch);
}

/* The index of the text gathers all rows of a word before it gives the first: for a word that most rows have, that is
 * dear, and a short walk fills the page at once. */
static Status try_short_walk(Finder *f, bool *done) {
    int parameters = f->predicates.parameters, binds = f->predicates.bind_count;
    *done = false;
    if (!f->query->filter->words_size || !f->entity->indexed) return STATUS_OK;
    Status s = find_walking(f, SHORT_WALK);
    *done = s != STATUS_OK || f->page->complete;
    if (*done) return s;
    f->page->count = 0;
    f->page->more = false;
    f->predicates.parameters = parameters;
    f->predicates.bind_count = binds;
    return s;
}

static Status find(Finder *f) {
    Look best = {.count = CANDIDATES + 1};
    bool done;
    Status s = try_short_walk(f, &done);
    if (done) return s;
    s = filter_is_empty(f->query->filter) ? STATUS_OK : best_look(f, &best);
    if (s == STATUS_OK) s = best.count <= CANDIDATES ? find_among(f, &best) : find_walking(f, f->query->steps);
    buffer_free(&best.sql);
    return s;
}

Status store_page(Store *store, Arena *arena, const PageQuery *query, Page *page, Error *e) {
    Finder *f = arena_alloc(arena, sizeof *f);
    *f = (Finder){
        .store = store, .arena = arena, .query = query, .entity = query->filter->entity, .page = page, .error = e};
    *page = (Page){.keys = arena_array(arena, (size_t)query->limit + 1, sizeof *page->keys)};
    /* What the keys name must still be there when the rows are loaded. */
    bool alone = !engine_in_transaction(store->engine);
    Status s = alone ? engine_read_begin(store->engine, e) : STATUS_OK;
    if (s != STATUS_OK) return s;
    start(f);
    s = find(f);
    if (s == STATUS_OK && query->backwards) reverse_keys(page);
    if (s == STATUS_OK) s = load_rows(f);
    if (alone) engine_read_end(store->engine);
    finish(f);
    return s;
}

Status store_count(Store *store, const Filter *filter, int64_t *count, Error *e) {
    PageQuery query = {.filter = filter};
    Finder f = {.store = store, .query = &query, .entity = filter->entity, .error = e};
    Look look = {0};
    start(&f);
    buffer_format(&f.sql, "SELECT COUNT(*) FROM %s t", f.entity->name);
    if (f.condition.size) buffer_format(&f.sql, " WHERE %s", f.condition.bytes);
    if (filter->words_size && f.entity->indexed) {
        look.words = true;
        look.words_parameter = predicates_text(&f.predicates, "", 0);
        buffer_add_string(&f.sql, " AND t.id IN (");
        engine_search_query(&f.sql, f.entity, look.words_parameter);
        buffer_add_char(&f.sql, ')');
    }
    Statement *s = engine_prepare(store->engine, f.sql.bytes);
    predicates_bind(&f.predicates, s);
    if (look.words) engine_search_bind(s, look.words_parameter, filter->words, filter->words_size, &f.scratch);
    *count = statement_row(s) ? statement_get_int(s, 0) : 0;
    finish(&f);
    return statement_end(s, NULL, e);
}

Status store_page_key(Store *store, Arena *arena, const Entity *entity, int sort, int64_t id, PageKey *key, Error *e) {
    Filter filter = {.entity = entity, .words = ""};
    PageQuery query = {.filter = &filter, .sort = sort};
    Finder f = {.store = store, .arena = arena, .query = &query, .entity = entity, .error = e};
    start(&f);
    buffer_format(&f.sql, "SELECT %s FROM %s t WHERE t.id = ?2", f.sort.bytes, entity->name);
    Statement *s = engine_prepare(store->engine, f.sql.bytes);
    statement_text(s, 1, f.today, DATE_SIZE - 1);
    statement_int(s, 2, id);
    bool found = statement_row(s);
    if (found) *key = (PageKey){.value = key_value(&f, s, 0), .id = id};
    finish(&f);
    Status status = statement_end(s, NULL, e);
    if (status == STATUS_OK && !found) return error_set(e, STATUS_NOT_FOUND, NULL, "%s", entity->name);
    return status;
}
