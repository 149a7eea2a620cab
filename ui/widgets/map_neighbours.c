/* Where the arrow keys lead on a map.
 *
 * Only to a shape that shares a border (or anywhere from one that has no border with any). A shape lies to the right of
 * another where its centre lies more to the right than up or down, and so on around; what a step costs grows with the
 * distance and with the angle off the key's direction. Steps are joined in pairs, there and back, the cheapest first,
 * so that the opposite key leads back. Where a side is then still without a neighbour, the cheapest step up to twice as
 * far off the direction is taken, one way only. */
#include "widgets/map_parts.h"

#include <stdlib.h>

static const MapDirection opposite[MAP_DIRECTION_COUNT] = {
    [MAP_UP] = MAP_DOWN, [MAP_DOWN] = MAP_UP, [MAP_LEFT] = MAP_RIGHT, [MAP_RIGHT] = MAP_LEFT};

typedef struct Borders {
    uint32_t shared[MAP_SHAPES_MAX]; /* bit n: with shape n */
} Borders;

static int points_shared(const GeoRing *a, const GeoRing *b) {
    int shared = 0;
    for (int i = 0; i < a->count; i++) {
        for (int j = 0; j < b->count; j++) {
            shared += a->points[i].lon == b->points[j].lon && a->points[i].lat == b->points[j].lat;
        }
    }
    return shared;
}

static bool touch(const MapShape *a, const MapShape *b) {
    int shared = 0;
    for (int i = 0; i < a->ring_count; i++) {
        for (int j = 0; j < b->ring_count; j++)
            shared += points_shared(&a->rings[i], &b->rings[j]);
    }
    return shared >= 2;
}

static Borders find_borders(const Map *m) {
    Borders b = {0};
    for (int i = 0; i < m->count; i++) {
        for (int j = i + 1; j < m->count; j++) {
            if (!touch(&m->shapes[i], &m->shapes[j])) continue;
            b.shared[i] |= UINT32_C(1) << j;
            b.shared[j] |= UINT32_C(1) << i;
        }
    }
    for (int i = 0; i < m->count; i++) {
        if (!b.shared[i]) b.shared[i] = ~UINT32_C(0);
    }
    return b;
}

/* What the step from one shape to another costs, -1 where it does not lie that way: the width of the circle through
 * both centres that the key's direction halves. `spread` is how far beside, for each part along, still counts. */
static int64_t cost(const Map *m, int from, int to, MapDirection direction, int spread) {
    int64_t east = (int64_t)m->centres[to].x - m->centres[from].x;
    int64_t south = (int64_t)m->centres[to].y - m->centres[from].y;
    bool level = direction == MAP_LEFT || direction == MAP_RIGHT;
    int64_t along = level ? east : south, beside = llabs(level ? south : east);
    if (direction == MAP_LEFT || direction == MAP_UP) along = -along;
    if (from == to || along <= 0 || beside > spread * along) return -1;
    return (along * along + beside * beside) / along;
}

typedef struct Step {
    int from, to;
    MapDirection direction;
    int64_t cost;
} Step;

/* Keeps the cheaper one; the earlier of two alike. */
static void offer(const Map *m, Step *best, int from, int to, MapDirection direction, int spread) {
    int64_t c = cost(m, from, to, direction, spread);
    if (c >= 0 && (best->cost < 0 || c < best->cost)) *best = (Step){from, to, direction, c};
}

static bool join_best_pair(Map *m, const Borders *b) {
    Step best = {.cost = -1};
    for (int from = 0; from < m->count; from++) {
        for (int to = 0; to < m->count; to++) {
            if (!(b->shared[from] >> to & 1) && !(b->shared[to] >> from & 1)) continue;
            if (m->neighbours[from][MAP_RIGHT] < 0 && m->neighbours[to][MAP_LEFT] < 0)
                offer(m, &best, from, to, MAP_RIGHT, 1);
            if (m->neighbours[from][MAP_DOWN] < 0 && m->neighbours[to][MAP_UP] < 0)
                offer(m, &best, from, to, MAP_DOWN, 1);
        }
    }
    if (best.cost < 0) return false;
    m->neighbours[best.from][best.direction] = (int8_t)best.to;
    m->neighbours[best.to][opposite[best.direction]] = (int8_t)best.from;
    return true;
}

void map_find_neighbours(Map *m) {
    Borders b = find_borders(m);
    for (int i = 0; i < m->count; i++) {
        for (int d = 0; d < MAP_DIRECTION_COUNT; d++)
            m->neighbours[i][d] = -1;
    }
    while (join_best_pair(m, &b)) {}
    for (int from = 0; from < m->count; from++) {
        for (int d = 0; d < MAP_DIRECTION_COUNT; d++) {
            Step best = {.cost = -1};
            if (m->neighbours[from][d] >= 0) continue;
            for (int to = 0; to < m->count; to++) {
                if (b.shared[from] >> to & 1) offer(m, &best, from, to, (MapDirection)d, 2);
            }
            if (best.cost >= 0) m->neighbours[from][d] = (int8_t)best.to;
        }
    }
}
