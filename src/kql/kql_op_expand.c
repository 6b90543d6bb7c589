/* SPDX-License-Identifier: Apache-2.0 */
/* mv-expand: a row for each element of an array; mv-apply: a pipeline over the elements of each row, which
 * marks them as belonging to parts: every operator of the pipeline keeps to its part (kql_rel.part). */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_window.h"

static const char *const OPTIONS[] = { "bagexpansion", "kind", "with_itemindex", "hint.*", NULL };

/* [name =] expr [to typeof(type)]; the type goes into a kid behind. */
static struct kql_node *parse_array(struct kql_parser *p)
{
    struct kql_node *item = kql_parse_expr_named(p),
                    *n = kql_ast_new(p->arena, KQL_NODE_CLAUSE, item->span, S("array"));

    if (item->kind == KQL_NODE_BAD)
        return item;
    kql_parse_add(p, n, item);
    if (kql_parse_take(p, "to")) {
        struct kql_node *type = kql_parse_expr(p);
        if (type->kind != KQL_NODE_TYPE) {
            kql_diag_add(p->diags, KQL_DIAG_SYNTAX, type->span, "typeof(…) stands behind to");
            return type->kind == KQL_NODE_BAD ? type : kql_parse_new(p, KQL_NODE_BAD);
        }
        kql_parse_add(p, n, type);
    }
    return n;
}

static bool parse_arrays(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, OPTIONS);
    if (!kql_parse_list(p, op, parse_array))
        return false;
    if (!kql_parse_take(p, "limit"))
        return true;
    struct kql_node *limit = kql_parse_new(p, KQL_NODE_CLAUSE), *value = kql_parse_expr(p);
    limit->text = S("limit");
    kql_parse_add(p, limit, value);
    kql_parse_add(p, op, limit);
    return value->kind != KQL_NODE_BAD;
}

struct expanding {
    struct kql_binder     *b;
    const struct kql_node *op;
    struct kql_rel        *in, *expand, *project; /* project gives the elements their types */
    VEC(struct kql_expr *) arrays;
};

static bool is_bag_array(const struct kql_node *op)
{
    const struct kql_node *kind = kql_ast_option(op, "bagexpansion");
    if (!kind)
        kind = kql_ast_option(op, "kind");
    return kind && str_eq(kind->text, S("array"));
}

static struct kql_expr *array_of(struct expanding *x, const struct kql_node *value)
{
    struct kql_binder *b = x->b;

    b->row = x->in;
    struct kql_expr *e = kql_bind_expr(b, value);
    b->row = NULL;
    if (!e)
        return NULL;
    if (e->type == KQL_STRING || e->type == KQL_UNKNOWN)
        e = KQL_CALL1(b, "parse_json", e);
    if (e && e->type != KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, value->span, "only a dynamic has elements, and this is " STR_FMT,
                       STR_ARG(kql_type_one(e->type)));
        return NULL;
    }
    return e ? kql_build_raw(b, kql_fn_find(is_bag_array(x->op) ? S("·elements_array") : S("·elements")),
                             KQL_UNKNOWN, value->span, &e, 1)
             : NULL;
}

/* The element takes the place of the column it comes from, or of one of its name; else it comes last. */
static void place_field(struct expanding *x, str name, const struct kql_node *value, struct kql_col *col)
{
    struct kql_field *there = kql_plan_field(x->project, name);
    (void)value;
    if (there)
        there->col = col;
    else
        kql_bind_field(x->b, x->project, name, col);
}

static bool add_array(struct expanding *x, const struct kql_node *clause)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *item = clause->kids.p[0], *type = clause->kids.n > 1 ? clause->kids.p[1] : NULL;
    const struct kql_node *value = item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item;
    struct kql_expr       *array = array_of(x, value);
    str                    name = kql_bind_name(b, item);

    if (!array)
        return false;
    if (name.n == 0)
        name = kql_bind_unused_name(b, x->project, S("Column1"));
    *vec_push_in(b->arena, &x->arrays) = array;
    struct kql_col *element = kql_bind_col(b, name, KQL_DYNAMIC, false);
    *vec_push_in(b->arena, &x->expand->defs) = (struct kql_def) { element, array };
    struct kql_col *col = element;
    if (type && type->value.type != KQL_DYNAMIC) {
        struct kql_expr *cast =
            kql_convert_cast(b, kql_plan_col(b->arena, element, value->span), type->value.type);
        if (!cast)
            return false;
        col = kql_bind_def(b, x->project, name, cast);
    }
    place_field(x, name, value, col);
    return true;
}

static bool add_index(struct expanding *x, const struct kql_node *option)
{
    struct kql_binder *b = x->b;
    struct kql_expr   *first = x->arrays.p[0];
    struct kql_expr   *e = kql_build_raw(b, kql_fn_find(S("·places")), KQL_LONG, option->span, &first, 1);
    struct kql_col    *col = kql_bind_col(b, option->text, KQL_LONG, false);

    *vec_push_in(b->arena, &x->expand->defs) = (struct kql_def) { col, e };
    kql_bind_field(b, x->project, option->text, col);
    return true;
}

/* Several arrays are walked together, the shorter ones filled with null. */
static void fill(struct expanding *x)
{
    size_t n = x->arrays.n;
    if (n < 2)
        return;
    for (size_t i = 0; i < x->expand->defs.n; i++) {
        struct kql_expr **args = ARENA_ARRAY(x->b->arena, struct kql_expr *, n + 1);
        args[0] = x->arrays.p[i];
        memcpy(args + 1, x->arrays.p, n * sizeof *args);
        x->expand->defs.p[i].expr =
            kql_build_raw(x->b, kql_fn_find(S("·filled")), KQL_UNKNOWN, x->op->span, args, n + 1);
    }
}

static bool cut(struct expanding *x, const struct kql_node *limit)
{
    struct kql_expr *n = kql_bind_expr_in(x->b, limit->kids.p[0], NULL);
    if (!n)
        return false;
    for (size_t i = 0; i < x->expand->defs.n; i++) {
        struct kql_expr *args[] = { x->expand->defs.p[i].expr, n };
        x->expand->defs.p[i].expr =
            kql_build_raw(x->b, kql_fn_find(S("·cut")), KQL_UNKNOWN, limit->span, args, 2);
    }
    return true;
}

static struct kql_rel *expand(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct expanding       x = { .b = b, .op = op, .in = in };
    const struct kql_node *index = kql_ast_option(op, "with_itemindex"), *limit = kql_ast_clause(op, "limit");
    bool                   ok = true;

    x.expand = kql_bind_rel(b, KQL_REL_EXPAND, in);
    x.project = kql_bind_rel(b, KQL_REL_PROJECT, x.expand);
    for (size_t i = 0; i < op->kids.n; i++)
        if (op->kids.p[i]->kind == KQL_NODE_CLAUSE && str_eq(op->kids.p[i]->text, S("array")))
            ok = add_array(&x, op->kids.p[i]) && ok;
    if (!ok)
        return NULL;
    fill(&x);
    if (index)
        add_index(&x, index);
    if (limit && !cut(&x, limit))
        return NULL;
    if (x.project->order.n > 0) { /* elements keep their order within the row's */
        struct kql_expr *first = x.arrays.p[0];
        struct kql_col  *place = kql_bind_col(b, S("place"), KQL_LONG, false);
        struct kql_expr *e = kql_build_raw(b, kql_fn_find(S("·places")), KQL_LONG, op->span, &first, 1);
        if (x.arrays.n == 1 && !limit) {
            *vec_push_in(b->arena, &x.expand->defs) = (struct kql_def) { place, e };
            *vec_push_in(b->arena, &x.project->order) = (struct kql_order) { .col = place };
        }
    }
    return x.project;
}

static bool parse_apply(struct kql_parser *p, struct kql_node *op)
{
    if (!parse_arrays(p, op) || !kql_parse_expect(p, "on") || !kql_parse_expect(p, "("))
        return false;
    struct kql_node *pipe = kql_parse_subpipe(p);
    kql_parse_add(p, op, pipe);
    return pipe->kind != KQL_NODE_BAD && kql_parse_expect(p, ")");
}

static bool has_col(const struct kql_rel *rel, str name, const struct kql_col *col)
{
    const struct kql_field *f = kql_plan_field(rel, name);
    return f && f->col == col;
}

/* Operators that would not keep to the elements of one row. */
static bool refuse_mixing(struct kql_binder *b, const struct kql_node *pipe)
{
    static const char *const MIXING[] = { "find",   "make-graph",  "partition",  "reduce",
                                          "search", "top-hitters", "top-nested", "union" };

    for (size_t i = 1; i < pipe->kids.n; i++) {
        const struct kql_node *op = pipe->kids.p[i];
        str                    name = str_of(op->op->name);
        bool mixes = str_eq(name, S("evaluate")) && !str_eq(op->kids.p[0]->text, S("bag_unpack"));
        for (size_t k = 0; k < sizeof MIXING / sizeof MIXING[0]; k++)
            mixes = mixes || str_eq(name, str_of(MIXING[k]));
        if (!mixes)
            continue;
        kql_bind_error(b, KQL_DIAG_UNSUPPORTED, op->span, STR_FMT " within mv-apply is not built",
                       STR_ARG(name));
        return false;
    }
    return true;
}

static struct kql_rel *bind_apply(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *pipe = vec_last(&op->kids);
    if (!refuse_mixing(b, pipe))
        return NULL;
    struct kql_col *id;
    struct kql_rel *rows = kql_window_row_id(b, in, &id);

    rows->order = (kql_orders) { 0 };
    rows->serialized = false;
    struct kql_rel *elements = expand(b, op, rows);
    if (!elements)
        return NULL;
    struct kql_rel *parted = kql_bind_rel(b, KQL_REL_PROJECT, elements);
    parted->part = (kql_cols) { 0 };
    *vec_push_in(b->arena, &parted->part) = id;
    for (size_t i = 0; i < in->fields.n; i++)
        *vec_push_in(b->arena, &parted->part) = in->fields.p[i].col;
    struct kql_rel *sub = kql_bind_operators(b, pipe, parted);
    if (!sub)
        return NULL;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, sub);
    out->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < in->fields.n; i++) { /* a column that the elements replaced is theirs */
        struct kql_field *f = &in->fields.p[i], *of_sub = kql_plan_field(sub, f->name);
        if (has_col(parted, f->name, f->col) && (!of_sub || of_sub->col == f->col))
            kql_bind_field(b, out, f->name, f->col);
    }
    for (size_t i = 0; i < sub->fields.n; i++)
        if (!has_col(out, sub->fields.p[i].name, sub->fields.p[i].col))
            kql_bind_field(b, out, kql_bind_unused_name(b, out, sub->fields.p[i].name), sub->fields.p[i].col);
    out->part = in->part;
    out->order = (kql_orders) { 0 };
    out->serialized = false;
    return out;
}

#define ROWS "print a = dynamic([1, 2, 3]) | "

const struct kql_op KQL_OPS_EXPAND[] = {
    { .name = "mv-expand",
      .alias = "mvexpand",
      .parse = parse_arrays,
      .bind = expand,
      .doc = "A row for each element of an array.",
      .example = ROWS "mv-expand a to typeof(long)" },
    { .name = "mv-apply",
      .alias = "mvapply",
      .parse = parse_apply,
      .bind = bind_apply,
      .doc = "A pipeline over the elements of each row's array.",
      .example = ROWS "mv-apply e = a to typeof(long) on (where e > 1 | summarize sum(e))" },
    { 0 },
};
