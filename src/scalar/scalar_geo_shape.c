/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_shape.h"

#include "scalar/scalar_number.h"

struct geo_point scalar_geo_shape_point(struct vec v)
{
    return (struct geo_point) { v, atan2(v.y, v.x) * (180 / M_PI),
                                atan2(v.z, hypot(v.x, v.y)) * (180 / M_PI) };
}

/* --- growing --- */

static void *grown(struct arena *a, const void *p, size_t n, size_t *room, size_t size)
{
    size_t wanted = *room ? *room * 2 : 8;
    void  *more = arena_try_alloc(a, wanted * size);

    if (more && n > 0)
        memcpy(more, p, n * size);
    if (more)
        *room = wanted;
    return more;
}

bool scalar_geo_shape_add(struct arena *a, struct geo_line *line, struct geo_point p)
{
    if (line->n == line->room) {
        struct geo_point *more = grown(a, line->p, line->n, &line->room, sizeof *more);
        if (!more)
            return false;
        line->p = more;
    }
    line->p[line->n++] = p;
    return true;
}

bool scalar_geo_shape_push(struct arena *a, struct geo_lines *lines, struct geo_line line)
{
    if (lines->n == lines->room) {
        struct geo_line *more = grown(a, lines->p, lines->n, &lines->room, sizeof *more);
        if (!more)
            return false;
        lines->p = more;
    }
    lines->p[lines->n++] = line;
    return true;
}

/* --- reading --- */

static bool read_point(const struct scalar_json *j, struct geo_point *out)
{
    double lon, lat;

    if (j->kind != SCALAR_JSON_ARRAY || j->n < 2 || !scalar_json_real(&j->items[0], &lon) ||
        !scalar_json_real(&j->items[1], &lat) || !(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90))
        return false;
    *out = (struct geo_point) { vec_of_degrees(lon, lat), lon, lat };
    return true;
}

static bool same(struct geo_point a, struct geo_point b)
{
    return vec_distance(a.v, b.v) < 1e-15;
}

/* Points that follow on themselves count once. */
static bool read_line(struct arena *a, const struct scalar_json *j, struct geo_line *out)
{
    *out = (struct geo_line) { 0 };
    if (j->kind != SCALAR_JSON_ARRAY || j->n > SCALAR_GEO_POINTS_MAX)
        return false;
    for (uint32_t i = 0; i < j->n; i++) {
        struct geo_point p;
        if (!read_point(&j->items[i], &p))
            return false;
        if (out->n > 0 && same(out->p[out->n - 1], p))
            continue;
        if (!scalar_geo_shape_add(a, out, p))
            return false;
    }
    return true;
}

static bool read_ring(struct arena *a, const struct scalar_json *j, struct geo_line *out)
{
    if (!read_line(a, j, out) || out->n < 4 || !same(out->p[0], out->p[out->n - 1]))
        return false;
    out->n--;
    return true;
}

static str type_of(const struct scalar_json *j, const struct scalar_json **coordinates)
{
    const struct scalar_json *type = scalar_json_get(j, S("type"));

    *coordinates = scalar_json_get(j, S("coordinates"));
    return type && type->kind == SCALAR_JSON_STRING && *coordinates &&
                   (*coordinates)->kind == SCALAR_JSON_ARRAY
               ? type->s
               : S("");
}

bool scalar_geo_shape_lines(struct arena *a, const struct scalar_json *j, struct geo_lines *out)
{
    const struct scalar_json *c;
    str                       type = type_of(j, &c);
    bool                      many = str_eq(type, S("MultiLineString"));

    *out = (struct geo_lines) { 0 };
    if (!many && !str_eq(type, S("LineString")))
        return false;
    for (uint32_t i = 0; i < (many ? c->n : 1); i++) {
        struct geo_line line;
        if (!read_line(a, many ? &c->items[i] : c, &line) || line.n < 2 ||
            !scalar_geo_shape_push(a, out, line))
            return false;
    }
    return out->n > 0;
}

/* One polygon's rings: the first turns left, the others right, or all as they are. */
static bool read_polygon(struct arena *a, const struct scalar_json *j, bool turned, struct geo_lines *out)
{
    if (j->kind != SCALAR_JSON_ARRAY || j->n == 0)
        return false;
    for (uint32_t i = 0; i < j->n; i++) {
        struct geo_line ring;
        if (!read_ring(a, &j->items[i], &ring) || ring.n < 3)
            return false;
        if (turned && (scalar_geo_shape_area(&ring) > 0) != (i == 0))
            scalar_geo_shape_reverse(&ring);
        if (!scalar_geo_shape_push(a, out, ring))
            return false;
    }
    return true;
}

static bool read_polygons(struct arena *a, const struct scalar_json *j, bool turned, struct geo_lines *out,
                          size_t **polygon_of)
{
    const struct scalar_json *c;
    str                       type = type_of(j, &c);
    bool                      many = str_eq(type, S("MultiPolygon"));
    size_t                    rings = 0;

    *out = (struct geo_lines) { 0 };
    if (!many && !str_eq(type, S("Polygon")))
        return false;
    for (uint32_t i = 0; i < (many ? c->n : 1); i++)
        rings += many ? c->items[i].n : c->n;
    *polygon_of = ARENA_TRY_ARRAY(a, size_t, rings + 1);
    if (!*polygon_of)
        return false;
    for (uint32_t i = 0; i < (many ? c->n : 1); i++) {
        size_t before = out->n;
        if (!read_polygon(a, many ? &c->items[i] : c, turned, out))
            return false;
        for (size_t k = before; k < out->n; k++)
            (*polygon_of)[k] = i;
    }
    return out->n > 0;
}

bool scalar_geo_shape_polygons(struct arena *a, const struct scalar_json *j, struct geo_lines *out,
                               size_t **polygon_of)
{
    return read_polygons(a, j, true, out, polygon_of);
}

bool scalar_geo_shape_polygons_as_written(struct arena *a, const struct scalar_json *j, struct geo_lines *out,
                                          size_t **polygon_of)
{
    return read_polygons(a, j, false, out, polygon_of);
}

/* --- rings --- */

/* The area of triangles from the first point, each with its sign (Eriksson). */
double scalar_geo_shape_area(const struct geo_line *ring)
{
    double sum = 0;

    for (size_t i = 1; i + 1 < ring->n; i++) {
        struct vec a = ring->p[0].v, b = ring->p[i].v, c = ring->p[i + 1].v;
        sum += 2 * atan2(vec_dot(a, vec_cross(vec_sub(b, a), vec_sub(c, a))),
                         1 + vec_dot(a, b) + vec_dot(b, c) + vec_dot(c, a));
    }
    return sum;
}

void scalar_geo_shape_reverse(struct geo_line *ring)
{
    for (size_t i = 0, j = ring->n - 1; i < j; i++, j--) {
        struct geo_point p = ring->p[i];
        ring->p[i] = ring->p[j];
        ring->p[j] = p;
    }
}

/* Edges that cross half the great circle from the point to its antipode, each with its direction. */
int scalar_geo_shape_winding(const struct geo_lines *rings, struct vec p)
{
    struct vec x =
        vec_unit(vec_cross(p, fabs(p.x) < 0.6 ? (struct vec) { 1, 0, 0 } : (struct vec) { 0, 1, 0 }));
    struct vec y = vec_cross(p, x);
    int        winding = 0;

    for (size_t r = 0; r < rings->n; r++) {
        const struct geo_line *ring = &rings->p[r];
        struct vec             a = ring->p[ring->n - 1].v;
        double                 ax = vec_dot(a, x), ay = vec_dot(a, y);
        for (size_t i = 0; i < ring->n; i++) {
            double bx = vec_dot(ring->p[i].v, x), by = vec_dot(ring->p[i].v, y);
            if ((ay <= 0) != (by <= 0)) {
                bool up = ay <= 0; /* it counts where it meets the half ahead */
                if ((ax * by - bx * ay > 0) == up)
                    winding += up ? 1 : -1;
            }
            a = ring->p[i].v;
            ax = bx;
            ay = by;
        }
    }
    return winding;
}

/* --- writing --- */

static void add_point(struct strbuf *out, struct geo_point p)
{
    strbuf_addc(out, '[');
    scalar_number_real(out, p.lon);
    strbuf_addc(out, ',');
    scalar_number_real(out, p.lat);
    strbuf_addc(out, ']');
}

static void add_line(struct strbuf *out, const struct geo_line *line, bool closed)
{
    strbuf_addc(out, '[');
    for (size_t i = 0; i < line->n + closed; i++) {
        if (i > 0)
            strbuf_addc(out, ',');
        add_point(out, line->p[i % line->n]);
    }
    strbuf_addc(out, ']');
}

static void add_head(struct strbuf *out, const char *type)
{
    strbuf_addz(out, "{\"type\":\"");
    strbuf_addz(out, type);
    strbuf_addz(out, "\",\"coordinates\":");
}

static void write_points(struct strbuf *out, const struct geo_line *points)
{
    add_head(out, points->n > 1 ? "MultiPoint" : "Point");
    if (points->n > 1)
        add_line(out, points, false);
    else
        add_point(out, points->p[0]);
    strbuf_addc(out, '}');
}

void scalar_geo_shape_write_lines(struct strbuf *out, const struct geo_lines *lines)
{
    add_head(out, lines->n > 1 ? "MultiLineString" : "LineString");
    if (lines->n > 1)
        strbuf_addc(out, '[');
    for (size_t i = 0; i < lines->n; i++) {
        if (i > 0)
            strbuf_addc(out, ',');
        add_line(out, &lines->p[i], false);
    }
    strbuf_addz(out, lines->n > 1 ? "]}" : "}");
}

/* The least ring that turns left and holds a hole: its polygon. */
static size_t shell_of(const struct geo_lines *rings, const double *areas, size_t hole)
{
    size_t best = rings->n;

    for (size_t i = 0; i < rings->n; i++) {
        if (areas[i] <= 0)
            continue;
        struct geo_lines one = { &rings->p[i], 1, 1 };
        struct vec       middle = vec_unit(vec_add(rings->p[hole].p[0].v, rings->p[hole].p[1].v));
        if (scalar_geo_shape_winding(&one, middle) > 0 && (best == rings->n || areas[i] < areas[best]))
            best = i;
    }
    return best;
}

static void write_polygons(struct arena *a, struct strbuf *out, const struct geo_lines *rings)
{
    double *areas = ARENA_TRY_ARRAY(a, double, rings->n);
    size_t *shells = ARENA_TRY_ARRAY(a, size_t, rings->n), n = 0;
    bool    first = true;

    if (!areas || !shells)
        return;
    for (size_t i = 0; i < rings->n; i++)
        n += (areas[i] = scalar_geo_shape_area(&rings->p[i])) > 0;
    for (size_t i = 0; i < rings->n; i++)
        shells[i] = areas[i] > 0 ? i : shell_of(rings, areas, i);
    add_head(out, n > 1 ? "MultiPolygon" : "Polygon");
    strbuf_addz(out, n == 1 ? "" : "["); /* of rings without any area an empty polygon remains */
    for (size_t i = 0; i < rings->n; i++) {
        if (areas[i] <= 0)
            continue;
        strbuf_addz(out, first ? "[" : ",[");
        first = false;
        add_line(out, &rings->p[i], true);
        for (size_t k = 0; k < rings->n; k++)
            if (areas[k] <= 0 && shells[k] == i) {
                strbuf_addc(out, ',');
                add_line(out, &rings->p[k], true);
            }
        strbuf_addc(out, ']');
    }
    strbuf_addz(out, n == 1 ? "}" : "]}");
}

void scalar_geo_shape_write_polygons(struct strbuf *out, const struct geo_lines *rings,
                                     const size_t *polygon_of)
{
    bool many = polygon_of[0] != polygon_of[rings->n - 1];

    add_head(out, many ? "MultiPolygon" : "Polygon");
    strbuf_addz(out, many ? "[[" : "[");
    for (size_t i = 0; i < rings->n; i++) {
        if (i > 0)
            strbuf_addz(out, polygon_of[i] != polygon_of[i - 1] ? "],[" : ",");
        add_line(out, &rings->p[i], true);
    }
    strbuf_addz(out, many ? "]]}" : "]}");
}

void scalar_geo_shape_write(struct arena *a, struct strbuf *out, const struct geo_shapes *s)
{
    int  kinds = (s->points.n > 0) + (s->lines.n > 0) + (s->rings.n > 0);
    bool comma = false;

    if (kinds != 1)
        strbuf_addz(out, "{\"type\":\"GeometryCollection\",\"geometries\":[");
    if (s->points.n > 0) {
        write_points(out, &s->points);
        comma = true;
    }
    if (s->lines.n > 0) {
        strbuf_addz(out, comma ? "," : "");
        scalar_geo_shape_write_lines(out, &s->lines);
        comma = true;
    }
    if (s->rings.n > 0) {
        strbuf_addz(out, comma ? "," : "");
        write_polygons(a, out, &s->rings);
    }
    if (kinds != 1)
        strbuf_addz(out, "]}");
}
