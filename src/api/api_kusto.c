/* SPDX-License-Identifier: Apache-2.0 */
/* Kusto's REST: queries in its two shapes, and the few commands that its clients ask at the start. */
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "api/api_run.h"
#include "tables/tables.h"

static const str JSON_TYPE = STR_INIT("application/json; charset=utf-8");

static bool is_database(const struct api_call *c, str name)
{
    const struct state_scopes *s = c->api->opts.scopes;
    return !name.n || str_eq_ci(name, s->workspace) || str_eq_ci(name, s->customer_id) ||
           str_eq_ci(name, S("law")) || str_eq_ci(name, S("NetDefaultDB"));
}

static enum rc text_of(struct api_call *c, str *csl, struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    *csl = json_str(body, S("csl"), S(""));
    str database = json_str(body, S("db"), S(""));
    if (!str_trim(*csl).n)
        return api_call_fail(c, 400, "General_BadRequest", err,
                             "The body needs \"csl\", and it must not be empty.");
    if (!is_database(c, database))
        return api_call_fail(c, 400, "BadRequest_EntityNotFound", err, "There is no database '" STR_FMT "'.",
                             STR_ARG(database));
    return RC_OK;
}

/* properties.Parameters: {"name": "literal"}. Clients send the properties as an object, or as its text. */
static enum rc read_parameters(struct api_call *c, struct query_request *out, struct err *err)
{
    const struct json *properties = json_get(c->json, S("properties"));

    if (properties && properties->kind == JSON_STRING && properties->s.n > 0 &&
        json_parse(c->arena, properties->s, &properties, err) != RC_OK)
        return api_call_fail(c, 400, "General_BadRequest", err, "\"properties\" is no JSON.");
    const struct json *given = json_get(properties, S("Parameters"));
    if (!given || given->kind != JSON_OBJECT)
        return RC_OK;
    struct kql_parameter *list = ARENA_ARRAY(c->arena, struct kql_parameter, given->n + 1);
    for (uint32_t i = 0; i < given->n; i++) {
        const struct json *value = &given->members[i].value;
        AUTO_STRBUF        text = STRBUF_INIT(QUERY_MAX_TEXT);
        if (value->kind == JSON_STRING)
            strbuf_add(&text, value->s);
        else
            json_print(&text, value, 0);
        TRY(strbuf_ok(&text, "a parameter of the query", err));
        list[i] = (struct kql_parameter) { given->members[i].key, arena_str(c->arena, strbuf_view(&text)) };
    }
    out->parameters = list;
    out->n_parameters = given->n;
    return RC_OK;
}

static enum rc run(struct api_call *c, enum query_answer_shape shape, struct err *err)
{
    struct api_run r = { .shape = shape };

    TRY(text_of(c, &r.request.text, err));
    TRY(read_parameters(c, &r.request, err));
    r.request.id = http_req_header(c->req, S("x-vedette-query-id"));
    r.request.max_rows = QUERY_MAX_ROWS;
    TRY(api_run_query(c, &r, err));
    api_call_text(c, r.status, JSON_TYPE, r.body);
    return RC_OK;
}

enum rc api_kusto_query_v1(struct api_call *c, struct err *err)
{
    return run(c, QUERY_ANSWER_KUSTO_V1, err);
}

enum rc api_kusto_query_v2(struct api_call *c, struct err *err)
{
    return run(c, QUERY_ANSWER_KUSTO_V2, err);
}

/* --- commands --- */

static struct json_w begin_table(struct api_call *c, const char *const *columns)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("Tables"));
    json_w_array(&w);
    json_w_object(&w);
    json_w_kstr(&w, S("TableName"), S("Table_0"));
    json_w_key(&w, S("Columns"));
    json_w_array(&w);
    for (; *columns; columns++) {
        json_w_object(&w);
        json_w_kstr(&w, S("ColumnName"), str_of(*columns));
        json_w_kstr(&w, S("DataType"), S("String"));
        json_w_kstr(&w, S("ColumnType"), S("string"));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_key(&w, S("Rows"));
    json_w_array(&w);
    return w;
}

static enum rc end_table(struct api_call *c, struct json_w *w, struct err *err)
{
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
    return api_call_done(c, 200, err);
}

static void cells(struct json_w *w, const str *texts, size_t n)
{
    json_w_array(w);
    for (size_t i = 0; i < n; i++)
        json_w_str(w, texts[i]);
    json_w_end(w);
}

static enum rc show_databases(struct api_call *c, str rest, struct err *err)
{
    static const char *const   columns[] = { "DatabaseName", "PersistentStorage", "Version", "PrettyName",
                                             NULL };
    const struct state_scopes *s = c->api->opts.scopes;
    struct json_w              w = begin_table(c, columns);
    const str                  row[] = { s->workspace, S(""), S("v1.0"), s->subscription_name };

    (void)rest;
    cells(&w, row, sizeof row / sizeof row[0]);
    return end_table(c, &w, err);
}

static enum rc show_version(struct api_call *c, str rest, struct err *err)
{
    static const char *const columns[] = { "BuildVersion", "BuildTime", "ServiceType", "ProductVersion",
                                           NULL };
    struct json_w            w = begin_table(c, columns);
    const str row[] = { S(VEDETTE_VERSION), S(""), S("Engine"), S("Vedette " VEDETTE_VERSION) };

    (void)rest;
    cells(&w, row, sizeof row / sizeof row[0]);
    return end_table(c, &w, err);
}

struct listing {
    struct json_w *w;
    str            database;
};

static void list_table(void *ctx, const struct tables_schema *s)
{
    struct listing *l = ctx;
    const str       row[] = { s->name, l->database, S(""), s->description };
    cells(l->w, row, sizeof row / sizeof row[0]);
}

static enum rc show_tables(struct api_call *c, str rest, struct err *err)
{
    static const char *const columns[] = { "TableName", "DatabaseName", "Folder", "DocString", NULL };
    struct json_w            w = begin_table(c, columns);
    struct listing           l = { &w, c->api->opts.scopes->workspace };

    (void)rest;
    tables_schema_each(c->api->opts.tables, list_table, &l);
    return end_table(c, &w, err);
}

/* ".show table NAME cslschema" */
static enum rc show_table(struct api_call *c, str rest, struct err *err)
{
    static const char *const columns[] = {
        "TableName", "Schema", "DatabaseName", "Folder", "DocString", NULL
    };
    size_t blank = str_find_byte(rest, ' ');
    str    name = str_trim_chars(str_slice(rest, 0, blank == STR_NPOS ? rest.n : blank), S("[']\""));
    const struct tables_schema *s = tables_schema_find_ci(c->api->opts.tables, name);
    AUTO_STRBUF                 text = STRBUF_INIT(256 * 1024);

    if (!s)
        return api_call_fail(c, 400, "BadRequest_EntityNotFound", err, "There is no table '" STR_FMT "'.",
                             STR_ARG(name));
    for (size_t i = 0; i < s->n_columns; i++)
        strbuf_addf(&text, "%s" STR_FMT ":" STR_FMT, i ? "," : "", STR_ARG(s->columns[i].name),
                    STR_ARG(tables_type_name(s->columns[i].type)));
    struct json_w w = begin_table(c, columns);
    const str row[] = { s->name, strbuf_view(&text), c->api->opts.scopes->workspace, S(""), s->description };
    cells(&w, row, sizeof row / sizeof row[0]);
    return end_table(c, &w, err);
}

static const struct {
    const char *text;
    enum rc (*run)(struct api_call *c, str rest, struct err *err);
} COMMANDS[] = {
    { ".show databases", show_databases },
    { ".show tables", show_tables },
    { ".show table ", show_table },
    { ".show version", show_version },
};

enum rc api_kusto_manage(struct api_call *c, struct err *err)
{
    str csl;

    TRY(text_of(c, &csl, err));
    csl = str_trim(csl);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++)
        if (str_starts_ci(csl, str_of(COMMANDS[i].text)))
            return COMMANDS[i].run(c, str_trim(str_from(csl, strlen(COMMANDS[i].text))), err);
    return api_call_fail(c, 400, "General_BadRequest", err,
                         "The command '" STR_FMT
                         "' is not known. Known: .show databases, tables, table NAME, version.",
                         STR_ARG(str_slice(csl, 0, 80)));
}
