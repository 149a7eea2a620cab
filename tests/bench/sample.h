/* For the programs of tests/bench alone: time, medians, and the rows they print for run.sh to lay out:
 *     WHAT \t MEASURED \t NUMBER \t BUDGET \t UNIT
 * MEASURED is for reading. NUMBER is held against BUDGET ("" where there is none), both in UNIT. */
#ifndef JAZARI_BENCH_SAMPLE_H
#define JAZARI_BENCH_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SAMPLES = 8192 };

typedef struct Samples {
    double values[SAMPLES];
    int count;
} Samples;

static inline double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void sample_add(Samples *s, double value) {
    if (s->count < SAMPLES) s->values[s->count++] = value;
}

static inline int sample_compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Both sort the samples. */
static inline double sample_median(Samples *s) {
    qsort(s->values, (size_t)s->count, sizeof *s->values, sample_compare);
    if (!s->count) return 0;
    return s->count % 2 ? s->values[s->count / 2] : (s->values[s->count / 2 - 1] + s->values[s->count / 2]) / 2;
}

static inline double sample_worst(Samples *s) {
    sample_median(s);
    return s->count ? s->values[s->count - 1] : 0;
}

/* budget 0: none; worst: whether the budget is for the worst one rather than the median. */
static inline void sample_row(const char *what, Samples *s, const char *unit, double budget, int worst) {
    int places = unit[0] == 'm' ? 1 : 0;
    double median = sample_median(s), most = sample_worst(s);
    printf("%s\t%.*f %s", what, places, median, unit);
    if (s->count > 1) printf(", worst %.*f (%d times)", places, most, s->count);
    printf("\t%.3f\t", worst ? most : median);
    if (budget > 0) printf("%s%g", worst ? "worst " : "", budget);
    printf("\t%s\n", unit);
}

#endif
