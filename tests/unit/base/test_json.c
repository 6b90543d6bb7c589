/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "tests/t.h"

static str round_trip(struct arena *a, str text)
{
    const struct json *j = NULL;
    struct err         err = { 0 };
    struct strbuf      out = STRBUF_INIT(1 << 20);
    CHECK_OK_ERR(json_parse(a, text, &j, &err), &err);
    json_print(&out, j, 0);
    str kept = arena_str(a, strbuf_view(&out));
    strbuf_done(&out);
    return kept;
}

TEST(documents_come_back_as_they_went_in)
{
    AUTO(arena) a = arena_new(1 << 20);
    static const char *const docs[] = { "null",
                                        "true",
                                        "-9223372036854775808",
                                        "1.5",
                                        "\"\\\"\\\\\\n\\u0001é\"",
                                        "[]",
                                        "{}",
                                        "[1,[2,{\"a\":[]}],\"x\"]",
                                        "{\"b\":1,\"a\":{\"c\":null}}",
                                        "\"\xF0\x9F\x94\x92\"" };
    for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++)
        CHECK_SEQ(round_trip(a, str_of(docs[i])), str_of(docs[i]));
}

TEST(members_are_found_by_name_and_path)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json *j;
    CHECK_OK(json_parse(a, S("{\"a\":{\"B\":[10,{\"c\":\"x\"}]},\"n\":7,\"t\":true,\"n\":8}"), &j, NULL));
    CHECK_SEQ(json_path(j, S("a.B.1.c"))->s, S("x"));
    CHECK(json_path(j, S("a.B.2")) == NULL);
    CHECK(json_path(j, S("a.b")) == NULL);
    CHECK(json_get_ci(json_get(j, S("a")), S("b")) != NULL);
    CHECK_EQ(json_i64(j, S("n"), 0), 8);
    CHECK_EQ(json_i64(j, S("t"), -1), -1);
    CHECK(json_bool(j, S("t"), false));
    CHECK_SEQ(json_str(j, S("none"), S("fallback")), S("fallback"));
}

TEST(what_is_no_json_is_refused_with_a_reason)
{
    AUTO(arena) a = arena_new(1 << 20);
    static const char *const bad[] = { "", "{", "[1,]", "{\"a\"}", "\"x", "nul", "1 2", "\"\x80\"", "'x'" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct json *j = NULL;
        struct err         err = { 0 };
        CHECK_EQ(json_parse(a, str_of(bad[i]), &j, &err), RC_SYNTAX);
        CHECK(str_starts(str_of(err.text), S("not valid JSON: ")));
        CHECK(j == NULL);
    }
}

TEST(depth_and_memory_are_bounded)
{
    AUTO(arena) a = arena_new(1 << 20);
    char               deep[2000];
    const struct json *j;
    struct err         err;
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    CHECK_EQ(json_parse(a, str_make(deep, 2000), &j, &err), RC_LIMIT);

    AUTO(arena) small = arena_new(64);
    CHECK_EQ(json_parse(small, S("[1,2,3,4,5,6,7,8,9]"), &j, &err), RC_LIMIT);
}

TEST(every_allocation_of_a_parse_may_fail)
{
    for (uint64_t n = 1; n < 20; n++) {
        AUTO(arena) a = arena_new(1 << 20);
        const struct json *j;
        arena_fail_nth(n);
        enum rc rc = json_parse(a, S("{\"a\":[1,\"b\",{\"c\":2}]}"), &j, NULL);
        arena_fail_nth(0);
        CHECK(rc == RC_OK || rc == RC_LIMIT);
        if (rc == RC_OK)
            return;
    }
    CHECK(false);
}

TEST(the_writer_minds_commas_and_escapes)
{
    AUTO_STRBUF   out = STRBUF_INIT(1000);
    struct json_w w = json_w_make(&out);
    json_w_object(&w);
    json_w_kstr(&w, S("s\""), S("a\xFFz"));
    json_w_key(&w, S("list"));
    json_w_array(&w);
    json_w_i64(&w, -1);
    json_w_double(&w, 0.1);
    json_w_array(&w);
    json_w_end(&w);
    json_w_null(&w);
    json_w_end(&w);
    json_w_kbool(&w, S("b"), false);
    json_w_end(&w);
    CHECK_SEQ(strbuf_view(&out), S("{\"s\\\"\":\"a\xEF\xBF\xBDz\",\"list\":[-1,0.1,[],null],\"b\":false}"));
}

TEST(a_time_that_never_was_is_null_or_left_out)
{
    static const str list[] = { STR_INIT("a"), STR_INIT("b") };
    AUTO_STRBUF      out = STRBUF_INIT(1000);
    struct json_w    w = json_w_make(&out);
    json_w_object(&w);
    json_w_ktime(&w, S("at"), SECONDS(1));
    json_w_ktime(&w, S("never"), 0);
    json_w_ktime_known(&w, S("unknown"), 0);
    json_w_ktime_known(&w, S("known"), SECONDS(2));
    json_w_kstrs(&w, S("list"), list, 2);
    json_w_kstrs(&w, S("none"), NULL, 0);
    json_w_end(&w);
    CHECK_SEQ(strbuf_view(&out), S("{\"at\":\"1970-01-01T00:00:01.0000000Z\",\"never\":null,\"known\":\"1970-"
                                   "01-01T00:00:02.0000000Z\","
                                   "\"list\":[\"a\",\"b\"],\"none\":[]}"));
}

TEST(a_value_that_is_too_long_to_be_shown_says_so)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF        out = STRBUF_INIT(1000);
    struct json_w      w = json_w_make(&out);
    const struct json *v;
    CHECK_OK(json_parse(a, S("[1,\"ab\"]"), &v, NULL));
    json_w_object(&w);
    json_w_kshort(&w, S("fits"), v, 8);
    json_w_kshort(&w, S("long"), v, 7);
    json_w_kshort(&w, S("none"), NULL, 8);
    json_w_end(&w);
    CHECK_SEQ(strbuf_view(&out), S("{\"fits\":[1,\"ab\"],\"long\":\"(too long to be shown)\"}"));
}

TEST(equality_is_deep_and_minds_no_order_of_members)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json *x, *y;
    CHECK_OK(json_parse(a, S("{\"a\":[1,2],\"b\":null}"), &x, NULL));
    CHECK_OK(json_parse(a, S("{\"b\":null,\"a\":[1,2]}"), &y, NULL));
    CHECK(json_eq(x, y));
    CHECK_OK(json_parse(a, S("{\"b\":null,\"a\":[2,1]}"), &y, NULL));
    CHECK(!json_eq(x, y));
}
