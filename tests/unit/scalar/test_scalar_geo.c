/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include "scalar/scalar_geo_shape.h"
#include "tests/t.h"

static str of(struct arena *a, scalar_run run, const char *first, const char *second)
{
    struct scalar_value argv[2] = { { .s = str_of(first) }, { .s = str_of(second) } }, out = { .null = true };
    run(a, argv, &out);
    return out.null ? STR_NONE : out.s;
}

#define LINE(p) "{\"type\":\"LineString\",\"coordinates\":[" p "]}"
#define RING(p) "{\"type\":\"Polygon\",\"coordinates\":[[" p "]]}"
#define NONE "{\"type\":\"GeometryCollection\",\"geometries\":[]}"

TEST(the_kinds_of_what_is_shared_are_told_apart)
{
    AUTO(arena) a = arena_new(64 << 20);

    CHECK_SEQ(
        of(a, scalar_geo_meet_polygons, RING("[0,0],[1,0],[1,1],[0,0]"), RING("[1,1],[2,1],[2,2],[1,1]")),
        S("{\"type\":\"Point\",\"coordinates\":[1.0,1.0]}"));
    CHECK_SEQ(
        of(a, scalar_geo_meet_polygons, RING("[0,0],[1,0],[1,1],[0,0]"), RING("[5,5],[6,5],[6,6],[5,5]")),
        S(NONE));
    CHECK_SEQ(of(a, scalar_geo_meet_lines, LINE("[0,0],[1,0]"), LINE("[0,0],[1,0]")),
              S(LINE("[0.0,0.0],[1.0,0.0]")));
    CHECK_SEQ(of(a, scalar_geo_clip, LINE("[8,8],[9,9]"), RING("[5,5],[6,5],[6,6],[5,5]")), S(NONE));
}

TEST(polygons_with_holes_are_written_with_them)
{
    AUTO(arena) a = arena_new(64 << 20);
    const char *frame = "[{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,9],[0,0]],"
                        "[[3,3],[6,3],[6,6],[3,6],[3,3]]]},{\"type\":\"Polygon\",\"coordinates\":"
                        "[[[20,0],[21,0],[21,1],[20,0]]]}]";

    CHECK_SEQ(of(a, scalar_geo_unite_polygons, frame, ""),
              S("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[20.0,0.0],[21.0,0.0],[21.0,1.0],[20.0,0.0]]],"
                "[[[0.0,0.0],[9.0,0.0],[9.0,9.0],[0.0,9.0],[0.0,0.0]],"
                "[[3.0,6.0],[6.0,6.0],[6.0,3.0],[3.0,3.0],[3.0,6.0]]]]}"));
}

TEST(what_is_no_such_shape_gives_null)
{
    AUTO(arena) a = arena_new(64 << 20);

    CHECK(of(a, scalar_geo_unite_polygons, "[]", "").p == NULL);
    CHECK(of(a, scalar_geo_unite_polygons, "[" RING("[0,0],[1,0],[0,0]") "]", "").p == NULL);
    CHECK(of(a, scalar_geo_unite_polygons, "[" RING("[0,0],[1,0],[1,1],[0,1]") "]", "").p == NULL);
    CHECK(of(a, scalar_geo_unite_lines, "[" LINE("[0,0]") "]", "").p == NULL);
    CHECK(of(a, scalar_geo_meet_lines, LINE("[0,0],[1,95]"), LINE("[0,0],[1,0]")).p == NULL);
    CHECK(of(a, scalar_geo_meet_lines, "{\"type\":\"Point\",\"coordinates\":[1,1]}", LINE("[0,0],[1,0]")).p ==
          NULL);
    CHECK(of(a, scalar_geo_simple, "no json", "").p == NULL);
}

TEST(rings_without_an_area_are_an_empty_polygon)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO_STRBUF       text = STRBUF_INIT(4096);
    struct geo_line   ring = { 0 };
    struct geo_shapes shapes = { 0 };

    for (int i = 0; i < 3; i++)
        CHECK(scalar_geo_shape_add(a, &ring, scalar_geo_shape_point((struct vec) { 1, 0, 0 })));
    CHECK(scalar_geo_shape_push(a, &shapes.rings, ring));
    scalar_geo_shape_write(a, &text, &shapes);
    CHECK_SEQ(strbuf_view(&text), S("{\"type\":\"Polygon\",\"coordinates\":[]}"));
}
