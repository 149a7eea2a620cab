/* Figures over many records. State numbers in the SQL are those of entities.h (asserted below). */
#include "store/figures.h"

#include "base/date.h"
#include "store/freed.h"
#include "store/internal.h"
#include "store/predicate.h"

#include <string.h>

_Static_assert(PROJECT_ACTIVE == 2 && MILESTONE_OPEN == 1 && NEED_SUBMITTED == 2 && NEED_QUALIFIED == 3 &&
                   NEED_DEFERRED == 6 && OFFER_OPEN == 2 && OFFER_PAUSED == 3 && REQUEST_DRAFT == 1 &&
                   REQUEST_SUBMITTED == 2 && REQUEST_APPROVED == 3 && REQUEST_RETURNED == 4 && REQUEST_CLOSED == 6 &&
                   ALLOCATION_PROPOSED == 1 && ALLOCATION_ACCEPTED == 2 && ALLOCATION_ACTIVE == 3 &&
                   ALLOCATION_COMPLETED == 4 && ALLOCATION_DECLINED == 5 && ALLOCATION_RELEASED == 6 &&
                   ALLOCATION_REVOKED == 7,
               "numbers in the SQL below");

static void this_week(char out[WEEK_SIZE]) {
    week_write(week_of_date(clock_today()), out);
}

/* Runs SQL whose ?1 is a text and whose rows begin with a site, and hands each to take. */
static Status each_site(Store *store, const char *sql, const char *text, NetworkFigures *out,
                        void (*take)(Statement *, RegionFigures *), Error *e) {
    Statement *s = engine_prepare(store->engine, sql);
    if (statement_has(s, 1)) statement_text(s, 1, text, strlen(text));
    while (statement_row(s)) {
        int64_t site = statement_get_int(s, 0);
        if (site >= 0 && site < SITE_COUNT) take(s, &out->region[site]);
    }
    return statement_end(s, NULL, e);
}

static void take_projects(Statement *s, RegionFigures *r) {
    r->projects = statement_get_int(s, 1);
}

static void take_late(Statement *s, RegionFigures *r) {
    r->late = statement_get_int(s, 1);
}

static void take_needs(Statement *s, RegionFigures *r) {
    r->needs_open = statement_get_int(s, 1);
    r->needs_urgent = statement_get_int(s, 2);
}

static void take_requests(Statement *s, RegionFigures *r) {
    r->requests_open = statement_get_int(s, 1);
}

static void take_offers(Statement *s, RegionFigures *r) {
    r->offers_open = statement_get_int(s, 1);
}

Status figures_projects(Store *store, NetworkFigures *out, Error *e) {
    char today[DATE_SIZE];
    date_write(clock_today(), today);
    Status s =
        each_site(store, "SELECT site, COUNT(*) FROM project WHERE state = 2 GROUP BY site", "", out, take_projects, e);
    if (s != STATUS_OK) return s;
    return each_site(store,
                     "SELECT site, COUNT(*) FROM (SELECT p.site, p.id FROM project p WHERE p.state = 2 AND p.due <> '' "
                     "AND p.due < ?1 UNION SELECT p.site, p.id FROM milestone m JOIN project p ON p.id = m.project "
                     "WHERE m.state = 1 AND m.due < ?1 AND p.state = 2) q GROUP BY site",
                     today, out, take_late, e);
}

Status figures_network(Store *store, NetworkFigures *out, Error *e) {
    char week[WEEK_SIZE];
    this_week(week);
    memset(out, 0, sizeof *out);
    Buffer needs = {0};
    buffer_add_string(&needs, "SELECT t.site, COUNT(*), SUM(CASE WHEN t.urgency >= 3 THEN 1 ELSE 0 END) FROM need t "
                              "WHERE ");
    predicate_states(&needs, filter_open_states(&entity_need));
    buffer_add_string(&needs, " GROUP BY t.site");
    Status s = each_site(store, needs.bytes, "", out, take_needs, e);
    buffer_free(&needs);
    if (s == STATUS_OK)
        s = each_site(store, "SELECT site, COUNT(*) FROM request WHERE state IN (2, 3, 4) GROUP BY site", "", out,
                      take_requests, e);
    if (s == STATUS_OK)
        s = each_site(store, "SELECT site, COUNT(*) FROM offer WHERE state IN (2, 3) AND last >= ?1 GROUP BY site",
                      week, out, take_offers, e);
    return s;
}

/* --- attention ---------------------------------------------------------------------------------------------------- */

/* What to look for: rows of id, about, other site, a date, week or instant. ?1 the site, ?2 today, ?3 this week,
 * ?4 the week ENDING_DAYS on, ?5 the instant RECENT_DAYS ago, ?6 the journal's number of allocations. Each is bounded,
 * most urgent first. */
typedef struct AttentionRule {
    AttentionKind kind;
    const Entity *entity;
    int urgency; /* of an item that is due today */
    int per_day; /* more for each day it is late */
    const char *sql;
} AttentionRule;

static const AttentionRule rules[] = {
    {ATTENTION_LATE_MILESTONE, &entity_milestone, 400, 1,
     "SELECT m.id, m.project, -1, m.due FROM milestone m JOIN project p ON p.id = m.project "
     "WHERE m.state = 1 AND m.due < ?2 AND m.site = ?1 AND p.state = 2 ORDER BY m.due, m.id LIMIT 40"},
    {ATTENTION_LATE_PROJECT, &entity_project, 390, 1,
     "SELECT id, 0, -1, due FROM project WHERE state = 2 AND due > '' AND due < ?2 AND site = ?1 "
     "ORDER BY due, id LIMIT 40"},
    {ATTENTION_PROPOSAL, &entity_allocation, 420, 2,
     "SELECT id, request, site, created_at FROM allocation WHERE state = 1 AND borrower = ?1 AND proposed_by = site "
     "UNION ALL SELECT id, request, borrower, created_at FROM allocation WHERE state = 1 AND site = ?1 "
     "AND proposed_by <> site LIMIT 40"},
    {ATTENTION_ASKED, &entity_request, 330, 1,
     "SELECT r.id, 0, r.site, r.updated_at FROM request r WHERE r.state = 3 AND r.site <> ?1 AND r.latest >= ?3 "
     "AND (r.wanted > (SELECT COALESCE(SUM(a.total), 0) FROM allocation a WHERE a.request = r.id AND a.state <> 5) OR "
     "(r.wanted = 0 AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.request = r.id AND (a.state IN (1, 2, 3) OR "
     "(a.state = 4 AND a.reason = ''))))) AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.request = r.id AND a.site "
     "= ?1) "
     "AND EXISTS (SELECT 1 FROM offer o WHERE o.kind = r.kind AND o.state = 2 AND o.site = ?1 "
     "AND o.data_level >= r.data_level AND o.first <= r.latest AND o.last >= r.earliest AND o.last >= ?3) "
     "ORDER BY r.priority DESC, r.id LIMIT 40"},
    {ATTENTION_REVIEW, &entity_request, 380, 3,
     "SELECT id, 0, -1, updated_at FROM request WHERE state = 2 AND site = ?1 ORDER BY updated_at, id LIMIT 40"},
    {ATTENTION_QUALIFY, &entity_need, 300, 2,
     "SELECT id, 0, -1, updated_at FROM need WHERE state = 2 AND site = ?1 ORDER BY urgency DESC, id LIMIT 40"},
    {ATTENTION_RETURNED, &entity_request, 310, 1,
     "SELECT id, 0, -1, updated_at FROM request WHERE state = 4 AND site = ?1 ORDER BY updated_at, id LIMIT 40"},
    {ATTENTION_DRAFT, &entity_request, 150, 1,
     "SELECT id, 0, -1, updated_at FROM request WHERE state = 1 AND site = ?1 AND updated_at < ?2 "
     "ORDER BY updated_at, id LIMIT 40"},
    {ATTENTION_START, &entity_allocation, 350, 3,
     "SELECT id, request, borrower, first FROM allocation WHERE state = 2 AND site = ?1 AND first <= ?3 LIMIT 40"},
    {ATTENTION_COMPLETE, &entity_allocation, 200, 1,
     "SELECT id, request, borrower, last FROM allocation WHERE state = 3 AND site = ?1 AND last < ?3 LIMIT 40"},
    {ATTENTION_ENDING, &entity_offer, 250, 4,
     "SELECT id, 0, -1, last FROM offer WHERE state = 2 AND site = ?1 AND last >= ?3 AND last <= ?4 "
     "ORDER BY last, id LIMIT 40"},
    /* Either side may decline, whoever proposed: where it was the borrower himself, he knows. What was completed has a
     * reason where it was before its last week; what goes on has one where some of its weeks were given back, or revoked.
     * Of a request that was closed it is told too, until another goes on from it; of any, until the same provider proposes
     * again. */
    {ATTENTION_LOST, &entity_request, 370, -2,
     "SELECT r.id, MAX(a.id), a.site, MAX(a.updated_at) FROM allocation a JOIN request r ON r.id = a.request "
     "WHERE a.borrower = ?1 AND (a.state = 7 OR (a.state = 4 AND a.reason <> '') OR "
     "(a.state = 5 AND NOT EXISTS (SELECT 1 FROM operator p JOIN site h ON h.id = ?1 WHERE (p.site = ?1 AND "
     "a.updated_by = p.code) OR a.updated_by = p.code || '@' || h.code)) OR (a.state IN (2, 3) AND a.reason <> '' AND "
     "EXISTS (SELECT 1 FROM "
     "journal j WHERE j.entity = ?6 AND j.id = a.id AND j.verb = 'revoke' AND j.at >= ?5))) AND a.updated_at >= ?5 AND "
     "(r.state = 3 OR (r.state = 6 AND a.updated_at >= r.updated_at AND NOT EXISTS (SELECT 1 FROM request x WHERE "
     "x.extends = r.id AND x.created_at >= a.updated_at))) AND r.latest >= ?3 "
     "AND NOT EXISTS (SELECT 1 FROM allocation n WHERE n.request = r.id AND n.site = a.site AND n.state IN (1, 2, 3) "
     "AND n.created_at > a.updated_at) "
     "AND (r.wanted > (SELECT COALESCE(SUM(b.total), 0) FROM allocation b WHERE b.request = r.id AND b.state <> 5) "
     "OR (r.wanted = 0 AND NOT EXISTS (SELECT 1 FROM allocation b WHERE b.request = r.id AND b.state IN (1, 2, 3)))) "
     "GROUP BY r.id, a.site ORDER BY r.id LIMIT 40"},
    {ATTENTION_EXPIRED, &entity_request, 190, 1,
     "SELECT r.id, 0, -1, r.latest FROM request r WHERE r.state = 3 AND r.site = ?1 AND r.latest < ?3 AND NOT EXISTS "
     "(SELECT 1 FROM allocation a WHERE a.request = r.id AND a.state IN (1, 2, 3)) ORDER BY r.latest, r.id LIMIT 40"},
};

/* The day meant by a date, a week (its last day, or its first where it begins) or an instant. */
static int day_of(AttentionKind kind, const char *text, size_t size) {
    int number = 0;
    int64_t instant;
    if (date_parse(text, size, &number)) return number;
    if (week_parse(text, size, &number)) return date_of_week(number) + (kind == ATTENTION_START ? 0 : 6);
    if (instant_parse(text, size, &instant)) return (int)((instant + clock_local_offset(instant)) / 86400);
    return 0;
}

typedef struct AttentionList {
    Arena *arena;
    Attention *items;
    int count, room;
} AttentionList;

/* An item without its urgency, which the days since its date add to. */
static void add_attention(AttentionList *list, Attention item, int urgency, int per_day) {
    int late = item.day ? clock_today() - item.day : 0;
    if (list->count == list->room) {
        Attention *more =
            arena_array(list->arena, (size_t)(list->room = list->room ? list->room * 2 : 32), sizeof *more);
        if (list->count) memcpy(more, list->items, (size_t)list->count * sizeof *more);
        list->items = more;
    }
    item.urgency = urgency + per_day * (late > 60 ? 60 : late);
    item.could = -1;
    list->items[list->count++] = item;
}

static Status apply_rule(Store *store, const AttentionRule *rule, int site, AttentionList *list, Error *e) {
    char today[DATE_SIZE], week[WEEK_SIZE], ending[WEEK_SIZE], recent[INSTANT_SIZE];
    date_write(clock_today(), today);
    this_week(week);
    week_write(week_of_date(clock_today() + ATTENTION_ENDING_DAYS), ending);
    instant_write(clock_now() - INT64_C(86400) * ATTENTION_RECENT_DAYS, recent);
    Statement *s = engine_prepare(store->engine, rule->sql);
    statement_int(s, 1, site);
    if (statement_has(s, 2)) statement_text(s, 2, today, DATE_SIZE - 1);
    if (statement_has(s, 3)) statement_text(s, 3, week, WEEK_SIZE - 1);
    if (statement_has(s, 4)) statement_text(s, 4, ending, WEEK_SIZE - 1);
    if (statement_has(s, 5)) statement_text(s, 5, recent, INSTANT_SIZE - 1);
    if (statement_has(s, 6)) statement_int(s, 6, ENTITY_ALLOCATION);
    while (statement_row(s)) {
        size_t size;
        const char *text = statement_get_text(s, 3, &size);
        Attention item = {.kind = rule->kind,
                          .entity = rule->entity,
                          .id = statement_get_int(s, 0),
                          .about = statement_get_int(s, 1),
                          .other = (int)statement_get_int(s, 2),
                          .day = day_of(rule->kind, text, size)};
        add_attention(list, item, rule->urgency, rule->per_day);
    }
    return statement_end(s, NULL, e);
}

/* What fell free lately of an offer that fits a request which waits: the provider could serve it, the borrower could
 * get it. Whether any of it is free still is for the service to find out. */
static Status add_freed(Store *store, int site, AttentionList *list, Error *e) {
    char since[INSTANT_SIZE];
    Freed *freed;
    int count;
    instant_write(clock_now() - INT64_C(86400) * ATTENTION_RECENT_DAYS, since);
    Status s = freed_read(store, list->arena, site, since, &freed, &count, e);
    if (count > ATTENTION_FREED_MOST) count = ATTENTION_FREED_MOST;
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        bool own = freed[i].borrower == site;
        Attention item = {.kind = own ? ATTENTION_COULD : ATTENTION_FREED,
                          .entity = &entity_request,
                          .id = freed[i].request,
                          .about = freed[i].offer,
                          .other = own ? freed[i].provider : freed[i].borrower,
                          .day = day_of(ATTENTION_FREED, freed[i].at, strlen(freed[i].at))};
        add_attention(list, item, own ? 365 : 345, -1);
    }
    return s;
}

static bool more_urgent(const Attention *a, const Attention *b) {
    if (a->urgency != b->urgency) return a->urgency > b->urgency;
    if (a->kind != b->kind) return a->kind < b->kind;
    return a->id < b->id;
}

/* The lists are short (at most 40 items a rule). */
static void sort_attention(Attention *items, int count) {
    for (int i = 1; i < count; i++) {
        Attention item = items[i];
        int k = i;
        for (; k && more_urgent(&item, &items[k - 1]); k--) {
            items[k] = items[k - 1];
        }
        items[k] = item;
    }
}

Status figures_attention(Store *store, Arena *arena, int site, int limit, Attention **out, int *count, Error *e) {
    AttentionList list = {.arena = arena};
    Status s = STATUS_OK;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && s == STATUS_OK; i++) {
        s = apply_rule(store, &rules[i], site, &list, e);
    }
    if (s == STATUS_OK) s = add_freed(store, site, &list, e);
    sort_attention(list.items, list.count);
    if (list.count > limit) list.count = limit;
    for (int i = 0; i < list.count && s == STATUS_OK; i++) {
        list.items[i].title = store_title(store, arena, list.items[i].entity, list.items[i].id);
    }
    *out = list.items;
    *count = list.count;
    return s;
}

/* --- bookings ----------------------------------------------------------------------------------------------------- */

Status figures_booked(Store *store, Arena *arena, int64_t offer, int64_t request, int first, int last, BookedWeek **out,
                      int *count, Error *e) {
    char from[WEEK_SIZE], to[WEEK_SIZE];
    week_write(first, from);
    week_write(last, to);
    Statement *s = engine_prepare(
        store->engine,
        offer ? "SELECT b.item, b.quantity, a.id, a.request, a.offer, a.site, a.borrower, a.state FROM allocation a "
                "JOIN allocation_bookings b ON b.record = a.id WHERE a.offer = ?1 AND a.state <> 5 "
                "AND b.item BETWEEN ?2 AND ?3 ORDER BY b.item, a.id"
              : "SELECT b.item, b.quantity, a.id, a.request, a.offer, a.site, a.borrower, a.state FROM allocation a "
                "JOIN allocation_bookings b ON b.record = a.id WHERE a.request = ?1 AND a.state <> 5 "
                "AND b.item BETWEEN ?2 AND ?3 ORDER BY b.item, a.id");
    statement_int(s, 1, offer ? offer : request);
    statement_text(s, 2, from, WEEK_SIZE - 1);
    statement_text(s, 3, to, WEEK_SIZE - 1);
    BookedWeek *weeks = NULL;
    int room = 0;
    *count = 0;
    while (statement_row(s)) {
        int week;
        if (!column_week(s, 0, &week)) continue;
        if (*count == room) {
            BookedWeek *more = arena_array(arena, (size_t)(room = room ? room * 2 : 32), sizeof *more);
            if (*count) memcpy(more, weeks, (size_t)*count * sizeof *more);
            weeks = more;
        }
        weeks[(*count)++] = (BookedWeek){.week = week,
                                         .quantity = statement_get_int(s, 1),
                                         .allocation = statement_get_int(s, 2),
                                         .request = statement_get_int(s, 3),
                                         .offer = statement_get_int(s, 4),
                                         .lender = (int)statement_get_int(s, 5),
                                         .borrower = (int)statement_get_int(s, 6),
                                         .state = (int)statement_get_int(s, 7)};
    }
    *out = weeks;
    return statement_end(s, NULL, e);
}
