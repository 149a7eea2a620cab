/* What is typed into a picker, found in its items. */
#include "widgets/picker.h"

#include "base/text.h"
#include "screen/bidi.h"

#include <string.h>

enum { WORD_MOST = 64 }; /* bytes of a word that are compared letter by letter */

/* Whether each word of typed is in text, each after `lead` (" ": only where a word begins). Both are folded. */
static bool holds_all(const char *typed, const char *text, const char *lead) {
    bool all = true;
    for (const char *word = typed; *word && all;) {
        size_t n = strcspn(word, " ");
        Buffer needle = {0};
        buffer_add_string(&needle, lead);
        buffer_add(&needle, word, n);
        all = strstr(text, buffer_string(&needle)) != NULL;
        buffer_free(&needle);
        word += n + (word[n] == ' ');
    }
    return all;
}

Match folded_find(const char *typed, const char *text) {
    Buffer a = {0}, b = {0};
    Match match = MATCH_NONE;
    text_fold(&a, typed, strlen(typed));
    buffer_add_char(&b, ' ');
    text_fold(&b, text, strlen(text));
    const char *words = buffer_string(&a), *whole = buffer_string(&b), *start = whole + 1;
    if (!strcmp(start, words)) match = MATCH_WHOLE;
    else if (!strncmp(start, words, a.size)) match = MATCH_START;
    else if (holds_all(words, whole, " ")) match = MATCH_WORDS;
    else if (holds_all(words, whole, "")) match = MATCH_WITHIN;
    buffer_free(&a);
    buffer_free(&b);
    return match;
}

bool folded_match(const char *typed, const char *text) {
    return folded_find(typed, text) <= MATCH_WORDS;
}

Match command_match(const char *typed, const char *shown, const char *name, const char *help) {
    Match by_shown = folded_find(typed, shown), by_name = folded_find(typed, name);
    /* Nobody sees this name: only typed in full it is as good as the other. */
    if (by_name == MATCH_START) by_name = MATCH_WORDS;
    Match match = by_shown < by_name ? by_shown : by_name;
    if (match != MATCH_NONE) return match;
    return help && folded_match(typed, help) ? MATCH_HELP : MATCH_NONE;
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
