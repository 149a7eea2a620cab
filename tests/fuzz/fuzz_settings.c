/* A file of settings of any bytes: it is taken with every value within its row's bounds, or refused with the file's name
 * and why. Refused or not, no other file is read. */
#include "fuzz.h"

#include "base/embedded.h"
#include "base/settings.h"
#include "base/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* libconfig's own scanner forgets the text of a string that the grammar refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libconfig\n";
}

static void check_values(const Settings *settings) {
    for (const Setting *row = setting_rows; row->name; row++) {
        const char *place = (const char *)settings + row->offset;
        int64_t number = 0, words = 0;
        const char *text = NULL;
        if (row->kind == SETTING_TEXT) memcpy(&text, place, sizeof text);
        else memcpy(&number, place, sizeof number);
        switch (row->kind) {
        case SETTING_TEXT:
            FUZZ_HOLDS(text && strlen(text) <= (size_t)row->max && text_is_clean(text, strlen(text), false));
            break;
        case SETTING_QUANTITY:
        case SETTING_NUMBER: FUZZ_HOLDS(number >= row->min && number <= row->max); break;
        case SETTING_FLAG: FUZZ_HOLDS(number == 0 || number == 1); break;
        case SETTING_WORD:
            while (row->words[words]) {
                words++;
            }
            FUZZ_HOLDS(number >= 0 && number < words);
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    Arena arena = {0};
    Settings settings = {.file = "", .store_path = ""};
    Error e = {0};
    const Embedded *defaults = embedded_find("jazari.conf.example");
    FUZZ_HOLDS(settings_read(&arena, defaults->bytes, defaults->size, defaults->name, &settings, &e) == STATUS_OK);
    Status s = settings_read(&arena, (const char *)bytes, size, "fuzz.conf", &settings, &e);
    FUZZ_HOLDS(s == STATUS_OK || s == STATUS_USAGE);
    if (s != STATUS_OK) FUZZ_HOLDS(*e.why && !strcmp(e.file, "fuzz.conf") && e.line >= 0);
    else check_values(&settings);
    arena_free(&arena);
    return 0;
}
