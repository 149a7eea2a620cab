/* The terminal: taken at the start, given back on every way out. One screen a process. */
#ifndef JAZARI_SCREEN_SCREEN_H
#define JAZARI_SCREEN_SCREEN_H

#include "base/settings.h"
#include "base/status.h"

#include <stdbool.h>

/* A rectangle of cells, from the top left. */
typedef struct Rect {
    int y, x, h, w;
} Rect;

/* Takes the terminal: alternate screen, no echo, every key. STATUS_FAILED with what to do where TERM is unknown or the
 * terminal cannot move its cursor. */
Status screen_start(const Settings *, Error *);

/* Gives it back as it was. Also done on signals that end the program and on a crash. May be called twice. */
void screen_stop(void);

Rect screen_rect(void);  /* the whole of it, as of the last resize taken in */
bool screen_ascii(void); /* only ASCII can be shown */
void screen_bell(void);

/* What the signals said since the last call. */
typedef enum ScreenSignal {
    SCREEN_RESIZED = 1 << 0,
    SCREEN_ENDED = 1 << 1,   /* SIGTERM, SIGINT: end the program */
    SCREEN_HUNG_UP = 1 << 2, /* SIGHUP: the terminal is gone */
    SCREEN_RESUMED = 1 << 3, /* SIGCONT: paint everything again */
} ScreenSignal;
unsigned screen_signals(void);
int screen_signal_fd(void); /* readable when there is one */

/* Takes in the terminal's new size; erases what was drawn. */
void screen_resize(void);
void screen_fit(void);     /* the same, but what was drawn stays where it was, as far as it fits */
void screen_repaint(void); /* the next update writes everything */

#endif
