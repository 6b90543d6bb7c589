/* SPDX-License-Identifier: Apache-2.0 */
/* Series: arrays of numbers in order. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define REALS(d) "JSONExtract(" d ",'Array(Nullable(Float64))')"

const struct kql_fn KQL_FN_SERIES[] = {
    { .name = "series_sum",
      .args = "d",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(startsWith($1,'['),toNullable(arraySum(x -> ifNull(x,0)," REALS("$1") ")),NULL)",
      .doc = "The sum of a series.",
      .example = "series_sum(dynamic([1,2,3]))",
      .yields = "6.0" },
    { 0 },
};
