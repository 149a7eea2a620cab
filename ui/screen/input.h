/* What comes from the keyboard, the mouse, and a paste. */
#ifndef JAZARI_SCREEN_INPUT_H
#define JAZARI_SCREEN_INPUT_H

#include "screen/screen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys beyond the characters. */
typedef enum Key {
    KEY_IS_CHAR, /* Event.point is what was typed */
    KEY_IS_ENTER,
    KEY_IS_ESCAPE,
    KEY_IS_TAB,
    KEY_IS_BACKTAB,
    KEY_IS_BACKSPACE,
    KEY_IS_DELETE,
    KEY_IS_INSERT,
    KEY_IS_UP,
    KEY_IS_DOWN,
    KEY_IS_LEFT,
    KEY_IS_RIGHT,
    KEY_IS_HOME,
    KEY_IS_END,
    KEY_IS_PAGE_UP,
    KEY_IS_PAGE_DOWN,
    KEY_IS_CONTROL,  /* Event.point is the letter, 'a' to 'z' */
    KEY_IS_FUNCTION, /* Event.point is its number */
} Key;

typedef enum EventKind { EVENT_NONE, EVENT_KEY, EVENT_PASTE, EVENT_CLICK, EVENT_WHEEL } EventKind;

typedef struct Event {
    EventKind kind;
    Key key;
    uint32_t point;
    bool control;     /* of Left and Right: with Ctrl or Alt, by words */
    const char *text; /* EVENT_PASTE: what was pasted, as it came; good until the next event */
    size_t size;
    int y, x;   /* EVENT_CLICK, EVENT_WHEEL */
    int lines;  /* EVENT_WHEEL: below 0 up */
    bool twice; /* EVENT_CLICK: a double click */
} Event;

void input_start(bool mouse);
void input_stop(void);

/* The next event that is there already; EVENT_NONE where there is none. *gone: the terminal was closed. */
Event input_next(bool *gone);

/* Whether something waits to be read; does not read it. */
bool input_pending(void);

bool event_is_char(const Event *, uint32_t point);
bool event_is_key(const Event *, Key);
bool event_is_control(const Event *, char letter);
bool event_clicks(const Event *, Rect); /* a click within it */

#endif
