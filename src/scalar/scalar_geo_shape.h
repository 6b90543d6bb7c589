/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_geo_shape: GeoJSON to points, lines and rings on the globe, and back.
 *
 * A point keeps the degrees that it was written with, so that what no operation moved comes back as it was. A
 * ring turns to the left around its inside, which is the smaller side; a hole turns the other way, so that
 * the inside of a polygon lies left of all its rings. Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_GEO_SHAPE_H
#define SCALAR_SCALAR_GEO_SHAPE_H

#include "scalar/scalar_geo_vec.h"
#include "scalar/scalar_json.h"

enum { SCALAR_GEO_POINTS_MAX = 10000 };

struct geo_point {
    struct vec v;
    double     lon, lat;
};

/* A line, or a ring (its first point is not repeated). */
struct geo_line {
    struct geo_point *p;
    size_t            n, room;
};

struct geo_lines {
    struct geo_line *p;
    size_t           n, room;
};

/* What a function gives: points, lines, rings; each kind as one geometry of one or many. */
struct geo_shapes {
    struct geo_line  points;
    struct geo_lines lines, rings;
};

struct geo_point scalar_geo_shape_point(struct vec v);

/* False when the arena is full. */
bool scalar_geo_shape_add(struct arena *a, struct geo_line *line, struct geo_point p);
bool scalar_geo_shape_push(struct arena *a, struct geo_lines *lines, struct geo_line line);

/* LineString or MultiLineString; Polygon or MultiPolygon, whose rings come one polygon after the other, the
 * polygon of each in `polygon_of`. False: it is none, or no valid one. */
bool scalar_geo_shape_lines(struct arena *a, const struct scalar_json *j, struct geo_lines *out);
bool scalar_geo_shape_polygons(struct arena *a, const struct scalar_json *j, struct geo_lines *out,
                               size_t **polygon_of);
/* The same with rings that turn as they were written. */
bool scalar_geo_shape_polygons_as_written(struct arena *a, const struct scalar_json *j, struct geo_lines *out,
                                          size_t **polygon_of);

/* The area to the left of a ring, or to its right with its sign turned, whichever is smaller. */
double scalar_geo_shape_area(const struct geo_line *ring); /* steradians */
/* How often rings wind around a point: 1 within a polygon, 0 outside. */
int  scalar_geo_shape_winding(const struct geo_lines *rings, struct vec p);
void scalar_geo_shape_reverse(struct geo_line *ring);

void scalar_geo_shape_write(struct arena *a, struct strbuf *out, const struct geo_shapes *s);
void scalar_geo_shape_write_polygons(struct strbuf *out, const struct geo_lines *rings,
                                     const size_t *polygon_of);
void scalar_geo_shape_write_lines(struct strbuf *out, const struct geo_lines *lines);

#endif
