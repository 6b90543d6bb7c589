/* SPDX-License-Identifier: Apache-2.0 */
/* Spread and rank: deviations, variances, percentiles. */
#include "base/json.h"
#include "kql/kql_agg.h"
#include "kql/kql_emit.h"
#include "kql/kql_json.h"

static enum kql_type type_of_rank(const struct kql_expr *call)
{
    return call->args[0]->type == KQL_INT ? KQL_LONG : call->args[0]->type;
}

/* The nearest rank, as Kusto documents it; the argument is a percentage, the engine's a share. */
static void emit_percentile(struct kql_emit *e, const struct kql_expr *call)
{
    bool   weighted = strcmp(call->agg->name, "percentilew") == 0;
    double p = call->args[weighted ? 2 : 1]->value.r / 100;
    char   level[60];

    snprintf(level, sizeof level, "quantileExactWeightedOrNull(%.17g)(",
             p > 0 ? (p < 1 ? p : 1) : 0); /* nan is 0, too */
    bool date = call->type == KQL_DATETIME;
    kql_emit_addz(e, date ? "reinterpret(" : "");
    kql_emit_addz(e, level);
    kql_emit_call(e, date ? "reinterpretAsInt64($1)" : "$1", call);
    kql_emit_call(e, weighted ? ",toUInt64(greatest($2,0)))" : ",1)", call);
    kql_emit_addz(e, date ? ",'DateTime64(7,\\'UTC\\')')" : "");
}

/* One percentage of percentiles_array, as JSON. */
static void add_percentile(struct kql_emit *e, const struct kql_expr *call, double percent, bool first)
{
    bool             weighted = strcmp(call->agg->name, "percentilesw_array") == 0;
    struct kql_expr *p = kql_plan_const(e->arena, kql_value_real(percent), call->span);
    struct kql_expr *args[] = { call->args[0], weighted ? call->args[1] : p, p };
    struct kql_expr  one = { .kind = KQL_EXPR_AGG,
                             .agg = kql_agg_find(weighted ? S("percentilew") : S("percentile")),
                             .args = args,
                             .n_args = weighted ? 3 : 2,
                             .nullable = true };

    one.type = type_of_rank(&one);
    kql_emit_addz(e, first ? "" : ",',',");
    kql_json_emit(e, &one);
}

static double number_of(const struct json *j)
{
    return j->kind == JSON_INT ? (double)j->i : j->kind == JSON_DOUBLE ? j->d : 0;
}

/* percentiles_array(x, 5, 50), percentiles_array(x, dynamic([5, 50])) */
static void emit_percentiles(struct kql_emit *e, const struct kql_expr *call)
{
    bool first = true;

    kql_emit_addz(e, "concat('[',");
    for (size_t i = strcmp(call->agg->name, "percentilesw_array") == 0 ? 2 : 1; i < call->n_args; i++) {
        const struct kql_value *v = &call->args[i]->value;
        const struct json      *list = NULL;
        if (v->type != KQL_DYNAMIC) {
            add_percentile(e, call, v->type == KQL_REAL ? v->r : (double)v->i, first);
            first = false;
        } else if (json_parse(e->arena, v->s, &list, NULL) == RC_OK) {
            for (size_t k = 0; list->kind == JSON_ARRAY && k < list->n; k++, first = false)
                add_percentile(e, call, number_of(json_at(list, k)), first);
        }
    }
    kql_emit_addz(e, first ? "']')" : ",']')");
}

#define SPREAD(n, f, d, x, y)                                                                                \
    {                                                                                                        \
        .name = n, .args = "r", .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY, .sql = f, .doc = d,           \
        .example = x, .yields = y                                                                            \
    }
#define SPREAD_IF(n, f, pl, d, x, y)                                                                         \
    {                                                                                                        \
        .name = n, .args = "rb", .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY, .sql = f, .plain = pl,       \
        .doc = d, .example = x, .yields = y                                                                  \
    }
#define SPREAD_OF_TWO(n, f, d, x, y)                                                                         \
    {                                                                                                        \
        .name = n, .args = "rr", .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY, .sql = f, .doc = d,          \
        .example = x, .yields = y                                                                            \
    }
#define SPREAD_OF_TWO_IF(n, f, pl, d, x, y)                                                                  \
    {                                                                                                        \
        .name = n, .args = "rrb", .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY, .sql = f, .plain = pl,      \
        .doc = d, .example = x, .yields = y                                                                  \
    }
#define WHEN "ifNull($2,false)"
#define WHEN3 "ifNull($3,false)"

const struct kql_agg KQL_AGG_STAT[] = {
    SPREAD("stdev", "if(count($1) < 2,0,stddevSamp($1))", "The standard deviation of a sample.",
           "round(stdev(x), 3)", "1.291"),
    SPREAD("stdevp", "if(count($1) = 0,0,stddevPop($1))", "The standard deviation of a population.",
           "round(stdevp(x), 3)", "1.118"),
    SPREAD("variance", "if(count($1) < 2,0,varSamp($1))", "The variance of a sample.",
           "round(variance(x), 3)", "1.667"),
    SPREAD("variancep", "if(count($1) = 0,0,varPop($1))", "The variance of a population.", "variancep(x)",
           "1.25"),
    SPREAD_IF("stdevif", "if(countIf($1," WHEN ") < 2,0,stddevSampIf($1," WHEN "))", "stdev",
              "The standard deviation where a condition is true.", "stdevif(x, x > 3)", "0.0"),
    SPREAD_IF("varianceif", "if(countIf($1," WHEN ") < 2,0,varSampIf($1," WHEN "))", "variance",
              "The variance where a condition is true.", "varianceif(x, x > 3)", "0.0"),
    SPREAD_IF("variancepif", "if(countIf($1," WHEN ") = 0,0,varPopIf($1," WHEN "))", "variancep",
              "The variance of a population where a condition is true.", "variancepif(x, x > 3)", "0.0"),
    SPREAD_OF_TWO("covariance", "if(count($1) < 2,0,covarSamp($1,$2))", "The covariance of a sample.",
                  "round(covariance(x, x), 3)", "1.667"),
    SPREAD_OF_TWO("covariancep", "if(count($1) = 0,0,covarPop($1,$2))", "The covariance of a population.",
                  "covariancep(x, 2 * x)", "2.5"),
    SPREAD_OF_TWO_IF("covarianceif", "if(countIf($1," WHEN3 ") < 2,0,covarSampIf($1,$2," WHEN3 "))",
                     "covariance", "The covariance where a condition is true.", "covarianceif(x, x, x > 2)",
                     "0.5"),
    SPREAD_OF_TWO_IF("covariancepif", "if(countIf($1," WHEN3 ") = 0,0,covarPopIf($1,$2," WHEN3 "))",
                     "covariancep", "The covariance of a population where a condition is true.",
                     "covariancepif(x, x, x > 2)", "0.25"),
    { .name = "percentiles_array",
      .args = "qA+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .prefix = "percentiles",
      .emit = emit_percentiles,
      .doc = "percentile() for several percentages, as an array.",
      .example = "percentiles_array(x, 25, 50, 100)",
      .yields = "[1,2,4]" },
    { .name = "percentilesw_array",
      .args = "qiA+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .prefix = "percentiles",
      .emit = emit_percentiles,
      .doc = "percentilew() for several percentages, as an array.",
      .example = "percentilesw_array(x, x, dynamic([25, 50]))",
      .yields = "[2,3]" },
    { .name = "percentile",
      .args = "qR",
      .type = type_of_rank,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_percentile,
      .doc = "The value below which a percentage of the values lies, by the nearest rank.",
      .example = "percentile(x, 50)",
      .yields = "2" },
    { .name = "percentilew",
      .args = "qiR",
      .type = type_of_rank,
      .nulls = KQL_FN_NULLS_MAY,
      .prefix = "percentile",
      .emit = emit_percentile,
      .doc = "percentile() of values that have weights.",
      .example = "percentilew(x, 1, 50)",
      .yields = "2" },
    { 0 },
};
