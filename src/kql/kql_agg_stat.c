/* SPDX-License-Identifier: Apache-2.0 */
/* Spread and rank: deviations, variances, percentiles. */
#include "kql/kql_agg.h"
#include "kql/kql_emit.h"

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

    snprintf(level, sizeof level, "quantileExactWeightedOrNull(%.17g)(", p < 0 ? 0 : p > 1 ? 1 : p);
    bool date = call->type == KQL_DATETIME;
    kql_emit_addz(e, date ? "reinterpret(" : "");
    kql_emit_addz(e, level);
    kql_emit_call(e, date ? "reinterpretAsInt64($1)" : "$1", call);
    kql_emit_call(e, weighted ? ",toUInt64(greatest($2,0)))" : ",1)", call);
    kql_emit_addz(e, date ? ",'DateTime64(7,\\'UTC\\')')" : "");
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
#define WHEN "ifNull($2,false)"

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
    { .name = "percentile",
      .args = "aR",
      .type = type_of_rank,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_percentile,
      .doc = "The value below which a percentage of the values lies, by the nearest rank.",
      .example = "percentile(x, 50)",
      .yields = "2" },
    { .name = "percentilew",
      .args = "aiR",
      .type = type_of_rank,
      .nulls = KQL_FN_NULLS_MAY,
      .prefix = "percentile",
      .emit = emit_percentile,
      .doc = "percentile() of values that have weights.",
      .example = "percentilew(x, 1, 50)",
      .yields = "2" },
    { 0 },
};
