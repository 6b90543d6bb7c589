/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_value.h"

#include "base/ts.h"
#include "tests/t.h"

static void sql_is(enum kql_type type, const char *text, const char *wanted)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct kql_value v;
    AUTO_STRBUF      out = STRBUF_INIT(4096);

    CHECK(kql_value_parse(a, type, str_of(text), &v));
    kql_value_sql(&out, &v);
    CHECK_SEQ(strbuf_view(&out), str_of(wanted));
}

static void none(enum kql_type type, const char *text)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct kql_value v;
    CHECK(!kql_value_parse(a, type, str_of(text), &v));
}

TEST(literals_become_typed_sql)
{
    sql_is(KQL_LONG, "0x10", "toInt64(16)");
    sql_is(KQL_LONG, "-9223372036854775808", "toInt64('-9223372036854775808')");
    sql_is(KQL_LONG, "null", "CAST(NULL,'Nullable(Int64)')");
    sql_is(KQL_REAL, "nan", "nan");
    sql_is(KQL_BOOL, "TRUE", "true");
    sql_is(KQL_TIMESPAN, "1.02:03:04", "toInt64(937840000000)");
    sql_is(KQL_TIMESPAN, "90 seconds", "toInt64(900000000)");
    sql_is(KQL_DATETIME, "0001-01-01", "toDateTime64('0001-01-01 00:00:00.0000000',7,'UTC')");
    sql_is(KQL_DATETIME, "11/24/2020 1:02 PM", "toDateTime64('2020-11-24 13:02:00.0000000',7,'UTC')");
    sql_is(KQL_DYNAMIC, "{'a': [1, 2.50, datetime(2020-01-01)]}",
           "'{\"a\":[1,2.50,\"2020-01-01T00:00:00.0000000Z\"]}'");
}

TEST(what_has_no_value_is_refused)
{
    none(KQL_LONG, "9223372036854775808");
    none(KQL_INT, "2147483648");
    none(KQL_DATETIME, "2020-13-45");
    none(KQL_TIMESPAN, "25:99");
    none(KQL_GUID, "not-a-guid");
    none(KQL_DYNAMIC, "{\"a\":}");
    none(KQL_DYNAMIC, "[1] 2");
}
