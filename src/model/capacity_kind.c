/* The kinds of capacity that regions lend each other. */
#include "model/capacity_kind.h"

#include "base/intl.h"

const Choice kind_choices[] = {
    {KIND_GPU_HOUR, "gpu_hour", N_("GPU hours"), TONE_PLAIN},
    {KIND_CPU_HOUR, "cpu_hour", N_("CPU hours"), TONE_PLAIN},
    {KIND_STORAGE_TIB_MONTH, "storage_tib_month", N_("storage"), TONE_PLAIN},
    {KIND_EXPERT_DAY, "expert_day", N_("expert days"), TONE_PLAIN},
    {KIND_LAB_HOUR, "lab_hour", N_("lab hours"), TONE_PLAIN},
    {KIND_TRAINING_SEAT, "training_seat", N_("training seats"), TONE_PLAIN},
    {KIND_DATASET, "dataset", N_("dataset"), TONE_PLAIN},
    {KIND_MODEL, "model", N_("model"), TONE_PLAIN},
    {0},
};

bool kind_countable(int64_t kind) {
    return kind != KIND_DATASET && kind != KIND_MODEL;
}

bool kind_has_sessions(int64_t kind) {
    return kind == KIND_LAB_HOUR || kind == KIND_TRAINING_SEAT;
}

const char *kind_unit(int64_t kind) {
    static const char *const units[KIND_COUNT + 1] = {
        "",
        N_("GPU h"),
        N_("CPU h"),
        N_("TiB"),
        /* TRANSLATORS: days of work by an expert, after a number. */
        N_("days"),
        N_("lab h"),
        N_("seats"),
        "",
        "",
    };
    const char *unit = kind > 0 && kind <= KIND_COUNT ? units[kind] : "";
    return *unit ? _(unit) : "";
}
