/* The folded form that search compares: what a person would take for the same word, written one way.
 *
 * NFKD parts letters from their accents, so dropping the marks joins é and e, and also alef with its hamzas and madda.
 * The rest of Arabic is a short table. A word is a run of letters and digits. */
#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

/* Letters that people write in each other's place. 0: dropped. NFKD may bring capitals back, as in U+2116 (No). */
static uint32_t join(uint32_t c) {
    static const struct {
        uint32_t from, to;
    } table[] = {
        {0x0621, 0},                     /* hamza alone */
        {0x0629, 0x0647},                /* ta marbuta: ha */
        {0x0640, 0},                     /* tatweel */
        {0x0649, 0x064A},                /* alef maqsura: ya */
        {0x0671, 0x0627},                /* alef wasla */
        {0x06A9, 0x0643},                /* keheh: kaf */
        {0x06AD, 0x0643},                /* ng, the Moroccan gaf: kaf */
        {0x06AF, 0x0643},                /* gaf: kaf */
        {0x06CC, 0x064A},                /* Farsi ya */
        {0x0763, 0x0643},                /* keheh with three dots, the Moroccan gaf */
        {0x115F, 0},                     /* the blank Hangul fillers */
        {0x1160, 0},      {0x0153, 'o'}, /* oe, ae: their first letter, then the e below */
        {0x00E6, 'a'},    {0x0131, 'i'}, {0x0142, 'l'}, {0x00F8, 'o'},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].from == c) return table[i].to;
    }
    if (c >= 0x0660 && c <= 0x0669) return '0' + (c - 0x0660);
    if (c >= 0x06F0 && c <= 0x06F9) return '0' + (c - 0x06F0);
    return uc_tolower(c);
}

static void add_word_char(Buffer *out, const char *bytes, size_t size, size_t start, bool *gap) {
    if (*gap && out->size > start) buffer_add_char(out, ' ');
    *gap = false;
    buffer_add(out, bytes, size);
}

static void fold_any(Buffer *out, const char *text, size_t size) {
    size_t n = 0;
    errno = 0;
    uint8_t *folded = u8_casefold((const uint8_t *)text, size, NULL, UNINORM_NFKD, NULL, &n);
    if (!folded && errno == ENOMEM) memory_end();
    if (!folded) return;
    size_t start = out->size;
    bool gap = false;
    for (size_t at = 0, used; at < n; at += used) {
        uint32_t c = text_decode((const char *)folded + at, n - at, &used), to = join(c);
        if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cf) || !to) continue;
        if (!uc_is_general_category_withtable(to, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N)) {
            gap = true;
            continue;
        }
        char bytes[4];
        add_word_char(out, bytes, text_encode(to, bytes), start, &gap);
        if (c == 0x0153 || c == 0x00E6) buffer_add_char(out, 'e');
    }
    free(folded);
}

/* What becomes of a letter does not depend on its neighbours, so it is found once for each of those in use: Latin,
 * Greek, Cyrillic, Hebrew and Arabic (below U+0800), and the punctuation of U+2000 to U+206F. */
enum { LETTERS = 0x800, PUNCTUATION = 0x2000, PUNCTUATION_END = 0x2070, BYTES_MOST = 14 };

typedef struct Folded {
    unsigned char known, size; /* known: 1; 2 where it parts words */
    char bytes[BYTES_MOST];
} Folded;

static Folded cache[LETTERS + PUNCTUATION_END - PUNCTUATION];

/* Between two letters a mark leaves "aa", a blank "a a", a letter itself. */
static void learn(Folded *f, uint32_t c) {
    Buffer text = {0}, folded = {0};
    char bytes[4];
    buffer_add_char(&text, 'a');
    buffer_add(&text, bytes, text_encode(c, bytes));
    buffer_add_char(&text, 'a');
    fold_any(&folded, text.bytes, text.size);
    *f = (Folded){.known = 1};
    if (folded.size == 3 && folded.bytes[1] == ' ') f->known = 2;
    else if (folded.size >= 2 && folded.size - 2 <= BYTES_MOST && !memchr(folded.bytes, ' ', folded.size)) {
        f->size = (unsigned char)(folded.size - 2);
        memcpy(f->bytes, folded.bytes + 1, f->size);
    } else f->known = 0; /* of several words: rare, and left to the long way */
    buffer_free(&text);
    buffer_free(&folded);
}

static const Folded *folded_of(uint32_t c) {
    if (c >= LETTERS && (c < PUNCTUATION || c >= PUNCTUATION_END)) return NULL;
    Folded *f = &cache[c < LETTERS ? c : LETTERS + c - PUNCTUATION];
    if (!f->known) learn(f, c);
    return f->known ? f : NULL;
}

void text_fold(Buffer *out, const char *text, size_t size) {
    size_t start = out->size;
    bool gap = false;
    for (size_t at = 0, used; at < size; at += used) {
        unsigned char c = (unsigned char)text[at];
        const Folded *f = folded_of(c < 0x80 ? (used = 1, c) : text_decode(text + at, size - at, &used));
        if (!f) {
            out->size = start;
            fold_any(out, text, size);
            return;
        }
        if (f->known == 2) gap = true;
        else if (f->size) add_word_char(out, f->bytes, f->size, start, &gap);
    }
}
