/* A list to choose from by typing: for references, choices, verbs, the palette. One or several. */
#ifndef JAZARI_WIDGETS_PICKER_H
#define JAZARI_WIDGETS_PICKER_H

#include "base/arena.h"
#include "widgets/edit.h"

typedef struct PickerItem {
    const char *code;  /* what it stands for; shown first, in a column of its own */
    const char *label; /* what it says */
    const char *right; /* a quiet word at the right edge (its key); NULL: none */
    bool off;          /* cannot be chosen; `label` then says why, in few words */
    const char *more;  /* said below the list while one is on it; NULL: nothing */
    bool chosen;       /* of several */
    int64_t value;     /* the caller's */
    int place;         /* for picker_sort */
} PickerItem;

typedef struct Picker Picker;

/* Fills in the items that match what is typed (folded comparison is the source's business), in the arena. */
typedef void (*PickerSource)(void *context, const char *typed, Arena *, PickerItem **items, int *count);

typedef enum PickerAnswer { PICKER_OPEN, PICKER_CHOSEN, PICKER_LEFT } PickerAnswer;

struct Picker {
    const char *title, *empty; /* empty: what an empty list says */
    PickerSource source;
    void *context;
    bool several;  /* Space chooses, Enter ends */
    bool wordless; /* codes are for the caller alone: labels say all */
    Edit typed;
    Buffer typed_folded; /* of the list as it is */
    Arena arena;
    PickerItem *items;
    int count, cursor, top;
    int code_width;
    bool says_more; /* there are items that do */
    Rect list;      /* where the items were drawn last */
};

void picker_start(Picker *, const char *title, PickerSource, void *context);
void picker_free(Picker *);
void picker_refresh(Picker *);
PickerAnswer picker_event(Picker *, const Event *);
/* Goes to the first item that is chosen already, where there is one. */
void picker_go_to_chosen(Picker *);
/* Goes to the item that was clicked on; false where the event is no click on one. */
bool picker_click(Picker *, const Event *);
/* Puts a source's items into the order of their places; those of one place stay as they are. */
void picker_sort(PickerItem *, int count);
const PickerItem *picker_item(const Picker *); /* the one at the cursor; NULL where the list is empty */

/* Draws it as a box in the middle of r. */
void picker_draw(Picker *, Rect r);

/* A box with a title, cleared inside; returns the room within. */
Rect draw_box(Rect r, int w, int h, const char *title);

/* How text is found by what is typed, both folded, the best first: it is that; it begins with it; every word of it
 * begins a word; they are in it somewhere. */
typedef enum Match { MATCH_WHOLE, MATCH_START, MATCH_WORDS, MATCH_WITHIN, MATCH_HELP, MATCH_NONE } Match;
Match folded_find(const char *typed, const char *text);
/* How a command is found: by the name it shows; by the one it has on the command line; else, and then it is MATCH_HELP,
 * by words of its help (NULL: by none). */
Match command_match(const char *typed, const char *shown, const char *name, const char *help);
/* Whether every word of typed begins a word of text. */
bool folded_match(const char *typed, const char *text);
/* The next part of text, not before `from`, that begins a word with one of `folded`'s words: what a match is by. False
 * where there is none, and in text that is drawn from right to left. */
bool found_part(const char *folded, const char *text, size_t from, size_t *start, size_t *end);

#endif
