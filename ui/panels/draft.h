/* What was typed into a form and not saved: handed on as it is typed, so that Esc, a hang-up or a power cut loses nothing,
 * and brought back when the form is opened again, here or at any other terminal. */
#ifndef JAZARI_PANELS_DRAFT_H
#define JAZARI_PANELS_DRAFT_H

#include "panels/act.h"
#include "widgets/form.h"

/* Of a form that is open. Its draft is its own, whoever else has the same form open, at another terminal under the same
 * login, too: the key is which form it is and, after a blank, the id of the act that began it. */
typedef struct Drafting {
    char key[DRAFT_KEY_MOST + 1];
    size_t form;                     /* bytes of the key that say which form it is */
    int64_t opened, at;              /* instants: of the form, and of the last key */
    Buffer begun;                    /* what the form held at first */
    Buffer told;                     /* the draft as it was handed on last */
    bool again;                      /* it is to be handed on once more, changed or not */
    bool unsure;                     /* it was, and nobody has looked since whether it is kept */
    bool unkept;                     /* it was looked for, and is not */
    bool aside;                      /* it is, in one's own directory, and that was said */
    bool away;                       /* so was the server */
    char copied[DRAFT_KEY_MOST + 1]; /* the draft, open elsewhere, that this one began as; "": none */
    int64_t copied_at;
} Drafting;

/* Names the form; given: what a new record begins with, the first of which says what it hangs on. */
void drafting_start(App *, Drafting *, const Deed *, const Form *, const char *first_given);
/* Whether anything was typed since. */
bool drafting_typed(const Drafting *, const Form *);
/* Hands on what changed since the last time; the cursor, too. */
void drafting_touch(App *, Drafting *, const Deed *, const Form *);
/* Hands on what could not be handed on before, and sees to it that it is kept; looks only where that is not known. False:
 * it is not kept, and why. */
bool drafting_look(App *, Drafting *, const Deed *, const Form *, Error *);
/* The form is closed: its draft stays, or is not needed any more. */
void drafting_end(App *, Drafting *, const Deed *, const Form *, bool keep);
void drafting_free(Drafting *);

/* The draft as the form is now; its fields and codes are the arena's. */
Draft drafting_draft(App *, Arena *, const Drafting *, const Deed *, const Form *);

/* What was left in this form, the newest first, or is typed into it at another terminal; the texts are the arena's. */
void drafting_find(App *, Arena *, const Drafting *, Draft **, int *count);
/* The form goes on with a draft that is typed into it next: as its own, or as a copy of one that is open elsewhere. */
void drafting_take(App *, Drafting *, const Deed *, const Form *, const Draft *);
/* Types it into a form, and goes to where its cursor was. */
void draft_apply(const Draft *, Form *);
/* Nobody wants it any more; its texts are not this program's own copy of it. */
void draft_throw_away(App *, const Draft *);
/* Now and then: hands in what could not be kept. back: so can be what was kept elsewhere, for the server is there again. */
void drafts_look(App *, bool back);
void draft_free_all(App *);

/* Offers what was left unsaved; says so where there is nothing, unless at the program's start. */
void open_drafts(App *, bool at_start);
/* The same of one form's, over that form; they outlive it. */
void offer_drafts(View *form_view, Draft *, int count);

/* "at 13:25" where that was today, else "on" the day. */
void say_at(Buffer *, int64_t instant);

/* --- a record that is gone (deleted_view.c) ------------------------------------------------------------------------- */

/* Adds "fatima deleted SMA-N3 at 13:25"; false where nobody did. */
bool say_deleted(App *, const Entity *, int64_t id, const char *code, Buffer *);
/* What was typed into the form of a record that somebody deleted is offered as a new one, or to be thrown away; false
 * where nobody deleted it. let_go is called once what was typed is elsewhere, or not wanted any more. */
bool offer_deleted(App *, const Draft *, void (*let_go)(App *, void *context, const Draft *), void *context);

#endif
