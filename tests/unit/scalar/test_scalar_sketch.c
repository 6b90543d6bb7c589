/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include <math.h>

#include "tests/t.h"

static str merged(struct arena *a, scalar_run run, str all)
{
    struct scalar_value argv = { .s = all }, out = { .null = true };
    run(a, &argv, &out);
    return out.null ? STR_NONE : out.s;
}

static int64_t count(struct arena *a, str hll)
{
    struct scalar_value argv = { .s = hll }, out = { .null = true };
    scalar_sketch_hll_count(a, &argv, &out);
    return out.null ? -1 : out.i;
}

static double ask(struct arena *a, scalar_run run, str digest, double of)
{
    struct scalar_value argv[2] = { { .s = digest }, { .r = of } }, out = { .null = true };
    run(a, argv, &out);
    return out.null ? -1 : out.r;
}

/* Hashes that are spread as good ones are. */
static void hll_of(struct strbuf *out, uint64_t from, uint64_t n)
{
    strbuf_addz(out, "[[1024,14],[");
    for (uint64_t i = from; i < from + n; i++) {
        uint64_t h = (i + 1) * 0x9E3779B97F4A7C15;
        h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9;
        h = (h ^ h >> 27) * 0x94D049BB133111EB;
        strbuf_addf(out, "%s%llu", i > from ? "," : "", (unsigned long long)(h ^ h >> 31));
    }
    strbuf_addz(out, "],[[],[]]]");
}

TEST(few_values_are_counted_exactly)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO_STRBUF text = STRBUF_INIT(1 << 20);

    strbuf_addc(&text, '[');
    hll_of(&text, 0, 700);
    strbuf_addc(&text, ',');
    hll_of(&text, 500, 500);
    strbuf_addc(&text, ']');
    CHECK_EQ(count(a, merged(a, scalar_sketch_hll_merge, strbuf_view(&text))), 1000);
}

TEST(many_values_are_counted_to_about_a_hundredth)
{
    AUTO(arena) a = arena_new(256 << 20);
    AUTO_STRBUF text = STRBUF_INIT(16 << 20);

    strbuf_addc(&text, '[');
    for (uint64_t i = 0; i < 100; i++) {
        strbuf_addz(&text, i > 0 ? "," : "");
        hll_of(&text, i * 1000, 1000);
    }
    strbuf_addc(&text, ']');
    str all = merged(a, scalar_sketch_hll_merge, strbuf_view(&text));
    CHECK(llabs(count(a, all) - 100000) < 2500);
    str twice = arena_printf(a, "[" STR_FMT "," STR_FMT "]", STR_ARG(all), STR_ARG(all));
    CHECK_SEQ(merged(a, scalar_sketch_hll_merge, twice), all);
}

TEST(what_is_no_sketch_is_none)
{
    AUTO(arena) a = arena_new(16 << 20);
    static const char *const BAD[] = { "",          "[]",        "5", "[[1024,14]]", "[[1024,99],[],[[],[]]]",
                                       "{\"a\":1}", "[[],[],[]]" };

    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        CHECK_EQ(count(a, str_of(BAD[i])), -1);
    CHECK_EQ(count(a, S("[[1024,4],[],[[0,1,99,-1],[300,70,5,5]]]")), 0);
    CHECK_EQ(count(a, S("[[1024,14],[0,0,1,\"2\",-3],[[],[]]]")), 2);
    CHECK(merged(a, scalar_sketch_tdigest_merge, S("[[[1],[],[]]]")).p == NULL);
    CHECK(ask(a, scalar_sketch_tdigest_rank, S("[[0],[1],[-1]]"), 5) == -1);
}

TEST(few_values_are_ranked_exactly)
{
    AUTO(arena) a = arena_new(16 << 20);
    str d = merged(a, scalar_sketch_tdigest_merge, S("[[[0],[3,1],[1,1]],[[0],[2,2.5],[2,1]],null]"));

    CHECK_SEQ(d, S("[[5],[1,2,2.5,3],[1,2,1,1]]"));
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 0) == 1);
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 60) == 2);
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 61) == 2.5);
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 100) == 3);
    CHECK(ask(a, scalar_sketch_tdigest_rank, d, 2.4) == 3);
    CHECK(ask(a, scalar_sketch_tdigest_rank, d, 0) == 0);
}

TEST(many_values_are_ranked_to_about_a_hundredth)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO_STRBUF text = STRBUF_INIT(4 << 20);

    strbuf_addz(&text, "[[[0],[");
    for (int i = 0; i < 50000; i++)
        strbuf_addf(&text, i > 0 ? ",%d" : "%d", i * 7919 % 50000);
    strbuf_addz(&text, "],[");
    for (int i = 0; i < 50000; i++)
        strbuf_addz(&text, i > 0 ? ",1" : "1");
    strbuf_addz(&text, "]]]");
    str d = merged(a, scalar_sketch_tdigest_merge, strbuf_view(&text));
    CHECK(d.n < 20000);
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 0) == 0);
    CHECK(ask(a, scalar_sketch_tdigest_percentile, d, 100) == 49999);
    for (int p = 1; p < 100; p++)
        CHECK(fabs(ask(a, scalar_sketch_tdigest_percentile, d, p) - p * 500) < 500);
}
