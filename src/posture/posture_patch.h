/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_patch: a document with some places set, added to or taken away. Threads: pure. */
#ifndef POSTURE_POSTURE_PATCH_H
#define POSTURE_POSTURE_PATCH_H

#include "base/json.h"
#include "policy/policy_alias.h"

/* [{"path", "value"}]: sets each place; one whose value is null is taken away. Missing objects on the way are
 * made. RC_UNSUPPORTED: a path with [*] leads to no array. */
must_check enum rc posture_patch_set(struct arena *a, const struct json *document, const struct json *set,
                                     const struct json **out, struct err *err);
/* Details of effect modify: {"operations": [{"operation", "field", "value"}]}; fields are tags['x'], plain
 * paths, or aliases. */
must_check enum rc posture_patch_modify(struct arena *a, const struct json *document,
                                        const struct json *operations, const struct policy_aliases *aliases,
                                        const struct json **out, struct err *err);

#endif
