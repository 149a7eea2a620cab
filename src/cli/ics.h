/* iCalendar (RFC 5545) going out: whole-day events, lines folded at 75 bytes and ended by CR LF, text escaped. */
#ifndef JAZARI_CLI_ICS_H
#define JAZARI_CLI_ICS_H

#include "base/buffer.h"

typedef struct IcsEvent {
    const char *uid;                   /* the same for the same event, for ever */
    const char *stamp;                 /* YYYY-MM-DDTHH:MM:SSZ: when what it says was last changed */
    int sequence;                      /* how often that happened */
    int first, after;                  /* its first day, and the day after its last (days of base/date.h) */
    const char *summary, *description; /* description may have lines; "" for none */
    const char *category;
    const char *status; /* CONFIRMED, TENTATIVE, CANCELLED */
} IcsEvent;

/* A calendar holds at least one event. */
void ics_begin(Buffer *);
void ics_event(Buffer *, const IcsEvent *);
void ics_end(Buffer *);

#endif
