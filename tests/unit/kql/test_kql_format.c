/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "kql/kql.h"

static str formatted(struct arena *a, const char *query)
{
    struct kql_diags diags;
    struct err       err = { 0 };
    str              out = STR_NONE;

    CHECK_OK_ERR(kql_format(str_of(query), a, &out, &diags, &err), &err);
    return out;
}

TEST(an_operator_a_line_and_one_blank_between_words)
{
    static const struct {
        const char *query, *want;
    } rows[] = {
        { "T|where a==1|project b", "T\n| where a == 1\n| project b" },
        { "T |where   a=~'x'  and b>=2 | take 5", "T\n| where a =~ 'x' and b >= 2\n| take 5" },
        { "let x=1;T|where a!=x", "let x=1;\nT\n| where a != x" },
        { "T|join kind=inner (U|where c<=3) on k", "T\n| join kind=inner (U\n    | where c <= 3) on k" },
        { "T // all of it\n| take 1", "T // all of it\n| take 1" },
        { "print -1 , max_of( 1,2 )", "print -1, max_of(1, 2)" },
    };
    AUTO(arena) a = arena_new(8 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        str once = formatted(a, rows[i].query);
        CHECK_SEQ(once, str_of(rows[i].want));
        CHECK_SEQ(formatted(a, once.p), once);
    }
}

TEST(what_does_not_parse_is_refused_with_its_place)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct kql_diags diags;
    struct err       err = { 0 };
    str              out;

    CHECK_EQ(kql_format(S("T\n| where ("), a, &out, &diags, &err), RC_SYNTAX);
    CHECK(str_contains(str_of(err.text), S("line 2")));
}
