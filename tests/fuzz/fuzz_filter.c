/* A filter of any bytes, for each entity: it is refused with why, or is within its bounds; and printed and read again it
 * is the same filter. */
#include "fuzz.h"

#include "base/date.h"
#include "base/text.h"
#include "model/filter.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool id_of_letters(void *self, int entity, const char *code, size_t size, int64_t *id) {
    (void)self;
    *id = entity * 1000;
    if (!size || size > 8) return false;
    for (size_t i = 0; i < size; i++) {
        if (code[i] < 'a' || code[i] > 'c') return false;
        *id = *id * 4 + code[i] - 'a' + 1;
    }
    return true;
}

static bool code_of_letters(void *self, int entity, int64_t id, char *out, size_t room) {
    char back[9] = "";
    size_t n = 0;
    (void)self;
    for (; id > entity * 1000 && n < sizeof back - 1 && id % 4; id /= 4) {
        memmove(back + 1, back, n);
        back[0] = (char)('a' + id % 4 - 1);
        n++;
    }
    back[n] = 0;
    text_copy(out, room, back);
    return n > 0;
}

static void write_filter(Buffer *b, const Filter *f, const CodeBook *book) {
    for (int i = 0; i < f->count; i++) {
        filter_write_term(b, f, &f->terms[i], book);
        buffer_add_char(b, ' ');
    }
    buffer_add(b, f->words, f->words_size);
}

static void check_same(const Filter *a, const Filter *b) {
    FUZZ_HOLDS(a->count == b->count);
    for (int i = 0; i < a->count; i++) {
        const FilterTerm *x = &a->terms[i], *y = &b->terms[i];
        FUZZ_HOLDS(x->field == y->field && x->op == y->op && x->negated == y->negated && x->count == y->count);
        for (int k = 0; k < x->count; k++) {
            FUZZ_HOLDS(value_equal(&x->values[k], &y->values[k]));
        }
    }
    FUZZ_HOLDS(a->words_size == b->words_size && !memcmp(a->words, b->words, a->words_size));
}

static void check_entity(const Entity *entity, const char *text, size_t size, const CodeBook *book) {
    Arena arena = {0};
    Filter first, again;
    Error e = {0};
    Buffer printed = {0};
    Status s = filter_parse(&arena, entity, text, size, book, &first, &e);
    FUZZ_HOLDS(s == STATUS_OK || (s == STATUS_USAGE && *e.why));
    if (s == STATUS_OK) {
        FUZZ_HOLDS(first.count >= 0 && first.count <= FILTER_TERMS && strlen(first.words) == first.words_size);
        write_filter(&printed, &first, book);
        s = filter_parse(&arena, entity, buffer_string(&printed), printed.size, book, &again, &e);
        /* Names are written out whole, so a filter near the bound may outgrow it. */
        if (printed.size <= FILTER_BYTES) {
            if (s != STATUS_OK) fprintf(stderr, "%s: %s: %s\n", entity->name, buffer_string(&printed), e.why);
            FUZZ_HOLDS(s == STATUS_OK);
            check_same(&first, &again);
        }
    }
    buffer_free(&printed);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const CodeBook book = {.id_of = id_of_letters, .code_of = code_of_letters, .today = 20780};
    if (!size) return 0;
    const Entity *entity = entity_of_kind(1 + bytes[0] % (ENTITY_COUNT - 1));
    clock_pin((int64_t)book.today * 86400);
    check_entity(entity, (const char *)bytes + 1, size - 1, &book);
    clock_unpin();
    return 0;
}
