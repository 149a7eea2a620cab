/* A form over fields: labels in a column of their own, one field a line (long texts some lines), what is typed read back
 * beside it, help for the field one is in, an error beside the field it belongs to. What was typed is never lost. Knows
 * fields, not what they are about.
 *
 * Every field is text as a person types it; the caller reads it when the form is saved. Choices step with the arrows; a
 * letter in a field of choices or references opens a picker with it, whose records the caller supplies. */
#ifndef JAZARI_WIDGETS_FORM_H
#define JAZARI_WIDGETS_FORM_H

#include "model/field.h"
#include "widgets/edit.h"
#include "widgets/picker.h"

typedef struct FormField {
    const Field *field;
    Edit edit;
    char *was;          /* what it held at first */
    char error[256];    /* shown beside it, or below it where it is long; "" where there is none */
    char wrong[256];    /* why its text cannot be read; becomes its error once one has left it */
    char meaning[160];  /* what its text stands for: a reference's title, the day of "+2w"; "" where that is plain */
    const char *beside; /* what one should see while one writes in it, in place of the help; NULL: nothing */
    bool required;
    bool emptied; /* of a form that begins untouched: it is to hold nothing, while its text is empty */
    bool fixed;   /* shown, not changed */
    Rect at;      /* where its value was drawn last; h is 0 where it was out of sight */
} FormField;

enum { PICK_NEW = -1 }; /* value of the item of `records` that stands for a record yet to be made */

typedef enum FormAnswer { FORM_OPEN, FORM_SAVE, FORM_LEFT } FormAnswer;

typedef struct Form Form;
struct Form {
    const char *title, *button; /* what saving does: "Save", "Qualify" */
    const char *note;           /* what saving brings about, above the button; NULL: nothing to be told */
    const char *untouched;      /* what an empty field says of itself: "unchanged"; NULL: nothing */
    const char *emptied;        /* and what one that is to be empty does; with the other */
    char notice[160];           /* what one should know before typing; "": nothing */
    FormField *fields;
    int count, room;
    int focus;           /* count: the button */
    int top;             /* the first line in sight */
    Rect box, button_at; /* where they were drawn last */
    Picker picker;
    bool picking;
    bool kept;       /* what was typed stays when one leaves */
    char error[512]; /* of the whole form */
    /* Items for a picker of a field's records; NULL: references are only typed. */
    void (*records)(void *context, const Field *, const char *typed, Arena *, PickerItem **, int *count);
    /* Makes a new record for a field where a picker's item says PICK_NEW; the caller types its code once it is there. */
    void (*make)(void *context, const Field *, const char *typed);
    /* Reads a field's text: what it stands for ("" where that is plain), or why it cannot be read. NULL: neither. */
    Status (*understand)(void *context, const Field *, const char *text, char *out, size_t size, Error *);
    /* What a field holds was changed by hand: others may follow it (form_type). NULL: none does. */
    void (*changed)(void *context, const FormField *);
    void *context;
};

void form_free(Form *);
/* Adds a field with what it holds now, as people type it. */
FormField *form_add(Form *, const Field *, const char *value, bool required);
/* All fields are added: reads them, and goes to the first that is empty where one wants a value, else to the first. */
void form_start(Form *);
bool form_changed(const Form *);
bool form_field_changed(const FormField *);
/* Whether it holds nothing but blanks. */
bool form_field_empty(const FormField *);
/* The field of a name; NULL where the form has none. */
FormField *form_find(const Form *, const char *name);
/* Appends a value as a field shows it: of bookings each week in a line of its own. */
void form_spread(Buffer *, const Field *, const char *value);
/* What a field counts as having held at first. */
void form_began(FormField *, const char *was);
/* Types a text into a field, over what it held. */
void form_type(Form *, FormField *, const char *text);
/* What was made for a field goes into it, beside what it holds where it takes several. */
void form_made(Form *, const Field *, const char *code);
/* Puts an error beside its field and goes there; to the whole form where there is no such field. */
void form_fail(Form *, const char *name, const char *why);
/* Marks every field that lacks a value or cannot be read, and goes to the first; false where there is one. changed_only:
 * what was not touched is as good as it was. */
bool form_check(Form *, bool changed_only);
/* Whether the field one is in has a list to choose from. */
bool form_can_choose(const Form *);
FormAnswer form_event(Form *, const Event *);
void form_draw(Form *, Rect);

#endif
