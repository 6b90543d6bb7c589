/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/strbuf.h"
#include "scalar/scalar.h"
#include "scalar/scalar_array.h"
#include "tests/t.h"

static struct arena *arena;

static str call(const char *name, const struct scalar_value *argv)
{
    struct scalar_value out = { .null = true };
    arena = arena_free(arena);
    arena = arena_new(1 << 26);
    scalar_find(str_of(name))->run(arena, argv, &out);
    return out.null ? S("null") : out.s;
}

static struct scalar_value text(const char *z)
{
    return (struct scalar_value) { .s = str_of(z) };
}

/* The examples of Kusto's documentation. */
TEST(a_season_is_the_median_of_each_phase)
{
    struct scalar_value argv[2] = { text("[2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]"),
                                    { .i = SCALAR_MISSING } };

    CHECK(str_starts(call("series_seasonal", argv), S("[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0")));
    argv[0] = text("[1,3,5,2,4,6,1,3,5,2,4,6]");
    CHECK(str_starts(call("series_seasonal", argv), S("[0.0,0.0,0.0")));
    argv[1].i = 3;
    CHECK(str_starts(call("series_seasonal", argv), S("[1.5,3.5,5.5,1.5")));
}

TEST(a_forecast_goes_on_with_season_and_trend)
{
    struct scalar_value argv[5] = {
        text("[1,12,3,14,5,16,7,18,0,0]"), { .i = 2 }, { .i = 2 }, text("linefit"), { .r = NAN }
    };
    struct scalar_array got;
    AUTO(arena) mine = arena_new(1 << 16);

    CHECK(scalar_array_read(mine, call("series_decompose_forecast", argv), &got));
    CHECK(got.n == 10 && got.v[9] - got.v[8] > 10); /* the phase of the great values */
    argv[2].i = 0;
    argv[0] = text("[1,2,3,4,9,9]");
    CHECK_SEQ(call("series_decompose_forecast", argv), S("[1.0,2.0,3.0,4.0,5.0,6.0]"));
    argv[1].i = 7; /* more than there are */
    CHECK_SEQ(call("series_decompose_forecast", argv), S("null"));
}

/* Kusto's example of a week in hours with six outliers put in, with a trend and without. */
static void weeks(struct strbuf *out, bool climbs)
{
    uint64_t seed = 7;

    for (int t = 1; t <= 840; t++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double y = 2 * (double)(seed >> 11) / 9007199254740992.0 + (t / 24 % 7 >= 5 ? (climbs ? 5 : 10) : 15);
        y += -(double)(t % 24 / 10 * (t % 24 / 10)) + (climbs ? t / 72.0 : 0);
        y += t == 150 || t == 200 || t == 780 ? -8 : t == 300 || t == 400 || t == 600 ? 8 : 0;
        strbuf_addf(out, "%s%.6f", t > 1 ? "," : "[", y);
    }
    strbuf_addc(out, ']');
}

TEST(what_was_put_into_a_week_is_found)
{
    for (int climbs = 0; climbs < 2; climbs++) {
        AUTO_STRBUF         series = STRBUF_INIT(1 << 16);
        struct scalar_array flags;
        weeks(&series, climbs);
        strbuf_addc(&series, '\0');
        struct scalar_value argv[7] = {
            text(series.p), { .r = 2.5 }, { .i = SCALAR_MISSING }, text("linefit"), { .i = SCALAR_MISSING },
            text(""),       { .r = NAN }
        };
        str           all = call("series_decompose_anomalies", argv);
        str           first = str_slice(all, 1, str_find_byte(all, ']') + 1);
        struct arena *own = arena_new(1 << 20);
        CHECK(scalar_array_read(own, first, &flags));
        CHECK_EQ(flags.n, 840);
        int found = 0;
        for (size_t i = 0; i < flags.n; i++)
            found += flags.v[i] != 0;
        CHECK_EQ(found, 6);
        CHECK(flags.n == 840 && flags.v[149] == -1 && flags.v[299] == 1 && flags.v[779] == -1);
        arena_free(own);
    }
}

TEST(a_series_is_the_sum_of_its_parts)
{
    struct scalar_value argv[5] = {
        text("[1,5,2,6,3,7]"), { .i = 2 }, text("linefit"), { .i = SCALAR_MISSING }, { .r = NAN }
    };

    CHECK(str_starts(call("series_decompose", argv), S("[[")));
    argv[2] = text("none");
    argv[1].i = 0;
    CHECK(str_contains(call("series_decompose", argv), S("[1.0,5.0,2.0,6.0,3.0,7.0]]")));
    argv[0] = text("7");
    CHECK_SEQ(call("series_decompose", argv), S("null"));
    arena = arena_free(arena);
}
