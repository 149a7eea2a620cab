/* The registry of entities, and what can be said of any record from its entity's table alone. */
#include "model/entity.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"
#include "model/entities.h"

#include <string.h>
#include <strings.h>
#include <unistr.h>

static const Entity *const registry[ENTITY_COUNT] = {
    [ENTITY_SITE] = &entity_site,           [ENTITY_PROVINCE] = &entity_province,
    [ENTITY_OPERATOR] = &entity_operator,   [ENTITY_ORGANISATION] = &entity_organisation,
    [ENTITY_NEED] = &entity_need,           [ENTITY_PROJECT] = &entity_project,
    [ENTITY_MILESTONE] = &entity_milestone, [ENTITY_OFFER] = &entity_offer,
    [ENTITY_REQUEST] = &entity_request,     [ENTITY_ALLOCATION] = &entity_allocation,
    [ENTITY_USAGE] = &entity_usage,         [ENTITY_SESSION] = &entity_session,
};

const Entity *entity_of_kind(int kind) {
    return kind > 0 && kind < ENTITY_COUNT ? registry[kind] : NULL;
}

static bool same_word(const char *word, size_t size, const char *name) {
    return strlen(name) == size && !strncasecmp(word, name, size);
}

const Entity *entity_of_word(const char *word, size_t size) {
    for (int i = 1; i < ENTITY_COUNT; i++) {
        if (same_word(word, size, registry[i]->name) || same_word(word, size, registry[i]->plural)) return registry[i];
    }
    return NULL;
}

const Entity *entity_of_letter(char letter) {
    for (int i = 1; i < ENTITY_COUNT; i++) {
        if (registry[i]->letter && registry[i]->letter == letter) return registry[i];
    }
    return NULL;
}

int entity_field(const Entity *entity, const char *name, size_t size) {
    for (int i = 0; i < entity->field_count; i++) {
        const Field *f = &entity->fields[i];
        if (same_word(name, size, f->name) || (f->alias && same_word(name, size, f->alias))) return i;
    }
    return -1;
}

const Arrow *entity_arrow(const Entity *entity, const char *verb) {
    for (int i = 0; i < entity->arrow_count; i++) {
        if (!strcmp(entity->arrows[i].verb, verb)) return &entity->arrows[i];
    }
    return NULL;
}

bool arrow_leaves(const Arrow *arrow, int state) {
    return state > 0 && state < 32 && (arrow->from & FROM(state));
}

bool entity_related(const Entity *entity, int index, const Entity **other, int *field) {
    for (int kind = 1; kind < ENTITY_COUNT && entity != &entity_site; kind++) {
        for (int i = COMMON_COUNT; i < registry[kind]->field_count; i++) {
            const Field *f = &registry[kind]->fields[i];
            if ((f->kind != FIELD_REF && f->kind != FIELD_REFS) || f->ref != (int)entity->kind || index--) continue;
            *other = registry[kind];
            *field = i;
            return true;
        }
    }
    return false;
}

const char *entity_related_heading(const Entity *other, int field) {
    const char *inverse = other->fields[field].inverse;
    return inverse ? _(inverse) : _(other->heading);
}

char *entity_count(const Entity *entity, int64_t count, Buffer *b) {
    Buffer number = {0};
    number_show(&number, count, 0);
    const char *form = ngettext(entity->count_one, entity->count_many, (unsigned long)count), *at = strstr(form, "%s");
    if (at) {
        buffer_add(b, form, (size_t)(at - form));
        buffer_add(b, buffer_string(&number), number.size);
        buffer_add_string(b, at + 2);
    } else buffer_add_string(b, form);
    buffer_free(&number);
    return b->bytes;
}

void entity_states(const Entity *entity, unsigned states, Buffer *out) {
    size_t before = out->size;
    for (const Choice *state = entity->states; state && state->number; state++) {
        if (!(states & FROM(state->number))) continue;
        states &= ~FROM(state->number);
        if (out->size > before) buffer_add_string(out, states ? ", " : _(" or "));
        buffer_add_string(out, _(state->label));
    }
}

Record *record_new(Arena *arena, const Entity *entity) {
    Record *r = arena_alloc(arena, sizeof *r);
    *r = (Record){.entity = entity, .values = arena_array(arena, (size_t)entity->field_count, sizeof(Value))};
    r->values[COMMON_STATE] = value_number(entity->first_state);
    return r;
}

Record *record_copy(Arena *arena, const Record *from) {
    Record *r = record_new(arena, from->entity);
    r->id = from->id;
    memcpy(r->values, from->values, (size_t)from->entity->field_count * sizeof *r->values);
    return r;
}

int record_state(const Record *r) {
    return (int)value_number_or(&r->values[COMMON_STATE], 0);
}

int record_site(const Record *r) {
    return (int)value_number_or(&r->values[COMMON_SITE], -1);
}

void record_title(const Record *r, Buffer *b) {
    if (!r->entity->write_title) {
        buffer_add_string(b, value_string(&r->values[r->entity->title]));
        return;
    }
    for (const int *i = r->entity->title_fields; *i >= 0; i++) {
        if (r->values[*i].kind == VALUE_NONE) continue;
        r->entity->write_title(r, b);
        return;
    }
}

void record_code(const Record *r, const CodeBook *book, Buffer *b) {
    char code[2 * CODE_SIZE]; /* a login may be as long as a code's room */
    if (r->entity->letter) {
        if (!r->id) return;
        code_write(r->entity->letter, r->id, code);
        buffer_add_string(b, code);
    } else if (r->values[COMMON_CODE].size) {
        buffer_add_string(b, r->values[COMMON_CODE].text);
    } else if (book && book->code_of && book->code_of(book->self, (int)r->entity->kind, r->id, code, sizeof code)) {
        buffer_add_string(b, code);
    }
}

static int64_t set_of_all(const Choice *list) {
    int64_t all = 0;
    for (; list && list->number; list++) {
        all |= INT64_C(1) << list->number;
    }
    return all;
}

static bool number_fits(const Field *f, const Value *v) {
    switch (f->kind) {
    case FIELD_CHOICE: return choice_of_number(f->choices, v->number) != NULL;
    case FIELD_SET: return !(v->number & ~set_of_all(f->choices));
    case FIELD_FLAG: return v->number == 0 || v->number == 1;
    case FIELD_NUMBER: return (!f->min && !f->max) || (v->number >= f->min && v->number <= f->max);
    default: return f->kind == FIELD_REF;
    }
}

static bool text_fits(const Field *f, const Value *v) {
    int number;
    int64_t instant, length, max = f->max ? f->max : f->kind == FIELD_NOTE ? FIELD_NOTE_MAX : FIELD_TEXT_MAX;
    switch (f->kind) {
    case FIELD_DATE: return date_parse(v->text, v->size, &number);
    case FIELD_WEEK: return week_parse(v->text, v->size, &number);
    case FIELD_INSTANT: return instant_parse(v->text, v->size, &instant);
    default: break;
    }
    if (!field_is_text(f) || !text_is_stored_form(v->text, v->size, f->kind == FIELD_NOTE)) return false;
    length = v->size > max ? (int64_t)u8_mbsnlen((const uint8_t *)v->text, v->size) : (int64_t)v->size;
    return length <= max && (f->min <= 1 || (int64_t)u8_mbsnlen((const uint8_t *)v->text, v->size) >= f->min);
}

static bool list_fits(const Field *f, const Value *v) {
    for (uint32_t i = 0; i < v->size; i++) {
        int64_t quantity = v->items[i].quantity;
        if (i && v->items[i].key <= v->items[i - 1].key) return false;
        if (f->kind == FIELD_BOOKINGS && (quantity <= 0 || quantity > f->max)) return false;
    }
    return field_is_list(f);
}

/* Says what is wrong with a value, as reading it would. */
static Status explain(const Field *f, const Value *v, Error *e) {
    Arena scratch = {0};
    Buffer text = {0};
    Value back;
    value_write(&text, f, v, NULL);
    Status s = value_read(&scratch, f, buffer_string(&text), text.size, FORM_FILE, NULL, &back, e);
    if (s == STATUS_OK) s = error_set(e, STATUS_USAGE, f->name, _("%s holds what it cannot hold"), _(f->label));
    buffer_free(&text);
    arena_free(&scratch);
    return s;
}

/* Text that was read is within its bounds; this is for what came another way. */
static Status check_bounds(const Record *r, Error *e) {
    for (int i = 0; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        const Value *v = &r->values[i];
        if (value_empty(f, v) || f->kind == FIELD_CODE) continue;
        bool fits = v->kind == VALUE_NUMBER ? number_fits(f, v)
                    : v->kind == VALUE_TEXT ? text_fits(f, v)
                                            : list_fits(f, v);
        if (!fits) return explain(f, v, e);
    }
    return STATUS_OK;
}

Status record_check_filled(const Record *r, int field, Error *e) {
    const Field *f = &r->entity->fields[field];
    const Value *v = &r->values[field];
    bool filled_by_store = field < COMMON_COUNT && field != COMMON_CODE;
    if (filled_by_store || !(f->flags & FIELD_REQUIRED) || f->kind == FIELD_CODE) return STATUS_OK;
    if (v->kind != VALUE_NONE && (f->kind != FIELD_CHOICE || v->number)) return STATUS_OK;
    return error_set(e, STATUS_USAGE, f->name, _("%s is missing"), _(f->label));
}

/* All that is missing is named at once. */
static Status check_required(const Record *r, Error *e) {
    const Field *first = NULL;
    Buffer labels = {0}, give = {0};
    int count = 0;
    for (int i = 0; i < r->entity->field_count; i++) {
        const Field *f = &r->entity->fields[i];
        if (record_check_filled(r, i, NULL) == STATUS_OK) continue;
        if (!first) first = f;
        buffer_format(&labels, "%s%s", count++ ? ", " : "", _(f->label));
        buffer_format(&give, " %s=...", f->name);
    }
    Status s = STATUS_OK;
    if (count == 1) s = error_set(e, STATUS_USAGE, first->name, _("%s is missing"), _(first->label));
    if (count > 1)
        s = error_set(e, STATUS_USAGE, first->name, _("%s are missing: give%s"), labels.bytes, buffer_string(&give));
    buffer_free(&labels);
    buffer_free(&give);
    return s;
}

Status record_check(const Record *r, Error *e) {
    Status s = check_required(r, e);
    if (s == STATUS_OK) s = check_bounds(r, e);
    return s == STATUS_OK && r->entity->check ? r->entity->check(r, e) : s;
}
