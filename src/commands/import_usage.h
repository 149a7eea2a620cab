/* Reading what was used from the accounts of a machine: all of a file, or none of it where a line makes no sense.
 *
 * Each run of a job becomes a usage record a week, of the allocation that names its account (of the site acted for) and
 * books that week, with what names the run as the record's reference. Where several do, they are filled up to what they
 * booked, the one that begins first first, and the last of them takes the rest. What is recorded of a run is brought to
 * what the file says of it: a run seen before adds nothing, one that still ran then adds the difference, below zero where
 * the machine changed its mind. A line of a run that had not ended never takes anything back. So the same file twice
 * changes nothing, files may overlap, and an older one may come after a newer.
 *
 * Records keep seconds, and their quantities are such that those of an allocation's week add up to its hours, rounded
 * once: a thousand runs of a second are not nothing.
 *
 * GPU hours go to allocations of GPU hours, CPU hours to those of CPU hours. Hours of accounts that no allocation names,
 * or only one that was never started, and of weeks that none of those it names books, are not recorded but counted in
 * the reply. */
#ifndef JAZARI_COMMANDS_IMPORT_USAGE_H
#define JAZARI_COMMANDS_IMPORT_USAGE_H

#include "capacity/sacct.h"
#include "commands/command.h"

enum { USAGE_FAULTS = 100, USAGE_STRANGERS = 1000 };

typedef struct UsageImportRequest {
    const char *file; /* its name, for messages */
    int fd;
    const char *op;
    bool dry_run;
    bool (*progress)(void *context, int64_t lines, int64_t bytes); /* now and then; false: stop; NULL: none */
    void *context;
} UsageImportRequest;

/* An account whose hours were not recorded: no allocation in use names it, or (first > 0) they lie outside of what
 * those have booked. One account may be both. */
typedef struct StrangeAccount {
    char account[SACCT_ACCOUNT_SIZE];
    int64_t jobs, gpu, cpu; /* thousandths of hours, rounded up; of strangers cpu only of jobs that held no GPU */
    int64_t allocation;     /* that names it and was never started; 0: none does */
    int state;              /* of that allocation */
    int first, last;        /* the weeks that nothing is booked for */
} StrangeAccount;

typedef struct UsageImportReply {
    int64_t lines, jobs;     /* read; runs among them that used something */
    int64_t added, same;     /* usage records written; run weeks that were recorded already */
    StrangeAccount *strange; /* by name, those outside of what is booked last */
    int strange_count;       /* at most USAGE_STRANGERS; the last one, "*", stands for all beyond */
    Error *faults;           /* the first USAGE_FAULTS */
    int fault_count;
    bool repeated; /* the operation had been done before: nothing was read */
} UsageImportReply;

/* STATUS_USAGE where a line makes no sense: nothing was written. Accounts without allocation are no failure here.
 * STATUS_STOPPED where progress() said so: nothing was written. */
Status import_usage(Store *, Arena *, const Actor *, const UsageImportRequest *, UsageImportReply *, Error *);

#endif
