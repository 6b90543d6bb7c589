/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include "tests/t.h"

static void gives(scalar_run run, const char *first, const char *second, const char *want)
{
    AUTO(arena) a = arena_new(4 << 20);
    struct scalar_value argv[2] = { { .s = str_of(first) }, { .s = str_of(second) } };
    struct scalar_value out = { .null = true };

    run(a, argv, &out);
    CHECK(out.null == (want == NULL));
    if (want)
        CHECK_SEQ(out.s, str_of(want));
}

static bool has(const char *bag, const char *key)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct scalar_value argv[2] = { { .s = str_of(bag) }, { .s = str_of(key) } };
    struct scalar_value out = { .null = true };

    scalar_bag_has(a, argv, &out);
    CHECK(!out.null);
    return out.i;
}

TEST(a_member_is_found_by_name_or_path)
{
    const char *bag = "{\"a\":{\"b.c\":{\"d\":null}},\"$x\":1,\"e\":[{\"f\":1}]}";

    CHECK(has(bag, "a"));
    CHECK(has(bag, "$.a"));
    CHECK(has(bag, "$.a['b.c'].d"));
    CHECK(has(bag, "$[\"a\"]['b.c']"));
    CHECK(has(bag, "$x"));
    CHECK(!has(bag, "$.a.b"));
    CHECK(!has(bag, "$.e.f"));
    CHECK(!has(bag, "$.a['b.c"));
    CHECK(!has("[1]", "0"));
    CHECK(!has("no json", "a"));
    CHECK(!has(bag, ""));
}

TEST(members_are_taken_out_at_any_depth)
{
    gives(scalar_bag_without, "{\"a\":{\"b\":1,\"c\":2},\"d\":3}", "[\"$.a.b\",\"d\",5]",
          "{\"a\":{\"c\":2}}");
    gives(scalar_bag_without, "{\"a\":1,\"a\":2}", "[\"a\"]", "{}");
    gives(scalar_bag_without, "{\"a\":[1.0]}", "[\"$.a.b\"]", "{\"a\":[1.0]}");
    gives(scalar_bag_without, "[1]", "[\"a\"]", NULL);
    gives(scalar_bag_without, "{}", "{}", NULL);
}

TEST(members_are_put_in_order_at_every_level)
{
    gives(scalar_bag_sorted, "{\"Y10\":{},\"A14\":[{\"z\":1,\"a\":2}],\"A1\":12}", "",
          "{\"A1\":12,\"A14\":[{\"a\":2,\"z\":1}],\"Y10\":{}}");
    gives(scalar_bag_sorted, "{\"e\":1,\"d\":2,\"c\":3,\"b\":4,\"a\":5,\"f\":6}", "",
          "{\"a\":5,\"b\":4,\"c\":3,\"d\":2,\"e\":1,\"f\":6}");
    gives(scalar_bag_sorted, "", "", NULL);
}

TEST(a_schema_says_what_was_seen_in_order)
{
    gives(scalar_bag_schema,
          "[{\"x\":1,\"y\":3.5},{\"x\":\"s\",\"z\":[1,2]},{\"y\":{\"w\":\"z\"},\"z\":[\"f\"]}]", "",
          "{\"x\":[\"long\",\"string\"],\"y\":[\"double\",{\"w\":\"string\"}],"
          "\"z\":{\"`indexer`\":[\"long\",\"string\"]}}");
    gives(scalar_bag_schema, "[1,2]", "", "\"long\"");
    gives(scalar_bag_schema, "[true,null,[]]", "", "[\"bool\",{\"`indexer`\":[]}]");
    gives(scalar_bag_schema, "[null]", "", NULL);
    gives(scalar_bag_schema, "[]", "", NULL);
}
