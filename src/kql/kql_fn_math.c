/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: rounding, bins, powers, bits. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define TK1 "reinterpretAsInt64($1)"
#define DAY "toInt64(864000000000)"
#define EPOCH "toInt64(621355968000000000)"

/* bin(x, size) by the type of x; floor() is the same function. */
static struct kql_expr *bind_bin(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    struct kql_expr *x = args[0], *size = args[1];
    (void)node;

    if (x->type == KQL_DYNAMIC)
        x = args[0] = kql_convert_cast(b, x, size->type == KQL_TIMESPAN ? KQL_DATETIME : KQL_REAL);
    if (size->type == KQL_DYNAMIC)
        size = args[1] = kql_convert_cast(b, size, x->type == KQL_DATETIME ? KQL_TIMESPAN : KQL_REAL);
    if (!x || !size)
        return NULL;
    bool dates = x->type == KQL_DATETIME || x->type == KQL_TIMESPAN;
    if (dates && kql_type_is_integer(size->type)) /* a bare number is days */
        size = args[1] = KQL_CALL2(
            b, "*", size,
            kql_plan_const(b->arena, kql_value_int_of(KQL_TIMESPAN, INT64_C(864000000000)), size->span));
    enum kql_type type = x->type;
    if (dates && size->type != KQL_TIMESPAN && size->type != KQL_UNKNOWN)
        type = KQL_UNKNOWN;
    if (kql_type_is_number(x->type))
        type = size->type == KQL_TIMESPAN ? KQL_UNKNOWN : kql_type_common(x->type, size->type);
    if (type == KQL_UNKNOWN || kql_type_is_text(type) || type == KQL_GUID || type == KQL_BOOL) {
        kql_bind_error(b, KQL_DIAG_TYPE, x->span, "%s() does not take " STR_FMT " and " STR_FMT, fn->name,
                       STR_ARG(kql_type_one(x->type)), STR_ARG(kql_type_one(size->type)));
        return NULL;
    }
    if (type == KQL_REAL || type == KQL_DECIMAL)
        for (int i = 0; i < 2; i++)
            if (!(args[i] = kql_convert_cast(b, args[i], type)))
                return NULL;
    struct kql_expr *e = kql_build_raw(b, fn, type, x->span, args, n);
    e->nullable = x->nullable || size->kind != KQL_EXPR_CONST || size->value.i <= 0;
    return e;
}

static void emit_bin(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *size = call->args[1];
    bool                   known = size->kind == KQL_EXPR_CONST && !size->value.null;

    if (call->type == KQL_REAL || call->type == KQL_DECIMAL) {
        kql_emit_call(
            e, known && size->value.r > 0 ? "(floor($1 / $2) * $2)" : "if($2 > 0,floor($1 / $2) * $2,NULL)",
            call);
        return;
    }
    if (known && size->value.i <= 0) {
        kql_emit_add(e, kql_type_null_sql(call->type));
        return;
    }
    bool day = known && INT64_C(864000000000) % size->value.i == 0;
    if (call->type == KQL_DATETIME)
        kql_emit_call(e,
                      day     ? "reinterpret(" TK1 " - positiveModulo(" TK1 ",$2),'DateTime64(7,\\'UTC\\')')"
                      : known ? "reinterpret(" TK1 " - positiveModulo(" TK1 " + " EPOCH
                                ",$2),'DateTime64(7,\\'UTC\\')')"
                              : "reinterpret(if($2 > 0," TK1 " - positiveModuloOrNull(" TK1 " + " EPOCH
                                ",$2),NULL),'DateTime64(7,\\'UTC\\')')",
                      call);
    else
        kql_emit_call(
            e, known ? "($1 - positiveModulo($1,$2))" : "if($2 > 0,$1 - positiveModuloOrNull($1,$2),NULL)",
            call);
}

static struct kql_expr *bind_bin_at(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type = args[0]->type;
    (void)node;

    if (type == KQL_DATETIME || type == KQL_TIMESPAN) {
        if (!kql_convert_arguments(b, fn->name, type == KQL_DATETIME ? "tmt" : "mmm", args[0]->span, args, n))
            return NULL;
    } else if (!kql_convert_arguments(b, fn->name, "nnn", args[0]->span, args, n) ||
               !kql_convert_unify(b, args, n, &type)) {
        return NULL;
    }
    return kql_build_raw(b, fn, type, args[0]->span, args, n);
}

static void emit_bin_at(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->type) {
    case KQL_DATETIME:
        kql_emit_call(e,
                      "reinterpret(if($2 > 0," TK1 " - positiveModuloOrNull(" TK1
                      " - reinterpretAsInt64($3),$2),NULL),'DateTime64(7,\\'UTC\\')')",
                      call);
        break;
    case KQL_REAL:
    case KQL_DECIMAL:
        kql_emit_call(e, "if($2 > 0,floor(($1 - $3) / $2) * $2 + $3,NULL)", call);
        break;
    default:
        kql_emit_call(e, "if($2 > 0,$1 - positiveModuloOrNull($1 - $3,$2),NULL)", call);
        break;
    }
}

/* bin_auto(x): `set query_bin_auto_size` says the size, `set query_bin_auto_at` where a bin begins. */
static struct kql_expr *bind_bin_auto(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    const struct kql_scope *size = kql_bind_scope_find(b, S("set query_bin_auto_size"));
    const struct kql_scope *at = kql_bind_scope_find(b, S("set query_bin_auto_at"));
    (void)n;

    if (!size) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, node ? node->span : args[0]->span, "%s() needs the size of a bin",
                       fn->name);
        kql_diag_hint(b->diags, "put set query_bin_auto_size=1h; before the query");
        return NULL;
    }
    return at ? KQL_CALL3(b, "bin_at", args[0], size->expr, at->expr)
              : KQL_CALL2(b, "bin", args[0], size->expr);
}

static enum kql_type type_number(const struct kql_expr *call)
{
    return call->args[0]->type == KQL_INT ? KQL_LONG : call->args[0]->type;
}

static struct kql_expr *bind_extreme(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node;
    if (!kql_convert_unify(b, args, n, &type))
        return NULL;
    struct kql_expr *e = kql_build_raw(b, fn, type, args[0]->span, args, n);
    e->nullable = true;
    for (size_t i = 0; i < n; i++)
        e->nullable = e->nullable && args[i]->nullable;
    return e;
}

static struct kql_expr *bind_abs(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type == KQL_DYNAMIC)
        args[0] = kql_convert_cast(b, args[0], KQL_REAL);
    if (!args[0])
        return NULL;
    if (!kql_type_is_number(args[0]->type) && args[0]->type != KQL_TIMESPAN) {
        kql_bind_error(b, KQL_DIAG_TYPE, args[0]->span, "%s() takes a number or a timespan", fn->name);
        return NULL;
    }
    return kql_build_raw(b, fn, args[0]->type == KQL_INT ? KQL_LONG : args[0]->type, args[0]->span, args, n);
}

static void emit_abs(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  kql_type_is_integer(call->args[0]->type) || call->type == KQL_TIMESPAN ? "toInt64(abs($1))"
                                                                                         : "abs($1)",
                  call);
}

static void emit_round(struct kql_emit *e, const struct kql_expr *call)
{
    bool whole = kql_type_is_integer(call->args[0]->type);
    if (call->n_args == 1)
        kql_emit_call(e, whole ? "$1" : "(sign($1) * floor(abs($1) + 0.5))", call);
    else
        kql_emit_call(e, whole ? "$1" : "(sign($1) * floor(abs($1) * exp10($2) + 0.5) / exp10($2))", call);
}

static void emit_sign(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, kql_type_is_integer(call->args[0]->type) ? "toInt64(sign($1))" : "toFloat64(sign($1))",
                  call);
}

static void emit_ceiling(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, kql_type_is_integer(call->args[0]->type) ? "$1" : "ceil($1)", call);
}

#define REAL1(n, s, d, x, y)                                                                                 \
    {                                                                                                        \
        .name = n, .args = "r", .result = KQL_REAL, .sql = s, .doc = d, .example = x, .yields = y            \
    }
#define BITS(n, s, d, x, y)                                                                                  \
    {                                                                                                        \
        .name = n, .args = "ii", .result = KQL_LONG, .sql = s, .doc = d, .example = x, .yields = y           \
    }

const struct kql_fn KQL_FN_MATH[] = {
    { .name = "bin",
      .args = "aa",
      .bind = bind_bin,
      .emit = emit_bin,
      .naming = KQL_FN_NAMING_FIRST,
      .doc = "The value rounded down to a multiple of the bin's size.",
      .example = "bin(4.5, 1)",
      .yields = "4.0" },
    { .name = "floor",
      .args = "aa",
      .bind = bind_bin,
      .emit = emit_bin,
      .naming = KQL_FN_NAMING_FIRST,
      .doc = "The value rounded down to a multiple of the second argument.",
      .example = "floor(7, 5)",
      .yields = "5" },
    { .name = "bin_auto",
      .args = "a",
      .bind = bind_bin_auto,
      .naming = KQL_FN_NAMING_FIRST,
      .doc = "The value rounded down to a bin of the size that the query sets.",
      .example = "bin(7, 5)",
      .yields = "5" },
    { .name = "erf",
      .args = "r",
      .result = KQL_REAL,
      .sql = "erf($1)",
      .doc = "The error function.",
      .example = "round(erf(0.5), 6)",
      .yields = "0.5205" },
    { .name = "erfc",
      .args = "r",
      .result = KQL_REAL,
      .sql = "erfc($1)",
      .doc = "One less the error function.",
      .example = "round(erfc(0.5), 6)",
      .yields = "0.4795" },
    { .name = "beta_cdf",
      .args = "rrr",
      .result = KQL_REAL,
      .scalar = "beta_cdf",
      .doc = "The cumulative distribution of the beta distribution with alpha and beta, at a value.",
      .example = "round(beta_cdf(0.5, 2, 3), 6)",
      .yields = "0.6875" },
    { .name = "beta_inv",
      .args = "rrr",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .scalar = "beta_inv",
      .doc = "The value at which the cumulative beta distribution has a probability.",
      .example = "round(beta_inv(0.1, 10.0, 20.0), 6)",
      .yields = "0.226415" },
    { .name = "welch_test",
      .args = "rrrrrr",
      .result = KQL_REAL,
      .scalar = "welch",
      .doc = "The p-value of Welch's test of two samples, each by mean, variance and count.",
      .example = "round(welch_test(2.0, 1.0, 10, 1.0, 1.0, 10), 6)",
      .yields = "0.03825" },
    { .name = "bin_at",
      .args = "aaa",
      .bind = bind_bin_at,
      .emit = emit_bin_at,
      .naming = KQL_FN_NAMING_FIRST,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "The value rounded down to a bin that a fixed point begins.",
      .example = "bin_at(7, 5, 1)",
      .yields = "6" },
    { .name = "abs",
      .args = "a",
      .bind = bind_abs,
      .emit = emit_abs,
      .doc = "The value without its sign.",
      .example = "abs(-5)",
      .yields = "5" },
    { .name = "round",
      .args = "ni?",
      .type = type_number,
      .emit = emit_round,
      .doc = "The number rounded to some digits.",
      .example = "round(2.567, 1)",
      .yields = "2.6" },
    { .name = "ceiling",
      .args = "n",
      .type = type_number,
      .emit = emit_ceiling,
      .doc = "The next whole number above.",
      .example = "ceiling(1.2)",
      .yields = "2.0" },
    { .name = "sign",
      .args = "n",
      .type = type_number,
      .emit = emit_sign,
      .doc = "-1, 0 or 1.",
      .example = "sign(-5.5)",
      .yields = "-1.0" },
    { .name = "max_of",
      .args = "a+",
      .bind = bind_extreme,
      .sql = "greatest($*)",
      .doc = "The greatest argument.",
      .example = "max_of(1, 3, 2)",
      .yields = "3" },
    { .name = "min_of",
      .args = "a+",
      .bind = bind_extreme,
      .sql = "least($*)",
      .doc = "The least argument.",
      .example = "min_of(1, 3, 2)",
      .yields = "1" },
    { .name = "pow",
      .args = "rr",
      .result = KQL_REAL,
      .sql = "pow($1,$2)",
      .doc = "A power.",
      .example = "pow(2, 3)",
      .yields = "8.0" },
    REAL1("exp", "exp($1)", "e to that power.", "exp(0)", "1.0"),
    REAL1("exp2", "exp2($1)", "2 to that power.", "exp2(3)", "8.0"),
    REAL1("exp10", "exp10($1)", "10 to that power.", "exp10(2)", "100.0"),
    REAL1("log", "if($1 > 0,log($1),if($1 = 0,-inf,NULL))", "The natural logarithm.", "log(1)", "0.0"),
    REAL1("log2", "if($1 > 0,log2($1),if($1 = 0,-inf,NULL))", "The logarithm to base 2.", "log2(8)", "3.0"),
    REAL1("log10", "if($1 > 0,log10($1),if($1 = 0,-inf,NULL))", "The logarithm to base 10.", "log10(1000)",
          "3.0"),
    REAL1("sqrt", "sqrt($1)", "The square root.", "sqrt(9)", "3.0"),
    REAL1("sin", "sin($1)", "The sine.", "sin(0)", "0.0"),
    REAL1("cos", "cos($1)", "The cosine.", "cos(0)", "1.0"),
    REAL1("tan", "tan($1)", "The tangent.", "tan(0)", "0.0"),
    REAL1("asin", "asin($1)", "The angle of a sine.", "asin(0)", "0.0"),
    REAL1("acos", "acos($1)", "The angle of a cosine.", "acos(1)", "0.0"),
    REAL1("atan", "atan($1)", "The angle of a tangent.", "atan(0)", "0.0"),
    REAL1("cot", "(1 / tan($1))", "The cotangent.", "round(cot(1), 3)", "0.642"),
    REAL1("degrees", "degrees($1)", "Radians as degrees.", "degrees(0)", "0.0"),
    REAL1("radians", "radians($1)", "Degrees as radians.", "radians(0)", "0.0"),
    REAL1("gamma", "tgamma($1)", "The gamma function.", "gamma(5)", "24.0"),
    REAL1("loggamma", "lgamma($1)", "The logarithm of the gamma function.", "loggamma(1)", "0.0"),
    { .name = "atan2",
      .args = "rr",
      .result = KQL_REAL,
      .sql = "atan2($1,$2)",
      .doc = "The angle of a point (y, x).",
      .example = "atan2(0, 1)",
      .yields = "0.0" },
    { .name = "pi",
      .args = "",
      .result = KQL_REAL,
      .sql = "pi()",
      .doc = "The number pi.",
      .example = "round(pi(), 4)",
      .yields = "3.1416" },
    { .name = "isnan",
      .args = "r",
      .result = KQL_BOOL,
      .sql = "CAST(isNaN($1),'Nullable(Bool)')",
      .doc = "Whether the value is not a number.",
      .example = "isnan(0.0/0.0)",
      .yields = "True" },
    { .name = "isinf",
      .args = "r",
      .result = KQL_BOOL,
      .sql = "CAST(isInfinite($1),'Nullable(Bool)')",
      .doc = "Whether the value is infinite.",
      .example = "isinf(1.0/0.0)",
      .yields = "True" },
    { .name = "isfinite",
      .args = "r",
      .result = KQL_BOOL,
      .sql = "CAST(isFinite($1),'Nullable(Bool)')",
      .doc = "Whether the value is a finite number.",
      .example = "isfinite(1.5)",
      .yields = "True" },
    BITS("binary_and", "bitAnd($1,$2)", "Bits that both have.", "binary_and(6, 3)", "2"),
    BITS("binary_or", "bitOr($1,$2)", "Bits that either has.", "binary_or(6, 3)", "7"),
    BITS("binary_xor", "bitXor($1,$2)", "Bits that one of them has.", "binary_xor(6, 3)", "5"),
    BITS("binary_shift_left", "bitShiftLeft($1,positiveModulo($2,64))", "Bits moved up.",
         "binary_shift_left(1, 3)", "8"),
    BITS("binary_shift_right", "bitShiftRight($1,positiveModulo($2,64))", "Bits moved down.",
         "binary_shift_right(8, 3)", "1"),
    { .name = "binary_not",
      .args = "i",
      .result = KQL_LONG,
      .sql = "bitNot($1)",
      .doc = "All bits turned over.",
      .example = "binary_not(0)",
      .yields = "-1" },
    { .name = "bitset_count_ones",
      .args = "i",
      .result = KQL_LONG,
      .sql = "toInt64(bitCount($1))",
      .doc = "How many bits are set.",
      .example = "bitset_count_ones(42)",
      .yields = "3" },
    { .name = "beta_pdf",
      .args = "rrr",
      .result = KQL_REAL,
      .sql = "if($1 BETWEEN 0 AND 1 AND $2 > 0 AND $3 > 0,pow($1,$2 - 1) * pow(1 - $1,$3 - 1) * "
             "exp(lgamma($2 + $3) - "
             "lgamma($2) - lgamma($3)),nan * $1 * $2 * $3)",
      .doc = "The density of the beta distribution; NaN where there is none.",
      .example = "round(beta_pdf(0.5, 10.0, 20.0), 6)",
      .yields = "0.746176" },
    { 0 },
};
