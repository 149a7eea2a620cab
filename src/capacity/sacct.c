/* Slurm's accounting, line by line. */
#include "capacity/sacct.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { JOB_ID, ACCOUNT, STATE, START, END, ELAPSED, TRES };
_Static_assert(TRES + 1 == SACCT_COLUMNS, "every wanted column has its place");

static const char *const names[SACCT_COLUMNS] = {"JobID", "Account",    "State",    "Start",
                                                 "End",   "ElapsedRaw", "AllocTRES"};

enum { COLUMNS_MAX = 256, ID_MAX = 48 };
/* Ten years, and more units than any machine has: a week of them in thousandths of an hour is what a usage may hold. */
static const int64_t seconds_max = INT64_C(315576000), units_max = INT64_C(5000000);
static const int64_t instant_max = INT64_C(7258118399); /* the end of 2199 */

typedef struct Cell {
    const char *text;
    size_t size;
} Cell;

static bool cell_is(const Cell *c, const char *word) {
    return strlen(word) == c->size && !strncasecmp(c->text, word, c->size);
}

static bool cell_begins(const Cell *c, const char *word) {
    size_t size = strlen(word);
    return c->size >= size && !strncasecmp(c->text, word, size);
}

/* The next cell of a line; false past its end. *line is NULL once the last was taken. */
static bool next_cell(const char **line, size_t *size, Cell *out) {
    if (!*line) return false;
    const char *bar = memchr(*line, '|', *size);
    *out = (Cell){*line, bar ? (size_t)(bar - *line) : *size};
    *size -= out->size + (bar != NULL);
    *line = bar ? bar + 1 : NULL;
    return true;
}

static size_t without_end(const char *line, size_t size) {
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
        size--;
    }
    return size;
}

static Status refuse(const char *field, const Cell *c, Error *e) {
    Buffer shown = {0};
    text_clean_out(&shown, c->text, c->size > 60 ? 60 : c->size, false);
    error_set(e, STATUS_USAGE, field, _("\"%s\" is not what sacct prints there"), buffer_string(&shown));
    buffer_free(&shown);
    return STATUS_USAGE;
}

Status sacct_header(SacctHeader *h, const char *line, size_t size, Error *e) {
    Cell cell;
    size = without_end(line, size);
    h->count = 0;
    for (int i = 0; i < SACCT_COLUMNS; i++) {
        h->at[i] = -1;
    }
    int count = 0;
    for (; next_cell(&line, &size, &cell); count++) {
        if (count == COLUMNS_MAX) return error_set(e, STATUS_USAGE, NULL, _("the line has too many columns"));
        for (int i = 0; i < SACCT_COLUMNS; i++) {
            if (h->at[i] < 0 && cell_is(&cell, names[i])) h->at[i] = count;
        }
    }
    for (int i = 0; i < SACCT_COLUMNS; i++) {
        if (h->at[i] < 0)
            return error_set(e, STATUS_USAGE, names[i],
                             _("the first line does not name this column: run sacct --parsable2 --allusers "
                               "--format=JobID,Account,User,State,Start,End,ElapsedRaw,AllocTRES"));
    }
    h->count = count;
    return STATUS_OK;
}

static bool read_number(const char *text, size_t size, int64_t most, int64_t *out) {
    *out = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *out = *out * 10 + (text[i] - '0');
        if (*out > most) return false;
    }
    return size > 0;
}

/* "2026-11-20T10:00:00", with or without Z, or seconds; *known is false for Unknown and None. */
static bool read_instant(const Cell *c, int64_t *out, bool *known) {
    char text[INSTANT_SIZE];
    *known = !(cell_is(c, "Unknown") || cell_is(c, "None") || !c->size);
    if (!*known) return true;
    if (read_number(c->text, c->size, instant_max, out)) return true;
    if (c->size != INSTANT_SIZE - 2 && c->size != INSTANT_SIZE - 1) return false;
    memcpy(text, c->text, INSTANT_SIZE - 2);
    text[INSTANT_SIZE - 2] = c->size == INSTANT_SIZE - 1 ? c->text[INSTANT_SIZE - 2] : 'Z';
    text[INSTANT_SIZE - 1] = 0;
    return instant_parse(text, INSTANT_SIZE - 1, out);
}

/* "billing=4,cpu=8,gres/gpu:a100=4,gres/gpu=4,mem=32G,node=1" */
static bool read_resources(Cell c, SacctJob *job) {
    int64_t all = -1, typed = 0, number;
    const char *at = c.text, *end = c.text + c.size;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at)), *stop = comma ? comma : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        if (!equals) return false;
        Cell name = {at, (size_t)(equals - at)};
        bool gpu = cell_is(&name, "gres/gpu"), kind = cell_begins(&name, "gres/gpu:"), cpu = cell_is(&name, "cpu");
        if ((gpu || kind || cpu) && !read_number(equals + 1, (size_t)(stop - equals - 1), units_max, &number))
            return false;
        if (gpu) all = number;
        if (kind) typed += number;
        if (cpu) job->cpus = number;
        if (typed > units_max) return false;
        at = comma ? comma + 1 : end;
    }
    job->gpus = all >= 0 ? all : typed;
    return true;
}

/* "12", "12_3", "12+1": digits first, and nothing that a step or a waiting array has. */
static bool id_is_run(const Cell *c) {
    for (size_t i = 0; i < c->size; i++) {
        bool digit = c->text[i] >= '0' && c->text[i] <= '9';
        if (!digit && (!i || (c->text[i] != '_' && c->text[i] != '+'))) return false;
    }
    return c->size > 0 && c->size <= ID_MAX;
}

/* 12.batch, 12_3.0, 12+1.extern; and 12_[4-9%2], whose tasks have not begun. */
static bool id_is_passed_over(const Cell *c) {
    if (!c->size || c->text[0] < '0' || c->text[0] > '9') return false;
    return memchr(c->text, '.', c->size) || memchr(c->text, '[', c->size);
}

void sacct_fold_account(char *text) {
    for (; *text; text++) {
        if (*text >= 'A' && *text <= 'Z') *text = (char)(*text - 'A' + 'a');
    }
}

static bool read_account(const Cell *c, char out[SACCT_ACCOUNT_SIZE]) {
    if (c->size >= SACCT_ACCOUNT_SIZE || !text_is_stored_form(c->text, c->size, false)) return false;
    memcpy(out, c->text, c->size);
    out[c->size] = 0;
    sacct_fold_account(out);
    return true;
}

/* What a running job's end is, and how much of the time it was in use. */
static Status read_times(const Cell *cells, SacctJob *job, bool *began, Error *e) {
    bool ended;
    if (!read_instant(&cells[START], &job->start, began)) return refuse(names[START], &cells[START], e);
    if (!read_instant(&cells[END], &job->end, &ended)) return refuse(names[END], &cells[END], e);
    if (!*began) return STATUS_OK;
    if (!read_number(cells[ELAPSED].text, cells[ELAPSED].size, seconds_max, &job->elapsed))
        return refuse(names[ELAPSED], &cells[ELAPSED], e);
    if (!ended) job->end = job->start + job->elapsed;
    job->runs = !ended;
    if (job->end < job->start || job->end - job->start > seconds_max || job->end > instant_max)
        return refuse(names[END], &cells[END], e);
    /* More use than time would be use of another time: the clock of a node was set while the job ran. */
    if (job->elapsed > job->end - job->start) job->elapsed = job->end - job->start;
    return STATUS_OK;
}

Status sacct_line(const SacctHeader *h, const char *line, size_t size, SacctJob *job, bool *counts, Error *e) {
    Cell cells[SACCT_COLUMNS] = {{0}}, cell;
    char start[INSTANT_SIZE];
    bool began = false;
    int count = 0;
    *counts = false;
    *job = (SacctJob){0};
    size = without_end(line, size);
    for (; next_cell(&line, &size, &cell); count++) {
        for (int i = 0; i < SACCT_COLUMNS; i++) {
            if (h->at[i] == count) cells[i] = cell;
        }
    }
    if (count != h->count)
        return error_set(e, STATUS_USAGE, NULL, _("the line has %d columns and the first line %d"), count, h->count);
    if (id_is_passed_over(&cells[JOB_ID])) return STATUS_OK;
    if (!id_is_run(&cells[JOB_ID])) return refuse(names[JOB_ID], &cells[JOB_ID], e);
    if (cell_begins(&cells[STATE], "PENDING")) return STATUS_OK;
    if (!cells[STATE].size) return refuse(names[STATE], &cells[STATE], e);
    if (!read_account(&cells[ACCOUNT], job->account)) return refuse(names[ACCOUNT], &cells[ACCOUNT], e);
    if (!read_resources(cells[TRES], job)) return refuse(names[TRES], &cells[TRES], e);
    Status s = read_times(cells, job, &began, e);
    if (s != STATUS_OK || !began) return s;
    instant_write(job->start, start);
    snprintf(job->run, sizeof job->run, "%.*s@%s", (int)cells[JOB_ID].size, cells[JOB_ID].text, start);
    *counts = job->elapsed > 0 && (job->gpus > 0 || job->cpus > 0);
    return STATUS_OK;
}

/* --- weeks -------------------------------------------------------------------------------------------------------- */

enum { DAY = 86400 };

static int week_of_instant(int64_t instant) {
    int64_t day = instant / DAY - (instant % DAY < 0);
    return week_of_date((int)day);
}

int sacct_first_week(const SacctJob *job) {
    return week_of_instant(job->start);
}

int sacct_last_week(const SacctJob *job) {
    return week_of_instant(job->end > job->start ? job->end - 1 : job->end);
}

/* Seconds of use up to an instant. */
static int64_t used_until(const SacctJob *job, int64_t instant) {
    if (instant <= job->start) return 0;
    if (instant >= job->end) return job->elapsed;
    return job->elapsed * (instant - job->start) / (job->end - job->start);
}

int64_t sacct_week(const SacctJob *job, int64_t units, int week) {
    int64_t from = (int64_t)date_of_week(week) * DAY;
    return units * (used_until(job, from + 7 * DAY) - used_until(job, from));
}
