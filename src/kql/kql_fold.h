/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_fold: the value of calls whose arguments are constants, so that bounds of time reach the primary
 * key as literals. What is not folded here the engine folds. Threads: no state. */
#ifndef KQL_KQL_FOLD_H
#define KQL_KQL_FOLD_H

#include "kql/kql_bind.h"

bool kql_fold_call(struct kql_binder *b, const char *name, struct kql_expr *const *args, size_t n,
                   struct kql_value *out);

#endif
