/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_ask: what must be known of the data before a query can be bound: columns that are made of values
 * (bag_unpack, pivot), the values of a key (partition). Ownership: the arena of the binder. Threads: no
 * state. */
#ifndef KQL_KQL_ASK_H
#define KQL_KQL_ASK_H

#include "base/json.h"
#include "kql/kql_bind.h"

/* Rows of `before (SELECT …) after` as JSON arrays, through the catalog. NULL after a report, and without one
 * when there is nobody to ask. */
const struct json *kql_ask(struct kql_binder *b, struct kql_rel *rel, const char *before, const char *after,
                           struct kql_span at);

#endif
