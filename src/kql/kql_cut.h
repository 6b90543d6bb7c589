/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_cut: a relation cut into one for each value of a key, which are bound one by one and put under
 * each other again. The values are asked of the catalog while the query is compiled; without anybody to ask
 * there is none, and the columns are still known. Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_CUT_H
#define KQL_KQL_CUT_H

#include "kql/kql_bind.h"

enum { KQL_CUT_VALUES_MAX = 64 }; /* values of a key, as Kusto has it */

struct kql_cut {
    struct kql_expr *key;  /* over the relation that is cut */
    bool             rows; /* whether `bind` wants the rows of each value */
    /* What becomes of one value; `rows` is NULL unless they are wanted. NULL after a report. */
    struct kql_rel *(*bind)(void *arg, struct kql_binder *b, struct kql_rel *rows, struct kql_expr *value);
    void *arg;
};

/* NULL after a report: a key of more than KQL_CUT_VALUES_MAX values is one. */
struct kql_rel *kql_cut_each(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in,
                             struct kql_cut each);
/* The rows of a relation whose `key` is that value, or null where the value is. */
struct kql_rel *kql_cut_rows(struct kql_binder *b, struct kql_rel *in, struct kql_col *key,
                             struct kql_expr *value);

#endif
