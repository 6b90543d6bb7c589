/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "scalar/scalar.h"
#include "tests/t.h"

static struct arena *arena;

static str call(const char *name, const struct scalar_value *argv)
{
    struct scalar_value out = { .null = true };
    arena = arena_free(arena);
    arena = arena_new(1 << 22);
    scalar_find(str_of(name))->run(arena, argv, &out);
    return out.null ? S("null") : out.s;
}

static struct scalar_value text(const char *z)
{
    return (struct scalar_value) { .s = str_of(z) };
}

TEST(gaps_are_filled_from_their_neighbours)
{
    struct scalar_value argv[4] = { text("[null,111.0,null,36.0,null]"), text(""), { .i = 0 }, text("") };

    CHECK_SEQ(call("series_fill_linear", argv), S("[111.0,111.0,73.5,36.0,36.0]"));
    argv[2].i = 1; /* the edges stay */
    CHECK_SEQ(call("series_fill_linear", argv), S("[null,111.0,73.5,36.0,null]"));
    argv[0] = text("[111,null,36,-1,38]");
    argv[1] = text("-1");
    CHECK_SEQ(call("series_fill_linear", argv), S("[111,73,36,37,38]"));
    argv[0] = text("[null,null]");
    CHECK_SEQ(call("series_fill_linear", argv), S("[0.0,0.0]"));
    argv[3] = text("7");
    CHECK_SEQ(call("series_fill_linear", argv), S("[7,7]"));
    argv[3] = text("null");
    CHECK_SEQ(call("series_fill_linear", argv), S("[null,null]"));
}

TEST(a_filter_of_a_mean_is_normalized_by_itself)
{
    struct scalar_value argv[4] = { text("[3,6,9]"), text("[1,1,1]"), { .i = SCALAR_MISSING }, { .i = 0 } };

    CHECK_SEQ(call("series_fir", argv), S("[1.0,3.0,6.0]"));
    argv[3].i = 1; /* centred */
    CHECK_SEQ(call("series_fir", argv), S("[3.0,6.0,5.0]"));
    argv[1] = text("[1,-1]");
    argv[3].i = 0;
    CHECK_SEQ(call("series_fir", argv), S("[3.0,3.0,3.0]"));
    argv[2].i = 1;
    CHECK_SEQ(call("series_fir", argv), S("null"));
}

TEST(two_lines_meet_where_the_series_turns)
{
    struct scalar_value argv[1] = { text("[1,2,3,4,10,8,6,4]") };

    CHECK(str_starts(call("series_fit_2lines", argv), S("[1.0,4,")));
    argv[0] = text("[5]");
    CHECK(str_starts(call("series_fit_2lines", argv), S("[1.0,0,")));
    argv[0] = text("[]");
    CHECK_SEQ(call("series_fit_2lines", argv), S("null"));
}

TEST(a_polynomial_of_its_own_degree_fits_at_any_distance)
{
    struct scalar_value argv[3] = { text("[1,4,9,16,25]"), text("[1001,1002,1003,1004,1005]"), { .i = 2 } };
    str                 fit = call("series_fit_poly", argv);

    CHECK(str_starts(fit, S("[1.0,[1.0")) || str_starts(fit, S("[1.0,[0.99999")));
    argv[0] = text("[1,4,9,16,25]");
    argv[1] = text("");
    CHECK(str_starts(call("series_fit_poly", argv), S("[")));
    argv[2].i = 21;
    CHECK_SEQ(call("series_fit_poly", argv), S("null"));
    argv[2].i = SCALAR_MISSING; /* a line */
    argv[0] = text("[3,5,7]");
    CHECK(str_contains(call("series_fit_poly", argv), S(",[2.0")));
}

TEST(figures_of_a_series_with_a_gap_are_none_unless_asked_for)
{
    struct scalar_value argv[2] = { text("[1,null,3]"), { .i = 0 } };

    CHECK_SEQ(call("series_stats", argv), S("null"));
    argv[1].i = 1;
    CHECK_SEQ(call("series_stats", argv), S("[1.0,0,3.0,2,2.0,1.4142135623730951,2.0,4.0,2]"));
    arena = arena_free(arena);
}
