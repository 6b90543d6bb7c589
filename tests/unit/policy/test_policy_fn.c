/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_fn.h"

#include "policy/policy_value.h"
#include "tests/t.h"
#include "tests/unit/policy/policy_run.h"

TEST(every_function_has_a_name_of_its_own_a_doc_and_an_example)
{
    size_t                  family = 0, row = 0, n = 0;
    const struct policy_fn *fn;
    while ((fn = policy_fn_next(&family, &row))) {
        CHECK(policy_fn_find(str_of(fn->name)) == fn);
        CHECK(fn->doc && fn->doc[0] && fn->eval && fn->least <= fn->most);
        CHECK(str_contains(str_of(fn->example), str_of(fn->name)));
        n++;
    }
    CHECK(n >= 75);
}

/* The example stands for a value that must equal what the row says, in JSON and in kind. */
TEST(every_example_yields_what_its_row_says)
{
    size_t                  family = 0, row = 0;
    const struct policy_fn *fn;
    while ((fn = policy_fn_next(&family, &row))) {
        AUTO(arena) a = arena_new(1 << 20);
        AUTO_STRBUF condition = STRBUF_INIT(4096), literal = STRBUF_INIT(4096);
        strbuf_addf(&literal, "[%s]", fn->example);
        strbuf_addz(&condition, "{\"value\": ");
        json_escape(&condition, strbuf_view(&literal));
        strbuf_addf(&condition, ", \"equals\": %s}", fn->yields);
        str got = policy_run_if(a, condition.p, "{\"name\": \"web-03\"}");
        if (!str_eq(got, S("audit")))
            CHECK_STR(condition.p, "its example's answer");
    }
}

TEST(an_unknown_function_is_refused_by_name_with_a_hint)
{
    AUTO(arena) a = arena_new(1 << 20);
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[toLowr('A')]\", \"equals\": 1}", "{}"),
              S("! if: 'toLowr' is no function of policies; did you mean 'toLower'?"));
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[zzzz()]\", \"equals\": 1}", "{}"),
              S("! if: 'zzzz' is no function of policies"));
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[toLower()]\", \"equals\": 1}", "{}"),
              S("! if: toLower takes 1 to 1 arguments, not 0"));
}

TEST(broken_expressions_say_where)
{
    AUTO(arena) a = arena_new(1 << 20);
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[concat('a]\", \"equals\": 1}", "{}"),
              S("! if: in the expression 'concat('a' at 10: the text does not end"));
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[concat('a']\", \"equals\": 1}", "{}"),
              S("! if: in the expression 'concat('a'' at 11: a ) is missing"));
    CHECK_SEQ(policy_run_if(a, "{\"value\": \"[field('a') x]\", \"equals\": 1}", "{}"),
              S("! if: in the expression 'field('a') x' at 12: more text than an expression"));
}

TEST(depth_is_bounded)
{
    AUTO(arena) a = arena_new(1 << 22);
    AUTO_STRBUF deep = STRBUF_INIT(1 << 16);
    strbuf_addz(&deep, "{\"value\": \"[");
    for (int i = 0; i < 100; i++)
        strbuf_addz(&deep, "not(");
    strbuf_addz(&deep, "true()");
    for (int i = 0; i < 100; i++)
        strbuf_addc(&deep, ')');
    strbuf_addz(&deep, "]\", \"equals\": 1}");
    CHECK(str_ends(policy_run_if(a, deep.p, "{}"), S("nested deeper than 64 levels")));
}

TEST(what_is_missing_or_of_the_wrong_kind_has_no_answer)
{
    AUTO(arena) a = arena_new(1 << 20);
    static const char *const none[] = { "add('x', 1)",
                                        "div(1, 0)",
                                        "add(9223372036854775807, 1)",
                                        "substring('abc', -1)",
                                        "split(field('none'), ',')",
                                        "range(0, 10001)",
                                        "format('{3}', 'a')",
                                        "json('{')",
                                        "ipRangeContains('10.0.0.0/33', '10.0.0.1')",
                                        "dateTimeAdd('x', 'PT1H')" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        str condition = arena_printf(a, "{\"value\": \"[%s]\", \"equals\": null}", none[i]);
        CHECK_SEQ(policy_run_if(a, condition.p, "{}"), S("audit"));
    }
}
