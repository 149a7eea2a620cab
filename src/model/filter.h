/* The filter language of the screen's / and f and of the command line:
 *
 *     region:SMA stage:pilot,deployment budget>1000000 due<+2w -state:stopped irrigation "eau potable"
 *
 * A term is FIELD then one of : = != < <= > >= then a value (several parted by commas mean any of them); a leading '-'
 * means not. FIELD is a field's name, its alias, or its label in the user's language; values are what the field's form
 * takes, but that a week or a day without its year is the nearest one, before or after today. Quotes keep blanks together. A word without an operator is searched for in the folded text, as the beginning
 * of a word; all must be found. The code of a record of another entity (a project's, among requests), unless in quotes,
 * finds what hangs on it. An empty value ("due:") means that the field is empty. */
#ifndef JAZARI_MODEL_FILTER_H
#define JAZARI_MODEL_FILTER_H

#include "model/entity.h"

typedef enum FilterOperator { FILTER_IS, FILTER_LESS, FILTER_AT_MOST, FILTER_MORE, FILTER_AT_LEAST } FilterOperator;

typedef struct FilterTerm {
    int field;
    FilterOperator op;
    bool negated;
    Value *values; /* any of these; count 0: is empty */
    int count;
} FilterTerm;

enum { FILTER_TERMS = 32, FILTER_VALUES = 64, FILTER_BYTES = 2000 };

typedef struct Filter {
    const Entity *entity;
    Arena *arena; /* that holds it */
    FilterTerm *terms;
    int count;
    const char *words; /* folded, parted by one blank; "" for none */
    size_t words_size;
} Filter;

/* Reads a filter; everything is the arena's. An error names the term. */
Status filter_parse(Arena *, const Entity *, const char *text, size_t size, const CodeBook *, Filter *, Error *);

/* The states a filter's own terms let through, as FROM(state)s; and those of an entity that is still going on (its
 * open_filter). */
unsigned filter_states(const Filter *);
unsigned filter_open_states(const Entity *);

/* Appends one term, or all words, in the language above (for chips and for reading back). */
void filter_write_term(Buffer *, const Filter *, const FilterTerm *, const CodeBook *);

/* Finds the field a person means: name, alias or (folded) label; -1. */
int filter_field(const Entity *, const char *word, size_t size);
/* Says that there is none, and which there are; where: what it was given for, or NULL. */
Status filter_refuse_field(const Entity *, const char *word, size_t size, const char *where, Error *);

#endif
