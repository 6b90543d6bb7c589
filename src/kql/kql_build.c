/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_build.h"

#include "kql/kql_convert.h"
#include "kql/kql_fold.h"

struct kql_expr *kql_build_raw(struct kql_binder *b, const struct kql_fn *fn, enum kql_type type,
                               struct kql_span span, struct kql_expr *const *args, size_t n)
{
    struct kql_expr *e = kql_plan_expr(b->arena, KQL_EXPR_CALL, type, span);

    e->fn = fn;
    e->n_args = n;
    e->args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    bool nullable = fn->nulls == KQL_FN_NULLS_MAY;
    for (size_t i = 0; i < n; i++) {
        e->args[i] = args[i];
        nullable = nullable || args[i]->nullable;
    }
    e->nullable = nullable && fn->nulls != KQL_FN_NULLS_NEVER && !kql_type_is_text(type);
    e->number = ++b->calls;
    return e;
}

struct kql_expr *kql_build_of(struct kql_binder *b, const struct kql_fn *fn, struct kql_span span,
                              struct kql_expr **args, size_t n)
{
    struct kql_value folded;

    if (fn->args && !kql_convert_arguments(b, fn->name, fn->args, span, args, n))
        return NULL;
    if (kql_fold_call(b, fn->name, args, n, &folded))
        return kql_plan_const(b->arena, folded, span);
    struct kql_expr *e = kql_build_raw(b, fn, fn->result, span, args, n);
    if (fn->type) {
        e->type = fn->type(e);
        e->nullable = e->nullable && !kql_type_is_text(e->type);
    }
    return e;
}

struct kql_expr *kql_build_call(struct kql_binder *b, const char *name, struct kql_span span,
                                struct kql_expr **args, size_t n)
{
    const struct kql_fn *fn = kql_fn_find(str_of(name));
    for (size_t i = 0; i < n; i++)
        if (!args[i])
            return NULL;
    struct kql_expr **own = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    memcpy(own, args, n * sizeof *own);
    if (fn->hidden)
        return kql_build_operator(b, str_of(name), span, own, n);
    if (fn->bind)
        return fn->bind(b, fn, NULL, own, n);
    return kql_build_of(b, fn, span, own, n);
}

struct kql_expr *kql_build_operator(struct kql_binder *b, str sign, struct kql_span span,
                                    struct kql_expr **args, size_t n)
{
    static const struct {
        const char *from, *to;
    } OLD[] = { { "<>", "!=" },
                { ":", "has" },
                { "notcontains", "!contains" },
                { "containscs", "contains_cs" },
                { "!containscs", "!contains_cs" },
                { "notcontainscs", "!contains_cs" } };

    for (size_t i = 0; i < sizeof OLD / sizeof OLD[0]; i++)
        if (str_eq(sign, str_of(OLD[i].from)))
            sign = str_of(OLD[i].to);
    const struct kql_fn *fn = kql_fn_find(sign);
    if (!fn) {
        kql_bind_error(b, KQL_DIAG_UNSUPPORTED, span, "the operator \"" STR_FMT "\" is not built",
                       STR_ARG(sign));
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        if (args[i]->type == KQL_UNKNOWN && args[i]->kind != KQL_EXPR_CONST)
            return kql_build_raw(b, fn, KQL_UNKNOWN, span, args, n);
    if (!fn->bind)
        return kql_build_of(b, fn, span, args, n);
    struct kql_value folded;
    struct kql_expr *e = fn->bind(b, fn, NULL, args, n);
    if (e)
        e->span = span;
    if (e && e->kind == KQL_EXPR_CALL && kql_fold_call(b, fn->name, args, n, &folded))
        return kql_plan_const(b->arena, folded, span);
    return e;
}
