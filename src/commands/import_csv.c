/* Records as CSV. libcsv parses; it is fed line by line, so that the line of each row is known. */
#include "commands/import_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 1 << 16 };

typedef struct Cell {
    size_t at, size;
} Cell;

typedef struct CsvReading {
    ImportReading *r;
    Buffer text; /* the row's cells, one after another */
    Cell cells[IMPORT_COLUMNS_MAX];
    int cell_count; /* of the row, though no more than IMPORT_COLUMNS_MAX of them are kept */
    int64_t row_bytes;
} CsvReading;

/* --- the header --------------------------------------------------------------------------------------------------- */

static const char *cell_text(const CsvReading *c, int i) {
    return buffer_string(&c->text) + c->cells[i].at;
}

/* Whether commas part the header's names, in UTF-8. What spreadsheets write elsewhere is refused by its name. */
static bool is_header(CsvReading *c) {
    const char *first = cell_text(c, 0), *why = NULL;
    size_t size = c->cells[0].size;
    if (size > 1 && (!memcmp(first, "\xff\xfe", 2) || !memcmp(first, "\xfe\xff", 2)))
        why = _("the file is UTF-16: save it as CSV in UTF-8");
    else if (c->cell_count == 1 && memchr(first, ';', size))
        why = _("semicolons part the columns: save the file as CSV with commas");
    else if (c->cell_count == 1 && memchr(first, '\t', size))
        why = _("tabs part the columns: save the file as CSV with commas");
    if (why) reading_fault(c->r, NULL, why);
    return !why;
}

static void take_header(CsvReading *c) {
    ImportReading *r = c->r;
    const Entity *entity = r->request->entity;
    const int count = c->cell_count < IMPORT_COLUMNS_MAX ? c->cell_count : IMPORT_COLUMNS_MAX;
    bool good = is_header(c);
    r->column_count = good ? count : 0;
    for (int i = 0; i < r->column_count; i++) {
        int field = reading_find(r, cell_text(c, i), c->cells[i].size, &good);
        for (int k = 0; k < i && field >= 0; k++) {
            if (r->columns[k] != field) continue;
            reading_fault(r, entity->fields[field].name, _("the column stands twice"));
            good = false;
        }
        r->columns[i] = field;
    }
    if (!good) r->stop = true;
    r->row = NULL;
    r->header_read = true;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* A cell as it was before CSV: what a spreadsheet would take for a formula is written behind an apostrophe. */
static void unguard(const char **text, size_t *size) {
    if (*size > 1 && (*text)[0] == '\'' && strchr("=+-@\t\r'", (*text)[1])) {
        ++*text;
        --*size;
    }
}

static void take_row(CsvReading *c) {
    ImportReading *r = c->r;
    reading_row(r);
    if (c->cell_count != r->column_count) {
        Buffer why = {0};
        buffer_format(&why, _("the row has %d cells and the header %d"), c->cell_count, r->column_count);
        reading_fault(r, NULL, why.bytes);
        buffer_free(&why);
        r->row = NULL;
        return;
    }
    for (int i = 0; i < c->cell_count; i++) {
        const char *text = cell_text(c, i);
        size_t size = c->cells[i].size;
        unguard(&text, &size);
        reading_field(r, r->columns[i], text, size);
    }
    reading_row_end(r);
}

static void on_cell(void *bytes, size_t size, void *context) {
    CsvReading *c = context;
    if (c->cell_count++ >= IMPORT_COLUMNS_MAX) return;
    c->cells[c->cell_count - 1] = (Cell){.at = c->text.size, .size = size};
    buffer_add(&c->text, bytes, size);
    buffer_add_char(&c->text, 0);
}

static void on_row(int end, void *context) {
    CsvReading *c = context;
    (void)end;
    if (!c->r->stop && !c->r->header_read) take_header(c);
    else if (!c->r->stop) take_row(c);
    buffer_clear(&c->text);
    c->cell_count = 0;
    c->row_bytes = 0;
    c->r->row_line = c->r->line + 1;
}

/* --- the file ------------------------------------------------------------------------------------------------------ */

/* Feeds one piece of a physical line. */
static void feed(CsvReading *c, struct csv_parser *p, const char *bytes, size_t size) {
    c->row_bytes += (int64_t)size;
    c->r->bytes += (int64_t)size;
    if (c->row_bytes <= IMPORT_ROW_MAX && csv_parse(p, bytes, size, on_cell, on_row, c) == size) return;
    if (c->row_bytes > IMPORT_ROW_MAX)
        reading_fault(c->r, NULL, _("the row is longer than a mebibyte: is a quotation mark missing?"));
    else
        reading_fault(
            c->r, NULL,
            csv_error(p) == CSV_EPARSE ? _("a quotation mark stands where none may") : csv_strerror(csv_error(p)));
    c->r->stop = true;
}

static void feed_lines(CsvReading *c, struct csv_parser *p, const char *bytes, size_t size) {
    ImportReading *r = c->r;
    while (size && !r->stop) {
        const char *end = memchr(bytes, '\n', size);
        size_t n = end ? (size_t)(end - bytes) + 1 : size;
        feed(c, p, bytes, n);
        if (end) r->line++;
        /* A row that ended with this line was told that it ended on the line before the next. */
        if (end && !c->row_bytes) r->row_line = r->line;
        bytes += n;
        size -= n;
    }
}

void import_read_csv(ImportReading *r, const char *first, size_t size) {
    struct csv_parser parser;
    CsvReading c = {.r = r};
    char *chunk = memory_new(READ_SIZE);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0) abort();
    csv_set_blk_size(&parser, READ_SIZE); /* a long cell grows by this, not by the library's 128 bytes */
    feed_lines(&c, &parser, first, size);
    while (!r->stop && (size = reading_bytes(r, chunk, READ_SIZE)) > 0) {
        feed_lines(&c, &parser, chunk, size);
    }
    if (!r->stop && csv_fini(&parser, on_cell, on_row, &c) != 0)
        reading_fault(r, NULL, _("the file ends within quotation marks"));
    if (!r->stop && !r->header_read)
        reading_fault(r, NULL, _("the file is empty: its first line must name the columns"));
    csv_free(&parser);
    buffer_free(&c.text);
    free(chunk);
}
