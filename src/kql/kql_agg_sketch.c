/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates that draw many values together: sketches (their form stands in scalar_sketch.c) and schemas. */
#include <math.h>

#include "kql/kql_agg.h"
#include "kql/kql_emit.h"

#define HASH "xxHash64(assumeNotNull(toString($1)))"

static unsigned bits_of(const struct kql_expr *call)
{
    static const unsigned  BITS[] = { 12, 14, 16, 17, 18 }; /* by accuracy, as Kusto has them */
    size_t                 at = call->agg->plain ? 2 : 1;
    const struct kql_expr *accuracy = call->n_args > at ? call->args[at] : NULL;
    int64_t                i = accuracy && accuracy->kind == KQL_EXPR_CONST ? accuracy->value.i : 1;

    return BITS[i < 0 || i > 4 ? 1 : i];
}

static void add_where(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, kql_type_is_text(call->args[0]->type) ? ",true" : ",isNotNull($1)", call);
    if (call->agg->plain)
        kql_emit_call(e, " AND ifNull($2,false)", call);
    kql_emit_addz(e, ")");
}

/* Hashes while they are few; else, for each register, the greatest rank. */
static void emit_hll(struct kql_emit *e, const struct kql_expr *call)
{
    unsigned bits = bits_of(call);
    char     text[300];

    kql_emit_call(e, "arrayMap((h,m) -> multiIf(empty(h),'',length(h) <= 1024,concat('[[1024,", call);
    snprintf(
        text, sizeof text,
        "%u],[',arrayStringConcat(arrayMap(x -> toString(x),h),','),'],[[],[]]]'),concat('[[1024,%u],[],[['"
        ",arrayStringConcat(arrayMap(x -> toString(x),m.1),','),'],[',arrayStringConcat(arrayMap(x -> "
        "toString(x),m.2),','),']]]')),",
        bits, bits);
    kql_emit_addz(e, text);
    kql_emit_call(e, "[groupUniqArrayIf(1025)(" HASH, call);
    add_where(e, call);
    snprintf(text, sizeof text,
             "],[maxMapIf([toUInt32(bitShiftRight(%s,%u))],[toUInt8(if(bitShiftLeft(%s,%u) = 0,%u,64 - "
             "floor(log2(bitShiftLeft(%s,%u)))))]",
             HASH, 64 - bits, HASH, bits, 65 - bits, HASH, bits);
    kql_emit_call(e, text, call);
    add_where(e, call);
    kql_emit_addz(e, "])[1]");
}

/* Values while they are few; else the least, the greatest and quantiles between, closer toward the ends. */
enum { LEVELS = 256 };

static double border(unsigned i)
{
    return (sin(M_PI * ((double)i / LEVELS - 0.5)) + 1) / 2;
}

static void add_levels(struct kql_emit *e)
{
    char text[40];
    for (unsigned i = 0; i < LEVELS; i++) {
        snprintf(text, sizeof text, i > 0 ? ",%.9g" : "%.9g", (border(i) + border(i + 1)) / 2);
        kql_emit_addz(e, text);
    }
}

static void add_shares(struct kql_emit *e)
{
    char text[40];
    for (unsigned i = 0; i < LEVELS; i++) {
        snprintf(text, sizeof text, i > 0 ? ",%.9g" : "%.9g", border(i + 1) - border(i));
        kql_emit_addz(e, text);
    }
}

#define LIST(array) "arrayStringConcat(arrayMap(x -> toString(x)," array "),',')"

static void emit_tdigest(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *x = call->args[0];
    const char            *value = x->type == KQL_DATETIME  ? "toFloat64(reinterpretAsInt64($1))"
                                   : x->type == KQL_DYNAMIC ? "JSONExtract($1,'Nullable(Float64)')"
                                                            : "toFloat64($1)";
    const char            *weight = call->n_args > 1 ? "toUInt64(greatest(ifNull($2,0),0))" : "toUInt64(1)";
    char                   text[1200];

    kql_emit_addz(e, "arrayMap((v,q,low,high,all) -> multiIf(empty(v),'',length(v) <= 1024,"
                     "kql_tdigest_merge(concat('[[[0],['," LIST("v.1") ",'],['," LIST(
                         "v.2") ",']]]')),"
                                "concat('[[',toString(all),'],[',toString(low),','," LIST(
                                    "q") ",',',toString(high),'],[1,',"
                                         "arrayStringConcat(arrayMap(s -> toString(s * (all - 2)),[");
    add_shares(e);
    kql_emit_addz(e, "]),',')");
    snprintf(
        text, sizeof text,
        ",',1]]')),[groupArrayIf(1025)((assumeNotNull(%s),%s),isNotNull(%s))],[quantilesTDigestWeighted(",
        value, weight, value);
    (void)0;
    kql_emit_call(e, text, call);
    add_levels(e);
    snprintf(text, sizeof text,
             ")(assumeNotNull(%s),if(isNull(%s),toUInt64(0),%s))],[ifNull(minOrNull(%s),0)],[ifNull("
             "maxOrNull(%s),0)],["
             "sumIf(%s,isNotNull(%s))])[1]",
             value, value, weight, value, value, weight, value);
    kql_emit_call(e, text, call);
}

#define ALL "concat('[',arrayStringConcat(groupArrayIf($1,$1 != ''),','),']')"

const struct kql_agg KQL_AGG_SKETCH[] = {
    { .name = "hll",
      .args = "aI?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_hll,
      .doc = "A sketch of the different values, to be counted or merged later.",
      .example = "dcount_hll(hll(x))",
      .yields = "4" },
    { .name = "hll_if",
      .args = "abI?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .prefix = "hll",
      .emit = emit_hll,
      .plain = "hll",
      .doc = "A sketch of the different values where a condition is true.",
      .example = "dcount_hll(hll_if(x, x > 1))",
      .yields = "3" },
    { .name = "hll_merge",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "kql_hll_merge(" ALL ")",
      .doc = "Sketches of different values as one.",
      .example = "dcount_hll(hll_merge(dynamic([[1024,14],[1,2],[[],[]]])))",
      .yields = "2" },
    { .name = "tdigest",
      .args = "qi?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_tdigest,
      .doc = "A sketch of how the values are distributed, to be asked for percentiles or merged later.",
      .example = "tdigest(x)",
      .yields = "[[4],[1,2,3,4],[1,1,1,1]]" },
    { .name = "tdigest_merge",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "kql_tdigest_merge(" ALL ")",
      .doc = "Sketches of distributions as one.",
      .example = "tdigest_merge(dynamic([[2],[1,2],[1,1]]))[0][0]",
      .yields = "8" },
    { .name = "merge_tdigest",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "kql_tdigest_merge(" ALL ")",
      .doc = "tdigest_merge() by another name.",
      .example = "merge_tdigest(dynamic([[2],[1,2],[1,1]]))[0][0]",
      .yields = "8" },
    { .name = "buildschema",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .prefix = "schema",
      .sql = "kql_bag_schema(concat('[',arrayStringConcat(arrayDistinct(groupArrayIf(1048576)($1,$1 NOT IN "
             "('','null'))),','),']'))",
      .ordered = true,
      .doc = "What members and types the values have.",
      .example = "buildschema(bag_pack('a', x))",
      .yields = "{\"a\":\"long\"}" },
    { 0 },
};
