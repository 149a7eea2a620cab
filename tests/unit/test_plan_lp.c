/* capacity/plan against linear programs, solved by GLPK's glpsol: a program for each step of what is best, each with the
 * steps before it as equations. The programs name every request, offer and week; they know nothing of cuts and flows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan_world.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LP_ROUNDS = 40, SCALE = 1000 };

extern char **environ;

typedef struct Lp {
    const World *w;
    double fixed[SITES]; /* what a site gets; below 0: at least its entitlement times t */
    bool fixes_weighted, fixes_moved;
    int64_t weighted, moved;
    char dir[64], program[80], answer[80];
} Lp;

typedef enum Sum { SUM_SITE, SUM_WEIGHTED, SUM_MOVED, SUM_WEEKS } Sum;

static bool joins(const World *w, int request, int offer, int week) {
    const PlanRequest *q = &w->requests[request];
    const PlanOffer *o = &w->offers[offer];
    int at = FIRST + week;
    return o->level >= q->level && at >= q->first && at <= q->last && at >= o->first && at <= o->last;
}

/* The terms of a sum over all variables, " + 3 x_1_2_0": of one site, by priority, of what moves, by week. */
static int write_sum(FILE *f, const World *w, Sum sum, int site) {
    int terms = 0;
    for (int i = 0; i < REQUESTS; i++) {
        for (int o = 0; o < OFFERS; o++) {
            for (int week = 0; week < WEEKS; week++) {
                const PlanRequest *q = &w->requests[i];
                int factor = sum == SUM_SITE       ? q->site == site
                             : sum == SUM_WEIGHTED ? q->priority
                             : sum == SUM_MOVED    ? q->site != w->offers[o].site
                                                   : week;
                if (!factor || !joins(w, i, o, week)) continue;
                fprintf(f, " + %d x_%d_%d_%d", factor, i, o, week);
                terms++;
            }
        }
    }
    return terms;
}

/* The sum over a part of the variables is at most a number; -1 stands for all. */
static void write_most(FILE *f, const World *w, int request, int offer, int week, int64_t most) {
    int terms = 0;
    for (int i = 0; i < REQUESTS; i++) {
        for (int o = 0; o < OFFERS; o++) {
            for (int k = 0; k < WEEKS; k++) {
                if ((request >= 0 && i != request) || (offer >= 0 && o != offer) || (week >= 0 && k != week)) continue;
                if (joins(w, i, o, k)) fprintf(f, "%s x_%d_%d_%d", terms++ ? " +" : "", i, o, k);
            }
        }
    }
    if (terms) fprintf(f, " <= %lld\n", (long long)(most > 0 ? most : 0));
}

static void write_rules(FILE *f, const Lp *lp) {
    const World *w = lp->w;
    fputs("subject to\n", f);
    for (int i = 0; i < REQUESTS; i++) {
        const PlanRequest *q = &w->requests[i];
        write_most(f, w, i, -1, -1, q->missing);
        for (int week = 0; q->weekly_most && week < WEEKS; week++) {
            bool booked = q->booked_count && q->booked[0].week == FIRST + week;
            write_most(f, w, i, -1, week, q->weekly_most - (booked ? q->booked[0].quantity : 0));
        }
    }
    for (int o = 0; o < OFFERS; o++) {
        for (int week = 0; week < WEEKS; week++) {
            write_most(f, w, -1, o, week, w->offers[o].lendable);
        }
    }
    for (int site = 0; site < SITES; site++) {
        int terms = write_sum(f, w, SUM_SITE, site);
        if (lp->fixed[site] >= 0 && !terms) continue;
        if (lp->fixed[site] >= 0) fprintf(f, " = %.9f\n", lp->fixed[site]);
        else fprintf(f, " - %lld t >= 0\n", (long long)w->in.entitlement[site]);
    }
    if (lp->fixes_weighted && write_sum(f, w, SUM_WEIGHTED, 0)) {
        fprintf(f, " = %lld\n", (long long)lp->weighted);
    }
    if (lp->fixes_moved && write_sum(f, w, SUM_MOVED, 0)) {
        fprintf(f, " = %lld\n", (long long)lp->moved);
    }
    fputs("t >= 0\nend\n", f);
}

static void run_glpsol(const Lp *lp) {
    char program[80], answer[80];
    char name[] = "glpsol", option[] = "--lp", write[] = "-w";
    char *arguments[] = {name, option, program, write, answer, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int status = -1;
    memcpy(program, lp->program, sizeof program);
    memcpy(answer, lp->answer, sizeof answer);
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(&child, "glpsol", &quiet, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&quiet);
    if (failed) fail_msg("glpsol (glpk-utils): %s", strerror(failed));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The optimum: the line "s bas ROWS COLUMNS f f VALUE". */
static double read_optimum(const Lp *lp) {
    char line[200];
    double value = -1;
    FILE *f = fopen(lp->answer, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        const char *at = strstr(line, " f f ");
        if (line[0] != 's') continue;
        if (!at) fail_msg("no optimum: %s", line);
        value = strtod(at + 5, NULL);
    }
    fclose(f);
    return value;
}

static double solve(const Lp *lp, bool most, Sum sum, int site, bool of_t) {
    FILE *f = fopen(lp->program, "w");
    assert_non_null(f);
    fprintf(f, "%s\nobj:", most ? "maximize" : "minimize");
    if (of_t || !write_sum(f, lp->w, sum, site)) fputs(of_t ? " t" : " 0 t", f);
    fputc('\n', f);
    write_rules(f, lp);
    fclose(f);
    run_glpsol(lp);
    return read_optimum(lp);
}

static void begin(Lp *lp, const World *w) {
    *lp = (Lp){.w = w, .dir = "/tmp/jazari-lp-XXXXXX"};
    assert_non_null(mkdtemp(lp->dir));
    snprintf(lp->program, sizeof lp->program, "%s/p.lp", lp->dir);
    snprintf(lp->answer, sizeof lp->answer, "%s/p.out", lp->dir);
}

static void end(const Lp *lp) {
    unlink(lp->program);
    unlink(lp->answer);
    rmdir(lp->dir);
}

/* What is fixed must not make a program infeasible by a rounded digit. */
static double a_little_less(double x) {
    return x > 1e-6 ? x - 1e-6 : 0;
}

/* Water-filling: the level that all can have, then who cannot have more than that, and so on with the others. */
static void fair_shares(Lp *lp, double shares[SITES]) {
    for (int site = 0; site < SITES; site++) {
        lp->fixed[site] = -1;
    }
    for (int rest = SITES; rest;) {
        double level = solve(lp, true, SUM_SITE, 0, true), most[SITES];
        bool open[SITES];
        for (int site = 0; site < SITES; site++) {
            open[site] = lp->fixed[site] < 0;
        }
        /* Each is asked with the others at that level at least. */
        for (int site = 0; site < SITES; site++) {
            Lp one = *lp;
            if (!open[site]) continue;
            for (int k = 0; k < SITES; k++) {
                if (open[k] && k != site) one.fixed[k] = a_little_less(level * (double)lp->w->in.entitlement[k]);
            }
            most[site] = solve(&one, true, SUM_SITE, site, false);
        }
        int before = rest;
        for (int site = 0; site < SITES; site++) {
            double at = level * (double)lp->w->in.entitlement[site];
            if (!open[site] || most[site] > at + 0.01) continue;
            shares[site] = at;
            lp->fixed[site] = a_little_less(at);
            rest--;
        }
        assert_true(rest < before);
    }
}

static void scale(World *w) {
    for (int i = 0; i < REQUESTS; i++) {
        w->requests[i].missing *= SCALE;
        w->requests[i].weekly_most *= SCALE;
        w->booked[i].quantity *= SCALE;
    }
    for (int i = 0; i < OFFERS; i++) {
        w->offers[i].lendable *= SCALE;
    }
    for (int site = 0; site < SITES; site++) {
        w->in.entitlement[site] = 1 + pick(w, 6);
    }
}

static void shares_are_those_of_water_filling(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= LP_ROUNDS; seed++) {
        World w;
        Lp lp;
        Arena arena = {0};
        double shares[SITES] = {0};
        make_world(&w, seed, false);
        scale(&w);
        Plan plan = plan_of(&arena, &w);
        begin(&lp, &w);
        fair_shares(&lp, shares);
        end(&lp);
        for (int site = 0; site < SITES; site++) {
            double off = shares[site] - (double)plan.shares[site].got;
            /* Whole units against real numbers: less than one for each site. */
            if (off >= SITES || off <= -SITES)
                fail_msg("seed %llu: site %d has %lld, the linear program %.3f", (unsigned long long)seed, site,
                         (long long)plan.shares[site].got, shares[site]);
        }
        arena_free(&arena);
    }
}

static int64_t weeks_of(const Plan *p) {
    int64_t sum = 0;
    for (int i = 0; i < p->grant_count; i++) {
        sum += p->grants[i].quantity * (p->grants[i].week - FIRST);
    }
    return sum;
}

static void within_the_shares_each_step_is_the_best(void **state) {
    (void)state;
    int64_t all_moved = 0, all_weeks = 0;
    for (uint64_t seed = 1; seed <= 2 * LP_ROUNDS; seed++) {
        World w;
        Lp lp;
        Arena arena = {0};
        make_world(&w, seed, false);
        Plan plan = plan_of(&arena, &w);
        begin(&lp, &w);
        for (int site = 0; site < SITES; site++) {
            lp.fixed[site] = (double)plan.shares[site].got;
        }
        double weighted = solve(&lp, true, SUM_WEIGHTED, 0, false);
        assert_int_equal((int64_t)(weighted + 0.5), plan.sums.weighted);
        lp.fixes_weighted = true;
        lp.weighted = plan.sums.weighted;
        double moved = solve(&lp, false, SUM_MOVED, 0, false);
        assert_int_equal((int64_t)(moved + 0.5), plan.sums.moved);
        lp.fixes_moved = true;
        lp.moved = plan.sums.moved;
        double weeks = solve(&lp, false, SUM_WEEKS, 0, false);
        assert_int_equal((int64_t)(weeks + 0.5), weeks_of(&plan));
        end(&lp);
        all_moved += plan.sums.moved;
        all_weeks += weeks_of(&plan);
        arena_free(&arena);
    }
    assert_true(all_moved > 0 && all_weeks > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(shares_are_those_of_water_filling),
                                       cmocka_unit_test(within_the_shares_each_step_is_the_best)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
