/* The ledger of capacity: double entry, derived from offers, bookings and usage; nothing of it is stored.
 *
 * Every event is an entry that moves a quantity from one account of a region to another, so that in each region, kind
 * and week the accounts add up to nothing:
 *
 *   event                                  from                 to
 *   an offer's week, a session's places    OFFERED              FREE
 *   what the region keeps of it            FREE                 KEPT
 *   what L or B proposed to book           FREE of L            HELD of L for B       (neither lent nor borrowed)
 *   a booking by B on an offer of L        FREE of L            LENT of L to B
 *                                          BORROWED of B from L BOOKED of B from L
 *   access to a dataset or model           OFFERED of L         LENT of L to B        (it takes nothing from others)
 *                                          BORROWED of B from L BOOKED of B from L
 *   access that is proposed                OFFERED of L         HELD of L for B
 *   usage by B of what L lent              BOOKED of B from L   USED of B from L
 *
 * LENT of L to B and BORROWED of B from L are one quantity seen from both sides, so all that was lent is all that was
 * borrowed. What a region books on its own offers is lent by it to itself and counts neither as lent nor as borrowed
 * in the figures.
 *
 * A session's places are entered in the week it begins in. An access is entered once, in the week it opens in, so that
 * periods add up and it is charged once; how many are in force in a period, whenever they opened, is counted apart.
 *
 * An offer that was closed brings in nothing from the week of its closing on but what is booked, nor one that is paused
 * from this week on. Where more is booked
 * and kept than offered, FREE is below 0: figures then say 0 free and how much is over. */
#ifndef JAZARI_CAPACITY_LEDGER_H
#define JAZARI_CAPACITY_LEDGER_H

#include "base/arena.h"
#include "model/capacity_kind.h"
#include "model/capacity_rows.h"
#include "model/code.h"

typedef enum LedgerAccount {
    LEDGER_OFFERED, /* below 0: where capacity comes from */
    LEDGER_FREE,
    LEDGER_KEPT,
    LEDGER_HELD,     /* by counterpart */
    LEDGER_LENT,     /* by counterpart */
    LEDGER_BORROWED, /* by counterpart; below 0 */
    LEDGER_BOOKED,   /* by counterpart: the borrower's, not used so far */
    LEDGER_USED,     /* by counterpart */
    LEDGER_ACCOUNTS,
} LedgerAccount;

/* One side of an entry. The two sides follow each other, the side that gives (below 0) first. */
typedef struct LedgerPosting {
    LedgerAccount account;
    int site, other; /* whose account; the counterpart, -1 where the account has none */
    int kind, week;
    int64_t quantity;
    int64_t offer, allocation; /* what it comes from; 0: does not apply */
} LedgerPosting;

/* Hands all postings of the rows to post, entry by entry. */
void ledger_each(const CapacityRows *, void (*post)(void *context, const LedgerPosting *), void *context);

/* A region, a kind and a span of weeks. offered + over = kept + free + held + own + lent; booked = own + lent. Of weeks
 * that are over, and of what is countable, booked + overused = used + unused. */
typedef struct LedgerFigures {
    int64_t offered, kept, free, over;
    int64_t held;      /* proposed on its offers */
    int64_t booked;    /* on its offers, by anyone */
    int64_t own, lent; /* of that: by itself, by others */
    int64_t used;      /* on its offers, by anyone */
    int64_t overused;  /* of that: beyond what each allocation booked in a week; nothing of access */
    int64_t unused;    /* of what each allocation booked in a week that is over; nothing of access */
    int64_t borrowed, borrowed_used, borrowed_overused;
    int64_t access,
        borrowed_access; /* in force on a day of the span, each once, 1.000 each: given and had from others */
} LedgerFigures;

/* Of several regions or kinds; of spans that follow each other all but what is in force. */
void ledger_add(LedgerFigures *, const LedgerFigures *);

/* What one region lent another (or itself). */
typedef struct LedgerLoan {
    int64_t quantity, used;
    int64_t overused; /* of what was used, as in the figures */
    int64_t access;   /* in force on a day of the ledger's weeks */
} LedgerLoan;

typedef struct Ledger {
    int first, last;                                          /* weeks */
    int now;                                                  /* weeks before this one are over */
    LedgerFigures *cells;                                     /* the arena's; by week, kind and site: ledger_cell */
    LedgerLoan loans[KIND_COUNT + 1][SITE_COUNT][SITE_COUNT]; /* over all weeks: by kind, lender, borrower */
} Ledger;

/* The rows' weeks, added up. */
Ledger *ledger_compute(Arena *, const CapacityRows *, int now);

const LedgerFigures *ledger_cell(const Ledger *, int site, int kind, int week);

/* All weeks of the ledger. */
LedgerFigures ledger_sum(const Ledger *, int site, int kind);

/* A quantity in thousandths of a credit, at a rate in thousandths of a credit a unit: rounded half away from 0, and
 * at most LEDGER_CREDITS_MOST either way, so that all loans of all regions can be added up. */
#define LEDGER_CREDITS_MOST (INT64_MAX / 4096)
int64_t ledger_credits(int64_t quantity, int64_t rate);

/* What one region lent another, in credits: each kind's loan is turned into credits once, so that what one gains the
 * other loses. rates by kind. */
int64_t ledger_loan_credits(const Ledger *, const int64_t rates[KIND_COUNT + 1], int lender, int borrower);

/* What it lent to all others, in credits, and borrowed from them. All regions lent what all borrowed, so that their
 * balances (lent less borrowed) add up to 0. */
typedef struct LedgerBalance {
    int64_t lent, borrowed;
} LedgerBalance;

LedgerBalance ledger_balance(const Ledger *, const int64_t rates[KIND_COUNT + 1], int site);

/* The most decimals that any of these balances and loans is shown with (base/number.h). */
int ledger_credit_decimals(const Ledger *, const int64_t rates[KIND_COUNT + 1]);

#endif
