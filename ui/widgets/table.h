/* A table of records: columns that keep their place, numbers to the right, the row one is on marked from edge to edge.
 * Columns leave by rank where there is too little room. Knows fields, not what they are about. */
#ifndef JAZARI_WIDGETS_TABLE_H
#define JAZARI_WIDGETS_TABLE_H

#include "model/entity.h"
#include "screen/draw.h"

enum { TABLE_COLUMNS = 24 };

typedef struct TableColumn {
    int field;
    int x, w; /* within the table */
    bool right;
} TableColumn;

typedef struct Table {
    const Entity *entity;
    TableColumn columns[TABLE_COLUMNS];
    int count;
    int bar; /* how far the selection's background reaches on a small screen: code and title; a mark stands at the row's
                other edge. What lies between needs no repainting as the cursor moves, which keeps a move to some 140 bytes
                on a thin link. A roomy screen has the whole row in it */
} Table;

typedef struct TableRow {
    const Record *record;
    bool selected, focused, marked;
    bool late;         /* what is due is written as late */
    const char *found; /* words of the search, folded and parted by blanks, to be marked; NULL: none */
} TableRow;

/* Places the listed fields of an entity, without those in `hidden` (a set of field bits), in w columns; codes get
 * code_width. */
void table_layout(Table *, const Entity *, uint64_t hidden, int code_width, int w);

/* The headings, with a mark at the sorted one. */
void table_draw_header(const Table *, int y, int x, int w, int sort, bool descending);
void table_draw_row(const Table *, int y, int x, int w, const TableRow *, const CodeBook *);

/* A value as a list shows it: quiet where it is empty, sites by their code. Returns its style. */
Style cell_text(const Record *, int field, const CodeBook *, Buffer *);

#endif
