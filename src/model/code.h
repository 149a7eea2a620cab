/* Ids and codes.
 *
 * An id is birth site (8 bits) | epoch (8) | counter (37), at most 2^53 so that every JSON reader keeps it whole. The
 * site and epoch make it unique in the whole network without asking anyone. People see a code: SMA-P42 (site, entity
 * letter, counter), SMA-P42.3 in epoch 3. Ids are unique within an entity. */
#ifndef JAZARI_MODEL_CODE_H
#define JAZARI_MODEL_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SITE_COUNT = 13, EPOCH_MAX = 255, CODE_SIZE = 32 };
#define COUNTER_MAX ((INT64_C(1) << 37) - 1)

int64_t id_make(int site, int epoch, int64_t counter);
int id_site(int64_t id);
int id_epoch(int64_t id);
int64_t id_counter(int64_t id);

/* The short code of a site (0 ROOT, 1 TTA to 12 DOD), NULL where there is none; and back, any case, -1 where none. */
const char *site_code(int64_t site);
int site_of_code(const char *code, size_t size);

/* Writes the code of an id, for entities with a letter. */
void code_write(char letter, int64_t id, char out[CODE_SIZE]);

/* Reads a code such as "sma-p42.3": any case. False where malformed. */
bool code_read(const char *code, size_t size, char *letter, int64_t *id);

#endif
