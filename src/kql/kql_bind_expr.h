/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_bind_expr: binding of expressions beyond what kql_bind.h offers to operators and functions. */
#ifndef KQL_KQL_BIND_EXPR_H
#define KQL_KQL_BIND_EXPR_H

#include "kql/kql_bind.h"

/* A member of the bag that `rel` leaves open (kql_rel.open); it is a column of `rel` from then on. NULL
 * without a report when there is no such bag, or the name cannot be of it. */
struct kql_expr *kql_bind_expr_member(struct kql_binder *b, struct kql_rel *rel, str name,
                                      struct kql_span span);
/* An aggregate over bound arguments, put among b->aggregates: the column that will hold it. */
struct kql_expr *kql_bind_expr_aggregate(struct kql_binder *b, const struct kql_agg *agg,
                                         struct kql_span span, struct kql_expr **args, size_t n);
/* Whether an expression over aggregates names nothing beside them but keys; false after a report. `in` has
 * the names of the columns. */
bool kql_bind_expr_settled(struct kql_binder *b, const struct kql_expr *e, const struct kql_rel *in,
                           const kql_defs *keys, const kql_defs *aggregates);

#endif
