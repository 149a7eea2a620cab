/* The newest entries of the journal's chains. */
#include "store/journal_head.h"

#include "store/internal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)JOURNAL_HEAD_HASH == (int)JOURNAL_HASH_SIZE, "a head has its entry's hash");

enum { CHAINS_MOST = SITE_COUNT * 256 };

Status journal_heads(Store *store, Arena *arena, JournalHead **out, int *count, Error *e) {
    Statement *s = engine_prepare(store->engine,
                                  "SELECT j.site, j.epoch, j.number, j.hash FROM journal j JOIN (SELECT site, epoch, "
                                  "MAX(number) AS number FROM journal GROUP BY site, epoch) n ON n.site = j.site AND "
                                  "n.epoch = j.epoch AND n.number = j.number ORDER BY j.site, j.epoch");
    JournalHead *heads = arena_array(arena, CHAINS_MOST, sizeof *heads);
    *count = 0;
    while (statement_row(s) && *count < CHAINS_MOST) {
        size_t size;
        const void *hash = statement_get_blob(s, 3, &size);
        JournalHead *h = &heads[(*count)++];
        *h = (JournalHead){.site = (int)statement_get_int(s, 0),
                           .epoch = (int)statement_get_int(s, 1),
                           .number = statement_get_int(s, 2)};
        if (size == sizeof h->hash) memcpy(h->hash, hash, size);
    }
    *out = heads;
    return statement_end(s, NULL, e);
}

void journal_head_write(const JournalHead *h, Buffer *b) {
    char hash[2 * JOURNAL_HEAD_HASH + 1];
    sodium_bin2hex(hash, sizeof hash, h->hash, sizeof h->hash);
    buffer_format(b, "%s.%d.%lld.%s", site_code(h->site), h->epoch, (long long)h->number, hash);
}

/* Digits up to a point; false where there are none, or too many. */
static bool read_number(const char **at, const char *end, int64_t *out) {
    *out = 0;
    const char *from = *at;
    while (*at < end && **at >= '0' && **at <= '9' && *at - from < 18) {
        *out = *out * 10 + (*(*at)++ - '0');
    }
    return *at > from && *at < end && *(*at)++ == '.';
}

bool journal_head_read(const char *text, size_t size, JournalHead *h) {
    const char *end = text + size, *point = memchr(text, '.', size), *at = point ? point + 1 : end;
    int64_t epoch;
    size_t bytes;
    *h = (JournalHead){.site = point ? site_of_code(text, (size_t)(point - text)) : -1};
    if (h->site < 0 || !read_number(&at, end, &epoch) || epoch > EPOCH_MAX || !read_number(&at, end, &h->number))
        return false;
    h->epoch = (int)epoch;
    return sodium_hex2bin(h->hash, sizeof h->hash, at, (size_t)(end - at), NULL, &bytes, NULL) == 0 &&
           bytes == sizeof h->hash;
}

Status journal_head_holds(Store *store, const JournalHead *h, bool *holds, Error *e) {
    Statement *s =
        engine_prepare(store->engine, "SELECT hash FROM journal WHERE site = ?1 AND epoch = ?2 AND number = ?3");
    statement_int(s, 1, h->site);
    statement_int(s, 2, h->epoch);
    statement_int(s, 3, h->number);
    *holds = false;
    if (statement_row(s)) {
        size_t size;
        const void *hash = statement_get_blob(s, 0, &size);
        *holds = size == sizeof h->hash && !memcmp(hash, h->hash, size);
    }
    return statement_end(s, NULL, e);
}
