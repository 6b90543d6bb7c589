/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_json.h"

#include "tests/t.h"

static void same(const char *text, const char *want)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF        out = STRBUF_INIT(1 << 16);
    struct scalar_json j;

    bool fine = scalar_json_parse(a, str_of(text), &j);
    CHECK(fine == (want != NULL));
    if (!fine || !want)
        return;
    scalar_json_write(&out, &j);
    CHECK_SEQ(strbuf_view(&out), str_of(want));
}

TEST(documents_come_back_as_they_were_written)
{
    same(" { \"b\" : 1.0 , \"a\":[1e3,-0.50,18446744073709551616 ] } ",
         "{\"b\":1.0,\"a\":[1e3,-0.50,18446744073709551616]}");
    same("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}");
    same("\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\\n/\"");
    same("\"\\ud83d\"", "\"\xEF\xBF\xBD\"");
    same("[]", "[]");
    same("{}", "{}");
    same("null", "null");
    same("true", "true");
}

TEST(what_is_no_json_is_refused)
{
    static const char *const BAD[] = { "",   "{",      "[1,]",    "{\"a\"}",    "{a:1}", "01",  "1.",
                                       "-",  "1e",     "nul",     "\"a",        "[1 2]", "1 2", "\"\\x\"",
                                       "+1", "\"\n\"", "\"\\u12", "{\"a\":1,}", "]",     ".5" };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        same(BAD[i], NULL);
}

TEST(depth_is_bounded)
{
    AUTO(arena) a = arena_new(16 << 20);
    AUTO_STRBUF        text = STRBUF_INIT(1 << 16);
    struct scalar_json j;

    for (int i = 0; i < SCALAR_JSON_DEPTH; i++)
        strbuf_addc(&text, '[');
    for (int i = 0; i < SCALAR_JSON_DEPTH; i++)
        strbuf_addc(&text, ']');
    CHECK(scalar_json_parse(a, strbuf_view(&text), &j));
    CHECK(!scalar_json_parse(a, S("["), &j));
    strbuf_clear(&text);
    for (int i = 0; i <= SCALAR_JSON_DEPTH; i++)
        strbuf_addc(&text, '[');
    CHECK(!scalar_json_parse(a, strbuf_view(&text), &j));
}

TEST(members_and_numbers_are_found)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct scalar_json j;
    int64_t            i = 0;
    double             r = 0;

    CHECK(scalar_json_parse(a, S("{\"n\":-5,\"r\":2.50,\"s\":\"x\"}"), &j));
    CHECK(scalar_json_long(scalar_json_get(&j, S("n")), &i));
    CHECK_EQ(i, -5);
    CHECK(scalar_json_real(scalar_json_get(&j, S("r")), &r));
    CHECK(r == 2.5);
    CHECK(!scalar_json_long(scalar_json_get(&j, S("r")), &i));
    CHECK(scalar_json_get(&j, S("none")) == NULL);
}
