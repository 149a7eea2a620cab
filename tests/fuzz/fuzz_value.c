/* Any bytes as the value of any field, typed or from a file: refused with why, or within the field's bounds; written for
 * files and read again it is equal, and so it is shown and typed again where what is shown is exact. */
#include "fuzz.h"

#include "base/date.h"
#include "base/text.h"
#include "model/entity.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Codes of those that have their own are two letters here. */
static bool id_of(void *self, int entity, const char *code, size_t size, int64_t *id) {
    (void)self;
    (void)entity;
    if (size != 2 || code[0] < 'a' || code[0] > 'z' || code[1] < 'a' || code[1] > 'z') return false;
    *id = 1 + (code[0] - 'a') * 26 + code[1] - 'a';
    return true;
}

static bool code_of(void *self, int entity, int64_t id, char *out, size_t room) {
    (void)self;
    (void)entity;
    if (id < 1 || id > 676 || room < 3) return false;
    out[0] = (char)('a' + (id - 1) / 26);
    out[1] = (char)('a' + (id - 1) % 26);
    out[2] = 0;
    return true;
}

static void check_bounds(const Field *f, const Value *v) {
    if (f->kind == FIELD_NUMBER && v->kind == VALUE_NUMBER && (f->min || f->max))
        FUZZ_HOLDS(v->number >= f->min && v->number <= f->max);
    if (f->kind == FIELD_CHOICE && v->kind == VALUE_NUMBER) FUZZ_HOLDS(choice_of_number(f->choices, v->number));
    if (v->kind == VALUE_TEXT) FUZZ_HOLDS(text_is_stored_form(v->text, v->size, f->kind == FIELD_NOTE));
    if (v->kind != VALUE_LIST) return;
    for (uint32_t i = 1; i < v->size; i++) {
        FUZZ_HOLDS(v->items[i - 1].key < v->items[i].key);
    }
}

static bool shown_exactly(const Field *f) {
    return f->kind == FIELD_TEXT || f->kind == FIELD_NOTE || f->kind == FIELD_CHOICE || f->kind == FIELD_SET ||
           f->kind == FIELD_FLAG || f->kind == FIELD_REF || f->kind == FIELD_REFS;
}

static void check_again(Arena *arena, const Field *f, const Value *v, ValueForm form, const CodeBook *book) {
    Buffer out = {0};
    Value again;
    Error e = {0};
    if (form == FORM_FILE) value_write(&out, f, v, book);
    else value_show(&out, f, v, book);
    Status s = value_read(arena, f, buffer_string(&out), out.size, form, book, &again, &e);
    if (s != STATUS_OK) fprintf(stderr, "%s: \"%s\": %s\n", f->name, buffer_string(&out), e.why);
    FUZZ_HOLDS(s == STATUS_OK);
    FUZZ_HOLDS(value_equal(v, &again));
    FUZZ_HOLDS(text_is_clean(buffer_string(&out), out.size, true));
    buffer_free(&out);
}

static void check_field(const Field *f, const char *text, size_t size, ValueForm form, const CodeBook *book) {
    Arena arena = {0};
    Value v;
    Error e = {0};
    Buffer json = {0};
    Status s = value_read(&arena, f, text, size, form, book, &v, &e);
    FUZZ_HOLDS(s == STATUS_OK || (s == STATUS_USAGE && *e.why && v.kind == VALUE_NONE));
    if (s == STATUS_OK) {
        check_bounds(f, &v);
        check_again(&arena, f, &v, FORM_FILE, book);
        if (shown_exactly(f)) check_again(&arena, f, &v, FORM_TYPED, book);
        value_json(&json, f, &v, book);
        value_json(&json, f, &v, NULL);
        FUZZ_HOLDS(json.size > 0);
    }
    buffer_free(&json);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const CodeBook book = {.id_of = id_of, .code_of = code_of, .today = 20780};
    if (size < 2 || size > 70000) return 0;
    const Entity *entity = entity_of_kind(1 + bytes[0] % (ENTITY_COUNT - 1));
    const Field *f = &entity->fields[(bytes[1] >> 1) % entity->field_count];
    clock_pin((int64_t)book.today * 86400);
    check_field(f, (const char *)bytes + 2, size - 2, bytes[1] & 1 ? FORM_FILE : FORM_TYPED, &book);
    clock_unpin();
    return 0;
}
