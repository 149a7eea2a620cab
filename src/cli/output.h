/* Records going out: aligned text for reading, JSON and CSV for programs. All of it cleaned. */
#ifndef JAZARI_CLI_OUTPUT_H
#define JAZARI_CLI_OUTPUT_H

#include "cli/cli.h"

enum { COLUMNS_MOST = 64 };

/* Which fields, in which order. */
typedef struct Columns {
    const Entity *entity;
    int fields[COLUMNS_MOST];
    int count;
    bool named; /* asked for by name: none of them is left out */
    FieldSet set;
} Columns;

/* Those named (parted by commas), or, with names NULL: for text the listed ones, else all that a record's form has. */
Status columns_choose(const Entity *, const char *names, CliForm, Columns *, Error *);

/* A record as one JSON object. extra: more members, already written, each after a comma; may be NULL. */
void output_json(Buffer *, const Columns *, const Record *, const CodeBook *, const Buffer *extra);

/* A member of an object that has begun, after a comma where there was one before: a number with `scale` decimals, a text,
 * a week. */
void output_json_number(Buffer *, const char *key, int64_t number, int scale);
void output_json_text(Buffer *, const char *key, const char *text);
void output_json_week(Buffer *, const char *key, int week);

/* One CSV line; with record NULL the header. */
void output_csv(Buffer *, const Columns *, const Record *, const CodeBook *);

/* A cell that no spreadsheet takes for a formula, quoted as needed. */
void output_csv_cell(Buffer *, const char *text, size_t size);

/* Text in columns: the widths are those of the rows given first. On a terminal that is too narrow columns leave by their
 * ranks, and texts are cut; what is no text is never cut. */
typedef struct TextTable {
    Columns columns;
    int widths[COLUMNS_MOST];
    int room; /* of the terminal; 0: any */
} TextTable;

void text_table_start(TextTable *, const Columns *, Record *const *rows, int count, const CodeBook *, Buffer *out);
void text_table_row(TextTable *, const Record *, const CodeBook *, Buffer *out);

/* Label and value, line by line; on a terminal a long one is broken at words and goes on below its beginning. */
void output_record(Buffer *, const Record *, const CodeBook *);

/* Writes the buffer to standard output and empties it; STATUS_FAILED where that fails. */
Status output_flush(Buffer *, Error *);

int output_terminal_width(void); /* 0 where standard output is no terminal */

#endif
