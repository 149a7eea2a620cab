/* Making, opening and closing a store. */
#include "base/date.h"
#include "base/intl.h"
#include "store/check.h"
#include "store/draft.h"
#include "store/engine_file.h"
#include "store/internal.h"
#include "store/seed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Status read_homes(Store *store, Error *e) {
    Statement *s = engine_prepare(store->engine, "SELECT site, epoch, demonstration FROM home");
    store->homes = 0;
    while (statement_row(s)) {
        int64_t site = statement_get_int(s, 0), epoch = statement_get_int(s, 1);
        if (site < 0 || site >= SITE_COUNT || epoch < 0 || epoch > EPOCH_MAX) continue;
        store->homes |= 1u << site;
        store->epochs[site] = (int)epoch;
        store->demo = store->demo || statement_get_int(s, 2);
    }
    return statement_end(s, NULL, e);
}

static Store *store_new(const char *path) {
    Store *store = memory_new(sizeof *store);
    store->path = memory_string(path);
    return store;
}

static Status write_homes(Store *store, const int *sites, int count, Error *e) {
    char at[INSTANT_SIZE];
    Status status = STATUS_OK;
    instant_write(clock_now(), at);
    for (int i = 0; i < count && status == STATUS_OK; i++) {
        Statement *s = engine_prepare(store->engine, "INSERT INTO home (site, epoch, made_at) VALUES (?1, 0, ?2)");
        statement_int(s, 1, sites[i]);
        statement_text(s, 2, at, INSTANT_SIZE - 1);
        while (statement_row(s)) {}
        status = statement_end(s, NULL, e);
    }
    return status;
}

void store_remove(const char *path) {
    engine_file_remove(path);
}

/* libsodium's own generator, seeded by the system's: no system call for each salt. */
static Status prepare_random(Error *e) {
    static bool ready;
    if (ready) return STATUS_OK;
    randombytes_set_implementation(&randombytes_internal_implementation);
    if (sodium_init() < 0) return error_set(e, STATUS_FAILED, NULL, _("there is no source of random numbers"));
    ready = true;
    return STATUS_OK;
}

Status store_create(const char *path, const int *sites, int count, Error *e) {
    Status ready = prepare_random(e);
    if (ready != STATUS_OK) return ready;
    Store *store = store_new(path);
    Status s = engine_open(path, ENGINE_CREATE, 0, &store->engine, e);
    bool made = s == STATUS_OK;
    if (s == STATUS_OK) s = engine_begin(store->engine, e);
    if (s == STATUS_OK) s = schema_migrate(store->engine, true, e);
    if (s == STATUS_OK) s = seed_reference(store, e);
    if (s == STATUS_OK) s = write_homes(store, sites, count, e);
    if (s == STATUS_OK) s = engine_commit(store->engine, e);
    store_close(store);
    if (s != STATUS_OK && made) store_remove(path);
    if (s == STATUS_OK) draft_set_aside(path);
    return s;
}

/* The schema of what can only be read. An older one has not got all that is asked for, and stays as it is. */
static Status look_at_schema(Store *store, bool *is_older, Error *e) {
    int version = 0;
    Status s = schema_version(store->engine, &version, e);
    *is_older = s == STATUS_OK && version < store_schema_version();
    return s;
}

static Status refuse_older(Error *e) {
    return error_set(e, STATUS_FAILED, NULL,
                     _("the store was made by an older jazari and can only be read here: open it once where it may be "
                       "written, or restore it elsewhere; this program then brings it up to date"));
}

static Status open_as(const char *path, EngineMode mode, int busy_ms, bool *is_older, Store **out, Error *e) {
    *out = NULL;
    *is_older = false;
    Status ready = prepare_random(e);
    if (ready != STATUS_OK) return ready;
    Store *store = store_new(path);
    Status s = engine_open(path, mode, busy_ms, &store->engine, e);
    if (s == STATUS_OK && !engine_is_read_only(store->engine)) s = schema_migrate(store->engine, false, e);
    else if (s == STATUS_OK) s = look_at_schema(store, is_older, e);
    /* Of a copy nothing is asked but its pages. */
    if (s == STATUS_OK && *is_older && mode != ENGINE_COPY) s = refuse_older(e);
    if (s == STATUS_OK && !*is_older) s = read_homes(store, e);
    if (s != STATUS_OK) {
        error_at(e, path, 0);
        store_close(store);
        return s;
    }
    *out = store;
    return STATUS_OK;
}

Status store_open(const char *path, bool write, int busy_ms, Store **out, Error *e) {
    bool is_older;
    Status s = open_as(path, write ? ENGINE_WRITE : ENGINE_READ, busy_ms, &is_older, out, e);
    if (s == STATUS_OK || write || !is_older) return s;
    /* For one who will only read it, it is brought up too. */
    s = open_as(path, ENGINE_WRITE, busy_ms, &is_older, out, e);
    if (s != STATUS_OK) return s;
    store_close(*out);
    return open_as(path, ENGINE_READ, busy_ms, &is_older, out, e);
}

Status store_open_copy(const char *path, Store **out, Error *e) {
    bool is_older;
    return open_as(path, ENGINE_COPY, 0, &is_older, out, e);
}

void store_close(Store *store) {
    if (!store) return;
    engine_close(store->engine);
    for (int i = 0; i < ENTITY_COUNT; i++) {
        free(store->sql[i].insert);
        free(store->sql[i].sorted);
    }
    arena_free(&store->arena);
    buffer_free(&store->text);
    buffer_free(&store->folded);
    buffer_free(&store->sort_key);
    buffer_free(&store->was_folded);
    buffer_free(&store->query);
    prepared_free(&store->prepared);
    free(store->path);
    free(store);
}

const char *store_path(const Store *store) {
    return store->path;
}

Status store_own(Store *store, Error *e) {
    return engine_own(store->engine, e);
}

int64_t store_log_size(const Store *store) {
    return engine_file_log_size(store->path);
}

bool store_is_read_only(const Store *store) {
    return engine_is_read_only(store->engine);
}

unsigned store_homes(const Store *store) {
    return store->homes;
}

bool store_is_demo(const Store *store) {
    return store->demo;
}

Status store_make_demo(Store *store, Error *e) {
    store->demo = true;
    return engine_do(store->engine, e, "UPDATE home SET demonstration = 1", 0);
}

bool store_is_home(const Store *store, int site) {
    return site >= 0 && site < SITE_COUNT && (store->homes >> site & 1);
}

void store_set_interrupt(Store *store, bool (*stop)(void *), void *context) {
    engine_set_interrupt(store->engine, stop, context);
}

int64_t store_version(Store *store) {
    return engine_version(store->engine);
}

void store_refresh(Store *store) {
    engine_refresh(store->engine);
}

bool store_is_moved(const Store *store) {
    return engine_is_moved(store->engine);
}

void store_seed(Store *store, const char *seed) {
    snprintf(store->seed, sizeof store->seed, "%s", seed);
    store->seed_count = *seed != 0;
}

void store_random(Store *store, void *bytes, size_t size) {
    if (!store->seed_count) {
        randombytes_buf(bytes, size);
        return;
    }
    unsigned char key[randombytes_SEEDBYTES] = {0};
    memcpy(key, store->seed, sizeof key < sizeof store->seed ? sizeof key : sizeof store->seed);
    memcpy(key + sizeof key - sizeof store->seed_count, &store->seed_count, sizeof store->seed_count);
    store->seed_count++;
    randombytes_buf_deterministic(bytes, size, key);
}

static Status epoch_is_free(Store *store, int epoch, bool *is_free, Error *e) {
    Status status = STATUS_OK;
    *is_free = true;
    for (int i = 0; i < SITE_COUNT && status == STATUS_OK && *is_free; i++) {
        if (!store_is_home(store, i)) continue;
        Statement *s = engine_prepare(store->engine,
                                      "SELECT 1 FROM journal WHERE site = ?1 AND epoch = ?2 ORDER BY number LIMIT 1");
        statement_int(s, 1, i);
        statement_int(s, 2, epoch);
        *is_free = store->epochs[i] != epoch && !statement_row(s);
        status = statement_end(s, NULL, e);
    }
    return status;
}

/* Any of those never written in, by chance: two restores of one backup know nothing of each other. */
static Status choose_epoch(Store *store, int *epoch, Error *e) {
    int start = (int)randombytes_uniform(EPOCH_MAX);
    for (int i = 0; i < EPOCH_MAX; i++) {
        bool is_free;
        *epoch = 1 + (start + i) % EPOCH_MAX;
        Status s = epoch_is_free(store, *epoch, &is_free, e);
        if (s != STATUS_OK || is_free) return s;
    }
    return error_set(e, STATUS_FAILED, NULL, _("this store has been restored too often: no epoch is left"));
}

Status store_new_epoch(Store *store, Error *e) {
    int epoch;
    Status s = engine_begin(store->engine, e);
    if (s != STATUS_OK) return s;
    s = choose_epoch(store, &epoch, e);
    if (s == STATUS_OK) s = engine_do(store->engine, e, "UPDATE home SET epoch = ?1", 1, (int64_t)epoch);
    if (s != STATUS_OK) {
        engine_rollback(store->engine);
        return s;
    }
    s = engine_commit(store->engine, e);
    return s == STATUS_OK ? read_homes(store, e) : s;
}

Status store_publish(const char *part, const char *path, Error *e) {
    return engine_file_publish(part, path, e);
}

Status store_is_free(const char *path, Error *e) {
    return engine_file_is_free(path, e);
}

Status store_backup(Store *store, const char *path, Error *e) {
    return engine_backup(store->engine, path, e);
}
