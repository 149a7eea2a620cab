/* Text of any bytes: what is taken is stored form, cleaning twice changes nothing, what goes out is clean, and measuring
 * agrees with clipping. */
#include "fuzz.h"

#include "base/json.h"
#include "base/text.h"

#include <jansson.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_in(const char *text, size_t size, bool lines) {
    Buffer once = {0}, twice = {0};
    Error e = {0};
    Status s = text_clean_in(&once, text, size, lines, "field", &e);
    FUZZ_HOLDS(s == STATUS_OK || (s == STATUS_USAGE && *e.why && !once.size));
    if (s == STATUS_OK) {
        const char *kept = buffer_string(&once);
        FUZZ_HOLDS(text_is_clean(kept, once.size, lines));
        FUZZ_HOLDS(text_is_stored_form(kept, once.size, lines));
        FUZZ_HOLDS(text_clean_in(&twice, kept, once.size, lines, NULL, NULL) == STATUS_OK);
        FUZZ_HOLDS(twice.size == once.size && !memcmp(buffer_string(&twice), kept, once.size));
    } else FUZZ_HOLDS(!text_is_stored_form(text, size, lines));
    buffer_free(&once);
    buffer_free(&twice);
}

static void check_out(const char *text, size_t size, bool lines) {
    Buffer once = {0}, twice = {0};
    text_clean_out(&once, text, size, lines);
    const char *shown = buffer_string(&once);
    FUZZ_HOLDS(text_is_clean(shown, once.size, lines));
    text_clean_out(&twice, shown, once.size, lines);
    FUZZ_HOLDS(twice.size == once.size && !memcmp(buffer_string(&twice), shown, once.size));
    if (text_is_clean(text, size, lines)) FUZZ_HOLDS(once.size == size && !memcmp(shown, text, size));
    buffer_free(&once);
    buffer_free(&twice);
}

/* Clusters cover the text without a gap, each of whole characters, and their columns are the text's. */
static void check_measures(const char *text, size_t size) {
    int width = 0, columns, used;
    for (size_t at = 0, n; at < size; at += n) {
        n = text_cluster(text + at, size - at, &columns);
        FUZZ_HOLDS(n > 0 && n <= size - at && columns >= 0);
        FUZZ_HOLDS(((unsigned char)text[at] & 0xC0) != 0x80);
        width += columns;
    }
    FUZZ_HOLDS(text_width(text, size) == width);
    for (int room = 0; room < 12; room++) {
        size_t n = text_fit(text, size, room, &used);
        FUZZ_HOLDS(n <= size && used <= room && text_width(text, n) == used);
    }
}

static void check_fold(const char *text, size_t size) {
    Buffer once = {0}, twice = {0};
    text_fold(&once, text, size);
    text_fold(&twice, buffer_string(&once), once.size);
    FUZZ_HOLDS(once.size == twice.size && !memcmp(buffer_string(&once), buffer_string(&twice), once.size));
    FUZZ_HOLDS(!once.size || (once.bytes[0] != ' ' && once.bytes[once.size - 1] != ' '));
    FUZZ_HOLDS(!strstr(buffer_string(&once), "  "));
    buffer_free(&once);
    buffer_free(&twice);
}

/* Written as JSON and read back by another it is the same; the JSON itself is clean text. */
static void check_json(const char *text, size_t size) {
    Buffer json = {0};
    json_write_string(&json, text, size);
    json_t *back = json_loadb(buffer_string(&json), json.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    FUZZ_HOLDS(json_is_string(back));
    FUZZ_HOLDS(json_string_length(back) == size && !memcmp(json_string_value(back), text, size));
    json_decref(back);
    buffer_free(&json);
}

/* A copy that is cut is still whole characters (a joiner may have lost what it joined). */
static void check_copy(const char *text, size_t size) {
    char *whole = malloc(size + 1), some[24];
    FUZZ_HOLDS(whole);
    memcpy(whole, text, size);
    whole[size] = 0;
    for (size_t room = 1; room <= sizeof some; room++) {
        Buffer kept = {0};
        size_t n = text_copy(some, room, whole);
        FUZZ_HOLDS(n < room && n == strlen(some) && !memcmp(some, whole, n));
        FUZZ_HOLDS(text_clean_in(&kept, some, n, true, NULL, NULL) == STATUS_OK);
        buffer_free(&kept);
    }
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const char *text = (const char *)bytes;
    Buffer clean = {0};
    if (size > 4096) return 0;
    for (int lines = 0; lines < 2; lines++) {
        check_in(text, size, lines);
        check_out(text, size, lines);
    }
    text_clean_out(&clean, text, size, true);
    check_measures(buffer_string(&clean), clean.size);
    check_fold(buffer_string(&clean), clean.size);
    check_json(buffer_string(&clean), clean.size);
    check_copy(buffer_string(&clean), clean.size);
    buffer_free(&clean);
    return 0;
}
