/* Reading what is asked for and free, of one kind of capacity. */
#include "commands/plan_gather.h"

#include "base/date.h"
#include "base/intl.h"
#include "commands/offer_fit.h"
#include "store/figures.h"
#include "store/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Gather {
    Store *store;
    Arena *arena;
    const Supposed *supposed;
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

static bool left_out(const Gather *g, const Record *r) {
    return supposed_without(g->supposed, r);
}

/* The records read, without those left out, and with what is supposed of them and of others of this kind: those whose
 * weeks (a field: the last of them) it moves may come in or fall out. */
static void suppose_records(Gather *g, const Entity *entity, int kind_field, int last_field, Record ***rows,
                            int *count) {
    const Supposed *s = g->supposed;
    Record **all = arena_array(g->arena, (size_t)*count + (size_t)s->count, sizeof *all);
    int kept = 0;
    for (int i = 0; i < *count; i++) {
        if (!supposed_record(s, entity, (*rows)[i]->id)) all[kept++] = (*rows)[i];
    }
    for (int i = 0; i < s->count; i++) {
        Record *r = s->records[i];
        if (r->entity == entity && number_at(r, kind_field) == g->kind->kind &&
            week_at(r, last_field) >= g->kind->in.first)
            all[kept++] = r;
    }
    *count = 0;
    for (int i = 0; i < kept; i++) {
        if (!left_out(g, all[i])) all[(*count)++] = all[i];
    }
    *rows = all;
    if (*count) qsort(all, (size_t)*count, sizeof *all, by_id);
}

/* All records that a filter finds. */
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
    suppose_records(g, &entity_request, REQUEST_KIND, REQUEST_LATEST, &rows, &count);
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
    if (s == STATUS_OK && count) qsort(rows, (size_t)count, sizeof *rows, by_id);
    for (int i = 0; s == STATUS_OK && i < count; i++) {
        Record *supposed = supposed_record(g->supposed, &entity_session, rows[i]->id);
        if (supposed) rows[i] = supposed;
        if (left_out(g, rows[i])) continue;
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
    if (s == STATUS_OK) suppose_records(g, &entity_offer, OFFER_KIND, OFFER_LAST, &rows, &count);
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
        Record *r = supposed_record(g->supposed, &entity_site, site);
        Status s = r ? STATUS_OK : store_read(g->store, g->arena, &entity_site, site, FIELDS_ALL, &r, e);
        if (s != STATUS_OK) return s;
        g->kind->in.entitlement[site] = number_at(r, SITE_ENTITLEMENT);
    }
    return STATUS_OK;
}

Status plan_gather(Store *store, Arena *arena, const NetworkPlanRequest *asked, const Supposed *supposed, KindPlan *k,
                   Error *e) {
    Gather g = {.store = store, .arena = arena, .supposed = supposed, .kind = k};
    int now = week_of_date(clock_today());
    k->in.first = !asked->first ? now + 1 : asked->first > now ? asked->first : now;
    k->in.unit = k->kind == KIND_TRAINING_SEAT ? 1000 : 1;
    Status s = gather_requests(&g, asked, e);
    if (s != STATUS_OK || !k->in.request_count) return s;
    s = gather_entitlements(&g, e);
    return s == STATUS_OK ? gather_offers(&g, e) : s;
}
