/* SPDX-License-Identifier: Apache-2.0 */
/* What lies within some meters of a shape: the union of what does of each of its edges. */
#include "scalar/scalar.h"
#include "scalar/scalar_geo_pile.h"

#define TOLERANCE_DEFAULT 10.
#define METERS_MAX 5e6

enum { CORNERS_MIN = 8, CORNERS_MAX = 1000, PIECES_MAX = 100 };

struct buffering {
    struct arena   *arena;
    double          angle;   /* of the distance, in radians */
    size_t          corners; /* of a whole circle */
    double          longest; /* edge whose parallel is near enough to an arc, in radians */
    struct geo_pile pile;
};

/* Meters and tolerance; false when either is out of range. */
static bool begin(struct buffering *b, struct arena *a, double meters, double tolerance)
{
    double t = isnan(tolerance) ? TOLERANCE_DEFAULT : tolerance;

    if (!(meters > 0 && meters <= METERS_MAX && t > 0))
        return false;
    double step = acos(fmax(1 - t / meters, 0)), n = ceil(M_PI / step);
    *b = (struct buffering) { .arena = a,
                              .angle = meters / SCALAR_GEO_RADIUS,
                              .corners = n < CORNERS_MIN   ? CORNERS_MIN
                                         : n > CORNERS_MAX ? CORNERS_MAX
                                                           : (size_t)n,
                              .longest = fmin(2 * step, M_PI / 2) };
    return true;
}

/* Points around a center from one direction to another; directions turn left from `ahead`. */
static bool add_arc(struct buffering *b, struct geo_line *ring, struct vec center, struct vec ahead,
                    const double turn[2])
{
    struct vec left = vec_cross(center, ahead);
    size_t     n = (size_t)ceil((double)b->corners * (turn[1] - turn[0]) / (2 * M_PI));

    for (size_t i = 0; i <= n; i++) {
        double     by = turn[0] + (turn[1] - turn[0]) * (double)i / (double)n;
        struct vec way = vec_add(vec_scale(ahead, cos(by)), vec_scale(left, sin(by)));
        struct vec p = vec_add(vec_scale(center, cos(b->angle)), vec_scale(way, sin(b->angle)));
        if (!scalar_geo_shape_add(b->arena, ring, scalar_geo_shape_point(vec_unit(p))))
            return false;
    }
    return true;
}

static bool push(struct buffering *b, struct geo_line ring)
{
    struct geo_lines one = { 0 };
    return scalar_geo_shape_push(b->arena, &one, ring) && scalar_geo_pile_push(b->arena, &b->pile, one);
}

static bool add_circle(struct buffering *b, struct vec center)
{
    struct vec      axis = fabs(center.z) < 0.9 ? (struct vec) { 0, 0, 1 } : (struct vec) { 1, 0, 0 };
    struct geo_line ring = { 0 };

    if (!add_arc(b, &ring, center, vec_unit(vec_cross(vec_cross(center, axis), center)),
                 (double[]) { 0, 2 * M_PI }))
        return false;
    ring.n--; /* the first point again */
    return push(b, ring);
}

/* Half a circle around each end of a short edge. */
static bool add_capsule(struct buffering *b, struct vec from, struct vec to)
{
    struct vec      n = vec_unit(vec_normal(from, to));
    struct geo_line ring = { 0 };

    return add_arc(b, &ring, to, vec_cross(n, to), (double[]) { -M_PI / 2, M_PI / 2 }) &&
           add_arc(b, &ring, from, vec_cross(n, from), (double[]) { M_PI / 2, 3 * M_PI / 2 }) &&
           push(b, ring);
}

static bool add_edge(struct buffering *b, struct vec from, struct vec to)
{
    double     angle = vec_angle(from, to), n = ceil(angle / b->longest);
    size_t     pieces = n < 1 ? 1 : n > PIECES_MAX ? PIECES_MAX : (size_t)n;
    struct vec last = from;

    for (size_t i = 1; i <= pieces; i++) {
        double     t = (double)i / (double)pieces;
        struct vec at =
            i == pieces
                ? to
                : vec_unit(vec_add(vec_scale(from, sin((1 - t) * angle)), vec_scale(to, sin(t * angle))));
        if (!add_capsule(b, last, at))
            return false;
        last = at;
    }
    return true;
}

static bool add_edges(struct buffering *b, const struct geo_lines *lines, bool closed)
{
    for (size_t l = 0; l < lines->n; l++) {
        const struct geo_line *line = &lines->p[l];
        for (size_t i = 0; i + !closed < line->n; i++)
            if (!add_edge(b, line->p[i].v, line->p[(i + 1) % line->n].v))
                return false;
    }
    return true;
}

static void give(struct buffering *b, struct scalar_value *out)
{
    AUTO_STRBUF       text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct geo_shapes shapes = { 0 };

    if (!scalar_geo_pile_unite(b->arena, &b->pile, &shapes.rings))
        return;
    scalar_geo_shape_write(b->arena, &text, &shapes);
    scalar_give(b->arena, &text, out);
}

void scalar_geobuffer_point(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct buffering b;
    double           lon = argv[0].r, lat = argv[1].r;

    if (lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90 && begin(&b, a, argv[2].r, argv[3].r) &&
        add_circle(&b, vec_of_degrees(lon, lat)))
        give(&b, out);
}

void scalar_geobuffer_line(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct buffering   b;
    struct scalar_json j;
    struct geo_lines   lines;

    if (scalar_json_parse(a, argv[0].s, &j) && scalar_geo_shape_lines(a, &j, &lines) &&
        begin(&b, a, argv[1].r, argv[2].r) && add_edges(&b, &lines, false))
        give(&b, out);
}

void scalar_geobuffer_polygon(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct buffering   b;
    struct scalar_json j;
    struct geo_lines   rings;
    size_t            *of;

    if (!scalar_json_parse(a, argv[0].s, &j) || !scalar_geo_shape_polygons(a, &j, &rings, &of) ||
        !begin(&b, a, argv[1].r, argv[2].r))
        return;
    for (size_t i = 0, k; i < rings.n; i = k) {
        for (k = i + 1; k < rings.n && of[k] == of[i]; k++)
            ;
        if (!scalar_geo_pile_push(a, &b.pile, (struct geo_lines) { rings.p + i, k - i, k - i }))
            return;
    }
    if (add_edges(&b, &rings, true))
        give(&b, out);
}
