/* Random numbers that are the same in every run (splitmix64, by Sebastiano Vigna, public domain). */
#ifndef JAZARI_TESTS_RANDOM_H
#define JAZARI_TESTS_RANDOM_H

#include <stdint.h>

static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* From low to high, both of them included. */
static int64_t draw(uint64_t *state, int64_t low, int64_t high) {
    uint64_t count = (uint64_t)(high - low) + 1, random = next_random(state); /* 0 for all 2^64 numbers */
    return low + (int64_t)(count ? random % count : random);
}

#endif
