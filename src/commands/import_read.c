/* Reading a file of records: which form it has, and the rows of either form. */
#include "commands/import_parts.h"

#include "base/intl.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 16 };

/* --- rows ----------------------------------------------------------------------------------------------------------- */

static void hand_on(ImportReading *r) {
    if (!r->batch) return;
    r->batch->bytes = r->bytes;
    r->batch = NULL;
    queue_filled(&r->queue);
}

void reading_row(ImportReading *r) {
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

void reading_field(ImportReading *r, int field, const char *text, size_t size) {
    Error e;
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
    if (r->stop || row->fault_count) return;
    make_fresh(r, row);
    store_prepare(r->store, &r->batch->arena, row->fresh, &row->write, &row->unfit);
}

/* --- the file --------------------------------------------------------------------------------------------------------- */

size_t reading_bytes(ImportReading *r, char *out, size_t room) {
    ssize_t n;
    do {
        n = read(r->request->fd, out, room);
    } while (n < 0 && errno == EINTR);
    if (n >= 0) return (size_t)n;
    r->status = error_set(&r->error, STATUS_FAILED, NULL, "%s", strerror(errno));
    error_at(&r->error, r->request->file, 0);
    r->stop = true;
    return 0;
}

/* JSON begins with a bracket or a brace, which no name of a column does. */
static bool is_json(const char *bytes, size_t size) {
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", bytes[at])) {
        at++;
    }
    return at < size && (bytes[at] == '[' || bytes[at] == '{');
}

void *import_read(void *reading) {
    ImportReading *r = reading;
    char *first = memory_new(READ_SIZE);
    size_t size = reading_bytes(r, first, READ_SIZE);
    /* The mark that some programs put before UTF-8. */
    size_t mark = size >= 3 && !memcmp(first, "\xEF\xBB\xBF", 3) ? 3 : 0;
    r->line = r->row_line = 1;
    if (r->status == STATUS_OK) {
        if (is_json(first + mark, size - mark)) import_read_json(r, first + mark, size - mark);
        else import_read_csv(r, first + mark, size - mark);
    }
    free(first);
    hand_on(r);
    queue_close(&r->queue);
    return NULL;
}
