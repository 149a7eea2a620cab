/* A plan in words: why a request gets no more, and how sure it is that there is no better plan. */
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "commands/network_plan.h"

static void add_amount(Buffer *b, int64_t quantity, int kind) {
    number_show(b, quantity, 3);
    buffer_format(b, " %s", kind_unit(kind));
}

/* "left out: with its least of 40 GPU h, FMK would fall from 100 to 80" */
static void add_loss(Buffer *b, const KindPlan *k, int request) {
    const PlanAnswer *a = &k->plan.answers[request];
    const Plan *p = &k->plan;
    Buffer least = {0}, was = {0}, then = {0};
    int loser = a->loser >= 0 && a->loser < PLAN_SITES ? a->loser : 0;
    add_amount(&least, k->in.requests[request].smallest, k->kind);
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

void network_plan_reason(const KindPlan *k, int request, Buffer *b) {
    const PlanRequest *q = &k->in.requests[request];
    const PlanAnswer *a = &k->plan.answers[request];
    Buffer weeks = {0}, amount = {0};
    const Choice *level = choice_of_number(data_level_choices, q->level);
    int first = q->first > k->in.first ? q->first : k->in.first, last = q->last < k->in.last ? q->last : k->in.last;
    bool full = a->full_first;
    week_show_span(&weeks, full ? a->full_first : first, full ? a->full_last : last, clock_today());
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
    case PLAN_SMALLEST: add_loss(b, k, request); break;
    }
    buffer_free(&weeks);
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
        add_amount(&gap, gap_of(k), k->kind);
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
    buffer_format(b,
                  _("Weighted by priority %s, at most %s; moved between regions %s, at least %s; weeks waited %s, at "
                    "least %s."),
                  text[0].bytes, text[1].bytes, text[2].bytes, text[3].bytes, text[4].bytes, text[5].bytes);
    for (int i = 0; i < 6; i++) {
        buffer_free(&text[i]);
    }
}
