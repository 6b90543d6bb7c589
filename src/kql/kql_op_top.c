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

/* One level: the rows of `in` that belong to the levels above, grouped by its key too. `above` has the keys
 * and aggregates of the levels above as fields; what comes out has this level's as well. */
static struct kql_rel *bind_level(struct kql_binder *b, const struct kql_node *level, struct kql_rel *in,
                                  struct kql_rel *above, size_t n_above)
{
    const struct kql_node *of = level->kids.p[0], *by = level->kids.p[1],
                          *count = level->kids.n > 2 ? level->kids.p[2] : NULL;
    struct kql_aggregates aggregates = { 0 };
    struct ranking        r = { .asc = by->flags & KQL_NODE_ASC };
    struct kql_rel       *rows = kql_bind_rel(b, KQL_REL_PROJECT, in);

    if (kql_ast_option(level, "others")) {
        kql_bind_error(b, KQL_DIAG_UNSUPPORTED, level->span, "top-nested with others is not built");
        return NULL;
    }
    if (above) { /* join with the levels above on their keys */
        struct kql_rel *join = kql_bind_rel(b, KQL_REL_JOIN, NULL);
        *vec_push_in(b->arena, &join->inputs) = rows;
        *vec_push_in(b->arena, &join->inputs) = above;
        join->join = KQL_JOIN_INNER;
        join->fields = rows->fields;
        for (size_t i = 0; i < n_above; i++) {
            struct kql_field *key = &above->fields.p[2 * i], *mine = kql_plan_field(rows, key->name);
            if (!mine)
                return NULL;
            *vec_push_in(b->arena, &join->on) = (struct kql_join_key) { mine->col, key->col };
        }
        rows = kql_bind_rel(b, KQL_REL_PROJECT, join);
        for (size_t i = 0; i < above->fields.n; i++) {
            r.keys.p[r.keys.n++] = above->fields.p[i].col;
            if (i % 2 == 0)
                r.within.p[r.within.n++] = above->fields.p[i].col;
        }
    }
    r.in = rows;
    struct kql_expr *key = kql_bind_expr_in(b, of->kind == KQL_NODE_NAMED ? of->kids.p[0] : of, rows);
    if (!key)
        return NULL;
    str             name = kql_bind_name(b, of);
    struct kql_col *col = kql_bind_def(b, rows, name, key);
    r.keys.p[r.keys.n++] = col;
    const struct kql_node *value = by->kids.p[0];
    b->row = rows;
    b->aggregates = &aggregates;
    struct kql_expr *sum = kql_bind_expr(b, value->kind == KQL_NODE_NAMED ? value->kids.p[0] : value);
    b->aggregates = NULL;
    b->row = NULL;
    if (!sum || sum->kind != KQL_EXPR_COL) {
        if (sum)
            kql_bind_error(b, KQL_DIAG_CONTEXT, by->span, "top-nested is by one aggregate");
        return NULL;
    }
    if (count) {
        struct kql_expr *n = kql_bind_expr_in(b, count, NULL);
        if (!n || !(r.count = kql_convert_cast(b, n, KQL_LONG)))
            return NULL;
    }
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, rank(b, &r, sum->col, &aggregates.defs));
    out->fields = (kql_fields) { 0 };
    for (size_t i = 0; above && i < above->fields.n; i++)
        kql_bind_field(b, out, above->fields.p[i].name, above->fields.p[i].col);
    kql_bind_field(b, out, kql_bind_unused_name(b, out, name.n > 0 ? name : S("Column1")), col);
    kql_bind_field(b, out,
                   value->kind == KQL_NODE_NAMED
                       ? value->names.p[0]
                       : arena_printf(b->arena, "aggregated_" STR_FMT, STR_ARG(name)),
                   sum->col);
    return out;
}

static struct kql_rel *bind_nested(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *above = NULL;

    if (op->kids.n > 16) {
        kql_bind_error(b, KQL_DIAG_LIMIT, op->span, "top-nested has at most 16 levels");
        return NULL;
    }
    for (size_t i = 0; i < op->kids.n; i++) {
        above = bind_level(b, op->kids.p[i], i == 0 ? in : kql_clone_rel(b, in), above, i);
        if (!above)
            return NULL;
    }
    return above;
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
