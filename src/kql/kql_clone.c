/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_clone.h"

struct cloner {
    struct kql_binder *b;
    struct map        *cols; /* identifier in the SQL → struct kql_col of the copy */
};

static struct kql_rel *clone_rel(struct cloner *c, const struct kql_rel *rel);

static struct kql_col *clone_col(struct cloner *c, struct kql_col *col)
{
    struct kql_col *copy = col->raw ? NULL : map_find(c->cols, col->sql);

    if (copy)
        return copy;
    if (col->raw) { /* a place in a lambda: the text stays, and no two need be one object */
        copy = ARENA_NEW(c->b->arena, struct kql_col);
        *copy = *col;
        copy->of = col->of ? clone_col(c, col->of) : NULL;
        return copy;
    }
    size_t dollar = str_rfind_byte(col->sql, '$');
    str    name = dollar == STR_NPOS || dollar == 0 ? col->sql : str_slice(col->sql, 0, dollar);
    copy = kql_bind_col(c->b, name, col->type, col->nullable);
    copy->physical = col->physical;
    copy->guess = col->guess;
    map_put(c->cols, col->sql, copy);
    return copy;
}

static struct kql_expr *clone_expr(struct cloner *c, const struct kql_expr *e)
{
    struct kql_expr *copy = ARENA_NEW(c->b->arena, struct kql_expr);

    *copy = *e;
    if (e->col)
        copy->col = clone_col(c, e->col);
    if (e->rel)
        copy->rel = clone_rel(c, e->rel);
    if (e->n_args > 0)
        copy->args = ARENA_ARRAY(c->b->arena, struct kql_expr *, e->n_args);
    for (size_t i = 0; i < e->n_args; i++)
        copy->args[i] = clone_expr(c, e->args[i]);
    return copy;
}

static void clone_cols(struct cloner *c, const kql_cols *from, kql_cols *to)
{
    *to = (kql_cols) { 0 };
    for (size_t i = 0; i < from->n; i++)
        *vec_push_in(c->b->arena, to) = clone_col(c, from->p[i]);
}

static void clone_defs(struct cloner *c, const kql_defs *from, kql_defs *to)
{
    *to = (kql_defs) { 0 };
    for (size_t i = 0; i < from->n; i++)
        *vec_push_in(c->b->arena, to) =
            (struct kql_def) { clone_col(c, from->p[i].col), clone_expr(c, from->p[i].expr) };
}

static void clone_lists(struct cloner *c, const struct kql_rel *rel, struct kql_rel *copy)
{
    struct arena *a = c->b->arena;

    memset(&copy->fields, 0, sizeof copy->fields);
    for (size_t i = 0; i < rel->fields.n; i++)
        *vec_push_in(a, &copy->fields) =
            (struct kql_field) { rel->fields.p[i].name, clone_col(c, rel->fields.p[i].col) };
    memset(&copy->order, 0, sizeof copy->order);
    for (size_t i = 0; i < rel->order.n; i++) {
        struct kql_order *o = vec_push_in(a, &copy->order);
        *o = rel->order.p[i];
        o->col = clone_col(c, o->col);
    }
    memset(&copy->on, 0, sizeof copy->on);
    for (size_t i = 0; i < rel->on.n; i++)
        *vec_push_in(a, &copy->on) =
            (struct kql_join_key) { rel->kind == KQL_REL_SHARED ? rel->on.p[i].left
                                                                : clone_col(c, rel->on.p[i].left),
                                    clone_col(c, rel->on.p[i].right) };
    memset(&copy->maps, 0, sizeof copy->maps);
    for (size_t i = 0; i < rel->maps.n; i++) {
        kql_sources *sources = vec_push_in(a, &copy->maps);
        for (size_t k = 0; k < rel->maps.p[i].n; k++)
            *vec_push_in(a, sources) =
                (struct kql_source) { rel->maps.p[i].p[k].field, clone_col(c, rel->maps.p[i].p[k].col) };
    }
}

static struct kql_rel *clone_rel(struct cloner *c, const struct kql_rel *rel)
{
    struct kql_rel *copy = ARENA_NEW(c->b->arena, struct kql_rel);

    *copy = *rel;
    memset(&copy->inputs, 0, sizeof copy->inputs);
    for (size_t i = 0; i < rel->inputs.n; i++) /* what is shared is one for all its readers */
        *vec_push_in(c->b->arena, &copy->inputs) =
            rel->kind == KQL_REL_SHARED ? rel->inputs.p[i] : clone_rel(c, rel->inputs.p[i]);
    clone_lists(c, rel, copy);
    clone_cols(c, &rel->part, &copy->part);
    clone_cols(c, &rel->columns, &copy->columns);
    clone_cols(c, &rel->by, &copy->by);
    clone_defs(c, &rel->keys, &copy->keys);
    clone_defs(c, &rel->defs, &copy->defs);
    if (rel->open)
        copy->open = clone_col(c, rel->open);
    if (rel->pred)
        copy->pred = clone_expr(c, rel->pred);
    if (rel->count)
        copy->count = clone_expr(c, rel->count);
    return copy;
}

struct kql_rel *kql_clone_rel(struct kql_binder *b, struct kql_rel *rel)
{
    struct cloner c = { .b = b, .cols = map_new_in(b->arena, MAP_CASE) };
    return clone_rel(&c, rel);
}
