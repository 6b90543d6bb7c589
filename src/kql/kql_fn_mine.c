/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of the plugins that work on gathered rows (kql_plugin_mine.c). What module scalar refuses, because
 * it is over a limit, fails the query instead of giving nothing. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_scalar.h"

static void emit_gathered(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(
        e, "arrayElement(arrayFilter(p -> throwIf(p = '', 'the rows that were gathered are over a limit: "
           "at most 64 columns, 100,000 different rows and 512 MiB') = 0,[");
    kql_scalar_emit(e, call->fn->name + 2, call->args, call->n_args); /* behind its __ */
    kql_emit_addz(e, "]),1)");
}

#define GATHERED(n, a, d)                                                                                    \
    {                                                                                                        \
        .name = n, .args = a, .result = KQL_DYNAMIC, .hidden = true, .nulls = KQL_FN_NULLS_NEVER,            \
        .emit = emit_gathered, .doc = d, .example = "1", .yields = "1"                                       \
    }

const struct kql_fn KQL_FN_MINE[] = {
    { .name = "__hll_intersect",
      .args = "d",
      .result = KQL_DYNAMIC,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "hll_intersect",
      .doc = "What sketches of hll() have in common.",
      .example = "1",
      .yields = "1" },
    GATHERED("__pattern_autocluster", "dri", "Few patterns that say much about many rows."),
    GATHERED("__pattern_basket", "dri", "The values that come together often."),
    GATHERED("__pattern_diff", "dri", "The patterns in which two sets of rows differ."),
    GATHERED("__phrase_diff", "diri", "The phrases in which two sets of texts differ."),
    { 0 },
};
