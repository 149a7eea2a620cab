/* Operations that were done before. */
#include "commands/repeat.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/intl.h"
#include "store/journal.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert((int)REQUEST_HASH_SIZE == (int)crypto_hash_sha256_BYTES, "a request's hash is SHA-256");

static void add_word(Buffer *b, const char *word) {
    buffer_format(b, "%zu:%s", word ? strlen(word) : 0, word ? word : "");
}

void repeat_hash(const Actor *actor, const CommandRequest *requests, int count, unsigned char out[REQUEST_HASH_SIZE]) {
    Buffer b = {0};
    buffer_format(&b, "%d", actor->site);
    for (const CommandRequest *r = requests; r < requests + count; r++) {
        add_word(&b, r->verb);
        add_word(&b, r->entity);
        buffer_format(&b, "%d,%d", r->code_count, r->argument_count);
        for (int i = 0; i < r->code_count; i++) {
            add_word(&b, r->codes[i]);
        }
        for (int i = 0; i < r->argument_count; i++) {
            add_word(&b, r->arguments[i].name);
            add_word(&b, r->arguments[i].value);
        }
    }
    crypto_hash_sha256(out, (const unsigned char *)buffer_string(&b), b.size);
    buffer_free(&b);
}

bool repeat_hash_file(const Actor *actor, const char *what, int fd, unsigned char out[REQUEST_HASH_SIZE]) {
    enum { CHUNK = 1 << 18 };
    crypto_hash_sha256_state state;
    Buffer b = {0};
    struct stat st;
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t n = 0;
    if (at < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return false; /* some devices never end */
    buffer_format(&b, "%d", actor->site);
    add_word(&b, "import");
    add_word(&b, what);
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)buffer_string(&b), b.size);
    buffer_free(&b);
    char *bytes = memory_new(CHUNK);
    while ((n = pread(fd, bytes, CHUNK, at)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0) continue;
        crypto_hash_sha256_update(&state, (const unsigned char *)bytes, (unsigned long long)n);
        at += n;
    }
    free(bytes);
    crypto_hash_sha256_final(&state, out);
    return n == 0;
}

static Status outcome_of(Store *store, Arena *arena, const char *op, Outcome *o, Error *e) {
    Arena some = {0};
    JournalSpan rest, part;
    const char *verb = "";
    Status s = journal_span(store, op, &rest, e);
    if (s != STATUS_OK) return s;
    o->repeated = true;
    o->effects = arena_array(arena, (size_t)(rest.last - rest.first + 1), sizeof *o->effects);
    o->count = 0;
    while (s == STATUS_OK && journal_span_first(&rest, &part)) {
        JournalEntry *entries;
        int count;
        arena_reset(&some);
        s = journal_span_read(store, &some, part, &entries, &count, e);
        for (int i = 0; i < count && s == STATUS_OK; i++) {
            const JournalEntry *entry = &entries[i];
            if (strcmp(verb, entry->verb) != 0) verb = arena_string(arena, entry->verb);
            o->effects[o->count++] =
                (Effect){.entity = entry->entity, .id = entry->id, .rev = entry->rev, .verb = verb};
        }
    }
    arena_free(&some);
    return s;
}

static bool did(const Outcome *o, const char *verb) {
    for (int i = 0; i < o->count; i++) {
        if (!strcmp(o->effects[i].verb, verb)) return true;
    }
    return false;
}

Status repeat_read(Store *store, Arena *arena, const Act *act, const char *verb, Outcome *outcome, Error *e) {
    Status s = outcome_of(store, arena, act->op, outcome, e);
    if (s == STATUS_OK && (!verb || did(outcome, verb)))
        return act->request ? store_operation_asked(store, act->op, act->request, e) : STATUS_OK;
    if (s != STATUS_OK) return s;
    s = error_set(e, STATUS_CONFLICT, "op", _("the operation %s was another act (%s): give another id"), act->op,
                  outcome->count ? outcome->effects[outcome->count - 1].verb : "?");
    *outcome = (Outcome){.op = act->op};
    return s;
}

Status repeat_find(Store *store, Arena *arena, const Actor *actor, const char *op, const char *verb, Outcome *outcome,
                   Error *e) {
    char name[LOGIN_SIZE + 8];
    bool repeated = false;
    *outcome = (Outcome){.op = op};
    actor_name(actor, name, sizeof name);
    const Act act = {.login = actor->login, .actor = name, .op = op, .at = clock_now()};
    Status s = store_begin(store, &act, &repeated, e);
    if (s != STATUS_OK) return s;
    if (repeated) s = repeat_read(store, arena, &act, verb, outcome, e);
    store_rollback(store);
    return s;
}
