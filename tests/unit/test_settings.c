/* base/settings: jazari.conf.example says of every setting what its row says. What files may hold is tested by the
 * command line (tests/screen/cli_settings.screen) and by fuzzing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embedded.h"
#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_ROOM = 200, TEXT_ROOM = 4000 };

/* The example, line by line: the comment that stands before a setting, or before its group. */
typedef struct Example {
    const char *at;
    char group[LINE_ROOM], group_comment[TEXT_ROOM], comment[TEXT_ROOM];
    char name[2 * LINE_ROOM], value[LINE_ROOM];
} Example;

static bool next_line(Example *x, char line[LINE_ROOM]) {
    if (!*x->at) return false;
    size_t size = strcspn(x->at, "\n"), indent = strspn(x->at, " ");
    assert_true(size < LINE_ROOM);
    snprintf(line, LINE_ROOM, "%.*s", (int)(size - (indent < size ? indent : size)), x->at + indent);
    x->at += size + (x->at[size] == '\n');
    return true;
}

static bool next_setting(Example *x) {
    char line[LINE_ROOM], name[LINE_ROOM];
    *x->comment = 0;
    while (next_line(x, line)) {
        size_t size = strlen(x->comment);
        if (!*line) *x->comment = 0;
        else if (*line == '#') snprintf(x->comment + size, TEXT_ROOM - size, "%s%s", size ? " " : "", line + 2);
        else if (sscanf(line, "%199[a-z_] = %199[^;]", name, x->value) == 2) {
            snprintf(x->name, sizeof x->name, "%s.%s", x->group, name);
            if (!*x->comment) memcpy(x->comment, x->group_comment, TEXT_ROOM);
            return true;
        } else if (line[strlen(line) - 1] == ':') {
            snprintf(x->group, sizeof x->group, "%.*s", (int)strlen(line) - 1, line);
            memcpy(x->group_comment, x->comment, TEXT_ROOM);
            *x->comment = 0;
        }
    }
    return false;
}

static void the_example_says_what_the_rows_say(void **state) {
    (void)state;
    Arena arena = {0};
    Settings defaults;
    Example x = {.at = embedded_find("jazari.conf.example")->bytes};
    assert_int_equal(settings_defaults(&arena, &defaults, NULL), STATUS_OK);
    for (const Setting *row = setting_rows; row->name; row++) {
        Buffer help = {0}, value = {0};
        assert_true(next_setting(&x));
        assert_string_equal(x.name, row->name);
        setting_write_help(&help, row);
        assert_string_equal(x.comment, buffer_string(&help));
        setting_write_value(&value, row, &defaults);
        assert_string_equal(x.value, buffer_string(&value));
        buffer_free(&help);
        buffer_free(&value);
    }
    assert_false(next_setting(&x));
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_says_what_the_rows_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
