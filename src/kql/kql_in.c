/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_in.h"

#include "base/json.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"

struct list {
    VEC(struct kql_expr *) constants;
    VEC(struct kql_expr *) arrays; /* dynamics whose elements only the engine knows */
    VEC(struct kql_expr *) others; /* values of the row */
};

static void add_json(struct kql_binder *b, struct list *list, const struct json *j, struct kql_span span)
{
    struct kql_value v;

    switch (j->kind) {
    case JSON_ARRAY:
        for (uint32_t i = 0; i < j->n; i++)
            add_json(b, list, &j->items[i], span);
        return;
    case JSON_STRING:
        v = kql_value_string(j->s);
        break;
    case JSON_INT:
        v = kql_value_long(j->i);
        break;
    case JSON_DOUBLE:
        v = kql_value_real(j->d);
        break;
    case JSON_BOOL:
        v = kql_value_int_of(KQL_BOOL, j->b);
        break;
    default:
        return;
    }
    *vec_push_in(b->arena, &list->constants) = kql_plan_const(b->arena, v, span);
}

static void add_item(struct kql_binder *b, struct list *list, struct kql_expr *e)
{
    const struct json *j;

    if (e->kind == KQL_EXPR_CONST && e->type == KQL_DYNAMIC) {
        if (e->value.s.n > 0 && json_parse(b->arena, e->value.s, &j, NULL) == RC_OK)
            add_json(b, list, j, e->span);
    } else if (e->kind == KQL_EXPR_CONST) {
        *vec_push_in(b->arena, &list->constants) = e;
    } else if (e->type == KQL_DYNAMIC) {
        *vec_push_in(b->arena, &list->arrays) = e;
    } else {
        *vec_push_in(b->arena, &list->others) = e;
    }
}

/* The first column of a table, lowered when case does not count, as a relation of one column. */
static struct kql_rel *column_of(struct kql_binder *b, const struct kql_node *node, bool lowered,
                                 enum kql_type like)
{
    struct kql_rel *row = b->row;

    b->row = NULL;
    struct kql_rel *rel = kql_bind_table(b, node);
    b->row = row;
    if (!rel || rel->fields.n == 0)
        return NULL;
    struct kql_rel  *project = kql_bind_rel(b, KQL_REL_PROJECT, rel);
    struct kql_field first = project->fields.p[0];
    struct kql_expr *e = kql_plan_col(b->arena, first.col, node->span);
    if (like != KQL_UNKNOWN && e->type != like)
        e = kql_convert_cast(b, e, like);
    if (lowered && e)
        e = KQL_CALL1(b, "tolower", e);
    if (!e)
        return NULL;
    project->fields.n = 0;
    memset(&project->order, 0, sizeof project->order);
    kql_bind_field(b, project, first.name, kql_bind_def(b, project, first.name, e));
    return project;
}

static struct kql_expr *in_table(struct kql_binder *b, const struct kql_node *node, struct kql_expr *left,
                                 bool nocase)
{
    if (left->type == KQL_DYNAMIC)
        left = kql_convert_cast(b, left, KQL_STRING);
    if (nocase && left)
        left = KQL_CALL1(b, "tolower", left);
    struct kql_rel *rel = left ? column_of(b, node->kids.p[1], nocase, left->type) : NULL;
    if (!rel)
        return NULL;
    struct kql_expr *e = kql_plan_expr(b->arena, KQL_EXPR_IN, KQL_BOOL, node->span);
    e->args = ARENA_ARRAY(b->arena, struct kql_expr *, 1);
    e->args[0] = left;
    e->n_args = 1;
    e->nullable = left->nullable;
    e->rel = rel;
    return e;
}

/* A table where a list of words is wanted: its first column as one dynamic array. */
static struct kql_expr *words_of_table(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_rel *rel = column_of(b, node, false, KQL_STRING);
    if (!rel)
        return NULL;
    struct kql_rel       *summarize = kql_bind_rel(b, KQL_REL_SUMMARIZE, rel);
    const struct kql_agg *agg = kql_agg_find(S("make_set"));
    struct kql_expr      *list = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_DYNAMIC, node->span);
    list->agg = agg;
    list->args = ARENA_ARRAY(b->arena, struct kql_expr *, 1);
    list->args[0] = kql_plan_col(b->arena, rel->fields.p[0].col, node->span);
    list->n_args = 1;
    struct kql_col *col = kql_bind_col(b, S("words"), KQL_DYNAMIC, false);
    *vec_push_in(b->arena, &summarize->defs) = (struct kql_def) { col, list };
    summarize->fields.n = 0;
    kql_bind_field(b, summarize, S("words"), col);

    struct kql_expr *e = kql_plan_expr(b->arena, KQL_EXPR_SUBQUERY, KQL_DYNAMIC, node->span);
    e->rel = summarize;
    return e;
}

/* Constants that cannot equal the left side are dropped; numbers meet numbers, all else meets as the left's
 * type. */
static bool fit_constants(struct kql_binder *b, struct list *list, enum kql_type type)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->constants.n; i++) {
        struct kql_expr *c = list->constants.p[i], *fitted = kql_convert_silently(b, c, type);
        if (!fitted && type == KQL_STRING)
            fitted = kql_convert_cast(b, c, KQL_STRING);
        if (!fitted && c->type == KQL_STRING)
            fitted = kql_convert_cast(b, c, type);
        if (!fitted && kql_type_is_integer(type) && c->type == KQL_REAL)
            fitted = kql_convert_cast(b, c, type);
        if (!fitted) {
            kql_bind_error(b, KQL_DIAG_TYPE, c->span, "" STR_FMT " is never equal to " STR_FMT,
                           STR_ARG(kql_type_one(c->type)), STR_ARG(kql_type_one(type)));
            return false;
        }
        list->constants.p[kept++] = fitted;
    }
    list->constants.n = kept;
    return true;
}

static enum kql_type left_type(const struct kql_expr *left, const struct list *list)
{
    enum kql_type type = left->type;
    if (type != KQL_DYNAMIC && type != KQL_UNKNOWN)
        return type;
    type = list->constants.n > 0 ? list->constants.p[0]->type : KQL_STRING;
    return type == KQL_DYNAMIC ? KQL_STRING : type;
}

static struct kql_expr *with_left(struct kql_binder *b, const char *fn, enum kql_type type,
                                  struct kql_expr *left, struct kql_expr **rest, size_t n)
{
    struct kql_expr **args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    args[0] = left;
    if (n > 0)
        memcpy(args + 1, rest, n * sizeof *args);
    return kql_build_raw(b, kql_fn_find(str_of(fn)), type, left->span, args, n + 1);
}

static struct kql_expr *any_of(struct kql_binder *b, struct kql_expr **list, size_t n, struct kql_span span)
{
    if (n == 0)
        return kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, 0), span);
    return n == 1 ? list[0] : kql_build_raw(b, kql_fn_find(S("or")), KQL_BOOL, span, list, n);
}

static struct kql_expr *in_list(struct kql_binder *b, struct kql_expr *left, struct list *list, bool nocase)
{
    VEC(struct kql_expr *) any = { 0 };
    enum kql_type type = left_type(left, list);

    left = kql_convert_cast(b, left, type);
    if (!left || !fit_constants(b, list, type))
        return NULL;
    nocase = nocase && type == KQL_STRING;
    if (list->constants.n > 0)
        *vec_push_in(b->arena, &any) =
            with_left(b, nocase ? "·in~" : "·in", KQL_BOOL, left, list->constants.p, list->constants.n);
    for (size_t i = 0; i < list->arrays.n; i++)
        *vec_push_in(b->arena, &any) =
            with_left(b, nocase ? "·in_array~" : "·in_array", KQL_BOOL, kql_convert_cast(b, left, KQL_STRING),
                      &list->arrays.p[i], 1);
    for (size_t i = 0; i < list->others.n; i++) {
        struct kql_expr *pair[] = { left, list->others.p[i] };
        struct kql_expr *same = kql_build_operator(b, nocase ? S("=~") : S("=="), left->span, pair, 2);
        if (!same)
            return NULL;
        *vec_push_in(b->arena, &any) = same;
    }
    return any_of(b, any.p, any.n, left->span);
}

/* has_any, has_all: constants go in one call, which may ask the index; the rest term by term. */
static struct kql_expr *has_list(struct kql_binder *b, struct kql_expr *left, struct list *list, bool all)
{
    VEC(struct kql_expr *) parts = { 0 };

    left = left->type == KQL_STRING ? left : kql_convert_cast(b, left, KQL_STRING);
    if (!left || !fit_constants(b, list, KQL_STRING))
        return NULL;
    if (list->constants.n > 0)
        *vec_push_in(b->arena, &parts) =
            with_left(b, all ? "·has_all" : "·has_any", KQL_BOOL, left, list->constants.p, list->constants.n);
    for (size_t i = 0; i < list->arrays.n; i++)
        *vec_push_in(b->arena, &parts) =
            with_left(b, all ? "·has_all_array" : "·has_any_array", KQL_BOOL, left, &list->arrays.p[i], 1);
    for (size_t i = 0; i < list->others.n; i++) {
        struct kql_expr *pair[] = { left, list->others.p[i] };
        struct kql_expr *one = kql_build_operator(b, S("has"), left->span, pair, 2);
        if (!one)
            return NULL;
        *vec_push_in(b->arena, &parts) = one;
    }
    if (parts.n == 0)
        return kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, all), left->span);
    return parts.n == 1 ? parts.p[0]
                        : kql_build_raw(b, kql_fn_find(all ? S("and") : S("or")), KQL_BOOL, left->span,
                                        parts.p, parts.n);
}

static struct kql_expr *bind_one(struct kql_binder *b, const struct kql_node *node, str op,
                                 struct kql_expr *left)
{
    bool        words = str_starts(op, S("has_")), all = str_eq(op, S("has_all"));
    bool        nocase = str_ends(op, S("~"));
    struct list list = { 0 };

    if (node->kids.n == 2 && kql_bind_is_tabular(b, node->kids.p[1]) &&
        !(node->kids.p[1]->kind == KQL_NODE_NAME && b->row &&
          kql_plan_field(b->row, node->kids.p[1]->text))) {
        if (!words)
            return in_table(b, node, left, nocase);
        struct kql_expr *array = words_of_table(b, node->kids.p[1]);
        if (!array)
            return NULL;
        add_item(b, &list, array);
    } else {
        for (size_t i = 1; i < node->kids.n; i++) {
            struct kql_expr *item = kql_bind_expr(b, node->kids.p[i]);
            if (!item)
                return NULL;
            add_item(b, &list, item);
        }
    }
    return words ? has_list(b, left, &list, all) : in_list(b, left, &list, nocase);
}

static struct kql_expr *bind_left(struct kql_binder *b, const struct kql_node *node)
{
    struct kql_expr *left = kql_bind_expr(b, node->kids.p[0]);
    return left && left->type == KQL_UNKNOWN
               ? kql_plan_const(b->arena, kql_value_string(STR_NONE), left->span)
               : left;
}

/* * in (…), * has_any (…): any column of text. */
static struct kql_expr *bind_star(struct kql_binder *b, const struct kql_node *node, str op)
{
    VEC(struct kql_expr *) any = { 0 };
    for (size_t i = 0; b->row && i < b->row->fields.n; i++) {
        struct kql_col *col = b->row->fields.p[i].col;
        if (!kql_type_is_text(col->type))
            continue;
        struct kql_expr *one = bind_one(b, node, op, kql_plan_col(b->arena, col, node->span));
        if (!one)
            return NULL;
        *vec_push_in(b->arena, &any) = one;
    }
    return any_of(b, any.p, any.n, node->span);
}

struct kql_expr *kql_in_bind(struct kql_binder *b, const struct kql_node *node)
{
    str              op = str_eq(node->text, S("notin")) ? S("!in") : node->text;
    bool             negated = str_starts(op, S("!"));
    struct kql_expr *e;

    op = str_from(op, negated);
    if (node->kids.p[0]->kind == KQL_NODE_STAR) {
        e = bind_star(b, node, op);
    } else {
        struct kql_expr *left = bind_left(b, node);
        e = left ? bind_one(b, node, op, left) : NULL;
    }
    return e && negated ? KQL_CALL1(b, "not", e) : e;
}
