/* For the tests of src/store/: a store of one's own in a directory of its own, records made from words, writes in one
 * line, a raw connection that goes round every rule, and what check says.
 *
 * Every function ends the test where it cannot do its own part; what is under test is returned as a Status. */
#ifndef JAZARI_TESTS_STORE_FIXTURE_H
#define JAZARI_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "store/check.h"
#include "store/engine_vfs.h"
#include "store/journal.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    char dir[64], path[96];
    Store *store;
    Arena arena;
    Error error; /* of the last call that returned a Status */
    const char *login;
    char op[40]; /* of the last act */
    Act act;
    int acts;
    Buffer faults; /* that the last check told of, a line each */
    int fault_count;
} Fixture;

enum { ALL_SITES = 0x1FFF, FIXTURE_WEEK = 48 };

/* Monday 23 November 2026, noon: in 2026-W48. */
static inline void fixture_clock(void) {
    int day = 0;
    date_parse("2026-11-23", 10, &day);
    clock_pin((int64_t)day * 86400 + 43200);
}

static inline void fixture_good(const Fixture *f, Status s, const char *what) {
    if (s != STATUS_OK) fail_msg("%s: %d: %s: %s", what, s, f->error.field, f->error.why);
}

static inline void fixture_path(const Fixture *f, const char *name, char out[128]) {
    snprintf(out, 128, "%s/%s", f->dir, name);
}

static inline void fixture_directory(Fixture *f) {
    const char *base = getenv("TMPDIR");
    if (!base || strlen(base) > 40) base = "/tmp";
    snprintf(f->dir, sizeof f->dir, "%s/jazari-XXXXXX", base);
    if (!mkdtemp(f->dir)) fail_msg("%s cannot be made", f->dir);
    snprintf(f->path, sizeof f->path, "%s/store.db", f->dir);
}

static inline void fixture_reopen(Fixture *f) {
    store_close(f->store);
    fixture_good(f, store_open(f->path, true, 5000, &f->store, &f->error), "open");
}

/* A new store, home to these sites (bits), open for writing. */
static inline Fixture *fixture_new(unsigned homes) {
    Fixture *f = calloc(1, sizeof *f);
    int sites[SITE_COUNT], count = 0;
    assert_non_null(f);
    for (int i = 0; i < SITE_COUNT; i++) {
        if (homes >> i & 1) sites[count++] = i;
    }
    f->login = "op-agadir";
    fixture_clock();
    fixture_directory(f);
    fixture_good(f, store_create(f->path, sites, count, &f->error), "create");
    fixture_reopen(f);
    return f;
}

/* Removes a directory and the files in it. */
static inline void fixture_remove(const char *dir) {
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-journal"};
    static const char *const names[] = {"store.db", "other.db", "copy.db", "third.db"};
    char path[160];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
            snprintf(path, sizeof path, "%s/%s%s", dir, names[i], ends[k]);
            unlink(path);
        }
    }
    rmdir(dir);
}

static inline void fixture_free(Fixture *f) {
    store_close(f->store);
    arena_free(&f->arena);
    buffer_free(&f->faults);
    fixture_remove(f->dir);
    free(f);
}

static inline int fixture_set_up(void **state) {
    *state = fixture_new(ALL_SITES);
    return 0;
}

static inline int fixture_tear_down(void **state) {
    fixture_free(*state);
    return 0;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static inline void fixture_set(Fixture *f, Record *r, const char *name, const char *text) {
    int field = entity_field(r->entity, name, strlen(name));
    if (field < 0) fail_msg("%s has no field %s", r->entity->name, name);
    fixture_good(f,
                 value_read(&f->arena, &r->entity->fields[field], text, strlen(text), FORM_FILE, store_codes(f->store),
                            &r->values[field], &f->error),
                 name);
}

static inline void fixture_set_all(Fixture *f, Record *r, va_list ap) {
    for (const char *name; (name = va_arg(ap, const char *));) {
        fixture_set(f, r, name, va_arg(ap, const char *));
    }
}

/* A record of a site, not yet written: "name", "value" ... as in files, ended by NULL. */
static inline Record *fixture_record(Fixture *f, const Entity *entity, int site, ...) {
    Record *r = record_new(&f->arena, entity);
    va_list ap;
    r->values[COMMON_SITE] = value_number(site);
    va_start(ap, site);
    fixture_set_all(f, r, ap);
    va_end(ap);
    return r;
}

static inline Record *fixture_read(Fixture *f, const Record *of) {
    Record *r = NULL;
    fixture_good(f, store_read(f->store, &f->arena, of->entity, of->id, FIELDS_ALL, &r, &f->error), "read");
    return r;
}

static inline bool fixture_exists(Fixture *f, const Record *of) {
    Record *r;
    Status s = store_read(f->store, &f->arena, of->entity, of->id, FIELDS_ALL, &r, &f->error);
    assert_true(s == STATUS_OK || s == STATUS_NOT_FOUND);
    return s == STATUS_OK;
}

static inline const char *fixture_code(Fixture *f, const Record *r) {
    char *code = arena_alloc(&f->arena, CODE_SIZE);
    code_write(r->entity->letter, r->id, code);
    return code;
}

/* --- acts --------------------------------------------------------------------------------------------------------- */

static inline void fixture_begin(Fixture *f) {
    bool repeated = true;
    snprintf(f->op, sizeof f->op, "op-%06d-%d", ++f->acts, (int)getpid());
    f->act = (Act){.login = f->login, .actor = f->login, .op = f->op, .at = clock_now()};
    fixture_good(f, store_begin(f->store, &f->act, &repeated, &f->error), "begin");
    assert_false(repeated);
}

static inline Status fixture_end(Fixture *f, Status s) {
    if (s == STATUS_OK) return store_commit(f->store, &f->error);
    store_rollback(f->store);
    return s;
}

/* One act of one write. */
static inline Status fixture_try(Fixture *f, const Record *before, Record *after, const char *verb) {
    f->error = (Error){0};
    fixture_begin(f);
    return fixture_end(f, store_write(f->store, before, after, verb, &f->error));
}

/* The same, which must succeed; the texts and numbers that the store filled in are the fixture's to keep. */
static inline Record *fixture_add(Fixture *f, Record *r) {
    fixture_good(f, fixture_try(f, NULL, r, "add"), r->entity->name);
    return fixture_read(f, r);
}

/* Reads a record anew, sets "name", "value" ... and tries to write it. */
static inline Status fixture_change(Fixture *f, const Record *of, ...) {
    Record *before = fixture_read(f, of), *after = record_copy(&f->arena, before);
    va_list ap;
    va_start(ap, of);
    fixture_set_all(f, after, ap);
    va_end(ap);
    return fixture_try(f, before, after, "set");
}

static inline Status fixture_move(Fixture *f, const Record *of, int state) {
    Record *before = fixture_read(f, of), *after = record_copy(&f->arena, before);
    after->values[COMMON_STATE] = value_number(state);
    return fixture_try(f, before, after, "move");
}

static inline Status fixture_delete(Fixture *f, const Record *of) {
    return fixture_try(f, fixture_read(f, of), NULL, "delete");
}

/* --- the usual records -------------------------------------------------------------------------------------------- */

static inline Record *fixture_project(Fixture *f, int site, const char *title) {
    return fixture_add(f, fixture_record(f, &entity_project, site, "title", title, "stage", "research", "sector",
                                         entity_project.fields[PROJECT_SECTOR].choices[0].word, NULL));
}

static inline Record *fixture_organisation(Fixture *f, int site, const char *name) {
    return fixture_add(f, fixture_record(f, &entity_organisation, site, "name", name, "kind", "public_body", NULL));
}

/* An open offer of GPU hours, 2026-W48 to 2027-W08, of data level 2 at most. */
static inline Record *fixture_offer(Fixture *f, int site, const char *weekly, const char *reserve) {
    Record *r = fixture_record(f, &entity_offer, site, "name", "Calcul", "kind", "gpu_hour", "quantity", weekly,
                               "reserve", reserve, "first", "2026-W48", "last", "2027-W08", "data_level", "2", "mode",
                               "free_hand", "state", "open", NULL);
    return fixture_add(f, r);
}

/* An approved request for GPU hours, 2026-W49 to 2027-W04, of data level 1. */
static inline Record *fixture_request(Fixture *f, const Record *project, const char *wanted, const char *weekly_most) {
    Record *r = fixture_record(f, &entity_request, record_site(project), "kind", "gpu_hour", "wanted", wanted,
                               "weekly_most", weekly_most, "earliest", "2026-W49", "latest", "2027-W04", "priority",
                               "2", "data_level", "1", "state", "approved", NULL);
    r->values[REQUEST_PROJECT] = value_number(project->id);
    return fixture_add(f, r);
}

/* A proposed allocation of an offer to a request, not yet written. */
static inline Record *fixture_allocation(Fixture *f, const Record *offer, const Record *request, const char *bookings) {
    Record *r = fixture_record(f, &entity_allocation, record_site(offer), "bookings", bookings, NULL);
    r->values[ALLOCATION_REQUEST] = value_number(request->id);
    r->values[ALLOCATION_OFFER] = value_number(offer->id);
    r->values[ALLOCATION_KIND] = request->values[REQUEST_KIND];
    r->values[ALLOCATION_BORROWER] = request->values[COMMON_SITE];
    r->values[ALLOCATION_PROPOSED_BY] = request->values[COMMON_SITE];
    return r;
}

/* --- round the rules ---------------------------------------------------------------------------------------------- */

/* A connection that knows no rules: no foreign keys, no locks of ours. What it writes has the stamps that pages have, so
 * that the rows alone can give it away. */
static inline sqlite3 *raw_open(const char *path) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, engine_vfs()), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=FULL", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static inline void raw_run(sqlite3 *db, const char *sql) {
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", sql, why);
}

static inline void raw_do(const char *path, const char *sql) {
    sqlite3 *db = raw_open(path);
    raw_run(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The first column of the first row. */
static inline int64_t raw_number(const char *path, const char *sql) {
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int64_t n = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : INT64_MIN;
    sqlite3_finalize(s);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

/* All rows as text, columns parted by '|', each row ended by a newline. */
static inline void raw_dump(const char *path, const char *sql, Buffer *out) {
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *s = NULL;
    buffer_clear(out);
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            const char *text = (const char *)sqlite3_column_text(s, i);
            buffer_format(out, "%s%s", i ? "|" : "", text ? text : "NULL");
        }
        buffer_add_char(out, '\n');
    }
    sqlite3_finalize(s);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* --- check -------------------------------------------------------------------------------------------------------- */

static inline void fixture_note(void *context, const char *fault) {
    Fixture *f = context;
    buffer_format(&f->faults, "%s\n", fault);
    f->fault_count++;
}

static inline Status fixture_check_of(Fixture *f, Store *store) {
    const CheckOptions options = {.fault = fixture_note, .context = f};
    buffer_clear(&f->faults);
    f->fault_count = 0;
    f->error = (Error){0};
    return check_store(store, &options, &f->error);
}

static inline Status fixture_check(Fixture *f) {
    return fixture_check_of(f, f->store);
}

static inline void assert_whole(Fixture *f) {
    if (fixture_check(f) != STATUS_OK) fail_msg("check: %s\n%s", f->error.why, buffer_string(&f->faults));
    assert_int_equal(f->fault_count, 0);
}

/* Check finds something, and says this. */
static inline void assert_fault(Fixture *f, const char *said, const char *what) {
    Status s = fixture_check(f);
    if (s != STATUS_CONFLICT) fail_msg("%s: check gives %d (%s)", what, s, f->error.why);
    if (!strstr(buffer_string(&f->faults), said))
        fail_msg("%s: check does not say \"%s\":\n%s", what, said, buffer_string(&f->faults));
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static inline void file_read(const char *path, Buffer *out) {
    char bytes[8192];
    size_t n;
    FILE *file = fopen(path, "rb");
    buffer_clear(out);
    if (!file) fail_msg("%s cannot be read", path);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
        buffer_add(out, bytes, n);
    }
    fclose(file);
}

static inline void file_write(const char *path, const char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    if (!file) fail_msg("%s cannot be written", path);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* --- spoiled copies ------------------------------------------------------------------------------------------------ */

enum { TTA = 1, SMA = 9, DOD = 12 };

/* A small network, kept as the bytes of its file; each case spoils a copy. */
typedef struct Spoiled {
    Fixture *f;
    Buffer whole;
    char copy[128];
} Spoiled;

/* The entries, by seq: 1 organisation, 2 project, 3 and 4 its changes, 5 milestone, 6 offer, 7 request, 8 allocation,
 * 9 need, 10 (the same act) need, 11 DOD's project, 12 SMA's project, added and 13 deleted. */
static inline void make_network(Fixture *f) {
    fixture_organisation(f, SMA, "Commune d'Agadir");
    Record *p = fixture_add(f, fixture_record(f, &entity_project, SMA, "title", "Irrigation", "stage", "pilot",
                                              "sector", "water", "lead", "SMA-G1", "partners", "DOD TTA", NULL));
    clock_pin(clock_now() + 60);
    fixture_good(f, fixture_change(f, p, "title", "Irrigation du Souss", NULL), "set");
    fixture_good(f, fixture_change(f, p, "budget", "1250000", NULL), "set");
    fixture_add(f, fixture_record(f, &entity_milestone, SMA, "title", "Premier essai", "project", "SMA-P1", "due",
                                  "2027-01-31", NULL));
    Record *offer = fixture_offer(f, TTA, "100", "20");
    Record *request = fixture_request(f, p, "120", "60");
    fixture_add(f, fixture_allocation(f, offer, request, "2026-W49:60 2026-W50:50"));
    fixture_begin(f);
    for (int i = 0; i < 2; i++) {
        Record *need = fixture_record(f, &entity_need, SMA, "title", i ? "Eau potable" : "École", "urgency", "2",
                                      "sector", "water", "beneficiary", "SMA-G1", NULL);
        fixture_good(f, store_write(f->store, NULL, need, "add", &f->error), "need");
    }
    fixture_good(f, fixture_end(f, STATUS_OK), "commit");
    fixture_project(f, DOD, "Pêche");
    fixture_good(f, fixture_delete(f, fixture_project(f, SMA, "Retiré")), "delete");
    assert_whole(f);
}

enum { ENTRIES = 13 };

static inline int spoiled_set_up(void **state) {
    Spoiled *s = *state = calloc(1, sizeof *s);
    assert_non_null(s);
    s->f = fixture_new(ALL_SITES);
    make_network(s->f);
    store_close(s->f->store);
    s->f->store = NULL;
    file_read(s->f->path, &s->whole);
    fixture_path(s->f, "copy.db", s->copy);
    return 0;
}

static inline int spoiled_tear_down(void **state) {
    Spoiled *s = *state;
    fixture_free(s->f);
    buffer_free(&s->whole);
    free(s);
    return 0;
}

/* What check says of a copy to which this SQL was done ("" for nothing). */
static inline Status check_spoiled(Spoiled *s, const char *sql) {
    Store *store = NULL;
    file_write(s->copy, s->whole.bytes, s->whole.size);
    raw_do(s->copy, sql);
    fixture_good(s->f, store_open(s->copy, true, 1000, &store, &s->f->error), sql);
    Status status = fixture_check_of(s->f, store);
    store_close(store);
    store_remove(s->copy);
    return status;
}

static inline void assert_found(Spoiled *s, const char *sql, const char *said) {
    Status status = check_spoiled(s, sql);
    if (status != STATUS_CONFLICT || !s->f->fault_count) fail_msg("not found (%d): %s", status, sql);
    if (!strstr(buffer_string(&s->f->faults), said))
        fail_msg("%s: check does not say \"%s\" but:\n%s", sql, said, buffer_string(&s->f->faults));
}

#endif
