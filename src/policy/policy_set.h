/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_set: what an initiative hands to its members: parameters whose texts may be expressions over
 * the initiative's own parameters. Threads: pure. */
#ifndef POLICY_POLICY_SET_H
#define POLICY_POLICY_SET_H

#include "base/json.h"

/* {"name": {"value": v}} as assignments have it, into {"name": v} as evaluation takes it. NULL gives an empty
 * object. */
const struct json *policy_set_values(struct arena *a, const struct json *given);

/* Works out the members of `handed` ({"name": {"value": template}}) with the initiative's `declared`
 * parameters and the values `given` ({"name": v}). What has no value is left out, so that the member's own
 * default counts. */
must_check enum rc policy_set_parameters(struct arena *a, const struct json *declared,
                                         const struct json *given, const struct json *handed,
                                         const struct json **out, struct err *err);

#endif
