/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_emit.h"

#include "base/json.h"
#include "base/sql.h"
#include "kql/kql_agg.h"
#include "kql/kql_block.h"
#include "kql/kql_fn.h"
#include "kql/kql_scalar.h"

enum { DEPTH_MAX = 1500, LIST_CELLS = 256 };

static struct kql_block *gather(struct kql_emit *e, const struct kql_rel *rel);

str kql_emit_keep(struct kql_emit *e, str s)
{
    if (arena_used(e->arena) + s.n > e->max_arena) {
        e->overflow = true;
        return S("");
    }
    return arena_str(e->arena, s);
}

void kql_emit_add(struct kql_emit *e, str s)
{
    strbuf_add(e->out, s);
}

void kql_emit_addz(struct kql_emit *e, const char *z)
{
    strbuf_addz(e->out, z);
}

void kql_emit_text(struct kql_emit *e, str s)
{
    sql_text(e->out, s);
}

void kql_emit_name(struct kql_emit *e, str s)
{
    sql_name(e->out, s);
}

/* --- expressions --- */

static void add_over(struct kql_emit *e)
{
    const struct kql_rel *window = e->block->window, *in = window->inputs.p[0];
    const char           *lead = "PARTITION BY ";

    kql_emit_addz(e, "OVER (");
    for (size_t i = 0; i < window->by.n; i++, lead = ", ") {
        kql_emit_addz(e, lead);
        kql_emit_name(e, window->by.p[i]->sql);
    }
    lead = window->by.n > 0 ? " ORDER BY " : "ORDER BY ";
    for (size_t i = 0; i < in->order.n; i++, lead = ", ") {
        kql_emit_addz(e, lead);
        kql_emit_name(e, in->order.p[i].col->sql);
        kql_emit_addz(e, in->order.p[i].desc ? " DESC" : "");
        if (in->order.p[i].col->nullable)
            kql_emit_addz(e, in->order.p[i].nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
    kql_emit_addz(e, ")");
}

static size_t uses_of(const char *sql, char digit)
{
    size_t n = 0;
    for (const char *c = sql; *c; c++)
        n += c[0] == '$' && c[1] == digit;
    return n;
}

static bool is_cheap(const struct kql_expr *x)
{
    return x->kind == KQL_EXPR_COL || (x->kind == KQL_EXPR_CONST && x->value.s.n < 64);
}

void kql_emit_template(struct kql_emit *e, const char *sql, struct kql_expr *const *args, size_t n)
{
    bool truth = e->truth;

    e->truth = false;
    for (const char *c = sql; *c; c++) {
        if (c[0] != '$' || c[1] == '\0' || !strchr("123456789*w", c[1])) {
            strbuf_addc(e->out, *c);
            continue;
        }
        c++;
        size_t i = (size_t)(*c - '1');
        if (*c == '*') {
            for (size_t j = 0; j < n; j++) {
                kql_emit_addz(e, j > 0 ? "," : "");
                kql_emit_expr(e, args[j]);
            }
        } else if (*c == 'w') {
            add_over(e);
        } else if (i < n && !is_cheap(args[i]) && uses_of(sql, *c) > 1) {
            kql_emit_name(e, kql_emit_shared(e, args[i]));
        } else if (i < n) {
            kql_emit_expr(e, args[i]);
        }
    }
    e->truth = truth;
}

void kql_emit_call(struct kql_emit *e, const char *sql, const struct kql_expr *call)
{
    kql_emit_template(e, sql, call->args, call->n_args);
}

str kql_emit_of(struct kql_emit *e, const struct kql_expr *x)
{
    AUTO_STRBUF    text = STRBUF_INIT(e->max_bytes);
    struct strbuf *out = e->out;
    bool           truth = e->truth;

    e->out = &text;
    e->truth = false;
    kql_emit_expr(e, x);
    e->out = out;
    e->truth = truth;
    e->overflow = e->overflow || text.overflow;
    return kql_emit_keep(e, strbuf_view(&text));
}

str kql_emit_shared(struct kql_emit *e, const struct kql_expr *x)
{
    if (x->kind == KQL_EXPR_COL && !x->col->raw) {
        kql_block_weigh(e, x->col);
        return x->col->sql;
    }
    struct kql_block *k = e->block;
    size_t            weight = e->weight, total = e->total;
    str               sql = kql_emit_of(e, x);

    if (!k->shared)
        k->shared = map_new_in(e->arena, MAP_CASE);
    struct kql_shared *s = map_find(k->shared, sql);
    if (!s) {
        s = ARENA_NEW(e->arena, struct kql_shared);
        *s = (struct kql_shared) { sql, arena_printf(e->arena, "#%u", ++e->names), e->weight - weight,
                                   e->total - total };
        map_put(k->shared, sql, s);
        *vec_push_in(e->arena, &k->with) = s;
    }
    e->weight = weight + s->weight;
    e->total = total + s->total;
    return s->name;
}

void kql_emit_closed(struct kql_emit *e, const struct kql_expr *x)
{
    struct kql_block *outer = e->block, own = { 0 };

    e->block = &own;
    str text = kql_emit_of(e, x);
    e->block = outer;
    for (size_t i = 0; i < own.with.n; i++) {
        kql_emit_addz(e, "arrayMap(");
        kql_emit_name(e, own.with.p[i]->name);
        kql_emit_addz(e, " -> ");
    }
    kql_emit_add(e, text);
    for (size_t i = own.with.n; i-- > 0;) {
        kql_emit_addz(e, ",[");
        kql_emit_add(e, own.with.p[i]->sql);
        kql_emit_addz(e, "])[1]");
    }
}

static void add_subquery(struct kql_emit *e, const struct kql_rel *rel, bool scalar)
{
    struct kql_block *k = gather(e, rel);
    kql_cols          one = { 0 };

    *vec_push_in(e->arena, &one) = rel->fields.p[0].col;
    if (k->is_distinct && (k->distinct.n != 1 || k->distinct.p[0] != one.p[0]))
        k = kql_block_close(e, k);
    if (scalar && k->order.n == 0 && !k->limit)
        k->order = rel->order;
    str sql = kql_block_sql(e, k, &one);
    kql_emit_addz(e, scalar && !k->limit && !(k->grouped && k->keys.n == 0) ? "(SELECT * FROM (" : "(");
    kql_emit_add(e, sql);
    kql_emit_addz(e, scalar && !k->limit && !(k->grouped && k->keys.n == 0) ? ") LIMIT 1)" : ")");
}

void kql_emit_expr(struct kql_emit *e, const struct kql_expr *x)
{
    if (e->depth > DEPTH_MAX || e->out->overflow) {
        e->overflow = true;
        return;
    }
    e->depth++;
    e->weight++;
    e->total++;
    switch (x->kind) {
    case KQL_EXPR_COL:
        kql_block_weigh(e, x->col);
        if (x->col->raw)
            kql_emit_add(e, x->col->sql);
        else
            kql_emit_name(e, x->col->sql);
        break;
    case KQL_EXPR_CONST:
        kql_value_sql(e->out, &x->value);
        break;
    case KQL_EXPR_AGG:
        if (x->agg->emit)
            x->agg->emit(e, x);
        else
            kql_emit_call(e, x->agg->sql, x);
        break;
    case KQL_EXPR_CALL:
    case KQL_EXPR_WINDOW:
        if (x->fn->emit)
            x->fn->emit(e, x);
        else if (x->fn->scalar)
            kql_scalar_emit(e, x->fn->scalar, x->args, x->n_args);
        else
            kql_emit_call(e, x->fn->sql, x);
        break;
    case KQL_EXPR_SUBQUERY:
        kql_emit_addz(e, kql_type_is_text(x->type) ? "ifNull(" : "");
        add_subquery(e, x->rel, true);
        kql_emit_addz(e, kql_type_is_text(x->type) ? ",'')" : "");
        break;
    case KQL_EXPR_IN:
        kql_emit_addz(e, e->truth || !x->args[0]->nullable ? "(" : "ifNull(");
        kql_emit_template(e, "$1 IN ", x->args, 1);
        add_subquery(e, x->rel, false);
        kql_emit_addz(e, e->truth || !x->args[0]->nullable ? ")" : ",false)");
        break;
    }
    e->depth--;
}

/* --- relations --- */

static str select_of(struct kql_emit *e, const struct kql_rel *rel, const kql_cols *columns)
{
    struct kql_block *k = gather(e, rel);
    bool              same = k->is_distinct && columns->n == k->distinct.n;

    for (size_t i = 0; same && i < columns->n; i++)
        same = columns->p[i] == k->distinct.p[i];
    if (k->is_distinct && !same)
        k = kql_block_close(e, k);
    if (!k->limit)
        k->order.n = 0;
    return kql_block_sql(e, k, columns);
}

static void needed_columns(struct kql_emit *e, const struct kql_block *k, kql_cols *out)
{
    for (size_t i = 0; i < k->available.n; i++)
        if (kql_block_is_live(e, k->available.p[i]))
            *vec_push_in(e->arena, out) = k->available.p[i];
}

static struct kql_block *of_table(struct kql_emit *e, const struct kql_rel *rel)
{
    AUTO_STRBUF name = STRBUF_INIT(1000);

    sql_name(&name, rel->table);
    struct kql_block *k =
        kql_block_new(e, arena_printf(e->arena, "law." STR_FMT, STR_ARG(strbuf_view(&name))));
    for (size_t i = 0; i < rel->columns.n; i++) {
        struct kql_col *col = rel->columns.p[i];
        if (!col->needed)
            continue;
        if (str_eq(col->sql, col->physical))
            *vec_push_in(e->arena, &k->available) = col;
        else
            kql_block_add(e, k, col, (struct kql_piece) { STR_NONE, 1, 1 });
    }
    return k;
}

/* values('`a` Nullable(Int64), …', (1, …), …), or null('…') without rows. */
/* Many rows of texts and times: as one JSON text, since the engine bounds what a statement may hold besides
 * texts. Only the columns that are read. */
static bool is_list(const struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->columns.n; i++)
        if (rel->columns.p[i]->type != KQL_STRING && rel->columns.p[i]->type != KQL_DATETIME)
            return false;
    for (size_t i = 0; i < rel->values.n; i++)
        if (rel->values.p[i].null && rel->values.p[i].type != KQL_STRING)
            return false;
    return rel->columns.n > 0 && rel->values.n > LIST_CELLS;
}

static void add_cells(struct kql_emit *e, const struct kql_rel *rel, const kql_cols *live)
{
    AUTO_STRBUF   json = STRBUF_INIT(e->max_bytes);
    struct json_w w = json_w_make(&json);
    char          buf[TS_TEXT_SIZE];
    size_t        width = rel->columns.n;

    json_w_array(&w);
    for (size_t r = 0; r < rel->values.n / width && !json.overflow; r++) {
        json_w_array(&w);
        for (size_t i = 0; i < width; i++) {
            const struct kql_value *v = &rel->values.p[r * width + i];
            bool                    is_live = false;
            for (size_t k = 0; k < live->n && !is_live; k++)
                is_live = live->p[k] == rel->columns.p[i];
            if (is_live)
                json_w_str(&w, v->type == KQL_DATETIME ? ts_text(v->i, buf) : v->s);
        }
        json_w_end(&w);
    }
    json_w_end(&w);
    e->overflow = e->overflow || json.overflow;
    kql_emit_text(e, strbuf_view(&json));
}

static struct kql_block *of_list(struct kql_emit *e, const struct kql_rel *rel)
{
    AUTO_STRBUF    text = STRBUF_INIT(e->max_bytes);
    struct strbuf *out = e->out;
    kql_cols       live = { 0 };

    for (size_t i = 0; i < rel->columns.n; i++)
        if (kql_block_is_live(e, rel->columns.p[i]))
            *vec_push_in(e->arena, &live) = rel->columns.p[i];
    if (!live.n)
        *vec_push_in(e->arena, &live) = rel->columns.p[0];
    e->out = &text;
    kql_emit_addz(e, "(SELECT ");
    for (size_t i = 0; i < live.n; i++) {
        bool is_time = live.p[i]->type == KQL_DATETIME;
        strbuf_addf(&text, is_time ? "%sparseDateTime64BestEffort(r.%zu,7,'UTC') AS " : "%sr.%zu AS ",
                    i ? ", " : "", i + 1);
        sql_name(&text, live.p[i]->sql);
    }
    kql_emit_addz(e, " FROM (SELECT arrayJoin(JSONExtract(");
    add_cells(e, rel, &live);
    kql_emit_addz(e, ",'Array(Tuple(");
    for (size_t i = 0; i < live.n; i++)
        kql_emit_addz(e, i ? ", String" : "String");
    kql_emit_addz(e, "))')) AS r))");
    e->out = out;
    e->overflow = e->overflow || text.overflow;
    struct kql_block *k = kql_block_new(e, kql_emit_keep(e, strbuf_view(&text)));
    k->available = live;
    return k;
}

static struct kql_block *of_values(struct kql_emit *e, const struct kql_rel *rel)
{
    if (is_list(rel))
        return of_list(e, rel);
    AUTO_STRBUF    shape = STRBUF_INIT(1 << 20), text = STRBUF_INIT(e->max_bytes);
    struct strbuf *out = e->out;
    size_t         width = rel->columns.n, rows = width > 0 ? rel->values.n / width : 0;

    for (size_t i = 0; i < width; i++) {
        strbuf_addz(&shape, i > 0 ? ", " : "");
        sql_name(&shape, rel->columns.p[i]->sql);
        strbuf_addc(&shape, ' ');
        strbuf_add(&shape, kql_type_sql(rel->columns.p[i]->type));
    }
    e->out = &text;
    kql_emit_addz(e, rows > 0 ? "values(" : "null(");
    kql_emit_text(e, strbuf_view(&shape));
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < width; i++) {
            kql_emit_addz(e, i > 0 ? "," : ",(");
            kql_value_sql(e->out, &rel->values.p[r * width + i]);
        }
        kql_emit_addz(e, ")");
    }
    kql_emit_addz(e, ")");
    e->out = out;
    e->overflow = e->overflow || text.overflow;
    struct kql_block *k = kql_block_new(e, kql_emit_keep(e, strbuf_view(&text)));
    k->available = rel->columns;
    return k;
}

static struct kql_block *of_filter(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);
    struct kql_piece  pred;

    if (k->limit || k->windowed)
        k = kql_block_close(e, k);
    if (!kql_block_piece(e, k, rel->pred, true, &pred)) {
        k = kql_block_close(e, k);
        (void)kql_block_piece(e, k, rel->pred, true, &pred);
    }
    if (k->grouped)
        *vec_push_in(e->arena, &k->having) = pred.sql;
    else
        *vec_push_in(e->arena, &k->where) = pred.sql;
    return k;
}

static struct kql_block *of_project(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);

    for (size_t i = 0; i < rel->defs.n; i++) {
        if (!kql_block_is_live(e, rel->defs.p[i].col))
            continue;
        if (k->is_distinct)
            k = kql_block_close(e, k);
        k = kql_block_compute(e, k, rel->defs.p[i].col, rel->defs.p[i].expr);
    }
    return k;
}

/* The SQL of keys and aggregates, as they stand before anything is grouped. */
static bool summarize_pieces(struct kql_emit *e, struct kql_block *k, const struct kql_rel *rel,
                             struct kql_piece *out)
{
    for (size_t i = 0; i < rel->keys.n; i++)
        if (!kql_plan_key_is_idle(rel, &rel->keys.p[i]) &&
            !kql_block_piece(e, k, rel->keys.p[i].expr, false, &out[i]))
            return false;
    for (size_t i = 0; i < rel->defs.n; i++)
        if (rel->defs.p[i].col->needed &&
            !kql_block_piece(e, k, rel->defs.p[i].expr, false, &out[rel->keys.n + i]))
            return false;
    return true;
}

static struct kql_block *of_summarize(struct kql_emit *e, const struct kql_rel *rel)
{
    const struct kql_rel *in = rel->inputs.p[0];
    struct kql_block     *k = gather(e, in);
    bool                  ordered = false;

    for (size_t i = 0; i < rel->defs.n; i++) {
        const struct kql_expr *x = rel->defs.p[i].expr;
        ordered = ordered || (x->kind == KQL_EXPR_AGG && x->agg->ordered && rel->defs.p[i].col->needed);
    }
    if (k->grouped || k->limit || k->windowed || k->is_distinct)
        k = kql_block_close(e, k);
    if (ordered && in->order.n > 0) { /* lists keep the order of the rows: sort them first */
        k->order = in->order;
        kql_cols columns = { 0 };
        needed_columns(e, k, &columns);
        k = kql_block_new(e, kql_block_nested(e, k, &columns));
        k->available = columns;
    }
    struct kql_piece *pieces = ARENA_ARRAY(e->arena, struct kql_piece, rel->keys.n + rel->defs.n + 1);
    if (!summarize_pieces(e, k, rel, pieces)) {
        k = kql_block_close(e, k);
        (void)summarize_pieces(e, k, rel, pieces);
    }
    k->grouped = true;
    k->order.n = 0;
    k->available = (kql_cols) { 0 };
    for (size_t i = 0; i < rel->keys.n; i++) {
        struct kql_def *key = &rel->keys.p[i];
        if (kql_plan_key_is_idle(rel, key))
            continue;
        if (key->expr->kind == KQL_EXPR_COL && key->expr->col == key->col)
            *vec_push_in(e->arena, &k->available) = key->col;
        else
            kql_block_add(e, k, key->col, pieces[i]);
        *vec_push_in(e->arena, &k->keys) = key->col;
    }
    for (size_t i = 0; i < rel->defs.n; i++)
        if (rel->defs.p[i].col->needed)
            kql_block_add(e, k, rel->defs.p[i].col, pieces[rel->keys.n + i]);
    return k;
}

static struct kql_block *of_distinct(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);

    if (k->is_distinct || k->limit)
        k = kql_block_close(e, k);
    k->is_distinct = true;
    k->order.n = 0;
    for (size_t i = 0; i < rel->part.n + rel->fields.n; i++) {
        struct kql_col *col = i < rel->part.n ? rel->part.p[i] : rel->fields.p[i - rel->part.n].col;
        bool            seen = false;
        for (size_t j = 0; j < k->distinct.n; j++)
            seen = seen || k->distinct.p[j] == col;
        if (!seen)
            *vec_push_in(e->arena, &k->distinct) = col;
    }
    return k;
}

static struct kql_block *of_limit(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);

    if (k->limit)
        k = kql_block_close(e, k);
    k->limit = rel->count;
    k->limit_by = rel->by;
    k->order = rel->inputs.p[0]->order;
    return k;
}

static struct kql_block *of_window(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);
    bool              needed = false;

    for (size_t i = 0; i < rel->defs.n; i++)
        needed = needed || rel->defs.p[i].col->needed;
    if (!needed)
        return k;
    if (k->windowed || k->grouped || k->limit || k->is_distinct)
        k = kql_block_close(e, k);
    k->windowed = true;
    k->window = rel;
    for (size_t i = 0; i < rel->defs.n; i++) {
        struct kql_piece piece;
        if (!kql_block_piece(e, k, rel->defs.p[i].expr, false, &piece)) {
            k = kql_block_close(e, k);
            k->windowed = true;
            k->window = rel;
            (void)kql_block_piece(e, k, rel->defs.p[i].expr, false, &piece);
        }
        kql_block_add(e, k, rel->defs.p[i].col, piece);
    }
    return k;
}

static bool expand_pieces(struct kql_emit *e, struct kql_block *k, const struct kql_rel *rel,
                          struct kql_piece *out)
{
    for (size_t i = 0; i < rel->defs.n; i++)
        if (!kql_block_piece(e, k, rel->defs.p[i].expr, false, &out[i]))
            return false;
    return true;
}

static struct kql_block *of_expand(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel->inputs.p[0]);
    AUTO_STRBUF       from = STRBUF_INIT(e->max_bytes);
    kql_cols          columns = { 0 }, elements = { 0 };

    if (k->is_distinct)
        k = kql_block_close(e, k);
    struct kql_piece *pieces = ARENA_ARRAY(e->arena, struct kql_piece, rel->defs.n + 1);
    if (!expand_pieces(e, k, rel, pieces)) {
        k = kql_block_close(e, k);
        (void)expand_pieces(e, k, rel, pieces);
    }
    needed_columns(e, k, &columns);
    for (size_t i = 0; i < rel->defs.n; i++) { /* the arrays become columns of the inner SELECT */
        struct kql_col *array = ARENA_NEW(e->arena, struct kql_col);
        *array = (struct kql_col) { .type = KQL_DYNAMIC, .needed = true, .last_use = rel->place };
        array->sql = arena_printf(e->arena, "#%u", ++e->names);
        kql_block_add(e, k, array, pieces[i]);
        *vec_push_in(e->arena, &columns) = array;
        *vec_push_in(e->arena, &elements) = array;
    }
    if (!k->limit)
        k->order.n = 0;
    strbuf_addf(&from, "(" STR_FMT ")%s ARRAY JOIN ", STR_ARG(kql_block_sql(e, k, &columns)),
                rel->outer ? " LEFT" : "");
    columns.n -= elements.n;
    for (size_t i = 0; i < elements.n; i++) {
        strbuf_addz(&from, i > 0 ? ", " : "");
        sql_name(&from, elements.p[i]->sql);
        strbuf_addz(&from, " AS ");
        sql_name(&from, rel->defs.p[i].col->sql);
        *vec_push_in(e->arena, &columns) = rel->defs.p[i].col;
    }
    e->overflow = e->overflow || from.overflow;
    struct kql_block *outer = kql_block_new(e, kql_emit_keep(e, strbuf_view(&from)));
    outer->available = columns;
    return outer;
}

static void add_join_key(struct strbuf *out, const struct kql_join_key *key)
{
    AUTO_STRBUF   left = STRBUF_INIT(4000), right = STRBUF_INIT(4000);
    enum kql_type type = key->left->type;

    sql_name(&left, key->left->sql);
    sql_name(&right, key->right->sql);
    str l = strbuf_view(&left), r = strbuf_view(&right);
    if (!key->left->nullable || !key->right->nullable) /* a null on one side alone meets nothing */
        strbuf_addf(out, STR_FMT " = " STR_FMT, STR_ARG(l), STR_ARG(r));
    else if (kql_type_is_integer(type) || type == KQL_TIMESPAN)
        strbuf_addf(out,
                    "ifNull(" STR_FMT ",0) = ifNull(" STR_FMT ",0) AND isNull(" STR_FMT ") = isNull(" STR_FMT
                    ")",
                    STR_ARG(l), STR_ARG(r), STR_ARG(l), STR_ARG(r));
    else
        strbuf_addf(out, STR_FMT " <=> " STR_FMT, STR_ARG(l), STR_ARG(r));
}

static str join_side(struct kql_emit *e, const struct kql_rel *rel, const struct kql_rel *unique,
                     kql_cols *columns)
{
    struct kql_block *k = gather(e, rel);

    if (k->is_distinct || (unique && k->limit))
        k = kql_block_close(e, k);
    if (!k->limit)
        k->order.n = 0;
    if (unique) { /* innerunique: one row of each key */
        struct kql_expr *one = kql_plan_const(e->arena, kql_value_long(1), (struct kql_span) { 0, 0 });
        k->limit = one;
        for (size_t i = 0; i < unique->on.n; i++)
            *vec_push_in(e->arena, &k->limit_by) = unique->on.p[i].left;
    }
    needed_columns(e, k, columns);
    return kql_block_sql(e, k, columns);
}

static struct kql_block *of_join(struct kql_emit *e, const struct kql_rel *rel)
{
    static const char *const KINDS[] = {
        [KQL_JOIN_INNER] = "INNER",           [KQL_JOIN_LEFT] = "LEFT",
        [KQL_JOIN_RIGHT] = "RIGHT",           [KQL_JOIN_FULL] = "FULL",
        [KQL_JOIN_LEFT_SEMI] = "LEFT SEMI",   [KQL_JOIN_LEFT_ANTI] = "LEFT ANTI",
        [KQL_JOIN_RIGHT_SEMI] = "RIGHT SEMI", [KQL_JOIN_RIGHT_ANTI] = "RIGHT ANTI",
    };
    AUTO_STRBUF from = STRBUF_INIT(e->max_bytes);
    kql_cols    left = { 0 }, right = { 0 };
    str         l = join_side(e, rel->inputs.p[0], rel->unique_left ? rel : NULL, &left);
    str         r = join_side(e, rel->inputs.p[1], NULL, &right);

    unsigned n = ++e->names;
    strbuf_addf(&from, "(" STR_FMT ") AS `#l%u` %s JOIN (" STR_FMT ") AS `#r%u`", STR_ARG(l), n,
                rel->on.n == 0 ? "CROSS" : KINDS[rel->join], STR_ARG(r), n);
    for (size_t i = 0; i < rel->on.n; i++) {
        strbuf_addz(&from, i > 0 ? " AND " : " ON ");
        add_join_key(&from, &rel->on.p[i]);
    }
    e->overflow = e->overflow || from.overflow;
    struct kql_block *k = kql_block_new(e, kql_emit_keep(e, strbuf_view(&from)));
    bool              drop_right = rel->join == KQL_JOIN_LEFT_SEMI || rel->join == KQL_JOIN_LEFT_ANTI;
    bool              drop_left = rel->join == KQL_JOIN_RIGHT_SEMI || rel->join == KQL_JOIN_RIGHT_ANTI;
    for (size_t i = 0; i < left.n && !drop_left; i++)
        *vec_push_in(e->arena, &k->available) = left.p[i];
    for (size_t i = 0; i < right.n && !drop_right; i++)
        *vec_push_in(e->arena, &k->available) = right.p[i];
    return k;
}

/* What the inputs of a union have in common: a union of all tables has thousands of inputs and ten thousands
 * of fields, of which few are needed. */
struct uniting {
    const struct kql_rel *rel;
    VEC(size_t) needed;    /* fields that somebody reads */
    struct kql_col **from; /* scratch: the input's column for each field; NULL where it has none */
};

static void add_united_column(struct strbuf *text, const struct kql_col *col, const struct kql_col *from)
{
    bool wrap = from && !kql_type_is_text(col->type);

    strbuf_addz(text, wrap ? "toNullable(" : "");
    if (from)
        sql_name(text, from->sql);
    else
        strbuf_add(text, kql_type_null_sql(col->type));
    strbuf_addz(text, wrap ? ") AS " : " AS ");
    sql_name(text, col->sql);
}

/* Each input selects the same needed columns in the same order; a column that it lacks is a null. */
static void add_union_input(struct kql_emit *e, struct strbuf *text, const struct uniting *u, size_t i)
{
    const kql_sources *sources = &u->rel->maps.p[i];
    kql_cols           columns = { 0 };

    for (size_t k = 0; k < sources->n; k++) {
        if (!u->rel->fields.p[sources->p[k].field].col->needed)
            continue;
        u->from[sources->p[k].field] = sources->p[k].col;
        *vec_push_in(e->arena, &columns) = sources->p[k].col;
    }
    str inner = select_of(e, u->rel->inputs.p[i], &columns);
    strbuf_addz(text, "SELECT ");
    for (size_t j = 0; j < u->needed.n; j++) {
        size_t field = u->needed.p[j];
        strbuf_addz(text, j > 0 ? ", " : "");
        add_united_column(text, u->rel->fields.p[field].col, u->from[field]);
        u->from[field] = NULL;
    }
    strbuf_addz(text, u->needed.n == 0 ? "1 FROM (" : " FROM (");
    strbuf_add(text, inner);
    strbuf_addc(text, ')');
}

static struct kql_block *of_union(struct kql_emit *e, const struct kql_rel *rel)
{
    AUTO_STRBUF    from = STRBUF_INIT(e->max_bytes);
    struct uniting u = { .rel = rel, .from = ARENA_ARRAY(e->arena, struct kql_col *, rel->fields.n + 1) };

    for (size_t i = 0; i < rel->fields.n; i++)
        if (rel->fields.p[i].col->needed)
            *vec_push_in(e->arena, &u.needed) = i;
    for (size_t i = 0; i < rel->inputs.n && !e->overflow && !from.overflow; i++) {
        strbuf_addz(&from, i > 0 ? " UNION ALL " : "(");
        add_union_input(e, &from, &u, i);
    }
    strbuf_addc(&from, ')');
    e->overflow = e->overflow || from.overflow;
    struct kql_block *k = kql_block_new(e, kql_emit_keep(e, strbuf_view(&from)));
    for (size_t j = 0; j < rel->fields.n; j++)
        *vec_push_in(e->arena, &k->available) = rel->fields.p[j].col;
    return k;
}

/* The name under which the statement's WITH computes a relation once. */
static str shared_name(struct kql_emit *e, const struct kql_rel *rel)
{
    const struct kql_rel *def = rel->inputs.p[0];
    kql_cols              columns = { 0 };

    for (size_t i = 0; i < e->ctes.n; i++)
        if (e->ctes.p[i].def == def)
            return e->ctes.p[i].name;
    for (size_t i = 0; i < def->asked.n; i++)
        if (def->asked.p[i]->last_use == SIZE_MAX) /* asked for by a reader, not only used within */
            *vec_push_in(e->arena, &columns) = def->asked.p[i];
    struct kql_block *block = e->block;
    str               sql = select_of(e, def, &columns);
    e->block = block;
    str name = arena_printf(e->arena, "#m%u", ++e->names);
    *vec_push_in(e->arena, &e->ctes) = (struct kql_cte) { def, name, sql };
    return name;
}

static struct kql_block *of_shared(struct kql_emit *e, const struct kql_rel *rel)
{
    AUTO_STRBUF from = STRBUF_INIT(100);

    sql_name(&from, shared_name(e, rel));
    struct kql_block *k = kql_block_new(e, kql_emit_keep(e, strbuf_view(&from)));
    for (size_t i = 0; i < rel->on.n; i++)
        if (rel->on.p[i].right->needed)
            kql_block_add(e, k, rel->on.p[i].right, (struct kql_piece) { STR_NONE, 1, 1 });
    return k;
}

/* A graph has no rows; the binder lets none through to here where rows are asked for. */
static struct kql_block *of_nothing(struct kql_emit *e, const struct kql_rel *rel)
{
    (void)rel;
    return kql_block_new(e, STR_NONE);
}

static struct kql_block *gather(struct kql_emit *e, const struct kql_rel *rel)
{
    static struct kql_block *(*const OF[])(struct kql_emit *, const struct kql_rel *) = {
        [KQL_REL_TABLE] = of_table,     [KQL_REL_VALUES] = of_values,       [KQL_REL_FILTER] = of_filter,
        [KQL_REL_PROJECT] = of_project, [KQL_REL_SUMMARIZE] = of_summarize, [KQL_REL_DISTINCT] = of_distinct,
        [KQL_REL_LIMIT] = of_limit,     [KQL_REL_JOIN] = of_join,           [KQL_REL_UNION] = of_union,
        [KQL_REL_EXPAND] = of_expand,   [KQL_REL_WINDOW] = of_window,       [KQL_REL_SHARED] = of_shared,
        [KQL_REL_GRAPH] = of_nothing,
    };
    if (e->depth > DEPTH_MAX || e->overflow) {
        e->overflow = true;
        return kql_block_new(e, STR_NONE);
    }
    size_t place = e->place;
    e->depth++;
    e->place = rel->place;
    struct kql_block *k = rel->kind == KQL_REL_ONE ? kql_block_new(e, STR_NONE) : OF[rel->kind](e, rel);
    e->place = place;
    e->depth--;
    return k;
}

void kql_emit_rel(struct kql_emit *e, const struct kql_rel *rel)
{
    struct kql_block *k = gather(e, rel);
    kql_cols          columns = { 0 };

    for (size_t i = 0; i < rel->fields.n; i++)
        *vec_push_in(e->arena, &columns) = rel->fields.p[i].col;
    bool same = k->is_distinct && columns.n == k->distinct.n;
    for (size_t i = 0; same && i < columns.n; i++)
        same = columns.p[i] == k->distinct.p[i];
    if (k->is_distinct && !same)
        k = kql_block_close(e, k);
    if (!k->limit || k->limit_by.n > 0 || k->order.n == 0)
        if (rel->order.n > 0 && !k->limit)
            k->order = rel->order;
    if (k->limit && k->order.n == 0 && rel->order.n > 0) {
        k = kql_block_close(e, k);
        k->order = rel->order;
    }
    kql_emit_add(e, kql_block_sql(e, k, &columns));
}

/* WITH and what is computed once, before the statement, which may begin with a WITH of its own. */
static void put_before(struct kql_emit *e)
{
    str  main = kql_emit_keep(e, strbuf_view(e->out));
    bool with = str_starts(main, S("WITH "));

    strbuf_clear(e->out);
    for (size_t i = 0; i < e->ctes.n; i++) {
        kql_emit_addz(e, i > 0 ? ", " : "WITH ");
        kql_emit_name(e, e->ctes.p[i].name);
        kql_emit_addz(e, " AS MATERIALIZED (");
        kql_emit_add(e, e->ctes.p[i].sql);
        kql_emit_addz(e, ")");
    }
    kql_emit_addz(e, with ? ", " : " ");
    kql_emit_add(e, str_from(main, with ? 5 : 0));
}

enum rc kql_emit_query(struct arena *arena, const struct kql_opts *opts, const struct kql_rel *root, str *sql,
                       struct err *err)
{
    size_t          max = opts->limits.sql_bytes > 0 ? opts->limits.sql_bytes : KQL_LIMIT_SQL_BYTES;
    AUTO_STRBUF     out = STRBUF_INIT(max);
    struct kql_emit e = { .arena = arena, .opts = opts, .out = &out, .max_bytes = max, .place = SIZE_MAX };

    e.max_arena = arena_used(arena) + 4 * max;

    kql_emit_rel(&e, root);
    if (e.ctes.n > 0)
        put_before(&e);
    if (e.overflow || out.overflow)
        return err_set(err, RC_LIMIT, "the SQL of the query is over %zu bytes or nested too deep", max);
    *sql = kql_emit_keep(&e, strbuf_view(&out));
    return e.overflow ? err_set(err, RC_LIMIT, "the SQL of the query is over %zu bytes", max) : RC_OK;
}
