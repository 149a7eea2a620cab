/* The filter language. */
#include "model/filter.h"

#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool same_folded(const char *a, size_t a_size, const char *b, size_t b_size) {
    Buffer x = {0}, y = {0};
    text_fold(&x, a, a_size);
    text_fold(&y, b, b_size);
    bool same = x.size && x.size == y.size && !memcmp(x.bytes, y.bytes, x.size);
    buffer_free(&x);
    buffer_free(&y);
    return same;
}

int filter_field(const Entity *entity, const char *word, size_t size) {
    int field = entity_field(entity, word, size);
    for (int i = 0; field < 0 && i < entity->field_count; i++) {
        const char *label = _(entity->fields[i].label), *heading = field_heading(&entity->fields[i]);
        if (same_folded(word, size, label, strlen(label)) || same_folded(word, size, heading, strlen(heading)))
            field = i;
    }
    return field >= 0 && !(entity->fields[field].flags & FIELD_HIDDEN) ? field : -1;
}

Status filter_refuse_field(const Entity *entity, const char *word, size_t size, const char *where, Error *e) {
    Buffer names = {0};
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        bool kept_by_store = i >= COMMON_REV && i < COMMON_COUNT; /* known, and seldom what is looked for */
        if ((f->flags & FIELD_HIDDEN) || kept_by_store) continue;
        buffer_format(&names, "%s%s", names.size ? ", " : "", field_word(f));
    }
    int columns, shown = (int)text_fit(word, size, 40, &columns);
    error_set(e, STATUS_USAGE, where, _("\"%.*s\" is not a field of %s: one of %s"), shown, word, entity->plural,
              names.bytes);
    buffer_free(&names);
    return STATUS_USAGE;
}

typedef struct Parser {
    Arena *arena;
    const char *at, *end;
    const CodeBook *book;
    Filter *filter;
    Buffer words;
    Error *error;
} Parser;

/* The operator at text, and how many bytes it has; 0 where there is none. */
static size_t operator_at(const char *text, const char *end, FilterOperator *op, bool *negated) {
    bool two = text + 1 < end && text[1] == '=';
    *negated = false;
    if (text >= end) return 0;
    switch (*text) {
    case ':':
    case '=': *op = FILTER_IS; return 1;
    case '!':
        *op = FILTER_IS;
        *negated = true;
        return two ? 2 : 0;
    case '<': *op = two ? FILTER_AT_MOST : FILTER_LESS; return two ? 2 : 1;
    case '>': *op = two ? FILTER_AT_LEAST : FILTER_MORE; return two ? 2 : 1;
    default: return 0;
    }
}

/* One value, up to a blank or comma outside quotes, without the quotes. */
static const char *take_value(Parser *p, bool commas, size_t *size) {
    Buffer b = {0};
    bool quoted = false;
    for (; p->at < p->end; p->at++) {
        if (*p->at == '"') quoted = !quoted;
        else if (!quoted && (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || (commas && *p->at == ','))) break;
        else buffer_add_char(&b, *p->at);
    }
    const char *copy = arena_copy(p->arena, buffer_string(&b), b.size);
    *size = b.size;
    buffer_free(&b);
    return copy;
}

static Status read_value(Parser *p, int field, FilterOperator op, const char *text, size_t size, Value *out) {
    const Field *f = &p->filter->entity->fields[field];
    Field one = *f;
    /* A code is compared as an id, a list with one of its items, text with itself. */
    if (f->kind == FIELD_CODE) {
        one.kind = FIELD_REF;
        one.ref = (int)p->filter->entity->kind;
    } else if (f->kind == FIELD_REFS) one.kind = FIELD_REF;
    else if (f->kind == FIELD_SET) one.kind = FIELD_CHOICE;
    else if (f->kind == FIELD_NOTE || f->kind == FIELD_BOOKINGS)
        return error_set(p->error, STATUS_USAGE, f->name,
                         _("this field cannot be filtered: search for words without it"));
    /* An instant is compared by its day. */
    if (f->kind == FIELD_INSTANT) one.kind = FIELD_DATE;
    one.min = one.max = 0;
    if (one.kind == FIELD_REF && op != FILTER_IS)
        return error_set(p->error, STATUS_USAGE, f->name, _("this field is one record or another, not more or less"));
    Status s = value_read(p->arena, &one, text, size, FORM_ASKED, p->book, out, p->error);
    if (s == STATUS_OK && p->error) p->error->field[0] = 0;
    return s;
}

static Status take_term(Parser *p, int field, FilterOperator op, bool negated) {
    Filter *f = p->filter;
    if (f->count == FILTER_TERMS) return error_set(p->error, STATUS_USAGE, NULL, _("more than %d terms"), FILTER_TERMS);
    FilterTerm *term = &f->terms[f->count];
    *term = (FilterTerm){.field = field, .op = op, .negated = negated};
    term->values = arena_array(p->arena, FILTER_VALUES, sizeof *term->values);
    for (;;) {
        size_t size;
        const char *text = take_value(p, op == FILTER_IS, &size);
        if (size) {
            if (term->count == FILTER_VALUES)
                return error_set(p->error, STATUS_USAGE, f->entity->fields[field].name, _("more than %d values"),
                                 FILTER_VALUES);
            Status s = read_value(p, field, op, text, size, &term->values[term->count]);
            if (s != STATUS_OK) return s;
            if (term->values[term->count].kind != VALUE_NONE) term->count++;
        }
        if (p->at >= p->end || *p->at != ',') break;
        p->at++;
    }
    if (!term->count && op != FILTER_IS)
        return error_set(p->error, STATUS_USAGE, f->entity->fields[field].name, _("a value is missing after the sign"));
    f->count++;
    return STATUS_OK;
}

/* The field by which records of an entity hang on what has such a code; -1: it is none, or they hang on none such. */
static int field_of_code(const Entity *entity, const char *word, size_t size) {
    char letter;
    int64_t id;
    const Entity *other = code_read(word, size, &letter, &id) ? entity_of_letter(letter) : NULL;
    for (int i = 0; other && other != entity && i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        bool refers = f->kind == FIELD_REF || f->kind == FIELD_REFS;
        if (refers && f->ref == (int)other->kind && !(f->flags & FIELD_HIDDEN)) return i;
    }
    return -1;
}

static Status take_word(Parser *p) {
    size_t size;
    const char *from = p->at, *to = from;
    while (to < p->end && *to != ' ') {
        to++;
    }
    int field = field_of_code(p->filter->entity, from, (size_t)(to - from));
    if (field >= 0) return take_term(p, field, FILTER_IS, false);
    const char *start = p->at, *word = take_value(p, false, &size);
    if (p->at == start) p->at++;
    if (!size) return STATUS_OK;
    if (p->words.size) buffer_add_char(&p->words, ' ');
    size_t before = p->words.size;
    text_fold(&p->words, word, size);
    if (p->words.size == before && before) p->words.bytes[--p->words.size] = 0;
    return STATUS_OK;
}

static Status take(Parser *p) {
    bool minus = *p->at == '-' && p->at + 1 < p->end, negated;
    const char *name = p->at + minus, *sign = name;
    FilterOperator op;
    while (sign < p->end && *sign != ' ' && *sign != '"' && !strchr(":=!<>", *sign)) {
        sign++;
    }
    size_t length = sign > name ? operator_at(sign, p->end, &op, &negated) : 0;
    if (!length) return take_word(p);
    int field = filter_field(p->filter->entity, name, (size_t)(sign - name));
    if (field < 0) return filter_refuse_field(p->filter->entity, name, (size_t)(sign - name), NULL, p->error);
    p->at = sign + length;
    return take_term(p, field, op, negated != minus);
}

Status filter_parse(Arena *arena, const Entity *entity, const char *text, size_t size, const CodeBook *book,
                    Filter *out, Error *e) {
    *out = (Filter){.entity = entity, .arena = arena, .words = ""};
    if (size > FILTER_BYTES) return error_set(e, STATUS_USAGE, NULL, _("the filter is too long"));
    Buffer clean = {0};
    Status s = text_clean_in(&clean, text, size, false, NULL, e);
    if (s == STATUS_OK && clean.size) {
        out->terms = arena_array(arena, FILTER_TERMS, sizeof *out->terms);
        Parser p = {arena, clean.bytes, clean.bytes + clean.size, book, out, {0}, e};
        while (s == STATUS_OK && p.at < p.end) {
            if (*p.at == ' ') p.at++;
            else s = take(&p);
        }
        out->words = arena_copy(arena, buffer_string(&p.words), p.words.size);
        out->words_size = p.words.size;
        buffer_free(&p.words);
    }
    buffer_free(&clean);
    return s;
}

unsigned filter_states(const Filter *filter) {
    unsigned states = ~0u;
    for (int i = 0; i < filter->count; i++) {
        const FilterTerm *t = &filter->terms[i];
        unsigned said = 0;
        if (t->field != COMMON_STATE || t->op != FILTER_IS) continue;
        for (int k = 0; k < t->count; k++) {
            said |= FROM(t->values[k].number);
        }
        states &= t->negated ? ~said : said;
    }
    return states;
}

unsigned filter_open_states(const Entity *entity) {
    Arena arena = {0};
    Filter filter;
    const char *text = entity->open_filter ? entity->open_filter : "";
    unsigned states = 0, all = 0;
    for (const Choice *c = entity->states; c->number; c++) {
        all |= FROM(c->number);
    }
    if (filter_parse(&arena, entity, text, strlen(text), NULL, &filter, NULL) == STATUS_OK)
        states = filter_states(&filter) & all;
    arena_free(&arena);
    return states;
}

/* A number as it is read back when typed: "1.250" could be read two ways, "01.250" cannot. */
static void write_number(Buffer *b, const char *number) {
    const char *point = strchr(number, '.');
    size_t minus = *number == '-';
    buffer_add(b, number, minus);
    if (point && strlen(point) == 4) buffer_add_char(b, '0');
    buffer_add_string(b, number + minus);
}

void filter_write_term(Buffer *b, const Filter *filter, const FilterTerm *term, const CodeBook *book) {
    static const char *const signs[] = {
        [FILTER_IS] = ":", [FILTER_LESS] = "<", [FILTER_AT_MOST] = "<=", [FILTER_MORE] = ">", [FILTER_AT_LEAST] = ">="};
    const Field *f = &filter->entity->fields[term->field];
    if (term->negated) buffer_add_char(b, '-');
    buffer_format(b, "%s%s", f->alias ? f->alias : f->name, signs[term->op]);
    Field one = *f;
    if (f->kind == FIELD_CODE) {
        one.kind = FIELD_REF;
        one.ref = (int)filter->entity->kind;
    } else if (f->kind == FIELD_REFS) one.kind = FIELD_REF;
    else if (f->kind == FIELD_SET) one.kind = FIELD_CHOICE;
    for (int i = 0; i < term->count; i++) {
        Buffer value = {0};
        /* 0 may be written as nothing, and here it is what is asked for. */
        if (one.kind == FIELD_NUMBER) number_write(&value, term->values[i].number, one.scale);
        else value_write(&value, &one, &term->values[i], book);
        const char *text = buffer_string(&value);
        /* "title>=" would be read as another sign. */
        const char *quote = strpbrk(text, " ,") || *text == '=' ? "\"" : "";
        buffer_format(b, "%s%s", i ? "," : "", quote);
        if (one.kind == FIELD_NUMBER) write_number(b, text);
        else buffer_add_string(b, text);
        buffer_add_string(b, quote);
        buffer_free(&value);
    }
}
