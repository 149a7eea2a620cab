/* screen/found: where a text has the words of a search. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "screen/found.h"

#include <string.h>

enum { ROOM = 64 };

/* The text's code points that are marked, as "x" and "."; words as a person types them. */
static void expect(const char *text, const char *words, const char *marks) {
    bool found[ROOM];
    char seen[ROOM + 1] = "";
    Buffer folded = {0};
    text_fold(&folded, words, strlen(words));
    bool any = found_mark(text, strlen(text), buffer_string(&folded), found, ROOM);
    assert_int_equal(any, strchr(marks, 'x') != NULL);
    size_t points = 0, used;
    for (size_t at = 0; text[at]; at += used) {
        text_decode(text + at, strlen(text) - at, &used);
        seen[points] = found[points] ? 'x' : '.';
        points++;
    }
    assert_string_equal(seen, marks);
    buffer_free(&folded);
}

static void words_are_found_where_they_begin(void **state) {
    (void)state;
    expect("Prévision des eaux", "eau", "..............xxx.");
    expect("Prévision des eaux", "prevision EAUX", "xxxxxxxxx.....xxxx");
    expect("bateau", "eau", "......");
    expect("l’eau", "eau", "..xxx");
    expect("SMA-P42", "sma p4", "xxx.xx.");
    expect("rien", "", "....");
}

static void forms_of_letters_are_one(void **state) {
    (void)state;
    expect("Cœur", "coeur", "xxxx");
    expect("Cœur", "co", "xx..");
    expect("وجدة", "وجده", "xxxx");
    expect("الماء", "الما", "xxxx.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_where_they_begin),
        cmocka_unit_test(forms_of_letters_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
