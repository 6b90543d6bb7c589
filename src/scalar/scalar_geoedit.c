/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and rings with more or fewer points. */
#include "scalar/scalar.h"
#include "scalar/scalar_geo_cell.h"

#define METERS_DEFAULT 10.
#define DENSIFY_MIN 0.1
#define DENSIFY_MAX 10000.

enum { HALVINGS_MAX = 20 };

/* --- points between: edges are straight on the map, in degrees; arcs that keep near them are as good --- */

struct densifying {
    struct arena    *arena;
    double           tolerance; /* chord */
    bool             wrap;      /* the short way over the antimeridian */
    struct geo_line *out;
};

static struct vec on_map(const double *p, const double *q, double t)
{
    return vec_of_degrees(p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t);
}

/* The distance between arc and map line, where it is greatest: at about a third of the way from either end.
 */
static double error_of(const double *p, const double *q)
{
    const double t = 0.31215691082248312;
    struct vec   a = on_map(p, q, 0), b = on_map(p, q, 1);
    double       angle = vec_angle(a, b), sum = 0;

    if (vec_dot(a, b) < -1e-14)
        return 4;
    if (angle < 1e-15)
        return 0;
    for (int k = 0; k < 2; k++) {
        double     at = k ? 1 - t : t;
        struct vec arc = vec_add(vec_scale(a, sin((1 - at) * angle)), vec_scale(b, sin(at * angle)));
        sum = fmax(sum, vec_distance(vec_scale(arc, 1 / sin(angle)), on_map(p, q, at)));
    }
    return sum;
}

static bool densify(struct densifying *d, const double *p, const double *q, int depth)
{
    if (depth == HALVINGS_MAX || error_of(p, q) <= d->tolerance) {
        double lon = q[0] > 180 ? q[0] - 360 : q[0] < -180 ? q[0] + 360 : q[0];
        return scalar_geo_shape_add(d->arena, d->out,
                                    (struct geo_point) { vec_of_degrees(lon, q[1]), lon, q[1] });
    }
    double middle[] = { p[0] + (q[0] - p[0]) / 2, p[1] + (q[1] - p[1]) / 2 };
    return d->out->n < SCALAR_GEO_POINTS_MAX && densify(d, p, middle, depth + 1) &&
           densify(d, middle, q, depth + 1);
}

static bool densify_line(struct densifying *d, const struct geo_line *line, bool closed)
{
    if (!scalar_geo_shape_add(d->arena, d->out, line->p[0]))
        return false;
    for (size_t i = 0; i + !closed < line->n; i++) {
        const struct geo_point *from = &line->p[i], *to = &line->p[(i + 1) % line->n];
        double                  p[] = { from->lon, from->lat }, q[] = { to->lon, to->lat };
        if (d->wrap && fabs(q[0] - p[0]) > 180)
            q[0] += q[0] < p[0] ? 360 : -360;
        if (!densify(d, p, q, 0))
            return false;
    }
    d->out->n -= closed; /* the first point again */
    return true;
}

/* A tolerance that is missing has its default; one out of range none. */
static bool densify_all(struct arena *a, const struct scalar_value *argv, bool closed,
                        struct geo_lines *lines)
{
    double            meters = isnan(argv[1].r) ? METERS_DEFAULT : argv[1].r;
    struct densifying d = { a, 0.83829992569888509 * vec_chord(meters), argv[2].i, NULL };

    if (!(meters >= DENSIFY_MIN && meters <= DENSIFY_MAX))
        return false;
    for (size_t i = 0; i < lines->n; i++) {
        struct geo_line more = { 0 };
        d.out = &more;
        if (!densify_line(&d, &lines->p[i], closed))
            return false;
        lines->p[i] = more;
    }
    return true;
}

void scalar_geoedit_densify_line(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json j;
    struct geo_lines   lines;

    if (!scalar_json_parse(a, argv[0].s, &j) || !scalar_geo_shape_lines(a, &j, &lines) ||
        !densify_all(a, argv, false, &lines))
        return;
    scalar_geo_shape_write_lines(&text, &lines);
    scalar_give(a, &text, out);
}

void scalar_geoedit_densify_polygon(struct arena *a, const struct scalar_value *argv,
                                    struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json j;
    struct geo_lines   rings;
    size_t            *of;

    if (!scalar_json_parse(a, argv[0].s, &j) || !scalar_geo_shape_polygons_as_written(a, &j, &rings, &of) ||
        !densify_all(a, argv, true, &rings))
        return;
    scalar_geo_shape_write_polygons(&text, &rings, of);
    scalar_give(a, &text, out);
}

/* --- fewer points --- */

/* Points that stand for all within the tolerance of them, taken in the order of the Hilbert curve, so that
 * shapes that share points agree on them. */
static bool sites_of(struct arena *a, const struct geo_lines *lines, double tolerance, struct geo_line *out)
{
    struct geo_line all = { 0 };

    for (size_t l = 0; l < lines->n; l++)
        for (size_t i = 0; i < lines->p[l].n; i++)
            if (!scalar_geo_shape_add(a, &all, lines->p[l].p[i]))
                return false;
    uint64_t *cells = ARENA_TRY_ARRAY(a, uint64_t, all.n + 1);
    if (!cells)
        return false;
    for (size_t i = 0; i < all.n; i++)
        cells[i] = scalar_geo_cell_of(all.p[i].v);
    for (size_t gap = all.n / 2; gap > 0; gap /= 2) /* Shell's sort */
        for (size_t i = gap; i < all.n; i++)
            for (size_t j = i; j >= gap && cells[j - gap] > cells[j]; j -= gap) {
                uint64_t         c = cells[j];
                struct geo_point p = all.p[j];
                cells[j] = cells[j - gap];
                all.p[j] = all.p[j - gap];
                cells[j - gap] = c;
                all.p[j - gap] = p;
            }
    for (size_t i = 0; i < all.n; i++) {
        size_t k = 0;
        while (k < out->n && vec_distance(out->p[k].v, all.p[i].v) > tolerance)
            k++;
        if (k == out->n && !scalar_geo_shape_add(a, out, all.p[i]))
            return false;
    }
    return true;
}

static struct geo_point nearest(const struct geo_line *sites, struct vec p)
{
    size_t best = 0;
    for (size_t i = 1; i < sites->n; i++)
        if (vec_distance(sites->p[i].v, p) < vec_distance(sites->p[best].v, p))
            best = i;
    return sites->p[best];
}

/* Points of other lines stay, so that neighbours keep their common edges. */
static bool is_shared(const struct geo_lines *lines, size_t own, struct vec p)
{
    for (size_t l = 0; l < lines->n; l++)
        for (size_t i = 0; l != own && i < lines->p[l].n; i++)
            if (vec_distance(lines->p[l].p[i].v, p) < 1e-14)
                return true;
    return false;
}

/* As far ahead as the arc stays within the tolerance of all points that it leaves out. */
static size_t reach(const struct geo_lines *lines, size_t own, size_t from, bool closed, double tolerance)
{
    const struct geo_line *line = &lines->p[own];
    size_t                 to = from + 1, end = closed ? line->n : line->n - 1;

    for (; to < end && !is_shared(lines, own, line->p[to % line->n].v); to++)
        for (size_t i = from + 1; i <= to; i++)
            if (vec_to_arc(line->p[i].v, line->p[from].v, line->p[(to + 1) % line->n].v) > tolerance)
                return to;
    return to;
}

static bool snap(struct arena *a, struct geo_lines *lines, bool closed, double tolerance)
{
    struct geo_line sites = { 0 };

    if (!sites_of(a, lines, tolerance, &sites))
        return false;
    for (size_t l = 0; l < lines->n; l++) {
        struct geo_line fewer = { 0 };
        for (size_t i = 0; i < lines->p[l].n; i++) {
            struct geo_point p = nearest(&sites, lines->p[l].p[i].v);
            if (fewer.n > 0 && vec_distance(fewer.p[fewer.n - 1].v, p.v) == 0)
                continue;
            if (!scalar_geo_shape_add(a, &fewer, p))
                return false;
        }
        while (closed && fewer.n > 1 && vec_distance(fewer.p[0].v, fewer.p[fewer.n - 1].v) == 0)
            fewer.n--;
        lines->p[l] = fewer;
    }
    return true;
}

/* What has fewer than `least` points left goes. */
static bool simplify(struct arena *a, double meters, bool closed, struct geo_lines *lines)
{
    double           tolerance = vec_chord(meters);
    struct geo_lines out = { 0 };

    if (!(meters >= 0) || !snap(a, lines, closed, tolerance))
        return false;
    for (size_t l = 0; l < lines->n; l++) {
        const struct geo_line *line = &lines->p[l];
        struct geo_line        fewer = { 0 };
        for (size_t i = 0; i < line->n; i = reach(lines, l, i, closed, tolerance))
            if (!scalar_geo_shape_add(a, &fewer, line->p[i]))
                return false;
        if (fewer.n >= (closed ? 3 : 2) && !scalar_geo_shape_push(a, &out, fewer))
            return false;
    }
    *lines = out;
    return out.n > 0;
}

static double meters_of(const struct scalar_value *v)
{
    return isnan(v->r) ? METERS_DEFAULT : v->r;
}

void scalar_geoedit_simplify_line(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json j;
    struct geo_lines   lines;

    if (!scalar_json_parse(a, argv[0].s, &j) || !scalar_geo_shape_lines(a, &j, &lines) ||
        !simplify(a, meters_of(&argv[1]), false, &lines))
        return;
    scalar_geo_shape_write_lines(&text, &lines);
    scalar_give(a, &text, out);
}

/* One polygon, or an array of them. */
void scalar_geoedit_simplify_polygons(struct arena *a, const struct scalar_value *argv,
                                      struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json j;
    struct geo_shapes  all = { 0 };

    if (!scalar_json_parse(a, argv[0].s, &j))
        return;
    bool array = j.kind == SCALAR_JSON_ARRAY;
    for (uint32_t i = 0; i < (array ? j.n : 1); i++) {
        struct geo_lines rings;
        size_t          *of;
        if (!scalar_geo_shape_polygons(a, array ? &j.items[i] : &j, &rings, &of))
            return;
        for (size_t k = 0; k < rings.n; k++)
            if (!scalar_geo_shape_push(a, &all.rings, rings.p[k]))
                return;
    }
    if (!simplify(a, meters_of(&argv[1]), true, &all.rings))
        return;
    scalar_geo_shape_write(a, &text, &all);
    scalar_give(a, &text, out);
}
