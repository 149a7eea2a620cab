/* The store's schema: numbered files of data/schema, applied in order, each once. A store that is newer than the program
 * is refused; an older one is brought up when it is opened for writing. */
#include "store/internal.h"

#include "base/date.h"
#include "base/embedded.h"
#include "base/intl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "schema/";

/* The number a schema file's name begins with; 0 for other files. */
static int version_of(const Embedded *f) {
    return strncmp(f->name, prefix, sizeof prefix - 1) == 0 ? (int)strtol(f->name + sizeof prefix - 1, NULL, 10) : 0;
}

int store_schema_version(void) {
    static int newest;
    for (const Embedded *f = embedded_files; !newest && f->name; f++) {
        for (const Embedded *g = f; g->name; g++) {
            if (version_of(g) > newest) newest = version_of(g);
        }
    }
    return newest;
}

Status schema_version(Engine *engine, int *version, Error *e) {
    int64_t found;
    Status s = engine_number(engine, &found, 0, e, "SELECT MAX(version) FROM schema_version", 0);
    *version = (int)found;
    if (s != STATUS_OK) return s;
    if (found > store_schema_version())
        return error_set(e, STATUS_FAILED, NULL,
                         _("the store is of version %lld and this program knows up to %d: install a newer jazari"),
                         (long long)found, store_schema_version());
    return STATUS_OK;
}

static Status apply(Engine *engine, const Embedded *f, Error *e) {
    char at[INSTANT_SIZE];
    Status s = engine_run(engine, f->bytes, e);
    if (s != STATUS_OK) return s;
    instant_write(clock_now(), at);
    Statement *insert = engine_prepare(engine, "INSERT INTO schema_version (version, applied_at) VALUES (?1, ?2)");
    statement_int(insert, 1, version_of(f));
    statement_text(insert, 2, at, INSTANT_SIZE - 1);
    while (statement_row(insert)) {}
    return statement_end(insert, NULL, e);
}

Status schema_create_search(Engine *engine, Error *e) {
    Status s = STATUS_OK;
    for (int kind = 1; kind < ENTITY_COUNT && s == STATUS_OK; kind++) {
        if (entity_of_kind(kind)->indexed) s = engine_search_create(engine, entity_of_kind(kind), e);
    }
    return s;
}

Status schema_migrate(Engine *engine, bool fresh, Error *e) {
    int version = 0;
    Status s = fresh ? STATUS_OK : schema_version(engine, &version, e);
    if (s != STATUS_OK || version == store_schema_version()) return s;
    bool nested = engine_in_transaction(engine);
    if (!nested) s = engine_begin(engine, e);
    /* Another process may have done it while this one waited. */
    if (s == STATUS_OK && !fresh) s = schema_version(engine, &version, e);
    for (int next = version + 1; next <= store_schema_version() && s == STATUS_OK; next++) {
        for (const Embedded *f = embedded_files; f->name && s == STATUS_OK; f++) {
            if (version_of(f) == next) s = apply(engine, f, e);
        }
    }
    if (s == STATUS_OK) s = schema_create_search(engine, e);
    if (nested) return s;
    if (s == STATUS_OK) return engine_commit(engine, e);
    engine_rollback(engine);
    return s;
}
