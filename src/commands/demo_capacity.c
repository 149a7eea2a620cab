/* The demonstration network: how capacity is offered, asked for, lent and used. */
#include "base/date.h"
#include "base/number.h"
#include "base/text.h"
#include "commands/demo_world.h"
#include "commands/offer_fit.h"
#include "model/entities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALLOCATIONS_PER_REQUEST = 4 };

typedef struct Answer {
    char code[CODE_SIZE];
    int64_t offer;    /* its id */
    int lender, fate; /* the state it is to end in */
    int first, last;  /* weeks */
} Answer;

typedef struct WorldRequest {
    char code[CODE_SIZE];
    int site, project, kind, fate;
    int64_t wanted; /* units */
    int first, last, day;
    Answer answers[ALLOCATIONS_PER_REQUEST];
    int answer_count;
} Request;

static int kind_of(const char *word) {
    const Choice *c = choice_of_word(kind_choices, word, strlen(word));
    return c ? c->number : KIND_GPU_HOUR;
}

/* --- offers ------------------------------------------------------------------------------------------------------- */

static int offer_site(World *w, int i) {
    const char *site = csv_table_cell(&w->offers, i, "site");
    return site_of_code(site, strlen(site));
}

static Status offer_changed(World *w, int i, int pause, Error *e) {
    return world_act(w, offer_site(w, i), ROLE_COORDINATOR, pause ? "pause" : "close", NULL, w->offer[i].code, e);
}

/* What has no quantity a week is taught every few weeks, three days at a time. */
static Status add_sessions(World *w, int i, Error *e) {
    enum { EVERY = 4, SESSIONS = 16 };
    const Offer *o = &w->offer[i];
    int monday = date_of_week(week_of_date(world_day(w)) + 3);
    bool quantity = *csv_table_cell(&w->offers, i, "quantity") != 0;
    Status s = STATUS_OK;
    if (quantity || !kind_has_sessions(kind_of(csv_table_cell(&w->offers, i, "kind")))) return STATUS_OK;
    for (int k = 0; s == STATUS_OK && k < SESSIONS && week_of_date(monday) <= o->last; k++, monday += 7 * EVERY) {
        world_with(w, "offer", o->code);
        world_with_day(w, "first_day", monday + 1 + (i + k) % 2);
        world_with_day(w, "last_day", monday + 3 + (i + k) % 2);
        world_with_number(w, "places", 12 + (i + k) % 3 * 4);
        s = world_act(w, offer_site(w, i), ROLE_OPERATOR, "add", "session", NULL, e);
    }
    return s;
}

static Status offer_opened(World *w, int i, int unused, Error *e) {
    const Offer *o = &w->offer[i];
    (void)unused;
    Status s = add_sessions(w, i, e);
    if (s != STATUS_OK) return s;
    if (o->fate == OFFER_PAUSED) world_plan(w, w->today - world_chance(w, 4, 20), offer_changed, i, 1);
    if (o->fate == OFFER_CLOSED) world_plan(w, w->today - world_chance(w, 10, 60), offer_changed, i, 0);
    return world_act(w, offer_site(w, i), ROLE_COORDINATOR, "open", NULL, o->code, e);
}

static Status offer_made(World *w, int i, int last, Error *e) {
    static const char *const fields[] = {"kind", "name", "quantity", "reserve", "data_level", "mode", "conditions"};
    Offer *o = &w->offer[i];
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        world_with(w, fields[k], csv_table_cell(&w->offers, i, fields[k]));
    }
    world_with_week(w, "first", week_of_date(world_day(w)) + 1);
    world_with_week(w, "last", last);
    o->last = last;
    Status s = world_act(w, offer_site(w, i), ROLE_OPERATOR, "add", "offer", NULL, e);
    text_copy(o->code, sizeof o->code, w->last_code);
    if (o->fate != OFFER_DRAFT) world_plan(w, world_day(w) + world_chance(w, 1, 5), offer_opened, i, 0);
    return s;
}

Status world_offers(World *w, Error *e) {
    (void)e;
    w->offer = arena_array(&w->arena, (size_t)w->offers.rows, sizeof *w->offer);
    int week = week_of_date(w->today);
    for (int i = 0; i < w->offers.rows; i++) {
        int luck = world_chance(w, 1, 100), day = w->today - world_chance(w, 200, 330);
        int last = week + (luck <= 12 ? world_chance(w, 1, 4) : world_chance(w, 14, 52));
        w->offer[i].fate = luck > 94 ? OFFER_DRAFT : luck > 90 ? OFFER_CLOSED : luck > 86 ? OFFER_PAUSED : OFFER_OPEN;
        if (luck > 94) day = w->today - world_chance(w, 2, 9);
        world_plan(w, day, offer_made, i, last);
    }
    return STATUS_OK;
}

/* --- allocations -------------------------------------------------------------------------------------------------- */

static Status use_recorded(World *w, int r, int packed, Error *e) {
    Request *q = &w->request[r];
    Answer *a = &q->answers[packed & 15];
    int week = packed >> 4;
    Arena *arena = &w->moment;
    const Entity *entity;
    int64_t id;
    Record *record;
    Status s = store_find(w->store, a->code, strlen(a->code), &entity, &id, e);
    if (s == STATUS_OK) s = store_read(w->store, arena, entity, id, FIELDS_ALL, &record, e);
    if (s != STATUS_OK || record_state(record) != ALLOCATION_ACTIVE) return s;
    const Value *bookings = &record->values[ALLOCATION_BOOKINGS];
    for (uint32_t i = 0; i < bookings->size; i++) {
        if (bookings->items[i].key != week) continue;
        int64_t used = bookings->items[i].quantity * world_chance(w, 62, 100) / 100;
        Buffer quantity = {0};
        /* Days and seats are counted whole. */
        if (q->kind == KIND_EXPERT_DAY || q->kind == KIND_TRAINING_SEAT) used = (used + 500) / 1000 * 1000;
        number_write(&quantity, used, 3);
        world_with(w, "allocation", a->code);
        world_with_week(w, "week", week);
        world_with(w, "quantity", quantity.bytes);
        buffer_free(&quantity);
        s = world_act(w, a->lender, ROLE_OPERATOR, "add", "usage", NULL, e);
    }
    return s;
}

static Status answer_ended(World *w, int r, int k, Error *e) {
    Request *q = &w->request[r];
    Answer *a = &q->answers[k];
    switch (a->fate) {
    case ALLOCATION_COMPLETED: return world_act(w, a->lender, ROLE_OPERATOR, "complete", NULL, a->code, e);
    case ALLOCATION_RELEASED:
        world_with(w, "reason", world_reason(w, "allocation", "release"));
        world_with(w, "still", "yes");
        return world_act(w, q->site, ROLE_OPERATOR, "release", NULL, a->code, e);
    case ALLOCATION_REVOKED:
        world_with(w, "reason", world_reason(w, "allocation", "revoke"));
        /* Only what was lent with a free hand is taken back. */
        world_try(w, a->lender, ROLE_COORDINATOR, "revoke", NULL, a->code);
        return STATUS_OK;
    default: return STATUS_OK;
    }
}

static Status answer_started(World *w, int r, int k, Error *e) {
    Request *q = &w->request[r];
    Answer *a = &q->answers[k];
    Status s = world_act(w, a->lender, ROLE_OPERATOR, "activate", NULL, a->code, e);
    for (int week = a->first; week <= a->last; week++) {
        world_plan(w, date_of_week(week) + 7, use_recorded, r, week << 4 | k);
    }
    int end = date_of_week(a->last) + 8;
    if (end < w->today - 3 && a->fate == ALLOCATION_ACTIVE) a->fate = ALLOCATION_COMPLETED;
    if (a->fate == ALLOCATION_COMPLETED) world_plan(w, end + world_chance(w, 0, 3), answer_ended, r, k);
    if (a->fate == ALLOCATION_RELEASED || a->fate == ALLOCATION_REVOKED) {
        int middle = date_of_week((a->first + a->last) / 2);
        world_plan(w, middle < w->today ? middle : w->today - 2, answer_ended, r, k);
    }
    return s;
}

static Status answer_decided(World *w, int r, int k, Error *e) {
    Request *q = &w->request[r];
    Answer *a = &q->answers[k];
    if (a->fate == ALLOCATION_DECLINED) {
        world_with(w, "reason", world_reason(w, "allocation", "decline"));
        return world_act(w, q->site, ROLE_COORDINATOR, "decline", NULL, a->code, e);
    }
    /* Too little to be of use: no. */
    if (!world_try(w, q->site, ROLE_COORDINATOR, "accept", NULL, a->code)) {
        world_with(w, "reason", world_reason(w, "allocation", "decline"));
        return world_act(w, q->site, ROLE_COORDINATOR, "decline", NULL, a->code, e);
    }
    int start = date_of_week(a->first);
    if (start <= w->today - (w->today % 3 == 0))
        world_plan(w, start > world_day(w) ? start : world_day(w) + 1, answer_started, r, k);
    return STATUS_OK;
}

/* A share of what an offer could give, evenly over the weeks of the window: "2026-W48:40 2026-W49:40 ...". */
static void spread(World *w, const Fit *fit, int64_t share, Buffer *bookings) {
    int count = 0;
    char week[WEEK_SIZE];
    for (int i = 0; i < fit->count; i++) {
        count += fit->weeks[i].free >= 1000;
    }
    int64_t weekly = count ? (share + count - 1) / count : 0;
    for (int i = 0; i < fit->count && share > 0; i++) {
        int64_t free = fit->weeks[i].free / 1000, take = weekly < free ? weekly : free;
        if (take > share) take = share;
        if (take < 1) continue;
        week_write(fit->weeks[i].week, week);
        buffer_format(bookings, "%s:%lld ", week, (long long)take);
        share -= take;
    }
    (void)w;
}

static void give_places(World *w, const Record *session, int64_t share) {
    char code[CODE_SIZE];
    code_write('T', session->id, code);
    world_with(w, "session", code);
    world_with_number(w, "quantity", share);
}

/* Keeps the offers that could give more: access that was given once is all there is. */
static int could_give(const Request *q, OfferFit *fits, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        bool given = false;
        for (int k = 0; k < q->answer_count; k++) {
            given = given || q->answers[k].offer == fits[i].offer->id;
        }
        if (!given || kind_countable(q->kind)) fits[kept++] = fits[i];
    }
    return kept;
}

/* One of the best offers that fit gives what it can, or a part of it. */
static Status answer_proposed(World *w, int r, int unused, Error *e) {
    Request *q = &w->request[r];
    const Entity *entity;
    int64_t id;
    Record *record;
    OfferFit *fits;
    int count;
    (void)unused;
    Status s = store_find(w->store, q->code, strlen(q->code), &entity, &id, e);
    if (s == STATUS_OK) s = store_read(w->store, &w->moment, entity, id, FIELDS_ALL, &record, e);
    if (s != STATUS_OK || record_state(record) != REQUEST_APPROVED || q->answer_count == ALLOCATIONS_PER_REQUEST)
        return s;
    s = offers_that_fit(w->store, &w->moment, record, -1, &fits, &count, e);
    if (s == STATUS_OK) count = could_give(q, fits, count);
    if (s != STATUS_OK || !count) return s;
    int pick = world_chance(w, 0, count < 8 ? count - 1 : 7);
    const OfferFit *fit = &fits[pick];
    int64_t could = fit->fit.could / 1000;
    if (kind_countable(q->kind)) {
        if (could < 1) return STATUS_OK;
        int64_t share = world_percent(w, 35) ? could : could * world_chance(w, 25, 70) / 100;
        if (share < 1) share = 1;
        Buffer bookings = {0};
        if (fit->session) give_places(w, fit->session, share);
        else spread(w, &fit->fit, share, &bookings);
        if (bookings.size) world_with(w, "bookings", bookings.bytes);
        else if (!fit->session) return STATUS_OK;
        buffer_free(&bookings);
    }
    char code[CODE_SIZE];
    code_write('O', fit->offer->id, code);
    world_with(w, "offer", code);
    if (world_percent(w, 50)) world_with(w, "why", world_reason(w, "allocation", "propose"));
    int lender = record_site(fit->offer);
    if (!world_try(w, lender, ROLE_OPERATOR, "propose", NULL, q->code)) return STATUS_OK;
    Answer *a = &q->answers[q->answer_count];
    text_copy(a->code, sizeof a->code, w->last_code);
    a->lender = lender;
    a->offer = fit->offer->id;
    s = store_find(w->store, a->code, strlen(a->code), &entity, &id, e);
    if (s == STATUS_OK) s = store_read(w->store, &w->moment, entity, id, FIELDS_ALL, &record, e);
    if (s != STATUS_OK) return s;
    week_parse(value_string(&record->values[ALLOCATION_FIRST]), WEEK_SIZE - 1, &a->first);
    week_parse(value_string(&record->values[ALLOCATION_LAST]), WEEK_SIZE - 1, &a->last);
    int luck = world_chance(w, 1, 100);
    a->fate = luck <= 8    ? ALLOCATION_DECLINED
              : luck <= 13 ? ALLOCATION_RELEASED
              : luck <= 16 ? ALLOCATION_REVOKED
                           : ALLOCATION_ACTIVE;
    int answer = world_day(w) + world_chance(w, 1, 5);
    if (answer < w->today - 3 || world_percent(w, 40)) world_plan(w, answer, answer_decided, r, q->answer_count);
    q->answer_count++;
    return STATUS_OK;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

static Status request_ended(World *w, int r, int unused, Error *e) {
    Request *q = &w->request[r];
    (void)unused;
    (void)e;
    world_try(w, q->site, ROLE_OPERATOR, q->fate == REQUEST_WITHDRAWN ? "withdraw" : "close", NULL, q->code);
    return STATUS_OK;
}

static Status request_decided(World *w, int r, int unused, Error *e) {
    Request *q = &w->request[r];
    const char *verb = q->fate == REQUEST_RETURNED ? "return" : q->fate == REQUEST_REJECTED ? "reject" : "approve";
    (void)unused;
    if (*verb == 'r') world_with(w, "reason", world_reason(w, "request", verb));
    Status s = world_act(w, q->site, ROLE_COORDINATOR, verb, NULL, q->code, e);
    if (*verb == 'r') return s;
    int answers =
        q->fate == REQUEST_WITHDRAWN ? 0 : world_chance(w, 1, ALLOCATIONS_PER_REQUEST - (q->fate == REQUEST_CLOSED));
    for (int i = 0, day = world_day(w); i < answers; i++) {
        day += world_chance(w, 1, 5);
        world_plan(w, day, answer_proposed, r, 0);
    }
    if (q->fate == REQUEST_WITHDRAWN) world_plan(w, world_day(w) + world_chance(w, 3, 15), request_ended, r, 0);
    if (q->fate == REQUEST_CLOSED) world_plan(w, date_of_week(q->last) + world_chance(w, 10, 16), request_ended, r, 0);
    return s;
}

static Status request_submitted(World *w, int r, int unused, Error *e) {
    Request *q = &w->request[r];
    (void)unused;
    Status s = world_act(w, q->site, ROLE_OPERATOR, "submit", NULL, q->code, e);
    if (q->fate != REQUEST_SUBMITTED) world_plan(w, world_day(w) + world_chance(w, 1, 4), request_decided, r, 0);
    return s;
}

static const char *justification(World *w, int kind) {
    int start = world_chance(w, 0, w->justifications.rows - 1);
    for (int i = 0; i < w->justifications.rows; i++) {
        int row = (start + i * 7) % w->justifications.rows;
        if (kind_of(csv_table_cell(&w->justifications, row, "kind")) == kind)
            return csv_table_cell(&w->justifications, row, "text");
    }
    return "";
}

static Status request_made(World *w, int r, int unused, Error *e) {
    Request *q = &w->request[r];
    (void)unused;
    if (!*w->project[q->project].code) return STATUS_OK;
    world_with(w, "project", w->project[q->project].code);
    world_with(w, "kind", choice_of_number(kind_choices, q->kind)->word);
    if (kind_countable(q->kind)) {
        world_with_number(w, "wanted", q->wanted);
        if (world_percent(w, 40)) world_with_number(w, "smallest", q->wanted * world_chance(w, 2, 5) / 40);
        if (world_percent(w, 50)) world_with_number(w, "weekly_most", q->wanted * world_chance(w, 1, 4) / 10 + 1);
    }
    world_with_week(w, "earliest", q->first);
    world_with_week(w, "latest", q->last);
    int luck = world_chance(w, 1, 100);
    world_with_number(w, "priority", luck <= 15 ? 1 : luck <= 65 ? 2 : luck <= 92 ? 3 : 4);
    luck = world_chance(w, 1, 100);
    int level = luck <= 30 ? 0 : luck <= 60 ? 1 : luck <= 82 ? 2 : luck <= 94 ? 3 : 4;
    /* Courses and datasets take no sensitive data. */
    if ((q->kind == KIND_TRAINING_SEAT || q->kind == KIND_DATASET) && level > 1) level = 1;
    if ((q->kind == KIND_LAB_HOUR || q->kind == KIND_MODEL) && level > 3) level = 3;
    world_with_number(w, "data_level", level);
    world_with(w, "justification", justification(w, q->kind));
    Status s = world_act(w, q->site, ROLE_OPERATOR, "add", "request", NULL, e);
    text_copy(q->code, sizeof q->code, w->last_code);
    if (q->fate != REQUEST_DRAFT) world_plan(w, world_day(w) + world_chance(w, 0, 2), request_submitted, r, 0);
    return s;
}

/* The kinds as offers have them, and how much of one is a usual wish. */
static void wish(World *w, Request *q) {
    static const int usual[KIND_COUNT + 1][2] = {{0, 0},    {240, 4200}, {2000, 24000}, {4, 30}, {6, 40},
                                                 {30, 200}, {6, 40},     {0, 0},        {0, 0}};
    q->kind = kind_of(csv_table_cell(&w->offers, world_chance(w, 0, w->offers.rows - 1), "kind"));
    q->wanted = world_chance(w, usual[q->kind][0], usual[q->kind][1]);
    if (q->wanted > 100) q->wanted = q->wanted / 20 * 20;
}

/* A project that is over by then asks for nothing: another of the same site does. */
static int still_going(const World *w, int project, int day) {
    const Project *p = &w->project[project];
    for (int i = 0, at = project; i < w->projects.rows; i++, at = (at + 1) % w->projects.rows) {
        const Project *other = &w->project[at];
        bool going = other->fate != PROJECT_STOPPED && (!other->over || day < other->over);
        if (going && other->site == p->site && other->first_day + 10 <= day) return at;
    }
    return project;
}

Status world_requests(World *w, Error *e) {
    (void)e;
    enum { REQUESTS = 150 };
    w->request = arena_array(&w->arena, REQUESTS, sizeof *w->request);
    w->request_count = REQUESTS;
    for (int r = 0; r < REQUESTS; r++) {
        Request *q = &w->request[r];
        Project *p;
        do {
            q->project = world_chance(w, 0, w->projects.rows - 1);
            p = &w->project[q->project];
        } while (p->fate == PROJECT_STOPPED || p->first_day > w->today - 12);
        q->site = p->site;
        wish(w, q);
        int luck = world_chance(w, 1, 150);
        q->fate = luck <= 9    ? REQUEST_DRAFT
                  : luck <= 21 ? REQUEST_SUBMITTED
                  : luck <= 26 ? REQUEST_RETURNED
                  : luck <= 32 ? REQUEST_REJECTED
                  : luck <= 38 ? REQUEST_WITHDRAWN
                  : luck <= 66 ? REQUEST_CLOSED
                               : REQUEST_APPROVED;
        int age = q->fate <= REQUEST_SUBMITTED  ? world_chance(w, 1, 6)
                  : q->fate == REQUEST_RETURNED ? world_chance(w, 5, 14)
                  : q->fate == REQUEST_CLOSED   ? world_chance(w, 110, 190)
                                                : world_chance(w, 3, 70);
        int day = w->today - age;
        if (day < p->first_day + 10) day = p->first_day + 10;
        q->project = still_going(w, q->project, day);
        q->day = day;
        q->first = week_of_date(day) + world_chance(w, 2, 4);
        q->last = q->first + (q->fate == REQUEST_CLOSED ? world_chance(w, 3, 7) : world_chance(w, 4, 15));
        world_plan(w, day, request_made, r, 0);
    }
    return STATUS_OK;
}
