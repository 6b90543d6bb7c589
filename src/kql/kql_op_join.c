/* SPDX-License-Identifier: Apache-2.0 */
/* join and lookup. The right side's columns of a name that is taken get a number behind theirs. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

static bool parse_join(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "hint.*", "withsource", NULL };
    kql_parse_options(p, op, OPTIONS);
    struct kql_node *right = kql_parse_expr(p);
    if (right->kind == KQL_NODE_BAD)
        return false;
    kql_parse_add(p, op, right);
    kql_parse_options(p, op, OPTIONS);
    if (!kql_parse_expect(p, "on"))
        return false;
    struct kql_node *on = kql_parse_new(p, KQL_NODE_CLAUSE);
    if (!kql_parse_list(p, on, kql_parse_expr))
        return false;
    kql_parse_add(p, op, on);
    return true;
}

struct kind {
    const char        *name;
    enum kql_join_kind join;
    bool               unique;
};

static const struct kind KINDS[] = {
    { "innerunique", KQL_JOIN_INNER, true },       { "inner", KQL_JOIN_INNER, false },
    { "leftouter", KQL_JOIN_LEFT, false },         { "rightouter", KQL_JOIN_RIGHT, false },
    { "fullouter", KQL_JOIN_FULL, false },         { "leftsemi", KQL_JOIN_LEFT_SEMI, false },
    { "leftanti", KQL_JOIN_LEFT_ANTI, false },     { "anti", KQL_JOIN_LEFT_ANTI, false },
    { "leftantisemi", KQL_JOIN_LEFT_ANTI, false }, { "rightsemi", KQL_JOIN_RIGHT_SEMI, false },
    { "rightanti", KQL_JOIN_RIGHT_ANTI, false },   { "rightantisemi", KQL_JOIN_RIGHT_ANTI, false },
};

static const struct kind *kind_of(struct kql_binder *b, const struct kql_node *op, const char *usual)
{
    const struct kql_node *option = kql_ast_option(op, "kind");
    str                    name = option ? option->text : str_of(usual);

    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (str_eq(name, str_of(KINDS[i].name)))
            return &KINDS[i];
    kql_bind_error(b, KQL_DIAG_SYNTAX, option->span, "there is no join of kind \"" STR_FMT "\"",
                   STR_ARG(name));
    kql_diag_hint(b->diags, "kinds are innerunique, inner, leftouter, rightouter, fullouter, leftsemi, "
                            "leftanti, rightsemi, rightanti");
    return NULL;
}

struct joining {
    struct kql_binder *b;
    struct kql_rel *left, *right; /* PROJECTs over the inputs: keys that are expressions are computed there */
    struct kql_rel *join;
};

static bool add_pair(struct joining *j, const struct kql_node *at, struct kql_expr *l, struct kql_expr *r)
{
    if (l->type != r->type) {
        bool          number = kql_type_is_number(l->type) && kql_type_is_number(r->type);
        enum kql_type type = number                   ? kql_type_common(l->type, r->type)
                             : l->type == KQL_DYNAMIC ? r->type
                             : r->type == KQL_DYNAMIC ? l->type
                                                      : KQL_UNKNOWN;
        if ((l->type == KQL_GUID && r->type == KQL_STRING) || (l->type == KQL_STRING && r->type == KQL_GUID))
            type = KQL_STRING;
        if (type == KQL_UNKNOWN) {
            kql_bind_error(j->b, KQL_DIAG_TYPE, at->span, "" STR_FMT " cannot be joined with " STR_FMT,
                           STR_ARG(kql_type_one(l->type)), STR_ARG(kql_type_one(r->type)));
            kql_diag_hint(j->b->diags, "convert one side with extend before the join");
            return false;
        }
        if (!kql_type_is_integer(type) || !number) {
            l = kql_convert_cast(j->b, l, type);
            r = kql_convert_cast(j->b, r, type);
        }
        if (!l || !r)
            return false;
    }
    *vec_push_in(j->b->arena, &j->join->on) =
        (struct kql_join_key) { kql_bind_def(j->b, j->left, S("key"), l),
                                kql_bind_def(j->b, j->right, S("key"), r) };
    return true;
}

static bool is_side(const struct kql_node *n, const char *side)
{
    while (n->kind == KQL_NODE_PATH && n->kids.p[0]->kind == KQL_NODE_PATH)
        n = n->kids.p[0];
    return n->kind == KQL_NODE_PATH && n->kids.p[0]->kind == KQL_NODE_NAME &&
           str_eq(n->kids.p[0]->text, str_of(side));
}

static struct kql_expr *on_side(struct joining *j, const struct kql_node *n)
{
    j->b->row = j->left->inputs.p[0];
    j->b->right = j->right->inputs.p[0];
    struct kql_expr *e = kql_bind_expr(j->b, n);
    j->b->row = NULL;
    j->b->right = NULL;
    return e;
}

static bool add_condition(struct joining *j, const struct kql_node *n)
{
    struct kql_binder *b = j->b;

    if (n->kind == KQL_NODE_NAME) {
        struct kql_field *l = kql_plan_field(j->left, n->text), *r = kql_plan_field(j->right, n->text);
        if (!l || !r) {
            kql_bind_unknown_column(b, l ? j->right : j->left, n->text, n->span);
            return false;
        }
        return add_pair(j, n, kql_plan_col(b->arena, l->col, n->span),
                        kql_plan_col(b->arena, r->col, n->span));
    }
    if (n->kind == KQL_NODE_BINARY && str_eq(n->text, S("and"))) {
        bool ok = true;
        for (size_t i = 0; i < n->kids.n; i++)
            ok = add_condition(j, n->kids.p[i]) && ok;
        return ok;
    }
    if (n->kind == KQL_NODE_BINARY && str_eq(n->text, S("=="))) {
        const struct kql_node *l = n->kids.p[0], *r = n->kids.p[1];
        if (is_side(l, "$right")) {
            const struct kql_node *swap = l;
            l = r;
            r = swap;
        }
        if (is_side(l, "$left") && is_side(r, "$right")) {
            struct kql_expr *le = on_side(j, l), *re = on_side(j, r);
            return le && re && add_pair(j, n, le, re);
        }
    }
    kql_bind_error(b, KQL_DIAG_SYNTAX, n->span, "a join is on a column, or on $left.a == $right.b");
    return false;
}

/* A side of an outer join is padded with nulls: what cannot be null in SQL must become able to. */
static struct kql_rel *nullable_side(struct kql_binder *b, struct kql_rel *side)
{
    const struct kql_fn *fn = kql_fn_find(S("·nullable"));
    struct kql_rel      *project = kql_bind_rel(b, KQL_REL_PROJECT, side);

    for (size_t i = 0; i < project->fields.n; i++) {
        struct kql_field *f = &project->fields.p[i];
        if (kql_type_is_text(f->col->type))
            continue;
        struct kql_expr *col = kql_plan_col(b->arena, f->col, (struct kql_span) { 0, 0 });
        struct kql_expr *e = kql_build_raw(b, fn, f->col->type, col->span, &col, 1);
        e->nullable = true;
        f->col = kql_bind_def(b, project, f->name, e);
    }
    return project;
}

static void add_right_fields(struct joining *j, bool lookup)
{
    struct kql_rel *right = j->join->inputs.p[1];
    for (size_t i = 0; i < right->fields.n; i++) {
        struct kql_field *f = &right->fields.p[i];
        bool              key = false;
        for (size_t k = 0; lookup && k < j->join->on.n; k++) {
            struct kql_field *of = kql_plan_field(j->right, f->name);
            key = key || (of && j->join->on.p[k].right == of->col);
        }
        if (key)
            continue;
        str name = f->name;
        for (unsigned n = 1; kql_plan_field(j->join, name) || (n > 1 && kql_plan_field(right, name)); n++)
            name = arena_printf(j->b->arena, STR_FMT "%u", STR_ARG(f->name), n);
        kql_bind_field(j->b, j->join, name, f->col);
    }
}

static struct kql_rel *bind_kind(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in,
                                 const char *usual, bool lookup)
{
    const struct kind *kind = kind_of(b, op, usual);
    struct kql_rel    *right = kind ? kql_bind_table(b, op->kids.p[0]) : NULL;
    struct joining     j = { .b = b };
    bool               ok = true;

    if (!right)
        return NULL;
    j.left = kql_bind_rel(b, KQL_REL_PROJECT, in);
    j.right = kql_bind_rel(b, KQL_REL_PROJECT, right);
    j.join = kql_bind_rel(b, KQL_REL_JOIN, NULL);
    j.join->join = kind->join;
    j.join->unique_left = kind->unique;
    const struct kql_node *on = vec_last(&op->kids);
    for (size_t i = 0; i < on->kids.n; i++)
        ok = add_condition(&j, on->kids.p[i]) && ok;
    if (!ok)
        return NULL;
    bool            pad_left = kind->join == KQL_JOIN_RIGHT || kind->join == KQL_JOIN_FULL;
    bool            pad_right = kind->join == KQL_JOIN_LEFT || kind->join == KQL_JOIN_FULL;
    struct kql_rel *l = pad_left ? nullable_side(b, j.left) : j.left;
    *vec_push_in(b->arena, &j.join->inputs) = l;
    *vec_push_in(b->arena, &j.join->inputs) = pad_right ? nullable_side(b, j.right) : j.right;
    j.join->part = in->part;
    bool only_right = kind->join == KQL_JOIN_RIGHT_SEMI || kind->join == KQL_JOIN_RIGHT_ANTI;
    bool only_left = kind->join == KQL_JOIN_LEFT_SEMI || kind->join == KQL_JOIN_LEFT_ANTI;
    for (size_t i = 0; i < l->fields.n && !only_right; i++)
        kql_bind_field(b, j.join, l->fields.p[i].name, l->fields.p[i].col);
    if (!only_left)
        add_right_fields(&j, lookup);
    return j.join;
}

static struct kql_rel *bind_join(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return bind_kind(b, op, in, "innerunique", false);
}

static struct kql_rel *bind_lookup(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return bind_kind(b, op, in, "leftouter", true);
}

#define LEFT "datatable(k:long, v:string)[1, 'a', 2, 'b'] | "
#define RIGHT " (datatable(k:long, w:string)[1, 'x']) on k"

const struct kql_op KQL_OPS_JOIN[] = {
    { .name = "join",
      .parse = parse_join,
      .bind = bind_join,
      .doc = "Rows of two tables that agree in some columns.",
      .example = LEFT "join kind=inner" RIGHT },
    { .name = "lookup",
      .parse = parse_join,
      .bind = bind_lookup,
      .doc = "Adds columns of a small table by its keys.",
      .example = LEFT "lookup" RIGHT },
    { 0 },
};
