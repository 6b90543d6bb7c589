/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: numbers, bins, bits. */
#include <math.h>

#include "kql/kql_row_fn.h"

#define EPOCH (-TS_MIN)
#define PI 3.14159265358979323846

/* What is left of `x` above a multiple of `n`, never negative. */
static int64_t rest(int64_t x, int64_t n)
{
    int64_t r = x % n;
    return r < 0 ? r + n : r;
}

/* Over the end it wraps, as the engine's does. */
static int64_t less(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static void eval_bin(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t from = c->expr->type == KQL_DATETIME ? EPOCH : 0;

    if (c->expr->type == KQL_REAL) {
        if (v[1].r > 0)
            kql_row_fn_real(out, floor(v[0].r / v[1].r) * v[1].r);
    } else if (v[1].i > 0) {
        kql_row_fn_int(out, less(v[0].i, rest((int64_t)((uint64_t)v[0].i + (uint64_t)from), v[1].i)));
    }
}

static void eval_bin_at(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (c->expr->type == KQL_REAL) {
        if (v[1].r > 0)
            kql_row_fn_real(out, floor((v[0].r - v[2].r) / v[1].r) * v[1].r + v[2].r);
    } else if (v[1].i > 0) {
        kql_row_fn_int(out, less(v[0].i, rest(less(v[0].i, v[2].i), v[1].i)));
    }
}

static void eval_abs(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (c->expr->type == KQL_REAL)
        kql_row_fn_real(out, fabs(v[0].r));
    else
        kql_row_fn_int(out, v[0].i < 0 ? (int64_t)(0 - (uint64_t)v[0].i) : v[0].i);
}

static void eval_round(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (kql_row_fn_type(c, 0) != KQL_REAL) {
        kql_row_fn_int(out, v[0].i);
        return;
    }
    double scale = c->n > 1 ? pow(10, (double)v[1].i) : 1;
    double size = floor(fabs(v[0].r) * scale + 0.5) / scale;
    kql_row_fn_real(out, v[0].r < 0 ? -size : size);
}

static void eval_ceiling(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (kql_row_fn_type(c, 0) == KQL_REAL)
        kql_row_fn_real(out, ceil(v[0].r));
    else
        kql_row_fn_int(out, v[0].i);
}

static void eval_sign(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    if (kql_row_fn_type(c, 0) == KQL_REAL)
        kql_row_fn_real(out, v[0].r < 0 ? -1 : v[0].r > 0);
    else
        kql_row_fn_int(out, v[0].i < 0 ? -1 : v[0].i > 0);
}

/* Nulls do not count. */
static void extreme(const struct kql_row_call *c, const struct scalar_value *v, bool most,
                    struct scalar_value *out)
{
    for (size_t i = 0; i < c->n; i++) {
        bool real = c->expr->type == KQL_REAL, more;
        if (v[i].null)
            continue;
        if (kql_type_is_text(c->expr->type))
            more = str_cmp(v[i].s, out->s) > 0;
        else
            more = real ? v[i].r > out->r : v[i].i > out->i;
        if (i == 0 || out->null || more == most)
            *out = v[i];
    }
}

static void eval_max_of(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    extreme(c, v, true, out);
}

static void eval_min_of(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    extreme(c, v, false, out);
}

static double degrees(double r)
{
    return r / PI * 180;
}

static double radians(double r)
{
    return r / 180 * PI;
}

static double cotangent(double r)
{
    return 1 / tan(r);
}

static double power_of_ten(double r)
{
    return pow(10, r);
}

static const struct {
    const char *name;
    double (*fn)(double);
} REALS[] = {
    { "exp", exp },         { "exp2", exp2 },     { "exp10", power_of_ten },
    { "log", log },         { "log2", log2 },     { "log10", log10 },
    { "sqrt", sqrt },       { "sin", sin },       { "cos", cos },
    { "tan", tan },         { "asin", asin },     { "acos", acos },
    { "atan", atan },       { "cot", cotangent }, { "degrees", degrees },
    { "radians", radians }, { "gamma", tgamma },  { "loggamma", lgamma },
    { "erf", erf },         { "erfc", erfc },
};

static bool prepare_real(struct arena *a, const struct kql_expr *call, const void **data)
{
    (void)a;
    for (size_t i = 0; i < sizeof REALS / sizeof REALS[0]; i++)
        if (strcmp(REALS[i].name, call->fn->name) == 0)
            *data = &REALS[i].fn;
    return *data != NULL;
}

static void eval_real(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    double (*const *fn)(double) = c->data;
    kql_row_fn_real(out, (*fn)(kql_row_fn_as_real(c, v, 0)));
}

static void eval_pow(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_real(out, pow(kql_row_fn_as_real(c, v, 0), kql_row_fn_as_real(c, v, 1)));
}

static void eval_atan2(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_real(out, atan2(kql_row_fn_as_real(c, v, 0), kql_row_fn_as_real(c, v, 1)));
}

static void eval_pi(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c, (void)v;
    kql_row_fn_real(out, PI);
}

static void eval_isnan(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_int(out, isnan(kql_row_fn_as_real(c, v, 0)));
}

static void eval_isinf(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_int(out, isinf(kql_row_fn_as_real(c, v, 0)) != 0);
}

static void eval_isfinite(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    kql_row_fn_int(out, isfinite(kql_row_fn_as_real(c, v, 0)));
}

static void eval_bits(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    switch (c->expr->fn->name[7]) {
    case 'a':
        kql_row_fn_int(out, v[0].i & v[1].i);
        break;
    case 'o':
        kql_row_fn_int(out, v[0].i | v[1].i);
        break;
    case 'x':
        kql_row_fn_int(out, v[0].i ^ v[1].i);
        break;
    default:
        kql_row_fn_int(out, ~v[0].i);
        break;
    }
}

static void eval_shift(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    bool left = strcmp(c->expr->fn->name, "binary_shift_left") == 0;
    if (v[1].i >= 0 && v[1].i < 64)
        kql_row_fn_int(out, left ? (int64_t)((uint64_t)v[0].i << v[1].i) : v[0].i >> v[1].i);
}

static void eval_count_ones(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, __builtin_popcountll((unsigned long long)v[0].i));
}

#define REAL(n)                                                                                              \
    {                                                                                                        \
        .name = n, .eval = eval_real, .prepare = prepare_real                                                \
    }

const struct kql_row_fn KQL_ROW_FN_MATH[] = {
    { .name = "bin", .eval = eval_bin },
    { .name = "floor", .eval = eval_bin },
    { .name = "bin_at", .eval = eval_bin_at },
    { .name = "abs", .eval = eval_abs },
    { .name = "round", .eval = eval_round },
    { .name = "ceiling", .eval = eval_ceiling },
    { .name = "sign", .eval = eval_sign },
    { .name = "max_of", .eval = eval_max_of, .nulls = true },
    { .name = "min_of", .eval = eval_min_of, .nulls = true },
    REAL("exp"),
    REAL("exp2"),
    REAL("exp10"),
    REAL("log"),
    REAL("log2"),
    REAL("log10"),
    REAL("sqrt"),
    REAL("sin"),
    REAL("cos"),
    REAL("tan"),
    REAL("asin"),
    REAL("acos"),
    REAL("atan"),
    REAL("cot"),
    REAL("degrees"),
    REAL("radians"),
    REAL("gamma"),
    REAL("loggamma"),
    REAL("erf"),
    REAL("erfc"),
    { .name = "pow", .eval = eval_pow },
    { .name = "atan2", .eval = eval_atan2 },
    { .name = "pi", .eval = eval_pi },
    { .name = "isnan", .eval = eval_isnan },
    { .name = "isinf", .eval = eval_isinf },
    { .name = "isfinite", .eval = eval_isfinite },
    { .name = "binary_and", .eval = eval_bits },
    { .name = "binary_or", .eval = eval_bits },
    { .name = "binary_xor", .eval = eval_bits },
    { .name = "binary_not", .eval = eval_bits },
    { .name = "binary_shift_left", .eval = eval_shift },
    { .name = "binary_shift_right", .eval = eval_shift },
    { .name = "bitset_count_ones", .eval = eval_count_ones },
    { 0 },
};
