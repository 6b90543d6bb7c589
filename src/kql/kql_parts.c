/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_parts.h"

#include "kql/kql_build.h"
#include "kql/kql_convert.h"

static struct kql_expr *element(struct kql_binder *b, struct kql_expr *e, size_t i, enum kql_type type)
{
    struct kql_expr *index = kql_plan_const(b->arena, kql_value_long((int64_t)i), e->span);
    struct kql_expr *pair[] = { e, index };

    return kql_convert_cast(b, kql_build_raw(b, kql_fn_find(S(".")), KQL_DYNAMIC, e->span, pair, 2), type);
}

static bool add(struct kql_binder *b, const struct kql_node *item, struct kql_expr *value, size_t i,
                str by_default, kql_parts_columns *out)
{
    bool written = item->kind == KQL_NODE_NAMED && i < item->names.n;

    if (!value)
        return false;
    *vec_push_in(b->arena, out) =
        (struct kql_parts_column) { written ? item->names.p[i] : by_default, written, value };
    return true;
}

bool kql_parts_take(struct kql_binder *b, const struct kql_node *item, struct kql_expr *e,
                    kql_parts_columns *out)
{
    const struct kql_node *call = item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item;
    size_t                 named = item->kind == KQL_NODE_NAMED ? item->names.n : 0;
    kql_fn_parts           parts = { 0 };
    bool                   ok = true;

    if (e->kind == KQL_EXPR_CALL && e->fn->parts && call->kind == KQL_NODE_CALL)
        e->fn->parts(b, call, e, &parts);
    if (parts.n == 0 && named < 2)
        return true;
    if (e->type != KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, item->span, "only a dynamic has several values");
        return false;
    }
    if (parts.n > 0 && named > parts.n) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, item->span, "%s() gives %zu values, and here are %zu names",
                       e->fn->name, parts.n, named);
        return false;
    }
    for (size_t i = 0; i < parts.n; i++)
        ok = ok && add(b, item, element(b, e, i, parts.p[i].type), i, parts.p[i].name, out);
    for (size_t i = 0; parts.n == 0 && i < named; i++)
        ok = ok && add(b, item, element(b, e, i, KQL_DYNAMIC), i, STR_NONE, out);
    return ok;
}
