/* For the files of the import alone: the rows of a file as they come out of it, and the queue they come through.
 *
 * Two threads share the work: one reads the file, parses it and prepares the writes (import_read.c), the other writes
 * (import.c). Between them are a few batches of rows, filled and emptied in turn, so that a file of any size takes the
 * same memory. */
#ifndef JAZARI_COMMANDS_IMPORT_PARTS_H
#define JAZARI_COMMANDS_IMPORT_PARTS_H

#include "commands/import.h"
#include "store/page.h"
#include "store/prepared.h"

#include <pthread.h>

enum { IMPORT_COLUMNS_MAX = 64, IMPORT_BATCH = 128, IMPORT_BATCHES = 4 };

/* The highest numbers of the codes that a file gives: what has no code takes a number beyond them, wherever it stands. */
typedef struct ImportCodes {
    int64_t highest[SITE_COUNT][EPOCH_MAX + 1]; /* 0: none */
} ImportCodes;

/* A row of the file. */
typedef struct ImportRow {
    long line;        /* where it begins */
    Record *record;   /* as the file has it */
    Record *fresh;    /* the new record that it makes; NULL where the row is at fault */
    Error unfit;      /* why it makes none, its status STATUS_OK where it does */
    FieldSet given;   /* the fields the file has a place for */
    int64_t rev;      /* 0: not given */
    const char *code; /* of an entity whose records have codes of their own; NULL: none */
    bool has_code, has_state;
    bool whole;               /* all its fields were read, rightly or not */
    const ImportCodes *codes; /* that other rows have, given with the first row that has none; else NULL */
    Prepared write;           /* of the new record */
    Error *faults;
    int fault_count;
} ImportRow;

typedef struct ImportBatch {
    Arena arena;
    ImportRow rows[IMPORT_BATCH];
    int count;
    int64_t bytes; /* of the file, so far */
} ImportBatch;

typedef struct ImportQueue {
    ImportBatch batches[IMPORT_BATCHES];
    int64_t filled, emptied; /* how many batches were, in all */
    bool ended, stopped;     /* by the one who reads, and by the one who writes */
    pthread_mutex_t lock;
    pthread_cond_t moved;
} ImportQueue;

/* What the reading thread knows. */
typedef struct ImportReading {
    const ImportRequest *request;
    Store *store; /* for store_prepare alone */
    CodeBook codes;
    int site;       /* that rows without one belong to */
    Page provinces; /* with their codes: what the store is asked, only the other thread may ask */
    ImportQueue queue;
    ImportBatch *batch;              /* being filled */
    ImportRow *row;                  /* being read */
    long line, row_line;             /* being read; where the row began */
    int64_t bytes;                   /* taken of the file */
    int fd;                          /* the file, or a copy of what can be read but once */
    int64_t start, at;               /* where in it this begins and goes on */
    ImportCodes *given;              /* once they were looked for */
    bool looking;                    /* for codes alone: no row is handed on */
    bool gives_codes;                /* the file has a place for them */
    int columns[IMPORT_COLUMNS_MAX]; /* of a CSV file: fields; -1: passed over */
    int column_count;
    bool header_read, stop;
    Status status; /* of the machine: the file cannot be read */
    Error error;
} ImportReading;

/* --- the queue (import_queue.c) ------------------------------------------------------------------------------------ */

void queue_start(ImportQueue *);
void queue_end(ImportQueue *);
/* The next batch to fill, empty; NULL once the other side has had enough. */
ImportBatch *queue_fill(ImportQueue *);
void queue_filled(ImportQueue *);
/* The next one to empty; NULL once there is no more. */
ImportBatch *queue_empty(ImportQueue *);
void queue_emptied(ImportQueue *);
void queue_stop(ImportQueue *);  /* no more is wanted */
void queue_close(ImportQueue *); /* no more comes */

/* --- reading (import_read.c) ---------------------------------------------------------------------------------------- */

/* The reading thread: the file, to its end or until it is stopped. */
void *import_read(void *reading);

/* For the two forms of files: begins a row; gives it a field as text (field -1 is passed over); ends it. */
void reading_row(ImportReading *);
void reading_field(ImportReading *, int field, const char *text, size_t size);
void reading_row_end(ImportReading *);
/* The field of a column or member; -1 where it is passed over, and where it is at fault, which makes *good false. */
int reading_find(ImportReading *, const char *name, size_t size, bool *good);
/* A fault of the row at hand, or of the file. */
void reading_fault(ImportReading *, const char *field, const char *why);

void import_read_csv(ImportReading *, const char *first, size_t size);  /* import_csv.c; first: what was read already */
void import_read_json(ImportReading *, const char *first, size_t size); /* import_json.c */
/* More bytes of the file; 0 at its end, and where it cannot be read. */
size_t reading_bytes(ImportReading *, char *out, size_t room);

#endif
