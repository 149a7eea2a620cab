/* Styles by what they say, not by how they look. In monochrome every one differs by weight, or by the words it is put
 * on: colour never says something alone. */
#ifndef JAZARI_SCREEN_THEME_H
#define JAZARI_SCREEN_THEME_H

#include "model/field.h"

#include <stdbool.h>

typedef enum Style {
    STYLE_TEXT, /* what one reads */
    STYLE_ROW,  /* the same in a row that is filled with it: back to it from a colour takes half the bytes, for ncurses
                     resets everything on the way to plain text */
    STYLE_STRONG, /* what one looks for: titles, codes, figures */
    STYLE_DIM,    /* labels and what can wait */
    STYLE_RULE,   /* lines */
    STYLE_KEY,    /* keys */
    STYLE_ACCENT, /* where one is */
    STYLE_GOOD,
    STYLE_SOON,
    STYLE_LATE,
    STYLE_SELECTED, /* the row one is on */
    STYLE_CURRENT,  /* the same where the focus is elsewhere */
    STYLE_FOUND,    /* letters that were searched for */
    STYLE_HEADER,   /* the top line */
    STYLE_HEADER_STRONG,
    STYLE_HEADER_ACCENT,
    STYLE_TAB,    /* the panel one is in */
    STYLE_CHIP,   /* a filter's term */
    STYLE_INPUT,  /* where one types */
    STYLE_VACANT, /* what is said where nothing was typed */
    STYLE_FOCUS,  /* the field one types into */
    STYLE_ERROR,
    STYLE_HEAT_LOW, /* how much of something is taken */
    STYLE_HEAT_SOME,
    STYLE_HEAT_MIDDLE,
    STYLE_HEAT_HIGH,
    STYLE_HEAT_FULL,
    STYLE_HEAT_OVER, /* more than there is */
    STYLE_COUNT,
} Style;

void theme_start(bool color);
bool theme_has_color(void);

/* What curses calls it: attributes and colour pair. */
unsigned theme_attributes(Style);
short theme_pair(Style);

Style style_of_tone(Tone);

#endif
