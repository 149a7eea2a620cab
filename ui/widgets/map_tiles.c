/* The map's tiles: labels alone, in lines from north to south, as far to the east as their column says. */
#include "widgets/map_parts.h"

/* What the tiles' places need: the lines, the last column, the widest label. */
typedef struct Extent {
    int lines, last_column, widest;
} Extent;

static Extent measure(const Map *m) {
    Extent e = {.last_column = 1, .widest = 1};
    for (int i = 0; i < m->count; i++) {
        const MapShape *s = &m->shapes[i];
        if (s->tile.row >= e.lines) e.lines = s->tile.row + 1;
        if (s->tile.column > e.last_column) e.last_column = s->tile.column;
        if (s->label_width > e.widest) e.widest = s->label_width;
    }
    return e;
}

/* The shapes of a line from west to east; returns how many. */
static int list_line(const Map *m, int row, int line[MAP_SHAPES_MAX]) {
    int count = 0;
    for (int i = 0; i < m->count; i++) {
        if (m->shapes[i].tile.row != row) continue;
        int at = count++;
        for (; at > 0 && m->shapes[line[at - 1]].tile.column > m->shapes[i].tile.column; at--)
            line[at] = line[at - 1];
        line[at] = i;
    }
    return count;
}

bool map_tiles_fit(const Map *m, int width, int height) {
    Extent e = measure(m);
    if (height < e.lines) return false;
    for (int row = 0; row < e.lines; row++) {
        int line[MAP_SHAPES_MAX], count = list_line(m, row, line), needs = 1;
        for (int i = 0; i < count; i++)
            needs += m->shapes[line[i]].label_width + 1;
        if (needs > width) return false;
    }
    return true;
}

/* Each tile stands where its column says, pushed east where it would touch the one before it, then back west where the
 * line would leave the map. */
static void place_line(Map *m, const int *line, int count, int y, int left, int stretch, int last_column) {
    int from = 1, end = m->canvas.width - 1;
    for (int i = 0; i < count; i++) {
        const MapShape *s = &m->shapes[line[i]];
        int x = left + (s->tile.column * stretch + last_column / 2) / last_column;
        m->labels[line[i]] = (MapLabel){x > from ? x : from, y, s->label_width};
        from = m->labels[line[i]].x + s->label_width + 1;
    }
    for (int i = count; i-- > 0;) {
        MapLabel *l = &m->labels[line[i]];
        if (l->x + l->width > end) l->x = end - l->width;
        end = l->x - 1;
        if (l->x < 1) *l = (MapLabel){0}; /* no room */
    }
}

/* With room to spare the lines stand two apart, and the columns up to twice as wide as the tiles need. */
void map_place_tiles(Map *m) {
    Extent e = measure(m);
    if (!e.lines) return;
    int apart = m->canvas.height >= 2 * e.lines - 1 ? 2 : 1;
    int top = (m->canvas.height - apart * (e.lines - 1)) / 2;
    int most = e.last_column * apart * (e.widest + 2) / 5;
    int stretch = m->canvas.width - 2 - e.widest, left = 1;
    if (stretch < 0) stretch = 0;
    if (stretch > most) {
        left += (stretch - most) / 2;
        stretch = most;
    }
    if (top < 0) top = 0;
    for (int row = 0; row < e.lines && top + apart * row < m->canvas.height; row++) {
        int line[MAP_SHAPES_MAX], count = list_line(m, row, line);
        place_line(m, line, count, top + apart * row, left, stretch, e.last_column);
    }
}
