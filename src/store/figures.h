/* Figures over many records: what each region has and does, what wants attention, how capacity stands week by week. */
#ifndef JAZARI_STORE_FIGURES_H
#define JAZARI_STORE_FIGURES_H

#include "store/store.h"

/* Capacity of one kind in one week, in thousandths of the kind's unit: the ledger's figures (capacity/ledger.h). */
typedef struct CapacityFigures {
    int64_t offered;
    int64_t kept;                    /* of that, for the region itself */
    int64_t held;                    /* proposed */
    int64_t booked;                  /* by anyone */
    int64_t lent;                    /* of that, to other regions */
    int64_t borrowed;                /* booked on other regions' offers */
    unsigned lends_to, borrows_from; /* 1 << site, access in force included */
} CapacityFigures;

typedef struct RegionFigures {
    int64_t projects, late; /* active ones; of those, late ones */
    int64_t needs_open, needs_urgent;
    int64_t requests_open, offers_open;
    CapacityFigures capacity[KIND_COUNT + 1]; /* by kind, this week */
    unsigned lends_to, borrows_from;          /* the same of all kinds */
} RegionFigures;

typedef struct NetworkFigures {
    RegionFigures region[SITE_COUNT]; /* by site; [0] is ROOT's own */
} NetworkFigures;

/* The needs, requests and offers are few; the projects may be a million, and their figures are asked apart. What is
 * lent follows from the ledger, which the store does not know. */
Status figures_network(Store *, NetworkFigures *, Error *);
Status figures_projects(Store *, NetworkFigures *, Error *); /* fills in projects and late */

typedef enum AttentionKind {
    ATTENTION_LATE_MILESTONE = 1, /* date: when it was due */
    ATTENTION_LATE_PROJECT,
    ATTENTION_PROPOSAL, /* an allocation that waits for this region's answer; date: when it was proposed */
    ATTENTION_ASKED,    /* another region's approved request that this region's offers could serve */
    ATTENTION_REVIEW,   /* an own request, submitted; date: when */
    ATTENTION_QUALIFY,  /* an own need, submitted; date: when */
    ATTENTION_RETURNED, /* an own request that was given back */
    ATTENTION_START,    /* an accepted allocation whose first week has begun; date: its first day */
    ATTENTION_COMPLETE, /* an active one whose last week is over */
    ATTENTION_ENDING,   /* an own offer that ends within ENDING_DAYS; date: its last day */
    ATTENTION_FREED,    /* another region's request that waits, and what fell free of an own offer; date: when */
    ATTENTION_LOST, /* an allocation to the region that was declined or revoked, in part or whole, its request lacking; when */
    ATTENTION_EXPIRED, /* an own approved request whose last week is over */
    ATTENTION_COULD,   /* an own request that waits, and what fell free of another's offer; date: when */
    ATTENTION_DRAFT,   /* an own request that was not handed in for a day or more; date: since when */
} AttentionKind;

enum { ATTENTION_ENDING_DAYS = 30, ATTENTION_RECENT_DAYS = 30 };
/* At most so many items are of the kinds of which some may be of no use: asked, freed, could. */
enum { ATTENTION_FREED_MOST = 40, ATTENTION_DROPPED_MOST = 40 + ATTENTION_FREED_MOST };

/* Whom it takes: who asks for the list, a coordinator, or another than himself, who filed it. */
typedef enum AttentionFor { ATTENTION_FOR_YOU, ATTENTION_FOR_COORDINATOR, ATTENTION_FOR_ANOTHER } AttentionFor;

typedef struct Attention {
    AttentionKind kind;
    const Entity *entity;
    int64_t id;
    int64_t
        about; /* of a milestone: its project; of an allocation: its request; of FREED and COULD: the offer; else 0 */
    const char *title; /* what names the record */
    int other;         /* the other region concerned, -1 for none (of FREED and COULD: it is its own) */
    int day;           /* the date meant, a day number; 0: none */
    int urgency;       /* larger is more urgent; the list is sorted by it */
    int64_t could;     /* of ASKED, FREED and COULD, where the service looked: what could be given (of kind_of) */
    int kind_of;
    AttentionFor whom; /* where the service looked */
} Attention;

/* What waits for a region's people now, most urgent first, at most limit. *count gets how many. */
Status figures_attention(Store *, Arena *, int site, int limit, Attention **out, int *count, Error *);

/* What is booked on an offer or for a request, by week and allocation. */
typedef struct BookedWeek {
    int week;
    int64_t quantity;
    int64_t allocation, request, offer; /* ids */
    int lender, borrower, state;
} BookedWeek;

/* Of the offer (or, where offer is 0, of the request), from a week to a week, ascending by week. */
Status figures_booked(Store *, Arena *, int64_t offer, int64_t request, int first, int last, BookedWeek **out,
                      int *count, Error *);

#endif
