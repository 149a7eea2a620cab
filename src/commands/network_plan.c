/* The plan of the network: reading what is asked for and free, planning, checking, proposing. */
#include "commands/network_plan.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "capacity/plan_check.h"
#include "commands/offer_fit.h"
#include "store/figures.h"
#include "store/page.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)PLAN_SITES == (int)SITE_COUNT, "a share for each site");

typedef struct Gather {
    Store *store;
    Arena *arena;
    KindPlan *kind;
    PlanRequest *requests;
    PlanOffer *offers;
    int offer_room;
} Gather;

static int week_at(const Record *r, int field) {
    int week = 0;
    const Value *v = &r->values[field];
    if (v->kind == VALUE_TEXT) week_parse(v->text, v->size, &week);
    return week;
}

static int64_t number_at(const Record *r, int field) {
    return value_number_or(&r->values[field], 0);
}

static int by_id(const void *a, const void *b) {
    const Record *x = *(Record *const *)a, *y = *(Record *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

/* All records that a filter finds, by their ids. */
static Status read_records(Gather *g, const Entity *entity, const char *text, Record ***out, int *count, Error *e) {
    Filter filter;
    Page page;
    Status s = filter_parse(g->arena, entity, text, strlen(text), store_codes(g->store), &filter, e);
    PageQuery query = {.filter = &filter, .sort = COMMON_CODE, .limit = PLAN_RECORDS_MOST, .fields = FIELDS_ALL};
    if (s == STATUS_OK) s = store_page(g->store, g->arena, &query, &page, e);
    if (s != STATUS_OK) return s;
    if (page.more)
        return error_set(e, STATUS_USAGE, NULL, _("more than %d %s: plan fewer kinds or weeks at once"),
                         PLAN_RECORDS_MOST, _(entity->heading));
    *out = page.rows;
    *count = page.count;
    if (*count) qsort(*out, (size_t)*count, sizeof **out, by_id);
    return STATUS_OK;
}

static Status read_booked(Gather *g, int64_t offer, int64_t request, const WeekQuantity **out, int *count, Error *e) {
    BookedWeek *rows;
    Status s = figures_booked(g->store, g->arena, offer, request, g->kind->in.first, g->kind->in.last, &rows, count, e);
    if (s != STATUS_OK) return s;
    WeekQuantity *list = arena_array(g->arena, (size_t)*count, sizeof *list);
    for (int i = 0; i < *count; i++) {
        list[i] = (WeekQuantity){.week = rows[i].week, .quantity = rows[i].quantity};
    }
    *count = week_quantities_merge(list, *count);
    *out = list;
    return STATUS_OK;
}

static const char *kind_word(int kind) {
    return choice_of_number(kind_choices, kind)->word;
}

/* Those that lack something, and the weeks that are planned for them. */
static Status gather_requests(Gather *g, const NetworkPlanRequest *asked, Error *e) {
    char text[96], week[WEEK_SIZE];
    Record **rows = NULL;
    int count = 0, last = 0;
    PlanInput *in = &g->kind->in;
    week_write(in->first, week);
    snprintf(text, sizeof text, "kind:%s state:approved latest>=%s", kind_word(g->kind->kind), week);
    Status s = read_records(g, &entity_request, text, &rows, &count, e);
    if (s != STATUS_OK) return s;
    g->kind->requests = rows;
    g->requests = arena_array(g->arena, (size_t)count, sizeof *g->requests);
    for (int i = 0; i < count; i++) {
        Record *r = rows[i];
        int64_t got = number_at(r, REQUEST_GOT), smallest = number_at(r, REQUEST_SMALLEST) - got;
        PlanRequest q = {.id = r->id,
                         .site = record_site(r),
                         .level = (int)number_at(r, REQUEST_DATA_LEVEL),
                         .priority = (int)number_at(r, REQUEST_PRIORITY),
                         .first = week_at(r, REQUEST_EARLIEST),
                         .last = week_at(r, REQUEST_LATEST),
                         .missing = number_at(r, REQUEST_WANTED) - got,
                         .smallest = smallest > 0 ? smallest : 0,
                         .weekly_most = number_at(r, REQUEST_WEEKLY_MOST)};
        if (q.missing < in->unit || (asked->last && q.first > asked->last)) continue;
        if (!q.level) q.level = 1;
        if (!q.priority) q.priority = 1;
        if (q.last > last) last = q.last;
        rows[in->request_count] = r;
        g->requests[in->request_count++] = q;
    }
    in->requests = g->requests;
    in->last = asked->last ? asked->last : last;
    if (in->last - in->first >= PLAN_WEEKS_MOST) in->last = in->first + PLAN_WEEKS_MOST - 1;
    for (int i = 0; i < in->request_count && s == STATUS_OK; i++) {
        PlanRequest *q = &g->requests[i];
        if (q->weekly_most) s = read_booked(g, 0, q->id, &q->booked, &q->booked_count, e);
    }
    return s;
}

static PlanOffer *add_offer(Gather *g, Record *offer, Record *session) {
    KindPlan *k = g->kind;
    int count = k->in.offer_count;
    if (count == g->offer_room) {
        size_t room = (size_t)(g->offer_room = g->offer_room ? 2 * g->offer_room : 64);
        PlanOffer *offers = arena_array(g->arena, room, sizeof *offers);
        Record **records = arena_array(g->arena, room, sizeof *records),
               **sessions = arena_array(g->arena, room, sizeof *sessions);
        for (int i = 0; i < count; i++) {
            offers[i] = g->offers[i];
            records[i] = k->offers[i];
            sessions[i] = k->sessions[i];
        }
        g->offers = offers;
        k->offers = records;
        k->sessions = sessions;
    }
    k->offers[count] = offer;
    k->sessions[count] = session;
    k->in.offer_count++;
    g->offers[count] = (PlanOffer){.id = offer->id,
                                   .session = session ? session->id : 0,
                                   .site = record_site(offer),
                                   .level = (int)number_at(offer, OFFER_DATA_LEVEL)};
    if (!g->offers[count].level) g->offers[count].level = 1;
    return &g->offers[count];
}

static Status gather_sessions(Gather *g, Record *offer, Error *e) {
    char text[80], code[CODE_SIZE], today[DATE_SIZE];
    Record **rows = NULL;
    int count = 0;
    code_write('O', offer->id, code);
    date_write(clock_today(), today);
    snprintf(text, sizeof text, "offer:%s state:planned first_day>%s", code, today);
    Status s = read_records(g, &entity_session, text, &rows, &count, e);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        int64_t places = number_at(rows[i], SESSION_PLACES) - number_at(rows[i], SESSION_TAKEN);
        PlanOffer *o = add_offer(g, offer, rows[i]);
        o->first = o->last = week_at(rows[i], SESSION_WEEK);
        o->lendable = places > 0 ? places : 0;
    }
    return s;
}

static Status gather_offers(Gather *g, Error *e) {
    char text[96], week[WEEK_SIZE];
    Record **rows = NULL;
    int count = 0;
    week_write(g->kind->in.first, week);
    snprintf(text, sizeof text, "kind:%s state:open last>=%s", kind_word(g->kind->kind), week);
    Status s = read_records(g, &entity_offer, text, &rows, &count, e);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        Record *r = rows[i];
        if (offer_has_sessions(r)) {
            s = gather_sessions(g, r, e);
            continue;
        }
        int64_t lendable = number_at(r, OFFER_QUANTITY) - number_at(r, OFFER_RESERVE);
        PlanOffer *o = add_offer(g, r, NULL);
        o->first = week_at(r, OFFER_FIRST);
        o->last = week_at(r, OFFER_LAST);
        o->lendable = lendable > 0 ? lendable : 0;
        s = read_booked(g, r->id, 0, &o->booked, &o->booked_count, e);
    }
    g->kind->in.offers = g->offers;
    return s;
}

static Status gather_entitlements(Gather *g, Error *e) {
    for (int site = 0; site < SITE_COUNT; site++) {
        Record *r;
        Status s = store_read(g->store, g->arena, &entity_site, site, FIELDS_ALL, &r, e);
        if (s != STATUS_OK) return s;
        g->kind->in.entitlement[site] = number_at(r, SITE_ENTITLEMENT);
    }
    return STATUS_OK;
}

static Status plan_kind(Store *store, Arena *arena, const NetworkPlanRequest *asked, KindPlan *k, Error *e) {
    Gather g = {.store = store, .arena = arena, .kind = k};
    char why[200];
    int now = week_of_date(clock_today());
    k->in.first = asked->first > now ? asked->first : now;
    k->in.unit = k->kind == KIND_TRAINING_SEAT ? 1000 : 1;
    Status s = gather_requests(&g, asked, e);
    if (s != STATUS_OK || !k->in.request_count) return s;
    s = gather_entitlements(&g, e);
    if (s == STATUS_OK) s = gather_offers(&g, e);
    if (s == STATUS_OK) s = plan_compute(arena, &k->in, asked->watch, &k->plan, e);
    if (s != STATUS_OK || plan_check(&k->in, &k->plan, why, sizeof why)) return s;
    return error_set(e, STATUS_FAILED, NULL,
                     _("the plan does not pass its check (%s): this is a mistake of the program"), why);
}

/* --- proposals ----------------------------------------------------------------------------------------------------- */

/* The grants from `at` on that are one allocation: of one request and one offer or session. */
static int same_allocation(const Plan *p, int at) {
    int end = at + 1;
    while (end < p->grant_count && p->grants[end].request == p->grants[at].request &&
           p->grants[end].offer == p->grants[at].offer) {
        end++;
    }
    return end;
}

static const char *code_in(Store *store, Arena *arena, const Record *r) {
    Buffer b = {0};
    record_code(r, store_codes(store), &b);
    const char *code = arena_string(arena, buffer_string(&b));
    buffer_free(&b);
    return code;
}

/* "2026-W48:120.5 2026-W49:96" */
static const char *bookings_of(Arena *arena, const PlanGrant *grants, int count) {
    Buffer b = {0};
    for (int i = 0; i < count; i++) {
        char week[WEEK_SIZE];
        week_write(grants[i].week, week);
        buffer_format(&b, "%s%s:", i ? " " : "", week);
        number_write(&b, grants[i].quantity, 3);
    }
    const char *text = arena_string(arena, buffer_string(&b));
    buffer_free(&b);
    return text;
}

static void hash_plan(Store *store, Arena *arena, NetworkPlan *plan) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    Buffer b = {0};
    plan->proposals = 0;
    for (int i = 0; i < plan->kind_count; i++) {
        const KindPlan *k = &plan->kinds[i];
        for (int at = 0, end; at < k->plan.grant_count; at = end) {
            const PlanGrant *grant = &k->plan.grants[at];
            const Record *session = k->sessions[grant->offer];
            end = same_allocation(&k->plan, at);
            buffer_format(&b, "%s %s %s %s\n", code_in(store, arena, k->requests[grant->request]),
                          code_in(store, arena, k->offers[grant->offer]),
                          session ? code_in(store, arena, session) : "-", bookings_of(arena, grant, end - at));
            plan->proposals++;
        }
    }
    crypto_hash_sha256(digest, (const unsigned char *)buffer_string(&b), b.size);
    sodium_bin2hex(plan->hash, sizeof plan->hash, digest, sizeof digest);
    buffer_free(&b);
}

static Status propose_all(Store *store, Arena *arena, const Actor *actor, const NetworkPlanRequest *asked,
                          NetworkPlan *plan, Error *e) {
    enum { ARGUMENTS = 4 };
    Status s = actor_needs_role(actor, ROLE_COORDINATOR, e);
    if (s != STATUS_OK || !plan->proposals) return s;
    CommandRequest *requests = arena_array(arena, (size_t)plan->proposals, sizeof *requests);
    const char *why = arena_format(arena, _("Plan %s"), plan->hash);
    int count = 0;
    for (int i = 0; i < plan->kind_count; i++) {
        const KindPlan *k = &plan->kinds[i];
        for (int at = 0, end; at < k->plan.grant_count; at = end) {
            const PlanGrant *grant = &k->plan.grants[at];
            const Record *session = k->sessions[grant->offer];
            Argument *a = arena_array(arena, ARGUMENTS, sizeof *a);
            const char **code = arena_array(arena, 1, sizeof *code);
            int n = 0;
            end = same_allocation(&k->plan, at);
            *code = code_in(store, arena, k->requests[grant->request]);
            a[n++] = (Argument){"offer", code_in(store, arena, k->offers[grant->offer])};
            a[n++] = (Argument){"why", why};
            if (session) {
                a[n++] = (Argument){"session", code_in(store, arena, session)};
                a[n++] = (Argument){"quantity", strchr(bookings_of(arena, grant, 1), ':') + 1};
            } else a[n++] = (Argument){"bookings", bookings_of(arena, grant, end - at)};
            requests[count++] = (CommandRequest){.verb = "propose",
                                                 .codes = code,
                                                 .code_count = 1,
                                                 .arguments = a,
                                                 .argument_count = n,
                                                 .form = FORM_FILE,
                                                 .op = asked->op};
        }
    }
    return command_run_all(store, arena, actor, requests, count, &plan->outcome, e);
}

Status network_plan(Store *store, Arena *arena, const Actor *actor, const NetworkPlanRequest *asked, NetworkPlan *plan,
                    Error *e) {
    *plan = (NetworkPlan){.kinds = arena_array(arena, KIND_COUNT, sizeof *plan->kinds)};
    if (asked->kind && !kind_countable(asked->kind))
        return error_set(e, STATUS_USAGE, "kind",
                         _("access to a dataset or model is never used up: there is nothing to plan"));
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        KindPlan *k = &plan->kinds[plan->kind_count];
        if (!kind_countable(kind) || (asked->kind && kind != asked->kind)) continue;
        *k = (KindPlan){.kind = kind};
        Status s = plan_kind(store, arena, asked, k, e);
        if (s != STATUS_OK) return s;
        if (k->in.request_count) plan->kind_count++;
    }
    hash_plan(store, arena, plan);
    if (asked->expect && strcmp(asked->expect, plan->hash) != 0)
        return error_set(e, STATUS_CONFLICT, NULL,
                         _("what is asked for or free has changed since: read the new plan first"));
    return asked->apply ? propose_all(store, arena, actor, asked, plan, e) : STATUS_OK;
}

/* --- in words ------------------------------------------------------------------------------------------------------ */

static void add_weeks(Buffer *b, int first, int last) {
    week_show(b, first, clock_today());
    if (last == first) return;
    buffer_add_string(b, " – ");
    week_show(b, last, clock_today());
}

static void add_amount(Buffer *b, int64_t quantity, int kind) {
    number_show(b, quantity, 3);
    buffer_format(b, " %s", kind_unit(kind));
}

void network_plan_reason(const KindPlan *k, int request, Buffer *b) {
    const PlanRequest *q = &k->in.requests[request];
    const PlanAnswer *a = &k->plan.answers[request];
    Buffer weeks = {0}, amount = {0};
    const Choice *level = choice_of_number(data_level_choices, q->level);
    int first = q->first > k->in.first ? q->first : k->in.first, last = q->last < k->in.last ? q->last : k->in.last;
    bool full = a->full_first;
    add_weeks(&weeks, full ? a->full_first : first, full ? a->full_last : last);
    switch (a->reason) {
    case PLAN_ALL: break;
    case PLAN_NO_OFFER:
        buffer_format(b, _("no open offer takes data level %s in %s"), level ? level->word : "?", weeks.bytes);
        break;
    case PLAN_WEEKLY_MOST:
        add_amount(&amount, q->weekly_most, k->kind);
        buffer_format(b, _("its own bound of %s a week leaves no room"), amount.bytes);
        break;
    case PLAN_FULL:
        add_amount(&amount, q->missing - a->got, k->kind);
        buffer_format(b, _("%s full: %s more wanted there at data level %s"), weeks.bytes, amount.bytes,
                      level ? level->word : "?");
        break;
    case PLAN_SMALLEST:
        add_amount(&amount, q->smallest, k->kind);
        buffer_format(b, _("left out: less than its smallest useful %s could be had in %s"), amount.bytes, weeks.bytes);
        break;
    }
    buffer_free(&weeks);
    buffer_free(&amount);
}

const char *network_plan_proof(const KindPlan *k) {
    switch (k->plan.proof) {
    case PLAN_PROVED:
        return _("Proved: no plan is fairer, and of these none serves more by priority, nearer or earlier.");
    case PLAN_FAIR: return _("Proved: no plan is fairer. Smallest useful quantities were kept within the fair shares.");
    case PLAN_RESTRICTED:
        return _(
            "Proved for those served. Some were left out for their smallest useful quantity; whether another choice "
            "of these is fairer is not proved.");
    }
    return "";
}
