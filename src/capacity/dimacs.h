/* Reads minimum-cost flow problems in the DIMACS format ("p min"), as NETGEN and its like write them:
 *
 *     c anything                               a comment
 *     p min NODES ARCS                         the first line that is no comment
 *     n NODE SUPPLY                            at most one a node, from 1; others supply nothing
 *     a FROM TO LOWER CAPACITY COST            as many as the p line says
 *
 * Empty lines, space before and after, and CR LF are taken too. A negative capacity below the lower bound means there
 * is none, as other readers have it; so does 2^63 - 1. The format: DIMACS, "The First DIMACS International Algorithm Implementation
 * Challenge: Problem Definitions and Specifications", 1990.
 *
 * The file is read once from beginning to end, in pieces of fixed size: it may be a pipe, and of any length. What is read is
 * handed over line by line; memory is one bit a node. Anything else than the above ends the reading with STATUS_USAGE,
 * and the Error says file, line and what was expected; a file that cannot be read, with STATUS_FAILED. */
#ifndef JAZARI_CAPACITY_DIMACS_H
#define JAZARI_CAPACITY_DIMACS_H

#include "base/status.h"

#include <stdint.h>
#include <stdio.h>

/* Takes what is read. Nodes are numbered from 0 here, `upper` is MINCOST_UNLIMITED where there is no capacity, and
 * upper >= lower. Nodes and arcs have been checked against the p line. What does not return STATUS_OK ends the reading
 * and becomes its result, with file and line added to the Error. `arc` is the number of the arc, from 0. */
typedef struct DimacsSink {
    void *context;
    Status (*problem)(void *context, int64_t nodes, int64_t arcs,
                      Error *); /* first, once; says no to what is too big */
    Status (*supply)(void *context, int64_t node, int64_t supply, Error *);
    Status (*arc)(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                  Error *);
} DimacsSink;

/* `name` is the file's, for errors. The file is left open, wherever reading ended. */
Status dimacs_read(FILE *file, const char *name, const DimacsSink *, Error *);

#endif
