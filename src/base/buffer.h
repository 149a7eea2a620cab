/* A growing run of bytes, always followed by a NUL that does not count. A zeroed Buffer is an empty one. */
#ifndef JAZARI_BASE_BUFFER_H
#define JAZARI_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Buffer {
    char *bytes; /* NULL until something was added */
    size_t size, room;
} Buffer;

void buffer_add(Buffer *, const char *bytes, size_t size);
void buffer_add_string(Buffer *, const char *string);
void buffer_add_char(Buffer *, char c);
void buffer_add_number(Buffer *, int64_t number);
void buffer_format(Buffer *, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *buffer_string(const Buffer *); /* never NULL */
bool buffer_equal(const Buffer *, const Buffer *);
void buffer_clear(Buffer *); /* empties, keeps the memory */
void buffer_free(Buffer *);

#endif
