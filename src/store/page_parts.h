/* What the files of pages share: the query being answered, and the rows that an index yields for it. */
#ifndef JAZARI_STORE_PAGE_PARTS_H
#define JAZARI_STORE_PAGE_PARTS_H

#include "base/date.h"
#include "store/internal.h"
#include "store/page.h"
#include "store/predicate.h"

enum {
    CANDIDATES = 2000,   /* rows that are fetched and sorted rather than walked past */
    FEW = 400,           /* the same, where the walk can go by the index alone */
    MEMBERS = 20000,     /* rows of which a walk knows beforehand that they may match */
    INDEX_WALK = 100000, /* rows that such a walk passes by */
    SHORT_WALK = 1000,   /* rows that are walked past before the index of the text is looked at */
    SAMPLED = 8,         /* words that are counted on the way */
    FREQUENT = SHORT_WALK / 50,
    COMMONEST = SHORT_WALK / 5, /* of which the index would gather for longer than a key may take */
    COMMON_LETTER = SHORT_WALK / 10,
};

/* The rows one index yields for one condition. */
typedef struct Look {
    Buffer sql;    /* SELECT id ...; its parameters continue the query's */
    int64_t count; /* MEMBERS + 1: too many */
    int64_t *ids;  /* of words: of these rows, ascending; NULL: not known */
    Buffer words;  /* to be found in the index of the folded text; empty: it is another index */
    int words_parameter;
} Look;

typedef struct Finder {
    Store *store;
    Arena *arena;
    const PageQuery *query;
    const Entity *entity;
    Predicates predicates;
    char today[DATE_SIZE];
    Buffer condition, sort, sql, scratch;
    Buffer walked;       /* the condition of a walk, where the index of what is open has tested a part of it */
    unsigned open;       /* the states of that index; 0: it is not used */
    bool by_id;          /* sorted by the id itself */
    const PageKey *from; /* the query's; then where the walk goes on */
    bool inclusive;
    bool sample;            /* this walk counts the words */
    int words;              /* that it counts */
    int word_hits[SAMPLED]; /* of SHORT_WALK rows */
    Page *page;
    Error *error;
} Finder;

/* The index that yields fewest rows; count above MEMBERS where none yields few. */
Status look_best(Finder *, Look *best);
void look_free(Look *);
/* The words worth asking the index of the text for, to count their rows; empty where it is not. */
void look_count_words(Finder *, Look *);
/* The bytes of the next word, *at its beginning; 0 past the last. */
size_t look_next_word(const char *words, size_t size, size_t *at);

#endif
