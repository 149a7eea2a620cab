/* What goes through the one door, as bytes. */
#include "service/messages.h"

#include <string.h>

void message_error(Wire *w, Error *e) {
    int64_t line = e->line;
    WIRE_ENUM(w, e->status, STATUS_STOPPED);
    wire_chars(w, e->file, sizeof e->file);
    wire_number(w, &line);
    wire_chars(w, e->field, sizeof e->field);
    wire_chars(w, e->why, sizeof e->why);
    if (wire_reads(w)) e->line = (long)line;
}

/* --- records -------------------------------------------------------------------------------------------------------- */

void message_entity(Wire *w, const Entity **entity) {
    int kind = *entity ? (int)(*entity)->kind : 0;
    wire_between(w, &kind, 0, ENTITY_COUNT - 1);
    if (wire_reads(w)) *entity = kind ? entity_of_kind(kind) : NULL;
}

void message_known_entity(Wire *w, const Entity **entity) {
    message_entity(w, entity);
    if (*entity) return;
    w->bad = true;
    *entity = &entity_site; /* for whoever reads on */
}

static void item(Wire *w, ListItem *i) {
    wire_number(w, &i->key);
    wire_number(w, &i->quantity);
    wire_text(w, &i->label);
}

static void value(Wire *w, Value *v) {
    size_t size = v->size;
    int count = (int)v->size;
    if (wire_reads(w)) *v = (Value){0};
    WIRE_ENUM(w, v->kind, VALUE_LIST);
    switch (v->kind) {
    case VALUE_NONE: return;
    case VALUE_LIST:
        WIRE_LIST(w, v->items, count, MESSAGE_ROWS_MOST, item);
        if (wire_reads(w)) v->size = (uint32_t)count;
        return;
    case VALUE_NUMBER: wire_number(w, &v->number); break;
    case VALUE_TEXT: break;
    }
    wire_bytes(w, &v->text, &size);
    if (!wire_reads(w)) return;
    v->size = (uint32_t)size;
    if (v->kind == VALUE_TEXT && !v->text) w->bad = true;
}

static void some_record(Wire *w, Record **r) {
    const Entity *entity = wire_reads(w) ? NULL : (*r)->entity;
    message_known_entity(w, &entity);
    if (wire_reads(w)) *r = record_new(w->arena, entity);
    wire_number(w, &(*r)->id);
    for (int i = 0; i < entity->field_count; i++) {
        value(w, &(*r)->values[i]);
    }
}

void message_record(Wire *w, Record **r) {
    bool there = !wire_reads(w) && *r;
    wire_flag(w, &there);
    if (there) some_record(w, r);
    else *r = NULL;
}

void message_actor(Wire *w, Actor *a) {
    wire_chars(w, a->login, sizeof a->login);
    wire_chars(w, a->name, sizeof a->name);
    WIRE_ENUM(w, a->role, ROLE_ADMIN);
    wire_between(w, &a->own_site, -1, SITE_COUNT - 1);
    wire_between(w, &a->site, -1, SITE_COUNT - 1);
    wire_bits(w, &a->may_act);
    wire_int(w, &a->language);
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

void message_key(Wire *w, PageKey *k) {
    value(w, &k->value);
    wire_number(w, &k->id);
}

void message_page(Wire *w, Page *p) {
    WIRE_LIST(w, p->rows, p->count, MESSAGE_PAGE_MOST, message_record);
    int keys = p->keys ? p->count : 0;
    WIRE_LIST(w, p->keys, keys, MESSAGE_PAGE_MOST, message_key);
    wire_flag(w, &p->complete);
    wire_flag(w, &p->more);
    message_key(w, &p->next);
}

static void bits64(Wire *w, uint64_t *bits) {
    int64_t n = (int64_t)*bits;
    wire_number(w, &n);
    if (wire_reads(w)) *bits = (uint64_t)n;
}

void message_list(Wire *w, ListRequest *r) {
    bool from = r->from != NULL;
    message_known_entity(w, &r->entity);
    wire_text(w, &r->filter);
    wire_text(w, &r->sort);
    wire_flag(w, &from);
    if (from) {
        PageKey *key = wire_reads(w) ? arena_array(w->arena, 1, sizeof *key) : NULL, written;
        if (!key) {
            written = *r->from;
            key = &written;
        } else r->from = key;
        message_key(w, key);
    } else r->from = NULL;
    wire_flag(w, &r->backwards);
    wire_flag(w, &r->inclusive);
    wire_between(w, &r->limit, 0, MESSAGE_PAGE_MOST);
    wire_between(w, &r->steps, 0, INT32_MAX);
    wire_flag(w, &r->goes_on);
    bits64(w, &r->fields);
    wire_flag(w, &r->labels);
}

void message_journal_query(Wire *w, JournalQuery *q) {
    message_entity(w, &q->entity);
    wire_number(w, &q->id);
    wire_between(w, &q->site, -1, SITE_COUNT - 1);
    wire_number(w, &q->before);
    wire_between(w, &q->limit, 0, MESSAGE_PAGE_MOST);
}

void message_entry(Wire *w, JournalEntry *j) {
    wire_number(w, &j->seq);
    wire_between(w, &j->site, 0, SITE_COUNT - 1);
    wire_int(w, &j->epoch);
    wire_number(w, &j->number);
    wire_text(w, &j->at);
    wire_text(w, &j->actor);
    wire_text(w, &j->op);
    wire_text(w, &j->verb);
    message_known_entity(w, &j->entity);
    wire_number(w, &j->id);
    wire_number(w, &j->rev);
    message_record(w, &j->after);
    message_record(w, &j->before);
    bits64(w, &j->changed);
    wire_text(w, &j->undoes);
    wire_flag(w, &j->erased);
}

void message_attention(Wire *w, Attention *a) {
    WIRE_ENUM(w, a->kind, ATTENTION_DRAFT);
    message_known_entity(w, &a->entity);
    wire_number(w, &a->id);
    wire_number(w, &a->about);
    wire_text(w, &a->title);
    wire_int(w, &a->other);
    wire_int(w, &a->day);
    wire_int(w, &a->urgency);
    wire_number(w, &a->could);
    wire_int(w, &a->kind_of);
    WIRE_ENUM(w, a->whom, ATTENTION_FOR_ANOTHER);
}

/* --- capacity ------------------------------------------------------------------------------------------------------- */

void message_fit(Wire *w, OfferFit *f) {
    message_record(w, &f->offer);
    message_record(w, &f->session);
    WIRE_PLAIN_LIST(w, f->fit.weeks, f->fit.count, MESSAGE_ROWS_MOST);
    wire_number(w, &f->fit.free);
    wire_number(w, &f->fit.could);
    WIRE_ENUM(w, f->bar, FIT_BAR_COUNT - 1);
    wire_int(w, &f->first);
    wire_int(w, &f->last);
}

static void capacity_offer(Wire *w, CapacityOffer *o) {
    const char *name = o->name;
    CapacityOffer plain = *o;
    plain.name = NULL;
    wire_plain(w, &plain, sizeof plain);
    wire_text(w, &name);
    if (!wire_reads(w)) return;
    *o = plain;
    o->name = name;
}

void message_capacity(Wire *w, CapacityRows *r) {
    WIRE_LIST(w, r->offers, r->offer_count, MESSAGE_ROWS_MOST, capacity_offer);
    WIRE_PLAIN_LIST(w, r->sessions, r->session_count, MESSAGE_ROWS_MOST);
    WIRE_PLAIN_LIST(w, r->bookings, r->booking_count, MESSAGE_ROWS_MOST);
    WIRE_PLAIN_LIST(w, r->accesses, r->access_count, MESSAGE_ROWS_MOST);
    WIRE_PLAIN_LIST(w, r->usages, r->usage_count, MESSAGE_ROWS_MOST);
    wire_int(w, &r->first);
    wire_int(w, &r->last);
}

static void change(Wire *w, PlanChange *c) {
    wire_text(w, &c->code);
    wire_text(w, &c->field);
    wire_text(w, &c->value);
    if (!c->code || (c->field && !c->value)) w->bad = true;
}

void message_plan_request(Wire *w, NetworkPlanRequest *r) {
    PlanChange *changes = (PlanChange *)(void *)r->changes;
    wire_between(w, &r->kind, 0, KIND_COUNT);
    wire_between(w, &r->first, 0, MESSAGE_WEEK_LAST);
    wire_between(w, &r->last, 0, MESSAGE_WEEK_LAST);
    WIRE_LIST(w, changes, r->change_count, MESSAGE_CHANGES_MOST, change);
    r->changes = changes;
    WIRE_ENUM(w, r->form, FORM_FILE);
    wire_flag(w, &r->apply);
    wire_flag(w, &r->keep);
    wire_text(w, &r->op);
    if ((r->apply || r->keep) && !r->op) w->bad = true;
    wire_text(w, &r->expect);
    wire_text(w, &r->explain);
    wire_flag(w, &r->bare);
}

/* The lists within are const to everybody else. */
static void booked(Wire *w, const WeekQuantity **list, int *count) {
    WeekQuantity *weeks = (WeekQuantity *)(void *)*list;
    WIRE_PLAIN_LIST(w, weeks, *count, MESSAGE_ROWS_MOST);
    *list = weeks;
}

static void plan_request(Wire *w, PlanRequest *q) {
    PlanRequest plain = *q;
    plain.booked = NULL;
    wire_plain(w, &plain, sizeof plain);
    if (wire_reads(w)) *q = plain;
    booked(w, &q->booked, &q->booked_count);
}

static void plan_offer(Wire *w, PlanOffer *o) {
    PlanOffer plain = *o;
    plain.booked = NULL;
    wire_plain(w, &plain, sizeof plain);
    if (wire_reads(w)) *o = plain;
    booked(w, &o->booked, &o->booked_count);
}

static void plan_input(Wire *w, PlanInput *in) {
    PlanRequest *requests = (PlanRequest *)(void *)in->requests;
    PlanOffer *offers = (PlanOffer *)(void *)in->offers;
    WIRE_LIST(w, requests, in->request_count, MESSAGE_ROWS_MOST, plan_request);
    WIRE_LIST(w, offers, in->offer_count, MESSAGE_ROWS_MOST, plan_offer);
    in->requests = requests;
    in->offers = offers;
    wire_int(w, &in->first);
    wire_int(w, &in->last);
    wire_number(w, &in->unit);
    wire_plain(w, in->entitlement, sizeof in->entitlement);
}

static void plan_remedy(Wire *w, PlanRemedy *r) {
    wire_number(w, &r->weekly_most);
    booked(w, &r->more, &r->more_count);
    wire_number(w, &r->gives);
    wire_number(w, &r->others);
    wire_bits(w, &r->to);
}

/* Without the witnesses, which were looked at where the plan was made. */
static void plan(Wire *w, Plan *p, int requests) {
    WIRE_PLAIN_LIST(w, p->grants, p->grant_count, MESSAGE_ROWS_MOST);
    WIRE_PLAIN_LIST(w, p->answers, requests, MESSAGE_ROWS_MOST);
    for (int site = 0; site < PLAN_SITES; site++) {
        wire_number(w, &p->shares[site].asked);
        wire_number(w, &p->shares[site].got);
        wire_bits(w, &p->shares[site].tight);
        wire_bits(w, &p->shares[site].with);
    }
    WIRE_ENUM(w, p->proof, PLAN_RESTRICTED);
    wire_int(w, &p->left_out);
    wire_plain(w, p->relaxed, sizeof p->relaxed);
    wire_number(w, &p->served);
    wire_plain(w, &p->sums, sizeof p->sums);
    WIRE_PLAIN_LIST(w, p->supply, p->supply_count, PLAN_WEEKS_MOST * PLAN_LEVELS);
    WIRE_LIST(w, p->remedies, requests, MESSAGE_ROWS_MOST, plan_remedy);
    wire_int(w, &p->searched);
    wire_number(w, &p->pivots);
}

static void kind_plan(Wire *w, KindPlan *k) {
    int offers = k->in.offer_count, sessions = offers, requests;
    wire_between(w, &k->kind, 1, KIND_COUNT);
    plan_input(w, &k->in);
    requests = k->in.request_count;
    offers = sessions = k->in.offer_count;
    plan(w, &k->plan, requests);
    wire_plain(w, &k->bound, sizeof k->bound);
    WIRE_LIST(w, k->requests, requests, MESSAGE_ROWS_MOST, message_record);
    WIRE_LIST(w, k->offers, offers, MESSAGE_ROWS_MOST, message_record);
    WIRE_LIST(w, k->sessions, sessions, MESSAGE_ROWS_MOST, message_record);
}

void message_plan(Wire *w, NetworkPlan *p) {
    WIRE_LIST(w, p->kinds, p->kind_count, KIND_COUNT, kind_plan);
    wire_chars(w, p->hash, sizeof p->hash);
    wire_int(w, &p->proposals);
    message_outcome(w, &p->outcome);
}

/* --- commands ------------------------------------------------------------------------------------------------------- */

static void code(Wire *w, const char **text) {
    wire_text(w, text);
    if (!*text) w->bad = true;
}

static void argument(Wire *w, Argument *a) {
    code(w, &a->name);
    code(w, &a->value);
}

void message_command(Wire *w, CommandRequest *r) {
    const char **codes = (const char **)(void *)r->codes;
    int64_t *revs = (int64_t *)(void *)r->revs;
    Argument *arguments = (Argument *)(void *)r->arguments;
    int rev_count = r->revs ? r->code_count : 0;
    code(w, &r->verb);
    wire_text(w, &r->entity);
    WIRE_LIST(w, codes, r->code_count, MESSAGE_CODES_MOST, code);
    WIRE_LIST(w, revs, rev_count, MESSAGE_CODES_MOST, wire_number);
    WIRE_LIST(w, arguments, r->argument_count, MESSAGE_CHANGES_MOST, argument);
    if (wire_reads(w) && rev_count && rev_count != r->code_count) w->bad = true;
    r->codes = codes;
    r->revs = rev_count ? revs : NULL;
    r->arguments = arguments;
    WIRE_ENUM(w, r->form, FORM_FILE);
    code(w, &r->op);
    wire_flag(w, &r->dry_run);
}

static void effect(Wire *w, Effect *f) {
    message_known_entity(w, &f->entity);
    wire_number(w, &f->id);
    wire_number(w, &f->rev);
    wire_text(w, &f->verb);
}

void message_outcome(Wire *w, Outcome *o) {
    wire_text(w, &o->op);
    WIRE_LIST(w, o->effects, o->count, MESSAGE_ROWS_MOST, effect);
    wire_flag(w, &o->repeated);
}

/* --- drafts --------------------------------------------------------------------------------------------------------- */

/* As its file has it, and whether its form is open. */
void message_draft(Wire *w, Draft *d) {
    Buffer line = {0};
    const char *text = NULL;
    if (!wire_reads(w)) draft_write(d, &line);
    text = line.bytes;
    wire_text(w, &text);
    if (wire_reads(w) && (!text || !draft_read(w->arena, text, strlen(text), d))) {
        w->bad = true;
        *d = (Draft){0};
    }
    wire_flag(w, &d->open);
    buffer_free(&line);
}

void message_editor(Wire *w, Editor *e) {
    code(w, &e->login);
    wire_number(w, &e->since);
}

/* --- imports -------------------------------------------------------------------------------------------------------- */

void message_import(Wire *w, ImportRequest *r) {
    message_known_entity(w, &r->entity);
    code(w, &r->file);
    code(w, &r->op);
    wire_flag(w, &r->dry_run);
}

void message_import_reply(Wire *w, ImportReply *r) {
    wire_number(w, &r->rows);
    wire_number(w, &r->added);
    wire_number(w, &r->changed);
    wire_number(w, &r->same);
    WIRE_LIST(w, r->faults, r->fault_count, IMPORT_FAULTS, message_error);
    wire_flag(w, &r->repeated);
}

void message_usage_import(Wire *w, UsageImportRequest *r) {
    code(w, &r->file);
    code(w, &r->op);
    wire_flag(w, &r->dry_run);
}

void message_usage_reply(Wire *w, UsageImportReply *r) {
    wire_number(w, &r->lines);
    wire_number(w, &r->jobs);
    wire_number(w, &r->added);
    wire_number(w, &r->same);
    WIRE_PLAIN_LIST(w, r->strange, r->strange_count, USAGE_STRANGERS);
    WIRE_LIST(w, r->faults, r->fault_count, USAGE_FAULTS, message_error);
    wire_flag(w, &r->repeated);
}
