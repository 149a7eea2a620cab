/* A write with its journal against the same row written by bare SQLite with the same durability:
 *
 *     writes JAZARI STORE BARE       measures both; BARE is a file to be made
 *     writes bare BARE NUMBER        one row by bare SQLite, as one process
 *
 * STORE holds some projects. BARE gets the table of projects as it is there, with its rows and indexes, and nothing
 * else: no journal, no search index, no references to look at. Both are in WAL with synchronous=FULL, a transaction a
 * row. The two take turns, and who goes first changes each time. */
#include "sample.h"

#include "base/date.h"
#include "commands/command.h"
#include "model/entities.h"
#include "store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INSERTS = 400, EDITS = 400, PROCESSES = 40, BUSY_MS = 5000, SITE = 9, SQL_SIZE = 4096 };

typedef struct Bench {
    const char *program, *store_path, *bare_path;
    Store *store;
    sqlite3 *reader, *bare; /* of the store's file; of the bare one */
    sqlite3_stmt *read_row, *insert, *update;
    int64_t last; /* the id of the last row that the store wrote */
    Arena arena;
} Bench;

static bool explain(sqlite3 *db, const char *what) {
    fprintf(stderr, "writes: %s: %s\n", what, sqlite3_errmsg(db));
    return false;
}

static bool run(sqlite3 *db, const char *sql) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || explain(db, sql);
}

/* --- bare SQLite -------------------------------------------------------------------------------------------------- */

static bool bare_open(const char *path, sqlite3 **db) {
    if (sqlite3_open(path, db) != SQLITE_OK) return explain(*db, path);
    return run(*db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4096");
}

/* INSERT INTO project VALUES (?1, ...), for as many columns as it has. */
static bool bare_insert_prepare(sqlite3 *db, sqlite3_stmt **out) {
    char sql[SQL_SIZE] = "INSERT INTO project VALUES (?";
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, "SELECT * FROM project LIMIT 1", -1, &s, NULL) != SQLITE_OK)
        return explain(db, "project");
    size_t n = strlen(sql);
    for (int i = sqlite3_column_count(s); i > 1 && n + 4 < sizeof sql; i--) {
        n += (size_t)snprintf(sql + n, sizeof sql - n, ",?");
    }
    snprintf(sql + n, sizeof sql - n, ")");
    sqlite3_finalize(s);
    return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK || explain(db, sql);
}

/* The table with its rows and indexes, as the store has it. */
static bool bare_make(Bench *b) {
    char sql[SQL_SIZE];
    sqlite3_stmt *schema;
    if (!run(b->bare, "PRAGMA page_size=4096")) return false;
    snprintf(sql, sizeof sql, "ATTACH '%s' AS store", b->store_path);
    if (!run(b->bare, sql)) return false;
    static const char find[] = "SELECT sql FROM store.sqlite_schema WHERE tbl_name = 'project' AND sql IS NOT NULL "
                               "ORDER BY type DESC"; /* the table, then its indexes */
    if (sqlite3_prepare_v2(b->bare, find, -1, &schema, NULL) != SQLITE_OK) return explain(b->bare, find);
    bool good = true, filled = false;
    while (good && sqlite3_step(schema) == SQLITE_ROW) {
        good = run(b->bare, (const char *)sqlite3_column_text(schema, 0));
        if (good && !filled) good = run(b->bare, "INSERT INTO main.project SELECT * FROM store.project");
        filled = true;
    }
    sqlite3_finalize(schema);
    return good && run(b->bare, "DETACH store");
}

/* The row the store wrote last, as values for the bare insert; read before the clock runs. */
static bool bare_bind(Bench *b, int64_t id) {
    sqlite3_bind_int64(b->read_row, 1, id);
    if (sqlite3_step(b->read_row) != SQLITE_ROW) return explain(b->reader, "the row that was written");
    for (int i = 0; i < sqlite3_column_count(b->read_row); i++) {
        sqlite3_bind_value(b->insert, i + 1, sqlite3_column_value(b->read_row, i));
    }
    return sqlite3_reset(b->read_row) == SQLITE_OK;
}

static bool bare_commit(sqlite3 *db, sqlite3_stmt *s) {
    bool good = run(db, "BEGIN IMMEDIATE");
    if (good && sqlite3_step(s) != SQLITE_DONE) good = explain(db, "the row");
    sqlite3_reset(s);
    return run(db, good ? "COMMIT" : "ROLLBACK") && good;
}

/* --- the store ---------------------------------------------------------------------------------------------------- */

static bool said(const Error *e) {
    char text[600];
    error_text(e, text, sizeof text);
    fprintf(stderr, "writes: %s\n", text);
    return false;
}

static void set_text(Record *r, int field, const char *text) {
    r->values[field] = value_text(text, strlen(text));
}

static Record *project(Bench *b, int number) {
    Record *r = record_new(&b->arena, &entity_project);
    char *due = arena_format(&b->arena, "20%02d-%02d-%02d", 27 + number % 3, number % 12 + 1, number % 28 + 1);
    r->values[COMMON_SITE] = value_number(SITE);
    set_text(r, PROJECT_TITLE, arena_format(&b->arena, "Suivi des crues du piémont, vallée %d", number));
    set_text(r, PROJECT_SUMMARY, "Capteurs de niveau, modèle par petit bassin et relais par téléphone.");
    set_text(r, PROJECT_DUE, due);
    r->values[PROJECT_STAGE] = value_number(STAGE_RESEARCH + number % 2);
    r->values[PROJECT_HEALTH] = value_number(HEALTH_GREEN);
    r->values[PROJECT_SECTOR] = value_number(number % 18 + 1);
    r->values[PROJECT_BUDGET] = value_number(100000000 + number);
    return r;
}

static Status write_once(Bench *b, const Record *before, Record *after, Error *e) {
    char op[OPERATION_SIZE];
    bool repeated;
    operation_new(op);
    const Act act = {.login = "bench", .actor = "bench", .op = op, .at = clock_now()};
    Status s = store_begin(b->store, &act, &repeated, e);
    if (s != STATUS_OK) return s;
    s = store_write(b->store, before, after, before ? "set" : "add", e);
    if (s == STATUS_OK) return store_commit(b->store, e);
    store_rollback(b->store);
    return s;
}

static bool store_insert(Bench *b, int number, Samples *times) {
    Error e = {0};
    Record *r = project(b, number);
    double start = now_ms();
    Status s = write_once(b, NULL, r, &e);
    sample_add(times, now_ms() - start);
    b->last = r->id;
    return s == STATUS_OK || said(&e);
}

/* One field of a record: health, which has an index, so that one is written too. */
static bool store_edit(Bench *b, int64_t id, Samples *times) {
    Error e = {0};
    Record *before;
    double start = now_ms();
    Status s = store_read(b->store, &b->arena, &entity_project, id, FIELDS_ALL, &before, &e);
    if (s == STATUS_OK) {
        Record *after = record_copy(&b->arena, before);
        after->values[PROJECT_HEALTH] = value_number(before->values[PROJECT_HEALTH].number % 3 + 1);
        s = write_once(b, before, after, &e);
    }
    sample_add(times, now_ms() - start);
    return s == STATUS_OK || said(&e);
}

/* --- the two in turns --------------------------------------------------------------------------------------------- */

/* budget: of the row's own times; a process has its start too, of which nothing is promised. */
static void print_pair(const char *what, Samples *bare, Samples *ours, const char *budget) {
    char name[128];
    double ratio = sample_median(ours) / sample_median(bare);
    snprintf(name, sizeof name, "%s: bare SQLite", what);
    printf("%s\t%.2f ms, worst %.1f (%d times)\t%.3f\t\tms\n", name, sample_median(bare), sample_worst(bare),
           bare->count, sample_median(bare));
    snprintf(name, sizeof name, "%s: with its journal", what);
    printf("%s\t%.2f ms, worst %.1f (%d times)\t%.3f\t\tms\n", name, sample_median(ours), sample_worst(ours),
           ours->count, sample_median(ours));
    printf("%s: how many times as long\t%.2f times\t%.3f\t%s\ttimes\n", what, ratio, ratio, budget);
}

static bool bare_timed(Bench *b, sqlite3_stmt *s, Samples *times) {
    double start = now_ms();
    bool good = bare_commit(b->bare, s);
    sample_add(times, now_ms() - start);
    return good;
}

/* The bare row of a turn is the one that the store wrote in the turn before. */
static bool measure_inserts(Bench *b) {
    static Samples ours, bare;
    static Samples unused;
    if (!store_insert(b, 0, &unused)) return false;
    for (int i = 1; i <= INSERTS; i++) {
        if (!bare_bind(b, b->last)) return false;
        if (i % 2 && !bare_timed(b, b->insert, &bare)) return false;
        if (!store_insert(b, i, &ours)) return false;
        if (i % 2 == 0 && !bare_timed(b, b->insert, &bare)) return false;
        arena_reset(&b->arena);
    }
    print_pair("a new row", &bare, &ours, "1.5");
    return true;
}

static bool bare_edit(Bench *b, int64_t id, Samples *times) {
    sqlite3_bind_int64(b->update, 1, id);
    sqlite3_bind_text(b->update, 2, "2026-11-23T10:00:00Z", -1, SQLITE_STATIC);
    return bare_timed(b, b->update, times);
}

static bool measure_edits(Bench *b) {
    static Samples ours, bare;
    for (int i = 0; i < EDITS; i++) {
        int64_t id = b->last - 1 - i % (INSERTS - 10);
        if (i % 2 && !bare_edit(b, id, &bare)) return false;
        if (!store_edit(b, id, &ours)) return false;
        if (i % 2 == 0 && !bare_edit(b, id, &bare)) return false;
        arena_reset(&b->arena);
    }
    print_pair("one field of a row", &bare, &ours, "1.5");
    return true;
}

static bool process(const char *const *command, Samples *times) {
    int status = -1;
    double start = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        int out = open("/dev/null", O_WRONLY);
        dup2(out, STDOUT_FILENO);
        execv(*command, (char *const *)command);
        _exit(127);
    }
    if (pid > 0) waitpid(pid, &status, 0);
    sample_add(times, now_ms() - start);
    if (status != 0) fprintf(stderr, "writes: %s failed (%d)\n", *command, status);
    return status == 0;
}

static bool measure_processes(Bench *b, const char *self) {
    static Samples ours, bare;
    char title[64], number[32];
    const char *jazari[] = {b->program, "--store",        b->store_path,  "--site",         "SMA", "add", "project",
                            title,      "stage=research", "sector=water", "due=2027-05-04", NULL};
    const char *alone[] = {self, "bare", b->bare_path, number, NULL};
    for (int i = 0; i < PROCESSES; i++) {
        snprintf(title, sizeof title, "title=Suivi des crues du piémont, vallée %d", 10000 + i);
        snprintf(number, sizeof number, "%d", i);
        if (i % 2 && !process(alone, &bare)) return false;
        if (!process(jazari, &ours)) return false;
        if (i % 2 == 0 && !process(alone, &bare)) return false;
    }
    print_pair("a process a row", &bare, &ours, "");
    return true;
}

/* --- set-up ------------------------------------------------------------------------------------------------------- */

static bool set_up(Bench *b) {
    static const char update[] = "UPDATE project SET health = health % 3 + 1, rev = rev + 1, updated_at = ?2, "
                                 "updated_by = 'bench' WHERE id = ?1 AND rev >= 1";
    Error e = {0};
    if (!bare_open(b->bare_path, &b->bare) || !bare_make(b) || !bare_insert_prepare(b->bare, &b->insert)) return false;
    if (sqlite3_prepare_v2(b->bare, update, -1, &b->update, NULL) != SQLITE_OK) return explain(b->bare, update);
    if (store_open(b->store_path, true, BUSY_MS, &b->store, &e) != STATUS_OK) return said(&e);
    if (sqlite3_open_v2(b->store_path, &b->reader, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(b->reader, "SELECT * FROM project WHERE id = ?1", -1, &b->read_row, NULL) != SQLITE_OK)
        return explain(b->reader, b->store_path);
    return true;
}

static void tear_down(Bench *b) {
    sqlite3_finalize(b->read_row);
    sqlite3_finalize(b->insert);
    sqlite3_finalize(b->update);
    sqlite3_close(b->reader);
    sqlite3_close(b->bare);
    store_close(b->store);
    arena_free(&b->arena);
}

/* A copy of a row of the file, under another id. */
static int write_bare(const char *path, int number) {
    sqlite3 *db;
    sqlite3_stmt *insert = NULL, *row = NULL;
    bool good = bare_open(path, &db) && bare_insert_prepare(db, &insert) &&
                sqlite3_prepare_v2(db, "SELECT * FROM project WHERE id = (SELECT MAX(id) FROM project)", -1, &row,
                                   NULL) == SQLITE_OK &&
                sqlite3_step(row) == SQLITE_ROW;
    if (good) {
        for (int i = 1; i < sqlite3_column_count(row); i++) {
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row, i));
        }
        sqlite3_bind_int64(insert, 1, sqlite3_column_int64(row, 0) + 1 + number % 2);
        sqlite3_reset(row);
        good = bare_commit(db, insert);
    }
    sqlite3_finalize(row);
    sqlite3_finalize(insert);
    return sqlite3_close(db) == SQLITE_OK && good ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "bare") == 0) return write_bare(argv[2], atoi(argv[3]));
    if (argc != 4) {
        fprintf(stderr, "usage: writes JAZARI STORE BARE\n");
        return 2;
    }
    Bench b = {.program = argv[1], .store_path = argv[2], .bare_path = argv[3]};
    bool good = set_up(&b) && measure_inserts(&b) && measure_edits(&b);
    tear_down(&b);
    return good && measure_processes(&b, argv[0]) ? 0 : 1;
}
