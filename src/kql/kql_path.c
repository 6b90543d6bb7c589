/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_path.h"

#include "kql/kql_fn.h"

bool kql_path_is(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CALL && e->fn->emit == kql_path_emit;
}

/* Array places count from 1 in SQL and from 0 here; from the end both count from -1. */
static void add_keys(struct kql_emit *e, const struct kql_expr *call, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct kql_expr *key = call->args[i];
        kql_emit_addz(e, ",");
        if (key->type == KQL_STRING)
            kql_emit_expr(e, key);
        else if (key->kind == KQL_EXPR_CONST) {
            char text[24];
            snprintf(text, sizeof text, "%lld",
                     (long long)(key->value.i >= 0 ? key->value.i + 1 : key->value.i));
            kql_emit_addz(e, text);
        } else {
            kql_emit_template(e, "assumeNotNull(if($1 >= 0,$1 + 1,$1))", &key, 1);
        }
    }
}

/* The engine counts the members of objects too: a place is one in an array only. */
static size_t add_guards(struct kql_emit *e, const struct kql_expr *call)
{
    size_t guards = 0;

    for (size_t i = 1; i < call->n_args; i++) {
        if (call->args[i]->type == KQL_STRING)
            continue;
        guards++;
        if (i == 1) {
            kql_emit_template(e, "if(startsWith($1,'['),", call->args, 1);
            continue;
        }
        kql_emit_template(e, "if(JSONType($1", call->args, 1);
        add_keys(e, call, i);
        kql_emit_addz(e, ") = 'Array',");
    }
    return guards;
}

void kql_path_emit(struct kql_emit *e, const struct kql_expr *call)
{
    bool truth = e->truth;
    e->truth = false;
    size_t guards = add_guards(e, call);
    kql_emit_template(e, "JSONExtractRaw($1", call->args, 1);
    add_keys(e, call, call->n_args);
    kql_emit_addz(e, ")");
    for (; guards > 0; guards--)
        kql_emit_addz(e, ",'')");
    e->truth = truth;
}

void kql_path_emit_as(struct kql_emit *e, const struct kql_expr *call, const char *sql_type)
{
    bool truth = e->truth;
    e->truth = false;
    size_t guards = add_guards(e, call);
    kql_emit_template(e, "JSONExtract($1", call->args, 1);
    add_keys(e, call, call->n_args);
    kql_emit_addz(e, ",'");
    kql_emit_addz(e, sql_type);
    kql_emit_addz(e, "')");
    for (; guards > 0; guards--)
        kql_emit_addz(e, sql_type[0] == 'S' ? ",'')" : ",NULL)");
    e->truth = truth;
}
