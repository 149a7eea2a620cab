/* What a person can do: one row a command. From the rows come the keys, menus, the palette, help, the command line, the
 * man page and completion. A lifecycle's arrows are commands too; command_find gives both in one form.
 *
 * Every command runs in one transaction with its journal entries: all of it or nothing. */
#ifndef JAZARI_COMMANDS_COMMAND_H
#define JAZARI_COMMANDS_COMMAND_H

#include "commands/actor.h"
#include "store/store.h"

/* name=value, as given: "due", "+2w". A name that ends with '+' or '-' adds to or takes from a list. */
typedef struct Argument {
    const char *name, *value;
} Argument;

/* What is asked for. All plain values. */
typedef struct CommandRequest {
    const char *verb;
    const char *entity;       /* for add: of what; else NULL */
    const char *const *codes; /* the records it is for */
    const int64_t *revs;      /* at which each was read; NULL or 0: as it is now */
    int code_count;
    const Argument *arguments;
    int argument_count;
    ValueForm form; /* of the arguments' values */
    const char *op; /* the operation's id; the same one twice is done once */
    bool dry_run;   /* do all but commit */
    void (*pulse)(
        void *context); /* by undo and redo, at each write of many: they may take long; NULL: nobody listens */
    void *context;
} CommandRequest;

/* One record that a command wrote. */
typedef struct Effect {
    const Entity *entity;
    int64_t id, rev;
    const char *verb;
} Effect;

/* Appends the code of the record that was written. */
void effect_code(const Effect *, const CodeBook *, Buffer *);

typedef struct Outcome {
    const char *op;
    Effect *effects; /* in the order they were written */
    int count;
    bool repeated; /* the operation had been done before; effects are those of then */
} Outcome;

typedef enum CommandTakes { TAKES_NOTHING, TAKES_ENTITY, TAKES_RECORDS } CommandTakes;

typedef struct CommandContext CommandContext;

/* A row, or a lifecycle's arrow in its form. */
typedef struct Command {
    const char *name, *label, *help; /* label and help to be translated */
    CommandTakes takes;
    const Entity *entity; /* of the records it takes; NULL: of any */
    unsigned states;      /* FROM(state)s in which it applies; 0: any */
    char key;
    Role role;
    Party party;
    const Field *arguments; /* of its own */
    int argument_count;
    bool fields;             /* also takes the entity's fields */
    const char *asks;        /* see Arrow */
    const char *consequence; /* see Arrow */
    const Arrow *arrow;      /* NULL for a row */
    Status (*run)(CommandContext *, Error *);
} Command;

/* The rows that are no arrows, ended by a row without a name. */
extern const Command command_rows[];

/* The command of a name for an entity (NULL: for no record). False where there is none. */
bool command_find(const char *name, const Entity *, Command *);

/* The index-th command that applies to records of an entity (arrows first, then rows); false past the last. */
bool command_of_entity(const Entity *, int index, Command *);

/* Whether its `asks` names a field ("reason! done"); *required where it must be given. */
bool command_asks(const Command *, const char *field, bool *required);

/* The least role it takes: what adds, edits or deletes a record takes that of its entity as well. */
Role command_least_role(const Command *, const Entity *);

/* FROM(state)s in which it applies to records of an entity; 0: any. */
unsigned command_states(const Command *, const Entity *);

/* Whether it applies to this record in its state, and this actor may: STATUS_OK, or why not. Fields read: state, site,
 * of allocations also borrower and proposed_by. */
Status command_allowed(const Command *, const Actor *, const Record *, Error *);

/* Whether records of an entity belong to whoever owns what this field of them names (a milestone, to its project's). */
bool command_adds_for_owner(const Entity *, int field);
/* Whether a new one can still hang on a record: not on what is over. */
Status command_adds_to(const Entity *added, const Record *to, Error *);

/* A site for which the actor may act, and for which he could use it on this record; -1 where there is none. */
int command_site(const Command *, const Actor *, const Record *);

/* The least role that a verb takes, as the journal names it; and whether it is this actor's to use on a record, for any
 * institute that he may act for. */
Role command_role(const char *verb, const Entity *);
Status command_reaches(const char *verb, const Actor *, const Record *, Error *);

/* Whether to judge a record (approve a request, qualify a need), which is there whole, is for another person than this
 * one, who filed it or changed what it says since anybody else wrote it: never where he works in the store alone, or in a
 * demonstration. */
Status command_is_for_another(Store *, Arena *, const Actor *, const Record *, bool *yes, Error *);

/* Does it. The outcome is the arena's. */
Status command_run(Store *, Arena *, const Actor *, const CommandRequest *, Outcome *, Error *);

/* Several as one operation, whose id and dry run are the first one's: all of them or none, undone at once. count > 0. */
Status command_run_all(Store *, Arena *, const Actor *, const CommandRequest *, int count, Outcome *, Error *);

/* An operation id: 26 characters, in the order of time, unique (ULID's form). */
enum { OPERATION_SIZE = 27, OPERATION_RANDOM = 16 };
void operation_new(char out[OPERATION_SIZE]);
void operation_write(uint64_t ms, const unsigned char random[OPERATION_RANDOM], char out[OPERATION_SIZE]);

#endif
