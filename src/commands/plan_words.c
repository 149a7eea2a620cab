/* A plan in words: why a request gets no more, and how sure it is that there is no better plan. */
#include "base/date.h"
#include "base/intl.h"
#include "base/number.h"
#include "commands/network_plan.h"

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
    case PLAN_SMALLEST:
        add_amount(&amount, q->smallest, k->kind);
        buffer_format(b, _("left out: less than its smallest useful %s could be had in %s"), amount.bytes, weeks.bytes);
        break;
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
                          _("Proved: no plan is fairer. Smallest useful quantities were kept within the fair shares."));
        return;
    case PLAN_RESTRICTED: {
        Buffer gap = {0};
        add_amount(&gap, gap_of(k), k->kind);
        buffer_format(b,
                      ngettext("Proved for those served. %d was left out for its smallest useful quantity: another "
                               "choice could serve at most %s more.",
                               "Proved for those served. %d were left out for their smallest useful quantity: another "
                               "choice could serve at most %s more.",
                               (unsigned long)k->plan.left_out),
                      k->plan.left_out, gap.bytes);
        buffer_free(&gap);
        return;
    }
    }
}
