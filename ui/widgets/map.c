/* A map of labelled shapes: projection, outlines, and what lies where.
 *
 * A layout draws every outline on the canvas, finds by cell the shape its middle lies in, places the labels over both
 * and clears the dots below them. All is whole numbers, so the same map comes out everywhere. */
#include "widgets/map.h"

#include "widgets/map_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FITS_WIDTH = 50, FITS_HEIGHT = 25, COLUMNS_BESIDE = 1 };

static const int64_t one = INT64_C(1) << 30;

/* The cosine of a latitude, by its series: good to a millionth. */
static int64_t cosine(int64_t latitude) {
    const int64_t pi = 3373259426, half_turn = 180000000;
    int64_t angle = latitude * pi / half_turn, square = angle * angle / one, term = one, sum = one;
    for (int n = 2; n <= 12; n += 2) {
        term = -term * square / one / (n * (n - 1));
        sum += term;
    }
    return sum > 0 ? sum : 0;
}

Spot map_spot(const Map *m, GeoPoint p) {
    return (Spot){(int32_t)(((int64_t)p.lon - m->west) * m->cosine / one), m->north - p.lat};
}

Spot map_dot(const Map *m, Spot s) {
    return (Spot){m->origin.x + (int32_t)((s.x * m->dots + m->length / 2) / m->length),
                  m->origin.y + (int32_t)((s.y * m->dots + m->length / 2) / m->length)};
}

static int index_of(const Map *m, int id) {
    for (int i = 0; i < m->count; i++) {
        if (m->shapes[i].id == id) return i;
    }
    return -1;
}

static int id_of(const Map *m, int index) {
    return index < 0 ? 0 : m->shapes[index].id;
}

static void find_plane(Map *m) {
    GeoBox box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (int i = 0; i < m->count; i++) {
        for (int r = 0; r < m->shapes[i].ring_count; r++) {
            const GeoRing *ring = &m->shapes[i].rings[r];
            for (int p = 0; p < ring->count; p++) {
                GeoPoint at = ring->points[p];
                if (at.lon < box.west) box.west = at.lon;
                if (at.lon > box.east) box.east = at.lon;
                if (at.lat < box.south) box.south = at.lat;
                if (at.lat > box.north) box.north = at.lat;
            }
        }
    }
    if (box.west > box.east) box = (GeoBox){0};
    m->west = box.west;
    m->north = box.north;
    m->cosine = cosine(((int64_t)box.north + box.south) / 2);
    m->span = map_spot(m, (GeoPoint){box.east, box.south});
    if (m->span.x < 1) m->span.x = 1;
    if (m->span.y < 1) m->span.y = 1;
}

/* The centre of gravity of the shape's largest ring; the middle of its corners where it has no area. */
static Spot find_centre(const Map *m, const MapShape *shape) {
    const int64_t coarse = 1 + (m->span.x > m->span.y ? m->span.x : m->span.y) / 16384; /* third powers then fit */
    int64_t largest = 0;
    Spot centre = {0};
    for (int r = 0; r < shape->ring_count; r++) {
        const GeoRing *ring = &shape->rings[r];
        int64_t area = 0, east = 0, south = 0, x = 0, y = 0;
        for (int p = 0; p < ring->count; p++) {
            Spot a = map_spot(m, ring->points[p]), b = map_spot(m, ring->points[(p + 1) % ring->count]);
            int64_t ax = a.x / coarse, ay = a.y / coarse, bx = b.x / coarse, by = b.y / coarse;
            int64_t cross = ax * by - bx * ay;
            area += cross;
            east += (ax + bx) * cross;
            south += (ay + by) * cross;
            x += a.x;
            y += a.y;
        }
        if (area && llabs(area) > largest) {
            largest = llabs(area);
            centre = (Spot){(int32_t)(east / 3 / area * coarse), (int32_t)(south / 3 / area * coarse)};
        } else if (!largest && ring->count) {
            centre = (Spot){(int32_t)(x / ring->count), (int32_t)(y / ring->count)};
        }
    }
    return centre;
}

Map *map_new(const MapShape *shapes, int count) {
    assert(count >= 0 && count <= MAP_SHAPES_MAX);
    Map *m = memory_new(sizeof *m);
    m->count = count;
    m->selected = -1;
    m->length = 1;
    if (count) memcpy(m->shapes, shapes, (size_t)count * sizeof *shapes);
    find_plane(m);
    for (int i = 0; i < count; i++)
        m->centres[i] = find_centre(m, &m->shapes[i]);
    map_find_neighbours(m);
    return m;
}

void map_free(Map *m) {
    if (!m) return;
    braille_free(&m->canvas);
    free(m->inside);
    free(m);
}

bool map_fits(int width, int height) {
    return width >= FITS_WIDTH && height >= FITS_HEIGHT;
}

void map_label_width(Map *m, int id, int width) {
    int i = index_of(m, id);
    if (i >= 0) m->shapes[i].label_width = width > 1 ? width : 1;
}

/* The largest scale at which the plane fits, in the middle of the canvas. */
static void fit(Map *m) {
    int64_t across = (m->canvas.width - 2 * COLUMNS_BESIDE) * CELL_DOTS_WIDE - 1;
    int64_t down = m->canvas.height * CELL_DOTS_HIGH - 1;
    bool wide = across * m->span.y > down * m->span.x;
    m->dots = wide ? down : across;
    m->length = wide ? m->span.y : m->span.x;
    if (m->dots < 0) m->dots = 0;
    m->origin = (Spot){0, 0};
    Spot end = map_dot(m, m->span);
    m->origin = (Spot){COLUMNS_BESIDE * CELL_DOTS_WIDE + (int32_t)(across - end.x) / 2, (int32_t)(down - end.y) / 2};
}

/* An edge crosses the middles of some rows of cells: notes in each the first cell whose middle lies beyond. Measured in
 * quarter cells across and eighths down, where the dots lie at even and the middles at odd places. */
static void note_crossings(Map *m, uint8_t *crossed, Spot a, Spot b) {
    if (a.y > b.y) {
        Spot other = a;
        a = b, b = other;
    }
    int64_t dx = 2 * ((int64_t)b.x - a.x), dy = 2 * ((int64_t)b.y - a.y);
    if (dy == 0) return;
    int row = a.y < 2 ? 0 : (2 * a.y - 3 + 7) / 8;
    for (; row < m->canvas.height && 8 * row + 3 < 2 * b.y; row++) {
        int64_t across = 2 * dy * a.x + (8 * (int64_t)row + 3 - 2 * a.y) * dx;
        int64_t cell = (across - dy + 4 * dy) / (4 * dy);
        if (cell >= 0 && cell < m->canvas.width) crossed[row * m->canvas.width + cell] ^= 1;
    }
}

/* Draws one outline and marks the cells inside it. */
static void draw_shape(Map *m, int index) {
    const MapShape *shape = &m->shapes[index];
    int width = m->canvas.width, top = m->canvas.height, bottom = 0;
    uint8_t *crossed = m->inside + width * m->canvas.height;
    for (int r = 0; r < shape->ring_count; r++) {
        const GeoRing *ring = &shape->rings[r];
        Spot from = map_dot(m, map_spot(m, ring->points[ring->count - 1]));
        for (int p = 0; p < ring->count; p++) {
            Spot to = map_dot(m, map_spot(m, ring->points[p]));
            braille_line(&m->canvas, from.x, from.y, to.x, to.y, index);
            note_crossings(m, crossed, from, to);
            if (to.y / CELL_DOTS_HIGH < top) top = to.y / CELL_DOTS_HIGH;
            if (to.y / CELL_DOTS_HIGH > bottom) bottom = to.y / CELL_DOTS_HIGH;
            from = to;
        }
    }
    if (top < 0) top = 0;
    for (int y = top; y <= bottom && y < m->canvas.height; y++) {
        uint8_t within = 0;
        for (int at = y * width; at < (y + 1) * width; at++) {
            within ^= crossed[at];
            crossed[at] = 0;
            if (within) m->inside[at] = (uint8_t)(index + 1);
        }
    }
}

static void clear_under(Map *m, MapLabel label) {
    for (int x = label.x - 1; label.width && x <= label.x + label.width; x++) {
        m->canvas.cells[label.y * m->canvas.width + x] = (BrailleCell){0};
    }
}

void map_layout(Map *m, MapView view, int width, int height) {
    m->view = view;
    braille_clear(&m->canvas, width, height);
    memset(m->labels, 0, sizeof m->labels);
    int cells = m->canvas.width * m->canvas.height;
    if (cells > m->room) {
        m->inside = memory_grow(m->inside, (size_t)cells, 2);
        m->room = cells;
    }
    if (!cells) return;
    memset(m->inside, 0, (size_t)cells * 2);
    if (view == MAP_TILES) {
        map_place_tiles(m);
        return;
    }
    fit(m);
    for (int i = 0; i < m->count; i++)
        draw_shape(m, i);
    braille_thin(&m->canvas);
    map_place_labels(m);
    for (int i = 0; i < m->count; i++)
        clear_under(m, m->labels[i]);
}

void map_select(Map *m, int id) {
    m->selected = index_of(m, id);
}

static bool on_canvas(const Map *m, int x, int y) {
    return x >= 0 && y >= 0 && x < m->canvas.width && y < m->canvas.height;
}

/* Of the shapes whose outline is in a cell, the selected one or else the first; -1 where there is none. */
static int outline_at(const Map *m, int x, int y) {
    uint32_t owners = m->canvas.cells[y * m->canvas.width + x].owners;
    if (m->selected >= 0 && owners >> m->selected & 1) return m->selected;
    for (int i = 0; i < m->count; i++) {
        if (owners >> i & 1) return i;
    }
    return -1;
}

MapCell map_cell(const Map *m, int x, int y) {
    if (!on_canvas(m, x, y)) return (MapCell){.braille = ' ', .ascii = ' '};
    uint8_t dots = m->canvas.cells[y * m->canvas.width + x].dots;
    return (MapCell){braille_point(dots), braille_ascii(dots), id_of(m, outline_at(m, x, y))};
}

MapLabel map_label(const Map *m, int id) {
    int i = index_of(m, id);
    MapLabel none = {0};
    return i < 0 ? none : m->labels[i];
}

/* The label at most `beside` columns away. */
static int label_at(const Map *m, int x, int y, int beside) {
    for (int i = 0; i < m->count; i++) {
        MapLabel l = m->labels[i];
        if (l.width && y == l.y && x >= l.x - beside && x < l.x + l.width + beside) return i;
    }
    return -1;
}

int map_at(const Map *m, int x, int y) {
    if (!on_canvas(m, x, y)) return 0;
    int index = label_at(m, x, y, 0);
    if (index < 0 && m->view == MAP_TILES) index = label_at(m, x, y, 1);
    else if (index < 0) index = m->inside[y * m->canvas.width + x] - 1;
    if (index < 0) index = outline_at(m, x, y);
    return id_of(m, index);
}

int map_neighbour(const Map *m, int id, MapDirection direction) {
    int i = index_of(m, id);
    return i < 0 ? 0 : id_of(m, m->neighbours[i][direction]);
}

bool map_labels_clash(MapLabel a, MapLabel b) {
    return a.y == b.y && a.x <= b.x + b.width && b.x <= a.x + a.width;
}
