/* For the form's own files: what one of them knows and another asks. */
#ifndef JAZARI_WIDGETS_FORM_PARTS_H
#define JAZARI_WIDGETS_FORM_PARTS_H

#include "widgets/form.h"

/* --- fields and the focus (form.c) --------------------------------------------------------------------------------- */

/* Takes in that a field's text has changed: reads it anew. */
void form_reread(Form *, FormField *);
/* To the next field that can be changed, or the one before. */
void form_move(Form *, int by);
/* Characters that a text field still has room for; below 0: too many. INT64_MAX of other kinds. */
int64_t form_room(const FormField *);

/* --- choosing (form_choose.c) --------------------------------------------------------------------------------------- */

bool form_has_picker(const Form *, const Field *);
/* The choice that a field holds; NULL where it holds none. */
const Choice *form_choice(const FormField *);
void form_step_choice(FormField *, int by);
/* Opens the picker of the field one is in; first: what is typed into it at once, or NULL. */
void form_start_picking(Form *, const Event *first);
void form_picker_event(Form *, const Event *);
/* Closes the picker; what was searched for in it is taken, so that nothing typed is lost. False where there is no such:
 * the field then says so. */
bool form_end_picking(Form *);

#endif
