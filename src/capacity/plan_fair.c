/* The fair shares of regions (see plan.h): units are handed out in the order of their keys, units had / entitlement.
 * How far that can go is asked of a flow network (sites -> requests -> weeks -> what is free), not unit by unit: the
 * level to which all can be filled comes from its minimum cuts by Newton's method (T. Radzik, "Fractional combinatorial
 * optimization", 1998), what then remains is a few hundred units at most, of which the longest feasible row is found by
 * halving. A region that cannot go on is frozen, with the cut as certificate. */
#include "capacity/plan_parts.h"

#include "base/intl.h"

#include <string.h>

enum { SOURCE, SINK, FIRST_SITE, FIRST_REQUEST = FIRST_SITE + PLAN_SITES, ROW_MOST = 512 };
__extension__ typedef __int128 Wide;

typedef struct Fair {
    PlanRound *round;
    MinCost *net;
    int64_t source_arc;         /* the first of the sites' */
    int64_t week_node;          /* of the first week and level */
    int64_t ask[PLAN_SITES];    /* sums of wishes */
    int64_t weight[PLAN_SITES]; /* while it is this pass's turn */
    int64_t x[PLAN_SITES];      /* handed out */
    unsigned active, frozen;    /* 1 << site */
} Fair;

static int64_t node_of(const Fair *f, int week, int level) {
    return f->week_node + (int64_t)week * PLAN_LEVELS + level - 1;
}

static int64_t free_in(const PlanRound *r, int week, int level) {
    int64_t sum = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        sum += *plan_cell(r, site, week, level);
    }
    return sum;
}

static Status build(Fair *f, Error *e) {
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
    for (int i = 0; s == STATUS_OK && i < in->request_count; i++) {
        s = mincost_set_arc(f->net, arc++, FIRST_SITE + in->requests[i].site, FIRST_REQUEST + i, 0, r->wish[i], 0, e);
        f->ask[in->requests[i].site] += r->wish[i];
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
static Status can_have(Fair *f, const int64_t u[PLAN_SITES], bool *yes, Error *e) {
    MinCostOutcome outcome;
    *yes = true;
    for (int site = 0; site < PLAN_SITES; site++) {
        Status s = mincost_set_bounds(f->net, f->source_arc + site, 0, u[site], e);
        if (s != STATUS_OK) return s;
    }
    Status s = plan_solve(f->round, f->net, &outcome, e);
    for (int site = 0; s == STATUS_OK && site < PLAN_SITES; site++) {
        if (mincost_flow(f->net, f->source_arc + site) < u[site]) *yes = false;
    }
    return s;
}

/* After can_have said no: the sites of a minimum cut, and all that these can have together. */
static unsigned cut_of(const Fair *f, const int64_t u[PLAN_SITES], int64_t *rank, int *from_level) {
    const PlanRound *r = f->round;
    int64_t base = mincost_potential(f->net, SOURCE);
    unsigned sites = 0;
    *rank = 0;
    for (int site = 0; site < PLAN_SITES; site++) {
        *rank += mincost_flow(f->net, f->source_arc + site);
        if (mincost_potential(f->net, FIRST_SITE + site) <= base) sites |= 1u << site;
        else *rank -= u[site];
    }
    for (int week = 0; from_level && week < r->weeks; week++) {
        int level = 1;
        while (level <= PLAN_LEVELS && mincost_potential(f->net, node_of(f, week, level)) > base) {
            level++;
        }
        from_level[week] = level;
    }
    return sites;
}

static bool is_active(const Fair *f, int site) {
    return f->active & 1u << site;
}

/* The level to which all active sites can be filled, num / den, goes down with every cut that is in its way. */
static Status fill(Fair *f, Error *e) {
    int64_t u[PLAN_SITES], num = -1, den = 1;
    memcpy(u, f->x, sizeof u);
    for (int site = 0; site < PLAN_SITES; site++) {
        if (is_active(f, site)) u[site] = f->ask[site];
    }
    for (;;) {
        bool yes;
        int64_t room, weight = 0;
        Status s = can_have(f, u, &yes, e);
        if (s != STATUS_OK) return s;
        if (yes) break;
        unsigned sites = cut_of(f, u, &room, NULL);
        for (int site = 0; site < PLAN_SITES; site++) {
            if (!(sites & 1u << site)) continue;
            if (is_active(f, site)) weight += f->weight[site];
            else room -= f->x[site];
        }
        /* No progress: what is handed out stays, and the row of units goes on from there. */
        if (!weight || (num >= 0 && (Wide)room * den >= (Wide)num * weight)) return STATUS_OK;
        num = room;
        den = weight;
        for (int site = 0; site < PLAN_SITES; site++) {
            if (!is_active(f, site)) continue;
            int64_t most = (int64_t)((Wide)num * f->weight[site] / den);
            if (most > f->ask[site]) most = f->ask[site];
            u[site] = most > f->x[site] ? most : f->x[site];
        }
    }
    if (num < 0) {
        memcpy(f->x, u, sizeof u);
        return STATUS_OK;
    }
    /* All units whose key is below the least filled site's: no unit of a later key is among them. */
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
    return STATUS_OK;
}

/* The site whose next unit has the smallest key; -1 where all have what they ask for. */
static int next_site(const Fair *f, const int64_t x[PLAN_SITES]) {
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

/* Hands out the next units, up to the first that cannot be had; *stopped is whose that was, -1: none yet. */
static Status hand_out(Fair *f, int *stopped, Error *e) {
    int row[ROW_MOST], count = 0, low = 0, high;
    int64_t x[PLAN_SITES];
    memcpy(x, f->x, sizeof x);
    while (count < ROW_MOST && (row[count] = next_site(f, x)) >= 0) {
        x[row[count++]]++;
    }
    *stopped = -1;
    /* The first `low` can be had; `high` is one more than can be, as far as known. */
    for (high = count + 1; high - low > 1;) {
        int middle = high == count + 1 && low == 0 ? count : (low + high) / 2;
        bool yes;
        memcpy(x, f->x, sizeof x);
        for (int i = 0; i < middle; i++) {
            x[row[i]]++;
        }
        Status s = can_have(f, x, &yes, e);
        if (s != STATUS_OK) return s;
        if (yes) low = middle;
        else high = middle;
    }
    for (int i = 0; i < low; i++) {
        f->x[row[i]]++;
    }
    if (low < count) *stopped = row[low];
    return STATUS_OK;
}

static void freeze(Fair *f, int site, unsigned tight, const int *from_level) {
    PlanShare *share = &f->round->shares[site];
    f->active &= ~(1u << site);
    f->frozen |= 1u << site;
    share->tight = tight;
    if (from_level) memcpy(share->from_level, from_level, (size_t)f->round->weeks * sizeof *from_level);
}

/* The site that was stopped cannot have one more; nor can any other that is in the same cut, where it is tight. */
static Status freeze_stopped(Fair *f, int stopped, Error *e) {
    int64_t u[PLAN_SITES], rank, sum = 0;
    int *from_level = arena_array(f->round->arena, (size_t)f->round->weeks, sizeof *from_level);
    bool yes;
    memcpy(u, f->x, sizeof u);
    u[stopped]++;
    Status s = can_have(f, u, &yes, e);
    if (s != STATUS_OK) return s;
    unsigned tight = cut_of(f, u, &rank, from_level);
    for (int site = 0; site < PLAN_SITES; site++) {
        if (tight & 1u << site) sum += f->x[site];
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        bool in = site == stopped || (sum == rank && (tight & 1u << site));
        if (in && is_active(f, site)) freeze(f, site, tight, from_level);
    }
    return STATUS_OK;
}

static Status share_out(Fair *f, Error *e) {
    while (f->active) {
        int stopped;
        Status s = fill(f, e);
        do {
            if (s == STATUS_OK) s = hand_out(f, &stopped, e);
            if (s != STATUS_OK) return s;
        } while (stopped < 0 && next_site(f, f->x) >= 0);
        if (stopped >= 0) s = freeze_stopped(f, stopped, e);
        if (s != STATUS_OK) return s;
        for (int site = 0; site < PLAN_SITES; site++) {
            if (is_active(f, site) && f->x[site] == f->ask[site]) freeze(f, site, 0, NULL);
        }
        f->round->percent += 3;
    }
    return STATUS_OK;
}

Status plan_fair(PlanRound *r, Error *e) {
    Fair f = {.round = r};
    Status s = build(&f, e);
    for (int pass = 0; s == STATUS_OK && pass < 2; pass++) {
        for (int site = 0; site < PLAN_SITES; site++) {
            int64_t share = r->in->entitlement[site];
            if ((share > 0) != (pass == 0) || !f.ask[site]) continue;
            f.weight[site] = share > 0 ? share : 1;
            f.active |= 1u << site;
        }
        s = share_out(&f, e);
    }
    for (int site = 0; site < PLAN_SITES; site++) {
        r->shares[site].asked = f.ask[site];
        r->shares[site].got = f.x[site];
    }
    mincost_free(f.net);
    return s;
}
