/* SPDX-License-Identifier: Apache-2.0 */
/* make-series: aggregates over bins of an axis, as arrays without gaps. Two groupings: by keys and bin, then
 * by keys, where each aggregate goes to its bin's place in an array. */
#include "kql/kql_bind_expr.h"
#include "kql/kql_build.h"
#include "kql/kql_clone.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

/* [name =] aggregate [default = value] */
static struct kql_node *parse_series(struct kql_parser *p)
{
    struct kql_node *item = kql_parse_expr_named(p),
                    *n = kql_ast_new(p->arena, KQL_NODE_CLAUSE, item->span, S("series"));

    if (item->kind == KQL_NODE_BAD)
        return item;
    kql_parse_add(p, n, item);
    if (kql_parse_take(p, "default")) {
        if (!kql_parse_expect(p, "="))
            return kql_parse_new(p, KQL_NODE_BAD);
        struct kql_node *value = kql_parse_expr(p);
        kql_parse_add(p, n, value);
        if (value->kind == KQL_NODE_BAD)
            return value;
    }
    return n;
}

static bool parse_part(struct kql_parser *p, struct kql_node *op, const char *word)
{
    struct kql_node *clause = kql_parse_new(p, KQL_NODE_CLAUSE);

    p->at++;
    clause->text = str_of(word);
    struct kql_node *value = kql_parse_expr(p);
    kql_parse_add(p, clause, value);
    kql_parse_add(p, op, clause);
    return value->kind != KQL_NODE_BAD;
}

/* in range(from, to, step), the older way to write the bounds */
static bool parse_in_range(struct kql_parser *p, struct kql_node *op)
{
    static const char *const PARTS[] = { "from", "to", "step" };
    struct kql_node         *call = kql_parse_expr(p);

    if (call->kind != KQL_NODE_CALL || call->kids.n != 3)
        return kql_parse_fail(p, "range(from, to, step)");
    for (size_t i = 0; i < 3; i++) {
        struct kql_node *clause =
            kql_ast_new(p->arena, KQL_NODE_CLAUSE, call->kids.p[i]->span, str_of(PARTS[i]));
        kql_parse_add(p, clause, call->kids.p[i]);
        kql_parse_add(p, op, clause);
    }
    return true;
}

static bool parse_make_series(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "hint.*", NULL }, *const PARTS[] = { "from", "to", "step",
                                                                                        NULL };

    kql_parse_options(p, op, OPTIONS);
    if (!kql_parse_list(p, op, parse_series) || !kql_parse_expect(p, "on"))
        return false;
    struct kql_node *axis = kql_ast_new(p->arena, KQL_NODE_CLAUSE, kql_parse_peek(p, 0)->span, S("on"));
    bool             plain = str_eq(kql_parse_peek(p, 1)->text, S("in")); /* else it would be x in (…) */
    struct kql_node *column = plain ? kql_parse_expr_column(p) : kql_parse_expr_named(p);
    kql_parse_add(p, axis, column);
    kql_parse_add(p, op, axis);
    if (column->kind == KQL_NODE_BAD)
        return false;
    if (kql_parse_take(p, "in") && !parse_in_range(p, op))
        return false;
    for (size_t i = 0; PARTS[i]; i++)
        if (kql_parse_is(p, PARTS[i]) && !parse_part(p, op, PARTS[i]))
            return false;
    if (!kql_ast_clause(op, "step"))
        return kql_parse_fail(p, "\"step\"");
    if (!kql_parse_is(p, "by"))
        return true;
    struct kql_node *by = kql_parse_new(p, KQL_NODE_CLAUSE);
    p->at++;
    if (!kql_parse_list(p, by, kql_parse_expr_named))
        return false;
    kql_parse_add(p, op, by);
    return true;
}

struct making {
    struct kql_binder     *b;
    const struct kql_node *op;
    struct kql_rel        *in, *rows, *group, *values, *lists; /* the stages, from the input up */
    struct kql_expr       *axis, *from, *to, *step, *count;
    struct kql_col        *bin; /* the number of a row's bin */
    str                    axis_name;
};

/* A bound that is not written is the least or greatest value there is. */
static struct kql_expr *extreme_of_axis(struct making *m, const char *agg)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *project = kql_bind_rel(b, KQL_REL_PROJECT, m->in), *sum;
    struct kql_expr   *axis = m->axis;
    struct kql_col    *col = kql_bind_def(b, project, S("axis"), axis);

    sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, project);
    struct kql_expr *x = kql_plan_col(b->arena, col, axis->span),
                    *e = kql_plan_expr(b->arena, KQL_EXPR_AGG, axis->type, axis->span);
    e->agg = kql_agg_find(str_of(agg));
    e->args = ARENA_ARRAY(b->arena, struct kql_expr *, 1);
    e->args[0] = x;
    e->n_args = 1;
    struct kql_col *out = kql_bind_col(b, S("bound"), axis->type, true);
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { out, e };
    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    kql_bind_field(b, sum, S("bound"), out);

    struct kql_expr *subquery = kql_plan_expr(b->arena, KQL_EXPR_SUBQUERY, axis->type, axis->span);
    subquery->rel = kql_clone_rel(b, sum);
    subquery->nullable = true;
    return subquery;
}

static struct kql_expr *bound(struct making *m, const char *word)
{
    const struct kql_node *clause = kql_ast_clause(m->op, word);
    struct kql_expr       *e = clause ? kql_bind_expr_in(m->b, clause->kids.p[0], NULL) : NULL;

    if (!e)
        return NULL;
    bool          is_step = word[0] == 's';
    enum kql_type want = is_step && m->axis->type == KQL_DATETIME ? KQL_TIMESPAN : m->axis->type;
    if (e->type == want || (kql_type_is_integer(e->type) && kql_type_is_integer(want)))
        return e;
    if (kql_type_is_number(e->type) && want == KQL_REAL)
        return kql_convert_cast(m->b, e, KQL_REAL);
    kql_bind_error(m->b, KQL_DIAG_TYPE, e->span, "the axis is " STR_FMT ", and this is " STR_FMT,
                   STR_ARG(kql_type_one(m->axis->type)), STR_ARG(kql_type_one(e->type)));
    return NULL;
}

/* How many whole steps lie in a distance. */
static struct kql_expr *steps(struct making *m, struct kql_expr *distance)
{
    struct kql_expr *pair[] = { distance, m->step };
    if (m->step->type == KQL_REAL) {
        struct kql_expr *one = kql_plan_const(m->b->arena, kql_value_real(1), m->op->span);
        struct kql_expr *share =
            kql_build_raw(m->b, kql_fn_find(S("·real/")), KQL_REAL, m->op->span, pair, 2);
        struct kql_expr *floor = share ? KQL_CALL2(m->b, "bin", share, one) : NULL;
        return floor ? kql_convert_cast(m->b, floor, KQL_LONG) : NULL;
    }
    return kql_build_raw(m->b, kql_fn_find(S("·long/")), KQL_LONG, m->op->span, pair, 2);
}

static bool bounds(struct making *m)
{
    struct kql_binder     *b = m->b;
    const struct kql_node *on = kql_ast_clause(m->op, "on")->kids.p[0];

    m->axis = kql_bind_expr_in(b, on->kind == KQL_NODE_NAMED ? on->kids.p[0] : on, m->in);
    b->row = m->in;
    m->axis_name = m->axis ? kql_bind_name(b, on) : STR_NONE;
    b->row = NULL;
    if (!m->axis)
        return false;
    if (m->axis->type != KQL_DATETIME && m->axis->type != KQL_TIMESPAN &&
        !kql_type_is_number(m->axis->type)) {
        kql_bind_error(b, KQL_DIAG_TYPE, on->span, "an axis is of dates, spans or numbers");
        return false;
    }
    size_t said = b->diags->list.n;
    m->step = bound(m, "step");
    m->from = bound(m, "from");
    m->to = bound(m, "to");
    if (!m->step || b->diags->list.n > said)
        return false;
    bool open_end = !m->to;
    if (!m->from)
        m->from = KQL_CALL2(b, "bin", extreme_of_axis(m, "min"), m->step);
    if (open_end)
        m->to = extreme_of_axis(m, "max");
    struct kql_expr *distance = m->from && m->to ? KQL_CALL2(b, "-", m->to, m->from) : NULL;
    if (!distance)
        return false;
    struct kql_expr *one = kql_plan_const(
        b->arena, m->step->type == KQL_REAL ? kql_value_real(1e-9) : kql_value_int_of(m->step->type, 1),
        m->op->span);
    if (!open_end) /* the end is not in the series; what is left of a step is one */
        distance = KQL_CALL2(b, "-", distance, one);
    struct kql_expr *last = distance ? steps(m, distance) : NULL;
    m->count =
        last ? KQL_CALL2(b, "+", last, kql_plan_const(b->arena, kql_value_long(1), m->op->span)) : NULL;
    return m->count != NULL;
}

/* Rows within the bounds, each with the number of its bin. */
static struct kql_col *number_rows(struct making *m)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *filter = kql_bind_rel(b, KQL_REL_FILTER, m->in);
    struct kql_expr   *low = KQL_CALL2(b, ">=", m->axis, m->from);
    struct kql_expr   *high = KQL_CALL2(b, kql_ast_clause(m->op, "to") ? "<" : "<=", m->axis, m->to);

    filter->pred = low && high ? KQL_CALL2(b, "and", low, high) : NULL;
    m->rows = kql_bind_rel(b, KQL_REL_PROJECT, filter);
    struct kql_expr *distance = KQL_CALL2(b, "-", m->axis, m->from);
    struct kql_expr *bin = distance ? steps(m, distance) : NULL;
    return filter->pred && bin ? kql_bind_def(b, m->rows, S("bin"), bin) : NULL;
}

static bool add_keys(struct making *m, struct kql_col *bin)
{
    struct kql_binder     *b = m->b;
    const struct kql_node *by = kql_ast_clause(m->op, "by");

    for (size_t i = 0; i < m->in->part.n; i++) {
        struct kql_col *part = m->in->part.p[i];
        struct kql_def  key = { part, kql_plan_col(b->arena, part, m->op->span) };
        *vec_push_in(b->arena, &m->group->keys) = key;
        *vec_push_in(b->arena, &m->lists->keys) = key;
    }
    for (size_t i = 0; by && i < by->kids.n; i++) {
        const struct kql_node *key = by->kids.p[i];
        if (key->kind == KQL_NODE_LITERAL ||
            (key->kind == KQL_NODE_NAMED && key->kids.p[0]->kind == KQL_NODE_LITERAL)) {
            kql_bind_error(b, KQL_DIAG_CONSTANT, key->span, "a key of make-series is no constant");
            return false;
        }
        struct kql_expr *e = kql_bind_expr_in(b, key->kind == KQL_NODE_NAMED ? key->kids.p[0] : key, m->rows);
        if (!e)
            return false;
        str name = kql_bind_name(b, key);
        if (name.n == 0)
            name = arena_printf(b->arena, "Column%zu", i + 1);
        struct kql_col *col = e->kind == KQL_EXPR_COL ? e->col : kql_bind_col(b, name, e->type, e->nullable);
        *vec_push_in(b->arena, &m->group->keys) = (struct kql_def) { col, e };
        *vec_push_in(b->arena, &m->lists->keys) =
            (struct kql_def) { col, kql_plan_col(b->arena, col, key->span) };
        kql_bind_field(b, m->lists, name, col);
    }
    *vec_push_in(b->arena, &m->group->keys) =
        (struct kql_def) { bin, kql_plan_col(b->arena, bin, m->op->span) };
    return true;
}

/* One series of bound values: an array for each group. */
static void add_values(struct making *m, const struct kql_node *item, struct kql_expr *value, str name,
                       struct kql_value fallback)
{
    struct kql_binder *b = m->b;

    if (name.n == 0)
        name = kql_bind_unused_name(b, m->lists, S("Column1"));
    struct kql_col  *col = kql_bind_def(b, m->values, name, value);
    struct kql_expr *args[] = { kql_plan_col(b->arena, col, item->span),
                                kql_plan_col(b->arena, m->bin, item->span), m->count,
                                kql_plan_const(b->arena, fallback, item->span) };
    struct kql_expr *list = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_DYNAMIC, item->span);
    list->agg = kql_agg_find(S("·series"));
    list->n_args = 4;
    list->args = ARENA_ARRAY(b->arena, struct kql_expr *, 4);
    memcpy(list->args, args, sizeof args);
    struct kql_col *out = kql_bind_col(b, name, KQL_DYNAMIC, false);
    *vec_push_in(b->arena, &m->lists->defs) = (struct kql_def) { out, list };
    kql_bind_field(b, m->lists, kql_bind_unused_name(b, m->lists, name), out);
}

/* percentiles(x, 5, 50): a series each, called percentile_x_5. */
static bool add_percentiles(struct making *m, const struct kql_node *item, const struct kql_node *call,
                            struct kql_aggregates *aggregates, struct kql_value fallback)
{
    struct kql_binder *b = m->b;

    for (size_t i = 1; i < call->kids.n; i++) {
        struct kql_value percent;
        b->row = m->rows;
        struct kql_expr *args[] = { kql_bind_expr(b, call->kids.p[0]), NULL };
        str              base = args[0] ? kql_bind_name(b, call->kids.p[0]) : STR_NONE;
        if (!args[0] || !kql_bind_expr_const(b, call->kids.p[i], KQL_UNKNOWN, &percent))
            return false;
        args[1] = kql_plan_const(b->arena, percent, call->kids.p[i]->span);
        b->aggregates = aggregates;
        struct kql_expr *value =
            kql_bind_expr_aggregate(b, kql_agg_find(S("percentile")), call->span, args, 2);
        b->aggregates = NULL;
        b->row = NULL;
        if (!value)
            return false;
        bool named = item->kind == KQL_NODE_NAMED && i - 1 < item->names.n;
        add_values(m, item, value,
                   named ? item->names.p[i - 1] : kql_agg_percentile_name(b->arena, base, &percent),
                   fallback);
    }
    return true;
}

static bool add_series(struct making *m, const struct kql_node *clause, struct kql_aggregates *aggregates)
{
    struct kql_binder     *b = m->b;
    const struct kql_node *item = clause->kids.p[0];
    const struct kql_node *written = item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item;
    struct kql_value       fallback = kql_value_long(0);

    if (clause->kids.n > 1 && !kql_bind_expr_const(b, clause->kids.p[1], KQL_UNKNOWN, &fallback))
        return false;
    if (written->kind == KQL_NODE_CALL && str_eq(written->text, S("percentiles")) && written->kids.n > 1)
        return add_percentiles(m, item, written, aggregates, fallback);
    b->row = m->rows;
    b->aggregates = aggregates;
    struct kql_expr *value = kql_bind_expr(b, written);
    str              name = value ? kql_bind_name(b, item) : STR_NONE;
    b->aggregates = NULL;
    b->row = NULL;
    if (!value || !kql_bind_expr_settled(b, value, m->rows, &m->group->keys, &aggregates->defs))
        return false;
    add_values(m, item, value, name, fallback);
    return true;
}

static struct kql_rel *add_axis(struct making *m)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *project = kql_bind_rel(b, KQL_REL_PROJECT, m->lists);
    struct kql_expr   *one = kql_plan_const(b->arena, kql_value_long(1), m->op->span);
    struct kql_expr   *last = KQL_CALL2(b, "-", m->count, one), *span = NULL;

    if (last)
        span = kql_type_is_number(m->step->type) ? KQL_CALL2(b, "*", last, m->step)
                                                 : KQL_CALL2(b, "*", m->step, last);
    struct kql_expr *to = span ? KQL_CALL2(b, "+", m->from, span) : NULL;
    struct kql_expr *axis = to ? KQL_CALL3(b, "range", m->from, to, m->step) : NULL;
    str              name = m->axis_name.n > 0 ? m->axis_name : S("Column1");
    if (!axis)
        return NULL;
    kql_bind_field(b, project, kql_bind_unused_name(b, project, name), kql_bind_def(b, project, name, axis));
    return project;
}

static struct kql_rel *stage(struct making *m, enum kql_rel_kind kind, struct kql_rel *in)
{
    struct kql_rel *rel = kql_bind_rel(m->b, kind, in);
    rel->fields = (kql_fields) { 0 };
    rel->order = (kql_orders) { 0 };
    rel->serialized = false;
    return rel;
}

/* An empty input has no series, unless kind=nonempty asks for one of the defaults. With keys no row is made
 * of nothing anyway. */
static void drop_when_empty(struct making *m)
{
    struct kql_binder     *b = m->b;
    const struct kql_node *kind = kql_ast_option(m->op, "kind");

    if (kql_ast_clause(m->op, "by") || (kind && str_eq(kind->text, S("nonempty"))))
        return;
    struct kql_expr *count = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_LONG, m->op->span);
    count->agg = kql_agg_find(S("count"));
    struct kql_col *rows = kql_bind_col(b, S("rows"), KQL_LONG, false);
    *vec_push_in(b->arena, &m->lists->defs) = (struct kql_def) { rows, count };
    struct kql_rel  *filter = kql_bind_rel(b, KQL_REL_FILTER, m->lists);
    struct kql_expr *none = kql_plan_const(b->arena, kql_value_long(0), m->op->span);
    filter->pred = KQL_CALL2(b, ">", kql_plan_col(b->arena, rows, m->op->span), none);
    m->lists = filter;
}

static struct kql_rel *bind_make_series(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct making         m = { .b = b, .op = op, .in = in };
    struct kql_aggregates aggregates = { 0 };

    if (!bounds(&m))
        return NULL;
    m.bin = number_rows(&m);
    if (!m.bin)
        return NULL;
    m.group = stage(&m, KQL_REL_SUMMARIZE, m.rows);
    m.values = stage(&m, KQL_REL_PROJECT, m.group);
    m.lists = stage(&m, KQL_REL_SUMMARIZE, m.values);
    if (!add_keys(&m, m.bin))
        return NULL;
    for (size_t i = 0; i < op->kids.n; i++)
        if (str_eq(op->kids.p[i]->text, S("series")) && op->kids.p[i]->kind == KQL_NODE_CLAUSE &&
            !add_series(&m, op->kids.p[i], &aggregates))
            return NULL;
    m.group->defs = aggregates.defs;
    drop_when_empty(&m);
    return add_axis(&m);
}

const struct kql_op KQL_OPS_SERIES[] = {
    { .name = "make-series",
      .parse = parse_make_series,
      .bind = bind_make_series,
      .doc = "Aggregates over bins of an axis, as arrays without gaps.",
      .example = "datatable(t:long, v:long)[1, 5, 3, 7] | make-series s = sum(v) default = 0 on t from 1 to "
                 "5 step 1" },
    { 0 },
};
