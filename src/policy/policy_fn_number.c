/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions on numbers. Whole numbers have 64 bits; what overflows has no answer. */
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

static const struct json *eval_add(const struct policy_call *c)
{
    int64_t x, y, r;
    if (!policy_fn_int(c, 0, &x) || !policy_fn_int(c, 1, &y) || __builtin_add_overflow(x, y, &r))
        return NULL;
    return policy_value_i64(c->a, r);
}

static const struct json *eval_sub(const struct policy_call *c)
{
    int64_t x, y, r;
    if (!policy_fn_int(c, 0, &x) || !policy_fn_int(c, 1, &y) || __builtin_sub_overflow(x, y, &r))
        return NULL;
    return policy_value_i64(c->a, r);
}

static const struct json *eval_mul(const struct policy_call *c)
{
    int64_t x, y, r;
    if (!policy_fn_int(c, 0, &x) || !policy_fn_int(c, 1, &y) || __builtin_mul_overflow(x, y, &r))
        return NULL;
    return policy_value_i64(c->a, r);
}

static bool divisible(const struct policy_call *c, int64_t *x, int64_t *y)
{
    return policy_fn_int(c, 0, x) && policy_fn_int(c, 1, y) && *y != 0 && !(*x == INT64_MIN && *y == -1);
}

static const struct json *eval_div(const struct policy_call *c)
{
    int64_t x, y;
    return divisible(c, &x, &y) ? policy_value_i64(c->a, x / y) : NULL;
}

static const struct json *eval_mod(const struct policy_call *c)
{
    int64_t x, y;
    return divisible(c, &x, &y) ? policy_value_i64(c->a, x % y) : NULL;
}

static const struct json *eval_int(const struct policy_call *c)
{
    int64_t i;
    return policy_fn_int(c, 0, &i) ? policy_value_i64(c->a, i) : NULL;
}

static const struct json *eval_float(const struct policy_call *c)
{
    double d;
    return policy_value_number(c->argv[0], &d) ? policy_value_double(c->a, d) : NULL;
}

/* Of the arguments, or of the one array that is the argument. */
static const struct json *extreme(const struct policy_call *c, int sign)
{
    bool               in_array = c->n == 1 && c->argv[0] && c->argv[0]->kind == JSON_ARRAY;
    size_t             n = in_array ? c->argv[0]->n : c->n;
    const struct json *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct json *v = in_array ? &c->argv[0]->items[i] : c->argv[i];
        int                order = 0;
        if (best && !policy_value_order(v, best, &order))
            return NULL;
        if (!best || order * sign > 0)
            best = v;
    }
    return best;
}

static const struct json *eval_max(const struct policy_call *c)
{
    return extreme(c, 1);
}

static const struct json *eval_min(const struct policy_call *c)
{
    return extreme(c, -1);
}

const struct policy_fn POLICY_FN_NUMBER[] = {
    { .name = "add",
      .least = 2,
      .most = 2,
      .eval = eval_add,
      .doc = "The sum.",
      .example = "add(2, 3)",
      .yields = "5" },
    { .name = "div",
      .least = 2,
      .most = 2,
      .eval = eval_div,
      .doc = "The whole quotient.",
      .example = "div(10, 3)",
      .yields = "3" },
    { .name = "float",
      .least = 1,
      .most = 1,
      .eval = eval_float,
      .doc = "A text or number as a fraction.",
      .example = "float('1.5')",
      .yields = "1.5" },
    { .name = "int",
      .least = 1,
      .most = 1,
      .eval = eval_int,
      .doc = "A text or number as a whole number; a fraction is cut.",
      .example = "int('3.7')",
      .yields = "3" },
    { .name = "max",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_max,
      .doc = "The greatest of the arguments, or of one array.",
      .example = "max(5, 3, 8)",
      .yields = "8" },
    { .name = "min",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_min,
      .doc = "The least of the arguments, or of one array.",
      .example = "min(createArray(5, 3))",
      .yields = "3" },
    { .name = "mod",
      .least = 2,
      .most = 2,
      .eval = eval_mod,
      .doc = "The rest of a division.",
      .example = "mod(10, 3)",
      .yields = "1" },
    { .name = "mul",
      .least = 2,
      .most = 2,
      .eval = eval_mul,
      .doc = "The product.",
      .example = "mul(3, 4)",
      .yields = "12" },
    { .name = "sub",
      .least = 2,
      .most = 2,
      .eval = eval_sub,
      .doc = "The difference.",
      .example = "sub(10, 5)",
      .yields = "5" },
    { 0 },
};
