/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and polygons laid over each other, as GeoJSON. What is no such shape gives null. */
#include "scalar/scalar.h"
#include "scalar/scalar_geo_pile.h"

static bool read_line(struct arena *a, str text, struct geo_lines *out)
{
    struct scalar_json j;
    return scalar_json_parse(a, text, &j) && scalar_geo_shape_lines(a, &j, out);
}

/* The polygons of one geometry onto the pile. */
static bool add_polygons(struct arena *a, const struct scalar_json *j, struct geo_pile *pile)
{
    struct geo_lines rings;
    size_t          *of;

    if (!scalar_geo_shape_polygons(a, j, &rings, &of))
        return false;
    for (size_t i = 0, k; i < rings.n; i = k) {
        for (k = i + 1; k < rings.n && of[k] == of[i]; k++)
            ;
        if (!scalar_geo_pile_push(a, pile, (struct geo_lines) { rings.p + i, k - i, k - i }))
            return false;
    }
    return true;
}

static bool read_polygon(struct arena *a, str text, struct geo_lines *out)
{
    struct geo_pile    pile = { 0 };
    struct scalar_json j;

    return scalar_json_parse(a, text, &j) && add_polygons(a, &j, &pile) &&
           scalar_geo_pile_unite(a, &pile, out);
}

static void give(struct arena *a, const struct geo_shapes *shapes, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    scalar_geo_shape_write(a, &text, shapes);
    scalar_give(a, &text, out);
}

/* --- functions --- */

void scalar_geo_meet_lines(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_lines  first, second;
    struct geo_shapes shapes;

    if (read_line(a, argv[0].s, &first) && read_line(a, argv[1].s, &second) &&
        scalar_geo_graph_meet(a, &first, &second, &shapes))
        give(a, &shapes, out);
}

void scalar_geo_meet_polygons(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_lines  first, second;
    struct geo_shapes shapes;

    if (read_polygon(a, argv[0].s, &first) && read_polygon(a, argv[1].s, &second) &&
        scalar_geo_graph_intersect(a, &first, &second, &shapes))
        give(a, &shapes, out);
}

void scalar_geo_clip(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_lines  lines, rings;
    struct geo_shapes shapes;

    if (read_line(a, argv[0].s, &lines) && read_polygon(a, argv[1].s, &rings) &&
        scalar_geo_graph_clip(a, &lines, &rings, &shapes))
        give(a, &shapes, out);
}

void scalar_geo_unite_polygons(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_shapes  shapes = { 0 };
    struct geo_pile    pile = { 0 };
    struct scalar_json j;

    if (!scalar_json_parse(a, argv[0].s, &j) || j.kind != SCALAR_JSON_ARRAY)
        return;
    for (uint32_t i = 0; i < j.n; i++)
        if (!add_polygons(a, &j.items[i], &pile))
            return;
    if (scalar_geo_pile_unite(a, &pile, &shapes.rings))
        give(a, &shapes, out);
}

void scalar_geo_unite_lines(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_lines   all = { 0 };
    struct geo_shapes  shapes;
    struct scalar_json j;

    if (!scalar_json_parse(a, argv[0].s, &j) || j.kind != SCALAR_JSON_ARRAY || j.n == 0)
        return;
    for (uint32_t i = 0; i < j.n; i++) {
        struct geo_lines one;
        if (!scalar_geo_shape_lines(a, &j.items[i], &one))
            return;
        for (size_t k = 0; k < one.n; k++)
            if (!scalar_geo_shape_push(a, &all, one.p[k]))
                return;
    }
    if (scalar_geo_graph_join(a, &all, &shapes))
        give(a, &shapes, out);
}

void scalar_geo_simple(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct geo_shapes shapes = { 0 };

    if (read_polygon(a, argv[0].s, &shapes.rings))
        give(a, &shapes, out);
}
