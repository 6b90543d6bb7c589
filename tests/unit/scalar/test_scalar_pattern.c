/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"
#include "tests/t.h"

static struct arena *arena;

static str call(const char *name, const char *lists, double share, int64_t n)
{
    struct scalar_value argv[] = { { .s = str_of(lists) }, { .r = share }, { .i = n } };
    struct scalar_value out = { .null = true };
    arena = arena_free(arena);
    arena = arena_new(1 << 24);
    scalar_find(str_of(name))->run(arena, argv, &out);
    return out.null ? S("null") : out.s;
}

/* What most of Hail does no damage is one pattern, not two: "no" alone says too little. */
static const char STORMS[] =
    "[[40,37,10,13],[\"Hail\",\"Wind\",\"Flood\",\"Wind\"],[\"no\",\"no\",\"yes\",\"yes\"]]";

TEST(a_cluster_says_more_than_what_all_rows_share)
{
    str got = call("pattern_autocluster", STORMS, 0.5, 25);

    CHECK(str_starts(got, S("[[")));
    CHECK(str_contains(got, S("[40,40.0,[\"Hail\",\"no\"]]")));
    CHECK(!str_contains(got, S("[null,\"no\"]")));
    CHECK_SEQ(call("pattern_autocluster", "[[],[]]", 0.5, 25), S("[]"));
    CHECK_SEQ(call("pattern_autocluster", STORMS, 0.5, 0), S("null"));
}

TEST(a_basket_is_closed)
{
    /* b is x wherever a is 1: {a} alone is no basket of its own, {b} is. */
    CHECK_SEQ(call("pattern_basket", "[[3,2,1],[\"1\",\"2\",\"3\"],[\"x\",\"x\",\"y\"]]", 0.5, 5),
              S("[[3,50.0,[\"1\",\"x\"]],[5,83.3,[null,\"x\"]]]"));
    CHECK_SEQ(call("pattern_basket", "[[3,2,1],[\"1\",\"2\",\"3\"],[\"x\",\"x\",\"y\"]]", 0.9, 5), S("[]"));
}

TEST(a_basket_has_so_many_columns_of_its_own_at_most)
{
    static const char FREE[] = "[[1,1,1,1],[\"a\",\"a\",\"b\",\"b\"],[\"x\",\"y\",\"x\",\"y\"]]";

    CHECK(str_contains(call("pattern_basket", FREE, 0.2, 5), S("[\"a\",\"x\"]")));
    CHECK(!str_contains(call("pattern_basket", FREE, 0.2, 1), S("[\"a\",\"x\"]")));
}

TEST(sets_differ_where_one_has_what_the_other_lacks)
{
    static const char SETS[] = "[[90,10,0],[10,10,80],[\"a\",\"b\",\"c\"]]";

    CHECK_SEQ(call("pattern_diff", SETS, 0.05, 0),
              S("[[90,10,90.0,10.0,80.0,[\"a\"]],[0,80,0.0,80.0,80.0,[\"c\"]]]"));
    CHECK_SEQ(call("pattern_diff", SETS, 0.9, 0), S("[]"));
    CHECK_SEQ(call("pattern_diff", "[[1],[0],[\"a\"]]", 0.05, 0), S("[]"));
    arena = arena_free(arena);
}
