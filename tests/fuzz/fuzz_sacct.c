/* Any bytes as Slurm's accounts, a line at a time: each line is refused with why, passed over, or a run whose weeks are
 * few, hold what a usage record may hold, are none below zero, and add up to what the run used in all. */
#include "base/date.h"
#include "base/text.h"
#include "capacity/sacct.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static void check_weeks(const SacctJob *job, int64_t units) {
    const int64_t seconds_max = INT64_C(3600000000000);
    int first = sacct_first_week(job), last = sacct_last_week(job);
    int64_t sum = 0, all = units * job->elapsed;
    must(first <= last && last - first <= 530, "a run lasts ten years at most");
    for (int week = first; week <= last; week++) {
        int64_t seconds = sacct_week(job, units, week);
        must(seconds >= 0 && seconds <= seconds_max, "a week's use is what a record may hold");
        sum += seconds;
    }
    must(sum == all, "the weeks add up to the run");
    must(!sacct_week(job, units, first - 1) && !sacct_week(job, units, last + 1), "nothing lies outside");
}

static void check_job(const SacctJob *job) {
    char text[WEEK_SIZE];
    int week;
    must(job->elapsed > 0 && job->end >= job->start && job->elapsed <= job->end - job->start, "it took its time");
    must(job->gpus >= 0 && job->cpus >= 0 && job->gpus + job->cpus > 0, "it held something");
    must(text_is_clean(job->account, strlen(job->account), false), "the account is clean");
    must(text_is_clean(job->run, strlen(job->run), false) && strlen(job->run) > 20, "the run has a name");
    week_write(sacct_last_week(job), text);
    must(week_parse(text, strlen(text), &week), "its weeks are weeks");
    check_weeks(job, job->gpus);
    check_weeks(job, job->cpus);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    SacctHeader header = {0};
    const char *at = (const char *)bytes, *end = at + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((stop ? stop : end) - at);
        /* A copy of exactly its size, so that a sanitizer sees a read beyond it. */
        char *copy = malloc(line + !line);
        Error e = {0};
        SacctJob job;
        bool counts = false;
        if (!copy) abort();
        memcpy(copy, at, line);
        Status s =
            header.count ? sacct_line(&header, copy, line, &job, &counts, &e) : sacct_header(&header, copy, line, &e);
        must(s == STATUS_OK || (s == STATUS_USAGE && *e.why), "what is refused says why");
        must(text_is_clean(e.why, strlen(e.why), false), "what is said is clean");
        must(s == STATUS_OK || !counts, "what is refused does not count");
        if (counts) check_job(&job);
        free(copy);
        at = stop ? stop + 1 : end;
    }
    return 0;
}
