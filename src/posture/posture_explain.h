/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_explain: what a check says of one resource, condition by condition, as a JSON object:
 * {"needs", "appliesIf", "matched", "effect", "condition", "related"}. Shape: docs/policy.md. Threads: any.
 */
#ifndef POSTURE_POSTURE_EXPLAIN_H
#define POSTURE_POSTURE_EXPLAIN_H

#include "posture/posture_plan.h"

/* `check->def` is there. Evaluates anew; related resources are asked of `in`. Empty: it cannot be evaluated,
 * or the explanation is longer than POLICY_EXPLAIN_BYTES. */
str posture_explain_text(const struct posture_check *check, const struct policy_input *in, struct arena *a);

#endif
