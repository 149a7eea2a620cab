/* The demonstration network: a store home to all sites, filled as if they had worked for fourteen months. */
#ifndef JAZARI_COMMANDS_DEMO_H
#define JAZARI_COMMANDS_DEMO_H

#include "base/status.h"

/* Makes it at path, for login to try both sides of everything. The same network each time, around today's date. */
Status demo_make(const char *path, const char *login, Error *);

#endif
