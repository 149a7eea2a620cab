/* Memory that is freed all at once: a list of blocks, each at least twice the last one up to a bound, the newest one
 * being filled from its start. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ArenaBlock {
    ArenaBlock *older;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024 };

static void (*last_act)(void);

void memory_on_end(void (*act)(void)) {
    last_act = act;
}

/* Nothing that takes memory is done any more: no atexit, no buffers of stdio. */
void memory_end(void) {
    static const char text[] = "jazari: out of memory\n";
    if (last_act) last_act();
    if (write(2, text, sizeof text - 1) < 0) {} /* nothing is left to tell it to */
    _exit(EXIT_FAILURE);
}

void *memory_new(size_t size) {
    void *p = calloc(1, size ? size : 1);
    if (!p) memory_end();
    return p;
}

char *memory_string(const char *string) {
    size_t size = strlen(string) + 1;
    return memcpy(memory_new(size), string, size);
}

void *memory_grow(void *old, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) memory_end();
    size_t bytes = count * size;
    void *p = realloc(old, bytes > 0 ? bytes : 1);
    if (!p) memory_end();
    return p;
}

void *arena_alloc(Arena *a, size_t size) {
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2) memory_end();
    size = (size + align - 1) / align * align;
    if (!a->block || a->block->size - a->block->used < size) {
        size_t want = a->block ? a->block->size * 2 : FIRST_BLOCK;
        if (want > LARGEST_BLOCK) want = LARGEST_BLOCK;
        if (want < size) want = size;
        ArenaBlock *b = memory_grow(NULL, 1, sizeof *b + want);
        *b = (ArenaBlock){.older = a->block, .size = want};
        a->block = b;
        a->total += want;
    }
    void *p = a->block->bytes + a->block->used;
    a->block->used += size;
    return memset(p, 0, size);
}

void *arena_array(Arena *a, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) memory_end();
    return arena_alloc(a, count * size);
}

char *arena_copy(Arena *a, const char *bytes, size_t size) {
    char *p = arena_alloc(a, size + 1);
    if (size) memcpy(p, bytes, size);
    return p;
}

char *arena_string(Arena *a, const char *string) {
    return arena_copy(a, string, strlen(string));
}

char *arena_format(Arena *a, const char *format, ...) {
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *p = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0) vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}

static void free_older(Arena *a, ArenaBlock *from) {
    while (from) {
        ArenaBlock *older = from->older;
        a->total -= from->size;
        free(from);
        from = older;
    }
}

void arena_reset(Arena *a) {
    if (!a->block) return;
    free_older(a, a->block->older);
    a->block->older = NULL;
    a->block->used = 0;
}

void arena_free(Arena *a) {
    free_older(a, a->block);
    a->block = NULL;
}
