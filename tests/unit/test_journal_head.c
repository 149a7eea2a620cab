/* store/journal_head: a head as text and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/journal_head.h"

#include <string.h>

static void a_head_is_text_and_back(void **state) {
    (void)state;
    JournalHead head = {.site = 9, .epoch = 3, .number = 123456789}, back;
    Buffer b = {0};
    for (int i = 0; i < JOURNAL_HEAD_HASH; i++) {
        head.hash[i] = (unsigned char)(7 * i);
    }
    journal_head_write(&head, &b);
    assert_true(journal_head_read(b.bytes, b.size, &back));
    assert_int_equal(back.site, 9);
    assert_int_equal(back.epoch, 3);
    assert_int_equal(back.number, 123456789);
    assert_memory_equal(back.hash, head.hash, sizeof head.hash);
    for (size_t size = 0; size < b.size; size++) {
        assert_false(journal_head_read(b.bytes, size, &back));
    }
    static const char *const wrong[] = {"",          "SMA",       "SMA.0.1",     "XXX.0.1.00",
                                        "SMA..1.00", "SMA.0..00", "SMA.-1.1.00", "SMA.99999999999999999999.1.00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(journal_head_read(wrong[i], strlen(wrong[i]), &back));
    }
    buffer_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_head_is_text_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
