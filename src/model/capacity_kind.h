/* The kinds of capacity that regions lend each other. */
#ifndef JAZARI_MODEL_CAPACITY_KIND_H
#define JAZARI_MODEL_CAPACITY_KIND_H

#include "base/buffer.h"
#include "model/field.h"

typedef enum CapacityKind {
    KIND_GPU_HOUR = 1,
    KIND_CPU_HOUR,
    KIND_STORAGE_TIB_MONTH,
    KIND_EXPERT_DAY,
    KIND_LAB_HOUR,
    KIND_TRAINING_SEAT,
    KIND_DATASET,
    KIND_MODEL,
} CapacityKind;

enum { KIND_COUNT = 8 };

extern const Choice kind_choices[];

/* What one takes the other lacks: true for all but datasets and models, which give access and are never used up. */
bool kind_countable(int64_t kind);

/* True for training and laboratory time: an offer of these may have dated sessions in place of a weekly quantity. */
bool kind_has_sessions(int64_t kind);

/* "GPU h", "days", translated, as after a large number, or after this quantity in thousandths; "" for what is not
 * countable. */
const char *kind_unit(int64_t kind);
const char *kind_unit_of(int64_t kind, int64_t quantity);

/* The same of the quantities of several weeks added up: what is stored is there each week. */
const char *kind_unit_of_sum(int64_t kind);

/* That, in files: "gpu_hour"; of storage "tib_week"; "access" of what is not countable. */
const char *kind_unit_word(int64_t kind);

/* Appends "1 200 GPU h", "1 seat". */
void kind_amount(Buffer *, int64_t kind, int64_t quantity);

/* The same; "access" of what is not countable. */
void kind_show(Buffer *, int64_t kind, int64_t quantity);

#endif
