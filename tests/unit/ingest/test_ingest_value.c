/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_value.h"

#include "ingest/ingest_schema.h"
#include "tests/t.h"

static ts time_of(struct json v)
{
    ts t = -1;

    return ingest_value_time(&v, &t) ? t : -1;
}

TEST(a_moment_is_read_in_every_usual_form)
{
    ts want = SECONDS(1652292621) + MILLIS(986);

    CHECK_EQ(time_of(json_make_str(S("2022-05-11T18:10:21.986Z"))), want);
    CHECK_EQ(time_of(json_make_str(S("2022-05-11 18:10:21.986"))), want);
    CHECK_EQ(time_of(json_make_i64(1652292621)), SECONDS(1652292621));
    CHECK_EQ(time_of(json_make_i64(1652292621986)), want);
    CHECK_EQ(time_of(json_make_i64(1652292621986000)), want);
    CHECK_EQ(time_of(json_make_i64(1652292621986000000)), want);
    CHECK_EQ(time_of(json_make_double(1652292621.986)) / 10000, want / 10000);
    CHECK_EQ(time_of(json_make_str(S("1652292621986"))), want);
    CHECK_EQ(time_of(json_make_str(S("soon"))), -1);
    CHECK_EQ(time_of(json_make_str(S("12"))), -1);
    CHECK_EQ(time_of(json_make_i64(-5)), -1);
    CHECK_EQ(time_of(json_make_bool(true)), -1);
}

TEST(numbers_are_decimal_or_hexadecimal_with_a_prefix)
{
    int64_t n = 0;

    CHECK(ingest_value_number(S("0x3e7"), &n));
    CHECK_EQ(n, 999);
    CHECK(ingest_value_number(S("-12"), &n));
    CHECK_EQ(n, -12);
    CHECK(!ingest_value_number(S("0x"), &n));
    CHECK(!ingest_value_number(S("0xg"), &n));
    CHECK(!ingest_value_number(S("0x11112222333344445"), &n));
    CHECK(!ingest_value_number(S(""), &n));
}

TEST(paths_and_accounts_come_apart)
{
    str domain, name;

    CHECK_SEQ(ingest_value_base(S("C:\\a\\b.exe")), S("b.exe"));
    CHECK_SEQ(ingest_value_base(S("/usr/bin/id")), S("id"));
    CHECK_SEQ(ingest_value_base(S("System")), S("System"));
    CHECK_SEQ(ingest_value_base(S("/dir/")), S(""));
    ingest_value_account(S("NT AUTHORITY\\SYSTEM"), &domain, &name);
    CHECK_SEQ(domain, S("NT AUTHORITY"));
    CHECK_SEQ(name, S("SYSTEM"));
    ingest_value_account(S("root"), &domain, &name);
    CHECK_SEQ(domain, S(""));
    CHECK_SEQ(name, S("root"));
}

TEST(arguments_with_blanks_are_quoted)
{
    AUTO_STRBUF line = STRBUF_INIT(100);

    ingest_value_add_argument(&line, S("sh"));
    ingest_value_add_argument(&line, S("-c"));
    ingest_value_add_argument(&line, S("cat a b"));
    ingest_value_add_argument(&line, S(""));
    CHECK_SEQ(strbuf_view(&line), S("sh -c 'cat a b' ''"));
}

TEST(names_of_tables_and_columns_are_found_whatever_their_case)
{
    AUTO(ingest_schema) schema = ingest_schema_new();
    struct ingest_table *t;
    char                 name[16];

    CHECK(ingest_schema_find(schema, S("T")) == NULL);
    t = ingest_schema_add(schema, S("SecurityEvent"));
    CHECK(ingest_schema_add(schema, S("SecurityEvent")) == t);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "Column%d", i);
        ingest_schema_table_add(t, str_of(name));
    }
    CHECK(ingest_schema_find(schema, S("securityevent")) == t);
    CHECK_SEQ(ingest_schema_table_name(t), S("SecurityEvent"));
    CHECK_SEQ(ingest_schema_column(t, S("COLUMN299")), S("Column299"));
    CHECK(ingest_schema_column(t, S("Column300")).p == NULL);
}
