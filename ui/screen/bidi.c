/* Text in the order and shapes it is shown in: the Unicode bidirectional algorithm and Arabic joining, by fribidi. */
#include "screen/bidi.h"

#include "base/text.h"

#include <fribidi.h>
#include <string.h>

enum { ARROW = 0x2192 };

static bool right_to_left_point(uint32_t c) {
    return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF);
}

bool bidi_needed(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        /* No letter from right to left begins with a byte below 0xD6. */
        if ((unsigned char)text[i] < 0xD6) continue;
        size_t used;
        if (right_to_left_point(text_decode(text + i, size - i, &used))) return true;
    }
    return false;
}

/* Puts the text's code points into the order they are seen in, shaped; logical[i] is where in the text the i-th stood.
 * Ligatures leave FRIBIDI_CHAR_FILL beside them. */
static int arrange(const char *text, size_t size, FriBidiChar points[BIDI_MAX], FriBidiStrIndex logical[BIDI_MAX],
                   bool *right_to_left) {
    FriBidiCharType types[BIDI_MAX];
    FriBidiBracketType brackets[BIDI_MAX];
    FriBidiLevel levels[BIDI_MAX];
    FriBidiArabicProp joins[BIDI_MAX];
    FriBidiParType direction = FRIBIDI_PAR_ON;
    int count = 0;
    for (size_t at = 0, used; at < size && count < BIDI_MAX; at += used) {
        logical[count] = count;
        points[count++] = text_decode(text + at, size - at, &used);
    }
    fribidi_get_bidi_types(points, count, types);
    /* What was stands before the arrow and what is now behind it, also where both are from right to left: it would else
     * point from the new to the old. */
    for (int i = 0; i < count; i++) {
        if (points[i] == ARROW) types[i] = FRIBIDI_TYPE_LTR;
    }
    fribidi_get_bracket_types(points, count, types, brackets);
    FriBidiLevel highest = fribidi_get_par_embedding_levels_ex(types, brackets, count, &direction, levels);
    *right_to_left = FRIBIDI_IS_RTL(direction);
    if (highest) {
        fribidi_get_joining_types(points, count, joins);
        fribidi_join_arabic(types, count, levels, joins);
        fribidi_shape(FRIBIDI_FLAGS_DEFAULT | FRIBIDI_FLAGS_ARABIC, levels, count, joins, points);
        /* 0 only where memory ran out: the letters then stay in the order they are read in. */
        /* NOLINTNEXTLINE(misc-redundant-expression): the library's flags overlap */
        if (!fribidi_reorder_line(FRIBIDI_FLAGS_DEFAULT | FRIBIDI_FLAG_REORDER_NSM, types, count, 0, direction, levels,
                                  points, logical))
            *right_to_left = false;
    }
    return count;
}

int bidi_visual(const char *text, size_t size, uint32_t out[BIDI_MAX], int from[BIDI_MAX], bool *right_to_left) {
    FriBidiChar points[BIDI_MAX];
    FriBidiStrIndex logical[BIDI_MAX];
    int count = arrange(text, size, points, logical, right_to_left), kept = 0;
    for (int i = 0; i < count; i++) {
        if (points[i] == FRIBIDI_CHAR_FILL) continue;
        if (from) from[kept] = (int)logical[i];
        out[kept++] = points[i];
    }
    return kept;
}

static int point_columns(FriBidiChar point) {
    char bytes[4];
    int columns = 0;
    if (point != FRIBIDI_CHAR_FILL) text_cluster(bytes, text_encode(point, bytes), &columns);
    return columns;
}

int bidi_column(const char *text, size_t size, size_t at, bool *right_to_left) {
    FriBidiChar points[BIDI_MAX];
    FriBidiStrIndex logical[BIDI_MAX];
    int count = arrange(text, size, points, logical, right_to_left), wanted = 0, column = 0, found = -1, best = -1;
    for (size_t byte = 0, used; byte < size && byte < at; byte += used) {
        text_decode(text + byte, size - byte, &used);
        wanted++;
    }
    /* A mark, or what a ligature swallowed, is where the letter before it is. */
    for (int i = 0; i < count; i++) {
        int columns = point_columns(points[i]);
        if (columns && logical[i] <= wanted && logical[i] > best) {
            best = logical[i];
            found = column;
        }
        column += columns;
    }
    if (at >= size) return *right_to_left ? -1 : column;
    return found < 0 ? 0 : found;
}
