/* A growing run of bytes. */
#include "base/buffer.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(Buffer *b, size_t more) {
    size_t need = b->size + more + 1;
    if (need <= b->room) return;
    size_t room = b->room ? b->room : 128;
    while (room < need) {
        room *= 2;
    }
    b->bytes = memory_grow(b->bytes, room, 1);
    b->room = room;
}

void buffer_add(Buffer *b, const char *bytes, size_t size) {
    reserve(b, size);
    if (size) memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
    b->bytes[b->size] = 0;
}

void buffer_add_string(Buffer *b, const char *string) {
    buffer_add(b, string, strlen(string));
}

void buffer_add_char(Buffer *b, char c) {
    buffer_add(b, &c, 1);
}

void buffer_add_number(Buffer *b, int64_t number) {
    char digits[24], *p = digits + sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--p = (char)('0' + left % 10);
    } while (left /= 10);
    if (number < 0) *--p = '-';
    buffer_add(b, p, (size_t)(digits + sizeof digits - p));
}

void buffer_format(Buffer *b, const char *format, ...) {
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n > 0) {
        reserve(b, (size_t)n);
        vsnprintf(b->bytes + b->size, (size_t)n + 1, format, again);
        b->size += (size_t)n;
    }
    va_end(again);
}

const char *buffer_string(const Buffer *b) {
    return b->bytes ? b->bytes : "";
}

bool buffer_equal(const Buffer *a, const Buffer *b) {
    return a->size == b->size && !memcmp(buffer_string(a), buffer_string(b), a->size);
}

void buffer_clear(Buffer *b) {
    b->size = 0;
    if (b->bytes) *b->bytes = 0;
}

void buffer_free(Buffer *b) {
    free(b->bytes);
    *b = (Buffer){0};
}
