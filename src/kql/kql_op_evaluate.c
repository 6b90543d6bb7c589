/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate: calls a plugin (kql_plugin.c). */
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_plugin.h"

static bool parse_evaluate(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "hint.*", NULL };

    kql_parse_options(p, op, OPTIONS);
    struct kql_node *call = kql_parse_expr(p);
    kql_parse_add(p, op, call);
    if (call->kind != KQL_NODE_CALL)
        return call->kind == KQL_NODE_BAD ? false : kql_parse_fail(p, "a plugin with its arguments");
    if (!kql_parse_take(p, ":"))
        return true;
    struct kql_node *schema = kql_parse_schema(p);
    if (schema)
        kql_parse_add(p, op, schema);
    return schema != NULL;
}

static struct kql_rel *bind_evaluate(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node   *call = op->kids.p[0];
    const struct kql_plugin *plugin = kql_plugin_find(call->text);

    if (plugin && in)
        return plugin->bind(b, call, op->kids.n > 1 ? op->kids.p[1] : NULL, in);
    if (plugin) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, op->span, "%s() stands behind a table", plugin->name);
        return NULL;
    }
    if (kql_plugin_refusal(call->text)) {
        kql_bind_error(b, KQL_DIAG_UNSUPPORTED, call->span, "the plugin \"" STR_FMT "\" is not here: %s",
                       STR_ARG(call->text), kql_plugin_refusal(call->text));
        return NULL;
    }
    struct near guess = { .wanted = call->text };
    for (const struct kql_plugin *row = kql_plugin_next(NULL); row; row = kql_plugin_next(row))
        near_offer(&guess, str_of(row->name));
    kql_bind_error(b, KQL_DIAG_UNKNOWN_PLUGIN, call->span, "there is no plugin \"" STR_FMT "\"",
                   STR_ARG(call->text));
    kql_diag_suggest(b->diags, &guess);
    return NULL;
}

const struct kql_op KQL_OPS_EVALUATE[] = {
    { .name = "evaluate",
      .both = true,
      .parse = parse_evaluate,
      .bind = bind_evaluate,
      .doc = "Calls a plugin.",
      .example = "print d = dynamic({'a':1}) | evaluate bag_unpack(d) : (a:long)" },
    { 0 },
};
