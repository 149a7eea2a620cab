/* Where the regions lie: their outlines, read from the reference data, and their places in a cartogram.
 *
 * Positions are whole microdegrees, east and north positive. Borders are shared: two regions that touch have the very
 * same points along their common line. A ring is closed: its last point joins its first, which is not repeated; two
 * points that follow each other differ. A ring inside another cuts a hole (a point is inside an outline where a line
 * from it to far away crosses an odd number of edges). */
#ifndef JAZARI_MODEL_GEOGRAPHY_H
#define JAZARI_MODEL_GEOGRAPHY_H

#include "base/arena.h"
#include "base/status.h"
#include "model/code.h"

#include <stdint.h>

typedef struct GeoPoint {
    int32_t lon, lat;
} GeoPoint;

typedef struct GeoRing {
    const GeoPoint *points;
    int count; /* at least 3 */
} GeoRing;

typedef struct GeoBox {
    int32_t west, south, east, north;
} GeoBox;

typedef struct GeoOutline {
    const GeoRing *rings;
    int count;
    GeoBox box;
} GeoOutline;

typedef struct Geography {
    GeoOutline sites[SITE_COUNT]; /* by site; that of ROOT is empty */
    GeoBox box;                   /* around them all */
} Geography;

/* A place among labelled tiles that lie as the regions lie: rows from north to south, one line each; columns from west
 * to east in a unit of their own, about a fifth of a tile. */
typedef struct GeoTile {
    int column, row;
} GeoTile;

extern const GeoTile geography_tiles[SITE_COUNT]; /* that of ROOT means nothing */

/* The outlines that are part of the program. *out and all it points to live in the arena; whoever draws a map reads
 * them once, when the map is first shown (it takes a millisecond). */
Status geography_load(Arena *, const Geography **out, Error *);

/* The same from any GeoJSON text: a FeatureCollection with one Polygon or MultiPolygon for each of MA-01 to MA-12,
 * told by the property "iso". STATUS_FAILED where it is anything else; the error names `name` and the line or region. */
Status geography_read(Arena *, const char *json, size_t size, const char *name, const Geography **out, Error *);

#endif
