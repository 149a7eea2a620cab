/* A store with flipped bits: bytes all over copies of it are changed, and each copy is opened, listed and checked. It
 * works or says what is wrong, never crashes; nearly every flip is named, wherever it lies; and check never calls a copy
 * whole whose journal or rows are not those of the original, which a second look, past the program, decides. */
#include "run.h"

#include "service/service.h"
#include "store/engine_vfs.h"

#include <pwd.h>
#include <sqlite3.h>

enum { FLIPS = 1000, FLIPS_SHARE = 150, NAMED_LEAST = 990 /* of a thousand */, HASH_NONE = 0 };

static const char *login(void) {
    const struct passwd *p = getpwuid(geteuid());
    return p && p->pw_name ? p->pw_name : "nobody";
}

static void make_store(void) {
    RUN_WANTS(0, "made", "--store", "sound.db", "init", "--site", "SMA");
    RUN_WANTS(0, "", "--store", "sound.db", "add", "organisation", "name=Commune 1", "kind=local_authority");
    for (int i = 0; i < 12; i++) {
        char title[64];
        snprintf(title, sizeof title, "title=Prévision d'irrigation %d", i);
        RUN_WANTS(0, "", "--store", "sound.db", "add", "need", title, "urgency=2", "sector=water",
                  "beneficiary=SMA-G1");
        RUN_WANTS(0, "", "--store", "sound.db", "add", "project", title, "stage=pilot", "sector=water", "partners=ORI");
    }
    RUN_WANTS(0, "", "--store", "sound.db", "add", "offer", "name=Node of eight", "kind=gpu_hour", "quantity=110",
              "first=2026-W50", "last=2027-W02", "data_level=2", "mode=negotiated");
    RUN_WANTS(0, "", "--store", "sound.db", "open", "SMA-O1");
    run_write_file("r.csv",
                   "code,state,rev,project,kind,wanted,earliest,latest,priority,data_level\n"
                   "SMA-R1,approved,3,SMA-P1,gpu_hour,300,2026-W49,2027-W04,2,1\n",
                   131);
    RUN_WANTS(0, "1 added", "--store", "sound.db", "import", "request", "r.csv");
    RUN_WANTS(0, "", "--store", "sound.db", "propose", "SMA-R1", "offer=SMA-O1", "quantity=250");
}

/* --- the second look ---------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t size) {
    const unsigned char *b = bytes;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ b[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* A hash of all values of a table's rows; HASH_NONE where they cannot all be read. Keys that the rows are found by are
 * values too, so a row that only an index has lost is seen by integrity_check and not here. */
static uint64_t hash_table(sqlite3 *db, const char *table, uint64_t hash) {
    char sql[128];
    sqlite3_stmt *s = NULL;
    int result;
    snprintf(sql, sizeof sql, "SELECT * FROM %s NOT INDEXED", table);
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) return HASH_NONE;
    while ((result = sqlite3_step(s)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            int type = sqlite3_column_type(s, i);
            const void *bytes = sqlite3_column_blob(s, i);
            hash = mix(hash, &type, sizeof type);
            hash = mix(hash, bytes ? bytes : "", bytes ? (size_t)sqlite3_column_bytes(s, i) : 0);
        }
    }
    sqlite3_finalize(s);
    return result == SQLITE_DONE ? hash : HASH_NONE;
}

/* Of the journal, the entities' rows and their lists. */
static uint64_t hash_of_store(const char *path) {
    static const char *const lists[] = {"operator_acts_for", "need_projects", "project_partners", "project_needs",
                                        "allocation_bookings"};
    sqlite3 *db = NULL;
    uint64_t hash = 14695981039346656037u;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) hash = HASH_NONE;
    if (hash != HASH_NONE) hash = hash_table(db, "journal", hash);
    for (int kind = 1; kind < ENTITY_COUNT && hash != HASH_NONE; kind++) {
        hash = hash_table(db, entity_of_kind(kind)->name, hash);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists && hash != HASH_NONE; i++) {
        sqlite3_stmt *there = NULL;
        sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE name = ?1", -1, &there, NULL);
        sqlite3_bind_text(there, 1, lists[i], -1, SQLITE_STATIC);
        if (sqlite3_step(there) == SQLITE_ROW) hash = hash_table(db, lists[i], hash);
        sqlite3_finalize(there);
    }
    sqlite3_close(db);
    return hash;
}

/* --- the program's look ------------------------------------------------------------------------------------------- */

static void remove_beside(const char *path) {
    static const char *const ends[] = {"-wal", "-shm", "-lock", "-damaged"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static void count_fault(void *context, const char *fault) {
    if (fault) ++*(int *)context;
    if (fault) assert_true(*fault);
}

/* Lists every entity, then checks; true where check found nothing. Whatever fails says why. */
static bool look_through(const char *path) {
    Service *service;
    Error e = {0};
    int faults = 0;
    if (service_open(path, true, 1000, login(), &service, &e) != STATUS_OK) {
        assert_true(*e.why);
        return false;
    }
    for (int kind = 1; kind < ENTITY_COUNT; kind++) {
        Arena arena = {0};
        Page page;
        const ListRequest request = {
            .entity = entity_of_kind(kind), .limit = 100, .fields = FIELDS_ALL, .labels = true};
        e = (Error){0};
        if (service_list(service, &arena, &request, &page, &e) != STATUS_OK) assert_true(*e.why);
        arena_free(&arena);
    }
    e = (Error){0};
    Status s = service_check(service, &(CheckOptions){.fault = count_fault, .context = &faults}, &e);
    if (s != STATUS_OK) assert_true(*e.why);
    if (faults) assert_int_not_equal(s, STATUS_OK);
    service_close(service);
    return s == STATUS_OK;
}

/* Whether it was named. */
static bool flip(const Buffer *sound, size_t at, unsigned char bits, uint64_t hash) {
    Buffer copy = {0};
    buffer_add(&copy, sound->bytes, sound->size);
    copy.bytes[at] = (char)((unsigned char)copy.bytes[at] ^ bits);
    run_write_file("flipped.db", copy.bytes, copy.size);
    run_write_file("second.db", copy.bytes, copy.size);
    bool clean = look_through("flipped.db");
    bool same = hash_of_store("second.db") == hash;
    if (clean && !same) fail_msg("byte %zu, bits %02X: rows or journal are not the same and check is clean", at, bits);
    remove_beside("flipped.db");
    remove_beside("second.db");
    buffer_free(&copy);
    return !clean;
}

static void test_flipped_bits(void **state) {
    (void)state;
    Buffer sound = {0};
    uint32_t random = 4711;
    size_t flips = (size_t)run_share(FLIPS, FLIPS_SHARE), named = 0;
    make_store();
    run_read_file("sound.db", &sound);
    uint64_t hash = hash_of_store("sound.db");
    assert_true(hash != HASH_NONE);
    assert_true(look_through("sound.db"));
    for (size_t i = 0; i < flips; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = (i * sound.size + random % sound.size) / flips;
        named += flip(&sound, at, i % 3 ? (unsigned char)(1 << (random >> 29)) : 0xFF, hash);
    }
    print_message("# measured: %zu of %zu flipped bits were named\n", named, flips);
    assert_true(named * 1000 >= flips * NAMED_LEAST);
    /* The headers of the file and of each page. */
    for (size_t at = 16; at < 100; at += 5) {
        flip(&sound, at, 0x81, hash);
    }
    buffer_free(&sound);
}

/* Each place where a text of the journal or of a row stands. */
static void flip_each(const Buffer *sound, const char *text, uint64_t hash, int *found) {
    size_t size = strlen(text);
    for (size_t at = 0; at + size < sound->size; at++) {
        if (memcmp(sound->bytes + at, text, size) != 0) continue;
        flip(sound, at + size / 2, 0x01, hash);
        ++*found;
    }
}

static void test_changed_words(void **state) {
    (void)state;
    static const char *const texts[] = {"irrigation 7", "Node of eight", "\"urgency\":\"2\"", "Commune 1",
                                        "2026-W51",     "propose",       "Agadir-Ida"};
    Buffer sound = {0};
    run_read_file("sound.db", &sound);
    uint64_t hash = hash_of_store("sound.db");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int found = 0;
        flip_each(&sound, texts[i], hash, &found);
        if (!found) fail_msg("\"%s\" is nowhere in the store", texts[i]);
    }
    buffer_free(&sound);
}

/* Rows changed past the program, by someone with another program in hand. */
static void test_rows_changed_by_hand(void **state) {
    (void)state;
    static const char *const changes[] = {
        "UPDATE project SET title = 'Another title' WHERE rowid = (SELECT MIN(rowid) FROM project)",
        "UPDATE project SET budget = budget + 1",
        "UPDATE need SET state = 2",
        "UPDATE offer SET quantity = 1000",
        "UPDATE allocation_bookings SET quantity = quantity - 1",
        "DELETE FROM allocation_bookings",
        "DELETE FROM project_partners",
        "DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)",
        "DELETE FROM journal WHERE seq = 3",
        "UPDATE journal SET actor = 'someone' WHERE seq = 2",
        "UPDATE journal SET at = '2026-01-01T00:00:00Z' WHERE seq = 2",
        "UPDATE journal SET body = replace(body, 'irrigation', 'irrigatiom')",
        "UPDATE operator SET role = 1",
        "UPDATE site SET population = population + 1 WHERE code = 'ORI'",
        "UPDATE province SET name_fr = 'x' || name_fr",
        "UPDATE project SET created_by = 'someone'",
        "UPDATE project SET updated_at = '2026-01-01T00:00:00Z'",
        "UPDATE project SET rev = rev + 1",
        "UPDATE project SET folded = ''",
        "UPDATE operation SET first = first + 1 WHERE first = 2",
        "UPDATE operation SET actor = 'somebody' WHERE first = 3",
        "UPDATE operation SET kind = 2 WHERE first = 3",
        "UPDATE operation SET undone = 1 WHERE first = 3",
        "UPDATE operation SET target = op WHERE first = 3",
        "UPDATE counter SET last = last - 1 WHERE entity = 6",
    };
    Buffer sound = {0};
    run_read_file("sound.db", &sound);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sqlite3 *db = NULL;
        run_write_file("changed.db", sound.bytes, sound.size);
        /* With the right stamps on its pages, so that the rows alone give it away. */
        assert_int_equal(sqlite3_open_v2("changed.db", &db, SQLITE_OPEN_READWRITE, engine_vfs()), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=FULL", NULL, NULL, NULL), SQLITE_OK);
        if (sqlite3_exec(db, changes[i], NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", changes[i], sqlite3_errmsg(db));
        assert_true(sqlite3_total_changes(db) > 0);
        sqlite3_close(db);
        if (look_through("changed.db")) fail_msg("check is clean after: %s", changes[i]);
        remove_beside("changed.db");
    }
    buffer_free(&sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_changed_words),
        cmocka_unit_test(test_rows_changed_by_hand),
    };
    return cmocka_run_group_tests(tests, run_enter, run_leave);
}
