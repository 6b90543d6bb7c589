/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include <math.h>

#include "tests/t.h"

static str edited(struct arena *a, scalar_run run, const char *shape, double meters)
{
    struct scalar_value argv[3] = { { .s = str_of(shape) }, { .r = meters }, { .i = 0 } },
                        out = { .null = true };
    run(a, argv, &out);
    return out.null ? STR_NONE : out.s;
}

#define LINE(p) "{\"type\":\"LineString\",\"coordinates\":[" p "]}"
#define RING(p) "{\"type\":\"Polygon\",\"coordinates\":[[" p "]]}"

TEST(points_come_between_until_the_arc_is_near)
{
    AUTO(arena) a = arena_new(64 << 20);

    CHECK_SEQ(edited(a, scalar_geoedit_densify_line, LINE("[50,50],[51,51]"), NAN),
              S(LINE("[50.0,50.0],[50.125,50.125],[50.25,50.25],[50.375,50.375],[50.5,50.5],[50.625,50.625],"
                     "[50.75,50.75],[50.875,50.875],[51.0,51.0]")));
    CHECK_SEQ(edited(a, scalar_geoedit_densify_line, LINE("[0,0],[0,1]"), NAN),
              S(LINE("[0.0,0.0],[0.0,1.0]")));
    CHECK_SEQ(edited(a, scalar_geoedit_densify_polygon, RING("[10,10],[11,10],[11,11],[10,10]"), 10000),
              S(RING("[10.0,10.0],[11.0,10.0],[11.0,11.0],[10.0,10.0]")));
    CHECK(edited(a, scalar_geoedit_densify_line, LINE("[1,1],[2,2]"), 0).p == NULL);
    CHECK(edited(a, scalar_geoedit_densify_line, LINE("[300,1],[2,2]"), 10).p == NULL);
    CHECK(edited(a, scalar_geoedit_densify_line, LINE("[1,1]"), 10).p == NULL);
}

TEST(points_near_the_line_go)
{
    AUTO(arena) a = arena_new(64 << 20);

    CHECK_SEQ(edited(a, scalar_geoedit_simplify_line, LINE("[0,0],[0.5,0.00001],[1,0]"), NAN),
              S(LINE("[0.0,0.0],[1.0,0.0]")));
    CHECK_SEQ(edited(a, scalar_geoedit_simplify_line, LINE("[0,0],[0.5,0.1],[1,0]"), NAN),
              S(LINE("[0.0,0.0],[0.5,0.1],[1.0,0.0]")));
    CHECK(edited(a, scalar_geoedit_simplify_line, LINE("[0,0],[0.5,0]"), 100000).p == NULL);
    CHECK(edited(a, scalar_geoedit_simplify_line, LINE("[0,0],[0.5,0]"), -1).p == NULL);
    CHECK_SEQ(edited(a, scalar_geoedit_simplify_polygons, RING("[0,0],[0.5,0],[1,0],[1,1],[0,0]"), 1),
              S(RING("[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]")));
    CHECK(edited(a, scalar_geoedit_simplify_polygons, RING("[0,0],[1,0],[1,1],[0,0]"), 1e6).p == NULL);
}
