/* Usage from Slurm's accounts. Read line by line in bounded memory; each week of each run is compared with what is
 * recorded, within the one transaction. */
#include "commands/import_usage.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"
#include "store/usage_runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_LINES = 5000, SLOTS = 2 * USAGE_STRANGERS + 1 };

typedef struct UsageImport {
    Store *store;
    Arena *arena; /* the reply's */
    Arena run;    /* reset for each line */
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

/* --- accounts without an allocation ------------------------------------------------------------------------------- */

static StrangeAccount *stranger(UsageImport *m, const char *account) {
    UsageImportReply *r = m->reply;
    unsigned hash = 2166136261u;
    for (const char *c = account; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    size_t slot = hash % SLOTS;
    for (; m->slots[slot]; slot = (slot + 1) % SLOTS) {
        if (!strcmp(r->strange[m->slots[slot] - 1].account, account)) return &r->strange[m->slots[slot] - 1];
    }
    if (r->strange_count == USAGE_STRANGERS) return &r->strange[USAGE_STRANGERS - 1];
    bool last = r->strange_count == USAGE_STRANGERS - 1;
    StrangeAccount *a = &r->strange[r->strange_count++];
    *a = (StrangeAccount){0};
    text_copy(a->account, sizeof a->account, last ? "*" : account);
    if (!last) m->slots[slot] = r->strange_count;
    return a;
}

/* Adds a job's hours, up to the largest number there is: nobody bounds how many lines a file has. */
static void add_hours(const SacctJob *job, int64_t units, int64_t *sum) {
    for (int week = sacct_first_week(job); week <= sacct_last_week(job); week++) {
        if (__builtin_add_overflow(*sum, sacct_week(job, units, week), sum)) *sum = INT64_MAX;
    }
}

static void note_stranger(UsageImport *m, const SacctJob *job, int64_t allocation, int state) {
    StrangeAccount *a = stranger(m, *job->account ? job->account : "-");
    a->jobs++;
    if (job->gpus) add_hours(job, job->gpus, &a->gpu);
    else add_hours(job, job->cpus, &a->cpu);
    a->allocation = allocation;
    a->state = state;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const StrangeAccount *)a)->account, ((const StrangeAccount *)b)->account);
}

/* --- runs --------------------------------------------------------------------------------------------------------- */

static Status write_usage(UsageImport *m, const SacctJob *job, const RunWeek *w, Error *e) {
    Record *r = record_new(&m->run, &entity_usage);
    char week[WEEK_SIZE];
    week_write(w->week, week);
    r->values[COMMON_SITE] = value_number(m->actor->site);
    r->values[USAGE_ALLOCATION] = value_number(w->allocation);
    r->values[USAGE_WEEK] = value_text(arena_string(&m->run, week), WEEK_SIZE - 1);
    r->values[USAGE_QUANTITY] = value_number(w->quantity);
    r->values[USAGE_SOURCE] = value_number(SOURCE_SLURM);
    r->values[USAGE_REFERENCE] = value_text(job->run, strlen(job->run));
    Status s = store_write(m->store, NULL, r, "import", e);
    if (s == STATUS_OK) m->reply->added++;
    return s;
}

/* Brings what is recorded of one week to what the run used in it. */
static Status settle_week(UsageImport *m, const SacctJob *job, RunWeek *known, int count, RunWeek now, Error *e) {
    bool recorded = false;
    for (int i = 0; i < count; i++) {
        if (known[i].week != now.week) continue;
        /* What was recorded on one allocation stays there, whatever account it has today. */
        if (!recorded) now.allocation = known[i].allocation;
        now.quantity -= known[i].quantity;
        recorded = true;
    }
    /* An older file, of when it still ran, takes nothing back from what a later one said. */
    if (now.quantity && !(job->runs && now.quantity < 0)) return write_usage(m, job, &now, e);
    m->reply->same += recorded;
    return STATUS_OK;
}

static bool in_use(int state) {
    return state == ALLOCATION_ACTIVE || state == ALLOCATION_COMPLETED || state == ALLOCATION_RELEASED ||
           state == ALLOCATION_REVOKED;
}

/* Records a run's use of one kind. *found: some allocation takes it. */
static Status record_run(UsageImport *m, const SacctJob *job, int64_t kind, int64_t units, bool *found, Error *e) {
    RunWeek *known;
    int count, first = sacct_first_week(job), last = sacct_last_week(job), state;
    Status s = usage_of_run(m->store, &m->run, m->actor->site, kind, job->run, &known, &count, e);
    *found = count > 0;
    for (int week = first; week <= last && s == STATUS_OK; week++) {
        RunWeek now = {.week = week, .quantity = sacct_week(job, units, week)};
        s = usage_allocation(m->store, m->actor->site, kind, job->account, week, &now.allocation, &state, e);
        if (s != STATUS_OK || (!count && (!now.allocation || !in_use(state)))) return s;
        /* A run that is known goes on where it was recorded, also into a week that is new. */
        if (!now.allocation || !in_use(state)) now.allocation = known[count - 1].allocation;
        *found = true;
        s = settle_week(m, job, known, count, now, e);
    }
    for (int i = 0; i < count && s == STATUS_OK && !job->runs; i++) {
        if (!known[i].quantity || (known[i].week >= first && known[i].week <= last)) continue;
        s = settle_week(m, job, &known[i], 1, (RunWeek){.week = known[i].week}, e);
    }
    return s;
}

static Status take_job(UsageImport *m, const SacctJob *job, Error *e) {
    bool gpu = false, cpu = false;
    int64_t allocation = 0;
    int state = 0;
    if (sacct_last_week(job) > m->now)
        return error_set(e, STATUS_USAGE, "End", _("it lies ahead: is the time of sacct UTC (TZ=UTC sacct ...)?"));
    m->reply->jobs++;
    Status s = STATUS_OK;
    if (job->gpus) s = record_run(m, job, KIND_GPU_HOUR, job->gpus, &gpu, e);
    if (s == STATUS_OK && job->cpus) s = record_run(m, job, KIND_CPU_HOUR, job->cpus, &cpu, e);
    if (s != STATUS_OK || gpu || (!job->gpus && cpu)) return s;
    /* A project of GPU hours may also run jobs without any GPU: those are nobody's loss. */
    s = usage_allocation(m->store, m->actor->site, job->gpus ? KIND_GPU_HOUR : 0, job->account, sacct_first_week(job),
                         &allocation, &state, e);
    if (s == STATUS_OK && (job->gpus || !in_use(state))) note_stranger(m, job, allocation, state);
    return s;
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
    if (r->strange_count) qsort(r->strange, (size_t)r->strange_count, sizeof *r->strange, by_name);
    free(m->buffer);
    free(m->slots);
    return s;
}

Status import_usage(Store *store, Arena *arena, const Actor *actor, const UsageImportRequest *request,
                    UsageImportReply *reply, Error *e) {
    UsageImport m = {.store = store, .arena = arena, .actor = actor, .request = request, .reply = reply, .error = e};
    char name[LOGIN_SIZE + 8];
    *reply = (UsageImportReply){0};
    Status s = actor_needs_role(actor, ROLE_OPERATOR, e);
    if (s != STATUS_OK) return s;
    m.now = week_of_date((int)(clock_now() / 86400));
    actor_name(actor, name, sizeof name);
    const Act act = {.login = actor->login, .actor = name, .op = request->op, .at = clock_now()};
    s = store_begin(store, &act, &reply->repeated, e);
    if (s != STATUS_OK) return s;
    if (reply->repeated) {
        store_rollback(store);
        return STATUS_OK;
    }
    s = run_import(&m, e);
    arena_free(&m.run);
    return s;
}
