/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query_answer.h"

static const char *const DATA_TYPES[KQL_TYPE_COUNT_] = {
    [KQL_UNKNOWN] = "Object",    [KQL_BOOL] = "SByte",        [KQL_INT] = "Int32",
    [KQL_LONG] = "Int64",        [KQL_REAL] = "Double",       [KQL_DECIMAL] = "SqlDecimal",
    [KQL_DATETIME] = "DateTime", [KQL_TIMESPAN] = "TimeSpan", [KQL_STRING] = "String",
    [KQL_GUID] = "Guid",         [KQL_DYNAMIC] = "Object",
};

static void write_columns(struct query_answer *w)
{
    bool          kusto = w->shape != QUERY_ANSWER_LOGS;
    struct json_w j = json_w_make(w->out);

    json_w_array(&j);
    for (size_t i = 0; i < w->program->n_columns; i++) {
        const struct kql_column *c = &w->program->columns[i];
        json_w_object(&j);
        json_w_kstr(&j, kusto ? S("ColumnName") : S("name"), c->name);
        if (w->shape == QUERY_ANSWER_KUSTO_V1)
            json_w_kstr(&j, S("DataType"), str_of(DATA_TYPES[c->type]));
        json_w_kstr(&j, kusto ? S("ColumnType") : S("type"), kql_type_name(c->type));
        json_w_end(&j);
    }
    json_w_end(&j);
}

/* `{"name":` of a table, up to its columns. The first is the primary result; others have the name that the
 * query gives them, or their number. */
static void write_table_head(struct query_answer *w)
{
    AUTO_STRBUF number = STRBUF_INIT(40);
    str         name = w->program->name;

    strbuf_addf(&number, w->shape == QUERY_ANSWER_KUSTO_V1 || w->tables > 0 ? "Table_%u" : "PrimaryResult",
                w->tables);
    if (name.n == 0)
        name = strbuf_view(&number);
    switch (w->shape) {
    case QUERY_ANSWER_KUSTO_V1:
        strbuf_addz(w->out, "{\"TableName\":");
        break;
    case QUERY_ANSWER_KUSTO_V2:
        strbuf_addf(w->out,
                    "{\"FrameType\":\"DataTable\",\"TableId\":%u,\"TableKind\":\"PrimaryResult\","
                    "\"TableName\":",
                    w->tables + 1);
        break;
    default:
        strbuf_addz(w->out, "{\"name\":");
        break;
    }
    json_escape(w->out, name);
    strbuf_addz(w->out, w->shape == QUERY_ANSWER_LOGS ? ",\"columns\":" : ",\"Columns\":");
    write_columns(w);
    strbuf_addz(w->out, w->shape == QUERY_ANSWER_LOGS ? ",\"rows\":[" : ",\"Rows\":[");
}

/* Members of a chart: kind and what stands behind `with`. */
static void write_render(struct json_w *j, const struct kql_render *r)
{
    json_w_object(j);
    json_w_kstr(j, S("visualization"), r->kind);
    for (size_t i = 0; i < r->n_properties; i++)
        json_w_kstr(j, r->properties[i].name, r->properties[i].value);
    json_w_end(j);
}

static void write_v2_head(struct query_answer *w)
{
    AUTO_STRBUF   text = STRBUF_INIT(64 * 1024);
    struct json_w inner = json_w_make(&text);

    strbuf_addz(w->out, "[{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false,\"Version\":\"v2.0\"},"
                        "{\"FrameType\":\"DataTable\",\"TableId\":0,\"TableKind\":\"QueryProperties\","
                        "\"TableName\":\"@ExtendedProperties\",\"Columns\":["
                        "{\"ColumnName\":\"TableId\",\"ColumnType\":\"int\"},"
                        "{\"ColumnName\":\"Key\",\"ColumnType\":\"string\"},"
                        "{\"ColumnName\":\"Value\",\"ColumnType\":\"dynamic\"}],\"Rows\":[");
    if (w->first->render.kind.n) {
        write_render(&inner, &w->first->render);
        strbuf_addz(w->out, "[1,\"Visualization\",");
        json_escape(w->out, strbuf_view(&text));
        strbuf_addc(w->out, ']');
    }
    strbuf_addz(w->out, "]},");
}

static enum rc begin(void *ctx, const struct kql_program *program, struct err *err)
{
    struct query_answer *w = ctx;

    w->program = w->first = program;
    if (w->shape == QUERY_ANSWER_KUSTO_V2)
        write_v2_head(w);
    else
        strbuf_addz(w->out, w->shape == QUERY_ANSWER_LOGS ? "{\"tables\":[" : "{\"Tables\":[");
    write_table_head(w);
    return strbuf_ok(w->out, "the answer", err);
}

static enum rc next_table(void *ctx, const struct kql_program *program, struct err *err)
{
    struct query_answer *w = ctx;

    strbuf_addz(w->out, "]},");
    w->program = program;
    w->rows = 0;
    w->tables++;
    write_table_head(w);
    return strbuf_ok(w->out, "the answer", err);
}

static enum rc row(void *ctx, str json, struct err *err)
{
    struct query_answer *w = ctx;
    size_t               before = w->out->n;

    if (w->rows)
        strbuf_addc(w->out, ',');
    strbuf_add(w->out, json);
    if (w->out->overflow) { /* the row is not half there: the answer stays JSON */
        strbuf_truncate(w->out, before);
        return strbuf_ok(w->out, "the answer", err);
    }
    w->rows++;
    return RC_OK;
}

void query_answer_begin(struct query_answer *w, enum query_answer_shape shape, struct strbuf *out)
{
    *w = (struct query_answer) { .shape = shape, .out = out };
    w->sink = (struct query_sink) { .ctx = w, .begin = begin, .next = next_table, .row = row };
}

static void write_statistics(struct json_w *j, const struct query_outcome *o)
{
    json_w_object(j);
    json_w_key(j, S("query"));
    json_w_object(j);
    json_w_kdouble(j, S("executionTime"), (double)(o->compile_time + o->run_time) / (double)TS_PER_SECOND);
    json_w_kdouble(j, S("compileTime"), (double)o->compile_time / (double)TS_PER_SECOND);
    json_w_key(j, S("inputDatasetStatistics"));
    json_w_object(j);
    json_w_ki64(j, S("rowsScanned"), (int64_t)o->read_rows);
    json_w_ki64(j, S("bytesScanned"), (int64_t)o->read_bytes);
    json_w_end(j);
    json_w_key(j, S("datasetStatistics"));
    json_w_array(j);
    json_w_object(j);
    json_w_ki64(j, S("tableRowCount"), (int64_t)o->rows);
    json_w_end(j);
    json_w_end(j);
    json_w_end(j);
    json_w_end(j);
}

static void write_partial(struct json_w *j, const struct query_outcome *o)
{
    json_w_object(j);
    json_w_kstr(j, S("code"), S("PartialError"));
    json_w_kstr(j, S("message"), S("There were some errors when processing your query."));
    json_w_key(j, S("details"));
    json_w_array(j);
    json_w_object(j);
    json_w_kstr(j, S("code"), str_of(err_name(o->error.rc)));
    json_w_kstr(j, S("message"), str_of(o->error.text));
    json_w_end(j);
    json_w_end(j);
    json_w_end(j);
}

static void end_logs(struct query_answer *w, const struct query_outcome *o)
{
    struct json_w j = json_w_make(w->out);

    strbuf_addz(w->out, "]}]");
    if (w->statistics) {
        strbuf_addz(w->out, ",\"statistics\":");
        write_statistics(&j, o);
    }
    if (w->render && w->first->render.kind.n) {
        strbuf_addz(w->out, ",\"render\":");
        j = json_w_make(w->out);
        write_render(&j, &w->first->render);
    }
    if (o->partial) {
        strbuf_addz(w->out, ",\"error\":");
        j = json_w_make(w->out);
        write_partial(&j, o);
    }
    strbuf_addc(w->out, '}');
}

static void end_v1(struct query_answer *w, const struct query_outcome *o)
{
    strbuf_addz(w->out, "]}]");
    if (o->partial) {
        strbuf_addz(w->out, ",\"Exceptions\":[");
        json_escape(w->out, str_of(o->error.text));
        strbuf_addc(w->out, ']');
    }
    strbuf_addc(w->out, '}');
}

static void write_kusto_error(struct strbuf *out, str type, str message)
{
    struct json_w j = json_w_make(out);

    json_w_object(&j);
    json_w_key(&j, S("error"));
    json_w_object(&j);
    json_w_kstr(&j, S("code"), S("General_BadRequest"));
    json_w_kstr(&j, S("message"), S("Request is invalid and cannot be executed."));
    json_w_kstr(&j, S("@type"), type);
    json_w_kstr(&j, S("@message"), message);
    json_w_key(&j, S("@context"));
    json_w_object(&j);
    json_w_end(&j);
    json_w_kbool(&j, S("@permanent"), true);
    json_w_end(&j);
    json_w_end(&j);
}

/* The table that readers look into for errors (Level below 4) and for what the query cost (Level 4). */
static void end_v2(struct query_answer *w, const struct query_outcome *o)
{
    static const char *const columns[][2] = {
        { "Timestamp", "datetime" }, { "ClientRequestId", "string" }, { "ActivityId", "guid" },
        { "SubActivityId", "guid" }, { "ParentActivityId", "guid" },  { "Level", "int" },
        { "LevelName", "string" },   { "StatusCode", "int" },         { "StatusCodeName", "string" },
        { "EventType", "int" },      { "EventTypeName", "string" },   { "Payload", "string" },
    };
    AUTO_STRBUF payload = STRBUF_INIT(8192);
    char        now[TS_TEXT_SIZE];

    strbuf_addf(w->out,
                "]},{\"FrameType\":\"DataTable\",\"TableId\":%u,\"TableKind\":\"QueryCompletionInformation\","
                "\"TableName\":\"QueryCompletionInformation\",\"Columns\":[",
                w->tables + 2);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        strbuf_addf(w->out, "%s{\"ColumnName\":\"%s\",\"ColumnType\":\"%s\"}", i ? "," : "", columns[i][0],
                    columns[i][1]);
    if (o->partial)
        write_kusto_error(&payload, S("Kusto.Data.Exceptions.KustoServicePartialQueryFailureException"),
                          str_of(o->error.text));
    else
        strbuf_addf(&payload,
                    "{\"ExecutionTime\":%.7f,\"resource_usage\":{\"rows_read\":%llu,\"bytes_read\":%llu}}",
                    (double)(o->compile_time + o->run_time) / (double)TS_PER_SECOND,
                    (unsigned long long)o->read_rows, (unsigned long long)o->read_bytes);
    str               time = ts_text(o->finished, now);
    static const char nil[] = "00000000-0000-0000-0000-000000000000";
    strbuf_addf(w->out,
                "],\"Rows\":[[\"" STR_FMT "\",\"\",\"%s\",\"%s\",\"%s\",%d,\"%s\",%d,\"%s\",%d,\"%s\",",
                STR_ARG(time), nil, nil, nil, o->partial ? 2 : 4, o->partial ? "Error" : "Info",
                o->partial ? 1 : 0, o->partial ? "E_QUERY_RESULT_SET_TOO_LARGE" : "S_OK (0)",
                o->partial ? 6 : 4, o->partial ? "QueryError" : "QueryInfo");
    json_escape(w->out, strbuf_view(&payload));
    strbuf_addz(w->out, "]]},{\"FrameType\":\"DataSetCompletion\",\"HasErrors\":");
    strbuf_addz(w->out, o->partial ? "true" : "false");
    strbuf_addz(w->out, ",\"Cancelled\":false");
    if (o->partial) {
        strbuf_addz(w->out, ",\"OneApiErrors\":[");
        strbuf_add(w->out, strbuf_view(&payload));
        strbuf_addc(w->out, ']');
    }
    strbuf_addz(w->out, "}]");
}

void query_answer_end(struct query_answer *w, const struct query_outcome *outcome)
{
    static void (*const ends[QUERY_ANSWER_COUNT_])(struct query_answer *, const struct query_outcome *) = {
        [QUERY_ANSWER_LOGS] = end_logs,
        [QUERY_ANSWER_KUSTO_V1] = end_v1,
        [QUERY_ANSWER_KUSTO_V2] = end_v2,
    };
    /* The closing brackets are ours and small: they may go over what bounds the rows. */
    w->out->max += 64 * 1024;
    w->out->overflow = false;
    ends[w->shape](w, outcome);
}

static void write_diag(struct json_w *j, const struct query_outcome *o, const struct kql_diag *d)
{
    AUTO_STRBUF message = STRBUF_INIT(4096);

    strbuf_add(&message, d->message);
    if (d->hint.n)
        strbuf_addf(&message, " (" STR_FMT ")", STR_ARG(d->hint));
    json_w_object(j);
    json_w_kstr(j, S("code"), kql_diag_code_name(d->code));
    json_w_kstr(j, S("message"), strbuf_view(&message));
    json_w_ki64(j, S("line"), d->line);
    json_w_ki64(j, S("pos"), d->column);
    json_w_kstr(j, S("token"), str_slice(o->diags.query, d->span.from, d->span.to));
    json_w_end(j);
}

static void logs_error(const struct query_outcome *o, const struct err *why, struct strbuf *out)
{
    struct json_w j = json_w_make(out);
    bool          syntax = why->rc == RC_SYNTAX;

    json_w_object(&j);
    json_w_key(&j, S("error"));
    json_w_object(&j);
    json_w_kstr(&j, S("code"), S("BadArgumentError"));
    json_w_kstr(&j, S("message"), S("The request had some invalid properties"));
    json_w_key(&j, S("innererror"));
    json_w_object(&j);
    json_w_kstr(&j, S("code"), syntax ? S("SyntaxError") : S("SemanticError"));
    json_w_kstr(&j, S("message"),
                syntax ? S("A recognition error occurred in the query.") : S("A semantic error occurred."));
    if (o->diags.list.n) {
        json_w_key(&j, S("innererror"));
        write_diag(&j, o, &o->diags.list.p[0]);
    }
    json_w_end(&j);
    json_w_key(&j, S("details"));
    json_w_array(&j);
    for (size_t i = 0; i < o->diags.list.n; i++)
        write_diag(&j, o, &o->diags.list.p[i]);
    json_w_end(&j);
    json_w_end(&j);
    json_w_end(&j);
}

void query_answer_error(enum query_answer_shape shape, const struct query_outcome *outcome,
                        const struct err *why, struct strbuf *out)
{
    if (shape == QUERY_ANSWER_LOGS) {
        logs_error(outcome, why, out);
        return;
    }
    AUTO_STRBUF message = STRBUF_INIT(4096);
    strbuf_addz(&message, why->rc == RC_SYNTAX ? "Syntax error: " : "Semantic error: ");
    if (outcome->diags.list.n) {
        const struct kql_diag *d = &outcome->diags.list.p[0];
        strbuf_addf(&message, "%.*s: " STR_FMT " [line:position=%u:%u]", STR_ARG(kql_diag_code_name(d->code)),
                    STR_ARG(d->message), d->line, d->column);
    } else {
        strbuf_addz(&message, why->text);
    }
    write_kusto_error(out,
                      why->rc == RC_SYNTAX ? S("Kusto.Data.Exceptions.SyntaxException")
                                           : S("Kusto.Data.Exceptions.SemanticException"),
                      strbuf_view(&message));
}

enum kql_result_dynamic query_answer_dynamic(enum query_answer_shape shape)
{
    return shape == QUERY_ANSWER_LOGS ? KQL_RESULT_DYNAMIC_TEXT : KQL_RESULT_DYNAMIC_VALUE;
}
