/* Reads what Slurm says of its jobs:
 *
 *   TZ=UTC sacct --parsable2 --allusers --format=JobID,Account,User,State,Start,End,ElapsedRaw,AllocTRES
 *
 * a header that names the columns, then a line a job and a line a step, cells parted by '|'. The columns may stand in
 * any order and others are passed over; JobID, Account, State, Start, End, ElapsedRaw and AllocTRES must be there.
 *
 * A job holds what AllocTRES says (GPUs: gres/gpu, else the sum of the gres/gpu:TYPE) for ElapsedRaw seconds, which
 * leaves out the time it was suspended. Steps (12.batch, 12.extern, 12.0) are within their job and are passed over, as is
 * what has not begun (PENDING, an array's 12_[4-9]), what was cancelled before it did (Start None or Unknown), and what
 * holds neither GPU nor CPU. A requeued job may have several lines (sacct --duplicates), one a run, each with its own
 * Start: each is a job here, so that what names a run is its id and its start.
 *
 * Times are taken as UTC. sacct prints the time of the machine it runs on, hence TZ=UTC above; seconds since 1970
 * (SLURM_TIME_FORMAT=%s) are taken too.
 *
 * Lines are hostile: nothing is read past their end, every number is bounded, and text that is kept is cleaned of what
 * cannot be in a name. Nothing is allocated. */
#ifndef JAZARI_CAPACITY_SACCT_H
#define JAZARI_CAPACITY_SACCT_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SACCT_LINE_MAX = 1 << 16, /* bytes; AllocTRES of a large job is a few hundred */
    SACCT_ACCOUNT_SIZE = 65,  /* with the NUL */
    SACCT_RUN_SIZE = 80,      /* with the NUL */
    SACCT_COLUMNS = 7,
};

/* Which column of the file each of the wanted ones is. */
typedef struct SacctHeader {
    int at[SACCT_COLUMNS];
    int count; /* of all columns; 0: the header has not been read */
} SacctHeader;

typedef struct SacctJob {
    char run[SACCT_RUN_SIZE];         /* "12_3@2026-11-20T10:00:00Z": what names this run of it */
    char account[SACCT_ACCOUNT_SIZE]; /* lower case, as Slurm keeps it; "" where it has none */
    int64_t start, end;               /* instants; end is where it stands where it still runs */
    int64_t elapsed;                  /* seconds of use, at most from start to end, above 0 */
    int64_t gpus, cpus;
    bool runs; /* it had not ended when sacct was asked: what it used can only grow */
} SacctJob;

/* Reads the first line. STATUS_USAGE names the column that is missing. A line may end with CR. */
Status sacct_header(SacctHeader *, const char *line, size_t size, Error *);

/* Reads a line; *counts is false for those that are passed over. STATUS_USAGE names the field that makes no sense. */
Status sacct_line(const SacctHeader *, const char *line, size_t size, SacctJob *, bool *counts, Error *);

/* Seconds of so many units that the job used in a week (a number of base/date.h). The weeks add up to the whole: a run
 * that crosses a week's end loses and gains nothing. Where it was suspended, its use is spread evenly over the time from
 * start to end. */
int64_t sacct_week(const SacctJob *, int64_t units, int week);
int sacct_first_week(const SacctJob *);
int sacct_last_week(const SacctJob *);

/* Lower-cases an account's name in place, ASCII alone, as Slurm's database does. */
void sacct_fold_account(char *text);

#endif
