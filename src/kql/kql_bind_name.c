/* SPDX-License-Identifier: Apache-2.0 */
/* The names that columns get by themselves. */
#include "kql/kql_bind.h"

static str joined(struct kql_binder *b, str left, str right)
{
    return left.n == 0 ? STR_NONE
                       : arena_printf(b->arena, STR_FMT "_" STR_FMT, STR_ARG(left), STR_ARG(right));
}

/* d["a b"] is d_a b, with what is no letter, digit or _ as _. */
static str clean(struct kql_binder *b, str s)
{
    char *copy = ARENA_ARRAY(b->arena, char, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                    (c & 0x80);
        copy[i] = (char)(word ? c : '_');
    }
    return str_make(copy, s.n);
}

static str of_index(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_node *key = node->kids.p[1];
    str                    base = kql_bind_name(b, node->kids.p[0]);

    if (key->kind == KQL_NODE_UNARY && key->kids.p[0]->kind == KQL_NODE_LITERAL)
        key = key->kids.p[0];
    if (key->kind == KQL_NODE_LITERAL && key->value.type == KQL_STRING)
        return joined(b, base, clean(b, key->value.s));
    if (key->kind == KQL_NODE_LITERAL && key->value.type == KQL_LONG)
        return joined(b, base, kql_value_text(b->arena, &key->value));
    return STR_NONE;
}

static str of_aggregate(struct kql_binder *b, const struct kql_agg *agg, const struct kql_node *node)
{
    str prefix = str_of(agg->prefix ? agg->prefix : agg->name);
    str first = node->kids.n > 0 ? kql_bind_name(b, node->kids.p[0]) : STR_NONE;

    if (agg->naming == KQL_AGG_NAMING_FIRST)
        return first;
    if (strcmp(agg->name, "percentile") == 0 && node->kids.n == 2 &&
        node->kids.p[1]->kind == KQL_NODE_LITERAL)
        return kql_agg_percentile_name(b->arena, first, &node->kids.p[1]->value);
    if (strncmp(agg->name, "covariance", strlen("covariance")) == 0 && node->kids.n > 1)
        first = joined(b, first, kql_bind_name(b, node->kids.p[1]));
    if (agg->naming == KQL_AGG_NAMING_PLAIN)
        first = STR_NONE;
    return arena_printf(b->arena, STR_FMT "_" STR_FMT, STR_ARG(prefix), STR_ARG(first));
}

static str of_call(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_agg *agg = b->aggregates ? kql_agg_find(node->text) : NULL;
    const struct kql_fn  *fn = kql_fn_find(node->text);

    if (kql_bind_scope_find(b, node->text))
        return STR_NONE;
    if (agg)
        return of_aggregate(b, agg, node);
    if (fn && node->kids.n > 0 && node->kids.p[0]->kind == KQL_NODE_NAMED)
        return kql_bind_name(b, node->kids.p[0]);
    if (!fn || node->kids.n == 0 || fn->naming == KQL_FN_NAMING_COLUMN)
        return STR_NONE;
    str first = kql_bind_name(b, node->kids.p[0]);
    return fn->naming == KQL_FN_NAMING_FIRST ? first
                                             : joined(b, str_of(fn->prefix ? fn->prefix : fn->name), first);
}

str kql_bind_name(struct kql_binder *b, const struct kql_node *node)
{
    switch (node->kind) {
    case KQL_NODE_NAMED:
        return node->names.p[0];
    case KQL_NODE_NAME:
        return node->text;
    case KQL_NODE_ORDERED:
        return kql_bind_name(b, node->kids.p[0]);
    case KQL_NODE_PATH: {
        const struct kql_node *base = node->kids.p[0];
        if (base->kind == KQL_NODE_NAME && str_starts(base->text, S("$")))
            return node->text;
        return joined(b, kql_bind_name(b, base), clean(b, node->text));
    }
    case KQL_NODE_INDEX:
        return of_index(b, node);
    case KQL_NODE_CALL:
        return of_call(b, node);
    default:
        return STR_NONE;
    }
}
