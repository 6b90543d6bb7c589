/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_rule.h"

enum { MAX_DEPTH = 64 };

struct compiler {
    struct arena                *a;
    const struct policy_aliases *aliases;
    unsigned                     depth;
    struct err                  *err;
};

static enum rc compile(struct compiler *c, const struct json *j, struct policy_condition *out);

static enum rc no_memory(const struct compiler *c)
{
    return err_set(c->err, RC_LIMIT, "the policy needs more memory than it may use");
}

static enum rc need_object(const struct compiler *c, const struct json *j, const char *what)
{
    if (j && j->kind == JSON_OBJECT)
        return RC_OK;
    return err_set(c->err, RC_INVALID, "%s is an object", what);
}

static enum rc compile_list(struct compiler *c, const struct json *list, struct policy_condition *out)
{
    if (list->kind != JSON_ARRAY)
        return err_set(c->err, RC_INVALID, "allOf and anyOf take an array of conditions");
    struct policy_condition *children = ARENA_TRY_ARRAY(c->a, struct policy_condition, list->n);
    if (!children)
        return no_memory(c);
    for (uint32_t i = 0; i < list->n; i++)
        TRY(compile(c, &list->items[i], &children[i]));
    out->children = children;
    out->n = list->n;
    return RC_OK;
}

static enum rc compile_child(struct compiler *c, const struct json *j, struct policy_condition *out)
{
    struct policy_condition *child = arena_try_alloc(c->a, sizeof *child);
    if (!child)
        return no_memory(c);
    TRY(compile(c, j, child));
    out->children = child;
    out->n = 1;
    return RC_OK;
}

/* A name that is an expression is compiled as one and looked up at run time. */
static enum rc compile_field(struct compiler *c, const struct json *name, struct policy_field *out)
{
    if (!name || name->kind != JSON_STRING)
        return err_set(c->err, RC_INVALID, "a field is named by a text");
    const struct policy_expr *e;
    TRY(policy_expr_parse(c->a, name->s, &e, c->err));
    if (e->kind == POLICY_EXPR_CONST && e->value->kind == JSON_STRING)
        return policy_field_compile(c->a, c->aliases, e->value->s, out, c->err);
    *out = (struct policy_field) { .text = name->s, .expr = e };
    return RC_OK;
}

static bool is_subject(str key)
{
    return str_eq_ci(key, S("field")) || str_eq_ci(key, S("value")) || str_eq_ci(key, S("count"));
}

/* The one operator beside the subject; anything else in the object is a mistake and named. */
static enum rc find_operator(struct compiler *c, const struct json *j, struct policy_condition *out)
{
    for (uint32_t i = 0; i < j->n; i++) {
        str                     key = j->members[i].key;
        const struct policy_op *op = policy_op_find(key);
        if (is_subject(key))
            continue;
        if (!op)
            return err_set(c->err, RC_INVALID, "'" STR_FMT "' is no operator of conditions", STR_ARG(key));
        if (out->op)
            return err_set(c->err, RC_INVALID, "a condition has one operator, not %s and %s", out->op->name,
                           op->name);
        out->op = op;
        TRY(policy_template_compile(c->a, &j->members[i].value, &out->rhs, c->err));
    }
    if (!out->op)
        return err_set(c->err, RC_INVALID, "a condition has no operator");
    return RC_OK;
}

static enum rc count_keys(const struct compiler *c, const struct json *count)
{
    for (uint32_t i = 0; i < count->n; i++) {
        str key = count->members[i].key;
        if (!str_eq_ci(key, S("field")) && !str_eq_ci(key, S("value")) && !str_eq_ci(key, S("name")) &&
            !str_eq_ci(key, S("where")))
            return err_set(c->err, RC_INVALID,
                           "a count has field or value, name and where, not '" STR_FMT "'", STR_ARG(key));
    }
    return RC_OK;
}

static enum rc compile_count(struct compiler *c, const struct json *count, struct policy_condition *out)
{
    TRY(need_object(c, count, "a count"));
    TRY(count_keys(c, count));
    const struct json *field = json_get_ci(count, S("field")), *value = json_get_ci(count, S("value"));
    const struct json *name = json_get_ci(count, S("name")), *where = json_get_ci(count, S("where"));
    if (!field == !value)
        return err_set(c->err, RC_INVALID, "a count is over a field or over a value, one of the two");
    if (name && (name->kind != JSON_STRING || name->s.n == 0))
        return err_set(c->err, RC_INVALID, "the name of a count is a text");
    if (name && field)
        return err_set(c->err, RC_INVALID, "only a count over a value has a name");
    out->kind = field ? POLICY_COUNT_FIELD : POLICY_COUNT_VALUE;
    out->name = name ? name->s : STR_NONE;
    if (field)
        TRY(compile_field(c, field, &out->field));
    else
        TRY(policy_template_compile(c->a, value, &out->value, c->err));
    return where ? compile_child(c, where, out) : RC_OK;
}

static enum rc compile_leaf(struct compiler *c, const struct json *j, struct policy_condition *out)
{
    const struct json *field = json_get_ci(j, S("field")), *value = json_get_ci(j, S("value"));
    const struct json *count = json_get_ci(j, S("count"));
    if (!!field + !!value + !!count != 1)
        return err_set(c->err, RC_INVALID,
                       "a condition is one of allOf, anyOf and not, or has one of field, value and count");
    if (count) {
        TRY(compile_count(c, count, out));
    } else if (field) {
        out->kind = POLICY_FIELD;
        TRY(compile_field(c, field, &out->field));
    } else {
        out->kind = POLICY_VALUE;
        TRY(policy_template_compile(c->a, value, &out->value, c->err));
    }
    return find_operator(c, j, out);
}

static enum rc alone(const struct compiler *c, const struct json *j, const char *key)
{
    if (j->n == 1)
        return RC_OK;
    return err_set(c->err, RC_INVALID, "%s stands alone in its condition", key);
}

static enum rc compile_kind(struct compiler *c, const struct json *j, struct policy_condition *out)
{
    const struct json *all = json_get_ci(j, S("allOf")), *any = json_get_ci(j, S("anyOf"));
    const struct json *not = json_get_ci(j, S("not"));
    if (all || any) {
        TRY(alone(c, j, all ? "allOf" : "anyOf"));
        out->kind = all ? POLICY_ALL_OF : POLICY_ANY_OF;
        return compile_list(c, all ? all : any, out);
    }
    if (not ) {
        TRY(alone(c, j, "not"));
        TRY(need_object(c, not, "the condition of not"));
        out->kind = POLICY_NOT;
        return compile_child(c, not, out);
    }
    return compile_leaf(c, j, out);
}

static enum rc compile(struct compiler *c, const struct json *j, struct policy_condition *out)
{
    TRY(need_object(c, j, "a condition"));
    if (++c->depth > MAX_DEPTH)
        return err_set(c->err, RC_LIMIT, "conditions are nested deeper than %d levels", MAX_DEPTH);
    *out = (struct policy_condition) { 0 };
    enum rc rc = compile_kind(c, j, out);
    c->depth--;
    return rc;
}

enum rc policy_rule_condition(struct arena *a, const struct policy_aliases *aliases, const struct json *j,
                              struct policy_condition *out, struct err *err)
{
    struct compiler c = { .a = a, .aliases = aliases, .err = err };
    return compile(&c, j, out);
}
