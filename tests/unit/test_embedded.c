/* base/embedded: the files that are part of the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embedded.h"

#include <string.h>

static void every_file_is_found_by_its_name(void **state) {
    (void)state;
    int count = 0;
    for (const Embedded *f = embedded_files; f->name; f++, count++) {
        assert_ptr_equal(embedded_find(f->name), f); /* so no name stands twice */
        assert_true(*f->name && strncmp(f->name, "data/", 5) != 0);
        assert_int_equal(f->bytes[f->size], 0);
    }
    assert_true(count > 0);
    assert_null(embedded_find(""));
    assert_null(embedded_find("reference"));
    assert_null(embedded_find("reference/regions.csv "));
    assert_null(embedded_find("data/reference/regions.csv"));
}

static void files_are_whole(void **state) {
    (void)state;
    const Embedded *f = embedded_find("reference/regions.csv");
    assert_non_null(f);
    int lines = 0;
    for (size_t i = 0; i < f->size; i++) {
        lines += f->bytes[i] == '\n';
    }
    assert_int_equal(lines, 13); /* a heading and the twelve regions */
    assert_int_equal(strlen(f->bytes), f->size);
    assert_memory_equal(f->bytes, "iso,code,", 9);
    assert_int_equal(f->bytes[f->size - 1], '\n');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_found_by_its_name),
        cmocka_unit_test(files_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
