/* Ids and codes. */
#include "model/code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char codes[SITE_COUNT][5] = {"ROOT", "TTA", "ORI", "FMK", "RSK", "BMK", "CAS",
                                          "MSF",  "DTF", "SMA", "GON", "LSH", "DOD"};

int64_t id_make(int site, int epoch, int64_t counter) {
    return (int64_t)site << 45 | (int64_t)epoch << 37 | counter;
}

int id_site(int64_t id) {
    return (int)(id >> 45 & 0xFF);
}

int id_epoch(int64_t id) {
    return (int)(id >> 37 & 0xFF);
}

int64_t id_counter(int64_t id) {
    return id & COUNTER_MAX;
}

const char *site_code(int64_t site) {
    return site >= 0 && site < SITE_COUNT ? codes[site] : NULL;
}

int site_of_code(const char *code, size_t size) {
    for (int i = 0; i < SITE_COUNT; i++) {
        if (strlen(codes[i]) == size && !strncasecmp(codes[i], code, size)) return i;
    }
    return -1;
}

void code_write(char letter, int64_t id, char out[CODE_SIZE]) {
    const char *site = site_code(id_site(id));
    if (id_epoch(id))
        snprintf(out, CODE_SIZE, "%s-%c%lld.%d", site ? site : "?", letter, (long long)id_counter(id), id_epoch(id));
    else snprintf(out, CODE_SIZE, "%s-%c%lld", site ? site : "?", letter, (long long)id_counter(id));
}

static bool take_number(const char **at, const char *end, int64_t max, int64_t *number) {
    const char *start = *at;
    for (*number = 0; *at < end && isdigit((unsigned char)**at); ++*at) {
        *number = *number * 10 + (**at - '0');
        if (*number > max) return false;
    }
    return *at > start && *start != '0';
}

bool code_read(const char *code, size_t size, char *letter, int64_t *id) {
    const char *end = code + size, *dash = memchr(code, '-', size), *at;
    int64_t counter, epoch = 0;
    if (!dash || end - dash < 3) return false;
    int site = site_of_code(code, (size_t)(dash - code));
    *letter = (char)toupper((unsigned char)dash[1]);
    at = dash + 2;
    if (site < 0 || *letter < 'A' || *letter > 'Z' || !take_number(&at, end, COUNTER_MAX, &counter)) return false;
    if (at < end && (*at++ != '.' || !take_number(&at, end, EPOCH_MAX, &epoch))) return false;
    *id = id_make(site, (int)epoch, counter);
    return at == end;
}
