/* A plan in words: why a request gets no more, and how sure it is that there is no better plan. */
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "commands/network_plan.h"

/* "left out: with its least of 40 GPU h, FMK would fall from 100 to 80" */
static void add_loss(Buffer *b, const KindPlan *k, int request) {
    const PlanAnswer *a = &k->plan.answers[request];
    const Plan *p = &k->plan;
    Buffer least = {0}, was = {0}, then = {0};
    int loser = a->loser >= 0 && a->loser < PLAN_SITES ? a->loser : 0;
    kind_amount(&least, k->kind, k->in.requests[request].smallest);
    number_show(&then, a->then, 3);
    switch (a->loss) {
    case PLAN_LOSS_UNPROVED:
        buffer_format(b,
                      _("left out for its least of %s: whether another choice could serve it was not searched to "
                        "the end"),
                      least.bytes);
        break;
    case PLAN_LOSS_ROOM:
        buffer_format(b, _("left out: its least is %s, all that it could have is %s"), least.bytes, then.bytes);
        break;
    case PLAN_LOSS_SHARE:
        number_show(&was, p->shares[loser].got, 3);
        buffer_format(b, _("left out: with its least of %s, %s would fall from %s to %s"), least.bytes,
                      site_code(loser), was.bytes, then.bytes);
        break;
    case PLAN_LOSS_PRIORITY:
        buffer_format(b, _("left out: with its least of %s, less that is urgent would be served"), least.bytes);
        break;
    case PLAN_LOSS_NEARNESS:
        number_show(&was, p->sums.moved, 3);
        buffer_format(b, _("left out: with its least of %s, %s in place of %s would move between regions"), least.bytes,
                      then.bytes, was.bytes);
        break;
    case PLAN_LOSS_WEEKS:
        buffer_format(b, _("left out: with its least of %s, as much would be served, later"), least.bytes);
        break;
    }
    buffer_free(&least);
    buffer_free(&was);
    buffer_free(&then);
}

/* "W49 – W51, W53"; where these are many pieces, "9 of its 16 weeks". */
static void add_spans(Buffer *b, const KindPlan *k, int request, PlanWeek state) {
    enum { SPANS_MOST = 3 };
    const PlanRequest *q = &k->in.requests[request];
    int first = q->first > k->in.first ? q->first : k->in.first, last = q->last < k->in.last ? q->last : k->in.last;
    int spans = 0, weeks = 0;
    Buffer text = {0};
    for (int week = first, end; week <= last; week = end + 1) {
        end = week;
        if (plan_week(&k->in, &k->plan, request, week) != state) continue;
        while (end < last && plan_week(&k->in, &k->plan, request, end + 1) == state) {
            end++;
        }
        if (spans++) buffer_add_string(&text, ", ");
        week_show_span(&text, week, end, clock_today());
        weeks += end - week + 1;
    }
    if (spans <= SPANS_MOST) buffer_add_string(b, buffer_string(&text));
    else buffer_format(b, _("%d of its %d weeks"), weeks, last - first + 1);
    buffer_free(&text);
}

/* "FMK and DOD", or how many, where these are many. */
static void add_sites(Buffer *b, unsigned sites) {
    enum { NAMED_MOST = 3 };
    int count = 0;
    Buffer names = {0};
    for (int site = 0; site < PLAN_SITES; site++) {
        unsigned rest = sites >> site;
        if (!(rest & 1)) continue;
        if (count++) buffer_add_string(&names, rest == 1 ? _(" and ") : ", ");
        buffer_add_string(&names, site_code(site));
    }
    if (count <= NAMED_MOST) buffer_add_string(b, names.bytes);
    else buffer_format(b, ngettext("%d region", "%d regions", (unsigned long)count), count);
    buffer_free(&names);
}

/* Whether the plan gives others of the region something in a week in which this one finds all given. */
static bool stands_behind_own(const KindPlan *k, int request) {
    const PlanRequest *q = &k->in.requests[request];
    for (int i = 0; i < k->plan.grant_count; i++) {
        const PlanGrant *g = &k->plan.grants[i];
        bool fits = g->week >= q->first && g->week <= q->last && k->in.offers[g->offer].level >= q->level;
        if (fits && g->request != request && k->in.requests[g->request].site == q->site &&
            plan_week(&k->in, &k->plan, request, g->week) == PLAN_WEEK_FULL)
            return true;
    }
    return false;
}

/* Whether in a week that is in this state something is lent that does not take its data. */
static bool level_matters(const KindPlan *k, int request, PlanWeek state) {
    const PlanRequest *q = &k->in.requests[request];
    for (int week = q->first > k->in.first ? q->first : k->in.first; week <= q->last && week <= k->in.last; week++) {
        if (plan_week(&k->in, &k->plan, request, week) != state) continue;
        const PlanSupply *any = &k->plan.supply[(week - k->in.first) * PLAN_LEVELS];
        if (any->lendable > any[q->level - 1].lendable) return true;
    }
    return false;
}

static void add_state(Buffer *b, const KindPlan *k, int request, PlanWeek state) {
    const PlanRequest *q = &k->in.requests[request];
    const Choice *level = choice_of_number(data_level_choices, q->level);
    const unsigned others = k->plan.shares[q->site].with;
    Buffer weeks = {0}, extra = {0};
    add_spans(&weeks, k, request, state);
    if (!weeks.size) {
        buffer_free(&weeks);
        return;
    }
    if (b->size) buffer_add_string(b, "; ");
    const char *word = level ? level->word : "?";
    bool named = level_matters(k, request, state);
    switch (state) {
    case PLAN_WEEK_FULL:
        if (named) buffer_format(b, _("%s full for data of level %s"), weeks.bytes, word);
        else buffer_format(b, _("%s full"), weeks.bytes);
        if (others) add_sites(&extra, others);
        if (others) buffer_format(b, _(", shared fairly with %s"), extra.bytes);
        if (stands_behind_own(k, request)) buffer_add_string(b, _(", others of its region first"));
        break;
    case PLAN_WEEK_TAKEN:
        if (named) buffer_format(b, _("what takes data of level %s was booked before in %s"), word, weeks.bytes);
        else buffer_format(b, _("%s booked before"), weeks.bytes);
        break;
    case PLAN_WEEK_OWN:
        kind_amount(&extra, k->kind, q->weekly_most);
        buffer_format(b, _("its own bound of %s a week in %s"), extra.bytes, weeks.bytes);
        break;
    case PLAN_WEEK_KEPT:
        if (named) buffer_format(b, _("what takes data of level %s is kept in reserve in %s"), word, weeks.bytes);
        else buffer_format(b, _("%s kept in reserve"), weeks.bytes);
        break;
    case PLAN_WEEK_LEVEL: buffer_format(b, _("no open offer takes data level %s in %s"), word, weeks.bytes); break;
    case PLAN_WEEK_NOTHING: buffer_format(b, _("nothing offered in %s"), weeks.bytes); break;
    default: break;
    }
    buffer_free(&weeks);
    buffer_free(&extra);
}

void network_plan_reason(const KindPlan *k, int request, Buffer *b) {
    static const PlanWeek order[] = {PLAN_WEEK_FULL, PLAN_WEEK_TAKEN, PLAN_WEEK_OWN,
                                     PLAN_WEEK_KEPT, PLAN_WEEK_LEVEL, PLAN_WEEK_NOTHING};
    const PlanAnswer *a = &k->plan.answers[request];
    Buffer text = {0};
    if (a->reason == PLAN_SMALLEST) add_loss(&text, k, request);
    for (size_t i = 0; a->reason != PLAN_ALL && a->reason != PLAN_SMALLEST && i < sizeof order / sizeof *order; i++) {
        add_state(&text, k, request, order[i]);
    }
    buffer_add_string(b, buffer_string(&text));
    buffer_free(&text);
}

enum { PERCENT = 10000 }; /* of an entitlement, which is in parts per million */

void network_plan_entitled(const KindPlan *k, int site, Buffer *b) {
    number_show(b, (k->in.entitlement[site] + PERCENT / 20) / (PERCENT / 10), 1);
    buffer_add_string(b, " %");
}

int64_t network_plan_got_per_percent(const KindPlan *k, int site) {
    int64_t entitled = k->in.entitlement[site], got = k->plan.shares[site].got;
    return entitled > 0 ? got / entitled * PERCENT + got % entitled * PERCENT / entitled : -1;
}

void network_plan_per_percent(const KindPlan *k, int site, Buffer *b) {
    int64_t thousandths = network_plan_got_per_percent(k, site);
    if (thousandths < 0) buffer_add_string(b, "–");
    else number_show(b, (thousandths + 50) / 100, 1);
}

void network_plan_counts(const NetworkPlan *p, int *requests, int *kept_short) {
    *requests = *kept_short = 0;
    for (int i = 0; i < p->kind_count; i++) {
        const KindPlan *k = &p->kinds[i];
        *requests += k->in.request_count;
        for (int r = 0; r < k->in.request_count; r++) {
            *kept_short += k->plan.answers[r].reason != PLAN_ALL;
        }
    }
}

void network_plan_sums(const NetworkPlan *p, Buffer *b) {
    for (int i = 0; i < p->kind_count; i++) {
        const KindPlan *k = &p->kinds[i];
        int64_t asked = 0;
        Buffer amount = {0}, served = {0};
        for (int r = 0; r < k->in.request_count; r++) {
            asked += k->in.requests[r].missing;
        }
        kind_amount(&amount, k->kind, asked);
        number_show(&served, k->plan.served, 3);
        if (i) buffer_add_string(b, ", ");
        if (asked == k->plan.served) buffer_format(b, _("all %s"), amount.bytes);
        else buffer_format(b, _("%s of %s"), served.bytes, amount.bytes);
        buffer_free(&amount);
        buffer_free(&served);
    }
}

/* Which of a region's requests lacks most, and how many lack something. */
static int shortest_of(const KindPlan *k, int site, int *count) {
    int most = -1;
    int64_t lacks = 0;
    *count = 0;
    for (int i = 0; i < k->in.request_count; i++) {
        int64_t here = k->in.requests[i].missing - k->plan.answers[i].got;
        if (k->in.requests[i].site != site || k->plan.answers[i].reason == PLAN_ALL) continue;
        ++*count;
        if (here > lacks) most = i;
        if (here > lacks) lacks = here;
    }
    return most;
}

void network_plan_share(const KindPlan *k, int site, Buffer *b) {
    const PlanShare *share = &k->plan.shares[site];
    const unsigned others = share->with;
    int count, most = shortest_of(k, site, &count);
    char code[CODE_SIZE];
    if (most < 0) buffer_add_string(b, _("all that it can use"));
    else if (others) {
        buffer_format(b, "%s ", _("its fair share with"));
        add_sites(b, others);
    } else {
        /* Nobody stands against it: what binds is that of its requests. */
        code_write(entity_request.letter, k->requests[most]->id, code);
        buffer_format(b, "%s; %s: ", _("all that it can have"), code);
        network_plan_reason(k, most, b);
        if (count > 1)
            buffer_format(
                b, ngettext("; and %d more lacks something", "; and %d more lack something", (unsigned long)count - 1),
                count - 1);
    }
}

/* "120 GPU h more of DOD in W48", "40 GPU h a week more of DOD in W48 – W50", "more of DOD: 40 GPU h in W48, 20 GPU h in
 * W49" */
static void add_more(Buffer *b, const KindPlan *k, const char *region, const PlanRemedy *r) {
    const WeekQuantity *last = &r->more[r->more_count - 1];
    bool alike = last->week - r->more->week == r->more_count - 1;
    Buffer amount = {0}, weeks = {0};
    for (int i = 0; i < r->more_count; i++) {
        alike = alike && r->more[i].quantity == r->more->quantity;
    }
    if (alike) {
        kind_amount(&amount, k->kind, r->more->quantity);
        week_show_span(&weeks, r->more->week, last->week, clock_today());
        if (r->more_count > 1) buffer_format(b, _("%s a week more of %s in %s"), amount.bytes, region, weeks.bytes);
        else buffer_format(b, _("%s more of %s in %s"), amount.bytes, region, weeks.bytes);
    } else buffer_format(b, _("more of %s: "), region);
    for (int i = 0; !alike && i < r->more_count; i++) {
        buffer_clear(&amount);
        buffer_clear(&weeks);
        kind_amount(&amount, k->kind, r->more[i].quantity);
        week_show(&weeks, r->more[i].week, clock_today());
        buffer_format(b, _("%s%s in %s"), i ? ", " : "", amount.bytes, weeks.bytes);
    }
    buffer_free(&amount);
    buffer_free(&weeks);
}

/* " (most of it goes to MSF and ORI first)" */
static void add_first(Buffer *b, const PlanRemedy *r) {
    int64_t sum = 0;
    Buffer names = {0};
    for (int i = 0; i < r->more_count; i++) {
        sum += r->more[i].quantity;
    }
    if (r->others <= 0 || !r->to || !sum) return;
    add_sites(&names, r->to);
    buffer_format(b, 2 * r->others > sum ? _(" (most of it goes to %s first)") : _(" (some of it goes to %s first)"),
                  names.bytes);
    buffer_free(&names);
}

/* ", or a proposal of 59 lab h from BMK-O3, outside of the plan" */
static void add_direct(Buffer *b, const KindPlan *k, int request) {
    int offer = plan_direct(&k->in, request);
    char code[CODE_SIZE];
    if (offer < 0) return;
    const Record *r = k->sessions[offer] ? k->sessions[offer] : k->offers[offer];
    Buffer amount = {0};
    kind_amount(&amount, k->kind, k->in.requests[request].missing);
    code_write(r->entity->letter, r->id, code);
    buffer_format(b, _(", or a proposal of %s from %s to it, outside of the plan"), amount.bytes, code);
    buffer_free(&amount);
}

void network_plan_remedy(const KindPlan *k, int request, Buffer *b) {
    const PlanRequest *q = &k->in.requests[request];
    const PlanRemedy *r = &k->plan.remedies[request];
    const Choice *level = choice_of_number(data_level_choices, q->level);
    Buffer text = {0}, amount = {0};
    if (!r->gives) return;
    if (r->weekly_most) {
        kind_amount(&amount, k->kind, r->weekly_most);
        buffer_format(&text, _("its own bound at %s a week"), amount.bytes);
    }
    if (r->weekly_most && r->more_count) buffer_add_string(&text, _(" and "));
    if (r->more_count) {
        add_more(&text, k, site_code(q->site), r);
        buffer_format(&text, _(" at data level %s"), level ? level->word : "?");
    }
    buffer_clear(&amount);
    number_show(&amount, r->gives, 3);
    if (r->gives + k->in.unit > q->missing) buffer_format(b, _("%s would be enough"), text.bytes);
    else buffer_format(b, _("would get %s with %s"), amount.bytes, text.bytes);
    add_first(b, r);
    add_direct(b, k, request);
    buffer_free(&text);
    buffer_free(&amount);
}

/* What any choice of those to be left out could serve more, at the most: without smallest quantities, that much is. */
static int64_t gap_of(const KindPlan *k) {
    int64_t most = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        most += k->plan.relaxed[site];
    }
    return most - k->plan.served;
}

void network_plan_proof(const KindPlan *k, Buffer *b) {
    switch (k->plan.proof) {
    case PLAN_PROVED:
        buffer_add_string(
            b, _("Proved: no plan is fairer, and of these none serves more by priority, nearer or earlier."));
        return;
    case PLAN_FAIR:
        buffer_add_string(b,
                          _("Proved: no plan is fairer. For smallest useful quantities not all choices were searched: "
                            "another may serve more by priority."));
        return;
    case PLAN_RESTRICTED: {
        Buffer gap = {0};
        kind_amount(&gap, k->kind, gap_of(k));
        buffer_format(b,
                      ngettext("Proved for those served. %d was left out for its smallest useful quantity, and not all "
                               "choices were searched: another could serve at most %s more.",
                               "Proved for those served. %d were left out for their smallest useful quantity, and not "
                               "all choices were searched: another could serve at most %s more.",
                               (unsigned long)k->plan.left_out),
                      k->plan.left_out, gap.bytes);
        buffer_free(&gap);
        return;
    }
    }
}

void network_plan_optimum(const KindPlan *k, Buffer *b) {
    const PlanSums *got = &k->plan.sums, *bound = &k->bound;
    const int64_t numbers[] = {got->weighted, bound->weighted, got->moved, bound->moved, got->weeks, bound->weeks};
    Buffer text[6] = {{0}};
    for (int i = 0; i < 6; i++) {
        number_show(&text[i], numbers[i], 3);
    }
    buffer_format(b, _("Optimum / bound: by priority %s / %s, moved %s / %s, weeks waited %s / %s."), text[0].bytes,
                  text[1].bytes, text[2].bytes, text[3].bytes, text[4].bytes, text[5].bytes);
    for (int i = 0; i < 6; i++) {
        buffer_free(&text[i]);
    }
}
