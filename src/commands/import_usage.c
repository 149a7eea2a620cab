/* Usage from Slurm's accounts. Read line by line in bounded memory; each week of each run is compared with what is
 * recorded, within the one transaction. */
#include "commands/import_usage.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "commands/repeat.h"
#include "commands/usage_weeks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_LINES = 5000, SLOTS = 2 * USAGE_STRANGERS + 1 };

typedef struct UsageImport {
    Store *store;
    Arena *arena; /* the reply's */
    Arena run;    /* reset for each line */
    UsageWeeks *weeks;
    const Actor *actor;
    const UsageImportRequest *request;
    UsageImportReply *reply;
    SacctHeader header;
    char *buffer; /* a line at its front */
    size_t held;
    int64_t bytes;
    int now; /* this week, UTC */
    bool stop;
    int *slots; /* of the strange accounts, by hash: index + 1; 0: none */
    Status status;
    Error *error;
} UsageImport;

static void add_fault(UsageImport *m, const Error *fault) {
    UsageImportReply *r = m->reply;
    if (fault->status == STATUS_FAILED || fault->status == STATUS_BUSY) {
        *m->error = *fault;
        m->status = fault->status;
        m->stop = true;
        return;
    }
    if (!r->faults) r->faults = arena_array(m->arena, USAGE_FAULTS, sizeof *r->faults);
    Error *e = &r->faults[r->fault_count];
    *e = *fault;
    text_copy(e->file, sizeof e->file, m->request->file);
    e->line = (long)r->lines;
    if (++r->fault_count == USAGE_FAULTS) m->stop = true;
}

/* --- what is not recorded ----------------------------------------------------------------------------------------- */

static StrangeAccount *stranger(UsageImport *m, const char *account, bool outside) {
    UsageImportReply *r = m->reply;
    unsigned hash = outside ? 2166136262u : 2166136261u;
    for (const char *c = account; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    size_t slot = hash % SLOTS;
    for (; m->slots[slot]; slot = (slot + 1) % SLOTS) {
        StrangeAccount *a = &r->strange[m->slots[slot] - 1];
        if ((a->first > 0) == outside && !strcmp(a->account, account)) return a;
    }
    if (r->strange_count == USAGE_STRANGERS) return &r->strange[USAGE_STRANGERS - 1];
    bool last = r->strange_count == USAGE_STRANGERS - 1;
    StrangeAccount *a = &r->strange[r->strange_count++];
    *a = (StrangeAccount){0};
    text_copy(a->account, sizeof a->account, last ? "*" : account);
    if (!last) m->slots[slot] = r->strange_count;
    return a;
}

/* A run's use of one kind that nothing takes. */
typedef struct Missed {
    int64_t seconds;
    int first, last; /* weeks; 0: none */
} Missed;

static void miss(Missed *m, int week, int64_t seconds) {
    if (!m->first || week < m->first) m->first = week;
    if (week > m->last) m->last = week;
    m->seconds += seconds;
}

/* Adds up to the largest number there is: nobody bounds how many lines a file has. */
static void add_seconds(int64_t *sum, int64_t seconds) {
    if (__builtin_add_overflow(*sum, seconds, sum)) *sum = INT64_MAX;
}

static StrangeAccount *note_stranger(UsageImport *m, const SacctJob *job, int64_t kind, const Missed *missed,
                                     bool outside) {
    StrangeAccount *a = stranger(m, *job->account ? job->account : "-", outside);
    a->jobs++;
    add_seconds(kind == KIND_GPU_HOUR ? &a->gpu : &a->cpu, missed->seconds);
    return a;
}

static void note_outside(UsageImport *m, const SacctJob *job, int64_t kind, const Missed *missed) {
    StrangeAccount *a = note_stranger(m, job, kind, missed, true);
    if (!a->first || missed->first < a->first) a->first = missed->first;
    if (missed->last > a->last) a->last = missed->last;
}

static int by_name(const void *a, const void *b) {
    const StrangeAccount *x = a, *y = b;
    if (!x->first != !y->first) return x->first ? 1 : -1;
    return strcmp(x->account, y->account);
}

/* Seconds to thousandths of an hour, rounded up: a job of a second is not nothing. */
static int64_t at_most(int64_t seconds) {
    return seconds / 18 * 5 + (seconds % 18 * 5 + 17) / 18;
}

static void settle_strangers(UsageImportReply *r) {
    for (int i = 0; i < r->strange_count; i++) {
        r->strange[i].gpu = at_most(r->strange[i].gpu);
        r->strange[i].cpu = at_most(r->strange[i].cpu);
    }
    if (r->strange_count) qsort(r->strange, (size_t)r->strange_count, sizeof *r->strange, by_name);
}

/* --- runs --------------------------------------------------------------------------------------------------------- */

/* To the nearest. */
static int64_t thousandths(int64_t seconds) {
    return (seconds * 10 + 18) / 36;
}

/* So many seconds of the run to an allocation's week, or back from it. */
static Status write_usage(UsageImport *m, const SacctJob *job, UsageWeek *use, int64_t seconds, Error *e) {
    Record *r = record_new(&m->run, &entity_usage);
    char week[WEEK_SIZE];
    week_write(use->week, week);
    use->seconds += seconds;
    int64_t quantity = thousandths(use->seconds) - use->quantity;
    use->quantity += quantity;
    r->values[COMMON_SITE] = value_number(m->actor->site);
    r->values[USAGE_ALLOCATION] = value_number(use->allocation);
    r->values[USAGE_WEEK] = value_text(arena_string(&m->run, week), WEEK_SIZE - 1);
    r->values[USAGE_QUANTITY] = value_number(quantity);
    r->values[USAGE_SOURCE] = value_number(SOURCE_SLURM);
    r->values[USAGE_REFERENCE] = value_text(job->run, strlen(job->run));
    r->values[USAGE_SECONDS] = value_number(seconds);
    Status s = store_write(m->store, NULL, r, "import", e);
    if (s == STATUS_OK) m->reply->added++;
    return s;
}

/* A run's use of one kind, and what is recorded of it. */
typedef struct Run {
    const SacctJob *job;
    int64_t kind;
    RunWeek *known;
    int count;
    Missed missed;
} Run;

/* What is recorded of one week; *last gets the newest of it, -1 where nothing is. */
static RunWeek recorded(const Run *run, int week, int *last) {
    RunWeek sum = {.week = week};
    *last = -1;
    for (int i = 0; i < run->count; i++) {
        if (run->known[i].week != week) continue;
        sum.seconds += run->known[i].seconds;
        sum.quantity += run->known[i].quantity;
        sum.rounded = sum.rounded || run->known[i].rounded;
        *last = i;
    }
    return sum;
}

static Status take_back(UsageImport *m, const Run *run, int week, int64_t seconds, Error *e) {
    Status s = STATUS_OK;
    for (int i = run->count - 1; i >= 0 && seconds > 0 && s == STATUS_OK; i--) {
        const RunWeek *k = &run->known[i];
        int64_t part = k->seconds < seconds ? k->seconds : seconds;
        UsageWeek *use;
        if (k->week != week || part <= 0) continue;
        s = usage_weeks_of(m->weeks, k->allocation, week, &use, e);
        if (s == STATUS_OK) s = write_usage(m, run->job, use, -part, e);
        seconds -= part;
    }
    return s;
}

static bool takes(UsageWeek *const *takers, int count, const Run *run, int week) {
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < run->count; k++) {
            if (run->known[k].week == week && run->known[k].allocation == takers[i]->allocation) return true;
        }
    }
    return false;
}

/* Whom a week of the run goes to. What was recorded on an allocation stays there and goes on there, whatever account it
 * has today, as long as it books the week. */
static Status find_takers(UsageImport *m, const Run *run, int week, int last, UsageWeek ***takers, int *count,
                          Error *e) {
    Status s = usage_weeks_takers(m->weeks, run->kind, run->job->account, week, takers, count, e);
    if (s != STATUS_OK || !run->count || (last < 0 ? *count > 0 : takes(*takers, *count, run, week))) return s;
    UsageWeek **one = arena_array(&m->run, 1, sizeof *one);
    s = usage_weeks_of(m->weeks, run->known[last < 0 ? run->count - 1 : last].allocation, week, one, e);
    if (s != STATUS_OK || (last < 0 && !(*one)->booked)) return s;
    *takers = one;
    *count = 1;
    return STATUS_OK;
}

/* Up to what each booked, the rest to the last. */
static Status fill(UsageImport *m, const SacctJob *job, UsageWeek *const *takers, int count, int64_t seconds,
                   Error *e) {
    Status s = STATUS_OK;
    for (int i = 0; i < count && seconds > 0 && s == STATUS_OK; i++) {
        int64_t room = (takers[i]->booked - takers[i]->by_hand) * 18 / 5 - takers[i]->seconds;
        int64_t part = i == count - 1 || room > seconds ? seconds : room;
        if (part <= 0) continue;
        s = write_usage(m, job, takers[i], part, e);
        seconds -= part;
    }
    return s;
}

/* Brings what is recorded of one week to what the run used in it. */
static Status settle_week(UsageImport *m, Run *run, int week, int64_t seconds, Error *e) {
    UsageWeek **takers;
    int count, last;
    RunWeek was = recorded(run, week, &last);
    int64_t more = seconds - was.seconds;
    if (was.rounded && thousandths(seconds) == was.quantity) more = 0;
    /* An older file, of when it still ran, takes nothing back from what a later one said. */
    if (!more || (run->job->runs && more < 0)) {
        m->reply->same += last >= 0 && (seconds || was.seconds);
        return STATUS_OK;
    }
    if (more < 0) return take_back(m, run, week, -more, e);
    Status s = find_takers(m, run, week, last, &takers, &count, e);
    if (s != STATUS_OK) return s;
    if (!count) miss(&run->missed, week, more);
    return fill(m, run->job, takers, count, more, e);
}

/* Records a run's use of one kind. */
static Status record_run(UsageImport *m, Run *run, int64_t units, Error *e) {
    const SacctJob *job = run->job;
    int first = sacct_first_week(job), last = sacct_last_week(job);
    Status s = usage_of_run(m->store, &m->run, m->actor->site, run->kind, job->run, &run->known, &run->count, e);
    for (int week = first; week <= last && s == STATUS_OK; week++) {
        s = settle_week(m, run, week, sacct_week(job, units, week), e);
    }
    for (int i = 0; i < run->count && s == STATUS_OK && !job->runs; i++) {
        bool once = !i || run->known[i].week != run->known[i - 1].week;
        if (once && (run->known[i].week < first || run->known[i].week > last))
            s = settle_week(m, run, run->known[i].week, 0, e);
    }
    return s;
}

static bool in_use(int state) {
    return state == ALLOCATION_ACTIVE || state == ALLOCATION_COMPLETED || state == ALLOCATION_RELEASED ||
           state == ALLOCATION_REVOKED;
}

/* Tells of what no allocation took. A project of GPU hours may also run jobs without any GPU, and take CPUs along with
 * GPUs: those hours are nobody's loss. */
static Status tell_missed(UsageImport *m, const Run *run, Error *e) {
    const SacctJob *job = run->job;
    int64_t allocation;
    int state;
    if (!run->missed.first) return STATUS_OK;
    Status s =
        usage_named(m->store, m->actor->site, run->kind, job->account, run->missed.first, &allocation, &state, e);
    if (s != STATUS_OK) return s;
    if (in_use(state)) {
        note_outside(m, job, run->kind, &run->missed);
        return STATUS_OK;
    }
    if (run->kind == KIND_CPU_HOUR && job->gpus) return STATUS_OK;
    if (run->kind == KIND_CPU_HOUR)
        s = usage_named(m->store, m->actor->site, 0, job->account, run->missed.first, &allocation, &state, e);
    if (s != STATUS_OK || (run->kind == KIND_CPU_HOUR && in_use(state))) return s;
    StrangeAccount *a = note_stranger(m, job, run->kind, &run->missed, false);
    a->allocation = allocation;
    a->state = state;
    return STATUS_OK;
}

static Status take_job(UsageImport *m, const SacctJob *job, Error *e) {
    Run gpu = {.job = job, .kind = KIND_GPU_HOUR}, cpu = {.job = job, .kind = KIND_CPU_HOUR};
    if (sacct_last_week(job) > m->now)
        return error_set(e, STATUS_USAGE, "End", _("it lies ahead: is the time of sacct UTC (TZ=UTC sacct ...)?"));
    m->reply->jobs++;
    Status s = STATUS_OK;
    if (job->gpus) s = record_run(m, &gpu, job->gpus, e);
    if (s == STATUS_OK && job->cpus) s = record_run(m, &cpu, job->cpus, e);
    if (s == STATUS_OK) s = tell_missed(m, &gpu, e);
    return s == STATUS_OK ? tell_missed(m, &cpu, e) : s;
}

static void take_line(UsageImport *m, const char *line, size_t size) {
    Error e = {0};
    SacctJob job;
    bool counts = false;
    m->reply->lines++;
    Status s = STATUS_OK;
    if (!m->header.count) {
        s = sacct_header(&m->header, line, size, &e);
        m->stop = s != STATUS_OK;
    } else if (size) s = sacct_line(&m->header, line, size, &job, &counts, &e);
    if (s == STATUS_OK && counts) s = take_job(m, &job, &e);
    if (s != STATUS_OK) add_fault(m, &e);
    arena_reset(&m->run);
    usage_weeks_trim(m->weeks);
    if (!m->request->progress || m->reply->lines % PROGRESS_LINES != 0 ||
        m->request->progress(m->request->context, m->reply->lines, m->bytes))
        return;
    m->status = error_set(m->error, STATUS_STOPPED, NULL, _("stopped: nothing was imported"));
    m->stop = true;
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static void take_lines(UsageImport *m) {
    size_t from = 0;
    for (char *end; !m->stop && (end = memchr(m->buffer + from, '\n', m->held - from));) {
        size_t size = (size_t)(end - m->buffer) - from;
        take_line(m, m->buffer + from, size);
        from += size + 1;
    }
    memmove(m->buffer, m->buffer + from, m->held - from);
    m->held -= from;
    if (m->held < SACCT_LINE_MAX || m->stop) return;
    Error e = {0};
    m->reply->lines++;
    error_set(&e, STATUS_USAGE, NULL, _("the line is longer than 64 KiB: this is not what sacct prints"));
    add_fault(m, &e);
    m->stop = true;
}

static Status read_file(UsageImport *m) {
    while (!m->stop) {
        ssize_t n = read(m->request->fd, m->buffer + m->held, SACCT_LINE_MAX - m->held);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            m->status = error_set(m->error, STATUS_FAILED, NULL, "%s", strerror(errno));
            error_at(m->error, m->request->file, 0);
        }
        if (n <= 0) break;
        m->held += (size_t)n;
        m->bytes += n;
        take_lines(m);
    }
    if (m->held && !m->stop && m->status == STATUS_OK) take_line(m, m->buffer, m->held);
    if (!m->header.count && !m->reply->fault_count && m->status == STATUS_OK) {
        Error e = {0};
        m->reply->lines = 1;
        error_set(&e, STATUS_USAGE, NULL, _("the file is empty: its first line must name the columns"));
        add_fault(m, &e);
    }
    return m->status;
}

static Status run_import(UsageImport *m, Error *e) {
    UsageImportReply *r = m->reply;
    m->buffer = memory_new(SACCT_LINE_MAX);
    m->slots = memory_new(SLOTS * sizeof *m->slots);
    m->weeks = usage_weeks_new(m->store, m->actor->site);
    r->strange = arena_array(m->arena, USAGE_STRANGERS, sizeof *r->strange);
    store_set_bulk(m->store, true);
    Status s = read_file(m);
    if (s == STATUS_OK && r->fault_count) {
        *e = r->faults[0];
        s = e->status;
    }
    if (s == STATUS_OK && !m->request->dry_run) s = store_commit(m->store, e);
    else store_rollback(m->store);
    store_set_bulk(m->store, false);
    settle_strangers(r);
    usage_weeks_free(m->weeks);
    free(m->buffer);
    free(m->slots);
    return s;
}

Status import_usage(Store *store, Arena *arena, const Actor *actor, const UsageImportRequest *request,
                    UsageImportReply *reply, Error *e) {
    UsageImport m = {.store = store, .arena = arena, .actor = actor, .request = request, .reply = reply, .error = e};
    char name[LOGIN_SIZE + 8];
    unsigned char asked[REQUEST_HASH_SIZE];
    *reply = (UsageImportReply){0};
    Status s = actor_needs_role(actor, ROLE_OPERATOR, e);
    if (s != STATUS_OK) return s;
    m.now = week_of_date((int)(clock_now() / 86400));
    actor_name(actor, name, sizeof name);
    bool known = repeat_hash_file(actor, "usage of jobs", request->fd, asked);
    const Act act = {
        .login = actor->login, .actor = name, .op = request->op, .at = clock_now(), .request = known ? asked : NULL};
    s = store_begin(store, &act, &reply->repeated, e);
    if (s != STATUS_OK) return s;
    if (reply->repeated) {
        if (known) s = store_operation_asked(store, request->op, asked, e);
        store_rollback(store);
        return s;
    }
    s = run_import(&m, e);
    arena_free(&m.run);
    return s;
}
