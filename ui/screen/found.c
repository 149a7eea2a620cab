/* Finding by folding, as the store does it. Folding changes how long a text is, so a match is found by folding ever more
 * of it until the word is there. */
#include "screen/found.h"

#include "base/text.h"

#include <string.h>

/* How many code points of text fold to a word; 0 where it does not begin with it. */
static size_t begins_with(const char *text, size_t size, const char *word, size_t word_size) {
    Buffer folded = {0};
    size_t points = 0;
    for (size_t at = 0, used; at < size && folded.size < word_size; points++) {
        text_decode(text + at, size - at, &used);
        at += used;
        buffer_clear(&folded);
        text_fold(&folded, text, at);
        if (memcmp(buffer_string(&folded), word, folded.size < word_size ? folded.size : word_size) != 0) break;
    }
    bool whole = folded.size >= word_size && !memcmp(buffer_string(&folded), word, word_size);
    buffer_free(&folded);
    return whole ? points : 0;
}

/* Whether words are parted by a code point: folded between two letters it leaves a blank. */
static bool parts_words(const char *point, size_t size) {
    Buffer between = {0}, folded = {0};
    buffer_add_char(&between, 'a');
    buffer_add(&between, point, size);
    buffer_add_char(&between, 'a');
    text_fold(&folded, between.bytes, between.size);
    bool parts = memchr(folded.bytes, ' ', folded.size) != NULL;
    buffer_free(&between);
    buffer_free(&folded);
    return parts;
}

bool found_mark(const char *text, size_t size, const char *words, bool *marks, size_t room) {
    bool any = false, inside = false;
    size_t used;
    memset(marks, 0, room * sizeof *marks);
    for (size_t at = 0, point = 0; at < size && point < room; at += used, point++) {
        text_decode(text + at, size - at, &used);
        bool parts = parts_words(text + at, used), starts = !parts && !inside;
        inside = !parts;
        for (const char *w = words; starts && *w; w += strspn(w, " ")) {
            size_t n = strcspn(w, " "), points = begins_with(text + at, size - at, w, n);
            for (size_t i = point; i < point + points && i < room; i++) {
                marks[i] = any = true;
            }
            w += n;
        }
    }
    return any;
}
