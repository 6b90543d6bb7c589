/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.OperationalInsights: the workspace and its tables. */
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "tables/tables.h"

static void write_workspace(struct api_call *c, struct json_w *w)
{
    const struct state_scopes *s = c->api->opts.scopes;
    char                       time[TS_TEXT_SIZE];

    json_w_object(w);
    json_w_kstr(w, S("id"), s->workspace_arm);
    json_w_kstr(w, S("name"), s->workspace);
    json_w_kstr(w, S("type"), S("Microsoft.OperationalInsights/workspaces"));
    json_w_kstr(w, S("location"), s->location);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("customerId"), s->customer_id);
    json_w_kstr(w, S("provisioningState"), S("Succeeded"));
    json_w_kstr(w, S("createdDate"), ts_text(s->created, time));
    json_w_kstr(w, S("modifiedDate"), ts_text(s->created, time));
    json_w_key(w, S("sku"));
    json_w_object(w);
    json_w_kstr(w, S("name"), S("PerGB2018"));
    json_w_end(w);
    json_w_kstr(w, S("publicNetworkAccessForQuery"), S("Enabled"));
    json_w_kstr(w, S("publicNetworkAccessForIngestion"), S("Enabled"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_workspaces_list(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    write_workspace(c, &w);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_workspaces_get(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);
    write_workspace(c, &w);
    return api_call_done(c, 200, err);
}

static void write_column(struct json_w *w, const struct tables_column *column)
{
    str type = tables_type_name(column->type);

    json_w_object(w);
    json_w_kstr(w, S("name"), column->name);
    json_w_kstr(w, S("type"), str_eq(type, S("datetime")) ? S("dateTime") : type);
    if (column->description.n)
        json_w_kstr(w, S("description"), column->description);
    json_w_end(w);
}

struct writing {
    struct api_call *call;
    struct json_w   *w;
};

static void write_table(void *ctx, const struct tables_schema *s)
{
    struct writing *to = ctx;
    struct json_w  *w = to->w;

    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(to->call->arena, STR_FMT "/tables/" STR_FMT,
                             STR_ARG(to->call->api->opts.scopes->workspace_arm), STR_ARG(s->name)));
    json_w_kstr(w, S("name"), s->name);
    json_w_kstr(w, S("type"), S("Microsoft.OperationalInsights/workspaces/tables"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_ki64(w, S("retentionInDays"), s->retention_days);
    json_w_ki64(w, S("totalRetentionInDays"), s->retention_days);
    json_w_kstr(w, S("plan"), S("Analytics"));
    json_w_kstr(w, S("provisioningState"), S("Succeeded"));
    json_w_key(w, S("schema"));
    json_w_object(w);
    json_w_kstr(w, S("name"), s->name);
    json_w_kstr(w, S("tableType"), s->custom ? S("CustomLog") : S("Microsoft"));
    json_w_kstr(w, S("description"), s->description);
    json_w_key(w, s->custom ? S("columns") : S("standardColumns"));
    json_w_array(w);
    for (size_t i = 0; i < s->n_columns; i++)
        write_column(w, &s->columns[i]);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_workspaces_tables(struct api_call *c, struct err *err)
{
    struct json_w  w = api_call_list(c);
    struct writing to = { c, &w };

    tables_schema_each(c->api->opts.tables, write_table, &to);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_workspaces_table(struct api_call *c, struct err *err)
{
    const struct tables_schema *s = tables_schema_find_ci(c->api->opts.tables, api_call_param(c, "table"));
    struct json_w               w = api_call_json(c);
    struct writing              to = { c, &w };

    if (!s)
        return api_call_fail(c, 404, "ResourceNotFound", err, "There is no table '" STR_FMT "'.",
                             STR_ARG(api_call_param(c, "table")));
    write_table(&to, s);
    return api_call_done(c, 200, err);
}
