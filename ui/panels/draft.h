/* What was typed into a form and not saved: kept until the form is opened again, so that Esc loses nothing. */
#ifndef JAZARI_PANELS_DRAFT_H
#define JAZARI_PANELS_DRAFT_H

#include "panels/app.h"
#include "widgets/form.h"

/* key says which form it is: "add project", "set SMA-P42", "reject SMA-N3". */
void draft_keep(App *, const char *key, const Form *); /* forgets it where nothing is typed */
bool draft_restore(App *, const char *key, Form *);    /* false where there is none */
void draft_forget(App *, const char *key);
void draft_free_all(App *);

#endif
