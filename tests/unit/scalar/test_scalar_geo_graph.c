/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_graph.h"

#include "tests/t.h"

static uint32_t seed;

static double random_to(double limit)
{
    seed = seed * 1664525 + 1013904223;
    return limit * (double)(seed >> 8) / (double)(1 << 24);
}

static struct geo_point point(double lon, double lat)
{
    return (struct geo_point) { vec_of_degrees(lon, lat), lon, lat };
}

/* A star around a point: its corners come by their directions, so it does not cross itself. */
static struct geo_lines star(struct arena *a, double lon, double lat, double size, int corners)
{
    struct geo_lines rings = { 0 };
    struct geo_line  ring = { 0 };

    for (int i = 0; i < corners; i++) {
        double turn = 2 * M_PI * i / corners, r = size * (0.3 + random_to(0.7));
        CHECK(scalar_geo_shape_add(a, &ring, point(lon + r * cos(turn), lat + r * sin(turn))));
    }
    CHECK(scalar_geo_shape_push(a, &rings, ring));
    return rings;
}

static struct geo_lines box(struct arena *a, double lon, double lat, double size)
{
    struct geo_lines rings = { 0 };
    struct geo_line  ring = { 0 };

    CHECK(scalar_geo_shape_add(a, &ring, point(lon, lat)));
    CHECK(scalar_geo_shape_add(a, &ring, point(lon + size, lat)));
    CHECK(scalar_geo_shape_add(a, &ring, point(lon + size, lat + size)));
    CHECK(scalar_geo_shape_add(a, &ring, point(lon, lat + size)));
    CHECK(scalar_geo_shape_push(a, &rings, ring));
    return rings;
}

static double area(const struct geo_lines *rings)
{
    double sum = 0;
    for (size_t i = 0; i < rings->n; i++)
        sum += scalar_geo_shape_area(&rings->p[i]);
    return sum;
}

TEST(what_two_polygons_share_is_counted_twice)
{
    for (int i = 1; i < 400; i++) {
        seed = (uint32_t)i;
        AUTO(arena) a = arena_new(64 << 20);
        struct geo_lines  first = star(a, 10, 45, 5, 3 + i % 9), second = star(a, 12, 46, 6, 3 + i % 7);
        struct geo_shapes all, both;

        CHECK(scalar_geo_graph_unite(a, &first, &second, &all));
        CHECK(scalar_geo_graph_intersect(a, &first, &second, &both));
        CHECK(fabs(area(&all.rings) + area(&both.rings) - area(&first) - area(&second)) < 1e-12);
        CHECK(area(&all.rings) >= fmax(area(&first), area(&second)) - 1e-12);
        CHECK(all.points.n == 0 && all.lines.n == 0);
    }
}

TEST(squares_of_a_grid_become_one)
{
    AUTO(arena) a = arena_new(256 << 20);
    struct geo_lines all = box(a, 0, 0, 1);
    double           sum = area(&all);

    for (int i = 1; i < 25; i++) {
        struct geo_lines  one = box(a, i % 5, i / 5, 1);
        struct geo_shapes more;
        sum += area(&one);
        CHECK(scalar_geo_graph_unite(a, &all, &one, &more));
        all = more.rings;
    }
    CHECK_EQ(all.n, 1);
    CHECK_EQ(all.p[0].n, 20);
    CHECK(fabs(area(&all) - sum) < 1e-12);
}

TEST(a_hole_stays_a_hole)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines  all = { 0 };
    struct geo_shapes more;

    for (int i = 0; i < 9; i++) {
        struct geo_lines one = box(a, i % 3, i / 3, 1);
        if (i == 4)
            continue;
        if (all.n == 0) {
            all = one;
            continue;
        }
        CHECK(scalar_geo_graph_unite(a, &all, &one, &more));
        all = more.rings;
    }
    CHECK_EQ(all.n, 2);
    CHECK_EQ(scalar_geo_shape_winding(&all, vec_of_degrees(1.5, 1.5)), 0);
    CHECK_EQ(scalar_geo_shape_winding(&all, vec_of_degrees(0.5, 1.5)), 1);
}

TEST(polygons_that_only_touch_share_a_point_or_a_line)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines middle = box(a, 0, 0, 1), corner = box(a, 1, 1, 1), side = box(a, 1, 0, 1),
                     apart = box(a, 5, 5, 1);
    struct geo_shapes shapes;

    CHECK(scalar_geo_graph_intersect(a, &middle, &corner, &shapes));
    CHECK(shapes.points.n == 1 && shapes.lines.n == 0 && shapes.rings.n == 0);
    CHECK(scalar_geo_graph_intersect(a, &middle, &side, &shapes));
    CHECK(shapes.points.n == 0 && shapes.lines.n == 1 && shapes.rings.n == 0);
    CHECK(scalar_geo_graph_intersect(a, &middle, &apart, &shapes));
    CHECK(shapes.points.n == 0 && shapes.lines.n == 0 && shapes.rings.n == 0);
    CHECK(scalar_geo_graph_intersect(a, &middle, &middle, &shapes));
    CHECK(fabs(area(&shapes.rings) - area(&middle)) < 1e-15);
}

static struct geo_lines line(struct arena *a, size_t n, const double (*points)[2])
{
    struct geo_lines lines = { 0 };
    struct geo_line  one = { 0 };

    for (size_t i = 0; i < n; i++)
        CHECK(scalar_geo_shape_add(a, &one, point(points[i][0], points[i][1])));
    CHECK(scalar_geo_shape_push(a, &lines, one));
    return lines;
}

TEST(a_line_is_clipped_at_a_polygon)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines square = box(a, 0, 0, 1);
    struct geo_lines through =
        line(a, 4, (double[][2]) { { -1, 0.5 }, { 2, 0.5 }, { 2, 0.2 }, { 0.5, 0.2 } });
    struct geo_shapes shapes;

    CHECK(scalar_geo_graph_clip(a, &through, &square, &shapes));
    CHECK_EQ(shapes.lines.n, 2);
    CHECK(fabs(shapes.lines.p[0].p[0].lon) < 1e-12 && fabs(shapes.lines.p[0].p[1].lon - 1) < 1e-12);
    CHECK(shapes.lines.p[1].p[1].lon == 0.5);
}

TEST(lines_meet_in_points_and_common_stretches)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines  first = line(a, 3, (double[][2]) { { 0, 0 }, { 1, 0 }, { 2, 0 } });
    struct geo_lines  second = line(a, 3, (double[][2]) { { 0.5, -1 }, { 0.5, 1 }, { 1, 0 } });
    struct geo_lines  third = line(a, 3, (double[][2]) { { 2, 0 }, { 1, 0 }, { 1, 1 } });
    struct geo_shapes shapes;

    CHECK(scalar_geo_graph_meet(a, &first, &second, &shapes));
    CHECK(shapes.points.n == 2 && shapes.lines.n == 0);
    CHECK(scalar_geo_graph_meet(a, &first, &third, &shapes));
    CHECK(shapes.points.n == 0 && shapes.lines.n == 1 && shapes.lines.p[0].n == 2);
}

TEST(lines_that_continue_are_joined)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines  all = line(a, 2, (double[][2]) { { 0, 0 }, { 1, 0 } });
    struct geo_lines  more = line(a, 3, (double[][2]) { { 0, 0 }, { 1, 0 }, { 2, 1 } });
    struct geo_shapes shapes;

    CHECK(scalar_geo_shape_push(a, &all, more.p[0]));
    CHECK(scalar_geo_graph_join(a, &all, &shapes));
    CHECK_EQ(shapes.lines.n, 1);
    CHECK_EQ(shapes.lines.p[0].n, 3);
}

TEST(more_edges_than_the_limit_are_refused)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines  big = star(a, 0, 0, 10, SCALAR_GEO_EDGES_MAX), small = box(a, 0, 0, 1);
    struct geo_shapes shapes;

    CHECK(!scalar_geo_graph_unite(a, &big, &small, &shapes));
}
