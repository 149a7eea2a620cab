/* JSON going out. */
#include "base/json.h"

#include <stdbool.h>
#include <string.h>

static bool safe(unsigned char c) {
    return c >= 0x20 && c != '"' && c != '\\';
}

void json_write_string(Buffer *b, const char *text, size_t size) {
    buffer_add_char(b, '"');
    size_t start = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (safe(c)) continue;
        buffer_add(b, text + start, i - start);
        start = i + 1;
        if (c == '\n') buffer_add(b, "\\n", 2);
        else if (c == '"' || c == '\\') {
            char pair[2] = {'\\', (char)c};
            buffer_add(b, pair, 2);
        } else buffer_format(b, "\\u%04x", c);
    }
    buffer_add(b, text + start, size - start);
    buffer_add_char(b, '"');
}

void json_write_key(Buffer *b, const char *key) {
    if (b->size && b->bytes[b->size - 1] != '{') buffer_add_char(b, ',');
    json_write_string(b, key, strlen(key));
    buffer_add_char(b, ':');
}
