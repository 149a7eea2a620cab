/* Reading a file of records: which form it has, and the rows of either form. */
#include "commands/import_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 16 };

static void read_all(ImportReading *);

/* --- rows ----------------------------------------------------------------------------------------------------------- */

static void hand_on(ImportReading *r) {
    if (!r->batch) return;
    r->batch->bytes = r->bytes;
    r->batch = NULL;
    queue_filled(&r->queue);
}

void reading_row(ImportReading *r) {
    if (r->looking) return;
    if (r->batch && r->batch->count == IMPORT_BATCH) hand_on(r);
    if (!r->batch) r->batch = queue_fill(&r->queue);
    if (!r->batch) {
        r->stop = true;
        return;
    }
    r->row = &r->batch->rows[r->batch->count++];
    Prepared kept = r->row->write;
    *r->row = (ImportRow){.line = r->row_line, .write = kept};
    r->row->record = record_new(&r->batch->arena, r->request->entity);
}

static void add_fault(ImportReading *r, const Error *e) {
    ImportRow *row = r->row;
    if (row->fault_count == IMPORT_FAULTS) return;
    if (!row->faults) row->faults = arena_array(&r->batch->arena, IMPORT_FAULTS, sizeof *row->faults);
    row->faults[row->fault_count++] = *e;
}

void reading_fault(ImportReading *r, const char *field, const char *why) {
    Error e;
    if (r->looking) return;
    if (!r->stop && !r->row) reading_row(r);
    if (r->stop) return;
    error_set(&e, STATUS_USAGE, field, "%s", why);
    add_fault(r, &e);
}

int reading_find(ImportReading *r, const char *name, size_t size, bool *good) {
    const Entity *entity = r->request->entity;
    int field = entity_field(entity, name, size);
    if (field < 0 || entity->fields[field].flags & FIELD_HIDDEN) {
        Buffer why = {0};
        buffer_format(&why, _("\"%.*s\" is not a field of %s"), size > 60 ? 60 : (int)size, name, entity->plural);
        reading_fault(r, NULL, why.bytes);
        buffer_free(&why);
        *good = false;
        return -1;
    }
    if (field == COMMON_CODE) r->gives_codes = entity->letter != 0;
    if (entity->fields[field].flags & FIELD_DERIVED) return -1;
    return field > COMMON_REV && field < COMMON_COUNT ? -1 : field;
}

static Status read_code(ImportReading *r, const char *text, size_t size, Error *e) {
    const Entity *entity = r->request->entity;
    ImportRow *row = r->row;
    int64_t id;
    char letter;
    if (!size) return STATUS_OK;
    if (!entity->letter) {
        row->code = arena_copy(&r->batch->arena, text, size);
        return value_read(&r->batch->arena, &entity->fields[COMMON_CODE], text, size, FORM_FILE, NULL,
                          &row->record->values[COMMON_CODE], e);
    }
    if (!code_read(text, size, &letter, &id) || letter != entity->letter)
        return error_set(e, STATUS_USAGE, "code", _("\"%.*s\" is not a code such as SMA-%c42"),
                         size > 60 ? 60 : (int)size, text, entity->letter);
    row->record->id = id;
    row->has_code = true;
    return STATUS_OK;
}

static Status read_field(ImportReading *r, int field, const char *text, size_t size, Error *e) {
    ImportRow *row = r->row;
    const Field *f = &r->request->entity->fields[field];
    Value value;
    if (field == COMMON_CODE) return read_code(r, text, size, e);
    Status s = value_read(&r->batch->arena, f, text, size, FORM_FILE, &r->codes, &value, e);
    if (s != STATUS_OK) return s;
    if (field != COMMON_SITE || value.kind != VALUE_NONE) row->given |= FIELD_BIT(field);
    if (field == COMMON_REV) row->rev = value_number_or(&value, 0);
    else if (field == COMMON_STATE) {
        row->has_state = value.kind != VALUE_NONE;
        if (row->has_state) row->record->values[field] = value;
    } else row->record->values[field] = value;
    return STATUS_OK;
}

/* --- the codes that other rows have -------------------------------------------------------------------------------- */

static void note_code(ImportReading *r, const char *text, size_t size) {
    char letter;
    int64_t id;
    if (!code_read(text, size, &letter, &id) || letter != r->request->entity->letter) return;
    int64_t *highest = &r->given->highest[id_site(id)][id_epoch(id)];
    if (id_counter(id) > *highest) *highest = id_counter(id);
}

/* Reads the whole file once more, for its codes. */
static ImportCodes *look_for_codes(const ImportReading *r) {
    ImportReading *other = memory_new(sizeof *other);
    ImportCodes *codes = memory_new(sizeof *codes);
    *other = (ImportReading){.request = r->request, .fd = r->fd, .at = r->start, .given = codes, .looking = true};
    read_all(other);
    free(other);
    return codes;
}

/* --- a row's fields -------------------------------------------------------------------------------------------------- */

void reading_field(ImportReading *r, int field, const char *text, size_t size) {
    Error e;
    if (r->looking && field == COMMON_CODE) note_code(r, text, size);
    if (r->looking) return;
    if (!r->stop && field >= 0 && read_field(r, field, text, size, &e) != STATUS_OK) add_fault(r, &e);
}

/* The new record that the row makes: where the file does not say whose it is, its code does. */
static void make_fresh(ImportReading *r, ImportRow *row) {
    Record *fresh = row->fresh = record_copy(&r->batch->arena, row->record);
    int own = row->has_code && fresh->entity->letter ? id_site(fresh->id) : r->site;
    if (fresh->values[COMMON_SITE].kind == VALUE_NONE) fresh->values[COMMON_SITE] = value_number(own);
    if (row->rev > 0) fresh->values[COMMON_REV] = value_number(row->rev);
    if (fresh->entity == &entity_project && fresh->values[PROJECT_HEALTH].kind == VALUE_NONE)
        fresh->values[PROJECT_HEALTH] = value_number(HEALTH_GREEN);
}

void reading_row_end(ImportReading *r) {
    ImportRow *row = r->row;
    r->row = NULL;
    if (r->looking || r->stop) return;
    row->whole = true;
    if (row->fault_count) return;
    if (r->gives_codes && !row->has_code && !r->given) row->codes = r->given = look_for_codes(r);
    make_fresh(r, row);
    store_prepare(r->store, &r->batch->arena, row->fresh, &row->write, &row->unfit);
}

/* --- the file --------------------------------------------------------------------------------------------------------- */

static void fail(ImportReading *r) {
    r->status = error_set(&r->error, STATUS_FAILED, NULL, "%s", strerror(errno));
    error_at(&r->error, r->request->file, 0);
    r->stop = true;
}

size_t reading_bytes(ImportReading *r, char *out, size_t room) {
    ssize_t n;
    do {
        n = pread(r->fd, out, room, (off_t)r->at);
    } while (n < 0 && errno == EINTR);
    if (n < 0) fail(r);
    if (n > 0) r->at += n;
    return n > 0 ? (size_t)n : 0;
}

/* What comes through a pipe can be read but once: it is copied to a file that has no name. */
static void copy_pipe(ImportReading *r, char *chunk) {
    FILE *copy = tmpfile();
    ssize_t n = 0;
    while (copy && ((n = read(r->request->fd, chunk, READ_SIZE)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0 && fwrite(chunk, 1, (size_t)n, copy) != (size_t)n) break;
    }
    if (!copy || n || fflush(copy) != 0 || (r->fd = fcntl(fileno(copy), F_DUPFD_CLOEXEC, 0)) < 0) fail(r);
    if (copy) fclose(copy);
}

static void open_file(ImportReading *r, char *chunk) {
    r->fd = r->request->fd;
    r->start = (int64_t)lseek(r->fd, 0, SEEK_CUR);
    if (r->start < 0) {
        r->start = 0;
        copy_pipe(r, chunk);
    }
    r->at = r->start;
}

/* JSON begins with a bracket or a brace, which no name of a column does. */
static bool is_json(const char *bytes, size_t size) {
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", bytes[at])) {
        at++;
    }
    return at < size && (bytes[at] == '[' || bytes[at] == '{');
}

static void read_all(ImportReading *r) {
    char *first = memory_new(READ_SIZE);
    if (!r->looking) open_file(r, first);
    size_t size = r->stop ? 0 : reading_bytes(r, first, READ_SIZE);
    /* The mark that some programs put before UTF-8. */
    size_t mark = size >= 3 && !memcmp(first, "\xEF\xBB\xBF", 3) ? 3 : 0;
    r->line = r->row_line = 1;
    if (r->status == STATUS_OK) {
        if (is_json(first + mark, size - mark)) import_read_json(r, first + mark, size - mark);
        else import_read_csv(r, first + mark, size - mark);
    }
    free(first);
}

void *import_read(void *reading) {
    ImportReading *r = reading;
    read_all(r);
    hand_on(r);
    queue_close(&r->queue);
    if (r->fd != r->request->fd) close(r->fd);
    return NULL;
}
