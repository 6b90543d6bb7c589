/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_block.h"

#include "kql/kql_fn.h"

enum { WEIGHT_MAX = 400 }; /* nodes in one SELECT's chain of columns over columns */

struct kql_block *kql_block_new(struct kql_emit *e, str from)
{
    struct kql_block *k = ARENA_NEW(e->arena, struct kql_block);
    k->from = from;
    return k;
}

void kql_block_def(struct kql_emit *e, struct kql_block *k, struct kql_col *col, const struct kql_expr *expr)
{
    *vec_push_in(e->arena, &k->defs) = (struct kql_def) { col, (struct kql_expr *)expr };
    *vec_push_in(e->arena, &k->available) = col;
}

static const struct kql_def *def_of(const struct kql_block *k, const struct kql_col *col)
{
    for (size_t i = 0; i < k->defs.n; i++)
        if (k->defs.p[i].col == col)
            return &k->defs.p[i];
    return NULL;
}

/* The nodes that the engine's analyser sees when it puts every alias's expression in its place. */
static size_t expanded(const struct kql_block *k, const struct kql_expr *e, size_t so_far)
{
    if (so_far > WEIGHT_MAX * 4)
        return so_far;
    if (e->kind == KQL_EXPR_COL) {
        const struct kql_def *def = def_of(k, e->col);
        return def && def->expr ? expanded(k, def->expr, so_far + 1) : so_far + 1;
    }
    so_far++;
    for (size_t i = 0; i < e->n_args; i++)
        so_far = expanded(k, e->args[i], so_far);
    return so_far;
}

bool kql_block_is_heavy(const struct kql_block *k, const struct kql_expr *expr)
{
    return k->defs.n > 0 && expanded(k, expr, 0) > WEIGHT_MAX && expr->weight < WEIGHT_MAX;
}

static bool holds(const kql_cols *cols, const struct kql_col *col)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->p[i] == col)
            return true;
    return false;
}

static void add_def(struct kql_emit *e, const struct kql_def *def)
{
    if (def->expr)
        kql_emit_expr(e, def->expr);
    else
        kql_emit_name(e, def->col->physical);
    kql_emit_addz(e, " AS ");
    kql_emit_name(e, def->col->sql);
}

static void add_columns(struct kql_emit *e, const struct kql_block *k, const kql_cols *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        const struct kql_def *def = def_of(k, columns->p[i]);
        bool                  again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = columns->p[j] == columns->p[i];
        if (i > 0)
            kql_emit_addz(e, ", ");
        if (def && !again)
            add_def(e, def);
        else
            kql_emit_name(e, columns->p[i]->sql);
    }
    if (columns->n == 0)
        kql_emit_addz(e, "1");
}

static void add_names(struct kql_emit *e, const char *lead, const kql_cols *cols)
{
    for (size_t i = 0; i < cols->n; i++) {
        kql_emit_addz(e, i > 0 ? ", " : lead);
        kql_emit_name(e, cols->p[i]->sql);
    }
}

static void add_conditions(struct kql_emit *e, const char *lead, const struct kql_expr *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        kql_emit_addz(e, i > 0 ? " AND " : lead);
        e->truth = true;
        kql_emit_addz(e, "(");
        kql_emit_expr(e, list[i]);
        kql_emit_addz(e, ")");
        e->truth = false;
    }
}

static void add_order(struct kql_emit *e, const kql_orders *order)
{
    for (size_t i = 0; i < order->n; i++) {
        kql_emit_addz(e, i > 0 ? ", " : " ORDER BY ");
        kql_emit_name(e, order->p[i].col->sql);
        kql_emit_addz(e, order->p[i].desc ? " DESC" : " ASC");
        if (order->p[i].col->nullable)
            kql_emit_addz(e, order->p[i].nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
}

static void add_tail(struct kql_emit *e, const struct kql_block *k)
{
    if (k->from.n > 0) {
        kql_emit_addz(e, " FROM ");
        kql_emit_add(e, k->from);
    }
    add_conditions(e, " WHERE ", k->where.p, k->where.n);
    add_names(e, " GROUP BY ", &k->keys);
    add_conditions(e, " HAVING ", k->having.p, k->having.n);
    add_order(e, &k->order);
    if (!k->limit)
        return;
    kql_emit_addz(e, " LIMIT ");
    if (k->limit->kind == KQL_EXPR_CONST) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)(k->limit->value.i < 0 ? 0 : k->limit->value.i));
        kql_emit_addz(e, text);
    } else {
        kql_emit_addz(e, "(SELECT toUInt64(greatest(ifNull(");
        kql_emit_expr(e, k->limit);
        kql_emit_addz(e, ",0),0)))");
    }
    add_names(e, " BY ", &k->limit_by);
}

str kql_block_sql(struct kql_emit *e, struct kql_block *k, const kql_cols *columns)
{
    if (e->overflow || arena_used(e->arena) > e->max_arena) {
        e->overflow = true;
        return S("SELECT 1");
    }
    struct strbuf    *out = e->out;
    struct kql_block *block = e->block;
    bool              truth = e->truth;
    AUTO_STRBUF       hidden = STRBUF_INIT(e->max_bytes), list = STRBUF_INIT(e->max_bytes);
    AUTO_STRBUF       tail = STRBUF_INIT(e->max_bytes), text = STRBUF_INIT(e->max_bytes);

    e->block = k;
    e->truth = false;
    e->out = &list;
    add_columns(e, k, columns);
    e->out = &tail;
    add_tail(e, k);
    e->out = &hidden;
    for (size_t i = 0; i < k->defs.n; i++) {
        if (holds(columns, k->defs.p[i].col) || !k->defs.p[i].col->needed)
            continue;
        kql_emit_addz(e, hidden.n > 0 ? ", " : "");
        add_def(e, &k->defs.p[i]);
    }
    e->out = &text;
    if (hidden.n > 0 || k->with.n > 0)
        kql_emit_addz(e, "WITH ");
    kql_emit_add(e, strbuf_view(&hidden));
    for (size_t i = 0; i < k->with.n; i++) {
        kql_emit_addz(e, i > 0 || hidden.n > 0 ? ", " : "");
        kql_emit_add(e, k->with.p[i]->sql);
        kql_emit_addz(e, " AS ");
        kql_emit_name(e, k->with.p[i]->name);
    }
    kql_emit_addz(e, k->with.n > 0 || hidden.n > 0 ? " SELECT " : "SELECT ");
    kql_emit_addz(e, k->is_distinct ? "DISTINCT " : "");
    kql_emit_add(e, strbuf_view(&list));
    kql_emit_add(e, strbuf_view(&tail));
    e->overflow = e->overflow || text.overflow || hidden.overflow || list.overflow || tail.overflow;
    e->out = out;
    e->block = block;
    e->truth = truth;
    return kql_emit_keep(e, strbuf_view(&text));
}

str kql_block_nested(struct kql_emit *e, struct kql_block *k, const kql_cols *columns)
{
    AUTO_STRBUF nested = STRBUF_INIT(e->max_bytes);
    strbuf_addc(&nested, '(');
    strbuf_add(&nested, kql_block_sql(e, k, columns));
    strbuf_addc(&nested, ')');
    e->overflow = e->overflow || nested.overflow;
    return kql_emit_keep(e, strbuf_view(&nested));
}

struct kql_block *kql_block_close(struct kql_emit *e, struct kql_block *k)
{
    kql_cols columns = { 0 };

    if (k->is_distinct)
        columns = k->distinct;
    for (size_t i = 0; i < k->available.n && !k->is_distinct; i++)
        if (k->available.p[i]->needed && !holds(&columns, k->available.p[i]))
            *vec_push_in(e->arena, &columns) = k->available.p[i];
    if (!k->limit) /* an order that no LIMIT uses is lost in a subquery: do not sort for nothing */
        k->order.n = 0;
    struct kql_block *outer = kql_block_new(e, kql_block_nested(e, k, &columns));
    outer->available = columns;
    return outer;
}
