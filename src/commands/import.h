/* Reading records from CSV or JSON: all of a file, or none of it.
 *
 * The first line of CSV names the columns, which are fields of the entity (code, site, state and rev among them). A row
 * whose code the store does not have makes a record: with that code, state and rev where they are given (which takes an
 * admin), else as a new draft. A row whose code it has changes that record, if it differs and, where a rev is given, if
 * nobody changed it since; its state must be as it is, for states move by verbs. A row without a code takes a number
 * beyond those of all codes in the file. Rows of up to IMPORT_ROW_MAX bytes are read as they come, so a file of any size
 * takes the same memory. */
#ifndef JAZARI_COMMANDS_IMPORT_H
#define JAZARI_COMMANDS_IMPORT_H

#include "commands/command.h"

enum { IMPORT_FAULTS = 100, IMPORT_ROW_MAX = 1 << 20 };

typedef struct ImportRequest {
    const Entity *entity;
    const char *file; /* its name, for messages */
    int fd;           /* where it is read */
    const char *op;
    bool dry_run;
    bool (*progress)(void *context, int64_t rows, int64_t bytes); /* now and then; false: stop; NULL: none */
    void *context;
} ImportRequest;

typedef struct ImportReply {
    int64_t rows, added, changed, same;
    Error *faults; /* the first IMPORT_FAULTS of them, each with file, line, field and why */
    int fault_count;
    bool repeated; /* the operation had been done before: nothing was read */
} ImportReply;

/* STATUS_USAGE or another where a row is at fault: nothing was written, and the reply lists them. STATUS_STOPPED where
 * progress() said so: nothing was written. */
Status import_run(Store *, Arena *, const Actor *, const ImportRequest *, ImportReply *, Error *);

#endif
