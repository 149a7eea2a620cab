/* The tables of actions in ui/panels: within one of them a name stands once, and a key once, or in several rows of which
 * each has a condition of its own. The tables are the panels' own, so they are read as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buffer.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 64, WORD_MOST = 64, CELL_MOST = 512, CELLS = 7 };
enum { NAME_CELL = 0, KEYS_CELL = 3, CAN_CELL = 6 };

typedef struct Row {
    char name[WORD_MOST], keys[WORD_MOST], can[WORD_MOST];
} Row;

static void read_file(const char *path, Buffer *b) {
    char part[4096];
    size_t n;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while ((n = fread(part, 1, sizeof part, f))) {
        buffer_add(b, part, n);
    }
    fclose(f);
}

/* One cell of a row, up to its comma or the row's end: what is in quotes, or the word that it is. */
static const char *read_cell(const char *at, char out[CELL_MOST]) {
    size_t used = 0;
    int depth = 0;
    bool quoted = false;
    for (; quoted || depth || (*at != ',' && *at != '}'); at++) {
        assert_true(*at && used + 1 < CELL_MOST);
        if (*at == '"' && at[-1] != '\\') quoted = !quoted;
        else if (quoted) out[used++] = *at;
        else if (*at == '(') depth++;
        else if (*at == ')') depth--;
        else if (!isspace((unsigned char)*at)) out[used++] = *at;
    }
    out[used] = 0;
    return at;
}

/* The row that begins at a brace; NULL from the one that ends the table. */
static const char *read_row(const char *at, Row *row) {
    char cells[CELLS][CELL_MOST];
    for (int i = 0; i < CELLS; i++) {
        at = read_cell(at + 1, cells[i]);
        if (!i && !strcmp(cells[i], "0")) return NULL;
        assert_int_equal(*at, i + 1 < CELLS ? ',' : '}');
    }
    snprintf(row->name, WORD_MOST, "%.*s", WORD_MOST - 1, cells[NAME_CELL]);
    snprintf(row->keys, WORD_MOST, "%.*s", WORD_MOST - 1, cells[KEYS_CELL]);
    snprintf(row->can, WORD_MOST, "%.*s", WORD_MOST - 1, cells[CAN_CELL]);
    return at + 1;
}

static bool share_a_key(const char *a, const char *b) {
    for (; *a; a += strspn(a, " ")) {
        size_t n = strcspn(a, " ");
        for (const char *at = b; *at; at += strspn(at, " ")) {
            size_t m = strcspn(at, " ");
            if (n == m && !strncmp(a, at, n)) return true;
            at += m;
        }
        a += n;
    }
    return false;
}

static bool are_apart(const Row *a, const Row *b) {
    return strcmp(a->can, "NULL") != 0 && strcmp(b->can, "NULL") != 0 && strcmp(a->can, b->can) != 0;
}

static void check_table(const char *file, const char *at) {
    Row rows[ROWS_MOST];
    int count = 0;
    while ((at = strchr(at, '{')) && (at = read_row(at, &rows[count]))) {
        for (int i = 0; i < count; i++) {
            const Row *a = &rows[i], *b = &rows[count];
            if (!strcmp(a->name, b->name)) fail_msg("%s: \"%s\" stands twice in a table", file, b->name);
            if (share_a_key(a->keys, b->keys) && !are_apart(a, b))
                fail_msg("%s: \"%s\" and \"%s\" are on one key (%s)", file, a->name, b->name, b->keys);
        }
        assert_true(++count < ROWS_MOST);
    }
    assert_true(count > 0);
}

static int check_file(const char *path) {
    static const char head[] = "const Action ", begin[] = "_actions[] = {";
    Buffer text = {0};
    int tables = 0;
    read_file(path, &text);
    for (const char *at = buffer_string(&text); (at = strstr(at, head)); at++) {
        const char *rows = strstr(at, begin);
        if (!rows || rows > strchr(at, '\n')) continue;
        check_table(path, rows + sizeof begin - 1);
        tables++;
    }
    buffer_free(&text);
    return tables;
}

static void names_and_keys_are_unique_within_a_table(void **state) {
    (void)state;
    DIR *panels = opendir("ui/panels");
    const struct dirent *entry;
    int tables = 0;
    assert_non_null(panels);
    while ((entry = readdir(panels))) {
        char path[300];
        const char *end = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, "ui/panels/%s", entry->d_name);
        if (end && !strcmp(end, ".c")) tables += check_file(path);
    }
    closedir(panels);
    assert_true(tables >= 15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_keys_are_unique_within_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
