/* The regions' outlines: what the reference data holds, and what is refused. */
#include "model/geography.h"

#include "base/buffer.h"
#include "base/embedded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Arena arena;
static const Geography *geography;

static int open_geography(void **state) {
    (void)state;
    return geography_load(&arena, &geography, NULL) == STATUS_OK ? 0 : -1;
}

static int close_geography(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static bool within(const GeoRing *ring, GeoPoint at) {
    bool odd = false;
    for (int i = 0, before = ring->count - 1; i < ring->count; before = i++) {
        GeoPoint a = ring->points[before], b = ring->points[i];
        if ((a.lat > at.lat) == (b.lat > at.lat)) continue;
        if ((double)a.lon + ((double)at.lat - a.lat) * (b.lon - a.lon) / (b.lat - a.lat) > at.lon) odd = !odd;
    }
    return odd;
}

static int site_at(GeoPoint at) {
    for (int site = 1; site < SITE_COUNT; site++) {
        bool odd = false;
        for (int r = 0; r < geography->sites[site].count; r++)
            odd ^= within(&geography->sites[site].rings[r], at);
        if (odd) return site;
    }
    return 0;
}

static void test_every_region_has_an_outline(void **state) {
    (void)state;
    assert_int_equal(geography->sites[0].count, 0);
    for (int site = 1; site < SITE_COUNT; site++) {
        const GeoOutline *o = &geography->sites[site];
        assert_true(o->count >= 1);
        for (int r = 0; r < o->count; r++) {
            assert_true(o->rings[r].count >= 3);
            GeoPoint last = o->rings[r].points[o->rings[r].count - 1];
            for (int i = 0; i < o->rings[r].count; i++) {
                GeoPoint p = o->rings[r].points[i];
                assert_true(p.lon != last.lon || p.lat != last.lat);
                assert_in_range(p.lat, o->box.south, o->box.north);
                assert_true(p.lon >= o->box.west && p.lon <= o->box.east);
                last = p;
            }
        }
    }
}

static void test_boxes(void **state) {
    (void)state;
    const GeoBox *north = &geography->sites[1].box, *all = &geography->box;
    assert_int_equal(north->west, -6243000);
    assert_int_equal(north->south, 34516000);
    assert_int_equal(north->east, -3803000);
    assert_int_equal(north->north, 35912000);
    assert_int_equal(all->west, -17068000);
    assert_int_equal(all->south, 20890000);
    assert_int_equal(all->east, -1000000);
    assert_int_equal(all->north, 35912000);
}

/* Places well inside each region lie in it, and the sea and the neighbouring countries in none. */
static void test_places(void **state) {
    (void)state;
    static const struct {
        double lat, lon;
        int site;
    } places[] = {
        {35.17, -5.27, 1},   /* Chefchaouen */
        {34.69, -1.91, 2},   /* Oujda */
        {34.04, -5.0, 3},    /* Fès */
        {34.26, -6.58, 4},   /* Kénitra */
        {32.34, -6.36, 5},   /* Béni Mellal */
        {33.0, -7.62, 6},    /* Settat */
        {31.63, -7.98, 7},   /* Marrakech */
        {31.93, -4.43, 8},   /* Errachidia */
        {30.47, -8.88, 9},   /* Taroudant */
        {28.99, -10.06, 10}, /* Guelmim */
        {26.74, -11.67, 11}, /* Smara */
        {22.5, -14.5, 12},   /* Aousserd */
        {30.0, -12.0, 0},    /* the ocean */
        {32.0, 0.0, 0},      {36.5, -5.0, 0},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        GeoPoint at = {(int32_t)(places[i].lon * 1e6), (int32_t)(places[i].lat * 1e6)};
        assert_int_equal(site_at(at), places[i].site);
    }
}

/* Borders are shared: a point between two other points of a border belongs to both regions. */
static void test_shared_borders(void **state) {
    (void)state;
    static const int pairs[][2] = {{1, 3}, {2, 8}, {4, 6}, {5, 7}, {9, 10}, {10, 11}, {11, 12}};
    for (size_t n = 0; n < sizeof pairs / sizeof *pairs; n++) {
        const GeoRing *a = geography->sites[pairs[n][0]].rings, *b = geography->sites[pairs[n][1]].rings;
        int shared = 0;
        for (int i = 0; i < a->count; i++) {
            for (int j = 0; j < b->count; j++)
                shared += a->points[i].lon == b->points[j].lon && a->points[i].lat == b->points[j].lat;
        }
        assert_true(shared >= 5);
    }
}

static void test_tiles_lie_apart(void **state) {
    (void)state;
    for (int a = 1; a < SITE_COUNT; a++) {
        for (int b = a + 1; b < SITE_COUNT; b++) {
            GeoTile one = geography_tiles[a], other = geography_tiles[b];
            assert_true(one.row != other.row || abs(one.column - other.column) >= 5);
        }
    }
}

/* A collection of twelve square regions, with one piece of its text replaced. Freed by the caller. */
static char *squares(const char *piece, const char *instead) {
    Buffer b = {0};
    buffer_add_string(&b, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (int site = 1; site < SITE_COUNT; site++) {
        buffer_format(
            &b,
            "%s\n{\"type\":\"Feature\",\"properties\":{\"iso\":\"MA-%02d\"},\"geometry\":{\"type\":\"Polygon\","
            "\"coordinates\":[[[%d,0],[%d.5,0],[%d.5,1],[%d,1],[%d,0]]]}}",
            site > 1 ? "," : "", site, site, site, site, site, site);
    }
    buffer_add_string(&b, "]}");
    char *at = strstr(b.bytes, piece);
    assert_non_null(at);
    Buffer out = {0};
    buffer_add(&out, b.bytes, (size_t)(at - b.bytes));
    buffer_add_string(&out, instead);
    buffer_add_string(&out, at + strlen(piece));
    buffer_free(&b);
    return out.bytes;
}

static Status read_squares(const char *piece, const char *instead, const Geography **out, Error *e) {
    char *json = squares(piece, instead);
    Arena scratch = {0};
    const Geography *ignored;
    Status s = geography_read(out ? &arena : &scratch, json, strlen(json), "squares.json", out ? out : &ignored, e);
    arena_free(&scratch);
    free(json);
    return s;
}

static void test_reads_polygons(void **state) {
    (void)state;
    const Geography *g = NULL;
    Error e = {0};
    assert_int_equal(read_squares("\n", "\n", &g, &e), STATUS_OK);
    assert_int_equal(g->sites[3].count, 1);
    assert_int_equal(g->sites[3].rings[0].count, 4);
    assert_int_equal(g->sites[3].rings[0].points[1].lon, 3500000);
    assert_int_equal(g->box.east, 12500000);
    assert_int_equal(g->box.north, 1000000);
    /* A hole is one more ring; a position may have a height; a point repeated is one point. */
    assert_int_equal(read_squares("[3.5,0],", "[3.5,0],[3.5,0,120],", &g, &e), STATUS_OK);
    assert_int_equal(g->sites[3].rings[0].count, 4);
    assert_int_equal(read_squares("[[[5,0]", "[[[5.1,0.1],[5.2,0.1],[5.1,0.2],[5.1,0.1]],[[5,0]", &g, &e), STATUS_OK);
    assert_int_equal(g->sites[5].count, 2);
}

static void test_refuses_what_is_malformed(void **state) {
    (void)state;
    static const struct {
        const char *piece, *instead, *field, *why;
    } wrong[] = {
        {"]}}]}", "]}}", "", ""},
        {"FeatureCollection", "Feature", "", "FeatureCollection"},
        {"\"features\":[", "\"other\":[", "", "FeatureCollection"},
        {"MA-12", "MA-13", "", "MA-01 to MA-12"},
        {"MA-12", "MA-1", "", "MA-01 to MA-12"},
        {"\"iso\":\"MA-05\"", "\"iso\":5", "", "MA-01 to MA-12"},
        {"\"properties\":{\"iso\":\"MA-05\"}", "\"properties\":null", "", "MA-01 to MA-12"},
        {"MA-12", "MA-11", "MA-11", "twice"},
        {"\"Polygon\"", "\"Point\"", "MA-01", "Polygon"},
        {"\"Polygon\"", "\"MultiPolygon\"", "MA-01", "position"},
        {"\"coordinates\"", "\"coordinate\"", "MA-01", "geometry"},
        {"[[[3,0],[3.5,0],[3.5,1],[3,1],[3,0]]]", "[]", "MA-03", "no ring"},
        {"[[[3,0],[3.5,0],[3.5,1],[3,1],[3,0]]]", "[[]]", "MA-03", "four positions"},
        {"[3.5,0],[3.5,1],[3,1]", "[3.5,0]", "MA-03", "four positions"},
        {"[3.5,0],[3.5,1],[3,1]", "[3,0],[3.5,1],[3,0]", "MA-03", "four positions"},
        {"[3,1],[3,0]", "[3,1],[3,0.5]", "MA-03", "begins"},
        {"[3.5,1]", "[3.5]", "MA-03", "longitude"},
        {"[3.5,1]", "[3.5,\"1\"]", "MA-03", "longitude"},
        {"[3.5,1]", "[3.5,90.5]", "MA-03", "longitude"},
        {"[3.5,1]", "[-1e300,1]", "MA-03", "longitude"},
        {"[3.5,1]", "{\"lon\":3.5}", "MA-03", "longitude"},
        {"\"type\":\"Feature\"", "\"type\":1,\"type\":2", "", "uplicate"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Error e = {0};
        assert_int_equal(read_squares(wrong[i].piece, wrong[i].instead, NULL, &e), STATUS_FAILED);
        assert_string_equal(e.field, wrong[i].field);
        assert_non_null(strstr(e.why, wrong[i].why));
        assert_true(*e.why);
        assert_string_equal(e.file, "squares.json");
        assert_int_equal(read_squares(wrong[i].piece, wrong[i].instead, NULL, NULL), STATUS_FAILED);
    }
}

static void test_missing_region(void **state) {
    (void)state;
    static const char none[] = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    const Geography *g = NULL;
    Error e = {0};
    assert_int_equal(geography_read(&arena, none, sizeof none - 1, "none", &g, &e), STATUS_FAILED);
    assert_string_equal(e.field, "MA-01");
    assert_null(g);
    assert_int_equal(geography_read(&arena, "", 0, "none", &g, &e), STATUS_FAILED);
    assert_int_equal(geography_read(&arena, "[]", 2, "none", &g, &e), STATUS_FAILED);
}

/* However the file is cut short, it is refused. */
static void test_cut_short(void **state) {
    (void)state;
    const Embedded *file = embedded_find("reference/regions.geojson");
    size_t size = file->size;
    while (size && file->bytes[size - 1] != '}')
        size--;
    for (size_t cut = 0; cut < size; cut += 97) {
        Arena scratch = {0};
        const Geography *g = NULL;
        char *part = memory_new(cut);
        memcpy(part, file->bytes, cut);
        assert_int_equal(geography_read(&scratch, part, cut, "part", &g, NULL), STATUS_FAILED);
        free(part);
        arena_free(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_region_has_an_outline),
        cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_shared_borders),
        cmocka_unit_test(test_tiles_lie_apart),
        cmocka_unit_test(test_reads_polygons),
        cmocka_unit_test(test_refuses_what_is_malformed),
        cmocka_unit_test(test_missing_region),
        cmocka_unit_test(test_cut_short),
    };
    return cmocka_run_group_tests(tests, open_geography, close_geography);
}
