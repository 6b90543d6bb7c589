/* SPDX-License-Identifier: Apache-2.0 */
/* where, take, sort, top, count, distinct, and operators that change no row: as, render, serialize, consume.
 */
#include "kql/kql_build.h"
#include "kql/kql_call.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_window.h"

static const char *const HINTS[] = { "hint.*", "kind", NULL };

/* --- where --- */

static bool parse_where(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    p->lenient = true;
    bool ok = kql_parse_list(p, op, kql_parse_expr);
    p->lenient = false;
    return ok;
}

static bool reads_only(const struct kql_expr *e, const struct kql_rel *rel)
{
    bool found = e->kind != KQL_EXPR_COL;

    for (size_t i = 0; !found && i < rel->fields.n; i++)
        found = rel->fields.p[i].col == e->col;
    for (size_t i = 0; found && i < e->n_args; i++)
        found = reads_only(e->args[i], rel);
    return found;
}

/* Which row of a key an innerunique join takes is free, and the language says that a condition on the left
 * side chooses among those that meet it: it goes below the join. */
static struct kql_rel *below_join(struct kql_binder *b, struct kql_expr *pred, const struct kql_rel *join)
{
    struct kql_rel *copy = ARENA_NEW(b->arena, struct kql_rel),
                   *filter = kql_bind_rel(b, KQL_REL_FILTER, join->inputs.p[0]);

    filter->pred = pred;
    *copy = *join;
    memset(&copy->inputs, 0, sizeof copy->inputs);
    *vec_push_in(b->arena, &copy->inputs) = filter;
    *vec_push_in(b->arena, &copy->inputs) = join->inputs.p[1];
    return copy;
}

static struct kql_rel *bind_where(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    b->row = in;
    b->window = &in;
    struct kql_expr *pred = kql_bind_expr_condition(b, op->kids.p[0]);
    b->row = NULL;
    b->window = NULL;
    if (!pred)
        return NULL;
    if (op->kids.n > 1) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, op->kids.p[1]->span, "where takes one condition");
        kql_diag_hint(b->diags, "and, or join conditions; a list stands in parentheses: in (1, 2)");
        return NULL;
    }
    if (in->kind == KQL_REL_JOIN && in->unique_left && reads_only(pred, in->inputs.p[0]))
        return below_join(b, pred, in);
    struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, in);
    filter->pred = pred;
    return filter;
}

/* --- take, sample --- */

static bool parse_one(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    struct kql_node *kid = kql_parse_expr(p);
    kql_parse_add(p, op, kid);
    return kid->kind != KQL_NODE_BAD;
}

static struct kql_rel *limit_to(struct kql_binder *b, const struct kql_node *count, struct kql_rel *in)
{
    struct kql_expr *n = kql_bind_expr_in(b, count, NULL);

    if (!n)
        return NULL;
    if (!kql_type_is_integer(n->type) && n->type != KQL_UNKNOWN && n->type != KQL_REAL) {
        kql_bind_error(b, KQL_DIAG_TYPE, count->span, "the number of rows is a long");
        return NULL;
    }
    struct kql_rel *limit = kql_bind_rel(b, KQL_REL_LIMIT, in);
    limit->count = kql_convert_cast(b, n, KQL_LONG);
    if (in->part.n > 0)
        *vec_push_in(b->arena, &limit->by) = in->part.p[0];
    return limit;
}

static struct kql_rel *bind_take(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return limit_to(b, op->kids.p[0], in);
}

/* --- sort, top --- */

static bool parse_sort(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    return kql_parse_expect(p, "by") && kql_parse_list(p, op, kql_parse_expr_ordered);
}

static bool add_key(struct kql_binder *b, const struct kql_node *key, struct kql_rel *project,
                    kql_orders *order)
{
    struct kql_expr *e =
        kql_bind_expr(b, key->kids.p[0]->kind == KQL_NODE_NAMED ? key->kids.p[0]->kids.p[0] : key->kids.p[0]);

    if (!e)
        return false;
    if (e->type == KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, key->span, "a dynamic has no order");
        kql_diag_hint(b->diags, "convert it, for example with tostring() or toint()");
        return false;
    }
    if (e->kind == KQL_EXPR_CONST) /* sorts nothing */
        return true;
    bool desc = !(key->flags & KQL_NODE_ASC);
    bool first = key->flags & KQL_NODE_NULLS_FIRST ? true : key->flags & KQL_NODE_NULLS_LAST ? false : !desc;
    *vec_push_in(b->arena, order) = (struct kql_order) { kql_bind_def(b, project, S("key"), e), desc, first };
    return true;
}

static struct kql_rel *sort_by(struct kql_binder *b, const struct kql_node *op, size_t from,
                               struct kql_rel *in)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    kql_orders      order = { 0 };
    bool            ok = true;

    b->row = in;
    b->window = &project->inputs.p[0];
    if (in->part.n > 0)
        *vec_push_in(b->arena, &order) = (struct kql_order) { .col = in->part.p[0] };
    for (size_t i = from; i < op->kids.n; i++)
        ok = add_key(b, op->kids.p[i], project, &order) && ok;
    b->row = NULL;
    b->window = NULL;
    project->order = order;
    project->serialized = false;
    return ok ? project : NULL;
}

static struct kql_rel *bind_sort(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return sort_by(b, op, 0, in);
}

static bool parse_top(struct kql_parser *p, struct kql_node *op)
{
    return parse_one(p, op) && kql_parse_expect(p, "by") && kql_parse_list(p, op, kql_parse_expr_ordered);
}

static struct kql_rel *bind_top(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *sorted = sort_by(b, op, 1, in);
    return sorted ? limit_to(b, op->kids.p[0], sorted) : NULL;
}

/* --- count --- */

static bool parse_count(struct kql_parser *p, struct kql_node *op)
{
    str name;
    if (!kql_parse_take(p, "as"))
        return true;
    if (!kql_parse_name(p, &name))
        return false;
    op->text = name;
    op->flags |= KQL_NODE_BRACKETED;
    return true;
}

static struct kql_rel *bind_count(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel  *rel = kql_bind_rel(b, KQL_REL_SUMMARIZE, in);
    struct kql_expr *e = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_LONG, op->span);
    str              name = op->flags & KQL_NODE_BRACKETED ? op->text : S("Count");

    e->agg = kql_agg_find(S("count"));
    struct kql_col *col = kql_bind_col(b, name, KQL_LONG, false);
    *vec_push_in(b->arena, &rel->defs) = (struct kql_def) { col, e };
    for (size_t i = 0; i < in->part.n; i++)
        *vec_push_in(b->arena, &rel->keys) =
            (struct kql_def) { in->part.p[i], kql_plan_col(b->arena, in->part.p[i], op->span) };
    rel->fields.n = 0;
    memset(&rel->order, 0, sizeof rel->order);
    rel->serialized = false;
    kql_bind_field(b, rel, name, col);
    return rel;
}

/* --- distinct --- */

static bool parse_distinct(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    return kql_parse_list(p, op, kql_parse_expr_named);
}

static struct kql_rel *bind_distinct(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    bool            ok = true;

    b->row = in;
    project->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < op->kids.n; i++) {
        const struct kql_node *kid = op->kids.p[i];
        if (kid->kind == KQL_NODE_STAR) {
            for (size_t j = 0; j < in->fields.n; j++)
                kql_bind_field(b, project, in->fields.p[j].name, in->fields.p[j].col);
            continue;
        }
        struct kql_expr *e = kql_bind_expr(b, kid->kind == KQL_NODE_NAMED ? kid->kids.p[0] : kid);
        str              name = kql_bind_name(b, kid);
        ok = ok && e;
        if (!e)
            continue;
        if (name.n == 0)
            name = kql_bind_unused_name(b, project, S("Column1"));
        kql_bind_field(b, project, kql_bind_unused_name(b, project, name), kql_bind_def(b, project, name, e));
    }
    b->row = NULL;
    project->order = (kql_orders) { 0 };
    project->serialized = false;
    return ok ? kql_bind_rel(b, KQL_REL_DISTINCT, project) : NULL;
}

/* sample-distinct N of expression */
static bool parse_sample(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *count = kql_parse_expr(p);

    if (count->kind == KQL_NODE_BAD || !kql_parse_expect(p, "of"))
        return false;
    struct kql_node *of = kql_parse_expr_named(p);
    kql_parse_add(p, op, of);
    kql_parse_add(p, op, count);
    return of->kind != KQL_NODE_BAD;
}

static struct kql_rel *bind_sample_distinct(struct kql_binder *b, const struct kql_node *op,
                                            struct kql_rel *in)
{
    struct kql_node *distinct = kql_ast_new(b->arena, KQL_NODE_OP, op->span, STR_NONE);

    kql_ast_add(b->arena, distinct, op->kids.p[0]);
    struct kql_rel *rel = bind_distinct(b, distinct, in);
    return rel ? limit_to(b, op->kids.p[1], rel) : NULL;
}

/* --- without effect on rows --- */

static bool parse_as(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    return kql_parse_name(p, &op->text);
}

static struct kql_rel *bind_as(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    kql_bind_scope_add(b, (struct kql_scope) { .name = op->text, .rel = in });
    return in;
}

static bool parse_render(struct kql_parser *p, struct kql_node *op)
{
    if (!kql_parse_name(p, &op->text))
        return false;
    bool with = kql_parse_take(p, "with");
    bool open = with && kql_parse_take(p, "(");
    while (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME) {
        struct kql_node *option = kql_parse_new(p, KQL_NODE_OPTION);
        p->at++;
        if (!kql_parse_expect(p, "="))
            return false;
        struct kql_node *value = kql_parse_new(p, KQL_NODE_LIST);
        do
            kql_parse_add(p, value, kql_parse_expr(p));
        while (!open && kql_parse_take(p, ","));
        while (open && kql_parse_is(p, ",") && kql_parse_peek(p, 2)->kind == KQL_TOKEN_PUNCT &&
               !str_eq(kql_parse_peek(p, 2)->text, S("="))) {
            p->at++;
            kql_parse_add(p, value, kql_parse_expr(p));
        }
        kql_parse_add(p, option, value);
        *vec_push_in(p->arena, &op->options) = option;
        kql_parse_take(p, ",");
    }
    return !open || kql_parse_expect(p, ")");
}

static struct kql_rel *bind_render(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    VEC(struct kql_render_property) properties = { 0 };

    for (size_t i = 0; i < op->options.n; i++) {
        const struct kql_node *option = op->options.p[i], *values = option->kids.p[0];
        AUTO_STRBUF            text = STRBUF_INIT(4000);
        for (size_t j = 0; j < values->kids.n; j++) {
            const struct kql_node *v = values->kids.p[j];
            strbuf_addz(&text, j > 0 ? "," : "");
            strbuf_add(&text, v->kind == KQL_NODE_LITERAL ? kql_value_text(b->arena, &v->value) : v->text);
        }
        *vec_push_in(b->arena, &properties) =
            (struct kql_render_property) { option->text, arena_str(b->arena, strbuf_view(&text)) };
    }
    b->render = (struct kql_render) { op->text, properties.p, properties.n };
    return in;
}

static bool parse_consume(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "decodeblocks", "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    return true;
}

static struct kql_rel *bind_nothing(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    (void)b, (void)op;
    return in;
}

static bool parse_serialize(struct kql_parser *p, struct kql_node *op)
{
    kql_parse_options(p, op, HINTS);
    return kql_parse_at_end(p) || kql_parse_list(p, op, kql_parse_expr_named);
}

static struct kql_rel *bind_serialize(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_op *extend = kql_op_find(S("extend"));
    in = kql_window_serialize(b, in);
    return op->kids.n > 0 ? extend->bind(b, op, in) : in;
}

/* assert-schema (a:long, b:string): the table as it is, if these are its columns, in this order. */
static bool parse_assert(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *schema = kql_parse_schema(p);

    if (schema)
        kql_parse_add(p, op, schema);
    return schema != NULL;
}

static struct kql_rel *bind_assert(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *schema = op->kids.p[0];
    bool                   same = schema->kids.n == in->fields.n;

    for (size_t i = 0; same && i < in->fields.n; i++)
        same = str_eq(schema->kids.p[i]->text, in->fields.p[i].name) &&
               schema->kids.p[i]->value.type == in->fields.p[i].col->type;
    if (same)
        return in;
    AUTO_STRBUF has = STRBUF_INIT(2000);
    for (size_t i = 0; i < in->fields.n && i < 20; i++)
        strbuf_addf(&has, "%s" STR_FMT ":" STR_FMT, i > 0 ? ", " : "", STR_ARG(in->fields.p[i].name),
                    STR_ARG(kql_type_name(in->fields.p[i].col->type)));
    kql_bind_error(b, KQL_DIAG_TYPE, op->span, "the table does not have the schema that is asserted");
    kql_diag_hint(b->diags, "it has (" STR_FMT ")", STR_ARG(strbuf_view(&has)));
    return NULL;
}

/* invoke f(x): f with the table as its first argument. */
static struct kql_rel *bind_invoke(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node  *call = op->kids.p[0];
    const struct kql_scope *s = kql_bind_scope_find(b, call->text);

    if (call->kind == KQL_NODE_CALL && s && s->lambda)
        return kql_call_table(b, s, call, in);
    if (call->kind == KQL_NODE_CALL && b->catalog->function_find &&
        b->catalog->function_find(b->catalog->ctx, call->text))
        return kql_call_saved(b, call, in);
    kql_bind_error(b, KQL_DIAG_UNKNOWN_FUNCTION, call->span, "there is no function \"" STR_FMT "\" to invoke",
                   STR_ARG(call->text));
    return NULL;
}

#define ROWS "datatable(x:long)[3, 1, 2] | "

const struct kql_op KQL_OPS_BASIC[] = {
    { .name = "where",
      .alias = "filter",
      .parse = parse_where,
      .bind = bind_where,
      .doc = "The rows for which a condition is true.",
      .example = ROWS "where x > 1" },
    { .name = "take",
      .alias = "limit",
      .parse = parse_one,
      .bind = bind_take,
      .doc = "Some rows, the first if there is an order.",
      .example = ROWS "take 2" },
    { .name = "sample",
      .parse = parse_one,
      .bind = bind_take,
      .doc = "Some rows.",
      .example = ROWS "sample 1" },
    { .name = "sort",
      .alias = "order",
      .parse = parse_sort,
      .bind = bind_sort,
      .doc = "The rows in order; descending unless said.",
      .example = ROWS "sort by x asc" },
    { .name = "top",
      .parse = parse_top,
      .bind = bind_top,
      .doc = "The first rows in an order.",
      .example = ROWS "top 2 by x" },
    { .name = "count",
      .parse = parse_count,
      .bind = bind_count,
      .doc = "The number of rows.",
      .example = ROWS "count" },
    { .name = "distinct",
      .parse = parse_distinct,
      .bind = bind_distinct,
      .doc = "Each combination of some columns once.",
      .example = ROWS "distinct x" },
    { .name = "sample-distinct",
      .parse = parse_sample,
      .bind = bind_sample_distinct,
      .doc = "Some different values of an expression.",
      .example = ROWS "sample-distinct 2 of x" },
    { .name = "as",
      .parse = parse_as,
      .bind = bind_as,
      .doc = "Names the table so far.",
      .example = ROWS "as T" },
    { .name = "render",
      .parse = parse_render,
      .bind = bind_render,
      .doc = "Says how the result is to be drawn.",
      .example = ROWS "render table" },
    { .name = "serialize",
      .parse = parse_serialize,
      .bind = bind_serialize,
      .doc = "Keeps the order of the rows for functions that look at other rows.",
      .example = ROWS "serialize n = row_number()" },
    { .name = "consume",
      .parse = parse_consume,
      .bind = bind_nothing,
      .doc = "Passes the rows.",
      .example = ROWS "consume" },
    { .name = "assert-schema",
      .parse = parse_assert,
      .bind = bind_assert,
      .doc = "Refuses the query when the table has other columns.",
      .example = ROWS "assert-schema (x:long)" },
    { .name = "invoke",
      .parse = parse_one,
      .bind = bind_invoke,
      .doc = "Calls a function with the table as its first argument.",
      .example = "let f = (T:(x:long)) { T | where x > 1 }; " ROWS "invoke f()" },
    { 0 },
};
