/* A field: one row that says all there is to know of one fact about a record.
 *
 * Forms, list columns, detail pages, filter words, validation, SQL, CSV, JSON and the journal are all read from these
 * rows. A verb's arguments are rows of the same kind, so a verb's form is made the same way as a record's. */
#ifndef JAZARI_MODEL_FIELD_H
#define JAZARI_MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum FieldKind {
    FIELD_CODE,     /* the record's code, read from its id; stored nowhere */
    FIELD_TEXT,     /* one line; min and max bound its characters */
    FIELD_NOTE,     /* lines */
    FIELD_CHOICE,   /* one of `choices`, stored as its number; 0: none */
    FIELD_SET,      /* several of `choices`, stored as the sum of 1 << number */
    FIELD_DATE,     /* YYYY-MM-DD */
    FIELD_WEEK,     /* YYYY-Www */
    FIELD_INSTANT,  /* YYYY-MM-DDTHH:MM:SSZ */
    FIELD_NUMBER,   /* a decimal kept as a whole number of 10^-scale; an optional one is 0 where left empty */
    FIELD_FLAG,     /* yes (1) or no (0) */
    FIELD_REF,      /* a record of entity `ref` */
    FIELD_REFS,     /* several, in a table of their own */
    FIELD_BOOKINGS, /* quantities by week, in a table of their own */
} FieldKind;

typedef enum FieldFlags {
    FIELD_REQUIRED = 1 << 0, /* may not be empty */
    FIELD_SEARCHED = 1 << 1, /* part of the folded text */
    FIELD_LISTED = 1 << 2,   /* a column of lists, so one may sort on it */
    FIELD_SYSTEM = 1 << 3,   /* set by verbs or by the store, never typed into a form, `add` or `set` */
    FIELD_DERIVED = 1 << 4,  /* computed by the store when read; no column */
    FIELD_HIDDEN = 1 << 5,   /* not shown and not exported */
    FIELD_FIXED = 1 << 6,    /* given when the record is made, never changed after */
    FIELD_AHEAD = 1 << 7,    /* a date or week that, when typed anew, should not lie in the past: a warning */
    FIELD_BEHIND = 1 << 8,   /* one of what has happened: typed without its year, it is the last one */
    FIELD_OF_KIND = 1 << 9,  /* a quantity of the record's `kind` of capacity, read with its unit */
} FieldFlags;

/* What a word tells the eye, before any colour is chosen. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_SOON, TONE_LATE, TONE_ACTIVE, TONE_QUIET } Tone;

/* One word of a list. The number is stored and sorted by, so it never changes; the word is for files and scripts. */
typedef struct Choice {
    int number; /* from 1; a list ends with 0 */
    const char *word, *label;
    Tone tone;
} Choice;

typedef struct Field {
    const char *name;    /* the column, CSV and JSON key, filter word */
    const char *label;   /* for reading, to be translated */
    const char *help;    /* one sentence for forms, to be translated */
    const char *heading; /* a shorter label for list columns; NULL: the label */
    const char *inverse; /* of a reference: heads the list of those that name a record by it; NULL: their plural */
    const char *alias;   /* another filter word; NULL: none */
    const char *unit;    /* after numbers, to be translated; NULL: none */
    const char *preset;  /* what a new record has where nothing else is said, as in a file; NULL: nothing */
    const Choice *choices;
    int64_t min, max; /* characters of text, or the number as stored; both 0: the kind's own bounds */
    FieldKind kind;
    int ref;   /* EntityKind, of FIELD_REF and FIELD_REFS */
    int scale; /* decimals of FIELD_NUMBER and FIELD_BOOKINGS */
    int rank;  /* where a list is narrow, higher ranks leave first; 0: never leaves */
    unsigned flags;
} Field;

enum { FIELD_TEXT_MAX = 200, FIELD_NOTE_MAX = 20000 }; /* characters, where a field says nothing else */

/* The number of a list's row, and the row of a number or of a word; NULL where there is none. */
const Choice *choice_of_number(const Choice *list, int64_t number);
const Choice *choice_of_word(const Choice *list, const char *word, size_t size);
int choice_count(const Choice *list);

/* The word people write for a field: its name, or the other one where that is how it is headed ("region", not "site"). */
const char *field_word(const Field *);

/* True where the field has a column in its entity's own table. */
bool field_has_column(const Field *);
/* True where the field lives in a table of its own (FIELD_REFS, FIELD_BOOKINGS). */
bool field_is_list(const Field *);
/* True where values are text in memory and in the store (text, dates, weeks, instants). */
bool field_is_text(const Field *);
const char *field_heading(const Field *); /* translated */

#endif
