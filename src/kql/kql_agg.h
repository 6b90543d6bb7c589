/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_agg: the aggregates of summarize, one row each. As kql_fn, with the rules for aggregates.
 * Threads: const tables. */
#ifndef KQL_KQL_AGG_H
#define KQL_KQL_AGG_H

#include "kql/kql_fn.h"

enum kql_agg_naming {                        /* what an aggregate without a name is called */
                      KQL_AGG_NAMING_PREFIX, /* prefix_ and the name of the first argument, if that has one:
                                                sum_x, sum_ */
                      KQL_AGG_NAMING_PLAIN,  /* prefix_ alone: count_ */
                      KQL_AGG_NAMING_FIRST,  /* the name of the argument: take_any(x) is x */
};

struct kql_agg {
    const char         *name;
    const char         *args; /* as in kql_fn */
    enum kql_type       result;
    enum kql_fn_nulls   nulls;
    enum kql_agg_naming naming;
    const char         *prefix; /* NULL: its name */
    const char         *sql;
    void (*emit)(struct kql_emit *e, const struct kql_expr *call);
    enum kql_type (*type)(const struct kql_expr *call);
    bool ordered; /* its answer depends on the order of rows: make_list */
    /* Arguments behind the first kql_expr.number are columns that it takes along when somebody needs them. */
    bool carries;
    /* The plain aggregate of which this is the form with a predicate as its last argument: sumif of sum. */
    const char *plain;
    const char *doc;
    const char *example; /* an aggregate over column x of the table [1, 2, 3, 4] */
    const char *yields;
};

extern const struct kql_agg KQL_AGG_BASIC[];  /* kql_agg_basic.c: count, sum, avg, min, max, dcount, … */
extern const struct kql_agg KQL_AGG_LIST[];   /* kql_agg_list.c: make_list, make_set, make_bag, … */
extern const struct kql_agg KQL_AGG_SKETCH[]; /* kql_agg_sketch.c: hll, tdigest, buildschema */
extern const struct kql_agg KQL_AGG_STAT[];   /* kql_agg_stat.c: stdev, variance, percentile, … */

const struct kql_agg *kql_agg_find(str name);
const struct kql_agg *kql_agg_next(const struct kql_agg *agg);
/* What percentiles(base, percent) calls a column: percentile_base_99_9. */
str kql_agg_percentile_name(struct arena *a, str base, const struct kql_value *percent);

#endif
