/* JSON going out. */
#include "base/json.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

/* How many bytes from text may stand as they are; 0 where what begins there must be escaped. Stored text never holds what
 * drives a terminal or turns a line around; a store that was written past this program may, and JSON is read there too. */
static size_t plain(const char *text, size_t size) {
    unsigned char c = (unsigned char)*text;
    size_t used;
    if (c < 0x80) return c >= 0x20 && c != '"' && c != '\\';
    uint32_t point = text_decode(text, size, &used);
    bool joiner = point == 0x200C || point == 0x200D;
    return joiner || text_is_clean(text, used, false) ? used : 0;
}

/* Escapes the character that begins there; returns its bytes. */
static size_t escape(Buffer *b, const char *text, size_t size) {
    size_t used;
    uint32_t c = text_decode(text, size, &used);
    if (c == '\n') buffer_add(b, "\\n", 2);
    else if (c == '"' || c == '\\') {
        char pair[2] = {'\\', (char)c};
        buffer_add(b, pair, 2);
    } else if (c < 0x10000) buffer_format(b, "\\u%04x", (unsigned)c);
    else buffer_format(b, "\\u%04x\\u%04x", 0xD7C0 + (unsigned)(c >> 10), 0xDC00 + (unsigned)(c & 0x3FF));
    return used;
}

void json_write_string(Buffer *b, const char *text, size_t size) {
    size_t start = 0, at = 0;
    buffer_add_char(b, '"');
    while (at < size) {
        size_t bytes = plain(text + at, size - at);
        at += bytes;
        if (bytes) continue;
        buffer_add(b, text + start, at - start);
        start = at += escape(b, text + at, size - at);
    }
    buffer_add(b, text + start, size - start);
    buffer_add_char(b, '"');
}

void json_write_key(Buffer *b, const char *key) {
    if (b->size && b->bytes[b->size - 1] != '{') buffer_add_char(b, ',');
    json_write_string(b, key, strlen(key));
    buffer_add_char(b, ':');
}
