/* An act on its way: a command, the records it is for as they were read, and its operation id, which stays the same
 * however often it is tried. */
#ifndef JAZARI_PANELS_ACT_H
#define JAZARI_PANELS_ACT_H

#include "panels/app.h"
#include "widgets/picker.h"

typedef struct Target {
    char code[CODE_SIZE];
    int64_t id, rev;
} Target;

typedef struct Deed Deed;

/* A form whose values go elsewhere than to the command. */
typedef struct FormUse {
    const char *title, *button;                   /* to be translated */
    bool (*shows)(const Entity *, const Field *); /* which of the fields that the command takes */
    Status (*save)(App *, void *context, const Deed *, const Argument *, int count, Error *);
} FormUse;

struct Deed {
    Command command;
    const Entity *entity; /* of the records, or to be made */
    Target *targets;
    int count;
    char op[OPERATION_SIZE];
    const FormUse *use; /* NULL: it is run */
    void *use_context;
    /* What came of running it. */
    bool repeated; /* it had been done before */
    Effect wrote;  /* the first record written; entity NULL: none */
};

Deed *deed_new(const Command *, const Entity *, const Record *const *records, int count);
void deed_free(Deed *); /* NULL does nothing */

/* Runs it; says what came of it and lets every view read again. */
Status act_run(App *, Deed *, const Argument *, int count, Error *);

/* Whether an act that failed so is to be asked for again once the server is back; then the error says so. */
bool act_is_unanswered(App *, Error *);

/* A form for its arguments; takes the act over. records: what it is for, or NULL; given: values to begin with. Of a form
 * with a use of its own no draft is kept. */
void open_form(App *, Deed *, const Record *const *records, const char *const *given, int given_count);
/* The same with what was left unsaved in it. */
void open_form_again(App *, Deed *, const Record *const *records, const Draft *);

/* Whether a command can be begun on records: STATUS_OK and for which institute one has to act (another than now: which
 * one is asked for as it begins), or why not. */
Status act_ready(const App *, const Command *, const Record *const *records, int count, int *site, Error *);

/* Where an item stands in a list of what can be done: by how it was found; of those found alike what would lose
 * something and what is for another institute come later; what cannot be done comes last. */
typedef enum Standing { STANDS_PLAIN, STANDS_FAR, STANDS_RISKY, STANDS_OFF } Standing;
int act_place(Match, Standing);
/* The line of a command on records in such a list; false where what is typed does not find it. */
bool act_offer(const App *, const Command *, const Record *const *records, int count, const char *typed, Arena *,
               PickerItem *);

/* Asks whether to act for a site from now on; after a yes goes on with `then`. Takes the context over. verb: its label. */
void ask_to_act_as(App *, int site, const char *verb, void (*then)(App *, void *), void *context,
                   void (*free_context)(void *));

/* Saves it again where nobody answered. */
void form_resend(View *);

/* Something to read, and one key that puts it away. */
void tell(App *, const char *title, const char *text);

/* A question; takes the context over, which free_context frees. */
void ask_owned(App *, const char *title, const char *text, const char *yes, void (*done)(App *, void *), void *context,
               void (*free_context)(void *));
/* The same of what one should not do by a stray Enter: the cursor begins on "no". */
void ask_risky(App *, const char *title, const char *text, const char *yes, void (*done)(App *, void *), void *context,
               void (*free_context)(void *));
/* The same, where "no" is to stay where one is. */
void ask_to_stay(App *, const char *title, const char *text, const char *yes, void (*done)(App *, void *),
                 void *context);

#endif
