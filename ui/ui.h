/* The screen, as main sees it. */
#ifndef JAZARI_UI_UI_H
#define JAZARI_UI_UI_H

#include "base/settings.h"
#include "service/service.h"

typedef struct UiOptions {
    Service *service;
    const Settings *settings;
    const char *panel; /* to open with; NULL: the settings' one */
} UiOptions;

/* Runs until the user quits or the terminal goes away; the terminal is restored on every way out. */
Status ui_run(const UiOptions *, Error *);

#endif
