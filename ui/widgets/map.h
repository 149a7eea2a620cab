/* A map of labelled shapes: where each cell of the screen belongs, and what stands in it. Pure computation: whoever
 * shows the map copies its cells to the screen and writes the labels himself, where the map says.
 *
 * It has two views. The outlines are drawn in Braille dots (or in ASCII), true to scale, from map_fits upwards; the
 * tiles, for less room, are the labels alone, lying as the shapes lie. The arrow keys lead from shape to shape the same
 * way in both. Laying out is quick enough for every repaint (well under a millisecond) and asks for memory only when
 * the map grows.
 *
 * Every label keeps one empty cell on its left and one on its right, within the map, where a selection may put
 * brackets. Coordinates are cells from the map's top left corner. */
#ifndef JAZARI_WIDGETS_MAP_H
#define JAZARI_WIDGETS_MAP_H

#include "model/geography.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAP_SHAPES_MAX = 32 };

typedef struct MapShape {
    int id;               /* what the caller calls it: above 0, no two alike */
    const GeoRing *rings; /* not copied: they must live as long as the map */
    int ring_count;
    GeoTile tile;    /* place among the tiles: no column or row below 0, one shape a place */
    int label_width; /* in cells, 1 at least; map_label_width changes it */
} MapShape;

typedef enum MapView { MAP_OUTLINES, MAP_TILES } MapView;

typedef enum MapDirection { MAP_UP, MAP_DOWN, MAP_LEFT, MAP_RIGHT } MapDirection;
enum { MAP_DIRECTION_COUNT = 4 };

typedef struct MapCell {
    uint32_t braille; /* the character to show: U+2801 to U+28FF, or a space */
    char ascii;       /* the same without Braille */
    int shape;        /* whose outline it is, 0 where there is none; the selected one's where several meet */
} MapCell;

typedef struct MapLabel {
    int x, y, width; /* width 0: there is none */
} MapLabel;

typedef struct Map Map;

/* At most MAP_SHAPES_MAX shapes. */
Map *map_new(const MapShape *shapes, int count);
void map_free(Map *);

/* Whether there is room for a dozen outlines, each to be recognised and labelled (labels up to 7 cells wide). */
bool map_fits(int width, int height);

/* Whether there is room for the tiles, at the labels' present widths. */
bool map_tiles_fit(const Map *, int width, int height);

/* Takes effect at the next layout. Keep one width for all and through changes of figures, or labels will wander. */
void map_label_width(Map *, int id, int width);

/* Lays the map out anew. Where there is too little room it still does what it can: some labels may then be missing. */
void map_layout(Map *, MapView, int width, int height);

/* The selected shape, 0 for none: its outline comes first where several meet. No new layout needed. */
void map_select(Map *, int id);

/* All cells within the layout; a cell outside it is empty. Under a label and its margins there are no dots. */
MapCell map_cell(const Map *, int x, int y);
MapLabel map_label(const Map *, int id);

/* The shape at a cell, 0 for none: a label's cells are its shape's, then comes what lies there on the map; a cell with
 * no more than a coast in it is the coast's. Among tiles a label's margins are its own too. */
int map_at(const Map *, int x, int y);

/* Where an arrow key leads from a shape: 0 where nothing lies that way. The same in both views and at every size, and
 * the opposite key leads back wherever each is the other's best. */
int map_neighbour(const Map *, int id, MapDirection);

#endif
