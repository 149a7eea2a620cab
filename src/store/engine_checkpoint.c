/* How long the write-ahead log gets. It is copied into the file after the commit by which it holds LOG_PAGES, by what
 * SQLite calls a passive checkpoint: as far as the oldest reader lets it. But it begins anew only at a moment in which
 * nobody reads from it, and where many read there may be none, though each of them is done soon. So a writer waits for
 * them, first for a blink and longer the longer the log is; whoever comes meanwhile reads from the file, where all is by
 * then, and is not waited for. Of a read that may last for minutes everybody is told (engine_read_long_begin): for such a
 * one nobody waits, and its own side sees to how long the log may get.
 *
 * See "Write-Ahead Logging", section "Avoiding Excessively Large WAL Files", sqlite.org. */
#include "base/date.h"
#include "store/engine_file.h"
#include "store/engine_sqlite.h"

#include <poll.h>

enum { LOG_PAGES = 1000 /* about 4 MB */, BULK_LOG_PAGES = 100000, PAUSE_MS = 2 };

/* Once the log holds so many pages, readers are waited for once, so long. */
static const struct { int pages, wait_ms; } patience[] = {{1500, 100}, {2000, 500}, {2500, 1000}, {3000, 5000}};

enum { WAITS = sizeof patience / sizeof *patience };

bool engine_checkpoint(Engine *e, int mode) {
    sqlite3_busy_timeout(e->db, 0);
    int result = sqlite3_wal_checkpoint_v2(e->db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(e->db, e->busy_ms);
    return result == SQLITE_OK;
}

/* SQLite's own wait is for a place in which readers note what they look at; a new reader may take that very place before
 * it is seen to be free, and so on for ever. Each try here looks at all places anew. */
static void wait_for_readers(Engine *e, int wait_ms) {
    int64_t until = clock_ms() + wait_ms;
    while (!engine_checkpoint(e, SQLITE_CHECKPOINT_RESTART) && clock_ms() < until) {
        poll(NULL, 0, PAUSE_MS);
    }
}

void engine_shorten_log(Engine *e) {
    if (e->log_pages < (e->bulk ? BULK_LOG_PAGES : LOG_PAGES)) {
        if (!e->bulk) e->log_waits = 0;
        return;
    }
    bool waits = !e->bulk && e->log_waits < WAITS && e->log_pages >= patience[e->log_waits].pages &&
                 !engine_file_is_read_long(e->lock);
    if (waits) wait_for_readers(e, patience[e->log_waits++].wait_ms);
    else engine_checkpoint(e, SQLITE_CHECKPOINT_PASSIVE);
}
