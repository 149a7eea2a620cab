/* A small CSV text as a table in memory. */
#include "base/csv_table.h"

#include "base/embedded.h"
#include "base/intl.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

enum { COLUMNS_MAX = 32 };

typedef struct Reader {
    Arena *arena;
    CsvTable *table;
    const char *row[COLUMNS_MAX];
    int count, room;
} Reader;

static void on_cell(void *bytes, size_t size, void *context) {
    Reader *r = context;
    if (r->count < COLUMNS_MAX) r->row[r->count++] = arena_copy(r->arena, bytes, size);
}

static void on_row(int end, void *context) {
    Reader *r = context;
    CsvTable *t = r->table;
    (void)end;
    if (!t->columns) {
        t->columns = r->count;
        t->names = arena_array(r->arena, (size_t)r->count, sizeof *t->names);
        memcpy(t->names, r->row, (size_t)r->count * sizeof *t->names);
    } else {
        if (t->rows == r->room) {
            r->room = r->room ? r->room * 2 : 64;
            const char **more = arena_array(r->arena, (size_t)r->room * (size_t)t->columns, sizeof *more);
            if (t->rows) memcpy(more, t->cells, (size_t)t->rows * (size_t)t->columns * sizeof *more);
            t->cells = more;
        }
        for (int i = 0; i < t->columns; i++) {
            t->cells[t->rows * t->columns + i] = i < r->count ? r->row[i] : "";
        }
        t->rows++;
    }
    r->count = 0;
}

Status csv_table_read(Arena *arena, const char *bytes, size_t size, CsvTable *table, Error *e) {
    struct csv_parser parser;
    Reader reader = {.arena = arena, .table = table};
    *table = (CsvTable){0};
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) return error_set(e, STATUS_FAILED, NULL, "csv");
    bool good = csv_parse(&parser, bytes, size, on_cell, on_row, &reader) == size;
    good = good && csv_fini(&parser, on_cell, on_row, &reader) == 0;
    csv_free(&parser);
    return good ? STATUS_OK : error_set(e, STATUS_USAGE, NULL, _("row %d is not CSV"), table->rows + 2);
}

Status csv_table_embedded(Arena *arena, const char *name, CsvTable *table, Error *e) {
    const Embedded *file = embedded_find(name);
    if (!file) return error_set(e, STATUS_FAILED, NULL, _("%s is missing"), name);
    Status s = csv_table_read(arena, file->bytes, file->size, table, e);
    if (s != STATUS_OK) error_at(e, name, 0);
    return s;
}

const char *csv_table_cell(const CsvTable *t, int row, const char *column) {
    for (int i = 0; i < t->columns; i++) {
        if (!strcmp(t->names[i], column)) return t->cells[row * t->columns + i];
    }
    return "";
}
