/* What happens to requests and offers of capacity on their way. */
#include "commands/context.h"

#include "base/date.h"
#include "commands/offer_fit.h"

#include <stdio.h>

Status request_withdraw(CommandContext *c, const Record *before, Record *after, Error *e) {
    char filter[96], code[CODE_SIZE];
    int64_t live;
    (void)after;
    code_write('R', before->id, code);
    snprintf(filter, sizeof filter, "request:%s state:proposed,accepted,active", code);
    Status s = context_count(c, &entity_allocation, filter, &live, e);
    if (s != STATUS_OK || !live) return s;
    return error_set(
        e, STATUS_CONFLICT, NULL,
        ngettext("%lld allocation of %s still holds weeks: decline or release it first",
                 "%lld allocations of %s still hold weeks: decline or release them first", (unsigned long)live),
        (long long)live, code);
}

/* What can be served: its last week is not over. */
Status request_submit(CommandContext *c, const Record *before, Record *after, Error *e) {
    int latest;
    const Value *v = &after->values[REQUEST_LATEST];
    if (v->kind != VALUE_TEXT || !week_parse(v->text, v->size, &latest) || latest >= week_of_date(clock_today()))
        return STATUS_OK;
    return error_set(e, STATUS_CONFLICT, "latest",
                     _("the last week of %s, %s, is over: nothing could be booked for it"), context_code(c, before),
                     v->text);
}

Status request_approve(CommandContext *c, const Record *before, Record *after, Error *e) {
    Status s = not_ones_own(c, before, after, e);
    return s == STATUS_OK ? request_submit(c, before, after, e) : s;
}

/* What is open can be lent: so much a week, or places in sessions. */
Status offer_open(CommandContext *c, const Record *before, Record *after, Error *e) {
    char filter[64], code[CODE_SIZE];
    int64_t sessions;
    (void)after;
    if (!offer_has_sessions(before)) return STATUS_OK;
    code_write('O', before->id, code);
    snprintf(filter, sizeof filter, "offer:%s state:planned", code);
    Status s = context_count(c, &entity_session, filter, &sessions, e);
    if (s != STATUS_OK || sessions) return s;
    return error_set(e, STATUS_CONFLICT, "quantity",
                     _("%s has neither a quantity a week nor a session: set the one or add the other"), code);
}

/* What was agreed on as negotiated stands: the offer it came from does not turn to free hand under it. */
Status offer_mode_stands(CommandContext *c, const Record *before, const Record *after, Error *e) {
    char filter[96], code[CODE_SIZE];
    int64_t live;
    if (value_number_or(&before->values[OFFER_MODE], 0) != MODE_NEGOTIATED ||
        value_number_or(&after->values[OFFER_MODE], 0) != MODE_FREE_HAND)
        return STATUS_OK;
    code_write('O', before->id, code);
    snprintf(filter, sizeof filter, "offer:%s state:proposed,accepted,active", code);
    Status s = context_count(c, &entity_allocation, filter, &live, e);
    if (s != STATUS_OK || !live) return s;
    return error_set(
        e, STATUS_CONFLICT, "mode",
        ngettext("%lld allocation of %s was negotiated and stands: free hand is for a new offer",
                 "%lld allocations of %s were negotiated and stand: free hand is for a new offer", (unsigned long)live),
        (long long)live, code);
}

/* Priorities decide among a region's own requests; to others they give nothing (capacity/plan.h). */
Status run_rank(CommandContext *c, Error *e) {
    Record *after = record_copy(c->arena, c->record);
    Status s = context_set_fields(c, after, false, e);
    if (s != STATUS_OK || value_equal(&c->record->values[REQUEST_PRIORITY], &after->values[REQUEST_PRIORITY])) return s;
    return context_write(c, c->record, after, "rank", e);
}
