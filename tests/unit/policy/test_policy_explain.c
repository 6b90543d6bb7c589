/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_explain.h"

#include "tests/t.h"

static const struct json *explained(struct arena *a, str rule, str resource)
{
    const struct json       *definition, *document, *out;
    const struct policy_def *def;
    struct policy_verdict    verdict;
    AUTO_STRBUF              text = STRBUF_INIT(POLICY_EXPLAIN_BYTES);
    struct json_w            w = json_w_make(&text);

    CHECK_OK(json_parse(a, rule, &definition, NULL));
    CHECK_OK(json_parse(a, resource, &document, NULL));
    CHECK_OK(policy_def_parse(a, definition, NULL, &def, NULL));
    struct policy_input in = { .resource = document, .now = SECONDS(1771156800) };
    CHECK_OK(policy_eval(def, &in, a, &verdict, NULL));
    json_w_object(&w);
    policy_explain(def, &in, &verdict, a, &w);
    json_w_end(&w);
    CHECK_OK(json_parse(a, strbuf_view(&text), &out, NULL));
    return out;
}

TEST(conditions_after_the_one_that_decides_are_told_too)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json *x = explained(a,
                                     S("{\"if\": {\"anyOf\": [{\"field\": \"kind\", \"equals\": \"a\"}, "
                                       "{\"field\": \"tags.x\", \"exists\": true}]}, "
                                       "\"then\": {\"effect\": \"deny\"}}"),
                                     S("{\"kind\": \"A\"}"));

    CHECK_SEQ(json_str(x, S("effect"), S("")), S("deny"));
    CHECK(json_path(x, S("condition.conditions.0.holds"))->b);
    CHECK(!json_path(x, S("condition.conditions.1.holds"))->b);
    CHECK(!json_path(x, S("condition.conditions.1.found")));
}

TEST(a_rule_of_sixty_levels_is_told_as_far_as_people_read)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF rule = STRBUF_INIT(1 << 16);

    strbuf_addz(&rule, "{\"if\": ");
    for (int i = 0; i < 60; i++)
        strbuf_addz(&rule, "{\"not\": ");
    strbuf_addz(&rule, "{\"field\": \"kind\", \"equals\": \"a\"}");
    for (int i = 0; i < 60; i++)
        strbuf_addc(&rule, '}');
    strbuf_addz(&rule, ", \"then\": {\"effect\": \"audit\"}}");
    const struct json *node =
        json_get(explained(a, strbuf_view(&rule), S("{\"kind\": \"a\"}")), S("condition"));
    int levels = 0;
    for (; node; node = json_at(json_get(node, S("conditions")), 0))
        levels++;
    CHECK_EQ(levels, POLICY_EXPLAIN_DEPTH);
}

TEST(of_many_elements_those_that_count_are_shown_first)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO_STRBUF resource = STRBUF_INIT(1 << 20);

    strbuf_addz(&resource, "{\"list\": [0");
    for (int i = 1; i < 5000; i++)
        strbuf_addf(&resource, ", %d", i);
    strbuf_addz(&resource, "]}");
    const struct json *x =
        explained(a,
                  S("{\"if\": {\"count\": {\"field\": \"list[*]\", \"where\": {\"field\": \"list[*]\", "
                    "\"greater\": 4997}}, \"equals\": 2}, \"then\": {\"effect\": \"audit\"}}"),
                  strbuf_view(&resource));
    const struct json *count = json_get(x, S("condition")), *members = json_get(count, S("members"));

    CHECK_EQ(json_i64(count, S("found"), 0), 2);
    CHECK_EQ(json_i64(count, S("of"), 0), 5000);
    CHECK_EQ(members->n, POLICY_EXPLAIN_ELEMENTS);
    CHECK_SEQ(json_str(json_at(members, 0), S("path"), S("")), S("list[4998]"));
    CHECK(json_bool(json_at(members, 1), S("holds"), false));
    CHECK(!json_bool(json_at(members, 2), S("holds"), true));
}

TEST(a_value_too_long_to_be_shown_says_so)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF resource = STRBUF_INIT(1 << 16);

    strbuf_addz(&resource, "{\"kind\": \"");
    for (int i = 0; i < POLICY_EXPLAIN_VALUE; i++)
        strbuf_addc(&resource, 'x');
    strbuf_addz(&resource, "\"}");
    const struct json *x = explained(
        a, S("{\"if\": {\"field\": \"kind\", \"like\": \"x*\"}, \"then\": {\"effect\": \"audit\"}}"),
        strbuf_view(&resource));
    CHECK_SEQ(json_str(json_get(x, S("condition")), S("found"), S("")), S("(too long to be shown)"));
}
