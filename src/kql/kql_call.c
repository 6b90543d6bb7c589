/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_call.h"

#include "kql/kql_convert.h"
#include "kql/kql_parse.h"
#include "kql/kql_plugin.h"

static void define(struct kql_binder *b, str name, const struct kql_node *node)
{
    struct kql_scope s = { .name = name, .node = node, .seen = b->scope };

    if (node->kind == KQL_NODE_LAMBDA) {
        s.lambda = true;
        s.view = (node->flags & KQL_NODE_VIEW) != 0;
    } else if (node->kind == KQL_NODE_LIST && str_eq(node->text, S("entity_group"))) {
        s.seen = NULL; /* names places, and nothing that is bound */
    } else if (node->kind != KQL_NODE_BAD && !kql_bind_is_tabular(b, node)) {
        struct kql_rel *row = b->row;
        b->row = NULL;
        s.expr = kql_bind_expr(b, node);
        s.node = NULL;
        b->row = row;
        if (!s.expr) /* reported: an unknown value goes on, so that its uses are not reported too */
            s.expr = kql_plan_const(b->arena, kql_value_null(KQL_UNKNOWN), node->span);
    }
    kql_bind_scope_add(b, s);
}

static struct kql_expr *default_of(struct kql_binder *b, const struct kql_node *param)
{
    if (param->kids.n == 0)
        return NULL;
    struct kql_expr *e = kql_bind_expr(b, param->kids.p[0]);
    return e ? kql_convert_cast(b, e, param->value.type) : NULL;
}

/* The text of a literal without the type around it: datetime(2024-01-31). */
static str without_type(str text, enum kql_type type)
{
    str name = kql_type_name(type);

    text = str_trim(text);
    if (!str_starts(text, name) || text.n < name.n + 2 || text.p[name.n] != '(' || text.p[text.n - 1] != ')')
        return text;
    return str_slice(text, name.n + 1, text.n - 1);
}

/* What whoever runs the query says, or its default, or null. NULL after a report. */
static struct kql_expr *parameter(struct kql_binder *b, const struct kql_node *param)
{
    enum kql_type    type = param->value.type;
    struct kql_value value = kql_value_null(type);

    for (size_t i = 0; i < b->opts->n_parameters; i++) {
        const struct kql_parameter *given = &b->opts->parameters[i];
        if (!str_eq(given->name, param->text))
            continue;
        str text = arena_str(b->arena, given->value);
        if (type == KQL_STRING)
            return kql_plan_const(b->arena, kql_value_string(text), param->span);
        if (!kql_value_parse(b->arena, type, without_type(text, type), &value)) {
            kql_bind_error(b, KQL_DIAG_LITERAL, param->span,
                           "the parameter \"" STR_FMT "\" is " STR_FMT ", and \"" STR_FMT "\" is none",
                           STR_ARG(param->text), STR_ARG(kql_type_one(type)),
                           STR_ARG(str_slice(text, 0, 60)));
            return NULL;
        }
        return kql_plan_const(b->arena, value, param->span);
    }
    size_t           said = b->diags->list.n;
    struct kql_expr *value_of = default_of(b, param);
    if (value_of || b->diags->list.n > said)
        return value_of;
    return kql_plan_const(b->arena, value, param->span);
}

bool kql_call_statement(struct kql_binder *b, const struct kql_node *statement)
{
    if (statement->kind == KQL_NODE_LET) {
        define(b, statement->text, statement->kids.p[0]);
        return true;
    }
    if (statement->kind != KQL_NODE_SET)
        return false;
    if (str_eq(statement->text, S("restrict")) && statement->kids.n > 0)
        kql_bind_scope_add(
            b, (struct kql_scope) { .name = S("restrict access"), .node = statement, .restricts = true });
    if (str_starts(statement->text, S("query_bin_auto_")) && statement->kids.n > 0) {
        struct kql_expr *value = kql_bind_expr(b, statement->kids.p[0]);
        if (value) /* no name that a query can write has a blank before "query" */
            kql_bind_scope_add(b, (struct kql_scope) { .name = arena_printf(b->arena, "set " STR_FMT,
                                                                            STR_ARG(statement->text)),
                                                       .expr = value });
        return true;
    }
    if (str_eq(statement->text, S("query_parameters")) && statement->kids.n > 0) {
        const struct kql_node *params = statement->kids.p[0];
        for (size_t i = 0; i < params->kids.n; i++) {
            struct kql_expr *value = parameter(b, params->kids.p[i]);
            if (value)
                kql_bind_scope_add(b, (struct kql_scope) { .name = params->kids.p[i]->text, .expr = value });
        }
    }
    return true;
}

/* The names that a lambda's body sees, with its parameters standing for nothing in particular. */
static const struct kql_scope *scope_of_shape(struct kql_binder *b, const struct kql_scope *lambda)
{
    static struct kql_expr  value;
    static struct kql_rel   table;
    const struct kql_node  *params = lambda->node->kids.p[0];
    const struct kql_scope *scope = b->scope;

    b->scope = lambda->seen;
    for (size_t i = 0; i < params->kids.n; i++) {
        bool tabular = params->kids.p[i]->kids.n > 0 && params->kids.p[i]->kids.p[0]->kind == KQL_NODE_CLAUSE;
        kql_bind_scope_add(b, (struct kql_scope) { .name = params->kids.p[i]->text,
                                                   .expr = tabular ? NULL : &value,
                                                   .rel = tabular ? &table : NULL });
    }
    const struct kql_scope *shape = b->scope;
    b->scope = scope;
    return shape;
}

bool kql_call_is_tabular(struct kql_binder *b, const struct kql_scope *lambda)
{
    if (!lambda->node || lambda->node->kind != KQL_NODE_LAMBDA || lambda->node->kids.n < 2)
        return true;
    const struct kql_node  *body = lambda->node->kids.p[1];
    const struct kql_scope *scope = b->scope;
    bool                    tabular = false;

    if (b->depth >= b->max_depth)
        return true;
    b->depth++;
    b->scope = scope_of_shape(b, lambda);
    for (size_t i = 0; i < body->kids.n; i++) {
        const struct kql_node *s = body->kids.p[i];
        if (s->kind == KQL_NODE_LET)
            kql_bind_scope_add(b, (struct kql_scope) { .name = s->text,
                                                       .node = s->kids.p[0],
                                                       .seen = b->scope,
                                                       .lambda = s->kids.p[0]->kind == KQL_NODE_LAMBDA });
        else if (s->kind != KQL_NODE_SET)
            tabular = kql_bind_is_tabular(b, s);
    }
    b->scope = scope;
    b->depth--;
    return tabular;
}

static const struct kql_node *argument_of(const struct kql_node *call, str name, size_t position,
                                          bool has_first)
{
    if (call->kind != KQL_NODE_CALL)
        return NULL;
    for (size_t i = 0; i < call->kids.n; i++) {
        const struct kql_node *arg = call->kids.p[i];
        if (arg->kind == KQL_NODE_NAMED && arg->names.n == 1 && str_eq(arg->names.p[0], name))
            return arg->kids.p[0];
    }
    if (has_first && position-- == 0)
        return NULL;
    return position < call->kids.n && call->kids.p[position]->kind != KQL_NODE_NAMED ? call->kids.p[position]
                                                                                     : NULL;
}

static bool bind_param(struct kql_binder *b, const struct kql_node *param, const struct kql_node *arg,
                       const struct kql_node *call, struct kql_scope *out)
{
    bool tabular = param->kids.n > 0 && param->kids.p[0]->kind == KQL_NODE_CLAUSE;

    *out = (struct kql_scope) { .name = param->text };
    if (tabular && arg) {
        out->node = arg;
        out->seen = b->scope;
        return true;
    }
    if (!tabular && arg) {
        struct kql_expr *e = kql_bind_expr(b, arg);
        /* A saved parser is called with what its author had at hand: conversions are silent here. */
        out->expr = e && e->type != param->value.type ? kql_convert_cast(b, e, param->value.type) : e;
        return out->expr != NULL;
    }
    if (!tabular)
        out->expr = default_of(b, param);
    if (out->expr)
        return true;
    kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->span,
                   "the parameter \"" STR_FMT "\" has no value and no default", STR_ARG(param->text));
    return false;
}

/* The scope in which the body is bound: parameters over what the definition saw. */
static bool enter(struct kql_binder *b, const struct kql_scope *lambda, const struct kql_node *call,
                  struct kql_rel *first, const struct kql_scope **inside)
{
    const struct kql_node *params = lambda->node->kids.p[0];
    size_t                 given = call->kind == KQL_NODE_CALL ? call->kids.n : 0;

    if (given + (first != NULL) > params->kids.n) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->span, "\"" STR_FMT "\" takes %zu arguments, not %zu",
                       STR_ARG(lambda->name), params->kids.n, given);
        return false;
    }
    const struct kql_scope *scope = b->scope;
    const struct kql_scope *made = lambda->seen;
    for (size_t i = 0; i < params->kids.n; i++) {
        const struct kql_node *param = params->kids.p[i];
        struct kql_scope      *s = ARENA_NEW(b->arena, struct kql_scope);
        b->scope = scope;
        if (first && i == 0)
            *s = (struct kql_scope) { .name = param->text, .rel = first };
        else if (!bind_param(b, param, argument_of(call, param->text, i, first != NULL), call, s))
            return false;
        s->next = made;
        made = s;
    }
    *inside = made;
    return true;
}

/* Binds the body up to its result. */
static const struct kql_node *body_result(struct kql_binder *b, const struct kql_node *body)
{
    const struct kql_node *result = NULL;

    for (size_t i = 0; i < body->kids.n; i++)
        if (!kql_call_statement(b, body->kids.p[i]))
            result = body->kids.p[i];
    if (!result)
        kql_bind_error(b, KQL_DIAG_SYNTAX, body->span, "the body of a function ends with an expression");
    return result;
}

static bool may_go_deeper(struct kql_binder *b, const struct kql_node *call)
{
    if (b->depth < b->max_depth)
        return kql_bind_grow(b, call->span);
    kql_bind_error(b, KQL_DIAG_LIMIT, call->span,
                   "the calls of functions expand to more than the compiler takes");
    return false;
}

struct kql_rel *kql_call_table(struct kql_binder *b, const struct kql_scope *lambda,
                               const struct kql_node *call, struct kql_rel *first)
{
    const struct kql_scope *scope = b->scope, *inside;
    struct kql_rel         *row = b->row, *rel = NULL;

    if (lambda->node->kind != KQL_NODE_LAMBDA || !may_go_deeper(b, call) ||
        !enter(b, lambda, call, first, &inside)) {
        b->scope = scope;
        return NULL;
    }
    b->scope = inside;
    b->row = NULL;
    b->depth++;
    const struct kql_node *result = body_result(b, lambda->node->kids.p[1]);
    if (result)
        rel = kql_bind_table(b, result);
    b->depth--;
    b->row = row;
    b->scope = scope;
    return rel;
}

struct kql_expr *kql_call_scalar(struct kql_binder *b, const struct kql_scope *lambda,
                                 const struct kql_node *call)
{
    const struct kql_scope *scope = b->scope, *inside;
    struct kql_rel         *row = b->row;
    struct kql_expr        *expr = NULL;

    if (lambda->node->kind != KQL_NODE_LAMBDA || !may_go_deeper(b, call) ||
        !enter(b, lambda, call, NULL, &inside)) {
        b->scope = scope;
        return NULL;
    }
    b->scope = inside;
    b->row = NULL; /* a body sees its parameters, not the row of its caller */
    b->depth++;
    const struct kql_node *result = body_result(b, lambda->node->kids.p[1]);
    if (result)
        expr = kql_bind_expr(b, result);
    b->depth--;
    b->row = row;
    b->scope = scope;
    return expr;
}

struct kql_rel *kql_call_saved(struct kql_binder *b, const struct kql_node *call, struct kql_rel *first)
{
    const struct kql_function *fn = b->catalog->function_find(b->catalog->ctx, call->text);
    struct kql_node *lambda = kql_parse_function(b->arena, fn->parameters, fn->body, b->max_depth, b->diags);

    if (lambda->kind == KQL_NODE_BAD)
        return NULL;
    struct kql_scope s = { .name = call->text, .node = lambda, .lambda = true };
    return kql_call_table(b, &s, call, first);
}

static struct kql_rel *list_rel(struct kql_binder *b, const struct kql_list *list)
{
    struct kql_rel *rel = kql_bind_rel(b, KQL_REL_VALUES, NULL);

    for (size_t i = 0; i < list->n_columns; i++) {
        struct kql_col *col = kql_bind_col(b, list->columns[i].name, list->columns[i].type, false);
        *vec_push_in(b->arena, &rel->columns) = col;
        kql_bind_field(b, rel, list->columns[i].name, col);
    }
    for (size_t i = 0; i < list->n_columns * list->n_rows; i++)
        *vec_push_in(b->arena, &rel->values) = list->cells[i];
    return rel;
}

struct kql_rel *kql_call_watchlist(struct kql_binder *b, const struct kql_node *node, str alias)
{
    struct kql_list list = { 0 };
    struct err      err = { 0 };
    enum rc         rc = RC_NOT_FOUND;

    if (b->catalog->watchlist)
        rc = b->catalog->watchlist(b->catalog->ctx, alias, b->arena, &list, &err);
    if (rc == RC_NOT_FOUND)
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, node->span, "there is no watchlist \"" STR_FMT "\"",
                       STR_ARG(alias));
    else if (rc != RC_OK)
        kql_bind_error(b, KQL_DIAG_LIMIT, node->span, "%s", err.text);
    if (rc != RC_OK)
        return NULL;
    kql_bind_reads(b, S("Watchlist"));
    return list_rel(b, &list);
}

static struct kql_rel *call_watchlist(struct kql_binder *b, const struct kql_node *call)
{
    struct kql_value alias;

    if (call->kids.n < 1 || !kql_bind_expr_const(b, call->kids.p[0], KQL_STRING, &alias) || !alias.s.n) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, call->span, "_GetWatchlist takes the alias of a watchlist");
        return NULL;
    }
    return kql_call_watchlist(b, call, alias.s);
}

static struct kql_rel *call_table_by_name(struct kql_binder *b, const struct kql_node *call)
{
    struct kql_value name;

    if (call->kids.n < 1 || !kql_bind_expr_const(b, call->kids.p[0], KQL_STRING, &name)) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, call->span, "table() takes the name of a table as a constant");
        return NULL;
    }
    struct kql_node *node = kql_ast_new(b->arena, KQL_NODE_NAME, call->kids.p[0]->span, name.s);
    return kql_bind_table(b, node);
}

static struct kql_rel *unknown_call(struct kql_binder *b, const struct kql_node *call)
{
    struct near guess = { .wanted = call->text };

    if (kql_plugin_refusal(call->text) || kql_plugin_find(call->text)) {
        const char *why = kql_plugin_refusal(call->text);
        kql_bind_error(b, why ? KQL_DIAG_UNSUPPORTED : KQL_DIAG_CONTEXT, call->span,
                       "\"" STR_FMT "\" is a plugin%s%s", STR_ARG(call->text),
                       why ? " that is not here: " : "", why ? why : ": write it behind evaluate");
        return NULL;
    }
    if (kql_fn_find(call->text)) {
        kql_bind_error(b, KQL_DIAG_TABULAR, call->span,
                       "\"" STR_FMT "\" gives a value, and a table is needed here", STR_ARG(call->text));
        return NULL;
    }
    for (const struct kql_scope *s = b->scope; s; s = s->next)
        near_offer(&guess, s->name);
    kql_bind_error(b, KQL_DIAG_UNKNOWN_FUNCTION, call->span,
                   "there is no function \"" STR_FMT "\" that gives a table", STR_ARG(call->text));
    kql_diag_suggest(b->diags, &guess);
    return NULL;
}

struct kql_rel *kql_call_tabular(struct kql_binder *b, const struct kql_node *call)
{
    const struct kql_scope *s = kql_bind_scope_find(b, call->text);
    bool saved = !s && b->catalog->function_find && b->catalog->function_find(b->catalog->ctx, call->text);

    if (((s && s->view) || saved) && !kql_bind_is_readable(b, call->text, s)) {
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, call->span,
                       "the query restricts its access, and \"" STR_FMT "\" is not among what it may read",
                       STR_ARG(call->text));
        return NULL;
    }

    if (s && s->lambda)
        return kql_call_table(b, s, call, NULL);
    if (str_eq(call->text, S("materialize")) && call->kids.n == 1)
        return kql_bind_table(b, call->kids.p[0]);
    if (str_eq(call->text, S("table")) || str_eq(call->text, S("external_table")))
        return call_table_by_name(b, call);
    if (str_eq(call->text, S("_GetWatchlist")))
        return call_watchlist(b, call);
    if (str_eq(call->text, S("_GetWatchlistAlias")))
        return kql_call_watchlist(b, call, STR_NONE);
    if (b->catalog->function_find && b->catalog->function_find(b->catalog->ctx, call->text))
        return kql_call_saved(b, call, NULL);
    return unknown_call(b, call);
}
