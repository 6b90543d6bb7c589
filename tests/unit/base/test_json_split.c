/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "base/json_split.h"
#include "base/strbuf.h"

/* Writes what the splitter hands out as "line:document|" and "line!reason|". */
static enum rc document(void *ctx, str text, uint64_t line, struct err *err)
{
    (void)err;
    strbuf_addf(ctx, "%d:" STR_FMT "|", (int)line, STR_ARG(text));
    return RC_OK;
}

static enum rc refused(void *ctx, str text, uint64_t line, str reason, struct err *err)
{
    (void)err;
    (void)text;
    strbuf_addf(ctx, "%d!" STR_FMT "|", (int)line, STR_ARG(reason));
    return RC_OK;
}

/* The same answer however the input is cut into pieces. */
static void expect(const char *input, const char *want, size_t max)
{
    for (size_t piece = 1; piece <= 9; piece += 2) {
        AUTO_STRBUF got = STRBUF_INIT(1 << 16);
        AUTO(json_split)
        s = json_split_new((struct json_split_sink) { .ctx = &got, .document = document, .refused = refused },
                           max);
        str all = str_of(input);
        for (size_t at = 0; at < all.n; at += piece)
            CHECK_OK(json_split_feed(s, str_slice(all, at, at + piece), NULL));
        CHECK_OK(json_split_finish(s, NULL));
        CHECK_STR(got.p ? got.p : "", want);
    }
}

TEST(lines_are_documents)
{
    expect("{\"a\":1}\n\n{\"b\":\"}\\\"{\"}\r\n{\"c\":[1,\n2]}",
           "1:{\"a\":1}|3:{\"b\":\"}\\\"{\"}|4:{\"c\":[1,\n2]}|", 100);
}

TEST(the_elements_of_an_array_are_documents)
{
    expect("[ {\"a\":1},\n {\"b\":[2,3]} , 4, \"x,y\" ]\n", "1:{\"a\":1}|2:{\"b\":[2,3]}|2:4|2:\"x,y\"|",
           100);
    expect("[]", "", 100);
}

TEST(an_array_in_a_wrapping_object_is_unwrapped)
{
    expect("{\"Records\":[{\"a\":[1]},{\"b\":2}]}\n", "1:{\"a\":[1]}|1:{\"b\":2}|", 100);
    expect("{ \"Records\" : [\n{\"a\":1}\n], \"more\": [9] }", "2:{\"a\":1}|", 100);
    expect("{\"a\":1,\"list\":[{\"b\":2}]}\n{\"c\":3}", "1:{\"a\":1,\"list\":[{\"b\":2}]}|2:{\"c\":3}|", 100);
}

TEST(a_record_may_begin_with_an_array)
{
    expect("{\"tags\":[\"a\"],\"b\":1}\n{\"tags\":[],\"b\":2}",
           "1:{\"tags\":[\"a\"],\"b\":1}|2:{\"tags\":[],\"b\":2}|", 100);
}

/* Takes lines whose text says so, and passes the others on. */
static enum rc take_some(void *ctx, str text, uint64_t line, bool *taken, struct err *err)
{
    (void)err;
    *taken = str_contains(text, S("easy"));
    if (*taken)
        strbuf_addf(ctx, "%d=" STR_FMT "|", (int)line, STR_ARG(text));
    return RC_OK;
}

TEST(whole_lines_may_be_taken_without_a_walk)
{
    AUTO_STRBUF            got = STRBUF_INIT(1 << 16);
    struct json_split_sink sink = {
        .ctx = &got, .document = document, .refused = refused, .whole_line = take_some
    };
    AUTO(json_split) s = json_split_new(sink, 100);

    CHECK_OK(json_split_feed(
        s, S("{\"easy\":1}\n{\"easy\":2}\r\n{\"b\":3}{\"c\":4}\n{\"easy\":5}\n{\"easy\":"), NULL));
    CHECK_OK(json_split_feed(s, S("6}\n{\"d\":{\n\"easy\":7}}\n{\"easy\":8}"), NULL));
    CHECK_OK(json_split_finish(s, NULL));
    CHECK_STR(
        got.p,
        "1:{\"easy\":1}|2={\"easy\":2}|3:{\"b\":3}|3:{\"c\":4}|4={\"easy\":5}|5:{\"easy\":6}|6:{\"d\":{\n"
        "\"easy\":7}}|8:{\"easy\":8}|");
}

TEST(a_broken_line_costs_itself_alone)
{
    expect("{\"a\":1}\n{\"b\":\"cut\n{\"c\":3}\n", "1:{\"a\":1}|2!the line ends inside a string|3:{\"c\":3}|",
           100);
    expect("{\"a\":1}\nnonsense\n{\"c\":3}\n", "1:{\"a\":1}|2:nonsense|3:{\"c\":3}|", 100);
    expect("{\"a\":1}\n{\"b\":[1,2\n{\"c\":3}\n", "1:{\"a\":1}|2!the line is cut off|3:{\"c\":3}|", 100);
    expect("{\"a\":1}\n{\"b\":", "1:{\"a\":1}|2!the input ends inside the document|", 100);
}

TEST(a_long_document_is_refused_and_the_next_is_read)
{
    expect("{\"a\":\"0123456789\"}\n{\"b\":2}\n", "1!the document is longer than the limit|2:{\"b\":2}|", 10);
    expect("[{\"a\":\"0123456789\"},{\"b\":2}]", "1!the document is longer than the limit|1:{\"b\":2}|", 10);
}
