/* What was typed into a form and not saved: handed on as it is typed, so that Esc, a hang-up or a power cut loses nothing,
 * and brought back when the form is opened again, here or at any other terminal. */
#ifndef JAZARI_PANELS_DRAFT_H
#define JAZARI_PANELS_DRAFT_H

#include "panels/act.h"
#include "widgets/form.h"

/* Of a form that is open. */
typedef struct Drafting {
    char key[DRAFT_KEY_MOST + 1];
    int64_t opened;
    Buffer begun; /* what the form held at first */
    Buffer told;  /* the draft as it was handed on last */
    bool refused; /* it could not be handed on */
} Drafting;

/* Names the form; given: what a new record begins with, the first of which says what it hangs on. */
void drafting_start(App *, Drafting *, const Deed *, const Form *, const char *first_given);
/* Whether anything was typed since. */
bool drafting_typed(const Drafting *, const Form *);
/* Hands on what changed since the last time; the cursor, too. */
void drafting_touch(App *, Drafting *, const Deed *, const Form *);
/* The form is closed: its draft stays, or is not needed any more. */
void drafting_end(App *, Drafting *, const Deed *, const Form *, bool keep);
void drafting_free(Drafting *);

/* The draft as the form is now; its fields and codes are the arena's. */
Draft drafting_draft(App *, Arena *, const Drafting *, const Deed *, const Form *);

/* The draft of a form, with its texts in the arena; false where there is none. */
bool draft_find(App *, Arena *, const char *key, Draft *);
/* Types it into a form, and goes to where its cursor was. */
void draft_apply(const Draft *, Form *);
void draft_free_all(App *);

/* Offers what was left unsaved; says so where there is nothing, unless at the program's start. */
void open_drafts(App *, bool at_start);

/* "at 13:25" where that was today, else "on" the day. */
void say_at(Buffer *, int64_t instant);

/* --- a record that is gone (deleted_view.c) ------------------------------------------------------------------------- */

/* Adds "fatima deleted SMA-N3 at 13:25"; false where nobody did. */
bool say_deleted(App *, const Entity *, int64_t id, const char *code, Buffer *);
/* What was typed into the form of a record that somebody deleted is offered as a new one, or to be thrown away; false
 * where nobody deleted it. let_go is called once what was typed is elsewhere, or not wanted any more. */
bool offer_deleted(App *, const Draft *, void (*let_go)(App *, void *context, const Draft *), void *context);

#endif
