/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: arithmetic, comparison, members of dynamics, tests for nothing. */
#include <math.h>

#include "kql/kql_row_fn.h"

static bool is_real(const struct kql_row_call *c)
{
    return c->expr->type == KQL_REAL;
}

static void eval_add(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (is_real(c))
        kql_row_fn_real(out, kql_row_fn_as_real(c, v, 0) + kql_row_fn_as_real(c, v, 1));
    else
        kql_row_fn_int(out, (int64_t)((uint64_t)v[0].i + (uint64_t)v[1].i));
}

static void eval_subtract(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    if (is_real(c))
        kql_row_fn_real(out, kql_row_fn_as_real(c, v, 0) - kql_row_fn_as_real(c, v, 1));
    else
        kql_row_fn_int(out, (int64_t)((uint64_t)v[0].i - (uint64_t)v[1].i));
}

static void eval_multiply(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    if (is_real(c))
        kql_row_fn_real(out, kql_row_fn_as_real(c, v, 0) * kql_row_fn_as_real(c, v, 1));
    else
        kql_row_fn_int(out, (int64_t)((uint64_t)v[0].i * (uint64_t)v[1].i));
}

static void eval_negate(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (is_real(c))
        kql_row_fn_real(out, -v[0].r);
    else
        kql_row_fn_int(out, (int64_t)(0 - (uint64_t)v[0].i));
}

static void in_range(struct scalar_value *out, int64_t t, bool over)
{
    if (!over && t >= TS_MIN && t <= TS_MAX)
        kql_row_fn_int(out, t);
}

static void eval_later(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t t;
    bool    over = __builtin_add_overflow(v[0].i, v[1].i, &t);
    (void)c;
    in_range(out, t, over);
}

static void eval_earlier(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t t;
    bool    over = __builtin_sub_overflow(v[0].i, v[1].i, &t);
    (void)c;
    in_range(out, t, over);
}

static void eval_distance(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, v[0].i - v[1].i);
}

/* Cut towards zero; nothing where it does not fit. */
static void set_ticks(struct scalar_value *out, double ticks)
{
    if (fabs(ticks) < 9.2e18)
        kql_row_fn_int(out, (int64_t)ticks);
}

static void eval_span_times(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    set_ticks(out, (double)v[0].i * kql_row_fn_as_real(c, v, 1));
}

static void eval_span_by(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    set_ticks(out, (double)v[0].i / kql_row_fn_as_real(c, v, 1));
}

static void eval_divide_long(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    (void)c;
    if (v[1].i == -1)
        kql_row_fn_int(out, (int64_t)(0 - (uint64_t)v[0].i));
    else if (v[1].i != 0)
        kql_row_fn_int(out, v[0].i / v[1].i);
}

static void eval_divide_real(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    kql_row_fn_real(out, kql_row_fn_as_real(c, v, 0) / kql_row_fn_as_real(c, v, 1));
}

static void eval_modulo_long(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    (void)c;
    if (v[1].i == 0)
        return;
    int64_t rest = v[1].i == -1 ? 0 : v[0].i % v[1].i;
    kql_row_fn_int(out, rest < 0 ? rest + (v[1].i < 0 ? -v[1].i : v[1].i) : rest);
}

static void eval_modulo_real(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    double by = kql_row_fn_as_real(c, v, 1), rest = fmod(kql_row_fn_as_real(c, v, 0), by);
    kql_row_fn_real(out, rest < 0 ? rest + fabs(by) : rest);
}

/* --- comparison --- */

/* -1, 0, 1; 2 when the two have no order (NaN). */
static int order(const struct kql_row_call *c, const struct scalar_value *v)
{
    enum kql_type l = kql_row_fn_type(c, 0), r = kql_row_fn_type(c, 1);

    if (kql_type_is_text(l) || l == KQL_GUID)
        return str_cmp(v[0].s, v[1].s) < 0 ? -1 : str_eq(v[0].s, v[1].s) ? 0 : 1;
    if (l == KQL_REAL || r == KQL_REAL) {
        double a = kql_row_fn_as_real(c, v, 0), b = kql_row_fn_as_real(c, v, 1);
        return a < b ? -1 : a == b ? 0 : a > b ? 1 : 2;
    }
    return v[0].i < v[1].i ? -1 : v[0].i > v[1].i;
}

static void eval_compare(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const char *sign = c->expr->fn->name;

    if (v[0].null || v[1].null) {
        kql_row_fn_int(out, sign[0] == '!');
        return;
    }
    int how = order(c, v);
    switch (sign[0]) {
    case '=':
        kql_row_fn_int(out, how == 0);
        break;
    case '!':
        kql_row_fn_int(out, how != 0);
        break;
    case '<':
        kql_row_fn_int(out, how == -1 || (how == 0 && sign[1] == '='));
        break;
    default:
        kql_row_fn_int(out, how == 1 || (how == 0 && sign[1] == '='));
        break;
    }
}

static void eval_not(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, !v[0].i);
}

/* --- members --- */

static void eval_path(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str raw = v[0].s;

    for (size_t i = 1; i < c->n; i++) {
        bool found = kql_row_fn_type(c, i) == KQL_STRING ? scalar_json_member(c->a, raw, v[i].s, &raw)
                                                         : scalar_json_element(raw, v[i].i, &raw);
        if (!found)
            return;
    }
    kql_row_fn_text(out, raw);
}

/* --- nothing --- */

static bool missing(const struct kql_row_call *c, const struct scalar_value *v)
{
    if (kql_row_fn_type(c, 0) == KQL_DYNAMIC)
        return v[0].s.n == 0 || str_eq(v[0].s, S("null"));
    return kql_row_fn_type(c, 0) != KQL_STRING && v[0].null;
}

static bool empty(const struct kql_row_call *c, const struct scalar_value *v)
{
    if (kql_row_fn_type(c, 0) == KQL_DYNAMIC && str_eq(v[0].s, S("\"\"")))
        return true;
    return kql_row_fn_type(c, 0) == KQL_STRING ? v[0].s.n == 0 : missing(c, v);
}

static void eval_isnull(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_int(out, missing(c, v));
}

static void eval_isnotnull(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    kql_row_fn_int(out, !missing(c, v));
}

static void eval_isempty(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_int(out, empty(c, v));
}

static void eval_isnotempty(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    kql_row_fn_int(out, !empty(c, v));
}

static void eval_gettype(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str s = str_trim(v[0].s);
    (void)c;
    kql_row_fn_text(out, s.n == 0 || s.p[0] == 'n'           ? S("null")
                         : s.p[0] == '{'                     ? S("dictionary")
                         : s.p[0] == '['                     ? S("array")
                         : s.p[0] == '"'                     ? S("string")
                         : s.p[0] == 't' || s.p[0] == 'f'    ? S("bool")
                         : str_find_byte(s, '.') != STR_NPOS ? S("double")
                                                             : S("long"));
}

static void eval_assert(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, v[0].i);
}

static void eval_same(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    *out = v[0];
}

const struct kql_row_fn KQL_ROW_FN_OPERATOR[] = {
    { .name = "+", .eval = eval_add },
    { .name = "-", .eval = eval_subtract },
    { .name = "*", .eval = eval_multiply },
    { .name = "negate", .eval = eval_negate },
    { .name = "·datetime+", .eval = eval_later },
    { .name = "·datetime-", .eval = eval_earlier },
    { .name = "·datetime-datetime", .eval = eval_distance },
    { .name = "·timespan*", .eval = eval_span_times },
    { .name = "·timespan/", .eval = eval_span_by },
    { .name = "·long/", .eval = eval_divide_long },
    { .name = "·real/", .eval = eval_divide_real },
    { .name = "·long%", .eval = eval_modulo_long },
    { .name = "·real%", .eval = eval_modulo_real },
    { .name = "==", .eval = eval_compare, .nulls = true },
    { .name = "!=", .eval = eval_compare, .nulls = true },
    { .name = "<", .eval = eval_compare, .nulls = true },
    { .name = ">", .eval = eval_compare, .nulls = true },
    { .name = "<=", .eval = eval_compare, .nulls = true },
    { .name = ">=", .eval = eval_compare, .nulls = true },
    { .name = "not", .eval = eval_not },
    { .name = ".", .eval = eval_path },
    { .name = "isnull", .eval = eval_isnull, .nulls = true },
    { .name = "isnotnull", .eval = eval_isnotnull, .nulls = true },
    { .name = "isempty", .eval = eval_isempty, .nulls = true },
    { .name = "isnotempty", .eval = eval_isnotempty, .nulls = true },
    { .name = "gettype", .eval = eval_gettype },
    { .name = "assert", .eval = eval_assert },
    { .name = "·nullable", .eval = eval_same, .nulls = true },
    { 0 },
};
