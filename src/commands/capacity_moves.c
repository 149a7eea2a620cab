/* What happens to requests and offers of capacity on their way. */
#include "commands/capacity_parts.h"

#include "base/date.h"
#include "base/number.h"
#include "commands/offer_fit.h"
#include "store/page.h"

#include <stdio.h>
#include <string.h>

Status capacity_name_allocations(CommandContext *c, const Record *of, const char *condition, NamedAllocations *out,
                                 Error *e) {
    enum { NAMED_MOST = 3 };
    char text[128], code[CODE_SIZE];
    Filter filter;
    Page page;
    Buffer b = {0};
    code_write(of->entity->letter, of->id, code);
    snprintf(text, sizeof text, "%s:%s %s", of->entity->name, code, condition);
    *out = (NamedAllocations){.names = ""};
    Status s = filter_parse(c->arena, &entity_allocation, text, strlen(text), store_codes(c->store), &filter, e);
    if (s == STATUS_OK) s = store_count(c->store, &filter, &out->count, e);
    if (s != STATUS_OK || !out->count) return s;
    const PageQuery q = {
        .filter = &filter, .sort = COMMON_CODE, .limit = NAMED_MOST, .fields = FIELD_BIT(ALLOCATION_BORROWER)};
    s = store_page(c->store, c->arena, &q, &page, e);
    for (int i = 0; i < page.count && s == STATUS_OK; i++) {
        const char *borrower = site_code((int)value_number_or(&page.rows[i]->values[ALLOCATION_BORROWER], 0));
        code_write(entity_allocation.letter, page.rows[i]->id, code);
        if (i) buffer_add_string(&b, ", ");
        buffer_format(&b, _("%s of %s"), code, borrower ? borrower : "?");
    }
    if (out->count > NAMED_MOST) buffer_format(&b, _(" and %d more"), (int)(out->count - NAMED_MOST));
    out->names = arena_copy(c->arena, buffer_string(&b), b.size);
    buffer_free(&b);
    return s;
}

Status request_withdraw(CommandContext *c, const Record *before, Record *after, Error *e) {
    NamedAllocations live;
    (void)after;
    Status s = capacity_name_allocations(c, before, "state:proposed,accepted,active", &live, e);
    if (s != STATUS_OK || !live.count) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     ngettext("%lld allocation of %s still holds weeks (%s): decline or release it first",
                              "%lld allocations of %s still hold weeks (%s): decline or release them first",
                              (unsigned long)live.count),
                     (long long)live.count, context_code(c, before), live.names);
}

/* What is booked stays booked; what is only proposed would hold weeks for nobody. */
Status request_close(CommandContext *c, const Record *before, Record *after, Error *e) {
    NamedAllocations live;
    (void)after;
    Status s = capacity_name_allocations(c, before, "state:proposed", &live, e);
    if (s != STATUS_OK || !live.count) return s;
    return error_set(e, STATUS_CONFLICT, NULL,
                     ngettext("%lld allocation is proposed to %s still (%s): accept or decline it first",
                              "%lld allocations are proposed to %s still (%s): accept or decline them first",
                              (unsigned long)live.count),
                     (long long)live.count, context_code(c, before), live.names);
}

/* Whoever has a place gives it back first; what is lent in free hand is taken back. */
Status session_cancel(CommandContext *c, const Record *before, Record *after, Error *e) {
    NamedAllocations live;
    Record *offer;
    (void)after;
    Status s = capacity_name_allocations(c, before, "-state:declined total>0", &live, e);
    if (s == STATUS_OK) s = context_read(c, &entity_offer, before->values[SESSION_OFFER].number, &offer, e);
    if (s != STATUS_OK || !live.count) return s;
    int64_t taken = value_number_or(&before->values[SESSION_TAKEN], 0);
    const char *code = context_code(c, before);
    Buffer places = {0};
    number_show(&places, taken, 3);
    unsigned long whole = (unsigned long)((taken + 999) / 1000);
    if (value_number_or(&offer->values[OFFER_MODE], 0) == MODE_FREE_HAND)
        error_set(e, STATUS_CONFLICT, NULL,
                  ngettext("%s place in %s is taken (%s): decline or revoke it first",
                           "%s places in %s are taken (%s): decline or revoke them first", whole),
                  buffer_string(&places), code, live.names);
    else
        error_set(e, STATUS_CONFLICT, NULL,
                  ngettext("%s place in %s is taken (%s): it is to be declined or released first",
                           "%s places in %s are taken (%s): they are to be declined or released first", whole),
                  buffer_string(&places), code, live.names);
    buffer_free(&places);
    return STATUS_CONFLICT;
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
