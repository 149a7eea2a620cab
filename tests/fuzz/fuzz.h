/* What the fuzz entry points share. Each file beside this one is a libFuzzer target with assertions about what any input
 * must yield; the unit tests feed the same functions. */
#ifndef JAZARI_TESTS_FUZZ_H
#define JAZARI_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Says what did not hold, and ends as a crash that the fuzzer keeps the input of. */
#define FUZZ_HOLDS(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
