/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_graph.h"

#include "kql/kql_build.h"
#include "kql/kql_emit.h"
#include "kql/kql_share.h"
#include "kql/kql_window.h"

static const struct kql_span NONE = { 0, 0 };

static struct kql_expr *col_expr(struct kql_binder *b, struct kql_col *col)
{
    return kql_plan_col(b->arena, col, NONE);
}

static struct kql_rel *joined(struct kql_binder *b, enum kql_join_kind kind, struct kql_rel *left,
                              struct kql_rel *right)
{
    struct kql_rel *join = kql_bind_rel(b, KQL_REL_JOIN, NULL);

    *vec_push_in(b->arena, &join->inputs) = left;
    *vec_push_in(b->arena, &join->inputs) = right;
    join->join = kind;
    for (size_t i = 0; i < left->fields.n; i++)
        *vec_push_in(b->arena, &join->fields) = left->fields.p[i];
    return join;
}

struct kql_rel *kql_graph_join(struct kql_binder *b, struct kql_rel *left, struct kql_col *l,
                               struct kql_rel *right, struct kql_col *r)
{
    struct kql_rel *join = joined(b, KQL_JOIN_INNER, left, right);
    *vec_push_in(b->arena, &join->on) = (struct kql_join_key) { l, r };
    return join;
}

struct kql_rel *kql_graph_join_left(struct kql_binder *b, struct kql_rel *left, struct kql_col *l,
                                    struct kql_rel *right, struct kql_col *r)
{
    struct kql_rel *join = joined(b, KQL_JOIN_LEFT, left, right);
    *vec_push_in(b->arena, &join->on) = (struct kql_join_key) { l, r };
    return join;
}

struct kql_rel *kql_graph_beside(struct kql_binder *b, struct kql_rel *left, struct kql_rel *right)
{
    return joined(b, KQL_JOIN_INNER, left, right);
}

/* `12 5 1,13 5 0`, in the order of the first argument. */
static void emit_text(struct kql_emit *e, const struct kql_expr *call)
{
    char text[40];

    kql_emit_addz(e, "arrayStringConcat(arrayMap(t -> concat(");
    for (size_t i = 1; i < call->n_args; i++) {
        snprintf(text, sizeof text, "%stoString(t.%zu)", i > 1 ? ",' '," : "", i + 1);
        kql_emit_addz(e, text);
    }
    kql_emit_addz(e, ",','),arraySort(t -> t.1,groupArray(tuple(");
    kql_emit_template(e, "$*", call->args, call->n_args);
    kql_emit_addz(e, ")))))");
}

static const struct kql_agg TEXT = { .name = "numbers", .emit = emit_text, .nulls = KQL_FN_NULLS_NEVER };

struct kql_col *kql_graph_text(struct kql_binder *b, struct kql_rel *in, struct kql_col *by,
                               struct kql_expr *const *values, size_t n, struct kql_rel **out)
{
    struct kql_rel  *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, in);
    struct kql_expr *call = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_STRING, NONE);

    call->agg = &TEXT;
    call->n_args = n + 1;
    call->args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    call->args[0] = col_expr(b, by);
    memcpy(call->args + 1, values, n * sizeof *values);
    struct kql_col *col = kql_bind_col(b, S("numbers"), KQL_STRING, false);
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, call };
    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    *out = sum;
    return col;
}

struct kql_rel *kql_graph_expand(struct kql_binder *b, struct kql_rel *in, struct kql_expr *array,
                                 struct kql_col **element, struct kql_col **place)
{
    struct kql_rel *expand = kql_bind_rel(b, KQL_REL_EXPAND, in);

    *vec_push_in(b->arena, &expand->defs) = (struct kql_def) { *element, array };
    if (place) {
        *place = kql_bind_col(b, S("place"), KQL_LONG, false);
        struct kql_expr *e = kql_build_raw(b, kql_fn_find(S("·places")), KQL_LONG, NONE, &array, 1);
        *vec_push_in(b->arena, &expand->defs) = (struct kql_def) { *place, e };
    }
    return expand;
}

/* Numbers rows from 1 in the order of some columns; that number is their column. */
static struct kql_rel *number(struct kql_binder *b, struct kql_rel *in, struct kql_col *const *by, size_t n,
                              struct kql_col **col)
{
    struct kql_rel *sorted = kql_bind_rel(b, KQL_REL_PROJECT, in);

    sorted->order = (kql_orders) { 0 };
    sorted->serialized = false;
    for (size_t i = 0; i < n; i++)
        *vec_push_in(b->arena, &sorted->order) = (struct kql_order) { .col = by[i] };
    struct kql_rel *numbered = kql_window_serialize(b, sorted);
    *col = vec_last(&numbered->order).col;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, numbered);
    out->order = (kql_orders) { 0 };
    out->serialized = false;
    return out;
}

struct kql_rel *kql_graph_make(struct kql_binder *b, const struct kql_graph_parts *parts)
{
    struct kql_graph *g = ARENA_NEW(b->arena, struct kql_graph);
    struct kql_rel   *rel = kql_bind_rel(b, KQL_REL_GRAPH, NULL);
    struct kql_col   *by[] = { parts->source, parts->target };

    g->nodes = number(b, parts->nodes, &parts->key, 1, &g->node);
    g->node_id = parts->node_id;
    struct kql_rel *from = kql_share_read(b, g->nodes), *to = kql_share_read(b, g->nodes);
    struct kql_rel *edges = number(b, parts->edges, by, 2, &g->edge);
    edges = kql_graph_join(b, edges, parts->source, from, kql_share_col(b, from, parts->key));
    edges = kql_graph_join(b, edges, parts->target, to, kql_share_col(b, to, parts->key));
    g->edges = kql_bind_rel(b, KQL_REL_PROJECT, edges);
    g->source = kql_share_col(b, from, g->node);
    g->target = kql_share_col(b, to, g->node);
    g->source_id = parts->source_id;
    g->target_id = parts->target_id;
    rel->graph = g;
    return rel;
}

const struct kql_graph *kql_graph_of(struct kql_binder *b, const struct kql_rel *rel, struct kql_span at)
{
    if (rel->kind == KQL_REL_GRAPH)
        return rel->graph;
    kql_bind_error(b, KQL_DIAG_TABULAR, at, "a graph is needed here, and this is a table");
    kql_diag_hint(b->diags, "make-graph makes one of a table of edges");
    return NULL;
}

bool kql_graph_is_op(const struct kql_op *op)
{
    return strncmp(op->name, "graph-", 6) == 0 || strcmp(op->name, "as") == 0;
}
