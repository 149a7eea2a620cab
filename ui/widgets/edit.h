/* A text being typed: one line, or several. The cursor moves by what a person takes for characters; what was changed can
 * be taken back, change by change. */
#ifndef JAZARI_WIDGETS_EDIT_H
#define JAZARI_WIDGETS_EDIT_H

#include "base/buffer.h"
#include "screen/draw.h"
#include "screen/input.h"

enum { EDIT_BYTES_MOST = 100000 }; /* where nothing else is said: more than the longest text of a record takes */

typedef enum EditChange { EDIT_TYPES, EDIT_CUTS, EDIT_REPLACES } EditChange;

/* The text as it was before a change, or after it. */
typedef struct EditState {
    char *text;
    size_t size, cursor;
} EditState;

typedef struct Edit {
    Buffer text;
    size_t cursor;                /* byte offset, between characters */
    bool lines;                   /* newlines may be typed */
    int scroll;                   /* columns (of one line) or lines (of several) that are out of sight */
    bool more_before, more_after; /* whether there are any, on either side, as drawn last */
    int width;                    /* columns of a drawn line of several; 0: not drawn yet */
    size_t max;                   /* bytes; 0: EDIT_BYTES_MOST */
    size_t lost;                  /* characters of the last event that there was no room for */
    EditState *states;            /* before each change, oldest first; then those taken back, the next one first */
    int state_count, state_at, state_room;
    EditChange changed; /* how, last */
    size_t changed_at;  /* where the cursor was left by it */
} Edit;

void edit_set(Edit *, const char *text, bool lines); /* the cursor goes to the end, and nothing can be taken back */
void edit_replace(Edit *, const char *text);         /* the same as one change, which can */
void edit_free(Edit *);
const char *edit_string(const Edit *);

/* Types, deletes, moves, pastes, takes back; false where the event is not for it (Enter of one line, Tab, Esc ...). */
bool edit_event(Edit *, const Event *);
/* Whether it is a key that takes a change back, or makes it again. */
bool edit_takes_back(const Event *);
/* The cursor goes to the place of a click; r is where the text was drawn. */
void edit_click(Edit *, Rect r, int y, int x);

/* Draws it into r; where focused, with the hardware cursor on it. */
void edit_draw(Edit *, Rect, Style, bool focused);

/* --- for the edit's own files (edit_undo.c) ------------------------------------------------------------------------- */

/* Before a change: keeps the text as it is. Letters typed one after the other are one change, up to a blank. */
void edit_remember(Edit *, EditChange, bool joins);
/* Takes the last change back, or does again what was taken back; false where there is none. */
bool edit_undo(Edit *);
bool edit_redo(Edit *);
void edit_forget(Edit *);

#endif
