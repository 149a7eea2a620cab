/* The file of an import, as the command line names it, and what is said while it is read and of its faults. */
#ifndef JAZARI_CLI_IMPORT_SOURCE_H
#define JAZARI_CLI_IMPORT_SOURCE_H

#include "cli/cli.h"

typedef struct ImportSource {
    const char *name; /* for messages */
    int fd;
    int64_t size; /* of a file; 0: not known */
    bool shown;   /* how far it is was said */
} ImportSource;

/* Opens the second word after the command; without one, or where it is "-", it is standard input. STATUS_FAILED where it
 * cannot be. */
Status import_source_open(const Cli *, ImportSource *, Error *);
void import_source_close(ImportSource *);

/* For the request's progress: says on standard error, where that is a terminal, how far it is. context: the source. */
bool import_source_progress(void *context, int64_t rows, int64_t bytes);

/* Prints all faults but the last, which becomes e: what ended the program is printed by main, and so all are in the order
 * of the file. */
void import_source_say_faults(const Error *faults, int count, Error *e);

#endif
