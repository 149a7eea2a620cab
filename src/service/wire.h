/* Plain values as bytes, for the socket: one function a type both writes and reads it, so that the two cannot differ.
 *
 * Whole numbers are variable-length (LEB128, zigzag), text its length and bytes. Reading is hostile: every length and
 * count is held against what is left, and once something is wrong `bad` stays set and everything reads as zero. What is
 * read lives in the arena. */
#ifndef JAZARI_SERVICE_WIRE_H
#define JAZARI_SERVICE_WIRE_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>

typedef struct Wire {
    Buffer *out;                   /* where it is written; NULL: it is read */
    const unsigned char *at, *end; /* what is left to read */
    Arena *arena;
    bool bad;
} Wire;

static inline bool wire_reads(const Wire *w) {
    return !w->out;
}

void wire_number(Wire *, int64_t *);
/* The same of narrower types; out of bounds is bad. */
void wire_int(Wire *, int *);
void wire_bits(Wire *, unsigned *);
void wire_flag(Wire *, bool *);
/* A number from `least` to `most`. */
void wire_between(Wire *, int *, int least, int most);
/* NULL stays NULL. size may be NULL. Read text has no NUL within. */
void wire_text(Wire *, const char **);
void wire_bytes(Wire *, const char **, size_t *size);
/* Text in an array of its own. */
void wire_chars(Wire *, char *out, size_t room);
/* A structure without pointers, as it is in memory: both ends are the same program. */
void wire_plain(Wire *, void *, size_t size);

/* How many follow: at most `most`, and no more than there are bytes left. Reading, returns room for so many. */
void *wire_count(Wire *, int *count, int most, size_t size);

/* items and count: of a list whose elements are written by one(). */
#define WIRE_LIST(w, items, count, most, one)                                                                          \
    do {                                                                                                               \
        void *room = wire_count((w), &(count), (most), sizeof *(items));                                               \
        if (wire_reads(w)) (items) = room;                                                                             \
        for (int at_ = 0; at_ < (count); at_++) {                                                                      \
            one((w), &(items)[at_]);                                                                                   \
        }                                                                                                              \
    } while (0)

/* The same of structures without pointers. */
#define WIRE_PLAIN_LIST(w, items, count, most)                                                                         \
    do {                                                                                                               \
        void *room = wire_count((w), &(count), (most), sizeof *(items));                                               \
        if (wire_reads(w)) (items) = room;                                                                             \
        for (int at_ = 0; at_ < (count); at_++) {                                                                      \
            wire_plain((w), (void *)&(items)[at_], sizeof *(items));                                                   \
        }                                                                                                              \
    } while (0)

/* An enumeration's value from 0 to most. */
#define WIRE_ENUM(w, field, most)                                                                                      \
    do {                                                                                                               \
        int value_ = (int)(field);                                                                                     \
        wire_between((w), &value_, 0, (int)(most));                                                                    \
        if (wire_reads(w)) (field) = value_;                                                                           \
    } while (0)

#endif
