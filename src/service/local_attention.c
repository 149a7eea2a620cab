/* What wants attention at an institute, for the person who asks: what can be acted on still, what he may do first. */
#include "service/attention.h"
#include "service/local.h"

static int add_week(WeekQuantity *list, int count, int week, int64_t quantity) {
    list[count] = (WeekQuantity){.week = week, .quantity = quantity};
    return count + 1;
}

/* What several offers have free that could be used, week by week: they share the most that is of use in one. */
static Status bound_weekly(Service *s, Arena *arena, const Record *r, const OfferFit *fits, int count, int64_t *could,
                           Error *e) {
    int64_t most = value_number_or(&r->values[REQUEST_WEEKLY_MOST], 0);
    int all = 0, total = 0, taken_count = 0, booked_count;
    BookedWeek *booked;
    for (int i = 0; i < count; i++) {
        all += fits[i].fit.count;
    }
    if (!most || !all) return STATUS_OK;
    WeekQuantity *weeks = arena_array(arena, (size_t)all, sizeof *weeks);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < fits[i].fit.count; k++) {
            total = add_week(weeks, total, fits[i].fit.weeks[k].week, fits[i].fit.weeks[k].free);
        }
    }
    total = week_quantities_merge(weeks, total);
    Status status =
        figures_booked(s->store, arena, 0, r->id, weeks[0].week, weeks[total - 1].week, &booked, &booked_count, e);
    if (status != STATUS_OK) return status;
    WeekQuantity *taken = arena_array(arena, (size_t)booked_count + 1, sizeof *taken);
    for (int i = 0; i < booked_count; i++) {
        taken_count = add_week(taken, taken_count, booked[i].week, booked[i].quantity);
    }
    taken_count = week_quantities_merge(taken, taken_count);
    int64_t sum = 0;
    for (int i = 0, k = 0; i < total; i++) {
        int64_t room = most;
        while (k < taken_count && taken[k].week < weeks[i].week) {
            k++;
        }
        if (k < taken_count && taken[k].week == weeks[i].week) room -= taken[k].quantity;
        if (room > weeks[i].quantity) room = weeks[i].quantity;
        if (room > 0) sum += room;
    }
    if (*could > sum) *could = sum;
    return STATUS_OK;
}

/* What a site's open offers could give a waiting request now. Access has no quantity and is always there. */
static Status find_could(Service *s, Arena *arena, int site, Attention *a, Error *e) {
    Record *r;
    OfferFit *fits;
    int count;
    Status status = store_read(s->store, arena, &entity_request, a->id, FIELDS_ALL, &r, e);
    if (status != STATUS_OK) return status;
    a->kind_of = (int)value_number_or(&r->values[REQUEST_KIND], 0);
    if (!kind_countable(a->kind_of)) return STATUS_OK;
    int64_t lacks = value_number_or(&r->values[REQUEST_LACKS], 0);
    status = offers_that_fit(s->store, arena, r, site, &fits, &count, e);
    a->could = 0;
    for (int i = 0; status == STATUS_OK && i < count; i++) {
        a->could += fits[i].fit.could;
    }
    if (a->could > lacks) a->could = lacks;
    return status == STATUS_OK ? bound_weekly(s, arena, r, fits, count, &a->could, e) : status;
}

/* Of two lines that say the same of a request, the one that says less: that it was asked where something fell free for
 * it, that less could be got elsewhere. */
static void drop_doubles(Attention *items, int count, Attention *a) {
    for (Attention *other = items; other < items + count; other++) {
        if (other->id != a->id) continue;
        if (a->kind == ATTENTION_FREED && other->kind == ATTENTION_ASKED) other->could = 0;
        if (a->kind == ATTENTION_COULD && other->kind == ATTENTION_COULD && other < a)
            (a->could > other->could ? other : a)->could = 0;
    }
}

/* What fell free may have been taken again, and what was asked for may be more than is free of anything. */
static Status drop_useless(Service *s, Arena *arena, int site, Attention *items, int *count, Error *e) {
    int kept = 0;
    Status status = STATUS_OK;
    for (int i = 0; i < *count && status == STATUS_OK; i++) {
        Attention *a = &items[i];
        bool freed = a->kind == ATTENTION_FREED || a->kind == ATTENTION_COULD;
        if (freed || (a->kind == ATTENTION_ASKED && a->could))
            status = find_could(s, arena, a->kind == ATTENTION_COULD ? a->other : site, a, e);
        if (freed && a->could) drop_doubles(items, *count, a);
        if (freed && a->other == site) a->other = -1;
    }
    for (int i = 0; i < *count; i++) {
        if (items[i].could) items[kept++] = items[i];
    }
    *count = kept;
    return status;
}

/* Whether it takes somebody else than the person who asks. */
static Status find_whom(Service *s, Arena *arena, Attention *a, Error *e) {
    Record *r;
    bool another;
    /* Who may only look is shown all of it as it stands. */
    if (s->actor.role < ROLE_OPERATOR) return STATUS_OK;
    if (s->actor.role < command_role(attention_verb(a->kind), a->entity)) a->whom = ATTENTION_FOR_COORDINATOR;
    if (a->whom || (a->kind != ATTENTION_REVIEW && a->kind != ATTENTION_QUALIFY)) return STATUS_OK;
    Status status = store_read(s->store, arena, a->entity, a->id, FIELDS_ALL, &r, e);
    if (status == STATUS_OK) status = command_is_for_another(s->store, arena, &s->actor, r, &another, e);
    if (status == STATUS_OK && another) a->whom = ATTENTION_FOR_ANOTHER;
    return status;
}

/* What the person may do comes first, in its order; the rest after. */
static void put_own_first(Arena *arena, Attention *items, int count) {
    Attention *rest = arena_array(arena, (size_t)count, sizeof *rest);
    int own = 0, others = 0;
    for (int i = 0; i < count; i++) {
        if (items[i].whom) rest[others++] = items[i];
        else items[own++] = items[i];
    }
    for (int i = 0; i < others; i++) {
        items[own + i] = rest[i];
    }
}

Status local_attention(Service *s, Arena *arena, const void *arguments, void *reply, Error *e) {
    const AttentionArguments *a = arguments;
    AttentionRows *r = reply;
    Status status =
        figures_attention(s->store, arena, a->site, a->limit + ATTENTION_DROPPED_MOST, &r->rows, &r->count, e);
    if (status == STATUS_OK) status = drop_useless(s, arena, a->site, r->rows, &r->count, e);
    for (int i = 0; i < r->count && status == STATUS_OK; i++) {
        status = find_whom(s, arena, &r->rows[i], e);
    }
    if (status != STATUS_OK) return status;
    if (r->count) put_own_first(arena, r->rows, r->count);
    if (r->count > a->limit) r->count = a->limit;
    return STATUS_OK;
}
