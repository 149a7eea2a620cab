/* A filter's terms as SQL conditions. */
#include "store/predicate.h"

#include "base/date.h"
#include "base/text.h"
#include "store/internal.h"

#include <string.h>

static const char *const signs[] = {
    [FILTER_IS] = "=", [FILTER_LESS] = "<", [FILTER_AT_MOST] = "<=", [FILTER_MORE] = ">", [FILTER_AT_LEAST] = ">="};

void predicates_start(Predicates *p, const char *today) {
    p->bind_count = 0;
    p->parameters = 1;
    p->today = today;
}

static int add(Predicates *p, PredicateBind bind) {
    if (p->bind_count == PREDICATE_BINDS) return p->parameters; /* cannot be: terms and values are bounded */
    bind.parameter = ++p->parameters;
    p->binds[p->bind_count++] = bind;
    return bind.parameter;
}

int predicates_int(Predicates *p, int64_t number) {
    return add(p, (PredicateBind){.kind = BIND_INT, .number = number});
}

int predicates_text(Predicates *p, const char *text, size_t size) {
    return add(p, (PredicateBind){.kind = BIND_TEXT, .text = text, .size = size});
}

static int add_value(Predicates *p, const Value *v) {
    return v->kind == VALUE_TEXT ? predicates_text(p, v->text, v->size) : predicates_int(p, value_number_or(v, 0));
}

/* "?4, ?5" for the values of a term. */
static void value_list_sql(Buffer *sql, Predicates *p, const FilterTerm *t) {
    for (int i = 0; i < t->count; i++) {
        buffer_format(sql, "%s?%d", i ? ", " : "", add_value(p, &t->values[i]));
    }
}

void predicate_word(Buffer *sql, Predicates *p, const char *word, size_t size) {
    engine_word_test(sql, "t.folded", add(p, (PredicateBind){.kind = BIND_WORD, .text = word, .size = size}));
}

void predicate_states(Buffer *sql, unsigned states) {
    const char *parted = "";
    buffer_add_string(sql, "t.state IN (");
    for (int i = 0; i < 32; i++) {
        if (!(states & FROM(i))) continue;
        buffer_format(sql, "%s%d", parted, i);
        parted = ", ";
    }
    buffer_add_char(sql, ')');
}

static void words_sql(Buffer *sql, Predicates *p, const char *words, size_t size) {
    bool first = true;
    for (size_t at = 0; at < size && p->bind_count < PREDICATE_BINDS;) {
        size_t end = at;
        while (end < size && words[end] != ' ') {
            end++;
        }
        if (end > at) {
            if (!first) buffer_add_string(sql, " AND ");
            predicate_word(sql, p, words + at, end - at);
            first = false;
        }
        at = end + 1;
    }
    if (first) buffer_add_string(sql, "1 = 1");
}

static void list_sql(Buffer *sql, Predicates *p, const Entity *entity, const Field *f, const FilterTerm *t) {
    char table[64];
    sql_list_table(table, sizeof table, entity, f);
    buffer_format(sql, "%sEXISTS (SELECT 1 FROM %s l WHERE l.record = t.id", t->count ? "" : "NOT ", table);
    if (t->count) {
        buffer_add_string(sql, " AND l.item IN (");
        value_list_sql(sql, p, t);
        buffer_add_char(sql, ')');
    }
    buffer_add_char(sql, ')');
}

static void set_sql(Buffer *sql, Predicates *p, const Entity *entity, const FilterTerm *t) {
    const char *name = entity->fields[t->field].name, *expression = sql_derived(entity, t->field);
    int64_t mask = 0;
    for (int i = 0; i < t->count; i++) {
        mask |= INT64_C(1) << t->values[i].number;
    }
    buffer_format(sql, "(%s%s", expression ? "" : "t.", expression ? expression : name);
    if (mask) buffer_format(sql, " & ?%d) <> 0", predicates_int(p, mask));
    else buffer_add_string(sql, ") = 0");
}

/* An instant against days: "is" means within the day. */
static void instant_sql(Buffer *sql, Predicates *p, const Field *f, const FilterTerm *t) {
    for (int i = 0; i < t->count; i++) {
        const Value *v = &t->values[i];
        int day;
        static const char *const ends[] = {"T00:00:00Z", "T24"}; /* T24 sorts after every instant of the day */
        if (i) buffer_add_string(sql, " OR ");
        if (!date_parse(v->text, v->size, &day)) {
            buffer_add_string(sql, "1 = 0");
            continue;
        }
        int n = predicates_text(p, v->text, v->size);
        bool after = t->op == FILTER_MORE || t->op == FILTER_AT_MOST;
        if (t->op == FILTER_IS)
            buffer_format(sql, "(t.%s >= ?%d AND t.%s < ?%d || '%s')", f->name, n, f->name, n, ends[1]);
        else buffer_format(sql, "t.%s %s ?%d || '%s'", f->name, signs[t->op], n, ends[after]);
    }
}

/* A text field that is searched is compared word by word, as search does. */
static void searched_sql(Buffer *sql, Predicates *p, const FilterTerm *t, Arena *arena) {
    Buffer folded = {0};
    for (int i = 0; i < t->count; i++) {
        buffer_clear(&folded);
        text_fold(&folded, t->values[i].text, t->values[i].size);
        const char *copy = arena_copy(arena, buffer_string(&folded), folded.size);
        buffer_add_string(sql, i ? " OR (" : "(");
        words_sql(sql, p, copy, folded.size);
        buffer_add_char(sql, ')');
    }
    buffer_free(&folded);
}

static void empty_sql(Buffer *sql, const Field *f) {
    if (field_is_text(f)) buffer_format(sql, "t.%s = ''", f->name);
    else if (f->kind == FIELD_REF) buffer_format(sql, "t.%s IS NULL", f->name);
    else buffer_format(sql, "t.%s = 0", f->name);
}

static void plain_sql(Buffer *sql, Predicates *p, const Entity *entity, const FilterTerm *t) {
    const Field *f = &entity->fields[t->field];
    Buffer column = {0};
    if (f->kind == FIELD_CODE) buffer_add_string(&column, "t.id");
    else if (sql_derived(entity, t->field)) buffer_add_string(&column, sql_derived(entity, t->field));
    else buffer_format(&column, "t.%s", f->name);
    if (t->op != FILTER_IS) {
        /* An empty date or choice is neither before nor after anything. */
        bool text = field_is_text(f), choice = f->kind == FIELD_CHOICE;
        buffer_format(sql, "%s %s ?%d", column.bytes, signs[t->op], add_value(p, &t->values[0]));
        if (text) buffer_format(sql, " AND %s <> ''", column.bytes);
        if (choice) buffer_format(sql, " AND %s <> 0", column.bytes);
    } else if (t->count == 1) buffer_format(sql, "%s = ?%d", column.bytes, add_value(p, &t->values[0]));
    else {
        buffer_format(sql, "%s IN (", column.bytes);
        value_list_sql(sql, p, t);
        buffer_add_char(sql, ')');
    }
    /* NOT of an unknown is unknown: an empty reference is not the one that was named. */
    if (t->negated && f->kind == FIELD_REF) buffer_format(sql, " AND %s IS NOT NULL", column.bytes);
    buffer_free(&column);
}

void predicate_term(Buffer *sql, Predicates *p, const Filter *filter, const FilterTerm *t) {
    const Entity *entity = filter->entity;
    const Field *f = &entity->fields[t->field];
    buffer_add_string(sql, t->negated ? "NOT (" : "(");
    if (f->kind == FIELD_REFS) list_sql(sql, p, entity, f, t);
    else if (f->kind == FIELD_SET) set_sql(sql, p, entity, t);
    else if (!t->count) empty_sql(sql, f);
    else if (f->kind == FIELD_INSTANT) instant_sql(sql, p, f, t);
    else if (f->kind == FIELD_TEXT && (f->flags & FIELD_SEARCHED) && t->op == FILTER_IS)
        searched_sql(sql, p, t, filter->arena);
    else plain_sql(sql, p, entity, t);
    buffer_add_char(sql, ')');
}

bool filter_is_empty(const Filter *f) {
    return !f->count && !f->words_size;
}

void predicate_filter(Buffer *sql, Predicates *p, const Filter *f) {
    for (int i = 0; i < f->count; i++) {
        if (i) buffer_add_string(sql, " AND ");
        predicate_term(sql, p, f, &f->terms[i]);
    }
    if (!f->words_size) return;
    if (f->count) buffer_add_string(sql, " AND ");
    words_sql(sql, p, f->words, f->words_size);
}

void predicates_bind(const Predicates *p, Statement *s) {
    if (statement_has(s, 1)) statement_text(s, 1, p->today, strlen(p->today));
    for (int i = 0; i < p->bind_count; i++) {
        const PredicateBind *b = &p->binds[i];
        if (!statement_has(s, b->parameter)) continue; /* of an index that was looked at and not taken */
        switch (b->kind) {
        case BIND_INT: statement_int(s, b->parameter, b->number); break;
        case BIND_TEXT: statement_text(s, b->parameter, b->text, b->size); break;
        case BIND_WORD: engine_word_bind(s, b->parameter, b->text, b->size); break;
        }
    }
}
