/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_plan.h"

#include "kql/kql_agg.h"
#include "kql/kql_fn.h"
#include "kql/kql_term.h"

struct kql_rel *kql_plan_rel(struct arena *a, enum kql_rel_kind kind, struct kql_rel *input)
{
    struct kql_rel *rel = ARENA_NEW(a, struct kql_rel);
    rel->kind = kind;
    if (!input)
        return rel;
    *vec_push_in(a, &rel->inputs) = input;
    for (size_t i = 0; i < input->fields.n; i++)
        *vec_push_in(a, &rel->fields) = input->fields.p[i];
    for (size_t i = 0; i < input->order.n; i++)
        *vec_push_in(a, &rel->order) = input->order.p[i];
    for (size_t i = 0; i < input->part.n; i++)
        *vec_push_in(a, &rel->part) = input->part.p[i];
    rel->serialized = input->serialized;
    if (kind != KQL_REL_SUMMARIZE && kind != KQL_REL_DISTINCT) {
        rel->open = input->open;
        rel->open_prefix = input->open_prefix;
        rel->split = input->split;
    }
    return rel;
}

struct kql_expr *kql_plan_expr(struct arena *a, enum kql_expr_kind kind, enum kql_type type,
                               struct kql_span span)
{
    struct kql_expr *e = ARENA_NEW(a, struct kql_expr);
    e->kind = kind;
    e->type = type;
    e->span = span;
    return e;
}

struct kql_expr *kql_plan_col(struct arena *a, struct kql_col *col, struct kql_span span)
{
    struct kql_expr *e = kql_plan_expr(a, KQL_EXPR_COL, col->type, span);
    e->col = col;
    e->nullable = col->nullable;
    return e;
}

struct kql_expr *kql_plan_const(struct arena *a, struct kql_value v, struct kql_span span)
{
    struct kql_expr *e = kql_plan_expr(a, KQL_EXPR_CONST, v.type, span);
    e->value = v;
    e->nullable = v.null;
    return e;
}

struct kql_field *kql_plan_field(const struct kql_rel *rel, str name)
{
    for (size_t i = 0; rel && i < rel->fields.n; i++)
        if (str_eq(rel->fields.p[i].name, name))
            return &rel->fields.p[i];
    return NULL;
}

bool kql_plan_key_is_idle(const struct kql_rel *rel, const struct kql_def *key)
{
    return key->expr->kind == KQL_EXPR_COL && key->expr->col == key->col && rel->part.n > 0 &&
           key->col != rel->part.p[0] && key->col->last_use < rel->place;
}

bool kql_plan_is_const(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CONST;
}

bool kql_plan_is_fixed(const struct kql_expr *e)
{
    if (e->kind == KQL_EXPR_CONST || e->kind == KQL_EXPR_SUBQUERY)
        return true;
    if (e->kind != KQL_EXPR_CALL || e->fn->distinct_calls)
        return false;
    for (size_t i = 0; i < e->n_args; i++)
        if (!kql_plan_is_fixed(e->args[i]))
            return false;
    return true;
}

str kql_plan_const_text(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CONST && e->type == KQL_STRING ? e->value.s : STR_NONE;
}

static const char *const REL_NAMES[] = {
    [KQL_REL_TABLE] = "table",       [KQL_REL_VALUES] = "values",   [KQL_REL_ONE] = "one row",
    [KQL_REL_FILTER] = "filter",     [KQL_REL_PROJECT] = "project", [KQL_REL_SUMMARIZE] = "summarize",
    [KQL_REL_DISTINCT] = "distinct", [KQL_REL_LIMIT] = "limit",     [KQL_REL_JOIN] = "join",
    [KQL_REL_UNION] = "union",       [KQL_REL_EXPAND] = "expand",   [KQL_REL_WINDOW] = "window",
    [KQL_REL_SHARED] = "shared",     [KQL_REL_GRAPH] = "graph",
};

static void print_expr(struct strbuf *out, const struct kql_expr *e)
{
    switch (e->kind) {
    case KQL_EXPR_COL:
        strbuf_add(out, e->col->sql);
        return;
    case KQL_EXPR_CONST:
        kql_value_json(out, &e->value);
        return;
    case KQL_EXPR_SUBQUERY:
        strbuf_addz(out, "toscalar(…)");
        return;
    case KQL_EXPR_IN:
        print_expr(out, e->args[0]), strbuf_addz(out, " in (…)");
        return;
    default:
        break;
    }
    strbuf_addz(out, e->kind == KQL_EXPR_AGG ? e->agg->name : e->fn->name);
    strbuf_addc(out, '(');
    for (size_t i = 0; i < e->n_args; i++) {
        if (i > 0)
            strbuf_addz(out, ", ");
        print_expr(out, e->args[i]);
    }
    strbuf_addc(out, ')');
}

static void print_defs(struct strbuf *out, const char *lead, const kql_defs *defs)
{
    size_t said = 0;
    for (size_t i = 0; i < defs->n; i++) {
        if (!defs->p[i].col->needed)
            continue;
        strbuf_addf(out, "%s" STR_FMT " = ", said++ ? ", " : lead, STR_ARG(defs->p[i].col->sql));
        print_expr(out, defs->p[i].expr);
    }
}

static const char *const WAYS[] = { [KQL_TERM_NONE] = "",
                                    [KQL_TERM_INDEXED] = " [text index]",
                                    [KQL_TERM_ROWS] = " [row by row: no text index serves]" };

void kql_plan_print(struct strbuf *out, const struct kql_rel *rel, unsigned indent)
{
    strbuf_addf(out, "%*s%s", (int)indent * 2, "", REL_NAMES[rel->kind]);
    if (rel->table.n > 0)
        strbuf_addf(out, " " STR_FMT, STR_ARG(rel->table));
    if (rel->pred) {
        strbuf_addc(out, ' ');
        print_expr(out, rel->pred);
        strbuf_addz(out, WAYS[kql_term_way(rel->pred)]);
    }
    if (rel->count) {
        strbuf_addc(out, ' ');
        print_expr(out, rel->count);
    }
    print_defs(out, rel->kind == KQL_REL_SUMMARIZE ? " by " : " ", &rel->keys);
    print_defs(out, rel->kind == KQL_REL_SUMMARIZE ? ": " : " ", &rel->defs);
    for (size_t i = 0; i < rel->on.n; i++)
        strbuf_addf(out, "%s" STR_FMT " = " STR_FMT, i ? ", " : " on ", STR_ARG(rel->on.p[i].left->sql),
                    STR_ARG(rel->on.p[i].right->sql));
    for (size_t i = 0; i < rel->order.n && (rel->kind == KQL_REL_LIMIT || rel->kind == KQL_REL_WINDOW); i++)
        strbuf_addf(out, "%s" STR_FMT "%s", i ? ", " : " in order of ", STR_ARG(rel->order.p[i].col->sql),
                    rel->order.p[i].desc ? " desc" : "");
    strbuf_addc(out, '\n');
    for (size_t i = 0; i < rel->inputs.n; i++)
        kql_plan_print(out, rel->inputs.p[i], indent + 1);
}
