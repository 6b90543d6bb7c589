/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query_answer.h"

#include "tests/t.h"

static const struct kql_column COLUMNS[] = { { STR_INIT("n"), KQL_LONG }, { STR_INIT("d"), KQL_DYNAMIC } };
static const struct kql_render_property WITH[] = { { STR_INIT("title"), STR_INIT("x") } };

static const struct kql_program PROGRAM = { .columns = COLUMNS,
                                            .n_columns = 2,
                                            .render = { STR_INIT("timechart"), WITH, 1 } };

static const struct json *answered(struct arena *a, enum query_answer_shape shape,
                                   const struct query_outcome *o)
{
    AUTO_STRBUF         text = STRBUF_INIT(1 << 20);
    struct query_answer w;
    const struct json  *j = NULL;
    struct err          err = { 0 };

    query_answer_begin(&w, shape, &text);
    w.statistics = w.render = true;
    CHECK_OK(w.sink.begin(w.sink.ctx, &PROGRAM, NULL));
    CHECK_OK(w.sink.row(w.sink.ctx, S("[1,null]"), NULL));
    CHECK_OK(w.sink.row(w.sink.ctx, S("[2,\"{}\"]"), NULL));
    query_answer_end(&w, o);
    CHECK_OK_ERR(json_parse(a, strbuf_view(&text), &j, &err), &err);
    return j;
}

static str text_at(const struct json *j, const char *path)
{
    const struct json *v = json_path(j, str_of(path));
    return v && v->kind == JSON_STRING ? v->s : S("");
}

TEST(log_analytics_has_tables_statistics_render_and_a_partial_error)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct query_outcome o = { .rows = 2, .read_rows = 7 };
    const struct json   *j = answered(a, QUERY_ANSWER_LOGS, &o);

    CHECK_SEQ(text_at(j, "tables.0.name"), S("PrimaryResult"));
    CHECK_SEQ(text_at(j, "tables.0.columns.1.type"), S("dynamic"));
    CHECK_EQ(json_path(j, S("tables.0.rows"))->n, 2);
    CHECK_SEQ(text_at(j, "render.visualization"), S("timechart"));
    CHECK_SEQ(text_at(j, "render.title"), S("x"));
    CHECK_EQ(json_path(j, S("statistics.query.inputDatasetStatistics.rowsScanned"))->i, 7);
    CHECK(json_get(j, S("error")) == NULL);
    o.partial = true;
    err_set(&o.error, RC_LIMIT, "too many");
    j = answered(a, QUERY_ANSWER_LOGS, &o);
    CHECK_SEQ(text_at(j, "error.code"), S("PartialError"));
    CHECK_SEQ(text_at(j, "error.details.0.message"), S("too many"));
}

TEST(kusto_v2_is_five_frames_and_tells_errors_by_level)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct query_outcome o = { .rows = 2 };
    const struct json   *j = answered(a, QUERY_ANSWER_KUSTO_V2, &o);

    CHECK_EQ(j->n, 5);
    CHECK_SEQ(text_at(j, "0.FrameType"), S("DataSetHeader"));
    CHECK_SEQ(text_at(j, "1.TableKind"), S("QueryProperties"));
    CHECK_SEQ(text_at(j, "1.Rows.0.1"), S("Visualization"));
    CHECK_SEQ(text_at(j, "2.TableName"), S("PrimaryResult"));
    CHECK_SEQ(text_at(j, "2.Columns.0.ColumnType"), S("long"));
    CHECK_EQ(json_path(j, S("2.Rows"))->n, 2);
    CHECK_EQ(json_path(j, S("3.Columns"))->n, json_path(j, S("3.Rows.0"))->n);
    CHECK_EQ(json_path(j, S("3.Rows.0.5"))->i, 4);
    CHECK(!json_path(j, S("4.HasErrors"))->b);
    o.partial = true;
    err_set(&o.error, RC_LIMIT, "too many");
    j = answered(a, QUERY_ANSWER_KUSTO_V2, &o);
    CHECK_EQ(json_path(j, S("3.Rows.0.5"))->i, 2);
    CHECK(json_path(j, S("4.HasErrors"))->b);
    CHECK_SEQ(text_at(j, "4.OneApiErrors.0.error.@message"), S("too many"));
}

TEST(kusto_v1_is_one_table)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct query_outcome o = { .rows = 2 };
    const struct json   *j = answered(a, QUERY_ANSWER_KUSTO_V1, &o);
    CHECK_SEQ(text_at(j, "Tables.0.TableName"), S("Table_0"));
    CHECK_SEQ(text_at(j, "Tables.0.Columns.0.DataType"), S("Int64"));
    CHECK_EQ(json_path(j, S("Tables.0.Rows"))->n, 2);
}

TEST(an_answer_over_its_maximum_drops_whole_rows_and_stays_json)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF          text = STRBUF_INIT(200);
    struct query_answer  w;
    const struct json   *j;
    int                  taken = 0;
    struct query_outcome o = { .partial = true };

    query_answer_begin(&w, QUERY_ANSWER_LOGS, &text);
    CHECK_OK(w.sink.begin(w.sink.ctx, &PROGRAM, NULL));
    while (w.sink.row(w.sink.ctx, S("[1,\"some text\"]"), &o.error) == RC_OK)
        taken++;
    CHECK_EQ(o.error.rc, RC_LIMIT);
    query_answer_end(&w, &o);
    CHECK_OK(json_parse(a, strbuf_view(&text), &j, NULL));
    CHECK_EQ(json_path(j, S("tables.0.rows"))->n, taken);
    CHECK(taken > 2);
}

TEST(a_refused_query_shows_all_its_diagnostics)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF          text = STRBUF_INIT(1 << 20);
    struct query_outcome o = { .diags = kql_diag_begin(a, S("T\n| boom")) };
    struct err           why = { 0 };
    const struct json   *j;

    kql_diag_add(&o.diags, 0, (struct kql_span) { 4, 8 }, "%s is no operator", "boom");
    kql_diag_hint(&o.diags, "did you mean %s?", "bloom");
    err_set(&why, RC_SYNTAX, "x");
    query_answer_error(QUERY_ANSWER_LOGS, &o, &why, &text);
    CHECK_OK(json_parse(a, strbuf_view(&text), &j, NULL));
    CHECK_SEQ(text_at(j, "error.code"), S("BadArgumentError"));
    CHECK_SEQ(text_at(j, "error.innererror.code"), S("SyntaxError"));
    CHECK_SEQ(text_at(j, "error.innererror.innererror.message"),
              S("boom is no operator (did you mean bloom?)"));
    CHECK_SEQ(text_at(j, "error.innererror.innererror.token"), S("boom"));
    CHECK_EQ(json_path(j, S("error.innererror.innererror.line"))->i, 2);
    CHECK_EQ(json_path(j, S("error.innererror.innererror.pos"))->i, 3);
    strbuf_clear(&text);
    query_answer_error(QUERY_ANSWER_KUSTO_V2, &o, &why, &text);
    CHECK_OK(json_parse(a, strbuf_view(&text), &j, NULL));
    CHECK(str_starts(text_at(j, "error.@message"), S("Syntax error: KQ")));
}

/* {"tables":[…]} of a query that gives a second table, called Second, and a third without a name. */
static const struct json *several(struct arena *a, enum query_answer_shape shape)
{
    AUTO_STRBUF         text = STRBUF_INIT(1 << 20);
    struct query_answer w;
    struct kql_program  second = PROGRAM, third = PROGRAM;
    const struct json  *j = NULL;

    second.name = S("Second");
    query_answer_begin(&w, shape, &text);
    CHECK_OK(w.sink.begin(w.sink.ctx, &PROGRAM, NULL));
    CHECK_OK(w.sink.row(w.sink.ctx, S("[1,null]"), NULL));
    CHECK_OK(w.sink.next(w.sink.ctx, &second, NULL));
    CHECK_OK(w.sink.next(w.sink.ctx, &third, NULL));
    CHECK_OK(w.sink.row(w.sink.ctx, S("[2,null]"), NULL));
    query_answer_end(&w, &(struct query_outcome) { .rows = 2 });
    CHECK_OK(json_parse(a, strbuf_view(&text), &j, NULL));
    return j;
}

TEST(several_tables_follow_each_other)
{
    AUTO(arena) a = arena_new(8 << 20);
    const struct json *j = several(a, QUERY_ANSWER_LOGS);

    CHECK_EQ(json_get(j, S("tables"))->n, 3);
    CHECK_SEQ(text_at(j, "tables.0.name"), S("PrimaryResult"));
    CHECK_SEQ(text_at(j, "tables.1.name"), S("Second"));
    CHECK_EQ(json_path(j, S("tables.1.rows"))->n, 0);
    CHECK_SEQ(text_at(j, "tables.2.name"), S("Table_2"));
    CHECK_EQ(json_path(j, S("tables.2.rows.0.0"))->i, 2);
    CHECK_SEQ(text_at(several(a, QUERY_ANSWER_KUSTO_V1), "Tables.1.TableName"), S("Second"));
    j = several(a, QUERY_ANSWER_KUSTO_V2);
    CHECK_EQ(j->n, 7);
    CHECK_EQ(json_path(j, S("4.TableId"))->i, 3);
    CHECK_EQ(json_path(j, S("5.TableId"))->i, 4);
}
