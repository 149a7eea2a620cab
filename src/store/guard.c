/* Rules that concern more than one record, checked after each write and within its transaction: nothing is ever booked
 * twice. The same rules over the whole store are in check_network.c; both read the conditions below.
 *
 *   offer    in every week, bookings and reserve fit the quantity; booked weeks lie in its window; nothing of a draft
 *   request  bookings fit what is wanted, its window and its weekly most; nothing is proposed but to one that is
 *            approved, nor booked but for one that is or was
 *            what it extends is an earlier one of its region and kind
 *            access to an offer that is proposed, agreed on or in force is there once on each day
 *   session  its places are not taken twice, nor any of one that is cancelled; in its week, through its offer
 *   usage    of an allocation that is or was active, in its weeks; a week's sum is never below 0
 *   operator one active admin of each institute stays
 *   both     of one kind; the request's data level is not above the offer's; the borrower is the request's region */
#include "store/guard.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "store/internal.h"

#include <string.h>

/* %s is replaced by a condition on o or r. Each yields the offer or request, a week or '', and two quantities. */
const GuardRule guard_rules[] = {
    {GUARD_OFFER, "o.id", N_("%s: in %s, %s is booked and %s can be lent"), N_("%s: %s asked, %s free on %s"),
     "SELECT o.id, b.item, SUM(b.quantity), o.quantity - o.reserve FROM offer o "
     "JOIN allocation a ON a.offer = o.id JOIN allocation_bookings b ON b.record = a.id "
     "WHERE a.state <> 5 AND a.session IS NULL AND %s GROUP BY o.id, b.item, o.quantity, o.reserve "
     "HAVING SUM(b.quantity) > o.quantity - o.reserve ORDER BY o.id, b.item"},
    {GUARD_OFFER, "o.id", N_("%s: week %s is booked but lies outside the offer"), N_("%s lies outside the weeks of %s"),
     "SELECT o.id, b.item, 0, 0 FROM offer o JOIN allocation a ON a.offer = o.id "
     "JOIN allocation_bookings b ON b.record = a.id "
     "WHERE a.state <> 5 AND (b.item < o.first OR b.item > o.last) AND %s ORDER BY o.id, b.item"},
    {GUARD_OFFER, "o.id", N_("%s: it is a draft, and something of it is proposed or booked: pause or close it instead"),
     NULL,
     "SELECT o.id, '', 0, 0 FROM offer o WHERE o.state = 1 AND "
     "EXISTS (SELECT 1 FROM allocation a WHERE a.offer = o.id AND a.state <> 5) AND %s ORDER BY o.id"},
    {GUARD_OFFER, "o.id", N_("%s: only an offer of training or laboratory time without a weekly quantity has sessions"),
     NULL,
     "SELECT o.id, '', 0, 0 FROM offer o JOIN session t ON t.offer = o.id "
     "WHERE (o.kind NOT IN (5, 6) OR o.quantity > 0 OR t.site <> o.site) AND %s ORDER BY o.id"},
    {GUARD_OFFER, "o.id", N_("%s: a session in week %s lies outside the offer"), NULL,
     "SELECT o.id, t.week, 0, 0 FROM offer o JOIN session t ON t.offer = o.id "
     "WHERE t.state <> 2 AND (t.week < o.first OR t.week > o.last) AND %s ORDER BY o.id, t.week"},
    {GUARD_SESSION, "t.id", N_("%s: %s%s places are taken and there are %s"), N_("%s%s asked, %s free in %s"),
     "SELECT t.id, '', SUM(a.total), t.places FROM session t JOIN allocation a ON a.session = t.id "
     "WHERE a.state <> 5 AND %s GROUP BY t.id, t.places HAVING SUM(a.total) > t.places ORDER BY t.id"},
    {GUARD_SESSION, "t.id", N_("%s: it is cancelled, and places in it are taken"), NULL,
     "SELECT t.id, '', 0, 0 FROM session t JOIN allocation a ON a.session = t.id "
     "WHERE a.state <> 5 AND t.state = 2 AND a.total > 0 AND %s ORDER BY t.id"},
    {GUARD_SESSION, "t.id", N_("%s: it is booked through another offer, or in another week"), NULL,
     "SELECT t.id, '', 0, 0 FROM session t JOIN allocation a ON a.session = t.id "
     "LEFT JOIN allocation_bookings b ON b.record = a.id "
     "WHERE a.state <> 5 AND (a.offer <> t.offer OR b.item <> t.week) AND %s ORDER BY t.id"},
    {GUARD_REQUEST, "r.id", N_("%s: %s%s is booked and only %s is wanted"), N_("%s%s asked, %s still wanted by %s"),
     "SELECT r.id, '', SUM(a.total), r.wanted FROM request r JOIN allocation a ON a.request = r.id "
     "WHERE a.state <> 5 AND %s GROUP BY r.id, r.wanted HAVING SUM(a.total) > r.wanted ORDER BY r.id"},
    {GUARD_REQUEST, "r.id", N_("%s: week %s is booked but lies outside what was asked"),
     N_("%s lies outside the weeks of %s"),
     "SELECT r.id, b.item, 0, 0 FROM request r JOIN allocation a ON a.request = r.id "
     "JOIN allocation_bookings b ON b.record = a.id "
     "WHERE a.state <> 5 AND (b.item < r.earliest OR b.item > r.latest) AND %s ORDER BY r.id, b.item"},
    {GUARD_REQUEST, "r.id", N_("%s: in %s, %s is booked and at most %s a week is of use"),
     N_("%s: %s asked, %s more a week of use to %s"),
     "SELECT r.id, b.item, SUM(b.quantity), r.weekly_most FROM request r "
     "JOIN allocation a ON a.request = r.id JOIN allocation_bookings b ON b.record = a.id "
     "WHERE a.state <> 5 AND r.weekly_most > 0 AND %s GROUP BY r.id, b.item, r.weekly_most "
     "HAVING SUM(b.quantity) > r.weekly_most ORDER BY r.id, b.item"},
    {GUARD_REQUEST, "r.id", N_("%s: its data is too sensitive for an offer it is booked on"), NULL,
     "SELECT r.id, '', 0, 0 FROM request r JOIN allocation a ON a.request = r.id JOIN offer o ON o.id = a.offer "
     "WHERE a.state <> 5 AND r.data_level > o.data_level AND %s ORDER BY r.id"},
    {GUARD_OFFER, "o.id", N_("%s: it is booked for data more sensitive than it takes"), NULL,
     "SELECT o.id, '', 0, 0 FROM offer o JOIN allocation a ON a.offer = o.id JOIN request r ON r.id = a.request "
     "WHERE a.state <> 5 AND r.data_level > o.data_level AND %s ORDER BY o.id"},
    {GUARD_REQUEST, "r.id", N_("%s: it is booked on an offer of another kind, or for another region"), NULL,
     "SELECT r.id, '', 0, 0 FROM request r JOIN allocation a ON a.request = r.id JOIN offer o ON o.id = a.offer "
     "WHERE (r.kind <> o.kind OR a.kind <> o.kind OR a.borrower <> r.site OR a.site <> o.site) AND %s ORDER BY r.id"},
    {GUARD_REQUEST, "r.id",
     N_("%s: it is closed or not approved, and something is proposed or booked for it: decline or release that first"),
     NULL,
     "SELECT r.id, '', 0, 0 FROM request r WHERE r.state <> 3 AND EXISTS (SELECT 1 FROM allocation a "
     "WHERE a.request = r.id AND (a.state = 1 OR (a.state IN (2, 3) AND r.state <> 6) OR "
     "(a.state IN (4, 6, 7) AND r.state IN (1, 2, 4, 5)))) AND %s ORDER BY r.id"},
    {GUARD_REQUEST, "r.id", N_("%s: it can only extend an earlier request of its own region and kind"), NULL,
     "SELECT r.id, '', 0, 0 FROM request r JOIN request x ON x.id = r.extends "
     "WHERE (x.site <> r.site OR x.kind <> r.kind OR x.id >= r.id) AND %s ORDER BY r.id"},
    {GUARD_REQUEST, "r.id", N_("%s: it has access to the same offer twice, on days of %s"), NULL,
     "SELECT r.id, CASE WHEN x.first < y.first THEN y.first ELSE x.first END, 0, 0 FROM request r "
     "JOIN allocation x ON x.request = r.id "
     "JOIN allocation y ON y.request = r.id AND y.offer = x.offer AND y.id > x.id "
     "WHERE x.kind IN (7, 8) AND x.state IN (1, 2, 3) AND y.state IN (1, 2, 3) "
     "AND x.first <= y.last AND y.first <= x.last "
     "AND (x.opens = '' OR y.ends = '' OR x.opens <= y.ends) AND (y.opens = '' OR x.ends = '' OR y.opens <= x.ends) "
     "AND %s ORDER BY r.id"},
    {GUARD_ALLOCATION, "a.id", N_("%s: its total is not the sum of its bookings"), NULL,
     "SELECT a.id, '', 0, 0 FROM allocation a WHERE a.total <> (SELECT COALESCE(SUM(b.quantity), 0) "
     "FROM allocation_bookings b WHERE b.record = a.id) AND %s ORDER BY a.id"},
    {GUARD_ALLOCATION, "a.id", N_("%s: its use is recorded, and it is not active"), NULL,
     "SELECT a.id, '', 0, 0 FROM allocation a WHERE a.state IN (1, 2, 5) AND "
     "EXISTS (SELECT 1 FROM usage u WHERE u.allocation = a.id) AND %s ORDER BY a.id"},
    {GUARD_ALLOCATION, "a.id", N_("%s: use is recorded in %s, outside of its weeks"), NULL,
     "SELECT a.id, u.week, 0, 0 FROM allocation a JOIN usage u ON u.allocation = a.id WHERE "
     "(a.first = '' OR u.week < a.first OR u.week > a.last) AND %s GROUP BY a.id, u.week HAVING SUM(u.quantity) <> 0 "
     "ORDER BY a.id, u.week"},
    {GUARD_ALLOCATION, "a.id", N_("%s: what is recorded of %s comes to %s, which is below %s"), NULL,
     "SELECT a.id, u.week, SUM(u.quantity), 0 FROM allocation a JOIN usage u ON u.allocation = a.id WHERE %s "
     "GROUP BY a.id, u.week HAVING SUM(u.quantity) < 0 ORDER BY a.id, u.week"},
    {GUARD_NONE, NULL, NULL, NULL, NULL},
};
_Static_assert(OFFER_DRAFT == 1 && REQUEST_DRAFT == 1 && REQUEST_SUBMITTED == 2 && REQUEST_APPROVED == 3 &&
                   REQUEST_RETURNED == 4 && REQUEST_REJECTED == 5 && REQUEST_CLOSED == 6 && REQUEST_WITHDRAWN == 7 &&
                   ALLOCATION_COMPLETED == 4 && ALLOCATION_RELEASED == 6 && ALLOCATION_REVOKED == 7,
               "the numbers in the SQL above");
_Static_assert(ALLOCATION_PROPOSED == 1 && ALLOCATION_ACCEPTED == 2 && ALLOCATION_ACTIVE == 3 && KIND_DATASET == 7 &&
                   KIND_MODEL == 8 && ALLOCATION_DECLINED == 5 && SESSION_CANCELLED == 2 && KIND_LAB_HOUR == 5 &&
                   KIND_TRAINING_SEAT == 6,
               "the numbers in the SQL above");

static const Entity *entity_of_subject(GuardSubject subject) {
    switch (subject) {
    case GUARD_OFFER: return &entity_offer;
    case GUARD_REQUEST: return &entity_request;
    case GUARD_ALLOCATION: return &entity_allocation;
    case GUARD_SESSION: return &entity_session;
    case GUARD_NONE: break;
    }
    return NULL;
}

void guard_sql(Buffer *sql, const GuardRule *rule, const char *condition) {
    const char *at = strstr(rule->sql, "%s");
    buffer_add(sql, rule->sql, (size_t)(at - rule->sql));
    buffer_add_string(sql, condition);
    buffer_add_string(sql, at + 2);
}

/* Puts up to four texts into a message's places, in order: a translated message is data, never a format. */
static void fill(Buffer *out, const char *message, const char *const *texts, int count) {
    for (const char *c = message; *c; c++) {
        if (c[0] == '%' && c[1] == 's') {
            if (count-- > 0) buffer_add_string(out, *texts++);
            c++;
        } else buffer_add_char(out, *c);
    }
}

void guard_message(Buffer *out, const GuardRule *rule, Statement *row) {
    char code[CODE_SIZE];
    Buffer week = {0}, first = {0}, second = {0};
    size_t size;
    int number;
    const char *text = statement_get_text(row, 1, &size);
    code_write(entity_of_subject(rule->subject)->letter, statement_get_int(row, 0), code);
    if (week_parse(text, size, &number)) week_show(&week, number, clock_today());
    number_show(&first, statement_get_int(row, 2), 3);
    number_show(&second, statement_get_int(row, 3), 3);
    const char *texts[] = {code, buffer_string(&week), buffer_string(&first), buffer_string(&second)};
    fill(out, _(rule->message), texts, (int)(sizeof texts / sizeof *texts));
    buffer_free(&week);
    buffer_free(&first);
    buffer_free(&second);
}

/* What an allocation asks for in a week (week < 0: in all). */
static int64_t asked_by(const Record *allocation, int week) {
    const Value *bookings = &allocation->values[ALLOCATION_BOOKINGS];
    int64_t asked = 0;
    for (uint32_t i = 0; i < bookings->size; i++) {
        if (week < 0 || bookings->items[i].key == week) asked += bookings->items[i].quantity;
    }
    return asked;
}

/* Of an allocation that takes too much: what it asks for, and what was left before, so that whoever proposed it knows how
 * much would do. */
static void message_of_asked(Buffer *out, const GuardRule *rule, const Record *allocation, Statement *row) {
    char code[CODE_SIZE];
    Buffer week = {0}, asked = {0}, left = {0};
    size_t size;
    int number = -1;
    const char *text = statement_get_text(row, 1, &size);
    code_write(entity_of_subject(rule->subject)->letter, statement_get_int(row, 0), code);
    if (week_parse(text, size, &number)) week_show(&week, number, clock_today());
    else number = -1;
    int64_t own = asked_by(allocation, number), bound = statement_get_int(row, 3);
    int64_t others = statement_get_int(row, 2) - own;
    number_show(&asked, own, 3);
    number_show(&left, bound > others ? bound - others : 0, 3);
    const char *amounts[] = {buffer_string(&week), buffer_string(&asked), buffer_string(&left), code};
    const char *outside[] = {buffer_string(&week), code};
    if (bound || others + own) fill(out, _(rule->asked), amounts, (int)(sizeof amounts / sizeof *amounts));
    else fill(out, _(rule->asked), outside, (int)(sizeof outside / sizeof *outside));
    buffer_free(&week);
    buffer_free(&asked);
    buffer_free(&left);
}

/* The argument of proposing that gives it. */
static const char *asked_in(const Record *allocation) {
    return allocation->values[ALLOCATION_SESSION].kind == VALUE_NUMBER ? "quantity" : "bookings";
}

static Status check_subject(Store *store, GuardSubject subject, int64_t id, const Record *after, Error *e) {
    Buffer sql = {0}, message = {0};
    Status s = STATUS_OK;
    for (const GuardRule *rule = guard_rules; rule->sql && s == STATUS_OK; rule++) {
        if (rule->subject != subject) continue;
        char condition[32];
        buffer_clear(&sql);
        snprintf(condition, sizeof condition, "%s = ?1", rule->key);
        guard_sql(&sql, rule, condition);
        Statement *row = engine_prepare(store->engine, sql.bytes);
        statement_int(row, 1, id);
        bool broken = statement_row(row), asks = rule->asked && after->entity == &entity_allocation;
        if (broken && asks) message_of_asked(&message, rule, after, row);
        else if (broken) guard_message(&message, rule, row);
        s = statement_end(row, NULL, e);
        if (s == STATUS_OK && broken)
            s = error_set(e, STATUS_CONFLICT, asks ? asked_in(after) : NULL, "%s", buffer_string(&message));
    }
    buffer_free(&sql);
    buffer_free(&message);
    return s;
}

static Status check_session(Store *store, const Record *session, Error *e) {
    Status s = check_subject(store, GUARD_SESSION, session->id, session, e);
    return s == STATUS_OK ? check_subject(store, GUARD_OFFER, session->values[SESSION_OFFER].number, session, e) : s;
}

static bool is_admin(const Record *r) {
    return r && record_state(r) == OPERATOR_ACTIVE && value_number_or(&r->values[OPERATOR_ROLE], 0) == ROLE_ADMIN;
}

/* The institutes (bits) that an active admin may act for. */
static unsigned administers(const Record *r) {
    if (!is_admin(r)) return 0;
    const Value *others = &r->values[OPERATOR_ACTS_FOR];
    unsigned sites = 1u << record_site(r);
    for (uint32_t i = 0; i < others->size; i++) {
        if (others->items[i].key >= 0 && others->items[i].key < SITE_COUNT) sites |= 1u << others->items[i].key;
    }
    return sites;
}

/* Active admins besides this one, for a site or (-1) for any. */
static Status count_admins(Store *store, int64_t besides, int site, int64_t *count, Error *e) {
    Statement *row = engine_prepare(
        store->engine, "SELECT COUNT(*) FROM operator o WHERE o.state = ?1 AND o.role = ?2 AND o.id <> ?3 AND "
                       "(?4 < 0 OR o.site = ?4 OR EXISTS (SELECT 1 FROM operator_acts_for a WHERE a.record = o.id "
                       "AND a.item = ?4))");
    statement_int(row, 1, OPERATOR_ACTIVE);
    statement_int(row, 2, ROLE_ADMIN);
    statement_int(row, 3, besides);
    statement_int(row, 4, site);
    *count = statement_row(row) ? statement_get_int(row, 0) : 0;
    return statement_end(row, NULL, e);
}

/* A store without an active admin could never have one again, nor could an institute: its people are its own admin's. */
static Status check_admins(Store *store, const Record *before, const Record *after, Error *e) {
    unsigned lost = administers(before) & ~administers(after);
    const char *login = value_string(&before->values[COMMON_CODE]);
    int64_t others = 1;
    if (!lost) return STATUS_OK;
    Status s = is_admin(after) ? STATUS_OK : count_admins(store, before->id, -1, &others, e);
    if (s == STATUS_OK && !others)
        return error_set(e, STATUS_CONFLICT, "role", _("%s is the only active admin: make another one first"), login);
    for (int site = 0; site < SITE_COUNT && s == STATUS_OK; site++) {
        if (!(lost >> site & 1)) continue;
        s = count_admins(store, before->id, site, &others, e);
        if (s == STATUS_OK && !others)
            return error_set(e, STATUS_CONFLICT, is_admin(after) ? "acts_for" : "role",
                             _("%s is the only active admin of %s: make another one there first"), login,
                             site_code(site));
    }
    return s;
}

/* What is added could be of the wrong allocation or week, what is deleted leave less than was taken back: one look tells
 * whether there is anything to add up, so that the records of a machine cost little each. */
static Status check_usage(Store *store, const Record *before, const Record *after, Error *e) {
    const Record *r = after ? after : before;
    int64_t allocation = r->values[USAGE_ALLOCATION].number;
    const Value *week = &r->values[USAGE_WEEK];
    bool suspect = after && value_number_or(&after->values[USAGE_QUANTITY], 0) < 0;
    Statement *row = engine_prepare(
        store->engine, after
                           ? "SELECT 1 FROM allocation a WHERE a.id = ?1 AND (a.state IN (1, 2, 5) OR a.first = '' OR "
                             "?2 < a.first OR ?2 > a.last)"
                           : "SELECT 1 FROM usage u WHERE u.allocation = ?1 AND u.week = ?2 AND u.quantity < 0");
    statement_int(row, 1, allocation);
    statement_text(row, 2, week->text, week->size);
    suspect = statement_row(row) || suspect;
    Status s = statement_end(row, NULL, e);
    return s == STATUS_OK && suspect ? check_subject(store, GUARD_ALLOCATION, allocation, r, e) : s;
}

Status guard_write(Store *store, const Record *before, const Record *after, Error *e) {
    const Record *any = after ? after : before;
    if (any && any->entity == &entity_usage) return check_usage(store, before, after, e);
    if (before && before->entity == &entity_operator) return check_admins(store, before, after, e);
    if (!after) return STATUS_OK;
    switch (after->entity->kind) {
    case ENTITY_OFFER: return before ? check_subject(store, GUARD_OFFER, after->id, after, e) : STATUS_OK;
    case ENTITY_REQUEST:
        /* Nothing is booked for a new one yet. */
        if (!before && after->values[REQUEST_EXTENDS].kind == VALUE_NONE) return STATUS_OK;
        return check_subject(store, GUARD_REQUEST, after->id, after, e);
    case ENTITY_SESSION: return check_session(store, after, e);
    case ENTITY_ALLOCATION: break;
    default: return STATUS_OK;
    }
    Status s = check_subject(store, GUARD_OFFER, after->values[ALLOCATION_OFFER].number, after, e);
    if (s == STATUS_OK) s = check_subject(store, GUARD_REQUEST, after->values[ALLOCATION_REQUEST].number, after, e);
    if (s == STATUS_OK && before) s = check_subject(store, GUARD_ALLOCATION, after->id, after, e);
    if (s == STATUS_OK && after->values[ALLOCATION_SESSION].kind == VALUE_NUMBER)
        s = check_subject(store, GUARD_SESSION, after->values[ALLOCATION_SESSION].number, after, e);
    return s;
}
