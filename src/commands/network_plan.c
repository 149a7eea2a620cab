/* The plan of the network: planned kind by kind, checked, hashed, and made into commands: what is supposed of records,
 * and proposals. */
#include "commands/network_plan.h"

#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "capacity/plan_check.h"
#include "commands/plan_gather.h"
#include "commands/repeat.h"
#include "store/journal.h"

#include <sodium.h>
#include <string.h>

_Static_assert((int)PLAN_SITES == (int)SITE_COUNT, "a share for each site");

static Status plan_kind(Store *store, Arena *arena, const NetworkPlanRequest *asked, const Supposed *supposed,
                        KindPlan *k, int64_t *work, Error *e) {
    char why[200];
    Status s = plan_gather(store, arena, asked, supposed, k, e);
    if (s != STATUS_OK || !k->in.request_count) return s;
    s = plan_compute(arena, &k->in, asked->watch, &k->plan, e);
    bool all = !asked->bare && !asked->apply && !asked->keep && !asked->explain;
    if (s == STATUS_OK && all) s = plan_remedies(arena, &k->in, &k->plan, -1, work, asked->watch, e);
    if (s != STATUS_OK || plan_check(&k->in, &k->plan, &k->bound, why, sizeof why)) return s;
    return error_set(e, STATUS_FAILED, NULL,
                     _("the plan does not pass its check (%s): this is a mistake of the program"), why);
}

int network_plan_request(const NetworkPlan *p, int64_t id, int *kind) {
    for (*kind = 0; *kind < p->kind_count; ++*kind) {
        const PlanInput *in = &p->kinds[*kind].in;
        for (int i = 0; i < in->request_count; i++) {
            if (in->requests[i].id == id) return i;
        }
    }
    return -1;
}

static Status explain(Store *store, Arena *arena, const NetworkPlanRequest *asked, NetworkPlan *plan, int64_t *work,
                      Error *e) {
    const Entity *entity;
    int64_t id;
    int kind;
    Status s = store_find(store, asked->explain, strlen(asked->explain), &entity, &id, e);
    if (s != STATUS_OK) return s;
    int at = entity == &entity_request ? network_plan_request(plan, id, &kind) : -1;
    if (at < 0)
        return error_set(
            e, STATUS_USAGE, NULL,
            _("%s is not in the plan, which serves approved requests that still lack something in these weeks"),
            asked->explain);
    KindPlan *k = &plan->kinds[kind];
    return plan_remedies(arena, &k->in, &k->plan, at, work, asked->watch, e);
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

/* "Fair plan of 2026-11-28 (daafdbcc): 120 of 300 GPU h that were lacking", and on a line of its own the whole hash. */
static const char *why_of(Arena *arena, const NetworkPlan *plan, const KindPlan *k, int at, int end) {
    enum { HASH_SHOWN = 8 };
    const int request = k->plan.grants[at].request;
    const int64_t lacked = k->in.requests[request].missing;
    int64_t given = 0;
    char day[DATE_SIZE];
    Buffer b = {0}, got = {0}, all = {0};
    for (int i = at; i < end; i++) {
        given += k->plan.grants[i].quantity;
    }
    date_write(clock_today(), day);
    number_show(&got, given, 3);
    kind_amount(&all, k->kind, lacked);
    buffer_format(&b, _("Fair plan of %s (%.*s): "), day, HASH_SHOWN, plan->hash);
    if (given == lacked) buffer_format(&b, _("all that was lacking, %s"), all.bytes);
    else if (k->plan.answers[request].got == lacked)
        buffer_format(&b, _("%s of %s that were lacking, the rest by other proposals"), got.bytes, all.bytes);
    else buffer_format(&b, _("%s of %s that were lacking"), got.bytes, all.bytes);
    buffer_format(&b, _("\nPlan %s"), plan->hash);
    const char *why = arena_string(arena, b.bytes);
    buffer_free(&b);
    buffer_free(&got);
    buffer_free(&all);
    return why;
}

/* One "propose" for each allocation, into requests. */
static int proposals_of(Store *store, Arena *arena, const NetworkPlan *plan, CommandRequest *requests) {
    enum { ARGUMENTS = 4 };
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
            a[n++] = (Argument){"why", why_of(arena, plan, k, at, end)};
            if (session) {
                a[n++] = (Argument){"session", code_in(store, arena, session)};
                a[n++] = (Argument){"quantity", strchr(bookings_of(arena, grant, 1), ':') + 1};
            } else a[n++] = (Argument){"bookings", bookings_of(arena, grant, end - at)};
            requests[count++] = (CommandRequest){.verb = "propose",
                                                 .codes = code,
                                                 .code_count = 1,
                                                 .arguments = a,
                                                 .argument_count = n,
                                                 .form = FORM_FILE};
        }
    }
    return count;
}

/* The plan's hash is the last word of why each proposal was made. */
static void read_hash(const Record *allocation, char hash[PLAN_HASH_SIZE]) {
    const char *why = value_string(&allocation->values[ALLOCATION_WHY]), *last = strrchr(why, ' ');
    if (last && strlen(last + 1) == PLAN_HASH_SIZE - 1) memcpy(hash, last + 1, PLAN_HASH_SIZE);
}

/* Where the operation was done before: what it made then, and its hash; the plan itself is not known any more. */
static Status read_made(Store *store, Arena *arena, const Actor *actor, const NetworkPlanRequest *asked,
                        NetworkPlan *plan, Error *e) {
    JournalEntry *entries;
    int count = 0;
    Status s = repeat_find(store, arena, actor, asked->op, NULL, &plan->outcome, e);
    if (s != STATUS_OK || !plan->outcome.repeated) return s;
    s = journal_operation(store, arena, asked->op, &entries, &count, e);
    if (s != STATUS_OK) return s;
    *plan = (NetworkPlan){.outcome = plan->outcome};
    hash_plan(store, arena, plan); /* of nothing, where nothing was proposed */
    for (int i = 0; i < count; i++) {
        const JournalEntry *entry = &entries[i];
        bool proposal = entry->entity == &entity_allocation && !strcmp(entry->verb, "propose") && entry->after;
        plan->proposals += proposal;
        if (proposal) read_hash(entry->after, plan->hash);
    }
    if (asked->apply ? plan->proposals || asked->change_count : !plan->proposals) return STATUS_OK;
    return error_set(e, STATUS_CONFLICT, "op", _("the operation %s was another act (%s): give another id"), asked->op,
                     count ? entries[count - 1].verb : "?");
}

/* What is supposed is made so first: what is proposed stands on it. */
static Status make(Store *store, Arena *arena, const Actor *actor, const NetworkPlanRequest *asked,
                   const Supposed *supposed, NetworkPlan *plan, Error *e) {
    CommandRequest *changes, *requests;
    int count = 0;
    Status s = plan_suppose_commands(store, arena, asked, supposed, &changes, &count, e);
    if (s != STATUS_OK) return s;
    requests = arena_array(arena, (size_t)count + (size_t)plan->proposals, sizeof *requests);
    if (count) memcpy(requests, changes, (size_t)count * sizeof *requests);
    if (asked->apply) count += proposals_of(store, arena, plan, requests + count);
    else if (!count)
        return error_set(e, STATUS_USAGE, NULL,
                         _("there is nothing to keep: leaving something out of a plan changes no record"));
    if (!count) return STATUS_OK;
    requests[0].op = asked->op;
    return command_run_all(store, arena, actor, requests, count, &plan->outcome, e);
}

Status network_plan(Store *store, Arena *arena, const Actor *actor, const NetworkPlanRequest *asked, NetworkPlan *plan,
                    Error *e) {
    *plan = (NetworkPlan){.kinds = arena_array(arena, KIND_COUNT, sizeof *plan->kinds)};
    if (asked->kind && !kind_countable(asked->kind))
        return error_set(e, STATUS_USAGE, "kind",
                         _("access to a dataset or model is never used up: there is nothing to plan"));
    Supposed supposed;
    int64_t work = PLAN_WORK_MOST / 2; /* for remedies, of all kinds together */
    bool writes = asked->apply || asked->keep;
    Status s = writes ? actor_needs_role(actor, ROLE_COORDINATOR, e) : STATUS_OK;
    if (s == STATUS_OK && writes && asked->op) s = read_made(store, arena, actor, asked, plan, e);
    if (s == STATUS_OK && plan->outcome.repeated) return s;
    if (s == STATUS_OK) s = plan_suppose(store, arena, asked, &supposed, e);
    for (int kind = 1; kind <= KIND_COUNT && s == STATUS_OK; kind++) {
        KindPlan *k = &plan->kinds[plan->kind_count];
        if (!kind_countable(kind) || (asked->kind && kind != asked->kind)) continue;
        *k = (KindPlan){.kind = kind};
        s = plan_kind(store, arena, asked, &supposed, k, &work, e);
        if (k->in.request_count) plan->kind_count++;
    }
    if (s == STATUS_OK && asked->explain) s = explain(store, arena, asked, plan, &work, e);
    if (s != STATUS_OK) return s;
    hash_plan(store, arena, plan);
    if (asked->expect && strcmp(asked->expect, plan->hash) != 0)
        return error_set(e, STATUS_CONFLICT, NULL,
                         _("what is asked for or free has changed since: read the new plan first"));
    if (!writes) return STATUS_OK;
    s = make(store, arena, actor, asked, &supposed, plan, e);
    return s == STATUS_OK && plan->outcome.repeated ? read_made(store, arena, actor, asked, plan, e) : s;
}
