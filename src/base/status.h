/* What became of something that can fail, and why.
 *
 * Every function that can fail returns a Status and, on anything but STATUS_OK, fills the Error it was given: what was
 * wrong, in which file, line and field, and what would be right. Nothing below the command line and the screen prints. */
#ifndef JAZARI_BASE_STATUS_H
#define JAZARI_BASE_STATUS_H

#include <stddef.h>

/* The first seven are the program's exit codes and never change their numbers. */
typedef enum Status {
    STATUS_OK = 0,
    STATUS_FAILED = 1,    /* the machine said no: input and output, memory, a damaged store */
    STATUS_USAGE = 2,     /* what was asked makes no sense: an unknown word, a value out of bounds */
    STATUS_DENIED = 3,    /* this person, here, may not */
    STATUS_CONFLICT = 4,  /* someone wrote first, or a rule would be broken */
    STATUS_NOT_FOUND = 5, /* no such record */
    STATUS_BUSY = 6,      /* the store is held by another for too long */
    STATUS_STOPPED = 7,   /* interrupted by whoever asked (a key came while a query ran); never an exit code */
} Status;

/* Text is UTF-8 and NUL-terminated; empty where it does not apply. An over-long text is cut at a character. */
typedef struct Error {
    Status status;
    char file[256];
    long line;      /* in file, from 1; 0: none */
    char field[64]; /* the field's name, as in the command line */
    char why[512];  /* a whole sentence in the user's language */
} Error;

/* Fills e (which may be NULL) and returns status. field may be NULL. */
Status error_set(Error *e, Status status, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds where it happened, unless a deeper place is known already; returns e's status. */
Status error_at(Error *e, const char *file, long line);

/* Writes "file:line: field: why" into out, always terminated; returns out. */
char *error_text(const Error *e, char *out, size_t size);

#endif
