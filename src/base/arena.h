/* Memory that is freed all at once: one arena a screen, a command or a reply. Out of memory ends the program (it has
 * nothing half-written: the store's transaction is rolled back by its journal). */
#ifndef JAZARI_BASE_ARENA_H
#define JAZARI_BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;
typedef struct Arena {
    ArenaBlock *block; /* newest first */
    size_t total;      /* bytes held from the system */
} Arena;

/* A zeroed Arena is an empty one. Memory comes aligned for any type and zeroed. */
void *arena_alloc(Arena *, size_t size);
void *arena_array(Arena *, size_t count, size_t size);     /* checked against overflow */
char *arena_copy(Arena *, const char *bytes, size_t size); /* adds a NUL */
char *arena_string(Arena *, const char *string);
char *arena_format(Arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(Arena *); /* forgets everything, keeps one block for what comes next */
void arena_free(Arena *);

/* malloc, realloc and strdup that end the program where there is no memory. */
void *memory_new(size_t size);
void *memory_grow(void *old, size_t count, size_t size);
char *memory_string(const char *string);
/* Ends the program for want of memory, for who hears of it elsewhere. */
_Noreturn void memory_end(void);
/* What is done before that: brings the terminal back, and takes no memory. */
void memory_on_end(void (*act)(void));

#endif
