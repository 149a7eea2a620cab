/* For the files of forms alone: a command's form that is open. */
#ifndef JAZARI_PANELS_FORM_VIEW_H
#define JAZARI_PANELS_FORM_VIEW_H

#include "panels/draft.h"

typedef struct FormView {
    Deed *act;
    Form form;
    Drafting drafting;
    char title[160];
    const char **tried;    /* what the fields held when saving had no certain end; NULL: it never was so */
    const Argument *asked; /* what was asked for then */
    int asked_count;
    bool unanswered;       /* nobody said whether it was saved: it is asked for again as it stands */
    const Field *making;   /* a record was to be made for it; NULL: none */
    const char **put_back; /* what was typed before it was started over; NULL: it was not */
    const Record *record;  /* the one that the act is for; NULL: none, or several */
    int64_t kind;          /* of capacity, of the record the act is for; 0: of none */
    int merged;            /* how often the versions of others were taken in since one asked to save */
    bool done;             /* saved, or not wanted any more: no draft is kept */
    char moved[160];       /* what others did to the record since it was read; "": nothing */
    OfferFit *fits;        /* of a proposal: what the offers could give; NULL: not asked yet */
    int fit_count;
} FormView;

/* --- fields (form_fields.c) ---------------------------------------------------------------------------------------- */

/* Adds the fields that the command takes, from the record (NULL: a new one) and the values given. */
void form_fields_add(View *, const Record *, const char *const *given, int given_count);
/* Whether the command is there to set a field of the one record anew, as its priority or its account. */
bool form_sets_anew(const Deed *);
/* Whether a field can be edited in a form, of a new record or of one that is there. */
bool form_field_editable(const Field *, int index, bool making);
void find_records(void *context, const Field *, const char *typed, Arena *, PickerItem **, int *count);
void make_record(void *context, const Field *, const char *typed);
enum { PICKED_MOST = 40 };
PickerItem form_item(const Record *, Arena *); /* its code and title */
/* Adds what was typed to a filter, as words to search. */
void form_add_words(Buffer *filter, const char *typed);
/* Whether what was made last is for a field of the form, into which its code then goes. */
void take_made(View *);
Status understand_text(void *context, const Field *, const char *text, char *out, size_t size, Error *);

/* --- needs like another (form_alike.c) ------------------------------------------------------------------------------- */

/* Whether a field asks which other need stands for the act's. */
bool alike_wanted(const FormView *, const Field *);
/* The open needs other than the act's own: those of its region first, the most alike on top. */
void alike_find(View *, const char *typed, Arena *, PickerItem **, int *count);

/* --- fields that follow others (form_follow.c) ---------------------------------------------------------------------- */

/* What a field holds was changed by hand. Of a proposal, a quantity chooses the weeks, and weeks make the quantity; of an
 * allocation that ends, what falls free is told anew. */
void follow_change(void *context, const FormField *);
/* Whether a field is sent; of a proposal's quantity and weeks one is enough. */
bool follow_sends(const FormView *, const FormField *);
/* What the act brings about, above the button: of an allocation's end, with the weeks and how much. */
void follow_say_consequence(View *);

/* --- many records at once (form_bulk.c) ------------------------------------------------------------------------------ */

/* Whether the form edits several records. */
bool bulk_edits(const FormView *);
/* Asks whether each field that was filled in is to become that, of all of them; then form_write. */
void bulk_ask(View *);

/* --- saving (form_view.c) ------------------------------------------------------------------------------------------- */

void form_save(View *);
/* The same after a version of somebody else's was taken in; gives up where there is always another one. */
void form_save_again(View *);
/* Goes on with what was typed once. */
void form_take_draft(View *, const Draft *);
void form_write(View *); /* without asking */

/* --- two versions (merge_view.c) ------------------------------------------------------------------------------------ */

/* Somebody saved the record since it was read. What only one side changed is taken as it is, and where nothing else is
 * left to decide the form is saved, unless `look` asks that it be seen first; else the two versions are shown side by
 * side. The view is the form's. */
void merge_theirs(View *, bool look);

#endif
