/* Text where only ASCII can be shown. */
#include "screen/ascii.h"

#include "base/text.h"

#include <string.h>
#include <uninorm.h>

typedef struct Roman {
    uint32_t from;
    const char *to;
} Roman;

static const Roman signs[] = {
    {0xA0, " "},   {0xAB, "\""},  {0xB0, "o"},   {0xB7, "."},   {0xBB, "\""},   {0xE6, "ae"},   {0x153, "oe"},
    {0x2013, "-"}, {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x2022, "*"},
    {0x2026, "~"}, {0x202F, " "}, {0x2190, "<"}, {0x2192, ">"}, {0x060C, ","},  {0x061B, ";"},  {0x061F, "?"},
};

static const Roman arabic[] = {
    {0x0621, "'"}, {0x0622, "a"}, {0x0623, "a"}, {0x0624, "ou"}, {0x0625, "i"},  {0x0626, "i"},  {0x0627, "a"},
    {0x0628, "b"}, {0x0629, "a"}, {0x062A, "t"}, {0x062B, "th"}, {0x062C, "j"},  {0x062D, "h"},  {0x062E, "kh"},
    {0x062F, "d"}, {0x0630, "d"}, {0x0631, "r"}, {0x0632, "z"},  {0x0633, "s"},  {0x0634, "ch"}, {0x0635, "s"},
    {0x0636, "d"}, {0x0637, "t"}, {0x0638, "d"}, {0x0639, "a"},  {0x063A, "gh"}, {0x0640, ""},   {0x0641, "f"},
    {0x0642, "q"}, {0x0643, "k"}, {0x0644, "l"}, {0x0645, "m"},  {0x0646, "n"},  {0x0647, "h"},  {0x0648, "ou"},
    {0x0649, "a"}, {0x064A, "i"}, {0x0671, "a"}, {0x06A9, "k"},  {0x06AD, "g"},  {0x06AF, "g"},  {0x0763, "g"},
};

static const Roman tifinagh[] = {
    {0x2D30, "a"},  {0x2D31, "b"}, {0x2D33, "g"}, {0x2D37, "d"},  {0x2D39, "d"},  {0x2D3B, "e"}, {0x2D3C, "f"},
    {0x2D3D, "k"},  {0x2D40, "h"}, {0x2D43, "h"}, {0x2D44, "a"},  {0x2D45, "kh"}, {0x2D47, "q"}, {0x2D49, "i"},
    {0x2D4A, "j"},  {0x2D4D, "l"}, {0x2D4E, "m"}, {0x2D4F, "n"},  {0x2D53, "ou"}, {0x2D54, "r"}, {0x2D55, "r"},
    {0x2D56, "gh"}, {0x2D59, "s"}, {0x2D5A, "s"}, {0x2D5B, "ch"}, {0x2D5C, "t"},  {0x2D5F, "t"}, {0x2D61, "w"},
    {0x2D62, "y"},  {0x2D63, "z"}, {0x2D65, "z"}, {0x2D6F, ""},
};

static const char *look_up(const Roman *table, size_t count, uint32_t c) {
    for (size_t i = 0; i < count; i++) {
        if (table[i].from == c) return table[i].to;
    }
    return NULL;
}

static const char *roman_of(uint32_t c) {
    const char *to = look_up(signs, sizeof signs / sizeof *signs, c);
    if (!to && c >= 0x600 && c < 0x800) to = look_up(arabic, sizeof arabic / sizeof *arabic, c);
    if (!to && c >= 0x2D30 && c < 0x2D80) to = look_up(tifinagh, sizeof tifinagh / sizeof *tifinagh, c);
    if (!to && c >= 0x64B && c <= 0x65F) to = ""; /* vowel signs */
    return to;
}

void text_to_ascii(Buffer *out, const char *text, size_t size) {
    for (size_t at = 0, used; at < size; at += used) {
        uint32_t c = text_decode(text + at, size - at, &used), parts[UC_DECOMPOSITION_MAX_LENGTH];
        const char *known = c < 0x80 ? NULL : roman_of(c);
        if (c < 0x80) buffer_add_char(out, (char)c);
        else if (known) buffer_add_string(out, known);
        else if (c >= 0x660 && c <= 0x669) buffer_add_char(out, (char)('0' + c - 0x660));
        else if (uc_canonical_decomposition(c, parts) > 0 && parts[0] < 0x80) buffer_add_char(out, (char)parts[0]);
        else buffer_add_char(out, '?');
    }
}
