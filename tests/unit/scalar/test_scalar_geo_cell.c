/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_cell.h"

#include "tests/t.h"

static struct geo_lines triangle(struct arena *a, const double (*p)[2])
{
    struct geo_lines rings = { 0 };
    struct geo_line  ring = { 0 };

    for (int i = 0; i < 3; i++)
        CHECK(scalar_geo_shape_add(
            a, &ring, (struct geo_point) { vec_of_degrees(p[i][0], p[i][1]), p[i][0], p[i][1] }));
    if (scalar_geo_shape_area(&ring) < 0)
        scalar_geo_shape_reverse(&ring);
    CHECK(scalar_geo_shape_push(a, &rings, ring));
    return rings;
}

static size_t count(struct arena *a, const struct geo_lines *shape, bool closed, double meters, int level)
{
    struct geo_covered what = { shape, closed, meters };
    struct geo_cells   cells;

    CHECK(scalar_geo_cell_cover(a, &what, level, &cells));
    return cells.over ? 0 : cells.n;
}

TEST(the_cell_of_a_point_is_that_of_s2)
{
    AUTO_STRBUF text = STRBUF_INIT(64);

    scalar_geo_cell_token(&text, scalar_geo_cell_of(vec_of_degrees(-73.94622, 40.79249)));
    CHECK_SEQ(strbuf_view(&text), S("89c2f60317f06351"));
    strbuf_clear(&text);
    scalar_geo_cell_token(&text, (uint64_t)5 << 61 | (uint64_t)1 << 60);
    CHECK_SEQ(strbuf_view(&text), S("b"));
}

TEST(a_polygon_is_covered_by_the_cells_it_meets)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines rings = triangle(a, (double[][2]) { { 0, 0 }, { 0, 50 }, { 100, 50 } });

    CHECK_EQ(count(a, &rings, true, 0, 5), 286);
    CHECK_EQ(count(a, &rings, true, 0, 30), 0); /* too many */
    CHECK(count(a, &rings, true, 500000, 5) > 286 + 40);
    CHECK(count(a, &rings, false, 0, 5) < 286);
}

TEST(each_cell_of_a_finer_level_lies_in_one_of_a_coarser)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct geo_lines   rings = triangle(a, (double[][2]) { { 170, -10 }, { -170, -10 }, { 180, 12 } });
    struct geo_covered what = { &rings, true, 0 };
    struct geo_cells   coarse, fine;

    CHECK(scalar_geo_cell_cover(a, &what, 5, &coarse) && scalar_geo_cell_cover(a, &what, 8, &fine));
    for (size_t i = 0; i < fine.n; i++) {
        uint64_t bit = (uint64_t)1 << 2 * (30 - 5), parent = (fine.p[i] & -bit) | bit;
        size_t   k = 0;
        while (k < coarse.n && coarse.p[k] != parent)
            k++;
        CHECK(k < coarse.n);
    }
}
