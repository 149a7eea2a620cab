/* An entity: a table of fields and a lifecycle. One file an entity (project.c, offer.c ...); this header is what they
 * are made of, and the registry over them. No input, no output: what needs other records is in commands/. */
#ifndef JAZARI_MODEL_ENTITY_H
#define JAZARI_MODEL_ENTITY_H

#include "model/code.h"
#include "model/value.h"

/* Numbers are stored in the journal's index and never change. */
typedef enum EntityKind {
    ENTITY_NONE = 0,
    ENTITY_SITE = 1,
    ENTITY_PROVINCE = 2,
    ENTITY_OPERATOR = 3,
    ENTITY_ORGANISATION = 4,
    ENTITY_NEED = 5,
    ENTITY_PROJECT = 6,
    ENTITY_MILESTONE = 7,
    ENTITY_OFFER = 8,
    ENTITY_REQUEST = 9,
    ENTITY_ALLOCATION = 10,
    ENTITY_USAGE = 11,
    ENTITY_SESSION = 12,
    ENTITY_COUNT = 13,
} EntityKind;

/* Every entity's fields begin with these. */
enum {
    COMMON_CODE,
    COMMON_SITE, /* the owner */
    COMMON_STATE,
    COMMON_REV, /* counts writes, from 1; 0 for reference rows as they were shipped */
    COMMON_CREATED_AT,
    COMMON_CREATED_BY,
    COMMON_UPDATED_AT,
    COMMON_UPDATED_BY,
    COMMON_COUNT,
};

typedef enum Role { ROLE_NONE, ROLE_VIEWER, ROLE_OPERATOR, ROLE_COORDINATOR, ROLE_ADMIN } Role;
extern const Choice role_choices[];

/* On whose behalf a verb may be used, besides holding the role there. */
typedef enum Party {
    PARTY_OWNER,       /* the record's site */
    PARTY_BORROWER,    /* of an allocation: the request's site */
    PARTY_COUNTERPART, /* of an allocation: whoever did not propose it (the provider where ROOT did) */
    PARTY_EITHER,      /* of an allocation: provider or borrower */
    PARTY_HUB,         /* ROOT */
} Party;
extern const Choice party_choices[]; /* numbered from 1 */

typedef struct Record Record;

/* One way to move a record from state to state. Status is never typed in. */
typedef struct Arrow {
    const char *verb;  /* as on the command line */
    const char *label; /* in the imperative, to be translated */
    const char *help;  /* one sentence, to be translated */
    unsigned from;     /* FROM(state) | ... */
    int to;
    char key; /* on the screen; 0: in the menu only */
    Role role;
    Party party;
    const char *asks;   /* fields of the record the verb sets: "reason! done"; '!' marks what it must be given */
    const Field *extra; /* arguments that are not fields of the record; NULL: none */
    int extra_count;
    const char *consequence; /* what will happen, asked before; NULL: no question. To be translated */
    const char *shows;       /* the field that says where the record stands afterwards; NULL: its state */
} Arrow;

#define FROM(state) (1u << (state))

typedef struct Entity {
    EntityKind kind;
    char letter;                        /* of its codes; 0: its records have codes of their own, in the column `code` */
    const char *name, *plural;          /* words of the command line; name is the store's table */
    const char *label, *heading;        /* "Project", "Projects": to be translated */
    const char *count_one, *count_many; /* "%s project", "%s projects": for ngettext */
    const char *empty;                  /* what an empty list says and what to do, to be translated */
    const char *sort;                   /* of lists unless another is asked for: "due" or "-created_at" */
    const char *open_filter;            /* what is still going on: what a list on the screen begins with; NULL: all */
    const Field *fields;
    int field_count;
    int title; /* the field that names a record; -1: `write_title` does */
    const Choice *states;
    int first_state;
    const Arrow *arrows;
    int arrow_count;
    Role role;         /* least role to add and edit */
    unsigned editable; /* FROM(state)s in which fields may be edited */
    bool indexed;      /* its text search has an index (entities that grow large) */
    bool append_only;  /* neither edited nor deleted */
    bool mutual;       /* two regions' matter: it ends by its verbs, and is not deleted, so that both know how */
    bool reference;    /* ships with the program; only ROOT edits it */
    /* Appends what names a record whose title is made of several fields. Those fields must be loaded. */
    void (*write_title)(const Record *, Buffer *);
    const int *title_fields; /* that write_title reads, ended by -1 */
    /* Checks what concerns more than one field. NULL: nothing does. */
    Status (*check)(const Record *, Error *);
    /* Fills system fields that follow from others; new text is the arena's. NULL: there are none. */
    void (*derive)(Arena *, Record *);
} Entity;

/* A record in memory: values[i] is what fields[i] holds. VALUE_NONE also stands for fields that were not loaded. */
struct Record {
    const Entity *entity;
    int64_t id; /* 0: not yet in the store (no record has id 0 but site ROOT) */
    Value *values;
};

const Entity *entity_of_kind(int kind);                          /* NULL where there is none */
const Entity *entity_of_word(const char *word, size_t size);     /* name or plural, any case; NULL */
const Entity *entity_of_letter(char letter);                     /* NULL */
int entity_field(const Entity *, const char *name, size_t size); /* index by name or alias; -1 where none */
const Arrow *entity_arrow(const Entity *, const char *verb);     /* the first of that verb; NULL */
bool arrow_leaves(const Arrow *, int state);
/* The index-th field of any entity that refers to this one ("what hangs on it"): sites leave out, everything hangs on
 * them. False past the last. */
bool entity_related(const Entity *, int index, const Entity **other, int *field);
const char *entity_related_heading(const Entity *other, int field); /* of that list, translated */
char *entity_count(const Entity *, int64_t count, Buffer *);        /* "1 203 projects", translated */
void entity_states(const Entity *, unsigned states, Buffer *);      /* FROM(state)s: "draft or returned", translated */

Record *record_new(Arena *, const Entity *);  /* every value VALUE_NONE, the state the first one */
Record *record_copy(Arena *, const Record *); /* shares texts and items */
int record_state(const Record *);
int record_site(const Record *);
void record_title(const Record *, Buffer *); /* what names it, "" where not loaded */
void record_code(const Record *, const CodeBook *, Buffer *);

/* Checks that nothing required is missing (all that is, is named at once), every value is within its bounds, and the
 * entity's own rules. */
Status record_check(const Record *, Error *);
/* Of one field alone: that it is not missing. */
Status record_check_filled(const Record *, int field, Error *);

#endif
