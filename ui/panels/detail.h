/* A record in full: its fields, what hangs on it, and its latest history, as lines one can walk through. Lines that lead
 * to another record can be opened. Used beside lists and as a page of its own. */
#ifndef JAZARI_PANELS_DETAIL_H
#define JAZARI_PANELS_DETAIL_H

#include "panels/app.h"

enum { DETAIL_RUNS = 8 };

typedef struct DetailRun {
    const char *text;
    Style style;
} DetailRun;

typedef enum DetailKind { DETAIL_BLANK, DETAIL_SECTION, DETAIL_FIELD, DETAIL_ROW } DetailKind;

typedef struct DetailLine {
    DetailKind kind;
    const char *label; /* of a field: in the left column; of a section: its title; of a row: its code */
    DetailRun runs[DETAIL_RUNS];
    int run_count;
    const char *right; /* at the right edge; NULL: nothing */
    Style right_style;
    const char *symbol; /* of a row, before the code */
    Style symbol_style;
    int64_t part, whole; /* whole > 0: a gauge, before the text */
    const Entity *link;  /* where Enter leads; NULL: nowhere */
    int64_t id;
} DetailLine;

typedef struct Detail {
    const Entity *entity;
    int64_t id;
    Record *record; /* with all its fields */
    Arena arena;
    DetailLine *lines;
    int count, room;
    int width;       /* the lines were made for */
    int top, cursor; /* cursor: a line that leads somewhere, or -1 */
    int label_width;
    Rect at;           /* where its lines were drawn last */
    char editors[120]; /* who else has it open for editing; "": nobody */
    Error error;       /* why there is nothing to show */
} Detail;

/* Of an allocation whose turn is one's own: "you answer"; else NULL. */
const char *own_turn(const Service *, const Record *);

/* Reads a record and makes its lines. Where it is the one shown already, keeps the place. */
void detail_load(Detail *, Service *, const Entity *, int64_t id, int width);
/* Looks who else has it open now. */
void detail_look(Detail *, App *);
void detail_free(Detail *);
/* Marks what is out of sight in the column to the right of the rectangle. */
void detail_draw(Detail *, Rect, bool focused);
/* Its lines alone, without the record's title. */
void detail_draw_lines(Detail *, Rect, bool focused);
/* Moves among the lines; false where the key is not for it. */
bool detail_event(Detail *, const Event *, int height);
/* The keys go to it now: on the first line in sight that leads somewhere, unless it is on one already. */
void detail_start(Detail *, int height);
/* Goes to the row of a record that hangs on this one; false where there is none. */
bool detail_show(Detail *, const Entity *, int64_t id, int height);
/* The line Enter is on; NULL where it leads nowhere. */
const DetailLine *detail_current(const Detail *);

/* For the files that make lines. */
DetailLine *detail_add(Detail *, DetailKind, const char *label);
void detail_run(Detail *, DetailLine *, Style, const char *text); /* copies */
void detail_section(Detail *, const char *title);
/* A row for each record of a list; returns how many, -1 where it cannot be read. */
int detail_rows(Detail *, Service *, const ListRequest *, bool *more);
/* What hangs on the record, and its history. */
void detail_related(Detail *, Service *);
void detail_history(Detail *, Service *);
/* What was done, in a word or two: the verb's label. */
const char *entry_verb(const JournalEntry *);
/* What a change was, in words: "due: 30 Nov → 10 Nov". */
void change_text(const JournalEntry *, const CodeBook *, Buffer *);

#endif
