/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_bind_expr.h"

#include "kql/kql_build.h"
#include "kql/kql_call.h"
#include "kql/kql_convert.h"
#include "kql/kql_habit.h"
#include "kql/kql_in.h"
#include "kql/kql_refused.h"
#include "kql/kql_window.h"

static struct kql_expr *bind(struct kql_binder *b, const struct kql_node *node);

/* --- names and paths --- */

/* `union * | where TimeGenerated > …`: among hundreds of tables there is one whose TimeGenerated is a string,
 * and x_datetime, x_string would be all there is. The name then means whichever of them the row has. */
static struct kql_expr *joined_again(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *e = NULL;

    for (size_t i = 0; b->row && b->row->split && i < b->row->fields.n; i++) {
        struct kql_field *f = &b->row->fields.p[i];
        str               type = kql_type_name(f->col->type);
        if (f->name.n != node->text.n + 1 + type.n || !str_starts(f->name, node->text) ||
            f->name.p[node->text.n] != '_' || !str_ends(f->name, type))
            continue;
        struct kql_expr *one = kql_plan_col(b->arena, f->col, node->span);
        one = e ? kql_convert_cast(b, one, e->type) : one;
        e = e && one ? KQL_CALL2(b, "coalesce", e, one) : one;
        if (!e)
            return NULL;
    }
    return e;
}

static struct kql_expr *bind_name(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_field *field = b->row ? kql_plan_field(b->row, node->text) : NULL;

    if (field)
        return kql_plan_col(b->arena, field->col, node->span);
    const struct kql_scope *s = kql_bind_scope_find(b, node->text);
    if (s && s->expr) {
        struct kql_expr *copy = ARENA_NEW(b->arena, struct kql_expr);
        *copy = *s->expr;
        copy->span = node->span;
        return copy;
    }
    if (s && s->lambda)
        return kql_call_scalar(b, s, node);
    if (s) {
        kql_bind_error(b, KQL_DIAG_TABULAR, node->span,
                       "\"" STR_FMT "\" is a table, and a value is needed here", STR_ARG(node->text));
        kql_diag_hint(b->diags, "toscalar() takes the first value of a table");
        return NULL;
    }
    struct kql_expr *member = kql_bind_expr_member(b, b->row, node->text, node->span);
    if (!member)
        member = joined_again(b, node);
    if (!member && !kql_diag_any(b->diags))
        kql_bind_unknown_column(b, b->row, node->text, node->span);
    return member;
}

static struct kql_expr *side_column(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_node *side = node->kids.p[0];
    struct kql_rel        *rel = str_eq(side->text, S("$right")) ? b->right : b->row;
    struct kql_field      *field = rel ? kql_plan_field(rel, node->text) : NULL;

    if (field)
        return kql_plan_col(b->arena, field->col, node->span);
    struct kql_expr *member = kql_bind_expr_member(b, rel, node->text, node->span);
    if (!member)
        kql_bind_unknown_column(b, rel, node->text, node->span);
    return member;
}

static const struct kql_named_row *named_row(const struct kql_binder *b, const struct kql_node *node)
{
    for (const struct kql_named_row *r = node->kind == KQL_NODE_NAME ? b->rows : NULL; r; r = r->next)
        if (str_eq(r->name, node->text))
            return r;
    return NULL;
}

static struct kql_expr *row_column(struct kql_binder *b, const struct kql_named_row *r,
                                   const struct kql_node *node)
{
    struct kql_field *field = kql_plan_field(r->row, node->text);

    if (field)
        return kql_plan_col(b->arena, field->col, node->span);
    kql_bind_unknown_column(b, r->row, node->text, node->span);
    return NULL;
}

/* One step down a dynamic. Steps gather in one call, because the engine walks a whole path at once. */
static struct kql_expr *step(struct kql_binder *b, struct kql_expr *base, struct kql_expr *key,
                             struct kql_span span)
{
    const struct kql_fn *fn = kql_fn_find(S("."));
    bool                 longer = base->kind == KQL_EXPR_CALL && base->fn == fn && base->n_args < 60;
    size_t               n = longer ? base->n_args : 1;
    struct kql_expr    **args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);

    if (longer)
        memcpy(args, base->args, n * sizeof *args);
    else
        args[0] = base;
    args[n] = key;
    return kql_build_raw(b, fn, KQL_DYNAMIC, span, args, n + 1);
}

/* A relation becomes a PROJECT over itself in its place, so that who holds it sees what is added. */
static void grow_over(struct kql_binder *b, struct kql_rel *rel)
{
    struct kql_rel *below = ARENA_NEW(b->arena, struct kql_rel);

    *below = *rel;
    struct kql_rel *above = kql_bind_rel(b, KQL_REL_PROJECT, below);
    above->open = below->open;
    above->open_prefix = below->open_prefix;
    *rel = *above;
}

struct kql_expr *kql_bind_expr_member(struct kql_binder *b, struct kql_rel *rel, str name,
                                      struct kql_span span)
{
    if (!rel || !rel->open || !str_starts(name, rel->open_prefix))
        return NULL;
    struct kql_expr *key =
        kql_plan_const(b->arena, kql_value_string(str_from(name, rel->open_prefix.n)), span);
    struct kql_expr *member = step(b, kql_plan_col(b->arena, rel->open, span), key, span);
    grow_over(b, rel);
    struct kql_col *col = kql_bind_def(b, rel, name, member);
    col->guess = name;
    kql_bind_field(b, rel, name, col);
    return kql_plan_col(b->arena, col, span);
}

static struct kql_expr *bind_step(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *base = bind(b, node->kids.p[0]), *key;

    if (!base)
        return NULL;
    if (base->type == KQL_STRING && base->kind != KQL_EXPR_CONST)
        base = KQL_CALL1(b, "parse_json", base);
    if (base && base->type != KQL_DYNAMIC && base->type != KQL_UNKNOWN) {
        kql_bind_error(b, KQL_DIAG_TYPE, node->span, "only a dynamic has members, and this is " STR_FMT,
                       STR_ARG(kql_type_one(base->type)));
        return NULL;
    }
    if (node->kind == KQL_NODE_PATH)
        key = kql_plan_const(b->arena, kql_value_string(node->text), node->span);
    else
        key = bind(b, node->kids.p[1]);
    if (!base || !key)
        return NULL;
    if (key->type == KQL_DYNAMIC)
        key = kql_convert_cast(b, key, KQL_STRING);
    if (key->type != KQL_STRING && !kql_type_is_integer(key->type) && key->type != KQL_UNKNOWN) {
        kql_bind_error(b, KQL_DIAG_TYPE, key->span, "an index is a number or a string, not " STR_FMT,
                       STR_ARG(kql_type_one(key->type)));
        return NULL;
    }
    return step(b, base, key, node->span);
}

/* --- calls --- */

static struct kql_expr *bind_toscalar(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_rel  *row = b->row;
    struct kql_expr *e;

    if (node->kids.n != 1) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->span, "toscalar() takes one table");
        return NULL;
    }
    const struct kql_scope *named =
        node->kids.p[0]->kind == KQL_NODE_NAME ? kql_bind_scope_find(b, node->kids.p[0]->text) : NULL;
    if (named && named->key)
        return named->expr;
    if (!kql_bind_is_tabular(b, node->kids.p[0]))
        return bind(b, node->kids.p[0]);
    b->row = NULL;
    struct kql_rel *rel = kql_bind_table(b, node->kids.p[0]);
    b->row = row;
    if (!rel)
        return NULL;
    if (rel->fields.n == 0) {
        kql_bind_error(b, KQL_DIAG_TABULAR, node->span, "toscalar() takes a table with a column");
        return NULL;
    }
    e = kql_plan_expr(b->arena, KQL_EXPR_SUBQUERY, rel->fields.p[0].col->type, node->span);
    e->rel = rel;
    e->nullable = !kql_type_is_text(e->type);
    return e;
}

static void unknown_function(struct kql_binder *b, const struct kql_node *node)
{
    struct near guess = { .wanted = node->text };
    const char *refused = kql_refused_why(node->text);

    if (refused) {
        kql_bind_error(b, KQL_DIAG_UNSUPPORTED, node->span, STR_FMT "() is not here: %s", STR_ARG(node->text),
                       refused);
        return;
    }
    if (kql_agg_find(node->text)) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, node->span, "the aggregate " STR_FMT "() belongs into summarize",
                       STR_ARG(node->text));
        return;
    }
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn))
        if (!fn->hidden)
            near_offer(&guess, str_of(fn->name));
    for (const struct kql_agg *agg = b->aggregates ? kql_agg_next(NULL) : NULL; agg; agg = kql_agg_next(agg))
        near_offer(&guess, str_of(agg->name));
    for (const struct kql_scope *s = b->scope; s; s = s->next)
        if (s->lambda)
            near_offer(&guess, s->name);
    kql_bind_error(b, b->aggregates ? KQL_DIAG_UNKNOWN_AGGREGATE : KQL_DIAG_UNKNOWN_FUNCTION, node->span,
                   "there is no function \"" STR_FMT "\"", STR_ARG(node->text));
    const char *hint = kql_habit_hint(KQL_HABIT_CALL, node->text);
    if (hint)
        kql_diag_hint(b->diags, "%s", hint);
    else if (guess.best.n > 0)
        kql_diag_hint(b->diags, "did you mean " STR_FMT "()?", STR_ARG(guess.best));
}

/* NULL in the array stands for a typeof() or a * that the function reads from the node itself. */
static bool bind_arguments(struct kql_binder *b, const struct kql_node *node, struct kql_expr **args)
{
    bool ok = true;
    for (size_t i = 0; i < node->kids.n; i++) {
        const struct kql_node *kid = node->kids.p[i];
        if (kid->kind == KQL_NODE_NAMED)
            kid = kid->kids.p[0];
        if (kid->kind == KQL_NODE_TYPE)
            args[i] = kql_plan_const(b->arena, kid->value, kid->span);
        else if (kid->kind == KQL_NODE_STAR)
            args[i] = NULL;
        else if (!(args[i] = bind(b, kid)))
            ok = false;
    }
    return ok;
}

/* False, reported, when a * stands among the arguments. */
static bool has_no_star(struct kql_binder *b, const struct kql_node *node, struct kql_expr *const *args)
{
    for (size_t i = 0; i < node->kids.n; i++)
        if (!args[i]) {
            kql_bind_error(b, KQL_DIAG_CONTEXT, node->kids.p[i]->span, "* may not stand here");
            if (str_eq(node->text, S("count")))
                kql_diag_hint(b->diags, "count() counts the rows");
            return false;
        }
    return true;
}

static struct kql_expr *bind_aggregate(struct kql_binder *b, const struct kql_agg *agg,
                                       const struct kql_node *node)
{
    struct kql_aggregates *aggregates = b->aggregates;
    struct kql_expr      **args = ARENA_ARRAY(b->arena, struct kql_expr *, node->kids.n + 1);

    b->aggregates = NULL; /* no aggregate within an aggregate */
    bool ok = bind_arguments(b, node, args);
    b->aggregates = aggregates;
    ok = ok && has_no_star(b, node, args);
    return ok ? kql_bind_expr_aggregate(b, agg, node->span, args, node->kids.n) : NULL;
}

struct kql_expr *kql_bind_expr_aggregate(struct kql_binder *b, const struct kql_agg *agg,
                                         struct kql_span span, struct kql_expr **args, size_t n)
{
    if (!kql_convert_arguments(b, agg->name, agg->args, span, args, n))
        return NULL;
    struct kql_expr *e = kql_plan_expr(b->arena, KQL_EXPR_AGG, agg->result, span);
    e->agg = agg;
    e->n_args = n;
    e->args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    if (n > 0)
        memcpy(e->args, args, n * sizeof *args);
    if (agg->type)
        e->type = agg->type(e);
    e->nullable = agg->nulls != KQL_FN_NULLS_NEVER && !kql_type_is_text(e->type);
    struct kql_col *col =
        kql_bind_col(b, str_of(agg->prefix ? agg->prefix : agg->name), e->type, e->nullable);
    *vec_push_in(b->arena, &b->aggregates->defs) = (struct kql_def) { col, e };
    return kql_plan_col(b->arena, col, span);
}

static bool is_settled(const struct kql_col *col, const kql_defs *keys, const kql_defs *aggregates)
{
    for (size_t i = 0; i < keys->n; i++) {
        const struct kql_expr *key = keys->p[i].expr;
        if (keys->p[i].col == col || (key->kind == KQL_EXPR_COL && key->col == col))
            return true;
    }
    for (size_t i = 0; i < aggregates->n; i++)
        if (aggregates->p[i].col == col)
            return true;
    return false;
}

static str field_name(const struct kql_rel *rel, const struct kql_col *col)
{
    for (size_t i = 0; i < rel->fields.n; i++)
        if (rel->fields.p[i].col == col)
            return rel->fields.p[i].name;
    return col->sql;
}

bool kql_bind_expr_settled(struct kql_binder *b, const struct kql_expr *e, const struct kql_rel *in,
                           const kql_defs *keys, const kql_defs *aggregates)
{
    if (e->kind == KQL_EXPR_COL && !is_settled(e->col, keys, aggregates)) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, e->span,
                       "\"" STR_FMT "\" is neither a key nor within an aggregate",
                       STR_ARG(field_name(in, e->col)));
        kql_diag_hint(b->diags, "take_any() gives one of a group's values; behind by, the column is a key");
        return false;
    }
    for (size_t i = 0; i < e->n_args; i++)
        if (!kql_bind_expr_settled(b, e->args[i], in, keys, aggregates))
            return false;
    return true;
}

static struct kql_expr *bind_call(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_scope *s = kql_bind_scope_find(b, node->text);
    const struct kql_agg   *agg = b->aggregates ? kql_agg_find(node->text) : NULL;

    if (s && s->lambda)
        return kql_call_scalar(b, s, node);
    if (str_eq(node->text, S("toscalar")))
        return bind_toscalar(b, node);
    if (agg)
        return bind_aggregate(b, agg, node);
    const struct kql_fn *fn = kql_fn_find(node->text);
    if (!fn || (fn->hidden && !b->own_text)) {
        unknown_function(b, node);
        return NULL;
    }
    struct kql_expr **args = ARENA_ARRAY(b->arena, struct kql_expr *, node->kids.n + 1);
    if (fn->bind && !fn->args) /* it may look at names that are no columns: column_ifexists */
        return fn->bind(b, fn, node, args, node->kids.n);
    if (!bind_arguments(b, node, args) || !has_no_star(b, node, args))
        return NULL;
    if (fn->window)
        return kql_window_bind(b, fn, node->span, args, node->kids.n);
    if (fn->bind)
        return kql_convert_arguments(b, fn->name, fn->args, node->span, args, node->kids.n)
                   ? fn->bind(b, fn, node, args, node->kids.n)
                   : NULL;
    return kql_build_of(b, fn, node->span, args, node->kids.n);
}

/* --- operators --- */

static struct kql_expr *bind_junction(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr **args = ARENA_ARRAY(b->arena, struct kql_expr *, node->kids.n);
    bool              ok = true;

    for (size_t i = 0; i < node->kids.n; i++)
        if (!(args[i] = kql_bind_expr_condition(b, node->kids.p[i])))
            ok = false;
    return ok ? kql_build_raw(b, kql_fn_find(node->text), KQL_BOOL, node->span, args, node->kids.n) : NULL;
}

/* * has "x": any column of text has it. */
static struct kql_expr *bind_star(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *right = bind(b, node->kids.p[1]);
    VEC(struct kql_expr *) any = { 0 };

    for (size_t i = 0; right && b->row && i < b->row->fields.n; i++) {
        struct kql_field *f = &b->row->fields.p[i];
        if (!kql_type_is_text(f->col->type))
            continue;
        struct kql_expr *args[] = { kql_plan_col(b->arena, f->col, node->span), right };
        struct kql_expr *one = kql_build_operator(b, node->text, node->span, args, 2);
        if (!one)
            return NULL;
        *vec_push_in(b->arena, &any) = one;
    }
    if (!right)
        return NULL;
    if (any.n == 0)
        return kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, 0), node->span);
    return any.n == 1 ? any.p[0] : kql_build_raw(b, kql_fn_find(S("or")), KQL_BOOL, node->span, any.p, any.n);
}

static struct kql_expr *bind_binary(struct kql_binder *b, const struct kql_node *node)
{
    if (str_eq(node->text, S("and")) || str_eq(node->text, S("or")))
        return bind_junction(b, node);
    if (node->kids.p[0]->kind == KQL_NODE_STAR)
        return bind_star(b, node);
    struct kql_expr *args[] = { bind(b, node->kids.p[0]), bind(b, node->kids.p[1]) };
    if (!args[0] || !args[1])
        return NULL;
    return kql_build_operator(b, node->text, node->span, args, 2);
}

static struct kql_expr *bind_unary(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *arg = bind(b, node->kids.p[0]);

    if (!arg || str_eq(node->text, S("+")))
        return arg;
    return kql_build_operator(b, S("negate"), node->span, &arg, 1);
}

static struct kql_expr *bind_between(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *args[3];
    bool             ok = true;

    for (size_t i = 0; i < 3; i++)
        if (!(args[i] = bind(b, node->kids.p[i])))
            ok = false;
    return ok ? kql_build_operator(b, node->text, node->span, args, 3) : NULL;
}

/* The place that a name of macro-expand stands for, or NULL. */
static const struct kql_node *entity_named(struct kql_binder *b, const struct kql_node *name)
{
    const struct kql_scope *s = name->kind == KQL_NODE_NAME ? kql_bind_scope_find(b, name->text) : NULL;
    return s && s->place ? s->node : NULL;
}

static struct kql_expr *database_of(struct kql_binder *b, const struct kql_node *entity)
{
    struct kql_value name = kql_value_string(S(""));

    if (entity->kind == KQL_NODE_CALL && str_eq(entity->text, S("database")) && entity->kids.n == 1 &&
        !kql_bind_expr_const(b, entity->kids.p[0], KQL_STRING, &name))
        return NULL;
    return kql_plan_const(b->arena, name, entity->span);
}

static struct kql_expr *bind_node(struct kql_binder *b, const struct kql_node *node)
{
    switch (node->kind) {
    case KQL_NODE_NAME:
        return bind_name(b, node);
    case KQL_NODE_LITERAL:
        return kql_plan_const(b->arena, node->value, node->span);
    case KQL_NODE_PATH:
        if (str_eq(node->text, S("$current_database")) && entity_named(b, node->kids.p[0]))
            return database_of(b, entity_named(b, node->kids.p[0]));
        if (node->kids.p[0]->kind == KQL_NODE_NAME &&
            (str_eq(node->kids.p[0]->text, S("$left")) || str_eq(node->kids.p[0]->text, S("$right"))))
            return side_column(b, node);
        if (named_row(b, node->kids.p[0]))
            return row_column(b, named_row(b, node->kids.p[0]), node);
        return bind_step(b, node);
    case KQL_NODE_INDEX:
        return bind_step(b, node);
    case KQL_NODE_CALL:
        return bind_call(b, node);
    case KQL_NODE_UNARY:
        return bind_unary(b, node);
    case KQL_NODE_BINARY:
        return bind_binary(b, node);
    case KQL_NODE_IN:
        return kql_in_bind(b, node);
    case KQL_NODE_BETWEEN:
        return bind_between(b, node);
    case KQL_NODE_PIPE:
    case KQL_NODE_OP:
        kql_bind_error(b, KQL_DIAG_TABULAR, node->span, "a value is needed here, not a table");
        kql_diag_hint(b->diags, "toscalar() takes the first value of a table");
        return NULL;
    case KQL_NODE_BAD:
        return NULL;
    default:
        kql_bind_error(b, KQL_DIAG_CONTEXT, node->span, "this may not stand here");
        return NULL;
    }
}

static struct kql_expr *bind(struct kql_binder *b, const struct kql_node *node)
{
    if (b->depth >= b->max_depth + 1000) {
        kql_bind_error(b, KQL_DIAG_LIMIT, node->span, "expressions are nested too deep");
        return NULL;
    }
    if (!kql_bind_grow(b, node->span))
        return NULL;
    b->depth++;
    struct kql_expr *e = bind_node(b, node);
    b->depth--;
    return e;
}

struct kql_expr *kql_bind_expr(struct kql_binder *b, const struct kql_node *node)
{
    return bind(b, node);
}

struct kql_expr *kql_bind_expr_in(struct kql_binder *b, const struct kql_node *node, struct kql_rel *row)
{
    struct kql_rel *before = b->row;
    b->row = row;
    struct kql_expr *e = bind(b, node);
    b->row = before;
    return e;
}

struct kql_expr *kql_bind_expr_condition(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *e = bind(b, node);

    if (!e || e->type == KQL_BOOL)
        return e;
    if (kql_type_is_number(e->type) || e->type == KQL_DYNAMIC)
        return kql_convert_cast(b, e, KQL_BOOL);
    if (e->type == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(KQL_BOOL), e->span);
    kql_bind_error(b, KQL_DIAG_TYPE, e->span, "a condition is true or false, and this is " STR_FMT,
                   STR_ARG(kql_type_one(e->type)));
    return NULL;
}

bool kql_bind_expr_const(struct kql_binder *b, const struct kql_node *node, enum kql_type type,
                         struct kql_value *out)
{
    struct kql_expr *e = bind(b, node);

    if (!e)
        return false;
    if (e->kind != KQL_EXPR_CONST) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, node->span, "a constant is needed here");
        return false;
    }
    if (type == KQL_LONG && e->type == KQL_INT)
        e->value.type = KQL_LONG;
    else if (type != KQL_UNKNOWN && e->type != type) {
        kql_bind_error(b, KQL_DIAG_TYPE, node->span, "" STR_FMT " is needed here, and this is " STR_FMT,
                       STR_ARG(kql_type_one(type)), STR_ARG(kql_type_one(e->type)));
        return false;
    }
    *out = e->value;
    return true;
}
