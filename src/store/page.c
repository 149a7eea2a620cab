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
    SAMPLED = 8,       /* words that are counted on the way */
    FREQUENT = SHORT_WALK / 50,
    COMMONEST = SHORT_WALK / 5, /* of which the index would gather for longer than a key may take */
};

/* The rows one index yields for one condition. */
typedef struct Look {
    Buffer sql;    /* SELECT id ...; its parameters continue the query's */
    int64_t count; /* CANDIDATES + 1: too many */
    Buffer words;  /* to be found in the index of the folded text; empty: it is another index */
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
    Buffer walked;       /* the condition of a walk, where the index of what is open has tested a part of it */
    unsigned open;       /* the states of that index; 0: it is not used */
    bool by_id;          /* sorted by the id itself */
    const PageKey *from; /* the query's; then where the walk goes on */
    bool inclusive;
    bool sample;            /* this walk counts the words */
    int words;              /* that it counts */
    int word_hits[SAMPLED]; /* of SHORT_WALK rows */
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
    if (look->words.size)
        engine_search_bind(s, look->words_parameter, look->words.bytes, look->words.size, &f->scratch);
    look->count = statement_row(s) ? statement_get_int(s, 0) : CANDIDATES + 1;
    buffer_free(&sql);
    return statement_end(s, NULL, f->error);
}

static void look_free(Look *look) {
    buffer_free(&look->sql);
    buffer_free(&look->words);
}

static Status consider(Finder *f, Look *best, Look *look) {
    Status s = count_look(f, look);
    if (s == STATUS_OK && look->count < best->count) {
        Look swap = *best;
        *best = *look;
        *look = swap;
    }
    look_free(look);
    return s;
}

/* The bytes of the next word, *at its beginning; 0 past the last. */
static size_t next_word(const char *words, size_t size, size_t *at) {
    while (*at < size && words[*at] == ' ') {
        ++*at;
    }
    size_t end = *at;
    while (end < size && words[end] != ' ') {
        end++;
    }
    return end - *at;
}

/* The bytes of a word's first letters, at most so many. */
static size_t beginning(const char *word, size_t size, int letters, int *count) {
    size_t n = 0;
    for (*count = 0; n < size && *count < letters; ++*count) {
        do {
            n++;
        } while (n < size && ((unsigned char)word[n] & 0xC0) == 0x80);
    }
    return n;
}

/* The words to look for in the index of the text, cut where their rows are then found one by one: each row is tested for
 * the whole words anyway. short_cuts: those that are merely frequent are cut too. Returns whether such a one was. */
static bool look_words(const Finder *f, bool short_cuts, Buffer *out) {
    const Filter *filter = f->query->filter;
    bool cut = false;
    size_t size;
    int i = 0;
    for (size_t at = 0; (size = next_word(filter->words, filter->words_size, &at)) > 0; at += size, i++) {
        const char *word = filter->words + at;
        int hits = i < SAMPLED ? f->word_hits[i] : 0, letters;
        size_t n = beginning(word, size, ENGINE_PREFIX_MOST, &letters);
        if (letters < ENGINE_PREFIX_LEAST && hits >= FREQUENT) continue;
        bool shorter = n < size && hits >= (short_cuts ? FREQUENT : COMMONEST);
        cut = cut || (shorter && hits < COMMONEST);
        if (out->size) buffer_add_char(out, ' ');
        buffer_add(out, word, shorter ? n : size);
    }
    return cut;
}

/* First by what comes at once; by whole words where that is too little to tell few rows by. */
static Status consider_words(Finder *f, Look *best) {
    bool cut = true;
    Status s = STATUS_OK;
    for (int turn = 0; turn < 2 && cut && best->count > CANDIDATES && s == STATUS_OK; turn++) {
        Look look = {0};
        cut = look_words(f, turn == 0, &look.words);
        if (!look.words.size) {
            buffer_free(&look.words);
            break;
        }
        look.words_parameter = predicates_text(&f->predicates, "", 0);
        engine_search_query(&look.sql, f->entity, look.words_parameter);
        s = consider(f, best, &look);
    }
    return s;
}

/* The index that yields fewest rows; count above CANDIDATES where none yields few. */
static Status best_look(Finder *f, Look *best) {
    const Filter *filter = f->query->filter;
    Status s = STATUS_OK;
    char index[96];
    *best = (Look){.count = CANDIDATES + 1};
    if (filter->words_size && f->entity->indexed) s = consider_words(f, best);
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

/* A column for each of the first words: whether the row has it. */
static void add_sample(Finder *f) {
    const Filter *filter = f->query->filter;
    size_t size;
    f->words = 0;
    for (size_t at = 0; f->words < SAMPLED && (size = next_word(filter->words, filter->words_size, &at)) > 0;
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
    sql_sort_expression(&f->sort, f->entity, f->query->sort);
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
    Look best = {.count = CANDIDATES + 1};
    Status s = STATUS_OK;
    if (f->query->goes_on) return find_walking(f, f->query->steps);
    if (filter->words_size && f->entity->indexed) {
        f->sample = true;
        s = find_walking(f, SHORT_WALK);
        if (s != STATUS_OK || f->page->complete) return s;
    }
    /* Where it found a good part of the page, the rest is not far. */
    bool near = f->sample && f->page->count * 4 >= f->query->limit;
    if (!near && !filter_is_empty(filter)) s = best_look(f, &best);
    if (s == STATUS_OK && best.count <= CANDIDATES) {
        f->page->count = 0;
        s = find_among(f, &best);
    } else if (s == STATUS_OK) s = walk_on(f);
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

/* The words worth asking the index of the text for: one letter alone yields most rows, and all of them first. */
static void count_words(Finder *f, Look *look) {
    for (int i = 0; i < SAMPLED; i++) {
        f->word_hits[i] = FREQUENT;
    }
    look_words(f, false, &look->words);
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
    if (filter->words_size && f.entity->indexed) count_words(&f, &look);
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
