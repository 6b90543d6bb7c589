/* SPDX-License-Identifier: Apache-2.0 */
/* Series: arrays of numbers in order. A number where a series is wanted stands for one of it at every place.
 */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define REALS(d) "JSONExtract(" d ",'Array(Nullable(Float64))')"
#define KNOWN(d) "arrayMap(x -> ifNull(x,0)," REALS(d) ")"
#define RAW "JSONExtractArrayRaw($1)"

/* Both sides as arrays of reals of one length. */
static struct kql_expr *bind_pair(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type != KQL_DYNAMIC && args[1]->type != KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, args[0]->span, "%s() takes at least one series", fn->name);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (kql_type_is_number(args[i]->type))
            args[i] = kql_convert_cast(b, args[i], KQL_REAL);
        else if (args[i]->type != KQL_DYNAMIC) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span, "%s() takes series and numbers", fn->name);
            return NULL;
        }
        if (!args[i])
            return NULL;
    }
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n);
}

static void add_side(struct kql_emit *e, const struct kql_expr *call, size_t i)
{
    struct kql_expr *pair[] = { call->args[i], call->args[1 - i] };
    kql_emit_template(e,
                      call->args[i]->type == KQL_DYNAMIC
                          ? REALS("$1")
                          : "arrayMap(i -> toNullable($1),JSONExtractArrayRaw($2))",
                      pair, 2);
}

static void emit_pair(struct kql_emit *e, const struct kql_expr *call)
{
    static const struct {
        const char *name, *sql;
    } OPS[] = {
        { "series_add", "x + y" },
        { "series_subtract", "x - y" },
        { "series_multiply", "x * y" },
        { "series_divide", "x / y" },
        { "series_pow", "pow(x,y)" },
        { "series_greater", "x > y" },
        { "series_greater_equals", "x >= y" },
        { "series_less", "x < y" },
        { "series_less_equals", "x <= y" },
        { "series_equals", "x = y" },
        { "series_not_equals", "x != y" },
    };
    size_t i = 0;
    while (strcmp(OPS[i].name, call->fn->name) != 0)
        i++;
    kql_emit_addz(e, i > 4 ? "toJSONString(arrayMap((x,y) -> CAST(" : "toJSONString(arrayMap((x,y) -> ");
    kql_emit_addz(e, OPS[i].sql);
    kql_emit_addz(e, i > 4 ? ",'Nullable(Bool)')," : ",");
    add_side(e, call, 0);
    kql_emit_addz(e, ",arrayResize(");
    add_side(e, call, 1);
    kql_emit_addz(e, ",length(");
    add_side(e, call, 0);
    kql_emit_addz(e, "))))");
}

/* What is missing is null, or the value given. */
static void emit_fill(struct kql_emit *e, const struct kql_expr *call)
{
    bool forward = strcmp(call->fn->name, "series_fill_forward") == 0;
    kql_emit_addz(e, "concat('[',arrayStringConcat(");
    kql_emit_addz(e, forward ? "arrayFill(x -> " : "arrayReverseFill(x -> ");
    kql_emit_call(e, call->n_args > 1 ? "x NOT IN ('null',toString($2))," RAW : "x != 'null'," RAW, call);
    kql_emit_addz(e, "),','),']')");
}

/* What fills, and what is filled, as JSON. */
static struct kql_expr *bind_fill_const(struct kql_binder *b, const struct kql_fn *fn,
                                        const struct kql_node *node, struct kql_expr **args, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (!(args[i] = kql_convert_cast(b, args[i], KQL_DYNAMIC)))
            return NULL;
    return kql_build_raw(b, fn, KQL_DYNAMIC, node ? node->span : args[0]->span, args, n);
}

static void emit_fill_const(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args > 2
                      ? "concat('[',arrayStringConcat(arrayMap(x -> if(x = 'null' OR x = $3,if($2 = "
                        "'','null',$2),x)," RAW "),','),']')"
                      : "concat('[',arrayStringConcat(arrayMap(x -> if(x = 'null' AND $2 != '',$2,x)," RAW
                        "),','),']')",
                  call);
}

/* Of two arrays that SQL wants to be of one length. */
#define SECOND "arrayResize(" KNOWN("$2") ",length(" KNOWN("$1") "))"
#define SAME_LENGTH "length(" KNOWN("$1") ") = length(" KNOWN("$2") ")"
#define PRODUCT "toNullable(arraySum((x,y) -> x * y," KNOWN("$1") "," SECOND "))"
#define MAGNITUDE(d) "sqrt(arraySum(x -> x * x," KNOWN(d) "))"

static void emit_cosine(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, "if(" SAME_LENGTH "," PRODUCT " / ", call);
    kql_emit_call(e, call->n_args > 2 ? "$3 / " : MAGNITUDE("$1") " / ", call);
    kql_emit_call(e, call->n_args > 3 ? "$4,NULL)" : MAGNITUDE("$2") ",NULL)", call);
}

#define PAIR(n, d, x, y)                                                                                     \
    {                                                                                                        \
        .name = n, .args = "aa", .result = KQL_DYNAMIC, .nulls = KQL_FN_NULLS_NEVER, .bind = bind_pair,      \
        .emit = emit_pair, .doc = d, .example = x, .yields = y                                               \
    }
#define EACH(n, f, d, x, y)                                                                                  \
    {                                                                                                        \
        .name = n, .args = "d", .result = KQL_DYNAMIC, .nulls = KQL_FN_NULLS_NEVER,                          \
        .sql = "toJSONString(arrayMap(x -> " f "," REALS("$1") "))", .doc = d, .example = x, .yields = y     \
    }
#define REAL(n, a, s, d, x, y)                                                                               \
    {                                                                                                        \
        .name = n, .args = a, .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY, .sql = s, .doc = d,             \
        .example = x, .yields = y                                                                            \
    }

const struct kql_fn KQL_FN_SERIES[] = {
    PAIR("series_add", "The sums, place by place.", "series_add(dynamic([1,2]), dynamic([3,4]))", "[4,6]"),
    PAIR("series_subtract", "The differences.", "series_subtract(dynamic([3,4]), dynamic([1,2]))", "[2,2]"),
    PAIR("series_multiply", "The products.", "series_multiply(dynamic([3,4]), 2)", "[6,8]"),
    PAIR("series_divide", "The quotients.", "series_divide(dynamic([3,4]), 2)", "[1.5,2]"),
    PAIR("series_pow", "The powers.", "series_pow(dynamic([3,4]), 2)", "[9,16]"),
    PAIR("series_greater", "Whether greater, place by place.", "series_greater(dynamic([3,4]), 3)",
         "[false,true]"),
    PAIR("series_greater_equals", "Whether greater or equal.", "series_greater_equals(dynamic([2,4]), 3)",
         "[false,true]"),
    PAIR("series_less", "Whether less.", "series_less(dynamic([2,4]), 3)", "[true,false]"),
    PAIR("series_less_equals", "Whether less or equal.", "series_less_equals(dynamic([2,4]), 3)",
         "[true,false]"),
    PAIR("series_equals", "Whether equal.", "series_equals(dynamic([3,4]), 3)", "[true,false]"),
    PAIR("series_not_equals", "Whether not equal.", "series_not_equals(dynamic([3,4]), 3)", "[false,true]"),
    EACH("series_abs", "abs(x)", "The values without their signs.", "series_abs(dynamic([-1,2]))", "[1,2]"),
    EACH("series_exp", "exp(x)", "e to the powers.", "series_exp(dynamic([0]))", "[1]"),
    EACH("series_log", "log(x)", "The logarithms.", "series_log(dynamic([1]))", "[0]"),
    EACH("series_sign", "toFloat64(sign(x))", "The signs.", "series_sign(dynamic([-5,0,7]))", "[-1,0,1]"),
    EACH("series_sin", "sin(x)", "The sines.", "series_sin(dynamic([0]))", "[0]"),
    EACH("series_cos", "cos(x)", "The cosines.", "series_cos(dynamic([0]))", "[1]"),
    EACH("series_tan", "tan(x)", "The tangents.", "series_tan(dynamic([0]))", "[0]"),
    EACH("series_asin", "asin(x)", "The angles of sines.", "series_asin(dynamic([0]))", "[0]"),
    EACH("series_acos", "acos(x)", "The angles of cosines.", "series_acos(dynamic([1]))", "[0]"),
    EACH("series_atan", "atan(x)", "The angles of tangents.", "series_atan(dynamic([0]))", "[0]"),
    EACH("series_floor", "floor(x)", "The values rounded down.", "series_floor(dynamic([1.5]))", "[1]"),
    EACH("series_ceiling", "ceil(x)", "The values rounded up.", "series_ceiling(dynamic([1.5]))", "[2]"),
    REAL("series_sum", "d", "if(startsWith($1,'['),toNullable(arraySum(" KNOWN("$1") ")),NULL)",
         "The sum of a series.", "series_sum(dynamic([1,2,3]))", "6.0"),
    REAL("series_product", "d",
         "if(startsWith($1,'['),toNullable(arrayProduct(arrayMap(x -> ifNull(x,1)," REALS("$1") "))),NULL)",
         "The product of a series.", "series_product(dynamic([1,2,3]))", "6.0"),
    REAL("series_magnitude", "d", "toNullable(sqrt(arraySum(x -> x * x," KNOWN("$1") ")))",
         "The length of a vector.", "series_magnitude(dynamic([3,4]))", "5.0"),
    REAL("series_dot_product", "dd", "if(" SAME_LENGTH "," PRODUCT ",NULL)",
         "The scalar product of two vectors.", "series_dot_product(dynamic([1,2]), dynamic([3,4]))", "11.0"),
    REAL("series_pearson_correlation", "dd",
         "if(" SAME_LENGTH ",toNullable(arrayReduce('corr'," KNOWN("$1") "," SECOND ")),NULL)",
         "How two series go together, from -1 to 1.",
         "round(series_pearson_correlation(dynamic([1,2,4]), dynamic([2,4,8])), 3)", "1.0"),
    { .name = "series_cosine_similarity",
      .args = "ddr?r",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_cosine,
      .doc = "The cosine of the angle between two vectors, whose lengths may be given.",
      .example = "series_cosine_similarity(dynamic([1,0]), dynamic([1,0]))",
      .yields = "1.0" },
    { .name = "series_fill_forward",
      .args = "da?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_fill,
      .doc = "Gaps filled with the value before them.",
      .example = "series_fill_forward(dynamic([1,null]))",
      .yields = "[1,1]" },
    { .name = "series_fill_backward",
      .args = "da?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_fill,
      .doc = "Gaps filled with the value behind them.",
      .example = "series_fill_backward(dynamic([null,1]))",
      .yields = "[1,1]" },
    { .name = "series_fill_const",
      .args = "daa?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_fill_const,
      .emit = emit_fill_const,
      .doc = "Gaps filled with a constant.",
      .example = "series_fill_const(dynamic([1,null]), 0)",
      .yields = "[1,0]" },
    { 0 },
};
