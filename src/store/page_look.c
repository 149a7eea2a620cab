/* Looking at the indexes: which of them yields few rows for a page's query. */
#include "store/page_parts.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Which rows the index of the text yields, where they are not too many. */
static Status gather(Finder *f, Look *look) {
    Buffer sql = {0};
    int count = 0;
    buffer_format(&sql, "%s LIMIT %d", look->sql.bytes, MEMBERS + 1);
    Statement *s = engine_prepare(f->store->engine, sql.bytes);
    engine_search_bind(s, look->words_parameter, look->words.bytes, look->words.size, &f->scratch);
    look->ids = memory_grow(NULL, MEMBERS + 1, sizeof *look->ids);
    while (count <= MEMBERS && statement_row(s)) {
        look->ids[count++] = statement_get_int(s, 0);
    }
    look->count = count;
    qsort(look->ids, (size_t)count, sizeof *look->ids, compare_ids);
    buffer_free(&sql);
    return statement_end(s, NULL, f->error);
}

static Status count_look(Finder *f, Look *look) {
    Buffer sql = {0};
    if (look->words.size) return gather(f, look);
    buffer_format(&sql, "SELECT COUNT(*) FROM (%s LIMIT %d) q", look->sql.bytes, CANDIDATES + 1);
    Statement *s = engine_prepare(f->store->engine, sql.bytes);
    predicates_bind(&f->predicates, s);
    look->count = statement_row(s) ? statement_get_int(s, 0) : CANDIDATES + 1;
    if (look->count > CANDIDATES) look->count = MEMBERS + 1;
    buffer_free(&sql);
    return statement_end(s, NULL, f->error);
}

void look_free(Look *look) {
    buffer_free(&look->sql);
    buffer_free(&look->words);
    free(look->ids);
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
size_t look_next_word(const char *words, size_t size, size_t *at) {
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
    for (size_t at = 0; (size = look_next_word(filter->words, filter->words_size, &at)) > 0; at += size, i++) {
        const char *word = filter->words + at;
        int hits = i < SAMPLED ? f->word_hits[i] : 0, letters;
        size_t n = beginning(word, size, ENGINE_PREFIX_MOST, &letters);
        if (letters < ENGINE_PREFIX_LEAST && hits >= COMMON_LETTER) continue;
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

Status look_best(Finder *f, Look *best) {
    const Filter *filter = f->query->filter;
    Status s = STATUS_OK;
    char index[96];
    *best = (Look){.count = MEMBERS + 1};
    if (filter->words_size && f->entity->indexed) s = consider_words(f, best);
    for (int i = 0; i < filter->count && s == STATUS_OK; i++) {
        if (!index_of_term(f, &filter->terms[i], index, sizeof index)) continue;
        Look look = {0};
        look_sql(f, &filter->terms[i], index, &look.sql);
        s = consider(f, best, &look);
    }
    return s;
}

/* The words worth asking the index of the text for: one letter alone yields most rows, and all of them first. */
void look_count_words(Finder *f, Look *look) {
    for (int i = 0; i < SAMPLED; i++) {
        f->word_hits[i] = COMMON_LETTER;
    }
    look_words(f, false, &look->words);
}
