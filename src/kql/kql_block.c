/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_block.h"

#include "kql/kql_fn.h"

enum {
    WEIGHT_MAX = 400,   /* nodes in one SELECT's chain of columns over columns */
    TOTAL_MAX = 20000,  /* the same through all SELECTs below: the engine's optimiser takes them as one */
    TOTAL_SMALL = 1000, /* of a column that may be said as often as wanted */
};

struct kql_block *kql_block_new(struct kql_emit *e, str from)
{
    struct kql_block *k = ARENA_NEW(e->arena, struct kql_block);
    k->from = from;
    return k;
}

static bool holds(const kql_cols *cols, const struct kql_col *col)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->p[i] == col)
            return true;
    return false;
}

/* Takes back what an expression that does not go into the SELECT after all has shared there. */
static void unshare(struct kql_emit *e, struct kql_block *k, size_t with)
{
    if (k->with.n == with)
        return;
    k->with.n = with;
    k->shared = map_new_in(e->arena, MAP_CASE);
    for (size_t i = 0; i < with; i++)
        map_put(k->shared, k->with.p[i]->sql, k->with.p[i]);
}

bool kql_block_piece(struct kql_emit *e, struct kql_block *k, const struct kql_expr *expr, bool truth,
                     struct kql_piece *out)
{
    AUTO_STRBUF     text = STRBUF_INIT(e->max_bytes);
    struct kql_emit before = *e;
    size_t          with = k->with.n;

    e->block = k;
    e->truth = truth;
    e->out = &text;
    e->weight = e->total = 0;
    kql_emit_expr(e, expr);
    out->weight = e->weight;
    out->total = e->total;
    e->block = before.block;
    e->truth = before.truth;
    e->out = before.out;
    e->weight = before.weight;
    e->total = before.total;
    if (out->weight > WEIGHT_MAX && k->computed.n > 0) {
        unshare(e, k, with);
        return false;
    }
    e->overflow = e->overflow || text.overflow;
    out->sql = kql_emit_keep(e, strbuf_view(&text));
    return true;
}

void kql_block_add(struct kql_emit *e, struct kql_block *k, struct kql_col *col, struct kql_piece piece)
{
    *vec_push_in(e->arena, &k->computed) = (struct kql_computed) { col, piece };
    *vec_push_in(e->arena, &k->available) = col;
    if (!k->weights)
        k->weights = map_new_in(e->arena, MAP_CASE);
    if (!e->totals)
        e->totals = map_new_in(e->arena, MAP_CASE);
    map_put(k->weights, col->sql, (void *)piece.weight); // NOLINT: a count kept as a pointer
    map_put(e->totals, col->sql, (void *)piece.total);   // NOLINT: likewise
}

static size_t total_of(const struct kql_emit *e, const struct kql_col *col)
{
    return e->totals ? (uintptr_t)map_find(e->totals, col->sql) : 0;
}

/* The columns of an expression that stand for much. */
static void collect_large(struct kql_emit *e, const struct kql_expr *x, kql_cols *out)
{
    if (x->kind == KQL_EXPR_COL && total_of(e, x->col) > TOTAL_SMALL && !holds(out, x->col))
        *vec_push_in(e->arena, out) = x->col;
    for (size_t i = 0; i < x->n_args; i++)
        collect_large(e, x->args[i], out);
}

static void add_list(struct kql_emit *e, const kql_cols *cols, const char *before, const char *after)
{
    for (size_t i = 0; i < cols->n; i++) {
        kql_emit_addz(e, i > 0 ? "," : "");
        kql_emit_addz(e, before);
        kql_emit_name(e, cols->p[i]->sql);
        kql_emit_addz(e, after);
    }
}

/* Says each large column once: as an argument of a lambda whose parameter has its name. Without it the
 * optimiser, which merges SELECTs and then walks their expressions as trees, takes gigabytes over a chain
 * such as `x = iff(a, f(x), x)` twenty times. */
static void bind_once(struct kql_emit *e, const struct kql_expr *expr, struct kql_piece *piece)
{
    AUTO_STRBUF    text = STRBUF_INIT(e->max_bytes);
    struct strbuf *out = e->out;
    kql_cols       large = { 0 };

    collect_large(e, expr, &large);
    if (large.n == 0)
        return;
    e->out = &text;
    kql_emit_addz(e, "arrayMap((");
    add_list(e, &large, "", "");
    kql_emit_addz(e, ") -> ");
    kql_emit_add(e, piece->sql);
    kql_emit_addz(e, ",");
    add_list(e, &large, "[", "]");
    kql_emit_addz(e, ")[1]");
    e->out = out;
    e->overflow = e->overflow || text.overflow;
    piece->sql = kql_emit_keep(e, strbuf_view(&text));
    piece->total = piece->weight;
    for (size_t i = 0; i < large.n; i++)
        piece->total += total_of(e, large.p[i]);
}

struct kql_block *kql_block_compute(struct kql_emit *e, struct kql_block *k, struct kql_col *col,
                                    const struct kql_expr *expr)
{
    struct kql_piece piece;

    if (!kql_block_piece(e, k, expr, false, &piece)) {
        k = kql_block_close(e, k);
        (void)kql_block_piece(e, k, expr, false, &piece);
    }
    if (piece.total > TOTAL_MAX)
        bind_once(e, expr, &piece);
    kql_block_add(e, k, col, piece);
    return k;
}

void kql_block_weigh(struct kql_emit *e, const struct kql_col *col)
{
    const struct kql_block *k = e->block;

    e->weight += k && k->weights ? (uintptr_t)map_find(k->weights, col->sql) : 0;
    e->total += total_of(e, col);
}

bool kql_block_is_live(const struct kql_emit *e, const struct kql_col *col)
{
    return col->needed && col->last_use >= e->place;
}

static const struct kql_computed *computed_of(const struct kql_block *k, const struct kql_col *col)
{
    if (!k->weights || !map_has(k->weights, col->sql))
        return NULL;
    for (size_t i = 0; i < k->computed.n; i++)
        if (k->computed.p[i].col == col)
            return &k->computed.p[i];
    return NULL;
}

static void add_computed(struct kql_emit *e, const struct kql_computed *c)
{
    if (c->piece.sql.n > 0)
        kql_emit_add(e, c->piece.sql);
    else
        kql_emit_name(e, c->col->physical);
    kql_emit_addz(e, " AS ");
    kql_emit_name(e, c->col->sql);
}

static void add_columns(struct kql_emit *e, const struct kql_block *k, const kql_cols *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        const struct kql_computed *made = computed_of(k, columns->p[i]);
        bool                       again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = columns->p[j] == columns->p[i];
        if (i > 0)
            kql_emit_addz(e, ", ");
        if (made && !again)
            add_computed(e, made);
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

static void add_conditions(struct kql_emit *e, const char *lead, const str *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        kql_emit_addz(e, i > 0 ? " AND " : lead);
        kql_emit_addz(e, "(");
        kql_emit_add(e, list[i]);
        kql_emit_addz(e, ")");
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
    for (size_t i = 0; i < k->computed.n; i++) {
        if (holds(columns, k->computed.p[i].col) || !k->computed.p[i].col->needed)
            continue;
        kql_emit_addz(e, hidden.n > 0 ? ", " : "");
        add_computed(e, &k->computed.p[i]);
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
        if (kql_block_is_live(e, k->available.p[i]) && !holds(&columns, k->available.p[i]))
            *vec_push_in(e->arena, &columns) = k->available.p[i];
    if (!k->limit) /* an order that no LIMIT uses is lost in a subquery: do not sort for nothing */
        k->order.n = 0;
    struct kql_block *outer = kql_block_new(e, kql_block_nested(e, k, &columns));
    outer->available = columns;
    return outer;
}
