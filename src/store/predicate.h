/* A filter's terms as SQL conditions over the alias t, with everything a person typed bound as parameters. */
#ifndef JAZARI_STORE_PREDICATE_H
#define JAZARI_STORE_PREDICATE_H

#include "model/filter.h"
#include "store/engine.h"

enum { PREDICATE_BINDS = 2048 };

typedef struct PredicateBind {
    int parameter;
    enum { BIND_INT, BIND_TEXT, BIND_WORD } kind;
    int64_t number;
    const char *text;
    size_t size;
} PredicateBind;

/* Conditions that share one run of parameter numbers; ?1 is today's date. */
typedef struct Predicates {
    PredicateBind binds[PREDICATE_BINDS];
    int bind_count, parameters; /* the last number given out */
    const char *today;          /* YYYY-MM-DD, bound as ?1 */
} Predicates;

void predicates_start(Predicates *, const char *today);
int predicates_int(Predicates *, int64_t); /* each returns the parameter's number */
int predicates_text(Predicates *, const char *text, size_t size);

/* Appends one term's condition; all of a filter's (words too), joined by AND: nothing where it is empty. */
void predicate_term(Buffer *sql, Predicates *, const Filter *, const FilterTerm *);
void predicate_filter(Buffer *sql, Predicates *, const Filter *);
void predicate_word(Buffer *sql, Predicates *, const char *word, size_t size); /* one word in the folded text */
/* "t.state IN (1, 2, 3)": written out, for an index of these states alone is known by it. */
void predicate_states(Buffer *sql, unsigned states);
bool filter_is_empty(const Filter *);

/* Binds them all to a statement. */
void predicates_bind(const Predicates *, Statement *);

#endif
