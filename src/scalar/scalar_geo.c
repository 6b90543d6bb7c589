/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and polygons laid over each other, as GeoJSON. What is no such shape gives null. */
#include "scalar/scalar.h"
#include "scalar/scalar_geo_graph.h"

static bool read_line(struct arena *a, str text, struct geo_lines *out)
{
    struct scalar_json j;
    return scalar_json_parse(a, text, &j) && scalar_geo_shape_lines(a, &j, out);
}

/* --- many polygons as one --- */

/* Polygons still to be united: each a set of rings that do not overlap, and of how many points it was made.
 */
struct polygon {
    struct geo_lines rings;
    size_t           points;
};

struct pile {
    struct polygon *p;
    size_t          n;
};

static size_t points_of(const struct geo_lines *rings)
{
    size_t n = 0;
    for (size_t i = 0; i < rings->n; i++)
        n += rings->p[i].n;
    return n;
}

/* Takes the one with the fewest points, of several the first: small ones are united before they meet big
 * ones. */
static struct polygon take_least(struct pile *pile)
{
    size_t         at = 0;
    struct polygon least;

    for (size_t i = 1; i < pile->n; i++)
        if (pile->p[i].points < pile->p[at].points)
            at = i;
    least = pile->p[at];
    memmove(pile->p + at, pile->p + at + 1, (--pile->n - at) * sizeof *pile->p);
    return least;
}

static bool unite(struct arena *a, struct pile *pile, struct geo_lines *out)
{
    while (pile->n > 1) {
        struct polygon    first = take_least(pile), second = take_least(pile);
        struct geo_shapes both;
        if (!scalar_geo_graph_unite(a, &first.rings, &second.rings, &both))
            return false;
        pile->p[pile->n++] = (struct polygon) { both.rings, first.points + second.points };
    }
    *out = pile->p[0].rings;
    return true;
}

/* The polygons of one geometry onto the pile. */
static bool add_polygons(struct arena *a, const struct scalar_json *j, struct pile *pile, size_t room)
{
    struct geo_lines rings;
    size_t          *of;

    if (!scalar_geo_shape_polygons(a, j, &rings, &of))
        return false;
    for (size_t i = 0, k; i < rings.n; i = k) {
        for (k = i + 1; k < rings.n && of[k] == of[i]; k++)
            ;
        if (pile->n == room)
            return false;
        struct geo_lines one = { rings.p + i, k - i, k - i };
        pile->p[pile->n++] = (struct polygon) { one, points_of(&one) };
    }
    return true;
}

static size_t polygons_of(const struct scalar_json *j)
{
    const struct scalar_json *c = scalar_json_get(j, S("coordinates"));
    return c && c->kind == SCALAR_JSON_ARRAY ? c->n : 0;
}

static bool read_polygon(struct arena *a, str text, struct geo_lines *out)
{
    struct scalar_json j;

    if (!scalar_json_parse(a, text, &j))
        return false;
    size_t      room = polygons_of(&j) + 1;
    struct pile pile = { ARENA_TRY_ARRAY(a, struct polygon, room), 0 };
    return pile.p && add_polygons(a, &j, &pile, room) && unite(a, &pile, out);
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
    struct scalar_json j;
    size_t             room = 1;

    if (!scalar_json_parse(a, argv[0].s, &j) || j.kind != SCALAR_JSON_ARRAY || j.n == 0)
        return;
    for (uint32_t i = 0; i < j.n; i++)
        room += polygons_of(&j.items[i]);
    struct pile pile = { ARENA_TRY_ARRAY(a, struct polygon, room), 0 };
    for (uint32_t i = 0; i < j.n; i++)
        if (!pile.p || !add_polygons(a, &j.items[i], &pile, room))
            return;
    if (unite(a, &pile, &shapes.rings))
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
