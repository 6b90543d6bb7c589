/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_external.h"
#include "tests/t.h"

static void path_is(const char *uri, const char *wanted)
{
    AUTO(arena) a = arena_new(1 << 16);
    str        path;
    struct err err = { 0 };

    enum rc rc = kql_external_path(a, str_of(uri), &path, &err);
    CHECK_SEQ(rc == RC_OK ? path : S("refused"), str_of(wanted));
}

TEST(an_address_is_a_host_and_a_path_that_stays_below_it)
{
    path_is("https://x.org/a/b.csv?sv=1&sig=2", "x.org/a/b.csv");
    path_is("https://x.org/Sample%20Data/b.csv;secret", "x.org/Sample Data/b.csv");
    path_is("http://x.org/b", "x.org/b");
    path_is("file:///etc/passwd", "refused");
    path_is("https://x.org/../b.csv", "refused");
    path_is("https://x.org/%2e%2e/b.csv", "refused");
    path_is("https://x.org/a%2fb", "refused");
    path_is("https://x.org/a%00", "refused");
    path_is("https://x.org//b", "refused");
    path_is("https://x.org/", "refused");
    path_is("https://x.org", "refused");
    path_is("", "refused");
}

static const str           NAMES[] = { STR_INIT("a"), STR_INIT("b") };
static const enum kql_type TYPES[] = { KQL_STRING, KQL_LONG };

static void rows_are(const char *format, bool skip, const char *text, const char *wanted)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF        got = STRBUF_INIT(1 << 16);
    kql_external_cells cells = { 0 };
    struct err         err = { 0 };

    enum rc rc = kql_external_rows(a, &(struct kql_external_shape) { str_of(format), skip, NAMES, TYPES, 2 },
                                   S("x.org/f.csv"), str_of(text), &cells, &err);
    for (size_t i = 0; rc == RC_OK && i < cells.n; i++) {
        strbuf_addz(&got, i == 0 ? "" : i % 2 == 0 ? "; " : " ");
        kql_value_json(&got, &cells.p[i]);
    }
    CHECK_SEQ(rc == RC_OK ? strbuf_view(&got) : S("refused"), str_of(wanted));
}

TEST(separated_text_has_quotes_short_rows_and_a_head)
{
    rows_are("", true, "a,b\r\nx,1\r\n\"y,\"\"z\",2\r\n", "\"x\" 1; \"y,\\\"z\" 2");
    rows_are("csv", false, "\"two\nlines\",1\nshort\nlong,3,4,5\n,x\n\n",
             "\"two\\nlines\" 1; \"short\" null; \"long\" 3; \"\" null");
    rows_are("tsv", false,
             "\xEF\xBB\xBF"
             "\"q\"\t7\n",
             "\"\\\"q\\\"\" 7");
    rows_are("PSV", false, "x|1", "\"x\" 1");
}

TEST(lines_and_whole_files_are_rows)
{
    rows_are("txt", false, "one\r\ntwo", "\"one\" null; \"two\" null");
    rows_are("raw", false, "one\ntwo", "\"one\\ntwo\" null");
}

TEST(json_is_objects_in_lines_or_in_an_array)
{
    rows_are("json", false, "{\"a\":\"x\",\"b\":1}\n{\"b\":2.0,\"c\":3}\n", "\"x\" 1; \"\" 2");
    rows_are("multijson", false, "[{\"a\":\"x\",\n\"b\":\"7\"},{}]", "\"x\" 7; \"\" null");
    rows_are("json", false, "{\"a\":{\"k\":[1]}}", "\"{\\\"k\\\":[1]}\" null");
    rows_are("json", false, "{\"a\":", "refused");
    rows_are("parquet", false, "", "refused");
}
