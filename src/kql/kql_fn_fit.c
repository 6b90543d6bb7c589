/* SPDX-License-Identifier: Apache-2.0 */
/* Series: what module scalar computes: figures, fits, filters, waves, seasons, outliers. Those that give
 * several values give an array, which becomes columns where the call stands alone. */
#include <math.h>

#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_scalar.h"

static const char *const STATS[] = { "min",   "min_idx:l", "max", "max_idx:l", "avg",
                                     "stdev", "variance",  "sum", "len:l",     NULL };
static const char *const LINE[] = { "rsquare",      "slope",      "variance", "rvariance",
                                    "interception", "line_fit:d", NULL };
static const char *const TWO_LINES[] = {
    "rsquare",           "split_idx:l",     "variance",       "rvariance",
    "line_fit:d",        "right_rsquare",   "right_slope",    "right_interception",
    "right_variance",    "right_rvariance", "left_rsquare",   "left_slope",
    "left_interception", "left_variance",   "left_rvariance", NULL
};
static const char *const POLY[] = {
    "rsquare", "coefficients:d", "variance", "rvariance", "poly_fit:d", NULL
};
static const char *const WAVE[] = { "real:d", "imag:d", NULL };
static const char *const PERIODS[] = { "periods:d", "scores:d", NULL };
static const char *const PARTS[] = { "baseline:d", "seasonal:d", "trend:d", "residual:d", NULL };
static const char *const ANOMALIES[] = { "ad_flag:d", "ad_score:d", "baseline:d", NULL };

/* The values of each function, reals unless they say :l or :d. */
static const struct {
    const char        *name;
    const char *const *values;
    size_t             n; /* that become columns */
} SEVERAL[] = {
    { "series_stats", STATS, 7 },
    { "series_fit_line", LINE, 6 },
    { "series_fit_2lines", TWO_LINES, 15 },
    { "series_fit_poly", POLY, 5 },
    { "series_fft", WAVE, 2 },
    { "series_ifft", WAVE, 2 },
    { "series_periods_detect", PERIODS, 2 },
    { "series_periods_validate", PERIODS, 2 },
    { "series_decompose", PARTS, 4 },
    { "series_decompose_anomalies", ANOMALIES, 3 },
};

static void parts(struct kql_binder *b, const struct kql_node *node, const struct kql_expr *call,
                  kql_fn_parts *out)
{
    size_t f = 0;
    while (strcmp(SEVERAL[f].name, call->fn->name) != 0)
        f++;
    str of = kql_bind_name(b, node->kids.p[0]);
    for (size_t i = 0; i < SEVERAL[f].n; i++) {
        str value = str_of(SEVERAL[f].values[i]), name;
        str_split(&value, ':', &name);
        *vec_push_in(b->arena, out) =
            (struct kql_fn_part) { arena_printf(b->arena, "%s_" STR_FMT "%s" STR_FMT, call->fn->name,
                                                STR_ARG(of), of.n > 0 ? "_" : "", STR_ARG(name)),
                                   str_eq(value, S("l"))   ? KQL_LONG
                                   : str_eq(value, S("d")) ? KQL_DYNAMIC
                                                           : KQL_REAL };
    }
}

/* {"name":value,…} of an array of values, from one of them to another. */
static void add_bag(struct kql_emit *e, const char *const *values, size_t from, size_t to, size_t skip)
{
    for (size_t i = from; i < to; i++) {
        str  value = str_of(values[i]), name;
        char text[64];
        str_split(&value, ':', &name);
        name = str_from(name, skip);
        snprintf(text, sizeof text, "'%s\"%.*s\":',v[%zu],", i > from ? "," : "", (int)name.n, name.p, i + 1);
        kql_emit_addz(e, text);
    }
}

#define BAG "arrayStringConcat(arrayMap(v -> concat('{',"

/* An empty text, which is a null, has no values: no bag is made of it then. */
static void end_bag(struct kql_emit *e, const struct kql_expr *call, const char *scalar)
{
    kql_emit_addz(e, "'}'),arrayFilter(v -> notEmpty(v),[JSONExtractArrayRaw(");
    kql_scalar_emit(e, scalar, call->args, call->n_args);
    kql_emit_addz(e, ")])))");
}

static void emit_stats_bag(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, BAG);
    add_bag(e, STATS, 0, 9, 0);
    end_bag(e, call, "series_stats");
}

static void emit_line_bag(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, BAG);
    add_bag(e, LINE, 0, 6, 0);
    end_bag(e, call, "series_fit_line");
}

static void emit_two_lines_bag(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, BAG);
    add_bag(e, TWO_LINES, 0, 5, 0);
    kql_emit_addz(e, "',\"right\":{',");
    add_bag(e, TWO_LINES, 5, 10, strlen("right_"));
    kql_emit_addz(e, "'},\"left\":{',");
    add_bag(e, TWO_LINES, 10, 15, strlen("left_"));
    kql_emit_addz(e, "'}',");
    end_bag(e, call, "series_fit_2lines");
}

/* --- arguments that module scalar wants otherwise --- */

static struct kql_expr *made(struct kql_binder *b, const struct kql_fn *fn, struct kql_expr **args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!args[i])
            return NULL;
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n);
}

static bool is_null(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CONST && e->value.null;
}

/* A real that is written as null counts as not given. */
static struct kql_expr *bind_outliers(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 2; i < n; i++)
        if (is_null(args[i]))
            args[i] = kql_plan_const(b->arena, kql_value_real(NAN), args[i]->span);
    return made(b, fn, args, n);
}

static struct kql_expr *json_of(struct kql_binder *b, struct kql_expr *e)
{
    AUTO_STRBUF text = STRBUF_INIT(1000);

    if (e->kind != KQL_EXPR_CONST)
        return kql_convert_cast(b, e, KQL_STRING);
    if (e->value.null)
        strbuf_addz(&text, "null");
    else
        kql_value_json(&text, &e->value);
    return kql_plan_const(b->arena, kql_value_string(arena_str(b->arena, strbuf_view(&text))), e->span);
}

/* The flag says whether the edges are filled, which they are when it is not there: scalar wants its opposite.
 */
static struct kql_expr *bind_fill_linear(struct kql_binder *b, const struct kql_fn *fn,
                                         const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    if (n > 1)
        args[1] = json_of(b, args[1]);
    if (n > 2)
        args[2] = KQL_CALL1(b, "not", args[2]);
    if (n > 3)
        args[3] = json_of(b, args[3]);
    return made(b, fn, args, n);
}

static struct kql_expr *bind_fir(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    (void)node;
    if (n > 2)
        args[2] = kql_convert_cast(b, args[2], KQL_LONG);
    return made(b, fn, args, n);
}

static struct kql_expr *bind_validate(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum { PERIODS_MAX = 16 };

    (void)node;
    if (n > PERIODS_MAX + 1) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, args[0]->span, "%s() takes at most %d periods", fn->name,
                       PERIODS_MAX);
        return NULL;
    }
    struct kql_expr *pair[] = { args[0], kql_build_call(b, "pack_array", args[0]->span, args + 1, n - 1) };
    return made(b, fn, pair, 2);
}

static bool one_of(struct kql_binder *b, const struct kql_expr *e, const char *const *words)
{
    AUTO_STRBUF all = STRBUF_INIT(200);

    if (e->kind != KQL_EXPR_CONST || e->value.s.n == 0)
        return true;
    for (; *words; words++) {
        if (str_eq(e->value.s, str_of(*words)))
            return true;
        strbuf_addf(&all, "%s'%s'", all.n > 0 ? ", " : "", *words);
    }
    kql_bind_error(b, KQL_DIAG_ARGUMENTS, e->span, "this is one of " STR_FMT, STR_ARG(strbuf_view(&all)));
    return false;
}

/* The trend and the method are the strings among the arguments, in this order. */
static struct kql_expr *bind_decompose(struct kql_binder *b, const struct kql_fn *fn,
                                       const struct kql_node *node, struct kql_expr **args, size_t n)
{
    static const char *const TRENDS[] = { "avg", "linefit", "none", NULL };
    static const char *const METHODS[] = { "ctukey", "tukey", NULL };
    const char *const       *words = TRENDS;

    (void)node;
    for (size_t i = 1; i < n; i++)
        if (args[i]->type == KQL_STRING) {
            if (!one_of(b, args[i], words))
                return NULL;
            words = METHODS;
        }
    return made(b, fn, args, n);
}

#define SERIES .result = KQL_DYNAMIC, .nulls = KQL_FN_NULLS_NEVER

const struct kql_fn KQL_FN_FIT[] = {
    { .name = "series_decompose",
      SERIES,
      .args = "di?sir",
      .scalar = "series_decompose",
      .bind = bind_decompose,
      .parts = parts,
      .doc = "A series taken apart: baseline, season, trend, what is left.",
      .example = "series_decompose(dynamic([1,1,1,5]), 0)[0]",
      .yields = "[2,2,2,2]" },
    { .name = "series_decompose_anomalies",
      SERIES,
      .args = "dr?isisr",
      .scalar = "series_decompose_anomalies",
      .bind = bind_decompose,
      .parts = parts,
      .doc = "Where a series leaves its baseline: flags, scores, the baseline.",
      .example = "series_decompose_anomalies(dynamic([1,1,2,1,1,1,2,1,1,9,1,1,2,1,1]))[0]",
      .yields = "[0,0,0,0,0,0,0,0,0,1,0,0,0,0,0]" },
    { .name = "series_decompose_forecast",
      SERIES,
      .args = "dii?sr",
      .scalar = "series_decompose_forecast",
      .bind = bind_decompose,
      .doc = "A series with its last places as the others foretell them.",
      .example = "series_decompose_forecast(dynamic([1,2,3,4,0,0]), 2, 0, 'linefit')",
      .yields = "[1,2,3,4,5,6]" },
    { .name = "series_fft",
      SERIES,
      .args = "dd?",
      .scalar = "series_fft",
      .parts = parts,
      .doc = "Fourier's transform of a series of complex numbers: the real and the imaginary parts.",
      .example = "series_fft(dynamic([1,1,1,1]))[0]",
      .yields = "[4,0,0,0]" },
    { .name = "series_fill_linear",
      SERIES,
      .args = "da?ba",
      .scalar = "series_fill_linear",
      .bind = bind_fill_linear,
      .doc = "Gaps filled from a line between their neighbours.",
      .example = "series_fill_linear(dynamic([1,null,3]))",
      .yields = "[1,2,3]" },
    { .name = "series_fir",
      SERIES,
      .args = "ddb?b",
      .scalar = "series_fir",
      .bind = bind_fir,
      .doc = "A moving sum of the values by the weights of a filter.",
      .example = "series_fir(dynamic([5,15,10]), dynamic([1,-1]), false, false)",
      .yields = "[5,10,-5]" },
    { .name = "series_fit_2lines",
      SERIES,
      .args = "d",
      .scalar = "series_fit_2lines",
      .parts = parts,
      .doc = "The two lines that fit a series best, one behind the other.",
      .example = "series_fit_2lines(dynamic([1,2,3,3,2,1]))[1]",
      .yields = "3" },
    { .name = "series_fit_2lines_dynamic",
      SERIES,
      .args = "d",
      .emit = emit_two_lines_bag,
      .doc = "The two lines that fit a series best, as a bag.",
      .example = "series_fit_2lines_dynamic(dynamic([1,2,3,3,2,1])).right.slope",
      .yields = "-1" },
    { .name = "series_fit_line",
      SERIES,
      .args = "d",
      .scalar = "series_fit_line",
      .parts = parts,
      .doc = "The line that fits a series best.",
      .example = "series_fit_line(dynamic([1,3,5]))[1]",
      .yields = "2" },
    { .name = "series_fit_line_dynamic",
      SERIES,
      .args = "d",
      .emit = emit_line_bag,
      .doc = "The line that fits a series best, as a bag.",
      .example = "series_fit_line_dynamic(dynamic([1,3,5])).slope",
      .yields = "2" },
    { .name = "series_fit_poly",
      SERIES,
      .args = "dd?i",
      .scalar = "series_fit_poly",
      .parts = parts,
      .doc = "The polynomial that fits a series best.",
      .example = "series_fit_poly(dynamic([1,4,9,16]), dynamic([1,2,3,4]), 2)[0]",
      .yields = "1" },
    { .name = "series_ifft",
      SERIES,
      .args = "dd?",
      .scalar = "series_ifft",
      .parts = parts,
      .doc = "What Fourier's transform came from: the real and the imaginary parts.",
      .example = "series_ifft(dynamic([4,0,0,0]))[0]",
      .yields = "[1,1,1,1]" },
    { .name = "series_iir",
      SERIES,
      .args = "ddd",
      .scalar = "series_iir",
      .doc = "A filter that feeds back.",
      .example = "series_iir(dynamic([1,2,3]), dynamic([1]), dynamic([1,-1]))",
      .yields = "[1,3,6]" },
    { .name = "series_outliers",
      SERIES,
      .args = "ds?rrr",
      .scalar = "series_outliers",
      .bind = bind_outliers,
      .doc = "How far values lie outside of the others, in the measure of Tukey's test.",
      .example = "series_outliers(dynamic([1,1,1,1]))",
      .yields = "[0,0,0,0]" },
    { .name = "series_periods_detect",
      SERIES,
      .args = "drri",
      .scalar = "series_periods_detect",
      .parts = parts,
      .doc = "The periods of a series and their scores.",
      .example = "series_periods_detect(dynamic([1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]), 0.0, 50.0, 1)[0]",
      .yields = "[6]" },
    { .name = "series_periods_validate",
      SERIES,
      .args = "drr*",
      .scalar = "series_periods_validate",
      .bind = bind_validate,
      .parts = parts,
      .doc = "The scores of given periods.",
      .example = "series_periods_validate(dynamic([1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]), 5.0)[1]",
      .yields = "[0]" },
    { .name = "series_seasonal",
      SERIES,
      .args = "di?",
      .scalar = "series_seasonal",
      .doc = "The part of a series that repeats.",
      .example = "series_seasonal(dynamic([1,3,5,1,3,5,2,4,6]), 3)",
      .yields = "[1,3,5,1,3,5,1,3,5]" },
    { .name = "series_stats",
      SERIES,
      .args = "db?",
      .scalar = "series_stats",
      .parts = parts,
      .doc = "Figures of a series: least, greatest, their places, mean, deviation, variance.",
      .example = "series_stats(dynamic([1,3]))[4]",
      .yields = "2" },
    { .name = "series_stats_dynamic",
      SERIES,
      .args = "db?",
      .emit = emit_stats_bag,
      .doc = "Figures of a series as a bag.",
      .example = "series_stats_dynamic(dynamic([1,3])).avg",
      .yields = "2" },
    { 0 },
};
