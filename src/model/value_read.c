/* Values from text: what people type and what files hold. */
#include "model/value.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "base/text.h"
#include "model/entity.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

typedef struct Reader {
    Arena *arena;
    const Field *field;
    ValueForm form;
    const CodeBook *book;
    Error *error;
} Reader;

/* How much of a text an error quotes: whole characters, within bounds. */
static int shown(const char *text, size_t size) {
    int columns;
    return (int)text_fit(text, size, 60, &columns);
}

static Status read_text(const Reader *r, const char *text, size_t size, Value *out) {
    const Field *f = r->field;
    int64_t max = f->max ? f->max : f->kind == FIELD_NOTE ? FIELD_NOTE_MAX : FIELD_TEXT_MAX;
    int64_t length = (int64_t)u8_mbsnlen((const uint8_t *)text, size);
    if (length > max)
        return error_set(r->error, STATUS_USAGE, f->name, _("%lld characters are too many: at most %lld"),
                         (long long)length, (long long)max);
    if (length && length < f->min)
        return error_set(r->error, STATUS_USAGE, f->name, _("\"%.*s\" is too short: at least %lld characters"),
                         shown(text, size), text, (long long)f->min);
    *out = value_text(arena_copy(r->arena, text, size), size);
    return STATUS_OK;
}

/* Where the word is a number, what the label says after it: "urgent" of "3 urgent"; else NULL. */
static const char *after_number(const Choice *c, const char *label) {
    size_t n = strspn(c->word, "0123456789");
    return n && !c->word[n] && !strncmp(label, c->word, n) && label[n] == ' ' ? label + n + 1 : NULL;
}

/* The words that may be written. A number says nothing by itself: it stands with its label, "3 urgent". */
static void list_words(Buffer *b, const Choice *choices) {
    for (const Choice *c = choices; c->number; c++) {
        const char *label = _(c->label);
        if (c != choices) buffer_add_string(b, ", ");
        buffer_add_string(b, after_number(c, label) ? label : c->word);
    }
}

/* The choice a person means: its word, its translated label or what that says after a number, or the only one that
 * begins so. */
static const Choice *typed_choice(const Choice *choices, const char *text, size_t size) {
    Buffer wanted = {0}, label = {0};
    const Choice *found = NULL;
    bool several = false;
    text_fold(&wanted, text, size);
    for (const Choice *c = choices; wanted.size && c->number; c++) {
        const char *names[3] = {c->word, _(c->label), after_number(c, _(c->label))};
        for (int i = 0; i < 3 && names[i]; i++) {
            buffer_clear(&label);
            text_fold(&label, names[i], strlen(names[i]));
            if (label.size < wanted.size || memcmp(label.bytes, wanted.bytes, wanted.size) != 0) continue;
            if (label.size == wanted.size) {
                found = c;
                several = false;
                goto done;
            }
            several = several || (found && found != c);
            found = c;
        }
    }
done:
    buffer_free(&wanted);
    buffer_free(&label);
    return several ? NULL : found;
}

static Status read_choice(const Reader *r, const char *text, size_t size, Value *out) {
    const Choice *c = choice_of_word(r->field->choices, text, size);
    if (!c && r->form != FORM_FILE) c = typed_choice(r->field->choices, text, size);
    if (c) {
        *out = value_number(c->number);
        return STATUS_OK;
    }
    Buffer words = {0};
    list_words(&words, r->field->choices);
    error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is not one of: %s"), shown(text, size), text,
              buffer_string(&words));
    buffer_free(&words);
    return STATUS_USAGE;
}

static Status read_number(const Reader *r, const char *text, size_t size, Value *out) {
    const Field *f = r->field;
    int64_t number;
    Status s = number_parse(text, size, f->scale, r->form == FORM_FILE, &number, f->name, r->error);
    if (s != STATUS_OK) return s;
    if ((f->min || f->max) && (number < f->min || number > f->max)) {
        Buffer low = {0}, high = {0};
        number_write(&low, f->min, f->scale);
        number_write(&high, f->max, f->scale);
        s = error_set(r->error, STATUS_USAGE, f->name, _("%.*s is out of bounds: from %s to %s"), shown(text, size),
                      text, buffer_string(&low), buffer_string(&high));
        buffer_free(&low);
        buffer_free(&high);
        return s;
    }
    *out = value_number(number);
    return STATUS_OK;
}

static DateSense sense_of(const Reader *r) {
    if (r->form == FORM_ASKED) return DATE_NEAREST;
    return r->field->flags & FIELD_BEHIND ? DATE_BEHIND : DATE_AHEAD;
}

static Status read_date(const Reader *r, const char *text, size_t size, Value *out) {
    char canonical[INSTANT_SIZE];
    int number = 0;
    int64_t instant;
    bool week = r->field->kind == FIELD_WEEK;
    if (r->field->kind == FIELD_INSTANT) {
        if (!instant_parse(text, size, &instant))
            return error_set(r->error, STATUS_USAGE, r->field->name,
                             _("\"%.*s\" is not an instant: write 2026-11-30T09:00:00Z"), shown(text, size), text);
        *out = value_text(arena_copy(r->arena, text, size), size);
        return STATUS_OK;
    }
    if (r->form != FORM_FILE) {
        int today = r->book ? r->book->today : clock_today();
        Status s = week ? week_read(text, size, today, sense_of(r), &number, r->field->name, r->error)
                        : date_read(text, size, today, sense_of(r), &number, r->field->name, r->error);
        if (s != STATUS_OK) return s;
    } else if (week ? !week_parse(text, size, &number) : !date_parse(text, size, &number)) {
        return error_set(
            r->error, STATUS_USAGE, r->field->name,
            week ? _("\"%.*s\" is not a week: write 2026-W48") : _("\"%.*s\" is not a date: write 2026-11-30"),
            shown(text, size), text);
    }
    if (week) week_write(number, canonical);
    else date_write(number, canonical);
    *out = value_text(arena_string(r->arena, canonical), strlen(canonical));
    return STATUS_OK;
}

static bool same_folded(const char *text, size_t size, const char *word) {
    Buffer a = {0}, b = {0};
    text_fold(&a, text, size);
    text_fold(&b, word, strlen(word));
    bool same = a.size && a.size == b.size && !memcmp(a.bytes, b.bytes, a.size);
    buffer_free(&a);
    buffer_free(&b);
    return same;
}

static Status read_flag(const Reader *r, const char *text, size_t size, Value *out) {
    static const struct {
        const char *word;
        int64_t value;
    } words[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {"oui", 1}, {"non", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) == size && !strncasecmp(words[i].word, text, size)) {
            *out = value_number(words[i].value);
            return STATUS_OK;
        }
    }
    if (r->form != FORM_FILE && (same_folded(text, size, _("yes")) || same_folded(text, size, _("no")))) {
        *out = value_number(same_folded(text, size, _("yes")));
        return STATUS_OK;
    }
    return error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is neither yes nor no"), shown(text, size),
                     text);
}

static Status read_id(const Reader *r, const char *text, size_t size, int64_t *id) {
    const Entity *e = entity_of_kind(r->field->ref);
    char letter;
    if (e->kind == ENTITY_SITE) {
        *id = site_of_code(text, size);
        if (*id >= 0) return STATUS_OK;
    } else if (e->letter && code_read(text, size, &letter, id) && letter == e->letter) return STATUS_OK;
    else if (!e->letter && r->book && r->book->id_of && r->book->id_of(r->book->self, (int)e->kind, text, size, id))
        return STATUS_OK;
    if (e->kind == ENTITY_SITE) {
        Buffer codes = {0};
        for (int site = 0; site < SITE_COUNT; site++) {
            buffer_format(&codes, "%s%s", site ? ", " : "", site_code(site));
        }
        error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is not the code of a %s: one of %s"),
                  shown(text, size), text, _(e->label), buffer_string(&codes));
        buffer_free(&codes);
        return STATUS_USAGE;
    }
    if (!e->letter)
        return error_set(r->error, STATUS_USAGE, r->field->name,
                         _("\"%.*s\" is not the code of a %s: \"jazari list %s\" has them"), shown(text, size), text,
                         _(e->label), e->plural);
    return error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is not a code such as SMA-%c42"),
                     shown(text, size), text, e->letter);
}

static int compare_items(const void *a, const void *b) {
    int64_t x = ((const ListItem *)a)->key, y = ((const ListItem *)b)->key;
    return x < y ? -1 : x > y;
}

static Status read_booking(const Reader *r, const char *word, size_t size, ListItem *item) {
    const char *colon = memchr(word, ':', size);
    int week, today = r->book ? r->book->today : clock_today();
    if (!colon)
        return error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is not a booking: write 2026-W48:120"),
                         shown(word, size), word);
    size_t head = (size_t)(colon - word), tail = size - head - 1;
    if (r->form == FORM_FILE && !week_parse(word, head, &week))
        return error_set(r->error, STATUS_USAGE, r->field->name, _("\"%.*s\" is not a week: write 2026-W48"),
                         shown(word, head), word);
    Status s =
        r->form == FORM_FILE ? STATUS_OK : week_read(word, head, today, sense_of(r), &week, r->field->name, r->error);
    if (s != STATUS_OK) return s;
    item->key = week;
    s = number_parse(colon + 1, tail, r->field->scale, r->form == FORM_FILE, &item->quantity, r->field->name, r->error);
    if (s != STATUS_OK) return s;
    if (item->quantity < 0 || item->quantity > r->field->max)
        return error_set(r->error, STATUS_USAGE, r->field->name, _("%.*s is out of bounds for a week"),
                         shown(colon + 1, tail), colon + 1);
    return STATUS_OK;
}

static size_t word_length(const char *text, size_t size, const char *ends) {
    size_t n = 0;
    while (n < size && !strchr(ends, text[n])) {
        n++;
    }
    return n;
}

/* FIELD_SET: choices parted by blanks or commas. People write labels, which may hold blanks, so what they put between
 * two commas is one choice where there is such a one. */
static Status read_set(const Reader *r, const char *text, size_t size, Value *out) {
    Status s = STATUS_OK;
    for (size_t at = 0, length; at < size && s == STATUS_OK; at += length + 1) {
        Value one = {0};
        length = word_length(text + at, size - at, ",;");
        const Choice *c = r->form != FORM_FILE ? typed_choice(r->field->choices, text + at, length) : NULL;
        if (c) one = value_number(c->number);
        else length = word_length(text + at, length, " ");
        if (!length) continue;
        if (!c) s = read_choice(r, text + at, length, &one);
        if (s == STATUS_OK) *out = value_number(value_number_or(out, 0) | INT64_C(1) << one.number);
    }
    return s;
}

enum { LIST_MAX = 2000 };

/* FIELD_REFS and FIELD_BOOKINGS: words parted by blanks or commas. */
static Status read_list(const Reader *r, const char *text, size_t size, Value *out) {
    ListItem *items = NULL;
    size_t count = 0, room = 0;
    Status s = STATUS_OK;
    for (size_t at = 0; at < size && s == STATUS_OK;) {
        size_t start = at, length = word_length(text + at, size - at, " ,;\n");
        at += length + 1;
        if (!length) continue;
        if (count == LIST_MAX) {
            s = error_set(r->error, STATUS_USAGE, r->field->name, _("more than %d items"), LIST_MAX);
            break;
        }
        if (count == room) items = memory_grow(items, room = room ? room * 2 : 16, sizeof *items);
        items[count] = (ListItem){0};
        s = r->field->kind == FIELD_REFS ? read_id(r, text + start, length, &items[count].key)
                                         : read_booking(r, text + start, length, &items[count]);
        /* A week booked with nothing is a week not booked. */
        if (r->field->kind == FIELD_REFS || items[count].quantity) count++;
    }
    if (s == STATUS_OK && count) {
        qsort(items, count, sizeof *items, compare_items);
        size_t kept = 0;
        for (size_t i = 0; i < count && s == STATUS_OK; i++) {
            if (kept && items[kept - 1].key == items[i].key) {
                if (r->field->kind == FIELD_BOOKINGS)
                    s = error_set(r->error, STATUS_USAGE, r->field->name, _("a week is booked twice"));
                continue;
            }
            items[kept++] = items[i];
        }
        ListItem *own = arena_array(r->arena, kept, sizeof *own);
        memcpy(own, items, kept * sizeof *own);
        *out = value_list(own, kept);
    }
    free(items);
    return s;
}

static Status read_clean(const Reader *r, const char *text, size_t size, Value *out) {
    Status s;
    switch (r->field->kind) {
    case FIELD_TEXT:
    case FIELD_NOTE: return read_text(r, text, size, out);
    case FIELD_CHOICE: return read_choice(r, text, size, out);
    case FIELD_DATE:
    case FIELD_WEEK:
    case FIELD_INSTANT: return read_date(r, text, size, out);
    case FIELD_NUMBER: return read_number(r, text, size, out);
    case FIELD_FLAG: return read_flag(r, text, size, out);
    case FIELD_REF:
        s = read_id(r, text, size, &out->number);
        if (s == STATUS_OK) out->kind = VALUE_NUMBER;
        return s;
    case FIELD_SET: return read_set(r, text, size, out);
    case FIELD_REFS:
    case FIELD_BOOKINGS: return read_list(r, text, size, out);
    case FIELD_CODE: break;
    }
    return error_set(r->error, STATUS_USAGE, r->field->name, _("%s cannot be given"), _(r->field->label));
}

Status value_read(Arena *arena, const Field *f, const char *text, size_t size, ValueForm form, const CodeBook *book,
                  Value *out, Error *e) {
    Reader r = {arena, f, form, book, e};
    Buffer clean = {0};
    *out = (Value){0};
    Status s = text_clean_in(&clean, text, size, f->kind == FIELD_NOTE || field_is_list(f), f->name, e);
    if (s == STATUS_OK && clean.size) s = read_clean(&r, clean.bytes, clean.size, out);
    if (s != STATUS_OK) *out = (Value){0};
    buffer_free(&clean);
    return s;
}
