/* SPDX-License-Identifier: Apache-2.0 */
/* top-hitters and top-nested. */
#include "kql/kql_bind_expr.h"
#include "kql/kql_build.h"
#include "kql/kql_clone.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

/* --- top-hitters N of expr [by weight] --- */

static bool parse_hitters(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *count = kql_parse_expr(p);

    kql_parse_add(p, op, count);
    if (count->kind == KQL_NODE_BAD || !kql_parse_expect(p, "of"))
        return false;
    struct kql_node *of = kql_parse_expr_named(p);
    kql_parse_add(p, op, of);
    if (of->kind == KQL_NODE_BAD)
        return false;
    if (!kql_parse_take(p, "by"))
        return true;
    struct kql_node *by = kql_parse_expr_named(p);
    kql_parse_add(p, op, by);
    return by->kind != KQL_NODE_BAD;
}

/* Groups `in` by columns and one aggregate, in descending order of it, the first `count` of each `within`. */
struct ranking {
    struct kql_rel *in;
    struct kql_cols_of {
        struct kql_col *p[64];
        size_t          n;
    } keys, within;
    struct kql_expr *aggregate, *count; /* count NULL: all */
    bool             asc;
};

static struct kql_rel *rank(struct kql_binder *b, const struct ranking *r, struct kql_col *value,
                            const kql_defs *defs)
{
    struct kql_rel *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, r->in);

    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    sum->serialized = false;
    for (size_t i = 0; i < r->keys.n; i++)
        *vec_push_in(b->arena, &sum->keys) =
            (struct kql_def) { r->keys.p[i],
                               kql_plan_col(b->arena, r->keys.p[i], (struct kql_span) { 0, 0 }) };
    sum->defs = *defs;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, sum);
    *vec_push_in(b->arena, &out->order) =
        (struct kql_order) { .col = value, .desc = !r->asc, .nulls_first = r->asc };
    if (!r->count)
        return out;
    struct kql_rel *limit = kql_bind_rel(b, KQL_REL_LIMIT, out);
    limit->count = r->count;
    for (size_t i = 0; i < r->within.n; i++)
        *vec_push_in(b->arena, &limit->by) = r->within.p[i];
    return limit;
}

static struct kql_rel *bind_hitters(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *of = op->kids.p[1], *by = op->kids.n > 2 ? op->kids.p[2] : NULL;
    struct kql_rel        *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr       *key = kql_bind_expr_in(b, of->kind == KQL_NODE_NAMED ? of->kids.p[0] : of, in),
                    *weight = NULL;
    struct kql_expr      *count = kql_bind_expr_in(b, op->kids.p[0], NULL);
    struct kql_aggregates aggregates = { 0 };

    if (by)
        weight = kql_bind_expr_in(b, by->kind == KQL_NODE_NAMED ? by->kids.p[0] : by, in);
    if (!key || !count || (by && !weight))
        return NULL;
    str             name = kql_bind_name(b, of), of_weight = by ? kql_bind_name(b, by) : STR_NONE;
    struct ranking  r = { .in = project, .count = kql_convert_cast(b, count, KQL_LONG) };
    struct kql_col *col = kql_bind_def(b, project, name, key);
    r.keys.p[r.keys.n++] = col;
    b->aggregates = &aggregates;
    struct kql_expr *sum =
        kql_bind_expr_aggregate(b, kql_agg_find(by ? S("sum") : S("count")), op->span, &weight, by ? 1 : 0);
    b->aggregates = NULL;
    if (!sum)
        return NULL;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, rank(b, &r, sum->col, &aggregates.defs));
    kql_bind_field(b, out, name.n > 0 ? name : S("Column1"), col);
    kql_bind_field(b, out,
                   arena_printf(b->arena, by ? "approximate_sum_" STR_FMT : "approximate_count_" STR_FMT,
                                STR_ARG(by ? of_weight : name)),
                   sum->col);
    return out;
}

/* --- top-nested [N] of expr [with others = x] by aggregate [asc|desc] [, …] --- */

static bool parse_level(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *level = kql_parse_new(p, KQL_NODE_CLAUSE), *count = NULL;

    level->text = S("level");
    if (!kql_parse_is(p, "of"))
        count = kql_parse_expr(p);
    if ((count && count->kind == KQL_NODE_BAD) || !kql_parse_expect(p, "of"))
        return false;
    struct kql_node *of = kql_parse_expr_named(p);
    if (of->kind == KQL_NODE_BAD)
        return false;
    kql_parse_add(p, level, of);
    if (kql_parse_take(p, "with")) {
        if (!kql_parse_expect(p, "others") || !kql_parse_expect(p, "="))
            return false;
        struct kql_node *others =
            kql_ast_new(p->arena, KQL_NODE_OPTION, kql_parse_peek(p, 0)->span, S("others"));
        kql_parse_add(p, others, kql_parse_expr(p));
        *vec_push_in(p->arena, &level->options) = others;
    }
    if (!kql_parse_expect(p, "by"))
        return false;
    struct kql_node *by = kql_parse_expr_ordered(p);
    kql_parse_add(p, level, by);
    if (count)
        kql_parse_add(p, level, count);
    kql_parse_add(p, op, level);
    return by->kind != KQL_NODE_BAD;
}

static bool parse_nested(struct kql_parser *p, struct kql_node *op)
{
    if (!parse_level(p, op))
        return false;
    while (kql_parse_take(p, ",")) {
        if (!kql_parse_expect(p, "top") || !kql_parse_expect(p, "-") || !kql_parse_expect(p, "nested") ||
            !parse_level(p, op))
            return false;
    }
    return true;
}

struct nesting {
    struct kql_binder     *b;
    const struct kql_node *op;
    struct kql_rel        *in;
    struct kql_rel *above; /* the groups of the level before: a field for each key, one for its value */
    VEC(struct kql_rel *) fallen; /* rows that no group of a level took, as rows of the result */
};

static const struct kql_node *level_of(const struct nesting *x, size_t i)
{
    return x->op->kids.p[i];
}

static const struct kql_node *without_name(const struct kql_node *n)
{
    return n->kind == KQL_NODE_NAMED ? n->kids.p[0] : n;
}

/* The rows of the input that belong to the groups above, with the groups' columns as fields behind theirs. */
static struct kql_rel *rows_of(struct nesting *x, size_t level)
{
    struct kql_binder *b = x->b;
    struct kql_rel    *rows = kql_bind_rel(b, KQL_REL_PROJECT, level == 0 ? x->in : kql_clone_rel(b, x->in));

    if (level == 0)
        return rows;
    struct kql_rel *join = kql_bind_rel(b, KQL_REL_JOIN, NULL);
    *vec_push_in(b->arena, &join->inputs) = rows;
    *vec_push_in(b->arena, &join->inputs) = x->above;
    join->join = KQL_JOIN_INNER;
    join->fields = rows->fields;
    for (size_t i = 0; i < level; i++) {
        struct kql_field *key = &x->above->fields.p[2 * i];
        struct kql_expr  *mine = kql_bind_expr_in(b, without_name(level_of(x, i)->kids.p[0]), rows);
        if (!mine)
            return NULL;
        *vec_push_in(b->arena, &join->on) =
            (struct kql_join_key) { kql_bind_def(b, rows, key->name, mine), key->col };
    }
    return kql_bind_rel(b, KQL_REL_PROJECT, join);
}

/* The value of a level over rows that are grouped: a column of `aggregates`. */
static struct kql_col *bind_value(struct nesting *x, size_t level, struct kql_rel *rows,
                                  struct kql_aggregates *aggregates)
{
    const struct kql_node *by = level_of(x, level)->kids.p[1];

    x->b->row = rows;
    x->b->aggregates = aggregates;
    struct kql_expr *e = kql_bind_expr(x->b, without_name(by->kids.p[0]));
    x->b->aggregates = NULL;
    x->b->row = NULL;
    if (e && !kql_bind_expr_settled(x->b, e, rows, &(kql_defs) { 0 }, &aggregates->defs))
        return NULL;
    if (e && e->kind != KQL_EXPR_COL)
        kql_bind_error(x->b, KQL_DIAG_CONTEXT, by->span, "top-nested is by one aggregate");
    return e && e->kind == KQL_EXPR_COL ? e->col : NULL;
}

static struct kql_expr *label_of(struct nesting *x, size_t level, enum kql_type type)
{
    const struct kql_node *others = kql_ast_option(level_of(x, level), "others");
    struct kql_expr       *e = others ? kql_bind_expr_in(x->b, others, NULL) : NULL;

    return e ? kql_convert_cast(x->b, e, type) : NULL;
}

static bool others_from(const struct nesting *x, size_t level)
{
    for (size_t i = level; i < x->op->kids.n; i++)
        if (kql_ast_option(level_of(x, i), "others"))
            return true;
    return false;
}

/* A field of the result for each column of a level that rows fell out of, or of one below it: the label and
 * the value where that level counts others, else nothing. */
static bool add_others(struct nesting *x, size_t level, struct kql_rel *rest, struct kql_rel *sum,
                       struct kql_aggregates *aggregates)
{
    struct kql_binder *b = x->b;
    bool               counts = kql_ast_option(level_of(x, level), "others") != NULL;
    struct kql_expr   *key = kql_bind_expr_in(b, without_name(level_of(x, level)->kids.p[0]), rest);
    struct kql_col    *value = key ? bind_value(x, level, rest, aggregates) : NULL;
    struct kql_expr   *label = !value   ? NULL
                               : counts ? label_of(x, level, key->type)
                                        : kql_plan_const(b->arena, kql_value_null(key->type), x->op->span);

    if (!label)
        return false;
    struct kql_expr *shown = counts ? kql_plan_col(b->arena, value, x->op->span)
                                    : kql_plan_const(b->arena, kql_value_null(value->type), x->op->span);
    kql_bind_field(b, sum, S("$key"), kql_bind_def(b, sum, S("key"), label));
    kql_bind_field(b, sum, S("$value"), kql_bind_def(b, sum, S("value"), shown));
    return true;
}

/* The rows that belong to the groups above and to none of this level's `groups`, by the groups above. */
static bool add_fallen(struct nesting *x, size_t level, struct kql_rel *rows, struct kql_col *key,
                       struct kql_rel *groups)
{
    struct kql_binder    *b = x->b;
    struct kql_rel       *noted = kql_bind_rel(b, KQL_REL_PROJECT, rows);
    struct kql_aggregates aggregates = { 0 };
    size_t                n = noted->fields.n, n_above = level == 0 ? 0 : x->above->fields.n;

    for (size_t i = 0; i < n_above; i++) /* as fields, so that the copy has them at the same places */
        kql_bind_field(b, noted, S("$above"), x->above->fields.p[i].col);
    kql_bind_field(b, noted, S("$key"), key);
    struct kql_rel *all = kql_clone_rel(b, noted), *taken = kql_clone_rel(b, groups);
    struct kql_rel *rest = kql_bind_rel(b, KQL_REL_JOIN, NULL);
    *vec_push_in(b->arena, &rest->inputs) = all;
    *vec_push_in(b->arena, &rest->inputs) = taken;
    rest->join = KQL_JOIN_LEFT_ANTI;
    rest->fields = all->fields;
    for (size_t i = 0; i < n_above; i += 2)
        *vec_push_in(b->arena, &rest->on) =
            (struct kql_join_key) { all->fields.p[n + i].col, taken->fields.p[i].col };
    *vec_push_in(b->arena, &rest->on) =
        (struct kql_join_key) { all->fields.p[n + n_above].col, taken->fields.p[n_above].col };
    struct kql_rel *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, rest),
                   *out = kql_bind_rel(b, KQL_REL_PROJECT, sum);
    sum->fields = out->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < n_above; i++) {
        struct kql_col *col = all->fields.p[n + i].col;
        *vec_push_in(b->arena, &sum->keys) =
            (struct kql_def) { col, kql_plan_col(b->arena, col, x->op->span) };
        kql_bind_field(b, out, S("$above"), col);
    }
    for (size_t i = level; i < x->op->kids.n; i++)
        if (!add_others(x, i, rest, out, &aggregates))
            return false;
    sum->defs = aggregates.defs;
    if (n_above == 0) { /* without a group above there is a row even of no rows: not when all were taken */
        struct kql_rel  *filter = kql_bind_rel(b, KQL_REL_FILTER, out);
        struct kql_expr *count = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_LONG, x->op->span);
        struct kql_col  *col = kql_bind_col(b, S("rows"), KQL_LONG, false);
        count->agg = kql_agg_find(S("count"));
        *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, count };
        filter->pred = KQL_CALL2(b, ">", kql_plan_col(b->arena, col, x->op->span),
                                 kql_plan_const(b->arena, kql_value_long(0), x->op->span));
        out = filter;
    }
    *vec_push_in(b->arena, &x->fallen) = out;
    return true;
}

static str value_name(struct nesting *x, size_t level, str key)
{
    const struct kql_node *value = level_of(x, level)->kids.p[1]->kids.p[0];

    return value->kind == KQL_NODE_NAMED ? value->names.p[0]
                                         : arena_printf(x->b->arena, "aggregated_" STR_FMT, STR_ARG(key));
}

/* One level: the rows of the groups above, grouped by its key too, become the groups above. */
static bool bind_level(struct nesting *x, size_t level)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *node = level_of(x, level), *of = node->kids.p[0],
                          *count = node->kids.n > 2 ? node->kids.p[2] : NULL;
    struct kql_aggregates aggregates = { 0 };
    struct ranking        r = { .in = rows_of(x, level), .asc = node->kids.p[1]->flags & KQL_NODE_ASC };
    struct kql_expr      *key = r.in ? kql_bind_expr_in(b, without_name(of), r.in) : NULL;

    if (!key)
        return false;
    for (size_t i = 0; level > 0 && i < x->above->fields.n; i++) {
        r.keys.p[r.keys.n++] = x->above->fields.p[i].col;
        if (i % 2 == 0)
            r.within.p[r.within.n++] = x->above->fields.p[i].col;
    }
    str             name = kql_bind_name(b, of);
    struct kql_col *col = kql_bind_def(b, r.in, name, key);
    r.keys.p[r.keys.n++] = col;
    struct kql_col *value = bind_value(x, level, r.in, &aggregates);
    if (!value)
        return false;
    if (count) {
        struct kql_expr *n = kql_bind_expr_in(b, count, NULL);
        if (!n || !(r.count = kql_convert_cast(b, n, KQL_LONG)))
            return false;
    }
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, rank(b, &r, value, &aggregates.defs));
    out->fields = (kql_fields) { 0 };
    for (size_t i = 0; level > 0 && i < x->above->fields.n; i++)
        kql_bind_field(b, out, x->above->fields.p[i].name, x->above->fields.p[i].col);
    kql_bind_field(b, out, kql_bind_unused_name(b, out, name.n > 0 ? name : S("Column1")), col);
    kql_bind_field(b, out, kql_bind_unused_name(b, out, value_name(x, level, name)), value);
    if (others_from(x, level) && !add_fallen(x, level, r.in, col, out))
        return false;
    x->above = out;
    return true;
}

/* The groups of the last level, and the rows of what fell out on the way. */
static struct kql_rel *with_fallen(struct nesting *x)
{
    struct kql_binder *b = x->b;
    struct kql_rel    *all = kql_bind_rel(b, KQL_REL_UNION, NULL);

    for (size_t i = 0; i < x->above->fields.n; i++)
        kql_bind_field(b, all, x->above->fields.p[i].name,
                       kql_bind_col(b, x->above->fields.p[i].name, x->above->fields.p[i].col->type, true));
    for (size_t k = 0; k <= x->fallen.n; k++) {
        struct kql_rel *input = k == 0 ? x->above : x->fallen.p[k - 1];
        kql_sources    *sources = vec_push_in(b->arena, &all->maps);
        *vec_push_in(b->arena, &all->inputs) = input;
        for (size_t i = 0; i < input->fields.n; i++)
            *vec_push_in(b->arena, sources) = (struct kql_source) { i, input->fields.p[i].col };
    }
    return all;
}

static struct kql_rel *bind_nested(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct nesting x = { .b = b, .op = op, .in = in };

    if (op->kids.n > 16) {
        kql_bind_error(b, KQL_DIAG_LIMIT, op->span, "top-nested has at most 16 levels");
        return NULL;
    }
    for (size_t i = 0; i < op->kids.n; i++)
        if (!bind_level(&x, i))
            return NULL;
    return x.fallen.n > 0 ? with_fallen(&x) : x.above;
}

const struct kql_op KQL_OPS_TOP[] = {
    { .name = "top-hitters",
      .parse = parse_hitters,
      .bind = bind_hitters,
      .doc = "The most frequent values, or the heaviest.",
      .example = "datatable(g:string, v:long)['a', 1, 'b', 5] | top-hitters 1 of g by v" },
    { .name = "top-nested",
      .parse = parse_nested,
      .bind = bind_nested,
      .doc = "The first values at each of several levels.",
      .example = "datatable(a:string, b:string, v:long)['x', 'y', 1] | top-nested 1 of a by sum(v), "
                 "top-nested 1 of b by sum(v)" },
    { 0 },
};
