/* An act on its way: a command, the records it is for as they were read, and its operation id, which stays the same
 * however often it is tried. */
#ifndef JAZARI_PANELS_ACT_H
#define JAZARI_PANELS_ACT_H

#include "panels/app.h"

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
void deed_free(Deed *);

/* Runs it; says what came of it and lets every view read again. */
Status act_run(App *, Deed *, const Argument *, int count, Error *);

/* A form for its arguments; takes the act over. records: what it is for, or NULL; given: values to begin with. Of a form
 * with a use of its own no draft is kept. */
void open_form(App *, Deed *, const Record *const *records, const char *const *given, int given_count);
/* The same with what was left unsaved in it. */
void open_form_again(App *, Deed *, const Record *const *records, const Draft *);

/* Something to read, and one key that puts it away. */
void tell(App *, const char *title, const char *text);

/* A question; takes the context over, which free_context frees. */
void ask_owned(App *, const char *title, const char *text, const char *yes, void (*done)(App *, void *), void *context,
               void (*free_context)(void *));
/* The same of what one should not do by a stray Enter: the cursor begins on "no". */
void ask_risky(App *, const char *title, const char *text, const char *yes, void (*done)(App *, void *), void *context,
               void (*free_context)(void *));

#endif
