/* Batches of rows between the thread that reads and the one that writes. */
#include "commands/import_parts.h"

void queue_start(ImportQueue *q) {
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->moved, NULL);
}

void queue_end(ImportQueue *q) {
    for (int i = 0; i < IMPORT_BATCHES; i++) {
        arena_free(&q->batches[i].arena);
        for (int k = 0; k < IMPORT_BATCH; k++) {
            prepared_free(&q->batches[i].rows[k].write);
        }
    }
    pthread_cond_destroy(&q->moved);
    pthread_mutex_destroy(&q->lock);
}

ImportBatch *queue_fill(ImportQueue *q) {
    pthread_mutex_lock(&q->lock);
    while (q->filled - q->emptied == IMPORT_BATCHES && !q->stopped) {
        pthread_cond_wait(&q->moved, &q->lock);
    }
    ImportBatch *b = q->stopped ? NULL : &q->batches[q->filled % IMPORT_BATCHES];
    pthread_mutex_unlock(&q->lock);
    if (!b) return NULL;
    arena_reset(&b->arena);
    b->count = 0;
    return b;
}

static void step(ImportQueue *q, int64_t *count) {
    pthread_mutex_lock(&q->lock);
    ++*count;
    pthread_cond_signal(&q->moved);
    pthread_mutex_unlock(&q->lock);
}

void queue_filled(ImportQueue *q) {
    step(q, &q->filled);
}

void queue_emptied(ImportQueue *q) {
    step(q, &q->emptied);
}

ImportBatch *queue_empty(ImportQueue *q) {
    pthread_mutex_lock(&q->lock);
    while (q->filled == q->emptied && !q->ended) {
        pthread_cond_wait(&q->moved, &q->lock);
    }
    ImportBatch *b = q->filled == q->emptied ? NULL : &q->batches[q->emptied % IMPORT_BATCHES];
    pthread_mutex_unlock(&q->lock);
    return b;
}

static void raise_flag(ImportQueue *q, bool *flag) {
    pthread_mutex_lock(&q->lock);
    *flag = true;
    pthread_cond_signal(&q->moved);
    pthread_mutex_unlock(&q->lock);
}

void queue_stop(ImportQueue *q) {
    raise_flag(q, &q->stopped);
}

void queue_close(ImportQueue *q) {
    raise_flag(q, &q->ended);
}
