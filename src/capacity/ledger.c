/* The ledger of capacity. */
#include "capacity/ledger.h"

#include "base/date.h"
#include "base/number.h"

/* --- postings ----------------------------------------------------------------------------------------------------- */

typedef struct Poster {
    void (*post)(void *context, const LedgerPosting *);
    void *context;
} Poster;

/* One entry: the same quantity out of one account and into another of the same region. */
static void enter(const Poster *p, LedgerPosting side, LedgerAccount from, int from_other, LedgerAccount to,
                  int to_other) {
    int64_t quantity = side.quantity;
    side.account = from;
    side.other = from_other;
    side.quantity = -quantity;
    p->post(p->context, &side);
    side.account = to;
    side.other = to_other;
    side.quantity = quantity;
    p->post(p->context, &side);
}

static bool known_site(int site) {
    return site >= 0 && site < SITE_COUNT;
}

static bool known_kind(int kind) {
    return kind > 0 && kind <= KIND_COUNT;
}

static void post_offer(const Poster *p, const CapacityRows *rows, const CapacityOffer *o) {
    int first = o->first > rows->first ? o->first : rows->first, last = o->last < rows->last ? o->last : rows->last;
    if (!known_site(o->site) || !known_kind(o->kind) || !kind_countable(o->kind) || !o->quantity) return;
    if (last >= o->closed) last = o->closed - 1;
    for (int week = first; week <= last; week++) {
        LedgerPosting side = {.site = o->site, .kind = o->kind, .week = week, .offer = o->id, .quantity = o->quantity};
        enter(p, side, LEDGER_OFFERED, -1, LEDGER_FREE, -1);
        side.quantity = o->reserve;
        if (side.quantity) enter(p, side, LEDGER_FREE, -1, LEDGER_KEPT, -1);
    }
}

static void post_session(const Poster *p, const CapacityRows *rows, const CapacitySession *t) {
    const LedgerPosting side = {
        .site = t->site, .kind = t->kind, .week = t->week, .offer = t->offer, .quantity = t->places};
    bool inside = t->week >= rows->first && t->week <= rows->last && t->week < t->closed;
    if (inside && known_site(t->site) && known_kind(t->kind)) enter(p, side, LEDGER_OFFERED, -1, LEDGER_FREE, -1);
}

/* Out of an account of the lender's: held, or lent and borrowed. */
static void lend(const Poster *p, LedgerPosting side, LedgerAccount from, int borrower, int state) {
    int lender = side.site;
    bool held = capacity_held(state);
    enter(p, side, from, -1, held ? LEDGER_HELD : LEDGER_LENT, borrower);
    side.site = borrower;
    if (!held) enter(p, side, LEDGER_BORROWED, lender, LEDGER_BOOKED, lender);
}

static void post_booking(const Poster *p, const CapacityRows *rows, const CapacityBooking *b) {
    LedgerPosting side = {.site = b->lender,
                          .kind = b->kind,
                          .week = b->week,
                          .offer = b->offer,
                          .allocation = b->allocation,
                          .quantity = b->quantity};
    bool inside = b->week >= rows->first && b->week <= rows->last;
    if (!inside || !known_site(b->lender) || !known_site(b->borrower) || !known_kind(b->kind)) return;
    if (b->week >= b->closed) enter(p, side, LEDGER_OFFERED, -1, LEDGER_FREE, -1);
    lend(p, side, LEDGER_FREE, b->borrower, b->state);
}

static bool access_is_known(const CapacityAccess *a) {
    return known_site(a->lender) && known_site(a->borrower) && known_kind(a->kind);
}

static void post_access(const Poster *p, const CapacityRows *rows, const CapacityAccess *a) {
    const LedgerPosting side = {.site = a->lender,
                                .kind = a->kind,
                                .week = week_of_date(a->opens),
                                .offer = a->offer,
                                .allocation = a->allocation,
                                .quantity = ACCESS_QUANTITY};
    if (access_is_known(a) && side.week >= rows->first && side.week <= rows->last)
        lend(p, side, LEDGER_OFFERED, a->borrower, a->state);
}

static void post_usage(const Poster *p, const CapacityRows *rows, const CapacityUsage *u) {
    const LedgerPosting side = {
        .site = u->borrower, .kind = u->kind, .week = u->week, .allocation = u->allocation, .quantity = u->quantity};
    bool inside = u->week >= rows->first && u->week <= rows->last;
    if (inside && known_site(u->lender) && known_site(u->borrower) && known_kind(u->kind))
        enter(p, side, LEDGER_BOOKED, u->lender, LEDGER_USED, u->lender);
}

void ledger_each(const CapacityRows *rows, void (*post)(void *, const LedgerPosting *), void *context) {
    const Poster p = {post, context};
    for (int i = 0; i < rows->offer_count; i++) {
        post_offer(&p, rows, &rows->offers[i]);
    }
    for (int i = 0; i < rows->session_count; i++) {
        post_session(&p, rows, &rows->sessions[i]);
    }
    for (int i = 0; i < rows->access_count; i++) {
        post_access(&p, rows, &rows->accesses[i]);
    }
    for (int i = 0; i < rows->booking_count; i++) {
        post_booking(&p, rows, &rows->bookings[i]);
    }
    for (int i = 0; i < rows->usage_count; i++) {
        post_usage(&p, rows, &rows->usages[i]);
    }
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static LedgerFigures *cell(const Ledger *l, int site, int kind, int week) {
    return &l->cells[((size_t)(week - l->first) * (KIND_COUNT + 1) + (size_t)kind) * SITE_COUNT + (size_t)site];
}

static void take(void *context, const LedgerPosting *p) {
    Ledger *l = context;
    LedgerFigures *own = cell(l, p->site, p->kind, p->week);
    LedgerFigures *other = p->other >= 0 ? cell(l, p->other, p->kind, p->week) : own;
    switch (p->account) {
    case LEDGER_OFFERED: own->offered -= p->quantity; return;
    case LEDGER_FREE: own->free += p->quantity; return;
    case LEDGER_KEPT: own->kept += p->quantity; return;
    case LEDGER_HELD: own->held += p->quantity; return;
    case LEDGER_LENT:
        own->booked += p->quantity;
        if (p->other == p->site) own->own += p->quantity;
        else own->lent += p->quantity;
        l->loans[p->kind][p->site][p->other].quantity += p->quantity;
        return;
    case LEDGER_BORROWED:
        if (p->other != p->site) own->borrowed -= p->quantity;
        return;
    case LEDGER_BOOKED: return;
    case LEDGER_USED:
        other->used += p->quantity;
        if (p->other != p->site) own->borrowed_used += p->quantity;
        l->loans[p->kind][p->other][p->site].used += p->quantity;
        return;
    case LEDGER_ACCOUNTS: return;
    }
}

/* What one allocation booked and used of one week. */
typedef struct AllocationWeek {
    int64_t allocation;
    int week, lender, borrower, kind;
    int64_t booked, used;
} AllocationWeek;

/* What was booked and not used, once the week is over, and what was used beyond what was booked: that another
 * allocation used more makes up for neither. */
static void settle_week(Ledger *l, const AllocationWeek *a) {
    bool counts = a->week >= l->first && a->week <= l->last && known_site(a->lender) && known_site(a->borrower) &&
                  known_kind(a->kind) && kind_countable(a->kind);
    int64_t more = a->used - a->booked;
    if (!counts || !more || (more < 0 && a->week >= l->now)) return;
    LedgerFigures *own = cell(l, a->lender, a->kind, a->week);
    if (more < 0) {
        own->unused -= more;
        return;
    }
    own->overused += more;
    l->loans[a->kind][a->lender][a->borrower].overused += more;
    if (a->borrower != a->lender) cell(l, a->borrower, a->kind, a->week)->borrowed_overused += more;
}

/* Both lists go by week, then allocation. Some weeks are used that are not booked, between two that are. */
static void count_use(Ledger *l, const CapacityRows *rows) {
    for (int i = 0, k = 0; i < rows->booking_count || k < rows->usage_count;) {
        const CapacityBooking *b = i < rows->booking_count ? &rows->bookings[i] : NULL;
        const CapacityUsage *u = k < rows->usage_count ? &rows->usages[k] : NULL;
        bool booked = b && (!u || b->week < u->week || (b->week == u->week && b->allocation <= u->allocation));
        AllocationWeek a = booked ? (AllocationWeek){b->allocation, b->week, b->lender, b->borrower, b->kind, 0, 0}
                                  : (AllocationWeek){u->allocation, u->week, u->lender, u->borrower, u->kind, 0, 0};
        for (; i < rows->booking_count; i++) {
            b = &rows->bookings[i];
            if (b->week != a.week || b->allocation != a.allocation) break;
            if (!capacity_held(b->state)) a.booked += b->quantity;
        }
        for (; k < rows->usage_count; k++) {
            u = &rows->usages[k];
            if (u->week != a.week || u->allocation != a.allocation) break;
            a.used += u->quantity;
        }
        settle_week(l, &a);
    }
}

/* Access in each of the weeks in which it is in force. */
static void count_access(Ledger *l, const CapacityAccess *a) {
    int first = week_of_date(a->opens), last = week_of_date(a->ends);
    if (!access_is_known(a) || capacity_held(a->state) || first > l->last || last < l->first) return;
    l->loans[a->kind][a->lender][a->borrower].access += ACCESS_QUANTITY;
    for (int week = first > l->first ? first : l->first; week <= last && week <= l->last; week++) {
        cell(l, a->lender, a->kind, week)->access += ACCESS_QUANTITY;
        if (a->borrower != a->lender) cell(l, a->borrower, a->kind, week)->borrowed_access += ACCESS_QUANTITY;
    }
}

Ledger *ledger_compute(Arena *arena, const CapacityRows *rows, int now) {
    Ledger *l = arena_alloc(arena, sizeof *l);
    int weeks = rows->last >= rows->first ? rows->last - rows->first + 1 : 0;
    size_t count = (size_t)weeks * (KIND_COUNT + 1) * SITE_COUNT;
    l->first = rows->first;
    l->last = rows->last;
    l->now = now;
    l->cells = arena_array(arena, count + 1, sizeof *l->cells);
    ledger_each(rows, take, l);
    count_use(l, rows);
    for (int i = 0; i < rows->access_count; i++) {
        count_access(l, &rows->accesses[i]);
    }
    for (size_t i = 0; i < count; i++) {
        LedgerFigures *f = &l->cells[i];
        if (f->free >= 0) continue;
        f->over = -f->free;
        f->free = 0;
    }
    return l;
}

const LedgerFigures *ledger_cell(const Ledger *l, int site, int kind, int week) {
    static const LedgerFigures none;
    return week >= l->first && week <= l->last && known_site(site) && known_kind(kind) ? cell(l, site, kind, week)
                                                                                       : &none;
}

void ledger_add(LedgerFigures *sum, const LedgerFigures *f) {
    sum->offered += f->offered;
    sum->kept += f->kept;
    sum->free += f->free;
    sum->over += f->over;
    sum->held += f->held;
    sum->booked += f->booked;
    sum->own += f->own;
    sum->lent += f->lent;
    sum->used += f->used;
    sum->overused += f->overused;
    sum->unused += f->unused;
    sum->borrowed += f->borrowed;
    sum->borrowed_used += f->borrowed_used;
    sum->borrowed_overused += f->borrowed_overused;
    sum->access += f->access;
    sum->borrowed_access += f->borrowed_access;
}

LedgerFigures ledger_sum(const Ledger *l, int site, int kind) {
    LedgerFigures sum = {0};
    for (int week = l->first; week <= l->last; week++) {
        ledger_add(&sum, ledger_cell(l, site, kind, week));
    }
    /* Those in force in the first week, and those that open later: each once. */
    const LedgerFigures *first = ledger_cell(l, site, kind, l->first);
    bool countable = kind_countable(kind);
    sum.access = countable ? 0 : first->access + sum.booked - first->booked;
    sum.borrowed_access = countable ? 0 : first->borrowed_access + sum.borrowed - first->borrowed;
    return sum;
}

/* --- credits ------------------------------------------------------------------------------------------------------ */

int64_t ledger_credits(int64_t quantity, int64_t rate) {
    int64_t whole, rest = quantity % 1000 * (rate % 1000), sum;
    bool below = (quantity < 0) != (rate < 0);
    /* In parts, so that only a result too large for 64 bits does not fit. */
    bool over = __builtin_mul_overflow(quantity / 1000, rate, &whole);
    over = over || __builtin_mul_overflow(quantity % 1000, rate / 1000, &sum);
    over = over || __builtin_add_overflow(whole, sum, &whole);
    rest = (rest + (rest < 0 ? -500 : 500)) / 1000;
    over = over || __builtin_add_overflow(whole, rest, &whole);
    if (over || whole > LEDGER_CREDITS_MOST || whole < -LEDGER_CREDITS_MOST)
        return below ? -LEDGER_CREDITS_MOST : LEDGER_CREDITS_MOST;
    return whole;
}

int64_t ledger_loan_credits(const Ledger *l, const int64_t rates[KIND_COUNT + 1], int lender, int borrower) {
    int64_t sum = 0;
    for (int kind = 1; kind <= KIND_COUNT; kind++) {
        sum += ledger_credits(l->loans[kind][lender][borrower].quantity, rates[kind]);
    }
    return sum;
}

LedgerBalance ledger_balance(const Ledger *l, const int64_t rates[KIND_COUNT + 1], int site) {
    LedgerBalance sum = {0};
    for (int other = 0; other < SITE_COUNT; other++) {
        if (other == site) continue;
        sum.lent += ledger_loan_credits(l, rates, site, other);
        sum.borrowed += ledger_loan_credits(l, rates, other, site);
    }
    return sum;
}

int ledger_credit_decimals(const Ledger *l, const int64_t rates[KIND_COUNT + 1]) {
    int most = 0;
    for (int lender = 0; lender < SITE_COUNT; lender++) {
        for (int borrower = 0; borrower < SITE_COUNT; borrower++) {
            int shown = number_decimals(ledger_loan_credits(l, rates, lender, borrower), 3);
            if (lender != borrower && shown > most) most = shown;
        }
    }
    return most;
}
