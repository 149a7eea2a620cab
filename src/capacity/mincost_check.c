/* Proof that a flow is the cheapest one, or that there is none, or where the proof fails. Kept apart from the solver on purpose: it includes nothing
 * of it, and repeats the one constant that callers of both use. */
#include "capacity/mincost_check.h"

#include "base/intl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

__extension__ typedef __int128 Wide;

static const int64_t UNLIMITED = INT64_MAX; /* MINCOST_UNLIMITED */

struct MinCostCheck {
    int64_t nodes, arcs;
    const int64_t *potential; /* NULL for a cut */
    const bool *inside;       /* of the cut; NULL without */
    Wide least, most;         /* what leaves the cut, less what enters, by the bounds; less what it supplies */
    bool no_least, no_most;   /* without bound */
    Wide *balance;            /* [nodes] what has left so far, less what has entered and what is supplied */
    Wide cost, bound;
    bool cost_known, bound_known; /* false once a sum did not fit, or the bound is minus infinity */
    MinCostProof proof;
};

static Status make(MinCostCheck **out, int64_t nodes, Error *e) {
    *out = NULL;
    if (nodes < 1) return error_set(e, STATUS_USAGE, "nodes", _("a network has at least one node"));
    MinCostCheck *c = calloc(1, sizeof *c);
    if (c) c->balance = calloc((size_t)nodes, sizeof *c->balance);
    if (!c || !c->balance) {
        free(c);
        return error_set(e, STATUS_FAILED, NULL, _("not enough memory to check %" PRId64 " nodes"), nodes);
    }
    c->nodes = nodes;
    c->cost_known = c->bound_known = true;
    c->proof = (MinCostProof){.verdict = CHECK_OPTIMAL, .arc = -1, .node = -1};
    *out = c;
    return STATUS_OK;
}

Status mincost_check_new(MinCostCheck **out, int64_t nodes, const int64_t *potential, Error *e) {
    Status s = make(out, nodes, e);
    if (*out) (*out)->potential = potential;
    return s;
}

Status mincost_check_cut_new(MinCostCheck **out, int64_t nodes, const bool *inside, Error *e) {
    Status s = make(out, nodes, e);
    if (*out) (*out)->inside = inside;
    return s;
}

void mincost_check_free(MinCostCheck *c) {
    if (!c) return;
    free(c->balance);
    free(c);
}

/* The first thing wrong is the one reported. */
static void find_fault(MinCostCheck *c, MinCostVerdict verdict, int64_t arc, int64_t node) {
    if (c->proof.verdict != CHECK_OPTIMAL) return;
    c->proof.verdict = verdict;
    c->proof.arc = arc;
    c->proof.node = node;
}

static bool is_node(const MinCostCheck *c, int64_t node) {
    return node >= 0 && node < c->nodes;
}

/* *sum += a * b, which is below 2^126; false where the sum does not fit. */
static bool add_product(Wide *sum, int64_t a, int64_t b) {
    return !__builtin_add_overflow(*sum, (Wide)a * b, sum);
}

/* *sum += a * b for a reduced cost of up to 66 bits. */
static bool add_wide_product(Wide *sum, Wide a, int64_t b) {
    Wide product;
    return !__builtin_mul_overflow(a, (Wide)b, &product) && !__builtin_add_overflow(*sum, product, sum);
}

void mincost_check_node(MinCostCheck *c, int64_t node, int64_t supply) {
    if (!is_node(c, node)) {
        find_fault(c, CHECK_TOO_LARGE, -1, node);
        return;
    }
    if (c->inside) {
        c->least -= c->inside[node] ? supply : 0;
        c->most -= c->inside[node] ? supply : 0;
        return;
    }
    c->balance[node] -= supply;
    if (c->bound_known && !add_wide_product(&c->bound, -(Wide)c->potential[node], supply)) c->bound_known = false;
}

/* Adds what an arc over the border of the cut can carry out of it, at least and at most. */
static void cross_border(MinCostCheck *c, bool outward, int64_t lower, int64_t upper) {
    bool unlimited = upper == UNLIMITED;
    c->least += outward ? lower : unlimited ? 0 : -(Wide)upper;
    c->most += !outward ? -(Wide)lower : unlimited ? 0 : upper;
    if (unlimited && outward) c->no_most = true;
    if (unlimited && !outward) c->no_least = true;
}

void mincost_check_arc(MinCostCheck *c, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                       int64_t flow) {
    int64_t arc = c->arcs++;
    if (!is_node(c, from) || !is_node(c, to) || upper < lower) {
        find_fault(c, CHECK_TOO_LARGE, arc, -1);
        c->bound_known = false;
        return;
    }
    if (c->inside) {
        if (c->inside[from] != c->inside[to]) cross_border(c, c->inside[from], lower, upper);
        return;
    }
    Wide reduced = (Wide)cost + c->potential[from] - c->potential[to];
    if (flow < lower) find_fault(c, CHECK_BELOW_LOWER, arc, -1);
    else if (flow > upper) find_fault(c, CHECK_ABOVE_UPPER, arc, -1);
    else if (reduced < 0 && (flow < upper || upper == UNLIMITED)) find_fault(c, CHECK_COULD_RISE, arc, -1);
    else if (reduced > 0 && flow > lower) find_fault(c, CHECK_COULD_FALL, arc, -1);
    c->balance[from] += flow; /* 2^63 arcs would not overflow it */
    c->balance[to] -= flow;
    if (c->cost_known && !add_product(&c->cost, cost, flow)) {
        c->cost_known = false;
        find_fault(c, CHECK_TOO_LARGE, arc, -1);
    }
    if (reduced < 0 && upper == UNLIMITED) c->bound_known = false;
    else if (c->bound_known && !add_wide_product(&c->bound, reduced, reduced < 0 ? upper : lower))
        c->bound_known = false;
}

MinCostProof mincost_check_end(MinCostCheck *c) {
    for (int64_t v = 0; v < c->nodes && c->proof.verdict == CHECK_OPTIMAL; v++) {
        if (c->balance[v]) find_fault(c, CHECK_UNBALANCED, -1, v);
    }
    MinCostProof proof = c->proof;
    if (c->inside) {
        bool closed = (c->most < 0 && !c->no_most) || (c->least > 0 && !c->no_least);
        if (proof.verdict == CHECK_OPTIMAL) proof.verdict = closed ? CHECK_NO_FLOW : CHECK_CUT_OPEN;
        mincost_check_free(c);
        return proof;
    }
    proof.cost_fits = c->cost_known && c->cost >= INT64_MIN && c->cost <= INT64_MAX;
    proof.bound_fits = c->bound_known && c->bound >= INT64_MIN && c->bound <= INT64_MAX;
    if (proof.cost_fits) proof.cost = (int64_t)c->cost;
    if (proof.bound_fits) proof.bound = (int64_t)c->bound;
    /* With no fault found, both sums must agree; that they do is duality itself, so this is a check of this file. */
    if (proof.verdict == CHECK_OPTIMAL && (!c->bound_known || c->bound != c->cost)) proof.verdict = CHECK_TOO_LARGE;
    mincost_check_free(c);
    return proof;
}

const char *mincost_verdict_text(const MinCostProof *p, char *out, size_t size) {
    int64_t arc = p->arc + 1, node = p->node + 1;
    switch (p->verdict) {
    case CHECK_OPTIMAL: snprintf(out, size, _("proved optimal")); break;
    case CHECK_BELOW_LOWER: snprintf(out, size, _("arc %" PRId64 " carries less than its lower bound"), arc); break;
    case CHECK_ABOVE_UPPER: snprintf(out, size, _("arc %" PRId64 " carries more than its capacity"), arc); break;
    case CHECK_COULD_RISE: snprintf(out, size, _("more flow on arc %" PRId64 " would be cheaper"), arc); break;
    case CHECK_COULD_FALL: snprintf(out, size, _("less flow on arc %" PRId64 " would be cheaper"), arc); break;
    case CHECK_UNBALANCED: snprintf(out, size, _("node %" PRId64 " does not send out its supply"), node); break;
    case CHECK_NO_FLOW: snprintf(out, size, _("proved to have no flow")); break;
    case CHECK_CUT_OPEN: snprintf(out, size, _("the cut does not prove that there is no flow")); break;
    case CHECK_TOO_LARGE: snprintf(out, size, _("the numbers are too large to be checked, or make no sense")); break;
    }
    return out;
}
