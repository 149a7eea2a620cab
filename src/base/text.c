/* UTF-8 text: cleaning, measuring, clipping. Plain ASCII, which is most of what passes, takes a short way. */
#include "base/text.h"

#include "base/arena.h"
#include "base/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

typedef enum Fate { KEEP, DROP, REFUSE, JOINER } Fate;

/* The one table of what text may hold. */
static Fate fate_of(uint32_t c) {
    static const struct {
        uint32_t first, last;
        Fate fate;
    } table[] = {
        {0x00, 0x1F, REFUSE},   {0x7F, 0x9F, REFUSE},     {0xAD, 0xAD, DROP},       {0x61C, 0x61C, DROP},
        {0x115F, 0x1160, DROP}, {0x180E, 0x180E, DROP},   {0x200B, 0x200B, DROP},   {0x200C, 0x200D, JOINER},
        {0x200E, 0x200F, DROP}, {0x2028, 0x2029, REFUSE}, {0x202A, 0x202E, DROP},   {0x2060, 0x2064, DROP},
        {0x2066, 0x206F, DROP}, {0x3164, 0x3164, DROP},   {0xD800, 0xDFFF, REFUSE}, {0xFDD0, 0xFDEF, REFUSE},
        {0xFEFF, 0xFEFF, DROP}, {0xFFA0, 0xFFA0, DROP},   {0xFFF9, 0xFFFB, DROP},   {0xE0000, 0xE007F, REFUSE},
    };
    if ((c & 0xFFFE) == 0xFFFE) return REFUSE;
    for (size_t i = 0; i < sizeof table / sizeof *table && table[i].first <= c; i++) {
        if (c <= table[i].last) return table[i].fate;
    }
    return KEEP;
}

/* Whether all of it is of the letters that French, Arabic and Tamazight are written in and that stay as they are: nothing
 * to clean, nothing to compose (a mark that stands apart is not among them). Most text is, and takes the short way. */
static bool settled(const char *text, size_t size) {
    const unsigned char *t = (const unsigned char *)text;
    for (size_t i = 0; i < size;) {
        unsigned c = t[i], next = i + 1 < size ? t[i + 1] : 0, third = i + 2 < size ? t[i + 2] : 0;
        if (c >= 0x20 && c < 0x7F) i++;
        else if (c >= 0xC3 && c <= 0xCB && (next & 0xC0) == 0x80) i += 2; /* U+00C0 to U+02FF */
        else if (c == 0xD8 && next >= 0xA0 && next <= 0xBF) i += 2;       /* U+0620 to U+063F */
        else if (c == 0xD9 && ((next >= 0x80 && next <= 0x8A) || (next >= 0xA0 && next <= 0xA9))) i += 2;
        else if (c == 0xE2 && next == 0x80 && third >= 0x90 && third <= 0xA7) i += 3; /* dashes, quotes, ellipsis */
        else if (c == 0xE2 && next == 0xB4 && third >= 0xB0 && third <= 0xBF) i += 3; /* Tifinagh */
        else if (c == 0xE2 && next == 0xB5 && third >= 0x80 && third <= 0xA7) i += 3;
        else return false;
    }
    return true;
}

uint32_t text_decode(const char *text, size_t size, size_t *used) {
    ucs4_t c;
    int n = u8_mbtoucr(&c, (const uint8_t *)text, size);
    if (n <= 0) {
        *used = 1;
        while (*used < size && ((unsigned char)text[*used] & 0xC0) == 0x80) {
            ++*used;
        }
        return 0xFFFD;
    }
    *used = (size_t)n;
    return c;
}

size_t text_encode(uint32_t point, char out[4]) {
    int n = u8_uctomb((uint8_t *)out, point, 4);
    return n > 0 ? (size_t)n : 0;
}

static bool malformed(const char *text, size_t size) {
    ucs4_t c;
    return u8_mbtoucr(&c, (const uint8_t *)text, size) <= 0;
}

/* Letters, their marks, and pictures, which joiners make one of (with a skin tone, too). */
static bool letter_at(const char *text, size_t size) {
    size_t used;
    uint32_t c = size ? text_decode(text, size, &used) : 0;
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_So) ||
           (c >= 0x1F3FB && c <= 0x1F3FF);
}

/* Whether a joiner at `at` stands between letters (the one before it starts at `before`). */
static bool joins(const char *text, size_t size, size_t before, size_t at, size_t used) {
    return at && letter_at(text + before, at - before) && letter_at(text + at + used, size - at - used);
}

/* Walks text and appends what is kept; what is refused is replaced by `mark`, or, with mark NULL, ends the walk.
 * Returns the offset where it ended: size when all went through. */
static size_t clean(Buffer *out, const char *text, size_t size, bool lines, const char *mark) {
    size_t before = 0;
    for (size_t at = 0, used; at < size; before = at, at += used) {
        uint32_t c = text_decode(text + at, size - at, &used);
        Fate fate = c == 0xFFFD && malformed(text + at, size - at) ? REFUSE : fate_of(c);
        if (c == '\r' && at + 1 < size && text[at + 1] == '\n') continue;
        if (c == '\n' && lines) fate = KEEP;
        if (fate == JOINER) fate = joins(text, size, before, at, used) ? KEEP : DROP;
        if (fate == KEEP) buffer_add(out, text + at, used);
        else if (fate == REFUSE && !mark) return at;
        else if (fate == REFUSE) buffer_add_string(out, c == '\n' || c == '\t' ? " " : mark);
    }
    return size;
}

static bool white(uint32_t c) {
    return c == ' ' || c == '\n' || (c >= 0x80 && uc_is_property_white_space(c));
}

static const char *trimmed(const char *text, size_t *size) {
    size_t used;
    while (*size && white(text_decode(text, *size, &used))) {
        text += used;
        *size -= used;
    }
    const uint8_t *start = (const uint8_t *)text, *end = start + *size, *last;
    ucs4_t c;
    while ((last = u8_prev(&c, end, start)) && white(c)) {
        end = last;
    }
    *size = (size_t)(end - start);
    return text;
}

Status text_clean_in(Buffer *out, const char *text, size_t size, bool lines, const char *field, Error *e) {
    if (settled(text, size)) {
        text = trimmed(text, &size);
        buffer_add(out, text, size);
        return STATUS_OK;
    }
    Buffer kept = {0};
    size_t end = clean(&kept, text, size, lines, NULL);
    if (end < size) {
        size_t used;
        uint32_t c = text_decode(text + end, size - end, &used);
        bool broken = malformed(text + end, size - end);
        buffer_free(&kept);
        if (broken)
            return error_set(e, STATUS_USAGE, field, _("byte %zu is not UTF-8 (0x%02X): save the text as UTF-8"),
                             end + 1, (unsigned)(unsigned char)text[end]);
        return error_set(e, STATUS_USAGE, field, _("byte %zu is the control character U+%04X, which text may not hold"),
                         end + 1, (unsigned)c);
    }
    size_t n = 0, whole = kept.size;
    errno = 0;
    uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)buffer_string(&kept), whole, NULL, &n);
    if (!nfc && errno == ENOMEM) memory_end();
    const char *result = nfc ? (const char *)nfc : buffer_string(&kept);
    if (!nfc) n = whole;
    result = trimmed(result, &n);
    buffer_add(out, result, n);
    free(nfc);
    buffer_free(&kept);
    return STATUS_OK;
}

bool text_is_stored_form(const char *text, size_t size, bool lines) {
    bool blank_outside = size && (text[0] == ' ' || text[size - 1] == ' ');
    if (settled(text, size)) return !blank_outside;
    Buffer kept = {0};
    bool same = text_clean_in(&kept, text, size, lines, NULL, NULL) == STATUS_OK && kept.size == size &&
                !memcmp(buffer_string(&kept), text, size);
    buffer_free(&kept);
    return same;
}

void text_clean_out(Buffer *out, const char *text, size_t size, bool lines) {
    if (settled(text, size)) buffer_add(out, text, size);
    else clean(out, text, size, lines, "\xEF\xBF\xBD");
}

bool text_is_clean(const char *text, size_t size, bool lines) {
    if (settled(text, size)) return true;
    Buffer kept = {0};
    bool same = clean(&kept, text, size, lines, NULL) == size && kept.size == size;
    buffer_free(&kept);
    return same;
}

static int point_width(uint32_t c) {
    int w = uc_width(c, "UTF-8");
    return w > 0 ? w : 0;
}

static size_t next_break(const char *text, size_t size) {
    const uint8_t *start = (const uint8_t *)text, *next = u8_grapheme_next(start, start + size);
    return next ? (size_t)(next - start) : size;
}

static bool picture_at(const char *text, size_t size) {
    size_t used;
    return size && uc_is_property_extended_pictographic(text_decode(text, size, &used));
}

static bool flag_half_at(const char *text, size_t size) {
    size_t used;
    return size && uc_is_property_regional_indicator(text_decode(text, size, &used));
}

/* The library's breaks look at two characters alone; a flag (two regional indicators) and pictures joined by a ZWJ take
 * a look further back. */
static size_t cluster_size(const char *text, size_t size) {
    size_t bytes = next_break(text, size);
    if (flag_half_at(text, size) && bytes == 4 && flag_half_at(text + bytes, size - bytes))
        return bytes + next_break(text + bytes, size - bytes);
    while (bytes >= 3 && !memcmp(text + bytes - 3, "\xE2\x80\x8D", 3) && picture_at(text, size) &&
           picture_at(text + bytes, size - bytes)) {
        bytes += next_break(text + bytes, size - bytes);
    }
    return bytes;
}

/* The columns are the sum of the characters', as terminals and curses count them. */
size_t text_cluster(const char *text, size_t size, int *columns) {
    *columns = 0;
    if (!size) return 0;
    if ((unsigned char)*text < 0x80 && (size == 1 || (unsigned char)text[1] < 0x80)) {
        *columns = (unsigned char)*text >= 0x20 && *text != 0x7F;
        return 1;
    }
    size_t bytes = cluster_size(text, size);
    for (size_t at = 0, used; at < bytes; at += used) {
        *columns += point_width(text_decode(text + at, bytes - at, &used));
    }
    return bytes;
}

int text_width(const char *text, size_t size) {
    int width = 0, w;
    for (size_t at = 0; at < size; width += w) {
        at += text_cluster(text + at, size - at, &w);
    }
    return width;
}

size_t text_fit(const char *text, size_t size, int columns, int *used) {
    size_t at = 0;
    *used = 0;
    while (at < size) {
        int w;
        size_t n = text_cluster(text + at, size - at, &w);
        if (*used + w > columns) break;
        *used += w;
        at += n;
    }
    return at;
}

void text_trim_partial(char *text) {
    size_t size = strlen(text), back = 0;
    while (back < size && back < 3 && ((unsigned char)text[size - 1 - back] & 0xC0) == 0x80) {
        back++;
    }
    if (back < size && (unsigned char)text[size - 1 - back] >= 0x80 && malformed(text + size - 1 - back, back + 1))
        text[size - 1 - back] = 0;
}

size_t text_copy(char *out, size_t room, const char *text) {
    size_t n = strnlen(text, room - 1);
    memcpy(out, text, n);
    out[n] = 0;
    if (text[n]) text_trim_partial(out);
    return strlen(out);
}
