/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_opt.h"

#include "kql/kql_agg.h"
#include "kql/kql_fn.h"

#define LAST_DATE INT64_C(2534023007999999999) /* the year 9999 ends */

static void mark_rel(struct kql_rel *rel);

/* --- places: a number for each relation, higher than those of everything it reads. A plan may be pruned more
 * than once: a plugin asks for the columns of what there is so far. --- */

static void place_rel(struct kql_rel *rel, size_t *next);

static void place_expr(const struct kql_expr *e, size_t *next)
{
    for (size_t i = 0; i < e->n_args; i++)
        place_expr(e->args[i], next);
    if (e->rel)
        place_rel(e->rel, next);
}

static void place_defs(const kql_defs *defs, size_t *next)
{
    for (size_t i = 0; i < defs->n; i++)
        place_expr(defs->p[i].expr, next);
}

static void place_rel(struct kql_rel *rel, size_t *next)
{
    for (size_t i = 0; i < rel->inputs.n; i++)
        if (rel->kind != KQL_REL_SHARED || rel->inputs.p[i]->place == 0) /* what is shared is placed once */
            place_rel(rel->inputs.p[i], next);
    if (rel->pred)
        place_expr(rel->pred, next);
    if (rel->count)
        place_expr(rel->count, next);
    place_defs(&rel->keys, next);
    place_defs(&rel->defs, next);
    rel->place = ++*next;
}

/* --- marks: which columns are read, and from how far up --- */

static void mark_col(struct kql_col *col, size_t place)
{
    col->needed = true;
    if (col->last_use < place)
        col->last_use = place;
}

static void mark_expr(struct kql_expr *e, size_t place)
{
    size_t n = e->kind == KQL_EXPR_AGG && e->agg->carries ? (size_t)e->number : e->n_args;

    if (e->kind == KQL_EXPR_COL)
        mark_col(e->col, place);
    if (e->kind == KQL_EXPR_COL && e->col->of)
        mark_col(e->col->of, place);
    for (size_t i = 0; i < n; i++)
        mark_expr(e->args[i], place);
    if (e->rel) {
        mark_col(e->rel->fields.p[0].col, place);
        for (size_t i = 0; i < e->rel->order.n; i++)
            mark_col(e->rel->order.p[i].col, place);
        mark_rel(e->rel);
    }
}

static void mark_cols(const kql_cols *cols, size_t place)
{
    for (size_t i = 0; i < cols->n; i++)
        mark_col(cols->p[i], place);
}

static void mark_order(const kql_orders *order, size_t place)
{
    for (size_t i = 0; i < order->n; i++)
        mark_col(order->p[i].col, place);
}

static void mark_defs(const kql_defs *defs, size_t place)
{
    for (size_t i = defs->n; i-- > 0;)
        if (defs->p[i].col->needed)
            mark_expr(defs->p[i].expr, place);
}

static void mark_keys(struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->keys.n; i++) {
        struct kql_def *key = &rel->keys.p[i];
        if (kql_plan_key_is_idle(rel, key))
            continue;
        mark_col(key->col, rel->place);
        mark_expr(key->expr, rel->place);
    }
}

static void mark_union(struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->maps.n; i++)
        for (size_t k = 0; k < rel->maps.p[i].n; k++)
            if (rel->fields.p[rel->maps.p[i].p[k].field].col->needed)
                mark_col(rel->maps.p[i].p[k].col, rel->place);
}

/* False when what others asked of the relation that is read is enough for this reader, too. */
static bool mark_shared(struct kql_rel *rel)
{
    bool more = !rel->inputs.p[0]->marked;

    for (size_t i = 0; i < rel->on.n; i++)
        if (rel->on.p[i].right->needed && rel->on.p[i].left->last_use < SIZE_MAX) {
            mark_col(rel->on.p[i].left, SIZE_MAX);
            more = true;
        }
    rel->inputs.p[0]->marked = true;
    return more;
}

static void mark_rel(struct kql_rel *rel)
{
    switch (rel->kind) {
    case KQL_REL_FILTER:
        mark_expr(rel->pred, rel->place);
        break;
    case KQL_REL_SUMMARIZE:
        mark_keys(rel);
        mark_order(&rel->inputs.p[0]->order, rel->place);
        break;
    case KQL_REL_DISTINCT:
        for (size_t i = 0; i < rel->fields.n; i++)
            mark_col(rel->fields.p[i].col, rel->place);
        mark_cols(&rel->part, rel->place);
        break;
    case KQL_REL_LIMIT:
        mark_expr(rel->count, rel->place);
        mark_cols(&rel->by, rel->place);
        mark_order(&rel->inputs.p[0]->order, rel->place);
        break;
    case KQL_REL_JOIN:
        for (size_t i = 0; i < rel->on.n; i++) {
            mark_col(rel->on.p[i].left, rel->place);
            mark_col(rel->on.p[i].right, rel->place);
        }
        break;
    case KQL_REL_UNION:
        mark_union(rel);
        break;
    case KQL_REL_EXPAND: /* which elements there are decides how many rows */
        for (size_t i = 0; i < rel->defs.n; i++)
            mark_col(rel->defs.p[i].col, rel->place);
        break;
    case KQL_REL_SHARED:
        if (!mark_shared(rel))
            return;
        break;
    case KQL_REL_WINDOW:
        mark_order(&rel->inputs.p[0]->order, rel->place);
        mark_cols(&rel->by, rel->place);
        break;
    default:
        break;
    }
    mark_defs(&rel->defs, rel->place);
    for (size_t i = 0; i < rel->inputs.n; i++)
        mark_rel(rel->inputs.p[i]);
}

void kql_opt_prune(struct kql_rel *root)
{
    size_t next = 0;

    place_rel(root, &next);
    for (size_t i = 0; i < root->fields.n; i++)
        mark_col(root->fields.p[i].col, SIZE_MAX);
    mark_order(&root->order, SIZE_MAX);
    mark_rel(root);
}

/* --- bounds: what a filter says of a bin, it says of what is in it --- */

static bool is_call(const struct kql_expr *e, const char *name, size_t n)
{
    return e->kind == KQL_EXPR_CALL && e->n_args == n && strcmp(e->fn->name, name) == 0;
}

/* The key that `col` is, when it is bin() of a column of dates by a known size. */
static const struct kql_expr *bin_of(const struct kql_rel *sum, const struct kql_col *col)
{
    for (size_t i = 0; i < sum->keys.n; i++) {
        const struct kql_expr *e = sum->keys.p[i].expr;
        bool bin = sum->keys.p[i].col == col && is_call(e, "bin", 2) && e->type == KQL_DATETIME;
        if (bin && e->args[0]->kind == KQL_EXPR_COL && e->args[1]->kind == KQL_EXPR_CONST &&
            !e->args[1]->value.null && e->args[1]->value.i > 0)
            return e;
    }
    return NULL;
}

static void add_bound(struct arena *a, struct kql_rel *sum, const char *sign, struct kql_expr *column,
                      int64_t at)
{
    struct kql_rel  *filter = kql_plan_rel(a, KQL_REL_FILTER, sum->inputs.p[0]);
    struct kql_expr *e = kql_plan_expr(a, KQL_EXPR_CALL, KQL_BOOL, column->span);

    e->fn = kql_fn_find(str_of(sign));
    e->nullable = column->nullable;
    e->n_args = 2;
    e->args = ARENA_ARRAY(a, struct kql_expr *, 2);
    e->args[0] = column;
    e->args[1] = kql_plan_const(a, kql_value_int_of(KQL_DATETIME, at), column->span);
    filter->pred = e;
    sum->inputs.p[0] = filter;
}

/* A bin begins at or before what is in it, and ends by its size later. */
static void bound_by(struct arena *a, const struct kql_expr *pred, struct kql_rel *sum)
{
    if (pred->kind == KQL_EXPR_CALL && strcmp(pred->fn->name, "and") == 0)
        for (size_t i = 0; i < pred->n_args; i++)
            bound_by(a, pred->args[i], sum);
    bool from = is_call(pred, ">", 2) || is_call(pred, ">=", 2),
         to = is_call(pred, "<", 2) || is_call(pred, "<=", 2);
    bool both = is_call(pred, "==", 2);
    if ((!from && !to && !both) || pred->args[0]->kind != KQL_EXPR_COL ||
        pred->args[1]->kind != KQL_EXPR_CONST || pred->args[1]->type != KQL_DATETIME ||
        pred->args[1]->value.null)
        return;
    const struct kql_expr *bin = bin_of(sum, pred->args[0]->col);
    int64_t                at = pred->args[1]->value.i, end;
    if (!bin)
        return;
    if (from || both)
        add_bound(a, sum, ">=", bin->args[0], at);
    if ((to || both) && !__builtin_add_overflow(at, bin->args[1]->value.i, &end) && end < LAST_DATE)
        add_bound(a, sum, "<", bin->args[0], end);
}

void kql_opt_bound(struct arena *a, struct kql_rel *rel)
{
    struct kql_rel *below = rel->kind == KQL_REL_FILTER ? rel->inputs.p[0] : NULL;

    while (below && (below->kind == KQL_REL_FILTER || below->kind == KQL_REL_PROJECT))
        below = below->inputs.p[0];
    if (below && below->kind == KQL_REL_SUMMARIZE)
        bound_by(a, rel->pred, below);
    for (size_t i = 0; i < rel->inputs.n && rel->kind != KQL_REL_SHARED; i++) /* others read that, too */
        kql_opt_bound(a, rel->inputs.p[i]);
}
