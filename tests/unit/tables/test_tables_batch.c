/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_batch.h"

#include "base/env.h"
#include "tables_fixture.h"
#include "tests/t.h"

TEST(every_type_comes_back_as_it_was_sent)
{
    struct fixture *f = fixture();

    fixture_send(f, "Probe",
                 "{\"Text\":\"it's \\\\ "
                 "\\\"ä\\\"\",\"Number\":9223372036854775807,\"Small\":-5,\"Ratio\":2.5,\"Flag\":true,"
                 "\"When\":\"2020-02-29T23:59:59.1234567Z\",\"Took\":\"1.02:03:04.5\","
                 "\"Id\":\"61f0c404-5cb3-11e7-907b-a6006ad3dba0\",\"Price\":\"-12.75\",\"Tree\":{\"b\":[1,2."
                 "5],\"a\":null}}",
                 "types");
    CHECK_SEQ(fixture_ask(
                  f, "SELECT Text = 'it\\'s \\\\ \"ä\"', Number, Small, Ratio, Flag, When, Took, Id, Price, "
                     "Tree, Type, "
                     "TimeGenerated, Timestamp, Alias = Text, abs(dateDiff('second', _IngestionTime, now())) "
                     "< 60 FROM law.Probe WHERE Small = -5"),
              S("1\t9223372036854775807\t-5\t2.5\ttrue\t2020-02-29T23:59:59.1234567Z\t937845000000\t"
                "61f0c404-5cb3-11e7-907b-a6006ad3dba0\t-12.75\t{\"b\":[1,2.5],\"a\":null}\tProbe\t"
                "2020-11-24T08:00:00.0000000Z\t2020-11-24T08:00:00.0000000Z\t1\t1"));
}

TEST(texts_of_another_type_are_read_as_the_columns_type)
{
    struct fixture *f = fixture();

    fixture_send(
        f, "Probe",
        "{\"Text\":7,\"Number\":\"42\",\"Ratio\":\"1e3\",\"Flag\":\"False\",\"Small\":3.0,\"Tree\":\"[1]\"}\n"
        "{\"Text\":{\"k\":1},\"Number\":43,\"Tree\":\"words\"}",
        "texts");
    CHECK_SEQ(fixture_ask(f, "SELECT Text, Number, Ratio, Flag, Small, Tree FROM law.Probe WHERE Number IN "
                             "(42, 43) ORDER BY Number"),
              S("7\t42\t1000\tfalse\t3\t[1]\n{\"k\":1}\t43\t\\N\t\\N\t\\N\t\"words\""));
}

TEST(what_has_no_column_or_does_not_fit_is_kept)
{
    struct fixture *f = fixture();

    fixture_send(f, "Probe",
                 "{\"Number\":100,\"Flag\":\"maybe\",\"Unknown\":{\"x\":1},\"AdditionalFields\":{\"given\":2}"
                 ",\"Empty\":null,"
                 "\"text\":\"by another case\"}",
                 "extra");
    CHECK_SEQ(fixture_ask(f, "SELECT Text, Flag, AdditionalFields FROM law.Probe WHERE Number = 100"),
              S("by another case\t\\N\t{\"Flag\":\"maybe\",\"Unknown\":{\"x\":1},\"given\":2}"));
}

TEST(the_same_token_stores_once)
{
    struct fixture *f = fixture();

    for (int i = 0; i < 3; i++)
        fixture_send(f, "Probe", "{\"Number\":200}", "once");
    fixture_send(f, "Probe", "{\"Number\":200}", "twice");
    CHECK_SEQ(fixture_ask(f, "SELECT count() FROM law.Probe WHERE Number = 200"), S("2"));
}

TEST(a_batch_of_many_days_is_one_insert)
{
    struct fixture *f = fixture();
    AUTO(tables_batch) b = NULL;
    struct err err;

    CHECK_OK(tables_batch_new(f->tables, S("Probe"), &b, NULL));
    for (int day = 0; day < 300; day++)
        CHECK_OK(tables_batch_row(b, fixture_json(f, "{\"Number\":300}"), DAYS(day * 20), NULL));
    CHECK_OK_ERR(tables_batch_send(b, S("days"), env_now(env_real()), &err), &err);
    CHECK_SEQ(fixture_ask(f, "SELECT count(), uniq(toDate(TimeGenerated)) FROM law.Probe WHERE Number = 300"),
              S("300\t300"));
}

TEST(a_table_is_made_on_arrival_with_the_types_of_its_first_rows)
{
    struct fixture *f = fixture();

    fixture_send(
        f, "Fresh_CL",
        "{\"n\":1,\"r\":1,\"b\":true,\"t\":\"2020-01-01T00:00:00Z\",\"s\":\"x\",\"o\":{\"a\":1},\"m\":1}\n"
        "{\"n\":2,\"r\":1.5,\"b\":false,\"t\":\"2020-01-02T00:00:00Z\",\"s\":\"2020-01-02T00:00:00Z\",\"m\":["
        "1]}",
        "fresh");
    CHECK_SEQ(
        fixture_ask(f, "SELECT arrayStringConcat(groupArray(name || ':' || comment), ' ') FROM "
                       "(SELECT * FROM system.columns WHERE table = 'Fresh_CL' ORDER BY position)"),
        S("TimeGenerated:datetime n:long r:real b:bool t:datetime s:string o:dynamic m:dynamic Type:string "
          "AdditionalFields:dynamic _IngestionTime:datetime"));
    CHECK_SEQ(fixture_ask(f, "SELECT n, r, b, t, s, o, m FROM law.Fresh_CL ORDER BY n LIMIT 1"),
              S("1\t1\ttrue\t2020-01-01T00:00:00.0000000Z\tx\t{\"a\":1}\t1"));
    const struct tables_schema *s = tables_schema_find(f->tables, S("Fresh_CL"));
    CHECK(s && s->custom && s->stored);
    CHECK_EQ(tables_schema_column(s, S("m"))->type, TABLES_DYNAMIC);
    fixture_send(f, "Fresh_CL", "{\"n\":3,\"late\":\"y\"}", "fresh-2");
    CHECK_SEQ(fixture_ask(f, "SELECT AdditionalFields FROM law.Fresh_CL WHERE n = 3"), S("{\"late\":\"y\"}"));
}

TEST(names_that_are_no_tables_are_refused)
{
    struct fixture *f = fixture();
    AUTO(tables_batch) b = NULL;
    struct err err;

    CHECK_EQ(tables_batch_new(f->tables, S("Nowhere"), &b, &err), RC_NOT_FOUND);
    CHECK_EQ(tables_batch_new(f->tables, S("a` (x_CL"), &b, &err), RC_INVALID);
    CHECK_EQ(tables_batch_new(f->tables, S("9_CL"), &b, &err), RC_INVALID);
}

TEST(a_row_that_is_no_object_or_too_long_leaves_the_batch_as_it_was)
{
    struct fixture *f = fixture();
    AUTO(tables_batch) b = NULL;
    AUTO(arena) a = arena_new(64 << 20);
    struct json_member members[2] = { { S("Number"), json_make_i64(400) }, { S("Text"), json_make_null() } };
    struct json        row = { .kind = JSON_OBJECT, .n = 2, .members = members };

    CHECK_OK(tables_batch_new(f->tables, S("Probe"), &b, NULL));
    CHECK_EQ(tables_batch_row(b, fixture_json(f, "[1]"), 0, NULL), RC_INVALID);
    CHECK_OK(tables_batch_row(b, &row, 0, NULL));
    size_t bytes = tables_batch_bytes(b);
    char  *big = arena_alloc(a, TABLES_BATCH_MAX_ROW + 1);
    memset(big, 'x', TABLES_BATCH_MAX_ROW + 1);
    members[1].value = json_make_str(str_make(big, TABLES_BATCH_MAX_ROW + 1));
    CHECK_EQ(tables_batch_row(b, &row, 0, NULL), RC_INVALID);
    CHECK_EQ(tables_batch_rows(b), 1);
    CHECK_EQ(tables_batch_bytes(b), bytes);
    CHECK_OK(tables_batch_send(b, S("long"), env_now(env_real()), NULL));
    CHECK_SEQ(fixture_ask(f, "SELECT count(), max(length(Text)) FROM law.Probe WHERE Number = 400"),
              S("1\t0"));
}

TEST(a_full_batch_says_so)
{
    struct fixture *f = fixture();
    AUTO(tables_batch) b = NULL;
    const struct json *row = fixture_json(f, "{\"Number\":500}");

    CHECK_OK(tables_batch_new(f->tables, S("Probe"), &b, NULL));
    for (int i = 0; i < TABLES_BATCH_MAX_ROWS; i++)
        CHECK_OK(tables_batch_row(b, row, 0, NULL));
    CHECK_EQ(tables_batch_row(b, row, 0, NULL), RC_LIMIT);
    tables_batch_clear(b);
    CHECK_OK(tables_batch_row(b, row, 0, NULL));
}

TEST(what_was_acknowledged_is_there_after_a_crash_once)
{
    struct fixture *f = fixture();
    AUTO(tables_batch) b = NULL;
    struct err err;

    fixture_send(f, "Probe", "{\"Number\":600}", "crash-1");
    CHECK_OK(tables_batch_new(f->tables, S("Probe"), &b, NULL));
    CHECK_OK(tables_batch_row(b, fixture_json(f, "{\"Number\":601}"), 0, NULL));
    fixture_kill(f);
    CHECK_EQ(tables_batch_send(b, S("crash-2"), env_now(env_real()), &err), RC_UNAVAILABLE);
    fixture_start_engine(f);
    CHECK_OK_ERR(tables_ready(f->tables, SECONDS(20), &err), &err);
    for (int i = 0; i < 2; i++)
        CHECK_OK_ERR(tables_batch_send(b, S("crash-2"), env_now(env_real()), &err), &err);
    fixture_send(f, "Probe", "{\"Number\":600}", "crash-1");
    CHECK_SEQ(
        fixture_ask(f,
                    "SELECT Number, count() FROM law.Probe WHERE Number IN (600, 601) GROUP BY 1 ORDER BY 1"),
        S("600\t1\n601\t1"));
}
