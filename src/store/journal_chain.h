/* How an entry is hashed: for appending it and for proving it later. */
#ifndef JAZARI_STORE_JOURNAL_CHAIN_H
#define JAZARI_STORE_JOURNAL_CHAIN_H

#include "store/internal.h"

typedef struct ChainHeader {
    int site, epoch, schema;
    int64_t number, id, rev;
    const char *at, *actor, *op, *verb;
    const Entity *entity;
} ChainHeader;

/* Puts the header's text (see journal.h) into b. */
void chain_header(Buffer *b, const ChainHeader *);
void chain_body_hash(const void *salt, size_t salt_size, const char *body, size_t size,
                     unsigned char out[JOURNAL_HASH_SIZE]);
void chain_hash(const unsigned char previous[JOURNAL_HASH_SIZE], const Buffer *header,
                const unsigned char body[JOURNAL_HASH_SIZE], unsigned char out[JOURNAL_HASH_SIZE]);

#endif
