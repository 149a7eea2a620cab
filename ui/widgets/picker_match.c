/* What is typed into a picker, found in its items. */
#include "widgets/picker.h"

#include "base/text.h"
#include "screen/bidi.h"

#include <string.h>

enum { WORD_MOST = 64 }; /* bytes of a word that are compared letter by letter */

bool folded_match(const char *typed, const char *text) {
    Buffer a = {0}, b = {0};
    bool all = true;
    text_fold(&a, typed, strlen(typed));
    buffer_add_char(&b, ' ');
    text_fold(&b, text, strlen(text));
    for (const char *word = buffer_string(&a); *word && all;) {
        char needle[128];
        size_t n = strcspn(word, " ");
        if (n + 2 > sizeof needle) n = sizeof needle - 2;
        needle[0] = ' ';
        memcpy(needle + 1, word, n);
        needle[n + 1] = 0;
        all = strstr(buffer_string(&b), needle) != NULL;
        word += strcspn(word, " ");
        word += *word == ' ';
    }
    buffer_free(&a);
    buffer_free(&b);
    return all;
}

/* Where in text the letters end that fold to a word; 0 where it does not begin with it. */
static size_t begins_with(const char *text, size_t size, const char *word, size_t word_size) {
    Buffer folded = {0};
    size_t end = 0;
    bool same = true;
    while (end < size && folded.size < word_size && same) {
        int columns;
        end += text_cluster(text + end, size - end, &columns);
        buffer_clear(&folded);
        text_fold(&folded, text, end);
        size_t n = folded.size < word_size ? folded.size : word_size;
        same = n && !memcmp(folded.bytes, word, n);
    }
    same = same && folded.size >= word_size;
    buffer_free(&folded);
    return same ? end : 0;
}

static bool is_letter(const char *text, size_t size) {
    Buffer folded = {0};
    text_fold(&folded, text, size);
    bool letter = folded.size > 0;
    buffer_free(&folded);
    return letter;
}

bool found_part(const char *folded, const char *text, size_t from, size_t *start, size_t *end) {
    size_t size = strlen(text);
    bool in_word = false;
    if (!*folded || bidi_needed(text, size)) return false;
    for (size_t at = 0, n; at < size; at += n) {
        int columns;
        n = text_cluster(text + at, size - at, &columns);
        bool letter = is_letter(text + at, n), begins = letter && !in_word && at >= from;
        in_word = letter;
        if (!begins) continue;
        for (const char *word = folded; *word; word += strspn(word, " ")) {
            size_t length = strcspn(word, " "), part;
            if (length <= WORD_MOST && (part = begins_with(text + at, size - at, word, length))) {
                *start = at;
                *end = at + part;
                return true;
            }
            word += length;
        }
    }
    return false;
}
