/* A small CSV text as a table in memory: for files that are part of the program. */
#ifndef JAZARI_BASE_CSV_TABLE_H
#define JAZARI_BASE_CSV_TABLE_H

#include "base/arena.h"
#include "base/status.h"

typedef struct CsvTable {
    const char **cells; /* of the rows after the header, row by row; "" where a row is short */
    const char **names; /* of the columns */
    int columns, rows;
} CsvTable;

/* Everything is the arena's. */
Status csv_table_read(Arena *, const char *bytes, size_t size, CsvTable *, Error *);

/* The embedded file of that name. */
Status csv_table_embedded(Arena *, const char *name, CsvTable *, Error *);

/* The cell in the named column ("" where there is no such column). Rows from 0. */
const char *csv_table_cell(const CsvTable *, int row, const char *column);

#endif
