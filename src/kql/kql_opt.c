/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_opt.h"

#include "kql/kql_agg.h"

static void mark_rel(struct kql_rel *rel);

static void mark_expr(struct kql_expr *e)
{
    size_t n = e->kind == KQL_EXPR_AGG && e->agg->carries ? (size_t)e->number : e->n_args;

    if (e->kind == KQL_EXPR_COL)
        e->col->needed = true;
    if (e->kind == KQL_EXPR_COL && e->col->of)
        e->col->of->needed = true;
    for (size_t i = 0; i < n; i++)
        mark_expr(e->args[i]);
    if (e->rel) {
        e->rel->fields.p[0].col->needed = true;
        for (size_t i = 0; i < e->rel->order.n; i++)
            e->rel->order.p[i].col->needed = true;
        mark_rel(e->rel);
    }
}

static void mark_cols(const kql_cols *cols)
{
    for (size_t i = 0; i < cols->n; i++)
        cols->p[i]->needed = true;
}

static void mark_order(const kql_orders *order)
{
    for (size_t i = 0; i < order->n; i++)
        order->p[i].col->needed = true;
}

static void mark_defs(const kql_defs *defs)
{
    for (size_t i = defs->n; i-- > 0;)
        if (defs->p[i].col->needed)
            mark_expr(defs->p[i].expr);
}

/* A key that stands for itself and only comes along (a column carried through mv-apply) goes when nobody
 * needs it. */
static void mark_keys(struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->keys.n; i++) {
        struct kql_def *key = &rel->keys.p[i];
        bool carried = key->expr->kind == KQL_EXPR_COL && key->expr->col == key->col && rel->part.n > 0 &&
                       key->col != rel->part.p[0];
        if (carried && !key->col->needed) /* the emitter leaves it out */
            continue;
        key->col->needed = true;
        mark_expr(key->expr);
    }
}

static void mark_union(struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->maps.n; i++)
        for (size_t k = 0; k < rel->maps.p[i].n; k++)
            if (rel->fields.p[rel->maps.p[i].p[k].field].col->needed)
                rel->maps.p[i].p[k].col->needed = true;
}

/* False when what others asked of the relation that is read is enough for this reader, too. */
static bool mark_shared(struct kql_rel *rel)
{
    bool more = !rel->inputs.p[0]->marked;

    for (size_t i = 0; i < rel->on.n; i++)
        if (rel->on.p[i].right->needed && !rel->on.p[i].left->needed)
            more = rel->on.p[i].left->needed = true;
    rel->inputs.p[0]->marked = true;
    return more;
}

static void mark_rel(struct kql_rel *rel)
{
    switch (rel->kind) {
    case KQL_REL_FILTER:
        mark_expr(rel->pred);
        break;
    case KQL_REL_SUMMARIZE:
        mark_keys(rel);
        mark_order(&rel->inputs.p[0]->order);
        break;
    case KQL_REL_DISTINCT:
        for (size_t i = 0; i < rel->fields.n; i++)
            rel->fields.p[i].col->needed = true;
        mark_cols(&rel->part);
        break;
    case KQL_REL_LIMIT:
        mark_expr(rel->count);
        mark_cols(&rel->by);
        mark_order(&rel->inputs.p[0]->order);
        break;
    case KQL_REL_JOIN:
        for (size_t i = 0; i < rel->on.n; i++)
            rel->on.p[i].left->needed = rel->on.p[i].right->needed = true;
        break;
    case KQL_REL_UNION:
        mark_union(rel);
        break;
    case KQL_REL_EXPAND: /* which elements there are decides how many rows */
        for (size_t i = 0; i < rel->defs.n; i++)
            rel->defs.p[i].col->needed = true;
        break;
    case KQL_REL_SHARED:
        if (!mark_shared(rel))
            return;
        break;
    case KQL_REL_WINDOW:
        mark_order(&rel->inputs.p[0]->order);
        mark_cols(&rel->by);
        break;
    default:
        break;
    }
    mark_defs(&rel->defs);
    for (size_t i = 0; i < rel->inputs.n; i++)
        mark_rel(rel->inputs.p[i]);
}

void kql_opt_prune(struct kql_rel *root)
{
    for (size_t i = 0; i < root->fields.n; i++)
        root->fields.p[i].col->needed = true;
    mark_order(&root->order);
    mark_rel(root);
}
