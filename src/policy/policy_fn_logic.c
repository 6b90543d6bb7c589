/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions that choose and compare. */
#include "policy/policy_eval_priv.h"
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

static const struct json *eval_if(const struct policy_call *c)
{
    bool holds;
    if (!policy_value_bool(policy_expr_eval(c->scope, &c->exprs[0]), &holds))
        return NULL;
    return policy_expr_eval(c->scope, &c->exprs[holds ? 1 : 2]);
}

static const struct json *all_or_any(const struct policy_call *c, bool until)
{
    for (size_t i = 0; i < c->n; i++) {
        bool holds;
        if (!policy_value_bool(policy_expr_eval(c->scope, &c->exprs[i]), &holds))
            return NULL;
        if (holds == until)
            return policy_value_of_bool(until);
    }
    return policy_value_of_bool(!until);
}

static const struct json *eval_and(const struct policy_call *c)
{
    return all_or_any(c, false);
}

static const struct json *eval_or(const struct policy_call *c)
{
    return all_or_any(c, true);
}

static const struct json *eval_coalesce(const struct policy_call *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct json *v = policy_expr_eval(c->scope, &c->exprs[i]);
        if (!policy_value_missing(v))
            return v;
    }
    return NULL;
}

static const struct json *eval_not(const struct policy_call *c)
{
    bool holds;
    return policy_value_bool(c->argv[0], &holds) ? policy_value_of_bool(!holds) : NULL;
}

static const struct json *eval_equals(const struct policy_call *c)
{
    return policy_value_of_bool(policy_value_identical(c->argv[0], c->argv[1]));
}

/* Of texts that differ in case alone, small letters come first, as in a dictionary of .NET. */
static int by_case(const struct json *a, const struct json *b)
{
    return a->kind == JSON_STRING && b->kind == JSON_STRING ? -str_cmp(a->s, b->s) : 0;
}

/* accept has a bit for less (1), equal (2) and greater (4). */
static const struct json *ordered(const struct policy_call *c, unsigned accept)
{
    int order;
    if (!policy_value_order(c->argv[0], c->argv[1], &order))
        return NULL;
    if (order == 0)
        order = by_case(c->argv[0], c->argv[1]);
    return policy_value_of_bool((accept >> (order < 0 ? 0 : order == 0 ? 1 : 2) & 1) != 0);
}

static const struct json *eval_less(const struct policy_call *c)
{
    return ordered(c, 1);
}

static const struct json *eval_less_or_equals(const struct policy_call *c)
{
    return ordered(c, 3);
}

static const struct json *eval_greater(const struct policy_call *c)
{
    return ordered(c, 4);
}

static const struct json *eval_greater_or_equals(const struct policy_call *c)
{
    return ordered(c, 6);
}

static const struct json *eval_true(const struct policy_call *c)
{
    (void)c;
    return policy_value_of_bool(true);
}

static const struct json *eval_false(const struct policy_call *c)
{
    (void)c;
    return policy_value_of_bool(false);
}

static const struct json *eval_null(const struct policy_call *c)
{
    (void)c;
    static const struct json null_value = { .kind = JSON_NULL };
    return &null_value;
}

static const struct json *eval_bool(const struct policy_call *c)
{
    bool   b;
    double d;
    if (policy_value_bool(c->argv[0], &b))
        return policy_value_of_bool(b);
    return policy_value_number(c->argv[0], &d) ? policy_value_of_bool(d != 0) : NULL;
}

const struct policy_fn POLICY_FN_LOGIC[] = {
    { .name = "and",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_and,
      .lazy = true,
      .doc = "True when all arguments are.",
      .example = "and(true(), equals(1, 1))",
      .yields = "true" },
    { .name = "bool",
      .least = 1,
      .most = 1,
      .eval = eval_bool,
      .doc = "A text or number as a truth value.",
      .example = "bool('True')",
      .yields = "true" },
    { .name = "coalesce",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_coalesce,
      .lazy = true,
      .doc = "The first argument that is not null.",
      .example = "coalesce(null(), 'b')",
      .yields = "\"b\"" },
    { .name = "equals",
      .least = 2,
      .most = 2,
      .eval = eval_equals,
      .doc = "Whether two values are equal, without regard to case.",
      .example = "equals('a', 'a')",
      .yields = "true" },
    { .name = "false",
      .least = 0,
      .most = 0,
      .eval = eval_false,
      .doc = "The truth value false.",
      .example = "false()",
      .yields = "false" },
    { .name = "greater",
      .least = 2,
      .most = 2,
      .eval = eval_greater,
      .doc = "Whether the first is greater.",
      .example = "greater(3, 2)",
      .yields = "true" },
    { .name = "greaterOrEquals",
      .least = 2,
      .most = 2,
      .eval = eval_greater_or_equals,
      .doc = "Whether the first is greater or equal.",
      .example = "greaterOrEquals('b', 'A')",
      .yields = "true" },
    { .name = "if",
      .least = 3,
      .most = 3,
      .eval = eval_if,
      .lazy = true,
      .doc = "The second argument when the first holds, else the third.",
      .example = "if(empty(''), 'yes', 'no')",
      .yields = "\"yes\"" },
    { .name = "less",
      .least = 2,
      .most = 2,
      .eval = eval_less,
      .doc = "Whether the first is less.",
      .example = "less(3, 2)",
      .yields = "false" },
    { .name = "lessOrEquals",
      .least = 2,
      .most = 2,
      .eval = eval_less_or_equals,
      .doc = "Whether the first is less or equal.",
      .example = "lessOrEquals(2, 2)",
      .yields = "true" },
    { .name = "not",
      .least = 1,
      .most = 1,
      .eval = eval_not,
      .doc = "The opposite truth value.",
      .example = "not(false())",
      .yields = "true" },
    { .name = "null",
      .least = 0,
      .most = 0,
      .eval = eval_null,
      .doc = "The value null.",
      .example = "null()",
      .yields = "null" },
    { .name = "or",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_or,
      .lazy = true,
      .doc = "True when any argument is.",
      .example = "or(false(), true())",
      .yields = "true" },
    { .name = "true",
      .least = 0,
      .most = 0,
      .eval = eval_true,
      .doc = "The truth value true.",
      .example = "true()",
      .yields = "true" },
    { 0 },
};
