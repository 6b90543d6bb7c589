/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_in: x in (1, 2), x in (T | project y), x has_any (dynamic(["a"])) and their kin.
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_IN_H
#define KQL_KQL_IN_H

#include "kql/kql_bind.h"

struct kql_expr *kql_in_bind(struct kql_binder *b, const struct kql_node *node);

#endif
