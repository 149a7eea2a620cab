/* Files of data/ that are part of the program (schema, reference data, defaults), so that one file runs anywhere. */
#ifndef JAZARI_BASE_EMBEDDED_H
#define JAZARI_BASE_EMBEDDED_H

#include <stddef.h>

typedef struct Embedded {
    const char *name;  /* "schema/001-network.sql" */
    const char *bytes; /* followed by a NUL that size does not count */
    size_t size;
} Embedded;

extern const Embedded embedded_files[]; /* ended by a row of zeroes */

const Embedded *embedded_find(const char *name); /* NULL where there is none */

#endif
