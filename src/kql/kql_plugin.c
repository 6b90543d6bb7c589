/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_plugin.h"

/* A family more: its table's name here. */
static const struct kql_plugin *const FAMILIES[] = {
    KQL_PLUGINS_COLUMNS, KQL_PLUGINS_LOOKUP, KQL_PLUGINS_MINE, KQL_PLUGINS_TIME, KQL_PLUGINS_ROWS,
};
enum { N_FAMILIES = sizeof FAMILIES / sizeof FAMILIES[0] };

static const struct {
    const char *name, *why;
} REFUSED[] = {
    { "ai_chat_completion", "a query sends no data to other services" },
    { "ai_chat_completion_prompt", "a query sends no data to other services" },
    { "ai_embed_text", "a query sends no data to other services" },
    { "ai_embeddings", "a query sends no data to other services" },
    { "azure_digital_twins_query_request", "a query asks no other service" },
    { "cosmosdb_sql_request", "a query asks no other service" },
    { "http_request", "a query asks no other service" },
    { "http_request_post", "a query asks no other service" },
    { "infer_storage_schema", "a query reads no storage of others" },
    { "infer_storage_schema_with_suggestions", "a query reads no storage of others" },
    { "mysql_request", "a query asks no other database" },
    { "postgresql_request", "a query asks no other database" },
    { "python", "a query runs no code of others" },
    { "r", "a query runs no code of others" },
    { "sql_request", "a query asks no other database" },
};

const struct kql_plugin *kql_plugin_find(str name)
{
    for (const struct kql_plugin *row = kql_plugin_next(NULL); row; row = kql_plugin_next(row))
        if (str_eq(name, str_of(row->name)))
            return row;
    return NULL;
}

const struct kql_plugin *kql_plugin_next(const struct kql_plugin *plugin)
{
    if (!plugin)
        return FAMILIES[0];
    if (plugin[1].name)
        return plugin + 1;
    for (size_t i = 0; i + 1 < N_FAMILIES; i++) {
        const struct kql_plugin *last = FAMILIES[i];
        while (last->name && last != plugin)
            last++;
        if (last == plugin)
            return FAMILIES[i + 1];
    }
    return NULL;
}

const char *kql_plugin_refusal(str name)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        if (str_eq_ci(name, str_of(REFUSED[i].name)))
            return REFUSED[i].why;
    return NULL;
}

const struct kql_node *kql_plugin_argument(const struct kql_node *call, const char *name, size_t position)
{
    for (size_t i = 0; i < call->kids.n; i++) {
        const struct kql_node *kid = call->kids.p[i];
        if (kid->kind == KQL_NODE_NAMED && str_eq(kid->names.p[0], str_of(name)))
            return kid->kids.p[0];
    }
    return position < call->kids.n && call->kids.p[position]->kind != KQL_NODE_NAMED ? call->kids.p[position]
                                                                                     : NULL;
}

str kql_plugin_text(struct kql_binder *b, const struct kql_node *call, const char *name, size_t position)
{
    const struct kql_node *node = kql_plugin_argument(call, name, position);
    struct kql_value       v;
    return node && kql_bind_expr_const(b, node, KQL_STRING, &v) ? v.s : STR_NONE;
}
