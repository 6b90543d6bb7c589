/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_parts: an item of print, project or extend that makes several columns: `(a, b) = x`, or a function
 * that gives several values (kql_fn.parts). Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_PARTS_H
#define KQL_KQL_PARTS_H

#include "kql/kql_bind.h"

struct kql_parts_column {
    str              name;
    bool             written; /* by the user: it is not numbered when it is taken */
    struct kql_expr *expr;
};
typedef VEC(struct kql_parts_column) kql_parts_columns;

/* The columns of an item that is bound to `e`; none when it makes one in the usual way. False after a report.
 */
bool kql_parts_take(struct kql_binder *b, const struct kql_node *item, struct kql_expr *e,
                    kql_parts_columns *out);

#endif
