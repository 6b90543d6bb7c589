/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_share: relations that a query computes once and reads several times: each reader is a SHARED
 * relation with columns of its own. Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_SHARE_H
#define KQL_KQL_SHARE_H

#include "kql/kql_bind.h"

/* A reader of `def` with its fields. It can also be asked for columns of `def` that are no fields. */
struct kql_rel *kql_share_read(struct kql_binder *b, struct kql_rel *def);
/* The reader's column for a column of the relation that it reads. */
struct kql_col *kql_share_col(struct kql_binder *b, struct kql_rel *reader, struct kql_col *of);

#endif
