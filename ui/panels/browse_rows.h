/* The rows of a list: which are in sight, and how others come. */
#ifndef JAZARI_PANELS_BROWSE_ROWS_H
#define JAZARI_PANELS_BROWSE_ROWS_H

#include "panels/browse.h"

void rows_move(Browse *, int by);    /* the cursor, and the page with it */
void rows_fit(Browse *, int height); /* there is room for so many now */

#endif
