/* The map of labelled shapes, drawn from the regions' outlines: what it looks like, and what always holds. */
#include "widgets/map.h"

#include "base/buffer.h"
#include "base/text.h"
#include "widgets/map_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { REGIONS = SITE_COUNT - 1, LABEL = 5 };

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

static Map *new_map(int label_width) {
    MapShape shapes[REGIONS];
    for (int i = 0; i < REGIONS; i++) {
        const GeoOutline *o = &geography->sites[i + 1];
        shapes[i] = (MapShape){i + 1, o->rings, o->count, geography_tiles[i + 1], label_width};
    }
    return map_new(shapes, REGIONS);
}

/* --- what it looks like -------------------------------------------------------------------------------------- */

/* The figures beside the codes, none for 8 to 12. */
static const char figures[SITE_COUNT] = " 1104062-----";

static int label_starting_at(const Map *m, int x, int y) {
    for (int id = 1; id <= REGIONS; id++) {
        MapLabel l = map_label(m, id);
        if (l.width && l.x == x && l.y == y) return id;
    }
    return 0;
}

static void write_row(Buffer *out, const Map *m, int y, int width, bool ascii) {
    size_t end = out->size;
    for (int x = 0; x < width; x++) {
        int id = label_starting_at(m, x, y);
        MapCell cell = map_cell(m, x, y);
        char utf8[4] = {cell.ascii};
        size_t size = ascii ? 1 : text_encode(cell.braille, utf8);
        if (id) {
            buffer_format(out, "%s %c", site_code(id), figures[id]);
            x += LABEL - 1;
        } else {
            buffer_add(out, utf8, size);
        }
        if (id || cell.braille != ' ') end = out->size;
    }
    out->bytes[out->size = end] = '\0';
}

static void assert_looks(MapView view, int width, int height, bool ascii, const char *const *golden) {
    Map *m = new_map(LABEL);
    Buffer b = {0};
    bool same = true;
    map_layout(m, view, width, height);
    for (int y = 0; y < height; y++) {
        buffer_clear(&b);
        buffer_add_string(&b, "");
        write_row(&b, m, y, width, ascii);
        if (strcmp(buffer_string(&b), golden[y]) == 0) continue;
        same = false;
        print_error("row %d is    \"%s\"\nand should be \"%s\"\n", y, buffer_string(&b), golden[y]);
    }
    buffer_free(&b);
    map_free(m);
    assert_true(same);
}

static const char *const braille_64x36[] = {
    "",
    "                                            ⣀⡠⡀",
    "                                           ⡸  ⠑⢄⡀     ⢀",
    "                                          ⢐ TTA 1 ⠉⡩⡊⠉⠁⠑⠒⠒⢄",
    "                                         ⢠⠃ ⠈⢢⠔⠁⠉⠊⠉⢀⠜      ⢑⠄",
    "                                       ⢀⠤⠃  ⢀⠜ FMK 0        ⡇",
    "                                    ⣀⠤⠊ RSK 4     ⠠⡣⠔⠉⡱     ⡇",
    "                                  CAS 6 ⡜⠢⠊⠊⠈⠑⡄⡠⡀   ⢀⣀⠬⠂    ⢣",
    "                               ⡠⡊⡀ ⢀⢄   BMK 0 ⡎ ⠈⠑⢄⢔⠁ ORI 1 ⠈⠢⡀",
    "                               ⡇⠈⠈⠒⠁ ⠉⠉⡎    ⢀⠎     ⠘⢄⣀ ⢀⣀⣀⡠⠤⣀⡠⠊",
    "                             ⢀⠎ MSF 2 ⢀⠇  ⣀⠤⠃        ⣀⣑⠅",
    "                            ⠐⡅       ⣀⠤⠣⠤⠊   DTF -  ⡜",
    "                            ⠈⡢⠤⠤⠔⠤⠤⠢⠪⡀              ⡨⠂",
    "                             ⢣       ⢜ ⣀⠤⡀      ⢀⡠⠊⠉",
    "                            ⢀⠜  SMA - ⠉  ⢨⠂   ⡔⠊⠁",
    "                           ⡠⠪⢄⠤⢄     ⢀⡠⠤⠤⠤⠓⠒⠢⠜",
    "                         ⣀⠔⠁   ⡜  ⢀⠤⠊⠁",
    "                       ⡰⠉      ⠑⠢⡊⠁",
    "                 ⢀⣀⠤⠔⢲⠉   GON -  ⡇",
    "                ⡔⠁    ⠑⠒⠒⠒⠊⠑⠤⣀⢀  ⡇",
    "               ⡜              ⠁⠑⠢⡃",
    "             ⢀⡰⠁  LSH -          ⡇",
    "           ⡠⠊⠁                   ⡇",
    "          ⢠⠃        ⢰⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
    "         ⢀⠇         ⢸",
    "         ⢸          ⢸",
    "        ⡠⠊⠒⠤⠒⠢⠤⠒⠒⠒⠤⠤⢜",
    "      ⡔⠉            ⢸",
    "     ⢰⠁            ⢀⡸",
    "    ⢰⠁  DOD -   ⡠⠒⠉⠁",
    "   ⢠⠃           ⡇",
    "  ⡔⠁            ⡇",
    " ⢸              ⢸",
    " ⠈⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠊",
    "",
    "",
};

static const char *const braille_50x26[] = {
    "                                  ⡠⠢⡀",
    "                                 TTA 1 ⠔⡔⠤⠔⠤⡠⣀",
    "                                ⡰⠁⠑⢄⠎⠑⠒⠊⡨⠂    ⢕",
    "                              ⣀ RSK 4  ⢀⠇⣀⡀   ⢸",
    "                          ⢀⠤⠒⠉⠈⢢⢀⢄⠼ FMK 0 ⠪⡀  ⢨⠂",
    "                        ⢠ CAS 6 ⠁  ⢨⠊⠑⠒⢄⠎ ORI 1 ⡀",
    "                        ⡇⠈⠒⠉ ⠉ BMK 0    ⠣⣀ ⢀⡠⠤⢄⣀⠎",
    "                      ⢀ MSF 2 ⡰⠁⡠⠔⠊     ⢀⠔⠑⠁",
    "                      ⠸⣀⣀⣀⣀⡠⣰⠉⠈⠉ DTF -  ⢈⠆",
    "                      ⠘⡄     ⢇⡠⠤⡀    ⢀⡠⠒⠊",
    "                      ⡠⠃ SMA -  ⢸ ⡀⢀⠔⠁",
    "                    ⢀⠔⠑⠒⡱  ⢀⡠⠒⠉⠉⠁⠉⠈⠁",
    "                  ⡠⠊⠁   ⠑⢄⠔⠁",
    "             ⢀⠤⠤⠲⣉  GON - ⡇",
    "            ⡔⠁    ⠉⠉⠁⠈⠒⠤⢄ ⡇",
    "           ⡰⠁ LSH -      ⠉⡆",
    "        ⢀⠔⠊               ⡇",
    "        ⡎       ⡎⠉⠉⠉⠉⠉⠉⠉⠉⠉",
    "       ⢰⠁       ⡇",
    "      ⡠⠚⠤⠤⠤⠤⠤⠤⠤⠤⡃",
    "    ⢀⠜          ⡇",
    "   ⢀⠕        ⢀⡠⠔⠁",
    "   ⡎  DOD - ⠰⡁",
    " ⢀⠜          ⡇",
    " ⠸⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⠇",
    "",
};

static const char *const ascii_64x36[] = {
    "",
    "                                            __.",
    "                                           /  '_.     .",
    "                                          | TTA 1 '|/'''--_",
    "                                         .' '\\-''''./      \\.",
    "                                       .-'  ./ FMK 0        |",
    "                                    _-' RSK 4     .--'-     |",
    "                                  CAS 6 /-''''._.   ._/'    \\",
    "                               _/. ._   BMK 0 / ''_-' ORI 1 '-.",
    "                               |''-' ''/    ./     '__ .___-__'",
    "                             ./ MSF 2 .|  _-'        _||",
    "                            '|       _-\\-'   DTF -  /",
    "                            '--------.              /'",
    "                             \\       - _-.      ._''",
    "                            ./  SMA - '  |'   /''",
    "                           _-_-_     ._---'--/",
    "                         _-'   /  .-''",
    "                       /'      '-/'",
    "                 ._--\\'   GON -  |",
    "                /'    '---''-_.  |",
    "               /              ''-|",
    "             ./'  LSH -          |",
    "           _''                   |",
    "          .'        |''''''''''''",
    "         .|         |",
    "         |          |",
    "        _'-----------",
    "      /'            |",
    "     |'            ./",
    "    |'  DOD -   _-''",
    "   .'           |",
    "  /'            |",
    " |              |",
    " '--------------'",
    "",
    "",
};

static const char *const tiles_38x9[] = {
    "",
    "                       TTA 1",
    "                RSK 4   FMK 0   ORI 1",
    "           CAS 6   BMK 0",
    "         MSF 2           DTF -",
    "        SMA -",
    "      GON -",
    "   LSH -",
    " DOD -",
};

static const char *const tiles_20x8[] = {
    "          TTA 1",  "  RSK 4 FMK 0 ORI 1",
    "     CAS 6 BMK 0", "    MSF 2  DTF -",
    "    SMA -",        "   GON -",
    "  LSH -",          " DOD -",
};

static void test_looks(void **state) {
    (void)state;
    assert_looks(MAP_OUTLINES, 64, 36, false, braille_64x36);
    assert_looks(MAP_OUTLINES, 50, 26, false, braille_50x26);
    assert_looks(MAP_OUTLINES, 64, 36, true, ascii_64x36);
    assert_looks(MAP_TILES, 38, 9, true, tiles_38x9);
    assert_looks(MAP_TILES, 20, 8, true, tiles_20x8);
}

/* --- labels, outlines, hits ----------------------------------------------------------------------------------- */

/* Every label is there, in place, apart from the others and on clear ground, and hits its shape. */
static void assert_labels_good(const Map *m, int width, int height) {
    for (int id = 1; id <= REGIONS; id++) {
        MapLabel l = map_label(m, id);
        assert_true(l.width > 0 && l.x >= 1 && l.x + l.width < width && l.y >= 0 && l.y < height);
        for (int x = l.x - 1; x <= l.x + l.width; x++)
            assert_int_equal(map_cell(m, x, l.y).braille, ' ');
        for (int x = l.x; x < l.x + l.width; x++)
            assert_int_equal(map_at(m, x, l.y), id);
        for (int other = id + 1; other <= REGIONS; other++) {
            MapLabel o = map_label(m, other);
            assert_true(o.y != l.y || o.x > l.x + l.width || l.x > o.x + o.width);
        }
    }
}

static void test_every_size(void **state) {
    (void)state;
    assert_true(map_fits(50, 25) && !map_fits(49, 60) && !map_fits(90, 24));
    enum { ENOUGH = 5 }; /* cells of outline that every shape keeps */
    for (int label = 5; label <= 7; label++) {
        Map *m = new_map(label);
        for (int height = 1; height <= 70; height++) {
            for (int width = 1 + (height + label) % 3; width <= 150; width += 3) {
                int own[REGIONS] = {0};
                if (!map_fits(width, height)) continue;
                map_layout(m, MAP_OUTLINES, width, height);
                assert_labels_good(m, width, height);
                for (int i = 0; i < width * height; i++) {
                    for (int r = 0; r < REGIONS; r++)
                        own[r] += m->canvas.cells[i].owners >> r & 1;
                }
                for (int r = 0; r < REGIONS; r++)
                    assert_true(own[r] >= ENOUGH);
            }
        }
        map_free(m);
    }
}

static void test_every_size_of_tiles(void **state) {
    (void)state;
    for (int label = 3; label <= 7; label++) {
        Map *m = new_map(label);
        assert_false(map_tiles_fit(m, 3 * label + 3, 8));
        assert_false(map_tiles_fit(m, 80, 7));
        for (int height = 8; height <= 24; height++) {
            for (int width = 3 * label + 4; width <= 80; width++) {
                assert_true(map_tiles_fit(m, width, height));
                map_layout(m, MAP_TILES, width, height);
                assert_labels_good(m, width, height);
            }
        }
        map_free(m);
    }
}

/* A label's own width counts, and only at the next layout. */
static void test_label_width(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    map_layout(m, MAP_OUTLINES, 64, 36);
    map_label_width(m, 12, 9);
    map_label_width(m, 99, 9);
    assert_int_equal(map_label(m, 12).width, LABEL);
    map_layout(m, MAP_OUTLINES, 64, 36);
    assert_int_equal(map_label(m, 12).width, 9);
    assert_labels_good(m, 64, 36);
    assert_int_equal(map_label(m, 99).width, 0);
    map_free(m);
}

/* Where no outline passes, a hit says what the outlines themselves do, asked at the middle of the cell. */
static bool inside_outline(const Map *m, const MapShape *shape, double x, double y) {
    bool odd = false;
    for (int r = 0; r < shape->ring_count; r++) {
        const GeoRing *ring = &shape->rings[r];
        for (int i = 0, before = ring->count - 1; i < ring->count; before = i++) {
            Spot a = map_spot(m, ring->points[before]), b = map_spot(m, ring->points[i]);
            if ((a.y > y) == (b.y > y)) continue;
            if (a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y) > x) odd = !odd;
        }
    }
    return odd;
}

static void test_hits_agree_with_outlines(void **state) {
    (void)state;
    static const int sizes[][2] = {{50, 25}, {64, 36}, {120, 60}};
    Map *m = new_map(LABEL);
    for (int s = 0; s < 3; s++) {
        int width = sizes[s][0], height = sizes[s][1], compared = 0;
        map_layout(m, MAP_OUTLINES, width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                bool covered = map_cell(m, x, y).braille != ' ';
                for (int id = 1; id <= REGIONS; id++) {
                    MapLabel l = map_label(m, id);
                    if (y == l.y && x >= l.x - 1 && x <= l.x + l.width) covered = true;
                }
                if (covered) continue;
                double east = (2 * x + 0.5 - m->origin.x) * (double)m->length / (double)m->dots;
                double south = (4 * y + 1.5 - m->origin.y) * (double)m->length / (double)m->dots;
                int expected = 0;
                for (int i = 0; i < REGIONS; i++) {
                    if (inside_outline(m, &m->shapes[i], east, south)) expected = i + 1;
                }
                assert_int_equal(map_at(m, x, y), expected);
                compared++;
            }
        }
        assert_true(compared > width * height / 2);
        assert_int_equal(map_at(m, -1, 0), 0);
        assert_int_equal(map_at(m, 0, height), 0);
        assert_int_equal(map_at(m, width, 0), 0);
    }
    map_free(m);
}

/* A coast may be pointed at too: every cell of an outline hits a region that has a part in the cell or around it. */
static void test_outlines_can_be_hit(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    map_layout(m, MAP_OUTLINES, 64, 36);
    for (int y = 0; y < 36; y++) {
        for (int x = 0; x < 64; x++) {
            if (map_cell(m, x, y).shape) assert_int_not_equal(map_at(m, x, y), 0);
        }
    }
    map_free(m);
}

static void test_tiles_are_hit_with_their_margins(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    map_layout(m, MAP_TILES, 38, 9);
    MapLabel l = map_label(m, 9);
    assert_int_equal(map_at(m, l.x - 1, l.y), 9);
    assert_int_equal(map_at(m, l.x + l.width, l.y), 9);
    assert_int_equal(map_at(m, l.x + l.width + 1, l.y), 0);
    map_free(m);
}

/* The selected outline is the selected one's all around, and selecting needs no new layout. */
static void test_selected_outline_comes_first(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    map_layout(m, MAP_OUTLINES, 64, 36);
    for (int id = 0; id <= REGIONS; id++) {
        map_select(m, id);
        for (int i = 0; i < 64 * 36; i++) {
            BrailleCell cell = m->canvas.cells[i];
            int shape = map_cell(m, i % 64, i / 64).shape;
            assert_int_equal(shape != 0, cell.dots != 0);
            if (id && cell.owners >> (id - 1) & 1) assert_int_equal(shape, id);
            else assert_int_not_equal(id ? shape : -1, id);
        }
    }
    map_free(m);
}

/* --- arrow keys ----------------------------------------------------------------------------------------------- */

/* Up, down, left, right of each. */
static const char *const steps[REGIONS][MAP_DIRECTION_COUNT] = {
    {"", "FMK", "RSK", "ORI"},    /* TTA */
    {"TTA", "DTF", "FMK", ""},    /* ORI */
    {"TTA", "DTF", "RSK", "ORI"}, /* FMK */
    {"TTA", "BMK", "CAS", "FMK"}, /* RSK */
    {"RSK", "DTF", "CAS", "FMK"}, /* BMK */
    {"RSK", "MSF", "", "BMK"},    /* CAS */
    {"CAS", "SMA", "", "DTF"},    /* MSF */
    {"BMK", "", "MSF", "ORI"},    /* DTF */
    {"MSF", "GON", "GON", "DTF"}, /* SMA */
    {"SMA", "LSH", "LSH", "SMA"}, /* GON */
    {"GON", "DOD", "DOD", "GON"}, /* LSH */
    {"LSH", "", "", "LSH"},       /* DOD */
};

static void test_neighbours(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    for (int id = 1; id <= REGIONS; id++) {
        for (int d = 0; d < MAP_DIRECTION_COUNT; d++) {
            int to = map_neighbour(m, id, (MapDirection)d);
            assert_string_equal(to ? site_code(to) : "", steps[id - 1][d]);
        }
    }
    assert_int_equal(map_neighbour(m, 99, MAP_UP), 0);
    map_free(m);
}

/* These lead there and back again: the chain down the coast, and the rows across. */
static void test_neighbours_lead_back(void **state) {
    (void)state;
    static const char *const down[][2] = {{"TTA", "FMK"}, {"RSK", "BMK"}, {"BMK", "DTF"}, {"CAS", "MSF"},
                                          {"MSF", "SMA"}, {"SMA", "GON"}, {"GON", "LSH"}, {"LSH", "DOD"}};
    static const char *const right[][2] = {{"RSK", "FMK"}, {"FMK", "ORI"}, {"CAS", "BMK"}, {"MSF", "DTF"},
                                           {"GON", "SMA"}, {"LSH", "GON"}, {"DOD", "LSH"}};
    Map *m = new_map(LABEL);
    for (size_t i = 0; i < sizeof down / sizeof *down; i++) {
        int above = site_of_code(down[i][0], 3), below = site_of_code(down[i][1], 3);
        assert_int_equal(map_neighbour(m, above, MAP_DOWN), below);
        assert_int_equal(map_neighbour(m, below, MAP_UP), above);
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        int before = site_of_code(right[i][0], 3), after = site_of_code(right[i][1], 3);
        assert_int_equal(map_neighbour(m, before, MAP_RIGHT), after);
        assert_int_equal(map_neighbour(m, after, MAP_LEFT), before);
    }
    map_free(m);
}

static void test_every_shape_is_reached_from_every_other(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    for (int from = 1; from <= REGIONS; from++) {
        uint32_t seen = UINT32_C(1) << from, before = 0;
        while (seen != before) {
            before = seen;
            for (int id = 1; id <= REGIONS; id++) {
                for (int d = 0; d < MAP_DIRECTION_COUNT; d++) {
                    if (before >> id & 1) seen |= UINT32_C(1) << map_neighbour(m, id, (MapDirection)d);
                }
            }
        }
        assert_int_equal(seen >> 1, (1 << REGIONS) - 1);
    }
    map_free(m);
}

/* A step goes the way of its key in what one sees, outlines or tiles. */
static void test_steps_go_their_way_in_both_views(void **state) {
    (void)state;
    Map *m = new_map(LABEL);
    for (int view = MAP_OUTLINES; view <= MAP_TILES; view++) {
        map_layout(m, (MapView)view, view == MAP_TILES ? 38 : 64, view == MAP_TILES ? 9 : 36);
        for (int id = 1; id <= REGIONS; id++) {
            for (int d = 0; d < MAP_DIRECTION_COUNT; d++) {
                MapLabel a = map_label(m, id), b = map_label(m, map_neighbour(m, id, (MapDirection)d));
                if (!b.width) continue;
                assert_true(d != MAP_UP || b.y < a.y);
                assert_true(d != MAP_DOWN || b.y > a.y);
                assert_true(d != MAP_LEFT || b.x < a.x);
                assert_true(d != MAP_RIGHT || b.x > a.x);
            }
        }
    }
    map_free(m);
}

/* --- odd sizes and shapes ------------------------------------------------------------------------------------- */

static void test_any_size_is_survived(void **state) {
    (void)state;
    static const int sizes[][2] = {{-3, 5}, {0, 0}, {1, 1}, {2, 40}, {3, 3}, {200, 1}, {1, 90}, {300, 120}, {9, 9}};
    Map *m = new_map(LABEL);
    for (int view = MAP_OUTLINES; view <= MAP_TILES; view++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            map_layout(m, (MapView)view, sizes[i][0], sizes[i][1]);
            for (int y = -1; y <= sizes[i][1]; y++) {
                for (int x = -1; x <= sizes[i][0]; x++) {
                    MapCell cell = map_cell(m, x, y);
                    assert_true(cell.braille == ' ' || (cell.braille > 0x2800 && cell.braille < 0x2900));
                    assert_true(map_at(m, x, y) <= REGIONS);
                }
            }
        }
    }
    map_free(m);
}

static void test_odd_shapes(void **state) {
    (void)state;
    static const GeoPoint flat[] = {{0, 0}, {2000000, 0}, {1000000, 0}};
    static const GeoPoint world[] = {{-180000000, -90000000}, {180000000, -90000000}, {180000000, 90000000}};
    const GeoRing lines = {flat, 3}, all = {world, 3};
    const MapShape shapes[] = {
        {7, &lines, 1, {0, 0}, 3}, {8, &lines, 1, {9, 0}, 3}, {5, NULL, 0, {0, 3}, 40}, {6, &all, 1, {4, 4}, 3}};
    for (int count = 0; count <= 4; count++) {
        Map *m = map_new(shapes, count);
        for (int view = MAP_OUTLINES; view <= MAP_TILES; view++) {
            map_layout(m, (MapView)view, 30, 10);
            for (int id = 4; id <= 9; id++) {
                MapLabel l = map_label(m, id);
                assert_true(!l.width || (l.x >= 1 && l.x + l.width < 30 && l.y >= 0 && l.y < 10));
            }
        }
        map_free(m);
    }
    map_free(NULL);
}

/* A map that has been laid out in many sizes draws what a new one does. */
static void test_layouts_do_not_depend_on_earlier_ones(void **state) {
    (void)state;
    Map *used = new_map(LABEL), *fresh = new_map(LABEL);
    map_layout(used, MAP_OUTLINES, 130, 61);
    map_layout(used, MAP_TILES, 38, 9);
    map_layout(used, MAP_OUTLINES, 64, 36);
    map_layout(fresh, MAP_OUTLINES, 64, 36);
    for (int i = 0; i < 64 * 36; i++) {
        MapCell a = map_cell(used, i % 64, i / 64), b = map_cell(fresh, i % 64, i / 64);
        assert_true(a.braille == b.braille && a.ascii == b.ascii && a.shape == b.shape);
        assert_int_equal(map_at(used, i % 64, i / 64), map_at(fresh, i % 64, i / 64));
    }
    map_free(used);
    map_free(fresh);
}

/* --- the canvas ----------------------------------------------------------------------------------------------- */

static void test_braille_dots(void **state) {
    (void)state;
    static const uint32_t points[2][4] = {{0x2801, 0x2802, 0x2804, 0x2840}, {0x2808, 0x2810, 0x2820, 0x2880}};
    Braille b = {0};
    for (int x = 0; x < 2; x++) {
        for (int y = 0; y < 4; y++) {
            braille_clear(&b, 3, 2);
            braille_dot(&b, 2 + x, 4 + y, 31);
            assert_int_equal(braille_point(b.cells[4].dots), points[x][y]);
            assert_int_equal(b.cells[4].owners, UINT32_C(1) << 31);
            assert_int_equal(b.cells[3].owners, 0);
        }
    }
    braille_clear(&b, 2, 2);
    braille_dot(&b, -1, 0, 0);
    braille_dot(&b, 0, -1, 0);
    braille_dot(&b, 4, 0, 0);
    braille_dot(&b, 0, 8, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(b.cells[i].dots, 0);
    assert_int_equal(braille_point(0), ' ');
    braille_free(&b);
}

static void test_braille_lines_are_the_same_both_ways(void **state) {
    (void)state;
    Braille there = {0}, back = {0};
    for (int x = 0; x < 20; x++) {
        for (int y = 0; y < 40; y++) {
            braille_clear(&there, 10, 10);
            braille_clear(&back, 10, 10);
            braille_line(&there, 9, 17, x, y, 0);
            braille_line(&back, x, y, 9, 17, 0);
            assert_memory_equal(there.cells, back.cells, 100 * sizeof *there.cells);
            assert_true(there.cells[17 / 4 * 10 + 9 / 2].dots && there.cells[y / 4 * 10 + x / 2].dots);
        }
    }
    braille_free(&there);
    braille_free(&back);
}

static void assert_canvas(const Braille *b, const char *text) {
    char out[4 * 64] = "";
    size_t size = 0;
    for (int i = 0; i < b->width * b->height; i++)
        size += text_encode(braille_point(b->cells[i].dots), out + size);
    out[size] = '\0';
    assert_string_equal(out, text);
}

static void test_braille_thin(void **state) {
    (void)state;
    Braille b = {0};
    /* A ring of dots stays, without its corners. */
    braille_clear(&b, 4, 1);
    braille_line(&b, 0, 0, 3, 0, 1);
    braille_line(&b, 3, 0, 3, 3, 1);
    braille_line(&b, 3, 3, 0, 3, 1);
    braille_line(&b, 0, 3, 0, 0, 1);
    assert_canvas(&b, "⣏⣹  ");
    braille_thin(&b);
    assert_canvas(&b, "⢎⡱  ");
    /* A hair goes, and its owner with it. */
    braille_line(&b, 2, 0, 7, 0, 2);
    assert_canvas(&b, "⢎⡹⠉⠉");
    braille_thin(&b);
    assert_canvas(&b, "⢎⡱  ");
    assert_int_equal(b.cells[3].owners, 0);
    /* So does a blot. */
    braille_clear(&b, 4, 1);
    for (int x = 0; x < 4; x++)
        braille_line(&b, x, 0, x, 3, 0);
    braille_thin(&b);
    assert_canvas(&b, "    ");
    braille_free(&b);
}

static void test_braille_ascii(void **state) {
    (void)state;
    static const struct {
        const char *braille;
        char ascii;
    } pairs[] = {
        {"⠁", '\''}, {"⠈", '\''}, {"⠐", '\''}, {"⡀", '.'},  {"⢀", '.'},  {"⠄", '.'}, {"⠉", '\''}, {"⠒", '-'},
        {"⠤", '-'},  {"⣀", '_'},  {"⡇", '|'},  {"⢸", '|'},  {"⠸", '|'},  {"⠆", '|'}, {"⡜", '/'},  {"⡠", '_'},
        {"⠎", '/'},  {"⠊", '\''}, {"⢣", '\\'}, {"⠑", '\''}, {"⠱", '\\'}, {"⣿", '+'}, {"⡸", '/'},  {"⠢", '-'},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t used;
        uint32_t point = text_decode(pairs[i].braille, strlen(pairs[i].braille), &used);
        assert_int_equal(braille_ascii((uint8_t)(point - 0x2800)), pairs[i].ascii);
    }
    assert_int_equal(braille_ascii(0), ' ');
    for (int dots = 1; dots < 256; dots++)
        assert_non_null(strchr(".'-_|/\\+", braille_ascii((uint8_t)dots)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_every_size_of_tiles),
        cmocka_unit_test(test_label_width),
        cmocka_unit_test(test_hits_agree_with_outlines),
        cmocka_unit_test(test_outlines_can_be_hit),
        cmocka_unit_test(test_tiles_are_hit_with_their_margins),
        cmocka_unit_test(test_selected_outline_comes_first),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_neighbours_lead_back),
        cmocka_unit_test(test_every_shape_is_reached_from_every_other),
        cmocka_unit_test(test_steps_go_their_way_in_both_views),
        cmocka_unit_test(test_any_size_is_survived),
        cmocka_unit_test(test_odd_shapes),
        cmocka_unit_test(test_layouts_do_not_depend_on_earlier_ones),
        cmocka_unit_test(test_braille_dots),
        cmocka_unit_test(test_braille_lines_are_the_same_both_ways),
        cmocka_unit_test(test_braille_thin),
        cmocka_unit_test(test_braille_ascii),
    };
    return cmocka_run_group_tests(tests, open_geography, close_geography);
}
