/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_clone: a second copy of a relation, with columns of its own, so that one query can read it twice.
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_CLONE_H
#define KQL_KQL_CLONE_H

#include "kql/kql_bind.h"

struct kql_rel *kql_clone_rel(struct kql_binder *b, struct kql_rel *rel);

#endif
