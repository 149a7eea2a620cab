/* Drafts through the one door: kept where the store is, and for a time in the person's own directory. */
#include "service/service_parts.h"

#include "base/intl.h"
#include "service/keeper.h"
#include "service/link.h"

#include <string.h>

static bool tell(Service *s, KeeperAct act, const Draft *d) {
    Buffer message = {0};
    if (!s->link) return keeper_tell(local_keeper(s), act, d);
    keeper_message(&message, act, d);
    bool told = link_tell(s->link, FRAME_DRAFT, message.bytes, message.size);
    buffer_free(&message);
    return told;
}

/* Where this person's own directory has drafts of the store; NULL: nowhere. */
static const char *own_place(Service *s) {
    if (!s->own_place.size && !draft_own_place(&s->own_place, service_path(s))) buffer_clear(&s->own_place);
    return s->own_place.size ? s->own_place.bytes : NULL;
}

static bool tell_own(Service *s, KeeperAct act, const Draft *d) {
    if (!s->own && own_place(s) && draft_make_way(own_place(s))) s->own = keeper_new(own_place(s), s->actor.login);
    return s->own && keeper_tell(s->own, act, d);
}

bool service_draft_put(Service *s, const Draft *d) {
    bool told = tell(s, KEEPER_PUT, d);
    if (told && !s->aside) return true;
    return tell_own(s, KEEPER_PUT, d) || told;
}

void service_draft_leave(Service *s, const Draft *d) {
    tell(s, KEEPER_LEAVE, d);
    if (s->own) tell_own(s, KEEPER_LEAVE, d);
}

void service_draft_drop(Service *s, const Draft *d) {
    tell(s, KEEPER_DROP, d);
    if (s->own) tell_own(s, KEEPER_DROP, d);
}

/* What the server or the store's keeper has needs not be kept here, too. */
DraftKept service_draft_check(Service *s, const Draft *d, Error *e) {
    Arena arena = {0};
    DraftCheckReply r = {0};
    Status status = service_is_away(s) ? error_set(e, STATUS_BUSY, NULL, _("the server is away"))
                                       : service_ask(s, &arena, REQUEST_DRAFT_CHECK, d, &r, e);
    arena_free(&arena);
    if (status == STATUS_OK && !r.safe) return DRAFT_WRITTEN;
    s->aside = status != STATUS_OK && status != STATUS_DENIED;
    if (!s->aside && s->own) tell_own(s, KEEPER_DROP, d);
    if (!s->aside) return status == STATUS_OK ? DRAFT_SAFE : DRAFT_NOWHERE;
    DraftKept own = s->own ? keeper_check(s->own, d) : DRAFT_NOWHERE;
    if (own == DRAFT_NOWHERE && tell_own(s, KEEPER_PUT, d)) own = keeper_check(s->own, d);
    return own == DRAFT_SAFE ? DRAFT_ASIDE : own;
}

static void list_own(Service *s, Arena *arena, DraftRows *r) {
    if (!own_place(s)) return;
    if (s->own) keeper_settle(s->own);
    draft_list(arena, own_place(s), s->actor.login, &r->rows, &r->count);
}

static const Draft *find_draft(const DraftRows *r, const char *key) {
    for (int i = 0; i < r->count; i++) {
        if (!strcmp(r->rows[i].key, key)) return &r->rows[i];
    }
    return NULL;
}

/* A form that is open hands in its own. */
static bool hand_in_one(Service *s, const Draft *d, const DraftRows *there) {
    Arena arena = {0};
    const Draft *same = find_draft(there, d->key);
    bool newer = !same || same->at <= d->at;
    if (d->open || (newer && same && same->open)) return false;
    if (newer) tell(s, KEEPER_PUT, d);
    if (newer) tell(s, KEEPER_LEAVE, d);
    DraftCheckReply r = {.safe = true};
    bool kept = (!newer || service_ask(s, &arena, REQUEST_DRAFT_CHECK, d, &r, NULL) == STATUS_OK) && r.safe;
    if (kept) tell_own(s, KEEPER_DROP, d);
    arena_free(&arena);
    return kept;
}

/* Whether there was anything. */
static bool hand_in(Service *s, Arena *arena, const DraftRows *there) {
    DraftRows own = {0};
    bool any = false;
    list_own(s, arena, &own);
    for (int i = 0; i < own.count; i++) {
        any = hand_in_one(s, &own.rows[i], there) || any;
    }
    return any;
}

void service_drafts_hand_in(Service *s) {
    Arena arena = {0};
    Draft *unused;
    int count;
    service_drafts(s, &arena, &unused, &count, NULL);
    arena_free(&arena);
}

static void add_own(Service *s, Arena *arena, DraftRows *r) {
    DraftRows own = {0};
    list_own(s, arena, &own);
    if (!own.count) return;
    DraftRows all = {arena_array(arena, (size_t)own.count + (size_t)r->count, sizeof *all.rows), 0};
    for (int i = 0; i < own.count; i++) {
        all.rows[all.count++] = own.rows[i];
    }
    for (int i = 0; i < r->count; i++) {
        if (!find_draft(&own, r->rows[i].key)) all.rows[all.count++] = r->rows[i];
    }
    *r = all;
}

Status service_drafts(Service *s, Arena *arena, Draft **out, int *count, Error *e) {
    DraftRows r = {0};
    Status status = service_ask(s, arena, REQUEST_DRAFTS, NULL, &r, e);
    if (status == STATUS_OK && hand_in(s, arena, &r)) {
        r = (DraftRows){0};
        status = service_ask(s, arena, REQUEST_DRAFTS, NULL, &r, e);
    }
    if (status == STATUS_OK) add_own(s, arena, &r);
    *out = r.rows;
    *count = r.count;
    return status;
}

Status service_editors(Service *s, Arena *arena, const Entity *entity, int64_t id, Editor **out, int *count, Error *e) {
    const RecordArguments a = {.entity = entity, .id = id};
    EditorRows r = {0};
    Status status = service_ask(s, arena, REQUEST_EDITORS, &a, &r, e);
    *out = r.rows;
    *count = r.count;
    return status;
}
