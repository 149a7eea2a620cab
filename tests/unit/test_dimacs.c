/* capacity/dimacs: what a file says arrives, and what is no such file is refused at its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capacity/dimacs.h"
#include "capacity/mincost.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16 }; /* what is read at a time */

/* What arrived, written down one call a line. */
typedef struct Record {
    char text[2000];
    int64_t nodes, arcs, arcs_seen;
    uint64_t sum;   /* of all arcs, in their order */
    int refuse_arc; /* the arc to say no to; -1: none */
} Record;

static void note(Record *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(Record *r, const char *format, ...) {
    size_t used = strlen(r->text);
    va_list ap;
    va_start(ap, format);
    vsnprintf(r->text + used, sizeof r->text - used, format, ap);
    va_end(ap);
}

static uint64_t mix(uint64_t sum, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost) {
    const int64_t numbers[] = {from, to, lower, upper, cost};
    for (int i = 0; i < 5; i++) {
        sum = sum * 31 + (uint64_t)numbers[i];
    }
    return sum;
}

static Status on_problem(void *context, int64_t nodes, int64_t arcs, Error *e) {
    Record *r = context;
    if (nodes > 1000000) return error_set(e, STATUS_FAILED, "nodes", "no room for %" PRId64, nodes);
    assert_int_equal(r->nodes, 0);
    r->nodes = nodes;
    r->arcs = arcs;
    note(r, "p %" PRId64 " %" PRId64 "\n", nodes, arcs);
    return STATUS_OK;
}

static Status on_supply(void *context, int64_t node, int64_t supply, Error *e) {
    Record *r = context;
    (void)e;
    assert_true(node >= 0 && node < r->nodes);
    note(r, "n %" PRId64 " %" PRId64 "\n", node, supply);
    return STATUS_OK;
}

static Status on_arc(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                     Error *e) {
    Record *r = context;
    if (arc == r->refuse_arc) return error_set(e, STATUS_CONFLICT, "cost", "not %" PRId64, cost);
    assert_int_equal(arc, r->arcs_seen++);
    assert_true(arc < r->arcs && from >= 0 && from < r->nodes && to >= 0 && to < r->nodes && lower <= upper);
    r->sum = mix(r->sum, from, to, lower, upper, cost);
    if (r->nodes < 1000)
        note(r, "a %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", from, to, lower, upper, cost);
    return STATUS_OK;
}

static Status read_bytes(const void *bytes, size_t size, Record *r, Error *e) {
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    rewind(file);
    *r = (Record){.refuse_arc = r->refuse_arc};
    DimacsSink sink = {r, on_problem, on_supply, on_arc};
    Status s = dimacs_read(file, "net.min", &sink, e);
    assert_int_equal(fclose(file), 0);
    return s;
}

static void assert_reads(const char *text, const char *expected) {
    Record r = {.refuse_arc = -1};
    Error e = {0};
    if (read_bytes(text, strlen(text), &r, &e)) fail_msg("line %ld: %s: %s", e.line, e.field, e.why);
    assert_string_equal(r.text, expected);
}

static void assert_refuses(const char *text, long line, const char *field, const char *why) {
    Record r = {.refuse_arc = -1};
    Error e = {0};
    assert_int_equal(read_bytes(text, strlen(text), &r, &e), STATUS_USAGE);
    assert_int_equal(e.status, STATUS_USAGE);
    assert_string_equal(e.file, "net.min");
    assert_int_equal(e.line, line);
    assert_string_equal(e.field, field);
    if (!strstr(e.why, why)) fail_msg("\"%s\" is not in: %s", why, e.why);
    for (const char *c = e.why; *c; c++) {
        assert_true(*c >= 0x20 && *c < 0x7F);
    }
}

static void a_problem_arrives_whole(void **state) {
    (void)state;
    assert_reads("c made by hand\np min 4 3\nc\ncc and\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 4 3 -2 7 -9\na 2 2 1 1 0\n",
                 "p 4 3\nn 0 4\nn 3 -4\na 0 1 0 4 2\na 3 2 -2 7 -9\na 1 1 1 1 0\n");
    assert_reads("p min 1 0", "p 1 0\n");
    assert_reads("\r\n \tp\tmin  2\t1 \r\n\r\na 1 2 0 1 0\r\nn 2 -00\n  \n", "p 2 1\na 0 1 0 1 0\nn 1 0\n");
}

static void no_capacity_means_without_bound(void **state) {
    (void)state;
    char expected[200];
    snprintf(expected, sizeof expected,
             "p 2 4\na 0 1 0 %" PRId64 " 1\na 0 1 -5 -5 1\na 0 1 -5 %" PRId64 " 1\na 0 1 3 %" PRId64 " 1\n",
             MINCOST_UNLIMITED, MINCOST_UNLIMITED, MINCOST_UNLIMITED);
    assert_reads("p min 2 4\na 1 2 0 -1 1\na 1 2 -5 -5 1\na 1 2 -5 -6 1\na 1 2 3 9223372036854775807 1\n", expected);
}

static void numbers_fill_64_bits_and_no_more(void **state) {
    (void)state;
    assert_reads("p min 3 0\nn 1 9223372036854775807\nn 2 -9223372036854775808\nn 3 000000000000000000012\n",
                 "p 3 0\nn 0 9223372036854775807\nn 1 -9223372036854775808\nn 2 12\n");
    assert_refuses("p min 2 0\nn 1 9223372036854775808\n", 2, "supply", "9223372036854775808 does not fit");
    assert_refuses("p min 2 0\nn 1 -9223372036854775809\n", 2, "supply", "-9223372036854775809 does not fit");
    assert_refuses("p min 2 0\nn 1 9999999999999999999\n", 2, "supply", "9999999999999999999 does not fit");
    assert_refuses("p min 2 0\nn 1 18446744073709551617\n", 2, "supply", "18446744073709551617 does not fit");
    assert_refuses("p min 2 0\nn 1 100000000000000000000000000000001\n", 2, "supply", "\"10000000000000000000...\"");
    static const char *const words[] = {"x", "1x", "-", "--1", "+1", "1-", "1.5", "0x10", "1e3", "\x1B[31m"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[80], quoted[40];
        snprintf(text, sizeof text, "p min 2 0\nn 1 %s\n", words[i]);
        snprintf(quoted, sizeof quoted, "\"%s\" where", *words[i] == 0x1B ? "?[31m" : words[i]);
        assert_refuses(text, 2, "supply", quoted);
    }
}

static void every_line_is_checked(void **state) {
    (void)state;
    assert_refuses("", 1, "p", "no p line");
    assert_refuses("c only\n\n", 3, "p", "no p line");
    assert_refuses("n 1 2\np min 2 0\n", 1, "p", "before any other");
    assert_refuses("a 1 2 0 1 1\n", 1, "p", "before any other");
    assert_refuses("p max 2 1\n", 1, "p", "\"max\"");
    assert_refuses("p\n", 1, "", "and then a space");
    assert_refuses("p \n", 1, "p", "the line ends");
    assert_refuses("p min\n", 1, "nodes", "the line ends");
    assert_refuses("p min 2\n", 1, "arcs", "the line ends");
    assert_refuses("p min 2 1 7\n", 1, "", "\"7\" where the end");
    assert_refuses("p min 0 0\n", 1, "p", "0 nodes and 0 arcs");
    assert_refuses("p min 1 -1\n", 1, "p", "-1 arcs");
    assert_refuses("p min 1 2147483647\n", 1, "p", "2147483647 arcs");
    assert_refuses("p min 2147483647 1\n", 1, "p", "2147483647 nodes");
    assert_refuses("\np min 2 0\n\np min 2 0\n", 4, "p", "already");
    assert_refuses("p min 2 0\nx 1\n", 2, "", "\"x\" where c, p, n or a");
    assert_refuses("p min 2 0\nnode 1 1\n", 2, "", "and then a space");
    assert_refuses("p min 2 0\nn 3 1\n", 2, "node", "3 is not a node: they are 1 to 2");
    assert_refuses("p min 2 0\nn 0 1\n", 2, "node", "0 is not a node");
    assert_refuses("p min 2 0\nn 1\n", 2, "supply", "the line ends");
    assert_refuses("p min 2 0\nn 1 1 1\n", 2, "", "\"1\" where the end");
    assert_refuses("p min 2 0\nn 1 1\nn 2 1\nn 1 1\n", 4, "node", "node 1 had");
    assert_refuses("p min 2 0\nn 1 1\r \n", 2, "", "where the end of the line");
    assert_refuses("p min 2 1\na 3 1 0 1 1\n", 2, "from", "3 is not");
    assert_refuses("p min 2 1\na 1 -1 0 1 1\n", 2, "to", "-1 is not");
    assert_refuses("p min 2 1\na 1 2 x 1 1\n", 2, "lower", "\"x\"");
    assert_refuses("p min 2 1\na 1 2 0 x 1\n", 2, "capacity", "\"x\"");
    assert_refuses("p min 2 1\na 1 2 0 1 x\n", 2, "cost", "\"x\"");
    assert_refuses("p min 2 1\na 1 2 0 1\n", 2, "cost", "the line ends");
    assert_refuses("p min 2 1\na 1 2 0 1 1 1\n", 2, "", "\"1\" where the end");
    assert_refuses("p min 2 1\na 1 2 7 5 1\n", 2, "capacity", "5 is below the lower bound, 7");
    assert_refuses("p min 2 1\na 1 2 0 1 1\na 1 2 0 1 1\n", 3, "a", "more arcs than the 1");
    assert_refuses("p min 2 2\na 1 2 0 1 1\n", 3, "a", "after 1 of 2");
}

static void what_the_sink_refuses_is_at_its_line(void **state) {
    (void)state;
    static const char text[] = "p min 2 3\na 1 2 0 1 5\n\na 1 2 0 1 6\na 1 2 0 1 7\n", big[] = "c\np min 1000001 0\n";
    Record r = {.refuse_arc = 1};
    Error e = {0};
    assert_int_equal(read_bytes(text, sizeof text - 1, &r, &e), STATUS_CONFLICT);
    assert_string_equal(e.file, "net.min");
    assert_int_equal(e.line, 4);
    assert_string_equal(e.field, "cost");
    assert_string_equal(e.why, "not 6");
    assert_int_equal(r.arcs_seen, 1);
    e = (Error){0};
    assert_int_equal(read_bytes(big, sizeof big - 1, &r, &e), STATUS_FAILED);
    assert_int_equal(e.line, 2);
    assert_string_equal(e.why, "no room for 1000001");
}

static void what_cannot_be_read_is_no_short_file(void **state) {
    (void)state;
    Record r = {.refuse_arc = -1};
    Error e = {0};
    DimacsSink sink = {&r, on_problem, on_supply, on_arc};
    FILE *directory = fopen("/", "rb");
    assert_non_null(directory);
    assert_int_equal(dimacs_read(directory, "/", &sink, &e), STATUS_FAILED);
    assert_string_equal(e.file, "/");
    assert_non_null(strstr(e.why, "Is a directory"));
    fclose(directory);
}

/* --- files of many pieces --------------------------------------------------------------------------------------- */

/* A comment of `pad` bytes, then arcs that are different from each other; returns how long that is. */
static size_t write_long(char *out, size_t size, size_t pad, int arcs, uint64_t *sum) {
    size_t n = 0;
    n += (size_t)snprintf(out, size, "p min 5000 %d\nc", arcs);
    memset(out + n, 'x', pad);
    n += pad;
    out[n++] = '\n';
    *sum = 0;
    for (int i = 0; i < arcs; i++) {
        int64_t from = i % 5000, to = i * 7 % 5000, cost = (i % 2 ? -1 : 1) * (int64_t)i * 100003;
        n += (size_t)snprintf(out + n, size - n, "a %" PRId64 " %" PRId64 " -%d %d %" PRId64 "\n", from + 1, to + 1, i,
                              i + 17, cost);
        *sum = mix(*sum, from, to, -i, i + 17, cost);
    }
    return n;
}

/* Whatever byte of a line the border between two pieces falls on. */
static void pieces_do_not_show(void **state) {
    (void)state;
    size_t size = 4 * PIECE;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t pad = 1; pad < 60; pad++) {
        Record r = {.refuse_arc = -1};
        Error e = {0};
        uint64_t sum;
        size_t n = write_long(text, size, pad, 5000, &sum);
        assert_true(n > 2 * PIECE && n < size);
        if (read_bytes(text, n, &r, &e)) fail_msg("%zu: line %ld: %s: %s", pad, e.line, e.field, e.why);
        assert_int_equal(r.arcs_seen, 5000);
        assert_true(r.sum == sum);
        text[n - 2] = 'x';
        assert_int_equal(read_bytes(text, n, &r, &e), STATUS_USAGE);
        assert_int_equal(e.line, 2 + 5000);
    }
    free(text);
}

static void long_lines_are_no_matter(void **state) {
    (void)state;
    size_t size = 10 * 1024 * 1024;
    char *text = malloc(size);
    Record r = {.refuse_arc = -1};
    Error e = {0};
    assert_non_null(text);
    memset(text, '7', size);
    memcpy(text, "p min 1 0\nn 1 ", 14);
    assert_int_equal(read_bytes(text, size, &r, &e), STATUS_USAGE);
    assert_int_equal(e.line, 2);
    assert_non_null(strstr(e.why, "\"77777777777777777777...\""));
    memset(text + 14, ' ', size - 14);
    text[size - 1] = '3';
    assert_int_equal(read_bytes(text, size, &r, &e), STATUS_OK);
    assert_string_equal(r.text, "p 1 0\nn 0 3\n");
    memcpy(text + 10, "c", 1);
    memcpy(text + size - 6, "\nn 1 5", 6);
    assert_int_equal(read_bytes(text, size, &r, &e), STATUS_OK);
    assert_string_equal(r.text, "p 1 0\nn 0 5\n");
    free(text);
}

static void whatever_the_bytes_the_sink_gets_sense(void **state) {
    (void)state;
    static const char good[] = "c x\np min 4 3\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 -2\na 3 4 -5 -1 1\n";
    static const char odd[] = "cpna 0123456789-\n\r\t\0\x1B\xFF.";
    uint64_t random = 1;
    int taken = 0, refused = 0;
    for (int round = 0; round < 5000; round++) {
        char text[sizeof good];
        size_t n = sizeof good - 1;
        Record r = {.refuse_arc = -1};
        Error e = {0};
        memcpy(text, good, sizeof good);
        for (int change = 0; change < 1 + round % 3; change++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[(random >> 33) % n] = odd[(random >> 40) % (sizeof odd - 1)];
        }
        if (round % 5 == 0) n = (random >> 35) % n;
        Status s = read_bytes(text, n, &r, &e);
        assert_true(s == STATUS_OK || (s == STATUS_USAGE && e.line >= 1 && *e.why) || s == STATUS_FAILED);
        if (s) refused++;
        else taken++;
        if (!s) assert_int_equal(r.arcs_seen, r.arcs);
    }
    assert_true(taken > 200 && refused > 200);
}

/* --- into the solver -------------------------------------------------------------------------------------------- */

static Status make_problem(void *context, int64_t nodes, int64_t arcs, Error *e) {
    return mincost_new(context, nodes, arcs, e);
}

static Status set_supply(void *context, int64_t node, int64_t supply, Error *e) {
    MinCost **m = context;
    return mincost_set_supply(*m, node, supply, e);
}

static Status set_arc(void *context, int64_t arc, int64_t from, int64_t to, int64_t lower, int64_t upper, int64_t cost,
                      Error *e) {
    MinCost **m = context;
    return mincost_set_arc(*m, arc, from, to, lower, upper, cost, e);
}

static Status solve_text(char *text, MinCost **m, Error *e) {
    FILE *file = fmemopen(text, strlen(text), "r");
    assert_non_null(file);
    Status s = dimacs_read(file, "net.min", &(DimacsSink){m, make_problem, set_supply, set_arc}, e);
    fclose(file);
    MinCostOutcome outcome;
    return s ? s : mincost_solve(*m, NULL, &outcome, e);
}

/* The example of the format's specification. */
static void a_file_is_solved(void **state) {
    (void)state;
    char text[] = "p min 4 5\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 2\na 2 3 0 2 1\na 2 4 0 3 3\na 3 4 0 5 1\n";
    MinCost *m = NULL;
    int64_t total;
    assert_int_equal(solve_text(text, &m, NULL), STATUS_OK);
    assert_int_equal(mincost_outcome(m), MINCOST_OPTIMAL);
    assert_int_equal(mincost_total(m, &total, NULL), STATUS_OK);
    assert_int_equal(total, 14);
    mincost_free(m);
}

static void what_is_too_large_to_solve_is_refused_at_its_line(void **state) {
    (void)state;
    char cost[] = "p min 2 1\na 1 2 0 1 192153584101141163\n", supply[] = "p min 2 0\n\nn 1 -2305843009213693952\n";
    char *texts[] = {cost, supply};
    static const char *const fields[] = {"cost", "supply"}, *const values[] = {"192153584101141163",
                                                                               "-2305843009213693952"};
    for (int i = 0; i < 2; i++) {
        MinCost *m = NULL;
        Error e = {0};
        assert_int_equal(solve_text(texts[i], &m, &e), STATUS_USAGE);
        assert_int_equal(e.line, 2 + i);
        assert_string_equal(e.field, fields[i]);
        assert_non_null(strstr(e.why, values[i]));
        mincost_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_arrives_whole),
        cmocka_unit_test(no_capacity_means_without_bound),
        cmocka_unit_test(numbers_fill_64_bits_and_no_more),
        cmocka_unit_test(every_line_is_checked),
        cmocka_unit_test(what_the_sink_refuses_is_at_its_line),
        cmocka_unit_test(what_cannot_be_read_is_no_short_file),
        cmocka_unit_test(pieces_do_not_show),
        cmocka_unit_test(long_lines_are_no_matter),
        cmocka_unit_test(whatever_the_bytes_the_sink_gets_sense),
        cmocka_unit_test(a_file_is_solved),
        cmocka_unit_test(what_is_too_large_to_solve_is_refused_at_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
