/* Solves a minimum-cost flow problem in the DIMACS format with the network simplex of src/capacity:
 *
 *     mincost [-c] FILE.min
 *
 * It prints the optimum (or that there is none), the pivots it took, the seconds to read and to solve, real and of the
 * processor, and the most memory used. With -c the file is read again and the flow proved optimal, or a cut to allow no
 * flow, by the independent checker: it prints the bound that the potentials prove, and the verdict. The exit status is 0
 * where there is an optimum, 3 where there is none, 4 where the check fails, 1 and 2 for errors. */
#include "capacity/mincost.h"
#include "capacity/dimacs.h"
#include "capacity/mincost_check.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct Moment {
    double real, processor;
} Moment;

static double seconds_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static Moment now(void) {
    return (Moment){seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
}

static void print_time(const char *what, Moment from, Moment to) {
    printf("%-10s %.6f s real, %.6f s processor\n", what, to.real - from.real, to.processor - from.processor);
}

/* --- reading into the solver ------------------------------------------------------------------------------------ */

static Status make_problem(void *context, int64_t nodes, int64_t arcs, Error *e) {
    MinCost **m = context;
    return mincost_new(m, nodes, arcs, e);
}

static Status set_supply(void *context, int64_t node, int64_t supply, Error *e) {
    MinCost **m = context;
    return mincost_set_supply(*m, node, supply, e);
}

static Status set_arc(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                      Error *e) {
    MinCost **m = context;
    return mincost_set_arc(*m, arc, from, to, lower, upper, cost, e);
}

/* --- reading into the checker ----------------------------------------------------------------------------------- */

typedef struct Checking {
    const MinCost *solved;
    int64_t *potential; /* where there is an optimum */
    bool *inside;       /* the cut, where there is no flow */
    MinCostCheck *check;
} Checking;

static Status make_check(void *context, int64_t nodes, int64_t arcs, Error *e) {
    Checking *c = context;
    if (nodes != mincost_nodes(c->solved) || arcs != mincost_arcs(c->solved))
        return error_set(e, STATUS_FAILED, NULL, "the file has changed since it was solved");
    if (mincost_outcome(c->solved) == MINCOST_INFEASIBLE) {
        c->inside = malloc((size_t)nodes * sizeof *c->inside);
        if (!c->inside) return error_set(e, STATUS_FAILED, NULL, "not enough memory for the check");
        Status s = mincost_cut(c->solved, c->inside, e);
        return s ? s : mincost_check_cut_new(&c->check, nodes, c->inside, e);
    }
    c->potential = malloc((size_t)nodes * sizeof *c->potential);
    if (!c->potential) return error_set(e, STATUS_FAILED, NULL, "not enough memory for the check");
    for (int64_t v = 0; v < nodes; v++) {
        c->potential[v] = mincost_potential(c->solved, v);
    }
    return mincost_check_new(&c->check, nodes, c->potential, e);
}

static Status check_supply(void *context, int64_t node, int64_t supply, Error *e) {
    Checking *c = context;
    (void)e;
    mincost_check_node(c->check, node, supply);
    return STATUS_OK;
}

static Status check_arc(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper,
                        int64_t cost, Error *e) {
    Checking *c = context;
    (void)e;
    mincost_check_arc(c->check, from, to, lower, upper, cost, mincost_flow(c->solved, arc));
    return STATUS_OK;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static Status read_file(const char *name, const DimacsSink *sink, Error *e) {
    FILE *file = fopen(name, "rb");
    if (!file) {
        error_set(e, STATUS_FAILED, NULL, "%s", strerror(errno));
        return error_at(e, name, 0);
    }
    Status s = dimacs_read(file, name, sink, e);
    fclose(file);
    return s;
}

static Status prove(const char *name, const MinCost *m, bool *proved, Error *e) {
    Checking c = {.solved = m};
    DimacsSink sink = {&c, make_check, check_supply, check_arc};
    Status s = read_file(name, &sink, e);
    if (!s) {
        char text[200];
        MinCostProof proof = mincost_check_end(c.check);
        if (proof.bound_fits) printf("%-10s %" PRId64 "\n", "bound", proof.bound);
        printf("%-10s %s\n", "proof", mincost_verdict_text(&proof, text, sizeof text));
        *proved = proof.verdict == (c.inside ? CHECK_NO_FLOW : CHECK_OPTIMAL);
    } else {
        mincost_check_free(c.check);
    }
    free(c.potential);
    free(c.inside);
    return s;
}

static Status print_outcome(const MinCost *m, Error *e) {
    int64_t total;
    switch (mincost_outcome(m)) {
    case MINCOST_OPTIMAL: {
        Status s = mincost_total(m, &total, e);
        if (!s) printf("%-10s %" PRId64 "\n", "optimum", total);
        return s;
    }
    case MINCOST_INFEASIBLE: puts("optimum    none: infeasible"); break;
    case MINCOST_UNBOUNDED: puts("optimum    none: unbounded"); break;
    case MINCOST_UNSOLVED: puts("optimum    none: not solved"); break;
    }
    return STATUS_OK;
}

static Status solve_file(const char *name, MinCost **m, Error *e) {
    DimacsSink sink = {m, make_problem, set_supply, set_arc};
    MinCostOutcome outcome;
    Moment start = now();
    Status s = read_file(name, &sink, e);
    Moment ready = now();
    if (!s) s = mincost_solve(*m, NULL, &outcome, e);
    Moment end = now();
    if (!s) s = print_outcome(*m, e);
    if (s) return s;
    printf("%-10s %" PRId64 "\n", "iterations", mincost_pivots(*m));
    print_time("read", start, ready);
    print_time("solve", ready, end);
    return STATUS_OK;
}

int main(int count, char **words) {
    bool check = count > 1 && !strcmp(words[1], "-c"), proved = true;
    if (count != (check ? 3 : 2)) {
        fputs("usage: mincost [-c] FILE.min\n", stderr);
        return STATUS_USAGE;
    }
    const char *name = words[count - 1];
    setlocale(LC_ALL, "");
    MinCost *m = NULL;
    Error e = {0};
    Status s = solve_file(name, &m, &e);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    if (!s) printf("%-10s %.1f MB\n", "memory", (double)use.ru_maxrss / 1024);
    MinCostOutcome outcome = s ? MINCOST_UNSOLVED : mincost_outcome(m);
    if (check && (outcome == MINCOST_OPTIMAL || outcome == MINCOST_INFEASIBLE)) s = prove(name, m, &proved, &e);
    mincost_free(m);
    if (s) {
        char text[900];
        fprintf(stderr, "mincost: %s\n", error_text(&e, text, sizeof text));
        return s;
    }
    return !proved ? 4 : outcome == MINCOST_OPTIMAL ? 0 : 3;
}
