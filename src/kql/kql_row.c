/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_row.h"

#include "base/map.h"
#include "kql/kql_bind.h"
#include "kql/kql_row_fn.h"

enum { MAX_NODES = 100000, MAX_DEPTH = 400, MAX_ARGS = 2000 };

struct node {
    enum { CONSTANT, COLUMN, CALL, SCALAR_CALL, AND, OR, CHOICE, COALESCE } kind;
    enum kql_type            type;
    struct scalar_value      constant;
    size_t                   slot; /* COLUMN */
    const struct kql_expr   *expr;
    const struct kql_row_fn *fn;
    const struct scalar     *scalar;
    const void              *data;
    const struct node      **args;
    size_t                   n_args;
};

/* A column: an input, or what computes it. */
struct column {
    const struct kql_col *col;
    const struct node    *def;
    size_t                input; /* when def is NULL */
};

struct kql_row {
    str table;
    VEC(struct column) columns;
    VEC(const struct node *) filters; /* from the table on */
    VEC(struct kql_column) inputs, outputs;
    VEC(size_t) output_slots;
};

struct compiling {
    struct kql_binder *b;
    struct arena      *a;
    struct kql_row    *row;
    struct map        *slots; /* of columns, by their names in the SQL: slot + 1 */
    size_t             nodes, depth;
};

/* --- compiling --- */

static void refuse(struct compiling *x, struct kql_span span, const char *what)
{
    kql_bind_error(x->b, KQL_DIAG_UNSUPPORTED, span, "row evaluation has no %s", what);
}

static const struct node *compile(struct compiling *x, const struct kql_expr *e);

static bool compile_args(struct compiling *x, const struct kql_expr *e, struct node *n, size_t count)
{
    if (count > MAX_ARGS) {
        refuse(x, e->span, "call of so many arguments");
        return false;
    }
    n->n_args = count;
    n->args = ARENA_ARRAY(x->a, const struct node *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!(n->args[i] = compile(x, e->args[i])))
            return false;
    return true;
}

static bool compile_call(struct compiling *x, const struct kql_expr *e, struct node *n)
{
    static const struct {
        const char *name;
        int         kind;
    } LAZY[] = {
        { "and", AND }, { "or", OR }, { "iff", CHOICE }, { "case", CHOICE }, { "coalesce", COALESCE }
    };

    for (size_t i = 0; i < sizeof LAZY / sizeof LAZY[0]; i++)
        if (strcmp(LAZY[i].name, e->fn->name) == 0) {
            n->kind = LAZY[i].kind;
            return compile_args(x, e, n, e->n_args);
        }
    n->fn = kql_row_fn_find(e->fn->name);
    n->scalar = !n->fn && e->fn->scalar ? scalar_find(str_of(e->fn->scalar)) : NULL;
    n->kind = n->scalar ? SCALAR_CALL : CALL;
    if (n->fn && n->fn->prepare && !n->fn->prepare(x->a, e, &n->data))
        n->fn = NULL;
    if (!n->fn && !n->scalar) {
        refuse(x, e->span, e->fn->name);
        return false;
    }
    return compile_args(x, e, n, n->fn && n->fn->first_only && e->n_args > 1 ? 1 : e->n_args);
}

static const struct node *compile_one(struct compiling *x, const struct kql_expr *e)
{
    struct node *n = ARENA_NEW(x->a, struct node);

    n->expr = e;
    n->type = e->type;
    switch (e->kind) {
    case KQL_EXPR_CONST:
        n->kind = CONSTANT;
        n->constant = kql_row_value(&e->value);
        return n;
    case KQL_EXPR_COL: {
        size_t slot = (size_t)map_find(x->slots, e->col->sql);
        n->kind = COLUMN;
        n->slot = slot - 1;
        if (slot == 0)
            refuse(x, e->span, "column of that origin");
        return slot > 0 ? n : NULL;
    }
    case KQL_EXPR_CALL:
        return compile_call(x, e, n) ? n : NULL;
    case KQL_EXPR_AGG:
        refuse(x, e->span, "aggregates");
        return NULL;
    case KQL_EXPR_WINDOW:
        refuse(x, e->span, "functions over rows in order");
        return NULL;
    default:
        refuse(x, e->span, "subqueries");
        return NULL;
    }
}

static const struct node *compile(struct compiling *x, const struct kql_expr *e)
{
    if (e->type == KQL_DECIMAL) {
        refuse(x, e->span, "decimals");
        return NULL;
    }
    if (++x->nodes > MAX_NODES || x->depth > MAX_DEPTH) {
        kql_bind_error(x->b, KQL_DIAG_LIMIT, e->span, "the query is too large for row evaluation");
        return NULL;
    }
    x->depth++;
    const struct node *n = compile_one(x, e);
    x->depth--;
    return n;
}

static void add_column(struct compiling *x, const struct kql_col *col, const struct node *def)
{
    *vec_push_in(x->a, &x->row->columns) = (struct column) { col, def, x->row->inputs.n };
    map_put(x->slots, col->sql, (void *)x->row->columns.n); // NOLINT: a count kept as a pointer
}

static bool add_table(struct compiling *x, const struct kql_rel *rel)
{
    x->row->table = rel->table;
    for (size_t i = 0; i < rel->columns.n; i++) {
        const struct kql_col *col = rel->columns.p[i];
        if (!col->needed)
            continue;
        add_column(x, col, NULL);
        *vec_push_in(x->a, &x->row->inputs) = (struct kql_column) { col->physical, col->type };
    }
    return true;
}

static bool add_defs(struct compiling *x, const struct kql_rel *rel)
{
    for (size_t i = 0; i < rel->defs.n; i++) {
        if (!rel->defs.p[i].col->needed)
            continue;
        const struct node *def = compile(x, rel->defs.p[i].expr);
        if (!def)
            return false;
        add_column(x, rel->defs.p[i].col, def);
    }
    return true;
}

static bool add_rel(struct compiling *x, const struct kql_rel *rel)
{
    static const char *const NAMES[KQL_REL_COUNT_] = {
        [KQL_REL_VALUES] = "datatable or externaldata",
        [KQL_REL_SUMMARIZE] = "summarize",
        [KQL_REL_DISTINCT] = "distinct",
        [KQL_REL_LIMIT] = "take or top",
        [KQL_REL_JOIN] = "join or lookup",
        [KQL_REL_UNION] = "union",
        [KQL_REL_EXPAND] = "mv-expand or range",
        [KQL_REL_WINDOW] = "functions over rows in order",
    };

    if (rel->kind == KQL_REL_TABLE)
        return add_table(x, rel);
    if (rel->kind == KQL_REL_ONE)
        return true;
    if (rel->kind != KQL_REL_FILTER && rel->kind != KQL_REL_PROJECT) {
        refuse(x, (struct kql_span) { 0, 0 }, NAMES[rel->kind] ? NAMES[rel->kind] : "operator of that kind");
        return false;
    }
    if (!add_rel(x, rel->inputs.p[0]))
        return false;
    if (rel->kind == KQL_REL_PROJECT)
        return add_defs(x, rel);
    const struct node *filter = compile(x, rel->pred);
    if (filter)
        *vec_push_in(x->a, &x->row->filters) = filter;
    return filter != NULL;
}

static bool add_outputs(struct compiling *x, const struct kql_rel *rel)
{
    if (rel->order.n > 0) {
        refuse(x, (struct kql_span) { 0, 0 }, "sort");
        return false;
    }
    for (size_t i = 0; i < rel->fields.n; i++) {
        const struct kql_field *f = &rel->fields.p[i];
        size_t                  slot = (size_t)map_find(x->slots, f->col->sql);
        if (slot == 0) {
            refuse(x, (struct kql_span) { 0, 0 }, "column of that origin");
            return false;
        }
        *vec_push_in(x->a, &x->row->output_slots) = slot - 1;
        *vec_push_in(x->a, &x->row->outputs) =
            (struct kql_column) { f->name, f->col->type == KQL_UNKNOWN ? KQL_DYNAMIC : f->col->type };
    }
    return true;
}

enum rc kql_row_compile(const struct kql_catalog *catalog, str query, const struct kql_opts *opts,
                        struct arena *arena, struct kql_row **out, struct kql_diags *diags, struct err *err)
{
    struct kql_binder b = { .arena = arena, .diags = diags, .catalog = catalog, .opts = opts };
    kql_answers       answers = { 0 };
    struct compiling  x = { .b = &b, .a = arena };

    TRY(kql_bind_text(&b, query, &answers, err));
    struct kql_rel *rel = answers.p[0].rel;
    if (answers.n > 1)
        refuse(&x, (struct kql_span) { 0, 0 }, "query of several tables");
    x.row = ARENA_NEW(arena, struct kql_row);
    x.slots = map_new_in(arena, MAP_CASE);
    if (answers.n > 1 || !add_rel(&x, rel) || !add_outputs(&x, rel))
        return err_set(err, RC_INVALID, STR_FMT, STR_ARG(diags->list.p[0].message));
    *out = x.row;
    return RC_OK;
}

struct kql_row_columns kql_row_inputs(const struct kql_row *row)
{
    return (struct kql_row_columns) { row->inputs.p, row->inputs.n };
}

struct kql_row_columns kql_row_outputs(const struct kql_row *row)
{
    return (struct kql_row_columns) { row->outputs.p, row->outputs.n };
}

str kql_row_table(const struct kql_row *row)
{
    return row->table;
}

/* --- running --- */

struct running {
    const struct kql_row      *row;
    const struct scalar_value *in;
    struct scalar_value       *values; /* of columns that were computed */
    bool                      *known;
    struct arena              *a;
    bool                       full;
};

static void eval(struct running *r, const struct node *n, struct scalar_value *out);

static void set_null(const struct node *n, struct scalar_value *out)
{
    *out = (struct scalar_value) { .null = !kql_type_is_text(n->type) && n->type != KQL_UNKNOWN, .s = S("") };
}

static void eval_column(struct running *r, size_t slot, struct scalar_value *out)
{
    const struct column *c = &r->row->columns.p[slot];

    if (!c->def) {
        *out = r->in[c->input];
        if (!out->s.p)
            out->s = S("");
        return;
    }
    if (!r->known[slot]) {
        eval(r, c->def, &r->values[slot]);
        r->known[slot] = true;
    }
    *out = r->values[slot];
}

/* Null and true is null, null and false is false; `or` likewise. */
static void eval_junction(struct running *r, const struct node *n, struct scalar_value *out)
{
    bool decisive = n->kind == OR, null = false;

    for (size_t i = 0; i < n->n_args; i++) {
        struct scalar_value v;
        eval(r, n->args[i], &v);
        null = null || v.null;
        if (!v.null && (v.i != 0) == decisive) {
            kql_row_fn_int(out, decisive);
            return;
        }
    }
    if (!null)
        kql_row_fn_int(out, !decisive);
}

static void eval_choice(struct running *r, const struct node *n, struct scalar_value *out)
{
    for (size_t i = 0; i + 1 < n->n_args; i += 2) {
        struct scalar_value condition;
        eval(r, n->args[i], &condition);
        if (!condition.null && condition.i) {
            eval(r, n->args[i + 1], out);
            return;
        }
    }
    eval(r, n->args[n->n_args - 1], out);
}

static bool is_missing(enum kql_type type, const struct scalar_value *v)
{
    if (type == KQL_STRING)
        return v->s.n == 0;
    if (type == KQL_DYNAMIC)
        return v->s.n == 0 || str_eq(v->s, S("null"));
    return v->null;
}

static void eval_coalesce(struct running *r, const struct node *n, struct scalar_value *out)
{
    for (size_t i = 0; i < n->n_args; i++) {
        eval(r, n->args[i], out);
        if (!is_missing(n->type, out))
            return;
    }
}

static bool eval_args(struct running *r, const struct node *n, struct scalar_value *argv)
{
    bool null = false;

    for (size_t i = 0; i < n->n_args; i++) {
        eval(r, n->args[i], &argv[i]);
        null = null || argv[i].null;
    }
    return !null;
}

/* Values of the types that the function takes: a whole number may stand for a real. */
static void fit_args(const struct node *n, struct scalar_value *argv)
{
    for (size_t i = 0; i < n->n_args && n->scalar->args[i]; i++)
        if (n->scalar->args[i] == 'r' && n->args[i]->type != KQL_REAL)
            argv[i].r = (double)argv[i].i;
}

static void missing_args(const struct scalar *s, size_t from, struct scalar_value *argv)
{
    for (size_t i = from; s->args[i]; i++) {
        argv[i] = (struct scalar_value) { .s = S("") };
        if (s->args[i] == 'r')
            argv[i].r = __builtin_nan("");
        else if (!scalar_is_text(s->args[i]) && s->args[i] != 'b')
            argv[i].i = SCALAR_MISSING;
    }
}

static void eval_call(struct running *r, const struct node *n, struct scalar_value *out)
{
    struct scalar_value  few[SCALAR_MAX_ARGS];
    struct scalar_value *argv = few;

    if (n->n_args > SCALAR_MAX_ARGS && !(argv = ARENA_TRY_ARRAY(r->a, struct scalar_value, n->n_args))) {
        r->full = true;
        return;
    }
    bool whole = eval_args(r, n, argv);
    if (n->kind == SCALAR_CALL && whole) {
        fit_args(n, argv);
        missing_args(n->scalar, n->n_args, argv);
        out->null = true;
        n->scalar->run(r->a, argv, out);
        if (out->null)
            set_null(n, out);
    } else if (n->kind == CALL && (whole || n->fn->nulls)) {
        struct kql_row_call c = { r->a, n->expr, n->data, n->n_args };
        n->fn->eval(&c, argv, out);
        if (kql_type_is_text(n->type) && !out->s.p) { /* no room for it */
            r->full = true;
            set_null(n, out);
        }
    }
}

static void eval(struct running *r, const struct node *n, struct scalar_value *out)
{
    set_null(n, out);
    switch (n->kind) {
    case CONSTANT:
        *out = n->constant;
        break;
    case COLUMN:
        eval_column(r, n->slot, out);
        break;
    case AND:
    case OR:
        eval_junction(r, n, out);
        break;
    case CHOICE:
        eval_choice(r, n, out);
        break;
    case COALESCE:
        eval_coalesce(r, n, out);
        break;
    case CALL:
    case SCALAR_CALL:
        eval_call(r, n, out);
        break;
    }
}

enum rc kql_row_run(const struct kql_row *row, const struct scalar_value *in, struct scalar_value *out,
                    struct arena *scratch, bool *kept, struct err *err)
{
    struct running r = { .row = row, .in = in, .a = scratch };

    *kept = false;
    r.values = ARENA_TRY_ARRAY(scratch, struct scalar_value, row->columns.n + 1);
    r.known = ARENA_TRY_ARRAY(scratch, bool, row->columns.n + 1);
    if (!r.values || !r.known)
        return err_set(err, RC_LIMIT, "the memory for a row is full");
    for (size_t i = 0; i < row->filters.n; i++) {
        struct scalar_value v;
        eval(&r, row->filters.p[i], &v);
        if (v.null || !v.i)
            return r.full ? err_set(err, RC_LIMIT, "the memory for a row is full") : RC_OK;
    }
    for (size_t i = 0; i < row->output_slots.n; i++)
        eval_column(&r, row->output_slots.p[i], &out[i]);
    *kept = true;
    return r.full ? err_set(err, RC_LIMIT, "the memory for a row is full") : RC_OK;
}

struct scalar_value kql_row_value(const struct kql_value *v)
{
    struct scalar_value out = { .null = v->null, .s = v->s.p ? v->s : S("") };

    if (v->type == KQL_REAL)
        out.r = v->r;
    else
        out.i = v->i;
    if (kql_type_is_text(v->type) || v->type == KQL_UNKNOWN)
        out.null = v->type == KQL_UNKNOWN;
    return out;
}

void kql_row_json(const struct kql_row *row, const struct scalar_value *values, struct strbuf *out)
{
    strbuf_addc(out, '[');
    for (size_t i = 0; i < row->outputs.n; i++) {
        strbuf_addz(out, i > 0 ? "," : "");
        kql_row_fn_json(out, row->outputs.p[i].type, &values[i]);
    }
    strbuf_addc(out, ']');
}
