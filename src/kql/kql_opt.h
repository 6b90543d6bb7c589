/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_opt: rewrites of the plan that keep its meaning. Threads: one plan at a time. */
#ifndef KQL_KQL_OPT_H
#define KQL_KQL_OPT_H

#include "kql/kql_plan.h"

/* Marks, from the root down, the columns that somebody needs: the emitter writes no others. */
void kql_opt_prune(struct kql_rel *root);

#endif
