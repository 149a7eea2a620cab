/* Where in a text the words of a search are, so that they can be shown. */
#ifndef JAZARI_SCREEN_FOUND_H
#define JAZARI_SCREEN_FOUND_H

#include <stdbool.h>
#include <stddef.h>

/* Tells for each of the first `room` code points of clean text whether it belongs to one of the words, as the search
 * finds them: at the beginning of a word, accents and letters' forms aside. words are folded and parted by blanks.
 * False where none was found. */
bool found_mark(const char *text, size_t size, const char *words, bool *marks, size_t room);

#endif
