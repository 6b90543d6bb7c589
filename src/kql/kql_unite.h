/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_unite: the rows of several relations under each other. A column that they have with different types
 * becomes one for each type: x_long, x_string. Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_UNITE_H
#define KQL_KQL_UNITE_H

#include "kql/kql_bind.h"

struct kql_unite_input {
    struct kql_rel *rel;
    str             name; /* what the column `source` says of its rows */
};
typedef VEC(struct kql_unite_input) kql_unite_inputs;

bool kql_unite_everywhere(const kql_unite_inputs *inputs, str name); /* whether all have such a column */

/* All columns of at least one input; of `inner`, those that all have by their names. `source` is the name of
 * a column in front that tells the inputs apart, or empty. */
struct kql_rel *kql_unite(struct kql_binder *b, kql_unite_inputs *inputs, bool inner, str source);

#endif
