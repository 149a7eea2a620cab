/* A table of records: columns that keep their place, numbers to the right, the row one is on marked from edge to edge.
 * Columns leave by rank where there is too little room. Knows fields, not what they are about. */
#ifndef JAZARI_WIDGETS_TABLE_H
#define JAZARI_WIDGETS_TABLE_H

#include "model/entity.h"
#include "screen/draw.h"

enum { TABLE_COLUMNS = 24, TABLE_FIELDS = 64 };

/* How wide the values of each field were, as far as they have been seen. They only grow, so that columns keep their
 * place while one scrolls. Begins zeroed. */
typedef struct TableWidths {
    short seen[TABLE_FIELDS];
    short most[TABLE_FIELDS]; /* that a column may take; 0: not asked yet */
} TableWidths;

typedef struct TableColumn {
    int field;
    int x, w; /* within the table */
    bool right;
} TableColumn;

typedef struct Table {
    const Entity *entity;
    TableColumn columns[TABLE_COLUMNS];
    int count;
    int named; /* the first columns, up to the title: what names a record */
    int bar; /* how far the selection's background reaches on a small screen: code and title; a mark stands at the row's
                other edge. What lies between needs no repainting as the cursor moves, which keeps a move to some 140 bytes
                on a thin link. A roomy screen has the whole row in it */
} Table;

typedef struct TableRow {
    const Record *record;
    bool selected, focused, marked;
    bool brief;   /* only what names it, for now */
    bool hurried; /* the selection is on the first column alone, for now */

    int own_field; /* where own_text is not NULL: what this row's cell of the field says in place of its value */
    const char *own_text;
    Style own_style;
    bool late;         /* a sign stands before what is due, */
    bool overdue;      /* and the date itself is over */
    const char *found; /* words of the search, folded and parted by blanks, to be marked; NULL: none */
} TableRow;

/* Takes a record's values into account; true where a column has to grow for them. Codes are never cut. */
bool table_fit(TableWidths *, const Record *, const CodeBook *);

/* Places the listed fields of an entity, without those in `hidden` (a set of field bits), in w columns: no wider than what
 * was seen, the title with all that is left. */
void table_layout(Table *, const Entity *, uint64_t hidden, const TableWidths *, int w);

/* The headings, with a mark at the sorted one. */
void table_draw_header(const Table *, int y, int x, int w, int sort, bool descending);
void table_draw_row(const Table *, int y, int x, int w, const TableRow *, const CodeBook *);

/* A value as a list shows it: quiet where it is empty, sites by their code. Returns its style. */
Style cell_text(const Record *, int field, const CodeBook *, Buffer *);

#endif
