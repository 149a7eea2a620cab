/* Which requests get nothing because less than their smallest useful quantity could be had: branch and bound. A node
 * holds some requests to their least and leaves out others; for the rest smallest quantities are not asked for, so that
 * no plan below the node is better than its own. Where that gives somebody less than is useful, it branches.
 *
 * A node's shares are never above those of the node over it: where what it holds still fits these, they are its own,
 * and no fair shares are computed. */
#include "capacity/plan_parts.h"

#include "base/intl.h"

#include <string.h>

__extension__ typedef __int128 Wide;

/* What a plan reaches, in units. */
typedef struct Reached {
    int64_t share[PLAN_SITES];
    PlanSums sums;
} Reached;

typedef struct Search {
    PlanRound *round;
    PlanFair *fair;
    PlanMove *move;
    int64_t work_end, work_most;
    bool keeps; /* what is found is kept in the move */
    bool found, ended;
    Reached best;
    PlanStand *stand; /* [requests] of the best */
    int nodes;
} Search;

/* --- what is better ------------------------------------------------------------------------------------------------- */

/* Of two units of sites a and b who have x and y already, which is handed out first: below 0, a's. */
static int compare_units(const PlanInput *in, int a, int64_t x, int b, int64_t y) {
    int64_t e = in->entitlement[a], f = in->entitlement[b];
    if ((e > 0) != (f > 0)) return e > 0 ? -1 : 1;
    if (e <= 0) e = f = 1;
    Wide left = (Wide)x * f, right = (Wide)y * e;
    return (left > right) - (left < right);
}

/* Ascending by how well they are served. */
static void sort_sites(const PlanInput *in, const int64_t share[PLAN_SITES], int order[PLAN_SITES]) {
    for (int i = 0; i < PLAN_SITES; i++) {
        int at = i;
        while (at > 0 && compare_units(in, i, share[i], order[at - 1], share[order[at - 1]]) < 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

/* Fairness alone: above 0 where a is fairer. */
static int compare_shares(const PlanInput *in, const int64_t a[PLAN_SITES], const int64_t b[PLAN_SITES]) {
    int of_a[PLAN_SITES], of_b[PLAN_SITES], first = -1;
    sort_sites(in, a, of_a);
    sort_sites(in, b, of_b);
    for (int i = 0; i < PLAN_SITES; i++) {
        int c = compare_units(in, of_a[i], a[of_a[i]], of_b[i], b[of_b[i]]);
        if (c) return c;
    }
    /* The same row: who has the first unit that the other has not. */
    for (int site = 0; site < PLAN_SITES; site++) {
        if (a[site] == b[site]) continue;
        int64_t had = a[site] < b[site] ? a[site] : b[site];
        int64_t before = first < 0 ? 0 : a[first] < b[first] ? a[first] : b[first];
        int c = first < 0 ? -1 : compare_units(in, site, had, first, before);
        if (c < 0 || (!c && in->entitlement[site] < in->entitlement[first])) first = site;
    }
    return first < 0 ? 0 : a[first] > b[first] ? 1 : -1;
}

static int compare_sums(const PlanSums *a, const PlanSums *b) {
    if (a->weighted != b->weighted) return a->weighted > b->weighted ? 1 : -1;
    if (a->moved != b->moved) return a->moved < b->moved ? 1 : -1;
    return a->weeks == b->weeks ? 0 : a->weeks < b->weeks ? 1 : -1;
}

static int compare_reached(const PlanInput *in, const Reached *a, const Reached *b) {
    int c = compare_shares(in, a->share, b->share);
    return c ? c : compare_sums(&a->sums, &b->sums);
}

/* --- nodes ---------------------------------------------------------------------------------------------------------- */

static void read_shares(const PlanRound *r, int64_t share[PLAN_SITES]) {
    for (int site = 0; site < PLAN_SITES; site++) {
        share[site] = r->shares[site].got;
    }
}

static void write_shares(PlanRound *r, const int64_t share[PLAN_SITES]) {
    for (int site = 0; site < PLAN_SITES; site++) {
        r->shares[site].got = share[site];
    }
}

/* The best as the requests stand, where it may be better than the best known: *better. above: the shares of the node
 * above; NULL: none is known. */
static Status look(Search *s, const int64_t *above, Reached *now, bool *better, Error *e) {
    PlanRound *r = s->round;
    bool feasible = false;
    Status status = STATUS_OK;
    *better = false;
    s->nodes++;
    if (above) {
        write_shares(r, above);
        status = plan_move_solve(s->move, &feasible, e);
        if (status != STATUS_OK) return status;
        if (!feasible && s->found && compare_shares(r->in, above, s->best.share) <= 0) return STATUS_OK;
    }
    if (!feasible) {
        status = plan_fair_solve(s->fair, &feasible, e);
        if (status != STATUS_OK || !feasible) return status;
        read_shares(r, now->share);
        if (s->found && compare_shares(r->in, now->share, s->best.share) < 0) return STATUS_OK;
        status = plan_move_solve(s->move, &feasible, e);
        if (status == STATUS_OK && !feasible)
            return error_set(e, STATUS_FAILED, NULL,
                             _("the fair shares cannot be had at once: this is a mistake of the program"));
        if (status != STATUS_OK) return status;
    } else read_shares(r, now->share);
    now->sums = plan_move_sums(s->move);
    *better = !s->found || compare_reached(r->in, now, &s->best) > 0;
    return STATUS_OK;
}

/* The request to branch on: the most urgent of those that get less than is useful, then who lacks the least part of it;
 * -1: none. */
static int next_request(const PlanRound *r) {
    int best = -1;
    int64_t best_got = 0;
    for (int i = 0; i < r->in->request_count; i++) {
        if (r->stand[i] != STAND_FREE || r->least[i] < 2) continue;
        int64_t got = plan_given(r, i);
        if (!got || got >= r->least[i]) continue;
        int c = best < 0 ? 1 : r->in->requests[i].priority - r->in->requests[best].priority;
        if (!c && (Wide)got * r->least[best] > (Wide)best_got * r->least[i]) c = 1;
        if (c <= 0) continue;
        best = i;
        best_got = got;
    }
    return best;
}

static void take(Search *s, const Reached *now) {
    s->found = true;
    s->best = *now;
    memcpy(s->stand, s->round->stand, (size_t)s->round->in->request_count * sizeof *s->stand);
    if (s->keeps) plan_move_keep(s->move);
}

/* The search is over before anything was found: all that get less than is useful are left out, until none does. */
static Status cut_short(Search *s, Reached *now, Error *e) {
    PlanRound *r = s->round;
    bool better = true;
    Status status = STATUS_OK;
    for (int request; status == STATUS_OK && better && (request = next_request(r)) >= 0;) {
        for (; request >= 0; request = next_request(r)) {
            r->stand[request] = STAND_OUT;
        }
        int64_t above[PLAN_SITES];
        memcpy(above, now->share, sizeof above);
        status = look(s, above, now, &better, e);
    }
    if (status == STATUS_OK) take(s, now);
    return status;
}

/* How much of its work is done: the shares were 40 %, the search is to 90 %, what is lost with those left out the rest. */
static void tell_progress(const Search *s) {
    int64_t done = s->work_most - (s->work_end - s->round->work), first = s->keeps ? 45 : 90, most = s->keeps ? 45 : 9;
    int percent = (int)(first + (done < s->work_most ? done : s->work_most) * most / s->work_most);
    if (percent > s->round->percent) s->round->percent = percent;
}

static Status branch(Search *s, const int64_t *above, Error *e) {
    PlanRound *r = s->round;
    Reached now;
    bool better, fits = false;
    bool over = r->work > s->work_end;
    tell_progress(s);
    if (over) s->ended = false;
    if (over && (s->found || !s->keeps)) return STATUS_OK;
    Status status = look(s, above, &now, &better, e);
    if (status != STATUS_OK || !better) return status;
    int request = next_request(r);
    if (request < 0) {
        take(s, &now);
        return STATUS_OK;
    }
    if (over) return cut_short(s, &now, e);
    /* What keeps the shares goes first: then less needs to be looked at. */
    bool can = r->least[request] <= r->wish[request];
    r->stand[request] = STAND_HELD;
    write_shares(r, now.share);
    if (can) status = plan_move_solve(s->move, &fits, e);
    for (int turn = 0; turn < 2 && status == STATUS_OK; turn++) {
        bool hold = (turn == 0) == fits;
        if (hold && !can) continue;
        r->stand[request] = hold ? STAND_HELD : STAND_OUT;
        status = branch(s, now.share, e);
    }
    r->stand[request] = STAND_FREE;
    return status;
}

/* --- why one is left out -------------------------------------------------------------------------------------------- */

static int64_t alone(const PlanRound *r, int request) {
    int64_t sum = 0;
    for (int i = r->slot_at[request]; i < r->slot_at[request + 1]; i++) {
        sum += r->slots[i].most;
    }
    return sum < r->wish[request] ? sum : r->wish[request];
}

/* What the plan would lose that comes to `now` with the request in it. */
static PlanLoss loss_of(const PlanInput *in, const Reached *plan, const Reached *now, PlanAnswer *a) {
    if (compare_shares(in, now->share, plan->share) < 0) {
        a->loser = -1;
        for (int site = 0; site < PLAN_SITES; site++) {
            if (now->share[site] >= plan->share[site]) continue;
            if (a->loser < 0 || compare_units(in, site, now->share[site], a->loser, now->share[a->loser]) < 0)
                a->loser = site;
        }
        a->then = now->share[a->loser];
        return PLAN_LOSS_SHARE;
    }
    a->then = now->sums.weighted;
    if (now->sums.weighted < plan->sums.weighted) return PLAN_LOSS_PRIORITY;
    a->then = now->sums.moved;
    if (now->sums.moved > plan->sums.moved) return PLAN_LOSS_NEARNESS;
    a->then = 0;
    return PLAN_LOSS_WEEKS;
}

/* The best plan that gives the request its least; where even what bounds all these is worse than the plan, that. */
static Status show_loss(Search *s, const Search *plan, int request, PlanAnswer *a, Error *e) {
    PlanRound *r = s->round;
    Reached bound;
    bool any;
    int64_t could = alone(r, request);
    a->loss = PLAN_LOSS_ROOM;
    a->then = could;
    if (could < r->least[request]) return STATUS_OK;
    a->loss = PLAN_LOSS_UNPROVED;
    if (r->work > s->work_end) return STATUS_OK;
    for (int i = 0; i < r->in->request_count; i++) {
        r->stand[i] = STAND_FREE;
    }
    r->stand[request] = STAND_HELD;
    s->found = false;
    s->ended = true;
    tell_progress(s);
    Status status = look(s, NULL, &bound, &any, e);
    if (status != STATUS_OK) return status;
    if (compare_reached(r->in, &bound, &plan->best) < 0) {
        a->loss = loss_of(r->in, &plan->best, &bound, a);
        return STATUS_OK;
    }
    if (!plan->ended) return STATUS_OK;
    status = branch(s, NULL, e);
    if (status == STATUS_OK && s->found && s->ended) a->loss = loss_of(r->in, &plan->best, &s->best, a);
    return status;
}

static Status show_losses(const Search *plan, Plan *p, Error *e) {
    PlanRound *r = plan->round;
    Search with = *plan;
    Status status = STATUS_OK;
    with.keeps = false;
    with.work_most = (plan->work_most + 1) / 2;
    with.work_end = r->work + with.work_most;
    with.stand = arena_array(r->arena, (size_t)r->in->request_count, sizeof *with.stand);
    for (int i = 0; i < r->in->request_count && status == STATUS_OK; i++) {
        if (plan->stand[i] == STAND_OUT) status = show_loss(&with, plan, i, &p->answers[i], e);
    }
    p->searched += with.nodes - plan->nodes;
    return status;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

Status plan_search(PlanRound *r, PlanFair *fair, PlanMove *move, Plan *plan, Error *e) {
    const size_t size = (size_t)r->in->request_count * sizeof *r->stand;
    Search s = {.round = r, .fair = fair, .move = move, .keeps = true, .ended = true};
    bool feasible;
    s.stand = arena_array(r->arena, (size_t)r->in->request_count, sizeof *s.stand);
    Status status = plan_fair_solve(fair, &feasible, e);
    if (status != STATUS_OK) return status;
    read_shares(r, plan->relaxed);
    s.work_most = r->in->work_most ? r->in->work_most : PLAN_WORK_MOST;
    s.work_end = r->work + s.work_most;
    status = branch(&s, plan->relaxed, e);
    plan->searched = s.nodes;
    if (status == STATUS_OK) status = show_losses(&s, plan, e);
    if (status != STATUS_OK) return status;
    bool fair_still = !memcmp(s.best.share, plan->relaxed, sizeof s.best.share);
    plan->proof = s.ended ? PLAN_PROVED : fair_still ? PLAN_FAIR : PLAN_RESTRICTED;
    /* The shares' certificate, for those that stand so. */
    memcpy(r->stand, s.stand, size);
    if (s.nodes > 1) status = plan_fair_solve(fair, &feasible, e);
    return status;
}
