/* Values: what a field holds in memory, and its forms for people, for files and for the journal. */
#ifndef JAZARI_MODEL_VALUE_H
#define JAZARI_MODEL_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "model/field.h"

typedef enum ValueKind {
    VALUE_NONE, /* empty, or not loaded */
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_LIST,
} ValueKind;

typedef struct ListItem {
    int64_t key;       /* FIELD_REFS: the other record's id; FIELD_BOOKINGS: the week's number */
    int64_t quantity;  /* FIELD_BOOKINGS: thousandths */
    const char *label; /* FIELD_REFS: the other record's title, where it was asked for; else NULL */
} ListItem;

/* Text, items and labels belong to the arena the value was made in. */
typedef struct Value {
    ValueKind kind;
    uint32_t size;    /* bytes of text (of a number: of its label), or the count of items */
    int64_t number;   /* numbers, choices, flags; of FIELD_REF the id */
    const char *text; /* NUL-terminated; of FIELD_REF the other record's title, where it was asked for; else NULL */
    ListItem *items;  /* ascending by key, no key twice */
} Value;

Value value_number(int64_t number);
Value value_text(const char *text, size_t size); /* text must outlive the value; size 0 makes it VALUE_NONE */
Value value_list(ListItem *items, size_t count);
bool value_empty(const Field *, const Value *); /* none, the empty list, and 0 where 0 says nothing */
bool value_equal(const Value *, const Value *); /* none equals 0 and the empty list */
int64_t value_number_or(const Value *, int64_t otherwise);
const char *value_string(const Value *); /* "" where there is none */

/* What turns a code into an id and back where an entity has codes of its own (sites, operators, provinces). The
 * functions may be NULL: then only codes that hold their id are known. */
typedef struct CodeBook {
    bool (*id_of)(void *self, int entity, const char *code, size_t size, int64_t *id);
    bool (*code_of)(void *self, int entity, int64_t id, char *out, size_t room);
    void *self;
    int today; /* for what people type: +2w */
} CodeBook;

typedef enum ValueForm {
    FORM_TYPED, /* people: "1 250,5", "+2w", translated words or parts of them */
    FORM_FILE,  /* CSV, JSON, scripts: "1250.5", "2026-W48", the words of the table */
    FORM_ASKED, /* people, in a condition: as typed, but that "W48" is the nearest, where in a form it is the next */
} ValueForm;

/* Reads a field's value from text: cleaned, checked against the field's kind and bounds. Empty text gives VALUE_NONE
 * (FIELD_REQUIRED is for record_check). Lists: items parted by commas or blanks; a booking is WEEK:QUANTITY. The
 * value's memory is the arena's. */
Status value_read(Arena *, const Field *, const char *text, size_t size, ValueForm, const CodeBook *, Value *, Error *);

/* Appends the form that value_read(FORM_FILE) reads; nothing where empty. */
void value_write(Buffer *, const Field *, const Value *, const CodeBook *);

/* Appends the form for reading: translated words, thin thousands, short dates; records by their code, or by their
 * title where it was loaded. Nothing where empty. */
void value_show(Buffer *, const Field *, const Value *, const CodeBook *);

/* The weeks from one to another as week_show_span writes them; the first alone where there is no other. */
void value_show_weeks(Buffer *, const Value *first, const Value *last, int today);

/* Appends JSON. With a CodeBook, for users: decimals, codes, null where empty ([] or {} for lists and sets). With NULL,
 * for the journal: whole numbers and ids; choices are words in both. */
void value_json(Buffer *, const Field *, const Value *, const CodeBook *);

#endif
