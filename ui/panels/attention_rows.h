/* What wants attention, a line or two an item: a word, the record's code, its title, and what is the matter with it. */
#ifndef JAZARI_PANELS_ATTENTION_ROWS_H
#define JAZARI_PANELS_ATTENTION_ROWS_H

#include "panels/app.h"

/* Where the parts stand within an item's columns; what is the matter is on the second line where there are two. */
typedef struct AttentionColumns {
    int lines; /* an item: 1 or 2 */
    int title_width, matter, matter_width;
} AttentionColumns;

/* For the items in sight, in w columns: what is the matter gets what it needs, up to two thirds, for it is short and says
 * what is to be done; the title gets the rest. */
AttentionColumns attention_columns(const Attention *items, int count, int w, int lines);

/* One item from row y on, in the columns of r; here: the cursor is on it. */
void draw_attention_row(const Attention *, int y, Rect r, const AttentionColumns *, bool here);

#endif
