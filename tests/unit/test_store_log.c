/* How long the write-ahead log gets while others read. */
#include "store_fixture.h"

#include "store/engine.h"
#include "store/engine_file.h"

#include <poll.h>
#include <sys/wait.h>

enum { MIB = 1 << 20, COMMITS = 400, LOG_MOST = 16 * MIB, OVERLAP_MS = 20 };

/* Begins a view, and keeps it. */
static void look(Engine *e, bool is_long) {
    int64_t n;
    Error error = {0};
    engine_read_end(e);
    if ((is_long ? engine_read_long_begin : engine_read_begin)(e, &error) != STATUS_OK ||
        engine_number(e, &n, 0, &error, "SELECT COUNT(*) FROM sqlite_schema", 0) != STATUS_OK)
        _exit(90);
}

/* Two that read by turns, until told to end: before one ends, the other one has begun. */
static void read_by_turns(const char *path, int ready, int end) {
    Engine *engines[2];
    Error error = {0};
    struct pollfd p = {.fd = end, .events = POLLIN};
    for (int i = 0; i < 2; i++) {
        if (engine_open(path, ENGINE_READ, 5000, &engines[i], &error) != STATUS_OK) _exit(91);
        look(engines[i], false);
    }
    if (write(ready, "", 1) != 1) _exit(92);
    for (int turn = 0; poll(&p, 1, OVERLAP_MS) == 0; turn++) {
        look(engines[turn % 2], false);
    }
    _exit(0);
}

/* One that keeps its view all the while. */
static void read_long(const char *path, int ready, int end) {
    Engine *engine;
    Error error = {0};
    char byte;
    if (engine_open(path, ENGINE_READ, 5000, &engine, &error) != STATUS_OK) _exit(91);
    look(engine, true);
    if (write(ready, "", 1) != 1 || read(end, &byte, 1) != 0) _exit(92);
    _exit(0);
}

typedef struct Reader {
    pid_t pid;
    int end;
} Reader;

static Reader start_reader(const char *path, void (*reader)(const char *path, int ready, int end)) {
    int ready[2], end[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    Reader r = {.pid = fork(), .end = end[1]};
    assert_true(r.pid >= 0);
    if (r.pid == 0) {
        close(end[1]);
        reader(path, ready[1], end[0]);
    }
    close(ready[1]);
    close(end[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return r;
}

static void end_reader(const Reader *r) {
    int status = -1;
    close(r->end);
    assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
    assert_int_equal(status, 0);
}

/* Writes some forty MiB, in commits of a tenth of one; returns how long the log was at most. */
static int64_t write_much(const char *path, Engine *e) {
    Error error = {0};
    int64_t most = 0;
    for (int i = 0; i < COMMITS; i++) {
        assert_int_equal(engine_begin(e, &error), STATUS_OK);
        assert_int_equal(engine_run(e, "UPDATE filler SET bytes = randomblob(100000)", &error), STATUS_OK);
        assert_int_equal(engine_commit(e, &error), STATUS_OK);
        int64_t size = engine_file_log_size(path);
        if (size > most) most = size;
    }
    return most;
}

static Engine *open_to_write(Fixture *f) {
    Engine *e;
    store_close(f->store); /* no connection crosses a fork */
    f->store = NULL;
    raw_do(f->path, "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (randomblob(100000))");
    fixture_good(f, engine_open(f->path, ENGINE_WRITE, 5000, &e, &f->error), "open");
    return e;
}

static void the_log_stays_short_though_somebody_always_reads(void **state) {
    Fixture *f = *state;
    raw_do(f->path, "SELECT 1");
    Engine *warm = open_to_write(f);
    engine_close(warm);
    Reader r = start_reader(f->path, read_by_turns);
    Engine *e;
    fixture_good(f, engine_open(f->path, ENGINE_WRITE, 5000, &e, &f->error), "open");
    int64_t most = write_much(f->path, e);
    end_reader(&r);
    engine_close(e);
    if (most >= LOG_MOST) fail_msg("the log had %lld bytes", (long long)most);
}

static void nobody_waits_for_a_long_read_and_it_is_over_when_it_ends(void **state) {
    Fixture *f = *state;
    engine_close(open_to_write(f));
    Reader r = start_reader(f->path, read_long);
    Engine *e;
    fixture_good(f, engine_open(f->path, ENGINE_WRITE, 5000, &e, &f->error), "open");
    Buffer lock = {0};
    engine_file_lock_path(&lock, f->path);
    FILE *file = fopen(lock.bytes, "r+");
    assert_non_null(file);
    assert_true(engine_file_is_read_long(fileno(file)));
    assert_true(write_much(f->path, e) > LOG_MOST);
    end_reader(&r);
    assert_false(engine_file_is_read_long(fileno(file)));
    assert_true(write_much(f->path, e) > LOG_MOST); /* it has its size yet */
    fclose(file);
    buffer_free(&lock);
    engine_close(e);
    assert_true(engine_file_log_size(f->path) == 0);
}

static void a_long_read_and_an_owner_do_not_meet(void **state) {
    Fixture *f = *state;
    Engine *owner = open_to_write(f), *reader;
    fixture_good(f, engine_own(owner, &f->error), "own");
    fixture_good(f, engine_open(f->path, ENGINE_WRITE, 0, &reader, &f->error), "open");
    look(reader, true);
    assert_int_equal(engine_own(reader, &f->error), STATUS_CONFLICT);
    engine_close(owner);
    fixture_good(f, engine_own(reader, &f->error), "own");
    engine_close(reader);
}

/* Who began to read where nobody could write: in a directory that was shut to everybody but the administrator. */
static void read_when_open(const char *path, int ready, int end) {
    enum { NOBODY = 65534 };
    Engine *engine;
    Error error = {0};
    char byte;
    int64_t rows = -1;
    if (getuid() == 0 && setuid(NOBODY) != 0) _exit(93);
    if (engine_open(path, ENGINE_READ, 5000, &engine, &error) != STATUS_OK) _exit(91);
    if (engine_number(engine, &rows, -1, &error, "SELECT COUNT(*) FROM filler", 0) != STATUS_OK || rows != 1) _exit(94);
    if (write(ready, "", 1) != 1 || read(end, &byte, 1) != 0) _exit(92);
    engine_refresh(engine);
    if (engine_number(engine, &rows, -1, &error, "SELECT COUNT(*) FROM filler", 0) != STATUS_OK) _exit(95);
    engine_close(engine);
    _exit(rows == 2 ? 0 : 96);
}

static void a_view_of_what_nobody_could_write_ends_when_it_can_be_written(void **state) {
    Fixture *f = *state;
    Engine *e;
    char log[128], shared[128];
    engine_close(open_to_write(f));
    /* They are made anew with the rights of the file. */
    fixture_path(f, "store.db-wal", log);
    fixture_path(f, "store.db-shm", shared);
    unlink(log);
    unlink(shared);
    assert_int_equal(chmod(f->path, 0644) || chmod(f->dir, 0555), 0);
    Reader r = start_reader(f->path, read_when_open);
    assert_int_equal(chmod(f->dir, 0777) || chmod(f->path, 0666), 0);
    fixture_good(f, engine_open(f->path, ENGINE_WRITE, 5000, &e, &f->error), "open");
    fixture_good(f, engine_begin(e, &f->error), "begin");
    fixture_good(f, engine_run(e, "INSERT INTO filler VALUES (x'00')", &f->error), "insert");
    fixture_good(f, engine_commit(e, &f->error), "commit");
    end_reader(&r);
    engine_close(e);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_log_stays_short_though_somebody_always_reads),
        TEST(nobody_waits_for_a_long_read_and_it_is_over_when_it_ends),
        TEST(a_long_read_and_an_owner_do_not_meet),
        TEST(a_view_of_what_nobody_could_write_ends_when_it_can_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
