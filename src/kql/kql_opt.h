/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_opt: rewrites of the plan that keep its meaning. Threads: one plan at a time. */
#ifndef KQL_KQL_OPT_H
#define KQL_KQL_OPT_H

#include "kql/kql_plan.h"

/* Where a filter bounds a key that is bin() of a column of dates, the column is bounded before it is grouped:
 * the engine sees through joins, unions and keys by itself, and not through a bin. */
void kql_opt_bound(struct arena *a, struct kql_rel *root);
/* Marks, from the root down, the columns that somebody needs: the emitter writes no others. */
void kql_opt_prune(struct kql_rel *root);

#endif
