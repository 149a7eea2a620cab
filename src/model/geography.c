/* Where the regions lie.
 *
 * The file is GeoJSON: features[] of {properties: {iso}, geometry: {type, coordinates}}, where coordinates nest polygon,
 * ring, position. All rings of a region's polygons end in one list, since nothing here asks which hole is whose. */
#include "model/geography.h"

#include "base/embedded.h"
#include "base/intl.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#define FILE_NAME "reference/regions.geojson"

enum { DEGREE = 1000000, POINTS_MAX = 1000000, ISO_SIZE = 6 };

const GeoTile geography_tiles[SITE_COUNT] = {
    [1] = {19, 0}, /* TTA */
    [2] = {27, 1}, /* ORI */
    [3] = {20, 1}, /* FMK */
    [4] = {13, 1}, /* RSK */
    [5] = {16, 2}, /* BMK */
    [6] = {9, 2},  /* CAS */
    [7] = {7, 3},  /* MSF */
    [8] = {21, 3}, /* DTF */
    [9] = {6, 4},  /* SMA */
    [10] = {4, 5}, /* GON */
    [11] = {2, 6}, /* LSH */
    [12] = {0, 7}, /* DOD */
};

typedef struct Reader {
    Arena *arena;
    const char *name;
    char iso[ISO_SIZE]; /* the region being read, "" before the first */
    Error *error;
} Reader;

static Status refuse(const Reader *r, const char *why) {
    error_set(r->error, STATUS_FAILED, *r->iso ? r->iso : NULL, "%s", why);
    if (r->error) error_at(r->error, r->name, 0);
    return STATUS_FAILED;
}

static bool read_degrees(const json_t *number, int most, int32_t *out) {
    if (!json_is_number(number)) return false;
    double degrees = json_number_value(number);
    if (!(degrees >= -most && degrees <= most)) return false;
    *out = (int32_t)(degrees * DEGREE + (degrees < 0 ? -0.5 : 0.5));
    return true;
}

static bool same_point(GeoPoint a, GeoPoint b) {
    return a.lon == b.lon && a.lat == b.lat;
}

static void widen(GeoBox *box, GeoPoint p) {
    if (p.lon < box->west) box->west = p.lon;
    if (p.lon > box->east) box->east = p.lon;
    if (p.lat < box->south) box->south = p.lat;
    if (p.lat > box->north) box->north = p.lat;
}

static Status read_ring(const Reader *r, const json_t *positions, GeoRing *ring, GeoBox *box) {
    size_t count = json_array_size(positions);
    if (count < 4 || count > POINTS_MAX) return refuse(r, _("a ring needs four positions or more"));
    GeoPoint *points = arena_array(r->arena, count, sizeof *points), first = {0};
    int kept = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *position = json_array_get(positions, i);
        GeoPoint p;
        if (!read_degrees(json_array_get(position, 0), 180, &p.lon) ||
            !read_degrees(json_array_get(position, 1), 90, &p.lat))
            return refuse(r, _("a position must be a longitude and a latitude in degrees"));
        if (i == 0) first = p;
        if (kept && same_point(points[kept - 1], p)) continue;
        points[kept++] = p;
        widen(box, p);
    }
    if (!same_point(points[kept - 1], first)) return refuse(r, _("a ring must end where it begins"));
    if (--kept < 3) return refuse(r, _("a ring needs four positions or more"));
    *ring = (GeoRing){points, kept};
    return STATUS_OK;
}

/* Polygons as a MultiPolygon has them: an array of polygons, each an array of rings. */
static Status read_polygons(const Reader *r, const json_t *polygons, GeoOutline *out) {
    size_t count = 0, polygon_index, ring_index;
    json_t *polygon, *positions;
    json_array_foreach(polygons, polygon_index, polygon) count += json_array_size(polygon);
    if (!count || count > POINTS_MAX) return refuse(r, _("the outline has no ring"));
    GeoRing *rings = arena_array(r->arena, count, sizeof *rings);
    *out = (GeoOutline){.rings = rings, .box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN}};
    json_array_foreach(polygons, polygon_index, polygon) {
        json_array_foreach(polygon, ring_index, positions) {
            Status s = read_ring(r, positions, &rings[out->count++], &out->box);
            if (s != STATUS_OK) return s;
        }
    }
    return STATUS_OK;
}

static Status read_geometry(const Reader *r, const json_t *geometry, GeoOutline *out) {
    const char *type = json_string_value(json_object_get(geometry, "type"));
    json_t *coordinates = json_object_get(geometry, "coordinates");
    if (!type || !json_is_array(coordinates)) return refuse(r, _("the region has no geometry"));
    if (!strcmp(type, "MultiPolygon")) return read_polygons(r, coordinates, out);
    if (strcmp(type, "Polygon") != 0) return refuse(r, _("the geometry must be a Polygon or a MultiPolygon"));
    json_t *polygons = json_array();
    Status s =
        json_array_append(polygons, coordinates) ? refuse(r, _("out of memory")) : read_polygons(r, polygons, out);
    json_decref(polygons);
    return s;
}

/* The sites 1 to 12 are "MA-01" to "MA-12". */
static void write_iso(int site, char iso[ISO_SIZE]) {
    memcpy(iso, "MA-00", ISO_SIZE);
    iso[3] = (char)('0' + site / 10);
    iso[4] = (char)('0' + site % 10);
}

/* -1 for anything else. */
static int site_of_iso(const char *iso) {
    for (int site = 1; iso && site < SITE_COUNT; site++) {
        char known[ISO_SIZE];
        write_iso(site, known);
        if (!strcmp(iso, known)) return site;
    }
    return -1;
}

static Status read_features(Reader *r, const json_t *root, Geography *geography) {
    const json_t *features = json_object_get(root, "features");
    const char *type = json_string_value(json_object_get(root, "type"));
    size_t index;
    json_t *feature;
    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features))
        return refuse(r, _("a FeatureCollection is expected"));
    json_array_foreach(features, index, feature) {
        const char *iso = json_string_value(json_object_get(json_object_get(feature, "properties"), "iso"));
        int site = site_of_iso(iso);
        r->iso[0] = '\0';
        if (site < 0) return refuse(r, _("each feature needs the property iso, MA-01 to MA-12"));
        write_iso(site, r->iso);
        if (geography->sites[site].count) return refuse(r, _("the region is there twice"));
        Status s = read_geometry(r, json_object_get(feature, "geometry"), &geography->sites[site]);
        if (s != STATUS_OK) return s;
    }
    geography->box = (GeoBox){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (int site = 1; site < SITE_COUNT; site++) {
        const GeoBox *box = &geography->sites[site].box;
        write_iso(site, r->iso);
        if (!geography->sites[site].count) return refuse(r, _("the region is missing"));
        widen(&geography->box, (GeoPoint){box->west, box->south});
        widen(&geography->box, (GeoPoint){box->east, box->north});
    }
    return STATUS_OK;
}

Status geography_read(Arena *arena, const char *json, size_t size, const char *name, const Geography **out,
                      Error *error) {
    Reader reader = {.arena = arena, .name = name, .error = error};
    json_error_t wrong;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &wrong);
    if (!root) {
        error_set(error, STATUS_FAILED, NULL, "%s", wrong.text);
        if (error) error_at(error, name, wrong.line);
        return STATUS_FAILED;
    }
    Geography *geography = arena_alloc(arena, sizeof *geography);
    Status s = read_features(&reader, root, geography);
    json_decref(root);
    if (s == STATUS_OK) *out = geography;
    return s;
}

Status geography_load(Arena *arena, const Geography **out, Error *error) {
    const Embedded *file = embedded_find(FILE_NAME);
    if (!file) return error_set(error, STATUS_FAILED, NULL, _("%s is not part of this program"), FILE_NAME);
    return geography_read(arena, file->bytes, file->size, FILE_NAME, out, error);
}
