/* SPDX-License-Identifier: Apache-2.0 */
/* fork and facet: operators whose answer is several tables. They stand last, in a statement of the query
 * itself: nothing can be said about several tables at once. */
#include "kql/kql_build.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

static bool parse_pipe(struct kql_parser *p, struct kql_node *branch)
{
    if (!kql_parse_expect(p, "("))
        return false;
    struct kql_node *pipe = kql_parse_subpipe(p);
    kql_parse_add(p, branch, pipe);
    return pipe->kind != KQL_NODE_BAD && kql_parse_expect(p, ")");
}

/* [name =] (operator | …) …, each a CLAUSE under its name */
static bool parse_fork(struct kql_parser *p, struct kql_node *op)
{
    do {
        struct kql_node *branch = kql_parse_new(p, KQL_NODE_CLAUSE);
        branch->text = STR_NONE;
        if (!kql_parse_is(p, "(") && (!kql_parse_name(p, &branch->text) || !kql_parse_expect(p, "=")))
            return false;
        if (!parse_pipe(p, branch))
            return false;
        kql_parse_add(p, op, branch);
        kql_parse_take(p, ",");
    } while (!kql_parse_at_end(p));
    return true;
}

/* by column, … [with (operator | …)] */
static bool parse_facet(struct kql_parser *p, struct kql_node *op)
{
    if (!kql_parse_expect(p, "by") || !kql_parse_list(p, op, kql_parse_expr_column))
        return false;
    if (!kql_parse_take(p, "with"))
        return true;
    struct kql_node *with = kql_parse_new(p, KQL_NODE_CLAUSE);
    with->text = S("with");
    if (!parse_pipe(p, with))
        return false;
    kql_parse_add(p, op, with);
    return true;
}

/* The first table is the operator's result, the others follow it. */
static void answer(struct kql_binder *b, struct kql_rel **first, str name, struct kql_rel *rel)
{
    if (!*first) {
        *first = rel;
        b->first_name = name;
        return;
    }
    *vec_push_in(b->arena, &b->more) = (struct kql_named_answer) { .name = name, .rel = rel };
}

/* The name before the parenthesis, or that which `as` gave last. */
static str branch_name(const struct kql_node *branch)
{
    const struct kql_node *last = vec_last(&branch->kids.p[0]->kids);

    if (branch->text.n > 0)
        return branch->text;
    return last && strcmp(last->op->name, "as") == 0 ? last->text : STR_NONE;
}

static struct kql_rel *bind_fork(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *first = NULL;
    bool            ok = true;

    b->depth++; /* no fork within a fork */
    for (size_t i = 0; i < op->kids.n; i++) {
        struct kql_rel *rel = kql_bind_operators(b, op->kids.p[i]->kids.p[0], in);
        ok = ok && rel;
        if (rel)
            answer(b, &first, branch_name(op->kids.p[i]), rel);
    }
    b->depth--;
    return ok ? first : NULL;
}

/* T | summarize count_x = count() by x */
static struct kql_rel *counts_of(struct kql_binder *b, const struct kql_node *column, struct kql_rel *in)
{
    struct kql_field *f = kql_bind_find(b, in, column->text);
    struct kql_rel   *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, in);
    struct kql_expr  *count = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_LONG, column->span);

    if (!f) {
        kql_bind_unknown_column(b, in, column->text, column->span);
        return NULL;
    }
    str             name = arena_printf(b->arena, "count_" STR_FMT, STR_ARG(f->name));
    struct kql_col *col = kql_bind_col(b, name, KQL_LONG, false);
    count->agg = kql_agg_find(S("count"));
    *vec_push_in(b->arena, &sum->keys) =
        (struct kql_def) { f->col, kql_plan_col(b->arena, f->col, column->span) };
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, count };
    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    sum->serialized = false;
    kql_bind_field(b, sum, f->name, f->col);
    kql_bind_field(b, sum, kql_bind_unused_name(b, sum, name), col);
    return sum;
}

static struct kql_rel *bind_facet(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *with = kql_ast_clause(op, "with");
    struct kql_rel        *first = NULL, *rel;
    bool                   ok = true;

    if (with) {
        b->depth++;
        rel = kql_bind_operators(b, with->kids.p[0], in);
        b->depth--;
        ok = rel != NULL;
        answer(b, &first, STR_NONE, rel);
    }
    for (size_t i = 0; ok && i < op->kids.n; i++) {
        if (op->kids.p[i] == with)
            continue;
        rel = counts_of(b, op->kids.p[i], in);
        ok = rel != NULL;
        if (ok)
            answer(b, &first, STR_NONE, rel);
    }
    return ok ? first : NULL;
}

#define ROWS "datatable(x:long)[3, 1, 3] | "

const struct kql_op KQL_OPS_SEVERAL[] = {
    { .name = "fork",
      .ends = true,
      .parse = parse_fork,
      .bind = bind_fork,
      .doc = "Several pipelines over the same rows, with a table of the answer for each.",
      .example = ROWS "fork (count) Large = (where x > 2)" },
    { .name = "facet",
      .ends = true,
      .parse = parse_facet,
      .bind = bind_facet,
      .doc = "How often each value of some columns is there, with a table of the answer for each column.",
      .example = ROWS "facet by x with (take 1)" },
    { 0 },
};
