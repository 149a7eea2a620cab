/* Pages of an entity's records. How a page is found is told in page.h. */
#include "store/page_parts.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the query ---------------------------------------------------------------------------------------------------- */

static bool ascending(const PageQuery *q) {
    return q->descending == q->backwards;
}

/* The condition that a row lies beyond `from`, and the order. */
static void add_key(Finder *f, Buffer *sql, bool more_conditions) {
    const PageQuery *q = f->query;
    if (!f->from) return;
    const char *sign = ascending(q) ? (f->inclusive ? ">=" : ">") : (f->inclusive ? "<=" : "<");
    buffer_add_string(sql, more_conditions ? " AND " : " WHERE ");
    int id;
    if (f->by_id) {
        id = predicates_int(&f->predicates, f->from->id);
        buffer_format(sql, "t.id %s ?%d", sign, id);
        return;
    }
    bool text = f->query->sort == f->entity->title || field_is_text(&f->entity->fields[q->sort]);
    const Value *v = &f->from->value;
    int value = text ? predicates_text(&f->predicates, v->kind == VALUE_TEXT ? v->text : "", v->size)
                     : predicates_int(&f->predicates, value_number_or(v, 0));
    id = predicates_int(&f->predicates, f->from->id);
    buffer_format(sql, "(%s, t.id) %s (?%d, ?%d)", f->sort.bytes, sign, value, id);
}

static void add_order(Finder *f, Buffer *sql) {
    const char *direction = ascending(f->query) ? "" : " DESC";
    if (f->by_id) buffer_format(sql, " ORDER BY t.id%s", direction);
    else buffer_format(sql, " ORDER BY %s%s, t.id%s", f->sort.bytes, direction, direction);
}

static void sort_index(const Finder *f, int sort, bool open, char *name, size_t size) {
    const char *column = sort == f->entity->title ? "sort_key" : f->entity->fields[sort].name;
    snprintf(name, size, "%s_%sby_%s", f->entity->name, open ? "open_" : "", column);
}

/* Uses the index of what is open where there is one for the sort and the filter lets through nothing else. A term that
 * lets through all of it need not be tested any more. */
static void use_open(Finder *f, int sort) {
    const Filter *filter = f->query->filter;
    unsigned states = filter_states(filter), open = states == ~0u ? 0 : filter_open_states(f->entity);
    FilterTerm terms[FILTER_TERMS];
    Filter rest = *filter;
    char index[96];
    sort_index(f, sort, true, index, sizeof index);
    if (!(states & open) || !engine_has_index(f->store->engine, index)) return;
    for (const Choice *c = f->entity->states; c->number; c++) {
        if (states & ~open & FROM(c->number)) return;
    }
    f->open = open;
    rest.terms = terms;
    rest.count = 0;
    for (int i = 0; i < filter->count; i++) {
        const Filter alone = {.entity = filter->entity, .terms = &filter->terms[i], .count = 1};
        unsigned let_through = filter_states(&alone);
        if (let_through == ~0u || (open & ~let_through)) terms[rest.count++] = filter->terms[i];
    }
    buffer_clear(&f->walked);
    predicate_filter(&f->walked, &f->predicates, &rest);
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
    if (look && look->words.size)
        engine_search_bind(s, look->words_parameter, look->words.bytes, look->words.size, &f->scratch);
    page->complete = true;
    page->more = false;
    for (int step = 1; statement_row(s); step++) {
        bool hit = statement_get_int(s, 2) != 0;
        for (int i = 0; f->sample && i < f->words; i++) {
            f->word_hits[i] += statement_get_int(s, 3 + i) != 0;
        }
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
    buffer_format(&f->sql, "SELECT t.id, %s, 1 FROM %s t", f->sort.bytes, f->entity->name);
    engine_id_hint(&f->sql);
    buffer_format(&f->sql, " WHERE t.id IN (%s) AND %s", look->sql.bytes, f->condition.bytes);
    add_key(f, &f->sql, true);
    add_order(f, &f->sql);
    buffer_format(&f->sql, " LIMIT %d", f->query->limit + 1);
    return collect(f, look, 0);
}

static bool is_member(const Look *look, int64_t id) {
    int64_t low = 0, high = look->count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (look->ids[middle] < id) low = middle + 1;
        else high = middle;
    }
    return low < look->count && look->ids[low] == id;
}

/* Whether the walk can go by the index of the sort alone. */
static bool has_sort_index(Finder *f, char *index, size_t size) {
    sort_index(f, f->query->sort, f->open != 0, index, size);
    return !f->by_id && engine_has_index(f->store->engine, index);
}

static Status matches(Finder *f, const char *sql, int parameter, int64_t id, bool *match) {
    Statement *s = engine_prepare(f->store->engine, sql);
    predicates_bind(&f->predicates, s);
    statement_int(s, parameter, id);
    *match = statement_row(s);
    return statement_end(s, NULL, f->error);
}

/* In the order of the index, rows that are not among the look's are passed by without being read. */
static Status find_members(Finder *f, const Look *look, const char *index) {
    Page *page = f->page;
    Buffer test = {0};
    Status status = STATUS_OK;
    buffer_clear(&f->sql);
    buffer_format(&f->sql, "SELECT t.id, %s FROM %s t", f->sort.bytes, f->entity->name);
    engine_index_hint(f->store->engine, &f->sql, index);
    if (f->open) {
        buffer_add_string(&f->sql, " WHERE ");
        predicate_states(&f->sql, f->open);
    }
    add_key(f, &f->sql, f->open != 0);
    add_order(f, &f->sql);
    int parameter = predicates_int(&f->predicates, 0);
    buffer_format(&test, "SELECT 1 FROM %s t WHERE t.id = ?%d AND %s", f->entity->name, parameter, f->condition.bytes);
    Statement *s = engine_prepare(f->store->engine, f->sql.bytes);
    predicates_bind(&f->predicates, s);
    page->count = 0;
    page->complete = true;
    page->more = false;
    for (int step = 1; status == STATUS_OK && statement_row(s); step++) {
        const int64_t id = statement_get_int(s, 0);
        bool hit = is_member(look, id), last = step == INDEX_WALK;
        if (hit) status = matches(f, test.bytes, parameter, id, &hit);
        if (status != STATUS_OK) break;
        page->more = (hit && page->count == f->query->limit) || last;
        if (!hit && !last) continue;
        PageKey key = {.value = key_value(f, s, 1), .id = id};
        if (hit && page->count < f->query->limit) page->keys[page->count++] = key;
        if (!page->more) continue;
        page->complete = !last;
        page->next = key;
        break;
    }
    buffer_free(&test);
    Status end = statement_end(s, NULL, f->error);
    return status == STATUS_OK ? end : status;
}

/* A column for each of the first words: whether the row has it. */
static void add_sample(Finder *f) {
    const Filter *filter = f->query->filter;
    size_t size;
    f->words = 0;
    for (size_t at = 0; f->words < SAMPLED && (size = look_next_word(filter->words, filter->words_size, &at)) > 0;
         at += size) {
        buffer_add_string(&f->sql, ", ");
        predicate_word(&f->sql, &f->predicates, filter->words + at, size);
        f->words++;
    }
}

/* From f->from, in addition to what the page has. */
static Status find_walking(Finder *f, int steps) {
    char index[96];
    const Buffer *condition = f->open ? &f->walked : &f->condition;
    buffer_clear(&f->sql);
    bool all = !condition->size;
    buffer_format(&f->sql, "SELECT t.id, %s, %s", f->sort.bytes, all ? "1" : condition->bytes);
    if (f->sample) add_sample(f);
    buffer_format(&f->sql, " FROM %s t", f->entity->name);
    sort_index(f, f->query->sort, f->open != 0, index, sizeof index);
    if (!f->by_id) engine_index_hint(f->store->engine, &f->sql, index);
    if (f->open) {
        buffer_add_string(&f->sql, " WHERE ");
        predicate_states(&f->sql, f->open);
    }
    add_key(f, &f->sql, f->open != 0);
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
    sql_sort_expression(&f->sort, f->entity, f->query->sort, f->query->turn_of);
    f->by_id = strcmp(f->sort.bytes, "t.id") == 0;
    f->from = f->query->from;
    f->inclusive = f->query->inclusive;
}

static void finish(Finder *f) {
    buffer_free(&f->condition);
    buffer_free(&f->walked);
    buffer_free(&f->sort);
    buffer_free(&f->sql);
    buffer_free(&f->scratch);
}

/* Goes on from where the short walk ended. */
static Status walk_on(Finder *f) {
    PageKey from = f->page->next;
    if (f->sample) {
        f->from = &from;
        f->inclusive = false;
        f->sample = false;
    }
    Status s = find_walking(f, f->query->steps);
    f->from = NULL;
    return s;
}

static Status find(Finder *f) {
    const Filter *filter = f->query->filter;
    Look best = {.count = MEMBERS + 1};
    Status s = STATUS_OK;
    if (f->query->goes_on) return find_walking(f, f->query->steps);
    if (filter->words_size && f->entity->indexed) {
        f->sample = true;
        s = find_walking(f, SHORT_WALK);
        if (s != STATUS_OK || f->page->complete) return s;
    }
    /* Where it found half of the page, the rest is not far. */
    bool near = f->sample && f->page->count * 2 >= f->query->limit;
    if (!near && !filter_is_empty(filter)) s = look_best(f, &best);
    char index[96];
    bool by_index = best.ids && best.count <= MEMBERS && has_sort_index(f, index, sizeof index);
    if (s == STATUS_OK && best.count <= (by_index && !filter->count ? FEW : CANDIDATES)) {
        f->page->count = 0;
        s = find_among(f, &best);
    } else if (s == STATUS_OK && by_index) s = find_members(f, &best, index);
    else if (s == STATUS_OK) s = walk_on(f);
    look_free(&best);
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
    if (!f->by_id) use_open(f, query->sort);
    s = find(f);
    if (s == STATUS_OK && query->backwards) reverse_keys(page);
    if (s == STATUS_OK) s = load_rows(f);
    if (alone) engine_read_end(store->engine);
    finish(f);
    return s;
}

static void count_sql(Finder *f, Look *look) {
    const Buffer *condition = f->open ? &f->walked : &f->condition;
    const char *joined = " WHERE ";
    buffer_format(&f->sql, "SELECT COUNT(*) FROM %s t", f->entity->name);
    if (f->open) {
        buffer_add_string(&f->sql, joined);
        predicate_states(&f->sql, f->open);
        joined = " AND ";
    }
    if (condition->size) buffer_format(&f->sql, "%s%s", joined, condition->bytes);
    if (!look->words.size) return;
    look->words_parameter = predicates_text(&f->predicates, "", 0);
    buffer_add_string(&f->sql, " AND t.id IN (");
    engine_search_query(&f->sql, f->entity, look->words_parameter);
    buffer_add_char(&f->sql, ')');
}

Status store_count(Store *store, const Filter *filter, int64_t *count, Error *e) {
    const char *sort = filter->entity->sort + (*filter->entity->sort == '-');
    PageQuery query = {.filter = filter};
    Finder f = {.store = store, .query = &query, .entity = filter->entity, .error = e};
    Look look = {0};
    start(&f);
    /* Rows that the index of the text yields are looked up by their ids. */
    if (filter->words_size && f.entity->indexed) look_count_words(&f, &look);
    if (!look.words.size) use_open(&f, entity_field(f.entity, sort, strlen(sort)));
    count_sql(&f, &look);
    Statement *s = engine_prepare(store->engine, f.sql.bytes);
    predicates_bind(&f.predicates, s);
    if (look.words.size) engine_search_bind(s, look.words_parameter, look.words.bytes, look.words.size, &f.scratch);
    *count = statement_row(s) ? statement_get_int(s, 0) : 0;
    finish(&f);
    Status status = statement_end(s, NULL, e);
    look_free(&look);
    return status;
}

Status store_page_key(Store *store, Arena *arena, const Entity *entity, int sort, int turn_of, int64_t id, PageKey *key,
                      Error *e) {
    Filter filter = {.entity = entity, .words = ""};
    PageQuery query = {.filter = &filter, .sort = sort, .turn_of = turn_of};
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
