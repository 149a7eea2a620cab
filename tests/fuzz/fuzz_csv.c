/* CSV and JSON of any bytes: as a table in memory, and as an import of any kind of record into a store, which is tried
 * and not kept. Every row is counted once, or the first fault has a line and a reason. */
#include "fuzz.h"

#include "base/csv_table.h"
#include "base/text.h"
#include "commands/import.h"
#include "service/service.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_table(const char *text, size_t size) {
    Arena arena = {0};
    CsvTable t = {0};
    Error e = {0};
    if (csv_table_read(&arena, text, size, &t, &e) == STATUS_OK) {
        FUZZ_HOLDS(t.columns >= 0 && t.rows >= 0);
        for (int row = 0; row < t.rows; row++) {
            for (int column = 0; column < t.columns; column++) {
                FUZZ_HOLDS(csv_table_cell(&t, row, t.names[column]));
            }
        }
        FUZZ_HOLDS(!*csv_table_cell(&t, 0, "no such column"));
    } else FUZZ_HOLDS(*e.why);
    arena_free(&arena);
}

static char dir[] = "/tmp/jazari-fuzz-XXXXXX", path[64];

static void remove_store(void) {
    store_remove(path);
    rmdir(dir);
}

/* One store for all inputs of a process; its file is gone with it. (Nothing is written where it went before.) */
static Service *service_of_process(void) {
    static Service *service;
    static const int sites[] = {9};
    Error e = {0};
    if (service) return service;
    FUZZ_HOLDS(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/store.db", dir);
    const InitRequest init = {.path = path, .login = "fuzz", .sites = sites, .site_count = 1};
    FUZZ_HOLDS(service_init(&init, &e) == STATUS_OK);
    FUZZ_HOLDS(service_open(path, true, 1000, "fuzz", &service, &e) == STATUS_OK);
    atexit(remove_store);
    return service;
}

static void check_import(const Entity *entity, const char *text, size_t size) {
    Arena arena = {0};
    Error e = {0};
    ImportReply reply = {0};
    char op[OPERATION_SIZE];
    int64_t before = -1, after = -1;
    Service *service = service_of_process();
    int fd = memfd_create("rows", MFD_CLOEXEC);
    FUZZ_HOLDS(fd >= 0 && write(fd, text, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    operation_new(op);
    ImportRequest request = {.entity = entity, .file = "fuzz.csv", .fd = fd, .op = op, .dry_run = true};
    FUZZ_HOLDS(service_count(service, entity, "", &before, &e) == STATUS_OK);
    Status s = service_import(service, &arena, &request, &reply, &e);
    if (s == STATUS_OK) FUZZ_HOLDS(reply.rows == reply.added + reply.changed + reply.same && !reply.fault_count);
    else {
        FUZZ_HOLDS(*e.why && s != STATUS_FAILED && s != STATUS_BUSY && s != STATUS_STOPPED);
        FUZZ_HOLDS(reply.fault_count <= IMPORT_FAULTS);
        for (int i = 0; i < reply.fault_count; i++) {
            FUZZ_HOLDS(reply.faults[i].line >= 1 && *reply.faults[i].why);
        }
    }
    FUZZ_HOLDS(service_count(service, entity, "", &after, &e) == STATUS_OK && after == before);
    close(fd);
    arena_free(&arena);
}

/* The same bytes as what an array's bracket announces. */
static void import_json(const Entity *entity, const char *text, size_t size) {
    char *json = memory_new(size + 1);
    json[0] = '[';
    memcpy(json + 1, text, size);
    check_import(entity, json, size + 1);
    free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (!size || size > 100000) return 0;
    const Entity *entity = entity_of_kind(1 + bytes[0] % (ENTITY_COUNT - 1));
    check_table((const char *)bytes + 1, size - 1);
    check_import(entity, (const char *)bytes + 1, size - 1);
    import_json(entity, (const char *)bytes + 1, size - 1);
    return 0;
}
