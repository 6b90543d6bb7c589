/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_path.h"

#include "tests/t.h"

static bool add_text(void *ctx, const struct json *found)
{
    if (found)
        json_print(ctx, found, 0);
    else
        strbuf_addz(ctx, "-");
    strbuf_addc(ctx, ' ');
    return true;
}

static void expect(const char *path, const char *document, const char *want)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF        out = STRBUF_INIT(1000);
    struct policy_path p;
    const struct json *j;
    CHECK_OK(policy_path_parse(a, str_of(path), &p, NULL));
    CHECK_OK(json_parse(a, str_of(document), &j, NULL));
    CHECK(policy_path_walk(&p, 0, j, add_text, &out));
    CHECK_STR(out.p ? out.p : "", want);
}

TEST(names_brackets_and_indexes_lead_on)
{
    expect("a.B", "{\"A\": {\"b\": 1}}", "1 ");
    expect("tags['Created By']", "{\"tags\": {\"created by\": \"x\"}}", "\"x\" ");
    expect("tags[env]", "{\"tags\": {\"env\": 2}}", "2 ");
    expect("tags['a]b.c']", "{\"tags\": {\"a]b.c\": 3}}", "3 ");
    expect("list[1].x", "{\"list\": [{}, {\"x\": 4}]}", "4 ");
    expect("list[9].x", "{\"list\": []}", "- ");
}

TEST(each_visits_every_element_and_says_what_is_missing)
{
    expect("a[*].b[*]", "{\"a\": [{\"b\": [1, 2]}, {}, {\"b\": [3]}]}", "1 2 3 ");
    expect("a[*].c", "{\"a\": [{\"c\": 1}, {}]}", "1 - ");
    expect("a[*]", "{\"a\": 5}", "");
    expect("rules[*].properties.x", "{\"rules\": [{\"x\": 1}, {\"properties\": {\"x\": 2}}]}", "1 2 ");
}

TEST(broken_paths_are_refused)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct policy_path p;
    AUTO_STRBUF        many = STRBUF_INIT(1000);
    CHECK_EQ(policy_path_parse(a, S("a..b"), &p, NULL), RC_SYNTAX);
    CHECK_EQ(policy_path_parse(a, S("a[b"), &p, NULL), RC_SYNTAX);
    CHECK_EQ(policy_path_parse(a, S(".a"), &p, NULL), RC_SYNTAX);
    for (int i = 0; i < 60; i++)
        strbuf_addz(&many, i ? ".a" : "a");
    CHECK_EQ(policy_path_parse(a, strbuf_view(&many), &p, NULL), RC_LIMIT);
}
