/* SPDX-License-Identifier: Apache-2.0 */
/* The plain aggregates. Sums and averages skip nulls; min and max of no rows are null, so the -OrNull forms.
 */
#include "kql/kql_agg.h"
#include "kql/kql_emit.h"

static enum kql_type type_of_sum(const struct kql_expr *call)
{
    enum kql_type t = call->args[0]->type;
    return t == KQL_INT || t == KQL_BOOL ? KQL_LONG : t == KQL_DYNAMIC ? KQL_REAL : t;
}

static enum kql_type type_of_first(const struct kql_expr *call)
{
    return call->args[0]->type;
}

static enum kql_type type_of_average(const struct kql_expr *call)
{
    enum kql_type t = call->args[0]->type;
    return t == KQL_TIMESPAN || t == KQL_DATETIME || t == KQL_DECIMAL ? t : KQL_REAL;
}

/* Number arguments that are dynamic are read as reals. */
static const char *number(const struct kql_expr *x)
{
    return x->type == KQL_DYNAMIC ? "JSONExtract($1,'Nullable(Float64)')" : "$1";
}

static void emit_sum(struct kql_emit *e, const struct kql_expr *call)
{
    char sql[200];
    bool filtered = call->agg->plain != NULL;
    snprintf(sql, sizeof sql, "ifNull(%s(%s%s),0)", filtered ? "sumIf" : "sum", number(call->args[0]),
             filtered ? ",ifNull($2,false)" : "");
    kql_emit_call(e, sql, call);
}

static void emit_avg(struct kql_emit *e, const struct kql_expr *call)
{
    char        sql[300];
    bool        filtered = call->agg->plain != NULL;
    const char *f = filtered ? "avgOrNullIf" : "avgOrNull", *and = filtered ? ",ifNull($2,false)" : "";
    if (call->type == KQL_TIMESPAN)
        snprintf(sql, sizeof sql, "toInt64(%s($1%s))", f, and);
    else if (call->type == KQL_DATETIME)
        snprintf(sql, sizeof sql,
                 "reinterpret(toInt64(%s(reinterpretAsInt64($1)%s)),'DateTime64(7,\\'UTC\\')')", f, and);
    else if (call->type == KQL_DECIMAL)
        snprintf(sql, sizeof sql, "%s($1%s)", f, and);
    else
        snprintf(sql, sizeof sql, "ifNull(%s(%s%s),nan)", f, number(call->args[0]), and);
    kql_emit_call(e, sql, call);
}

/* The order of dynamics: numbers by their value, then texts. */
#define DYNAMIC_KEY(x) "tuple(isNull(toFloat64OrNull(" x ")),ifNull(toFloat64OrNull(" x "),0)," x ")"
#define DYNAMIC_HELD(x) x " NOT IN ('','null')"

static void emit_extreme(struct kql_emit *e, const struct kql_expr *call)
{
    char        sql[300];
    bool        filtered = call->agg->plain != NULL, max = strncmp(call->agg->name, "max", 3) == 0;
    const char *f = max ? (filtered ? "maxOrNullIf" : "maxOrNull") : filtered ? "minOrNullIf" : "minOrNull";
    const char *and = filtered ? ",ifNull($2,false)" : "";

    if (call->type == KQL_REAL) /* NaN is an answer for Kusto, and skipped by the engine */
        snprintf(sql, sizeof sql, "if(countIf(isNaN(ifNull($1,0))%s) > 0,nan,%s($1%s))",
                 filtered ? " AND ifNull($2,false)" : "", f, and);
    else if (call->type == KQL_DYNAMIC)
        snprintf(sql, sizeof sql, "%s($1," DYNAMIC_KEY("$1") "," DYNAMIC_HELD("$1") "%s)",
                 max ? "argMaxIf" : "argMinIf", filtered ? " AND ifNull($2,false)" : "");
    else if (kql_type_is_text(call->type))
        snprintf(sql, sizeof sql, "ifNull(%s($1%s),'')", f, and);
    else
        snprintf(sql, sizeof sql, "%s($1%s)", f, and);
    kql_emit_call(e, sql, call);
}

/* No value is none of them; a missing dynamic is the empty text. */
static void emit_distinct(struct kql_emit *e, const struct kql_expr *call)
{
    bool exact = strncmp(call->agg->name, "count", 5) == 0, filtered = call->agg->plain != NULL;
    char sql[120];

    snprintf(sql, sizeof sql, "toInt64(ifNull(%s%s%s(%s%s),0))", exact ? "uniqExact" : "uniqCombined",
             filtered ? "If" : "", exact ? "" : "(17)",
             call->args[0]->type == KQL_DYNAMIC ? "nullIf($1,'')" : "$1",
             filtered ? ",ifNull($2,false)" : "");
    kql_emit_call(e, sql, call);
}

/* argMax skips rows whose value is null, hence the tuple, which a text, never null, does without: it takes
 * three times as long. NaN is the greatest and the least. Where there is nothing to compare, any row will do.
 */
static void emit_arg(struct kql_emit *e, const struct kql_expr *call)
{
    bool        max = strcmp(call->agg->name, "·arg_max") == 0, text = kql_type_is_text(call->type);
    bool        real = call->args[1]->type == KQL_REAL, nullable = call->args[1]->nullable;
    const char *by = !real ? "$2" : max ? "if(isNaN($2),inf,$2)" : "if(isNaN($2),-inf,$2)";
    const char *value = text ? "$1" : "tuple($1)";
    char        any[60], sql[300];

    if (call->args[1]->type == KQL_DYNAMIC) {
        snprintf(sql, sizeof sql,
                 "if(countIf(" DYNAMIC_HELD("$2") ") = 0,any(%s),%s(%s," DYNAMIC_KEY("$2") "," DYNAMIC_HELD(
                     "$2") "))%s",
                 value, max ? "argMaxIf" : "argMinIf", value, text ? "" : ".1");
        kql_emit_call(e, sql, call);
        return;
    }
    snprintf(any, sizeof any, "if(count($2) = 0,any(%s),", value);
    snprintf(sql, sizeof sql, "%s(%s%s(%s,%s)%s)%s", text ? "ifNull(" : "", nullable ? any : "",
             max ? "argMax" : "argMin", value, by, nullable ? ")" : "", text ? ",'')" : ".1");
    kql_emit_call(e, sql, call);
}

/* any() skips nulls, hence the tuples. */
#define ANY "any(tuple($1)).1"
#define ANY_IF "anyIf(tuple($1),ifNull($2,false)).1"

const struct kql_agg KQL_AGG_BASIC[] = {
    { .name = "count",
      .args = "a?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .naming = KQL_AGG_NAMING_PLAIN,
      .sql = "toInt64(count())",
      .doc = "Number of rows.",
      .example = "count()",
      .yields = "4" },
    { .name = "cnt",
      .args = "a?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .naming = KQL_AGG_NAMING_PLAIN,
      .sql = "toInt64(count())",
      .doc = "count() by an old name.",
      .example = "cnt()",
      .yields = "4" },
    { .name = "countif",
      .args = "b",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "toInt64(countIf(ifNull($1,false)))",
      .doc = "Number of rows for which a condition is true.",
      .example = "countif(x > 2)",
      .yields = "2" },
    { .name = "sum",
      .args = "v",
      .type = type_of_sum,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_sum,
      .doc = "The sum.",
      .example = "sum(x)",
      .yields = "10" },
    { .name = "sumif",
      .args = "vb",
      .type = type_of_sum,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_sum,
      .plain = "sum",
      .doc = "The sum over rows for which a condition is true.",
      .example = "sumif(x, x > 2)",
      .yields = "7" },
    { .name = "avg",
      .args = "q",
      .type = type_of_average,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_avg,
      .doc = "The average; NaN of no rows.",
      .example = "avg(x)",
      .yields = "2.5" },
    { .name = "avgif",
      .args = "qb",
      .type = type_of_average,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_avg,
      .plain = "avg",
      .doc = "The average over rows for which a condition is true.",
      .example = "avgif(x, x > 2)",
      .yields = "3.5" },
    { .name = "max",
      .args = "a",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_extreme,
      .doc = "The greatest value.",
      .example = "max(x)",
      .yields = "4" },
    { .name = "min",
      .args = "a",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_extreme,
      .doc = "The least value.",
      .example = "min(x)",
      .yields = "1" },
    { .name = "maxif",
      .args = "ab",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_extreme,
      .plain = "max",
      .doc = "The greatest value where a condition is true.",
      .example = "maxif(x, x < 3)",
      .yields = "2" },
    { .name = "minif",
      .args = "ab",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_extreme,
      .plain = "min",
      .doc = "The least value where a condition is true.",
      .example = "minif(x, x > 2)",
      .yields = "3" },
    { .name = "dcount",
      .args = "ai?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_distinct,
      .doc = "Number of different values (estimated above some thousand).",
      .example = "dcount(x)",
      .yields = "4" },
    { .name = "dcountif",
      .args = "abi?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .plain = "dcount",
      .emit = emit_distinct,
      .doc = "Number of different values where a condition is true.",
      .example = "dcountif(x, x > 1)",
      .yields = "3" },
    { .name = "count_distinct",
      .args = "a",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_distinct,
      .doc = "Number of different values, exactly.",
      .example = "count_distinct(x)",
      .yields = "4" },
    { .name = "count_distinctif",
      .args = "ab",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .plain = "count_distinct",
      .emit = emit_distinct,
      .doc = "Number of different values where a condition is true.",
      .example = "count_distinctif(x, x > 1)",
      .yields = "3" },
    { .name = "binary_all_and",
      .args = "i",
      .result = KQL_LONG,
      .sql = "toInt64(groupBitAnd($1))",
      .doc = "The bits that all values have.",
      .example = "binary_all_and(x)",
      .yields = "0" },
    { .name = "binary_all_or",
      .args = "i",
      .result = KQL_LONG,
      .sql = "toInt64(groupBitOr($1))",
      .doc = "The bits that any value has.",
      .example = "binary_all_or(x)",
      .yields = "7" },
    { .name = "binary_all_xor",
      .args = "i",
      .result = KQL_LONG,
      .sql = "toInt64(groupBitXor($1))",
      .doc = "The bits that an odd number of values have.",
      .example = "binary_all_xor(x)",
      .yields = "4" },
    { .name = "take_any",
      .args = "a",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_AGG_NAMING_FIRST,
      .sql = ANY,
      .doc = "The value of any one row.",
      .example = "take_any(1)",
      .yields = "1" },
    { .name = "·arg_max",
      .args = "aa",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_arg,
      .doc = "A value of the row with the greatest of another.",
      .example = "max(x)",
      .yields = "4" },
    { .name = "·arg_min",
      .args = "aa",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_arg,
      .doc = "A value of the row with the least of another.",
      .example = "min(x)",
      .yields = "1" },
    { .name = "any",
      .args = "a",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = ANY,
      .doc = "take_any() by its old name.",
      .example = "any(1)",
      .yields = "1" },
    { .name = "take_anyif",
      .args = "ab",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_AGG_NAMING_FIRST,
      .sql = ANY_IF,
      .doc = "The value of any one row for which a condition is true.",
      .example = "take_anyif(x, x == 3)",
      .yields = "3" },
    { .name = "anyif",
      .args = "ab",
      .type = type_of_first,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = ANY_IF,
      .doc = "take_anyif() by its old name.",
      .example = "anyif(x, x == 3)",
      .yields = "3" },
    { 0 },
};
