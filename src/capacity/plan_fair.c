/* The fair shares of regions (see plan.h): units are handed out in the order of their keys, units had / entitlement.
 * How far that can go is asked of a flow network (sites -> requests -> weeks -> what is free), not unit by unit: the
 * level to which all can be filled comes from its minimum cuts by Newton's method (T. Radzik, "Fractional combinatorial
 * optimization", 1998), what then remains is a few units, of which as many are handed out as fit in all cuts. A region
 * that cannot go on is frozen, with the cut as certificate. What requests are held to comes first: it
 * is handed out before all units, and the rest of what the network allows is again a polymatroid. */
#include "capacity/plan_parts.h"

#include "base/intl.h"

#include <stdlib.h>
#include <string.h>

enum {
    SOURCE,
    SINK,
    FIRST_SITE,
    FIRST_REQUEST = FIRST_SITE + PLAN_SITES,
    ROW_MOST = 32,
    CUTS_MOST = 48,
    PERCENT_FAIR = 40,
    PERCENT_STEP = 4
};
__extension__ typedef __int128 Wide;

/* Sites, all that these can have together, and the witness for that (see plan_check.h). */
typedef struct Cut {
    unsigned sites;
    int64_t rank;
    int *from_level; /* [weeks] */
} Cut;

struct PlanFair {
    PlanRound *round;
    MinCost *net;
    int64_t source_arc;         /* the first of the sites' */
    int64_t request_arc;        /* the first of the requests' */
    int64_t week_node;          /* of the first week and level */
    int64_t ask[PLAN_SITES];    /* sums of wishes */
    int64_t weight[PLAN_SITES]; /* while it is this pass's turn */
    int64_t x[PLAN_SITES];      /* handed out */
    unsigned active;            /* 1 << site */
    bool feasible;              /* false: not even what is held can be had */
    Cut cuts[CUTS_MOST];        /* found so far; all bounds there are */
    int cut_count, cut_next;
    int64_t *free_from; /* [weeks * levels] */
};

static int64_t node_of(const PlanFair *f, int week, int level) {
    return f->week_node + (int64_t)week * PLAN_LEVELS + level - 1;
}

static int64_t free_in(const PlanRound *r, int week, int level) {
    int64_t sum = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        sum += *plan_cell(r, site, week, level);
    }
    return sum;
}

static Status build(PlanFair *f, Error *e) {
    PlanRound *r = f->round;
    const PlanInput *in = r->in;
    int64_t levels = (int64_t)r->weeks * PLAN_LEVELS, arc = 0;
    f->week_node = FIRST_REQUEST + in->request_count;
    Status s =
        mincost_new(&f->net, f->week_node + levels, 1 + PLAN_SITES + in->request_count + r->slot_count + 2 * levels, e);
    if (s == STATUS_OK) s = mincost_set_arc(f->net, arc++, SINK, SOURCE, 0, MINCOST_UNLIMITED, -1, e);
    f->source_arc = arc;
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        s = mincost_set_arc(f->net, arc++, SOURCE, FIRST_SITE + site, 0, 0, 0, e);
    }
    f->request_arc = arc;
    for (int i = 0; s == STATUS_OK && i < in->request_count; i++) {
        s = mincost_set_arc(f->net, arc++, FIRST_SITE + in->requests[i].site, FIRST_REQUEST + i, 0, 0, 0, e);
    }
    for (int i = 0; s == STATUS_OK && i < r->slot_count; i++) {
        const PlanSlot *slot = &r->slots[i];
        s = mincost_set_arc(f->net, arc++, FIRST_REQUEST + slot->request,
                            node_of(f, slot->week, in->requests[slot->request].level), 0, slot->most, 0, e);
    }
    for (int week = 0; s == STATUS_OK && week < r->weeks; week++) {
        for (int level = 1; s == STATUS_OK && level <= PLAN_LEVELS; level++) {
            int64_t node = node_of(f, week, level);
            s = mincost_set_arc(f->net, arc++, node, SINK, 0, free_in(r, week, level), 0, e);
            if (s == STATUS_OK && level < PLAN_LEVELS)
                s = mincost_set_arc(f->net, arc++, node, node + 1, 0, MINCOST_UNLIMITED, 0, e);
        }
    }
    return s;
}

/* Whether the sites can have these quantities all at once. */
static Status can_have(PlanFair *f, const int64_t u[PLAN_SITES], bool *yes, Error *e) {
    MinCostOutcome outcome = MINCOST_UNSOLVED;
    *yes = true;
    for (int site = 0; site < PLAN_SITES; site++) {
        Status s = mincost_set_bounds(f->net, f->source_arc + site, 0, u[site], e);
        if (s != STATUS_OK) return s;
    }
    Status s = plan_solve(f->round, f->net, &outcome, e);
    if (outcome != MINCOST_OPTIMAL) *yes = f->feasible = false;
    for (int site = 0; s == STATUS_OK && *yes && site < PLAN_SITES; site++) {
        if (mincost_flow(f->net, f->source_arc + site) < u[site]) *yes = false;
    }
    return s;
}

/* After can_have said no: a minimum cut, in place of the oldest known where there are too many. */
static const Cut *cut_of(PlanFair *f, const int64_t u[PLAN_SITES]) {
    const PlanRound *r = f->round;
    Cut *cut = &f->cuts[f->cut_next];
    f->cut_next = (f->cut_next + 1) % CUTS_MOST;
    if (f->cut_count < CUTS_MOST) f->cut_count++;
    int64_t base = mincost_potential(f->net, SOURCE);
    cut->sites = 0;
    cut->rank = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        cut->rank += mincost_flow(f->net, f->source_arc + site);
        if (mincost_potential(f->net, FIRST_SITE + site) <= base) cut->sites |= 1u << site;
        else cut->rank -= u[site];
    }
    for (int week = 0; week < r->weeks; week++) {
        int level = 1;
        while (level <= PLAN_LEVELS && mincost_potential(f->net, node_of(f, week, level)) > base) {
            level++;
        }
        cut->from_level[week] = level;
    }
    return cut;
}

/* All that a cut's sites can have at the most, as the requests stand now. */
static int64_t rank_of(const PlanFair *f, const Cut *cut) {
    const PlanRound *r = f->round;
    int64_t rank = 0;
    for (int week = 0; week < r->weeks; week++) {
        if (cut->from_level[week] <= PLAN_LEVELS) rank += f->free_from[week * PLAN_LEVELS + cut->from_level[week] - 1];
    }
    for (int i = 0; i < r->in->request_count; i++) {
        int64_t beside = 0, most = plan_most(r, i), held = plan_least(r, i);
        for (int k = r->slot_at[i]; k < r->slot_at[i + 1] && beside < most; k++) {
            if (r->in->requests[i].level < cut->from_level[r->slots[k].week]) beside += r->slots[k].most;
        }
        if (cut->sites & 1u << r->in->requests[i].site) rank += beside < most ? beside : most;
        else if (held > beside) rank -= held - beside;
    }
    return rank;
}

static bool is_active(const PlanFair *f, int site) {
    return f->active & 1u << site;
}

/* What an active site has at the level num / den, times den: no less than it has, no more than it asks for. */
static Wide filled(const PlanFair *f, int site, int64_t num, int64_t den) {
    Wide at = (Wide)num * f->weight[site], least = (Wide)f->x[site] * den, most = (Wide)f->ask[site] * den;
    return at < least ? least : at > most ? most : at;
}

/* The level at which the active ones of these sites have `room` together: their sum rises with the level by straight
 * pieces, which end where one of them comes to what it has or to all that it asks for. False where none rises. */
static bool level_of(const PlanFair *f, unsigned sites, int64_t room, int64_t *num, int64_t *den) {
    int64_t end = 0, end_den = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        if (sites & 1u << site && !is_active(f, site)) room -= f->x[site];
    }
    sites &= f->active;
    for (int k = 0; k < 2 * PLAN_SITES; k++) {
        if (!(sites & 1u << k / 2)) continue;
        int64_t at = k % 2 ? f->ask[k / 2] : f->x[k / 2], at_den = f->weight[k / 2];
        Wide sum = 0;
        for (int site = 0; site < PLAN_SITES; site++) {
            if (sites & 1u << site) sum += filled(f, site, at, at_den);
        }
        if (sum > (Wide)room * at_den || (end_den && (Wide)at * end_den <= (Wide)end * at_den)) continue;
        end = at;
        end_den = at_den;
    }
    *num = room;
    *den = 0;
    for (int site = 0; end_den && site < PLAN_SITES; site++) {
        if (!(sites & 1u << site)) continue;
        bool has_less = (Wide)f->x[site] * end_den <= (Wide)end * f->weight[site],
             asks_more = (Wide)f->ask[site] * end_den > (Wide)end * f->weight[site];
        if (has_less && asks_more) *den += f->weight[site];
        else *num -= has_less ? f->ask[site] : f->x[site];
    }
    return *den;
}

/* The active sites filled to a level num / den, no lower than they are; den 0: with all that they ask for. */
static void raise_to(const PlanFair *f, int64_t num, int64_t den, int64_t u[PLAN_SITES]) {
    for (int site = 0; site < PLAN_SITES; site++) {
        if (!is_active(f, site)) continue;
        int64_t most = den ? (int64_t)((Wide)num * f->weight[site] / den) : f->ask[site];
        if (most > f->ask[site]) most = f->ask[site];
        u[site] = most > f->x[site] ? most : f->x[site];
    }
}

/* All units whose key is below that of the least filled site at the level num / den: no unit of a later key is among
 * them. */
static void hand_out_below(PlanFair *f, int64_t num, int64_t den) {
    int64_t low_num = 0, low_den = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        if (!is_active(f, site)) continue;
        int64_t most = (int64_t)((Wide)num * f->weight[site] / den);
        if (!low_den || (Wide)most * low_den < (Wide)low_num * f->weight[site]) {
            low_num = most;
            low_den = f->weight[site];
        }
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        if (!is_active(f, site)) continue;
        int64_t most = (int64_t)(((Wide)low_num * f->weight[site] + low_den - 1) / low_den);
        if (most > f->ask[site]) most = f->ask[site];
        if (most > f->x[site]) f->x[site] = most;
    }
}

/* The lowest level that a known cut has room for; den 0: none. */
static void lowest_level(const PlanFair *f, int64_t *num, int64_t *den) {
    int64_t low, weight;
    *num = *den = 0;
    for (int i = 0; i < f->cut_count; i++) {
        if (!level_of(f, f->cuts[i].sites, f->cuts[i].rank, &low, &weight)) continue;
        if (*den && (Wide)low * *den >= (Wide)*num * weight) continue;
        *num = low;
        *den = weight;
    }
}

/* The level to which all active sites can be filled, num / den, goes down with every cut that is in its way. */
static Status fill(PlanFair *f, Error *e) {
    int64_t u[PLAN_SITES], num, den;
    bool yes = false;
    memcpy(u, f->x, sizeof u);
    lowest_level(f, &num, &den);
    while (!yes) {
        int64_t was = num, was_den = den;
        raise_to(f, num, den, u);
        Status s = can_have(f, u, &yes, e);
        if (s != STATUS_OK || !f->feasible) return s;
        if (yes) break;
        cut_of(f, u);
        lowest_level(f, &num, &den);
        /* No progress: what is handed out stays, and the row of units goes on from there. */
        if (!den || (was_den && (Wide)num * was_den >= (Wide)was * den)) return STATUS_OK;
    }
    if (den) hand_out_below(f, num, den);
    else memcpy(f->x, u, sizeof u);
    return STATUS_OK;
}

/* The site whose next unit has the smallest key; -1 where all have what they ask for. */
static int next_site(const PlanFair *f, const int64_t x[PLAN_SITES]) {
    int best = -1;
    for (int site = 0; site < PLAN_SITES; site++) {
        if (!is_active(f, site) || x[site] >= f->ask[site]) continue;
        if (best >= 0) {
            Wide a = (Wide)x[site] * f->weight[best], b = (Wide)x[best] * f->weight[site];
            if (a > b || (a == b && f->weight[site] >= f->weight[best])) continue;
        }
        best = site;
    }
    return best;
}

static void freeze(PlanFair *f, int site, const Cut *cut) {
    PlanShare *share = &f->round->shares[site];
    f->active &= ~(1u << site);
    share->tight = cut ? cut->sites : 0;
    if (cut) memcpy(share->from_level, cut->from_level, (size_t)f->round->weeks * sizeof *cut->from_level);
}

/* How many of the next units there is room for in a cut. */
static int fitting(const PlanFair *f, const Cut *cut, const int *row, int count) {
    int64_t room = cut->rank;
    for (int site = 0; site < PLAN_SITES; site++) {
        if (cut->sites & 1u << site) room -= f->x[site];
    }
    for (int i = 0; i < count; i++) {
        if (cut->sites & 1u << row[i] && !room--) return i;
    }
    return count;
}

/* The known cut that the fewest of the next units fit in, fewer than *count, which then is that many; NULL: all fit. */
static const Cut *first_in_the_way(const PlanFair *f, const int *row, int *count) {
    const Cut *first = NULL;
    for (int i = 0; i < f->cut_count; i++) {
        int fits = fitting(f, &f->cuts[i], row, *count);
        if (fits == *count) continue;
        *count = fits;
        first = &f->cuts[i];
    }
    return first;
}

/* Hands out the next units, up to the first that cannot be had. Whose that was is frozen, with the cut that it does not
 * fit in; and so are all others of that, for now it is full. */
static Status hand_out(PlanFair *f, Error *e) {
    int row[ROW_MOST] = {0}, count = 0;
    int64_t x[PLAN_SITES];
    bool yes = false;
    const Cut *stop = NULL;
    memcpy(x, f->x, sizeof x);
    while (count < ROW_MOST && (row[count] = next_site(f, x)) >= 0) {
        x[row[count++]]++;
    }
    while (!yes) {
        const Cut *nearer = first_in_the_way(f, row, &count);
        if (nearer) stop = nearer;
        memcpy(x, f->x, sizeof x);
        for (int i = 0; i < count; i++) {
            x[row[i]]++;
        }
        Status s = can_have(f, x, &yes, e);
        if (s != STATUS_OK) return s;
        if (!yes && fitting(f, cut_of(f, x), row, count) == count)
            return error_set(e, STATUS_FAILED, NULL, _("a cut shows no reason: this is a mistake of the program"));
    }
    memcpy(f->x, x, sizeof x);
    for (int site = 0; stop && site < PLAN_SITES; site++) {
        if (stop->sites & 1u << site && is_active(f, site)) freeze(f, site, stop);
    }
    return STATUS_OK;
}

static Status share_out(PlanFair *f, Error *e) {
    while (f->active) {
        Status s = fill(f, e);
        if (s == STATUS_OK && f->feasible) s = hand_out(f, e);
        if (s != STATUS_OK || !f->feasible) return s;
        if (f->round->percent < PERCENT_FAIR) f->round->percent += PERCENT_STEP;
        for (int site = 0; site < PLAN_SITES; site++) {
            if (is_active(f, site) && f->x[site] == f->ask[site]) freeze(f, site, NULL);
        }
    }
    return STATUS_OK;
}

Status plan_fair_new(PlanRound *r, PlanFair **out, Error *e) {
    PlanFair *f = *out = memory_new(sizeof *f);
    f->round = r;
    f->free_from = plan_free_from_level(r);
    for (int i = 0; i < CUTS_MOST; i++) {
        f->cuts[i].from_level = arena_array(r->arena, (size_t)r->weeks, sizeof(int));
    }
    return build(f, e);
}

void plan_fair_free(PlanFair *f) {
    if (!f) return;
    mincost_free(f->net);
    free(f);
}

/* The requests as they stand; what is held is handed out. */
static Status begin(PlanFair *f, Error *e) {
    const PlanRound *r = f->round;
    f->active = 0;
    memset(f->ask, 0, sizeof f->ask);
    memset(f->x, 0, sizeof f->x);
    for (int i = 0; i < r->in->request_count; i++) {
        int site = r->in->requests[i].site;
        Status s = mincost_set_bounds(f->net, f->request_arc + i, plan_least(r, i), plan_most(r, i), e);
        if (s != STATUS_OK) return s;
        f->ask[site] += plan_most(r, i);
        f->x[site] += plan_least(r, i);
    }
    for (int i = 0; i < f->cut_count; i++) {
        f->cuts[i].rank = rank_of(f, &f->cuts[i]);
    }
    return STATUS_OK;
}

Status plan_fair_solve(PlanFair *f, bool *feasible, Error *e) {
    PlanRound *r = f->round;
    Status s = begin(f, e);
    f->feasible = true;
    for (int pass = 0; s == STATUS_OK && f->feasible && pass < 2; pass++) {
        for (int site = 0; site < PLAN_SITES; site++) {
            int64_t share = r->in->entitlement[site];
            if ((share > 0) != (pass == 0) || !f->ask[site]) continue;
            f->weight[site] = share > 0 ? share : 1;
            f->active |= 1u << site;
        }
        s = share_out(f, e);
    }
    *feasible = f->feasible;
    for (int site = 0; site < PLAN_SITES; site++) {
        r->shares[site].asked = f->ask[site];
        r->shares[site].got = f->x[site];
    }
    return s;
}
