/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_ast.h"

struct kql_node *kql_ast_new(struct arena *a, enum kql_node_kind kind, struct kql_span span, str text)
{
    struct kql_node *n = ARENA_NEW(a, struct kql_node);
    n->kind = kind;
    n->span = span;
    n->text = text;
    return n;
}

void kql_ast_add(struct arena *a, struct kql_node *parent, struct kql_node *kid)
{
    *vec_push_in(a, &parent->kids) = kid;
    if (kid->span.to > parent->span.to)
        parent->span.to = kid->span.to;
}

const struct kql_node *kql_ast_option(const struct kql_node *op, const char *name)
{
    for (size_t i = 0; i < op->options.n; i++)
        if (str_eq_ci(op->options.p[i]->text, str_of(name)))
            return op->options.p[i]->kids.p[0];
    return NULL;
}

const struct kql_node *kql_ast_clause(const struct kql_node *op, const char *keyword)
{
    for (size_t i = 0; i < op->kids.n; i++)
        if (op->kids.p[i]->kind == KQL_NODE_CLAUSE && str_eq(op->kids.p[i]->text, str_of(keyword)))
            return op->kids.p[i];
    return NULL;
}
