/* Where the map's labels go.
 *
 * A label may begin at any cell near its shape. What a place costs: outlines that it hides, ground of others that it
 * covers, little room above and below it, another label close by, distance from the shape's centre. The most cramped shapes choose first; then
 * each in turn chooses again, the others standing still, until nobody moves. */
#include "widgets/map_parts.h"

#include <stdlib.h>

enum {
    ROUNDS = 4,
    FOREIGN = 12, /* a cell of the label that is not on its shape's ground */
    HIDDEN = 7,   /* a cell of it, or of its margin, that has dots */
    TIGHT = 2,    /* a cell above or below that is not on its shape's ground */
    AWAY = 1,     /* a column from the centre; a row is two */
    CROWDED = 12, /* another label so near that the two read as one */
    APART = 2,    /* more empty columns than the one that there always is, for that not to be so */
    FAR = 24,     /* columns from the centre, beyond which nobody looks */
    NOWHERE = 1 << 20,
};

typedef struct Placing {
    Map *map;
    int centre_x[MAP_SHAPES_MAX],
        centre_y[MAP_SHAPES_MAX]; /* of each shape, in half cells across and whole ones down */
} Placing;

static bool own_ground(const Map *m, int index, int x, int y) {
    return y >= 0 && y < m->canvas.height && m->inside[y * m->canvas.width + x] == index + 1;
}

/* What a label's place costs by itself; stops counting above `enough`. */
static int place_cost(const Placing *p, int index, MapLabel l, int enough) {
    const Map *m = p->map;
    int cost = AWAY * (abs(2 * l.x + l.width - p->centre_x[index]) / 2 + 2 * abs(l.y - p->centre_y[index]));
    for (int x = l.x - 1; x <= l.x + l.width && cost < enough; x++) {
        bool margin = x < l.x || x == l.x + l.width;
        if (!own_ground(m, index, x, l.y)) cost += margin ? TIGHT : FOREIGN;
        if (m->canvas.cells[l.y * m->canvas.width + x].dots) cost += HIDDEN;
        if (!own_ground(m, index, x, l.y - 1)) cost += TIGHT;
        if (!own_ground(m, index, x, l.y + 1)) cost += TIGHT;
    }
    return cost;
}

/* What the other labels add: NOWHERE where one is in the way. */
static int crowd_cost(const Map *m, int index, MapLabel l) {
    MapLabel wide = {l.x - APART, l.y, l.width + 2 * APART};
    int cost = 0;
    for (int i = 0; i < m->count; i++) {
        if (i == index || !m->labels[i].width) continue;
        if (map_labels_clash(m->labels[i], l)) return NOWHERE;
        if (map_labels_clash(m->labels[i], wide)) cost += CROWDED;
    }
    return cost;
}

/* 0, 1, -1, 2, -2 ... */
static int outward(int step) {
    return step % 2 ? (step + 1) / 2 : -step / 2;
}

/* The cheapest free place; returns its cost, NOWHERE where there is none. Looks from the centre outwards, until the
 * distance alone costs more than the best place found. */
static int choose(const Placing *p, int index, MapLabel *out) {
    const Map *m = p->map;
    int width = m->shapes[index].label_width, middle = (p->centre_x[index] - width) / 2;
    int best = NOWHERE;
    *out = (MapLabel){0};
    for (int down = 0; down <= FAR && AWAY * 2 * abs(outward(down)) < best; down++) {
        int y = p->centre_y[index] + outward(down);
        if (y < 0 || y >= m->canvas.height) continue;
        for (int across = 0; across <= 2 * FAR && AWAY * (abs(outward(across)) - 1) < best; across++) {
            MapLabel l = {middle + outward(across), y, width};
            if (l.x < 1 || l.x + width >= m->canvas.width) continue;
            int cost = place_cost(p, index, l, best);
            if (cost < best) cost += crowd_cost(m, index, l);
            if (cost >= best) continue;
            best = cost;
            *out = l;
        }
    }
    return best;
}

void map_place_labels(Map *m) {
    Placing p = {.map = m};
    int cramped[MAP_SHAPES_MAX] = {0}; /* what each would cost alone; -1 once placed */
    for (int i = 0; i < m->count; i++) {
        Spot dot = map_dot(m, m->centres[i]);
        p.centre_x[i] = dot.x;
        p.centre_y[i] = dot.y / CELL_DOTS_HIGH;
    }
    for (int i = 0; i < m->count; i++) {
        MapLabel ignored;
        cramped[i] = choose(&p, i, &ignored);
    }
    for (int n = 0; n < m->count; n++) {
        int next = 0;
        for (int i = 1; i < m->count; i++) {
            if (cramped[i] > cramped[next]) next = i;
        }
        choose(&p, next, &m->labels[next]);
        cramped[next] = -1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        bool moved = false;
        for (int i = 0; i < m->count; i++) {
            MapLabel l;
            choose(&p, i, &l);
            if (l.x != m->labels[i].x || l.y != m->labels[i].y || l.width != m->labels[i].width) moved = true;
            m->labels[i] = l;
        }
        if (!moved) break;
    }
}
