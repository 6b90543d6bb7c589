/* SPDX-License-Identifier: Apache-2.0 */
/* What the sketches of hll() and tdigest() hold; their form stands in scalar_sketch.c. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

static void emit_merge(struct kql_emit *e, const struct kql_expr *call)
{
    bool hll = strcmp(call->fn->name, "hll_merge") == 0;

    kql_emit_addz(e, hll ? "kql_hll_merge(concat('['" : "kql_tdigest_merge(concat('['");
    for (size_t i = 0; i < call->n_args; i++)
        kql_emit_template(e, i > 0 ? ",',',if($1 = '','null',$1)" : ",if($1 = '','null',$1)", &call->args[i],
                          1);
    kql_emit_addz(e, ",']'))");
}

/* A value as tdigest() keeps it: dates are ticks since 1970, spans ticks. */
static void add_number(struct kql_emit *e, const struct kql_expr *x)
{
    struct kql_expr *args[] = { (struct kql_expr *)x };
    kql_emit_template(e,
                      x->type == KQL_DATETIME  ? "toFloat64(reinterpretAsInt64($1))"
                      : x->type == KQL_DYNAMIC ? "JSONExtract($1,'Nullable(Float64)')"
                                               : "toFloat64($1)",
                      args, 1);
}

static void emit_rank(struct kql_emit *e, const struct kql_expr *call)
{
    bool percent = strcmp(call->fn->name, "percentrank_tdigest") == 0;

    kql_emit_addz(e, percent ? "(100 * kql_tdigest_rank(" : "kql_tdigest_rank(");
    kql_emit_call(e, "$1,", call);
    add_number(e, call->args[1]);
    kql_emit_call(e, percent ? ") / JSONExtract($1,1,1,'Nullable(Float64)'))" : ")", call);
}

/* percentile_tdigest(t, p [, typeof(…)]) */
static struct kql_expr *bind_percentile(struct kql_binder *b, const struct kql_fn *fn,
                                        const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_expr *e = kql_build_raw(b, fn, KQL_REAL, node ? node->span : args[0]->span, args, 2);
    enum kql_type    type = n > 2 ? args[2]->type : KQL_DYNAMIC;

    if (type == KQL_DATETIME || type == KQL_TIMESPAN) {
        e->type = type;
        return e;
    }
    return kql_convert_cast(b, e, type);
}

static void emit_percentile(struct kql_emit *e, const struct kql_expr *call)
{
#define PERCENTILE "kql_tdigest_percentile($1,toFloat64($2))"
    kql_emit_call(e,
                  call->type == KQL_DATETIME ? "reinterpret(toInt64(" PERCENTILE
                                               "),'DateTime64(7,\\'UTC\\')')"
                  : call->type == KQL_TIMESPAN ? "toInt64(" PERCENTILE ")"
                                               : PERCENTILE,
                  call);
}

/* percentiles_array_tdigest(t, 5, 50), or with an array of percentages. */
static struct kql_expr *bind_percentiles(struct kql_binder *b, const struct kql_fn *fn,
                                         const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_span at = node ? node->span : args[0]->span;
    return kql_convert_arguments(b, fn->name, args[1]->type == KQL_DYNAMIC ? "dd" : "dn+", at, args, n)
               ? kql_build_raw(b, fn, KQL_DYNAMIC, at, args, n)
               : NULL;
}

static void emit_percentiles(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayMap(p -> ifNull(toString(");
    kql_emit_call(e, "kql_tdigest_percentile($1,p)),'null'),", call);
    if (call->args[1]->type == KQL_DYNAMIC) {
        kql_emit_template(e, "JSONExtract($1,'Array(Float64)')", &call->args[1], 1);
    } else {
        for (size_t i = 1; i < call->n_args; i++) {
            kql_emit_addz(e, i > 1 ? "," : "[");
            add_number(e, call->args[i]);
        }
        kql_emit_addz(e, "]");
    }
    kql_emit_addz(e, "),','),']')");
}

#define PREFIXED .naming = KQL_FN_NAMING_PREFIX

const struct kql_fn KQL_FN_SKETCH[] = {
    { .name = "dcount_hll",
      .args = "d",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      PREFIXED,
      .scalar = "hll_count",
      .doc = "How many different values a sketch of hll() has seen.",
      .example = "dcount_hll(dynamic([[1024,14],[1,2],[[],[]]]))",
      .yields = "2" },
    { .name = "hll_merge",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      PREFIXED,
      .emit = emit_merge,
      .doc = "Sketches of hll() as one.",
      .example =
          "dcount_hll(hll_merge(dynamic([[1024,14],[1,2],[[],[]]]), dynamic([[1024,14],[2,3],[[],[]]])))",
      .yields = "3" },
    { .name = "hll_isvalid",
      .args = "d",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "isNotNull(kql_hll_count($1))",
      .doc = "Whether a dynamic is a sketch of hll().",
      .example = "hll_isvalid(dynamic([1]))",
      .yields = "False" },
    { .name = "tdigest_merge",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_merge,
      .doc = "Sketches of tdigest() as one.",
      .example = "tdigest_merge(dynamic([[2],[1,3],[1,1]]), dynamic([[1],[2],[1]]))",
      .yields = "[[3],[1,2,3],[1,1,1]]" },
    { .name = "merge_tdigest",
      .twin = "tdigest_merge",
      .doc = "tdigest_merge() by another name.",
      .example = "merge_tdigest(dynamic([[1],[1],[1]]))",
      .yields = "[[1],[1],[1]]" },
    { .name = "tdigest_isvalid",
      .args = "d",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "isNotNull(kql_tdigest_rank($1,toFloat64(0)))",
      .doc = "Whether a dynamic is a sketch of tdigest().",
      .example = "tdigest_isvalid(dynamic([[1],[1],[1]]))",
      .yields = "True" },
    { .name = "percentile_tdigest",
      .args = "drk?",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      PREFIXED,
      .bind = bind_percentile,
      .emit = emit_percentile,
      .doc = "The value of a sketch of tdigest() below which a percentage lies, as a type if one is given.",
      .example = "percentile_tdigest(dynamic([[3],[1,2,3],[1,1,1]]), 50, typeof(long))",
      .yields = "2" },
    { .name = "percentile_array_tdigest",
      .args = "da+",
      .result = KQL_DYNAMIC,
      .bind = bind_percentiles,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_percentiles,
      .doc = "percentile_tdigest() for several percentages, as an array.",
      .example = "percentile_array_tdigest(dynamic([[3],[1,2,3],[1,1,1]]), 0, 50, 100)",
      .yields = "[1,2,3]" },
    { .name = "percentiles_array_tdigest",
      .twin = "percentile_array_tdigest",
      .doc = "percentile_array_tdigest() by another name.",
      .example = "percentiles_array_tdigest(dynamic([[3],[1,2,3],[1,1,1]]), dynamic([50]))",
      .yields = "[2]" },
    { .name = "rank_tdigest",
      .args = "dq",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_rank,
      .doc = "How many values of a sketch of tdigest() are at most a value.",
      .example = "rank_tdigest(dynamic([[3],[1,2,3],[1,1,1]]), 2)",
      .yields = "2.0" },
    { .name = "percentrank_tdigest",
      .args = "dq",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_rank,
      .doc = "What percentage of the values of a sketch of tdigest() is at most a value.",
      .example = "percentrank_tdigest(dynamic([[4],[1,2,3,4],[1,1,1,1]]), 3)",
      .yields = "75.0" },
    { 0 },
};
