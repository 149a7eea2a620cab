/* A text being typed: one line, or several. The cursor moves by what a person takes for characters. */
#ifndef JAZARI_WIDGETS_EDIT_H
#define JAZARI_WIDGETS_EDIT_H

#include "base/buffer.h"
#include "screen/draw.h"
#include "screen/input.h"

typedef struct Edit {
    Buffer text;
    size_t cursor; /* byte offset, between characters */
    bool lines;    /* newlines may be typed */
    int scroll;    /* columns (of one line) or lines (of several) that are out of sight */
    size_t max;    /* bytes; 0: 20000 */
} Edit;

void edit_set(Edit *, const char *text, bool lines); /* the cursor goes to the end */
void edit_free(Edit *);
const char *edit_string(const Edit *);

/* Types, deletes, moves, pastes; false where the event is not for it (Enter of one line, Tab, Esc ...). */
bool edit_event(Edit *, const Event *);

/* Draws it into r; where focused, with the hardware cursor on it. */
void edit_draw(Edit *, Rect, Style, bool focused);

#endif
