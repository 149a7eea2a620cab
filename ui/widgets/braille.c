/* A canvas of Braille dots. */
#include "widgets/braille.h"

#include "base/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The bit of each dot, by column and row: Unicode added the lowest row to a system of six. */
static const uint8_t dot_bits[CELL_DOTS_WIDE][CELL_DOTS_HIGH] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

void braille_clear(Braille *b, int width, int height) {
    b->width = width > 0 ? width : 0;
    b->height = height > 0 ? height : 0;
    int count = b->width * b->height;
    if (count > b->room) {
        b->cells = memory_grow(b->cells, (size_t)count, sizeof *b->cells);
        b->room = count;
    }
    if (count) memset(b->cells, 0, (size_t)count * sizeof *b->cells);
}

void braille_free(Braille *b) {
    free(b->cells);
    *b = (Braille){0};
}

void braille_dot(Braille *b, int x, int y, int owner) {
    if (x < 0 || y < 0 || x >= b->width * CELL_DOTS_WIDE || y >= b->height * CELL_DOTS_HIGH) return;
    BrailleCell *cell = &b->cells[y / CELL_DOTS_HIGH * b->width + x / CELL_DOTS_WIDE];
    cell->dots |= dot_bits[x % CELL_DOTS_WIDE][y % CELL_DOTS_HIGH];
    cell->owners |= UINT32_C(1) << owner;
}

/* Bresenham's, always walked from the upper end (the left one of a level line). */
void braille_line(Braille *b, int x0, int y0, int x1, int y1, int owner) {
    if (y1 < y0 || (y1 == y0 && x1 < x0)) {
        int x = x0, y = y0;
        x0 = x1, y0 = y1, x1 = x, y1 = y;
    }
    int dx = abs(x1 - x0), dy = y1 - y0, step = x0 < x1 ? 1 : -1, off = dx - dy;
    for (;;) {
        braille_dot(b, x0, y0, owner);
        if (x0 == x1 && y0 == y1) return;
        int twice = 2 * off;
        if (twice > -dy) off -= dy, x0 += step;
        if (twice < dx) off += dx, y0++;
    }
}

static bool has_dot(const Braille *b, int x, int y) {
    if (x < 0 || y < 0 || x >= b->width * CELL_DOTS_WIDE || y >= b->height * CELL_DOTS_HIGH) return false;
    return b->cells[y / CELL_DOTS_HIGH * b->width + x / CELL_DOTS_WIDE].dots &
           dot_bits[x % CELL_DOTS_WIDE][y % CELL_DOTS_HIGH];
}

/* Whether a dot can go without parting its neighbours: going around it, they are one run, where a corner counts only
 * if neither dot beside it is there (those join it anyway). A dot amid four others stays, or a hole would open. */
static bool needless(const Braille *b, int x, int y) {
    static const int8_t around[8][2] = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
    bool there[8];
    int runs = 0, sides = 0;
    for (int i = 0; i < 8; i++)
        there[i] = has_dot(b, x + around[i][0], y + around[i][1]);
    for (int i = 0; i < 8; i += 2) {
        sides += there[i];
        runs += !there[i] && (there[i + 1] || there[(i + 2) % 8]);
    }
    return runs == 1 || (runs == 0 && sides == 0);
}

static bool thin_cell(Braille *b, int cell_x, int cell_y) {
    BrailleCell *cell = &b->cells[cell_y * b->width + cell_x];
    bool changed = false;
    for (int column = 0; column < CELL_DOTS_WIDE; column++) {
        for (int row = 0; row < CELL_DOTS_HIGH; row++) {
            if (!(cell->dots & dot_bits[column][row]) ||
                !needless(b, cell_x * CELL_DOTS_WIDE + column, cell_y * CELL_DOTS_HIGH + row))
                continue;
            cell->dots &= (uint8_t)~dot_bits[column][row];
            changed = true;
        }
    }
    if (!cell->dots) cell->owners = 0;
    return changed;
}

void braille_thin(Braille *b) {
    for (bool changed = true; changed;) {
        changed = false;
        for (int y = 0; y < b->height; y++) {
            for (int x = 0; x < b->width; x++) {
                if (b->cells[y * b->width + x].dots && thin_cell(b, x, y)) changed = true;
            }
        }
    }
}

uint32_t braille_point(uint8_t dots) {
    return dots ? 0x2800U + dots : ' ';
}

/* One column of dots: how many, the sum of their rows, the first and last row. */
typedef struct Column {
    int count, sum, first, last;
} Column;

static Column look_at(uint8_t dots, int column) {
    Column c = {.first = CELL_DOTS_HIGH, .last = -1};
    for (int row = 0; row < CELL_DOTS_HIGH; row++) {
        if (!(dots & dot_bits[column][row])) continue;
        c.count++;
        c.sum += row;
        if (row < c.first) c.first = row;
        c.last = row;
    }
    return c;
}

/* In one column a long run is upright and a short one a mark where it stands. In both, the line leans as the means of
 * the columns differ; a level one is told by its height. */
char braille_ascii(uint8_t dots) {
    Column left = look_at(dots, 0), right = look_at(dots, 1);
    int count = left.count + right.count, sum = left.sum + right.sum;
    if (!count) return ' ';
    if (!left.count || !right.count) {
        const Column *one = left.count ? &left : &right;
        if (one->last - one->first >= 2 || (one->first == 1 && one->last == 2)) return '|';
        return 2 * sum < 3 * count ? '\'' : '.';
    }
    int lean = right.sum * left.count - left.sum * right.count; /* over both counts: rows the right lies lower */
    int limit = left.count * right.count;
    if (count >= 6) return '+';
    if (count == 2) limit *= 2; /* two dots a row apart are a gentle slope */
    if (lean >= limit) return '\\';
    if (lean <= -limit) return '/';
    if (left.last - left.first >= 2 && right.last - right.first >= 2) return '|';
    if (4 * sum <= 3 * count) return '\'';
    return 4 * sum >= 9 * count ? '_' : '-';
}
