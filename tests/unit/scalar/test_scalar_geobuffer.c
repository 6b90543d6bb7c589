/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include "scalar/scalar_geo_shape.h"
#include "tests/t.h"

static bool buffered(struct arena *a, scalar_run run, const struct scalar_value *argv,
                     struct geo_lines *rings)
{
    struct scalar_value out = { .null = true };
    struct scalar_json  j;
    size_t             *of;

    run(a, argv, &out);
    return !out.null && scalar_json_parse(a, out.s, &j) && scalar_geo_shape_polygons(a, &j, rings, &of);
}

static bool holds(const struct geo_lines *rings, double lon, double lat)
{
    return scalar_geo_shape_winding(rings, vec_of_degrees(lon, lat)) > 0;
}

#define DEGREE 111194.9 /* meters */

TEST(a_point_becomes_a_circle)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct scalar_value argv[4] = { { .r = 10 }, { .r = 0 }, { .r = DEGREE }, { .r = 1 } };
    struct geo_lines    rings;

    CHECK(buffered(a, scalar_geobuffer_point, argv, &rings));
    for (int i = 0; i < 360; i++) {
        double x = cos(i * M_PI / 180), y = sin(i * M_PI / 180);
        CHECK(holds(&rings, 10 + 0.999 * x, 0.999 * y));
        CHECK(!holds(&rings, 10 + 1.001 * x, 1.001 * y));
    }
    argv[2].r = 0;
    CHECK(!buffered(a, scalar_geobuffer_point, argv, &rings));
    argv[2].r = 100, argv[1].r = 91;
    CHECK(!buffered(a, scalar_geobuffer_point, argv, &rings));
}

TEST(a_line_becomes_a_band_with_round_ends)
{
    AUTO(arena) a = arena_new(256 << 20);
    struct scalar_value argv[3] = { { .s = S(
                                          "{\"type\":\"LineString\",\"coordinates\":[[0,0],[2,0],[2,2]]}") },
                                    { .r = DEGREE / 2 },
                                    { .r = NAN } };
    struct geo_lines    rings;

    CHECK(buffered(a, scalar_geobuffer_line, argv, &rings));
    CHECK_EQ(rings.n, 1);
    CHECK(holds(&rings, 1, 0.49) && holds(&rings, 1, -0.49) && holds(&rings, -0.49, 0) &&
          holds(&rings, 2.3, -0.3));
    CHECK(!holds(&rings, 1, 0.51) && !holds(&rings, -0.4, 0.4) && !holds(&rings, 2.4, -0.4) &&
          !holds(&rings, 2, 2.51));
}

TEST(a_polygon_grows_and_its_hole_shrinks)
{
    AUTO(arena) a = arena_new(256 << 20);
    struct scalar_value argv[3] = {
        { .s = S("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,4],[0,4],[0,0]],"
                 "[[1,1],[3,1],[3,3],[1,3],[1,1]]]}") },
        { .r = DEGREE / 2 },
        { .r = NAN }
    };
    struct geo_lines rings;

    CHECK(buffered(a, scalar_geobuffer_polygon, argv, &rings));
    CHECK_EQ(rings.n, 2);
    CHECK(holds(&rings, -0.4, 2) && holds(&rings, 0.5, 2) && holds(&rings, 1.4, 2) && !holds(&rings, 2, 2));
    argv[1].r = DEGREE * 2;
    CHECK(buffered(a, scalar_geobuffer_polygon, argv, &rings));
    CHECK(holds(&rings, 2, 2));
}
