/* The kinds of capacity that regions lend each other. */
#include "model/capacity_kind.h"

#include "base/intl.h"
#include "base/number.h"

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

static const struct {
    const char *one, *many; /* NULL of access */
    const char *word;
} units[KIND_COUNT + 1] = {
    [KIND_GPU_HOUR] = {N_("GPU h"), N_("GPU h"), "gpu_hour"},
    [KIND_CPU_HOUR] = {N_("CPU h"), N_("CPU h"), "cpu_hour"},
    /* What is there is there each week: added up it is no longer so many TiB. */
    [KIND_STORAGE_TIB_MONTH] = {N_("TiB"), N_("TiB"), "tib_week"},
    /* TRANSLATORS: days of work by an expert, after a number. */
    [KIND_EXPERT_DAY] = {N_("day"), N_("days"), "expert_day"},
    [KIND_LAB_HOUR] = {N_("lab h"), N_("lab h"), "lab_hour"},
    [KIND_TRAINING_SEAT] = {N_("seat"), N_("seats"), "seat"},
    [KIND_DATASET] = {NULL, NULL, "access"},
    [KIND_MODEL] = {NULL, NULL, "access"},
};

const char *kind_unit_of(int64_t kind, int64_t quantity) {
    if (kind <= 0 || kind > KIND_COUNT || !units[kind].one) return "";
    return ngettext(units[kind].one, units[kind].many, (unsigned long)((quantity + 999) / 1000));
}

const char *kind_unit_of_sum(int64_t kind) {
    return kind == KIND_STORAGE_TIB_MONTH ? _("TiB×weeks") : kind_unit(kind);
}

const char *kind_unit_word(int64_t kind) {
    return kind > 0 && kind <= KIND_COUNT ? units[kind].word : "";
}

const char *kind_unit(int64_t kind) {
    return kind_unit_of(kind, 2000);
}

void kind_amount(Buffer *b, int64_t kind, int64_t quantity) {
    const char *unit = kind_unit_of(kind, quantity);
    number_show(b, quantity, 3);
    if (*unit) buffer_format(b, " %s", unit);
}

void kind_show(Buffer *b, int64_t kind, int64_t quantity) {
    if (kind_countable(kind)) kind_amount(b, kind, quantity);
    else buffer_add_string(b, _("access"));
}
