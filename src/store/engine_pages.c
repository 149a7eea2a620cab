/* The layer over a store's file that stamps its pages. */
#include "store/engine_pages.h"

#include "base/intl.h"

#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { RESERVED_AT = 20, HEADER = 100, LANES = 4, WORDS = (PAGES_SIZE - PAGES_STAMP) / 8 };

typedef struct PagesFile {
    LayerFile layer;
    bool stamped, told;
    PageTell *tell;
    void *context;
} PagesFile;

static PagesFile *pages_of(sqlite3_file *file) {
    return (PagesFile *)(void *)file;
}

/* --- stamps ------------------------------------------------------------------------------------------------------- */

/* One step can be undone by who knows the word: two pages that differ in one word never have the same stamp. */
static uint64_t mix(uint64_t hash, uint64_t word) {
    hash ^= word;
    return (hash << 27 | hash >> 37) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t word_at(const unsigned char *page, int at) {
    uint64_t word;
    memcpy(&word, page + (size_t)at * 8, sizeof word);
    return le64toh(word);
}

/* In lanes, which a processor takes side by side. */
static uint64_t stamp_of(const unsigned char *page, int64_t number) {
    uint64_t lanes[LANES] = {1, 2, 3, 4}, hash = (uint64_t)number;
    for (int at = 0; at < WORDS; at++) {
        lanes[at % LANES] = mix(lanes[at % LANES], word_at(page, at));
    }
    for (int lane = 0; lane < LANES; lane++) {
        hash = mix(hash, lanes[lane]);
    }
    return hash;
}

/* A page that was never written is all naught. */
static bool is_empty(const unsigned char *page) {
    for (int at = 0; at < PAGES_SIZE / 8; at++) {
        if (word_at(page, at)) return false;
    }
    return true;
}

static bool is_sound(const unsigned char *page, int64_t number) {
    return word_at(page, WORDS) == stamp_of(page, number) || is_empty(page);
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static bool is_page(int size, sqlite3_int64 at) {
    return size == PAGES_SIZE && at % PAGES_SIZE == 0;
}

/* The first page says whether there are stamps, in this file and from now on. */
static void look_at_header(PagesFile *f, const unsigned char *bytes, int size, sqlite3_int64 at) {
    if (at == 0 && size >= HEADER) f->stamped = bytes[RESERVED_AT] == PAGES_STAMP;
}

static int pages_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at) {
    PagesFile *f = pages_of(file);
    int result = f->layer.real->pMethods->xRead(f->layer.real, out, size, at);
    if (result != SQLITE_OK) return result;
    look_at_header(f, out, size, at);
    if (!f->stamped || f->told || !f->tell || !is_page(size, at) || is_sound(out, at / PAGES_SIZE + 1)) return result;
    f->told = true;
    f->tell(f->context, at / PAGES_SIZE + 1);
    return result;
}

static int pages_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
    PagesFile *f = pages_of(file);
    unsigned char page[PAGES_SIZE];
    look_at_header(f, bytes, size, at);
    if (!f->stamped || !is_page(size, at)) return f->layer.real->pMethods->xWrite(f->layer.real, bytes, size, at);
    memcpy(page, bytes, PAGES_SIZE);
    uint64_t stamp = htole64(stamp_of(page, at / PAGES_SIZE + 1));
    memcpy(page + PAGES_SIZE - PAGES_STAMP, &stamp, sizeof stamp);
    return f->layer.real->pMethods->xWrite(f->layer.real, page, size, at);
}

static int pages_share_map(sqlite3_file *file, int region, int size, int extend, void volatile **out) {
    return layer_real(file)->pMethods->xShmMap(layer_real(file), region, size, extend, out);
}

static int pages_share_lock(sqlite3_file *file, int at, int count, int flags) {
    return layer_real(file)->pMethods->xShmLock(layer_real(file), at, count, flags);
}

static void pages_share_barrier(sqlite3_file *file) {
    layer_real(file)->pMethods->xShmBarrier(layer_real(file));
}

static int pages_share_unmap(sqlite3_file *file, int remove) {
    return layer_real(file)->pMethods->xShmUnmap(layer_real(file), remove);
}

/* Version 2: the file is not mapped (mmap_size=0), so every page comes this way. */
static const sqlite3_io_methods pages_methods = {.iVersion = 2,
                                                 .xClose = layer_close,
                                                 .xRead = pages_read,
                                                 .xWrite = pages_write,
                                                 .xTruncate = layer_truncate,
                                                 .xSync = layer_sync,
                                                 .xFileSize = layer_size,
                                                 .xLock = layer_lock,
                                                 .xUnlock = layer_unlock,
                                                 .xCheckReservedLock = layer_check_lock,
                                                 .xFileControl = layer_control,
                                                 .xSectorSize = layer_sector,
                                                 .xDeviceCharacteristics = layer_device,
                                                 .xShmMap = pages_share_map,
                                                 .xShmLock = pages_share_lock,
                                                 .xShmBarrier = pages_share_barrier,
                                                 .xShmUnmap = pages_share_unmap};

size_t engine_pages_begin(LayerFile *f) {
    if (f) *(PagesFile *)(void *)f = (PagesFile){0};
    return sizeof(PagesFile);
}

const sqlite3_io_methods *engine_pages_methods(void) {
    return &pages_methods;
}

/* --- for the engine ----------------------------------------------------------------------------------------------- */

/* NULL where the connection does not go through the layer. */
static PagesFile *pages_of_connection(sqlite3 *db) {
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return result == SQLITE_OK && file && file->pMethods == &pages_methods ? pages_of(file) : NULL;
}

void engine_pages_stamp(sqlite3 *db) {
    int reserved = PAGES_STAMP;
    if (pages_of_connection(db)) sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
}

bool engine_pages_are_stamped(sqlite3 *db) {
    const PagesFile *f = pages_of_connection(db);
    return f && f->stamped;
}

void engine_pages_watch(sqlite3 *db, PageTell *tell, void *context) {
    PagesFile *f = pages_of_connection(db);
    if (!f) return;
    f->tell = tell;
    f->context = context;
}

/* Whether the log has the page, in frames of this round or an earlier one: a header of 32 bytes, then frames that begin
 * with the page's number and 20 bytes more ("WAL-mode File Format"). */
static bool log_has(const char *path, int64_t page) {
    enum { LOG_HEADER = 32, FRAME_HEADER = 24 };
    unsigned char number[4];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool found = false;
    for (off_t at = LOG_HEADER; fd >= 0 && !found && pread(fd, number, sizeof number, at) == sizeof number;
         at += FRAME_HEADER + PAGES_SIZE) {
        found = ((int64_t)number[0] << 24 | number[1] << 16 | number[2] << 8 | number[3]) == page;
    }
    if (fd >= 0) close(fd);
    return found;
}

Status engine_pages_check(sqlite3 *db, const char *log_path, PageTell *tell, void *context, Error *e) {
    PagesFile *f = pages_of_connection(db);
    unsigned char page[PAGES_SIZE];
    sqlite3_int64 size = 0;
    if (!f || !f->stamped) return STATUS_OK;
    sqlite3_file *real = f->layer.real;
    int result = real->pMethods->xFileSize(real, &size);
    for (sqlite3_int64 at = 0; at + PAGES_SIZE <= size && result == SQLITE_OK; at += PAGES_SIZE) {
        int64_t number = at / PAGES_SIZE + 1;
        result = real->pMethods->xRead(real, page, PAGES_SIZE, at);
        if (result != SQLITE_OK || is_sound(page, number) || log_has(log_path, number)) continue;
        /* Looked at again: it may have been copied meanwhile, and the log begun anew. */
        result = real->pMethods->xRead(real, page, PAGES_SIZE, at);
        if (result == SQLITE_OK && !is_sound(page, number)) tell(context, number);
    }
    if (result == SQLITE_OK) return STATUS_OK;
    return error_set(e, STATUS_FAILED, NULL, _("the store's file cannot be read: %s"), sqlite3_errstr(result));
}
