/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_window: functions over rows in order: row_number(), prev(), row_cumsum() and their kin.
 *
 * Each becomes a column of a WINDOW stage put below the stage that uses it. The rows are numbered once, so
 * that all windows behind a sort see ties in the same order. Ownership: the arena of the binder. Threads: no
 * state. */
#ifndef KQL_KQL_WINDOW_H
#define KQL_KQL_WINDOW_H

#include "kql/kql_bind.h"

struct kql_expr *kql_window_bind(struct kql_binder *b, const struct kql_fn *fn, struct kql_span span,
                                 struct kql_expr **args, size_t n);
/* Numbers the rows of a relation in its order; the order in force is that number then. */
struct kql_rel *kql_window_serialize(struct kql_binder *b, struct kql_rel *in);
/* A number for each row, whatever the order, as a column of the relation given back. */
struct kql_rel *kql_window_row_id(struct kql_binder *b, struct kql_rel *in, struct kql_col **id);

#endif
