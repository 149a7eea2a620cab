/* For the map's own files: what it holds between layouts, and the steps of one.
 *
 * Shapes are told by their index here. The plane is the earth's surface laid flat: microdegrees of latitude from the
 * north-west corner, to the east and to the south, the degrees of longitude shortened as they are in the middle. */
#ifndef JAZARI_WIDGETS_MAP_PARTS_H
#define JAZARI_WIDGETS_MAP_PARTS_H

#include "widgets/braille.h"
#include "widgets/map.h"

typedef struct Spot {
    int32_t x, y;
} Spot;

struct Map {
    MapShape shapes[MAP_SHAPES_MAX];
    Spot centres[MAP_SHAPES_MAX];                           /* of gravity, on the plane */
    int8_t neighbours[MAP_SHAPES_MAX][MAP_DIRECTION_COUNT]; /* -1: none */
    int count, selected;                                    /* selected: -1 for none */

    int32_t west, north; /* the plane's corner, microdegrees */
    int64_t cosine;      /* of the middle latitude, in 2^-30 */
    Spot span;           /* the plane's size, 1 at least */

    /* The layout: a distance d of the plane is d * dots / length dots, from the dot `origin`. */
    MapView view;
    int64_t dots, length;
    Spot origin;
    Braille canvas;
    uint8_t *inside; /* by cell, twice the canvas: the shape its middle lies in, plus 1; then scratch */
    int room;        /* cells in `inside` */
    MapLabel labels[MAP_SHAPES_MAX];
};

Spot map_spot(const Map *, GeoPoint); /* a place on the plane */
Spot map_dot(const Map *, Spot);      /* a place on the plane, in dots of the canvas */
void map_find_neighbours(Map *);      /* from the centres and the shared borders */
void map_place_labels(Map *);         /* over the drawn outlines */
void map_place_tiles(Map *);
bool map_labels_clash(MapLabel a, MapLabel b); /* less than one empty cell between them */

#endif
