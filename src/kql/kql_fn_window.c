/* SPDX-License-Identifier: Apache-2.0 */
/* Functions over rows in order. $w is the OVER clause that their stage has. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

static void emit_neighbour(struct kql_emit *e, const struct kql_expr *call)
{
    bool back = call->fn->name[0] == 'p', text = kql_type_is_text(call->args[0]->type);

    kql_emit_addz(e, back ? "lag(" : "lead(");
    kql_emit_call(e, text ? "$1" : "toNullable($1)", call);
    if (call->n_args > 1)
        kql_emit_call(e, ",$2", call);
    if (call->n_args > 2)
        kql_emit_call(e, ",$3", call);
    kql_emit_call(e, ") $w", call);
}

static void emit_row_number(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, call->n_args == 0 ? "toInt64(row_number() $w)" : "(toInt64(row_number() $w) + $1 - 1)",
                  call);
}

/* The frame of a sum that runs along goes from the first row to this one, which is what ORDER BY alone means
 * too: the rows' numbers are all different. */
const struct kql_fn KQL_FN_WINDOW[] = {
    { .name = "row_number",
      .args = "i?b",
      .result = KQL_LONG,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_row_number,
      .doc = "The number of the row, from 1 or another start, anew where a condition is true.",
      .example = "row_number()",
      .yields = "1" },
    { .name = "row_window_session",
      .args = "tmm?b",
      .type = kql_fn_type_first,
      .window = true,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "$1",
      .doc = "The start of the row's session, which ends after a time, after a gap, or where a condition is "
             "true.",
      .example = "row_window_session(datetime(2020-01-01), 1h, 5m)",
      .yields = "2020-01-01T00:00:00.0000000Z" },
    { .name = "prev",
      .args = "ai?A",
      .type = kql_fn_type_first,
      .window = true,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_neighbour,
      .doc = "The value of an earlier row, or a default.",
      .example = "prev(1)",
      .yields = "" },
    { .name = "next",
      .args = "ai?A",
      .type = kql_fn_type_first,
      .window = true,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_neighbour,
      .doc = "The value of a later row, or a default.",
      .example = "next(1)",
      .yields = "" },
    { .name = "row_cumsum",
      .args = "nb?",
      .type = kql_fn_type_first,
      .window = true,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "sum($1) $w",
      .doc = "The sum up to the row, anew where a condition is true.",
      .example = "row_cumsum(2)",
      .yields = "2" },
    { .name = "row_rank_min",
      .args = "ab?",
      .result = KQL_LONG,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "toInt64($1)",
      .doc = "The number of the first row with this value.",
      .example = "row_rank_min(1)",
      .yields = "1" },
    { .name = "row_rank_dense",
      .args = "ab?",
      .result = KQL_LONG,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "toInt64($1 - min($1) $w + 1)",
      .doc = "The number of different values up to the row.",
      .example = "row_rank_dense(1)",
      .yields = "1" },
    { .name = "·row",
      .result = KQL_LONG,
      .hidden = true,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "toInt64(row_number() $w)",
      .doc = "The number of the row.",
      .example = "row_number()",
      .yields = "1" },
    { .name = "·first",
      .args = "i",
      .result = KQL_LONG,
      .hidden = true,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "min($1) $w",
      .doc = "The least number up to the row.",
      .example = "row_number()",
      .yields = "1" },
    { .name = "__latest",
      .args = "ab?",
      .type = kql_fn_type_first,
      .hidden = true,
      .window = true,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "max($1) $w",
      .doc = "The greatest value up to the row, anew where a condition is true.",
      .example = "row_number()",
      .yields = "1" },
    { .name = "·segment",
      .args = "b",
      .result = KQL_LONG,
      .hidden = true,
      .window = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "toInt64(countIf(ifNull($1,false)) $w)",
      .doc = "How often a condition was true up to the row.",
      .example = "row_number(1, false)",
      .yields = "1" },
    { 0 },
};
