/* What fell free of offers, for whom. State numbers in the SQL are those of entities.h (asserted below). */
#include "store/freed.h"

#include "base/date.h"
#include "store/internal.h"
#include "store/journal.h"

#include <string.h>

_Static_assert(OFFER_OPEN == 2 && REQUEST_APPROVED == 3 && ALLOCATION_DECLINED == 5 && SESSION_PLANNED == 1,
               "numbers in the SQL below");

enum { WAITING_MOST = 200, CHANGED_MOST = 400, ENTRIES_MOST = 20 };

/* A request that waits, by the numbers that an offer has to meet. */
typedef struct Waiting {
    int64_t id, kind, level;
    int site, first, last;
    int64_t seq; /* the journal's entry since which it waits; -1: not looked for yet */
} Waiting;

/* A record that changed lately, and by which an open offer may have got more to give. */
typedef struct Changed {
    const Entity *entity; /* allocation, offer or session */
    int64_t id, offer, kind, level;
    int64_t request; /* an allocation's own */
    int site, first, last;
    bool known;     /* what follows was read from the journal */
    int64_t seq;    /* 0: nothing fell free */
    int64_t above;  /* only for data above this level; -1: for all */
    int from, to;   /* the weeks in which something did */
    const char *at; /* when */
} Changed;

typedef struct Search {
    Store *store;
    Arena *arena;
    int site;
    const char *since;
    Waiting waiting[WAITING_MOST];
    Changed changed[CHANGED_MOST];
    int waiting_count, changed_count;
    bool own; /* a request of the site is among those that wait */
} Search;

/* --- candidates --------------------------------------------------------------------------------------------------- */

/* 0 where it holds none. */
static int week_at(Statement *s, int column) {
    int week = 0;
    column_week(s, column, &week);
    return week;
}

static void bind(Statement *s, const Search *search) {
    statement_int(s, 1, search->site);
    if (statement_has(s, 2)) statement_text(s, 2, search->since, INSTANT_SIZE - 1);
    if (statement_has(s, 4)) statement_int(s, 4, search->own);
}

static Status read_waiting(Search *search, const char *week, Error *e) {
    int now = week_of_date(clock_today());
    Statement *s = engine_prepare(
        search->store->engine,
        "SELECT r.id, r.kind, r.data_level, r.site, r.earliest, r.latest FROM request r WHERE r.state = 3 AND "
        "r.latest >= ?3 AND r.wanted > (SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.request = r.id AND "
        "a.state <> 5) ORDER BY CASE WHEN r.site = ?1 THEN 0 ELSE 1 END, r.priority DESC, r.id LIMIT 200");
    bind(s, search);
    statement_text(s, 3, week, WEEK_SIZE - 1);
    while (search->waiting_count < WAITING_MOST && statement_row(s)) {
        search->waiting[search->waiting_count++] = (Waiting){.id = statement_get_int(s, 0),
                                                             .kind = statement_get_int(s, 1),
                                                             .level = statement_get_int(s, 2),
                                                             .site = (int)statement_get_int(s, 3),
                                                             .first = week_at(s, 4),
                                                             .last = week_at(s, 5),
                                                             .seq = -1};
        Waiting *w = &search->waiting[search->waiting_count - 1];
        if (w->first < now) w->first = now;
        search->own = search->own || statement_get_int(s, 3) == search->site;
    }
    return statement_end(s, NULL, e);
}

/* The columns of an offer that fits are the same in all of these; the changed record's id and request come first. Where
 * no request of the site waits, only what it offers itself matters (?4). */
#define OFFER_COLUMNS "o.id, o.kind, o.data_level, o.site, o.first, o.last"
#define OFFER_IS_OPEN "o.state = 2 AND o.last >= ?3 AND (?4 = 1 OR o.site = ?1)"

static const struct {
    const Entity *entity;
    const char *sql;
} sources[] = {
    {&entity_allocation,
     "SELECT a.id, a.request, " OFFER_COLUMNS " FROM allocation a JOIN offer o ON o.id = a.offer WHERE "
     "a.updated_at >= ?2 AND a.rev > 1 AND " OFFER_IS_OPEN " ORDER BY a.updated_at DESC, a.id DESC LIMIT 200"},
    {&entity_offer, "SELECT o.id, 0, " OFFER_COLUMNS " FROM offer o WHERE o.updated_at >= ?2 AND " OFFER_IS_OPEN
                    " ORDER BY o.updated_at DESC, o.id DESC LIMIT 100"},
    {&entity_session,
     "SELECT t.id, 0, " OFFER_COLUMNS " FROM session t JOIN offer o ON o.id = t.offer WHERE t.state = 1 AND "
     "t.updated_at >= ?2 AND t.week >= ?3 AND " OFFER_IS_OPEN " ORDER BY t.updated_at DESC, t.id DESC LIMIT 100"},
};

static Status read_changed(Search *search, const Entity *entity, const char *sql, const char *week, Error *e) {
    Statement *s = engine_prepare(search->store->engine, sql);
    bind(s, search);
    statement_text(s, 3, week, WEEK_SIZE - 1);
    while (search->changed_count < CHANGED_MOST && statement_row(s)) {
        search->changed[search->changed_count++] = (Changed){.entity = entity,
                                                             .id = statement_get_int(s, 0),
                                                             .request = statement_get_int(s, 1),
                                                             .offer = statement_get_int(s, 2),
                                                             .kind = statement_get_int(s, 3),
                                                             .level = statement_get_int(s, 4),
                                                             .site = (int)statement_get_int(s, 5),
                                                             .first = week_at(s, 6),
                                                             .last = week_at(s, 7)};
    }
    return statement_end(s, NULL, e);
}

/* --- what the journal says ---------------------------------------------------------------------------------------- */

static bool has(const JournalEntry *entry, int field) {
    return (entry->changed & FIELD_BIT(field)) != 0;
}

/* A number of the record before the entry, and after it. */
static int64_t number_before(const JournalEntry *entry, int field) {
    return value_number_or(&(has(entry, field) ? entry->before : entry->after)->values[field], 0);
}

static int64_t number_after(const JournalEntry *entry, int field) {
    return value_number_or(&entry->after->values[field], 0);
}

static int week_of(const Value *v) {
    int week = 0;
    if (v->kind == VALUE_TEXT) week_parse(v->text, v->size, &week);
    return week;
}

static void widen(Changed *c, int from, int to) {
    if (from > to) return;
    if (c->from > c->to) {
        c->from = from;
        c->to = to;
        return;
    }
    if (from < c->from) c->from = from;
    if (to > c->to) c->to = to;
}

static int64_t booked_in(const Value *bookings, int64_t week) {
    for (uint32_t i = 0; i < bookings->size; i++) {
        if (bookings->items[i].key == week) return bookings->items[i].quantity;
    }
    return 0;
}

/* Declined, or fewer booked in some weeks. */
static bool allocation_frees(const JournalEntry *entry, Changed *c) {
    if (!entry->before) return false;
    const Value *now = &entry->after->values[ALLOCATION_BOOKINGS];
    bool declined = number_after(entry, COMMON_STATE) == ALLOCATION_DECLINED;
    bool was_declined = number_before(entry, COMMON_STATE) == ALLOCATION_DECLINED;
    if (declined == was_declined && !has(entry, ALLOCATION_BOOKINGS)) return false;
    if (declined && !was_declined)
        widen(c, week_of(&entry->after->values[ALLOCATION_FIRST]), week_of(&entry->after->values[ALLOCATION_LAST]));
    if (!has(entry, ALLOCATION_BOOKINGS)) return true;
    const Value *was = &entry->before->values[ALLOCATION_BOOKINGS];
    for (uint32_t i = 0; i < was->size; i++) {
        int week = (int)was->items[i].key;
        if (was->items[i].quantity > booked_in(now, week)) widen(c, week, week);
    }
    return true;
}

/* Open where it was not, more of it, or for longer. */
static bool offer_frees(const JournalEntry *entry, Changed *c) {
    static const int parts[] = {COMMON_STATE, OFFER_QUANTITY, OFFER_RESERVE, OFFER_FIRST, OFFER_LAST, OFFER_DATA_LEVEL};
    bool concerns = !entry->before;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        concerns = concerns || has(entry, parts[i]);
    }
    if (!concerns) return false;
    int first = week_of(&entry->after->values[OFFER_FIRST]), last = week_of(&entry->after->values[OFFER_LAST]);
    bool opened = !entry->before || number_before(entry, COMMON_STATE) != OFFER_OPEN;
    if (opened || number_after(entry, OFFER_QUANTITY) - number_after(entry, OFFER_RESERVE) >
                      number_before(entry, OFFER_QUANTITY) - number_before(entry, OFFER_RESERVE)) {
        widen(c, first, last);
        return true;
    }
    if (has(entry, OFFER_FIRST)) widen(c, first, week_of(&entry->before->values[OFFER_FIRST]) - 1);
    if (has(entry, OFFER_LAST)) widen(c, week_of(&entry->before->values[OFFER_LAST]) + 1, last);
    if (c->from <= c->to || number_after(entry, OFFER_DATA_LEVEL) <= number_before(entry, OFFER_DATA_LEVEL))
        return true;
    c->above = number_before(entry, OFFER_DATA_LEVEL);
    widen(c, first, last);
    return true;
}

/* New, or with more places. */
static bool session_frees(const JournalEntry *entry, Changed *c) {
    if (entry->before && !has(entry, COMMON_STATE) && !has(entry, SESSION_PLACES)) return false;
    int week = week_of(&entry->after->values[SESSION_WEEK]);
    if (!entry->before || has(entry, COMMON_STATE) ||
        number_after(entry, SESSION_PLACES) > number_before(entry, SESSION_PLACES))
        widen(c, week, week);
    return true;
}

/* What the newest entry that concerns it made of what the offer has free. */
static Status look_back(Search *search, Changed *c, Error *e) {
    JournalEntry *entries;
    int count;
    JournalQuery query = {.entity = c->entity, .id = c->id, .site = -1, .limit = ENTRIES_MOST};
    c->known = true;
    c->above = -1;
    c->from = 0;
    c->to = -1;
    Status s = journal_read(search->store, search->arena, &query, &entries, &count, e);
    for (int i = 0; s == STATUS_OK && i < count && strcmp(entries[i].at, search->since) >= 0; i++) {
        const JournalEntry *entry = &entries[i];
        bool concerns = false;
        if (!entry->after) continue;
        if (c->entity == &entity_allocation) concerns = allocation_frees(entry, c);
        else if (c->entity == &entity_offer) concerns = offer_frees(entry, c);
        else concerns = session_frees(entry, c);
        if (!concerns) continue;
        c->at = entry->at;
        if (c->from <= c->to) c->seq = entry->seq;
        break;
    }
    return s;
}

/* Since when a request waits: since its state last changed. */
static Status find_begin(Search *search, Waiting *w, Error *e) {
    JournalEntry *entries;
    int count;
    JournalQuery query = {.entity = &entity_request, .id = w->id, .site = -1, .limit = ENTRIES_MOST};
    Status s = journal_read(search->store, search->arena, &query, &entries, &count, e);
    w->seq = 0;
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        w->seq = entries[i].seq;
        if (!entries[i].before || has(&entries[i], COMMON_STATE)) break;
    }
    return s;
}

/* --- pairs -------------------------------------------------------------------------------------------------------- */

static bool meets(const Search *search, const Changed *c, const Waiting *w) {
    return (w->site == search->site || c->site == search->site) && c->kind == w->kind && c->level >= w->level &&
           c->request != w->id && c->first <= w->last && c->last >= w->first;
}

static Status serves(Search *search, Changed *c, Waiting *w, bool *yes, Error *e) {
    *yes = false;
    Status s = c->known ? STATUS_OK : look_back(search, c, e);
    if (s != STATUS_OK || !c->seq || c->from > w->last || c->to < w->first || c->above >= w->level) return s;
    if (w->seq < 0) s = find_begin(search, w, e);
    *yes = c->seq > w->seq;
    return s;
}

static void keep(Freed *list, int *count, const Changed *c, const Waiting *w) {
    for (int i = 0; i < *count; i++) {
        if (list[i].request != w->id || list[i].provider != c->site) continue;
        if (strcmp(list[i].at, c->at) < 0) {
            list[i].offer = c->offer;
            list[i].at = c->at;
        }
        return;
    }
    list[(*count)++] = (Freed){w->id, c->offer, w->site, c->site, c->at};
}

Status freed_read(Store *store, Arena *arena, int site, const char *since, Freed **out, int *count, Error *e) {
    char week[WEEK_SIZE];
    Search *search = arena_array(arena, 1, sizeof *search);
    *search = (Search){.store = store, .arena = arena, .site = site, .since = since};
    *count = 0;
    week_write(week_of_date(clock_today()), week);
    *out = NULL;
    Status s = read_waiting(search, week, e);
    if (s != STATUS_OK || !search->waiting_count) return s;
    for (size_t i = 0; i < sizeof sources / sizeof *sources && s == STATUS_OK; i++) {
        s = read_changed(search, sources[i].entity, sources[i].sql, week, e);
    }
    *out = arena_array(arena, WAITING_MOST * SITE_COUNT, sizeof **out);
    for (int i = 0; i < search->waiting_count && s == STATUS_OK; i++) {
        for (int k = 0; k < search->changed_count && s == STATUS_OK; k++) {
            bool yes = false;
            if (meets(search, &search->changed[k], &search->waiting[i]))
                s = serves(search, &search->changed[k], &search->waiting[i], &yes, e);
            if (s == STATUS_OK && yes) keep(*out, count, &search->changed[k], &search->waiting[i]);
        }
    }
    return s;
}
