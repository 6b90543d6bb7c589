/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "kql/kql_result.h"

static void cell(enum kql_type type, const char *line, enum kql_result_dynamic dynamic, const char *wanted)
{
    struct kql_column column = { S("x"), type };
    AUTO_STRBUF       out = STRBUF_INIT(4096);
    struct err        err;

    CHECK_OK_ERR(kql_result_row(&column, 1, str_of(line), dynamic, &out, &err), &err);
    CHECK_SEQ(strbuf_view(&out), str_of(wanted));
}

static void value(enum kql_type type, const char *line, const char *wanted)
{
    cell(type, line, KQL_RESULT_DYNAMIC_VALUE, wanted);
}

TEST(numbers_pass_with_all_their_digits)
{
    value(KQL_LONG, "[9007199254740993]", "[9007199254740993]");
    value(KQL_LONG, "[null]", "[null]");
    value(KQL_REAL, "[0.1]", "[0.1]");
    value(KQL_REAL, "[\"nan\"]", "[\"NaN\"]");
    value(KQL_REAL, "[\"-inf\"]", "[\"-Infinity\"]");
    value(KQL_DECIMAL, "[0.300000000000000004]", "[\"0.300000000000000004\"]");
}

TEST(timespans_become_text)
{
    value(KQL_TIMESPAN, "[36000000000]", "[\"01:00:00\"]");
    value(KQL_TIMESPAN, "[-864000000001]", "[\"-1.00:00:00.0000001\"]");
    value(KQL_TIMESPAN, "[null]", "[null]");
}

TEST(a_dynamic_is_its_value_or_its_text)
{
    value(KQL_DYNAMIC, "[\"{\\\"a\\\":[1,\\\"x\\\\\\\"y\\\"]}\"]", "[{\"a\":[1,\"x\\\"y\"]}]");
    value(KQL_DYNAMIC, "[\"\"]", "[null]");
    value(KQL_DYNAMIC, "[\"null\"]", "[null]");
    value(KQL_DYNAMIC, "[\"01:00\"]", "[\"01:00\"]");
    cell(KQL_DYNAMIC, "[\"{\\\"a\\\":1}\"]", KQL_RESULT_DYNAMIC_TEXT, "[\"{\\\"a\\\":1}\"]");
}

TEST(bools_and_strings_are_json)
{
    value(KQL_BOOL, "[true]", "[true]");
    value(KQL_BOOL, "[1]", "[true]");
    value(KQL_STRING, "[\"a,\\\"]b\"]", "[\"a,\\\"]b\"]");
    value(KQL_STRING, "[null]", "[\"\"]");
}

TEST(a_row_of_another_width_is_damage)
{
    const struct kql_column columns[] = { { S("x"), KQL_LONG }, { S("y"), KQL_LONG } };
    AUTO_STRBUF             out = STRBUF_INIT(4096);
    struct err              err;

    CHECK_EQ(kql_result_row(columns, 2, S("[1]"), KQL_RESULT_DYNAMIC_VALUE, &out, &err), RC_CORRUPT);
    CHECK_EQ(kql_result_row(columns, 2, S("{}"), KQL_RESULT_DYNAMIC_VALUE, &out, &err), RC_CORRUPT);
}

TEST(columns_are_kept_with_name_and_type)
{
    const struct kql_column columns[] = { { S("a\"b"), KQL_LONG }, { S("when"), KQL_DATETIME } };
    AUTO_STRBUF             out = STRBUF_INIT(4096);

    kql_result_columns(columns, 2, &out);
    CHECK_SEQ(strbuf_view(&out),
              S("[{\"name\":\"a\\\"b\",\"type\":\"long\"},{\"name\":\"when\",\"type\":\"datetime\"}]"));
}
