/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_lex.h"

#include "tests/t.h"

struct lexed {
    struct arena     *arena;
    struct kql_diags  diags;
    struct kql_tokens tokens;
};

static struct lexed lex(const char *query)
{
    struct lexed l = { .arena = arena_new(1 << 22) };
    l.diags = kql_diag_begin(l.arena, str_of(query));
    l.tokens = kql_lex_all(l.arena, str_of(query), &l.diags);
    return l;
}

static void one(const char *query, enum kql_token_kind kind, const char *text)
{
    struct lexed l = lex(query);
    CHECK_EQ(l.tokens.n, 2);
    CHECK_EQ(l.tokens.p[0].kind, kind);
    CHECK_SEQ(l.tokens.p[0].text, str_of(text));
    CHECK_EQ(l.diags.list.n, 0);
    arena_free(l.arena);
}

TEST(strings_of_all_kinds_have_their_values)
{
    one("'a\\'b\\n'", KQL_TOKEN_STRING, "a'b\n");
    one("\"\\u00e9\"", KQL_TOKEN_STRING, "é");
    one("@'C:\\x''y'", KQL_TOKEN_STRING, "C:\\x'y");
    one("h\"secret\"", KQL_TOKEN_STRING, "secret");
    one("h@'\\d'", KQL_TOKEN_STRING, "\\d");
    one("```a\nb```", KQL_TOKEN_STRING, "a\nb");
}

TEST(numbers_spans_and_names_are_told_apart)
{
    one("0xFF", KQL_TOKEN_LONG, "0xFF");
    one("1.5e3", KQL_TOKEN_REAL, "1.5e3");
    one("1.5h", KQL_TOKEN_TIMESPAN, "1.5h");
    one("['a b']", KQL_TOKEN_QUOTED, "a b");
    one("!in~", KQL_TOKEN_NAME, "!in~");
    one("datetime( 2020-01-01 )", KQL_TOKEN_TYPED, "2020-01-01");
    one("dynamic({\"a)\":1})", KQL_TOKEN_TYPED, "{\"a)\":1}");
}

TEST(dots_between_numbers_are_a_range)
{
    struct lexed l = lex("1..5");
    CHECK_EQ(l.tokens.n, 4);
    CHECK_SEQ(l.tokens.p[1].text, S(".."));
    arena_free(l.arena);
}

TEST(comments_and_wide_blanks_are_skipped)
{
    one("// a | b\n\xC2\xA0x\xE2\x80\xAF", KQL_TOKEN_NAME, "x");
}

TEST(what_cannot_be_is_reported_where_it_stands)
{
    struct lexed l = lex("x\n| y == 'abc");
    CHECK_EQ(l.diags.list.n, 1);
    CHECK_EQ(l.diags.list.p[0].line, 2);
    CHECK_EQ(l.diags.list.p[0].column, 8);
    arena_free(l.arena);
    l = lex("1L");
    CHECK_EQ(l.diags.list.n, 1);
    arena_free(l.arena);
}

TEST(spans_have_the_units_of_the_language)
{
    int64_t ticks;
    CHECK(kql_lex_timespan(S("2"), S("d"), &ticks) && ticks == INT64_C(1728000000000));
    CHECK(kql_lex_timespan(S("0.5"), S("ms"), &ticks) && ticks == 5000);
    CHECK(!kql_lex_timespan(S("1"), S("us"), &ticks));
    CHECK(!kql_lex_timespan(S("99999999999999999"), S("d"), &ticks));
}
