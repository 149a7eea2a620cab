/* A picker over everything: for sorting, verbs, the palette, acting for another site. */
#ifndef JAZARI_PANELS_PICK_H
#define JAZARI_PANELS_PICK_H

#include "panels/app.h"
#include "widgets/picker.h"

typedef struct PickRequest {
    const char *title, *empty;
    PickerSource source;
    /* Called once the picker is closed; the item is good until it returns. */
    void (*chosen)(App *, void *context, const PickerItem *);
    /* What ^D does with the line one is on, after a second ^D; NULL: nothing. drop says it, to be translated. */
    const char *drop;
    void (*dropped)(App *, void *context, const PickerItem *);
    void *context;
    void (*free_context)(void *); /* NULL: nothing to free */
} PickRequest;

void pick(App *, const PickRequest *);

#endif
