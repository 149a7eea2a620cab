/* Any bytes as a problem in the DIMACS format: refused with where and why, in memory that does not grow with what a line
 * claims; or handed over as it says, each arc and node within bounds. What is small is solved, and the answer proved. */
#include "base/text.h"
#include "capacity/dimacs.h"
#include "capacity/mincost.h"
#include "capacity/mincost_check.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Above this many nodes and arcs it is only read; above the second, the reader is told no. */
enum { DIMACS_SOLVED_MOST = 200, DIMACS_READ_MOST = 1 << 20 };

typedef struct DimacsArc {
    int64_t from, to, lower, upper, cost;
} DimacsArc;

typedef struct DimacsProblem {
    int64_t nodes, arcs, seen;
    int problems;
    MinCost *net; /* NULL: too large to solve, or something of it is beyond what is taken */
    int64_t supply[DIMACS_SOLVED_MOST];
    DimacsArc arc[DIMACS_SOLVED_MOST];
} DimacsProblem;

static Status dimacs_problem(void *context, int64_t nodes, int64_t arcs, Error *e) {
    DimacsProblem *p = context;
    FUZZ_HOLDS(++p->problems == 1 && nodes >= 1 && arcs >= 0);
    if (nodes > DIMACS_READ_MOST || arcs > DIMACS_READ_MOST)
        return error_set(e, STATUS_USAGE, "p", "more than is read here");
    p->nodes = nodes;
    p->arcs = arcs;
    if (nodes <= DIMACS_SOLVED_MOST && arcs <= DIMACS_SOLVED_MOST)
        FUZZ_HOLDS(mincost_new(&p->net, nodes, arcs, e) == STATUS_OK);
    return STATUS_OK;
}

static void dimacs_give_up(DimacsProblem *p, Status s) {
    FUZZ_HOLDS(s == STATUS_OK || s == STATUS_USAGE);
    if (s == STATUS_OK) return;
    mincost_free(p->net);
    p->net = NULL;
}

static Status dimacs_supply(void *context, int64_t node, int64_t supply, Error *e) {
    DimacsProblem *p = context;
    FUZZ_HOLDS(node >= 0 && node < p->nodes);
    if (!p->net) return STATUS_OK;
    p->supply[node] = supply;
    dimacs_give_up(p, mincost_set_supply(p->net, node, supply, e));
    return STATUS_OK;
}

static Status dimacs_arc(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper,
                         int64_t cost, Error *e) {
    DimacsProblem *p = context;
    FUZZ_HOLDS(arc == p->seen++ && arc < p->arcs);
    FUZZ_HOLDS(from >= 0 && from < p->nodes && to >= 0 && to < p->nodes && lower <= upper);
    if (!p->net) return STATUS_OK;
    p->arc[arc] = (DimacsArc){from, to, lower, upper, cost};
    dimacs_give_up(p, mincost_set_arc(p->net, arc, from, to, lower, upper, cost, e));
    return STATUS_OK;
}

static void dimacs_prove(DimacsProblem *p) {
    int64_t potential[DIMACS_SOLVED_MOST];
    bool inside[DIMACS_SOLVED_MOST];
    MinCostOutcome outcome = MINCOST_UNSOLVED;
    MinCostCheck *check = NULL;
    Error e = {0};
    Status s = mincost_solve(p->net, NULL, &outcome, &e);
    FUZZ_HOLDS(s == STATUS_OK || s == STATUS_USAGE); /* its sums may be too large */
    if (s != STATUS_OK || outcome == MINCOST_UNBOUNDED) return;
    bool solved = outcome == MINCOST_OPTIMAL;
    for (int64_t v = 0; solved && v < p->nodes; v++) {
        potential[v] = mincost_potential(p->net, v);
    }
    if (solved) s = mincost_check_new(&check, p->nodes, potential, &e);
    else s = mincost_cut(p->net, inside, &e);
    if (!solved && s == STATUS_OK) s = mincost_check_cut_new(&check, p->nodes, inside, &e);
    FUZZ_HOLDS(s == STATUS_OK);
    for (int64_t v = 0; v < p->nodes; v++) {
        if (p->supply[v]) mincost_check_node(check, v, p->supply[v]);
    }
    for (int64_t i = 0; i < p->arcs; i++) {
        const DimacsArc *a = &p->arc[i];
        mincost_check_arc(check, a->from, a->to, a->lower, a->upper, a->cost, solved ? mincost_flow(p->net, i) : 0);
    }
    FUZZ_HOLDS(mincost_check_end(check).verdict == (solved ? CHECK_OPTIMAL : CHECK_NO_FLOW));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static DimacsProblem p;
    const DimacsSink sink = {&p, dimacs_problem, dimacs_supply, dimacs_arc};
    FILE *f = size ? fmemopen((void *)(uintptr_t)bytes, size, "rb") : fopen("/dev/null", "rb");
    Error e = {0};
    FUZZ_HOLDS(f);
    memset(&p, 0, sizeof p);
    Status s = dimacs_read(f, "problem.min", &sink, &e);
    fclose(f);
    FUZZ_HOLDS(s == STATUS_OK || (s == STATUS_USAGE && *e.why));
    if (s != STATUS_OK) FUZZ_HOLDS(text_is_clean(e.why, strlen(e.why), false));
    if (s == STATUS_OK) FUZZ_HOLDS(p.problems == 1 && p.seen == p.arcs);
    if (s == STATUS_OK && p.net) dimacs_prove(&p);
    mincost_free(p.net);
    return 0;
}
