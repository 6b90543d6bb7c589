/* SPDX-License-Identifier: Apache-2.0 */
/* summarize: groups and aggregates. arg_max, take_any(*) and percentiles give several columns each and are
 * taken apart here into plain aggregates. */
#include "kql/kql_bind_expr.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

static bool parse_summarize(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    if (!kql_parse_is(p, "by") && !kql_parse_at_end(p) && !kql_parse_list(p, op, kql_parse_expr_named))
        return false;
    if (!kql_parse_is(p, "by"))
        return op->kids.n > 0 || kql_parse_fail(p, "an aggregate or \"by\"");
    struct kql_node *by = kql_parse_new(p, KQL_NODE_CLAUSE);
    p->at++;
    if (!kql_parse_at_end(p) && !kql_parse_list(p, by, kql_parse_expr_named))
        return false;
    kql_parse_add(p, op, by);
    return true;
}

struct grouping {
    struct kql_binder    *b;
    struct kql_rel       *in, *group, *project; /* project computes over the aggregates */
    struct kql_aggregates aggregates;
    size_t                unnamed;
    VEC(str) written; /* the names that the query gives */
};

/* Default names are numbered from 1 when they are taken; a name that is written must be free. */
static bool add_output(struct grouping *g, const struct kql_node *at, str name, bool written,
                       struct kql_col *col)
{
    struct kql_field *there = kql_plan_field(g->project, name);
    bool              taken = false;

    for (size_t i = 0; i < g->written.n; i++)
        taken = taken || str_eq(g->written.p[i], name);
    if (written)
        *vec_push_in(g->b->arena, &g->written) = name;
    if (written && there && !taken) { /* what arg_max(x, *) called so makes way */
        there->name = S("");
        there->name =
            kql_bind_unused_name(g->b, g->project, arena_printf(g->b->arena, STR_FMT "1", STR_ARG(name)));
        there = NULL;
    }
    if (written && there) {
        kql_bind_error(g->b, KQL_DIAG_DUPLICATE_COLUMN, at->span,
                       "the column \"" STR_FMT "\" is there already", STR_ARG(name));
        return false;
    }
    kql_bind_field(g->b, g->project, kql_bind_unused_name(g->b, g->project, name), col);
    return true;
}

/* Column1, Column2, …: the first that neither the input nor the output has. */
static str unnamed(struct grouping *g)
{
    str name;
    do
        name = arena_printf(g->b->arena, "Column%zu", ++g->unnamed);
    while (kql_plan_field(g->in, name) || kql_plan_field(g->project, name));
    return name;
}

static bool add_key(struct grouping *g, const struct kql_node *key)
{
    struct kql_binder *b = g->b;
    bool               named = key->kind == KQL_NODE_NAMED;

    b->row = g->in;
    b->window = NULL;
    struct kql_expr *e = kql_bind_expr(b, named ? key->kids.p[0] : key);
    if (!e)
        return false;
    if (e->type == KQL_DYNAMIC && e->kind == KQL_EXPR_CONST)
        e = kql_convert_cast(b, e, KQL_STRING);
    str             name = kql_bind_name(b, key);
    struct kql_col *col = e->kind == KQL_EXPR_COL ? e->col : NULL;
    if (name.n == 0)
        name = unnamed(g);
    for (size_t i = 0; col && i < g->group->keys.n; i++) /* by x, y = x */
        if (g->group->keys.p[i].col == col)
            return add_output(g, key, name, named, col);
    if (!col)
        col = kql_bind_col(b, name, e->type, e->nullable);
    *vec_push_in(b->arena, &g->group->keys) = (struct kql_def) { col, e };
    return add_output(g, key, name, named, col);
}

struct output {
    const struct kql_node *at;
    str                    name;
    bool                   written; /* by the user, not made up */
};

/* One aggregate over bound arguments as an output of that name. */
static bool add_aggregate(struct grouping *g, struct output out, const char *agg, struct kql_expr **args,
                          size_t n)
{
    struct kql_expr **own = ARENA_ARRAY(g->b->arena, struct kql_expr *, n + 1);
    memcpy(own, args, n * sizeof *own);
    g->b->aggregates = &g->aggregates;
    struct kql_expr *e = kql_bind_expr_aggregate(g->b, kql_agg_find(str_of(agg)), out.at->span, own, n);
    g->b->aggregates = NULL;
    return e && add_output(g, out.at, out.name, out.written, e->col);
}

static struct kql_expr *bind_plain(struct grouping *g, const struct kql_node *node)
{
    g->b->aggregates = NULL;
    g->b->row = g->in;
    return kql_bind_expr(g->b, node);
}

/* Whether a column of the input is a key under its own name: * does not mean it then. */
static bool is_key(const struct grouping *g, const struct kql_field *f)
{
    const struct kql_field *key = kql_plan_field(g->project, f->name);

    for (size_t i = 0; key && key->col == f->col && i < g->group->keys.n; i++)
        if (g->group->keys.p[i].col == f->col)
            return true;
    return false;
}

static str name_at(const struct kql_node *item, size_t i)
{
    return item->kind == KQL_NODE_NAMED && i < item->names.n ? item->names.p[i] : STR_NONE;
}

/* arg_max(x, *) and arg_max(x, a, b): the extreme itself and other columns of its row. */
static bool add_arg(struct grouping *g, const struct kql_node *item, const struct kql_node *call)
{
    bool             max = str_starts(call->text, S("arg_max")) || str_starts(call->text, S("argmax"));
    const char      *agg = max ? "·arg_max" : "·arg_min";
    struct kql_expr *by = call->kids.n > 0 ? bind_plain(g, call->kids.p[0]) : NULL;

    if (!by)
        return false;
    str  name = name_at(item, 0);
    str  own = name.n > 0 ? name : kql_bind_name(g->b, call->kids.p[0]);
    bool prefixed = call->text.p[3] != '_'; /* argmax and argmin, the old names, put more into the columns' */
    if (own.n == 0 || (prefixed && name.n == 0))
        own = arena_printf(g->b->arena, "%s_" STR_FMT, max ? "max" : "min", STR_ARG(own));
    if (!add_aggregate(g, (struct output) { item, own, name.n > 0 }, max ? "max" : "min", &by, 1))
        return false;
    for (size_t i = 1; i < call->kids.n; i++) {
        const struct kql_node *kid = call->kids.p[i];
        if (kid->kind == KQL_NODE_STAR) {
            for (size_t j = 0; j < g->in->fields.n; j++) {
                struct kql_field *f = &g->in->fields.p[j];
                struct kql_expr  *pair[] = { kql_plan_col(g->b->arena, f->col, kid->span), by };
                bool              itself =
                    call->kids.p[0]->kind == KQL_NODE_NAME && str_eq(call->kids.p[0]->text, f->name);
                if (itself || is_key(g, f))
                    continue;
                str under =
                    prefixed ? arena_printf(g->b->arena, STR_FMT "_" STR_FMT, STR_ARG(own), STR_ARG(f->name))
                             : f->name;
                if (!add_aggregate(g, (struct output) { item, under, false }, agg, pair, 2))
                    return false;
            }
            continue;
        }
        struct kql_expr *pair[] = { bind_plain(g, kid), by };
        str              other = name_at(item, i).n > 0 ? name_at(item, i) : kql_bind_name(g->b, kid);
        if (!pair[0])
            return false;
        if (prefixed && other.n > 0 && name_at(item, i).n == 0)
            other = arena_printf(g->b->arena, STR_FMT "_" STR_FMT, STR_ARG(own), STR_ARG(other));
        if (other.n == 0)
            other = arena_printf(g->b->arena, "%s_", call->text.p[4] == 'm' && max ? "arg_max" : "arg_min");
        if (!add_aggregate(g, (struct output) { item, other, name_at(item, i).n > 0 }, agg, pair, 2))
            return false;
    }
    return true;
}

/* take_any(a, b), any(*): columns of one row. */
static bool add_any(struct grouping *g, const struct kql_node *item, const struct kql_node *call)
{
    bool prefixed = str_eq(call->text, S("any"));

    for (size_t i = 0; i < call->kids.n; i++) {
        const struct kql_node *kid = call->kids.p[i];
        if (kid->kind == KQL_NODE_STAR) {
            for (size_t j = 0; j < g->in->fields.n; j++) {
                struct kql_field *f = &g->in->fields.p[j];
                struct kql_expr  *col = kql_plan_col(g->b->arena, f->col, kid->span);
                if (is_key(g, f))
                    continue;
                str name = prefixed ? arena_printf(g->b->arena, "any_" STR_FMT, STR_ARG(f->name)) : f->name;
                if (!add_aggregate(g, (struct output) { item, name, false }, "take_any", &col, 1))
                    return false;
            }
            continue;
        }
        struct kql_expr *e = bind_plain(g, kid);
        str              name = name_at(item, i), base = kql_bind_name(g->b, kid);
        if (!e)
            return false;
        if (name.n == 0)
            name = prefixed     ? arena_printf(g->b->arena, "any_" STR_FMT, STR_ARG(base))
                   : base.n > 0 ? base
                                : S("Column1");
        if (!add_aggregate(g, (struct output) { item, name, name_at(item, i).n > 0 }, "take_any", &e, 1))
            return false;
    }
    return true;
}

/* percentiles(x, 5, 50): a column each, called percentile_x_5. */
static bool add_percentiles(struct grouping *g, const struct kql_node *item, const struct kql_node *call)
{
    bool             weighted = str_starts(call->text, S("percentilesw"));
    size_t           first = weighted ? 2 : 1;
    struct kql_expr *x = bind_plain(g, call->kids.p[0]),
                    *w = weighted ? bind_plain(g, call->kids.p[1]) : NULL;
    str base = kql_bind_name(g->b, call->kids.p[0]);

    if (!x || (weighted && !w))
        return false;
    for (size_t i = first; i < call->kids.n; i++) {
        struct kql_expr *p = bind_plain(g, call->kids.p[i]);
        struct kql_expr *args[] = { x, weighted ? w : p, p };
        str              name = name_at(item, i - first);
        if (!p || p->kind != KQL_EXPR_CONST) {
            kql_bind_error(g->b, KQL_DIAG_CONSTANT, call->kids.p[i]->span, "a percentage is a constant");
            return false;
        }
        if (name.n == 0)
            name = kql_agg_percentile_name(g->b->arena, base, &p->value);
        struct output out = { item, name, name_at(item, i - first).n > 0 };
        if (!add_aggregate(g, out, weighted ? "percentilew" : "percentile", args, weighted ? 3 : 2))
            return false;
    }
    return true;
}

typedef bool several_fn(struct grouping *g, const struct kql_node *item, const struct kql_node *call);

static several_fn *several(const struct kql_node *call)
{
    static const struct {
        const char *name;
        several_fn *add;
    } TABLE[] = { { "arg_max", add_arg },
                  { "arg_min", add_arg },
                  { "argmax", add_arg },
                  { "argmin", add_arg },
                  { "take_any", add_any },
                  { "any", add_any },
                  { "percentiles", add_percentiles },
                  { "percentilesw", add_percentiles } };
    for (size_t i = 0; call->kind == KQL_NODE_CALL && i < sizeof TABLE / sizeof TABLE[0]; i++)
        if (str_eq(call->text, str_of(TABLE[i].name)))
            return TABLE[i].add;
    return NULL;
}

/* What an expression over aggregates may name beside them: the keys. */
static bool add_item(struct grouping *g, const struct kql_node *item)
{
    struct kql_binder     *b = g->b;
    const struct kql_node *value = item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item;
    several_fn            *many = several(value);

    if (many && value->kids.n > 0)
        return many(g, item, value);
    b->row = g->in;
    b->aggregates = &g->aggregates;
    size_t           before = g->aggregates.defs.n;
    struct kql_expr *e = kql_bind_expr(b, value);
    str              name = kql_bind_name(b, item);
    b->aggregates = NULL;
    if (!e)
        return false;
    if (g->aggregates.defs.n == before && e->kind != KQL_EXPR_CONST && e->kind != KQL_EXPR_SUBQUERY) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, item->span,
                       "summarize takes aggregates, and there is none in this");
        return false;
    }
    if (!kql_bind_expr_settled(b, e, g->in, &g->group->keys, &g->aggregates.defs))
        return false;
    if (name.n == 0)
        name = unnamed(g);
    return add_output(g, item, name, item->kind == KQL_NODE_NAMED, kql_bind_def(b, g->project, name, e));
}

static struct kql_rel *bind_summarize(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *by =
        op->kids.n > 0 && vec_last(&op->kids)->kind == KQL_NODE_CLAUSE ? vec_last(&op->kids) : NULL;
    struct grouping g = { .b = b, .in = in };
    bool            ok = true;

    g.group = kql_bind_rel(b, KQL_REL_SUMMARIZE, in);
    g.group->fields = (kql_fields) { 0 };
    g.group->order = (kql_orders) { 0 };
    g.group->serialized = false;
    g.project = kql_bind_rel(b, KQL_REL_PROJECT, g.group);
    for (size_t i = 0; i < in->part.n; i++)
        *vec_push_in(b->arena, &g.group->keys) =
            (struct kql_def) { in->part.p[i], kql_plan_col(b->arena, in->part.p[i], op->span) };
    for (size_t i = 0; by && i < by->kids.n; i++)
        ok = add_key(&g, by->kids.p[i]) && ok;
    for (size_t i = 0; i < op->kids.n; i++)
        if (op->kids.p[i] != by)
            ok = add_item(&g, op->kids.p[i]) && ok;
    b->row = NULL;
    g.group->defs = g.aggregates.defs;
    return ok ? g.project : NULL;
}

const struct kql_op KQL_OPS_SUMMARIZE[] = {
    { .name = "summarize",
      .parse = parse_summarize,
      .bind = bind_summarize,
      .doc = "Aggregates over all rows, or over those that agree in the keys behind by.",
      .example = "datatable(k:string, v:long)['a', 1, 'a', 2] | summarize sum(v) by k" },
    { 0 },
};
